-- belongs to: answers
CREATE TABLE workspace.nps_advice (
    band text PRIMARY KEY
        CONSTRAINT "band is strong, average or weak" CHECK (band IN ('strong', 'average', 'weak')),
    advice text NOT NULL
);
INSERT INTO workspace.nps_advice VALUES
    ('strong', 'Service builds loyalty: keep it up, thank promoters and ask them for referrals'),
    ('average', 'There is something to improve: do what passives and detractors ask for most'),
    ('weak', 'Analyse the processes and change them: call detractors, begin where most of them complain');
COMMENT ON TABLE workspace.nps_advice IS 'What to do with a Net Promoter Score of each band: yours to edit';
COMMENT ON COLUMN workspace.nps_advice.advice IS 'What to do';
