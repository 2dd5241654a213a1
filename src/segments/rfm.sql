-- segments: RFM scores

DO $install$
DECLARE
    value record;
BEGIN
    FOR value IN
        VALUES ('smallint', 'int2'), ('integer', 'int4'), ('bigint', 'int8'),
               ('real', 'float4'), ('double precision', 'float8'), ('numeric', 'numeric')
    LOOP
        EXECUTE pg_catalog.format($sql$

CREATE FUNCTION rfm_score(value %1$s, bins integer DEFAULT 5) RETURNS integer
AS 'MODULE_PATHNAME', 'rfm_score_%2$s' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_score(%1$s, integer) IS
'Window function: the score of a value within its partition, 1 + floor(bins * number of smaller values / number of values): the same value has the same score, no score depends on the unit or is renumbered. Needs no ORDER BY, and reads the whole partition whatever the frame.
Arguments: value: larger is better, so recency is scored as minus the days since the last order; bins: number of scores, 1 to 1000, read at the first row of a partition.
Result: 1 to bins; NULL for NULL, which is not counted. Floating point is compared as in abc_class.
Memory: 28 bytes per row of a partition.
Errors: 22023 for bins out of range, 22003 for NaN, infinite values and values that need more than 38 digits together.';

$sql$, value.column1, value.column2);
    END LOOP;
END
$install$;
