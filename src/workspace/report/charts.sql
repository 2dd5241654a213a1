-- workspace report: charts. Widths are per cent of the card and heights are pixels, so that a chart fills a screen of any width
-- while its text keeps its size. Colours are classes of style.sql. Behind each plot are its figures as a table.

CREATE TYPE _clientele.chart_point AS (label text, value double precision, lower double precision, upper double precision, note text);
CREATE TYPE _clientele.chart_column AS (label text, parts double precision[], mark double precision);
CREATE TYPE _clientele.chart_scale AS (low double precision, high double precision, step double precision);

-- Round steps of 1, 2 or 5 that lead from a number at or below low to one at or above high.
CREATE FUNCTION _clientele.chart_scale(low double precision, high double precision) RETURNS _clientele.chart_scale
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ROW(floor(low / s.step) * s.step, greatest(ceil(high / s.step), floor(low / s.step) + 1) * s.step, s.step)::_clientele.chart_scale
    FROM (
        SELECT p.power * CASE WHEN r.raw / p.power <= 1 THEN 1 WHEN r.raw / p.power <= 2 THEN 2 WHEN r.raw / p.power <= 5 THEN 5 ELSE 10 END AS step
        FROM (SELECT CASE WHEN high > low THEN (high - low) / 4 ELSE greatest(abs(high), 1) / 4 END AS raw) r
        CROSS JOIN LATERAL (SELECT power(10::double precision, floor(log(r.raw))) AS power) p) s
$$;

