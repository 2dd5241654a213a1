-- Three readings at most: of the histories, which are not read where they are stored, one of what these do not tell, with the order ids
-- that nothing keeps unique, and one of the customers among whose rows some may share a time: those with several orders on a day, or with
-- rows that are left out. $2 is what other columns say, where there are any.
-- belongs to: orders
WITH c AS MATERIALIZED (
    SELECT h.customer, r.as_of,
        clientele.order_count(h.known, r.as_of) AS orders,
        clientele.return_count(h.known, r.as_of) AS returns,
        clientele.order_count(h.history) + clientele.return_count(h.history) AS usable,
        clientele.purchase_days(h.known, r.as_of) AS purchase_days,
        clientele.order_count(h.known) > clientele.purchase_days(h.known) AS is_twice_a_day,
        clientele.first_order(h.known, r.as_of) AS first_order,
        clientele.last_order(h.known, r.as_of) AS last_order,
        clientele.gap_days(h.known, r.as_of) AS gap_days,
        clientele.revenue(h.known, r.as_of) AS revenue,
        h.no_time, h.invalid_time, h.no_amount, h.invalid_amount, h.zero_amount
    FROM (SELECT o.*, CASE WHEN o.customer IS NOT NULL THEN o.history END AS known FROM workspace.order_history o) h
    CROSS JOIN workspace.reporting_date r
), k AS MATERIALIZED (
    -- customers as text, and whether that stands for nobody
    SELECT x.*, CASE WHEN x.is_text THEN length(x.key) < 60 AND lower(btrim(x.key)) ~ x.pattern ELSE x.key IN ('0', '-1', '00000000-0000-0000-0000-000000000000') END AS is_nobody
    FROM (
        SELECT c.customer::text COLLATE "C" AS key, pg_typeof(c.customer) = 'text'::regtype AS is_text, c.orders, c.revenue,
            row_number() OVER (ORDER BY c.orders DESC, c.customer) AS place, (SELECT _clientele.workspace_nobody_pattern()) AS pattern
        FROM c WHERE c.first_order IS NOT NULL AND c.customer IS NOT NULL
        OFFSET 0) x
), n AS MATERIALIZED (
    SELECT a.relation, a.columns->>'customer' AS customer, a.columns->>'order_id' AS order_id, a.columns->>'ordered_at' AS ordered_at,
        NOT _clientele.workspace_is_unique(to_regclass(a.relation), nullif(a.columns->>'order_id', '')) AS may_repeat,
        (SELECT coalesce(sum(t.rows), 0) FROM unnest($2) t WHERE t.meaning = 'refunded' AND t.value IN ('whole', 'more') AND a.columns->>'refunded' <> '')::bigint AS given_back
    FROM workspace.attached a WHERE a.relation_role = 'orders'
), whole AS MATERIALIZED (
    -- what has a time all the same has none that is one
    SELECT count(*) AS rows, count(*) FILTER (WHERE o.amount >= 0) AS not_negative,
        count(*) FILTER (WHERE o.amount > 0 AND o.customer IS NOT NULL) AS compared,
        nullif(count(*) FILTER (WHERE o.amount = 0 AND o.customer IS NOT NULL), 0) AS zeros,
        nullif(count(*) FILTER (WHERE CASE WHEN (SELECT pg_typeof(c.customer) = 'text'::regtype FROM c LIMIT 1) THEN o.amount >= 0 AND btrim(o.customer::text) = '' END), 0) AS blanks,
        nullif(count(*) FILTER (WHERE o.is_empty), 0) AS empty_times,
        extract(year FROM min(o.ordered_at) FILTER (WHERE o.is_empty)) AS first_empty, extract(year FROM max(o.ordered_at) FILTER (WHERE o.is_empty)) AS last_empty,
        sum(o.empty_amount) AS empty_amount,
        count(o.order_key) - count(DISTINCT o.order_key) AS repeated_ids
    FROM (
        SELECT o.customer, o.amount, o.ordered_at, o.is_empty, CASE WHEN o.is_empty THEN o.kept_amount END AS empty_amount,
            CASE WHEN o.amount >= 0 AND (SELECT n.may_repeat FROM n) THEN o.order_key END AS order_key
        FROM (
            SELECT o.customer, o.amount, o.ordered_at, o.kept_amount, o.order_key,
                CASE WHEN o.usable IS NOT TRUE AND o.ordered_at IS NOT NULL THEN o.left_out = 'no_time' END AS is_empty
            FROM workspace.order_rows o
            OFFSET 0) o) o
)
SELECT v.topic, v.finding, v.advice
FROM (
    SELECT count(c.first_order) AS customers, sum(c.orders) FILTER (WHERE c.first_order IS NOT NULL) AS orders,
        min(c.first_order) AS first_order, max(c.last_order) AS last_order, min(c.as_of) AS as_of,
        count(c.first_order) FILTER (WHERE c.purchase_days = 1) AS once, percentile_cont(0.5) WITHIN GROUP (ORDER BY c.gap_days) AS gap_days, count(c.gap_days) AS gaps,
        sum(c.orders + c.returns) FILTER (WHERE c.first_order IS NOT NULL)::bigint AS used,
        sum(c.orders + c.returns) FILTER (WHERE c.first_order IS NULL)::bigint AS only_returns,
        sum(c.usable - c.orders - c.returns) FILTER (WHERE c.customer IS NOT NULL)::bigint AS future,
        sum(c.usable) FILTER (WHERE c.customer IS NULL)::bigint AS no_customer,
        sum(c.no_time)::bigint AS no_time, sum(c.invalid_time)::bigint AS invalid_time, sum(c.no_amount)::bigint AS no_amount,
        sum(c.invalid_amount)::bigint AS invalid_amount, sum(c.zero_amount)::bigint AS zero_amount
    FROM c) b
