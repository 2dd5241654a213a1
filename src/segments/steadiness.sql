-- segments: how steadily a customer buys, from purchase histories

CREATE FUNCTION xyz_class(
    history purchase_history, period text, from_date date, as_of date, x numeric DEFAULT 0.10, y numeric DEFAULT 0.25) RETURNS text
AS 'MODULE_PATHNAME', 'xyz_class_history' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION xyz_class(purchase_history, text, date, date, numeric, numeric) IS
'How steady a customer''s amounts per calendar period are, by the population coefficient of variation (standard deviation by mean): up to x is X, up to y is Y, else Z. Periods without purchases count as 0, from the later of from_date and the period of the first order on.
Arguments: period: ''day'', ''week'' (ISO), ''month'', ''quarter'' or ''year''; from_date, as_of: only periods that lie between them as a whole, from_date included and as_of not (from_date may be -infinity); x, y: coefficients, 0 <= x <= y.
Result: ''X'', ''Y'' or ''Z''; NULL with fewer than three periods or a mean of zero or less. Decided exactly.
Errors: 22023 for parameters out of range, 22008 for an infinite as_of.';

CREATE FUNCTION variation(history purchase_history, period text, from_date date, as_of date) RETURNS double precision
AS 'MODULE_PATHNAME', 'variation_history' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION variation(purchase_history, text, date, date) IS
'The population coefficient of variation of a customer''s amounts per calendar period, on which xyz_class decides. One purchase in n periods gives the square root of n - 1.
Arguments: as of xyz_class.
Result: 0 or more; NULL with fewer than three periods or a mean of zero or less.
Errors: 22023 for another period, 22008 for an infinite as_of.';

CREATE FUNCTION demand_interval(history purchase_history, period text, from_date date, as_of date) RETURNS double precision
AS 'MODULE_PATHNAME', 'demand_interval_history' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION demand_interval(purchase_history, text, date, date) IS
'The mean number of periods from one with an order to the next: 1 for somebody who buys in every period, more for intermittent buyers, whose variation says little.
Arguments: as of xyz_class.
Result: periods, 1 or more; NULL with fewer than two periods with an order.
Errors: 22023 for another period, 22008 for an infinite as_of.
Source: Croston, Forecasting and stock control for intermittent demands, Operational Research Quarterly 23 (1972).';
