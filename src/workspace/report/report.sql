-- workspace report: one page for a workspace. Its sections are queries in sections/, whose $1 is the words.

-- What the report says and how: the words of a language, the settings, and what was asked for. What a workspace has in its tables is
-- ours, and said in the language of the report, as long as its owner has not edited it.
CREATE FUNCTION _clientele.report_words(workspace text, language text, currency text DEFAULT NULL, contacts boolean DEFAULT true) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    settings jsonb;
    words jsonb;
BEGIN
    PERFORM _clientele.report_check(workspace, currency, contacts);
    -- Roles of BI tools may not read those that views go by.
    EXECUTE format('SELECT to_jsonb(s) || jsonb_build_object(''as_of'', r.as_of, ''today'', r.today, ''missed_since'', r.missed_since)
        FROM %1$I.%2$I s CROSS JOIN %1$I.reporting_date r', workspace,
        CASE WHEN has_table_privilege(format('%I.applied_settings', workspace), 'SELECT') THEN 'applied_settings' ELSE 'settings' END) INTO settings;
    words := _clientele.workspace_words(coalesce(language, settings ->> 'language'));
    RETURN words || jsonb_build_object('settings', settings, 'currency', currency, 'contacts', contacts,
        'ours', (
        SELECT jsonb_object_agg(t.said, t.words) FROM _clientele.workspace_translations(words ->> 'language.code') t WHERE t.said <> t.words));
END
$$;

CREATE FUNCTION _clientele.report_check(workspace text, currency text, contacts boolean) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF workspace IS NULL OR contacts IS NULL THEN
        RAISE EXCEPTION '% must not be NULL', CASE WHEN workspace IS NULL THEN 'workspace' ELSE 'contacts' END
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Leave it out for what is usual.';
    ELSIF btrim(currency) = '' OR length(currency) > 10 THEN
        RAISE EXCEPTION 'invalid currency: "%"', currency
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Give a sign or a short name, such as USD or EUR.';
    END IF;
    PERFORM _clientele.workspace_check(workspace);
    IF NOT _clientele.workspace_has(workspace, 'overview') THEN
        RAISE EXCEPTION 'workspace "%" has no views at the moment', workspace
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = format('Make them: SELECT upgrade_workspace(%L);', workspace);
    END IF;
END
$$;

-- The queries of a folder for what is attached, which a role that may only read views knows by these.
CREATE FUNCTION _clientele.report_queries(workspace text, wanted_folder text) RETURNS TABLE (name text, query text)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT w.relation, _clientele.workspace_placed(w.statements[1], workspace)
    FROM (
        SELECT array_agg(DISTINCT b.role) AS parts
        FROM _clientele.workspace_files() f CROSS JOIN LATERAL unnest(string_to_array(f.belongs_to, ', ')) b(role)
        WHERE f.folder = 'views' AND f.belongs_to <> 'incremental' AND _clientele.workspace_has(workspace, f.relation)) p
    CROSS JOIN LATERAL _clientele.workspace_wanted(p.parts) w
    WHERE w.folder = wanted_folder
$$;

CREATE FUNCTION loyalty_report(workspace text DEFAULT 'loyalty', language text DEFAULT NULL, currency text DEFAULT NULL, contacts boolean DEFAULT true) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    words CONSTANT jsonb := _clientele.report_words(workspace, language, currency, contacts);
    section record;
    part text;
    body text := '';
BEGIN
    FOR section IN
        SELECT q.query FROM unnest('{standing,growth,return,value,voice,funnel,worth,offers,acceptance,tried,programme,points,lists,inbox,trust}'::text[]) WITH ORDINALITY s(name, n)
        JOIN _clientele.report_queries(workspace, 'sections') q ON q.name = s.name
        ORDER BY s.n
    LOOP
        EXECUTE section.query INTO part USING words;
        body := body || coalesce(part || chr(10), '');
    END LOOP;
    RETURN _clientele.report_page(words, body);
END
$$;
COMMENT ON FUNCTION loyalty_report(text, text, text, boolean) IS
'A report to read on Monday, as one HTML page with all that it needs in it: no script, nothing loaded from elsewhere; on a screen, a phone and paper. How the shop stands, whether it grows and by whom, whether customers come back, who brings how much, whether they would recommend it, where it loses them, what loyalty is worth, what to offer and what comes of offers, what was tried on some customers, whom the programme rewards and what its points are going to cost, whom to turn to this week, and whether the figures can be trusted. Each figure is one of a view of the workspace; what is not attached is not there. What comes from the data is text and nothing else.
Arguments: workspace: name of the schema; language: en or ru, that of the settings unless given; currency: a sign or a short name of up to ten characters, such as USD or EUR, for amounts to be shown with, none unless given; contacts: whether names and contacts are shown, or only what customers are called in the orders.
Result: the page; in psql: psql -XAtc "SELECT loyalty_report(''loyalty'')" > report.html.
Errors: 22004 if workspace or contacts is NULL, 3F000 if it is not a workspace, 55000 between detach_orders() and upgrade_workspace(), 22P05 for a language whose letters the database does not have, 22023 for an unknown one or a currency that is empty or too long, 42501 for who may not read the workspace.';
