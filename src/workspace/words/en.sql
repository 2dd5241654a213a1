-- workspace: its words in English, by key

CREATE FUNCTION _clientele.words_en() RETURNS TABLE (key text, words text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $words$
    VALUES
        ('language', 'English'),

        -- how numbers and days are written
        ('number.thousands', ','),
        ('number.decimal', '.'),
        ('number.percent', '%s%%'),
        ('months.short', 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec')
$words$;
