-- From the newest day on, by the index: few are read.
CREATE VIEW workspace.reporting_date AS
SELECT d.as_of, d.today, greatest((clientele.period_start(d.as_of, d.period) - 400 * _clientele.period_step(d.period))::date, make_date(1, 1, 1)) AS first_period,
    now() AS refreshed_at, (SELECT min(m.missed_at) FROM workspace.missed_changes m) AS missed_since
FROM (
    SELECT (
            SELECT CASE s.as_of
                    WHEN 'today' THEN s.today
                    WHEN 'auto' THEN least(s.today, 1 + (
                        WITH changed AS MATERIALIZED (SELECT c.day, c.order_rows FROM workspace.changed_days c)
                        SELECT greatest(
                            (SELECT max(c.day) FROM changed c WHERE c.order_rows > 0 AND c.day <= s.today),
                            (SELECT d.day FROM workspace.order_days_data d WHERE d.day <= s.today GROUP BY d.day
                                HAVING sum(d.order_rows) + coalesce((SELECT c.order_rows FROM changed c WHERE c.day = d.day), 0) > 0
                                ORDER BY d.day DESC LIMIT 1))))
                    ELSE s.as_of::date
                END
            FROM (SELECT x.*, (now() AT TIME ZONE x.time_zone)::date AS today FROM workspace.applied_settings x LIMIT 1) s
        ) AS as_of,
        (SELECT (now() AT TIME ZONE s.time_zone)::date FROM workspace.applied_settings s) AS today,
        (SELECT s.period FROM workspace.applied_settings s) AS period
    LIMIT 1) d
LIMIT 1;
COMMENT ON VIEW workspace.reporting_date IS 'The day the views speak of, by the settings';
COMMENT ON COLUMN workspace.reporting_date.as_of IS 'Rows of this day and later ones are not counted';
COMMENT ON COLUMN workspace.reporting_date.today IS 'Today in the time zone of the settings';
COMMENT ON COLUMN workspace.reporting_date.first_period IS 'Views of retention and of growth go back to here: 400 periods';
COMMENT ON COLUMN workspace.reporting_date.missed_since IS 'With incremental storage: since when orders were written that triggers could not read; empty where all are counted';
