CREATE TABLE workspace.approaches (
    customers text PRIMARY KEY
        CONSTRAINT "customers is a stage, at_risk or second_order_due"
        CHECK (customers IN ('new', 'occasional', 'regular', 'lost', 'at_risk', 'second_order_due')),
    approach text NOT NULL,
    valid_from date NOT NULL DEFAULT current_date,
    review_by date,
    campaign text,
    CONSTRAINT "review_by is not before valid_from" CHECK (review_by >= valid_from)
);
INSERT INTO workspace.approaches (customers, approach, valid_from, review_by)
SELECT c.customers, w.words->>('approach.' || c.customers), current_date, (current_date + interval '1 year')::date
FROM unnest('{new,occasional,regular,lost,at_risk,second_order_due}'::text[]) WITH ORDINALITY c(customers, n)
CROSS JOIN (SELECT _clientele.workspace_words(s.language) AS words FROM workspace.settings s LIMIT 1) w
ORDER BY c.n;
UPDATE workspace.approaches a SET approach = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key = 'approach.' || a.customers AND t.said = a.approach AND t.words <> a.approach;
COMMENT ON TABLE workspace.approaches IS 'How to approach the customers of each stage and each list: yours to edit';
COMMENT ON COLUMN workspace.approaches.customers IS 'A stage (new, occasional, regular, lost) or a list (at_risk, second_order_due)';
COMMENT ON COLUMN workspace.approaches.approach IS 'What to do';
COMMENT ON COLUMN workspace.approaches.campaign IS 'The campaign that proved it; empty where none did';
