-- segments: the gap between purchases that is usual in a shop

CREATE FUNCTION shop_gap(gap double precision) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION shop_gap(double precision) IS
'Window function: the median of the partition''s values, the same on every row: over each customer''s gap_days the gap that is usual in the shop, which at_risk takes as shop_gap. Needs no ORDER BY, and reads the whole partition whatever the frame.
Arguments: gap: days, such as gap_days(history, as_of); NULL, as of customers with a single purchase, is not counted.
Result: days, as percentile_cont(0.5) gives them; on rows with a NULL gap too; NULL where all are.
Memory: 24 bytes per row of a partition, at its first row.
Errors: 22003 for NaN, infinite values and values that need more than 38 digits together.';
