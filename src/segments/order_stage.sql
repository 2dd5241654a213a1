-- segments: the stage of the lifecycle at each order

CREATE FUNCTION order_stage(
    day date, new_within interval DEFAULT '3 months', lost_after interval DEFAULT '6 months',
    regular_within interval DEFAULT '6 months', regular_purchases integer DEFAULT 3, count_by text DEFAULT 'days') RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION order_stage(date, interval, interval, interval, integer, text) IS
'Window function: the stage of the lifecycle at the start of the day of an order, as lifecycle_stage() gives it of the orders of earlier days, over the orders of one customer: OVER (PARTITION BY customer). Needs no ORDER BY, and reads the whole partition whatever the frame.
Arguments: day: of the order; new_within, lost_after, regular_within: spans of calendar time that end there; regular_purchases: at least 1; count_by: ''days'' counts days with orders, ''orders'' each order; all but day are read at the first row of a partition.
Result: ''lost'', ''regular'', ''new'' or ''occasional''; NULL for orders of the first day, and for a NULL day, which counts for nothing.
Memory: 4 bytes per row of a partition.
Errors: 22023 for parameters out of range, 22008 for an infinite day.';
