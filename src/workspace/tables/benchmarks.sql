CREATE TABLE workspace.benchmarks (
    measure text NOT NULL,
    source text NOT NULL,
    low numeric NOT NULL,
    high numeric NOT NULL,
    advice text,
    PRIMARY KEY (measure, source),
    CONSTRAINT "low is not above high" CHECK (low <= high)
);
INSERT INTO workspace.benchmarks VALUES
    ('nps', 'strong', 50, 100, 'Service builds loyalty: keep it, and ask for referrals'),
    ('nps', 'average', 30, 50, 'Something to improve: ask detractors what'),
    ('nps', 'Apple', 73, 73, 'Among the best known scores'),
    ('nps', 'USAA', 87, 87, 'Among the best known scores'),
    ('one_time_share', 'express test', 0, 0.03, 'Up to this share of one-time customers nothing is wrong'),
    ('pct_of_customers_bringing_80', 'Pareto', 20, 20, 'The classic rule: a fifth of the customers bring four fifths'),
    ('repeat_rate_new', 'sales experience', 0.05, 0.20, 'Probability of selling to a new customer'),
    ('repeat_rate_loyal', 'sales experience', 0.60, 0.70, 'Probability of selling to a loyal customer');
COMMENT ON TABLE workspace.benchmarks IS 'What is usual elsewhere, for the views to show beside: yours to edit';
COMMENT ON COLUMN workspace.benchmarks.measure IS 'What is compared';
COMMENT ON COLUMN workspace.benchmarks.source IS 'Whose figure it is';
COMMENT ON COLUMN workspace.benchmarks.low IS 'From, in the unit of the measure';
COMMENT ON COLUMN workspace.benchmarks.high IS 'To';
