-- What campaigns brought: of each group whether its customers ordered, and what they spent, beside those who got nothing.
WITH effect AS (
    SELECT _clientele.report_card($1, 'campaign_effect', 'campaigns',
        _clientele.report_wide_table($1, 'list words tried', 'campaigns', '{campaign,measured,with_it,without_it,difference,brought,verdict}',
            array_agg(_clientele.report_row(
                    _clientele.report_noted(_clientele.report_name(e.campaign), _clientele.report_name(e.grp),
                        CASE WHEN e.is_running THEN _clientele.report_say($1, 'report.running') ELSE _clientele.report_say($1, 'report.until', _clientele.report_day($1, e.until)) END),
                    _clientele.report_word($1, 'report.measure.' || e.measure),
                    _clientele.report_noted(_clientele.report_measure($1, e.measure, e.mean), _clientele.report_count($1, e.customers, 'customers')),
                    _clientele.report_noted(_clientele.report_measure($1, e.measure, e.control_mean), _clientele.report_count($1, e.control_customers, 'customers')),
                    _clientele.report_noted(_clientele.report_measure($1, e.measure, e.difference),
                        _clientele.report_say($1, 'report.from_to', _clientele.report_measure($1, e.measure, e.difference_lower), _clientele.report_measure($1, e.measure, e.difference_upper))),
                    coalesce(CASE e.measure WHEN 'revenue' THEN _clientele.report_money($1, coalesce(e.less_discount, e.incremental)::numeric) END, ''),
                    _clientele.report_noted(_clientele.report_word($1, 'report.verdict.' || e.verdict), CASE WHEN NOT e.enough THEN _clientele.report_say($1, 'report.too_few') END))
                ORDER BY e."position")), 'full') AS card
    FROM (
        SELECT x.*, dense_rank() OVER (ORDER BY x.started_on DESC, x.campaign) AS place
        FROM workspace.campaign_effect x
        WHERE x.measure IN ('ordered', 'revenue') OR x.is_guardrail AND x.verdict = 'worse') e
    WHERE e.place <= 3
    HAVING count(*) > 0
)
SELECT _clientele.report_part($1, 'tried', (SELECT e.card FROM effect e))
