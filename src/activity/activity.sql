-- activity: the accounts of growth of all customers, each history read once

CREATE TYPE activity;

CREATE FUNCTION _clientele.activity_in(cstring) RETURNS activity
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.activity_out(activity) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.activity_recv(internal) RETURNS activity
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.activity_send(activity) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE activity (
    INPUT = _clientele.activity_in,
    OUTPUT = _clientele.activity_out,
    RECEIVE = _clientele.activity_recv,
    SEND = _clientele.activity_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double,
    STORAGE = extended
);
COMMENT ON TYPE activity IS
'What customers were, calendar period by calendar period, as of a date: how many were new, retained, returned and lapsed, and what they brought. Text form: [month 2025-01-01 2025-03-15]{12/10/0/0/0:250.5/0/0/0/0;;3/0/2/1/8:0/60/20/190/-5}, the period, the first day of the first one, the as-of date, and for each period orders/new/retained/returned/lapsed:revenue of the new/retained/returned/lapsed/inactive, or nothing where nothing happened. Made by activity_agg().
Errors: 22P02 for another text, 22P03 for another binary form.';

CREATE FUNCTION _clientele.activity_to_jsonb(activity) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.activity_to_jsonb(activity) IS
'The cast to jsonb: an object of period, as_of and periods, each with period_start, its counts and revenues.';
CREATE CAST (activity AS jsonb) WITH FUNCTION _clientele.activity_to_jsonb(activity);

-- sums; equality, order and hash are made from core/type_operators.sql.in

CREATE FUNCTION _clientele.activity_add(activity, activity) RETURNS activity
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.activity_add(activity, activity) IS
'The operator +: the customers of both, who must be different ones.
Errors: 22023 where periods or dates differ, 22003 past 2^63 customers or orders of a period.';
CREATE OPERATOR + (
    LEFTARG = activity, RIGHTARG = activity, FUNCTION = _clientele.activity_add, COMMUTATOR = +
);

-- aggregates

CREATE FUNCTION _clientele.activity_combine(activity, activity) RETURNS activity
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE rollup(activity) (
    SFUNC = _clientele.activity_combine, STYPE = activity,
    COMBINEFUNC = _clientele.activity_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(activity) IS
'The sum of activities of different customers: a shop''s from those of its segments.
Result: activity; NULLs are skipped, NULL without any.
Errors: 22023 where periods or dates differ, 22003 past 2^63 customers or orders of a period.';

CREATE FUNCTION _clientele.activity_transition(activity, purchase_history, text, date, date) RETURNS activity
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE activity_agg(history purchase_history, period text, from_date date, as_of date) (
    SFUNC = _clientele.activity_transition, STYPE = activity, SSPACE = 16384,
    COMBINEFUNC = _clientele.activity_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE activity_agg(purchase_history, text, date, date) IS
'The accounts of growth: who was new, retained, returned or lapsed in each calendar period, and what they brought, from one history per customer. A customer''s status is as history_activity() has it.
Arguments: period: ''day'', ''week'' (ISO), ''month'', ''quarter'' or ''year'', the same in all rows; from_date: the first period is the one that holds it, what was bought before counts for a customer''s status alone; as_of: only days before it count. Both are the same in all rows.
Result: activity, which activity_periods() unfolds; NULL histories are skipped; NULL without rows.
Errors: 22023 for another period, NULL parameters or ones that differ between rows; 22008 for an infinite date; 54000 past 10000 periods; 22003 past 2^63 customers or orders of a period.';

-- accessors

CREATE TYPE activity_sum AS (
    period_start date,
    complete boolean,
    revenue numeric,
    orders bigint,
    active_customers bigint,
    new_customers bigint,
    retained_customers bigint,
    returned_customers bigint,
    lapsed_customers bigint,
    new_revenue numeric,
    retained_revenue numeric,
    returned_revenue numeric,
    lapsed_revenue numeric,
    inactive_revenue numeric
);
COMMENT ON TYPE activity_sum IS
'What all customers were in one calendar period, and what they brought: active are the new, retained and returned; the lapsed bought in the period before, which is what their revenue tells of; the inactive have returns alone';

CREATE FUNCTION activity_periods(activity activity) RETURNS SETOF activity_sum
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 36;
COMMENT ON FUNCTION activity_periods(activity) IS
'The accounts of growth, a row for each period from the first in which something happened to the one that ends with the as-of date or holds it, those in which nothing happened included. Active customers are those of the period before, less the lapsed, and the new and the returned; new, retained, returned and inactive revenue add up to revenue.
Result: rows of period_start, complete, revenue, orders, active_customers, new_customers, retained_customers, returned_customers, lapsed_customers, new_revenue, retained_revenue, returned_revenue, lapsed_revenue (of the period before) and inactive_revenue, the earliest first; nobody is known to have lapsed in a period that is not complete: NULL.';
