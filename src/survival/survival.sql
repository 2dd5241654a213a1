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
