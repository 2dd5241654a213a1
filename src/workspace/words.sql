-- workspace: the languages it speaks, each a file in words/: one more is one more file

CREATE FUNCTION _clientele.workspace_languages() RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT array_agg(substr(p.proname, 7) ORDER BY p.proname)
    FROM pg_proc p
    WHERE p.pronamespace = '_clientele'::regnamespace AND p.proname ~ '^words_[a-z]{2}$' AND p.pronargs = 0
$$;

CREATE FUNCTION _clientele.workspace_words(language text) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
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

-- What is said in any language, with the words for it in one. In a database that lacks the letters of a language nothing is said in it.
CREATE FUNCTION _clientele.workspace_translations(language text) RETURNS TABLE (key text, said text, words text)
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted CONSTANT jsonb := _clientele.workspace_words(language);
    spoken text;
BEGIN
    FOREACH spoken IN ARRAY _clientele.workspace_languages() LOOP
        BEGIN
            RETURN QUERY SELECT w.key, w.value, wanted->>w.key FROM jsonb_each_text(_clientele.workspace_words(spoken)) w;
        EXCEPTION WHEN untranslatable_character THEN
            NULL;
        END;
    END LOOP;
END
$$;

-- Whether it is there, and of whose settings are: what else lies in the schema may do anything to whoever writes or reads it.
CREATE FUNCTION _clientele.workspace_has_own(workspace text, relation text) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM pg_class c JOIN pg_class s ON s.relowner = c.relowner
        WHERE c.oid = to_regclass(format('%I.%I', workspace, relation)) AND s.oid = to_regclass(format('%I.settings', workspace)))
$$;

-- What a column holds in those of the relations that are there.
CREATE FUNCTION _clientele.workspace_values_used(workspace text, col name, relations name[]) RETURNS SETOF text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation name;
BEGIN
    FOREACH relation IN ARRAY relations LOOP
        IF _clientele.workspace_has_own(workspace, relation) THEN
            RETURN QUERY EXECUTE format('SELECT DISTINCT r.%I FROM %I.%I r WHERE r.%1$I IS NOT NULL', col, workspace, relation);
        END IF;
    END LOOP;
END
$$;

-- Has the texts of the tables, as their files say, in the language of the settings: each that is as a language has it. What its owner
-- wrote is as none has it.
CREATE FUNCTION _clientele.workspace_switch_language(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    switch text;
BEGIN
    FOR switch IN
        SELECT _clientele.workspace_placed(s.statement, workspace)
        FROM _clientele.workspace_files() f
        JOIN _clientele.workspace_statements() t ON t.place = f.place
        CROSS JOIN LATERAL unnest(t.statements) WITH ORDINALITY s(statement, n)
        WHERE f.folder = 'tables' AND s.statement LIKE 'UPDATE %' AND _clientele.workspace_has_own(workspace, f.relation)
        ORDER BY f.place, s.n
    LOOP
        EXECUTE switch USING workspace;
    END LOOP;
END
$$;

CREATE FUNCTION _clientele.workspace_language_changed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM _clientele.workspace_switch_language(TG_TABLE_SCHEMA);
    RETURN NULL;
END
$$;
