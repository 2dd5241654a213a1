CREATE FUNCTION workspace.check_segments() RETURNS SETOF clientele.segment_finding
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT c.recency_score, c.frequency_score, c.monetary_score, c.matches, c.segments,
        l.words ->> CASE c.matches WHEN 0 THEN 'check_segments.none' ELSE 'check_segments.several' END
    FROM workspace.rfm_cells c
    CROSS JOIN (SELECT _clientele.workspace_words(s.language) AS words FROM workspace.settings s LIMIT 1) l
    WHERE c.matches <> 1
    ORDER BY 1, 2, 3;
END;
COMMENT ON FUNCTION workspace.check_segments() IS
'Combinations of RFM scores that match none or several rows of the table segments: no rows if each matches one.';
