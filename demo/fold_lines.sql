-- The table order_lines becomes the table orders: lines of one order, which have its number, customer and day, become one row.
--   folding    line: the amounts of its lines are added up; order: each line has the amount of the order, but for a negative one, which is
--              what was given back of it; none
--   statuses   the ones of orders that count, as an array; none for all
-- What was refunded is taken off the amount.

SELECT :'folding' <> 'none' AS has_lines,
    EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = 'order_lines'::regclass AND a.attname = 'taken_off') AS has_refunds,
    cardinality(:'statuses'::text[]) > 0 AS has_statuses \gset

\if :has_lines
SELECT format('CREATE TABLE orders AS SELECT %s FROM order_lines GROUP BY order_id, CASE WHEN order_id IS NULL THEN line END, customer, ordered_at::date ORDER BY min(line)',
    string_agg(format(CASE
            WHEN a.attname IN ('order_id', 'customer') THEN '%I'
            WHEN a.attname = 'ordered_at' THEN 'min(%1$I) AS %1$I'
            WHEN a.attname IN ('amount', 'profit') AND :'folding' = 'line' THEN 'sum(%1$I) AS %1$I'
            WHEN a.attname = 'amount' THEN 'coalesce((array_agg(%1$I ORDER BY line) FILTER (WHERE %1$I >= 0))[1] + coalesce(sum(DISTINCT %1$I) FILTER (WHERE %1$I < 0), 0), (array_agg(%1$I ORDER BY line) FILTER (WHERE %1$I IS NOT NULL))[1]) AS %1$I'
            ELSE '(array_agg(%1$I ORDER BY line) FILTER (WHERE %1$I IS NOT NULL))[1] AS %1$I' END, a.attname), ', ' ORDER BY a.attnum))
FROM pg_attribute a
WHERE a.attrelid = 'order_lines'::regclass AND a.attnum > 0 AND a.attname NOT IN ('line', 'line_quantity', 'line_price') \gexec
DROP TABLE order_lines;
\else
ALTER TABLE order_lines RENAME TO orders;
ALTER TABLE orders DROP COLUMN line;
\endif

\if :has_refunds
UPDATE orders SET amount = amount - abs(taken_off) WHERE taken_off <> 0;
\endif
\if :has_statuses
DELETE FROM orders WHERE coalesce(status, '') <> ALL (:'statuses'::text[]);
\endif
VACUUM ANALYZE orders;
