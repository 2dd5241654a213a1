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
VALUES
    ('recommend', 'loyalty', 1, 'How likely are you to recommend us to friends or colleagues, from 0 to 10?', 'single', '{0,1,2,3,4,5,6,7,8,9,10}'::text[]),
    ('make_it_a_10', 'loyalty', 2, 'What would make it a 10?', 'free', NULL),
    ('buy_again', 'loyalty', 3, 'Will you buy from us again?', 'single', '{yes,perhaps,no}'),
    ('polite', 'staff', 1, 'Are we polite to every customer, at every hour?', 'single', '{yes,no}'),
    ('offers_extras', 'staff', 2, 'Do we offer what goes with a purchase?', 'single', '{yes,no}'),
    ('tells_of_programme', 'staff', 3, 'Do we tell every customer of the loyalty programme?', 'single', '{yes,no}'),
    ('knows_wishes', 'staff', 4, 'Do we know what our regular customers want?', 'single', '{yes,no}'),
    ('asks_for_feedback', 'staff', 5, 'Do we ask customers what they think of us?', 'single', '{yes,no}');
COMMENT ON TABLE workspace.questions IS 'The questions of surveys: yours to edit. Answers to questions that are not here count too, by what they look like';
COMMENT ON COLUMN workspace.questions.question IS 'Its name in the attached answers';
COMMENT ON COLUMN workspace.questions.questionnaire IS 'The questionnaire it belongs to';
COMMENT ON COLUMN workspace.questions."position" IS 'Its place there';
COMMENT ON COLUMN workspace.questions.kind IS 'single (one answer), multiple (several), or free (a text)';
COMMENT ON COLUMN workspace.questions.options IS 'The answers to choose from, in the order in which to show them; those nobody chose are shown too';
