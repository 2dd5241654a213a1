-- belongs to: answers
CREATE TABLE workspace.nps_advice (
    band text PRIMARY KEY
        CONSTRAINT "band is strong, average or weak" CHECK (band IN ('strong', 'average', 'weak')),
    advice text NOT NULL
);
INSERT INTO workspace.nps_advice
SELECT b.band, w.words->>('nps_advice.' || b.band)
FROM unnest('{strong,average,weak}'::text[]) WITH ORDINALITY b(band, n)
CROSS JOIN (SELECT _clientele.workspace_words(s.language) AS words FROM workspace.settings s LIMIT 1) w
ORDER BY b.n;
UPDATE workspace.nps_advice a SET advice = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key = 'nps_advice.' || a.band AND t.said = a.advice AND t.words <> a.advice;
COMMENT ON TABLE workspace.nps_advice IS 'What to do with a Net Promoter Score of each band: yours to edit';
COMMENT ON COLUMN workspace.nps_advice.advice IS 'What to do';
