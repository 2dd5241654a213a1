-- belongs to: answers
CREATE VIEW workspace.nps_by_touchpoint AS
SELECT row_number() OVER (ORDER BY q.enough DESC, i.lower DESC, q.touchpoint) AS "position",
    q.touchpoint, clientele.nps_responses(q.answers) AS responses, clientele.nps_promoters(q.answers) AS promoters, clientele.nps_passives(q.answers) AS passives,
    clientele.nps_detractors(q.answers) AS detractors,
    100 * clientele.nps_responses(q.answers)::double precision / nullif(sum(clientele.nps_responses(q.answers)) OVER (), 0)::double precision
        AS pct_of_responses,
    i.estimate AS score, i.lower AS score_lower, i.upper AS score_upper, clientele.nps_band(q.answers, 50::double precision, 30::double precision) AS band, q.enough
FROM (
    SELECT p.touchpoint, p.answers, clientele.nps_responses(p.answers) >= p.enough AS enough
    FROM (
        SELECT coalesce(a.touchpoint, 'unknown') AS touchpoint, min(w.enough) AS enough, clientele.nps(count(*) FILTER (WHERE a.nps_group = 'promoter'),
            count(*) FILTER (WHERE a.nps_group = 'passive'),
            count(*) FILTER (WHERE a.nps_group = 'detractor')) AS answers
        FROM workspace.answers_enriched a
        CROSS JOIN workspace.answer_window w
        WHERE a.counts_at_touchpoint AND a.day >= w.from_date
        GROUP BY 1) p) q
CROSS JOIN LATERAL clientele.nps_interval(q.answers, 0.95::double precision, 'score'::text) i;
COMMENT ON VIEW workspace.nps_by_touchpoint IS 'The Net Promoter Score of each touchpoint in the last twelve months (nps_window). Of each customer the latest answer about it counts, unless the settings say all';
COMMENT ON COLUMN workspace.nps_by_touchpoint."position" IS 'Order of the touchpoints, the one with the highest lower bound first; last those without enough answers';
COMMENT ON COLUMN workspace.nps_by_touchpoint.touchpoint IS 'What the answers are about; unknown where they do not tell';
COMMENT ON COLUMN workspace.nps_by_touchpoint.pct_of_responses IS 'Share of the answers to all touchpoints, 0 to 100';
COMMENT ON COLUMN workspace.nps_by_touchpoint.enough IS 'Whether there are enough answers to go by';
