-- workspace: what its views and tables call. What a query takes in is parsed once, here, whatever the path of whoever runs it.

CREATE FUNCTION _clientele.period_step(period text) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE period WHEN 'day'::text THEN interval '1 day' WHEN 'week'::text THEN interval '1 week' WHEN 'month'::text THEN interval '1 month'
    WHEN 'quarter'::text THEN interval '3 months' WHEN 'year'::text THEN interval '1 year' END;

CREATE FUNCTION _clientele.last_period_ends(as_of date, period text) RETURNS date[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN (
    SELECT array_agg(e.as_of ORDER BY e.as_of)
    FROM (
        SELECT (p.start - n.n * p.step)::date AS as_of, (p.start - (n.n + 1) * p.step)::date AS period_start
        FROM (SELECT @extschema@.period_start(last_period_ends.as_of, last_period_ends.period) AS start, _clientele.period_step(last_period_ends.period) AS step) p
        CROSS JOIN generate_series(0, 11) n(n)) e
    WHERE e.period_start >= date '0001-01-01');
COMMENT ON FUNCTION _clientele.last_period_ends(date, text) IS
'The days after the last twelve periods that are complete at a date, in ascending order: none that begins before the year 1.
Errors: 22023 for another period, 22008 for an infinite date.';

-- At either end of the calendar a day is not the same everywhere: an instant is moved in so far that no client shows it in a year
-- that has no date.
CREATE FUNCTION _clientele.workspace_instant(instant timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN greatest(timestamptz '0001-01-02 00:00:00+00', least(timestamptz '9999-12-30 00:00:00+00', instant));

-- What systems write where there is no date: the first day of 1C, of Excel, and of Unix; with a time of day it is a time without a date.
-- As an instant it is told by that day in any zone.
CREATE FUNCTION _clientele.is_empty_time(at date) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN at IN (date '0001-01-01', date '1899-12-30', date '1970-01-01');

CREATE FUNCTION _clientele.is_empty_time(at timestamp) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN at::date IN (date '0001-01-01', date '1899-12-30', date '1970-01-01');

CREATE FUNCTION _clientele.is_empty_time(at timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN at < timestamptz '1970-01-02 12:00:00+00' AND (at >= timestamptz '1969-12-31 10:00:00+00'
    OR at >= timestamptz '1899-12-29 10:00:00+00' AND at < timestamptz '1899-12-31 12:00:00+00'
    OR at >= timestamptz '0001-12-31 10:00:00+00 BC' AND at < timestamptz '0001-01-02 12:00:00+00');

-- What is left of an amount: of an order no more is given back than it brought, and a return brings nothing to give back.
CREATE FUNCTION _clientele.workspace_less_refunded(amount numeric, refunded numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN amount > 0::numeric AND @extschema@.valid_amount(refunded) THEN greatest(amount - abs(refunded), 0::numeric) ELSE amount END;

CREATE FUNCTION _clientele.is_span(span interval) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN span >= interval '1 day' AND span <= interval '1000 years' AND least(extract(year FROM span), extract(month FROM span),
    extract(day FROM span), extract(hour FROM span), extract(minute FROM span), extract(second FROM span)) >= 0::numeric;

-- The lowest score of a third: those of five are 1 and 2, 3, 4 and 5.
CREATE FUNCTION _clientele.workspace_third_start(third integer, bins integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN third = 1 THEN 1 WHEN third = 2 THEN (bins + 1) / 3 + 1 WHEN third = 3 THEN bins - (bins + 1) / 3 + 1 ELSE bins + 1 END;

-- Which of two is better: of cells by what they bring first, AX the highest, no cell the lowest.
CREATE FUNCTION _clientele.cell_rank(cell text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 10 - coalesce(array_position('{AX,AY,AZ,BX,BY,BZ,CX,CY,CZ}'::text[], cell), 10);

-- New customers become occasional ones by themselves: neither is better.
CREATE FUNCTION _clientele.stage_rank(stage text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN stage = 'regular' THEN 2 WHEN stage = 'lost' THEN 0 ELSE 1 END;

CREATE FUNCTION _clientele.known_policy(policy text, known text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF policy <> ALL (known) THEN
        RAISE EXCEPTION 'invalid value for parameter "policy": %', policy
            USING ERRCODE = 'invalid_parameter_value',
                HINT = CASE known WHEN '{}' THEN 'The table tiers has none: insert some.' ELSE format('The table tiers has: %s.', array_to_string(known, ', ')) END;
    END IF;
    RETURN policy;
END
$$;
COMMENT ON FUNCTION _clientele.known_policy(text, text[]) IS
'The policy itself, if it is one of those known.
Errors: 22023 for another.';

-- What became of the rows of the orders, in the order in which it is shown.
CREATE FUNCTION _clientele.order_reasons(used bigint, no_customer bigint, no_time bigint, invalid_time bigint, no_amount bigint,
    invalid_amount bigint, future bigint, only_returns bigint, zero_amount bigint)
RETURNS TABLE ("position" integer, reason text, order_rows bigint)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 9
BEGIN ATOMIC
    VALUES
        (1, 'used', coalesce(used, 0::bigint)),
        (2, 'no_customer', coalesce(no_customer, 0::bigint)),
        (3, 'no_time', coalesce(no_time, 0::bigint)),
        (4, 'invalid_time', coalesce(invalid_time, 0::bigint)),
        (5, 'no_amount', coalesce(no_amount, 0::bigint)),
        (6, 'invalid_amount', coalesce(invalid_amount, 0::bigint)),
        (7, 'future', coalesce(future, 0::bigint)),
        (8, 'only_returns', coalesce(only_returns, 0::bigint)),
        (9, 'zero_amount', coalesce(zero_amount, 0::bigint));
END;

-- The text search configuration of a name: of the server's own schema by the bare name, of others with the schema.
CREATE FUNCTION _clientele.workspace_text_search(name text) RETURNS regconfig
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET quote_all_identifiers = off
AS $$
    SELECT c.oid::regconfig
    FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace
    WHERE $1 = CASE n.nspname WHEN 'pg_catalog' THEN c.cfgname::text ELSE quote_ident(n.nspname) || '.' || quote_ident(c.cfgname) END
$$;

-- The words of an entry of the knowledge base, those of the question weighing most.
CREATE FUNCTION _clientele.workspace_entry_words(configuration regconfig, question text, keywords text, answer text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 3000
SET search_path = pg_catalog, pg_temp
RETURN setweight(to_tsvector(configuration, coalesce(question, '')), 'A') || setweight(to_tsvector(configuration, coalesce(keywords, '')), 'B')
    || setweight(to_tsvector(configuration, coalesce(answer, '')), 'C');

-- Any word of a query, NULL where that excludes words: it is taken as it is.
CREATE FUNCTION _clientele.workspace_some_words(query tsquery) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- Each word stands in quotes in a query's text, quoted as a query needs it.
    SELECT CASE WHEN strpos(query::text, '!') = 0 THEN (
        SELECT string_agg(DISTINCT w.word[1], ' | ')::tsquery
        FROM regexp_matches(query::text, '(''(?:[^'']|'''')+'')', 'g') w(word)) END
$$;

-- What is called is of the server alone: who edits entries need not be allowed to look into the schemas of the extension.
CREATE FUNCTION _clientele.workspace_keep_words() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET quote_all_identifiers = off
AS $$
BEGIN
    IF NEW.language IS NULL THEN
        EXECUTE format('SELECT s.text_search FROM %I.settings s', TG_TABLE_SCHEMA) INTO NEW.language;
    END IF;
    SELECT c.oid INTO NEW.words_by
    FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace
    WHERE NEW.language = CASE n.nspname WHEN 'pg_catalog' THEN c.cfgname::text ELSE quote_ident(n.nspname) || '.' || quote_ident(c.cfgname) END;
    NEW.words := setweight(to_tsvector(NEW.words_by::regconfig, coalesce(NEW.question, '')), 'A') || setweight(to_tsvector(NEW.words_by::regconfig, coalesce(NEW.keywords, '')), 'B')
        || setweight(to_tsvector(NEW.words_by::regconfig, coalesce(NEW.answer, '')), 'C');
    RETURN NEW;
END
$$;

-- Who may edit the stages need not be allowed to look into the schemas of the extension.
CREATE FUNCTION _clientele.workspace_stages_changed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.funnel_passes_data', TG_TABLE_SCHEMA)) IS NOT NULL THEN
        RAISE NOTICE 'the funnels of workspace "%" go by these stages from the next refresh on', TG_TABLE_SCHEMA
            USING HINT = format('SELECT refresh_workspace(%L);', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
END
$$;

-- An answer as it is compared: a whole number with zeros behind a point is that number, as spreadsheets write it. Zeros before it are
-- left, as codes have them, and so are decimals, as versions have them.
CREATE FUNCTION _clientele.workspace_said(answer text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN answer ~ '^-?(0|[1-9][0-9]*)[.]0+$'::text THEN split_part(answer, '.'::text, 1) ELSE answer END;
