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
