-- workspace: moving pending changes into what is stored, and comparing both with the orders

-- The statement that puts rows into what is stored: query is a FROM clause for them, with a WHERE or without.
CREATE FUNCTION _clientele.workspace_put_sql(workspace text, kept name, keys name[], query text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('INSERT INTO %1$I.%2$I AS d (%3$s) SELECT %3$s FROM %4$s ORDER BY %5$s ON CONFLICT (%5$s) DO UPDATE SET %6$s',
        workspace, kept, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), query,
        (SELECT string_agg(quote_ident(k), ', ' ORDER BY n) FROM unnest(keys) WITH ORDINALITY u(k, n)),
        string_agg(format('%1$I = excluded.%1$I', a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE NOT a.attname = ANY (keys)))
    FROM pg_attribute a
    WHERE a.attrelid = to_regclass(format('%I.%I', workspace, kept)) AND a.attnum > 0 AND NOT a.attisdropped
$$;

CREATE FUNCTION _clientele.workspace_check_kept(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM _clientele.workspace_enter(workspace, true);
    IF _clientele.workspace_known_storage(workspace) <> 'incremental' OR _clientele.workspace_keeping_function(workspace) IS NULL THEN
        RAISE EXCEPTION 'nothing is kept by triggers in workspace "%"', workspace
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'To have that attach the orders again with storage => ''incremental''.';
    END IF;
    PERFORM _clientele.workspace_lock_attached(workspace);
END
$$;

-- Looks up first orders that folds could not tell, and clears away what became empty. Beside it are those that pending changes have
-- moved since, which show as such until they are folded themselves.
CREATE FUNCTION _clientele.workspace_settle(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE _clientele.workspace_put_sql(workspace, 'first_orders_data', '{customer}', format(
        '(SELECT c.*, false AS is_unknown FROM %1$I.changed_first_orders c WHERE c.customer IN (SELECT d.customer FROM %1$I.first_orders_data d WHERE d.is_unknown)) h', workspace));
    EXECUTE format($dml$
        DELETE FROM %1$I.first_orders_data WHERE is_unknown;
        DELETE FROM %1$I.customer_preferences_data WHERE history OPERATOR(@extschema@.=) '{}'::@extschema@.purchase_history;
        UPDATE %1$I.fold_state SET folded_at = now()
        $dml$, workspace);
END
$$;

CREATE FUNCTION fold_workspace(workspace text DEFAULT 'loyalty') RETURNS bigint
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on'
SET jit = off
AS $$
DECLARE
    folded bigint := 0;
    part record;
    from_slot bigint;
BEGIN
    PERFORM _clientele.workspace_check_kept(workspace);
    PERFORM _clientele.workspace_lock_folds(workspace);
    FOR slot_group IN 0..15 LOOP
        from_slot := slot_group::bigint << 59;
        LOOP
            EXECUTE format('SELECT f.* FROM %I.fold_order_changes($1, 5000, false) f', workspace) INTO part USING from_slot;
            EXIT WHEN part.last_slot IS NULL;
            folded := folded + part.folded;
            from_slot := part.last_slot;
        END LOOP;
    END LOOP;
    PERFORM _clientele.workspace_settle(workspace);
    RETURN folded;
END
$$;
COMMENT ON FUNCTION fold_workspace(text) IS
'Moves pending changes of the orders into the stored histories of a workspace with incremental storage. What its views show is the same before and after, but is read faster. Neither writers nor readers wait. Writers fold by themselves a portion of what is pending beyond settings.fold_after, in proportion to what they write; this folds all, and looks up first orders that are not known since others were taken away.
Arguments: workspace: name of the schema.
Result: number of pending changes that were folded, one for each customer, source and category that a statement changed.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 55000 with other storage, 40001 in a REPEATABLE READ transaction that began before another fold ended.';

