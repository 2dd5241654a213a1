-- Whether there are more pending than there should be is told by how dense they are in some place: where fold_after would
-- leave eight there are more. Chance brings a transaction to places in four groups alone, so that it holds no more. Whatever the
-- statistics say of tables that fill and empty all the time, rows are found by their indexes.
-- belongs to: incremental
CREATE FUNCTION workspace.fold_some_changes(portion bigint, is_nested boolean, until timestamptz) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '20ms'
SET jit = off
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
    DECLARE
        width CONSTANT bigint := (SELECT 8 * 9223372036854775808 / s.fold_after FROM workspace.settings s);
        state CONSTANT oid := (SELECT f.tableoid FROM workspace.fold_state f);
        folded bigint := 0;
        from_slot bigint;
        part record;
    BEGIN
        FOR tries IN 1..4 LOOP
            from_slot := _clientele.workspace_random_slot()::bigint << 32;
            from_slot := greatest(from_slot - width, (from_slot >> 59) << 59); -- what lies at a beginning is met as often
            EXIT WHEN width IS NULL OR tries = 1 AND (SELECT count(*) <= 8 FROM (
                SELECT FROM workspace.order_changes c
                WHERE c.slot >= from_slot AND c.slot <= least(from_slot::numeric + width, 9223372036854775807)::bigint
                ORDER BY c.slot LIMIT 9) x);
            CONTINUE WHEN NOT pg_try_advisory_xact_lock(_clientele.workspace_fold_key(state, (from_slot >> 59)::integer));
            LOOP
                part := workspace.fold_order_changes(from_slot, least(portion - folded, 1000), is_nested);
                folded := folded + part.folded;
                EXIT WHEN part.last_slot IS NULL OR folded >= portion OR clock_timestamp() > until OR part.last_slot + 1 >> 59 <> from_slot >> 59;
                from_slot := part.last_slot + 1;
            END LOOP;
            EXIT WHEN folded >= portion OR clock_timestamp() > until;
        END LOOP;
        RETURN folded;
    END
$$;
COMMENT ON FUNCTION workspace.fold_some_changes(bigint, boolean, timestamptz) IS 'Moves a portion of order_changes into what is stored, where there is more than the settings have it, until some time';
