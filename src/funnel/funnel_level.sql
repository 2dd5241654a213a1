-- funnel: the deepest step of one customer, and when each step was reached

CREATE FUNCTION _clientele.funnel_events_combine(bytea, bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

-- A final function for each aggregate and type of time. Those that refuse raise there too, so that the refusal does not
-- wait for a first row.
CREATE FUNCTION _clientele.funnel_level_final(bytea) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_level_time_zone_refused(bytea) RETURNS integer
AS 'MODULE_PATHNAME', 'time_zone_refused' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_level_time_zone_required(bytea) RETURNS integer
AS 'MODULE_PATHNAME', 'time_zone_required' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_times_timestamp_final(bytea) RETURNS timestamp[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_times_timestamptz_final(bytea) RETURNS timestamptz[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_times_time_zone_refused(bytea) RETURNS timestamp[]
AS 'MODULE_PATHNAME', 'time_zone_refused' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_times_time_zone_required(bytea) RETURNS timestamptz[]
AS 'MODULE_PATHNAME', 'time_zone_required' LANGUAGE C IMMUTABLE PARALLEL SAFE;

-- funnel_level and funnel_times for each type of time, without rules, with ties, and with ties and entry. timestamptz
-- needs a time zone; date and timestamp have none, and would be cast silently through the session's if the form with
-- as many arguments were missing.
DO $install$
DECLARE
    form text[]; -- type of time, further arguments, their types, C function of the transition
    aggregate text[]; -- name, what it gives, its result
    result_type text;
    rules CONSTANT text :=
        'Arguments: at: when; step: which one it is, from 1 to 1000: an event that fills several steps is a row for each; within: the window from the first step to the last, an interval such as ''1 month'' without negative parts, its end included%s%s%s. All but at and step have to be the same in all rows of a group.
Result: %s
Errors: 22023 for another step, window%s or rule, NULL in place of one, or ones that differ between rows; 22008 for an infinite time or a date past the last timestamp; 54000 past 53 million events of a group.';
BEGIN
    FOREACH form SLICE 1 IN ARRAY ARRAY[
        ['date', '', '', 'date'], ['date', 'ties text', 'text', 'date'], ['date', 'ties text, entry text', 'text, text', 'date'],
        ['date', 'time_zone text, ties text, entry text', 'text, text, text', 'refused'],
        ['timestamp', '', '', 'timestamp'], ['timestamp', 'ties text', 'text', 'timestamp'],
        ['timestamp', 'ties text, entry text', 'text, text', 'timestamp'],
        ['timestamp', 'time_zone text, ties text, entry text', 'text, text, text', 'refused'],
        ['timestamptz', '', '', 'required'], ['timestamptz', 'time_zone text', 'text', 'timestamptz'],
        ['timestamptz', 'time_zone text, ties text', 'text, text', 'timestamptz'],
        ['timestamptz', 'time_zone text, ties text, entry text', 'text, text, text', 'timestamptz']
    ] LOOP
        form[2] := CASE WHEN form[2] <> '' THEN ', ' ELSE '' END || form[2];
        form[3] := CASE WHEN form[3] <> '' THEN ', ' ELSE '' END || form[3];
        EXECUTE pg_catalog.format(
            'CREATE FUNCTION _clientele.funnel_events_transition(bytea, %1$s, integer, interval%2$s) RETURNS bytea
             AS ''MODULE_PATHNAME'', %3$L LANGUAGE C IMMUTABLE PARALLEL SAFE',
            form[1], form[3], CASE WHEN form[4] IN ('refused', 'required') THEN 'time_zone_' ELSE 'funnel_events_' END || form[4]);
        FOREACH aggregate SLICE 1 IN ARRAY ARRAY[
            ['funnel_level', 'The deepest step that one customer reached: of the chains of steps 1, 2, 3 and so on in order of time, within the window, the longest.',
             '0 where step 1 was not reached, rows with a NULL time or step being skipped; NULL without rows.'],
            ['funnel_times', 'When one customer reached each step that funnel_level() counts: of the chains with the most steps the one completed first, whose window ends last and which starts last; each step as early as possible after the one before.',
             'as many times as the level, a date being its midnight; {} where step 1 was not reached, NULL without rows.']
        ] LOOP
            result_type := CASE WHEN form[4] IN ('refused', 'required') THEN 'time_zone_' || form[4]
                WHEN aggregate[1] = 'funnel_level' THEN 'final'
                WHEN form[1] = 'timestamptz' THEN 'timestamptz_final' ELSE 'timestamp_final' END;
            EXECUTE pg_catalog.format(
                'CREATE AGGREGATE %1$s(at %2$s, step integer, within interval%3$s) (
                     SFUNC = _clientele.funnel_events_transition, STYPE = bytea, SSPACE = 128, FINALFUNC = _clientele.%1$s_%4$s%5$s, PARALLEL = SAFE)',
                aggregate[1], form[1], form[2], result_type,
                CASE WHEN form[4] IN ('refused', 'required') THEN '' ELSE ', COMBINEFUNC = _clientele.funnel_events_combine' END);
            EXECUTE pg_catalog.format('COMMENT ON AGGREGATE %s(%s, integer, interval%s) IS %L', aggregate[1], form[1], form[3],
                CASE form[4]
                    WHEN 'refused' THEN 'Always an error (22023): a date or timestamp has no time zone.'
                    WHEN 'required' THEN 'Always an error (22023): timestamptz needs a time zone as fourth argument.'
                    ELSE aggregate[2] || E'\n' || pg_catalog.format(rules,
                        CASE form[1] WHEN 'timestamptz' THEN '; time_zone: by whose calendar the window ends, a full IANA name or UTC' ELSE '' END,
                        CASE WHEN form[2] LIKE '%ties%' THEN '; ties: ''advance'' (default: steps of one time follow each other) or ''strict'' (each has to be later than the one before)' ELSE '' END,
                        CASE WHEN form[2] LIKE '%entry%' THEN '; entry: ''best'' (default: any event of step 1 may start the chain) or ''first'' (only the earliest)' ELSE '' END,
                        aggregate[3], CASE form[1] WHEN 'timestamptz' THEN ', time zone' ELSE '' END)
                END);
        END LOOP;
    END LOOP;
END
$install$;
