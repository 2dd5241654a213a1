-- preferences: the orders of a customer by source and category as one value, which takes a third of what lists of names and histories
-- take, and is read without making rows of it.

CREATE FUNCTION _clientele.preferences_agg_order(internal, date, numeric, text, text) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.preferences_agg_history(internal, purchase_history, text, text) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.preferences_final(internal) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.preferences_combine(internal, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.preferences_serialize(internal) RETURNS bytea
AS 'MODULE_PATHNAME', 'preferences_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.preferences_deserialize(bytea, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE _clientele.preferences_agg(day date, amount numeric, source text, category text) (
    SFUNC = _clientele.preferences_agg_order, STYPE = internal, SSPACE = 1024,
    FINALFUNC = _clientele.preferences_final, FINALFUNC_MODIFY = READ_ONLY,
    COMBINEFUNC = _clientele.preferences_combine, SERIALFUNC = _clientele.preferences_serialize,
    DESERIALFUNC = _clientele.preferences_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE _clientele.preferences_agg(date, numeric, text, text) IS
'The orders of a customer by source and category.
Arguments: day, amount: of an order, skipped where one is NULL; source, category: NULL for none, told apart by their bytes.
Result: bytea; NULL without orders.
Memory: 64 bytes per order, so group by customer in their order.
Errors: 22003 for amounts that are no money, 22008 for an infinite date.';
CREATE AGGREGATE _clientele.preferences_agg(history purchase_history, source text, category text) (
    SFUNC = _clientele.preferences_agg_history, STYPE = internal, SSPACE = 1024,
    FINALFUNC = _clientele.preferences_final, FINALFUNC_MODIFY = READ_ONLY,
    COMBINEFUNC = _clientele.preferences_combine, SERIALFUNC = _clientele.preferences_serialize,
    DESERIALFUNC = _clientele.preferences_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE _clientele.preferences_agg(purchase_history, text, text) IS
'The same of histories.
Arguments: history: of the orders with this source and category; source, category: as above.
Result: bytea; NULL without orders.';

CREATE FUNCTION _clientele.preference_histories(preferences bytea, OUT source text, OUT category text, OUT history purchase_history)
RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 3;
COMMENT ON FUNCTION _clientele.preference_histories(bytea) IS
'Preferences as rows, in the order of the bytes of their names.
Arguments: preferences: of preferences_agg().
Result: a row for each source and category.
Errors: XX001 for another value.';

CREATE FUNCTION _clientele.first_preference(preferences bytea, OUT day date, OUT source text, OUT category text, OUT amount numeric)
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.first_preference(bytea) IS
'The first order of preferences.
Arguments: preferences: of preferences_agg().
Result: one row; NULL in every column without orders, and where several are of the first day.
Errors: XX001 for another value.';

CREATE TYPE _clientele.preference_tally AS (
    dimension text,
    value text,
    customers bigint,
    orders bigint
);
CREATE FUNCTION _clientele.preference_tallies_transition(internal, bytea, date) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.preference_tallies_final(internal) RETURNS _clientele.preference_tally[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.preference_tallies_combine(internal, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.preference_tallies_serialize(internal) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.preference_tallies_deserialize(bytea, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE _clientele.preference_tallies(preferences bytea, as_of date) (
    SFUNC = _clientele.preference_tallies_transition, STYPE = internal, SSPACE = 16384,
    FINALFUNC = _clientele.preference_tallies_final, FINALFUNC_MODIFY = READ_ONLY,
    COMBINEFUNC = _clientele.preference_tallies_combine, SERIALFUNC = _clientele.preference_tallies_serialize,
    DESERIALFUNC = _clientele.preference_tallies_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE _clientele.preference_tallies(bytea, date) IS
'How many customers had orders from each source and of each category before a day, and how many orders.
Arguments: preferences: of preferences_agg(), one for each customer; as_of.
Result: an entry for each source and each category (dimension, value, customers, orders), by the bytes of their names; NULL without preferences.
Memory: 60 bytes and its name for each.
Errors: XX001 for another value, 22008 for an infinite date.';
