-- All of the orders that anything stored is made from, days of instants too, as time zones may get other rules.
-- belongs to: materialized
-- stored by: one_row
-- internal
CREATE VIEW workspace.order_digests AS
SELECT true AS one_row, _clientele.row_digests(_clientele.row_digest(ROW(o.customer, o.ordered_at, o.day, o.amount, o.counts_zero, o.profit, o.order_key, o.source, o.category))) AS digests
FROM workspace.order_rows o;
COMMENT ON VIEW workspace.order_digests IS 'One row: by what a refresh knows the orders again that figures are stored of';
COMMENT ON COLUMN workspace.order_digests.digests IS 'Sums of hashes of the orders of some customers each: a refresh reads those again of whom one is another';
