CREATE TABLE workspace.touchpoint_catalogue (
    touchpoint text PRIMARY KEY
        CONSTRAINT "touchpoint has a name" CHECK (btrim(touchpoint) <> ''),
    touchpoint_group text NOT NULL
        CONSTRAINT "touchpoint_group is business, product, service or employee"
        CHECK (touchpoint_group IN ('business', 'product', 'service', 'employee')),
    description text,
    "position" integer NOT NULL DEFAULT 1000
);
INSERT INTO workspace.touchpoint_catalogue ("position", touchpoint_group, touchpoint, description)
SELECT p."position", g.touchpoint_group, w.words->>('touchpoint.' || p."position" || '.name'), w.words->>('touchpoint.' || p."position" || '.description')
FROM (VALUES (101, 111, 'business'), (201, 210, 'product'), (301, 311, 'service'), (401, 410, 'employee')) g(first, last, touchpoint_group)
CROSS JOIN LATERAL generate_series(g.first, g.last) p("position")
CROSS JOIN (SELECT _clientele.workspace_words(s.language) AS words FROM workspace.settings s LIMIT 1) w;
UPDATE workspace.touchpoint_catalogue c SET description = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key ~ '^touchpoint[.][0-9]+[.]description$' AND t.said = c.description AND t.words <> c.description;
-- Whatever speaks of a touchpoint does so by its name, which then stays.
UPDATE workspace.touchpoint_catalogue c SET touchpoint = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key ~ '^touchpoint[.][0-9]+[.]name$' AND t.said = c.touchpoint AND t.words <> c.touchpoint
    AND NOT EXISTS (SELECT FROM workspace.touchpoint_catalogue o WHERE o.touchpoint = t.words)
    AND NOT EXISTS (
        SELECT FROM _clientele.workspace_values_used($1, 'touchpoint'::name, '{touchpoint_ratings,funnel_stages,answer_rows,touchpoint_rows}'::name[]) u(touchpoint)
        WHERE u.touchpoint = c.touchpoint);
COMMENT ON TABLE workspace.touchpoint_catalogue IS 'Where customers meet the business: a list to rate in touchpoint_ratings, yours to edit';
COMMENT ON COLUMN workspace.touchpoint_catalogue.touchpoint IS 'The point where they meet it';
COMMENT ON COLUMN workspace.touchpoint_catalogue.description IS 'What to look at';
COMMENT ON COLUMN workspace.touchpoint_catalogue."position" IS 'Order in which to show it';
