-- history: one customer's orders as one value

CREATE TYPE purchase_history;

CREATE FUNCTION _clientele.purchase_history_in(cstring) RETURNS purchase_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.purchase_history_out(purchase_history) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.purchase_history_recv(internal) RETURNS purchase_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.purchase_history_send(purchase_history) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE purchase_history (
    INPUT = _clientele.purchase_history_in,
    OUTPUT = _clientele.purchase_history_out,
    RECEIVE = _clientele.purchase_history_recv,
    SEND = _clientele.purchase_history_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = extended
);
COMMENT ON TYPE purchase_history IS
'One customer''s orders, folded into days: for every day the number of orders (rows with an amount of zero or more), the number of returns (rows with a negative amount) and the amount, exact to four decimals. Text form: {2025-01-03:12.5,2025-02-01:7.25/2,2025-03-01:-5/0/1}, a day with its amount and, where they are not 1 and 0, its orders and returns. Made by history_agg().
Errors: 22P02 for another text, 22P03 for another binary form, 54000 past 22 million days.';

CREATE FUNCTION _clientele.purchase_history_to_jsonb(purchase_history) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.purchase_history_to_jsonb(purchase_history) IS
'The cast to jsonb: an array with an object of day, orders, returns and amount for each day.
Errors: 54000 past 4 million names and values, those of 500,000 days.';
CREATE CAST (purchase_history AS jsonb) WITH FUNCTION _clientele.purchase_history_to_jsonb(purchase_history);

-- sums and differences; equality, order and hash are made from core/type_operators.sql.in

CREATE FUNCTION _clientele.purchase_history_add(purchase_history, purchase_history) RETURNS purchase_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.purchase_history_add(purchase_history, purchase_history) IS
'The operator +: the purchases of both, exactly.
Errors: 22003 where a day would pass 2^63 orders or an amount of 10^26.';
CREATE OPERATOR + (
    LEFTARG = purchase_history, RIGHTARG = purchase_history, FUNCTION = _clientele.purchase_history_add,
    COMMUTATOR = +
);

CREATE FUNCTION _clientele.purchase_history_subtract(purchase_history, purchase_history) RETURNS purchase_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.purchase_history_subtract(purchase_history, purchase_history) IS
'The operator -: the first without the purchases of the second, which must be among them.
Errors: 22023 where a day''s counts or amount are not there to remove.';
CREATE OPERATOR - (
    LEFTARG = purchase_history, RIGHTARG = purchase_history, FUNCTION = _clientele.purchase_history_subtract
);

CREATE FUNCTION history_less(history purchase_history, removed purchase_history) RETURNS purchase_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION history_less(purchase_history, purchase_history) IS
'The first without the purchases of the second, like the operator -, for where an error would not do: what is not there to remove is left out.
Arguments: history; removed: what to take off.
Result: purchase_history: no count falls below 0, a day without rows is gone with its amount, and where the amount left does not fit the counts it is the nearest that does.';

-- aggregates

