-- segments: the Gini coefficient

CREATE FUNCTION _clientele.gini_combine(bytea, bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.gini_final(bytea) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

DO $install$
DECLARE
    value record;
BEGIN
    FOR value IN
        VALUES ('smallint', 'int2'), ('integer', 'int4'), ('bigint', 'int8'),
               ('real', 'float4'), ('double precision', 'float8'), ('numeric', 'numeric')
    LOOP
        EXECUTE pg_catalog.format($sql$

CREATE FUNCTION _clientele.gini_accum(bytea, %1$s) RETURNS bytea
AS 'MODULE_PATHNAME', 'gini_accum_%2$s' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE gini(value %1$s) (
    SFUNC = _clientele.gini_accum, STYPE = bytea, SSPACE = 1024,
    FINALFUNC = _clientele.gini_final, COMBINEFUNC = _clientele.gini_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE gini(%1$s) IS
'The Gini coefficient: how unequally a sum is spread over those who bring it.
Arguments: value: revenue or the like; NULLs are skipped, values below zero count as 0.
Result: 0 (all bring the same) up to 1 - 1/n (one of n brings everything); NULL where nobody brings anything. From exact values, floating point as in abc_class. The same whatever the order of rows and the plan.
Memory: 16 bytes per value.
Errors: 22003 for NaN, infinite values and values that need more than 38 digits together; 54000 past 33 million values.
Source: Gini, Variabilita e mutabilita (1912).';

$sql$, value.column1, value.column2);
    END LOOP;
END
$install$;

-- In two steps, for those who look at parts as well.
CREATE FUNCTION _clientele.gini_values_final(bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE AGGREGATE _clientele.gini_values(value numeric) (
    SFUNC = _clientele.gini_accum, STYPE = bytea, SSPACE = 1024,
    FINALFUNC = _clientele.gini_values_final, COMBINEFUNC = _clientele.gini_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE _clientele.gini_values(numeric) IS
'The values of a part, for gini_of_all().
Arguments: value: as for gini().
Result: bytea, the same whatever the order of rows and the plan.
Errors: 22003 and 54000 as gini().';

CREATE AGGREGATE _clientele.gini_of_all(part bytea) (
    SFUNC = _clientele.gini_combine, STYPE = bytea, FINALFUNC = _clientele.gini_final, COMBINEFUNC = _clientele.gini_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE _clientele.gini_of_all(bytea) IS
'The Gini coefficient of all values of some parts.
Arguments: part: what gini_values() gave.
Result: as of gini().
Errors: 22003 and 54000 as gini(), XX001 for what gini_values() did not give.';
