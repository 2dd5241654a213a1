-- history: durations of one customer, for survival_agg

CREATE TYPE duration_result AS (
    duration integer,
    ended boolean
);
COMMENT ON TYPE duration_result IS
'A duration in days, and whether it had ended: what survival_agg counts';
COMMENT ON COLUMN duration_result.duration IS 'Days';
COMMENT ON COLUMN duration_result.ended IS 'False where it had not ended before the as-of date';

CREATE FUNCTION repeat_time(history purchase_history, n integer, as_of date, count_by text DEFAULT 'days')
RETURNS duration_result
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION repeat_time(purchase_history, integer, date, text) IS
'How long a customer took from the n-th purchase to the next one. For the curve of all: SELECT survival_agg(r.duration, r.ended) FROM histories, repeat_time(history, 1, as_of) r.
Arguments: history; n: the number of a purchase, 1 or more; as_of: only days before it count; count_by: ''days'' counts days with orders as purchases, ''orders'' each order, so that two of one day are 0 days apart.
Result: duration in days and ended, true; without a next purchase the days to the one before as_of, which is the last that was seen, and false. Both NULL without an n-th purchase.
Errors: 22023 for n below 1 or another count_by, 22008 for an infinite as_of.';

CREATE FUNCTION churn_time(history purchase_history, gap integer, as_of date) RETURNS duration_result
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION churn_time(purchase_history, integer, date) IS
'How long a customer kept buying, from the first purchase until, for the first time, a purchase day was followed by a silence of gap days. Who came back afterwards has been silent all the same.
Arguments: history; gap: days of silence, 1 or more; as_of: only days before it count.
Result: duration in days, the silence included, and ended, true, where that day is as_of or earlier; else the days to as_of and false. Both NULL before the first order.
Errors: 22023 for a gap below 1, 22008 for an infinite as_of.';