CREATE FUNCTION _clientele.purchase_history_combine(purchase_history, purchase_history) RETURNS purchase_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.purchase_history_final(purchase_history) RETURNS purchase_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE rollup(purchase_history) (
    SFUNC = _clientele.purchase_history_combine,
    STYPE = purchase_history,
    SSPACE = 256,
    FINALFUNC = _clientele.purchase_history_final,
    COMBINEFUNC = _clientele.purchase_history_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(purchase_history) IS
'The sum of purchase histories: that of a segment, a shop, a customer stored in parts. Exactly the history of all their rows.
Result: purchase_history; NULLs are skipped, nothing gives {}.
Errors: 22003 where a day would pass 2^63 orders or an amount of 10^26; 54000 past 512 MB.';

-- A final function too raises, so that the refusal does not wait for a first row.
CREATE FUNCTION _clientele.history_agg_time_zone_refused(purchase_history) RETURNS purchase_history
AS 'MODULE_PATHNAME', 'time_zone_refused' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.history_agg_time_zone_required(purchase_history) RETURNS purchase_history
AS 'MODULE_PATHNAME', 'time_zone_required' LANGUAGE C IMMUTABLE PARALLEL SAFE;

-- history_agg for each type of order time and of amount. timestamptz needs a time zone; date and
-- timestamp have none, and would be cast silently through the session's if these forms were missing.
-- A row takes as long as four operators.
DO $install$
DECLARE
    time_type text;
    amount text[]; -- its name in SQL and in C
    described CONSTANT text :=
        'Folds orders into a purchase history: per day the orders, the returns (negative amounts) and the amount.
Arguments: at: when the order was made; amount: its value, in any currency, kept at four decimals (more are rounded, half away from zero)%s.
Result: purchase_history; rows with a NULL argument are skipped, no rows give {}.
Errors: 22003 for a NaN, infinite or too large amount (past 922 trillion), 22008 for an infinite time, 54000 past 512 MB%s.';
BEGIN
    FOREACH amount SLICE 1 IN ARRAY ARRAY[
        ['smallint', 'int2'], ['integer', 'int4'], ['bigint', 'int8'],
        ['real', 'float4'], ['double precision', 'float8'], ['numeric', 'numeric']
    ] LOOP
        FOREACH time_type IN ARRAY ARRAY['date', 'timestamp', 'timestamptz'] LOOP
            EXECUTE pg_catalog.format(
                'CREATE FUNCTION _clientele.order_history_agg_transition(purchase_history, %1$s, %2$s, text, boolean) RETURNS purchase_history
                 AS ''MODULE_PATHNAME'', ''order_history_agg_%1$s_%3$s'' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 4',
                time_type, amount[1], amount[2]);
            EXECUTE pg_catalog.format(
                'CREATE AGGREGATE _clientele.order_history_agg(ordered_at %1$s, amount %2$s, time_zone text, counts_zero boolean) (
                     SFUNC = _clientele.order_history_agg_transition, STYPE = purchase_history, SSPACE = 128,
                     FINALFUNC = _clientele.purchase_history_final, COMBINEFUNC = _clientele.purchase_history_combine, PARALLEL = SAFE)',
                time_type, amount[1]);
            EXECUTE pg_catalog.format('COMMENT ON AGGREGATE _clientele.order_history_agg(%s, %s, text, boolean) IS %L', time_type, amount[1],
                'For the views: history_agg() of the orders that can be used, those whose time is shown in the years 1 to 9999, is no day that stands for none (0001-01-01, 1899-12-30, 1970-01-01), and whose amount can be kept; of zeros where counts_zero. Without a time zone the time is that of a day.
Errors: 22023 for another time zone, 54000 past 512 MB.');
        END LOOP;

        FOREACH time_type IN ARRAY ARRAY['date', 'timestamp'] LOOP
            EXECUTE pg_catalog.format(
                'CREATE FUNCTION _clientele.history_agg_transition(purchase_history, %1$s, %2$s) RETURNS purchase_history
                 AS ''MODULE_PATHNAME'', ''history_agg_%1$s_%3$s'' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 4',
                time_type, amount[1], amount[2]);
            EXECUTE pg_catalog.format(
                'CREATE AGGREGATE history_agg(at %1$s, amount %2$s) (
                     SFUNC = _clientele.history_agg_transition, STYPE = purchase_history, SSPACE = 128,
                     FINALFUNC = _clientele.purchase_history_final, COMBINEFUNC = _clientele.purchase_history_combine, PARALLEL = SAFE)',
                time_type, amount[1]);
            EXECUTE pg_catalog.format('COMMENT ON AGGREGATE history_agg(%s, %s) IS %L',
                time_type, amount[1], pg_catalog.format(described, '', ''));

            EXECUTE pg_catalog.format(
                'CREATE FUNCTION _clientele.history_agg_transition(purchase_history, %1$s, %2$s, text) RETURNS purchase_history
                 AS ''MODULE_PATHNAME'', ''time_zone_refused'' LANGUAGE C IMMUTABLE PARALLEL SAFE',
                time_type, amount[1]);
            EXECUTE pg_catalog.format(
                'CREATE AGGREGATE history_agg(at %1$s, amount %2$s, time_zone text) (
                     SFUNC = _clientele.history_agg_transition, STYPE = purchase_history,
                     FINALFUNC = _clientele.history_agg_time_zone_refused, PARALLEL = SAFE)',
                time_type, amount[1]);
            EXECUTE pg_catalog.format('COMMENT ON AGGREGATE history_agg(%s, %s, text) IS %L',
                time_type, amount[1], 'Always an error (22023): a date or timestamp has no time zone.');
        END LOOP;

        EXECUTE pg_catalog.format(
            'CREATE FUNCTION _clientele.history_agg_transition(purchase_history, timestamptz, %1$s, text) RETURNS purchase_history
             AS ''MODULE_PATHNAME'', ''history_agg_timestamptz_%2$s'' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 4',
            amount[1], amount[2]);
        EXECUTE pg_catalog.format(
            'CREATE AGGREGATE history_agg(at timestamptz, amount %1$s, time_zone text) (
                 SFUNC = _clientele.history_agg_transition, STYPE = purchase_history, SSPACE = 128,
                 FINALFUNC = _clientele.purchase_history_final, COMBINEFUNC = _clientele.purchase_history_combine, PARALLEL = SAFE)',
            amount[1]);
        EXECUTE pg_catalog.format('COMMENT ON AGGREGATE history_agg(timestamptz, %s, text) IS %L', amount[1],
            pg_catalog.format(described, '; time_zone: whose days are meant, a full IANA name or UTC', ', 22023 for another time zone'));

        EXECUTE pg_catalog.format(
            'CREATE FUNCTION _clientele.history_agg_transition(purchase_history, timestamptz, %1$s) RETURNS purchase_history
             AS ''MODULE_PATHNAME'', ''time_zone_required'' LANGUAGE C IMMUTABLE PARALLEL SAFE',
            amount[1]);
        EXECUTE pg_catalog.format(
            'CREATE AGGREGATE history_agg(at timestamptz, amount %1$s) (
                 SFUNC = _clientele.history_agg_transition, STYPE = purchase_history,
                 FINALFUNC = _clientele.history_agg_time_zone_required, PARALLEL = SAFE)',
            amount[1]);
        EXECUTE pg_catalog.format('COMMENT ON AGGREGATE history_agg(timestamptz, %s) IS %L', amount[1],
            'Always an error (22023): timestamptz needs a time zone as third argument.');
    END LOOP;
