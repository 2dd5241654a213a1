-- programme: what a discount has to bring

CREATE FUNCTION discount_break_even(margin double precision, discount double precision) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION discount_break_even(double precision, double precision) IS
'How much more has to be sold at a discount to leave the same gross profit, as a share of what is sold without it: discount / (margin - discount).
Arguments: margin: gross profit as a share of the price before the discount, 1 at most; discount: share of the price that is taken off, 0..1.
Result: a share, 0.5 for half as much again; NULL where no quantity does, as the discount takes the whole margin or more.
Errors: 22023 for a margin above 1 or a discount outside 0..1.';
