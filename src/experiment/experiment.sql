-- experiment: trying something on some customers first

-- Who is in which group

DO $do$
DECLARE
    customer record;
BEGIN
    FOR customer IN
        VALUES ('smallint', 'int2'), ('integer', 'int4'), ('bigint', 'int8'),
               ('numeric', 'numeric'), ('uuid', 'uuid'), ('text', 'text')
    LOOP
        EXECUTE pg_catalog.format($sql$

CREATE FUNCTION experiment_position(customer %1$s, experiment text) RETURNS double precision
AS 'MODULE_PATHNAME', 'experiment_position_%2$s' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION experiment_position(%1$s, text) IS
'Where a customer stands in an experiment: a number that is random over customers and over experiments, and always the same for the same two.
Arguments: customer: a number without its trailing zeros, a uuid in lower case, a text as it is; experiment: its name.
Result: 0 or more, below 1: the first eight bytes of sha256 of ''experiment:customer'' in UTF-8 as a whole number, by 2^64, in 53 bits.';

CREATE FUNCTION experiment_group(customer %1$s, experiment text, shares double precision[]) RETURNS integer
AS 'MODULE_PATHNAME', 'experiment_group_%2$s' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION experiment_group(%1$s, text, double precision[]) IS
'The group that a customer is in: the one in whose part of 0..1 experiment_position(customer, experiment) lies.
Arguments: customer; experiment: its name; shares: of each group, zero or more, at most 1 together.
Result: the number of the group, from 1; NULL beyond all of them, where the shares are below 1 together.
Errors: 22023 for other shares.';

$sql$, customer.column1, customer.column2);
    END LOOP;
END
$do$;

-- The type

CREATE TYPE experiment;

CREATE FUNCTION _clientele.experiment_in(cstring) RETURNS experiment
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.experiment_out(experiment) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.experiment_recv(internal) RETURNS experiment
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.experiment_send(experiment) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE experiment (
    INPUT = _clientele.experiment_in,
    OUTPUT = _clientele.experiment_out,
    RECEIVE = _clientele.experiment_recv,
    SEND = _clientele.experiment_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double,
    STORAGE = extended
);
COMMENT ON TYPE experiment IS
'What the groups of an experiment did: for each the number of customers and the sums from which means, variances and covariances are read, made by experiment_agg.
Text form: {"control":(6;55,54;1133,865,752)}: for each of up to 1000 groups its name, of up to 63 bytes, the number of customers, the sums of after and before with four decimals, and those of after * after, before * after and before * before with eight; with a denominator its sum comes third, and its products with the three behind the others.
Errors: 22P02 for another text and for sums that no customers have, 22P03 for another binary form, with the groups in the order of their names, 22021 for a name there that is no text of the client''s encoding.';

-- Sums; equality, order and hash are made from core/type_operators.sql.in

CREATE FUNCTION _clientele.experiment_add(experiment, experiment) RETURNS experiment
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.experiment_add(experiment, experiment) IS
'The operator +: the customers of both, group by group.
Errors: 22023 where only one has a denominator, 22003 for sums past 128 bits, 54000 for more than 1000 groups.';

CREATE OPERATOR + (
    LEFTARG = experiment, RIGHTARG = experiment,
    FUNCTION = _clientele.experiment_add, COMMUTATOR = +
);

CREATE FUNCTION _clientele.experiment_to_jsonb(experiment) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.experiment_to_jsonb(experiment) IS
'The cast to jsonb: the sums of each group by name, such as {"control": {"customers": 2, "after": 30, "before": 20, "after_after": 500, "before_after": 350, "before_before": 250}}.';

CREATE CAST (experiment AS jsonb)
WITH FUNCTION _clientele.experiment_to_jsonb(experiment);

-- Counting customers: experiment_agg(grp, after, before) and experiment_agg(grp, after, before, denominator)

CREATE FUNCTION _clientele.experiment_combine(experiment, experiment) RETURNS experiment
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

DO $do$
DECLARE
    figure record;
