-- workspace: attaching what customers were offered, and what became of it

CREATE FUNCTION _clientele.workspace_words_of_outcome(outcome text) RETURNS text[]
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT array_agg(u.word ORDER BY u.word COLLATE "C")
    FROM (SELECT DISTINCT u.word FROM _clientele.workspace_outcome_words() w CROSS JOIN unnest(w.words) u(word) WHERE w.outcome = $1) u
$$;

-- What became of an offer. Without a column that says it an order is an acceptance, and nobody is known to have refused.
CREATE FUNCTION _clientele.workspace_outcome_sql(said text, order_id text) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN said IS NULL THEN format('CASE WHEN %s IS NOT NULL THEN ''accepted'' ELSE ''unanswered'' END', order_id)
        ELSE format('CASE WHEN %1$s = ANY (%2$L::text[]) THEN ''accepted'' WHEN %1$s = ANY (%3$L::text[]) THEN ''refused'' ELSE ''unanswered'' END',
            said, _clientele.workspace_words_of_outcome('accepted'), _clientele.workspace_words_of_outcome('refused')) END
$$;

-- What nobody could read, as it stands there: such an offer counts as unanswered.
CREATE FUNCTION _clientele.workspace_unread_outcome_sql(said text, shown text) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN said IS NULL THEN 'NULL::text'
        ELSE format('CASE WHEN %s <> ALL (%L::text[]) THEN %s END', said, (
            SELECT array_agg(word) FROM unnest('{accepted,refused,unanswered}'::text[]) o(outcome) CROSS JOIN LATERAL unnest(_clientele.workspace_words_of_outcome(o.outcome)) word), shown) END
$$;

-- Systems write 0 where there is no order.
CREATE FUNCTION _clientele.workspace_offer_rows_sql(workspace text, offers _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT %1$s AS customer, %2$s AS offered_at, %3$s AS instant, %4$s AS day, %5$s AS offer, %6$s AS outcome, %7$s AS unread, %8$s AS reason,
            %9$s AS order_id, %10$s AS employee, %1$s IS NOT NULL AND %11$s AND %5$s IS NOT NULL AS usable,
            CASE WHEN (%11$s) IS NOT TRUE THEN 'no_time' WHEN %5$s IS NULL THEN 'no_offer' WHEN %1$s IS NULL THEN 'no_customer' END AS left_out, %12$s IS TRUE AS is_empty_time
        FROM %13$s o
        $query$, _clientele.workspace_customer_key_sql(workspace, offers, 'customer'), (c.at).shown, (c.at).instant, (c.at).day, c.offer,
        _clientele.workspace_outcome_sql(c.said, c.order_id), _clientele.workspace_unread_outcome_sql(c.said, c.outcome),
        _clientele.workspace_filled_text_sql(_clientele.workspace_role_column(offers, 'reason')), c.order_id,
        _clientele.workspace_filled_text_sql(_clientele.workspace_role_column(offers, 'employee')), (c.at).usable, (c.at).is_empty, (offers).relation)
    FROM (
        SELECT t.*, CASE WHEN (offers).columns->>'outcome' <> '' THEN format('translate(lower(%s), ''_-'', ''  '')', t.outcome) END AS said
        FROM (
            SELECT _clientele.workspace_role_time_sql(workspace, offers, 'offered_at') AS at,
                _clientele.workspace_filled_text_sql(_clientele.workspace_role_column(offers, 'offer')) AS offer,
                _clientele.workspace_filled_text_sql(_clientele.workspace_role_column(offers, 'outcome')) AS outcome,
                format('nullif(%s, ''0'')', _clientele.workspace_filled_text_sql(_clientele.workspace_role_column(offers, 'of_order_id'))) AS order_id
            OFFSET 0) t
        OFFSET 0) c
$$;

CREATE FUNCTION attach_offers(
    offers regclass,
    customer text DEFAULT NULL,
    offered_at text DEFAULT NULL,
    offer text DEFAULT NULL,
    outcome text DEFAULT NULL,
    reason text DEFAULT NULL,
    order_id text DEFAULT NULL,
    employee text DEFAULT NULL,
    workspace text DEFAULT 'loyalty',
    stored_in text DEFAULT NULL)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
    SELECT f.*
    FROM _clientele.workspace_attach_other(workspace, 'offers', offers, jsonb_build_object(
        'customer', customer, 'offered_at', offered_at, 'offer', offer, 'outcome', outcome, 'reason', reason, 'of_order_id', order_id,
        'employee', employee, 'stored_in', stored_in)) f
$$;
COMMENT ON FUNCTION attach_offers(regclass, text, text, text, text, text, text, text, text, text) IS
'Attaches a table of what customers were offered, and what became of it, to a workspace: the views offer_acceptance, refusal_reasons, after_refusal and others then show who accepts what, and why others refuse. Can be run again.
Arguments: offers: a table, partitioned or foreign table, view or materialized view with a row per offer to a customer; customer, offered_at, offer: names of its columns as stored, where left out those of the last time, else found by their usual names; outcome, reason, order_id, employee: names of columns that an offer may have besides: whether it was accepted, why it was refused, the order that came of it, and who made it, found by their usual names where left out, none where empty (''''); workspace: name of the schema; stored_in: the time zone whose clock a column of timestamps without a zone shows, a full IANA name or UTC, where left out that of the last time; it has to be told where the days of the workspace are not those of UTC, unless the clock only ever shows midnight. Customers need not have ordered yet.
Outcomes are read from booleans, 1 and 0, and usual words such as accepted, yes, won, refused, no and lost, also in German, French, Spanish, Polish and Russian; empty is unanswered. Other words count as unanswered, and are told. Without a column of outcomes an order means accepted, and refusals are not known; an order number of 0 is none.
Result: rows of topic, finding and advice: what was found, and which rows are left out and why.
Errors: 22004 for NULL, 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 55000 where what is stored is distributed and other nodes do not know of it, 42501 without SELECT on the columns or for a workspace of somebody else, 22023 for a time zone that is none, and for a clock without stored_in.';

CREATE FUNCTION detach_offers(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM _clientele.workspace_detach(workspace, 'offers');
END
$$;
COMMENT ON FUNCTION detach_offers(text) IS
'Takes the table of offers from a workspace, and drops the views that read it: the table stays as it is.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 2BP01 if other objects depend on the views.';
