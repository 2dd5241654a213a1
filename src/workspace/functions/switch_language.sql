-- Who may change the settings may change no more than these, nor look into the schema of the extension: texts are switched with the
-- rights of their owner, to the language that the settings have, whoever calls this.
CREATE FUNCTION workspace.switch_language() RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT _clientele.workspace_switch_language(n.nspname::text)
    FROM workspace.settings s
    JOIN pg_class c ON c.oid = s.tableoid
    JOIN pg_namespace n ON n.oid = c.relnamespace;
END;
COMMENT ON FUNCTION workspace.switch_language() IS
'Has the texts of the workspace in the language of its settings, but for those that were edited: called when these change.';
