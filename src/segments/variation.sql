-- segments: variation and XYZ class of values, one per period

CREATE FUNCTION _clientele.variation_combine(bytea, bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.variation_final(bytea) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.xyz_class_final(bytea) RETURNS text
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

CREATE FUNCTION _clientele.variation_accum(bytea, %1$s) RETURNS bytea
AS 'MODULE_PATHNAME', 'variation_accum_%2$s' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION _clientele.variation_accum(bytea, %1$s, numeric, numeric) RETURNS bytea
AS 'MODULE_PATHNAME', 'variation_accum_%2$s' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE variation(value %1$s) (
    SFUNC = _clientele.variation_accum, STYPE = bytea, SSPACE = 128,
    FINALFUNC = _clientele.variation_final, COMBINEFUNC = _clientele.variation_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE variation(%1$s) IS
'The population coefficient of variation of values, standard deviation by mean: one value per period, those without purchases as 0.
Arguments: value: NULLs are skipped.
Result: 0 or more; NULL with fewer than three values or a mean of zero or less. From exact sums, floating point by its shortest decimal.
Errors: 22003 for NaN, infinite values and values that need more than 38 digits together.';

CREATE AGGREGATE xyz_class(value %1$s) (
    SFUNC = _clientele.variation_accum, STYPE = bytea, SSPACE = 128,
    FINALFUNC = _clientele.xyz_class_final, COMBINEFUNC = _clientele.variation_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE xyz_class(%1$s) IS
'How steady values are, by their population coefficient of variation: up to 0.10 is X, up to 0.25 is Y, else Z. One value per period, those without purchases as 0; xyz_class(history, ...) fills them in.
Arguments: value: NULLs are skipped.
Result: ''X'', ''Y'' or ''Z''; NULL with fewer than three values or a mean of zero or less. Decided exactly, floating point by its shortest decimal.
Errors: 22003 for NaN, infinite values and values that need more than 38 digits together.';

CREATE AGGREGATE xyz_class(value %1$s, x numeric, y numeric) (
    SFUNC = _clientele.variation_accum, STYPE = bytea, SSPACE = 128,
    FINALFUNC = _clientele.xyz_class_final, COMBINEFUNC = _clientele.variation_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE xyz_class(%1$s, numeric, numeric) IS
'How steady values are, by their population coefficient of variation: up to x is X, up to y is Y, else Z. One value per period, those without purchases as 0; xyz_class(history, ...) fills them in.
Arguments: value: NULLs are skipped; x, y: coefficients, 0 <= x <= y, with up to eight decimals, the same in all rows.
Result: ''X'', ''Y'' or ''Z''; NULL with fewer than three values or a mean of zero or less. Decided exactly, floating point by its shortest decimal.
Errors: 22023 for limits out of range, NULL or differing between rows, 22003 for NaN, infinite values and values that need more than 38 digits together.';

$sql$, value.column1, value.column2);
    END LOOP;
END
$install$;
