-- Whatever else there is in segments has the name that its owner gave it.
CREATE VIEW workspace.labels AS
WITH word AS MATERIALIZED (
    SELECT split_part(w.key, '.', 1) AS kind, split_part(w.key, '.', 2) AS value, w.value AS label
    FROM workspace.settings s CROSS JOIN LATERAL jsonb_each_text(_clientele.workspace_words(s.language)) w
    WHERE w.key ~ '^(segment|stage|class|buyer|light|band|nps_group|verdict|kind|touchpoint_group|level|questionnaire|outcome|points)[.][^.]+$'
)
SELECT w.kind, w.value, w.label FROM word w
UNION ALL
SELECT DISTINCT 'segment', g.segment, g.segment
FROM workspace.segments g
WHERE NOT EXISTS (SELECT FROM word w WHERE w.kind = 'segment' AND w.value = g.segment);
COMMENT ON VIEW workspace.labels IS 'What the values that other views tell rows apart by are called in the language of the settings: to be joined where they are shown';
COMMENT ON COLUMN workspace.labels.kind IS 'What is called so: segment, stage, class, buyer (of segment_profile), light, band, nps_group, verdict, kind (of answers), touchpoint_group, level, questionnaire, outcome (of offers) or points (their kind in points_enriched)';
COMMENT ON COLUMN workspace.labels.value IS 'The value, as the other views have it';
COMMENT ON COLUMN workspace.labels.label IS 'What it is called';
