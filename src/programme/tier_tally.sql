-- programme: the tiers of all customers of a workspace, each history read once

CREATE FUNCTION _clientele.tier_rules(thresholds numeric[], qualify_within interval, hold interval, count_by text, calendar boolean) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.tier_rules(numeric[], interval, interval, text, boolean) IS
'The rules of a programme as the functions of tiers read them, made once per query.
Arguments: as loyalty_tier() takes them; up to 100 thresholds.
Result: bytea.
Errors: 22023 for parameters out of range, 22003 for a threshold of more than 38 digits.';

CREATE FUNCTION _clientele.tier_place(history purchase_history, as_of date, rules bytea) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION _clientele.tier_place(purchase_history, date, bytea) IS
'The number of the tier that loyalty_tier() names.
Arguments: rules: of tier_rules().
Result: 1 for the first, 0 below it.
Errors: 22023 for other rules, 22008 for an infinite date.';

CREATE FUNCTION _clientele.tier_cost(history purchase_history, rules bytea, discounts numeric[], from_date date, as_of date) RETURNS numeric
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION _clientele.tier_cost(purchase_history, bytea, numeric[], date, date) IS
'What discounts take off what was sold to a customer, by the tier at the start of the day, on days with orders that brought something.
Arguments: rules: of tier_rules(); discounts: a share for who is below the first tier, and one for each; from_date, as_of: of days from the one to that before the other.
Result: money.
Errors: 22023 for other rules and another number of discounts, 22008 for an infinite as_of.';

CREATE FUNCTION _clientele.tier_tally_transition(bytea, purchase_history, purchase_history, bytea, date, date) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.tier_migration_transition(bytea, purchase_history, bytea, date[]) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.tier_tally_combine(bytea, bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE AGGREGATE _clientele.tier_tally(history purchase_history, profit purchase_history, rules bytea, from_date date, as_of date) (
    SFUNC = _clientele.tier_tally_transition, STYPE = bytea, SSPACE = 4096,
    COMBINEFUNC = _clientele.tier_tally_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE _clientele.tier_tally(purchase_history, purchase_history, bytea, date, date) IS
'Customers by their tier at a date, and what was sold to those who were in it on the day of the order.
Arguments: profit: histories of profit, NULL without; rules: of tier_rules(), the same in all rows; from_date, as_of: orders of days from the one to that before the other are counted.
Result: bytea, which tier_tally_rows() unfolds; NULL without histories.
Errors: 22023 for other rules, 22008 for an infinite as_of, 22003 past 2^63 customers.';
CREATE AGGREGATE _clientele.tier_migration(history purchase_history, rules bytea, ends date[]) (
    SFUNC = _clientele.tier_migration_transition, STYPE = bytea, SSPACE = 65536,
    COMBINEFUNC = _clientele.tier_tally_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE _clientele.tier_migration(purchase_history, bytea, date[]) IS
'How many customers went from which tier to which, from one date to the next, and what they brought in between.
Arguments: rules: of tier_rules(), the same in all rows; ends: ascending dates.
Result: bytea, which tier_tally_rows() unfolds; NULL without histories.
Errors: 22023 for other rules and for dates out of order, 22008 for an infinite date, 22003 past 2^63 customers.';

CREATE TYPE _clientele.tier_tally_row AS (
    end_number integer,
    from_place integer,
    to_place integer,
    customers bigint,
    held bigint,
    orders bigint,
    window_revenue numeric,
    revenue numeric,
    profit numeric
);
CREATE FUNCTION _clientele.tier_tally_rows(tally bytea) RETURNS SETOF _clientele.tier_tally_row
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 10;
COMMENT ON FUNCTION _clientele.tier_tally_rows(bytea) IS
'A row for each end, tier before and tier after that there were customers or orders of.
Result: rows of end_number (from 1), from_place (NULL where there was no order before, and of tier_tally()), to_place (0 below the first tier), customers, held (those of them who keep the tier by grace alone), orders, window_revenue (within the window of the tiers), revenue (of days that brought something; of a migration that of the period), profit of those days.
Errors: XX001 for other bytes.';
