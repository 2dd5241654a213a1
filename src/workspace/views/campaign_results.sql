-- Every history is read once, and joined with all campaigns of its customer. Who has none left did nothing.
-- internal
CREATE VIEW workspace.campaign_results AS
SELECT c.campaign, m.stratum, d.as_of,
    _clientele.campaign_agg(h.history, h.profit_history, m.grp, c.started_on - c.days_before, c.started_on, least(coalesce(c.ended_on, d.as_of), d.as_of),
        c.highest_revenue, s.has_profit) AS results
FROM workspace.reporting_date d
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
JOIN workspace.campaigns c ON c.started_on < d.as_of
JOIN workspace.campaign_members m ON m.campaign = c.campaign
LEFT JOIN workspace.customer_history h ON _clientele.customer_text(h.customer) = m.customer
GROUP BY c.campaign, m.stratum, d.as_of;
COMMENT ON VIEW workspace.campaign_results IS 'What the groups of each campaign did, stratum by stratum, as one value: for SQL';
COMMENT ON COLUMN workspace.campaign_results.results IS 'Sums of all measures';
