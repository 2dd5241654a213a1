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
