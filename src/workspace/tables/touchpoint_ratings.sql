-- The key finds the ratings of one touchpoint and rater in order of time.
CREATE TABLE workspace.touchpoint_ratings (
    rater text
        CONSTRAINT "rater has a name" CHECK (btrim(rater) <> ''),
    day date DEFAULT current_date
        CONSTRAINT "day is within the years 1 to 9999" CHECK (day >= date '0001-01-01' AND day < date '10000-01-01'),
    touchpoint text REFERENCES workspace.touchpoint_catalogue ON UPDATE CASCADE,
    level text NOT NULL
        CONSTRAINT "level is awful, ok or wow" CHECK (level IN ('awful', 'ok', 'wow')),
    note text,
    CONSTRAINT "a rater rates a touchpoint once a day" PRIMARY KEY (touchpoint, rater, day)
);
COMMENT ON TABLE workspace.touchpoint_ratings IS 'What somebody made of a touchpoint on a day: yours to fill; touchpoint_scorecard sums it up, of days before the reporting date';
COMMENT ON COLUMN workspace.touchpoint_ratings.rater IS 'Who rated: a customer, a colleague, a test buyer';
COMMENT ON COLUMN workspace.touchpoint_ratings.day IS 'On which day, today unless given';
COMMENT ON COLUMN workspace.touchpoint_ratings.touchpoint IS 'Which touchpoint of the catalogue';
COMMENT ON COLUMN workspace.touchpoint_ratings.level IS 'awful (would tell others not to come), ok (as expected), or wow (would tell others to come)';
COMMENT ON COLUMN workspace.touchpoint_ratings.note IS 'What was seen';
