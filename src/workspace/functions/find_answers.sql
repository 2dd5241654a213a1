-- Words are found by the index where they were read by the configuration that has the language's name now. Where that was renamed,
-- dropped, or restored under another number, they are worked out. OFFSET 0 keeps that from being done twice.
CREATE FUNCTION workspace.find_answers(query text, at_most integer DEFAULT 5) RETURNS SETOF clientele.found_answer
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT f.id, f.question, f.answer, ts_rank(f.words, w.some_words)::double precision, f.words @@ w.all_words
    FROM (
        SELECT l.language, q.configuration, q.all_words, coalesce(_clientele.workspace_some_words(q.all_words), q.all_words) AS some_words
        FROM (
            SELECT b.language, coalesce(_clientele.workspace_text_search(b.language), 'simple'::regconfig) AS configuration
            FROM (SELECT DISTINCT k.language FROM workspace.knowledge_base k) b) l
        CROSS JOIN LATERAL (SELECT l.configuration, websearch_to_tsquery(l.configuration, find_answers.query) AS all_words OFFSET 0) q
        OFFSET 0) w
    CROSS JOIN LATERAL (
        SELECT k.id, k.question, k.answer, k.words
        FROM workspace.knowledge_base k
        WHERE k.language = w.language AND k.words_by = w.configuration::oid AND k.words @@ w.some_words
        UNION ALL
        SELECT r.id, r.question, r.answer, r.words
        FROM (
            SELECT k.id, k.question, k.answer, _clientele.workspace_entry_words(w.configuration, k.question, k.keywords, k.answer) AS words
            FROM workspace.knowledge_base k
            WHERE k.language = w.language AND k.words_by IS DISTINCT FROM w.configuration::oid
            OFFSET 0) r
        WHERE r.words @@ w.some_words
        OFFSET 0) f
    ORDER BY 5 DESC, 4 DESC, 1
    LIMIT CASE WHEN find_answers.at_most < 0 THEN 0 ELSE find_answers.at_most END;
END;
COMMENT ON FUNCTION workspace.find_answers(text, integer) IS
'Entries of the knowledge base for a query, the best first: those with all that is looked for, then those with some of the words.
Arguments: query: words, "a phrase", or, and -without, as in a web search; at_most: number of rows, NULL for all.
Result: rows of id, question, answer, rank and all_words.';
