CREATE TABLE workspace.policies (
    cell text PRIMARY KEY
        CONSTRAINT "cell is one of AX to CZ" CHECK (cell ~ '^[ABC][XYZ]$'),
    action text NOT NULL,
    service_rules text NOT NULL,
    price_terms text NOT NULL,
    valid_from date NOT NULL,
    review_by date,
    discount numeric NOT NULL DEFAULT 0
        CONSTRAINT "discount is a share, 0 to 1" CHECK (discount >= 0 AND discount <= 1 AND scale(discount) <= 10),
    campaign text,
    CONSTRAINT "review_by is not before valid_from" CHECK (review_by >= valid_from)
);
INSERT INTO workspace.policies (cell, action, service_rules, price_terms, valid_from, review_by)
SELECT c.cell, w.words->>('policy.' || c.cell || '.action'), w.words->>('policy.' || c.cell || '.service_rules'),
    w.words->>('policy.' || c.cell || '.price_terms'), current_date, (current_date + interval '1 year')::date
FROM unnest('{AX,AY,AZ,BX,BY,BZ,CX,CY,CZ}'::text[]) WITH ORDINALITY c(cell, n)
CROSS JOIN (SELECT _clientele.workspace_words(s.language) AS words FROM workspace.settings s LIMIT 1) w
ORDER BY c.n;
UPDATE workspace.policies p SET action = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key = 'policy.' || p.cell || '.action' AND t.said = p.action AND t.words <> p.action;
UPDATE workspace.policies p SET service_rules = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key = 'policy.' || p.cell || '.service_rules' AND t.said = p.service_rules AND t.words <> p.service_rules;
UPDATE workspace.policies p SET price_terms = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key = 'policy.' || p.cell || '.price_terms' AND t.said = p.price_terms AND t.words <> p.price_terms;
COMMENT ON TABLE workspace.policies IS 'What to do with the customers of each cell of the matrix: yours to edit';
COMMENT ON COLUMN workspace.policies.cell IS 'ABC class and XYZ class: AX to CZ';
COMMENT ON COLUMN workspace.policies.action IS 'What to do';
COMMENT ON COLUMN workspace.policies.campaign IS 'The campaign that proved it; empty where none did';
