-- segments: ABC classes, what is missing to the next one, and the Pareto curve, over values of any numeric type

DO $install$
DECLARE
    value record;
BEGIN
    FOR value IN
        VALUES ('smallint', 'int2'), ('integer', 'int4'), ('bigint', 'int8'),
               ('real', 'float4'), ('double precision', 'float8'), ('numeric', 'numeric')
    LOOP
        EXECUTE pg_catalog.format($sql$

CREATE FUNCTION abc_class(value %1$s, a numeric DEFAULT 0.80, b numeric DEFAULT 0.95) RETURNS text
AS 'MODULE_PATHNAME', 'abc_class_%2$s' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION abc_class(%1$s, numeric, numeric) IS
'Window function: the ABC class of a value within its partition. Largest first, a value is A while the share accumulated before it is below a, B while below b, else C, so that the one which crosses a line is inside. Equal values share one class; values of zero or less are C and do not count towards the whole. Needs no ORDER BY, and reads the whole partition whatever the frame.
Arguments: value: revenue, profit or the like; a, b: cut-offs, shares with 0 < a <= b <= 1, read at the first row of a partition.
Result: ''A'', ''B'' or ''C''; NULL for NULL. Decided by exact sums, floating point by its shortest decimal, up to the 28th digit of the largest value of either sign; what is cut to nothing counts as 0.
Memory: 40 bytes per row of a partition, at its first row.
Errors: 22023 for cut-offs out of range, 22003 for NaN, infinite values and values that need more than 38 digits together.';

CREATE FUNCTION abc_shortfall(value %1$s, a numeric DEFAULT 0.80, b numeric DEFAULT 0.95) RETURNS numeric
AS 'MODULE_PATHNAME', 'abc_shortfall_%2$s' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION abc_shortfall(%1$s, numeric, numeric) IS
'Window function: how much more a value would need to reach the next better ABC class as it stands: the lowest value of that class within the partition, less the value. From C it is the lowest of B, or of A where B is empty; from B the lowest of A. Needs no ORDER BY, and reads the whole partition whatever the frame.
Arguments: value: revenue, profit or the like; a, b: the cut-offs of abc_class, shares with 0 < a <= b <= 1, read at the first row of a partition.
Result: above 0, in the unit of the values and exact, floating point as in abc_class, with as many decimals as the partition''s values need; for values of zero or less too. NULL for NULL, in A, and where no value is positive.
Memory: 56 bytes per row of a partition at its first row, 16 until its last.
Errors: 22023 for cut-offs out of range, 22003 for NaN, infinite values and values that need more than 38 digits together.';

CREATE FUNCTION pareto_share(value %1$s) RETURNS double precision
AS 'MODULE_PATHNAME', 'pareto_share_%2$s' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION pareto_share(%1$s) IS
'Window function: the share of the partition''s positive values that a value and all larger or equal ones bring: the Pareto curve. Needs no ORDER BY.
Arguments: value: revenue, profit or the like.
Result: above 0, up to 1; NULL for NULL and for values of zero or less, which do not count towards the whole. Floating point as in abc_class.
Memory: 32 bytes per row of a partition.
Errors: 22003 for NaN, infinite values and values that need more than 38 digits together.';

$sql$, value.column1, value.column2);
    END LOOP;
END
$install$;
