-- programme: points earned and redeemed

CREATE TYPE points_account;

CREATE FUNCTION _clientele.points_account_in(cstring) RETURNS points_account
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.points_account_out(points_account) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.points_account_recv(internal) RETURNS points_account
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.points_account_send(points_account) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE points_account (
    INPUT = _clientele.points_account_in,
    OUTPUT = _clientele.points_account_out,
    RECEIVE = _clientele.points_account_recv,
    SEND = _clientele.points_account_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double,
    STORAGE = extended
);
COMMENT ON TYPE points_account IS
'The points that a customer earned and redeemed on each day, and when those that were earned expire: what points_balance() reads. Exact to four decimals. Text form: {2025-01-03:100,2025-02-01:50/30,2025-02-01@2026-02-01:20}, a day, behind @ the day on which the points of it are gone, how many were earned and, where there are any, redeemed. Made by points_agg().
Errors: 22P02 for another text, 22P03 for another binary form, 54000 past 44 million days.';

CREATE FUNCTION _clientele.points_account_to_jsonb(points_account) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.points_account_to_jsonb(points_account) IS
'The cast to jsonb: an array with an object of day, earned, redeemed and, where they expire, expires_on for each day.
Errors: 54000 past 4 million names and values.';
CREATE CAST (points_account AS jsonb) WITH FUNCTION _clientele.points_account_to_jsonb(points_account);

-- sums; equality, order and hash are made from core/type_operators.sql.in

CREATE FUNCTION _clientele.points_account_add(points_account, points_account) RETURNS points_account
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.points_account_add(points_account, points_account) IS
'The operator +: the points of both.
Errors: 22003 for more than 922 trillion points.';
CREATE OPERATOR + (
    LEFTARG = points_account, RIGHTARG = points_account, FUNCTION = _clientele.points_account_add, COMMUTATOR = +
);

-- aggregates

