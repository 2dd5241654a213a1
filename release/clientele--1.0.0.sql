\echo Use "CREATE EXTENSION clientele" to load this file. \quit
-- core: periods, money, shares with intervals

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
-- nps: the Net Promoter Score

-- The type

CREATE TYPE nps;

CREATE FUNCTION nps_in(cstring) RETURNS nps
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION nps_out(nps) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION nps_recv(internal) RETURNS nps
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION nps_send(nps) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE nps (
    INPUT = nps_in,
    OUTPUT = nps_out,
    RECEIVE = nps_recv,
    SEND = nps_send,
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

-- Operators: sums and differences, equality for DISTINCT and GROUP BY

CREATE FUNCTION nps_add(nps, nps) RETURNS nps
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_add(nps, nps) IS
'The operator +: the answers of both, added group by group.
Errors: 22003 for a total past 64 bits.';

CREATE FUNCTION nps_subtract(nps, nps) RETURNS nps
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_subtract(nps, nps) IS
'The operator -: the answers of the first without those of the second, which must be among them.
Errors: 22023 where a count would become negative.';

CREATE FUNCTION nps_eq(nps, nps) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION nps_ne(nps, nps) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION nps_hash(nps) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION nps_hash_extended(nps, bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR + (
    LEFTARG = nps, RIGHTARG = nps, FUNCTION = nps_add,
    COMMUTATOR = +
);

CREATE OPERATOR - (
    LEFTARG = nps, RIGHTARG = nps, FUNCTION = nps_subtract
);

CREATE OPERATOR = (
    LEFTARG = nps, RIGHTARG = nps, FUNCTION = nps_eq,
    COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);

CREATE OPERATOR <> (
    LEFTARG = nps, RIGHTARG = nps, FUNCTION = nps_ne,
    COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);

CREATE OPERATOR CLASS nps_hash_ops DEFAULT FOR TYPE nps USING hash AS
    OPERATOR 1 =,
    FUNCTION 1 nps_hash(nps),
    FUNCTION 2 nps_hash_extended(nps, bigint);

-- The order of scores, those without answers last; equal scores by their counts.

CREATE FUNCTION nps_lt(nps, nps) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION nps_le(nps, nps) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION nps_gt(nps, nps) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION nps_ge(nps, nps) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION nps_cmp(nps, nps) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR < (
    LEFTARG = nps, RIGHTARG = nps, FUNCTION = nps_lt,
    COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR <= (
    LEFTARG = nps, RIGHTARG = nps, FUNCTION = nps_le,
    COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR > (
    LEFTARG = nps, RIGHTARG = nps, FUNCTION = nps_gt,
    COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR >= (
    LEFTARG = nps, RIGHTARG = nps, FUNCTION = nps_ge,
    COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
CREATE OPERATOR CLASS nps_ops DEFAULT FOR TYPE nps USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 nps_cmp(nps, nps);

CREATE FUNCTION nps_to_jsonb(nps) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_to_jsonb(nps) IS
'The cast to jsonb: the counts by name, such as {"promoters": 50, "passives": 30, "detractors": 20}.';

CREATE CAST (nps AS jsonb) WITH FUNCTION nps_to_jsonb(nps);

-- Counting answers: nps_agg(score) and nps_agg(score, answers), for each type of score

CREATE FUNCTION nps_combine(nps, nps) RETURNS nps
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION nps_combine_inv(nps, nps) RETURNS nps
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

CREATE FUNCTION nps_accum(nps, %1$s) RETURNS nps
AS 'MODULE_PATHNAME', 'nps_accum_%2$s' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION nps_accum_inv(nps, %1$s) RETURNS nps
AS 'MODULE_PATHNAME', 'nps_accum_%2$s_inv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION nps_accum(nps, %1$s, bigint) RETURNS nps
AS 'MODULE_PATHNAME', 'nps_accum_answers_%2$s' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION nps_accum_inv(nps, %1$s, bigint) RETURNS nps
AS 'MODULE_PATHNAME', 'nps_accum_answers_%2$s_inv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE AGGREGATE nps_agg(score %1$s) (
    STYPE = nps, SFUNC = nps_accum, INITCOND = '(0,0,0)', COMBINEFUNC = nps_combine,
    MSTYPE = nps, MSFUNC = nps_accum, MINVFUNC = nps_accum_inv, MINITCOND = '(0,0,0)',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_agg(%1$s) IS
'Counts answers to "How likely are you to recommend us?" by promoters (9 and above), passives (7 and above) and detractors.
Arguments: score: 0..10; rows without one are skipped.
Result: nps, never NULL: (0,0,0) without answers.
Errors: 22003 for a score outside 0..10 or NaN.
Source: Reichheld, The one number you need to grow, Harvard Business Review 81/12 (2003).';

CREATE AGGREGATE nps_agg(score %1$s, answers bigint) (
    STYPE = nps, SFUNC = nps_accum, INITCOND = '(0,0,0)', COMBINEFUNC = nps_combine,
    MSTYPE = nps, MSFUNC = nps_accum, MINVFUNC = nps_accum_inv, MINITCOND = '(0,0,0)',
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
    STYPE = nps, SFUNC = nps_combine, INITCOND = '(0,0,0)', COMBINEFUNC = nps_combine,
    MSTYPE = nps, MSFUNC = nps_combine, MINVFUNC = nps_combine_inv, MINITCOND = '(0,0,0)',
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
-- rating: other scales, for customer satisfaction and customer effort

-- The type

CREATE TYPE rating_distribution;

CREATE FUNCTION rating_distribution_in(cstring) RETURNS rating_distribution
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION rating_distribution_out(rating_distribution) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION rating_distribution_recv(internal) RETURNS rating_distribution
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION rating_distribution_send(rating_distribution) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE rating_distribution (
    INPUT = rating_distribution_in,
    OUTPUT = rating_distribution_out,
    RECEIVE = rating_distribution_recv,
    SEND = rating_distribution_send,
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

-- Operators: sums and differences, equality for DISTINCT and GROUP BY

CREATE FUNCTION rating_distribution_add(rating_distribution, rating_distribution)
RETURNS rating_distribution
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rating_distribution_add(rating_distribution, rating_distribution) IS
'The operator +: the ratings of both, added level by level.
Errors: 22023 for different scales, 22003 for a total past 64 bits.';

CREATE FUNCTION rating_distribution_subtract(rating_distribution, rating_distribution)
RETURNS rating_distribution
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rating_distribution_subtract(rating_distribution, rating_distribution) IS
'The operator -: the ratings of the first without those of the second, which must be among them.
Errors: 22023 for different scales and where a count would become negative.';

CREATE FUNCTION rating_distribution_eq(rating_distribution, rating_distribution) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION rating_distribution_ne(rating_distribution, rating_distribution) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION rating_distribution_hash(rating_distribution) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION rating_distribution_hash_extended(rating_distribution, bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR + (
    LEFTARG = rating_distribution, RIGHTARG = rating_distribution,
    FUNCTION = rating_distribution_add, COMMUTATOR = +
);

CREATE OPERATOR - (
    LEFTARG = rating_distribution, RIGHTARG = rating_distribution,
    FUNCTION = rating_distribution_subtract
);

CREATE OPERATOR = (
    LEFTARG = rating_distribution, RIGHTARG = rating_distribution,
    FUNCTION = rating_distribution_eq,
    COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);

CREATE OPERATOR <> (
    LEFTARG = rating_distribution, RIGHTARG = rating_distribution,
    FUNCTION = rating_distribution_ne,
    COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);

CREATE OPERATOR CLASS rating_distribution_hash_ops DEFAULT FOR TYPE rating_distribution USING hash AS
    OPERATOR 1 =,
    FUNCTION 1 rating_distribution_hash(rating_distribution),
    FUNCTION 2 rating_distribution_hash_extended(rating_distribution, bigint);

-- An order of scales and counts, which lets distributions be grouped and told apart by sorting too.

CREATE FUNCTION rating_distribution_lt(rating_distribution, rating_distribution) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION rating_distribution_le(rating_distribution, rating_distribution) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION rating_distribution_gt(rating_distribution, rating_distribution) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION rating_distribution_ge(rating_distribution, rating_distribution) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION rating_distribution_cmp(rating_distribution, rating_distribution) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR < (
    LEFTARG = rating_distribution, RIGHTARG = rating_distribution, FUNCTION = rating_distribution_lt,
    COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR <= (
    LEFTARG = rating_distribution, RIGHTARG = rating_distribution, FUNCTION = rating_distribution_le,
    COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR > (
    LEFTARG = rating_distribution, RIGHTARG = rating_distribution, FUNCTION = rating_distribution_gt,
    COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR >= (
    LEFTARG = rating_distribution, RIGHTARG = rating_distribution, FUNCTION = rating_distribution_ge,
    COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
CREATE OPERATOR CLASS rating_distribution_ops DEFAULT FOR TYPE rating_distribution USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 rating_distribution_cmp(rating_distribution, rating_distribution);

CREATE FUNCTION rating_distribution_to_jsonb(rating_distribution) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rating_distribution_to_jsonb(rating_distribution) IS
'The cast to jsonb: scale and counts by name, such as {"lowest": 1, "highest": 5, "counts": [3, 0, 2, 10, 7]}.';

CREATE CAST (rating_distribution AS jsonb)
WITH FUNCTION rating_distribution_to_jsonb(rating_distribution);

-- Counting ratings: rating_agg(rating, lowest, highest) and rating_agg(rating, lowest, highest,
-- answers), for each type of rating

CREATE FUNCTION rating_combine(rating_distribution, rating_distribution)
RETURNS rating_distribution
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION rating_combine_inv(rating_distribution, rating_distribution)
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

CREATE FUNCTION rating_accum(rating_distribution, %1$s, integer, integer)
RETURNS rating_distribution
AS 'MODULE_PATHNAME', 'rating_accum_%2$s' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION rating_accum_inv(rating_distribution, %1$s, integer, integer)
RETURNS rating_distribution
AS 'MODULE_PATHNAME', 'rating_accum_%2$s_inv' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION rating_accum(rating_distribution, %1$s, integer, integer, bigint)
RETURNS rating_distribution
AS 'MODULE_PATHNAME', 'rating_accum_answers_%2$s' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION rating_accum_inv(rating_distribution, %1$s, integer, integer, bigint)
RETURNS rating_distribution
AS 'MODULE_PATHNAME', 'rating_accum_answers_%2$s_inv' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE rating_agg(rating %1$s, lowest integer, highest integer) (
    STYPE = rating_distribution, SFUNC = rating_accum, COMBINEFUNC = rating_combine,
    MSTYPE = rating_distribution, MSFUNC = rating_accum, MINVFUNC = rating_accum_inv,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE rating_agg(%1$s, integer, integer) IS
'Counts ratings by level.
Arguments: rating: a whole number on the scale, NULLs are skipped; lowest, highest: the ends of the scale, the same in all rows.
Result: rating_distribution, empty where all ratings are NULL; NULL without rows.
Errors: 22003 for a rating that is fractional, NaN or outside the scale, 22023 for a scale that is none or differs between rows.';

CREATE AGGREGATE rating_agg(rating %1$s, lowest integer, highest integer, answers bigint) (
    STYPE = rating_distribution, SFUNC = rating_accum, COMBINEFUNC = rating_combine,
    MSTYPE = rating_distribution, MSFUNC = rating_accum, MINVFUNC = rating_accum_inv,
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
    STYPE = rating_distribution, SFUNC = rating_combine, COMBINEFUNC = rating_combine,
    MSTYPE = rating_distribution, MSFUNC = rating_combine, MINVFUNC = rating_combine_inv,
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
-- history: one customer's orders as one value

CREATE TYPE purchase_history;

CREATE FUNCTION purchase_history_in(cstring) RETURNS purchase_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION purchase_history_out(purchase_history) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION purchase_history_recv(internal) RETURNS purchase_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION purchase_history_send(purchase_history) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE purchase_history (
    INPUT = purchase_history_in,
    OUTPUT = purchase_history_out,
    RECEIVE = purchase_history_recv,
    SEND = purchase_history_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = extended
);
COMMENT ON TYPE purchase_history IS
'One customer''s orders, folded into days: for every day the number of orders (rows with an amount of zero or more), the number of returns (rows with a negative amount) and the amount, exact to four decimals. Text form: {2025-01-03:12.5,2025-02-01:7.25/2,2025-03-01:-5/0/1}, a day with its amount and, where they are not 1 and 0, its orders and returns. Made by history_agg().
Errors: 22P02 for another text, 22P03 for another binary form, 54000 past 22 million days.';

CREATE FUNCTION purchase_history_to_jsonb(purchase_history) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION purchase_history_to_jsonb(purchase_history) IS
'The cast to jsonb: an array with an object of day, orders, returns and amount for each day.
Errors: 54000 past 4 million names and values, those of 500,000 days.';
CREATE CAST (purchase_history AS jsonb) WITH FUNCTION purchase_history_to_jsonb(purchase_history);

-- operators

CREATE FUNCTION purchase_history_eq(purchase_history, purchase_history) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION purchase_history_ne(purchase_history, purchase_history) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION purchase_history_hash(purchase_history) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION purchase_history_hash_extended(purchase_history, bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR = (
    LEFTARG = purchase_history, RIGHTARG = purchase_history, FUNCTION = purchase_history_eq,
    COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR <> (
    LEFTARG = purchase_history, RIGHTARG = purchase_history, FUNCTION = purchase_history_ne,
    COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR CLASS purchase_history_hash_ops DEFAULT FOR TYPE purchase_history USING hash AS
    OPERATOR 1 =,
    FUNCTION 1 purchase_history_hash(purchase_history),
    FUNCTION 2 purchase_history_hash_extended(purchase_history, bigint);

-- An order of bytes, which lets histories be grouped and told apart by sorting too.

CREATE FUNCTION purchase_history_lt(purchase_history, purchase_history) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION purchase_history_le(purchase_history, purchase_history) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION purchase_history_gt(purchase_history, purchase_history) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION purchase_history_ge(purchase_history, purchase_history) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION purchase_history_cmp(purchase_history, purchase_history) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR < (
    LEFTARG = purchase_history, RIGHTARG = purchase_history, FUNCTION = purchase_history_lt,
    COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR <= (
    LEFTARG = purchase_history, RIGHTARG = purchase_history, FUNCTION = purchase_history_le,
    COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR > (
    LEFTARG = purchase_history, RIGHTARG = purchase_history, FUNCTION = purchase_history_gt,
    COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR >= (
    LEFTARG = purchase_history, RIGHTARG = purchase_history, FUNCTION = purchase_history_ge,
    COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
CREATE OPERATOR CLASS purchase_history_ops DEFAULT FOR TYPE purchase_history USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 purchase_history_cmp(purchase_history, purchase_history);

CREATE FUNCTION purchase_history_add(purchase_history, purchase_history) RETURNS purchase_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION purchase_history_add(purchase_history, purchase_history) IS
'The operator +: the purchases of both, exactly.
Errors: 22003 where a day would pass 2^63 orders or an amount of 10^26.';
CREATE OPERATOR + (
    LEFTARG = purchase_history, RIGHTARG = purchase_history, FUNCTION = purchase_history_add,
    COMMUTATOR = +
);

CREATE FUNCTION purchase_history_subtract(purchase_history, purchase_history) RETURNS purchase_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION purchase_history_subtract(purchase_history, purchase_history) IS
'The operator -: the first without the purchases of the second, which must be among them.
Errors: 22023 where a day''s counts or amount are not there to remove.';
CREATE OPERATOR - (
    LEFTARG = purchase_history, RIGHTARG = purchase_history, FUNCTION = purchase_history_subtract
);

CREATE FUNCTION history_less(history purchase_history, removed purchase_history) RETURNS purchase_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION history_less(purchase_history, purchase_history) IS
'The first without the purchases of the second, like the operator -, for where an error would not do: what is not there to remove is left out.
Arguments: history; removed: what to take off.
Result: purchase_history: no count falls below 0, a day without rows is gone with its amount, and where the amount left does not fit the counts it is the nearest that does.';

-- aggregates

CREATE FUNCTION purchase_history_combine(purchase_history, purchase_history) RETURNS purchase_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION purchase_history_final(purchase_history) RETURNS purchase_history
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE rollup(purchase_history) (
    SFUNC = purchase_history_combine,
    STYPE = purchase_history,
    SSPACE = 256,
    FINALFUNC = purchase_history_final,
    COMBINEFUNC = purchase_history_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(purchase_history) IS
'The sum of purchase histories: that of a segment, a shop, a customer stored in parts. Exactly the history of all their rows.
Result: purchase_history; NULLs are skipped, nothing gives {}.
Errors: 22003 where a day would pass 2^63 orders or an amount of 10^26; 54000 past 512 MB.';

-- A final function too raises, so that the refusal does not wait for a first row.
CREATE FUNCTION history_agg_time_zone_refused(purchase_history) RETURNS purchase_history
AS 'MODULE_PATHNAME', 'time_zone_refused' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION history_agg_time_zone_required(purchase_history) RETURNS purchase_history
AS 'MODULE_PATHNAME', 'time_zone_required' LANGUAGE C IMMUTABLE PARALLEL SAFE;

-- history_agg for each type of order time and of amount. timestamptz needs a time zone; date and
-- timestamp have none, and would be cast silently through the session's if these forms were missing.
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
        FOREACH time_type IN ARRAY ARRAY['date', 'timestamp'] LOOP
            EXECUTE pg_catalog.format(
                'CREATE FUNCTION history_agg_transition(purchase_history, %1$s, %2$s) RETURNS purchase_history
                 AS ''MODULE_PATHNAME'', ''history_agg_%1$s_%3$s'' LANGUAGE C IMMUTABLE PARALLEL SAFE',
                time_type, amount[1], amount[2]);
            EXECUTE pg_catalog.format(
                'CREATE AGGREGATE history_agg(at %1$s, amount %2$s) (
                     SFUNC = history_agg_transition, STYPE = purchase_history, SSPACE = 128,
                     FINALFUNC = purchase_history_final, COMBINEFUNC = purchase_history_combine, PARALLEL = SAFE)',
                time_type, amount[1]);
            EXECUTE pg_catalog.format('COMMENT ON AGGREGATE history_agg(%s, %s) IS %L',
                time_type, amount[1], pg_catalog.format(described, '', ''));

            EXECUTE pg_catalog.format(
                'CREATE FUNCTION history_agg_transition(purchase_history, %1$s, %2$s, text) RETURNS purchase_history
                 AS ''MODULE_PATHNAME'', ''time_zone_refused'' LANGUAGE C IMMUTABLE PARALLEL SAFE',
                time_type, amount[1]);
            EXECUTE pg_catalog.format(
                'CREATE AGGREGATE history_agg(at %1$s, amount %2$s, time_zone text) (
                     SFUNC = history_agg_transition, STYPE = purchase_history,
                     FINALFUNC = history_agg_time_zone_refused, PARALLEL = SAFE)',
                time_type, amount[1]);
            EXECUTE pg_catalog.format('COMMENT ON AGGREGATE history_agg(%s, %s, text) IS %L',
                time_type, amount[1], 'Always an error (22023): a date or timestamp has no time zone.');
        END LOOP;

        EXECUTE pg_catalog.format(
            'CREATE FUNCTION history_agg_transition(purchase_history, timestamptz, %1$s, text) RETURNS purchase_history
             AS ''MODULE_PATHNAME'', ''history_agg_timestamptz_%2$s'' LANGUAGE C IMMUTABLE PARALLEL SAFE',
            amount[1], amount[2]);
        EXECUTE pg_catalog.format(
            'CREATE AGGREGATE history_agg(at timestamptz, amount %1$s, time_zone text) (
                 SFUNC = history_agg_transition, STYPE = purchase_history, SSPACE = 128,
                 FINALFUNC = purchase_history_final, COMBINEFUNC = purchase_history_combine, PARALLEL = SAFE)',
            amount[1]);
        EXECUTE pg_catalog.format('COMMENT ON AGGREGATE history_agg(timestamptz, %s, text) IS %L', amount[1],
            pg_catalog.format(described, '; time_zone: whose days are meant, a full IANA name or UTC', ', 22023 for another time zone'));

        EXECUTE pg_catalog.format(
            'CREATE FUNCTION history_agg_transition(purchase_history, timestamptz, %1$s) RETURNS purchase_history
             AS ''MODULE_PATHNAME'', ''time_zone_required'' LANGUAGE C IMMUTABLE PARALLEL SAFE',
            amount[1]);
        EXECUTE pg_catalog.format(
            'CREATE AGGREGATE history_agg(at timestamptz, amount %1$s) (
                 SFUNC = history_agg_transition, STYPE = purchase_history,
                 FINALFUNC = history_agg_time_zone_required, PARALLEL = SAFE)',
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
Memory: 24 bytes per row of a partition, at its first row.
Errors: 22023 for cut-offs out of range, 22003 for NaN, infinite values and values that need more than 38 digits together.';

CREATE FUNCTION abc_shortfall(value %1$s, a numeric DEFAULT 0.80, b numeric DEFAULT 0.95) RETURNS numeric
AS 'MODULE_PATHNAME', 'abc_shortfall_%2$s' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION abc_shortfall(%1$s, numeric, numeric) IS
'Window function: how much more a value would need to reach the next better ABC class as it stands: the lowest value of that class within the partition, less the value. From C it is the lowest of B, or of A where B is empty; from B the lowest of A. Needs no ORDER BY, and reads the whole partition whatever the frame.
Arguments: value: revenue, profit or the like; a, b: the cut-offs of abc_class, shares with 0 < a <= b <= 1, read at the first row of a partition.
Result: above 0, in the unit of the values and exact, floating point as in abc_class, with as many decimals as the partition''s values need; for values of zero or less too. NULL for NULL, in A, and where no value is positive.
Memory: 40 bytes per row of a partition at its first row, 16 until its last.
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

CREATE FUNCTION express_test_accum(bytea, purchase_history, date, numeric) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION express_test_accum(
    bytea, purchase_history, date, numeric, interval, interval, integer, text, numeric, text, double precision) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION express_test_combine(bytea, bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION express_test_final(bytea) RETURNS express_test_result
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE express_test(history purchase_history, as_of date, unassigned_sales numeric) (
    SFUNC = express_test_accum, STYPE = bytea, SSPACE = 400,
    FINALFUNC = express_test_final, COMBINEFUNC = express_test_combine, PARALLEL = SAFE
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
    SFUNC = express_test_accum, STYPE = bytea, SSPACE = 400,
    FINALFUNC = express_test_final, COMBINEFUNC = express_test_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE express_test(purchase_history, date, numeric, interval, interval, integer, text, numeric, text, double precision) IS
'How loyal the customers are, at a glance: as express_test(history, as_of, unassigned_sales), whose parameters are ''6 months'', ''3 months'', 3, ''days'', 0.03, ''customers'' and 0.95.
Arguments: history: one per customer, NULLs are skipped; as_of: only days before it count; unassigned_sales: what was sold in the window without a customer, NULL if unknown, then not judged; within: the window, a span of calendar time that ends at as_of; settle: likewise, where customers are young whose first and only purchase lies in it; regular_purchases: in the window, at least 2; count_by: ''days'' counts days with orders, ''orders'' each order; one_time_limit: the share of one-timers up to which the light is green, 0..1 with up to 20 decimals; light_by: ''customers'' or ''sales'', which share the light goes by; level: of the intervals, between 0 and 1. All are the same in all rows.
Result: as of express_test(history, as_of, unassigned_sales). By sales the light is also red where they are zero or less.
Errors: 22023 for parameters out of range, NULL or differing between rows, 22008 for an infinite as_of, 22003 for totals that need more than 38 digits.
Source: the intervals: Wilson, JASA 22 (1927), by customers; Tango, Statistics in Medicine 17 (1998), for the difference; Cochran, Sampling Techniques (1977), chapter 6, for ratios of sales.';
-- segments: the Gini coefficient

CREATE FUNCTION gini_combine(bytea, bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION gini_final(bytea) RETURNS double precision
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

CREATE FUNCTION gini_accum(bytea, %1$s) RETURNS bytea
AS 'MODULE_PATHNAME', 'gini_accum_%2$s' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE gini(value %1$s) (
    SFUNC = gini_accum, STYPE = bytea, SSPACE = 1024,
    FINALFUNC = gini_final, COMBINEFUNC = gini_combine, PARALLEL = SAFE
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

CREATE FUNCTION variation_combine(bytea, bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION variation_final(bytea) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION xyz_class_final(bytea) RETURNS text
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

CREATE FUNCTION variation_accum(bytea, %1$s) RETURNS bytea
AS 'MODULE_PATHNAME', 'variation_accum_%2$s' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION variation_accum(bytea, %1$s, numeric, numeric) RETURNS bytea
AS 'MODULE_PATHNAME', 'variation_accum_%2$s' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE variation(value %1$s) (
    SFUNC = variation_accum, STYPE = bytea, SSPACE = 128,
    FINALFUNC = variation_final, COMBINEFUNC = variation_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE variation(%1$s) IS
'The population coefficient of variation of values, standard deviation by mean: one value per period, those without purchases as 0.
Arguments: value: NULLs are skipped.
Result: 0 or more; NULL with fewer than three values or a mean of zero or less. From exact sums, floating point by its shortest decimal.
Errors: 22003 for NaN, infinite values and values that need more than 38 digits together.';

CREATE AGGREGATE xyz_class(value %1$s) (
    SFUNC = variation_accum, STYPE = bytea, SSPACE = 128,
    FINALFUNC = xyz_class_final, COMBINEFUNC = variation_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE xyz_class(%1$s) IS
'How steady values are, by their population coefficient of variation: up to 0.10 is X, up to 0.25 is Y, else Z. One value per period, those without purchases as 0; xyz_class(history, ...) fills them in.
Arguments: value: NULLs are skipped.
Result: ''X'', ''Y'' or ''Z''; NULL with fewer than three values or a mean of zero or less. Decided exactly, floating point by its shortest decimal.
Errors: 22003 for NaN, infinite values and values that need more than 38 digits together.';

CREATE AGGREGATE xyz_class(value %1$s, x numeric, y numeric) (
    SFUNC = variation_accum, STYPE = bytea, SSPACE = 128,
    FINALFUNC = xyz_class_final, COMBINEFUNC = variation_combine, PARALLEL = SAFE
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
-- retention: the accounts of growth

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
-- repeat_time: durations of one customer, for survival_agg

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
-- retention: the triangle of cohorts by period number

CREATE TYPE retention;

CREATE FUNCTION retention_in(cstring) RETURNS retention
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION retention_out(retention) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION retention_recv(internal) RETURNS retention
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION retention_send(retention) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE retention (
    INPUT = retention_in,
    OUTPUT = retention_out,
    RECEIVE = retention_recv,
    SEND = retention_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double,
    STORAGE = extended
);
COMMENT ON TYPE retention IS
'How many customers of each cohort (calendar period of the first purchase) came back in which complete period, as of a date. Text form: [month 2025-01-01 2025-03-15 +2]{10/6,4/4;7/7}, the period, the first day of the first cohort, the as-of date, the customers whose first period is not complete, and for each cohort and each of its periods how many bought in it and for how many of them it was the last. Made by retention_curve().
Errors: 22P02 for another text, 22P03 for another binary form.';

CREATE FUNCTION retention_to_jsonb(retention) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_to_jsonb(retention) IS
'The cast to jsonb: an object of period, as_of, young (customers whose first period is not complete) and cohorts, each with cohort_start, returned and last by period number.
Errors: 54000 past 4 million names and values, those of 1997 cohorts.';
CREATE CAST (retention AS jsonb) WITH FUNCTION retention_to_jsonb(retention);

-- operators

CREATE FUNCTION retention_eq(retention, retention) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION retention_ne(retention, retention) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION retention_lt(retention, retention) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION retention_le(retention, retention) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION retention_gt(retention, retention) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION retention_ge(retention, retention) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION retention_cmp(retention, retention) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION retention_hash(retention) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION retention_hash_extended(retention, bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR = (
    LEFTARG = retention, RIGHTARG = retention, FUNCTION = retention_eq,
    COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR <> (
    LEFTARG = retention, RIGHTARG = retention, FUNCTION = retention_ne,
    COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR < (
    LEFTARG = retention, RIGHTARG = retention, FUNCTION = retention_lt,
    COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR <= (
    LEFTARG = retention, RIGHTARG = retention, FUNCTION = retention_le,
    COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR > (
    LEFTARG = retention, RIGHTARG = retention, FUNCTION = retention_gt,
    COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR >= (
    LEFTARG = retention, RIGHTARG = retention, FUNCTION = retention_ge,
    COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
CREATE OPERATOR CLASS retention_hash_ops DEFAULT FOR TYPE retention USING hash AS
    OPERATOR 1 =,
    FUNCTION 1 retention_hash(retention),
    FUNCTION 2 retention_hash_extended(retention, bigint);
CREATE OPERATOR CLASS retention_ops DEFAULT FOR TYPE retention USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 retention_cmp(retention, retention);

CREATE FUNCTION retention_add(retention, retention) RETURNS retention
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_add(retention, retention) IS
'The operator +: the customers of both, who must be different ones.
Errors: 22023 where periods or as-of dates differ, 22003 past 2^63 customers, 54000 past 5000 cohorts.';
CREATE OPERATOR + (
    LEFTARG = retention, RIGHTARG = retention, FUNCTION = retention_add, COMMUTATOR = +
);

-- aggregates

CREATE FUNCTION retention_combine(retention, retention) RETURNS retention
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION retention_final(retention) RETURNS retention
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE AGGREGATE rollup(retention) (
    SFUNC = retention_combine, STYPE = retention, FINALFUNC = retention_final,
    COMBINEFUNC = retention_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(retention) IS
'The sum of retentions of different customers: a shop''s from those of its segments.
Result: retention; NULLs are skipped, NULL without any.
Errors: 22023 where periods or as-of dates differ, 22003 past 2^63 customers, 54000 past 5000 cohorts.';

CREATE FUNCTION retention_curve_transition(retention, purchase_history, text, date) RETURNS retention
AS 'MODULE_PATHNAME', 'retention_curve_history' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE retention_curve(history purchase_history, period text, as_of date) (
    SFUNC = retention_curve_transition, STYPE = retention, SSPACE = 16384,
    FINALFUNC = retention_final, COMBINEFUNC = retention_combine, PARALLEL = SAFE
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
-- retention: the triangle in one pass over the purchases

-- The one aggregate whose state is internal: a table of all customers that grows in place.
CREATE FUNCTION retention_curve_combine(internal, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION retention_curve_serialize(internal) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION retention_curve_deserialize(bytea, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION retention_curve_final(internal) RETURNS retention
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

-- A final function too raises, so that the refusal does not wait for a first row.
CREATE FUNCTION retention_curve_time_zone_refused(retention) RETURNS retention
AS 'MODULE_PATHNAME', 'time_zone_refused' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION retention_curve_time_zone_required(retention) RETURNS retention
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
                'CREATE FUNCTION retention_curve_transition(internal, %2$s, %1$s, text, date) RETURNS internal
                 AS ''MODULE_PATHNAME'', ''retention_curve_%1$s_%3$s'' LANGUAGE C IMMUTABLE PARALLEL SAFE',
                time_type, customer[1], customer[2]);
            EXECUTE pg_catalog.format(
                'CREATE AGGREGATE retention_curve(customer %2$s, at %1$s, period text, as_of date) (
                     SFUNC = retention_curve_transition, STYPE = internal, SSPACE = 2048,
                     FINALFUNC = retention_curve_final, COMBINEFUNC = retention_curve_combine,
                     SERIALFUNC = retention_curve_serialize, DESERIALFUNC = retention_curve_deserialize, PARALLEL = SAFE)',
                time_type, customer[1]);
            EXECUTE pg_catalog.format('COMMENT ON AGGREGATE retention_curve(%s, %s, text, date) IS %L',
                customer[1], time_type, pg_catalog.format(described, '', ''));

            EXECUTE pg_catalog.format(
                'CREATE FUNCTION retention_curve_transition(retention, %2$s, %1$s, text, date, text) RETURNS retention
                 AS ''MODULE_PATHNAME'', ''time_zone_refused'' LANGUAGE C IMMUTABLE PARALLEL SAFE',
                time_type, customer[1]);
            EXECUTE pg_catalog.format(
                'CREATE AGGREGATE retention_curve(customer %2$s, at %1$s, period text, as_of date, time_zone text) (
                     SFUNC = retention_curve_transition, STYPE = retention,
                     FINALFUNC = retention_curve_time_zone_refused, PARALLEL = SAFE)',
                time_type, customer[1]);
            EXECUTE pg_catalog.format('COMMENT ON AGGREGATE retention_curve(%s, %s, text, date, text) IS %L',
                customer[1], time_type, 'Always an error (22023): a date or timestamp has no time zone.');
        END LOOP;

        EXECUTE pg_catalog.format(
            'CREATE FUNCTION retention_curve_transition(internal, %1$s, timestamptz, text, date, text) RETURNS internal
             AS ''MODULE_PATHNAME'', ''retention_curve_timestamptz_%2$s'' LANGUAGE C IMMUTABLE PARALLEL SAFE',
            customer[1], customer[2]);
        EXECUTE pg_catalog.format(
            'CREATE AGGREGATE retention_curve(customer %1$s, at timestamptz, period text, as_of date, time_zone text) (
                 SFUNC = retention_curve_transition, STYPE = internal, SSPACE = 2048,
                 FINALFUNC = retention_curve_final, COMBINEFUNC = retention_curve_combine,
                 SERIALFUNC = retention_curve_serialize, DESERIALFUNC = retention_curve_deserialize, PARALLEL = SAFE)',
            customer[1]);
        EXECUTE pg_catalog.format('COMMENT ON AGGREGATE retention_curve(%s, timestamptz, text, date, text) IS %L',
            customer[1], pg_catalog.format(described, '; time_zone: whose days are meant, a full IANA name or UTC', ' or time zone'));

        EXECUTE pg_catalog.format(
            'CREATE FUNCTION retention_curve_transition(retention, %1$s, timestamptz, text, date) RETURNS retention
             AS ''MODULE_PATHNAME'', ''time_zone_required'' LANGUAGE C IMMUTABLE PARALLEL SAFE',
            customer[1]);
        EXECUTE pg_catalog.format(
            'CREATE AGGREGATE retention_curve(customer %1$s, at timestamptz, period text, as_of date) (
                 SFUNC = retention_curve_transition, STYPE = retention,
                 FINALFUNC = retention_curve_time_zone_required, PARALLEL = SAFE)',
            customer[1]);
        EXECUTE pg_catalog.format('COMMENT ON AGGREGATE retention_curve(%s, timestamptz, text, date) IS %L', customer[1],
            'Always an error (22023): timestamptz needs a time zone as fifth argument.');
    END LOOP;
END
$install$;
-- retention: a window of days after the first purchase

CREATE FUNCTION returned_within(history purchase_history, from_day integer, days integer, as_of date) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION returned_within(purchase_history, integer, integer, date) IS
'Whether a customer bought again within a window of days after the first purchase, [from_day, from_day + days). For the share of all: SELECT (wilson_interval(count(*) FILTER (WHERE r), count(r))).* FROM (SELECT returned_within(history, 30, 30, as_of) AS r ...) s.
Arguments: from_day: where the window begins, in days after the first purchase, 1 or more; days: its length, 1 or more; as_of: only days before it count.
Result: boolean; NULL before the first purchase, and until the whole window lies before as_of: so young customers count on neither side.
Errors: 22023 for other numbers, 22008 for an infinite as_of.';
-- survival: how long durations last of which some have not ended yet

CREATE TYPE survival;

CREATE FUNCTION survival_in(cstring) RETURNS survival
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION survival_out(survival) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION survival_recv(internal) RETURNS survival
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION survival_send(survival) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE survival (
    INPUT = survival_in,
    OUTPUT = survival_out,
    RECEIVE = survival_recv,
    SEND = survival_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double,
    STORAGE = extended
);
COMMENT ON TYPE survival IS
'How many durations ended, and how many were censored (had not ended yet when last seen), at each length in days: what a Kaplan-Meier curve, its median and mean, and the log-rank test are read from. Text form: {1:1,2:1/1,3:0/1}, a duration with how many ended and, where there are any, how many were censored. Made by survival_agg().
Errors: 22P02 for another text, 22P03 for another binary form, 54000 past 44 million durations.';

CREATE FUNCTION survival_to_jsonb(survival) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION survival_to_jsonb(survival) IS
'The cast to jsonb: an array with an object of duration, ended and censored for each duration.
Errors: 54000 past 4 million names and values, those of 666,666 durations.';
CREATE CAST (survival AS jsonb) WITH FUNCTION survival_to_jsonb(survival);

-- operators

CREATE FUNCTION survival_eq(survival, survival) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION survival_ne(survival, survival) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION survival_hash(survival) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION survival_hash_extended(survival, bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR = (
    LEFTARG = survival, RIGHTARG = survival, FUNCTION = survival_eq,
    COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR <> (
    LEFTARG = survival, RIGHTARG = survival, FUNCTION = survival_ne,
    COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR CLASS survival_hash_ops DEFAULT FOR TYPE survival USING hash AS
    OPERATOR 1 =,
    FUNCTION 1 survival_hash(survival),
    FUNCTION 2 survival_hash_extended(survival, bigint);

-- An order of durations and counts, which lets values be grouped and told apart by sorting too.

CREATE FUNCTION survival_lt(survival, survival) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION survival_le(survival, survival) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION survival_gt(survival, survival) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION survival_ge(survival, survival) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION survival_cmp(survival, survival) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR < (
    LEFTARG = survival, RIGHTARG = survival, FUNCTION = survival_lt,
    COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR <= (
    LEFTARG = survival, RIGHTARG = survival, FUNCTION = survival_le,
    COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR > (
    LEFTARG = survival, RIGHTARG = survival, FUNCTION = survival_gt,
    COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR >= (
    LEFTARG = survival, RIGHTARG = survival, FUNCTION = survival_ge,
    COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
CREATE OPERATOR CLASS survival_ops DEFAULT FOR TYPE survival USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 survival_cmp(survival, survival);

CREATE FUNCTION survival_add(survival, survival) RETURNS survival
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION survival_add(survival, survival) IS
'The operator +: the durations of both.
Errors: 22003 for a total past 64 bits.';
CREATE OPERATOR + (
    LEFTARG = survival, RIGHTARG = survival, FUNCTION = survival_add, COMMUTATOR = +
);

-- aggregates

CREATE FUNCTION survival_accum(survival, integer, boolean) RETURNS survival
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION survival_combine(survival, survival) RETURNS survival
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION survival_final(survival) RETURNS survival
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE survival_agg(duration integer, ended boolean) (
    SFUNC = survival_accum, STYPE = survival, SSPACE = 2048,
    FINALFUNC = survival_final, COMBINEFUNC = survival_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE survival_agg(integer, boolean) IS
'Counts durations by their length, those that ended and those that were censored apart. For durations of customers see repeat_time() and churn_time().
Arguments: duration: whole days from the start to the end or, where it has not come yet, to the day last seen, 0 or more; ended: false where it was censored.
Result: survival; rows with a NULL argument are skipped, no rows give {}.
Errors: 22023 for a negative duration, 54000 past 22 million different durations.';

CREATE AGGREGATE rollup(survival) (
    SFUNC = survival_combine, STYPE = survival, SSPACE = 2048,
    FINALFUNC = survival_final, COMBINEFUNC = survival_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(survival) IS
'The total of many parts: the survival of all durations behind them.
Result: survival; NULLs are skipped, nothing gives {}.
Errors: 22003 for a total past 64 bits, 54000 past 22 million different durations.';

-- reading a value

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
-- funnel: how many customers reached each of a chain of steps

CREATE TYPE funnel;

CREATE FUNCTION funnel_in(cstring) RETURNS funnel
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION funnel_out(funnel) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION funnel_recv(internal) RETURNS funnel
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION funnel_send(funnel) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE funnel (
    INPUT = funnel_in,
    OUTPUT = funnel_out,
    RECEIVE = funnel_recv,
    SEND = funnel_send,
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

CREATE FUNCTION funnel_to_jsonb(funnel) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_to_jsonb(funnel) IS
'The cast to jsonb: an array of the counts, such as [80, 40, 4, 1].';
CREATE CAST (funnel AS jsonb) WITH FUNCTION funnel_to_jsonb(funnel);

-- operators

CREATE FUNCTION funnel_eq(funnel, funnel) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION funnel_ne(funnel, funnel) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION funnel_lt(funnel, funnel) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION funnel_le(funnel, funnel) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION funnel_gt(funnel, funnel) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION funnel_ge(funnel, funnel) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION funnel_cmp(funnel, funnel) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION funnel_hash(funnel) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION funnel_hash_extended(funnel, bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR = (
    LEFTARG = funnel, RIGHTARG = funnel, FUNCTION = funnel_eq,
    COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR <> (
    LEFTARG = funnel, RIGHTARG = funnel, FUNCTION = funnel_ne,
    COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR < (
    LEFTARG = funnel, RIGHTARG = funnel, FUNCTION = funnel_lt,
    COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR <= (
    LEFTARG = funnel, RIGHTARG = funnel, FUNCTION = funnel_le,
    COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR > (
    LEFTARG = funnel, RIGHTARG = funnel, FUNCTION = funnel_gt,
    COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR >= (
    LEFTARG = funnel, RIGHTARG = funnel, FUNCTION = funnel_ge,
    COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
CREATE OPERATOR CLASS funnel_hash_ops DEFAULT FOR TYPE funnel USING hash AS
    OPERATOR 1 =,
    FUNCTION 1 funnel_hash(funnel),
    FUNCTION 2 funnel_hash_extended(funnel, bigint);
CREATE OPERATOR CLASS funnel_ops DEFAULT FOR TYPE funnel USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 funnel_cmp(funnel, funnel);

CREATE FUNCTION funnel_add(funnel, funnel) RETURNS funnel
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_add(funnel, funnel) IS
'The operator +: the customers of both, who must be different ones, step by step.
Errors: 22023 for different numbers of steps, 22003 past 2^63 customers.';
CREATE OPERATOR + (
    LEFTARG = funnel, RIGHTARG = funnel, FUNCTION = funnel_add, COMMUTATOR = +
);

CREATE FUNCTION funnel_subtract(funnel, funnel) RETURNS funnel
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_subtract(funnel, funnel) IS
'The operator -: the customers of the first without those of the second, who must be among them.
Errors: 22023 for different numbers of steps, or where what is left is no funnel: a count would be negative, or above the one before.';
CREATE OPERATOR - (
    LEFTARG = funnel, RIGHTARG = funnel, FUNCTION = funnel_subtract
);

-- aggregates

CREATE FUNCTION funnel_combine(funnel, funnel) RETURNS funnel
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE rollup(funnel) (
    SFUNC = funnel_combine, STYPE = funnel, COMBINEFUNC = funnel_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(funnel) IS
'The sum of funnels of different customers: a shop''s from those of its segments.
Result: funnel; NULLs are skipped, NULL without any.
Errors: 22023 for different numbers of steps, 22003 past 2^63 customers.';

CREATE FUNCTION funnel_accum(funnel, integer, integer) RETURNS funnel
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE funnel_agg(level integer, steps integer) (
    SFUNC = funnel_accum, STYPE = funnel, COMBINEFUNC = funnel_combine, PARALLEL = SAFE
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
-- funnel: the deepest step of one customer, and when each step was reached

CREATE FUNCTION funnel_events_combine(bytea, bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

-- A final function for each aggregate and type of time. Those that refuse raise there too, so that the refusal does not
-- wait for a first row.
CREATE FUNCTION funnel_level_final(bytea) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION funnel_level_time_zone_refused(bytea) RETURNS integer
AS 'MODULE_PATHNAME', 'time_zone_refused' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION funnel_level_time_zone_required(bytea) RETURNS integer
AS 'MODULE_PATHNAME', 'time_zone_required' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION funnel_times_timestamp_final(bytea) RETURNS timestamp[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION funnel_times_timestamptz_final(bytea) RETURNS timestamptz[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION funnel_times_time_zone_refused(bytea) RETURNS timestamp[]
AS 'MODULE_PATHNAME', 'time_zone_refused' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION funnel_times_time_zone_required(bytea) RETURNS timestamptz[]
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
            'CREATE FUNCTION funnel_events_transition(bytea, %1$s, integer, interval%2$s) RETURNS bytea
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
                     SFUNC = funnel_events_transition, STYPE = bytea, SSPACE = 128, FINALFUNC = %1$s_%4$s%5$s, PARALLEL = SAFE)',
                aggregate[1], form[1], form[2], result_type,
                CASE WHEN form[4] IN ('refused', 'required') THEN '' ELSE ', COMBINEFUNC = funnel_events_combine' END);
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
-- workspace: when a customer changed the stage of the lifecycle or the class.

CREATE FUNCTION workspace_create_changes(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'customer_changes', concat_ws(' UNION ALL ',
            @extschema@.workspace_stage_changes_sql(workspace), @extschema@.workspace_class_changes_sql(workspace)),
        'Changes of customers to another stage of the lifecycle and, where figures are stored, to another cell of the matrix, as of the ends of periods',
        ARRAY[['customer', 'The customer, as in the orders'],
              ['as_of', 'The day after the last of a period: what changed within it'],
              ['kind', 'stage: of the lifecycle, in all periods since the first order; class: the cell of the matrix, in the periods of class_history'],
              ['changed_to', 'The stage or cell from then on; none where there is no cell, without a purchase in its window'],
              ['changed_from', 'The one at the end of the period before; empty for the first stage']]);
END
$$;
COMMENT ON FUNCTION workspace_create_changes(name) IS
'Internal to attach_orders(): Makes the view customer_changes of a workspace.';

-- Stages take a customer's own history alone. They are compared one customer at a time, and no history is sorted with each of
-- its periods, whose ends come from it: the planner expects a thousand rows of each generate_series() over timestamps.
CREATE FUNCTION workspace_stage_changes_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT h.customer, c.as_of, 'stage' AS kind, c.stage AS changed_to, c.before AS changed_from
        FROM %1$I.reporting_date r
        CROSS JOIN (SELECT x.*, %3$s AS step FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN %1$I.customer_history h
        CROSS JOIN LATERAL (
            SELECT e.as_of, e.stage, lag(e.stage) OVER (ORDER BY e.as_of) AS before
            FROM (
                SELECT (p.period_start + s.step)::date AS as_of, %2$s.lifecycle_stage(h.history, (p.period_start + s.step)::date, s.new_within, s.lost_after,
                    s.regular_within, s.regular_purchases, s.count_by) AS stage
                FROM %2$s.period_values(h.history, s.period,
                    %2$s.period_start(greatest(%2$s.first_order(h.history, r.as_of), r.first_period), s.period), r.as_of) p
                OFFSET 0) e) c
        WHERE %2$s.first_order(h.history, r.as_of) IS NOT NULL AND (c.before IS NULL OR c.stage <> c.before)
        $query$, workspace, '@extschema@', @extschema@.workspace_period_step_sql('x.period'))
$$;
COMMENT ON FUNCTION workspace_stage_changes_sql(name) IS
'Internal to attach_orders(): The part of customer_changes that tells of stages.';

-- Classes compare all customers: only where they are stored can those of one be looked up.
CREATE FUNCTION workspace_class_changes_sql(workspace name) RETURNS text
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF @extschema@.workspace_known_storage(workspace) <> 'materialized' THEN
        RETURN NULL;
    END IF;
    RETURN format($query$
        SELECT c.customer, c.as_of, 'class' AS kind, coalesce(c.cell, 'none') AS changed_to, coalesce(c.before, 'none') AS changed_from
        FROM (
            SELECT h.customer, h.as_of, h.cell, lag(h.cell) OVER periods AS before, lag(h.as_of) OVER periods AS before_as_of
            FROM %1$I.class_history h
            WINDOW periods AS (PARTITION BY h.customer ORDER BY h.as_of)) c
        WHERE c.before_as_of IS NOT NULL AND c.cell IS DISTINCT FROM c.before
        $query$, workspace);
END
$$;
COMMENT ON FUNCTION workspace_class_changes_sql(name) IS
'Internal to attach_orders(): The part of customer_changes that tells of classes, NULL where figures are not stored.';
-- workspace: classes and stages as they were, and who moved

CREATE FUNCTION workspace_create_class_history(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- One period after the other: sorting all customers of all periods into one partition each would take far longer.
    PERFORM @extschema@.workspace_create_view(workspace, 'class_history', format($view$
        WITH histories AS MATERIALIZED (SELECT h.customer, h.history, h.profit_history FROM %1$I.customer_history h)
        SELECT c.customer, e.period_start, e.as_of, c.abc, c.xyz, c.abc || c.xyz AS cell, c.stage, c.window_revenue,
            %2$s.revenue(c.history, e.period_start, e.as_of) AS period_revenue
        FROM (
            SELECT (p.start - (n.n + 1) * p.step)::date AS period_start, (p.start - n.n * p.step)::date AS as_of
            FROM (
                SELECT %2$s.period_start(r.as_of, s.period) AS start,
                    %4$s AS step
                FROM %1$I.reporting_date r CROSS JOIN %1$I.applied_settings s
                LIMIT 1) p
            CROSS JOIN generate_series(0, 11) n(n)
            WHERE (p.start - (n.n + 1) * p.step)::date >= date '0001-01-01'
        ) e
        CROSS JOIN LATERAL (%3$s) c
        $view$, workspace, '@extschema@',
            @extschema@.workspace_classes_sql(workspace, '(SELECT e.as_of)', 'histories'),
            @extschema@.workspace_period_step_sql('s.period')),
        'The classes of each customer at the end of each of the last twelve complete periods, by what was known then',
        (@extschema@.workspace_class_comments())[1:4] || ARRAY[
            ['customer', 'The customer, as in the orders'],
            ['period_start', 'First day of the period'],
            ['as_of', 'The day after its last: classes are as of this day'],
            ['window_revenue', 'Revenue within the window of the classes'],
            ['period_revenue', 'Revenue within the period']]);
    PERFORM @extschema@.workspace_create_cell_migration(workspace);
    PERFORM @extschema@.workspace_create_lifecycle_migration(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_class_history(name) IS
'Internal to attach_orders(): Makes the views class_history, cell_migration and lifecycle_migration of a workspace.';

-- Of two consecutive periods: an earlier row of the customer is that of the period before, since nobody ceases to
-- be a customer. The first of the twelve ends has none before it.
CREATE FUNCTION workspace_moves_sql(workspace name, class text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT m.period_start, m.as_of, m.before, m.after, m.known_before, count(*) AS customers, sum(m.period_revenue) AS revenue
        FROM (
            SELECT c.period_start, c.as_of, c.period_revenue, c.%2$I AS after, lag(c.%2$I) OVER periods AS before,
                lag(c.as_of) OVER periods IS NOT NULL AS known_before
            FROM %1$I.class_history c
            WINDOW periods AS (PARTITION BY c.customer ORDER BY c.as_of)) m
        WHERE m.as_of > (
            SELECT (%3$s.period_start(r.as_of, s.period) - 11 * %4$s)::date FROM %1$I.reporting_date r CROSS JOIN %1$I.applied_settings s)
        GROUP BY m.period_start, m.as_of, m.before, m.after, m.known_before
        $query$, workspace, class, '@extschema@', @extschema@.workspace_period_step_sql('s.period'))
$$;
COMMENT ON FUNCTION workspace_moves_sql(name, text) IS
'Internal to attach_orders(): The query for customers by their class before and after each period.';

CREATE FUNCTION workspace_create_cell_migration(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'cell_migration', format($view$
        SELECT m.period_start, m.as_of,
            CASE WHEN m.known_before THEN coalesce(m.before, 'none') ELSE 'acquired' END AS from_cell,
            coalesce(m.after, 'none') AS to_cell,
            m.customers,
            100 * m.customers::double precision / (sum(m.customers) OVER (PARTITION BY m.as_of, m.known_before, m.before))::double precision
                AS pct_of_from,
            m.revenue
        FROM (%s) m
        $view$, @extschema@.workspace_moves_sql(workspace, 'cell')),
        'Customers by their cell of the matrix before and after each of the last eleven periods',
        ARRAY[['period_start', 'First day of the period'],
              ['as_of', 'The day after its last'],
              ['from_cell', 'Cell at the start of the period; none: in no cell; acquired: no order before it'],
              ['to_cell', 'Cell at its end; none: in no cell'],
              ['customers', 'Number of customers'],
              ['pct_of_from', 'Their share of those who were in from_cell, 0 to 100'],
              ['revenue', 'Their revenue within the period']]);
END
$$;
COMMENT ON FUNCTION workspace_create_cell_migration(name) IS
'Internal to attach_orders(): Makes the view cell_migration of a workspace.';

CREATE FUNCTION workspace_create_lifecycle_migration(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'lifecycle_migration', format($view$
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
        FROM (%s) m
        $view$, @extschema@.workspace_moves_sql(workspace, 'stage')),
        'Customers by their stage of the lifecycle before and after each of the last eleven periods. Active are all but the lost: active after = active before - lapsed + returned + acquired',
        ARRAY[['period_start', 'First day of the period'],
              ['as_of', 'The day after its last'],
              ['from_stage', 'Stage at the start of the period; none: no order before it'],
              ['to_stage', 'Stage at its end'],
              ['flow', 'kept, lapsed (active, then lost), returned (lost, then active), acquired (first order), still lost, or passed by (first order and lost within the period)'],
              ['customers', 'Number of customers'],
              ['pct_of_from', 'Their share of those who were in from_stage, 0 to 100'],
              ['revenue', 'Their revenue within the period']]);
END
$$;
COMMENT ON FUNCTION workspace_create_lifecycle_migration(name) IS
'Internal to attach_orders(): Makes the view lifecycle_migration of a workspace.';
-- workspace: which columns of a table are meant

CREATE TYPE attach_finding AS (
    topic text,
    finding text,
    advice text
);
COMMENT ON TYPE attach_finding IS
'What attach_orders() found or chose, and what to do about it where something should be done';

CREATE TYPE order_column AS (
    name name,
    type regtype,
    found text
);
COMMENT ON TYPE order_column IS
'Internal to attach_orders(): A column of an attached table: its name, its type without domains, and how it was found';

CREATE TYPE order_columns AS (
    customer order_column,
    ordered_at order_column,
    amount order_column,
    order_id order_column,
    source order_column,
    category order_column,
    profit order_column
);
COMMENT ON TYPE order_columns IS
'Internal to attach_orders(): The columns of an orders table by role; the last four are optional';

CREATE TYPE order_rules AS (
    time_zone text,
    counts_zero text
);
COMMENT ON TYPE order_rules IS
'Internal to attach_orders(): SQL expressions of what the settings say of rows of orders: their time zone, and whether an amount of 0 is an order';

CREATE TYPE attached_relation AS (
    relation regclass,
    key text,
    columns jsonb
);
COMMENT ON TYPE attached_relation IS
'Internal to attach_orders(): A relation attached to a workspace, the SQL expression of the customer of its row o as one of the orders'', and its columns by role';

CREATE FUNCTION workspace_attached_roles() RETURNS TABLE (relation_role text, role text, needed boolean)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT r.relation_role, c.role, c."position" <= r.needed
    FROM (VALUES
        ('orders', 3, '{customer,ordered_at,amount,order_id,source,category,profit}'::text[]),
        ('answers', 3, '{customer,answered_at,score,touchpoint,channel,employee,comment,kind,wish,owner,replied_at,resolved_at}'),
        ('touchpoints', 3, '{customer,happened_at,touchpoint,source,reason}'),
        ('costs', 3, '{spent_on,source,cost}'),
        ('survey', 3, '{respondent,question,answer,answered_at}')) r(relation_role, needed, roles)
    CROSS JOIN LATERAL unnest(r.roles) WITH ORDINALITY c(role, "position")
$$;
COMMENT ON FUNCTION workspace_attached_roles() IS
'Internal to attach_orders(): What the columns of each kind of attached relation can be, and which of them are needed.';

CREATE FUNCTION workspace_role_position(relation_role text, role text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT r."position" FROM @extschema@.workspace_attached_roles() WITH ORDINALITY r(relation_role, role, needed, "position")
    WHERE r.relation_role = $1 AND r.role = $2
$$;
COMMENT ON FUNCTION workspace_role_position(text, text) IS
'Internal to attach_orders(): The place of a role among those of its kind of relation.';

CREATE FUNCTION workspace_column_names(role text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE role
    WHEN 'customer' THEN '{customer,customerid,customerno,customernumber,custid,cust,client,clientid,buyer,buyerid,userid,accountid,memberid,contactid,contractorid,partnerid,idcustomer}'::text[]
    WHEN 'ordered_at' THEN '{orderedat,orderdate,ordertime,ordertimestamp,orderdatetime,ordercreatedat,createdat,createdon,created,creationdate,dateorder,dateadd,placedat,purchasedat,purchasedate,invoicedate,invoicedat,transactiondate,saledate,soldat,date}'::text[]
    WHEN 'amount' THEN '{amount,total,totalamount,totalprice,ordertotal,orderamount,grandtotal,amounttotal,subtotal,sum,revenue,sales,totalpaid,saleamount,invoicetotal,price,value}'::text[]
    WHEN 'order_id' THEN '{orderid,orderno,ordernumber,invoiceno,invoiceid,invoicenumber,invoice,receiptno,receiptid,receiptnumber,transactionid,id}'::text[]
    WHEN 'source' THEN '{source,ordersource,channel,saleschannel,utmsource,trafficsource,leadsource}'::text[]
    WHEN 'category' THEN '{category,categoryname,productcategory,productgroup,department}'::text[]
    WHEN 'profit' THEN '{profit,grossprofit,netprofit,orderprofit}'::text[]
    WHEN 'referrer' THEN '{referrer,referrerid,referredby,referredbyid,invitedby,recommendedby}'::text[]
    WHEN 'customer_key' THEN '{id,customer,customerid,customerno,customernumber,custid,clientid,userid,accountid,memberid,contactid,partnerid,idcustomer}'::text[]
    WHEN 'dimension' THEN '{region,country,state,city,agegroup,gender,sex,language,source,channel,type,category,group,customergroup,customertype,segment,plan,tier,industry}'::text[]
    WHEN 'answered_at' THEN '{answeredat,answeredon,answerdate,respondedat,respondedon,responsedate,submittedat,surveydate,createdat,createdon,created,date}'::text[]
    WHEN 'score' THEN '{score,nps,npsscore,rating,recommend,likelihood,grade}'::text[]
    WHEN 'touchpoint' THEN '{touchpoint,touchpointname,contactpoint,step,stage,event,eventname,eventtype,page}'::text[]
    WHEN 'channel' THEN '{channel,medium,device}'::text[]
    WHEN 'employee' THEN '{employee,employeeid,agent,manager,seller,salesperson,staff}'::text[]
    WHEN 'comment' THEN '{comment,comments,feedback,message,verbatim,remark,text}'::text[]
    WHEN 'kind' THEN '{kind,commentkind,feedbacktype,sentiment,commenttype}'::text[]
    WHEN 'wish' THEN '{wish,improvement,suggestion,whatwouldmakeita10,whatwouldmakeitaten,howtoimprove}'::text[]
    WHEN 'owner' THEN '{owner,assignee,assignedto,responsible}'::text[]
    WHEN 'replied_at' THEN '{repliedat,repliedon,answeredbyusat,firstreplyat,firstresponseat}'::text[]
    WHEN 'resolved_at' THEN '{resolvedat,resolvedon,closedat,closedon,solvedat}'::text[]
    WHEN 'happened_at' THEN '{happenedat,occurredat,eventtime,eventat,eventdate,timestamp,time,at,createdat,createdon,created,date}'::text[]
    WHEN 'reason' THEN '{reason,lossreason,lostreason,reasonlost,reasonofloss}'::text[]
    WHEN 'spent_on' THEN '{spenton,spentat,day,date,month,period,costdate}'::text[]
    WHEN 'cost' THEN '{cost,costs,spend,spent,amount,budget,adspend}'::text[]
    WHEN 'respondent' THEN '{respondent,respondentid,customer,customerid,clientid,userid,employeeid,responseid}'::text[]
    WHEN 'question' THEN '{question,questionid,questioncode,item}'::text[]
    WHEN 'answer' THEN '{answer,response,value,choice,option}'::text[]
END;
COMMENT ON FUNCTION workspace_column_names(text) IS
'Internal to attach_orders(): The usual names of a column, in lower case and without underscores, spaces and hyphens.
Arguments: role: one of workspace_attached_roles(), ''customer_key'' or ''dimension''.
Result: names, those to prefer first, NULL for another role.';

CREATE FUNCTION workspace_column_types(role text) RETURNS regtype[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
    WHEN role IN ('customer', 'order_id', 'customer_key', 'referrer', 'respondent')
        THEN '{smallint,integer,bigint,numeric,uuid,text,varchar,char,name}'::regtype[]
    WHEN role IN ('ordered_at', 'answered_at', 'replied_at', 'resolved_at', 'happened_at', 'spent_on')
        THEN '{date,timestamp,timestamptz}'::regtype[]
    WHEN role IN ('amount', 'profit', 'score', 'cost') THEN '{smallint,integer,bigint,real,double precision,numeric}'::regtype[]
    WHEN role IN ('source', 'category', 'touchpoint', 'channel', 'employee', 'kind', 'owner', 'reason', 'question')
        THEN '{smallint,integer,bigint,text,varchar,char,name}'::regtype[]
    WHEN role = 'dimension' THEN '{boolean,smallint,integer,bigint,text,varchar,char,name}'::regtype[]
    WHEN role IN ('comment', 'wish') THEN '{text,varchar,char}'::regtype[]
    WHEN role = 'answer' THEN '{boolean,smallint,integer,bigint,numeric,text,varchar,char,name}'::regtype[]
END;
COMMENT ON FUNCTION workspace_column_types(text) IS
'Internal to attach_orders(): The types that a column may have.
Arguments: role: one of workspace_attached_roles(), ''customer_key'' or ''dimension''.
Result: types, NULL for another role.';

CREATE FUNCTION workspace_columns(orders regclass, role text)
RETURNS TABLE (name name, type regtype, usual boolean, usable boolean)
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
    SELECT b.attname, b.type::regtype,
        translate(lower(b.attname), '_ -', '') = ANY (@extschema@.workspace_column_names(role)),
        b.type = ANY (@extschema@.workspace_column_types(role))
            OR role IN ('customer', 'source', 'category', 'customer_key', 'dimension', 'referrer', 'respondent', 'touchpoint', 'channel', 'employee',
                'kind', 'owner', 'reason', 'question', 'answer', 'comment', 'wish') AND (t.typtype = 'e' OR t.typname = 'citext' AND t.typtype = 'b')
    FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.type
    WHERE t.typtype <> 'd'
    ORDER BY b.attnum
$$;
COMMENT ON FUNCTION workspace_columns(regclass, text) IS
'Internal to attach_orders(): The columns of a table, seen as candidates for a role.
Arguments: orders: table or view; role: one of workspace_attached_roles().
Result: rows of name, type (that under a domain), usual (whether the name is a common one for the role), usable (whether the type fits).';

CREATE FUNCTION workspace_column_hint(orders regclass, role text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    -- What has a usual name here has no type for the role, so to name it would not help.
    SELECT coalesce(
            'It has the name but not a type for it: ' || u.unfit
                || format('; it takes %s. Attach a view that casts it', array_to_string(@extschema@.workspace_column_types(role), ', '))
                || coalesce(format(', or name another with %s => ''...''; these have a type that would do: ', role) || u.fit, ''),
            format('Name it with %s => ''...''', role) || coalesce('; these have a type that would do: ' || u.fit, '')
                || '. What takes an expression, such as order lines or a cast, goes into a view first: attach the view')
        || '.'
    FROM (
        SELECT string_agg(format('%I (%s)', c.name, c.type), ', ') FILTER (WHERE c.usual) AS unfit,
            string_agg(quote_ident(c.name), ', ') FILTER (WHERE c.usable AND NOT c.taken) AS fit
        FROM (
            SELECT own.*, EXISTS (
                SELECT FROM unnest(ARRAY['customer', 'ordered_at', 'amount']) other, @extschema@.workspace_columns(orders, other) o
                WHERE other <> role AND o.name = own.name AND o.usual AND o.usable) AS taken
            FROM @extschema@.workspace_columns(orders, role) own) c) u
$$;
COMMENT ON FUNCTION workspace_column_hint(regclass, text) IS
'Internal to attach_orders(): What to do where no column was found for a role.';

CREATE FUNCTION workspace_find_column(orders regclass, role text) RETURNS order_column
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    candidates text[];
    result @extschema@.order_column;
BEGIN
    SELECT array_agg(c.name) INTO candidates
    FROM @extschema@.workspace_columns(orders, role) c WHERE c.usual AND c.usable;

    IF candidates IS NULL THEN
        RAISE EXCEPTION 'no column of % looks like the %', orders, role
            USING ERRCODE = 'undefined_column', HINT = @extschema@.workspace_column_hint(orders, role);
    ELSIF cardinality(candidates) > 1 THEN
        RAISE EXCEPTION 'several columns of % look like the %: %',
                orders, role, array_to_string(candidates, ', ')
            USING ERRCODE = 'ambiguous_column', HINT = format('Name one with %s => ''...''.', role);
    END IF;

    SELECT c.name, c.type, 'found by its name' INTO result
    FROM @extschema@.workspace_columns(orders, role) c WHERE c.name = candidates[1];
    RETURN result;
END
$$;
COMMENT ON FUNCTION workspace_find_column(regclass, text) IS
'Internal to attach_orders(): The one column of a table that has a usual name and a fitting type for a role.
Arguments: orders: table or view; role: one of workspace_attached_roles().
Result: order_column.
Errors: 42703 without such a column, 42702 with several, listing them.';

CREATE FUNCTION workspace_given_column(orders regclass, role text, given text, needed boolean DEFAULT true) RETURNS order_column
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    candidate record;
    result @extschema@.order_column;
BEGIN
    SELECT c.* INTO candidate FROM @extschema@.workspace_columns(orders, role) c WHERE c.name = given;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'column "%" of % does not exist', given, orders
            USING ERRCODE = 'undefined_column',
                HINT = (SELECT format('It has: %s. Give the name as it is stored, without quotes%s.', string_agg(c.name, ', '),
                            CASE WHEN NOT needed THEN format(', or none: %s => ''''', role) END)
                        FROM @extschema@.workspace_columns(orders, role) c);
    ELSIF NOT candidate.usable THEN
        RAISE EXCEPTION 'column "%" of % cannot be the %: its type is %', given, orders, role, candidate.type
            USING ERRCODE = 'datatype_mismatch',
                HINT = CASE WHEN candidate.type = 'money'::regtype
                    THEN format('Attach a view with %I::numeric.', given)
                    ELSE format('It has to be one of %s: attach a view that casts it.',
                        array_to_string(@extschema@.workspace_column_types(role), ', ')) END;
    END IF;
    SELECT candidate.name, candidate.type, 'as given' INTO result;
    RETURN result;
END
$$;
COMMENT ON FUNCTION workspace_given_column(regclass, text, text, boolean) IS
'Internal to attach_orders(): A named column of a table, checked for a role.
Arguments: orders: table or view; role: one of workspace_attached_roles(); given: the column''s name as stored, without quotes; needed: whether there has to be one.
Result: order_column.
Errors: 42703 if there is none, 42804 if its type does not fit.';

CREATE FUNCTION workspace_optional_column(orders regclass, role text) RETURNS order_column
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT c.name, c.type, 'found by its name'
    FROM @extschema@.workspace_columns(orders, role) c
    WHERE c.usual AND c.usable AND has_column_privilege(orders, c.name, 'SELECT')
    ORDER BY array_position(@extschema@.workspace_column_names(role), translate(lower(c.name), '_ -', '')), c.name
    LIMIT 1
$$;
COMMENT ON FUNCTION workspace_optional_column(regclass, text) IS
'Internal to attach_orders(): The readable column with the most usual name and a fitting type for an optional role, or NULL.';

CREATE FUNCTION workspace_column(orders regclass, role text, given text, needed boolean) RETURNS order_column
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN NOT needed AND given = '' THEN NULL
        WHEN given IS NOT NULL THEN @extschema@.workspace_given_column(orders, role, given, needed)
        WHEN NOT needed THEN @extschema@.workspace_optional_column(orders, role)
        ELSE @extschema@.workspace_find_column(orders, role) END
$$;
COMMENT ON FUNCTION workspace_column(regclass, text, text, boolean) IS
'Internal to attach_orders(): The column for a role: the named one, or the one with a usual name where given is NULL; for a role that is not needed none where it is empty.';

CREATE FUNCTION workspace_order_columns(orders regclass, given jsonb) RETURNS order_columns
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ROW(
        @extschema@.workspace_column(orders, 'customer', given->>'customer', true),
        @extschema@.workspace_column(orders, 'ordered_at', given->>'ordered_at', true),
        @extschema@.workspace_column(orders, 'amount', given->>'amount', true),
        @extschema@.workspace_column(orders, 'order_id', given->>'order_id', false),
        @extschema@.workspace_column(orders, 'source', given->>'source', false),
        @extschema@.workspace_column(orders, 'category', given->>'category', false),
        @extschema@.workspace_column(orders, 'profit', given->>'profit', false))::@extschema@.order_columns
$$;
COMMENT ON FUNCTION workspace_order_columns(regclass, jsonb) IS
'Internal to attach_orders(): The columns for all roles; given: names by role, NULL for those to be found.';

CREATE FUNCTION workspace_column_list(columns order_columns) RETURNS TABLE (role text, col order_column)
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT v.role, v.col FROM (VALUES
        ('customer', (columns).customer), ('ordered_at', (columns).ordered_at), ('amount', (columns).amount),
        ('order_id', (columns).order_id), ('source', (columns).source), ('category', (columns).category),
        ('profit', (columns).profit)) v(role, col)
    WHERE (v.col).name IS NOT NULL
$$;
COMMENT ON FUNCTION workspace_column_list(order_columns) IS
'Internal to attach_orders(): The columns that there are, as rows of role and column.';
-- workspace: what was spent on each source

CREATE FUNCTION attach_costs(
    costs regclass,
    spent_on text DEFAULT NULL,
    source text DEFAULT NULL,
    cost text DEFAULT NULL,
    workspace text DEFAULT 'loyalty')
RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    IF costs IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'costs and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of costs: attach_costs(''marketing.costs'').';
    END IF;
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_attach_relation(workspace, 'costs', costs,
        jsonb_build_object('spent_on', spent_on, 'source', source, 'cost', cost)) f;
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_costs(workspace) f;
END
$$;
COMMENT ON FUNCTION attach_costs(regclass, text, text, text, text) IS
'Attaches a table of what was spent on each source of customers to a workspace: the view sources then has the cost per customer, and what comes back. Can be run again.
Arguments: costs: a table, partitioned or foreign table, view or materialized view with a row per day (or month) and source; spent_on, source, cost: names of its columns as stored, where left out those of the last time, else found by their usual names; the names of sources have to be those of the orders; workspace: name of the schema.
Result: rows of topic, finding and advice: what was found, which rows are left out and why, and which sources do not fit the orders''.
Errors: 22004 for NULL, 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 42501 without SELECT on the columns or for a workspace of somebody else.';

CREATE FUNCTION detach_costs(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM @extschema@.workspace_detach_relation(workspace, 'costs', '{}');
    PERFORM @extschema@.workspace_refresh_attached(workspace, 'costs');
END
$$;
COMMENT ON FUNCTION detach_costs(text) IS
'Takes the table of costs from a workspace: the table stays as it is, the columns on cost of the view sources get empty.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else.';

CREATE FUNCTION workspace_cost_condition_sql(col_day order_column, col_cost order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%s AND %s AND o.%I >= 0', @extschema@.workspace_usable_time_sql(col_day),
        @extschema@.workspace_usable_amount_sql(col_cost), (col_cost).name)
$$;
COMMENT ON FUNCTION workspace_cost_condition_sql(order_column, order_column) IS
'Internal to attach_costs(): The SQL condition on a row o of costs that it can be used.';

CREATE FUNCTION workspace_create_costs_views(workspace name, orders_customer order_column) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'costs', orders_customer);
    query text := 'SELECT NULL::text AS source, NULL::date AS day, NULL::numeric AS cost WHERE false';
    spent_on @extschema@.order_column;
    cost @extschema@.order_column;
BEGIN
    IF attached.relation IS NOT NULL THEN
        spent_on := @extschema@.workspace_role_column(attached, 'spent_on');
        cost := @extschema@.workspace_role_column(attached, 'cost');
        query := format($query$
            SELECT coalesce(nullif(o.%2$I::text, ''), 'unknown') AS source, %3$s AS day, sum(%4$s) AS cost
            FROM %5$s o
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            WHERE %6$s AND %3$s < (SELECT r.as_of FROM %1$I.reporting_date r)
            GROUP BY 1, 2
            $query$, workspace, attached.columns->>'source', @extschema@.workspace_day_sql(spent_on), @extschema@.workspace_kept_amount_sql(cost),
            attached.relation, @extschema@.workspace_cost_condition_sql(spent_on, cost));
    END IF;
    PERFORM @extschema@.workspace_create_view(workspace, 'source_costs', query,
        'What was spent on each source and day, where attach_costs() was told',
        ARRAY[['source', 'Source of customers, named as in the orders; unknown where none is named'],
              ['day', 'Day'],
              ['cost', 'What was spent']]);
END
$$;
COMMENT ON FUNCTION workspace_create_costs_views(name, order_column) IS
'Internal to attach_costs(): Makes the view source_costs of a workspace, without rows where no costs are attached.
Errors: as workspace_attached_relation().';

CREATE FUNCTION workspace_diagnose_costs(workspace name) RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET DateStyle = 'ISO'
AS $$
DECLARE
    attached @extschema@.attached_relation;
    spent_on @extschema@.order_column;
    cost @extschema@.order_column;
    found record;
BEGIN
    IF to_regclass(format('%I.sources', workspace)) IS NULL THEN
        RETURN; -- between detach_orders() and upgrade_workspace()
    END IF;
    attached := @extschema@.workspace_attached_relation(workspace, 'costs', @extschema@.workspace_orders_customer(workspace));
    spent_on := @extschema@.workspace_role_column(attached, 'spent_on');
    cost := @extschema@.workspace_role_column(attached, 'cost');
    EXECUTE format($query$
        SELECT count(*) AS rows, count(*) FILTER (WHERE NOT coalesce(%2$s, false)) AS no_day,
            count(*) FILTER (WHERE %2$s AND NOT coalesce(%3$s AND o.%4$I >= 0, false)) AS no_cost,
            count(*) FILTER (WHERE %2$s AND %3$s AND o.%4$I >= 0 AND %5$s >= (SELECT r.as_of FROM %6$I.reporting_date r)) AS future
        FROM %1$s o
        CROSS JOIN (SELECT x.* FROM %6$I.applied_settings x LIMIT 1) s
        $query$, attached.relation, @extschema@.workspace_usable_time_sql(spent_on), @extschema@.workspace_usable_amount_sql(cost),
        cost.name, @extschema@.workspace_day_sql(spent_on), workspace) INTO found;
    RETURN QUERY SELECT v.topic, 'rows left out: ' || @extschema@.workspace_row_share(v.rows, found.rows), v.advice
    FROM (VALUES ('no day', found.no_day, 'Without a day, or with an infinite one, or one outside the years 1 to 9999'),
        ('no cost', found.no_cost, 'Without a cost, or with one that is negative, not a number, infinite, or past 922 trillion'),
        ('future', found.future, 'On or after the reporting date: not counted yet')) v(topic, rows, advice)
    WHERE v.rows > 0;
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_cost_sources(workspace) f;
END
$$;
COMMENT ON FUNCTION workspace_diagnose_costs(name) IS
'Internal to attach_costs(): The findings about the rows of costs.';

CREATE FUNCTION workspace_diagnose_cost_sources(workspace name) RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET DateStyle = 'ISO'
AS $$
DECLARE
    found record;
BEGIN
    -- There may be as many sources as orders, and what is shown has room for 200 at most.
    EXECUTE format($query$
        SELECT min(c.costs_from) AS from_date, min(c.costs_until) AS until, sum(c.cost) AS cost, count(*) AS sources,
            count(*) FILTER (WHERE c.customers = 0) AS unmatched,
            string_agg(c.source, ', ' ORDER BY c.place) FILTER (WHERE c.customers = 0 AND c.place <= 200) AS without_customers,
            string_agg(c.source, ', ' ORDER BY c.place) FILTER (WHERE c.cost = 0 AND c.customers > 0 AND c.place <= 200) AS without_costs
        FROM (
            SELECT x.*, row_number() OVER (PARTITION BY x.customers = 0, x.cost = 0 AND x.customers > 0
                ORDER BY x.cost DESC, x.customers DESC, x.source) AS place
            FROM %I.sources x) c
        $query$, workspace) INTO found;
    IF found.sources = 0 THEN
        RETURN QUERY VALUES ('sources', 'none', 'Name the column with the source of an order: attach_orders(..., source => ''...'')');
        RETURN;
    END IF;
    RETURN QUERY VALUES ('costs', coalesce(format('%s, for customers acquired from %s to %s', found.cost, found.from_date, found.until - 1), 'none to count yet'), NULL);
    IF found.without_customers IS NOT NULL THEN
        RETURN QUERY VALUES ('costs without customers', left(found.without_customers, 500), 'If they are named otherwise in the orders, attach a view with those names');
    END IF;
    IF found.without_costs IS NOT NULL THEN
        RETURN QUERY VALUES ('customers without costs', left(found.without_costs, 500), NULL);
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_diagnose_cost_sources(name) IS
'Internal to attach_costs(): The findings about the sources of costs and of customers.';
-- workspace: one row per customer: key figures, then classes

CREATE FUNCTION workspace_figures_sql(workspace name, dates text, histories text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT d.*, s.abc_a, s.abc_b, s.rfm_bins, s.risk_gaps, s.lost_after,
            h.customer, h.history,
            %2$s.order_count(h.history, d.as_of) AS orders,
            %2$s.purchase_days(h.history, d.as_of) AS purchase_days,
            %2$s.revenue(h.history, d.as_of) AS revenue,
            %2$s.average_order(h.history, d.as_of) AS average_order,
            %2$s.first_order(h.history, d.as_of) AS first_order,
            %2$s.last_order(h.history, d.as_of) AS last_order,
            d.as_of - %2$s.last_order(h.history, d.as_of) AS days_since_last,
            %2$s.gap_days(h.history, d.as_of) AS gap_days,
            %2$s.return_count(h.history, d.as_of) AS returns,
            %2$s.revenue(h.profit_history, d.as_of) AS profit,
            CASE s.count_by WHEN 'days' THEN %2$s.purchase_days(h.history, d.as_of)
                ELSE %2$s.order_count(h.history, d.as_of) END AS purchases,
            %2$s.revenue(h.history, w.from_date, d.as_of) AS window_revenue,
            %2$s.revenue(h.profit_history, w.from_date, d.as_of) AS window_profit,
            %2$s.return_count(h.history, w.from_date, d.as_of) AS window_returns,
            %2$s.revenue(h.history, (%2$s.last_order(h.history, d.as_of) + 1 - interval '1 year')::date, d.as_of) AS last_year_revenue,
            -- Classes are for those who bought in the window: the others are counted apart.
            CASE WHEN %2$s.last_order(h.history, d.as_of) >= w.from_date THEN
                CASE s.abc_by WHEN 'revenue' THEN %2$s.revenue(h.history, w.from_date, d.as_of)
                    ELSE coalesce(%2$s.revenue(h.profit_history, w.from_date, d.as_of), 0) END
            END AS class_value,
            CASE WHEN %2$s.last_order(h.history, d.as_of) >= w.from_date THEN
                CASE s.xyz_by
                    WHEN 'frequency' THEN %2$s.frequency_class(
                        h.history, d.as_of, s.frequency_within, s.x_purchases, s.y_purchases, s.count_by)
                    ELSE %2$s.xyz_class(h.history, s.period, w.from_date, d.as_of, s.xyz_x, s.xyz_y) END
            END AS xyz,
            %2$s.lifecycle_stage(
                h.history, d.as_of, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by) AS stage
        FROM %3$s d
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN LATERAL (SELECT coalesce((d.as_of - s.class_window)::date, '-infinity') AS from_date) w
        CROSS JOIN %4$s h
        WHERE %2$s.first_order(h.history, d.as_of) IS NOT NULL
        $query$, workspace, '@extschema@', dates, histories)
$$;
COMMENT ON FUNCTION workspace_figures_sql(name, text, text) IS
'Internal to attach_orders(): The query for what one history says of a customer.
Arguments: workspace; dates: a relation with the column as_of, the day to speak of; histories: a relation like customer_history.';

CREATE FUNCTION workspace_create_customer_figures(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- What begins with WITH is planned by itself: nobody who joins it carries the histories on, or works figures out again.
    PERFORM @extschema@.workspace_create_view(workspace, 'customer_figures', format($view$
        WITH f AS (%s)
        SELECT f.customer, f.orders, f.purchase_days, f.revenue, f.average_order, f.first_order, f.last_order,
            f.days_since_last, f.gap_days, f.returns, f.profit, f.purchases, f.window_revenue, f.window_profit,
            f.window_returns, f.last_year_revenue, f.stage, f.as_of
        FROM f
        $view$, @extschema@.workspace_figures_sql(workspace, format('%I.reporting_date', workspace),
            format('%I.customer_history', workspace))),
        'One row per customer with what the customer''s own orders say: for looking up one of them, which an index on the orders serves. The view customers has the same figures, and classes that compare them',
        @extschema@.workspace_figure_comments()
            || ARRAY[['stage', 'Stage of the lifecycle: new, occasional, regular or lost'],
                     ['as_of', 'The reporting date']]);
END
$$;
COMMENT ON FUNCTION workspace_create_customer_figures(name) IS
'Internal to attach_orders(): Makes the view customer_figures of a workspace.';

CREATE FUNCTION workspace_figure_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['customer', 'The customer, as in the orders'],
        ['orders', 'Number of orders: rows with an amount of zero or more'],
        ['purchase_days', 'Number of days with an order'],
        ['revenue', 'Sum of all amounts, returns taken off'],
        ['average_order', 'Revenue by number of orders'],
        ['first_order', 'Day of the first order'],
        ['last_order', 'Day of the last order'],
        ['days_since_last', 'Days from the last order to the reporting date'],
        ['gap_days', 'Median number of days from one purchase day to the next; empty below two'],
        ['returns', 'Number of returns: rows with a negative amount'],
        ['profit', 'Sum of all profit; empty where no column of it is attached'],
        ['purchases', 'Number of purchases: of days with orders, or of orders, as the settings count'],
        ['window_revenue', 'Revenue within the window of the classes, twelve months unless the settings say otherwise'],
        ['window_profit', 'Profit within that window'],
        ['window_returns', 'Number of returns within that window'],
        ['last_year_revenue', 'Revenue of the twelve months that end with the last order, later returns taken off']]
$$;
COMMENT ON FUNCTION workspace_figure_comments() IS
'Internal to attach_orders(): The comments on the columns of customer_figures.';

CREATE FUNCTION workspace_classes_sql(workspace name, dates text, histories text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- OFFSET 0 keeps the figures from being worked out once for every class that reads them.
    SELECT format($query$
        SELECT f.*,
            %1$s.abc_class(f.class_value, f.abc_a, f.abc_b) OVER everyone AS abc,
            %1$s.abc_shortfall(f.class_value, f.abc_a, f.abc_b) OVER everyone AS missing_revenue,
            %1$s.abc_class(f.class_value, 0.80, 0.80) OVER everyone = 'A' AS brings_80,
            %1$s.pareto_share(f.class_value) OVER everyone AS pareto_share,
            %1$s.rfm_score(-f.days_since_last, f.rfm_bins) OVER everyone AS recency_score,
            %1$s.rfm_score(f.purchases, f.rfm_bins) OVER everyone AS frequency_score,
            %1$s.rfm_score(f.revenue, f.rfm_bins) OVER everyone AS monetary_score,
            %1$s.shop_gap(f.gap_days) OVER everyone AS shop_gap
        FROM (%2$s OFFSET 0) f
        WINDOW everyone AS ()
        $query$, '@extschema@', @extschema@.workspace_figures_sql(workspace, dates, histories))
$$;
COMMENT ON FUNCTION workspace_classes_sql(name, text, text) IS
'Internal to attach_orders(): The query for figures and for the classes that compare customers.
Arguments: as of workspace_figures_sql(); there has to be one day.';

CREATE FUNCTION workspace_create_customer_classes(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- By itself, like customer_figures.
    PERFORM @extschema@.workspace_create_view(workspace, 'customer_classes', format($view$
        WITH c AS (%1$s)
        SELECT c.customer, c.history, c.as_of, c.orders, c.purchase_days, c.revenue, c.average_order, c.first_order, c.last_order,
            c.days_since_last, c.gap_days, c.returns, c.profit, c.purchases, c.window_revenue, c.window_profit,
            c.window_returns, c.last_year_revenue, c.class_value, c.brings_80, c.shop_gap,
            CASE WHEN c.purchase_days > 3 THEN c.gap_days ELSE c.shop_gap END AS usual_gap,
            c.abc, c.xyz, c.abc || c.xyz AS cell, c.stage, c.recency_score, c.frequency_score, c.monetary_score,
            %2$s.at_risk(c.history, c.as_of, c.risk_gaps, c.shop_gap, c.lost_after) AS at_risk,
            c.missing_revenue, c.pareto_share
        FROM c
        $view$, @extschema@.workspace_classes_sql(workspace, format('%I.reporting_date', workspace),
            format('%I.customer_history', workspace)), '@extschema@'),
        'What the other views stand on: the view customers with the history, for SQL',
        @extschema@.workspace_figure_comments() || ARRAY[
            ['history', 'Orders, returns and amounts per day'],
            ['as_of', 'The reporting date'],
            ['class_value', 'What the ABC class is decided by; empty without a purchase in the window'],
            ['brings_80', 'Whether the customer is among those who bring 80 % of it'],
            ['shop_gap', 'Usual gap of the shop in days: the median of the customers''']]
            || @extschema@.workspace_class_comments());
END
$$;
COMMENT ON FUNCTION workspace_create_customer_classes(name) IS
'Internal to attach_orders(): Makes the view customer_classes of a workspace.';

CREATE FUNCTION workspace_class_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['abc', 'ABC class by revenue or profit in the window: A brings 80 %, B the next 15 %; empty without a purchase in it'],
        ['xyz', 'XYZ class: X buys regularly, Y from time to time, Z rarely; empty without a purchase in the window'],
        ['cell', 'Both: AX to CZ'],
        ['stage', 'Stage of the lifecycle: new, occasional, regular or lost'],
        ['recency_score', 'RFM score for recency: a high one bought lately'],
        ['frequency_score', 'RFM score for the number of purchases'],
        ['monetary_score', 'RFM score for revenue'],
        ['at_risk', 'Silent for more than twice the usual gap, but not lost yet'],
        ['usual_gap', 'Usual gap in days: the customer''s own with three gaps or more, else the shop''s'],
        ['missing_revenue', 'How much more revenue (or profit) in the window would bring the next better class; empty for A'],
        ['pareto_share', 'Share of the whole that this customer and all larger ones bring, 0 to 1; empty for zero or less']]
$$;
COMMENT ON FUNCTION workspace_class_comments() IS
'Internal to attach_orders(): The comments on the columns with classes.';

CREATE FUNCTION workspace_create_customers(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_customer_figures(workspace);
    PERFORM @extschema@.workspace_create_customer_classes(workspace);
    PERFORM @extschema@.workspace_create_view(workspace, 'customers', format($view$
        SELECT c.customer, c.orders, c.purchase_days, c.revenue, c.average_order, c.first_order, c.last_order,
            c.days_since_last, c.gap_days, c.returns, c.profit, c.purchases, c.window_revenue, c.window_profit,
            c.window_returns, c.last_year_revenue, c.abc, c.xyz, c.cell, c.stage,
            c.recency_score, c.frequency_score, c.monetary_score, coalesce(g.segment, 'other') AS segment, c.at_risk,
            c.usual_gap, c.missing_revenue, c.pareto_share, p.action AS policy, c.as_of, d.customer_name, d.contact
        FROM %1$I.customer_classes c
        LEFT JOIN %1$I.rfm_cells g ON g.recency_score = c.recency_score AND g.frequency_score = c.frequency_score
            AND g.monetary_score = c.monetary_score
        LEFT JOIN %1$I.policies p ON p.cell = c.cell
        LEFT JOIN %1$I.customer_details d ON d.customer = c.customer
        $view$, workspace),
        'One row per customer with at least one order before the reporting date',
        @extschema@.workspace_figure_comments() || @extschema@.workspace_class_comments() || ARRAY[
            ['segment', 'Segment by the RFM scores, from the table segments'],
            ['policy', 'What to do: the action of the cell, from the table policies'],
            ['as_of', 'The reporting date']] || @extschema@.workspace_detail_comments());
END
$$;
COMMENT ON FUNCTION workspace_create_customers(name) IS
'Internal to attach_orders(): Makes the views customer_figures, customer_classes and customers of a workspace.';
-- workspace: attaching a table of customers, whose columns divide them

CREATE FUNCTION attach_customers(
    customers regclass,
    customer text DEFAULT NULL,
    dimensions text[] DEFAULT NULL,
    workspace text DEFAULT 'loyalty',
    name text[] DEFAULT NULL,
    contact text[] DEFAULT NULL,
    referrer text DEFAULT NULL)
RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
SET quote_all_identifiers = off
AS $$
DECLARE
    key @extschema@.order_column;
    known jsonb;
    referrer_column @extschema@.order_column;
    chosen_dimensions text[];
    chosen_name text[];
    chosen_contact text[];
BEGIN
    IF customers IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'customers and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of customers: attach_customers(''sales.customers'').';
    END IF;
    PERFORM @extschema@.workspace_enter(workspace);
    PERFORM @extschema@.workspace_check_relation(customers, workspace);
    PERFORM @extschema@.workspace_lock_relation(customers);
    known := @extschema@.workspace_attached_columns(workspace, customers, 'customers');
    key := @extschema@.workspace_column(customers, 'customer_key', coalesce(customer, known->>'customer'), true);
    chosen_dimensions := coalesce(dimensions, @extschema@.workspace_found_dimensions(customers));
    chosen_name := coalesce(name, ARRAY(SELECT jsonb_array_elements_text(known->'name')));
    chosen_contact := coalesce(contact, ARRAY(SELECT jsonb_array_elements_text(known->'contact')));
    IF chosen_dimensions && '{first_source,first_category}' THEN
        RAISE EXCEPTION 'invalid value for parameter "dimensions": %', chosen_dimensions
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'first_source and first_category are those of the orders: attach a view that renames the columns.';
    END IF;
    PERFORM @extschema@.workspace_check_customer_columns(customers, 'dimensions', chosen_dimensions);
    PERFORM @extschema@.workspace_check_customer_columns(customers, 'name', chosen_name);
    PERFORM @extschema@.workspace_check_customer_columns(customers, 'contact', chosen_contact);
    PERFORM @extschema@.workspace_check_privileges(customers, ARRAY[key.name]);
    referrer := coalesce(referrer, known->>'referrer');
    referrer_column := @extschema@.workspace_referrer_column(workspace, customers, referrer);
    EXECUTE format($dml$
        INSERT INTO %I.attached VALUES ('customers', $1, $2)
        ON CONFLICT (relation_role) DO UPDATE SET relation = excluded.relation, columns = excluded.columns
        $dml$, workspace) USING customers::text, jsonb_build_object('customer', key.name, 'dimensions', to_jsonb(chosen_dimensions),
            'name', to_jsonb(chosen_name), 'contact', to_jsonb(chosen_contact), 'referrer', coalesce(referrer_column.name, referrer));
    PERFORM @extschema@.workspace_refresh_dimensions(workspace);
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
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_matches(workspace) f;
END
$$;
COMMENT ON FUNCTION attach_customers(regclass, text, text[], text, text[], text[], text) IS
'Attaches a table of customers to a workspace: its columns divide the customers, in customer_dimensions, retention_by_dimension, cohorts_by_dimension and first_purchase, name them in customers, win_back, at_risk and second_order_due, and say who brought whom, in referrals and sources. Can be run again.
Arguments: customers: a table, partitioned or foreign table, view or materialized view; customer: name of the column that the orders'' customer is, where left out that of the last time, else found by its usual names; dimensions: array of the names of columns such as region or age group (''{region,age_group}''), where left out those with usual names; workspace: name of the schema; name: array of the names of the columns that make up a customer''s name (''{full_name}''), set with a space between them; contact: array of the names of columns such as e-mail and phone (''{email}''), set with a comma between them. Neither is looked for, since whoever reads the workspace sees them: where left out those of the last time, none where empty (''{}''); referrer: name of the column with the customer who brought this one, where left out that of the last time, else found by its usual names, none where empty ('''').
Result: rows of topic, finding and advice: what was found and chosen.
Errors: 22004 for NULL, 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 22023 for dimensions of those names or NULL, 42809 for what is no table or view, 42501 without SELECT on the columns or for a workspace of somebody else.';

CREATE FUNCTION workspace_diagnose_matches(workspace name) RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached @extschema@.attached_relation;
    matches record;
    dimension record;
BEGIN
    IF to_regclass(format('%I.customer_history', workspace)) IS NULL THEN
        RETURN;
    END IF;
    attached := @extschema@.workspace_attached_relation(workspace, 'customers', @extschema@.workspace_orders_customer(workspace));
    EXECUTE format($query$
        SELECT count(*) AS customers, count(k.customer) AS found
        FROM %I.customer_history h LEFT JOIN (SELECT DISTINCT %s AS customer FROM %s o) k ON k.customer = h.customer
        $query$, workspace, attached.key, attached.relation) INTO matches;
    RETURN QUERY SELECT 'customers', 'customers of the orders that are found there: '
            || @extschema@.workspace_row_share(matches.found, matches.customers),
        CASE WHEN matches.found * 2 < matches.customers THEN 'Is it the column that the orders'' customer is? Name it with customer => ''...''' END
    WHERE matches.customers > 0;
    FOR dimension IN EXECUTE format($query$
        SELECT d.dimension AS name, count(DISTINCT d.value) AS found
        FROM %I.customer_dimensions d WHERE d.dimension NOT IN ('first_source', 'first_category')
        GROUP BY d.dimension HAVING count(DISTINCT d.value) > 50 ORDER BY d.dimension
        $query$, workspace)
    LOOP
        RETURN QUERY VALUES ('many values', format('%s has %s values', dimension.name, dimension.found),
            'Each of them is a line in the views by dimension: leave it out with dimensions => ''{...}'', or attach a view that groups them');
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_diagnose_matches(name) IS
'Internal to attach_customers(): The findings on how many customers are known, and on dimensions that divide them too finely.';

CREATE FUNCTION workspace_check_customer_columns(customers regclass, parameter text, columns text[]) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF array_position(columns, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'invalid value for parameter "%": %', parameter, columns
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Name columns, such as ''{region,age_group}'', or none: ''{}''.';
    END IF;
    PERFORM @extschema@.workspace_given_column(customers, 'dimension', c) FROM unnest(columns) c;
    PERFORM @extschema@.workspace_check_privileges(customers, columns::name[]);
END
$$;
COMMENT ON FUNCTION workspace_check_customer_columns(regclass, text, text[]) IS
'Internal to attach_customers(): Checks columns of the table of customers that a parameter names.
Errors: 22023 for NULL, 42703 for a missing column, 42804 for a type that does not fit, 42501 without SELECT.';

CREATE FUNCTION detach_customers(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM @extschema@.workspace_enter(workspace);
    EXECUTE format('DELETE FROM %I.attached WHERE relation_role = ''customers''', workspace);
    PERFORM @extschema@.workspace_refresh_dimensions(workspace);
END
$$;
COMMENT ON FUNCTION detach_customers(text) IS
'Takes the table of customers from a workspace: the table stays as it is, the views lose its dimensions and names.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else.';

CREATE FUNCTION workspace_refresh_dimensions(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    orders record;
    columns @extschema@.order_columns;
BEGIN
    -- Between detach_orders() and upgrade_workspace() there are no views.
    IF to_regclass(format('%I.customer_history', workspace)) IS NULL THEN
        RETURN;
    END IF;
    PERFORM @extschema@.workspace_lock_views(workspace);
    EXECUTE format('SELECT a.relation::regclass AS relation, a.columns FROM %I.attached a WHERE a.relation_role = ''orders''', workspace) INTO orders;
    columns := @extschema@.workspace_order_columns(orders.relation, orders.columns);
    PERFORM @extschema@.workspace_create_customer_details(workspace, columns.customer);
    PERFORM @extschema@.workspace_create_referrals(workspace, columns.customer);
    PERFORM @extschema@.workspace_create_dimensions(workspace::name, columns);
    IF @extschema@.workspace_is_stored(workspace, 'customer_dimensions') THEN
        PERFORM @extschema@.workspace_drop_stored(workspace, '{customer_dimensions}');
        PERFORM @extschema@.workspace_store(workspace, '{customer_dimensions}');
        IF @extschema@.workspace_is_stored(workspace, 'survey_by_dimension') THEN
            EXECUTE format('REFRESH MATERIALIZED VIEW %I.%I', workspace, @extschema@.workspace_data_name('survey_by_dimension'));
        END IF;
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_refresh_dimensions(text) IS
'Internal to attach_customers(): Makes the views that read the table of customers anew.';

CREATE FUNCTION workspace_found_dimensions(customers regclass) RETURNS text[]
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(c.name::text), '{}') FROM @extschema@.workspace_columns(customers, 'dimension') c
    WHERE c.usual AND c.usable AND has_column_privilege(customers, c.name, 'SELECT')
$$;
COMMENT ON FUNCTION workspace_found_dimensions(regclass) IS
'Internal to attach_customers(): The readable columns with usual names of dimensions.';

CREATE FUNCTION workspace_customer_dimensions_sql(workspace name, orders_customer order_column) RETURNS text
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'customers', orders_customer);
    pairs text;
BEGIN
    SELECT string_agg(format('(%L, o.%I::text)', d.name, d.name), ', ' ORDER BY d."position") INTO pairs
    FROM jsonb_array_elements_text(attached.columns->'dimensions') WITH ORDINALITY d(name, "position");
    IF pairs IS NULL THEN
        RETURN '';
    END IF;
    -- A customer who is there twice has one value.
    RETURN format($query$
        UNION ALL
        SELECT c.customer, c.dimension, min(c.value) AS value
        FROM (
            SELECT %1$s AS customer, v.dimension, v.value
            FROM %2$s o
            CROSS JOIN LATERAL (VALUES %3$s) v(dimension, value)) c
        WHERE c.customer IS NOT NULL AND c.value IS NOT NULL
        GROUP BY c.customer, c.dimension
        $query$, attached.key, attached.relation, pairs);
END
$$;
COMMENT ON FUNCTION workspace_customer_dimensions_sql(name, order_column) IS
'Internal to attach_customers(): The part of customer_dimensions that the table of customers gives, empty without one.
Errors: as workspace_attached_relation().';

CREATE FUNCTION workspace_joined_columns_sql(columns jsonb, separator text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN jsonb_array_length(columns) > 0
        THEN format('nullif(concat_ws(%L, %s), %L)', separator,
            (SELECT string_agg(format('nullif(o.%I::text, %L)', c.name, ''), ', ' ORDER BY c."position")
                FROM jsonb_array_elements_text(columns) WITH ORDINALITY c(name, "position")), '')
        ELSE 'NULL::text' END
$$;
COMMENT ON FUNCTION workspace_joined_columns_sql(jsonb, text) IS
'Internal to attach_customers(): The SQL expression of some columns of a row o as one text.';

CREATE FUNCTION workspace_create_customer_details(workspace name, orders_customer order_column) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'customers', orders_customer);
    query text := format('SELECT h.customer, NULL::text AS customer_name, NULL::text AS contact FROM %I.order_history h WHERE false', workspace);
BEGIN
    -- Grouped, there is one row per customer, whatever the table has: views may join them without gaining rows.
    IF jsonb_array_length(attached.columns->'name') + jsonb_array_length(attached.columns->'contact') > 0 THEN
        query := format($query$
            SELECT c.customer, min(c.customer_name) AS customer_name, min(c.contact) AS contact
            FROM (SELECT %s AS customer, %s AS customer_name, %s AS contact FROM %s o) c
            WHERE c.customer IS NOT NULL
            GROUP BY c.customer
            $query$, attached.key, @extschema@.workspace_joined_columns_sql(attached.columns->'name', ' '),
            @extschema@.workspace_joined_columns_sql(attached.columns->'contact', ', '), attached.relation);
    END IF;
    PERFORM @extschema@.workspace_create_view(workspace, 'customer_details', query,
        'Names and contacts of customers, where attach_customers() was told of them',
        ARRAY[['customer', 'The customer, as in the orders']] || @extschema@.workspace_detail_comments());
END
$$;
COMMENT ON FUNCTION workspace_create_customer_details(name, order_column) IS
'Internal to attach_customers(): Makes the view customer_details of a workspace, without rows where there is nothing to tell.
Errors: as workspace_attached_relation().';

CREATE FUNCTION workspace_detail_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['customer_name', 'Name of the customer; empty where attach_customers() was told of none'],
        ['contact', 'How to reach the customer; empty where attach_customers() was told of none']]
$$;
COMMENT ON FUNCTION workspace_detail_comments() IS
'Internal to attach_customers(): The comments on the columns of customer_details.';
-- workspace: what attach_orders() says about the table

CREATE FUNCTION workspace_index_sql(col order_column) RETURNS text
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
COMMENT ON FUNCTION workspace_index_sql(order_column) IS
'Internal to attach_orders(): What an index has to hold for the views to find rows by a column, NULL where none can.';

CREATE FUNCTION workspace_index_advice(orders regclass, col order_column, purpose text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN i.wanted IS NULL THEN 'No index can serve the views: keep such customers as text or numbers'
        ELSE format('Nothing indexes it: CREATE INDEX%s ON %s (%s); then %s',
            CASE c.relkind WHEN 'p' THEN '' ELSE ' CONCURRENTLY' END, orders, i.wanted, purpose) END
    FROM pg_class c
    CROSS JOIN LATERAL (SELECT @extschema@.workspace_index_sql(col) AS wanted) i
    WHERE c.oid = orders AND c.relkind IN ('r', 'p', 'm')
        AND NOT EXISTS (
            SELECT FROM pg_index x
            WHERE x.indrelid = orders AND x.indisvalid AND x.indpred IS NULL
                AND trim(pg_get_indexdef(x.indexrelid, 1, true), '()') = trim(i.wanted, '()'))
$$;
COMMENT ON FUNCTION workspace_index_advice(regclass, order_column, text) IS
'Internal to attach_orders(): The statement that would index a column, NULL where a usable index begins with it or the relation can have none.';

CREATE FUNCTION workspace_describe_columns(workspace name, orders regclass, columns order_columns)
RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    settings record;
    status_columns text;
BEGIN
    EXECUTE format('SELECT s.* FROM %I.settings s', workspace) INTO settings;
    RETURN QUERY SELECT c.role, format('column %I (%s), %s%s', (c.col).name, (c.col).type, (c.col).found,
            CASE WHEN (c.col).type = 'timestamptz'::regtype THEN format('; days of %s', settings.time_zone) ELSE '' END),
        CASE c.role
            WHEN 'customer' THEN @extschema@.workspace_index_advice(orders, c.col, 'one customer is found at once')
            WHEN 'ordered_at' THEN @extschema@.workspace_index_advice(orders, c.col, 'the last row is found at once')
        END
    FROM @extschema@.workspace_column_list(columns) c;
    RETURN QUERY VALUES
        ('time_zone', settings.time_zone, format('To change it: UPDATE %I.settings SET time_zone = ''...'';', workspace)),
        ('settings', format('periods: %s, RFM scores: 1 to %s', settings.period, settings.rfm_bins),
            format('These and all others are in %I.settings', workspace));

    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO status_columns
    FROM pg_attribute a
    WHERE a.attrelid = orders AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attname ~* '(status|(^|order_?|sales?_?|payment_?|document_?)state(_?code|_?id)?$|cancel|refund|void|paid|deleted|is_?test|draft)';
    IF status_columns IS NOT NULL THEN
        RETURN QUERY VALUES ('status', format('not filtered by %s: every row counts', status_columns),
            'If some of the rows are no orders, attach a view that leaves them out');
    END IF;
    IF (SELECT c.relrowsecurity FROM pg_class c WHERE c.oid = orders) THEN
        RETURN QUERY VALUES ('row security', format('%s has row level security', orders),
            format('The views read it as %I, whoever asks them: grant them with care', @extschema@.workspace_owner(workspace)));
    END IF;
    -- Functions behind a view, policies and casts of the orders run with the rights of who reads them.
    IF EXISTS (SELECT FROM pg_class c JOIN pg_roles o ON o.oid = c.relowner JOIN pg_roles r ON r.rolname = current_user
        WHERE c.oid = orders AND r.rolsuper AND NOT o.rolsuper)
    THEN
        RETURN QUERY VALUES ('superuser', format('%s belongs to %s, the workspace to a superuser', orders,
                (SELECT quote_ident(pg_get_userbyid(c.relowner)) FROM pg_class c WHERE c.oid = orders)),
            'What its owner puts behind it runs with your rights: drop the workspace, and attach as a role that may do no more than read it');
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_describe_columns(name, regclass, order_columns) IS
'Internal to attach_orders(): The findings of attach_orders() that need no look at the rows.';

CREATE FUNCTION workspace_row_share(part bigint, whole bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%s of %s (%s %%)', part, whole, CASE
        WHEN part = 0 OR part = whole THEN round(100.0 * part / nullif(whole, 0))
        ELSE least(greatest(round(100.0 * part / whole, 2), 0.01), 99.99) END)
$$;
COMMENT ON FUNCTION workspace_row_share(bigint, bigint) IS
'Internal to attach_orders(): A count beside the whole, in words.';

CREATE FUNCTION workspace_diagnose_customers(workspace name) RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET DateStyle = 'ISO'
AS $$
DECLARE
    base record;
BEGIN
    EXECUTE format($query$
        SELECT count(*) AS customers, sum(c.orders) AS orders, min(c.first_order) AS first_order,
            max(c.last_order) AS last_order, count(*) FILTER (WHERE c.purchase_days = 1) AS once,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY c.gap_days) AS gap_days,
            (SELECT r.as_of FROM %1$I.reporting_date r) AS as_of
        FROM %1$I.customers c
        $query$, workspace) INTO base;
    IF base.customers = 0 THEN
        RETURN QUERY VALUES ('orders', 'none to count yet', 'The views are empty until there are orders');
        RETURN;
    END IF;
    RETURN QUERY VALUES ('orders', format('orders: %s, customers: %s, from %s to %s; the views speak of %s',
        base.orders, base.customers, base.first_order, base.last_order, base.as_of),
        format('To see an earlier day: UPDATE %I.settings SET as_of = ''%s'';',
            workspace, base.first_order + (base.last_order - base.first_order) / 2 + 1));
    RETURN QUERY VALUES ('cadence', format('customers who came on one day only: %s%s', @extschema@.workspace_row_share(base.once, base.customers),
        '; median gap of the others, in days: ' || round(base.gap_days::numeric)), NULL);
END
$$;
COMMENT ON FUNCTION workspace_diagnose_customers(name) IS
'Internal to attach_orders(): The findings about the customers of a workspace.';

CREATE FUNCTION workspace_blank_sql(customer order_column) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE t.typcategory WHEN 'S' THEN 'btrim(a.customer::text) = ''''' ELSE 'false' END
    FROM pg_type t WHERE t.oid = (customer).type
$$;
COMMENT ON FUNCTION workspace_blank_sql(order_column) IS
'Internal to attach_orders(): The SQL condition on a row a with a customer that it is a text of nothing but spaces.';

CREATE FUNCTION workspace_diagnose_quality(workspace name) RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY EXECUTE format($query$
        SELECT replace(q.reason, '_', ' '), 'rows left out: ' || %2$s.workspace_row_share(q.order_rows, q.all_rows), q.description
        FROM (SELECT d.*, sum(d.order_rows) OVER ()::bigint AS all_rows FROM %1$I.data_quality d) q
        WHERE q.order_rows > 0 AND q.reason <> 'used'
        ORDER BY q."position"
        $query$, workspace, '@extschema@');
END
$$;
COMMENT ON FUNCTION workspace_diagnose_quality(name) IS
'Internal to attach_orders(): The findings about the rows that are left out, by reason.';

CREATE FUNCTION workspace_diagnose_orders(workspace name, orders regclass, columns order_columns)
RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    alike record;
    zero_amounts text;
    repeated_ids bigint := 0;
BEGIN
    IF (columns.order_id).name IS NOT NULL THEN
        EXECUTE format('SELECT count(o.%1$I) - count(DISTINCT o.%1$I) FROM %2$s o', (columns.order_id).name, orders) INTO repeated_ids;
    END IF;
    -- Rows of one customer and time are counted by amount first: both groupings are cheap to hash.
    EXECUTE format($query$
        SELECT coalesce(sum(t.rows), 0)::bigint AS rows, coalesce(sum(t.repeated), 0)::bigint AS repeated,
            coalesce(sum(t.rows) FILTER (WHERE t.rows > 1), 0)::bigint AS together, coalesce(sum(t.zeros), 0)::bigint AS zeros,
            coalesce(sum(t.blanks), 0)::bigint AS blanks, coalesce(sum(t.all_rows), 0)::bigint AS all_rows
        FROM (SELECT sum(a.rows) AS all_rows, sum(a.rows) FILTER (WHERE a.compared) AS rows, sum(a.rows - 1) FILTER (WHERE a.compared) AS repeated,
                  sum(a.rows) FILTER (WHERE a.amount = 0 AND a.customer IS NOT NULL) AS zeros, sum(a.rows) FILTER (WHERE %5$s) AS blanks
              FROM (SELECT o.%2$I AS customer, o.%3$I AS at, o.%4$I AS amount, count(*) AS rows,
                        o.%2$I IS NOT NULL AND o.%4$I > 0 AS compared
                    FROM %1$s o WHERE o.%4$I >= 0 GROUP BY o.%2$I, o.%3$I, o.%4$I) a
              GROUP BY a.customer, a.at) t
        $query$, orders, (columns.customer).name, (columns.ordered_at).name, (columns.amount).name,
            @extschema@.workspace_blank_sql(columns.customer)) INTO alike;
    IF repeated_ids > 0 THEN
        RETURN QUERY VALUES ('order lines', format('rows whose %I another row has too: ', (columns.order_id).name)
                || @extschema@.workspace_row_share(repeated_ids, alike.all_rows),
            'Each row counts as an order: if these are lines of orders, attach a view that sums them by order');
    ELSIF (columns.ordered_at).type <> 'date'::regtype AND alike.together * 2 > alike.rows THEN
        RETURN QUERY VALUES ('order lines', 'rows that share customer and time with another: '
                || @extschema@.workspace_row_share(alike.together, alike.rows),
            'These look like lines of orders, and each counts as an order: attach a view that sums them by order');
    ELSIF alike.repeated > 0 THEN
        RETURN QUERY VALUES ('likely duplicates', 'rows that repeat the customer, time and amount of another: '
                || @extschema@.workspace_row_share(alike.repeated, alike.rows),
            'If they were loaded twice, attach a view with DISTINCT');
    END IF;

    RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_quality(workspace) f;
    IF alike.blanks > 0 THEN
        RETURN QUERY VALUES ('blank customer', 'rows whose customer is empty or blank: '
                || @extschema@.workspace_row_share(alike.blanks, alike.all_rows),
            format('A blank is a customer like any other: if nobody knows who bought, attach a view with nullif(btrim(%I), '''') in its place',
                (columns.customer).name));
    END IF;
    EXECUTE format('SELECT s.zero_amounts FROM %I.settings s', workspace) INTO zero_amounts;
    IF alike.zeros > 0 AND zero_amounts = 'orders' THEN
        RETURN QUERY VALUES ('zero amounts', format('rows that count as orders of 0: %s', alike.zeros),
            format('If they are no orders: UPDATE %I.settings SET zero_amounts = ''skipped'';', workspace));
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_diagnose_orders(name, regclass, order_columns) IS
'Internal to attach_orders(): The findings about the rows: what is left out and why, and what looks odd.';
-- workspace: customers by where they came from and what they bought first

CREATE FUNCTION workspace_create_dimensions(workspace name, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'customer_dimensions',
        @extschema@.workspace_dimensions_sql(workspace, columns.customer),
        'What customers can be divided by, one row per customer and dimension: source and category of the first order, where columns of them are attached, and the columns that attach_customers() was told',
        ARRAY[['customer', 'The customer, as in the orders'],
              ['dimension', 'first_source, first_category, or a column of the table of customers'],
              ['value', 'Its value for the customer']]);
    PERFORM @extschema@.workspace_create_first_purchase(workspace);
    PERFORM @extschema@.workspace_create_retention_by_dimension(workspace);
    PERFORM @extschema@.workspace_create_cohorts_by_dimension(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_dimensions(name, order_columns) IS
'Internal to attach_orders(): Makes the views customer_dimensions, first_purchase, retention_by_dimension and cohorts_by_dimension of a workspace.';

CREATE FUNCTION workspace_dimensions_sql(workspace name, orders_customer order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT f.customer, v.dimension, v.value
        FROM %1$I.first_orders f
        CROSS JOIN LATERAL (VALUES ('first_source', f.source), ('first_category', f.category)) v(dimension, value)
        WHERE v.value IS NOT NULL AND f.day < (SELECT r.as_of FROM %1$I.reporting_date r)
        $query$, workspace) || @extschema@.workspace_customer_dimensions_sql(workspace, orders_customer)
$$;
COMMENT ON FUNCTION workspace_dimensions_sql(name, order_column) IS
'Internal to attach_orders(): The query for customers with the dimensions that the orders and the table of customers give.';

CREATE FUNCTION workspace_create_first_purchase(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Whoever had the span to come back in is counted, and whether it was within the span. A full join is never a loop
    -- over all customers for each of them, however few the planner expects; customers without a dimension drop out.
    -- DISTINCT changes nothing but what the planner knows before PostgreSQL 18: of what is grouped by customer it expects
    -- every 200th pair to match, which grows with the square of the customers.
    PERFORM @extschema@.workspace_create_view(workspace, 'first_purchase', format($view$
        SELECT f.dimension, f.value, f.customers, f.eligible, f.repeated, i.estimate AS rate, i.lower, i.upper,
            f.revenue, (f.revenue / nullif(f.customers, 0))::double precision AS average_revenue, f.eligible = f.customers AS complete,
            f.eligible >= f.enough AS enough
        FROM (
            SELECT d.dimension, d.value, count(h.first_order) AS customers,
                count(*) FILTER (WHERE h.first_order + h.span <= h.as_of) AS eligible,
                count(*) FILTER (WHERE h.first_order + h.span <= h.as_of AND (h.repeat).ended AND (h.repeat).duration < h.span) AS repeated,
                sum(h.revenue) AS revenue, min(h.enough) AS enough
            FROM %1$I.customer_dimensions d
            FULL JOIN (
                SELECT DISTINCT ON (c.customer) c.customer, r.as_of, s.enough, r.as_of - (r.as_of - s.lost_after)::date AS span,
                    %2$s.first_order(c.history, r.as_of) AS first_order, %2$s.revenue(c.history, r.as_of) AS revenue,
                    %2$s.repeat_time(c.history, 1, r.as_of) AS repeat
                FROM %1$I.reporting_date r
                CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
                CROSS JOIN %1$I.customer_history c) h ON h.customer = d.customer
            GROUP BY d.dimension, d.value) f
        CROSS JOIN LATERAL %2$s.wilson_interval(f.repeated, f.eligible) i
        WHERE f.dimension IS NOT NULL AND f.customers > 0
        $view$, workspace, '@extschema@'),
        'How many came back within six months (lost_after), by what they bought first and where they came from',
        ARRAY[['dimension', 'first_source, first_category, or a column of the table of customers'],
              ['value', 'Its value'],
              ['customers', 'Number of customers'],
              ['eligible', 'Number of those whose first order is at least as long ago as the span'],
              ['repeated', 'Number of those who bought again within the span'],
              ['rate', 'Share of those, 0 to 1'],
              ['lower', 'Lower bound of its 95 % interval (Wilson)'],
              ['upper', 'Upper bound'],
              ['revenue', 'Revenue of the customers'' whole life'],
              ['average_revenue', 'By number of customers'],
              ['complete', 'Whether all of them have had the span'],
              ['enough', 'Whether there are enough customers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_first_purchase(name) IS
'Internal to attach_orders(): Makes the view first_purchase of a workspace.';

CREATE FUNCTION workspace_create_retention_by_dimension(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'retention_by_dimension', format($view$
        SELECT c.dimension, c.value, c.customers, p.period_number, p.eligible, p.retained, p.rate, p.lower, p.upper,
            p.retained_on_or_after, p.rate_on_or_after, p.lower_on_or_after, p.upper_on_or_after, true AS complete,
            p.eligible >= c.enough AS enough
        FROM (
            SELECT d.dimension, d.value, count(%2$s.first_order(h.history, r.as_of)) AS customers, min(s.enough) AS enough,
                %2$s.retention_curve(h.history, s.period, r.as_of) AS curve
            FROM %1$I.customer_dimensions d
            FULL JOIN (SELECT DISTINCT ON (x.customer) x.customer, x.history FROM %1$I.customer_history x) h ON h.customer = d.customer
            CROSS JOIN %1$I.reporting_date r
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            WHERE coalesce(%2$s.first_order(h.history, r.as_of), date 'infinity') >= r.first_period
            GROUP BY d.dimension, d.value) c
        CROSS JOIN LATERAL %2$s.retention_points(c.curve) p
        WHERE c.dimension IS NOT NULL
        $view$, workspace, '@extschema@'),
        'The retention curve by where customers came from and what they bought first',
        @extschema@.workspace_retention_comments() || ARRAY[
            ['dimension', 'first_source, first_category, or a column of the table of customers'],
            ['value', 'Its value'],
            ['customers', 'Number of customers'],
            ['complete', 'Always true: periods under way are not counted']]);
END
$$;
COMMENT ON FUNCTION workspace_create_retention_by_dimension(name) IS
'Internal to attach_orders(): Makes the view retention_by_dimension of a workspace.';

CREATE FUNCTION workspace_create_cohorts_by_dimension(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- What a cohort brought is read from its customers' histories together, and the cohorts of a value are put together
    -- from what is grouped already. OFFSET 0 makes columns of one relation of what is grouped, of which the planner
    -- expects a tenth as many groups as rows; else it multiplies, and expects millions of cohorts.
    PERFORM @extschema@.workspace_create_view(workspace, 'cohorts_by_dimension', format($view$
        WITH cohort AS MATERIALIZED (
            SELECT h.dimension, h.value, h.cohort_start, %2$s.rollup(h.history) FILTER (WHERE h.dimension IS NOT NULL) AS history,
                %2$s.retention_curve(h.history, h.period, h.as_of) FILTER (WHERE h.dimension IS NOT NULL) AS curve,
                min(h.as_of) AS as_of, min(h.enough) AS enough, min(h.step) AS step
            FROM (
                SELECT d.dimension, d.value, %2$s.period_start(%2$s.first_order(c.history), s.period) AS cohort_start, c.history,
                    s.period, %3$s AS step, s.enough, r.as_of
                FROM %1$I.customer_dimensions d
                FULL JOIN (SELECT DISTINCT ON (x.customer) x.customer, x.history FROM %1$I.customer_history x) c ON c.customer = d.customer
                CROSS JOIN %1$I.reporting_date r
                CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
                WHERE coalesce(%2$s.first_order(c.history, r.as_of), date '-infinity') >= r.first_period
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
            SELECT k.dimension, k.value, %2$s.rollup(k.curve) AS curve, min(k.enough) AS enough
            FROM cohort k
            WHERE k.dimension IS NOT NULL
            GROUP BY k.dimension, k.value
        ) c
        CROSS JOIN LATERAL %2$s.retention_cohorts(c.curve) p
        LEFT JOIN cohort e ON e.dimension = c.dimension AND e.value = c.value AND e.cohort_start = p.cohort_start
        CROSS JOIN LATERAL (SELECT least((p.period_start + e.step)::date, e.as_of) AS until) u
        CROSS JOIN LATERAL (
            SELECT %2$s.revenue(e.history, p.period_start, u.until) AS revenue, %2$s.revenue(e.history, p.cohort_start, u.until) AS so_far) r
        $view$, workspace, '@extschema@', @extschema@.workspace_period_step_sql('s.period')),
        'retention_cohorts by where customers came from, what they bought first, and the columns of the table of customers',
        @extschema@.workspace_retention_comments() || ARRAY[
            ['dimension', 'first_source, first_category, or a column of the table of customers'],
            ['value', 'Its value'],
            ['cohort_start', 'First day of the period of the first purchase'],
            ['cohort_label', 'Its name: 2025-03, 2025-W07, 2025-Q1'],
            ['customers', 'Number of customers in the cohort'],
            ['period_start', 'First day of the period'],
            ['complete', 'Whether the period is complete; else its rates are empty and its revenue is as far as it has come'],
            ['revenue', 'Revenue from the cohort in the period'],
            ['cumulative_revenue', 'Revenue from the cohort up to the period'],
            ['cumulative_revenue_per_customer', 'By number of customers in the cohort']]);
END
$$;
COMMENT ON FUNCTION workspace_create_cohorts_by_dimension(name) IS
'Internal to attach_orders(): Makes the view cohorts_by_dimension of a workspace.';
-- workspace: the express test of loyalty

CREATE FUNCTION workspace_create_express_test(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Histories are read twice, and worked out once.
    PERFORM @extschema@.workspace_create_view(workspace, 'express_test', format($view$
        WITH histories AS MATERIALIZED (SELECT h.customer, h.history FROM %1$I.order_history h)
        SELECT t.as_of, (t.result).light, coalesce((t.result).light_by, t.light_by) AS light_by, (t.result).certain, (t.result).advice,
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
            SELECT p.as_of, p.enough, p.light_by, p.unassigned_sales, (
                SELECT %2$s.express_test(h.history, p.as_of, p.unassigned_sales, p.regular_within, p.new_within,
                    p.regular_purchases, p.count_by, p.one_time_limit, p.light_by, 0.95)
                FROM histories h
                WHERE h.customer IS NOT NULL) AS result
            FROM (
                SELECT r.as_of, s.*, coalesce((
                    SELECT %2$s.revenue(h.history, (r.as_of - s.regular_within)::date, r.as_of)
                    FROM histories h
                    WHERE h.customer IS NULL), 0.00) AS unassigned_sales
                FROM %1$I.reporting_date r
                CROSS JOIN (SELECT x.regular_within, x.new_within, x.regular_purchases, x.count_by, x.one_time_limit, x.light_by,
                                x.enough FROM %1$I.settings x) s
                LIMIT 1) p
            OFFSET 0) t
        $view$, workspace, '@extschema@'),
        'One row: do customers come back? The express test of loyalty over those who bought in the last six months',
        ARRAY[['as_of', 'The reporting date'],
              ['light', 'red: it cannot be answered; green: few come only once; yellow: one-timers exceed regulars; mixed: in between'],
              ['light_by', 'What the light goes by: shares of customers or of sales'],
              ['certain', 'Whether the whole confidence interval lies on that side'],
              ['advice', 'What to make of it'],
              ['customers', 'Number of customers who bought in the window and have had time to come back'],
              ['one_time_customers', 'Number of those with exactly one purchase ever'],
              ['regular_customers', 'Number of those with three purchases or more in the window'],
              ['young_customers', 'Number of one-timers who have had no time to come back: in no share'],
              ['one_time_share', 'Share of customers who came once, 0 to 1'],
              ['one_time_share_lower', 'Lower bound of its 95 % interval (Wilson)'],
              ['one_time_share_upper', 'Upper bound'],
              ['regular_share', 'Share of customers who are regulars, 0 to 1'],
              ['regular_share_lower', 'Lower bound of its 95 % interval (Wilson)'],
              ['regular_share_upper', 'Upper bound'],
              ['difference', 'Regulars less one-timers, in points, -100 to 100'],
              ['difference_lower', 'Lower bound of its 95 % interval'],
              ['difference_upper', 'Upper bound'],
              ['sales', 'Sales to these customers in the window, returns taken off'],
              ['one_time_sales', 'Sales to one-timers'],
              ['regular_sales', 'Sales to regulars'],
              ['young_sales', 'Sales to one-timers who have had no time to come back'],
              ['unassigned_sales', 'Sales in the window without a customer'],
              ['unassigned_share', 'Their share of all sales in the window, 0 to 1'],
              ['one_time_sales_share', 'Share of sales to one-timers, 0 to 1'],
              ['one_time_sales_share_lower', 'Lower bound of its 95 % interval (ratio over customers)'],
              ['one_time_sales_share_upper', 'Upper bound'],
              ['regular_sales_share', 'Share of sales to regulars, 0 to 1'],
              ['regular_sales_share_lower', 'Lower bound of its 95 % interval'],
              ['regular_sales_share_upper', 'Upper bound'],
              ['sales_difference', 'Share of regulars less that of one-timers, in points, -100 to 100'],
              ['sales_difference_lower', 'Lower bound of its 95 % interval'],
              ['sales_difference_upper', 'Upper bound'],
              ['enough', 'Whether there are enough customers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_express_test(name) IS
'Internal to attach_orders(): Makes the view express_test of a workspace.';
-- workspace: how far customers come in the funnels of the table funnel_stages

CREATE FUNCTION workspace_stages_changed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Who may edit the stages need not be allowed to look into the schema of the extension.
    IF to_regclass(format('%I.funnel_passes_data', TG_TABLE_SCHEMA)) IS NOT NULL THEN
        RAISE NOTICE 'the funnels of workspace "%" go by these stages from the next refresh on', TG_TABLE_SCHEMA
            USING HINT = format('SELECT refresh_workspace(%L);', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION workspace_stages_changed() IS
'Internal to attach_touchpoints(): Trigger function that tells when changed stages take effect, where figures are stored.';

CREATE FUNCTION workspace_create_funnel_stages(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.funnel_stages', workspace)) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %I.funnel_stages (
                funnel_name text NOT NULL,
                step_number integer NOT NULL
                    CONSTRAINT "step_number is 1 to 1000" CHECK (step_number >= 1 AND step_number <= 1000),
                touchpoint text NOT NULL,
                PRIMARY KEY (funnel_name, step_number, touchpoint)
            )$ddl$, workspace);
    END IF;
    -- A trigger that calls a function of the extension went away if that was dropped and created again.
    IF NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = to_regclass(format('%I.funnel_stages', workspace)) AND t.tgname = 'stages_changed') THEN
        EXECUTE format('CREATE TRIGGER stages_changed AFTER INSERT OR UPDATE OR DELETE ON %I.funnel_stages EXECUTE FUNCTION %s.workspace_stages_changed()',
            workspace, '@extschema@');
    END IF;
    PERFORM @extschema@.workspace_describe_relation(workspace, 'funnel_stages', 'The steps of your funnels: yours to fill',
        ARRAY[['funnel_name', 'Name of the funnel'],
              ['step_number', '1 is the first step; numbers may have gaps'],
              ['touchpoint', 'The touchpoint that makes the step, PURCHASE for an order; with several rows any of them does']]);
END
$$;
COMMENT ON FUNCTION workspace_create_funnel_stages(name) IS
'Internal to attach_touchpoints(): Makes the table funnel_stages of a workspace, or keeps the one that is there.';

-- The steps as they are counted: without gaps, each with its name and whether it is the last.
CREATE FUNCTION workspace_funnel_stages_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT g.funnel_name, g.touchpoint, g.step, g.step = max(g.step) OVER (PARTITION BY g.funnel_name) AS is_last
        FROM (SELECT f.funnel_name, f.touchpoint, dense_rank() OVER (PARTITION BY f.funnel_name ORDER BY f.step_number)::integer AS step
            FROM %I.funnel_stages f) g
        $query$, workspace)
$$;
COMMENT ON FUNCTION workspace_funnel_stages_sql(name) IS
'Internal to attach_touchpoints(): The query for the steps of the funnels, numbered from 1.';

-- The last step ends a pass, so what comes after it is a new one. An event that is no step may tell the first order, or why
-- something was lost.
CREATE FUNCTION workspace_funnel_events_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT t.funnel_name, t.steps, t.customer, t.happened_at, t.step, t.is_last,
            CASE WHEN t.step IS NOT NULL THEN nullif(t.source, '') END AS known_source, nullif(t.reason, '') AS known_reason,
            count(*) FILTER (WHERE t.is_last) OVER (PARTITION BY t.funnel_name, t.customer ORDER BY t.happened_at, t.step NULLS LAST, t.order_number, t.touchpoint, t.source, t.reason
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + 1 AS pass_number,
            min(t.happened_at) FILTER (WHERE t.order_number = 1) OVER (PARTITION BY t.funnel_name, t.customer) AS first_order_at
        FROM (
            SELECT n.funnel_name, n.steps, e.customer, e.happened_at, e.touchpoint, e.source, e.reason, e.order_number, g.step, coalesce(g.is_last, false) AS is_last
            FROM %1$I.touchpoint_events e
            CROSS JOIN (SELECT f.funnel_name, count(DISTINCT f.step_number) AS steps FROM %1$I.funnel_stages f GROUP BY f.funnel_name) n
            LEFT JOIN (%2$s) g ON g.funnel_name = n.funnel_name AND g.touchpoint = e.touchpoint
            WHERE g.step IS NOT NULL OR e.reason IS NOT NULL OR e.order_number = 1) t
        $query$, workspace, @extschema@.workspace_funnel_stages_sql(workspace))
$$;
COMMENT ON FUNCTION workspace_funnel_events_sql(name) IS
'Internal to attach_touchpoints(): The query for the events of each customer by funnel and pass.';

CREATE FUNCTION workspace_create_funnel_passes(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'funnel_passes', format($view$
        SELECT p.funnel_name, p.customer, p.pass_number, p.source,
            %2$s.period_start(p.times[1], s.period, s.time_zone) AS entry_period,
            CASE WHEN p.first_order_at < p.times[1] THEN 'existing' ELSE 'new' END AS customer_kind,
            v.step_number::integer AS step_number, v.reached_at,
            extract(epoch FROM v.reached_at - p.times[(v.step_number - 1)::integer])::double precision / 3600 AS hours,
            v.step_number = cardinality(p.times) AS is_deepest,
            -- Whoever came to the last step is not lost, and whose time is not over may go on.
            CASE WHEN v.step_number < cardinality(p.times) THEN 'went on' WHEN v.step_number = p.steps THEN 'arrived'
                WHEN (p.ended_at AT TIME ZONE s.time_zone) <= (p.times[1] AT TIME ZONE s.time_zone) + s.funnel_within THEN 'skipped'
                WHEN (p.times[1] AT TIME ZONE s.time_zone) + s.funnel_within < r.as_of THEN 'lost' ELSE 'open' END AS outcome,
            CASE WHEN v.step_number = cardinality(p.times) AND v.step_number < p.steps THEN p.reason END AS reason
        FROM (
            SELECT t.funnel_name, t.customer, t.pass_number,
                %2$s.funnel_times(t.happened_at, t.step, w.funnel_within, w.time_zone) AS times,
                coalesce(max(t.known_source) FILTER (WHERE t.source_place = 1), 'unknown') AS source,
                max(t.known_reason) FILTER (WHERE t.reason_place = 1) AS reason,
                min(t.first_order_at) AS first_order_at, min(t.steps) AS steps,
                min(t.happened_at) FILTER (WHERE t.is_last) AS ended_at
            FROM (
                SELECT e.*, row_number() OVER (PARTITION BY e.funnel_name, e.customer, e.pass_number
                        ORDER BY e.known_source IS NULL, e.happened_at, e.step, e.known_source) AS source_place,
                    row_number() OVER (PARTITION BY e.funnel_name, e.customer, e.pass_number
                        ORDER BY e.known_reason IS NULL, e.happened_at DESC, e.step DESC, e.known_reason) AS reason_place
                FROM (%3$s) e) t
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) w
            GROUP BY t.funnel_name, t.customer, t.pass_number) p
        CROSS JOIN %1$I.reporting_date r
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN LATERAL unnest(p.times) WITH ORDINALITY v(reached_at, step_number)
        $view$, workspace, '@extschema@', @extschema@.workspace_funnel_events_sql(workspace)),
        'Each step that a customer reached in a pass through a funnel: the longest chain of steps in order, within the time of settings.funnel_within. The last step ends a pass',
        ARRAY[['funnel_name', 'Name of the funnel, from the table funnel_stages'],
              ['customer', 'The customer, as in the orders; some may not have ordered yet'],
              ['pass_number', '1 for the customer''s first pass; not all have an entry'],
              ['source', 'First known source of a step in the pass; else unknown'],
              ['entry_period', 'First day of the period in which step 1 was reached'],
              ['customer_kind', 'existing: with an order before step 1; else new'],
              ['step_number', 'The step'],
              ['reached_at', 'When it was reached'],
              ['hours', 'Hours since the step before; empty for step 1'],
              ['is_deepest', 'Whether the pass came no further'],
              ['outcome', 'went on, arrived (at the last step), skipped (came to the last step without all before it), open (there is time left) or lost'],
              ['reason', 'Last known reason in a pass that came no further']]);
END
$$;
COMMENT ON FUNCTION workspace_create_funnel_passes(name) IS
'Internal to attach_touchpoints(): Makes the view funnel_passes of a workspace.';

-- A pass has a row for each step that it reached, so all counts are of one grouping. Every step has a row for each group in
-- which somebody entered, also where nobody came so far.
CREATE FUNCTION workspace_funnel_counts_sql(workspace name, groups text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        WITH pass AS MATERIALIZED (SELECT %2$s, p.step_number, p.hours, p.outcome, p.reason FROM %1$I.funnel_passes p),
        counted AS MATERIALIZED (
            SELECT %2$s, p.step_number, count(*) AS reached, percentile_cont(0.5) WITHIN GROUP (ORDER BY p.hours) AS median_hours,
                count(*) FILTER (WHERE p.outcome = 'lost') AS lost, count(*) FILTER (WHERE p.outcome = 'open') AS still_open,
                count(*) FILTER (WHERE p.outcome = 'skipped') AS skipped
            FROM pass p
            GROUP BY %2$s, p.step_number
        ), reason AS (
            SELECT DISTINCT ON (%2$s, p.step_number) %2$s, p.step_number, p.reason, count(*) AS passes
            FROM pass p
            WHERE p.outcome = 'lost' AND p.reason IS NOT NULL
            GROUP BY %2$s, p.step_number, p.reason
            ORDER BY %2$s, p.step_number, count(*) DESC, p.reason
        ), filled AS (
            SELECT %2$s, g.step AS step_number, g.touchpoint, p.reached AS first_reached, coalesce(c.reached, 0) AS reached,
                c.median_hours, coalesce(c.lost, 0) AS lost, coalesce(c.still_open, 0) AS still_open, coalesce(c.skipped, 0) AS skipped
            FROM counted p
            JOIN (SELECT f.funnel_name, f.step, string_agg(f.touchpoint, ' / ' ORDER BY f.touchpoint) AS touchpoint
                FROM (%3$s) f GROUP BY f.funnel_name, f.step) g ON g.funnel_name = p.funnel_name
            LEFT JOIN counted c ON ROW(%4$s, c.step_number) = ROW(%2$s, g.step)
            WHERE p.step_number = 1
        )
        SELECT %2$s, p.step_number, p.touchpoint, p.reached,
            CASE p.step_number WHEN 1 THEN 100 ELSE 100 * f.estimate END::double precision AS pct_of_first,
            CASE p.step_number WHEN 1 THEN 100 ELSE 100 * f.lower END::double precision AS pct_of_first_lower,
            CASE p.step_number WHEN 1 THEN 100 ELSE 100 * f.upper END::double precision AS pct_of_first_upper,
            100 * i.estimate AS pct_of_previous, 100 * i.lower AS pct_of_previous_lower, 100 * i.upper AS pct_of_previous_upper,
            p.median_hours, p.lost, p.still_open, p.skipped, r.reason AS top_reason, coalesce(r.passes, 0) AS top_reason_passes,
            coalesce(p.previous_reached, p.reached) >= s.enough AS enough
        FROM (
            SELECT l.*, lag(l.reached) OVER (PARTITION BY %5$s ORDER BY l.step_number) AS previous_reached FROM filled l) p
        LEFT JOIN reason r ON ROW(%6$s, r.step_number) = ROW(%2$s, p.step_number)
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN LATERAL %7$s.wilson_interval(p.reached, p.first_reached) f
        CROSS JOIN LATERAL %7$s.wilson_interval(p.reached, p.previous_reached) i
        $query$, workspace, groups, @extschema@.workspace_funnel_stages_sql(workspace),
        replace(groups, 'p.', 'c.'), replace(groups, 'p.', 'l.'), replace(groups, 'p.', 'r.'), '@extschema@')
$$;
COMMENT ON FUNCTION workspace_funnel_counts_sql(name, text) IS
'Internal to attach_touchpoints(): The query for the passes that reached each step of a funnel.
Arguments: workspace; groups: what to divide them by, columns of p such as ''p.funnel_name, p.source''.';

CREATE FUNCTION workspace_create_funnel_steps(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'funnel_steps', format($view$
        SELECT k.*, (k.entry_period + %3$s + s.funnel_within) <= r.as_of AS complete
        FROM (%2$s) k
        CROSS JOIN %1$I.reporting_date r
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        $view$, workspace, @extschema@.workspace_funnel_counts_sql(workspace, 'p.funnel_name, p.source, p.entry_period, p.customer_kind'),
        @extschema@.workspace_period_step_sql('s.period')),
        'How far customers come in each funnel, by source and period of entry, new and existing customers apart. The rows of a step add up to that of funnel_summary',
        @extschema@.workspace_funnel_comments() || ARRAY[
            ['source', 'First known source of a step in the pass; else unknown'],
            ['entry_period', 'First day of the period in which step 1 was reached'],
            ['customer_kind', 'existing: with an order before step 1; else new'],
            ['complete', 'Whether everybody who entered in that period has had the time to come to the end']]);
    PERFORM @extschema@.workspace_create_view(workspace, 'funnel_summary',
        @extschema@.workspace_funnel_counts_sql(workspace, 'p.funnel_name'),
        'How far customers come in each funnel, of all sources and periods. For a plan backwards give the counts to funnel_plan()',
        @extschema@.workspace_funnel_comments());
END
$$;
COMMENT ON FUNCTION workspace_create_funnel_steps(name) IS
'Internal to attach_touchpoints(): Makes the views funnel_steps and funnel_summary of a workspace.';

CREATE FUNCTION workspace_funnel_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['funnel_name', 'Name of the funnel, from the table funnel_stages'],
        ['step_number', 'The step: 1 is the first'],
        ['touchpoint', 'The touchpoint of the step, PURCHASE for an order; several are separated by slashes'],
        ['reached', 'Number of passes that reached it, those that went further included'],
        ['pct_of_first', 'Share of those that reached step 1, 0 to 100'],
        ['pct_of_first_lower', 'Lower bound of its 95 % interval (Wilson)'],
        ['pct_of_first_upper', 'Upper bound'],
        ['pct_of_previous', 'Share of those that reached the step before, 0 to 100; empty for step 1'],
        ['pct_of_previous_lower', 'Lower bound of its 95 % interval (Wilson)'],
        ['pct_of_previous_upper', 'Upper bound'],
        ['median_hours', 'Median hours since the step before; empty for step 1'],
        ['lost', 'Number of passes that came no further, and whose time is over'],
        ['still_open', 'Number of passes that came no further so far, and have time left'],
        ['skipped', 'Number of passes that came no further in this order, but to the last step all the same'],
        ['top_reason', 'The most frequent reason of the lost; empty where none is known'],
        ['top_reason_passes', 'Number of lost passes with that reason'],
        ['enough', 'Whether enough passes reached the step before to go by']]
$$;
COMMENT ON FUNCTION workspace_funnel_comments() IS
'Internal to attach_touchpoints(): The comments on the columns that the views of funnels share.';
-- workspace: letting others read it

CREATE FUNCTION grant_workspace(workspace text, role regrole) RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation name;
BEGIN
    IF role IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'role and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name both: grant_workspace(''loyalty'', ''metabase'').';
    END IF;
    PERFORM @extschema@.workspace_enter(workspace);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %s', workspace, role);
    FOR relation IN
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = workspace AND c.relkind IN ('r', 'v', 'p', 'f')
            AND c.relname NOT IN (SELECT k.relation FROM @extschema@.workspace_kept_relations() k)
    LOOP
        EXECUTE format('GRANT SELECT ON %I.%I TO %s', workspace, relation, role);
    END LOOP;
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT ON TABLES TO %s', workspace, role);
    RETURN QUERY VALUES ('granted', format('%s may read every table and view of %I, and those to come', role, workspace),
        format('To keep its queries short and harmless: ALTER ROLE %1$s SET statement_timeout = ''60s''; ALTER ROLE %1$s SET default_transaction_read_only = on;', role));
END
$$;
COMMENT ON FUNCTION grant_workspace(text, regrole) IS
'Lets a role read a workspace, as a BI tool does: USAGE of its schema, SELECT on its tables and views, and on those that are made later, but not on what views store, which would show twice. The orders themselves stay closed: views read them with their owner''s rights.
Arguments: workspace: name of the schema; role: who may read.
Result: rows of topic, finding and advice: what was granted, and what else the role should have.
Errors: 22004 for NULL, 3F000 without such a workspace, 42704 without such a role, 42501 for a workspace of somebody else.';
-- workspace: histories that triggers on the orders keep. What a writer changes is appended to order_changes, by customer;
-- views show what is stored and what is pending there as one; folds move pending changes into what is stored.
--
-- Locks are taken in this order: the workspace, its settings, the orders, folds, the relations of the workspace. Writers
-- hold the orders when they come to order_changes, so nobody may wait for the orders who has locked that. Readers hold
-- views when they come to the orders: who drops triggers locks views first.

CREATE FUNCTION workspace_kept_relations() RETURNS TABLE (relation name, kind text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
        ('order_history_data'::name, 'table', 'What the view order_history shows, but for changes that are pending in order_changes'),
        ('customer_preferences_data', 'table', 'The histories of customers by source and category, but for returns and pending changes'),
        ('first_orders_data', 'table', 'What the view first_orders shows, but for pending changes'),
        ('order_days_data', 'table', 'The days on which customers ordered or returned something, but for pending changes'),
        ('order_changes', 'table', 'Pending: what triggers saw added to the orders and removed from them, until a fold moves it into what is stored'),
        ('missed_changes', 'table', 'When orders were written that triggers could not read: until they are attached again, figures lack them'),
        ('fold_state', 'table', 'Whose histories are kept, and when fold_workspace() ran last'),
        ('changed_first_orders', 'view', 'The first orders of customers who are new or whose pending changes may move the first, looked up in the orders')
$$;
COMMENT ON FUNCTION workspace_kept_relations() IS
'Internal to attach_orders(): What a workspace with incremental storage has besides, as rows of relation, kind and description.';

CREATE FUNCTION workspace_tree(orders regclass) RETURNS SETOF regclass
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
COMMENT ON FUNCTION workspace_tree(regclass) IS
'Internal to attach_orders(): A table with its partitions or children on every level, itself first.';

CREATE FUNCTION workspace_check_keepable(orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation record;
    reason text;
BEGIN
    PERFORM @extschema@.workspace_check_isolation('attach_orders() with storage => ''incremental''');
    FOR relation IN
        SELECT c.oid::regclass AS name, c.oid <> orders AS below, c.relkind IN ('r', 'p') AS is_table, c.relpersistence = 'p' AS is_permanent,
            c.oid = orders AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid) AS has_parent,
            row_security_active(c.oid) AS is_filtered, EXISTS (SELECT FROM pg_subscription_rel r WHERE r.srrelid = c.oid) AS is_subscribed, has_table_privilege(c.oid, 'TRIGGER') AS allowed
        FROM @extschema@.workspace_tree(orders) t JOIN pg_class c ON c.oid = t
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
        PERFORM @extschema@.workspace_check_privileges(relation.name,
            ARRAY(SELECT (c.col).name FROM @extschema@.workspace_column_list(columns) c));
    END LOOP;
    PERFORM @extschema@.workspace_check_generated(orders, columns);
END
$$;
COMMENT ON FUNCTION workspace_check_keepable(regclass, order_columns) IS
'Internal to attach_orders(): Checks that triggers can keep the histories of a table.
Errors: 42809 where it is no table, has a part that is none, is itself a part of another, unlogged, hides rows from the caller, belongs to a subscription, or is read by a virtual generated column; 42501 without TRIGGER on it or SELECT on its columns; 25001 in a transaction that is REPEATABLE READ or SERIALIZABLE.';

-- What a trigger is given of a column that is computed when it is read is NULL.
CREATE FUNCTION workspace_check_generated(orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    col name;
BEGIN
    SELECT a.attname INTO col
    FROM @extschema@.workspace_column_list(columns) c
    JOIN pg_attribute a ON a.attrelid = orders AND a.attname = (c.col).name AND a.attgenerated = 'v'
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'triggers cannot keep the histories of %: column "%" is generated when it is read, which they do not see', orders, col
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach with storage => ''materialized'', or make the column STORED.';
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_check_generated(regclass, order_columns) IS
'Internal to attach_orders(): Checks that triggers see the columns.
Errors: 42809 where one is a virtual generated column.';

CREATE FUNCTION workspace_check_isolation(what text) RETURNS void
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
COMMENT ON FUNCTION workspace_check_isolation(text) IS
'Internal to attach_orders(): Checks that each statement sees what was committed before it.
Errors: 25001 otherwise.';

-- What is not there to remove is left out: a view never raises, and verify_workspace() tells.
CREATE FUNCTION workspace_changed_histories_sql(workspace name, has_profit boolean) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT p.customer, %2$s.history_less(%2$s.rollup(p.history), %2$s.rollup(p.removed)) AS history, %3$s AS profit_history,
            nullif(greatest(sum(p.no_time), 0), 0)::bigint AS no_time,
            nullif(greatest(sum(p.invalid_time), 0), 0)::bigint AS invalid_time,
            nullif(greatest(sum(p.no_amount), 0), 0)::bigint AS no_amount,
            nullif(greatest(sum(p.invalid_amount), 0), 0)::bigint AS invalid_amount,
            nullif(greatest(sum(p.zero_amount), 0), 0)::bigint AS zero_amount
        FROM (
            SELECT c.customer, c.added AS history, c.removed, c.added_profit AS profit_history, c.removed_profit,
                c.no_time, c.invalid_time, c.no_amount, c.invalid_amount, c.zero_amount
            FROM %1$I.order_changes c
            UNION ALL
            SELECT d.customer, d.history, NULL AS removed, d.profit_history, NULL AS removed_profit,
                d.no_time, d.invalid_time, d.no_amount, d.invalid_amount, d.zero_amount
            FROM %1$I.order_history_data d
            WHERE d.customer IN (SELECT x.customer FROM %1$I.order_changes x)
            UNION ALL
            SELECT d.customer, d.history, NULL AS removed, d.profit_history, NULL AS removed_profit,
                d.no_time, d.invalid_time, d.no_amount, d.invalid_amount, d.zero_amount
            FROM %1$I.order_history_data d
            WHERE d.customer IS NULL) p
        GROUP BY p.customer
        $query$, workspace, '@extschema@', CASE WHEN has_profit
            THEN '@extschema@.history_less(@extschema@.rollup(p.profit_history), @extschema@.rollup(p.removed_profit))'
            ELSE 'NULL::@extschema@.purchase_history' END)
$$;
COMMENT ON FUNCTION workspace_changed_histories_sql(name, boolean) IS
'Internal to attach_orders(): The query for the histories of customers with pending changes, and of the orders without a customer: stored and pending together, those included of which nothing is left.';

CREATE FUNCTION workspace_changed_preferences_sql(workspace name) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT p.customer, p.source, p.category, %2$s.history_less(%2$s.rollup(p.history), %2$s.rollup(p.removed)) AS history
        FROM (
            SELECT c.customer, c.source, c.category, c.added AS history, c.removed
            FROM %1$I.order_changes c
            WHERE c.customer IS NOT NULL AND c.is_order
            UNION ALL
            SELECT d.customer, d.source, d.category, d.history, NULL AS removed
            FROM %1$I.customer_preferences_data d
            WHERE d.customer IN (SELECT x.customer FROM %1$I.order_changes x)) p
        GROUP BY p.customer, p.source, p.category
        $query$, workspace, '@extschema@')
$$;
COMMENT ON FUNCTION workspace_changed_preferences_sql(name) IS
'Internal to attach_orders(): The same for the histories by source and category.';

-- Days are kept in groups of customers, as only one fold at a time works on a group.
CREATE FUNCTION workspace_changed_days_sql(workspace name) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT p.day, sum(p.order_rows)::bigint AS order_rows
        FROM (
            SELECT a.day, a.orders + a.returns AS order_rows
            FROM (SELECT %2$s.rollup(c.added) AS added FROM %1$I.order_changes c WHERE c.customer IS NOT NULL) h CROSS JOIN LATERAL %2$s.history_days(h.added) a
            UNION ALL
            SELECT r.day, -(r.orders + r.returns)
            FROM (SELECT %2$s.rollup(c.removed) AS removed FROM %1$I.order_changes c WHERE c.customer IS NOT NULL) h CROSS JOIN LATERAL %2$s.history_days(h.removed) r) p
        GROUP BY p.day
        $query$, workspace, '@extschema@')
$$;
COMMENT ON FUNCTION workspace_changed_days_sql(name) IS
'Internal to attach_orders(): The query for the number of rows that pending changes add on each day, or take away.';

CREATE FUNCTION workspace_current_days_sql(workspace name) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT x.day, sum(x.order_rows)::bigint AS order_rows
        FROM (SELECT d.day, d.order_rows FROM %1$I.order_days_data d UNION ALL SELECT c.day, c.order_rows FROM (%2$s) c) x
        GROUP BY x.day
        HAVING sum(x.order_rows) <> 0
        $query$, workspace, @extschema@.workspace_changed_days_sql(workspace))
$$;
COMMENT ON FUNCTION workspace_current_days_sql(name) IS
'Internal to attach_orders(): The query for the number of rows on each day, stored and pending together.';

CREATE FUNCTION workspace_kept_last_day_sql(workspace name) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- From the newest day on, by the index: few are read.
    SELECT format($query$
        WITH changed AS MATERIALIZED (%2$s)
        SELECT CASE WHEN s.as_of = 'auto' THEN greatest(
            (SELECT max(c.day) FROM changed c WHERE c.order_rows > 0 AND c.day <= t.today),
            (SELECT d.day FROM %1$I.order_days_data d WHERE d.day <= t.today GROUP BY d.day
                HAVING sum(d.order_rows) + coalesce((SELECT c.order_rows FROM changed c WHERE c.day = d.day), 0) > 0
                ORDER BY d.day DESC LIMIT 1)) END AS last_day
        $query$, workspace, @extschema@.workspace_changed_days_sql(workspace))
$$;
COMMENT ON FUNCTION workspace_kept_last_day_sql(name) IS
'Internal to attach_orders(): The query for the last day that is not in the future, stored and pending together, where it decides: with settings s and today in t.';

CREATE FUNCTION workspace_order_preferences_sql(workspace name, orders regclass, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT %1$s AS customer, %2$s AS source, %3$s AS category, %4$s AS history
        FROM %5$s o
        WHERE %6$L AND o.%7$I IS NOT NULL AND %8$s AND %9$s
        GROUP BY 1, 2, 3
        $query$, @extschema@.workspace_customer_sql((columns).customer), @extschema@.workspace_text_sql((columns).source),
        @extschema@.workspace_text_sql((columns).category),
        @extschema@.workspace_history_sql((columns).ordered_at, (columns).amount, r), orders,
        @extschema@.workspace_has_origin(columns), ((columns).customer).name, @extschema@.workspace_kept_row_sql(columns, r),
        @extschema@.workspace_is_order_sql((columns).amount))
    FROM @extschema@.workspace_applied_rules(workspace) r
$$;
COMMENT ON FUNCTION workspace_order_preferences_sql(name, regclass, order_columns) IS
'Internal to attach_orders(): The query for the histories of customers by source and category without returns, where these are attached to see.';

CREATE FUNCTION workspace_order_days_sql(workspace name, orders regclass, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT d.day, 0 AS slot_group, sum(d.orders + d.returns)::bigint AS order_rows
        FROM (%2$s) h CROSS JOIN LATERAL %1$s.history_days(h.history) d
        WHERE h.customer IS NOT NULL
        GROUP BY d.day
        $query$, '@extschema@', @extschema@.workspace_order_history_sql(workspace, orders, columns))
$$;
COMMENT ON FUNCTION workspace_order_days_sql(name, regclass, order_columns) IS
'Internal to attach_orders(): The query for the days on which customers ordered or returned something.';

CREATE FUNCTION workspace_kept_views(workspace name, orders regclass, columns order_columns)
RETURNS TABLE (view name, keys name[], shown name[], actual text, changed text, present text, settled text, affected text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    WITH present AS (
        SELECT format('h.history OPERATOR(%1$s.<>) ''{}''::%1$s.purchase_history', '@extschema@') AS has_history,
            'coalesce(h.no_time, h.invalid_time, h.no_amount, h.invalid_amount, h.zero_amount) IS NOT NULL' AS has_rows_left_out)
    SELECT 'order_history'::name, '{customer}'::name[], '{customer,history,profit_history,no_time,invalid_time,no_amount,invalid_amount,zero_amount}'::name[],
        @extschema@.workspace_order_history_sql(workspace, orders, columns),
        @extschema@.workspace_changed_histories_sql(workspace, (columns.profit).name IS NOT NULL),
        format('(%s OR %s)', p.has_history, p.has_rows_left_out), 'h.customer IS NOT NULL', 'true'
    FROM present p
    UNION ALL
    SELECT 'customer_preferences', '{customer,source,category}', '{customer,source,category,history}',
        @extschema@.workspace_order_preferences_sql(workspace, orders, columns), @extschema@.workspace_changed_preferences_sql(workspace),
        format('(%s AND %L)', p.has_history, @extschema@.workspace_has_origin(columns)), p.has_history, 'true'
    FROM present p
    UNION ALL
    SELECT 'first_orders', '{customer}', '{customer,day,source,category,amount}',
        @extschema@.workspace_first_orders_sql(workspace, orders, columns, more => ', o.at, o.order_key, false AS is_unknown'),
        format('SELECT f.* FROM %I.changed_first_orders f', workspace), 'true', 'NOT h.is_unknown',
        format('(c.removed IS NOT NULL OR %s.first_order(c.added) <= h.day)', '@extschema@')
    UNION ALL
    SELECT 'order_days', '{day,slot_group}', '{day,order_rows}', @extschema@.workspace_order_days_sql(workspace, orders, columns),
        @extschema@.workspace_current_days_sql(workspace), 'true', 'true', 'true'
$$;
COMMENT ON FUNCTION workspace_kept_views(name, regclass, order_columns) IS
'Internal to attach_orders(): What triggers keep, each in the table of the same name with the suffix _data.
Result: rows of view; keys: columns that tell its rows apart; shown: columns that are of interest; actual: the query for it over the orders; changed: that for the rows with pending changes, stored and pending together; present: SQL on a row h of changed that it is not empty; settled: SQL on a stored row h that it is one to be shown; affected: SQL on a stored row h and a pending change c of its customer that it may be another one now.';

CREATE FUNCTION workspace_column_names_sql(columns name[], alias text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT string_agg(format('%s.%I', alias, c), ', ' ORDER BY n) FROM unnest(columns) WITH ORDINALITY u(c, n)
$$;
COMMENT ON FUNCTION workspace_column_names_sql(name[], text) IS
'Internal to attach_orders(): A list of columns of a relation in SQL.';

CREATE FUNCTION workspace_current_sql(workspace name, view name, shown name[], changed text, present text, settled text, affected text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE view WHEN 'order_days' THEN changed
    ELSE format($query$
        SELECT %1$s
        FROM %2$I.%3$I h
        WHERE %4$s AND NOT EXISTS (SELECT FROM %2$I.order_changes c WHERE c.customer = h.customer AND %5$s)
        UNION ALL
        SELECT %1$s FROM (%6$s) h WHERE %7$s
        $query$, @extschema@.workspace_column_names_sql(shown, 'h'), workspace, @extschema@.workspace_data_name(view),
        settled, affected, changed, present) END
$$;
COMMENT ON FUNCTION workspace_current_sql(name, name, name[], text, text, text, text) IS
'Internal to attach_orders(): The query for what is stored and what is pending together.
Arguments: workspace; the others as in workspace_kept_views().';

-- Customers of whom a fold could not tell the first order from what was pending are looked up as well.
CREATE FUNCTION workspace_create_changed_first_orders(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'changed_first_orders',
        @extschema@.workspace_first_orders_sql(workspace, orders, columns, format(
            'o.customer IN (SELECT c.customer FROM %1$I.order_changes c LEFT JOIN %1$I.first_orders_data h ON h.customer = c.customer WHERE h.customer IS NULL OR %2$s
                UNION ALL SELECT h.customer FROM %1$I.first_orders_data h WHERE h.is_unknown)', workspace,
            (SELECT k.affected FROM @extschema@.workspace_kept_views(workspace, orders, columns) k WHERE k.view = 'first_orders'))),
        (SELECT k.description FROM @extschema@.workspace_kept_relations() k WHERE k.relation = 'changed_first_orders'),
        ARRAY[['customer', 'The customer, as in the orders']]);
    PERFORM @extschema@.workspace_hide_data(format('%I.changed_first_orders', workspace)::regclass);
END
$$;
COMMENT ON FUNCTION workspace_create_changed_first_orders(name, regclass, order_columns) IS
'Internal to attach_orders(): Makes the view changed_first_orders of a workspace.';

CREATE FUNCTION workspace_create_kept_views(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    current jsonb;
BEGIN
    PERFORM @extschema@.workspace_create_changed_first_orders(workspace, orders, columns);
    SELECT jsonb_object_agg(k.view, @extschema@.workspace_current_sql(workspace, k.view, k.shown, k.changed, k.present, k.settled, k.affected)) INTO current
    FROM @extschema@.workspace_kept_views(workspace, orders, columns) k;

    PERFORM @extschema@.workspace_create_reporting_date(workspace, @extschema@.workspace_kept_last_day_sql(workspace));
    PERFORM @extschema@.workspace_create_histories(workspace, current->>'order_history');
    PERFORM @extschema@.workspace_create_data_quality(workspace, format($query$
        UNION ALL
        SELECT 10, 'missed', format('Whatever triggers could not read, since %%s: attach the orders again', to_char(min(m.missed_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI UTC')),
            NULL, NULL, NULL, now()
        FROM %I.missed_changes m
        HAVING count(*) > 0
        $query$, workspace));
    PERFORM @extschema@.workspace_create_customer_preferences(workspace, format($query$
        SELECT p.customer, p.source, p.category, %2$s.order_count(p.history, r.as_of) AS orders, %2$s.revenue(p.history, r.as_of) AS revenue
        FROM (%3$s) p CROSS JOIN %1$I.reporting_date r
        WHERE %2$s.order_count(p.history, r.as_of) > 0
        $query$, workspace, '@extschema@', current->>'customer_preferences'));
    PERFORM @extschema@.workspace_create_first_orders(workspace, current->>'first_orders');
END
$$;
COMMENT ON FUNCTION workspace_create_kept_views(name, regclass, order_columns) IS
'Internal to attach_orders(): Makes those views of a workspace anew that read what triggers keep instead of the orders.';

CREATE FUNCTION workspace_create_kept_tables(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    kept record;
BEGIN
    FOR kept IN
        SELECT k.*, @extschema@.workspace_data_name(k.view) AS name FROM @extschema@.workspace_kept_views(workspace, orders, columns) k
    LOOP
        EXECUTE format('CREATE TABLE %I.%I AS %s', workspace, kept.name, kept.actual);
        EXECUTE format('CREATE UNIQUE INDEX ON %I.%I (%s) NULLS NOT DISTINCT', workspace, kept.name,
            (SELECT string_agg(quote_ident(k), ', ' ORDER BY n) FROM unnest(kept.keys) WITH ORDINALITY u(k, n)));
        EXECUTE format('ANALYZE %I.%I', workspace, kept.name);
    END LOOP;
    PERFORM @extschema@.workspace_create_order_changes(workspace);
    EXECUTE format($ddl$
        CREATE INDEX ON %1$I.first_orders_data (customer) WHERE is_unknown;
        CREATE TABLE %1$I.missed_changes (missed_at timestamptz NOT NULL, relation text NOT NULL);
        CREATE TABLE %1$I.fold_state (one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row), orders regclass NOT NULL, folded_at timestamptz NOT NULL);
        INSERT INTO %1$I.fold_state VALUES (true, %2$L, now())
        $ddl$, workspace, orders);
    PERFORM @extschema@.workspace_guard_kept(workspace, k.relation, k.description)
    FROM @extschema@.workspace_kept_relations() k WHERE k.kind = 'table';
END
$$;
COMMENT ON FUNCTION workspace_create_kept_tables(name, regclass, order_columns) IS
'Internal to attach_orders(): Makes and fills the tables of what triggers keep.';

-- Writers come and go here all the time: a vacuum that gives pages back would have them wait.
CREATE FUNCTION workspace_create_order_changes(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format($ddl$
        CREATE TABLE %1$I.order_changes WITH (vacuum_truncate = off) AS
        SELECT 0::bigint AS slot, h.customer, p.source, p.category, true AS is_order, h.history AS added, h.history AS removed, h.history AS added_profit,
            h.history AS removed_profit, h.no_time, h.invalid_time, h.no_amount, h.invalid_amount, h.zero_amount,
            f.at AS first_at, f.order_key AS first_key, f.amount AS first_amount
        FROM %1$I.order_history_data h CROSS JOIN %1$I.customer_preferences_data p CROSS JOIN %1$I.first_orders_data f
        WITH NO DATA;
        CREATE INDEX ON %1$I.order_changes USING %2$s (customer);
        CREATE INDEX ON %1$I.order_changes (slot)
        $ddl$, workspace, CASE (SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = to_regclass(format('%I.order_history_data', workspace)) AND a.attname = 'customer')
            WHEN 'text'::regtype THEN 'hash' ELSE 'btree' END); -- of any length
END
$$;
COMMENT ON FUNCTION workspace_create_order_changes(name) IS
'Internal to attach_orders(): Makes the table that triggers append to, empty.';

-- While the data of a dump is restored, the triggers on the orders write all this anew: what the dump has of it must not
-- come on top. A restore with --disable-triggers switches both off. Functions of the extension say by a setting that it is
-- them; who else may write here is the owner's business, and could as well write with it.
CREATE FUNCTION workspace_guard_kept(workspace name, relation name, description text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format($ddl$
        CREATE TRIGGER skip_others BEFORE INSERT ON %1$I.%2$I FOR EACH ROW EXECUTE FUNCTION %3$s.workspace_skip_row();
        ALTER TABLE %1$I.%2$I REPLICA IDENTITY FULL;
        COMMENT ON TABLE %1$I.%2$I IS %4$L
        $ddl$, workspace, relation, '@extschema@', description);
    EXECUTE (SELECT string_agg(format('COMMENT ON COLUMN %I.%I.%I IS %L', workspace, relation, a.attname, d.description), ';')
        FROM pg_attribute a JOIN @extschema@.workspace_kept_columns() d ON d.name = a.attname
        WHERE a.attrelid = to_regclass(format('%I.%I', workspace, relation)));
    PERFORM @extschema@.workspace_hide_data(format('%I.%I', workspace, relation)::regclass);
END
$$;
COMMENT ON FUNCTION workspace_guard_kept(name, name, text) IS
'Internal to attach_orders(): Lets only the functions of the workspace insert into a table, and describes it.';

CREATE FUNCTION workspace_skip_row() RETURNS trigger
AS 'MODULE_PATHNAME' LANGUAGE C;
COMMENT ON FUNCTION workspace_skip_row() IS
'Internal to attach_orders(): Trigger function that leaves out rows that neither a trigger nor a function of the extension inserts.
Errors: 0A000 where it is called otherwise.';

CREATE FUNCTION workspace_kept_columns() RETURNS TABLE (name name, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES ('customer'::name, 'The customer, as in the orders; empty for orders without one'), ('source', 'Where the orders came from'),
        ('category', 'Category of the orders'), ('is_order', 'Whether of orders, whose sources and categories count, and not of returns or rows that cannot be used'), ('history', 'Orders, returns and amounts per day'), ('profit_history', 'Profit per day'),
        ('no_time', 'Number of rows without a time'), ('invalid_time', 'Number of rows with a time that cannot be used'),
        ('no_amount', 'Number of rows without an amount'), ('invalid_amount', 'Number of rows with an amount that cannot be used'),
        ('zero_amount', 'Number of rows with an amount of 0, where the settings skip them'), ('day', 'Day of the first order'), ('amount', 'Amount of the first order'),
        ('one_row', 'Always true: there is one row'), ('added', 'What one statement added'), ('removed', 'What it removed'),
        ('added_profit', 'The profit of what it added'), ('removed_profit', 'The profit of what it removed'),
        ('slot', 'A number by customer, source and category: folds take changes by it, those below 0 never'), ('slot_group', 'One of sixteen groups of customers, each folded by one transaction at a time'),
        ('order_rows', 'Number of orders and returns of customers of the group, less those of other groups that it removed'),
        ('at', 'Time of the first order, as in the orders'), ('order_key', 'Its number, as in the orders'),
        ('is_unknown', 'Whether the first order has to be looked up in the orders'),
        ('first_at', 'Time of the first of the orders added'), ('first_key', 'Its number, as in the orders'), ('first_amount', 'Its amount'),
        ('missed_at', 'When'), ('relation', 'The table that was written'), ('orders', 'The orders'), ('folded_at', 'When fold_workspace() ran last')
$$;
COMMENT ON FUNCTION workspace_kept_columns() IS
'Internal to attach_orders(): The comments on the columns of what triggers keep.';

CREATE FUNCTION workspace_drop_kept(workspace name, cascade boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    kept record;
BEGIN
    FOR kept IN
        SELECT k.* FROM @extschema@.workspace_kept_relations() k
        JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', workspace, k.relation))
            AND c.relkind = CASE k.kind WHEN 'table' THEN 'r' ELSE 'v' END::"char"
        ORDER BY k.kind DESC
    LOOP
        EXECUTE format('DROP %s %I.%I %s', kept.kind, workspace, kept.relation, CASE WHEN cascade THEN 'CASCADE' ELSE 'RESTRICT' END);
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_drop_kept(name, boolean) IS
'Internal to attach_orders(): Drops the tables of what triggers kept.
Arguments: workspace; cascade: whether to drop what else reads them as well.
Errors: 2BP01 if something else reads them and is not to be dropped.';

CREATE FUNCTION workspace_keep(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_kept_tables(workspace, orders, columns);
    PERFORM @extschema@.workspace_create_kept_views(workspace, orders, columns);
    PERFORM @extschema@.workspace_create_keeping_functions(workspace, orders, columns);
END
$$;
COMMENT ON FUNCTION workspace_keep(name, regclass, order_columns) IS
'Internal to attach_orders(): Computes what triggers keep from then on, and lets the views read that. The triggers are there already, and keep writers waiting.';
-- workspace: moving pending changes into what is stored, and comparing both with the orders

CREATE TYPE attached_orders AS (
    relation regclass,
    columns order_columns
);
COMMENT ON TYPE attached_orders IS
'Internal to fold_workspace(): The orders attached to a workspace, and their columns';

-- Folds take rows to and fro by keys and by arrays of keys alone: there is no join that a plan made for few rows could
-- turn into a loop. What is to be put where something is stored already goes through ON CONFLICT.

CREATE FUNCTION workspace_fold_histories_sql(workspace name, has_profit boolean) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($dml$
    INSERT INTO %1$I.order_history_data AS d (customer, history, profit_history, no_time, invalid_time, no_amount, invalid_amount, zero_amount)
    SELECT g.customer, %2$s.rollup(g.added), %3$s, %4$s
    FROM unnest(gone) g GROUP BY g.customer
    ON CONFLICT (customer) DO UPDATE SET history = d.history OPERATOR(%2$s.+) excluded.history,
        profit_history = d.profit_history OPERATOR(%2$s.+) excluded.profit_history, %5$s;
    IF removes THEN
        INSERT INTO %1$I.order_history_data AS d (customer, history, profit_history)
        SELECT g.customer, %2$s.rollup(g.removed), %2$s.rollup(g.removed_profit)
        FROM unnest(gone) g WHERE g.removed IS NOT NULL GROUP BY g.customer
        ON CONFLICT (customer) DO UPDATE SET history = %2$s.history_less(d.history, excluded.history),
            profit_history = %2$s.history_less(d.profit_history, excluded.profit_history), %6$s;
        DELETE FROM %1$I.order_history_data d
        WHERE d.customer = ANY (ARRAY(SELECT g.customer FROM unnest(gone) g WHERE g.removed IS NOT NULL))
            AND d.history OPERATOR(%2$s.=) '{}'::%2$s.purchase_history AND coalesce(d.no_time, d.invalid_time, d.no_amount, d.invalid_amount, d.zero_amount) IS NULL;
    END IF;
$dml$, workspace, '@extschema@',
        CASE WHEN has_profit THEN '@extschema@.rollup(g.added_profit)' ELSE 'NULL::@extschema@.purchase_history' END,
        string_agg(format('nullif(sum(g.%I), 0)::bigint', c), ', ' ORDER BY n),
        string_agg(format('%1$I = nullif(coalesce(d.%1$I, 0) + coalesce(excluded.%1$I, 0), 0)', c), ', ' ORDER BY n),
        string_agg(format('%1$I = nullif(greatest(d.%1$I, 0), 0)', c), ', ' ORDER BY n))
    FROM unnest('{no_time,invalid_time,no_amount,invalid_amount,zero_amount}'::name[]) WITH ORDINALITY u(c, n)
$$;
COMMENT ON FUNCTION workspace_fold_histories_sql(name, boolean) IS
'Internal to fold_workspace(): The statements that move changes, in the array gone, into order_history_data.';

CREATE FUNCTION workspace_fold_preferences_sql(workspace name) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- What becomes empty stays until fold_workspace() clears it away: to look for it would take all there is of a customer.
    SELECT format($dml$
    INSERT INTO %1$I.customer_preferences_data AS d (customer, source, category, history)
    SELECT g.customer, g.source, g.category, %2$s.rollup(g.added)
    FROM unnest(gone) g WHERE g.customer IS NOT NULL AND g.is_order GROUP BY g.customer, g.source, g.category
    ON CONFLICT (customer, source, category) DO UPDATE SET history = d.history OPERATOR(%2$s.+) excluded.history;
    IF removes THEN
        INSERT INTO %1$I.customer_preferences_data AS d (customer, source, category, history)
        SELECT g.customer, g.source, g.category, %2$s.rollup(g.removed)
        FROM unnest(gone) g WHERE g.customer IS NOT NULL AND g.is_order AND g.removed IS NOT NULL GROUP BY g.customer, g.source, g.category
        ON CONFLICT (customer, source, category) DO UPDATE SET history = %2$s.history_less(d.history, excluded.history);
    END IF;
$dml$, workspace, '@extschema@')
$$;
COMMENT ON FUNCTION workspace_fold_preferences_sql(name) IS
'Internal to fold_workspace(): The statements that move changes, in the array gone, into customer_preferences_data.';

CREATE FUNCTION workspace_fold_first_orders_sql(workspace name) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- The first of what is stored and added, unless what was removed may have been it or before it: then the orders have
    -- to tell, which is not for a writer to wait for.
    SELECT format($dml$
    INSERT INTO %1$I.first_orders_data AS d (customer, day, at, order_key, amount, source, category, is_unknown)
    SELECT DISTINCT ON (f.customer) f.customer, f.day, f.at, f.order_key, f.amount, f.source, f.category,
        bool_or(f.is_unknown) OVER each_customer OR coalesce(min(f.removed) OVER each_customer <= min(f.day) OVER each_customer, f.day IS NULL)
    FROM (
        SELECT g.customer, %2$s.first_order(g.added) AS day, g.first_at AS at, g.first_key AS order_key, g.first_amount AS amount, g.source, g.category,
            false AS is_unknown, %2$s.first_order(g.removed) AS removed
        FROM unnest(gone) g WHERE g.customer IS NOT NULL AND g.is_order
        UNION ALL
        SELECT d.customer, d.day, d.at, d.order_key, d.amount, d.source, d.category, d.is_unknown, NULL
        FROM %1$I.first_orders_data d WHERE d.customer = ANY (ARRAY(SELECT g.customer FROM unnest(gone) g))) f
    WHERE f.day IS NOT NULL OR f.removed IS NOT NULL OR f.is_unknown
    WINDOW each_customer AS (PARTITION BY f.customer)
    ORDER BY f.customer, f.day, f.at, f.order_key, f.amount, f.source, f.category
    ON CONFLICT (customer) DO UPDATE SET day = excluded.day, at = excluded.at, order_key = excluded.order_key, amount = excluded.amount,
        source = excluded.source, category = excluded.category, is_unknown = excluded.is_unknown
    WHERE (d.day, d.at, d.order_key, d.amount, d.source, d.category, d.is_unknown)
        IS DISTINCT FROM (excluded.day, excluded.at, excluded.order_key, excluded.amount, excluded.source, excluded.category, excluded.is_unknown);
$dml$, workspace, '@extschema@')
$$;
COMMENT ON FUNCTION workspace_fold_first_orders_sql(name) IS
'Internal to fold_workspace(): The statement that moves changes, in the array gone, into first_orders_data.';

CREATE FUNCTION workspace_fold_days_sql(workspace name) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($dml$
    INSERT INTO %1$I.order_days_data AS d (day, slot_group, order_rows)
    SELECT y.day, from_slot >> 59, sum(y.order_rows)
    FROM (
        SELECT a.day, a.orders + a.returns AS order_rows
        FROM (SELECT %2$s.rollup(g.added) AS added FROM unnest(gone) g WHERE g.customer IS NOT NULL) h CROSS JOIN LATERAL %2$s.history_days(h.added) a
        UNION ALL
        SELECT r.day, -(r.orders + r.returns)
        FROM (SELECT %2$s.rollup(g.removed) AS removed FROM unnest(gone) g WHERE g.customer IS NOT NULL) h CROSS JOIN LATERAL %2$s.history_days(h.removed) r) y
    GROUP BY y.day HAVING sum(y.order_rows) <> 0
    ON CONFLICT (day, slot_group) DO UPDATE SET order_rows = d.order_rows + excluded.order_rows;
$dml$, workspace, '@extschema@')
$$;
COMMENT ON FUNCTION workspace_fold_days_sql(name) IS
'Internal to fold_workspace(): The statement that moves changes, in the array gone, into order_days_data.';

CREATE FUNCTION workspace_merged_changes_sql() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$SELECT min(c.slot) AS slot, c.customer, c.source, c.category, c.is_order, %1$s.rollup(c.added) AS added,
            CASE WHEN count(c.removed) > 0 THEN %1$s.rollup(c.removed) END AS removed, CASE WHEN count(c.added_profit) > 0 THEN %1$s.rollup(c.added_profit) END AS added_profit,
            CASE WHEN count(c.removed_profit) > 0 THEN %1$s.rollup(c.removed_profit) END AS removed_profit, %2$s, %3$s
        FROM change c
        GROUP BY c.customer, c.source, c.category, c.is_order$query$, '@extschema@',
        (SELECT string_agg(format('sum(c.%1$I)::bigint AS %1$I', u), ', ' ORDER BY n) FROM unnest('{no_time,invalid_time,no_amount,invalid_amount,zero_amount}'::name[]) WITH ORDINALITY x(u, n)),
        (SELECT string_agg(format('(array_agg(c.%1$I ORDER BY %2$s.first_order(c.added), c.first_at, c.first_key, c.first_amount))[1] AS %1$I', u, '@extschema@'), ', ' ORDER BY n)
            FROM unnest('{first_at,first_key,first_amount}'::name[]) WITH ORDINALITY x(u, n)))
$$;
COMMENT ON FUNCTION workspace_merged_changes_sql() IS
'Internal to fold_workspace(): The query that makes one row of the changes of each customer, source and category.';

-- All changes of a slot go together: what one removed another one had added before. In a statement within another one on the
-- orders, which has yet to tell what it added, that holds for slots without changes of the transaction itself.
CREATE FUNCTION workspace_fold_body(workspace name, columns order_columns) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($body$
DECLARE
    many CONSTANT integer := 5000; -- of a slot, folded within a tenth of a second
    slots bigint[] := ARRAY(
        SELECT x.slot FROM %1$I.order_changes x
        WHERE x.slot >= from_slot AND x.slot <= ((from_slot >> 59) << 59) + 576460752303423487
        ORDER BY x.slot LIMIT at_most);
    gone %1$I.order_changes[];
    removes boolean;
BEGIN
    folded := 0;
    last_slot := slots[cardinality(slots)];
    IF is_nested THEN
        slots := ARRAY(SELECT s FROM unnest(slots) s WHERE NOT EXISTS (SELECT FROM %1$I.order_changes x WHERE x.slot = s AND %2$s.workspace_is_own(x.xmin::text::bigint)));
    END IF;
    IF (SELECT count(*) > many FROM (SELECT FROM %1$I.order_changes x WHERE x.slot = ANY (slots) LIMIT many + 1) x) THEN
        slots := slots[1:1];
        last_slot := slots[1];
    END IF;
    IF (SELECT count(*) > many FROM (SELECT FROM %1$I.order_changes x WHERE x.slot = ANY (slots) LIMIT many + 1) x) THEN
        -- Too many for one statement: fewer from now on.
        WITH change AS (
            DELETE FROM %1$I.order_changes c WHERE c.ctid = ANY (ARRAY(SELECT x.ctid FROM %1$I.order_changes x WHERE x.slot = slots[1] LIMIT many)) RETURNING c.*)
        INSERT INTO %1$I.order_changes %3$s;
        folded := many;
        RETURN;
    END IF;
    WITH change AS (DELETE FROM %1$I.order_changes c WHERE c.slot = ANY (slots) RETURNING c.*), merged AS (%3$s)
    SELECT (SELECT count(*) FROM change), bool_or(k.removed IS NOT NULL), array_agg(ROW(k.*)::%1$I.order_changes) INTO folded, removes, gone FROM merged k;
    IF folded = 0 THEN
        RETURN;
    END IF;
%4$sEND
$body$, workspace, '@extschema@', @extschema@.workspace_merged_changes_sql(), concat(
        @extschema@.workspace_fold_histories_sql(workspace, (columns.profit).name IS NOT NULL),
        CASE WHEN @extschema@.workspace_has_origin(columns) THEN @extschema@.workspace_fold_preferences_sql(workspace) || @extschema@.workspace_fold_first_orders_sql(workspace) END,
        @extschema@.workspace_fold_days_sql(workspace)))
$$;
COMMENT ON FUNCTION workspace_fold_body(name, order_columns) IS
'Internal to fold_workspace(): The body of the function of a workspace that folds the first changes of a group of customers.';

-- Whether there are more pending than there should be is told by how dense they are in some place: where fold_after would
-- leave eight there are more. Chance brings a transaction to places in four groups alone, so that it holds no more.
CREATE FUNCTION workspace_fold_some_body(workspace name) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($body$
DECLARE
    width CONSTANT bigint := (SELECT 8 * 9223372036854775808 / s.fold_after FROM %1$I.settings s);
    folded bigint := 0;
    from_slot bigint;
    part record;
BEGIN
    FOR tries IN 1..4 LOOP
        from_slot := %2$s.workspace_random_slot()::bigint << 32;
        from_slot := greatest(from_slot - width, (from_slot >> 59) << 59); -- what lies at a beginning is met as often
        EXIT WHEN width IS NULL OR tries = 1 AND (SELECT count(*) <= 8 FROM (
            SELECT FROM %1$I.order_changes c WHERE c.slot >= from_slot AND c.slot <= least(from_slot::numeric + width, 9223372036854775807)::bigint ORDER BY c.slot LIMIT 9) x);
        CONTINUE WHEN NOT pg_try_advisory_xact_lock(%2$s.workspace_fold_key(%3$L::name, (from_slot >> 59)::integer));
        LOOP
            part := %1$I.fold_order_changes(from_slot, least(portion - folded, 1000), is_nested);
            folded := folded + part.folded;
            EXIT WHEN part.last_slot IS NULL OR folded >= portion OR clock_timestamp() > until OR part.last_slot + 1 >> 59 <> from_slot >> 59;
            from_slot := part.last_slot + 1;
        END LOOP;
        EXIT WHEN folded >= portion OR clock_timestamp() > until;
    END LOOP;
    RETURN folded;
END
$body$, workspace, '@extschema@', workspace)
$$;
COMMENT ON FUNCTION workspace_fold_some_body(name) IS
'Internal to fold_workspace(): The body of the function of a workspace that folds a portion of what is pending, beginning somewhere, and passes over what another transaction holds.';

CREATE FUNCTION workspace_create_folding_functions(workspace name, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Whatever the statistics say of tables that fill and empty all the time, rows are found by their indexes.
    EXECUTE format($ddl$
        CREATE OR REPLACE FUNCTION %1$I.fold_order_changes(from_slot bigint, at_most bigint, is_nested boolean, OUT folded bigint, OUT last_slot bigint) LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
        AS %2$L;
        COMMENT ON FUNCTION %1$I.fold_order_changes(bigint, bigint, boolean) IS 'Moves order_changes into what is stored, from a slot to the end of its group: call fold_workspace(), which keeps others out';
        CREATE OR REPLACE FUNCTION %1$I.fold_some_changes(portion bigint, is_nested boolean, until timestamptz) RETURNS bigint LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp SET lock_timeout = '20ms' SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
        AS %3$L;
        COMMENT ON FUNCTION %1$I.fold_some_changes(bigint, boolean, timestamptz) IS 'Moves a portion of order_changes into what is stored, where there is more than the settings have it, until some time'
        $ddl$, workspace, @extschema@.workspace_fold_body(workspace, columns), @extschema@.workspace_fold_some_body(workspace));
    PERFORM @extschema@.workspace_close_function(format('%I.%s', workspace, f)::regprocedure)
    FROM unnest(ARRAY['fold_order_changes(bigint, bigint, boolean)', 'fold_some_changes(bigint, boolean, timestamptz)']) f;
END
$$;
COMMENT ON FUNCTION workspace_create_folding_functions(name, order_columns) IS
'Internal to fold_workspace(): Makes the functions of a workspace that fold, or changes them.';

CREATE FUNCTION workspace_put_sql(workspace name, view name, keys name[], query text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('INSERT INTO %1$I.%2$I AS d (%3$s) SELECT %3$s FROM %4$s ORDER BY %5$s ON CONFLICT (%5$s) DO UPDATE SET %6$s',
        workspace, @extschema@.workspace_data_name(view), string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), query,
        (SELECT string_agg(quote_ident(k), ', ' ORDER BY n) FROM unnest(keys) WITH ORDINALITY u(k, n)),
        string_agg(format('%1$I = excluded.%1$I', a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE NOT a.attname = ANY (keys)))
    FROM pg_attribute a
    WHERE a.attrelid = to_regclass(format('%I.%I', workspace, @extschema@.workspace_data_name(view))) AND a.attnum > 0 AND NOT a.attisdropped
$$;
COMMENT ON FUNCTION workspace_put_sql(name, name, name[], text) IS
'Internal to fold_workspace(): The statement that puts rows into what is stored.
Arguments: workspace; view, keys: as in workspace_kept_views(); query: a FROM clause for the rows, with a WHERE or without.';

CREATE FUNCTION workspace_gone_sql(workspace name, view name, keys name[], customers text, query text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('DELETE FROM %I.%I d WHERE d.customer IN (SELECT x.customer FROM %s x) AND NOT EXISTS (SELECT FROM %s AND h.customer = d.customer%s)',
        workspace, @extschema@.workspace_data_name(view), customers, query,
        (SELECT coalesce(string_agg(format(' AND h.%1$I IS NOT DISTINCT FROM d.%1$I', k), ''), '') FROM unnest(keys) k WHERE k <> 'customer'))
$$;
COMMENT ON FUNCTION workspace_gone_sql(name, name, name[], text, text) IS
'Internal to fold_workspace(): The statement that deletes stored rows of customers that are not there any more.
Arguments: workspace; view, keys: as in workspace_kept_views(); customers: a relation with them; query: a FROM clause with a WHERE for the rows h that are there.';

CREATE FUNCTION workspace_check_kept(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_enter(workspace, true);
    IF @extschema@.workspace_known_storage(workspace) <> 'incremental' OR @extschema@.workspace_keeping_function(workspace) IS NULL THEN
        RAISE EXCEPTION 'nothing is kept by triggers in workspace "%"', workspace
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'To have that attach the orders again with storage => ''incremental''.';
    END IF;
    PERFORM @extschema@.workspace_lock_attached(workspace);
END
$$;
COMMENT ON FUNCTION workspace_check_kept(text) IS
'Internal to fold_workspace(): Checks that triggers keep the histories of a workspace of the caller''s, and keeps it from being changed until the transaction ends.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 55000 with other storage.';

-- Beside first orders that pending changes have moved since, which show as such until they are folded themselves.
CREATE FUNCTION workspace_settle(workspace name, orders attached_orders) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known record;
BEGIN
    SELECT k.keys, k.actual INTO known FROM @extschema@.workspace_kept_views(workspace, orders.relation, orders.columns) k WHERE k.view = 'first_orders';
    EXECUTE @extschema@.workspace_put_sql(workspace, 'first_orders', known.keys, format('(%s) h', @extschema@.workspace_first_orders_sql(
        workspace, orders.relation, orders.columns, format('o.customer IN (SELECT d.customer FROM %I.first_orders_data d WHERE d.is_unknown)', workspace),
        ', o.at, o.order_key, false AS is_unknown')));
    EXECUTE format($dml$
        DELETE FROM %1$I.first_orders_data WHERE is_unknown;
        DELETE FROM %1$I.customer_preferences_data WHERE history OPERATOR(%2$s.=) '{}'::%2$s.purchase_history;
        UPDATE %1$I.fold_state SET folded_at = now()
        $dml$, workspace, '@extschema@');
END
$$;
COMMENT ON FUNCTION workspace_settle(name, attached_orders) IS
'Internal to fold_workspace(): Looks up the first orders that folds could not tell, and clears away what became empty.';

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
    PERFORM @extschema@.workspace_check_kept(workspace);
    PERFORM @extschema@.workspace_lock_folds(workspace::name);
    FOR slot_group IN 0..15 LOOP
        from_slot := slot_group::bigint << 59;
        LOOP
            EXECUTE format('SELECT f.* FROM %I.fold_order_changes($1, 5000, false) f', workspace) INTO part USING from_slot;
            EXIT WHEN part.last_slot IS NULL;
            folded := folded + part.folded;
            from_slot := part.last_slot;
        END LOOP;
    END LOOP;
    PERFORM @extschema@.workspace_settle(workspace::name, @extschema@.workspace_attached_orders(workspace));
    RETURN folded;
END
$$;
COMMENT ON FUNCTION fold_workspace(text) IS
'Moves pending changes of the orders into the stored histories of a workspace with incremental storage. What its views show is the same before and after, but is read faster. Neither writers nor readers wait. Writers fold by themselves a portion of what is pending beyond settings.fold_after, in proportion to what they write; this folds all, and looks up first orders that are not known since others were taken away.
Arguments: workspace: name of the schema.
Result: number of pending changes that were folded, one for each customer, source and category that a statement changed.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 55000 with other storage, 40001 in a REPEATABLE READ transaction that began before another fold ended.';

CREATE FUNCTION workspace_attached_orders(workspace text) RETURNS attached_orders
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
    WHERE c.value <> '' AND NOT @extschema@.workspace_has_columns(attached.relation, ARRAY[c.value::name])
    ORDER BY @extschema@.workspace_role_position('orders', c.key)
    LIMIT 1;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'the attached orders, %, do not have the column % any more', attached.name, missing
            USING ERRCODE = 'undefined_column',
                HINT = format('Attach them with its new name: SELECT attach_orders(%L, workspace => %L, %s => ''...'');', attached.name, workspace, substring(missing FROM ', the (.*)$'));
    END IF;
    RETURN ROW(attached.relation, @extschema@.workspace_order_columns(attached.relation,
        '{"order_id": "", "source": "", "category": "", "profit": ""}'::jsonb || attached.columns))::@extschema@.attached_orders;
END
$$;
COMMENT ON FUNCTION workspace_attached_orders(text) IS
'Internal to fold_workspace(): The orders attached to a workspace, and their columns, without those that were added since.
Errors: 42P01 if they are gone, 42703 if one of their columns is.';

CREATE TYPE history_difference AS (
    customer text,
    what text,
    stored text,
    actual text
);
COMMENT ON TYPE history_difference IS
'Where what triggers keep differs from the orders: the customer (empty for orders without one, and for the shop), which view and column, what is stored there with pending changes, and what the orders say';

CREATE FUNCTION workspace_differing_sql(view name, key name, shown name[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('(SELECT false AS is_actual, x.%4$I AS key, x AS row FROM (SELECT %1$s FROM %2$I h EXCEPT ALL SELECT %1$s FROM %3$I h) x
            UNION ALL SELECT true, x.%4$I, x FROM (SELECT %1$s FROM %3$I h EXCEPT ALL SELECT %1$s FROM %2$I h) x)',
        @extschema@.workspace_column_names_sql(shown, 'h'), view, 'actual_' || view, key)
$$;
COMMENT ON FUNCTION workspace_differing_sql(name, name, name[]) IS
'Internal to verify_workspace(): The relation of the rows in which two relations differ, one of the name of a view and one with actual_ before it.';

CREATE FUNCTION workspace_differences_sql(view name, keys name[], shown name[]) RETURNS text
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
        view || '.', @extschema@.workspace_differing_sql(view, keys[1], shown), keys)
$$;
COMMENT ON FUNCTION workspace_differences_sql(name, name[], name[]) IS
'Internal to verify_workspace(): The query for the differences between two such relations, by key and column.';

CREATE FUNCTION workspace_repair_sql(workspace name, view name, keys name[]) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE view WHEN 'order_days'
    THEN format(E',\n%1$I AS (%2$s),\n%3$I AS (DELETE FROM %4$I.order_days_data d WHERE NOT EXISTS (SELECT FROM actual_order_days h WHERE h.day = d.day AND h.slot_group = d.slot_group))',
        'put_' || view, @extschema@.workspace_put_sql(workspace, view, keys, format('%I h', 'actual_' || view)), 'gone_' || view, workspace)
    ELSE format($query$,
%1$I AS (%2$s),
%3$I AS (%4$s),
%5$I AS (DELETE FROM %6$I.%7$I d WHERE d.customer IS NULL AND NOT EXISTS (SELECT FROM %8$I h WHERE h.customer IS NULL))$query$,
        'put_' || view, @extschema@.workspace_put_sql(workspace, view, keys,
            format('%I h WHERE h.customer IS NULL OR h.customer IN (SELECT w.customer FROM wrong w)', 'actual_' || view)),
        'gone_' || view, @extschema@.workspace_gone_sql(workspace, view, keys, 'wrong', format('%I h WHERE true', 'actual_' || view)),
        'nobody_' || view, workspace, @extschema@.workspace_data_name(view), 'actual_' || view) END
$$;
COMMENT ON FUNCTION workspace_repair_sql(name, name, name[]) IS
'Internal to verify_workspace(): The statements that put right what is stored for the customers of the relation wrong.';

CREATE FUNCTION workspace_verify_sql(workspace name, orders regclass, columns order_columns, repair boolean) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    -- A repair leaves nothing pending that it saw, and puts in place what the orders say of everybody concerned.
    SELECT format('WITH %s%s SELECT * FROM (%s) d ORDER BY what, customer',
        string_agg(format(E'%I AS MATERIALIZED (%s),\n%I AS MATERIALIZED (%s)', k.view,
            @extschema@.workspace_current_sql(workspace, k.view, k.shown, k.changed, k.present, k.settled, k.affected), 'actual_' || k.view, k.actual), E',\n'),
        CASE WHEN repair THEN
            format(E',\nchange AS (DELETE FROM %I.order_changes RETURNING customer),\nmissed AS (DELETE FROM %1$I.missed_changes),\nwrong AS MATERIALIZED (SELECT c.customer FROM change c%s)',
                workspace, string_agg(CASE WHEN k.keys[1] = 'customer' THEN
                    format(' UNION SELECT r.key FROM %s r', @extschema@.workspace_differing_sql(k.view, k.keys[1], k.shown)) END, ''))
            || string_agg(@extschema@.workspace_repair_sql(workspace, k.view, k.keys), '') END,
        string_agg(@extschema@.workspace_differences_sql(k.view, k.keys, k.shown), E'\n    UNION ALL'))
    FROM @extschema@.workspace_kept_views(workspace, orders, columns) k
$$;
COMMENT ON FUNCTION workspace_verify_sql(name, regclass, order_columns, boolean) IS
'Internal to verify_workspace(): Its statement.';

-- What the orders do not show of themselves: where triggers are missing or too many, and what they have missed.
CREATE FUNCTION workspace_verify_triggers(workspace name, orders regclass) RETURNS SETOF history_difference
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    keeping CONSTANT regprocedure := @extschema@.workspace_keeping_function(workspace);
BEGIN
    RETURN QUERY
        SELECT NULL, 'triggers', format(CASE WHEN t.disabled IS NULL THEN 'none on %s' ELSE 'disabled on %s' END, t.part), 'attach the orders again to have them'
        FROM (
            SELECT p AS part, bool_or(x.tgenabled = 'D') AS disabled, count(*) FILTER (WHERE x.tgenabled <> 'D') AS enabled
            FROM @extschema@.workspace_tree(orders) p
            LEFT JOIN pg_trigger x ON x.tgrelid = p AND x.tgfoid = keeping
            GROUP BY p) t
        WHERE t.enabled < 4;
    RETURN QUERY
        SELECT DISTINCT NULL, 'triggers', format('on %s', x.tgrelid::regclass), 'no part of the orders: attach them again before it is written to'
        FROM pg_trigger x
        WHERE x.tgfoid = keeping AND x.tgrelid NOT IN (SELECT t FROM @extschema@.workspace_tree(orders) t);
    RETURN QUERY
        SELECT NULL, 'triggers', format('%s is unlogged', c.oid::regclass), 'after a crash it is empty: verify then with repair, or make it LOGGED'
        FROM @extschema@.workspace_tree(orders) t JOIN pg_class c ON c.oid = t WHERE c.relpersistence = 'u';
END
$$;
COMMENT ON FUNCTION workspace_verify_triggers(name, regclass) IS
'Internal to verify_workspace(): What is wrong with the triggers that keep histories.';

CREATE FUNCTION verify_workspace(workspace text DEFAULT 'loyalty', repair boolean DEFAULT false) RETURNS SETOF history_difference
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on'
SET jit = off
AS $$
DECLARE
    orders @extschema@.attached_orders;
BEGIN
    PERFORM @extschema@.workspace_check_kept(workspace);
    orders := @extschema@.workspace_attached_orders(workspace);
    IF repair THEN
        PERFORM @extschema@.workspace_lock_folds(workspace::name);
    END IF;
    RETURN QUERY EXECUTE format('SELECT NULL, ''missed'', ''changes of '' || string_agg(DISTINCT m.relation, '', ''), ''since '' || min(m.missed_at) FROM %I.missed_changes m HAVING count(*) > 0', workspace);
    RETURN QUERY EXECUTE @extschema@.workspace_verify_sql(workspace::name, orders.relation, orders.columns, repair);
    RETURN QUERY SELECT t.* FROM @extschema@.workspace_verify_triggers(workspace::name, orders.relation) t;
END
$$;
COMMENT ON FUNCTION verify_workspace(text, boolean) IS
'Compares what triggers keep in a workspace with incremental storage with the orders, read as a whole, and puts it right if told to. Writers do not wait: both sides are of one moment.
Arguments: workspace: name of the schema; repair: whether to put right what differs, which folds what is pending as well.
Result: rows of customer, what, stored and actual, as they were before a repair; none where all agrees. Rows of the kind triggers tell of partitions that were added since, which attach_orders() gives its triggers, or taken away, whose triggers it drops.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 55000 with other storage.';
-- workspace: the triggers that keep histories. Their function runs with the rights of the workspace's owner and names
-- everything it reads and writes, so that a writer needs no right on the workspace, and gains none.

-- A writer of any isolation has to see these as they were when the triggers were made.
CREATE FUNCTION workspace_fixed_rules(workspace name) RETURNS order_rules
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    rules @extschema@.order_rules;
BEGIN
    EXECUTE format('SELECT quote_literal(s.time_zone) || ''::text'', (s.zero_amounts = ''orders'')::text FROM %I.settings s', workspace)
    INTO rules.time_zone, rules.counts_zero;
    RETURN rules;
END
$$;
COMMENT ON FUNCTION workspace_fixed_rules(name) IS
'Internal to attach_orders(): What the settings say of rows of orders now, as constants.';

CREATE FUNCTION workspace_why_left_out_sql(columns order_columns, rules order_rules) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('CASE WHEN o.%1$I IS NULL THEN ''no_time'' WHEN NOT %2$s THEN ''invalid_time'' WHEN o.%3$I IS NULL THEN ''no_amount'' WHEN NOT %4$s THEN ''invalid_amount'' WHEN NOT %5$s THEN ''zero_amount'' END',
        ((columns).ordered_at).name, @extschema@.workspace_usable_time_sql((columns).ordered_at), ((columns).amount).name,
        @extschema@.workspace_usable_amount_sql((columns).amount), @extschema@.workspace_counted_zero_sql((columns).amount, rules))
$$;
COMMENT ON FUNCTION workspace_why_left_out_sql(order_columns, order_rules) IS
'Internal to attach_orders(): The SQL expression of the reason why a row o of orders goes into no history, NULL where it goes.';

-- A statement of one row takes longer to be set up than to be run: expressions stand here once.
CREATE FUNCTION workspace_read_orders_sql(columns order_columns, rules order_rules, changed_rows text, is_added text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('SELECT %s AS customer, %s AS source, %s AS category, %s AS is_order, o.%I::%s AS at, %s AS order_key, o.%I::%s AS amount, %s AS profit, %s AS left_out, %s AS is_added FROM %s OFFSET 0',
        @extschema@.workspace_customer_sql((columns).customer), @extschema@.workspace_text_sql((columns).source), @extschema@.workspace_text_sql((columns).category),
        CASE WHEN @extschema@.workspace_has_origin(columns) THEN format('(%s) IS TRUE', @extschema@.workspace_is_order_sql((columns).amount)) ELSE 'true' END,
        ((columns).ordered_at).name, ((columns).ordered_at).type, @extschema@.workspace_order_key_sql(columns), ((columns).amount).name, ((columns).amount).type,
        CASE WHEN ((columns).profit).name IS NULL THEN 'NULL' ELSE format('CASE WHEN %s THEN o.%I::%s END', @extschema@.workspace_usable_amount_sql((columns).profit), ((columns).profit).name, ((columns).profit).type) END,
        @extschema@.workspace_why_left_out_sql(columns, rules), is_added, changed_rows)
$$;
COMMENT ON FUNCTION workspace_read_orders_sql(order_columns, order_rules, text, text) IS
'Internal to attach_orders(): The query for what is of interest in rows of orders.
Arguments: columns; rules; changed_rows: a FROM clause for the rows o; is_added: an SQL condition on them that they were added, and not removed.';

-- What is equal has the same slot, whatever it looks like. By customer first, so that those of one lie together, then by
-- source and category, so that one with many of these is not to be folded at once. What no index takes stays pending.
CREATE FUNCTION workspace_slot_sql(customer order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('CASE WHEN greatest(octet_length(o.customer::text), octet_length(o.source), octet_length(o.category)) > 800 THEN -1
            ELSE (coalesce(%s(o.customer) & 2147483647, 0)::bigint << 32) + (hashtext(concat_ws('' / '', o.source, o.category))::bigint & 4294967295) END',
        CASE (customer).type
            WHEN 'smallint'::regtype THEN 'hashint2' WHEN 'integer'::regtype THEN 'hashint4' WHEN 'bigint'::regtype THEN 'hashint8'
            WHEN 'numeric'::regtype THEN 'hash_numeric' WHEN 'uuid'::regtype THEN 'uuid_hash' ELSE 'hashtext' END)
$$;
COMMENT ON FUNCTION workspace_slot_sql(order_column) IS
'Internal to attach_orders(): The SQL expression of the slot of a row o of changes: 31 bits by its customer and 32 by source and category, or -1.';

CREATE FUNCTION workspace_changes_sql(columns order_columns, rules order_rules, changed_rows text, is_added text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    -- A fold tells the first order of a customer by that of the orders added, and need not read the orders.
    SELECT format($query$
        SELECT %1$s, o.customer, o.source, o.category, o.is_order, CASE WHEN o.is_added THEN %2$s END, CASE WHEN NOT o.is_added THEN %2$s END,
            CASE WHEN o.is_added THEN %3$s END, CASE WHEN NOT o.is_added THEN %3$s END, %4$s,
            min(o.at) FILTER (WHERE o.place = 1), (array_agg(o.order_key) FILTER (WHERE o.place = 1))[1], min(%5$s) FILTER (WHERE o.place = 1 AND o.left_out IS NULL)
        FROM (SELECT o.*, %6$s AS place FROM (%7$s) o) o
        GROUP BY o.customer, o.source, o.category, o.is_order, o.is_added$query$,
        @extschema@.workspace_slot_sql((columns).customer), format(f.history, 'amount'),
        CASE WHEN ((columns).profit).name IS NULL THEN 'NULL::@extschema@.purchase_history' ELSE format(f.history, 'profit') END,
        (SELECT string_agg(format('CASE WHEN o.is_added THEN 1 ELSE -1 END * nullif(count(*) FILTER (WHERE o.left_out = %L), 0)', r), ', ' ORDER BY n)
            FROM unnest('{no_time,invalid_time,no_amount,invalid_amount,zero_amount}'::text[]) WITH ORDINALITY u(r, n)),
        format('%s.kept_amount(o.amount%s)', '@extschema@', CASE WHEN ((columns).amount).type IN ('smallint'::regtype, 'integer'::regtype) THEN '::bigint' ELSE '' END),
        CASE WHEN is_added <> 'false' AND @extschema@.workspace_has_origin(columns)
            THEN format('row_number() OVER (PARTITION BY o.customer, o.source, o.category, o.is_order, o.is_added ORDER BY o.left_out NULLS FIRST, CASE WHEN o.left_out IS NULL THEN %s END, o.at, o.order_key, o.amount)', f.day)
            ELSE '0' END,
        @extschema@.workspace_read_orders_sql(columns, rules, changed_rows, is_added))
    FROM (
        SELECT '@extschema@.history_agg(o.at, o.%s' || CASE WHEN z.has_zone THEN ', ' || (rules).time_zone ELSE '' END || ') FILTER (WHERE o.left_out IS NULL)' AS history,
            CASE WHEN z.has_zone THEN format('(o.at AT TIME ZONE %s)::date', (rules).time_zone) ELSE 'o.at::date' END AS day
        FROM (SELECT ((columns).ordered_at).type = 'timestamptz'::regtype AS has_zone) z) f
$$;
COMMENT ON FUNCTION workspace_changes_sql(order_columns, order_rules, text, text) IS
'Internal to attach_orders(): The query for what rows of orders add to order_changes.
Arguments: columns; rules; changed_rows, is_added: as in workspace_read_orders_sql().';

-- Rows that came out as they went in are not of interest, whatever else of them changed. Texts stand beside, where types
-- such as citext hold different ones equal. Grouped, and not EXCEPT ALL: in a plan for few rows that never goes to disk.
CREATE FUNCTION workspace_differing_rows_sql(columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('(SELECT %1$s, d.texts, sum(d.n) AS n FROM (SELECT %2$s, ARRAY[%4$s, %5$s], 1 FROM new_orders o UNION ALL SELECT %2$s, ARRAY[%4$s, %5$s], -1 FROM old_orders o) d(%6$s, texts, n)
            GROUP BY %1$s, d.texts HAVING sum(d.n) <> 0) d
            CROSS JOIN LATERAL (SELECT %3$s) o CROSS JOIN LATERAL (SELECT d.n > 0 AS is_added FROM generate_series(1, abs(d.n))) g',
        string_agg('d.c' || c.n, ', ' ORDER BY c.n), string_agg(format('o.%I', c.name), ', ' ORDER BY c.n), string_agg(format('d.c%s AS %I', c.n, c.name), ', ' ORDER BY c.n),
        @extschema@.workspace_text_sql((columns).source), @extschema@.workspace_text_sql((columns).category), string_agg('c' || c.n, ', ' ORDER BY c.n))
    FROM (SELECT (l.col).name, row_number() OVER (ORDER BY (l.col).name) AS n FROM @extschema@.workspace_column_list(columns) l GROUP BY (l.col).name) c
$$;
COMMENT ON FUNCTION workspace_differing_rows_sql(order_columns) IS
'Internal to attach_orders(): The relation of the rows that an UPDATE changed, by the columns that are attached: those of before and those of after.';

CREATE FUNCTION workspace_append_sql(workspace name, changes text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($dml$INSERT INTO %I.order_changes (slot, customer, source, category, is_order, added, removed, added_profit, removed_profit,
            no_time, invalid_time, no_amount, invalid_amount, zero_amount, first_at, first_key, first_amount)%s$dml$, workspace, changes)
$$;
COMMENT ON FUNCTION workspace_append_sql(name, text) IS
'Internal to attach_orders(): The statement that appends the result of a query to order_changes.';

CREATE FUNCTION workspace_has_columns(relation oid, columns name[]) RETURNS boolean
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT bool_and(EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = c AND a.attnum > 0 AND NOT a.attisdropped))
    FROM unnest(columns) c
$$;
COMMENT ON FUNCTION workspace_has_columns(oid, name[]) IS
'Internal to attach_orders(): Whether a table has all columns of these names.';

CREATE FUNCTION workspace_is_part(relation oid, root oid) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION workspace_is_part(oid, oid) IS
'Internal to attach_orders(): Whether a table is another one, or a partition or child of it on any level.';

CREATE FUNCTION workspace_type_kind(type oid) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION workspace_type_kind(oid) IS
'Internal to attach_orders(): A word on what a trigger is going to read, by the type under a domain: the name of one of the server''s, enum for any enum.';

CREATE FUNCTION workspace_can_keep(workspace text, relation oid, trigger_name name, columns text[], kinds text[]) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION workspace_can_keep(text, oid, name, text[], text[]) IS
'Internal to attach_orders(): Whether a trigger is one as attach_orders() makes it, with a function in the schema of the workspace, on a table that has columns of these names, whose types are of these kinds, and which triggers see; a warning otherwise.
Arguments: workspace; relation; trigger_name; columns; kinds: by workspace_type_kind().';

CREATE FUNCTION workspace_fold_turn(wrote bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION workspace_fold_turn(bigint) IS
'Internal to attach_orders(): How many pending changes a statement that wrote so many is to fold, 0 where it is not its turn: on average twice as many as are written.';

CREATE FUNCTION workspace_random_slot() RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION workspace_random_slot() IS
'Internal to attach_orders(): 31 bits at random, of which a transaction gets a quarter, and which leave random() of the session as it is.';

CREATE FUNCTION workspace_is_own(transaction bigint) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION workspace_is_own(bigint) IS
'Internal to attach_orders(): Whether a row with this xmin was written by the transaction that asks, or one within it.';

-- TRUNCATE fires the triggers of each part that has them; for one that was added since and has none that of the part above.
CREATE FUNCTION workspace_truncated_parts(relation regclass, keeping regprocedure) RETURNS SETOF regclass
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
COMMENT ON FUNCTION workspace_truncated_parts(regclass, regprocedure) IS
'Internal to attach_orders(): The tables of whose rows a trigger for TRUNCATE has to tell.
Arguments: relation: the one it is on; keeping: its function.';

CREATE FUNCTION workspace_truncate_body(workspace name, columns order_columns, rules order_rules) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    -- Its snapshot may not have all the rows that go.
    SELECT format($body$
        BEGIN
            PERFORM %1$s.workspace_check_isolation('TRUNCATE of orders whose histories are kept');
            FOR part IN SELECT %1$s.workspace_truncated_parts(TG_RELID::regclass, %2$L::regprocedure) LOOP
                EXECUTE 'WITH old_orders AS (SELECT ' || %3$L || ' FROM ONLY ' || part::text || ' o) ' || %4$L;
            END LOOP;
        EXCEPTION WHEN OTHERS THEN
            RAISE WARNING 'workspace "%%" misses what TRUNCATE takes from %%: %%', %5$L, TG_RELID::regclass, SQLERRM
                USING ERRCODE = SQLSTATE, HINT = 'Afterwards: ' || %6$L;
            INSERT INTO %5$I.missed_changes VALUES (now(), TG_RELID::regclass);
        END;
        RETURN NULL;$body$, '@extschema@', format('%I.keep_order_history()', workspace),
        (SELECT string_agg(DISTINCT format('o.%I', (c.col).name), ', ') FROM @extschema@.workspace_column_list(columns) c),
        @extschema@.workspace_append_sql(workspace, @extschema@.workspace_changes_sql(columns, rules, 'old_orders o', 'false')),
        workspace, format('SELECT verify_workspace(%L, repair => true)', workspace))
$$;
COMMENT ON FUNCTION workspace_truncate_body(name, order_columns, order_rules) IS
'Internal to attach_orders(): What the trigger function that keeps histories does at a TRUNCATE. It reads the orders, whose owner may have taken that right.';

CREATE FUNCTION workspace_keeping_body(workspace name, orders regclass, columns order_columns) RETURNS text
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
    IF has_schema_privilege(to_regnamespace(%11$L)::oid, 'USAGE') IS NOT TRUE THEN
        RAISE WARNING 'workspace "%%" misses this change of %%: its owner, %%, may not use schema %%', %2$L, TG_RELID::regclass, current_user, %11$L
            USING ERRCODE = 'insufficient_privilege', HINT = 'Grant it, and attach the orders again.';
    ELSIF has_function_privilege(to_regprocedure(%12$L)::oid, 'EXECUTE') IS NOT TRUE THEN
        RAISE WARNING 'workspace "%%" misses this change of %%: its owner, %%, may not call functions in schema %%', %2$L, TG_RELID::regclass, current_user, %11$L
            USING ERRCODE = 'insufficient_privilege', HINT = 'Grant it, and attach the orders again.';
    ELSE
        can_keep := %1$s.workspace_can_keep(%2$L::text, TG_RELID, TG_NAME, %4$L::text[], %5$L::text[]);
    END IF;
    IF NOT can_keep THEN
        SELECT n.nspname INTO home FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE t.tgrelid = TG_RELID AND t.tgname = TG_NAME;
        EXECUTE format('INSERT INTO %%1$I.missed_changes SELECT now(), $1 WHERE NOT EXISTS (SELECT FROM %%1$I.missed_changes)', home) USING TG_RELID::regclass::text;
        RETURN NULL;
    ELSIF %1$s.workspace_is_part(TG_RELID, coalesce((SELECT f.orders::oid FROM %2$I.fold_state f), to_regclass(%3$L)::oid)) IS NOT TRUE THEN
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
    portion := CASE WHEN wrote > 0 AND current_setting('transaction_isolation') <> 'serializable' THEN %1$s.workspace_fold_turn(wrote) ELSE 0 END;
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
$body$, '@extschema@', workspace, orders,
        (SELECT array_agg((c.col).name::text ORDER BY c.role) FROM @extschema@.workspace_column_list(columns) c),
        (SELECT array_agg(@extschema@.workspace_type_kind((c.col).type) ORDER BY c.role) FROM @extschema@.workspace_column_list(columns) c),
        @extschema@.workspace_append_sql(workspace, @extschema@.workspace_changes_sql(columns, r, 'new_orders o', 'true')),
        @extschema@.workspace_append_sql(workspace, @extschema@.workspace_changes_sql(columns, r, @extschema@.workspace_differing_rows_sql(columns), 'g.is_added')),
        @extschema@.workspace_append_sql(workspace, @extschema@.workspace_changes_sql(columns, r, 'old_orders o', 'false')),
        @extschema@.workspace_truncate_body(workspace, columns, r), workspace, '@extschema@', '@extschema@.workspace_can_keep(text, oid, name, text[], text[])')
    FROM @extschema@.workspace_fixed_rules(workspace) r
$$;
COMMENT ON FUNCTION workspace_keeping_body(name, regclass, order_columns) IS
'Internal to attach_orders(): The body of the trigger function that keeps histories.';

CREATE FUNCTION workspace_fold_key(workspace name, slot_group integer) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN hashtextextended('clientele fold ' || workspace, 0) # slot_group::bigint;
COMMENT ON FUNCTION workspace_fold_key(name, integer) IS
'Internal to attach_orders(): The key of the advisory lock that a fold of a group holds.';

CREATE FUNCTION workspace_lock_folds(workspace name) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    FOR slot_group IN 0..15 LOOP
        PERFORM pg_advisory_xact_lock(@extschema@.workspace_fold_key(workspace, slot_group));
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_lock_folds(name) IS
'Internal to attach_orders(): Waits for those who fold, and keeps others from it until the transaction ends.';

-- Default privileges may have given it to others than PUBLIC.
CREATE FUNCTION workspace_close_function(function regprocedure) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    grantee oid;
BEGIN
    FOR grantee IN
        SELECT DISTINCT a.grantee FROM pg_proc p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        WHERE p.oid = function AND a.grantee <> p.proowner
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %s', function, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END || ' CASCADE');
    END LOOP;
    -- Without the extension it could only fail, and every writer with it.
    EXECUTE format('ALTER FUNCTION %s DEPENDS ON EXTENSION clientele', function);
END
$$;
COMMENT ON FUNCTION workspace_close_function(regprocedure) IS
'Internal to attach_orders(): Takes the right to call a function of a workspace from everybody but its owner, and lets it go with the extension.';

CREATE FUNCTION workspace_create_keeping_function(workspace name, body text) RETURNS void
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
    PERFORM @extschema@.workspace_close_function(@extschema@.workspace_keeping_function(workspace));
END
$$;
COMMENT ON FUNCTION workspace_create_keeping_function(name, text) IS
'Internal to attach_orders(): Makes the trigger function that keeps histories, or changes it.';

CREATE FUNCTION workspace_create_keeping_functions(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_keeping_function(workspace, @extschema@.workspace_keeping_body(workspace, orders, columns));
    PERFORM @extschema@.workspace_create_folding_functions(workspace, columns);
END
$$;
COMMENT ON FUNCTION workspace_create_keeping_functions(name, regclass, order_columns) IS
'Internal to attach_orders(): Makes the functions of a workspace that keep histories, or changes them.';

CREATE FUNCTION workspace_keeping_function(workspace name) RETURNS regprocedure
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT to_regprocedure(format('%I.keep_order_history()', workspace))
$$;
COMMENT ON FUNCTION workspace_keeping_function(name) IS
'Internal to attach_orders(): The trigger function of a workspace that keeps histories, NULL without one.';

-- One name for a workspace and an event, so that none is there twice, whatever a restore made of the OIDs.
CREATE FUNCTION workspace_trigger_name(workspace name, event text) RETURNS name
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN format('clientele_%s_%s', event, CASE WHEN octet_length(workspace) > 40 THEN md5(workspace) ELSE workspace END)::name;
COMMENT ON FUNCTION workspace_trigger_name(name, text) IS
'Internal to attach_orders(): The name of the trigger that tells a workspace of an event.';

CREATE FUNCTION workspace_create_triggers(workspace name, orders regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted record;
BEGIN
    -- A statement fires the triggers of the table it names; TRUNCATE those of each part.
    FOR wanted IN
        SELECT t.relation, e.event, e.timing, e.tables
        FROM @extschema@.workspace_tree(orders) WITH ORDINALITY t(relation, "position")
        CROSS JOIN (VALUES ('insert', 'AFTER', 'REFERENCING NEW TABLE AS new_orders'), ('delete', 'AFTER', 'REFERENCING OLD TABLE AS old_orders'),
            ('update', 'AFTER', 'REFERENCING OLD TABLE AS old_orders NEW TABLE AS new_orders'), ('truncate', 'BEFORE', '')) e(event, timing, tables)
        ORDER BY t."position", e.event
    LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I %s %s ON %s %s FOR EACH STATEMENT EXECUTE FUNCTION %I.keep_order_history()',
            @extschema@.workspace_trigger_name(workspace, wanted.event), wanted.timing, wanted.event, wanted.relation, wanted.tables, workspace);
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_create_triggers(name, regclass) IS
'Internal to attach_orders(): Makes the triggers that keep histories, on the orders and their partitions or children. That waits for writers, and from then on they wait.';

CREATE FUNCTION workspace_place_triggers(workspace name, orders regclass, storage text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_schema(workspace);
    PERFORM @extschema@.workspace_lock_settings(workspace);
    IF storage <> 'incremental' OR EXISTS (
        SELECT FROM pg_trigger t
        WHERE t.tgfoid = @extschema@.workspace_keeping_function(workspace)
            AND (t.tgrelid NOT IN (SELECT x FROM @extschema@.workspace_tree(orders) x)
                OR t.tgname NOT IN (SELECT @extschema@.workspace_trigger_name(workspace, e) FROM unnest('{insert,update,delete,truncate}'::text[]) e)))
    THEN
        PERFORM @extschema@.workspace_stop_keeping(workspace);
    END IF;
    PERFORM @extschema@.workspace_lock_relation(orders);
    IF storage = 'incremental' THEN
        IF @extschema@.workspace_keeping_function(workspace) IS NULL THEN
            PERFORM @extschema@.workspace_create_keeping_function(workspace, 'BEGIN RETURN NULL; END');
        END IF;
        PERFORM @extschema@.workspace_lock_views(workspace); -- or writers would wait for readers
        PERFORM @extschema@.workspace_create_triggers(workspace, orders);
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_place_triggers(name, regclass, text) IS
'Internal to attach_orders(): Makes the triggers that a storage takes, or drops those it does not, before anything else is locked.';

-- The owner of the function may drop the triggers that call it, whoever owns the tables. The server looks for them before it
-- waits for the table, and gives up where they were switched off or on meanwhile.
CREATE FUNCTION workspace_drop_triggers(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    tries integer := 5;
BEGIN
    LOOP
        BEGIN
            EXECUTE format('DROP FUNCTION %I.keep_order_history() CASCADE', workspace);
            RETURN;
        EXCEPTION WHEN internal_error THEN
            tries := tries - 1;
            IF tries = 0 THEN
                RAISE;
            END IF;
        END;
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_drop_triggers(name) IS
'Internal to attach_orders(): Drops the triggers that keep histories.';

CREATE FUNCTION workspace_stop_keeping(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    folding regprocedure;
BEGIN
    IF @extschema@.workspace_keeping_function(workspace) IS NOT NULL THEN
        PERFORM @extschema@.workspace_lock_views(workspace); -- readers hold these when they come to the orders
        PERFORM @extschema@.workspace_drop_triggers(workspace);
    END IF;
    FOR folding IN
        SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = workspace AND p.proname IN ('fold_some_changes', 'fold_order_changes')
    LOOP
        EXECUTE format('DROP FUNCTION %s', folding);
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_stop_keeping(name) IS
'Internal to attach_orders(): Drops the triggers that keep histories, with their functions.';

CREATE FUNCTION workspace_keep_anew(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on'
SET jit = off
AS $$
DECLARE
    orders CONSTANT @extschema@.attached_orders := @extschema@.workspace_attached_orders(workspace);
    kept record;
BEGIN
    PERFORM @extschema@.workspace_check_isolation('a change of the time zone or the zero amounts of kept histories');
    PERFORM @extschema@.workspace_check_owner(workspace);
    PERFORM @extschema@.workspace_lock_folds(workspace); -- or writers would wait for who folds
    PERFORM @extschema@.workspace_create_triggers(workspace, orders.relation);
    EXECUTE format('DELETE FROM %1$I.order_changes; DELETE FROM %1$I.missed_changes', workspace);
    -- Not truncated: whoever reads meanwhile, with whatever snapshot, sees what was there.
    FOR kept IN
        SELECT format('%I.%I', workspace, @extschema@.workspace_data_name(k.view)) AS name, k.actual
        FROM @extschema@.workspace_kept_views(workspace, orders.relation, orders.columns) k
    LOOP
        EXECUTE format('DELETE FROM %s', kept.name);
        EXECUTE format('INSERT INTO %s %s', kept.name, kept.actual);
    END LOOP;
    PERFORM @extschema@.workspace_create_keeping_functions(workspace, orders.relation, orders.columns);
END
$$;
COMMENT ON FUNCTION workspace_keep_anew(name) IS
'Internal to attach_orders(): Computes anew what triggers keep, after a change of settings that it depends on. Writers wait meanwhile.
Errors: 25001 in a transaction that is REPEATABLE READ or SERIALIZABLE.';
-- workspace: how customers move from one touchpoint to the next

-- One walk over the events of each customer: names from the event before, and an end after the last one.
CREATE FUNCTION workspace_create_journey_steps(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'journey_steps', format($view$
        SELECT e.customer, e.purchases_before + 1 AS journey_number, v.happened_at, v.from_touchpoint, v.to_touchpoint, v.hours
        FROM (
            SELECT t.customer, t.happened_at, t.touchpoint, s.journey_repeats,
                count(t.order_number) OVER earlier AS purchases_before,
                lag(t.touchpoint) OVER earlier AS previous,
                date_part('epoch', t.happened_at - lag(t.happened_at) OVER earlier) / 3600 AS hours,
                lead(t.touchpoint) OVER earlier IS NULL AS is_last
            FROM %1$I.touchpoint_events t
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            WHERE t.tracked
            WINDOW earlier AS (PARTITION BY t.customer ORDER BY t.happened_at, t.order_number NULLS FIRST, t.touchpoint
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) e
        CROSS JOIN LATERAL (
            SELECT e.happened_at, CASE WHEN e.previous <> 'PURCHASE' THEN e.previous ELSE 'START' END AS from_touchpoint, e.touchpoint AS to_touchpoint,
                CASE WHEN e.previous <> 'PURCHASE' THEN e.hours END AS hours
            WHERE e.touchpoint = 'PURCHASE' OR e.journey_repeats = 'kept' OR e.touchpoint IS DISTINCT FROM e.previous
            UNION ALL
            SELECT NULL::timestamptz AS happened_at, e.touchpoint AS from_touchpoint, 'END' AS to_touchpoint, NULL::double precision AS hours
            WHERE e.is_last AND e.touchpoint <> 'PURCHASE') v
        $view$, workspace),
        'Each step of each customer from one touchpoint to the next. A journey begins at START, and ends with a PURCHASE or, where nothing follows, with END; orders before the first touchpoint of all are left out',
        ARRAY[['customer', 'The customer, as in the orders'],
              ['journey_number', '1 for the customer''s first journey; each purchase ends one'],
              ['happened_at', 'When the step was made; empty for END'],
              ['from_touchpoint', 'From where: a touchpoint, or START'],
              ['to_touchpoint', 'To where: a touchpoint, PURCHASE, or END'],
              ['hours', 'Hours since the event before; empty from START and to END']]);
END
$$;
COMMENT ON FUNCTION workspace_create_journey_steps(name) IS
'Internal to attach_touchpoints(): Makes the view journey_steps of a workspace.';

CREATE FUNCTION workspace_create_journey(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'journey', format($view$
        SELECT j.from_touchpoint, j.to_touchpoint, j.transitions, j.customers, j.transitions_from,
            i.estimate AS share, i.lower, i.upper, j.median_hours, j.transitions_from >= s.enough AS enough
        FROM (
            SELECT t.from_touchpoint, t.to_touchpoint, count(*) AS transitions, count(DISTINCT t.customer) AS customers,
                sum(count(*)) OVER (PARTITION BY t.from_touchpoint)::bigint AS transitions_from,
                percentile_cont(0.5) WITHIN GROUP (ORDER BY t.hours) AS median_hours
            FROM %1$I.journey_steps t
            GROUP BY t.from_touchpoint, t.to_touchpoint) j
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN LATERAL %2$s.wilson_interval(j.transitions, j.transitions_from) i
        $view$, workspace, '@extschema@'),
        'How customers move between touchpoints: from each to the next, in order of time. START is before the first one and after each purchase, END where nothing followed the last one',
        ARRAY[['from_touchpoint', 'From where: a touchpoint, or START'],
              ['to_touchpoint', 'To where: a touchpoint, PURCHASE, or END'],
              ['transitions', 'Number of times'],
              ['customers', 'Number of customers'],
              ['transitions_from', 'Number of times from there to anywhere'],
              ['share', 'Share of those that went this way, 0 to 1'],
              ['lower', 'Lower bound of its 95 % interval (Wilson)'],
              ['upper', 'Upper bound'],
              ['median_hours', 'Median hours from one to the other; empty from START and to END'],
              ['enough', 'Whether there are enough transitions from there to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_journey(name) IS
'Internal to attach_touchpoints(): Makes the view journey of a workspace.';

CREATE FUNCTION workspace_create_journey_absorption(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- The equations take the cube of the number of touchpoints: beyond 300 the rare ones are one.
    PERFORM @extschema@.workspace_create_view(workspace, 'journey_absorption', format($view$
        WITH step AS MATERIALIZED (SELECT j.from_touchpoint, j.to_touchpoint, j.transitions FROM %1$I.journey j),
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
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN LATERAL %2$s.absorption(c.from_names, c.to_names, c.transitions, 'PURCHASE', 'START', 0.95) a
        $view$, workspace, '@extschema@'),
        'How likely a purchase is from each touchpoint on, whatever comes in between: exact for the shares in journey, each step by itself',
        ARRAY[['touchpoint', 'The touchpoint; START is the journey as a whole. Beyond the 300 most frequent the others are one'],
              ['transitions', 'Number of times that customers went on from it or stayed away'],
              ['purchase_probability', 'Probability that the journey ends with a purchase, 0 to 1'],
              ['lower', 'Lower bound of its 95 % interval, taking transitions as independent'],
              ['upper', 'Upper bound'],
              ['expected_steps', 'Expected number of steps until the journey ends, with a purchase or without'],
              ['removal_effect', 'Share of the purchases that would be missing if whoever comes to the touchpoint were lost, 0 to 1; empty for START'],
              ['attribution_share', 'Its part in the sum of those shares, 0 to 1'],
              ['attributed_purchases', 'That part of the purchases that a touchpoint came before'],
              ['enough', 'Whether there are enough transitions to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_journey_absorption(name) IS
'Internal to attach_touchpoints(): Makes the view journey_absorption of a workspace.';
-- workspace: what customers ask and what to answer, with full-text search, and the questions that nobody has answered yet

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

-- Of the server's own schema by the bare name, of others with the schema. What was dropped since is read as simple.
CREATE FUNCTION workspace_text_search(name text) RETURNS regconfig
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET quote_all_identifiers = off
AS $$
    SELECT c.oid::regconfig
    FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace
    WHERE $1 = CASE n.nspname WHEN 'pg_catalog' THEN c.cfgname::text ELSE quote_ident(n.nspname) || '.' || quote_ident(c.cfgname) END
$$;
COMMENT ON FUNCTION workspace_text_search(text) IS
'Internal to attach_orders(): The text search configuration of a name, NULL if there is none.';

CREATE FUNCTION workspace_entry_words(configuration regconfig, question text, keywords text, answer text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 3000
SET search_path = pg_catalog, pg_temp
RETURN setweight(to_tsvector(configuration, coalesce(question, '')), 'A') || setweight(to_tsvector(configuration, coalesce(keywords, '')), 'B')
    || setweight(to_tsvector(configuration, coalesce(answer, '')), 'C');
COMMENT ON FUNCTION workspace_entry_words(regconfig, text, text, text) IS
'Internal to attach_orders(): The words of an entry of a knowledge base, those of the question weighing most.
Errors: 54000 for more than a megabyte of words.';

CREATE FUNCTION workspace_some_words(query tsquery) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- Each word stands in quotes in a query's text, quoted as a query needs it.
    SELECT CASE WHEN strpos(query::text, '!') = 0 THEN (
        SELECT string_agg(DISTINCT w.word[1], ' | ')::tsquery
        FROM regexp_matches(query::text, '(''(?:[^'']|'''')+'')', 'g') w(word)) END
$$;
COMMENT ON FUNCTION workspace_some_words(tsquery) IS
'Internal to attach_orders(): The query for any word of another query; NULL where that excludes words, which is taken as it is.';

-- What is called is of the server alone: who edits entries need not be allowed to look into the schema of the extension.
CREATE FUNCTION workspace_keep_words() RETURNS trigger
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
COMMENT ON FUNCTION workspace_keep_words() IS
'Internal to attach_orders(): Trigger function that gives an entry of the knowledge base the language of the settings where it has none, and keeps its words.
Errors: 54000 for more than a megabyte of words.';

CREATE FUNCTION workspace_create_knowledge_base(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    entries CONSTANT text := format('%I.knowledge_base', workspace);
    unwatched CONSTANT boolean := NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = to_regclass(entries) AND t.tgname = 'keep_words');
BEGIN
    IF to_regclass(entries) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %s (
                id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
                question text NOT NULL
                    CONSTRAINT "question is not empty" CHECK (btrim(question) <> ''),
                answer text NOT NULL
                    CONSTRAINT "answer is not empty" CHECK (btrim(answer) <> ''),
                keywords text,
                language text NOT NULL,
                updated_on date NOT NULL DEFAULT current_date
            )$ddl$, entries);
    END IF;
    IF NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass(entries) AND a.attname = 'words') THEN
        EXECUTE format('ALTER TABLE %s ADD COLUMN words tsvector, ADD COLUMN words_by oid', entries);
    END IF;
    -- What holds functions of the extension went away if it was dropped and created again, and nothing kept words since.
    IF unwatched THEN
        EXECUTE format('UPDATE %s SET words_by = NULL', entries);
        EXECUTE format('CREATE TRIGGER keep_words BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION %s.workspace_keep_words()', entries, '@extschema@');
    END IF;
    -- NOT VALID, as the rules of settings are.
    IF NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = to_regclass(entries) AND c.conname = 'language is a text search configuration') THEN
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT "language is a text search configuration" CHECK (%s.workspace_text_search(language) IS NOT NULL) NOT VALID',
            entries, '@extschema@');
    END IF;
    -- A restore numbers configurations anew, and one may have got the name of another.
    EXECUTE format('UPDATE %1$s k SET words = NULL WHERE k.words_by IS DISTINCT FROM %2$s.workspace_text_search(k.language) AND %2$s.workspace_text_search(k.language) IS NOT NULL',
        entries, '@extschema@');
    IF to_regclass(format('%I.knowledge_base_words', workspace)) IS NULL THEN
        EXECUTE format('CREATE INDEX knowledge_base_words ON %s USING gin (words)', entries);
    END IF;
    PERFORM @extschema@.workspace_describe_relation(workspace, 'knowledge_base',
        'What customers ask and what to answer: yours to fill; find_answers() searches it',
        ARRAY[['id', 'Number of the entry'],
              ['question', 'The question, as customers put it'],
              ['answer', 'What to answer'],
              ['keywords', 'Other words that customers use for it'],
              ['language', 'The text search configuration that reads it, such as english; settings.text_search unless given'],
              ['updated_on', 'When it was last looked at'],
              ['words', 'The words by which find_answers() finds it: kept by themselves'],
              ['words_by', 'Number of the configuration that read them, which may have got another name since']]);
END
$$;
COMMENT ON FUNCTION workspace_create_knowledge_base(name) IS
'Internal to attach_orders(): Makes the table knowledge_base of a workspace, empty, or keeps the one that is there.';

CREATE FUNCTION workspace_create_find_answers(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Words are found by the index where they were read by the configuration that has the language's name now. Where that
    -- was renamed, dropped, or restored under another number, they are worked out. OFFSET 0 keeps that from being done twice.
    EXECUTE format($ddl$
        CREATE OR REPLACE FUNCTION %1$I.find_answers(query text, at_most integer DEFAULT 5) RETURNS SETOF %2$s.found_answer
        LANGUAGE sql STABLE
        BEGIN ATOMIC
            SELECT f.id, f.question, f.answer, ts_rank(f.words, w.some_words)::double precision, f.words @@ w.all_words
            FROM (
                SELECT l.language, q.configuration, q.all_words, coalesce(%2$s.workspace_some_words(q.all_words), q.all_words) AS some_words
                FROM (SELECT b.language, coalesce(%2$s.workspace_text_search(b.language), 'simple'::regconfig) AS configuration FROM (SELECT DISTINCT k.language FROM %1$I.knowledge_base k) b) l
                CROSS JOIN LATERAL (SELECT l.configuration, websearch_to_tsquery(l.configuration, find_answers.query) AS all_words OFFSET 0) q
                OFFSET 0) w
            CROSS JOIN LATERAL (
                SELECT k.id, k.question, k.answer, k.words
                FROM %1$I.knowledge_base k
                WHERE k.language = w.language AND k.words_by = w.configuration::oid AND k.words @@ w.some_words
                UNION ALL
                SELECT r.id, r.question, r.answer, r.words
                FROM (
                    SELECT k.id, k.question, k.answer, %2$s.workspace_entry_words(w.configuration, k.question, k.keywords, k.answer) AS words
                    FROM %1$I.knowledge_base k
                    WHERE k.language = w.language AND k.words_by IS DISTINCT FROM w.configuration::oid
                    OFFSET 0) r
                WHERE r.words @@ w.some_words
                OFFSET 0) f
            ORDER BY 5 DESC, 4 DESC, 1
            LIMIT CASE WHEN find_answers.at_most < 0 THEN 0 ELSE find_answers.at_most END;
        END
        $ddl$, workspace, '@extschema@');
    EXECUTE format('COMMENT ON FUNCTION %I.find_answers(text, integer) IS %L', workspace,
        'Entries of the knowledge base for a query, the best first: those with all that is looked for, then those with some of the words.
Arguments: query: words, "a phrase", or, and -without, as in a web search; at_most: number of rows, NULL for all.
Result: rows of id, question, answer, rank and all_words.');
END
$$;
COMMENT ON FUNCTION workspace_create_find_answers(name) IS
'Internal to attach_orders(): Makes the function find_answers() of a workspace.';
-- workspace: whom to turn to, most valuable first

CREATE FUNCTION workspace_create_lists(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_win_back(workspace);
    PERFORM @extschema@.workspace_create_list(workspace, 'at_risk',
        'Customers at risk, most valuable first: silent for longer than usual, but not lost yet', 'c.at_risk');
    PERFORM @extschema@.workspace_create_list(workspace, 'second_order_due',
        'Customers with one purchase for whom the shop''s usual gap has passed, most valuable first: not lost yet',
        'c.purchases = 1 AND c.stage <> ''lost'' AND c.days_since_last >= coalesce(c.shop_gap, c.as_of - (c.as_of - s.new_within)::date)');
END
$$;
COMMENT ON FUNCTION workspace_create_lists(name) IS
'Internal to attach_orders(): Makes the views win_back, at_risk and second_order_due of a workspace.';

CREATE FUNCTION workspace_list_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['position', 'Order in which to turn to them'],
        ['customer', 'The customer, as in the orders'],
        ['last_order', 'Day of the last order'],
        ['days_since_last', 'Days from the last order to the reporting date'],
        ['usual_gap', 'Usual gap in days: the customer''s own with three gaps or more, else the shop''s'],
        ['purchases', 'Number of purchases'],
        ['revenue', 'Revenue of the whole life'],
        ['last_year_revenue', 'Revenue of the twelve months that end with the last order, later returns taken off'],
        ['cell', 'Cell of the matrix; empty without a purchase in its window'],
        ['policy', 'What to do with that cell, from the table policies'],
        ['approach', 'What to do with customers of this list, from the table approaches']] || @extschema@.workspace_detail_comments()
$$;
COMMENT ON FUNCTION workspace_list_comments() IS
'Internal to attach_orders(): The comments on the columns that all lists have.';

CREATE FUNCTION workspace_create_list(workspace name, list name, description text, condition text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, list, format($view$
        SELECT row_number() OVER (ORDER BY c.last_year_revenue DESC, c.days_since_last DESC, c.customer) AS "position",
            c.customer, c.last_order, c.days_since_last, c.usual_gap, c.purchases, c.revenue,
            c.last_year_revenue, c.last_year_revenue AS value_at_stake, c.cell, p.action AS policy, a.approach,
            d.customer_name, d.contact
        FROM %1$I.customer_classes c
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN %1$I.policies p ON p.cell = c.cell
        LEFT JOIN %1$I.approaches a ON a.customers = %2$L
        LEFT JOIN %1$I.customer_details d ON d.customer = c.customer
        WHERE %3$s
        $view$, workspace, list, condition), description,
        @extschema@.workspace_list_comments()
            || ARRAY[['value_at_stake', 'What is lost with the customer: the revenue of the last year']]);
END
$$;
COMMENT ON FUNCTION workspace_create_list(name, name, text, text) IS
'Internal to attach_orders(): Makes a view that lists customers to turn to.
Arguments: workspace; list: name of the view; description; condition: SQL on a row c of customer_classes and the settings s.';

CREATE FUNCTION workspace_create_win_back(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- A silence of g days that began a days ago was, after s days, one whose outcome within the next w days is known now
    -- if s <= least(g, a - w); and it ended within them if besides s > g - w. So both counts are running sums over s.
    PERFORM @extschema@.workspace_create_view(workspace, 'win_back', format($view$
        WITH classified AS MATERIALIZED (
            SELECT c.customer, c.history, c.as_of, c.last_order, c.days_since_last, c.usual_gap, c.purchases, c.revenue,
                c.last_year_revenue, c.cell, c.stage, c.as_of - (c.as_of - s.lost_after)::date AS lost_days
            FROM %1$I.customer_classes c CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            ),
        silence AS (
            SELECT least(g.days, c.as_of - g.from_date - c.lost_days) AS known_days, g.days - c.lost_days AS too_early, g.ended
            FROM classified c CROSS JOIN LATERAL %2$s.history_gaps(c.history, c.as_of, c.lost_days) g
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
            CROSS JOIN LATERAL %2$s.wilson_interval(d.came_back, d.known) i
        )
        SELECT row_number() OVER (ORDER BY c.last_year_revenue * e.came_back / nullif(e.known, 0) DESC NULLS LAST,
                c.last_year_revenue DESC, c.days_since_last, c.customer) AS "position",
            c.customer, c.last_order, c.days_since_last, c.usual_gap, c.purchases, c.revenue,
            c.last_year_revenue, round(c.last_year_revenue * e.came_back / nullif(e.known, 0), 2) AS value_at_stake, c.cell, p.action AS policy, a.approach,
            e.known AS equal_silences, e.came_back, e.estimate AS return_share, e.lower AS return_share_lower,
            e.upper AS return_share_upper, e.known >= s.enough AS enough, d.customer_name, d.contact
        FROM classified c
        JOIN equal_silence e ON e.days = c.days_since_last
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN %1$I.policies p ON p.cell = c.cell
        LEFT JOIN %1$I.approaches a ON a.customers = 'lost'
        LEFT JOIN %1$I.customer_details d ON d.customer = c.customer
        WHERE c.stage = 'lost'
        $view$, workspace, '@extschema@'),
        'Lost customers, first those whose last year times the chance that they come back is worth most',
        @extschema@.workspace_list_comments() || ARRAY[
            ['value_at_stake', 'Revenue of the last year times return_share; empty where nothing is known of it yet'],
            ['equal_silences', 'Number of silences that lasted as long, by anybody, whose outcome within the next span of lost_after (six months) is known'],
            ['came_back', 'Number of those that ended within it'],
            ['return_share', 'The share of them, 0 to 1'],
            ['return_share_lower', 'Lower bound of its 95 % interval (Wilson)'],
            ['return_share_upper', 'Upper bound'],
            ['enough', 'Whether there are enough equal silences to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_win_back(name) IS
'Internal to attach_orders(): Makes the view win_back of a workspace.';
-- workspace: ABC classes and the matrix of nine cells

CREATE FUNCTION workspace_create_matrix(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_abc_summary(workspace);
    PERFORM @extschema@.workspace_create_abc_xyz_matrix(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_matrix(name) IS
'Internal to attach_orders(): Makes the views abc_summary and abc_xyz_matrix of a workspace.';

CREATE FUNCTION workspace_create_abc_summary(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'abc_summary', format($view$
        WITH class AS (
            SELECT c.abc, grouping(c.abc) = 1 AS is_whole, count(*) AS customers, count(c.class_value) AS buyers,
                sum(c.window_revenue) AS revenue, sum(c.window_profit) AS profit, sum(c.class_value) AS value,
                sum(c.window_revenue) FILTER (WHERE c.abc IS NOT NULL) AS buyer_revenue,
                sum(c.window_profit) FILTER (WHERE c.abc IS NOT NULL) AS buyer_profit,
                min(c.class_value) AS lowest_value, count(*) FILTER (WHERE c.class_value < 0) AS losses,
                sum(c.class_value) FILTER (WHERE c.class_value < 0) AS loss_amount,
                count(*) FILTER (WHERE c.cell IS NULL) AS without_cell, count(*) FILTER (WHERE c.brings_80) AS bring_80,
                %2$s.gini(c.class_value) AS gini
            FROM %1$I.customer_classes c
            GROUP BY GROUPING SETS ((c.abc), ())
        )
        SELECT v."position", v.abc, coalesce(c.customers, 0) AS customers,
            CASE WHEN v.abc <> 'none' THEN 100 * coalesce(c.customers, 0)::double precision / nullif(w.buyers, 0) END AS pct_of_customers,
            coalesce(c.revenue, 0.00) AS revenue,
            CASE WHEN v.abc <> 'none' AND w.buyer_revenue > 0
                THEN (100 * coalesce(c.revenue, 0) / w.buyer_revenue)::double precision END AS pct_of_revenue,
            CASE WHEN s.has_profit THEN coalesce(c.profit, 0.00) END AS profit,
            CASE WHEN v.abc <> 'none' AND w.buyer_profit > 0 THEN (100 * coalesce(c.profit, 0) / w.buyer_profit)::double precision END AS pct_of_profit,
            c.lowest_value,
            (c.value / nullif(c.buyers, 0))::double precision AS average_value,
            coalesce(c.losses, 0) AS losses,
            coalesce(c.loss_amount, 0.00) AS loss_amount,
            coalesce(c.without_cell, 0) AS without_cell,
            100 * w.bring_80::double precision / nullif(w.buyers, 0) AS pct_of_customers_bringing_80,
            (SELECT min(b.low) FROM %1$I.benchmarks b WHERE b.measure = 'pct_of_customers_bringing_80')::double precision AS classic_pct_of_customers,
            w.gini,
            s.abc_by,
            coalesce(c.customers, 0) >= s.enough AS enough
        FROM (VALUES (1, 'A'), (2, 'B'), (3, 'C'), (4, 'none')) v("position", abc)
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        JOIN class w ON w.is_whole
        LEFT JOIN class c ON NOT c.is_whole AND coalesce(c.abc, 'none') = v.abc
        ORDER BY v."position"
        $view$, workspace, '@extschema@'),
        'ABC classes: how many customers bring how much of the window''s revenue or profit. Always A, B, C and none: customers without a purchase in the window',
        ARRAY[['position', 'Order in which to show the classes'],
              ['abc', 'A, B, C, or none'],
              ['customers', 'Number of customers'],
              ['pct_of_customers', 'Share of the customers who bought in the window, 0 to 100'],
              ['revenue', 'Revenue in the window'],
              ['pct_of_revenue', 'Share of the revenue of A, B and C, 0 to 100; empty where there is none'],
              ['profit', 'Profit in the window; empty where no column of it is attached'],
              ['pct_of_profit', 'Share of the profit of A, B and C, 0 to 100'],
              ['lowest_value', 'The lowest value in the class, of what abc_by says'],
              ['average_value', 'The mean value'],
              ['losses', 'Number of customers with a value below zero: more returned than bought, or a loss'],
              ['loss_amount', 'Sum of these values'],
              ['without_cell', 'Number of customers in no cell of the matrix: without a purchase in the window, or without an XYZ class'],
              ['pct_of_customers_bringing_80', 'Share of the customers who bring 80 % of the whole, the same in every row, 0 to 100'],
              ['classic_pct_of_customers', 'The classic 20 %, to compare it with, from the table benchmarks'],
              ['gini', 'Gini coefficient of the values, the same in every row: 0 if all bring the same, near 1 if one brings all'],
              ['abc_by', 'What the classes are decided by: revenue or profit'],
              ['enough', 'Whether there are enough customers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_abc_summary(name) IS
'Internal to attach_orders(): Makes the view abc_summary of a workspace.';

CREATE FUNCTION workspace_create_abc_xyz_matrix(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'abc_xyz_matrix', format($view$
        SELECT v."position", v.cell, left(v.cell, 1) AS abc, right(v.cell, 1) AS xyz,
            coalesce(c.customers, 0) AS customers,
            100 * coalesce(c.customers, 0)::double precision / nullif(sum(c.customers) OVER (), 0)::double precision AS pct_of_customers,
            coalesce(c.revenue, 0.00) AS revenue,
            CASE WHEN sum(c.revenue) OVER () > 0
                THEN (100 * coalesce(c.revenue, 0) / sum(c.revenue) OVER ())::double precision END AS pct_of_revenue,
            CASE WHEN s.has_profit THEN coalesce(c.profit, 0.00) END AS profit,
            CASE WHEN sum(c.profit) OVER () > 0 THEN (100 * coalesce(c.profit, 0) / sum(c.profit) OVER ())::double precision END AS pct_of_profit,
            coalesce(c.returns, 0) AS returns,
            p.action, p.service_rules, p.price_terms, p.valid_from, p.review_by,
            p.review_by <= coalesce(max(c.as_of) OVER (), (SELECT r.as_of FROM %1$I.reporting_date r)) AS review_due,
            coalesce(c.customers, 0) >= s.enough AS enough
        FROM (VALUES (1, 'AX'), (2, 'AY'), (3, 'AZ'), (4, 'BX'), (5, 'BY'), (6, 'BZ'), (7, 'CX'), (8, 'CY'), (9, 'CZ')) v("position", cell)
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN (
            SELECT m.cell, count(*) AS customers, sum(m.window_revenue) AS revenue, sum(m.window_profit) AS profit,
                sum(m.window_returns)::bigint AS returns, max(m.as_of) AS as_of
            FROM %1$I.customer_classes m
            GROUP BY m.cell) c ON c.cell = v.cell
        LEFT JOIN %1$I.policies p ON p.cell = v.cell
        ORDER BY v."position"
        $view$, workspace),
        'The matrix of ABC and XYZ classes, always nine cells, each with its policy. Customers who are in none are counted in abc_summary, as without_cell',
        ARRAY[['position', 'Order in which to show the cells'],
              ['cell', 'ABC class and XYZ class: AX to CZ'],
              ['abc', 'ABC class'],
              ['xyz', 'XYZ class'],
              ['customers', 'Number of customers'],
              ['pct_of_customers', 'Share of the customers in all cells, 0 to 100'],
              ['revenue', 'Revenue in the window'],
              ['pct_of_revenue', 'Share of the revenue of all cells, 0 to 100'],
              ['profit', 'Profit in the window; empty where no column of it is attached'],
              ['pct_of_profit', 'Share of the profit of all cells, 0 to 100'],
              ['returns', 'Number of returns in the window'],
              ['action', 'What to do, from the table policies'],
              ['service_rules', 'How to serve them'],
              ['price_terms', 'Which prices and terms they get'],
              ['valid_from', 'Since when the policy holds'],
              ['review_by', 'When to look at it again'],
              ['review_due', 'Whether that day has come'],
              ['enough', 'Whether there are enough customers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_abc_xyz_matrix(name) IS
'Internal to attach_orders(): Makes the view abc_xyz_matrix of a workspace.';
-- workspace: what Metabase should take columns for. It reads a table or view named _metabase_metadata while it
-- synchronises, does not show it, and sets what keypaths of the form view.column.property name.

CREATE FUNCTION workspace_semantic_types() RETURNS TABLE (name name, semantic_type text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES ('customer'::name, 'type/PK'), ('customer_name', 'type/Name'),
        ('recency_score', 'type/Score'), ('frequency_score', 'type/Score'), ('monetary_score', 'type/Score'),
        ('abc', 'type/Category'), ('xyz', 'type/Category'), ('cell', 'type/Category'), ('stage', 'type/Category'),
        ('segment', 'type/Category'), ('light', 'type/Category'), ('dimension', 'type/Category'), ('source', 'type/Source'),
        ('category', 'type/Category'), ('cohort_label', 'type/Category'), ('policy', 'type/Description'),
        ('approach', 'type/Description'), ('description', 'type/Description'), ('advice', 'type/Description'),
        ('revenue', 'type/Income'), ('window_revenue', 'type/Income'), ('last_year_revenue', 'type/Income'),
        ('cumulative_revenue', 'type/Income'), ('profit', 'type/GrossMargin'), ('window_profit', 'type/GrossMargin'),
        ('share', 'type/Percentage'), ('rate', 'type/Percentage'), ('lower', 'type/Percentage'), ('upper', 'type/Percentage'),
        ('rate_on_or_after', 'type/Percentage'), ('return_share', 'type/Percentage'), ('return_share_lower', 'type/Percentage'), ('return_share_upper', 'type/Percentage'),
        ('pareto_share', 'type/Percentage'), ('repeat_share', 'type/Percentage'), ('one_time_share', 'type/Percentage'),
        ('regular_share', 'type/Percentage'), ('raised_rate', 'type/Percentage'), ('rate_kaplan_meier', 'type/Percentage'),
        ('lower_on_or_after', 'type/Percentage'), ('upper_on_or_after', 'type/Percentage'),
        ('score', 'type/Score'), ('touchpoint_group', 'type/Category'), ('questionnaire', 'type/Category'), ('value', 'type/Category'),
        ('cost', 'type/Cost'), ('from_touchpoint', 'type/Category'), ('to_touchpoint', 'type/Category'),
        ('kept_share', 'type/Percentage'), ('purchase_probability', 'type/Percentage'), ('removal_effect', 'type/Percentage'), ('attribution_share', 'type/Percentage'),
        ('funnel_name', 'type/Category'), ('customer_kind', 'type/Category'), ('outcome', 'type/Category'),
        ('nps_group', 'type/Category'), ('touchpoint', 'type/Category'), ('channel', 'type/Category'), ('kind', 'type/Category'),
        ('owner', 'type/Category'), ('band', 'type/Category'), ('verdict', 'type/Category'), ('comment', 'type/Comment'),
        ('wish', 'type/Description'), ('value_at_risk', 'type/Income'), ('response_rate', 'type/Percentage'),
        ('replied_share', 'type/Percentage'), ('replied_share_lower', 'type/Percentage'), ('replied_share_upper', 'type/Percentage'),
        ('first_order', 'type/JoinDate')
$$;
COMMENT ON FUNCTION workspace_semantic_types() IS
'Internal to describe_for_metabase(): What Metabase should take columns of a name for.';

CREATE FUNCTION describe_for_metabase(workspace text DEFAULT 'loyalty') RETURNS SETOF attach_finding
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_enter(workspace);
    PERFORM @extschema@.workspace_create_metabase_metadata(workspace);
    RETURN QUERY VALUES ('metabase', format('%I._metabase_metadata is there', workspace),
        'Let Metabase synchronise its database: Admin, Databases, Sync database schema');
END
$$;
COMMENT ON FUNCTION describe_for_metabase(text) IS
'Adds the view _metabase_metadata to a workspace, from which Metabase learns which columns are keys, names, scores, categories, income and percentages, and how views are titled. It does not show the view itself, and knows views by their name alone: where two workspaces of one database have it, both mean the same.
Arguments: workspace: name of the schema.
Result: a row of topic, finding and advice.
Errors: 3F000 if it is not a workspace, 42501 if it belongs to somebody else.
Source: Metabase, sync of the table _metabase_metadata.';

CREATE FUNCTION workspace_create_metabase_metadata(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('DROP VIEW IF EXISTS %I._metabase_metadata', workspace);
    PERFORM @extschema@.workspace_create_view(workspace, '_metabase_metadata',
        'SELECT m.keypath, m.value FROM (VALUES ' || (
            SELECT string_agg(format('(%L::text, %L::text)', m.keypath, m.value), ', ' ORDER BY m.keypath)
            FROM @extschema@.workspace_metabase_metadata(workspace) m) || ') m(keypath, value)',
        'What Metabase reads while it synchronises',
        ARRAY[['keypath', 'View, column and property, with dots between them'], ['value', 'What Metabase sets it to']]);
END
$$;
COMMENT ON FUNCTION workspace_create_metabase_metadata(name) IS
'Internal to describe_for_metabase(): Makes the view _metabase_metadata of a workspace.';

CREATE FUNCTION workspace_metabase_metadata(workspace name) RETURNS TABLE (keypath text, value text)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    WITH relation AS (
        SELECT c.oid, c.relname AS name FROM pg_class c
        WHERE c.oid = ANY (ARRAY(SELECT to_regclass(format('%I.%I', workspace, r)) FROM unnest(@extschema@.workspace_relations()) r))
            AND c.relkind = 'v' AND c.relname <> '_metabase_metadata'
    )
    SELECT format('%s.%s.semantic_type', r.name, a.attname), s.semantic_type
    FROM relation r
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0
    JOIN @extschema@.workspace_semantic_types() s ON s.name = a.attname
    WHERE (s.semantic_type <> 'type/PK' OR r.name IN ('customers', 'customer_figures'))
        -- Bounds of a score are points.
        AND NOT (a.attname IN ('lower', 'upper') AND EXISTS (SELECT FROM pg_attribute x WHERE x.attrelid = r.oid AND x.attname = 'score'))
    UNION ALL
    SELECT format('%s.display_name', r.name), replace(replace(replace(initcap(replace(r.name, '_', ' ')), 'Abc', 'ABC'), 'Xyz', 'XYZ'), 'Rfm', 'RFM')
    FROM relation r
$$;
COMMENT ON FUNCTION workspace_metabase_metadata(name) IS
'Internal to describe_for_metabase(): The rows of _metabase_metadata.';
-- workspace: what customers ask that the knowledge base does not answer

CREATE FUNCTION workspace_create_open_questions(workspace name, orders_customer order_column) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'answers', orders_customer);
BEGIN
    -- What is answered was asked: a full join finds no more, and is never a loop over all of them for each.
    PERFORM @extschema@.workspace_create_view(workspace, 'open_questions', format($view$
        WITH asked AS MATERIALIZED (%1$s), %2$s
        SELECT row_number() OVER (ORDER BY a.times_asked DESC, a.day DESC, a.number) AS "position", a.customer, a.day, a.comment,
            a.times_asked, a.customers
        FROM asked a
        FULL JOIN answered d ON d.number = a.number
        WHERE coalesce(d.number, 0) = 0
        $view$, @extschema@.workspace_asked_sql(workspace, attached), @extschema@.workspace_answered_sql(workspace)),
        'Questions of customers that no entry of the knowledge base answers, since none has half of their words. Each once, the most frequent first',
        ARRAY[['position', 'Order in which to answer them'],
              ['customer', 'Who asked it last; empty where nobody knows'],
              ['day', 'Day when it was last asked'],
              ['comment', 'The question as it was last put'],
              ['times_asked', 'How often it was asked in these words, whatever their case and the spaces between them'],
              ['customers', 'Number of customers who asked it']]);
END
$$;
COMMENT ON FUNCTION workspace_create_open_questions(name, order_column) IS
'Internal to attach_orders(): Makes the view open_questions of a workspace on the comments that are attached as answers, without rows where no comments or no kinds of them are.
Errors: as workspace_attached_relation().';

CREATE FUNCTION workspace_asked_sql(workspace name, attached attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT row_number() OVER (ORDER BY q.words COLLATE "C") AS number, q.times_asked, q.customers, q.customer, q.day, q.comment
        FROM (
            SELECT a.words, count(*) AS times_asked, count(DISTINCT a.customer) AS customers, max(a.day) AS day,
                (array_agg(a.customer) FILTER (WHERE a.place = 1))[1] AS customer, max(a.comment) FILTER (WHERE a.place = 1) AS comment
            FROM (
                SELECT r.*, row_number() OVER (PARTITION BY r.words ORDER BY r.at DESC, r.comment COLLATE "C", r.customer) AS place
                FROM (
                    SELECT %2$s AS customer, o.%3$I AS at, %4$s AS day, %5$s COLLATE "default" AS comment,
                        lower(regexp_replace(btrim(%5$s), '[[:space:]]+', ' ', 'g')) COLLATE "default" AS words
                    FROM %6$s o
                    CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
                    WHERE %7$s AND %8$s AND %4$s < (SELECT d.as_of FROM %1$I.reporting_date d)) r
                WHERE r.words <> '') a
            GROUP BY a.words) q
        $query$, workspace, (attached).key, (c.answered_at).name, @extschema@.workspace_day_sql(c.answered_at),
        CASE WHEN (attached).columns->>'comment' <> '' THEN format('o.%I::text', (attached).columns->>'comment') ELSE 'NULL::text' END,
        (attached).relation, CASE WHEN (attached).columns->>'kind' <> ''
            THEN format('lower(btrim(o.%I::text) COLLATE "C") = ''question''', (attached).columns->>'kind') ELSE 'false' END,
        @extschema@.workspace_usable_time_sql(c.answered_at))
    FROM (SELECT @extschema@.workspace_given_column((attached).relation, 'answered_at', (attached).columns->>'answered_at') AS answered_at) c
$$;
COMMENT ON FUNCTION workspace_asked_sql(name, attached_relation) IS
'Internal to attach_orders(): The query for what customers ask before the reporting date, each question once.';

CREATE FUNCTION workspace_answered_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- Words of more than a tenth of the entries tell little: without them there are few entries to a word. Everything is
    -- hashed and grouped, never looked up in a loop.
    SELECT format($query$
        word AS MATERIALIZED (
            SELECT e.language, e.word, count(*) > min(e.most) AS common, CASE WHEN count(*) <= min(e.most) THEN array_agg(e.id) END AS entries
            FROM (
                SELECT k.language, k.id, greatest(2, count(*) OVER (PARTITION BY k.language) / 10) AS most,
                    unnest(tsvector_to_array(%2$s.workspace_entry_words(coalesce(%2$s.workspace_text_search(k.language), 'simple'), k.question, k.keywords, k.answer))) AS word
                FROM %1$I.knowledge_base k) e
            GROUP BY e.language, e.word
        ), matched AS MATERIALIZED (
            SELECT a.number, a.language, coalesce(w.common, false) AS common, w.entries
            FROM (
                SELECT q.number, l.language, unnest(tsvector_to_array(to_tsvector(l.configuration, left(q.comment, 10000)))) AS word
                FROM asked q
                CROSS JOIN (
                    SELECT DISTINCT k.language, coalesce(%2$s.workspace_text_search(k.language), 'simple') AS configuration
                    FROM %1$I.knowledge_base k) l) a
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
        $query$, workspace, '@extschema@')
$$;
COMMENT ON FUNCTION workspace_answered_sql(name) IS
'Internal to attach_orders(): The queries for the numbers of those asked that an entry of the knowledge base answers: it has at least half of the words that tell something.';
-- workspace: the orders one by one, and what kinds of customers buy

CREATE FUNCTION workspace_create_order_views(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_orders_enriched(workspace, orders, columns);
    PERFORM @extschema@.workspace_create_customer_preferences(workspace,
        @extschema@.workspace_customer_preferences_sql(workspace, orders, columns));
    PERFORM @extschema@.workspace_create_first_orders(workspace, @extschema@.workspace_first_orders_sql(workspace, orders, columns));
    PERFORM @extschema@.workspace_create_segment_profile(workspace, columns);
END
$$;
COMMENT ON FUNCTION workspace_create_order_views(name, regclass, order_columns) IS
'Internal to attach_orders(): Makes the views orders_enriched, customer_preferences, first_orders and segment_profile of a workspace.';

CREATE FUNCTION workspace_day_sql(ordered_at order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE (ordered_at).type
        WHEN 'timestamptz'::regtype THEN format('(o.%I AT TIME ZONE s.time_zone)::date', (ordered_at).name)
        ELSE format('o.%I::date', (ordered_at).name) END
$$;
COMMENT ON FUNCTION workspace_day_sql(order_column) IS
'Internal to attach_orders(): The SQL expression of the day of a row o of orders, with settings s.';

-- At either end of the calendar a day is not the same everywhere: an instant is moved in so far that no client shows it
-- in a year that has no date.
CREATE FUNCTION workspace_instant_sql(col order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('greatest(timestamptz ''0001-01-02 00:00:00+00'', least(timestamptz ''9999-12-30 00:00:00+00'', %s))',
        CASE WHEN (col).type = 'timestamptz'::regtype THEN format('o.%I', (col).name)
            ELSE format('(o.%I::timestamp AT TIME ZONE s.time_zone)', (col).name) END)
$$;
COMMENT ON FUNCTION workspace_instant_sql(order_column) IS
'Internal to attach_orders(): The SQL expression of the instant of a usable time of a row o, with settings s; of a day its beginning.';

CREATE FUNCTION workspace_kept_amount_sql(amount order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%s.kept_amount(o.%I::%s)', '@extschema@', (amount).name,
        CASE WHEN (amount).type IN ('smallint'::regtype, 'integer'::regtype) THEN 'bigint'::regtype ELSE (amount).type END)
$$;
COMMENT ON FUNCTION workspace_kept_amount_sql(order_column) IS
'Internal to attach_orders(): The SQL expression of the usable amount of a row o as it is kept, at four decimals.';

-- Columns that may be attached later are of one type from the beginning, since a view's column keeps its type.
CREATE FUNCTION workspace_text_sql(col order_column) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN (col).name IS NULL THEN 'NULL::text' ELSE @extschema@.workspace_as_text_sql(col) END
$$;
COMMENT ON FUNCTION workspace_text_sql(order_column) IS
'Internal to attach_orders(): The SQL expression of an optional column of a row o of orders as text.';

CREATE FUNCTION workspace_is_order_sql(amount order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- Amounts are kept at four decimals, half away from zero: down to here they are 0.
    SELECT CASE WHEN (amount).type IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype)
        THEN format('o.%I >= 0', (amount).name)
        ELSE format('o.%I > %s ''-0.00005''', (amount).name, (amount).type) END
$$;
COMMENT ON FUNCTION workspace_is_order_sql(order_column) IS
'Internal to attach_orders(): The SQL condition on a row o of orders that it is no return.';

-- Not of a domain, which its owner could have checked with the rights of others, nor of a length.
CREATE FUNCTION workspace_order_key_sql(columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN ((columns).order_id).name IS NULL THEN 'NULL::integer'
        ELSE format('o.%I::%s', ((columns).order_id).name, CASE ((columns).order_id).type WHEN 'character'::regtype THEN 'bpchar' ELSE ((columns).order_id).type::text END) END
$$;
COMMENT ON FUNCTION workspace_order_key_sql(order_columns) IS
'Internal to attach_orders(): The SQL expression of the number of a row o of orders, by which those of one time are ordered; NULL without one.';

CREATE FUNCTION workspace_all_order_rows_sql(workspace name, orders regclass, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT %2$s AS customer, o.%3$I::%15$s AS at, %14$s AS ordered_at, %4$s AS day, %5$s AS amount,
            %13$s AS order_key, %6$s AS order_id, %7$s AS source, %8$s AS category, s.period, s.new_within, s.lost_after, s.regular_within,
            s.regular_purchases, s.count_by
        FROM %9$s o
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        WHERE o.%10$I IS NOT NULL AND %11$s AND %12$s
        $query$, workspace, @extschema@.workspace_customer_sql((columns).customer), ((columns).ordered_at).name,
        @extschema@.workspace_day_sql((columns).ordered_at),
        @extschema@.workspace_kept_amount_sql((columns).amount),
        @extschema@.workspace_text_sql((columns).order_id), @extschema@.workspace_text_sql((columns).source),
        @extschema@.workspace_text_sql((columns).category), orders, ((columns).customer).name,
        @extschema@.workspace_kept_row_sql(columns, @extschema@.workspace_applied_rules(workspace)), @extschema@.workspace_is_order_sql((columns).amount),
        @extschema@.workspace_order_key_sql(columns),
        CASE WHEN ((columns).ordered_at).type = 'date'::regtype THEN 'NULL::timestamptz'
            ELSE @extschema@.workspace_instant_sql((columns).ordered_at) END, ((columns).ordered_at).type)
$$;
COMMENT ON FUNCTION workspace_all_order_rows_sql(name, regclass, order_columns) IS
'Internal to attach_orders(): The query for the rows that are orders of a customer, with the settings that they need.';

CREATE FUNCTION workspace_order_rows_sql(workspace name, orders regclass, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@.workspace_all_order_rows_sql(workspace, orders, columns)
        || format(' AND %s < (SELECT r.as_of FROM %I.reporting_date r)', @extschema@.workspace_day_sql((columns).ordered_at), workspace)
$$;
COMMENT ON FUNCTION workspace_order_rows_sql(name, regclass, order_columns) IS
'Internal to attach_orders(): The query for the rows that are orders of a customer before the reporting date, with the settings that they need.';

CREATE FUNCTION workspace_create_orders_enriched(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- The histories are folded from the rows that are sorted anyway. Grouped, the classes are known to be one per
    -- customer and period, so that the join goes away where nobody asks for them. CASE changes nothing: without it a
    -- constant customer replaces the condition from PostgreSQL 16 on, and the join stays.
    PERFORM @extschema@.workspace_create_view(workspace, 'orders_enriched', format($view$
        SELECT e.customer, e.order_id, e.day, e.amount, e.order_number, e.days_since_previous, e.stage,
            c.abc, c.xyz, c.cell, e.source, e.category, e.ordered_at
        FROM (
            SELECT o.*, row_number() OVER one_by_one AS order_number,
                o.day - lag(o.day) OVER one_by_one AS days_since_previous,
                %2$s.lifecycle_stage(%2$s.history_agg(o.day, 0::smallint) OVER (PARTITION BY o.customer), o.day,
                    o.new_within, o.lost_after, o.regular_within, o.regular_purchases, o.count_by) AS stage
            FROM (%3$s) o
            WINDOW one_by_one AS (PARTITION BY o.customer ORDER BY o.at, o.order_key, o.amount)
        ) e
        LEFT JOIN (
            SELECT h.customer, h.as_of, min(h.abc) AS abc, min(h.xyz) AS xyz, min(h.cell) AS cell
            FROM %1$I.class_history h
            GROUP BY h.customer, h.as_of) c ON c.customer = CASE WHEN e.order_number > 0 THEN e.customer END
            AND c.as_of = %2$s.period_start(e.day, e.period)
        $view$, workspace, '@extschema@', @extschema@.workspace_order_rows_sql(workspace, orders, columns)),
        'The orders one by one, numbered for each customer, with what the customer was at that time. Returns are not orders',
        ARRAY[['customer', 'The customer, as in the orders'],
              ['order_id', 'Number of the order as text; empty where no column of it is attached'],
              ['day', 'Day of the order'],
              ['amount', 'Amount of the order'],
              ['order_number', '1 for the customer''s first order, and so on'],
              ['days_since_previous', 'Days since the customer''s order before; empty for the first'],
              ['stage', 'Stage of the lifecycle at the start of that day; empty before the first order'],
              ['abc', 'ABC class at the start of that period, for the period under way and the eleven before it'],
              ['xyz', 'XYZ class at the start of that period'],
              ['cell', 'Cell of the matrix at the start of that period'],
              ['source', 'Where the order came from; empty where no column of it is attached'],
              ['category', 'Category of the order; empty where no column of it is attached'],
              ['ordered_at', 'Time of the order; empty where only its day is known']]);
END
$$;
COMMENT ON FUNCTION workspace_create_orders_enriched(name, regclass, order_columns) IS
'Internal to attach_orders(): Makes the view orders_enriched of a workspace.';

CREATE FUNCTION workspace_customer_preferences_sql(workspace name, orders regclass, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- The orders are not read where nothing is attached to see.
    SELECT format($query$
        SELECT o.customer, o.source, o.category, count(*) AS orders, sum(o.amount) AS revenue
        FROM (%s) o
        WHERE %L
        GROUP BY o.customer, o.source, o.category
        $query$, @extschema@.workspace_order_rows_sql(workspace, orders, columns), @extschema@.workspace_has_origin(columns))
$$;
COMMENT ON FUNCTION workspace_customer_preferences_sql(name, regclass, order_columns) IS
'Internal to attach_orders(): The query for the orders of each customer by source and category.';

CREATE FUNCTION workspace_create_customer_preferences(workspace name, query text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'customer_preferences', query,
        'The orders of each customer by where they came from and what was bought, where columns of it are attached',
        ARRAY[['customer', 'The customer, as in the orders'],
              ['source', 'Where orders came from; empty where unknown'],
              ['category', 'Category of the orders; empty where unknown'],
              ['orders', 'Number of orders'],
              ['revenue', 'Their revenue, returns not taken off']]);
END
$$;
COMMENT ON FUNCTION workspace_create_customer_preferences(name, text) IS
'Internal to attach_orders(): Makes the view customer_preferences of a workspace.
Arguments: workspace; query: what it shows.';

CREATE FUNCTION workspace_has_origin(columns order_columns) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ((columns).source).name IS NOT NULL OR ((columns).category).name IS NOT NULL
$$;
COMMENT ON FUNCTION workspace_has_origin(order_columns) IS
'Internal to attach_orders(): Whether orders have a source or a category.';

CREATE FUNCTION workspace_first_orders_sql(workspace name, orders regclass, columns order_columns, condition text DEFAULT 'true', more text DEFAULT '') RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- By day before time: where clocks go back past midnight, the earlier instant may be of the later day.
    SELECT format($query$
        SELECT DISTINCT ON (o.customer) o.customer, o.day, o.source, o.category, o.amount%s
        FROM (%s) o
        WHERE %L AND %s
        ORDER BY o.customer, o.day, o.at, o.order_key, o.amount, o.source, o.category
        $query$, more, @extschema@.workspace_all_order_rows_sql(workspace, orders, columns), @extschema@.workspace_has_origin(columns), condition)
$$;
COMMENT ON FUNCTION workspace_first_orders_sql(name, regclass, order_columns, text, text) IS
'Internal to attach_orders(): The query for the first order of each customer, whatever the reporting date is, where sources or categories are attached to see.
Arguments: workspace; orders; columns; condition: SQL on the customer of an order o; more: further columns in SQL, with a comma before them.';

CREATE FUNCTION workspace_create_first_orders(workspace name, query text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'first_orders', query,
        'The first order of each customer, on whatever day, where columns of source or category are attached',
        ARRAY[['customer', 'The customer, as in the orders'],
              ['day', 'Day of the first order, which may be on or after the reporting date'],
              ['source', 'Where it came from; empty where unknown'],
              ['category', 'Its category; empty where unknown'],
              ['amount', 'Its amount']]);
END
$$;
COMMENT ON FUNCTION workspace_create_first_orders(name, text) IS
'Internal to attach_orders(): Makes the view first_orders of a workspace.
Arguments: workspace; query: what it shows.';

-- Both sides have the same customers, and a full join is never a loop over all of them for each order, however few
-- orders the planner expects. That it has each member once DISTINCT tells (see first_purchase).
CREATE FUNCTION workspace_counted_preferences_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT m.segment, o.category, o.source, count(DISTINCT m.customer) AS customers, sum(o.orders) AS orders
        FROM %I.customer_preferences o FULL JOIN member m ON m.customer = o.customer
        GROUP BY GROUPING SETS ((m.segment, o.category), (m.segment, o.source))
        $query$, workspace)
$$;
COMMENT ON FUNCTION workspace_counted_preferences_sql(name) IS
'Internal to attach_orders(): The query for the orders of each kind of customer, as in member, by category and again by source, with the number of customers in each category.';

-- There may be as many categories as orders: the first of them are looked for, and none are collected.
CREATE FUNCTION workspace_preferences_sql(workspace name, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN NOT @extschema@.workspace_has_origin(columns)
    THEN $query$
        SELECT NULL::text AS segment, NULL::numeric AS categories, NULL::text AS top_category,
            NULL::double precision AS pct_of_orders_top_category, NULL::text AS top_source,
            NULL::double precision AS pct_of_orders_top_source
        WHERE false
        $query$
    ELSE format($query$
        WITH counted AS MATERIALIZED (%s)
        SELECT t.segment, t.categories, c.category AS top_category, 100 * c.orders::double precision / t.category_orders::double precision AS pct_of_orders_top_category,
            o.source AS top_source, 100 * o.orders::double precision / t.source_orders::double precision AS pct_of_orders_top_source
        FROM (
            SELECT k.segment, sum(k.customers) FILTER (WHERE k.category IS NOT NULL) AS categories,
                sum(k.orders) FILTER (WHERE k.category IS NOT NULL) AS category_orders, sum(k.orders) FILTER (WHERE k.source IS NOT NULL) AS source_orders
            FROM counted k GROUP BY k.segment) t
        LEFT JOIN LATERAL (
            SELECT k.category, k.orders FROM counted k WHERE k.segment = t.segment AND k.category IS NOT NULL ORDER BY k.orders DESC, k.category LIMIT 1) c ON true
        LEFT JOIN LATERAL (
            SELECT k.source, k.orders FROM counted k WHERE k.segment = t.segment AND k.source IS NOT NULL ORDER BY k.orders DESC, k.source LIMIT 1) o ON true
        $query$, @extschema@.workspace_counted_preferences_sql(workspace)) END
$$;
COMMENT ON FUNCTION workspace_preferences_sql(name, order_columns) IS
'Internal to attach_orders(): The query for the categories and sources that each kind of customer, as in member, prefers.';

CREATE FUNCTION workspace_create_segment_profile(workspace name, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'segment_profile', format($view$
        WITH member AS MATERIALIZED (
            SELECT DISTINCT ON (c.customer) c.customer, c.orders, c.purchases, c.revenue, c.returns, c.gap_days,
                CASE WHEN c.purchases = 1 THEN 'one_time' WHEN c.stage = 'regular' THEN 'regular' ELSE 'occasional' END AS segment
            FROM %1$I.customer_classes c
        ), preference AS (%2$s)
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
            p.categories::double precision / m.customers AS categories_per_customer, p.top_category, p.pct_of_orders_top_category, p.top_source, p.pct_of_orders_top_source,
            coalesce(m.customers, 0) >= s.enough AS enough
        FROM (VALUES (1, 'one_time'), (2, 'occasional'), (3, 'regular')) v("position", segment)
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN (
            SELECT x.segment, count(*) AS customers, sum(x.orders)::bigint AS orders, sum(x.purchases) AS purchases,
                sum(x.revenue) AS revenue, sum(x.returns)::bigint AS returns,
                percentile_cont(0.5) WITHIN GROUP (ORDER BY x.gap_days) AS gap_days
            FROM member x
            GROUP BY x.segment) m ON m.segment = v.segment
        LEFT JOIN preference p ON p.segment = v.segment
        ORDER BY v."position"
        $view$, workspace, @extschema@.workspace_preferences_sql(workspace, columns)),
        'One-time, occasional and regular customers side by side, always three rows: one purchase ever, the others, and the stage regular',
        ARRAY[['position', 'Order in which to show the rows'],
              ['segment', 'one_time, occasional or regular'],
              ['customers', 'Number of customers'],
              ['pct_of_customers', 'Share of all customers, 0 to 100'],
              ['orders', 'Number of orders'],
              ['revenue', 'Revenue of their whole life'],
              ['pct_of_revenue', 'Share of the revenue, 0 to 100'],
              ['average_order', 'Revenue by number of orders'],
              ['average_revenue', 'Revenue by number of customers'],
              ['average_purchases', 'Purchases by number of customers'],
              ['gap_days', 'Usual gap in days: the median of the customers'''],
              ['returns', 'Number of returns'],
              ['pct_returns', 'Share of returns among orders and returns, 0 to 100'],
              ['categories_per_customer', 'Mean number of categories that a customer bought from; empty where no column of it is attached'],
              ['top_category', 'The category with most orders'],
              ['pct_of_orders_top_category', 'Its share of the orders with a category, 0 to 100'],
              ['top_source', 'The source with most orders'],
              ['pct_of_orders_top_source', 'Its share of the orders with a source, 0 to 100'],
              ['enough', 'Whether there are enough customers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_segment_profile(name, order_columns) IS
'Internal to attach_orders(): Makes the view segment_profile of a workspace.';
-- workspace: the shop period by period

CREATE FUNCTION workspace_create_period_views(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_revenue_by_period(workspace);
    PERFORM @extschema@.workspace_create_overview(workspace);
    PERFORM @extschema@.workspace_create_retention_value(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_period_views(name) IS
'Internal to attach_orders(): Makes the views revenue_by_period, overview and retention_value of a workspace.';

CREATE FUNCTION workspace_period_step_sql(period text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('CASE %1$s WHEN ''quarter'' THEN interval ''3 months'' ELSE (''1 '' || %1$s)::interval END', period)
$$;
COMMENT ON FUNCTION workspace_period_step_sql(text) IS
'Internal to attach_orders(): The SQL expression of the length of a period.';

CREATE FUNCTION workspace_create_revenue_by_period(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Periods in which nothing happened are filled in.
    PERFORM @extschema@.workspace_create_view(workspace, 'revenue_by_period', format($view$
        WITH settings AS (
            SELECT s.period, s.enough, r.as_of, r.first_period, %3$s AS step
            FROM %1$I.reporting_date r CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        ), activity AS (
            SELECT a.period_start, sum(a.revenue) AS revenue, sum(a.orders)::bigint AS orders,
                count(*) FILTER (WHERE a.orders > 0) AS active,
                count(*) FILTER (WHERE a.status = 'new') AS new,
                count(*) FILTER (WHERE a.status = 'retained') AS retained,
                count(*) FILTER (WHERE a.status = 'returned') AS returned,
                count(*) FILTER (WHERE a.status = 'lapsed') AS lapsed,
                sum(a.revenue) FILTER (WHERE a.status = 'new') AS new_revenue,
                sum(a.revenue) FILTER (WHERE a.status = 'retained') AS retained_revenue,
                sum(a.revenue) FILTER (WHERE a.status = 'returned') AS returned_revenue,
                sum(a.revenue) FILTER (WHERE a.orders = 0) AS inactive_revenue,
                sum(a.previous_revenue) FILTER (WHERE a.status = 'lapsed') AS lapsed_revenue
            FROM settings s
            CROSS JOIN %1$I.customer_history h
            CROSS JOIN LATERAL %2$s.history_activity(h.history, s.period, s.as_of) a
            WHERE %2$s.first_order(h.history, s.as_of) IS NOT NULL AND a.period_start >= s.first_period
            GROUP BY a.period_start
        )
        SELECT p.period_start, p.complete,
            coalesce(a.revenue, 0.00) AS revenue, coalesce(a.orders, 0) AS orders, coalesce(a.active, 0) AS active_customers,
            coalesce(a.new, 0) AS new_customers, coalesce(a.retained, 0) AS retained_customers,
            coalesce(a.returned, 0) AS returned_customers, CASE WHEN p.complete THEN coalesce(a.lapsed, 0) END AS lapsed_customers,
            coalesce(a.new_revenue, 0.00) AS new_revenue, coalesce(a.retained_revenue, 0.00) AS retained_revenue,
            coalesce(a.returned_revenue, 0.00) AS returned_revenue, CASE WHEN p.complete THEN coalesce(a.lapsed_revenue, 0.00) END AS lapsed_revenue,
            coalesce(a.active, 0) >= s.enough AS enough, coalesce(a.inactive_revenue, 0.00) AS inactive_revenue
        FROM settings s
        CROSS JOIN (SELECT min(period_start) AS first FROM activity) b
        CROSS JOIN LATERAL (
            SELECT g::date AS period_start, (g + s.step)::date <= s.as_of AS complete
            FROM generate_series(b.first::timestamp, %2$s.period_start(s.as_of - 1, s.period)::timestamp, s.step) g) p
        LEFT JOIN activity a ON a.period_start = p.period_start
        ORDER BY p.period_start
        $view$, workspace, '@extschema@', @extschema@.workspace_period_step_sql('s.period')),
        'Growth, period by period: who was active and what they brought. Active customers are those of the period before, less the lapsed, and the new and returned',
        @extschema@.workspace_period_comments() || ARRAY[
            ['retained_customers', 'Number of those who bought in the period before too'],
            ['new_revenue', 'Revenue from new customers'],
            ['retained_revenue', 'Revenue from retained customers'],
            ['returned_revenue', 'Revenue from returned customers'],
            ['lapsed_revenue', 'What the lapsed customers brought in the period before; empty for the period under way'],
            ['inactive_revenue', 'Returns in the period of customers who bought nothing in it, 0 or less: new, retained, returned and inactive revenue add up to revenue']]);
END
$$;
COMMENT ON FUNCTION workspace_create_revenue_by_period(name) IS
'Internal to attach_orders(): Makes the view revenue_by_period of a workspace.';

CREATE FUNCTION workspace_period_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['period_start', 'First day of the period'],
        ['complete', 'Whether the period is complete; who lapses in the one under way is not known yet'],
        ['revenue', 'Revenue of the period, returns taken off'],
        ['orders', 'Number of orders'],
        ['active_customers', 'Number of customers who bought'],
        ['new_customers', 'Number of those who bought for the first time'],
        ['returned_customers', 'Number of those who had bought before, but not in the period before'],
        ['lapsed_customers', 'Number of customers who bought in the period before, and not in this one; empty for the period under way'],
        ['enough', 'Whether there are enough customers to go by']]
$$;
COMMENT ON FUNCTION workspace_period_comments() IS
'Internal to attach_orders(): The comments on the columns that views by period share.';

CREATE FUNCTION workspace_create_overview(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Weeks have no same week a year before by date: 52 of them are 364 days.
    PERFORM @extschema@.workspace_create_view(workspace, 'overview', format($view$
        WITH periods AS MATERIALIZED (SELECT p.* FROM %1$I.revenue_by_period p)
        SELECT p.period_start, p.complete, p.revenue, p.orders, p.active_customers, p.new_customers, p.returned_customers,
            p.lapsed_customers, g.regular_customers,
            (p.active_customers - p.new_customers)::double precision / nullif(p.active_customers, 0) AS repeat_share,
            (p.revenue / nullif(p.orders, 0))::double precision AS average_order,
            b.revenue AS previous_revenue, b.active_customers AS previous_active_customers,
            y.revenue AS year_before_revenue, y.active_customers AS year_before_active_customers,
            CASE WHEN p.complete AND b.revenue > 0 THEN (100 * (p.revenue / b.revenue - 1))::double precision END AS pct_revenue_change,
            CASE WHEN p.complete AND y.revenue > 0 THEN (100 * (p.revenue / y.revenue - 1))::double precision END AS pct_revenue_year_change,
            p.enough, n.nps, n.responses AS nps_responses
        FROM periods p
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN periods b ON b.period_start = (p.period_start - %2$s)::date
        LEFT JOIN periods y ON y.period_start = CASE s.period WHEN 'week' THEN p.period_start - 364
            ELSE (p.period_start - interval '1 year')::date END
        LEFT JOIN (
            SELECT h.period_start, count(*) FILTER (WHERE h.stage = 'regular') AS regular_customers
            FROM %1$I.class_history h
            GROUP BY h.period_start) g ON g.period_start = p.period_start
        LEFT JOIN %1$I.nps_of_period n ON n.period_start = p.period_start
        ORDER BY p.period_start
        $view$, workspace, @extschema@.workspace_period_step_sql('s.period')),
        'The shop at a glance, period by period, beside the period before and the same one a year before',
        @extschema@.workspace_period_comments() || ARRAY[
            ['regular_customers', 'Number of customers of the stage regular at the end of the period, for the last twelve complete ones'],
            ['repeat_share', 'Share of the active customers who had bought before, 0 to 1'],
            ['average_order', 'Revenue by number of orders'],
            ['previous_revenue', 'Revenue of the period before'],
            ['previous_active_customers', 'Active customers of the period before'],
            ['year_before_revenue', 'Revenue of the same period a year before; of a week, that 52 weeks before'],
            ['year_before_active_customers', 'Active customers of that period'],
            ['pct_revenue_change', 'Change of revenue against the period before in per cent; empty for the period under way'],
            ['pct_revenue_year_change', 'The same against a year before'],
            ['nps', 'Net Promoter Score of the period in points, -100 to 100; empty without answers, which attach_answers() attaches'],
            ['nps_responses', 'Number of answers behind it']]);
END
$$;
COMMENT ON FUNCTION workspace_create_overview(name) IS
'Internal to attach_orders(): Makes the view overview of a workspace.';

CREATE FUNCTION workspace_create_retention_value(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'retention_value', format($view$
        WITH histories AS MATERIALIZED (
            SELECT h.history, h.profit_history, r.as_of, s.period, %3$s AS step
            FROM %1$I.reporting_date r
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            CROSS JOIN %1$I.customer_history h
            WHERE %2$s.first_order(h.history, r.as_of) >= r.first_period
        ), shop AS (
            SELECT count(*) AS customers, min(h.as_of) AS as_of, min(h.period) AS period, min(h.step) AS step,
                sum(%2$s.revenue(h.profit_history, h.as_of)) / nullif(sum(%2$s.revenue(h.history, h.as_of)), 0) AS profit_share,
                %2$s.retention_curve(h.history, h.period, h.as_of) AS curve
            FROM histories h
        ), later AS (
            SELECT sum(p.retained)::numeric / nullif(sum(p.eligible), 0) AS rate
            FROM shop CROSS JOIN LATERAL %2$s.retention_points(shop.curve) p
            WHERE p.period_number > 0
        ), earned AS (
            SELECT sum(a.revenue) / nullif(count(*), 0) AS revenue_per_customer
            FROM histories h CROSS JOIN LATERAL %2$s.history_activity(h.history, h.period, h.as_of) a
            WHERE a.status IN ('retained', 'returned') AND (a.period_start + h.step)::date <= h.as_of
        ), gain AS (
            SELECT shop.*, later.rate, least(later.rate + s.retention_step / 100, 1) AS raised_rate, earned.revenue_per_customer,
                shop.customers * (least(later.rate + s.retention_step / 100, 1) - later.rate) * earned.revenue_per_customer AS revenue,
                s.retention_step, s.enough
            FROM shop CROSS JOIN later CROSS JOIN earned CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            WHERE later.rate IS NOT NULL AND earned.revenue_per_customer IS NOT NULL
        )
        SELECT n.n AS periods_ahead,
            (%2$s.period_start(g.as_of, g.period) + (n.n - 1) * g.step)::date AS period_start,
            g.customers, g.rate::double precision AS rate, g.raised_rate::double precision AS raised_rate,
            round(g.revenue_per_customer, 2) AS revenue_per_customer,
            round(g.revenue, 2) AS extra_revenue,
            round(n.n * g.revenue, 2) AS cumulative_extra_revenue,
            round(g.revenue * g.profit_share, 2) AS extra_profit,
            round(n.n * g.revenue * g.profit_share, 2) AS cumulative_extra_profit,
            format('In every period %%s %%%% of the customers known today buy instead of %%s %%%%, as in all complete periods after the first one, each for %%s',
                round(100 * g.raised_rate, 1), round(100 * g.rate, 1), round(g.revenue_per_customer, 2)) AS assumption,
            g.customers >= g.enough AS enough
        FROM gain g
        CROSS JOIN generate_series(1, 12) n(n)
        ORDER BY n.n
        $view$, workspace, '@extschema@', @extschema@.workspace_period_step_sql('s.period')),
        'What some points more of retention would add over the next twelve periods: five, unless the settings say otherwise',
        ARRAY[['periods_ahead', '1 is the period under way or about to begin'],
              ['period_start', 'First day of the period'],
              ['customers', 'Number of customers known today'],
              ['rate', 'Share of customers who bought in a complete period after their first one, 0 to 1: the mean over customers and periods'],
              ['raised_rate', 'The same with retention_step points more'],
              ['revenue_per_customer', 'Mean revenue of one who bought in such a period'],
              ['extra_revenue', 'What the points would add in the period'],
              ['cumulative_extra_revenue', 'And up to the period'],
              ['extra_profit', 'The same as profit, at the shop''s share of profit in revenue; empty where no column of it is attached'],
              ['cumulative_extra_profit', 'And up to the period'],
              ['assumption', 'What is assumed, in words'],
              ['enough', 'Whether there are enough customers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_retention_value(name) IS
'Internal to attach_orders(): Makes the view retention_value of a workspace.';
-- workspace: what to do with whom, in tables that come filled in and belong to their owner

CREATE FUNCTION workspace_create_policies(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.policies', workspace)) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %I.policies (
                cell text PRIMARY KEY
                    CONSTRAINT "cell is one of AX to CZ" CHECK (cell ~ '^[ABC][XYZ]$'),
                action text NOT NULL,
                service_rules text NOT NULL,
                price_terms text NOT NULL,
                valid_from date NOT NULL,
                review_by date,
                CONSTRAINT "review_by is not before valid_from" CHECK (review_by >= valid_from)
            )$ddl$, workspace);
        EXECUTE format('INSERT INTO %I.policies SELECT p.*, current_date, (current_date + interval ''1 year'')::date FROM %s.workspace_default_policies() p',
            workspace, '@extschema@');
    END IF;
    PERFORM @extschema@.workspace_describe_relation(workspace, 'policies', 'What to do with the customers of each cell of the matrix: yours to edit',
        ARRAY[['cell', 'ABC class and XYZ class: AX to CZ'],
              ['action', 'What to do'],
              ['service_rules', 'How to serve them'],
              ['price_terms', 'Which prices and terms they get'],
              ['valid_from', 'Since when the policy holds'],
              ['review_by', 'When to look at it again']]);
END
$$;
COMMENT ON FUNCTION workspace_create_policies(name) IS
'Internal to attach_orders(): Makes the table policies of a workspace and fills it in, or keeps the one that is there.';

CREATE FUNCTION workspace_default_policies() RETURNS TABLE (cell text, action text, service_rules text, price_terms text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
        ('AX', 'Keep and care: these carry the business', 'A person of their own, served first, problems solved the same day', 'Best terms, agreed for the year; no haggling over single orders'),
        ('AY', 'Keep, and make the rhythm steady', 'Served first; a call when an order is due', 'Best terms for a standing order or a subscription'),
        ('AZ', 'Keep close: large but rare, find out why', 'Every order by hand; a visit or call after each', 'Terms by order; a bonus on the next one within the quarter'),
        ('BX', 'Grow into A: regular, so offer more of the range', 'Standard service with personal advice', 'Volume discount from the next step up'),
        ('BY', 'Grow into A: remind, and sell what goes with it', 'Standard service; reminders at their usual gap', 'Bundle offers, free delivery from a higher amount'),
        ('BZ', 'Win a second occasion: ask what brings them', 'Standard service; a question after each order', 'A time-limited offer after every order'),
        ('CX', 'Serve cheaply: raise the basket', 'Self-service; answers within two days', 'List prices; minimum order, or delivery at cost'),
        ('CY', 'Serve cheaply: automatic offers only', 'Self-service', 'List prices; offers that pay for themselves'),
        ('CZ', 'Serve cheaply: spend nothing on them', 'Self-service', 'List prices, prepaid')
$$;
COMMENT ON FUNCTION workspace_default_policies() IS
'Internal to attach_orders(): The policies that a workspace begins with.';

CREATE FUNCTION workspace_create_approaches(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.approaches', workspace)) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %1$I.approaches (
                customers text PRIMARY KEY
                    CONSTRAINT "customers is a stage, at_risk or second_order_due"
                    CHECK (customers IN ('new', 'occasional', 'regular', 'lost', 'at_risk', 'second_order_due')),
                approach text NOT NULL
            );
            INSERT INTO %1$I.approaches VALUES
                ('new', 'Bring them back for a second order: welcome them, and give a reason to return'),
                ('occasional', 'Make them come more often: remind them at their usual gap, show what goes with what they bought'),
                ('regular', 'Do not forget them: thank them, ask their opinion, keep the best terms for them'),
                ('lost', 'Win them back: ask why they stay away, make one good offer, the most valuable first'),
                ('at_risk', 'Get in touch before they are lost: a personal word, and a look at their last order'),
                ('second_order_due', 'Remind them now: the usual time between orders has passed')
            $ddl$, workspace);
    END IF;
    PERFORM @extschema@.workspace_describe_relation(workspace, 'approaches', 'How to approach the customers of each stage and each list: yours to edit',
        ARRAY[['customers', 'A stage (new, occasional, regular, lost) or a list (at_risk, second_order_due)'],
              ['approach', 'What to do']]);
END
$$;
COMMENT ON FUNCTION workspace_create_approaches(name) IS
'Internal to attach_orders(): Makes the table approaches of a workspace and fills it in, or keeps the one that is there.';

CREATE FUNCTION workspace_create_benchmarks(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.benchmarks', workspace)) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %1$I.benchmarks (
                measure text NOT NULL,
                source text NOT NULL,
                low numeric NOT NULL,
                high numeric NOT NULL,
                advice text,
                PRIMARY KEY (measure, source),
                CONSTRAINT "low is not above high" CHECK (low <= high)
            );
            INSERT INTO %1$I.benchmarks VALUES
                ('nps', 'strong', 50, 100, 'Service builds loyalty: keep it, and ask for referrals'),
                ('nps', 'average', 30, 50, 'Something to improve: ask detractors what'),
                ('nps', 'Apple', 73, 73, 'Among the best known scores'),
                ('nps', 'USAA', 87, 87, 'Among the best known scores'),
                ('one_time_share', 'express test', 0, 0.03, 'Up to this share of one-time customers nothing is wrong'),
                ('pct_of_customers_bringing_80', 'Pareto', 20, 20, 'The classic rule: a fifth of the customers bring four fifths'),
                ('repeat_rate_new', 'sales experience', 0.05, 0.20, 'Probability of selling to a new customer'),
                ('repeat_rate_loyal', 'sales experience', 0.60, 0.70, 'Probability of selling to a loyal customer')
            $ddl$, workspace);
    END IF;
    PERFORM @extschema@.workspace_describe_relation(workspace, 'benchmarks', 'What is usual elsewhere, for the views to show beside: yours to edit',
        ARRAY[['measure', 'What is compared'],
              ['source', 'Whose figure it is'],
              ['low', 'From, in the unit of the measure'],
              ['high', 'To'],
              ['advice', 'What to make of it']]);
END
$$;
COMMENT ON FUNCTION workspace_create_benchmarks(name) IS
'Internal to attach_orders(): Makes the table benchmarks of a workspace and fills it in, or keeps the one that is there.';
-- workspace: who brought whom, where the table of customers names the referrer

-- A column that merely has the name is left alone where it does not hold customers, such as a web address.
CREATE FUNCTION workspace_referrer_column(workspace text, customers regclass, given text) RETURNS order_column
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    col @extschema@.order_column := @extschema@.workspace_column(customers, 'referrer', given, false);
    expression text;
BEGIN
    IF col.name IS NULL THEN
        RETURN NULL;
    ELSIF given IS NULL THEN
        expression := @extschema@.workspace_customer_key_sql(@extschema@.workspace_orders_customer(workspace), NULL, col);
        RETURN CASE WHEN expression IS NOT NULL THEN col END;
    END IF;
    expression := @extschema@.workspace_checked_customer_key_sql(workspace, customers, @extschema@.workspace_orders_customer(workspace), col);
    PERFORM @extschema@.workspace_check_privileges(customers, ARRAY[col.name]);
    RETURN col;
END
$$;
COMMENT ON FUNCTION workspace_referrer_column(text, regclass, text) IS
'Internal to attach_customers(): The column of a table of customers that names the referrer, NULL without one.
Arguments: workspace; customers; given: its name, NULL to find it, none where empty.
Errors: 42703 for a missing column, 42804 where a given one cannot be a customer of the orders, 42501 without SELECT.';

CREATE FUNCTION workspace_create_referrals(workspace name, orders_customer order_column) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'customers', orders_customer);
    has_referrer CONSTANT boolean := coalesce(attached.columns->>'referrer', '') <> '';
    query text := format('SELECT h.customer, h.customer AS referrer FROM %I.order_history h WHERE false', workspace);
BEGIN
    IF has_referrer THEN
        query := format($query$
            SELECT DISTINCT ON (c.customer) c.customer, c.referrer
            FROM (SELECT %s AS customer, %s AS referrer FROM %s o) c
            WHERE c.customer IS NOT NULL AND c.referrer IS NOT NULL AND c.customer <> c.referrer
            ORDER BY c.customer, c.referrer
            $query$, attached.key,
            @extschema@.workspace_checked_customer_key_sql(workspace, attached.relation, orders_customer,
                @extschema@.workspace_given_column(attached.relation, 'referrer', attached.columns->>'referrer')),
            attached.relation);
    END IF;
    PERFORM @extschema@.workspace_create_view(workspace, 'customer_referrers', query,
        'Who brought each customer, where attach_customers() was told of a column with the referrer',
        ARRAY[['customer', 'The customer, as in the orders'], ['referrer', 'Who brought the customer; the lesser one where there are two']]);
    PERFORM @extschema@.workspace_create_referrals_view(workspace, has_referrer);
END
$$;
COMMENT ON FUNCTION workspace_create_referrals(name, order_column) IS
'Internal to attach_customers(): Makes the views customer_referrers and referrals of a workspace, without rows where no column with the referrer is attached.
Errors: as workspace_attached_relation().';

CREATE FUNCTION workspace_create_referrals_view(workspace name, has_referrer boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Put together and grouped, and joined in full, nothing is ever a loop over all customers for each of them. DISTINCT tells
    -- the planner that they are one row each (see first_purchase).
    PERFORM @extschema@.workspace_create_view(workspace, 'referrals', format($view$
        WITH history AS MATERIALIZED (
            SELECT DISTINCT ON (h.customer) h.customer, %2$s.first_order(h.history, r.as_of) AS first_order, %2$s.revenue(h.history, r.as_of) AS revenue
            FROM %1$I.reporting_date r
            CROSS JOIN %1$I.customer_history h
            WHERE %3$L AND %2$s.first_order(h.history, r.as_of) IS NOT NULL
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
                FROM %1$I.customer_referrers f FULL JOIN history h ON h.customer = f.customer
                UNION ALL
                SELECT h.customer, NULL::date AS referred_on, NULL::numeric AS referred_revenue, h.revenue FROM history h) u
            GROUP BY u.customer
            HAVING count(u.referred_on) > 0 AND count(u.revenue) > 0) g
        LEFT JOIN %1$I.customer_details d ON d.customer = g.customer
        $view$, workspace, '@extschema@', has_referrer),
        'Customers who brought others, those first whose referrals brought most; where attach_customers() was told of a column with the referrer',
        ARRAY[['position', 'Order by what the referred customers brought'],
              ['customer', 'The customer who brought others'],
              ['referred_customers', 'Number of customers with an order whom they brought'],
              ['referred_revenue', 'Revenue of those customers'' whole life'],
              ['referred_value_per_customer', 'By number of them'],
              ['first_referred', 'Day of the first order of the first of them'],
              ['last_referred', 'Day of the first order of the last of them'],
              ['revenue', 'The referring customer''s own revenue'],
              ['revenue_with_referred', 'Both together: what keeping this customer is about']]
            || @extschema@.workspace_detail_comments());
END
$$;
COMMENT ON FUNCTION workspace_create_referrals_view(name, boolean) IS
'Internal to attach_customers(): Makes the view referrals of a workspace.';
-- workspace: relations attached beside the orders, whose rows belong to the orders' customers

-- As the orders' customer is shown, type, case and collation: the parts of a union have to agree. A key out of the range
-- of their type is nobody there.
CREATE FUNCTION workspace_customer_key_sql(orders_customer order_column, collation_name text, key order_column) RETURNS text
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
            THEN format(CASE WHEN any_case THEN 'lower(o.%I::text)' ELSE 'o.%I::text' END, (key).name) || coalesce(' COLLATE ' || collation_name, '')
        WHEN ours = theirs THEN format('o.%I::%s', (key).name, ours)
        WHEN ours = 'numeric'::regtype AND theirs = ANY (types) THEN format('o.%I::numeric', (key).name)
        WHEN ours = ANY (types) AND theirs = ANY (types || 'numeric'::regtype)
            THEN format('CASE WHEN o.%1$I BETWEEN %2$s AND %3$s AND o.%1$I = trunc(o.%1$I) THEN o.%1$I::%4$s END', (key).name,
                CASE ours WHEN 'smallint'::regtype THEN '-32768' WHEN 'integer'::regtype THEN '-2147483648' ELSE '-9223372036854775808' END,
                CASE ours WHEN 'smallint'::regtype THEN '32767' WHEN 'integer'::regtype THEN '2147483647' ELSE '9223372036854775807' END, ours)
        END
    FROM shown, whole
$$;
COMMENT ON FUNCTION workspace_customer_key_sql(order_column, text, order_column) IS
'Internal to attach_customers(): The SQL expression of the key of a row o of customers as a customer of the orders, NULL where it cannot be one.';

CREATE FUNCTION workspace_checked_customer_key_sql(workspace name, customers regclass, orders_customer order_column, key order_column) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ours record;
    expression text;
BEGIN
    SELECT a.atttypid::regtype AS type, quote_ident(n.nspname) || '.' || quote_ident(c.collname) AS collation_name INTO ours
    FROM pg_attribute a
    LEFT JOIN pg_collation c ON c.oid = a.attcollation
    LEFT JOIN pg_namespace n ON n.oid = c.collnamespace
    WHERE a.attrelid = to_regclass(format('%I.customer_history', workspace)) AND a.attname = 'customer';
    expression := @extschema@.workspace_customer_key_sql(orders_customer, CASE WHEN ours.type = 'text'::regtype THEN ours.collation_name END, key);
    IF expression IS NULL THEN
        RAISE EXCEPTION 'column "%" of % cannot be the customer of the orders: its type is %, theirs is %', key.name, customers, key.type, ours.type
            USING ERRCODE = 'datatype_mismatch',
                HINT = format('Attach a view of %s with %I::%s, or detach it first.', customers, key.name, ours.type);
    END IF;
    RETURN expression;
END
$$;
COMMENT ON FUNCTION workspace_checked_customer_key_sql(name, regclass, order_column, order_column) IS
'Internal to attach_customers(): The SQL expression of the key of a row o of customers as a customer of the orders.
Errors: 42804 where it cannot be one.';

CREATE FUNCTION workspace_attached_relation(workspace name, relation_role text, orders_customer order_column) RETURNS attached_relation
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached record;
    key text;
BEGIN
    EXECUTE format('SELECT a.relation AS name, to_regclass(a.relation) AS relation, a.columns FROM %I.attached a WHERE a.relation_role = $1',
        workspace) INTO attached USING relation_role;
    IF attached.name IS NULL THEN
        RETURN NULL;
    ELSIF attached.relation IS NULL THEN
        RAISE EXCEPTION 'the attached table of %, %, does not exist any more', relation_role, attached.name
            USING ERRCODE = 'undefined_table', HINT = format('Run attach_%1$s() with its new name, or detach_%1$s(), first.', relation_role);
    END IF;
    IF attached.columns ? 'customer' THEN
        key := @extschema@.workspace_checked_customer_key_sql(workspace, attached.relation, orders_customer,
            @extschema@.workspace_given_column(attached.relation, 'customer_key', attached.columns->>'customer'));
    END IF;
    RETURN ROW(attached.relation, key, attached.columns);
END
$$;
COMMENT ON FUNCTION workspace_attached_relation(name, text, order_column) IS
'Internal to attach_orders(): The relation that is attached to a workspace in a role, NULL without one.
Errors: 42P01 where it does not exist any more, 42804 where its key cannot be a customer of the orders.';

CREATE FUNCTION workspace_orders_customer(workspace text) RETURNS order_column
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    orders record;
BEGIN
    EXECUTE format('SELECT a.relation::regclass AS relation, a.columns FROM %I.attached a WHERE a.relation_role = ''orders''', workspace) INTO orders;
    RETURN @extschema@.workspace_given_column(orders.relation, 'customer', orders.columns->>'customer');
END
$$;
COMMENT ON FUNCTION workspace_orders_customer(text) IS
'Internal to attach_orders(): The column of the orders that holds the customer.';

CREATE FUNCTION workspace_attach_relation(workspace text, relation_role text, relation regclass, given jsonb) RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET quote_all_identifiers = off
AS $$
DECLARE
    chosen jsonb;
    wanted record;
    col @extschema@.order_column;
BEGIN
    PERFORM @extschema@.workspace_enter(workspace);
    PERFORM @extschema@.workspace_check_relation(relation, workspace);
    PERFORM @extschema@.workspace_lock_relation(relation);
    chosen := @extschema@.workspace_attached_columns(workspace, relation, relation_role) || jsonb_strip_nulls(given);
    FOR wanted IN SELECT r.role, r.needed FROM @extschema@.workspace_attached_roles() r WHERE r.relation_role = $2 LOOP
        col := @extschema@.workspace_column(relation, wanted.role, chosen->>wanted.role, wanted.needed);
        CONTINUE WHEN col.name IS NULL;
        PERFORM @extschema@.workspace_check_privileges(relation, ARRAY[col.name]);
        chosen := chosen || jsonb_build_object(wanted.role, col.name);
        RETURN QUERY VALUES (wanted.role, format('column %I (%s), %s', col.name, col.type, col.found), NULL);
    END LOOP;
    EXECUTE format($dml$
        INSERT INTO %I.attached VALUES ($1, $2, $3)
        ON CONFLICT (relation_role) DO UPDATE SET relation = excluded.relation, columns = excluded.columns
        $dml$, workspace) USING relation_role, relation::text, chosen;
    PERFORM @extschema@.workspace_refresh_attached(workspace, relation_role);
END
$$;
COMMENT ON FUNCTION workspace_attach_relation(text, text, regclass, jsonb) IS
'Internal to attach_orders(): Finds the columns of a relation by role, writes them down, and makes the views that read it.
Arguments: workspace; relation_role: one of workspace_attached_roles(); relation; given: names of columns by role, those left out are found, none where empty.
Result: rows of topic, finding and advice.
Errors: 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 42501 without SELECT on the columns or for a workspace of somebody else.';

CREATE FUNCTION workspace_refresh_attached(workspace name, relation_role text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Between detach_orders() and upgrade_workspace() there are no views.
    IF to_regclass(format('%I.customer_history', workspace)) IS NOT NULL THEN
        PERFORM @extschema@.workspace_lock_views(workspace);
        EXECUTE format('SELECT %s.%I($1, $2)', '@extschema@', 'workspace_create_' || relation_role || '_views')
        USING workspace, @extschema@.workspace_orders_customer(workspace);
        PERFORM @extschema@.workspace_count_tables(workspace);
        PERFORM @extschema@.workspace_store_attached(workspace, relation_role);
        PERFORM @extschema@.workspace_refresh_timeline(workspace);
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_refresh_attached(name, text) IS
'Internal to attach_orders(): Makes the views that read the relation attached in a role.';

CREATE FUNCTION workspace_store_attached(workspace name, relation_role text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    views CONSTANT name[] := CASE relation_role
        WHEN 'answers' THEN '{answers_enriched,answer_quality}'
        WHEN 'survey' THEN '{survey_answers,survey_tallies,survey_by_dimension,survey_quality}'
        WHEN 'touchpoints' THEN @extschema@.workspace_touchpoint_views()
        ELSE '{}' END;
BEGIN
    IF @extschema@.workspace_is_stored(workspace, 'order_history') THEN
        PERFORM @extschema@.workspace_drop_stored(workspace, views);
        PERFORM @extschema@.workspace_store(workspace, views);
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_store_attached(name, text) IS
'Internal to attach_orders(): Stores those views of an attached relation that are to be stored, where the workspace stores figures.';

CREATE FUNCTION workspace_create_attached_views(workspace name, orders_customer order_column) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached_role text;
BEGIN
    FOR attached_role IN EXECUTE format('SELECT a.relation_role FROM %I.attached a WHERE a.relation_role NOT IN (''orders'', ''customers'') ORDER BY 1', workspace) LOOP
        EXECUTE format('SELECT %s.%I($1, $2)', '@extschema@', 'workspace_create_' || attached_role || '_views') USING workspace, orders_customer;
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_create_attached_views(name, order_column) IS
'Internal to attach_orders(): Makes the views of everything that is attached beside orders and customers.';

CREATE FUNCTION workspace_detach_relation(workspace text, relation_role text, views name[]) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    view name;
BEGIN
    PERFORM @extschema@.workspace_enter(workspace);
    PERFORM @extschema@.workspace_lock_views(workspace);
    FOREACH view IN ARRAY views LOOP
        CONTINUE WHEN to_regclass(format('%I.%I', workspace, view)) IS NULL;
        EXECUTE format('DROP VIEW %I.%I', workspace, view);
        IF @extschema@.workspace_is_stored(workspace, view) THEN
            EXECUTE format('DROP MATERIALIZED VIEW %I.%I', workspace, @extschema@.workspace_data_name(view));
        END IF;
    END LOOP;
    EXECUTE format('DELETE FROM %I.attached a WHERE a.relation_role = $1', workspace) USING relation_role;
    PERFORM @extschema@.workspace_refresh_timeline(workspace);
END
$$;
COMMENT ON FUNCTION workspace_detach_relation(text, text, name[]) IS
'Internal to attach_orders(): Drops the views that read a relation and what they store, and forgets it.
Arguments: workspace; relation_role; views: the dependent ones first.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 2BP01 if something else stands on the views.';
-- workspace: who comes back

CREATE FUNCTION workspace_create_retention(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_retention_by_period(workspace);
    PERFORM @extschema@.workspace_create_retention_cohorts(workspace);
    PERFORM @extschema@.workspace_create_repeat_purchase(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_retention(name) IS
'Internal to attach_orders(): Makes the views retention_by_period, retention_cohorts and repeat_purchase of a workspace.';

CREATE FUNCTION workspace_retention_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['period_number', '0 is the period of the first purchase, 1 the next one, and so on'],
        ['eligible', 'Number of customers for whom that period is complete'],
        ['retained', 'Number of those who bought in it'],
        ['rate', 'Share of those, 0 to 1'],
        ['lower', 'Lower bound of its 95 % interval (Wilson)'],
        ['upper', 'Upper bound'],
        ['retained_on_or_after', 'Number of those who bought in it or in a later complete period'],
        ['rate_on_or_after', 'Share of those, 0 to 1'],
        ['lower_on_or_after', 'Lower bound of its 95 % interval'],
        ['upper_on_or_after', 'Upper bound'],
        ['enough', 'Whether there are enough customers to go by']]
$$;
COMMENT ON FUNCTION workspace_retention_comments() IS
'Internal to attach_orders(): The comments on the columns that views of retention share.';

CREATE FUNCTION workspace_create_retention_by_period(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'retention_by_period', format($view$
        SELECT p.period_number, p.eligible, p.retained, p.rate, p.lower, p.upper, p.retained_on_or_after, p.rate_on_or_after,
            p.lower_on_or_after, p.upper_on_or_after, p.follow_up, true AS complete, p.eligible >= c.enough AS enough
        FROM (
            SELECT %2$s.retention_curve(h.history, s.period, r.as_of) AS curve, min(s.enough) AS enough
            FROM %1$I.reporting_date r
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            CROSS JOIN %1$I.customer_history h
            WHERE %2$s.first_order(h.history, r.as_of) >= r.first_period
        ) c
        CROSS JOIN LATERAL %2$s.retention_points(c.curve) p
        $view$, workspace, '@extschema@'),
        'The retention curve: how many customers bought in each period after their first one. Young customers count only where their period is complete',
        @extschema@.workspace_retention_comments() || ARRAY[
            ['follow_up', 'Mean number of complete periods the customers had for coming back on or after: compare only what had as many'],
            ['complete', 'Always true: periods under way are not counted']]);
END
$$;
COMMENT ON FUNCTION workspace_create_retention_by_period(name) IS
'Internal to attach_orders(): Makes the view retention_by_period of a workspace.';

CREATE FUNCTION workspace_create_retention_cohorts(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- What a cohort brought is read from its customers' histories together, and the whole is put together from the cohorts.
    PERFORM @extschema@.workspace_create_view(workspace, 'retention_cohorts', format($view$
        WITH cohort AS MATERIALIZED (
            SELECT %2$s.period_start(%2$s.first_order(h.history), s.period) AS cohort_start, %2$s.rollup(h.history) AS history,
                %2$s.retention_curve(h.history, s.period, r.as_of) AS curve, min(r.as_of) AS as_of, min(s.enough) AS enough, %3$s AS step
            FROM %1$I.reporting_date r
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            CROSS JOIN %1$I.customer_history h
            WHERE %2$s.first_order(h.history, r.as_of) >= r.first_period
            GROUP BY cohort_start, s.period
        )
        SELECT p.cohort_start, p.cohort_label, p.customers, p.period_number, p.period_start, p.complete, p.eligible, p.retained,
            p.rate, p.lower, p.upper, p.retained_on_or_after, p.rate_on_or_after, p.lower_on_or_after, p.upper_on_or_after,
            coalesce(r.revenue, 0.00) AS revenue,
            (coalesce(r.revenue, 0) / nullif(p.customers, 0))::double precision AS revenue_per_customer,
            coalesce(r.so_far, 0.00) AS cumulative_revenue,
            (coalesce(r.so_far, 0) / nullif(p.customers, 0))::double precision AS cumulative_revenue_per_customer,
            p.customers >= c.enough AS enough
        FROM (SELECT %2$s.rollup(k.curve) AS curve, min(k.enough) AS enough FROM cohort k) c
        CROSS JOIN LATERAL %2$s.retention_cohorts(c.curve) p
        LEFT JOIN cohort e ON e.cohort_start = p.cohort_start
        CROSS JOIN LATERAL (SELECT least((p.period_start + e.step)::date, e.as_of) AS until) u
        CROSS JOIN LATERAL (
            SELECT %2$s.revenue(e.history, p.period_start, u.until) AS revenue, %2$s.revenue(e.history, p.cohort_start, u.until) AS so_far) r
        $view$, workspace, '@extschema@', @extschema@.workspace_period_step_sql('s.period')),
        'Retention by cohort, the period of the first purchase, with what each cohort brought. The period under way is there and not complete',
        @extschema@.workspace_retention_comments() || ARRAY[
            ['cohort_start', 'First day of the period of the first purchase'],
            ['cohort_label', 'Its name: 2025-03, 2025-W07, 2025-Q1'],
            ['customers', 'Number of customers in the cohort'],
            ['period_start', 'First day of the period'],
            ['complete', 'Whether the period is complete; else its rates are empty and its revenue is as far as it has come'],
            ['revenue', 'Revenue from the cohort in the period'],
            ['revenue_per_customer', 'By number of customers in the cohort'],
            ['cumulative_revenue', 'Revenue from the cohort up to the period'],
            ['cumulative_revenue_per_customer', 'By number of customers in the cohort']]);
END
$$;
COMMENT ON FUNCTION workspace_create_retention_cohorts(name) IS
'Internal to attach_orders(): Makes the view retention_cohorts of a workspace.';

CREATE FUNCTION workspace_create_repeat_purchase(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'repeat_purchase', format($view$
        SELECT n.purchase_number, n.customers, n.repeated, i.estimate AS rate, i.lower, i.upper,
            (
                SELECT 1 - min(k.survival) FROM %2$s.survival_points(n.waiting) k
                WHERE n.repeated = n.customers OR k.at_risk >= least(n.enough, n.customers / 10.0)) AS rate_kaplan_meier,
            %2$s.median_survival(n.waiting) AS median_days,
            n.median_days_observed,
            b.low::double precision AS benchmark_low,
            b.high::double precision AS benchmark_high,
            n.repeated = n.customers AS complete,
            n.customers >= n.enough AS enough
        FROM (
            SELECT g.purchase_number, count(*) AS customers, count(*) FILTER (WHERE g.ended) AS repeated,
                -- Nobody knows yet whether the next purchase is on the reporting date itself.
                %2$s.survival_agg(CASE WHEN g.ended THEN g.days ELSE g.days - 1 END, g.ended) AS waiting,
                percentile_cont(0.5) WITHIN GROUP (ORDER BY g.days) FILTER (WHERE g.ended) AS median_days_observed,
                min(s.enough) AS enough, min(s.regular_purchases) AS regular_purchases
            FROM %1$I.reporting_date r
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            CROSS JOIN %1$I.customer_history h
            CROSS JOIN LATERAL %2$s.history_gaps(h.history, r.as_of) WITH ORDINALITY g(from_date, days, ended, purchase_number)
            WHERE g.purchase_number <= 20
            GROUP BY g.purchase_number
        ) n
        CROSS JOIN LATERAL %2$s.wilson_interval(n.repeated, n.customers) i
        LEFT JOIN (SELECT m.measure, min(m.low) AS low, max(m.high) AS high FROM %1$I.benchmarks m GROUP BY m.measure) b
            ON b.measure = CASE WHEN n.purchase_number = 1 THEN 'repeat_rate_new'
                WHEN n.purchase_number >= n.regular_purchases THEN 'repeat_rate_loyal' END
        ORDER BY n.purchase_number
        $view$, workspace, '@extschema@'),
        'How likely the next purchase is after the first, the second and so on up to the twentieth, and how long it takes; days with orders are purchases',
        ARRAY[['purchase_number', '1 is the first purchase'],
              ['customers', 'Number of customers who made it'],
              ['repeated', 'Number of those who bought again so far'],
              ['rate', 'Share of those, 0 to 1: too low as long as some had no time yet'],
              ['lower', 'Lower bound of its 95 % interval (Wilson)'],
              ['upper', 'Upper bound'],
              ['rate_kaplan_meier', 'Share who will have bought again, 0 to 1: by Kaplan and Meier, who count everybody for as long as they were watched, up to the time after which fewer than a tenth of the customers, and fewer than enough, were left to watch'],
              ['median_days', 'Days after which half have bought again (Kaplan-Meier); empty if fewer do'],
              ['median_days_observed', 'Median days of those who have'],
              ['benchmark_low', 'What is usual, from, by the table benchmarks: 5 % for a new customer, 60 % for a loyal one'],
              ['benchmark_high', 'What is usual, to: 20 % and 70 %'],
              ['complete', 'Whether all of them have bought again, so that nothing is open'],
              ['enough', 'Whether there are enough customers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_repeat_purchase(name) IS
'Internal to attach_orders(): Makes the view repeat_purchase of a workspace.';
-- workspace: RFM scores, and the segments they make

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

CREATE FUNCTION workspace_create_segments(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.segments', workspace)) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %I.segments (
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
            )$ddl$, workspace);
    END IF;
    PERFORM @extschema@.workspace_describe_relation(workspace, 'segments', 'Segments by RFM scores, the first that matches holds: yours to edit; check_segments() lists what matches none or several',
        ARRAY[['position', 'The order in which rows are tried'],
              ['segment', 'Name of the segment'],
              ['recency_from', 'Lowest score for recency: a high one bought lately'],
              ['recency_to', 'Highest score for recency'],
              ['frequency_from', 'Lowest score for the number of purchases'],
              ['frequency_to', 'Highest score for the number of purchases'],
              ['monetary_from', 'Lowest score for revenue'],
              ['monetary_to', 'Highest score for revenue'],
              ['advice', 'What to do with them']]);
END
$$;
COMMENT ON FUNCTION workspace_create_segments(name) IS
'Internal to attach_orders(): Makes the table segments of a workspace, or keeps the one that is there.';

CREATE FUNCTION workspace_default_segments() RETURNS TABLE (
    "position" integer, segment text, recency int4range, frequency int4range, monetary int4range, advice text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- In thirds of the scores: 1 low, 2 middle, 3 high. Every combination is in exactly one row.
    VALUES
        (1, 'champions', '[3,3]'::int4range, '[3,3]'::int4range, '[3,3]'::int4range, 'Reward them, let them try what is new first, ask for referrals'),
        (2, 'loyal', '[3,3]', '[3,3]', '[1,2]', 'Raise the basket: sell what goes with it, ask for a review'),
        (3, 'potential loyalists', '[3,3]', '[2,2]', '[1,3]', 'Offer membership or a subscription'),
        (4, 'promising', '[3,3]', '[1,1]', '[3,3]', 'A large first purchase: a personal welcome, and service that is noticed'),
        (5, 'new customers', '[3,3]', '[1,1]', '[1,2]', 'Help them start well, give a reason for the second order'),
        (6, 'need attention', '[2,2]', '[2,3]', '[2,3]', 'Good customers who come less: an offer of what they bought, with a date'),
        (7, 'small baskets', '[2,2]', '[2,3]', '[1,1]', 'Cheap to serve: automatic offers, a minimum order'),
        (8, 'about to sleep', '[2,2]', '[1,1]', '[1,3]', 'Remind them before they forget'),
        (9, 'cannot lose', '[1,1]', '[3,3]', '[2,3]', 'Used to come often and spend much: call them, and ask what went wrong'),
        (10, 'at risk', '[1,1]', '[2,2]', '[2,3]', 'Write to them personally, renew the offer'),
        (11, 'hibernating', '[1,1]', '[2,3]', '[1,1]', 'One automatic offer; no more'),
        (12, 'lost', '[1,1]', '[1,1]', '[1,3]', 'Spend nothing, unless a campaign reaches them for free')
$$;
COMMENT ON FUNCTION workspace_default_segments() IS
'Internal to attach_orders(): The segments that a workspace begins with, in thirds of the scores.';

CREATE FUNCTION workspace_third_start(third integer, bins integer) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE third WHEN 1 THEN 1 WHEN 2 THEN (bins + 1) / 3 + 1 WHEN 3 THEN bins - (bins + 1) / 3 + 1 ELSE bins + 1 END
$$;
COMMENT ON FUNCTION workspace_third_start(integer, integer) IS
'Internal to attach_orders(): The lowest score of a third: those of five are 1 and 2, 3, 4 and 5.';

CREATE FUNCTION workspace_fill_segments(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Two scores have no middle third.
    EXECUTE format($dml$
        INSERT INTO %1$I.segments
        SELECT r.*
        FROM %1$I.settings s
        CROSS JOIN %2$s.workspace_default_segments() d
        CROSS JOIN LATERAL (SELECT d."position", d.segment,
            %2$s.workspace_third_start(lower(d.recency), s.rfm_bins) AS recency_from,
            %2$s.workspace_third_start(upper(d.recency), s.rfm_bins) - 1 AS recency_to,
            %2$s.workspace_third_start(lower(d.frequency), s.rfm_bins) AS frequency_from,
            %2$s.workspace_third_start(upper(d.frequency), s.rfm_bins) - 1 AS frequency_to,
            %2$s.workspace_third_start(lower(d.monetary), s.rfm_bins) AS monetary_from,
            %2$s.workspace_third_start(upper(d.monetary), s.rfm_bins) - 1 AS monetary_to,
            d.advice) r
        WHERE NOT EXISTS (SELECT FROM %1$I.segments)
            AND r.recency_from <= r.recency_to AND r.frequency_from <= r.frequency_to AND r.monetary_from <= r.monetary_to
        $dml$, workspace, '@extschema@');
END
$$;
COMMENT ON FUNCTION workspace_fill_segments(name) IS
'Internal to attach_orders(): Fills the table segments for the number of RFM scores in the settings, if it is empty.';

CREATE FUNCTION workspace_create_rfm_cells(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'rfm_cells', format($view$
        SELECT r.score AS recency_score, f.score AS frequency_score, m.score AS monetary_score,
            (array_agg(g.segment ORDER BY g."position"))[1] AS segment,
            count(g."position") AS matches,
            string_agg(g.segment, ', ' ORDER BY g."position") AS segments
        FROM (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN generate_series(1, 10) r(score)
        CROSS JOIN generate_series(1, 10) f(score)
        CROSS JOIN generate_series(1, 10) m(score)
        LEFT JOIN %1$I.segments g ON r.score >= g.recency_from AND r.score <= g.recency_to
            AND f.score >= g.frequency_from AND f.score <= g.frequency_to
            AND m.score >= g.monetary_from AND m.score <= g.monetary_to
        WHERE greatest(r.score, f.score, m.score) <= s.rfm_bins
        GROUP BY r.score, f.score, m.score
        $view$, workspace),
        'Every combination of RFM scores with the segment it falls in',
        ARRAY[['recency_score', 'Score for recency, 1 upwards'],
              ['frequency_score', 'Score for the number of purchases'],
              ['monetary_score', 'Score for revenue'],
              ['segment', 'The first segment that matches; empty where none does'],
              ['matches', 'Number of rows of segments that match'],
              ['segments', 'All of them, the first one first']]);
    EXECUTE format($ddl$
        CREATE OR REPLACE FUNCTION %1$I.check_segments() RETURNS SETOF %2$s.segment_finding
        LANGUAGE sql STABLE
        BEGIN ATOMIC
            SELECT c.recency_score, c.frequency_score, c.monetary_score, c.matches, c.segments,
                CASE c.matches WHEN 0 THEN 'Its customers are in other: widen a row of segments'
                    ELSE 'The first row holds: narrow the others' END
            FROM %1$I.rfm_cells c
            WHERE c.matches <> 1
            ORDER BY 1, 2, 3;
        END
        $ddl$, workspace, '@extschema@');
    EXECUTE format('COMMENT ON FUNCTION %I.check_segments() IS %L', workspace,
        'Combinations of RFM scores that match none or several rows of the table segments: no rows if each matches one.');
END
$$;
COMMENT ON FUNCTION workspace_create_rfm_cells(name) IS
'Internal to attach_orders(): Makes the view rfm_cells and the function check_segments() of a workspace.';
-- workspace: its schema, and taking it away again

CREATE FUNCTION workspace_relations() RETURNS name[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '{_metabase_metadata,customer_timeline,customer_changes,funnel_summary,funnel_steps,funnel_passes,journey_absorption,journey,journey_steps,touchpoint_events,
    sources,referrals,customer_referrers,source_costs,survey_by_dimension,survey_tallies,survey_quality,survey_answers,open_questions,touchpoint_groups,touchpoint_scorecard,
    cohorts_by_dimension,retention_by_dimension,first_purchase,customer_dimensions,retention_value,nps_summary,nps_by_period,nps_by_touchpoint,
    nps_by_segment,improvements,voice_of_customer,feedback_inbox,response_times,answer_quality,overview,nps_of_period,answers_enriched,revenue_by_period,repeat_purchase,
    retention_cohorts,retention_by_period,segment_profile,customer_preferences,first_orders,changed_first_orders,orders_enriched,lifecycle_migration,cell_migration,class_history,win_back,at_risk,second_order_due,
    express_test,rfm_segments,lifecycle_summary,abc_xyz_matrix,abc_summary,customers,customer_classes,customer_figures,customer_details,rfm_cells,
    data_quality,customer_history,order_history,reporting_date,applied_settings,order_history_data,customer_preferences_data,first_orders_data,order_days_data,order_changes,missed_changes,fold_state,
    funnel_stages,touchpoint_ratings,touchpoint_catalogue,questions,knowledge_base,segments,approaches,nps_advice,benchmarks,policies,attached,settings}'::name[];
COMMENT ON FUNCTION workspace_relations() IS
'Internal to attach_orders(): The tables and views of a workspace, the dependent ones first.';

CREATE FUNCTION workspace_owner(workspace text) RETURNS name
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT pg_get_userbyid(c.relowner)
    FROM pg_namespace n
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'settings' AND c.relkind = 'r'
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_version' AND NOT a.attisdropped
    WHERE n.nspname = workspace
$$;
COMMENT ON FUNCTION workspace_owner(text) IS
'Internal to attach_orders(): The owner of a workspace, NULL for a schema that is none.';

-- What is run on the tables of a workspace runs their triggers: with our rights only if they are ours.
CREATE FUNCTION workspace_check_owner(workspace text) RETURNS void
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
        WHERE c.relnamespace = n.oid AND c.relname = ANY (@extschema@.workspace_relations())) o(owner)
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
COMMENT ON FUNCTION workspace_check_owner(text) IS
'Internal to attach_orders(): Checks that a schema and what a workspace has in it belong to the caller.
Errors: 42501 otherwise.';

CREATE FUNCTION workspace_check_exists(workspace text) RETURNS void
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF @extschema@.workspace_owner(workspace) IS NULL THEN
        RAISE EXCEPTION '"%" is not a workspace', workspace
            USING ERRCODE = 'invalid_schema_name',
                HINT = coalesce((
                    SELECT 'There are: ' || string_agg(n.nspname, ', ' ORDER BY n.nspname)
                    FROM pg_namespace n WHERE @extschema@.workspace_owner(n.nspname) IS NOT NULL),
                    'There is none in this database; attach_orders() makes one.');
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_check_exists(text) IS
'Internal to attach_orders(): Checks that there is such a workspace.
Errors: 3F000 otherwise.';

-- Whoever changes a workspace keeps others from it, who after waiting may find it gone, or made. A stranger does not
-- come as far as the lock.
CREATE FUNCTION workspace_lock(workspace text, shared boolean DEFAULT false) RETURNS void
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
COMMENT ON FUNCTION workspace_lock(text, boolean) IS
'Internal to attach_orders(): Waits until no other transaction changes a workspace, and keeps others from it until the transaction ends.
Arguments: workspace; shared: whether others may do so beside it who share it too.';

CREATE FUNCTION workspace_enter(workspace text, shared boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_check_exists(workspace);
    PERFORM @extschema@.workspace_check_owner(workspace);
    PERFORM @extschema@.workspace_lock(workspace, shared);
    PERFORM @extschema@.workspace_check_exists(workspace);
    PERFORM @extschema@.workspace_check_owner(workspace);
END
$$;
COMMENT ON FUNCTION workspace_enter(text, boolean) IS
'Internal to attach_orders(): Locks a workspace that there is and that belongs to the caller.
Arguments: as workspace_lock() has them.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else.';

-- Who drops a table with CASCADE holds it and waits for its views, so nobody may hold these and wait for the table.
CREATE FUNCTION workspace_lock_relation(relation regclass) RETURNS void
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
COMMENT ON FUNCTION workspace_lock_relation(regclass) IS
'Internal to attach_orders(): Keeps a relation from being dropped or altered until the transaction ends, as a query on it does.
Errors: 42P01 where it was.';

CREATE FUNCTION workspace_lock_attached(workspace name) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached record;
BEGIN
    FOR attached IN EXECUTE format('SELECT to_regclass(a.relation) AS relation FROM %I.attached a ORDER BY a.relation_role <> ''orders'', a.relation', workspace) LOOP
        PERFORM @extschema@.workspace_lock_relation(attached.relation);
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_lock_attached(name) IS
'Internal to refresh_workspace(): Keeps what is attached to a workspace from being dropped or altered until the transaction ends, the orders first.
Errors: 42P01 where it was.';

-- Who changes settings may come to wait for the orders, and holds them.
CREATE FUNCTION workspace_lock_settings(workspace name) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.settings', workspace)) IS NOT NULL THEN
        EXECUTE format('LOCK TABLE %I.settings IN SHARE ROW EXCLUSIVE MODE', workspace);
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_lock_settings(name) IS
'Internal to attach_orders(): Keeps the settings of a workspace from being changed until the transaction ends; they can be read.';

CREATE FUNCTION workspace_create_schema(workspace text) RETURNS name
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF workspace = '' OR octet_length(workspace) > 63 OR strpos(workspace, 'pg_') > 0 THEN
        RAISE EXCEPTION 'invalid name of a workspace: "%"', workspace
            USING ERRCODE = 'invalid_name',
                HINT = 'Give a name of up to 63 bytes without pg_ in it: BI tools take that for the server''s own.';
    END IF;

    PERFORM @extschema@.workspace_lock(workspace);
    PERFORM @extschema@.workspace_check_owner(workspace);
    IF @extschema@.workspace_owner(workspace) IS NOT NULL THEN
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
COMMENT ON FUNCTION workspace_create_schema(text) IS
'Internal to attach_orders(): Makes the schema of a workspace, or takes one of the caller''s that is a workspace already or is empty.
Errors: 42602 for a name that BI tools would hide, 42P06 for a schema with other things in it, 42501 without the privilege or for the schema of somebody else.';

-- A query locks a view before those it stands on. Whoever changes them in another order could wait for a reader that waits
-- for it. LOCK TABLE would lock the orders too; an owner who stays the same locks the view alone.
CREATE FUNCTION workspace_lock_views(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation name;
BEGIN
    FOREACH relation IN ARRAY @extschema@.workspace_relations() LOOP
        IF EXISTS (SELECT FROM pg_class c WHERE c.oid = to_regclass(format('%I.%I', workspace, relation)) AND c.relkind = 'v') THEN
            EXECUTE format('ALTER VIEW %I.%I OWNER TO CURRENT_USER', workspace, relation);
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_lock_views(name) IS
'Internal to attach_orders(): Locks the views of a workspace as queries do, the dependent ones first.';

CREATE FUNCTION workspace_drop_views(workspace name, cascade boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation name;
    behaviour CONSTANT text := CASE WHEN cascade THEN 'CASCADE' ELSE 'RESTRICT' END;
BEGIN
    PERFORM @extschema@.workspace_lock_settings(workspace);
    PERFORM @extschema@.workspace_stop_keeping(workspace); -- locks the orders
    PERFORM @extschema@.workspace_lock_views(workspace);
    EXECUTE format('DROP FUNCTION IF EXISTS %1$I.check_segments(), %1$I.find_answers(text, integer) %2$s', workspace, behaviour);
    FOR relation IN
        SELECT r.relation
        FROM unnest(@extschema@.workspace_relations()) WITH ORDINALITY r(relation, "position")
        JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', workspace, r.relation)) AND c.relkind = 'v'
        ORDER BY r."position"
    LOOP
        EXECUTE format('DROP VIEW IF EXISTS %I.%I %s', workspace, relation, behaviour);
        IF @extschema@.workspace_is_stored(workspace, relation) THEN
            EXECUTE format('DROP MATERIALIZED VIEW %I.%I %s', workspace, @extschema@.workspace_data_name(relation), behaviour);
        END IF;
    END LOOP;
    PERFORM @extschema@.workspace_drop_kept(workspace, cascade);
END
$$;
COMMENT ON FUNCTION workspace_drop_views(name, boolean) IS
'Internal to drop_workspace(): Drops the views of a workspace and what is stored for them, the dependent ones first.
Arguments: workspace; cascade: whether to drop what other people have built on them as well.
Errors: 2BP01 if there is such a thing and it is not to be dropped.';

CREATE FUNCTION detach_orders(workspace text DEFAULT 'loyalty', cascade boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    dependents text;
BEGIN
    PERFORM @extschema@.workspace_enter(workspace);
    PERFORM @extschema@.workspace_drop_views(workspace, cascade);
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
    PERFORM @extschema@.workspace_enter(workspace);
    PERFORM @extschema@.workspace_drop_views(workspace, cascade);
    FOREACH relation IN ARRAY @extschema@.workspace_relations() LOOP
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
-- workspace: its settings, and what is attached to it

CREATE FUNCTION workspace_keep_settings() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'the settings of a workspace are one row, which stays'
        USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'Change it with UPDATE; drop_workspace() takes the whole workspace away.';
END
$$;
COMMENT ON FUNCTION workspace_keep_settings() IS
'Internal to attach_orders(): Trigger function that refuses to delete the settings.
Errors: 55000 always.';

CREATE FUNCTION workspace_settings_changed() RETURNS trigger
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
    ELSIF NEW.storage = 'incremental' AND (OLD.time_zone, OLD.zero_amounts) IS DISTINCT FROM (NEW.time_zone, NEW.zero_amounts)
        AND NOT is_attaching AND to_regprocedure(format('%I.keep_order_history()', TG_TABLE_SCHEMA)) IS NOT NULL THEN -- not after detach_orders()
        PERFORM @extschema@.workspace_keep_anew(TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION workspace_settings_changed() IS
'Internal to attach_orders(): Trigger function that tells when changed settings take effect, where figures are stored, and computes anew what triggers keep where it depends on them.
Errors: 55000 where what attach_orders() sets is changed by hand.';

CREATE FUNCTION workspace_span_check(setting text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- Compared as a whole, a month is 30 days: no part may be negative, or a span could end before it begins.
    SELECT format('(%1$I >= interval ''1 day'' AND %1$I <= interval ''1000 years'' AND least(extract(year FROM %1$I), extract(month FROM %1$I), extract(day FROM %1$I), extract(hour FROM %1$I), extract(minute FROM %1$I), extract(second FROM %1$I)) >= 0)', setting)
$$;
COMMENT ON FUNCTION workspace_span_check(text) IS
'Internal to attach_orders(): The SQL condition on a setting that it is a span of calendar time.';

CREATE FUNCTION workspace_setting_definitions() RETURNS TABLE (name name, definition text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
        ('period'::name, 'text NOT NULL DEFAULT ''month''', 'The calendar period of series and histories: day, week (ISO), month, quarter or year'),
        ('class_window', 'interval DEFAULT ''12 months''', 'The span before the reporting date whose purchases decide ABC class and matrix; empty for the whole life'),
        ('abc_by', 'text NOT NULL DEFAULT ''revenue''', 'What ABC classes are decided by: revenue or profit'),
        ('abc_a', 'numeric NOT NULL DEFAULT 0.80', 'A is who brings this share of the whole, the largest first'),
        ('abc_b', 'numeric NOT NULL DEFAULT 0.95', 'A and B together are who bring this share'),
        ('xyz_by', 'text NOT NULL DEFAULT ''frequency''', 'What XYZ classes are decided by: frequency of purchases, or variation of the amounts per period'),
        ('frequency_within', 'interval NOT NULL DEFAULT ''6 months''', 'The span before the reporting date whose purchases decide XYZ by frequency'),
        ('x_purchases', 'integer NOT NULL DEFAULT 3', 'X has so many purchases in it'),
        ('y_purchases', 'integer NOT NULL DEFAULT 2', 'Y has so many'),
        ('xyz_x', 'numeric NOT NULL DEFAULT 0.10', 'X has a coefficient of variation up to this, if XYZ is by variation'),
        ('xyz_y', 'numeric NOT NULL DEFAULT 0.25', 'Y has one up to this'),
        ('count_by', 'text NOT NULL DEFAULT ''days''', 'What counts as a purchase: days with orders (split receipts do not make a regular), or orders'),
        ('new_within', 'interval NOT NULL DEFAULT ''3 months''', 'New is who first bought within this span; in the express test such customers have had no time to come back'),
        ('regular_within', 'interval NOT NULL DEFAULT ''6 months''', 'The span in which a regular buys regular_purchases times; the express test looks at it'),
        ('regular_purchases', 'integer NOT NULL DEFAULT 3', 'Regular is who has at least so many purchases in regular_within'),
        ('lost_after', 'interval NOT NULL DEFAULT ''6 months''', 'Lost is who has not bought for this span'),
        ('risk_gaps', 'double precision NOT NULL DEFAULT 2', 'At risk is who is silent for more than so many usual gaps'),
        ('rfm_bins', 'integer NOT NULL DEFAULT 5', 'RFM scores run from 1 to this'),
        ('one_time_limit', 'numeric NOT NULL DEFAULT 0.03', 'The express test is green up to this share of one-time customers'),
        ('light_by', 'text NOT NULL DEFAULT ''customers''', 'What the light of the express test goes by: shares of customers or of sales'),
        ('retention_step', 'numeric NOT NULL DEFAULT 5', 'The points more of retention whose worth retention_value shows'),
        ('zero_amounts', 'text NOT NULL DEFAULT ''orders''', 'What rows with an amount of 0 are: orders, or skipped'),
        ('nps_window', 'interval DEFAULT ''12 months''', 'The span before the reporting date whose answers are in figures of the voice of the customer that are not by period; empty for all'),
        ('nps_answers', 'text NOT NULL DEFAULT ''latest''', 'Whose answers the Net Promoter Score counts: latest, of each customer the last one among those that a figure is about, or all'),
        ('enough', 'integer NOT NULL DEFAULT 30', 'A figure with fewer behind it is marked as not enough to go by'),
        ('text_search', 'text NOT NULL DEFAULT ''simple''', 'The text search configuration of new entries of the knowledge base, such as english'),
        ('journey_repeats', 'text NOT NULL DEFAULT ''collapsed''', 'What touchpoints that a customer meets several times in a row are in a journey: collapsed into one, or kept'),
        ('funnel_within', 'interval NOT NULL DEFAULT ''90 days''', 'The time from the first step of a funnel in which the others count'),
        ('has_profit', 'boolean NOT NULL DEFAULT false', 'Whether a column with the profit of an order is attached: attach_orders() sets it'),
        ('storage', 'text NOT NULL DEFAULT ''view''', 'Where figures come from: view, from the orders, or materialized, stored until refresh_workspace() runs, or incremental, kept by triggers: attach_orders() sets it'),
        ('fold_after', 'integer DEFAULT 10000', 'With incremental storage: about so many changes stay pending: what is more is folded into the stored histories by those who write; empty for never')
$$;
COMMENT ON FUNCTION workspace_setting_definitions() IS
'Internal to attach_orders(): The columns of settings that say how the views count.';

-- Each rule is the name of its constraint, which is the message that a wrong value gets.
CREATE FUNCTION workspace_setting_rules() RETURNS TABLE (rule text, condition text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
        ('time_zone is a full IANA name or UTC', '@extschema@.period_start(timestamptz ''2000-01-01 00:00:00+00'', ''day'', time_zone) IS NOT NULL'),
        ('period is day, week, month, quarter or year', 'period IN (''day'', ''week'', ''month'', ''quarter'', ''year'')'),
        ('class_window is a span of at least a day, or empty', 'class_window IS NULL OR ' || @extschema@.workspace_span_check('class_window')),
        ('abc_by is revenue, or profit if a profit column is attached', 'abc_by = ''revenue'' OR abc_by = ''profit'' AND has_profit'),
        ('abc_a and abc_b are shares, 0 < abc_a <= abc_b <= 1', '0 < abc_a AND abc_a <= abc_b AND abc_b <= 1'),
        ('xyz_by is frequency or variation', 'xyz_by IN (''frequency'', ''variation'')'),
        ('frequency_within is a span of at least a day', @extschema@.workspace_span_check('frequency_within')),
        ('purchases of X and Y: 1 <= y_purchases <= x_purchases', '1 <= y_purchases AND y_purchases <= x_purchases'),
        ('coefficients of variation: 0 <= xyz_x <= xyz_y <= 1000', '0 <= xyz_x AND xyz_x <= xyz_y AND xyz_y <= 1000'),
        ('count_by is days or orders', 'count_by IN (''days'', ''orders'')'),
        ('new_within is a span of at least a day', @extschema@.workspace_span_check('new_within')),
        ('regular_within is a span of at least a day', @extschema@.workspace_span_check('regular_within')),
        ('regular_purchases is at least 2', 'regular_purchases >= 2'),
        ('lost_after is a span of at least a day', @extschema@.workspace_span_check('lost_after')),
        ('risk_gaps is a number from 0 to 1000', 'risk_gaps >= 0 AND risk_gaps <= 1000'),
        ('rfm_bins is 2 to 10', 'rfm_bins BETWEEN 2 AND 10'),
        ('one_time_limit is a share, 0 to 1', '0 <= one_time_limit AND one_time_limit <= 1 AND scale(one_time_limit) <= 20'),
        ('light_by is customers or sales', 'light_by IN (''customers'', ''sales'')'),
        ('nps_window is a span of at least a day, or empty', 'nps_window IS NULL OR ' || @extschema@.workspace_span_check('nps_window')),
        ('nps_answers is latest or all', 'nps_answers IN (''latest'', ''all'')'),
        ('retention_step is above 0, up to 100 points', '0 < retention_step AND retention_step <= 100'),
        ('zero_amounts is orders or skipped', 'zero_amounts IN (''orders'', ''skipped'')'),
        ('enough is a number of at least 0', 'enough >= 0'),
        ('text_search is a text search configuration of the server', '@extschema@.workspace_text_search(text_search) IS NOT NULL'),
        ('journey_repeats is collapsed or kept', 'journey_repeats IN (''collapsed'', ''kept'')'),
        ('funnel_within is a span of at least a day', @extschema@.workspace_span_check('funnel_within')),
        ('storage is view, materialized or incremental', 'storage IN (''view'', ''materialized'', ''incremental'')'),
        ('fold_after is at least 100, or empty', 'fold_after >= 100')
$$;
COMMENT ON FUNCTION workspace_setting_rules() IS
'Internal to attach_orders(): What the settings have to keep to: rows of rule and SQL condition.';

CREATE FUNCTION workspace_settings_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[['one_row', 'Always true: there is one row'],
        ['as_of', 'The day the views speak of, on which and after which rows do not exist yet: ''auto'' is the earlier of today and the day after the last row, ''today'' follows the clock, a date such as ''2025-01-31'' shows everything as it stood then'],
        ['time_zone', 'Whose days are meant, a full IANA name such as Europe/Berlin, or UTC: for order times with a time zone, and for today'],
        ['workspace_version', 'The version of the extension that made the views']]
        || (SELECT array_agg(ARRAY[d.name, d.description]) FROM @extschema@.workspace_setting_definitions() d)
$$;
COMMENT ON FUNCTION workspace_settings_comments() IS
'Internal to attach_orders(): The comments on the columns of settings.';

CREATE FUNCTION workspace_create_settings(workspace name, time_zone text, has_profit boolean, storage text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on' -- attach_orders() computes anew what is kept
AS $$
DECLARE
    known_zone text;
BEGIN
    PERFORM @extschema@.workspace_create_settings_table(workspace);
    EXECUTE format('SELECT s.time_zone FROM %I.settings s', workspace) INTO known_zone;
    EXECUTE format($dml$
        INSERT INTO %1$I.settings (time_zone, has_profit, storage, workspace_version)
        SELECT $1, $2, $3, e.extversion FROM pg_extension e WHERE e.extname = 'clientele'
        ON CONFLICT (one_row) DO UPDATE SET time_zone = excluded.time_zone, has_profit = excluded.has_profit,
            storage = excluded.storage, workspace_version = excluded.workspace_version
        $dml$, workspace) USING coalesce(time_zone, known_zone, @extschema@.workspace_session_time_zone()), has_profit, storage;
    PERFORM @extschema@.workspace_describe_relation(workspace, 'settings',
        'How the views of this workspace count: one row, change it with UPDATE', @extschema@.workspace_settings_comments());
    PERFORM @extschema@.workspace_describe_relation(workspace, 'attached', 'What is attached to this workspace, as attach_orders() was told: it reads this when it runs again',
        ARRAY[['relation_role', 'What the rows of the relation are: orders'],
              ['relation', 'The table or view'],
              ['columns', 'Its columns by role']]);
END
$$;
COMMENT ON FUNCTION workspace_create_settings(name, text, boolean, text) IS
'Internal to attach_orders(): Makes the settings of a workspace, or keeps those that are there.
Arguments: workspace; time_zone: NULL keeps the one set, at first that of the session; has_profit: whether a profit column is attached; storage: view, materialized or incremental.';

CREATE FUNCTION workspace_create_settings_table(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    settings_table CONSTANT text := format('%I.settings', workspace);
    setting record;
    wanted record;
BEGIN
    IF to_regclass(settings_table) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %1$I.settings (
                one_row boolean PRIMARY KEY DEFAULT true
                    CONSTRAINT "settings has one row" CHECK (one_row),
                as_of text NOT NULL DEFAULT 'auto'
                    CONSTRAINT "as_of is auto, today or a date such as 2025-01-31" CHECK (
                        CASE WHEN as_of ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN as_of::date IS NOT NULL
                             ELSE as_of IN ('auto', 'today') END),
                time_zone text NOT NULL,
                workspace_version text NOT NULL
            );
            CREATE TABLE %1$I.attached (
                relation_role text PRIMARY KEY,
                relation text NOT NULL,
                columns jsonb NOT NULL
            )$ddl$, workspace);
    END IF;
    FOR setting IN SELECT d.* FROM @extschema@.workspace_setting_definitions() d LOOP
        IF NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass(settings_table) AND a.attname = setting.name) THEN
            EXECUTE format('ALTER TABLE %s ADD COLUMN %I %s', settings_table, setting.name, setting.definition);
        END IF;
    END LOOP;
    -- Rules that hold functions of the extension went away if it was dropped and created again. NOT VALID, as which they hold for
    -- what is written, a dump has them after the row: it may name a time zone, or a text search configuration, that is no more.
    FOR wanted IN SELECT r.* FROM @extschema@.workspace_setting_rules() r LOOP
        IF NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = to_regclass(settings_table) AND c.conname = wanted.rule) THEN
            EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I CHECK (%s) NOT VALID', settings_table, wanted.rule, wanted.condition);
        END IF;
    END LOOP;
    IF NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = to_regclass(settings_table) AND t.tgname = 'keep_settings') THEN
        EXECUTE format('CREATE TRIGGER keep_settings BEFORE DELETE OR TRUNCATE ON %s EXECUTE FUNCTION %s.workspace_keep_settings()',
            settings_table, '@extschema@');
        EXECUTE format('CREATE TRIGGER settings_changed AFTER UPDATE ON %s FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION %s.workspace_settings_changed()',
            settings_table, '@extschema@');
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_create_settings_table(name) IS
'Internal to attach_orders(): Makes the tables settings and attached, or adds what is missing to those that are there.';

CREATE FUNCTION workspace_choose_settings(workspace name, orders regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    few boolean := false;
BEGIN
    -- Among so many rows there are enough customers, and counting them would take long.
    IF NOT @extschema@.workspace_many_rows(orders) THEN
        EXECUTE format('SELECT count(*) < 500 FROM %I.customer_history', workspace) INTO few;
    END IF;
    IF few THEN
        EXECUTE format('UPDATE %I.settings SET period = ''quarter'', rfm_bins = 3', workspace);
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_choose_settings(name, regclass) IS
'Internal to attach_orders(): Chooses coarser periods and scores for a workspace that is new and has few customers.';
-- workspace: where customers come from, and what they are worth

CREATE FUNCTION workspace_create_source_views(workspace name, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_costs_views(workspace, columns.customer);
    PERFORM @extschema@.workspace_create_referrals(workspace, columns.customer);
    PERFORM @extschema@.workspace_create_sources(workspace, columns);
END
$$;
COMMENT ON FUNCTION workspace_create_source_views(name, order_columns) IS
'Internal to attach_orders(): Makes the views source_costs, customer_referrers, referrals and sources of a workspace.';

-- Costs are often of whole months, so their span is made of such; and of no time when there was no shop yet.
CREATE FUNCTION workspace_cost_span_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT CASE WHEN b.from_date < b.until THEN b.from_date END AS costs_from, CASE WHEN b.from_date < b.until THEN b.until END AS costs_until
        FROM (
            SELECT greatest(%2$s.period_start(min(c.day), min(c.span)), %2$s.period_start((SELECT min(h.first_order) FROM history h), min(c.span))) AS from_date,
                least(min(c.as_of), (%2$s.period_start(max(c.day), min(c.span)) + min(%3$s))::date) AS until
            FROM (
                SELECT k.day, r.as_of, CASE WHEN s.period IN ('quarter', 'year') THEN s.period ELSE 'month' END AS span
                FROM %1$I.source_costs k
                CROSS JOIN %1$I.reporting_date r
                CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s) c) b
        $query$, workspace, '@extschema@', @extschema@.workspace_period_step_sql('c.span'))
$$;
COMMENT ON FUNCTION workspace_cost_span_sql(name) IS
'Internal to attach_orders(): The query, beside history, for the days whose costs and new customers are set against each other; NULL where there are none.';

-- Who came back is counted for each customer here, and by no retention for each source, which is a triangle of periods:
-- there may be as many sources as orders. OFFSET 0 keeps the figures from being worked out more than once.
CREATE FUNCTION workspace_acquisition_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT c.customer, c.first_order, c.revenue, c.profit, c.first_order + c.span <= c.as_of AS repeat_eligible,
            (c.repeat).ended AND (c.repeat).duration < c.span AS repeated,
            c.first_order >= c.first_period AND (c.first_start + 4 * c.step)::date <= c.as_of AS eligible,
            %2$s.order_count(c.history, (c.first_start + 3 * c.step)::date, (c.first_start + 4 * c.step)::date) > 0 AS kept
        FROM (
            SELECT DISTINCT ON (h.customer) h.customer, h.history, r.as_of, r.first_period, %2$s.first_order(h.history, r.as_of) AS first_order,
                %2$s.revenue(h.history, r.as_of) AS revenue, %2$s.revenue(h.profit_history, r.as_of) AS profit,
                r.as_of - (r.as_of - s.lost_after)::date AS span, %2$s.repeat_time(h.history, 1, r.as_of) AS repeat,
                %2$s.period_start(%2$s.first_order(h.history, r.as_of), s.period) AS first_start, %3$s AS step
            FROM %1$I.reporting_date r
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            CROSS JOIN %1$I.customer_history h
            WHERE %2$s.first_order(h.history, r.as_of) IS NOT NULL
            OFFSET 0) c
        $query$, workspace, '@extschema@', @extschema@.workspace_period_step_sql('s.period'))
$$;
COMMENT ON FUNCTION workspace_acquisition_sql(name) IS
'Internal to attach_orders(): The query for what each customer brought, and whether the customer came back in time.';

CREATE FUNCTION workspace_acquired_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT coalesce(nullif(f.source, ''), 'unknown') AS source, count(h.customer) AS customers,
            count(h.customer) FILTER (WHERE b.referrers > 0) AS referred_customers,
            sum(h.revenue) AS revenue, sum(h.profit) AS profit, sum(f.amount) FILTER (WHERE h.customer IS NOT NULL) AS first_revenue,
            count(*) FILTER (WHERE h.eligible) AS eligible, count(*) FILTER (WHERE h.eligible AND h.kept) AS kept,
            count(*) FILTER (WHERE h.repeat_eligible) AS repeat_eligible,
            count(*) FILTER (WHERE h.repeat_eligible AND h.repeated) AS repeated,
            count(*) FILTER (WHERE h.first_order >= k.costs_from AND h.first_order < k.costs_until) AS costed_customers,
            sum(h.revenue) FILTER (WHERE h.first_order >= k.costs_from AND h.first_order < k.costs_until) AS costed_revenue,
            sum(h.profit) FILTER (WHERE h.first_order >= k.costs_from AND h.first_order < k.costs_until) AS costed_profit
        FROM %1$I.first_orders f
        FULL JOIN history h ON h.customer = f.customer
        FULL JOIN (
            SELECT r.customer, count(x.customer) AS referrers
            FROM %1$I.customer_referrers r FULL JOIN history x ON x.customer = r.referrer
            GROUP BY r.customer) b ON b.customer = h.customer
        CROSS JOIN cost_span k
        GROUP BY 1
        $query$, workspace, '@extschema@')
$$;
COMMENT ON FUNCTION workspace_acquired_sql(name) IS
'Internal to attach_orders(): The query, beside history and cost_span, for the customers that each source brought.';

CREATE FUNCTION workspace_create_sources(workspace name, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- DISTINCT tells the planner that a history is a customer (see first_purchase).
    PERFORM @extschema@.workspace_create_view(workspace, 'sources', format($view$
        WITH history AS MATERIALIZED (%6$s), cost_span AS (%3$s),
        source AS (
            SELECT coalesce(a.source, t.source, k.source) AS source, coalesce(a.customers, 0) AS customers, coalesce(a.referred_customers, 0) AS referred_customers,
                coalesce(a.revenue, 0.00) AS revenue, a.profit, coalesce(t.orders, 0) - coalesce(a.customers, 0) AS later_orders,
                coalesce(t.revenue, 0.00) - coalesce(a.first_revenue, 0.00) AS later_revenue,
                coalesce(a.eligible, 0) AS eligible, coalesce(a.kept, 0) AS kept, coalesce(a.repeat_eligible, 0) AS repeat_eligible,
                coalesce(a.repeated, 0) AS repeated, coalesce(a.costed_customers, 0) AS costed_customers,
                coalesce(a.costed_revenue, 0.00) AS costed_revenue, a.costed_profit, coalesce(k.cost, 0.00) AS cost
            FROM (%4$s) a
            FULL JOIN (
                SELECT coalesce(nullif(p.source, ''), 'unknown') AS source, sum(p.orders)::bigint AS orders, sum(p.revenue) AS revenue
                FROM %1$I.customer_preferences p
                GROUP BY 1) t ON t.source = a.source
            FULL JOIN (
                SELECT c.source, sum(c.cost) FILTER (WHERE c.day >= b.costs_from AND c.day < b.costs_until) AS cost
                FROM %1$I.source_costs c CROSS JOIN cost_span b
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
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN LATERAL %2$s.wilson_interval(c.repeated, c.repeat_eligible) i
        CROSS JOIN LATERAL %2$s.wilson_interval(c.kept, c.eligible) p
        WHERE %5$L AND (c.customers > 0 OR c.later_orders > 0 OR c.cost > 0)
        $view$, workspace, '@extschema@', @extschema@.workspace_cost_span_sql(workspace), @extschema@.workspace_acquired_sql(workspace),
            (columns.source).name IS NOT NULL, @extschema@.workspace_acquisition_sql(workspace)),
        'Where customers come from: the source of their first order, and what they are worth; what prompted later orders is apart. Empty where no column with the source of an order is attached',
        @extschema@.workspace_source_comments());
END
$$;
COMMENT ON FUNCTION workspace_create_sources(name, order_columns) IS
'Internal to attach_orders(): Makes the view sources of a workspace.';

CREATE FUNCTION workspace_source_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['position', 'Rank by the lower bound of kept_share: who brings customers that stay; empty where too few had the time'],
        ['source', 'Source of the first order; unknown where none is given'],
        ['customers', 'Number of customers acquired'],
        ['pct_of_customers', 'Share of all customers, 0 to 100'],
        ['referred_customers', 'Number of those whom another customer brought, where attach_customers() was told of a column with the referrer'],
        ['revenue', 'Revenue of those customers'' whole life, whatever prompted their later orders'],
        ['pct_of_revenue', 'Share of all revenue, 0 to 100'],
        ['value_per_customer', 'Revenue by number of customers'],
        ['profit', 'Profit of those customers'' whole life; empty where no column of it is attached'],
        ['later_orders', 'Number of orders after a customer''s first that came by this source, whoever acquired the customer'],
        ['later_revenue', 'Their revenue, returns not taken off'],
        ['eligible', 'Number of customers for whom the third period after that of the first purchase is complete'],
        ['kept', 'Number of those who bought in it'],
        ['kept_share', 'Share of those, 0 to 1'],
        ['kept_share_lower', 'Lower bound of its 95 % interval (Wilson)'],
        ['kept_share_upper', 'Upper bound'],
        ['repeat_eligible', 'Number of customers whose first order is at least six months ago (lost_after)'],
        ['repeated', 'Number of those who bought again within that span'],
        ['repeat_share', 'Share of those, 0 to 1'],
        ['repeat_share_lower', 'Lower bound of its 95 % interval (Wilson)'],
        ['repeat_share_upper', 'Upper bound'],
        ['costs_from', 'First day of the months whose costs are known; empty where attach_costs() was told of none'],
        ['costs_until', 'The day after their last'],
        ['cost', 'What was spent on the source in that time'],
        ['costed_customers', 'Number of customers acquired in that time'],
        ['costed_revenue', 'Revenue of their whole life'],
        ['costed_profit', 'Profit of their whole life'],
        ['cost_per_customer', 'Cost by number of customers acquired in that time'],
        ['return_on_cost', 'Revenue of those customers by cost'],
        ['profit_per_cost', 'Profit of those customers, before that cost, by cost'],
        ['enough', 'Whether there are enough eligible customers to go by']]
$$;
COMMENT ON FUNCTION workspace_source_comments() IS
'Internal to attach_orders(): The comments on the columns of sources.';
-- workspace: figures that are stored instead of read from the orders each time. A stored view is a plain view on a
-- materialized view of the suffix _data, so that what stands on it never notices.

CREATE FUNCTION workspace_stored_views() RETURNS TABLE (view name, keys name[])
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- In the order in which one is read by the next.
    VALUES ('applied_settings'::name, '{one_row}'::name[]),
        ('reporting_date', '{as_of}'),
        ('order_history', '{customer}'),
        ('customer_classes', '{customer}'),
        ('class_history', '{customer,as_of}'),
        ('customer_changes', '{customer,as_of,kind}'),
        ('orders_enriched', '{customer,order_number}'),
        ('customer_preferences', '{customer,source,category}'),
        ('first_orders', '{customer}'),
        ('customer_dimensions', '{customer,dimension}'),
        ('journey', '{from_touchpoint,to_touchpoint}'),
        ('funnel_passes', '{customer,funnel_name,pass_number,step_number}'),
        ('funnel_steps', '{funnel_name,source,entry_period,customer_kind,step_number}'),
        ('funnel_summary', '{funnel_name,step_number}'),
        ('answers_enriched', '{customer,answer_number}'),
        ('answer_quality', '{reason}'),
        ('survey_answers', '{respondent,question,answer_number}'),
        ('survey_tallies', '{question,answer_position}'),
        ('survey_by_dimension', '{question,dimension,value,answer_position}'),
        ('survey_quality', '{reason}')
$$;
COMMENT ON FUNCTION workspace_stored_views() IS
'Internal to attach_orders(): The views of a workspace that materialized storage keeps, each after those it reads, with the columns that tell its rows apart.';

CREATE FUNCTION workspace_data_name(view name) RETURNS name
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN (view || '_data')::name;
COMMENT ON FUNCTION workspace_data_name(name) IS
'Internal to attach_orders(): The name of what stores a view.';

CREATE FUNCTION workspace_is_stored(workspace name, view name) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = workspace AND c.relname = @extschema@.workspace_data_name(view) AND c.relkind = 'm')
$$;
COMMENT ON FUNCTION workspace_is_stored(name, name) IS
'Internal to attach_orders(): Whether a view of a workspace is stored.';

-- A definition is written out and read again: in a form that every session reads as it was meant.
CREATE FUNCTION workspace_store_view(workspace name, view name, keys name[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET DateStyle = 'ISO, YMD'
SET IntervalStyle = 'postgres'
SET TimeZone = 'UTC'
SET extra_float_digits = 1
SET standard_conforming_strings = on
AS $$
DECLARE
    data CONSTANT text := format('%I.%I', workspace, @extschema@.workspace_data_name(view));
    relation CONSTANT regclass := format('%I.%I', workspace, view);
    key_list CONSTANT text := (SELECT string_agg(quote_ident(k), ', ' ORDER BY n) FROM unnest(keys) WITH ORDINALITY u(k, n));
    col record;
BEGIN
    -- In the order of its index, by which the views on it read: a customer's rows lie together.
    EXECUTE format('CREATE MATERIALIZED VIEW %s AS SELECT v.* FROM (%s) v ORDER BY %s', data, rtrim(pg_get_viewdef(relation), ';'), key_list);
    EXECUTE format('CREATE UNIQUE INDEX ON %s (%s)', data, key_list);
    EXECUTE format('CREATE OR REPLACE VIEW %s AS SELECT %s FROM %s d', relation,
        (SELECT string_agg(format('d.%I', a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = relation AND a.attnum > 0), data);
    EXECUTE format('COMMENT ON MATERIALIZED VIEW %s IS %L', data, format('What the view %I shows: refresh_workspace() brings it up to date', view));
    FOR col IN
        SELECT a.attname AS name, d.description
        FROM pg_attribute a JOIN pg_description d ON d.objoid = a.attrelid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.attnum
        WHERE a.attrelid = relation
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', data, col.name, col.description);
    END LOOP;
    PERFORM @extschema@.workspace_hide_data(data);
    EXECUTE format('ANALYZE %s', data);
END
$$;
COMMENT ON FUNCTION workspace_store_view(name, name, name[]) IS
'Internal to attach_orders(): Stores what a view of a workspace shows, and lets the view read that.
Arguments: workspace; view; keys: columns that tell its rows apart, which a refresh beside readers needs.';

CREATE FUNCTION workspace_hide_data(data regclass) RETURNS void
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
COMMENT ON FUNCTION workspace_hide_data(regclass) IS
'Internal to attach_orders(): Takes back what default privileges granted on what a view stores: readers have the view, and BI tools would show both.';

CREATE FUNCTION workspace_store(workspace name, views name[] DEFAULT NULL) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_store_view(workspace, v.view, v.keys)
    FROM @extschema@.workspace_stored_views() v
    WHERE (views IS NULL OR v.view = ANY (views)) AND to_regclass(format('%I.%I', workspace, v.view)) IS NOT NULL
        AND NOT @extschema@.workspace_is_stored(workspace, v.view);
END
$$;
COMMENT ON FUNCTION workspace_store(name, name[]) IS
'Internal to attach_orders(): Stores those of the views that are to be stored, and are not. What is not attached has none.
Arguments: workspace; views: NULL for all.';

CREATE FUNCTION workspace_drop_stored(workspace name, views name[] DEFAULT NULL) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    stored name;
BEGIN
    FOR stored IN
        SELECT v.view FROM @extschema@.workspace_stored_views() v
        WHERE (views IS NULL OR v.view = ANY (views)) AND @extschema@.workspace_is_stored(workspace, v.view)
    LOOP
        EXECUTE format('DROP MATERIALIZED VIEW %I.%I', workspace, @extschema@.workspace_data_name(stored));
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_drop_stored(name, name[]) IS
'Internal to attach_orders(): Drops what is stored for views that do not read it any more.
Arguments: workspace; views: NULL for all.
Errors: 2BP01 if something else reads it.';

CREATE FUNCTION workspace_check_storage(storage text) RETURNS text
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF storage NOT IN ('view', 'materialized', 'incremental') THEN
        RAISE EXCEPTION 'invalid value for parameter "storage": "%"', storage
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'Use view, where every figure is read from the orders, materialized, where figures are stored until refresh_workspace() runs, or incremental, where triggers keep them.';
    END IF;
    RETURN storage;
END
$$;
COMMENT ON FUNCTION workspace_check_storage(text) IS
'Internal to attach_orders(): Checks the name of a storage; NULL passes.
Errors: 22023 for another.';

CREATE FUNCTION workspace_known_storage(workspace text) RETURNS text
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
COMMENT ON FUNCTION workspace_known_storage(text) IS
'Internal to attach_orders(): The storage in the settings of a workspace, NULL where there are none.';

-- Counting stops where the answer is known, and works for views and foreign tables, which have no statistics.
CREATE FUNCTION workspace_many_rows(orders regclass) RETURNS boolean
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
COMMENT ON FUNCTION workspace_many_rows(regclass) IS
'Internal to attach_orders(): Whether a relation has more than a million rows.';

CREATE FUNCTION refresh_workspace(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
SET quote_all_identifiers = off -- with it REFRESH MATERIALIZED VIEW CONCURRENTLY fails
AS $$
DECLARE
    data record;
BEGIN
    PERFORM @extschema@.workspace_enter(workspace);
    IF @extschema@.workspace_known_storage(workspace) = 'incremental' THEN
        RAISE EXCEPTION 'there is nothing to refresh in workspace "%": its figures follow the orders', workspace
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = format('fold_workspace(%1$L) makes reading cheaper, verify_workspace(%1$L) compares with the orders.', workspace);
    ELSIF NOT @extschema@.workspace_is_stored(workspace, 'order_history') THEN
        RAISE EXCEPTION 'nothing is stored in workspace "%": its views read the orders', workspace
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'To store figures attach the orders again with storage => ''materialized''.';
    END IF;
    PERFORM @extschema@.workspace_lock_attached(workspace);
    FOR data IN
        SELECT format('%I.%I', workspace, c.relname) AS name, c.relispopulated AS populated
        FROM @extschema@.workspace_stored_views() WITH ORDINALITY v(view, keys, "position")
        JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', workspace, @extschema@.workspace_data_name(v.view))) AND c.relkind = 'm'
        ORDER BY v."position"
    LOOP
        -- What was never filled, as after restoring the schema alone, has no readers to be spared.
        EXECUTE format('REFRESH MATERIALIZED VIEW %s %s', CASE WHEN data.populated THEN 'CONCURRENTLY' ELSE '' END, data.name);
        EXECUTE format('ANALYZE %s', data.name);
    END LOOP;
END
$$;
COMMENT ON FUNCTION refresh_workspace(text) IS
'Brings the stored figures of a workspace with materialized storage up to date with orders and settings, all of them in one transaction. Readers are not held up: until it commits they see what was there.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 55000 where nothing is stored.';
-- workspace: customers by segment, by stage, and as one-time, occasional and regular ones

CREATE FUNCTION workspace_create_summaries(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_rfm_segments(workspace);
    PERFORM @extschema@.workspace_create_lifecycle_summary(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_summaries(name) IS
'Internal to attach_orders(): Makes the views rfm_segments and lifecycle_summary of a workspace.';

CREATE FUNCTION workspace_create_rfm_segments(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Segments are counted by cell, so that a million customers need no join.
    PERFORM @extschema@.workspace_create_view(workspace, 'rfm_segments', format($view$
        WITH segment AS (
            SELECT coalesce(g.segment, 'other') AS segment, sum(c.customers)::bigint AS customers, sum(c.revenue) AS revenue,
                sum(c.purchases) AS purchases, sum(c.days_since_last) AS days_since_last, sum(c.at_risk)::bigint AS at_risk
            FROM (
                SELECT m.recency_score, m.frequency_score, m.monetary_score, count(*) AS customers, sum(m.revenue) AS revenue,
                    sum(m.purchases) AS purchases, sum(m.days_since_last) AS days_since_last,
                    count(*) FILTER (WHERE m.at_risk) AS at_risk
                FROM %1$I.customer_classes m
                GROUP BY m.recency_score, m.frequency_score, m.monetary_score) c
            LEFT JOIN %1$I.rfm_cells g USING (recency_score, frequency_score, monetary_score)
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
              FROM %1$I.segments g ORDER BY g.segment, g."position") v
        FULL JOIN segment c ON c.segment = v.segment
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        ORDER BY "position"
        $view$, workspace),
        'Segments by RFM scores, as the table segments has them, and other for customers whom none of its rows matches',
        ARRAY[['position', 'Order in which to show the segments'],
              ['segment', 'Name of the segment'],
              ['customers', 'Number of customers'],
              ['pct_of_customers', 'Share of all customers, 0 to 100'],
              ['revenue', 'Revenue of their whole life'],
              ['pct_of_revenue', 'Share of the revenue, 0 to 100'],
              ['average_revenue', 'Revenue by number of customers'],
              ['average_purchases', 'Purchases by number of customers'],
              ['average_days_since_last', 'Mean number of days since the last order'],
              ['at_risk', 'Number of customers at risk'],
              ['advice', 'What to do with them, from the table segments'],
              ['enough', 'Whether there are enough customers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_rfm_segments(name) IS
'Internal to attach_orders(): Makes the view rfm_segments of a workspace.';

CREATE FUNCTION workspace_create_lifecycle_summary(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'lifecycle_summary', format($view$
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
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN (
            SELECT m.stage, count(*) AS customers, sum(m.revenue) AS revenue, sum(m.window_revenue) AS window_revenue,
                count(*) FILTER (WHERE m.at_risk) AS at_risk
            FROM %1$I.customer_classes m
            GROUP BY m.stage) c ON c.stage = v.stage
        LEFT JOIN %1$I.approaches a ON a.customers = v.stage
        ORDER BY "position"
        $view$, workspace),
        'Customers by stage of the lifecycle, always four, and how to approach each',
        ARRAY[['position', 'Order in which to show the stages'],
              ['stage', 'new, occasional, regular or lost'],
              ['customers', 'Number of customers'],
              ['pct_of_customers', 'Share of all customers, 0 to 100'],
              ['revenue', 'Revenue of their whole life'],
              ['pct_of_revenue', 'Share of the revenue, 0 to 100'],
              ['window_revenue', 'Revenue within the window of the classes'],
              ['at_risk', 'Number of customers at risk'],
              ['approach', 'How to approach them, from the table approaches'],
              ['enough', 'Whether there are enough customers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_lifecycle_summary(name) IS
'Internal to attach_orders(): Makes the view lifecycle_summary of a workspace.';
-- workspace: what was answered to the questions of surveys, on the two bases: those who answered, and their answers

CREATE FUNCTION workspace_create_survey_views(workspace name, orders_customer order_column) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'survey', orders_customer);
    rows_sql CONSTANT text := @extschema@.workspace_survey_rows_sql(workspace, attached.relation, attached.columns, orders_customer);
BEGIN
    PERFORM @extschema@.workspace_create_survey_answers(workspace, rows_sql);
    PERFORM @extschema@.workspace_create_survey_quality(workspace, rows_sql);
    PERFORM @extschema@.workspace_create_survey_tallies(workspace);
    PERFORM @extschema@.workspace_create_survey_by_dimension(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_survey_views(name, order_column) IS
'Internal to attach_survey(): Makes the views that read the answers to questionnaires.
Errors: as workspace_attached_relation().';

-- Who answers a survey may be anybody: unlike other keys, one that cannot be a customer's is no error.
CREATE FUNCTION workspace_respondent_key_sql(workspace name, orders_customer order_column, respondent order_column) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(
        @extschema@.workspace_customer_key_sql(orders_customer,
            CASE WHEN a.atttypid = 'text'::regtype THEN quote_ident(n.nspname) || '.' || quote_ident(c.collname) END, respondent),
        format('NULL::%s', a.atttypid::regtype))
    FROM pg_attribute a
    LEFT JOIN pg_collation c ON c.oid = a.attcollation
    LEFT JOIN pg_namespace n ON n.oid = c.collnamespace
    WHERE a.attrelid = to_regclass(format('%I.customer_history', workspace)) AND a.attname = 'customer'
$$;
COMMENT ON FUNCTION workspace_respondent_key_sql(name, order_column, order_column) IS
'Internal to attach_survey(): The SQL expression of the respondent of a row o of answers as a customer of the orders, of NULL where it cannot be one.';

CREATE FUNCTION workspace_survey_rows_sql(workspace name, answers regclass, columns jsonb, orders_customer order_column) RETURNS text
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    respondent CONSTANT @extschema@.order_column := @extschema@.workspace_given_column(answers, 'respondent', columns->>'respondent');
    answered_at @extschema@.order_column;
    respondent_sql CONSTANT text := @extschema@.workspace_customer_sql(respondent);
BEGIN
    IF columns->>'answered_at' <> '' THEN
        answered_at := @extschema@.workspace_given_column(answers, 'answered_at', columns->>'answered_at');
    END IF;
    -- Texts of one collation, whatever the columns': a view's column keeps its own.
    RETURN format($query$
        SELECT %2$s AS respondent_key, (%3$s)::text COLLATE "default" AS respondent, %4$s AS customer,
            nullif(btrim(o.%5$I::text), '') COLLATE "default" AS question, nullif(btrim(o.%6$I::text), '') COLLATE "default" AS answer,
            %7$s AS at, CASE WHEN %8$s THEN %9$s END AS day, %8$s AS usable, (SELECT r.as_of FROM %1$I.reporting_date r) AS as_of
        FROM %10$s o
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        $query$, workspace, respondent_sql,
        CASE WHEN respondent.type = 'numeric'::regtype THEN format('trim_scale(%s)', respondent_sql) ELSE respondent_sql END,
        @extschema@.workspace_respondent_key_sql(workspace, orders_customer, respondent), columns->>'question', columns->>'answer',
        CASE WHEN answered_at.name IS NULL THEN 'date ''0001-01-01''' ELSE format('o.%I', answered_at.name) END, coalesce(@extschema@.workspace_usable_time_sql(answered_at), 'true'),
        coalesce(@extschema@.workspace_day_sql(answered_at), 'NULL::date'), answers);
END
$$;
COMMENT ON FUNCTION workspace_survey_rows_sql(name, regclass, jsonb, order_column) IS
'Internal to attach_survey(): The query for the rows of the answers as they are: day is empty where no time is attached.';

CREATE FUNCTION workspace_create_survey_answers(workspace name, rows_sql text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- One sort: of each respondent and question the last day first, in it the answers before the skipped, those to a
    -- single choice by time and all others so that the same stand together.
    PERFORM @extschema@.workspace_create_view(workspace, 'survey_answers', format($view$
        SELECT a.respondent, a.customer, q.questionnaire, a.question, coalesce(q.question_text, a.question) AS question_text, a.answer, a.day, a.answer_number
        FROM (
            SELECT r.respondent, r.customer, r.question, r.answer, r.day, k.kind = 'single' AS one_choice,
                row_number() OVER last_first AS answer_number, first_value(r.day) OVER last_first AS last_day,
                lag(r.answer) OVER last_first AS answer_before
            FROM (%2$s) r
            LEFT JOIN %1$I.questions k ON k.question = r.question
            WHERE r.respondent IS NOT NULL AND r.question IS NOT NULL AND r.usable AND coalesce(r.day < r.as_of, true)
            WINDOW last_first AS (PARTITION BY r.respondent_key, r.question COLLATE "C" ORDER BY r.day DESC, r.answer IS NULL,
                CASE WHEN k.kind = 'single' THEN r.at END DESC, r.answer COLLATE "C")) a
        LEFT JOIN %1$I.questions q ON q.question = a.question
        WHERE a.answer_number = 1
            OR a.one_choice IS NOT TRUE AND a.answer <> a.answer_before AND a.day IS NOT DISTINCT FROM a.last_day
        $view$, workspace, rows_sql),
        'The answers to questionnaires that count: of each respondent and question those of the last day, of a single choice the last one',
        ARRAY[['respondent', 'Who answered, as text'],
              ['customer', 'The same as a customer of the orders; empty where the key cannot be one'],
              ['questionnaire', 'The questionnaire; empty for a question that is not in the table questions'],
              ['question', 'The question'],
              ['question_text', 'How it is asked'],
              ['answer', 'The answer without spaces around it; empty where the question was skipped'],
              ['day', 'Day of the answer; empty where no time is attached'],
              ['answer_number', '1 for the first of the respondent''s answers to the question, a higher one for others: count those with 1 to count respondents']]);
END
$$;
COMMENT ON FUNCTION workspace_create_survey_answers(name, text) IS
'Internal to attach_survey(): Makes the view survey_answers of a workspace.';

CREATE FUNCTION workspace_create_survey_quality(workspace name, rows_sql text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'survey_quality', format($view$
        SELECT v."position", v.reason, v.description, v.answer_rows,
            100 * v.answer_rows::double precision / nullif(c.all_rows, 0)::double precision AS pct_of_rows
        FROM (
            SELECT count(*) AS all_rows, count(*) FILTER (WHERE r.respondent IS NULL) AS no_respondent,
                count(*) FILTER (WHERE r.respondent IS NOT NULL AND r.question IS NULL) AS no_question,
                count(*) FILTER (WHERE r.respondent IS NOT NULL AND r.question IS NOT NULL AND r.at IS NULL) AS no_time,
                count(*) FILTER (WHERE r.respondent IS NOT NULL AND r.question IS NOT NULL AND NOT r.usable) AS invalid_time,
                count(*) FILTER (WHERE r.respondent IS NOT NULL AND r.question IS NOT NULL AND r.usable AND r.day >= r.as_of) AS future
            FROM (%2$s) r) c
        CROSS JOIN (SELECT count(*) AS used FROM %1$I.survey_answers) u
        CROSS JOIN LATERAL (VALUES
            (1, 'used', 'Counted in the views', u.used),
            (2, 'no_respondent', 'Without a respondent: nobody knows who answered', c.no_respondent),
            (3, 'no_question', 'Without a question', c.no_question),
            (4, 'no_time', 'Without a time', c.no_time),
            (5, 'invalid_time', 'With an infinite time, or one outside the years 1 to 9999', c.invalid_time),
            (6, 'future', 'On or after the reporting date: not counted yet', c.future),
            (7, 'replaced', 'Said twice, or replaced by what the same respondent answered later',
                c.all_rows - c.no_respondent - c.no_question - c.no_time - c.invalid_time - c.future - u.used)
        ) v("position", reason, description, answer_rows)
        $view$, workspace, rows_sql),
        'The rows of the answers to questionnaires by what became of them: each row is under exactly one reason',
        ARRAY[['position', 'Order in which to show the reasons'],
              ['reason', 'used, or why the rows are left out of the other views'],
              ['description', 'The reason in words'],
              ['answer_rows', 'Number of rows'],
              ['pct_of_rows', 'Share of all rows, 0 to 100']]);
END
$$;
COMMENT ON FUNCTION workspace_create_survey_quality(name, text) IS
'Internal to attach_survey(): Makes the view survey_quality of a workspace.';

CREATE FUNCTION workspace_asked_questions_sql(workspace name, tallied text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- What has more different answers than anybody would tick is text.
    SELECT format($query$
        SELECT coalesce(t.question, q.question) AS question, q.questionnaire, q."position" AS question_position,
            coalesce(q.question_text, t.question) AS question_text,
            coalesce(q.kind, CASE WHEN t.choices > 50 THEN 'free' WHEN t.base_answers > t.base_respondents THEN 'multiple' ELSE 'single' END) AS kind,
            t.question IS NOT NULL AS asked, coalesce(t.base_respondents, 0) AS base_respondents,
            coalesce(t.base_answers, 0) AS base_answers, coalesce(t.skipped, 0) AS skipped
        FROM (
            SELECT x.question, count(x.answer) AS choices, coalesce(sum(x.first_answers) FILTER (WHERE x.answer IS NOT NULL), 0)::bigint AS base_respondents,
                coalesce(sum(x.answers) FILTER (WHERE x.answer IS NOT NULL), 0)::bigint AS base_answers,
                coalesce(sum(x.answers) FILTER (WHERE x.answer IS NULL), 0)::bigint AS skipped
            FROM %2$s x GROUP BY x.question) t
        FULL JOIN %1$I.questions q ON q.question = t.question
        $query$, workspace, tallied)
$$;
COMMENT ON FUNCTION workspace_asked_questions_sql(name, text) IS
'Internal to attach_survey(): The query for the questions of the table and of the answers, with their bases.
Arguments: workspace; tallied: a relation of question, answer, answers and first_answers.';

CREATE FUNCTION workspace_choices_sql(workspace name, tallied text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT c.question, c.answer, c.answers,
            row_number() OVER (PARTITION BY c.question ORDER BY c.option_position, c.answers DESC, c.answer COLLATE "C") AS answer_position
        FROM (
            SELECT coalesce(t.question, p.question) AS question, coalesce(t.answer, p.answer) AS answer, coalesce(t.answers, 0) AS answers, p.option_position
            FROM (SELECT x.question, x.answer, x.answers FROM %2$s x WHERE x.answer IS NOT NULL) t
            FULL JOIN (
                SELECT q.question, btrim(u.answer) AS answer, min(u."position") AS option_position
                FROM %1$I.questions q CROSS JOIN LATERAL unnest(q.options) WITH ORDINALITY u(answer, "position")
                GROUP BY q.question, btrim(u.answer)) p ON p.question = t.question AND p.answer = t.answer) c
        $query$, workspace, tallied)
$$;
COMMENT ON FUNCTION workspace_choices_sql(name, text) IS
'Internal to attach_survey(): The query for the answers that were given, and the options that could have been.
Arguments: as of workspace_asked_questions_sql().';

CREATE FUNCTION workspace_create_survey_tallies(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- The answers are read once.
    PERFORM @extschema@.workspace_create_view(workspace, 'survey_tallies', format($view$
        WITH answer AS MATERIALIZED (
            SELECT a.question, a.answer, a.questionnaire, a.respondent, a.answer_number FROM %1$I.survey_answers a
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
            FROM (%2$s) q
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
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN (%3$s) c ON c.question = q.question AND q.kind <> 'free'
        CROSS JOIN LATERAL (SELECT CASE WHEN q.kind = 'free' THEN q.base_respondents ELSE coalesce(c.answers, 0) END AS respondents) n
        CROSS JOIN LATERAL %4$s.wilson_interval(CASE WHEN q.kind <> 'free' THEN n.respondents END, q.base_respondents) i
        $view$, workspace, @extschema@.workspace_asked_questions_sql(workspace, 'tallied'),
            @extschema@.workspace_choices_sql(workspace, 'tallied'), '@extschema@'),
        'How often each answer was given: shares of those who answered the question, and of all answers to it. Free text is not split: one row per question',
        @extschema@.workspace_tally_comments() || ARRAY[
            ['answers', 'Number of answers'],
            ['base_answers', 'Number of all answers to the question, more than respondents where several can be given'],
            ['pct_of_answers', 'Share of all answers to the question, 0 to 100; they add up to 100'],
            ['skipped', 'Number of respondents who were asked the question and gave no answer'],
            ['not_asked', 'Number of respondents of the questionnaire without a row for the question; empty where the question is of none']]);
END
$$;
COMMENT ON FUNCTION workspace_create_survey_tallies(name) IS
'Internal to attach_survey(): Makes the view survey_tallies of a workspace.';

CREATE FUNCTION workspace_tally_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['questionnaire', 'The questionnaire; empty for a question that is not in the table questions'],
        ['question_position', 'Place of the question there'],
        ['question', 'The question'],
        ['question_text', 'How it is asked'],
        ['kind', 'single, multiple or free, from the table questions; for others by the data: free with more than fifty different answers, multiple where somebody gave several'],
        ['answer_position', 'Order in which to show the answers: as the options are, then the most frequent first'],
        ['answer', 'The answer; empty for free text, and where nobody answered'],
        ['respondents', 'Number of respondents who gave it; for free text, who wrote something'],
        ['base_respondents', 'Number of those who answered the question'],
        ['pct_of_respondents', 'Share of those who answered, 0 to 100; where several answers can be given, more than 100 in all'],
        ['pct_lower', 'Lower bound of its 95 % interval (Wilson)'],
        ['pct_upper', 'Upper bound'],
        ['enough', 'Whether there are enough respondents to go by']]
$$;
COMMENT ON FUNCTION workspace_tally_comments() IS
'Internal to attach_survey(): The comments on the columns that survey_tallies and survey_by_dimension share.';
-- workspace: the questions of surveys, and attaching the answers to them

CREATE FUNCTION workspace_create_questions(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.questions', workspace)) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %I.questions (
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
            )$ddl$, workspace);
        EXECUTE format('INSERT INTO %I.questions SELECT q.* FROM %s.workspace_default_questions() q', workspace, '@extschema@');
    END IF;
    PERFORM @extschema@.workspace_describe_relation(workspace, 'questions',
        'The questions of surveys: yours to edit. Answers to questions that are not here count too, by what they look like',
        ARRAY[['question', 'Its name in the attached answers'],
              ['questionnaire', 'The questionnaire it belongs to'],
              ['position', 'Its place there'],
              ['question_text', 'How it is asked'],
              ['kind', 'single (one answer), multiple (several), or free (a text)'],
              ['options', 'The answers to choose from, in the order in which to show them; those nobody chose are shown too']]);
END
$$;
COMMENT ON FUNCTION workspace_create_questions(name) IS
'Internal to attach_orders(): Makes the table questions of a workspace and fills in two questionnaires, or keeps the one that is there.';

CREATE FUNCTION workspace_default_questions() RETURNS TABLE (
    question text, questionnaire text, "position" integer, question_text text, kind text, options text[])
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
        ('recommend', 'loyalty', 1, 'How likely are you to recommend us to friends or colleagues, from 0 to 10?', 'single', '{0,1,2,3,4,5,6,7,8,9,10}'::text[]),
        ('make_it_a_10', 'loyalty', 2, 'What would make it a 10?', 'free', NULL),
        ('buy_again', 'loyalty', 3, 'Will you buy from us again?', 'single', '{yes,perhaps,no}'),
        ('polite', 'staff', 1, 'Are we polite to every customer, at every hour?', 'single', '{yes,no}'),
        ('offers_extras', 'staff', 2, 'Do we offer what goes with a purchase?', 'single', '{yes,no}'),
        ('tells_of_programme', 'staff', 3, 'Do we tell every customer of the loyalty programme?', 'single', '{yes,no}'),
        ('knows_wishes', 'staff', 4, 'Do we know what our regular customers want?', 'single', '{yes,no}'),
        ('asks_for_feedback', 'staff', 5, 'Do we ask customers what they think of us?', 'single', '{yes,no}')
$$;
COMMENT ON FUNCTION workspace_default_questions() IS
'Internal to attach_orders(): The questionnaires that a workspace begins with: the three questions of loyalty, and one on the staff to be answered in the house.
Source: the first two questions are those of Reichheld, The Ultimate Question (2006).';

CREATE FUNCTION attach_survey(
    answers regclass,
    respondent text DEFAULT NULL,
    question text DEFAULT NULL,
    answer text DEFAULT NULL,
    answered_at text DEFAULT NULL,
    workspace text DEFAULT 'loyalty')
RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    IF answers IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'answers and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of answers: attach_survey(''sales.survey_answers'').';
    END IF;
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_attach_relation(workspace, 'survey', answers, jsonb_build_object(
        'respondent', respondent, 'question', question, 'answer', answer, 'answered_at', answered_at)) f;
    IF to_regclass(format('%I.survey_quality', workspace)) IS NOT NULL THEN
        RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_survey(workspace) f;
    END IF;
END
$$;
COMMENT ON FUNCTION attach_survey(regclass, text, text, text, text, text) IS
'Attaches the answers to questionnaires to a workspace, and makes survey_tallies, survey_by_dimension, survey_answers and survey_quality. Can be run again.
Arguments: answers: a table, partitioned or foreign table, view or materialized view with one row per respondent, question and answer: several rows where several answers are ticked, an empty answer where a question was skipped, no row where it was not asked; respondent, question, answer: names of its columns as stored, where left out those of the last time, else found by their usual names; answered_at: name of the column of the time, likewise, none where empty (''''); workspace: name of the schema. Texts and kinds of the questions are in the table questions of the workspace.
Result: rows of topic, finding and advice: what was found and chosen, and which rows are left out and why.
Errors: 22004 for NULL, 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 42501 without SELECT on the columns or for a workspace of somebody else, 42P16 where a column would change its type.';

CREATE FUNCTION detach_survey(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE sql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
    SELECT @extschema@.workspace_detach_relation(workspace, 'survey', '{survey_by_dimension,survey_tallies,survey_quality,survey_answers}')
$$;
COMMENT ON FUNCTION detach_survey(text) IS
'Takes the answers to questionnaires from a workspace, with the views that read them. The answers and the table questions stay as they are.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 2BP01 if something else stands on the views.';

CREATE FUNCTION workspace_diagnose_survey(workspace name) RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found record;
BEGIN
    FOR found IN EXECUTE format('SELECT q.*, sum(q.answer_rows) OVER ()::bigint AS all_rows FROM %I.survey_quality q ORDER BY q."position"', workspace) LOOP
        CONTINUE WHEN found.answer_rows = 0 AND found.reason <> 'used';
        IF found.all_rows = 0 THEN
            RETURN QUERY VALUES ('answers', 'none yet', 'The views are empty until there are answers');
            RETURN;
        END IF;
        RETURN QUERY VALUES (replace(found.reason, '_', ' '), 'rows: ' || @extschema@.workspace_row_share(found.answer_rows, found.all_rows), found.description);
    END LOOP;
    EXECUTE format($query$
        SELECT count(a.respondent) AS respondents, count(a.respondent) FILTER (WHERE c.customer IS NOT NULL) AS known
        FROM (SELECT s.respondent, s.customer FROM %1$I.survey_answers s GROUP BY s.respondent, s.customer) a
        FULL JOIN %1$I.customer_figures c ON c.customer = a.customer
        $query$, workspace) INTO found;
    RETURN QUERY SELECT 'respondents', 'customers with orders: ' || @extschema@.workspace_row_share(found.known, found.respondents),
        CASE WHEN found.known < found.respondents
            THEN 'The others are unknown in survey_by_dimension; if they are customers, attach a view with their key in the type of the orders''' END
    WHERE found.respondents > 0;
    RETURN QUERY EXECUTE format($query$
        SELECT 'questions', 'not in the table questions: ' || string_agg(DISTINCT quote_ident(left(t.question, 60)), ', '),
            format('To give them a text, an order and options: INSERT INTO %%I.questions', %2$L)
        FROM %1$I.survey_tallies t WHERE t.questionnaire IS NULL
        HAVING count(*) > 0
        $query$, workspace, workspace);
END
$$;
COMMENT ON FUNCTION workspace_diagnose_survey(name) IS
'Internal to attach_survey(): The findings about the rows: what is left out and why, who answered, and which questions are new.';
-- workspace: the answers to surveys by what the respondents are as customers

CREATE FUNCTION workspace_create_survey_by_dimension(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'survey_by_dimension', format($view$
        WITH answer AS MATERIALIZED (
            SELECT a.question, a.answer, a.customer, a.answer_number
            FROM %1$I.survey_answers a
            LEFT JOIN %1$I.questions k ON k.question = a.question
            WHERE k.kind IS DISTINCT FROM 'free'
        ), classified AS MATERIALIZED (%2$s), divided AS MATERIALIZED (%3$s),
        tallied AS (
            SELECT c.question, c.answer, sum(c.answers)::bigint AS answers, sum(c.first_answers)::bigint AS first_answers
            FROM classified c GROUP BY c.question, c.answer
        ), cell AS (%4$s),
        base AS (
            SELECT c.question, c.dimension, c.value, sum(c.first_answers)::bigint AS respondents
            FROM cell c WHERE c.answer IS NOT NULL GROUP BY c.question, c.dimension, c.value
        )
        SELECT q.questionnaire, q.question_position, q.question, q.question_text, q.kind, c.answer_position, c.answer,
            b.dimension, b.value, coalesce(t.answers, 0) AS respondents, b.respondents AS base_respondents,
            100 * i.estimate AS pct_of_respondents, 100 * i.lower AS pct_lower, 100 * i.upper AS pct_upper,
            b.respondents >= s.enough AS enough
        FROM (%5$s) q
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        JOIN base b ON b.question = q.question
        JOIN (%6$s) c ON c.question = q.question
        LEFT JOIN cell t ON t.question = q.question AND t.answer = c.answer AND t.dimension = b.dimension AND t.value = b.value
        CROSS JOIN LATERAL %7$s.wilson_interval(coalesce(t.answers, 0), b.respondents) i
        WHERE q.kind <> 'free' AND b.respondents > 0
        $view$, workspace, @extschema@.workspace_classified_answers_sql(workspace), @extschema@.workspace_divided_answers_sql(workspace),
            @extschema@.workspace_survey_cells_sql(), @extschema@.workspace_asked_questions_sql(workspace, 'tallied'),
            @extschema@.workspace_choices_sql(workspace, 'tallied'), '@extschema@'),
        'How often each answer was given by customers of each stage, class and segment as they are now, and of each dimension; free text is not split',
        @extschema@.workspace_tally_comments() || ARRAY[
            ['dimension', 'stage, abc, xyz, cell or rfm_segment, as they are now, or one of customer_dimensions'],
            ['value', 'Its value for the respondents: unknown for those who are no customers or have none, none for customers without a class'],
            ['respondents', 'Number of respondents with that value who gave the answer'],
            ['base_respondents', 'Number of respondents with that value who answered the question']]);
END
$$;
COMMENT ON FUNCTION workspace_create_survey_by_dimension(name) IS
'Internal to attach_survey(): Makes the view survey_by_dimension of a workspace.';

-- A full join is never a loop over all customers for each answer, however few the planner expects; coalesce() keeps it
-- from being made a simpler one. There are few combinations of classes, so the answers are counted by all of them at once.
-- OFFSET 0 makes columns of one relation of them, of which the planner expects a tenth as many combinations as rows; for
-- those of two it multiplies.
CREATE FUNCTION workspace_classified_answers_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT k.question, k.answer, k.stage, k.abc, k.xyz, k.cell, k.segment, k.known, count(*) AS answers,
            count(*) FILTER (WHERE k.answer_number = 1) AS first_answers
        FROM (
            SELECT a.question, a.answer, a.answer_number, c.stage, c.abc, c.xyz, c.cell, c.segment, c.customer IS NOT NULL AS known
            FROM answer a
            FULL JOIN (SELECT x.customer, x.stage, x.abc, x.xyz, x.cell, x.segment FROM %1$I.customers x) c ON c.customer = a.customer
            WHERE coalesce(a.question, '') <> ''
            OFFSET 0) k
        GROUP BY k.question, k.answer, k.stage, k.abc, k.xyz, k.cell, k.segment, k.known
        $query$, workspace)
$$;
COMMENT ON FUNCTION workspace_classified_answers_sql(name) IS
'Internal to attach_survey(): The query for the number of answers by the classes of the respondents.';

CREATE FUNCTION workspace_divided_answers_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT k.question, k.answer, k.dimension, k.value, count(*) AS answers, count(*) FILTER (WHERE k.answer_number = 1) AS first_answers
        FROM (
            SELECT a.question, a.answer, a.answer_number, d.dimension, d.value
            FROM answer a
            FULL JOIN (
                SELECT x.customer, x.value,
                    CASE WHEN x.dimension IN ('stage', 'abc', 'xyz', 'cell', 'rfm_segment') THEN 'customer_' ELSE '' END || x.dimension AS dimension
                FROM %1$I.customer_dimensions x
                WHERE x.value IS NOT NULL) d ON d.customer = a.customer
            OFFSET 0) k
        GROUP BY k.question, k.answer, k.dimension, k.value
        $query$, workspace)
$$;
COMMENT ON FUNCTION workspace_divided_answers_sql(name) IS
'Internal to attach_survey(): The query for the number of answers by the dimensions of the respondents.';

CREATE FUNCTION workspace_survey_cells_sql() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- Who has no value in a dimension is who is missing in it from all who gave the answer. An answer is never ''.
    SELECT $query$
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
        $query$
$$;
COMMENT ON FUNCTION workspace_survey_cells_sql() IS
'Internal to attach_survey(): The query for the number of answers by each value of each dimension.';
-- workspace: all that is known of one customer, in order of time. Each part of the union is found by the customer alone.

CREATE FUNCTION workspace_create_timeline(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'customer_timeline', concat_ws(' UNION ALL ',
            @extschema@.workspace_order_timeline_sql(workspace, orders, columns),
            @extschema@.workspace_answer_timeline_sql(workspace, columns.customer),
            @extschema@.workspace_touchpoint_timeline_sql(workspace, columns.customer),
            @extschema@.workspace_change_timeline_sql(workspace)),
        'All that is known of a customer: orders, returns, answers, touchpoints, changes of stage and class. For looking up one, WHERE customer = ... ORDER BY happened_at, which an index on the customer serves',
        ARRAY[['customer', 'The customer, as in the orders'],
              ['happened_at', 'When; of a day its beginning'],
              ['day', 'Its day'],
              ['kind', 'order, return, answer, touchpoint, or stage and class as in customer_changes'],
              ['title', 'What: the number of an order, the score of an answer, the touchpoint, the new stage or cell'],
              ['detail', 'More about it: category and source, touchpoint and comment, the stage or cell before'],
              ['amount', 'Amount of an order or return; else empty']]);
END
$$;
COMMENT ON FUNCTION workspace_create_timeline(name, regclass, order_columns) IS
'Internal to attach_orders(): Makes the view customer_timeline of a workspace, of what is attached to it.
Errors: as workspace_attached_relation().';

CREATE FUNCTION workspace_refresh_timeline(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    orders record;
BEGIN
    -- Between detach_orders() and upgrade_workspace() there are no views.
    IF to_regclass(format('%I.customer_history', workspace)) IS NOT NULL THEN
        EXECUTE format('SELECT a.relation::regclass AS relation, a.columns FROM %I.attached a WHERE a.relation_role = ''orders''', workspace) INTO orders;
        PERFORM @extschema@.workspace_create_timeline(workspace::name, orders.relation, @extschema@.workspace_order_columns(orders.relation, orders.columns));
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_refresh_timeline(text) IS
'Internal to attach_orders(): Makes the view customer_timeline anew where something was attached or detached.';

-- Rows that are no orders of a customer, or not yet, are left out as everywhere.
CREATE FUNCTION workspace_order_timeline_sql(workspace name, orders regclass, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT %2$s AS customer, %3$s AS happened_at, %4$s AS day, CASE WHEN %5$s THEN 'order' ELSE 'return' END AS kind,
            coalesce(%6$s, CASE WHEN %5$s THEN 'order' ELSE 'return' END) AS title, nullif(concat_ws(', ', %7$s, %8$s), '') AS detail, %9$s AS amount
        FROM %10$s o
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        WHERE o.%11$I IS NOT NULL AND %12$s AND %4$s < (SELECT r.as_of FROM %1$I.reporting_date r)
        $query$, workspace, @extschema@.workspace_customer_sql((columns).customer), @extschema@.workspace_instant_sql((columns).ordered_at),
        @extschema@.workspace_day_sql((columns).ordered_at), @extschema@.workspace_is_order_sql((columns).amount),
        @extschema@.workspace_text_sql((columns).order_id), @extschema@.workspace_text_sql((columns).category),
        @extschema@.workspace_text_sql((columns).source), @extschema@.workspace_kept_amount_sql((columns).amount), orders,
        ((columns).customer).name, @extschema@.workspace_kept_row_sql(columns, @extschema@.workspace_applied_rules(workspace)))
$$;
COMMENT ON FUNCTION workspace_order_timeline_sql(name, regclass, order_columns) IS
'Internal to attach_orders(): The part of customer_timeline that the orders give.';

CREATE FUNCTION workspace_answer_timeline_sql(workspace name, orders_customer order_column) RETURNS text
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'answers', orders_customer);
    answered_at @extschema@.order_column;
    score @extschema@.order_column;
BEGIN
    IF attached.relation IS NULL THEN
        RETURN NULL;
    END IF;
    answered_at := @extschema@.workspace_role_column(attached, 'answered_at');
    score := @extschema@.workspace_role_column(attached, 'score');
    RETURN format($query$
        SELECT %2$s AS customer, %3$s AS happened_at, %4$s AS day, 'answer' AS kind,
            o.%5$I::text AS title,
            nullif(concat_ws(', ', %6$s, %7$s), '') AS detail, NULL::numeric AS amount
        FROM %8$s o
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        WHERE %2$s IS NOT NULL AND %9$s AND %10$s AND %4$s < (SELECT r.as_of FROM %1$I.reporting_date r)
        $query$, workspace, attached.key, @extschema@.workspace_instant_sql(answered_at), @extschema@.workspace_day_sql(answered_at), score.name,
        @extschema@.workspace_filled_text_sql(attached, 'touchpoint'), @extschema@.workspace_filled_text_sql(attached, 'comment'),
        attached.relation, @extschema@.workspace_usable_time_sql(answered_at), @extschema@.workspace_usable_score_sql(score));
END
$$;
COMMENT ON FUNCTION workspace_answer_timeline_sql(name, order_column) IS
'Internal to attach_orders(): The part of customer_timeline that attached answers give, NULL without them.
Errors: as workspace_attached_relation().';

CREATE FUNCTION workspace_touchpoint_timeline_sql(workspace name, orders_customer order_column) RETURNS text
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'touchpoints', orders_customer);
BEGIN
    IF attached.relation IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN format($query$
        SELECT t.customer, t.happened_at, (t.happened_at AT TIME ZONE s.time_zone)::date AS day, 'touchpoint' AS kind, t.touchpoint AS title,
            nullif(concat_ws(', ', t.source, t.reason), '') AS detail, NULL::numeric AS amount
        FROM (%s) t
        CROSS JOIN (SELECT x.* FROM %I.applied_settings x LIMIT 1) s
        $query$, @extschema@.workspace_touchpoint_rows_sql(workspace, attached), workspace);
END
$$;
COMMENT ON FUNCTION workspace_touchpoint_timeline_sql(name, order_column) IS
'Internal to attach_orders(): The part of customer_timeline that attached touchpoints give, NULL without them.
Errors: as workspace_attached_relation().';

CREATE FUNCTION workspace_change_timeline_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT c.customer, (c.as_of::timestamp AT TIME ZONE s.time_zone) AS happened_at, c.as_of AS day, c.kind, c.changed_to AS title,
            'before: ' || c.changed_from AS detail, NULL::numeric AS amount
        FROM %1$I.customer_changes c
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        $query$, workspace)
$$;
COMMENT ON FUNCTION workspace_change_timeline_sql(name) IS
'Internal to attach_orders(): The part of customer_timeline that tells when a customer changed the stage or the class.';
-- workspace: how awful, ok or wow the points are where customers meet the shop, over a catalogue that comes filled in

CREATE FUNCTION workspace_create_touchpoint_tables(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.touchpoint_catalogue', workspace)) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %I.touchpoint_catalogue (
                touchpoint text PRIMARY KEY
                    CONSTRAINT "touchpoint has a name" CHECK (btrim(touchpoint) <> ''),
                touchpoint_group text NOT NULL
                    CONSTRAINT "touchpoint_group is business, product, service or employee"
                    CHECK (touchpoint_group IN ('business', 'product', 'service', 'employee')),
                description text,
                "position" integer NOT NULL DEFAULT 1000
            )$ddl$, workspace);
        EXECUTE format('INSERT INTO %I.touchpoint_catalogue SELECT t.touchpoint, t.touchpoint_group, t.description, t."position" FROM %s.workspace_default_touchpoints() t',
            workspace, '@extschema@');
    END IF;
    -- The key finds the ratings of one touchpoint and rater in order of time.
    IF to_regclass(format('%I.touchpoint_ratings', workspace)) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %1$I.touchpoint_ratings (
                rater text
                    CONSTRAINT "rater has a name" CHECK (btrim(rater) <> ''),
                day date DEFAULT current_date
                    CONSTRAINT "day is within the years 1 to 9999" CHECK (day >= date '0001-01-01' AND day < date '10000-01-01'),
                touchpoint text REFERENCES %1$I.touchpoint_catalogue ON UPDATE CASCADE,
                level text NOT NULL
                    CONSTRAINT "level is awful, ok or wow" CHECK (level IN ('awful', 'ok', 'wow')),
                note text,
                CONSTRAINT "a rater rates a touchpoint once a day" PRIMARY KEY (touchpoint, rater, day)
            )$ddl$, workspace);
    END IF;
    PERFORM @extschema@.workspace_describe_touchpoint_tables(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_touchpoint_tables(name) IS
'Internal to attach_orders(): Makes the tables touchpoint_catalogue, filled in, and touchpoint_ratings of a workspace, or keeps those that are there.';

CREATE FUNCTION workspace_describe_touchpoint_tables(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_describe_relation(workspace, 'touchpoint_catalogue',
        'Where customers meet the business: a list to rate in touchpoint_ratings, yours to edit',
        ARRAY[['touchpoint', 'The point where they meet it'],
              ['touchpoint_group', 'business, product, service or employee'],
              ['description', 'What to look at'],
              ['position', 'Order in which to show it']]);
    PERFORM @extschema@.workspace_describe_relation(workspace, 'touchpoint_ratings',
        'What somebody made of a touchpoint on a day: yours to fill; touchpoint_scorecard sums it up, of days before the reporting date',
        ARRAY[['rater', 'Who rated: a customer, a colleague, a test buyer'],
              ['day', 'On which day, today unless given'],
              ['touchpoint', 'Which touchpoint of the catalogue'],
              ['level', 'awful (would tell others not to come), ok (as expected), or wow (would tell others to come)'],
              ['note', 'What was seen']]);
END
$$;
COMMENT ON FUNCTION workspace_describe_touchpoint_tables(name) IS
'Internal to attach_orders(): Writes the comments of the tables touchpoint_catalogue and touchpoint_ratings.';

CREATE FUNCTION workspace_default_touchpoints() RETURNS TABLE ("position" integer, touchpoint_group text, touchpoint text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
        (101, 'business', 'shop sign', 'Seen and read from the street, lit in the evening, hours as they are'),
        (102, 'business', 'parking', 'A place to stop, close by, and clear whose it is'),
        (103, 'business', 'entrance', 'Easy to find and open, clean, with a pram or a wheelchair too'),
        (104, 'business', 'rooms', 'Clean, light, warm, with a place to sit and a sense of order'),
        (105, 'business', 'opening hours', 'Fit the customers'' day, and kept to the minute'),
        (106, 'business', 'website', 'Loads at once, answers the first question, works on a phone'),
        (107, 'business', 'map and review sites', 'Address, hours and pictures right; reviews answered'),
        (108, 'business', 'advertising', 'Promises what is kept, and says what to do next'),
        (109, 'business', 'social media', 'Kept up, and questions there get answers'),
        (110, 'business', 'price list', 'Easy to find and to understand, without surprises later'),
        (111, 'business', 'letters and cards', 'Offers, invoices, cards and e-mails look like one house'),
        (201, 'product', 'range', 'What customers come for is there, and a choice of it'),
        (202, 'product', 'availability', 'In stock, or with a date that holds'),
        (203, 'product', 'display', 'Shown so that one wants to touch it; found without asking'),
        (204, 'product', 'description', 'Says what it is, what for, and what not for'),
        (205, 'product', 'sample or trial', 'Can be tried before it is bought'),
        (206, 'product', 'packaging', 'Protects, opens without tools, little waste'),
        (207, 'product', 'first use', 'Works at once, with instructions that help'),
        (208, 'product', 'quality in use', 'Does what was promised, every time'),
        (209, 'product', 'worth the price', 'Felt to be worth it after a month'),
        (210, 'product', 'warranty', 'Clear, and honoured without a fight'),
        (301, 'service', 'first call', 'Picked up soon, by somebody who can help'),
        (302, 'service', 'reply to a message', 'The same day, to the question that was asked'),
        (303, 'service', 'waiting', 'Short, or with a word on how long and why'),
        (304, 'service', 'advice', 'Questions before answers; what fits, not what is dear'),
        (305, 'service', 'ordering', 'Few steps, no detail asked twice, confirmed at once'),
        (306, 'service', 'payment', 'In the way the customer likes, with a receipt'),
        (307, 'service', 'delivery', 'When it was promised, whole, with a word on the way'),
        (308, 'service', 'after the purchase', 'Somebody asks whether all is well'),
        (309, 'service', 'complaint handling', 'Heard out, an apology, a remedy, and quickly'),
        (310, 'service', 'returns', 'As easy as the purchase, money back without asking'),
        (311, 'service', 'thanks and farewell', 'Thanked, and given a reason to come back'),
        (401, 'employee', 'appearance', 'Neat, and easy to tell from customers'),
        (402, 'employee', 'greeting', 'Noticed and greeted at once, by name where known'),
        (403, 'employee', 'attention', 'Listens, with time for this customer alone'),
        (404, 'employee', 'competence', 'Knows the range, and whom to ask where not'),
        (405, 'employee', 'plain words', 'Explains so that one understands, without jargon'),
        (406, 'employee', 'tone on the telephone', 'Friendly, unhurried, says who is speaking'),
        (407, 'employee', 'initiative', 'Offers what goes with it, tells of the loyalty programme'),
        (408, 'employee', 'memory', 'Knows regular customers and what they like'),
        (409, 'employee', 'keeping promises', 'Calls back, and does what was said'),
        (410, 'employee', 'calm under pressure', 'Stays polite when it is full or goes wrong')
$$;
COMMENT ON FUNCTION workspace_default_touchpoints() IS
'Internal to attach_orders(): The touchpoints that a workspace begins with.';

CREATE FUNCTION workspace_create_touchpoint_views(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_touchpoint_scorecard(workspace);
    PERFORM @extschema@.workspace_create_touchpoint_groups(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_touchpoint_views(name) IS
'Internal to attach_orders(): Makes the views touchpoint_scorecard and touchpoint_groups of a workspace.';

CREATE FUNCTION workspace_create_touchpoint_scorecard(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- A rater's last rating of a period is the greatest number of its day and its level: there is one a day.
    PERFORM @extschema@.workspace_create_view(workspace, 'touchpoint_scorecard', format($view$
        WITH audit AS (
            SELECT r.touchpoint, r.period_start, count(*) AS ratings, count(*) FILTER (WHERE r.last_one %% 4 = 1) AS awful,
                count(*) FILTER (WHERE r.last_one %% 4 = 2) AS ok, count(*) FILTER (WHERE r.last_one %% 4 = 3) AS wow,
                date '0001-01-01' + max(r.last_one) / 4 AS last_rated,
                row_number() OVER (PARTITION BY r.touchpoint ORDER BY r.period_start DESC) AS age
            FROM (
                SELECT t.touchpoint, %2$s.period_start(t.day, s.period) AS period_start,
                    max(4 * (t.day - date '0001-01-01') + CASE t.level WHEN 'awful' THEN 1 WHEN 'ok' THEN 2 ELSE 3 END) AS last_one
                FROM %1$I.touchpoint_ratings t
                CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
                WHERE t.day < (SELECT d.as_of FROM %1$I.reporting_date d)
                GROUP BY t.touchpoint, t.rater, %2$s.period_start(t.day, s.period)) r
            GROUP BY r.touchpoint, r.period_start
        )
        SELECT c.touchpoint_group, c."position", c.touchpoint, c.description, n.period_start,
            coalesce(n.ratings, 0) AS ratings, coalesce(n.awful, 0) AS awful, coalesce(n.ok, 0) AS ok, coalesce(n.wow, 0) AS wow,
            i.estimate AS score, i.lower, i.upper, coalesce(n.ratings, 0) >= s.enough AS enough, n.last_rated,
            p.period_start AS previous_period, coalesce(p.ratings, 0) AS previous_ratings,
            %2$s.nps_score(%2$s.nps(p.wow, p.ok, p.awful)) AS previous_score,
            h.difference AS score_change, h.verdict, coalesce(l.ratings, 0) AS later_ratings
        FROM %1$I.touchpoint_catalogue c
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN audit n ON n.touchpoint = c.touchpoint AND n.age = 1
        LEFT JOIN audit p ON p.touchpoint = c.touchpoint AND p.age = 2
        LEFT JOIN (
            SELECT r.touchpoint, count(*) AS ratings
            FROM %1$I.touchpoint_ratings r
            WHERE r.day >= (SELECT d.as_of FROM %1$I.reporting_date d)
            GROUP BY r.touchpoint) l ON l.touchpoint = c.touchpoint
        CROSS JOIN LATERAL %2$s.nps_interval(%2$s.nps(n.wow, n.ok, n.awful)) i
        CROSS JOIN LATERAL %2$s.nps_change(%2$s.nps(n.wow, n.ok, n.awful), %2$s.nps(p.wow, p.ok, p.awful)) h
        $view$, workspace, '@extschema@'),
        'Every touchpoint of the catalogue with its last ratings, those never rated too: of each rater the last rating in the last period that has any',
        @extschema@.workspace_scorecard_comments() || ARRAY[
              ['position', 'Order in which to show it, from the catalogue'],
              ['touchpoint', 'The point where customers meet the business'],
              ['description', 'What to look at'],
              ['period_start', 'First day of the last period with ratings before the reporting date; empty where never rated'],
              ['last_rated', 'Day of the last rating'],
              ['previous_period', 'First day of the period with ratings before that one'],
              ['previous_ratings', 'Number of ratings then'],
              ['previous_score', 'The score then'],
              ['score_change', 'How much higher the score is than then, in points'],
              ['verdict', 'up or down where that is more than chance and at least 2 points, else flat; empty where there is no score to compare with'],
              ['later_ratings', 'Number of ratings of the reporting date and later, which do not count yet']]);
END
$$;
COMMENT ON FUNCTION workspace_create_touchpoint_scorecard(name) IS
'Internal to attach_orders(): Makes the view touchpoint_scorecard of a workspace.';

CREATE FUNCTION workspace_scorecard_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['touchpoint_group', 'business, product, service or employee'],
        ['ratings', 'Number of ratings, one of each rater'],
        ['awful', 'Number of those that say awful'],
        ['ok', 'Number of those that say ok'],
        ['wow', 'Number of those that say wow'],
        ['score', 'Per cent that say wow less per cent that say awful, -100 to 100'],
        ['lower', 'Lower bound of its 95 % interval'],
        ['upper', 'Upper bound'],
        ['enough', 'Whether there are enough ratings to go by']]
$$;
COMMENT ON FUNCTION workspace_scorecard_comments() IS
'Internal to attach_orders(): The comments on the columns that touchpoint_scorecard and touchpoint_groups share.';

CREATE FUNCTION workspace_create_touchpoint_groups(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'touchpoint_groups', format($view$
        SELECT g."position", g.touchpoint_group, coalesce(t.touchpoints, 0) AS touchpoints, coalesce(t.rated, 0) AS rated,
            coalesce(t.touchpoints - t.rated, 0) AS never_rated, coalesce(t.ratings, 0) AS ratings,
            coalesce(t.awful, 0) AS awful, coalesce(t.ok, 0) AS ok, coalesce(t.wow, 0) AS wow,
            i.estimate AS score, i.lower, i.upper, coalesce(t.ratings, 0) >= s.enough AS enough,
            t.worst_touchpoint, t.best_touchpoint
        FROM (VALUES (1, 'business'), (2, 'product'), (3, 'service'), (4, 'employee')) g("position", touchpoint_group)
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN (
            SELECT c.touchpoint_group, count(*) AS touchpoints, count(c.score) AS rated, sum(c.ratings)::bigint AS ratings,
                sum(c.awful)::bigint AS awful, sum(c.ok)::bigint AS ok, sum(c.wow)::bigint AS wow,
                (array_agg(c.touchpoint ORDER BY c.score, c."position", c.touchpoint) FILTER (WHERE c.ratings > 0))[1] AS worst_touchpoint,
                (array_agg(c.touchpoint ORDER BY c.score DESC, c."position", c.touchpoint) FILTER (WHERE c.ratings > 0))[1] AS best_touchpoint
            FROM %1$I.touchpoint_scorecard c
            GROUP BY c.touchpoint_group) t ON t.touchpoint_group = g.touchpoint_group
        CROSS JOIN LATERAL %2$s.nps_interval(%2$s.nps(t.wow, t.ok, t.awful)) i
        ORDER BY g."position"
        $view$, workspace, '@extschema@'),
        'The four groups of touchpoints, always four rows: the sums of touchpoint_scorecard, and where each is worst and best',
        @extschema@.workspace_scorecard_comments() || ARRAY[
              ['position', 'Order in which to show the rows'],
              ['touchpoints', 'Number of touchpoints of the catalogue'],
              ['rated', 'Number of those that were rated'],
              ['never_rated', 'Number of those that never were'],
              ['worst_touchpoint', 'The touchpoint with the lowest score'],
              ['best_touchpoint', 'The touchpoint with the highest score']]);
END
$$;
COMMENT ON FUNCTION workspace_create_touchpoint_groups(name) IS
'Internal to attach_orders(): Makes the view touchpoint_groups of a workspace.';
-- workspace: what customers were in touch with, one event after the other

CREATE FUNCTION attach_touchpoints(
    touchpoints regclass,
    customer text DEFAULT NULL,
    happened_at text DEFAULT NULL,
    touchpoint text DEFAULT NULL,
    source text DEFAULT NULL,
    reason text DEFAULT NULL,
    workspace text DEFAULT 'loyalty')
RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    IF touchpoints IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'touchpoints and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of events: attach_touchpoints(''crm.contacts'').';
    END IF;
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_attach_relation(workspace, 'touchpoints', touchpoints,
        jsonb_build_object('customer', customer, 'happened_at', happened_at, 'touchpoint', touchpoint, 'source', source, 'reason', reason)) f;
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_touchpoints(workspace) f;
END
$$;
COMMENT ON FUNCTION attach_touchpoints(regclass, text, text, text, text, text, text) IS
'Attaches a table of what customers were in touch with, such as visits, calls, offers and meetings, to a workspace: the views journey, journey_absorption, funnel_steps and others then show how that leads to orders. Can be run again.
Arguments: touchpoints: a table, partitioned or foreign table, view or materialized view with a row per event; customer, happened_at, touchpoint: names of its columns as stored, where left out those of the last time, else found by their usual names; source, reason: names of columns that an event may have besides, where it came from and why something was lost, found by their usual names where left out, none where empty (''''); workspace: name of the schema. Customers need not have ordered yet.
Result: rows of topic, finding and advice: what was found, and which rows are left out and why.
Errors: 22004 for NULL, 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 42501 without SELECT on the columns or for a workspace of somebody else.';

CREATE FUNCTION detach_touchpoints(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM @extschema@.workspace_detach_relation(workspace, 'touchpoints', @extschema@.workspace_touchpoint_views());
END
$$;
COMMENT ON FUNCTION detach_touchpoints(text) IS
'Takes the table of events from a workspace, and drops the views that read it: the table stays as it is, and so does funnel_stages.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 2BP01 if other objects depend on the views.';

CREATE FUNCTION workspace_touchpoint_views() RETURNS name[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '{funnel_summary,funnel_steps,funnel_passes,journey_absorption,journey,journey_steps,touchpoint_events}'::name[];
COMMENT ON FUNCTION workspace_touchpoint_views() IS
'Internal to attach_touchpoints(): The views that it makes, the dependent ones first.';

CREATE FUNCTION workspace_create_touchpoints_views(workspace name, orders_customer order_column) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'touchpoints', orders_customer);
BEGIN
    PERFORM @extschema@.workspace_create_touchpoint_events(workspace, attached);
    PERFORM @extschema@.workspace_create_journey_steps(workspace);
    PERFORM @extschema@.workspace_create_journey(workspace);
    PERFORM @extschema@.workspace_create_journey_absorption(workspace);
    PERFORM @extschema@.workspace_create_funnel_stages(workspace);
    PERFORM @extschema@.workspace_create_funnel_passes(workspace);
    PERFORM @extschema@.workspace_create_funnel_steps(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_touchpoints_views(name, order_column) IS
'Internal to attach_touchpoints(): Makes the views of a workspace that read its touchpoints.
Errors: as workspace_attached_relation().';

-- START, END and PURCHASE are what the journey is told by.
CREATE FUNCTION workspace_touchpoint_condition_sql(col_time order_column, col_touchpoint order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%s AND o.%I::text NOT IN ('''', ''START'', ''END'', ''PURCHASE'')', @extschema@.workspace_usable_time_sql(col_time), (col_touchpoint).name)
$$;
COMMENT ON FUNCTION workspace_touchpoint_condition_sql(order_column, order_column) IS
'Internal to attach_touchpoints(): The SQL condition on a row o of touchpoints that it can be used.';

CREATE FUNCTION workspace_touchpoint_rows_sql(workspace name, attached attached_relation) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    happened_at CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'happened_at');
    touchpoint CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'touchpoint');
BEGIN
    RETURN format($query$
        SELECT %2$s AS customer, %3$s AS happened_at, o.%4$I::text AS touchpoint, %5$s AS source, %6$s AS reason
        FROM %7$s o
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        WHERE %2$s IS NOT NULL AND %8$s AND %9$s < (SELECT r.as_of FROM %1$I.reporting_date r)
        $query$, workspace, (attached).key, @extschema@.workspace_instant_sql(happened_at), touchpoint.name,
        @extschema@.workspace_filled_text_sql(attached, 'source'),
        @extschema@.workspace_filled_text_sql(attached, 'reason'),
        (attached).relation, @extschema@.workspace_touchpoint_condition_sql(happened_at, touchpoint),
        @extschema@.workspace_day_sql(happened_at));
END
$$;
COMMENT ON FUNCTION workspace_touchpoint_rows_sql(name, attached_relation) IS
'Internal to attach_touchpoints(): The query for the rows that are touchpoints of a customer before the reporting date.';

-- An index on the time answers this without a scan.
CREATE FUNCTION workspace_first_touchpoint_sql(workspace name, attached attached_relation) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    happened_at CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'happened_at');
    touchpoint CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'touchpoint');
BEGIN
    RETURN format($query$
        SELECT %2$s
        FROM (SELECT min(o.%3$I) AS %3$I FROM %4$s o WHERE %5$s IS NOT NULL AND %6$s) o
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        WHERE o.%3$I IS NOT NULL
        $query$, workspace, @extschema@.workspace_instant_sql(happened_at), happened_at.name, (attached).relation, (attached).key,
        @extschema@.workspace_touchpoint_condition_sql(happened_at, touchpoint));
END
$$;
COMMENT ON FUNCTION workspace_first_touchpoint_sql(name, attached_relation) IS
'Internal to attach_touchpoints(): The query for the time of the first touchpoint of all, no row without one.';

CREATE FUNCTION workspace_create_touchpoint_events(workspace name, attached attached_relation) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    by_day CONSTANT boolean := (@extschema@.workspace_role_column(attached, 'happened_at')).type = 'date'::regtype;
BEGIN
    -- A purchase that is known by its day alone comes after what happened on that day: it is its end, unless all are days.
    PERFORM @extschema@.workspace_create_view(workspace, 'touchpoint_events', format($view$
        SELECT t.customer, t.happened_at, t.touchpoint, t.source, t.reason, NULL::bigint AS order_number, true AS tracked
        FROM (%2$s) t
        UNION ALL
        SELECT p.customer, p.happened_at, 'PURCHASE'::text AS touchpoint, p.source, NULL::text AS reason, p.order_number,
            coalesce(p.happened_at >= (%4$s), false) AS tracked
        FROM (
            SELECT e.customer, e.source, e.order_number,
                coalesce(e.ordered_at, greatest(timestamptz '0001-01-02 00:00:00+00', least(timestamptz '9999-12-30 00:00:00+00',
                    %3$s AT TIME ZONE s.time_zone))) AS happened_at
            FROM %1$I.orders_enriched e
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            WHERE s.count_by = 'orders' OR e.days_since_previous IS DISTINCT FROM 0) p
        $view$, workspace, @extschema@.workspace_touchpoint_rows_sql(workspace, attached),
            CASE WHEN by_day THEN 'e.day::timestamp' ELSE '(e.day::timestamp + interval ''1 day'' - interval ''1 microsecond'')' END,
            @extschema@.workspace_first_touchpoint_sql(workspace, attached)),
        'Everything that customers were in touch with, and their purchases: what the views of journeys and funnels read',
        ARRAY[['customer', 'The customer, as in the orders; some may not have ordered yet'],
              ['happened_at', 'When; of a day its beginning, of a purchase that is known by its day alone the end of that day'],
              ['touchpoint', 'With what; PURCHASE for an order'],
              ['source', 'Where it came from; empty where no column of it is attached'],
              ['reason', 'Why something was lost; empty where no column of it is attached'],
              ['order_number', 'Of a purchase: 1 for the customer''s first order, and so on'],
              ['tracked', 'Whether touchpoints were recorded then: not for purchases before the first touchpoint of all']]);
END
$$;
COMMENT ON FUNCTION workspace_create_touchpoint_events(name, attached_relation) IS
'Internal to attach_touchpoints(): Makes the view touchpoint_events of a workspace.';

CREATE FUNCTION workspace_diagnose_touchpoints(workspace name) RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET DateStyle = 'ISO'
AS $$
DECLARE
    attached @extschema@.attached_relation;
    happened_at @extschema@.order_column;
    touchpoint @extschema@.order_column;
    found record;
BEGIN
    IF to_regclass(format('%I.touchpoint_events', workspace)) IS NULL THEN
        RETURN; -- between detach_orders() and upgrade_workspace()
    END IF;
    attached := @extschema@.workspace_attached_relation(workspace, 'touchpoints', @extschema@.workspace_orders_customer(workspace));
    happened_at := @extschema@.workspace_role_column(attached, 'happened_at');
    touchpoint := @extschema@.workspace_role_column(attached, 'touchpoint');
    EXECUTE format($query$
        SELECT count(*) AS rows, sum(e.no_time::integer) AS no_time, sum((NOT e.no_time AND e.no_touchpoint)::integer) AS no_touchpoint,
            sum((NOT e.no_time AND NOT e.no_touchpoint AND e.customer IS NULL)::integer) AS no_customer,
            sum((NOT e.no_time AND NOT e.no_touchpoint AND e.customer IS NOT NULL AND e.future)::integer) AS future,
            count(DISTINCT e.customer) AS customers, count(DISTINCT e.touchpoint) AS touchpoints
        FROM (
            SELECT %2$s AS customer, NOT coalesce(%3$s, false) AS no_time, o.%4$I::text AS touchpoint,
                coalesce(o.%4$I::text IN ('', 'START', 'END', 'PURCHASE'), true) AS no_touchpoint,
                CASE WHEN %3$s THEN %5$s >= (SELECT r.as_of FROM %6$I.reporting_date r) END AS future
            FROM %1$s o
            CROSS JOIN (SELECT x.* FROM %6$I.applied_settings x LIMIT 1) s) e
        $query$, attached.relation, attached.key, @extschema@.workspace_usable_time_sql(happened_at), touchpoint.name,
        @extschema@.workspace_day_sql(happened_at), workspace) INTO found;
    RETURN QUERY VALUES ('touchpoints', format('rows: %s, customers: %s, kinds: %s', found.rows, found.customers, found.touchpoints),
        format('To see them as a funnel: INSERT INTO %I.funnel_stages VALUES (''sales'', 1, ''first step''), ...; PURCHASE is an order', workspace));
    RETURN QUERY SELECT v.topic, 'rows left out: ' || @extschema@.workspace_row_share(v.rows, found.rows), v.advice
    FROM (VALUES ('no time', found.no_time, 'Without a time, or with an infinite one, or one outside the years 1 to 9999'),
        ('no touchpoint', found.no_touchpoint, 'Without a touchpoint, or named START, END or PURCHASE, which the views use'),
        ('no customer', found.no_customer, 'Without a customer, or with a key that can be none of the orders'''),
        ('future', found.future, 'On or after the reporting date: not counted yet')) v(topic, rows, advice)
    WHERE v.rows > 0;
END
$$;
COMMENT ON FUNCTION workspace_diagnose_touchpoints(name) IS
'Internal to attach_touchpoints(): The findings about the rows of touchpoints.';
-- workspace: the views that read the orders themselves. format() quotes every name and value; regclass and regtype
-- quote themselves, and qualify, since the search_path holds nothing but pg_catalog.

CREATE FUNCTION workspace_describe_relation(workspace name, relation name, description text, columns text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    entry text[];
BEGIN
    EXECUTE format('COMMENT ON %s %I.%I IS %L',
        CASE (SELECT c.relkind FROM pg_class c WHERE c.oid = to_regclass(format('%I.%I', workspace, relation))) WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END,
        workspace, relation, description);
    FOREACH entry SLICE 1 IN ARRAY columns LOOP
        EXECUTE format('COMMENT ON COLUMN %I.%I.%I IS %L', workspace, relation, entry[1], entry[2]);
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_describe_relation(name, name, text, text[]) IS
'Internal to attach_orders(): Writes the comments of a table or view and its columns, which BI tools show as descriptions.
Arguments: workspace, relation; description; columns: pairs of name and description.';

CREATE FUNCTION workspace_create_view(workspace name, view name, query text, description text, columns text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE VIEW %I.%I AS %s', workspace, view, query);
    PERFORM @extschema@.workspace_describe_relation(workspace, view, description, columns);
END
$$;
COMMENT ON FUNCTION workspace_create_view(name, name, text, text, text[]) IS
'Internal to attach_orders(): Makes a view of a workspace with its comments.
Arguments: workspace, view; query; description; columns: pairs of name and description.';

-- A view never raises on data: what the functions would refuse is left out, and data_quality counts it.

CREATE FUNCTION workspace_usable_time_sql(ordered_at order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- An instant gets a day's margin: in some zone it is another year already.
    SELECT CASE WHEN (ordered_at).type = 'timestamptz'::regtype
        THEN format('(o.%1$I >= timestamptz ''0001-01-02 00:00:00+00'' AND o.%1$I < timestamptz ''9999-12-31 00:00:00+00'')', (ordered_at).name)
        ELSE format('(o.%1$I >= %2$s ''0001-01-01'' AND o.%1$I < %2$s ''10000-01-01'')', (ordered_at).name, (ordered_at).type) END
$$;
COMMENT ON FUNCTION workspace_usable_time_sql(order_column) IS
'Internal to attach_orders(): The SQL condition on a row o of orders that its time is finite and within the years 1 to 9999.';

CREATE FUNCTION workspace_usable_amount_sql(amount order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN (amount).type IN ('smallint'::regtype, 'integer'::regtype)
    THEN format('(o.%I IS NOT NULL)', (amount).name)
    ELSE format('%s.valid_amount(o.%I)', '@extschema@', (amount).name) END
$$;
COMMENT ON FUNCTION workspace_usable_amount_sql(order_column) IS
'Internal to attach_orders(): The SQL condition on a row o of orders that its amount can be kept exactly.';

CREATE FUNCTION workspace_nonzero_amount_sql(amount order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- Amounts are kept at four decimals, so what rounds to 0 there is 0.
    SELECT CASE WHEN (amount).type IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype)
    THEN format('o.%I <> 0', (amount).name)
    ELSE format('abs(o.%I) >= %s ''0.00005''', (amount).name, (amount).type) END
$$;
COMMENT ON FUNCTION workspace_nonzero_amount_sql(order_column) IS
'Internal to attach_orders(): The SQL condition on a row o of orders that its amount is not kept as 0.';

CREATE FUNCTION workspace_applied_rules(workspace name) RETURNS order_rules
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ROW(format('(SELECT s.time_zone FROM %I.applied_settings s)', workspace),
        format('(SELECT s.zero_amounts = ''orders'' FROM %I.applied_settings s)', workspace))::@extschema@.order_rules
$$;
COMMENT ON FUNCTION workspace_applied_rules(name) IS
'Internal to attach_orders(): What the settings say of rows of orders, read where a query runs.';

CREATE FUNCTION workspace_counted_zero_sql(amount order_column, rules order_rules) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('(%s OR %s)', (rules).counts_zero, @extschema@.workspace_nonzero_amount_sql(amount))
$$;
COMMENT ON FUNCTION workspace_counted_zero_sql(order_column, order_rules) IS
'Internal to attach_orders(): The SQL condition on a row o of orders that it is not skipped for an amount of 0.';

CREATE FUNCTION workspace_kept_row_sql(columns order_columns, rules order_rules) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT concat_ws(' AND ', @extschema@.workspace_usable_time_sql((columns).ordered_at),
        @extschema@.workspace_usable_amount_sql((columns).amount),
        @extschema@.workspace_counted_zero_sql((columns).amount, rules))
$$;
COMMENT ON FUNCTION workspace_kept_row_sql(order_columns, order_rules) IS
'Internal to attach_orders(): The SQL condition on a row o of orders that it goes into a history.';

CREATE FUNCTION workspace_history_sql(ordered_at order_column, amount order_column, rules order_rules) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%s.history_agg(o.%I%s, o.%I%s%s)', '@extschema@',
    (ordered_at).name, format('::%s', (ordered_at).type), (amount).name, format('::%s', (amount).type),
    CASE WHEN (ordered_at).type = 'timestamptz'::regtype THEN ', ' || (rules).time_zone ELSE '' END)
$$;
COMMENT ON FUNCTION workspace_history_sql(order_column, order_column, order_rules) IS
'Internal to attach_orders(): The SQL expression that folds rows o of orders into a history.';

-- The profit of a loss is not a return, but only its sum is read.
CREATE FUNCTION workspace_profit_history_sql(columns order_columns, rules order_rules) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(
        @extschema@.workspace_history_sql((columns).ordered_at, (columns).profit, rules)
            || format(' FILTER (WHERE %s AND %s)', @extschema@.workspace_kept_row_sql(columns, rules),
                @extschema@.workspace_usable_amount_sql((columns).profit)),
        'NULL::@extschema@.purchase_history')
$$;
COMMENT ON FUNCTION workspace_profit_history_sql(order_columns, order_rules) IS
'Internal to attach_orders(): The SQL expression that folds the profit of rows o of orders into a history, NULL where none is attached.';

-- Whoever owns an enum may give it a cast to text, which would run with the rights of who reads or keeps orders: what is
-- no type of the server's or of an extension is written out, which calls nobody's function.
CREATE FUNCTION workspace_as_text_sql(col order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(CASE t.typtype WHEN 'b' THEN 'o.%1$I::text' ELSE 'CASE WHEN o.%1$I IS NOT NULL THEN concat(o.%1$I) END' END, (col).name)
    FROM pg_type t WHERE t.oid = (col).type
$$;
COMMENT ON FUNCTION workspace_as_text_sql(order_column) IS
'Internal to attach_orders(): The SQL expression of a column of a row o as text.';

-- Other types are shown as text, which every BI tool can filter; citext by what it holds equal.
CREATE FUNCTION workspace_customer_sql(customer order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN (customer).type = ANY ('{smallint,integer,bigint,numeric,uuid,text}'::regtype[])
            THEN format('o.%I::%s', (customer).name, (customer).type)
        WHEN (SELECT t.typname FROM pg_type t WHERE t.oid = (customer).type) = 'citext'
            THEN format('lower(%s)', @extschema@.workspace_as_text_sql(customer))
        ELSE @extschema@.workspace_as_text_sql(customer) END
$$;
COMMENT ON FUNCTION workspace_customer_sql(order_column) IS
'Internal to attach_orders(): The SQL expression of the customer of a row o of orders.';

CREATE FUNCTION workspace_create_applied_settings(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'applied_settings', format('SELECT s.* FROM %I.settings s', workspace),
        'The settings that the views go by: those of the table, with stored figures as they stood at the last refresh',
        @extschema@.workspace_settings_comments());
END
$$;
COMMENT ON FUNCTION workspace_create_applied_settings(name) IS
'Internal to attach_orders(): Makes the view applied_settings of a workspace.';

CREATE FUNCTION workspace_last_day_sql(workspace name, orders regclass, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(CASE WHEN ((columns).ordered_at).type = 'timestamptz'::regtype THEN $query$
        SELECT (max(o.%1$I) AT TIME ZONE s.time_zone)::date AS last_day
        FROM %2$s o
        WHERE s.as_of = 'auto' AND o.%1$I < ((t.today + 1)::timestamp AT TIME ZONE s.time_zone) AND o.%3$I IS NOT NULL AND %4$s
        $query$ ELSE $query$
        SELECT max(o.%1$I)::date AS last_day
        FROM %2$s o
        WHERE s.as_of = 'auto' AND o.%1$I < (t.today + 1) AND o.%3$I IS NOT NULL AND %4$s
        $query$ END, ((columns).ordered_at).name, orders, ((columns).customer).name,
        @extschema@.workspace_kept_row_sql(columns, @extschema@.workspace_applied_rules(workspace)))
$$;
COMMENT ON FUNCTION workspace_last_day_sql(name, regclass, order_columns) IS
'Internal to attach_orders(): The query for the last day of the orders that is not in the future, where it decides: with settings s and today in t.';

CREATE FUNCTION workspace_create_reporting_date(workspace name, last_day text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- The last time is a subquery that depends on nothing, which a plan works out once, whatever it makes of the rest.
    -- The condition on as_of stands with the orders, so that they are read only where they decide; an index on the
    -- order time answers max() without a scan. LIMIT tells the planner of the one row.
    PERFORM @extschema@.workspace_create_view(workspace, 'reporting_date', format($view$
        SELECT d.as_of, d.today, greatest((%3$s.period_start(d.as_of, d.period) - 400 * %4$s)::date, date '0001-01-01') AS first_period,
            now() AS refreshed_at
        FROM (
            SELECT (
                    SELECT CASE s.as_of
                            WHEN 'today' THEN t.today
                            WHEN 'auto' THEN least(t.today, l.last_day + 1)
                            ELSE s.as_of::date
                        END
                    FROM (SELECT x.*, (now() AT TIME ZONE x.time_zone)::date AS today FROM %1$I.applied_settings x LIMIT 1) s
                    CROSS JOIN LATERAL (SELECT s.today) t
                    CROSS JOIN LATERAL (%2$s) l
                ) AS as_of,
                (SELECT (now() AT TIME ZONE s.time_zone)::date FROM %1$I.applied_settings s) AS today,
                (SELECT s.period FROM %1$I.applied_settings s) AS period
            LIMIT 1) d
        LIMIT 1
        $view$, workspace, last_day, '@extschema@', @extschema@.workspace_period_step_sql('d.period')),
        'The day the views speak of, by the settings',
        ARRAY[['as_of', 'Rows of this day and later ones are not counted'],
              ['today', 'Today in the time zone of the settings'],
              ['first_period', 'Views of retention and of growth go back to here: 400 periods'],
              ['refreshed_at', 'When the orders were read: now, with stored figures at the last refresh']]);
END
$$;
COMMENT ON FUNCTION workspace_create_reporting_date(name, text) IS
'Internal to attach_orders(): Makes the view reporting_date of a workspace.
Arguments: workspace; last_day: a query for the last day of the orders.';

CREATE FUNCTION workspace_left_out_sql(columns order_columns, rules order_rules) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($list$nullif(count(*) FILTER (WHERE o.%1$I IS NULL), 0) AS no_time,
            nullif(count(*) FILTER (WHERE NOT %2$s), 0) AS invalid_time,
            nullif(count(*) FILTER (WHERE %2$s AND o.%3$I IS NULL), 0) AS no_amount,
            nullif(count(*) FILTER (WHERE %2$s AND NOT %4$s AND o.%3$I IS NOT NULL), 0) AS invalid_amount,
            nullif(count(*) FILTER (WHERE %2$s AND %4$s AND NOT %5$s), 0) AS zero_amount$list$,
        ((columns).ordered_at).name, @extschema@.workspace_usable_time_sql((columns).ordered_at), ((columns).amount).name,
        @extschema@.workspace_usable_amount_sql((columns).amount), @extschema@.workspace_counted_zero_sql((columns).amount, rules))
$$;
COMMENT ON FUNCTION workspace_left_out_sql(order_columns, order_rules) IS
'Internal to attach_orders(): The SQL expressions that count the rows o of orders that go into no history, by reason, NULL for none.';

CREATE FUNCTION workspace_order_history_sql(workspace name, orders regclass, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- Who reads histories alone does not pay for the counts: a plan works out only the columns that are asked for.
    SELECT format($query$
        SELECT %1$s AS customer, %2$s FILTER (WHERE %5$s) AS history, %3$s AS profit_history,
            %6$s
        FROM %4$s o
        GROUP BY %1$s
        $query$, @extschema@.workspace_customer_sql((columns).customer),
        @extschema@.workspace_history_sql((columns).ordered_at, (columns).amount, r),
        @extschema@.workspace_profit_history_sql(columns, r), orders,
        @extschema@.workspace_kept_row_sql(columns, r), @extschema@.workspace_left_out_sql(columns, r))
    FROM @extschema@.workspace_applied_rules(workspace) r
$$;
COMMENT ON FUNCTION workspace_order_history_sql(name, regclass, order_columns) IS
'Internal to attach_orders(): The query for the histories of the customers, and of the orders without one, with the counts of rows left out.';

CREATE FUNCTION workspace_create_histories(workspace name, query text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    comments CONSTANT text[] := ARRAY[['customer', 'The customer, as in the orders'],
        ['history', 'Orders, returns and amounts per day; read it with order_count(), revenue(), history_days() and others'],
        ['profit_history', 'Profit per day, where a column of it is attached: read it with revenue()']];
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'order_history', query,
        'All that is read from the orders: their histories by customer, one row more for the orders without a customer, and the rows that are left out',
        comments || ARRAY[['no_time', 'Number of rows without a time; empty where there are none'],
            ['invalid_time', 'Number of rows with a time that cannot be used'],
            ['no_amount', 'Number of rows without an amount'],
            ['invalid_amount', 'Number of rows with an amount that cannot be used'],
            ['zero_amount', 'Number of rows with an amount of 0, where the settings skip them']]);
    -- A condition on the history would have each folded twice: that two subqueries ask for the same setting no plan knows.
    PERFORM @extschema@.workspace_create_view(workspace, 'customer_history', format($view$
        SELECT h.customer, h.history, h.profit_history FROM %I.order_history h WHERE h.customer IS NOT NULL
        $view$, workspace),
        'One row per customer with all purchases as one value, which the functions of Clientele read: for SQL, not for BI. Holds rows of every date, whatever the settings say: pass as_of of reporting_date to the functions',
        comments);
END
$$;
COMMENT ON FUNCTION workspace_create_histories(name, text) IS
'Internal to attach_orders(): Makes the views order_history and customer_history of a workspace.
Arguments: workspace; query: what order_history shows.';

CREATE FUNCTION workspace_create_data_quality(workspace name, more text DEFAULT '') RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- One pass: every row falls under exactly one reason, so the rows add up to the table's.
    PERFORM @extschema@.workspace_create_view(workspace, 'data_quality', format($view$
        SELECT v."position", v.reason, v.description, v.order_rows::bigint AS order_rows,
            100::double precision * v.order_rows::double precision
                / nullif(sum(v.order_rows) OVER (), 0)::double precision AS pct_of_rows,
            v.revenue, (SELECT r.refreshed_at FROM %1$I.reporting_date r) AS refreshed_at
        FROM (
            SELECT
                sum(c.no_time) AS no_time,
                sum(c.invalid_time) AS invalid_time,
                sum(c.no_amount) AS no_amount,
                sum(c.invalid_amount) AS invalid_amount,
                sum(c.zero_amount) AS zero_amount,
                sum(c.kept_rows) FILTER (WHERE NOT c.named) AS no_customer,
                sum(c.revenue) FILTER (WHERE NOT c.named) AS no_customer_revenue,
                sum(c.kept_rows - c.rows_so_far) FILTER (WHERE c.named) AS future,
                sum(c.revenue - c.revenue_so_far) FILTER (WHERE c.named) AS future_revenue,
                sum(c.rows_so_far) FILTER (WHERE c.named AND NOT c.ordered) AS only_returns,
                sum(c.revenue_so_far) FILTER (WHERE c.named AND NOT c.ordered) AS only_returns_revenue,
                sum(c.rows_so_far) FILTER (WHERE c.named AND c.ordered) AS used,
                sum(c.revenue_so_far) FILTER (WHERE c.named AND c.ordered) AS used_revenue
            FROM (
                SELECT h.no_time, h.invalid_time, h.no_amount, h.invalid_amount, h.zero_amount, h.customer IS NOT NULL AS named,
                    %2$s.order_count(h.history) + %2$s.return_count(h.history) AS kept_rows,
                    %2$s.revenue(h.history) AS revenue,
                    %2$s.order_count(h.history, r.as_of) + %2$s.return_count(h.history, r.as_of) AS rows_so_far,
                    %2$s.revenue(h.history, r.as_of) AS revenue_so_far,
                    %2$s.first_order(h.history, r.as_of) IS NOT NULL AS ordered
                FROM %1$I.order_history h
                CROSS JOIN %1$I.reporting_date r
            ) c
        ) s
        CROSS JOIN LATERAL (VALUES
            (1, 'used', 'Counted in the views', coalesce(s.used, 0), coalesce(s.used_revenue, 0.00)),
            (2, 'no_customer', 'Without a customer: nobody knows who bought', coalesce(s.no_customer, 0), coalesce(s.no_customer_revenue, 0.00)),
            (3, 'no_time', 'Without a time', coalesce(s.no_time, 0), NULL),
            (4, 'invalid_time', 'With an infinite time, or one outside the years 1 to 9999', coalesce(s.invalid_time, 0), NULL),
            (5, 'no_amount', 'Without an amount', coalesce(s.no_amount, 0), NULL),
            (6, 'invalid_amount', 'With an amount that is not a number, infinite, or past 922 trillion', coalesce(s.invalid_amount, 0), NULL),
            (7, 'future', 'On or after the reporting date: not counted yet', coalesce(s.future, 0), coalesce(s.future_revenue, 0.00)),
            (8, 'only_returns', 'Of customers who returned goods but have no order before the reporting date', coalesce(s.only_returns, 0), coalesce(s.only_returns_revenue, 0.00)),
            (9, 'zero_amount', 'With an amount of 0, where the settings skip them', coalesce(s.zero_amount, 0), NULL)
        ) v("position", reason, description, order_rows, revenue)
        $view$, workspace, '@extschema@') || more,
        'The rows of the orders by what became of them: each row is under exactly one reason',
        ARRAY[['position', 'Order in which to show the reasons'],
              ['reason', 'used, or why the rows are left out of the other views'],
              ['description', 'The reason in words'],
              ['order_rows', 'Number of rows'],
              ['pct_of_rows', 'Share of all rows, 0 to 100'],
              ['revenue', 'Sum of their amounts, returns taken off; empty where the rows have no usable amount or time, or amounts of 0'],
              ['refreshed_at', 'When the orders were read: now, with stored figures at the last refresh']]);
END
$$;
COMMENT ON FUNCTION workspace_create_data_quality(name, text) IS
'Internal to attach_orders(): Makes the view data_quality of a workspace.
Arguments: workspace; more: a query for further rows, after UNION ALL.';
-- workspace: the answers one by one, and those that are left out

CREATE FUNCTION workspace_role_column(attached attached_relation, role text) RETURNS order_column
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN nullif((attached).columns->>role, '') IS NOT NULL
        THEN @extschema@.workspace_given_column((attached).relation, role, (attached).columns->>role) END
$$;
COMMENT ON FUNCTION workspace_role_column(attached_relation, text) IS
'Internal to attach_answers(): The column of an attached relation for a role, NULL where there is none.';

CREATE FUNCTION workspace_filled_text_sql(attached attached_relation, role text) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('nullif(btrim(%s), '''')', @extschema@.workspace_text_sql(@extschema@.workspace_role_column(attached, role)))
$$;
COMMENT ON FUNCTION workspace_filled_text_sql(attached_relation, text) IS
'Internal to attach_answers(): The SQL expression of an optional column of a row o as text without blanks around it, NULL where nothing is left.';

CREATE FUNCTION workspace_usable_score_sql(score order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- NaN is above all numbers.
    SELECT format('(o.%1$I >= 0 AND o.%1$I <= 10)', (score).name)
$$;
COMMENT ON FUNCTION workspace_usable_score_sql(order_column) IS
'Internal to attach_answers(): The SQL condition on a row o of answers that its score is one.';

-- The group goes by the score as it is: near its bounds rounding would change it. A numeric of hundreds of decimals has no
-- double precision.
CREATE FUNCTION workspace_shown_score_sql(score order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(CASE (score).type WHEN 'numeric'::regtype THEN 'round(o.%1$I, 4)' ELSE 'o.%1$I' END || '::double precision AS score,
            CASE WHEN o.%1$I >= 9 THEN ''promoter'' WHEN o.%1$I >= 7 THEN ''passive'' ELSE ''detractor'' END AS nps_group', (score).name)
$$;
COMMENT ON FUNCTION workspace_shown_score_sql(order_column) IS
'Internal to attach_answers(): The SQL list of score and nps_group of a row o of answers.';

CREATE FUNCTION workspace_past_sql(at order_column) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN (at).name IS NULL THEN 'false'
        ELSE format('coalesce(%s AND %s < r.as_of, false)', @extschema@.workspace_usable_time_sql(at), @extschema@.workspace_day_sql(at)) END
$$;
COMMENT ON FUNCTION workspace_past_sql(order_column) IS
'Internal to attach_answers(): The SQL condition on a row o, with settings s and reporting date r, that something was done before the reporting date.';

-- A date has no hours: between it and anything else there are whole days.
CREATE FUNCTION workspace_hours_sql(began order_column, ended order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN 'date'::regtype IN ((began).type, (ended).type) THEN format('24 * (%s - %s)::double precision',
            @extschema@.workspace_day_sql(ended), @extschema@.workspace_day_sql(began))
        WHEN (began).type = (ended).type THEN format('(extract(epoch FROM o.%I - o.%I) / 3600)::double precision', (ended).name, (began).name)
        WHEN (began).type = 'timestamptz'::regtype
            THEN format('(extract(epoch FROM o.%I - (o.%I AT TIME ZONE s.time_zone)) / 3600)::double precision', (ended).name, (began).name)
        ELSE format('(extract(epoch FROM (o.%I AT TIME ZONE s.time_zone) - o.%I) / 3600)::double precision', (ended).name, (began).name) END
$$;
COMMENT ON FUNCTION workspace_hours_sql(order_column, order_column) IS
'Internal to attach_answers(): The SQL expression of the hours between two columns of a row o, with settings s.';

CREATE FUNCTION workspace_hours_until_sql(began order_column, ended order_column) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN (ended).name IS NULL THEN 'NULL::double precision'
        ELSE format('CASE WHEN %1$s THEN CASE WHEN %2$s >= 0 THEN %2$s END END', @extschema@.workspace_past_sql(ended),
            @extschema@.workspace_hours_sql(began, ended)) END
$$;
COMMENT ON FUNCTION workspace_hours_until_sql(order_column, order_column) IS
'Internal to attach_answers(): The SQL expression of the hours until something was done to a row o; NULL where it was not, or before the answer came.';

CREATE FUNCTION workspace_answer_rows_sql(workspace name, attached attached_relation) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    answered_at CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'answered_at');
    replied_at CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'replied_at');
    resolved_at CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'resolved_at');
    score CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'score');
    texts CONSTANT text := (SELECT string_agg(format(CASE r.role WHEN 'kind' THEN 'lower(%s COLLATE "C") COLLATE "default" AS %I' ELSE '%s AS %I' END,
            @extschema@.workspace_filled_text_sql(attached, r.role), r.role), ', ')
        FROM unnest('{touchpoint,channel,employee,comment,kind,wish,owner}'::text[]) r(role));
BEGIN
    -- As one CASE the planner takes the conditions for half of the rows. Of ranges one by one it would expect next to none
    -- while there are no statistics, and then loop over all customers for each answer.
    RETURN format($query$
        SELECT %2$s AS customer, o.%3$I AS at, %4$s AS day, %5$s.period_start(%4$s, s.period) AS period_start, %6$s, %7$s,
            %8$s AS replied, %9$s AS reply_hours, %10$s AS resolved, %11$s AS resolve_hours,
            s.nps_answers, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by
        FROM %12$s o
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN (SELECT x.as_of FROM %1$I.reporting_date x LIMIT 1) r
        WHERE CASE WHEN %13$s AND %14$s THEN %4$s < r.as_of ELSE false END
        $query$, workspace, attached.key, answered_at.name, @extschema@.workspace_day_sql(answered_at), '@extschema@',
        @extschema@.workspace_shown_score_sql(score), texts,
        @extschema@.workspace_past_sql(replied_at), @extschema@.workspace_hours_until_sql(answered_at, replied_at),
        @extschema@.workspace_past_sql(CASE WHEN resolved_at.name IS NULL THEN replied_at ELSE resolved_at END),
        @extschema@.workspace_hours_until_sql(answered_at, resolved_at), attached.relation,
        @extschema@.workspace_usable_time_sql(answered_at), @extschema@.workspace_usable_score_sql(score));
END
$$;
COMMENT ON FUNCTION workspace_answer_rows_sql(name, attached_relation) IS
'Internal to attach_answers(): The query for the rows that are answers before the reporting date, with the settings that they need.';

CREATE FUNCTION workspace_answer_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['customer', 'The customer, as in the orders; empty where nobody knows who answered'],
        ['answer_number', '1 for the customer''s first answer, and so on; all without a customer are numbered together'],
        ['day', 'Day of the answer'],
        ['score', 'How likely the customer is to recommend, 0 to 10'],
        ['nps_group', 'promoter (9 and above), passive (7 and above) or detractor'],
        ['touchpoint', 'What the answer is about; empty where unknown'],
        ['channel', 'How it came; empty where unknown'],
        ['employee', 'Who served the customer; empty where unknown'],
        ['comment', 'What the customer wrote; empty without'],
        ['kind', 'Kind of the comment: positive, negative, question, criticism, idea, lead or another; empty where unknown'],
        ['owner', 'Who has to reply; empty where nobody has'],
        ['replied', 'Whether there was a reply before the reporting date'],
        ['reply_hours', 'Hours from the answer to the reply, whole days where either is a date; empty without one']]
$$;
COMMENT ON FUNCTION workspace_answer_comments() IS
'Internal to attach_answers(): The comments on the columns of single answers.';

CREATE FUNCTION workspace_create_answers_enriched(workspace name, attached attached_relation) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Whoever answers twice at the same time is counted with the lower score. Windows by customer let a condition on the
    -- customer reach an index, and both joins go away where nobody asks for their columns (see orders_enriched). Histories
    -- are joined last, and what begins with WITH is planned by itself: nothing carries a history on with each answer.
    PERFORM @extschema@.workspace_create_view(workspace, 'answers_enriched', format($view$
        WITH numbered AS (
            SELECT o.*, c.abc, c.xyz, c.cell, row_number() OVER one_by_one AS answer_number,
                o.customer IS NULL OR lead(o.day) OVER one_by_one IS NULL AS is_latest,
                o.customer IS NULL OR lead(o.period_start) OVER one_by_one IS DISTINCT FROM o.period_start AS is_latest_of_period,
                o.customer IS NULL OR lead(o.day) OVER by_touchpoint IS NULL AS is_latest_of_touchpoint
            FROM (%3$s) o
            LEFT JOIN (
                SELECT k.customer, k.as_of, min(k.abc) AS abc, min(k.xyz) AS xyz, min(k.cell) AS cell
                FROM %1$I.class_history k
                GROUP BY k.customer, k.as_of) c ON c.customer = CASE WHEN o.score >= 0 THEN o.customer END AND c.as_of = o.period_start
            WINDOW one_by_one AS (PARTITION BY o.customer ORDER BY o.day, o.at, o.score DESC, o.touchpoint, o.channel, o.employee,
                    o.comment, o.kind, o.wish, o.owner, o.replied, o.reply_hours, o.resolved, o.resolve_hours),
                by_touchpoint AS (PARTITION BY o.customer, o.touchpoint ORDER BY o.day, o.at, o.score DESC, o.channel, o.employee,
                    o.comment, o.kind, o.wish, o.owner, o.replied, o.reply_hours, o.resolved, o.resolve_hours)
        )
        SELECT a.customer, a.answer_number, a.day, a.period_start, a.score, a.nps_group, a.touchpoint, a.channel, a.employee,
            a.comment, a.kind, a.wish, a.owner, a.replied, a.reply_hours, a.resolved, a.resolve_hours / 24 AS resolve_days,
            a.kind IS NOT NULL AND a.kind IN ('negative', 'criticism', 'question', 'lead')
                OR a.kind IS NULL AND a.comment IS NOT NULL AND a.nps_group = 'detractor' AS needs_reply,
            %2$s.lifecycle_stage(h.history, a.day, a.new_within, a.lost_after, a.regular_within, a.regular_purchases, a.count_by) AS stage,
            a.abc, a.xyz, a.cell, a.is_latest,
            a.is_latest OR a.nps_answers = 'all' AS counts_overall,
            a.is_latest_of_period OR a.nps_answers = 'all' AS counts_in_period,
            a.is_latest_of_touchpoint OR a.nps_answers = 'all' AS counts_at_touchpoint
        FROM numbered a
        LEFT JOIN %1$I.customer_history h ON h.customer = a.customer
        $view$, workspace, '@extschema@', @extschema@.workspace_answer_rows_sql(workspace, attached)),
        'The answers one by one, with what the customer was at that time',
        @extschema@.workspace_answer_comments() || ARRAY[
            ['period_start', 'First day of the period of the answer'],
            ['wish', 'What would make it a 10; empty without'],
            ['resolved', 'Whether it was resolved before the reporting date; where no column tells, whether there was a reply'],
            ['resolve_days', 'Days from the answer until it was resolved; empty where it was not'],
            ['needs_reply', 'Whether somebody should reply: a negative, criticism, question or lead, or a detractor''s comment of no kind'],
            ['stage', 'Stage of the lifecycle at the start of that day; empty before the first order and without a customer'],
            ['abc', 'ABC class at the start of that period, for the period under way and the eleven before it'],
            ['xyz', 'XYZ class at the start of that period'],
            ['cell', 'Cell of the matrix at the start of that period'],
            ['is_latest', 'Whether it is the customer''s latest answer; true without a customer'],
            ['counts_overall', 'Whether it counts in figures over all touchpoints: the latest, or all as the settings say'],
            ['counts_in_period', 'Whether it counts in the figures of its period'],
            ['counts_at_touchpoint', 'Whether it counts in the figures of its touchpoint']]);
END
$$;
COMMENT ON FUNCTION workspace_create_answers_enriched(name, attached_relation) IS
'Internal to attach_answers(): Makes the view answers_enriched of a workspace.';

CREATE FUNCTION workspace_create_answer_quality(workspace name, attached attached_relation) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    answered_at CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'answered_at');
    score CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'score');
BEGIN
    -- A full join is never a loop over all customers for each answer, however few the planner expects.
    PERFORM @extschema@.workspace_create_view(workspace, 'answer_quality', format($view$
        SELECT v."position", v.reason, v.description, v.counted, v.answers,
            100 * v.answers::double precision / nullif(sum(v.answers) OVER (), 0)::double precision AS pct_of_answers, r.refreshed_at
        FROM (SELECT x.as_of, x.refreshed_at FROM %1$I.reporting_date x LIMIT 1) r
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
                SELECT %2$s AS customer, CASE
                        WHEN o.%3$I IS NULL THEN 'no_time'
                        WHEN NOT %4$s THEN 'invalid_time'
                        WHEN o.%5$I IS NULL THEN 'no_score'
                        WHEN NOT %6$s THEN 'invalid_score'
                        WHEN %7$s >= r.as_of THEN 'future'
                        ELSE 'used' END AS reason
                FROM %8$s o
                CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s) a
            FULL JOIN (
                SELECT c.customer, %9$s.first_order(c.history, r.as_of) IS NOT NULL AS ordered
                FROM %1$I.customer_history c) h ON h.customer = a.customer) f
        CROSS JOIN LATERAL (VALUES
            (1, 'used', 'of customers with an order before the reporting date', true, f.used),
            (2, 'no_customer', 'without a customer', true, f.no_customer),
            (3, 'unknown_customer', 'of customers without an order before the reporting date', true, f.unknown_customer),
            (4, 'no_time', 'without a time', false, f.no_time),
            (5, 'invalid_time', 'with an infinite time, or one outside the years 1 to 9999', false, f.invalid_time),
            (6, 'no_score', 'without a score', false, f.no_score),
            (7, 'invalid_score', 'with a score outside 0 to 10, or that is not a number', false, f.invalid_score),
            (8, 'future', 'on or after the reporting date: not counted yet', false, f.future)
        ) v("position", reason, description, counted, answers)
        ORDER BY v."position"
        $view$, workspace, attached.key, answered_at.name, @extschema@.workspace_usable_time_sql(answered_at), score.name,
            @extschema@.workspace_usable_score_sql(score), @extschema@.workspace_day_sql(answered_at), attached.relation, '@extschema@'),
        'The rows of the answers by what became of them: each row is under exactly one reason',
        ARRAY[['position', 'Order in which to show the reasons'],
              ['reason', 'used, no_customer and unknown_customer count; the others say why rows are left out'],
              ['description', 'The reason in words'],
              ['counted', 'Whether such answers count'],
              ['answers', 'Number of rows'],
              ['pct_of_answers', 'Share of all rows, 0 to 100'],
              ['refreshed_at', 'When the answers were read: now, with stored figures at the last refresh']]);
END
$$;
COMMENT ON FUNCTION workspace_create_answer_quality(name, attached_relation) IS
'Internal to attach_answers(): Makes the view answer_quality of a workspace.';
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
    workspace text DEFAULT 'loyalty')
RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    found @extschema@.attach_finding;
BEGIN
    IF answers IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'answers and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of answers: attach_answers(''sales.answers'').';
    END IF;
    FOR found IN
        SELECT f.* FROM @extschema@.workspace_attach_relation(workspace, 'answers', answers, jsonb_build_object(
            'customer', customer, 'answered_at', answered_at, 'score', score, 'touchpoint', touchpoint, 'channel', channel, 'employee', employee,
            'comment', comment, 'kind', kind, 'wish', wish, 'owner', owner, 'replied_at', replied_at, 'resolved_at', resolved_at)) f
    LOOP
        IF found.topic = 'customer' THEN
            found.advice := @extschema@.workspace_answers_index_advice(workspace, answers);
        END IF;
        RETURN NEXT found;
    END LOOP;
    IF to_regclass(format('%I.answer_quality', workspace)) IS NOT NULL THEN
        RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_answers(workspace) f;
    END IF;
END
$$;
COMMENT ON FUNCTION attach_answers(regclass, text, text, text, text, text, text, text, text, text, text, text, text, text) IS
'Attaches answers to "How likely are you to recommend us?" to a workspace, which makes nps_summary, nps_by_period, nps_by_touchpoint, nps_by_segment, improvements, voice_of_customer, feedback_inbox, response_times, answers_enriched and answer_quality, and fills nps in overview. Can be run again.
Arguments: answers: a table, partitioned or foreign table, view or materialized view with one row per answer; customer (who may be NULL: nobody knows who answered), answered_at, score (a number, 0 to 10): names of its columns, where left out those of the last time, else found by their usual names; workspace: name of the schema. Further columns that an answer may have, found by their usual names where left out, none where empty (''''): touchpoint: what it is about; channel: how it came; employee: who served; comment; kind: positive, negative, question, criticism, idea, lead or another; wish: what would make it a 10; owner: who has to reply; replied_at, resolved_at: when that was done.
Where nobody is asked for a name, attach a view with NULL::integer AS customer.
Result: rows of topic, finding and advice: what was found and chosen, how many answers count, and why others do not.
Errors: 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 42501 without SELECT on the columns or for a workspace of somebody else, 22004 for NULL.';

CREATE FUNCTION workspace_answers_index_advice(workspace text, answers regclass) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@.workspace_index_advice(answers,
        @extschema@.workspace_given_column(answers, 'customer', @extschema@.workspace_attached_columns(workspace, answers, 'answers')->>'customer'),
        'the answers of one customer are found at once')
$$;
COMMENT ON FUNCTION workspace_answers_index_advice(text, regclass) IS
'Internal to attach_answers(): The statement that would index the customer of the attached answers, NULL where a usable index is there or none can be.';

CREATE FUNCTION workspace_diagnose_answers(workspace name) RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found record;
BEGIN
    EXECUTE format($query$
        SELECT coalesce(sum(q.answers), 0) AS answers, coalesce(sum(q.answers) FILTER (WHERE q.counted), 0) AS counted,
            string_agg(q.answers || ' ' || q.description, '; ' ORDER BY q."position") FILTER (WHERE NOT q.counted AND q.answers > 0) AS left_out,
            sum(q.answers) FILTER (WHERE q.reason = 'unknown_customer') AS strangers
        FROM %I.answer_quality q
        $query$, workspace) INTO found;
    RETURN QUERY VALUES ('answers', format('%s rows, %s of them counted', found.answers, found.counted), 'Left out: ' || found.left_out);
    IF found.strangers > 0 THEN
        RETURN QUERY VALUES ('unknown customers', format('%s answers of customers without an order before the reporting date', found.strangers),
            'They count, as unknown in nps_by_segment; if there are many, look whether the column is the customer of the orders');
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_diagnose_answers(name) IS
'Internal to attach_answers(): What is there to tell about the rows of the answers.';

CREATE FUNCTION detach_answers(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM @extschema@.workspace_enter(workspace);
    IF to_regclass(format('%I.nps_of_period', workspace)) IS NOT NULL THEN
        PERFORM @extschema@.workspace_create_no_answers(workspace);
    END IF;
    PERFORM @extschema@.workspace_detach_relation(workspace, 'answers', '{open_questions,nps_summary,nps_by_period,nps_by_touchpoint,nps_by_segment,improvements,voice_of_customer,feedback_inbox,response_times,answer_quality,answers_enriched}');
END
$$;
COMMENT ON FUNCTION detach_answers(text) IS
'Takes the answers from a workspace: the table stays as it is, the views that read it go, and nps in overview is empty. The texts of nps_advice are kept.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 2BP01 if something else stands on the views.';

CREATE FUNCTION workspace_create_answers_views(workspace name, orders_customer order_column) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'answers', orders_customer);
BEGIN
    PERFORM @extschema@.workspace_create_nps_advice(workspace);
    PERFORM @extschema@.workspace_create_answers_enriched(workspace, attached);
    PERFORM @extschema@.workspace_create_answer_quality(workspace, attached);
    PERFORM @extschema@.workspace_create_nps_of_period(workspace);
    PERFORM @extschema@.workspace_create_nps_by_period(workspace);
    PERFORM @extschema@.workspace_create_nps_summary(workspace);
    PERFORM @extschema@.workspace_create_nps_by_touchpoint(workspace);
    PERFORM @extschema@.workspace_create_nps_by_segment(workspace);
    PERFORM @extschema@.workspace_create_improvements(workspace);
    PERFORM @extschema@.workspace_create_voice_of_customer(workspace);
    PERFORM @extschema@.workspace_create_feedback_inbox(workspace);
    PERFORM @extschema@.workspace_create_response_times(workspace);
    PERFORM @extschema@.workspace_create_open_questions(workspace, orders_customer);
END
$$;
COMMENT ON FUNCTION workspace_create_answers_views(name, order_column) IS
'Internal to attach_answers(): Makes the views of a workspace that read the attached answers.
Errors: as workspace_attached_relation().';
-- workspace: what customers ask for, and who has to reply

CREATE FUNCTION workspace_create_improvements(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- The full join keeps the customers whatever the planner expects; those who wished for nothing have no group in the end.
    -- DISTINCT tells that each is there once (see first_purchase).
    PERFORM @extschema@.workspace_create_view(workspace, 'improvements', format($view$
        SELECT row_number() OVER (ORDER BY q.asked DESC, q.detractors DESC, q.last_day DESC, q.wish) AS "position",
            q.wish, q.asked, q.promoters, q.passives, q.detractors, q.asked_in_all, i.estimate AS share, i.lower, i.upper,
            q.customers, q.last_year_revenue, q.last_day, q.asked_in_all >= s.enough AS enough
        FROM (
            SELECT f.*, (sum(f.asked) OVER ())::bigint AS asked_in_all
            FROM (
                SELECT min(m.wish) AS wish, sum(m.passives + m.detractors)::bigint AS asked, sum(m.promoters)::bigint AS promoters,
                    sum(m.passives)::bigint AS passives, sum(m.detractors)::bigint AS detractors, max(m.last_day) AS last_day,
                    count(m.customer) AS customers, coalesce(sum(c.last_year_revenue), 0.00) AS last_year_revenue
                FROM (
                    SELECT lower(regexp_replace(a.wish, '[[:space:]]+', ' ', 'g')) AS same_wish, a.customer, min(a.wish) AS wish, max(a.day) AS last_day,
                        count(*) FILTER (WHERE a.nps_group = 'promoter') AS promoters,
                        count(*) FILTER (WHERE a.nps_group = 'passive') AS passives,
                        count(*) FILTER (WHERE a.nps_group = 'detractor') AS detractors
                    FROM %1$I.answers_enriched a
                    CROSS JOIN (%3$s) w
                    WHERE a.wish IS NOT NULL AND a.day >= w.from_date
                    GROUP BY 1, 2) m
                FULL JOIN (SELECT DISTINCT ON (k.customer) k.customer, k.last_year_revenue FROM %1$I.customer_classes k) c ON c.customer = m.customer
                GROUP BY m.same_wish) f
            WHERE f.asked > 0) q
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN LATERAL %2$s.wilson_interval(q.asked, q.asked_in_all) i
        $view$, workspace, '@extschema@', @extschema@.workspace_answer_window_sql(workspace)),
        'What would make it a 10: the wishes of detractors and passives in the last twelve months (nps_window), the most frequent first. Every answer counts',
        ARRAY[['position', 'Order by number of those who ask for it'],
              ['wish', 'The wish; case and blanks do not tell wishes apart'],
              ['asked', 'Number of answers by passives and detractors that ask for it'],
              ['promoters', 'Number of promoters'' answers that ask for it'],
              ['passives', 'Number of passives'' answers'],
              ['detractors', 'Number of detractors'' answers'],
              ['asked_in_all', 'Number of answers by passives and detractors with any wish'],
              ['share', 'Share of the wish in them, 0 to 1'],
              ['lower', 'Lower bound of its 95 % interval (Wilson)'],
              ['upper', 'Upper bound'],
              ['customers', 'Number of customers who ask for it, promoters too'],
              ['last_year_revenue', 'Their revenue of the twelve months that end with the last order of each'],
              ['last_day', 'Day of the latest answer with it'],
              ['enough', 'Whether there are enough wishes to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_improvements(name) IS
'Internal to attach_answers(): Makes the view improvements of a workspace.';

CREATE FUNCTION workspace_create_feedback_inbox(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- The full join is never a loop over all customers for each answer. OFFSET 0 keeps the planner from making less of it.
    PERFORM @extschema@.workspace_create_view(workspace, 'feedback_inbox', format($view$
        SELECT row_number() OVER (ORDER BY q.last_year_revenue DESC NULLS LAST, q.day, q.customer, q.answer_number) AS "position",
            q.customer, q.answer_number, q.day, r.as_of - q.day AS age_days, q.kind, q.score, q.nps_group, q.comment, q.touchpoint, q.channel,
            q.employee, q.owner, q.replied, q.reply_hours, q.last_year_revenue, q.stage, q.cell, p.action AS policy, d.customer_name, d.contact
        FROM (
            SELECT a.customer, a.answer_number, a.day, a.kind, a.score, a.nps_group, a.comment, a.touchpoint, a.channel, a.employee, a.owner,
                a.replied, a.reply_hours, c.last_year_revenue, c.stage, c.cell
            FROM (
                SELECT e.customer, e.answer_number, e.day, e.kind, e.score, e.nps_group, e.comment, e.touchpoint, e.channel, e.employee,
                    e.owner, e.replied, e.reply_hours
                FROM %1$I.answers_enriched e
                WHERE e.needs_reply AND NOT e.resolved) a
            FULL JOIN (
                SELECT k.customer, k.last_year_revenue, k.stage, k.cell FROM %1$I.customer_classes k) c ON c.customer = a.customer
            OFFSET 0) q
        CROSS JOIN %1$I.reporting_date r
        LEFT JOIN %1$I.policies p ON p.cell = q.cell
        LEFT JOIN %1$I.customer_details d ON d.customer = q.customer
        WHERE q.answer_number IS NOT NULL
        $view$, workspace),
        'What waits for somebody, the most valuable customer first: negatives, criticism, questions and leads that are not resolved, and detractors'' comments of no kind',
        @extschema@.workspace_answer_comments() || @extschema@.workspace_detail_comments() || ARRAY[
            ['position', 'Order in which to turn to them'],
            ['age_days', 'Days from the answer to the reporting date'],
            ['last_year_revenue', 'Revenue of the twelve months that end with the customer''s last order; empty for those not known'],
            ['stage', 'Stage of the lifecycle at the reporting date'],
            ['cell', 'Cell of the matrix; empty without a purchase in its window'],
            ['policy', 'What to do with that cell, from the table policies']]);
END
$$;
COMMENT ON FUNCTION workspace_create_feedback_inbox(name) IS
'Internal to attach_answers(): Makes the view feedback_inbox of a workspace.';

CREATE FUNCTION workspace_create_response_times(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'response_times', format($view$
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
            FROM %1$I.answers_enriched a
            CROSS JOIN (%3$s) w
            CROSS JOIN LATERAL (VALUES ('kind', coalesce(a.kind, 'none')), ('owner', coalesce(a.owner, 'none'))) v(dimension, value)
            WHERE a.needs_reply AND a.day >= w.from_date
            GROUP BY v.dimension, v.value) q
        CROSS JOIN LATERAL %2$s.wilson_interval(q.replied, q.answers) i
        ORDER BY q.dimension, q.value
        $view$, workspace, '@extschema@', @extschema@.workspace_answer_window_sql(workspace)),
        'How fast those who need a reply got one: negatives, criticism, questions, leads and detractors'' comments of no kind in the last twelve months (nps_window), by kind and by owner',
        ARRAY[['dimension', 'kind or owner'],
              ['value', 'Its value; none where unknown'],
              ['answers', 'Number of answers that need a reply'],
              ['replied', 'Number of those that got one before the reporting date'],
              ['unanswered', 'Number of those that wait for one'],
              ['replied_share', 'Share of those with a reply, 0 to 1'],
              ['replied_share_lower', 'Lower bound of its 95 % interval (Wilson)'],
              ['replied_share_upper', 'Upper bound'],
              ['median_reply_hours', 'Median hours to the reply, of those that got one'],
              ['p90_reply_hours', 'Nine of ten of those got it within so many hours'],
              ['resolved', 'Number of those that are resolved'],
              ['unresolved', 'Number of those that are not'],
              ['median_resolve_days', 'Median days until it was resolved, of those that are'],
              ['p90_resolve_days', 'Nine of ten of those were within so many days'],
              ['enough', 'Whether there are enough answers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_response_times(name) IS
'Internal to attach_answers(): Makes the view response_times of a workspace.';
-- workspace: what kinds of things customers say, period by period

-- A kind has a row where it was there in the period or the one before; the six usual ones always have one.
CREATE FUNCTION workspace_voice_rows_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        WITH shop AS MATERIALIZED (%3$s), counted AS MATERIALIZED (
            SELECT a.period_start, coalesce(a.kind, 'none') AS kind, count(*) AS answers
            FROM %1$I.answers_enriched a
            WHERE a.period_start >= (SELECT w.first_period FROM shop w)
            GROUP BY 1, 2
        ), periods AS MATERIALIZED (
            SELECT g::date AS period_start, coalesce(t.answers, 0) AS answers,
                coalesce(lag(t.answers) OVER (ORDER BY g), 0) AS previous_answers, (g::date + w.step)::date <= w.as_of AS complete, w.enough, w.step
            FROM shop w
            CROSS JOIN LATERAL generate_series((SELECT min(c.period_start) FROM counted c)::timestamp,
                %2$s.period_start(w.as_of - 1, w.period)::timestamp, w.step) g
            LEFT JOIN (
                SELECT c.period_start, sum(c.answers)::bigint AS answers FROM counted c GROUP BY c.period_start) t ON t.period_start = g::date
        ), shown AS (
            SELECT c.period_start, c.kind FROM counted c
            UNION SELECT (c.period_start + w.step)::date AS period_start, c.kind FROM counted c CROSS JOIN shop w
            UNION SELECT p.period_start, v.kind
                FROM periods p CROSS JOIN (VALUES ('positive'), ('negative'), ('question'), ('criticism'), ('idea'), ('lead')) v(kind)
        )
        SELECT p.period_start, p.complete, k.kind, coalesce(n.answers, 0) AS answers, p.answers AS period_answers,
            coalesce(b.answers, 0) AS previous_answers, p.previous_answers AS previous_period_answers, p.enough
        FROM periods p
        JOIN shown k ON k.period_start = p.period_start
        LEFT JOIN counted n ON n.period_start = k.period_start AND n.kind = k.kind
        LEFT JOIN counted b ON b.period_start = (k.period_start - p.step)::date AND b.kind = k.kind
        $query$, workspace, '@extschema@', @extschema@.workspace_answer_window_sql(workspace))
$$;
COMMENT ON FUNCTION workspace_voice_rows_sql(name) IS
'Internal to attach_answers(): The query for the answers by period and kind, beside the period before.';

CREATE FUNCTION workspace_create_voice_of_customer(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'voice_of_customer', format($view$
        SELECT q.period_start, q.complete, q.kind, q.answers, q.period_answers, i.estimate AS share, i.lower, i.upper,
            q.previous_answers, q.previous_period_answers, 100 * t.difference AS change, 100 * t.lower AS change_lower,
            100 * t.upper AS change_upper, t.p_value,
            CASE WHEN t.lower > 0 THEN 'up' WHEN t.upper < 0 THEN 'down' WHEN t.difference IS NOT NULL THEN 'flat' END AS verdict,
            q.period_answers >= q.enough AND q.previous_period_answers >= q.enough AS enough
        FROM (%3$s) q
        CROSS JOIN LATERAL %2$s.wilson_interval(q.answers, q.period_answers) i
        CROSS JOIN LATERAL %2$s.share_test(q.answers, q.period_answers, q.previous_answers, q.previous_period_answers) t
        ORDER BY q.period_start, q.kind
        $view$, workspace, '@extschema@', @extschema@.workspace_voice_rows_sql(workspace)),
        'What kinds of things customers say, period by period since the first answer: positive, negative, question, criticism, idea, lead, others as they are, none. Every answer counts',
        ARRAY[['period_start', 'First day of the period'],
              ['complete', 'Whether the period is complete'],
              ['kind', 'Kind of the comment; none where it is not known'],
              ['answers', 'Number of answers of the kind'],
              ['period_answers', 'Number of all answers of the period'],
              ['share', 'Share of the kind in them, 0 to 1; empty without answers'],
              ['lower', 'Lower bound of its 95 % interval (Wilson)'],
              ['upper', 'Upper bound'],
              ['previous_answers', 'Number of answers of the kind in the period before'],
              ['previous_period_answers', 'Number of all answers of that period'],
              ['change', 'Change of the share against the period before, in points'],
              ['change_lower', 'Lower bound of its 95 % interval (Newcombe)'],
              ['change_upper', 'Upper bound'],
              ['p_value', 'Probability of a change at least as large, in either direction, if there were none; empty where all answers are of one sort'],
              ['verdict', 'up or down where the interval is on one side of 0, else flat; empty where either period has no answers'],
              ['enough', 'Whether there are enough answers in both periods to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_voice_of_customer(name) IS
'Internal to attach_answers(): Makes the view voice_of_customer of a workspace.';
-- workspace: the Net Promoter Score, now and period by period

CREATE FUNCTION workspace_create_nps_advice(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.nps_advice', workspace)) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %1$I.nps_advice (
                band text PRIMARY KEY
                    CONSTRAINT "band is strong, average or weak" CHECK (band IN ('strong', 'average', 'weak')),
                advice text NOT NULL
            );
            INSERT INTO %1$I.nps_advice VALUES
                ('strong', 'Service builds loyalty: keep it up, thank promoters and ask them for referrals'),
                ('average', 'There is something to improve: do what passives and detractors ask for most'),
                ('weak', 'Analyse the processes and change them: call detractors, begin where most of them complain')
            $ddl$, workspace);
    END IF;
    PERFORM @extschema@.workspace_describe_relation(workspace, 'nps_advice', 'What to do with a Net Promoter Score of each band: yours to edit',
        ARRAY[['band', 'strong (50 and above), average (30 and above) or weak'],
              ['advice', 'What to do']]);
END
$$;
COMMENT ON FUNCTION workspace_create_nps_advice(name) IS
'Internal to attach_answers(): Makes the table nps_advice of a workspace and fills it in, or keeps the one that is there.';

CREATE FUNCTION workspace_nps_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['responses', 'Number of answers that count'],
        ['promoters', 'Number of those of 9 and above'],
        ['passives', 'Number of those of 7 and above, but below 9'],
        ['detractors', 'Number of those below 7'],
        ['score', 'Net Promoter Score in points, -100 to 100; empty without answers'],
        ['score_lower', 'Lower bound of its 95 % interval'],
        ['score_upper', 'Upper bound'],
        ['enough', 'Whether there are enough answers to go by']]
$$;
COMMENT ON FUNCTION workspace_nps_comments() IS
'Internal to attach_answers(): The comments on the columns of a score and what is behind it.';

CREATE FUNCTION workspace_nps_change_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['previous_responses', 'Number of answers in the period before'],
        ['previous_score', 'Score of the period before'],
        ['change', 'Change of the score against it, in points: change of promoters less change of detractors'],
        ['change_lower', 'Lower bound of its 95 % interval'],
        ['change_upper', 'Upper bound'],
        ['promoters_change', 'Change of the share of promoters, in points'],
        ['detractors_change', 'Change of the share of detractors, in points'],
        ['verdict', 'up, down, or flat where the interval holds 0 or the change is below 2 points; empty where either period has no answers']]
$$;
COMMENT ON FUNCTION workspace_nps_change_comments() IS
'Internal to attach_answers(): The comments on the columns of the change of a score.';

CREATE FUNCTION workspace_nps_agg_sql(condition text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%1$s.nps(count(*) FILTER (WHERE a.nps_group = ''promoter'' AND %2$s), count(*) FILTER (WHERE a.nps_group = ''passive'' AND %2$s),
                count(*) FILTER (WHERE a.nps_group = ''detractor'' AND %2$s))', '@extschema@', condition)
$$;
COMMENT ON FUNCTION workspace_nps_agg_sql(text) IS
'Internal to attach_answers(): The SQL expression that counts rows a of answers_enriched under a condition into an nps.';

CREATE FUNCTION workspace_nps_columns_sql(answers text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%1$s.nps_responses(%2$s) AS responses, %1$s.nps_promoters(%2$s) AS promoters, %1$s.nps_passives(%2$s) AS passives,
            %1$s.nps_detractors(%2$s) AS detractors', '@extschema@', answers)
$$;
COMMENT ON FUNCTION workspace_nps_columns_sql(text) IS
'Internal to attach_answers(): The SQL list of the counts of an nps.';

CREATE FUNCTION workspace_answer_window_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
            SELECT r.as_of, r.first_period, s.period, s.enough, %2$s AS step,
                greatest(coalesce((r.as_of - s.nps_window)::date, date '0001-01-01'), date '0001-01-01') AS from_date
            FROM %1$I.reporting_date r
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            LIMIT 1
        $query$, workspace, @extschema@.workspace_period_step_sql('s.period'))
$$;
COMMENT ON FUNCTION workspace_answer_window_sql(name) IS
'Internal to attach_answers(): The query for the reporting date, the settings, and the first day of the window of answers.';

CREATE FUNCTION workspace_nps_of_period_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT (@extschema@.workspace_nps_comments())[1:4] || ARRAY[
        ['period_start', 'First day of the period'],
        ['nps', 'Net Promoter Score in points, -100 to 100']]
$$;
COMMENT ON FUNCTION workspace_nps_of_period_comments() IS
'Internal to attach_answers(): The comments on the columns of nps_of_period.';

CREATE FUNCTION workspace_create_no_answers(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'nps_of_period', $view$
        SELECT NULL::date AS period_start, NULL::bigint AS responses, NULL::bigint AS promoters, NULL::bigint AS passives,
            NULL::bigint AS detractors, NULL::double precision AS nps
        WHERE false
        $view$, 'The answers by period, which attach_answers() attaches', @extschema@.workspace_nps_of_period_comments());
END
$$;
COMMENT ON FUNCTION workspace_create_no_answers(name) IS
'Internal to attach_orders(): Makes the view nps_of_period of a workspace, without rows: overview reads it.';

CREATE FUNCTION workspace_create_nps_of_period(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'nps_of_period', format($view$
        SELECT p.period_start, %3$s, %2$s.nps_score(p.answers) AS nps
        FROM (
            SELECT a.period_start, %4$s AS answers
            FROM %1$I.answers_enriched a
            WHERE a.counts_in_period
            GROUP BY a.period_start) p
        $view$, workspace, '@extschema@', @extschema@.workspace_nps_columns_sql('p.answers'), @extschema@.workspace_nps_agg_sql('true')),
        'The Net Promoter Score of each period with answers: nps_by_period shows what changed, and the gaps', @extschema@.workspace_nps_of_period_comments());
END
$$;
COMMENT ON FUNCTION workspace_create_nps_of_period(name) IS
'Internal to attach_answers(): Makes the view nps_of_period of a workspace, with the attached answers.';

CREATE FUNCTION workspace_create_nps_by_period(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'nps_by_period', format($view$
        WITH counted AS MATERIALIZED (
            SELECT n.period_start, %2$s.nps(n.promoters, n.passives, n.detractors) AS answers FROM %1$I.nps_of_period n
        )
        SELECT q.period_start, q.complete, %3$s, i.estimate AS score, i.lower AS score_lower, i.upper AS score_upper,
            coalesce(%2$s.nps_responses(q.before), 0) AS previous_responses, %2$s.nps_score(q.before) AS previous_score,
            c.difference AS change, c.lower AS change_lower, c.upper AS change_upper, c.promoters AS promoters_change,
            c.detractors AS detractors_change, c.verdict, %2$s.nps_responses(q.answers) >= q.enough AS enough
        FROM (
            SELECT p.period_start, (p.period_start + w.step)::date <= w.as_of AS complete, w.enough, p.answers,
                lag(p.answers) OVER (ORDER BY p.period_start) AS before
            FROM (%4$s) w
            CROSS JOIN (SELECT min(x.period_start) AS first FROM counted x) b
            CROSS JOIN LATERAL (
                SELECT g::date AS period_start, coalesce(n.answers, %2$s.nps(0, 0, 0)) AS answers
                FROM generate_series(greatest(b.first, w.first_period)::timestamp, %2$s.period_start(w.as_of - 1, w.period)::timestamp, w.step) g
                LEFT JOIN counted n ON n.period_start = g::date
                WHERE b.first IS NOT NULL) p) q
        CROSS JOIN LATERAL %2$s.nps_interval(q.answers) i
        CROSS JOIN LATERAL %2$s.nps_change(q.answers, q.before) c
        ORDER BY q.period_start
        $view$, workspace, '@extschema@', @extschema@.workspace_nps_columns_sql('q.answers'), @extschema@.workspace_answer_window_sql(workspace)),
        'The Net Promoter Score period by period since the first answer, beside the period before. Of each customer the latest answer of the period counts, unless the settings say all',
        @extschema@.workspace_nps_comments() || @extschema@.workspace_nps_change_comments() || ARRAY[
            ['period_start', 'First day of the period'],
            ['complete', 'Whether the period is complete']]);
END
$$;
COMMENT ON FUNCTION workspace_create_nps_by_period(name) IS
'Internal to attach_answers(): Makes the view nps_by_period of a workspace.';

CREATE FUNCTION workspace_create_nps_summary(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- One pass over customers and answers: a customer without answers is one row, and is_latest marks one of the others'.
    -- OFFSET 0 keeps the periods from being worked out for each.
    PERFORM @extschema@.workspace_create_view(workspace, 'nps_summary', format($view$
        SELECT t.as_of, t.from_date, %3$s, i.estimate AS score, i.lower AS score_lower, i.upper AS score_upper,
            %2$s.nps_band(t.answers) AS band, v.advice, t.active_customers, t.answered_customers,
            t.answered_customers::double precision / nullif(t.active_customers, 0)::double precision AS response_rate,
            CASE WHEN t.last_period >= date '0001-01-01' THEN t.last_period END AS period_start,
            %2$s.nps_responses(t.last_answers) AS period_responses, %2$s.nps_score(t.last_answers) AS period_score,
            %2$s.nps_responses(t.before_answers) AS previous_responses, %2$s.nps_score(t.before_answers) AS previous_score,
            c.difference AS change, c.lower AS change_lower, c.upper AS change_upper, c.promoters AS promoters_change,
            c.detractors AS detractors_change, c.verdict, %2$s.nps_responses(t.answers) >= t.enough AS enough
        FROM (
            SELECT w.*, m.*
            FROM (SELECT x.*, (%2$s.period_start(x.as_of, x.period) - x.step)::date AS last_period,
                      (%2$s.period_start(x.as_of, x.period) - 2 * x.step)::date AS period_before
                  FROM (%4$s) x
                  OFFSET 0) w
            CROSS JOIN LATERAL (
                SELECT %5$s AS answers, %6$s AS last_answers, %7$s AS before_answers,
                    count(*) FILTER (WHERE h.active AND a.is_latest IS NOT FALSE) AS active_customers,
                    count(*) FILTER (WHERE h.active AND a.is_latest AND a.day >= w.from_date) AS answered_customers
                FROM (SELECT k.customer, %2$s.last_order(k.history, w.as_of) >= w.from_date AS active FROM %1$I.customer_history k) h
                FULL JOIN %1$I.answers_enriched a ON a.customer = h.customer) m
            OFFSET 0) t
        CROSS JOIN LATERAL %2$s.nps_interval(t.answers) i
        CROSS JOIN LATERAL %2$s.nps_change(t.last_answers, t.before_answers) c
        LEFT JOIN %1$I.nps_advice v ON v.band = %2$s.nps_band(t.answers)
        $view$, workspace, '@extschema@', @extschema@.workspace_nps_columns_sql('t.answers'), @extschema@.workspace_answer_window_sql(workspace),
            @extschema@.workspace_nps_agg_sql('a.counts_overall AND a.day >= w.from_date'),
            @extschema@.workspace_nps_agg_sql('a.counts_in_period AND a.period_start = w.last_period'),
            @extschema@.workspace_nps_agg_sql('a.counts_in_period AND a.period_start = w.period_before')),
        'One row: would they recommend us? The Net Promoter Score of the last twelve months (nps_window), of each customer by the latest answer unless the settings say all; and the last complete period beside the one before',
        @extschema@.workspace_nps_comments() || @extschema@.workspace_nps_change_comments() || ARRAY[
            ['as_of', 'The reporting date'],
            ['from_date', 'First day of the window'],
            ['band', 'strong (50 and above), average (30 and above) or weak; empty without answers'],
            ['advice', 'What to do, from the table nps_advice'],
            ['active_customers', 'Number of customers with an order in the window'],
            ['answered_customers', 'Number of those who answered in it'],
            ['response_rate', 'Share of them, 0 to 1'],
            ['period_start', 'First day of the last complete period, of which the columns after it tell'],
            ['period_responses', 'Number of answers in it'],
            ['period_score', 'Its score; empty without answers']]);
END
$$;
COMMENT ON FUNCTION workspace_create_nps_summary(name) IS
'Internal to attach_answers(): Makes the view nps_summary of a workspace.';
-- workspace: the Net Promoter Score by what an answer is about, and by what the customer was

CREATE FUNCTION workspace_create_nps_by_touchpoint(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'nps_by_touchpoint', format($view$
        SELECT CASE WHEN q.enough THEN rank() OVER (PARTITION BY q.enough ORDER BY i.lower DESC) END AS rank,
            q.touchpoint, %3$s,
            100 * %2$s.nps_responses(q.answers)::double precision / nullif(sum(%2$s.nps_responses(q.answers)) OVER (), 0)::double precision
                AS pct_of_responses,
            i.estimate AS score, i.lower AS score_lower, i.upper AS score_upper, %2$s.nps_band(q.answers) AS band, q.enough
        FROM (
            SELECT p.touchpoint, p.answers, %2$s.nps_responses(p.answers) >= p.enough AS enough
            FROM (
                SELECT coalesce(a.touchpoint, 'unknown') AS touchpoint, min(w.enough) AS enough, %5$s AS answers
                FROM %1$I.answers_enriched a
                CROSS JOIN (%4$s) w
                WHERE a.counts_at_touchpoint AND a.day >= w.from_date
                GROUP BY 1) p) q
        CROSS JOIN LATERAL %2$s.nps_interval(q.answers) i
        $view$, workspace, '@extschema@', @extschema@.workspace_nps_columns_sql('q.answers'), @extschema@.workspace_answer_window_sql(workspace),
            @extschema@.workspace_nps_agg_sql('true')),
        'The Net Promoter Score of each touchpoint in the last twelve months (nps_window). Of each customer the latest answer about it counts, unless the settings say all',
        @extschema@.workspace_nps_comments() || ARRAY[
            ['rank', '1 for the touchpoint with the highest lower bound; empty where there are not enough answers'],
            ['touchpoint', 'What the answers are about; unknown where they do not tell'],
            ['pct_of_responses', 'Share of the answers to all touchpoints, 0 to 100'],
            ['band', 'strong (50 and above), average (30 and above) or weak']]);
END
$$;
COMMENT ON FUNCTION workspace_create_nps_by_touchpoint(name) IS
'Internal to attach_answers(): Makes the view nps_by_touchpoint of a workspace.';

CREATE FUNCTION workspace_segment_values_sql() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 'VALUES ' || string_agg(format('(%s, %L, %L)', v.n, v.dimension, v.value), ', ' ORDER BY v.n)
    FROM (
        SELECT row_number() OVER (ORDER BY d.n, l.n) AS n, d.dimension, l.value
        FROM (VALUES (1, 'stage', '{new,occasional,regular,lost,unknown}'::text[]), (2, 'abc', '{A,B,C,unknown}'), (3, 'xyz', '{X,Y,Z,unknown}'),
            (4, 'cell', '{AX,AY,AZ,BX,BY,BZ,CX,CY,CZ,unknown}')) d(n, dimension, values)
        CROSS JOIN LATERAL unnest(d.values) WITH ORDINALITY l(value, n)) v
$$;
COMMENT ON FUNCTION workspace_segment_values_sql() IS
'Internal to attach_answers(): The SQL VALUES of all stages, classes and cells with their positions.';

-- Customers and answers meet once, and are counted by what the customers were then and are now: some thousand
-- combinations at most, which are then looked at by each dimension. A customer without answers is one row, and is_latest
-- marks one of the others'. DISTINCT tells the planner that customers are there once (see first_purchase).
CREATE FUNCTION workspace_segment_counts_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT a.stage AS stage_then, a.abc AS abc_then, a.xyz AS xyz_then, a.cell AS cell_then,
            c.stage AS stage_now, c.abc AS abc_now, c.xyz AS xyz_now, c.cell AS cell_now,
            count(*) FILTER (WHERE a.counts_overall AND a.nps_group = 'promoter') AS promoters,
            count(*) FILTER (WHERE a.counts_overall AND a.nps_group = 'passive') AS passives,
            count(*) FILTER (WHERE a.counts_overall AND a.nps_group = 'detractor') AS detractors,
            count(c.customer) FILTER (WHERE a.is_latest IS NOT FALSE) AS customers,
            count(c.customer) FILTER (WHERE a.is_latest) AS answered_customers,
            sum(c.last_year_revenue) FILTER (WHERE a.is_latest AND a.nps_group = 'detractor') AS value_at_risk
        FROM (
            SELECT DISTINCT ON (k.customer) k.customer, k.stage, k.abc, k.xyz, k.cell, k.last_year_revenue FROM %1$I.customer_classes k) c
        FULL JOIN (
            SELECT e.customer, e.stage, e.abc, e.xyz, e.cell, e.nps_group, e.counts_overall, e.is_latest
            FROM %1$I.answers_enriched e
            CROSS JOIN (%2$s) w
            WHERE e.day >= w.from_date) a ON a.customer = c.customer
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
        $query$, workspace, @extschema@.workspace_answer_window_sql(workspace))
$$;
COMMENT ON FUNCTION workspace_segment_counts_sql(name) IS
'Internal to attach_answers(): The query for answers and customers by the classes of the customers as they were and are.';

CREATE FUNCTION workspace_create_nps_by_segment(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'nps_by_segment', format($view$
        WITH counted AS MATERIALIZED (%3$s), behind AS (
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
        SELECT v."position"::integer AS "position", v.dimension, v.value, %5$s, i.estimate AS score, i.lower AS score_lower, i.upper AS score_upper,
            coalesce(m.customers, 0) AS customers, coalesce(m.answered_customers, 0) AS answered_customers,
            m.answered_customers::double precision / nullif(m.customers, 0)::double precision AS response_rate,
            coalesce(b.value_at_risk, 0.00) AS value_at_risk, %2$s.nps_responses(q.answers) >= s.enough AS enough
        FROM (%4$s) v("position", dimension, value)
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN behind b ON b.dimension = v.dimension AND b.value = v.value
        LEFT JOIN member m ON m.dimension = v.dimension AND m.value = v.value
        CROSS JOIN LATERAL (SELECT %2$s.nps(coalesce(b.promoters, 0), coalesce(b.passives, 0), coalesce(b.detractors, 0)) AS answers) q
        CROSS JOIN LATERAL %2$s.nps_interval(q.answers) i
        ORDER BY v."position"
        $view$, workspace, '@extschema@', @extschema@.workspace_segment_counts_sql(workspace), @extschema@.workspace_segment_values_sql(),
            @extschema@.workspace_nps_columns_sql('q.answers')),
        'The Net Promoter Score of the last twelve months (nps_window) by what customers were when they answered: stage, classes and cell, each with a row unknown. The rows of a dimension add up to nps_summary',
        @extschema@.workspace_nps_comments() || ARRAY[
            ['position', 'Order in which to show the rows'],
            ['dimension', 'stage, abc, xyz or cell'],
            ['value', 'Stage at the start of the day of the answer; class or cell at the start of its period; unknown where the customer was in none, or is not known'],
            ['customers', 'Number of customers who are in it at the reporting date; unknown: in none'],
            ['answered_customers', 'Number of those who answered in the window'],
            ['response_rate', 'Share of them, 0 to 1'],
            ['value_at_risk', 'Revenue of the last year from customers whose latest answer is a detractor''s']]);
END
$$;
COMMENT ON FUNCTION workspace_create_nps_by_segment(name) IS
'Internal to attach_answers(): Makes the view nps_by_segment of a workspace.';
-- workspace: attaching an orders table

CREATE FUNCTION workspace_check_relation(orders regclass, workspace text) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation record;
BEGIN
    SELECT c.relkind, c.relpersistence, n.nspname INTO relation
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = orders;

    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no relation with OID %', orders::oid
            USING ERRCODE = 'undefined_table', HINT = 'Name the table of orders: attach_orders(''sales.orders'').';
    ELSIF relation.relkind NOT IN ('r', 'p', 'v', 'm', 'f') THEN
        RAISE EXCEPTION '% cannot be attached', orders
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach a table, a partitioned or foreign table, or a view.';
    ELSIF relation.relpersistence = 't' THEN
        RAISE EXCEPTION '% cannot be attached: it is temporary', orders
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach a table that other sessions can see too.';
    ELSIF relation.nspname = workspace AND @extschema@.workspace_owner(workspace) IS NOT NULL THEN
        RAISE EXCEPTION '% cannot be attached: it is part of the workspace', orders
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach the orders themselves, or choose another workspace.';
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_check_relation(regclass, text) IS
'Internal to attach_orders(): Checks that a relation can be attached.
Errors: 42809 for another kind of relation, 42P01 for none.';

CREATE FUNCTION workspace_check_privileges(orders regclass, columns name[]) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    col name;
BEGIN
    FOREACH col IN ARRAY columns LOOP
        IF NOT has_column_privilege(orders, col, 'SELECT') THEN
            RAISE EXCEPTION 'permission denied to read column "%" of %', col, orders
                USING ERRCODE = 'insufficient_privilege',
                    HINT = format('Its owner can run: GRANT SELECT ON %s TO %I;', orders, current_user);
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_check_privileges(regclass, name[]) IS
'Internal to attach_orders(): Checks that columns may be read.
Errors: 42501 otherwise.';

CREATE FUNCTION workspace_attached_columns(workspace text, relation regclass, relation_role text) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known jsonb;
BEGIN
    IF @extschema@.workspace_owner(workspace) IS NOT NULL THEN
        EXECUTE format('SELECT a.columns FROM %I.attached a WHERE a.relation_role = $1 AND to_regclass(a.relation) = $2', workspace)
        INTO known USING relation_role, relation;
    END IF;
    RETURN coalesce(known, '{}');
END
$$;
COMMENT ON FUNCTION workspace_attached_columns(text, regclass, text) IS
'Internal to attach_orders(): The columns that the same relation had by role when it was attached last.
Arguments: workspace; relation; relation_role: orders, customers, or another of workspace_attached_roles().';

CREATE FUNCTION workspace_remember(workspace name, orders regclass, columns order_columns, given jsonb)
RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    before record;
    -- What was not found is looked for again the next time.
    chosen CONSTANT jsonb := jsonb_strip_nulls(given) || (SELECT jsonb_object_agg(c.role, (c.col).name) FROM @extschema@.workspace_column_list(columns) c);
BEGIN
    EXECUTE format('SELECT a.* FROM %I.attached a WHERE a.relation_role = $1', workspace) INTO before USING 'orders';
    EXECUTE format($dml$
        INSERT INTO %I.attached VALUES ('orders', $1, $2)
        ON CONFLICT (relation_role) DO UPDATE SET relation = excluded.relation, columns = excluded.columns
        $dml$, workspace) USING orders::text, chosen;
    IF before.relation <> orders::text OR before.columns <> chosen THEN
        RETURN QUERY VALUES ('replaced', format('until now the views stood on %s: %s', before.relation,
            (SELECT string_agg(c.value, ', ' ORDER BY @extschema@.workspace_role_position('orders', c.key))
             FROM jsonb_each_text(before.columns) c WHERE c.value <> '')), 'Attach that again to go back');
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_remember(name, regclass, order_columns, jsonb) IS
'Internal to attach_orders(): Writes down what is attached; a finding where it was something else before.';

-- Everything but reading the rows: quick, and what a plan undoes again.
CREATE FUNCTION workspace_define(workspace text, orders regclass, columns order_columns, time_zone text, storage text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    is_new CONSTANT boolean := @extschema@.workspace_owner(workspace) IS NULL;
    schema_name CONSTANT name := @extschema@.workspace_create_schema(workspace);
BEGIN
    PERFORM @extschema@.workspace_lock_views(schema_name);
    PERFORM @extschema@.workspace_create_settings(schema_name, time_zone, (columns.profit).name IS NOT NULL, storage);
    PERFORM @extschema@.workspace_create_tables(schema_name);
    PERFORM @extschema@.workspace_create_views(schema_name, orders, columns);
    PERFORM @extschema@.workspace_drop_stored(schema_name);
    PERFORM @extschema@.workspace_drop_kept(schema_name, false);
    IF is_new THEN
        PERFORM @extschema@.workspace_choose_settings(schema_name, orders);
    END IF;
    PERFORM @extschema@.workspace_fill_segments(schema_name);
    PERFORM @extschema@.workspace_count_tables(schema_name);
END
$$;
COMMENT ON FUNCTION workspace_define(text, regclass, order_columns, text, text) IS
'Internal to attach_orders(): Makes a workspace or brings it up to date, with every view on the orders themselves.';

CREATE FUNCTION workspace_plan(workspace text, orders regclass, columns order_columns, time_zone text, storage text, storage_finding attach_finding)
RETURNS SETOF attach_finding
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
        PERFORM @extschema@.workspace_define(workspace, orders, columns, time_zone, storage);
        findings := ARRAY(SELECT f FROM @extschema@.workspace_describe_columns(workspace, orders, columns) f)
            || storage_finding
            || ARRAY(SELECT f FROM @extschema@.workspace_planned_relations(workspace, storage, before) f);
        RAISE EXCEPTION 'planned' USING ERRCODE = 'CLPLN';
    EXCEPTION WHEN SQLSTATE 'CLPLN' THEN
        RETURN QUERY SELECT f.* FROM unnest(findings) f;
    END;
    RETURN QUERY VALUES ('plan', 'nothing was changed', 'To do it leave out plan => true');
END
$$;
COMMENT ON FUNCTION workspace_plan(text, regclass, order_columns, text, text, attach_finding) IS
'Internal to attach_orders(): What attach_orders() would find, choose and make.';

CREATE FUNCTION workspace_planned_relations(workspace name, storage text, before name[]) RETURNS SETOF attach_finding
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN NOT c.relname = ANY (before) THEN 'create' ELSE CASE c.relkind WHEN 'v' THEN 'replace' ELSE 'keep' END END,
        format('%s %I.%I', CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END, workspace, c.relname), obj_description(c.oid, 'pg_class')
    FROM unnest(@extschema@.workspace_relations()) WITH ORDINALITY r(relation, "position")
    JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', workspace, r.relation))
    UNION ALL
    SELECT CASE WHEN k.relation = ANY (before) THEN 'replace' ELSE 'create' END,
        format('%s %I.%I', k.kind, workspace, k.relation), k.description
    FROM @extschema@.workspace_kept_relations() k
    WHERE storage = 'incremental'
    UNION ALL
    SELECT CASE WHEN @extschema@.workspace_data_name(v.view) = ANY (before) THEN 'replace' ELSE 'create' END,
        format('materialized view %I.%I', workspace, @extschema@.workspace_data_name(v.view)), format('What the view %I shows', v.view)
    FROM @extschema@.workspace_stored_views() v
    WHERE storage = 'materialized' AND to_regclass(format('%I.%I', workspace, v.view)) IS NOT NULL
    ORDER BY 1, 2
$$;
COMMENT ON FUNCTION workspace_planned_relations(name, text, name[]) IS
'Internal to attach_orders(): The relations of a workspace and what becomes of them.
Arguments: workspace; storage; before: what was there before.';

CREATE FUNCTION workspace_describe_storage(workspace name, storage text, asked text, known text) RETURNS attach_finding
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
COMMENT ON FUNCTION workspace_describe_storage(name, text, text, text) IS
'Internal to attach_orders(): A finding on where figures come from.
Arguments: workspace; storage: the one chosen; asked: the one asked for, known: the one it had, NULL where there is none.';

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
    plan boolean DEFAULT false)
RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off -- what is being compiled cannot be cancelled
SET quote_all_identifiers = off -- relations are told apart by their names as text
AS $$
DECLARE
    given jsonb := jsonb_build_object('customer', customer, 'ordered_at', ordered_at, 'amount', amount,
        'order_id', order_id, 'source', source, 'category', category, 'profit', profit);
    columns @extschema@.order_columns;
    known_storage text;
    chosen_storage text;
    storage_finding @extschema@.attach_finding;
    who_waited text;
BEGIN
    IF orders IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'orders and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of orders: attach_orders(''sales.orders'').';
    END IF;
    PERFORM @extschema@.workspace_check_owner(workspace);
    PERFORM @extschema@.workspace_lock(workspace);
    PERFORM @extschema@.workspace_check_relation(orders, workspace);
    PERFORM @extschema@.workspace_check_owner(workspace);
    -- Who drops triggers needs the orders alone, and must not hold them as others do.
    IF @extschema@.workspace_keeping_function(workspace) IS NULL OR coalesce(storage, 'incremental') = 'incremental' THEN
        PERFORM @extschema@.workspace_lock_relation(orders);
    END IF;
    given := @extschema@.workspace_attached_columns(workspace, orders, 'orders') || jsonb_strip_nulls(given);
    columns := @extschema@.workspace_order_columns(orders, given);
    PERFORM @extschema@.workspace_check_privileges(orders,
        ARRAY(SELECT (c.col).name FROM @extschema@.workspace_column_list(columns) c));
    known_storage := @extschema@.workspace_known_storage(workspace);
    chosen_storage := coalesce(@extschema@.workspace_check_storage(storage), known_storage,
        CASE WHEN @extschema@.workspace_many_rows(orders) THEN 'materialized' ELSE 'view' END);
    IF chosen_storage = 'incremental' THEN
        PERFORM @extschema@.workspace_check_keepable(orders, columns);
    END IF;
    storage_finding := @extschema@.workspace_describe_storage(workspace, chosen_storage, storage, known_storage);

    IF plan THEN
        RETURN QUERY SELECT f.* FROM @extschema@.workspace_plan(workspace, orders, columns, time_zone, chosen_storage, storage_finding) f;
        RETURN;
    END IF;
    PERFORM @extschema@.workspace_place_triggers(workspace, orders, chosen_storage);
    PERFORM @extschema@.workspace_define(workspace, orders, columns, time_zone, chosen_storage);
    IF chosen_storage = 'materialized' THEN
        PERFORM @extschema@.workspace_store(workspace);
    ELSIF chosen_storage = 'incremental' THEN
        PERFORM @extschema@.workspace_keep(workspace, orders, columns);
    END IF;
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_describe_columns(workspace, orders, columns) f;
    RETURN NEXT storage_finding;
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_remember(workspace, orders, columns, given) f;
    IF diagnose THEN
        RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_customers(workspace) f;
        RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_orders(workspace, orders, columns) f;
    END IF;
EXCEPTION WHEN deadlock_detected THEN
    GET STACKED DIAGNOSTICS who_waited = PG_EXCEPTION_DETAIL;
    RAISE EXCEPTION '%', SQLERRM USING ERRCODE = 'deadlock_detected', DETAIL = who_waited,
        HINT = 'Another transaction had the orders, or the workspace, and waited for what this one had. Nothing was changed: try again, in a transaction of its own.';
END
$$;
COMMENT ON FUNCTION attach_orders(regclass, text, text, text, text, text, boolean, text, text, text, text, text, boolean) IS
'Makes a workspace: a schema of views over an orders table that is already there, owned by whoever calls this. Can be run again: settings, policies, segments and dependent views are kept.
Arguments: orders: a table, partitioned or foreign table, view or materialized view with one row per order (what needs an expression, such as order lines or a filter on status, goes into a view first); customer, ordered_at, amount: names of its columns as stored, where left out those of the last time, else found by their usual names; workspace: name of the schema; time_zone: whose days are meant, a full IANA name or UTC, by default the one set, at first that of the session if it has such a name, else UTC; diagnose: whether to read the rows and report on them, during which the views of a workspace that is attached again are locked; order_id, source, category, profit: names of columns that an order may have besides, found by their usual names where left out, none where empty (''''); storage: view, where every figure is read from the orders, materialized, where figures are stored until refresh_workspace() runs, or incremental, where triggers on the orders keep them exact (a table, or a partitioned one; it takes TRIGGER on them, and writers wait while the figures are computed), by default what it was, at first materialized for more than a million rows; plan: whether to change nothing and only tell what would be found, chosen and made.
A new workspace of fewer than 500 customers gets quarters and three RFM scores, others months and five. Other settings: the table settings of the workspace.
Result: rows of topic, finding and advice: what was found and chosen, and what in the data deserves attention.
Errors: 22004 for NULL, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 42501 without SELECT on the columns or CREATE on the database, without TRIGGER for incremental storage, or for a workspace of somebody else, 25001 for incremental storage in a transaction that is REPEATABLE READ or SERIALIZABLE, 42P06 for a schema that is no workspace, 42602 for a name that BI tools hide, 22023 for another time zone or storage, 42P16 where a column would change its type, 42P01 where an attached table of customers is gone, 23514 where the settings go by profit and it would not be attached any more, 2BP01 where something else reads what is stored, 40P01 where another transaction waits for this one in turn.';

CREATE FUNCTION workspace_stands_elsewhere(workspace name, orders regclass) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    -- The timeline reads the orders in every storage.
    SELECT count(*) > 0 AND NOT bool_or(d.refobjid = orders)
    FROM pg_rewrite r
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
    WHERE r.ev_class = to_regclass(format('%I.customer_timeline', workspace))
$$;
COMMENT ON FUNCTION workspace_stands_elsewhere(name, regclass) IS
'Internal to upgrade_workspace(): Whether the views of a workspace are there and do not read these orders.';

CREATE FUNCTION upgrade_workspace(workspace text DEFAULT 'loyalty') RETURNS SETOF attach_finding
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    orders @extschema@.attached_orders;
    was text;
    named jsonb;
    stood_elsewhere boolean;
BEGIN
    PERFORM @extschema@.workspace_enter(workspace);
    orders := @extschema@.workspace_attached_orders(workspace);
    EXECUTE format('SELECT s.workspace_version FROM %I.settings s', workspace) INTO was;
    named := @extschema@.workspace_attached_columns(workspace, orders.relation, 'orders');
    stood_elsewhere := @extschema@.workspace_stands_elsewhere(workspace, orders.relation);
    PERFORM @extschema@.attach_orders(orders.relation, workspace => workspace, diagnose => false,
        order_id => coalesce(((orders.columns).order_id).name, ''), source => coalesce(((orders.columns).source).name, ''),
        category => coalesce(((orders.columns).category).name, ''), profit => coalesce(((orders.columns).profit).name, ''));
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

CREATE FUNCTION workspace_create_tables(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_policies(workspace);
    PERFORM @extschema@.workspace_create_approaches(workspace);
    PERFORM @extschema@.workspace_create_benchmarks(workspace);
    PERFORM @extschema@.workspace_create_segments(workspace);
    PERFORM @extschema@.workspace_create_touchpoint_tables(workspace);
    PERFORM @extschema@.workspace_create_questions(workspace);
    PERFORM @extschema@.workspace_create_knowledge_base(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_tables(name) IS
'Internal to attach_orders(): Makes the tables of a workspace that its owner edits, or keeps those that are there.';

-- Of a table that was never analyzed the planner expects ten pages: a hundred settings, two hundred funnels. Autovacuum
-- leaves alone what has changed in fewer than fifty rows, which these tables may never do.
CREATE FUNCTION workspace_count_tables(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    edited record;
BEGIN
    FOR edited IN
        SELECT c.oid::regclass AS name, c.reloptions::text LIKE '%autovacuum_analyze_threshold%' AS watched
        FROM unnest(@extschema@.workspace_relations()) r(relation)
        JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', workspace, r.relation)) AND c.relkind = 'r'
        WHERE r.relation <> ALL (ARRAY(SELECT k.relation FROM @extschema@.workspace_kept_relations() k))
    LOOP
        IF edited.watched IS NOT TRUE THEN
            EXECUTE format('ALTER TABLE %s SET (autovacuum_analyze_threshold = 0)', edited.name);
        END IF;
        EXECUTE format('ANALYZE %s', edited.name);
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_count_tables(name) IS
'Internal to attach_orders(): Lets the planner know how few rows the tables have that the owner of a workspace edits, now and when they change.';

CREATE FUNCTION workspace_create_views(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_applied_settings(workspace);
    PERFORM @extschema@.workspace_create_reporting_date(workspace, @extschema@.workspace_last_day_sql(workspace, orders, columns));
    PERFORM @extschema@.workspace_create_histories(workspace, @extschema@.workspace_order_history_sql(workspace, orders, columns));
    PERFORM @extschema@.workspace_create_data_quality(workspace);
    PERFORM @extschema@.workspace_create_customer_details(workspace, columns.customer);
    PERFORM @extschema@.workspace_create_rfm_cells(workspace);
    PERFORM @extschema@.workspace_create_customers(workspace);
    PERFORM @extschema@.workspace_create_matrix(workspace);
    PERFORM @extschema@.workspace_create_summaries(workspace);
    PERFORM @extschema@.workspace_create_express_test(workspace);
    PERFORM @extschema@.workspace_create_lists(workspace);
    PERFORM @extschema@.workspace_create_class_history(workspace);
    PERFORM @extschema@.workspace_create_changes(workspace);
    PERFORM @extschema@.workspace_create_order_views(workspace, orders, columns);
    PERFORM @extschema@.workspace_create_retention(workspace);
    PERFORM @extschema@.workspace_create_no_answers(workspace);
    PERFORM @extschema@.workspace_create_period_views(workspace);
    PERFORM @extschema@.workspace_create_dimensions(workspace, columns);
    PERFORM @extschema@.workspace_create_source_views(workspace, columns);
    PERFORM @extschema@.workspace_create_touchpoint_views(workspace);
    PERFORM @extschema@.workspace_create_find_answers(workspace);
    PERFORM @extschema@.workspace_create_attached_views(workspace, columns.customer);
    PERFORM @extschema@.workspace_create_timeline(workspace, orders, columns);
    IF to_regclass(format('%I._metabase_metadata', workspace)) IS NOT NULL THEN
        PERFORM @extschema@.workspace_create_metabase_metadata(workspace);
    END IF;
EXCEPTION WHEN invalid_table_definition THEN
    RAISE EXCEPTION 'the views of workspace "%" cannot take these columns: %', workspace, SQLERRM
        USING ERRCODE = 'invalid_table_definition',
            HINT = format('Make them anew: SELECT detach_orders(%L); then attach again.', workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_views(name, regclass, order_columns) IS
'Internal to attach_orders(): Makes the views of a workspace that stand on orders.
Errors: 42P16 where a column of a view would change its type.';

CREATE FUNCTION workspace_session_time_zone() RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.period_start(timestamptz '2000-01-01 00:00:00+00', 'day', current_setting('TimeZone'));
    RETURN current_setting('TimeZone');
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN 'UTC';
END
$$;
COMMENT ON FUNCTION workspace_session_time_zone() IS
'Internal to attach_orders(): The time zone of the session if it is set by a full IANA name, else UTC: what attach_orders() writes into new settings.';
