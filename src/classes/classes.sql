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
