-- All changes of a slot go together: what one removed another one had added before. In a statement within another one on the
-- orders, which has yet to tell what it added, that holds for slots without changes of the transaction itself.
--
-- Rows are taken to and fro by keys and by arrays of keys alone: there is no join that a plan made for few rows could turn into a
-- loop. What is to be put where something is stored already goes through ON CONFLICT. Of a slot so many are folded as are within a
-- tenth of a second; where there are more, they are made fewer first.
--
-- A history by source and category that becomes empty stays until fold_workspace() clears it away: to look for it would take all
-- there is of a customer. A first order is the first of what is stored and added, unless what was removed may have been it or
-- before it: then the orders have to tell, which is not for a writer to wait for.
-- belongs to: incremental
CREATE FUNCTION workspace.fold_order_changes(from_slot bigint, at_most bigint, is_nested boolean, OUT folded bigint, OUT last_slot bigint)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
    DECLARE
        many CONSTANT integer := 5000;
        slots bigint[] := ARRAY(
            SELECT x.slot FROM workspace.order_changes x
            WHERE x.slot >= from_slot AND x.slot <= ((from_slot >> 59) << 59) + 576460752303423487
            ORDER BY x.slot LIMIT at_most);
        gone workspace.order_changes[];
        is_partial boolean;
        removes boolean;
        has_origin boolean;
    BEGIN
        folded := 0;
        last_slot := slots[cardinality(slots)];
        IF is_nested THEN
            slots := ARRAY(SELECT s FROM unnest(slots) s
                WHERE NOT EXISTS (SELECT FROM workspace.order_changes x WHERE x.slot = s AND _clientele.workspace_is_own(x.xmin::text::bigint)));
        END IF;
        IF (SELECT count(*) > many FROM (SELECT FROM workspace.order_changes x WHERE x.slot = ANY (slots) LIMIT many + 1) x) THEN
            slots := slots[1:1];
            last_slot := slots[1];
        END IF;
        is_partial := (SELECT count(*) > many FROM (SELECT FROM workspace.order_changes x WHERE x.slot = ANY (slots) LIMIT many + 1) x);
        WITH change AS (
            DELETE FROM workspace.order_changes c
            WHERE c.ctid = ANY (ARRAY(
                SELECT x.ctid FROM workspace.order_changes x WHERE x.slot = ANY (slots) LIMIT CASE WHEN is_partial THEN many END))
            RETURNING c.*
        ), merged AS (
            SELECT min(c.slot) AS slot, c.customer, c.source, c.category, c.is_order, clientele.rollup(c.added) AS added,
                CASE WHEN count(c.removed) > 0 THEN clientele.rollup(c.removed) END AS removed,
                CASE WHEN count(c.added_profit) > 0 THEN clientele.rollup(c.added_profit) END AS added_profit,
                CASE WHEN count(c.removed_profit) > 0 THEN clientele.rollup(c.removed_profit) END AS removed_profit,
                sum(c.no_time)::bigint AS no_time, sum(c.invalid_time)::bigint AS invalid_time, sum(c.no_amount)::bigint AS no_amount,
                sum(c.invalid_amount)::bigint AS invalid_amount, sum(c.zero_amount)::bigint AS zero_amount,
                (array_agg(c.first_at ORDER BY clientele.first_order(c.added), c.first_at, c.first_key, c.first_amount))[1] AS first_at,
                (array_agg(c.first_key ORDER BY clientele.first_order(c.added), c.first_at, c.first_key, c.first_amount))[1] AS first_key,
                (array_agg(c.first_amount ORDER BY clientele.first_order(c.added), c.first_at, c.first_key, c.first_amount))[1] AS first_amount
            FROM change c
            GROUP BY c.customer, c.source, c.category, c.is_order
        )
        SELECT (SELECT count(*) FROM change), bool_or(k.removed IS NOT NULL), bool_or(k.is_order), array_agg(ROW(k.*)::workspace.order_changes)
        INTO folded, removes, has_origin, gone FROM merged k;
        IF is_partial THEN
            INSERT INTO workspace.order_changes SELECT g.* FROM unnest(gone) g;
            folded := many;
            RETURN;
        ELSIF folded = 0 THEN
            RETURN;
        END IF;

        INSERT INTO workspace.order_history_data AS d (customer, history, profit_history, no_time, invalid_time, no_amount, invalid_amount, zero_amount)
        SELECT g.customer, clientele.rollup(g.added), CASE WHEN (SELECT s.has_profit FROM workspace.settings s) THEN clientele.rollup(g.added_profit) END,
            nullif(sum(g.no_time), 0)::bigint, nullif(sum(g.invalid_time), 0)::bigint, nullif(sum(g.no_amount), 0)::bigint,
            nullif(sum(g.invalid_amount), 0)::bigint, nullif(sum(g.zero_amount), 0)::bigint
        FROM unnest(gone) g
        GROUP BY g.customer
        ON CONFLICT (customer) DO UPDATE SET history = d.history OPERATOR(clientele.+) excluded.history,
            profit_history = d.profit_history OPERATOR(clientele.+) excluded.profit_history,
            no_time = nullif(coalesce(d.no_time, 0) + coalesce(excluded.no_time, 0), 0),
            invalid_time = nullif(coalesce(d.invalid_time, 0) + coalesce(excluded.invalid_time, 0), 0),
            no_amount = nullif(coalesce(d.no_amount, 0) + coalesce(excluded.no_amount, 0), 0),
            invalid_amount = nullif(coalesce(d.invalid_amount, 0) + coalesce(excluded.invalid_amount, 0), 0),
            zero_amount = nullif(coalesce(d.zero_amount, 0) + coalesce(excluded.zero_amount, 0), 0);
        IF removes THEN
            INSERT INTO workspace.order_history_data AS d (customer, history, profit_history)
            SELECT g.customer, clientele.rollup(g.removed), clientele.rollup(g.removed_profit)
            FROM unnest(gone) g
            WHERE g.removed IS NOT NULL
            GROUP BY g.customer
            ON CONFLICT (customer) DO UPDATE SET history = clientele.history_less(d.history, excluded.history),
                profit_history = clientele.history_less(d.profit_history, excluded.profit_history),
                no_time = nullif(greatest(d.no_time, 0), 0),
                invalid_time = nullif(greatest(d.invalid_time, 0), 0),
                no_amount = nullif(greatest(d.no_amount, 0), 0),
                invalid_amount = nullif(greatest(d.invalid_amount, 0), 0),
                zero_amount = nullif(greatest(d.zero_amount, 0), 0);
            DELETE FROM workspace.order_history_data d
            WHERE d.customer = ANY (ARRAY(SELECT g.customer FROM unnest(gone) g WHERE g.removed IS NOT NULL))
                AND d.history OPERATOR(clientele.=) '{}'::clientele.purchase_history
                AND coalesce(d.no_time, d.invalid_time, d.no_amount, d.invalid_amount, d.zero_amount) IS NULL;
        END IF;

        IF has_origin THEN
            INSERT INTO workspace.customer_preferences_data AS d (customer, source, category, history)
            SELECT g.customer, g.source, g.category, clientele.rollup(g.added)
            FROM unnest(gone) g
            WHERE g.customer IS NOT NULL AND g.is_order
            GROUP BY g.customer, g.source, g.category
            ON CONFLICT (customer, source, category) DO UPDATE SET history = d.history OPERATOR(clientele.+) excluded.history;
            IF removes THEN
                INSERT INTO workspace.customer_preferences_data AS d (customer, source, category, history)
                SELECT g.customer, g.source, g.category, clientele.rollup(g.removed)
                FROM unnest(gone) g
                WHERE g.customer IS NOT NULL AND g.is_order AND g.removed IS NOT NULL
                GROUP BY g.customer, g.source, g.category
                ON CONFLICT (customer, source, category) DO UPDATE SET history = clientele.history_less(d.history, excluded.history);
            END IF;
            INSERT INTO workspace.first_orders_data AS d (customer, day, at, order_key, amount, source, category, is_unknown)
            SELECT DISTINCT ON (f.customer) f.customer, f.day, f.at, f.order_key, f.amount, f.source, f.category,
                bool_or(f.is_unknown) OVER each_customer
                    OR coalesce(min(f.removed) OVER each_customer <= min(f.day) OVER each_customer, f.day IS NULL)
            FROM (
                SELECT g.customer, clientele.first_order(g.added) AS day, g.first_at AS at, g.first_key AS order_key, g.first_amount AS amount,
                    g.source, g.category, false AS is_unknown, clientele.first_order(g.removed) AS removed
                FROM unnest(gone) g
                WHERE g.customer IS NOT NULL AND g.is_order
                UNION ALL
                SELECT d.customer, d.day, d.at, d.order_key, d.amount, d.source, d.category, d.is_unknown, NULL
                FROM workspace.first_orders_data d
                WHERE d.customer = ANY (ARRAY(SELECT g.customer FROM unnest(gone) g))) f
            WHERE f.day IS NOT NULL OR f.removed IS NOT NULL OR f.is_unknown
            WINDOW each_customer AS (PARTITION BY f.customer)
            ORDER BY f.customer, f.day, f.at, f.order_key, f.amount, f.source, f.category
            ON CONFLICT (customer) DO UPDATE SET day = excluded.day, at = excluded.at, order_key = excluded.order_key, amount = excluded.amount,
                source = excluded.source, category = excluded.category, is_unknown = excluded.is_unknown
            WHERE (d.day, d.at, d.order_key, d.amount, d.source, d.category, d.is_unknown) IS DISTINCT FROM
                (excluded.day, excluded.at, excluded.order_key, excluded.amount, excluded.source, excluded.category, excluded.is_unknown);
        END IF;

        INSERT INTO workspace.order_days_data AS d (day, slot_group, order_rows)
        SELECT y.day, from_slot >> 59, sum(y.order_rows)
        FROM (
            SELECT a.day, a.orders + a.returns AS order_rows
            FROM (SELECT clientele.rollup(g.added) AS added FROM unnest(gone) g WHERE g.customer IS NOT NULL) h
            CROSS JOIN LATERAL clientele.history_days(h.added) a
            UNION ALL
            SELECT r.day, -(r.orders + r.returns)
            FROM (SELECT clientele.rollup(g.removed) AS removed FROM unnest(gone) g WHERE g.customer IS NOT NULL) h
            CROSS JOIN LATERAL clientele.history_days(h.removed) r) y
        GROUP BY y.day
        HAVING sum(y.order_rows) <> 0
        ON CONFLICT (day, slot_group) DO UPDATE SET order_rows = d.order_rows + excluded.order_rows;
    END
$$;
COMMENT ON FUNCTION workspace.fold_order_changes(bigint, bigint, boolean) IS 'Moves order_changes into what is stored, from a slot to the end of its group: call fold_workspace(), which keeps others out';
