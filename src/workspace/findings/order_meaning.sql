-- What columns beside those attached say of the rows that count: $2 is the tally of their values. Nothing here changes a figure; the advice
-- has a statement that does.
-- belongs to: orders
WITH t AS MATERIALIZED (SELECT x.* FROM unnest($2) WITH ORDINALITY x(meaning, col, value, rows, amount, measure, n)),
a AS MATERIALIZED (SELECT r.relation, r.columns->>'ordered_at' AS ordered_at, r.columns->>'amount' AS amount, coalesce(r.columns->>'refunded', '') AS refunded,
    _clientele.workspace_quantity(to_regclass(r.relation)) AS quantity
    FROM workspace.attached r WHERE r.relation_role = 'orders')
SELECT v.topic, v.finding, v.advice
FROM (
    -- a column of states
    SELECT min(t.n) AS n, 'status' AS topic, format('every row counts, whatever its %I: ', t.col)
            || _clientele.workspace_listed(array_agg(ROW(t.meaning, t.col, t.value, t.rows, t.amount, t.measure)::_clientele.order_tally ORDER BY t.n)) AS finding,
        CASE WHEN bool_or(t.says_no) THEN 'If these are no orders: ' ELSE 'If some are no orders, with their values in place of the rarest: ' END
            || _clientele.workspace_settled_sql($1, 'amount'::text, NULL::text, CASE WHEN bool_or(t.is_filled) THEN format('%I IS NULL', t.col) ELSE format('(%I IN (%s)) IS NOT TRUE', t.col,
                coalesce(string_agg(quote_literal(t.value), ', ' ORDER BY t.n) FILTER (WHERE t.says_no), (array_agg(quote_literal(t.value) ORDER BY t.n DESC) FILTER (WHERE t.value IS NOT NULL))[1])) END) AS advice
    FROM (
        -- what takes something off is a return, whatever its state is called
        SELECT t.*, coalesce(t.amount, 0) >= 0 AND _clientele.workspace_says_no(t.col, t.value) AS says_no, _clientele.workspace_is_meant(t.col, 'gone at'::text) AS is_filled
        FROM (
            SELECT t.*, count(*) OVER each AS states, sum(t.rows) OVER each AS whole, bool_and(t.value ~ '^[0-9]+$') OVER each AS are_numbers
            FROM t WHERE t.meaning = 'status'
            WINDOW each AS (PARTITION BY t.col)) t
        WHERE t.states BETWEEN 2 AND 100 AND (t.are_numbers IS NOT TRUE OR t.states * 2 <= t.whole) -- not what was paid
        OFFSET 0) t
    GROUP BY t.col
    UNION ALL
    SELECT min(t.n), 'currencies', format('amounts of several currencies, by %I, are summed up as one: ', t.col)
            || _clientele.workspace_listed(array_agg(ROW(t.meaning, t.col, t.value, t.rows, t.amount, t.measure)::_clientele.order_tally ORDER BY t.n)),
        'Convert them in a view, with the rate of the day, or count those of one: '
            || _clientele.workspace_settled_sql($1, 'amount'::text, NULL::text, format('%I = %L', t.col, (array_agg(t.value ORDER BY t.n) FILTER (WHERE t.value IS NOT NULL))[1]))
    FROM t WHERE t.meaning = 'currency'
    GROUP BY t.col
    HAVING count(t.value) > 1
    UNION ALL
    -- by how many days another time is another day
    SELECT min(t.n), 'times', format('%I counts, not %I, which is ', (SELECT a.ordered_at FROM a), t.col)
            || coalesce(CASE WHEN count(*) FILTER (WHERE t.value <> '0') > 0 THEN format('of another day in %s rows, by %s days in the median, and ', sum(t.rows) FILTER (WHERE t.value <> '0'), (
                SELECT min(w.days) FROM (SELECT x.value::integer AS days, sum(x.rows) OVER (ORDER BY x.value::integer) AS so_far, sum(x.rows) OVER () AS whole
                    FROM t x WHERE x.meaning = 'time' AND x.col = t.col AND x.value <> '0') w WHERE w.so_far * 2 >= w.whole)) END, '')
            || format('empty in %s of %s rows; these bring %s', coalesce(sum(t.rows) FILTER (WHERE t.value IS NULL), 0), sum(t.rows), coalesce(sum(t.amount) FILTER (WHERE t.value IS DISTINCT FROM '0'), 0)),
        format('If the other is when the order was made: SELECT attach_orders(%L, ordered_at => %L, workspace => %L);', (SELECT a.relation FROM a), t.col, $1)
    FROM t WHERE t.meaning = 'time'
    GROUP BY t.col
    HAVING count(t.value) FILTER (WHERE t.value <> '0') > 0 OR count(*) FILTER (WHERE t.value IS NULL) > 0 AND count(t.value) > 0
    UNION ALL
    SELECT min(t.n), 'refunds', CASE a.refunded WHEN '' THEN format('not taken off what orders brought: %I, %s in %s rows', t.col, sum(t.measure), sum(t.rows))
            ELSE format('taken off on the day of the order: %I, %s in %s rows; given back as a whole: %s; more than the amount, which then is 0: %s', t.col, sum(t.measure), sum(t.rows),
                coalesce(sum(t.rows) FILTER (WHERE t.value = 'whole'), 0), coalesce(sum(t.rows) FILTER (WHERE t.value = 'more'), 0)) END,
        CASE WHEN a.refunded = '' THEN format('To take it off: SELECT attach_orders(%L, refunded => %L, workspace => %L);', a.relation, t.col, $1)
            WHEN bool_or(t.value <> 'part') AND (SELECT s.refunded_orders = 'orders' FROM workspace.settings s)
            THEN format('Orders given back as a whole count as orders of 0; if they are none: UPDATE %I.settings SET refunded_orders = ''skipped'';', $1) END
    FROM t CROSS JOIN a WHERE t.meaning = 'refunded' AND t.value IS NOT NULL
    GROUP BY t.col, a.refunded, a.relation
    UNION ALL
    SELECT min(t.n), 'unit price', format('rows whose %I is not %I times %I: %s; they bring %s, and the product %s', a.amount, t.col, a.quantity,
            _clientele.workspace_row_share((sum(t.rows) FILTER (WHERE t.value = 'differs'))::bigint, sum(t.rows)::bigint),
            sum(t.amount) FILTER (WHERE t.value = 'differs'), sum(t.measure) FILTER (WHERE t.value = 'differs')),
        'If the product is what was paid: ' || _clientele.workspace_settled_sql($1, 'amount'::text, format('%I * %I', t.col, a.quantity), NULL::text)
    FROM t CROSS JOIN a WHERE t.meaning = 'price' AND t.value IS NOT NULL
    GROUP BY t.col, a.amount, a.quantity
    HAVING count(*) FILTER (WHERE t.value = 'differs') > 0) v
ORDER BY v.n