BEGIN
    FOR figure IN
        VALUES ('bigint', 'int8'), ('double precision', 'float8'), ('numeric', 'numeric')
    LOOP
        EXECUTE pg_catalog.format($sql$

CREATE FUNCTION _clientele.experiment_accum(experiment, text, %1$s, %1$s) RETURNS experiment
AS 'MODULE_PATHNAME', 'experiment_accum_%2$s' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION _clientele.experiment_accum(experiment, text, %1$s, %1$s, %1$s) RETURNS experiment
AS 'MODULE_PATHNAME', 'experiment_accum_%2$s' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE experiment_agg(grp text, after %1$s, before %1$s) (
    STYPE = experiment, SFUNC = _clientele.experiment_accum, COMBINEFUNC = _clientele.experiment_combine,
    SSPACE = 464, PARALLEL = SAFE
);
COMMENT ON AGGREGATE experiment_agg(text, %1$s, %1$s) IS
'What the groups of an experiment did, a row for each customer who is in it, whatever became of the customer.
Arguments: grp: name of the group, of up to 63 bytes; after: the customer''s figure since the start, 0 and not NULL where nothing happened; before: the same over some time before the start. Figures count with four decimals, more are rounded half away from zero, floating point by its shortest decimal. Rows without group or after are skipped; without before, it counts as 0.
Result: experiment, from exact sums; NULL where no row counts.
Errors: 22003 for NaN, infinite and too large figures (past 922 trillion) and for sums past 128 bits, 22023 for a longer name, 54000 for more than 1000 groups.';

CREATE AGGREGATE experiment_agg(grp text, after %1$s, before %1$s, denominator %1$s) (
    STYPE = experiment, SFUNC = _clientele.experiment_accum, COMBINEFUNC = _clientele.experiment_combine,
    SSPACE = 464, PARALLEL = SAFE
);
COMMENT ON AGGREGATE experiment_agg(text, %1$s, %1$s, %1$s) IS
'What the groups of an experiment did in relation to something that customers have different numbers of, such as revenue per order.
Arguments: grp, after, before: as in experiment_agg(grp, after, before); denominator: the customer''s number of them since the start. Rows without group, after or denominator are skipped.
Result: experiment, whose means are the sum of after by the sum of the denominator; NULL where no row counts.
Errors: 22003 for NaN, infinite and too large figures (past 922 trillion) and for sums past 128 bits, 22023 for a longer name, 54000 for more than 1000 groups.';

$sql$, figure.column1, figure.column2);
    END LOOP;
END
$do$;

