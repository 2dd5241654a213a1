-- workspace: the rows of what is attached, in columns of fixed names: one view for each role, on which all others stand. Expressions
-- are of a row o. format() quotes every name and value; regclass and regtype quote themselves, and qualify, since the search_path
-- holds nothing but pg_catalog. What functions would refuse is never handed to them: a view never raises on data.

CREATE FUNCTION _clientele.workspace_adapter(role text) RETURNS name
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN (rtrim(role, 's') || '_rows')::name;

CREATE FUNCTION _clientele.workspace_role_column(attached _clientele.attached_relation, role text) RETURNS _clientele.attached_column
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN nullif((attached).columns->>role, '') IS NOT NULL
        THEN _clientele.workspace_given_column((attached).relation, role, (attached).columns->>role, true) END
$$;

CREATE FUNCTION _clientele.workspace_cast_sql(col _clientele.attached_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN format('o.%I::%s', (col).name, (col).type);

-- What a column of times shows, by the clock that attaching was told of: a clock without a zone whose place is known tells instants. What
-- is out of range stays so, as a view never raises.
CREATE FUNCTION _clientele.workspace_clock_sql(col _clientele.attached_column, stored_in text) RETURNS _clientele.clock_sql
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN (col).type = 'timestamp'::regtype AND stored_in <> ''
        THEN ROW(format('CASE WHEN o.%1$I < make_date(1, 1, 1)::timestamp THEN timestamptz ''-infinity'' WHEN o.%1$I >= make_date(10000, 1, 1)::timestamp THEN timestamptz ''infinity'' ELSE o.%1$I AT TIME ZONE %2$L::text END',
            (col).name, stored_in), 'timestamptz'::regtype)::_clientele.clock_sql
        ELSE ROW(_clientele.workspace_cast_sql(col), (col).type)::_clientele.clock_sql END
    WHERE (col).name IS NOT NULL
$$;

-- An instant gets a day's margin: in some zone it is another year already. Of a day the instant is its beginning. What systems write where
-- there is no date is none.
CREATE FUNCTION _clientele.workspace_time_sql(clock _clientele.clock_sql, zone text) RETURNS _clientele.time_sql
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ROW(t.usable,
        format('CASE WHEN %s THEN %s END', t.usable, CASE WHEN t.has_zone THEN format('_clientele.local_day(%s, %s)', (clock).shown, zone) ELSE format('%s::date', (clock).shown) END),
        format('CASE WHEN %s THEN _clientele.workspace_instant(%s) END', t.usable,
            CASE WHEN t.has_zone THEN (clock).shown ELSE format('%s::timestamp AT TIME ZONE %s', (clock).shown, zone) END),
        (clock).shown, format('_clientele.is_empty_time(%s)', (clock).shown))::_clientele.time_sql
    FROM (
        SELECT z.has_zone, format(CASE WHEN z.has_zone
                THEN '(%1$s >= make_date(1, 1, 2)::timestamp AT TIME ZONE ''UTC''::text AND %1$s < make_date(9999, 12, 31)::timestamp AT TIME ZONE ''UTC''::text AND NOT _clientele.is_empty_time(%1$s))'
                ELSE '(%1$s >= make_date(1, 1, 1)::%2$s AND %1$s < make_date(10000, 1, 1)::%2$s AND NOT _clientele.is_empty_time(%1$s))' END, (clock).shown, (clock).type) AS usable
        FROM (SELECT (clock).type = 'timestamptz'::regtype AS has_zone) z) t
$$;

CREATE FUNCTION _clientele.workspace_role_time_sql(workspace text, attached _clientele.attached_relation, role text) RETURNS _clientele.time_sql
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.workspace_time_sql(_clientele.workspace_clock_sql(_clientele.workspace_role_column(attached, role), (attached).columns->>'stored_in'),
        (_clientele.workspace_applied_rules(workspace)).time_zone)
$$;

-- A date has no hours: between it and anything else there are whole days.
CREATE FUNCTION _clientele.workspace_hours_sql(began _clientele.time_sql, ended _clientele.time_sql, types regtype[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN (ended).shown IS NULL THEN 'NULL::double precision'
        WHEN 'date'::regtype = ANY (types) THEN format('24 * (%s - %s)::double precision', (ended).day, (began).day)
        WHEN types[1] = types[2]
            THEN format('CASE WHEN %s AND %s THEN (extract(epoch FROM %s - %s) / 3600)::double precision END', (began).usable, (ended).usable, (ended).shown, (began).shown)
        ELSE format('(extract(epoch FROM %s - %s) / 3600)::double precision', (ended).instant, (began).instant) END
$$;

-- Whoever owns an enum may give it a cast to text, which would run with the rights of who reads or keeps orders: what is no type of
-- the server's or of an extension is written out, which calls nobody's function. What is not attached is NULL, of the same type, as a
-- view's column keeps its own.
CREATE FUNCTION _clientele.workspace_text_sql(col _clientele.attached_column) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce((
        SELECT format(CASE t.typtype WHEN 'b' THEN 'o.%1$I::text' ELSE 'CASE WHEN o.%1$I IS NOT NULL THEN concat(o.%1$I) END' END, (col).name)
        FROM pg_type t WHERE t.oid = (col).type), 'NULL::text')
$$;

-- Without blanks around it, of one collation, and NULL where nothing is left.
CREATE FUNCTION _clientele.workspace_filled_text_sql(col _clientele.attached_column) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN format('nullif(btrim(%s), '''') COLLATE "default"', _clientele.workspace_text_sql(col));

-- Amounts are kept at four decimals, half away from zero: from the bounds here on they are not 0.
CREATE FUNCTION _clientele.workspace_amount_expression_sql(expression text, type regtype) RETURNS _clientele.amount_sql
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ROW(t.usable,
        format('CASE WHEN %s THEN @extschema@.kept_amount(%s::%s) END', t.usable, expression, CASE WHEN t.is_small THEN 'bigint'::regtype ELSE type END),
        CASE WHEN t.is_whole THEN format('%s >= 0', expression) ELSE format('%s > %s ''-0.00005''', expression, type) END,
        CASE WHEN t.is_whole THEN format('%s <> 0', expression) ELSE format('abs(%s) >= %s ''0.00005''', expression, type) END)::_clientele.amount_sql
    FROM (
        SELECT k.is_small, k.is_small OR type = 'bigint'::regtype AS is_whole,
            CASE WHEN k.is_small THEN format('(%s IS NOT NULL)', expression) ELSE format('@extschema@.valid_amount(%s::%s)', expression, type) END AS usable
        FROM (SELECT type IN ('smallint'::regtype, 'integer'::regtype) AS is_small) k) t
$$;

CREATE FUNCTION _clientele.workspace_amount_sql(col _clientele.attached_column) RETURNS _clientele.amount_sql
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN _clientele.workspace_amount_expression_sql(format('o.%I', (col).name), (col).type);

-- As numeric: of floating point the shortest decimal, whatever the session shows of it, and NaN where it cannot be used.
CREATE FUNCTION _clientele.workspace_numeric_sql(col _clientele.attached_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(CASE WHEN (col).type IN ('real'::regtype, 'double precision'::regtype)
        THEN 'CASE WHEN @extschema@.valid_amount(o.%1$I::%2$s) THEN @extschema@.kept_amount(o.%1$I::%2$s) WHEN o.%1$I IS NOT NULL THEN numeric ''NaN'' END'
        ELSE 'o.%1$I::numeric' END, (col).name, (col).type)
$$;

-- What an order brought: its amount, less what was given back of it where a column of that is attached.
CREATE FUNCTION _clientele.workspace_brought_sql(amount _clientele.attached_column, refunded _clientele.attached_column) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN (refunded).name IS NULL THEN format('o.%I', (amount).name)
        ELSE format('_clientele.workspace_less_refunded(%s, %s)', _clientele.workspace_numeric_sql(amount), _clientele.workspace_numeric_sql(refunded)) END
$$;

-- Types that no BI tool filters are shown as text; citext by what it holds equal.
CREATE FUNCTION _clientele.workspace_customer_sql(customer _clientele.attached_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN (customer).type = ANY ('{smallint,integer,bigint,numeric,uuid,text}'::regtype[]) THEN _clientele.workspace_cast_sql(customer)
        WHEN (SELECT t.typname FROM pg_type t WHERE t.oid = (customer).type) = 'citext' THEN format('lower(%s)', _clientele.workspace_text_sql(customer))
        ELSE _clientele.workspace_text_sql(customer) END
$$;

-- What the settings say where a query runs.
CREATE FUNCTION _clientele.workspace_applied_rules(workspace text) RETURNS _clientele.order_rules
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ROW(format('(SELECT s.time_zone FROM %I.applied_settings s)', workspace),
        format('(SELECT s.zero_amounts = ''orders'' FROM %I.applied_settings s)', workspace),
        format('(SELECT s.refunded_orders = ''orders'' FROM %I.applied_settings s)', workspace))::_clientele.order_rules
$$;

-- What its clock and its refunds make of an order's time and amount.
CREATE FUNCTION _clientele.workspace_order_parts(orders _clientele.attached_relation, rules _clientele.order_rules) RETURNS _clientele.order_parts
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ROW((t.clock).shown, (t.clock).type, _clientele.workspace_time_sql(t.clock, (rules).time_zone),
        t.brought, t.amount_type, _clientele.workspace_amount_expression_sql(t.brought, t.amount_type),
        CASE WHEN t.has_refunds THEN format('CASE WHEN o.%I > 0 THEN %s ELSE %s END', (t.amount).name, (rules).counts_refunded, (rules).counts_zero)
            ELSE (rules).counts_zero END)::_clientele.order_parts
    FROM (
        SELECT c.amount, (c.refunded).name IS NOT NULL AS has_refunds,
            _clientele.workspace_clock_sql(_clientele.workspace_role_column(orders, 'ordered_at'), (orders).columns->>'stored_in') AS clock,
            _clientele.workspace_brought_sql(c.amount, c.refunded) AS brought,
            CASE WHEN (c.refunded).name IS NULL THEN (c.amount).type ELSE 'numeric'::regtype END AS amount_type
        FROM (
            SELECT _clientele.workspace_role_column(orders, 'amount') AS amount, _clientele.workspace_role_column(orders, 'refunded') AS refunded
            OFFSET 0) c
        OFFSET 0) t
$$;

-- The list of columns, which the triggers of incremental storage select from their transition tables. What is usable is so by the
-- very conditions that left_out tells apart; as conditions of a query they are what indexes and statistics know of, and so is a day
-- that comes without a zone. The key, by which orders of one time are ordered, is not of a domain, which its owner could have checked
-- with the rights of others, nor of a length.
CREATE FUNCTION _clientele.workspace_order_list_sql(orders _clientele.attached_relation, rules _clientele.order_rules) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($list$%1$s AS customer, (%2$s)::%21$s AS ordered_at, %3$s AS instant, %4$s AS day,
            (%5$s)::%22$s AS amount, %6$s AS kept_amount, (%7$s) IS TRUE AS is_order, %8$s AS order_key, %9$s AS order_id,
            %10$s AS source, %11$s AS category, %12$s AS profit, %13$L::boolean AS has_source, %14$L::boolean AS has_category,
            %15$s AND %16$s AND (%17$s OR %18$s) AS usable,
            CASE WHEN %2$s IS NULL OR _clientele.is_empty_time(%2$s) THEN 'no_time' WHEN NOT %15$s THEN 'invalid_time' WHEN o.%19$I IS NULL THEN 'no_amount'
                WHEN NOT %16$s THEN 'invalid_amount' WHEN NOT (%17$s OR %18$s) THEN 'zero_amount' WHEN o.%20$I IS NULL THEN 'no_customer' END AS left_out,
            %17$s AS counts_zero$list$,
        _clientele.workspace_customer_sql(c.customer), (p).ordered_at,
        CASE (p).time_type WHEN 'date'::regtype THEN 'NULL::timestamptz' ELSE ((p).at).instant END,
        CASE (p).time_type WHEN 'timestamptz'::regtype THEN ((p).at).day ELSE format('%s::date', (p).ordered_at) END,
        (p).amount, ((p).money).kept, ((p).money).is_order,
        CASE WHEN (c.order_id).name IS NULL THEN 'NULL::integer'
            ELSE format('o.%I::%s', (c.order_id).name, CASE (c.order_id).type WHEN 'character'::regtype THEN 'bpchar' ELSE (c.order_id).type::text END) END,
        _clientele.workspace_text_sql(c.order_id), _clientele.workspace_text_sql(c.source), _clientele.workspace_text_sql(c.category),
        CASE WHEN (c.profit).name IS NULL THEN 'NULL::numeric'
            ELSE format('CASE WHEN %s THEN %s END', (_clientele.workspace_amount_sql(c.profit)).usable, _clientele.workspace_cast_sql(c.profit)) END,
        (c.source).name IS NOT NULL, (c.category).name IS NOT NULL, ((p).at).usable, ((p).money).usable, (p).counts_zero, ((p).money).is_not_zero,
        (c.amount).name, (c.customer).name, (p).time_type, (p).amount_type)
    FROM (SELECT _clientele.workspace_order_parts(orders, rules) AS p OFFSET 0) t
    CROSS JOIN (
        SELECT _clientele.workspace_role_column(orders, 'customer') AS customer, _clientele.workspace_role_column(orders, 'amount') AS amount,
            _clientele.workspace_role_column(orders, 'order_id') AS order_id, _clientele.workspace_role_column(orders, 'source') AS source,
            _clientele.workspace_role_column(orders, 'category') AS category, _clientele.workspace_role_column(orders, 'profit') AS profit
        OFFSET 0) c
$$;

-- Some columns as one text.
CREATE FUNCTION _clientele.workspace_joined_columns_sql(columns jsonb, separator text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(format('nullif(concat_ws(%L, ', separator)
        || string_agg(format('nullif(o.%I::text, %L)', c.name, ''), ', ' ORDER BY c."position") || '), '''')', 'NULL::text')
    FROM jsonb_array_elements_text(columns) WITH ORDINALITY c(name, "position")
$$;

-- No customer, of the type and collation of the orders' ones.
CREATE FUNCTION _clientele.workspace_nobody_sql(workspace text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('NULL::%s', a.atttypid::regtype) || coalesce(' COLLATE ' || quote_ident(n.nspname) || '.' || quote_ident(c.collname), '')
    FROM pg_attribute a
    LEFT JOIN pg_collation c ON c.oid = a.attcollation
    LEFT JOIN pg_namespace n ON n.oid = c.collnamespace
    WHERE a.attrelid = to_regclass(format('%I.order_rows', workspace)) AND a.attname = 'customer'
$$;

CREATE FUNCTION _clientele.workspace_customer_rows_sql(workspace text, customers _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('SELECT %s AS customer, %s AS customer_name, %s AS contact, %s AS referrer, %L::boolean AS is_described FROM %s o',
        _clientele.workspace_customer_key_sql(workspace, customers, 'customer'),
        _clientele.workspace_joined_columns_sql((customers).columns->'name', ' '), _clientele.workspace_joined_columns_sql((customers).columns->'contact', ', '),
        CASE WHEN (customers).columns->>'referrer' <> '' THEN _clientele.workspace_customer_key_sql(workspace, customers, 'referrer')
            ELSE _clientele.workspace_nobody_sql(workspace) END,
        jsonb_array_length((customers).columns->'name') + jsonb_array_length((customers).columns->'contact') > 0, (customers).relation)
$$;

CREATE FUNCTION _clientele.workspace_dimension_rows_sql(workspace text, customers _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(
        format('SELECT %s AS customer, v.dimension, v.value FROM %s o CROSS JOIN LATERAL (VALUES ',
            _clientele.workspace_customer_key_sql(workspace, customers, 'customer'), (customers).relation)
            || string_agg(format('(%L, o.%I::text)', d.name, d.name), ', ' ORDER BY d."position") || ') v(dimension, value)',
        _clientele.workspace_no_rows_sql(workspace, 'dimensions'))
    FROM jsonb_array_elements_text((customers).columns->'dimensions') WITH ORDINALITY d(name, "position")
$$;

-- The group goes by the score as it is: near its bounds rounding would change it. A numeric of hundreds of decimals has no double
-- precision. NaN is above all numbers. On another scale than that of the question there are no groups.
CREATE FUNCTION _clientele.workspace_answer_rows_sql(workspace text, answers _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT %1$s AS customer, %2$s AS answered_at, %3$s AS instant, %4$s AS day, CASE WHEN %5$s THEN %6$s::double precision END AS score,
            %7$s AS nps_group,
            %8$s, %9$s AS replied_on, %10$s AS reply_hours, %11$s AS resolved_on, %12$s AS resolve_hours, %13$s AND %5$s AS usable,
            CASE WHEN %14$s IS NULL OR %15$s THEN 'no_time' WHEN NOT %13$s THEN 'invalid_time' WHEN o.%16$I IS NULL THEN 'no_score' WHEN NOT %5$s THEN 'invalid_score' END AS left_out, %15$s IS TRUE AS is_empty_time
        FROM %17$s o
        $query$, _clientele.workspace_customer_key_sql(workspace, answers, 'customer'), (c.at).shown, (c.at).instant, (c.at).day,
        c.is_on_scale, format(CASE (c.score).type WHEN 'numeric'::regtype THEN 'round(o.%I, 4)' ELSE 'o.%I' END, (c.score).name),
        _clientele.workspace_nps_group_sql((c.score).name, c.is_on_scale, c.scale), c.texts, coalesce((c.replied).day, 'NULL::date'),
        _clientele.workspace_hours_sql(c.at, c.replied, c.types[1:2]), coalesce((coalesce(c.resolved, c.replied)).day, 'NULL::date'),
        _clientele.workspace_hours_sql(c.at, c.resolved, ARRAY[c.types[1], c.types[3]]), (c.at).usable, (c.at).shown, (c.at).is_empty, (c.score).name, (answers).relation)
    FROM (
        SELECT r.*, format('(o.%1$I >= %2$s AND o.%1$I <= %3$s)', (r.score).name, r.scale[1], r.scale[2]) AS is_on_scale
        FROM (
            SELECT _clientele.workspace_role_column(answers, 'score') AS score, _clientele.workspace_scale((answers).columns->>'scale') AS scale,
                _clientele.workspace_role_time_sql(workspace, answers, 'answered_at') AS at, _clientele.workspace_role_time_sql(workspace, answers, 'replied_at') AS replied,
                _clientele.workspace_role_time_sql(workspace, answers, 'resolved_at') AS resolved,
                ARRAY(SELECT (_clientele.workspace_role_column(answers, t.role)).type FROM unnest('{answered_at,replied_at,resolved_at}'::text[]) WITH ORDINALITY t(role, n) ORDER BY t.n) AS types, (
                    SELECT string_agg(format(CASE r.role WHEN 'kind' THEN 'lower(nullif(btrim(%s), '''') COLLATE "C") COLLATE "default" AS %I' WHEN 'comment' THEN '%s COLLATE "default" AS %I'
                            ELSE 'nullif(btrim(%s), '''') COLLATE "default" AS %I' END, _clientele.workspace_text_sql(_clientele.workspace_role_column(answers, r.role)), r.role), ', ')
                    FROM unnest('{touchpoint,channel,employee,comment,kind,wish,owner}'::text[]) r(role)) AS texts
            OFFSET 0) r
        OFFSET 0) c
$$;

CREATE FUNCTION _clientele.workspace_nps_group_sql(score name, is_on_scale text, scale integer[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN scale = '{0,10}'
        THEN format('CASE WHEN %2$s THEN CASE WHEN o.%1$I >= 9 THEN ''promoter'' WHEN o.%1$I >= 7 THEN ''passive'' ELSE ''detractor'' END END', score, is_on_scale)
        ELSE 'NULL::text' END
$$;

-- START, END and PURCHASE are what the journey is told by.
CREATE FUNCTION _clientele.workspace_touchpoint_rows_sql(workspace text, touchpoints _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT %1$s AS customer, %2$s AS happened_at, %3$s AS instant, %4$s AS day, %5$s AS touchpoint, %6$s AS source, %7$s AS reason,
            %1$s IS NOT NULL AND %8$s AND %9$s AS usable,
            CASE WHEN (%8$s) IS NOT TRUE THEN 'no_time' WHEN (%9$s) IS NOT TRUE THEN 'no_touchpoint' WHEN %1$s IS NULL THEN 'no_customer' END AS left_out, %11$s IS TRUE AS is_empty_time
        FROM %10$s o
        $query$, _clientele.workspace_customer_key_sql(workspace, touchpoints, 'customer'), (c.at).shown, (c.at).instant, (c.at).day,
        c.touchpoint, _clientele.workspace_filled_text_sql(_clientele.workspace_role_column(touchpoints, 'source')),
        _clientele.workspace_filled_text_sql(_clientele.workspace_role_column(touchpoints, 'reason')),
        (c.at).usable, format('%s NOT IN ('''', ''START'', ''END'', ''PURCHASE'')', c.touchpoint), (touchpoints).relation, (c.at).is_empty)
    FROM (
        SELECT _clientele.workspace_role_time_sql(workspace, touchpoints, 'happened_at') AS at,
            _clientele.workspace_text_sql(_clientele.workspace_role_column(touchpoints, 'touchpoint')) AS touchpoint
        OFFSET 0) c
$$;

CREATE FUNCTION _clientele.workspace_cost_rows_sql(workspace text, costs _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT %1$s AS day, coalesce(nullif(%2$s, ''), 'unknown') AS source, %3$s AS cost, %4$s AND %5$s AND o.%6$I >= 0 AS usable,
            CASE WHEN (%4$s) IS NOT TRUE THEN 'no_day' WHEN (%5$s AND o.%6$I >= 0) IS NOT TRUE THEN 'no_cost' END AS left_out, %8$s IS TRUE AS is_empty_time
        FROM %7$s o
        $query$, (c.at).day, _clientele.workspace_text_sql(_clientele.workspace_role_column(costs, 'source')), (c.money).kept, (c.at).usable, (c.money).usable,
        (costs).columns->>'cost', (costs).relation, (c.at).is_empty)
    FROM (
        SELECT _clientele.workspace_role_time_sql(workspace, costs, 'spent_on') AS at,
            _clientele.workspace_amount_sql(_clientele.workspace_role_column(costs, 'cost')) AS money
        OFFSET 0) c
$$;

-- The answers of a row: those of an array, or what a separator parts where several may be ticked. Answers that the table questions
-- takes one of, and texts, stay whole; a cell of which nothing is left is a question that was skipped.
CREATE FUNCTION _clientele.workspace_answers_sql(workspace text, survey _clientele.attached_relation, question text) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN (a.col).type::text LIKE '%[]'
            THEN format('LEFT JOIN LATERAL (SELECT btrim(e.answer::text) AS answer FROM unnest(o.%I) e(answer) WHERE btrim(e.answer::text) <> '''') v ON true', (a.col).name)
        WHEN (survey).columns->>'separator' <> '' THEN format($join$LEFT JOIN LATERAL (
            SELECT btrim(e.answer) AS answer
            FROM unnest(CASE WHEN EXISTS (SELECT FROM %1$I.questions q WHERE q.question = %2$s AND q.kind <> 'multiple') THEN ARRAY[%3$s] ELSE string_to_array(%3$s, %4$L) END) e(answer)
            WHERE btrim(e.answer) <> '') v ON true$join$, workspace, question, _clientele.workspace_text_sql(a.col), (survey).columns->>'separator')
        ELSE format('CROSS JOIN LATERAL (SELECT nullif(btrim(%s), '''') AS answer) v',
            CASE WHEN (a.col).type = 'numeric'::regtype THEN format('trim_scale(o.%I)::text', (a.col).name) ELSE _clientele.workspace_text_sql(a.col) END) END
    FROM (SELECT _clientele.workspace_role_column(survey, 'answer') AS col OFFSET 0) a
$$;

-- Who answers a survey may be anybody: unlike other keys, one that cannot be a customer's is no error.
CREATE FUNCTION _clientele.workspace_survey_rows_sql(workspace text, survey _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT %1$s AS respondent_key, (%2$s)::text COLLATE "default" AS respondent, %3$s AS customer, %4$s AS question, _clientele.workspace_said(v.answer) COLLATE "default" AS answer,
            %5$s AS answered_at, %6$s AS day, %1$s IS NOT NULL AND %4$s IS NOT NULL AND %7$s AS usable,
            CASE WHEN %1$s IS NULL THEN 'no_respondent' WHEN %4$s IS NULL THEN 'no_question' WHEN %5$s IS NULL OR %8$s THEN 'no_time' WHEN NOT %7$s THEN 'invalid_time' END AS left_out, %8$s IS TRUE AS is_empty_time
        FROM %9$s o
        %10$s
        $query$, c.key, CASE (c.respondent).type WHEN 'numeric'::regtype THEN format('trim_scale(%s)', c.key) ELSE c.key END,
        _clientele.workspace_customer_key_sql(workspace, survey, 'respondent', is_strict => false), c.question,
        coalesce((c.at).shown, 'make_date(1, 1, 1)'), coalesce((c.at).day, 'NULL::date'), coalesce((c.at).usable, 'true'), coalesce((c.at).is_empty, 'false'),
        (survey).relation, _clientele.workspace_answers_sql(workspace, survey, c.question))
    FROM (
        SELECT r.*, _clientele.workspace_customer_sql(r.respondent) AS key, _clientele.workspace_role_time_sql(workspace, survey, 'answered_at') AS at
        FROM (
            SELECT _clientele.workspace_role_column(survey, 'respondent') AS respondent,
                _clientele.workspace_filled_text_sql(_clientele.workspace_role_column(survey, 'question')) AS question
            OFFSET 0) r
        OFFSET 0) c
$$;

-- What nothing is attached to has no rows, but its columns: of the customer of the orders, and of the types that are most usual.
CREATE FUNCTION _clientele.workspace_no_rows_sql(workspace text, role text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('SELECT %s WHERE false', format(CASE role
        WHEN 'customers' THEN '%1$s AS customer, NULL::text AS customer_name, NULL::text AS contact, %1$s AS referrer, false AS is_described'
        WHEN 'dimensions' THEN '%1$s AS customer, NULL::text AS dimension, NULL::text AS value'
        WHEN 'answers' THEN '%1$s AS customer, NULL::timestamptz AS answered_at, NULL::timestamptz AS instant, NULL::date AS day, NULL::double precision AS score, NULL::text AS nps_group,
            NULL::text AS touchpoint, NULL::text AS channel, NULL::text AS employee, NULL::text AS comment, NULL::text AS kind, NULL::text AS wish, NULL::text AS owner,
            NULL::date AS replied_on, NULL::double precision AS reply_hours, NULL::date AS resolved_on, NULL::double precision AS resolve_hours, false AS usable, NULL::text AS left_out, false AS is_empty_time'
        WHEN 'touchpoints' THEN '%1$s AS customer, NULL::timestamptz AS happened_at, NULL::timestamptz AS instant, NULL::date AS day, NULL::text AS touchpoint, NULL::text AS source, NULL::text AS reason,
            false AS usable, NULL::text AS left_out, false AS is_empty_time'
        WHEN 'costs' THEN 'NULL::date AS day, NULL::text AS source, NULL::numeric AS cost, false AS usable, NULL::text AS left_out, false AS is_empty_time'
        WHEN 'survey' THEN '%1$s AS respondent_key, NULL::text AS respondent, %1$s AS customer, NULL::text AS question, NULL::text AS answer, NULL::timestamptz AS answered_at,
            NULL::date AS day, false AS usable, NULL::text AS left_out, false AS is_empty_time'
        WHEN 'lines' THEN '%1$s AS customer, NULL::date AS day, NULL::timestamptz AS instant, NULL::text AS order_id, NULL::text AS source, NULL::text AS product, NULL::text AS category,
            NULL::numeric AS quantity, NULL::numeric AS amount, NULL::text AS employee, false AS usable, NULL::text AS left_out'
        WHEN 'offers' THEN '%1$s AS customer, NULL::timestamptz AS offered_at, NULL::timestamptz AS instant, NULL::date AS day, NULL::text AS offer, NULL::text AS outcome, NULL::text AS unread, NULL::text AS reason,
            NULL::text AS order_id, NULL::text AS employee, false AS usable, NULL::text AS left_out, false AS is_empty_time'
        WHEN 'points' THEN '%1$s AS customer, NULL::timestamptz AS happened_at, NULL::timestamptz AS instant, NULL::date AS day, NULL::numeric AS points, NULL::text AS order_id, NULL::date AS expires_on,
            false AS usable, NULL::text AS left_out, false AS is_empty_time' END, _clientele.workspace_nobody_sql(workspace)))
$$;

CREATE FUNCTION _clientele.workspace_rows_sql(workspace text, role text, attached _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN (attached).relation IS NULL THEN _clientele.workspace_no_rows_sql(workspace, role) ELSE CASE role
        WHEN 'orders' THEN format('SELECT %s FROM %s o', _clientele.workspace_order_list_sql(attached, _clientele.workspace_applied_rules(workspace)), (attached).relation)
        WHEN 'customers' THEN _clientele.workspace_customer_rows_sql(workspace, attached)
        WHEN 'dimensions' THEN _clientele.workspace_dimension_rows_sql(workspace, attached)
        WHEN 'answers' THEN _clientele.workspace_answer_rows_sql(workspace, attached)
        WHEN 'touchpoints' THEN _clientele.workspace_touchpoint_rows_sql(workspace, attached)
        WHEN 'costs' THEN _clientele.workspace_cost_rows_sql(workspace, attached)
        WHEN 'survey' THEN _clientele.workspace_survey_rows_sql(workspace, attached)
        WHEN 'lines' THEN _clientele.workspace_line_rows_sql(workspace, attached)
        WHEN 'offers' THEN _clientele.workspace_offer_rows_sql(workspace, attached)
        WHEN 'points' THEN _clientele.workspace_point_rows_sql(workspace, attached) END END
$$;

-- Whether all views have to be made anew: they were emptied, as a column has another type than it had.
CREATE FUNCTION _clientele.workspace_make_rows(workspace text, role text, attached _clientele.attached_relation) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    adapter CONSTANT name := _clientele.workspace_adapter(role);
    definition CONSTANT text := format('VIEW %I.%I AS %s', workspace, adapter, _clientele.workspace_rows_sql(workspace, role, attached));
    was_emptied boolean := false;
BEGIN
    PERFORM _clientele.workspace_check_known(workspace, (attached).relation);
    BEGIN
        EXECUTE 'CREATE OR REPLACE ' || definition;
    EXCEPTION WHEN invalid_table_definition THEN
        BEGIN
            EXECUTE format('DROP VIEW %I.%I', workspace, adapter);
        EXCEPTION WHEN dependent_objects_still_exist THEN
            PERFORM _clientele.workspace_empty_views(workspace);
            EXECUTE format('DROP VIEW %I.%I', workspace, adapter);
            was_emptied := true;
        END;
        EXECUTE 'CREATE ' || definition;
    END;
    EXECUTE format('COMMENT ON VIEW %I.%I IS %L', workspace, adapter, CASE role
        WHEN 'customers' THEN 'The attached customers, row by row, those that are none of the orders'' too: the other views stand on this'
        WHEN 'dimensions' THEN 'What the columns of the attached customers divide them by, a row for each column'
        ELSE format('What is attached as %s, row by row as it comes, those that do not count with the reason: the other views stand on this', role) END);
    IF role = 'customers' THEN -- whose columns are rows of their own as well
        was_emptied := _clientele.workspace_make_rows(workspace, 'dimensions', attached) OR was_emptied;
    END IF;
    RETURN was_emptied;
END
$$;
