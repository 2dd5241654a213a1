-- What the table orders holds, in lines. Variables: lines (of the file), customer, status and refund (titles in it, or empty).

SELECT :'status' <> '' AS has_status, :'refund' <> '' AS has_refunds \gset

SELECT format('%s lines, %s orders, %s customers, sum %s, first row: %s', :'lines', f.orders, f.customers, f.revenue, coalesce(f.first_row, 'none'))
FROM (
    SELECT count(*) FILTER (WHERE o.ordered_at IS NOT NULL AND o.amount >= 0) AS orders,
        count(DISTINCT o.customer) FILTER (WHERE o.ordered_at IS NOT NULL AND o.amount IS NOT NULL) AS customers,
        coalesce(sum(o.amount) FILTER (WHERE o.ordered_at IS NOT NULL), 0) AS revenue,
        (SELECT concat_ws(', ', x.customer, x.ordered_at, x.amount) FROM orders x ORDER BY x.ctid LIMIT 1) AS first_row
    FROM orders o) f;

SELECT format(w.words, w.rows, CASE w.rows WHEN 1 THEN 'row' ELSE 'rows' END)
FROM (
    SELECT count(*) FILTER (WHERE o.ordered_at IS NULL) AS no_time,
        count(*) FILTER (WHERE o.amount IS NULL) AS no_amount,
        count(*) FILTER (WHERE o.customer IS NULL) AS no_customer,
        count(*) FILTER (WHERE o.amount < 0 AND o.ordered_at IS NOT NULL) AS returns
    FROM orders o) c
CROSS JOIN LATERAL (VALUES
    ('not counted: %s %s without a date', c.no_time),
    ('not counted: %s %s without an amount', c.no_amount),
    ('counted, but of nobody: %s %s without a customer', c.no_customer),
    ('returns, which are no orders: %s %s with a negative amount', c.returns)) w(words, rows)
WHERE w.rows > 0;

\if :has_refunds
SELECT format('refunds: %s in column "%s" of %s orders, taken off their amounts', sum(abs(o.taken_off)), :'refund', count(*))
FROM orders o WHERE o.taken_off <> 0 HAVING count(*) > 0;
\endif

\if :has_status
WITH statuses AS (
    SELECT coalesce(o.status, '(empty)') AS value, count(*) AS orders, coalesce(sum(o.amount), 0) AS revenue,
        lower(o.status) ~ 'cancel|void|draft|fail|^refund|pending|test|отмен|отказ|возврат|нереализ|не реализ|брак|storn|abgebrochen|annul|cancelad|anulow' AS doubtful
    FROM orders o GROUP BY o.status)
SELECT format('status: column "%s" has %s; all of them are counted. To count some only: --status ''%s=%s''', :'status',
    string_agg(format('%s: %s orders (sum %s)', s.value, s.orders, s.revenue), ', ' ORDER BY s.orders DESC, s.value) FILTER (WHERE s.place <= 10)
        || CASE WHEN count(*) > 10 THEN format(' and %s more', count(*) - 10) ELSE '' END,
    :'status', coalesce(string_agg(s.value, ', ' ORDER BY s.orders DESC, s.value) FILTER (WHERE s.place <= 10 AND NOT s.doubtful AND s.value <> '(empty)'), '…'))
FROM (SELECT x.*, row_number() OVER (ORDER BY x.orders DESC, x.value) AS place FROM statuses x) s
HAVING count(*) > 1;
\endif

-- Who is nobody: by the usual names, or by a tenth of all orders.
SELECT format('customer: "%s" has %s of %s orders (%s %%), which looks like sales to nobody known, not like one customer. In the file such orders should have an empty "%s"',
    k.key, k.orders, k.all_orders, round(100.0 * k.orders / k.all_orders), :'customer')
FROM (
    SELECT o.customer::text AS key, count(*) AS orders, sum(count(*)) OVER () AS all_orders, count(*) OVER () AS keys
    FROM orders o WHERE o.customer IS NOT NULL GROUP BY o.customer) k
WHERE lower(btrim(k.key)) ~ ('^(0+|-1|[-?*#.]+|n ?/?[.]?a[.]?|none|null|nil|nobody|unknown|undefined|default|test|customer|guests?|guest[ _](user|customer|checkout|buyer)|guest@.*|'
        'anonymous|anonym|anon|no ?name|walk-? ?in( customer)?|cash([ _](sale|customer))?|counter sale|retail([ _](buyer|customer))?|00000000-0000-0000-0000-000000000000|'
        'gast|unbekannt|laufkundschaft|laufkunde|barverkauf|diverse|invité|inconnu|client (comptoir|de passage)|divers|invitado|desconocido|público en general|cliente mostrador|'
        'consumidor final|varios|gość|nieznany|klient detaliczny|(розничн(ый|ая) ?)?(покупатель|клиент)|розница|частное лицо|физическое лицо|физ[.]? ?лицо|гость|неизвест.*|аноним|без имени|нет)$')
    OR k.all_orders >= 20 AND k.orders >= 0.1 * k.all_orders AND k.orders * k.keys >= 4 * k.all_orders
ORDER BY k.orders DESC LIMIT 3;

SELECT format('customer: %s keys in column "%s" differ only by case or blanks; as one they would be %s. To have them so: --customer ''lower(%2$s)''', k.keys, :'customer', k.folded)
FROM (
    SELECT count(*) AS keys, count(DISTINCT lower(btrim(d.key))) AS folded
    FROM (SELECT DISTINCT o.customer::text AS key FROM orders o WHERE o.customer IS NOT NULL) d) k
WHERE k.folded < k.keys;

SELECT format('customer: %s orders have a key such as %s in column "%s": a spreadsheet wrote a number with E+, so different customers look like one. Format that column as text and save the file again',
    count(*), min(o.customer::text), :'customer')
FROM orders o WHERE o.customer::text ~ '^\d([.,]\d+)?[Ee][+]\d+$' HAVING count(*) > 0;
