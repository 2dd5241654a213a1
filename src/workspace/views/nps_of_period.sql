-- internal
CREATE VIEW workspace.nps_of_period AS
SELECT NULL::date AS period_start, NULL::bigint AS responses, NULL::bigint AS promoters, NULL::bigint AS passives,
    NULL::bigint AS detractors, NULL::double precision AS nps
WHERE false;
COMMENT ON VIEW workspace.nps_of_period IS 'The answers by period, which attach_answers() attaches';