CROSS JOIN (
    SELECT coalesce(sum(t.rows) FILTER (WHERE t.rows > 1), 0)::bigint AS together, coalesce(sum(t.rows - t.amounts), 0)::bigint AS repeated,
        pg_typeof(min(t.ordered_at)) = 'date'::regtype AS is_date
    FROM (
        SELECT a.ordered_at, sum(a.rows) AS rows, count(*) AS amounts
        FROM (
            SELECT o.customer, o.ordered_at, o.amount, count(*) AS rows
            FROM workspace.order_rows o
            JOIN (SELECT DISTINCT c.customer FROM c WHERE c.is_twice_a_day OR coalesce(c.no_time, c.invalid_time, c.invalid_amount, c.zero_amount) > 0) k ON k.customer = o.customer
            WHERE o.amount > 0
            GROUP BY o.customer, o.ordered_at, o.amount) a
        GROUP BY a.customer, a.ordered_at) t) f
CROSS JOIN n
CROSS JOIN whole
CROSS JOIN (
    SELECT count(*) AS customers, count(DISTINCT lower(btrim(k.key))) FILTER (WHERE k.is_text) AS folded, sum(k.orders) AS orders,
        max(k.orders) FILTER (WHERE k.place = 1) AS most, max(k.key) FILTER (WHERE k.place = 1) AS who, max(k.revenue) FILTER (WHERE k.place = 1) AS brought,
        max(k.orders) FILTER (WHERE k.place = 2) AS next, bool_or(k.is_nobody) FILTER (WHERE k.place = 1) AS is_nobody,
        string_agg(format('%s: %s orders, %s', k.key, k.orders, k.revenue), '; ' ORDER BY k.place) FILTER (WHERE k.is_nobody) AS nobody,
        string_agg(quote_literal(k.key), ', ' ORDER BY k.place) FILTER (WHERE k.is_nobody) AS nobodies,
        count(*) FILTER (WHERE k.is_exponent) AS exponents, min(k.key) FILTER (WHERE k.is_exponent) AS exponent,
        sum(k.orders) FILTER (WHERE k.is_exponent) AS exponent_orders, sum(k.revenue) FILTER (WHERE k.is_exponent) AS exponent_revenue
    FROM (SELECT x.*, x.is_text AND x.key ~ '^[0-9][.,]?[0-9]*[eE][+]?[0-9]+$' AS is_exponent FROM k x) k) w