END
$install$;

-- measures, each over all days, the days before as_of, and the days from from_date to before as_of

DO $install$
DECLARE
    measure text[];
BEGIN
    FOREACH measure SLICE 1 IN ARRAY ARRAY[
        ['order_count', 'bigint', 'The number of orders: rows with an amount of zero or more.',
         'Result: a count, 0 without orders.
Errors: 22003 past bigint.'],
        ['return_count', 'bigint', 'The number of returns: rows with a negative amount.',
         'Result: a count, 0 without returns.
Errors: 22003 past bigint.'],
        ['purchase_days', 'bigint', 'The number of days with an order: split receipts of a day count once.',
         'Result: a count, 0 without orders.'],
        ['revenue', 'numeric', 'The sum of all amounts, returns taken off.',
         'Result: exact to four decimals, shown with two or as many as it needs; 0.00 without rows.'],
        ['first_order', 'date', 'The day of the first order; returns do not count.',
         'Result: a date, NULL without orders.'],
        ['last_order', 'date', 'The day of the last order; returns do not count.',
         'Result: a date, NULL without orders.'],
        ['average_order', 'numeric', 'Revenue, returns taken off, by number of orders.',
         'Result: numeric division of revenue by order_count, NULL without orders.'],
        ['gap_days', 'double precision', 'The customer''s usual gap: the median number of days from one purchase day to the next.',
         'Result: days, with a half where two middle gaps differ by an odd number; NULL below two purchase days.']
    ] LOOP
        EXECUTE pg_catalog.format(
            'CREATE FUNCTION %1$I(history purchase_history) RETURNS %2$s
             AS ''MODULE_PATHNAME'', %1$L LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE', measure[1], measure[2]);
        EXECUTE pg_catalog.format(
            'CREATE FUNCTION %1$I(history purchase_history, as_of date) RETURNS %2$s
             AS ''MODULE_PATHNAME'', %1$L LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE', measure[1], measure[2]);
        EXECUTE pg_catalog.format(
            'CREATE FUNCTION %1$I(history purchase_history, from_date date, as_of date) RETURNS %2$s
             AS ''MODULE_PATHNAME'', %1$L LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE', measure[1], measure[2]);
        EXECUTE pg_catalog.format('COMMENT ON FUNCTION %I(purchase_history) IS %L', measure[1],
            measure[3] || E'\n' || measure[4]);
        EXECUTE pg_catalog.format('COMMENT ON FUNCTION %I(purchase_history, date) IS %L', measure[1],
            measure[3] || E'\nArguments: as_of: only days before it count.\n' || measure[4]);
        EXECUTE pg_catalog.format('COMMENT ON FUNCTION %I(purchase_history, date, date) IS %L', measure[1],
            measure[3] || E'\nArguments: from_date, as_of: only days from from_date to the one before as_of count, none where as_of is not after from_date; infinite dates set no bound.\n' || measure[4]);
    END LOOP;
END
$install$;

CREATE FUNCTION _clientele.last_day(history purchase_history, as_of date) RETURNS date
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION as_of(history purchase_history, as_of date) RETURNS purchase_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION as_of(purchase_history, date) IS
'The history as it stood at the start of a day.
Arguments: as_of: only days before it are kept.
Result: purchase_history.';

CREATE TYPE history_day AS (
    day date,
    orders bigint,
    returns bigint,
    amount numeric
);
COMMENT ON TYPE history_day IS
'One day of a purchase history: number of orders, number of returns, amount with returns taken off';

CREATE FUNCTION history_days(history purchase_history) RETURNS SETOF history_day
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 10;
COMMENT ON FUNCTION history_days(purchase_history) IS
'The days of a history, the earliest first.
Result: rows of day, orders, returns, amount. Over an aggregate write FROM (SELECT history_agg(...) AS h FROM ...) s, history_days(s.h).';

CREATE TYPE period_value AS (
    period_start date,
    orders bigint,
    returns bigint,
    amount numeric
);
COMMENT ON TYPE period_value IS
'One calendar period of a purchase history: its first day, number of orders, number of returns, amount with returns taken off';

CREATE FUNCTION period_values(history purchase_history, period text, from_date date, as_of date)
RETURNS SETOF period_value
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 12;
COMMENT ON FUNCTION period_values(purchase_history, text, date, date) IS
'One row per complete calendar period, those without purchases included with zeros.
Arguments: period: ''day'', ''week'' (ISO), ''month'', ''quarter'' or ''year''; from_date, as_of: only periods that lie between them as a whole, from_date included and as_of not; from_date -infinity begins with the period of the first order.
Result: rows of period_start, orders, returns, amount, the earliest first.
Errors: 22023 for another period, 22008 for an infinite as_of, 22003 where a period''s orders or returns pass bigint.';

CREATE TYPE history_gap AS (
    from_date date,
    days integer,
    ended boolean
);
COMMENT ON TYPE history_gap IS
'One silence of a customer: the purchase day it began with, the days to the next purchase day, or to the as-of date where it had not ended by then';

CREATE FUNCTION history_gaps(history purchase_history, as_of date, at_least integer DEFAULT 1)
RETURNS SETOF history_gap
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 2;
COMMENT ON FUNCTION history_gaps(purchase_history, date, integer) IS
'The silences of a customer, the earliest first: from each purchase day to the next, and last from the last one to as_of, which had not ended by then.
Arguments: as_of: only days before it count; at_least: days, at least 1, shorter silences are left out.
Result: rows of from_date, days, ended; none before the first order. Days with returns alone do not end a silence.
Errors: 22008 for an infinite as_of, 22023 for at_least below 1.';
