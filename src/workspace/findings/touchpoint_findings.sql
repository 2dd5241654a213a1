-- belongs to: touchpoints
SELECT v.topic, v.finding, v.advice
FROM (
    SELECT count(*) AS rows, count(*) FILTER (WHERE t.left_out = 'no_time') AS no_time, count(*) FILTER (WHERE t.is_empty_time) AS empty_times, count(*) FILTER (WHERE t.left_out = 'no_touchpoint') AS no_touchpoint,
        count(*) FILTER (WHERE t.left_out = 'no_customer') AS no_customer,
        count(*) FILTER (WHERE t.left_out IS NULL AND t.day >= (SELECT r.as_of FROM workspace.reporting_date r)) AS future,
        count(DISTINCT t.customer) AS customers, count(DISTINCT t.touchpoint) AS touchpoints
    FROM workspace.touchpoint_rows t) f
CROSS JOIN LATERAL (VALUES
    (1, 'touchpoints', format('rows: %s, customers: %s, kinds: %s', f.rows, f.customers, f.touchpoints),
        format('To see them as a funnel: INSERT INTO %I.funnel_stages VALUES (''sales'', 1, ''first step''), ...; PURCHASE is an order', $1)),
    (2, 'no time', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.no_time, 0), f.rows), 'Without a time, or with an infinite one, or one outside the years 1 to 9999'),
    (3, 'empty times', 'rows with 0001-01-01, 1899-12-30 or 1970-01-01: ' || _clientele.workspace_row_share(nullif(f.empty_times, 0), f.rows), 'Systems write them where there is no time: such rows are left out, as those without one'),
    (4, 'no touchpoint', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.no_touchpoint, 0), f.rows), 'Without a touchpoint, or named START, END or PURCHASE, which the views use'),
    (5, 'no customer', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.no_customer, 0), f.rows), 'Without a customer, or with a key that can be none of the orders'''),
    (6, 'future', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.future, 0), f.rows), 'On or after the reporting date: not counted yet')) v("position", topic, finding, advice)
WHERE v.finding IS NOT NULL
ORDER BY v."position"
