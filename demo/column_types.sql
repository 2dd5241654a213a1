-- Gives the columns of the table orders, all of them text, the types of what they hold, and says which: bigint,
-- numeric (with a decimal point or comma), date, timestamp or timestamptz where every value fits; otherwise text.

-- How values may look, in the order tried, and how each is written for the cast (NULL: as it is). "other" is a second
-- way to read the same dates, the day first instead of the month: where both are possible, neither is taken.
CREATE TEMP TABLE forms AS
WITH days(position, pattern, iso, other) AS (VALUES
    (1, '(\d{4})[-/](\d{1,2})[-/](\d{1,2})', NULL, NULL),
    (2, '(\d{1,2})\.(\d{1,2})\.(\d{4})', '\3-\2-\1', NULL),
    (3, '(\d{1,2})[-/](\d{1,2})[-/](\d{4})', '\3-\1-\2', '\3-\2-\1'),
    (4, '(\d{1,2})[-/](\d{1,2})[-/](\d{4})', '\3-\2-\1', '\3-\1-\2')
), clocks(position, type, pattern) AS (VALUES
    (10, 'date', ''),
    (20, 'timestamp', '([T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?)?'),
    (30, 'timestamptz', '[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)? ?(Z|UTC|[-+]\d{2}(:?\d{2})?)')
)
SELECT d.position + c.position AS position, 'dates' AS kind, c.type, '^' || d.pattern || c.pattern || '$' AS pattern,
    'regexp_replace(%s, ' || quote_literal('^' || d.pattern) || ', ' || quote_literal(d.iso) || ')' AS reading,
    'regexp_replace(%s, ' || quote_literal('^' || d.pattern) || ', ' || quote_literal(d.other) || ')' AS other
FROM days d CROSS JOIN clocks c
UNION ALL VALUES
    (1, 'dates', 'date', '^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$', NULL, NULL),
    (2, 'numbers', 'bigint', '^(0|-?[1-9]\d{0,17})$', NULL, NULL),
    (3, 'numbers', 'numeric', '^[-+]?[$€£]? ?(0|[1-9]\d*|[1-9]\d{0,2}(,\d{3})+)?(\.\d*)?([eE][-+]?\d+)? ?[$€£]?$',
        $$translate(%s, ',$€£ ', '')$$, NULL),
    (4, 'numbers', 'numeric', '^[-+]?[$€£]? ?(0|[1-9]\d*|[1-9]\d{0,2}(\.\d{3})+)?(,\d*)? ?[$€£]?$',
        $$translate(%s, ',.$€£ ', '.')$$, NULL);

-- What programs write where there is no value.
CREATE FUNCTION pg_temp.present(value text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE WHEN upper(btrim(value)) NOT IN ('', '-', 'NULL', '\N', 'NA', 'N/A', '#N/A', 'NAN', 'NONE')
    AND value NOT LIKE '0000-00-00%' THEN btrim(value) END;

-- The same for text, where NA may be a country and None a name.
CREATE FUNCTION pg_temp.known(value text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE WHEN btrim(value) NOT IN ('', 'NULL', '\N') THEN value END;

-- The values of one column at a time, each once.
CREATE TEMP TABLE contents (value text, occurrences bigint);

CREATE FUNCTION pg_temp.read_column(col name) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE contents;
    EXECUTE format('INSERT INTO contents
        SELECT pg_temp.present(o.value), o.occurrences
        FROM (SELECT %I AS value, count(*) AS occurrences FROM orders GROUP BY 1) o
        WHERE pg_temp.present(o.value) IS NOT NULL', col);
END
$$;

CREATE FUNCTION pg_temp.casts(type text, reading text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT count((%s)::%s) FROM contents', format(coalesce(reading, '%s'), 'value'), type);
    RETURN true;
EXCEPTION WHEN data_exception THEN
    RETURN false;
END
$$;

-- Why a column that nearly has a type stays text.
CREATE FUNCTION pg_temp.misfits() RETURNS text LANGUAGE sql
RETURN (
    SELECT CASE WHEN m.fitting = m.present THEN format('These %s differ in form or do not exist', m.kind)
        ELSE format('%s of %s are no %s: %s', m.present - m.fitting, m.present, m.kind, left(m.misfit, 30)) END
    FROM (
        SELECT k.kind, sum(c.occurrences) AS present,
            sum(c.occurrences) FILTER (WHERE c.value ~ k.patterns) AS fitting,
            min(c.value) FILTER (WHERE c.value !~ k.patterns) AS misfit
        FROM contents c
        CROSS JOIN (SELECT f.kind, string_agg(f.pattern, '|') AS patterns FROM forms f GROUP BY f.kind) k
        GROUP BY k.kind
    ) m
    WHERE m.fitting > m.present / 2
    LIMIT 1
);

CREATE FUNCTION pg_temp.form_of(col name, OUT type text, OUT reading text, OUT note text) LANGUAGE plpgsql AS $$
DECLARE
    form record;
BEGIN
    PERFORM pg_temp.read_column(col);
    IF NOT EXISTS (SELECT FROM contents) THEN
        note := 'Empty';
        RETURN;
    END IF;
    FOR form IN SELECT * FROM forms f ORDER BY f.position LOOP
        CONTINUE WHEN EXISTS (SELECT FROM contents c WHERE c.value !~ form.pattern)
            OR NOT pg_temp.casts(form.type, form.reading);
        IF form.other IS NULL OR NOT pg_temp.casts(form.type, form.other) THEN
            type := form.type;
            reading := form.reading;
            note := NULL;
            RETURN;
        END IF;
        note := 'Day or month first? Dates such as 2025-01-31 leave no doubt';
    END LOOP;
    note := coalesce(note, pg_temp.misfits());
END
$$;

CREATE TEMP TABLE found AS
SELECT a.attnum AS position, a.attname AS name, coalesce(f.type, 'text') AS type, f.note,
    format(coalesce(f.reading, '%s'),
        format('pg_temp.%I(%I)', CASE WHEN f.type IS NULL THEN 'known' ELSE 'present' END, a.attname)) AS reading
FROM pg_attribute a, pg_temp.form_of(a.attname) f
WHERE a.attrelid = 'orders'::regclass AND a.attnum > 0;

-- All at once, so that the table is written once.
SELECT format('ALTER TABLE orders %s',
    string_agg(format('ALTER %I TYPE %s USING (%s)::%2$s', f.name, f.type, f.reading), ', '))
FROM found f \gexec
VACUUM ANALYZE orders;

SELECT f.name AS "column", f.type, f.note FROM found f ORDER BY f.position;