-- A place in a drawing, without exponents.
CREATE FUNCTION _clientele.chart_place(value double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT trim_scale(round(value::numeric, 2))::text
$$;

-- Plots are 200 high.
CREATE FUNCTION _clientele.chart_y(value double precision, scale _clientele.chart_scale) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 200 * ((scale).high - value) / ((scale).high - (scale).low)
$$;

-- Where on a scale that runs across, in per cent.
CREATE FUNCTION _clientele.chart_share(value double precision, scale _clientele.chart_scale) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.chart_place(100 * (value - (scale).low) / ((scale).high - (scale).low))
$$;

CREATE FUNCTION _clientele.chart_x(n bigint, points integer) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 100 * (n - 0.5) / points::double precision
$$;

-- Around a drawing over time: lines at round values, their labels in a column of their own, and below it the labels of the last point
-- and of every few before it; a phone leaves out every second of these.
CREATE FUNCTION _clientele.chart_plot(words jsonb, title text, labels text[], scale _clientele.chart_scale, unit text, drawing text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<div class="plot" role="img" aria-label="%s"><svg class="scale" height="224">%s</svg><svg height="224">%s%s%s</svg></div>',
        _clientele.report_text(title), t.tick_labels, t.lines, drawing,
        (SELECT string_agg(format('<text%s x="%s%%" y="220" text-anchor="middle">%s</text>', CASE WHEN l.before_last / e.every % 2 = 1 THEN ' class="minor"' END,
                _clientele.chart_place(_clientele.chart_x(l.n, cardinality(labels))), l.label), '' ORDER BY l.n)
            FROM (SELECT x.label, x.n, cardinality(labels) - x.n AS before_last FROM unnest(labels) WITH ORDINALITY x(label, n)) l
            CROSS JOIN (SELECT ceil(cardinality(labels) / 8.0)::integer AS every) e
            WHERE l.before_last % e.every = 0))
    FROM (
        SELECT string_agg(format('<text x="100%%" y="%s" dy="4" text-anchor="end">%s</text>', v.y, CASE unit
                WHEN 'percent' THEN _clientele.report_percent(words, v.value, CASE WHEN (scale).step < 1 THEN 1 ELSE 0 END)
                ELSE _clientele.report_short(words, v.value::numeric) END), '') AS tick_labels,
            string_agg(format('<line class="%s" x2="100%%" y1="%s" y2="%2$s"/>', CASE WHEN v.value = 0 THEN 'zero' ELSE 'grid' END, v.y), '') AS lines
        FROM (
            SELECT n.value, _clientele.chart_place(_clientele.chart_y(n.value, scale)) AS y
            FROM (SELECT (scale).low + i * (scale).step AS value FROM generate_series(0, round(((scale).high - (scale).low) / (scale).step)::integer) i) n) v) t
$$;

-- Stacked columns, what is below zero downwards, with a mark across each. The classes of parts are part1, part2 and so on
CREATE FUNCTION _clientele.chart_columns(words jsonb, title text, columns _clientele.chart_column[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    WITH part AS (
        SELECT c.n, c.mark, p.i, p.value, sum(p.value) OVER (PARTITION BY c.n, p.value < 0 ORDER BY p.i) AS until
        FROM unnest(columns) WITH ORDINALITY c(label, parts, mark, n)
        CROSS JOIN LATERAL unnest(c.parts) WITH ORDINALITY p(value, i)
    ), scale AS (
        -- A little below zero hangs down between the labels: room for a whole step would be wasted on it.
        SELECT _clientele.chart_scale(CASE WHEN least(min(p.until), min(p.mark)) < -0.05 * greatest(max(p.until), max(p.mark), 0) THEN least(min(p.until), min(p.mark)) ELSE 0 END,
            greatest(max(p.until), max(p.mark), 0)) AS scale
        FROM part p
    )
    SELECT _clientele.chart_plot(words, title, (SELECT array_agg(c.label ORDER BY c.n) FROM unnest(columns) WITH ORDINALITY c(label, parts, mark, n)), s.scale, 'number',
        (SELECT string_agg(format('<rect class="part%s" x="%s%%" y="%s" width="%s%%" height="%s"/>', p.i, _clientele.chart_place(_clientele.chart_x(p.n, cardinality(columns)) - 35.0 / cardinality(columns)),
                _clientele.chart_place(_clientele.chart_y(greatest(p.until, p.until - p.value), s.scale)), _clientele.chart_place(70.0 / cardinality(columns)),
                _clientele.chart_place(abs(_clientele.chart_y(p.until, s.scale) - _clientele.chart_y(p.until - p.value, s.scale)))), '' ORDER BY p.n, p.i)
            FROM part p WHERE p.value <> 0)
        || coalesce((SELECT string_agg(format('<line class="mark" x1="%s%%" x2="%s%%" y1="%s" y2="%3$s"/>', _clientele.chart_place(_clientele.chart_x(p.n, cardinality(columns)) - 42.0 / cardinality(columns)),
                _clientele.chart_place(_clientele.chart_x(p.n, cardinality(columns)) + 42.0 / cardinality(columns)), _clientele.chart_place(_clientele.chart_y(p.mark, s.scale))), '' ORDER BY p.n)
            FROM part p WHERE p.i = 1 AND p.mark IS NOT NULL), ''))
    FROM scale s
$$;

-- A line with its interval as a band. Points without a value are left out, and the line goes on behind them.
CREATE FUNCTION _clientele.chart_line(words jsonb, title text, points _clientele.chart_point[], low double precision, high double precision, unit text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    WITH point AS (
        SELECT p.*, _clientele.chart_place(_clientele.chart_x(p.n, cardinality(points))) AS x, s.scale
        FROM unnest(points) WITH ORDINALITY p(label, value, lower, upper, note, n)
        CROSS JOIN (SELECT _clientele.chart_scale(coalesce(low, least(min(b.lower), min(b.value))), coalesce(high, greatest(max(b.upper), max(b.value)))) AS scale FROM unnest(points) b) s
    )
    SELECT _clientele.chart_plot(words, title, array_agg(p.label ORDER BY p.n), (array_agg(p.scale))[1], unit,
        format('<svg width="100%%" height="200" viewBox="0 0 100 200" preserveAspectRatio="none"><polygon class="band" points="%s %s"/><polyline class="line" points="%s"/></svg>',
            string_agg(p.x || ',' || _clientele.chart_place(_clientele.chart_y(p.upper, p.scale)), ' ' ORDER BY p.n),
            string_agg(p.x || ',' || _clientele.chart_place(_clientele.chart_y(p.lower, p.scale)), ' ' ORDER BY p.n DESC),
            string_agg(p.x || ',' || _clientele.chart_place(_clientele.chart_y(p.value, p.scale)), ' ' ORDER BY p.n))
        || coalesce(string_agg(format('<circle class="dot" cx="%s%%" cy="%s" r="3"/>', p.x, _clientele.chart_place(_clientele.chart_y(p.value, p.scale))), '' ORDER BY p.n), ''))
    FROM point p
$$;

CREATE FUNCTION _clientele.chart_sparkline(amounts double precision[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN count(p.y) > 1 THEN format('<svg class="spark" height="28" aria-hidden="true"><svg width="100%%" height="28" viewBox="0 0 100 28" preserveAspectRatio="none"><polyline class="line" points="%s"/></svg><circle class="dot" cx="%s%%" cy="%s" r="3"/></svg>',
        string_agg(p.x || ',' || p.y, ' ' ORDER BY p.n), (array_agg(p.x ORDER BY p.n DESC))[1], (array_agg(p.y ORDER BY p.n DESC))[1]) ELSE '' END
    FROM (
        SELECT v.n, _clientele.chart_place(2 + 96 * (v.n - 1) / greatest(cardinality(amounts) - 1, 1)::double precision) AS x,
            _clientele.chart_place(24 - 20 * coalesce((v.value - min(v.value) OVER ()) / nullif(max(v.value) OVER () - min(v.value) OVER (), 0), 0.5)) AS y
        FROM unnest(amounts) WITH ORDINALITY v(value, n)
        WHERE v.value IS NOT NULL) p
$$;

-- Bars in a table: the label, the bar, and what is to be said beside it.
CREATE FUNCTION _clientele.chart_bars(words jsonb, headings text[], points _clientele.chart_point[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.report_table(words, 'bars', headings, array_agg(_clientele.report_row(p.label,
        format('<svg height="14" aria-hidden="true"><rect class="bar" width="%s%%" height="14" rx="2"/></svg>', _clientele.chart_place(greatest(100 * coalesce(p.value / nullif(greatest(p.largest, 0), 0), 0), 0))), p.note) ORDER BY p.n))
    FROM (SELECT b.*, max(b.value) OVER () AS largest FROM unnest(points) WITH ORDINALITY b(label, value, lower, upper, note, n)) p
$$;

-- Values with their intervals, on one scale, whose ends stand above.
CREATE FUNCTION _clientele.chart_whiskers(words jsonb, label_heading text, value_heading text, points _clientele.chart_point[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.report_table(words, 'bars', ARRAY[label_heading, format('<span class="ends"><span>%s</span><span>%s</span></span>',
            _clientele.report_number(words, min((s.scale).low)::numeric), _clientele.report_number(words, min((s.scale).high)::numeric)), value_heading],
        array_agg(_clientele.report_row(p.label, format('<svg height="14" aria-hidden="true"><line class="grid" x2="100%%" y1="7" y2="7"/>%s<line class="whisker" x1="%s%%" x2="%s%%" y1="7" y2="7"/><circle class="dot" cx="%s%%" cy="7" r="4"/></svg>',
            CASE WHEN (s.scale).low < 0 AND (s.scale).high > 0 THEN format('<line class="zero" x1="%s%%" x2="%1$s%%" y2="14"/>', _clientele.chart_share(0, s.scale)) END,
            _clientele.chart_share(p.lower, s.scale), _clientele.chart_share(p.upper, s.scale), _clientele.chart_share(p.value, s.scale)), p.note) ORDER BY p.n))
    FROM unnest(points) WITH ORDINALITY p(label, value, lower, upper, note, n)
    CROSS JOIN (SELECT _clientele.chart_scale(least(min(b.lower), 0), max(b.upper)) AS scale FROM unnest(points) b) s
$$;
