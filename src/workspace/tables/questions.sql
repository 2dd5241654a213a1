CREATE TABLE workspace.questions (
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
);
-- The first two are those of Reichheld, The Ultimate Question (2006).
INSERT INTO workspace.questions (question, questionnaire, "position", question_text, kind, options)
SELECT q.question, q.questionnaire, q."position", w.words->>('question.' || q.question), q.kind,
    coalesce(w.words->>('question.' || q.question || '.options'), q.scale)::text[]
FROM (
    VALUES
        ('recommend', 'loyalty', 1, 'single', '{0,1,2,3,4,5,6,7,8,9,10}'),
        ('make_it_a_10', 'loyalty', 2, 'free', NULL),
        ('buy_again', 'loyalty', 3, 'single', NULL),
        ('polite', 'staff', 1, 'single', NULL),
        ('offers_extras', 'staff', 2, 'single', NULL),
        ('tells_of_programme', 'staff', 3, 'single', NULL),
        ('knows_wishes', 'staff', 4, 'single', NULL),
        ('asks_for_feedback', 'staff', 5, 'single', NULL)
) q(question, questionnaire, "position", kind, scale)
CROSS JOIN (SELECT _clientele.workspace_words(s.language) AS words FROM workspace.settings s LIMIT 1) w;
UPDATE workspace.questions q SET question_text = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key = 'question.' || q.question AND t.said = q.question_text AND t.words <> q.question_text;
-- Who answered chose from the options as they are.
UPDATE workspace.questions q SET options = t.words::text[]
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key = 'question.' || q.question || '.options' AND t.said = q.options::text AND t.words <> t.said
    AND NOT EXISTS (
        SELECT FROM _clientele.workspace_values_used($1, 'question'::name, '{survey_rows}'::name[]) u(question) WHERE u.question = q.question);
COMMENT ON TABLE workspace.questions IS 'The questions of surveys: yours to edit. Answers to questions that are not here count too, by what they look like';
COMMENT ON COLUMN workspace.questions.question IS 'Its name in the attached answers';
COMMENT ON COLUMN workspace.questions.questionnaire IS 'The questionnaire it belongs to';
COMMENT ON COLUMN workspace.questions."position" IS 'Its place there';
COMMENT ON COLUMN workspace.questions.kind IS 'single (one answer), multiple (several), or free (a text)';
COMMENT ON COLUMN workspace.questions.options IS 'The answers to choose from, in the order in which to show them; those nobody chose are shown too';
