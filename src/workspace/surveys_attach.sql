-- workspace: the questions of surveys, and attaching the answers to them

CREATE FUNCTION workspace_create_questions(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.questions', workspace)) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %I.questions (
                question text PRIMARY KEY
                    CONSTRAINT "question has a name" CHECK (question <> '' AND question = btrim(question)),
                questionnaire text NOT NULL
                    CONSTRAINT "questionnaire has a name" CHECK (btrim(questionnaire) <> ''),
                "position" integer NOT NULL DEFAULT 1,
                question_text text NOT NULL,
                kind text NOT NULL DEFAULT 'single'
                    CONSTRAINT "kind is single, multiple or free" CHECK (kind IN ('single', 'multiple', 'free')),
                options text[],
                CONSTRAINT "options are named, and not for free text" CHECK (
                    options IS NULL
                    OR kind <> 'free' AND array_position(options, NULL) IS NULL AND array_position(options, '') IS NULL)
            )$ddl$, workspace);
        EXECUTE format('INSERT INTO %I.questions SELECT q.* FROM %s.workspace_default_questions() q', workspace, '@extschema@');
    END IF;
    PERFORM @extschema@.workspace_describe_relation(workspace, 'questions',
        'The questions of surveys: yours to edit. Answers to questions that are not here count too, by what they look like',
        ARRAY[['question', 'Its name in the attached answers'],
              ['questionnaire', 'The questionnaire it belongs to'],
              ['position', 'Its place there'],
              ['question_text', 'How it is asked'],
              ['kind', 'single (one answer), multiple (several), or free (a text)'],
              ['options', 'The answers to choose from, in the order in which to show them; those nobody chose are shown too']]);
END
$$;
COMMENT ON FUNCTION workspace_create_questions(name) IS
'Internal to attach_orders(): Makes the table questions of a workspace and fills in two questionnaires, or keeps the one that is there.';

CREATE FUNCTION workspace_default_questions() RETURNS TABLE (
    question text, questionnaire text, "position" integer, question_text text, kind text, options text[])
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
        ('recommend', 'loyalty', 1, 'How likely are you to recommend us to friends or colleagues, from 0 to 10?', 'single', '{0,1,2,3,4,5,6,7,8,9,10}'::text[]),
        ('make_it_a_10', 'loyalty', 2, 'What would make it a 10?', 'free', NULL),
        ('buy_again', 'loyalty', 3, 'Will you buy from us again?', 'single', '{yes,perhaps,no}'),
        ('polite', 'staff', 1, 'Are we polite to every customer, at every hour?', 'single', '{yes,no}'),
        ('offers_extras', 'staff', 2, 'Do we offer what goes with a purchase?', 'single', '{yes,no}'),
        ('tells_of_programme', 'staff', 3, 'Do we tell every customer of the loyalty programme?', 'single', '{yes,no}'),
        ('knows_wishes', 'staff', 4, 'Do we know what our regular customers want?', 'single', '{yes,no}'),
        ('asks_for_feedback', 'staff', 5, 'Do we ask customers what they think of us?', 'single', '{yes,no}')
$$;
COMMENT ON FUNCTION workspace_default_questions() IS
'Internal to attach_orders(): The questionnaires that a workspace begins with: the three questions of loyalty, and one on the staff to be answered in the house.
Source: the first two questions are those of Reichheld, The Ultimate Question (2006).';

CREATE FUNCTION attach_survey(
    answers regclass,
    respondent text DEFAULT NULL,
    question text DEFAULT NULL,
    answer text DEFAULT NULL,
    answered_at text DEFAULT NULL,
    workspace text DEFAULT 'loyalty')
RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    IF answers IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'answers and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of answers: attach_survey(''sales.survey_answers'').';
    END IF;
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_attach_relation(workspace, 'survey', answers, jsonb_build_object(
        'respondent', respondent, 'question', question, 'answer', answer, 'answered_at', answered_at)) f;
    IF to_regclass(format('%I.survey_quality', workspace)) IS NOT NULL THEN
        RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_survey(workspace) f;
    END IF;
END
$$;
COMMENT ON FUNCTION attach_survey(regclass, text, text, text, text, text) IS
'Attaches the answers to questionnaires to a workspace, and makes survey_tallies, survey_by_dimension, survey_answers and survey_quality. Can be run again.
Arguments: answers: a table, partitioned or foreign table, view or materialized view with one row per respondent, question and answer: several rows where several answers are ticked, an empty answer where a question was skipped, no row where it was not asked; respondent, question, answer: names of its columns as stored, where left out those of the last time, else found by their usual names; answered_at: name of the column of the time, likewise, none where empty (''''); workspace: name of the schema. Texts and kinds of the questions are in the table questions of the workspace.
Result: rows of topic, finding and advice: what was found and chosen, and which rows are left out and why.
Errors: 22004 for NULL, 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 42501 without SELECT on the columns or for a workspace of somebody else, 42P16 where a column would change its type.';

CREATE FUNCTION detach_survey(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE sql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
    SELECT @extschema@.workspace_detach_relation(workspace, 'survey', '{survey_by_dimension,survey_tallies,survey_quality,survey_answers}')
$$;
COMMENT ON FUNCTION detach_survey(text) IS
'Takes the answers to questionnaires from a workspace, with the views that read them. The answers and the table questions stay as they are.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 2BP01 if something else stands on the views.';

CREATE FUNCTION workspace_diagnose_survey(workspace name) RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found record;
BEGIN
    FOR found IN EXECUTE format('SELECT q.*, sum(q.answer_rows) OVER ()::bigint AS all_rows FROM %I.survey_quality q ORDER BY q."position"', workspace) LOOP
        CONTINUE WHEN found.answer_rows = 0 AND found.reason <> 'used';
        IF found.all_rows = 0 THEN
            RETURN QUERY VALUES ('answers', 'none yet', 'The views are empty until there are answers');
            RETURN;
        END IF;
        RETURN QUERY VALUES (replace(found.reason, '_', ' '), 'rows: ' || @extschema@.workspace_row_share(found.answer_rows, found.all_rows), found.description);
    END LOOP;
    EXECUTE format($query$
        SELECT count(a.respondent) AS respondents, count(a.respondent) FILTER (WHERE c.customer IS NOT NULL) AS known
        FROM (SELECT s.respondent, s.customer FROM %1$I.survey_answers s GROUP BY s.respondent, s.customer) a
        FULL JOIN %1$I.customer_figures c ON c.customer = a.customer
        $query$, workspace) INTO found;
    RETURN QUERY SELECT 'respondents', 'customers with orders: ' || @extschema@.workspace_row_share(found.known, found.respondents),
        CASE WHEN found.known < found.respondents
            THEN 'The others are unknown in survey_by_dimension; if they are customers, attach a view with their key in the type of the orders''' END
    WHERE found.respondents > 0;
    RETURN QUERY EXECUTE format($query$
        SELECT 'questions', 'not in the table questions: ' || string_agg(DISTINCT quote_ident(left(t.question, 60)), ', '),
            format('To give them a text, an order and options: INSERT INTO %%I.questions', %2$L)
        FROM %1$I.survey_tallies t WHERE t.questionnaire IS NULL
        HAVING count(*) > 0
        $query$, workspace, workspace);
END
$$;
COMMENT ON FUNCTION workspace_diagnose_survey(name) IS
'Internal to attach_survey(): The findings about the rows: what is left out and why, who answered, and which questions are new.';
