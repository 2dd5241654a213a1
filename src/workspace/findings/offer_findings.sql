-- There may be as many words as rows, and what is shown has room for ten.
-- belongs to: offers
SELECT v.topic, v.finding, v.advice
FROM (
    SELECT count(*) AS rows, count(*) FILTER (WHERE t.left_out = 'no_time') AS no_time, count(*) FILTER (WHERE t.is_empty_time) AS empty_times, count(*) FILTER (WHERE t.left_out = 'no_offer') AS no_offer,
        count(*) FILTER (WHERE t.left_out = 'no_customer') AS no_customer, count(*) FILTER (WHERE t.left_out IS NULL AND NOT t.counts) AS future,
        count(DISTINCT t.customer) FILTER (WHERE t.counts) AS customers, count(DISTINCT t.offer COLLATE "C") FILTER (WHERE t.counts) AS offers, count(*) FILTER (WHERE t.counts) AS counted,
        count(*) FILTER (WHERE t.counts AND t.outcome = 'accepted') AS accepted, count(*) FILTER (WHERE t.counts AND t.outcome = 'refused') AS refused,
        count(*) FILTER (WHERE t.counts AND t.outcome = 'unanswered') AS unanswered,
        count(*) FILTER (WHERE t.counts AND t.outcome = 'accepted' AND t.reason IS NOT NULL) AS reasons_of_accepted,
        count(*) FILTER (WHERE t.counts AND t.outcome <> 'accepted' AND t.order_id IS NOT NULL) AS orders_of_others
    FROM (SELECT o.*, coalesce(o.usable AND o.day < (SELECT r.as_of FROM workspace.reporting_date r), false) AS counts FROM workspace.offer_rows o) t) f
CROSS JOIN (
    SELECT count(*) AS words, sum(u.rows)::bigint AS rows, string_agg(format('%s (%s)', left(u.unread, 40), u.rows), ', ' ORDER BY u.place) FILTER (WHERE u.place <= 10) AS said
    FROM (
        SELECT o.unread, count(*) AS rows, row_number() OVER (ORDER BY count(*) DESC, o.unread COLLATE "C") AS place
        FROM workspace.offer_rows o
        WHERE o.usable AND o.unread IS NOT NULL AND o.day < (SELECT r.as_of FROM workspace.reporting_date r)
        GROUP BY o.unread) u) w
CROSS JOIN (
    SELECT coalesce(sum(s.offers) FILTER (WHERE s.is_stranger), 0)::bigint AS offers, count(*) FILTER (WHERE s.is_stranger) AS customers
    FROM (
        SELECT o.customer, o.offers, h.customer IS NULL AS is_stranger
        FROM (
            SELECT x.customer, count(*) AS offers FROM workspace.offer_rows x
            WHERE x.usable AND x.day < (SELECT r.as_of FROM workspace.reporting_date r) GROUP BY x.customer) o
        LEFT JOIN workspace.customer_history h ON h.customer = o.customer) s) n
CROSS JOIN (SELECT a.columns->>'outcome' <> '' AS has_outcome, a.columns->>'of_order_id' <> '' AS has_order FROM workspace.attached a WHERE a.relation_role = 'offers') k
CROSS JOIN LATERAL (VALUES
    (1, 'offers', format('rows: %s, customers: %s, kinds: %s', f.rows, f.customers, f.offers), NULL),
    (2, 'outcomes', format('accepted: %s, refused: %s, unanswered: %s', f.accepted, f.refused, f.unanswered),
        CASE WHEN k.has_outcome THEN NULL
            WHEN k.has_order THEN 'No column says what became of an offer: an order means accepted, and refusals are not known. If there is one: attach_offers(..., outcome => ''...'')'
            ELSE 'No column says what became of an offer: name it with attach_offers(..., outcome => ''...''), or that of the order with order_id => ''...''' END),
    (3, 'unknown outcomes', CASE WHEN w.words > 0 THEN format('%s rows say %s%s', w.rows, w.said, CASE WHEN w.words > 10 THEN format(' and %s others', w.words - 10) ELSE '' END) END,
        'They count as unanswered. If they are answers, attach a view that says accepted or refused'),
    (4, 'no time', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.no_time, 0), f.rows), 'Without a time, or with an infinite one, or one outside the years 1 to 9999'),
    (5, 'empty times', 'rows with 0001-01-01, 1899-12-30 or 1970-01-01: ' || _clientele.workspace_row_share(nullif(f.empty_times, 0), f.rows), 'Systems write them where there is no time: such rows are left out, as those without one'),
    (6, 'no offer', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.no_offer, 0), f.rows), 'They do not say what was offered'),
    (7, 'no customer', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.no_customer, 0), f.rows), 'Without a customer, or with a key that can be none of the orders'''),
    (8, 'future', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.future, 0), f.rows), 'On or after the reporting date: not counted yet'),
    (9, 'unknown customers', CASE WHEN n.offers > 0 THEN format('%s to %s customers who are none of the orders''', _clientele.workspace_row_share(n.offers, f.counted), n.customers) END,
        'They count, as unknown by stage, cell and segment; if there are many, look whether the column is the customer of the orders'),
    (10, 'reasons', 'accepted rows with a reason: ' || _clientele.workspace_row_share(nullif(f.reasons_of_accepted, 0), f.accepted), 'refusal_reasons counts those of refusals alone; if they are why offers were refused, the outcome says something else'),
    (11, 'orders', 'refused or unanswered rows with an order: ' || _clientele.workspace_row_share(nullif(f.orders_of_others, 0), f.refused + f.unanswered), 'What the outcome says counts. If an order means accepted: attach_offers(..., outcome => '''')')) v("position", topic, finding, advice)
WHERE v.finding IS NOT NULL
ORDER BY v."position"
