-- programme: which points are left, and how many of them will be redeemed

CREATE FUNCTION points_left(account points_account, as_of date) RETURNS points_account
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION points_left(points_account, date) IS
'The points that are left of an account at the start of a day, by the day on which they were earned and that on which they expire. Those that expire soonest are redeemed first, of these the oldest.
Arguments: account; as_of: only days before it count.
Result: points_account whose sum is the balance that points_balance(account, as_of) gives. Of many customers rollup() puts them together.
Errors: 22008 for an infinite as_of.';

CREATE FUNCTION _clientele.points_redemption_accum(survival, points_account, date) RETURNS survival
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE points_redemption(account points_account, as_of date) (
    SFUNC = _clientele.points_redemption_accum, STYPE = survival, SSPACE = 16384,
    FINALFUNC = _clientele.survival_final, COMBINEFUNC = _clientele.survival_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE points_redemption(points_account, date) IS
'How long points last until they are redeemed, from one account per customer: each ten-thousandth of a point is one duration, which ends on the day it is redeemed, those that expire soonest first. Expiry, and the day before as_of, end the follow-up: they censor. Breakage, the share that is never redeemed, is where the curve ends: SELECT min(p.survival) FROM survival_points(redemption) p.
Arguments: account; as_of: only days before it count.
Result: survival; NULL accounts are skipped, {} without any. Points that had expired when they were earned are in none. Points of one customer go together, so the bounds of the curve are too narrow.
Errors: 22008 for an infinite as_of, 22003 for more than 922 trillion points, 54000 past 22 million different durations.
Source: Kaplan and Meier, Nonparametric estimation from incomplete observations, JASA 53 (1958), on points in place of persons.';

CREATE TYPE points_expected_result AS (
    earned_on date,
    expires_on date,
    points numeric,
    redeemed_share double precision
);
COMMENT ON TYPE points_expected_result IS 'Points that are left, and how many will be redeemed: a row of points_expected';
COMMENT ON COLUMN points_expected_result.earned_on IS 'Day on which they were earned';
COMMENT ON COLUMN points_expected_result.expires_on IS 'First day on which they are gone; NULL for never';
COMMENT ON COLUMN points_expected_result.points IS 'How many are left';
COMMENT ON COLUMN points_expected_result.redeemed_share IS 'Expected share of them that will be redeemed, 0..1; NULL where nothing was seen';

CREATE FUNCTION points_expected(points_left points_account, redemption survival, as_of date) RETURNS SETOF points_expected_result
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION points_expected(points_account, survival, date) IS
'How many of the points that are left will be redeemed: the share of points as old that were redeemed before they would expire, by the curve of points_redemption().
Arguments: points_left: as points_left() gives it, of one customer or many; redemption: as points_redemption() gives it; as_of: the day of both.
Result: a row per day of earning and of expiry: points, and redeemed_share = 1 - S(before the expiry) / S(age). Nobody knows of points older than any that were seen: none of them count as redeemed.
Errors: 22008 for an infinite as_of.';
