-- workspace: its words in Russian, by key

CREATE FUNCTION _clientele.words_ru() RETURNS TABLE (key text, words text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $words$
    VALUES
        ('language', 'русский'),

        -- how numbers and days are written
        ('number.thousands', ' '),
        ('number.decimal', ','),
        ('number.percent', '%s %%'),
        ('months.short', 'янв. февр. март апр. май июнь июль авг. сент. окт. нояб. дек.')
$words$;
