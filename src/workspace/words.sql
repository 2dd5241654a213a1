-- workspace: the languages it speaks, each a file in words/: one more is one more file

CREATE FUNCTION _clientele.workspace_languages() RETURNS text[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT array_agg(substr(p.proname, 7) ORDER BY p.proname)
    FROM pg_proc p
    WHERE p.pronamespace = '_clientele'::regnamespace AND p.proname ~ '^words_[a-z]{2}$' AND p.pronargs = 0
$$;

CREATE FUNCTION _clientele.workspace_words(language text) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    words jsonb;
BEGIN
    IF language <> ALL (_clientele.workspace_languages()) THEN
        RAISE EXCEPTION 'unknown language: "%"', language
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'There are: ' || array_to_string(_clientele.workspace_languages(), ', ') || '.';
    END IF;
    EXECUTE format('SELECT jsonb_object_agg(w.key, w.words) FROM _clientele.%I() w', 'words_' || language) INTO words;
    RETURN words;
END
$$;

-- From what one language says to what another says instead.
CREATE FUNCTION _clientele.workspace_said_as(words jsonb, other jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT jsonb_object_agg(w.value, o.value)
    FROM jsonb_each_text(words) w
    JOIN jsonb_each_text(other) o ON o.key = w.key
    WHERE w.value <> o.value
$$;
