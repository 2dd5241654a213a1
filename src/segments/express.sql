-- segments: the express test of loyalty, over purchase histories

CREATE TYPE express_test_result AS (
    light text,
    light_by text,
    certain boolean,
    advice text,
    customers bigint,
    one_time_customers bigint,
    regular_customers bigint,
    young_customers bigint,
    one_time_share double precision,
    one_time_share_lower double precision,
    one_time_share_upper double precision,
    regular_share double precision,
    regular_share_lower double precision,
    regular_share_upper double precision,
    difference double precision,
    difference_lower double precision,
    difference_upper double precision,
    sales numeric,
    one_time_sales numeric,
    regular_sales numeric,
    young_sales numeric,
    unassigned_sales numeric,
    unassigned_share double precision,
    one_time_sales_share double precision,
    one_time_sales_share_lower double precision,
    one_time_sales_share_upper double precision,
    regular_sales_share double precision,
    regular_sales_share_lower double precision,
    regular_sales_share_upper double precision,
    sales_difference double precision,
    sales_difference_lower double precision,
    sales_difference_upper double precision
);
COMMENT ON TYPE express_test_result IS 'How loyal the customers are, at a glance: the result of express_test';
COMMENT ON COLUMN express_test_result.light IS '''red'', ''green'', ''yellow'' or ''mixed''';
COMMENT ON COLUMN express_test_result.light_by IS 'What decided the light: ''customers'' or ''sales''; NULL without rows';
COMMENT ON COLUMN express_test_result.certain IS 'Whether the intervals lie on the light''s side as a whole; NULL if it is red';
COMMENT ON COLUMN express_test_result.advice IS 'What to do first';
COMMENT ON COLUMN express_test_result.customers IS 'Customers who bought in the window, the young ones left out: the base of all shares';
COMMENT ON COLUMN express_test_result.one_time_customers IS 'Those who bought once ever';
COMMENT ON COLUMN express_test_result.regular_customers IS 'Those who bought regularly in the window';
COMMENT ON COLUMN express_test_result.young_customers IS 'Customers apart from the base: one purchase, too young for a second one';
COMMENT ON COLUMN express_test_result.one_time_share IS 'One-timers by customers, 0..1';
COMMENT ON COLUMN express_test_result.one_time_share_lower IS 'Lower bound (Wilson)';
COMMENT ON COLUMN express_test_result.one_time_share_upper IS 'Upper bound (Wilson)';
COMMENT ON COLUMN express_test_result.regular_share IS 'Regulars by customers, 0..1';
COMMENT ON COLUMN express_test_result.regular_share_lower IS 'Lower bound (Wilson)';
COMMENT ON COLUMN express_test_result.regular_share_upper IS 'Upper bound (Wilson)';
COMMENT ON COLUMN express_test_result.difference IS 'Regulars less one-timers in hundredths of the customers';
COMMENT ON COLUMN express_test_result.difference_lower IS 'Lower bound (score interval)';
COMMENT ON COLUMN express_test_result.difference_upper IS 'Upper bound (score interval)';
COMMENT ON COLUMN express_test_result.sales IS 'What the customers of the base brought in the window, returns taken off';
COMMENT ON COLUMN express_test_result.one_time_sales IS 'What the one-timers brought of it';
COMMENT ON COLUMN express_test_result.regular_sales IS 'What the regulars brought of it';
COMMENT ON COLUMN express_test_result.young_sales IS 'What the young customers brought besides';
COMMENT ON COLUMN express_test_result.unassigned_sales IS 'What was sold without a customer, as given; NULL if unknown';
COMMENT ON COLUMN express_test_result.unassigned_share IS 'That by all sales in the window; NULL if unknown or where those are zero or less';
COMMENT ON COLUMN express_test_result.one_time_sales_share IS 'One-timers by sales, 0..1 unless returns exceed what a group bought';
COMMENT ON COLUMN express_test_result.one_time_sales_share_lower IS 'Lower bound (ratio of two sums over customers)';
COMMENT ON COLUMN express_test_result.one_time_sales_share_upper IS 'Upper bound';
COMMENT ON COLUMN express_test_result.regular_sales_share IS 'Regulars by sales';
COMMENT ON COLUMN express_test_result.regular_sales_share_lower IS 'Lower bound';
COMMENT ON COLUMN express_test_result.regular_sales_share_upper IS 'Upper bound';
COMMENT ON COLUMN express_test_result.sales_difference IS 'Regulars less one-timers in hundredths of the sales';
COMMENT ON COLUMN express_test_result.sales_difference_lower IS 'Lower bound';
COMMENT ON COLUMN express_test_result.sales_difference_upper IS 'Upper bound';

