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
