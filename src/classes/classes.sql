-- classes: customers of a workspace by class and stage at several dates, each history read once. What compares all customers
-- comes to a few limits, by which each is classified alone.

CREATE FUNCTION _clientele.class_rules(
    ends date[], period text, class_window interval, abc_by text, a numeric, b numeric,
    xyz_by text, frequency_within interval, x_purchases integer, y_purchases integer, x numeric, y numeric,
    new_within interval, lost_after interval, regular_within interval, regular_purchases integer, count_by text) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.class_rules(date[], text, interval, text, numeric, numeric, text, interval, integer, integer, numeric, numeric, interval, interval, interval, integer, text) IS
'The settings of a workspace as the functions of classes read them, made once per query.
Arguments: ends: ascending dates, at which customers are told apart; class_window: NULL for all time; the others as abc_class, xyz_class, frequency_class and lifecycle_stage take them.
Result: bytea; NULL where another argument is NULL.
Errors: 22023 for parameters out of range, 22008 for an infinite date, 22003 for shares and variations of more than 38 digits.';

CREATE FUNCTION _clientele.class_limits_transition(internal, purchase_history, purchase_history, bytea) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.class_limits_final(internal) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.class_limits_combine(internal, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.class_limits_serialize(internal) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.class_limits_deserialize(bytea, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE _clientele.class_limits(history purchase_history, profit purchase_history, rules bytea) (
    SFUNC = _clientele.class_limits_transition, STYPE = internal, SSPACE = 65536,
    FINALFUNC = _clientele.class_limits_final, FINALFUNC_MODIFY = READ_ONLY,
    COMBINEFUNC = _clientele.class_limits_combine, SERIALFUNC = _clientele.class_limits_serialize,
    DESERIALFUNC = _clientele.class_limits_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE _clientele.class_limits(purchase_history, purchase_history, bytea) IS
'The rules with the limits of the classes A and B at each end, which compare all customers.
Arguments: profit: histories of profit, read where classes go by it; rules: of class_rules(), those of the first row.
Result: bytea; NULL without histories.
Memory: up to 24 bytes per customer and end.';

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
Result: rows of period_start, as_of, known_before (whether there was an order before the end before; NULL for the first end), from_state, to_state (NULL in no cell), customers, and their revenue of the period.';
