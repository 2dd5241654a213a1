-- One pass over customers and answers: a customer without answers is one row, and is_latest marks one of the others'.
-- The periods are worked out once, not for each.
-- belongs to: answers
CREATE VIEW workspace.nps_summary AS
WITH span AS MATERIALIZED (
    SELECT x.*, (clientele.period_start(x.as_of, x.period) - _clientele.period_step(x.period))::date AS last_period,
        (clientele.period_start(x.as_of, x.period) - 2 * _clientele.period_step(x.period))::date AS period_before
    FROM workspace.answer_window x
)
SELECT t.as_of, t.from_date, clientele.nps_responses(t.answers) AS responses, clientele.nps_promoters(t.answers) AS promoters, clientele.nps_passives(t.answers) AS passives,
    clientele.nps_detractors(t.answers) AS detractors, i.estimate AS score, i.lower AS score_lower, i.upper AS score_upper,
    clientele.nps_band(t.answers, 50::double precision, 30::double precision) AS band,
    CASE WHEN t.lowest <> 0 OR t.highest <> 10 THEN format(l.words ->> 'nps_advice.ratings', t.lowest, t.highest) ELSE v.advice END AS advice, t.active_customers, t.answered_customers,
    t.answered_customers::double precision / nullif(t.active_customers, 0)::double precision AS response_rate,
    CASE WHEN t.last_period >= make_date(1, 1, 1) THEN t.last_period END AS period_start,
    clientele.nps_responses(t.last_answers) AS period_responses, clientele.nps_score(t.last_answers) AS period_score,
    clientele.nps_responses(t.before_answers) AS previous_responses, clientele.nps_score(t.before_answers) AS previous_score,
    c.difference AS change, c.lower AS change_lower, c.upper AS change_upper, c.promoters AS promoters_change,
    c.detractors AS detractors_change, c.verdict, clientele.nps_responses(t.answers) >= t.enough AS enough
FROM (
    SELECT w.*, m.*
    FROM span w
    CROSS JOIN (
        SELECT clientele.nps(count(*) FILTER (WHERE a.nps_group = 'promoter' AND a.counts_overall AND a.day >= w.from_date),
            count(*) FILTER (WHERE a.nps_group = 'passive' AND a.counts_overall AND a.day >= w.from_date),
            count(*) FILTER (WHERE a.nps_group = 'detractor' AND a.counts_overall AND a.day >= w.from_date)) AS answers,
            clientele.nps(count(*) FILTER (WHERE a.nps_group = 'promoter' AND a.counts_in_period AND a.period_start = w.last_period),
            count(*) FILTER (WHERE a.nps_group = 'passive' AND a.counts_in_period AND a.period_start = w.last_period),
            count(*) FILTER (WHERE a.nps_group = 'detractor' AND a.counts_in_period AND a.period_start = w.last_period)) AS last_answers,
            clientele.nps(count(*) FILTER (WHERE a.nps_group = 'promoter' AND a.counts_in_period AND a.period_start = w.period_before),
            count(*) FILTER (WHERE a.nps_group = 'passive' AND a.counts_in_period AND a.period_start = w.period_before),
            count(*) FILTER (WHERE a.nps_group = 'detractor' AND a.counts_in_period AND a.period_start = w.period_before)) AS before_answers,
            count(*) FILTER (WHERE h.active AND a.is_latest IS NOT FALSE) AS active_customers,
            count(*) FILTER (WHERE h.active AND a.is_latest AND a.day >= w.from_date) AS answered_customers
        FROM (SELECT k.customer, clientele.last_order(k.history, p.as_of) >= p.from_date AS active FROM workspace.customer_history k CROSS JOIN span p) h
        FULL JOIN workspace.answers_enriched a ON a.customer = h.customer
        CROSS JOIN span w) m
    OFFSET 0) t
CROSS JOIN LATERAL clientele.nps_interval(t.answers, 0.95::double precision, 'score'::text) i
CROSS JOIN LATERAL clientele.nps_change(t.last_answers, t.before_answers, 0.95::double precision) c
CROSS JOIN (SELECT _clientele.workspace_words(x.language) AS words FROM workspace.applied_settings x LIMIT 1) l
LEFT JOIN workspace.nps_advice v ON v.band = clientele.nps_band(t.answers, 50::double precision, 30::double precision);
COMMENT ON VIEW workspace.nps_summary IS 'One row: would they recommend us? The Net Promoter Score of the last twelve months (nps_window), of each customer by the latest answer unless the settings say all; and the last complete period beside the one before';
COMMENT ON COLUMN workspace.nps_summary.from_date IS 'First day of the window';
COMMENT ON COLUMN workspace.nps_summary.band IS 'strong (50 and above), average (30 and above) or weak; empty without answers';
COMMENT ON COLUMN workspace.nps_summary.advice IS 'What to do, from the table nps_advice; why there is no score, where attach_answers() was told of another scale';
COMMENT ON COLUMN workspace.nps_summary.active_customers IS 'Number of customers with an order in the window';
COMMENT ON COLUMN workspace.nps_summary.answered_customers IS 'Number of those who answered in it';
COMMENT ON COLUMN workspace.nps_summary.period_start IS 'First day of the last complete period, of which the columns after it tell';
COMMENT ON COLUMN workspace.nps_summary.period_responses IS 'Number of answers in it';
COMMENT ON COLUMN workspace.nps_summary.period_score IS 'Its score; empty without answers';
COMMENT ON COLUMN workspace.nps_summary.enough IS 'Whether there are enough answers to go by';
