CREATE VIEW workspace.nps_of_period AS
SELECT p.period_start, clientele.nps_responses(p.answers) AS responses, clientele.nps_promoters(p.answers) AS promoters, clientele.nps_passives(p.answers) AS passives,
    clientele.nps_detractors(p.answers) AS detractors, clientele.nps_score(p.answers) AS nps
FROM (
    SELECT a.period_start, clientele.nps(count(*) FILTER (WHERE a.nps_group = 'promoter'),
        count(*) FILTER (WHERE a.nps_group = 'passive'),
        count(*) FILTER (WHERE a.nps_group = 'detractor')) AS answers
    FROM workspace.answers_enriched a
    WHERE a.counts_in_period
    GROUP BY a.period_start) p;
COMMENT ON VIEW workspace.nps_of_period IS 'The Net Promoter Score of each period with answers: nps_by_period shows what changed, and the gaps';
