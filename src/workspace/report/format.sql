-- workspace report: numbers, days and sentences as a language writes them. "words" is what workspace_words() gives of it, and what
-- was asked of the report: its currency, and whether it may show contacts.

-- What comes from the data is text and nothing else, in a direction of its own.
CREATE FUNCTION _clientele.report_text(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT replace(replace(replace(replace(replace(regexp_replace(value, '[[:cntrl:]]', ' ', 'g'),
        '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;')
$$;

CREATE FUNCTION _clientele.report_name(value text, at_most integer DEFAULT 80) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<bdi>%s%s</bdi>', _clientele.report_text(left(value, at_most)), CASE WHEN length(value) > at_most THEN '&hellip;' END)
$$;

-- For a terminal: one line, and nothing that it would take for an order.
CREATE FUNCTION _clientele.report_line(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT left(regexp_replace(value, '[[:cntrl:]]+', ' ', 'g'), 80)
$$;

CREATE FUNCTION _clientele.report_word(words jsonb, key text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF words ->> key IS NULL THEN
        RAISE EXCEPTION 'there are no words for "%" in "%"', key, words ->> 'language.code'
            USING ERRCODE = 'internal_error';
    END IF;
    RETURN words ->> key;
END
$$;

-- The words of a key, with its places filled: nothing if what belongs there is not known.
CREATE FUNCTION _clientele.report_say(words jsonb, key text, VARIADIC places text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(_clientele.report_word(words, key), VARIADIC places) WHERE array_position(places, NULL) IS NULL
$$;

-- What a workspace calls its stages, segments and the like: in words where they are ours, as it is where they are its owner's.
CREATE FUNCTION _clientele.report_label(words jsonb, kind text, name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(_clientele.report_text(words ->> format('%s.%s', kind, name)), _clientele.report_name(name))
$$;

CREATE FUNCTION _clientele.report_number(words jsonb, value numeric, decimals integer DEFAULT 0) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN n.rounded < 0 THEN '-' ELSE '' END || replace(replace(replace(
        to_char(abs(n.rounded), 'FM999,999,999,999,999,999,999,999,999,999,990' || rpad(left('.', decimals), decimals + sign(decimals)::integer, '0')),
        ',', '|'), '.', words ->> 'number.decimal'), '|', words ->> 'number.thousands')
    FROM (SELECT round(value, decimals) AS rounded) n
$$;

-- Cents count in what is small.
CREATE FUNCTION _clientele.report_money(words jsonb, value numeric) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN words ->> 'currency' IS NOT NULL AND starts_with(n.number, '-')
            THEN '-' || format(words ->> m.pattern, substr(n.number, 2), _clientele.report_text(words ->> 'currency'))
        WHEN words ->> 'currency' IS NOT NULL THEN format(words ->> m.pattern, n.number, _clientele.report_text(words ->> 'currency'))
        ELSE n.number END
    FROM (SELECT _clientele.report_number(words, value, CASE WHEN abs(value) < 1000 THEN 2 ELSE 0 END) AS number) n
    CROSS JOIN (SELECT CASE WHEN words ->> 'currency' ~ '[[:alnum:].]$' THEN 'number.money_word' ELSE 'number.money_sign' END AS pattern) m
$$;

-- For axes: 94k, 1.2M.
CREATE FUNCTION _clientele.report_short(words jsonb, value numeric) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(split_part(words ->> 'number.short', '|', s.thousands + 1),
        _clientele.report_number(words, s.scaled, CASE WHEN s.scaled = round(s.scaled) OR abs(s.scaled) >= 100 THEN 0 WHEN abs(s.scaled) >= 1 OR s.scaled = round(s.scaled, 1) THEN 1 ELSE 2 END))
    FROM (
        SELECT t.thousands, value / 1000.0 ^ t.thousands AS scaled
        FROM (SELECT CASE WHEN abs(value) >= 1000000000000 THEN 4 WHEN abs(value) >= 1000000000 THEN 3 WHEN abs(value) >= 1000000 THEN 2 WHEN abs(value) >= 1000 THEN 1 ELSE 0 END AS thousands) t) s
$$;

-- Of 0 to 100.
CREATE FUNCTION _clientele.report_percent(words jsonb, value double precision, decimals integer DEFAULT 0) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(words ->> 'number.percent', _clientele.report_number(words, value::numeric, decimals))
$$;

-- A figure of a campaign.
CREATE FUNCTION _clientele.report_measure(words jsonb, measure text, value double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN measure IN ('revenue', 'revenue_capped', 'gross_profit') THEN _clientele.report_money(words, value::numeric)
        WHEN measure IN ('ordered', 'complaints') THEN _clientele.report_percent(words, 100 * value, 1)
        ELSE _clientele.report_number(words, value::numeric, 2) END
$$;

-- A number of things: 1 customer, 2 customers; a language has as many forms as its words have, and a rule which of them holds.
CREATE FUNCTION _clientele.report_count(words jsonb, number bigint, things text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(split_part(_clientele.report_word(words, 'count.' || things), '|', CASE words ->> 'number.plural'
            WHEN 'one, few, many' THEN CASE
                WHEN n.last_two BETWEEN 11 AND 14 THEN 3
                WHEN n.last_two % 10 = 1 THEN 1
                WHEN n.last_two % 10 BETWEEN 2 AND 4 THEN 2
                ELSE 3 END
            ELSE CASE number WHEN 1 THEN 1 ELSE 2 END END),
        _clientele.report_number(words, number::numeric))
    FROM (SELECT abs(number % 100) AS last_two) n
$$;

CREATE FUNCTION _clientele.report_day(words jsonb, day date) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(words ->> 'day.date', extract(day FROM day), split_part(words ->> 'day.of_months', ' ', extract(month FROM day)::integer), extract(year FROM day))
$$;

-- A period by its first day, for a title or, short, for an axis.
CREATE FUNCTION _clientele.report_period(words jsonb, period_start date, short boolean DEFAULT false) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE words -> 'settings' ->> 'period'
        WHEN 'year' THEN to_char(period_start, 'FMYYYY')
        WHEN 'quarter' THEN format(words ->> 'day.quarter', extract(quarter FROM period_start), extract(year FROM period_start))
        WHEN 'month' THEN CASE
            WHEN short THEN split_part(words ->> 'day.short_months', ' ', extract(month FROM period_start)::integer) || to_char(period_start, ' YY')
            ELSE split_part(words ->> 'day.months', ' ', extract(month FROM period_start)::integer) || to_char(period_start, ' FMYYYY') END
        WHEN 'week' THEN CASE WHEN short THEN d.day_and_month ELSE format(words ->> 'day.week', _clientele.report_day(words, period_start)) END
        ELSE CASE WHEN short THEN d.day_and_month ELSE _clientele.report_day(words, period_start) END END
    FROM (SELECT format('%s %s', extract(day FROM period_start), split_part(words ->> 'day.short_months', ' ', extract(month FROM period_start)::integer)) AS day_and_month) d
$$;

-- Up or down against something, with a sign for those who do not see the colour.
CREATE FUNCTION _clientele.report_change(words jsonb, key text, change double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<span class="%s">%s %s</span>', r.direction, r.sign, _clientele.report_say(words, key, _clientele.report_percent(words, abs(r.change))))
    FROM (
        SELECT change, CASE WHEN round(change::numeric) > 0 THEN 'up' WHEN round(change::numeric) < 0 THEN 'down' ELSE 'flat' END AS direction,
            CASE WHEN round(change::numeric) > 0 THEN '&#9650;' WHEN round(change::numeric) < 0 THEN '&#9660;' ELSE '=' END AS sign) r
$$;

CREATE FUNCTION _clientele.report_interval(words jsonb, lower double precision, upper double precision, decimals integer DEFAULT 0, unit text DEFAULT 'percent') RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.report_say(words, 'report.from_to', _clientele.report_number(words, lower::numeric, decimals),
        CASE unit WHEN 'percent' THEN _clientele.report_percent(words, upper, decimals) ELSE _clientele.report_number(words, upper::numeric, decimals) END)
$$;

-- A text of the workspace: where it is ours as it came, in the language of the report.
CREATE FUNCTION _clientele.report_plain(words jsonb, value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(words -> 'ours' ->> value, value)
$$;

CREATE FUNCTION _clientele.report_own(words jsonb, value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.report_text(_clientele.report_plain(words, value))
$$;

-- As a sentence of its own: an owner may have written the full stop, or nothing.
CREATE FUNCTION _clientele.report_sentence(words jsonb, value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN coalesce(btrim(value), '') = '' THEN '' WHEN right(btrim(value), 1) IN ('.', '!', '?') THEN _clientele.report_own(words, value) ELSE _clientele.report_own(words, value) || '.' END
$$;

-- Of a share, 0 to 1: how many points.
CREATE FUNCTION _clientele.report_points(words jsonb, share double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.report_number(words, p.points, CASE WHEN p.points = round(p.points) THEN 0 ELSE 1 END)
    FROM (SELECT round((100 * share)::numeric, 1) AS points) p
$$;

CREATE FUNCTION _clientele.report_signed(words jsonb, value double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN round(value::numeric) > 0 THEN '+' ELSE '' END || _clientele.report_percent(words, value)
$$;