CREATE FUNCTION _clientele.points_account_combine(points_account, points_account) RETURNS points_account
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.points_account_final(points_account) RETURNS points_account
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE rollup(points_account) (
    SFUNC = _clientele.points_account_combine, STYPE = points_account, SSPACE = 256,
    FINALFUNC = _clientele.points_account_final, COMBINEFUNC = _clientele.points_account_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(points_account) IS
'The total of many parts: the account of all points behind them. Parts of one customer belong together; of several customers only what was earned and redeemed does, as one would redeem what another earned.
Result: points_account; NULLs are skipped, nothing gives {}.
Errors: 22003 for more than 922 trillion points, 54000 past 22 million days.';

-- points_agg for each type of points, without and with a day of expiry
DO $install$
DECLARE
    points text[]; -- its name in SQL and in C
BEGIN
    FOREACH points SLICE 1 IN ARRAY ARRAY[
        ['smallint', 'int2'], ['integer', 'int4'], ['bigint', 'int8'],
        ['real', 'float4'], ['double precision', 'float8'], ['numeric', 'numeric']
    ] LOOP
        EXECUTE pg_catalog.format(
            'CREATE FUNCTION _clientele.points_agg_transition(points_account, date, %1$s) RETURNS points_account
             AS ''MODULE_PATHNAME'', ''points_agg_%2$s'' LANGUAGE C IMMUTABLE PARALLEL SAFE', points[1], points[2]);
        EXECUTE pg_catalog.format(
            'CREATE AGGREGATE points_agg(at date, points %1$s) (
                 SFUNC = _clientele.points_agg_transition, STYPE = points_account, SSPACE = 256,
                 FINALFUNC = _clientele.points_account_final, COMBINEFUNC = _clientele.points_account_combine, PARALLEL = SAFE)', points[1]);
        EXECUTE pg_catalog.format('COMMENT ON AGGREGATE points_agg(date, %s) IS %L', points[1],
            'Folds the points of a customer into an account: per day those earned (above zero) and redeemed (below zero). For a balance: SELECT (points_balance(points_agg(at, points), 365, as_of)).* FROM ...
Arguments: at: the day; points: kept at four decimals (more are rounded, half away from zero).
Result: points_account, the same in whatever order the rows come; rows with a NULL argument and zeros are skipped, no rows give {}.
Errors: 22003 for NaN, infinite points or more than 922 trillion together, 22008 for an infinite day, 54000 past 22 million days.');

        EXECUTE pg_catalog.format(
            'CREATE FUNCTION _clientele.points_agg_transition(points_account, date, %1$s, date) RETURNS points_account
             AS ''MODULE_PATHNAME'', ''points_agg_%2$s'' LANGUAGE C IMMUTABLE PARALLEL SAFE', points[1], points[2]);
        EXECUTE pg_catalog.format(
            'CREATE AGGREGATE points_agg(at date, points %1$s, expires_on date) (
                 SFUNC = _clientele.points_agg_transition, STYPE = points_account, SSPACE = 256,
                 FINALFUNC = _clientele.points_account_final, COMBINEFUNC = _clientele.points_account_combine, PARALLEL = SAFE)', points[1]);
        EXECUTE pg_catalog.format('COMMENT ON AGGREGATE points_agg(date, %s, date) IS %L', points[1],
            'The same where each earning has its own day of expiry. For a balance: SELECT (points_balance(points_agg(at, points, expires_on), as_of)).* FROM ...
Arguments: at, points; expires_on: the first day on which these points are gone, NULL or infinity for never; of points redeemed it is not read.
Result: points_account; rows with a NULL at or points and zeros are skipped, no rows give {}.
Errors: 22003 for NaN, infinite points or more than 922 trillion together, 22008 for an infinite at or an expires_on of -infinity, 54000 past 22 million days and days of expiry.');
    END LOOP;
END
$install$;

-- reading an account

CREATE TYPE points_balance_result AS (
    earned numeric,
    redeemed numeric,
    expired numeric,
    balance numeric,
    expiring numeric,
    overdrawn numeric
);
COMMENT ON TYPE points_balance_result IS 'What a points account holds on a day: the result of points_balance';
COMMENT ON COLUMN points_balance_result.earned IS 'Points earned before that day';
COMMENT ON COLUMN points_balance_result.redeemed IS 'Points redeemed before it';
COMMENT ON COLUMN points_balance_result.expired IS 'Points that were gone at its start without being redeemed';
COMMENT ON COLUMN points_balance_result.balance IS 'Points that are left, 0 or more';
COMMENT ON COLUMN points_balance_result.expiring IS 'Points of the balance that will be gone soon unless they are redeemed';
COMMENT ON COLUMN points_balance_result.overdrawn IS 'Points redeemed that were not there, and have not been earned since';

CREATE FUNCTION points_balance(account points_account, valid integer, as_of date, expiring_within integer DEFAULT 30)
RETURNS points_balance_result
AS 'MODULE_PATHNAME', 'points_balance_of_validity' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION points_balance(points_account, integer, date, integer) IS
'What a points account holds at the start of a day where all points are valid equally long. The oldest are redeemed first.
Arguments: account; valid: days, 1 or more: points of day d are gone at the start of day d + valid; NULL for ever. Days of expiry of the account''s own do not count. as_of: only days before it count; expiring_within: days, 0 or more.
Result: earned, redeemed, expired, balance, expiring (those of the balance that are gone within expiring_within days from as_of on unless they are redeemed) and overdrawn: what was redeemed without being there, which points earned later pay first; balance - overdrawn = earned - redeemed - expired. What a day earns can be redeemed on it. All NULL where account, as_of or expiring_within is.
Errors: 22023 for other numbers of days, 22008 for an infinite as_of.';

CREATE FUNCTION points_balance(account points_account, as_of date, expiring_within integer DEFAULT 30)
RETURNS points_balance_result
AS 'MODULE_PATHNAME', 'points_balance_of_lots' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION points_balance(points_account, date, integer) IS
'What a points account holds at the start of a day where each earning has its own day of expiry. Those that expire soonest are redeemed first, those that never do last.
Arguments: account; as_of: only days before it count; expiring_within: days, 0 or more.
Result: as points_balance() with a validity, and the same where every earning expires that many days later. Points that expire on the day they are earned or before have expired at once.
Errors: 22023 for a negative expiring_within, 22008 for an infinite as_of.';
