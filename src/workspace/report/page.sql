-- workspace report: what the page is put together of

CREATE FUNCTION _clientele.report_row(VARIADIC cells text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<tr>%s</tr>', string_agg(CASE c.n WHEN 1 THEN format('<th scope="row">%s</th>', c.cell) ELSE format('<td>%s</td>', c.cell) END, '' ORDER BY c.n))
    FROM unnest(cells) WITH ORDINALITY c(cell, n)
$$;

-- Headings are words of the report, or what is none of them. Without rows there is no table.
CREATE FUNCTION _clientele.report_table(words jsonb, class text, headings text[], table_rows text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<table class="%s"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>', class,
        (SELECT string_agg(CASE h.heading WHEN '' THEN '<td></td>' ELSE format('<th scope="col">%s</th>', CASE WHEN words ? ('report.' || h.heading) THEN _clientele.report_say(words, 'report.' || h.heading) ELSE h.heading END) END, '' ORDER BY h.n)
            FROM unnest(headings) WITH ORDINALITY h(heading, n)),
        array_to_string(table_rows, ''))
    WHERE table_rows IS NOT NULL
$$;

-- Wide tables scroll, by keys too, where the screen is narrow.
CREATE FUNCTION _clientele.report_wide_table(words jsonb, class text, key text, headings text[], table_rows text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<div class="wide" tabindex="0" role="region" aria-label="%s">%s</div>', _clientele.report_say(words, 'report.' || key), _clientele.report_table(words, class, headings, table_rows))
    WHERE table_rows IS NOT NULL
$$;

-- The figures behind a plot, for those who would rather read them.
CREATE FUNCTION _clientele.report_figures(words jsonb, headings text[], table_rows text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<details><summary>%s</summary>%s</details>', _clientele.report_say(words, 'report.figures'), _clientele.report_wide_table(words, 'figures', 'figures', headings, table_rows))
$$;

-- Shown is what a view says, which is named for those who want to look it up there. Without a body there is no card.
CREATE FUNCTION _clientele.report_card(view text, title text, note text, body text, width text DEFAULT 'half') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<section class="card %s" data-view="%s"><h3>%s</h3><p class="note">%s</p>%s</section>', width, view, title, note, body)
    WHERE body IS NOT NULL
$$;

-- A card whose title and note are plain words.
CREATE FUNCTION _clientele.report_card(words jsonb, view text, key text, body text, width text DEFAULT 'half') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.report_card(view, _clientele.report_say(words, 'report.' || key), _clientele.report_say(words, format('report.%s.note', key)), body, width)
$$;

CREATE FUNCTION _clientele.report_tile(words jsonb, key text, figure text, note text, before double precision[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<div class="tile"><h2>%s</h2><b%s>%s</b><p>%s</p>%s</div>', _clientele.report_say(words, 'report.' || key), CASE WHEN length(figure) > 9 THEN ' class="long"' END, coalesce(figure, '&ndash;'), note, _clientele.chart_sparkline(before))
$$;

-- A figure, and below it in small what else is known.
CREATE FUNCTION _clientele.report_noted(figure text, VARIADIC notes text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT concat(figure, '<small>' || nullif(array_to_string(notes, '<br>'), '') || '</small>')
$$;

-- A cell whose background is the darker the larger its share, 0 to 1.
CREATE FUNCTION _clientele.report_heat(content text, share double precision) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<td style="--heat:%s">%s</td>', trim_scale(round(0.04 + 0.46 * sqrt(least(greatest(coalesce(share, 0), 0), 1))::numeric, 3)), content)
$$;

CREATE FUNCTION _clientele.report_customer(words jsonb, customer text, customer_name text, contact text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN (words ->> 'contacts')::boolean AND customer_name <> '' THEN _clientele.report_name(customer_name) ELSE _clientele.report_name(customer) END
        || CASE WHEN (words ->> 'contacts')::boolean AND contact <> '' THEN '<small>' || _clientele.report_name(contact) || '</small>' ELSE '' END
$$;

CREATE FUNCTION _clientele.report_part(words jsonb, key text, VARIADIC cards text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<h2>%s</h2><div class="cards">%s</div>', _clientele.report_say(words, 'report.' || key), array_to_string(cards, ''))
    WHERE array_to_string(cards, '') <> ''
$$;

CREATE FUNCTION _clientele.report_legend(VARIADIC items text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('<p class="legend">%s</p>', string_agg(format('<span><i class="part%s"></i>%s</span>', i.n, i.item), ' ' ORDER BY i.n))
    FROM unnest(items) WITH ORDINALITY i(item, n)
    WHERE i.item IS NOT NULL
$$;

-- In ASCII where the database knows all characters, so that nobody has to know in which encoding psql wrote the file.
CREATE FUNCTION _clientele.report_ascii(page text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    letter text;
BEGIN
    IF getdatabaseencoding() = 'UTF8' THEN
        FOR letter IN SELECT DISTINCT m[1] FROM regexp_matches(page, '[^' || chr(1) || '-' || chr(127) || ']', 'g') m LOOP
            page := replace(page, letter, format('&#%s;', ascii(letter)));
        END LOOP;
    END IF;
    RETURN page;
END
$$;

-- Light or dark as the reader has it. Search engines are told to leave it alone, wherever it comes to lie.
CREATE FUNCTION _clientele.report_page(words jsonb, body text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.report_ascii(format('<!DOCTYPE html>' || chr(10) || '<html lang="%s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><title>%s</title><style>%s</style></head>' || chr(10) || '<body><main>' || chr(10) || '%s</main></body></html>',
        words ->> 'language.code', _clientele.report_say(words, 'report.page_title'), _clientele.report_style(), body))
$$;
