-- What is answered was asked: a full join finds no more, and is never a loop over all of them for each.
-- An entry answers what it shares half of the words with that tell something. Words of more than a tenth of the entries tell
-- little: without them there are few entries to a word. Everything is hashed and grouped, never looked up in a loop.
-- belongs to: answers
CREATE VIEW workspace.open_questions AS
WITH asked AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY q.words COLLATE "C") AS number, q.times_asked, q.customers, q.customer, q.day, q.comment
    FROM (
        SELECT a.words, count(*) AS times_asked, count(DISTINCT a.customer) AS customers, max(a.day) AS day,
            (array_agg(a.customer) FILTER (WHERE a.place = 1))[1] AS customer, max(a.comment) FILTER (WHERE a.place = 1) AS comment
        FROM (
            SELECT r.*, row_number() OVER (PARTITION BY r.words ORDER BY r.at DESC, r.comment COLLATE "C", r.customer) AS place
            FROM (
                SELECT o.customer, o.answered_at AS at, o.day, o.comment, lower(regexp_replace(btrim(o.comment), '[[:space:]]+', ' ', 'g')) AS words
                FROM workspace.answer_rows o
                WHERE o.kind = 'question' AND o.day < (SELECT d.as_of FROM workspace.reporting_date d)) r
            WHERE r.words <> '') a
        GROUP BY a.words) q
), word AS MATERIALIZED (
    SELECT e.language, e.word, count(*) > min(e.most) AS common, CASE WHEN count(*) <= min(e.most) THEN array_agg(e.id) END AS entries
    FROM (
        SELECT k.language, k.id, greatest(2, count(*) OVER (PARTITION BY k.language) / 10) AS most,
            unnest(tsvector_to_array(_clientele.workspace_entry_words(coalesce(_clientele.workspace_text_search(k.language), 'simple'::regconfig), k.question, k.keywords, k.answer))) AS word
        FROM workspace.knowledge_base k) e
    GROUP BY e.language, e.word
), matched AS MATERIALIZED (
    SELECT a.number, a.language, coalesce(w.common, false) AS common, w.entries
    FROM (
        SELECT q.number, l.language, unnest(tsvector_to_array(to_tsvector(l.configuration, left(q.comment, 10000)))) AS word
        FROM asked q
        CROSS JOIN (
            SELECT DISTINCT k.language, coalesce(_clientele.workspace_text_search(k.language), 'simple'::regconfig) AS configuration
            FROM workspace.knowledge_base k) l) a
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
SELECT row_number() OVER (ORDER BY a.times_asked DESC, a.day DESC, a.number) AS "position", a.customer, a.day, a.comment,
    a.times_asked, a.customers
FROM asked a
FULL JOIN answered d ON d.number = a.number
WHERE coalesce(d.number, 0) = 0;
COMMENT ON VIEW workspace.open_questions IS 'Questions of customers that no entry of the knowledge base answers, since none has half of their words. Each once, the most frequent first';
COMMENT ON COLUMN workspace.open_questions."position" IS 'Order in which to answer them';
COMMENT ON COLUMN workspace.open_questions.customer IS 'Who asked it last; empty where nobody knows';
COMMENT ON COLUMN workspace.open_questions.day IS 'Day when it was last asked';
COMMENT ON COLUMN workspace.open_questions.comment IS 'The question as it was last put';
COMMENT ON COLUMN workspace.open_questions.times_asked IS 'How often it was asked in these words, whatever their case and the spaces between them';
COMMENT ON COLUMN workspace.open_questions.customers IS 'Number of customers who asked it';
