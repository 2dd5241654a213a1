-- What members said between start and end: complaints are answers of the kinds negative and criticism.
-- internal
CREATE VIEW workspace.campaign_answers AS
SELECT c.campaign, m.grp, m.customer,
    count(*) FILTER (WHERE a.kind IN ('negative', 'criticism')) AS complaints,
    count(a.nps_group) AS nps_answers,
    100 * (count(*) FILTER (WHERE a.nps_group = 'promoter') - count(*) FILTER (WHERE a.nps_group = 'detractor')) AS nps_points
FROM workspace.reporting_date d
JOIN workspace.campaigns c ON c.started_on < d.as_of
JOIN workspace.answers_enriched a ON a.day >= c.started_on AND a.day < coalesce(c.ended_on, d.as_of)
JOIN workspace.campaign_members m ON m.campaign = c.campaign AND m.customer = _clientele.customer_text(a.customer)
GROUP BY c.campaign, m.grp, m.customer;
COMMENT ON VIEW workspace.campaign_answers IS 'What members of campaigns said while these ran, one row for each who said something: for SQL';
COMMENT ON COLUMN workspace.campaign_answers.complaints IS 'Number of answers that are negative or criticism';
COMMENT ON COLUMN workspace.campaign_answers.nps_answers IS 'Number of answers that are promoter, passive or detractor';
COMMENT ON COLUMN workspace.campaign_answers.nps_points IS '100 for each promoter, -100 for each detractor';