CROSS JOIN LATERAL (
    -- of an instant the year that the session shows may be the one before
    SELECT CASE WHEN whole.first_empty < 1000 THEN '0001-01-01' WHEN whole.first_empty < 1950 THEN '1899-12-30' ELSE '1970-01-01' END AS first,
        CASE WHEN whole.last_empty < 1000 THEN '0001-01-01' WHEN whole.last_empty < 1950 THEN '1899-12-30' ELSE '1970-01-01' END AS last) e
CROSS JOIN LATERAL (SELECT CASE
    WHEN whole.repeated_ids > 0 THEN 'lines' WHEN f.together * 2 > whole.compared AND NOT f.is_date THEN 'likely lines'
    WHEN f.repeated > 0 THEN 'duplicates' END AS what) l
CROSS JOIN LATERAL (
    VALUES
        (1, 'orders', CASE WHEN b.customers = 0 THEN 'none to count yet' END, 'The views are empty until there are orders'),
        (2, 'orders', 'orders: ' || b.orders || ', customers: ' || b.customers || ', from ' || b.first_order || ' to ' || b.last_order || '; the views speak of ' || b.as_of,
            format('To see an earlier day: UPDATE %I.settings SET as_of = ''%s'';', $1, b.first_order + (b.last_order - b.first_order) / 2 + 1)),
        (3, 'cadence', 'customers who came on one day only: ' || _clientele.workspace_row_share(b.once, nullif(b.customers, 0))
                || coalesce('; median gap of the others, in days: ' || round(b.gap_days::numeric), ''), NULL),
        (4, 'order lines', CASE l.what WHEN 'lines' THEN format('rows whose %I another row has too: ', n.order_id) || _clientele.workspace_row_share(whole.repeated_ids, whole.not_negative) END,
            'Each row counts as an order: if these are lines of orders, attach a view that sums them by order'),
        (5, 'order lines', CASE l.what WHEN 'likely lines' THEN 'rows that share customer and time with another: ' || _clientele.workspace_row_share(f.together, whole.compared) END,
            'These look like lines of orders, and each counts as an order: attach a view that sums them by order'),
        (6, 'likely duplicates', CASE l.what WHEN 'duplicates'
                THEN 'rows that repeat the customer, time and amount of another: ' || _clientele.workspace_row_share(f.repeated, whole.compared) END,
            'If they were loaded twice, attach a view with DISTINCT'),
        (1001, 'blank customer', 'rows whose customer is empty or blank: ' || _clientele.workspace_row_share(whole.blanks, whole.not_negative),
            format('A blank is a customer like any other: if nobody knows who bought, attach a view with nullif(btrim(%I), '''') in its place', n.customer)),
        (1002, 'zero amounts', CASE (SELECT s.zero_amounts FROM workspace.applied_settings s) WHEN 'orders' THEN 'rows that count as orders of 0: ' || nullif(greatest(whole.zeros - n.given_back, 0), 0) END,
            format('If they are no orders: UPDATE %I.settings SET zero_amounts = ''skipped'';', $1))
    UNION ALL
    SELECT x."position", x.topic, x.finding, x.advice
    FROM (VALUES
        (201, 'nobody', 'customers that look like nobody known: ' || w.nobody,
            'If they are: ' || _clientele.workspace_settled_sql($1, 'customer'::text, format('CASE WHEN %1$I NOT IN (%2$s) THEN %1$I END', n.customer, w.nobodies), NULL::text)),
        (202, 'one customer', CASE WHEN w.most * 10 >= w.orders AND w.most >= 2 * w.next AND w.most * w.customers >= 3 * w.orders AND NOT w.is_nobody
                THEN format('%s has %s orders, which bring %s', w.who, _clientele.workspace_row_share(w.most::bigint, w.orders::bigint), w.brought) END,
            'If that is no one person or firm: ' || _clientele.workspace_settled_sql($1, 'customer'::text, format('CASE WHEN %1$I <> %2$L THEN %1$I END', n.customer, w.who), NULL::text)),
        (203, 'spelling', (
            SELECT format('customers that differ by capitals or blanks around them alone: %s of %s, who have %s orders and bring %s', sum(g.keys), w.customers, sum(g.orders), sum(g.revenue))
            FROM (SELECT count(*) AS keys, sum(k.orders) AS orders, sum(k.revenue) AS revenue FROM k WHERE w.folded > 0 AND w.folded < w.customers GROUP BY lower(btrim(k.key)) HAVING count(*) > 1) g
            HAVING count(*) > 0) || format('; there would be %s', w.folded),
            'If they are the same: ' || _clientele.workspace_settled_sql($1, 'customer'::text, format('lower(btrim(%I))', n.customer), NULL::text)),
        (204, 'exponents', CASE WHEN w.exponents > 0 THEN format('customers in the notation of large numbers, such as %s: %s, with %s orders, which bring %s', w.exponent, w.exponents, w.exponent_orders, w.exponent_revenue) END,
            'A spreadsheet has cut their digits off (E+): export them again as text; until then leave them out: '
                || _clientele.workspace_settled_sql($1, 'customer'::text, format('CASE WHEN %1$I !~ ''^[0-9][.,]?[0-9]*[eE][+]?[0-9]+$'' THEN %1$I END', n.customer), NULL::text)),
        (205, 'as many customers as orders', CASE WHEN w.customers = w.orders AND w.orders >= 20 THEN format('each of %s orders, which bring %s, has a customer of its own', w.orders, (SELECT sum(k.revenue) FROM k)) END,
            format('If %I is no customer, name the column that is: SELECT attach_orders(%L, customer => %L, workspace => %L);', n.customer, n.relation,
                coalesce((SELECT x.name::text FROM _clientele.workspace_candidates(to_regclass(n.relation), 'customer'::text) x
                    WHERE x.usable AND x.name NOT IN (n.customer, coalesce(n.order_id, '')) ORDER BY x.place, x.name LIMIT 1), '...'), $1)),
        (206, 'empty dates', CASE WHEN whole.empty_times > 0 THEN format('rows with a date that stands for none, %s: %s, of %s; they have no time', concat_ws(' to ', e.first, nullif(e.last, e.first)), whole.empty_times, whole.empty_amount) END,
            format('They do not count; to see them: SELECT * FROM %I.order_rows WHERE left_out = ''no_time'';', $1)),
        (207, 'rhythm', (
            SELECT format('customers who come back do so after %s days in the median; lost_after is %s, new_within %s, regular_within %s', round(b.gap_days::numeric),
                _clientele.workspace_span_text(s.lost_after), _clientele.workspace_span_text(s.new_within), _clientele.workspace_span_text(s.regular_within))
            FROM workspace.settings s
            WHERE b.gaps >= 10 AND b.gap_days > b.as_of - (b.as_of - least(s.lost_after, interval '6 months'))::date),
            (SELECT CASE WHEN b.gap_days > b.as_of - (b.as_of - s.lost_after)::date THEN 'They count as lost in between; spans that fit: ' ELSE 'These spans fit; others: ' END FROM workspace.settings s)
                || format('UPDATE %I.settings SET %s;', $1, _clientele.workspace_fitting_spans(b.gap_days)))) x("position", topic, finding, advice)
    WHERE x.finding IS NOT NULL
    UNION ALL
    SELECT 100 + q."position", replace(q.reason, '_', ' '), 'rows left out: ' || _clientele.workspace_row_share(nullif(q.order_rows, 0), whole.rows),
        _clientele.workspace_words('en'::text) ->> ('order_rows.' || q.reason)
    FROM _clientele.order_reasons(b.used, b.no_customer, b.no_time, b.invalid_time, b.no_amount, b.invalid_amount, b.future, b.only_returns, b.zero_amount) q
    WHERE q.reason <> 'used') v("position", topic, finding, advice)
WHERE v.finding IS NOT NULL
ORDER BY v."position"
