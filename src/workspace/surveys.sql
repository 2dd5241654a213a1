-- workspace: what was answered to the questions of surveys, on the two bases: those who answered, and their answers

CREATE FUNCTION workspace_create_survey_views(workspace name, orders_customer order_column) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'survey', orders_customer);
    rows_sql CONSTANT text := @extschema@.workspace_survey_rows_sql(workspace, attached.relation, attached.columns, orders_customer);
BEGIN
    PERFORM @extschema@.workspace_create_survey_answers(workspace, rows_sql);
    PERFORM @extschema@.workspace_create_survey_quality(workspace, rows_sql);
    PERFORM @extschema@.workspace_create_survey_tallies(workspace);
    PERFORM @extschema@.workspace_create_survey_by_dimension(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_survey_views(name, order_column) IS
'Internal to attach_survey(): Makes the views that read the answers to questionnaires.
Errors: as workspace_attached_relation().';

-- Who answers a survey may be anybody: unlike other keys, one that cannot be a customer's is no error.
CREATE FUNCTION workspace_respondent_key_sql(workspace name, orders_customer order_column, respondent order_column) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(
        @extschema@.workspace_customer_key_sql(orders_customer,
            CASE WHEN a.atttypid = 'text'::regtype THEN quote_ident(n.nspname) || '.' || quote_ident(c.collname) END, respondent),
        format('NULL::%s', a.atttypid::regtype))
    FROM pg_attribute a
    LEFT JOIN pg_collation c ON c.oid = a.attcollation
    LEFT JOIN pg_namespace n ON n.oid = c.collnamespace
    WHERE a.attrelid = to_regclass(format('%I.customer_history', workspace)) AND a.attname = 'customer'
$$;
COMMENT ON FUNCTION workspace_respondent_key_sql(name, order_column, order_column) IS
'Internal to attach_survey(): The SQL expression of the respondent of a row o of answers as a customer of the orders, of NULL where it cannot be one.';

CREATE FUNCTION workspace_survey_rows_sql(workspace name, answers regclass, columns jsonb, orders_customer order_column) RETURNS text
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    respondent CONSTANT @extschema@.order_column := @extschema@.workspace_given_column(answers, 'respondent', columns->>'respondent');
    answered_at @extschema@.order_column;
    respondent_sql CONSTANT text := @extschema@.workspace_customer_sql(respondent);
BEGIN
    IF columns->>'answered_at' <> '' THEN
        answered_at := @extschema@.workspace_given_column(answers, 'answered_at', columns->>'answered_at');
    END IF;
    -- Texts of one collation, whatever the columns': a view's column keeps its own.
    RETURN format($query$
        SELECT %2$s AS respondent_key, (%3$s)::text COLLATE "default" AS respondent, %4$s AS customer,
            nullif(btrim(o.%5$I::text), '') COLLATE "default" AS question, nullif(btrim(o.%6$I::text), '') COLLATE "default" AS answer,
            %7$s AS at, CASE WHEN %8$s THEN %9$s END AS day, %8$s AS usable, (SELECT r.as_of FROM %1$I.reporting_date r) AS as_of
        FROM %10$s o
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        $query$, workspace, respondent_sql,
        CASE WHEN respondent.type = 'numeric'::regtype THEN format('trim_scale(%s)', respondent_sql) ELSE respondent_sql END,
        @extschema@.workspace_respondent_key_sql(workspace, orders_customer, respondent), columns->>'question', columns->>'answer',
        CASE WHEN answered_at.name IS NULL THEN 'date ''0001-01-01''' ELSE format('o.%I', answered_at.name) END, coalesce(@extschema@.workspace_usable_time_sql(answered_at), 'true'),
        coalesce(@extschema@.workspace_day_sql(answered_at), 'NULL::date'), answers);
END
$$;
COMMENT ON FUNCTION workspace_survey_rows_sql(name, regclass, jsonb, order_column) IS
'Internal to attach_survey(): The query for the rows of the answers as they are: day is empty where no time is attached.';

CREATE FUNCTION workspace_create_survey_answers(workspace name, rows_sql text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- One sort: of each respondent and question the last day first, in it the answers before the skipped, those to a
    -- single choice by time and all others so that the same stand together.
    PERFORM @extschema@.workspace_create_view(workspace, 'survey_answers', format($view$
        SELECT a.respondent, a.customer, q.questionnaire, a.question, coalesce(q.question_text, a.question) AS question_text, a.answer, a.day, a.answer_number
        FROM (
            SELECT r.respondent, r.customer, r.question, r.answer, r.day, k.kind = 'single' AS one_choice,
                row_number() OVER last_first AS answer_number, first_value(r.day) OVER last_first AS last_day,
                lag(r.answer) OVER last_first AS answer_before
            FROM (%2$s) r
            LEFT JOIN %1$I.questions k ON k.question = r.question
            WHERE r.respondent IS NOT NULL AND r.question IS NOT NULL AND r.usable AND coalesce(r.day < r.as_of, true)
            WINDOW last_first AS (PARTITION BY r.respondent_key, r.question COLLATE "C" ORDER BY r.day DESC, r.answer IS NULL,
                CASE WHEN k.kind = 'single' THEN r.at END DESC, r.answer COLLATE "C")) a
        LEFT JOIN %1$I.questions q ON q.question = a.question
        WHERE a.answer_number = 1
            OR a.one_choice IS NOT TRUE AND a.answer <> a.answer_before AND a.day IS NOT DISTINCT FROM a.last_day
        $view$, workspace, rows_sql),
        'The answers to questionnaires that count: of each respondent and question those of the last day, of a single choice the last one',
        ARRAY[['respondent', 'Who answered, as text'],
              ['customer', 'The same as a customer of the orders; empty where the key cannot be one'],
              ['questionnaire', 'The questionnaire; empty for a question that is not in the table questions'],
              ['question', 'The question'],
              ['question_text', 'How it is asked'],
              ['answer', 'The answer without spaces around it; empty where the question was skipped'],
              ['day', 'Day of the answer; empty where no time is attached'],
              ['answer_number', '1 for the first of the respondent''s answers to the question, a higher one for others: count those with 1 to count respondents']]);
END
$$;
COMMENT ON FUNCTION workspace_create_survey_answers(name, text) IS
'Internal to attach_survey(): Makes the view survey_answers of a workspace.';

CREATE FUNCTION workspace_create_survey_quality(workspace name, rows_sql text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'survey_quality', format($view$
        SELECT v."position", v.reason, v.description, v.answer_rows,
            100 * v.answer_rows::double precision / nullif(c.all_rows, 0)::double precision AS pct_of_rows
        FROM (
            SELECT count(*) AS all_rows, count(*) FILTER (WHERE r.respondent IS NULL) AS no_respondent,
                count(*) FILTER (WHERE r.respondent IS NOT NULL AND r.question IS NULL) AS no_question,
                count(*) FILTER (WHERE r.respondent IS NOT NULL AND r.question IS NOT NULL AND r.at IS NULL) AS no_time,
                count(*) FILTER (WHERE r.respondent IS NOT NULL AND r.question IS NOT NULL AND NOT r.usable) AS invalid_time,
                count(*) FILTER (WHERE r.respondent IS NOT NULL AND r.question IS NOT NULL AND r.usable AND r.day >= r.as_of) AS future
            FROM (%2$s) r) c
        CROSS JOIN (SELECT count(*) AS used FROM %1$I.survey_answers) u
        CROSS JOIN LATERAL (VALUES
            (1, 'used', 'Counted in the views', u.used),
            (2, 'no_respondent', 'Without a respondent: nobody knows who answered', c.no_respondent),
            (3, 'no_question', 'Without a question', c.no_question),
            (4, 'no_time', 'Without a time', c.no_time),
            (5, 'invalid_time', 'With an infinite time, or one outside the years 1 to 9999', c.invalid_time),
            (6, 'future', 'On or after the reporting date: not counted yet', c.future),
            (7, 'replaced', 'Said twice, or replaced by what the same respondent answered later',
                c.all_rows - c.no_respondent - c.no_question - c.no_time - c.invalid_time - c.future - u.used)
        ) v("position", reason, description, answer_rows)
        $view$, workspace, rows_sql),
        'The rows of the answers to questionnaires by what became of them: each row is under exactly one reason',
        ARRAY[['position', 'Order in which to show the reasons'],
              ['reason', 'used, or why the rows are left out of the other views'],
              ['description', 'The reason in words'],
              ['answer_rows', 'Number of rows'],
              ['pct_of_rows', 'Share of all rows, 0 to 100']]);
END
$$;
COMMENT ON FUNCTION workspace_create_survey_quality(name, text) IS
'Internal to attach_survey(): Makes the view survey_quality of a workspace.';

CREATE FUNCTION workspace_asked_questions_sql(workspace name, tallied text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- What has more different answers than anybody would tick is text.
    SELECT format($query$
        SELECT coalesce(t.question, q.question) AS question, q.questionnaire, q."position" AS question_position,
            coalesce(q.question_text, t.question) AS question_text,
            coalesce(q.kind, CASE WHEN t.choices > 50 THEN 'free' WHEN t.base_answers > t.base_respondents THEN 'multiple' ELSE 'single' END) AS kind,
            t.question IS NOT NULL AS asked, coalesce(t.base_respondents, 0) AS base_respondents,
            coalesce(t.base_answers, 0) AS base_answers, coalesce(t.skipped, 0) AS skipped
        FROM (
            SELECT x.question, count(x.answer) AS choices, coalesce(sum(x.first_answers) FILTER (WHERE x.answer IS NOT NULL), 0)::bigint AS base_respondents,
                coalesce(sum(x.answers) FILTER (WHERE x.answer IS NOT NULL), 0)::bigint AS base_answers,
                coalesce(sum(x.answers) FILTER (WHERE x.answer IS NULL), 0)::bigint AS skipped
            FROM %2$s x GROUP BY x.question) t
        FULL JOIN %1$I.questions q ON q.question = t.question
        $query$, workspace, tallied)
$$;
COMMENT ON FUNCTION workspace_asked_questions_sql(name, text) IS
'Internal to attach_survey(): The query for the questions of the table and of the answers, with their bases.
Arguments: workspace; tallied: a relation of question, answer, answers and first_answers.';

CREATE FUNCTION workspace_choices_sql(workspace name, tallied text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT c.question, c.answer, c.answers,
            row_number() OVER (PARTITION BY c.question ORDER BY c.option_position, c.answers DESC, c.answer COLLATE "C") AS answer_position
        FROM (
            SELECT coalesce(t.question, p.question) AS question, coalesce(t.answer, p.answer) AS answer, coalesce(t.answers, 0) AS answers, p.option_position
            FROM (SELECT x.question, x.answer, x.answers FROM %2$s x WHERE x.answer IS NOT NULL) t
            FULL JOIN (
                SELECT q.question, btrim(u.answer) AS answer, min(u."position") AS option_position
                FROM %1$I.questions q CROSS JOIN LATERAL unnest(q.options) WITH ORDINALITY u(answer, "position")
                GROUP BY q.question, btrim(u.answer)) p ON p.question = t.question AND p.answer = t.answer) c
        $query$, workspace, tallied)
$$;
COMMENT ON FUNCTION workspace_choices_sql(name, text) IS
'Internal to attach_survey(): The query for the answers that were given, and the options that could have been.
Arguments: as of workspace_asked_questions_sql().';

CREATE FUNCTION workspace_create_survey_tallies(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- The answers are read once.
    PERFORM @extschema@.workspace_create_view(workspace, 'survey_tallies', format($view$
        WITH answer AS MATERIALIZED (
            SELECT a.question, a.answer, a.questionnaire, a.respondent, a.answer_number FROM %1$I.survey_answers a
        ), tallied AS (
            SELECT a.question, a.answer, count(*) AS answers, count(*) FILTER (WHERE a.answer_number = 1) AS first_answers
            FROM answer a GROUP BY a.question, a.answer
        ), everybody AS (
            SELECT x.questionnaire, count(*) AS respondents
            FROM (SELECT DISTINCT a.questionnaire, a.respondent FROM answer a WHERE a.answer_number = 1 AND a.questionnaire IS NOT NULL) x
            GROUP BY x.questionnaire
        ),
        asked AS (
            SELECT q.*, r.respondents AS questionnaire_respondents
            FROM (%2$s) q
            LEFT JOIN everybody r ON r.questionnaire = q.questionnaire
            WHERE q.asked OR r.respondents > 0
        )
        SELECT q.questionnaire, q.question_position, q.question, q.question_text, q.kind, c.answer_position, c.answer,
            CASE WHEN q.kind = 'free' THEN q.base_answers ELSE coalesce(c.answers, 0) END AS answers, n.respondents,
            q.base_respondents, q.base_answers,
            100 * i.estimate AS pct_of_respondents, 100 * i.lower AS pct_lower, 100 * i.upper AS pct_upper,
            100 * c.answers::double precision / nullif(q.base_answers, 0)::double precision AS pct_of_answers,
            q.skipped, q.questionnaire_respondents - q.base_respondents - q.skipped AS not_asked, q.base_respondents >= s.enough AS enough
        FROM asked q
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN (%3$s) c ON c.question = q.question AND q.kind <> 'free'
        CROSS JOIN LATERAL (SELECT CASE WHEN q.kind = 'free' THEN q.base_respondents ELSE coalesce(c.answers, 0) END AS respondents) n
        CROSS JOIN LATERAL %4$s.wilson_interval(CASE WHEN q.kind <> 'free' THEN n.respondents END, q.base_respondents) i
        $view$, workspace, @extschema@.workspace_asked_questions_sql(workspace, 'tallied'),
            @extschema@.workspace_choices_sql(workspace, 'tallied'), '@extschema@'),
        'How often each answer was given: shares of those who answered the question, and of all answers to it. Free text is not split: one row per question',
        @extschema@.workspace_tally_comments() || ARRAY[
            ['answers', 'Number of answers'],
            ['base_answers', 'Number of all answers to the question, more than respondents where several can be given'],
            ['pct_of_answers', 'Share of all answers to the question, 0 to 100; they add up to 100'],
            ['skipped', 'Number of respondents who were asked the question and gave no answer'],
            ['not_asked', 'Number of respondents of the questionnaire without a row for the question; empty where the question is of none']]);
END
$$;
COMMENT ON FUNCTION workspace_create_survey_tallies(name) IS
'Internal to attach_survey(): Makes the view survey_tallies of a workspace.';

CREATE FUNCTION workspace_tally_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['questionnaire', 'The questionnaire; empty for a question that is not in the table questions'],
        ['question_position', 'Place of the question there'],
        ['question', 'The question'],
        ['question_text', 'How it is asked'],
        ['kind', 'single, multiple or free, from the table questions; for others by the data: free with more than fifty different answers, multiple where somebody gave several'],
        ['answer_position', 'Order in which to show the answers: as the options are, then the most frequent first'],
        ['answer', 'The answer; empty for free text, and where nobody answered'],
        ['respondents', 'Number of respondents who gave it; for free text, who wrote something'],
        ['base_respondents', 'Number of those who answered the question'],
        ['pct_of_respondents', 'Share of those who answered, 0 to 100; where several answers can be given, more than 100 in all'],
        ['pct_lower', 'Lower bound of its 95 % interval (Wilson)'],
        ['pct_upper', 'Upper bound'],
        ['enough', 'Whether there are enough respondents to go by']]
$$;
COMMENT ON FUNCTION workspace_tally_comments() IS
'Internal to attach_survey(): The comments on the columns that survey_tallies and survey_by_dimension share.';
