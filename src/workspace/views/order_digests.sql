-- All of the orders that anything stored is made from, days of instants too, as time zones may get other rules. Texts are the same by their
-- bytes, whatever a collation holds equal, and an order's number by its text, as not every type has a hash function.
-- belongs to: materialized
-- stored by: one_row
CREATE VIEW workspace.order_digests AS
SELECT true AS one_row, _clientele.row_digests(hash_record(ROW(o.customer)), hash_record_extended(ROW(o.ordered_at, o.day, o.amount, o.profit,
        o.order_id COLLATE "C", o.source COLLATE "C", o.category COLLATE "C"), 0::bigint)) AS digests
FROM workspace.order_rows o;
COMMENT ON VIEW workspace.order_digests IS 'One row: by what a refresh knows the orders again that figures are stored of';
COMMENT ON COLUMN workspace.order_digests.digests IS 'Sums of hashes of the orders of some customers each: a refresh reads those again of whom one is another';
