-- One sort: of each respondent and question the last day first, in it the answers before the skipped, those to a
-- single choice by time and all others so that the same stand together.
-- stored by: respondent, question, answer_number
-- belongs to: survey
CREATE VIEW workspace.survey_answers AS
SELECT a.respondent, a.customer, q.questionnaire, a.question, coalesce(q.question_text, a.question) AS question_text, a.answer, a.day, a.answer_number
FROM (
    SELECT r.respondent, r.customer, r.question, r.answer, r.day, k.kind = 'single' AS one_choice,
        row_number() OVER last_first AS answer_number, first_value(r.day) OVER last_first AS last_day,
        lag(r.answer) OVER last_first AS answer_before
    FROM workspace.survey_rows r
    LEFT JOIN workspace.questions k ON k.question = r.question
    WHERE r.usable AND coalesce(r.day < (SELECT d.as_of FROM workspace.reporting_date d), true)
    WINDOW last_first AS (PARTITION BY r.respondent_key, r.question COLLATE "C" ORDER BY r.day DESC, r.answer IS NULL,
        CASE WHEN k.kind = 'single' THEN r.answered_at END DESC, r.answer COLLATE "C")) a
LEFT JOIN workspace.questions q ON q.question = a.question
WHERE a.answer_number = 1
    OR a.one_choice IS NOT TRUE AND a.answer <> a.answer_before AND a.day IS NOT DISTINCT FROM a.last_day;
COMMENT ON VIEW workspace.survey_answers IS 'The answers to questionnaires that count: of each respondent and question those of the last day, of a single choice the last one';
COMMENT ON COLUMN workspace.survey_answers.respondent IS 'Who answered, as text';
COMMENT ON COLUMN workspace.survey_answers.customer IS 'The same as a customer of the orders; empty where the key cannot be one';
COMMENT ON COLUMN workspace.survey_answers.answer IS 'The answer without spaces around it; empty where the question was skipped';
COMMENT ON COLUMN workspace.survey_answers.day IS 'Day of the answer; empty where no time is attached';
COMMENT ON COLUMN workspace.survey_answers.answer_number IS '1 for the first of the respondent''s answers to the question, a higher one for others: count those with 1 to count respondents';
