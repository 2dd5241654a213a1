-- internal
CREATE VIEW workspace.rfm_cells AS
SELECT r.score AS recency_score, f.score AS frequency_score, m.score AS monetary_score,
    (array_agg(g.segment ORDER BY g."position"))[1] AS segment,
    count(g."position") AS matches,
    string_agg(g.segment, ', ' ORDER BY g."position") AS segments
FROM (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN generate_series(1, 10) r(score)
CROSS JOIN generate_series(1, 10) f(score)
CROSS JOIN generate_series(1, 10) m(score)
LEFT JOIN workspace.segments g ON r.score >= g.recency_from AND r.score <= g.recency_to
    AND f.score >= g.frequency_from AND f.score <= g.frequency_to
    AND m.score >= g.monetary_from AND m.score <= g.monetary_to
WHERE greatest(r.score, f.score, m.score) <= s.rfm_bins
GROUP BY r.score, f.score, m.score;
COMMENT ON VIEW workspace.rfm_cells IS 'Every combination of RFM scores with the segment it falls in';
COMMENT ON COLUMN workspace.rfm_cells.recency_score IS 'Score for recency, 1 upwards';
COMMENT ON COLUMN workspace.rfm_cells.frequency_score IS 'Score for the number of purchases';
COMMENT ON COLUMN workspace.rfm_cells.monetary_score IS 'Score for revenue';
COMMENT ON COLUMN workspace.rfm_cells.segment IS 'The first segment that matches; empty where none does';
COMMENT ON COLUMN workspace.rfm_cells.matches IS 'Number of rows of segments that match';
COMMENT ON COLUMN workspace.rfm_cells.segments IS 'All of them, the first one first';
