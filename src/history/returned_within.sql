-- history: a window of days after the first purchase

CREATE FUNCTION returned_within(history purchase_history, from_day integer, days integer, as_of date) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION returned_within(purchase_history, integer, integer, date) IS
'Whether a customer bought again within a window of days after the first purchase, [from_day, from_day + days). For the share of all: SELECT (wilson_interval(count(*) FILTER (WHERE r), count(r))).* FROM (SELECT returned_within(history, 30, 30, as_of) AS r ...) s.
Arguments: from_day: where the window begins, in days after the first purchase, 1 or more; days: its length, 1 or more; as_of: only days before it count.
Result: boolean; NULL before the first purchase, and until the whole window lies before as_of: so young customers count on neither side.
Errors: 22023 for other numbers, 22008 for an infinite as_of.';
