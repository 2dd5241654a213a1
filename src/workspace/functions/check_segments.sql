CREATE FUNCTION workspace.check_segments() RETURNS SETOF clientele.segment_finding
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT c.recency_score, c.frequency_score, c.monetary_score, c.matches, c.segments,
        CASE c.matches WHEN 0 THEN 'Its customers are in other: widen a row of segments'
            ELSE 'The first row holds: narrow the others' END
    FROM workspace.rfm_cells c
    WHERE c.matches <> 1
    ORDER BY 1, 2, 3;
END;
COMMENT ON FUNCTION workspace.check_segments() IS
'Combinations of RFM scores that match none or several rows of the table segments: no rows if each matches one.';