CREATE FUNCTION _clientele.express_test_accum(bytea, purchase_history, date, numeric) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.express_test_accum(
    bytea, purchase_history, date, numeric, interval, interval, integer, text, numeric, text, double precision) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.express_test_combine(bytea, bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.express_test_final(bytea) RETURNS express_test_result
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE express_test(history purchase_history, as_of date, unassigned_sales numeric) (
    SFUNC = _clientele.express_test_accum, STYPE = bytea, SSPACE = 400,
    FINALFUNC = _clientele.express_test_final, COMBINEFUNC = _clientele.express_test_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE express_test(purchase_history, date, numeric) IS
'How loyal the customers are, at a glance: how many of those who bought in the last six months did so once ever (one-timers) or at least on three days (regulars), and what they brought. One-timers of the last three months are counted apart: they have had no time to come back. The light, first that holds: red (cannot be answered: nobody settled, or most sales have no customer), green (one-timers up to 3 % of customers), yellow (more one-timers than regulars), else mixed.
Arguments: history: one per customer, NULLs are skipped; as_of: only days before it count; unassigned_sales: what was sold in the six months before it without a customer, NULL if unknown, then not judged. Both are the same in all rows.
Result: express_test_result: light, certain and advice; customers, shares 0..1 with intervals at level 0.95 and their difference in points, by customers and by sales. Shares are NULL without anything to divide by, bounds of shares of sales also with a single customer.
Errors: 22023 for NULL or differing parameters, 22008 for an infinite as_of, 22003 for totals that need more than 38 digits.
Source: the intervals: Wilson, JASA 22 (1927), by customers; Tango, Statistics in Medicine 17 (1998), for the difference; Cochran, Sampling Techniques (1977), chapter 6, for ratios of sales.';

CREATE AGGREGATE express_test(
    history purchase_history, as_of date, unassigned_sales numeric, within interval, settle interval,
    regular_purchases integer, count_by text, one_time_limit numeric, light_by text, level double precision) (
    SFUNC = _clientele.express_test_accum, STYPE = bytea, SSPACE = 400,
    FINALFUNC = _clientele.express_test_final, COMBINEFUNC = _clientele.express_test_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE express_test(purchase_history, date, numeric, interval, interval, integer, text, numeric, text, double precision) IS
'How loyal the customers are, at a glance: as express_test(history, as_of, unassigned_sales), whose parameters are ''6 months'', ''3 months'', 3, ''days'', 0.03, ''customers'' and 0.95.
Arguments: history: one per customer, NULLs are skipped; as_of: only days before it count; unassigned_sales: what was sold in the window without a customer, NULL if unknown, then not judged; within: the window, a span of calendar time that ends at as_of; settle: likewise, where customers are young whose first and only purchase lies in it; regular_purchases: in the window, at least 2; count_by: ''days'' counts days with orders, ''orders'' each order; one_time_limit: the share of one-timers up to which the light is green, 0..1 with up to 20 decimals; light_by: ''customers'' or ''sales'', which share the light goes by; level: of the intervals, between 0 and 1. All are the same in all rows.
Result: as of express_test(history, as_of, unassigned_sales). By sales the light is also red where they are zero or less.
Errors: 22023 for parameters out of range, NULL or differing between rows, 22008 for an infinite as_of, 22003 for totals that need more than 38 digits.
Source: the intervals: Wilson, JASA 22 (1927), by customers; Tango, Statistics in Medicine 17 (1998), for the difference; Cochran, Sampling Techniques (1977), chapter 6, for ratios of sales.';
