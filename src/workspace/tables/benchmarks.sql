CREATE TABLE workspace.benchmarks (
    measure text NOT NULL,
    source text NOT NULL,
    low numeric NOT NULL,
    high numeric NOT NULL,
    advice text,
    PRIMARY KEY (measure, source),
    CONSTRAINT "low is not above high" CHECK (low <= high)
);
INSERT INTO workspace.benchmarks
SELECT b.measure, b.source, b.low, b.high, w.words->>('benchmark.' || b.measure || '.' || b.source)
FROM (
    VALUES
        ('nps', 'strong', 50, 100),
        ('nps', 'average', 30, 50),
        ('nps', 'Apple', 73, 73),
        ('nps', 'USAA', 87, 87),
        ('one_time_share', 'express test', 0, 0.03),
        ('pct_of_customers_bringing_80', 'Pareto', 20, 20),
        ('repeat_rate_new', 'sales experience', 0.05, 0.20),
        ('repeat_rate_loyal', 'sales experience', 0.60, 0.70)
) b(measure, source, low, high)
CROSS JOIN (SELECT _clientele.workspace_words(s.language) AS words FROM workspace.settings s LIMIT 1) w;
UPDATE workspace.benchmarks b SET advice = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key = 'benchmark.' || b.measure || '.' || b.source AND t.said = b.advice AND t.words <> b.advice;
COMMENT ON TABLE workspace.benchmarks IS 'What is usual elsewhere, for the views to show beside: yours to edit';
COMMENT ON COLUMN workspace.benchmarks.measure IS 'What is compared';
COMMENT ON COLUMN workspace.benchmarks.source IS 'Whose figure it is';
COMMENT ON COLUMN workspace.benchmarks.low IS 'From, in the unit of the measure';
COMMENT ON COLUMN workspace.benchmarks.high IS 'To';
