-- workspace: what customers ask that the knowledge base does not answer

CREATE FUNCTION workspace_create_open_questions(workspace name, orders_customer order_column) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'answers', orders_customer);
BEGIN
    -- What is answered was asked: a full join finds no more, and is never a loop over all of them for each.
    PERFORM @extschema@.workspace_create_view(workspace, 'open_questions', format($view$
        WITH asked AS MATERIALIZED (%1$s), %2$s
        SELECT row_number() OVER (ORDER BY a.times_asked DESC, a.day DESC, a.number) AS "position", a.customer, a.day, a.comment,
            a.times_asked, a.customers
        FROM asked a
        FULL JOIN answered d ON d.number = a.number
        WHERE coalesce(d.number, 0) = 0
        $view$, @extschema@.workspace_asked_sql(workspace, attached), @extschema@.workspace_answered_sql(workspace)),
        'Questions of customers that no entry of the knowledge base answers, since none has half of their words. Each once, the most frequent first',
        ARRAY[['position', 'Order in which to answer them'],
              ['customer', 'Who asked it last; empty where nobody knows'],
              ['day', 'Day when it was last asked'],
              ['comment', 'The question as it was last put'],
              ['times_asked', 'How often it was asked in these words, whatever their case and the spaces between them'],
              ['customers', 'Number of customers who asked it']]);
END
$$;
COMMENT ON FUNCTION workspace_create_open_questions(name, order_column) IS
'Internal to attach_orders(): Makes the view open_questions of a workspace on the comments that are attached as answers, without rows where no comments or no kinds of them are.
Errors: as workspace_attached_relation().';

CREATE FUNCTION workspace_asked_sql(workspace name, attached attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT row_number() OVER (ORDER BY q.words COLLATE "C") AS number, q.times_asked, q.customers, q.customer, q.day, q.comment
        FROM (
            SELECT a.words, count(*) AS times_asked, count(DISTINCT a.customer) AS customers, max(a.day) AS day,
                (array_agg(a.customer) FILTER (WHERE a.place = 1))[1] AS customer, max(a.comment) FILTER (WHERE a.place = 1) AS comment
            FROM (
                SELECT r.*, row_number() OVER (PARTITION BY r.words ORDER BY r.at DESC, r.comment COLLATE "C", r.customer) AS place
                FROM (
                    SELECT %2$s AS customer, o.%3$I AS at, %4$s AS day, %5$s COLLATE "default" AS comment,
                        lower(regexp_replace(btrim(%5$s), '[[:space:]]+', ' ', 'g')) COLLATE "default" AS words
                    FROM %6$s o
                    CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
                    WHERE %7$s AND %8$s AND %4$s < (SELECT d.as_of FROM %1$I.reporting_date d)) r
                WHERE r.words <> '') a
            GROUP BY a.words) q
        $query$, workspace, (attached).key, (c.answered_at).name, @extschema@.workspace_day_sql(c.answered_at),
        CASE WHEN (attached).columns->>'comment' <> '' THEN format('o.%I::text', (attached).columns->>'comment') ELSE 'NULL::text' END,
        (attached).relation, CASE WHEN (attached).columns->>'kind' <> ''
            THEN format('lower(btrim(o.%I::text) COLLATE "C") = ''question''', (attached).columns->>'kind') ELSE 'false' END,
        @extschema@.workspace_usable_time_sql(c.answered_at))
    FROM (SELECT @extschema@.workspace_given_column((attached).relation, 'answered_at', (attached).columns->>'answered_at') AS answered_at) c
$$;
COMMENT ON FUNCTION workspace_asked_sql(name, attached_relation) IS
'Internal to attach_orders(): The query for what customers ask before the reporting date, each question once.';

CREATE FUNCTION workspace_answered_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- Words of more than a tenth of the entries tell little: without them there are few entries to a word. Everything is
    -- hashed and grouped, never looked up in a loop.
    SELECT format($query$
        word AS MATERIALIZED (
            SELECT e.language, e.word, count(*) > min(e.most) AS common, CASE WHEN count(*) <= min(e.most) THEN array_agg(e.id) END AS entries
            FROM (
                SELECT k.language, k.id, greatest(2, count(*) OVER (PARTITION BY k.language) / 10) AS most,
                    unnest(tsvector_to_array(%2$s.workspace_entry_words(coalesce(%2$s.workspace_text_search(k.language), 'simple'), k.question, k.keywords, k.answer))) AS word
                FROM %1$I.knowledge_base k) e
            GROUP BY e.language, e.word
        ), matched AS MATERIALIZED (
            SELECT a.number, a.language, coalesce(w.common, false) AS common, w.entries
            FROM (
                SELECT q.number, l.language, unnest(tsvector_to_array(to_tsvector(l.configuration, left(q.comment, 10000)))) AS word
                FROM asked q
                CROSS JOIN (
                    SELECT DISTINCT k.language, coalesce(%2$s.workspace_text_search(k.language), 'simple') AS configuration
                    FROM %1$I.knowledge_base k) l) a
            FULL JOIN word w ON w.language = a.language AND w.word = a.word
            WHERE coalesce(a.number, 0) > 0
        ), answered AS (
            SELECT DISTINCT t.number
            FROM (
                SELECT m.number, m.language, count(*) FILTER (WHERE NOT m.common) AS telling, 0 AS shared
                FROM matched m GROUP BY m.number, m.language
                UNION ALL
                SELECT h.number, h.language, 0 AS telling, count(*) AS shared
                FROM (SELECT m.number, m.language, unnest(m.entries) AS entry FROM matched m) h
                GROUP BY h.number, h.language, h.entry) t
            GROUP BY t.number, t.language
            HAVING 2 * max(t.shared) >= max(t.telling)
        )
        $query$, workspace, '@extschema@')
$$;
COMMENT ON FUNCTION workspace_answered_sql(name) IS
'Internal to attach_orders(): The queries for the numbers of those asked that an entry of the knowledge base answers: it has at least half of the words that tell something.';
