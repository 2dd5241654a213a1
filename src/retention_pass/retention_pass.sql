-- retention: the triangle in one pass over the purchases

-- The one aggregate whose state is internal: a table of all customers that grows in place.
CREATE FUNCTION _clientele.retention_curve_combine(internal, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_curve_serialize(internal) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_curve_deserialize(bytea, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_curve_final(internal) RETURNS retention
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

-- A final function too raises, so that the refusal does not wait for a first row.
CREATE FUNCTION _clientele.retention_curve_time_zone_refused(retention) RETURNS retention
AS 'MODULE_PATHNAME', 'time_zone_refused' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_curve_time_zone_required(retention) RETURNS retention
AS 'MODULE_PATHNAME', 'time_zone_required' LANGUAGE C IMMUTABLE PARALLEL SAFE;

-- retention_curve for each type of customer and of purchase time. timestamptz needs a time zone; date
-- and timestamp have none, and would be cast silently through the session's if these forms were missing.
DO $install$
DECLARE
    customer text[]; -- its type's name in SQL and in C
    time_type text;
    described CONSTANT text :=
        'How many customers came back in which period after their first purchase, straight from the purchases: the same as from histories, several times faster.
Arguments: customer: who bought; at: when, and every row is a purchase: leave returns of goods out with FILTER; period: ''day'', ''week'' (ISO), ''month'', ''quarter'' or ''year''; as_of: purchases on it or later do not exist yet%s. period and as_of have to be the same in all rows.
Result: retention; rows without customer or time are skipped; NULL without rows.
Errors: 22023 for another period%s, NULL parameters or ones that differ between rows; 22008 for an infinite time or as_of, or an as_of in a period that began before all dates; 54000 past 5000 cohorts, or where a parallel worker has more than 1 GB to hand on.';
BEGIN
    FOREACH customer SLICE 1 IN ARRAY ARRAY[
        ['smallint', 'int2'], ['integer', 'int4'], ['bigint', 'int8'],
        ['numeric', 'numeric'], ['uuid', 'uuid'], ['text', 'text']
    ] LOOP
        FOREACH time_type IN ARRAY ARRAY['date', 'timestamp'] LOOP
            EXECUTE pg_catalog.format(
                'CREATE FUNCTION _clientele.retention_curve_transition(internal, %2$s, %1$s, text, date) RETURNS internal
                 AS ''MODULE_PATHNAME'', ''retention_curve_%1$s_%3$s'' LANGUAGE C IMMUTABLE PARALLEL SAFE',
                time_type, customer[1], customer[2]);
            EXECUTE pg_catalog.format(
                'CREATE AGGREGATE retention_curve(customer %2$s, at %1$s, period text, as_of date) (
                     SFUNC = _clientele.retention_curve_transition, STYPE = internal, SSPACE = 2048,
                     FINALFUNC = _clientele.retention_curve_final, COMBINEFUNC = _clientele.retention_curve_combine,
                     SERIALFUNC = _clientele.retention_curve_serialize, DESERIALFUNC = _clientele.retention_curve_deserialize, PARALLEL = SAFE)',
                time_type, customer[1]);
            EXECUTE pg_catalog.format('COMMENT ON AGGREGATE retention_curve(%s, %s, text, date) IS %L',
                customer[1], time_type, pg_catalog.format(described, '', ''));

            EXECUTE pg_catalog.format(
                'CREATE FUNCTION _clientele.retention_curve_transition(retention, %2$s, %1$s, text, date, text) RETURNS retention
                 AS ''MODULE_PATHNAME'', ''time_zone_refused'' LANGUAGE C IMMUTABLE PARALLEL SAFE',
                time_type, customer[1]);
            EXECUTE pg_catalog.format(
                'CREATE AGGREGATE retention_curve(customer %2$s, at %1$s, period text, as_of date, time_zone text) (
                     SFUNC = _clientele.retention_curve_transition, STYPE = retention,
                     FINALFUNC = _clientele.retention_curve_time_zone_refused, PARALLEL = SAFE)',
                time_type, customer[1]);
            EXECUTE pg_catalog.format('COMMENT ON AGGREGATE retention_curve(%s, %s, text, date, text) IS %L',
                customer[1], time_type, 'Always an error (22023): a date or timestamp has no time zone.');
        END LOOP;

        EXECUTE pg_catalog.format(
            'CREATE FUNCTION _clientele.retention_curve_transition(internal, %1$s, timestamptz, text, date, text) RETURNS internal
             AS ''MODULE_PATHNAME'', ''retention_curve_timestamptz_%2$s'' LANGUAGE C IMMUTABLE PARALLEL SAFE',
            customer[1], customer[2]);
        EXECUTE pg_catalog.format(
            'CREATE AGGREGATE retention_curve(customer %1$s, at timestamptz, period text, as_of date, time_zone text) (
                 SFUNC = _clientele.retention_curve_transition, STYPE = internal, SSPACE = 2048,
                 FINALFUNC = _clientele.retention_curve_final, COMBINEFUNC = _clientele.retention_curve_combine,
                 SERIALFUNC = _clientele.retention_curve_serialize, DESERIALFUNC = _clientele.retention_curve_deserialize, PARALLEL = SAFE)',
            customer[1]);
        EXECUTE pg_catalog.format('COMMENT ON AGGREGATE retention_curve(%s, timestamptz, text, date, text) IS %L',
            customer[1], pg_catalog.format(described, '; time_zone: whose days are meant, a full IANA name or UTC', ' or time zone'));

        EXECUTE pg_catalog.format(
            'CREATE FUNCTION _clientele.retention_curve_transition(retention, %1$s, timestamptz, text, date) RETURNS retention
             AS ''MODULE_PATHNAME'', ''time_zone_required'' LANGUAGE C IMMUTABLE PARALLEL SAFE',
            customer[1]);
        EXECUTE pg_catalog.format(
            'CREATE AGGREGATE retention_curve(customer %1$s, at timestamptz, period text, as_of date) (
                 SFUNC = _clientele.retention_curve_transition, STYPE = retention,
                 FINALFUNC = _clientele.retention_curve_time_zone_required, PARALLEL = SAFE)',
            customer[1]);
        EXECUTE pg_catalog.format('COMMENT ON AGGREGATE retention_curve(%s, timestamptz, text, date) IS %L', customer[1],
            'Always an error (22023): timestamptz needs a time zone as fifth argument.');
    END LOOP;
END
$install$;
