\echo Use "CREATE EXTENSION clientele" to load this file. \quit
-- core: periods, money, shares with intervals

-- What users do not call. Nobody but the extension makes anything here, so that no call in it can be another function's.
CREATE SCHEMA _clientele;
GRANT USAGE ON SCHEMA _clientele TO PUBLIC;
COMMENT ON SCHEMA _clientele IS 'What Clientele needs within: nothing here is to be called, and anything may change';

CREATE TYPE confidence_interval AS (
    estimate double precision,
    lower double precision,
    upper double precision
);
COMMENT ON TYPE confidence_interval IS
'An estimate with the bounds of its confidence interval, in the unit of the function that returns it';

CREATE FUNCTION wilson_interval(successes bigint, trials bigint, level double precision DEFAULT 0.95)
RETURNS confidence_interval
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION wilson_interval(bigint, bigint, double precision) IS
'A share with its Wilson score interval.
Arguments: successes, trials: counts, 0 <= successes <= trials; level: confidence level between 0 and 1.
Result: estimate, lower, upper as shares 0..1; all NULL without trials.
Errors: 22023 for counts that do not fit each other or a level outside 0..1.
Source: Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).';

CREATE TYPE share_test_result AS (
    difference double precision,
    lower double precision,
    upper double precision,
    z double precision,
    p_value double precision
);
COMMENT ON TYPE share_test_result IS 'The difference of two shares with its test: the result of share_test';
COMMENT ON COLUMN share_test_result.difference IS 'The first share less the second, -1..1';
COMMENT ON COLUMN share_test_result.lower IS 'Lower bound of the difference';
COMMENT ON COLUMN share_test_result.upper IS 'Upper bound of the difference';
COMMENT ON COLUMN share_test_result.z IS 'The difference in standard errors, as if there were none';
COMMENT ON COLUMN share_test_result.p_value IS
'The probability of a difference at least as large, in either direction, if there were none';

CREATE FUNCTION share_test(
    a_successes bigint, a_trials bigint, b_successes bigint, b_trials bigint, level double precision DEFAULT 0.95)
RETURNS share_test_result
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION share_test(bigint, bigint, bigint, bigint, double precision) IS
'Whether two independent shares differ.
Arguments: a_successes, a_trials, b_successes, b_trials: counts, 0 <= successes <= trials on either side; level: confidence level between 0 and 1.
Result: difference (a less b, -1..1), lower, upper (from the Wilson intervals of both), z and p_value (two-sided, with the pooled share; NULL where all trials agree). All NULL where either side has no trials.
Errors: 22023 for counts that do not fit each other or a level outside 0..1.
Source: Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17 (1998), method 10.';

CREATE FUNCTION period_start(at date, period text)
RETURNS date
AS 'MODULE_PATHNAME', 'period_start_date' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION period_start(date, text) IS
'The first day of the calendar period that holds a day.
Arguments: at; period: ''day'', ''week'' (ISO, from Monday), ''month'', ''quarter'' or ''year''.
Result: a date.
Errors: 22023 for another period, 22008 for an infinite date.';

CREATE FUNCTION period_start(at timestamp, period text)
RETURNS date
AS 'MODULE_PATHNAME', 'period_start_timestamp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION period_start(timestamp, text) IS
'The first day of the calendar period that holds a local timestamp.
Arguments: at; period: ''day'', ''week'' (ISO, from Monday), ''month'', ''quarter'' or ''year''.
Result: a date.
Errors: 22023 for another period, 22008 for an infinite timestamp.';

CREATE FUNCTION period_start(at timestamptz, period text, time_zone text)
RETURNS date
AS 'MODULE_PATHNAME', 'period_start_timestamptz' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION period_start(timestamptz, text, text) IS
'The first day of the calendar period that holds an instant, by the calendar of a time zone: the date of date_trunc(period, at, time_zone) there.
Arguments: at; period: ''day'', ''week'' (ISO, from Monday), ''month'', ''quarter'' or ''year''; time_zone: full IANA name or UTC.
Result: a date in that zone.
Errors: 22023 for another period or time zone, 22008 for an infinite instant.';

CREATE FUNCTION _clientele.local_day(at timestamptz, time_zone text) RETURNS date
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.local_day(timestamptz, text) IS
'Internal to views: the day of an instant in a time zone, as (at AT TIME ZONE time_zone)::date gives it, many times faster.
Errors: 22023 for another time zone than a full IANA name or UTC, 22008 for an infinite instant.';

CREATE FUNCTION period_start(at timestamptz, period text)
RETURNS date
AS 'MODULE_PATHNAME', 'time_zone_required' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION period_start(timestamptz, text) IS
'Always an error (22023): timestamptz needs a time zone as third argument.';

CREATE FUNCTION period_start(at date, period text, time_zone text)
RETURNS date
AS 'MODULE_PATHNAME', 'time_zone_refused' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION period_start(date, text, text) IS
'Always an error (22023): a date has no time zone.';

CREATE FUNCTION period_start(at timestamp, period text, time_zone text)
RETURNS date
AS 'MODULE_PATHNAME', 'time_zone_refused' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION period_start(timestamp, text, text) IS
'Always an error (22023): a timestamp without time zone has none to convert from.';

CREATE FUNCTION valid_amount(amount bigint)
RETURNS boolean
AS 'MODULE_PATHNAME', 'valid_amount_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION valid_amount(bigint) IS
'Whether an amount can be kept: within +-922337203685477.';

CREATE FUNCTION valid_amount(amount real)
RETURNS boolean
AS 'MODULE_PATHNAME', 'valid_amount_float4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION valid_amount(real) IS
'Whether an amount can be kept: finite and within +-922337203685477.5807.';

CREATE FUNCTION valid_amount(amount double precision)
RETURNS boolean
AS 'MODULE_PATHNAME', 'valid_amount_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION valid_amount(double precision) IS
'Whether an amount can be kept: finite and within +-922337203685477.5807.';

CREATE FUNCTION valid_amount(amount numeric)
RETURNS boolean
AS 'MODULE_PATHNAME', 'valid_amount_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION valid_amount(numeric) IS
'Whether an amount can be kept: finite and within +-922337203685477.5807, to which it rounds at four decimals.';

CREATE FUNCTION kept_amount(amount bigint)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kept_amount_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kept_amount(bigint) IS
'An amount as purchase histories keep it: at four decimals, more are rounded half away from zero, floating point by its shortest decimal.
Result: numeric, shown with two decimals or as many as it needs.
Errors: 22003 for NaN, infinite and too large amounts (past 922 trillion), which valid_amount() tells.';

CREATE FUNCTION kept_amount(amount real)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kept_amount_float4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kept_amount(real) IS
'An amount as purchase histories keep it: at four decimals, more are rounded half away from zero, floating point by its shortest decimal.
Result: numeric, shown with two decimals or as many as it needs.
Errors: 22003 for NaN, infinite and too large amounts (past 922 trillion), which valid_amount() tells.';

CREATE FUNCTION kept_amount(amount double precision)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kept_amount_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kept_amount(double precision) IS
'An amount as purchase histories keep it: at four decimals, more are rounded half away from zero, floating point by its shortest decimal.
Result: numeric, shown with two decimals or as many as it needs.
Errors: 22003 for NaN, infinite and too large amounts (past 922 trillion), which valid_amount() tells.';

CREATE FUNCTION kept_amount(amount numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kept_amount_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kept_amount(numeric) IS
'An amount as purchase histories keep it: at four decimals, more are rounded half away from zero, floating point by its shortest decimal.
Result: numeric, shown with two decimals or as many as it needs.
Errors: 22003 for NaN, infinite and too large amounts (past 922 trillion), which valid_amount() tells.';

CREATE FUNCTION _clientele.row_digests_transition(bytea, record) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.row_digests_combine(bytea, bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE AGGREGATE _clientele.row_digests(row_values record) (
    SFUNC = _clientele.row_digests_transition, STYPE = bytea, SSPACE = 524296,
    COMBINEFUNC = _clientele.row_digests_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE _clientele.row_digests(record) IS
'By what rows are known again, in whatever order they come: 65536 sums of 64 bits, each over the hashes of the rows of some keys.
Arguments: row_values: columns that are always the same ones, of the same types, the first a key of a type with a hash function.
Result: bytea, for changed_buckets(), to be compared on the same machine alone; NULL without rows.
Memory: 512 kB.
Errors: 22023 for a key of another type, XX001 where other bytes are handed on.';

CREATE FUNCTION _clientele.digest_bucket(row_values record) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.digest_bucket(record) IS
'To which of the sums of row_digests() a row belongs, by its first column.
Errors: 22023 for a key of a type without a hash function.';

CREATE FUNCTION _clientele.changed_buckets(before bytea, after bytea) RETURNS integer[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.changed_buckets(bytea, bytea) IS
'Which sums of row_digests() differ, by digest_bucket().
Errors: 22023 for other bytes.';
-- nps: the Net Promoter Score

-- The type

CREATE TYPE nps;

CREATE FUNCTION _clientele.nps_in(cstring) RETURNS nps
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.nps_out(nps) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.nps_recv(internal) RETURNS nps
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.nps_send(nps) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE nps (
    INPUT = _clientele.nps_in,
    OUTPUT = _clientele.nps_out,
    RECEIVE = _clientele.nps_recv,
    SEND = _clientele.nps_send,
    INTERNALLENGTH = 32,
    ALIGNMENT = double
);
COMMENT ON TYPE nps IS
'How many promoters, passives and detractors answered, from which the Net Promoter Score is read.
Text form: (promoters,passives,detractors), such as (50,30,20); whole numbers of zero or more that fit 64 bits together.
Errors: 22P02 for another text, 22P03 for another binary form.
Source: Reichheld, The one number you need to grow, Harvard Business Review 81/12 (2003).';

CREATE FUNCTION nps(promoters bigint, passives bigint, detractors bigint) RETURNS nps
AS 'MODULE_PATHNAME', 'nps_from_counts' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps(bigint, bigint, bigint) IS
'An nps from counts that are known already.
Arguments: promoters (9 and 10), passives (7 and 8), detractors (0 to 6): numbers of answers.
Result: nps.
Errors: 22023 for a negative count, 22003 for a total past 64 bits.';

-- Sums and differences; equality, order and hash are made from core/type_operators.sql.in

CREATE FUNCTION _clientele.nps_add(nps, nps) RETURNS nps
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.nps_add(nps, nps) IS
'The operator +: the answers of both, added group by group.
Errors: 22003 for a total past 64 bits.';

CREATE FUNCTION _clientele.nps_subtract(nps, nps) RETURNS nps
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.nps_subtract(nps, nps) IS
'The operator -: the answers of the first without those of the second, which must be among them.
Errors: 22023 where a count would become negative.';

CREATE OPERATOR + (
    LEFTARG = nps, RIGHTARG = nps, FUNCTION = _clientele.nps_add,
    COMMUTATOR = +
);

CREATE OPERATOR - (
    LEFTARG = nps, RIGHTARG = nps, FUNCTION = _clientele.nps_subtract
);

CREATE FUNCTION _clientele.nps_to_jsonb(nps) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.nps_to_jsonb(nps) IS
'The cast to jsonb: the counts by name, such as {"promoters": 50, "passives": 30, "detractors": 20}.';

CREATE CAST (nps AS jsonb) WITH FUNCTION _clientele.nps_to_jsonb(nps);

-- Counting answers: nps_agg(score) and nps_agg(score, answers), for each type of score

CREATE FUNCTION _clientele.nps_combine(nps, nps) RETURNS nps
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.nps_combine_inv(nps, nps) RETURNS nps
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

DO $do$
DECLARE
    score record;
BEGIN
    FOR score IN
        VALUES ('smallint', 'int2'), ('integer', 'int4'), ('bigint', 'int8'),
               ('real', 'float4'), ('double precision', 'float8'), ('numeric', 'numeric')
    LOOP
        EXECUTE pg_catalog.format($sql$

CREATE FUNCTION _clientele.nps_accum(nps, %1$s) RETURNS nps
AS 'MODULE_PATHNAME', 'nps_accum_%2$s' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.nps_accum_inv(nps, %1$s) RETURNS nps
AS 'MODULE_PATHNAME', 'nps_accum_%2$s_inv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.nps_accum(nps, %1$s, bigint) RETURNS nps
AS 'MODULE_PATHNAME', 'nps_accum_answers_%2$s' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.nps_accum_inv(nps, %1$s, bigint) RETURNS nps
AS 'MODULE_PATHNAME', 'nps_accum_answers_%2$s_inv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE AGGREGATE nps_agg(score %1$s) (
    STYPE = nps, SFUNC = _clientele.nps_accum, INITCOND = '(0,0,0)', COMBINEFUNC = _clientele.nps_combine,
    MSTYPE = nps, MSFUNC = _clientele.nps_accum, MINVFUNC = _clientele.nps_accum_inv, MINITCOND = '(0,0,0)',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_agg(%1$s) IS
'Counts answers to "How likely are you to recommend us?" by promoters (9 and above), passives (7 and above) and detractors.
Arguments: score: 0..10; rows without one are skipped.
Result: nps, never NULL: (0,0,0) without answers.
Errors: 22003 for a score outside 0..10 or NaN.
Source: Reichheld, The one number you need to grow, Harvard Business Review 81/12 (2003).';

CREATE AGGREGATE nps_agg(score %1$s, answers bigint) (
    STYPE = nps, SFUNC = _clientele.nps_accum, INITCOND = '(0,0,0)', COMBINEFUNC = _clientele.nps_combine,
    MSTYPE = nps, MSFUNC = _clientele.nps_accum, MINVFUNC = _clientele.nps_accum_inv, MINITCOND = '(0,0,0)',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_agg(%1$s, bigint) IS
'Counts answers that were counted by score before, as nps_agg(score) does one by one.
Arguments: score: 0..10; answers: how many gave it. Rows without either are skipped.
Result: nps, never NULL: (0,0,0) without answers.
Errors: 22003 for a score outside 0..10 or NaN and for a total past 64 bits, 22023 for negative answers.';

$sql$, score.column1, score.column2);
    END LOOP;
END
$do$;

CREATE AGGREGATE rollup(nps) (
    STYPE = nps, SFUNC = _clientele.nps_combine, INITCOND = '(0,0,0)', COMBINEFUNC = _clientele.nps_combine,
    MSTYPE = nps, MSFUNC = _clientele.nps_combine, MINVFUNC = _clientele.nps_combine_inv, MINITCOND = '(0,0,0)',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(nps) IS
'The total of many parts: the nps of all answers behind them.
Arguments: nps; NULLs are skipped.
Result: nps, never NULL: (0,0,0) without parts.
Errors: 22003 for a total past 64 bits.';

-- Reading a value

CREATE FUNCTION nps_score(nps nps) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_score(nps) IS
'The Net Promoter Score: the percentage of promoters less that of detractors.
Arguments: nps.
Result: points, -100..100; NULL without answers.
Source: Reichheld, The one number you need to grow, Harvard Business Review 81/12 (2003).';

CREATE FUNCTION nps_promoters(nps nps) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_promoters(nps) IS
'How many answered 9 or above.
Arguments: nps.
Result: a number of answers.';

CREATE FUNCTION nps_passives(nps nps) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_passives(nps) IS
'How many answered 7 or above, but below 9.
Arguments: nps.
Result: a number of answers.';

CREATE FUNCTION nps_detractors(nps nps) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_detractors(nps) IS
'How many answered below 7.
Arguments: nps.
Result: a number of answers.';

CREATE FUNCTION nps_responses(nps nps) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_responses(nps) IS
'How many answered at all: promoters, passives and detractors together.
Arguments: nps.
Result: a number of answers.';

CREATE FUNCTION nps_band(
    nps nps, strong double precision DEFAULT 50, average double precision DEFAULT 30)
RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_band(nps, double precision, double precision) IS
'What to make of a score: ''strong'' (service builds loyalty), ''average'' (something to improve) or ''weak'' (analyse and change the processes).
Arguments: nps; strong, average: the lowest scores of these bands, in points, average not above strong.
Result: text; NULL without answers.
Errors: 22023 for limits outside -100..100 or the wrong way round.';

DO $do$
DECLARE
    score record;
BEGIN
    FOR score IN
        VALUES ('smallint', 'int2'), ('integer', 'int4'), ('bigint', 'int8'),
               ('real', 'float4'), ('double precision', 'float8'), ('numeric', 'numeric')
    LOOP
        EXECUTE pg_catalog.format($sql$

CREATE FUNCTION nps_group(score %1$s) RETURNS text
AS 'MODULE_PATHNAME', 'nps_group_%2$s' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_group(%1$s) IS
'The group that an answer puts a customer in.
Arguments: score: 0..10.
Result: ''promoter'' (9 and above), ''passive'' (7 and above) or ''detractor''.
Errors: 22003 for a score outside 0..10 or NaN.';

$sql$, score.column1, score.column2);
    END LOOP;
END
$do$;

-- How certain a score is

CREATE FUNCTION nps_stderr(nps nps) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_stderr(nps) IS
'The standard error of a score: sqrt((p + d - (p - d)^2) / n), with p and d the shares of promoters and detractors among n answers.
Arguments: nps.
Result: points; NULL without answers, 0 where all are in one group.
Source: Rocks, Interval estimation for the "Net Promoter Score", The American Statistician 70/4 (2016).';

CREATE FUNCTION nps_interval(
    nps nps, level double precision DEFAULT 0.95, method text DEFAULT 'score')
RETURNS confidence_interval
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_interval(nps, double precision, text) IS
'A score with its confidence interval.
Arguments: nps; level: confidence level between 0 and 1; method: ''score'' (all true scores that would explain the answers; holds its level in small and one-sided samples), ''adjusted_wald'' (three answers added: 3/4, 1 1/2, 3/4) or ''wald'' (the textbook one: too narrow below about 100 answers).
Result: estimate (the score as observed), lower, upper in points, within -100..100, where adjusted Wald''s need not contain the estimate if all answers agree; all NULL without answers.
Errors: 22023 for another method or a level outside 0..1.
Source: Rocks, Interval estimation for the "Net Promoter Score", The American Statistician 70/4 (2016); the score interval is that of Tango, Equivalence test and confidence interval for the difference in proportions for the paired-sample design, Statistics in Medicine 17 (1998).';

CREATE FUNCTION nps_sample_size(
    nps nps, margin double precision, level double precision DEFAULT 0.95)
RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_sample_size(nps, double precision, double precision) IS
'How many answers it takes for a score within a margin of error, if answers vary as they did in a pilot: z^2 v / margin^2 - 3, rounded up.
Arguments: nps: the pilot; margin: half the width of the interval in points, above 0 and at most 100; level: confidence level between 0 and 1.
Result: a number of answers, at least 1; NULL for a pilot without answers. A pilot whose answers are all in one group shows no variation, so the result is 1 and says nothing: ask more first.
Errors: 22023 for another margin or level, 22003 past 64 bits.
Source: the adjusted Wald interval solved for n; Rocks, Interval estimation for the "Net Promoter Score", The American Statistician 70/4 (2016).';

-- Two scores compared

CREATE TYPE nps_test_result AS (
    difference double precision,
    lower double precision,
    upper double precision,
    z double precision,
    p_value double precision
);
COMMENT ON TYPE nps_test_result IS 'The difference of two scores with its test: the result of nps_test';
COMMENT ON COLUMN nps_test_result.difference IS 'The first score less the second, in points';
COMMENT ON COLUMN nps_test_result.lower IS 'Lower bound of the difference, in points';
COMMENT ON COLUMN nps_test_result.upper IS 'Upper bound of the difference, in points';
COMMENT ON COLUMN nps_test_result.z IS 'The difference in standard errors';
COMMENT ON COLUMN nps_test_result.p_value IS
'The probability of a difference at least as large, in either direction, if there were none';

CREATE FUNCTION nps_test(a nps, b nps, level double precision DEFAULT 0.95)
RETURNS nps_test_result
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_test(nps, nps, double precision) IS
'Whether two groups of customers differ in their score.
Arguments: a, b: their answers; level: confidence level between 0 and 1.
Result: difference (a less b, in points), lower, upper (adjusted Wald: 3/4, 1 1/2, 3/4 answers added on either side, within -200..200, so that it need not contain the difference if all answers of a side agree), z and p_value (two-sided, from the answers as they are; NULL where neither side varies). All NULL where either side has no answers.
Errors: 22023 for a level outside 0..1.
Source: Rocks, Interval estimation for the "Net Promoter Score", The American Statistician 70/4 (2016).';

CREATE TYPE nps_change_result AS (
    difference double precision,
    promoters double precision,
    detractors double precision,
    lower double precision,
    upper double precision,
    verdict text
);
COMMENT ON TYPE nps_change_result IS 'What a change of the score is made of: the result of nps_change';
COMMENT ON COLUMN nps_change_result.difference IS
'The first score less the second, in points: promoters less detractors';
COMMENT ON COLUMN nps_change_result.promoters IS 'Change of the share of promoters, in points';
COMMENT ON COLUMN nps_change_result.detractors IS 'Change of the share of detractors, in points';
COMMENT ON COLUMN nps_change_result.lower IS 'Lower bound of the difference, in points';
COMMENT ON COLUMN nps_change_result.upper IS 'Upper bound of the difference, in points';
COMMENT ON COLUMN nps_change_result.verdict IS '''up'', ''down'' or ''flat''';

CREATE FUNCTION nps_change(a nps, b nps, level double precision DEFAULT 0.95)
RETURNS nps_change_result
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_change(nps, nps, double precision) IS
'How a score has changed, and by whom: put the newer answers first.
Arguments: a: the newer answers, b: the older ones; level: confidence level between 0 and 1.
Result: difference (a less b, in points), which is promoters less detractors: the changes of these two shares, in points; lower, upper: the interval of nps_test; verdict: ''flat'' where 0 lies inside the interval or the difference is below 2 points, else ''up'' or ''down''. All NULL where either side has no answers.
Errors: 22023 for a level outside 0..1.';
-- nps: equality, order and hash, for DISTINCT, GROUP BY, ORDER BY, joins and indexes

CREATE FUNCTION _clientele.nps_eq(nps, nps) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.nps_ne(nps, nps) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.nps_lt(nps, nps) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.nps_le(nps, nps) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.nps_gt(nps, nps) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.nps_ge(nps, nps) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.nps_cmp(nps, nps) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.nps_hash(nps) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.nps_hash_extended(nps, bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR = (
    LEFTARG = nps, RIGHTARG = nps, FUNCTION = _clientele.nps_eq,
    COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR <> (
    LEFTARG = nps, RIGHTARG = nps, FUNCTION = _clientele.nps_ne,
    COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR < (
    LEFTARG = nps, RIGHTARG = nps, FUNCTION = _clientele.nps_lt,
    COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR <= (
    LEFTARG = nps, RIGHTARG = nps, FUNCTION = _clientele.nps_le,
    COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR > (
    LEFTARG = nps, RIGHTARG = nps, FUNCTION = _clientele.nps_gt,
    COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR >= (
    LEFTARG = nps, RIGHTARG = nps, FUNCTION = _clientele.nps_ge,
    COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
CREATE OPERATOR CLASS nps_hash_ops DEFAULT FOR TYPE nps USING hash AS
    OPERATOR 1 =,
    FUNCTION 1 _clientele.nps_hash(nps),
    FUNCTION 2 _clientele.nps_hash_extended(nps, bigint);
CREATE OPERATOR CLASS nps_ops DEFAULT FOR TYPE nps USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 _clientele.nps_cmp(nps, nps);
-- rating: other scales, for customer satisfaction and customer effort

-- The type

CREATE TYPE rating_distribution;

CREATE FUNCTION _clientele.rating_distribution_in(cstring) RETURNS rating_distribution
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.rating_distribution_out(rating_distribution) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.rating_distribution_recv(internal) RETURNS rating_distribution
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.rating_distribution_send(rating_distribution) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE rating_distribution (
    INPUT = _clientele.rating_distribution_in,
    OUTPUT = _clientele.rating_distribution_out,
    RECEIVE = _clientele.rating_distribution_recv,
    SEND = _clientele.rating_distribution_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double,
    STORAGE = extended
);
COMMENT ON TYPE rating_distribution IS
'How often each level of a rating scale was given, from which satisfaction (CSAT) and effort (CES) are read.
Text form: [lowest..highest](counts from the lowest level to the highest), such as [1..5](3,0,2,10,7); a scale of whole numbers within +-1000 with 2 to 101 levels, and whole numbers of zero or more that fit 64 bits together.
Errors: 22P02 for another text, 22P03 for another binary form.';

CREATE FUNCTION rating_distribution(lowest integer, highest integer, counts bigint[])
RETURNS rating_distribution
AS 'MODULE_PATHNAME', 'rating_distribution_from_counts' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rating_distribution(integer, integer, bigint[]) IS
'A rating_distribution from counts that are known already.
Arguments: lowest, highest: the ends of the scale; counts: how often each of its levels was given, from the lowest.
Result: rating_distribution.
Errors: 22023 for a scale that is none, for too few or too many counts, and for null or negative ones; 22003 for a total past 64 bits.';

-- Sums and differences; equality, order and hash are made from core/type_operators.sql.in

CREATE FUNCTION _clientele.rating_distribution_add(rating_distribution, rating_distribution)
RETURNS rating_distribution
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.rating_distribution_add(rating_distribution, rating_distribution) IS
'The operator +: the ratings of both, added level by level.
Errors: 22023 for different scales, 22003 for a total past 64 bits.';

CREATE FUNCTION _clientele.rating_distribution_subtract(rating_distribution, rating_distribution)
RETURNS rating_distribution
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.rating_distribution_subtract(rating_distribution, rating_distribution) IS
'The operator -: the ratings of the first without those of the second, which must be among them.
Errors: 22023 for different scales and where a count would become negative.';

CREATE OPERATOR + (
    LEFTARG = rating_distribution, RIGHTARG = rating_distribution,
    FUNCTION = _clientele.rating_distribution_add, COMMUTATOR = +
);

CREATE OPERATOR - (
    LEFTARG = rating_distribution, RIGHTARG = rating_distribution,
    FUNCTION = _clientele.rating_distribution_subtract
);

CREATE FUNCTION _clientele.rating_distribution_to_jsonb(rating_distribution) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.rating_distribution_to_jsonb(rating_distribution) IS
'The cast to jsonb: scale and counts by name, such as {"lowest": 1, "highest": 5, "counts": [3, 0, 2, 10, 7]}.';

CREATE CAST (rating_distribution AS jsonb)
WITH FUNCTION _clientele.rating_distribution_to_jsonb(rating_distribution);

-- Counting ratings: rating_agg(rating, lowest, highest) and rating_agg(rating, lowest, highest,
-- answers), for each type of rating

CREATE FUNCTION _clientele.rating_combine(rating_distribution, rating_distribution)
RETURNS rating_distribution
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.rating_combine_inv(rating_distribution, rating_distribution)
RETURNS rating_distribution
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

DO $do$
DECLARE
    rating record;
BEGIN
    FOR rating IN
        VALUES ('smallint', 'int2'), ('integer', 'int4'), ('bigint', 'int8'),
               ('real', 'float4'), ('double precision', 'float8'), ('numeric', 'numeric')
    LOOP
        EXECUTE pg_catalog.format($sql$

CREATE FUNCTION _clientele.rating_accum(rating_distribution, %1$s, integer, integer)
RETURNS rating_distribution
AS 'MODULE_PATHNAME', 'rating_accum_%2$s' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION _clientele.rating_accum_inv(rating_distribution, %1$s, integer, integer)
RETURNS rating_distribution
AS 'MODULE_PATHNAME', 'rating_accum_%2$s_inv' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION _clientele.rating_accum(rating_distribution, %1$s, integer, integer, bigint)
RETURNS rating_distribution
AS 'MODULE_PATHNAME', 'rating_accum_answers_%2$s' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION _clientele.rating_accum_inv(rating_distribution, %1$s, integer, integer, bigint)
RETURNS rating_distribution
AS 'MODULE_PATHNAME', 'rating_accum_answers_%2$s_inv' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE rating_agg(rating %1$s, lowest integer, highest integer) (
    STYPE = rating_distribution, SFUNC = _clientele.rating_accum, COMBINEFUNC = _clientele.rating_combine,
    MSTYPE = rating_distribution, MSFUNC = _clientele.rating_accum, MINVFUNC = _clientele.rating_accum_inv,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE rating_agg(%1$s, integer, integer) IS
'Counts ratings by level.
Arguments: rating: a whole number on the scale, NULLs are skipped; lowest, highest: the ends of the scale, the same in all rows.
Result: rating_distribution, empty where all ratings are NULL; NULL without rows.
Errors: 22003 for a rating that is fractional, NaN or outside the scale, 22023 for a scale that is none or differs between rows.';

CREATE AGGREGATE rating_agg(rating %1$s, lowest integer, highest integer, answers bigint) (
    STYPE = rating_distribution, SFUNC = _clientele.rating_accum, COMBINEFUNC = _clientele.rating_combine,
    MSTYPE = rating_distribution, MSFUNC = _clientele.rating_accum, MINVFUNC = _clientele.rating_accum_inv,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE rating_agg(%1$s, integer, integer, bigint) IS
'Counts ratings that were counted by level before, as rating_agg(rating, lowest, highest) does one by one.
Arguments: rating: a whole number on the scale; lowest, highest: the ends of the scale, the same in all rows; answers: how many gave the rating. Rows without rating or answers are skipped.
Result: rating_distribution, empty where nothing was counted; NULL without rows.
Errors: 22003 for a rating that is fractional, NaN or outside the scale and for a total past 64 bits, 22023 for negative answers and for a scale that is none or differs between rows.';

$sql$, rating.column1, rating.column2);
    END LOOP;
END
$do$;

CREATE AGGREGATE rollup(rating_distribution) (
    STYPE = rating_distribution, SFUNC = _clientele.rating_combine, COMBINEFUNC = _clientele.rating_combine,
    MSTYPE = rating_distribution, MSFUNC = _clientele.rating_combine, MINVFUNC = _clientele.rating_combine_inv,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(rating_distribution) IS
'The total of many parts: the distribution of all ratings behind them.
Arguments: rating_distribution, all on one scale; NULLs are skipped.
Result: rating_distribution; NULL without parts.
Errors: 22023 for different scales, 22003 for a total past 64 bits.';

-- Reading a value

CREATE TYPE rating_count AS (
    rating integer,
    responses bigint
);
COMMENT ON TYPE rating_count IS 'A level of a rating scale and how often it was given: a row of rating_counts';
COMMENT ON COLUMN rating_count.rating IS 'The level';
COMMENT ON COLUMN rating_count.responses IS 'How many gave it';

CREATE FUNCTION rating_counts(ratings rating_distribution) RETURNS SETOF rating_count
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 5;
COMMENT ON FUNCTION rating_counts(rating_distribution) IS
'How often each level was given.
Arguments: ratings.
Result: one row per level of the scale, from the lowest; levels that nobody gave have 0 responses.';

CREATE FUNCTION rating_responses(ratings rating_distribution) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rating_responses(rating_distribution) IS
'How many rated at all.
Arguments: ratings.
Result: a number of ratings.';

CREATE FUNCTION rating_mean(ratings rating_distribution) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rating_mean(rating_distribution) IS
'The mean rating, on the scale as it is.
Arguments: ratings.
Result: lowest..highest; NULL without ratings.';

CREATE FUNCTION csat_top_box(ratings rating_distribution, boxes integer DEFAULT 2)
RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION csat_top_box(rating_distribution, integer) IS
'Customer satisfaction (CSAT) as the share of satisfied ratings: those at the highest levels. The other definition is csat_mean.
Arguments: ratings; boxes: how many of the highest levels count as satisfied, fewer than the scale has.
Result: a share 0..1; NULL without ratings.
Errors: 22023 for another number of boxes.';

CREATE FUNCTION csat_top_box_interval(
    ratings rating_distribution, boxes integer DEFAULT 2, level double precision DEFAULT 0.95)
RETURNS confidence_interval
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION csat_top_box_interval(rating_distribution, integer, double precision) IS
'The share of satisfied ratings with its Wilson score interval.
Arguments: ratings; boxes: how many of the highest levels count as satisfied, fewer than the scale has; level: confidence level between 0 and 1.
Result: estimate, lower, upper as shares 0..1; all NULL without ratings.
Errors: 22023 for another number of boxes or a level outside 0..1.
Source: Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).';

CREATE FUNCTION csat_mean(ratings rating_distribution) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION csat_mean(rating_distribution) IS
'Customer satisfaction (CSAT) as the mean rating, moved linearly from the scale to 1..5. The other definition is csat_top_box.
Arguments: ratings.
Result: 1..5, the mean itself on that scale; NULL without ratings.';

CREATE FUNCTION ces_mean(ratings rating_distribution) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ces_mean(rating_distribution) IS
'Customer effort score (CES): the mean agreement that it was easy, moved linearly from the scale to 1..7.
Arguments: ratings.
Result: 1..7, the mean itself on that scale; NULL without ratings.';
-- rating_distribution: equality, order and hash, for DISTINCT, GROUP BY, ORDER BY, joins and indexes

CREATE FUNCTION _clientele.rating_distribution_eq(rating_distribution, rating_distribution) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.rating_distribution_ne(rating_distribution, rating_distribution) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.rating_distribution_lt(rating_distribution, rating_distribution) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.rating_distribution_le(rating_distribution, rating_distribution) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.rating_distribution_gt(rating_distribution, rating_distribution) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.rating_distribution_ge(rating_distribution, rating_distribution) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.rating_distribution_cmp(rating_distribution, rating_distribution) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.rating_distribution_hash(rating_distribution) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.rating_distribution_hash_extended(rating_distribution, bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR = (
    LEFTARG = rating_distribution, RIGHTARG = rating_distribution, FUNCTION = _clientele.rating_distribution_eq,
    COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR <> (
    LEFTARG = rating_distribution, RIGHTARG = rating_distribution, FUNCTION = _clientele.rating_distribution_ne,
    COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR < (
    LEFTARG = rating_distribution, RIGHTARG = rating_distribution, FUNCTION = _clientele.rating_distribution_lt,
    COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR <= (
    LEFTARG = rating_distribution, RIGHTARG = rating_distribution, FUNCTION = _clientele.rating_distribution_le,
    COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR > (
    LEFTARG = rating_distribution, RIGHTARG = rating_distribution, FUNCTION = _clientele.rating_distribution_gt,
    COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR >= (
    LEFTARG = rating_distribution, RIGHTARG = rating_distribution, FUNCTION = _clientele.rating_distribution_ge,
    COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
CREATE OPERATOR CLASS rating_distribution_hash_ops DEFAULT FOR TYPE rating_distribution USING hash AS
    OPERATOR 1 =,
    FUNCTION 1 _clientele.rating_distribution_hash(rating_distribution),
    FUNCTION 2 _clientele.rating_distribution_hash_extended(rating_distribution, bigint);
CREATE OPERATOR CLASS rating_distribution_ops DEFAULT FOR TYPE rating_distribution USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 _clientele.rating_distribution_cmp(rating_distribution, rating_distribution);
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
-- purchase_history: equality, order and hash, for DISTINCT, GROUP BY, ORDER BY, joins and indexes

CREATE FUNCTION _clientele.purchase_history_eq(purchase_history, purchase_history) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.purchase_history_ne(purchase_history, purchase_history) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.purchase_history_lt(purchase_history, purchase_history) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.purchase_history_le(purchase_history, purchase_history) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.purchase_history_gt(purchase_history, purchase_history) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.purchase_history_ge(purchase_history, purchase_history) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.purchase_history_cmp(purchase_history, purchase_history) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.purchase_history_hash(purchase_history) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.purchase_history_hash_extended(purchase_history, bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR = (
    LEFTARG = purchase_history, RIGHTARG = purchase_history, FUNCTION = _clientele.purchase_history_eq,
    COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR <> (
    LEFTARG = purchase_history, RIGHTARG = purchase_history, FUNCTION = _clientele.purchase_history_ne,
    COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR < (
    LEFTARG = purchase_history, RIGHTARG = purchase_history, FUNCTION = _clientele.purchase_history_lt,
    COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR <= (
    LEFTARG = purchase_history, RIGHTARG = purchase_history, FUNCTION = _clientele.purchase_history_le,
    COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR > (
    LEFTARG = purchase_history, RIGHTARG = purchase_history, FUNCTION = _clientele.purchase_history_gt,
    COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR >= (
    LEFTARG = purchase_history, RIGHTARG = purchase_history, FUNCTION = _clientele.purchase_history_ge,
    COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
CREATE OPERATOR CLASS purchase_history_hash_ops DEFAULT FOR TYPE purchase_history USING hash AS
    OPERATOR 1 =,
    FUNCTION 1 _clientele.purchase_history_hash(purchase_history),
    FUNCTION 2 _clientele.purchase_history_hash_extended(purchase_history, bigint);
CREATE OPERATOR CLASS purchase_history_ops DEFAULT FOR TYPE purchase_history USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 _clientele.purchase_history_cmp(purchase_history, purchase_history);
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
-- history: a window of days after the first purchase

CREATE FUNCTION returned_within(history purchase_history, from_day integer, days integer, as_of date) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION returned_within(purchase_history, integer, integer, date) IS
'Whether a customer bought again within a window of days after the first purchase, [from_day, from_day + days). For the share of all: SELECT (wilson_interval(count(*) FILTER (WHERE r), count(r))).* FROM (SELECT returned_within(history, 30, 30, as_of) AS r ...) s.
Arguments: from_day: where the window begins, in days after the first purchase, 1 or more; days: its length, 1 or more; as_of: only days before it count.
Result: boolean; NULL before the first purchase, and until the whole window lies before as_of: so young customers count on neither side.
Errors: 22023 for other numbers, 22008 for an infinite as_of.';
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
-- activity: equality, order and hash, for DISTINCT, GROUP BY, ORDER BY, joins and indexes

CREATE FUNCTION _clientele.activity_eq(activity, activity) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.activity_ne(activity, activity) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.activity_lt(activity, activity) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.activity_le(activity, activity) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.activity_gt(activity, activity) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.activity_ge(activity, activity) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.activity_cmp(activity, activity) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.activity_hash(activity) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.activity_hash_extended(activity, bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR = (
    LEFTARG = activity, RIGHTARG = activity, FUNCTION = _clientele.activity_eq,
    COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR <> (
    LEFTARG = activity, RIGHTARG = activity, FUNCTION = _clientele.activity_ne,
    COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR < (
    LEFTARG = activity, RIGHTARG = activity, FUNCTION = _clientele.activity_lt,
    COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR <= (
    LEFTARG = activity, RIGHTARG = activity, FUNCTION = _clientele.activity_le,
    COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR > (
    LEFTARG = activity, RIGHTARG = activity, FUNCTION = _clientele.activity_gt,
    COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR >= (
    LEFTARG = activity, RIGHTARG = activity, FUNCTION = _clientele.activity_ge,
    COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
CREATE OPERATOR CLASS activity_hash_ops DEFAULT FOR TYPE activity USING hash AS
    OPERATOR 1 =,
    FUNCTION 1 _clientele.activity_hash(activity),
    FUNCTION 2 _clientele.activity_hash_extended(activity, bigint);
CREATE OPERATOR CLASS activity_ops DEFAULT FOR TYPE activity USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 _clientele.activity_cmp(activity, activity);
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
-- segments: ABC classes, what is missing to the next one, and the Pareto curve, over values of any numeric type

DO $install$
DECLARE
    value record;
BEGIN
    FOR value IN
        VALUES ('smallint', 'int2'), ('integer', 'int4'), ('bigint', 'int8'),
               ('real', 'float4'), ('double precision', 'float8'), ('numeric', 'numeric')
    LOOP
        EXECUTE pg_catalog.format($sql$

CREATE FUNCTION abc_class(value %1$s, a numeric DEFAULT 0.80, b numeric DEFAULT 0.95) RETURNS text
AS 'MODULE_PATHNAME', 'abc_class_%2$s' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION abc_class(%1$s, numeric, numeric) IS
'Window function: the ABC class of a value within its partition. Largest first, a value is A while the share accumulated before it is below a, B while below b, else C, so that the one which crosses a line is inside. Equal values share one class; values of zero or less are C and do not count towards the whole. Needs no ORDER BY, and reads the whole partition whatever the frame.
Arguments: value: revenue, profit or the like; a, b: cut-offs, shares with 0 < a <= b <= 1, read at the first row of a partition.
Result: ''A'', ''B'' or ''C''; NULL for NULL. Decided by exact sums, floating point by its shortest decimal, up to the 28th digit of the largest value of either sign; what is cut to nothing counts as 0.
Memory: 40 bytes per row of a partition, at its first row.
Errors: 22023 for cut-offs out of range, 22003 for NaN, infinite values and values that need more than 38 digits together.';

CREATE FUNCTION abc_shortfall(value %1$s, a numeric DEFAULT 0.80, b numeric DEFAULT 0.95) RETURNS numeric
AS 'MODULE_PATHNAME', 'abc_shortfall_%2$s' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION abc_shortfall(%1$s, numeric, numeric) IS
'Window function: how much more a value would need to reach the next better ABC class as it stands: the lowest value of that class within the partition, less the value. From C it is the lowest of B, or of A where B is empty; from B the lowest of A. Needs no ORDER BY, and reads the whole partition whatever the frame.
Arguments: value: revenue, profit or the like; a, b: the cut-offs of abc_class, shares with 0 < a <= b <= 1, read at the first row of a partition.
Result: above 0, in the unit of the values and exact, floating point as in abc_class, with as many decimals as the partition''s values need; for values of zero or less too. NULL for NULL, in A, and where no value is positive.
Memory: 56 bytes per row of a partition at its first row, 16 until its last.
Errors: 22023 for cut-offs out of range, 22003 for NaN, infinite values and values that need more than 38 digits together.';

CREATE FUNCTION pareto_share(value %1$s) RETURNS double precision
AS 'MODULE_PATHNAME', 'pareto_share_%2$s' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION pareto_share(%1$s) IS
'Window function: the share of the partition''s positive values that a value and all larger or equal ones bring: the Pareto curve. Needs no ORDER BY.
Arguments: value: revenue, profit or the like.
Result: above 0, up to 1; NULL for NULL and for values of zero or less, which do not count towards the whole. Floating point as in abc_class.
Memory: 32 bytes per row of a partition.
Errors: 22003 for NaN, infinite values and values that need more than 38 digits together.';

$sql$, value.column1, value.column2);
    END LOOP;
END
$install$;
-- segments: the express test of loyalty, over purchase histories

CREATE TYPE express_test_result AS (
    light text,
    light_by text,
    certain boolean,
    advice text,
    customers bigint,
    one_time_customers bigint,
    regular_customers bigint,
    young_customers bigint,
    one_time_share double precision,
    one_time_share_lower double precision,
    one_time_share_upper double precision,
    regular_share double precision,
    regular_share_lower double precision,
    regular_share_upper double precision,
    difference double precision,
    difference_lower double precision,
    difference_upper double precision,
    sales numeric,
    one_time_sales numeric,
    regular_sales numeric,
    young_sales numeric,
    unassigned_sales numeric,
    unassigned_share double precision,
    one_time_sales_share double precision,
    one_time_sales_share_lower double precision,
    one_time_sales_share_upper double precision,
    regular_sales_share double precision,
    regular_sales_share_lower double precision,
    regular_sales_share_upper double precision,
    sales_difference double precision,
    sales_difference_lower double precision,
    sales_difference_upper double precision
);
COMMENT ON TYPE express_test_result IS 'How loyal the customers are, at a glance: the result of express_test';
COMMENT ON COLUMN express_test_result.light IS '''red'', ''green'', ''yellow'' or ''mixed''';
COMMENT ON COLUMN express_test_result.light_by IS 'What decided the light: ''customers'' or ''sales''; NULL without rows';
COMMENT ON COLUMN express_test_result.certain IS 'Whether the intervals lie on the light''s side as a whole; NULL if it is red';
COMMENT ON COLUMN express_test_result.advice IS 'What to do first';
COMMENT ON COLUMN express_test_result.customers IS 'Customers who bought in the window, the young ones left out: the base of all shares';
COMMENT ON COLUMN express_test_result.one_time_customers IS 'Those who bought once ever';
COMMENT ON COLUMN express_test_result.regular_customers IS 'Those who bought regularly in the window';
COMMENT ON COLUMN express_test_result.young_customers IS 'Customers apart from the base: one purchase, too young for a second one';
COMMENT ON COLUMN express_test_result.one_time_share IS 'One-timers by customers, 0..1';
COMMENT ON COLUMN express_test_result.one_time_share_lower IS 'Lower bound (Wilson)';
COMMENT ON COLUMN express_test_result.one_time_share_upper IS 'Upper bound (Wilson)';
COMMENT ON COLUMN express_test_result.regular_share IS 'Regulars by customers, 0..1';
COMMENT ON COLUMN express_test_result.regular_share_lower IS 'Lower bound (Wilson)';
COMMENT ON COLUMN express_test_result.regular_share_upper IS 'Upper bound (Wilson)';
COMMENT ON COLUMN express_test_result.difference IS 'Regulars less one-timers in hundredths of the customers';
COMMENT ON COLUMN express_test_result.difference_lower IS 'Lower bound (score interval)';
COMMENT ON COLUMN express_test_result.difference_upper IS 'Upper bound (score interval)';
COMMENT ON COLUMN express_test_result.sales IS 'What the customers of the base brought in the window, returns taken off';
COMMENT ON COLUMN express_test_result.one_time_sales IS 'What the one-timers brought of it';
COMMENT ON COLUMN express_test_result.regular_sales IS 'What the regulars brought of it';
COMMENT ON COLUMN express_test_result.young_sales IS 'What the young customers brought besides';
COMMENT ON COLUMN express_test_result.unassigned_sales IS 'What was sold without a customer, as given; NULL if unknown';
COMMENT ON COLUMN express_test_result.unassigned_share IS 'That by all sales in the window; NULL if unknown or where those are zero or less';
COMMENT ON COLUMN express_test_result.one_time_sales_share IS 'One-timers by sales, 0..1 unless returns exceed what a group bought';
COMMENT ON COLUMN express_test_result.one_time_sales_share_lower IS 'Lower bound (ratio of two sums over customers)';
COMMENT ON COLUMN express_test_result.one_time_sales_share_upper IS 'Upper bound';
COMMENT ON COLUMN express_test_result.regular_sales_share IS 'Regulars by sales';
COMMENT ON COLUMN express_test_result.regular_sales_share_lower IS 'Lower bound';
COMMENT ON COLUMN express_test_result.regular_sales_share_upper IS 'Upper bound';
COMMENT ON COLUMN express_test_result.sales_difference IS 'Regulars less one-timers in hundredths of the sales';
COMMENT ON COLUMN express_test_result.sales_difference_lower IS 'Lower bound';
COMMENT ON COLUMN express_test_result.sales_difference_upper IS 'Upper bound';

CREATE FUNCTION _clientele.express_test_accum(bytea, purchase_history, date, numeric) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.express_test_accum(
    bytea, purchase_history, date, numeric, interval, interval, integer, text, numeric, text, double precision) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.express_test_combine(bytea, bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.express_test_final(bytea) RETURNS express_test_result
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE express_test(history purchase_history, as_of date, unassigned_sales numeric) (
    SFUNC = _clientele.express_test_accum, STYPE = bytea, SSPACE = 400,
    FINALFUNC = _clientele.express_test_final, COMBINEFUNC = _clientele.express_test_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE express_test(purchase_history, date, numeric) IS
'How loyal the customers are, at a glance: how many of those who bought in the last six months did so once ever (one-timers) or at least on three days (regulars), and what they brought. One-timers of the last three months are counted apart: they have had no time to come back. The light, first that holds: red (cannot be answered: nobody settled, or most sales have no customer), green (one-timers up to 3 % of customers), yellow (more one-timers than regulars), else mixed.
Arguments: history: one per customer, NULLs are skipped; as_of: only days before it count; unassigned_sales: what was sold in the six months before it without a customer, NULL if unknown, then not judged. Both are the same in all rows.
Result: express_test_result: light, certain and advice; customers, shares 0..1 with intervals at level 0.95 and their difference in points, by customers and by sales. Shares are NULL without anything to divide by, bounds of shares of sales also with a single customer.
Errors: 22023 for NULL or differing parameters, 22008 for an infinite as_of, 22003 for totals that need more than 38 digits.
Source: the intervals: Wilson, JASA 22 (1927), by customers; Tango, Statistics in Medicine 17 (1998), for the difference; Cochran, Sampling Techniques (1977), chapter 6, for ratios of sales.';

CREATE AGGREGATE express_test(
    history purchase_history, as_of date, unassigned_sales numeric, within interval, settle interval,
    regular_purchases integer, count_by text, one_time_limit numeric, light_by text, level double precision) (
    SFUNC = _clientele.express_test_accum, STYPE = bytea, SSPACE = 400,
    FINALFUNC = _clientele.express_test_final, COMBINEFUNC = _clientele.express_test_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE express_test(purchase_history, date, numeric, interval, interval, integer, text, numeric, text, double precision) IS
'How loyal the customers are, at a glance: as express_test(history, as_of, unassigned_sales), whose parameters are ''6 months'', ''3 months'', 3, ''days'', 0.03, ''customers'' and 0.95.
Arguments: history: one per customer, NULLs are skipped; as_of: only days before it count; unassigned_sales: what was sold in the window without a customer, NULL if unknown, then not judged; within: the window, a span of calendar time that ends at as_of; settle: likewise, where customers are young whose first and only purchase lies in it; regular_purchases: in the window, at least 2; count_by: ''days'' counts days with orders, ''orders'' each order; one_time_limit: the share of one-timers up to which the light is green, 0..1 with up to 20 decimals; light_by: ''customers'' or ''sales'', which share the light goes by; level: of the intervals, between 0 and 1. All are the same in all rows.
Result: as of express_test(history, as_of, unassigned_sales). By sales the light is also red where they are zero or less.
Errors: 22023 for parameters out of range, NULL or differing between rows, 22008 for an infinite as_of, 22003 for totals that need more than 38 digits.
Source: the intervals: Wilson, JASA 22 (1927), by customers; Tango, Statistics in Medicine 17 (1998), for the difference; Cochran, Sampling Techniques (1977), chapter 6, for ratios of sales.';
-- segments: the Gini coefficient

CREATE FUNCTION _clientele.gini_combine(bytea, bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.gini_final(bytea) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

DO $install$
DECLARE
    value record;
BEGIN
    FOR value IN
        VALUES ('smallint', 'int2'), ('integer', 'int4'), ('bigint', 'int8'),
               ('real', 'float4'), ('double precision', 'float8'), ('numeric', 'numeric')
    LOOP
        EXECUTE pg_catalog.format($sql$

CREATE FUNCTION _clientele.gini_accum(bytea, %1$s) RETURNS bytea
AS 'MODULE_PATHNAME', 'gini_accum_%2$s' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE gini(value %1$s) (
    SFUNC = _clientele.gini_accum, STYPE = bytea, SSPACE = 1024,
    FINALFUNC = _clientele.gini_final, COMBINEFUNC = _clientele.gini_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE gini(%1$s) IS
'The Gini coefficient: how unequally a sum is spread over those who bring it.
Arguments: value: revenue or the like; NULLs are skipped, values below zero count as 0.
Result: 0 (all bring the same) up to 1 - 1/n (one of n brings everything); NULL where nobody brings anything. From exact values, floating point as in abc_class. The same whatever the order of rows and the plan.
Memory: 16 bytes per value.
Errors: 22003 for NaN, infinite values and values that need more than 38 digits together; 54000 past 33 million values.
Source: Gini, Variabilita e mutabilita (1912).';

$sql$, value.column1, value.column2);
    END LOOP;
END
$install$;
-- segments: frequency classes and stages of the lifecycle, read from purchase histories

CREATE FUNCTION frequency_class(
    history purchase_history, as_of date, within interval DEFAULT '6 months',
    x_purchases integer DEFAULT 3, y_purchases integer DEFAULT 2, count_by text DEFAULT 'days') RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION frequency_class(purchase_history, date, interval, integer, integer, text) IS
'How regularly a customer buys: X regularly, Y from time to time, Z rarely.
Arguments: as_of: only days before it count; within: the span of calendar time that ends there; x_purchases, y_purchases: purchases in it that make an X and a Y, at least 1 and Y''s not above X''s; count_by: ''days'' counts days with orders (split receipts do not make a regular), ''orders'' each order.
Result: ''X'', ''Y'' or ''Z''; NULL before the first order.
Errors: 22023 for parameters out of range, 22008 for an infinite as_of.';

CREATE FUNCTION lifecycle_stage(
    history purchase_history, as_of date, new_within interval DEFAULT '3 months', lost_after interval DEFAULT '6 months',
    regular_within interval DEFAULT '6 months', regular_purchases integer DEFAULT 3, count_by text DEFAULT 'days') RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lifecycle_stage(purchase_history, date, interval, interval, interval, integer, text) IS
'Where a customer stands, by the first rule that holds: lost (no purchase within lost_after before as_of), regular (at least regular_purchases within regular_within), new (first purchase within new_within), else occasional.
Arguments: as_of: only days before it count; new_within, lost_after, regular_within: spans of calendar time that end there; regular_purchases: at least 1; count_by: ''days'' counts days with orders, ''orders'' each order.
Result: ''lost'', ''regular'', ''new'' or ''occasional''; NULL before the first order.
Errors: 22023 for parameters out of range, 22008 for an infinite as_of.';

CREATE FUNCTION at_risk(
    history purchase_history, as_of date, gaps double precision DEFAULT 2, shop_gap double precision DEFAULT NULL,
    lost_after interval DEFAULT '6 months') RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION at_risk(purchase_history, date, double precision, double precision, interval) IS
'Whether a customer has been silent for longer than usual, but is not lost yet.
Arguments: as_of: only days before it count; gaps: silent for more than so many of the customer''s own usual gaps (gap_days), 0 to 1000; shop_gap: days, the gap to go by for customers with fewer than three of their own, such as the shop''s median; lost_after: span of calendar time without a purchase after which a customer is lost.
Result: boolean; false for lost customers; NULL before the first order, and where neither the customer''s gaps nor shop_gap say what is usual.
Errors: 22023 for parameters out of range, 22008 for an infinite as_of.';
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
-- segments: RFM scores

DO $install$
DECLARE
    value record;
BEGIN
    FOR value IN
        VALUES ('smallint', 'int2'), ('integer', 'int4'), ('bigint', 'int8'),
               ('real', 'float4'), ('double precision', 'float8'), ('numeric', 'numeric')
    LOOP
        EXECUTE pg_catalog.format($sql$

CREATE FUNCTION rfm_score(value %1$s, bins integer DEFAULT 5) RETURNS integer
AS 'MODULE_PATHNAME', 'rfm_score_%2$s' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_score(%1$s, integer) IS
'Window function: the score of a value within its partition, 1 + floor(bins * number of smaller values / number of values): the same value has the same score, no score depends on the unit or is renumbered. Needs no ORDER BY, and reads the whole partition whatever the frame.
Arguments: value: larger is better, so recency is scored as minus the days since the last order; bins: number of scores, 1 to 1000, read at the first row of a partition.
Result: 1 to bins; NULL for NULL, which is not counted. Floating point is compared as in abc_class.
Memory: 28 bytes per row of a partition.
Errors: 22023 for bins out of range, 22003 for NaN, infinite values and values that need more than 38 digits together.';

$sql$, value.column1, value.column2);
    END LOOP;
END
$install$;
-- segments: the gap between purchases that is usual in a shop

CREATE FUNCTION shop_gap(gap double precision) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION shop_gap(double precision) IS
'Window function: the median of the partition''s values, the same on every row: over each customer''s gap_days the gap that is usual in the shop, which at_risk takes as shop_gap. Needs no ORDER BY, and reads the whole partition whatever the frame.
Arguments: gap: days, such as gap_days(history, as_of); NULL, as of customers with a single purchase, is not counted.
Result: days, as percentile_cont(0.5) gives them; on rows with a NULL gap too; NULL where all are.
Memory: 24 bytes per row of a partition, at its first row.
Errors: 22003 for NaN, infinite values and values that need more than 38 digits together.';
-- segments: changes of the stage of the lifecycle

CREATE TYPE stage_change AS (
    as_of date,
    changed_to text,
    changed_from text
);
COMMENT ON TYPE stage_change IS
'One change of a customer''s stage of the lifecycle: the day as of which it is seen, the stage from then on, and the one before, which is empty at first';

CREATE FUNCTION stage_changes(
    history purchase_history, period text, from_date date, as_of date,
    new_within interval DEFAULT '3 months', lost_after interval DEFAULT '6 months',
    regular_within interval DEFAULT '6 months', regular_purchases integer DEFAULT 3, count_by text DEFAULT 'days') RETURNS SETOF stage_change
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 4;
COMMENT ON FUNCTION stage_changes(purchase_history, text, date, date, interval, interval, interval, integer, text) IS
'When a customer''s stage became another: lifecycle_stage() as of the day after each complete period, where it is not that of the period before.
Arguments: period: ''day'', ''week'' (ISO), ''month'', ''quarter'' or ''year''; from_date: begins with the period that holds it, or with that of the first order if that is later; as_of: only periods that end before it; new_within, lost_after, regular_within, regular_purchases, count_by: as in lifecycle_stage().
Result: rows of as_of, changed_to, changed_from, the earliest first; the first one has no changed_from. None before the first order.
Errors: 22023 for parameters out of range, 22008 for an infinite as_of.';
-- segments: how steadily a customer buys, from purchase histories

CREATE FUNCTION xyz_class(
    history purchase_history, period text, from_date date, as_of date, x numeric DEFAULT 0.10, y numeric DEFAULT 0.25) RETURNS text
AS 'MODULE_PATHNAME', 'xyz_class_history' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION xyz_class(purchase_history, text, date, date, numeric, numeric) IS
'How steady a customer''s amounts per calendar period are, by the population coefficient of variation (standard deviation by mean): up to x is X, up to y is Y, else Z. Periods without purchases count as 0, from the later of from_date and the period of the first order on.
Arguments: period: ''day'', ''week'' (ISO), ''month'', ''quarter'' or ''year''; from_date, as_of: only periods that lie between them as a whole, from_date included and as_of not (from_date may be -infinity); x, y: coefficients, 0 <= x <= y.
Result: ''X'', ''Y'' or ''Z''; NULL with fewer than three periods or a mean of zero or less. Decided exactly.
Errors: 22023 for parameters out of range, 22008 for an infinite as_of.';

CREATE FUNCTION variation(history purchase_history, period text, from_date date, as_of date) RETURNS double precision
AS 'MODULE_PATHNAME', 'variation_history' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION variation(purchase_history, text, date, date) IS
'The population coefficient of variation of a customer''s amounts per calendar period, on which xyz_class decides. One purchase in n periods gives the square root of n - 1.
Arguments: as of xyz_class.
Result: 0 or more; NULL with fewer than three periods or a mean of zero or less.
Errors: 22023 for another period, 22008 for an infinite as_of.';

CREATE FUNCTION demand_interval(history purchase_history, period text, from_date date, as_of date) RETURNS double precision
AS 'MODULE_PATHNAME', 'demand_interval_history' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION demand_interval(purchase_history, text, date, date) IS
'The mean number of periods from one with an order to the next: 1 for somebody who buys in every period, more for intermittent buyers, whose variation says little.
Arguments: as of xyz_class.
Result: periods, 1 or more; NULL with fewer than two periods with an order.
Errors: 22023 for another period, 22008 for an infinite as_of.
Source: Croston, Forecasting and stock control for intermittent demands, Operational Research Quarterly 23 (1972).';
-- segments: variation and XYZ class of values, one per period

CREATE FUNCTION _clientele.variation_combine(bytea, bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.variation_final(bytea) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.xyz_class_final(bytea) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

DO $install$
DECLARE
    value record;
BEGIN
    FOR value IN
        VALUES ('smallint', 'int2'), ('integer', 'int4'), ('bigint', 'int8'),
               ('real', 'float4'), ('double precision', 'float8'), ('numeric', 'numeric')
    LOOP
        EXECUTE pg_catalog.format($sql$

CREATE FUNCTION _clientele.variation_accum(bytea, %1$s) RETURNS bytea
AS 'MODULE_PATHNAME', 'variation_accum_%2$s' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION _clientele.variation_accum(bytea, %1$s, numeric, numeric) RETURNS bytea
AS 'MODULE_PATHNAME', 'variation_accum_%2$s' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE variation(value %1$s) (
    SFUNC = _clientele.variation_accum, STYPE = bytea, SSPACE = 128,
    FINALFUNC = _clientele.variation_final, COMBINEFUNC = _clientele.variation_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE variation(%1$s) IS
'The population coefficient of variation of values, standard deviation by mean: one value per period, those without purchases as 0.
Arguments: value: NULLs are skipped.
Result: 0 or more; NULL with fewer than three values or a mean of zero or less. From exact sums, floating point by its shortest decimal.
Errors: 22003 for NaN, infinite values and values that need more than 38 digits together.';

CREATE AGGREGATE xyz_class(value %1$s) (
    SFUNC = _clientele.variation_accum, STYPE = bytea, SSPACE = 128,
    FINALFUNC = _clientele.xyz_class_final, COMBINEFUNC = _clientele.variation_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE xyz_class(%1$s) IS
'How steady values are, by their population coefficient of variation: up to 0.10 is X, up to 0.25 is Y, else Z. One value per period, those without purchases as 0; xyz_class(history, ...) fills them in.
Arguments: value: NULLs are skipped.
Result: ''X'', ''Y'' or ''Z''; NULL with fewer than three values or a mean of zero or less. Decided exactly, floating point by its shortest decimal.
Errors: 22003 for NaN, infinite values and values that need more than 38 digits together.';

CREATE AGGREGATE xyz_class(value %1$s, x numeric, y numeric) (
    SFUNC = _clientele.variation_accum, STYPE = bytea, SSPACE = 128,
    FINALFUNC = _clientele.xyz_class_final, COMBINEFUNC = _clientele.variation_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE xyz_class(%1$s, numeric, numeric) IS
'How steady values are, by their population coefficient of variation: up to x is X, up to y is Y, else Z. One value per period, those without purchases as 0; xyz_class(history, ...) fills them in.
Arguments: value: NULLs are skipped; x, y: coefficients, 0 <= x <= y, with up to eight decimals, the same in all rows.
Result: ''X'', ''Y'' or ''Z''; NULL with fewer than three values or a mean of zero or less. Decided exactly, floating point by its shortest decimal.
Errors: 22023 for limits out of range, NULL or differing between rows, 22003 for NaN, infinite values and values that need more than 38 digits together.';

$sql$, value.column1, value.column2);
    END LOOP;
END
$install$;
-- classes: customers of a workspace by class and stage at several dates, each history read once. What compares all customers
-- comes to a few limits, by which each is classified alone.

CREATE FUNCTION _clientele.class_rules(
    ends date[], period text, class_window interval, abc_by text, a numeric, b numeric,
    xyz_by text, frequency_within interval, x_purchases integer, y_purchases integer, x numeric, y numeric,
    new_within interval, lost_after interval, regular_within interval, regular_purchases integer, count_by text,
    rfm_bins integer DEFAULT NULL, risk_gaps double precision DEFAULT NULL) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.class_rules(date[], text, interval, text, numeric, numeric, text, interval, integer, integer, numeric, numeric, interval, interval, interval, integer, text, integer, double precision) IS
'The settings of a workspace as the functions of classes read them, made once per query.
Arguments: ends: ascending dates, at which customers are told apart; class_window: NULL for all time; rfm_bins, risk_gaps: NULL where no scores are wanted, and then for one date; the others as abc_class, xyz_class, frequency_class and lifecycle_stage take them.
Result: bytea; NULL where another argument is NULL.
Errors: 22023 for parameters out of range, 22008 for an infinite date, 22003 for shares and variations of more than 38 digits.';

-- what all customers come to

CREATE FUNCTION _clientele.class_rules_with(rules bytea, lowest_a numeric[], lowest_b numeric[]) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.class_rules_with(bytea, numeric[], numeric[]) IS
'The rules with limits that were found before: what limit_points() tells, an entry for each end.
Errors: 22023 for other rules, and for other numbers of limits; 22003 for limits that no money comes to.';

CREATE FUNCTION _clientele.class_values_transition(internal, purchase_history, purchase_history, bytea) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.class_values_combine(internal, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.class_values_serialize(internal) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.class_values_deserialize(bytea, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.class_limits_final(internal) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.pareto_curve_final(internal) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE AGGREGATE _clientele.class_limits(history purchase_history, profit purchase_history, rules bytea) (
    SFUNC = _clientele.class_values_transition, STYPE = internal, SSPACE = 65536,
    FINALFUNC = _clientele.class_limits_final, FINALFUNC_MODIFY = READ_ONLY,
    COMBINEFUNC = _clientele.class_values_combine, SERIALFUNC = _clientele.class_values_serialize,
    DESERIALFUNC = _clientele.class_values_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE _clientele.class_limits(purchase_history, purchase_history, bytea) IS
'The rules with the limits of the classes A and B at each end and, where they tell the number of bins, of the scores, which compare all customers.
Arguments: profit: histories of profit, read where classes go by it; rules: of class_rules(), those of the first row.
Result: bytea; NULL without histories.
Memory: up to 24 bytes per customer and end, and 96 more for scores.
Errors: 22023 for other rules, 54000 where parallel workers would hand on more than 1 GB.';
CREATE AGGREGATE _clientele.pareto_curve(history purchase_history, profit purchase_history, rules bytea) (
    SFUNC = _clientele.class_values_transition, STYPE = internal, SSPACE = 65536,
    FINALFUNC = _clientele.pareto_curve_final, FINALFUNC_MODIFY = READ_ONLY,
    COMBINEFUNC = _clientele.class_values_combine, SERIALFUNC = _clientele.class_values_serialize,
    DESERIALFUNC = _clientele.class_values_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE _clientele.pareto_curve(purchase_history, purchase_history, bytea) IS
'The values that decide classes at the last end, the largest first, with what has come together by each.
Arguments: as class_limits().
Result: bytea, for figure_pareto_share(); NULL without histories.
Memory: as class_limits(), and 32 bytes per customer.
Errors: 22023 for other rules, 54000 past 33 million customers, and where parallel workers would hand on more than 1 GB.';

CREATE TYPE _clientele.limit_point AS (
    period_start date,
    as_of date,
    lowest_a numeric,
    lowest_b numeric
);
CREATE FUNCTION _clientele.limit_points(rules bytea) RETURNS SETOF _clientele.limit_point
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 12;
COMMENT ON FUNCTION _clientele.limit_points(bytea) IS
'The lowest values of the classes A and B, a row for each end; NULL where no value is above 0.
Arguments: rules: of class_limits().
Errors: 22023 for other rules.';

-- one customer at one date

CREATE FUNCTION _clientele.customer_figures(history purchase_history, profit purchase_history, rules bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION _clientele.customer_figures(purchase_history, purchase_history, bytea) IS
'All figures of a customer at the last end, from one walk over the days, for the functions figure_...().
Arguments: profit: NULL without; rules: of class_limits().
Result: bytea; NULL without an order before the end.
Errors: 22023 for other rules.';

DO $install$
DECLARE
    figure record;
BEGIN
    FOR figure IN
        SELECT f.name, t.type
        FROM (VALUES ('bigint', '{orders,purchase_days,purchases,returns,window_returns}'::text[]), ('date', '{first_order,last_order}'),
            ('integer', '{days_since_last,recency_score,frequency_score,monetary_score}'), ('double precision', '{gap_days}'),
            ('numeric', '{revenue,average_order,last_year_revenue,profit,window_revenue,window_profit,class_value,missing_revenue}'),
            ('text', '{abc,xyz,stage}'), ('boolean', '{at_risk}')) t(type, names)
        CROSS JOIN LATERAL pg_catalog.unnest(t.names) f(name)
    LOOP
        EXECUTE pg_catalog.format('CREATE FUNCTION _clientele.%1$I(figures bytea) RETURNS %2$s AS ''MODULE_PATHNAME'' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE',
            'figure_' || figure.name, figure.type);
        EXECUTE pg_catalog.format('COMMENT ON FUNCTION _clientele.%I(bytea) IS %L', 'figure_' || figure.name,
            pg_catalog.format('The column %s of customer_classes, from what customer_figures() tells of a customer.
Errors: 22023 for other bytes.', figure.name));
    END LOOP;
END
$install$;
CREATE FUNCTION _clientele.figure_brings_80(figures bytea, rules bytea) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.figure_pareto_share(figures bytea, curve bytea) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.figure_brings_80(bytea, bytea) IS
'Whether a customer is among those who bring 80 % of the whole.
Arguments: figures: of customer_figures(); rules: of class_limits().
Errors: 22023 for other bytes.';
COMMENT ON FUNCTION _clientele.figure_pareto_share(bytea, bytea) IS
'The share of the whole that a customer and all who bring more come to, as pareto_share() has it.
Arguments: figures: of customer_figures(); curve: of pareto_curve().
Errors: 22023 for other bytes.';
CREATE FUNCTION _clientele.usual_gap_of_shop(rules bytea) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION _clientele.usual_gap_of_shop(bytea) IS
'The median of the customers'' usual gaps in days.
Arguments: rules: of class_limits().
Errors: 22023 for other rules.';

-- one customer at several dates

CREATE TYPE _clientele.class_point AS (
    period_start date,
    as_of date,
    abc text,
    xyz text,
    cell text,
    stage text,
    window_revenue numeric,
    period_revenue numeric
);
CREATE FUNCTION _clientele.class_points(history purchase_history, profit purchase_history, rules bytea) RETURNS SETOF _clientele.class_point
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 12;
COMMENT ON FUNCTION _clientele.class_points(purchase_history, purchase_history, bytea) IS
'A customer''s classes and stages, a row for each end before which there was an order.
Arguments: rules: of class_limits().
Errors: 22023 for other rules.';

CREATE FUNCTION _clientele.class_changes(history purchase_history, profit purchase_history, rules bytea) RETURNS SETOF stage_change
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 4;
COMMENT ON FUNCTION _clientele.class_changes(purchase_history, purchase_history, bytea) IS
'When a customer''s cell of the ABC-XYZ matrix became another, of the ends before which there was an order, ''none'' where a class is missing.
Arguments: rules: of class_limits().
Result: rows of as_of, changed_to, changed_from, the earliest first.
Errors: 22023 for other rules.';

CREATE FUNCTION _clientele.class_path(history purchase_history, profit purchase_history, rules bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION _clientele.class_path(purchase_history, purchase_history, bytea) IS
'A customer''s classes at all ends in one value, for path_abc(), path_xyz() and path_cell(), which tell those of the last end that is not after a day.
Arguments: rules: of class_limits().
Result: bytea; NULL without a history.
Errors: 22023 for other rules.';
DO $install$
DECLARE
    letters text;
BEGIN
    FOREACH letters IN ARRAY '{abc,xyz,cell}'::text[] LOOP
        EXECUTE pg_catalog.format('CREATE FUNCTION _clientele.%I(path bytea, day date) RETURNS text AS ''MODULE_PATHNAME'' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE', 'path_' || letters);
        EXECUTE pg_catalog.format('COMMENT ON FUNCTION _clientele.%I(bytea, date) IS %L', 'path_' || letters,
            pg_catalog.format('The %s of a customer on a day, by what was known at the start of its period.
Arguments: path: of class_path().
Result: text; NULL before the first end, and without a class.
Errors: 22023 for other bytes.', letters));
    END LOOP;
END
$install$;

CREATE FUNCTION _clientele.stage_migration_transition(bytea, purchase_history, bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.cell_migration_transition(bytea, purchase_history, purchase_history, bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.migration_combine(bytea, bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE AGGREGATE _clientele.stage_migration(history purchase_history, rules bytea) (
    SFUNC = _clientele.stage_migration_transition, STYPE = bytea, SSPACE = 16384,
    COMBINEFUNC = _clientele.migration_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE _clientele.stage_migration(purchase_history, bytea) IS
'How many customers went from which stage to which, from one end to the next, and what they brought.
Arguments: rules: of class_rules(), the same in all rows.
Result: bytea, which migration_flows() unfolds; NULL without histories.
Errors: 22023 for other rules, 22003 past 2^63 customers.';
CREATE AGGREGATE _clientele.cell_migration(history purchase_history, profit purchase_history, rules bytea) (
    SFUNC = _clientele.cell_migration_transition, STYPE = bytea, SSPACE = 65536,
    COMBINEFUNC = _clientele.migration_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE _clientele.cell_migration(purchase_history, purchase_history, bytea) IS
'The same from cell to cell of the ABC-XYZ matrix.
Arguments: rules: of class_limits(), the same in all rows.
Result: bytea, which migration_flows() unfolds; NULL without histories.
Errors: 22023 for other rules, 22003 past 2^63 customers.';

CREATE TYPE _clientele.migration_flow AS (
    period_start date,
    as_of date,
    known_before boolean,
    from_state text,
    to_state text,
    customers bigint,
    revenue numeric
);
CREATE FUNCTION _clientele.migration_flows(migration bytea) RETURNS SETOF _clientele.migration_flow
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 200;
COMMENT ON FUNCTION _clientele.migration_flows(bytea) IS
'A row for each end, state before and state after that customers had.
Result: rows of period_start, as_of, known_before (whether there was an order before the end before; NULL for the first end), from_state, to_state (NULL in no cell), customers, and their revenue of the period.
Errors: XX001 for other bytes.';
-- retention: the triangle of cohorts by period number

CREATE TYPE retention;

CREATE FUNCTION _clientele.retention_in(cstring) RETURNS retention
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_out(retention) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_recv(internal) RETURNS retention
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_send(retention) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE retention (
    INPUT = _clientele.retention_in,
    OUTPUT = _clientele.retention_out,
    RECEIVE = _clientele.retention_recv,
    SEND = _clientele.retention_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double,
    STORAGE = extended
);
COMMENT ON TYPE retention IS
'How many customers of each cohort (calendar period of the first purchase) came back in which complete period, as of a date. Text form: [month 2025-01-01 2025-03-15 +2]{10/6,4/4;7/7}, the period, the first day of the first cohort, the as-of date, the customers whose first period is not complete, and for each cohort and each of its periods how many bought in it and for how many of them it was the last. Made by retention_curve().
Errors: 22P02 for another text, 22P03 for another binary form.';

CREATE FUNCTION _clientele.retention_to_jsonb(retention) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.retention_to_jsonb(retention) IS
'The cast to jsonb: an object of period, as_of, young (customers whose first period is not complete) and cohorts, each with cohort_start, returned and last by period number.
Errors: 54000 past 4 million names and values, those of 1997 cohorts.';
CREATE CAST (retention AS jsonb) WITH FUNCTION _clientele.retention_to_jsonb(retention);

-- sums; equality, order and hash are made from core/type_operators.sql.in

CREATE FUNCTION _clientele.retention_add(retention, retention) RETURNS retention
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.retention_add(retention, retention) IS
'The operator +: the customers of both, who must be different ones.
Errors: 22023 where periods or as-of dates differ, 22003 past 2^63 customers, 54000 past 5000 cohorts.';
CREATE OPERATOR + (
    LEFTARG = retention, RIGHTARG = retention, FUNCTION = _clientele.retention_add, COMMUTATOR = +
);

-- aggregates

CREATE FUNCTION _clientele.retention_combine(retention, retention) RETURNS retention
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_final(retention) RETURNS retention
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE AGGREGATE rollup(retention) (
    SFUNC = _clientele.retention_combine, STYPE = retention, FINALFUNC = _clientele.retention_final,
    COMBINEFUNC = _clientele.retention_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(retention) IS
'The sum of retentions of different customers: a shop''s from those of its segments.
Result: retention; NULLs are skipped, NULL without any.
Errors: 22023 where periods or as-of dates differ, 22003 past 2^63 customers, 54000 past 5000 cohorts.';

CREATE FUNCTION _clientele.retention_curve_transition(retention, purchase_history, text, date) RETURNS retention
AS 'MODULE_PATHNAME', 'retention_curve_history' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE retention_curve(history purchase_history, period text, as_of date) (
    SFUNC = _clientele.retention_curve_transition, STYPE = retention, SSPACE = 16384,
    FINALFUNC = _clientele.retention_final, COMBINEFUNC = _clientele.retention_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE retention_curve(purchase_history, text, date) IS
'How many customers came back in which period after their first purchase, from one history per customer. Returns of goods are no purchases.
Arguments: period: ''day'', ''week'' (ISO), ''month'', ''quarter'' or ''year'', the same in all rows; as_of: purchases on it or later do not exist yet, the same in all rows.
Result: retention; NULL histories and those without a purchase are skipped; NULL without rows.
Errors: 22023 for another period, NULL parameters or ones that differ between rows; 22008 for an as_of that is infinite or in a period that began before all dates; 54000 past 5000 cohorts.';

-- accessors

CREATE TYPE retention_point AS (
    period_number integer,
    eligible bigint,
    retained bigint,
    rate double precision,
    lower double precision,
    upper double precision,
    retained_on_or_after bigint,
    rate_on_or_after double precision,
    lower_on_or_after double precision,
    upper_on_or_after double precision,
    follow_up double precision
);
COMMENT ON TYPE retention_point IS
'Retention at one period number: eligible are the customers for whom that period is complete; retained, those who bought in it; on or after, those who bought in it or a later complete one, with the mean number of complete periods they had for that, as follow_up';

CREATE FUNCTION retention_points(retention retention, level double precision DEFAULT 0.95) RETURNS SETOF retention_point
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 24;
COMMENT ON FUNCTION retention_points(retention, double precision) IS
'The retention curve of all cohorts together. Each period number counts only customers for whom that period is complete, so that young cohorts neither dilute nor inflate it.
Arguments: level: of the confidence intervals, between 0 and 1.
Result: rows of period_number (0 is the period of the first purchase), eligible, retained, rate (0..1) with its Wilson interval, the same for on or after, and follow_up. On or after grows with the follow-up: compare only what had as much of it.
Errors: 22023 for another level.
Source: Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).';

CREATE TYPE retention_cohort_point AS (
    cohort_start date,
    cohort_label text,
    customers bigint,
    period_number integer,
    period_start date,
    complete boolean,
    eligible bigint,
    retained bigint,
    rate double precision,
    lower double precision,
    upper double precision,
    retained_on_or_after bigint,
    rate_on_or_after double precision,
    lower_on_or_after double precision,
    upper_on_or_after double precision
);
COMMENT ON TYPE retention_cohort_point IS
'Retention of one cohort at one period number; the period under way is not complete, and nothing is known of it yet';

CREATE FUNCTION retention_cohorts(retention retention, level double precision DEFAULT 0.95) RETURNS SETOF retention_cohort_point
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 300;
COMMENT ON FUNCTION retention_cohorts(retention, double precision) IS
'The triangle in long form: a row for each cohort and each of its periods, the one under way included as not complete.
Arguments: level: of the confidence intervals, between 0 and 1.
Result: rows of cohort_start, cohort_label (2025-03, 2025-W07, 2025-Q1), customers, period_number, period_start, complete, eligible, retained, rate (0..1) with its Wilson interval, and the same for on or after; rates are NULL for cohorts without customers and where the period is not complete.
Errors: 22023 for another level.';

CREATE FUNCTION retention_rate(retention retention, period_number integer) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_rate(retention, integer) IS
'The share of eligible customers who bought in a period after their first one.
Arguments: period_number: 0 is the period of the first purchase.
Result: 0..1, NULL where nobody had that period yet.
Errors: 22023 for a negative number.';

CREATE FUNCTION retention_rates(retention retention) RETURNS double precision[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_rates(retention) IS
'The rates of all period numbers, from 0 on: the curve as an array.';

CREATE FUNCTION retention_heatmap(retention retention) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_heatmap(retention) IS
'The triangle as text, to look at in psql: a line per cohort with its customers, and for each complete period the rate in per cent with a shade for each fifth.
Result: text of several lines; letters stand for the shades where the database is not in UTF-8.';

CREATE FUNCTION sparkline(heights double precision[]) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION sparkline(double precision[]) IS
'A curve in one line of text: eight heights from the lowest value to the highest.
Arguments: heights: such as retention_rates() gives; NULL is a gap.
Result: one character per value; letters stand for the heights where the database is not in UTF-8.
Errors: 22003 for NaN and infinite values.';
-- retention: equality, order and hash, for DISTINCT, GROUP BY, ORDER BY, joins and indexes

CREATE FUNCTION _clientele.retention_eq(retention, retention) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_ne(retention, retention) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_lt(retention, retention) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_le(retention, retention) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_gt(retention, retention) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_ge(retention, retention) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_cmp(retention, retention) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_hash(retention) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_hash_extended(retention, bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR = (
    LEFTARG = retention, RIGHTARG = retention, FUNCTION = _clientele.retention_eq,
    COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR <> (
    LEFTARG = retention, RIGHTARG = retention, FUNCTION = _clientele.retention_ne,
    COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR < (
    LEFTARG = retention, RIGHTARG = retention, FUNCTION = _clientele.retention_lt,
    COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR <= (
    LEFTARG = retention, RIGHTARG = retention, FUNCTION = _clientele.retention_le,
    COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR > (
    LEFTARG = retention, RIGHTARG = retention, FUNCTION = _clientele.retention_gt,
    COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR >= (
    LEFTARG = retention, RIGHTARG = retention, FUNCTION = _clientele.retention_ge,
    COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
CREATE OPERATOR CLASS retention_hash_ops DEFAULT FOR TYPE retention USING hash AS
    OPERATOR 1 =,
    FUNCTION 1 _clientele.retention_hash(retention),
    FUNCTION 2 _clientele.retention_hash_extended(retention, bigint);
CREATE OPERATOR CLASS retention_ops DEFAULT FOR TYPE retention USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 _clientele.retention_cmp(retention, retention);
-- retention: the triangle in one pass over the purchases

-- The one aggregate whose state is internal: a table of all customers that grows in place.
CREATE FUNCTION _clientele.retention_curve_combine(internal, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_curve_serialize(internal) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_curve_deserialize(bytea, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_curve_final(internal) RETURNS retention
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

-- A final function too raises, so that the refusal does not wait for a first row.
CREATE FUNCTION _clientele.retention_curve_time_zone_refused(retention) RETURNS retention
AS 'MODULE_PATHNAME', 'time_zone_refused' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_curve_time_zone_required(retention) RETURNS retention
AS 'MODULE_PATHNAME', 'time_zone_required' LANGUAGE C IMMUTABLE PARALLEL SAFE;

-- retention_curve for each type of customer and of purchase time. timestamptz needs a time zone; date
-- and timestamp have none, and would be cast silently through the session's if these forms were missing.
DO $install$
DECLARE
    customer text[]; -- its type's name in SQL and in C
    time_type text;
    described CONSTANT text :=
        'How many customers came back in which period after their first purchase, straight from the purchases: the same as from histories, several times faster.
Arguments: customer: who bought; at: when, and every row is a purchase: leave returns of goods out with FILTER; period: ''day'', ''week'' (ISO), ''month'', ''quarter'' or ''year''; as_of: purchases on it or later do not exist yet%s. period and as_of have to be the same in all rows.
Result: retention; rows without customer or time are skipped; NULL without rows.
Errors: 22023 for another period%s, NULL parameters or ones that differ between rows; 22008 for an infinite time or as_of, or an as_of in a period that began before all dates; 54000 past 5000 cohorts, or where a parallel worker has more than 1 GB to hand on.';
BEGIN
    FOREACH customer SLICE 1 IN ARRAY ARRAY[
        ['smallint', 'int2'], ['integer', 'int4'], ['bigint', 'int8'],
        ['numeric', 'numeric'], ['uuid', 'uuid'], ['text', 'text']
    ] LOOP
        FOREACH time_type IN ARRAY ARRAY['date', 'timestamp'] LOOP
            EXECUTE pg_catalog.format(
                'CREATE FUNCTION _clientele.retention_curve_transition(internal, %2$s, %1$s, text, date) RETURNS internal
                 AS ''MODULE_PATHNAME'', ''retention_curve_%1$s_%3$s'' LANGUAGE C IMMUTABLE PARALLEL SAFE',
                time_type, customer[1], customer[2]);
            EXECUTE pg_catalog.format(
                'CREATE AGGREGATE retention_curve(customer %2$s, at %1$s, period text, as_of date) (
                     SFUNC = _clientele.retention_curve_transition, STYPE = internal, SSPACE = 2048,
                     FINALFUNC = _clientele.retention_curve_final, COMBINEFUNC = _clientele.retention_curve_combine,
                     SERIALFUNC = _clientele.retention_curve_serialize, DESERIALFUNC = _clientele.retention_curve_deserialize, PARALLEL = SAFE)',
                time_type, customer[1]);
            EXECUTE pg_catalog.format('COMMENT ON AGGREGATE retention_curve(%s, %s, text, date) IS %L',
                customer[1], time_type, pg_catalog.format(described, '', ''));

            EXECUTE pg_catalog.format(
                'CREATE FUNCTION _clientele.retention_curve_transition(retention, %2$s, %1$s, text, date, text) RETURNS retention
                 AS ''MODULE_PATHNAME'', ''time_zone_refused'' LANGUAGE C IMMUTABLE PARALLEL SAFE',
                time_type, customer[1]);
            EXECUTE pg_catalog.format(
                'CREATE AGGREGATE retention_curve(customer %2$s, at %1$s, period text, as_of date, time_zone text) (
                     SFUNC = _clientele.retention_curve_transition, STYPE = retention,
                     FINALFUNC = _clientele.retention_curve_time_zone_refused, PARALLEL = SAFE)',
                time_type, customer[1]);
            EXECUTE pg_catalog.format('COMMENT ON AGGREGATE retention_curve(%s, %s, text, date, text) IS %L',
                customer[1], time_type, 'Always an error (22023): a date or timestamp has no time zone.');
        END LOOP;

        EXECUTE pg_catalog.format(
            'CREATE FUNCTION _clientele.retention_curve_transition(internal, %1$s, timestamptz, text, date, text) RETURNS internal
             AS ''MODULE_PATHNAME'', ''retention_curve_timestamptz_%2$s'' LANGUAGE C IMMUTABLE PARALLEL SAFE',
            customer[1], customer[2]);
        EXECUTE pg_catalog.format(
            'CREATE AGGREGATE retention_curve(customer %1$s, at timestamptz, period text, as_of date, time_zone text) (
                 SFUNC = _clientele.retention_curve_transition, STYPE = internal, SSPACE = 2048,
                 FINALFUNC = _clientele.retention_curve_final, COMBINEFUNC = _clientele.retention_curve_combine,
                 SERIALFUNC = _clientele.retention_curve_serialize, DESERIALFUNC = _clientele.retention_curve_deserialize, PARALLEL = SAFE)',
            customer[1]);
        EXECUTE pg_catalog.format('COMMENT ON AGGREGATE retention_curve(%s, timestamptz, text, date, text) IS %L',
            customer[1], pg_catalog.format(described, '; time_zone: whose days are meant, a full IANA name or UTC', ' or time zone'));

        EXECUTE pg_catalog.format(
            'CREATE FUNCTION _clientele.retention_curve_transition(retention, %1$s, timestamptz, text, date) RETURNS retention
             AS ''MODULE_PATHNAME'', ''time_zone_required'' LANGUAGE C IMMUTABLE PARALLEL SAFE',
            customer[1]);
        EXECUTE pg_catalog.format(
            'CREATE AGGREGATE retention_curve(customer %1$s, at timestamptz, period text, as_of date) (
                 SFUNC = _clientele.retention_curve_transition, STYPE = retention,
                 FINALFUNC = _clientele.retention_curve_time_zone_required, PARALLEL = SAFE)',
            customer[1]);
        EXECUTE pg_catalog.format('COMMENT ON AGGREGATE retention_curve(%s, timestamptz, text, date) IS %L', customer[1],
            'Always an error (22023): timestamptz needs a time zone as fifth argument.');
    END LOOP;
END
$install$;
-- survival: how long durations last of which some have not ended yet

CREATE TYPE survival;

CREATE FUNCTION _clientele.survival_in(cstring) RETURNS survival
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.survival_out(survival) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.survival_recv(internal) RETURNS survival
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.survival_send(survival) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE survival (
    INPUT = _clientele.survival_in,
    OUTPUT = _clientele.survival_out,
    RECEIVE = _clientele.survival_recv,
    SEND = _clientele.survival_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double,
    STORAGE = extended
);
COMMENT ON TYPE survival IS
'How many durations ended, and how many were censored (had not ended yet when last seen), at each length in days: what a Kaplan-Meier curve, its median and mean, and the log-rank test are read from. Text form: {1:1,2:1/1,3:0/1}, a duration with how many ended and, where there are any, how many were censored. Made by survival_agg().
Errors: 22P02 for another text, 22P03 for another binary form, 54000 past 44 million durations.';

CREATE FUNCTION _clientele.survival_to_jsonb(survival) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.survival_to_jsonb(survival) IS
'The cast to jsonb: an array with an object of duration, ended and censored for each duration.
Errors: 54000 past 4 million names and values, those of 666,666 durations.';
CREATE CAST (survival AS jsonb) WITH FUNCTION _clientele.survival_to_jsonb(survival);

-- sums; equality, order and hash are made from core/type_operators.sql.in

CREATE FUNCTION _clientele.survival_add(survival, survival) RETURNS survival
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.survival_add(survival, survival) IS
'The operator +: the durations of both.
Errors: 22003 for a total past 64 bits.';
CREATE OPERATOR + (
    LEFTARG = survival, RIGHTARG = survival, FUNCTION = _clientele.survival_add, COMMUTATOR = +
);

-- aggregates

CREATE FUNCTION _clientele.survival_accum(survival, integer, boolean) RETURNS survival
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.survival_combine(survival, survival) RETURNS survival
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.survival_final(survival) RETURNS survival
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE survival_agg(duration integer, ended boolean) (
    SFUNC = _clientele.survival_accum, STYPE = survival, SSPACE = 2048,
    FINALFUNC = _clientele.survival_final, COMBINEFUNC = _clientele.survival_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE survival_agg(integer, boolean) IS
'Counts durations by their length, those that ended and those that were censored apart. For durations of customers see repeat_time() and churn_time().
Arguments: duration: whole days from the start to the end or, where it has not come yet, to the day last seen, 0 or more; ended: false where it was censored.
Result: survival; rows with a NULL argument are skipped, no rows give {}.
Errors: 22023 for a negative duration, 54000 past 22 million different durations.';

CREATE AGGREGATE rollup(survival) (
    SFUNC = _clientele.survival_combine, STYPE = survival, SSPACE = 2048,
    FINALFUNC = _clientele.survival_final, COMBINEFUNC = _clientele.survival_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(survival) IS
'The total of many parts: the survival of all durations behind them.
Result: survival; NULLs are skipped, nothing gives {}.
Errors: 22003 for a total past 64 bits, 54000 past 22 million different durations.';

-- reading a value

CREATE TYPE survival_summary_result AS (
    durations bigint,
    ended bigint,
    censored bigint,
    median_ended double precision
);
COMMENT ON TYPE survival_summary_result IS 'What a survival was counted from: the result of survival_summary';
COMMENT ON COLUMN survival_summary_result.durations IS 'How many there are';
COMMENT ON COLUMN survival_summary_result.ended IS 'How many of them ended';
COMMENT ON COLUMN survival_summary_result.censored IS 'How many had not ended when last seen';
COMMENT ON COLUMN survival_summary_result.median_ended IS 'The median of those that ended, in days; NULL without any';

CREATE FUNCTION survival_summary(s survival) RETURNS survival_summary_result
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION survival_summary(survival) IS
'What a survival was counted from: how many durations, how many of them ended and were censored, and the median of those that ended.
Arguments: s.
Result: durations, ended and censored as counts; median_ended in days, as percentile_cont(0.5) gives it, NULL where none ended. It leaves out those that last, so it is too short as a median of all: see median_survival().';

CREATE TYPE survival_point AS (
    duration integer,
    at_risk bigint,
    ended bigint,
    censored bigint,
    survival double precision,
    std_error double precision,
    lower double precision,
    upper double precision
);
COMMENT ON TYPE survival_point IS 'One duration of a Kaplan-Meier curve: a row of survival_points';
COMMENT ON COLUMN survival_point.duration IS 'Days';
COMMENT ON COLUMN survival_point.at_risk IS 'How many last at least as long';
COMMENT ON COLUMN survival_point.ended IS 'How many of them end then';
COMMENT ON COLUMN survival_point.censored IS 'How many of them were last seen then, not ended';
COMMENT ON COLUMN survival_point.survival IS 'Estimated share that lasts longer, 0..1';
COMMENT ON COLUMN survival_point.std_error IS 'Its standard error (Greenwood); NULL where it is 0';
COMMENT ON COLUMN survival_point.lower IS 'Lower bound';
COMMENT ON COLUMN survival_point.upper IS 'Upper bound; NULL where the survival is 0';

CREATE FUNCTION survival_points(s survival, level double precision DEFAULT 0.95)
RETURNS SETOF survival_point
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION survival_points(survival, double precision) IS
'The Kaplan-Meier curve: for each duration the share that lasts longer, estimated from all that were seen so long.
Arguments: s; level: confidence level between 0 and 1.
Result: one row per duration at which any ended or was censored, the shortest first: duration in days, at_risk, ended, censored, survival 0..1 with its standard error (Greenwood) and the bounds of its log-log interval. What ends comes before what is censored at the same duration. Before anything ended both bounds are 1; where survival is 0 the standard error and the upper bound are NULL.
Errors: 22023 for a level outside 0..1.
Source: Kaplan and Meier, Nonparametric estimation from incomplete observations, JASA 53 (1958); Greenwood, The natural duration of cancer (1926); Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data (1980), section 1.3, for the interval.';

CREATE FUNCTION survival_at(s survival, duration integer, level double precision DEFAULT 0.95)
RETURNS confidence_interval
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION survival_at(survival, integer, double precision) IS
'The Kaplan-Meier estimate of the share that lasts longer than a duration.
Arguments: s; duration: days, 0 or more; level: confidence level between 0 and 1.
Result: estimate, lower, upper as shares 0..1, as in survival_points: 1 before anything ended, and where the estimate is 0 no upper bound. All NULL beyond the longest duration where that was censored, and where there are none.
Errors: 22023 for a negative duration or a level outside 0..1.
Source: as survival_points.';

CREATE FUNCTION survival_quantile(s survival, share double precision) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION survival_quantile(survival, double precision) IS
'The duration by which a share has ended: the shortest at which the Kaplan-Meier curve is at or below 1 - share. Equal to ten digits is equal.
Arguments: s; share: of all durations, above 0 and at most 1; 0.5 is the median.
Result: days; NULL where so many were not seen to end.
Errors: 22023 for a share out of range.
Source: Kaplan and Meier, JASA 53 (1958). Where the curve runs at 1 - share for a while, its first duration is taken and not the middle.';

CREATE FUNCTION median_survival(s survival) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION median_survival(survival) IS
'The median duration: survival_quantile(s, 0.5), the shortest at which the Kaplan-Meier curve is at or below one half.
Arguments: s.
Result: days; NULL where the curve stays above one half.';

CREATE FUNCTION restricted_mean(s survival, horizon integer, level double precision DEFAULT 0.95)
RETURNS confidence_interval
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION restricted_mean(survival, integer, double precision) IS
'The mean duration within a horizon, where longer ones count as the horizon: the area under the Kaplan-Meier curve. Unlike the mean it needs no durations that have ended all.
Arguments: s; horizon: days, 1 or more; level: confidence level between 0 and 1.
Result: estimate, lower, upper in days, bounds clipped to 0..horizon; all NULL where the horizon is beyond the longest duration and that was censored, and where there are none.
Errors: 22023 for a horizon below 1 or a level outside 0..1.
Source: Irwin, The standard error of an estimate of expectation of life, Journal of Hygiene 47 (1949); Klein and Moeschberger, Survival Analysis (2003), section 4.5, for the variance.';

CREATE TYPE log_rank_result AS (
    observed_a bigint,
    expected_a double precision,
    observed_b bigint,
    expected_b double precision,
    chi_square double precision,
    p_value double precision
);
COMMENT ON TYPE log_rank_result IS 'Two survivals compared: the result of log_rank';
COMMENT ON COLUMN log_rank_result.observed_a IS 'How many of the first ended';
COMMENT ON COLUMN log_rank_result.expected_a IS 'How many would have, had both the same survival';
COMMENT ON COLUMN log_rank_result.observed_b IS 'How many of the second ended';
COMMENT ON COLUMN log_rank_result.expected_b IS 'How many would have, had both the same survival';
COMMENT ON COLUMN log_rank_result.chi_square IS 'The statistic, of one degree of freedom';
COMMENT ON COLUMN log_rank_result.p_value IS 'How likely chance alone makes it as large, 0..1';

CREATE FUNCTION log_rank(a survival, b survival) RETURNS log_rank_result
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION log_rank(survival, survival) IS
'The log-rank test of two survivals: whether the difference between their curves is more than chance.
Arguments: a, b: of separate durations.
Result: log_rank_result: how many ended in each and how many were to be expected had both the same survival, chi_square with one degree of freedom and its p_value; both NULL where there is nothing to compare: while nothing ended with some of both at risk and some left.
Source: Mantel, Evaluation of survival data and two new rank order statistics, Cancer Chemotherapy Reports 50 (1966), with the hypergeometric variance.';
-- survival: equality, order and hash, for DISTINCT, GROUP BY, ORDER BY, joins and indexes

CREATE FUNCTION _clientele.survival_eq(survival, survival) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.survival_ne(survival, survival) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.survival_lt(survival, survival) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.survival_le(survival, survival) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.survival_gt(survival, survival) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.survival_ge(survival, survival) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.survival_cmp(survival, survival) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.survival_hash(survival) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.survival_hash_extended(survival, bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR = (
    LEFTARG = survival, RIGHTARG = survival, FUNCTION = _clientele.survival_eq,
    COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR <> (
    LEFTARG = survival, RIGHTARG = survival, FUNCTION = _clientele.survival_ne,
    COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR < (
    LEFTARG = survival, RIGHTARG = survival, FUNCTION = _clientele.survival_lt,
    COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR <= (
    LEFTARG = survival, RIGHTARG = survival, FUNCTION = _clientele.survival_le,
    COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR > (
    LEFTARG = survival, RIGHTARG = survival, FUNCTION = _clientele.survival_gt,
    COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR >= (
    LEFTARG = survival, RIGHTARG = survival, FUNCTION = _clientele.survival_ge,
    COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
CREATE OPERATOR CLASS survival_hash_ops DEFAULT FOR TYPE survival USING hash AS
    OPERATOR 1 =,
    FUNCTION 1 _clientele.survival_hash(survival),
    FUNCTION 2 _clientele.survival_hash_extended(survival, bigint);
CREATE OPERATOR CLASS survival_ops DEFAULT FOR TYPE survival USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 _clientele.survival_cmp(survival, survival);
-- survival: waiting for the next purchase, from histories

CREATE FUNCTION _clientele.repeat_survival_accum(survival[], purchase_history, date, integer) RETURNS survival[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.repeat_survival_combine(survival[], survival[]) RETURNS survival[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.repeat_survival_final(survival[]) RETURNS survival[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE repeat_survival(history purchase_history, as_of date, purchases integer) (
    SFUNC = _clientele.repeat_survival_accum, STYPE = survival[], SSPACE = 65536,
    FINALFUNC = _clientele.repeat_survival_final, COMBINEFUNC = _clientele.repeat_survival_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_survival(purchase_history, date, integer) IS
'How long customers wait for the next purchase after the first, the second and so on, from one history per customer, each of which is read once. Days with orders are purchases. For a row of each: SELECT n, median_survival(s), (survival_summary(s)).* FROM (SELECT repeat_survival(history, as_of, 20) AS a ...) r, unnest(r.a) WITH ORDINALITY u(s, n).
Arguments: as_of: purchases on it or later do not exist yet; purchases: up to which purchase, 1 to 1000.
Result: survival[], whose n-th survival is that of all customers with n purchases, the days to the next one or, where it has not come, to the day before as_of: what survival_agg() makes of repeat_time(history, n, as_of). NULL histories and those without a purchase are skipped; {} without any. Parts of different customers are added purchase by purchase by rollup(survival[]).
Errors: 22023 for purchases out of range or NULL parameters, 22008 for an infinite as_of, 54000 past a gigabyte.';

CREATE AGGREGATE rollup(survival[]) (
    SFUNC = _clientele.repeat_survival_combine, STYPE = survival[], SSPACE = 65536,
    FINALFUNC = _clientele.repeat_survival_final, COMBINEFUNC = _clientele.repeat_survival_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(survival[]) IS
'The total of survivals of the same kinds, such as repeat_survival() gives: the first ones together, the second ones, and so on.
Result: survival[], as long as the longest; NULLs are skipped, {} without any.
Errors: 22023 for NULLs in an array, several dimensions or more than 1000 survivals, 22003 for a total past 64 bits, 54000 past a gigabyte.';
-- funnel: how many customers reached each of a chain of steps

CREATE TYPE funnel;

CREATE FUNCTION _clientele.funnel_in(cstring) RETURNS funnel
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_out(funnel) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_recv(internal) RETURNS funnel
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_send(funnel) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE funnel (
    INPUT = _clientele.funnel_in,
    OUTPUT = _clientele.funnel_out,
    RECEIVE = _clientele.funnel_recv,
    SEND = _clientele.funnel_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double,
    STORAGE = extended
);
COMMENT ON TYPE funnel IS
'How many customers reached each step of a chain of 1 to 1000 steps; who reached a step is counted at those before it too. Text form: (80,40,4,1), whole numbers of zero or more, none above the one before. Made by funnel_agg() and funnel().
Errors: 22P02 for another text, 22P03 for another binary form.';

CREATE FUNCTION funnel(VARIADIC counts bigint[]) RETURNS funnel
AS 'MODULE_PATHNAME', 'funnel_from_counts' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel(bigint[]) IS
'A funnel from counts that are known or assumed: funnel(80, 40, 4, 1).
Arguments: counts: the customers of each step, 1 to 1000 of them, those included who went further.
Result: funnel.
Errors: 22023 for a negative or missing count, one above that of the step before, or another number of steps.';

CREATE FUNCTION _clientele.funnel_to_jsonb(funnel) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.funnel_to_jsonb(funnel) IS
'The cast to jsonb: an array of the counts, such as [80, 40, 4, 1].';
CREATE CAST (funnel AS jsonb) WITH FUNCTION _clientele.funnel_to_jsonb(funnel);

-- sums and differences; equality, order and hash are made from core/type_operators.sql.in

CREATE FUNCTION _clientele.funnel_add(funnel, funnel) RETURNS funnel
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.funnel_add(funnel, funnel) IS
'The operator +: the customers of both, who must be different ones, step by step.
Errors: 22023 for different numbers of steps, 22003 past 2^63 customers.';
CREATE OPERATOR + (
    LEFTARG = funnel, RIGHTARG = funnel, FUNCTION = _clientele.funnel_add, COMMUTATOR = +
);

CREATE FUNCTION _clientele.funnel_subtract(funnel, funnel) RETURNS funnel
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.funnel_subtract(funnel, funnel) IS
'The operator -: the customers of the first without those of the second, who must be among them.
Errors: 22023 for different numbers of steps, or where what is left is no funnel: a count would be negative, or above the one before.';
CREATE OPERATOR - (
    LEFTARG = funnel, RIGHTARG = funnel, FUNCTION = _clientele.funnel_subtract
);

-- aggregates

CREATE FUNCTION _clientele.funnel_combine(funnel, funnel) RETURNS funnel
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE rollup(funnel) (
    SFUNC = _clientele.funnel_combine, STYPE = funnel, COMBINEFUNC = _clientele.funnel_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(funnel) IS
'The sum of funnels of different customers: a shop''s from those of its segments.
Result: funnel; NULLs are skipped, NULL without any.
Errors: 22023 for different numbers of steps, 22003 past 2^63 customers.';

CREATE FUNCTION _clientele.funnel_accum(funnel, integer, integer) RETURNS funnel
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE funnel_agg(level integer, steps integer) (
    SFUNC = _clientele.funnel_accum, STYPE = funnel, COMBINEFUNC = _clientele.funnel_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_agg(integer, integer) IS
'Counts customers by the deepest step each has reached.
Arguments: level: of one customer, as funnel_level() gives it; 0, who has not entered, is in no count, and NULL is skipped; steps: how many the chain has, 1 to 1000, the same in all rows.
Result: funnel; NULL without rows.
Errors: 22003 for a level below 0 or above steps, or past 2^63 customers; 22023 for steps that are NULL, out of range or different between rows.';

-- accessors

CREATE FUNCTION step_count(funnel funnel) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION step_count(funnel) IS
'How many steps a funnel has, 1 to 1000.';

CREATE FUNCTION funnel_count(funnel funnel, step integer) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_count(funnel, integer) IS
'How many customers reached a step.
Arguments: step: from 1 on.
Result: a number of customers.
Errors: 22023 for a step that the funnel does not have.';

CREATE FUNCTION funnel_counts(funnel funnel) RETURNS bigint[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_counts(funnel) IS
'How many customers reached each step, as an array.';

CREATE TYPE funnel_point AS (
    step_number integer,
    count bigint,
    pct_of_first double precision,
    pct_of_first_lower double precision,
    pct_of_first_upper double precision,
    pct_of_previous double precision,
    pct_of_previous_lower double precision,
    pct_of_previous_upper double precision
);
COMMENT ON TYPE funnel_point IS
'One step of a funnel: the customers who reached it, and their share of those at the first step and at the one before, 0..100, with intervals';

CREATE FUNCTION funnel_points(funnel funnel, level double precision DEFAULT 0.95) RETURNS SETOF funnel_point
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 5;
COMMENT ON FUNCTION funnel_points(funnel, double precision) IS
'A funnel step by step.
Arguments: level: of the confidence intervals, between 0 and 1.
Result: rows of step_number, count, pct_of_first and pct_of_previous (0..100), each with its Wilson interval; NULL where nobody was at the first step or at the one before, and pct_of_previous at step 1. The first step is 100 % of itself, and that is no estimate. Over an aggregate write FROM (SELECT funnel_agg(...) AS f FROM ...) s, funnel_points(s.f).
Errors: 22023 for another level.
Source: Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).';

CREATE TYPE funnel_plan_step AS (
    step_number integer,
    needed bigint,
    safe_needed bigint,
    rate double precision,
    safe_rate double precision
);
COMMENT ON TYPE funnel_plan_step IS
'One step of a plan: how many it takes there at the rates seen so far, how many at the lower bounds of their intervals, and these rates: the shares that go on to the next step, 0..1';

CREATE FUNCTION funnel_plan(funnel funnel, target bigint, level double precision DEFAULT 0.95) RETURNS SETOF funnel_plan_step
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 5;
COMMENT ON FUNCTION funnel_plan(funnel, bigint, double precision) IS
'Plans backwards: how many are needed at each step, so that a target is reached at the last. Ten buyers take 40 meetings, 400 offers and 800 calls where half of the calls, a tenth of the offers and a quarter of the meetings go on.
Arguments: funnel: the experience so far; target: customers at the last step, zero or more; level: of the confidence intervals, between 0 and 1.
Result: rows of step_number, needed (from the last step to the first, each rounded up, exactly), safe_needed (the same with the Wilson lower bound of each rate), rate and safe_rate (0..1, NULL at the last step).
Errors: 22023 for a negative target, another level, or a step from which nobody went on; 22003 past 64 bits.
Source: Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).';
-- funnel: equality, order and hash, for DISTINCT, GROUP BY, ORDER BY, joins and indexes

CREATE FUNCTION _clientele.funnel_eq(funnel, funnel) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_ne(funnel, funnel) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_lt(funnel, funnel) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_le(funnel, funnel) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_gt(funnel, funnel) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_ge(funnel, funnel) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_cmp(funnel, funnel) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_hash(funnel) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_hash_extended(funnel, bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR = (
    LEFTARG = funnel, RIGHTARG = funnel, FUNCTION = _clientele.funnel_eq,
    COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR <> (
    LEFTARG = funnel, RIGHTARG = funnel, FUNCTION = _clientele.funnel_ne,
    COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR < (
    LEFTARG = funnel, RIGHTARG = funnel, FUNCTION = _clientele.funnel_lt,
    COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR <= (
    LEFTARG = funnel, RIGHTARG = funnel, FUNCTION = _clientele.funnel_le,
    COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR > (
    LEFTARG = funnel, RIGHTARG = funnel, FUNCTION = _clientele.funnel_gt,
    COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR >= (
    LEFTARG = funnel, RIGHTARG = funnel, FUNCTION = _clientele.funnel_ge,
    COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
CREATE OPERATOR CLASS funnel_hash_ops DEFAULT FOR TYPE funnel USING hash AS
    OPERATOR 1 =,
    FUNCTION 1 _clientele.funnel_hash(funnel),
    FUNCTION 2 _clientele.funnel_hash_extended(funnel, bigint);
CREATE OPERATOR CLASS funnel_ops DEFAULT FOR TYPE funnel USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 _clientele.funnel_cmp(funnel, funnel);
-- funnel: the deepest step of one customer, and when each step was reached

CREATE FUNCTION _clientele.funnel_events_combine(bytea, bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

-- A final function for each aggregate and type of time. Those that refuse raise there too, so that the refusal does not
-- wait for a first row.
CREATE FUNCTION _clientele.funnel_level_final(bytea) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_level_time_zone_refused(bytea) RETURNS integer
AS 'MODULE_PATHNAME', 'time_zone_refused' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_level_time_zone_required(bytea) RETURNS integer
AS 'MODULE_PATHNAME', 'time_zone_required' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_times_timestamp_final(bytea) RETURNS timestamp[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_times_timestamptz_final(bytea) RETURNS timestamptz[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_times_time_zone_refused(bytea) RETURNS timestamp[]
AS 'MODULE_PATHNAME', 'time_zone_refused' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_times_time_zone_required(bytea) RETURNS timestamptz[]
AS 'MODULE_PATHNAME', 'time_zone_required' LANGUAGE C IMMUTABLE PARALLEL SAFE;

-- funnel_level and funnel_times for each type of time, without rules, with ties, and with ties and entry. timestamptz
-- needs a time zone; date and timestamp have none, and would be cast silently through the session's if the form with
-- as many arguments were missing.
DO $install$
DECLARE
    form text[]; -- type of time, further arguments, their types, C function of the transition
    aggregate text[]; -- name, what it gives, its result
    result_type text;
    rules CONSTANT text :=
        'Arguments: at: when; step: which one it is, from 1 to 1000: an event that fills several steps is a row for each; within: the window from the first step to the last, an interval such as ''1 month'' without negative parts, its end included%s%s%s. All but at and step have to be the same in all rows of a group.
Result: %s
Errors: 22023 for another step, window%s or rule, NULL in place of one, or ones that differ between rows; 22008 for an infinite time or a date past the last timestamp; 54000 past 53 million events of a group.';
BEGIN
    FOREACH form SLICE 1 IN ARRAY ARRAY[
        ['date', '', '', 'date'], ['date', 'ties text', 'text', 'date'], ['date', 'ties text, entry text', 'text, text', 'date'],
        ['date', 'time_zone text, ties text, entry text', 'text, text, text', 'refused'],
        ['timestamp', '', '', 'timestamp'], ['timestamp', 'ties text', 'text', 'timestamp'],
        ['timestamp', 'ties text, entry text', 'text, text', 'timestamp'],
        ['timestamp', 'time_zone text, ties text, entry text', 'text, text, text', 'refused'],
        ['timestamptz', '', '', 'required'], ['timestamptz', 'time_zone text', 'text', 'timestamptz'],
        ['timestamptz', 'time_zone text, ties text', 'text, text', 'timestamptz'],
        ['timestamptz', 'time_zone text, ties text, entry text', 'text, text, text', 'timestamptz']
    ] LOOP
        form[2] := CASE WHEN form[2] <> '' THEN ', ' ELSE '' END || form[2];
        form[3] := CASE WHEN form[3] <> '' THEN ', ' ELSE '' END || form[3];
        EXECUTE pg_catalog.format(
            'CREATE FUNCTION _clientele.funnel_events_transition(bytea, %1$s, integer, interval%2$s) RETURNS bytea
             AS ''MODULE_PATHNAME'', %3$L LANGUAGE C IMMUTABLE PARALLEL SAFE',
            form[1], form[3], CASE WHEN form[4] IN ('refused', 'required') THEN 'time_zone_' ELSE 'funnel_events_' END || form[4]);
        FOREACH aggregate SLICE 1 IN ARRAY ARRAY[
            ['funnel_level', 'The deepest step that one customer reached: of the chains of steps 1, 2, 3 and so on in order of time, within the window, the longest.',
             '0 where step 1 was not reached, rows with a NULL time or step being skipped; NULL without rows.'],
            ['funnel_times', 'When one customer reached each step that funnel_level() counts: of the chains with the most steps the one completed first, whose window ends last and which starts last; each step as early as possible after the one before.',
             'as many times as the level, a date being its midnight; {} where step 1 was not reached, NULL without rows.']
        ] LOOP
            result_type := CASE WHEN form[4] IN ('refused', 'required') THEN 'time_zone_' || form[4]
                WHEN aggregate[1] = 'funnel_level' THEN 'final'
                WHEN form[1] = 'timestamptz' THEN 'timestamptz_final' ELSE 'timestamp_final' END;
            EXECUTE pg_catalog.format(
                'CREATE AGGREGATE %1$s(at %2$s, step integer, within interval%3$s) (
                     SFUNC = _clientele.funnel_events_transition, STYPE = bytea, SSPACE = 128, FINALFUNC = _clientele.%1$s_%4$s%5$s, PARALLEL = SAFE)',
                aggregate[1], form[1], form[2], result_type,
                CASE WHEN form[4] IN ('refused', 'required') THEN '' ELSE ', COMBINEFUNC = _clientele.funnel_events_combine' END);
            EXECUTE pg_catalog.format('COMMENT ON AGGREGATE %s(%s, integer, interval%s) IS %L', aggregate[1], form[1], form[3],
                CASE form[4]
                    WHEN 'refused' THEN 'Always an error (22023): a date or timestamp has no time zone.'
                    WHEN 'required' THEN 'Always an error (22023): timestamptz needs a time zone as fourth argument.'
                    ELSE aggregate[2] || E'\n' || pg_catalog.format(rules,
                        CASE form[1] WHEN 'timestamptz' THEN '; time_zone: by whose calendar the window ends, a full IANA name or UTC' ELSE '' END,
                        CASE WHEN form[2] LIKE '%ties%' THEN '; ties: ''advance'' (default: steps of one time follow each other) or ''strict'' (each has to be later than the one before)' ELSE '' END,
                        CASE WHEN form[2] LIKE '%entry%' THEN '; entry: ''best'' (default: any event of step 1 may start the chain) or ''first'' (only the earliest)' ELSE '' END,
                        aggregate[3], CASE form[1] WHEN 'timestamptz' THEN ', time zone' ELSE '' END)
                END);
        END LOOP;
    END LOOP;
END
$install$;
-- journey: how the ways of customers end, from counts of their steps

CREATE TYPE absorption_point AS (
    state text,
    transitions bigint,
    probability double precision,
    lower double precision,
    upper double precision,
    expected_steps double precision,
    removal_effect double precision,
    removal_share double precision
);
COMMENT ON TYPE absorption_point IS
'What holds from one state of an absorbing Markov chain on: transitions (from it), probability (of reaching the goal, 0..1) with lower and upper bound, expected_steps (to any end; NULL where there may be none), removal_effect (share of the probability from the start that is lost without this state, 0..1) and removal_share (its part in the sum of all removal effects, 0..1; both NULL for the start itself, and where the start cannot reach the goal)';

CREATE FUNCTION absorption(from_states text[], to_states text[], transitions bigint[], goal text DEFAULT 'PURCHASE',
    start text DEFAULT 'START', level double precision DEFAULT 0.95)
RETURNS SETOF absorption_point
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 50;
COMMENT ON FUNCTION absorption(text[], text[], bigint[], text, text, double precision) IS
'How likely a goal is reached from each state of a Markov chain, exactly: by solving its linear equations, not by simulation.
Arguments: from_states, to_states, transitions: arrays of one length, with the number of transitions between each pair of states; pairs that come twice are added, those with a NULL are skipped; goal: the state to reach; start: the state where all begins, for the removal effects; level: confidence level of the interval, between 0 and 1.
The goal and every state without transitions from it are ends. Where a circle is never left, the goal is not reached from it.
Result: rows of absorption_point, one for each state that is no end, in order of their bytes. The interval takes transitions as independent: Wilson''s, for as many trials as would leave the probability as uncertain as the delta method says it is.
Time grows with the cube of the number of states: milliseconds for 100, seconds for 1000.
Errors: 22023 for arrays of different lengths, a negative number or another level; 22003 past 64 bits; 54000 for more than 2000 states or 67 million transitions.
Source: Kemeny and Snell, Finite Markov Chains (1960); Grassmann, Taksar and Heyman, Regenerative analysis and steady state distributions for Markov chains, Operations Research 33 (1985); Anderl et al., Mapping the customer journey: a graph-based framework for online attribution modeling (2014), for the removal effect.';
-- workspace: the types of what its functions take and give

CREATE TYPE attach_finding AS (
    topic text,
    finding text,
    advice text
);
COMMENT ON TYPE attach_finding IS
'What attach_orders() found or chose, and what to do about it where something should be done';

CREATE TYPE segment_finding AS (
    recency_score integer,
    frequency_score integer,
    monetary_score integer,
    matches bigint,
    segments text,
    advice text
);
COMMENT ON TYPE segment_finding IS
'A cell of RFM scores that matches none or several rows of the table segments';

CREATE TYPE found_answer AS (
    id integer,
    question text,
    answer text,
    rank double precision,
    all_words boolean
);
COMMENT ON TYPE found_answer IS
'An entry of a knowledge base that was found: the result of the function find_answers() of a workspace';
COMMENT ON COLUMN found_answer.id IS 'Number of the entry';
COMMENT ON COLUMN found_answer.question IS 'The question it answers';
COMMENT ON COLUMN found_answer.answer IS 'The answer';
COMMENT ON COLUMN found_answer.rank IS 'How well it fits, above 0: to compare the entries found by one query';
COMMENT ON COLUMN found_answer.all_words IS 'Whether it has all that was looked for, and not some of the words alone';

CREATE TYPE history_difference AS (
    customer text,
    what text,
    stored text,
    actual text
);
COMMENT ON TYPE history_difference IS
'Where what triggers keep differs from the orders: the customer (empty for orders without one, and for the shop), which view and column, what is stored there with pending changes, and what the orders say';

-- A column of an attached relation, with its type under domains, and how it was found.
CREATE TYPE _clientele.attached_column AS (
    name name,
    type regtype,
    found text
);

-- A relation that is attached in a role, and its columns by what they are.
CREATE TYPE _clientele.attached_relation AS (
    role text,
    relation regclass,
    columns jsonb
);

-- A view that is stored: the columns that tell its rows apart, the statement that makes it, and what its figures come from.
CREATE TYPE _clientele.stored_view AS (
    place integer,
    relation name,
    belongs_to text,
    keys name[],
    source text,
    reads name[]
);

-- An error that a function raised, and where.
CREATE TYPE _clientele.refusal AS (
    state text,
    message text,
    hint text,
    raised_by text
);

-- SQL expressions of what the settings say of rows of orders: their time zone, and whether an amount of 0 is an order, and one that was
-- given back as a whole.
CREATE TYPE _clientele.order_rules AS (
    time_zone text,
    counts_zero text,
    counts_refunded text
);

-- SQL expressions of a time, and of an amount, of a row o. A time is shown as it is, or as the instant that a clock means; it is empty
-- where it is what systems write instead of none.
CREATE TYPE _clientele.time_sql AS (
    usable text,
    day text,
    instant text,
    shown text,
    is_empty text
);
CREATE TYPE _clientele.amount_sql AS (
    usable text,
    kept text,
    is_order text,
    is_not_zero text
);

-- SQL expressions of a row o of orders: its time and amount as they count, with their types, and whether an amount of 0 is an order.
CREATE TYPE _clientele.order_parts AS (
    ordered_at text,
    time_type regtype,
    at _clientele.time_sql,
    amount text,
    amount_type regtype,
    money _clientele.amount_sql,
    counts_zero text
);

-- A column that says something of the orders: what, and the SQL expressions, of a row o, of its value and of what is summed up of it.
CREATE TYPE _clientele.tallied_column AS (
    n integer,
    meaning text,
    col name,
    value text,
    measure text
);

-- What of the orders that count has one value there: rows, what they bring, and what was summed up.
CREATE TYPE _clientele.order_tally AS (
    meaning text,
    col name,
    value text,
    rows bigint,
    amount numeric,
    measure numeric
);
-- workspace: its words in English, by key

CREATE FUNCTION _clientele.words_en() RETURNS TABLE (key text, words text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $words$
    VALUES
        ('language', 'English'),

        -- how to approach the customers of a stage or a list
        ('approach.new', 'Bring them back for a second order: welcome them, and give a reason to return'),
        ('approach.occasional', 'Make them come more often: remind them at their usual gap, show what goes with what they bought'),
        ('approach.regular', 'Do not forget them: thank them, ask their opinion, keep the best terms for them'),
        ('approach.lost', 'Win them back: ask why they stay away, make one good offer, the most valuable first'),
        ('approach.at_risk', 'Get in touch before they are lost: a personal word, and a look at their last order'),
        ('approach.second_order_due', 'Remind them now: the usual time between orders has passed'),

        -- what to do with the customers of a cell
        ('policy.AX.action', 'Keep and care: these carry the business'),
        ('policy.AX.service_rules', 'A person of their own, served first, problems solved the same day'),
        ('policy.AX.price_terms', 'Best terms, agreed for the year; no haggling over single orders'),
        ('policy.AY.action', 'Keep, and make the rhythm steady'),
        ('policy.AY.service_rules', 'Served first; a call when an order is due'),
        ('policy.AY.price_terms', 'Best terms for a standing order or a subscription'),
        ('policy.AZ.action', 'Keep close: large but rare, find out why'),
        ('policy.AZ.service_rules', 'Every order by hand; a visit or call after each'),
        ('policy.AZ.price_terms', 'Terms by order; a bonus on the next one within the quarter'),
        ('policy.BX.action', 'Grow into A: regular, so offer more of the range'),
        ('policy.BX.service_rules', 'Standard service with personal advice'),
        ('policy.BX.price_terms', 'Volume discount from the next step up'),
        ('policy.BY.action', 'Grow into A: remind, and sell what goes with it'),
        ('policy.BY.service_rules', 'Standard service; reminders at their usual gap'),
        ('policy.BY.price_terms', 'Bundle offers, free delivery from a higher amount'),
        ('policy.BZ.action', 'Win a second occasion: ask what brings them'),
        ('policy.BZ.service_rules', 'Standard service; a question after each order'),
        ('policy.BZ.price_terms', 'A time-limited offer after every order'),
        ('policy.CX.action', 'Serve cheaply: raise the basket'),
        ('policy.CX.service_rules', 'Self-service; answers within two days'),
        ('policy.CX.price_terms', 'List prices; minimum order, or delivery at cost'),
        ('policy.CY.action', 'Serve cheaply: automatic offers only'),
        ('policy.CY.service_rules', 'Self-service'),
        ('policy.CY.price_terms', 'List prices; offers that pay for themselves'),
        ('policy.CZ.action', 'Serve cheaply: spend nothing on them'),
        ('policy.CZ.service_rules', 'Self-service'),
        ('policy.CZ.price_terms', 'List prices, prepaid'),

        -- segments, and what to do with them
        ('segment.champions', 'champions'),
        ('segment.champions.advice', 'Reward them, let them try what is new first, ask for referrals'),
        ('segment.loyal', 'loyal'),
        ('segment.loyal.advice', 'Raise the basket: sell what goes with it, ask for a review'),
        ('segment.potential loyalists', 'potential loyalists'),
        ('segment.potential loyalists.advice', 'Offer membership or a subscription'),
        ('segment.promising', 'promising'),
        ('segment.promising.advice', 'A large first purchase: a personal welcome, and service that is noticed'),
        ('segment.new customers', 'new customers'),
        ('segment.new customers.advice', 'Help them start well, give a reason for the second order'),
        ('segment.need attention', 'need attention'),
        ('segment.need attention.advice', 'Good customers who come less: an offer of what they bought, with a date'),
        ('segment.small baskets', 'small baskets'),
        ('segment.small baskets.advice', 'Cheap to serve: automatic offers, a minimum order'),
        ('segment.about to sleep', 'about to sleep'),
        ('segment.about to sleep.advice', 'Remind them before they forget'),
        ('segment.cannot lose', 'cannot lose'),
        ('segment.cannot lose.advice', 'Used to come often and spend much: call them, and ask what went wrong'),
        ('segment.at risk', 'at risk'),
        ('segment.at risk.advice', 'Write to them personally, renew the offer'),
        ('segment.hibernating', 'hibernating'),
        ('segment.hibernating.advice', 'One automatic offer; no more'),
        ('segment.lost', 'lost'),
        ('segment.lost.advice', 'Spend nothing, unless a campaign reaches them for free'),
        ('segment.other', 'other'),

        -- labels of what else divides customers and answers
        ('stage.new', 'new'),
        ('stage.occasional', 'occasional'),
        ('stage.regular', 'regular'),
        ('stage.lost', 'lost'),
        ('class.A', 'A'),
        ('class.B', 'B'),
        ('class.C', 'C'),
        ('class.none', 'none'),
        ('buyer.one_time', 'one-time'),
        ('buyer.occasional', 'occasional'),
        ('buyer.regular', 'regular'),
        ('light.green', 'green'),
        ('light.mixed', 'mixed'),
        ('light.yellow', 'yellow'),
        ('light.red', 'red'),
        ('band.strong', 'strong'),
        ('band.average', 'average'),
        ('band.weak', 'weak'),
        ('nps_group.promoter', 'promoters'),
        ('nps_group.passive', 'passives'),
        ('nps_group.detractor', 'detractors'),
        ('verdict.up', 'up'),
        ('verdict.flat', 'flat'),
        ('verdict.down', 'down'),
        ('kind.positive', 'positive'),
        ('kind.negative', 'negative'),
        ('kind.question', 'question'),
        ('kind.criticism', 'criticism'),
        ('kind.idea', 'idea'),
        ('kind.lead', 'lead'),
        ('kind.none', 'none'),
        ('touchpoint_group.business', 'business'),
        ('touchpoint_group.product', 'product'),
        ('touchpoint_group.service', 'service'),
        ('touchpoint_group.employee', 'employee'),
        ('level.awful', 'awful'),
        ('level.ok', 'ok'),
        ('level.wow', 'wow'),
        ('questionnaire.loyalty', 'loyalty'),
        ('questionnaire.staff', 'staff'),

        -- the express test
        ('express.red', 'There is nothing to judge yet: collect orders together with their customers, until the first ones have had time to come back.'),
        ('express.unassigned', 'Most sales have no customer: get the data first, by asking every buyer for a phone number or a customer card at the till.'),
        ('express.green', 'Few customers come only once: keep doing what brings them back, and invest in new customers.'),
        ('express.yellow', 'More customers come once than regularly: find out why they do not come back, by asking them (NPS), before you spend on new ones.'),
        ('express.mixed', 'Regulars carry the shop, but too many customers come only once: win their second order.'),

        -- what is usual elsewhere
        ('benchmark.nps.strong', 'Service builds loyalty: keep it, and ask for referrals'),
        ('benchmark.nps.average', 'Something to improve: ask detractors what'),
        ('benchmark.nps.Apple', 'Among the best known scores'),
        ('benchmark.nps.USAA', 'Among the best known scores'),
        ('benchmark.one_time_share.express test', 'Up to this share of one-time customers nothing is wrong'),
        ('benchmark.pct_of_customers_bringing_80.Pareto', 'The classic rule: a fifth of the customers bring four fifths'),
        ('benchmark.repeat_rate_new.sales experience', 'Probability of selling to a new customer'),
        ('benchmark.repeat_rate_loyal.sales experience', 'Probability of selling to a loyal customer'),

        -- what to do with a Net Promoter Score
        ('nps_advice.ratings', 'No Net Promoter Score: these are ratings of %s to %s, see rating_summary'),
        ('nps_advice.strong', 'Service builds loyalty: keep it up, thank promoters and ask them for referrals'),
        ('nps_advice.average', 'There is something to improve: do what passives and detractors ask for most'),
        ('nps_advice.weak', 'Analyse the processes and change them: call detractors, begin where most of them complain'),

        -- where customers meet the business
        ('touchpoint.101.name', 'shop sign'),
        ('touchpoint.101.description', 'Seen and read from the street, lit in the evening, hours as they are'),
        ('touchpoint.102.name', 'parking'),
        ('touchpoint.102.description', 'A place to stop, close by, and clear whose it is'),
        ('touchpoint.103.name', 'entrance'),
        ('touchpoint.103.description', 'Easy to find and open, clean, with a pram or a wheelchair too'),
        ('touchpoint.104.name', 'rooms'),
        ('touchpoint.104.description', 'Clean, light, warm, with a place to sit and a sense of order'),
        ('touchpoint.105.name', 'opening hours'),
        ('touchpoint.105.description', 'Fit the customers'' day, and kept to the minute'),
        ('touchpoint.106.name', 'website'),
        ('touchpoint.106.description', 'Loads at once, answers the first question, works on a phone'),
        ('touchpoint.107.name', 'map and review sites'),
        ('touchpoint.107.description', 'Address, hours and pictures right; reviews answered'),
        ('touchpoint.108.name', 'advertising'),
        ('touchpoint.108.description', 'Promises what is kept, and says what to do next'),
        ('touchpoint.109.name', 'social media'),
        ('touchpoint.109.description', 'Kept up, and questions there get answers'),
        ('touchpoint.110.name', 'price list'),
        ('touchpoint.110.description', 'Easy to find and to understand, without surprises later'),
        ('touchpoint.111.name', 'letters and cards'),
        ('touchpoint.111.description', 'Offers, invoices, cards and e-mails look like one house'),
        ('touchpoint.201.name', 'range'),
        ('touchpoint.201.description', 'What customers come for is there, and a choice of it'),
        ('touchpoint.202.name', 'availability'),
        ('touchpoint.202.description', 'In stock, or with a date that holds'),
        ('touchpoint.203.name', 'display'),
        ('touchpoint.203.description', 'Shown so that one wants to touch it; found without asking'),
        ('touchpoint.204.name', 'description'),
        ('touchpoint.204.description', 'Says what it is, what for, and what not for'),
        ('touchpoint.205.name', 'sample or trial'),
        ('touchpoint.205.description', 'Can be tried before it is bought'),
        ('touchpoint.206.name', 'packaging'),
        ('touchpoint.206.description', 'Protects, opens without tools, little waste'),
        ('touchpoint.207.name', 'first use'),
        ('touchpoint.207.description', 'Works at once, with instructions that help'),
        ('touchpoint.208.name', 'quality in use'),
        ('touchpoint.208.description', 'Does what was promised, every time'),
        ('touchpoint.209.name', 'worth the price'),
        ('touchpoint.209.description', 'Felt to be worth it after a month'),
        ('touchpoint.210.name', 'warranty'),
        ('touchpoint.210.description', 'Clear, and honoured without a fight'),
        ('touchpoint.301.name', 'first call'),
        ('touchpoint.301.description', 'Picked up soon, by somebody who can help'),
        ('touchpoint.302.name', 'reply to a message'),
        ('touchpoint.302.description', 'The same day, to the question that was asked'),
        ('touchpoint.303.name', 'waiting'),
        ('touchpoint.303.description', 'Short, or with a word on how long and why'),
        ('touchpoint.304.name', 'advice'),
        ('touchpoint.304.description', 'Questions before answers; what fits, not what is dear'),
        ('touchpoint.305.name', 'ordering'),
        ('touchpoint.305.description', 'Few steps, no detail asked twice, confirmed at once'),
        ('touchpoint.306.name', 'payment'),
        ('touchpoint.306.description', 'In the way the customer likes, with a receipt'),
        ('touchpoint.307.name', 'delivery'),
        ('touchpoint.307.description', 'When it was promised, whole, with a word on the way'),
        ('touchpoint.308.name', 'after the purchase'),
        ('touchpoint.308.description', 'Somebody asks whether all is well'),
        ('touchpoint.309.name', 'complaint handling'),
        ('touchpoint.309.description', 'Heard out, an apology, a remedy, and quickly'),
        ('touchpoint.310.name', 'returns'),
        ('touchpoint.310.description', 'As easy as the purchase, money back without asking'),
        ('touchpoint.311.name', 'thanks and farewell'),
        ('touchpoint.311.description', 'Thanked, and given a reason to come back'),
        ('touchpoint.401.name', 'appearance'),
        ('touchpoint.401.description', 'Neat, and easy to tell from customers'),
        ('touchpoint.402.name', 'greeting'),
        ('touchpoint.402.description', 'Noticed and greeted at once, by name where known'),
        ('touchpoint.403.name', 'attention'),
        ('touchpoint.403.description', 'Listens, with time for this customer alone'),
        ('touchpoint.404.name', 'competence'),
        ('touchpoint.404.description', 'Knows the range, and whom to ask where not'),
        ('touchpoint.405.name', 'plain words'),
        ('touchpoint.405.description', 'Explains so that one understands, without jargon'),
        ('touchpoint.406.name', 'tone on the telephone'),
        ('touchpoint.406.description', 'Friendly, unhurried, says who is speaking'),
        ('touchpoint.407.name', 'initiative'),
        ('touchpoint.407.description', 'Offers what goes with it, tells of the loyalty programme'),
        ('touchpoint.408.name', 'memory'),
        ('touchpoint.408.description', 'Knows regular customers and what they like'),
        ('touchpoint.409.name', 'keeping promises'),
        ('touchpoint.409.description', 'Calls back, and does what was said'),
        ('touchpoint.410.name', 'calm under pressure'),
        ('touchpoint.410.description', 'Stays polite when it is full or goes wrong'),

        -- questionnaires: texts, and the options that are words
        ('question.recommend', 'How likely are you to recommend us to friends or colleagues, from 0 to 10?'),
        ('question.make_it_a_10', 'What would make it a 10?'),
        ('question.buy_again', 'Will you buy from us again?'),
        ('question.polite', 'Are we polite to every customer, at every hour?'),
        ('question.offers_extras', 'Do we offer what goes with a purchase?'),
        ('question.tells_of_programme', 'Do we tell every customer of the loyalty programme?'),
        ('question.knows_wishes', 'Do we know what our regular customers want?'),
        ('question.asks_for_feedback', 'Do we ask customers what they think of us?'),
        ('question.buy_again.options', '{yes,perhaps,no}'),
        ('question.polite.options', '{yes,no}'),
        ('question.offers_extras.options', '{yes,no}'),
        ('question.tells_of_programme.options', '{yes,no}'),
        ('question.knows_wishes.options', '{yes,no}'),
        ('question.asks_for_feedback.options', '{yes,no}'),

        -- what became of the rows that were attached
        ('order_rows.used', 'Counted in the views'),
        ('order_rows.no_customer', 'Without a customer: nobody knows who bought'),
        ('order_rows.no_time', 'Without a time, or with a date that stands for none'),
        ('order_rows.invalid_time', 'With an infinite time, or one outside the years 1 to 9999'),
        ('order_rows.no_amount', 'Without an amount'),
        ('order_rows.invalid_amount', 'With an amount that is not a number, infinite, or past 922 trillion'),
        ('order_rows.future', 'On or after the reporting date: not counted yet'),
        ('order_rows.only_returns', 'Of customers who returned goods but have no order before the reporting date'),
        ('order_rows.zero_amount', 'With an amount of 0, or given back as a whole, where the settings skip them'),
        ('order_rows.missed', 'Whatever triggers could not read, since %s: attach the orders again'),
        ('answer_rows.used', 'of customers with an order before the reporting date'),
        ('answer_rows.no_customer', 'without a customer'),
        ('answer_rows.unknown_customer', 'of customers without an order before the reporting date'),
        ('answer_rows.no_time', 'without a time'),
        ('answer_rows.invalid_time', 'with an infinite time, or one outside the years 1 to 9999'),
        ('answer_rows.no_score', 'without a score'),
        ('answer_rows.invalid_score', 'with a score outside the scale, or that is not a number'),
        ('answer_rows.future', 'on or after the reporting date: not counted yet'),
        ('survey_rows.used', 'Counted in the views'),
        ('survey_rows.no_respondent', 'Without a respondent: nobody knows who answered'),
        ('survey_rows.no_question', 'Without a question'),
        ('survey_rows.no_time', 'Without a time'),
        ('survey_rows.invalid_time', 'With an infinite time, or one outside the years 1 to 9999'),
        ('survey_rows.future', 'On or after the reporting date: not counted yet'),
        ('survey_rows.replaced', 'Said twice, or replaced by what the same respondent answered later'),

        -- what views say
        ('retention_value.assumption', 'In every period %s %% of the customers known today buy instead of %s %%, as in all complete periods after the first one, each for %s'),
        ('check_segments.none', 'Its customers are in other: widen a row of segments'),
        ('check_segments.several', 'The first row holds: narrow the others'),

        -- how numbers and days are written
        ('language.code', 'en'),
        ('number.thousands', ','),
        ('number.decimal', '.'),
        ('number.percent', '%s%%'),
        ('number.short', '%s|%sk|%sM|%sbn|%str'),
        ('number.money_sign', '%2$s%1$s'),
        ('number.money_word', '%2$s %1$s'),
        ('number.plural', 'one, other'),
        ('day.date', '%s %s %s'),
        ('day.week', 'the week of %s'),
        ('day.quarter', 'Q%s %s'),
        ('day.months', 'January February March April May June July August September October November December'),
        ('day.of_months', 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'),
        ('day.short_months', 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'),

        -- numbers of things
        ('count.customers', '%s customer|%s customers'),
        ('count.answers', '%s answer|%s answers'),
        ('count.days', '%s day|%s days'),
        ('count.bought', '%s customer bought|%s customers bought'),
        ('count.first_time', '%s of them for the first time|%s of them for the first time'),
        ('count.came_back', '%s came back after a pause|%s came back after a pause'),
        ('count.at_risk', '%s at risk|%s at risk'),

        -- periods: in each, in the one before, of each, twelve ahead
        ('period.each.day', 'in each day'), ('period.each.week', 'in each week'), ('period.each.month', 'in each month'), ('period.each.quarter', 'in each quarter'), ('period.each.year', 'in each year'),
        ('period.previous.day', 'the day before'), ('period.previous.week', 'the week before'), ('period.previous.month', 'the month before'), ('period.previous.quarter', 'the quarter before'), ('period.previous.year', 'the year before'),
        ('period.of.day', 'each day'), ('period.of.week', 'each week'), ('period.of.month', 'each month'), ('period.of.quarter', 'each quarter'), ('period.of.year', 'each year'),
        ('period.ahead.day', 'within twelve days'), ('period.ahead.week', 'within twelve weeks'), ('period.ahead.month', 'within a year'), ('period.ahead.quarter', 'within twelve quarters'), ('period.ahead.year', 'within twelve years'),

        -- the report
        ('report.page_title', 'How the shop stands'),
        ('report.title', 'How the shop stands: %s'),
        ('report.no_title', 'How the shop stands'),
        ('report.as_of', 'as of %s'),
        ('report.no_orders', 'There is no order to speak of yet.'),
        ('report.no_period', 'The first period is not over yet: come back when it is.'),
        ('report.revenue_was', '<b>Revenue was %s</b>'),
        ('report.than_a_year_ago', '%s against a year ago'),
        ('report.year_on_year', '%s year on year'),
        ('report.who_bought', '%s, %s; %s, and %s.'),
        ('report.light.red', 'Do customers come back? <b>It cannot be told yet.</b> %s'),
        ('report.light.mixed', 'Do customers come back? <b>Some do, many do not.</b> %s'),
        ('report.light.yellow', 'Do customers come back? <b>Too few do.</b> %s'),
        ('report.light.green', 'Do customers come back? <b>Yes, they do.</b> %s'),
        ('report.cohort_table', 'Cohorts'),
        ('report.stayed_away', '%s who had bought %s stayed away'),
        ('report.few', 'Behind this there is no more than %s so far.'),
        ('report.revenue', 'Revenue'),
        ('report.active_customers', 'Active customers'),
        ('report.new_customers', 'New customers'),
        ('report.repeat_share', 'Had bought before'),
        ('report.average_order', 'Average order'),
        ('report.regular_customers', 'Regular customers'),
        ('report.nps', 'Net Promoter Score'),
        ('report.figures', 'The figures'),
        ('report.from_to', '%s to %s'),
        ('report.interval', '95%% interval'),
        ('report.period', 'Period'),
        ('report.share', 'Share'),
        ('report.number', 'Number'),
        ('report.customers', 'Customers'),
        ('report.customer', 'Customer'),
        ('report.answers', 'Answers'),
        ('report.unknown', 'unknown'),
        ('report.pct_of_revenue', '%s of revenue'),

        ('report.growth', 'Is the shop growing, and by whom?'),
        ('report.revenue_by_whom', 'Revenue by who brought it'),
        ('report.revenue_by_whom.note', 'Complete periods only.'),
        ('report.retained', 'bought %s too'),
        ('report.returned', 'came back after a pause'),
        ('report.new', 'new'),
        ('report.inactive', 'returns of those who bought nothing'),
        ('report.year_before', 'all of it a year before'),

        ('report.return', 'Do they come back?'),
        ('report.retention', 'Share that buys %s after the first'),
        ('report.retention.note', 'With its 95%% interval; only complete periods, and with at least %s behind them.'),
        ('report.after', 'Periods after the first order'),
        ('report.of_customers', 'Of customers'),
        ('report.stages', 'Where customers stand'),
        ('report.stages.note', 'All customers by stage, and the share of all revenue that they have brought.'),
        ('report.stage', 'Stage'),
        ('report.cohorts', 'Cohorts: per cent of the new customers of %s that buy in the 1st, 2nd, 3rd ... after it'),
        ('report.cohorts.note', 'A newer row in a deeper colour than those above it means that more of them return.'),
        ('report.first_order', 'First order'),
        ('report.revenue_each', 'Revenue each, so far'),
        ('report.repeat', 'From one order to the next'),
        ('report.repeat.note', 'Share of those with so many orders who have bought once more, with its 95%% interval. The newest have had little time yet.'),
        ('report.order_number', 'Order'),
        ('report.nth_order', 'to order %s'),

        ('report.value', 'Who brings how much, and what to do with whom?'),
        ('report.matrix.revenue', 'Nine cells: by revenue, and by how regularly they buy'),
        ('report.matrix.profit', 'Nine cells: by profit, and by how regularly they buy'),
        ('report.matrix.note', 'A: those who bring the first %s of %s, B: the next %s, C: the rest. The deeper the colour, the more revenue.'),
        ('report.of.revenue', 'revenue'),
        ('report.of.profit', 'profit'),
        ('report.frequency.X', 'X: buy often'),
        ('report.frequency.Y', 'Y: buy now and then'),
        ('report.frequency.Z', 'Z: buy rarely'),
        ('report.variation.X', 'X: spend steadily'),
        ('report.variation.Y', 'Y: spend unevenly'),
        ('report.variation.Z', 'Z: spend by chance'),
        ('report.segments', 'Segments by recency, frequency and money'),
        ('report.segments.note', 'Revenue of their whole life.'),
        ('report.segment', 'Segment'),
        ('report.sources', 'Where customers come from'),
        ('report.sources.note', 'Revenue per customer by the source of the first order; first those whose customers stay.'),
        ('report.source', 'Source'),
        ('report.value_per_customer', 'Revenue per customer'),
        ('report.kept', '%s kept'),
        ('report.cost_each', 'cost %s each'),

        ('report.voice', 'Would they recommend the shop?'),
        ('report.nps_is', 'The Net Promoter Score is <b>%s</b> (95%% interval %s, %s).'),
        ('report.nps_by_period', 'Net Promoter Score by period'),
        ('report.nps_by_period.note', 'With its 95%% interval: where bands overlap widely, nothing is known to have changed.'),
        ('report.by_touchpoint', 'By touchpoint'),
        ('report.by_touchpoint.note', 'Score and 95%% interval, the best first. Where intervals overlap, the order may be chance.'),
        ('report.touchpoint', 'Touchpoint'),
        ('report.wishes', 'What they wish for'),
        ('report.wishes.note', 'Number of answers that ask for it.'),
        ('report.wish', 'Wish'),
        ('report.asked', 'Asked'),
        ('report.wish_revenue', 'by customers of %s a year'),

        ('report.funnel', 'Where do we lose them?'),
        ('report.funnel.note', 'Visits that reached each step.'),
        ('report.step', 'Step'),
        ('report.visits', 'Visits'),
        ('report.purchase', 'order'),
        ('report.go_on', '%s go on'),
        ('report.lost_by', 'most are lost by: %s'),

        ('report.worth', 'What is loyalty worth?'),
        ('report.worth.title', '%s more %s, if %s points more came back'),
        ('report.worth.note', 'If in each period %s instead of %s of %s bought, each for %s as today.'),
        ('report.extra_revenue', 'More revenue until then'),

        ('report.lists', 'Whom to turn to this week?'),
        ('report.at_risk', 'At risk: silent for longer than is usual for them'),
        ('report.at_risk.note', '%s, who brought %s in the last year. %s'),
        ('report.cell', 'Cell'),
        ('report.silent', 'Silent'),
        ('report.usually', 'Usual gap, days'),
        ('report.last_year', 'Last year'),
        ('report.win_back', 'To win back: lost, and worth it'),
        ('report.win_back.note', '%s, who brought %s in their last year. %s'),
        ('report.last_order', 'Last order'),
        ('report.chance', 'Chance'),
        ('report.expected', 'Expected'),
        ('report.second_order', 'Due for a second order'),
        ('report.second_order.note', '%s: bought once, longer ago than the %s that are usual between orders. %s'),
        ('report.inbox', 'Who waits for a word?'),
        ('report.inbox.title', 'Answers to answer'),
        ('report.inbox.note', 'Open: %s, the most valuable customers first.'),
        ('report.said', 'What was said'),
        ('report.score', 'Score'),
        ('report.day', 'Day'),

        ('report.trust', 'Can these figures be trusted?'),
        ('report.rows', 'Rows of the orders'),
        ('report.rows.note', 'What is counted, and what is not and why.'),
        ('report.missed', 'Orders written since %s are missing here: the owner of the workspace has to attach them again.'),
        ('report.made', 'Figures of %s (%s). Made by Clientele inside the database; this page loads nothing.'),

        -- the summary
        ('summary.nothing', 'nothing to say yet'),
        ('summary.light', 'loyalty'),
        ('summary.light.finding', '%s; the test counts %s'),
        ('summary.light.red', 'red, it cannot be told yet'),
        ('summary.light.yellow', 'yellow, more come once than regularly'),
        ('summary.light.mixed', 'mixed, some come back and many do not'),
        ('summary.light.green', 'green, they come back'),
        ('summary.light.missing', 'Orders of the last six months show it'),
        ('summary.shares', 'one-time and regular'),
        ('summary.shares.finding', 'one-time customers: %s (%s), regular: %s (%s)'),
        ('summary.shares.advice', 'Up to %s would be nothing to worry about: win the second order'),
        ('summary.shares.good', 'No more than %s come once: keep it so'),
        ('summary.shares.missing', 'Orders of the last six months show it'),
        ('summary.pareto', 'who carries the shop'),
        ('summary.pareto.finding', '%s of the customers bring 80%% of %s'),
        ('summary.pareto.advice', 'Know those of class A by name: %s'),
        ('summary.pareto.missing', 'Orders with revenue show it'),
        ('summary.growth', 'growth'),
        ('summary.growth.finding', '%s: %s'),
        ('summary.growth.than_before', '%s against the period before'),
        ('summary.growth.advice', 'new customers: %s, back after a pause: %s, stayed away: %s'),
        ('summary.growth.missing', 'Come back when the first period is over'),
        ('summary.call', 'whom to call'),
        ('summary.call.finding', '%s; in all %s at risk, with %s in the last year'),
        ('summary.call.missing', 'Nobody is at risk'),
        ('summary.lost', 'whom to win back'),
        ('summary.lost.finding', 'lost: %s, with %s in their last year; to be expected back: %s'),
        ('summary.lost.missing', 'Nobody is lost'),
        ('summary.nps', 'Net Promoter Score'),
        ('summary.nps.finding', '%s (%s, %s)'),
        ('summary.nps.change', '%s: %s after %s, %s'),
        ('summary.nps.ratings', '%s are satisfied (%s, %s)'),
        ('summary.verdict.up', 'better'),
        ('summary.verdict.down', 'worse'),
        ('summary.verdict.flat', 'no proven change'),
        ('summary.nps.missing', 'Attach what customers answer: SELECT * FROM attach_answers(''...'')'),
        ('summary.touchpoint', 'worst touchpoint'),
        ('summary.touchpoint.finding', '%s: %s (%s, %s)'),
        ('summary.touchpoint.advice', 'Ask the detractors of %s what went wrong, and mend that first'),
        ('summary.touchpoint.missing', 'Attach answers with the touchpoint they are about'),
        ('summary.worth', 'what loyalty is worth'),
        ('summary.worth.finding', '%s points more retention bring %s %s (%s to %s)'),
        ('summary.worth.advice', 'Caring for customers may cost up to your margin on that'),
        ('summary.worth.missing', 'It takes some complete periods'),
        ('summary.rows', 'rows that do not count'),
        ('summary.rows.finding', '%s of the rows count; most of the rest: %s'),
        ('summary.rows.none', 'none'),
        ('summary.rows.good', 'Good enough; all reasons are in the view data_quality'),
        ('summary.rows.advice', 'Look into it: the view data_quality has the reasons'),
        ('summary.rows.missed', 'Orders were written that are missing here: attach them again'),
        ('summary.rows.missing', 'There are no orders yet')
$words$;
-- workspace: its words in Russian, by key

CREATE FUNCTION _clientele.words_ru() RETURNS TABLE (key text, words text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $words$
    VALUES
        ('language', convert_from(decode('d180d183d181d181d0bad0b8d0b9', 'hex'), 'UTF8')),

        -- how to approach the customers of a stage or a list
        ('approach.new', convert_from(decode('d092d0b5d180d0bdd0b8d182d0b520d0b8d18520d0b7d0b020d0b2d182d0bed180d0bed0b920d0bfd0bed0bad183d0bfd0bad0bed0b93a20d0b2d181d182d180d0b5d182d18cd182d0b520d182d0b5d0bfd0bbd0be20d0b820d0b4d0b0d0b9d182d0b520d0bfd0bed0b2d0bed0b420d0bfd180d0b8d0b9d182d0b820d181d0bdd0bed0b2d0b0', 'hex'), 'UTF8')),
        ('approach.occasional', convert_from(decode('d09fd183d181d182d18c20d0b7d0b0d185d0bed0b4d18fd18220d187d0b0d189d0b53a20d0bdd0b0d0bfd0bed0bcd0bdd0b8d182d0b520d0be20d181d0b5d0b1d0b52c20d0bad0bed0b3d0b4d0b020d0bfd0bed0b4d185d0bed0b4d0b8d18220d0b8d18520d0bed0b1d18bd187d0bdd18bd0b920d181d180d0bed0ba2c20d0b820d0bfd0bed0bad0b0d0b6d0b8d182d0b52c20d187d182d0be20d0bfd0bed0b4d0bed0b9d0b4d191d18220d0ba20d183d0b6d0b520d0bad183d0bfd0bbd0b5d0bdd0bdd0bed0bcd183', 'hex'), 'UTF8')),
        ('approach.regular', convert_from(decode('d09dd0b520d0b7d0b0d0b1d18bd0b2d0b0d0b9d182d0b520d0be20d0bdd0b8d1853a20d0b1d0bbd0b0d0b3d0bed0b4d0b0d180d0b8d182d0b52c20d181d0bfd180d0b0d188d0b8d0b2d0b0d0b9d182d0b520d0bcd0bdd0b5d0bdd0b8d0b52c20d0b4d0b5d180d0b6d0b8d182d0b520d0b4d0bbd18f20d0bdd0b8d18520d0bbd183d187d188d0b8d0b520d183d181d0bbd0bed0b2d0b8d18f', 'hex'), 'UTF8')),
        ('approach.lost', convert_from(decode('d092d0b5d180d0bdd0b8d182d0b520d0b8d1853a20d181d0bfd180d0bed181d0b8d182d0b52c20d0bfd0bed187d0b5d0bcd18320d0bfd0b5d180d0b5d181d182d0b0d0bbd0b820d0bfd0bed0bad183d0bfd0b0d182d18c2c20d0b820d181d0b4d0b5d0bbd0b0d0b9d182d0b520d0bed0b4d0bdd0be20d185d0bed180d0bed188d0b5d0b520d0bfd180d0b5d0b4d0bbd0bed0b6d0b5d0bdd0b8d0b52e20d09dd0b0d187d0bdd0b8d182d0b520d18120d181d0b0d0bcd18bd18520d186d0b5d0bdd0bdd18bd185', 'hex'), 'UTF8')),
        ('approach.at_risk', convert_from(decode('d0a1d0b2d18fd0b6d0b8d182d0b5d181d18c2c20d0bfd0bed0bad0b020d0bdd0b520d183d188d0bbd0b83a20d0bed0b1d180d0b0d182d0b8d182d0b5d181d18c20d0bbd0b8d187d0bdd0be20d0b820d0bfd0bed181d0bcd0bed182d180d0b8d182d0b52c20d187d182d0be20d0b1d18bd0bbd0be20d18120d0bfd0bed181d0bbd0b5d0b4d0bdd0b8d0bc20d0b7d0b0d0bad0b0d0b7d0bed0bc', 'hex'), 'UTF8')),
        ('approach.second_order_due', convert_from(decode('d09dd0b0d0bfd0bed0bcd0bdd0b8d182d0b520d0be20d181d0b5d0b1d0b520d181d0b5d0b9d187d0b0d1813a20d0bed0b1d18bd187d0bdd18bd0b920d181d180d0bed0ba20d0bcd0b5d0b6d0b4d18320d0b7d0b0d0bad0b0d0b7d0b0d0bcd0b820d183d0b6d0b520d0bfd180d0bed188d191d0bb', 'hex'), 'UTF8')),

        -- what to do with the customers of a cell
        ('policy.AX.action', convert_from(decode('d091d0b5d180d0b5d0b3d0b8d182d0b53a20d0bdd0b020d0bdd0b8d18520d0b4d0b5d180d0b6d0b8d182d181d18f20d0b1d0b8d0b7d0bdd0b5d181', 'hex'), 'UTF8')),
        ('policy.AX.service_rules', convert_from(decode('d09bd0b8d187d0bdd18bd0b920d0bcd0b5d0bdd0b5d0b4d0b6d0b5d1802c20d0bed0b1d181d0bbd183d0b6d0b8d0b2d0b0d0bdd0b8d0b520d0b2d0bdd0b520d0bed187d0b5d180d0b5d0b4d0b82c20d0bfd180d0bed0b1d0bbd0b5d0bcd18b20d180d0b5d188d0b0d18ed182d181d18f20d0b220d182d0bed18220d0b6d0b520d0b4d0b5d0bdd18c', 'hex'), 'UTF8')),
        ('policy.AX.price_terms', convert_from(decode('d09bd183d187d188d0b8d0b520d183d181d0bbd0bed0b2d0b8d18f2c20d181d0bed0b3d0bbd0b0d181d0bed0b2d0b0d0bdd0bdd18bd0b520d0bdd0b020d0b3d0bed0b43b20d0b1d0b5d0b720d182d0bed180d0b3d0b020d0bfd0be20d0bed182d0b4d0b5d0bbd18cd0bdd18bd0bc20d0b7d0b0d0bad0b0d0b7d0b0d0bc', 'hex'), 'UTF8')),
        ('policy.AY.action', convert_from(decode('d0a3d0b4d0b5d180d0b6d0b8d0b2d0b0d0b9d182d0b520d0b820d181d0b4d0b5d0bbd0b0d0b9d182d0b520d0bfd0bed0bad183d0bfd0bad0b820d180d0b5d0b3d183d0bbd18fd180d0bdd0b5d0b5', 'hex'), 'UTF8')),
        ('policy.AY.service_rules', convert_from(decode('d09ed0b1d181d0bbd183d0b6d0b8d0b2d0b0d0bdd0b8d0b520d0b2d0bdd0b520d0bed187d0b5d180d0b5d0b4d0b83b20d0b7d0b2d0bed0bdd0bed0ba2c20d0bad0bed0b3d0b4d0b020d0bfd0bed0b4d185d0bed0b4d0b8d18220d181d180d0bed0ba20d0b7d0b0d0bad0b0d0b7d0b0', 'hex'), 'UTF8')),
        ('policy.AY.price_terms', convert_from(decode('d09bd183d187d188d0b8d0b520d183d181d0bbd0bed0b2d0b8d18f20d0b7d0b020d180d0b5d0b3d183d0bbd18fd180d0bdd18bd0b920d0b7d0b0d0bad0b0d0b720d0b8d0bbd0b820d0bfd0bed0b4d0bfd0b8d181d0bad183', 'hex'), 'UTF8')),
        ('policy.AZ.action', convert_from(decode('d094d0b5d180d0b6d0b8d182d0b520d181d0b2d18fd0b7d18c3a20d0bfd0bed0bad183d0bfd0b0d18ed18220d0bcd0bdd0bed0b3d0be2c20d0bdd0be20d180d0b5d0b4d0bad0be2e20d092d18bd18fd181d0bdd0b8d182d0b520d0bfd0bed187d0b5d0bcd183', 'hex'), 'UTF8')),
        ('policy.AZ.service_rules', convert_from(decode('d09ad0b0d0b6d0b4d18bd0b920d0b7d0b0d0bad0b0d0b720d0b2d0b5d0b4d191d182d181d18f20d0b2d180d183d187d0bdd183d18e3b20d0b2d0b8d0b7d0b8d18220d0b8d0bbd0b820d0b7d0b2d0bed0bdd0bed0ba20d0bfd0bed181d0bbd0b520d0bad0b0d0b6d0b4d0bed0b3d0be', 'hex'), 'UTF8')),
        ('policy.AZ.price_terms', convert_from(decode('d0a3d181d0bbd0bed0b2d0b8d18f20d0bfd0bed0b420d0bad0b0d0b6d0b4d18bd0b920d0b7d0b0d0bad0b0d0b73b20d0b1d0bed0bdd183d18120d0bdd0b020d181d0bbd0b5d0b4d183d18ed189d0b8d0b92c20d0b5d181d0bbd0b820d0bed0bd20d0b1d183d0b4d0b5d18220d0b220d182d0b5d187d0b5d0bdd0b8d0b520d0bad0b2d0b0d180d182d0b0d0bbd0b0', 'hex'), 'UTF8')),
        ('policy.BX.action', convert_from(decode('d09fd0bed0b4d0bdd0b8d0bcd0b0d0b9d182d0b520d0b4d0be20413a20d0bfd0bed0bad183d0bfd0b0d18ed18220d180d0b5d0b3d183d0bbd18fd180d0bdd0be2c20d0bfd180d0b5d0b4d0bbd0b0d0b3d0b0d0b9d182d0b520d0b1d0bed0bbd18cd188d0b520d0b8d0b720d0b0d181d181d0bed180d182d0b8d0bcd0b5d0bdd182d0b0', 'hex'), 'UTF8')),
        ('policy.BX.service_rules', convert_from(decode('d0a1d182d0b0d0bdd0b4d0b0d180d182d0bdd0bed0b520d0bed0b1d181d0bbd183d0b6d0b8d0b2d0b0d0bdd0b8d0b520d0b820d0bfd0b5d180d181d0bed0bdd0b0d0bbd18cd0bdd18bd0b520d180d0b5d0bad0bed0bcd0b5d0bdd0b4d0b0d186d0b8d0b8', 'hex'), 'UTF8')),
        ('policy.BX.price_terms', convert_from(decode('d0a1d0bad0b8d0b4d0bad0b020d0b7d0b020d0bed0b1d18ad191d0bc20d181d0be20d181d0bbd0b5d0b4d183d18ed189d0b5d0b3d0be20d0bfd0bed180d0bed0b3d0b0', 'hex'), 'UTF8')),
        ('policy.BY.action', convert_from(decode('d09fd0bed0b4d0bdd0b8d0bcd0b0d0b9d182d0b520d0b4d0be20413a20d0bdd0b0d0bfd0bed0bcd0b8d0bdd0b0d0b9d182d0b520d0be20d181d0b5d0b1d0b520d0b820d0bfd180d0b5d0b4d0bbd0b0d0b3d0b0d0b9d182d0b520d181d0bed0bfd183d182d181d182d0b2d183d18ed189d0b8d0b520d182d0bed0b2d0b0d180d18b', 'hex'), 'UTF8')),
        ('policy.BY.service_rules', convert_from(decode('d0a1d182d0b0d0bdd0b4d0b0d180d182d0bdd0bed0b520d0bed0b1d181d0bbd183d0b6d0b8d0b2d0b0d0bdd0b8d0b53b20d0bdd0b0d0bfd0bed0bcd0b8d0bdd0b0d0bdd0b8d18f20d0b220d0bed0b1d18bd187d0bdd18bd0b920d0b4d0bbd18f20d0bad0bbd0b8d0b5d0bdd182d0b020d181d180d0bed0ba', 'hex'), 'UTF8')),
        ('policy.BY.price_terms', convert_from(decode('d09ad0bed0bcd0bfd0bbd0b5d0bad182d18b20d0bfd0be20d0b2d18bd0b3d0bed0b4d0bdd0bed0b920d186d0b5d0bdd0b52c20d0b1d0b5d181d0bfd0bbd0b0d182d0bdd0b0d18f20d0b4d0bed181d182d0b0d0b2d0bad0b020d0bed18220d0b1d0bed0bbd0b5d0b520d0b2d18bd181d0bed0bad0bed0b920d181d183d0bcd0bcd18b', 'hex'), 'UTF8')),
        ('policy.BZ.action', convert_from(decode('d09dd0b0d0b9d0b4d0b8d182d0b520d0b2d182d0bed180d0bed0b920d0bfd0bed0b2d0bed0b420d0b4d0bbd18f20d0bfd0bed0bad183d0bfd0bad0b83a20d181d0bfd180d0bed181d0b8d182d0b52c20d187d182d0be20d0b8d18520d0bfd180d0b8d0b2d0bed0b4d0b8d182', 'hex'), 'UTF8')),
        ('policy.BZ.service_rules', convert_from(decode('d0a1d182d0b0d0bdd0b4d0b0d180d182d0bdd0bed0b520d0bed0b1d181d0bbd183d0b6d0b8d0b2d0b0d0bdd0b8d0b53b20d0b2d0bed0bfd180d0bed18120d0bfd0bed181d0bbd0b520d0bad0b0d0b6d0b4d0bed0b3d0be20d0b7d0b0d0bad0b0d0b7d0b0', 'hex'), 'UTF8')),
        ('policy.BZ.price_terms', convert_from(decode('d09fd0bed181d0bbd0b520d0bad0b0d0b6d0b4d0bed0b3d0be20d0b7d0b0d0bad0b0d0b7d0b020e2809420d0bfd180d0b5d0b4d0bbd0bed0b6d0b5d0bdd0b8d0b520d18120d0bed0b3d180d0b0d0bdd0b8d187d0b5d0bdd0bdd18bd0bc20d181d180d0bed0bad0bed0bc', 'hex'), 'UTF8')),
        ('policy.CX.action', convert_from(decode('d09ed0b1d181d0bbd183d0b6d0b8d0b2d0b0d0b9d182d0b520d0bdd0b5d0b4d0bed180d0bed0b3d0be3a20d183d0b2d0b5d0bbd0b8d187d0b8d0b2d0b0d0b9d182d0b520d181d180d0b5d0b4d0bdd0b8d0b920d187d0b5d0ba', 'hex'), 'UTF8')),
        ('policy.CX.service_rules', convert_from(decode('d0a1d0b0d0bcd0bed0bed0b1d181d0bbd183d0b6d0b8d0b2d0b0d0bdd0b8d0b53b20d0bed182d0b2d0b5d18220d0b220d182d0b5d187d0b5d0bdd0b8d0b520d0b4d0b2d183d18520d0b4d0bdd0b5d0b9', 'hex'), 'UTF8')),
        ('policy.CX.price_terms', convert_from(decode('d0a6d0b5d0bdd18b20d0bfd0be20d0bfd180d0b0d0b9d181d1833b20d0bcd0b8d0bdd0b8d0bcd0b0d0bbd18cd0bdd0b0d18f20d181d183d0bcd0bcd0b020d0b7d0b0d0bad0b0d0b7d0b020d0b8d0bbd0b820d0b4d0bed181d182d0b0d0b2d0bad0b020d0bfd0be20d181d0b5d0b1d0b5d181d182d0bed0b8d0bcd0bed181d182d0b8', 'hex'), 'UTF8')),
        ('policy.CY.action', convert_from(decode('d09ed0b1d181d0bbd183d0b6d0b8d0b2d0b0d0b9d182d0b520d0bdd0b5d0b4d0bed180d0bed0b3d0be3a20d182d0bed0bbd18cd0bad0be20d0b0d0b2d182d0bed0bcd0b0d182d0b8d187d0b5d181d0bad0b8d0b520d0bfd180d0b5d0b4d0bbd0bed0b6d0b5d0bdd0b8d18f', 'hex'), 'UTF8')),
        ('policy.CY.service_rules', convert_from(decode('d0a1d0b0d0bcd0bed0bed0b1d181d0bbd183d0b6d0b8d0b2d0b0d0bdd0b8d0b5', 'hex'), 'UTF8')),
        ('policy.CY.price_terms', convert_from(decode('d0a6d0b5d0bdd18b20d0bfd0be20d0bfd180d0b0d0b9d181d1833b20d182d0bed0bbd18cd0bad0be20d182d0b520d0b0d0bad186d0b8d0b82c20d0bad0bed182d0bed180d18bd0b520d181d0b5d0b1d18f20d0bed0bad183d0bfd0b0d18ed182', 'hex'), 'UTF8')),
        ('policy.CZ.action', convert_from(decode('d09ed0b1d181d0bbd183d0b6d0b8d0b2d0b0d0b9d182d0b520d0bdd0b5d0b4d0bed180d0bed0b3d0be3a20d0bdd0b8d187d0b5d0b3d0be20d0bdd0b020d0bdd0b8d18520d0bdd0b520d182d180d0b0d182d18cd182d0b5', 'hex'), 'UTF8')),
        ('policy.CZ.service_rules', convert_from(decode('d0a1d0b0d0bcd0bed0bed0b1d181d0bbd183d0b6d0b8d0b2d0b0d0bdd0b8d0b5', 'hex'), 'UTF8')),
        ('policy.CZ.price_terms', convert_from(decode('d0a6d0b5d0bdd18b20d0bfd0be20d0bfd180d0b0d0b9d181d1832c20d0bfd0be20d0bfd180d0b5d0b4d0bed0bfd0bbd0b0d182d0b5', 'hex'), 'UTF8')),

        -- segments, and what to do with them
        ('segment.champions', convert_from(decode('d187d0b5d0bcd0bfd0b8d0bed0bdd18b', 'hex'), 'UTF8')),
        ('segment.champions.advice', convert_from(decode('d09fd0bed0bed189d180d18fd0b9d182d0b52c20d0b4d0b0d0b2d0b0d0b9d182d0b520d0bfd0b5d180d0b2d18bd0bcd0b820d0bfd180d0bed0b1d0bed0b2d0b0d182d18c20d0bdd0bed0b2d0b8d0bdd0bad0b82c20d0bfd180d0bed181d0b8d182d0b520d180d0b5d0bad0bed0bcd0b5d0bdd0b4d0bed0b2d0b0d182d18c20d0b2d0b0d181', 'hex'), 'UTF8')),
        ('segment.loyal', convert_from(decode('d0bbd0bed18fd0bbd18cd0bdd18bd0b5', 'hex'), 'UTF8')),
        ('segment.loyal.advice', convert_from(decode('d0a3d0b2d0b5d0bbd0b8d187d0b8d0b2d0b0d0b9d182d0b520d187d0b5d0ba3a20d0bfd180d0b5d0b4d0bbd0b0d0b3d0b0d0b9d182d0b520d181d0bed0bfd183d182d181d182d0b2d183d18ed189d0b8d0b520d182d0bed0b2d0b0d180d18b2c20d0bfd180d0bed181d0b8d182d0b520d0bed181d182d0b0d0b2d0b8d182d18c20d0bed182d0b7d18bd0b2', 'hex'), 'UTF8')),
        ('segment.potential loyalists', convert_from(decode('d0bfd0bed182d0b5d0bdd186d0b8d0b0d0bbd18cd0bdd0be20d0bbd0bed18fd0bbd18cd0bdd18bd0b5', 'hex'), 'UTF8')),
        ('segment.potential loyalists.advice', convert_from(decode('d09fd180d0b5d0b4d0bbd0bed0b6d0b8d182d0b520d0bad0b0d180d182d18320d0bad0bbd183d0b1d0b020d0b8d0bbd0b820d0bfd0bed0b4d0bfd0b8d181d0bad183', 'hex'), 'UTF8')),
        ('segment.promising', convert_from(decode('d0bfd0b5d180d181d0bfd0b5d0bad182d0b8d0b2d0bdd18bd0b5', 'hex'), 'UTF8')),
        ('segment.promising.advice', convert_from(decode('d09ad180d183d0bfd0bdd0b0d18f20d0bfd0b5d180d0b2d0b0d18f20d0bfd0bed0bad183d0bfd0bad0b03a20d0bfd0bed0bfd180d0b8d0b2d0b5d182d181d182d0b2d183d0b9d182d0b520d0bbd0b8d187d0bdd0be20d0b820d0bed0b1d181d0bbd183d0b6d0b8d182d0b520d182d0b0d0ba2c20d187d182d0bed0b1d18b20d0b7d0b0d0bfd0bed0bcd0bdd0b8d0bbd0bed181d18c', 'hex'), 'UTF8')),
        ('segment.new customers', convert_from(decode('d0bdd0bed0b2d0b8d187d0bad0b8', 'hex'), 'UTF8')),
        ('segment.new customers.advice', convert_from(decode('d09fd0bed0bcd0bed0b3d0b8d182d0b520d18120d0bfd0b5d180d0b2d18bd0bcd0b820d188d0b0d0b3d0b0d0bcd0b820d0b820d0b4d0b0d0b9d182d0b520d0bfd0bed0b2d0bed0b420d0b4d0bbd18f20d0b2d182d0bed180d0bed0b3d0be20d0b7d0b0d0bad0b0d0b7d0b0', 'hex'), 'UTF8')),
        ('segment.need attention', convert_from(decode('d182d180d0b5d0b1d183d18ed18220d0b2d0bdd0b8d0bcd0b0d0bdd0b8d18f', 'hex'), 'UTF8')),
        ('segment.need attention.advice', convert_from(decode('d0a5d0bed180d0bed188d0b8d0b520d0bad0bbd0b8d0b5d0bdd182d18b2c20d0bad0bed182d0bed180d18bd0b520d181d182d0b0d0bbd0b820d0b7d0b0d185d0bed0b4d0b8d182d18c20d180d0b5d0b6d0b53a20d0bfd180d0b5d0b4d0bbd0bed0b6d0b8d182d0b520d182d0be2c20d187d182d0be20d0bed0bdd0b820d183d0b6d0b520d0b1d180d0b0d0bbd0b82c20d0b820d0bdd0b0d0b7d0bed0b2d0b8d182d0b520d181d180d0bed0ba', 'hex'), 'UTF8')),
        ('segment.small baskets', convert_from(decode('d0bdd0b5d0b1d0bed0bbd18cd188d0b8d0b520d187d0b5d0bad0b8', 'hex'), 'UTF8')),
        ('segment.small baskets.advice', convert_from(decode('d09ed0b1d181d0bbd183d0b6d0b8d0b2d0b0d0b9d182d0b520d0bdd0b5d0b4d0bed180d0bed0b3d0be3a20d0b0d0b2d182d0bed0bcd0b0d182d0b8d187d0b5d181d0bad0b8d0b520d0bfd180d0b5d0b4d0bbd0bed0b6d0b5d0bdd0b8d18f2c20d0bcd0b8d0bdd0b8d0bcd0b0d0bbd18cd0bdd0b0d18f20d181d183d0bcd0bcd0b020d0b7d0b0d0bad0b0d0b7d0b0', 'hex'), 'UTF8')),
        ('segment.about to sleep', convert_from(decode('d0b7d0b0d181d18bd0bfd0b0d18ed189d0b8d0b5', 'hex'), 'UTF8')),
        ('segment.about to sleep.advice', convert_from(decode('d09dd0b0d0bfd0bed0bcd0bdd0b8d182d0b520d0be20d181d0b5d0b1d0b52c20d0bfd0bed0bad0b020d0b2d0b0d18120d0bdd0b520d0b7d0b0d0b1d18bd0bbd0b8', 'hex'), 'UTF8')),
        ('segment.cannot lose', convert_from(decode('d0bdd0b5d0bbd18cd0b7d18f20d0bfd0bed182d0b5d180d18fd182d18c', 'hex'), 'UTF8')),
        ('segment.cannot lose.advice', convert_from(decode('d09fd0bed0bad183d0bfd0b0d0bbd0b820d187d0b0d181d182d0be20d0b820d0bcd0bdd0bed0b3d0be3a20d0bfd0bed0b7d0b2d0bed0bdd0b8d182d0b520d0b820d181d0bfd180d0bed181d0b8d182d0b52c20d187d182d0be20d0bfd0bed188d0bbd0be20d0bdd0b520d182d0b0d0ba', 'hex'), 'UTF8')),
        ('segment.at risk', convert_from(decode('d0b220d0b7d0bed0bdd0b520d180d0b8d181d0bad0b0', 'hex'), 'UTF8')),
        ('segment.at risk.advice', convert_from(decode('d09dd0b0d0bfd0b8d188d0b8d182d0b520d0bbd0b8d187d0bdd0be2c20d0bfd0bed0b2d182d0bed180d0b8d182d0b520d0bfd180d0b5d0b4d0bbd0bed0b6d0b5d0bdd0b8d0b5', 'hex'), 'UTF8')),
        ('segment.hibernating', convert_from(decode('d181d0bfd18fd189d0b8d0b5', 'hex'), 'UTF8')),
        ('segment.hibernating.advice', convert_from(decode('d09ed0b4d0bdd0be20d0b0d0b2d182d0bed0bcd0b0d182d0b8d187d0b5d181d0bad0bed0b520d0bfd180d0b5d0b4d0bbd0bed0b6d0b5d0bdd0b8d0b52c20d0bdd0b520d0b1d0bed0bbd18cd188d0b5', 'hex'), 'UTF8')),
        ('segment.lost', convert_from(decode('d0bfd0bed182d0b5d180d18fd0bdd0bdd18bd0b5', 'hex'), 'UTF8')),
        ('segment.lost.advice', convert_from(decode('d09dd0b520d182d180d0b0d182d18cd182d0b520d0bdd0b8d187d0b5d0b3d0be2c20d180d0b0d0b7d0b2d0b520d187d182d0be20d180d0b0d181d181d18bd0bbd0bad0b020d0b4d0bed0b9d0b4d191d18220d0b4d0be20d0bdd0b8d18520d0b1d0b5d181d0bfd0bbd0b0d182d0bdd0be', 'hex'), 'UTF8')),
        ('segment.other', convert_from(decode('d0bfd180d0bed187d0b8d0b5', 'hex'), 'UTF8')),

        -- labels of what else divides customers and answers
        ('stage.new', convert_from(decode('d0bdd0bed0b2d18bd0b5', 'hex'), 'UTF8')),
        ('stage.occasional', convert_from(decode('d18dd0bfd0b8d0b7d0bed0b4d0b8d187d0b5d181d0bad0b8d0b5', 'hex'), 'UTF8')),
        ('stage.regular', convert_from(decode('d0bfd0bed181d182d0bed18fd0bdd0bdd18bd0b5', 'hex'), 'UTF8')),
        ('stage.lost', convert_from(decode('d0bfd0bed182d0b5d180d18fd0bdd0bdd18bd0b5', 'hex'), 'UTF8')),
        ('class.A', 'A'),
        ('class.B', 'B'),
        ('class.C', 'C'),
        ('class.none', convert_from(decode('d0b1d0b5d0b720d0bad0bbd0b0d181d181d0b0', 'hex'), 'UTF8')),
        ('buyer.one_time', convert_from(decode('d180d0b0d0b7d0bed0b2d18bd0b5', 'hex'), 'UTF8')),
        ('buyer.occasional', convert_from(decode('d18dd0bfd0b8d0b7d0bed0b4d0b8d187d0b5d181d0bad0b8d0b5', 'hex'), 'UTF8')),
        ('buyer.regular', convert_from(decode('d0bfd0bed181d182d0bed18fd0bdd0bdd18bd0b5', 'hex'), 'UTF8')),
        ('light.green', convert_from(decode('d0b7d0b5d0bbd191d0bdd18bd0b9', 'hex'), 'UTF8')),
        ('light.mixed', convert_from(decode('d181d0bcd0b5d188d0b0d0bdd0bdd18bd0b9', 'hex'), 'UTF8')),
        ('light.yellow', convert_from(decode('d0b6d191d0bbd182d18bd0b9', 'hex'), 'UTF8')),
        ('light.red', convert_from(decode('d0bad180d0b0d181d0bdd18bd0b9', 'hex'), 'UTF8')),
        ('band.strong', convert_from(decode('d0b2d18bd181d0bed0bad0b8d0b9', 'hex'), 'UTF8')),
        ('band.average', convert_from(decode('d181d180d0b5d0b4d0bdd0b8d0b9', 'hex'), 'UTF8')),
        ('band.weak', convert_from(decode('d0bdd0b8d0b7d0bad0b8d0b9', 'hex'), 'UTF8')),
        ('nps_group.promoter', convert_from(decode('d0bfd180d0bed0bcd0bed183d182d0b5d180d18b', 'hex'), 'UTF8')),
        ('nps_group.passive', convert_from(decode('d0bdd0b5d0b9d182d180d0b0d0bbd18cd0bdd18bd0b5', 'hex'), 'UTF8')),
        ('nps_group.detractor', convert_from(decode('d0bad180d0b8d182d0b8d0bad0b8', 'hex'), 'UTF8')),
        ('verdict.up', convert_from(decode('d180d0bed181d182', 'hex'), 'UTF8')),
        ('verdict.flat', convert_from(decode('d0b1d0b5d0b720d0b8d0b7d0bcd0b5d0bdd0b5d0bdd0b8d0b9', 'hex'), 'UTF8')),
        ('verdict.down', convert_from(decode('d181d0bdd0b8d0b6d0b5d0bdd0b8d0b5', 'hex'), 'UTF8')),
        ('kind.positive', convert_from(decode('d0bfd0bed185d0b2d0b0d0bbd0b0', 'hex'), 'UTF8')),
        ('kind.negative', convert_from(decode('d0b6d0b0d0bbd0bed0b1d0b0', 'hex'), 'UTF8')),
        ('kind.question', convert_from(decode('d0b2d0bed0bfd180d0bed181', 'hex'), 'UTF8')),
        ('kind.criticism', convert_from(decode('d0b7d0b0d0bcd0b5d187d0b0d0bdd0b8d0b5', 'hex'), 'UTF8')),
        ('kind.idea', convert_from(decode('d0b8d0b4d0b5d18f', 'hex'), 'UTF8')),
        ('kind.lead', convert_from(decode('d0b7d0b0d18fd0b2d0bad0b0', 'hex'), 'UTF8')),
        ('kind.none', convert_from(decode('d0bdd0b520d183d0bad0b0d0b7d0b0d0bdd0be', 'hex'), 'UTF8')),
        ('touchpoint_group.business', convert_from(decode('d0bad0bed0bcd0bfd0b0d0bdd0b8d18f', 'hex'), 'UTF8')),
        ('touchpoint_group.product', convert_from(decode('d182d0bed0b2d0b0d180', 'hex'), 'UTF8')),
        ('touchpoint_group.service', convert_from(decode('d181d0b5d180d0b2d0b8d181', 'hex'), 'UTF8')),
        ('touchpoint_group.employee', convert_from(decode('d0bfd0b5d180d181d0bed0bdd0b0d0bb', 'hex'), 'UTF8')),
        ('level.awful', convert_from(decode('d183d0b6d0b0d181d0bdd0be', 'hex'), 'UTF8')),
        ('level.ok', convert_from(decode('d0bdd0bed180d0bcd0b0d0bbd18cd0bdd0be', 'hex'), 'UTF8')),
        ('level.wow', convert_from(decode('d0b2d0b0d183', 'hex'), 'UTF8')),
        ('questionnaire.loyalty', convert_from(decode('d0bbd0bed18fd0bbd18cd0bdd0bed181d182d18c', 'hex'), 'UTF8')),
        ('questionnaire.staff', convert_from(decode('d0bfd0b5d180d181d0bed0bdd0b0d0bb', 'hex'), 'UTF8')),

        -- the express test
        ('express.red', convert_from(decode('d0a1d183d0b4d0b8d182d18c20d0bfd0bed0bad0b020d0bdd0b520d0be20d187d0b5d0bc3a20d181d0bed0b1d0b8d180d0b0d0b9d182d0b520d0b7d0b0d0bad0b0d0b7d18b20d0b2d0bcd0b5d181d182d0b520d18120d0b4d0b0d0bdd0bdd18bd0bcd0b820d0be20d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd18fd1852c20d0bfd0bed0bad0b020d18320d0bfd0b5d180d0b2d18bd18520d0b8d0b720d0bdd0b8d18520d0bdd0b520d0b1d183d0b4d0b5d18220d0b2d180d0b5d0bcd0b5d0bdd0b820d0b2d0b5d180d0bdd183d182d18cd181d18f2e', 'hex'), 'UTF8')),
        ('express.unassigned', convert_from(decode('d091d0bed0bbd18cd188d0b0d18f20d187d0b0d181d182d18c20d0bfd180d0bed0b4d0b0d0b620e2809420d0b1d0b5d0b720d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd18f2e20d0a1d0bdd0b0d187d0b0d0bbd0b020d181d0bed0b1d0b5d180d0b8d182d0b520d0b4d0b0d0bdd0bdd18bd0b53a20d181d0bfd180d0b0d188d0b8d0b2d0b0d0b9d182d0b520d0bdd0b020d0bad0b0d181d181d0b520d18320d0bad0b0d0b6d0b4d0bed0b3d0be20d182d0b5d0bbd0b5d184d0bed0bd20d0b8d0bbd0b820d0bad0b0d180d182d18320d0bad0bbd0b8d0b5d0bdd182d0b02e', 'hex'), 'UTF8')),
        ('express.green', convert_from(decode('d09bd0b8d188d18c20d0bdd0b5d0bcd0bdd0bed0b3d0b8d0b520d0bfd0bed0bad183d0bfd0b0d18ed18220d0bed0b4d0b8d0bd20d180d0b0d0b720d0b820d0bdd0b520d0b2d0bed0b7d0b2d180d0b0d189d0b0d18ed182d181d18f2e20d09fd180d0bed0b4d0bed0bbd0b6d0b0d0b9d182d0b520d182d0be2c20d187d182d0be20d0b8d18520d0b2d0bed0b7d0b2d180d0b0d189d0b0d0b5d1822c20d0b820d0b2d0bad0bbd0b0d0b4d18bd0b2d0b0d0b9d182d0b5d181d18c20d0b220d0bfd180d0b8d0b2d0bbd0b5d187d0b5d0bdd0b8d0b520d0bdd0bed0b2d18bd1852e', 'hex'), 'UTF8')),
        ('express.yellow', convert_from(decode('d0a0d0b0d0b7d0bed0b2d18bd18520d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd0b5d0b920d0b1d0bed0bbd18cd188d0b52c20d187d0b5d0bc20d0bfd0bed181d182d0bed18fd0bdd0bdd18bd1852e20d09fd180d0b5d0b6d0b4d0b520d187d0b5d0bc20d182d180d0b0d182d0b8d182d18cd181d18f20d0bdd0b020d0bdd0bed0b2d18bd1852c20d0b2d18bd18fd181d0bdd0b8d182d0b52c20d0bfd0bed187d0b5d0bcd18320d0bdd0b520d0b2d0bed0b7d0b2d180d0b0d189d0b0d18ed182d181d18f3a20d181d0bfd180d0bed181d0b8d182d0b520d0b8d18520d181d0b0d0bcd0b8d18520284e5053292e', 'hex'), 'UTF8')),
        ('express.mixed', convert_from(decode('d09cd0b0d0b3d0b0d0b7d0b8d0bd20d0b4d0b5d180d0b6d0b8d182d181d18f20d0bdd0b020d0bfd0bed181d182d0bed18fd0bdd0bdd18bd18520d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd18fd1852c20d0bdd0be20d181d0bbd0b8d188d0bad0bed0bc20d0bcd0bdd0bed0b3d0b8d0b520d0bfd0bed0bad183d0bfd0b0d18ed18220d0bbd0b8d188d18c20d180d0b0d0b72e20d094d0bed0b1d0b5d0b9d182d0b5d181d18c20d0bed18220d0bdd0b8d18520d0b2d182d0bed180d0bed0b3d0be20d0b7d0b0d0bad0b0d0b7d0b02e', 'hex'), 'UTF8')),

        -- what is usual elsewhere
        ('benchmark.nps.strong', convert_from(decode('d0a1d0b5d180d0b2d0b8d18120d180d0b0d0b1d0bed182d0b0d0b5d18220d0bdd0b020d0bbd0bed18fd0bbd18cd0bdd0bed181d182d18c3a20d0b4d0b5d180d0b6d0b8d182d0b520d183d180d0bed0b2d0b5d0bdd18c20d0b820d0bfd180d0bed181d0b8d182d0b520d180d0b5d0bad0bed0bcd0b5d0bdd0b4d0bed0b2d0b0d182d18c20d0b2d0b0d181', 'hex'), 'UTF8')),
        ('benchmark.nps.average', convert_from(decode('d095d181d182d18c20d187d182d0be20d183d0bbd183d187d188d0b8d182d18c3a20d181d0bfd180d0bed181d0b8d182d0b520d18320d0bad180d0b8d182d0b8d0bad0bed0b22c20d187d182d0be20d0b8d0bcd0b5d0bdd0bdd0be', 'hex'), 'UTF8')),
        ('benchmark.nps.Apple', convert_from(decode('d09ed0b4d0bdd0be20d0b8d0b720d181d0b0d0bcd18bd18520d0b8d0b7d0b2d0b5d181d182d0bdd18bd18520d0b7d0bdd0b0d187d0b5d0bdd0b8d0b9', 'hex'), 'UTF8')),
        ('benchmark.nps.USAA', convert_from(decode('d09ed0b4d0bdd0be20d0b8d0b720d181d0b0d0bcd18bd18520d0b8d0b7d0b2d0b5d181d182d0bdd18bd18520d0b7d0bdd0b0d187d0b5d0bdd0b8d0b9', 'hex'), 'UTF8')),
        ('benchmark.one_time_share.express test', convert_from(decode('d094d0be20d18dd182d0bed0b920d0b4d0bed0bbd0b820d180d0b0d0b7d0bed0b2d18bd18520d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd0b5d0b920d0b2d181d19120d0b220d0bfd0bed180d18fd0b4d0bad0b5', 'hex'), 'UTF8')),
        ('benchmark.pct_of_customers_bringing_80.Pareto', convert_from(decode('d09ad0bbd0b0d181d181d0b8d187d0b5d181d0bad0bed0b520d0bfd180d0b0d0b2d0b8d0bbd0be3a20d0bfd18fd182d0b0d18f20d187d0b0d181d182d18c20d0bad0bbd0b8d0b5d0bdd182d0bed0b220d0bfd180d0b8d0bdd0bed181d0b8d18220d187d0b5d182d18bd180d0b520d0bfd18fd182d18bd18520d0b2d18bd180d183d187d0bad0b8', 'hex'), 'UTF8')),
        ('benchmark.repeat_rate_new.sales experience', convert_from(decode('d092d0b5d180d0bed18fd182d0bdd0bed181d182d18c20d0bfd180d0bed0b4d0b0d182d18c20d0bdd0bed0b2d0bed0bcd18320d0bad0bbd0b8d0b5d0bdd182d183', 'hex'), 'UTF8')),
        ('benchmark.repeat_rate_loyal.sales experience', convert_from(decode('d092d0b5d180d0bed18fd182d0bdd0bed181d182d18c20d0bfd180d0bed0b4d0b0d182d18c20d0bbd0bed18fd0bbd18cd0bdd0bed0bcd18320d0bad0bbd0b8d0b5d0bdd182d183', 'hex'), 'UTF8')),

        -- what to do with a Net Promoter Score
        ('nps_advice.ratings', convert_from(decode('d098d0bdd0b4d0b5d0bad181d0b0204e505320d0bdd0b5d1823a20d18dd182d0be20d0bed186d0b5d0bdd0bad0b820d0bed18220257320d0b4d0be2025732c20d181d0bcd0bed182d180d0b8d182d0b520726174696e675f73756d6d617279', 'hex'), 'UTF8')),
        ('nps_advice.strong', convert_from(decode('d0a1d0b5d180d0b2d0b8d18120d180d0b0d0b1d0bed182d0b0d0b5d18220d0bdd0b020d0bbd0bed18fd0bbd18cd0bdd0bed181d182d18c3a20d182d0b0d0ba20d0b4d0b5d180d0b6d0b0d182d18c2e20d091d0bbd0b0d0b3d0bed0b4d0b0d180d0b8d182d0b520d0bfd180d0bed0bcd0bed183d182d0b5d180d0bed0b220d0b820d0bfd180d0bed181d0b8d182d0b520d180d0b5d0bad0bed0bcd0b5d0bdd0b4d0bed0b2d0b0d182d18c20d0b2d0b0d181', 'hex'), 'UTF8')),
        ('nps_advice.average', convert_from(decode('d095d181d182d18c20d187d182d0be20d183d0bbd183d187d188d0b8d182d18c3a20d181d0b4d0b5d0bbd0b0d0b9d182d0b520d182d0be2c20d0be20d187d191d0bc20d187d0b0d189d0b520d0b2d181d0b5d0b3d0be20d0bfd180d0bed181d18fd18220d0bdd0b5d0b9d182d180d0b0d0bbd18cd0bdd18bd0b520d0b820d0bad180d0b8d182d0b8d0bad0b8', 'hex'), 'UTF8')),
        ('nps_advice.weak', convert_from(decode('d0a0d0b0d0b7d0b1d0b5d180d0b8d182d0b520d0bfd180d0bed186d0b5d181d181d18b20d0b820d0bfd0b5d180d0b5d181d182d180d0bed0b9d182d0b520d0b8d1853a20d0b7d0b2d0bed0bdd0b8d182d0b520d0bad180d0b8d182d0b8d0bad0b0d0bc20d0b820d0bdd0b0d187d0bdd0b8d182d0b520d18120d182d0bed0b3d0be2c20d0bdd0b020d187d182d0be20d0b6d0b0d0bbd183d18ed182d181d18f20d187d0b0d189d0b520d0b2d181d0b5d0b3d0be', 'hex'), 'UTF8')),

        -- where customers meet the business
        ('touchpoint.101.name', convert_from(decode('d0b2d18bd0b2d0b5d181d0bad0b0', 'hex'), 'UTF8')),
        ('touchpoint.101.description', convert_from(decode('d092d0b8d0b4d0bdd0b020d0b820d187d0b8d182d0b0d0b5d182d181d18f20d18120d183d0bbd0b8d186d18b2c20d0b2d0b5d187d0b5d180d0bed0bc20d0bfd0bed0b4d181d0b2d0b5d187d0b5d0bdd0b02c20d187d0b0d181d18b20d180d0b0d0b1d0bed182d18b20d183d0bad0b0d0b7d0b0d0bdd18b20d0b2d0b5d180d0bdd0be', 'hex'), 'UTF8')),
        ('touchpoint.102.name', convert_from(decode('d0bfd0b0d180d0bad0bed0b2d0bad0b0', 'hex'), 'UTF8')),
        ('touchpoint.102.description', convert_from(decode('d095d181d182d18c20d0b3d0b4d0b520d0bfd0bed181d182d0b0d0b2d0b8d182d18c20d0bcd0b0d188d0b8d0bdd1832c20d180d18fd0b4d0bed0bc2c20d0b820d0bfd0bed0bdd18fd182d0bdd0be2c20d187d18cd0b820d18dd182d0be20d0bcd0b5d181d182d0b0', 'hex'), 'UTF8')),
        ('touchpoint.103.name', convert_from(decode('d0b2d185d0bed0b4', 'hex'), 'UTF8')),
        ('touchpoint.103.description', convert_from(decode('d09bd0b5d0b3d0bad0be20d0bdd0b0d0b9d182d0b820d0b820d0bed182d0bad180d18bd182d18c2c20d187d0b8d181d182d0be2c20d0bcd0bed0b6d0bdd0be20d0bfd180d0bed0b9d182d0b820d18120d0b4d0b5d182d181d0bad0bed0b920d0bad0bed0bbd18fd181d0bad0bed0b920d0b820d0bdd0b020d0b8d0bdd0b2d0b0d0bbd0b8d0b4d0bdd0bed0bc20d0bad180d0b5d181d0bbd0b5', 'hex'), 'UTF8')),
        ('touchpoint.104.name', convert_from(decode('d0bfd0bed0bcd0b5d189d0b5d0bdd0b8d0b5', 'hex'), 'UTF8')),
        ('touchpoint.104.description', convert_from(decode('d0a7d0b8d181d182d0be2c20d181d0b2d0b5d182d0bbd0be2c20d182d0b5d0bfd0bbd0be2c20d0b5d181d182d18c20d0b3d0b4d0b520d0bfd180d0b8d181d0b5d181d182d18c2c20d187d183d0b2d181d182d0b2d183d0b5d182d181d18f20d0bfd0bed180d18fd0b4d0bed0ba', 'hex'), 'UTF8')),
        ('touchpoint.105.name', convert_from(decode('d187d0b0d181d18b20d180d0b0d0b1d0bed182d18b', 'hex'), 'UTF8')),
        ('touchpoint.105.description', convert_from(decode('d0a3d0b4d0bed0b1d0bdd18b20d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd18fd0bc20d0b820d181d0bed0b1d0bbd18ed0b4d0b0d18ed182d181d18f20d0b4d0be20d0bcd0b8d0bdd183d182d18b', 'hex'), 'UTF8')),
        ('touchpoint.106.name', convert_from(decode('d181d0b0d0b9d182', 'hex'), 'UTF8')),
        ('touchpoint.106.description', convert_from(decode('d09ed182d0bad180d18bd0b2d0b0d0b5d182d181d18f20d181d180d0b0d0b7d1832c20d0bed182d0b2d0b5d187d0b0d0b5d18220d0bdd0b020d0bfd0b5d180d0b2d18bd0b920d0b2d0bed0bfd180d0bed1812c20d183d0b4d0bed0b1d0b5d0bd20d0bdd0b020d182d0b5d0bbd0b5d184d0bed0bdd0b5', 'hex'), 'UTF8')),
        ('touchpoint.107.name', convert_from(decode('d0bad0b0d180d182d18b20d0b820d0bed182d0b7d0bed0b2d0b8d0bad0b8', 'hex'), 'UTF8')),
        ('touchpoint.107.description', convert_from(decode('d090d0b4d180d0b5d1812c20d187d0b0d181d18b20d0b820d184d0bed182d0bed0b3d180d0b0d184d0b8d0b820d0b2d0b5d180d0bdd18b3b20d0bdd0b020d0bed182d0b7d18bd0b2d18b20d0bed182d0b2d0b5d187d0b0d18ed182', 'hex'), 'UTF8')),
        ('touchpoint.108.name', convert_from(decode('d180d0b5d0bad0bbd0b0d0bcd0b0', 'hex'), 'UTF8')),
        ('touchpoint.108.description', convert_from(decode('d09ed0b1d0b5d189d0b0d0b5d18220d182d0be2c20d187d182d0be20d0b2d18bd0bfd0bed0bbd0bdd18fd0b5d182d181d18f2c20d0b820d0bfd0bed0b4d181d0bad0b0d0b7d18bd0b2d0b0d0b5d18220d181d0bbd0b5d0b4d183d18ed189d0b8d0b920d188d0b0d0b3', 'hex'), 'UTF8')),
        ('touchpoint.109.name', convert_from(decode('d181d0bed186d181d0b5d182d0b8', 'hex'), 'UTF8')),
        ('touchpoint.109.description', convert_from(decode('d0a1d182d180d0b0d0bdd0b8d186d18b20d0b6d0b8d0b2d18bd0b52c20d0bdd0b020d0b2d0bed0bfd180d0bed181d18b20d0bed182d0b2d0b5d187d0b0d18ed182', 'hex'), 'UTF8')),
        ('touchpoint.110.name', convert_from(decode('d0bfd180d0b0d0b9d1812dd0bbd0b8d181d182', 'hex'), 'UTF8')),
        ('touchpoint.110.description', convert_from(decode('d09bd0b5d0b3d0bad0be20d0bdd0b0d0b9d182d0b820d0b820d0bfd0bed0bdd18fd182d18c2c20d0b1d0b5d0b720d181d18ed180d0bfd180d0b8d0b7d0bed0b220d0bfd0bed182d0bed0bc', 'hex'), 'UTF8')),
        ('touchpoint.111.name', convert_from(decode('d0bfd0b8d181d18cd0bcd0b020d0b820d0b2d0b8d0b7d0b8d182d0bad0b8', 'hex'), 'UTF8')),
        ('touchpoint.111.description', convert_from(decode('d09fd180d0b5d0b4d0bbd0bed0b6d0b5d0bdd0b8d18f2c20d181d187d0b5d182d0b02c20d0b2d0b8d0b7d0b8d182d0bad0b820d0b820d0bfd0b8d181d18cd0bcd0b020d0b2d18bd0b4d0b5d180d0b6d0b0d0bdd18b20d0b220d0bed0b4d0bdd0bed0bc20d181d182d0b8d0bbd0b5', 'hex'), 'UTF8')),
        ('touchpoint.201.name', convert_from(decode('d0b0d181d181d0bed180d182d0b8d0bcd0b5d0bdd182', 'hex'), 'UTF8')),
        ('touchpoint.201.description', convert_from(decode('d095d181d182d18c20d182d0be2c20d0b7d0b020d187d0b5d0bc20d0bfd180d0b8d185d0bed0b4d18fd1822c20d0b820d0b5d181d182d18c20d0b8d0b720d187d0b5d0b3d0be20d0b2d18bd0b1d180d0b0d182d18c', 'hex'), 'UTF8')),
        ('touchpoint.202.name', convert_from(decode('d0bdd0b0d0bbd0b8d187d0b8d0b5', 'hex'), 'UTF8')),
        ('touchpoint.202.description', convert_from(decode('d0a2d0bed0b2d0b0d18020d0b5d181d182d18c20d0bdd0b020d181d0bad0bbd0b0d0b4d0b520d0b8d0bbd0b820d0bdd0b0d0b7d0b2d0b0d0bd20d181d180d0bed0ba2c20d0bad0bed182d0bed180d18bd0b920d181d0bed0b1d0bbd18ed0b4d0b0d18ed182', 'hex'), 'UTF8')),
        ('touchpoint.203.name', convert_from(decode('d0b2d18bd0bad0bbd0b0d0b4d0bad0b0', 'hex'), 'UTF8')),
        ('touchpoint.203.description', convert_from(decode('d0a5d0bed187d0b5d182d181d18f20d0b2d0b7d18fd182d18c20d0b220d180d183d0bad0b83b20d0bdd0b0d185d0bed0b4d0b8d182d181d18f20d0b1d0b5d0b720d0bfd0bed0b4d181d0bad0b0d0b7d0bad0b8', 'hex'), 'UTF8')),
        ('touchpoint.204.name', convert_from(decode('d0bed0bfd0b8d181d0b0d0bdd0b8d0b520d182d0bed0b2d0b0d180d0b0', 'hex'), 'UTF8')),
        ('touchpoint.204.description', convert_from(decode('d09fd0bed0bdd18fd182d0bdd0be2c20d187d182d0be20d18dd182d0be2c20d0b4d0bbd18f20d187d0b5d0b3d0be20d0bfd0bed0b4d185d0bed0b4d0b8d18220d0b820d0b4d0bbd18f20d187d0b5d0b3d0be20d0bdd0b5d182', 'hex'), 'UTF8')),
        ('touchpoint.205.name', convert_from(decode('d0bed0b1d180d0b0d0b7d0b5d18620d0b8d0bbd0b820d0bfd180d0bed0b1d0b0', 'hex'), 'UTF8')),
        ('touchpoint.205.description', convert_from(decode('d09cd0bed0b6d0bdd0be20d0bfd0bed0bfd180d0bed0b1d0bed0b2d0b0d182d18c20d0b4d0be20d0bfd0bed0bad183d0bfd0bad0b8', 'hex'), 'UTF8')),
        ('touchpoint.206.name', convert_from(decode('d183d0bfd0b0d0bad0bed0b2d0bad0b0', 'hex'), 'UTF8')),
        ('touchpoint.206.description', convert_from(decode('d097d0b0d189d0b8d189d0b0d0b5d1822c20d0bed182d0bad180d18bd0b2d0b0d0b5d182d181d18f20d0b1d0b5d0b720d0b8d0bdd181d182d180d183d0bcd0b5d0bdd182d0bed0b22c20d0bcd0b0d0bbd0be20d0bcd183d181d0bed180d0b0', 'hex'), 'UTF8')),
        ('touchpoint.207.name', convert_from(decode('d0bfd0b5d180d0b2d0bed0b520d0b8d181d0bfd0bed0bbd18cd0b7d0bed0b2d0b0d0bdd0b8d0b5', 'hex'), 'UTF8')),
        ('touchpoint.207.description', convert_from(decode('d0a0d0b0d0b1d0bed182d0b0d0b5d18220d181d180d0b0d0b7d1832c20d0b8d0bdd181d182d180d183d0bad186d0b8d18f20d0b4d0b5d0b9d181d182d0b2d0b8d182d0b5d0bbd18cd0bdd0be20d0bfd0bed0bcd0bed0b3d0b0d0b5d182', 'hex'), 'UTF8')),
        ('touchpoint.208.name', convert_from(decode('d0bad0b0d187d0b5d181d182d0b2d0be20d0b220d0b4d0b5d0bbd0b5', 'hex'), 'UTF8')),
        ('touchpoint.208.description', convert_from(decode('d09ad0b0d0b6d0b4d18bd0b920d180d0b0d0b720d0b4d0b5d0bbd0b0d0b5d18220d182d0be2c20d187d182d0be20d0bed0b1d0b5d189d0b0d0bdd0be', 'hex'), 'UTF8')),
        ('touchpoint.209.name', convert_from(decode('d181d0bed0bed182d0b2d0b5d182d181d182d0b2d0b8d0b520d186d0b5d0bdd0b5', 'hex'), 'UTF8')),
        ('touchpoint.209.description', convert_from(decode('d09820d187d0b5d180d0b5d0b720d0bcd0b5d181d18fd18620d0bad0b0d0b6d0b5d182d181d18f2c20d187d182d0be20d0b4d0b5d0bdd18cd0b3d0b820d0bfd0bed182d180d0b0d187d0b5d0bdd18b20d0bdd0b520d0b7d180d18f', 'hex'), 'UTF8')),
        ('touchpoint.210.name', convert_from(decode('d0b3d0b0d180d0b0d0bdd182d0b8d18f', 'hex'), 'UTF8')),
        ('touchpoint.210.description', convert_from(decode('d0a3d181d0bbd0bed0b2d0b8d18f20d18fd181d0bdd18b20d0b820d0b2d18bd0bfd0bed0bbd0bdd18fd18ed182d181d18f20d0b1d0b5d0b720d181d0bfd0bed180d0bed0b2', 'hex'), 'UTF8')),
        ('touchpoint.301.name', convert_from(decode('d0bfd0b5d180d0b2d18bd0b920d0b7d0b2d0bed0bdd0bed0ba', 'hex'), 'UTF8')),
        ('touchpoint.301.description', convert_from(decode('d0a2d180d183d0b1d0bad18320d0b1d0b5d180d183d18220d0b1d18bd181d182d180d0be2c20d0b820d182d0bed1822c20d0bad182d0be20d0bcd0bed0b6d0b5d18220d0bfd0bed0bcd0bed187d18c', 'hex'), 'UTF8')),
        ('touchpoint.302.name', convert_from(decode('d0bed182d0b2d0b5d18220d0bdd0b020d181d0bed0bed0b1d189d0b5d0bdd0b8d0b5', 'hex'), 'UTF8')),
        ('touchpoint.302.description', convert_from(decode('d09220d182d0bed18220d0b6d0b520d0b4d0b5d0bdd18c20d0b820d0bdd0b020d182d0bed18220d0b2d0bed0bfd180d0bed1812c20d0bad0bed182d0bed180d18bd0b920d0b7d0b0d0b4d0b0d0bbd0b8', 'hex'), 'UTF8')),
        ('touchpoint.303.name', convert_from(decode('d0bed0b6d0b8d0b4d0b0d0bdd0b8d0b5', 'hex'), 'UTF8')),
        ('touchpoint.303.description', convert_from(decode('d09dd0b5d0b4d0bed0bbd0b3d0bed0b52c20d0b8d0bbd0b820d0b3d0bed0b2d0bed180d18fd1822c20d181d0bad0bed0bbd18cd0bad0be20d0b6d0b4d0b0d182d18c20d0b820d0bfd0bed187d0b5d0bcd183', 'hex'), 'UTF8')),
        ('touchpoint.304.name', convert_from(decode('d0bad0bed0bdd181d183d0bbd18cd182d0b0d186d0b8d18f', 'hex'), 'UTF8')),
        ('touchpoint.304.description', convert_from(decode('d0a1d0bdd0b0d187d0b0d0bbd0b020d181d0bfd180d0b0d188d0b8d0b2d0b0d18ed1822c20d0bfd0bed182d0bed0bc20d181d0bed0b2d0b5d182d183d18ed1823b20d0bfd180d0b5d0b4d0bbd0b0d0b3d0b0d18ed18220d0bfd0bed0b4d185d0bed0b4d18fd189d0b5d0b52c20d0b020d0bdd0b520d0b4d0bed180d0bed0b3d0bed0b5', 'hex'), 'UTF8')),
        ('touchpoint.305.name', convert_from(decode('d0bed184d0bed180d0bcd0bbd0b5d0bdd0b8d0b520d0b7d0b0d0bad0b0d0b7d0b0', 'hex'), 'UTF8')),
        ('touchpoint.305.description', convert_from(decode('d09cd0b0d0bbd0be20d188d0b0d0b3d0bed0b22c20d0bdd0b8d187d0b5d0b3d0be20d0bdd0b520d181d0bfd180d0b0d188d0b8d0b2d0b0d18ed18220d0b4d0b2d0b0d0b6d0b4d18b2c20d0bfd0bed0b4d182d0b2d0b5d180d0b6d0b4d0b5d0bdd0b8d0b520d181d180d0b0d0b7d183', 'hex'), 'UTF8')),
        ('touchpoint.306.name', convert_from(decode('d0bed0bfd0bbd0b0d182d0b0', 'hex'), 'UTF8')),
        ('touchpoint.306.description', convert_from(decode('d0a3d0b4d0bed0b1d0bdd18bd0bc20d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd18e20d181d0bfd0bed181d0bed0b1d0bed0bc20d0b820d18120d187d0b5d0bad0bed0bc', 'hex'), 'UTF8')),
        ('touchpoint.307.name', convert_from(decode('d0b4d0bed181d182d0b0d0b2d0bad0b0', 'hex'), 'UTF8')),
        ('touchpoint.307.description', convert_from(decode('d09220d0bed0b1d0b5d189d0b0d0bdd0bdd18bd0b920d181d180d0bed0ba2c20d0b220d186d0b5d0bbd0bed181d182d0b82c20d18120d181d0bed0bed0b1d189d0b5d0bdd0b8d0b5d0bc20d0b220d0bfd183d182d0b8', 'hex'), 'UTF8')),
        ('touchpoint.308.name', convert_from(decode('d0bfd0bed181d0bbd0b520d0bfd0bed0bad183d0bfd0bad0b8', 'hex'), 'UTF8')),
        ('touchpoint.308.description', convert_from(decode('d0a1d0bfd180d0b0d188d0b8d0b2d0b0d18ed1822c20d0b2d181d19120d0bbd0b820d185d0bed180d0bed188d0be', 'hex'), 'UTF8')),
        ('touchpoint.309.name', convert_from(decode('d180d0b0d0b1d0bed182d0b020d18120d0b6d0b0d0bbd0bed0b1d0b0d0bcd0b8', 'hex'), 'UTF8')),
        ('touchpoint.309.description', convert_from(decode('d092d18bd181d0bbd183d188d0b0d0bbd0b82c20d0b8d0b7d0b2d0b8d0bdd0b8d0bbd0b8d181d18c2c20d0b8d181d0bfd180d0b0d0b2d0b8d0bbd0b820e2809420d0b820d0b1d18bd181d182d180d0be', 'hex'), 'UTF8')),
        ('touchpoint.310.name', convert_from(decode('d0b2d0bed0b7d0b2d180d0b0d182', 'hex'), 'UTF8')),
        ('touchpoint.310.description', convert_from(decode('d0a2d0b0d0ba20d0b6d0b520d0bfd180d0bed181d182d0be2c20d0bad0b0d0ba20d0bad183d0bfd0b8d182d18c3b20d0b4d0b5d0bdd18cd0b3d0b820d0b2d0bed0b7d0b2d180d0b0d189d0b0d18ed18220d0b1d0b5d0b720d180d0b0d181d181d0bfd180d0bed181d0bed0b2', 'hex'), 'UTF8')),
        ('touchpoint.311.name', convert_from(decode('d0b1d0bbd0b0d0b3d0bed0b4d0b0d180d0bdd0bed181d182d18c20d0b820d0bfd180d0bed189d0b0d0bdd0b8d0b5', 'hex'), 'UTF8')),
        ('touchpoint.311.description', convert_from(decode('d09fd0bed0b1d0bbd0b0d0b3d0bed0b4d0b0d180d0b8d0bbd0b820d0b820d0b4d0b0d0bbd0b820d0bfd0bed0b2d0bed0b420d0b2d0b5d180d0bdd183d182d18cd181d18f', 'hex'), 'UTF8')),
        ('touchpoint.401.name', convert_from(decode('d0b2d0bdd0b5d188d0bdd0b8d0b920d0b2d0b8d0b4', 'hex'), 'UTF8')),
        ('touchpoint.401.description', convert_from(decode('d09ed0bfd180d18fd182d0bdd18b2c20d0b8d18520d0bdd0b520d181d0bfd183d182d0b0d182d18c20d18120d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd18fd0bcd0b8', 'hex'), 'UTF8')),
        ('touchpoint.402.name', convert_from(decode('d0bfd180d0b8d0b2d0b5d182d181d182d0b2d0b8d0b5', 'hex'), 'UTF8')),
        ('touchpoint.402.description', convert_from(decode('d097d0b0d0bcd0b5d187d0b0d18ed18220d0b820d0b7d0b4d0bed180d0bed0b2d0b0d18ed182d181d18f20d181d180d0b0d0b7d1832c20d0b7d0bdd0b0d0bad0bed0bcd18bd18520d0b7d0bed0b2d183d18220d0bfd0be20d0b8d0bcd0b5d0bdd0b8', 'hex'), 'UTF8')),
        ('touchpoint.403.name', convert_from(decode('d0b2d0bdd0b8d0bcd0b0d0bdd0b8d0b5', 'hex'), 'UTF8')),
        ('touchpoint.403.description', convert_from(decode('d0a1d0bbd183d188d0b0d0b5d18220d0b820d0b7d0b0d0bdd18fd18220d182d0bed0bbd18cd0bad0be20d18dd182d0b8d0bc20d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd0b5d0bc', 'hex'), 'UTF8')),
        ('touchpoint.404.name', convert_from(decode('d0bad0bed0bcd0bfd0b5d182d0b5d0bdd182d0bdd0bed181d182d18c', 'hex'), 'UTF8')),
        ('touchpoint.404.description', convert_from(decode('d097d0bdd0b0d0b5d18220d0b0d181d181d0bed180d182d0b8d0bcd0b5d0bdd1822c20d0b020d0b5d181d0bbd0b820d0bdd0b520d0b7d0bdd0b0d0b5d18220e2809420d182d0be20d18320d0bad0bed0b3d0be20d181d0bfd180d0bed181d0b8d182d18c', 'hex'), 'UTF8')),
        ('touchpoint.405.name', convert_from(decode('d0bfd0bed0bdd18fd182d0bdd0b0d18f20d180d0b5d187d18c', 'hex'), 'UTF8')),
        ('touchpoint.405.description', convert_from(decode('d09ed0b1d18ad18fd181d0bdd18fd0b5d18220d0bfd0bed0bdd18fd182d0bdd0be2c20d0b1d0b5d0b720d0b6d0b0d180d0b3d0bed0bdd0b0', 'hex'), 'UTF8')),
        ('touchpoint.406.name', convert_from(decode('d180d0b0d0b7d0b3d0bed0b2d0bed18020d0bfd0be20d182d0b5d0bbd0b5d184d0bed0bdd183', 'hex'), 'UTF8')),
        ('touchpoint.406.description', convert_from(decode('d09fd180d0b8d0b2d0b5d182d0bbd0b8d0b2d0be2c20d0b1d0b5d0b720d181d0bfd0b5d188d0bad0b82c20d0bfd180d0b5d0b4d181d182d0b0d0b2d0bbd18fd0b5d182d181d18f', 'hex'), 'UTF8')),
        ('touchpoint.407.name', convert_from(decode('d0b8d0bdd0b8d186d0b8d0b0d182d0b8d0b2d0b0', 'hex'), 'UTF8')),
        ('touchpoint.407.description', convert_from(decode('d09fd180d0b5d0b4d0bbd0b0d0b3d0b0d0b5d18220d181d0bed0bfd183d182d181d182d0b2d183d18ed189d0b5d0b52c20d180d0b0d181d181d0bad0b0d0b7d18bd0b2d0b0d0b5d18220d0be20d0bfd180d0bed0b3d180d0b0d0bcd0bcd0b520d0bbd0bed18fd0bbd18cd0bdd0bed181d182d0b8', 'hex'), 'UTF8')),
        ('touchpoint.408.name', convert_from(decode('d0bfd0b0d0bcd18fd182d18c', 'hex'), 'UTF8')),
        ('touchpoint.408.description', convert_from(decode('d0a3d0b7d0bdd0b0d191d18220d0bfd0bed181d182d0bed18fd0bdd0bdd18bd18520d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd0b5d0b920d0b820d0bfd0bed0bcd0bdd0b8d1822c20d187d182d0be20d0bed0bdd0b820d0bbd18ed0b1d18fd182', 'hex'), 'UTF8')),
        ('touchpoint.409.name', convert_from(decode('d0b2d0b5d180d0bdd0bed181d182d18c20d181d0bbd0bed0b2d183', 'hex'), 'UTF8')),
        ('touchpoint.409.description', convert_from(decode('d09fd0b5d180d0b5d0b7d0b2d0b0d0bdd0b8d0b2d0b0d0b5d18220d0b820d0b4d0b5d0bbd0b0d0b5d1822c20d187d182d0be20d0bed0b1d0b5d189d0b0d0bb', 'hex'), 'UTF8')),
        ('touchpoint.410.name', convert_from(decode('d181d0bfd0bed0bad0bed0b9d181d182d0b2d0b8d0b520d0bfd0bed0b420d0bdd0b0d0b3d180d183d0b7d0bad0bed0b9', 'hex'), 'UTF8')),
        ('touchpoint.410.description', convert_from(decode('d09ed181d182d0b0d191d182d181d18f20d0b2d0b5d0b6d0bbd0b8d0b2d18bd0bc2c20d0bad0bed0b3d0b4d0b020d0bbd18ed0b4d0bdd0be20d0b8d0bbd0b820d187d182d0be2dd182d0be20d0bfd0bed188d0bbd0be20d0bdd0b520d182d0b0d0ba', 'hex'), 'UTF8')),

        -- questionnaires: texts, and the options that are words
        ('question.recommend', convert_from(decode('d09dd0b0d181d0bad0bed0bbd18cd0bad0be20d0b2d0b5d180d0bed18fd182d0bdd0be2c20d187d182d0be20d0b2d18b20d0bfd0bed180d0b5d0bad0bed0bcd0b5d0bdd0b4d183d0b5d182d0b520d0bdd0b0d18120d0b4d180d183d0b7d18cd18fd0bc20d0b8d0bbd0b820d0bad0bed0bbd0bbd0b5d0b3d0b0d0bc2c20d0bed182203020d0b4d0be2031303f', 'hex'), 'UTF8')),
        ('question.make_it_a_10', convert_from(decode('d0a7d182d0be20d0bdd0b0d0bc20d181d0b4d0b5d0bbd0b0d182d18c2c20d187d182d0bed0b1d18b20d0b2d18b20d0bfd0bed181d182d0b0d0b2d0b8d0bbd0b82031303f', 'hex'), 'UTF8')),
        ('question.buy_again', convert_from(decode('d09ad183d0bfd0b8d182d0b520d0bbd0b820d0b2d18b20d18320d0bdd0b0d18120d0b5d189d19120d180d0b0d0b73f', 'hex'), 'UTF8')),
        ('question.polite', convert_from(decode('d092d0b5d0b6d0bbd0b8d0b2d18b20d0bbd0b820d0bcd18b20d18120d0bad0b0d0b6d0b4d18bd0bc20d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd0b5d0bc20d0b220d0bbd18ed0b1d0bed0b520d0b2d180d0b5d0bcd18f3f', 'hex'), 'UTF8')),
        ('question.offers_extras', convert_from(decode('d09fd180d0b5d0b4d0bbd0b0d0b3d0b0d0b5d0bc20d0bbd0b820d0bcd18b20d0ba20d0bfd0bed0bad183d0bfd0bad0b520d181d0bed0bfd183d182d181d182d0b2d183d18ed189d0b8d0b520d182d0bed0b2d0b0d180d18b3f', 'hex'), 'UTF8')),
        ('question.tells_of_programme', convert_from(decode('d0a0d0b0d181d181d0bad0b0d0b7d18bd0b2d0b0d0b5d0bc20d0bbd0b820d0bcd18b20d0bad0b0d0b6d0b4d0bed0bcd18320d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd18e20d0be20d0bfd180d0bed0b3d180d0b0d0bcd0bcd0b520d0bbd0bed18fd0bbd18cd0bdd0bed181d182d0b83f', 'hex'), 'UTF8')),
        ('question.knows_wishes', convert_from(decode('d097d0bdd0b0d0b5d0bc20d0bbd0b820d0bcd18b2c20d187d0b5d0b3d0be20d185d0bed182d18fd18220d0bdd0b0d188d0b820d0bfd0bed181d182d0bed18fd0bdd0bdd18bd0b520d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd0b83f', 'hex'), 'UTF8')),
        ('question.asks_for_feedback', convert_from(decode('d0a1d0bfd180d0b0d188d0b8d0b2d0b0d0b5d0bc20d0bbd0b820d0bcd18b20d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd0b5d0b92c20d187d182d0be20d0bed0bdd0b820d0be20d0bdd0b0d18120d0b4d183d0bcd0b0d18ed1823f', 'hex'), 'UTF8')),
        ('question.buy_again.options', convert_from(decode('7bd0b4d0b02cd0b2d0bed0b7d0bcd0bed0b6d0bdd0be2cd0bdd0b5d1827d', 'hex'), 'UTF8')),
        ('question.polite.options', convert_from(decode('7bd0b4d0b02cd0bdd0b5d1827d', 'hex'), 'UTF8')),
        ('question.offers_extras.options', convert_from(decode('7bd0b4d0b02cd0bdd0b5d1827d', 'hex'), 'UTF8')),
        ('question.tells_of_programme.options', convert_from(decode('7bd0b4d0b02cd0bdd0b5d1827d', 'hex'), 'UTF8')),
        ('question.knows_wishes.options', convert_from(decode('7bd0b4d0b02cd0bdd0b5d1827d', 'hex'), 'UTF8')),
        ('question.asks_for_feedback.options', convert_from(decode('7bd0b4d0b02cd0bdd0b5d1827d', 'hex'), 'UTF8')),

        -- what became of the rows that were attached
        ('order_rows.used', convert_from(decode('d0a3d187d182d0b5d0bdd18b20d0b220d0bed182d187d191d182d0b0d185', 'hex'), 'UTF8')),
        ('order_rows.no_customer', convert_from(decode('d091d0b5d0b720d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd18f3a20d0bdd0b5d0b8d0b7d0b2d0b5d181d182d0bdd0be2c20d0bad182d0be20d0bad183d0bfd0b8d0bb', 'hex'), 'UTF8')),
        ('order_rows.no_time', convert_from(decode('d091d0b5d0b720d0b2d180d0b5d0bcd0b5d0bdd0b820d0b8d0bbd0b820d18120d0bfd183d181d182d0bed0b920d0b4d0b0d182d0bed0b9', 'hex'), 'UTF8')),
        ('order_rows.invalid_time', convert_from(decode('d0a120d0b1d0b5d181d0bad0bed0bdd0b5d187d0bdd18bd0bc20d0b2d180d0b5d0bcd0b5d0bdd0b5d0bc20d0b8d0bbd0b820d0b2d0bdd0b520d0b3d0bed0b4d0bed0b220d181203120d0bfd0be2039393939', 'hex'), 'UTF8')),
        ('order_rows.no_amount', convert_from(decode('d091d0b5d0b720d181d183d0bcd0bcd18b', 'hex'), 'UTF8')),
        ('order_rows.invalid_amount', convert_from(decode('d0a120d181d183d0bcd0bcd0bed0b92c20d0bad0bed182d0bed180d0b0d18f20d0bdd0b520d187d0b8d181d0bbd0be2c20d0b1d0b5d181d0bad0bed0bdd0b5d187d0bdd0b020d0b8d0bbd0b820d0b1d0bed0bbd18cd188d0b52039323220d182d180d0b8d0bbd0bbd0b8d0bed0bdd0bed0b2', 'hex'), 'UTF8')),
        ('order_rows.future', convert_from(decode('d09dd0b020d0bed182d187d191d182d0bdd183d18e20d0b4d0b0d182d18320d0b8d0bbd0b820d0bfd0bed0b7d0b6d0b53a20d0bfd0bed0bad0b020d0bdd0b520d183d187d182d0b5d0bdd18b', 'hex'), 'UTF8')),
        ('order_rows.only_returns', convert_from(decode('d09fd0bed0bad183d0bfd0b0d182d0b5d0bbd0b5d0b92c20d18320d0bad0bed182d0bed180d18bd18520d0b5d181d182d18c20d0b2d0bed0b7d0b2d180d0b0d182d18b2c20d0bdd0be20d0bdd0b5d18220d0b7d0b0d0bad0b0d0b7d0bed0b220d0b4d0be20d0bed182d187d191d182d0bdd0bed0b920d0b4d0b0d182d18b', 'hex'), 'UTF8')),
        ('order_rows.zero_amount', convert_from(decode('d0a120d0bdd183d0bbd0b5d0b2d0bed0b920d181d183d0bcd0bcd0bed0b920d0b8d0bbd0b820d0b2d0bed0b7d0b2d180d0b0d189d191d0bdd0bdd18bd0b520d186d0b5d0bbd0b8d0bad0bed0bc2c20d0b5d181d0bbd0b820d0bfd0be20d0bdd0b0d181d182d180d0bed0b9d0bad0b0d0bc20d182d0b0d0bad0b8d0b520d0bdd0b520d181d187d0b8d182d0b0d18ed182d181d18f', 'hex'), 'UTF8')),
        ('order_rows.missed', convert_from(decode('d0a2d0be2c20d187d182d0be20d0bdd0b520d181d0bcd0bed0b3d0bbd0b820d0bfd180d0bed187d0b8d182d0b0d182d18c20d182d180d0b8d0b3d0b3d0b5d180d18b2c20d1812025733a20d0bfd0bed0b4d0bad0bbd18ed187d0b8d182d0b520d0b7d0b0d0bad0b0d0b7d18b20d0b7d0b0d0bdd0bed0b2d0be', 'hex'), 'UTF8')),
        ('answer_rows.used', convert_from(decode('d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd0b5d0b92c20d18320d0bad0bed182d0bed180d18bd18520d0b5d181d182d18c20d0b7d0b0d0bad0b0d0b7d18b20d0b4d0be20d0bed182d187d191d182d0bdd0bed0b920d0b4d0b0d182d18b', 'hex'), 'UTF8')),
        ('answer_rows.no_customer', convert_from(decode('d0b1d0b5d0b720d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd18f', 'hex'), 'UTF8')),
        ('answer_rows.unknown_customer', convert_from(decode('d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd0b5d0b92c20d18320d0bad0bed182d0bed180d18bd18520d0bdd0b5d18220d0b7d0b0d0bad0b0d0b7d0bed0b220d0b4d0be20d0bed182d187d191d182d0bdd0bed0b920d0b4d0b0d182d18b', 'hex'), 'UTF8')),
        ('answer_rows.no_time', convert_from(decode('d0b1d0b5d0b720d0b2d180d0b5d0bcd0b5d0bdd0b8', 'hex'), 'UTF8')),
        ('answer_rows.invalid_time', convert_from(decode('d18120d0b1d0b5d181d0bad0bed0bdd0b5d187d0bdd18bd0bc20d0b2d180d0b5d0bcd0b5d0bdd0b5d0bc20d0b8d0bbd0b820d0b2d0bdd0b520d0b3d0bed0b4d0bed0b220d181203120d0bfd0be2039393939', 'hex'), 'UTF8')),
        ('answer_rows.no_score', convert_from(decode('d0b1d0b5d0b720d0bed186d0b5d0bdd0bad0b8', 'hex'), 'UTF8')),
        ('answer_rows.invalid_score', convert_from(decode('d18120d0bed186d0b5d0bdd0bad0bed0b920d0b2d0bdd0b520d188d0bad0b0d0bbd18b20d0b8d0bbd0b820d0bdd0b520d187d0b8d181d0bbd0bed0bc', 'hex'), 'UTF8')),
        ('answer_rows.future', convert_from(decode('d0bdd0b020d0bed182d187d191d182d0bdd183d18e20d0b4d0b0d182d18320d0b8d0bbd0b820d0bfd0bed0b7d0b6d0b53a20d0bfd0bed0bad0b020d0bdd0b520d183d187d182d0b5d0bdd18b', 'hex'), 'UTF8')),
        ('survey_rows.used', convert_from(decode('d0a3d187d182d0b5d0bdd18b20d0b220d0bed182d187d191d182d0b0d185', 'hex'), 'UTF8')),
        ('survey_rows.no_respondent', convert_from(decode('d091d0b5d0b720d180d0b5d181d0bfd0bed0bdd0b4d0b5d0bdd182d0b03a20d0bdd0b5d0b8d0b7d0b2d0b5d181d182d0bdd0be2c20d0bad182d0be20d0bed182d0b2d0b5d182d0b8d0bb', 'hex'), 'UTF8')),
        ('survey_rows.no_question', convert_from(decode('d091d0b5d0b720d0b2d0bed0bfd180d0bed181d0b0', 'hex'), 'UTF8')),
        ('survey_rows.no_time', convert_from(decode('d091d0b5d0b720d0b2d180d0b5d0bcd0b5d0bdd0b8', 'hex'), 'UTF8')),
        ('survey_rows.invalid_time', convert_from(decode('d0a120d0b1d0b5d181d0bad0bed0bdd0b5d187d0bdd18bd0bc20d0b2d180d0b5d0bcd0b5d0bdd0b5d0bc20d0b8d0bbd0b820d0b2d0bdd0b520d0b3d0bed0b4d0bed0b220d181203120d0bfd0be2039393939', 'hex'), 'UTF8')),
        ('survey_rows.future', convert_from(decode('d09dd0b020d0bed182d187d191d182d0bdd183d18e20d0b4d0b0d182d18320d0b8d0bbd0b820d0bfd0bed0b7d0b6d0b53a20d0bfd0bed0bad0b020d0bdd0b520d183d187d182d0b5d0bdd18b', 'hex'), 'UTF8')),
        ('survey_rows.replaced', convert_from(decode('d09fd0bed0b2d182d0bed180d0b5d0bdd18b20d0b8d0bbd0b820d0b7d0b0d0bcd0b5d0bdd0b5d0bdd18b20d0b1d0bed0bbd0b5d0b520d0bfd0bed0b7d0b4d0bdd0b8d0bc20d0bed182d0b2d0b5d182d0bed0bc20d182d0bed0b3d0be20d0b6d0b520d180d0b5d181d0bfd0bed0bdd0b4d0b5d0bdd182d0b0', 'hex'), 'UTF8')),

        -- what views say
        ('retention_value.assumption', convert_from(decode('d09220d0bad0b0d0b6d0b4d0bed0bc20d0bfd0b5d180d0b8d0bed0b4d0b520d0bfd0bed0bad183d0bfd0b0d18ed18220257320252520d0b8d0b7d0b2d0b5d181d182d0bdd18bd18520d181d0b5d0b3d0bed0b4d0bdd18f20d0bad0bbd0b8d0b5d0bdd182d0bed0b22c20d0b020d0bdd0b52025732025252c20d0bad0b0d0ba20d0b220d0b7d0b0d0b2d0b5d180d188d191d0bdd0bdd18bd18520d0bfd0b5d180d0b8d0bed0b4d0b0d18520d0bfd0bed181d0bbd0b520d0bfd0b5d180d0b8d0bed0b4d0b020d0bfd0b5d180d0b2d0bed0b920d0bfd0bed0bad183d0bfd0bad0b83b20d0bad0b0d0b6d0b4d18bd0b920d0b220d181d180d0b5d0b4d0bdd0b5d0bc20d0bdd0b0202573', 'hex'), 'UTF8')),
        ('check_segments.none', convert_from(decode('d0add182d0b820d0bad0bbd0b8d0b5d0bdd182d18b20d0bfd0bed0bfd0b0d0b4d0b0d18ed18220d0b2206f746865723a20d180d0b0d181d188d0b8d180d18cd182d0b520d0b3d180d0b0d0bdd0b8d186d18b20d0bed0b4d0bdd0bed0b920d0b8d0b720d181d182d180d0bed0ba207365676d656e7473', 'hex'), 'UTF8')),
        ('check_segments.several', convert_from(decode('d094d0b5d0b9d181d182d0b2d183d0b5d18220d0bfd0b5d180d0b2d0b0d18f20d181d182d180d0bed0bad0b03a20d181d183d0b7d18cd182d0b520d0b3d180d0b0d0bdd0b8d186d18b20d0bed181d182d0b0d0bbd18cd0bdd18bd185', 'hex'), 'UTF8')),

        -- how numbers and days are written
        ('language.code', 'ru'),
        ('number.thousands', convert_from(decode('c2a0', 'hex'), 'UTF8')),
        ('number.decimal', ','),
        ('number.percent', convert_from(decode('2573c2a02525', 'hex'), 'UTF8')),
        ('number.short', convert_from(decode('25737c2573c2a0d182d18bd1812e7c2573c2a0d0bcd0bbd0bd7c2573c2a0d0bcd0bbd180d0b47c2573c2a0d182d180d0bbd0bd', 'hex'), 'UTF8')),
        ('number.money_sign', convert_from(decode('25312473c2a025322473', 'hex'), 'UTF8')),
        ('number.money_word', convert_from(decode('25312473c2a025322473', 'hex'), 'UTF8')),
        ('number.plural', 'one, few, many'),
        ('day.date', '%s %s %s'),
        ('day.week', convert_from(decode('d0bdd0b5d0b4d0b5d0bbd18f20d181202573', 'hex'), 'UTF8')),
        ('day.quarter', convert_from(decode('25732dd0b920d0bad0b22e202573', 'hex'), 'UTF8')),
        ('day.months', convert_from(decode('d18fd0bdd0b2d0b0d180d18c20d184d0b5d0b2d180d0b0d0bbd18c20d0bcd0b0d180d18220d0b0d0bfd180d0b5d0bbd18c20d0bcd0b0d0b920d0b8d18ed0bdd18c20d0b8d18ed0bbd18c20d0b0d0b2d0b3d183d181d18220d181d0b5d0bdd182d18fd0b1d180d18c20d0bed0bad182d18fd0b1d180d18c20d0bdd0bed18fd0b1d180d18c20d0b4d0b5d0bad0b0d0b1d180d18c', 'hex'), 'UTF8')),
        ('day.of_months', convert_from(decode('d18fd0bdd0b22e20d184d0b5d0b2d1802e20d0bcd0b0d180d182d0b020d0b0d0bfd1802e20d0bcd0b0d18f20d0b8d18ed0bdd18f20d0b8d18ed0bbd18f20d0b0d0b2d0b32e20d181d0b5d0bdd1822e20d0bed0bad1822e20d0bdd0bed18fd0b12e20d0b4d0b5d0ba2e', 'hex'), 'UTF8')),
        ('day.short_months', convert_from(decode('d18fd0bdd0b220d184d0b5d0b220d0bcd0b0d18020d0b0d0bfd18020d0bcd0b0d0b920d0b8d18ed0bd20d0b8d18ed0bb20d0b0d0b2d0b320d181d0b5d0bd20d0bed0bad18220d0bdd0bed18f20d0b4d0b5d0ba', 'hex'), 'UTF8')),

        -- numbers of things
        ('count.customers', convert_from(decode('257320d0bad0bbd0b8d0b5d0bdd1827c257320d0bad0bbd0b8d0b5d0bdd182d0b07c257320d0bad0bbd0b8d0b5d0bdd182d0bed0b2', 'hex'), 'UTF8')),
        ('count.answers', convert_from(decode('257320d0bed182d0b2d0b5d1827c257320d0bed182d0b2d0b5d182d0b07c257320d0bed182d0b2d0b5d182d0bed0b2', 'hex'), 'UTF8')),
        ('count.days', convert_from(decode('257320d0b4d0b5d0bdd18c7c257320d0b4d0bdd18f7c257320d0b4d0bdd0b5d0b9', 'hex'), 'UTF8')),
        ('count.bought', convert_from(decode('d09fd0bed0bad183d0bfd0b0d0bb20257320d0bad0bbd0b8d0b5d0bdd1827cd09fd0bed0bad183d0bfd0b0d0bbd0b820257320d0bad0bbd0b8d0b5d0bdd182d0b07cd09fd0bed0bad183d0bfd0b0d0bbd0b820257320d0bad0bbd0b8d0b5d0bdd182d0bed0b2', 'hex'), 'UTF8')),
        ('count.first_time', convert_from(decode('d0b8d0b720d0bdd0b8d18520d0b2d0bfd0b5d180d0b2d18bd0b53a2025737cd0b8d0b720d0bdd0b8d18520d0b2d0bfd0b5d180d0b2d18bd0b53a2025737cd0b8d0b720d0bdd0b8d18520d0b2d0bfd0b5d180d0b2d18bd0b53a202573', 'hex'), 'UTF8')),
        ('count.came_back', convert_from(decode('d0bfd0bed181d0bbd0b520d0bfd0b5d180d0b5d180d18bd0b2d0b020d0b2d0b5d180d0bdd183d0bbd0b8d181d18c3a2025737cd0bfd0bed181d0bbd0b520d0bfd0b5d180d0b5d180d18bd0b2d0b020d0b2d0b5d180d0bdd183d0bbd0b8d181d18c3a2025737cd0bfd0bed181d0bbd0b520d0bfd0b5d180d0b5d180d18bd0b2d0b020d0b2d0b5d180d0bdd183d0bbd0b8d181d18c3a202573', 'hex'), 'UTF8')),
        ('count.at_risk', convert_from(decode('257320d0bfd0bed0b420d183d0b3d180d0bed0b7d0bed0b97c257320d0bfd0bed0b420d183d0b3d180d0bed0b7d0bed0b97c257320d0bfd0bed0b420d183d0b3d180d0bed0b7d0bed0b9', 'hex'), 'UTF8')),

        -- periods: in each, in the one before, of each, twelve ahead
        ('period.each.day', convert_from(decode('d0b220d0bad0b0d0b6d0b4d18bd0b920d0b4d0b5d0bdd18c', 'hex'), 'UTF8')), ('period.each.week', convert_from(decode('d0b220d0bad0b0d0b6d0b4d183d18e20d0bdd0b5d0b4d0b5d0bbd18e', 'hex'), 'UTF8')), ('period.each.month', convert_from(decode('d0b220d0bad0b0d0b6d0b4d0bed0bc20d0bcd0b5d181d18fd186d0b5', 'hex'), 'UTF8')), ('period.each.quarter', convert_from(decode('d0b220d0bad0b0d0b6d0b4d0bed0bc20d0bad0b2d0b0d180d182d0b0d0bbd0b5', 'hex'), 'UTF8')), ('period.each.year', convert_from(decode('d0b220d0bad0b0d0b6d0b4d0bed0bc20d0b3d0bed0b4d183', 'hex'), 'UTF8')),
        ('period.previous.day', convert_from(decode('d0bdd0b0d0bad0b0d0bdd183d0bdd0b5', 'hex'), 'UTF8')), ('period.previous.week', convert_from(decode('d0bdd0b5d0b4d0b5d0bbd0b5d0b920d180d0b0d0bdd18cd188d0b5', 'hex'), 'UTF8')), ('period.previous.month', convert_from(decode('d0bcd0b5d181d18fd186d0b5d0bc20d180d0b0d0bdd18cd188d0b5', 'hex'), 'UTF8')), ('period.previous.quarter', convert_from(decode('d0bad0b2d0b0d180d182d0b0d0bbd0bed0bc20d180d0b0d0bdd18cd188d0b5', 'hex'), 'UTF8')), ('period.previous.year', convert_from(decode('d0b3d0bed0b4d0bed0bc20d180d0b0d0bdd18cd188d0b5', 'hex'), 'UTF8')),
        ('period.of.day', convert_from(decode('d0bad0b0d0b6d0b4d0bed0b3d0be20d0b4d0bdd18f', 'hex'), 'UTF8')), ('period.of.week', convert_from(decode('d0bad0b0d0b6d0b4d0bed0b920d0bdd0b5d0b4d0b5d0bbd0b8', 'hex'), 'UTF8')), ('period.of.month', convert_from(decode('d0bad0b0d0b6d0b4d0bed0b3d0be20d0bcd0b5d181d18fd186d0b0', 'hex'), 'UTF8')), ('period.of.quarter', convert_from(decode('d0bad0b0d0b6d0b4d0bed0b3d0be20d0bad0b2d0b0d180d182d0b0d0bbd0b0', 'hex'), 'UTF8')), ('period.of.year', convert_from(decode('d0bad0b0d0b6d0b4d0bed0b3d0be20d0b3d0bed0b4d0b0', 'hex'), 'UTF8')),
        ('period.ahead.day', convert_from(decode('d0b7d0b020d0b4d0b2d0b5d0bdd0b0d0b4d186d0b0d182d18c20d0b4d0bdd0b5d0b9', 'hex'), 'UTF8')), ('period.ahead.week', convert_from(decode('d0b7d0b020d0b4d0b2d0b5d0bdd0b0d0b4d186d0b0d182d18c20d0bdd0b5d0b4d0b5d0bbd18c', 'hex'), 'UTF8')), ('period.ahead.month', convert_from(decode('d0b7d0b020d0b3d0bed0b4', 'hex'), 'UTF8')), ('period.ahead.quarter', convert_from(decode('d0b7d0b020d0b4d0b2d0b5d0bdd0b0d0b4d186d0b0d182d18c20d0bad0b2d0b0d180d182d0b0d0bbd0bed0b2', 'hex'), 'UTF8')), ('period.ahead.year', convert_from(decode('d0b7d0b020d0b4d0b2d0b5d0bdd0b0d0b4d186d0b0d182d18c20d0bbd0b5d182', 'hex'), 'UTF8')),

        -- the report
        ('report.page_title', convert_from(decode('d09ad0b0d0ba20d0b4d0b5d0bbd0b020d18320d0bcd0b0d0b3d0b0d0b7d0b8d0bdd0b0', 'hex'), 'UTF8')),
        ('report.title', convert_from(decode('d09ad0b0d0ba20d0b4d0b5d0bbd0b020d18320d0bcd0b0d0b3d0b0d0b7d0b8d0bdd0b03a202573', 'hex'), 'UTF8')),
        ('report.no_title', convert_from(decode('d09ad0b0d0ba20d0b4d0b5d0bbd0b020d18320d0bcd0b0d0b3d0b0d0b7d0b8d0bdd0b0', 'hex'), 'UTF8')),
        ('report.as_of', convert_from(decode('d0bfd0be20d181d0bed181d182d0bed18fd0bdd0b8d18e20d0bdd0b0202573', 'hex'), 'UTF8')),
        ('report.no_orders', convert_from(decode('d097d0b0d0bad0b0d0b7d0bed0b22c20d0be20d0bad0bed182d0bed180d18bd18520d0bcd0bed0b6d0bdd0be20d0b3d0bed0b2d0bed180d0b8d182d18c2c20d0bfd0bed0bad0b020d0bdd0b5d1822e', 'hex'), 'UTF8')),
        ('report.no_period', convert_from(decode('d09fd0b5d180d0b2d18bd0b920d0bfd0b5d180d0b8d0bed0b420d0b5d189d19120d0bdd0b520d0b7d0b0d0bad0bed0bdd187d0b8d0bbd181d18f20e2809420d0b7d0b0d0b3d0bbd18fd0bdd0b8d182d0b52c20d0bad0bed0b3d0b4d0b020d0bed0bd20d0b7d0b0d0bad0bed0bdd187d0b8d182d181d18f2e', 'hex'), 'UTF8')),
        ('report.revenue_was', convert_from(decode('3c623ed092d18bd180d183d187d0bad0b03a2025733c2f623e', 'hex'), 'UTF8')),
        ('report.than_a_year_ago', convert_from(decode('257320d0ba20d0bfd180d0bed188d0bbd0bed0bcd18320d0b3d0bed0b4d183', 'hex'), 'UTF8')),
        ('report.year_on_year', convert_from(decode('257320d0b7d0b020d0b3d0bed0b4', 'hex'), 'UTF8')),
        ('report.who_bought', convert_from(decode('25732c2025733b2025732c20d0b02025732e', 'hex'), 'UTF8')),
        ('report.light.red', convert_from(decode('d092d0bed0b7d0b2d180d0b0d189d0b0d18ed182d181d18f20d0bbd0b820d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd0b83f203c623ed09fd0bed0bad0b020d181d0bad0b0d0b7d0b0d182d18c20d0bdd0b5d0bbd18cd0b7d18f2e3c2f623e202573', 'hex'), 'UTF8')),
        ('report.light.mixed', convert_from(decode('d092d0bed0b7d0b2d180d0b0d189d0b0d18ed182d181d18f20d0bbd0b820d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd0b83f203c623ed09ad182d0be2dd182d0be20d0b4d0b02c20d0bdd0be20d0bcd0bdd0bed0b3d0b8d0b520d0bdd0b5d1822e3c2f623e202573', 'hex'), 'UTF8')),
        ('report.light.yellow', convert_from(decode('d092d0bed0b7d0b2d180d0b0d189d0b0d18ed182d181d18f20d0bbd0b820d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd0b83f203c623ed0a1d0bbd0b8d188d0bad0bed0bc20d0bdd0b5d0bcd0bdd0bed0b3d0b8d0b52e3c2f623e202573', 'hex'), 'UTF8')),
        ('report.light.green', convert_from(decode('d092d0bed0b7d0b2d180d0b0d189d0b0d18ed182d181d18f20d0bbd0b820d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd0b83f203c623ed094d0b02c20d0b2d0bed0b7d0b2d180d0b0d189d0b0d18ed182d181d18f2e3c2f623e202573', 'hex'), 'UTF8')),
        ('report.cohort_table', convert_from(decode('d09ad0bed0b3d0bed180d182d18b', 'hex'), 'UTF8')),
        ('report.stayed_away', convert_from(decode('d0b8d0b720d0bad183d0bfd0b8d0b2d188d0b8d185202532247320d0bdd0b520d0b2d0b5d180d0bdd183d0bbd0b8d181d18c3a2025312473', 'hex'), 'UTF8')),
        ('report.few', convert_from(decode('d09fd0bed0bad0b020d0b7d0b020d18dd182d0b8d0bc20d182d0bed0bbd18cd0bad0be2025732e', 'hex'), 'UTF8')),
        ('report.revenue', convert_from(decode('d092d18bd180d183d187d0bad0b0', 'hex'), 'UTF8')),
        ('report.active_customers', convert_from(decode('d090d0bad182d0b8d0b2d0bdd18bd0b520d0bad0bbd0b8d0b5d0bdd182d18b', 'hex'), 'UTF8')),
        ('report.new_customers', convert_from(decode('d09dd0bed0b2d18bd0b520d0bad0bbd0b8d0b5d0bdd182d18b', 'hex'), 'UTF8')),
        ('report.repeat_share', convert_from(decode('d0a3d0b6d0b520d0bfd0bed0bad183d0bfd0b0d0bbd0b820d180d0b0d0bdd18cd188d0b5', 'hex'), 'UTF8')),
        ('report.average_order', convert_from(decode('d0a1d180d0b5d0b4d0bdd0b8d0b920d187d0b5d0ba', 'hex'), 'UTF8')),
        ('report.regular_customers', convert_from(decode('d09fd0bed181d182d0bed18fd0bdd0bdd18bd0b520d0bad0bbd0b8d0b5d0bdd182d18b', 'hex'), 'UTF8')),
        ('report.nps', convert_from(decode('d098d0bdd0b4d0b5d0bad181204e5053', 'hex'), 'UTF8')),
        ('report.figures', convert_from(decode('d09fd0bed0bad0b0d0b7d0b0d182d18c20d186d0b8d184d180d18b', 'hex'), 'UTF8')),
        ('report.from_to', convert_from(decode('d0bed18220257320d0b4d0be202573', 'hex'), 'UTF8')),
        ('report.interval', convert_from(decode('393525252dd0b920d0b8d0bdd182d0b5d180d0b2d0b0d0bb', 'hex'), 'UTF8')),
        ('report.period', convert_from(decode('d09fd0b5d180d0b8d0bed0b4', 'hex'), 'UTF8')),
        ('report.share', convert_from(decode('d094d0bed0bbd18f', 'hex'), 'UTF8')),
        ('report.number', convert_from(decode('d0a7d0b8d181d0bbd0be', 'hex'), 'UTF8')),
        ('report.customers', convert_from(decode('d09ad0bbd0b8d0b5d0bdd182d18b', 'hex'), 'UTF8')),
        ('report.customer', convert_from(decode('d09ad0bbd0b8d0b5d0bdd182', 'hex'), 'UTF8')),
        ('report.answers', convert_from(decode('d09ed182d0b2d0b5d182d18b', 'hex'), 'UTF8')),
        ('report.unknown', convert_from(decode('d0bdd0b5d0b8d0b7d0b2d0b5d181d182d0bdd0be', 'hex'), 'UTF8')),
        ('report.pct_of_revenue', convert_from(decode('257320d0b2d18bd180d183d187d0bad0b8', 'hex'), 'UTF8')),

        ('report.growth', convert_from(decode('d0a0d0b0d181d182d191d18220d0bbd0b820d0bcd0b0d0b3d0b0d0b7d0b8d0bd20d0b820d0b7d0b020d181d187d191d18220d0bad0bed0b3d0be3f', 'hex'), 'UTF8')),
        ('report.revenue_by_whom', convert_from(decode('d092d18bd180d183d187d0bad0b03a20d0bad182d0be20d0b5d19120d0bfd180d0b8d0bdd191d181', 'hex'), 'UTF8')),
        ('report.revenue_by_whom.note', convert_from(decode('d0a2d0bed0bbd18cd0bad0be20d0b7d0b0d0b2d0b5d180d188d191d0bdd0bdd18bd0b520d0bfd0b5d180d0b8d0bed0b4d18b2e', 'hex'), 'UTF8')),
        ('report.retained', convert_from(decode('d0bfd0bed0bad183d0bfd0b0d0bbd0b820d0b8202573', 'hex'), 'UTF8')),
        ('report.returned', convert_from(decode('d0b2d0b5d180d0bdd183d0bbd0b8d181d18c20d0bfd0bed181d0bbd0b520d0bfd0b5d180d0b5d180d18bd0b2d0b0', 'hex'), 'UTF8')),
        ('report.new', convert_from(decode('d0bdd0bed0b2d18bd0b5', 'hex'), 'UTF8')),
        ('report.inactive', convert_from(decode('d0b2d0bed0b7d0b2d180d0b0d182d18b20d182d0b5d1852c20d0bad182d0be20d0bdd0b8d187d0b5d0b3d0be20d0bdd0b520d0bad183d0bfd0b8d0bb', 'hex'), 'UTF8')),
        ('report.year_before', convert_from(decode('d0b2d181d18f20d0b2d18bd180d183d187d0bad0b020d0b3d0bed0b4d0bed0bc20d180d0b0d0bdd18cd188d0b5', 'hex'), 'UTF8')),

        ('report.return', convert_from(decode('d092d0bed0b7d0b2d180d0b0d189d0b0d18ed182d181d18f20d0bbd0b820d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd0b83f', 'hex'), 'UTF8')),
        ('report.retention', convert_from(decode('d09ad0b0d0bad0b0d18f20d0b4d0bed0bbd18f20d0bad0bbd0b8d0b5d0bdd182d0bed0b220d0bfd0bed0bad183d0bfd0b0d0b5d18220257320d0bfd0bed181d0bbd0b520d0bfd0b5d180d0b2d0bed0b3d0be', 'hex'), 'UTF8')),
        ('report.retention.note', convert_from(decode('d0a120393525252dd0bc20d0b4d0bed0b2d0b5d180d0b8d182d0b5d0bbd18cd0bdd18bd0bc20d0b8d0bdd182d0b5d180d0b2d0b0d0bbd0bed0bc3b20d182d0bed0bbd18cd0bad0be20d0b7d0b0d0b2d0b5d180d188d191d0bdd0bdd18bd0b520d0bfd0b5d180d0b8d0bed0b4d18b2c20d0b7d0b020d0bad0bed182d0bed180d18bd0bcd0b820d0bdd0b520d0bcd0b5d0bdd0b5d0b520d187d0b5d0bc2025732e', 'hex'), 'UTF8')),
        ('report.after', convert_from(decode('d09fd0b5d180d0b8d0bed0b4d0bed0b220d0bfd0bed181d0bbd0b520d0bfd0b5d180d0b2d0bed0b3d0be20d0b7d0b0d0bad0b0d0b7d0b0', 'hex'), 'UTF8')),
        ('report.of_customers', convert_from(decode('d098d0b720d181d0bad0bed0bbd18cd0bad0b8d18520d0bad0bbd0b8d0b5d0bdd182d0bed0b2', 'hex'), 'UTF8')),
        ('report.stages', convert_from(decode('d09dd0b020d0bad0b0d0bad0bed0bc20d18dd182d0b0d0bfd0b520d0bad0bbd0b8d0b5d0bdd182d18b', 'hex'), 'UTF8')),
        ('report.stages.note', convert_from(decode('d092d181d0b520d0bad0bbd0b8d0b5d0bdd182d18b20d0bfd0be20d18dd182d0b0d0bfd0b0d0bc20d0b820d0b4d0bed0bbd18f20d0b2d181d0b5d0b920d0b2d18bd180d183d187d0bad0b82c20d0bad0bed182d0bed180d183d18e20d0bed0bdd0b820d0bfd180d0b8d0bdd0b5d181d0bbd0b82e', 'hex'), 'UTF8')),
        ('report.stage', convert_from(decode('d0add182d0b0d0bf', 'hex'), 'UTF8')),
        ('report.cohorts', convert_from(decode('d09ad0bed0b3d0bed180d182d18b3a20d181d0bad0bed0bbd18cd0bad0be20d0bfd180d0bed186d0b5d0bdd182d0bed0b220d0bdd0bed0b2d18bd18520d0bad0bbd0b8d0b5d0bdd182d0bed0b220257320d0bfd0bed0bad183d0bfd0b0d0b5d18220d0b220312dd0bc2c20322dd0bc2c20332dd0bc20e280a620d0bfd0bed181d0bbd0b520d0bdd0b5d0b3d0be', 'hex'), 'UTF8')),
        ('report.cohorts.note', convert_from(decode('d095d181d0bbd0b820d186d0b2d0b5d18220d0bdd0bed0b2d18bd18520d181d182d180d0bed0ba20d0bdd0b0d181d18bd189d0b5d0bdd0bdd0b5d0b52c20d187d0b5d0bc20d18320d182d0b5d1852c20d187d182d0be20d0b2d18bd188d0b52c20d0b2d0bed0b7d0b2d180d0b0d189d0b0d182d18cd181d18f20d181d182d0b0d0bbd0b820d187d0b0d189d0b52e', 'hex'), 'UTF8')),
        ('report.first_order', convert_from(decode('d09fd0b5d180d0b2d18bd0b920d0b7d0b0d0bad0b0d0b7', 'hex'), 'UTF8')),
        ('report.revenue_each', convert_from(decode('d092d18bd180d183d187d0bad0b020d18120d0bad0bbd0b8d0b5d0bdd182d0b020d0bdd0b020d181d0b5d0b3d0bed0b4d0bdd18f', 'hex'), 'UTF8')),
        ('report.repeat', convert_from(decode('d09ed18220d0b7d0b0d0bad0b0d0b7d0b020d0ba20d0b7d0b0d0bad0b0d0b7d183', 'hex'), 'UTF8')),
        ('report.repeat.note', convert_from(decode('d09ad0b0d0bad0b0d18f20d0b4d0bed0bbd18f20d0bad183d0bfd0b8d0b2d188d0b8d18520d181d182d0bed0bbd18cd0bad0be20d180d0b0d0b720d0bad183d0bfd0b8d0bbd0b020d0b5d189d19120d180d0b0d0b72c20d18120393525252dd0bc20d0b8d0bdd182d0b5d180d0b2d0b0d0bbd0bed0bc2e20d0a320d181d0b0d0bcd18bd18520d0bdd0bed0b2d18bd18520d0bad0bbd0b8d0b5d0bdd182d0bed0b220d0b2d180d0b5d0bcd0b5d0bdd0b820d0b1d18bd0bbd0be20d0bcd0b0d0bbd0be2e', 'hex'), 'UTF8')),
        ('report.order_number', convert_from(decode('d097d0b0d0bad0b0d0b7', 'hex'), 'UTF8')),
        ('report.nth_order', convert_from(decode('d0b4d0be2025732dd0b3d0be20d0b7d0b0d0bad0b0d0b7d0b0', 'hex'), 'UTF8')),

        ('report.value', convert_from(decode('d09ad182d0be20d181d0bad0bed0bbd18cd0bad0be20d0bfd180d0b8d0bdd0bed181d0b8d18220d0b820d187d182d0be20d18120d0bad0b5d0bc20d0b4d0b5d0bbd0b0d182d18c3f', 'hex'), 'UTF8')),
        ('report.matrix.revenue', convert_from(decode('d094d0b5d0b2d18fd182d18c20d18fd187d0b5d0b5d0ba3a20d0bfd0be20d0b2d18bd180d183d187d0bad0b520d0b820d0bfd0be20d182d0bed0bcd1832c20d0bdd0b0d181d0bad0bed0bbd18cd0bad0be20d180d0b5d0b3d183d0bbd18fd180d0bdd0be20d0bfd0bed0bad183d0bfd0b0d18ed182', 'hex'), 'UTF8')),
        ('report.matrix.profit', convert_from(decode('d094d0b5d0b2d18fd182d18c20d18fd187d0b5d0b5d0ba3a20d0bfd0be20d0bfd180d0b8d0b1d18bd0bbd0b820d0b820d0bfd0be20d182d0bed0bcd1832c20d0bdd0b0d181d0bad0bed0bbd18cd0bad0be20d180d0b5d0b3d183d0bbd18fd180d0bdd0be20d0bfd0bed0bad183d0bfd0b0d18ed182', 'hex'), 'UTF8')),
        ('report.matrix.note', convert_from(decode('4120e2809420d182d0b52c20d0bad182d0be20d0bfd180d0b8d0bdd0bed181d0b8d18220d0bfd0b5d180d0b2d18bd0b52025732025732c204220e2809420d181d0bbd0b5d0b4d183d18ed189d0b8d0b52025732c204320e2809420d0bed181d182d0b0d0bbd18cd0bdd18bd0b52e20d0a7d0b5d0bc20d0bdd0b0d181d18bd189d0b5d0bdd0bdd0b5d0b520d186d0b2d0b5d1822c20d182d0b5d0bc20d0b1d0bed0bbd18cd188d0b520d0b2d18bd180d183d187d0bad0b82e', 'hex'), 'UTF8')),
        ('report.of.revenue', convert_from(decode('d0b2d18bd180d183d187d0bad0b8', 'hex'), 'UTF8')),
        ('report.of.profit', convert_from(decode('d0bfd180d0b8d0b1d18bd0bbd0b8', 'hex'), 'UTF8')),
        ('report.frequency.X', convert_from(decode('583a20d0bfd0bed0bad183d0bfd0b0d18ed18220d187d0b0d181d182d0be', 'hex'), 'UTF8')),
        ('report.frequency.Y', convert_from(decode('593a20d0bfd0bed0bad183d0bfd0b0d18ed18220d0b2d180d0b5d0bcd18f20d0bed18220d0b2d180d0b5d0bcd0b5d0bdd0b8', 'hex'), 'UTF8')),
        ('report.frequency.Z', convert_from(decode('5a3a20d0bfd0bed0bad183d0bfd0b0d18ed18220d180d0b5d0b4d0bad0be', 'hex'), 'UTF8')),
        ('report.variation.X', convert_from(decode('583a20d182d180d0b0d182d18fd18220d180d0bed0b2d0bdd0be', 'hex'), 'UTF8')),
        ('report.variation.Y', convert_from(decode('593a20d182d180d0b0d182d18fd18220d0bdd0b5d180d0bed0b2d0bdd0be', 'hex'), 'UTF8')),
        ('report.variation.Z', convert_from(decode('5a3a20d182d180d0b0d182d18fd18220d0bad0b0d0ba20d0bfd180d0b8d0b4d191d182d181d18f', 'hex'), 'UTF8')),
        ('report.segments', convert_from(decode('d0a1d0b5d0b3d0bcd0b5d0bdd182d18b20d0bfd0be20d0b4d0b0d0b2d0bdd0bed181d182d0b82c20d187d0b0d181d182d0bed182d0b520d0b820d181d183d0bcd0bcd0b520d0bfd0bed0bad183d0bfd0bed0ba', 'hex'), 'UTF8')),
        ('report.segments.note', convert_from(decode('d092d18bd180d183d187d0bad0b020d0b7d0b020d0b2d181d19120d0b2d180d0b5d0bcd18f2e', 'hex'), 'UTF8')),
        ('report.segment', convert_from(decode('d0a1d0b5d0b3d0bcd0b5d0bdd182', 'hex'), 'UTF8')),
        ('report.sources', convert_from(decode('d09ed182d0bad183d0b4d0b020d0bfd180d0b8d185d0bed0b4d18fd18220d0bad0bbd0b8d0b5d0bdd182d18b', 'hex'), 'UTF8')),
        ('report.sources.note', convert_from(decode('d092d18bd180d183d187d0bad0b020d18120d0bad0bbd0b8d0b5d0bdd182d0b020d0bfd0be20d0b8d181d182d0bed187d0bdd0b8d0bad18320d0bfd0b5d180d0b2d0bed0b3d0be20d0b7d0b0d0bad0b0d0b7d0b03b20d0bfd0b5d180d0b2d18bd0bcd0b820e2809420d182d0b52c20d187d18cd0b820d0bad0bbd0b8d0b5d0bdd182d18b20d0bed181d182d0b0d18ed182d181d18f2e', 'hex'), 'UTF8')),
        ('report.source', convert_from(decode('d098d181d182d0bed187d0bdd0b8d0ba', 'hex'), 'UTF8')),
        ('report.value_per_customer', convert_from(decode('d092d18bd180d183d187d0bad0b020d18120d0bad0bbd0b8d0b5d0bdd182d0b0', 'hex'), 'UTF8')),
        ('report.kept', convert_from(decode('d0bed181d182d0b0d191d182d181d18f202573', 'hex'), 'UTF8')),
        ('report.cost_each', convert_from(decode('d0bfd180d0b8d0b2d0bbd0b5d187d0b5d0bdd0b8d0b520e28094202573', 'hex'), 'UTF8')),

        ('report.voice', convert_from(decode('d0a0d0b5d0bad0bed0bcd0b5d0bdd0b4d183d18ed18220d0bbd0b820d0bdd0b0d1813f', 'hex'), 'UTF8')),
        ('report.nps_is', convert_from(decode('d098d0bdd0b4d0b5d0bad181204e505320e28094203c623e25733c2f623e2028393525252dd0b920d0b8d0bdd182d0b5d180d0b2d0b0d0bb2025732c202573292e', 'hex'), 'UTF8')),
        ('report.nps_by_period', convert_from(decode('4e505320d0bfd0be20d0bfd0b5d180d0b8d0bed0b4d0b0d0bc', 'hex'), 'UTF8')),
        ('report.nps_by_period.note', convert_from(decode('d0a120393525252dd0bc20d0b8d0bdd182d0b5d180d0b2d0b0d0bbd0bed0bc3a20d0b3d0b4d0b520d0bfd0bed0bbd0bed181d18b20d181d0b8d0bbd18cd0bdd0be20d0bfd0b5d180d0b5d0bad180d18bd0b2d0b0d18ed182d181d18f2c20d0b3d0bed0b2d0bed180d0b8d182d18c20d0bed0b120d0b8d0b7d0bcd0b5d0bdd0b5d0bdd0b8d0b820d180d0b0d0bdd0be2e', 'hex'), 'UTF8')),
        ('report.by_touchpoint', convert_from(decode('d09fd0be20d182d0bed187d0bad0b0d0bc20d0bad0bed0bdd182d0b0d0bad182d0b0', 'hex'), 'UTF8')),
        ('report.by_touchpoint.note', convert_from(decode('d098d0bdd0b4d0b5d0bad18120d0b820393525252dd0b920d0b8d0bdd182d0b5d180d0b2d0b0d0bb2c20d0bbd183d187d188d0b8d0b520d181d0b2d0b5d180d185d1832e20d093d0b4d0b520d0b8d0bdd182d0b5d180d0b2d0b0d0bbd18b20d0bfd0b5d180d0b5d0bad180d18bd0b2d0b0d18ed182d181d18f2c20d0bfd0bed180d18fd0b4d0bed0ba20d0bcd0bed0b6d0b5d18220d0b1d18bd182d18c20d181d0bbd183d187d0b0d0b9d0bdd18bd0bc2e', 'hex'), 'UTF8')),
        ('report.touchpoint', convert_from(decode('d0a2d0bed187d0bad0b020d0bad0bed0bdd182d0b0d0bad182d0b0', 'hex'), 'UTF8')),
        ('report.wishes', convert_from(decode('d09e20d187d191d0bc20d0bfd180d0bed181d18fd182', 'hex'), 'UTF8')),
        ('report.wishes.note', convert_from(decode('d0a1d0bad0bed0bbd18cd0bad0be20d180d0b0d0b720d0bed0b120d18dd182d0bed0bc20d0bfd0bed0bfd180d0bed181d0b8d0bbd0b82e', 'hex'), 'UTF8')),
        ('report.wish', convert_from(decode('d09fd0bed0b6d0b5d0bbd0b0d0bdd0b8d0b5', 'hex'), 'UTF8')),
        ('report.asked', convert_from(decode('d09fd180d0bed181d18cd0b1', 'hex'), 'UTF8')),
        ('report.wish_revenue', convert_from(decode('d0bed18220d0bad0bbd0b8d0b5d0bdd182d0bed0b220d18120d0bed0b1d0bed180d0bed182d0bed0bc20257320d0b220d0b3d0bed0b4', 'hex'), 'UTF8')),

        ('report.funnel', convert_from(decode('d093d0b4d0b520d0bcd18b20d182d0b5d180d18fd0b5d0bc20d0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd0b5d0b93f', 'hex'), 'UTF8')),
        ('report.funnel.note', convert_from(decode('d0a1d0bad0bed0bbd18cd0bad0be20d0bfd0bed181d0b5d189d0b5d0bdd0b8d0b920d0b4d0bed188d0bbd0be20d0b4d0be20d0bad0b0d0b6d0b4d0bed0b3d0be20d188d0b0d0b3d0b02e', 'hex'), 'UTF8')),
        ('report.step', convert_from(decode('d0a8d0b0d0b3', 'hex'), 'UTF8')),
        ('report.visits', convert_from(decode('d09fd0bed181d0b5d189d0b5d0bdd0b8d18f', 'hex'), 'UTF8')),
        ('report.purchase', convert_from(decode('d0b7d0b0d0bad0b0d0b7', 'hex'), 'UTF8')),
        ('report.go_on', convert_from(decode('d0b4d0b0d0bbd18cd188d0b520d0b8d0b4d183d182202573', 'hex'), 'UTF8')),
        ('report.lost_by', convert_from(decode('d187d0b0d189d0b520d0b2d181d0b5d0b3d0be20d183d185d0bed0b4d18fd18220d0b8d0b72dd0b7d0b03a202573', 'hex'), 'UTF8')),

        ('report.worth', convert_from(decode('d0a7d0b5d0b3d0be20d181d182d0bed0b8d18220d0bbd0bed18fd0bbd18cd0bdd0bed181d182d18c3f', 'hex'), 'UTF8')),
        ('report.worth.title', convert_from(decode('d09fd0bbd18ed1812025732025732c20d0b5d181d0bbd0b820d0b2d0bed0b7d0b2d180d0b0d189d0b0d182d18cd181d18f20d0b1d183d0b4d0b5d18220d0bdd0b020257320d0bf2e20d0bf2e20d0b1d0bed0bbd18cd188d0b5', 'hex'), 'UTF8')),
        ('report.worth.note', convert_from(decode('d095d181d0bbd0b820d0b220d0bad0b0d0b6d0b4d0bed0bc20d0bfd0b5d180d0b8d0bed0b4d0b520d0b1d183d0b4d0b5d18220d0bfd0bed0bad183d0bfd0b0d182d18c20d0bdd0b520253224732c20d0b0202531247320d0b8d0b720d182d0b5d1852c20d0bad182d0be20d0b5d181d182d18c202825332473292c20d0b820d0bad0b0d0b6d0b4d18bd0b92c20d0bad0b0d0ba20d181d0b5d0b9d187d0b0d1812c20d0bdd0b020253424732e', 'hex'), 'UTF8')),
        ('report.extra_revenue', convert_from(decode('d09fd180d0b8d0b1d0b0d0b2d0bad0b020d0bdd0b0d180d0b0d181d182d0b0d18ed189d0b8d0bc20d0b8d182d0bed0b3d0bed0bc', 'hex'), 'UTF8')),

        ('report.lists', convert_from(decode('d09a20d0bad0bed0bcd18320d0bed0b1d180d0b0d182d0b8d182d18cd181d18f20d0bdd0b020d18dd182d0bed0b920d0bdd0b5d0b4d0b5d0bbd0b53f', 'hex'), 'UTF8')),
        ('report.at_risk', convert_from(decode('d09fd0bed0b420d183d0b3d180d0bed0b7d0bed0b93a20d0bcd0bed0bbd187d0b0d18220d0b4d0bed0bbd18cd188d0b520d0bed0b1d18bd187d0bdd0bed0b3d0be', 'hex'), 'UTF8')),
        ('report.at_risk.note', convert_from(decode('25732c20d0b7d0b020d0bfd0bed181d0bbd0b5d0b4d0bdd0b8d0b920d0b3d0bed0b420e280942025732e202573', 'hex'), 'UTF8')),
        ('report.cell', convert_from(decode('d0afd187d0b5d0b9d0bad0b0', 'hex'), 'UTF8')),
        ('report.silent', convert_from(decode('d09cd0bed0bbd187d0b8d182', 'hex'), 'UTF8')),
        ('report.usually', convert_from(decode('d09ed0b1d18bd187d0bdd0be2c20d0b4d0bdd0b5d0b9', 'hex'), 'UTF8')),
        ('report.last_year', convert_from(decode('d097d0b020d0b3d0bed0b4', 'hex'), 'UTF8')),
        ('report.win_back', convert_from(decode('d092d0b5d180d0bdd183d182d18c3a20d183d188d0bbd0b82c20d0bdd0be20d181d182d0bed18fd18220d183d181d0b8d0bbd0b8d0b9', 'hex'), 'UTF8')),
        ('report.win_back.note', convert_from(decode('25732c20d0b7d0b020d0b8d18520d0bfd0bed181d0bbd0b5d0b4d0bdd0b8d0b920d0b3d0bed0b420e280942025732e202573', 'hex'), 'UTF8')),
        ('report.last_order', convert_from(decode('d09fd0bed181d0bbd0b5d0b4d0bdd0b8d0b920d0b7d0b0d0bad0b0d0b7', 'hex'), 'UTF8')),
        ('report.chance', convert_from(decode('d092d0b5d180d0bed18fd182d0bdd0bed181d182d18c', 'hex'), 'UTF8')),
        ('report.expected', convert_from(decode('d09ed0b6d0b8d0b4d0b0d0b5d182d181d18f', 'hex'), 'UTF8')),
        ('report.second_order', convert_from(decode('d09fd0bed180d0b020d181d0b4d0b5d0bbd0b0d182d18c20d0b2d182d0bed180d0bed0b920d0b7d0b0d0bad0b0d0b7', 'hex'), 'UTF8')),
        ('report.second_order.note', convert_from(decode('25733a20d0bad183d0bfd0b8d0bbd0b820d0bed0b4d0b8d0bd20d180d0b0d0b72c20d0b820d18120d182d0b5d18520d0bfd0bed18020d0bfd180d0bed188d0bbd0be20d0b1d0bed0bbd18cd188d0b520d0bed0b1d18bd187d0bdd0bed0b3d0be20282573292e202573', 'hex'), 'UTF8')),
        ('report.inbox', convert_from(decode('d09ad182d0be20d0b6d0b4d191d18220d0bed182d0b2d0b5d182d0b03f', 'hex'), 'UTF8')),
        ('report.inbox.title', convert_from(decode('d09ed182d0b7d18bd0b2d18b2c20d0bdd0b020d0bad0bed182d0bed180d18bd0b520d0bdd0b0d0b4d0be20d0bed182d0b2d0b5d182d0b8d182d18c', 'hex'), 'UTF8')),
        ('report.inbox.note', convert_from(decode('d091d0b5d0b720d0bed182d0b2d0b5d182d0b03a2025733b20d0bfd0b5d180d0b2d18bd0bcd0b820e2809420d181d0b0d0bcd18bd0b520d186d0b5d0bdd0bdd18bd0b520d0bad0bbd0b8d0b5d0bdd182d18b2e', 'hex'), 'UTF8')),
        ('report.said', convert_from(decode('d0a7d182d0be20d181d0bad0b0d0b7d0b0d0bbd0b8', 'hex'), 'UTF8')),
        ('report.score', convert_from(decode('d09ed186d0b5d0bdd0bad0b0', 'hex'), 'UTF8')),
        ('report.day', convert_from(decode('d094d0b5d0bdd18c', 'hex'), 'UTF8')),

        ('report.trust', convert_from(decode('d09cd0bed0b6d0bdd0be20d0bbd0b820d0b2d0b5d180d0b8d182d18c20d18dd182d0b8d0bc20d186d0b8d184d180d0b0d0bc3f', 'hex'), 'UTF8')),
        ('report.rows', convert_from(decode('d0a1d182d180d0bed0bad0b820d0b7d0b0d0bad0b0d0b7d0bed0b2', 'hex'), 'UTF8')),
        ('report.rows.note', convert_from(decode('d0a7d182d0be20d183d187d182d0b5d0bdd0be2c20d0b020d187d182d0be20d0bdd0b5d18220d0b820d0bfd0bed187d0b5d0bcd1832e', 'hex'), 'UTF8')),
        ('report.missed', convert_from(decode('d097d0b0d0bad0b0d0b7d0bed0b22c20d0b7d0b0d0bfd0b8d181d0b0d0bdd0bdd18bd18520d1812025732c20d0b7d0b4d0b5d181d18c20d0bdd0b520d185d0b2d0b0d182d0b0d0b5d1823a20d0b2d0bbd0b0d0b4d0b5d0bbd18cd186d18320d0bdd183d0b6d0bdd0be20d0bfd0bed0b4d0bad0bbd18ed187d0b8d182d18c20d0b8d18520d0b7d0b0d0bdd0bed0b2d0be2e', 'hex'), 'UTF8')),
        ('report.made', convert_from(decode('d094d0b0d0bdd0bdd18bd0b520d0bdd0b020257320282573292e20d0a1d0b4d0b5d0bbd0b0d0bdd0be20d0b220d0b1d0b0d0b7d0b520d0b4d0b0d0bdd0bdd18bd18520d180d0b0d181d188d0b8d180d0b5d0bdd0b8d0b5d0bc20436c69656e74656c653b20d181d182d180d0b0d0bdd0b8d186d0b020d0bdd0b8d187d0b5d0b3d0be20d0bdd0b520d0b7d0b0d0b3d180d183d0b6d0b0d0b5d1822e', 'hex'), 'UTF8')),

        -- the summary
        ('summary.nothing', convert_from(decode('d0bfd0bed0bad0b020d181d0bad0b0d0b7d0b0d182d18c20d0bdd0b5d187d0b5d0b3d0be', 'hex'), 'UTF8')),
        ('summary.light', convert_from(decode('d0bbd0bed18fd0bbd18cd0bdd0bed181d182d18c', 'hex'), 'UTF8')),
        ('summary.light.finding', convert_from(decode('25733b20d0b220d182d0b5d181d182d0b5202573', 'hex'), 'UTF8')),
        ('summary.light.red', convert_from(decode('d0bad180d0b0d181d0bdd18bd0b93a20d0bfd0bed0bad0b020d181d0bad0b0d0b7d0b0d182d18c20d0bdd0b5d0bbd18cd0b7d18f', 'hex'), 'UTF8')),
        ('summary.light.yellow', convert_from(decode('d0b6d191d0bbd182d18bd0b93a20d180d0b0d0b7d0bed0b2d18bd18520d0b1d0bed0bbd18cd188d0b52c20d187d0b5d0bc20d0bfd0bed181d182d0bed18fd0bdd0bdd18bd185', 'hex'), 'UTF8')),
        ('summary.light.mixed', convert_from(decode('d181d0bcd0b5d188d0b0d0bdd0bdd18bd0b93a20d0bad182d0be2dd182d0be20d0b2d0bed0b7d0b2d180d0b0d189d0b0d0b5d182d181d18f2c20d0bcd0bdd0bed0b3d0b8d0b520d0bdd0b5d182', 'hex'), 'UTF8')),
        ('summary.light.green', convert_from(decode('d0b7d0b5d0bbd191d0bdd18bd0b93a20d0b2d0bed0b7d0b2d180d0b0d189d0b0d18ed182d181d18f', 'hex'), 'UTF8')),
        ('summary.light.missing', convert_from(decode('d09dd183d0b6d0bdd18b20d0b7d0b0d0bad0b0d0b7d18b20d0b7d0b020d0bfd0bed181d0bbd0b5d0b4d0bdd0b8d0b520d0bfd0bed0bbd0b3d0bed0b4d0b0', 'hex'), 'UTF8')),
        ('summary.shares', convert_from(decode('d180d0b0d0b7d0bed0b2d18bd0b520d0b820d0bfd0bed181d182d0bed18fd0bdd0bdd18bd0b5', 'hex'), 'UTF8')),
        ('summary.shares.finding', convert_from(decode('d180d0b0d0b7d0bed0b2d18bd1853a20257320282573292c20d0bfd0bed181d182d0bed18fd0bdd0bdd18bd1853a2025732028257329', 'hex'), 'UTF8')),
        ('summary.shares.advice', convert_from(decode('d09dd0bed180d0bcd0bed0b920d0b1d18bd0bbd0be20d0b1d18b20d0bdd0b520d0b1d0bed0bbd18cd188d0b52025733a20d0b4d0bed0b1d0b8d0b2d0b0d0b9d182d0b5d181d18c20d0b2d182d0bed180d0bed0b920d0bfd0bed0bad183d0bfd0bad0b8', 'hex'), 'UTF8')),
        ('summary.shares.good', convert_from(decode('d0a0d0b0d0b7d0bed0b2d18bd18520d0bdd0b520d0b1d0bed0bbd18cd188d0b52025733a20d182d0b0d0ba20d0b4d0b5d180d0b6d0b0d182d18c', 'hex'), 'UTF8')),
        ('summary.shares.missing', convert_from(decode('d09dd183d0b6d0bdd18b20d0b7d0b0d0bad0b0d0b7d18b20d0b7d0b020d0bfd0bed181d0bbd0b5d0b4d0bdd0b8d0b520d0bfd0bed0bbd0b3d0bed0b4d0b0', 'hex'), 'UTF8')),
        ('summary.pareto', convert_from(decode('d0bdd0b020d0bad0bed0bc20d0b4d0b5d180d0b6d0b8d182d181d18f20d0bcd0b0d0b3d0b0d0b7d0b8d0bd', 'hex'), 'UTF8')),
        ('summary.pareto.finding', convert_from(decode('257320d0bad0bbd0b8d0b5d0bdd182d0bed0b220d0b4d0b0d18ed182203830202525202573', 'hex'), 'UTF8')),
        ('summary.pareto.advice', convert_from(decode('d09ad0bbd0b0d181d181204120d0bdd183d0b6d0bdd0be20d0b7d0bdd0b0d182d18c20d0bfd0bed0b8d0bcd191d0bdd0bdd0be3a202573', 'hex'), 'UTF8')),
        ('summary.pareto.missing', convert_from(decode('d09dd183d0b6d0bdd18b20d0b7d0b0d0bad0b0d0b7d18b20d18120d0b2d18bd180d183d187d0bad0bed0b9', 'hex'), 'UTF8')),
        ('summary.growth', convert_from(decode('d180d0bed181d182', 'hex'), 'UTF8')),
        ('summary.growth.finding', '%s: %s'),
        ('summary.growth.than_before', convert_from(decode('257320d0ba20d0bfd180d0b5d0b4d18bd0b4d183d189d0b5d0bcd18320d0bfd0b5d180d0b8d0bed0b4d183', 'hex'), 'UTF8')),
        ('summary.growth.advice', convert_from(decode('d0bdd0bed0b2d18bd1853a2025732c20d0b2d0b5d180d0bdd183d0bbd0b8d181d18c20d0bfd0bed181d0bbd0b520d0bfd0b5d180d0b5d180d18bd0b2d0b03a2025732c20d0bdd0b520d0bfd180d0b8d188d0bbd0b83a202573', 'hex'), 'UTF8')),
        ('summary.growth.missing', convert_from(decode('d097d0b0d0b3d0bbd18fd0bdd0b8d182d0b52c20d0bad0bed0b3d0b4d0b020d0b7d0b0d0bad0bed0bdd187d0b8d182d181d18f20d0bfd0b5d180d0b2d18bd0b920d0bfd0b5d180d0b8d0bed0b4', 'hex'), 'UTF8')),
        ('summary.call', convert_from(decode('d0bad0bed0bcd18320d0bfd0bed0b7d0b2d0bed0bdd0b8d182d18c', 'hex'), 'UTF8')),
        ('summary.call.finding', convert_from(decode('25733b20d0b2d181d0b5d0b3d0be20d0bfd0bed0b420d183d0b3d180d0bed0b7d0bed0b92025732c20d0b7d0b020d0bfd0bed181d0bbd0b5d0b4d0bdd0b8d0b920d0b3d0bed0b420e28094202573', 'hex'), 'UTF8')),
        ('summary.call.missing', convert_from(decode('d09fd0bed0b420d183d0b3d180d0bed0b7d0bed0b920d0bdd0b5d18220d0bdd0b8d0bad0bed0b3d0be', 'hex'), 'UTF8')),
        ('summary.lost', convert_from(decode('d0bad0bed0b3d0be20d0b2d0b5d180d0bdd183d182d18c', 'hex'), 'UTF8')),
        ('summary.lost.finding', convert_from(decode('d183d188d0b5d0b4d188d0b8d0b520e280942025732c20d0b7d0b020d0b8d18520d0bfd0bed181d0bbd0b5d0b4d0bdd0b8d0b920d0b3d0bed0b420e280942025733b20d0b2d0b5d180d0bdd183d182d18c20d0bcd0bed0b6d0bdd0be20d180d0b0d181d181d187d0b8d182d18bd0b2d0b0d182d18c20d0bdd0b0202573', 'hex'), 'UTF8')),
        ('summary.lost.missing', convert_from(decode('d09dd0b8d0bad182d0be20d0bdd0b520d183d188d191d0bb', 'hex'), 'UTF8')),
        ('summary.nps', convert_from(decode('d0b8d0bdd0b4d0b5d0bad181204e5053', 'hex'), 'UTF8')),
        ('summary.nps.finding', '%s (%s, %s)'),
        ('summary.nps.change', convert_from(decode('25733a20257320d0bfd0bed181d0bbd0b52025732c202573', 'hex'), 'UTF8')),
        ('summary.nps.ratings', convert_from(decode('d0b4d0bed0b2d0bed0bbd18cd0bdd18b202573202825732c20257329', 'hex'), 'UTF8')),
        ('summary.verdict.up', convert_from(decode('d0bbd183d187d188d0b5', 'hex'), 'UTF8')),
        ('summary.verdict.down', convert_from(decode('d185d183d0b6d0b5', 'hex'), 'UTF8')),
        ('summary.verdict.flat', convert_from(decode('d0b8d0b7d0bcd0b5d0bdd0b5d0bdd0b8d0b520d0bdd0b520d0b4d0bed0bad0b0d0b7d0b0d0bdd0be', 'hex'), 'UTF8')),
        ('summary.nps.missing', convert_from(decode('d09fd0bed0b4d0bad0bbd18ed187d0b8d182d0b520d0bed182d0b2d0b5d182d18b20d0bad0bbd0b8d0b5d0bdd182d0bed0b23a2053454c454354202a2046524f4d206174746163685f616e737765727328272e2e2e2729', 'hex'), 'UTF8')),
        ('summary.touchpoint', convert_from(decode('d185d183d0b4d188d0b0d18f20d182d0bed187d0bad0b020d0bad0bed0bdd182d0b0d0bad182d0b0', 'hex'), 'UTF8')),
        ('summary.touchpoint.finding', '%s: %s (%s, %s)'),
        ('summary.touchpoint.advice', convert_from(decode('d0a1d0bfd180d0bed181d0b8d182d0b520d0bad180d0b8d182d0b8d0bad0bed0b22c20d187d182d0be20d0bfd0bed188d0bbd0be20d0bdd0b520d182d0b0d0ba20282573292c20d0b820d0b8d181d0bfd180d0b0d0b2d18cd182d0b520d18dd182d0be20d0bfd0b5d180d0b2d18bd0bc20d0b4d0b5d0bbd0bed0bc', 'hex'), 'UTF8')),
        ('summary.touchpoint.missing', convert_from(decode('d09fd0bed0b4d0bad0bbd18ed187d0b8d182d0b520d0bed182d0b2d0b5d182d18b20d18120d183d0bad0b0d0b7d0b0d0bdd0b8d0b5d0bc20d182d0bed187d0bad0b820d0bad0bed0bdd182d0b0d0bad182d0b0', 'hex'), 'UTF8')),
        ('summary.worth', convert_from(decode('d187d0b5d0b3d0be20d181d182d0bed0b8d18220d0bbd0bed18fd0bbd18cd0bdd0bed181d182d18c', 'hex'), 'UTF8')),
        ('summary.worth.finding', convert_from(decode('d183d0b4d0b5d180d0b6d0b0d0bdd0b8d0b520d0bdd0b020257320d0bf2e20d0bf2e20d0b2d18bd188d0b520d0b4d0b0d181d1822025732025732028d18120257320d0b4d0be20257329', 'hex'), 'UTF8')),
        ('summary.worth.advice', convert_from(decode('d09dd0b020d0b7d0b0d0b1d0bed182d18320d0be20d0bad0bbd0b8d0b5d0bdd182d0b0d18520d0bcd0bed0b6d0bdd0be20d182d180d0b0d182d0b8d182d18c20d0bdd0b520d0b1d0bed0bbd18cd188d0b520d0bdd0b0d186d0b5d0bdd0bad0b820d18120d18dd182d0bed0b920d181d183d0bcd0bcd18b', 'hex'), 'UTF8')),
        ('summary.worth.missing', convert_from(decode('d09dd183d0b6d0bdd0be20d0bdd0b5d181d0bad0bed0bbd18cd0bad0be20d0b7d0b0d0b2d0b5d180d188d191d0bdd0bdd18bd18520d0bfd0b5d180d0b8d0bed0b4d0bed0b2', 'hex'), 'UTF8')),
        ('summary.rows', convert_from(decode('d0bdd0b5d183d187d182d191d0bdd0bdd18bd0b520d181d182d180d0bed0bad0b8', 'hex'), 'UTF8')),
        ('summary.rows.finding', convert_from(decode('d183d187d182d0b5d0bdd0be20257320d181d182d180d0bed0ba3b20d0b8d0b720d0bed181d182d0b0d0bbd18cd0bdd0bed0b3d0be20d0b1d0bed0bbd18cd188d0b520d0b2d181d0b5d0b3d0be3a202573', 'hex'), 'UTF8')),
        ('summary.rows.none', convert_from(decode('d0bdd0b8d187d0b5d0b3d0be', 'hex'), 'UTF8')),
        ('summary.rows.good', convert_from(decode('d0add182d0bed0b3d0be20d0b4d0bed181d182d0b0d182d0bed187d0bdd0be3b20d0b2d181d0b520d0bfd180d0b8d187d0b8d0bdd18b20e2809420d0b220d0bfd180d0b5d0b4d181d182d0b0d0b2d0bbd0b5d0bdd0b8d0b820646174615f7175616c697479', 'hex'), 'UTF8')),
        ('summary.rows.advice', convert_from(decode('d0a0d0b0d0b7d0b1d0b5d180d0b8d182d0b5d181d18c3a20d0bfd180d0b8d187d0b8d0bdd18b20e2809420d0b220d0bfd180d0b5d0b4d181d182d0b0d0b2d0bbd0b5d0bdd0b8d0b820646174615f7175616c697479', 'hex'), 'UTF8')),
        ('summary.rows.missed', convert_from(decode('d0a7d0b0d181d182d18c20d0b7d0b0d0bad0b0d0b7d0bed0b220d181d18ed0b4d0b020d0bdd0b520d0bfd0bed0bfd0b0d0bbd0b03a20d0bfd0bed0b4d0bad0bbd18ed187d0b8d182d0b520d0b8d18520d0b7d0b0d0bdd0bed0b2d0be', 'hex'), 'UTF8')),
        ('summary.rows.missing', convert_from(decode('d097d0b0d0bad0b0d0b7d0bed0b220d0bfd0bed0bad0b020d0bdd0b5d182', 'hex'), 'UTF8'))
$words$;
CREATE FUNCTION _clientele.workspace_files() RETURNS TABLE (place integer, folder text, relation text, variant text, belongs_to text, stored_by name[], reads name[], internal boolean)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $files$
    VALUES
        (1, 'tables', 'settings', NULL::text, NULL::text, NULL::name[], '{}'::name[], false),
        (2, 'views', 'applied_settings', NULL::text, NULL::text, '{one_row}'::name[], '{settings}'::name[], true),
        (3, 'views', 'order_history', 'indexed'::text, NULL::text, '{customer}'::name[], '{applied_settings,order_rows}'::name[], false),
        (4, 'views', 'order_history', NULL::text, NULL::text, '{customer}'::name[], '{applied_settings,order_rows}'::name[], true),
        (5, 'views', 'customer_history', NULL::text, NULL::text, NULL::name[], '{order_history}'::name[], true),
        (6, 'views', 'reporting_date', 'materialized'::text, NULL::text, '{as_of}'::name[], '{customer_history,applied_settings}'::name[], false),
        (7, 'views', 'reporting_date', NULL::text, NULL::text, '{as_of}'::name[], '{order_rows,applied_settings}'::name[], false),
        (8, 'tables', 'attached', NULL::text, NULL::text, NULL::name[], '{}'::name[], true),
        (9, 'views', 'answer_window', NULL::text, 'answers'::text, NULL::name[], '{reporting_date,applied_settings,attached}'::name[], true),
        (10, 'views', 'answer_quality', NULL::text, 'answers'::text, '{reason}'::name[], '{reporting_date,applied_settings,answer_rows,customer_history}'::name[], false),
        (11, 'findings', 'answer_findings', NULL::text, 'answers'::text, NULL::name[], '{answer_window,answer_rows,answer_quality}'::name[], false),
        (12, 'views', 'source_costs', NULL::text, NULL::text, NULL::name[], '{cost_rows,reporting_date}'::name[], true),
        (13, 'views', 'customer_orders', NULL::text, 'materialized'::text, '{customer}'::name[], '{order_rows,order_history,applied_settings}'::name[], true),
        (14, 'views', 'first_orders', 'materialized'::text, NULL::text, NULL::name[], '{customer_orders}'::name[], false),
        (15, 'views', 'first_orders', NULL::text, NULL::text, NULL::name[], '{order_rows}'::name[], true),
        (16, 'views', 'customer_referrers', NULL::text, NULL::text, NULL::name[], '{customer_rows}'::name[], true),
        (17, 'views', 'customer_preferences', 'materialized'::text, NULL::text, NULL::name[], '{customer_orders,reporting_date}'::name[], false),
        (18, 'views', 'customer_preferences', NULL::text, NULL::text, NULL::name[], '{order_rows,reporting_date}'::name[], true),
        (19, 'views', 'sources', NULL::text, NULL::text, NULL::name[], '{reporting_date,applied_settings,customer_history,source_costs,first_orders,customer_referrers,customer_preferences,attached}'::name[], false),
        (20, 'findings', 'cost_findings', NULL::text, 'costs'::text, NULL::name[], '{reporting_date,cost_rows,sources}'::name[], false),
        (21, 'views', 'attached_dimensions', NULL::text, 'materialized'::text, '{customer, dimension}'::name[], '{dimension_rows}'::name[], true),
        (22, 'views', 'customer_dimensions', 'materialized'::text, NULL::text, NULL::name[], '{first_orders,reporting_date,attached_dimensions}'::name[], false),
        (23, 'views', 'customer_dimensions', NULL::text, NULL::text, NULL::name[], '{first_orders,reporting_date,dimension_rows}'::name[], false),
        (24, 'findings', 'customer_findings', NULL::text, 'customers'::text, NULL::name[], '{customer_history,customer_rows,customer_dimensions}'::name[], false),
        (25, 'findings', 'order_findings', NULL::text, 'orders'::text, NULL::name[], '{order_rows,reporting_date,attached,applied_settings,settings}'::name[], false),
        (26, 'findings', 'order_meaning', NULL::text, 'orders'::text, NULL::name[], '{attached,settings}'::name[], false),
        (27, 'tables', 'questions', NULL::text, NULL::text, NULL::name[], '{settings}'::name[], false),
        (28, 'views', 'survey_answers', NULL::text, 'survey'::text, '{respondent, question, answer_number}'::name[], '{survey_rows,questions,reporting_date}'::name[], false),
        (29, 'views', 'survey_quality', NULL::text, 'survey'::text, '{reason}'::name[], '{reporting_date,survey_rows,survey_answers,applied_settings}'::name[], false),
        (30, 'views', 'customer_figures', NULL::text, NULL::text, NULL::name[], '{reporting_date,applied_settings,customer_history}'::name[], true),
        (31, 'views', 'survey_tallies', NULL::text, 'survey'::text, '{question, answer_position}'::name[], '{survey_answers,questions,applied_settings}'::name[], false),
        (32, 'findings', 'survey_findings', NULL::text, 'survey'::text, NULL::name[], '{survey_rows,questions,survey_quality,attached,survey_answers,customer_figures,survey_tallies}'::name[], false),
        (33, 'findings', 'touchpoint_findings', NULL::text, 'touchpoints'::text, NULL::name[], '{reporting_date,touchpoint_rows}'::name[], false),
        (34, 'tables', 'segments', NULL::text, NULL::text, NULL::name[], '{settings}'::name[], false),
        (35, 'views', 'rfm_cells', NULL::text, NULL::text, NULL::name[], '{applied_settings,segments}'::name[], true),
        (36, 'functions', 'check_segments', NULL::text, NULL::text, NULL::name[], '{rfm_cells,settings}'::name[], false),
        (37, 'tables', 'knowledge_base', NULL::text, NULL::text, NULL::name[], '{}'::name[], false),
        (38, 'functions', 'find_answers', NULL::text, NULL::text, NULL::name[], '{knowledge_base}'::name[], false),
        (39, 'tables', 'order_history_data', NULL::text, 'incremental'::text, NULL::name[], '{order_history}'::name[], false),
        (40, 'tables', 'customer_preferences_data', NULL::text, 'incremental'::text, NULL::name[], '{order_rows}'::name[], false),
        (41, 'tables', 'first_orders_data', NULL::text, 'incremental'::text, NULL::name[], '{order_rows}'::name[], false),
        (42, 'tables', 'order_changes', NULL::text, 'incremental'::text, NULL::name[], '{order_history_data,customer_preferences_data,first_orders_data}'::name[], false),
        (43, 'tables', 'order_days_data', NULL::text, 'incremental'::text, NULL::name[], '{order_history}'::name[], false),
        (44, 'functions', 'fold_order_changes', NULL::text, 'incremental'::text, NULL::name[], '{order_changes,order_history_data,settings,customer_preferences_data,first_orders_data,order_days_data}'::name[], false),
        (45, 'tables', 'fold_state', NULL::text, 'incremental'::text, NULL::name[], '{}'::name[], false),
        (46, 'functions', 'fold_some_changes', NULL::text, 'incremental'::text, NULL::name[], '{settings,fold_state,order_changes,fold_order_changes}'::name[], false),
        (47, 'views', 'class_limits', NULL::text, NULL::text, '{as_of}'::name[], '{reporting_date,applied_settings,customer_history}'::name[], true),
        (48, 'views', 'orders_enriched', 'materialized'::text, NULL::text, NULL::name[], '{applied_settings,order_rows,reporting_date,class_limits,customer_history}'::name[], false),
        (49, 'views', 'orders_enriched', NULL::text, NULL::text, NULL::name[], '{applied_settings,order_rows,reporting_date,customer_history}'::name[], false),
        (50, 'views', 'touchpoint_events', NULL::text, 'touchpoints'::text, NULL::name[], '{touchpoint_rows,reporting_date,orders_enriched,applied_settings}'::name[], true),
        (51, 'tables', 'funnel_stages', NULL::text, 'touchpoints'::text, NULL::name[], '{}'::name[], false),
        (52, 'views', 'funnel_passes', NULL::text, 'touchpoints'::text, '{customer, funnel_name, pass_number, step_number}'::name[], '{touchpoint_events,funnel_stages,applied_settings,reporting_date}'::name[], false),
        (53, 'views', 'funnel_summary', NULL::text, 'touchpoints'::text, '{funnel_name, step_number}'::name[], '{funnel_passes,funnel_stages,applied_settings}'::name[], false),
        (54, 'sections', 'funnel', NULL::text, 'touchpoints'::text, NULL::name[], '{funnel_summary}'::name[], false),
        (55, 'views', 'revenue_by_period', NULL::text, NULL::text, NULL::name[], '{reporting_date,applied_settings,customer_history}'::name[], false),
        (56, 'views', 'class_history', 'materialized'::text, NULL::text, NULL::name[], '{reporting_date,applied_settings,class_limits,customer_history}'::name[], false),
        (57, 'views', 'class_history', NULL::text, NULL::text, NULL::name[], '{customer_history,reporting_date,applied_settings}'::name[], false),
        (58, 'views', 'answers_enriched', NULL::text, 'answers'::text, '{customer, answer_number}'::name[], '{answer_rows,applied_settings,reporting_date,class_history,answer_window,customer_history}'::name[], false),
        (59, 'views', 'nps_of_period', 'answers'::text, NULL::text, NULL::name[], '{answers_enriched}'::name[], false),
        (60, 'views', 'nps_of_period', NULL::text, NULL::text, NULL::name[], '{}'::name[], true),
        (61, 'views', 'overview', NULL::text, NULL::text, NULL::name[], '{revenue_by_period,reporting_date,applied_settings,customer_history,nps_of_period}'::name[], false),
        (62, 'sections', 'growth', NULL::text, NULL::text, NULL::name[], '{revenue_by_period,overview}'::name[], false),
        (63, 'topics', 'growth', NULL::text, NULL::text, NULL::name[], '{overview}'::name[], false),
        (64, 'views', 'classification', NULL::text, 'materialized'::text, '{as_of}'::name[], '{reporting_date,applied_settings,customer_history}'::name[], true),
        (65, 'views', 'customer_classes', 'materialized'::text, NULL::text, NULL::name[], '{classification,customer_history}'::name[], false),
        (66, 'views', 'customer_classes', NULL::text, NULL::text, NULL::name[], '{customer_history,reporting_date,applied_settings}'::name[], true),
        (67, 'tables', 'policies', NULL::text, NULL::text, NULL::name[], '{settings}'::name[], false),
        (68, 'views', 'customer_details', NULL::text, NULL::text, NULL::name[], '{customer_rows}'::name[], true),
        (69, 'views', 'feedback_inbox', NULL::text, 'answers'::text, NULL::name[], '{answers_enriched,customer_classes,reporting_date,policies,customer_details}'::name[], false),
        (70, 'sections', 'inbox', NULL::text, 'answers'::text, NULL::name[], '{feedback_inbox}'::name[], false),
        (71, 'tables', 'approaches', NULL::text, NULL::text, NULL::name[], '{settings}'::name[], false),
        (72, 'views', 'at_risk', NULL::text, NULL::text, NULL::name[], '{customer_classes,applied_settings,policies,approaches,customer_details}'::name[], false),
        (73, 'views', 'win_back', NULL::text, NULL::text, NULL::name[], '{customer_classes,applied_settings,policies,approaches,customer_details}'::name[], false),
        (74, 'views', 'second_order_due', NULL::text, NULL::text, NULL::name[], '{customer_classes,applied_settings,policies,approaches,customer_details}'::name[], false),
        (75, 'sections', 'lists', NULL::text, NULL::text, NULL::name[], '{at_risk,win_back,second_order_due}'::name[], false),
        (76, 'views', 'retention_by_period', NULL::text, NULL::text, NULL::name[], '{reporting_date,applied_settings,customer_history}'::name[], false),
        (77, 'views', 'lifecycle_summary', NULL::text, NULL::text, NULL::name[], '{applied_settings,customer_classes,approaches}'::name[], false),
        (78, 'views', 'retention_cohorts', NULL::text, NULL::text, NULL::name[], '{reporting_date,applied_settings,customer_history}'::name[], false),
        (79, 'tables', 'benchmarks', NULL::text, NULL::text, NULL::name[], '{settings}'::name[], false),
        (80, 'views', 'repeat_purchase', NULL::text, NULL::text, NULL::name[], '{reporting_date,customer_history,applied_settings,benchmarks}'::name[], false),
        (81, 'sections', 'return', NULL::text, NULL::text, NULL::name[], '{retention_by_period,lifecycle_summary,retention_cohorts,repeat_purchase}'::name[], false),
        (82, 'views', 'express_test', NULL::text, NULL::text, NULL::name[], '{order_history,reporting_date,settings}'::name[], false),
        (83, 'sections', 'standing', NULL::text, NULL::text, NULL::name[], '{overview,express_test}'::name[], false),
        (84, 'views', 'data_quality', NULL::text, NULL::text, NULL::name[], '{applied_settings,reporting_date,order_history}'::name[], false),
        (85, 'sections', 'trust', NULL::text, NULL::text, NULL::name[], '{data_quality}'::name[], false),
        (86, 'views', 'abc_xyz_matrix', NULL::text, NULL::text, NULL::name[], '{reporting_date,applied_settings,customer_classes,policies}'::name[], false),
        (87, 'views', 'rfm_segments', NULL::text, NULL::text, NULL::name[], '{customer_classes,rfm_cells,segments,applied_settings}'::name[], false),
        (88, 'sections', 'value', NULL::text, NULL::text, NULL::name[], '{abc_xyz_matrix,rfm_segments,sources}'::name[], false),
        (89, 'views', 'nps_by_period', NULL::text, 'answers'::text, NULL::name[], '{nps_of_period,answer_window}'::name[], false),
        (90, 'views', 'nps_by_touchpoint', NULL::text, 'answers'::text, NULL::name[], '{answers_enriched,answer_window}'::name[], false),
        (91, 'views', 'improvements', NULL::text, 'answers'::text, NULL::name[], '{answers_enriched,answer_window,customer_classes,applied_settings}'::name[], false),
        (92, 'tables', 'nps_advice', NULL::text, 'answers'::text, NULL::name[], '{settings}'::name[], false),
        (93, 'views', 'nps_summary', NULL::text, 'answers'::text, NULL::name[], '{answer_window,customer_history,answers_enriched,applied_settings,nps_advice}'::name[], false),
        (94, 'sections', 'voice', NULL::text, 'answers'::text, NULL::name[], '{nps_by_period,nps_by_touchpoint,improvements,nps_summary}'::name[], false),
        (95, 'views', 'retention_value', NULL::text, NULL::text, NULL::name[], '{reporting_date,applied_settings,customer_history}'::name[], false),
        (96, 'sections', 'worth', NULL::text, NULL::text, NULL::name[], '{retention_value}'::name[], false),
        (97, 'topics', 'worth', NULL::text, NULL::text, NULL::name[], '{retention_value}'::name[], false),
        (98, 'topics', 'call', NULL::text, NULL::text, NULL::name[], '{at_risk}'::name[], false),
        (99, 'topics', 'light', NULL::text, NULL::text, NULL::name[], '{express_test}'::name[], false),
        (100, 'topics', 'lost', NULL::text, NULL::text, NULL::name[], '{win_back}'::name[], false),
        (101, 'views', 'rating_summary', NULL::text, 'answers'::text, NULL::name[], '{answers_enriched,answer_window}'::name[], false),
        (102, 'topics', 'nps', NULL::text, 'answers'::text, NULL::name[], '{nps_summary,rating_summary}'::name[], false),
        (103, 'views', 'abc_summary', NULL::text, NULL::text, NULL::name[], '{customer_classes,benchmarks,applied_settings}'::name[], false),
        (104, 'topics', 'pareto', NULL::text, NULL::text, NULL::name[], '{abc_summary}'::name[], false),
        (105, 'topics', 'rows', NULL::text, NULL::text, NULL::name[], '{data_quality}'::name[], false),
        (106, 'topics', 'shares', NULL::text, NULL::text, NULL::name[], '{express_test}'::name[], false),
        (107, 'topics', 'touchpoint', NULL::text, 'answers'::text, NULL::name[], '{nps_by_touchpoint}'::name[], false),
        (108, 'tables', 'missed_changes', NULL::text, 'incremental'::text, NULL::name[], '{}'::name[], false),
        (109, 'tables', 'touchpoint_catalogue', NULL::text, NULL::text, NULL::name[], '{settings}'::name[], false),
        (110, 'tables', 'touchpoint_ratings', NULL::text, NULL::text, NULL::name[], '{touchpoint_catalogue}'::name[], false),
        (111, 'views', 'cell_migration', NULL::text, NULL::text, NULL::name[], '{customer_history,reporting_date,applied_settings}'::name[], false),
        (112, 'views', 'changed_days', NULL::text, 'incremental'::text, NULL::name[], '{order_changes}'::name[], false),
        (113, 'views', 'changed_first_orders', NULL::text, 'incremental'::text, NULL::name[], '{order_rows,order_changes,first_orders_data}'::name[], false),
        (114, 'views', 'changed_histories', NULL::text, 'incremental'::text, NULL::name[], '{applied_settings,order_changes,order_history_data}'::name[], false),
        (115, 'views', 'cohorts_by_dimension', NULL::text, NULL::text, NULL::name[], '{customer_dimensions,customer_history,reporting_date,applied_settings}'::name[], false),
        (116, 'views', 'current_preferences', NULL::text, 'incremental'::text, NULL::name[], '{customer_preferences_data,order_changes}'::name[], false),
        (117, 'views', 'customer_changes', 'materialized'::text, NULL::text, NULL::name[], '{reporting_date,applied_settings,customer_history,class_limits}'::name[], false),
        (118, 'views', 'customer_changes', NULL::text, NULL::text, NULL::name[], '{reporting_date,applied_settings,customer_history}'::name[], false),
        (119, 'views', 'customer_timeline', NULL::text, NULL::text, NULL::name[], '{order_rows,applied_settings,reporting_date,answer_rows,touchpoint_rows,customer_changes}'::name[], false),
        (120, 'views', 'customers', NULL::text, NULL::text, NULL::name[], '{customer_classes,rfm_cells,policies,customer_details}'::name[], false),
        (121, 'views', 'first_purchase', NULL::text, NULL::text, NULL::name[], '{customer_dimensions,reporting_date,applied_settings,customer_history}'::name[], false),
        (122, 'views', 'funnel_steps', NULL::text, 'touchpoints'::text, '{funnel_name, source, entry_period, customer_kind, step_number}'::name[], '{funnel_passes,funnel_stages,applied_settings,reporting_date}'::name[], false),
        (123, 'views', 'journey_steps', NULL::text, 'touchpoints'::text, NULL::name[], '{touchpoint_events,applied_settings}'::name[], false),
        (124, 'views', 'journey', NULL::text, 'touchpoints'::text, '{from_touchpoint, to_touchpoint}'::name[], '{journey_steps,applied_settings}'::name[], false),
        (125, 'views', 'journey_absorption', NULL::text, 'touchpoints'::text, NULL::name[], '{journey,applied_settings}'::name[], false),
        (126, 'views', 'labels', NULL::text, NULL::text, NULL::name[], '{settings,segments}'::name[], false),
        (127, 'views', 'lifecycle_migration', NULL::text, NULL::text, NULL::name[], '{reporting_date,applied_settings,customer_history}'::name[], false),
        (128, 'views', 'nps_by_segment', NULL::text, 'answers'::text, NULL::name[], '{customer_classes,answers_enriched,answer_window,applied_settings}'::name[], false),
        (129, 'views', 'open_questions', NULL::text, 'answers'::text, NULL::name[], '{answer_rows,reporting_date,knowledge_base}'::name[], false),
        (130, 'views', 'order_days', NULL::text, 'incremental'::text, NULL::name[], '{order_days_data,changed_days}'::name[], false),
        (131, 'views', 'order_digests', NULL::text, 'materialized'::text, '{one_row}'::name[], '{order_rows}'::name[], true),
        (132, 'views', 'referrals', NULL::text, NULL::text, NULL::name[], '{reporting_date,customer_history,attached,customer_referrers,customer_details}'::name[], false),
        (133, 'views', 'response_times', NULL::text, 'answers'::text, NULL::name[], '{answers_enriched,answer_window}'::name[], false),
        (134, 'views', 'retention_by_dimension', NULL::text, NULL::text, NULL::name[], '{customer_dimensions,customer_history,reporting_date,applied_settings}'::name[], false),
        (135, 'views', 'segment_profile', NULL::text, NULL::text, NULL::name[], '{customer_classes,customer_preferences,attached,applied_settings}'::name[], false),
        (136, 'views', 'survey_by_dimension', NULL::text, 'survey'::text, '{question, dimension, value, answer_position}'::name[], '{survey_answers,questions,customers,customer_dimensions,applied_settings}'::name[], false),
        (137, 'views', 'touchpoint_scorecard', NULL::text, NULL::text, NULL::name[], '{touchpoint_ratings,applied_settings,reporting_date,touchpoint_catalogue}'::name[], false),
        (138, 'views', 'touchpoint_groups', NULL::text, NULL::text, NULL::name[], '{applied_settings,touchpoint_scorecard}'::name[], false),
        (139, 'views', 'voice_of_customer', NULL::text, 'answers'::text, NULL::name[], '{answer_window,answers_enriched}'::name[], false),
        (140, 'views', 'customer_preferences', 'incremental'::text, NULL::text, NULL::name[], '{current_preferences,reporting_date}'::name[], false),
        (141, 'views', 'first_orders', 'incremental'::text, NULL::text, NULL::name[], '{first_orders_data,order_changes,changed_first_orders}'::name[], false),
        (142, 'views', 'order_history', 'incremental'::text, NULL::text, NULL::name[], '{order_history_data,order_changes,changed_histories}'::name[], false),
        (143, 'views', 'reporting_date', 'incremental'::text, NULL::text, NULL::name[], '{missed_changes,changed_days,order_days_data,applied_settings}'::name[], false)
$files$;
CREATE FUNCTION _clientele.workspace_statements() RETURNS TABLE (place integer, statements text[])
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $files$
    VALUES
        (1, ARRAY[
$sql$CREATE TABLE workspace.settings (
    one_row boolean PRIMARY KEY DEFAULT true
        CONSTRAINT "settings has one row" CHECK (one_row),
    as_of text NOT NULL DEFAULT 'auto'
        CONSTRAINT "as_of is auto, today or a date such as 2025-01-31" CHECK (
            CASE WHEN as_of ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN as_of::date IS NOT NULL
                ELSE as_of IN ('auto', 'today') END),
    time_zone text NOT NULL,
    workspace_version text NOT NULL,
    period text NOT NULL DEFAULT 'month',
    class_window interval DEFAULT '12 months',
    abc_by text NOT NULL DEFAULT 'revenue',
    abc_a numeric NOT NULL DEFAULT 0.80,
    abc_b numeric NOT NULL DEFAULT 0.95,
    xyz_by text NOT NULL DEFAULT 'frequency',
    frequency_within interval NOT NULL DEFAULT '6 months',
    x_purchases integer NOT NULL DEFAULT 3,
    y_purchases integer NOT NULL DEFAULT 2,
    xyz_x numeric NOT NULL DEFAULT 0.10,
    xyz_y numeric NOT NULL DEFAULT 0.25,
    count_by text NOT NULL DEFAULT 'days',
    new_within interval NOT NULL DEFAULT '3 months',
    regular_within interval NOT NULL DEFAULT '6 months',
    regular_purchases integer NOT NULL DEFAULT 3,
    lost_after interval NOT NULL DEFAULT '6 months',
    risk_gaps double precision NOT NULL DEFAULT 2,
    rfm_bins integer NOT NULL DEFAULT 5,
    one_time_limit numeric NOT NULL DEFAULT 0.03,
    light_by text NOT NULL DEFAULT 'customers',
    retention_step numeric NOT NULL DEFAULT 5,
    zero_amounts text NOT NULL DEFAULT 'orders',
    refunded_orders text NOT NULL DEFAULT 'orders',
    nps_window interval DEFAULT '12 months',
    nps_answers text NOT NULL DEFAULT 'latest',
    enough integer NOT NULL DEFAULT 30,
    text_search text NOT NULL DEFAULT 'simple',
    journey_repeats text NOT NULL DEFAULT 'collapsed',
    funnel_within interval NOT NULL DEFAULT '90 days',
    has_profit boolean NOT NULL DEFAULT false,
    storage text NOT NULL DEFAULT 'view',
    fold_after integer DEFAULT 10000,
    language text NOT NULL DEFAULT 'en'
);$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "time_zone is a full IANA name or UTC" CHECK (clientele.period_start(timestamptz '2000-01-01 00:00:00+00', 'day'::text, time_zone) IS NOT NULL) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "period is day, week, month, quarter or year" CHECK (period IN ('day', 'week', 'month', 'quarter', 'year')) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "class_window is a span of at least a day, or empty" CHECK (class_window IS NULL OR _clientele.is_span(class_window)) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "abc_by is revenue, or profit if a profit column is attached" CHECK (abc_by = 'revenue' OR abc_by = 'profit' AND has_profit) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "abc_a and abc_b are shares, 0 < abc_a <= abc_b <= 1" CHECK (0 < abc_a AND abc_a <= abc_b AND abc_b <= 1) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "xyz_by is frequency or variation" CHECK (xyz_by IN ('frequency', 'variation')) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "frequency_within is a span of at least a day" CHECK (_clientele.is_span(frequency_within)) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "purchases of X and Y: 1 <= y_purchases <= x_purchases" CHECK (1 <= y_purchases AND y_purchases <= x_purchases) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "coefficients of variation: 0 <= xyz_x <= xyz_y <= 1000" CHECK (0 <= xyz_x AND xyz_x <= xyz_y AND xyz_y <= 1000) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "count_by is days or orders" CHECK (count_by IN ('days', 'orders')) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "new_within is a span of at least a day" CHECK (_clientele.is_span(new_within)) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "regular_within is a span of at least a day" CHECK (_clientele.is_span(regular_within)) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "regular_purchases is at least 2" CHECK (regular_purchases >= 2) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "lost_after is a span of at least a day" CHECK (_clientele.is_span(lost_after)) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "risk_gaps is a number from 0 to 1000" CHECK (risk_gaps >= 0 AND risk_gaps <= 1000) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "rfm_bins is 2 to 10" CHECK (rfm_bins BETWEEN 2 AND 10) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "one_time_limit is a share, 0 to 1" CHECK (0 <= one_time_limit AND one_time_limit <= 1 AND scale(one_time_limit) <= 20) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "light_by is customers or sales" CHECK (light_by IN ('customers', 'sales')) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "nps_window is a span of at least a day, or empty" CHECK (nps_window IS NULL OR _clientele.is_span(nps_window)) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "nps_answers is latest or all" CHECK (nps_answers IN ('latest', 'all')) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "retention_step is above 0, up to 100 points" CHECK (0 < retention_step AND retention_step <= 100) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "zero_amounts is orders or skipped" CHECK (zero_amounts IN ('orders', 'skipped')) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "refunded_orders is orders or skipped" CHECK (refunded_orders IN ('orders', 'skipped')) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "enough is a number of at least 0" CHECK (enough >= 0) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "text_search is a text search configuration of the server" CHECK (_clientele.workspace_text_search(text_search) IS NOT NULL) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "journey_repeats is collapsed or kept" CHECK (journey_repeats IN ('collapsed', 'kept')) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "funnel_within is a span of at least a day" CHECK (_clientele.is_span(funnel_within)) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "storage is view, materialized or incremental" CHECK (storage IN ('view', 'materialized', 'incremental')) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "fold_after is at least 100, or empty" CHECK (fold_after >= 100) NOT VALID;$sql$,
$sql$ALTER TABLE workspace.settings ADD CONSTRAINT "language is one that there are words in, such as en or ru" CHECK (language = ANY (_clientele.workspace_languages())) NOT VALID;$sql$,
$sql$CREATE TRIGGER keep_settings BEFORE DELETE OR TRUNCATE ON workspace.settings
    EXECUTE FUNCTION _clientele.workspace_keep_settings();$sql$,
$sql$CREATE TRIGGER settings_changed AFTER UPDATE ON workspace.settings
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION _clientele.workspace_settings_changed();$sql$,
$sql$CREATE TRIGGER language_changed AFTER UPDATE ON workspace.settings
    FOR EACH ROW WHEN (OLD.language <> NEW.language) EXECUTE FUNCTION _clientele.workspace_language_changed();$sql$,
$sql$COMMENT ON TABLE workspace.settings IS 'How the views of this workspace count: one row, change it with UPDATE';$sql$,
$sql$COMMENT ON COLUMN workspace.settings.as_of IS 'The day the views speak of, on which and after which rows do not exist yet: ''auto'' is the earlier of today and the day after the last row, ''today'' follows the clock, a date such as ''2025-01-31'' shows everything as it stood then';$sql$,
$sql$COMMENT ON COLUMN workspace.settings.enough IS 'A figure with fewer behind it is marked as not enough to go by';$sql$,
$sql$COMMENT ON COLUMN workspace.settings.language IS 'The language of advice, policies and all other texts that views show, en or ru: those that you edited stay as they are';$sql$]),
        (2, ARRAY[
$sql$CREATE VIEW workspace.applied_settings AS
SELECT s.* FROM workspace.settings s;$sql$,
$sql$COMMENT ON VIEW workspace.applied_settings IS 'The settings that the views go by: those of the table, with stored figures as they stood at the last refresh';$sql$,
$sql$COMMENT ON COLUMN workspace.applied_settings.as_of IS 'The day the views speak of, on which and after which rows do not exist yet: ''auto'' is the earlier of today and the day after the last row, ''today'' follows the clock, a date such as ''2025-01-31'' shows everything as it stood then';$sql$,
$sql$COMMENT ON COLUMN workspace.applied_settings.enough IS 'A figure with fewer behind it is marked as not enough to go by';$sql$,
$sql$COMMENT ON COLUMN workspace.applied_settings.language IS 'The language of advice, policies and all other texts that views show, en or ru: those that you edited stay as they are';$sql$]),
        (3, ARRAY[
$sql$CREATE VIEW workspace.order_history AS
SELECT o.customer,
    _clientele.order_history_agg(o.ordered_at, o.amount, (SELECT s.time_zone FROM workspace.applied_settings s), o.counts_zero) AS history,
    CASE WHEN (SELECT s.has_profit FROM workspace.applied_settings s)
        THEN _clientele.order_history_agg(o.ordered_at, o.profit, (SELECT s.time_zone FROM workspace.applied_settings s), true)
            FILTER (WHERE o.usable) END AS profit_history,
    nullif(count(*) FILTER (WHERE o.left_out = 'no_time'), 0) AS no_time,
    nullif(count(*) FILTER (WHERE o.left_out = 'invalid_time'), 0) AS invalid_time,
    nullif(count(*) FILTER (WHERE o.left_out = 'no_amount'), 0) AS no_amount,
    nullif(count(*) FILTER (WHERE o.left_out = 'invalid_amount'), 0) AS invalid_amount,
    nullif(count(*) FILTER (WHERE o.left_out = 'zero_amount'), 0) AS zero_amount
FROM (
    SELECT r.customer, r.ordered_at, r.amount, r.profit, r.usable, r.counts_zero, CASE WHEN r.usable IS NOT TRUE THEN r.left_out END AS left_out
    FROM workspace.order_rows r
    ORDER BY r.customer) o
GROUP BY o.customer;$sql$,
$sql$COMMENT ON VIEW workspace.order_history IS 'All that is read from the orders: their histories by customer, one row more for the orders without a customer, and the rows that are left out';$sql$]),
        (4, ARRAY[
$sql$CREATE VIEW workspace.order_history AS
SELECT o.customer,
    _clientele.order_history_agg(o.ordered_at, o.amount, (SELECT s.time_zone FROM workspace.applied_settings s), o.counts_zero) AS history,
    CASE WHEN (SELECT s.has_profit FROM workspace.applied_settings s)
        THEN _clientele.order_history_agg(o.ordered_at, o.profit, (SELECT s.time_zone FROM workspace.applied_settings s), true)
            FILTER (WHERE o.usable) END AS profit_history,
    nullif(count(*) FILTER (WHERE o.usable IS NOT TRUE AND o.left_out = 'no_time'), 0) AS no_time,
    nullif(count(*) FILTER (WHERE o.usable IS NOT TRUE AND o.left_out = 'invalid_time'), 0) AS invalid_time,
    nullif(count(*) FILTER (WHERE o.amount IS NULL AND o.left_out = 'no_amount'), 0) AS no_amount,
    nullif(count(*) FILTER (WHERE o.usable IS NOT TRUE AND o.left_out = 'invalid_amount'), 0) AS invalid_amount,
    nullif(count(*) FILTER (WHERE o.usable IS NOT TRUE AND o.left_out = 'zero_amount'), 0) AS zero_amount
FROM workspace.order_rows o
GROUP BY o.customer;$sql$,
$sql$COMMENT ON VIEW workspace.order_history IS 'All that is read from the orders: their histories by customer, one row more for the orders without a customer, and the rows that are left out';$sql$]),
        (5, ARRAY[
$sql$CREATE VIEW workspace.customer_history AS
SELECT h.customer, h.history, h.profit_history FROM workspace.order_history h WHERE h.customer IS NOT NULL;$sql$,
$sql$COMMENT ON VIEW workspace.customer_history IS 'One row per customer with all purchases as one value, which the functions of Clientele read: for SQL, not for BI. Holds rows of every date, whatever the settings say: pass as_of of reporting_date to the functions';$sql$]),
        (6, ARRAY[
$sql$CREATE VIEW workspace.reporting_date AS
SELECT d.as_of, d.today, greatest((clientele.period_start(d.as_of, d.period) - 400 * _clientele.period_step(d.period))::date, date '0001-01-01') AS first_period,
    now() AS refreshed_at, NULL::timestamptz AS missed_since
FROM (
    SELECT (
            SELECT CASE s.as_of
                    WHEN 'today' THEN s.today
                    WHEN 'auto' THEN least(s.today, 1 + (
                        SELECT greatest(o.last_day, (
                            SELECT max(d.day)
                            FROM workspace.customer_history h
                            CROSS JOIN LATERAL clientele.history_days(h.history) d
                            WHERE clientele.return_count(h.history, coalesce(o.last_day, date '-infinity'), s.today + 1) > 0 AND d.day <= s.today))
                        FROM (SELECT max(clientele.last_order(h.history, s.today + 1)) AS last_day FROM workspace.customer_history h) o))
                    ELSE s.as_of::date
                END
            FROM (SELECT x.*, (now() AT TIME ZONE x.time_zone)::date AS today FROM workspace.applied_settings x LIMIT 1) s
        ) AS as_of,
        (SELECT (now() AT TIME ZONE s.time_zone)::date FROM workspace.applied_settings s) AS today,
        (SELECT s.period FROM workspace.applied_settings s) AS period
    LIMIT 1) d
LIMIT 1;$sql$,
$sql$COMMENT ON VIEW workspace.reporting_date IS 'The day the views speak of, by the settings';$sql$,
$sql$COMMENT ON COLUMN workspace.reporting_date.as_of IS 'Rows of this day and later ones are not counted';$sql$,
$sql$COMMENT ON COLUMN workspace.reporting_date.today IS 'Today in the time zone of the settings';$sql$,
$sql$COMMENT ON COLUMN workspace.reporting_date.first_period IS 'Views of retention and of growth go back to here: 400 periods';$sql$,
$sql$COMMENT ON COLUMN workspace.reporting_date.missed_since IS 'With incremental storage: since when orders were written that triggers could not read; empty where all are counted';$sql$]),
        (7, ARRAY[
$sql$CREATE VIEW workspace.reporting_date AS
SELECT d.as_of, d.today, greatest((clientele.period_start(d.as_of, d.period) - 400 * _clientele.period_step(d.period))::date, date '0001-01-01') AS first_period,
    now() AS refreshed_at, NULL::timestamptz AS missed_since
FROM (
    SELECT (
            SELECT CASE s.as_of
                    WHEN 'today' THEN s.today
                    WHEN 'auto' THEN least(s.today, 1 + (
                        SELECT o.day
                        FROM workspace.order_rows o
                        WHERE o.usable AND o.customer IS NOT NULL AND o.ordered_at IS NOT NULL AND o.day <= s.today
                        ORDER BY o.ordered_at DESC
                        LIMIT 1))
                    ELSE s.as_of::date
                END
            FROM (SELECT x.*, (now() AT TIME ZONE x.time_zone)::date AS today FROM workspace.applied_settings x LIMIT 1) s
        ) AS as_of,
        (SELECT (now() AT TIME ZONE s.time_zone)::date FROM workspace.applied_settings s) AS today,
        (SELECT s.period FROM workspace.applied_settings s) AS period
    LIMIT 1) d
LIMIT 1;$sql$,
$sql$COMMENT ON VIEW workspace.reporting_date IS 'The day the views speak of, by the settings';$sql$,
$sql$COMMENT ON COLUMN workspace.reporting_date.as_of IS 'Rows of this day and later ones are not counted';$sql$,
$sql$COMMENT ON COLUMN workspace.reporting_date.today IS 'Today in the time zone of the settings';$sql$,
$sql$COMMENT ON COLUMN workspace.reporting_date.first_period IS 'Views of retention and of growth go back to here: 400 periods';$sql$,
$sql$COMMENT ON COLUMN workspace.reporting_date.missed_since IS 'With incremental storage: since when orders were written that triggers could not read; empty where all are counted';$sql$]),
        (8, ARRAY[
$sql$CREATE TABLE workspace.attached (
    relation_role text PRIMARY KEY,
    relation text NOT NULL,
    columns jsonb NOT NULL
);$sql$,
$sql$COMMENT ON TABLE workspace.attached IS 'What is attached to this workspace, as attach_orders() was told: it reads this when it runs again';$sql$,
$sql$COMMENT ON COLUMN workspace.attached.relation_role IS 'What the rows of the relation are: orders';$sql$,
$sql$COMMENT ON COLUMN workspace.attached.relation IS 'The table or view';$sql$,
$sql$COMMENT ON COLUMN workspace.attached.columns IS 'Its columns by role, and what else was said of it: scale, stored_in, separator';$sql$]),
        (9, ARRAY[
$sql$CREATE VIEW workspace.answer_window AS
SELECT r.as_of, r.first_period, s.period, s.enough,
    greatest(coalesce((r.as_of - s.nps_window)::date, date '0001-01-01'), date '0001-01-01') AS from_date,
    n.scale[1] AS lowest, n.scale[2] AS highest
FROM workspace.reporting_date r
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN (SELECT _clientele.workspace_scale(a.columns ->> 'scale'::text) AS scale FROM workspace.attached a WHERE a.relation_role = 'answers') n ON true
LIMIT 1;$sql$,
$sql$COMMENT ON VIEW workspace.answer_window IS 'One row: the time whose answers count, by the settings';$sql$,
$sql$COMMENT ON COLUMN workspace.answer_window.first_period IS 'Series begin with this period at the earliest';$sql$,
$sql$COMMENT ON COLUMN workspace.answer_window.period IS 'The calendar period of series';$sql$,
$sql$COMMENT ON COLUMN workspace.answer_window.enough IS 'A figure with fewer answers behind it is not enough to go by';$sql$,
$sql$COMMENT ON COLUMN workspace.answer_window.from_date IS 'First day of the window (nps_window)';$sql$,
$sql$COMMENT ON COLUMN workspace.answer_window.lowest IS 'The lowest score there can be';$sql$,
$sql$COMMENT ON COLUMN workspace.answer_window.highest IS 'The highest one: where they are not 0 and 10, scores are ratings, and nobody is a promoter';$sql$]),
        (10, ARRAY[
$sql$CREATE VIEW workspace.answer_quality AS
SELECT v."position", v.reason, l.words ->> ('answer_rows.' || v.reason) AS description, v.counted, v.answers,
    100 * v.answers::double precision / nullif(sum(v.answers) OVER (), 0)::double precision AS pct_of_answers, r.refreshed_at
FROM (SELECT x.as_of, x.refreshed_at FROM workspace.reporting_date x LIMIT 1) r
CROSS JOIN (SELECT _clientele.workspace_words(x.language) AS words FROM workspace.applied_settings x LIMIT 1) l
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE a.reason = 'used' AND h.ordered) AS used,
        count(*) FILTER (WHERE a.reason = 'used' AND a.customer IS NULL) AS no_customer,
        count(*) FILTER (WHERE a.reason = 'used' AND a.customer IS NOT NULL AND h.ordered IS NOT TRUE) AS unknown_customer,
        count(*) FILTER (WHERE a.reason = 'no_time') AS no_time,
        count(*) FILTER (WHERE a.reason = 'invalid_time') AS invalid_time,
        count(*) FILTER (WHERE a.reason = 'no_score') AS no_score,
        count(*) FILTER (WHERE a.reason = 'invalid_score') AS invalid_score,
        count(*) FILTER (WHERE a.reason = 'future') AS future
    FROM (
        SELECT o.customer, CASE WHEN o.left_out IS NOT NULL THEN o.left_out WHEN o.day >= r.as_of THEN 'future' ELSE 'used' END AS reason
        FROM workspace.answer_rows o) a
    FULL JOIN (
        SELECT c.customer, clientele.first_order(c.history, r.as_of) IS NOT NULL AS ordered
        FROM workspace.customer_history c) h ON h.customer = a.customer) f
CROSS JOIN LATERAL (VALUES
    (1, 'used', true, f.used),
    (2, 'no_customer', true, f.no_customer),
    (3, 'unknown_customer', true, f.unknown_customer),
    (4, 'no_time', false, f.no_time),
    (5, 'invalid_time', false, f.invalid_time),
    (6, 'no_score', false, f.no_score),
    (7, 'invalid_score', false, f.invalid_score),
    (8, 'future', false, f.future)
) v("position", reason, counted, answers)
ORDER BY v."position";$sql$,
$sql$COMMENT ON VIEW workspace.answer_quality IS 'The rows of the answers by what became of them: each row is under exactly one reason';$sql$,
$sql$COMMENT ON COLUMN workspace.answer_quality."position" IS 'Order in which to show the reasons';$sql$,
$sql$COMMENT ON COLUMN workspace.answer_quality.reason IS 'used, no_customer and unknown_customer count; the others say why rows are left out';$sql$,
$sql$COMMENT ON COLUMN workspace.answer_quality.counted IS 'Whether such answers count';$sql$,
$sql$COMMENT ON COLUMN workspace.answer_quality.answers IS 'Number of rows';$sql$,
$sql$COMMENT ON COLUMN workspace.answer_quality.pct_of_answers IS 'Share of all rows, 0 to 100';$sql$,
$sql$COMMENT ON COLUMN workspace.answer_quality.refreshed_at IS 'When the answers were read: now, with stored figures at the last refresh';$sql$]),
        (11, ARRAY[
$sql$SELECT v.topic, v.finding, v.advice
FROM (
    SELECT coalesce(sum(q.answers), 0) AS answers, coalesce(sum(q.answers) FILTER (WHERE q.counted), 0) AS counted,
        string_agg(q.answers || ' ' || (_clientele.workspace_words('en'::text) ->> ('answer_rows.' || q.reason)), '; ' ORDER BY q."position") FILTER (WHERE NOT q.counted AND q.answers > 0) AS left_out,
        nullif(sum(q.answers) FILTER (WHERE q.reason = 'unknown_customer'), 0) AS strangers,
        (SELECT ARRAY[w.lowest, w.highest] FROM workspace.answer_window w WHERE w.lowest <> 0 OR w.highest <> 10) AS scale,
        (SELECT nullif(count(*), 0) FROM workspace.answer_rows r WHERE r.is_empty_time) AS empty_times
    FROM workspace.answer_quality q) f
CROSS JOIN LATERAL (VALUES
    (1, 'answers', format('%s rows, %s of them counted', f.answers, f.counted), 'Left out: ' || f.left_out),
    (2, 'scale', CASE WHEN f.scale IS NOT NULL THEN format('ratings of %s to %s: rating_summary counts them, nps_summary and its kin have no score', f.scale[1], f.scale[2]) END,
        'If they do answer whether customers would recommend you, from 0 to 10: attach again with scale => ''0-10'''),
    (3, 'empty times', 'answers with 0001-01-01, 1899-12-30 or 1970-01-01: ' || f.empty_times, 'Systems write them where there is no time: such rows are left out, as those without one'),
    (4, 'unknown customers', f.strangers || ' answers of customers without an order before the reporting date',
        'They count, as unknown in nps_by_segment; if there are many, look whether the column is the customer of the orders')) v("position", topic, finding, advice)
WHERE v.finding IS NOT NULL
ORDER BY v."position"$sql$]),
        (12, ARRAY[
$sql$CREATE VIEW workspace.source_costs AS
SELECT c.source, c.day, sum(c.cost) AS cost
FROM workspace.cost_rows c
WHERE c.usable AND c.day < (SELECT r.as_of FROM workspace.reporting_date r)
GROUP BY c.source, c.day;$sql$,
$sql$COMMENT ON VIEW workspace.source_costs IS 'What was spent on each source and day, where attach_costs() was told';$sql$,
$sql$COMMENT ON COLUMN workspace.source_costs.source IS 'Source of customers, named as in the orders; unknown where none is named';$sql$,
$sql$COMMENT ON COLUMN workspace.source_costs.day IS 'Day';$sql$]),
        (13, ARRAY[
$sql$CREATE VIEW workspace.customer_orders AS
SELECT f.customer, f.day AS first_day, f.source AS first_source, f.category AS first_category, f.amount AS first_amount,
    p.sources, p.categories, p.histories
FROM (
    SELECT DISTINCT ON (o.customer) o.customer, o.day, o.source, o.category, o.kept_amount AS amount
    FROM (
        SELECT o.customer, o.day, o.source, o.category, o.kept_amount, o.ordered_at, o.order_key, o.usable, o.is_order
        FROM workspace.order_rows o
        JOIN (SELECT h.customer, clientele.first_order(h.history) AS day FROM workspace.order_history h OFFSET 0) h ON h.customer = o.customer AND h.day = o.day
        WHERE o.has_source OR o.has_category
        OFFSET 0) o
    WHERE o.usable AND o.is_order
    ORDER BY o.customer, o.ordered_at, o.order_key, o.kept_amount, o.source, o.category) f
FULL JOIN (
    SELECT h.customer, CASE WHEN count(h.source) > 0 THEN array_agg(h.source) END AS sources,
        CASE WHEN count(h.category) > 0 THEN array_agg(h.category) END AS categories, array_agg(h.history) AS histories
    FROM (
        SELECT o.customer, o.source, o.category, _clientele.order_history_agg(o.ordered_at, o.amount, (SELECT s.time_zone FROM workspace.applied_settings s), o.counts_zero) AS history
        FROM workspace.order_rows o
        WHERE (o.has_source OR o.has_category) AND o.customer IS NOT NULL AND o.is_order
        GROUP BY o.customer, o.source, o.category
        ORDER BY o.customer, o.source, o.category) h
    WHERE h.history OPERATOR(clientele.<>) '{}'::clientele.purchase_history
    GROUP BY h.customer) p ON p.customer = f.customer;$sql$,
$sql$COMMENT ON VIEW workspace.customer_orders IS 'What is stored of the orders of a customer beside the history, where columns of source or category are attached: the first one, and orders by source and category';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_orders.first_day IS 'Day of the first order, which may be on or after the reporting date';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_orders.first_source IS 'Where it came from; empty where unknown';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_orders.first_category IS 'Its category; empty where unknown';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_orders.first_amount IS 'Its amount';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_orders.sources IS 'Where orders came from, entry by entry with categories and histories; empty where none is known';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_orders.categories IS 'Categories of the orders; empty where none is known';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_orders.histories IS 'Days and amounts of the orders of each source and category, without returns';$sql$]),
        (14, ARRAY[
$sql$CREATE VIEW workspace.first_orders AS
SELECT o.customer, o.first_day AS day, o.first_source AS source, o.first_category AS category, o.first_amount AS amount
FROM workspace.customer_orders o;$sql$,
$sql$COMMENT ON VIEW workspace.first_orders IS 'The first order of each customer, on whatever day, where columns of source or category are attached';$sql$,
$sql$COMMENT ON COLUMN workspace.first_orders.day IS 'Day of the first order, which may be on or after the reporting date';$sql$,
$sql$COMMENT ON COLUMN workspace.first_orders.source IS 'Where it came from; empty where unknown';$sql$,
$sql$COMMENT ON COLUMN workspace.first_orders.category IS 'Its category; empty where unknown';$sql$,
$sql$COMMENT ON COLUMN workspace.first_orders.amount IS 'Its amount';$sql$]),
        (15, ARRAY[
$sql$CREATE VIEW workspace.first_orders AS
SELECT DISTINCT ON (o.customer) o.customer, o.day, o.source, o.category, o.kept_amount AS amount
FROM workspace.order_rows o
WHERE (o.has_source OR o.has_category) AND o.customer IS NOT NULL AND o.usable AND o.is_order
ORDER BY o.customer, o.day, o.ordered_at, o.order_key, o.kept_amount, o.source, o.category;$sql$,
$sql$COMMENT ON VIEW workspace.first_orders IS 'The first order of each customer, on whatever day, where columns of source or category are attached';$sql$,
$sql$COMMENT ON COLUMN workspace.first_orders.day IS 'Day of the first order, which may be on or after the reporting date';$sql$,
$sql$COMMENT ON COLUMN workspace.first_orders.source IS 'Where it came from; empty where unknown';$sql$,
$sql$COMMENT ON COLUMN workspace.first_orders.category IS 'Its category; empty where unknown';$sql$,
$sql$COMMENT ON COLUMN workspace.first_orders.amount IS 'Its amount';$sql$]),
        (16, ARRAY[
$sql$CREATE VIEW workspace.customer_referrers AS
SELECT DISTINCT ON (c.customer) c.customer, c.referrer
FROM workspace.customer_rows c
WHERE c.customer IS NOT NULL AND c.referrer IS NOT NULL AND c.customer <> c.referrer
ORDER BY c.customer, c.referrer;$sql$,
$sql$COMMENT ON VIEW workspace.customer_referrers IS 'Who brought each customer, where attach_customers() was told of a column with the referrer';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_referrers.referrer IS 'Who brought the customer; the lesser one where there are two';$sql$]),
        (17, ARRAY[
$sql$CREATE VIEW workspace.customer_preferences AS
SELECT p.customer, p.source, p.category, clientele.order_count(p.history, r.as_of) AS orders, clientele.revenue(p.history, r.as_of) AS revenue
FROM (
    SELECT o.customer, unnest(o.sources) AS source, unnest(o.categories) AS category, unnest(o.histories) AS history
    FROM workspace.customer_orders o) p
CROSS JOIN workspace.reporting_date r
WHERE clientele.first_order(p.history, r.as_of) IS NOT NULL;$sql$,
$sql$COMMENT ON VIEW workspace.customer_preferences IS 'The orders of each customer by where they came from and what was bought, where columns of it are attached';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_preferences.source IS 'Where orders came from; empty where unknown';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_preferences.category IS 'Category of the orders; empty where unknown';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_preferences.revenue IS 'Their revenue, returns not taken off';$sql$]),
        (18, ARRAY[
$sql$CREATE VIEW workspace.customer_preferences AS
SELECT o.customer, o.source, o.category, count(*) AS orders, sum(o.kept_amount) AS revenue
FROM workspace.order_rows o
WHERE (o.has_source OR o.has_category) AND o.customer IS NOT NULL AND o.usable AND o.is_order AND o.day < (SELECT r.as_of FROM workspace.reporting_date r)
GROUP BY o.customer, o.source, o.category;$sql$,
$sql$COMMENT ON VIEW workspace.customer_preferences IS 'The orders of each customer by where they came from and what was bought, where columns of it are attached';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_preferences.source IS 'Where orders came from; empty where unknown';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_preferences.category IS 'Category of the orders; empty where unknown';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_preferences.revenue IS 'Their revenue, returns not taken off';$sql$]),
        (19, ARRAY[
$sql$CREATE VIEW workspace.sources AS
WITH history AS MATERIALIZED (
    SELECT c.customer, c.first_order, c.revenue, c.profit, c.first_order + c.span <= c.as_of AS repeat_eligible,
        (c.repeat).ended AND (c.repeat).duration < c.span AS repeated,
        c.first_order >= c.first_period AND (c.first_start + 4 * c.step)::date <= c.as_of AS eligible,
        clientele.order_count(c.history, (c.first_start + 3 * c.step)::date, (c.first_start + 4 * c.step)::date) > 0 AS kept
    FROM (
        SELECT DISTINCT ON (h.customer) h.customer, h.history, r.as_of, r.first_period, clientele.first_order(h.history, r.as_of) AS first_order,
            clientele.revenue(h.history, r.as_of) AS revenue, clientele.revenue(h.profit_history, r.as_of) AS profit,
            r.as_of - (r.as_of - s.lost_after)::date AS span, clientele.repeat_time(h.history, 1, r.as_of, 'days'::text) AS repeat,
            clientele.period_start(clientele.first_order(h.history, r.as_of), s.period) AS first_start, _clientele.period_step(s.period) AS step
        FROM workspace.reporting_date r
        CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
        CROSS JOIN workspace.customer_history h
        WHERE clientele.first_order(h.history, r.as_of) IS NOT NULL
        OFFSET 0) c
), cost_span AS (
    SELECT CASE WHEN b.from_date < b.until THEN b.from_date END AS costs_from, CASE WHEN b.from_date < b.until THEN b.until END AS costs_until
    FROM (
        SELECT greatest(clientele.period_start(min(c.day), min(c.span)), clientele.period_start((SELECT min(h.first_order) FROM history h), min(c.span))) AS from_date,
            least(min(c.as_of), (clientele.period_start(max(c.day), min(c.span)) + min(_clientele.period_step(c.span)))::date) AS until
        FROM (
            SELECT k.day, r.as_of, CASE WHEN s.period IN ('quarter', 'year') THEN s.period ELSE 'month' END AS span
            FROM workspace.source_costs k
            CROSS JOIN workspace.reporting_date r
            CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s) c) b
),
source AS (
    SELECT coalesce(a.source, t.source, k.source) AS source, coalesce(a.customers, 0) AS customers, coalesce(a.referred_customers, 0) AS referred_customers,
        coalesce(a.revenue, 0.00) AS revenue, a.profit, coalesce(t.orders, 0) - coalesce(a.customers, 0) AS later_orders,
        coalesce(t.revenue, 0.00) - coalesce(a.first_revenue, 0.00) AS later_revenue,
        coalesce(a.eligible, 0) AS eligible, coalesce(a.kept, 0) AS kept, coalesce(a.repeat_eligible, 0) AS repeat_eligible,
        coalesce(a.repeated, 0) AS repeated, coalesce(a.costed_customers, 0) AS costed_customers,
        coalesce(a.costed_revenue, 0.00) AS costed_revenue, a.costed_profit, coalesce(k.cost, 0.00) AS cost
    FROM (
        SELECT coalesce(nullif(f.source, ''), 'unknown') AS source, count(h.customer) AS customers,
            count(h.customer) FILTER (WHERE b.referrers > 0) AS referred_customers,
            sum(h.revenue) AS revenue, sum(h.profit) AS profit, sum(f.amount) FILTER (WHERE h.customer IS NOT NULL) AS first_revenue,
            count(*) FILTER (WHERE h.eligible) AS eligible, count(*) FILTER (WHERE h.eligible AND h.kept) AS kept,
            count(*) FILTER (WHERE h.repeat_eligible) AS repeat_eligible,
            count(*) FILTER (WHERE h.repeat_eligible AND h.repeated) AS repeated,
            count(*) FILTER (WHERE h.first_order >= k.costs_from AND h.first_order < k.costs_until) AS costed_customers,
            sum(h.revenue) FILTER (WHERE h.first_order >= k.costs_from AND h.first_order < k.costs_until) AS costed_revenue,
            sum(h.profit) FILTER (WHERE h.first_order >= k.costs_from AND h.first_order < k.costs_until) AS costed_profit
        FROM workspace.first_orders f
        FULL JOIN history h ON h.customer = f.customer
        FULL JOIN (
            SELECT r.customer, count(x.customer) AS referrers
            FROM workspace.customer_referrers r FULL JOIN history x ON x.customer = r.referrer
            GROUP BY r.customer) b ON b.customer = h.customer
        CROSS JOIN cost_span k
        GROUP BY 1
    ) a
    FULL JOIN (
        SELECT coalesce(nullif(p.source, ''), 'unknown') AS source, sum(p.orders)::bigint AS orders, sum(p.revenue) AS revenue
        FROM workspace.customer_preferences p
        GROUP BY 1) t ON t.source = a.source
    FULL JOIN (
        SELECT c.source, sum(c.cost) FILTER (WHERE c.day >= b.costs_from AND c.day < b.costs_until) AS cost
        FROM workspace.source_costs c CROSS JOIN cost_span b
        GROUP BY c.source) k ON k.source = coalesce(a.source, t.source)
)
SELECT CASE WHEN c.eligible >= s.enough AND c.eligible > 0
        THEN row_number() OVER (PARTITION BY c.eligible >= s.enough AND c.eligible > 0 ORDER BY p.lower DESC, p.estimate DESC, c.source) END AS "position",
    c.source, c.customers,
    100 * c.customers::double precision / nullif(sum(c.customers) OVER (), 0)::double precision AS pct_of_customers,
    c.referred_customers, c.revenue,
    CASE WHEN sum(c.revenue) OVER () > 0 THEN (100 * c.revenue / sum(c.revenue) OVER ())::double precision END AS pct_of_revenue,
    (c.revenue / nullif(c.customers, 0))::double precision AS value_per_customer, c.profit, c.later_orders, c.later_revenue,
    c.eligible, c.kept, p.estimate AS kept_share, p.lower AS kept_share_lower, p.upper AS kept_share_upper,
    c.repeat_eligible, c.repeated, i.estimate AS repeat_share, i.lower AS repeat_share_lower, i.upper AS repeat_share_upper,
    b.costs_from, b.costs_until,
    CASE WHEN b.costs_from IS NOT NULL THEN c.cost END AS cost,
    CASE WHEN b.costs_from IS NOT NULL THEN c.costed_customers END AS costed_customers,
    CASE WHEN b.costs_from IS NOT NULL THEN c.costed_revenue END AS costed_revenue,
    CASE WHEN b.costs_from IS NOT NULL THEN c.costed_profit END AS costed_profit,
    CASE WHEN b.costs_from IS NOT NULL THEN (c.cost / nullif(c.costed_customers, 0))::double precision END AS cost_per_customer,
    CASE WHEN b.costs_from IS NOT NULL THEN (c.costed_revenue / nullif(c.cost, 0))::double precision END AS return_on_cost,
    CASE WHEN b.costs_from IS NOT NULL THEN (c.costed_profit / nullif(c.cost, 0))::double precision END AS profit_per_cost,
    c.eligible >= s.enough AS enough
FROM source c
CROSS JOIN cost_span b
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN LATERAL clientele.wilson_interval(c.repeated, c.repeat_eligible, 0.95::double precision) i
CROSS JOIN LATERAL clientele.wilson_interval(c.kept, c.eligible, 0.95::double precision) p
WHERE (SELECT coalesce(a.columns->>'source', '') <> '' FROM workspace.attached a WHERE a.relation_role = 'orders') AND (c.customers > 0 OR c.later_orders > 0 OR c.cost > 0);$sql$,
$sql$COMMENT ON VIEW workspace.sources IS 'Where customers come from: the source of their first order, and what they are worth; what prompted later orders is apart. Empty where no column with the source of an order is attached';$sql$,
$sql$COMMENT ON COLUMN workspace.sources."position" IS 'Rank by the lower bound of kept_share: who brings customers that stay; empty where too few had the time';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.source IS 'Source of the first order; unknown where none is given';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.customers IS 'Number of customers acquired';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.referred_customers IS 'Number of those whom another customer brought, where attach_customers() was told of a column with the referrer';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.revenue IS 'Revenue of those customers'' whole life, whatever prompted their later orders';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.pct_of_revenue IS 'Share of all revenue, 0 to 100';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.profit IS 'Profit of those customers'' whole life; empty where no column of it is attached';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.later_orders IS 'Number of orders after a customer''s first that came by this source, whoever acquired the customer';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.later_revenue IS 'Their revenue, returns not taken off';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.eligible IS 'Number of customers for whom the third period after that of the first purchase is complete';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.kept IS 'Number of those who bought in it';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.kept_share_lower IS 'Lower bound of its 95 % interval (Wilson)';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.kept_share_upper IS 'Upper bound';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.repeat_eligible IS 'Number of customers whose first order is at least six months ago (lost_after)';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.repeated IS 'Number of those who bought again within that span';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.repeat_share IS 'Share of those, 0 to 1';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.repeat_share_lower IS 'Lower bound of its 95 % interval (Wilson)';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.repeat_share_upper IS 'Upper bound';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.costs_from IS 'First day of the months whose costs are known; empty where attach_costs() was told of none';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.costs_until IS 'The day after their last';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.cost IS 'What was spent on the source in that time';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.costed_customers IS 'Number of customers acquired in that time';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.costed_revenue IS 'Revenue of their whole life';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.costed_profit IS 'Profit of their whole life';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.return_on_cost IS 'Revenue of those customers by cost';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.profit_per_cost IS 'Profit of those customers, before that cost, by cost';$sql$,
$sql$COMMENT ON COLUMN workspace.sources.enough IS 'Whether there are enough eligible customers to go by';$sql$]),
        (20, ARRAY[
$sql$SELECT v.topic, v.finding, v.advice
FROM (
    SELECT count(*) AS rows, count(*) FILTER (WHERE c.left_out = 'no_day') AS no_day, count(*) FILTER (WHERE c.is_empty_time) AS empty_times, count(*) FILTER (WHERE c.left_out = 'no_cost') AS no_cost,
        count(*) FILTER (WHERE c.left_out IS NULL AND c.day >= (SELECT r.as_of FROM workspace.reporting_date r)) AS future
    FROM workspace.cost_rows c) f
CROSS JOIN (
    SELECT min(c.costs_from) AS from_date, min(c.costs_until) AS until, sum(c.cost) AS cost, count(*) AS sources,
        string_agg(c.source, ', ' ORDER BY c.place) FILTER (WHERE c.customers = 0 AND c.place <= 200) AS without_customers,
        string_agg(c.source, ', ' ORDER BY c.place) FILTER (WHERE c.cost = 0 AND c.customers > 0 AND c.place <= 200) AS without_costs
    FROM (
        SELECT x.*, row_number() OVER (PARTITION BY x.customers = 0, x.cost = 0 AND x.customers > 0
            ORDER BY x.cost DESC, x.customers DESC, x.source) AS place
        FROM workspace.sources x) c) s
CROSS JOIN LATERAL (VALUES
    (1, 'no day', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.no_day, 0), f.rows), 'Without a day, or with an infinite one, or one outside the years 1 to 9999'),
    (2, 'empty times', 'rows with 0001-01-01, 1899-12-30 or 1970-01-01: ' || _clientele.workspace_row_share(nullif(f.empty_times, 0), f.rows), 'Systems write them where there is no time: such rows are left out, as those without one'),
    (3, 'no cost', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.no_cost, 0), f.rows), 'Without a cost, or with one that is negative, not a number, infinite, or past 922 trillion'),
    (4, 'future', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.future, 0), f.rows), 'On or after the reporting date: not counted yet'),
    (5, 'sources', CASE WHEN s.sources = 0 THEN 'none' END, 'Name the column with the source of an order: attach_orders(..., source => ''...'')'),
    (6, 'costs', CASE WHEN s.sources > 0 THEN coalesce(s.cost || ', for customers acquired from ' || s.from_date || ' to ' || (s.until - 1), 'none to count yet') END, NULL),
    (7, 'costs without customers', left(s.without_customers, 500), 'If they are named otherwise in the orders, attach a view with those names'),
    (8, 'customers without costs', left(s.without_costs, 500), NULL)) v("position", topic, finding, advice)
WHERE v.finding IS NOT NULL
ORDER BY v."position"$sql$]),
        (21, ARRAY[
$sql$CREATE VIEW workspace.attached_dimensions AS
SELECT d.customer, d.dimension, min(d.value) AS value
FROM workspace.dimension_rows d
WHERE d.customer IS NOT NULL AND d.value IS NOT NULL
GROUP BY d.customer, d.dimension;$sql$,
$sql$COMMENT ON VIEW workspace.attached_dimensions IS 'What is stored of the columns that attach_customers() was told to divide customers by, one row per customer and column';$sql$,
$sql$COMMENT ON COLUMN workspace.attached_dimensions.value IS 'Its value for the customer';$sql$]),
        (22, ARRAY[
$sql$CREATE VIEW workspace.customer_dimensions AS
SELECT f.customer, v.dimension, v.value
FROM workspace.first_orders f
CROSS JOIN LATERAL (VALUES ('first_source', f.source), ('first_category', f.category)) v(dimension, value)
WHERE v.value IS NOT NULL AND f.day < (SELECT r.as_of FROM workspace.reporting_date r)
UNION ALL
SELECT d.customer, d.dimension, d.value FROM workspace.attached_dimensions d;$sql$,
$sql$COMMENT ON VIEW workspace.customer_dimensions IS 'What customers can be divided by, one row per customer and dimension: source and category of the first order, where columns of them are attached, and the columns that attach_customers() was told';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_dimensions.value IS 'Its value for the customer';$sql$]),
        (23, ARRAY[
$sql$CREATE VIEW workspace.customer_dimensions AS
SELECT f.customer, v.dimension, v.value
FROM workspace.first_orders f
CROSS JOIN LATERAL (VALUES ('first_source', f.source), ('first_category', f.category)) v(dimension, value)
WHERE v.value IS NOT NULL AND f.day < (SELECT r.as_of FROM workspace.reporting_date r)
UNION ALL
SELECT d.customer, d.dimension, min(d.value) AS value
FROM workspace.dimension_rows d
WHERE d.customer IS NOT NULL AND d.value IS NOT NULL
GROUP BY d.customer, d.dimension;$sql$,
$sql$COMMENT ON VIEW workspace.customer_dimensions IS 'What customers can be divided by, one row per customer and dimension: source and category of the first order, where columns of them are attached, and the columns that attach_customers() was told';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_dimensions.value IS 'Its value for the customer';$sql$]),
        (24, ARRAY[
$sql$SELECT v.topic, v.finding, v.advice
FROM (
    SELECT 1 AS "position", '' AS name, 'customers' AS topic,
        'customers of the orders that are found there: ' || _clientele.workspace_row_share(count(k.customer), nullif(count(*), 0)) AS finding,
        CASE WHEN count(k.customer) * 2 < count(*) THEN 'Is it the column that the orders'' customer is? Name it with customer => ''...''' END AS advice
    FROM workspace.customer_history h
    LEFT JOIN (SELECT DISTINCT c.customer FROM workspace.customer_rows c) k ON k.customer = h.customer
    UNION ALL
    SELECT 2, d.dimension, 'many values', format('%s has %s values', d.dimension, count(DISTINCT d.value)),
        'Each of them is a line in the views by dimension: leave it out with dimensions => ''{...}'', or attach a view that groups them'
    FROM workspace.customer_dimensions d
    WHERE d.dimension NOT IN ('first_source', 'first_category')
    GROUP BY d.dimension
    HAVING count(DISTINCT d.value) > 50) v
WHERE v.finding IS NOT NULL
ORDER BY v."position", v.name$sql$]),
        (25, ARRAY[
$sql$WITH c AS MATERIALIZED (
    SELECT g.customer, g.left_out, g.rows, g.not_negative, g.zeros, r.as_of,
        clientele.order_count(g.history, r.as_of) AS orders,
        clientele.return_count(g.history, r.as_of) AS returns,
        clientele.purchase_days(g.history, r.as_of) AS purchase_days,
        clientele.first_order(g.history, r.as_of) AS first_order,
        clientele.last_order(g.history, r.as_of) AS last_order,
        clientele.gap_days(g.history, r.as_of) AS gap_days,
        clientele.revenue(g.history, r.as_of) AS revenue, g.timed, g.first_time, g.last_time, g.unused_amount
    FROM (
        SELECT o.customer, o.left_out, clientele.history_agg(o.day, o.amount) FILTER (WHERE o.usable AND o.customer IS NOT NULL) AS history,
            count(*) AS rows, count(*) FILTER (WHERE o.amount >= 0) AS not_negative, count(*) FILTER (WHERE o.amount = 0) AS zeros,
            count(o.ordered_at) AS timed, min(o.ordered_at) AS first_time, max(o.ordered_at) AS last_time,
            sum(o.kept_amount) FILTER (WHERE o.usable IS NOT TRUE AND o.ordered_at IS NOT NULL) AS unused_amount
        FROM workspace.order_rows o
        GROUP BY o.customer, o.left_out) g
    CROSS JOIN workspace.reporting_date r
), k AS MATERIALIZED (
    SELECT x.*, CASE WHEN x.is_text THEN length(x.key) < 60 AND lower(btrim(x.key)) ~ x.pattern ELSE x.key IN ('0', '-1', '00000000-0000-0000-0000-000000000000') END AS is_nobody
    FROM (
        SELECT c.customer::text COLLATE "C" AS key, pg_typeof(c.customer) = 'text'::regtype AS is_text, c.orders, c.revenue,
            row_number() OVER (ORDER BY c.orders DESC, c.customer) AS place, (SELECT _clientele.workspace_nobody_pattern()) AS pattern
        FROM c WHERE c.first_order IS NOT NULL AND c.customer IS NOT NULL
        OFFSET 0) x
), n AS MATERIALIZED (
    SELECT a.relation, a.columns->>'customer' AS customer, a.columns->>'order_id' AS order_id, a.columns->>'ordered_at' AS ordered_at,
        CASE WHEN NOT _clientele.workspace_is_unique(to_regclass(a.relation), nullif(a.columns->>'order_id', '')) THEN (
            SELECT count(o.order_key) - count(DISTINCT o.order_key) FROM workspace.order_rows o WHERE o.amount >= 0) END AS repeated_ids,
        (SELECT coalesce(sum(t.rows), 0) FROM unnest($2) t WHERE t.meaning = 'refunded' AND t.value IN ('whole', 'more') AND a.columns->>'refunded' <> '')::bigint AS given_back
    FROM workspace.attached a WHERE a.relation_role = 'orders'
)
SELECT v.topic, v.finding, v.advice
FROM (
    SELECT count(c.first_order) AS customers, sum(c.orders) FILTER (WHERE c.first_order IS NOT NULL) AS orders,
        min(c.first_order) AS first_order, max(c.last_order) AS last_order, min(c.as_of) AS as_of,
        count(c.first_order) FILTER (WHERE c.purchase_days = 1) AS once, percentile_cont(0.5) WITHIN GROUP (ORDER BY c.gap_days) AS gap_days, count(c.gap_days) AS gaps,
        coalesce(sum(c.not_negative - c.zeros) FILTER (WHERE c.customer IS NOT NULL), 0)::bigint AS compared,
        nullif(sum(c.zeros) FILTER (WHERE c.customer IS NOT NULL), 0)::bigint AS zeros,
        nullif(sum(c.not_negative) FILTER (WHERE CASE WHEN pg_typeof(c.customer) = 'text'::regtype THEN btrim(c.customer::text) = '' END), 0)::bigint AS blanks,
        coalesce(sum(c.not_negative), 0)::bigint AS not_negative, coalesce(sum(c.rows), 0)::bigint AS rows,
        sum(c.orders + c.returns) FILTER (WHERE c.first_order IS NOT NULL)::bigint AS used,
        sum(c.orders + c.returns) FILTER (WHERE c.first_order IS NULL)::bigint AS only_returns,
        sum(c.rows - c.orders - c.returns) FILTER (WHERE c.left_out IS NULL)::bigint AS future,
        nullif(sum(c.timed) FILTER (WHERE c.left_out = 'no_time'), 0)::bigint AS empty_times, extract(year FROM min(c.first_time) FILTER (WHERE c.left_out = 'no_time')) AS first_empty,
        extract(year FROM max(c.last_time) FILTER (WHERE c.left_out = 'no_time')) AS last_empty, sum(c.unused_amount) FILTER (WHERE c.left_out = 'no_time') AS empty_amount,
        sum(c.rows) FILTER (WHERE c.left_out = 'no_customer')::bigint AS no_customer,
        sum(c.rows) FILTER (WHERE c.left_out = 'no_time')::bigint AS no_time,
        sum(c.rows) FILTER (WHERE c.left_out = 'invalid_time')::bigint AS invalid_time,
        sum(c.rows) FILTER (WHERE c.left_out = 'no_amount')::bigint AS no_amount,
        sum(c.rows) FILTER (WHERE c.left_out = 'invalid_amount')::bigint AS invalid_amount,
        sum(c.rows) FILTER (WHERE c.left_out = 'zero_amount')::bigint AS zero_amount
    FROM c) b
CROSS JOIN (
    SELECT coalesce(sum(t.rows) FILTER (WHERE t.rows > 1), 0)::bigint AS together, coalesce(sum(t.rows - t.amounts), 0)::bigint AS repeated,
        pg_typeof(min(t.ordered_at)) = 'date'::regtype AS is_date
    FROM (
        SELECT a.ordered_at, sum(a.rows) AS rows, count(*) AS amounts
        FROM (
            SELECT o.customer, o.ordered_at, o.amount, count(*) AS rows
            FROM workspace.order_rows o
            JOIN (SELECT DISTINCT c.customer FROM c WHERE c.orders > c.purchase_days OR c.rows > c.orders + c.returns) k ON k.customer = o.customer
            WHERE o.amount > 0
            GROUP BY o.customer, o.ordered_at, o.amount) a
        GROUP BY a.customer, a.ordered_at) t) f
CROSS JOIN n
CROSS JOIN (
    SELECT count(*) AS customers, count(DISTINCT lower(btrim(k.key))) FILTER (WHERE k.is_text) AS folded, sum(k.orders) AS orders,
        max(k.orders) FILTER (WHERE k.place = 1) AS most, max(k.key) FILTER (WHERE k.place = 1) AS who, max(k.revenue) FILTER (WHERE k.place = 1) AS brought,
        max(k.orders) FILTER (WHERE k.place = 2) AS next, bool_or(k.is_nobody) FILTER (WHERE k.place = 1) AS is_nobody,
        string_agg(format('%s: %s orders, %s', k.key, k.orders, k.revenue), '; ' ORDER BY k.place) FILTER (WHERE k.is_nobody) AS nobody,
        string_agg(quote_literal(k.key), ', ' ORDER BY k.place) FILTER (WHERE k.is_nobody) AS nobodies,
        count(*) FILTER (WHERE k.is_exponent) AS exponents, min(k.key) FILTER (WHERE k.is_exponent) AS exponent,
        sum(k.orders) FILTER (WHERE k.is_exponent) AS exponent_orders, sum(k.revenue) FILTER (WHERE k.is_exponent) AS exponent_revenue
    FROM (SELECT x.*, x.is_text AND x.key ~ '^[0-9][.,]?[0-9]*[eE][+]?[0-9]+$' AS is_exponent FROM k x) k) w
CROSS JOIN LATERAL (
    SELECT CASE WHEN b.first_empty < 1000 THEN '0001-01-01' WHEN b.first_empty < 1950 THEN '1899-12-30' ELSE '1970-01-01' END AS first,
        CASE WHEN b.last_empty < 1000 THEN '0001-01-01' WHEN b.last_empty < 1950 THEN '1899-12-30' ELSE '1970-01-01' END AS last) e
CROSS JOIN LATERAL (SELECT CASE
    WHEN n.repeated_ids > 0 THEN 'lines' WHEN f.together * 2 > b.compared AND NOT f.is_date THEN 'likely lines'
    WHEN f.repeated > 0 THEN 'duplicates' END AS what) l
CROSS JOIN LATERAL (
    VALUES
        (1, 'orders', CASE WHEN b.customers = 0 THEN 'none to count yet' END, 'The views are empty until there are orders'),
        (2, 'orders', 'orders: ' || b.orders || ', customers: ' || b.customers || ', from ' || b.first_order || ' to ' || b.last_order || '; the views speak of ' || b.as_of,
            format('To see an earlier day: UPDATE %I.settings SET as_of = ''%s'';', $1, b.first_order + (b.last_order - b.first_order) / 2 + 1)),
        (3, 'cadence', 'customers who came on one day only: ' || _clientele.workspace_row_share(b.once, nullif(b.customers, 0))
                || coalesce('; median gap of the others, in days: ' || round(b.gap_days::numeric), ''), NULL),
        (4, 'order lines', CASE l.what WHEN 'lines' THEN format('rows whose %I another row has too: ', n.order_id) || _clientele.workspace_row_share(n.repeated_ids, b.not_negative) END,
            'Each row counts as an order: if these are lines of orders, attach a view that sums them by order'),
        (5, 'order lines', CASE l.what WHEN 'likely lines' THEN 'rows that share customer and time with another: ' || _clientele.workspace_row_share(f.together, b.compared) END,
            'These look like lines of orders, and each counts as an order: attach a view that sums them by order'),
        (6, 'likely duplicates', CASE l.what WHEN 'duplicates'
                THEN 'rows that repeat the customer, time and amount of another: ' || _clientele.workspace_row_share(f.repeated, b.compared) END,
            'If they were loaded twice, attach a view with DISTINCT'),
        (1001, 'blank customer', 'rows whose customer is empty or blank: ' || _clientele.workspace_row_share(b.blanks, b.not_negative),
            format('A blank is a customer like any other: if nobody knows who bought, attach a view with nullif(btrim(%I), '''') in its place', n.customer)),
        (1002, 'zero amounts', CASE (SELECT s.zero_amounts FROM workspace.applied_settings s) WHEN 'orders' THEN 'rows that count as orders of 0: ' || nullif(greatest(b.zeros - n.given_back, 0), 0) END,
            format('If they are no orders: UPDATE %I.settings SET zero_amounts = ''skipped'';', $1))
    UNION ALL
    SELECT x."position", x.topic, x.finding, x.advice
    FROM (VALUES
        (201, 'nobody', 'customers that look like nobody known: ' || w.nobody,
            'If they are: ' || _clientele.workspace_settled_sql($1, 'customer'::text, format('CASE WHEN %1$I NOT IN (%2$s) THEN %1$I END', n.customer, w.nobodies), NULL::text)),
        (202, 'one customer', CASE WHEN w.most * 10 >= w.orders AND w.most >= 2 * w.next AND w.most * w.customers >= 3 * w.orders AND NOT w.is_nobody
                THEN format('%s has %s orders, which bring %s', w.who, _clientele.workspace_row_share(w.most::bigint, w.orders::bigint), w.brought) END,
            'If that is no one person or firm: ' || _clientele.workspace_settled_sql($1, 'customer'::text, format('CASE WHEN %1$I <> %2$L THEN %1$I END', n.customer, w.who), NULL::text)),
        (203, 'spelling', (
            SELECT format('customers that differ by capitals or blanks around them alone: %s of %s, who have %s orders and bring %s', sum(g.keys), w.customers, sum(g.orders), sum(g.revenue))
            FROM (SELECT count(*) AS keys, sum(k.orders) AS orders, sum(k.revenue) AS revenue FROM k WHERE w.folded < w.customers GROUP BY lower(btrim(k.key)) HAVING count(*) > 1) g
            HAVING count(*) > 0) || format('; there would be %s', w.folded),
            'If they are the same: ' || _clientele.workspace_settled_sql($1, 'customer'::text, format('lower(btrim(%I))', n.customer), NULL::text)),
        (204, 'exponents', CASE WHEN w.exponents > 0 THEN format('customers in the notation of large numbers, such as %s: %s, with %s orders, which bring %s', w.exponent, w.exponents, w.exponent_orders, w.exponent_revenue) END,
            'A spreadsheet has cut their digits off (E+): export them again as text; until then leave them out: '
                || _clientele.workspace_settled_sql($1, 'customer'::text, format('CASE WHEN %1$I !~ ''^[0-9][.,]?[0-9]*[eE][+]?[0-9]+$'' THEN %1$I END', n.customer), NULL::text)),
        (205, 'as many customers as orders', CASE WHEN w.customers = w.orders AND w.orders >= 20 THEN format('each of %s orders, which bring %s, has a customer of its own', w.orders, (SELECT sum(k.revenue) FROM k)) END,
            format('If %I is no customer, name the column that is: SELECT attach_orders(%L, customer => %L, workspace => %L);', n.customer, n.relation,
                coalesce((SELECT x.name::text FROM _clientele.workspace_candidates(to_regclass(n.relation), 'customer'::text) x
                    WHERE x.usable AND x.name NOT IN (n.customer, coalesce(n.order_id, '')) ORDER BY x.place, x.name LIMIT 1), '...'), $1)),
        (206, 'empty dates', CASE WHEN b.empty_times > 0 THEN format('rows with a date that stands for none, %s: %s, of %s; they have no time', concat_ws(' to ', e.first, nullif(e.last, e.first)), b.empty_times, b.empty_amount) END,
            format('They do not count; to see them: SELECT * FROM %I.order_rows WHERE left_out = ''no_time'';', $1)),
        (207, 'rhythm', (
            SELECT format('customers who come back do so after %s days in the median; lost_after is %s, new_within %s, regular_within %s', round(b.gap_days::numeric),
                _clientele.workspace_span_text(s.lost_after), _clientele.workspace_span_text(s.new_within), _clientele.workspace_span_text(s.regular_within))
            FROM workspace.settings s
            WHERE b.gaps >= 10 AND b.gap_days > b.as_of - (b.as_of - least(s.lost_after, interval '6 months'))::date),
            (SELECT CASE WHEN b.gap_days > b.as_of - (b.as_of - s.lost_after)::date THEN 'They count as lost in between; spans that fit: ' ELSE 'These spans fit; others: ' END FROM workspace.settings s)
                || format('UPDATE %I.settings SET %s;', $1, _clientele.workspace_fitting_spans(b.gap_days)))) x("position", topic, finding, advice)
    WHERE x.finding IS NOT NULL
    UNION ALL
    SELECT 100 + q."position", replace(q.reason, '_', ' '), 'rows left out: ' || _clientele.workspace_row_share(nullif(q.order_rows, 0), b.rows),
        _clientele.workspace_words('en'::text) ->> ('order_rows.' || q.reason)
    FROM _clientele.order_reasons(b.used, b.no_customer, b.no_time, b.invalid_time, b.no_amount, b.invalid_amount, b.future, b.only_returns, b.zero_amount) q
    WHERE q.reason <> 'used') v("position", topic, finding, advice)
WHERE v.finding IS NOT NULL
ORDER BY v."position"$sql$]),
        (26, ARRAY[
$sql$WITH t AS MATERIALIZED (SELECT x.* FROM unnest($2) WITH ORDINALITY x(meaning, col, value, rows, amount, measure, n)),
a AS MATERIALIZED (SELECT r.relation, r.columns->>'ordered_at' AS ordered_at, r.columns->>'amount' AS amount, coalesce(r.columns->>'refunded', '') AS refunded,
    _clientele.workspace_quantity(to_regclass(r.relation)) AS quantity
    FROM workspace.attached r WHERE r.relation_role = 'orders')
SELECT v.topic, v.finding, v.advice
FROM (
    SELECT min(t.n) AS n, 'status' AS topic, format('every row counts, whatever its %I: ', t.col)
            || _clientele.workspace_listed(array_agg(ROW(t.meaning, t.col, t.value, t.rows, t.amount, t.measure)::_clientele.order_tally ORDER BY t.n)) AS finding,
        CASE WHEN bool_or(t.says_no) THEN 'If these are no orders: ' ELSE 'If some are no orders, with their values in place of the rarest: ' END
            || _clientele.workspace_settled_sql($1, 'amount'::text, NULL::text, CASE WHEN bool_or(t.is_filled) THEN format('%I IS NULL', t.col) ELSE format('(%I IN (%s)) IS NOT TRUE', t.col,
                coalesce(string_agg(quote_literal(t.value), ', ' ORDER BY t.n) FILTER (WHERE t.says_no), (array_agg(quote_literal(t.value) ORDER BY t.n DESC) FILTER (WHERE t.value IS NOT NULL))[1])) END) AS advice
    FROM (
        SELECT t.*, coalesce(t.amount, 0) >= 0 AND _clientele.workspace_says_no(t.col, t.value) AS says_no, _clientele.workspace_is_meant(t.col, 'gone at'::text) AS is_filled
        FROM (
            SELECT t.*, count(*) OVER each AS states, sum(t.rows) OVER each AS whole, bool_and(t.value ~ '^[0-9]+$') OVER each AS are_numbers
            FROM t WHERE t.meaning = 'status'
            WINDOW each AS (PARTITION BY t.col)) t
        WHERE t.states BETWEEN 2 AND 100 AND (t.are_numbers IS NOT TRUE OR t.states * 2 <= t.whole) -- not what was paid
        OFFSET 0) t
    GROUP BY t.col
    UNION ALL
    SELECT min(t.n), 'currencies', format('amounts of several currencies, by %I, are summed up as one: ', t.col)
            || _clientele.workspace_listed(array_agg(ROW(t.meaning, t.col, t.value, t.rows, t.amount, t.measure)::_clientele.order_tally ORDER BY t.n)),
        'Convert them in a view, with the rate of the day, or count those of one: '
            || _clientele.workspace_settled_sql($1, 'amount'::text, NULL::text, format('%I = %L', t.col, (array_agg(t.value ORDER BY t.n) FILTER (WHERE t.value IS NOT NULL))[1]))
    FROM t WHERE t.meaning = 'currency'
    GROUP BY t.col
    HAVING count(t.value) > 1
    UNION ALL
    SELECT min(t.n), 'times', format('%I counts, not %I, which is ', (SELECT a.ordered_at FROM a), t.col)
            || coalesce(CASE WHEN count(*) FILTER (WHERE t.value <> '0') > 0 THEN format('of another day in %s rows, by %s days in the median, and ', sum(t.rows) FILTER (WHERE t.value <> '0'), (
                SELECT min(w.days) FROM (SELECT x.value::integer AS days, sum(x.rows) OVER (ORDER BY x.value::integer) AS so_far, sum(x.rows) OVER () AS whole
                    FROM t x WHERE x.meaning = 'time' AND x.col = t.col AND x.value <> '0') w WHERE w.so_far * 2 >= w.whole)) END, '')
            || format('empty in %s of %s rows; these bring %s', coalesce(sum(t.rows) FILTER (WHERE t.value IS NULL), 0), sum(t.rows), coalesce(sum(t.amount) FILTER (WHERE t.value IS DISTINCT FROM '0'), 0)),
        format('If the other is when the order was made: SELECT attach_orders(%L, ordered_at => %L, workspace => %L);', (SELECT a.relation FROM a), t.col, $1)
    FROM t WHERE t.meaning = 'time'
    GROUP BY t.col
    HAVING count(t.value) FILTER (WHERE t.value <> '0') > 0 OR count(*) FILTER (WHERE t.value IS NULL) > 0 AND count(t.value) > 0
    UNION ALL
    SELECT min(t.n), 'refunds', CASE a.refunded WHEN '' THEN format('not taken off what orders brought: %I, %s in %s rows', t.col, sum(t.measure), sum(t.rows))
            ELSE format('taken off on the day of the order: %I, %s in %s rows; given back as a whole: %s; more than the amount, which then is 0: %s', t.col, sum(t.measure), sum(t.rows),
                coalesce(sum(t.rows) FILTER (WHERE t.value = 'whole'), 0), coalesce(sum(t.rows) FILTER (WHERE t.value = 'more'), 0)) END,
        CASE WHEN a.refunded = '' THEN format('To take it off: SELECT attach_orders(%L, refunded => %L, workspace => %L);', a.relation, t.col, $1)
            WHEN bool_or(t.value <> 'part') AND (SELECT s.refunded_orders = 'orders' FROM workspace.settings s)
            THEN format('Orders given back as a whole count as orders of 0; if they are none: UPDATE %I.settings SET refunded_orders = ''skipped'';', $1) END
    FROM t CROSS JOIN a WHERE t.meaning = 'refunded' AND t.value IS NOT NULL
    GROUP BY t.col, a.refunded, a.relation
    UNION ALL
    SELECT min(t.n), 'unit price', format('rows whose %I is not %I times %I: %s; they bring %s, and the product %s', a.amount, t.col, a.quantity,
            _clientele.workspace_row_share((sum(t.rows) FILTER (WHERE t.value = 'differs'))::bigint, sum(t.rows)::bigint),
            sum(t.amount) FILTER (WHERE t.value = 'differs'), sum(t.measure) FILTER (WHERE t.value = 'differs')),
        'If the product is what was paid: ' || _clientele.workspace_settled_sql($1, 'amount'::text, format('%I * %I', t.col, a.quantity), NULL::text)
    FROM t CROSS JOIN a WHERE t.meaning = 'price' AND t.value IS NOT NULL
    GROUP BY t.col, a.amount, a.quantity
    HAVING count(*) FILTER (WHERE t.value = 'differs') > 0) v
ORDER BY v.n$sql$]),
        (27, ARRAY[
$sql$CREATE TABLE workspace.questions (
    question text PRIMARY KEY
        CONSTRAINT "question has a name" CHECK (question <> '' AND question = btrim(question)),
    questionnaire text NOT NULL
        CONSTRAINT "questionnaire has a name" CHECK (btrim(questionnaire) <> ''),
    "position" integer NOT NULL DEFAULT 1,
    question_text text NOT NULL,
    kind text NOT NULL DEFAULT 'single'
        CONSTRAINT "kind is single, multiple or free" CHECK (kind IN ('single', 'multiple', 'free')),
    options text[],
    CONSTRAINT "options are named, and not for free text" CHECK (
        options IS NULL
        OR kind <> 'free' AND array_position(options, NULL) IS NULL AND array_position(options, '') IS NULL)
);$sql$,
$sql$INSERT INTO workspace.questions (question, questionnaire, "position", question_text, kind, options)
SELECT q.question, q.questionnaire, q."position", w.words->>('question.' || q.question), q.kind,
    coalesce(w.words->>('question.' || q.question || '.options'), q.scale)::text[]
FROM (
    VALUES
        ('recommend', 'loyalty', 1, 'single', '{0,1,2,3,4,5,6,7,8,9,10}'),
        ('make_it_a_10', 'loyalty', 2, 'free', NULL),
        ('buy_again', 'loyalty', 3, 'single', NULL),
        ('polite', 'staff', 1, 'single', NULL),
        ('offers_extras', 'staff', 2, 'single', NULL),
        ('tells_of_programme', 'staff', 3, 'single', NULL),
        ('knows_wishes', 'staff', 4, 'single', NULL),
        ('asks_for_feedback', 'staff', 5, 'single', NULL)
) q(question, questionnaire, "position", kind, scale)
CROSS JOIN (SELECT _clientele.workspace_words(s.language) AS words FROM workspace.settings s) w;$sql$,
$sql$UPDATE workspace.questions q SET question_text = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key = 'question.' || q.question AND t.said = q.question_text AND t.words <> q.question_text;$sql$,
$sql$UPDATE workspace.questions q SET options = t.words::text[]
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key = 'question.' || q.question || '.options' AND t.said = q.options::text AND t.words <> t.said
    AND NOT EXISTS (
        SELECT FROM _clientele.workspace_values_used($1, 'question'::name, '{survey_rows}'::name[]) u(question) WHERE u.question = q.question);$sql$,
$sql$COMMENT ON TABLE workspace.questions IS 'The questions of surveys: yours to edit. Answers to questions that are not here count too, by what they look like';$sql$,
$sql$COMMENT ON COLUMN workspace.questions.question IS 'Its name in the attached answers';$sql$,
$sql$COMMENT ON COLUMN workspace.questions.questionnaire IS 'The questionnaire it belongs to';$sql$,
$sql$COMMENT ON COLUMN workspace.questions."position" IS 'Its place there';$sql$,
$sql$COMMENT ON COLUMN workspace.questions.kind IS 'single (one answer), multiple (several), or free (a text)';$sql$,
$sql$COMMENT ON COLUMN workspace.questions.options IS 'The answers to choose from, in the order in which to show them; those nobody chose are shown too';$sql$]),
        (28, ARRAY[
$sql$CREATE VIEW workspace.survey_answers AS
SELECT a.respondent, a.customer, q.questionnaire, a.question, coalesce(q.question_text, a.question) AS question_text, a.answer, a.day, a.answer_number
FROM (
    SELECT r.respondent, r.customer, r.question, r.answer, r.day, k.kind = 'single' AS one_choice,
        row_number() OVER last_first AS answer_number, first_value(r.day) OVER last_first AS last_day,
        lag(r.answer) OVER last_first AS answer_before
    FROM workspace.survey_rows r
    LEFT JOIN workspace.questions k ON k.question = r.question
    WHERE r.usable AND coalesce(r.day < (SELECT d.as_of FROM workspace.reporting_date d), true)
    WINDOW last_first AS (PARTITION BY r.respondent_key, r.question COLLATE "C" ORDER BY r.day DESC, r.answer IS NULL,
        CASE WHEN k.kind = 'single' THEN r.answered_at END DESC, r.answer COLLATE "C")) a
LEFT JOIN workspace.questions q ON q.question = a.question
WHERE a.answer_number = 1
    OR a.one_choice IS NOT TRUE AND a.answer <> a.answer_before AND a.day IS NOT DISTINCT FROM a.last_day;$sql$,
$sql$COMMENT ON VIEW workspace.survey_answers IS 'The answers to questionnaires that count: of each respondent and question those of the last day, of a single choice the last one';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_answers.respondent IS 'Who answered, as text';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_answers.customer IS 'The same as a customer of the orders; empty where the key cannot be one';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_answers.answer IS 'The answer without spaces around it; empty where the question was skipped';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_answers.day IS 'Day of the answer; empty where no time is attached';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_answers.answer_number IS '1 for the first of the respondent''s answers to the question, a higher one for others: count those with 1 to count respondents';$sql$]),
        (29, ARRAY[
$sql$CREATE VIEW workspace.survey_quality AS
SELECT v."position", v.reason, l.words ->> ('survey_rows.' || v.reason) AS description, v.answer_rows,
    100 * v.answer_rows::double precision / nullif(c.all_rows, 0)::double precision AS pct_of_rows
FROM (
    SELECT count(*) AS all_rows, count(*) FILTER (WHERE r.left_out = 'no_respondent') AS no_respondent,
        count(*) FILTER (WHERE r.left_out = 'no_question') AS no_question,
        count(*) FILTER (WHERE r.left_out = 'no_time') AS no_time,
        count(*) FILTER (WHERE r.left_out = 'invalid_time') AS invalid_time,
        count(*) FILTER (WHERE r.left_out IS NULL AND r.day >= (SELECT d.as_of FROM workspace.reporting_date d)) AS future
    FROM workspace.survey_rows r) c
CROSS JOIN (SELECT count(*) AS used FROM workspace.survey_answers) u
CROSS JOIN (SELECT _clientele.workspace_words(x.language) AS words FROM workspace.applied_settings x LIMIT 1) l
CROSS JOIN LATERAL (VALUES
    (1, 'used', u.used),
    (2, 'no_respondent', c.no_respondent),
    (3, 'no_question', c.no_question),
    (4, 'no_time', c.no_time),
    (5, 'invalid_time', c.invalid_time),
    (6, 'future', c.future),
    (7, 'replaced',
        c.all_rows - c.no_respondent - c.no_question - c.no_time - c.invalid_time - c.future - u.used)
) v("position", reason, answer_rows);$sql$,
$sql$COMMENT ON VIEW workspace.survey_quality IS 'The rows of the answers to questionnaires by what became of them: each row is under exactly one reason';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_quality."position" IS 'Order in which to show the reasons';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_quality.answer_rows IS 'Number of rows';$sql$]),
        (30, ARRAY[
$sql$CREATE VIEW workspace.customer_figures AS
WITH f AS (
    SELECT d.as_of, h.customer,
        clientele.order_count(h.history, d.as_of) AS orders,
        clientele.purchase_days(h.history, d.as_of) AS purchase_days,
        clientele.revenue(h.history, d.as_of) AS revenue,
        clientele.average_order(h.history, d.as_of) AS average_order,
        clientele.first_order(h.history, d.as_of) AS first_order,
        clientele.last_order(h.history, d.as_of) AS last_order,
        d.as_of - clientele.last_order(h.history, d.as_of) AS days_since_last,
        clientele.gap_days(h.history, d.as_of) AS gap_days,
        clientele.return_count(h.history, d.as_of) AS returns,
        clientele.revenue(h.profit_history, d.as_of) AS profit,
        CASE s.count_by WHEN 'days' THEN clientele.purchase_days(h.history, d.as_of)
            ELSE clientele.order_count(h.history, d.as_of) END AS purchases,
        clientele.revenue(h.history, w.from_date, d.as_of) AS window_revenue,
        clientele.revenue(h.profit_history, w.from_date, d.as_of) AS window_profit,
        clientele.return_count(h.history, w.from_date, d.as_of) AS window_returns,
        clientele.revenue(h.history, (clientele.last_order(h.history, d.as_of) + 1 - interval '1 year')::date, d.as_of) AS last_year_revenue,
        clientele.lifecycle_stage(
            h.history, d.as_of, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by) AS stage
    FROM workspace.reporting_date d
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    CROSS JOIN LATERAL (SELECT coalesce((d.as_of - s.class_window)::date, '-infinity') AS from_date) w
    CROSS JOIN workspace.customer_history h
    WHERE clientele.first_order(h.history, d.as_of) IS NOT NULL
)
SELECT f.customer, f.orders, f.purchase_days, f.revenue, f.average_order, f.first_order, f.last_order,
    f.days_since_last, f.gap_days, f.returns, f.profit, f.purchases, f.window_revenue, f.window_profit,
    f.window_returns, f.last_year_revenue, f.stage, f.as_of
FROM f;$sql$,
$sql$COMMENT ON VIEW workspace.customer_figures IS 'One row per customer with what the customer''s own orders say: for looking up one of them, which an index on the orders serves. The view customers has the same figures, and classes that compare them';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_figures.orders IS 'Number of orders: rows with an amount of zero or more';$sql$]),
        (31, ARRAY[
$sql$CREATE VIEW workspace.survey_tallies AS
WITH answer AS MATERIALIZED (
    SELECT a.question, a.answer, a.questionnaire, a.respondent, a.answer_number FROM workspace.survey_answers a
), tallied AS (
    SELECT a.question, a.answer, count(*) AS answers, count(*) FILTER (WHERE a.answer_number = 1) AS first_answers
    FROM answer a GROUP BY a.question, a.answer
), everybody AS (
    SELECT x.questionnaire, count(*) AS respondents
    FROM (SELECT DISTINCT a.questionnaire, a.respondent FROM answer a WHERE a.answer_number = 1 AND a.questionnaire IS NOT NULL) x
    GROUP BY x.questionnaire
),
asked AS (
    SELECT q.*, r.respondents AS questionnaire_respondents
    FROM (
        SELECT coalesce(t.question, q.question) AS question, q.questionnaire, q."position" AS question_position,
            coalesce(q.question_text, t.question) AS question_text,
            coalesce(q.kind, CASE WHEN t.choices > 50 THEN 'free' WHEN t.base_answers > t.base_respondents THEN 'multiple' ELSE 'single' END) AS kind,
            t.question IS NOT NULL AS asked, coalesce(t.base_respondents, 0) AS base_respondents,
            coalesce(t.base_answers, 0) AS base_answers, coalesce(t.skipped, 0) AS skipped
        FROM (
            SELECT x.question, count(x.answer) AS choices, coalesce(sum(x.first_answers) FILTER (WHERE x.answer IS NOT NULL), 0)::bigint AS base_respondents,
                coalesce(sum(x.answers) FILTER (WHERE x.answer IS NOT NULL), 0)::bigint AS base_answers,
                coalesce(sum(x.answers) FILTER (WHERE x.answer IS NULL), 0)::bigint AS skipped
            FROM tallied x GROUP BY x.question) t
        FULL JOIN workspace.questions q ON q.question = t.question
    ) q
    LEFT JOIN everybody r ON r.questionnaire = q.questionnaire
    WHERE q.asked OR r.respondents > 0
)
SELECT q.questionnaire, q.question_position, q.question, q.question_text, q.kind, c.answer_position, c.answer,
    CASE WHEN q.kind = 'free' THEN q.base_answers ELSE coalesce(c.answers, 0) END AS answers, n.respondents,
    q.base_respondents, q.base_answers,
    100 * i.estimate AS pct_of_respondents, 100 * i.lower AS pct_lower, 100 * i.upper AS pct_upper,
    100 * c.answers::double precision / nullif(q.base_answers, 0)::double precision AS pct_of_answers,
    q.skipped, q.questionnaire_respondents - q.base_respondents - q.skipped AS not_asked, q.base_respondents >= s.enough AS enough
FROM asked q
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN (
    SELECT c.question, c.answer, c.answers,
        row_number() OVER (PARTITION BY c.question ORDER BY c.option_position, c.answers DESC, c.answer COLLATE "C") AS answer_position
    FROM (
        SELECT coalesce(t.question, p.question) AS question, coalesce(t.answer, p.answer) AS answer, coalesce(t.answers, 0) AS answers, p.option_position
        FROM (SELECT x.question, x.answer, x.answers FROM tallied x WHERE x.answer IS NOT NULL) t
        FULL JOIN (
            SELECT q.question, _clientele.workspace_said(btrim(u.answer)) AS answer, min(u."position") AS option_position
            FROM workspace.questions q CROSS JOIN LATERAL unnest(q.options) WITH ORDINALITY u(answer, "position")
            GROUP BY q.question, 2) p ON p.question = t.question AND p.answer = t.answer) c
) c ON c.question = q.question AND q.kind <> 'free'
CROSS JOIN LATERAL (SELECT CASE WHEN q.kind = 'free' THEN q.base_respondents ELSE coalesce(c.answers, 0) END AS respondents) n
CROSS JOIN LATERAL clientele.wilson_interval(CASE WHEN q.kind <> 'free' THEN n.respondents END, q.base_respondents, 0.95::double precision) i;$sql$,
$sql$COMMENT ON VIEW workspace.survey_tallies IS 'How often each answer was given: shares of those who answered the question, and of all answers to it. Free text is not split: one row per question';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_tallies.kind IS 'single, multiple or free, from the table questions; for others by the data: free with more than fifty different answers, multiple where somebody gave several';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_tallies.answers IS 'Number of answers';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_tallies.respondents IS 'Number of respondents who gave it; for free text, who wrote something';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_tallies.base_respondents IS 'Number of those who answered the question';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_tallies.base_answers IS 'Number of all answers to the question, more than respondents where several can be given';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_tallies.pct_of_answers IS 'Share of all answers to the question, 0 to 100; they add up to 100';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_tallies.skipped IS 'Number of respondents who were asked the question and gave no answer';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_tallies.not_asked IS 'Number of respondents of the questionnaire without a row for the question; empty where the question is of none';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_tallies.enough IS 'Whether there are enough respondents to go by';$sql$]),
        (32, ARRAY[
$sql$WITH part AS (
    SELECT s.separator, c.question, c.cell_rows, btrim(u.part) AS part, u.place, strpos(c.answer, s.separator) > 0 AS is_parted,
        count(*) OVER (PARTITION BY s.separator, c.question, btrim(u.part)) AS cells
    FROM (
        SELECT r.question, r.answer, count(*) AS cell_rows, count(*) OVER (PARTITION BY r.question) AS different
        FROM workspace.survey_rows r
        LEFT JOIN workspace.questions k ON k.question = r.question
        WHERE r.usable AND length(r.answer) <= 200 AND coalesce(k.kind = 'multiple', true)
        GROUP BY r.question, r.answer) c
    CROSS JOIN unnest('{"; ",", ",";",",","|"}'::text[]) s(separator)
    CROSS JOIN LATERAL unnest(string_to_array(c.answer, s.separator)) WITH ORDINALITY u(part, place)
    WHERE c.different <= 5000
)
SELECT v.topic, v.finding, v.advice
FROM (
    SELECT 0 AS "position", 'answers' AS topic, 'none yet' AS finding, 'The views are empty until there are answers' AS advice
    WHERE NOT EXISTS (SELECT FROM workspace.survey_rows)
    UNION ALL
    SELECT q."position", replace(q.reason, '_', ' '), 'rows: ' || _clientele.workspace_row_share(q.answer_rows, nullif(sum(q.answer_rows) OVER ()::bigint, 0)),
        _clientele.workspace_words('en'::text) ->> ('survey_rows.' || q.reason)
    FROM (SELECT q.* FROM workspace.survey_quality q WHERE q.answer_rows > 0 OR q.reason = 'used') q
    UNION ALL
    SELECT 1001, 'empty times', 'rows with 0001-01-01, 1899-12-30 or 1970-01-01: ' || _clientele.workspace_row_share(nullif(count(*) FILTER (WHERE r.is_empty_time), 0), count(*)), 'Systems write them where there is no time: such rows are left out, as those without one'
    FROM workspace.survey_rows r
    UNION ALL
    SELECT 1002, 'separator', format('several answers seem to be in one cell, "%s" between them: %s rows, of %s', c.separator, c.cell_rows, c.questions),
        format('If so: SELECT * FROM attach_survey(%L, workspace => %L, separator => %L)', (SELECT a.relation FROM workspace.attached a WHERE a.relation_role = 'survey'), $1, c.separator)
    FROM (
        SELECT q.separator, sum(q.cell_rows) AS cell_rows, string_agg(quote_ident(left(q.question, 60)), ', ' ORDER BY q.question) AS questions
        FROM (
            SELECT p.separator, p.question, sum(p.cell_rows) FILTER (WHERE p.place = 1 AND p.is_parted) AS cell_rows
            FROM part p
            GROUP BY p.separator, p.question
            HAVING 2 * count(DISTINCT p.part) FILTER (WHERE p.is_parted AND p.cells > 1) > count(DISTINCT p.part) FILTER (WHERE p.is_parted)) q
        GROUP BY q.separator
        ORDER BY sum(q.cell_rows) DESC, length(q.separator) DESC LIMIT 1) c
    UNION ALL
    SELECT 1003, 'respondents', 'customers with orders: ' || _clientele.workspace_row_share(r.known, nullif(r.respondents, 0)),
        CASE WHEN r.known < r.respondents
            THEN 'The others are unknown in survey_by_dimension; if they are customers, attach a view with their key in the type of the orders''' END
    FROM (
        SELECT count(a.respondent) AS respondents, count(a.respondent) FILTER (WHERE c.customer IS NOT NULL) AS known
        FROM (SELECT s.respondent, s.customer FROM workspace.survey_answers s GROUP BY s.respondent, s.customer) a
        FULL JOIN workspace.customer_figures c ON c.customer = a.customer) r
    UNION ALL
    SELECT 1004, 'questions', 'not in the table questions: ' || string_agg(DISTINCT quote_ident(left(t.question, 60)), ', '),
        format('To give them a text, an order and options: INSERT INTO %I.questions', $1)
    FROM workspace.survey_tallies t
    WHERE t.questionnaire IS NULL) v
WHERE v.finding IS NOT NULL
ORDER BY v."position"$sql$]),
        (33, ARRAY[
$sql$SELECT v.topic, v.finding, v.advice
FROM (
    SELECT count(*) AS rows, count(*) FILTER (WHERE t.left_out = 'no_time') AS no_time, count(*) FILTER (WHERE t.is_empty_time) AS empty_times, count(*) FILTER (WHERE t.left_out = 'no_touchpoint') AS no_touchpoint,
        count(*) FILTER (WHERE t.left_out = 'no_customer') AS no_customer,
        count(*) FILTER (WHERE t.left_out IS NULL AND t.day >= (SELECT r.as_of FROM workspace.reporting_date r)) AS future,
        count(DISTINCT t.customer) AS customers, count(DISTINCT t.touchpoint) AS touchpoints
    FROM workspace.touchpoint_rows t) f
CROSS JOIN LATERAL (VALUES
    (1, 'touchpoints', format('rows: %s, customers: %s, kinds: %s', f.rows, f.customers, f.touchpoints),
        format('To see them as a funnel: INSERT INTO %I.funnel_stages VALUES (''sales'', 1, ''first step''), ...; PURCHASE is an order', $1)),
    (2, 'no time', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.no_time, 0), f.rows), 'Without a time, or with an infinite one, or one outside the years 1 to 9999'),
    (3, 'empty times', 'rows with 0001-01-01, 1899-12-30 or 1970-01-01: ' || _clientele.workspace_row_share(nullif(f.empty_times, 0), f.rows), 'Systems write them where there is no time: such rows are left out, as those without one'),
    (4, 'no touchpoint', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.no_touchpoint, 0), f.rows), 'Without a touchpoint, or named START, END or PURCHASE, which the views use'),
    (5, 'no customer', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.no_customer, 0), f.rows), 'Without a customer, or with a key that can be none of the orders'''),
    (6, 'future', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.future, 0), f.rows), 'On or after the reporting date: not counted yet')) v("position", topic, finding, advice)
WHERE v.finding IS NOT NULL
ORDER BY v."position"$sql$]),
        (34, ARRAY[
$sql$CREATE TABLE workspace.segments (
    "position" integer PRIMARY KEY,
    segment text NOT NULL
        CONSTRAINT "other is who matches no segment" CHECK (segment NOT IN ('', 'other')),
    recency_from integer NOT NULL DEFAULT 1,
    recency_to integer NOT NULL,
    frequency_from integer NOT NULL DEFAULT 1,
    frequency_to integer NOT NULL,
    monetary_from integer NOT NULL DEFAULT 1,
    monetary_to integer NOT NULL,
    advice text,
    CONSTRAINT "scores run from 1, and from is not above to" CHECK (
        1 <= recency_from AND recency_from <= recency_to AND 1 <= frequency_from AND frequency_from <= frequency_to
        AND 1 <= monetary_from AND monetary_from <= monetary_to)
);$sql$,
$sql$INSERT INTO workspace.segments ("position", segment, recency_from, recency_to, frequency_from, frequency_to, monetary_from, monetary_to, advice)
SELECT r.*, w.words->>('segment.' || r.segment || '.advice')
FROM workspace.settings s
CROSS JOIN LATERAL (SELECT _clientele.workspace_words(s.language) AS words) w
CROSS JOIN (
    VALUES
        (1, 'champions', '[3,3]'::int4range, '[3,3]'::int4range, '[3,3]'::int4range),
        (2, 'loyal', '[3,3]', '[3,3]', '[1,2]'),
        (3, 'potential loyalists', '[3,3]', '[2,2]', '[1,3]'),
        (4, 'promising', '[3,3]', '[1,1]', '[3,3]'),
        (5, 'new customers', '[3,3]', '[1,1]', '[1,2]'),
        (6, 'need attention', '[2,2]', '[2,3]', '[2,3]'),
        (7, 'small baskets', '[2,2]', '[2,3]', '[1,1]'),
        (8, 'about to sleep', '[2,2]', '[1,1]', '[1,3]'),
        (9, 'cannot lose', '[1,1]', '[3,3]', '[2,3]'),
        (10, 'at risk', '[1,1]', '[2,2]', '[2,3]'),
        (11, 'hibernating', '[1,1]', '[2,3]', '[1,1]'),
        (12, 'lost', '[1,1]', '[1,1]', '[1,3]')
) d("position", segment, recency, frequency, monetary)
CROSS JOIN LATERAL (
    SELECT d."position", d.segment,
        _clientele.workspace_third_start(lower(d.recency), s.rfm_bins) AS recency_from,
        _clientele.workspace_third_start(upper(d.recency), s.rfm_bins) - 1 AS recency_to,
        _clientele.workspace_third_start(lower(d.frequency), s.rfm_bins) AS frequency_from,
        _clientele.workspace_third_start(upper(d.frequency), s.rfm_bins) - 1 AS frequency_to,
        _clientele.workspace_third_start(lower(d.monetary), s.rfm_bins) AS monetary_from,
        _clientele.workspace_third_start(upper(d.monetary), s.rfm_bins) - 1 AS monetary_to
) r
WHERE r.recency_from <= r.recency_to AND r.frequency_from <= r.frequency_to AND r.monetary_from <= r.monetary_to
    AND NOT EXISTS (SELECT FROM workspace.segments);$sql$,
$sql$UPDATE workspace.segments g SET advice = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key = 'segment.' || g.segment || '.advice' AND t.said = g.advice AND t.words <> g.advice;$sql$,
$sql$COMMENT ON TABLE workspace.segments IS 'Segments by RFM scores, the first that matches holds: yours to edit; check_segments() lists what matches none or several';$sql$,
$sql$COMMENT ON COLUMN workspace.segments."position" IS 'The order in which rows are tried';$sql$,
$sql$COMMENT ON COLUMN workspace.segments.recency_from IS 'Lowest score for recency: a high one bought lately';$sql$,
$sql$COMMENT ON COLUMN workspace.segments.recency_to IS 'Highest score for recency';$sql$,
$sql$COMMENT ON COLUMN workspace.segments.frequency_from IS 'Lowest score for the number of purchases';$sql$,
$sql$COMMENT ON COLUMN workspace.segments.frequency_to IS 'Highest score for the number of purchases';$sql$,
$sql$COMMENT ON COLUMN workspace.segments.monetary_from IS 'Lowest score for revenue';$sql$,
$sql$COMMENT ON COLUMN workspace.segments.monetary_to IS 'Highest score for revenue';$sql$,
$sql$COMMENT ON COLUMN workspace.segments.advice IS 'What to do with them';$sql$]),
        (35, ARRAY[
$sql$CREATE VIEW workspace.rfm_cells AS
SELECT r.score AS recency_score, f.score AS frequency_score, m.score AS monetary_score,
    (array_agg(g.segment ORDER BY g."position"))[1] AS segment,
    count(g."position") AS matches,
    string_agg(g.segment, ', ' ORDER BY g."position") AS segments
FROM (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN generate_series(1, 10) r(score)
CROSS JOIN generate_series(1, 10) f(score)
CROSS JOIN generate_series(1, 10) m(score)
LEFT JOIN workspace.segments g ON r.score >= g.recency_from AND r.score <= g.recency_to
    AND f.score >= g.frequency_from AND f.score <= g.frequency_to
    AND m.score >= g.monetary_from AND m.score <= g.monetary_to
WHERE greatest(r.score, f.score, m.score) <= s.rfm_bins
GROUP BY r.score, f.score, m.score;$sql$,
$sql$COMMENT ON VIEW workspace.rfm_cells IS 'Every combination of RFM scores with the segment it falls in';$sql$,
$sql$COMMENT ON COLUMN workspace.rfm_cells.recency_score IS 'Score for recency, 1 upwards';$sql$,
$sql$COMMENT ON COLUMN workspace.rfm_cells.frequency_score IS 'Score for the number of purchases';$sql$,
$sql$COMMENT ON COLUMN workspace.rfm_cells.monetary_score IS 'Score for revenue';$sql$,
$sql$COMMENT ON COLUMN workspace.rfm_cells.segment IS 'The first segment that matches; empty where none does';$sql$,
$sql$COMMENT ON COLUMN workspace.rfm_cells.matches IS 'Number of rows of segments that match';$sql$,
$sql$COMMENT ON COLUMN workspace.rfm_cells.segments IS 'All of them, the first one first';$sql$]),
        (36, ARRAY[
$sql$CREATE FUNCTION workspace.check_segments() RETURNS SETOF clientele.segment_finding
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT c.recency_score, c.frequency_score, c.monetary_score, c.matches, c.segments,
        l.words ->> CASE c.matches WHEN 0 THEN 'check_segments.none' ELSE 'check_segments.several' END
    FROM workspace.rfm_cells c
    CROSS JOIN (SELECT _clientele.workspace_words(s.language) AS words FROM workspace.settings s LIMIT 1) l
    WHERE c.matches <> 1
    ORDER BY 1, 2, 3;
END;$sql$,
$sql$COMMENT ON FUNCTION workspace.check_segments() IS
'Combinations of RFM scores that match none or several rows of the table segments: no rows if each matches one.';$sql$]),
        (37, ARRAY[
$sql$CREATE TABLE workspace.knowledge_base (
    id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    question text NOT NULL
        CONSTRAINT "question is not empty" CHECK (btrim(question) <> ''),
    answer text NOT NULL
        CONSTRAINT "answer is not empty" CHECK (btrim(answer) <> ''),
    keywords text,
    language text NOT NULL,
    updated_on date NOT NULL DEFAULT current_date,
    words tsvector,
    words_by oid
);$sql$,
$sql$ALTER TABLE workspace.knowledge_base ADD CONSTRAINT "language is a text search configuration" CHECK (_clientele.workspace_text_search(language) IS NOT NULL) NOT VALID;$sql$,
$sql$CREATE TRIGGER keep_words BEFORE INSERT OR UPDATE ON workspace.knowledge_base
    FOR EACH ROW EXECUTE FUNCTION _clientele.workspace_keep_words();$sql$,
$sql$CREATE INDEX knowledge_base_words ON workspace.knowledge_base USING gin (words);$sql$,
$sql$COMMENT ON TABLE workspace.knowledge_base IS 'What customers ask and what to answer: yours to fill; find_answers() searches it';$sql$,
$sql$COMMENT ON COLUMN workspace.knowledge_base.id IS 'Number of the entry';$sql$,
$sql$COMMENT ON COLUMN workspace.knowledge_base.question IS 'The question, as customers put it';$sql$,
$sql$COMMENT ON COLUMN workspace.knowledge_base.answer IS 'What to answer';$sql$,
$sql$COMMENT ON COLUMN workspace.knowledge_base.keywords IS 'Other words that customers use for it';$sql$,
$sql$COMMENT ON COLUMN workspace.knowledge_base.language IS 'The text search configuration that reads it, such as english; settings.text_search unless given';$sql$,
$sql$COMMENT ON COLUMN workspace.knowledge_base.updated_on IS 'When it was last looked at';$sql$,
$sql$COMMENT ON COLUMN workspace.knowledge_base.words IS 'The words by which find_answers() finds it: kept by themselves';$sql$,
$sql$COMMENT ON COLUMN workspace.knowledge_base.words_by IS 'Number of the configuration that read them, which may have got another name since';$sql$]),
        (38, ARRAY[
$sql$CREATE FUNCTION workspace.find_answers(query text, at_most integer DEFAULT 5) RETURNS SETOF clientele.found_answer
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT f.id, f.question, f.answer, ts_rank(f.words, w.some_words)::double precision, f.words @@ w.all_words
    FROM (
        SELECT l.language, q.configuration, q.all_words, coalesce(_clientele.workspace_some_words(q.all_words), q.all_words) AS some_words
        FROM (
            SELECT b.language, coalesce(_clientele.workspace_text_search(b.language), 'simple'::regconfig) AS configuration
            FROM (SELECT DISTINCT k.language FROM workspace.knowledge_base k) b) l
        CROSS JOIN LATERAL (SELECT l.configuration, websearch_to_tsquery(l.configuration, find_answers.query) AS all_words OFFSET 0) q
        OFFSET 0) w
    CROSS JOIN LATERAL (
        SELECT k.id, k.question, k.answer, k.words
        FROM workspace.knowledge_base k
        WHERE k.language = w.language AND k.words_by = w.configuration::oid AND k.words @@ w.some_words
        UNION ALL
        SELECT r.id, r.question, r.answer, r.words
        FROM (
            SELECT k.id, k.question, k.answer, _clientele.workspace_entry_words(w.configuration, k.question, k.keywords, k.answer) AS words
            FROM workspace.knowledge_base k
            WHERE k.language = w.language AND k.words_by IS DISTINCT FROM w.configuration::oid
            OFFSET 0) r
        WHERE r.words @@ w.some_words
        OFFSET 0) f
    ORDER BY 5 DESC, 4 DESC, 1
    LIMIT CASE WHEN find_answers.at_most < 0 THEN 0 ELSE find_answers.at_most END;
END;$sql$,
$sql$COMMENT ON FUNCTION workspace.find_answers(text, integer) IS
'Entries of the knowledge base for a query, the best first: those with all that is looked for, then those with some of the words.
Arguments: query: words, "a phrase", or, and -without, as in a web search; at_most: number of rows, NULL for all.
Result: rows of id, question, answer, rank and all_words.';$sql$]),
        (39, ARRAY[
$sql$CREATE TABLE workspace.order_history_data AS
SELECT h.* FROM workspace.order_history h;$sql$,
$sql$CREATE UNIQUE INDEX ON workspace.order_history_data (customer) NULLS NOT DISTINCT;$sql$,
$sql$COMMENT ON TABLE workspace.order_history_data IS 'What the view order_history shows, but for changes that are pending in order_changes';$sql$]),
        (40, ARRAY[
$sql$CREATE TABLE workspace.customer_preferences_data AS
SELECT o.customer, o.source, o.category, clientele.history_agg(o.day, o.amount) AS history
FROM workspace.order_rows o
WHERE (o.has_source OR o.has_category) AND o.customer IS NOT NULL AND o.usable AND o.is_order
GROUP BY o.customer, o.source, o.category;$sql$,
$sql$CREATE UNIQUE INDEX ON workspace.customer_preferences_data (customer, source, category) NULLS NOT DISTINCT;$sql$,
$sql$COMMENT ON TABLE workspace.customer_preferences_data IS 'The histories of customers by source and category, but for returns and pending changes';$sql$]),
        (41, ARRAY[
$sql$CREATE TABLE workspace.first_orders_data AS
SELECT DISTINCT ON (o.customer) o.customer, o.day, o.source, o.category, o.kept_amount AS amount, o.ordered_at AS at, o.order_key, false AS is_unknown
FROM workspace.order_rows o
WHERE (o.has_source OR o.has_category) AND o.customer IS NOT NULL AND o.usable AND o.is_order
ORDER BY o.customer, o.day, o.ordered_at, o.order_key, o.kept_amount, o.source, o.category;$sql$,
$sql$CREATE UNIQUE INDEX ON workspace.first_orders_data (customer) NULLS NOT DISTINCT;$sql$,
$sql$CREATE INDEX ON workspace.first_orders_data (customer) WHERE is_unknown;$sql$,
$sql$COMMENT ON TABLE workspace.first_orders_data IS 'What the view first_orders shows, but for pending changes';$sql$,
$sql$COMMENT ON COLUMN workspace.first_orders_data.day IS 'Day of the first order';$sql$,
$sql$COMMENT ON COLUMN workspace.first_orders_data.source IS 'Where it came from';$sql$,
$sql$COMMENT ON COLUMN workspace.first_orders_data.category IS 'Its category';$sql$,
$sql$COMMENT ON COLUMN workspace.first_orders_data.amount IS 'Its amount';$sql$,
$sql$COMMENT ON COLUMN workspace.first_orders_data.at IS 'Its time, as in the orders';$sql$,
$sql$COMMENT ON COLUMN workspace.first_orders_data.is_unknown IS 'Whether the first order has to be looked up in the orders';$sql$]),
        (42, ARRAY[
$sql$CREATE TABLE workspace.order_changes WITH (vacuum_truncate = off) AS
SELECT 0::bigint AS slot, h.customer, p.source, p.category, true AS is_order, h.history AS added, h.history AS removed, h.history AS added_profit,
    h.history AS removed_profit, h.no_time, h.invalid_time, h.no_amount, h.invalid_amount, h.zero_amount,
    f.at AS first_at, f.order_key AS first_key, f.amount AS first_amount
FROM workspace.order_history_data h
CROSS JOIN workspace.customer_preferences_data p
CROSS JOIN workspace.first_orders_data f
WITH NO DATA;$sql$,
$sql$CREATE INDEX ON workspace.order_changes (slot);$sql$,
$sql$COMMENT ON TABLE workspace.order_changes IS 'Pending: what triggers saw added to the orders and removed from them, until a fold moves it into what is stored';$sql$,
$sql$COMMENT ON COLUMN workspace.order_changes.customer IS 'The customer, as in the orders; empty for orders without one';$sql$,
$sql$COMMENT ON COLUMN workspace.order_changes.is_order IS 'Whether of orders, whose sources and categories count, and not of returns or rows that cannot be used';$sql$,
$sql$COMMENT ON COLUMN workspace.order_changes.slot IS 'A number by customer, source and category: folds take changes by it, those below 0 never';$sql$,
$sql$COMMENT ON COLUMN workspace.order_changes.added IS 'What one statement added';$sql$,
$sql$COMMENT ON COLUMN workspace.order_changes.removed IS 'What it removed';$sql$,
$sql$COMMENT ON COLUMN workspace.order_changes.added_profit IS 'The profit of what it added';$sql$,
$sql$COMMENT ON COLUMN workspace.order_changes.removed_profit IS 'The profit of what it removed';$sql$,
$sql$COMMENT ON COLUMN workspace.order_changes.first_at IS 'Time of the first of the orders added';$sql$,
$sql$COMMENT ON COLUMN workspace.order_changes.first_key IS 'Its number, as in the orders';$sql$,
$sql$COMMENT ON COLUMN workspace.order_changes.first_amount IS 'Its amount';$sql$]),
        (43, ARRAY[
$sql$CREATE TABLE workspace.order_days_data AS
SELECT d.day, 0 AS slot_group, sum(d.orders + d.returns)::bigint AS order_rows
FROM workspace.order_history h
CROSS JOIN LATERAL clientele.history_days(h.history) d
WHERE h.customer IS NOT NULL
GROUP BY d.day;$sql$,
$sql$CREATE UNIQUE INDEX ON workspace.order_days_data (day, slot_group) NULLS NOT DISTINCT;$sql$,
$sql$COMMENT ON TABLE workspace.order_days_data IS 'The days on which customers ordered or returned something, but for pending changes';$sql$,
$sql$COMMENT ON COLUMN workspace.order_days_data.day IS 'Day';$sql$,
$sql$COMMENT ON COLUMN workspace.order_days_data.slot_group IS 'One of sixteen groups of customers, each folded by one transaction at a time';$sql$,
$sql$COMMENT ON COLUMN workspace.order_days_data.order_rows IS 'Number of orders and returns of customers of the group, less those of other groups that it removed';$sql$]),
        (44, ARRAY[
$sql$CREATE FUNCTION workspace.fold_order_changes(from_slot bigint, at_most bigint, is_nested boolean, OUT folded bigint, OUT last_slot bigint)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
    DECLARE
        many CONSTANT integer := 5000;
        slots bigint[] := ARRAY(
            SELECT x.slot FROM workspace.order_changes x
            WHERE x.slot >= from_slot AND x.slot <= ((from_slot >> 59) << 59) + 576460752303423487
            ORDER BY x.slot LIMIT at_most);
        gone workspace.order_changes[];
        is_partial boolean;
        removes boolean;
        has_origin boolean;
    BEGIN
        folded := 0;
        last_slot := slots[cardinality(slots)];
        IF is_nested THEN
            slots := ARRAY(SELECT s FROM unnest(slots) s
                WHERE NOT EXISTS (SELECT FROM workspace.order_changes x WHERE x.slot = s AND _clientele.workspace_is_own(x.xmin::text::bigint)));
        END IF;
        IF (SELECT count(*) > many FROM (SELECT FROM workspace.order_changes x WHERE x.slot = ANY (slots) LIMIT many + 1) x) THEN
            slots := slots[1:1];
            last_slot := slots[1];
        END IF;
        is_partial := (SELECT count(*) > many FROM (SELECT FROM workspace.order_changes x WHERE x.slot = ANY (slots) LIMIT many + 1) x);
        WITH change AS (
            DELETE FROM workspace.order_changes c
            WHERE c.ctid = ANY (ARRAY(
                SELECT x.ctid FROM workspace.order_changes x WHERE x.slot = ANY (slots) LIMIT CASE WHEN is_partial THEN many END))
            RETURNING c.*
        ), merged AS (
            SELECT min(c.slot) AS slot, c.customer, c.source, c.category, c.is_order, clientele.rollup(c.added) AS added,
                CASE WHEN count(c.removed) > 0 THEN clientele.rollup(c.removed) END AS removed,
                CASE WHEN count(c.added_profit) > 0 THEN clientele.rollup(c.added_profit) END AS added_profit,
                CASE WHEN count(c.removed_profit) > 0 THEN clientele.rollup(c.removed_profit) END AS removed_profit,
                sum(c.no_time)::bigint AS no_time, sum(c.invalid_time)::bigint AS invalid_time, sum(c.no_amount)::bigint AS no_amount,
                sum(c.invalid_amount)::bigint AS invalid_amount, sum(c.zero_amount)::bigint AS zero_amount,
                (array_agg(c.first_at ORDER BY clientele.first_order(c.added), c.first_at, c.first_key, c.first_amount))[1] AS first_at,
                (array_agg(c.first_key ORDER BY clientele.first_order(c.added), c.first_at, c.first_key, c.first_amount))[1] AS first_key,
                (array_agg(c.first_amount ORDER BY clientele.first_order(c.added), c.first_at, c.first_key, c.first_amount))[1] AS first_amount
            FROM change c
            GROUP BY c.customer, c.source, c.category, c.is_order
        )
        SELECT (SELECT count(*) FROM change), bool_or(k.removed IS NOT NULL), bool_or(k.is_order), array_agg(ROW(k.*)::workspace.order_changes)
        INTO folded, removes, has_origin, gone FROM merged k;
        IF is_partial THEN
            INSERT INTO workspace.order_changes SELECT g.* FROM unnest(gone) g;
            folded := many;
            RETURN;
        ELSIF folded = 0 THEN
            RETURN;
        END IF;
        INSERT INTO workspace.order_history_data AS d (customer, history, profit_history, no_time, invalid_time, no_amount, invalid_amount, zero_amount)
        SELECT g.customer, clientele.rollup(g.added), CASE WHEN (SELECT s.has_profit FROM workspace.settings s) THEN clientele.rollup(g.added_profit) END,
            nullif(sum(g.no_time), 0)::bigint, nullif(sum(g.invalid_time), 0)::bigint, nullif(sum(g.no_amount), 0)::bigint,
            nullif(sum(g.invalid_amount), 0)::bigint, nullif(sum(g.zero_amount), 0)::bigint
        FROM unnest(gone) g
        GROUP BY g.customer
        ON CONFLICT (customer) DO UPDATE SET history = d.history OPERATOR(clientele.+) excluded.history,
            profit_history = d.profit_history OPERATOR(clientele.+) excluded.profit_history,
            no_time = nullif(coalesce(d.no_time, 0) + coalesce(excluded.no_time, 0), 0),
            invalid_time = nullif(coalesce(d.invalid_time, 0) + coalesce(excluded.invalid_time, 0), 0),
            no_amount = nullif(coalesce(d.no_amount, 0) + coalesce(excluded.no_amount, 0), 0),
            invalid_amount = nullif(coalesce(d.invalid_amount, 0) + coalesce(excluded.invalid_amount, 0), 0),
            zero_amount = nullif(coalesce(d.zero_amount, 0) + coalesce(excluded.zero_amount, 0), 0);
        IF removes THEN
            INSERT INTO workspace.order_history_data AS d (customer, history, profit_history)
            SELECT g.customer, clientele.rollup(g.removed), clientele.rollup(g.removed_profit)
            FROM unnest(gone) g
            WHERE g.removed IS NOT NULL
            GROUP BY g.customer
            ON CONFLICT (customer) DO UPDATE SET history = clientele.history_less(d.history, excluded.history),
                profit_history = clientele.history_less(d.profit_history, excluded.profit_history),
                no_time = nullif(greatest(d.no_time, 0), 0),
                invalid_time = nullif(greatest(d.invalid_time, 0), 0),
                no_amount = nullif(greatest(d.no_amount, 0), 0),
                invalid_amount = nullif(greatest(d.invalid_amount, 0), 0),
                zero_amount = nullif(greatest(d.zero_amount, 0), 0);
            DELETE FROM workspace.order_history_data d
            WHERE d.customer = ANY (ARRAY(SELECT g.customer FROM unnest(gone) g WHERE g.removed IS NOT NULL))
                AND d.history OPERATOR(clientele.=) '{}'::clientele.purchase_history
                AND coalesce(d.no_time, d.invalid_time, d.no_amount, d.invalid_amount, d.zero_amount) IS NULL;
        END IF;
        IF has_origin THEN
            INSERT INTO workspace.customer_preferences_data AS d (customer, source, category, history)
            SELECT g.customer, g.source, g.category, clientele.rollup(g.added)
            FROM unnest(gone) g
            WHERE g.customer IS NOT NULL AND g.is_order
            GROUP BY g.customer, g.source, g.category
            ON CONFLICT (customer, source, category) DO UPDATE SET history = d.history OPERATOR(clientele.+) excluded.history;
            IF removes THEN
                INSERT INTO workspace.customer_preferences_data AS d (customer, source, category, history)
                SELECT g.customer, g.source, g.category, clientele.rollup(g.removed)
                FROM unnest(gone) g
                WHERE g.customer IS NOT NULL AND g.is_order AND g.removed IS NOT NULL
                GROUP BY g.customer, g.source, g.category
                ON CONFLICT (customer, source, category) DO UPDATE SET history = clientele.history_less(d.history, excluded.history);
            END IF;
            INSERT INTO workspace.first_orders_data AS d (customer, day, at, order_key, amount, source, category, is_unknown)
            SELECT DISTINCT ON (f.customer) f.customer, f.day, f.at, f.order_key, f.amount, f.source, f.category,
                bool_or(f.is_unknown) OVER each_customer
                    OR coalesce(min(f.removed) OVER each_customer <= min(f.day) OVER each_customer, f.day IS NULL)
            FROM (
                SELECT g.customer, clientele.first_order(g.added) AS day, g.first_at AS at, g.first_key AS order_key, g.first_amount AS amount,
                    g.source, g.category, false AS is_unknown, clientele.first_order(g.removed) AS removed
                FROM unnest(gone) g
                WHERE g.customer IS NOT NULL AND g.is_order
                UNION ALL
                SELECT d.customer, d.day, d.at, d.order_key, d.amount, d.source, d.category, d.is_unknown, NULL
                FROM workspace.first_orders_data d
                WHERE d.customer = ANY (ARRAY(SELECT g.customer FROM unnest(gone) g))) f
            WHERE f.day IS NOT NULL OR f.removed IS NOT NULL OR f.is_unknown
            WINDOW each_customer AS (PARTITION BY f.customer)
            ORDER BY f.customer, f.day, f.at, f.order_key, f.amount, f.source, f.category
            ON CONFLICT (customer) DO UPDATE SET day = excluded.day, at = excluded.at, order_key = excluded.order_key, amount = excluded.amount,
                source = excluded.source, category = excluded.category, is_unknown = excluded.is_unknown
            WHERE (d.day, d.at, d.order_key, d.amount, d.source, d.category, d.is_unknown) IS DISTINCT FROM
                (excluded.day, excluded.at, excluded.order_key, excluded.amount, excluded.source, excluded.category, excluded.is_unknown);
        END IF;
        INSERT INTO workspace.order_days_data AS d (day, slot_group, order_rows)
        SELECT y.day, from_slot >> 59, sum(y.order_rows)
        FROM (
            SELECT a.day, a.orders + a.returns AS order_rows
            FROM (SELECT clientele.rollup(g.added) AS added FROM unnest(gone) g WHERE g.customer IS NOT NULL) h
            CROSS JOIN LATERAL clientele.history_days(h.added) a
            UNION ALL
            SELECT r.day, -(r.orders + r.returns)
            FROM (SELECT clientele.rollup(g.removed) AS removed FROM unnest(gone) g WHERE g.customer IS NOT NULL) h
            CROSS JOIN LATERAL clientele.history_days(h.removed) r) y
        GROUP BY y.day
        HAVING sum(y.order_rows) <> 0
        ON CONFLICT (day, slot_group) DO UPDATE SET order_rows = d.order_rows + excluded.order_rows;
    END
$$;$sql$,
$sql$COMMENT ON FUNCTION workspace.fold_order_changes(bigint, bigint, boolean) IS 'Moves order_changes into what is stored, from a slot to the end of its group: call fold_workspace(), which keeps others out';$sql$]),
        (45, ARRAY[
$sql$CREATE TABLE workspace.fold_state (
    one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    orders regclass NOT NULL,
    folded_at timestamptz NOT NULL
);$sql$,
$sql$COMMENT ON TABLE workspace.fold_state IS 'Whose histories are kept, and when fold_workspace() ran last';$sql$,
$sql$COMMENT ON COLUMN workspace.fold_state.orders IS 'The orders';$sql$,
$sql$COMMENT ON COLUMN workspace.fold_state.folded_at IS 'When fold_workspace() ran last';$sql$]),
        (46, ARRAY[
$sql$CREATE FUNCTION workspace.fold_some_changes(portion bigint, is_nested boolean, until timestamptz) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '20ms'
SET jit = off
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
    DECLARE
        width CONSTANT bigint := (SELECT 8 * 9223372036854775808 / s.fold_after FROM workspace.settings s);
        state CONSTANT oid := (SELECT f.tableoid FROM workspace.fold_state f);
        folded bigint := 0;
        from_slot bigint;
        part record;
    BEGIN
        FOR tries IN 1..4 LOOP
            from_slot := _clientele.workspace_random_slot()::bigint << 32;
            from_slot := greatest(from_slot - width, (from_slot >> 59) << 59); -- what lies at a beginning is met as often
            EXIT WHEN width IS NULL OR tries = 1 AND (SELECT count(*) <= 8 FROM (
                SELECT FROM workspace.order_changes c
                WHERE c.slot >= from_slot AND c.slot <= least(from_slot::numeric + width, 9223372036854775807)::bigint
                ORDER BY c.slot LIMIT 9) x);
            CONTINUE WHEN NOT pg_try_advisory_xact_lock(_clientele.workspace_fold_key(state, (from_slot >> 59)::integer));
            LOOP
                part := workspace.fold_order_changes(from_slot, least(portion - folded, 1000), is_nested);
                folded := folded + part.folded;
                EXIT WHEN part.last_slot IS NULL OR folded >= portion OR clock_timestamp() > until OR part.last_slot + 1 >> 59 <> from_slot >> 59;
                from_slot := part.last_slot + 1;
            END LOOP;
            EXIT WHEN folded >= portion OR clock_timestamp() > until;
        END LOOP;
        RETURN folded;
    END
$$;$sql$,
$sql$COMMENT ON FUNCTION workspace.fold_some_changes(bigint, boolean, timestamptz) IS 'Moves a portion of order_changes into what is stored, where there is more than the settings have it, until some time';$sql$]),
        (47, ARRAY[
$sql$CREATE VIEW workspace.class_limits AS
SELECT p.period_start, p.as_of, p.lowest_a, p.lowest_b
FROM (
    SELECT _clientele.class_limits(h.history, h.profit_history, r.rules) AS rules
    FROM (
        SELECT _clientele.class_rules(_clientele.last_period_ends(d.as_of, s.period), s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b,
            s.xyz_by, s.frequency_within, s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within,
            s.regular_purchases, s.count_by, NULL::integer, NULL::double precision) AS rules
        FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
        LIMIT 1) r
    CROSS JOIN workspace.customer_history h) l
CROSS JOIN LATERAL _clientele.limit_points(l.rules) p
ORDER BY p.as_of;$sql$,
$sql$COMMENT ON VIEW workspace.class_limits IS 'What it took to be an A or a B at the end of each of the last twelve complete periods';$sql$,
$sql$COMMENT ON COLUMN workspace.class_limits.as_of IS 'The day after its last: classes are as of this day';$sql$,
$sql$COMMENT ON COLUMN workspace.class_limits.lowest_a IS 'The lowest value of class A: revenue, or profit, of the window of the classes; empty where nobody brought anything';$sql$,
$sql$COMMENT ON COLUMN workspace.class_limits.lowest_b IS 'That of class B; the same as of A where nobody is in B';$sql$]),
        (48, ARRAY[
$sql$CREATE VIEW workspace.orders_enriched AS
SELECT e.customer, e.order_id, e.day, e.amount, e.order_number, e.days_since_previous, e.stage,
    _clientele.path_abc(c.path, e.day) AS abc, _clientele.path_xyz(c.path, e.day) AS xyz, _clientele.path_cell(c.path, e.day) AS cell, e.source, e.category, e.ordered_at
FROM (
    SELECT o.*, row_number() OVER one_by_one AS order_number,
        o.day - lag(o.day) OVER one_by_one AS days_since_previous,
        clientele.order_stage(o.day, (SELECT s.new_within FROM workspace.applied_settings s), (SELECT s.lost_after FROM workspace.applied_settings s),
            (SELECT s.regular_within FROM workspace.applied_settings s), (SELECT s.regular_purchases FROM workspace.applied_settings s),
            (SELECT s.count_by FROM workspace.applied_settings s)) OVER one_by_one AS stage
    FROM (
        SELECT o.customer, o.ordered_at AS at, o.instant AS ordered_at, o.day, o.kept_amount AS amount, o.order_key, o.order_id, o.source, o.category
        FROM workspace.order_rows o
        WHERE o.customer IS NOT NULL AND o.usable AND o.is_order AND o.day < (SELECT r.as_of FROM workspace.reporting_date r)
    ) o
    WINDOW one_by_one AS (PARTITION BY o.customer ORDER BY o.at, o.day, o.order_key, o.amount)
) e
LEFT JOIN (
    SELECT DISTINCT ON (h.customer) h.customer, _clientele.class_path(h.history, h.profit_history, l.rules) AS path
    FROM (
        SELECT _clientele.class_rules_with(r.rules, m.lowest_a, m.lowest_b) AS rules
        FROM (
            SELECT _clientele.class_rules(_clientele.last_period_ends(d.as_of, s.period), s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b,
                s.xyz_by, s.frequency_within, s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within,
                s.regular_purchases, s.count_by, NULL::integer, NULL::double precision) AS rules
            FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
            LIMIT 1) r
        CROSS JOIN (
            SELECT array_agg(x.lowest_a ORDER BY x.as_of) AS lowest_a, array_agg(x.lowest_b ORDER BY x.as_of) AS lowest_b
            FROM workspace.class_limits x) m
        OFFSET 0) l
    CROSS JOIN workspace.customer_history h
) c ON c.customer = CASE WHEN e.order_number > 0 THEN e.customer END;$sql$,
$sql$COMMENT ON VIEW workspace.orders_enriched IS 'The orders one by one, numbered for each customer, with what the customer was at that time. Returns are not orders';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.order_id IS 'Number of the order as text; empty where no column of it is attached';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.day IS 'Day of the order';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.amount IS 'Amount of the order';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.order_number IS '1 for the customer''s first order, and so on';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.days_since_previous IS 'Days since the customer''s order before; empty for the first';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.stage IS 'Stage of the lifecycle at the start of that day; empty before the first order';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.abc IS 'ABC class at the start of that period, for the period under way and the eleven before it';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.xyz IS 'XYZ class at the start of that period';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.cell IS 'Cell of the matrix at the start of that period';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.source IS 'Where the order came from; empty where no column of it is attached';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.ordered_at IS 'Time of the order; empty where only its day is known';$sql$]),
        (49, ARRAY[
$sql$CREATE VIEW workspace.orders_enriched AS
SELECT e.customer, e.order_id, e.day, e.amount, e.order_number, e.days_since_previous, e.stage,
    _clientele.path_abc(c.path, e.day) AS abc, _clientele.path_xyz(c.path, e.day) AS xyz, _clientele.path_cell(c.path, e.day) AS cell, e.source, e.category, e.ordered_at
FROM (
    SELECT o.*, row_number() OVER one_by_one AS order_number,
        o.day - lag(o.day) OVER one_by_one AS days_since_previous,
        clientele.order_stage(o.day, (SELECT s.new_within FROM workspace.applied_settings s), (SELECT s.lost_after FROM workspace.applied_settings s),
            (SELECT s.regular_within FROM workspace.applied_settings s), (SELECT s.regular_purchases FROM workspace.applied_settings s),
            (SELECT s.count_by FROM workspace.applied_settings s)) OVER one_by_one AS stage
    FROM (
        SELECT o.customer, o.ordered_at AS at, o.instant AS ordered_at, o.day, o.kept_amount AS amount, o.order_key, o.order_id, o.source, o.category
        FROM workspace.order_rows o
        WHERE o.customer IS NOT NULL AND o.usable AND o.is_order AND o.day < (SELECT r.as_of FROM workspace.reporting_date r)
    ) o
    WINDOW one_by_one AS (PARTITION BY o.customer ORDER BY o.at, o.day, o.order_key, o.amount)
) e
LEFT JOIN (
    WITH histories AS MATERIALIZED (SELECT h.customer, h.history, h.profit_history FROM workspace.customer_history h)
    SELECT DISTINCT ON (h.customer) h.customer, _clientele.class_path(h.history, h.profit_history, l.rules) AS path
    FROM (
        SELECT _clientele.class_limits(x.history, x.profit_history, r.rules) AS rules
        FROM (
            SELECT _clientele.class_rules(_clientele.last_period_ends(d.as_of, s.period), s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b,
                s.xyz_by, s.frequency_within, s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within,
                s.regular_purchases, s.count_by, NULL::integer, NULL::double precision) AS rules
            FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
            LIMIT 1) r
        CROSS JOIN histories x) l
    CROSS JOIN histories h
) c ON c.customer = CASE WHEN e.order_number > 0 THEN e.customer END;$sql$,
$sql$COMMENT ON VIEW workspace.orders_enriched IS 'The orders one by one, numbered for each customer, with what the customer was at that time. Returns are not orders';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.order_id IS 'Number of the order as text; empty where no column of it is attached';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.day IS 'Day of the order';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.amount IS 'Amount of the order';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.order_number IS '1 for the customer''s first order, and so on';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.days_since_previous IS 'Days since the customer''s order before; empty for the first';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.stage IS 'Stage of the lifecycle at the start of that day; empty before the first order';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.abc IS 'ABC class at the start of that period, for the period under way and the eleven before it';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.xyz IS 'XYZ class at the start of that period';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.cell IS 'Cell of the matrix at the start of that period';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.source IS 'Where the order came from; empty where no column of it is attached';$sql$,
$sql$COMMENT ON COLUMN workspace.orders_enriched.ordered_at IS 'Time of the order; empty where only its day is known';$sql$]),
        (50, ARRAY[
$sql$CREATE VIEW workspace.touchpoint_events AS
SELECT t.customer, t.instant AS happened_at, t.touchpoint, t.source, t.reason, NULL::bigint AS order_number, true AS tracked
FROM workspace.touchpoint_rows t
WHERE t.usable AND t.day < (SELECT r.as_of FROM workspace.reporting_date r)
UNION ALL
SELECT p.customer, p.happened_at, 'PURCHASE'::text AS touchpoint, p.source, NULL::text AS reason, p.order_number,
    coalesce(p.happened_at >= (
        SELECT t.instant
        FROM workspace.touchpoint_rows t
        WHERE t.usable AND t.happened_at IS NOT NULL
        ORDER BY t.happened_at
        LIMIT 1), false) AS tracked
FROM (
    SELECT e.customer, e.source, e.order_number,
        coalesce(e.ordered_at, _clientele.workspace_instant(
            CASE pg_typeof((NULL::workspace.touchpoint_rows).happened_at) WHEN 'date'::regtype THEN e.day::timestamp
                ELSE e.day::timestamp + interval '1 day' - interval '1 microsecond' END AT TIME ZONE s.time_zone)) AS happened_at
    FROM workspace.orders_enriched e
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    WHERE s.count_by = 'orders' OR e.days_since_previous IS DISTINCT FROM 0) p;$sql$,
$sql$COMMENT ON VIEW workspace.touchpoint_events IS 'Everything that customers were in touch with, and their purchases: what the views of journeys and funnels read';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_events.customer IS 'The customer, as in the orders; some may not have ordered yet';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_events.happened_at IS 'When; of a day its beginning, of a purchase that is known by its day alone the end of that day';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_events.touchpoint IS 'With what; PURCHASE for an order';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_events.source IS 'Where it came from; empty where no column of it is attached';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_events.reason IS 'Why something was lost; empty where no column of it is attached';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_events.order_number IS 'Of a purchase: 1 for the customer''s first order, and so on';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_events.tracked IS 'Whether touchpoints were recorded then: not for purchases before the first touchpoint of all';$sql$]),
        (51, ARRAY[
$sql$CREATE TABLE workspace.funnel_stages (
    funnel_name text NOT NULL,
    step_number integer NOT NULL
        CONSTRAINT "step_number is 1 to 1000" CHECK (step_number >= 1 AND step_number <= 1000),
    touchpoint text NOT NULL,
    PRIMARY KEY (funnel_name, step_number, touchpoint)
);$sql$,
$sql$CREATE TRIGGER stages_changed AFTER INSERT OR UPDATE OR DELETE ON workspace.funnel_stages
    EXECUTE FUNCTION _clientele.workspace_stages_changed();$sql$,
$sql$COMMENT ON TABLE workspace.funnel_stages IS 'The steps of your funnels: yours to fill';$sql$,
$sql$COMMENT ON COLUMN workspace.funnel_stages.funnel_name IS 'Name of the funnel';$sql$,
$sql$COMMENT ON COLUMN workspace.funnel_stages.step_number IS '1 is the first step; numbers may have gaps';$sql$,
$sql$COMMENT ON COLUMN workspace.funnel_stages.touchpoint IS 'The touchpoint that makes the step, PURCHASE for an order; with several rows any of them does';$sql$]),
        (52, ARRAY[
$sql$CREATE VIEW workspace.funnel_passes AS
SELECT p.funnel_name, p.customer, p.pass_number, p.source,
    clientele.period_start(p.times[1], s.period, s.time_zone) AS entry_period,
    CASE WHEN p.first_order_at < p.times[1] THEN 'existing' ELSE 'new' END AS customer_kind,
    v.step_number, p.times[v.step_number] AS reached_at,
    extract(epoch FROM p.times[v.step_number] - p.times[v.step_number - 1])::double precision / 3600 AS hours,
    v.step_number = cardinality(p.times) AS is_deepest,
    CASE WHEN v.step_number < cardinality(p.times) THEN 'went on' WHEN v.step_number = p.steps THEN 'arrived'
        WHEN (p.ended_at AT TIME ZONE s.time_zone) <= (p.times[1] AT TIME ZONE s.time_zone) + s.funnel_within THEN 'skipped'
        WHEN (p.times[1] AT TIME ZONE s.time_zone) + s.funnel_within < r.as_of THEN 'lost' ELSE 'open' END AS outcome,
    CASE WHEN v.step_number = cardinality(p.times) AND v.step_number < p.steps THEN p.reason END AS reason
FROM (
    SELECT t.funnel_name, t.customer, t.pass_number,
        clientele.funnel_times(t.happened_at, t.step, w.funnel_within, w.time_zone) AS times,
        coalesce(max(t.known_source) FILTER (WHERE t.source_place = 1), 'unknown') AS source,
        max(t.known_reason) FILTER (WHERE t.reason_place = 1) AS reason,
        min(t.first_order_at) AS first_order_at, min(t.steps) AS steps,
        min(t.happened_at) FILTER (WHERE t.is_last) AS ended_at
    FROM (
        SELECT e.*, row_number() OVER (PARTITION BY e.funnel_name, e.customer, e.pass_number
                ORDER BY e.known_source IS NULL, e.happened_at, e.step, e.known_source) AS source_place,
            row_number() OVER (PARTITION BY e.funnel_name, e.customer, e.pass_number
                ORDER BY e.known_reason IS NULL, e.happened_at DESC, e.step DESC, e.known_reason) AS reason_place
        FROM (
            SELECT t.funnel_name, t.steps, t.customer, t.happened_at, t.step, t.is_last,
                CASE WHEN t.step IS NOT NULL THEN nullif(t.source, '') END AS known_source, nullif(t.reason, '') AS known_reason,
                count(*) FILTER (WHERE t.is_last) OVER (PARTITION BY t.funnel_name, t.customer ORDER BY t.happened_at, t.step NULLS LAST, t.order_number, t.touchpoint, t.source, t.reason
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + 1 AS pass_number,
                min(t.happened_at) FILTER (WHERE t.order_number = 1) OVER (PARTITION BY t.funnel_name, t.customer) AS first_order_at
            FROM (
                SELECT n.funnel_name, n.steps, e.customer, e.happened_at, e.touchpoint, e.source, e.reason, e.order_number, g.step, coalesce(g.is_last, false) AS is_last
                FROM workspace.touchpoint_events e
                CROSS JOIN (SELECT f.funnel_name, count(DISTINCT f.step_number) AS steps FROM workspace.funnel_stages f GROUP BY f.funnel_name) n
                LEFT JOIN (
                    SELECT g.funnel_name, g.touchpoint, g.step, g.step = max(g.step) OVER (PARTITION BY g.funnel_name) AS is_last
                    FROM (SELECT f.funnel_name, f.touchpoint, dense_rank() OVER (PARTITION BY f.funnel_name ORDER BY f.step_number)::integer AS step
                        FROM workspace.funnel_stages f) g
                ) g ON g.funnel_name = n.funnel_name AND g.touchpoint = e.touchpoint
                WHERE g.step IS NOT NULL OR e.reason IS NOT NULL OR e.order_number = 1) t
        ) e) t
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) w
    GROUP BY t.funnel_name, t.customer, t.pass_number) p
CROSS JOIN workspace.reporting_date r
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
JOIN (
    SELECT DISTINCT f.funnel_name, dense_rank() OVER (PARTITION BY f.funnel_name ORDER BY f.step_number)::integer AS step_number
    FROM workspace.funnel_stages f) v ON v.funnel_name = p.funnel_name AND v.step_number <= cardinality(p.times);$sql$,
$sql$COMMENT ON VIEW workspace.funnel_passes IS 'Each step that a customer reached in a pass through a funnel: the longest chain of steps in order, within the time of settings.funnel_within. The last step ends a pass';$sql$,
$sql$COMMENT ON COLUMN workspace.funnel_passes.customer IS 'The customer, as in the orders; some may not have ordered yet';$sql$,
$sql$COMMENT ON COLUMN workspace.funnel_passes.pass_number IS '1 for the customer''s first pass; not all have an entry';$sql$,
$sql$COMMENT ON COLUMN workspace.funnel_passes.step_number IS 'The step';$sql$,
$sql$COMMENT ON COLUMN workspace.funnel_passes.reached_at IS 'When it was reached';$sql$,
$sql$COMMENT ON COLUMN workspace.funnel_passes.hours IS 'Hours since the step before; empty for step 1';$sql$,
$sql$COMMENT ON COLUMN workspace.funnel_passes.is_deepest IS 'Whether the pass came no further';$sql$,
$sql$COMMENT ON COLUMN workspace.funnel_passes.reason IS 'Last known reason in a pass that came no further';$sql$]),
        (53, ARRAY[
$sql$CREATE VIEW workspace.funnel_summary AS
WITH pass AS MATERIALIZED (SELECT p.funnel_name, p.step_number, p.hours, p.outcome, p.reason FROM workspace.funnel_passes p),
counted AS MATERIALIZED (
    SELECT p.funnel_name, p.step_number, count(*) AS reached, percentile_cont(0.5) WITHIN GROUP (ORDER BY p.hours) AS median_hours,
        count(*) FILTER (WHERE p.outcome = 'lost') AS lost, count(*) FILTER (WHERE p.outcome = 'open') AS still_open,
        count(*) FILTER (WHERE p.outcome = 'skipped') AS skipped
    FROM pass p
    GROUP BY p.funnel_name, p.step_number
), reason AS (
    SELECT DISTINCT ON (p.funnel_name, p.step_number) p.funnel_name, p.step_number, p.reason, count(*) AS passes
    FROM pass p
    WHERE p.outcome = 'lost' AND p.reason IS NOT NULL
    GROUP BY p.funnel_name, p.step_number, p.reason
    ORDER BY p.funnel_name, p.step_number, count(*) DESC, p.reason
), filled AS (
    SELECT p.funnel_name, g.step AS step_number, g.touchpoint, p.reached AS first_reached, coalesce(c.reached, 0) AS reached,
        c.median_hours, coalesce(c.lost, 0) AS lost, coalesce(c.still_open, 0) AS still_open, coalesce(c.skipped, 0) AS skipped
    FROM counted p
    JOIN (SELECT f.funnel_name, f.step, string_agg(f.touchpoint, ' / ' ORDER BY f.touchpoint) AS touchpoint
        FROM (
            SELECT g.funnel_name, g.touchpoint, g.step, g.step = max(g.step) OVER (PARTITION BY g.funnel_name) AS is_last
            FROM (SELECT f.funnel_name, f.touchpoint, dense_rank() OVER (PARTITION BY f.funnel_name ORDER BY f.step_number)::integer AS step
                FROM workspace.funnel_stages f) g
        ) f GROUP BY f.funnel_name, f.step) g ON g.funnel_name = p.funnel_name
    LEFT JOIN counted c ON ROW(c.funnel_name, c.step_number) = ROW(p.funnel_name, g.step)
    WHERE p.step_number = 1
)
SELECT p.funnel_name, p.step_number, p.touchpoint, p.reached,
    CASE p.step_number WHEN 1 THEN 100 ELSE 100 * f.estimate END::double precision AS pct_of_first,
    CASE p.step_number WHEN 1 THEN 100 ELSE 100 * f.lower END::double precision AS pct_of_first_lower,
    CASE p.step_number WHEN 1 THEN 100 ELSE 100 * f.upper END::double precision AS pct_of_first_upper,
    100 * i.estimate AS pct_of_previous, 100 * i.lower AS pct_of_previous_lower, 100 * i.upper AS pct_of_previous_upper,
    p.median_hours, p.lost, p.still_open, p.skipped, r.reason AS top_reason, coalesce(r.passes, 0) AS top_reason_passes,
    coalesce(p.previous_reached, p.reached) >= s.enough AS enough
FROM (
    SELECT l.*, lag(l.reached) OVER (PARTITION BY l.funnel_name ORDER BY l.step_number) AS previous_reached FROM filled l) p
LEFT JOIN reason r ON ROW(r.funnel_name, r.step_number) = ROW(p.funnel_name, p.step_number)
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN LATERAL clientele.wilson_interval(p.reached, p.first_reached, 0.95::double precision) f
CROSS JOIN LATERAL clientele.wilson_interval(p.reached, p.previous_reached, 0.95::double precision) i;$sql$,
$sql$COMMENT ON VIEW workspace.funnel_summary IS 'How far customers come in each funnel, of all sources and periods. For a plan backwards give the counts to funnel_plan()';$sql$,
$sql$COMMENT ON COLUMN workspace.funnel_summary.touchpoint IS 'The touchpoint of the step, PURCHASE for an order; several are separated by slashes';$sql$,
$sql$COMMENT ON COLUMN workspace.funnel_summary.enough IS 'Whether enough passes reached the step before to go by';$sql$]),
        (54, ARRAY[
$sql$WITH funnel AS (
    SELECT f.funnel_name, _clientele.report_card('funnel_summary', _clientele.report_name(f.funnel_name), _clientele.report_say($1, 'report.funnel.note'), _clientele.chart_bars($1, '{step,"",visits}',
        array_agg(ROW(CASE f.touchpoint WHEN 'PURCHASE' THEN _clientele.report_say($1, 'report.purchase') ELSE _clientele.report_name(f.touchpoint) END, f.reached, NULL, NULL,
            _clientele.report_noted(_clientele.report_number($1, f.reached), _clientele.report_say($1, 'report.go_on', _clientele.report_percent($1, f.pct_of_previous)),
                _clientele.report_say($1, 'report.lost_by', _clientele.report_name(nullif(f.top_reason, '')))))::_clientele.chart_point ORDER BY f.step_number)), 'full') AS card
    FROM workspace.funnel_summary f
    GROUP BY f.funnel_name
    HAVING max(f.reached) > 0
)
SELECT _clientele.report_part($1, 'funnel', VARIADIC array_agg(f.card ORDER BY f.funnel_name)) FROM funnel f$sql$]),
        (55, ARRAY[
$sql$CREATE VIEW workspace.revenue_by_period AS
SELECT p.period_start, p.complete, p.revenue, p.orders, p.active_customers, p.new_customers, p.retained_customers,
    p.returned_customers, p.lapsed_customers, p.new_revenue, p.retained_revenue, p.returned_revenue, p.lapsed_revenue,
    p.active_customers >= a.enough AS enough, p.inactive_revenue
FROM (
    SELECT min(s.enough) AS enough, clientele.activity_agg(h.history, s.period, r.first_period, r.as_of) AS activity
    FROM workspace.reporting_date r
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    CROSS JOIN workspace.customer_history h
    WHERE clientele.first_order(h.history, r.as_of) IS NOT NULL) a
CROSS JOIN LATERAL clientele.activity_periods(a.activity) p
ORDER BY p.period_start;$sql$,
$sql$COMMENT ON VIEW workspace.revenue_by_period IS 'Growth, period by period: who was active and what they brought. Active customers are those of the period before, less the lapsed, and the new and returned';$sql$,
$sql$COMMENT ON COLUMN workspace.revenue_by_period.complete IS 'Whether the period is complete; who lapses in the one under way is not known yet';$sql$,
$sql$COMMENT ON COLUMN workspace.revenue_by_period.revenue IS 'Revenue of the period, returns taken off';$sql$,
$sql$COMMENT ON COLUMN workspace.revenue_by_period.retained_customers IS 'Number of those who bought in the period before too';$sql$,
$sql$COMMENT ON COLUMN workspace.revenue_by_period.new_revenue IS 'Revenue from new customers';$sql$,
$sql$COMMENT ON COLUMN workspace.revenue_by_period.retained_revenue IS 'Revenue from retained customers';$sql$,
$sql$COMMENT ON COLUMN workspace.revenue_by_period.returned_revenue IS 'Revenue from returned customers';$sql$,
$sql$COMMENT ON COLUMN workspace.revenue_by_period.lapsed_revenue IS 'What the lapsed customers brought in the period before; empty for the period under way';$sql$,
$sql$COMMENT ON COLUMN workspace.revenue_by_period.inactive_revenue IS 'Returns in the period of customers who bought nothing in it, 0 or less: new, retained, returned and inactive revenue add up to revenue';$sql$]),
        (56, ARRAY[
$sql$CREATE VIEW workspace.class_history AS
SELECT h.customer, c.period_start, c.as_of, c.abc, c.xyz, c.cell, c.stage, c.window_revenue, c.period_revenue
FROM (
    SELECT _clientele.class_rules_with(r.rules, m.lowest_a, m.lowest_b) AS rules
    FROM (
        SELECT _clientele.class_rules(_clientele.last_period_ends(d.as_of, s.period), s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b,
            s.xyz_by, s.frequency_within, s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within,
            s.regular_purchases, s.count_by, NULL::integer, NULL::double precision) AS rules
        FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
        LIMIT 1) r
    CROSS JOIN (
        SELECT array_agg(x.lowest_a ORDER BY x.as_of) AS lowest_a, array_agg(x.lowest_b ORDER BY x.as_of) AS lowest_b
        FROM workspace.class_limits x) m
    OFFSET 0) l
CROSS JOIN workspace.customer_history h
CROSS JOIN LATERAL _clientele.class_points(h.history, h.profit_history, l.rules) c;$sql$,
$sql$COMMENT ON VIEW workspace.class_history IS 'The classes of each customer at the end of each of the last twelve complete periods, by what was known then';$sql$,
$sql$COMMENT ON COLUMN workspace.class_history.as_of IS 'The day after its last: classes are as of this day';$sql$,
$sql$COMMENT ON COLUMN workspace.class_history.cell IS 'Both: AX to CZ';$sql$,
$sql$COMMENT ON COLUMN workspace.class_history.window_revenue IS 'Revenue within the window of the classes';$sql$,
$sql$COMMENT ON COLUMN workspace.class_history.period_revenue IS 'Revenue within the period';$sql$]),
        (57, ARRAY[
$sql$CREATE VIEW workspace.class_history AS
WITH histories AS MATERIALIZED (SELECT h.customer, h.history, h.profit_history FROM workspace.customer_history h)
SELECT h.customer, c.period_start, c.as_of, c.abc, c.xyz, c.cell, c.stage, c.window_revenue, c.period_revenue
FROM (
    SELECT _clientele.class_limits(x.history, x.profit_history, r.rules) AS rules
    FROM (
        SELECT _clientele.class_rules(_clientele.last_period_ends(d.as_of, s.period), s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b,
            s.xyz_by, s.frequency_within, s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within,
            s.regular_purchases, s.count_by, NULL::integer, NULL::double precision) AS rules
        FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
        LIMIT 1) r
    CROSS JOIN histories x) l
CROSS JOIN histories h
CROSS JOIN LATERAL _clientele.class_points(h.history, h.profit_history, l.rules) c;$sql$,
$sql$COMMENT ON VIEW workspace.class_history IS 'The classes of each customer at the end of each of the last twelve complete periods, by what was known then';$sql$,
$sql$COMMENT ON COLUMN workspace.class_history.as_of IS 'The day after its last: classes are as of this day';$sql$,
$sql$COMMENT ON COLUMN workspace.class_history.cell IS 'Both: AX to CZ';$sql$,
$sql$COMMENT ON COLUMN workspace.class_history.window_revenue IS 'Revenue within the window of the classes';$sql$,
$sql$COMMENT ON COLUMN workspace.class_history.period_revenue IS 'Revenue within the period';$sql$]),
        (58, ARRAY[
$sql$CREATE VIEW workspace.answers_enriched AS
WITH numbered AS (
    SELECT o.*, c.abc, c.xyz, c.cell, row_number() OVER one_by_one AS answer_number,
        o.customer IS NULL OR lead(o.day) OVER one_by_one IS NULL AS is_latest,
        o.customer IS NULL OR lead(o.period_start) OVER one_by_one IS DISTINCT FROM o.period_start AS is_latest_of_period,
        o.customer IS NULL OR lead(o.day) OVER by_touchpoint IS NULL AS is_latest_of_touchpoint
    FROM (
        SELECT e.customer, e.answered_at AS at, e.day, clientele.period_start(e.day, s.period) AS period_start, e.score, e.nps_group,
            e.touchpoint, e.channel, e.employee, nullif(btrim(e.comment), '') AS comment, e.kind, e.wish, e.owner,
            coalesce(e.replied_on < r.as_of, false) AS replied, CASE WHEN e.replied_on < r.as_of AND e.reply_hours >= 0 THEN e.reply_hours END AS reply_hours,
            coalesce(e.resolved_on < r.as_of, false) AS resolved, CASE WHEN e.resolved_on < r.as_of AND e.resolve_hours >= 0 THEN e.resolve_hours END AS resolve_hours,
            s.nps_answers, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by
        FROM workspace.answer_rows e
        CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
        CROSS JOIN (SELECT x.as_of FROM workspace.reporting_date x LIMIT 1) r
        WHERE CASE WHEN e.usable THEN e.day < r.as_of ELSE false END
    ) o
    LEFT JOIN (
        SELECT k.customer, k.as_of, min(k.abc) AS abc, min(k.xyz) AS xyz, min(k.cell) AS cell
        FROM workspace.class_history k
        GROUP BY k.customer, k.as_of) c ON c.customer = CASE WHEN o.score >= 0 THEN o.customer END AND c.as_of = o.period_start
    WINDOW one_by_one AS (PARTITION BY o.customer ORDER BY o.day, o.at, o.score DESC, o.touchpoint, o.channel, o.employee,
            o.comment, o.kind, o.wish, o.owner, o.replied, o.reply_hours, o.resolved, o.resolve_hours),
        by_touchpoint AS (PARTITION BY o.customer, o.touchpoint ORDER BY o.day, o.at, o.score DESC, o.channel, o.employee,
            o.comment, o.kind, o.wish, o.owner, o.replied, o.reply_hours, o.resolved, o.resolve_hours)
)
SELECT a.customer, a.answer_number, a.day, a.period_start, a.score, a.nps_group, a.touchpoint, a.channel, a.employee,
    a.comment, a.kind, a.wish, a.owner, a.replied, a.reply_hours, a.resolved, a.resolve_hours / 24 AS resolve_days,
    a.kind IS NOT NULL AND a.kind IN ('negative', 'criticism', 'question', 'lead')
        OR a.kind IS NULL AND a.comment IS NOT NULL AND CASE WHEN a.nps_group IS NOT NULL THEN a.nps_group = 'detractor' ELSE a.score < (SELECT (w.lowest + w.highest) / 2.0::double precision FROM workspace.answer_window w) END AS needs_reply,
    clientele.lifecycle_stage(h.history, a.day, a.new_within, a.lost_after, a.regular_within, a.regular_purchases, a.count_by) AS stage,
    a.abc, a.xyz, a.cell, a.is_latest,
    a.is_latest OR a.nps_answers = 'all' AS counts_overall,
    a.is_latest_of_period OR a.nps_answers = 'all' AS counts_in_period,
    a.is_latest_of_touchpoint OR a.nps_answers = 'all' AS counts_at_touchpoint
FROM numbered a
LEFT JOIN workspace.customer_history h ON h.customer = a.customer;$sql$,
$sql$COMMENT ON VIEW workspace.answers_enriched IS 'The answers one by one, with what the customer was at that time';$sql$,
$sql$COMMENT ON COLUMN workspace.answers_enriched.customer IS 'The customer, as in the orders; empty where nobody knows who answered';$sql$,
$sql$COMMENT ON COLUMN workspace.answers_enriched.period_start IS 'First day of the period of the answer';$sql$,
$sql$COMMENT ON COLUMN workspace.answers_enriched.score IS 'How likely the customer is to recommend, 0 to 10; or the rating, where attach_answers() was told of another scale';$sql$,
$sql$COMMENT ON COLUMN workspace.answers_enriched.resolved IS 'Whether it was resolved before the reporting date; where no column tells, whether there was a reply';$sql$,
$sql$COMMENT ON COLUMN workspace.answers_enriched.resolve_days IS 'Days from the answer until it was resolved; empty where it was not';$sql$,
$sql$COMMENT ON COLUMN workspace.answers_enriched.needs_reply IS 'Whether somebody should reply: a negative, criticism, question or lead, or a comment of no kind by a detractor, or by whose rating is below the middle of the scale';$sql$,
$sql$COMMENT ON COLUMN workspace.answers_enriched.stage IS 'Stage of the lifecycle at the start of that day; empty before the first order and without a customer';$sql$,
$sql$COMMENT ON COLUMN workspace.answers_enriched.abc IS 'ABC class at the start of that period, for the period under way and the eleven before it';$sql$,
$sql$COMMENT ON COLUMN workspace.answers_enriched.xyz IS 'XYZ class at the start of that period';$sql$,
$sql$COMMENT ON COLUMN workspace.answers_enriched.cell IS 'Cell of the matrix at the start of that period';$sql$,
$sql$COMMENT ON COLUMN workspace.answers_enriched.is_latest IS 'Whether it is the customer''s latest answer; true without a customer';$sql$,
$sql$COMMENT ON COLUMN workspace.answers_enriched.counts_overall IS 'Whether it counts in figures over all touchpoints: the latest, or all as the settings say';$sql$,
$sql$COMMENT ON COLUMN workspace.answers_enriched.counts_in_period IS 'Whether it counts in the figures of its period';$sql$,
$sql$COMMENT ON COLUMN workspace.answers_enriched.counts_at_touchpoint IS 'Whether it counts in the figures of its touchpoint';$sql$]),
        (59, ARRAY[
$sql$CREATE VIEW workspace.nps_of_period AS
SELECT p.period_start, clientele.nps_responses(p.answers) AS responses, clientele.nps_promoters(p.answers) AS promoters, clientele.nps_passives(p.answers) AS passives,
    clientele.nps_detractors(p.answers) AS detractors, clientele.nps_score(p.answers) AS nps
FROM (
    SELECT a.period_start, clientele.nps(count(*) FILTER (WHERE a.nps_group = 'promoter'),
        count(*) FILTER (WHERE a.nps_group = 'passive'),
        count(*) FILTER (WHERE a.nps_group = 'detractor')) AS answers
    FROM workspace.answers_enriched a
    WHERE a.counts_in_period
    GROUP BY a.period_start) p;$sql$,
$sql$COMMENT ON VIEW workspace.nps_of_period IS 'The Net Promoter Score of each period with answers: nps_by_period shows what changed, and the gaps';$sql$]),
        (60, ARRAY[
$sql$CREATE VIEW workspace.nps_of_period AS
SELECT NULL::date AS period_start, NULL::bigint AS responses, NULL::bigint AS promoters, NULL::bigint AS passives,
    NULL::bigint AS detractors, NULL::double precision AS nps
WHERE false;$sql$,
$sql$COMMENT ON VIEW workspace.nps_of_period IS 'The answers by period, which attach_answers() attaches';$sql$]),
        (61, ARRAY[
$sql$CREATE VIEW workspace.overview AS
WITH periods AS MATERIALIZED (SELECT p.* FROM workspace.revenue_by_period p),
stages AS MATERIALIZED (
    SELECT _clientele.stage_migration(h.history, r.rules) AS migration,
        array_agg(h.first_period) FILTER (WHERE (h.again).ended AND h.first_order + (h.again).duration < (h.first_period + r.step)::date) AS came_again
    FROM (
        SELECT d.as_of, s.period, _clientele.period_step(s.period) AS step,
            _clientele.class_rules(_clientele.last_period_ends(d.as_of, s.period), s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b,
                s.xyz_by, s.frequency_within, s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within,
                s.regular_purchases, s.count_by, NULL::integer, NULL::double precision) AS rules
        FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
        LIMIT 1) r
    CROSS JOIN LATERAL (
        SELECT c.history, f.first_order, clientele.period_start(f.first_order, r.period) AS first_period, clientele.repeat_time(c.history, 1, r.as_of, 'days'::text) AS again
        FROM workspace.customer_history c
        CROSS JOIN LATERAL (SELECT clientele.first_order(c.history, r.as_of) AS first_order) f) h)
SELECT p.period_start, p.complete, p.revenue, p.orders, p.active_customers, p.new_customers, p.returned_customers,
    p.lapsed_customers, g.regular_customers,
    (p.active_customers - p.new_customers + coalesce(a.customers, 0))::double precision / nullif(p.active_customers, 0) AS repeat_share,
    (p.revenue / nullif(p.orders, 0))::double precision AS average_order,
    b.revenue AS previous_revenue, b.active_customers AS previous_active_customers,
    y.revenue AS year_before_revenue, y.active_customers AS year_before_active_customers,
    CASE WHEN p.complete AND b.revenue > 0 THEN (100 * (p.revenue / b.revenue - 1))::double precision END AS pct_revenue_change,
    CASE WHEN p.complete AND y.revenue > 0 THEN (100 * (p.revenue / y.revenue - 1))::double precision END AS pct_revenue_year_change,
    p.enough, n.nps, n.responses AS nps_responses, p.new_customers AS first_orders, p.orders - p.new_customers AS repeat_orders
FROM periods p
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN periods b ON b.period_start = (p.period_start - _clientele.period_step(s.period))::date
LEFT JOIN periods y ON y.period_start = CASE s.period WHEN 'week' THEN p.period_start - 364
    ELSE (p.period_start - interval '1 year')::date END
LEFT JOIN (
    SELECT f.period_start, coalesce(sum(f.customers) FILTER (WHERE f.to_state = 'regular'), 0)::bigint AS regular_customers
    FROM stages m
    CROSS JOIN LATERAL _clientele.migration_flows(m.migration) f
    GROUP BY f.period_start) g ON g.period_start = p.period_start
LEFT JOIN (
    SELECT c.period_start, count(*) AS customers
    FROM stages m
    CROSS JOIN LATERAL unnest(m.came_again) c(period_start)
    GROUP BY c.period_start) a ON a.period_start = p.period_start
LEFT JOIN workspace.nps_of_period n ON n.period_start = p.period_start
ORDER BY p.period_start;$sql$,
$sql$COMMENT ON VIEW workspace.overview IS 'The shop at a glance, period by period, beside the period before and the same one a year before';$sql$,
$sql$COMMENT ON COLUMN workspace.overview.complete IS 'Whether the period is complete; who lapses in the one under way is not known yet';$sql$,
$sql$COMMENT ON COLUMN workspace.overview.revenue IS 'Revenue of the period, returns taken off';$sql$,
$sql$COMMENT ON COLUMN workspace.overview.regular_customers IS 'Number of customers of the stage regular at the end of the period, for the last twelve complete ones';$sql$,
$sql$COMMENT ON COLUMN workspace.overview.previous_revenue IS 'Revenue of the period before';$sql$,
$sql$COMMENT ON COLUMN workspace.overview.previous_active_customers IS 'Active customers of the period before';$sql$,
$sql$COMMENT ON COLUMN workspace.overview.year_before_revenue IS 'Revenue of the same period a year before; of a week, that 52 weeks before';$sql$,
$sql$COMMENT ON COLUMN workspace.overview.year_before_active_customers IS 'Active customers of that period';$sql$,
$sql$COMMENT ON COLUMN workspace.overview.pct_revenue_change IS 'Change of revenue against the period before in per cent; empty for the period under way';$sql$,
$sql$COMMENT ON COLUMN workspace.overview.pct_revenue_year_change IS 'The same against a year before';$sql$,
$sql$COMMENT ON COLUMN workspace.overview.nps IS 'Net Promoter Score of the period in points, -100 to 100; empty without answers, which attach_answers() attaches';$sql$,
$sql$COMMENT ON COLUMN workspace.overview.nps_responses IS 'Number of answers behind it';$sql$]),
        (62, ARRAY[
$sql$WITH period AS (
    SELECT r.*, o.year_before_revenue
    FROM workspace.revenue_by_period r
    JOIN workspace.overview o ON o.period_start = r.period_start
    WHERE r.complete
    ORDER BY r.period_start DESC LIMIT 24
), words AS (
    SELECT _clientele.report_say($1, 'report.retained', _clientele.report_word($1, 'period.previous.' || ($1 -> 'settings' ->> 'period'))) AS retained,
        _clientele.report_say($1, 'report.returned') AS returned, _clientele.report_say($1, 'report.new') AS new,
        _clientele.report_say($1, 'report.inactive') AS inactive, _clientele.report_say($1, 'report.year_before') AS year_before
)
SELECT _clientele.report_part($1, 'growth', _clientele.report_card($1, 'revenue_by_period', 'revenue_by_whom',
    _clientele.report_legend(w.retained, w.returned, w.new, CASE WHEN bool_or(p.inactive_revenue <> 0) THEN w.inactive END, CASE WHEN bool_or(p.year_before_revenue IS NOT NULL) THEN w.year_before END)
    || _clientele.chart_columns($1, _clientele.report_say($1, 'report.revenue_by_whom'), array_agg(ROW(_clientele.report_period($1, p.period_start, true),
        ARRAY[p.retained_revenue, p.returned_revenue, p.new_revenue, p.inactive_revenue], p.year_before_revenue)::_clientele.chart_column ORDER BY p.period_start))
    || _clientele.report_figures($1, ARRAY['period', 'revenue', w.retained, w.returned, w.new, w.inactive, w.year_before],
        array_agg(_clientele.report_row(_clientele.report_period($1, p.period_start), _clientele.report_money($1, p.revenue), _clientele.report_money($1, p.retained_revenue), _clientele.report_money($1, p.returned_revenue),
            _clientele.report_money($1, p.new_revenue), _clientele.report_money($1, p.inactive_revenue), _clientele.report_money($1, p.year_before_revenue)) ORDER BY p.period_start)), 'full'))
FROM period p CROSS JOIN words w
GROUP BY w.retained, w.returned, w.new, w.inactive, w.year_before$sql$]),
        (63, ARRAY[
$sql$SELECT concat(_clientele.report_say($1, 'summary.growth.finding', _clientele.report_period($1, o.period_start), _clientele.report_money($1, o.revenue)),
        ', ' || _clientele.report_say($1, 'report.than_a_year_ago', _clientele.report_signed($1, o.pct_revenue_year_change)),
        ', ' || _clientele.report_say($1, 'summary.growth.than_before', _clientele.report_signed($1, o.pct_revenue_change))),
    _clientele.report_say($1, 'summary.growth.advice', _clientele.report_number($1, o.new_customers), _clientele.report_number($1, o.returned_customers), _clientele.report_number($1, o.lapsed_customers))
FROM workspace.overview o
WHERE o.complete
ORDER BY o.period_start DESC LIMIT 1$sql$]),
        (64, ARRAY[
$sql$CREATE VIEW workspace.classification AS
SELECT min(r.as_of) AS as_of, _clientele.class_limits(x.history, x.profit_history, r.rules) AS rules,
    _clientele.pareto_curve(x.history, x.profit_history, r.rules) AS curve
FROM (
    SELECT d.as_of, _clientele.class_rules(ARRAY[d.as_of], s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b, s.xyz_by, s.frequency_within,
        s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by,
        s.rfm_bins, s.risk_gaps) AS rules
    FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
    LIMIT 1) r
CROSS JOIN workspace.customer_history x;$sql$,
$sql$COMMENT ON VIEW workspace.classification IS 'One row: by what customer_classes tells customers apart at the reporting date';$sql$,
$sql$COMMENT ON COLUMN workspace.classification.rules IS 'The settings, and the limits that all customers come to, as the functions of classes read them';$sql$,
$sql$COMMENT ON COLUMN workspace.classification.curve IS 'The values that decide ABC classes, the largest first, with what they come to together';$sql$]),
        (65, ARRAY[
$sql$CREATE VIEW workspace.customer_classes AS
SELECT h.customer, h.history, (SELECT l.as_of FROM workspace.classification l) AS as_of,
    _clientele.figure_orders(f.figures) AS orders,
    _clientele.figure_purchase_days(f.figures) AS purchase_days,
    _clientele.figure_revenue(f.figures) AS revenue,
    _clientele.figure_average_order(f.figures) AS average_order,
    _clientele.figure_first_order(f.figures) AS first_order,
    _clientele.figure_last_order(f.figures) AS last_order,
    _clientele.figure_days_since_last(f.figures) AS days_since_last,
    _clientele.figure_gap_days(f.figures) AS gap_days,
    _clientele.figure_returns(f.figures) AS returns,
    _clientele.figure_profit(f.figures) AS profit,
    _clientele.figure_purchases(f.figures) AS purchases,
    _clientele.figure_window_revenue(f.figures) AS window_revenue,
    _clientele.figure_window_profit(f.figures) AS window_profit,
    _clientele.figure_window_returns(f.figures) AS window_returns,
    _clientele.figure_last_year_revenue(f.figures) AS last_year_revenue,
    _clientele.figure_class_value(f.figures) AS class_value,
    _clientele.figure_brings_80(f.figures, (SELECT l.rules || ''::bytea FROM workspace.classification l)) AS brings_80,
    _clientele.usual_gap_of_shop((SELECT l.rules || ''::bytea FROM workspace.classification l)) AS shop_gap,
    CASE WHEN _clientele.figure_purchase_days(f.figures) > 3 THEN _clientele.figure_gap_days(f.figures) ELSE _clientele.usual_gap_of_shop((SELECT l.rules || ''::bytea FROM workspace.classification l)) END AS usual_gap,
    _clientele.figure_abc(f.figures) AS abc,
    _clientele.figure_xyz(f.figures) AS xyz,
    _clientele.figure_abc(f.figures) || _clientele.figure_xyz(f.figures) AS cell,
    _clientele.figure_stage(f.figures) AS stage,
    _clientele.figure_recency_score(f.figures) AS recency_score,
    _clientele.figure_frequency_score(f.figures) AS frequency_score,
    _clientele.figure_monetary_score(f.figures) AS monetary_score,
    _clientele.figure_at_risk(f.figures) AS at_risk,
    _clientele.figure_missing_revenue(f.figures) AS missing_revenue,
    _clientele.figure_pareto_share(f.figures, (SELECT l.curve || ''::bytea FROM workspace.classification l)) AS pareto_share
FROM workspace.customer_history h
CROSS JOIN LATERAL (SELECT _clientele.customer_figures(h.history, h.profit_history, (SELECT l.rules || ''::bytea FROM workspace.classification l)) AS figures OFFSET 0) f
WHERE f.figures IS NOT NULL;$sql$,
$sql$COMMENT ON VIEW workspace.customer_classes IS 'What the other views stand on: the view customers with the history, for SQL';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_classes.history IS 'Orders, returns and amounts per day';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_classes.orders IS 'Number of orders: rows with an amount of zero or more';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_classes.class_value IS 'What the ABC class is decided by; empty without a purchase in the window';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_classes.brings_80 IS 'Whether the customer is among those who bring 80 % of it';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_classes.shop_gap IS 'Usual gap of the shop in days: the median of the customers''';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_classes.cell IS 'Both: AX to CZ';$sql$]),
        (66, ARRAY[
$sql$CREATE VIEW workspace.customer_classes AS
WITH histories AS MATERIALIZED (SELECT h.customer, h.history, h.profit_history FROM workspace.customer_history h)
SELECT h.customer, h.history, l.as_of,
    _clientele.figure_orders(f.figures) AS orders,
    _clientele.figure_purchase_days(f.figures) AS purchase_days,
    _clientele.figure_revenue(f.figures) AS revenue,
    _clientele.figure_average_order(f.figures) AS average_order,
    _clientele.figure_first_order(f.figures) AS first_order,
    _clientele.figure_last_order(f.figures) AS last_order,
    _clientele.figure_days_since_last(f.figures) AS days_since_last,
    _clientele.figure_gap_days(f.figures) AS gap_days,
    _clientele.figure_returns(f.figures) AS returns,
    _clientele.figure_profit(f.figures) AS profit,
    _clientele.figure_purchases(f.figures) AS purchases,
    _clientele.figure_window_revenue(f.figures) AS window_revenue,
    _clientele.figure_window_profit(f.figures) AS window_profit,
    _clientele.figure_window_returns(f.figures) AS window_returns,
    _clientele.figure_last_year_revenue(f.figures) AS last_year_revenue,
    _clientele.figure_class_value(f.figures) AS class_value,
    _clientele.figure_brings_80(f.figures, l.rules) AS brings_80,
    _clientele.usual_gap_of_shop(l.rules) AS shop_gap,
    CASE WHEN _clientele.figure_purchase_days(f.figures) > 3 THEN _clientele.figure_gap_days(f.figures) ELSE _clientele.usual_gap_of_shop(l.rules) END AS usual_gap,
    _clientele.figure_abc(f.figures) AS abc,
    _clientele.figure_xyz(f.figures) AS xyz,
    _clientele.figure_abc(f.figures) || _clientele.figure_xyz(f.figures) AS cell,
    _clientele.figure_stage(f.figures) AS stage,
    _clientele.figure_recency_score(f.figures) AS recency_score,
    _clientele.figure_frequency_score(f.figures) AS frequency_score,
    _clientele.figure_monetary_score(f.figures) AS monetary_score,
    _clientele.figure_at_risk(f.figures) AS at_risk,
    _clientele.figure_missing_revenue(f.figures) AS missing_revenue,
    _clientele.figure_pareto_share(f.figures, l.curve) AS pareto_share
FROM (
    SELECT min(r.as_of) AS as_of, _clientele.class_limits(x.history, x.profit_history, r.rules) AS rules,
        _clientele.pareto_curve(x.history, x.profit_history, r.rules) AS curve
    FROM (
        SELECT d.as_of, _clientele.class_rules(ARRAY[d.as_of], s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b, s.xyz_by, s.frequency_within,
            s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by,
            s.rfm_bins, s.risk_gaps) AS rules
        FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
        LIMIT 1) r
    CROSS JOIN histories x) l
CROSS JOIN histories h
CROSS JOIN LATERAL (SELECT _clientele.customer_figures(h.history, h.profit_history, l.rules) AS figures OFFSET 0) f
WHERE f.figures IS NOT NULL;$sql$,
$sql$COMMENT ON VIEW workspace.customer_classes IS 'What the other views stand on: the view customers with the history, for SQL';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_classes.history IS 'Orders, returns and amounts per day';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_classes.orders IS 'Number of orders: rows with an amount of zero or more';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_classes.class_value IS 'What the ABC class is decided by; empty without a purchase in the window';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_classes.brings_80 IS 'Whether the customer is among those who bring 80 % of it';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_classes.shop_gap IS 'Usual gap of the shop in days: the median of the customers''';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_classes.cell IS 'Both: AX to CZ';$sql$]),
        (67, ARRAY[
$sql$CREATE TABLE workspace.policies (
    cell text PRIMARY KEY
        CONSTRAINT "cell is one of AX to CZ" CHECK (cell ~ '^[ABC][XYZ]$'),
    action text NOT NULL,
    service_rules text NOT NULL,
    price_terms text NOT NULL,
    valid_from date NOT NULL,
    review_by date,
    CONSTRAINT "review_by is not before valid_from" CHECK (review_by >= valid_from)
);$sql$,
$sql$INSERT INTO workspace.policies
SELECT c.cell, w.words->>('policy.' || c.cell || '.action'), w.words->>('policy.' || c.cell || '.service_rules'),
    w.words->>('policy.' || c.cell || '.price_terms'), current_date, (current_date + interval '1 year')::date
FROM unnest('{AX,AY,AZ,BX,BY,BZ,CX,CY,CZ}'::text[]) WITH ORDINALITY c(cell, n)
CROSS JOIN (SELECT _clientele.workspace_words(s.language) AS words FROM workspace.settings s) w
ORDER BY c.n;$sql$,
$sql$UPDATE workspace.policies p SET action = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key = 'policy.' || p.cell || '.action' AND t.said = p.action AND t.words <> p.action;$sql$,
$sql$UPDATE workspace.policies p SET service_rules = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key = 'policy.' || p.cell || '.service_rules' AND t.said = p.service_rules AND t.words <> p.service_rules;$sql$,
$sql$UPDATE workspace.policies p SET price_terms = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key = 'policy.' || p.cell || '.price_terms' AND t.said = p.price_terms AND t.words <> p.price_terms;$sql$,
$sql$COMMENT ON TABLE workspace.policies IS 'What to do with the customers of each cell of the matrix: yours to edit';$sql$,
$sql$COMMENT ON COLUMN workspace.policies.cell IS 'ABC class and XYZ class: AX to CZ';$sql$,
$sql$COMMENT ON COLUMN workspace.policies.action IS 'What to do';$sql$]),
        (68, ARRAY[
$sql$CREATE VIEW workspace.customer_details AS
SELECT c.customer, min(c.customer_name) AS customer_name, min(c.contact) AS contact
FROM workspace.customer_rows c
WHERE c.customer IS NOT NULL AND c.is_described
GROUP BY c.customer;$sql$,
$sql$COMMENT ON VIEW workspace.customer_details IS 'Names and contacts of customers, where attach_customers() was told of them';$sql$]),
        (69, ARRAY[
$sql$CREATE VIEW workspace.feedback_inbox AS
SELECT row_number() OVER (ORDER BY q.last_year_revenue DESC NULLS LAST, q.day, q.customer, q.answer_number) AS "position",
    q.customer, q.answer_number, q.day, r.as_of - q.day AS age_days, q.kind, q.score, q.nps_group, q.comment, q.touchpoint, q.channel,
    q.employee, q.owner, q.replied, q.reply_hours, q.last_year_revenue, q.stage, q.cell, p.action AS policy, d.customer_name, d.contact
FROM (
    SELECT a.customer, a.answer_number, a.day, a.kind, a.score, a.nps_group, a.comment, a.touchpoint, a.channel, a.employee, a.owner,
        a.replied, a.reply_hours, c.last_year_revenue, c.stage, c.cell
    FROM (
        SELECT e.customer, e.answer_number, e.day, e.kind, e.score, e.nps_group, e.comment, e.touchpoint, e.channel, e.employee,
            e.owner, e.replied, e.reply_hours
        FROM workspace.answers_enriched e
        WHERE e.needs_reply AND NOT e.resolved) a
    FULL JOIN (
        SELECT k.customer, k.last_year_revenue, k.stage, k.cell FROM workspace.customer_classes k) c ON c.customer = a.customer
    OFFSET 0) q
CROSS JOIN workspace.reporting_date r
LEFT JOIN workspace.policies p ON p.cell = q.cell
LEFT JOIN workspace.customer_details d ON d.customer = q.customer
WHERE q.answer_number IS NOT NULL;$sql$,
$sql$COMMENT ON VIEW workspace.feedback_inbox IS 'What waits for somebody, the most valuable customer first: negatives, criticism, questions and leads that are not resolved, and detractors'' comments of no kind';$sql$,
$sql$COMMENT ON COLUMN workspace.feedback_inbox.customer IS 'The customer, as in the orders; empty where nobody knows who answered';$sql$,
$sql$COMMENT ON COLUMN workspace.feedback_inbox.age_days IS 'Days from the answer to the reporting date';$sql$,
$sql$COMMENT ON COLUMN workspace.feedback_inbox.score IS 'How likely the customer is to recommend, 0 to 10; or the rating, where attach_answers() was told of another scale';$sql$,
$sql$COMMENT ON COLUMN workspace.feedback_inbox.last_year_revenue IS 'Revenue of the twelve months that end with the customer''s last order; empty for those not known';$sql$,
$sql$COMMENT ON COLUMN workspace.feedback_inbox.stage IS 'Stage of the lifecycle at the reporting date';$sql$]),
        (70, ARRAY[
$sql$SELECT _clientele.report_part($1, 'inbox', _clientele.report_card('feedback_inbox', _clientele.report_say($1, 'report.inbox.title'), _clientele.report_say($1, 'report.inbox.note', _clientele.report_count($1, max(f.waiting), 'answers')),
    _clientele.report_wide_table($1, 'list', 'inbox.title', '{customer,said,score,day,last_year}',
        array_agg(format('<tr><th scope="row">%s</th><td class="said">%s</td><td>%s</td><td>%s</td><td>%s</td></tr>', _clientele.report_customer($1, f.customer::text, f.customer_name, f.contact),
            _clientele.report_name(f.comment, 300), _clientele.report_number($1, f.score::numeric), _clientele.report_day($1, f.day), _clientele.report_money($1, f.last_year_revenue)) ORDER BY f."position")), 'full'))
FROM (SELECT x.*, count(*) OVER () AS waiting FROM workspace.feedback_inbox x ORDER BY x."position" LIMIT 10) f
HAVING count(*) > 0$sql$]),
        (71, ARRAY[
$sql$CREATE TABLE workspace.approaches (
    customers text PRIMARY KEY
        CONSTRAINT "customers is a stage, at_risk or second_order_due"
        CHECK (customers IN ('new', 'occasional', 'regular', 'lost', 'at_risk', 'second_order_due')),
    approach text NOT NULL
);$sql$,
$sql$INSERT INTO workspace.approaches
SELECT c.customers, w.words->>('approach.' || c.customers)
FROM unnest('{new,occasional,regular,lost,at_risk,second_order_due}'::text[]) WITH ORDINALITY c(customers, n)
CROSS JOIN (SELECT _clientele.workspace_words(s.language) AS words FROM workspace.settings s) w
ORDER BY c.n;$sql$,
$sql$UPDATE workspace.approaches a SET approach = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key = 'approach.' || a.customers AND t.said = a.approach AND t.words <> a.approach;$sql$,
$sql$COMMENT ON TABLE workspace.approaches IS 'How to approach the customers of each stage and each list: yours to edit';$sql$,
$sql$COMMENT ON COLUMN workspace.approaches.customers IS 'A stage (new, occasional, regular, lost) or a list (at_risk, second_order_due)';$sql$,
$sql$COMMENT ON COLUMN workspace.approaches.approach IS 'What to do';$sql$]),
        (72, ARRAY[
$sql$CREATE VIEW workspace.at_risk AS
SELECT row_number() OVER (ORDER BY c.last_year_revenue DESC, c.days_since_last DESC, c.customer) AS "position",
    c.customer, c.last_order, c.days_since_last, c.usual_gap, c.purchases, c.revenue,
    c.last_year_revenue, c.cell, p.action AS policy, d.customer_name, d.contact, a.approach
FROM workspace.customer_classes c
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN workspace.policies p ON p.cell = c.cell
LEFT JOIN workspace.approaches a ON a.customers = 'at_risk'
LEFT JOIN workspace.customer_details d ON d.customer = c.customer
WHERE c.at_risk;$sql$,
$sql$COMMENT ON VIEW workspace.at_risk IS 'Customers at risk, most valuable first: silent for longer than usual, but not lost yet';$sql$,
$sql$COMMENT ON COLUMN workspace.at_risk.purchases IS 'Number of purchases';$sql$,
$sql$COMMENT ON COLUMN workspace.at_risk.revenue IS 'Revenue of the whole life';$sql$]),
        (73, ARRAY[
$sql$CREATE VIEW workspace.win_back AS
WITH classified AS MATERIALIZED (
    SELECT c.customer, c.history, c.as_of, c.last_order, c.days_since_last, c.usual_gap, c.purchases, c.revenue,
        c.last_year_revenue, c.cell, c.stage, c.as_of - (c.as_of - s.lost_after)::date AS lost_days
    FROM workspace.customer_classes c CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    ),
silence AS (
    SELECT least(g.days, c.as_of - g.from_date - c.lost_days) AS known_days, g.days - c.lost_days AS too_early, g.ended
    FROM classified c CROSS JOIN LATERAL clientele.history_gaps(c.history, c.as_of, c.lost_days) g
),
change AS (
    SELECT i.known_days AS days, 1 AS known, i.ended::integer AS came_back FROM silence i
    UNION ALL SELECT i.too_early AS days, 0 AS known, -1 AS came_back FROM silence i WHERE i.ended
    UNION ALL SELECT DISTINCT c.days_since_last AS days, 0 AS known, 0 AS came_back FROM classified c WHERE c.stage = 'lost'
),
equal_silence AS (
    SELECT d.days, d.known, d.came_back, i.estimate, i.lower, i.upper
    FROM (SELECT x.days, sum(sum(x.known)) OVER longest_first::bigint AS known,
              sum(sum(x.came_back)) OVER longest_first::bigint AS came_back
          FROM change x GROUP BY x.days
          WINDOW longest_first AS (ORDER BY x.days DESC)) d
    CROSS JOIN LATERAL clientele.wilson_interval(d.came_back, d.known, 0.95::double precision) i
)
SELECT row_number() OVER (ORDER BY c.last_year_revenue * e.came_back / nullif(e.known, 0) DESC NULLS LAST,
        c.last_year_revenue DESC, c.days_since_last, c.customer) AS "position",
    c.customer, c.last_order, c.days_since_last, c.usual_gap, c.purchases, c.revenue,
    c.last_year_revenue, round(c.last_year_revenue * e.came_back / nullif(e.known, 0), 2) AS expected_value, c.cell, p.action AS policy,
    e.known AS equal_silences, e.came_back, e.estimate AS return_share, e.lower AS return_share_lower,
    e.upper AS return_share_upper, e.known >= s.enough AS enough, d.customer_name, d.contact, a.approach
FROM classified c
JOIN equal_silence e ON e.days = c.days_since_last
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN workspace.policies p ON p.cell = c.cell
LEFT JOIN workspace.approaches a ON a.customers = 'lost'
LEFT JOIN workspace.customer_details d ON d.customer = c.customer
WHERE c.stage = 'lost';$sql$,
$sql$COMMENT ON VIEW workspace.win_back IS 'Lost customers, first those with the highest expected value: revenue of the last year times the share of customers who came back after as long a silence';$sql$,
$sql$COMMENT ON COLUMN workspace.win_back.purchases IS 'Number of purchases';$sql$,
$sql$COMMENT ON COLUMN workspace.win_back.revenue IS 'Revenue of the whole life';$sql$,
$sql$COMMENT ON COLUMN workspace.win_back.equal_silences IS 'Number of silences that lasted as long, by anybody, whose outcome within the next span of lost_after (six months) is known';$sql$,
$sql$COMMENT ON COLUMN workspace.win_back.came_back IS 'Number of those that ended within it';$sql$,
$sql$COMMENT ON COLUMN workspace.win_back.enough IS 'Whether there are enough equal silences to go by';$sql$]),
        (74, ARRAY[
$sql$CREATE VIEW workspace.second_order_due AS
SELECT row_number() OVER (ORDER BY c.last_year_revenue DESC, c.days_since_last DESC, c.customer) AS "position",
    c.customer, c.last_order, c.days_since_last, c.usual_gap, c.purchases, c.revenue,
    c.last_year_revenue, c.cell, p.action AS policy, d.customer_name, d.contact, a.approach
FROM workspace.customer_classes c
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN workspace.policies p ON p.cell = c.cell
LEFT JOIN workspace.approaches a ON a.customers = 'second_order_due'
LEFT JOIN workspace.customer_details d ON d.customer = c.customer
WHERE c.purchases = 1 AND c.stage <> 'lost' AND c.days_since_last >= coalesce(c.shop_gap, c.as_of - (c.as_of - s.new_within)::date);$sql$,
$sql$COMMENT ON VIEW workspace.second_order_due IS 'Customers with one purchase for whom the shop''s usual gap has passed, most valuable first: not lost yet';$sql$,
$sql$COMMENT ON COLUMN workspace.second_order_due.purchases IS 'Number of purchases';$sql$,
$sql$COMMENT ON COLUMN workspace.second_order_due.revenue IS 'Revenue of the whole life';$sql$]),
        (75, ARRAY[
$sql$WITH at_risk AS (
    SELECT _clientele.report_card('at_risk', _clientele.report_say($1, 'report.at_risk'),
        _clientele.report_say($1, 'report.at_risk.note', _clientele.report_count($1, max(r.customers), 'customers'), _clientele.report_money($1, max(r.stake)), _clientele.report_sentence($1, max(r.approach))),
        _clientele.report_wide_table($1, 'list', 'at_risk', '{customer,cell,silent,usually,last_year}',
            array_agg(_clientele.report_row(_clientele.report_customer($1, r.customer::text, r.customer_name, r.contact), coalesce(r.cell, ''), _clientele.report_count($1, r.days_since_last, 'days'),
                _clientele.report_number($1, r.usual_gap::numeric), _clientele.report_money($1, r.last_year_revenue)) ORDER BY r."position"))) AS card
    FROM (SELECT x.*, count(*) OVER () AS customers, sum(x.last_year_revenue) OVER () AS stake FROM workspace.at_risk x ORDER BY x."position" LIMIT 10) r
    HAVING count(*) > 0
), win_back AS (
    SELECT _clientele.report_card('win_back', _clientele.report_say($1, 'report.win_back'),
        _clientele.report_say($1, 'report.win_back.note', _clientele.report_count($1, max(r.customers), 'customers'), _clientele.report_money($1, max(r.stake)), _clientele.report_sentence($1, max(r.approach))),
        _clientele.report_wide_table($1, 'list', 'win_back', '{customer,last_order,last_year,chance,expected}',
            array_agg(_clientele.report_row(_clientele.report_customer($1, r.customer::text, r.customer_name, r.contact), _clientele.report_day($1, r.last_order), _clientele.report_money($1, r.last_year_revenue),
                _clientele.report_percent($1, 100 * r.return_share), _clientele.report_money($1, r.expected_value)) ORDER BY r."position"))) AS card
    FROM (SELECT b.* FROM (SELECT x.*, count(*) OVER () AS customers, sum(x.last_year_revenue) OVER () AS stake FROM workspace.win_back x) b WHERE b.enough ORDER BY b."position" LIMIT 10) r
    HAVING count(*) > 0
), second_order AS (
    SELECT _clientele.report_card('second_order_due', _clientele.report_say($1, 'report.second_order'),
        _clientele.report_say($1, 'report.second_order.note', _clientele.report_count($1, max(r.customers), 'customers'), _clientele.report_count($1, round(max(r.usual_gap))::bigint, 'days'), _clientele.report_sentence($1, max(r.approach))),
        _clientele.report_wide_table($1, 'list', 'second_order', '{customer,first_order,revenue}',
            array_agg(_clientele.report_row(_clientele.report_customer($1, r.customer::text, r.customer_name, r.contact), _clientele.report_day($1, r.last_order), _clientele.report_money($1, r.revenue)) ORDER BY r."position"))) AS card
    FROM (SELECT x.*, count(*) OVER () AS customers FROM workspace.second_order_due x ORDER BY x."position" LIMIT 10) r
    HAVING count(*) > 0
)
SELECT _clientele.report_part($1, 'lists', (SELECT r.card FROM at_risk r), (SELECT w.card FROM win_back w), (SELECT s.card FROM second_order s))$sql$]),
        (76, ARRAY[
$sql$CREATE VIEW workspace.retention_by_period AS
SELECT p.period_number, p.eligible, p.retained, p.rate, p.lower, p.upper, p.retained_on_or_after, p.rate_on_or_after,
    p.lower_on_or_after, p.upper_on_or_after, p.follow_up, true AS complete, p.eligible >= c.enough AS enough
FROM (
    SELECT clientele.retention_curve(h.history, s.period, r.as_of) AS curve, min(s.enough) AS enough
    FROM workspace.reporting_date r
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    CROSS JOIN workspace.customer_history h
    WHERE clientele.first_order(h.history, r.as_of) >= r.first_period
) c
CROSS JOIN LATERAL clientele.retention_points(c.curve, 0.95::double precision) p;$sql$,
$sql$COMMENT ON VIEW workspace.retention_by_period IS 'The retention curve: how many customers bought in each period after their first one. Young customers count only where their period is complete';$sql$,
$sql$COMMENT ON COLUMN workspace.retention_by_period.follow_up IS 'Mean number of complete periods the customers had for coming back on or after: compare only what had as many';$sql$]),
        (77, ARRAY[
$sql$CREATE VIEW workspace.lifecycle_summary AS
SELECT v."position", v.stage, coalesce(c.customers, 0) AS customers,
    100 * coalesce(c.customers, 0)::double precision / nullif(sum(c.customers) OVER (), 0)::double precision AS pct_of_customers,
    coalesce(c.revenue, 0.00) AS revenue,
    CASE WHEN sum(c.revenue) OVER () > 0
        THEN (100 * coalesce(c.revenue, 0) / sum(c.revenue) OVER ())::double precision END AS pct_of_revenue,
    coalesce(c.window_revenue, 0.00) AS window_revenue,
    coalesce(c.at_risk, 0) AS at_risk,
    a.approach,
    coalesce(c.customers, 0) >= s.enough AS enough
FROM (VALUES (1, 'new'), (2, 'occasional'), (3, 'regular'), (4, 'lost')) v("position", stage)
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN (
    SELECT m.stage, count(*) AS customers, sum(m.revenue) AS revenue, sum(m.window_revenue) AS window_revenue,
        count(*) FILTER (WHERE m.at_risk) AS at_risk
    FROM workspace.customer_classes m
    GROUP BY m.stage) c ON c.stage = v.stage
LEFT JOIN workspace.approaches a ON a.customers = v.stage
ORDER BY "position";$sql$,
$sql$COMMENT ON VIEW workspace.lifecycle_summary IS 'Customers by stage of the lifecycle, always four, and how to approach each';$sql$,
$sql$COMMENT ON COLUMN workspace.lifecycle_summary."position" IS 'Order in which to show the stages';$sql$,
$sql$COMMENT ON COLUMN workspace.lifecycle_summary.stage IS 'new, occasional, regular or lost';$sql$,
$sql$COMMENT ON COLUMN workspace.lifecycle_summary.revenue IS 'Revenue of their whole life';$sql$,
$sql$COMMENT ON COLUMN workspace.lifecycle_summary.window_revenue IS 'Revenue within the window of the classes';$sql$,
$sql$COMMENT ON COLUMN workspace.lifecycle_summary.at_risk IS 'Number of customers at risk';$sql$,
$sql$COMMENT ON COLUMN workspace.lifecycle_summary.approach IS 'How to approach them, from the table approaches';$sql$]),
        (78, ARRAY[
$sql$CREATE VIEW workspace.retention_cohorts AS
WITH cohort AS MATERIALIZED (
    SELECT clientele.period_start(clientele.first_order(h.history), s.period) AS cohort_start, clientele.rollup(h.history) AS history,
        clientele.retention_curve(h.history, s.period, r.as_of) AS curve, min(r.as_of) AS as_of, min(s.enough) AS enough, _clientele.period_step(s.period) AS step
    FROM workspace.reporting_date r
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    CROSS JOIN workspace.customer_history h
    WHERE clientele.first_order(h.history, r.as_of) >= r.first_period
    GROUP BY cohort_start, s.period
)
SELECT p.cohort_start, p.cohort_label, p.customers, p.period_number, p.period_start, p.complete, p.eligible, p.retained,
    p.rate, p.lower, p.upper, p.retained_on_or_after, p.rate_on_or_after, p.lower_on_or_after, p.upper_on_or_after,
    coalesce(r.revenue, 0.00) AS revenue,
    (coalesce(r.revenue, 0) / nullif(p.customers, 0))::double precision AS revenue_per_customer,
    coalesce(r.so_far, 0.00) AS cumulative_revenue,
    (coalesce(r.so_far, 0) / nullif(p.customers, 0))::double precision AS cumulative_revenue_per_customer,
    p.customers >= c.enough AS enough
FROM (SELECT clientele.rollup(k.curve) AS curve, min(k.enough) AS enough FROM cohort k) c
CROSS JOIN LATERAL clientele.retention_cohorts(c.curve, 0.95::double precision) p
LEFT JOIN cohort e ON e.cohort_start = p.cohort_start
CROSS JOIN LATERAL (SELECT least((p.period_start + e.step)::date, e.as_of) AS until) u
CROSS JOIN LATERAL (
    SELECT clientele.revenue(e.history, p.period_start, u.until) AS revenue, clientele.revenue(e.history, p.cohort_start, u.until) AS so_far) r;$sql$,
$sql$COMMENT ON VIEW workspace.retention_cohorts IS 'Retention by cohort, the period of the first purchase, with what each cohort brought. The period under way is there and not complete';$sql$,
$sql$COMMENT ON COLUMN workspace.retention_cohorts.customers IS 'Number of customers in the cohort';$sql$,
$sql$COMMENT ON COLUMN workspace.retention_cohorts.complete IS 'Whether the period is complete; else its rates are empty and its revenue is as far as it has come';$sql$,
$sql$COMMENT ON COLUMN workspace.retention_cohorts.revenue IS 'Revenue from the cohort in the period';$sql$]),
        (79, ARRAY[
$sql$CREATE TABLE workspace.benchmarks (
    measure text NOT NULL,
    source text NOT NULL,
    low numeric NOT NULL,
    high numeric NOT NULL,
    advice text,
    PRIMARY KEY (measure, source),
    CONSTRAINT "low is not above high" CHECK (low <= high)
);$sql$,
$sql$INSERT INTO workspace.benchmarks
SELECT b.measure, b.source, b.low, b.high, w.words->>('benchmark.' || b.measure || '.' || b.source)
FROM (
    VALUES
        ('nps', 'strong', 50, 100),
        ('nps', 'average', 30, 50),
        ('nps', 'Apple', 73, 73),
        ('nps', 'USAA', 87, 87),
        ('one_time_share', 'express test', 0, 0.03),
        ('pct_of_customers_bringing_80', 'Pareto', 20, 20),
        ('repeat_rate_new', 'sales experience', 0.05, 0.20),
        ('repeat_rate_loyal', 'sales experience', 0.60, 0.70)
) b(measure, source, low, high)
CROSS JOIN (SELECT _clientele.workspace_words(s.language) AS words FROM workspace.settings s) w;$sql$,
$sql$UPDATE workspace.benchmarks b SET advice = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key = 'benchmark.' || b.measure || '.' || b.source AND t.said = b.advice AND t.words <> b.advice;$sql$,
$sql$COMMENT ON TABLE workspace.benchmarks IS 'What is usual elsewhere, for the views to show beside: yours to edit';$sql$,
$sql$COMMENT ON COLUMN workspace.benchmarks.measure IS 'What is compared';$sql$,
$sql$COMMENT ON COLUMN workspace.benchmarks.source IS 'Whose figure it is';$sql$,
$sql$COMMENT ON COLUMN workspace.benchmarks.low IS 'From, in the unit of the measure';$sql$,
$sql$COMMENT ON COLUMN workspace.benchmarks.high IS 'To';$sql$]),
        (80, ARRAY[
$sql$CREATE VIEW workspace.repeat_purchase AS
SELECT n.purchase_number, n.customers, n.repeated, i.estimate AS rate, i.lower, i.upper,
    (
        SELECT 1 - min(k.survival) FROM clientele.survival_points(n.waiting, 0.95::double precision) k
        WHERE n.repeated = n.customers OR k.at_risk >= least(n.enough, n.customers / 10.0)) AS rate_kaplan_meier,
    clientele.median_survival(n.waiting) AS median_days,
    n.median_days_observed,
    b.low::double precision AS benchmark_low,
    b.high::double precision AS benchmark_high,
    n.repeated = n.customers AS complete,
    n.customers >= n.enough AS enough
FROM (
    SELECT w.purchase_number, c.durations AS customers, c.ended AS repeated, w.waiting, c.median_ended AS median_days_observed,
        s.enough, s.regular_purchases
    FROM (
        SELECT clientele.repeat_survival(h.history, r.as_of, 20) AS waiting
        FROM workspace.reporting_date r
        CROSS JOIN workspace.customer_history h) a
    CROSS JOIN LATERAL unnest(a.waiting) WITH ORDINALITY w(waiting, purchase_number)
    CROSS JOIN LATERAL clientele.survival_summary(w.waiting) c
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
) n
CROSS JOIN LATERAL clientele.wilson_interval(n.repeated, n.customers, 0.95::double precision) i
LEFT JOIN (SELECT m.measure, min(m.low) AS low, max(m.high) AS high FROM workspace.benchmarks m GROUP BY m.measure) b
    ON b.measure = CASE WHEN n.purchase_number = 1 THEN 'repeat_rate_new'
        WHEN n.purchase_number >= n.regular_purchases THEN 'repeat_rate_loyal' END
ORDER BY n.purchase_number;$sql$,
$sql$COMMENT ON VIEW workspace.repeat_purchase IS 'How likely the next purchase is after the first, the second and so on up to the twentieth, and how long it takes; days with orders are purchases';$sql$,
$sql$COMMENT ON COLUMN workspace.repeat_purchase.purchase_number IS '1 is the first purchase';$sql$,
$sql$COMMENT ON COLUMN workspace.repeat_purchase.customers IS 'Number of customers who made it';$sql$,
$sql$COMMENT ON COLUMN workspace.repeat_purchase.repeated IS 'Number of those who bought again so far';$sql$,
$sql$COMMENT ON COLUMN workspace.repeat_purchase.rate IS 'Share of those, 0 to 1: too low as long as some had no time yet';$sql$,
$sql$COMMENT ON COLUMN workspace.repeat_purchase.median_days IS 'Days after which half have bought again (Kaplan-Meier); empty if fewer do';$sql$,
$sql$COMMENT ON COLUMN workspace.repeat_purchase.median_days_observed IS 'Median days of those who have';$sql$,
$sql$COMMENT ON COLUMN workspace.repeat_purchase.complete IS 'Whether all of them have bought again, so that nothing is open';$sql$]),
        (81, ARRAY[
$sql$WITH curve AS (
    SELECT _clientele.report_card('retention_by_period', t.title, _clientele.report_say($1, 'report.retention.note', _clientele.report_count($1, ($1 -> 'settings' ->> 'enough')::bigint, 'customers')),
        _clientele.chart_line($1, t.title, array_agg(ROW(r.period_number, 100 * r.rate, 100 * r.lower, 100 * r.upper, NULL)::_clientele.chart_point ORDER BY r.period_number), 0, NULL, 'percent')
        || _clientele.report_figures($1, '{after,share,interval,of_customers}', array_agg(_clientele.report_row(r.period_number::text, _clientele.report_percent($1, 100 * r.rate, 1),
            _clientele.report_interval($1, 100 * r.lower, 100 * r.upper, 1), _clientele.report_number($1, r.eligible)) ORDER BY r.period_number))) AS card
    FROM workspace.retention_by_period r
    CROSS JOIN (SELECT _clientele.report_say($1, 'report.retention', _clientele.report_word($1, 'period.each.' || ($1 -> 'settings' ->> 'period'))) AS title) t
    WHERE r.complete AND r.enough AND r.period_number BETWEEN 1 AND 24
    GROUP BY t.title
    HAVING count(*) > 1
), stages AS (
    SELECT _clientele.report_card($1, 'lifecycle_summary', 'stages', _clientele.chart_bars($1, '{stage,"",customers}',
        array_agg(ROW(_clientele.report_label($1, 'stage', l.stage), l.customers, NULL, NULL,
            _clientele.report_noted(_clientele.report_number($1, l.customers), _clientele.report_say($1, 'report.pct_of_revenue', _clientele.report_percent($1, l.pct_of_revenue)),
                CASE WHEN l.at_risk > 0 THEN _clientele.report_count($1, l.at_risk, 'at_risk') END))::_clientele.chart_point ORDER BY l."position"))) AS card
    FROM workspace.lifecycle_summary l
    WHERE l.customers > 0
), cohort AS (
    SELECT c.cohort_start, min(c.customers) AS customers, (array_agg(c.cumulative_revenue_per_customer ORDER BY c.period_number DESC))[1]::numeric AS revenue,
        array_agg(c.rate ORDER BY c.period_number) FILTER (WHERE c.period_number BETWEEN 1 AND 12) AS rates,
        nullif(max(max(c.rate) FILTER (WHERE c.period_number BETWEEN 1 AND 12)) OVER (), 0) AS highest
    FROM workspace.retention_cohorts c
    WHERE c.complete AND c.customers > 0
    GROUP BY c.cohort_start
    ORDER BY c.cohort_start DESC LIMIT 15
), cohorts AS (
    SELECT _clientele.report_card('retention_cohorts', _clientele.report_say($1, 'report.cohorts', _clientele.report_word($1, 'period.of.' || ($1 -> 'settings' ->> 'period'))), _clientele.report_say($1, 'report.cohorts.note'),
        _clientele.report_wide_table($1, 'heat', 'cohort_table', ARRAY['first_order', 'customers'] || ARRAY(SELECT i::text FROM generate_series(1, 12) i) || 'revenue_each'::text,
            array_agg(format('<tr><th scope="row">%s</th><td>%s</td>%s<td>%s</td></tr>', _clientele.report_period($1, c.cohort_start, true), _clientele.report_number($1, c.customers),
                (SELECT string_agg(CASE WHEN c.rates[i] IS NULL THEN '<td></td>' ELSE _clientele.report_heat(_clientele.report_number($1, (100 * c.rates[i])::numeric), (c.rates[i] / c.highest) ^ 2) END, '' ORDER BY i) FROM generate_series(1, 12) i),
                _clientele.report_money($1, c.revenue)) ORDER BY c.cohort_start)), 'full') AS card
    FROM cohort c
    HAVING count(c.rates) > 0
), repeated AS (
    SELECT _clientele.report_card($1, 'repeat_purchase', 'repeat', _clientele.chart_bars($1, '{order_number,"",share}',
        array_agg(ROW(_clientele.report_say($1, 'report.nth_order', (r.purchase_number + 1)::text), 100 * r.rate, NULL, NULL,
            _clientele.report_noted(_clientele.report_percent($1, 100 * r.rate), _clientele.report_interval($1, 100 * r.lower, 100 * r.upper)))::_clientele.chart_point ORDER BY r.purchase_number))) AS card
    FROM workspace.repeat_purchase r
    WHERE r.enough AND r.purchase_number <= 7
)
SELECT _clientele.report_part($1, 'return', (SELECT c.card FROM curve c), (SELECT s.card FROM stages s), (SELECT c.card FROM cohorts c), (SELECT r.card FROM repeated r))$sql$]),
        (82, ARRAY[
$sql$CREATE VIEW workspace.express_test AS
WITH histories AS MATERIALIZED (SELECT h.customer, h.history FROM workspace.order_history h)
SELECT t.as_of, (t.result).light, coalesce((t.result).light_by, t.light_by) AS light_by, (t.result).certain,
    t.words ->> ('express.' || CASE WHEN (t.result).light = 'red' AND t.unassigned_sales > (t.result).sales + (t.result).young_sales THEN 'unassigned' ELSE (t.result).light END) AS advice,
    (t.result).customers, (t.result).one_time_customers, (t.result).regular_customers,
    (t.result).young_customers, (t.result).one_time_share, (t.result).one_time_share_lower,
    (t.result).one_time_share_upper, (t.result).regular_share, (t.result).regular_share_lower,
    (t.result).regular_share_upper, (t.result).difference, (t.result).difference_lower,
    (t.result).difference_upper, (t.result).sales, (t.result).one_time_sales, (t.result).regular_sales,
    (t.result).young_sales, t.unassigned_sales, coalesce((t.result).unassigned_share, CASE WHEN t.unassigned_sales > 0 THEN 1 END) AS unassigned_share,
    (t.result).one_time_sales_share, (t.result).one_time_sales_share_lower,
    (t.result).one_time_sales_share_upper, (t.result).regular_sales_share,
    (t.result).regular_sales_share_lower, (t.result).regular_sales_share_upper, (t.result).sales_difference,
    (t.result).sales_difference_lower, (t.result).sales_difference_upper,
    (t.result).customers >= t.enough AS enough
FROM (
    SELECT p.as_of, p.enough, p.light_by, p.unassigned_sales, p.words, (
        SELECT clientele.express_test(h.history, p.as_of, p.unassigned_sales, p.regular_within, p.new_within,
            p.regular_purchases, p.count_by, p.one_time_limit, p.light_by, 0.95::double precision)
        FROM histories h
        WHERE h.customer IS NOT NULL) AS result
    FROM (
        SELECT r.as_of, s.*, coalesce((
            SELECT clientele.revenue(h.history, (r.as_of - s.regular_within)::date, r.as_of)
            FROM histories h
            WHERE h.customer IS NULL), 0.00) AS unassigned_sales
        FROM workspace.reporting_date r
        CROSS JOIN (SELECT x.regular_within, x.new_within, x.regular_purchases, x.count_by, x.one_time_limit, x.light_by,
                        x.enough, _clientele.workspace_words(x.language) AS words FROM workspace.settings x) s
        LIMIT 1) p
    OFFSET 0) t;$sql$,
$sql$COMMENT ON VIEW workspace.express_test IS 'One row: do customers come back? The express test of loyalty over those who bought in the last six months';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.light_by IS 'What the light goes by: shares of customers or of sales';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.certain IS 'Whether the whole confidence interval lies on that side';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.customers IS 'Number of customers who bought in the window and have had time to come back';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.one_time_customers IS 'Number of those with exactly one purchase ever';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.regular_customers IS 'Number of those with three purchases or more in the window';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.young_customers IS 'Number of one-timers who have had no time to come back: in no share';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.one_time_share_lower IS 'Lower bound of its 95 % interval (Wilson)';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.one_time_share_upper IS 'Upper bound';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.regular_share_lower IS 'Lower bound of its 95 % interval (Wilson)';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.regular_share_upper IS 'Upper bound';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.difference IS 'Regulars less one-timers, in points, -100 to 100';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.difference_lower IS 'Lower bound of its 95 % interval';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.difference_upper IS 'Upper bound';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.sales IS 'Sales to these customers in the window, returns taken off';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.one_time_sales IS 'Sales to one-timers';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.regular_sales IS 'Sales to regulars';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.young_sales IS 'Sales to one-timers who have had no time to come back';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.unassigned_sales IS 'Sales in the window without a customer';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.unassigned_share IS 'Their share of all sales in the window, 0 to 1';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.one_time_sales_share IS 'Share of sales to one-timers, 0 to 1';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.one_time_sales_share_lower IS 'Lower bound of its 95 % interval (ratio over customers)';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.one_time_sales_share_upper IS 'Upper bound';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.regular_sales_share IS 'Share of sales to regulars, 0 to 1';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.regular_sales_share_lower IS 'Lower bound of its 95 % interval';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.regular_sales_share_upper IS 'Upper bound';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.sales_difference IS 'Share of regulars less that of one-timers, in points, -100 to 100';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.sales_difference_lower IS 'Lower bound of its 95 % interval';$sql$,
$sql$COMMENT ON COLUMN workspace.express_test.sales_difference_upper IS 'Upper bound';$sql$]),
        (83, ARRAY[
$sql$WITH period AS (
    SELECT o.*, row_number() OVER (ORDER BY o.period_start DESC) AS n FROM workspace.overview o WHERE o.complete ORDER BY o.period_start DESC LIMIT 24
), last AS (
    SELECT p.*, 100 * (p.active_customers - p.year_before_active_customers) / nullif(p.year_before_active_customers, 0)::double precision AS pct_active_year_change
    FROM period p WHERE p.n = 1
), before AS (
    SELECT array_agg(p.revenue::double precision ORDER BY p.n DESC) AS revenue, array_agg(p.active_customers::double precision ORDER BY p.n DESC) AS active_customers,
        array_agg(p.new_customers::double precision ORDER BY p.n DESC) AS new_customers, array_agg(p.repeat_share ORDER BY p.n DESC) AS repeat_share,
        array_agg(p.average_order ORDER BY p.n DESC) AS average_order, array_agg(p.nps ORDER BY p.n DESC) AS nps,
        array_agg(p.regular_customers::double precision ORDER BY p.n DESC) AS regular_customers
    FROM period p
), sentences AS (
    SELECT concat_ws(' ',
        concat(_clientele.report_say($1, 'report.revenue_was', _clientele.report_money($1, l.revenue)), ', ' || _clientele.report_change($1, 'report.than_a_year_ago', l.pct_revenue_year_change), '.'),
        _clientele.report_say($1, 'report.who_bought', _clientele.report_count($1, l.active_customers, 'bought'), _clientele.report_count($1, l.new_customers, 'first_time'), _clientele.report_count($1, l.returned_customers, 'came_back'),
            _clientele.report_say($1, 'report.stayed_away', _clientele.report_number($1, l.lapsed_customers), _clientele.report_word($1, 'period.previous.' || ($1 -> 'settings' ->> 'period')))),
        (SELECT concat_ws(' ', _clientele.report_say($1, 'report.light.' || x.light, _clientele.report_own($1, x.advice)), CASE WHEN NOT x.enough THEN _clientele.report_say($1, 'report.few', _clientele.report_count($1, x.customers, 'customers')) END)
            FROM workspace.express_test x WHERE x.customers > 0 AND x.light IS NOT NULL)) AS text
    FROM last l
), tiles AS (
    SELECT concat(
        _clientele.report_tile($1, 'revenue', _clientele.report_money($1, l.revenue), _clientele.report_change($1, 'report.year_on_year', l.pct_revenue_year_change), b.revenue),
        _clientele.report_tile($1, 'active_customers', _clientele.report_number($1, l.active_customers), _clientele.report_change($1, 'report.year_on_year', l.pct_active_year_change), b.active_customers),
        _clientele.report_tile($1, 'new_customers', _clientele.report_number($1, l.new_customers), NULL, b.new_customers),
        _clientele.report_tile($1, 'repeat_share', _clientele.report_percent($1, 100 * l.repeat_share), NULL, b.repeat_share),
        _clientele.report_tile($1, 'average_order', _clientele.report_money($1, l.average_order::numeric), NULL, b.average_order),
        CASE WHEN l.nps IS NULL THEN _clientele.report_tile($1, 'regular_customers', _clientele.report_number($1, l.regular_customers), NULL, b.regular_customers)
            ELSE _clientele.report_tile($1, 'nps', _clientele.report_number($1, l.nps::numeric), _clientele.report_count($1, l.nps_responses, 'answers'), b.nps) END) AS text
    FROM last l CROSS JOIN before b
)
SELECT format('<header><h1>%s</h1><p class="as-of">%s</p></header><p class="lead">%s</p>',
        coalesce((SELECT _clientele.report_say($1, 'report.title', _clientele.report_period($1, l.period_start)) FROM last l), _clientele.report_say($1, 'report.no_title')),
        _clientele.report_say($1, 'report.as_of', _clientele.report_day($1, ($1 -> 'settings' ->> 'as_of')::date)),
        coalesce((SELECT s.text FROM sentences s), _clientele.report_say($1, CASE WHEN EXISTS (SELECT FROM workspace.overview) THEN 'report.no_period' ELSE 'report.no_orders' END)))
    || coalesce((SELECT format('<div class="tiles">%s</div>', t.text) FROM tiles t), '')$sql$]),
        (84, ARRAY[
$sql$CREATE VIEW workspace.data_quality AS
WITH language AS MATERIALIZED (SELECT _clientele.workspace_words(x.language) AS words FROM workspace.applied_settings x LIMIT 1)
SELECT v."position", v.reason, (SELECT l.words ->> ('order_rows.' || v.reason) FROM language l) AS description, v.order_rows,
    100::double precision * v.order_rows::double precision
        / nullif(sum(v.order_rows) OVER (), 0)::double precision AS pct_of_rows,
    CASE v.reason WHEN 'used' THEN clientele.revenue(s.customers, date '-infinity', s.as_of)
        WHEN 'no_customer' THEN clientele.revenue(s.no_customer)
        WHEN 'future' THEN clientele.revenue(s.named, s.as_of, date 'infinity')
        WHEN 'only_returns' THEN clientele.revenue(s.others, date '-infinity', s.as_of) END AS revenue,
    s.refreshed_at
FROM (
    SELECT h.*, h.customers OPERATOR(clientele.+) h.others AS named, r.as_of, r.refreshed_at
    FROM workspace.reporting_date r
    CROSS JOIN (
        SELECT
            sum(h.no_time) AS no_time,
            sum(h.invalid_time) AS invalid_time,
            sum(h.no_amount) AS no_amount,
            sum(h.invalid_amount) AS invalid_amount,
            sum(h.zero_amount) AS zero_amount,
            clientele.rollup(h.history) FILTER (WHERE h.customer IS NULL) AS no_customer,
            clientele.rollup(h.history) FILTER (WHERE h.customer IS NOT NULL AND clientele.first_order(h.history, d.as_of) IS NOT NULL) AS customers,
            clientele.rollup(h.history) FILTER (WHERE h.customer IS NOT NULL AND clientele.first_order(h.history, d.as_of) IS NULL) AS others
        FROM workspace.order_history h
        CROSS JOIN workspace.reporting_date d) h
    OFFSET 0) s
CROSS JOIN LATERAL _clientele.order_reasons(
    clientele.order_count(s.customers, date '-infinity', s.as_of) + clientele.return_count(s.customers, date '-infinity', s.as_of),
    clientele.order_count(s.no_customer) + clientele.return_count(s.no_customer),
    s.no_time::bigint, s.invalid_time::bigint, s.no_amount::bigint, s.invalid_amount::bigint,
    clientele.order_count(s.named, s.as_of, date 'infinity') + clientele.return_count(s.named, s.as_of, date 'infinity'),
    clientele.order_count(s.others, date '-infinity', s.as_of) + clientele.return_count(s.others, date '-infinity', s.as_of),
    s.zero_amount::bigint) v
UNION ALL
SELECT 10, 'missed', format((SELECT l.words ->> 'order_rows.missed' FROM language l), to_char(r.missed_since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI UTC')),
    NULL, NULL, NULL, r.refreshed_at
FROM workspace.reporting_date r
WHERE r.missed_since IS NOT NULL;$sql$,
$sql$COMMENT ON VIEW workspace.data_quality IS 'The rows of the orders by what became of them: each row is under exactly one reason';$sql$,
$sql$COMMENT ON COLUMN workspace.data_quality."position" IS 'Order in which to show the reasons';$sql$,
$sql$COMMENT ON COLUMN workspace.data_quality.order_rows IS 'Number of rows';$sql$,
$sql$COMMENT ON COLUMN workspace.data_quality.revenue IS 'Sum of their amounts, returns taken off; empty where the rows have no usable amount or time, or amounts of 0';$sql$]),
        (85, ARRAY[
$sql$WITH settings AS (
    SELECT s.* FROM jsonb_to_record($1 -> 'settings') s(missed_since timestamptz, time_zone text)
), quality AS (
    SELECT _clientele.report_card($1, 'data_quality', 'rows', _clientele.report_wide_table($1, 'list', 'rows', '{rows,number,share,revenue}',
            array_agg(_clientele.report_row(_clientele.report_own($1, q.description), _clientele.report_number($1, q.order_rows), _clientele.report_percent($1, q.pct_of_rows, 2), _clientele.report_money($1, q.revenue)) ORDER BY q."position")), 'full') AS card,
        min(q.refreshed_at) AS refreshed_at
    FROM workspace.data_quality q
    WHERE q.order_rows > 0
    HAVING count(*) > 0
)
SELECT _clientele.report_part($1, 'trust', CASE WHEN s.missed_since IS NOT NULL THEN format('<p class="warn full">%s</p>', _clientele.report_say($1, 'report.missed', _clientele.report_day($1, (s.missed_since AT TIME ZONE s.time_zone)::date))) END, q.card)
    || format('<footer>%s</footer>', _clientele.report_say($1, 'report.made', to_char(q.refreshed_at AT TIME ZONE s.time_zone, 'YYYY-MM-DD HH24:MI'), _clientele.report_text(s.time_zone)))
FROM quality q CROSS JOIN settings s$sql$]),
        (86, ARRAY[
$sql$CREATE VIEW workspace.abc_xyz_matrix AS
SELECT v."position", v.cell, left(v.cell, 1) AS abc, right(v.cell, 1) AS xyz,
    coalesce(c.customers, 0) AS customers,
    100 * coalesce(c.customers, 0)::double precision / nullif(sum(c.customers) OVER (), 0)::double precision AS pct_of_customers,
    coalesce(c.revenue, 0.00) AS window_revenue,
    CASE WHEN sum(c.revenue) OVER () > 0
        THEN (100 * coalesce(c.revenue, 0) / sum(c.revenue) OVER ())::double precision END AS pct_of_window_revenue,
    CASE WHEN s.has_profit THEN coalesce(c.profit, 0.00) END AS window_profit,
    CASE WHEN sum(c.profit) OVER () > 0 THEN (100 * coalesce(c.profit, 0) / sum(c.profit) OVER ())::double precision END AS pct_of_window_profit,
    coalesce(c.returns, 0) AS window_returns,
    p.action, p.service_rules, p.price_terms, p.valid_from, p.review_by,
    p.review_by <= coalesce(max(c.as_of) OVER (), (SELECT r.as_of FROM workspace.reporting_date r)) AS review_due,
    coalesce(c.customers, 0) >= s.enough AS enough
FROM (VALUES (1, 'AX'), (2, 'AY'), (3, 'AZ'), (4, 'BX'), (5, 'BY'), (6, 'BZ'), (7, 'CX'), (8, 'CY'), (9, 'CZ')) v("position", cell)
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN (
    SELECT m.cell, count(*) AS customers, sum(m.window_revenue) AS revenue, sum(m.window_profit) AS profit,
        sum(m.window_returns)::bigint AS returns, max(m.as_of) AS as_of
    FROM workspace.customer_classes m
    GROUP BY m.cell) c ON c.cell = v.cell
LEFT JOIN workspace.policies p ON p.cell = v.cell
ORDER BY v."position";$sql$,
$sql$COMMENT ON VIEW workspace.abc_xyz_matrix IS 'The matrix of ABC and XYZ classes, always nine cells, each with its policy. Its sums are those of abc_summary without the customers who are in no cell: those of the class none, and buyers without an XYZ class; abc_summary counts them as without_cell';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_xyz_matrix."position" IS 'Order in which to show the cells';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_xyz_matrix.cell IS 'ABC class and XYZ class: AX to CZ';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_xyz_matrix.abc IS 'ABC class';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_xyz_matrix.xyz IS 'XYZ class';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_xyz_matrix.pct_of_customers IS 'Share of the customers in all cells, 0 to 100';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_xyz_matrix.pct_of_window_revenue IS 'Share of the revenue of all cells, 0 to 100';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_xyz_matrix.pct_of_window_profit IS 'Share of the profit of all cells, 0 to 100';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_xyz_matrix.action IS 'What to do, from the table policies';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_xyz_matrix.review_due IS 'Whether that day has come';$sql$]),
        (87, ARRAY[
$sql$CREATE VIEW workspace.rfm_segments AS
WITH segment AS (
    SELECT coalesce(g.segment, 'other') AS segment, sum(c.customers)::bigint AS customers, sum(c.revenue) AS revenue,
        sum(c.purchases) AS purchases, sum(c.days_since_last) AS days_since_last, sum(c.at_risk)::bigint AS at_risk
    FROM (
        SELECT m.recency_score, m.frequency_score, m.monetary_score, count(*) AS customers, sum(m.revenue) AS revenue,
            sum(m.purchases) AS purchases, sum(m.days_since_last) AS days_since_last,
            count(*) FILTER (WHERE m.at_risk) AS at_risk
        FROM workspace.customer_classes m
        GROUP BY m.recency_score, m.frequency_score, m.monetary_score) c
    LEFT JOIN workspace.rfm_cells g USING (recency_score, frequency_score, monetary_score)
    GROUP BY coalesce(g.segment, 'other')
)
SELECT coalesce(v."position", 2147483647) AS "position", coalesce(v.segment, c.segment) AS segment,
    coalesce(c.customers, 0) AS customers,
    100 * coalesce(c.customers, 0)::double precision / nullif(sum(c.customers) OVER (), 0)::double precision AS pct_of_customers,
    coalesce(c.revenue, 0.00) AS revenue,
    CASE WHEN sum(c.revenue) OVER () > 0
        THEN (100 * coalesce(c.revenue, 0) / sum(c.revenue) OVER ())::double precision END AS pct_of_revenue,
    (c.revenue / c.customers)::double precision AS average_revenue,
    (c.purchases / c.customers)::double precision AS average_purchases,
    (c.days_since_last::numeric / c.customers)::double precision AS average_days_since_last,
    coalesce(c.at_risk, 0) AS at_risk,
    v.advice,
    coalesce(c.customers, 0) >= s.enough AS enough
FROM (SELECT DISTINCT ON (g.segment) g."position", g.segment, g.advice
      FROM workspace.segments g ORDER BY g.segment, g."position") v
FULL JOIN segment c ON c.segment = v.segment
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
ORDER BY "position";$sql$,
$sql$COMMENT ON VIEW workspace.rfm_segments IS 'Segments by RFM scores, as the table segments has them, and other for customers whom none of its rows matches';$sql$,
$sql$COMMENT ON COLUMN workspace.rfm_segments."position" IS 'Order in which to show the segments';$sql$,
$sql$COMMENT ON COLUMN workspace.rfm_segments.revenue IS 'Revenue of their whole life';$sql$,
$sql$COMMENT ON COLUMN workspace.rfm_segments.average_days_since_last IS 'Mean number of days since the last order';$sql$,
$sql$COMMENT ON COLUMN workspace.rfm_segments.at_risk IS 'Number of customers at risk';$sql$,
$sql$COMMENT ON COLUMN workspace.rfm_segments.advice IS 'What to do with them, from the table segments';$sql$]),
        (88, ARRAY[
$sql$WITH settings AS (
    SELECT s.* FROM jsonb_to_record($1 -> 'settings') s(abc_by text, abc_a double precision, abc_b double precision, xyz_by text)
), line AS (
    SELECT m.abc, string_agg(_clientele.report_heat(format('<b>%s</b>%s<br>%s<small>%s</small>', _clientele.report_money($1, m.window_revenue), _clientele.report_count($1, m.customers, 'customers'),
            _clientele.report_say($1, 'report.pct_of_revenue', _clientele.report_percent($1, m.pct_of_window_revenue, 1)), _clientele.report_own($1, m.action)), m.pct_of_window_revenue / 100), '' ORDER BY m.xyz) AS cells
    FROM workspace.abc_xyz_matrix m
    GROUP BY m.abc
    HAVING max(m.pct_of_window_revenue) IS NOT NULL
), matrix AS (
    SELECT _clientele.report_card('abc_xyz_matrix', _clientele.report_say($1, 'report.matrix.' || s.abc_by),
        _clientele.report_say($1, 'report.matrix.note', _clientele.report_percent($1, 100 * s.abc_a), _clientele.report_say($1, 'report.of.' || s.abc_by), _clientele.report_percent($1, 100 * (s.abc_b - s.abc_a))),
        _clientele.report_table($1, 'matrix', ARRAY['', s.xyz_by || '.X', s.xyz_by || '.Y', s.xyz_by || '.Z'], array_agg(format('<tr><th scope="row">%s</th>%s</tr>', l.abc, l.cells) ORDER BY l.abc)), 'full') AS card
    FROM line l CROSS JOIN settings s
    GROUP BY s.abc_by, s.abc_a, s.abc_b, s.xyz_by
), segments AS (
    SELECT _clientele.report_card($1, 'rfm_segments', 'segments', _clientele.chart_bars($1, '{segment,"",revenue}',
        array_agg(ROW(_clientele.report_label($1, 'segment', r.segment), r.revenue, NULL, NULL,
            _clientele.report_noted(_clientele.report_money($1, r.revenue), _clientele.report_count($1, r.customers, 'customers')))::_clientele.chart_point ORDER BY r."position"))) AS card
    FROM workspace.rfm_segments r
    WHERE r.customers > 0
), sources AS (
    SELECT _clientele.report_card($1, 'sources', 'sources', _clientele.chart_bars($1, '{source,"",value_per_customer}',
        array_agg(ROW(CASE s.source WHEN 'unknown' THEN _clientele.report_say($1, 'report.unknown') ELSE _clientele.report_name(s.source) END, s.value_per_customer, NULL, NULL,
            _clientele.report_noted(_clientele.report_money($1, s.value_per_customer::numeric), _clientele.report_count($1, s.customers, 'customers'), _clientele.report_say($1, 'report.kept', _clientele.report_percent($1, 100 * s.kept_share)),
                _clientele.report_say($1, 'report.cost_each', _clientele.report_money($1, nullif(s.cost_per_customer, 0)::numeric))))::_clientele.chart_point ORDER BY s."position"))) AS card
    FROM (SELECT x.* FROM workspace.sources x WHERE x.enough ORDER BY x."position" LIMIT 12) s
)
SELECT _clientele.report_part($1, 'value', (SELECT m.card FROM matrix m), (SELECT s.card FROM segments s), (SELECT s.card FROM sources s))$sql$]),
        (89, ARRAY[
$sql$CREATE VIEW workspace.nps_by_period AS
WITH counted AS MATERIALIZED (
    SELECT n.period_start, clientele.nps(n.promoters, n.passives, n.detractors) AS answers FROM workspace.nps_of_period n
)
SELECT q.period_start, q.complete, clientele.nps_responses(q.answers) AS responses, clientele.nps_promoters(q.answers) AS promoters, clientele.nps_passives(q.answers) AS passives,
    clientele.nps_detractors(q.answers) AS detractors, i.estimate AS score, i.lower AS score_lower, i.upper AS score_upper,
    coalesce(clientele.nps_responses(q.before), 0) AS previous_responses, clientele.nps_score(q.before) AS previous_score,
    c.difference AS change, c.lower AS change_lower, c.upper AS change_upper, c.promoters AS promoters_change,
    c.detractors AS detractors_change, c.verdict, clientele.nps_responses(q.answers) >= q.enough AS enough
FROM (
    SELECT p.period_start, (p.period_start + _clientele.period_step(w.period))::date <= w.as_of AS complete, w.enough, p.answers,
        lag(p.answers) OVER (ORDER BY p.period_start) AS before
    FROM workspace.answer_window w
    CROSS JOIN (SELECT min(x.period_start) AS first FROM counted x) b
    CROSS JOIN LATERAL (
        SELECT g::date AS period_start, coalesce(n.answers, clientele.nps(0::bigint, 0::bigint, 0::bigint)) AS answers
        FROM generate_series(greatest(b.first, w.first_period)::timestamp, clientele.period_start(w.as_of - 1, w.period)::timestamp, _clientele.period_step(w.period)) g
        LEFT JOIN counted n ON n.period_start = g::date
        WHERE b.first IS NOT NULL) p) q
CROSS JOIN LATERAL clientele.nps_interval(q.answers, 0.95::double precision, 'score'::text) i
CROSS JOIN LATERAL clientele.nps_change(q.answers, q.before, 0.95::double precision) c
ORDER BY q.period_start;$sql$,
$sql$COMMENT ON VIEW workspace.nps_by_period IS 'The Net Promoter Score period by period since the first answer, beside the period before. Of each customer the latest answer of the period counts, unless the settings say all';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_by_period.complete IS 'Whether the period is complete';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_by_period.enough IS 'Whether there are enough answers to go by';$sql$]),
        (90, ARRAY[
$sql$CREATE VIEW workspace.nps_by_touchpoint AS
SELECT row_number() OVER (ORDER BY q.enough DESC, i.lower DESC, q.touchpoint) AS "position",
    q.touchpoint, clientele.nps_responses(q.answers) AS responses, clientele.nps_promoters(q.answers) AS promoters, clientele.nps_passives(q.answers) AS passives,
    clientele.nps_detractors(q.answers) AS detractors,
    100 * clientele.nps_responses(q.answers)::double precision / nullif(sum(clientele.nps_responses(q.answers)) OVER (), 0)::double precision
        AS pct_of_responses,
    i.estimate AS score, i.lower AS score_lower, i.upper AS score_upper, clientele.nps_band(q.answers, 50::double precision, 30::double precision) AS band, q.enough
FROM (
    SELECT p.touchpoint, p.answers, clientele.nps_responses(p.answers) >= p.enough AS enough
    FROM (
        SELECT coalesce(a.touchpoint, 'unknown') AS touchpoint, min(w.enough) AS enough, clientele.nps(count(*) FILTER (WHERE a.nps_group = 'promoter'),
            count(*) FILTER (WHERE a.nps_group = 'passive'),
            count(*) FILTER (WHERE a.nps_group = 'detractor')) AS answers
        FROM workspace.answers_enriched a
        CROSS JOIN workspace.answer_window w
        WHERE a.counts_at_touchpoint AND a.day >= w.from_date
        GROUP BY 1) p) q
CROSS JOIN LATERAL clientele.nps_interval(q.answers, 0.95::double precision, 'score'::text) i;$sql$,
$sql$COMMENT ON VIEW workspace.nps_by_touchpoint IS 'The Net Promoter Score of each touchpoint in the last twelve months (nps_window). Of each customer the latest answer about it counts, unless the settings say all';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_by_touchpoint."position" IS 'Order of the touchpoints, the one with the highest lower bound first; last those without enough answers';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_by_touchpoint.touchpoint IS 'What the answers are about; unknown where they do not tell';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_by_touchpoint.pct_of_responses IS 'Share of the answers to all touchpoints, 0 to 100';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_by_touchpoint.enough IS 'Whether there are enough answers to go by';$sql$]),
        (91, ARRAY[
$sql$CREATE VIEW workspace.improvements AS
SELECT row_number() OVER (ORDER BY q.asked DESC, q.detractors DESC, q.last_day DESC, q.wish) AS "position",
    q.wish, q.asked, q.promoters, q.passives, q.detractors, q.asked_in_all, i.estimate AS share, i.lower, i.upper,
    q.customers, q.last_year_revenue, q.last_day, q.asked_in_all >= s.enough AS enough
FROM (
    SELECT f.*, (sum(f.asked) OVER ())::bigint AS asked_in_all
    FROM (
        SELECT min(m.wish) AS wish, sum(m.asked)::bigint AS asked, sum(m.promoters)::bigint AS promoters,
            sum(m.passives)::bigint AS passives, sum(m.detractors)::bigint AS detractors, max(m.last_day) AS last_day,
            count(m.customer) AS customers, coalesce(sum(c.last_year_revenue), 0.00) AS last_year_revenue
        FROM (
            SELECT lower(regexp_replace(a.wish, '[[:space:]]+', ' ', 'g')) AS same_wish, a.customer, min(a.wish) AS wish, max(a.day) AS last_day,
                count(*) FILTER (WHERE a.nps_group IS DISTINCT FROM 'promoter') AS asked,
                count(*) FILTER (WHERE a.nps_group = 'promoter') AS promoters,
                count(*) FILTER (WHERE a.nps_group = 'passive') AS passives,
                count(*) FILTER (WHERE a.nps_group = 'detractor') AS detractors
            FROM workspace.answers_enriched a
            CROSS JOIN workspace.answer_window w
            WHERE a.wish IS NOT NULL AND a.day >= w.from_date
            GROUP BY 1, 2) m
        FULL JOIN (SELECT DISTINCT ON (k.customer) k.customer, k.last_year_revenue FROM workspace.customer_classes k) c ON c.customer = m.customer
        GROUP BY m.same_wish) f
    WHERE f.asked > 0) q
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN LATERAL clientele.wilson_interval(q.asked, q.asked_in_all, 0.95::double precision) i;$sql$,
$sql$COMMENT ON VIEW workspace.improvements IS 'What would make it a 10: the wishes of detractors and passives in the last twelve months (nps_window), the most frequent first. Every answer counts';$sql$,
$sql$COMMENT ON COLUMN workspace.improvements."position" IS 'Order by number of those who ask for it';$sql$,
$sql$COMMENT ON COLUMN workspace.improvements.wish IS 'The wish; case and blanks do not tell wishes apart';$sql$,
$sql$COMMENT ON COLUMN workspace.improvements.asked IS 'Number of answers by passives and detractors that ask for it';$sql$,
$sql$COMMENT ON COLUMN workspace.improvements.promoters IS 'Number of promoters'' answers that ask for it';$sql$,
$sql$COMMENT ON COLUMN workspace.improvements.passives IS 'Number of passives'' answers';$sql$,
$sql$COMMENT ON COLUMN workspace.improvements.detractors IS 'Number of detractors'' answers';$sql$,
$sql$COMMENT ON COLUMN workspace.improvements.asked_in_all IS 'Number of answers by passives and detractors with any wish';$sql$,
$sql$COMMENT ON COLUMN workspace.improvements.share IS 'Share of the wish in them, 0 to 1';$sql$,
$sql$COMMENT ON COLUMN workspace.improvements.customers IS 'Number of customers who ask for it, promoters too';$sql$,
$sql$COMMENT ON COLUMN workspace.improvements.last_year_revenue IS 'Their revenue of the twelve months that end with the last order of each';$sql$,
$sql$COMMENT ON COLUMN workspace.improvements.last_day IS 'Day of the latest answer with it';$sql$,
$sql$COMMENT ON COLUMN workspace.improvements.enough IS 'Whether there are enough wishes to go by';$sql$]),
        (92, ARRAY[
$sql$CREATE TABLE workspace.nps_advice (
    band text PRIMARY KEY
        CONSTRAINT "band is strong, average or weak" CHECK (band IN ('strong', 'average', 'weak')),
    advice text NOT NULL
);$sql$,
$sql$INSERT INTO workspace.nps_advice
SELECT b.band, w.words->>('nps_advice.' || b.band)
FROM unnest('{strong,average,weak}'::text[]) WITH ORDINALITY b(band, n)
CROSS JOIN (SELECT _clientele.workspace_words(s.language) AS words FROM workspace.settings s) w
ORDER BY b.n;$sql$,
$sql$UPDATE workspace.nps_advice a SET advice = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key = 'nps_advice.' || a.band AND t.said = a.advice AND t.words <> a.advice;$sql$,
$sql$COMMENT ON TABLE workspace.nps_advice IS 'What to do with a Net Promoter Score of each band: yours to edit';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_advice.advice IS 'What to do';$sql$]),
        (93, ARRAY[
$sql$CREATE VIEW workspace.nps_summary AS
SELECT t.as_of, t.from_date, clientele.nps_responses(t.answers) AS responses, clientele.nps_promoters(t.answers) AS promoters, clientele.nps_passives(t.answers) AS passives,
    clientele.nps_detractors(t.answers) AS detractors, i.estimate AS score, i.lower AS score_lower, i.upper AS score_upper,
    clientele.nps_band(t.answers, 50::double precision, 30::double precision) AS band,
    CASE WHEN t.lowest <> 0 OR t.highest <> 10 THEN format(l.words ->> 'nps_advice.ratings', t.lowest, t.highest) ELSE v.advice END AS advice, t.active_customers, t.answered_customers,
    t.answered_customers::double precision / nullif(t.active_customers, 0)::double precision AS response_rate,
    CASE WHEN t.last_period >= date '0001-01-01' THEN t.last_period END AS period_start,
    clientele.nps_responses(t.last_answers) AS period_responses, clientele.nps_score(t.last_answers) AS period_score,
    clientele.nps_responses(t.before_answers) AS previous_responses, clientele.nps_score(t.before_answers) AS previous_score,
    c.difference AS change, c.lower AS change_lower, c.upper AS change_upper, c.promoters AS promoters_change,
    c.detractors AS detractors_change, c.verdict, clientele.nps_responses(t.answers) >= t.enough AS enough
FROM (
    SELECT w.*, m.*
    FROM (SELECT x.*, (clientele.period_start(x.as_of, x.period) - _clientele.period_step(x.period))::date AS last_period,
              (clientele.period_start(x.as_of, x.period) - 2 * _clientele.period_step(x.period))::date AS period_before
          FROM workspace.answer_window x
          OFFSET 0) w
    CROSS JOIN LATERAL (
        SELECT clientele.nps(count(*) FILTER (WHERE a.nps_group = 'promoter' AND a.counts_overall AND a.day >= w.from_date),
            count(*) FILTER (WHERE a.nps_group = 'passive' AND a.counts_overall AND a.day >= w.from_date),
            count(*) FILTER (WHERE a.nps_group = 'detractor' AND a.counts_overall AND a.day >= w.from_date)) AS answers,
            clientele.nps(count(*) FILTER (WHERE a.nps_group = 'promoter' AND a.counts_in_period AND a.period_start = w.last_period),
            count(*) FILTER (WHERE a.nps_group = 'passive' AND a.counts_in_period AND a.period_start = w.last_period),
            count(*) FILTER (WHERE a.nps_group = 'detractor' AND a.counts_in_period AND a.period_start = w.last_period)) AS last_answers,
            clientele.nps(count(*) FILTER (WHERE a.nps_group = 'promoter' AND a.counts_in_period AND a.period_start = w.period_before),
            count(*) FILTER (WHERE a.nps_group = 'passive' AND a.counts_in_period AND a.period_start = w.period_before),
            count(*) FILTER (WHERE a.nps_group = 'detractor' AND a.counts_in_period AND a.period_start = w.period_before)) AS before_answers,
            count(*) FILTER (WHERE h.active AND a.is_latest IS NOT FALSE) AS active_customers,
            count(*) FILTER (WHERE h.active AND a.is_latest AND a.day >= w.from_date) AS answered_customers
        FROM (SELECT k.customer, clientele.last_order(k.history, w.as_of) >= w.from_date AS active FROM workspace.customer_history k) h
        FULL JOIN workspace.answers_enriched a ON a.customer = h.customer) m
    OFFSET 0) t
CROSS JOIN LATERAL clientele.nps_interval(t.answers, 0.95::double precision, 'score'::text) i
CROSS JOIN LATERAL clientele.nps_change(t.last_answers, t.before_answers, 0.95::double precision) c
CROSS JOIN (SELECT _clientele.workspace_words(x.language) AS words FROM workspace.applied_settings x LIMIT 1) l
LEFT JOIN workspace.nps_advice v ON v.band = clientele.nps_band(t.answers, 50::double precision, 30::double precision);$sql$,
$sql$COMMENT ON VIEW workspace.nps_summary IS 'One row: would they recommend us? The Net Promoter Score of the last twelve months (nps_window), of each customer by the latest answer unless the settings say all; and the last complete period beside the one before';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_summary.from_date IS 'First day of the window';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_summary.band IS 'strong (50 and above), average (30 and above) or weak; empty without answers';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_summary.advice IS 'What to do, from the table nps_advice; why there is no score, where attach_answers() was told of another scale';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_summary.active_customers IS 'Number of customers with an order in the window';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_summary.answered_customers IS 'Number of those who answered in it';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_summary.period_start IS 'First day of the last complete period, of which the columns after it tell';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_summary.period_responses IS 'Number of answers in it';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_summary.period_score IS 'Its score; empty without answers';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_summary.enough IS 'Whether there are enough answers to go by';$sql$]),
        (94, ARRAY[
$sql$WITH period AS (
    SELECT n.* FROM workspace.nps_by_period n WHERE n.complete AND n.responses > 0 ORDER BY n.period_start DESC LIMIT 24
), score AS (
    SELECT _clientele.report_card($1, 'nps_by_period', 'nps_by_period',
        _clientele.chart_line($1, _clientele.report_say($1, 'report.nps_by_period'), array_agg(ROW(_clientele.report_period($1, p.period_start, true), p.score, p.score_lower, p.score_upper, NULL)::_clientele.chart_point ORDER BY p.period_start), NULL, NULL, 'points')
        || _clientele.report_figures($1, '{period,nps,interval,answers}', array_agg(_clientele.report_row(_clientele.report_period($1, p.period_start), _clientele.report_number($1, p.score::numeric),
            _clientele.report_interval($1, p.score_lower, p.score_upper, 0, 'number'), _clientele.report_number($1, p.responses)) ORDER BY p.period_start))) AS card
    FROM period p
    HAVING count(*) > 1
), touchpoints AS (
    SELECT _clientele.report_card($1, 'nps_by_touchpoint', 'by_touchpoint', _clientele.chart_whiskers($1, 'touchpoint', 'nps',
        array_agg(ROW(_clientele.report_name(t.touchpoint), t.score, t.score_lower, t.score_upper,
            _clientele.report_noted(_clientele.report_number($1, t.score::numeric), _clientele.report_count($1, t.responses, 'answers')))::_clientele.chart_point ORDER BY t."position"))) AS card
    FROM (SELECT x.* FROM workspace.nps_by_touchpoint x WHERE x.enough ORDER BY x."position" LIMIT 12) t
), wishes AS (
    SELECT _clientele.report_card($1, 'improvements', 'wishes', _clientele.chart_bars($1, '{wish,"",asked}',
        array_agg(ROW(_clientele.report_name(i.wish), i.asked, NULL, NULL,
            _clientele.report_noted(_clientele.report_number($1, i.asked), _clientele.report_say($1, 'report.wish_revenue', _clientele.report_money($1, i.last_year_revenue))))::_clientele.chart_point ORDER BY i."position"))) AS card
    FROM (SELECT x.* FROM workspace.improvements x ORDER BY x."position" LIMIT 6) i
)
SELECT _clientele.report_part($1, 'voice',
    format('<p class="full">%s</p>', concat_ws(' ', _clientele.report_say($1, 'report.nps_is', _clientele.report_number($1, n.score::numeric),
        _clientele.report_interval($1, n.score_lower, n.score_upper, 0, 'number'), _clientele.report_count($1, n.responses, 'answers')), _clientele.report_sentence($1, n.advice))),
    (SELECT s.card FROM score s), (SELECT t.card FROM touchpoints t), (SELECT w.card FROM wishes w))
FROM workspace.nps_summary n
WHERE n.responses > 0$sql$]),
        (95, ARRAY[
$sql$CREATE VIEW workspace.retention_value AS
WITH shop AS MATERIALIZED (
    SELECT count(*) AS customers, min(r.as_of) AS as_of, min(s.period) AS period,
        sum(clientele.revenue(h.profit_history, r.as_of)) / nullif(sum(clientele.revenue(h.history, r.as_of)), 0) AS profit_share,
        clientele.retention_curve(h.history, s.period, r.as_of) AS curve,
        clientele.activity_agg(h.history, s.period, r.first_period, r.as_of) AS activity
    FROM workspace.reporting_date r
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    CROSS JOIN workspace.customer_history h
    WHERE clientele.first_order(h.history, r.as_of) >= r.first_period
), later AS (
    SELECT sum(p.retained)::numeric / nullif(sum(p.eligible), 0) AS rate
    FROM shop CROSS JOIN LATERAL clientele.retention_points(shop.curve, 0.95::double precision) p
    WHERE p.period_number > 0
), earned AS (
    SELECT sum(p.retained_revenue + p.returned_revenue) / nullif(sum(p.retained_customers + p.returned_customers), 0) AS revenue_per_customer
    FROM shop CROSS JOIN LATERAL clientele.activity_periods(shop.activity) p
    WHERE p.complete
), gain AS (
    SELECT shop.customers, shop.as_of, shop.period, _clientele.period_step(shop.period) AS step, shop.profit_share, later.rate, least(later.rate + s.retention_step / 100, 1) AS raised_rate, earned.revenue_per_customer,
        shop.customers * (least(later.rate + s.retention_step / 100, 1) - later.rate) * earned.revenue_per_customer AS revenue,
        s.retention_step, s.enough, s.words
    FROM shop CROSS JOIN later CROSS JOIN earned
    CROSS JOIN (SELECT x.retention_step, x.enough, _clientele.workspace_words(x.language) AS words FROM workspace.applied_settings x LIMIT 1) s
    WHERE later.rate IS NOT NULL AND earned.revenue_per_customer IS NOT NULL
)
SELECT n.n AS periods_ahead,
    (clientele.period_start(g.as_of, g.period) + (n.n - 1) * g.step)::date AS period_start,
    g.customers, g.rate::double precision AS rate, g.raised_rate::double precision AS raised_rate,
    round(g.revenue_per_customer, 2) AS revenue_per_customer,
    round(g.revenue, 2) AS extra_revenue,
    round(n.n * g.revenue, 2) AS cumulative_extra_revenue,
    round(g.revenue * g.profit_share, 2) AS extra_profit,
    round(n.n * g.revenue * g.profit_share, 2) AS cumulative_extra_profit,
    format(g.words ->> 'retention_value.assumption', replace(round(100 * g.raised_rate, 1)::text, '.', g.words ->> 'number.decimal'),
        replace(round(100 * g.rate, 1)::text, '.', g.words ->> 'number.decimal'), replace(round(g.revenue_per_customer, 2)::text, '.', g.words ->> 'number.decimal')) AS assumption,
    g.customers >= g.enough AS enough
FROM gain g
CROSS JOIN generate_series(1, 12) n(n)
ORDER BY n.n;$sql$,
$sql$COMMENT ON VIEW workspace.retention_value IS 'What some points more of retention would add over the next twelve periods: five, unless the settings say otherwise';$sql$,
$sql$COMMENT ON COLUMN workspace.retention_value.periods_ahead IS '1 is the period under way or about to begin';$sql$,
$sql$COMMENT ON COLUMN workspace.retention_value.customers IS 'Number of customers known today';$sql$,
$sql$COMMENT ON COLUMN workspace.retention_value.rate IS 'Share of customers who bought in a complete period after their first one, 0 to 1: the mean over customers and periods';$sql$,
$sql$COMMENT ON COLUMN workspace.retention_value.revenue_per_customer IS 'Mean revenue of one who bought in such a period';$sql$,
$sql$COMMENT ON COLUMN workspace.retention_value.extra_revenue IS 'What the points would add in the period';$sql$,
$sql$COMMENT ON COLUMN workspace.retention_value.cumulative_extra_revenue IS 'And up to the period';$sql$,
$sql$COMMENT ON COLUMN workspace.retention_value.extra_profit IS 'The same as profit, at the shop''s share of profit in revenue; empty where no column of it is attached';$sql$,
$sql$COMMENT ON COLUMN workspace.retention_value.cumulative_extra_profit IS 'And up to the period';$sql$,
$sql$COMMENT ON COLUMN workspace.retention_value.assumption IS 'What is assumed, in words';$sql$]),
        (96, ARRAY[
$sql$SELECT _clientele.report_part($1, 'worth', _clientele.report_card('retention_value',
    _clientele.report_say($1, 'report.worth.title', _clientele.report_money($1, max(v.cumulative_extra_revenue)), _clientele.report_word($1, 'period.ahead.' || ($1 -> 'settings' ->> 'period')), _clientele.report_points($1, max(v.raised_rate) - max(v.rate))),
    _clientele.report_say($1, 'report.worth.note', _clientele.report_percent($1, 100 * max(v.raised_rate), 1), _clientele.report_percent($1, 100 * max(v.rate), 1),
        _clientele.report_count($1, max(v.customers), 'customers'), _clientele.report_money($1, max(v.revenue_per_customer))),
    _clientele.chart_columns($1, _clientele.report_say($1, 'report.worth'), array_agg(ROW(_clientele.report_period($1, v.period_start, true), ARRAY[v.cumulative_extra_revenue], NULL)::_clientele.chart_column ORDER BY v.periods_ahead))
    || _clientele.report_figures($1, '{period,extra_revenue}', array_agg(_clientele.report_row(_clientele.report_period($1, v.period_start), _clientele.report_money($1, v.cumulative_extra_revenue)) ORDER BY v.periods_ahead)), 'full'))
FROM workspace.retention_value v
HAVING bool_and(v.enough) AND max(v.cumulative_extra_revenue) > 0$sql$]),
        (97, ARRAY[
$sql$SELECT _clientele.report_say($1, 'summary.worth.finding', _clientele.report_points($1, v.raised_rate - v.rate), _clientele.report_money($1, v.cumulative_extra_revenue), _clientele.report_word($1, 'period.ahead.' || ($1 -> 'settings' ->> 'period')),
        _clientele.report_percent($1, 100 * v.rate, 1), _clientele.report_percent($1, 100 * v.raised_rate, 1)),
    _clientele.report_say($1, 'summary.worth.advice')
FROM workspace.retention_value v
WHERE v.enough AND v.cumulative_extra_revenue > 0
ORDER BY v.periods_ahead DESC LIMIT 1$sql$]),
        (98, ARRAY[
$sql$SELECT _clientele.report_say($1, 'summary.call.finding', string_agg(format('%s (%s)', _clientele.report_line(coalesce(nullif(r.customer_name, ''), r.customer::text)), _clientele.report_money($1, r.last_year_revenue)), ', ' ORDER BY r."position") FILTER (WHERE r."position" <= 3),
        _clientele.report_count($1, count(*), 'customers'), _clientele.report_money($1, sum(r.last_year_revenue))),
    _clientele.report_plain($1, min(r.approach))
FROM workspace.at_risk r
HAVING count(*) > 0$sql$]),
        (99, ARRAY[
$sql$SELECT _clientele.report_say($1, 'summary.light.finding', _clientele.report_word($1, 'summary.light.' || x.light), _clientele.report_count($1, x.customers, 'customers')),
    concat_ws(' ', _clientele.report_plain($1, x.advice), CASE WHEN NOT x.enough THEN _clientele.report_say($1, 'report.few', _clientele.report_count($1, x.customers, 'customers')) END)
FROM workspace.express_test x
WHERE x.customers > 0 AND x.light IS NOT NULL$sql$]),
        (100, ARRAY[
$sql$SELECT _clientele.report_say($1, 'summary.lost.finding', _clientele.report_count($1, count(*), 'customers'), _clientele.report_money($1, sum(w.last_year_revenue)), _clientele.report_money($1, coalesce(sum(w.expected_value) FILTER (WHERE w.enough), 0))),
    _clientele.report_plain($1, min(w.approach))
FROM workspace.win_back w
HAVING count(*) > 0$sql$]),
        (101, ARRAY[
$sql$CREATE VIEW workspace.rating_summary AS
SELECT v.dimension, v.value, q.responses, q.satisfied, i.estimate AS satisfied_share, i.lower AS satisfied_share_lower, i.upper AS satisfied_share_upper,
    q.mean_rating, q.lowest, q.highest, q.satisfied_from, q.responses >= q.enough AS enough
FROM (
    SELECT a.dimension, a.value, count(*) AS responses, count(*) FILTER (WHERE a.score >= a.satisfied_from) AS satisfied, avg(a.score) AS mean_rating,
        min(a.lowest) AS lowest, min(a.highest) AS highest, min(a.satisfied_from) AS satisfied_from, min(a.enough) AS enough
    FROM (
        SELECT e.score, w.lowest, w.highest, w.enough, d.dimension, d.value,
            w.highest + 1 - CASE WHEN w.highest - w.lowest = 1 THEN 1 WHEN w.highest - w.lowest <= 10 THEN 2 ELSE (w.highest - w.lowest) / 5 END AS satisfied_from
        FROM workspace.answers_enriched e
        JOIN workspace.answer_window w ON w.lowest <> 0 OR w.highest <> 10
        CROSS JOIN LATERAL (VALUES
            ('all'::text, 'all'::text, e.counts_overall AND e.day >= w.from_date),
            ('period', to_char(e.period_start, 'YYYY-MM-DD'), e.counts_in_period AND e.period_start >= w.first_period),
            ('touchpoint', coalesce(e.touchpoint, 'unknown'), e.counts_at_touchpoint AND e.day >= w.from_date)) d(dimension, value, counts)
        WHERE d.counts) a
    GROUP BY a.dimension, a.value) q
CROSS JOIN LATERAL (SELECT q.dimension, q.value) v
CROSS JOIN LATERAL clientele.wilson_interval(q.satisfied, q.responses, 0.95::double precision) i
ORDER BY v.dimension, v.value;$sql$,
$sql$COMMENT ON VIEW workspace.rating_summary IS 'How many are satisfied, where attach_answers() was told of another scale than 0 to 10: in all and by touchpoint in the last twelve months (nps_window), and period by period. Of each customer the latest answer counts, unless the settings say all';$sql$,
$sql$COMMENT ON COLUMN workspace.rating_summary.dimension IS 'all, period or touchpoint';$sql$,
$sql$COMMENT ON COLUMN workspace.rating_summary.value IS 'The first day of the period, or the touchpoint, unknown where answers do not tell';$sql$,
$sql$COMMENT ON COLUMN workspace.rating_summary.lowest IS 'The lowest rating of the scale';$sql$,
$sql$COMMENT ON COLUMN workspace.rating_summary.highest IS 'The highest one';$sql$,
$sql$COMMENT ON COLUMN workspace.rating_summary.satisfied IS 'Number of those at the two highest levels; of two levels at the higher one, of more than eleven in the upper fifth';$sql$,
$sql$COMMENT ON COLUMN workspace.rating_summary.mean_rating IS 'The mean rating, on the scale as it is';$sql$,
$sql$COMMENT ON COLUMN workspace.rating_summary.satisfied_from IS 'From this rating on';$sql$,
$sql$COMMENT ON COLUMN workspace.rating_summary.enough IS 'Whether there are enough answers to go by';$sql$]),
        (102, ARRAY[
$sql$SELECT concat(_clientele.report_say($1, 'summary.nps.finding', _clientele.report_number($1, n.score::numeric), _clientele.report_interval($1, n.score_lower, n.score_upper, 0, 'number'), _clientele.report_count($1, n.responses, 'answers')),
        '; ' || _clientele.report_say($1, 'summary.nps.change', _clientele.report_period($1, n.period_start), _clientele.report_number($1, n.period_score::numeric), _clientele.report_number($1, n.previous_score::numeric), CASE WHEN n.verdict IS NOT NULL THEN _clientele.report_word($1, 'summary.verdict.' || n.verdict) END)),
    _clientele.report_plain($1, n.advice)
FROM workspace.nps_summary n
WHERE n.responses > 0
UNION ALL
SELECT _clientele.report_say($1, 'summary.nps.ratings', _clientele.report_percent($1, 100 * r.satisfied_share), _clientele.report_interval($1, 100 * r.satisfied_share_lower, 100 * r.satisfied_share_upper), _clientele.report_count($1, r.responses, 'answers')), NULL
FROM workspace.rating_summary r
WHERE r.dimension = 'all'$sql$]),
        (103, ARRAY[
$sql$CREATE VIEW workspace.abc_summary AS
WITH class AS (
    SELECT c.abc, grouping(c.abc) = 1 AS is_whole, count(*) AS customers, count(c.class_value) AS buyers,
        sum(c.window_revenue) AS revenue, sum(c.window_profit) AS profit, sum(c.class_value) AS value,
        sum(c.window_revenue) FILTER (WHERE c.abc IS NOT NULL) AS buyer_revenue,
        sum(c.window_profit) FILTER (WHERE c.abc IS NOT NULL) AS buyer_profit,
        min(c.class_value) AS lowest_value, count(*) FILTER (WHERE c.class_value < 0) AS losses,
        sum(c.class_value) FILTER (WHERE c.class_value < 0) AS loss_amount,
        count(*) FILTER (WHERE c.cell IS NULL) AS without_cell, count(*) FILTER (WHERE c.brings_80) AS bring_80,
        clientele.gini(c.class_value) AS gini
    FROM workspace.customer_classes c
    GROUP BY GROUPING SETS ((c.abc), ())
)
SELECT v."position", v.abc, coalesce(c.customers, 0) AS customers,
    CASE WHEN v.abc <> 'none' THEN 100 * coalesce(c.customers, 0)::double precision / nullif(w.buyers, 0) END AS pct_of_customers,
    coalesce(c.revenue, 0.00) AS window_revenue,
    CASE WHEN v.abc <> 'none' AND w.buyer_revenue > 0
        THEN (100 * coalesce(c.revenue, 0) / w.buyer_revenue)::double precision END AS pct_of_window_revenue,
    CASE WHEN s.has_profit THEN coalesce(c.profit, 0.00) END AS window_profit,
    CASE WHEN v.abc <> 'none' AND w.buyer_profit > 0 THEN (100 * coalesce(c.profit, 0) / w.buyer_profit)::double precision END AS pct_of_window_profit,
    c.lowest_value,
    (c.value / nullif(c.buyers, 0))::double precision AS average_value,
    coalesce(c.losses, 0) AS losses,
    coalesce(c.loss_amount, 0.00) AS loss_amount,
    coalesce(c.without_cell, 0) AS without_cell,
    100 * w.bring_80::double precision / nullif(w.buyers, 0) AS pct_of_customers_bringing_80,
    (SELECT min(b.low) FROM workspace.benchmarks b WHERE b.measure = 'pct_of_customers_bringing_80')::double precision AS classic_pct_of_customers,
    w.gini,
    s.abc_by,
    coalesce(c.customers, 0) >= s.enough AS enough
FROM (VALUES (1, 'A'), (2, 'B'), (3, 'C'), (4, 'none')) v("position", abc)
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
JOIN class w ON w.is_whole
LEFT JOIN class c ON NOT c.is_whole AND coalesce(c.abc, 'none') = v.abc
ORDER BY v."position";$sql$,
$sql$COMMENT ON VIEW workspace.abc_summary IS 'ABC classes: how many customers bring how much of the window''s revenue or profit. Always A, B, C and none: customers without a purchase in the window, who may have returned something in it';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_summary."position" IS 'Order in which to show the classes';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_summary.abc IS 'A, B, C, or none';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_summary.pct_of_customers IS 'Share of the customers who bought in the window, 0 to 100';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_summary.pct_of_window_revenue IS 'Share of the revenue of A, B and C, 0 to 100; empty where there is none';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_summary.pct_of_window_profit IS 'Share of the profit of A, B and C, 0 to 100';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_summary.lowest_value IS 'The lowest value in the class, of what abc_by says';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_summary.losses IS 'Number of customers with a value below zero: more returned than bought, or a loss';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_summary.loss_amount IS 'Sum of these values';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_summary.without_cell IS 'Number of customers in no cell of the matrix: without a purchase in the window, or without an XYZ class';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_summary.pct_of_customers_bringing_80 IS 'Share of the customers who bring 80 % of the whole, the same in every row, 0 to 100';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_summary.classic_pct_of_customers IS 'The classic 20 %, to compare it with, from the table benchmarks';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_summary.gini IS 'Gini coefficient of the values, the same in every row: 0 if all bring the same, near 1 if one brings all';$sql$,
$sql$COMMENT ON COLUMN workspace.abc_summary.abc_by IS 'What the classes are decided by: revenue or profit';$sql$]),
        (104, ARRAY[
$sql$SELECT _clientele.report_say($1, 'summary.pareto.finding', _clientele.report_percent($1, a.pct_of_customers_bringing_80), _clientele.report_word($1, 'report.of.' || a.abc_by)),
    _clientele.report_say($1, 'summary.pareto.advice', _clientele.report_count($1, a.customers, 'customers'))
FROM workspace.abc_summary a
WHERE a.abc = 'A' AND a.pct_of_customers_bringing_80 IS NOT NULL AND a.customers > 0$sql$]),
        (105, ARRAY[
$sql$SELECT _clientele.report_say($1, 'summary.rows.finding', _clientele.report_percent($1, min(q.pct_of_rows) FILTER (WHERE q.reason = 'used'), 1),
        coalesce((array_agg(lower(left(d.description, 1)) || substr(d.description, 2) ORDER BY q.order_rows DESC) FILTER (WHERE q.reason <> 'used' AND q.order_rows > 0))[1], _clientele.report_word($1, 'summary.rows.none'))),
    _clientele.report_say($1, CASE WHEN $1 -> 'settings' ->> 'missed_since' IS NOT NULL THEN 'summary.rows.missed'
        WHEN min(q.pct_of_rows) FILTER (WHERE q.reason = 'used') >= 95 THEN 'summary.rows.good' ELSE 'summary.rows.advice' END)
FROM workspace.data_quality q
CROSS JOIN LATERAL (SELECT _clientele.report_plain($1, q.description) AS description) d
HAVING sum(q.order_rows) > 0$sql$]),
        (106, ARRAY[
$sql$SELECT _clientele.report_say($1, 'summary.shares.finding', _clientele.report_percent($1, 100 * x.one_time_share), _clientele.report_interval($1, 100 * x.one_time_share_lower, 100 * x.one_time_share_upper),
        _clientele.report_percent($1, 100 * x.regular_share), _clientele.report_interval($1, 100 * x.regular_share_lower, 100 * x.regular_share_upper)),
    _clientele.report_say($1, CASE WHEN x.one_time_share > ($1 -> 'settings' ->> 'one_time_limit')::double precision THEN 'summary.shares.advice' ELSE 'summary.shares.good' END,
        _clientele.report_percent($1, 100 * ($1 -> 'settings' ->> 'one_time_limit')::double precision))
FROM workspace.express_test x
WHERE x.customers > 0$sql$]),
        (107, ARRAY[
$sql$SELECT _clientele.report_say($1, 'summary.touchpoint.finding', _clientele.report_line(t.touchpoint), _clientele.report_number($1, t.score::numeric), _clientele.report_interval($1, t.score_lower, t.score_upper, 0, 'number'), _clientele.report_count($1, t.responses, 'answers')),
    _clientele.report_say($1, 'summary.touchpoint.advice', _clientele.report_line(t.touchpoint))
FROM workspace.nps_by_touchpoint t
WHERE t.enough AND t.detractors > 0
ORDER BY t.score_upper, t.touchpoint LIMIT 1$sql$]),
        (108, ARRAY[
$sql$CREATE TABLE workspace.missed_changes (
    missed_at timestamptz NOT NULL,
    relation text NOT NULL
);$sql$,
$sql$COMMENT ON TABLE workspace.missed_changes IS 'When orders were written that triggers could not read: until they are attached again, figures lack them';$sql$,
$sql$COMMENT ON COLUMN workspace.missed_changes.missed_at IS 'When';$sql$,
$sql$COMMENT ON COLUMN workspace.missed_changes.relation IS 'The table that was written';$sql$]),
        (109, ARRAY[
$sql$CREATE TABLE workspace.touchpoint_catalogue (
    touchpoint text PRIMARY KEY
        CONSTRAINT "touchpoint has a name" CHECK (btrim(touchpoint) <> ''),
    touchpoint_group text NOT NULL
        CONSTRAINT "touchpoint_group is business, product, service or employee"
        CHECK (touchpoint_group IN ('business', 'product', 'service', 'employee')),
    description text,
    "position" integer NOT NULL DEFAULT 1000
);$sql$,
$sql$INSERT INTO workspace.touchpoint_catalogue ("position", touchpoint_group, touchpoint, description)
SELECT p."position", g.touchpoint_group, w.words->>('touchpoint.' || p."position" || '.name'), w.words->>('touchpoint.' || p."position" || '.description')
FROM (VALUES (101, 111, 'business'), (201, 210, 'product'), (301, 311, 'service'), (401, 410, 'employee')) g(first, last, touchpoint_group)
CROSS JOIN LATERAL generate_series(g.first, g.last) p("position")
CROSS JOIN (SELECT _clientele.workspace_words(s.language) AS words FROM workspace.settings s) w;$sql$,
$sql$UPDATE workspace.touchpoint_catalogue c SET description = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key ~ '^touchpoint[.][0-9]+[.]description$' AND t.said = c.description AND t.words <> c.description;$sql$,
$sql$UPDATE workspace.touchpoint_catalogue c SET touchpoint = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key ~ '^touchpoint[.][0-9]+[.]name$' AND t.said = c.touchpoint AND t.words <> c.touchpoint
    AND NOT EXISTS (SELECT FROM workspace.touchpoint_catalogue o WHERE o.touchpoint = t.words)
    AND NOT EXISTS (
        SELECT FROM _clientele.workspace_values_used($1, 'touchpoint'::name, '{touchpoint_ratings,funnel_stages,answer_rows,touchpoint_rows}'::name[]) u(touchpoint)
        WHERE u.touchpoint = c.touchpoint);$sql$,
$sql$COMMENT ON TABLE workspace.touchpoint_catalogue IS 'Where customers meet the business: a list to rate in touchpoint_ratings, yours to edit';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_catalogue.touchpoint IS 'The point where they meet it';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_catalogue.description IS 'What to look at';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_catalogue."position" IS 'Order in which to show it';$sql$]),
        (110, ARRAY[
$sql$CREATE TABLE workspace.touchpoint_ratings (
    rater text
        CONSTRAINT "rater has a name" CHECK (btrim(rater) <> ''),
    day date DEFAULT current_date
        CONSTRAINT "day is within the years 1 to 9999" CHECK (day >= date '0001-01-01' AND day < date '10000-01-01'),
    touchpoint text REFERENCES workspace.touchpoint_catalogue ON UPDATE CASCADE,
    level text NOT NULL
        CONSTRAINT "level is awful, ok or wow" CHECK (level IN ('awful', 'ok', 'wow')),
    note text,
    CONSTRAINT "a rater rates a touchpoint once a day" PRIMARY KEY (touchpoint, rater, day)
);$sql$,
$sql$COMMENT ON TABLE workspace.touchpoint_ratings IS 'What somebody made of a touchpoint on a day: yours to fill; touchpoint_scorecard sums it up, of days before the reporting date';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_ratings.rater IS 'Who rated: a customer, a colleague, a test buyer';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_ratings.day IS 'On which day, today unless given';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_ratings.touchpoint IS 'Which touchpoint of the catalogue';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_ratings.level IS 'awful (would tell others not to come), ok (as expected), or wow (would tell others to come)';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_ratings.note IS 'What was seen';$sql$]),
        (111, ARRAY[
$sql$CREATE VIEW workspace.cell_migration AS
WITH histories AS MATERIALIZED (SELECT h.history, h.profit_history FROM workspace.customer_history h)
SELECT m.period_start, m.as_of,
    CASE WHEN m.known_before THEN coalesce(m.before, 'none') ELSE 'acquired' END AS from_cell,
    coalesce(m.after, 'none') AS to_cell,
    m.customers,
    100 * m.customers::double precision / (sum(m.customers) OVER (PARTITION BY m.as_of, m.known_before, m.before))::double precision
        AS pct_of_from,
    m.revenue
FROM (
    SELECT f.period_start, f.as_of, f.known_before, f.from_state AS before, f.to_state AS after, f.customers, f.revenue
    FROM (
        SELECT _clientele.cell_migration(h.history, h.profit_history, l.rules) AS migration
        FROM (
            SELECT _clientele.class_limits(x.history, x.profit_history, r.rules) AS rules
            FROM (
                SELECT _clientele.class_rules(_clientele.last_period_ends(d.as_of, s.period), s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b,
                            s.xyz_by, s.frequency_within, s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within,
                            s.regular_purchases, s.count_by, NULL::integer, NULL::double precision) AS rules
                FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
                LIMIT 1) r
            CROSS JOIN histories x) l
        CROSS JOIN histories h) g
    CROSS JOIN LATERAL _clientele.migration_flows(g.migration) f
    WHERE f.known_before IS NOT NULL
) m;$sql$,
$sql$COMMENT ON VIEW workspace.cell_migration IS 'Customers by their cell of the matrix before and after each of the last eleven periods';$sql$,
$sql$COMMENT ON COLUMN workspace.cell_migration.as_of IS 'The day after its last';$sql$,
$sql$COMMENT ON COLUMN workspace.cell_migration.from_cell IS 'Cell at the start of the period; none: in no cell; acquired: no order before it';$sql$,
$sql$COMMENT ON COLUMN workspace.cell_migration.to_cell IS 'Cell at its end; none: in no cell';$sql$,
$sql$COMMENT ON COLUMN workspace.cell_migration.pct_of_from IS 'Their share of those who were in from_cell, 0 to 100';$sql$,
$sql$COMMENT ON COLUMN workspace.cell_migration.revenue IS 'Their revenue within the period';$sql$]),
        (112, ARRAY[
$sql$CREATE VIEW workspace.changed_days AS
SELECT p.day, sum(p.order_rows)::bigint AS order_rows
FROM (
    SELECT a.day, a.orders + a.returns AS order_rows
    FROM (SELECT clientele.rollup(c.added) AS added FROM workspace.order_changes c WHERE c.customer IS NOT NULL) h
    CROSS JOIN LATERAL clientele.history_days(h.added) a
    UNION ALL
    SELECT r.day, -(r.orders + r.returns)
    FROM (SELECT clientele.rollup(c.removed) AS removed FROM workspace.order_changes c WHERE c.customer IS NOT NULL) h
    CROSS JOIN LATERAL clientele.history_days(h.removed) r
) p
GROUP BY p.day;$sql$,
$sql$COMMENT ON VIEW workspace.changed_days IS 'The number of orders and returns that pending changes add on each day, or take away';$sql$]),
        (113, ARRAY[
$sql$CREATE VIEW workspace.changed_first_orders AS
SELECT DISTINCT ON (o.customer) o.customer, o.day, o.source, o.category, o.kept_amount AS amount, o.ordered_at AS at, o.order_key
FROM workspace.order_rows o
WHERE (o.has_source OR o.has_category) AND o.usable AND o.is_order
    AND o.customer IN (
        SELECT c.customer
        FROM workspace.order_changes c
        LEFT JOIN workspace.first_orders_data h ON h.customer = c.customer
        WHERE h.customer IS NULL OR c.removed IS NOT NULL OR clientele.first_order(c.added) <= h.day
        UNION ALL
        SELECT h.customer FROM workspace.first_orders_data h WHERE h.is_unknown)
ORDER BY o.customer, o.day, o.ordered_at, o.order_key, o.kept_amount, o.source, o.category;$sql$,
$sql$COMMENT ON VIEW workspace.changed_first_orders IS 'The first orders of customers who are new or whose pending changes may move the first, looked up in the orders';$sql$,
$sql$COMMENT ON COLUMN workspace.changed_first_orders.at IS 'Its time, as in the orders';$sql$]),
        (114, ARRAY[
$sql$CREATE VIEW workspace.changed_histories AS
SELECT p.customer, clientele.history_less(clientele.rollup(p.history), clientele.rollup(p.removed)) AS history,
    CASE WHEN (SELECT s.has_profit FROM workspace.applied_settings s)
        THEN clientele.history_less(clientele.rollup(p.profit_history), clientele.rollup(p.removed_profit)) END AS profit_history,
    nullif(greatest(sum(p.no_time), 0), 0)::bigint AS no_time,
    nullif(greatest(sum(p.invalid_time), 0), 0)::bigint AS invalid_time,
    nullif(greatest(sum(p.no_amount), 0), 0)::bigint AS no_amount,
    nullif(greatest(sum(p.invalid_amount), 0), 0)::bigint AS invalid_amount,
    nullif(greatest(sum(p.zero_amount), 0), 0)::bigint AS zero_amount
FROM (
    SELECT c.customer, c.added AS history, c.removed, c.added_profit AS profit_history, c.removed_profit,
        c.no_time, c.invalid_time, c.no_amount, c.invalid_amount, c.zero_amount
    FROM workspace.order_changes c
    UNION ALL
    SELECT d.customer, d.history, NULL AS removed, d.profit_history, NULL AS removed_profit,
        d.no_time, d.invalid_time, d.no_amount, d.invalid_amount, d.zero_amount
    FROM workspace.order_history_data d
    WHERE d.customer IN (SELECT x.customer FROM workspace.order_changes x)
    UNION ALL
    SELECT d.customer, d.history, NULL AS removed, d.profit_history, NULL AS removed_profit,
        d.no_time, d.invalid_time, d.no_amount, d.invalid_amount, d.zero_amount
    FROM workspace.order_history_data d
    WHERE d.customer IS NULL
) p
GROUP BY p.customer;$sql$,
$sql$COMMENT ON VIEW workspace.changed_histories IS 'The histories of customers with pending changes, and of the orders without a customer: stored and pending together, those included of which nothing is left';$sql$]),
        (115, ARRAY[
$sql$CREATE VIEW workspace.cohorts_by_dimension AS
WITH cohort AS MATERIALIZED (
    SELECT h.dimension, h.value, h.cohort_start, clientele.rollup(h.history) FILTER (WHERE h.dimension IS NOT NULL) AS history,
        clientele.retention_curve(h.history, h.period, h.as_of) FILTER (WHERE h.dimension IS NOT NULL) AS curve,
        min(h.as_of) AS as_of, min(h.enough) AS enough, min(h.step) AS step
    FROM (
        SELECT d.dimension, d.value, clientele.period_start(clientele.first_order(c.history), s.period) AS cohort_start, c.history,
            s.period, _clientele.period_step(s.period) AS step, s.enough, r.as_of
        FROM workspace.customer_dimensions d
        FULL JOIN (SELECT DISTINCT ON (x.customer) x.customer, x.history FROM workspace.customer_history x) c ON c.customer = d.customer
        CROSS JOIN workspace.reporting_date r
        CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
        WHERE coalesce(clientele.first_order(c.history, r.as_of), date '-infinity') >= r.first_period
        OFFSET 0) h
    GROUP BY h.dimension, h.value, h.cohort_start
)
SELECT c.dimension, c.value, p.cohort_start, p.cohort_label, p.customers, p.period_number, p.period_start, p.complete,
    p.eligible, p.retained, p.rate, p.lower, p.upper, p.retained_on_or_after, p.rate_on_or_after, p.lower_on_or_after,
    p.upper_on_or_after, coalesce(r.revenue, 0.00) AS revenue,
    coalesce(r.so_far, 0.00) AS cumulative_revenue,
    (coalesce(r.so_far, 0) / nullif(p.customers, 0))::double precision AS cumulative_revenue_per_customer,
    p.customers >= c.enough AS enough
FROM (
    SELECT k.dimension, k.value, clientele.rollup(k.curve) AS curve, min(k.enough) AS enough
    FROM cohort k
    WHERE k.dimension IS NOT NULL
    GROUP BY k.dimension, k.value
) c
CROSS JOIN LATERAL clientele.retention_cohorts(c.curve, 0.95::double precision) p
LEFT JOIN cohort e ON e.dimension = c.dimension AND e.value = c.value AND e.cohort_start = p.cohort_start
CROSS JOIN LATERAL (SELECT least((p.period_start + e.step)::date, e.as_of) AS until) u
CROSS JOIN LATERAL (
    SELECT clientele.revenue(e.history, p.period_start, u.until) AS revenue, clientele.revenue(e.history, p.cohort_start, u.until) AS so_far) r;$sql$,
$sql$COMMENT ON VIEW workspace.cohorts_by_dimension IS 'retention_cohorts by where customers came from, what they bought first, and the columns of the table of customers';$sql$,
$sql$COMMENT ON COLUMN workspace.cohorts_by_dimension.customers IS 'Number of customers in the cohort';$sql$,
$sql$COMMENT ON COLUMN workspace.cohorts_by_dimension.complete IS 'Whether the period is complete; else its rates are empty and its revenue is as far as it has come';$sql$,
$sql$COMMENT ON COLUMN workspace.cohorts_by_dimension.revenue IS 'Revenue from the cohort in the period';$sql$]),
        (116, ARRAY[
$sql$CREATE VIEW workspace.current_preferences AS
SELECT h.customer, h.source, h.category, h.history
FROM workspace.customer_preferences_data h
WHERE h.history OPERATOR(clientele.<>) '{}'::clientele.purchase_history
    AND NOT EXISTS (SELECT FROM (SELECT DISTINCT x.customer FROM workspace.order_changes x) c WHERE c.customer = h.customer)
UNION ALL
SELECT h.customer, h.source, h.category, h.history
FROM (
    SELECT p.customer, p.source, p.category, clientele.history_less(clientele.rollup(p.history), clientele.rollup(p.removed)) AS history
    FROM (
        SELECT c.customer, c.source, c.category, c.added AS history, c.removed
        FROM workspace.order_changes c
        WHERE c.customer IS NOT NULL AND c.is_order
        UNION ALL
        SELECT d.customer, d.source, d.category, d.history, NULL AS removed
        FROM workspace.customer_preferences_data d
        WHERE d.customer IN (SELECT x.customer FROM workspace.order_changes x)
    ) p
    GROUP BY p.customer, p.source, p.category
) h
WHERE h.history OPERATOR(clientele.<>) '{}'::clientele.purchase_history;$sql$,
$sql$COMMENT ON VIEW workspace.current_preferences IS 'The orders of customers by source and category as histories, returns left out: stored and pending together';$sql$]),
        (117, ARRAY[
$sql$CREATE VIEW workspace.customer_changes AS
SELECT h.customer, c.as_of, 'stage' AS kind, c.changed_to, c.changed_from
FROM workspace.reporting_date r
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN workspace.customer_history h
CROSS JOIN LATERAL clientele.stage_changes(h.history, s.period, r.first_period, r.as_of,
    s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by) c
UNION ALL
SELECT h.customer, c.as_of, 'class' AS kind, c.changed_to, c.changed_from
FROM (
    SELECT _clientele.class_rules_with(r.rules, m.lowest_a, m.lowest_b) AS rules
    FROM (
        SELECT _clientele.class_rules(_clientele.last_period_ends(d.as_of, s.period), s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b,
            s.xyz_by, s.frequency_within, s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within,
            s.regular_purchases, s.count_by, NULL::integer, NULL::double precision) AS rules
        FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
        LIMIT 1) r
    CROSS JOIN (
        SELECT array_agg(x.lowest_a ORDER BY x.as_of) AS lowest_a, array_agg(x.lowest_b ORDER BY x.as_of) AS lowest_b
        FROM workspace.class_limits x) m
    OFFSET 0) l
CROSS JOIN workspace.customer_history h
CROSS JOIN LATERAL _clientele.class_changes(h.history, h.profit_history, l.rules) c;$sql$,
$sql$COMMENT ON VIEW workspace.customer_changes IS 'Changes of customers to another stage of the lifecycle and, where figures are stored, to another cell of the matrix, as of the ends of periods';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_changes.as_of IS 'The day after the last of a period: what changed within it';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_changes.kind IS 'stage: of the lifecycle, in all periods since the first order; class: the cell of the matrix, in the periods of class_history';$sql$]),
        (118, ARRAY[
$sql$CREATE VIEW workspace.customer_changes AS
SELECT h.customer, c.as_of, 'stage' AS kind, c.changed_to, c.changed_from
FROM workspace.reporting_date r
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN workspace.customer_history h
CROSS JOIN LATERAL clientele.stage_changes(h.history, s.period, r.first_period, r.as_of,
    s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by) c;$sql$,
$sql$COMMENT ON VIEW workspace.customer_changes IS 'Changes of customers to another stage of the lifecycle and, where figures are stored, to another cell of the matrix, as of the ends of periods';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_changes.as_of IS 'The day after the last of a period: what changed within it';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_changes.kind IS 'stage: of the lifecycle, in all periods since the first order; class: the cell of the matrix, in the periods of class_history';$sql$]),
        (119, ARRAY[
$sql$CREATE VIEW workspace.customer_timeline AS
SELECT o.customer, coalesce(o.instant, _clientele.workspace_instant(o.day::timestamp AT TIME ZONE s.time_zone)) AS happened_at, o.day,
    CASE WHEN o.is_order THEN 'order' ELSE 'return' END AS kind, coalesce(o.order_id, CASE WHEN o.is_order THEN 'order' ELSE 'return' END) AS title,
    nullif(concat_ws(', ', o.category, o.source), '') AS detail, o.kept_amount AS amount
FROM workspace.order_rows o
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
WHERE o.customer IS NOT NULL AND o.usable AND o.day < (SELECT r.as_of FROM workspace.reporting_date r)
UNION ALL
SELECT a.customer, a.instant AS happened_at, a.day, 'answer' AS kind, a.score::text AS title,
    nullif(concat_ws(', ', a.touchpoint, nullif(btrim(a.comment), '')), '') AS detail, NULL::numeric AS amount
FROM workspace.answer_rows a
WHERE a.customer IS NOT NULL AND a.usable AND a.day < (SELECT r.as_of FROM workspace.reporting_date r)
UNION ALL
SELECT t.customer, t.instant AS happened_at, t.day, 'touchpoint' AS kind, t.touchpoint AS title,
    nullif(concat_ws(', ', t.source, t.reason), '') AS detail, NULL::numeric AS amount
FROM workspace.touchpoint_rows t
WHERE t.usable AND t.day < (SELECT r.as_of FROM workspace.reporting_date r)
UNION ALL
SELECT c.customer, c.as_of::timestamp AT TIME ZONE s.time_zone AS happened_at, c.as_of AS day, c.kind, c.changed_to AS title,
    'before: ' || c.changed_from AS detail, NULL::numeric AS amount
FROM workspace.customer_changes c
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s;$sql$,
$sql$COMMENT ON VIEW workspace.customer_timeline IS 'All that is known of a customer: orders, returns, answers, touchpoints, changes of stage and class. For looking up one, WHERE customer = ... ORDER BY happened_at, which an index on the customer serves';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_timeline.happened_at IS 'When; of a day its beginning';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_timeline.day IS 'Its day';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_timeline.kind IS 'order, return, answer, touchpoint, or stage and class as in customer_changes';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_timeline.title IS 'What: the number of an order, the score of an answer, the touchpoint, the new stage or cell';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_timeline.detail IS 'More about it: category and source, touchpoint and comment, the stage or cell before';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_timeline.amount IS 'Amount of an order or return; else empty';$sql$]),
        (120, ARRAY[
$sql$CREATE VIEW workspace.customers AS
SELECT c.customer, c.orders, c.purchase_days, c.revenue, c.average_order, c.first_order, c.last_order,
    c.days_since_last, c.gap_days, c.returns, c.profit, c.purchases, c.window_revenue, c.window_profit,
    c.window_returns, c.last_year_revenue, c.abc, c.xyz, c.cell, c.stage,
    c.recency_score, c.frequency_score, c.monetary_score, coalesce(g.segment, 'other') AS segment, c.at_risk,
    c.usual_gap, c.missing_revenue, c.pareto_share, p.action AS policy, c.as_of, d.customer_name, d.contact
FROM workspace.customer_classes c
LEFT JOIN workspace.rfm_cells g ON g.recency_score = c.recency_score AND g.frequency_score = c.frequency_score
    AND g.monetary_score = c.monetary_score
LEFT JOIN workspace.policies p ON p.cell = c.cell
LEFT JOIN workspace.customer_details d ON d.customer = c.customer;$sql$,
$sql$COMMENT ON VIEW workspace.customers IS 'One row per customer with at least one order before the reporting date';$sql$,
$sql$COMMENT ON COLUMN workspace.customers.orders IS 'Number of orders: rows with an amount of zero or more';$sql$,
$sql$COMMENT ON COLUMN workspace.customers.cell IS 'Both: AX to CZ';$sql$,
$sql$COMMENT ON COLUMN workspace.customers.segment IS 'Segment by the RFM scores, from the table segments';$sql$,
$sql$COMMENT ON COLUMN workspace.customers.policy IS 'What to do: the action of the cell, from the table policies';$sql$]),
        (121, ARRAY[
$sql$CREATE VIEW workspace.first_purchase AS
SELECT f.dimension, f.value, f.customers, f.eligible, f.repeated, i.estimate AS rate, i.lower, i.upper,
    f.revenue, (f.revenue / nullif(f.customers, 0))::double precision AS average_revenue, f.eligible = f.customers AS complete,
    f.eligible >= f.enough AS enough
FROM (
    SELECT d.dimension, d.value, count(h.first_order) AS customers,
        count(*) FILTER (WHERE h.first_order + h.span <= h.as_of) AS eligible,
        count(*) FILTER (WHERE h.first_order + h.span <= h.as_of AND (h.repeat).ended AND (h.repeat).duration < h.span) AS repeated,
        sum(h.revenue) AS revenue, min(h.enough) AS enough
    FROM workspace.customer_dimensions d
    FULL JOIN (
        SELECT DISTINCT ON (c.customer) c.customer, r.as_of, s.enough, r.as_of - (r.as_of - s.lost_after)::date AS span,
            clientele.first_order(c.history, r.as_of) AS first_order, clientele.revenue(c.history, r.as_of) AS revenue,
            clientele.repeat_time(c.history, 1, r.as_of, 'days'::text) AS repeat
        FROM workspace.reporting_date r
        CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
        CROSS JOIN workspace.customer_history c) h ON h.customer = d.customer
    GROUP BY d.dimension, d.value) f
CROSS JOIN LATERAL clientele.wilson_interval(f.repeated, f.eligible, 0.95::double precision) i
WHERE f.dimension IS NOT NULL AND f.customers > 0;$sql$,
$sql$COMMENT ON VIEW workspace.first_purchase IS 'How many came back within six months (lost_after), by what they bought first and where they came from';$sql$,
$sql$COMMENT ON COLUMN workspace.first_purchase.eligible IS 'Number of those whose first order is at least as long ago as the span';$sql$,
$sql$COMMENT ON COLUMN workspace.first_purchase.repeated IS 'Number of those who bought again within the span';$sql$,
$sql$COMMENT ON COLUMN workspace.first_purchase.revenue IS 'Revenue of the customers'' whole life';$sql$,
$sql$COMMENT ON COLUMN workspace.first_purchase.average_revenue IS 'By number of customers';$sql$,
$sql$COMMENT ON COLUMN workspace.first_purchase.complete IS 'Whether all of them have had the span';$sql$]),
        (122, ARRAY[
$sql$CREATE VIEW workspace.funnel_steps AS
SELECT k.*, (k.entry_period + _clientele.period_step(s.period) + s.funnel_within) <= r.as_of AS complete
FROM (
    WITH pass AS MATERIALIZED (SELECT p.funnel_name, p.source, p.entry_period, p.customer_kind, p.step_number, p.hours, p.outcome, p.reason FROM workspace.funnel_passes p),
    counted AS MATERIALIZED (
        SELECT p.funnel_name, p.source, p.entry_period, p.customer_kind, p.step_number, count(*) AS reached, percentile_cont(0.5) WITHIN GROUP (ORDER BY p.hours) AS median_hours,
            count(*) FILTER (WHERE p.outcome = 'lost') AS lost, count(*) FILTER (WHERE p.outcome = 'open') AS still_open,
            count(*) FILTER (WHERE p.outcome = 'skipped') AS skipped
        FROM pass p
        GROUP BY p.funnel_name, p.source, p.entry_period, p.customer_kind, p.step_number
    ), reason AS (
        SELECT DISTINCT ON (p.funnel_name, p.source, p.entry_period, p.customer_kind, p.step_number) p.funnel_name, p.source, p.entry_period, p.customer_kind, p.step_number, p.reason, count(*) AS passes
        FROM pass p
        WHERE p.outcome = 'lost' AND p.reason IS NOT NULL
        GROUP BY p.funnel_name, p.source, p.entry_period, p.customer_kind, p.step_number, p.reason
        ORDER BY p.funnel_name, p.source, p.entry_period, p.customer_kind, p.step_number, count(*) DESC, p.reason
    ), filled AS (
        SELECT p.funnel_name, p.source, p.entry_period, p.customer_kind, g.step AS step_number, g.touchpoint, p.reached AS first_reached, coalesce(c.reached, 0) AS reached,
            c.median_hours, coalesce(c.lost, 0) AS lost, coalesce(c.still_open, 0) AS still_open, coalesce(c.skipped, 0) AS skipped
        FROM counted p
        JOIN (SELECT f.funnel_name, f.step, string_agg(f.touchpoint, ' / ' ORDER BY f.touchpoint) AS touchpoint
            FROM (
                SELECT g.funnel_name, g.touchpoint, g.step, g.step = max(g.step) OVER (PARTITION BY g.funnel_name) AS is_last
                FROM (SELECT f.funnel_name, f.touchpoint, dense_rank() OVER (PARTITION BY f.funnel_name ORDER BY f.step_number)::integer AS step
                    FROM workspace.funnel_stages f) g
            ) f GROUP BY f.funnel_name, f.step) g ON g.funnel_name = p.funnel_name
        LEFT JOIN counted c ON ROW(c.funnel_name, c.source, c.entry_period, c.customer_kind, c.step_number) = ROW(p.funnel_name, p.source, p.entry_period, p.customer_kind, g.step)
        WHERE p.step_number = 1
    )
    SELECT p.funnel_name, p.source, p.entry_period, p.customer_kind, p.step_number, p.touchpoint, p.reached,
        CASE p.step_number WHEN 1 THEN 100 ELSE 100 * f.estimate END::double precision AS pct_of_first,
        CASE p.step_number WHEN 1 THEN 100 ELSE 100 * f.lower END::double precision AS pct_of_first_lower,
        CASE p.step_number WHEN 1 THEN 100 ELSE 100 * f.upper END::double precision AS pct_of_first_upper,
        100 * i.estimate AS pct_of_previous, 100 * i.lower AS pct_of_previous_lower, 100 * i.upper AS pct_of_previous_upper,
        p.median_hours, p.lost, p.still_open, p.skipped, r.reason AS top_reason, coalesce(r.passes, 0) AS top_reason_passes,
        coalesce(p.previous_reached, p.reached) >= s.enough AS enough
    FROM (
        SELECT l.*, lag(l.reached) OVER (PARTITION BY l.funnel_name, l.source, l.entry_period, l.customer_kind ORDER BY l.step_number) AS previous_reached FROM filled l) p
    LEFT JOIN reason r ON ROW(r.funnel_name, r.source, r.entry_period, r.customer_kind, r.step_number) = ROW(p.funnel_name, p.source, p.entry_period, p.customer_kind, p.step_number)
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    CROSS JOIN LATERAL clientele.wilson_interval(p.reached, p.first_reached, 0.95::double precision) f
    CROSS JOIN LATERAL clientele.wilson_interval(p.reached, p.previous_reached, 0.95::double precision) i
) k
CROSS JOIN workspace.reporting_date r
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s;$sql$,
$sql$COMMENT ON VIEW workspace.funnel_steps IS 'How far customers come in each funnel, by source and period of entry, new and existing customers apart. The rows of a step add up to that of funnel_summary';$sql$,
$sql$COMMENT ON COLUMN workspace.funnel_steps.touchpoint IS 'The touchpoint of the step, PURCHASE for an order; several are separated by slashes';$sql$,
$sql$COMMENT ON COLUMN workspace.funnel_steps.enough IS 'Whether enough passes reached the step before to go by';$sql$,
$sql$COMMENT ON COLUMN workspace.funnel_steps.complete IS 'Whether everybody who entered in that period has had the time to come to the end';$sql$]),
        (123, ARRAY[
$sql$CREATE VIEW workspace.journey_steps AS
SELECT e.customer, e.purchases_before + 1 AS journey_number, v.happened_at, v.from_touchpoint, v.to_touchpoint, v.hours
FROM (
    SELECT t.customer, t.happened_at, t.touchpoint, s.journey_repeats,
        count(t.order_number) OVER earlier AS purchases_before,
        lag(t.touchpoint) OVER earlier AS previous,
        date_part('epoch', t.happened_at - lag(t.happened_at) OVER earlier) / 3600 AS hours,
        lead(t.touchpoint) OVER earlier IS NULL AS is_last
    FROM workspace.touchpoint_events t
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    WHERE t.tracked
    WINDOW earlier AS (PARTITION BY t.customer ORDER BY t.happened_at, t.order_number NULLS FIRST, t.touchpoint
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) e
CROSS JOIN LATERAL (
    SELECT e.happened_at, CASE WHEN e.previous <> 'PURCHASE' THEN e.previous ELSE 'START' END AS from_touchpoint, e.touchpoint AS to_touchpoint,
        CASE WHEN e.previous <> 'PURCHASE' THEN e.hours END AS hours
    WHERE e.touchpoint = 'PURCHASE' OR e.journey_repeats = 'kept' OR e.touchpoint IS DISTINCT FROM e.previous
    UNION ALL
    SELECT NULL::timestamptz AS happened_at, e.touchpoint AS from_touchpoint, 'END' AS to_touchpoint, NULL::double precision AS hours
    WHERE e.is_last AND e.touchpoint <> 'PURCHASE') v;$sql$,
$sql$COMMENT ON VIEW workspace.journey_steps IS 'Each step of each customer from one touchpoint to the next. A journey begins at START, and ends with a PURCHASE or, where nothing follows, with END; orders before the first touchpoint of all are left out';$sql$,
$sql$COMMENT ON COLUMN workspace.journey_steps.journey_number IS '1 for the customer''s first journey; each purchase ends one';$sql$,
$sql$COMMENT ON COLUMN workspace.journey_steps.happened_at IS 'When the step was made; empty for END';$sql$,
$sql$COMMENT ON COLUMN workspace.journey_steps.hours IS 'Hours since the event before; empty from START and to END';$sql$]),
        (124, ARRAY[
$sql$CREATE VIEW workspace.journey AS
SELECT j.from_touchpoint, j.to_touchpoint, j.transitions, j.customers, j.transitions_from,
    i.estimate AS share, i.lower, i.upper, j.median_hours, j.transitions_from >= s.enough AS enough
FROM (
    SELECT t.from_touchpoint, t.to_touchpoint, count(*) AS transitions, count(DISTINCT t.customer) AS customers,
        sum(count(*)) OVER (PARTITION BY t.from_touchpoint)::bigint AS transitions_from,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY t.hours) AS median_hours
    FROM workspace.journey_steps t
    GROUP BY t.from_touchpoint, t.to_touchpoint) j
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN LATERAL clientele.wilson_interval(j.transitions, j.transitions_from, 0.95::double precision) i;$sql$,
$sql$COMMENT ON VIEW workspace.journey IS 'How customers move between touchpoints: from each to the next, in order of time. START is before the first one and after each purchase, END where nothing followed the last one';$sql$,
$sql$COMMENT ON COLUMN workspace.journey.transitions IS 'Number of times';$sql$,
$sql$COMMENT ON COLUMN workspace.journey.transitions_from IS 'Number of times from there to anywhere';$sql$,
$sql$COMMENT ON COLUMN workspace.journey.median_hours IS 'Median hours from one to the other; empty from START and to END';$sql$,
$sql$COMMENT ON COLUMN workspace.journey.enough IS 'Whether there are enough transitions from there to go by';$sql$]),
        (125, ARRAY[
$sql$CREATE VIEW workspace.journey_absorption AS
WITH step AS MATERIALIZED (SELECT j.from_touchpoint, j.to_touchpoint, j.transitions FROM workspace.journey j),
named AS (
    SELECT g.touchpoint, CASE WHEN g.is_place AND row_number() OVER (PARTITION BY g.is_place ORDER BY g.transitions DESC, g.touchpoint) > 300
            THEN 'other touchpoints' ELSE g.touchpoint END AS name
    FROM (SELECT j.to_touchpoint AS touchpoint, sum(j.transitions) AS transitions, j.to_touchpoint NOT IN ('PURCHASE', 'END') AS is_place
        FROM step j GROUP BY j.to_touchpoint
        UNION ALL SELECT 'START'::text AS touchpoint, 0::numeric AS transitions, false AS is_place) g
), counted AS (
    SELECT array_agg(t.from_name) AS from_names, array_agg(t.to_name) AS to_names, array_agg(t.transitions) AS transitions,
        sum(t.transitions) FILTER (WHERE t.to_name = 'PURCHASE' AND t.from_name <> 'START') AS purchases
    FROM (
        SELECT f.name AS from_name, n.name AS to_name, sum(j.transitions)::bigint AS transitions
        FROM step j
        JOIN named f ON f.touchpoint = j.from_touchpoint
        JOIN named n ON n.touchpoint = j.to_touchpoint
        GROUP BY f.name, n.name) t
)
SELECT a.state AS touchpoint, a.transitions, a.probability AS purchase_probability, a.lower, a.upper, a.expected_steps,
    a.removal_effect, a.removal_share AS attribution_share,
    (a.removal_share * coalesce(c.purchases, 0)::double precision) AS attributed_purchases, a.transitions >= s.enough AS enough
FROM counted c
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN LATERAL clientele.absorption(c.from_names, c.to_names, c.transitions, 'PURCHASE'::text, 'START'::text, 0.95::double precision) a;$sql$,
$sql$COMMENT ON VIEW workspace.journey_absorption IS 'How likely a purchase is from each touchpoint on, whatever comes in between: exact for the shares in journey, each step by itself';$sql$,
$sql$COMMENT ON COLUMN workspace.journey_absorption.touchpoint IS 'The touchpoint; START is the journey as a whole. Beyond the 300 most frequent the others are one';$sql$,
$sql$COMMENT ON COLUMN workspace.journey_absorption.transitions IS 'Number of times that customers went on from it or stayed away';$sql$,
$sql$COMMENT ON COLUMN workspace.journey_absorption.lower IS 'Lower bound of its 95 % interval, taking transitions as independent';$sql$,
$sql$COMMENT ON COLUMN workspace.journey_absorption.expected_steps IS 'Expected number of steps until the journey ends, with a purchase or without';$sql$,
$sql$COMMENT ON COLUMN workspace.journey_absorption.attributed_purchases IS 'That part of the purchases that a touchpoint came before';$sql$,
$sql$COMMENT ON COLUMN workspace.journey_absorption.enough IS 'Whether there are enough transitions to go by';$sql$]),
        (126, ARRAY[
$sql$CREATE VIEW workspace.labels AS
WITH word AS MATERIALIZED (
    SELECT split_part(w.key, '.', 1) AS kind, split_part(w.key, '.', 2) AS value, w.value AS label
    FROM workspace.settings s CROSS JOIN LATERAL jsonb_each_text(_clientele.workspace_words(s.language)) w
    WHERE w.key ~ '^(segment|stage|class|buyer|light|band|nps_group|verdict|kind|touchpoint_group|level|questionnaire)[.][^.]+$'
)
SELECT w.kind, w.value, w.label FROM word w
UNION ALL
SELECT DISTINCT 'segment', g.segment, g.segment
FROM workspace.segments g
WHERE NOT EXISTS (SELECT FROM word w WHERE w.kind = 'segment' AND w.value = g.segment);$sql$,
$sql$COMMENT ON VIEW workspace.labels IS 'What the values that other views tell rows apart by are called in the language of the settings: to be joined where they are shown';$sql$,
$sql$COMMENT ON COLUMN workspace.labels.kind IS 'What is called so: segment, stage, class, buyer (of segment_profile), light, band, nps_group, verdict, kind (of answers), touchpoint_group, level or questionnaire';$sql$,
$sql$COMMENT ON COLUMN workspace.labels.value IS 'The value, as the other views have it';$sql$,
$sql$COMMENT ON COLUMN workspace.labels.label IS 'What it is called';$sql$]),
        (127, ARRAY[
$sql$CREATE VIEW workspace.lifecycle_migration AS
SELECT m.period_start, m.as_of,
    coalesce(m.before, 'none') AS from_stage,
    m.after AS to_stage,
    CASE
        WHEN m.after = 'lost' THEN CASE m.before WHEN 'lost' THEN 'still lost' ELSE CASE WHEN m.before IS NULL THEN 'passed by' ELSE 'lapsed' END END
        ELSE CASE m.before WHEN 'lost' THEN 'returned' ELSE CASE WHEN m.before IS NULL THEN 'acquired' ELSE 'kept' END END
    END AS flow,
    m.customers,
    100 * m.customers::double precision / (sum(m.customers) OVER (PARTITION BY m.as_of, m.before))::double precision AS pct_of_from,
    m.revenue
FROM (
    SELECT f.period_start, f.as_of, f.from_state AS before, f.to_state AS after, f.customers, f.revenue
    FROM (
        SELECT _clientele.stage_migration(h.history, r.rules) AS migration
        FROM (
            SELECT _clientele.class_rules(_clientele.last_period_ends(d.as_of, s.period), s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b,
                    s.xyz_by, s.frequency_within, s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within,
                    s.regular_purchases, s.count_by, NULL::integer, NULL::double precision) AS rules
            FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
            LIMIT 1) r
        CROSS JOIN workspace.customer_history h) g
    CROSS JOIN LATERAL _clientele.migration_flows(g.migration) f
    WHERE f.known_before IS NOT NULL
) m;$sql$,
$sql$COMMENT ON VIEW workspace.lifecycle_migration IS 'Customers by their stage of the lifecycle before and after each of the last eleven periods. Active are all but the lost: active after = active before - lapsed + returned + acquired';$sql$,
$sql$COMMENT ON COLUMN workspace.lifecycle_migration.as_of IS 'The day after its last';$sql$,
$sql$COMMENT ON COLUMN workspace.lifecycle_migration.from_stage IS 'Stage at the start of the period; none: no order before it';$sql$,
$sql$COMMENT ON COLUMN workspace.lifecycle_migration.to_stage IS 'Stage at its end';$sql$,
$sql$COMMENT ON COLUMN workspace.lifecycle_migration.flow IS 'kept, lapsed (active, then lost), returned (lost, then active), acquired (first order), still lost, or passed by (first order and lost within the period)';$sql$,
$sql$COMMENT ON COLUMN workspace.lifecycle_migration.pct_of_from IS 'Their share of those who were in from_stage, 0 to 100';$sql$,
$sql$COMMENT ON COLUMN workspace.lifecycle_migration.revenue IS 'Their revenue within the period';$sql$]),
        (128, ARRAY[
$sql$CREATE VIEW workspace.nps_by_segment AS
WITH counted AS MATERIALIZED (
    SELECT a.stage AS stage_then, a.abc AS abc_then, a.xyz AS xyz_then, a.cell AS cell_then,
        c.stage AS stage_now, c.abc AS abc_now, c.xyz AS xyz_now, c.cell AS cell_now,
        count(*) FILTER (WHERE a.counts_overall AND a.nps_group = 'promoter') AS promoters,
        count(*) FILTER (WHERE a.counts_overall AND a.nps_group = 'passive') AS passives,
        count(*) FILTER (WHERE a.counts_overall AND a.nps_group = 'detractor') AS detractors,
        count(c.customer) FILTER (WHERE a.is_latest IS NOT FALSE) AS customers,
        count(c.customer) FILTER (WHERE a.is_latest) AS answered_customers,
        sum(c.last_year_revenue) FILTER (WHERE a.is_latest AND a.nps_group = 'detractor') AS value_at_risk
    FROM (
        SELECT DISTINCT ON (k.customer) k.customer, k.stage, k.abc, k.xyz, k.cell, k.last_year_revenue FROM workspace.customer_classes k) c
    FULL JOIN (
        SELECT e.customer, e.stage, e.abc, e.xyz, e.cell, e.nps_group, e.counts_overall, e.is_latest
        FROM workspace.answers_enriched e
        CROSS JOIN workspace.answer_window w
        WHERE e.day >= w.from_date) a ON a.customer = c.customer
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
), behind AS (
    SELECT d.dimension, coalesce(d.value, 'unknown') AS value, sum(k.promoters)::bigint AS promoters, sum(k.passives)::bigint AS passives,
        sum(k.detractors)::bigint AS detractors, sum(k.value_at_risk) AS value_at_risk
    FROM counted k
    CROSS JOIN LATERAL (VALUES ('stage', k.stage_then), ('abc', k.abc_then), ('xyz', k.xyz_then), ('cell', k.cell_then)) d(dimension, value)
    GROUP BY 1, 2
), member AS (
    SELECT d.dimension, coalesce(d.value, 'unknown') AS value, sum(k.customers)::bigint AS customers,
        sum(k.answered_customers)::bigint AS answered_customers
    FROM counted k
    CROSS JOIN LATERAL (VALUES ('stage', k.stage_now), ('abc', k.abc_now), ('xyz', k.xyz_now), ('cell', k.cell_now)) d(dimension, value)
    GROUP BY 1, 2
)
SELECT v."position"::integer AS "position", v.dimension, v.value, clientele.nps_responses(q.answers) AS responses, clientele.nps_promoters(q.answers) AS promoters, clientele.nps_passives(q.answers) AS passives,
    clientele.nps_detractors(q.answers) AS detractors, i.estimate AS score, i.lower AS score_lower, i.upper AS score_upper,
    coalesce(m.customers, 0) AS customers, coalesce(m.answered_customers, 0) AS answered_customers,
    m.answered_customers::double precision / nullif(m.customers, 0)::double precision AS response_rate,
    coalesce(b.value_at_risk, 0.00) AS value_at_risk, clientele.nps_responses(q.answers) >= s.enough AS enough
FROM (VALUES (1, 'stage', 'new'), (2, 'stage', 'occasional'), (3, 'stage', 'regular'), (4, 'stage', 'lost'), (5, 'stage', 'unknown'), (6, 'abc', 'A'), (7, 'abc', 'B'), (8, 'abc', 'C'), (9, 'abc', 'unknown'), (10, 'xyz', 'X'), (11, 'xyz', 'Y'), (12, 'xyz', 'Z'), (13, 'xyz', 'unknown'), (14, 'cell', 'AX'), (15, 'cell', 'AY'), (16, 'cell', 'AZ'), (17, 'cell', 'BX'), (18, 'cell', 'BY'), (19, 'cell', 'BZ'), (20, 'cell', 'CX'), (21, 'cell', 'CY'), (22, 'cell', 'CZ'), (23, 'cell', 'unknown')) v("position", dimension, value)
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN behind b ON b.dimension = v.dimension AND b.value = v.value
LEFT JOIN member m ON m.dimension = v.dimension AND m.value = v.value
CROSS JOIN LATERAL (SELECT clientele.nps(coalesce(b.promoters, 0), coalesce(b.passives, 0), coalesce(b.detractors, 0)) AS answers) q
CROSS JOIN LATERAL clientele.nps_interval(q.answers, 0.95::double precision, 'score'::text) i
ORDER BY v."position";$sql$,
$sql$COMMENT ON VIEW workspace.nps_by_segment IS 'The Net Promoter Score of the last twelve months (nps_window) by what customers were when they answered: stage, classes and cell, each with a row unknown. The rows of a dimension add up to nps_summary';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_by_segment."position" IS 'Order in which to show the rows';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_by_segment.dimension IS 'stage, abc, xyz or cell';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_by_segment.value IS 'Stage at the start of the day of the answer; class or cell at the start of its period; unknown where the customer was in none, or is not known';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_by_segment.customers IS 'Number of customers who are in it at the reporting date; unknown: in none';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_by_segment.answered_customers IS 'Number of those who answered in the window';$sql$,
$sql$COMMENT ON COLUMN workspace.nps_by_segment.enough IS 'Whether there are enough answers to go by';$sql$]),
        (129, ARRAY[
$sql$CREATE VIEW workspace.open_questions AS
WITH asked AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY q.words COLLATE "C") AS number, q.times_asked, q.customers, q.customer, q.day, q.comment
    FROM (
        SELECT a.words, count(*) AS times_asked, count(DISTINCT a.customer) AS customers, max(a.day) AS day,
            (array_agg(a.customer) FILTER (WHERE a.place = 1))[1] AS customer, max(a.comment) FILTER (WHERE a.place = 1) AS comment
        FROM (
            SELECT r.*, row_number() OVER (PARTITION BY r.words ORDER BY r.at DESC, r.comment COLLATE "C", r.customer) AS place
            FROM (
                SELECT o.customer, o.answered_at AS at, o.day, o.comment, lower(regexp_replace(btrim(o.comment), '[[:space:]]+', ' ', 'g')) AS words
                FROM workspace.answer_rows o
                WHERE o.kind = 'question' AND o.day < (SELECT d.as_of FROM workspace.reporting_date d)) r
            WHERE r.words <> '') a
        GROUP BY a.words) q
), word AS MATERIALIZED (
    SELECT e.language, e.word, count(*) > min(e.most) AS common, CASE WHEN count(*) <= min(e.most) THEN array_agg(e.id) END AS entries
    FROM (
        SELECT k.language, k.id, greatest(2, count(*) OVER (PARTITION BY k.language) / 10) AS most,
            unnest(tsvector_to_array(_clientele.workspace_entry_words(coalesce(_clientele.workspace_text_search(k.language), 'simple'::regconfig), k.question, k.keywords, k.answer))) AS word
        FROM workspace.knowledge_base k) e
    GROUP BY e.language, e.word
), matched AS MATERIALIZED (
    SELECT a.number, a.language, coalesce(w.common, false) AS common, w.entries
    FROM (
        SELECT q.number, l.language, unnest(tsvector_to_array(to_tsvector(l.configuration, left(q.comment, 10000)))) AS word
        FROM asked q
        CROSS JOIN (
            SELECT DISTINCT k.language, coalesce(_clientele.workspace_text_search(k.language), 'simple'::regconfig) AS configuration
            FROM workspace.knowledge_base k) l) a
    FULL JOIN word w ON w.language = a.language AND w.word = a.word
    WHERE coalesce(a.number, 0) > 0
), answered AS (
    SELECT DISTINCT t.number
    FROM (
        SELECT m.number, m.language, count(*) FILTER (WHERE NOT m.common) AS telling, 0 AS shared
        FROM matched m GROUP BY m.number, m.language
        UNION ALL
        SELECT h.number, h.language, 0 AS telling, count(*) AS shared
        FROM (SELECT m.number, m.language, unnest(m.entries) AS entry FROM matched m) h
        GROUP BY h.number, h.language, h.entry) t
    GROUP BY t.number, t.language
    HAVING 2 * max(t.shared) >= max(t.telling)
)
SELECT row_number() OVER (ORDER BY a.times_asked DESC, a.day DESC, a.number) AS "position", a.customer, a.day, a.comment,
    a.times_asked, a.customers
FROM asked a
FULL JOIN answered d ON d.number = a.number
WHERE coalesce(d.number, 0) = 0;$sql$,
$sql$COMMENT ON VIEW workspace.open_questions IS 'Questions of customers that no entry of the knowledge base answers, since none has half of their words. Each once, the most frequent first';$sql$,
$sql$COMMENT ON COLUMN workspace.open_questions."position" IS 'Order in which to answer them';$sql$,
$sql$COMMENT ON COLUMN workspace.open_questions.customer IS 'Who asked it last; empty where nobody knows';$sql$,
$sql$COMMENT ON COLUMN workspace.open_questions.day IS 'Day when it was last asked';$sql$,
$sql$COMMENT ON COLUMN workspace.open_questions.comment IS 'The question as it was last put';$sql$,
$sql$COMMENT ON COLUMN workspace.open_questions.times_asked IS 'How often it was asked in these words, whatever their case and the spaces between them';$sql$,
$sql$COMMENT ON COLUMN workspace.open_questions.customers IS 'Number of customers who asked it';$sql$]),
        (130, ARRAY[
$sql$CREATE VIEW workspace.order_days AS
SELECT x.day, sum(x.order_rows)::bigint AS order_rows
FROM (
    SELECT d.day, d.order_rows FROM workspace.order_days_data d
    UNION ALL
    SELECT c.day, c.order_rows FROM workspace.changed_days c
) x
GROUP BY x.day
HAVING sum(x.order_rows) <> 0;$sql$,
$sql$COMMENT ON VIEW workspace.order_days IS 'The number of orders and returns of customers on each day: stored and pending together';$sql$]),
        (131, ARRAY[
$sql$CREATE VIEW workspace.order_digests AS
SELECT true AS one_row, _clientele.row_digests(ROW(o.customer, o.ordered_at, o.day, o.amount, o.counts_zero, o.profit, o.order_key, o.source, o.category)) AS digests
FROM workspace.order_rows o;$sql$,
$sql$COMMENT ON VIEW workspace.order_digests IS 'One row: by what a refresh knows the orders again that figures are stored of';$sql$,
$sql$COMMENT ON COLUMN workspace.order_digests.digests IS 'Sums of hashes of the orders of some customers each: a refresh reads those again of whom one is another';$sql$]),
        (132, ARRAY[
$sql$CREATE VIEW workspace.referrals AS
WITH history AS MATERIALIZED (
    SELECT DISTINCT ON (h.customer) h.customer, clientele.first_order(h.history, r.as_of) AS first_order, clientele.revenue(h.history, r.as_of) AS revenue
    FROM workspace.reporting_date r
    CROSS JOIN workspace.customer_history h
    WHERE (SELECT coalesce(a.columns->>'referrer', '') <> '' FROM workspace.attached a WHERE a.relation_role = 'customers') AND clientele.first_order(h.history, r.as_of) IS NOT NULL
)
SELECT row_number() OVER (ORDER BY g.referred_revenue DESC, g.referred_customers DESC, g.customer) AS "position",
    g.customer, g.referred_customers, g.referred_revenue,
    (g.referred_revenue / g.referred_customers)::double precision AS referred_value_per_customer,
    g.first_referred, g.last_referred, g.revenue, g.revenue + g.referred_revenue AS revenue_with_referred, d.customer_name, d.contact
FROM (
    SELECT u.customer, count(u.referred_on) AS referred_customers, sum(u.referred_revenue) AS referred_revenue,
        min(u.referred_on) AS first_referred, max(u.referred_on) AS last_referred, max(u.revenue) AS revenue
    FROM (
        SELECT f.referrer AS customer, h.first_order AS referred_on, h.revenue AS referred_revenue, NULL::numeric AS revenue
        FROM workspace.customer_referrers f FULL JOIN history h ON h.customer = f.customer
        UNION ALL
        SELECT h.customer, NULL::date AS referred_on, NULL::numeric AS referred_revenue, h.revenue FROM history h) u
    GROUP BY u.customer
    HAVING count(u.referred_on) > 0 AND count(u.revenue) > 0) g
LEFT JOIN workspace.customer_details d ON d.customer = g.customer;$sql$,
$sql$COMMENT ON VIEW workspace.referrals IS 'Customers who brought others, those first whose referrals brought most; where attach_customers() was told of a column with the referrer';$sql$,
$sql$COMMENT ON COLUMN workspace.referrals."position" IS 'Order by what the referred customers brought';$sql$,
$sql$COMMENT ON COLUMN workspace.referrals.customer IS 'The customer who brought others';$sql$,
$sql$COMMENT ON COLUMN workspace.referrals.referred_customers IS 'Number of customers with an order whom they brought';$sql$,
$sql$COMMENT ON COLUMN workspace.referrals.referred_revenue IS 'Revenue of those customers'' whole life';$sql$,
$sql$COMMENT ON COLUMN workspace.referrals.first_referred IS 'Day of the first order of the first of them';$sql$,
$sql$COMMENT ON COLUMN workspace.referrals.last_referred IS 'Day of the first order of the last of them';$sql$,
$sql$COMMENT ON COLUMN workspace.referrals.revenue IS 'The referring customer''s own revenue';$sql$,
$sql$COMMENT ON COLUMN workspace.referrals.revenue_with_referred IS 'Both together: what keeping this customer is about';$sql$]),
        (133, ARRAY[
$sql$CREATE VIEW workspace.response_times AS
SELECT q.dimension, q.value, q.answers, q.replied, q.answers - q.replied AS unanswered,
    i.estimate AS replied_share, i.lower AS replied_share_lower, i.upper AS replied_share_upper,
    q.median_reply_hours, q.p90_reply_hours, q.resolved, q.answers - q.resolved AS unresolved,
    q.median_resolve_days, q.p90_resolve_days, q.answers >= q.enough AS enough
FROM (
    SELECT v.dimension, v.value, count(*) AS answers, count(*) FILTER (WHERE a.replied) AS replied,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY a.reply_hours) AS median_reply_hours,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY a.reply_hours) AS p90_reply_hours,
        count(*) FILTER (WHERE a.resolved) AS resolved,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY a.resolve_days) AS median_resolve_days,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY a.resolve_days) AS p90_resolve_days,
        min(w.enough) AS enough
    FROM workspace.answers_enriched a
    CROSS JOIN workspace.answer_window w
    CROSS JOIN LATERAL (VALUES ('kind', coalesce(a.kind, 'none')), ('owner', coalesce(a.owner, 'none'))) v(dimension, value)
    WHERE a.needs_reply AND a.day >= w.from_date
    GROUP BY v.dimension, v.value) q
CROSS JOIN LATERAL clientele.wilson_interval(q.replied, q.answers, 0.95::double precision) i
ORDER BY q.dimension, q.value;$sql$,
$sql$COMMENT ON VIEW workspace.response_times IS 'How fast those who need a reply got one: negatives, criticism, questions, leads and detractors'' comments of no kind in the last twelve months (nps_window), by kind and by owner';$sql$,
$sql$COMMENT ON COLUMN workspace.response_times.dimension IS 'kind or owner';$sql$,
$sql$COMMENT ON COLUMN workspace.response_times.value IS 'Its value; none where unknown';$sql$,
$sql$COMMENT ON COLUMN workspace.response_times.answers IS 'Number of answers that need a reply';$sql$,
$sql$COMMENT ON COLUMN workspace.response_times.replied IS 'Number of those that got one before the reporting date';$sql$,
$sql$COMMENT ON COLUMN workspace.response_times.unanswered IS 'Number of those that wait for one';$sql$,
$sql$COMMENT ON COLUMN workspace.response_times.median_reply_hours IS 'Median hours to the reply, of those that got one';$sql$,
$sql$COMMENT ON COLUMN workspace.response_times.p90_reply_hours IS 'Nine of ten of those got it within so many hours';$sql$,
$sql$COMMENT ON COLUMN workspace.response_times.resolved IS 'Number of those that are resolved';$sql$,
$sql$COMMENT ON COLUMN workspace.response_times.unresolved IS 'Number of those that are not';$sql$,
$sql$COMMENT ON COLUMN workspace.response_times.median_resolve_days IS 'Median days until it was resolved, of those that are';$sql$,
$sql$COMMENT ON COLUMN workspace.response_times.p90_resolve_days IS 'Nine of ten of those were within so many days';$sql$,
$sql$COMMENT ON COLUMN workspace.response_times.enough IS 'Whether there are enough answers to go by';$sql$]),
        (134, ARRAY[
$sql$CREATE VIEW workspace.retention_by_dimension AS
SELECT c.dimension, c.value, c.customers, p.period_number, p.eligible, p.retained, p.rate, p.lower, p.upper,
    p.retained_on_or_after, p.rate_on_or_after, p.lower_on_or_after, p.upper_on_or_after, true AS complete,
    p.eligible >= c.enough AS enough
FROM (
    SELECT d.dimension, d.value, count(clientele.first_order(h.history, r.as_of)) AS customers, min(s.enough) AS enough,
        clientele.retention_curve(h.history, s.period, r.as_of) AS curve
    FROM workspace.customer_dimensions d
    FULL JOIN (SELECT DISTINCT ON (x.customer) x.customer, x.history FROM workspace.customer_history x) h ON h.customer = d.customer
    CROSS JOIN workspace.reporting_date r
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    WHERE coalesce(clientele.first_order(h.history, r.as_of), date 'infinity') >= r.first_period
    GROUP BY d.dimension, d.value) c
CROSS JOIN LATERAL clientele.retention_points(c.curve, 0.95::double precision) p
WHERE c.dimension IS NOT NULL;$sql$,
$sql$COMMENT ON VIEW workspace.retention_by_dimension IS 'The retention curve by where customers came from and what they bought first';$sql$]),
        (135, ARRAY[
$sql$CREATE VIEW workspace.segment_profile AS
WITH member AS MATERIALIZED (
    SELECT DISTINCT ON (c.customer) c.customer, c.orders, c.purchases, c.revenue, c.returns, c.gap_days,
        CASE WHEN c.purchases = 1 THEN 'one_time' WHEN c.stage = 'regular' THEN 'regular' ELSE 'occasional' END AS segment
    FROM workspace.customer_classes c
), counted AS MATERIALIZED (
    SELECT c.segment, c.category, NULL::text AS source, count(c.customer) AS customers, sum(c.orders) AS orders
    FROM (
        SELECT m.segment, m.customer, o.category, sum(o.orders) AS orders
        FROM workspace.customer_preferences o
        FULL JOIN member m ON m.customer = o.customer
        WHERE (SELECT coalesce(a.columns->>'category', '') <> '' FROM workspace.attached a WHERE a.relation_role = 'orders')
        GROUP BY m.segment, m.customer, o.category) c
    GROUP BY c.segment, c.category
    UNION ALL
    SELECT m.segment, NULL AS category, o.source, NULL AS customers, sum(o.orders) AS orders
    FROM workspace.customer_preferences o
    FULL JOIN member m ON m.customer = o.customer
    WHERE (SELECT coalesce(a.columns->>'source', '') <> '' FROM workspace.attached a WHERE a.relation_role = 'orders')
    GROUP BY m.segment, o.source
)
SELECT v."position", v.segment, coalesce(m.customers, 0) AS customers,
    100 * coalesce(m.customers, 0)::double precision / nullif(sum(m.customers) OVER (), 0)::double precision AS pct_of_customers,
    coalesce(m.orders, 0) AS orders,
    coalesce(m.revenue, 0.00) AS revenue,
    CASE WHEN sum(m.revenue) OVER () > 0
        THEN (100 * coalesce(m.revenue, 0) / sum(m.revenue) OVER ())::double precision END AS pct_of_revenue,
    (m.revenue / m.orders)::double precision AS average_order,
    (m.revenue / m.customers)::double precision AS average_revenue,
    (m.purchases / m.customers)::double precision AS average_purchases,
    m.gap_days,
    coalesce(m.returns, 0) AS returns,
    100 * m.returns::double precision / (m.orders + m.returns)::double precision AS pct_returns,
    p.categories::double precision / m.customers AS categories_per_customer,
    c.category AS top_category, 100 * c.orders::double precision / p.category_orders::double precision AS pct_of_orders_top_category,
    o.source AS top_source, 100 * o.orders::double precision / p.source_orders::double precision AS pct_of_orders_top_source,
    coalesce(m.customers, 0) >= s.enough AS enough
FROM (VALUES (1, 'one_time'), (2, 'occasional'), (3, 'regular')) v("position", segment)
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN (
    SELECT x.segment, count(*) AS customers, sum(x.orders)::bigint AS orders, sum(x.purchases) AS purchases,
        sum(x.revenue) AS revenue, sum(x.returns)::bigint AS returns,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY x.gap_days) AS gap_days
    FROM member x
    GROUP BY x.segment) m ON m.segment = v.segment
LEFT JOIN (
    SELECT k.segment, sum(k.customers) FILTER (WHERE k.category IS NOT NULL) AS categories,
        sum(k.orders) FILTER (WHERE k.category IS NOT NULL) AS category_orders, sum(k.orders) FILTER (WHERE k.source IS NOT NULL) AS source_orders
    FROM counted k
    GROUP BY k.segment) p ON p.segment = v.segment
LEFT JOIN LATERAL (
    SELECT k.category, k.orders FROM counted k WHERE k.segment = v.segment AND k.category IS NOT NULL ORDER BY k.orders DESC, k.category LIMIT 1) c ON true
LEFT JOIN LATERAL (
    SELECT k.source, k.orders FROM counted k WHERE k.segment = v.segment AND k.source IS NOT NULL ORDER BY k.orders DESC, k.source LIMIT 1) o ON true
ORDER BY v."position";$sql$,
$sql$COMMENT ON VIEW workspace.segment_profile IS 'One-time, occasional and regular customers side by side, always three rows: one purchase ever, the others, and the stage regular';$sql$,
$sql$COMMENT ON COLUMN workspace.segment_profile."position" IS 'Order in which to show the rows';$sql$,
$sql$COMMENT ON COLUMN workspace.segment_profile.segment IS 'one_time, occasional or regular';$sql$,
$sql$COMMENT ON COLUMN workspace.segment_profile.revenue IS 'Revenue of their whole life';$sql$,
$sql$COMMENT ON COLUMN workspace.segment_profile.gap_days IS 'Usual gap in days: the median of the customers''';$sql$,
$sql$COMMENT ON COLUMN workspace.segment_profile.returns IS 'Number of returns';$sql$,
$sql$COMMENT ON COLUMN workspace.segment_profile.pct_returns IS 'Share of returns among orders and returns, 0 to 100';$sql$,
$sql$COMMENT ON COLUMN workspace.segment_profile.categories_per_customer IS 'Mean number of categories that a customer bought from; empty where no column of it is attached';$sql$,
$sql$COMMENT ON COLUMN workspace.segment_profile.top_category IS 'The category with most orders';$sql$,
$sql$COMMENT ON COLUMN workspace.segment_profile.pct_of_orders_top_category IS 'Its share of the orders with a category, 0 to 100';$sql$,
$sql$COMMENT ON COLUMN workspace.segment_profile.top_source IS 'The source with most orders';$sql$,
$sql$COMMENT ON COLUMN workspace.segment_profile.pct_of_orders_top_source IS 'Its share of the orders with a source, 0 to 100';$sql$]),
        (136, ARRAY[
$sql$CREATE VIEW workspace.survey_by_dimension AS
WITH answer AS MATERIALIZED (
    SELECT a.question, a.answer, a.customer, a.answer_number
    FROM workspace.survey_answers a
    LEFT JOIN workspace.questions k ON k.question = a.question
    WHERE k.kind IS DISTINCT FROM 'free'
), classified AS MATERIALIZED (
    SELECT k.question, k.answer, k.stage, k.abc, k.xyz, k.cell, k.segment, k.known, count(*) AS answers,
        count(*) FILTER (WHERE k.answer_number = 1) AS first_answers
    FROM (
        SELECT a.question, a.answer, a.answer_number, c.stage, c.abc, c.xyz, c.cell, c.segment, c.customer IS NOT NULL AS known
        FROM answer a
        FULL JOIN (SELECT x.customer, x.stage, x.abc, x.xyz, x.cell, x.segment FROM workspace.customers x) c ON c.customer = a.customer
        WHERE coalesce(a.question, '') <> ''
        OFFSET 0) k
    GROUP BY k.question, k.answer, k.stage, k.abc, k.xyz, k.cell, k.segment, k.known
), divided AS MATERIALIZED (
    SELECT k.question, k.answer, k.dimension, k.value, count(*) AS answers, count(*) FILTER (WHERE k.answer_number = 1) AS first_answers
    FROM (
        SELECT a.question, a.answer, a.answer_number, d.dimension, d.value
        FROM answer a
        FULL JOIN (
            SELECT x.customer, x.value,
                CASE WHEN x.dimension IN ('stage', 'abc', 'xyz', 'cell', 'rfm_segment') THEN 'customer_' ELSE '' END || x.dimension AS dimension
            FROM workspace.customer_dimensions x
            WHERE x.value IS NOT NULL) d ON d.customer = a.customer
        OFFSET 0) k
    GROUP BY k.question, k.answer, k.dimension, k.value
),
tallied AS (
    SELECT c.question, c.answer, sum(c.answers)::bigint AS answers, sum(c.first_answers)::bigint AS first_answers
    FROM classified c GROUP BY c.question, c.answer
), cell AS (
    SELECT x.question, x.answer, x.dimension, x.value, sum(x.answers)::bigint AS answers, sum(x.first_answers)::bigint AS first_answers
    FROM (
        SELECT c.question, c.answer, v.dimension, CASE WHEN c.known THEN coalesce(v.value, 'none') ELSE 'unknown' END AS value,
            c.answers, c.first_answers
        FROM classified c
        CROSS JOIN LATERAL (VALUES ('stage', c.stage), ('abc', c.abc), ('xyz', c.xyz), ('cell', c.cell), ('rfm_segment', c.segment)) v(dimension, value)
        UNION ALL
        SELECT d.question, d.answer, d.dimension, d.value, d.answers, d.first_answers
        FROM divided d WHERE d.question IS NOT NULL AND d.dimension IS NOT NULL
        UNION ALL
        SELECT t.question, t.answer, d.dimension, 'unknown' AS value, t.answers - coalesce(k.answers, 0) AS answers,
            t.first_answers - coalesce(k.first_answers, 0) AS first_answers
        FROM tallied t
        CROSS JOIN (SELECT DISTINCT n.dimension FROM divided n WHERE n.dimension IS NOT NULL) d
        LEFT JOIN (
            SELECT n.question, n.answer, n.dimension, sum(n.answers) AS answers, sum(n.first_answers) AS first_answers
            FROM divided n GROUP BY n.question, n.answer, n.dimension) k
            ON k.question = t.question AND coalesce(k.answer, '') = coalesce(t.answer, '') AND k.dimension = d.dimension
        WHERE t.answers > coalesce(k.answers, 0)) x
    GROUP BY x.question, x.answer, x.dimension, x.value
),
base AS (
    SELECT c.question, c.dimension, c.value, sum(c.first_answers)::bigint AS respondents
    FROM cell c WHERE c.answer IS NOT NULL GROUP BY c.question, c.dimension, c.value
)
SELECT q.questionnaire, q.question_position, q.question, q.question_text, q.kind, c.answer_position, c.answer,
    b.dimension, b.value, coalesce(t.answers, 0) AS respondents, b.respondents AS base_respondents,
    100 * i.estimate AS pct_of_respondents, 100 * i.lower AS pct_lower, 100 * i.upper AS pct_upper,
    b.respondents >= s.enough AS enough
FROM (
    SELECT coalesce(t.question, q.question) AS question, q.questionnaire, q."position" AS question_position,
        coalesce(q.question_text, t.question) AS question_text,
        coalesce(q.kind, CASE WHEN t.choices > 50 THEN 'free' WHEN t.base_answers > t.base_respondents THEN 'multiple' ELSE 'single' END) AS kind,
        t.question IS NOT NULL AS asked, coalesce(t.base_respondents, 0) AS base_respondents,
        coalesce(t.base_answers, 0) AS base_answers, coalesce(t.skipped, 0) AS skipped
    FROM (
        SELECT x.question, count(x.answer) AS choices, coalesce(sum(x.first_answers) FILTER (WHERE x.answer IS NOT NULL), 0)::bigint AS base_respondents,
            coalesce(sum(x.answers) FILTER (WHERE x.answer IS NOT NULL), 0)::bigint AS base_answers,
            coalesce(sum(x.answers) FILTER (WHERE x.answer IS NULL), 0)::bigint AS skipped
        FROM tallied x GROUP BY x.question) t
    FULL JOIN workspace.questions q ON q.question = t.question
) q
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
JOIN base b ON b.question = q.question
JOIN (
    SELECT c.question, c.answer, c.answers,
        row_number() OVER (PARTITION BY c.question ORDER BY c.option_position, c.answers DESC, c.answer COLLATE "C") AS answer_position
    FROM (
        SELECT coalesce(t.question, p.question) AS question, coalesce(t.answer, p.answer) AS answer, coalesce(t.answers, 0) AS answers, p.option_position
        FROM (SELECT x.question, x.answer, x.answers FROM tallied x WHERE x.answer IS NOT NULL) t
        FULL JOIN (
            SELECT q.question, _clientele.workspace_said(btrim(u.answer)) AS answer, min(u."position") AS option_position
            FROM workspace.questions q CROSS JOIN LATERAL unnest(q.options) WITH ORDINALITY u(answer, "position")
            GROUP BY q.question, 2) p ON p.question = t.question AND p.answer = t.answer) c
) c ON c.question = q.question
LEFT JOIN cell t ON t.question = q.question AND t.answer = c.answer AND t.dimension = b.dimension AND t.value = b.value
CROSS JOIN LATERAL clientele.wilson_interval(coalesce(t.answers, 0), b.respondents, 0.95::double precision) i
WHERE q.kind <> 'free' AND b.respondents > 0;$sql$,
$sql$COMMENT ON VIEW workspace.survey_by_dimension IS 'How often each answer was given by customers of each stage, class and segment as they are now, and of each dimension; free text is not split';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_by_dimension.kind IS 'single, multiple or free, from the table questions; for others by the data: free with more than fifty different answers, multiple where somebody gave several';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_by_dimension.dimension IS 'stage, abc, xyz, cell or rfm_segment, as they are now, or one of customer_dimensions';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_by_dimension.value IS 'Its value for the respondents: unknown for those who are no customers or have none, none for customers without a class';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_by_dimension.respondents IS 'Number of respondents with that value who gave the answer';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_by_dimension.base_respondents IS 'Number of respondents with that value who answered the question';$sql$,
$sql$COMMENT ON COLUMN workspace.survey_by_dimension.enough IS 'Whether there are enough respondents to go by';$sql$]),
        (137, ARRAY[
$sql$CREATE VIEW workspace.touchpoint_scorecard AS
WITH audit AS (
    SELECT r.touchpoint, r.period_start, count(*) AS ratings, count(*) FILTER (WHERE r.last_one % 4 = 1) AS awful,
        count(*) FILTER (WHERE r.last_one % 4 = 2) AS ok, count(*) FILTER (WHERE r.last_one % 4 = 3) AS wow,
        date '0001-01-01' + max(r.last_one) / 4 AS last_rated,
        row_number() OVER (PARTITION BY r.touchpoint ORDER BY r.period_start DESC) AS age
    FROM (
        SELECT t.touchpoint, clientele.period_start(t.day, s.period) AS period_start,
            max(4 * (t.day - date '0001-01-01') + CASE t.level WHEN 'awful' THEN 1 WHEN 'ok' THEN 2 ELSE 3 END) AS last_one
        FROM workspace.touchpoint_ratings t
        CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
        WHERE t.day < (SELECT d.as_of FROM workspace.reporting_date d)
        GROUP BY t.touchpoint, t.rater, clientele.period_start(t.day, s.period)) r
    GROUP BY r.touchpoint, r.period_start
)
SELECT c.touchpoint_group, c."position", c.touchpoint, c.description, n.period_start,
    coalesce(n.ratings, 0) AS ratings, coalesce(n.awful, 0) AS awful, coalesce(n.ok, 0) AS ok, coalesce(n.wow, 0) AS wow,
    i.estimate AS score, i.lower, i.upper, coalesce(n.ratings, 0) >= s.enough AS enough, n.last_rated,
    p.period_start AS previous_period, coalesce(p.ratings, 0) AS previous_ratings,
    clientele.nps_score(clientele.nps(p.wow, p.ok, p.awful)) AS previous_score,
    h.difference AS score_change, h.verdict, coalesce(l.ratings, 0) AS later_ratings
FROM workspace.touchpoint_catalogue c
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN audit n ON n.touchpoint = c.touchpoint AND n.age = 1
LEFT JOIN audit p ON p.touchpoint = c.touchpoint AND p.age = 2
LEFT JOIN (
    SELECT r.touchpoint, count(*) AS ratings
    FROM workspace.touchpoint_ratings r
    WHERE r.day >= (SELECT d.as_of FROM workspace.reporting_date d)
    GROUP BY r.touchpoint) l ON l.touchpoint = c.touchpoint
CROSS JOIN LATERAL clientele.nps_interval(clientele.nps(n.wow, n.ok, n.awful), 0.95::double precision, 'score'::text) i
CROSS JOIN LATERAL clientele.nps_change(clientele.nps(n.wow, n.ok, n.awful), clientele.nps(p.wow, p.ok, p.awful), 0.95::double precision) h;$sql$,
$sql$COMMENT ON VIEW workspace.touchpoint_scorecard IS 'Every touchpoint of the catalogue with its last ratings, those never rated too: of each rater the last rating in the last period that has any';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_scorecard."position" IS 'Order in which to show it, from the catalogue';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_scorecard.touchpoint IS 'The point where customers meet the business';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_scorecard.description IS 'What to look at';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_scorecard.period_start IS 'First day of the last period with ratings before the reporting date; empty where never rated';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_scorecard.score IS 'Per cent that say wow less per cent that say awful, -100 to 100';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_scorecard.lower IS 'Lower bound of its 95 % interval';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_scorecard.enough IS 'Whether there are enough ratings to go by';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_scorecard.last_rated IS 'Day of the last rating';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_scorecard.previous_period IS 'First day of the period with ratings before that one';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_scorecard.previous_ratings IS 'Number of ratings then';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_scorecard.previous_score IS 'The score then';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_scorecard.score_change IS 'How much higher the score is than then, in points';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_scorecard.verdict IS 'up or down where that is more than chance and at least 2 points, else flat; empty where there is no score to compare with';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_scorecard.later_ratings IS 'Number of ratings of the reporting date and later, which do not count yet';$sql$]),
        (138, ARRAY[
$sql$CREATE VIEW workspace.touchpoint_groups AS
SELECT g."position", g.touchpoint_group, coalesce(t.touchpoints, 0) AS touchpoints, coalesce(t.rated, 0) AS rated,
    coalesce(t.touchpoints - t.rated, 0) AS never_rated, coalesce(t.ratings, 0) AS ratings,
    coalesce(t.awful, 0) AS awful, coalesce(t.ok, 0) AS ok, coalesce(t.wow, 0) AS wow,
    i.estimate AS score, i.lower, i.upper, coalesce(t.ratings, 0) >= s.enough AS enough,
    t.worst_touchpoint, t.best_touchpoint
FROM (VALUES (1, 'business'), (2, 'product'), (3, 'service'), (4, 'employee')) g("position", touchpoint_group)
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN (
    SELECT c.touchpoint_group, count(*) AS touchpoints, count(c.score) AS rated, sum(c.ratings)::bigint AS ratings,
        sum(c.awful)::bigint AS awful, sum(c.ok)::bigint AS ok, sum(c.wow)::bigint AS wow,
        (array_agg(c.touchpoint ORDER BY c.score, c."position", c.touchpoint) FILTER (WHERE c.ratings > 0))[1] AS worst_touchpoint,
        (array_agg(c.touchpoint ORDER BY c.score DESC, c."position", c.touchpoint) FILTER (WHERE c.ratings > 0))[1] AS best_touchpoint
    FROM workspace.touchpoint_scorecard c
    GROUP BY c.touchpoint_group) t ON t.touchpoint_group = g.touchpoint_group
CROSS JOIN LATERAL clientele.nps_interval(clientele.nps(t.wow, t.ok, t.awful), 0.95::double precision, 'score'::text) i
ORDER BY g."position";$sql$,
$sql$COMMENT ON VIEW workspace.touchpoint_groups IS 'The four groups of touchpoints, always four rows: the sums of touchpoint_scorecard, and where each is worst and best';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_groups."position" IS 'Order in which to show the rows';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_groups.touchpoints IS 'Number of touchpoints of the catalogue';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_groups.rated IS 'Number of those that were rated';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_groups.never_rated IS 'Number of those that never were';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_groups.score IS 'Per cent that say wow less per cent that say awful, -100 to 100';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_groups.lower IS 'Lower bound of its 95 % interval';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_groups.enough IS 'Whether there are enough ratings to go by';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_groups.worst_touchpoint IS 'The touchpoint with the lowest score';$sql$,
$sql$COMMENT ON COLUMN workspace.touchpoint_groups.best_touchpoint IS 'The touchpoint with the highest score';$sql$]),
        (139, ARRAY[
$sql$CREATE VIEW workspace.voice_of_customer AS
SELECT q.period_start, q.complete, q.kind, q.answers, q.period_answers, i.estimate AS share, i.lower, i.upper,
    q.previous_answers, q.previous_period_answers, 100 * t.difference AS change, 100 * t.lower AS change_lower,
    100 * t.upper AS change_upper, t.p_value,
    CASE WHEN t.lower > 0 THEN 'up' WHEN t.upper < 0 THEN 'down' WHEN t.difference IS NOT NULL THEN 'flat' END AS verdict,
    q.period_answers >= q.enough AND q.previous_period_answers >= q.enough AS enough
FROM (
    WITH shop AS MATERIALIZED (SELECT w.* FROM workspace.answer_window w), counted AS MATERIALIZED (
        SELECT a.period_start, coalesce(a.kind, 'none') AS kind, count(*) AS answers
        FROM workspace.answers_enriched a
        WHERE a.period_start >= (SELECT w.first_period FROM shop w)
        GROUP BY 1, 2
    ), periods AS MATERIALIZED (
        SELECT g::date AS period_start, coalesce(t.answers, 0) AS answers,
            coalesce(lag(t.answers) OVER (ORDER BY g), 0) AS previous_answers, (g::date + _clientele.period_step(w.period))::date <= w.as_of AS complete, w.enough, _clientele.period_step(w.period) AS step
        FROM shop w
        CROSS JOIN LATERAL generate_series((SELECT min(c.period_start) FROM counted c)::timestamp,
            clientele.period_start(w.as_of - 1, w.period)::timestamp, _clientele.period_step(w.period)) g
        LEFT JOIN (
            SELECT c.period_start, sum(c.answers)::bigint AS answers FROM counted c GROUP BY c.period_start) t ON t.period_start = g::date
    ), shown AS (
        SELECT c.period_start, c.kind FROM counted c
        UNION SELECT (c.period_start + _clientele.period_step(w.period))::date AS period_start, c.kind FROM counted c CROSS JOIN shop w
        UNION SELECT p.period_start, v.kind
            FROM periods p CROSS JOIN (VALUES ('positive'), ('negative'), ('question'), ('criticism'), ('idea'), ('lead')) v(kind)
    )
    SELECT p.period_start, p.complete, k.kind, coalesce(n.answers, 0) AS answers, p.answers AS period_answers,
        coalesce(b.answers, 0) AS previous_answers, p.previous_answers AS previous_period_answers, p.enough
    FROM periods p
    JOIN shown k ON k.period_start = p.period_start
    LEFT JOIN counted n ON n.period_start = k.period_start AND n.kind = k.kind
    LEFT JOIN counted b ON b.period_start = (k.period_start - p.step)::date AND b.kind = k.kind
) q
CROSS JOIN LATERAL clientele.wilson_interval(q.answers, q.period_answers, 0.95::double precision) i
CROSS JOIN LATERAL clientele.share_test(q.answers, q.period_answers, q.previous_answers, q.previous_period_answers, 0.95::double precision) t
ORDER BY q.period_start, q.kind;$sql$,
$sql$COMMENT ON VIEW workspace.voice_of_customer IS 'What kinds of things customers say, period by period since the first answer: positive, negative, question, criticism, idea, lead, others as they are, none. Every answer counts';$sql$,
$sql$COMMENT ON COLUMN workspace.voice_of_customer.complete IS 'Whether the period is complete';$sql$,
$sql$COMMENT ON COLUMN workspace.voice_of_customer.kind IS 'Kind of the comment; none where it is not known';$sql$,
$sql$COMMENT ON COLUMN workspace.voice_of_customer.answers IS 'Number of answers of the kind';$sql$,
$sql$COMMENT ON COLUMN workspace.voice_of_customer.period_answers IS 'Number of all answers of the period';$sql$,
$sql$COMMENT ON COLUMN workspace.voice_of_customer.share IS 'Share of the kind in them, 0 to 1; empty without answers';$sql$,
$sql$COMMENT ON COLUMN workspace.voice_of_customer.previous_answers IS 'Number of answers of the kind in the period before';$sql$,
$sql$COMMENT ON COLUMN workspace.voice_of_customer.previous_period_answers IS 'Number of all answers of that period';$sql$,
$sql$COMMENT ON COLUMN workspace.voice_of_customer.change IS 'Change of the share against the period before, in points';$sql$,
$sql$COMMENT ON COLUMN workspace.voice_of_customer.change_lower IS 'Lower bound of its 95 % interval (Newcombe)';$sql$,
$sql$COMMENT ON COLUMN workspace.voice_of_customer.p_value IS 'Probability of a change at least as large, in either direction, if there were none; empty where all answers are of one sort';$sql$,
$sql$COMMENT ON COLUMN workspace.voice_of_customer.verdict IS 'up or down where the interval is on one side of 0, else flat; empty where either period has no answers';$sql$,
$sql$COMMENT ON COLUMN workspace.voice_of_customer.enough IS 'Whether there are enough answers in both periods to go by';$sql$]),
        (140, ARRAY[
$sql$CREATE VIEW workspace.customer_preferences AS
SELECT p.customer, p.source, p.category, clientele.order_count(p.history, r.as_of) AS orders, clientele.revenue(p.history, r.as_of) AS revenue
FROM workspace.current_preferences p
CROSS JOIN workspace.reporting_date r
WHERE clientele.first_order(p.history, r.as_of) IS NOT NULL;$sql$,
$sql$COMMENT ON VIEW workspace.customer_preferences IS 'The orders of each customer by where they came from and what was bought, where columns of it are attached';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_preferences.source IS 'Where orders came from; empty where unknown';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_preferences.category IS 'Category of the orders; empty where unknown';$sql$,
$sql$COMMENT ON COLUMN workspace.customer_preferences.revenue IS 'Their revenue, returns not taken off';$sql$]),
        (141, ARRAY[
$sql$CREATE VIEW workspace.first_orders AS
SELECT h.customer, h.day, h.source, h.category, h.amount
FROM workspace.first_orders_data h
WHERE NOT h.is_unknown AND NOT EXISTS (
    SELECT FROM workspace.order_changes c
    WHERE c.customer = h.customer AND (c.removed IS NOT NULL OR clientele.first_order(c.added) <= h.day))
UNION ALL
SELECT h.customer, h.day, h.source, h.category, h.amount
FROM workspace.changed_first_orders h;$sql$,
$sql$COMMENT ON VIEW workspace.first_orders IS 'The first order of each customer, on whatever day, where columns of source or category are attached';$sql$,
$sql$COMMENT ON COLUMN workspace.first_orders.day IS 'Day of the first order, which may be on or after the reporting date';$sql$,
$sql$COMMENT ON COLUMN workspace.first_orders.source IS 'Where it came from; empty where unknown';$sql$,
$sql$COMMENT ON COLUMN workspace.first_orders.category IS 'Its category; empty where unknown';$sql$,
$sql$COMMENT ON COLUMN workspace.first_orders.amount IS 'Its amount';$sql$]),
        (142, ARRAY[
$sql$CREATE VIEW workspace.order_history AS
SELECT h.customer, h.history, h.profit_history, h.no_time, h.invalid_time, h.no_amount, h.invalid_amount, h.zero_amount
FROM workspace.order_history_data h
WHERE h.customer IS NOT NULL AND NOT EXISTS (
    SELECT FROM (SELECT DISTINCT x.customer FROM workspace.order_changes x) c WHERE c.customer = h.customer)
UNION ALL
SELECT h.customer, h.history, h.profit_history, h.no_time, h.invalid_time, h.no_amount, h.invalid_amount, h.zero_amount
FROM workspace.changed_histories h
WHERE h.history OPERATOR(clientele.<>) '{}'::clientele.purchase_history
    OR coalesce(h.no_time, h.invalid_time, h.no_amount, h.invalid_amount, h.zero_amount) IS NOT NULL;$sql$,
$sql$COMMENT ON VIEW workspace.order_history IS 'All that is read from the orders: their histories by customer, one row more for the orders without a customer, and the rows that are left out';$sql$]),
        (143, ARRAY[
$sql$CREATE VIEW workspace.reporting_date AS
SELECT d.as_of, d.today, greatest((clientele.period_start(d.as_of, d.period) - 400 * _clientele.period_step(d.period))::date, date '0001-01-01') AS first_period,
    now() AS refreshed_at, (SELECT min(m.missed_at) FROM workspace.missed_changes m) AS missed_since
FROM (
    SELECT (
            SELECT CASE s.as_of
                    WHEN 'today' THEN s.today
                    WHEN 'auto' THEN least(s.today, 1 + (
                        WITH changed AS MATERIALIZED (SELECT c.day, c.order_rows FROM workspace.changed_days c)
                        SELECT greatest(
                            (SELECT max(c.day) FROM changed c WHERE c.order_rows > 0 AND c.day <= s.today),
                            (SELECT d.day FROM workspace.order_days_data d WHERE d.day <= s.today GROUP BY d.day
                                HAVING sum(d.order_rows) + coalesce((SELECT c.order_rows FROM changed c WHERE c.day = d.day), 0) > 0
                                ORDER BY d.day DESC LIMIT 1))))
                    ELSE s.as_of::date
                END
            FROM (SELECT x.*, (now() AT TIME ZONE x.time_zone)::date AS today FROM workspace.applied_settings x LIMIT 1) s
        ) AS as_of,
        (SELECT (now() AT TIME ZONE s.time_zone)::date FROM workspace.applied_settings s) AS today,
        (SELECT s.period FROM workspace.applied_settings s) AS period
    LIMIT 1) d
LIMIT 1;$sql$,
$sql$COMMENT ON VIEW workspace.reporting_date IS 'The day the views speak of, by the settings';$sql$,
$sql$COMMENT ON COLUMN workspace.reporting_date.as_of IS 'Rows of this day and later ones are not counted';$sql$,
$sql$COMMENT ON COLUMN workspace.reporting_date.today IS 'Today in the time zone of the settings';$sql$,
$sql$COMMENT ON COLUMN workspace.reporting_date.first_period IS 'Views of retention and of growth go back to here: 400 periods';$sql$,
$sql$COMMENT ON COLUMN workspace.reporting_date.missed_since IS 'With incremental storage: since when orders were written that triggers could not read; empty where all are counted';$sql$])
$files$;
-- workspace: what a BI tool says beside a view: where to begin, and what is easily got wrong.

CREATE FUNCTION _clientele.workspace_advice() RETURNS TABLE (relation name, property text, advice text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
        (NULL::name, 'points_of_interest', 'Begin with Overview, then Revenue By Period, At Risk and Win Back. Data Quality tells whether the figures can be trusted.'),
        ('abc_summary', 'points_of_interest', 'Who brings how much: a pie of window_revenue by abc, without the class none.'),
        ('abc_summary', 'caveats', 'All sums are of the window of the classes, twelve months unless the settings say otherwise. pct_of_customers_bringing_80, gini and abc_by are the same in every row.'),
        ('abc_xyz_matrix', 'points_of_interest', 'What to do with whom: a pivot table of abc by xyz. Colour it by thresholds of window_revenue.'),
        ('abc_xyz_matrix', 'caveats', 'Customers who are in no cell are missing: the sums are those of ABC Summary without them.'),
        ('at_risk', 'points_of_interest', 'Whom to call now: a table sorted by position, with contact and policy.'),
        ('at_risk', 'caveats', 'revenue is of the whole life; what is lost with the customer is last_year_revenue. approach is the same in every row.'),
        ('cell_migration', 'caveats', 'Filter one period: who stays is in a row of each.'),
        ('cohorts_by_dimension', 'caveats', 'Filter one dimension: a customer is in several. Never average a rate: divide the sum of retained by that of eligible. Filter complete and enough.'),
        ('customers', 'points_of_interest', 'Everything about each customer in one row: lists and segments of your own begin here.'),
        ('customers', 'caveats', 'revenue, orders, returns and profit are of the whole life; window_revenue is of the window of the classes.'),
        ('data_quality', 'points_of_interest', 'Can these figures be trusted? Put it on every dashboard, with order_rows above 0; refreshed_at says of when they are.'),
        ('data_quality', 'caveats', 'Not all revenue here counts: only that of the rows used is in other views.'),
        ('express_test', 'caveats', 'It has one row, whose shares are estimates: show the bounds beside them.'),
        ('first_purchase', 'caveats', 'Filter one dimension. Never average a rate: divide the sum of repeated by that of eligible. revenue is of the whole life.'),
        ('funnel_steps', 'caveats', 'Never average a rate: divide the sums of reached. Filter one funnel, and complete.'),
        ('funnel_summary', 'points_of_interest', 'Where customers are lost: a funnel of reached by step_number and touchpoint, filtered by one funnel.'),
        ('lifecycle_migration', 'caveats', 'Filter one period: who stays is in a row of each.'),
        ('lifecycle_summary', 'points_of_interest', 'How customers stand: a bar of customers by stage, sorted by position.'),
        ('lifecycle_summary', 'caveats', 'revenue is of the whole life; window_revenue is of the window of the classes.'),
        ('nps_by_period', 'caveats', 'Never average a score: it is 100 times promoters less detractors, by responses. Filter complete.'),
        ('nps_by_segment', 'caveats', 'Filter one dimension: the rows of each add up to all answers.'),
        ('nps_by_touchpoint', 'caveats', 'Never average a score: it is 100 times promoters less detractors, by responses. Filter enough.'),
        ('nps_summary', 'points_of_interest', 'Would they recommend us? One row, with what to do about it.'),
        ('overview', 'points_of_interest', 'Begin here: the shop at a glance, period by period, beside the period before and a year before.'),
        ('overview', 'caveats', 'Filter complete: the last period is under way. Numbers of customers do not add up over periods.'),
        ('repeat_purchase', 'caveats', 'rate is too low as long as some had no time to buy again: show rate_kaplan_meier beside it.'),
        ('response_times', 'caveats', 'Filter one dimension: an answer is in a row of each. Never average a share: divide the sum of replied by that of answers.'),
        ('retention_by_dimension', 'caveats', 'Filter one dimension: a customer is in several. Never average a rate: divide the sum of retained by that of eligible. Filter enough.'),
        ('retention_by_period', 'points_of_interest', 'Who comes back: a line of rate by period_number above 0, with lower and upper.'),
        ('retention_by_period', 'caveats', 'Filter enough: late periods have few customers behind them.'),
        ('retention_cohorts', 'points_of_interest', 'Do newer customers come back more? A pivot table of rate, cohort_label by period_number, coloured by thresholds.'),
        ('retention_cohorts', 'caveats', 'Never average a rate: divide the sum of retained by that of eligible. Filter complete and enough.'),
        ('revenue_by_period', 'points_of_interest', 'Growth, and by whom: a stacked bar of new, retained, returned and inactive revenue, which add up to revenue.'),
        ('revenue_by_period', 'caveats', 'Filter complete: the last period is under way. Numbers of customers do not add up over periods.'),
        ('second_order_due', 'points_of_interest', 'Whom to remind of a second order: a table sorted by position, with contact.'),
        ('sources', 'caveats', 'revenue and profit are of the whole life of those who came first by the source. Figures by cost are of the time for which costs are known.'),
        ('survey_by_dimension', 'caveats', 'Filter one question and one dimension. Shares of questions with several answers add up to more than 100.'),
        ('survey_tallies', 'caveats', 'Filter one question. Shares of questions with several answers add up to more than 100.'),
        ('win_back', 'points_of_interest', 'Whom to win back first: a table sorted by position, which goes by expected_value. Filter enough.'),
        ('win_back', 'caveats', 'expected_value is a mean over many customers, and no promise of one. revenue is of the whole life. approach is the same in every row.')
$$;
-- workspace: what attaching says about the table and its rows

-- What an index begins with that finds a column as the views read it, NULL where none can.
CREATE FUNCTION _clientele.workspace_index_key(col _clientele.attached_column) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN t.typname = 'citext' THEN format('lower(%I::text)', (col).name)
        WHEN t.typtype = 'e' THEN NULL -- its cast to text is not immutable
        WHEN t.oid IN ('char'::regtype, 'name'::regtype) THEN format('(%I::text)', (col).name)
        ELSE quote_ident((col).name) END
    FROM pg_type t WHERE t.oid = (col).type
$$;

-- The usable indexes that begin with it.
CREATE FUNCTION _clientele.workspace_indexes(relation regclass, col _clientele.attached_column) RETURNS SETOF pg_index
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT x.*
    FROM pg_index x
    WHERE x.indrelid = relation AND x.indisvalid AND x.indpred IS NULL
        AND trim(pg_get_indexdef(x.indexrelid, 1, true), '()') = trim(_clientele.workspace_index_key(col), '()')
$$;

-- What would make an index, NULL where the relation can have none.
CREATE FUNCTION _clientele.workspace_index_statement(relation regclass, columns text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('CREATE INDEX%s ON %s %s', CASE c.relkind WHEN 'p' THEN '' ELSE ' CONCURRENTLY' END, relation, columns)
    FROM pg_class c
    WHERE c.oid = relation AND c.relkind IN ('r', 'p', 'm')
$$;

-- The statement that would index a column as the views read it, NULL where a usable index begins with it or the relation can have none.
CREATE FUNCTION _clientele.workspace_index_advice(relation regclass, col _clientele.attached_column, purpose text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN i.key IS NULL THEN 'No index can serve the views: keep such customers as text or numbers'
        ELSE format('Nothing indexes it: %s; then %s', _clientele.workspace_index_statement(relation, format('(%s)', i.key)), purpose) END
    FROM (SELECT _clientele.workspace_index_key(col) AS key) i
    WHERE _clientele.workspace_index_statement(relation, '') IS NOT NULL AND NOT EXISTS (SELECT FROM _clientele.workspace_indexes(relation, col))
$$;

-- What histories are read from.
CREATE FUNCTION _clientele.workspace_history_columns(orders _clientele.attached_relation) RETURNS name[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT array_agg(((orders).columns->>r.role)::name ORDER BY r."position")
    FROM unnest('{customer,ordered_at,amount,profit,refunded}'::text[]) WITH ORDINALITY r(role, "position")
    WHERE (orders).columns->>r.role <> ''
$$;

-- Whether they can be read from an index alone, in the order in which customers are grouped. Those of a table that others inherit from
-- are not all in its index.
CREATE FUNCTION _clientele.workspace_is_covered(orders _clientele.attached_relation) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM _clientele.workspace_candidates((orders).relation, 'customer') k
        CROSS JOIN LATERAL _clientele.workspace_indexes((orders).relation, ROW(k.name, k.type, NULL)::_clientele.attached_column) x
        JOIN pg_class i ON i.oid = x.indexrelid
        JOIN pg_am m ON m.oid = i.relam AND m.amname = 'btree'
        JOIN pg_opclass p ON p.oid = x.indclass[0] AND p.opcdefault
        JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attname = k.name AND a.attcollation = x.indcollation[0]
        JOIN pg_class c ON c.oid = x.indrelid AND NOT (c.relkind = 'r' AND c.relhassubclass)
        WHERE k.name = (orders).columns->>'customer' AND x.indoption[0] IN (0, 3) -- ascending, NULLs last, or the reverse
            AND x.indnkeyatts > 1 AND pg_get_indexdef(x.indexrelid, 2, true) = quote_ident((orders).columns->>'ordered_at')
            AND NOT EXISTS (
                SELECT FROM unnest(_clientele.workspace_history_columns(orders)) n
                WHERE n NOT IN (SELECT o.attname FROM pg_attribute o WHERE o.attrelid = x.indrelid AND o.attnum = ANY (x.indkey))))
$$;

-- Whether it pays to ask for that order. Behind the subquery that does, a column that is cast has no statistics, and a plan would expect
-- two hundred customers: there the planner is left to choose.
CREATE FUNCTION _clientele.workspace_is_read_in_order(orders _clientele.attached_relation) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.workspace_is_covered(orders) AND EXISTS (
        SELECT FROM pg_attribute a
        WHERE a.attrelid = (orders).relation AND a.attname = (orders).columns->>'customer' AND a.atttypmod = -1
            AND a.atttypid IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype, 'numeric'::regtype, 'uuid'::regtype, 'text'::regtype))
$$;

-- The statement for such an index, NULL where there is one: it finds one customer too. A column is not read back from an expression of it.
CREATE FUNCTION _clientele.workspace_covering_advice(orders _clientele.attached_relation, customer _clientele.attached_column) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%s: %s; then attach again, and one customer is found at once, and the histories of all are read from it alone',
        CASE WHEN EXISTS (SELECT FROM _clientele.workspace_indexes((orders).relation, customer)) THEN 'No index has all that histories are made of' ELSE 'Nothing indexes it' END,
        _clientele.workspace_index_statement((orders).relation, format('(%s, %I) INCLUDE (%s)', k.key, (orders).columns->>'ordered_at', (
            SELECT string_agg(quote_ident(u.name), ', ' ORDER BY u.n)
            FROM unnest(_clientele.workspace_history_columns(orders)) WITH ORDINALITY u(name, n)
            WHERE quote_ident(u.name) <> k.key AND u.name <> (orders).columns->>'ordered_at'))))
    FROM (SELECT _clientele.workspace_index_key(customer) AS key OFFSET 0) k
    WHERE k.key IS NOT NULL AND NOT _clientele.workspace_is_covered(orders) AND _clientele.workspace_index_statement((orders).relation, '') IS NOT NULL
    UNION ALL
    SELECT _clientele.workspace_index_advice((orders).relation, customer, '') WHERE _clientele.workspace_index_key(customer) IS NULL
$$;

CREATE FUNCTION _clientele.workspace_describe_columns(workspace text, orders _clientele.attached_relation, given jsonb, with_status boolean)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    settings record;
    status_columns text;
BEGIN
    EXECUTE format('SELECT s.* FROM %I.settings s', workspace) INTO settings;
    RETURN QUERY SELECT c.role, format('column %I (%s), %s%s', (c.col).name, (c.col).type, (c.col).found,
            CASE WHEN (c.col).type = 'timestamptz'::regtype THEN format('; days of %s', settings.time_zone)
                WHEN c.role = 'ordered_at' AND (c.col).type = 'timestamp'::regtype AND orders.columns->>'stored_in' <> '' THEN format('; clock of %s, days of %s', orders.columns->>'stored_in', settings.time_zone)
                ELSE '' END),
        CASE c.role
            WHEN 'customer' THEN _clientele.workspace_covering_advice(orders, c.col)
            WHEN 'ordered_at' THEN CASE WHEN coalesce(orders.columns->>'stored_in', '') = '' THEN _clientele.workspace_index_advice(orders.relation, c.col, 'the last row is found at once') END
        END
    FROM _clientele.workspace_found_columns(orders.relation, 'orders', given) c;
    RETURN QUERY VALUES
        ('time_zone', settings.time_zone, format('To change it: UPDATE %I.settings SET time_zone = ''...'';', workspace)),
        ('settings', format('periods: %s, RFM scores: 1 to %s%s', settings.period, settings.rfm_bins,
                CASE WHEN settings.lost_after <> interval '6 months' THEN format(', lost after: %s', _clientele.workspace_span_text(settings.lost_after)) ELSE '' END),
            format('These and all others are in %I.settings', workspace));

    SELECT string_agg(quote_ident((m.col).name), ', ') INTO status_columns
    FROM _clientele.workspace_meant_columns(orders) m WHERE m.meaning = 'status' AND with_status;
    IF status_columns IS NOT NULL THEN
        RETURN QUERY VALUES ('status', format('not filtered by %s: every row counts', status_columns),
            'If some of the rows are no orders, attach a view that leaves them out');
    END IF;
    IF (SELECT c.relrowsecurity FROM pg_class c WHERE c.oid = orders.relation) THEN
        RETURN QUERY VALUES ('row security', format('%s has row level security', orders.relation),
            format('The views read it as %I, whoever asks them: grant them with care', _clientele.workspace_owner(workspace)));
    END IF;
    -- Functions behind a view, policies and casts of the orders run with the rights of who reads them.
    IF EXISTS (SELECT FROM pg_class c JOIN pg_roles o ON o.oid = c.relowner JOIN pg_roles r ON r.rolname = current_user
        WHERE c.oid = orders.relation AND r.rolsuper AND NOT o.rolsuper)
    THEN
        RETURN QUERY VALUES ('superuser', format('%s belongs to %s, the workspace to a superuser', orders.relation,
                (SELECT quote_ident(pg_get_userbyid(c.relowner)) FROM pg_class c WHERE c.oid = orders.relation)),
            'What its owner puts behind it runs with your rights: drop the workspace, and attach as a role that may do no more than read it');
    END IF;
END
$$;

CREATE FUNCTION _clientele.workspace_row_share(part bigint, whole bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%s of %s (%s %%)', part, whole, CASE
        WHEN part = 0 OR part = whole THEN round(100.0 * part / nullif(whole, 0))
        ELSE least(greatest(round(100.0 * part / whole, 2), 0.01), 99.99) END)
$$;

-- Whether an index says that no two rows of a relation, which has no children, have the same in a column.
CREATE FUNCTION _clientele.workspace_is_unique(relation regclass, col text) RETURNS boolean
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM pg_index x
        JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attname = col AND a.attcollation = x.indcollation[0]
        WHERE x.indrelid = relation AND x.indisunique AND x.indimmediate AND x.indisvalid AND x.indpred IS NULL AND x.indnkeyatts = 1 AND x.indkey[0] = a.attnum)
        AND NOT EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent WHERE i.inhparent = relation AND c.relkind = 'r')
$$;

-- In months where it is made of them, as one writes it.
CREATE FUNCTION _clientele.workspace_span_text(span interval) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET IntervalStyle = 'postgres'
AS $$
    SELECT CASE WHEN span = make_interval(months => m.n) THEN m.n || ' months' ELSE span::text END
    FROM (SELECT (12 * extract(year FROM span) + extract(month FROM span))::integer AS n) m
$$;

-- What the rows of an attached relation say, by the queries of findings/; nothing between detach_orders() and upgrade_workspace().
CREATE FUNCTION _clientele.workspace_findings(workspace text, relation_role text) RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET DateStyle = 'ISO'
AS $$
DECLARE
    tallies _clientele.order_tally[];
    query text;
BEGIN
    IF NOT _clientele.workspace_has(workspace, 'order_rows') THEN
        RETURN;
    ELSIF relation_role = 'orders' THEN
        tallies := ARRAY(SELECT t FROM _clientele.workspace_order_tallies(workspace) t);
    END IF;
    FOR query IN
        SELECT _clientele.workspace_placed(s.statements[1], workspace)
        FROM _clientele.workspace_files() f JOIN _clientele.workspace_statements() s ON s.place = f.place
        WHERE f.folder = 'findings' AND f.belongs_to = relation_role
        ORDER BY f.relation
    LOOP
        RETURN QUERY EXECUTE query USING workspace, tallies;
    END LOOP;
END
$$;
-- workspace: what the columns of its relations are, by their names: what BI tools take them for, and the comment that they get
-- where the file of a relation has no other.

CREATE FUNCTION _clientele.workspace_dictionary() RETURNS TABLE (name name, meaning text, comment text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
        ('abc'::name, 'category', 'ABC class by revenue or profit in the window: A brings 80 %, B the next 15 %; empty without a purchase in it'),
        ('abc_a', NULL, 'A is who brings this share of the whole, the largest first'),
        ('abc_b', NULL, 'A and B together are who bring this share'),
        ('abc_by', NULL, 'What ABC classes are decided by: revenue or profit'),
        ('active_customers', NULL, 'Number of customers who bought'),
        ('advice', 'text', 'What to make of it'),
        ('amount', NULL, 'The amount, as in the orders'),
        ('answer', NULL, 'The answer; empty for free text, and where nobody answered'),
        ('answer_number', NULL, '1 for the customer''s first answer, and so on; all without a customer are numbered together'),
        ('answer_position', NULL, 'Order in which to show the answers: as the options are, then the most frequent first'),
        ('answered_at', NULL, 'When it was answered, as in the answers'),
        ('approach', 'text', 'What to do with customers of this list, the same in every row, from the table approaches'),
        ('as_of', NULL, 'The reporting date'),
        ('at_risk', NULL, 'Silent for more than twice the usual gap, but not lost yet'),
        ('attribution_share', 'share', 'Its part in the sum of those shares, 0 to 1'),
        ('average_order', 'money', 'Revenue by number of orders'),
        ('average_purchases', NULL, 'Purchases by number of customers'),
        ('average_revenue', 'money', 'Revenue by number of customers'),
        ('average_value', 'money', 'The mean value'),
        ('awful', NULL, 'Number of those that say awful'),
        ('band', 'category', 'strong (50 and above), average (30 and above) or weak'),
        ('benchmark_high', 'share', 'What is usual, to: 20 % and 70 %'),
        ('benchmark_low', 'share', 'What is usual, from, by the table benchmarks: 5 % for a new customer, 60 % for a loyal one'),
        ('category', 'category', 'Category of the order; empty where no column of it is attached'),
        ('cell', 'category', 'Cell of the matrix; empty without a purchase in its window'),
        ('change', NULL, 'Change of the score against it, in points: change of promoters less change of detractors'),
        ('change_lower', NULL, 'Lower bound of its 95 % interval'),
        ('change_upper', NULL, 'Upper bound'),
        ('changed_from', NULL, 'The one at the end of the period before; empty for the first stage'),
        ('changed_to', NULL, 'The stage or cell from then on; none where there is no cell, without a purchase in its window'),
        ('channel', 'category', 'How it came; empty where unknown'),
        ('class_window', NULL, 'The span before the reporting date whose purchases decide ABC class and matrix; empty for the whole life'),
        ('cohort_label', 'category', 'Its name: 2025-03, 2025-W07, 2025-Q1'),
        ('cohort_start', NULL, 'First day of the period of the first purchase'),
        ('comment', 'comment', 'What the customer wrote; empty without'),
        ('complete', NULL, 'Always true: periods under way are not counted'),
        ('contact', NULL, 'How to reach the customer; empty where attach_customers() was told of none'),
        ('cost', 'money', 'What was spent'),
        ('cost_per_customer', 'money', 'Cost by number of customers acquired in that time'),
        ('count_by', NULL, 'What counts as a purchase: days with orders (split receipts do not make a regular), or orders'),
        ('cumulative_revenue', 'money', 'Revenue from the cohort up to the period'),
        ('cumulative_revenue_per_customer', 'money', 'By number of customers in the cohort'),
        ('counts_zero', NULL, 'Whether an amount of 0 is an order there, as the settings say'),
        ('customer', 'key', 'The customer, as in the orders'),
        ('customer_kind', 'category', 'existing: with an order before step 1; else new'),
        ('customer_name', 'name', 'Name of the customer; empty where attach_customers() was told of none'),
        ('customers', NULL, 'Number of customers'),
        ('day', NULL, 'Day of the answer'),
        ('days_since_last', NULL, 'Days from the last order to the reporting date'),
        ('description', 'text', 'The reason in words'),
        ('detractors', NULL, 'Number of those below 7'),
        ('detractors_change', NULL, 'Change of the share of detractors, in points'),
        ('dimension', 'category', 'first_source, first_category, or a column of the table of customers'),
        ('eligible', NULL, 'Number of customers for whom that period is complete'),
        ('employee', NULL, 'Who served the customer; empty where unknown'),
        ('enough', NULL, 'Whether there are enough customers to go by'),
        ('entry_period', NULL, 'First day of the period in which step 1 was reached'),
        ('expected_value', 'money', 'What winning the customer back is worth on average: revenue of the last year times return_share; empty where nothing is known of it yet'),
        ('first_order', 'join date', 'Day of the first order'),
        ('first_orders', NULL, 'Number of orders that were the first of a customer, which is the number of new customers'),
        ('fold_after', NULL, 'With incremental storage: about so many changes stay pending: what is more is folded into the stored histories by those who write; empty for never'),
        ('frequency_score', 'score', 'RFM score for the number of purchases'),
        ('frequency_within', NULL, 'The span before the reporting date whose purchases decide XYZ by frequency'),
        ('from_touchpoint', 'category', 'From where: a touchpoint, or START'),
        ('funnel_name', 'category', 'Name of the funnel, from the table funnel_stages'),
        ('funnel_within', NULL, 'The time from the first step of a funnel in which the others count'),
        ('gap_days', NULL, 'Median number of days from one purchase day to the next; empty below two'),
        ('happened_at', NULL, 'When, as in the touchpoints'),
        ('has_category', NULL, 'Whether a column with the category is attached'),
        ('has_profit', NULL, 'Whether a column with the profit of an order is attached: attach_orders() sets it'),
        ('has_source', NULL, 'Whether a column with the source is attached'),
        ('history', NULL, 'Orders, returns and amounts per day; read it with order_count(), revenue(), history_days() and others'),
        ('instant', NULL, 'The same as an instant, of a day its beginning; empty where it cannot be used'),
        ('invalid_amount', NULL, 'Number of rows with an amount that cannot be used'),
        ('invalid_time', NULL, 'Number of rows with a time that cannot be used'),
        ('is_described', NULL, 'Whether columns with names or contacts are attached'),
        ('is_empty_time', NULL, 'Whether its time is 0001-01-01, 1899-12-30 or 1970-01-01, which systems write where there is none'),
        ('is_order', NULL, 'Whether it is an order, of zero or more, and not a return'),
        ('journey_repeats', NULL, 'What touchpoints that a customer meets several times in a row are in a journey: collapsed into one, or kept'),
        ('kept_amount', NULL, 'The amount at four decimals, as it counts; empty where it cannot be used'),
        ('kept_share', 'share', 'Share of those, 0 to 1'),
        ('keypath', NULL, 'View, column and property, with dots between them'),
        ('kind', 'category', 'Kind of the comment: positive, negative, question, criticism, idea, lead or another; empty where unknown'),
        ('lapsed_customers', NULL, 'Number of customers who bought in the period before, and not in this one; empty for the period under way'),
        ('last_order', NULL, 'Day of the last order'),
        ('last_year_revenue', 'money', 'Revenue of the twelve months that end with the last order, later returns taken off: what is lost with the customer'),
        ('left_out', NULL, 'Why the row does not count; empty where it does'),
        ('light', 'category', 'red: it cannot be answered; green: few come only once; yellow: one-timers exceed regulars; mixed: in between'),
        ('light_by', NULL, 'What the light of the express test goes by: shares of customers or of sales'),
        ('lost', NULL, 'Number of passes that came no further, and whose time is over'),
        ('lost_after', NULL, 'Lost is who has not bought for this span'),
        ('lower', 'share', 'Lower bound of its 95 % interval (Wilson)'),
        ('lower_on_or_after', 'share', 'Lower bound of its 95 % interval'),
        ('median_hours', NULL, 'Median hours since the step before; empty for step 1'),
        ('missing_revenue', NULL, 'How much more revenue (or profit) in the window would bring the next better class; empty for A'),
        ('monetary_score', 'score', 'RFM score for revenue'),
        ('new_customers', NULL, 'Number of those who bought for the first time'),
        ('new_within', NULL, 'New is who first bought within this span; in the express test such customers have had no time to come back'),
        ('no_amount', NULL, 'Number of rows without an amount'),
        ('no_time', NULL, 'Number of rows without a time; empty where there are none'),
        ('nps', NULL, 'Net Promoter Score in points, -100 to 100'),
        ('nps_answers', NULL, 'Whose answers the Net Promoter Score counts: latest, of each customer the last one among those that a figure is about, or all'),
        ('nps_group', 'category', 'promoter (9 and above), passive (7 and above) or detractor'),
        ('nps_window', NULL, 'The span before the reporting date whose answers are in figures of the voice of the customer that are not by period; empty for all'),
        ('ok', NULL, 'Number of those that say ok'),
        ('one_row', NULL, 'Always true: there is one row'),
        ('one_time_limit', NULL, 'The express test is green up to this share of one-time customers'),
        ('one_time_share', 'share', 'Share of customers who came once, 0 to 1'),
        ('order_id', NULL, 'Number of the order as text'),
        ('order_key', NULL, 'Its number, as in the orders, by which those of one time are ordered'),
        ('ordered_at', NULL, 'Time of the order, as in the orders'),
        ('orders', NULL, 'Number of orders'),
        ('outcome', 'category', 'went on, arrived (at the last step), skipped (came to the last step without all before it), open (there is time left) or lost'),
        ('owner', 'category', 'Who has to reply; empty where nobody has'),
        ('pareto_share', 'share', 'Share of the whole that this customer and all larger ones bring, 0 to 1; empty for zero or less'),
        ('passives', NULL, 'Number of those of 7 and above, but below 9'),
        ('pct_lower', NULL, 'Lower bound of its 95 % interval (Wilson)'),
        ('pct_of_customers', NULL, 'Share of all customers, 0 to 100'),
        ('pct_of_first', NULL, 'Share of those that reached step 1, 0 to 100'),
        ('pct_of_first_lower', NULL, 'Lower bound of its 95 % interval (Wilson)'),
        ('pct_of_first_upper', NULL, 'Upper bound'),
        ('pct_of_previous', NULL, 'Share of those that reached the step before, 0 to 100; empty for step 1'),
        ('pct_of_previous_lower', NULL, 'Lower bound of its 95 % interval (Wilson)'),
        ('pct_of_previous_upper', NULL, 'Upper bound'),
        ('pct_of_respondents', NULL, 'Share of those who answered, 0 to 100; where several answers can be given, more than 100 in all'),
        ('pct_of_revenue', NULL, 'Share of the revenue, 0 to 100'),
        ('pct_of_rows', NULL, 'Share of all rows, 0 to 100'),
        ('pct_upper', NULL, 'Upper bound'),
        ('period', NULL, 'The calendar period of series and histories: day, week (ISO), month, quarter or year'),
        ('period_number', NULL, '0 is the period of the first purchase, 1 the next one, and so on'),
        ('period_start', NULL, 'First day of the period'),
        ('policy', 'text', 'What to do with that cell, from the table policies'),
        ('position', NULL, 'Order in which to turn to them'),
        ('previous_responses', NULL, 'Number of answers in the period before'),
        ('previous_score', NULL, 'Score of the period before'),
        ('price_terms', NULL, 'Which prices and terms they get'),
        ('profit', 'money', 'Sum of all profit; empty where no column of it is attached'),
        ('profit_history', NULL, 'Profit per day, where a column of it is attached: read it with revenue()'),
        ('promoters', NULL, 'Number of those of 9 and above'),
        ('promoters_change', NULL, 'Change of the share of promoters, in points'),
        ('purchase_days', NULL, 'Number of days with an order'),
        ('purchase_probability', 'share', 'Probability that the journey ends with a purchase, 0 to 1'),
        ('purchases', NULL, 'Number of purchases: of days with orders, or of orders, as the settings count'),
        ('question', NULL, 'The question'),
        ('question_position', NULL, 'Place of the question there'),
        ('question_text', NULL, 'How it is asked'),
        ('questionnaire', 'category', 'The questionnaire; empty for a question that is not in the table questions'),
        ('raised_rate', 'share', 'The same with retention_step points more'),
        ('rate', 'share', 'Share of those, 0 to 1'),
        ('rate_kaplan_meier', 'share', 'Share who will have bought again, 0 to 1: by Kaplan and Meier, who count everybody for as long as they were watched, up to the time after which fewer than a tenth of the customers, and fewer than enough, were left to watch'),
        ('rate_on_or_after', 'share', 'Share of those, 0 to 1'),
        ('ratings', NULL, 'Number of ratings, one of each rater'),
        ('reached', NULL, 'Number of passes that reached it, those that went further included'),
        ('reason', NULL, 'used, or why the rows are left out of the other views'),
        ('recency_score', 'score', 'RFM score for recency: a high one bought lately'),
        ('referred_value_per_customer', 'money', 'By number of them'),
        ('referrer', NULL, 'Who brought the customer'),
        ('refreshed_at', NULL, 'When the orders were read: now, with stored figures at the last refresh'),
        ('refunded_orders', NULL, 'What orders are of which the whole amount was given back, where a column of refunded amounts is attached: orders of 0, or skipped'),
        ('regular_purchases', NULL, 'Regular is who has at least so many purchases in regular_within'),
        ('regular_share', 'share', 'Share of customers who are regulars, 0 to 1'),
        ('regular_within', NULL, 'The span in which a regular buys regular_purchases times; the express test looks at it'),
        ('removal_effect', 'share', 'Share of the purchases that would be missing if whoever comes to the touchpoint were lost, 0 to 1; empty for START'),
        ('repeat_orders', NULL, 'Number of the other orders'),
        ('repeat_share', 'share', 'Share of the active customers who bought on a later day than that of their first order, be that in the same period or before, 0 to 1'),
        ('replied', NULL, 'Whether there was a reply before the reporting date'),
        ('replied_on', NULL, 'Day of the reply'),
        ('replied_share', 'share', 'Share of those with a reply, 0 to 1'),
        ('replied_share_lower', 'share', 'Lower bound of its 95 % interval (Wilson)'),
        ('replied_share_upper', 'share', 'Upper bound'),
        ('reply_hours', NULL, 'Hours from the answer to the reply, whole days where either is a date; empty without one'),
        ('resolve_hours', NULL, 'Hours from the answer until it was resolved'),
        ('resolved_on', NULL, 'Day when it was resolved; where no column tells, that of the reply'),
        ('respondent', NULL, 'Who answered, as text'),
        ('respondent_key', NULL, 'Who answered, as in the answers'),
        ('response_rate', 'share', 'Share of them, 0 to 1'),
        ('responses', NULL, 'Number of answers that count'),
        ('retained', NULL, 'Number of those who bought in it'),
        ('retained_on_or_after', NULL, 'Number of those who bought in it or in a later complete period'),
        ('retention_step', NULL, 'The points more of retention whose worth retention_value shows'),
        ('return_share', 'share', 'The share of them, 0 to 1'),
        ('return_share_lower', 'share', 'Lower bound of its 95 % interval (Wilson)'),
        ('return_share_upper', 'share', 'Upper bound'),
        ('returned_customers', NULL, 'Number of those who had bought before, but not in the period before'),
        ('returns', NULL, 'Number of returns: rows with a negative amount'),
        ('revenue', 'money', 'Sum of all amounts of the whole life, returns taken off'),
        ('revenue_per_customer', 'money', 'By number of customers in the cohort'),
        ('review_by', NULL, 'When to look at it again'),
        ('rfm_bins', NULL, 'RFM scores run from 1 to this'),
        ('risk_gaps', NULL, 'At risk is who is silent for more than so many usual gaps'),
        ('satisfied_share', 'share', 'Share of the satisfied, 0 to 1: customer satisfaction (CSAT) as the top box'),
        ('satisfied_share_lower', 'share', 'Lower bound of its 95 % interval (Wilson)'),
        ('satisfied_share_upper', 'share', 'Upper bound'),
        ('score', 'score', 'Net Promoter Score in points, -100 to 100; empty without answers'),
        ('score_lower', NULL, 'Lower bound of its 95 % interval'),
        ('score_upper', NULL, 'Upper bound'),
        ('segment', 'category', 'Name of the segment'),
        ('service_rules', NULL, 'How to serve them'),
        ('share', 'share', 'Share of those that went this way, 0 to 1'),
        ('skipped', NULL, 'Number of passes that came no further in this order, but to the last step all the same'),
        ('source', 'source', 'First known source of a step in the pass; else unknown'),
        ('stage', 'category', 'Stage of the lifecycle: new, occasional, regular or lost'),
        ('step_number', NULL, 'The step: 1 is the first'),
        ('still_open', NULL, 'Number of passes that came no further so far, and have time left'),
        ('storage', NULL, 'Where figures come from: view, from the orders, or materialized, stored until refresh_workspace() runs, or incremental, kept by triggers: attach_orders() sets it'),
        ('text_search', NULL, 'The text search configuration of new entries of the knowledge base, such as english'),
        ('time_zone', NULL, 'Whose days are meant, a full IANA name such as Europe/Berlin, or UTC: for order times with a time zone, and for today'),
        ('to_touchpoint', 'category', 'To where: a touchpoint, PURCHASE, or END'),
        ('top_reason', NULL, 'The most frequent reason of the lost; empty where none is known'),
        ('top_reason_passes', NULL, 'Number of lost passes with that reason'),
        ('touchpoint', 'category', 'What the answer is about; empty where unknown'),
        ('touchpoint_group', 'category', 'business, product, service or employee'),
        ('upper', 'share', 'Upper bound'),
        ('upper_on_or_after', 'share', 'Upper bound'),
        ('usable', NULL, 'Whether it has what it takes to count'),
        ('usual_gap', NULL, 'Usual gap in days: the customer''s own with three gaps or more, else the shop''s'),
        ('valid_from', NULL, 'Since when the policy holds'),
        ('value', 'category', 'Its value'),
        ('value_at_risk', 'money', 'Revenue of the last year from customers whose latest answer is a detractor''s'),
        ('value_per_customer', 'money', 'Revenue by number of customers'),
        ('verdict', 'category', 'up, down, or flat where the interval holds 0 or the change is below 2 points; empty where either period has no answers'),
        ('window_profit', 'money', 'Profit within the window of the classes; empty where no column of it is attached'),
        ('window_returns', NULL, 'Number of returns within the window of the classes'),
        ('window_revenue', 'money', 'Revenue within the window of the classes, twelve months unless the settings say otherwise'),
        ('wish', 'text', 'What would make it a 10; empty without'),
        ('workspace_version', NULL, 'The version of the extension that made the views'),
        ('wow', NULL, 'Number of those that say wow'),
        ('x_purchases', NULL, 'X has so many purchases in it'),
        ('xyz', 'category', 'XYZ class: X buys regularly, Y from time to time, Z rarely; empty without a purchase in the window'),
        ('xyz_by', NULL, 'What XYZ classes are decided by: frequency of purchases, or variation of the amounts per period'),
        ('xyz_x', NULL, 'X has a coefficient of variation up to this, if XYZ is by variation'),
        ('xyz_y', NULL, 'Y has one up to this'),
        ('y_purchases', NULL, 'Y has so many'),
        ('zero_amount', NULL, 'Number of rows with an amount of 0, where the settings skip them'),
        ('zero_amounts', NULL, 'What rows with an amount of 0 are: orders, or skipped')
$$;
-- workspace: what its views and tables call. What a query takes in is parsed once, here, whatever the path of whoever runs it.

CREATE FUNCTION _clientele.period_step(period text) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE period WHEN 'day'::text THEN interval '1 day' WHEN 'week'::text THEN interval '1 week' WHEN 'month'::text THEN interval '1 month'
    WHEN 'quarter'::text THEN interval '3 months' WHEN 'year'::text THEN interval '1 year' END;

CREATE FUNCTION _clientele.last_period_ends(as_of date, period text) RETURNS date[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN (
    SELECT array_agg(e.as_of ORDER BY e.as_of)
    FROM (
        SELECT (p.start - n.n * p.step)::date AS as_of, (p.start - (n.n + 1) * p.step)::date AS period_start
        FROM (SELECT @extschema@.period_start(last_period_ends.as_of, last_period_ends.period) AS start, _clientele.period_step(last_period_ends.period) AS step) p
        CROSS JOIN generate_series(0, 11) n(n)) e
    WHERE e.period_start >= date '0001-01-01');
COMMENT ON FUNCTION _clientele.last_period_ends(date, text) IS
'The days after the last twelve periods that are complete at a date, in ascending order: none that begins before the year 1.
Errors: 22023 for another period, 22008 for an infinite date.';

-- At either end of the calendar a day is not the same everywhere: an instant is moved in so far that no client shows it in a year
-- that has no date.
CREATE FUNCTION _clientele.workspace_instant(instant timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN greatest(timestamptz '0001-01-02 00:00:00+00', least(timestamptz '9999-12-30 00:00:00+00', instant));

-- What systems write where there is no date: the first day of 1C, of Excel, and of Unix; with a time of day it is a time without a date.
-- As an instant it is told by that day in any zone.
CREATE FUNCTION _clientele.is_empty_time(at date) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN at IN (date '0001-01-01', date '1899-12-30', date '1970-01-01');

CREATE FUNCTION _clientele.is_empty_time(at timestamp) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN at::date IN (date '0001-01-01', date '1899-12-30', date '1970-01-01');

CREATE FUNCTION _clientele.is_empty_time(at timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN at < timestamptz '1970-01-02 12:00:00+00' AND (at >= timestamptz '1969-12-31 10:00:00+00'
    OR at >= timestamptz '1899-12-29 10:00:00+00' AND at < timestamptz '1899-12-31 12:00:00+00'
    OR at >= timestamptz '0001-12-31 10:00:00+00 BC' AND at < timestamptz '0001-01-02 12:00:00+00');

-- What is left of an amount: of an order no more is given back than it brought, and a return brings nothing to give back.
CREATE FUNCTION _clientele.workspace_less_refunded(amount numeric, refunded numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN amount > 0::numeric AND @extschema@.valid_amount(refunded) THEN greatest(amount - abs(refunded), 0::numeric) ELSE amount END;

CREATE FUNCTION _clientele.is_span(span interval) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN span >= interval '1 day' AND span <= interval '1000 years' AND least(extract(year FROM span), extract(month FROM span),
    extract(day FROM span), extract(hour FROM span), extract(minute FROM span), extract(second FROM span)) >= 0::numeric;

-- The lowest score of a third: those of five are 1 and 2, 3, 4 and 5.
CREATE FUNCTION _clientele.workspace_third_start(third integer, bins integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE third WHEN 1 THEN 1 WHEN 2 THEN (bins + 1) / 3 + 1 WHEN 3 THEN bins - (bins + 1) / 3 + 1 ELSE bins + 1 END;

-- What became of the rows of the orders, in the order in which it is shown.
CREATE FUNCTION _clientele.order_reasons(used bigint, no_customer bigint, no_time bigint, invalid_time bigint, no_amount bigint,
    invalid_amount bigint, future bigint, only_returns bigint, zero_amount bigint)
RETURNS TABLE ("position" integer, reason text, order_rows bigint)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 9
BEGIN ATOMIC
    VALUES
        (1, 'used', coalesce(used, 0::bigint)),
        (2, 'no_customer', coalesce(no_customer, 0::bigint)),
        (3, 'no_time', coalesce(no_time, 0::bigint)),
        (4, 'invalid_time', coalesce(invalid_time, 0::bigint)),
        (5, 'no_amount', coalesce(no_amount, 0::bigint)),
        (6, 'invalid_amount', coalesce(invalid_amount, 0::bigint)),
        (7, 'future', coalesce(future, 0::bigint)),
        (8, 'only_returns', coalesce(only_returns, 0::bigint)),
        (9, 'zero_amount', coalesce(zero_amount, 0::bigint));
END;

-- The text search configuration of a name: of the server's own schema by the bare name, of others with the schema.
CREATE FUNCTION _clientele.workspace_text_search(name text) RETURNS regconfig
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET quote_all_identifiers = off
AS $$
    SELECT c.oid::regconfig
    FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace
    WHERE $1 = CASE n.nspname WHEN 'pg_catalog' THEN c.cfgname::text ELSE quote_ident(n.nspname) || '.' || quote_ident(c.cfgname) END
$$;

-- The words of an entry of the knowledge base, those of the question weighing most.
CREATE FUNCTION _clientele.workspace_entry_words(configuration regconfig, question text, keywords text, answer text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 3000
SET search_path = pg_catalog, pg_temp
RETURN setweight(to_tsvector(configuration, coalesce(question, '')), 'A') || setweight(to_tsvector(configuration, coalesce(keywords, '')), 'B')
    || setweight(to_tsvector(configuration, coalesce(answer, '')), 'C');

-- Any word of a query, NULL where that excludes words: it is taken as it is.
CREATE FUNCTION _clientele.workspace_some_words(query tsquery) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- Each word stands in quotes in a query's text, quoted as a query needs it.
    SELECT CASE WHEN strpos(query::text, '!') = 0 THEN (
        SELECT string_agg(DISTINCT w.word[1], ' | ')::tsquery
        FROM regexp_matches(query::text, '(''(?:[^'']|'''')+'')', 'g') w(word)) END
$$;

-- What is called is of the server alone: who edits entries need not be allowed to look into the schemas of the extension.
CREATE FUNCTION _clientele.workspace_keep_words() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET quote_all_identifiers = off
AS $$
BEGIN
    IF NEW.language IS NULL THEN
        EXECUTE format('SELECT s.text_search FROM %I.settings s', TG_TABLE_SCHEMA) INTO NEW.language;
    END IF;
    SELECT c.oid INTO NEW.words_by
    FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace
    WHERE NEW.language = CASE n.nspname WHEN 'pg_catalog' THEN c.cfgname::text ELSE quote_ident(n.nspname) || '.' || quote_ident(c.cfgname) END;
    NEW.words := setweight(to_tsvector(NEW.words_by::regconfig, coalesce(NEW.question, '')), 'A') || setweight(to_tsvector(NEW.words_by::regconfig, coalesce(NEW.keywords, '')), 'B')
        || setweight(to_tsvector(NEW.words_by::regconfig, coalesce(NEW.answer, '')), 'C');
    RETURN NEW;
END
$$;

-- Who may edit the stages need not be allowed to look into the schemas of the extension.
CREATE FUNCTION _clientele.workspace_stages_changed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.funnel_passes_data', TG_TABLE_SCHEMA)) IS NOT NULL THEN
        RAISE NOTICE 'the funnels of workspace "%" go by these stages from the next refresh on', TG_TABLE_SCHEMA
            USING HINT = format('SELECT refresh_workspace(%L);', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
END
$$;

-- An answer as it is compared: a whole number with zeros behind a point is that number, as spreadsheets write it. Zeros before it are
-- left, as codes have them, and so are decimals, as versions have them.
CREATE FUNCTION _clientele.workspace_said(answer text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN answer ~ '^-?(0|[1-9][0-9]*)[.]0+$'::text THEN split_part(answer, '.'::text, 1) ELSE answer END;
-- workspace: letting others read it

CREATE FUNCTION grant_workspace(workspace text, role regrole, for_bi boolean DEFAULT false) RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation name;
BEGIN
    IF role IS NULL OR workspace IS NULL OR for_bi IS NULL THEN
        RAISE EXCEPTION 'role, workspace and for_bi must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name both: grant_workspace(''loyalty'', ''metabase'').';
    END IF;
    PERFORM _clientele.workspace_enter(workspace);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %s', workspace, role);
    FOR relation IN
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = workspace AND c.relkind IN ('r', 'v', 'p', 'f')
            AND c.relname NOT IN (SELECT k.relation FROM _clientele.workspace_kept_relations() k) AND c.relname <> ALL (_clientele.workspace_data_names())
    LOOP
        EXECUTE format('GRANT SELECT ON %I.%I TO %s', workspace, relation, role);
    END LOOP;
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT ON TABLES TO %s', workspace, role);
    IF for_bi THEN
        EXECUTE format('REVOKE SELECT ON %I.attached FROM %s', workspace, role);
        PERFORM _clientele.workspace_hide_internal(workspace);
    END IF;
    RETURN QUERY VALUES ('granted', format('%s may read every table and view of %I%s, and those to come', role, workspace,
            CASE WHEN for_bi THEN format(' but %s internal ones', cardinality(_clientele.workspace_internal(workspace))) ELSE '' END),
        format('To keep its queries short and harmless: ALTER ROLE %1$s SET statement_timeout = ''60s''; ALTER ROLE %1$s SET default_transaction_read_only = on;', role));
END
$$;
COMMENT ON FUNCTION grant_workspace(text, regrole, boolean) IS
'Lets a role read a workspace, as a BI tool does: USAGE of its schema, SELECT on its tables and views, and on those that are made later, but not on what views store, which would show twice. The orders themselves stay closed: views read them with their owner''s rights.
Arguments: workspace: name of the schema; role: who may read; for_bi: true leaves out what other views stand on and nobody looks at, such as the attached rows one by one and the values of purchase_history, also what of it the role could read before; views that are made later too.
Result: rows of topic, finding and advice: what was granted, and what else the role should have.
Errors: 22004 for NULL, 3F000 without such a workspace, 42704 without such a role, 42501 for a workspace of somebody else.';

-- What is there for other views: that which its file calls internal, and what is attached, row by row, which has no file.
CREATE FUNCTION _clientele.workspace_internal(workspace text) RETURNS name[]
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT array_agg(r.relation ORDER BY r.relation)
    FROM unnest(_clientele.workspace_relations()) r(relation)
    LEFT JOIN _clientele.workspace_files() f ON f.relation = r.relation AND f.variant IS NULL
    WHERE coalesce(f.internal, r.relation <> '_metabase_metadata') AND _clientele.workspace_has(workspace, r.relation)
$$;

-- Takes back what default privileges granted on them anew. Of those to whom grant_workspace() gave these, the ones for BI are
-- those who may not read what is attached.
CREATE FUNCTION _clientele.workspace_hide_internal(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        SELECT DISTINCT c.relname AS relation, a.grantee::regrole AS reader
        FROM pg_default_acl d
        JOIN pg_namespace n ON n.oid = d.defaclnamespace
        CROSS JOIN LATERAL aclexplode(d.defaclacl) b
        JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = ANY (_clientele.workspace_internal(workspace))
        JOIN LATERAL aclexplode(c.relacl) a ON a.grantee = b.grantee
        WHERE n.nspname = workspace AND d.defaclobjtype = 'r' AND b.grantee <> 0 AND b.grantee <> c.relowner AND NOT EXISTS (
            SELECT FROM pg_class k CROSS JOIN LATERAL aclexplode(k.relacl) x
            WHERE k.relnamespace = n.oid AND k.relname = 'attached' AND x.grantee = b.grantee AND x.privilege_type = 'SELECT')
    LOOP
        EXECUTE format('REVOKE SELECT ON %I.%I FROM %s', workspace, granted.relation, granted.reader);
    END LOOP;
END
$$;
-- workspace: making its tables, functions and views from their files, which pack.awk puts into the install script

-- The two placeholders, outside of literals alone; the workspace's last, so that no name that was put in is taken for one. The body
-- of a function becomes a literal: its delimiter may be in a name.
CREATE FUNCTION _clientele.workspace_placed(source text, workspace text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT string_agg(CASE WHEN b.n = 2 THEN quote_literal(p.placed) ELSE p.placed END, '' ORDER BY b.n)
    FROM (
        SELECT replace(regexp_replace('@extschema@', '^workspace$', '"workspace"'), E'\\', E'\\\\') || '.' AS extension,
            replace(format('%I.', workspace), E'\\', E'\\\\') AS workspace) s
    CROSS JOIN unnest(string_to_array(source, '$' || '$')) WITH ORDINALITY b(part, n)
    CROSS JOIN LATERAL (
        SELECT string_agg(CASE WHEN q.n % 2 = 0 THEN q.part ELSE
                regexp_replace(regexp_replace(q.part, '[[:<:]]clientele[.]', s.extension, 'g'), '[[:<:]]workspace[.]', s.workspace, 'g') END, '''' ORDER BY q.n) AS placed
        FROM regexp_split_to_table(b.part, '''') WITH ORDINALITY q(part, n)) p
$$;

-- The query that a view, or a table that comes filled in, is made from.
CREATE FUNCTION _clientele.workspace_query(source text, workspace text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.workspace_placed(rtrim(regexp_replace(source, '^CREATE (VIEW|TABLE) [^ ]+ AS[[:space:]]+', ''), ';'), workspace)
$$;

-- What of it applies: parts are what is attached, and the storage.
CREATE FUNCTION _clientele.workspace_wanted(parts text[]) RETURNS TABLE (place integer, folder text, relation text, variant text, belongs_to text, statements text[])
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT w.place, w.folder, w.relation, w.variant, w.belongs_to, s.statements
    FROM (
        SELECT DISTINCT ON (f.folder, f.relation) f.*
        FROM _clientele.workspace_files() f
        WHERE (f.belongs_to IS NULL OR f.belongs_to = ANY (parts)) AND (f.variant IS NULL OR f.variant = ANY (parts))
        ORDER BY f.folder, f.relation, f.variant NULLS LAST) w
    JOIN _clientele.workspace_statements() s ON s.place = w.place
    ORDER BY w.place
$$;

-- What is attached to a workspace, materialized where figures are stored, and indexed where an index has the histories in order. Incremental
-- storage comes on top of views on the orders.
CREATE FUNCTION _clientele.workspace_parts(workspace text) RETURNS text[]
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    parts text[];
BEGIN
    EXECUTE format($query$
        SELECT array_agg(a.relation_role) || array_agg('indexed'::text) FILTER (
            WHERE a.relation_role = 'orders' AND _clientele.workspace_is_read_in_order(ROW(a.relation_role, to_regclass(a.relation), a.columns)::_clientele.attached_relation))
        FROM %I.attached a$query$, workspace) INTO parts;
    RETURN array_remove(array_remove(parts || _clientele.workspace_known_storage(workspace), 'view'), 'incremental');
END
$$;

CREATE FUNCTION _clientele.workspace_has(workspace text, relation text) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT to_regclass(format('%I.%I', workspace, relation)) IS NOT NULL
$$;

-- Of a table that is there what is missing is made: rules and triggers that call functions of the extension went away if it was
-- dropped and created again. Its rows are the owner's, and come in with the table unless the statement itself says when; what switches
-- their language is not for making it.
CREATE FUNCTION _clientele.workspace_missing_statements(workspace text, relation text, statements text[]) RETURNS SETOF text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT s.statement
    FROM unnest(statements) WITH ORDINALITY s(statement, n)
    CROSS JOIN (SELECT to_regclass(format('%I.%I', workspace, relation)) AS id) r
    WHERE s.statement NOT LIKE 'UPDATE %' AND (r.id IS NULL OR CASE
        WHEN s.statement LIKE 'ALTER TABLE %' THEN NOT EXISTS (
            SELECT FROM pg_constraint c WHERE c.conrelid = r.id AND c.conname = substring(s.statement FROM 'ADD CONSTRAINT "([^"]+)"'))
        WHEN s.statement LIKE 'CREATE TRIGGER %' THEN NOT EXISTS (
            SELECT FROM pg_trigger t WHERE t.tgrelid = r.id AND t.tgname = substring(s.statement FROM '^CREATE TRIGGER ([a-z_]+)'))
        WHEN s.statement LIKE 'CREATE INDEX %' THEN NOT _clientele.workspace_has(workspace, substring(s.statement FROM '^CREATE INDEX ([a-z_]+)'))
        WHEN s.statement LIKE 'INSERT %' THEN s.statement LIKE '%NOT EXISTS%'
        ELSE s.statement LIKE 'COMMENT %' END)
    ORDER BY s.n
$$;

CREATE FUNCTION _clientele.workspace_make(workspace text, folder text, relation text, statements text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF folder = 'tables' THEN
        EXECUTE (SELECT string_agg(_clientele.workspace_placed(s, workspace), ' ')
            FROM _clientele.workspace_missing_statements(workspace, relation, statements) s);
    ELSE
        EXECUTE regexp_replace(_clientele.workspace_placed(statements[1], workspace), '^CREATE', 'CREATE OR REPLACE');
        EXECUTE _clientele.workspace_placed(array_to_string(statements[2:], ' '), workspace);
    END IF;
END
$$;

-- Tables, functions or views: all of them, or those that belong to something, or are another one with it.
CREATE FUNCTION _clientele.workspace_make_all(workspace text, folders text[], parts text[], part text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM _clientele.workspace_make(workspace, w.folder, w.relation, w.statements)
    FROM _clientele.workspace_wanted(parts) w
    WHERE w.folder = ANY (folders) AND (part IS NULL OR w.belongs_to = part
        OR w.relation IN (SELECT f.relation FROM _clientele.workspace_files() f WHERE f.variant = part));
EXCEPTION WHEN invalid_table_definition THEN
    RAISE EXCEPTION 'the views of workspace "%" cannot take these columns: %', workspace, SQLERRM
        USING ERRCODE = 'invalid_table_definition',
            HINT = format('Make them anew: SELECT detach_orders(%L); then attach again.', workspace);
END
$$;

-- Comments that are written nowhere else, by the names of columns.
CREATE FUNCTION _clientele.workspace_describe(workspace text, parts text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    comments CONSTANT text := (
        SELECT string_agg(format('COMMENT ON COLUMN %I.%I.%I IS %L;', workspace, r.relation, c.name, c.comment), E'\n')
        FROM unnest(_clientele.workspace_relations()) r(relation)
        JOIN pg_attribute a ON a.attrelid = to_regclass(format('%I.%I', workspace, r.relation)) AND a.attnum > 0
        JOIN _clientele.workspace_dictionary() c ON c.name = a.attname
        WHERE col_description(a.attrelid, a.attnum) IS DISTINCT FROM c.comment AND format('%I.%I', r.relation, c.name) NOT IN (
            SELECT substring(s.statement FROM '^COMMENT ON COLUMN workspace[.]([^ ]+) IS ')
            FROM _clientele.workspace_wanted(parts) w CROSS JOIN LATERAL unnest(w.statements) s(statement)
            WHERE starts_with(s.statement, 'COMMENT ON COLUMN ')));
BEGIN
    IF comments IS NOT NULL THEN
        EXECUTE comments;
    END IF;
END
$$;

-- Where a column of what views read changes its type they are emptied for a moment, so that what others built on them stays.
CREATE FUNCTION _clientele.workspace_empty_views(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    view record;
BEGIN
    FOR view IN
        SELECT c.relname AS name, string_agg(format('NULL::%s%s AS %I', format_type(a.atttypid, a.atttypmod),
            (SELECT format(' COLLATE %I.%I', n.nspname, l.collname) FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE l.oid = a.attcollation), a.attname), ', ' ORDER BY a.attnum) AS columns
        FROM _clientele.workspace_files() f
        JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', workspace, f.relation)) AND c.relkind = 'v'
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE f.folder = 'views' AND f.variant IS NULL AND f.relation <> 'applied_settings'
        GROUP BY c.relname
    LOOP
        EXECUTE format('CREATE OR REPLACE VIEW %I.%I AS SELECT %s WHERE false', workspace, view.name, view.columns);
    END LOOP;
    PERFORM _clientele.workspace_drop_stored(workspace);
END
$$;

-- Tells the planner of how few rows the tables have that the owner of a workspace edits, now and when they change: of one that was
-- never analyzed it expects ten pages, a hundred settings, two hundred funnels. Autovacuum leaves alone what has changed in fewer
-- than fifty rows, which these tables may never do.
CREATE FUNCTION _clientele.workspace_count_tables(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    edited record;
BEGIN
    FOR edited IN
        SELECT c.oid::regclass AS name, c.reloptions::text LIKE '%autovacuum_analyze_threshold%' AS watched
        FROM _clientele.workspace_files() f
        JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', workspace, f.relation))
        WHERE f.folder = 'tables' AND f.belongs_to IS DISTINCT FROM 'incremental'
        ORDER BY f.place
    LOOP
        IF edited.watched IS NOT TRUE THEN
            EXECUTE format('ALTER TABLE %s SET (autovacuum_analyze_threshold = 0)', edited.name);
        END IF;
        EXECUTE format('ANALYZE %s', edited.name);
    END LOOP;
END
$$;
-- workspace: what columns of the orders beside those attached say of what the rows mean. Each is a group of a tally: its values, with the
-- rows that count and what they bring, all from one reading.

-- The columns that may say something: meaning, name, type under domains. Not those that are attached, but for a price and a refund.
CREATE FUNCTION _clientele.workspace_meant_columns(orders _clientele.attached_relation) RETURNS TABLE (meaning text, col _clientele.attached_column)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT m.meaning, ROW(m.name, m.type, NULL)::_clientele.attached_column
    FROM (
        SELECT 'status' AS meaning, c.name, c.type, 1 AS place
        FROM _clientele.workspace_candidates((orders).relation, 'dimension') c
        WHERE c.usable AND _clientele.workspace_is_status(c.name)
        UNION ALL
        SELECT 'status', c.name, c.type, 1 FROM _clientele.workspace_candidates((orders).relation, 'ordered_at') c
        WHERE c.usable AND _clientele.workspace_is_meant(c.name, 'gone at')
        UNION ALL
        SELECT 'currency', c.name, c.type, 2 FROM _clientele.workspace_candidates((orders).relation, 'dimension') c
        WHERE c.usable AND _clientele.workspace_is_meant(c.name, 'currency')
        UNION ALL
        SELECT 'time', c.name, c.type, 3 FROM _clientele.workspace_candidates((orders).relation, 'ordered_at') c
        WHERE c.usable AND _clientele.workspace_is_meant(c.name, 'time')
        UNION ALL
        SELECT 'refunded', c.name, c.type, 4 FROM _clientele.workspace_candidates((orders).relation, 'refunded') c
        WHERE c.usable AND (c.name = (orders).columns->>'refunded' OR coalesce((orders).columns->>'refunded', '') = '' AND c.usual)
        UNION ALL
        SELECT 'price', p.name, p.type, 5 FROM _clientele.workspace_unit_price((orders).relation) p
        WHERE _clientele.workspace_quantity((orders).relation) IS NOT NULL) m
    WHERE has_column_privilege((orders).relation, m.name, 'SELECT')
        AND (m.meaning IN ('refunded', 'price') OR NOT m.name = ANY (_clientele.workspace_attached_names(orders)))
    ORDER BY m.place
$$;

CREATE FUNCTION _clientele.workspace_is_status(col name) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT col ~* '(status|(^|order_?|sales?_?|payment_?|document_?)state(_?code|_?id)?$|cancel|refund|void|paid|deleted|is_?test|draft|storno)'
        OR EXISTS (SELECT FROM unnest('{status,is no order,is an order}'::text[]) s WHERE _clientele.workspace_is_meant(col, s))
$$;

-- The price of a piece, and of how many pieces.
CREATE FUNCTION _clientele.workspace_unit_price(orders regclass) RETURNS TABLE (name name, type regtype)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT c.name, c.type FROM _clientele.workspace_candidates(orders, 'amount') c
    WHERE c.usable AND _clientele.workspace_is_meant(c.name, 'price') AND has_column_privilege(orders, c.name, 'SELECT') LIMIT 1
$$;

CREATE FUNCTION _clientele.workspace_quantity(orders regclass) RETURNS name
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT c.name FROM _clientele.workspace_candidates(orders, 'amount') c
    WHERE c.usable AND _clientele.workspace_is_meant(c.name, 'quantity') AND has_column_privilege(orders, c.name, 'SELECT') LIMIT 1
$$;

-- What a row o is grouped by, as text, and what of it is summed up beside its amount.
CREATE FUNCTION _clientele.workspace_tallied_sql(orders _clientele.attached_relation, rules _clientele.order_rules, meaning text, col _clientele.attached_column)
RETURNS TABLE (value text, measure text)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
            WHEN meaning = 'refunded' THEN format('CASE WHEN %2$s > %1$s THEN ''more'' WHEN %2$s = %1$s THEN ''whole'' WHEN %2$s > 0 THEN ''part'' END', t.amount, m.measure)
            WHEN meaning = 'price' THEN format('CASE WHEN abs(%2$s - %1$s) >= 0.01 THEN ''differs'' WHEN %2$s IS NOT NULL THEN ''same'' END', t.amount, m.measure)
            WHEN meaning = 'time' THEN format('(%s - %s)::text', (_clientele.workspace_time_expression_sql(_clientele.workspace_order_clock_sql(col, (orders).columns->>'stored_in'),
                CASE WHEN (col).type = 'timestamp'::regtype AND (orders).columns->>'stored_in' <> '' THEN 'timestamptz'::regtype ELSE (col).type END, (rules).time_zone)).day, ((t.parts).at).day)
            WHEN (col).type IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype) THEN format('CASE WHEN o.%I IS NULL THEN ''empty'' ELSE ''filled'' END', (col).name)
            ELSE format('left(%s, 60)', _clientele.workspace_text_sql(col)) END,
        m.measure
    FROM (
        SELECT _clientele.workspace_numeric_sql(_clientele.workspace_role_column(orders, 'amount')) AS amount, _clientele.workspace_order_parts(orders, rules) AS parts
        OFFSET 0) t
    CROSS JOIN LATERAL (
        SELECT format('CASE WHEN @extschema@.valid_amount(%1$s) THEN %1$s END', CASE meaning
            WHEN 'refunded' THEN format('CASE WHEN %s > 0 THEN abs(%s) END', t.amount, _clientele.workspace_numeric_sql(col))
            WHEN 'price' THEN _clientele.workspace_numeric_sql(col) || ' * ' || (
                SELECT _clientele.workspace_numeric_sql(ROW(c.name, c.type, NULL)::_clientele.attached_column)
                FROM _clientele.workspace_candidates((orders).relation, 'amount') c WHERE c.name = _clientele.workspace_quantity((orders).relation)) END) AS measure
        WHERE meaning IN ('refunded', 'price')
        UNION ALL
        SELECT NULL WHERE meaning NOT IN ('refunded', 'price')) m
$$;

-- One reading for all: a group of each value of each column.
CREATE FUNCTION _clientele.workspace_order_tallies(workspace text) RETURNS SETOF _clientele.order_tally
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    orders CONSTANT _clientele.attached_relation := _clientele.workspace_attached(workspace, 'orders');
    rules CONSTANT _clientele.order_rules := _clientele.workspace_fixed_rules(workspace);
    tallied CONSTANT _clientele.tallied_column[] := ARRAY(
        SELECT ROW(row_number() OVER (), c.meaning, (c.col).name, e.value, e.measure)::_clientele.tallied_column
        FROM _clientele.workspace_meant_columns(orders) c
        CROSS JOIN LATERAL _clientele.workspace_tallied_sql(orders, rules, c.meaning, c.col) e);
BEGIN
    IF cardinality(tallied) > 0 THEN
        RETURN QUERY EXECUTE _clientele.workspace_tallies_sql(orders, rules, tallied) USING tallied;
    END IF;
END
$$;

CREATE FUNCTION _clientele.workspace_tallies_sql(orders _clientele.attached_relation, rules _clientele.order_rules, tallied _clientele.tallied_column[]) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    -- OFFSET 0 has each row worked out once, and not for each that is summed up.
    SELECT format($query$
        SELECT t.meaning, t.col, g.value, g.rows, g.amount, g.measure
        FROM (
            SELECT CASE 0 %1$s END AS n, CASE 0 %2$s END AS value, count(*) AS rows, sum(r.kept_amount) AS amount, CASE 0 %3$s END AS measure
            FROM (SELECT %4$s%5$s FROM %6$s o OFFSET 0) r
            WHERE r.usable
            GROUP BY GROUPING SETS (%7$s)) g
        JOIN unnest($1) t ON t.n = g.n
        ORDER BY t.n, g.rows DESC, g.value$query$,
        string_agg(format('WHEN grouping(r.v%1$s) THEN %1$s', t.n), ' ' ORDER BY t.n), string_agg(format('WHEN grouping(r.v%1$s) THEN r.v%1$s', t.n), ' ' ORDER BY t.n),
        string_agg(CASE WHEN t.measure IS NULL THEN format('WHEN grouping(r.v%1$s) THEN NULL::numeric', t.n) ELSE format('WHEN grouping(r.v%1$s) THEN sum(r.m%1$s)', t.n) END, ' ' ORDER BY t.n),
        _clientele.workspace_order_list_sql(orders, rules), string_agg(format(', %s AS v%s', t.value, t.n) || CASE WHEN t.measure IS NULL THEN '' ELSE format(', %s AS m%s', t.measure, t.n) END, '' ORDER BY t.n),
        (orders).relation, string_agg(format('(r.v%s)', t.n), ', ' ORDER BY t.n))
    FROM unnest(tallied) t
$$;

-- A view beside the orders that leaves rows out, or has a column more, attached instead, as one statement that can be run as it is; where
-- triggers keep the figures, a column of the table. What it is called is free.
CREATE FUNCTION _clientele.workspace_settled_sql(workspace text, role text, expression text, condition text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    orders CONSTANT _clientele.attached_relation := _clientele.workspace_attached(workspace, 'orders');
    col CONSTANT _clientele.attached_column := _clientele.workspace_role_column(orders, role);
    is_kept CONSTANT boolean := _clientele.workspace_known_storage(workspace) = 'incremental';
    col_name CONSTANT text := _clientele.workspace_free_name(orders.relation, CASE role WHEN 'customer' THEN 'customer_known' ELSE 'amount_counted' END, true);
    view_name CONSTANT text := _clientele.workspace_free_name(orders.relation, 'counted', false);
    made_of CONSTANT text := ( -- no generated column is made of another one
        SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = orders.relation AND a.attname = col.name AND a.attgenerated <> '');
BEGIN
    IF is_kept THEN
        RETURN format('ALTER TABLE %s ADD %I %s GENERATED ALWAYS AS (%s) STORED; ', orders.relation, col_name, col.type,
                CASE WHEN condition IS NULL THEN expression ELSE format('CASE WHEN %s THEN %s END', condition, coalesce(made_of, quote_ident(col.name))) END)
            || _clientele.workspace_attach_call(workspace, orders.relation::text, orders.columns || jsonb_build_object(role, col_name));
    END IF;
    RETURN format('CREATE VIEW %s AS SELECT *%s FROM %s%s; ', view_name, ', ' || expression || format(' AS %I', col_name), orders.relation, ' WHERE ' || condition)
        || _clientele.workspace_attach_call(workspace, view_name, orders.columns || CASE WHEN expression IS NULL THEN '{}' ELSE jsonb_build_object(role, col_name) END);
END
$$;

-- A name that nothing there has: of a column of a relation, or of a view beside it.
CREATE FUNCTION _clientele.workspace_free_name(relation regclass, wanted text, is_column boolean) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT n.name
    FROM pg_class c
    JOIN pg_namespace s ON s.oid = c.relnamespace
    CROSS JOIN generate_series(1, 100) g
    CROSS JOIN LATERAL (
        SELECT CASE WHEN is_column THEN w.name ELSE format('%I.%I', s.nspname, left(c.relname, 40) || '_' || w.name) END AS name
        FROM (SELECT wanted || coalesce('_' || nullif(g, 1), '') AS name) w) n
    WHERE c.oid = relation AND CASE WHEN is_column THEN NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = n.name)
        ELSE to_regclass(n.name) IS NULL END
    ORDER BY g
    LIMIT 1
$$;

-- With every column by its name, as a relation of another name knows none; without those that are left out.
CREATE FUNCTION _clientele.workspace_attach_call(workspace text, relation text, columns jsonb) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('SELECT attach_orders(%L, %s%s);', relation, string_agg(format('%s => %L', c.key, c.value), ', ' ORDER BY r."position" NULLS LAST),
        CASE WHEN workspace <> 'loyalty' THEN format(', workspace => %L', workspace) ELSE '' END)
    FROM jsonb_each_text(columns) c
    LEFT JOIN _clientele.workspace_attached_roles() r ON r.relation_role = 'orders' AND r.role = c.key
$$;

-- Values of a column with rows and sums, the most frequent first.
CREATE FUNCTION _clientele.workspace_listed(tallies _clientele.order_tally[], shown integer DEFAULT 10) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT string_agg(format('%s %s %s, %s', coalesce(t.value, 'empty'), t.rows, CASE t.rows WHEN 1 THEN 'row' ELSE 'rows' END, t.amount), '; ' ORDER BY t.n)
            FILTER (WHERE t.n <= shown)
        || CASE WHEN count(*) > shown THEN format('; and %s more', count(*) - shown) ELSE '' END
    FROM unnest(tallies) WITH ORDINALITY t(meaning, col, value, rows, amount, measure, n)
$$;
-- workspace: what Metabase should take columns for. It reads a table or view named _metabase_metadata while it
-- synchronises, does not show it, and sets what keypaths of the form view.column.property name.

CREATE FUNCTION describe_for_metabase(workspace text DEFAULT 'loyalty', currency text DEFAULT NULL) RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF workspace IS NULL THEN
        RETURN;
    ELSIF currency !~ '^[A-Z]{3}$' THEN
        RAISE EXCEPTION 'invalid value for parameter "currency": "%"', currency
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Name it by its code in ISO 4217, such as EUR, or leave it out.';
    END IF;
    PERFORM _clientele.workspace_enter(workspace);
    PERFORM _clientele.workspace_make_metabase_metadata(workspace, currency IS NOT NULL);
    RETURN QUERY
        SELECT 'metabase', format('%I._metabase_metadata is there', workspace),
            'Let Metabase synchronise its database, the first time twice: Admin, Databases, Sync database schema'
        UNION ALL
        SELECT 'currency', format('money is %s', currency), format('Tell Metabase, which takes money for dollars: Admin, Settings, Localization, Currency: %s', currency)
        WHERE currency IS NOT NULL;
END
$$;
COMMENT ON FUNCTION describe_for_metabase(text, text) IS
'Adds the view _metabase_metadata to a workspace, from which Metabase learns which columns are keys, names, scores, categories, quantities and percentages, how views and columns are titled, where to begin, and what a view is easily taken for. It does not show the view itself, and knows views by their name alone: where two workspaces of one database have it, one of them is described. Internal views, which grant_workspace() leaves out for BI, are not.
Arguments: workspace: name of the schema; currency: the code of the currency of all amounts, such as EUR. Metabase shows columns of money in the one currency of its own settings, dollars unless an administrator changed them: without a currency amounts are plain quantities.
Result: rows of topic, finding and advice.
Errors: 3F000 if it is not a workspace, 42501 if it belongs to somebody else, 22023 for what is no code of a currency.
Source: Metabase, sync of the table _metabase_metadata.';

-- Replaced, who may read it keeps that.
CREATE FUNCTION _clientele.workspace_make_metabase_metadata(workspace text, with_currency boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE VIEW %I._metabase_metadata AS SELECT m.keypath, m.value FROM (VALUES %s) m(keypath, value)', workspace, (
        SELECT string_agg(format('(%L::text, %L::text)', m.keypath, m.value), ', ' ORDER BY m.keypath)
        FROM _clientele.workspace_metabase_metadata(workspace, with_currency) m));
    EXECUTE format('COMMENT ON VIEW %I._metabase_metadata IS %L', workspace, 'What Metabase reads while it synchronises');
    PERFORM _clientele.workspace_describe(workspace, _clientele.workspace_parts(workspace));
END
$$;

-- Where it is there, with a currency or without as before.
CREATE FUNCTION _clientele.workspace_remake_metabase_metadata(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    with_currency boolean;
BEGIN
    IF _clientele.workspace_has(workspace, '_metabase_metadata') THEN
        EXECUTE format('SELECT coalesce(bool_or(m.value = %L), false) FROM %I._metabase_metadata m', 'type/Currency', workspace) INTO with_currency;
        PERFORM _clientele.workspace_make_metabase_metadata(workspace, with_currency);
    END IF;
END
$$;

CREATE FUNCTION _clientele.workspace_metabase_metadata(workspace text, with_currency boolean) RETURNS TABLE (keypath text, value text)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    WITH relation AS (
        SELECT c.oid, c.relname AS name FROM pg_class c
        WHERE c.oid = ANY (ARRAY(SELECT to_regclass(format('%I.%I', workspace, r)) FROM unnest(_clientele.workspace_relations()) r))
            AND c.relkind = 'v' AND c.relname <> '_metabase_metadata' AND c.relname <> ALL (_clientele.workspace_internal(workspace))
    ), col AS (
        SELECT r.name AS relation, a.attname AS name, CASE
            -- One row per customer.
            WHEN d.meaning = 'key' THEN CASE WHEN r.name IN ('customers', 'at_risk', 'second_order_due', 'win_back', 'referrals') THEN 'key' END
            -- Bounds of a score are points.
            WHEN a.attname IN ('lower', 'upper') AND EXISTS (SELECT FROM pg_attribute x WHERE x.attrelid = r.oid AND x.attname = 'score') THEN 'score'
            ELSE coalesce(d.meaning, _clientele.workspace_number_kind(a.attname, a.atttypid)) END AS kind
        FROM relation r
        JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0
        LEFT JOIN _clientele.workspace_dictionary() d ON d.name = a.attname
    )
    SELECT format('%s.%s.semantic_type', c.relation, c.name), 'type/' || s.semantic_type
    FROM col c
    JOIN (VALUES ('key', 'PK'), ('name', 'Name'), ('score', 'Score'), ('category', 'Category'), ('source', 'Source'), ('text', 'Description'),
        ('money', CASE WHEN with_currency THEN 'Currency' ELSE 'Quantity' END), ('number', 'Quantity'), ('share', 'Percentage'), ('comment', 'Comment'),
        ('join date', 'JoinDate')) s(kind, semantic_type) ON s.kind = c.kind
    UNION ALL
    SELECT format('%s.%s.display_name', c.relation, c.name), t.title
    FROM col c
    CROSS JOIN LATERAL _clientele.workspace_title(c.name) t(title)
    WHERE t.title <> initcap(replace(c.name, '_', ' '))
    UNION ALL
    SELECT format('%s.display_name', r.name), _clientele.workspace_title(r.name)
    FROM relation r
    UNION ALL
    SELECT concat_ws('.', a.relation, a.property), a.advice
    FROM _clientele.workspace_advice() a
    WHERE a.relation IS NULL OR a.relation IN (SELECT r.name FROM relation r)
$$;

-- Every number is something: Metabase guesses at what is nothing, by its name that return_on_cost is a cost in dollars, and by
-- few different values that a count is a category. Amounts of money are numeric, and nothing else is.
CREATE FUNCTION _clientele.workspace_number_kind(name name, type oid) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN type = 'numeric'::regtype THEN 'money'
        WHEN type = 'double precision'::regtype AND name ~ 'share(_lower|_upper)?$' THEN 'share'
        WHEN type = 'double precision'::regtype AND name ~ '^(nps|(.*_)?score)(_lower|_upper|_change)?$' THEN 'score'
        WHEN type IN ('double precision'::regtype, 'integer'::regtype, 'bigint'::regtype) THEN 'number' END
$$;

CREATE FUNCTION _clientele.workspace_title(name name) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT string_agg(CASE w.word WHEN 'pct' THEN '%' WHEN 'p90' THEN '90th Percentile' WHEN 'nps' THEN 'NPS' WHEN 'rfm' THEN 'RFM' WHEN 'abc' THEN 'ABC'
        WHEN 'xyz' THEN 'XYZ' WHEN 'id' THEN 'ID' ELSE initcap(w.word) END, ' ' ORDER BY w.n)
    FROM string_to_table(name, '_') WITH ORDINALITY w(word, n)
$$;
-- workspace: its schema, whose it is, who may change it at a time, and taking it away again

-- The tables and views of a workspace, the dependent ones first, as queries come to them: who reads views locks them in this order.
CREATE FUNCTION _clientele.workspace_relations() RETURNS name[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT array_agg(r.relation ORDER BY r.layer, r.place DESC)
    FROM (
        SELECT '_metabase_metadata'::name AS relation, 1 AS layer, 1 AS place
        UNION ALL
        SELECT f.relation, CASE WHEN f.folder = 'tables' THEN 6 WHEN f.relation = 'applied_settings' THEN 5 WHEN f.belongs_to = 'incremental' THEN 3 ELSE 2 END, f.place
        FROM _clientele.workspace_files() f
        WHERE f.folder IN ('tables', 'views') AND f.variant IS NULL
        UNION ALL
        SELECT _clientele.workspace_adapter(a.role), 4, CASE a.role WHEN 'orders' THEN 1 ELSE 2 END
        FROM unnest('{orders,customers,dimensions,answers,touchpoints,costs,survey}'::text[]) a(role)) r
$$;

CREATE FUNCTION _clientele.workspace_owner(workspace text) RETURNS name
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT pg_get_userbyid(c.relowner)
    FROM pg_namespace n
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'settings' AND c.relkind = 'r'
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_version' AND NOT a.attisdropped
    WHERE n.nspname = workspace
$$;

-- What is run on the tables of a workspace runs their triggers: with our rights only if they are ours.
CREATE FUNCTION _clientele.workspace_check_owner(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    stranger name;
BEGIN
    SELECT pg_get_userbyid(o.owner) INTO stranger
    FROM pg_namespace n
    CROSS JOIN LATERAL (
        SELECT n.nspowner UNION ALL SELECT c.relowner FROM pg_class c
        WHERE c.relnamespace = n.oid AND c.relname = ANY (_clientele.workspace_relations() || _clientele.workspace_data_names())) o(owner)
    WHERE n.nspname = workspace AND pg_get_userbyid(o.owner) <> current_user
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'schema "%" belongs to %', workspace, quote_ident(stranger)
            USING ERRCODE = 'insufficient_privilege',
                HINT = CASE stranger WHEN 'pg_database_owner' THEN 'Choose another with workspace => ''...''.'
                    ELSE format('Run SET ROLE %I first, or choose another with workspace => ''...''.', stranger) END;
    END IF;
END
$$;

-- Whoever changes a workspace keeps others from it, who after waiting may find it gone, or made. A stranger does not
-- come as far as the lock.
CREATE FUNCTION _clientele.workspace_lock(workspace text, shared boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    key CONSTANT bigint := hashtextextended('clientele workspace ' || workspace, 0);
BEGIN
    IF shared THEN
        PERFORM pg_advisory_xact_lock_shared(key);
    ELSE
        PERFORM pg_advisory_xact_lock(key);
    END IF;
END
$$;

CREATE FUNCTION _clientele.workspace_check(workspace text) RETURNS void
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF _clientele.workspace_owner(workspace) IS NULL THEN
        RAISE EXCEPTION '"%" is not a workspace', workspace
            USING ERRCODE = 'invalid_schema_name',
                HINT = coalesce((
                    SELECT 'There are: ' || string_agg(n.nspname, ', ' ORDER BY n.nspname)
                    FROM pg_namespace n WHERE _clientele.workspace_owner(n.nspname) IS NOT NULL),
                    'There is none in this database; attach_orders() makes one.');
    END IF;
END
$$;

CREATE FUNCTION _clientele.workspace_enter(workspace text, shared boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    FOR turn IN 1..2 LOOP
        PERFORM _clientele.workspace_check(workspace);
        PERFORM _clientele.workspace_check_owner(workspace);
        IF turn = 1 THEN
            PERFORM _clientele.workspace_lock(workspace, shared);
        END IF;
    END LOOP;
END
$$;

-- Who drops a table with CASCADE holds it and waits for its views, so nobody may hold these and wait for the table.
CREATE FUNCTION _clientele.workspace_lock_relation(relation regclass) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known_as CONSTANT text := relation;
BEGIN
    BEGIN
        EXECUTE format('SELECT FROM %s LIMIT 0', known_as);
    EXCEPTION -- what is gone is called by its number; of rights others tell more
        WHEN undefined_table OR syntax_error OR insufficient_privilege THEN NULL;
    END;
    IF to_regclass(known_as) IS DISTINCT FROM relation OR known_as ~ '^[0-9]+$' THEN
        RAISE EXCEPTION 'the table to attach, %, does not exist any more', known_as
            USING ERRCODE = 'undefined_table', HINT = 'It was dropped or renamed at this moment: try again.';
    END IF;
END
$$;

CREATE FUNCTION _clientele.workspace_lock_attached(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached record;
BEGIN
    FOR attached IN EXECUTE format('SELECT to_regclass(a.relation) AS relation FROM %I.attached a ORDER BY a.relation_role <> ''orders'', a.relation', workspace) LOOP
        PERFORM _clientele.workspace_lock_relation(attached.relation);
    END LOOP;
END
$$;

-- Who changes settings may come to wait for the orders, and holds them.
CREATE FUNCTION _clientele.workspace_lock_settings(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.settings', workspace)) IS NOT NULL THEN
        EXECUTE format('LOCK TABLE %I.settings IN SHARE ROW EXCLUSIVE MODE', workspace);
    END IF;
END
$$;

CREATE FUNCTION _clientele.workspace_create_schema(workspace text) RETURNS name
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF workspace = '' OR octet_length(workspace) > 63 OR strpos(workspace, 'pg_') > 0 THEN
        RAISE EXCEPTION 'invalid name of a workspace: "%"', workspace
            USING ERRCODE = 'invalid_name',
                HINT = 'Give a name of up to 63 bytes without pg_ in it: BI tools take that for the server''s own.';
    END IF;

    PERFORM _clientele.workspace_lock(workspace);
    PERFORM _clientele.workspace_check_owner(workspace);
    IF _clientele.workspace_owner(workspace) IS NOT NULL THEN
        RETURN workspace;
    ELSIF NOT EXISTS (SELECT FROM pg_namespace n WHERE n.nspname = workspace) THEN
        IF NOT has_database_privilege(current_database(), 'CREATE') THEN
            RAISE EXCEPTION 'permission denied to create the schema "%"', workspace
                USING ERRCODE = 'insufficient_privilege',
                    HINT = format('The owner of the database can run: CREATE SCHEMA %I AUTHORIZATION %I;', workspace, current_user);
        END IF;
        EXECUTE format('CREATE SCHEMA %I', workspace);
        EXECUTE format('COMMENT ON SCHEMA %I IS %L', workspace, 'Customer loyalty views made by Clientele');
    ELSIF EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = workspace) THEN
        RAISE EXCEPTION 'schema "%" exists and is not a workspace', workspace
            USING ERRCODE = 'duplicate_schema', HINT = 'Choose another name with workspace => ''...''.';
    END IF;
    RETURN workspace;
END
$$;

-- A query locks a view before those it stands on. Whoever changes them in another order could wait for a reader that waits
-- for it. LOCK TABLE would lock the orders too; an owner who stays the same locks the view alone.
CREATE FUNCTION _clientele.workspace_lock_views(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation name;
BEGIN
    FOREACH relation IN ARRAY _clientele.workspace_relations() LOOP
        IF EXISTS (SELECT FROM pg_class c WHERE c.oid = to_regclass(format('%I.%I', workspace, relation)) AND c.relkind = 'v') THEN
            EXECUTE format('ALTER VIEW %I.%I OWNER TO CURRENT_USER', workspace, relation);
        END IF;
    END LOOP;
END
$$;

CREATE FUNCTION _clientele.workspace_drop_views(workspace text, cascade boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    behaviour CONSTANT text := CASE WHEN cascade THEN 'CASCADE' ELSE 'RESTRICT' END;
    function regprocedure;
    relation name;
BEGIN
    PERFORM _clientele.workspace_lock_settings(workspace);
    PERFORM _clientele.workspace_stop_keeping(workspace); -- locks the orders
    PERFORM _clientele.workspace_lock_views(workspace);
    FOR function IN
        SELECT p.oid FROM _clientele.workspace_files() f
        JOIN pg_namespace n ON n.nspname = workspace
        JOIN pg_proc p ON p.pronamespace = n.oid AND p.proname = f.relation
        WHERE f.folder = 'functions'
    LOOP
        EXECUTE format('DROP FUNCTION %s %s', function, behaviour);
    END LOOP;
    FOREACH relation IN ARRAY _clientele.workspace_relations() LOOP
        IF EXISTS (SELECT FROM pg_class c WHERE c.oid = to_regclass(format('%I.%I', workspace, relation)) AND c.relkind = 'v') THEN
            EXECUTE format('DROP VIEW IF EXISTS %I.%I %s', workspace, relation, behaviour); -- with CASCADE another one's drop may have taken it
        END IF;
        IF _clientele.workspace_is_stored(workspace, relation) THEN
            EXECUTE format('DROP TABLE %I.%I %s', workspace, _clientele.workspace_data_name(relation), behaviour);
        END IF;
    END LOOP;
    PERFORM _clientele.workspace_drop_kept(workspace, cascade);
END
$$;

CREATE FUNCTION detach_orders(workspace text DEFAULT 'loyalty', cascade boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    dependents text;
BEGIN
    PERFORM _clientele.workspace_enter(workspace);
    PERFORM _clientele.workspace_drop_views(workspace, cascade);
EXCEPTION WHEN dependent_objects_still_exist THEN
    GET STACKED DIAGNOSTICS dependents = PG_EXCEPTION_DETAIL;
    RAISE EXCEPTION '%', SQLERRM USING ERRCODE = 'dependent_objects_still_exist', DETAIL = dependents,
        HINT = format('To drop them too: SELECT detach_orders(%L, cascade => true);', workspace);
END
$$;
COMMENT ON FUNCTION detach_orders(text, boolean) IS
'Drops the views of a workspace and keeps its tables: settings, policies, segments and what was attached. For changing the orders table in ways that views stand against, such as the type of a column: afterwards upgrade_workspace() makes the views anew, or attach_orders() with other orders.
Arguments: workspace: name of the schema; cascade: whether to drop what else depends on the views, as DROP ... CASCADE does.
Errors: 3F000 if it is not a workspace, 42501 if it belongs to somebody else, 2BP01 if other objects depend on its views and cascade is false.';

CREATE FUNCTION drop_workspace(workspace text, cascade boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    relation name;
    dependents text;
BEGIN
    PERFORM _clientele.workspace_enter(workspace);
    PERFORM _clientele.workspace_drop_views(workspace, cascade);
    FOREACH relation IN ARRAY _clientele.workspace_relations() LOOP
        IF EXISTS (SELECT FROM pg_class c WHERE c.oid = to_regclass(format('%I.%I', workspace, relation)) AND c.relkind = 'r') THEN
            EXECUTE format('DROP TABLE %I.%I %s', workspace, relation, CASE WHEN cascade THEN 'CASCADE' ELSE 'RESTRICT' END);
        END IF;
    END LOOP;
    EXECUTE format('DROP SCHEMA %I %s', workspace, CASE WHEN cascade THEN 'CASCADE' ELSE 'RESTRICT' END);
EXCEPTION WHEN dependent_objects_still_exist THEN
    GET STACKED DIAGNOSTICS dependents = PG_EXCEPTION_DETAIL;
    RAISE EXCEPTION '%', SQLERRM USING ERRCODE = 'dependent_objects_still_exist', DETAIL = dependents,
        HINT = format('To drop them too: SELECT drop_workspace(%L, cascade => true);', workspace);
END
$$;
COMMENT ON FUNCTION drop_workspace(text, boolean) IS
'Drops a workspace: its views and what they store, its settings, policies and segments, and its schema. The orders stay as they are.
Arguments: workspace: name of the schema; cascade: whether to drop as well what others have built on it or put into its schema, as DROP ... CASCADE does.
Errors: 3F000 if it is not a workspace, 42501 if it belongs to somebody else, 2BP01 if other objects depend on it or live in its schema and cascade is false: nothing is dropped then.';
-- workspace: its settings

CREATE FUNCTION _clientele.workspace_keep_settings() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'the settings of a workspace are one row, which stays'
        USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'Change it with UPDATE; drop_workspace() takes the whole workspace away.';
END
$$;

CREATE FUNCTION _clientele.workspace_settings_changed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- Anybody may say that it is attach_orders() that writes here; of the owner, who could do all that it does, it is believed.
    is_attaching CONSTANT boolean := current_setting('clientele.keeping', true) IS NOT DISTINCT FROM 'on'
        AND (SELECT pg_get_userbyid(c.relowner) = current_user FROM pg_class c WHERE c.oid = TG_RELID);
BEGIN
    IF (OLD.storage, OLD.has_profit, OLD.workspace_version) IS DISTINCT FROM (NEW.storage, NEW.has_profit, NEW.workspace_version) AND NOT is_attaching THEN
        RAISE EXCEPTION 'storage, has_profit and workspace_version of workspace "%" tell what is there, and are not for changing it', TG_TABLE_SCHEMA
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'Attach the orders again, for example with storage => ''materialized''.';
    END IF;
    -- Who may edit the settings need not be allowed to look into the schema of the extension.
    IF NEW.storage = 'materialized' AND to_regclass(format('%I.applied_settings_data', TG_TABLE_SCHEMA)) IS NOT NULL THEN
        RAISE NOTICE 'the views of workspace "%" go by these settings from the next refresh on', TG_TABLE_SCHEMA
            USING HINT = format('SELECT refresh_workspace(%L);', TG_TABLE_SCHEMA);
    ELSIF NEW.storage = 'incremental' AND (OLD.time_zone, OLD.zero_amounts, OLD.refunded_orders) IS DISTINCT FROM (NEW.time_zone, NEW.zero_amounts, NEW.refunded_orders)
        AND NOT is_attaching AND to_regprocedure(format('%I.keep_order_history()', TG_TABLE_SCHEMA)) IS NOT NULL THEN -- not after detach_orders()
        PERFORM _clientele.workspace_keep_anew(TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION _clientele.workspace_create_settings(workspace text, orders _clientele.attached_relation, time_zone text, storage text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on' -- attach_orders() computes anew what is kept
AS $$
DECLARE
    is_new CONSTANT boolean := NOT _clientele.workspace_has(workspace, 'settings');
    known_zone text;
    rhythm double precision;
BEGIN
    PERFORM _clientele.workspace_make(workspace, w.folder, w.relation, w.statements)
    FROM _clientele.workspace_wanted('{}') w WHERE w.relation IN ('settings', 'attached');
    EXECUTE format('SELECT s.time_zone FROM %I.settings s', workspace) INTO known_zone;
    EXECUTE format($dml$
        INSERT INTO %1$I.settings (time_zone, has_profit, storage, workspace_version)
        SELECT $1, $2, $3, e.extversion FROM pg_extension e WHERE e.extname = 'clientele'
        ON CONFLICT (one_row) DO UPDATE SET time_zone = excluded.time_zone, has_profit = excluded.has_profit,
            storage = excluded.storage, workspace_version = excluded.workspace_version
        $dml$, workspace) USING coalesce(time_zone, known_zone, _clientele.workspace_session_time_zone()), coalesce(orders.columns->>'profit' <> '', false), storage;
    IF is_new AND _clientele.workspace_few_customers(workspace, orders) THEN
        EXECUTE format('UPDATE %I.settings SET period = ''quarter'', rfm_bins = 3', workspace);
    END IF;
    rhythm := CASE WHEN is_new THEN _clientele.workspace_rhythm(workspace, orders) END;
    IF rhythm > 182 THEN
        EXECUTE format('UPDATE %I.settings SET %s', workspace, _clientele.workspace_fitting_spans(rhythm));
    END IF;
END
$$;

-- After how many days customers come back, in the median of those who do; NULL where these are too few to tell. Among many rows one customer
-- in sixteen tells.
CREATE FUNCTION _clientele.workspace_rhythm(workspace text, orders _clientele.attached_relation) RETURNS double precision
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    rhythm double precision;
BEGIN
    EXECUTE format($query$
        SELECT CASE WHEN count(x.gap_days) >= 10 THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY x.gap_days) END
        FROM (
            SELECT @extschema@.gap_days(@extschema@.history_agg(o.day, o.amount), (now() + interval '1 day')::date) AS gap_days
            FROM (SELECT %s FROM %s o) o
            WHERE o.usable AND o.customer IS NOT NULL AND (hashtextextended(o.customer::text, 0) & $1) = 0
            GROUP BY o.customer) x
        $query$, _clientele.workspace_order_list_sql(orders, _clientele.workspace_fixed_rules(workspace)), orders.relation)
    INTO rhythm USING CASE WHEN (SELECT c.reltuples > 100000 FROM pg_class c WHERE c.oid = orders.relation) THEN 15 ELSE 0 END::bigint; -- counting them would be another reading
    RETURN rhythm;
END
$$;

-- Spans in the proportions of those of a new workspace: lost is who has stayed away for two of the usual gaps, and a regular has the time for
-- three purchases. What is written into the settings.
CREATE FUNCTION _clientele.workspace_fitting_spans(gap_days double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('lost_after = ''%s months'', new_within = ''%s months'', regular_within = ''%s months'', frequency_within = ''%3$s months''', 6 * h.n, 3 * h.n, 9 * h.n)
    FROM (SELECT least(ceil(2 * gap_days / 182.625), 60)::integer AS n) h
$$;

-- The first rows tell of most shops that there are more. Among many rows there are enough customers, and counting them would take long.
CREATE FUNCTION _clientele.workspace_few_customers(workspace text, orders _clientele.attached_relation) RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    few_among CONSTANT text := format('SELECT count(DISTINCT x.customer) < 500 FROM (SELECT %s FROM %s o LIMIT $1) x WHERE x.usable',
        _clientele.workspace_order_list_sql(orders, _clientele.workspace_fixed_rules(workspace)), orders.relation);
    are_few boolean;
BEGIN
    EXECUTE few_among INTO are_few USING 10000;
    IF are_few AND NOT _clientele.workspace_many_rows(orders.relation) THEN
        EXECUTE few_among INTO are_few USING NULL::integer;
        RETURN are_few;
    END IF;
    RETURN false;
END
$$;

-- Entries of the knowledge base of which nothing kept the words, or that a restore, which numbers configurations anew, gave the
-- number of another one.
CREATE FUNCTION _clientele.workspace_read_entries(workspace text, all_of_them boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('UPDATE %I.knowledge_base k SET words = NULL
        WHERE ($1 OR k.words_by IS DISTINCT FROM _clientele.workspace_text_search(k.language)) AND _clientele.workspace_text_search(k.language) IS NOT NULL', workspace)
    USING all_of_them;
END
$$;
-- workspace: the languages it speaks, each a file in words/: one more is one more file

CREATE FUNCTION _clientele.workspace_languages() RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT array_agg(substr(p.proname, 7) ORDER BY p.proname)
    FROM pg_proc p
    WHERE p.pronamespace = '_clientele'::regnamespace AND p.proname ~ '^words_[a-z]{2}$' AND p.pronargs = 0
$$;

CREATE FUNCTION _clientele.workspace_words(language text) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    words jsonb;
BEGIN
    IF language <> ALL (_clientele.workspace_languages()) THEN
        RAISE EXCEPTION 'unknown language: "%"', language
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'There are: ' || array_to_string(_clientele.workspace_languages(), ', ') || '.';
    END IF;
    EXECUTE format('SELECT jsonb_object_agg(w.key, w.words) FROM _clientele.%I() w', 'words_' || language) INTO words;
    RETURN words;
END
$$;

-- What is said in any language, with the words for it in one. In a database that lacks the letters of a language nothing is said in it.
CREATE FUNCTION _clientele.workspace_translations(language text) RETURNS TABLE (key text, said text, words text)
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted CONSTANT jsonb := _clientele.workspace_words(language);
    spoken text;
BEGIN
    FOREACH spoken IN ARRAY _clientele.workspace_languages() LOOP
        BEGIN
            RETURN QUERY SELECT w.key, w.value, wanted->>w.key FROM jsonb_each_text(_clientele.workspace_words(spoken)) w;
        EXCEPTION WHEN untranslatable_character THEN
            NULL;
        END;
    END LOOP;
END
$$;

-- Whether it is there, and of whose settings are: what else lies in the schema may do anything to whoever writes or reads it.
CREATE FUNCTION _clientele.workspace_has_own(workspace text, relation text) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM pg_class c JOIN pg_class s ON s.relowner = c.relowner
        WHERE c.oid = to_regclass(format('%I.%I', workspace, relation)) AND s.oid = to_regclass(format('%I.settings', workspace)))
$$;

-- What a column holds in those of the relations that are there.
CREATE FUNCTION _clientele.workspace_values_used(workspace text, col name, relations name[]) RETURNS SETOF text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation name;
BEGIN
    FOREACH relation IN ARRAY relations LOOP
        IF _clientele.workspace_has_own(workspace, relation) THEN
            RETURN QUERY EXECUTE format('SELECT DISTINCT r.%I FROM %I.%I r WHERE r.%1$I IS NOT NULL', col, workspace, relation);
        END IF;
    END LOOP;
END
$$;

-- Has the texts of the tables, as their files say, in the language of the settings: each that is as a language has it. What its owner
-- wrote is as none has it.
CREATE FUNCTION _clientele.workspace_switch_language(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    switch text;
BEGIN
    FOR switch IN
        SELECT _clientele.workspace_placed(s.statement, workspace)
        FROM _clientele.workspace_files() f
        JOIN _clientele.workspace_statements() t ON t.place = f.place
        CROSS JOIN LATERAL unnest(t.statements) WITH ORDINALITY s(statement, n)
        WHERE f.folder = 'tables' AND s.statement LIKE 'UPDATE %' AND _clientele.workspace_has_own(workspace, f.relation)
        ORDER BY f.place, s.n
    LOOP
        EXECUTE switch USING workspace;
    END LOOP;
END
$$;

CREATE FUNCTION _clientele.workspace_language_changed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM _clientele.workspace_switch_language(TG_TABLE_SCHEMA);
    RETURN NULL;
END
$$;
-- workspace: attaching what customers answer

CREATE FUNCTION attach_answers(
    answers regclass,
    customer text DEFAULT NULL,
    answered_at text DEFAULT NULL,
    score text DEFAULT NULL,
    touchpoint text DEFAULT NULL,
    channel text DEFAULT NULL,
    employee text DEFAULT NULL,
    comment text DEFAULT NULL,
    kind text DEFAULT NULL,
    wish text DEFAULT NULL,
    owner text DEFAULT NULL,
    replied_at text DEFAULT NULL,
    resolved_at text DEFAULT NULL,
    workspace text DEFAULT 'loyalty',
    scale text DEFAULT NULL,
    stored_in text DEFAULT NULL)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    refusal _clientele.refusal;
    found @extschema@.attach_finding;
BEGIN
    IF answers IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'answers and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of answers: attach_answers(''sales.answers'').';
    END IF;
    FOR found IN
        SELECT f.* FROM _clientele.workspace_attach(workspace, 'answers', answers, jsonb_build_object(
            'customer', customer, 'answered_at', answered_at, 'score', score, 'touchpoint', touchpoint, 'channel', channel, 'employee', employee,
            'comment', comment, 'kind', kind, 'wish', wish, 'owner', owner, 'replied_at', replied_at, 'resolved_at', resolved_at, 'scale', scale, 'stored_in', stored_in)) f
    LOOP
        IF found.topic = 'customer' THEN
            found.advice := _clientele.workspace_index_advice(answers,
                _clientele.workspace_role_column(_clientele.workspace_attached(workspace, 'answers'), 'customer'), 'the answers of one customer are found at once');
        END IF;
        RETURN NEXT found;
    END LOOP;
    RETURN QUERY SELECT f.* FROM _clientele.workspace_findings(workspace, 'answers') f;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS refusal.state = RETURNED_SQLSTATE, refusal.message = MESSAGE_TEXT, refusal.hint = PG_EXCEPTION_HINT, refusal.raised_by = PG_EXCEPTION_CONTEXT;
    IF NOT _clientele.workspace_is_refusal(refusal) THEN
        RAISE;
    END IF;
    RAISE EXCEPTION '%', refusal.message USING ERRCODE = refusal.state, HINT = refusal.hint;
END
$$;
COMMENT ON FUNCTION attach_answers(regclass, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text) IS
'Attaches answers to "How likely are you to recommend us?" to a workspace, which makes nps_summary, rating_summary, nps_by_period, nps_by_touchpoint, nps_by_segment, improvements, voice_of_customer, feedback_inbox, response_times, answers_enriched and answer_quality, and fills nps in overview. Can be run again.
Arguments: answers: a table, partitioned or foreign table, view or materialized view with one row per answer; customer (who may be NULL: nobody knows who answered), answered_at, score (a number, 0 to 10 unless scale says otherwise): names of its columns, where left out those of the last time, else found by their usual names; workspace: name of the schema. Further columns that an answer may have, found by their usual names where left out, none where empty (''''): touchpoint: what it is about; channel: how it came; employee: who served; comment; kind: positive, negative, question, criticism, idea, lead or another; wish: what would make it a 10; owner: who has to reply; replied_at, resolved_at: when that was done. scale: the lowest and the highest score there can be, such as 1-5; where left out that of the last time, else the 0-10 of the question. Ratings on another scale fill rating_summary, and the Net Promoter Score stays empty. stored_in: the time zone whose clock a column of timestamps without a zone shows, a full IANA name or UTC, where left out that of the last time; it has to be told where the days of the workspace are not those of UTC, unless the clock only ever shows midnight.
Where nobody is asked for a name, attach a view with NULL::integer AS customer.
Result: rows of topic, finding and advice: what was found and chosen, how many answers count, and why others do not.
Errors: 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 42501 without SELECT on the columns or for a workspace of somebody else, 22004 for NULL, 22023 for a scale or time zone that is none, for scores that do not look like 0 to 10 without scale, and for a clock without stored_in.';

CREATE FUNCTION detach_answers(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM _clientele.workspace_detach(workspace, 'answers');
END
$$;
COMMENT ON FUNCTION detach_answers(text) IS
'Takes the answers from a workspace: the table stays as it is, the views that read it go, and nps in overview is empty. The texts of nps_advice are kept.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 2BP01 if something else stands on the views.';
-- workspace: clocks without a time zone. An hour of one is in another day elsewhere, so where days are those of a time zone what it
-- shows has to be told.

CREATE FUNCTION _clientele.workspace_check_stored_in(stored_in text) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF stored_in <> '' THEN
        PERFORM @extschema@.period_start(timestamptz '2000-01-01 00:00:00+00', 'day'::text, stored_in);
    END IF;
EXCEPTION WHEN invalid_parameter_value THEN
    RAISE EXCEPTION 'invalid value for parameter "stored_in": "%"', stored_in
        USING ERRCODE = 'invalid_parameter_value', HINT = 'Give a full name of the IANA time zone database, such as Europe/Berlin, or UTC.';
END
$$;

-- Whether its clocks show what those of UTC do, in winter and in summer.
CREATE FUNCTION _clientele.workspace_is_utc(time_zone text) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
RETURN timestamptz '2000-01-01 00:00:00+00' AT TIME ZONE time_zone = timestamp '2000-01-01' AND timestamptz '2000-07-01 00:00:00+00' AT TIME ZONE time_zone = timestamp '2000-07-01';

-- Where a clock only ever shows midnight, it is a day.
CREATE FUNCTION _clientele.workspace_shows_hours(relation regclass, clock name) RETURNS boolean
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    is_filled boolean;
    has_hours boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %1$s o WHERE o.%2$I IS NOT NULL), EXISTS (SELECT FROM %1$s o WHERE isfinite(o.%2$I) AND o.%2$I <> date_trunc(''day'', o.%2$I))', relation, clock)
    INTO is_filled, has_hours;
    RETURN has_hours OR NOT is_filled;
END
$$;

CREATE FUNCTION _clientele.workspace_check_clocks(workspace text, attached _clientele.attached_relation) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    zone text;
    clock name;
BEGIN
    PERFORM _clientele.workspace_check_stored_in((attached).columns->>'stored_in');
    EXECUTE format('SELECT s.time_zone FROM %I.settings s', workspace) INTO zone;
    IF (attached).columns->>'stored_in' <> '' OR _clientele.workspace_is_utc(zone) THEN
        RETURN;
    END IF;
    SELECT c.name INTO clock
    FROM _clientele.workspace_attached_roles() r
    CROSS JOIN LATERAL _clientele.workspace_role_column(attached, r.role) c
    WHERE r.relation_role = (attached).role AND c.type = 'timestamp'::regtype AND _clientele.workspace_shows_hours((attached).relation, c.name)
    ORDER BY r."position" LIMIT 1;
    IF clock IS NOT NULL THEN
        RAISE EXCEPTION 'column "%" has a clock without a time zone', clock
            USING ERRCODE = 'invalid_parameter_value',
                HINT = format('Days are those of %1$s. If the clock shows the time there: attach_%2$s(..., stored_in => %1$L); if it is kept in UTC: attach_%2$s(..., stored_in => ''UTC'').', zone, (attached).role);
    END IF;
END
$$;
-- workspace: what columns of orders are called in other languages, in small letters and without what stands between words, the likeliest
-- first. Letters that are not ASCII are only made small where a database says how, so names of them stand here in capitals as well.
-- A database that lacks the letters of a language knows those of the others.

CREATE FUNCTION _clientele.workspace_column_names() RETURNS TABLE (role text, names text[])
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY VALUES
        ('customer', '{kunde,kundennr,kundennummer,kundenid,besteller,debitor,auftraggeber,cliente,idcliente,codigocliente,codigodecliente,comprador,idclient,codeclient,acheteur,numeroclient,klient,klientid,idklienta,nrklienta,numerklienta,kontrahent,nabywca}'::text[]),
        ('ordered_at', '{datum,bestelldatum,bestelltam,auftragsdatum,kaufdatum,rechnungsdatum,belegdatum,verkaufsdatum,erstelltam,fecha,fechapedido,fechadepedido,fechadecompra,fechafactura,fechaventa,datecommande,datedecommande,datefacture,datevente,dateachat,data,datazakupu,datazamowienia,datasprzedazy,datafaktury,datawystawienia,datautworzenia}'::text[]),
        ('amount', '{betrag,gesamtbetrag,rechnungsbetrag,bestellsumme,bestellwert,gesamtsumme,summe,umsatz,gesamt,montant,montanttotal,montantttc,totalttc,somme,chiffredaffaires,importe,importetotal,monto,montototal,suma,totalpedido,kwota,kwotabrutto,wartosc,wartoscbrutto,razem,wartosczamowienia,preis,prix,precio,cena}'::text[]),
        ('order_id', '{bestellnummer,bestellnr,bestellid,auftragsnummer,auftragsnr,rechnungsnummer,rechnungsnr,belegnummer,commande,numerocommande,numerodecommande,idcommande,facture,numerofacture,pedido,numeropedido,numerodepedido,idpedido,factura,numerofactura,numerodefactura,numerzamowienia,nrzamowienia,idzamowienia,numerfaktury,nrfaktury}'::text[]),
        ('source', '{quelle,herkunft,kanal,verkaufskanal,canal,canaldevente,origen,fuente,canaldeventa,zrodlo,kanalsprzedazy}'::text[]),
        ('category', '{kategorie,warengruppe,produktkategorie,categorie,famille,categoria,familia,kategoria,grupatowarowa}'::text[]),
        ('profit', '{gewinn,rohertrag,deckungsbeitrag,benefice,margebrute,beneficio,ganancia,zysk}'::text[]);
    BEGIN
        RETURN QUERY VALUES
            ('customer', convert_from(decode('7b6bc3a4756665722c63c3b36469676f636c69656e74652c63c3b36469676f6465636c69656e74652c6e756dc3a9726f636c69656e747d', 'hex'), 'UTF8')::text[]),
            ('ordered_at', convert_from(decode('7b6372c3a9c3a96c657d', 'hex'), 'UTF8')::text[]),
            ('order_id', convert_from(decode('7b6e756dc3a9726f636f6d6d616e64652c6e756dc3a9726f6465636f6d6d616e64652c6ec3ba6d65726f70656469646f2c6ec3ba6d65726f646570656469646f2c6e756dc3a9726f666163747572652c6ec3ba6d65726f666163747572617d', 'hex'), 'UTF8')::text[]),
            ('category', convert_from(decode('7b636174c3a9676f7269652c63617465676f72c3ad617d', 'hex'), 'UTF8')::text[]),
            ('profit', convert_from(decode('7b62c3a96ec3a9666963657d', 'hex'), 'UTF8')::text[]);
    EXCEPTION WHEN untranslatable_character THEN NULL;
    END;
    BEGIN
        RETURN QUERY VALUES
            ('customer', convert_from(decode('7b6b7570756ac48563792c7a616d617769616ac48563797d', 'hex'), 'UTF8')::text[]),
            ('ordered_at', convert_from(decode('7b646174617a616dc3b37769656e69612c646174617370727a656461c5bc797d', 'hex'), 'UTF8')::text[]),
            ('amount', convert_from(decode('7b776172746fc59bc4872c776172746fc59bc48762727574746f2c776172746fc59bc4877a616dc3b37769656e69617d', 'hex'), 'UTF8')::text[]),
            ('order_id', convert_from(decode('7b6e756d65727a616dc3b37769656e69612c6e727a616dc3b37769656e69612c69647a616dc3b37769656e69617d', 'hex'), 'UTF8')::text[]),
            ('source', convert_from(decode('7bc5ba72c3b364c5826f2c6b616e61c5827370727a656461c5bc797d', 'hex'), 'UTF8')::text[]);
    EXCEPTION WHEN untranslatable_character THEN NULL;
    END;
    BEGIN
        RETURN QUERY VALUES
            ('customer', convert_from(decode('7bd0bad0bbd0b8d0b5d0bdd1822cd09ad0bbd0b8d0b5d0bdd1822cd0bad0bed0b4d0bad0bbd0b8d0b5d0bdd182d0b02cd09ad0bed0b4d0bad0bbd0b8d0b5d0bdd182d0b02cd09ad0bed0b4d09ad0bbd0b8d0b5d0bdd182d0b02cd0bad0bed0bdd182d180d0b0d0b3d0b5d0bdd1822cd09ad0bed0bdd182d180d0b0d0b3d0b5d0bdd1822cd0bad0bed0b4d0bad0bed0bdd182d180d0b0d0b3d0b5d0bdd182d0b02cd09ad0bed0b4d0bad0bed0bdd182d180d0b0d0b3d0b5d0bdd182d0b02cd09ad0bed0b4d09ad0bed0bdd182d180d0b0d0b3d0b5d0bdd182d0b02cd0bfd0bed0bad183d0bfd0b0d182d0b5d0bbd18c2cd09fd0bed0bad183d0bfd0b0d182d0b5d0bbd18c2cd0b7d0b0d0bad0b0d0b7d187d0b8d0ba2cd097d0b0d0bad0b0d0b7d187d0b8d0ba2cd0bfd0b0d180d182d0bdd0b5d1802cd09fd0b0d180d182d0bdd0b5d1802cd0bfd0b0d180d182d0bdd191d1802cd09fd0b0d180d182d0bdd191d1807d', 'hex'), 'UTF8')::text[]),
            ('ordered_at', convert_from(decode('7bd0b4d0b0d182d0b02cd094d0b0d182d0b02cd0b4d0b0d182d0b0d0b7d0b0d0bad0b0d0b7d0b02cd094d0b0d182d0b0d0b7d0b0d0bad0b0d0b7d0b02cd094d0b0d182d0b0d097d0b0d0bad0b0d0b7d0b02cd0b4d0b0d182d0b0d0bfd0bed0bad183d0bfd0bad0b82cd094d0b0d182d0b0d0bfd0bed0bad183d0bfd0bad0b82cd094d0b0d182d0b0d09fd0bed0bad183d0bfd0bad0b82cd0b4d0b0d182d0b0d0bfd180d0bed0b4d0b0d0b6d0b82cd094d0b0d182d0b0d0bfd180d0bed0b4d0b0d0b6d0b82cd094d0b0d182d0b0d09fd180d0bed0b4d0b0d0b6d0b82cd0b4d0b0d182d0b0d0b4d0bed0bad183d0bcd0b5d0bdd182d0b02cd094d0b0d182d0b0d0b4d0bed0bad183d0bcd0b5d0bdd182d0b02cd094d0b0d182d0b0d094d0bed0bad183d0bcd0b5d0bdd182d0b02cd0b4d0b0d182d0b0d181d0b4d0b5d0bbd0bad0b82cd094d0b0d182d0b0d181d0b4d0b5d0bbd0bad0b82cd094d0b0d182d0b0d0a1d0b4d0b5d0bbd0bad0b82cd0b4d0b0d182d0b0d181d0bed0b7d0b4d0b0d0bdd0b8d18f2cd094d0b0d182d0b0d181d0bed0b7d0b4d0b0d0bdd0b8d18f2cd094d0b0d182d0b0d0a1d0bed0b7d0b4d0b0d0bdd0b8d18f2cd0b4d0b0d182d0b0d0b8d0b2d180d0b5d0bcd18f2cd094d0b0d182d0b0d0b8d0b2d180d0b5d0bcd18f2cd094d0b0d182d0b0d098d092d180d0b5d0bcd18f2cd0b2d180d0b5d0bcd18fd0b7d0b0d0bad0b0d0b7d0b02cd092d180d0b5d0bcd18fd0b7d0b0d0bad0b0d0b7d0b02cd092d180d0b5d0bcd18fd097d0b0d0bad0b0d0b7d0b07d', 'hex'), 'UTF8')::text[]),
            ('amount', convert_from(decode('7bd181d183d0bcd0bcd0b02cd0a1d183d0bcd0bcd0b02cd181d183d0bcd0bcd0b0d0b7d0b0d0bad0b0d0b7d0b02cd0a1d183d0bcd0bcd0b0d0b7d0b0d0bad0b0d0b7d0b02cd0a1d183d0bcd0bcd0b0d097d0b0d0bad0b0d0b7d0b02cd181d183d0bcd0bcd0b0d0b4d0bed0bad183d0bcd0b5d0bdd182d0b02cd0a1d183d0bcd0bcd0b0d0b4d0bed0bad183d0bcd0b5d0bdd182d0b02cd0a1d183d0bcd0bcd0b0d094d0bed0bad183d0bcd0b5d0bdd182d0b02cd181d183d0bcd0bcd0b0d187d0b5d0bad0b02cd0a1d183d0bcd0bcd0b0d187d0b5d0bad0b02cd0a1d183d0bcd0bcd0b0d0a7d0b5d0bad0b02cd181d183d0bcd0bcd0b0d181d0b4d0b5d0bbd0bad0b82cd0a1d183d0bcd0bcd0b0d181d0b4d0b5d0bbd0bad0b82cd0a1d183d0bcd0bcd0b0d0a1d0b4d0b5d0bbd0bad0b82cd181d183d0bcd0bcd0b0d0bfd0bed0bad183d0bfd0bad0b82cd0a1d183d0bcd0bcd0b0d0bfd0bed0bad183d0bfd0bad0b82cd0a1d183d0bcd0bcd0b0d09fd0bed0bad183d0bfd0bad0b82cd0b8d182d0bed0b3d0be2cd098d182d0bed0b3d0be2cd0b2d181d0b5d0b3d0be2cd092d181d0b5d0b3d0be2cd181d182d0bed0b8d0bcd0bed181d182d18c2cd0a1d182d0bed0b8d0bcd0bed181d182d18c2cd0b2d18bd180d183d187d0bad0b02cd092d18bd180d183d187d0bad0b02cd0b1d18ed0b4d0b6d0b5d1822cd091d18ed0b4d0b6d0b5d1822cd186d0b5d0bdd0b02cd0a6d0b5d0bdd0b07d', 'hex'), 'UTF8')::text[]),
            ('order_id', convert_from(decode('7bd0bdd0bed0bcd0b5d1802cd09dd0bed0bcd0b5d1802cd0bdd0bed0bcd0b5d180d0b7d0b0d0bad0b0d0b7d0b02cd09dd0bed0bcd0b5d180d0b7d0b0d0bad0b0d0b7d0b02cd09dd0bed0bcd0b5d180d097d0b0d0bad0b0d0b7d0b02cd0b7d0b0d0bad0b0d0b72cd097d0b0d0bad0b0d0b72cd0bdd0bed0bcd0b5d180d0b4d0bed0bad183d0bcd0b5d0bdd182d0b02cd09dd0bed0bcd0b5d180d0b4d0bed0bad183d0bcd0b5d0bdd182d0b02cd09dd0bed0bcd0b5d180d094d0bed0bad183d0bcd0b5d0bdd182d0b02cd0bdd0bed0bcd0b5d180d187d0b5d0bad0b02cd09dd0bed0bcd0b5d180d187d0b5d0bad0b02cd09dd0bed0bcd0b5d180d0a7d0b5d0bad0b02cd187d0b5d0ba2cd0a7d0b5d0ba2cd0bdd0bed0bcd0b5d180d181d0b4d0b5d0bbd0bad0b82cd09dd0bed0bcd0b5d180d181d0b4d0b5d0bbd0bad0b82cd09dd0bed0bcd0b5d180d0a1d0b4d0b5d0bbd0bad0b82cd0b8d0b4d0b7d0b0d0bad0b0d0b7d0b02cd098d0b4d0b7d0b0d0bad0b0d0b7d0b02cd098d0b4d097d0b0d0bad0b0d0b7d0b02cd0b8d0b42cd098d0b47d', 'hex'), 'UTF8')::text[]),
            ('source', convert_from(decode('7bd0b8d181d182d0bed187d0bdd0b8d0ba2cd098d181d182d0bed187d0bdd0b8d0ba2cd0b8d181d182d0bed187d0bdd0b8d0bad0b7d0b0d0bad0b0d0b7d0b02cd098d181d182d0bed187d0bdd0b8d0bad0b7d0b0d0bad0b0d0b7d0b02cd098d181d182d0bed187d0bdd0b8d0bad097d0b0d0bad0b0d0b7d0b02cd0bad0b0d0bdd0b0d0bb2cd09ad0b0d0bdd0b0d0bb2cd0bad0b0d0bdd0b0d0bbd0bfd180d0bed0b4d0b0d0b62cd09ad0b0d0bdd0b0d0bbd0bfd180d0bed0b4d0b0d0b62cd09ad0b0d0bdd0b0d0bbd09fd180d0bed0b4d0b0d0b67d', 'hex'), 'UTF8')::text[]),
            ('category', convert_from(decode('7bd0bad0b0d182d0b5d0b3d0bed180d0b8d18f2cd09ad0b0d182d0b5d0b3d0bed180d0b8d18f2cd0bad0b0d182d0b5d0b3d0bed180d0b8d18fd182d0bed0b2d0b0d180d0b02cd09ad0b0d182d0b5d0b3d0bed180d0b8d18fd182d0bed0b2d0b0d180d0b02cd09ad0b0d182d0b5d0b3d0bed180d0b8d18fd0a2d0bed0b2d0b0d180d0b02cd0b3d180d183d0bfd0bfd0b0d182d0bed0b2d0b0d180d0bed0b22cd093d180d183d0bfd0bfd0b0d182d0bed0b2d0b0d180d0bed0b22cd093d180d183d0bfd0bfd0b0d0a2d0bed0b2d0b0d180d0bed0b22cd182d0bed0b2d0b0d180d0bdd0b0d18fd0b3d180d183d0bfd0bfd0b02cd0a2d0bed0b2d0b0d180d0bdd0b0d18fd0b3d180d183d0bfd0bfd0b02cd0a2d0bed0b2d0b0d180d0bdd0b0d18fd093d180d183d0bfd0bfd0b02cd0b2d0b8d0b4d0bdd0bed0bcd0b5d0bdd0bad0bbd0b0d182d183d180d18b2cd092d0b8d0b4d0bdd0bed0bcd0b5d0bdd0bad0bbd0b0d182d183d180d18b2cd092d0b8d0b4d09dd0bed0bcd0b5d0bdd0bad0bbd0b0d182d183d180d18b7d', 'hex'), 'UTF8')::text[]),
            ('profit', convert_from(decode('7bd0bfd180d0b8d0b1d18bd0bbd18c2cd09fd180d0b8d0b1d18bd0bbd18c2cd0b2d0b0d0bbd0bed0b2d0b0d18fd0bfd180d0b8d0b1d18bd0bbd18c2cd092d0b0d0bbd0bed0b2d0b0d18fd0bfd180d0b8d0b1d18bd0bbd18c2cd092d0b0d0bbd0bed0b2d0b0d18fd09fd180d0b8d0b1d18bd0bbd18c2cd0bcd0b0d180d0b6d0b02cd09cd0b0d180d0b6d0b07d', 'hex'), 'UTF8')::text[]);
    EXCEPTION WHEN untranslatable_character THEN NULL;
    END;
END
$$;
-- workspace: which columns of a relation are meant

-- What an attached relation may have, the first ones of each it has to have.
CREATE FUNCTION _clientele.workspace_attached_roles() RETURNS TABLE (relation_role text, role text, needed boolean, "position" bigint)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT r.relation_role, c.role, c."position" <= r.needed, c."position"
    FROM (VALUES
        ('orders', 3, '{customer,ordered_at,amount,order_id,source,category,profit,refunded}'::text[]),
        ('answers', 3, '{customer,answered_at,score,touchpoint,channel,employee,comment,kind,wish,owner,replied_at,resolved_at}'),
        ('touchpoints', 3, '{customer,happened_at,touchpoint,source,reason}'),
        ('costs', 3, '{spent_on,source,cost}'),
        ('survey', 3, '{respondent,question,answer,answered_at}')) r(relation_role, needed, roles)
    CROSS JOIN LATERAL unnest(r.roles) WITH ORDINALITY c(role, "position")
$$;

-- By which names a column is found, the likeliest first, in small letters and without what stands between words, and what it may be:
-- one of these types, or where labels do an enum or citext.
CREATE FUNCTION _clientele.workspace_column_role(role text) RETURNS TABLE (names text[], types regtype[], takes_labels boolean)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT r.names::text[] || ARRAY(SELECT x.name FROM _clientele.workspace_column_names() n CROSS JOIN unnest(n.names) x(name) WHERE n.role = $1), k.types::regtype[], k.takes_labels
    FROM (VALUES
        ('customer', 'key', '{customer,customerid,customerno,customernumber,custid,cust,client,clientid,buyer,buyerid,userid,accountid,memberid,contactid,contractorid,partnerid,idcustomer}'),
        ('ordered_at', 'time', '{orderedat,orderdate,ordertime,ordertimestamp,orderdatetime,ordercreatedat,createdat,createdon,created,creationdate,dateorder,dateadd,placedat,purchasedat,purchasedate,invoicedate,invoicedat,transactiondate,saledate,soldat,date}'),
        ('amount', 'quantity', '{amount,total,totalamount,totalprice,ordertotal,orderamount,grandtotal,amounttotal,subtotal,sum,revenue,sales,totalpaid,saleamount,invoicetotal,price,value}'),
        ('order_id', 'number', '{orderid,orderno,ordernumber,invoiceno,invoiceid,invoicenumber,invoice,receiptno,receiptid,receiptnumber,transactionid,id}'),
        ('source', 'label', '{source,ordersource,channel,saleschannel,utmsource,trafficsource,leadsource}'),
        ('category', 'label', '{category,categoryname,productcategory,productgroup,department}'),
        ('profit', 'quantity', '{profit,grossprofit,netprofit,orderprofit}'),
        ('refunded', 'quantity', '{refundedamount,amountrefunded,totalrefunded,refundamount,refundtotal,refunded,refunds,returnedamount}'),
        ('referrer', 'key', '{referrer,referrerid,referredby,referredbyid,invitedby,recommendedby}'),
        ('customer_key', 'key', '{id,customer,customerid,customerno,customernumber,custid,clientid,userid,accountid,memberid,contactid,partnerid,idcustomer}'),
        ('dimension', 'dimension', '{region,country,state,city,agegroup,gender,sex,language,source,channel,type,category,group,customergroup,customertype,segment,plan,tier,industry}'),
        ('answered_at', 'time', '{answeredat,answeredon,answerdate,respondedat,respondedon,responsedate,submittedat,surveydate,createdat,createdon,created,date}'),
        ('score', 'quantity', '{score,nps,npsscore,rating,recommend,likelihood,grade}'),
        ('touchpoint', 'label', '{touchpoint,touchpointname,contactpoint,step,stage,event,eventname,eventtype,page}'),
        ('channel', 'label', '{channel,medium,device}'),
        ('employee', 'label', '{employee,employeeid,agent,manager,seller,salesperson,staff}'),
        ('comment', 'text', '{comment,comments,feedback,message,verbatim,remark,text}'),
        ('kind', 'label', '{kind,commentkind,feedbacktype,sentiment,commenttype}'),
        ('wish', 'text', '{wish,improvement,suggestion,whatwouldmakeita10,whatwouldmakeitaten,howtoimprove}'),
        ('owner', 'label', '{owner,assignee,assignedto,responsible}'),
        ('replied_at', 'time', '{repliedat,repliedon,answeredbyusat,firstreplyat,firstresponseat}'),
        ('resolved_at', 'time', '{resolvedat,resolvedon,closedat,closedon,solvedat}'),
        ('happened_at', 'time', '{happenedat,occurredat,eventtime,eventat,eventdate,timestamp,time,at,createdat,createdon,created,date}'),
        ('reason', 'label', '{reason,lossreason,lostreason,reasonlost,reasonofloss}'),
        ('spent_on', 'time', '{spenton,spentat,day,date,month,period,costdate}'),
        ('cost', 'quantity', '{cost,costs,spend,spent,amount,budget,adspend}'),
        ('respondent', 'key', '{respondent,respondentid,customer,customerid,clientid,userid,employeeid,responseid}'),
        ('question', 'label', '{question,questionid,questioncode,item}'),
        ('answer', 'answer', '{answer,response,value,choice,option}')) r(role, kind, names)
    JOIN (VALUES
        ('key', true, '{smallint,integer,bigint,numeric,uuid,text,varchar,char,name}'),
        ('number', false, '{smallint,integer,bigint,numeric,uuid,text,varchar,char,name}'),
        ('time', false, '{date,timestamp,timestamptz}'),
        ('quantity', false, '{smallint,integer,bigint,real,double precision,numeric}'),
        ('label', true, '{smallint,integer,bigint,text,varchar,char,name}'),
        ('dimension', true, '{boolean,smallint,integer,bigint,text,varchar,char,name}'),
        ('answer', true, '{boolean,smallint,integer,bigint,numeric,text,varchar,char,name,text[],varchar[],smallint[],integer[],bigint[],numeric[]}'),
        ('text', true, '{text,varchar,char}')) k(kind, takes_labels, types) ON k.kind = r.kind
    WHERE r.role = $1
$$;

CREATE FUNCTION _clientele.workspace_candidates(orders regclass, role text)
RETURNS TABLE (name name, type regtype, usual boolean, usable boolean, place integer)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    WITH RECURSIVE base AS (
        SELECT a.attname, a.attnum, a.atttypid AS type
        FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = orders AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT b.attname, b.attnum, t.typbasetype
        FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.type
        WHERE t.typtype = 'd'
    )
    SELECT b.attname, b.type::regtype, u.place IS NOT NULL,
        b.type = ANY (r.types) OR r.takes_labels AND (t.typtype = 'e' OR t.typname = 'citext' AND t.typtype = 'b'), u.place
    FROM base b
    JOIN pg_catalog.pg_type t ON t.oid = b.type
    CROSS JOIN _clientele.workspace_column_role($2) r
    CROSS JOIN LATERAL (SELECT array_position(r.names, translate(lower(b.attname), '_ -', ''))) u(place)
    WHERE t.typtype <> 'd'
    ORDER BY b.attnum
$$;

-- Whether a number only tells rows apart, or is counted, and is no money.
CREATE FUNCTION _clientele.workspace_is_key(orders regclass, col name) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT col ~* '(^|_| )(id|no|nr|num|number|code|key|phone|zip|year|month|via|qty|quantity|count|status|state|type)$' OR col ~ '[a-z](ID|Id|No|Nr|Code|Key|Via)$'
        OR col ~* '^id_|(order|customer|client|employee|user|product|item|store|shop|invoice|account|contact|partner|buyer|member|status|payment|seller|manager)id$'
        OR EXISTS (
            SELECT FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
            WHERE c.conrelid = orders AND c.contype IN ('p', 'u', 'f') AND a.attname = col)
$$;

CREATE FUNCTION _clientele.workspace_column_hint(orders regclass, role text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    -- What has a usual name here has no type for the role, so to name it would not help.
    SELECT coalesce(
            'It has the name but not a type for it: ' || u.unfit
                || format('; it takes %s. Attach a view that casts it', (SELECT array_to_string(r.types, ', ') FROM _clientele.workspace_column_role(role) r))
                || coalesce(format(', or name another with %s => ''...''; these have a type that would do: ', role) || u.fit, ''),
            format('Name it with %s => ''...''', role) || coalesce('; these have a type that would do: ' || u.fit, '')
                || '. What takes an expression, such as order lines or a cast, goes into a view first: attach the view')
        || '.'
    FROM (
        SELECT string_agg(format('%I (%s)', c.name, c.type), ', ') FILTER (WHERE c.usual) AS unfit,
            string_agg(quote_ident(c.name), ', ') FILTER (WHERE c.usable AND NOT c.taken AND NOT (role = 'amount' AND _clientele.workspace_is_key(orders, c.name))) AS fit
        FROM (
            SELECT own.*, EXISTS (
                SELECT FROM unnest(ARRAY['customer', 'ordered_at', 'amount']) other, _clientele.workspace_candidates(orders, other) o
                WHERE other <> role AND o.name = own.name AND o.usual AND o.usable) AS taken
            FROM _clientele.workspace_candidates(orders, role) own) c) u
$$;

-- The view that multiplies, and how to insist.
CREATE FUNCTION _clientele.workspace_product_hint(orders regclass, unit_price name) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('Attach a view that multiplies: CREATE VIEW %1$s AS SELECT *, %2$I * %3$I AS amount FROM %4$s; SELECT attach_orders(%1$L); or, if it is of the whole row, say amount => %2$L.',
        _clientele.workspace_free_name(orders, 'amounts', false), unit_price, _clientele.workspace_quantity(orders), orders)
$$;

-- By its usual names. Where none is needed, the best of those that may be read, if there is one.
CREATE FUNCTION _clientele.workspace_find_column(orders regclass, role text, needed boolean) RETURNS _clientele.attached_column
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    candidates text[];
    best _clientele.attached_column;
    unit_price CONSTANT name := CASE WHEN role = 'amount' AND _clientele.workspace_quantity(orders) IS NOT NULL THEN (SELECT p.name FROM _clientele.workspace_unit_price(orders) p) END;
BEGIN
    SELECT array_agg(c.name) INTO candidates
    FROM _clientele.workspace_candidates(orders, role) c
    WHERE c.usual AND c.usable AND NOT (unit_price IS NOT NULL AND _clientele.workspace_is_meant(c.name, 'price'));

    IF candidates IS NULL AND unit_price IS NOT NULL THEN
        RAISE EXCEPTION 'no column of % looks like the amount: "%" is of one piece, as there is "%"', orders, unit_price, _clientele.workspace_quantity(orders)
            USING ERRCODE = 'undefined_column', HINT = _clientele.workspace_product_hint(orders, unit_price);
    END IF;

    IF needed AND candidates IS NULL THEN
        RAISE EXCEPTION 'no column of % looks like the %', orders, role
            USING ERRCODE = 'undefined_column', HINT = _clientele.workspace_column_hint(orders, role);
    ELSIF needed AND cardinality(candidates) > 1 THEN
        RAISE EXCEPTION 'several columns of % look like the %: %',
                orders, role, array_to_string(candidates, ', ')
            USING ERRCODE = 'ambiguous_column', HINT = format('Name one with %s => ''...''.', role);
    END IF;

    SELECT c.name, c.type, 'found by its name' INTO best
    FROM _clientele.workspace_candidates(orders, role) c
    WHERE c.name = ANY (candidates) AND (needed OR has_column_privilege(orders, c.name, 'SELECT'))
    ORDER BY c.place, c.name
    LIMIT 1;
    RETURN best;
END
$$;

CREATE FUNCTION _clientele.workspace_given_column(orders regclass, role text, given text, needed boolean DEFAULT true) RETURNS _clientele.attached_column
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    candidate record;
    result _clientele.attached_column;
BEGIN
    SELECT c.* INTO candidate FROM _clientele.workspace_candidates(orders, role) c WHERE c.name = given;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'column "%" of % does not exist', given, orders
            USING ERRCODE = 'undefined_column',
                HINT = (SELECT format('It has: %s. Give the name as it is stored, without quotes%s.', string_agg(c.name, ', '),
                            CASE WHEN NOT needed THEN format(', or none: %s => ''''', role) END)
                        FROM _clientele.workspace_candidates(orders, role) c);
    ELSIF NOT candidate.usable THEN
        RAISE EXCEPTION 'column "%" of % cannot be the %: its type is %', given, orders, role, candidate.type
            USING ERRCODE = 'datatype_mismatch',
                HINT = CASE WHEN candidate.type = 'money'::regtype
                    THEN format('Attach a view with %I::numeric.', given)
                    ELSE format('It has to be one of %s: attach a view that casts it.',
                        (SELECT array_to_string(r.types, ', ') FROM _clientele.workspace_column_role(role) r)) END;
    END IF;
    SELECT candidate.name, candidate.type, 'as given' INTO result;
    RETURN result;
END
$$;

CREATE FUNCTION _clientele.workspace_column(orders regclass, role text, given text, needed boolean) RETURNS _clientele.attached_column
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN NOT needed AND given = '' THEN NULL
        WHEN given IS NOT NULL THEN _clientele.workspace_given_column(orders, role, given, needed)
        WHEN role = 'refunded' THEN NULL -- told as a finding: to take it changes what orders brought
        ELSE _clientele.workspace_find_column(orders, role, needed) END
$$;

-- A clock without a time zone may be any: where the zone of its days is asked for, whose clock it is has to be said. That of UTC shows
-- the days of UTC.
CREATE FUNCTION _clientele.workspace_check_clock(clock _clientele.attached_column, given text, stored_in text, time_zone text) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    what_to_do text;
BEGIN
    IF given <> '' AND clock.type <> 'timestamp'::regtype THEN
        RAISE EXCEPTION 'stored_in says whose clock a timestamp without time zone shows, and column "%" has the type %', clock.name, clock.type
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Leave out stored_in.';
    ELSIF NOT _clientele.workspace_is_utc(time_zone) AND clock.type = 'timestamp'::regtype AND coalesce(stored_in, '') = '' THEN
        RAISE EXCEPTION 'column "%" has a clock without a time zone', clock.name
            USING ERRCODE = 'invalid_parameter_value',
                HINT = format('Say whose clock it is: stored_in => ''UTC'', as most servers keep time, or stored_in => %L, if it shows the time there; or leave out time_zone, and its days count as they are.', time_zone);
    END IF;
    PERFORM @extschema@.period_start(timestamptz '2000-01-01 00:00:00+00', 'day'::text, nullif(given, ''));
EXCEPTION WHEN invalid_parameter_value THEN
    GET STACKED DIAGNOSTICS what_to_do = PG_EXCEPTION_HINT;
    RAISE EXCEPTION '%', replace(SQLERRM, '"time_zone"', '"stored_in"') USING ERRCODE = 'invalid_parameter_value', HINT = what_to_do;
END
$$;
-- workspace: attaching what was spent on each source

CREATE FUNCTION attach_costs(
    costs regclass,
    spent_on text DEFAULT NULL,
    source text DEFAULT NULL,
    cost text DEFAULT NULL,
    workspace text DEFAULT 'loyalty',
    stored_in text DEFAULT NULL)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    refusal _clientele.refusal;
BEGIN
    IF costs IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'costs and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of costs: attach_costs(''marketing.costs'').';
    END IF;
    RETURN QUERY SELECT f.* FROM _clientele.workspace_attach(workspace, 'costs', costs,
        jsonb_build_object('spent_on', spent_on, 'source', source, 'cost', cost, 'stored_in', stored_in)) f;
    RETURN QUERY SELECT f.* FROM _clientele.workspace_findings(workspace, 'costs') f;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS refusal.state = RETURNED_SQLSTATE, refusal.message = MESSAGE_TEXT, refusal.hint = PG_EXCEPTION_HINT, refusal.raised_by = PG_EXCEPTION_CONTEXT;
    IF NOT _clientele.workspace_is_refusal(refusal) THEN
        RAISE;
    END IF;
    RAISE EXCEPTION '%', refusal.message USING ERRCODE = refusal.state, HINT = refusal.hint;
END
$$;
COMMENT ON FUNCTION attach_costs(regclass, text, text, text, text, text) IS
'Attaches a table of what was spent on each source of customers to a workspace: the view sources then has the cost per customer, and what comes back. Can be run again.
Arguments: costs: a table, partitioned or foreign table, view or materialized view with a row per day (or month) and source; spent_on, source, cost: names of its columns as stored, where left out those of the last time, else found by their usual names; the names of sources have to be those of the orders; workspace: name of the schema; stored_in: the time zone whose clock a column of timestamps without a zone shows, a full IANA name or UTC, where left out that of the last time; it has to be told where the days of the workspace are not those of UTC, unless the clock only ever shows midnight.
Result: rows of topic, finding and advice: what was found, which rows are left out and why, and which sources do not fit the orders''.
Errors: 22004 for NULL, 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 42501 without SELECT on the columns or for a workspace of somebody else, 22023 for a time zone that is none, and for a clock without stored_in.';

CREATE FUNCTION detach_costs(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM _clientele.workspace_detach(workspace, 'costs');
END
$$;
COMMENT ON FUNCTION detach_costs(text) IS
'Takes the table of costs from a workspace: the table stays as it is, the columns on cost of the view sources get empty.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else.';
-- workspace: attaching a table of customers, whose columns divide them

CREATE FUNCTION attach_customers(
    customers regclass,
    customer text DEFAULT NULL,
    dimensions text[] DEFAULT NULL,
    workspace text DEFAULT 'loyalty',
    name text[] DEFAULT NULL,
    contact text[] DEFAULT NULL,
    referrer text DEFAULT NULL)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
SET quote_all_identifiers = off
AS $$
DECLARE
    refusal _clientele.refusal;
    known jsonb;
    key _clientele.attached_column;
    referrer_column _clientele.attached_column;
    chosen_dimensions text[];
    chosen_name text[];
    chosen_contact text[];
BEGIN
    IF customers IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'customers and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of customers: attach_customers(''sales.customers'').';
    END IF;
    PERFORM _clientele.workspace_enter(workspace);
    PERFORM _clientele.workspace_check_relation(customers, workspace);
    PERFORM _clientele.workspace_lock_relation(customers);
    known := _clientele.workspace_attached_columns(workspace, customers, 'customers');
    key := _clientele.workspace_column(customers, 'customer_key', coalesce(customer, known->>'customer'), true);
    chosen_dimensions := coalesce(dimensions, ARRAY(
        SELECT c.name FROM _clientele.workspace_candidates(customers, 'dimension') c
        WHERE c.usual AND c.usable AND has_column_privilege(customers, c.name, 'SELECT')));
    chosen_name := coalesce(name, ARRAY(SELECT jsonb_array_elements_text(known->'name')));
    chosen_contact := coalesce(contact, ARRAY(SELECT jsonb_array_elements_text(known->'contact')));
    IF chosen_dimensions && '{first_source,first_category}' THEN
        RAISE EXCEPTION 'invalid value for parameter "dimensions": %', chosen_dimensions
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'first_source and first_category are those of the orders: attach a view that renames the columns.';
    END IF;
    PERFORM _clientele.workspace_check_customer_columns(customers, 'dimensions', chosen_dimensions);
    PERFORM _clientele.workspace_check_customer_columns(customers, 'name', chosen_name);
    PERFORM _clientele.workspace_check_customer_columns(customers, 'contact', chosen_contact);
    PERFORM _clientele.workspace_check_privileges(customers, ARRAY[key.name]);
    referrer := coalesce(referrer, known->>'referrer');
    referrer_column := _clientele.workspace_referrer_column(workspace, customers, referrer);
    PERFORM _clientele.workspace_write_attached(workspace, ROW('customers', customers, jsonb_build_object('customer', key.name, 'dimensions', to_jsonb(chosen_dimensions),
        'name', to_jsonb(chosen_name), 'contact', to_jsonb(chosen_contact), 'referrer', coalesce(referrer_column.name, referrer)))::_clientele.attached_relation);
    PERFORM _clientele.workspace_refresh_attached(workspace, 'customers');
    RETURN QUERY VALUES
        ('customer', format('column %I (%s), %s', key.name, key.type, key.found), NULL),
        ('dimensions', coalesce(nullif(array_to_string(chosen_dimensions, ', '), ''), 'none'),
            CASE WHEN cardinality(chosen_dimensions) = 0 THEN 'Name columns with dimensions => ''{region,age_group}''' END),
        ('name', coalesce(nullif(array_to_string(chosen_name, ', '), ''), 'none'),
            CASE WHEN cardinality(chosen_name) = 0 THEN 'Name columns with name => ''{first_name,last_name}'' to show them in customers and in the lists' END),
        ('contact', coalesce(nullif(array_to_string(chosen_contact, ', '), ''), 'none'),
            CASE WHEN cardinality(chosen_contact) = 0 THEN 'Name columns with contact => ''{email}''; whoever may read the workspace will see them' END);
    IF referrer_column.name IS NOT NULL THEN
        RETURN QUERY VALUES ('referrer', format('column %I (%s), %s', referrer_column.name, referrer_column.type, referrer_column.found),
            'If it names no customers: attach again with referrer => ''''');
    END IF;
    RETURN QUERY SELECT f.* FROM _clientele.workspace_findings(workspace, 'customers') f;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS refusal.state = RETURNED_SQLSTATE, refusal.message = MESSAGE_TEXT, refusal.hint = PG_EXCEPTION_HINT, refusal.raised_by = PG_EXCEPTION_CONTEXT;
    IF NOT _clientele.workspace_is_refusal(refusal) THEN
        RAISE;
    END IF;
    RAISE EXCEPTION '%', refusal.message USING ERRCODE = refusal.state, HINT = refusal.hint;
END
$$;
COMMENT ON FUNCTION attach_customers(regclass, text, text[], text, text[], text[], text) IS
'Attaches a table of customers to a workspace: its columns divide the customers, in customer_dimensions, retention_by_dimension, cohorts_by_dimension and first_purchase, name them in customers, win_back, at_risk and second_order_due, and say who brought whom, in referrals and sources. Can be run again.
Arguments: customers: a table, partitioned or foreign table, view or materialized view; customer: name of the column that the orders'' customer is, where left out that of the last time, else found by its usual names; dimensions: array of the names of columns such as region or age group (''{region,age_group}''), where left out those with usual names; workspace: name of the schema; name: array of the names of the columns that make up a customer''s name (''{full_name}''), set with a space between them; contact: array of the names of columns such as e-mail and phone (''{email}''), set with a comma between them. Neither is looked for, since whoever reads the workspace sees them: where left out those of the last time, none where empty (''{}''); referrer: name of the column with the customer who brought this one, where left out that of the last time, else found by its usual names, none where empty ('''').
Result: rows of topic, finding and advice: what was found and chosen.
Errors: 22004 for NULL, 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 22023 for dimensions of those names or NULL, 42809 for what is no table or view, 42501 without SELECT on the columns or for a workspace of somebody else.';

CREATE FUNCTION _clientele.workspace_check_customer_columns(customers regclass, parameter text, columns text[]) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF array_position(columns, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'invalid value for parameter "%": %', parameter, columns
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Name columns, such as ''{region,age_group}'', or none: ''{}''.';
    END IF;
    PERFORM _clientele.workspace_given_column(customers, 'dimension', c, true) FROM unnest(columns) c;
    PERFORM _clientele.workspace_check_privileges(customers, columns::name[]);
END
$$;

-- A column that merely has the name is left alone where it does not hold customers, such as a web address.
CREATE FUNCTION _clientele.workspace_referrer_column(workspace text, customers regclass, given text) RETURNS _clientele.attached_column
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    col _clientele.attached_column := _clientele.workspace_column(customers, 'referrer', given, false);
BEGIN
    IF col.name IS NULL THEN
        RETURN NULL;
    ELSIF given IS NULL THEN
        RETURN CASE WHEN _clientele.workspace_key_sql(_clientele.workspace_role_column(_clientele.workspace_attached(workspace, 'orders'), 'customer'), NULL, col) IS NOT NULL THEN col END;
    END IF;
    PERFORM _clientele.workspace_customer_key_sql(workspace, ROW('customers', customers, jsonb_build_object('referrer', given))::_clientele.attached_relation, 'referrer');
    PERFORM _clientele.workspace_check_privileges(customers, ARRAY[col.name]);
    RETURN col;
END
$$;

CREATE FUNCTION detach_customers(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM _clientele.workspace_detach(workspace, 'customers');
END
$$;
COMMENT ON FUNCTION detach_customers(text) IS
'Takes the table of customers from a workspace: the table stays as it is, the views lose its dimensions and names.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else.';
-- workspace: by which names columns of orders are known that say what a row means, in small letters and without what stands between words,
-- and which values of them say that a row is no order. A database that lacks the letters of a language knows those of the others.

CREATE FUNCTION _clientele.workspace_plain_name(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN translate(lower(name), '_ -', '');

CREATE FUNCTION _clientele.workspace_meant_names() RETURNS TABLE (meaning text, names text[])
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY VALUES
        ('status', '{status,stage,state,type,ordertype,salestype,doctype,documenttype,deal,dealstage,orderstate,fulfillment}'::text[]),
        ('is no order', '{test,istest,testmode,testorder,draft,isdraft,quote,isquote,isquotation,cart,iscart,deleted,isdeleted,deletionmark,deletedmark,markedfordeletion,removed,archived,isarchived,cancelled,canceled,iscancelled,iscanceled,void,voided,isvoid,isvoided,refunded,isrefunded,storno,storniert,entwurf,geloescht,angebot}'),
        ('is an order', '{livemode,live,posted,isposted,active,isactive,confirmed,isconfirmed,captured,iscaptured,paid,ispaid,approved,isapproved,completed,iscompleted,bezahlt,gebucht}'),
        ('gone at', '{archivedat,removedat,deletedat,cancelledat,canceledat,voidedat,refundedat,datecancelled,datecanceled,datedeleted,stornodatum}'),
        ('time', '{createdat,created,createdon,datecreated,creationdate,orderedat,orderdate,dateorder,placedat,purchasedat,invoicedate,submittedat,confirmedat,approvedat,paidat,datepaid,paymentdate,capturedat,processedat,completedat,datecompleted,closedat,postedat,bestelldatum,rechnungsdatum,zahlungsdatum}'),
        ('currency', '{currency,currencycode,currencyid,currencyiso,isocurrency,ordercurrency,totalcurrency,curr,valuta,waehrung,devise,moneda,waluta}'),
        ('price', '{price,unitprice,itemprice,pieceprice,priceperunit,pricepereach,preis,einzelpreis,stueckpreis,prix,prixunitaire,precio,preciounitario,cena}'),
        ('quantity', '{quantity,qty,quantityordered,qtyordered,units,pieces,anzahl,menge,quantite,cantidad,ilosc}');
    BEGIN
        RETURN QUERY VALUES ('is no order', convert_from(decode('7b67656cc3b6736368747d', 'hex'), 'UTF8')::text[]), ('currency', convert_from(decode('7b77c3a46872756e677d', 'hex'), 'UTF8')::text[]), ('price', convert_from(decode('7b7374c3bc636b70726569737d', 'hex'), 'UTF8')::text[]), ('quantity', convert_from(decode('7b7175616e746974c3a92c7374c3bc636b7d', 'hex'), 'UTF8')::text[]);
    EXCEPTION WHEN untranslatable_character THEN NULL;
    END;
    BEGIN
        RETURN QUERY VALUES
            ('status', convert_from(decode('7bd181d182d0b0d182d183d1812cd181d182d0b0d182d183d181d0b7d0b0d0bad0b0d0b7d0b02cd0a1d182d0b0d182d183d1812cd0a1d182d0b0d182d183d181d097d0b0d0bad0b0d0b7d0b02cd181d182d0b0d0b4d0b8d18f2cd181d182d0b0d0b4d0b8d18fd181d0b4d0b5d0bbd0bad0b82cd0a1d182d0b0d0b4d0b8d18f2cd181d0bed181d182d0bed18fd0bdd0b8d0b52cd0a1d0bed181d182d0bed18fd0bdd0b8d0b52cd181d0bed181d182d0bed18fd0bdd0b8d0b5d0b7d0b0d0bad0b0d0b7d0b02cd182d0b8d0bf2cd182d0b8d0bfd0b7d0b0d0bad0b0d0b7d0b02cd0b2d0b8d0b4d0bed0bfd0b5d180d0b0d186d0b8d0b82cd092d0b8d0b4d09ed0bfd0b5d180d0b0d186d0b8d0b87d', 'hex'), 'UTF8')::text[]),
            ('is no order', convert_from(decode('7bd0bfd0bed0bcd0b5d182d0bad0b0d183d0b4d0b0d0bbd0b5d0bdd0b8d18f2cd09fd0bed0bcd0b5d182d0bad0b0d0a3d0b4d0b0d0bbd0b5d0bdd0b8d18f2cd183d0b4d0b0d0bbd0b5d0bd2cd183d0b4d0b0d0bbd191d0bd2cd0bed182d0bcd0b5d0bdd0b5d0bd2cd0bed182d0bcd0b5d0bdd191d0bd2cd187d0b5d180d0bdd0bed0b2d0b8d0ba2cd182d0b5d181d1822cd182d0b5d181d182d0bed0b2d18bd0b92cd0b2d0bed0b7d0b2d180d0b0d1822cd181d182d0bed180d0bdd0be2cd0a1d182d0bed180d0bdd0be7d', 'hex'), 'UTF8')::text[]),
            ('is an order', convert_from(decode('7bd0bfd180d0bed0b2d0b5d0b4d0b5d0bd2cd0bfd180d0bed0b2d0b5d0b4d191d0bd2cd09fd180d0bed0b2d0b5d0b4d0b5d0bd2cd09fd180d0bed0b2d0b5d0b4d191d0bd2cd0bed0bfd0bbd0b0d187d0b5d0bd2cd0bed0bfd0bbd0b0d187d0b5d0bdd0be2cd09ed0bfd0bbd0b0d187d0b5d0bd2cd09ed0bfd0bbd0b0d187d0b5d0bdd0be2cd0bfd0bed0b4d182d0b2d0b5d180d0b6d0b4d0b5d0bd2cd0bfd0bed0b4d182d0b2d0b5d180d0b6d0b4d191d0bd7d', 'hex'), 'UTF8')::text[]),
            ('time', convert_from(decode('7bd0b4d0b0d182d0b0d181d0bed0b7d0b4d0b0d0bdd0b8d18f2cd0b4d0b0d182d0b0d0b7d0b0d0bad0b0d0b7d0b02cd0b4d0b0d182d0b0d0bed0bfd0bbd0b0d182d18b2cd0b4d0b0d182d0b0d0bfd180d0bed0b4d0b0d0b6d0b82cd0b4d0b0d182d0b0d0b7d0b0d0b2d0b5d180d188d0b5d0bdd0b8d18f2cd094d0b0d182d0b0d0a1d0bed0b7d0b4d0b0d0bdd0b8d18f2cd094d0b0d182d0b0d097d0b0d0bad0b0d0b7d0b02cd094d0b0d182d0b0d09ed0bfd0bbd0b0d182d18b7d', 'hex'), 'UTF8')::text[]),
            ('currency', convert_from(decode('7bd0b2d0b0d0bbd18ed182d0b02cd0b2d0b0d0bbd18ed182d0b0d0b4d0bed0bad183d0bcd0b5d0bdd182d0b02cd0b2d0b0d0bbd18ed182d0b0d0b7d0b0d0bad0b0d0b7d0b02cd092d0b0d0bbd18ed182d0b02cd092d0b0d0bbd18ed182d0b0d094d0bed0bad183d0bcd0b5d0bdd182d0b07d', 'hex'), 'UTF8')::text[]),
            ('price', convert_from(decode('7bd186d0b5d0bdd0b02cd186d0b5d0bdd0b0d0b7d0b0d0b5d0b4d0b8d0bdd0b8d186d1832cd186d0b5d0bdd0b0d0b7d0b0d188d1822cd0a6d0b5d0bdd0b07d', 'hex'), 'UTF8')::text[]),
            ('quantity', convert_from(decode('7bd0bad0bed0bbd0b8d187d0b5d181d182d0b2d0be2cd0bad0bed0bbd0b2d0be2cd09ad0bed0bbd0b8d187d0b5d181d182d0b2d0be2cd188d182d183d0ba7d', 'hex'), 'UTF8')::text[]);
    EXCEPTION WHEN untranslatable_character THEN NULL;
    END;
END
$$;

CREATE FUNCTION _clientele.workspace_is_meant(col name, meaning text) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM _clientele.workspace_meant_names() m
        WHERE m.meaning = $2 AND (_clientele.workspace_plain_name(col) = ANY (m.names) OR translate(col, '_ -', '') = ANY (m.names)))
$$;

-- Whether a column says of a row that it is none, or that it is one, or neither: then its values may.
CREATE FUNCTION _clientele.workspace_says_no(col name, value text) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN _clientele.workspace_is_meant(col, 'is no order') THEN lower(value) IN ('true', 't', '1', 'yes', 'y', 'x', 'ja', 'filled')
        WHEN _clientele.workspace_is_meant(col, 'is an order') THEN lower(value) IN ('false', 'f', '0', 'no', 'n', 'nein', 'empty')
        WHEN _clientele.workspace_is_meant(col, 'gone at') THEN value = 'filled'
        ELSE lower(value) ~ '(cancel|void|draft|(^|[^a-z])cart|basket|checkout|(^|[^a-z])test|sandbox|fail|declin|reject|refus|refund|return|charge.?back|quot|abandon|trash|delet|archiv|unpaid|pending|await|on.?hold|(^|[^a-z])open|expired|storn|entwurf|offen|angebot|retour|annul|anul)'
            OR EXISTS (SELECT FROM _clientele.workspace_no_words() w WHERE lower(value) ~ w) END
$$;

CREATE FUNCTION _clientele.workspace_no_words() RETURNS SETOF text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN NEXT convert_from(decode('285bd09ed0be5dd182d0bcd0b5d0bd7c5bd0a7d1875dd0b5d180d0bdd0bed0b27c5bd0a2d1825dd0b5d181d1827c5bd0a3d1835dd0b4d0b0d0bb7c5bd092d0b25dd0bed0b7d0b2d180d0b0d1827c5bd09ad0ba5dd0bed180d0b7d0b8d0bd7c5bd09ed0be5dd182d0bad0b0d0b77c5bd09fd0bf5dd180d0bed0b2d0b0d0bb7c5bd09dd0bd5dd0b5203fd0bed0bfd0bbd0b0d1877c5bd09dd0bd5dd0b5d0bed0bfd0bbd0b0d1877c5bd09ed0be5dd0b6d0b8d0b4d0b07c5bd0a1d1815dd182d0bed180d0bdd0be7c5bd090d0b05dd180d185d0b8d0b229', 'hex'), 'UTF8');
EXCEPTION WHEN untranslatable_character THEN
    NULL;
END
$$;

-- The pattern of keys, in small letters and without blanks around, that stand for nobody known.
CREATE FUNCTION _clientele.workspace_nobody_pattern() RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    latin CONSTANT text := '0+|-1|[-?*#]+|n ?/?[.]?a[.]?|none|null|nil|nobody|unknown|undefined|guests?|guest[ _](user|customer|checkout|buyer)|anonymous|anonym|anon|walk-? ?in( customer)?|cash([ _](sale|customer))?|counter sale|retail[ _](buyer|customer)|gast|unbekannt|laufkundschaft|laufkunde|barverkauf|invitado|inconnu|desconocido|00000000-0000-0000-0000-000000000000';
BEGIN
    RETURN '^(' || latin || convert_from(decode('7c285bd0a0d1805dd0bed0b7d0bdd0b8d187d0bd28d18bd0b97cd0b0d18f293f203f293f285bd09fd0bf5dd0bed0bad183d0bfd0b0d182d0b5d0bbd18c7c5bd09ad0ba5dd0bbd0b8d0b5d0bdd182297c5bd0a7d1875dd0b0d181d182d0bdd0bed0b520d0bbd0b8d186d0be7c5bd0a4d1845dd0b8d0b7d0b8d187d0b5d181d0bad0bed0b520d0bbd0b8d186d0be7c5bd0a4d1845dd0b8d0b75b2e5d3f203fd0bbd0b8d186d0be7c5bd093d0b35dd0bed181d182d18c7c5bd09dd0bd5dd0b5d0b8d0b7d0b2d0b5d181d1822e2a7c5bd090d0b05dd0bdd0bed0bdd0b8d0bc7c5bd09dd0bd5dd0b5d1822924', 'hex'), 'UTF8');
EXCEPTION WHEN untranslatable_character THEN
    RETURN '^(' || latin || ')$';
END
$$;
-- workspace: attaching an orders table

-- Everything but reading the rows: quick, and what a plan undoes again. A finding where something else was attached before.
CREATE FUNCTION _clientele.workspace_define(workspace text, orders _clientele.attached_relation, time_zone text, storage text) RETURNS @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    schema_name CONSTANT text := _clientele.workspace_create_schema(workspace);
    replaced @extschema@.attach_finding;
    attached record;
    parts text[];
    entries_unread CONSTANT boolean := NOT EXISTS (
        SELECT FROM pg_trigger t WHERE t.tgrelid = to_regclass(format('%I.knowledge_base', workspace)) AND t.tgname = 'keep_words');
BEGIN
    PERFORM _clientele.workspace_lock_views(schema_name);
    PERFORM _clientele.workspace_create_settings(schema_name, orders, time_zone, storage);
    replaced := _clientele.workspace_remember(schema_name, orders);
    parts := _clientele.workspace_parts(schema_name);
    PERFORM _clientele.workspace_make_all(schema_name, '{tables}', parts);
    PERFORM _clientele.workspace_read_entries(schema_name, entries_unread);
    PERFORM _clientele.workspace_make(schema_name, w.folder, w.relation, w.statements) FROM _clientele.workspace_wanted(parts) w WHERE w.relation = 'applied_settings';
    PERFORM _clientele.workspace_make_rows(schema_name, 'orders', orders);
    FOR attached IN SELECT r.role FROM unnest('{customers,answers,touchpoints,costs,survey}'::text[]) r(role) LOOP
        PERFORM _clientele.workspace_make_rows(schema_name, attached.role, _clientele.workspace_attached(schema_name, attached.role));
    END LOOP;
    PERFORM _clientele.workspace_make_all(schema_name, '{functions,views}', parts);
    PERFORM _clientele.workspace_describe(schema_name, parts);
    PERFORM _clientele.workspace_drop_stored(schema_name);
    PERFORM _clientele.workspace_drop_kept(schema_name, false);
    PERFORM _clientele.workspace_count_tables(schema_name);
    PERFORM _clientele.workspace_hide_internal(schema_name);
    PERFORM _clientele.workspace_remake_metabase_metadata(schema_name);
    RETURN replaced;
END
$$;

-- What was not found is looked for again the next time.
CREATE FUNCTION _clientele.workspace_remember(workspace text, orders _clientele.attached_relation) RETURNS @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    before record;
BEGIN
    EXECUTE format('SELECT a.* FROM %I.attached a WHERE a.relation_role = $1', workspace) INTO before USING 'orders';
    PERFORM _clientele.workspace_write_attached(workspace, orders);
    IF before.relation <> orders.relation::text OR before.columns <> orders.columns THEN
        RETURN ROW('replaced', format('until now the views stood on %s: %s', before.relation,
            array_to_string(_clientele.workspace_attached_names(ROW('orders', NULL, before.columns)::_clientele.attached_relation), ', ')), 'Attach that again to go back')::@extschema@.attach_finding;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION _clientele.workspace_plan(workspace text, orders _clientele.attached_relation, given jsonb, time_zone text, storage text, storage_finding @extschema@.attach_finding)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    before CONSTANT name[] := ARRAY(SELECT c.relname FROM pg_class c WHERE c.relnamespace = to_regnamespace(quote_ident(workspace)));
    findings @extschema@.attach_finding[];
BEGIN
    IF to_regnamespace(quote_ident(workspace)) IS NULL THEN
        RETURN QUERY VALUES ('create', format('schema %I', workspace), NULL);
    END IF;
    -- Made and undone, so that a plan meets every error that the real thing would.
    BEGIN
        PERFORM _clientele.workspace_define(workspace, orders, time_zone, storage);
        findings := ARRAY(SELECT f FROM _clientele.workspace_describe_columns(workspace, orders, given, true) f)
            || storage_finding
            || ARRAY(SELECT f FROM _clientele.workspace_planned_relations(workspace, storage, before) f);
        RAISE EXCEPTION 'planned' USING ERRCODE = 'CLPLN';
    EXCEPTION WHEN SQLSTATE 'CLPLN' THEN
        RETURN QUERY SELECT f.* FROM unnest(findings) f;
    END;
    RETURN QUERY VALUES ('plan', 'nothing was changed', 'To do it leave out plan => true');
END
$$;

CREATE FUNCTION _clientele.workspace_planned_relations(workspace text, storage text, before name[]) RETURNS SETOF @extschema@.attach_finding
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN NOT c.relname = ANY (before) THEN 'create' ELSE CASE c.relkind WHEN 'v' THEN 'replace' ELSE 'keep' END END,
        format('%s %I.%I', CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END, workspace, c.relname), obj_description(c.oid, 'pg_class')
    FROM unnest(_clientele.workspace_relations()) r(relation)
    JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', workspace, r.relation))
    UNION ALL
    SELECT CASE WHEN k.relation = ANY (before) THEN 'replace' ELSE 'create' END, format('%s %I.%I', rtrim(k.folder, 's'), workspace, k.relation),
        substring(array_to_string(s.statements, E'\n') FROM 'COMMENT ON (?:TABLE|VIEW) [^ ]+ IS ''([^'']+)''')
    FROM _clientele.workspace_kept_relations() k
    JOIN _clientele.workspace_statements() s ON s.place = k.place
    WHERE storage = 'incremental'
    UNION ALL
    SELECT CASE WHEN _clientele.workspace_data_name(f.relation) = ANY (before) THEN 'replace' ELSE 'create' END,
        format('table %I.%I', workspace, _clientele.workspace_data_name(f.relation)), format('What the view %I shows', f.relation)
    FROM _clientele.workspace_files() f
    WHERE storage = 'materialized' AND f.variant IS NULL AND f.stored_by IS NOT NULL AND _clientele.workspace_has(workspace, f.relation)
    ORDER BY 1, 2
$$;

CREATE FUNCTION _clientele.workspace_describe_storage(workspace text, storage text, asked text, known text) RETURNS @extschema@.attach_finding
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ROW('storage', CASE storage
            WHEN 'view' THEN 'view: every figure is read from the orders'
            WHEN 'incremental' THEN 'incremental: triggers on the orders keep figures as they should be'
            ELSE 'materialized: figures are stored, and change with refresh_workspace()' END
            || CASE WHEN asked IS NULL AND known IS NULL THEN CASE storage
                WHEN 'view' THEN ', as there are no more than a million rows' ELSE ', as there are more than a million rows' END
                ELSE '' END,
        CASE storage
            WHEN 'view' THEN 'To store figures: attach again with storage => ''materialized'''
            WHEN 'incremental' THEN format('To make reading cheaper: SELECT fold_workspace(%1$L); to compare with the orders: SELECT * FROM verify_workspace(%1$L); to have none: attach again with storage => ''view''', workspace)
            ELSE format('To bring them up to date: SELECT refresh_workspace(%L); to have none: attach again with storage => ''view''', workspace) END)::@extschema@.attach_finding
$$;

CREATE FUNCTION _clientele.workspace_attach_orders(
    workspace text,
    relation regclass,
    columns jsonb,
    time_zone text,
    storage text,
    plan boolean,
    diagnose boolean)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off -- what is being compiled cannot be cancelled
SET quote_all_identifiers = off -- relations are told apart by their names as text
AS $$
DECLARE
    given jsonb := jsonb_strip_nulls(columns);
    orders _clientele.attached_relation;
    known_storage text;
    chosen_storage text;
    storage_finding @extschema@.attach_finding;
    replaced @extschema@.attach_finding;
    what_detail text;
    what_hint text;
    what_rule text;
BEGIN
    IF relation IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'orders and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of orders: attach_orders(''sales.orders'').';
    END IF;
    PERFORM _clientele.workspace_check_owner(workspace);
    PERFORM _clientele.workspace_lock(workspace);
    PERFORM _clientele.workspace_check_relation(relation, workspace);
    PERFORM _clientele.workspace_check_owner(workspace);
    -- Who drops triggers needs the orders alone, and must not hold them as others do.
    IF _clientele.workspace_keeping_function(workspace) IS NULL OR coalesce(storage, 'incremental') = 'incremental' THEN
        PERFORM _clientele.workspace_lock_relation(relation);
    END IF;
    given := _clientele.workspace_attached_columns(workspace, relation, 'orders') || given;
    orders := ROW('orders', relation, given || (
        SELECT jsonb_object_agg(f.role, (f.col).name) FROM _clientele.workspace_found_columns(relation, 'orders', given) f));
    PERFORM _clientele.workspace_check_privileges(relation, _clientele.workspace_attached_names(orders));
    PERFORM _clientele.workspace_check_clock(_clientele.workspace_role_column(orders, 'ordered_at'), columns->>'stored_in', orders.columns->>'stored_in', time_zone);
    IF storage NOT IN ('view', 'materialized', 'incremental') THEN
        RAISE EXCEPTION 'invalid value for parameter "storage": "%"', storage
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'Use view, where every figure is read from the orders, materialized, where figures are stored until refresh_workspace() runs, or incremental, where triggers keep them.';
    END IF;
    known_storage := _clientele.workspace_known_storage(workspace);
    chosen_storage := coalesce(storage, known_storage,
        CASE WHEN _clientele.workspace_many_rows(relation) THEN 'materialized' ELSE 'view' END);
    IF chosen_storage = 'incremental' THEN
        PERFORM _clientele.workspace_check_keepable(relation, _clientele.workspace_attached_names(orders));
    END IF;
    storage_finding := _clientele.workspace_describe_storage(workspace, chosen_storage, storage, known_storage);

    IF plan THEN
        RETURN QUERY SELECT f.* FROM _clientele.workspace_plan(workspace, orders, given, time_zone, chosen_storage, storage_finding) f;
        RETURN;
    END IF;
    PERFORM _clientele.workspace_place_triggers(workspace, relation, chosen_storage);
    replaced := _clientele.workspace_define(workspace, orders, time_zone, chosen_storage);
    IF chosen_storage = 'materialized' THEN
        PERFORM _clientele.workspace_store(workspace, _clientele.workspace_parts(workspace));
    ELSIF chosen_storage = 'incremental' THEN
        PERFORM _clientele.workspace_keep(workspace, orders, _clientele.workspace_parts(workspace));
    END IF;
    RETURN QUERY SELECT f.* FROM _clientele.workspace_describe_columns(workspace, orders, given, NOT diagnose) f;
    RETURN NEXT storage_finding;
    IF replaced.topic IS NOT NULL THEN
        RETURN NEXT replaced;
    END IF;
    IF diagnose THEN
        RETURN QUERY SELECT f.* FROM _clientele.workspace_findings(workspace, 'orders') f;
        RETURN QUERY SELECT f.* FROM _clientele.workspace_unattached(workspace) f;
    END IF;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS what_detail = PG_EXCEPTION_DETAIL, what_hint = PG_EXCEPTION_HINT, what_rule = CONSTRAINT_NAME;
    IF SQLSTATE = 'XX000' THEN
        RAISE;
    END IF;
    PERFORM _clientele.workspace_refuse(SQLSTATE, SQLERRM, what_detail,
        CASE SQLSTATE WHEN '40P01' -- deadlock_detected
            THEN 'Another transaction had the orders, or the workspace, and waited for what this one had. Nothing was changed: try again, in a transaction of its own.'
            ELSE what_hint END, what_rule);
END
$$;

CREATE FUNCTION attach_orders(
    orders regclass,
    customer text DEFAULT NULL,
    ordered_at text DEFAULT NULL,
    amount text DEFAULT NULL,
    workspace text DEFAULT 'loyalty',
    time_zone text DEFAULT NULL,
    diagnose boolean DEFAULT true,
    order_id text DEFAULT NULL,
    source text DEFAULT NULL,
    category text DEFAULT NULL,
    profit text DEFAULT NULL,
    storage text DEFAULT NULL,
    plan boolean DEFAULT false,
    refunded text DEFAULT NULL,
    stored_in text DEFAULT NULL)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
    SELECT f.*
    FROM _clientele.workspace_attach_orders(workspace, orders, jsonb_build_object('customer', customer, 'ordered_at', ordered_at, 'amount', amount,
        'order_id', order_id, 'source', source, 'category', category, 'profit', profit, 'refunded', refunded, 'stored_in', stored_in), time_zone, storage, plan, diagnose) f
$$;
COMMENT ON FUNCTION attach_orders(regclass, text, text, text, text, text, boolean, text, text, text, text, text, boolean, text, text) IS
'Makes a workspace: a schema of views over an orders table that is already there, owned by whoever calls this. Can be run again: settings, policies, segments and dependent views are kept.
Arguments: orders: a table, partitioned or foreign table, view or materialized view with one row per order (what needs an expression, such as order lines or a filter on status, goes into a view first); customer, ordered_at, amount: names of its columns as stored, where left out those of the last time, else found by their usual names; workspace: name of the schema; time_zone: whose days are meant, a full IANA name or UTC, by default the one set, at first that of the session if it has such a name, else UTC; diagnose: whether to read the rows and report on them, during which the views of a workspace that is attached again are locked; order_id, source, category, profit: names of columns that an order may have besides, found by their usual names where left out, none where empty (''''); storage: view, where every figure is read from the orders, materialized, where figures are stored until refresh_workspace() runs, or incremental, where triggers on the orders keep them exact (a table, or a partitioned one; it takes TRIGGER on them, and writers wait while the figures are computed), by default what it was, at first materialized for more than a million rows; plan: whether to change nothing and only tell what would be found, chosen and made; refunded: name of a column with what was given back of each order, which is taken off on the day of the order, none where empty or left out the first time; stored_in: whose clock a timestamp without time zone shows, a full IANA name or UTC, none where empty: needed together with time_zone, and remembered.
A new workspace of fewer than 500 customers gets quarters and three RFM scores, others months and five; one whose customers come back after more than three months in the median gets spans that fit. Other settings: the table settings of the workspace.
Result: rows of topic, finding and advice: what was found and chosen, and what in the data deserves attention.
Errors: 22004 for NULL, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 42501 without SELECT on the columns or CREATE on the database, without TRIGGER for incremental storage, or for a workspace of somebody else, 25001 for incremental storage in a transaction that is REPEATABLE READ or SERIALIZABLE, 42P06 for a schema that is no workspace, 42602 for a name that BI tools hide, 22023 for another time zone or storage, for a clock without a time zone while one is given, or for stored_in where there is no such clock, 42P16 where a column would change its type, 42P01 where an attached table of customers is gone, 23514 where the settings go by profit and it would not be attached any more, 2BP01 where something else reads what is stored, 40P01 where another transaction waits for this one in turn.';

CREATE FUNCTION upgrade_workspace(workspace text DEFAULT 'loyalty') RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    orders _clientele.attached_relation;
    was text;
    named jsonb;
    stood_elsewhere boolean;
BEGIN
    PERFORM _clientele.workspace_enter(workspace);
    orders := _clientele.workspace_attached_orders(workspace);
    EXECUTE format('SELECT s.workspace_version FROM %I.settings s', workspace) INTO was;
    named := _clientele.workspace_attached_columns(workspace, orders.relation, 'orders');
    SELECT count(*) > 0 AND NOT bool_or(d.refobjid = orders.relation) INTO stood_elsewhere
    FROM pg_rewrite r
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
    WHERE r.ev_class = to_regclass(format('%I.order_rows', workspace));
    PERFORM f.* FROM _clientele.workspace_attach_orders(workspace, orders.relation,
        '{"order_id": "", "source": "", "category": "", "profit": ""}'::jsonb || orders.columns, NULL, NULL, false, false) f;
    EXECUTE format('UPDATE %I.attached SET columns = $1 WHERE relation_role = ''orders''', workspace) USING named;
    IF stood_elsewhere THEN
        RETURN QUERY SELECT 'replaced', format('until now the views stood on another relation than the one that is %s now', orders.relation),
            'To go back attach that one, by the name it has now';
    END IF;
    RETURN QUERY SELECT 'upgraded', format('workspace %I, made by version %s, is now as version %s makes it', workspace, was, e.extversion),
        'Tables, settings and what others built on the views are as they were'
    FROM pg_extension e WHERE e.extname = 'clientele';
END
$$;
COMMENT ON FUNCTION upgrade_workspace(text) IS
'Makes the views of a workspace anew, as this version of the extension would: after ALTER EXTENSION UPDATE, after detach_orders(), or after DROP EXTENSION CASCADE took them. Tables, settings and dependent views are kept; stored figures are computed anew. Columns that the orders have got since are not taken in: attach_orders() does that.
Arguments: workspace: name of the schema.
Result: a row of topic, finding and advice, and one before it where another relation has the name of the orders now.
Errors: 3F000 if it is not a workspace, 42501 if it belongs to somebody else, 42P01 if the orders are gone, 42703 if one of their columns is, 42P16 where a column would change its type.';

-- If it is set by a full IANA name, else UTC.
CREATE FUNCTION _clientele.workspace_session_time_zone() RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.period_start(timestamptz '2000-01-01 00:00:00+00', 'day'::text, current_setting('TimeZone'));
    RETURN current_setting('TimeZone');
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN 'UTC';
END
$$;
-- workspace: what attaching refuses, as it is told

CREATE FUNCTION _clientele.workspace_refuse(state text, message text, detail text, hint text, rule text) RETURNS void
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;
-- workspace: attaching a relation in a role, and detaching it

CREATE FUNCTION _clientele.workspace_check_relation(relation regclass, workspace text) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attachable record;
BEGIN
    SELECT c.relkind, c.relpersistence, n.nspname INTO attachable
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation;

    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no relation with OID %', relation::oid
            USING ERRCODE = 'undefined_table', HINT = 'Name the table of orders: attach_orders(''sales.orders'').';
    ELSIF attachable.relkind NOT IN ('r', 'p', 'v', 'm', 'f') THEN
        RAISE EXCEPTION '% cannot be attached', relation
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach a table, a partitioned or foreign table, or a view.';
    ELSIF attachable.relpersistence = 't' THEN
        RAISE EXCEPTION '% cannot be attached: it is temporary', relation
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach a table that other sessions can see too.';
    ELSIF attachable.nspname = workspace AND _clientele.workspace_owner(workspace) IS NOT NULL THEN
        RAISE EXCEPTION '% cannot be attached: it is part of the workspace', relation
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach the orders themselves, or choose another workspace.';
    END IF;
END
$$;

CREATE FUNCTION _clientele.workspace_check_privileges(relation regclass, columns name[]) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    col name;
BEGIN
    FOREACH col IN ARRAY columns LOOP
        IF NOT has_column_privilege(relation, col, 'SELECT') THEN
            RAISE EXCEPTION 'permission denied to read column "%" of %', col, relation
                USING ERRCODE = 'insufficient_privilege',
                    HINT = format('Its owner can run: GRANT SELECT ON %s TO %I;', relation, current_user);
        END IF;
    END LOOP;
END
$$;

-- The columns that the same relation had by role when it was attached last.
CREATE FUNCTION _clientele.workspace_attached_columns(workspace text, relation regclass, relation_role text) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known jsonb;
BEGIN
    IF _clientele.workspace_owner(workspace) IS NOT NULL THEN
        EXECUTE format('SELECT a.columns FROM %I.attached a WHERE a.relation_role = $1 AND to_regclass(a.relation) = $2', workspace)
        INTO known USING relation_role, relation;
    END IF;
    RETURN coalesce(known, '{}');
END
$$;

CREATE FUNCTION _clientele.workspace_attached(workspace text, relation_role text) RETURNS _clientele.attached_relation
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached record;
BEGIN
    EXECUTE format('SELECT a.relation AS name, to_regclass(a.relation) AS relation, a.columns FROM %I.attached a WHERE a.relation_role = $1',
        workspace) INTO attached USING relation_role;
    IF attached.name IS NULL THEN
        RETURN NULL;
    ELSIF attached.relation IS NULL THEN
        RAISE EXCEPTION 'the attached table of %, %, does not exist any more', relation_role, attached.name
            USING ERRCODE = 'undefined_table', HINT = format('Run attach_%1$s() with its new name, or detach_%1$s(), first.', relation_role);
    END IF;
    RETURN ROW(relation_role, attached.relation, attached.columns)::_clientele.attached_relation;
END
$$;

-- With a word for those who renamed them, and without columns that were added since.
CREATE FUNCTION _clientele.workspace_attached_orders(workspace text) RETURNS _clientele.attached_relation
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached record;
    missing text;
BEGIN
    EXECUTE format('SELECT a.relation AS name, to_regclass(a.relation) AS relation, a.columns FROM %I.attached a WHERE a.relation_role = ''orders''', workspace) INTO attached;
    IF attached.relation IS NULL THEN
        RAISE EXCEPTION 'the attached orders, %, do not exist any more', coalesce(attached.name, 'none')
            USING ERRCODE = 'undefined_table', HINT = format('Attach them by their new name: SELECT attach_orders(''...'', workspace => %L);', workspace);
    END IF;
    SELECT format('%I, the %s', c.value, c.key) INTO missing
    FROM jsonb_each_text(attached.columns) c
    JOIN _clientele.workspace_attached_roles() r ON r.relation_role = 'orders' AND r.role = c.key
    WHERE c.value <> '' AND NOT EXISTS (
        SELECT FROM pg_attribute a WHERE a.attrelid = attached.relation AND a.attname = c.value AND a.attnum > 0 AND NOT a.attisdropped)
    ORDER BY r."position"
    LIMIT 1;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'the attached orders, %, do not have the column % any more', attached.name, missing
            USING ERRCODE = 'undefined_column',
                HINT = format('Attach them with its new name: SELECT attach_orders(%L, workspace => %L, %s => ''...'');', attached.name, workspace, substring(missing FROM ', the (.*)$'));
    END IF;
    RETURN ROW('orders'::text, attached.relation, attached.columns)::_clientele.attached_relation;
END
$$;

-- As the orders' customer is shown, type, case and collation: the parts of a union have to agree. A key out of the range of their type
-- is nobody there; NULL where it can be no customer at all.
CREATE FUNCTION _clientele.workspace_key_sql(orders_customer _clientele.attached_column, collation_name text, key _clientele.attached_column) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    WITH shown AS (
        SELECT coalesce((SELECT x FROM unnest('{smallint,integer,bigint,numeric,uuid}'::regtype[]) x WHERE x = (orders_customer).type), 'text'::regtype) AS ours,
            coalesce((SELECT x FROM unnest('{smallint,integer,bigint,numeric,uuid}'::regtype[]) x WHERE x = (key).type), 'text'::regtype) AS theirs,
            (SELECT t.typname = 'citext' FROM pg_type t WHERE t.oid = (orders_customer).type) AS any_case
    ), whole AS (SELECT '{smallint,integer,bigint}'::regtype[] AS types)
    SELECT CASE
        WHEN ours = 'text'::regtype AND theirs = 'text'::regtype
            THEN format(CASE WHEN any_case THEN 'lower(%s)' ELSE '%s' END, _clientele.workspace_text_sql(key)) || coalesce(' COLLATE ' || collation_name, '')
        WHEN ours = theirs THEN format('o.%I::%s', (key).name, ours)
        WHEN ours = 'numeric'::regtype AND theirs = ANY (types) THEN format('o.%I::numeric', (key).name)
        WHEN ours = ANY (types) AND theirs = ANY (types || 'numeric'::regtype)
            THEN format('CASE WHEN o.%1$I BETWEEN %2$s AND %3$s AND o.%1$I = trunc(o.%1$I) THEN o.%1$I::%4$s END', (key).name,
                CASE ours WHEN 'smallint'::regtype THEN '-32768' WHEN 'integer'::regtype THEN '-2147483648' ELSE '-9223372036854775808' END,
                CASE ours WHEN 'smallint'::regtype THEN '32767' WHEN 'integer'::regtype THEN '2147483647' ELSE '9223372036854775807' END, ours)
        END
    FROM shown, whole
$$;

CREATE FUNCTION _clientele.workspace_customer_key_sql(workspace text, attached _clientele.attached_relation, role text, is_strict boolean DEFAULT true) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    key CONSTANT _clientele.attached_column := _clientele.workspace_role_column(attached, role);
    ours record;
    expression text;
BEGIN
    SELECT a.atttypid::regtype AS type, quote_ident(n.nspname) || '.' || quote_ident(c.collname) AS collation_name INTO ours
    FROM pg_attribute a
    LEFT JOIN pg_collation c ON c.oid = a.attcollation
    LEFT JOIN pg_namespace n ON n.oid = c.collnamespace
    WHERE a.attrelid = to_regclass(format('%I.order_rows', workspace)) AND a.attname = 'customer';
    expression := _clientele.workspace_key_sql(_clientele.workspace_role_column(_clientele.workspace_attached(workspace, 'orders'), 'customer'),
        CASE WHEN ours.type = 'text'::regtype THEN ours.collation_name END, key);
    IF expression IS NULL AND is_strict THEN
        RAISE EXCEPTION 'column "%" of % cannot be the customer of the orders: its type is %, theirs is %', key.name, attached.relation, key.type, ours.type
            USING ERRCODE = 'datatype_mismatch',
                HINT = format('Attach a view of %s with %I::%s, or detach it first.', attached.relation, key.name, ours.type);
    END IF;
    RETURN coalesce(expression, format('NULL::%s', ours.type));
END
$$;

CREATE FUNCTION _clientele.workspace_found_columns(relation regclass, relation_role text, given jsonb) RETURNS TABLE (role text, col _clientele.attached_column)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT f.role, f.col
    FROM (
        SELECT r.role, r."position", _clientele.workspace_column(relation, r.role, given->>r.role, r.needed) AS col
        FROM _clientele.workspace_attached_roles() r
        WHERE r.relation_role = $2
        OFFSET 0) f
    WHERE (f.col).name IS NOT NULL
    ORDER BY f."position"
$$;

CREATE FUNCTION _clientele.workspace_attached_names(attached _clientele.attached_relation) RETURNS name[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT array_agg(c.value::name ORDER BY r."position")
    FROM jsonb_each_text((attached).columns) c
    JOIN _clientele.workspace_attached_roles() r ON r.relation_role = (attached).role AND r.role = c.key
    WHERE c.value <> ''
$$;

CREATE FUNCTION _clientele.workspace_write_attached(workspace text, attached _clientele.attached_relation) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format($dml$
        INSERT INTO %I.attached VALUES ($1, $2, $3)
        ON CONFLICT (relation_role) DO UPDATE SET relation = excluded.relation, columns = excluded.columns
        $dml$, workspace) USING attached.role, attached.relation::text, attached.columns;
END
$$;

-- Finds the columns of a relation by role, writes them down, and makes the views that read it. Columns left out of given are found,
-- none where empty; given also has what else was said, such as the scale.
CREATE FUNCTION _clientele.workspace_attach(workspace text, relation_role text, relation regclass, given jsonb) RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET quote_all_identifiers = off
AS $$
DECLARE
    chosen jsonb;
    found record;
    attached _clientele.attached_relation;
BEGIN
    PERFORM _clientele.workspace_enter(workspace);
    PERFORM _clientele.workspace_check_relation(relation, workspace);
    PERFORM _clientele.workspace_lock_relation(relation);
    chosen := _clientele.workspace_attached_columns(workspace, relation, relation_role) || jsonb_strip_nulls(given);
    FOR found IN SELECT f.role, (f.col).* FROM _clientele.workspace_found_columns(relation, relation_role, chosen) f LOOP
        PERFORM _clientele.workspace_check_privileges(relation, ARRAY[found.name]);
        chosen := chosen || jsonb_build_object(found.role, found.name);
        RETURN QUERY VALUES (found.role, format('column %I (%s), %s%s', found.name, found.type, found.found,
            CASE WHEN found.type = 'timestamp'::regtype THEN '; its clock is that of ' || nullif(chosen->>'stored_in', '') END), NULL);
    END LOOP;
    attached := ROW(relation_role, relation, chosen);
    PERFORM _clientele.workspace_check_clocks(workspace, attached);
    IF relation_role = 'answers' THEN
        PERFORM _clientele.workspace_check_scores(attached);
    END IF;
    PERFORM _clientele.workspace_write_attached(workspace, attached);
    PERFORM _clientele.workspace_refresh_attached(workspace, relation_role);
END
$$;

-- Between detach_orders() and upgrade_workspace() there are no views.
CREATE FUNCTION _clientele.workspace_refresh_attached(workspace text, relation_role text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    parts CONSTANT text[] := _clientele.workspace_parts(workspace);
    was_emptied boolean;
BEGIN
    IF NOT _clientele.workspace_has(workspace, 'order_rows') THEN
        RETURN;
    END IF;
    PERFORM _clientele.workspace_lock_views(workspace);
    PERFORM _clientele.workspace_make_all(workspace, '{tables}', parts);
    was_emptied := _clientele.workspace_make_rows(workspace, relation_role, _clientele.workspace_attached(workspace, relation_role));
    PERFORM _clientele.workspace_make_all(workspace, '{functions,views}', parts, CASE WHEN NOT was_emptied THEN relation_role END);
    IF was_emptied AND _clientele.workspace_known_storage(workspace) = 'incremental' THEN
        PERFORM _clientele.workspace_make_all(workspace, '{functions,views}', parts || '{incremental}'::text[], 'incremental');
    END IF;
    PERFORM _clientele.workspace_describe(workspace, parts);
    PERFORM _clientele.workspace_count_tables(workspace);
    IF 'materialized' = ANY (parts) THEN
        PERFORM _clientele.workspace_drop_stored(workspace);
        PERFORM _clientele.workspace_store(workspace, parts);
        PERFORM _clientele.workspace_refresh_readers(workspace, relation_role);
    END IF;
    PERFORM _clientele.workspace_hide_internal(workspace);
    PERFORM _clientele.workspace_remake_metabase_metadata(workspace);
END
$$;

-- What belongs to a relation goes, the dependent ones first, and what is another one with it is made as it is without.
CREATE FUNCTION _clientele.workspace_detach(workspace text, relation_role text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    view name;
BEGIN
    PERFORM _clientele.workspace_enter(workspace);
    EXECUTE format('DELETE FROM %I.attached a WHERE a.relation_role = $1', workspace) USING relation_role;
    IF NOT _clientele.workspace_has(workspace, 'order_rows') THEN
        RETURN;
    END IF;
    PERFORM _clientele.workspace_lock_views(workspace);
    PERFORM _clientele.workspace_make_all(workspace, '{views}', _clientele.workspace_parts(workspace), relation_role);
    FOR view IN SELECT f.relation FROM _clientele.workspace_files() f WHERE f.folder = 'views' AND f.belongs_to = relation_role ORDER BY f.place DESC LOOP
        EXECUTE format('DROP VIEW IF EXISTS %I.%I', workspace, view);
        IF _clientele.workspace_is_stored(workspace, view) THEN
            EXECUTE format('DROP TABLE %I.%I', workspace, _clientele.workspace_data_name(view));
        END IF;
    END LOOP;
    PERFORM _clientele.workspace_refresh_attached(workspace, relation_role);
END
$$;

-- Whether an error is one of our own, in words, to be told without the functions that it came through. Others, such as of a view that
-- was attached, keep theirs.
CREATE FUNCTION _clientele.workspace_is_refusal(refusal _clientele.refusal) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN (refusal).hint <> '' AND split_part((refusal).raised_by, chr(10), 1) LIKE 'PL/pgSQL function _clientele.% at RAISE';
-- workspace: the rows of what is attached, in columns of fixed names: one view for each role, on which all others stand. Expressions
-- are of a row o. format() quotes every name and value; regclass and regtype quote themselves, and qualify, since the search_path
-- holds nothing but pg_catalog. What functions would refuse is never handed to them: a view never raises on data.

CREATE FUNCTION _clientele.workspace_adapter(role text) RETURNS name
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN (rtrim(role, 's') || '_rows')::name;

CREATE FUNCTION _clientele.workspace_role_column(attached _clientele.attached_relation, role text) RETURNS _clientele.attached_column
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN nullif((attached).columns->>role, '') IS NOT NULL
        THEN _clientele.workspace_given_column((attached).relation, role, (attached).columns->>role, true) END
$$;

CREATE FUNCTION _clientele.workspace_cast_sql(col _clientele.attached_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN format('o.%I::%s', (col).name, (col).type);

-- An instant gets a day's margin: in some zone it is another year already. Of a day the instant is its beginning. What systems write where
-- there is no date is none.
CREATE FUNCTION _clientele.workspace_time_expression_sql(expression text, type regtype, zone text) RETURNS _clientele.time_sql
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ROW(t.usable,
        format('CASE WHEN %s THEN %s END', t.usable, CASE WHEN t.has_zone THEN format('_clientele.local_day(%s, %s)', expression, zone) ELSE format('%s::date', expression) END),
        format('CASE WHEN %s THEN _clientele.workspace_instant(%s) END', t.usable,
            CASE WHEN t.has_zone THEN expression ELSE format('%s::timestamp AT TIME ZONE %s', expression, zone) END),
        expression, format('_clientele.is_empty_time(%s)', expression))::_clientele.time_sql
    FROM (
        SELECT z.has_zone, format(CASE WHEN z.has_zone
                THEN '(%1$s >= timestamptz ''0001-01-02 00:00:00+00'' AND %1$s < timestamptz ''9999-12-31 00:00:00+00'' AND NOT _clientele.is_empty_time(%1$s))'
                ELSE '(%1$s >= %2$s ''0001-01-01'' AND %1$s < %2$s ''10000-01-01'' AND NOT _clientele.is_empty_time(%1$s))' END, expression, type) AS usable
        FROM (SELECT type = 'timestamptz'::regtype AS has_zone) z) t
$$;

-- What a clock without a zone shows, as an instant, where it is known whose clock it is. What is out of range stays so.
CREATE FUNCTION _clientele.workspace_order_clock_sql(col _clientele.attached_column, stored_in text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN (col).type = 'timestamp'::regtype AND stored_in <> ''
        THEN format('CASE WHEN o.%1$I < timestamp ''0001-01-01'' THEN timestamptz ''-infinity'' WHEN o.%1$I >= timestamp ''10000-01-01'' THEN timestamptz ''infinity'' ELSE o.%1$I AT TIME ZONE %2$L::text END',
            (col).name, stored_in)
        ELSE format('o.%I', (col).name) END
$$;

-- A clock that shows the time of another zone becomes an instant. What is out of range goes out of range, as a view never raises.
CREATE FUNCTION _clientele.workspace_clock_sql(col _clientele.attached_column, stored_in text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN stored_in <> '' AND (col).type = 'timestamp'::regtype
        THEN format('CASE WHEN o.%1$I >= timestamp ''0001-01-01'' AND o.%1$I < timestamp ''10000-01-01'' THEN o.%1$I AT TIME ZONE %2$L WHEN o.%1$I IS NOT NULL THEN timestamptz ''infinity'' END',
            (col).name, stored_in)
        ELSE _clientele.workspace_cast_sql(col) END
$$;

-- The first days of calendars, spreadsheets and Unix are what systems write where there is none. As instants they begin in UTC or in
-- the zone.
CREATE FUNCTION _clientele.workspace_empty_time_sql(col _clientele.attached_column, zone text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN (col).type = 'timestamptz'::regtype
        THEN format('(o.%1$I < timestamptz ''1970-01-02 00:00:00+00'' AND o.%1$I = ANY (ARRAY[%2$s, %3$s]))', (col).name,
            (SELECT string_agg(format('timestamptz ''%s 00:00:00+00''', d), ', ') FROM unnest(e.days) d),
            (SELECT string_agg(format('timestamp ''%s'' AT TIME ZONE %s', d, zone), ', ') FROM unnest(e.days) d))
        ELSE format('o.%I = ANY (%L::%s[])', (col).name, e.days, (col).type) END
    FROM (SELECT '{0001-01-01,1899-12-30,1970-01-01}'::text[] AS days) e
$$;

-- An instant gets a day's margin: in some zone it is another year already. Of a day the instant is its beginning.
CREATE FUNCTION _clientele.workspace_time_sql(col _clientele.attached_column, zone text, stored_in text DEFAULT NULL) RETURNS _clientele.time_sql
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ROW(t.usable,
        format('CASE WHEN %s THEN %s END', t.usable, CASE WHEN t.has_zone THEN format('_clientele.local_day(%s, %s)', t.clock, zone) ELSE format('o.%I::date', (col).name) END),
        format('CASE WHEN %s THEN _clientele.workspace_instant(%s) END', t.usable,
            CASE WHEN t.has_zone THEN t.clock ELSE format('o.%I::timestamp AT TIME ZONE %s', (col).name, zone) END),
        t.shown, _clientele.workspace_empty_time_sql(col, zone))::_clientele.time_sql
    FROM (
        SELECT z.has_zone, z.shown, z.clock, CASE WHEN z.has_zone
                THEN format('(%1$s >= timestamptz ''0001-01-02 00:00:00+00'' AND %1$s < timestamptz ''9999-12-31 00:00:00+00'')', z.clock)
                ELSE format('(o.%1$I >= %2$s ''0001-01-01'' AND o.%1$I < %2$s ''10000-01-01'')', (col).name, (col).type) END AS usable
        FROM (
            SELECT c.shown, c.is_moved OR (col).type = 'timestamptz'::regtype AS has_zone, CASE WHEN c.is_moved THEN format('(%s)', c.shown) ELSE format('o.%I', (col).name) END AS clock
            FROM (
                SELECT _clientele.workspace_clock_sql(col, stored_in) AS shown, coalesce(stored_in <> '', false) AND (col).type = 'timestamp'::regtype AS is_moved
                OFFSET 0) c) z
        WHERE (col).name IS NOT NULL) t
$$;

-- The time of an attached row, unless it is empty, by the clock that attaching was told of.
CREATE FUNCTION _clientele.workspace_role_time_sql(workspace text, attached _clientele.attached_relation, role text) RETURNS _clientele.time_sql
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN (t.at).shown IS NOT NULL THEN ROW(format('(%s AND NOT %s)', (t.at).usable, (t.at).is_empty), format('CASE WHEN NOT %s THEN %s END', (t.at).is_empty, (t.at).day),
        format('CASE WHEN NOT %s THEN %s END', (t.at).is_empty, (t.at).instant), (t.at).shown, (t.at).is_empty)::_clientele.time_sql END
    FROM (
        SELECT _clientele.workspace_time_sql(_clientele.workspace_role_column(attached, role), (_clientele.workspace_applied_rules(workspace)).time_zone,
            (attached).columns->>'stored_in') AS at
        OFFSET 0) t
$$;

-- A date has no hours: between it and anything else there are whole days.
CREATE FUNCTION _clientele.workspace_hours_sql(began _clientele.time_sql, ended _clientele.time_sql, types regtype[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN (ended).shown IS NULL THEN 'NULL::double precision'
        WHEN 'date'::regtype = ANY (types) THEN format('24 * (%s - %s)::double precision', (ended).day, (began).day)
        WHEN types[1] = types[2]
            THEN format('CASE WHEN %s AND %s THEN (extract(epoch FROM %s - %s) / 3600)::double precision END', (began).usable, (ended).usable, (ended).shown, (began).shown)
        ELSE format('(extract(epoch FROM %s - %s) / 3600)::double precision', (ended).instant, (began).instant) END
$$;

-- Whoever owns an enum may give it a cast to text, which would run with the rights of who reads or keeps orders: what is no type of
-- the server's or of an extension is written out, which calls nobody's function. What is not attached is NULL, of the same type, as a
-- view's column keeps its own.
CREATE FUNCTION _clientele.workspace_text_sql(col _clientele.attached_column) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce((
        SELECT format(CASE t.typtype WHEN 'b' THEN 'o.%1$I::text' ELSE 'CASE WHEN o.%1$I IS NOT NULL THEN concat(o.%1$I) END' END, (col).name)
        FROM pg_type t WHERE t.oid = (col).type), 'NULL::text')
$$;

-- Without blanks around it, of one collation, and NULL where nothing is left.
CREATE FUNCTION _clientele.workspace_filled_text_sql(col _clientele.attached_column) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN format('nullif(btrim(%s), '''') COLLATE "default"', _clientele.workspace_text_sql(col));

-- Amounts are kept at four decimals, half away from zero: from the bounds here on they are not 0.
CREATE FUNCTION _clientele.workspace_amount_expression_sql(expression text, type regtype) RETURNS _clientele.amount_sql
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ROW(t.usable,
        format('CASE WHEN %s THEN @extschema@.kept_amount(%s::%s) END', t.usable, expression, CASE WHEN t.is_small THEN 'bigint'::regtype ELSE type END),
        CASE WHEN t.is_whole THEN format('%s >= 0', expression) ELSE format('%s > %s ''-0.00005''', expression, type) END,
        CASE WHEN t.is_whole THEN format('%s <> 0', expression) ELSE format('abs(%s) >= %s ''0.00005''', expression, type) END)::_clientele.amount_sql
    FROM (
        SELECT k.is_small, k.is_small OR type = 'bigint'::regtype AS is_whole,
            CASE WHEN k.is_small THEN format('(%s IS NOT NULL)', expression) ELSE format('@extschema@.valid_amount(%s::%s)', expression, type) END AS usable
        FROM (SELECT type IN ('smallint'::regtype, 'integer'::regtype) AS is_small) k) t
$$;

CREATE FUNCTION _clientele.workspace_amount_sql(col _clientele.attached_column) RETURNS _clientele.amount_sql
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN _clientele.workspace_amount_expression_sql(format('o.%I', (col).name), (col).type);

-- As numeric: of floating point the shortest decimal, whatever the session shows of it, and NaN where it cannot be used.
CREATE FUNCTION _clientele.workspace_numeric_sql(col _clientele.attached_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(CASE WHEN (col).type IN ('real'::regtype, 'double precision'::regtype)
        THEN 'CASE WHEN @extschema@.valid_amount(o.%1$I::%2$s) THEN @extschema@.kept_amount(o.%1$I::%2$s) WHEN o.%1$I IS NOT NULL THEN numeric ''NaN'' END'
        ELSE 'o.%1$I::numeric' END, (col).name, (col).type)
$$;

-- What an order brought: its amount, less what was given back of it where a column of that is attached.
CREATE FUNCTION _clientele.workspace_brought_sql(amount _clientele.attached_column, refunded _clientele.attached_column) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN (refunded).name IS NULL THEN format('o.%I', (amount).name)
        ELSE format('_clientele.workspace_less_refunded(%s, %s)', _clientele.workspace_numeric_sql(amount), _clientele.workspace_numeric_sql(refunded)) END
$$;

-- Types that no BI tool filters are shown as text; citext by what it holds equal.
CREATE FUNCTION _clientele.workspace_customer_sql(customer _clientele.attached_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN (customer).type = ANY ('{smallint,integer,bigint,numeric,uuid,text}'::regtype[]) THEN _clientele.workspace_cast_sql(customer)
        WHEN (SELECT t.typname FROM pg_type t WHERE t.oid = (customer).type) = 'citext' THEN format('lower(%s)', _clientele.workspace_text_sql(customer))
        ELSE _clientele.workspace_text_sql(customer) END
$$;

-- What the settings say where a query runs.
CREATE FUNCTION _clientele.workspace_applied_rules(workspace text) RETURNS _clientele.order_rules
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ROW(format('(SELECT s.time_zone FROM %I.applied_settings s)', workspace),
        format('(SELECT s.zero_amounts = ''orders'' FROM %I.applied_settings s)', workspace),
        format('(SELECT s.refunded_orders = ''orders'' FROM %I.applied_settings s)', workspace))::_clientele.order_rules
$$;

-- What its clock and its refunds make of an order's time and amount.
CREATE FUNCTION _clientele.workspace_order_parts(orders _clientele.attached_relation, rules _clientele.order_rules) RETURNS _clientele.order_parts
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ROW(t.ordered_at, t.time_type, _clientele.workspace_time_expression_sql(t.ordered_at, t.time_type, (rules).time_zone),
        t.brought, t.amount_type, _clientele.workspace_amount_expression_sql(t.brought, t.amount_type),
        CASE WHEN t.has_refunds THEN format('CASE WHEN o.%I > 0 THEN %s ELSE %s END', (t.amount).name, (rules).counts_refunded, (rules).counts_zero)
            ELSE (rules).counts_zero END)::_clientele.order_parts
    FROM (
        SELECT c.amount, (c.refunded).name IS NOT NULL AS has_refunds, _clientele.workspace_order_clock_sql(c.ordered_at, c.stored_in) AS ordered_at,
            CASE WHEN (c.ordered_at).type = 'timestamp'::regtype AND c.stored_in <> '' THEN 'timestamptz'::regtype ELSE (c.ordered_at).type END AS time_type,
            _clientele.workspace_brought_sql(c.amount, c.refunded) AS brought,
            CASE WHEN (c.refunded).name IS NULL THEN (c.amount).type ELSE 'numeric'::regtype END AS amount_type
        FROM (
            SELECT _clientele.workspace_role_column(orders, 'ordered_at') AS ordered_at, _clientele.workspace_role_column(orders, 'amount') AS amount,
                _clientele.workspace_role_column(orders, 'refunded') AS refunded, (orders).columns->>'stored_in' AS stored_in
            OFFSET 0) c
        OFFSET 0) t
$$;

-- The list of columns, which the triggers of incremental storage select from their transition tables. What is usable is so by the
-- very conditions that left_out tells apart; as conditions of a query they are what indexes and statistics know of, and so is a day
-- that comes without a zone. The key, by which orders of one time are ordered, is not of a domain, which its owner could have checked
-- with the rights of others, nor of a length.
CREATE FUNCTION _clientele.workspace_order_list_sql(orders _clientele.attached_relation, rules _clientele.order_rules) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($list$%1$s AS customer, (%2$s)::%21$s AS ordered_at, %3$s AS instant, %4$s AS day,
            (%5$s)::%22$s AS amount, %6$s AS kept_amount, (%7$s) IS TRUE AS is_order, %8$s AS order_key, %9$s AS order_id,
            %10$s AS source, %11$s AS category, %12$s AS profit, %13$L::boolean AS has_source, %14$L::boolean AS has_category,
            %15$s AND %16$s AND (%17$s OR %18$s) AS usable,
            CASE WHEN %2$s IS NULL OR _clientele.is_empty_time(%2$s) THEN 'no_time' WHEN NOT %15$s THEN 'invalid_time' WHEN o.%19$I IS NULL THEN 'no_amount'
                WHEN NOT %16$s THEN 'invalid_amount' WHEN NOT (%17$s OR %18$s) THEN 'zero_amount' WHEN o.%20$I IS NULL THEN 'no_customer' END AS left_out,
            %17$s AS counts_zero$list$,
        _clientele.workspace_customer_sql(c.customer), (p).ordered_at,
        CASE (p).time_type WHEN 'date'::regtype THEN 'NULL::timestamptz' ELSE ((p).at).instant END,
        CASE (p).time_type WHEN 'timestamptz'::regtype THEN ((p).at).day ELSE format('%s::date', (p).ordered_at) END,
        (p).amount, ((p).money).kept, ((p).money).is_order,
        CASE WHEN (c.order_id).name IS NULL THEN 'NULL::integer'
            ELSE format('o.%I::%s', (c.order_id).name, CASE (c.order_id).type WHEN 'character'::regtype THEN 'bpchar' ELSE (c.order_id).type::text END) END,
        _clientele.workspace_text_sql(c.order_id), _clientele.workspace_text_sql(c.source), _clientele.workspace_text_sql(c.category),
        CASE WHEN (c.profit).name IS NULL THEN 'NULL::numeric'
            ELSE format('CASE WHEN %s THEN %s END', (_clientele.workspace_amount_sql(c.profit)).usable, _clientele.workspace_cast_sql(c.profit)) END,
        (c.source).name IS NOT NULL, (c.category).name IS NOT NULL, ((p).at).usable, ((p).money).usable, (p).counts_zero, ((p).money).is_not_zero,
        (c.amount).name, (c.customer).name, (p).time_type, (p).amount_type)
    FROM (SELECT _clientele.workspace_order_parts(orders, rules) AS p OFFSET 0) t
    CROSS JOIN (
        SELECT _clientele.workspace_role_column(orders, 'customer') AS customer, _clientele.workspace_role_column(orders, 'amount') AS amount,
            _clientele.workspace_role_column(orders, 'order_id') AS order_id, _clientele.workspace_role_column(orders, 'source') AS source,
            _clientele.workspace_role_column(orders, 'category') AS category, _clientele.workspace_role_column(orders, 'profit') AS profit
        OFFSET 0) c
$$;

-- Some columns as one text.
CREATE FUNCTION _clientele.workspace_joined_columns_sql(columns jsonb, separator text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(format('nullif(concat_ws(%L, ', separator)
        || string_agg(format('nullif(o.%I::text, %L)', c.name, ''), ', ' ORDER BY c."position") || '), '''')', 'NULL::text')
    FROM jsonb_array_elements_text(columns) WITH ORDINALITY c(name, "position")
$$;

-- No customer, of the type and collation of the orders' ones.
CREATE FUNCTION _clientele.workspace_nobody_sql(workspace text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('NULL::%s', a.atttypid::regtype) || coalesce(' COLLATE ' || quote_ident(n.nspname) || '.' || quote_ident(c.collname), '')
    FROM pg_attribute a
    LEFT JOIN pg_collation c ON c.oid = a.attcollation
    LEFT JOIN pg_namespace n ON n.oid = c.collnamespace
    WHERE a.attrelid = to_regclass(format('%I.order_rows', workspace)) AND a.attname = 'customer'
$$;

CREATE FUNCTION _clientele.workspace_customer_rows_sql(workspace text, customers _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('SELECT %s AS customer, %s AS customer_name, %s AS contact, %s AS referrer, %L::boolean AS is_described FROM %s o',
        _clientele.workspace_customer_key_sql(workspace, customers, 'customer'),
        _clientele.workspace_joined_columns_sql((customers).columns->'name', ' '), _clientele.workspace_joined_columns_sql((customers).columns->'contact', ', '),
        CASE WHEN (customers).columns->>'referrer' <> '' THEN _clientele.workspace_customer_key_sql(workspace, customers, 'referrer')
            ELSE _clientele.workspace_nobody_sql(workspace) END,
        jsonb_array_length((customers).columns->'name') + jsonb_array_length((customers).columns->'contact') > 0, (customers).relation)
$$;

CREATE FUNCTION _clientele.workspace_dimension_rows_sql(workspace text, customers _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(
        format('SELECT %s AS customer, v.dimension, v.value FROM %s o CROSS JOIN LATERAL (VALUES ',
            _clientele.workspace_customer_key_sql(workspace, customers, 'customer'), (customers).relation)
            || string_agg(format('(%L, o.%I::text)', d.name, d.name), ', ' ORDER BY d."position") || ') v(dimension, value)',
        _clientele.workspace_no_rows_sql(workspace, 'dimensions'))
    FROM jsonb_array_elements_text((customers).columns->'dimensions') WITH ORDINALITY d(name, "position")
$$;

-- The group goes by the score as it is: near its bounds rounding would change it. A numeric of hundreds of decimals has no double
-- precision. NaN is above all numbers. On another scale than that of the question there are no groups.
CREATE FUNCTION _clientele.workspace_answer_rows_sql(workspace text, answers _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT %1$s AS customer, %2$s AS answered_at, %3$s AS instant, %4$s AS day, CASE WHEN %5$s THEN %6$s::double precision END AS score,
            %7$s AS nps_group,
            %8$s, %9$s AS replied_on, %10$s AS reply_hours, %11$s AS resolved_on, %12$s AS resolve_hours, %13$s AND %5$s AS usable,
            CASE WHEN %14$s IS NULL OR %15$s THEN 'no_time' WHEN NOT %13$s THEN 'invalid_time' WHEN o.%16$I IS NULL THEN 'no_score' WHEN NOT %5$s THEN 'invalid_score' END AS left_out, %15$s IS TRUE AS is_empty_time
        FROM %17$s o
        $query$, _clientele.workspace_customer_key_sql(workspace, answers, 'customer'), (c.at).shown, (c.at).instant, (c.at).day,
        c.is_on_scale, format(CASE (c.score).type WHEN 'numeric'::regtype THEN 'round(o.%I, 4)' ELSE 'o.%I' END, (c.score).name),
        _clientele.workspace_nps_group_sql((c.score).name, c.is_on_scale, c.scale), c.texts, coalesce((c.replied).day, 'NULL::date'),
        _clientele.workspace_hours_sql(c.at, c.replied, c.types[1:2]), coalesce((coalesce(c.resolved, c.replied)).day, 'NULL::date'),
        _clientele.workspace_hours_sql(c.at, c.resolved, ARRAY[c.types[1], c.types[3]]), (c.at).usable, (c.at).shown, (c.at).is_empty, (c.score).name, (answers).relation)
    FROM (
        SELECT r.*, format('(o.%1$I >= %2$s AND o.%1$I <= %3$s)', (r.score).name, r.scale[1], r.scale[2]) AS is_on_scale
        FROM (
            SELECT _clientele.workspace_role_column(answers, 'score') AS score, _clientele.workspace_scale((answers).columns->>'scale') AS scale,
                _clientele.workspace_role_time_sql(workspace, answers, 'answered_at') AS at, _clientele.workspace_role_time_sql(workspace, answers, 'replied_at') AS replied,
                _clientele.workspace_role_time_sql(workspace, answers, 'resolved_at') AS resolved,
                ARRAY(SELECT (_clientele.workspace_role_column(answers, t.role)).type FROM unnest('{answered_at,replied_at,resolved_at}'::text[]) WITH ORDINALITY t(role, n) ORDER BY t.n) AS types, (
                    SELECT string_agg(format(CASE r.role WHEN 'kind' THEN 'lower(nullif(btrim(%s), '''') COLLATE "C") COLLATE "default" AS %I' WHEN 'comment' THEN '%s COLLATE "default" AS %I'
                            ELSE 'nullif(btrim(%s), '''') COLLATE "default" AS %I' END, _clientele.workspace_text_sql(_clientele.workspace_role_column(answers, r.role)), r.role), ', ')
                    FROM unnest('{touchpoint,channel,employee,comment,kind,wish,owner}'::text[]) r(role)) AS texts
            OFFSET 0) r
        OFFSET 0) c
$$;

CREATE FUNCTION _clientele.workspace_nps_group_sql(score name, is_on_scale text, scale integer[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN scale = '{0,10}'
        THEN format('CASE WHEN %2$s THEN CASE WHEN o.%1$I >= 9 THEN ''promoter'' WHEN o.%1$I >= 7 THEN ''passive'' ELSE ''detractor'' END END', score, is_on_scale)
        ELSE 'NULL::text' END
$$;

-- START, END and PURCHASE are what the journey is told by.
CREATE FUNCTION _clientele.workspace_touchpoint_rows_sql(workspace text, touchpoints _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT %1$s AS customer, %2$s AS happened_at, %3$s AS instant, %4$s AS day, %5$s AS touchpoint, %6$s AS source, %7$s AS reason,
            %1$s IS NOT NULL AND %8$s AND %9$s AS usable,
            CASE WHEN (%8$s) IS NOT TRUE THEN 'no_time' WHEN (%9$s) IS NOT TRUE THEN 'no_touchpoint' WHEN %1$s IS NULL THEN 'no_customer' END AS left_out, %11$s IS TRUE AS is_empty_time
        FROM %10$s o
        $query$, _clientele.workspace_customer_key_sql(workspace, touchpoints, 'customer'), (c.at).shown, (c.at).instant, (c.at).day,
        c.touchpoint, _clientele.workspace_filled_text_sql(_clientele.workspace_role_column(touchpoints, 'source')),
        _clientele.workspace_filled_text_sql(_clientele.workspace_role_column(touchpoints, 'reason')),
        (c.at).usable, format('%s NOT IN ('''', ''START'', ''END'', ''PURCHASE'')', c.touchpoint), (touchpoints).relation, (c.at).is_empty)
    FROM (
        SELECT _clientele.workspace_role_time_sql(workspace, touchpoints, 'happened_at') AS at,
            _clientele.workspace_text_sql(_clientele.workspace_role_column(touchpoints, 'touchpoint')) AS touchpoint
        OFFSET 0) c
$$;

CREATE FUNCTION _clientele.workspace_cost_rows_sql(workspace text, costs _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT %1$s AS day, coalesce(nullif(%2$s, ''), 'unknown') AS source, %3$s AS cost, %4$s AND %5$s AND o.%6$I >= 0 AS usable,
            CASE WHEN (%4$s) IS NOT TRUE THEN 'no_day' WHEN (%5$s AND o.%6$I >= 0) IS NOT TRUE THEN 'no_cost' END AS left_out, %8$s IS TRUE AS is_empty_time
        FROM %7$s o
        $query$, (c.at).day, _clientele.workspace_text_sql(_clientele.workspace_role_column(costs, 'source')), (c.money).kept, (c.at).usable, (c.money).usable,
        (costs).columns->>'cost', (costs).relation, (c.at).is_empty)
    FROM (
        SELECT _clientele.workspace_role_time_sql(workspace, costs, 'spent_on') AS at,
            _clientele.workspace_amount_sql(_clientele.workspace_role_column(costs, 'cost')) AS money
        OFFSET 0) c
$$;

-- The answers of a row: those of an array, or what a separator parts where several may be ticked. Answers that the table questions
-- takes one of, and texts, stay whole; a cell of which nothing is left is a question that was skipped.
CREATE FUNCTION _clientele.workspace_answers_sql(workspace text, survey _clientele.attached_relation, question text) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN (a.col).type::text LIKE '%[]'
            THEN format('LEFT JOIN LATERAL (SELECT btrim(e.answer::text) AS answer FROM unnest(o.%I) e(answer) WHERE btrim(e.answer::text) <> '''') v ON true', (a.col).name)
        WHEN (survey).columns->>'separator' <> '' THEN format($join$LEFT JOIN LATERAL (
            SELECT btrim(e.answer) AS answer
            FROM unnest(CASE WHEN EXISTS (SELECT FROM %1$I.questions q WHERE q.question = %2$s AND q.kind <> 'multiple') THEN ARRAY[%3$s] ELSE string_to_array(%3$s, %4$L) END) e(answer)
            WHERE btrim(e.answer) <> '') v ON true$join$, workspace, question, _clientele.workspace_text_sql(a.col), (survey).columns->>'separator')
        ELSE format('CROSS JOIN LATERAL (SELECT nullif(btrim(%s), '''') AS answer) v',
            CASE WHEN (a.col).type = 'numeric'::regtype THEN format('trim_scale(o.%I)::text', (a.col).name) ELSE _clientele.workspace_text_sql(a.col) END) END
    FROM (SELECT _clientele.workspace_role_column(survey, 'answer') AS col OFFSET 0) a
$$;

-- Who answers a survey may be anybody: unlike other keys, one that cannot be a customer's is no error.
CREATE FUNCTION _clientele.workspace_survey_rows_sql(workspace text, survey _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT %1$s AS respondent_key, (%2$s)::text COLLATE "default" AS respondent, %3$s AS customer, %4$s AS question, _clientele.workspace_said(v.answer) COLLATE "default" AS answer,
            %5$s AS answered_at, %6$s AS day, %1$s IS NOT NULL AND %4$s IS NOT NULL AND %7$s AS usable,
            CASE WHEN %1$s IS NULL THEN 'no_respondent' WHEN %4$s IS NULL THEN 'no_question' WHEN %5$s IS NULL OR %8$s THEN 'no_time' WHEN NOT %7$s THEN 'invalid_time' END AS left_out, %8$s IS TRUE AS is_empty_time
        FROM %9$s o
        %10$s
        $query$, c.key, CASE (c.respondent).type WHEN 'numeric'::regtype THEN format('trim_scale(%s)', c.key) ELSE c.key END,
        _clientele.workspace_customer_key_sql(workspace, survey, 'respondent', is_strict => false), c.question,
        coalesce((c.at).shown, 'date ''0001-01-01'''), coalesce((c.at).day, 'NULL::date'), coalesce((c.at).usable, 'true'), coalesce((c.at).is_empty, 'false'),
        (survey).relation, _clientele.workspace_answers_sql(workspace, survey, c.question))
    FROM (
        SELECT r.*, _clientele.workspace_customer_sql(r.respondent) AS key, _clientele.workspace_role_time_sql(workspace, survey, 'answered_at') AS at
        FROM (
            SELECT _clientele.workspace_role_column(survey, 'respondent') AS respondent,
                _clientele.workspace_filled_text_sql(_clientele.workspace_role_column(survey, 'question')) AS question
            OFFSET 0) r
        OFFSET 0) c
$$;

-- What nothing is attached to has no rows, but its columns: of the customer of the orders, and of the types that are most usual.
CREATE FUNCTION _clientele.workspace_no_rows_sql(workspace text, role text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('SELECT %s WHERE false', format(CASE role
        WHEN 'customers' THEN '%1$s AS customer, NULL::text AS customer_name, NULL::text AS contact, %1$s AS referrer, false AS is_described'
        WHEN 'dimensions' THEN '%1$s AS customer, NULL::text AS dimension, NULL::text AS value'
        WHEN 'answers' THEN '%1$s AS customer, NULL::timestamptz AS answered_at, NULL::timestamptz AS instant, NULL::date AS day, NULL::double precision AS score, NULL::text AS nps_group,
            NULL::text AS touchpoint, NULL::text AS channel, NULL::text AS employee, NULL::text AS comment, NULL::text AS kind, NULL::text AS wish, NULL::text AS owner,
            NULL::date AS replied_on, NULL::double precision AS reply_hours, NULL::date AS resolved_on, NULL::double precision AS resolve_hours, false AS usable, NULL::text AS left_out, false AS is_empty_time'
        WHEN 'touchpoints' THEN '%1$s AS customer, NULL::timestamptz AS happened_at, NULL::timestamptz AS instant, NULL::date AS day, NULL::text AS touchpoint, NULL::text AS source, NULL::text AS reason,
            false AS usable, NULL::text AS left_out, false AS is_empty_time'
        WHEN 'costs' THEN 'NULL::date AS day, NULL::text AS source, NULL::numeric AS cost, false AS usable, NULL::text AS left_out, false AS is_empty_time'
        WHEN 'survey' THEN '%1$s AS respondent_key, NULL::text AS respondent, %1$s AS customer, NULL::text AS question, NULL::text AS answer, NULL::timestamptz AS answered_at,
            NULL::date AS day, false AS usable, NULL::text AS left_out, false AS is_empty_time' END, _clientele.workspace_nobody_sql(workspace)))
$$;

CREATE FUNCTION _clientele.workspace_rows_sql(workspace text, role text, attached _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN (attached).relation IS NULL THEN _clientele.workspace_no_rows_sql(workspace, role) ELSE CASE role
        WHEN 'orders' THEN format('SELECT %s FROM %s o', _clientele.workspace_order_list_sql(attached, _clientele.workspace_applied_rules(workspace)), (attached).relation)
        WHEN 'customers' THEN _clientele.workspace_customer_rows_sql(workspace, attached)
        WHEN 'dimensions' THEN _clientele.workspace_dimension_rows_sql(workspace, attached)
        WHEN 'answers' THEN _clientele.workspace_answer_rows_sql(workspace, attached)
        WHEN 'touchpoints' THEN _clientele.workspace_touchpoint_rows_sql(workspace, attached)
        WHEN 'costs' THEN _clientele.workspace_cost_rows_sql(workspace, attached)
        WHEN 'survey' THEN _clientele.workspace_survey_rows_sql(workspace, attached) END END
$$;

-- Whether all views have to be made anew: they were emptied, as a column has another type than it had.
CREATE FUNCTION _clientele.workspace_make_rows(workspace text, role text, attached _clientele.attached_relation) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    adapter CONSTANT name := _clientele.workspace_adapter(role);
    definition CONSTANT text := format('VIEW %I.%I AS %s', workspace, adapter, _clientele.workspace_rows_sql(workspace, role, attached));
    was_emptied boolean := false;
BEGIN
    BEGIN
        EXECUTE 'CREATE OR REPLACE ' || definition;
    EXCEPTION WHEN invalid_table_definition THEN
        BEGIN
            EXECUTE format('DROP VIEW %I.%I', workspace, adapter);
        EXCEPTION WHEN dependent_objects_still_exist THEN
            PERFORM _clientele.workspace_empty_views(workspace);
            EXECUTE format('DROP VIEW %I.%I', workspace, adapter);
            was_emptied := true;
        END;
        EXECUTE 'CREATE ' || definition;
    END;
    EXECUTE format('COMMENT ON VIEW %I.%I IS %L', workspace, adapter, CASE role
        WHEN 'customers' THEN 'The attached customers, row by row, those that are none of the orders'' too: the other views stand on this'
        WHEN 'dimensions' THEN 'What the columns of the attached customers divide them by, a row for each column'
        ELSE format('What is attached as %s, row by row as it comes, those that do not count with the reason: the other views stand on this', role) END);
    IF role = 'customers' THEN -- whose columns are rows of their own as well
        was_emptied := _clientele.workspace_make_rows(workspace, 'dimensions', attached) OR was_emptied;
    END IF;
    RETURN was_emptied;
END
$$;
-- workspace: on which scale answers are. The Net Promoter Score is defined for answers from 0 to 10 alone: five stars would be five
-- detractors. Ratings on another scale are counted in rating_summary instead.

-- The ends of a scale such as 1-5; of none those of the question.
CREATE FUNCTION _clientele.workspace_scale(scale text) RETURNS integer[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN string_to_array(coalesce(nullif(scale, ''), '0-10'), '-')::integer[];

CREATE FUNCTION _clientele.workspace_is_scale(scale text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN scale ~ '^[0-9]{1,3}-[0-9]{1,3}$' THEN e.ends[1] < e.ends[2] AND e.ends[2] <= 100 ELSE false END
    FROM (SELECT _clientele.workspace_scale(substring(scale FROM '^[0-9]{1,3}-[0-9]{1,3}$')) AS ends) e
$$;

CREATE FUNCTION _clientele.workspace_check_scale(scale text) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF scale <> '' AND NOT _clientele.workspace_is_scale(scale) THEN
        RAISE EXCEPTION 'invalid value for parameter "scale": "%"', scale
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the lowest and the highest score there can be, such as ''1-5'' or ''0-10'', from 0 to 100.';
    END IF;
END
$$;

-- What the scores of a table are like.
CREATE FUNCTION _clientele.workspace_score_range(relation regclass, score name, OUT given bigint, OUT on_scale bigint, OUT high bigint, OUT lowest numeric, OUT highest numeric)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format($query$
        SELECT count(*), count(*) FILTER (WHERE o.%1$I <= 10), count(*) FILTER (WHERE o.%1$I > 7 AND o.%1$I <= 10), min(o.%1$I)::numeric, max(o.%1$I)::numeric
        FROM %2$s o WHERE o.%1$I >= 0 AND o.%1$I <= 1000
        $query$, score, relation) INTO given, on_scale, high, lowest, highest;
END
$$;

-- The usual scale that has room for some ratings.
CREATE FUNCTION _clientele.workspace_likely_scale(lowest numeric, highest numeric) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN highest <= 1 THEN '0-1' ELSE
        CASE WHEN lowest < 1 AND highest <= 7 OR highest > 10 THEN '0-' ELSE '1-' END || CASE WHEN highest <= 5 THEN 5 WHEN highest <= 7 THEN 7 WHEN highest <= 10 THEN 10 ELSE 100 END END
$$;

-- Scores that do not look like answers from 0 to 10 are not taken for such without a word: where the column is called as ratings are,
-- where none is above 7, or most are above 10. A table without scores may be filled with any.
CREATE FUNCTION _clientele.workspace_check_scores(answers _clientele.attached_relation) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    score CONSTANT name := (answers).columns->>'score';
    found record;
    reason text;
BEGIN
    PERFORM _clientele.workspace_check_scale((answers).columns->>'scale');
    IF (answers).columns->>'scale' <> '' THEN
        RETURN;
    END IF;
    found := _clientele.workspace_score_range((answers).relation, score);
    reason := CASE
        WHEN found.given = 0 THEN NULL
        WHEN found.on_scale * 2 < found.given THEN 'most of them are above 10'
        WHEN found.high = 0 THEN 'none of them is above 7'
        WHEN translate(lower(score), '_ -', '') ~ '^(rating|rate|grade|mark|star|starrating|csat|ces|satisfaction)s?$' THEN 'its name speaks of ratings' END;
    IF reason IS NOT NULL THEN
        RAISE EXCEPTION 'scores in column "%" of %, from % to %, do not look like answers from 0 to 10: %', score, (answers).relation,
                trim_scale(round(found.lowest, 4)), trim_scale(round(found.highest, 4)), reason
            USING ERRCODE = 'invalid_parameter_value',
                HINT = format('If they are ratings: attach_answers(..., scale => %L), which fills rating_summary and leaves the Net Promoter Score empty. If they do answer whether customers would recommend you: scale => ''0-10''.',
                    _clientele.workspace_likely_scale(found.lowest, found.highest));
    END IF;
END
$$;
-- workspace: attaching the answers to questionnaires

CREATE FUNCTION attach_survey(
    answers regclass,
    respondent text DEFAULT NULL,
    question text DEFAULT NULL,
    answer text DEFAULT NULL,
    answered_at text DEFAULT NULL,
    workspace text DEFAULT 'loyalty',
    separator text DEFAULT NULL,
    stored_in text DEFAULT NULL)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    refusal _clientele.refusal;
BEGIN
    IF answers IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'answers and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of answers: attach_survey(''sales.survey_answers'').';
    END IF;
    RETURN QUERY SELECT f.* FROM _clientele.workspace_attach(workspace, 'survey', answers, jsonb_build_object(
        'respondent', respondent, 'question', question, 'answer', answer, 'answered_at', answered_at, 'separator', separator, 'stored_in', stored_in)) f;
    RETURN QUERY SELECT f.* FROM _clientele.workspace_findings(workspace, 'survey') f;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS refusal.state = RETURNED_SQLSTATE, refusal.message = MESSAGE_TEXT, refusal.hint = PG_EXCEPTION_HINT, refusal.raised_by = PG_EXCEPTION_CONTEXT;
    IF NOT _clientele.workspace_is_refusal(refusal) THEN
        RAISE;
    END IF;
    RAISE EXCEPTION '%', refusal.message USING ERRCODE = refusal.state, HINT = refusal.hint;
END
$$;
COMMENT ON FUNCTION attach_survey(regclass, text, text, text, text, text, text, text) IS
'Attaches the answers to questionnaires to a workspace, and makes survey_tallies, survey_by_dimension, survey_answers and survey_quality. Can be run again.
Arguments: answers: a table, partitioned or foreign table, view or materialized view with one row per respondent, question and answer: several rows where several answers are ticked, an empty answer where a question was skipped, no row where it was not asked; respondent, question, answer: names of its columns as stored, where left out those of the last time, else found by their usual names; answered_at: name of the column of the time, likewise, none where empty (''''); workspace: name of the schema; separator: what stands between several answers in one cell, such as '', '', where left out that of the last time, none where empty: it parts the answers to questions that take several, by the table questions, and to those that are not there; the answers of an array are told apart without; stored_in: the time zone whose clock a column of timestamps without a zone shows, a full IANA name or UTC, where left out that of the last time; it has to be told where the days of the workspace are not those of UTC, unless the clock only ever shows midnight. Numbers that are equal are one answer, 5.0 is 5. Texts and kinds of the questions are in the table questions of the workspace.
Result: rows of topic, finding and advice: what was found and chosen, and which rows are left out and why.
Errors: 22004 for NULL, 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 42501 without SELECT on the columns or for a workspace of somebody else, 42P16 where a column would change its type, 22023 for a time zone that is none, and for a clock without stored_in.';

CREATE FUNCTION detach_survey(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM _clientele.workspace_detach(workspace, 'survey');
END
$$;
COMMENT ON FUNCTION detach_survey(text) IS
'Takes the answers to questionnaires from a workspace, with the views that read them. The answers and the table questions stay as they are.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 2BP01 if something else stands on the views.';
-- workspace: attaching what customers were in touch with

CREATE FUNCTION attach_touchpoints(
    touchpoints regclass,
    customer text DEFAULT NULL,
    happened_at text DEFAULT NULL,
    touchpoint text DEFAULT NULL,
    source text DEFAULT NULL,
    reason text DEFAULT NULL,
    workspace text DEFAULT 'loyalty',
    stored_in text DEFAULT NULL)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    refusal _clientele.refusal;
BEGIN
    IF touchpoints IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'touchpoints and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of events: attach_touchpoints(''crm.contacts'').';
    END IF;
    RETURN QUERY SELECT f.* FROM _clientele.workspace_attach(workspace, 'touchpoints', touchpoints,
        jsonb_build_object('customer', customer, 'happened_at', happened_at, 'touchpoint', touchpoint, 'source', source, 'reason', reason, 'stored_in', stored_in)) f;
    RETURN QUERY SELECT f.* FROM _clientele.workspace_findings(workspace, 'touchpoints') f;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS refusal.state = RETURNED_SQLSTATE, refusal.message = MESSAGE_TEXT, refusal.hint = PG_EXCEPTION_HINT, refusal.raised_by = PG_EXCEPTION_CONTEXT;
    IF NOT _clientele.workspace_is_refusal(refusal) THEN
        RAISE;
    END IF;
    RAISE EXCEPTION '%', refusal.message USING ERRCODE = refusal.state, HINT = refusal.hint;
END
$$;
COMMENT ON FUNCTION attach_touchpoints(regclass, text, text, text, text, text, text, text) IS
'Attaches a table of what customers were in touch with, such as visits, calls, offers and meetings, to a workspace: the views journey, journey_absorption, funnel_steps and others then show how that leads to orders. Can be run again.
Arguments: touchpoints: a table, partitioned or foreign table, view or materialized view with a row per event; customer, happened_at, touchpoint: names of its columns as stored, where left out those of the last time, else found by their usual names; source, reason: names of columns that an event may have besides, where it came from and why something was lost, found by their usual names where left out, none where empty (''''); workspace: name of the schema; stored_in: the time zone whose clock a column of timestamps without a zone shows, a full IANA name or UTC, where left out that of the last time; it has to be told where the days of the workspace are not those of UTC, unless the clock only ever shows midnight. Customers need not have ordered yet.
Result: rows of topic, finding and advice: what was found, and which rows are left out and why.
Errors: 22004 for NULL, 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 42501 without SELECT on the columns or for a workspace of somebody else, 22023 for a time zone that is none, and for a clock without stored_in.';

CREATE FUNCTION detach_touchpoints(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM _clientele.workspace_detach(workspace, 'touchpoints');
END
$$;
COMMENT ON FUNCTION detach_touchpoints(text) IS
'Takes the table of events from a workspace, and drops the views that read it: the table stays as it is, and so does funnel_stages.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 2BP01 if other objects depend on the views.';
-- workspace: what could be attached besides. A view that reads what is not attached is not there, and an error of PostgreSQL's tells no
-- more than that; empty views would look like answers that nobody gave. So attaching the orders says what comes with what.

CREATE FUNCTION _clientele.workspace_unattached(workspace text) RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached text[];
BEGIN
    EXECUTE format('SELECT array_agg(a.relation_role) FROM %I.attached a', workspace) INTO attached;
    RETURN QUERY
        SELECT 'not attached', string_agg(r.role, ', ' ORDER BY r.place),
            'More views come with ' || string_agg(format('attach_%s() (%s, ...)', r.role, r.view), ', ' ORDER BY r.place) FILTER (WHERE r.view IS NOT NULL)
        FROM (VALUES (1, 'customers', NULL), (2, 'answers', 'nps_summary'), (3, 'touchpoints', 'funnel_summary'), (4, 'costs', NULL), (5, 'survey', 'survey_tallies')) r(place, role, view)
        WHERE r.role <> ALL (attached)
        HAVING count(*) > 0;
END
$$;
-- workspace report: charts. Widths are per cent of the card and heights are pixels, so that a chart fills a screen of any width
-- while its text keeps its size. Colours are classes of style.sql. Behind each plot are its figures as a table.

CREATE TYPE _clientele.chart_point AS (label text, value double precision, lower double precision, upper double precision, note text);
CREATE TYPE _clientele.chart_column AS (label text, parts double precision[], mark double precision);
CREATE TYPE _clientele.chart_scale AS (low double precision, high double precision, step double precision);

-- Round steps of 1, 2 or 5 that lead from a number at or below low to one at or above high.
CREATE FUNCTION _clientele.chart_scale(low double precision, high double precision) RETURNS _clientele.chart_scale
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ROW(floor(low / s.step) * s.step, greatest(ceil(high / s.step), floor(low / s.step) + 1) * s.step, s.step)::_clientele.chart_scale
    FROM (
        SELECT p.power * CASE WHEN r.raw / p.power <= 1 THEN 1 WHEN r.raw / p.power <= 2 THEN 2 WHEN r.raw / p.power <= 5 THEN 5 ELSE 10 END AS step
        FROM (SELECT CASE WHEN high > low THEN (high - low) / 4 ELSE greatest(abs(high), 1) / 4 END AS raw) r
        CROSS JOIN LATERAL (SELECT power(10::double precision, floor(log(r.raw))) AS power) p) s
$$;

-- A place in a drawing, without exponents.
CREATE FUNCTION _clientele.chart_place(value double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT trim_scale(round(value::numeric, 2))::text
$$;

-- Plots are 200 high.
CREATE FUNCTION _clientele.chart_y(value double precision, scale _clientele.chart_scale) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 200 * ((scale).high - value) / ((scale).high - (scale).low)
$$;

-- Where on a scale that runs across, in per cent.
CREATE FUNCTION _clientele.chart_share(value double precision, scale _clientele.chart_scale) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.chart_place(100 * (value - (scale).low) / ((scale).high - (scale).low))
$$;

CREATE FUNCTION _clientele.chart_x(n bigint, points integer) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 100 * (n - 0.5) / points::double precision
$$;

-- Around a drawing over time: lines at round values, their labels in a column of their own, and below it the labels of the last point
-- and of every few before it; a phone leaves out every second of these.
CREATE FUNCTION _clientele.chart_plot(words jsonb, title text, labels text[], scale _clientele.chart_scale, unit text, drawing text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<div class="plot" role="img" aria-label="%s"><svg class="scale" height="224">%s</svg><svg height="224">%s%s%s</svg></div>',
        _clientele.report_text(title), t.tick_labels, t.lines, drawing,
        (SELECT string_agg(format('<text%s x="%s%%" y="220" text-anchor="middle">%s</text>', CASE WHEN l.before_last / e.every % 2 = 1 THEN ' class="minor"' END,
                _clientele.chart_place(_clientele.chart_x(l.n, cardinality(labels))), l.label), '' ORDER BY l.n)
            FROM (SELECT x.label, x.n, cardinality(labels) - x.n AS before_last FROM unnest(labels) WITH ORDINALITY x(label, n)) l
            CROSS JOIN (SELECT ceil(cardinality(labels) / 8.0)::integer AS every) e
            WHERE l.before_last % e.every = 0))
    FROM (
        SELECT string_agg(format('<text x="100%%" y="%s" dy="4" text-anchor="end">%s</text>', v.y, CASE unit
                WHEN 'percent' THEN _clientele.report_percent(words, v.value, CASE WHEN (scale).step < 1 THEN 1 ELSE 0 END)
                ELSE _clientele.report_short(words, v.value::numeric) END), '') AS tick_labels,
            string_agg(format('<line class="%s" x2="100%%" y1="%s" y2="%2$s"/>', CASE WHEN v.value = 0 THEN 'zero' ELSE 'grid' END, v.y), '') AS lines
        FROM (
            SELECT n.value, _clientele.chart_place(_clientele.chart_y(n.value, scale)) AS y
            FROM (SELECT (scale).low + i * (scale).step AS value FROM generate_series(0, round(((scale).high - (scale).low) / (scale).step)::integer) i) n) v) t
$$;

-- Stacked columns, what is below zero downwards, with a mark across each. The classes of parts are part1, part2 and so on
CREATE FUNCTION _clientele.chart_columns(words jsonb, title text, columns _clientele.chart_column[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    WITH part AS (
        SELECT c.n, c.mark, p.i, p.value, sum(p.value) OVER (PARTITION BY c.n, p.value < 0 ORDER BY p.i) AS until
        FROM unnest(columns) WITH ORDINALITY c(label, parts, mark, n)
        CROSS JOIN LATERAL unnest(c.parts) WITH ORDINALITY p(value, i)
    ), scale AS (
        -- A little below zero hangs down between the labels: room for a whole step would be wasted on it.
        SELECT _clientele.chart_scale(CASE WHEN least(min(p.until), min(p.mark)) < -0.05 * greatest(max(p.until), max(p.mark), 0) THEN least(min(p.until), min(p.mark)) ELSE 0 END,
            greatest(max(p.until), max(p.mark), 0)) AS scale
        FROM part p
    )
    SELECT _clientele.chart_plot(words, title, (SELECT array_agg(c.label ORDER BY c.n) FROM unnest(columns) WITH ORDINALITY c(label, parts, mark, n)), s.scale, 'number',
        (SELECT string_agg(format('<rect class="part%s" x="%s%%" y="%s" width="%s%%" height="%s"/>', p.i, _clientele.chart_place(_clientele.chart_x(p.n, cardinality(columns)) - 35.0 / cardinality(columns)),
                _clientele.chart_place(_clientele.chart_y(greatest(p.until, p.until - p.value), s.scale)), _clientele.chart_place(70.0 / cardinality(columns)),
                _clientele.chart_place(abs(_clientele.chart_y(p.until, s.scale) - _clientele.chart_y(p.until - p.value, s.scale)))), '' ORDER BY p.n, p.i)
            FROM part p WHERE p.value <> 0)
        || coalesce((SELECT string_agg(format('<line class="mark" x1="%s%%" x2="%s%%" y1="%s" y2="%3$s"/>', _clientele.chart_place(_clientele.chart_x(p.n, cardinality(columns)) - 42.0 / cardinality(columns)),
                _clientele.chart_place(_clientele.chart_x(p.n, cardinality(columns)) + 42.0 / cardinality(columns)), _clientele.chart_place(_clientele.chart_y(p.mark, s.scale))), '' ORDER BY p.n)
            FROM part p WHERE p.i = 1 AND p.mark IS NOT NULL), ''))
    FROM scale s
$$;

-- A line with its interval as a band. Points without a value are left out, and the line goes on behind them.
CREATE FUNCTION _clientele.chart_line(words jsonb, title text, points _clientele.chart_point[], low double precision, high double precision, unit text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    WITH point AS (
        SELECT p.*, _clientele.chart_place(_clientele.chart_x(p.n, cardinality(points))) AS x, s.scale
        FROM unnest(points) WITH ORDINALITY p(label, value, lower, upper, note, n)
        CROSS JOIN (SELECT _clientele.chart_scale(coalesce(low, least(min(b.lower), min(b.value))), coalesce(high, greatest(max(b.upper), max(b.value)))) AS scale FROM unnest(points) b) s
    )
    SELECT _clientele.chart_plot(words, title, array_agg(p.label ORDER BY p.n), (array_agg(p.scale))[1], unit,
        format('<svg width="100%%" height="200" viewBox="0 0 100 200" preserveAspectRatio="none"><polygon class="band" points="%s %s"/><polyline class="line" points="%s"/></svg>',
            string_agg(p.x || ',' || _clientele.chart_place(_clientele.chart_y(p.upper, p.scale)), ' ' ORDER BY p.n),
            string_agg(p.x || ',' || _clientele.chart_place(_clientele.chart_y(p.lower, p.scale)), ' ' ORDER BY p.n DESC),
            string_agg(p.x || ',' || _clientele.chart_place(_clientele.chart_y(p.value, p.scale)), ' ' ORDER BY p.n))
        || coalesce(string_agg(format('<circle class="dot" cx="%s%%" cy="%s" r="3"/>', p.x, _clientele.chart_place(_clientele.chart_y(p.value, p.scale))), '' ORDER BY p.n), ''))
    FROM point p
$$;

CREATE FUNCTION _clientele.chart_sparkline(amounts double precision[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN count(p.y) > 1 THEN format('<svg class="spark" height="28" aria-hidden="true"><svg width="100%%" height="28" viewBox="0 0 100 28" preserveAspectRatio="none"><polyline class="line" points="%s"/></svg><circle class="dot" cx="%s%%" cy="%s" r="3"/></svg>',
        string_agg(p.x || ',' || p.y, ' ' ORDER BY p.n), (array_agg(p.x ORDER BY p.n DESC))[1], (array_agg(p.y ORDER BY p.n DESC))[1]) ELSE '' END
    FROM (
        SELECT v.n, _clientele.chart_place(2 + 96 * (v.n - 1) / greatest(cardinality(amounts) - 1, 1)::double precision) AS x,
            _clientele.chart_place(24 - 20 * coalesce((v.value - min(v.value) OVER ()) / nullif(max(v.value) OVER () - min(v.value) OVER (), 0), 0.5)) AS y
        FROM unnest(amounts) WITH ORDINALITY v(value, n)
        WHERE v.value IS NOT NULL) p
$$;

-- Bars in a table: the label, the bar, and what is to be said beside it.
CREATE FUNCTION _clientele.chart_bars(words jsonb, headings text[], points _clientele.chart_point[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.report_table(words, 'bars', headings, array_agg(_clientele.report_row(p.label,
        format('<svg height="14" aria-hidden="true"><rect class="bar" width="%s%%" height="14" rx="2"/></svg>', _clientele.chart_place(greatest(100 * coalesce(p.value / nullif(greatest(p.largest, 0), 0), 0), 0))), p.note) ORDER BY p.n))
    FROM (SELECT b.*, max(b.value) OVER () AS largest FROM unnest(points) WITH ORDINALITY b(label, value, lower, upper, note, n)) p
$$;

-- Values with their intervals, on one scale, whose ends stand above.
CREATE FUNCTION _clientele.chart_whiskers(words jsonb, label_heading text, value_heading text, points _clientele.chart_point[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.report_table(words, 'bars', ARRAY[label_heading, format('<span class="ends"><span>%s</span><span>%s</span></span>',
            _clientele.report_number(words, min((s.scale).low)::numeric), _clientele.report_number(words, min((s.scale).high)::numeric)), value_heading],
        array_agg(_clientele.report_row(p.label, format('<svg height="14" aria-hidden="true"><line class="grid" x2="100%%" y1="7" y2="7"/>%s<line class="whisker" x1="%s%%" x2="%s%%" y1="7" y2="7"/><circle class="dot" cx="%s%%" cy="7" r="4"/></svg>',
            CASE WHEN (s.scale).low < 0 AND (s.scale).high > 0 THEN format('<line class="zero" x1="%s%%" x2="%1$s%%" y2="14"/>', _clientele.chart_share(0, s.scale)) END,
            _clientele.chart_share(p.lower, s.scale), _clientele.chart_share(p.upper, s.scale), _clientele.chart_share(p.value, s.scale)), p.note) ORDER BY p.n))
    FROM unnest(points) WITH ORDINALITY p(label, value, lower, upper, note, n)
    CROSS JOIN (SELECT _clientele.chart_scale(least(min(b.lower), 0), max(b.upper)) AS scale FROM unnest(points) b) s
$$;
-- workspace report: numbers, days and sentences as a language writes them. "words" is what workspace_words() gives of it, and what
-- was asked of the report: its currency, and whether it may show contacts.

-- What comes from the data is text and nothing else, in a direction of its own.
CREATE FUNCTION _clientele.report_text(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT replace(replace(replace(replace(replace(regexp_replace(value, '[[:cntrl:]]', ' ', 'g'),
        '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;')
$$;

CREATE FUNCTION _clientele.report_name(value text, at_most integer DEFAULT 80) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<bdi>%s%s</bdi>', _clientele.report_text(left(value, at_most)), CASE WHEN length(value) > at_most THEN '&hellip;' END)
$$;

-- For a terminal: one line, and nothing that it would take for an order.
CREATE FUNCTION _clientele.report_line(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT left(regexp_replace(value, '[[:cntrl:]]+', ' ', 'g'), 80)
$$;

CREATE FUNCTION _clientele.report_word(words jsonb, key text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF words ->> key IS NULL THEN
        RAISE EXCEPTION 'there are no words for "%" in "%"', key, words ->> 'language.code'
            USING ERRCODE = 'internal_error';
    END IF;
    RETURN words ->> key;
END
$$;

-- The words of a key, with its places filled: nothing if what belongs there is not known.
CREATE FUNCTION _clientele.report_say(words jsonb, key text, VARIADIC places text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(_clientele.report_word(words, key), VARIADIC places) WHERE array_position(places, NULL) IS NULL
$$;

-- What a workspace calls its stages, segments and the like: in words where they are ours, as it is where they are its owner's.
CREATE FUNCTION _clientele.report_label(words jsonb, kind text, name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(_clientele.report_text(words ->> format('%s.%s', kind, name)), _clientele.report_name(name))
$$;

CREATE FUNCTION _clientele.report_number(words jsonb, value numeric, decimals integer DEFAULT 0) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN n.rounded < 0 THEN '-' ELSE '' END || replace(replace(replace(
        to_char(abs(n.rounded), 'FM999,999,999,999,999,999,999,999,999,999,990' || rpad(left('.', decimals), decimals + sign(decimals)::integer, '0')),
        ',', '|'), '.', words ->> 'number.decimal'), '|', words ->> 'number.thousands')
    FROM (SELECT round(value, decimals) AS rounded) n
$$;

-- Cents count in what is small.
CREATE FUNCTION _clientele.report_money(words jsonb, value numeric) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN words ->> 'currency' IS NOT NULL AND starts_with(n.number, '-')
            THEN '-' || format(words ->> m.pattern, substr(n.number, 2), _clientele.report_text(words ->> 'currency'))
        WHEN words ->> 'currency' IS NOT NULL THEN format(words ->> m.pattern, n.number, _clientele.report_text(words ->> 'currency'))
        ELSE n.number END
    FROM (SELECT _clientele.report_number(words, value, CASE WHEN abs(value) < 1000 THEN 2 ELSE 0 END) AS number) n
    CROSS JOIN (SELECT CASE WHEN words ->> 'currency' ~ '[[:alnum:].]$' THEN 'number.money_word' ELSE 'number.money_sign' END AS pattern) m
$$;

-- For axes: 94k, 1.2M.
CREATE FUNCTION _clientele.report_short(words jsonb, value numeric) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(split_part(words ->> 'number.short', '|', s.thousands + 1),
        _clientele.report_number(words, s.scaled, CASE WHEN s.scaled = round(s.scaled) OR abs(s.scaled) >= 100 THEN 0 WHEN abs(s.scaled) >= 1 OR s.scaled = round(s.scaled, 1) THEN 1 ELSE 2 END))
    FROM (
        SELECT t.thousands, value / 1000.0 ^ t.thousands AS scaled
        FROM (SELECT CASE WHEN abs(value) >= 1000000000000 THEN 4 WHEN abs(value) >= 1000000000 THEN 3 WHEN abs(value) >= 1000000 THEN 2 WHEN abs(value) >= 1000 THEN 1 ELSE 0 END AS thousands) t) s
$$;

-- Of 0 to 100.
CREATE FUNCTION _clientele.report_percent(words jsonb, value double precision, decimals integer DEFAULT 0) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(words ->> 'number.percent', _clientele.report_number(words, value::numeric, decimals))
$$;

-- A number of things: 1 customer, 2 customers; a language has as many forms as its words have, and a rule which of them holds.
CREATE FUNCTION _clientele.report_count(words jsonb, number bigint, things text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(split_part(_clientele.report_word(words, 'count.' || things), '|', CASE words ->> 'number.plural'
            WHEN 'one, few, many' THEN CASE
                WHEN n.last_two BETWEEN 11 AND 14 THEN 3
                WHEN n.last_two % 10 = 1 THEN 1
                WHEN n.last_two % 10 BETWEEN 2 AND 4 THEN 2
                ELSE 3 END
            ELSE CASE number WHEN 1 THEN 1 ELSE 2 END END),
        _clientele.report_number(words, number::numeric))
    FROM (SELECT abs(number % 100) AS last_two) n
$$;

CREATE FUNCTION _clientele.report_day(words jsonb, day date) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(words ->> 'day.date', extract(day FROM day), split_part(words ->> 'day.of_months', ' ', extract(month FROM day)::integer), extract(year FROM day))
$$;

-- A period by its first day, for a title or, short, for an axis.
CREATE FUNCTION _clientele.report_period(words jsonb, period_start date, short boolean DEFAULT false) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE words -> 'settings' ->> 'period'
        WHEN 'year' THEN to_char(period_start, 'FMYYYY')
        WHEN 'quarter' THEN format(words ->> 'day.quarter', extract(quarter FROM period_start), extract(year FROM period_start))
        WHEN 'month' THEN CASE
            WHEN short THEN split_part(words ->> 'day.short_months', ' ', extract(month FROM period_start)::integer) || to_char(period_start, ' YY')
            ELSE split_part(words ->> 'day.months', ' ', extract(month FROM period_start)::integer) || to_char(period_start, ' FMYYYY') END
        WHEN 'week' THEN CASE WHEN short THEN d.day_and_month ELSE format(words ->> 'day.week', _clientele.report_day(words, period_start)) END
        ELSE CASE WHEN short THEN d.day_and_month ELSE _clientele.report_day(words, period_start) END END
    FROM (SELECT format('%s %s', extract(day FROM period_start), split_part(words ->> 'day.short_months', ' ', extract(month FROM period_start)::integer)) AS day_and_month) d
$$;

-- Up or down against something, with a sign for those who do not see the colour.
CREATE FUNCTION _clientele.report_change(words jsonb, key text, change double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<span class="%s">%s %s</span>', r.direction, r.sign, _clientele.report_say(words, key, _clientele.report_percent(words, abs(r.change))))
    FROM (
        SELECT change, CASE WHEN round(change::numeric) > 0 THEN 'up' WHEN round(change::numeric) < 0 THEN 'down' ELSE 'flat' END AS direction,
            CASE WHEN round(change::numeric) > 0 THEN '&#9650;' WHEN round(change::numeric) < 0 THEN '&#9660;' ELSE '=' END AS sign) r
$$;

CREATE FUNCTION _clientele.report_interval(words jsonb, lower double precision, upper double precision, decimals integer DEFAULT 0, unit text DEFAULT 'percent') RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.report_say(words, 'report.from_to', _clientele.report_number(words, lower::numeric, decimals),
        CASE unit WHEN 'percent' THEN _clientele.report_percent(words, upper, decimals) ELSE _clientele.report_number(words, upper::numeric, decimals) END)
$$;

-- A text of the workspace: where it is ours as it came, in the language of the report.
CREATE FUNCTION _clientele.report_plain(words jsonb, value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(words -> 'ours' ->> value, value)
$$;

CREATE FUNCTION _clientele.report_own(words jsonb, value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.report_text(_clientele.report_plain(words, value))
$$;

-- As a sentence of its own: an owner may have written the full stop, or nothing.
CREATE FUNCTION _clientele.report_sentence(words jsonb, value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN coalesce(btrim(value), '') = '' THEN '' WHEN right(btrim(value), 1) IN ('.', '!', '?') THEN _clientele.report_own(words, value) ELSE _clientele.report_own(words, value) || '.' END
$$;

-- Of a share, 0 to 1: how many points.
CREATE FUNCTION _clientele.report_points(words jsonb, share double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.report_number(words, p.points, CASE WHEN p.points = round(p.points) THEN 0 ELSE 1 END)
    FROM (SELECT round((100 * share)::numeric, 1) AS points) p
$$;

CREATE FUNCTION _clientele.report_signed(words jsonb, value double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN round(value::numeric) > 0 THEN '+' ELSE '' END || _clientele.report_percent(words, value)
$$;
-- workspace report: what the page is put together of

CREATE FUNCTION _clientele.report_row(VARIADIC cells text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<tr>%s</tr>', string_agg(CASE c.n WHEN 1 THEN format('<th scope="row">%s</th>', c.cell) ELSE format('<td>%s</td>', c.cell) END, '' ORDER BY c.n))
    FROM unnest(cells) WITH ORDINALITY c(cell, n)
$$;

-- Headings are words of the report, or what is none of them. Without rows there is no table.
CREATE FUNCTION _clientele.report_table(words jsonb, class text, headings text[], table_rows text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<table class="%s"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>', class,
        (SELECT string_agg(CASE h.heading WHEN '' THEN '<td></td>' ELSE format('<th scope="col">%s</th>', CASE WHEN words ? ('report.' || h.heading) THEN _clientele.report_say(words, 'report.' || h.heading) ELSE h.heading END) END, '' ORDER BY h.n)
            FROM unnest(headings) WITH ORDINALITY h(heading, n)),
        array_to_string(table_rows, ''))
    WHERE table_rows IS NOT NULL
$$;

-- Wide tables scroll, by keys too, where the screen is narrow.
CREATE FUNCTION _clientele.report_wide_table(words jsonb, class text, key text, headings text[], table_rows text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<div class="wide" tabindex="0" role="region" aria-label="%s">%s</div>', _clientele.report_say(words, 'report.' || key), _clientele.report_table(words, class, headings, table_rows))
    WHERE table_rows IS NOT NULL
$$;

-- The figures behind a plot, for those who would rather read them.
CREATE FUNCTION _clientele.report_figures(words jsonb, headings text[], table_rows text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<details><summary>%s</summary>%s</details>', _clientele.report_say(words, 'report.figures'), _clientele.report_wide_table(words, 'figures', 'figures', headings, table_rows))
$$;

-- Shown is what a view says, which is named for those who want to look it up there. Without a body there is no card.
CREATE FUNCTION _clientele.report_card(view text, title text, note text, body text, width text DEFAULT 'half') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<section class="card %s" data-view="%s"><h3>%s</h3><p class="note">%s</p>%s</section>', width, view, title, note, body)
    WHERE body IS NOT NULL
$$;

-- A card whose title and note are plain words.
CREATE FUNCTION _clientele.report_card(words jsonb, view text, key text, body text, width text DEFAULT 'half') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.report_card(view, _clientele.report_say(words, 'report.' || key), _clientele.report_say(words, format('report.%s.note', key)), body, width)
$$;

CREATE FUNCTION _clientele.report_tile(words jsonb, key text, figure text, note text, before double precision[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<div class="tile"><h2>%s</h2><b%s>%s</b><p>%s</p>%s</div>', _clientele.report_say(words, 'report.' || key), CASE WHEN length(figure) > 9 THEN ' class="long"' END, coalesce(figure, '&ndash;'), note, _clientele.chart_sparkline(before))
$$;

-- A figure, and below it in small what else is known.
CREATE FUNCTION _clientele.report_noted(figure text, VARIADIC notes text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT concat(figure, '<small>' || nullif(array_to_string(notes, '<br>'), '') || '</small>')
$$;

-- A cell whose background is the darker the larger its share, 0 to 1.
CREATE FUNCTION _clientele.report_heat(content text, share double precision) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<td style="--heat:%s">%s</td>', trim_scale(round(0.04 + 0.46 * sqrt(least(greatest(coalesce(share, 0), 0), 1))::numeric, 3)), content)
$$;

CREATE FUNCTION _clientele.report_customer(words jsonb, customer text, customer_name text, contact text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN (words ->> 'contacts')::boolean AND customer_name <> '' THEN _clientele.report_name(customer_name) ELSE _clientele.report_name(customer) END
        || CASE WHEN (words ->> 'contacts')::boolean AND contact <> '' THEN '<small>' || _clientele.report_name(contact) || '</small>' ELSE '' END
$$;

CREATE FUNCTION _clientele.report_part(words jsonb, key text, VARIADIC cards text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<h2>%s</h2><div class="cards">%s</div>', _clientele.report_say(words, 'report.' || key), array_to_string(cards, ''))
    WHERE array_to_string(cards, '') <> ''
$$;

CREATE FUNCTION _clientele.report_legend(VARIADIC items text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<p class="legend">%s</p>', string_agg(format('<span><i class="part%s"></i>%s</span>', i.n, i.item), ' ' ORDER BY i.n))
    FROM unnest(items) WITH ORDINALITY i(item, n)
    WHERE i.item IS NOT NULL
$$;

-- In ASCII where the database knows all characters, so that nobody has to know in which encoding psql wrote the file.
CREATE FUNCTION _clientele.report_ascii(page text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    letter text;
BEGIN
    IF getdatabaseencoding() = 'UTF8' THEN
        FOR letter IN SELECT DISTINCT m[1] FROM regexp_matches(page, '[^' || chr(1) || '-' || chr(127) || ']', 'g') m LOOP
            page := replace(page, letter, format('&#%s;', ascii(letter)));
        END LOOP;
    END IF;
    RETURN page;
END
$$;

-- Light or dark as the reader has it. Search engines are told to leave it alone, wherever it comes to lie.
CREATE FUNCTION _clientele.report_page(words jsonb, body text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.report_ascii(format('<!DOCTYPE html>' || chr(10) || '<html lang="%s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><title>%s</title><style>%s</style></head>' || chr(10) || '<body><main>' || chr(10) || '%s</main></body></html>',
        words ->> 'language.code', _clientele.report_say(words, 'report.page_title'), _clientele.report_style(), body))
$$;
-- workspace report: one page for a workspace. Its sections are queries in sections/, whose $1 is the words.

-- What the report says and how: the words of a language, the settings, and what was asked for. What a workspace has in its tables is
-- ours, and said in the language of the report, as long as its owner has not edited it.
CREATE FUNCTION _clientele.report_words(workspace text, language text, currency text DEFAULT NULL, contacts boolean DEFAULT true) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    settings jsonb;
    words jsonb;
BEGIN
    PERFORM _clientele.report_check(workspace, currency, contacts);
    -- Roles of BI tools may not read those that views go by.
    EXECUTE format('SELECT to_jsonb(s) || jsonb_build_object(''as_of'', r.as_of, ''today'', r.today, ''missed_since'', r.missed_since)
        FROM %1$I.%2$I s CROSS JOIN %1$I.reporting_date r', workspace,
        CASE WHEN has_table_privilege(format('%I.applied_settings', workspace), 'SELECT') THEN 'applied_settings' ELSE 'settings' END) INTO settings;
    words := _clientele.workspace_words(coalesce(language, settings ->> 'language'));
    RETURN words || jsonb_build_object('settings', settings, 'currency', currency, 'contacts', contacts,
        'ours', (
        SELECT jsonb_object_agg(t.said, t.words) FROM _clientele.workspace_translations(words ->> 'language.code') t WHERE t.said <> t.words));
END
$$;

CREATE FUNCTION _clientele.report_check(workspace text, currency text, contacts boolean) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF workspace IS NULL OR contacts IS NULL THEN
        RAISE EXCEPTION '% must not be NULL', CASE WHEN workspace IS NULL THEN 'workspace' ELSE 'contacts' END
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Leave it out for what is usual.';
    ELSIF btrim(currency) = '' OR length(currency) > 10 THEN
        RAISE EXCEPTION 'invalid currency: "%"', currency
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Give a sign or a short name, such as USD or EUR.';
    END IF;
    PERFORM _clientele.workspace_check(workspace);
    IF NOT _clientele.workspace_has(workspace, 'overview') THEN
        RAISE EXCEPTION 'workspace "%" has no views at the moment', workspace
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = format('Make them: SELECT upgrade_workspace(%L);', workspace);
    END IF;
END
$$;

-- The queries of a folder for what is attached, which a role that may only read views knows by these.
CREATE FUNCTION _clientele.report_queries(workspace text, wanted_folder text) RETURNS TABLE (name text, query text)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT w.relation, _clientele.workspace_placed(w.statements[1], workspace)
    FROM (
        SELECT array_agg(DISTINCT f.belongs_to) AS parts
        FROM _clientele.workspace_files() f
        WHERE f.folder = 'views' AND f.belongs_to <> 'incremental' AND _clientele.workspace_has(workspace, f.relation)) p
    CROSS JOIN LATERAL _clientele.workspace_wanted(p.parts) w
    WHERE w.folder = wanted_folder
$$;

CREATE FUNCTION loyalty_report(workspace text DEFAULT 'loyalty', language text DEFAULT NULL, currency text DEFAULT NULL, contacts boolean DEFAULT true) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    words CONSTANT jsonb := _clientele.report_words(workspace, language, currency, contacts);
    section record;
    part text;
    body text := '';
BEGIN
    FOR section IN
        SELECT q.query FROM unnest('{standing,growth,return,value,voice,funnel,worth,lists,inbox,trust}'::text[]) WITH ORDINALITY s(name, n)
        JOIN _clientele.report_queries(workspace, 'sections') q ON q.name = s.name
        ORDER BY s.n
    LOOP
        EXECUTE section.query INTO part USING words;
        body := body || coalesce(part || chr(10), '');
    END LOOP;
    RETURN _clientele.report_page(words, body);
END
$$;
COMMENT ON FUNCTION loyalty_report(text, text, text, boolean) IS
'A report to read on Monday, as one HTML page with all that it needs in it: no script, nothing loaded from elsewhere; on a screen, a phone and paper. How the shop stands, whether it grows and by whom, whether customers come back, who brings how much, whether they would recommend it, where it loses them, what loyalty is worth, whom to turn to this week, and whether the figures can be trusted. Each figure is one of a view of the workspace; what is not attached is not there. What comes from the data is text and nothing else.
Arguments: workspace: name of the schema; language: en or ru, that of the settings unless given; currency: a sign or a short name of up to ten characters, such as USD or EUR, for amounts to be shown with, none unless given; contacts: whether names and contacts are shown, or only what customers are called in the orders.
Result: the page; in psql: psql -XAtc "SELECT loyalty_report(''loyalty'')" > report.html.
Errors: 22004 if workspace or contacts is NULL, 3F000 if it is not a workspace, 55000 between detach_orders() and upgrade_workspace(), 22P05 for a language whose letters the database does not have, 22023 for an unknown one or a currency that is empty or too long, 42501 for who may not read the workspace.';
-- workspace report: how the page looks. Colours are those of Okabe and Ito, which the colour-blind tell apart.

CREATE FUNCTION _clientele.report_style() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT regexp_replace($style$
:root {
  --page: #f6f7f9; --card: #fff; --edge: #dfe3e8; --ink: #1b2129; --soft: #56606c; --grid: #e6e9ed;
  --blue: #0072b2; --sky: #56b4e9; --orange: #e69f00; --heat-colour: 0, 114, 178; --up: #00694b; --down: #ad4400;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; }
main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 40px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0; }
h2 { font-size: 20px; line-height: 1.25; margin: 36px 0 12px; }
h3 { font-size: 15px; margin: 0; }
p { margin: 0; }
.as-of, .note, footer { color: var(--soft); font-size: 13px; }
.lead { font-size: 18px; margin: 16px 0 20px; max-width: 46em; }
.up { color: var(--up); } .down { color: var(--down); } .lead .up, .lead .down, .lead .flat { white-space: nowrap; }
.tiles { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 12px; }
.tile, .card { background: var(--card); border: 1px solid var(--edge); border-radius: 10px; min-width: 0; }
.tile { padding: 12px 14px; }
.tile h2 { margin: 0; font-weight: 400; font-size: 13px; color: var(--soft); }
.tile b { display: block; font-size: 24px; line-height: 1.25; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.tile .long { font-size: 15px; line-height: 2; }
.tile p { font-size: 12px; min-height: 1.5em; color: var(--soft); }
.cards { display: flex; flex-wrap: wrap; gap: 14px; }
.card { padding: 16px; flex: 1 1 400px; }
.cards > .full { flex-basis: 100%; }
.card > .note + *, .card > h3 + * { margin-top: 10px; }
svg { display: block; width: 100%; overflow: visible; }
svg text { font-size: 12px; fill: var(--soft); }
.plot { display: grid; grid-template-columns: 52px minmax(0, 1fr); gap: 8px; padding: 8px 12px 0 0; }
.grid { stroke: var(--grid); } .zero { stroke: var(--soft); }
.line { fill: none; stroke: var(--blue); stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.band { fill: var(--blue); opacity: .18; }
.dot { fill: var(--blue); } .whisker { stroke: var(--blue); stroke-width: 2; }
.bar, .part1 { fill: var(--blue); background: var(--blue); }
.part2 { fill: var(--sky); background: var(--sky); }
.part3 { fill: var(--orange); background: var(--orange); }
.part4 { fill: var(--soft); background: var(--soft); }
.mark { stroke: var(--ink); stroke-width: 2; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 13px; }
.legend i { display: inline-block; width: 12px; height: 12px; border-radius: 2px; margin-right: 6px; vertical-align: -1px; }
.legend .part5 { background: var(--ink); height: 3px; width: 16px; vertical-align: 4px; }
table { width: 100%; border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 400; } thead th { color: var(--soft); font-size: 12px; vertical-align: bottom; }
th, td { padding: 5px 8px 5px 0; overflow-wrap: anywhere; vertical-align: top; } thead th { overflow-wrap: normal; }
td { text-align: right; } th:last-child, td:last-child { padding-right: 0; }
tbody tr + tr > * { border-top: 1px solid var(--grid); }
.bars tr > * { border: 0 !important; vertical-align: middle; }
.bars th:first-child { width: 24%; } .bars td:nth-child(2) { width: 48%; padding-right: 14px; } .bars td:last-child { text-align: left; }
.ends { display: flex; justify-content: space-between; }
small { display: block; font-size: 12px; color: var(--soft); }
.wide { overflow-x: auto; }
.heat { min-width: 560px; } .heat th, .heat td { overflow-wrap: normal; white-space: nowrap; }
.heat td, .heat thead th { text-align: center; padding: 5px 4px; } .heat tr > * { border: 1px solid var(--card) !important; }
.heat thead th:first-child { text-align: left; }
.heat td[style] { background: rgba(var(--heat-colour), var(--heat)); }
.matrix { table-layout: fixed; border-spacing: 4px; border-collapse: separate; }
.matrix tr > :first-child { width: 30px; padding: 4px; background: none; font-size: 18px; font-weight: 700; vertical-align: middle; }
.matrix td { text-align: left; border: 0 !important; border-radius: 6px; padding: 10px; background: rgba(var(--heat-colour), var(--heat)); }
.matrix small { color: var(--ink); } .matrix b { display: block; font-size: 15px; }
.list th[scope=row], .list .said { min-width: 5.5em; } .list td { white-space: nowrap; } .list td.said { white-space: normal; text-align: left; } .list thead th + th { text-align: right; }
.warn { border-left: 4px solid var(--orange); padding-left: 12px; margin: 14px 0; }
details { margin-top: 10px; font-size: 13px; } summary { color: var(--soft); cursor: pointer; width: max-content; }
.figures { margin-top: 8px; } .figures th, .figures td { white-space: nowrap; }
footer { margin-top: 28px; }
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #12161b; --card: #1b2128; --edge: #2f3842; --ink: #e8ecf0; --soft: #a3adb8; --grid: #2b333c;
    --blue: #5aa9dc; --sky: #a8d8f5; --orange: #f0b640; --heat-colour: 60, 145, 205; --up: #5fd3a8; --down: #ff9d5c;
  }
}
@media (max-width: 900px) { .tiles { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
@media (max-width: 700px) {
  main { padding: 20px 12px 32px; } .card { padding: 14px 12px; flex-basis: 100%; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); } .lead { font-size: 16px; }
  .bars th:first-child { width: 30%; } .bars td:nth-child(2) { width: 34%; }
  .minor { display: none; } .list td { white-space: normal; } .list td, .list th { padding-right: 5px; }
  .matrix td { padding: 8px 6px; font-size: 12px; } .matrix tr > :first-child { width: 22px; }
}
@page { size: A4; margin: 12mm; }
@media print {
  body { background: #fff; font-size: 12px; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main { max-width: none; padding: 0; } details { display: none; } .wide { overflow: visible; } .heat { min-width: 0; }
  .tiles { grid-template-columns: repeat(6, minmax(0, 1fr)); } .tile b { font-size: 18px; }
  .card, .tile, tr { break-inside: avoid; } h2 { break-after: avoid; }
}
$style$, '[[:space:]]*' || chr(10) || '[[:space:]]*', ' ', 'g')
$$;
-- workspace report: the same in ten rows for psql. Each is a query of topics/, whose $1 is the words; it gives a finding and advice.

-- First what may make all the rest wrong, last what there is nothing to say about.
CREATE FUNCTION _clientele.report_rank(topic text, place bigint, finding text, words jsonb) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN finding IS NULL THEN 100 + place
        WHEN topic = 'rows' AND words -> 'settings' ->> 'missed_since' IS NOT NULL THEN 0
        ELSE place END
$$;

CREATE FUNCTION loyalty_summary(workspace text DEFAULT 'loyalty', language text DEFAULT NULL) RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
ROWS 10
AS $$
DECLARE
    words CONSTANT jsonb := _clientele.report_words(workspace, language);
    topic record;
    said record;
    ranked jsonb := '[]';
BEGIN
    FOR topic IN
        SELECT t.name, t.place, q.query FROM unnest('{light,shares,pareto,growth,call,lost,nps,touchpoint,worth,rows}'::text[]) WITH ORDINALITY t(name, place)
        LEFT JOIN _clientele.report_queries(workspace, 'topics') q ON q.name = t.name
    LOOP
        SELECT NULL::text AS finding, NULL::text AS advice INTO said;
        IF topic.query IS NOT NULL THEN
            EXECUTE format('SELECT t.* FROM (VALUES (1)) one LEFT JOIN (%s) t(finding, advice) ON true', topic.query) INTO said USING words;
        END IF;
        ranked := ranked || jsonb_build_object('rank', _clientele.report_rank(topic.name, topic.place, said.finding, words), 'topic', _clientele.report_word(words, 'summary.' || topic.name),
            'finding', coalesce(said.finding, _clientele.report_word(words, 'summary.nothing')),
            'advice', CASE WHEN said.finding IS NULL THEN words ->> format('summary.%s.missing', topic.name) ELSE said.advice END);
    END LOOP;
    RETURN QUERY SELECT r.topic, r.finding, r.advice FROM jsonb_to_recordset(ranked) r(rank bigint, topic text, finding text, advice text) ORDER BY r.rank;
END
$$;
COMMENT ON FUNCTION loyalty_summary(text, text) IS
'What the report says, in ten rows: the light of the express test and why, one-time and regular customers, who carries 80 %, growth, whom to call, what is at stake with the lost, the Net Promoter Score and its change, the worst touchpoint, what some points of retention are worth, and rows that do not count. The most important first; last those that there is nothing to say about, with what would change that.
Arguments: workspace: name of the schema; language: en or ru, that of the settings unless given.
Result: rows of topic, finding and advice.
Errors: 22004 if workspace is NULL, 3F000 if it is not a workspace, 55000 between detach_orders() and upgrade_workspace(), 22P05 for a language whose letters the database does not have, 22023 for an unknown one, 42501 for who may not read the workspace.';
-- workspace: moving pending changes into what is stored, and comparing both with the orders

-- The statement that puts rows into what is stored: query is a FROM clause for them, with a WHERE or without.
CREATE FUNCTION _clientele.workspace_put_sql(workspace text, kept name, keys name[], query text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('INSERT INTO %1$I.%2$I AS d (%3$s) SELECT %3$s FROM %4$s ORDER BY %5$s ON CONFLICT (%5$s) DO UPDATE SET %6$s',
        workspace, kept, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), query,
        (SELECT string_agg(quote_ident(k), ', ' ORDER BY n) FROM unnest(keys) WITH ORDINALITY u(k, n)),
        string_agg(format('%1$I = excluded.%1$I', a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE NOT a.attname = ANY (keys)))
    FROM pg_attribute a
    WHERE a.attrelid = to_regclass(format('%I.%I', workspace, kept)) AND a.attnum > 0 AND NOT a.attisdropped
$$;

CREATE FUNCTION _clientele.workspace_check_kept(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM _clientele.workspace_enter(workspace, true);
    IF _clientele.workspace_known_storage(workspace) <> 'incremental' OR _clientele.workspace_keeping_function(workspace) IS NULL THEN
        RAISE EXCEPTION 'nothing is kept by triggers in workspace "%"', workspace
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'To have that attach the orders again with storage => ''incremental''.';
    END IF;
    PERFORM _clientele.workspace_lock_attached(workspace);
END
$$;

-- Looks up first orders that folds could not tell, and clears away what became empty. Beside it are those that pending changes have
-- moved since, which show as such until they are folded themselves.
CREATE FUNCTION _clientele.workspace_settle(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE _clientele.workspace_put_sql(workspace, 'first_orders_data', '{customer}', format(
        '(SELECT c.*, false AS is_unknown FROM %1$I.changed_first_orders c WHERE c.customer IN (SELECT d.customer FROM %1$I.first_orders_data d WHERE d.is_unknown)) h', workspace));
    EXECUTE format($dml$
        DELETE FROM %1$I.first_orders_data WHERE is_unknown;
        DELETE FROM %1$I.customer_preferences_data WHERE history OPERATOR(@extschema@.=) '{}'::@extschema@.purchase_history;
        UPDATE %1$I.fold_state SET folded_at = now()
        $dml$, workspace);
END
$$;

CREATE FUNCTION fold_workspace(workspace text DEFAULT 'loyalty') RETURNS bigint
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on'
SET jit = off
AS $$
DECLARE
    folded bigint := 0;
    part record;
    from_slot bigint;
BEGIN
    PERFORM _clientele.workspace_check_kept(workspace);
    PERFORM _clientele.workspace_lock_folds(workspace);
    FOR slot_group IN 0..15 LOOP
        from_slot := slot_group::bigint << 59;
        LOOP
            EXECUTE format('SELECT f.* FROM %I.fold_order_changes($1, 5000, false) f', workspace) INTO part USING from_slot;
            EXIT WHEN part.last_slot IS NULL;
            folded := folded + part.folded;
            from_slot := part.last_slot;
        END LOOP;
    END LOOP;
    PERFORM _clientele.workspace_settle(workspace);
    RETURN folded;
END
$$;
COMMENT ON FUNCTION fold_workspace(text) IS
'Moves pending changes of the orders into the stored histories of a workspace with incremental storage. What its views show is the same before and after, but is read faster. Neither writers nor readers wait. Writers fold by themselves a portion of what is pending beyond settings.fold_after, in proportion to what they write; this folds all, and looks up first orders that are not known since others were taken away.
Arguments: workspace: name of the schema.
Result: number of pending changes that were folded, one for each customer, source and category that a statement changed.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 55000 with other storage, 40001 in a REPEATABLE READ transaction that began before another fold ended.';

-- workspace: histories that triggers on the orders keep. What a writer changes is appended to order_changes, by customer;
-- views show what is stored and what is pending there as one; folds move pending changes into what is stored.
--
-- Locks are taken in this order: the workspace, its settings, the orders, folds, the relations of the workspace. Writers
-- hold the orders when they come to order_changes, so nobody may wait for the orders who has locked that. Readers hold
-- views when they come to the orders: who drops triggers locks views first.

-- A table with its partitions or children on every level, itself first.
CREATE FUNCTION _clientele.workspace_tree(orders regclass) RETURNS SETOF regclass
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    WITH RECURSIVE tree AS (
        SELECT $1::oid AS relation
        UNION
        SELECT i.inhrelid FROM tree t JOIN pg_inherits i ON i.inhparent = t.relation
    )
    SELECT t.relation::regclass FROM tree t
$$;

CREATE FUNCTION _clientele.workspace_check_keepable(orders regclass, columns name[]) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation record;
    reason text;
    computed name;
BEGIN
    PERFORM _clientele.workspace_check_isolation('attach_orders() with storage => ''incremental''');
    FOR relation IN
        SELECT c.oid::regclass AS name, c.oid <> orders AS below, c.relkind IN ('r', 'p') AS is_table, c.relpersistence = 'p' AS is_permanent,
            c.oid = orders AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid) AS has_parent,
            row_security_active(c.oid) AS is_filtered, EXISTS (SELECT FROM pg_subscription_rel r WHERE r.srrelid = c.oid) AS is_subscribed, has_table_privilege(c.oid, 'TRIGGER') AS allowed
        FROM _clientele.workspace_tree(orders) t JOIN pg_class c ON c.oid = t
    LOOP
        reason := CASE WHEN NOT relation.is_table THEN 'is no table' WHEN NOT relation.is_permanent THEN 'is unlogged or temporary'
            WHEN relation.has_parent THEN 'is part of another table, through which it can be written'
            WHEN relation.is_filtered THEN 'shows only some rows here, by row level security'
            WHEN relation.is_subscribed THEN 'is written by logical replication, which fires no triggers on statements' END;
        IF reason IS NOT NULL THEN
            RAISE EXCEPTION 'triggers cannot keep the histories of %: % %', orders, relation.name, reason
                USING ERRCODE = 'wrong_object_type', HINT = 'Attach with storage => ''materialized''.';
        ELSIF NOT relation.allowed THEN
            RAISE EXCEPTION 'permission denied to create triggers on %', relation.name
                USING ERRCODE = 'insufficient_privilege',
                    HINT = format('Its owner can run: GRANT TRIGGER ON %s TO %I;', relation.name, current_user);
        END IF;
        PERFORM _clientele.workspace_check_privileges(relation.name, columns);
    END LOOP;
    -- What a trigger is given of a column that is computed when it is read is NULL.
    SELECT a.attname INTO computed FROM pg_attribute a WHERE a.attrelid = orders AND a.attname = ANY (columns) AND a.attgenerated = 'v' LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'triggers cannot keep the histories of %: column "%" is generated when it is read, which they do not see', orders, computed
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach with storage => ''materialized'', or make the column STORED.';
    END IF;
END
$$;

CREATE FUNCTION _clientele.workspace_check_isolation(what text) RETURNS void
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Its snapshot may be older than the lock that keeps writers out.
    IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
        RAISE EXCEPTION '% cannot run in a % transaction', what, upper(current_setting('transaction_isolation') COLLATE "C")
            USING ERRCODE = 'active_sql_transaction', HINT = 'Run it in a READ COMMITTED transaction.';
    END IF;
END
$$;

-- What triggers keep, each in a table, as rows of that; current: the relation that shows it with what is pending; keys: the columns
-- that tell its rows apart; shown: those that are of interest.
CREATE FUNCTION _clientele.workspace_kept() RETURNS TABLE (kept name, current name, keys name[], shown name[])
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
        ('order_history_data'::name, 'order_history'::name, '{customer}'::name[], '{customer,history,profit_history,no_time,invalid_time,no_amount,invalid_amount,zero_amount}'::name[]),
        ('customer_preferences_data', 'current_preferences', '{customer,source,category}', '{customer,source,category,history}'),
        ('first_orders_data', 'first_orders', '{customer}', '{customer,day,source,category,amount}'),
        ('order_days_data', 'order_days', '{day,slot_group}', '{day,order_rows}')
$$;

-- What the orders say of it: the query that the table is made from, over views on the orders themselves.
CREATE FUNCTION _clientele.workspace_actual_sql(workspace text, kept name) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('WITH order_history AS (%s) %s', (
            SELECT _clientele.workspace_query(s.statements[1], workspace)
            FROM _clientele.workspace_wanted(_clientele.workspace_parts(workspace)) s
            WHERE s.relation = 'order_history'),
        _clientele.workspace_query(replace(s.statements[1], 'workspace.order_history', 'order_history'), workspace))
    FROM _clientele.workspace_files() f JOIN _clientele.workspace_statements() s ON s.place = f.place
    WHERE f.relation = kept
$$;

CREATE FUNCTION _clientele.workspace_kept_relations() RETURNS TABLE (relation name, folder text, place integer)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT f.relation, f.folder, f.place FROM _clientele.workspace_files() f WHERE f.belongs_to = 'incremental' AND f.folder <> 'functions'
$$;

-- While the data of a dump is restored, the triggers on the orders write all this anew: what the dump has of it must not come on top.
-- A restore with --disable-triggers switches both off. Functions of the extension say by a setting that it is them; who else may write
-- here is the owner's business, and could as well write with it.
CREATE FUNCTION _clientele.workspace_guard_kept(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    kept record;
BEGIN
    FOR kept IN SELECT k.relation, k.folder, format('%I.%I', workspace, k.relation)::regclass AS id FROM _clientele.workspace_kept_relations() k LOOP
        PERFORM _clientele.workspace_hide_data(kept.id);
        CONTINUE WHEN kept.folder <> 'tables';
        EXECUTE format('CREATE TRIGGER skip_others BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION _clientele.workspace_skip_row()', kept.id);
        EXECUTE format('ALTER TABLE %s REPLICA IDENTITY FULL', kept.id);
        EXECUTE format('ANALYZE %s', kept.id);
    END LOOP;
END
$$;

CREATE FUNCTION _clientele.workspace_skip_row() RETURNS trigger
AS 'MODULE_PATHNAME' LANGUAGE C;

CREATE FUNCTION _clientele.workspace_drop_kept(workspace text, cascade boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    kept record;
BEGIN
    FOR kept IN
        SELECT k.relation, CASE k.folder WHEN 'tables' THEN 'TABLE' ELSE 'VIEW' END AS kind
        FROM _clientele.workspace_kept_relations() k
        JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', workspace, k.relation)) AND c.relkind = CASE k.folder WHEN 'tables' THEN 'r' ELSE 'v' END::"char"
        ORDER BY k.folder DESC, k.place DESC
    LOOP
        EXECUTE format('DROP %s %I.%I %s', kept.kind, workspace, kept.relation, CASE WHEN cascade THEN 'CASCADE' ELSE 'RESTRICT' END);
    END LOOP;
END
$$;

-- Computes what triggers keep from then on, and lets the views read that. The triggers are there already, and keep writers waiting.
-- Texts of any length go into a hash index alone.
CREATE FUNCTION _clientele.workspace_keep(workspace text, orders _clientele.attached_relation, parts text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on'
AS $$
BEGIN
    PERFORM _clientele.workspace_make_all(workspace, '{tables}', parts || '{incremental}'::text[], 'incremental');
    EXECUTE format('CREATE INDEX ON %1$I.order_changes USING %2$s (customer)', workspace,
        CASE (SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = to_regclass(format('%I.order_changes', workspace)) AND a.attname = 'customer')
            WHEN 'text'::regtype THEN 'hash' ELSE 'btree' END);
    EXECUTE format('INSERT INTO %I.fold_state VALUES (true, $1, now())', workspace) USING orders.relation;
    PERFORM _clientele.workspace_make_all(workspace, '{functions,views}', parts || '{incremental}'::text[], 'incremental');
    PERFORM _clientele.workspace_describe(workspace, parts || '{incremental}'::text[]);
    PERFORM _clientele.workspace_guard_kept(workspace);
    PERFORM _clientele.workspace_create_keeping_function(workspace, _clientele.workspace_keeping_body(workspace, orders));
END
$$;
-- workspace: figures that are stored instead of read from the orders each time. A stored view is a plain view on a table of the
-- suffix _data, so that what stands on it never notices; a refresh runs the query of its file again and writes what has changed.

CREATE FUNCTION _clientele.workspace_data_name(view name) RETURNS name
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN (view || '_data')::name;

-- Of all that may be stored.
CREATE FUNCTION _clientele.workspace_data_names() RETURNS name[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT array_agg(_clientele.workspace_data_name(f.relation)) FROM _clientele.workspace_files() f WHERE f.variant IS NULL AND f.stored_by IS NOT NULL
$$;

-- What triggers keep has tables of the same names.
CREATE FUNCTION _clientele.workspace_is_stored(workspace text, view name) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM pg_class c WHERE c.oid = to_regclass(format('%I.%I', workspace, _clientele.workspace_data_name(view))) AND c.relkind = 'r')
        AND NOT _clientele.workspace_has(workspace, 'order_changes')
$$;

CREATE FUNCTION _clientele.workspace_stored(parts text[]) RETURNS SETOF _clientele.stored_view
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    WITH RECURSIVE wanted AS MATERIALIZED (
        SELECT w.*, f.stored_by, f.reads
        FROM _clientele.workspace_wanted(parts) w JOIN _clientele.workspace_files() f ON f.place = w.place
    ), source AS (
        SELECT w.place, r.name
        FROM wanted w CROSS JOIN LATERAL unnest(w.reads || CASE WHEN w.statements[1] LIKE '%now()%' THEN '{now}'::name[] END) r(name)
        WHERE w.stored_by IS NOT NULL
        UNION
        SELECT s.place, r.name
        FROM source s JOIN wanted w ON w.relation = s.name AND w.folder = 'views' AND w.stored_by IS NULL
        CROSS JOIN LATERAL unnest(w.reads) r(name)
    )
    SELECT w.place, w.relation::name, w.belongs_to, w.stored_by, w.statements[1],
        ARRAY(SELECT s.name FROM source s WHERE s.place = w.place AND s.name NOT IN (SELECT v.relation FROM wanted v WHERE v.folder = 'views' AND v.stored_by IS NULL))
    FROM wanted w
    WHERE w.stored_by IS NOT NULL
    ORDER BY w.place
$$;

-- Histories are stored once: another view of customers has them from order_history.
CREATE FUNCTION _clientele.workspace_store_view(workspace text, view name, keys name[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    data CONSTANT text := format('%I.%I', workspace, _clientele.workspace_data_name(view));
    relation CONSTANT regclass := format('%I.%I', workspace, view);
    shown CONSTANT name[] := ARRAY(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = relation AND a.attnum > 0 ORDER BY a.attnum);
    histories CONSTANT name[] := ARRAY(
        SELECT a.attname FROM pg_attribute a
        WHERE a.attrelid = relation AND a.attnum > 0 AND a.atttypid = '@extschema@.purchase_history'::regtype AND view <> 'order_history');
    key_list CONSTANT text := (SELECT string_agg(quote_ident(k), ', ' ORDER BY n) FROM unnest(keys) WITH ORDINALITY u(k, n));
    col record;
BEGIN
    -- In the order of its index, by which the views on it read: a customer's rows lie together.
    EXECUTE format('CREATE TABLE %s AS SELECT %s FROM %s v ORDER BY %s', data,
        (SELECT string_agg(format('v.%I', s), ', ' ORDER BY n) FROM unnest(shown) WITH ORDINALITY u(s, n) WHERE s <> ALL (histories)), relation, key_list);
    EXECUTE format('CREATE UNIQUE INDEX ON %s (%s) NULLS NOT DISTINCT', data, key_list);
    EXECUTE format('ALTER TABLE %s REPLICA IDENTITY FULL', data); -- or who publishes all tables could not refresh
    EXECUTE format('CREATE OR REPLACE VIEW %s AS SELECT %s FROM %s d', relation,
        (SELECT string_agg(format('%s.%I', CASE WHEN s = ANY (histories) THEN 'h' ELSE 'd' END, s), ', ' ORDER BY n) FROM unnest(shown) WITH ORDINALITY u(s, n)), data)
        || CASE WHEN histories <> '{}' THEN format(' LEFT JOIN %I.order_history h ON h.customer = d.customer', workspace) ELSE '' END;
    EXECUTE format('COMMENT ON TABLE %s IS %L', data, format('What the view %I shows: refresh_workspace() brings it up to date', view));
    FOR col IN
        SELECT a.attname AS name, d.description
        FROM pg_attribute a JOIN pg_description d ON d.objoid = a.attrelid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.attnum
        WHERE a.attrelid = relation AND a.attname <> ALL (histories)
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', data, col.name, col.description);
    END LOOP;
    PERFORM _clientele.workspace_hide_data(data);
    PERFORM _clientele.workspace_analyze_data(data);
END
$$;

-- Of histories, lists and bytes a plan asks nothing, and telling how often each occurs takes longest.
CREATE FUNCTION _clientele.workspace_analyze_data(data regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('ANALYZE %s (%s)', data, (
        SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
        FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = data AND a.attnum > 0 AND NOT a.attisdropped AND t.typcategory <> 'A' AND t.oid NOT IN ('@extschema@.purchase_history'::regtype, 'bytea'::regtype)));
END
$$;

-- Takes back what default privileges granted on what a view stores: readers have the view, and BI tools would show both.
CREATE FUNCTION _clientele.workspace_hide_data(data regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    reader oid;
BEGIN
    FOR reader IN SELECT DISTINCT a.grantee FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a WHERE c.oid = data AND a.grantee <> c.relowner LOOP
        EXECUTE format('REVOKE ALL ON %s FROM %s', data, CASE reader WHEN 0 THEN 'PUBLIC' ELSE reader::regrole::text END);
    END LOOP;
END
$$;

-- Those that are not stored yet. What orders are known again by comes first: what is written meanwhile is found at the next refresh.
CREATE FUNCTION _clientele.workspace_store(workspace text, parts text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    view record;
BEGIN
    FOR view IN SELECT s.relation, s.keys FROM _clientele.workspace_stored(parts) s ORDER BY s.relation <> 'order_digests', s.place LOOP
        IF NOT _clientele.workspace_is_stored(workspace, view.relation) THEN
            PERFORM _clientele.workspace_store_view(workspace, view.relation, view.keys);
        END IF;
    END LOOP;
END
$$;

-- What views do not read any more, and the views that are there with this storage alone.
CREATE FUNCTION _clientele.workspace_drop_stored(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    stored name;
BEGIN
    IF _clientele.workspace_known_storage(workspace) <> 'materialized' THEN
        FOR stored IN
            SELECT f.relation FROM _clientele.workspace_files() f
            WHERE f.variant IS NULL AND f.belongs_to = 'materialized' AND _clientele.workspace_has(workspace, f.relation)
            ORDER BY f.place DESC
        LOOP
            EXECUTE format('DROP VIEW %I.%I', workspace, stored);
        END LOOP;
    END IF;
    FOR stored IN
        SELECT f.relation FROM _clientele.workspace_files() f
        WHERE f.variant IS NULL AND f.stored_by IS NOT NULL AND _clientele.workspace_is_stored(workspace, f.relation) AND NOT EXISTS (
            SELECT FROM pg_rewrite r
            JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                AND d.refclassid = 'pg_class'::regclass AND d.refobjid = to_regclass(format('%I.%I', workspace, _clientele.workspace_data_name(f.relation)))
            WHERE r.ev_class = to_regclass(format('%I.%I', workspace, f.relation)))
        ORDER BY f.place DESC
    LOOP
        EXECUTE format('DROP TABLE %I.%I', workspace, _clientele.workspace_data_name(stored));
    END LOOP;
END
$$;

-- The query is run once, into a table of its own: what reads orders elsewhere, or in many shards, cannot be part of a statement that
-- writes. What comes from stored figures alone is another in every row when these change, as classes and shares compare all customers.
-- With a condition the query sees the orders of some customers alone, and their rows are written anew.
CREATE FUNCTION _clientele.workspace_refresh_view(workspace text, view _clientele.stored_view, compares boolean, condition text) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    data CONSTANT text := format('%I.%I', workspace, _clientele.workspace_data_name(view.relation));
    columns CONSTANT text := (
        SELECT string_agg(format('n.%I', a.attname), ', ' ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = data::regclass AND a.attnum > 0 AND NOT a.attisdropped);
    key_list CONSTANT text := (SELECT string_agg(format('n.%I', k), ', ' ORDER BY o) FROM unnest(view.keys) WITH ORDINALITY u(k, o));
    source CONSTANT text := _clientele.workspace_query(CASE WHEN condition IS NULL THEN view.source
        ELSE replace(view.source, 'workspace.order_rows', 'order_rows') END, workspace);
    is_changed boolean := true;
BEGIN
    EXECUTE 'CREATE TEMPORARY TABLE clientele_refreshed AS '
        || CASE WHEN condition IS NULL THEN '' ELSE format('WITH order_rows AS (SELECT n.* FROM %I.order_rows n WHERE %s) ', workspace, condition) END
        || format('SELECT %s FROM (%s) n', columns, source);
    IF compares AND condition IS NULL THEN
        is_changed := _clientele.workspace_write_changes(data, view.keys, key_list);
    ELSE
        EXECUTE format('DELETE FROM %s n WHERE %s', data, coalesce(condition, 'true'));
        EXECUTE format('INSERT INTO %s SELECT n.* FROM pg_temp.clientele_refreshed n ORDER BY %s', data, key_list);
    END IF;
    DROP TABLE pg_temp.clientele_refreshed;
    IF is_changed AND condition IS NULL THEN
        PERFORM _clientele.workspace_analyze_data(data);
    END IF;
    RETURN is_changed;
END
$$;

-- The condition on a row n, by its customer, that holds for those of whom any order is another than the last time: false where all are the
-- same, NULL where it may be that of so many that all is read. What it goes by is read before anything else, and kept: what comes in
-- between is found the next time.
CREATE FUNCTION _clientele.workspace_changed_customers(workspace text) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    before bytea;
    after bytea;
    changed integer[];
BEGIN
    EXECUTE format('SELECT d.digests FROM %I.order_digests d', workspace) INTO before;
    EXECUTE (
        SELECT format('SELECT d.digests FROM (%s) d', _clientele.workspace_query(s.source, workspace))
        FROM _clientele.workspace_stored('{materialized}') s WHERE s.relation = 'order_digests') INTO after;
    IF before IS DISTINCT FROM after THEN
        EXECUTE format('DELETE FROM %I.order_digests_data', workspace);
        EXECUTE format('INSERT INTO %I.order_digests_data VALUES (true, $1)', workspace) USING after;
    END IF;
    changed := _clientele.changed_buckets(before, after);
    RETURN CASE WHEN before IS NOT DISTINCT FROM after THEN 'false'
        WHEN cardinality(changed) < 10000 THEN format('_clientele.digest_bucket(ROW(n.customer)) = ANY (%L::integer[])', changed) END;
END
$$;

-- Leaves alone what is the same to the last bit, and tells whether anything is not. Keys are compared as texts, as they hold NULLs
-- equal; of these the planner knows nothing, and would sort both sides. What stays after the first statement is as it should be.
CREATE FUNCTION _clientele.workspace_write_changes(data text, keys name[], key_list text) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_mergejoin = off
SET enable_nestloop = off
AS $$
DECLARE
    same_keys CONSTANT text := (SELECT string_agg(format('coalesce(n.%1$I::text, '''') = coalesce(d.%1$I::text, '''')', k), ' AND ') FROM unnest(keys) k);
    gone bigint;
    are_as_many boolean;
BEGIN
    EXECUTE format('DELETE FROM %s d WHERE NOT EXISTS (SELECT FROM pg_temp.clientele_refreshed n WHERE %s AND n OPERATOR(pg_catalog.*=) d)', data, same_keys);
    GET DIAGNOSTICS gone = ROW_COUNT;
    EXECUTE format('SELECT (SELECT count(*) FROM %s) = (SELECT count(*) FROM pg_temp.clientele_refreshed)', data) INTO are_as_many;
    IF NOT are_as_many THEN
        EXECUTE format('INSERT INTO %1$s SELECT n.* FROM pg_temp.clientele_refreshed n WHERE NOT EXISTS (SELECT FROM %1$s d WHERE %2$s) ORDER BY %3$s', data, same_keys, key_list);
    END IF;
    RETURN gone > 0 OR NOT are_as_many;
END
$$;

-- When figures were brought up to date is another time each time, but none comes from it.
CREATE FUNCTION _clientele.workspace_reported(workspace text) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    reported jsonb;
BEGIN
    EXECUTE format('SELECT to_jsonb(r) - ''refreshed_at''::text FROM %I.reporting_date r', workspace) INTO reported;
    RETURN reported;
END
$$;

-- Runs the queries again that read what has changed, and those of what was never filled, as after restoring the schema alone. Where the
-- orders of some customers have changed and nothing else, what is read from them is read anew for these; settings are of all.
CREATE FUNCTION _clientele.workspace_refresh_stored(workspace text, views _clientele.stored_view[], changed name[], customers text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    stored CONSTANT name[] := ARRAY(SELECT v.relation FROM unnest(views) v);
    view _clientele.stored_view;
    is_empty boolean;
    reported jsonb;
    condition text;
BEGIN
    FOREACH view IN ARRAY views LOOP
        EXECUTE format('SELECT NOT EXISTS (SELECT FROM %I.%I)', workspace, _clientele.workspace_data_name(view.relation)) INTO is_empty;
        CONTINUE WHEN NOT (is_empty OR view.reads && changed);
        reported := _clientele.workspace_reported(workspace);
        condition := CASE WHEN NOT is_empty AND view.keys = '{customer}' AND view.reads <@ '{order_rows,order_history,applied_settings}' THEN customers END;
        IF _clientele.workspace_refresh_view(workspace, view, NOT view.reads <@ stored, condition)
            AND (view.relation <> 'reporting_date' OR _clientele.workspace_reported(workspace) IS DISTINCT FROM reported) THEN
            changed := changed || view.relation;
        END IF;
        IF view.relation = 'applied_settings' AND 'applied_settings' = ANY (changed) THEN
            changed := changed || '{order_rows}'::name[];
            customers := NULL;
        END IF;
    END LOOP;
END
$$;

-- What reads something attached, and does not belong to it.
CREATE FUNCTION _clientele.workspace_refresh_readers(workspace text, relation_role text) RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.workspace_refresh_stored(workspace, ARRAY(
            SELECT s FROM _clientele.workspace_stored(_clientele.workspace_parts(workspace)) s WHERE s.belongs_to IS DISTINCT FROM relation_role ORDER BY s.place),
        ARRAY(SELECT _clientele.workspace_adapter(a.role)
            FROM unnest(CASE relation_role WHEN 'customers' THEN '{customers,dimensions}' ELSE ARRAY[relation_role] END) a(role)), NULL)
$$;

CREATE FUNCTION _clientele.workspace_known_storage(workspace text) RETURNS text
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known text;
BEGIN
    IF EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass(format('%I.settings', workspace)) AND a.attname = 'storage') THEN
        EXECUTE format('SELECT s.storage FROM %I.settings s', workspace) INTO known;
    END IF;
    RETURN known;
END
$$;

-- Counting stops where the answer is known, and works for views and foreign tables, which have no statistics.
CREATE FUNCTION _clientele.workspace_many_rows(orders regclass) RETURNS boolean
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    many boolean;
BEGIN
    EXECUTE format('SELECT count(*) > 1000000 FROM (SELECT FROM %s LIMIT 1000001) o', orders) INTO many;
    RETURN many;
END
$$;

CREATE FUNCTION refresh_workspace(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    views _clientele.stored_view[];
    customers text;
BEGIN
    PERFORM _clientele.workspace_enter(workspace);
    IF _clientele.workspace_known_storage(workspace) = 'incremental' THEN
        RAISE EXCEPTION 'there is nothing to refresh in workspace "%": its figures follow the orders', workspace
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = format('fold_workspace(%1$L) makes reading cheaper, verify_workspace(%1$L) compares with the orders.', workspace);
    ELSIF NOT _clientele.workspace_is_stored(workspace, 'order_history') THEN
        RAISE EXCEPTION 'nothing is stored in workspace "%": its views read the orders', workspace
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'To store figures attach the orders again with storage => ''materialized''.';
    END IF;
    PERFORM _clientele.workspace_lock_attached(workspace);
    views := ARRAY(
        SELECT s FROM _clientele.workspace_stored(_clientele.workspace_parts(workspace)) s
        WHERE _clientele.workspace_is_stored(workspace, s.relation) AND s.relation <> 'order_digests'
        ORDER BY s.place);
    customers := _clientele.workspace_changed_customers(workspace);
    PERFORM _clientele.workspace_refresh_stored(workspace, views, ARRAY(
        SELECT r.name FROM unnest(views) v CROSS JOIN LATERAL unnest(v.reads) r(name)
        WHERE r.name <> 'order_rows' OR customers IS DISTINCT FROM 'false'
        EXCEPT SELECT v.relation FROM unnest(views) v), customers);
END
$$;
COMMENT ON FUNCTION refresh_workspace(text) IS
'Brings the stored figures of a workspace with materialized storage up to date with orders and settings, all of them in one transaction: the orders are read once to see whose have changed, those of these customers again, and what compares all customers is computed anew. Readers are not held up: until it commits they see what was there.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 55000 where nothing is stored.';
-- workspace: the triggers that keep histories. Their function runs with the rights of the workspace's owner and names
-- everything it reads and writes, so that a writer needs no right on the workspace, and gains none.

-- A writer of any isolation has to see these as they were when the triggers were made.
CREATE FUNCTION _clientele.workspace_fixed_rules(workspace text) RETURNS _clientele.order_rules
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    rules _clientele.order_rules;
BEGIN
    EXECUTE format('SELECT quote_literal(s.time_zone) || ''::text'', (s.zero_amounts = ''orders'')::text, (s.refunded_orders = ''orders'')::text FROM %I.settings s', workspace)
    INTO rules.time_zone, rules.counts_zero, rules.counts_refunded;
    RETURN rules;
END
$$;

-- The statement that appends what rows of orders change. One of one row takes longer to be set up than to be run: expressions stand
-- here once. A fold tells the first order of a customer by that of the orders added, and need not read the orders.
--
-- What is equal has the same slot, whatever it looks like. By customer first, so that those of one lie together, then by source and
-- category, so that one with many of these is not to be folded at once. What no index takes stays pending.
CREATE FUNCTION _clientele.workspace_append_sql(workspace text, orders _clientele.attached_relation, rules _clientele.order_rules, changed_rows text, is_added text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        INSERT INTO %9$I.order_changes (slot, customer, source, category, is_order, added, removed, added_profit, removed_profit,
            no_time, invalid_time, no_amount, invalid_amount, zero_amount, first_at, first_key, first_amount)
        SELECT CASE WHEN greatest(octet_length(o.customer::text), octet_length(o.source), octet_length(o.category)) > 800 THEN -1
                ELSE (coalesce(%1$s(o.customer) & 2147483647, 0)::bigint << 32) + (hashtext(concat_ws(' / ', o.source, o.category))::bigint & 4294967295) END,
            o.customer, o.source, o.category, o.is_order, CASE WHEN o.is_added THEN %2$s END, CASE WHEN NOT o.is_added THEN %2$s END,
            CASE WHEN o.is_added THEN %3$s END, CASE WHEN NOT o.is_added THEN %3$s END, %4$s,
            min(o.ordered_at) FILTER (WHERE o.place = 1), (array_agg(o.order_key) FILTER (WHERE o.place = 1))[1], min(o.kept_amount) FILTER (WHERE o.place = 1 AND o.left_out IS NULL)
        FROM (
            SELECT o.customer, o.source, o.category, o.has_origin AND o.is_order AS is_order, o.ordered_at, o.day, o.amount, o.kept_amount, o.profit, o.order_key,
                nullif(o.left_out, 'no_customer') AS left_out, o.is_added, %5$s AS place
            FROM (SELECT o.*, o.has_source OR o.has_category AS has_origin FROM (SELECT %6$s, %7$s AS is_added FROM %8$s OFFSET 0) o) o) o
        GROUP BY o.customer, o.source, o.category, o.is_order, o.is_added$query$,
        CASE (_clientele.workspace_role_column(orders, 'customer')).type
            WHEN 'smallint'::regtype THEN 'hashint2' WHEN 'integer'::regtype THEN 'hashint4' WHEN 'bigint'::regtype THEN 'hashint8'
            WHEN 'numeric'::regtype THEN 'hash_numeric' WHEN 'uuid'::regtype THEN 'uuid_hash' ELSE 'hashtext' END,
        format(f.history, 'amount'),
        CASE WHEN (orders).columns->>'profit' <> '' THEN format(f.history, 'profit') ELSE 'NULL::@extschema@.purchase_history' END,
        (SELECT string_agg(format('CASE WHEN o.is_added THEN 1 ELSE -1 END * nullif(count(*) FILTER (WHERE o.left_out = %L), 0)', r), ', ' ORDER BY n)
            FROM unnest('{no_time,invalid_time,no_amount,invalid_amount,zero_amount}'::text[]) WITH ORDINALITY u(r, n)),
        CASE WHEN is_added <> 'false' AND ((orders).columns->>'source' <> '' OR (orders).columns->>'category' <> '')
            THEN 'row_number() OVER (PARTITION BY o.customer, o.source, o.category, o.is_order, o.is_added ORDER BY nullif(o.left_out, ''no_customer'') NULLS FIRST, CASE WHEN nullif(o.left_out, ''no_customer'') IS NULL THEN o.day END, o.ordered_at, o.order_key, o.amount)'
            ELSE '0' END,
        _clientele.workspace_order_list_sql(orders, rules), is_added, changed_rows, workspace)
    FROM (SELECT '@extschema@.history_agg(o.day, o.%s) FILTER (WHERE o.left_out IS NULL)' AS history) f
$$;

-- Rows that came out as they went in are not of interest, whatever else of them changed. Texts stand beside, where types
-- such as citext hold different ones equal. Grouped, and not EXCEPT ALL: in a plan for few rows that never goes to disk.
CREATE FUNCTION _clientele.workspace_differing_rows_sql(orders _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('(SELECT %1$s, d.texts, sum(d.n) AS n FROM (SELECT %2$s, ARRAY[%4$s, %5$s], 1 FROM new_orders o UNION ALL SELECT %2$s, ARRAY[%4$s, %5$s], -1 FROM old_orders o) d(%6$s, texts, n)
            GROUP BY %1$s, d.texts HAVING sum(d.n) <> 0) d
            CROSS JOIN LATERAL (SELECT %3$s) o CROSS JOIN LATERAL (SELECT d.n > 0 AS is_added FROM generate_series(1, abs(d.n))) g',
        string_agg('d.c' || c.n, ', ' ORDER BY c.n), string_agg(format('o.%I', c.name), ', ' ORDER BY c.n), string_agg(format('d.c%s AS %I', c.n, c.name), ', ' ORDER BY c.n),
        _clientele.workspace_text_sql(_clientele.workspace_role_column(orders, 'source')), _clientele.workspace_text_sql(_clientele.workspace_role_column(orders, 'category')), string_agg('c' || c.n, ', ' ORDER BY c.n))
    FROM (SELECT x.name, row_number() OVER (ORDER BY x.name) AS n FROM (SELECT DISTINCT n AS name FROM unnest(_clientele.workspace_attached_names(orders)) n) x) c
$$;

CREATE FUNCTION _clientele.workspace_is_part(relation oid, root oid) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.workspace_type_kind(type oid) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.workspace_can_keep(workspace text, extension oid, relation oid, trigger_name name, columns text[], kinds text[]) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.workspace_fold_turn(wrote bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;

CREATE FUNCTION _clientele.workspace_random_slot() RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE FUNCTION _clientele.workspace_is_own(transaction bigint) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;

-- TRUNCATE fires the triggers of each part that has them; for one that was added since and has none that of the part above.
CREATE FUNCTION _clientele.workspace_truncated_parts(relation regclass, keeping regprocedure) RETURNS SETOF regclass
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    WITH RECURSIVE part AS (
        SELECT $1::oid AS relation
        UNION
        SELECT i.inhrelid
        FROM part p JOIN pg_inherits i ON i.inhparent = p.relation
        WHERE NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = i.inhrelid AND t.tgfoid = keeping AND t.tgtype & 32 > 0 AND t.tgenabled <> 'D')
            AND EXISTS (SELECT FROM pg_locks l WHERE l.pid = pg_backend_pid() AND l.relation = i.inhrelid AND l.mode = 'AccessExclusiveLock') -- not with ONLY
            AND i.inhparent = (SELECT min(j.inhparent) FROM pg_inherits j JOIN pg_locks l ON l.pid = pg_backend_pid() AND l.relation = j.inhparent AND l.mode = 'AccessExclusiveLock'
                WHERE j.inhrelid = i.inhrelid) -- one of several tells
    )
    SELECT c.oid::regclass FROM part p JOIN pg_class c ON c.oid = p.relation WHERE c.relkind = 'r'
$$;

CREATE FUNCTION _clientele.workspace_truncate_body(workspace text, orders _clientele.attached_relation, rules _clientele.order_rules) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    -- Its snapshot may not have all the rows that go.
    SELECT format($body$
        BEGIN
            PERFORM _clientele.workspace_check_isolation('TRUNCATE of orders whose histories are kept'::text);
            FOR part IN SELECT _clientele.workspace_truncated_parts(TG_RELID::regclass, %2$L::regprocedure) LOOP
                EXECUTE 'WITH old_orders AS (SELECT ' || %3$L || ' FROM ONLY ' || part::text || ' o) ' || %4$L;
            END LOOP;
        EXCEPTION WHEN OTHERS THEN
            RAISE WARNING 'workspace "%%" misses what TRUNCATE takes from %%: %%', %5$L, TG_RELID::regclass, SQLERRM
                USING ERRCODE = SQLSTATE, HINT = 'Afterwards: ' || %6$L;
            INSERT INTO %5$I.missed_changes VALUES (now(), TG_RELID::regclass);
        END;
        RETURN NULL;$body$, '@extschema@', format('%I.keep_order_history()', workspace),
        (SELECT string_agg(DISTINCT format('o.%I', n), ', ') FROM unnest(_clientele.workspace_attached_names(orders)) n),
        _clientele.workspace_append_sql(workspace, orders, rules, 'old_orders o', 'false'),
        workspace, format('SELECT verify_workspace(%L, repair => true)', workspace))
$$;

CREATE FUNCTION _clientele.workspace_keeping_body(workspace text, orders _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    -- Nothing is called and nothing read before it is known that the owner may, that this is the workspace and not another of
    -- its name, and that the rows are those of the orders, as they were: this has the rights of the workspace's owner.
    -- What a SERIALIZABLE writer does not read cannot make it fail, so it folds nothing.
    SELECT format($body$
DECLARE
    started CONSTANT timestamptz := clock_timestamp();
    can_keep boolean := false;
    home name;
    portion bigint;
    wrote bigint;
    part regclass;
BEGIN
    IF has_schema_privilege(to_regnamespace('_clientele')::oid, 'USAGE') IS NOT TRUE THEN
        RAISE WARNING 'workspace "%%" misses this change of %%: its owner, %%, may not use schema _clientele', %2$L, TG_RELID::regclass, current_user
            USING ERRCODE = 'insufficient_privilege', HINT = 'Grant it, and attach the orders again.';
    ELSIF has_function_privilege(to_regprocedure('_clientele.workspace_can_keep(text, oid, oid, name, text[], text[])')::oid, 'EXECUTE') IS NOT TRUE THEN
        RAISE WARNING 'workspace "%%" misses this change of %%: its owner, %%, may not call functions in schema _clientele', %2$L, TG_RELID::regclass, current_user
            USING ERRCODE = 'insufficient_privilege', HINT = 'Grant it, and attach the orders again.';
    ELSE
        can_keep := _clientele.workspace_can_keep(%2$L::text, coalesce(to_regnamespace(%1$L)::oid, 0::oid), TG_RELID, TG_NAME, %4$L::text[], %5$L::text[]);
    END IF;
    IF NOT can_keep THEN
        SELECT n.nspname INTO home FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE t.tgrelid = TG_RELID AND t.tgname = TG_NAME;
        EXECUTE format('INSERT INTO %%1$I.missed_changes SELECT now(), $1 WHERE NOT EXISTS (SELECT FROM %%1$I.missed_changes)', home) USING TG_RELID::regclass::text;
        RETURN NULL;
    ELSIF _clientele.workspace_is_part(TG_RELID, coalesce((SELECT f.orders::oid FROM %2$I.fold_state f), to_regclass(%3$L)::oid)) IS NOT TRUE THEN
        RAISE WARNING 'workspace "%%" does not keep the histories of %%, which is no part of its orders', %2$L, TG_RELID::regclass
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach the orders again, or drop the trigger.';
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN
        %6$s;
    ELSIF TG_OP = 'UPDATE' THEN
        %7$s;
    ELSIF TG_OP = 'DELETE' THEN
        %8$s;
    ELSE%9$s
    END IF;
    GET DIAGNOSTICS wrote = ROW_COUNT;
    portion := CASE WHEN wrote > 0 AND current_setting('transaction_isolation') <> 'serializable' THEN _clientele.workspace_fold_turn(wrote) ELSE 0 END;
    IF portion > 0 THEN
        BEGIN
            PERFORM %10$I.fold_some_changes(portion, pg_trigger_depth() > 1, clock_timestamp() + greatest(clock_timestamp() - started, '20 ms'));
        EXCEPTION
            WHEN lock_not_available OR serialization_failure THEN NULL; -- another one's turn
            WHEN OTHERS THEN
                RAISE WARNING 'pending changes of workspace "%%" could not be folded: %%', %2$L, SQLERRM
                    USING ERRCODE = SQLSTATE, HINT = 'Nothing is lost, but its views read slower as more is pending: see what fold_workspace() says.';
        END;
    END IF;
    RETURN NULL;
END
$body$, '@extschema@', workspace, (orders).relation,
        _clientele.workspace_attached_names(orders)::text[],
        (SELECT array_agg(_clientele.workspace_type_kind((_clientele.workspace_role_column(orders, r.role)).type) ORDER BY r."position")
            FROM _clientele.workspace_attached_roles() r WHERE r.relation_role = 'orders' AND (orders).columns->>r.role <> ''),
        _clientele.workspace_append_sql(workspace, orders, r, 'new_orders o', 'true'),
        _clientele.workspace_append_sql(workspace, orders, r, _clientele.workspace_differing_rows_sql(orders), 'g.is_added'),
        _clientele.workspace_append_sql(workspace, orders, r, 'old_orders o', 'false'),
        _clientele.workspace_truncate_body(workspace, orders, r), workspace)
    FROM _clientele.workspace_fixed_rules(workspace) r
$$;

-- By the number of fold_state, which names a workspace, and a group of customers.
CREATE FUNCTION _clientele.workspace_fold_key(state oid, slot_group integer) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN hashtextextended('clientele fold '::text || state::text, 0::bigint) # slot_group::bigint;

-- Waits for those who fold, and keeps others from it until the transaction ends.
CREATE FUNCTION _clientele.workspace_lock_folds(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    FOR slot_group IN 0..15 LOOP
        PERFORM pg_advisory_xact_lock(_clientele.workspace_fold_key(to_regclass(format('%I.fold_state', workspace))::oid, slot_group));
    END LOOP;
END
$$;

-- Nobody but the owner calls the functions that keep and fold, to whomever default privileges may have given that. Without the extension
-- they could only fail, and every writer with them.
CREATE FUNCTION _clientele.workspace_close_functions(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    function regprocedure;
    grantee oid;
BEGIN
    FOR function IN SELECT f FROM _clientele.workspace_keeping_functions(workspace) f LOOP
        FOR grantee IN
            SELECT DISTINCT a.grantee FROM pg_proc p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
            WHERE p.oid = function AND a.grantee <> p.proowner
        LOOP
            EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %s', function, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END || ' CASCADE');
        END LOOP;
        EXECUTE format('ALTER FUNCTION %s DEPENDS ON EXTENSION clientele', function);
    END LOOP;
END
$$;

-- Those that triggers call, and those that these call.
CREATE FUNCTION _clientele.workspace_keeping_functions(workspace text) RETURNS SETOF regprocedure
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT p.oid::regprocedure
    FROM pg_namespace n JOIN pg_proc p ON p.pronamespace = n.oid
    WHERE n.nspname = workspace AND (p.proname = 'keep_order_history'
        OR p.proname IN (SELECT f.relation FROM _clientele.workspace_files() f WHERE f.folder = 'functions' AND f.belongs_to = 'incremental'))
$$;

CREATE FUNCTION _clientele.workspace_create_keeping_function(workspace text, body text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- With row_security off a policy is an error at a TRUNCATE, and not somebody's function.
    EXECUTE format($ddl$
        CREATE OR REPLACE FUNCTION %1$I.keep_order_history() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET row_security = off
        AS %2$L;
        COMMENT ON FUNCTION %1$I.keep_order_history() IS 'Appends what changes in the orders to order_changes'
        $ddl$, workspace, body);
    PERFORM _clientele.workspace_close_functions(workspace);
END
$$;

CREATE FUNCTION _clientele.workspace_keeping_function(workspace text) RETURNS regprocedure
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT to_regprocedure(format('%I.keep_order_history()', workspace))
$$;

-- One name for a workspace and an event, so that none is there twice, whatever a restore made of the OIDs.
CREATE FUNCTION _clientele.workspace_trigger_name(workspace text, event text) RETURNS name
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN format('clientele_%s_%s', event, CASE WHEN octet_length(workspace) > 40 THEN md5(workspace) ELSE workspace END)::name;

CREATE FUNCTION _clientele.workspace_create_triggers(workspace text, orders regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted record;
BEGIN
    -- A statement fires the triggers of the table it names; TRUNCATE those of each part.
    FOR wanted IN
        SELECT t.relation, e.event, e.timing, e.tables
        FROM _clientele.workspace_tree(orders) WITH ORDINALITY t(relation, "position")
        CROSS JOIN (VALUES ('insert', 'AFTER', 'REFERENCING NEW TABLE AS new_orders'), ('delete', 'AFTER', 'REFERENCING OLD TABLE AS old_orders'),
            ('update', 'AFTER', 'REFERENCING OLD TABLE AS old_orders NEW TABLE AS new_orders'), ('truncate', 'BEFORE', '')) e(event, timing, tables)
        ORDER BY t."position", e.event
    LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I %s %s ON %s %s FOR EACH STATEMENT EXECUTE FUNCTION %I.keep_order_history()',
            _clientele.workspace_trigger_name(workspace, wanted.event), wanted.timing, wanted.event, wanted.relation, wanted.tables, workspace);
    END LOOP;
END
$$;

CREATE FUNCTION _clientele.workspace_place_triggers(workspace text, orders regclass, storage text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM _clientele.workspace_create_schema(workspace);
    PERFORM _clientele.workspace_lock_settings(workspace);
    IF storage <> 'incremental' OR EXISTS (
        SELECT FROM pg_trigger t
        WHERE t.tgfoid = _clientele.workspace_keeping_function(workspace)
            AND (t.tgrelid NOT IN (SELECT x FROM _clientele.workspace_tree(orders) x)
                OR t.tgname NOT IN (SELECT _clientele.workspace_trigger_name(workspace, e) FROM unnest('{insert,update,delete,truncate}'::text[]) e)))
    THEN
        PERFORM _clientele.workspace_stop_keeping(workspace);
    END IF;
    PERFORM _clientele.workspace_lock_relation(orders);
    IF storage = 'incremental' THEN
        IF _clientele.workspace_keeping_function(workspace) IS NULL THEN
            PERFORM _clientele.workspace_create_keeping_function(workspace, 'BEGIN RETURN NULL; END');
        END IF;
        PERFORM _clientele.workspace_lock_views(workspace); -- or writers would wait for readers
        PERFORM _clientele.workspace_create_triggers(workspace, orders);
    END IF;
END
$$;

-- The owner of the function may drop the triggers that call it, whoever owns the tables. The server looks for them before it waits
-- for the table, and gives up where they were switched off or on meanwhile.
CREATE FUNCTION _clientele.workspace_stop_keeping(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    tries integer := 5;
    function regprocedure;
BEGIN
    IF _clientele.workspace_keeping_function(workspace) IS NOT NULL THEN
        PERFORM _clientele.workspace_lock_views(workspace); -- readers hold these when they come to the orders
    END IF;
    WHILE _clientele.workspace_keeping_function(workspace) IS NOT NULL LOOP
        BEGIN
            EXECUTE format('DROP FUNCTION %I.keep_order_history() CASCADE', workspace);
        EXCEPTION WHEN internal_error THEN
            tries := tries - 1;
            IF tries = 0 THEN
                RAISE;
            END IF;
        END;
    END LOOP;
    FOR function IN SELECT f FROM _clientele.workspace_keeping_functions(workspace) f LOOP
        EXECUTE format('DROP FUNCTION %s', function);
    END LOOP;
END
$$;

CREATE FUNCTION _clientele.workspace_keep_anew(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on'
SET jit = off
AS $$
DECLARE
    orders CONSTANT _clientele.attached_relation := _clientele.workspace_attached_orders(workspace);
    kept record;
BEGIN
    PERFORM _clientele.workspace_check_isolation('a change of the time zone, the zero amounts or the refunded orders of kept histories');
    PERFORM _clientele.workspace_check_owner(workspace);
    PERFORM _clientele.workspace_lock_folds(workspace); -- or writers would wait for who folds
    PERFORM _clientele.workspace_create_triggers(workspace, orders.relation);
    EXECUTE format('DELETE FROM %1$I.order_changes; DELETE FROM %1$I.missed_changes', workspace);
    -- Not truncated: whoever reads meanwhile, with whatever snapshot, sees what was there.
    FOR kept IN SELECT format('%I.%I', workspace, k.kept) AS name, _clientele.workspace_actual_sql(workspace, k.kept) AS actual FROM _clientele.workspace_kept() k
    LOOP
        EXECUTE format('DELETE FROM %s', kept.name);
        EXECUTE format('INSERT INTO %s %s', kept.name, kept.actual);
    END LOOP;
    PERFORM _clientele.workspace_create_keeping_function(workspace, _clientele.workspace_keeping_body(workspace, orders));
END
$$;
-- workspace: comparing what triggers keep with the orders, and putting it right

CREATE FUNCTION _clientele.workspace_column_names_sql(columns name[], alias text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT string_agg(format('%s.%I', alias, c), ', ' ORDER BY n) FROM unnest(columns) WITH ORDINALITY u(c, n)
$$;

-- The rows in which what is shown and what the orders say differ, of two relations of which one has actual_ before its name.
CREATE FUNCTION _clientele.workspace_differing_sql(kept name, key name, shown name[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('(SELECT false AS is_actual, x.%4$I AS key, x AS row FROM (SELECT %1$s FROM %2$I h EXCEPT ALL SELECT %1$s FROM %3$I h) x
            UNION ALL SELECT true, x.%4$I, x FROM (SELECT %1$s FROM %3$I h EXCEPT ALL SELECT %1$s FROM %2$I h) x)',
        _clientele.workspace_column_names_sql(shown, 'h'), kept, 'actual_' || kept, key)
$$;

CREATE FUNCTION _clientele.workspace_differences_sql(kept name, keys name[], shown name[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- Whole rows are compared by type; only those that differ are taken apart.
    SELECT format($query$
    SELECT a.keys->>'customer' AS customer, %1$L || a.name || coalesce(' of ' || nullif((a.keys - 'customer')::text, '{}'), '') AS what,
        max(a.value) FILTER (WHERE NOT a.is_actual) AS stored, max(a.value) FILTER (WHERE a.is_actual) AS actual
    FROM (
        SELECT r.is_actual, v.key AS name, v.value, to_jsonb(r.row) - ARRAY(SELECT jsonb_object_keys(to_jsonb(r.row)) EXCEPT SELECT unnest(%3$L::text[])) AS keys
        FROM %2$s r
        CROSS JOIN LATERAL jsonb_each_text(to_jsonb(r.row)) v
        WHERE NOT v.key = ANY (%3$L)) a
    GROUP BY a.keys, a.name
    HAVING max(a.value) FILTER (WHERE NOT a.is_actual) IS DISTINCT FROM max(a.value) FILTER (WHERE a.is_actual)$query$,
        regexp_replace(kept, '_data$', '') || '.', _clientele.workspace_differing_sql(kept, keys[1], shown), keys)
$$;

-- Put right is what is stored for the customers of the relation wrong, and for orders without one; days belong to none.
CREATE FUNCTION _clientele.workspace_repair_sql(workspace text, kept name, keys name[]) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(E',\n%1$I AS (%2$s),\n%3$I AS (DELETE FROM %4$I.%5$I d WHERE %6$s NOT EXISTS (SELECT FROM %7$I h WHERE h.%8$I = d.%8$I AND %9$s))',
            'put_' || kept, _clientele.workspace_put_sql(workspace, kept, keys, format('%I h WHERE %s', 'actual_' || kept,
                CASE WHEN c.by_customer THEN 'h.customer IS NULL OR h.customer IN (SELECT w.customer FROM wrong w)' ELSE 'true' END)),
            'gone_' || kept, workspace, kept, CASE WHEN c.by_customer THEN 'd.customer IN (SELECT w.customer FROM wrong w) AND' ELSE '' END, 'actual_' || kept, keys[1],
            coalesce((SELECT string_agg(format('h.%1$I IS NOT DISTINCT FROM d.%1$I', k), ' AND ') FROM unnest(keys[2:]) k), 'true'))
        || CASE WHEN c.by_customer THEN format(E',\n%1$I AS (DELETE FROM %2$I.%3$I d WHERE d.customer IS NULL AND NOT EXISTS (SELECT FROM %4$I h WHERE h.customer IS NULL))',
            'nobody_' || kept, workspace, kept, 'actual_' || kept) ELSE '' END
    FROM (SELECT keys[1] = 'customer' AS by_customer) c
$$;

-- A repair leaves nothing pending that it saw, and puts in place what the orders say of everybody concerned.
CREATE FUNCTION _clientele.workspace_verify_sql(workspace text, repair boolean) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('WITH %s%s SELECT * FROM (%s) d ORDER BY what, customer',
        string_agg(format(E'%I AS MATERIALIZED (SELECT %s FROM %I.%I h),\n%I AS MATERIALIZED (%s)', k.kept, _clientele.workspace_column_names_sql(k.shown, 'h'), workspace, k.current,
            'actual_' || k.kept, _clientele.workspace_actual_sql(workspace, k.kept)), E',\n'),
        CASE WHEN repair THEN
            format(E',\nchange AS (DELETE FROM %I.order_changes RETURNING customer),\nmissed AS (DELETE FROM %1$I.missed_changes),\nwrong AS MATERIALIZED (SELECT c.customer FROM change c%s)',
                workspace, string_agg(CASE WHEN k.keys[1] = 'customer' THEN
                    format(' UNION SELECT r.key FROM %s r', _clientele.workspace_differing_sql(k.kept, k.keys[1], k.shown)) END, ''))
            || string_agg(_clientele.workspace_repair_sql(workspace, k.kept, k.keys), '') END,
        string_agg(_clientele.workspace_differences_sql(k.kept, k.keys, k.shown), E'\n    UNION ALL'))
    FROM _clientele.workspace_kept() k
$$;

-- What the orders do not show of themselves: where triggers are missing or too many, and what they have missed.
CREATE FUNCTION _clientele.workspace_verify_triggers(workspace text, orders regclass) RETURNS SETOF @extschema@.history_difference
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    keeping CONSTANT regprocedure := _clientele.workspace_keeping_function(workspace);
BEGIN
    RETURN QUERY
        SELECT NULL, 'triggers', format(CASE WHEN t.disabled IS NULL THEN 'none on %s' ELSE 'disabled on %s' END, t.part), 'attach the orders again to have them'
        FROM (
            SELECT p AS part, bool_or(x.tgenabled = 'D') AS disabled, count(*) FILTER (WHERE x.tgenabled <> 'D') AS enabled
            FROM _clientele.workspace_tree(orders) p
            LEFT JOIN pg_trigger x ON x.tgrelid = p AND x.tgfoid = keeping
            GROUP BY p) t
        WHERE t.enabled < 4;
    RETURN QUERY
        SELECT DISTINCT NULL, 'triggers', format('on %s', x.tgrelid::regclass), 'no part of the orders: attach them again before it is written to'
        FROM pg_trigger x
        WHERE x.tgfoid = keeping AND x.tgrelid NOT IN (SELECT t FROM _clientele.workspace_tree(orders) t);
    RETURN QUERY
        SELECT NULL, 'triggers', format('%s is unlogged', c.oid::regclass), 'after a crash it is empty: verify then with repair, or make it LOGGED'
        FROM _clientele.workspace_tree(orders) t JOIN pg_class c ON c.oid = t WHERE c.relpersistence = 'u';
END
$$;

CREATE FUNCTION verify_workspace(workspace text DEFAULT 'loyalty', repair boolean DEFAULT false) RETURNS SETOF history_difference
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on'
SET jit = off
AS $$
DECLARE
    orders _clientele.attached_relation;
BEGIN
    PERFORM _clientele.workspace_check_kept(workspace);
    orders := _clientele.workspace_attached_orders(workspace);
    IF repair THEN
        PERFORM _clientele.workspace_lock_folds(workspace);
    END IF;
    RETURN QUERY EXECUTE format('SELECT NULL, ''missed'', ''changes of '' || string_agg(DISTINCT m.relation, '', ''), ''since '' || min(m.missed_at) FROM %I.missed_changes m HAVING count(*) > 0', workspace);
    RETURN QUERY EXECUTE _clientele.workspace_verify_sql(workspace, repair);
    RETURN QUERY SELECT t.* FROM _clientele.workspace_verify_triggers(workspace, orders.relation) t;
END
$$;
COMMENT ON FUNCTION verify_workspace(text, boolean) IS
'Compares what triggers keep in a workspace with incremental storage with the orders, read as a whole, and puts it right if told to. Writers do not wait: both sides are of one moment.
Arguments: workspace: name of the schema; repair: whether to put right what differs, which folds what is pending as well.
Result: rows of customer, what, stored and actual, as they were before a repair; none where all agrees. Rows of the kind triggers tell of partitions that were added since, which attach_orders() gives its triggers, or taken away, whose triggers it drops.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 55000 with other storage.';
