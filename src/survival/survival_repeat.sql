-- survival: waiting for the next purchase, from histories

CREATE FUNCTION _clientele.repeat_survival_accum(survival[], purchase_history, date, integer) RETURNS survival[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.repeat_survival_combine(survival[], survival[]) RETURNS survival[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.repeat_survival_final(survival[]) RETURNS survival[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE repeat_survival(history purchase_history, as_of date, purchases integer) (
    SFUNC = _clientele.repeat_survival_accum, STYPE = survival[], SSPACE = 65536,
    FINALFUNC = _clientele.repeat_survival_final, COMBINEFUNC = _clientele.repeat_survival_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_survival(purchase_history, date, integer) IS
'How long customers wait for the next purchase after the first, the second and so on, from one history per customer, each of which is read once. Days with orders are purchases. For a row of each: SELECT n, median_survival(s), (survival_summary(s)).* FROM (SELECT repeat_survival(history, as_of, 20) AS a ...) r, unnest(r.a) WITH ORDINALITY u(s, n).
Arguments: as_of: purchases on it or later do not exist yet; purchases: up to which purchase, 1 to 1000.
Result: survival[], whose n-th survival is that of all customers with n purchases, the days to the next one or, where it has not come, to the day before as_of: what survival_agg() makes of repeat_time(history, n, as_of). NULL histories and those without a purchase are skipped; {} without any. Parts of different customers are added purchase by purchase by rollup(survival[]).
Errors: 22023 for purchases out of range or NULL parameters, 22008 for an infinite as_of, 54000 past a gigabyte.';

CREATE AGGREGATE rollup(survival[]) (
    SFUNC = _clientele.repeat_survival_combine, STYPE = survival[], SSPACE = 65536,
    FINALFUNC = _clientele.repeat_survival_final, COMBINEFUNC = _clientele.repeat_survival_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(survival[]) IS
'The total of survivals of the same kinds, such as repeat_survival() gives: the first ones together, the second ones, and so on.
Result: survival[], as long as the longest; NULLs are skipped, {} without any.
Errors: 22023 for NULLs in an array, several dimensions or more than 1000 survivals, 22003 for a total past 64 bits, 54000 past a gigabyte.';
