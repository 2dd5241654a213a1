-- history: the accounts of growth

CREATE TYPE activity_period AS (
    period_start date,
    period_number integer,
    status text,
    orders bigint,
    revenue numeric,
    previous_revenue numeric
);
COMMENT ON TYPE activity_period IS
'What a customer was in one calendar period, the revenue of it, and that of the period before if the customer was active in it';

CREATE FUNCTION history_activity(history purchase_history, period text, as_of date) RETURNS SETOF activity_period
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 10;
COMMENT ON FUNCTION history_activity(purchase_history, text, date) IS
'What a customer was in each calendar period: new (the first purchase), retained (bought in the period before too), returned (bought earlier, but not in the period before), lapsed (bought in the period before, and not in this one), or inactive (only returns of goods). Active customers are those of the period before, less the lapsed, and the new and the returned.
Arguments: period: ''day'', ''week'' (ISO), ''month'', ''quarter'' or ''year''; as_of: only days before it count.
Result: rows of period_start, period_number (0 is the period of the first purchase; NULL before it), status, orders, revenue (returns taken off) and previous_revenue (that of the period before, if active in it), the earliest first. The period under way is there as far as it has come, and lapses nobody.
Errors: 22023 for another period, 22008 for an infinite as_of, 22003 past bigint.';
