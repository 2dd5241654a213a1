-- programme: the tier of a customer

CREATE FUNCTION loyalty_tier(history purchase_history, as_of date, thresholds numeric[], names text[],
    qualify_within interval DEFAULT '12 months', hold interval DEFAULT '0 days', count_by text DEFAULT 'spend', calendar boolean DEFAULT false)
RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION loyalty_tier(purchase_history, date, numeric[], text[], interval, interval, text, boolean) IS
'The tier of a customer at the start of a day: the highest whose threshold is reached by what was bought within a window, or was on a day of the hold. It rises on the day after the purchase, and falls late.
Arguments: history; as_of: only days before it count; thresholds: from how much on, rising, from 0 on; names: of the tiers, one for each threshold; qualify_within: what counts towards a tier on day u are the days from u - qualify_within to the one before u; hold: how long what was reached is held, a tier is the highest that the days after as_of - hold, up to as_of, reached; count_by: ''spend'' counts revenue, returns taken off, ''days'' days with orders, ''orders'' each order; calendar: true counts from the first day of the calendar''s year, half-year, quarter or other part of a year of that length instead, that of the day before u, so that a purchase of its last day counts on the first day of the next one.
Result: a name, NULL below the first threshold.
Errors: 22023 for thresholds that do not rise from 0 or more, NULLs in an array or another number of names, an interval with negative parts, a window below a day or that is no part of a year by the calendar, another count_by; 22008 for an infinite as_of; 22003 for a threshold of more than 38 digits.';

CREATE TYPE tier_progress_result AS (
    tier text,
    qualifying numeric,
    next_tier text,
    missing numeric,
    missing_until date,
    missing_to_keep numeric,
    kept_until date,
    days_left integer
);
COMMENT ON TYPE tier_progress_result IS 'How far a customer is in the tiers of a programme: the result of tier_progress';
COMMENT ON COLUMN tier_progress_result.tier IS 'The tier at the start of the day; NULL below the first';
COMMENT ON COLUMN tier_progress_result.qualifying IS 'What counts on that day: revenue, days or orders';
COMMENT ON COLUMN tier_progress_result.next_tier IS 'The one above; NULL in the highest';
COMMENT ON COLUMN tier_progress_result.missing IS 'What is missing to it';
COMMENT ON COLUMN tier_progress_result.missing_until IS 'The last day on which a purchase adds to all that counts now; NULL where nothing counts';
COMMENT ON COLUMN tier_progress_result.missing_to_keep IS 'What is missing to qualify for the tier again; 0 where it is reached on that day, more where it is only held';
COMMENT ON COLUMN tier_progress_result.kept_until IS 'The last day of the tier if nothing is bought any more';
COMMENT ON COLUMN tier_progress_result.days_left IS 'Days from the as-of day to that one; NULL where it is kept for ever';

CREATE FUNCTION tier_progress(history purchase_history, as_of date, thresholds numeric[], names text[],
    qualify_within interval DEFAULT '12 months', hold interval DEFAULT '0 days', count_by text DEFAULT 'spend', calendar boolean DEFAULT false)
RETURNS tier_progress_result
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_progress(purchase_history, date, numeric[], text[], interval, interval, text, boolean) IS
'How far a customer is in the tiers of a programme: the tier, what counts towards it, what is missing to the next one and until when, and how long the tier is kept.
Arguments: as loyalty_tier().
Result: tier as loyalty_tier() gives it, NULL below the first; qualifying: what counts at the start of as_of, revenue, days or orders; next_tier above it and what is missing to that, both NULL in the highest; missing_until: the last day on which a purchase adds to all of qualifying, as some of it leaves the window afterwards, before as_of where that is so tomorrow, NULL where nothing counts; missing_to_keep: what is missing to qualify for the tier again, 0 while it is reached; kept_until: the last day of the tier if nothing is bought any more, infinity for ever; days_left: from as_of to that day, 0 on the last one, NULL for ever.
Errors: 22023 for thresholds that do not rise from 0 or more, NULLs in an array or another number of names, an interval with negative parts, a window below a day or that is no part of a year by the calendar, another count_by; 22008 for an infinite as_of; 22003 for a threshold of more than 38 digits.';
