-- internal
CREATE VIEW workspace.campaign_answers AS
SELECT NULL::text AS campaign, NULL::text AS grp, NULL::text AS customer, NULL::bigint AS complaints, NULL::bigint AS nps_answers, NULL::bigint AS nps_points
WHERE false;
COMMENT ON VIEW workspace.campaign_answers IS 'What members of campaigns said while these ran, which attach_answers() attaches: for SQL';
COMMENT ON COLUMN workspace.campaign_answers.complaints IS 'Number of answers that are negative or criticism';
COMMENT ON COLUMN workspace.campaign_answers.nps_answers IS 'Number of answers that are promoter, passive or detractor';
COMMENT ON COLUMN workspace.campaign_answers.nps_points IS '100 for each promoter, -100 for each detractor';
