-- segments: frequency classes and stages of the lifecycle, read from purchase histories

CREATE FUNCTION frequency_class(
    history purchase_history, as_of date, within interval DEFAULT '6 months',
    x_purchases integer DEFAULT 3, y_purchases integer DEFAULT 2, count_by text DEFAULT 'days') RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION frequency_class(purchase_history, date, interval, integer, integer, text) IS
'How regularly a customer buys: X regularly, Y from time to time, Z rarely.
Arguments: as_of: only days before it count; within: the span of calendar time that ends there; x_purchases, y_purchases: purchases in it that make an X and a Y, at least 1 and Y''s not above X''s; count_by: ''days'' counts days with orders (split receipts do not make a regular), ''orders'' each order.
Result: ''X'', ''Y'' or ''Z''; NULL before the first order.
Errors: 22023 for parameters out of range, 22008 for an infinite as_of.';

CREATE FUNCTION lifecycle_stage(
    history purchase_history, as_of date, new_within interval DEFAULT '3 months', lost_after interval DEFAULT '6 months',
    regular_within interval DEFAULT '6 months', regular_purchases integer DEFAULT 3, count_by text DEFAULT 'days') RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lifecycle_stage(purchase_history, date, interval, interval, interval, integer, text) IS
'Where a customer stands, by the first rule that holds: lost (no purchase within lost_after before as_of), regular (at least regular_purchases within regular_within), new (first purchase within new_within), else occasional.
Arguments: as_of: only days before it count; new_within, lost_after, regular_within: spans of calendar time that end there; regular_purchases: at least 1; count_by: ''days'' counts days with orders, ''orders'' each order.
Result: ''lost'', ''regular'', ''new'' or ''occasional''; NULL before the first order.
Errors: 22023 for parameters out of range, 22008 for an infinite as_of.';

CREATE FUNCTION at_risk(
    history purchase_history, as_of date, gaps double precision DEFAULT 2, shop_gap double precision DEFAULT NULL,
    lost_after interval DEFAULT '6 months') RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION at_risk(purchase_history, date, double precision, double precision, interval) IS
'Whether a customer has been silent for longer than usual, but is not lost yet.
Arguments: as_of: only days before it count; gaps: silent for more than so many of the customer''s own usual gaps (gap_days), 0 to 1000; shop_gap: days, the gap to go by for customers with fewer than three of their own, such as the shop''s median; lost_after: span of calendar time without a purchase after which a customer is lost.
Result: boolean; false for lost customers; NULL before the first order, and where neither the customer''s gaps nor shop_gap say what is usual.
Errors: 22023 for parameters out of range, 22008 for an infinite as_of.';
