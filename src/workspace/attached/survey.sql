-- workspace: attaching the answers to questionnaires

CREATE FUNCTION attach_survey(
    answers regclass,
    respondent text DEFAULT NULL,
    question text DEFAULT NULL,
    answer text DEFAULT NULL,
    answered_at text DEFAULT NULL,
    workspace text DEFAULT 'loyalty',
    separator text DEFAULT NULL,
    stored_in text DEFAULT NULL)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
    SELECT f.*
    FROM _clientele.workspace_attach_other(workspace, 'survey', answers, jsonb_build_object(
        'respondent', respondent, 'question', question, 'answer', answer, 'answered_at', answered_at, 'separator', separator, 'stored_in', stored_in)) f
$$;
COMMENT ON FUNCTION attach_survey(regclass, text, text, text, text, text, text, text) IS
'Attaches the answers to questionnaires to a workspace, and makes survey_tallies, survey_by_dimension, survey_answers and survey_quality. Can be run again.
Arguments: answers: a table, partitioned or foreign table, view or materialized view with one row per respondent, question and answer: several rows where several answers are ticked, an empty answer where a question was skipped, no row where it was not asked; respondent, question, answer: names of its columns as stored, where left out those of the last time, else found by their usual names; answered_at: name of the column of the time, likewise, none where empty (''''); workspace: name of the schema; separator: what stands between several answers in one cell, such as '', '', where left out that of the last time, none where empty: it parts the answers to questions that take several, by the table questions, and to those that are not there; the answers of an array are told apart without; stored_in: the time zone whose clock a column of timestamps without a zone shows, a full IANA name or UTC, where left out that of the last time; it has to be told where the days of the workspace are not those of UTC, unless the clock only ever shows midnight. Numbers that are equal are one answer, 5.0 is 5. Texts and kinds of the questions are in the table questions of the workspace.
Result: rows of topic, finding and advice: what was found and chosen, and which rows are left out and why.
Errors: 22004 for NULL, 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 55000 where what is stored is distributed and other nodes do not know of it, 42501 without SELECT on the columns or for a workspace of somebody else, 42P16 where a column would change its type, 22023 for a time zone that is none, and for a clock without stored_in.';

CREATE FUNCTION detach_survey(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM _clientele.workspace_detach(workspace, 'survey');
END
$$;
COMMENT ON FUNCTION detach_survey(text) IS
'Takes the answers to questionnaires from a workspace, with the views that read them. The answers and the table questions stay as they are.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 2BP01 if something else stands on the views.';