CREATE AGGREGATE rollup(experiment) (
    STYPE = experiment, SFUNC = _clientele.experiment_combine, COMBINEFUNC = _clientele.experiment_combine,
    SSPACE = 464, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(experiment) IS
'The total of many parts: the experiment of all customers behind them, who are in one part each.
Arguments: experiment, all with a denominator or none; NULLs are skipped.
Result: experiment; NULL without parts.
Errors: 22023 where only some have a denominator, 22003 for sums past 128 bits, 54000 for more than 1000 groups.';

-- Reading a value

CREATE TYPE experiment_mean AS (
    grp text,
    customers bigint,
    mean double precision,
    std_dev double precision,
    mean_before double precision,
    std_dev_before double precision,
    correlation double precision
);
COMMENT ON TYPE experiment_mean IS 'A group of an experiment by itself: a row of experiment_means';
COMMENT ON COLUMN experiment_mean.grp IS 'The group';
COMMENT ON COLUMN experiment_mean.customers IS 'Number of customers';
COMMENT ON COLUMN experiment_mean.mean IS 'Mean after the start; with a denominator, the ratio of the sums, NULL where it is not above 0';
COMMENT ON COLUMN experiment_mean.std_dev IS 'Standard deviation of one customer; of a ratio by the delta method';
COMMENT ON COLUMN experiment_mean.mean_before IS 'Mean before the start';
COMMENT ON COLUMN experiment_mean.std_dev_before IS 'Standard deviation before the start';
COMMENT ON COLUMN experiment_mean.correlation IS 'How much before tells of after, -1..1';

CREATE FUNCTION experiment_means(e experiment) RETURNS SETOF experiment_mean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 2;
COMMENT ON FUNCTION experiment_means(experiment) IS
'What is known of each group by itself.
Arguments: e.
Result: one row per group, in the order of the bytes of their names: customers, mean, std_dev, mean_before, std_dev_before, correlation. Deviations are of the sample, NULL with one customer; correlation is NULL where nothing varies.';

CREATE TYPE experiment_difference AS (
    grp text,
    customers bigint,
    difference double precision,
    lower double precision,
    upper double precision,
    p_value double precision,
    relative double precision,
    relative_lower double precision,
    relative_upper double precision,
    variance_saved double precision
);
COMMENT ON TYPE experiment_difference IS 'A group of an experiment against the control group: a row of experiment_effect';
COMMENT ON COLUMN experiment_difference.grp IS 'The group';
COMMENT ON COLUMN experiment_difference.customers IS 'Number of its customers';
COMMENT ON COLUMN experiment_difference.difference IS 'Its mean less that of the control group';
COMMENT ON COLUMN experiment_difference.lower IS 'Lower bound';
COMMENT ON COLUMN experiment_difference.upper IS 'Upper bound';
COMMENT ON COLUMN experiment_difference.p_value IS 'How likely chance alone makes a difference as large, 0..1';
COMMENT ON COLUMN experiment_difference.relative IS 'The difference as a share of the control group''s mean, without its sign';
COMMENT ON COLUMN experiment_difference.relative_lower IS 'Lower bound; NULL where the control group''s mean may be 0';
COMMENT ON COLUMN experiment_difference.relative_upper IS 'Upper bound';
COMMENT ON COLUMN experiment_difference.variance_saved IS 'Share of the variance of the difference that was to be seen before the start';

CREATE FUNCTION experiment_effect(
    e experiment, control text, adjusted boolean DEFAULT true, level double precision DEFAULT 0.95,
    method text DEFAULT 'welch', decide_at bigint DEFAULT 5000)
RETURNS SETOF experiment_difference
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1;
COMMENT ON FUNCTION experiment_effect(experiment, text, boolean, double precision, text, bigint) IS
'What each group of an experiment did more than the control group, and how surely.
Arguments: e; control: name of the group that got nothing; adjusted: whether what was to be seen before the start is taken off (CUPED); level: confidence level between 0 and 1; method: ''welch'' for one look at the end that was set before, ''always_valid'' for who looks daily and may stop any day; decide_at: the number of customers of both groups at which always valid intervals are to be narrowest.
Result: one row per other group: customers, difference with its bounds and p_value, relative with Fieller''s bounds, which hold 0 exactly where those of the difference do, and variance_saved. Bounds and p_value are NULL where a group has one customer or nothing varies; the relative ones also where the control group''s mean may be 0, and all is NULL where a group has no mean.
Errors: 22023 for a control group that is not there, another method, a level outside 0..1 or a decide_at below 1; 22003 for sums of all groups past 128 bits.
Source: Welch, The generalization of Student''s problem, Biometrika 34 (1947); Fieller, Some problems in interval estimation, JRSS B 16 (1954); Deng, Xu, Kohavi and Walker, Improving the sensitivity of online controlled experiments by utilizing pre-experiment data, WSDM 2013; Waudby-Smith et al., Time-uniform central limit theory and asymptotic confidence sequences, Annals of Statistics 52 (2024).';

CREATE FUNCTION experiment_effect(
    strata experiment[], control text, adjusted boolean DEFAULT true, level double precision DEFAULT 0.95,
    method text DEFAULT 'welch', decide_at bigint DEFAULT 5000)
RETURNS SETOF experiment_difference
AS 'MODULE_PATHNAME', 'experiment_effect_strata' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1;
COMMENT ON FUNCTION experiment_effect(experiment[], text, boolean, double precision, text, bigint) IS
'The same over strata, such as the cells of customers before the start: groups are compared within each, and the differences weighted by its customers.
Arguments: strata: an experiment for each, in any order, NULLs are skipped; the others as in experiment_effect(e, control). Strata in which a group has fewer than two customers are put together, and where that is not enough, with the smallest of the others.
Result: one row per other group, as there; customers of all strata.
Errors: 22023 as there, and where only some strata have a denominator; 22003 for sums of all groups or strata past 128 bits, 54000 for more than 1000 groups in all.';

-- Before and behind an experiment

CREATE TYPE experiment_srm_result AS (
    chi_square double precision,
    degrees integer,
    p_value double precision
);
COMMENT ON TYPE experiment_srm_result IS 'Whether groups came out as large as planned: the result of experiment_srm';
COMMENT ON COLUMN experiment_srm_result.chi_square IS 'The statistic';
COMMENT ON COLUMN experiment_srm_result.degrees IS 'Its degrees of freedom: groups with a share, less one';
COMMENT ON COLUMN experiment_srm_result.p_value IS 'How likely chance alone makes it as large, 0..1';

CREATE FUNCTION experiment_srm(counts bigint[], shares double precision[]) RETURNS experiment_srm_result
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION experiment_srm(bigint[], double precision[]) IS
'Whether groups came out as large as planned (sample ratio mismatch): below a p_value of 0.001 something is wrong with who got into them, and no effect is to be believed.
Arguments: counts: customers of each group; shares: as planned, zero or more, whose proportions count.
Result: chi_square, degrees, p_value. Somebody in a group of share 0 makes p_value 0 and chi_square NULL, as it has no bound; without customers both are NULL, and p_value with one group alone.
Errors: 22023 for negative or NULL counts and shares, for a different number of them, and for shares that are all 0.';

CREATE FUNCTION experiment_size(
    share double precision, other_share double precision,
    level double precision DEFAULT 0.95, power double precision DEFAULT 0.80)
RETURNS bigint
AS 'MODULE_PATHNAME', 'experiment_size_shares' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION experiment_size(double precision, double precision, double precision, double precision) IS
'How many customers each of two equal groups needs, for one share to be told from another.
Arguments: share, other_share: 0..1, those who order now and those to be found; level: confidence level between 0 and 1, two-sided; power: the probability that it is found, between 0 and 1.
Result: customers of each group, 2 or more.
Errors: 22023 for equal shares and parameters out of range, 22003 past 64 bits.
Source: Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions (2003), with the variances of both shares, not pooled.';

CREATE FUNCTION experiment_size(
    e experiment, uplift double precision, adjusted boolean DEFAULT true,
    level double precision DEFAULT 0.95, power double precision DEFAULT 0.80)
RETURNS bigint
AS 'MODULE_PATHNAME', 'experiment_size_spread' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION experiment_size(experiment, double precision, boolean, double precision, double precision) IS
'How many customers each of two equal groups needs, for a change of the mean to be found, by the spread of figures there are already.
Arguments: e: of any groups, one alone too, such as all customers over two stretches of time that are both over; uplift: the relative change to be found, above 0; adjusted: whether what was to be seen before is taken off; level: confidence level between 0 and 1, two-sided; power: the probability that it is found, between 0 and 1.
Result: customers of each group, 2 or more; NULL where no group has two customers, or the mean is 0.
Errors: 22023 for parameters out of range, 22003 past 64 bits and for sums of all groups past 128.';

CREATE FUNCTION experiment_mean_size(
    std_dev double precision, difference double precision,
    level double precision DEFAULT 0.95, power double precision DEFAULT 0.80)
RETURNS bigint
AS 'MODULE_PATHNAME', 'experiment_size_mean' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION experiment_mean_size(double precision, double precision, double precision, double precision) IS
'How many customers each of two equal groups needs, for a difference of their means to be found.
Arguments: std_dev, difference: above 0 and in one unit; or the coefficient of variation and a relative difference; level: confidence level between 0 and 1, two-sided; power: the probability that it is found, between 0 and 1.
Result: customers of each group, 2 or more.
Errors: 22023 for parameters out of range, 22003 past 64 bits.';

CREATE TYPE experiment_detectable_result AS (
    mean double precision,
    std_dev double precision,
    difference double precision,
    relative double precision
);
COMMENT ON TYPE experiment_detectable_result IS 'What an experiment will be able to show: the result of experiment_detectable';
COMMENT ON COLUMN experiment_detectable_result.mean IS 'Mean of all customers';
COMMENT ON COLUMN experiment_detectable_result.std_dev IS 'Standard deviation of one customer within the groups, less what is adjusted for';
COMMENT ON COLUMN experiment_detectable_result.difference IS 'The smallest difference of means that is found with the power';
COMMENT ON COLUMN experiment_detectable_result.relative IS 'That as a share of the mean';

CREATE FUNCTION experiment_detectable(
    e experiment, customers bigint, control_customers bigint, adjusted boolean DEFAULT true,
    level double precision DEFAULT 0.95, power double precision DEFAULT 0.80)
RETURNS experiment_detectable_result
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION experiment_detectable(experiment, bigint, bigint, boolean, double precision, double precision) IS
'What an experiment of so many customers will be able to show, by the spread of figures there are already: to be asked before it starts.
Arguments: e: as in experiment_size(e, uplift); customers, control_customers: of the two groups, 2 or more; adjusted: whether what was to be seen before is taken off; level: confidence level between 0 and 1, two-sided; power: the probability that it is found, between 0 and 1.
Result: mean, std_dev, difference and relative, which is NULL where the mean is 0; all NULL where no group of e has two customers.
Errors: 22023 for parameters out of range, 22003 for sums of all groups past 128 bits.';
