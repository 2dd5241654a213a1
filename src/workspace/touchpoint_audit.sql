-- workspace: how awful, ok or wow the points are where customers meet the shop, over a catalogue that comes filled in

CREATE FUNCTION workspace_create_touchpoint_tables(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.touchpoint_catalogue', workspace)) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %I.touchpoint_catalogue (
                touchpoint text PRIMARY KEY
                    CONSTRAINT "touchpoint has a name" CHECK (btrim(touchpoint) <> ''),
                touchpoint_group text NOT NULL
                    CONSTRAINT "touchpoint_group is business, product, service or employee"
                    CHECK (touchpoint_group IN ('business', 'product', 'service', 'employee')),
                description text,
                "position" integer NOT NULL DEFAULT 1000
            )$ddl$, workspace);
        EXECUTE format('INSERT INTO %I.touchpoint_catalogue SELECT t.touchpoint, t.touchpoint_group, t.description, t."position" FROM %s.workspace_default_touchpoints() t',
            workspace, '@extschema@');
    END IF;
    -- The key finds the ratings of one touchpoint and rater in order of time.
    IF to_regclass(format('%I.touchpoint_ratings', workspace)) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %1$I.touchpoint_ratings (
                rater text
                    CONSTRAINT "rater has a name" CHECK (btrim(rater) <> ''),
                day date DEFAULT current_date
                    CONSTRAINT "day is within the years 1 to 9999" CHECK (day >= date '0001-01-01' AND day < date '10000-01-01'),
                touchpoint text REFERENCES %1$I.touchpoint_catalogue ON UPDATE CASCADE,
                level text NOT NULL
                    CONSTRAINT "level is awful, ok or wow" CHECK (level IN ('awful', 'ok', 'wow')),
                note text,
                CONSTRAINT "a rater rates a touchpoint once a day" PRIMARY KEY (touchpoint, rater, day)
            )$ddl$, workspace);
    END IF;
    PERFORM @extschema@.workspace_describe_touchpoint_tables(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_touchpoint_tables(name) IS
'Internal to attach_orders(): Makes the tables touchpoint_catalogue, filled in, and touchpoint_ratings of a workspace, or keeps those that are there.';

CREATE FUNCTION workspace_describe_touchpoint_tables(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_describe_relation(workspace, 'touchpoint_catalogue',
        'Where customers meet the business: a list to rate in touchpoint_ratings, yours to edit',
        ARRAY[['touchpoint', 'The point where they meet it'],
              ['touchpoint_group', 'business, product, service or employee'],
              ['description', 'What to look at'],
              ['position', 'Order in which to show it']]);
    PERFORM @extschema@.workspace_describe_relation(workspace, 'touchpoint_ratings',
        'What somebody made of a touchpoint on a day: yours to fill; touchpoint_scorecard sums it up, of days before the reporting date',
        ARRAY[['rater', 'Who rated: a customer, a colleague, a test buyer'],
              ['day', 'On which day, today unless given'],
              ['touchpoint', 'Which touchpoint of the catalogue'],
              ['level', 'awful (would tell others not to come), ok (as expected), or wow (would tell others to come)'],
              ['note', 'What was seen']]);
END
$$;
COMMENT ON FUNCTION workspace_describe_touchpoint_tables(name) IS
'Internal to attach_orders(): Writes the comments of the tables touchpoint_catalogue and touchpoint_ratings.';

CREATE FUNCTION workspace_default_touchpoints() RETURNS TABLE ("position" integer, touchpoint_group text, touchpoint text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
        (101, 'business', 'shop sign', 'Seen and read from the street, lit in the evening, hours as they are'),
        (102, 'business', 'parking', 'A place to stop, close by, and clear whose it is'),
        (103, 'business', 'entrance', 'Easy to find and open, clean, with a pram or a wheelchair too'),
        (104, 'business', 'rooms', 'Clean, light, warm, with a place to sit and a sense of order'),
        (105, 'business', 'opening hours', 'Fit the customers'' day, and kept to the minute'),
        (106, 'business', 'website', 'Loads at once, answers the first question, works on a phone'),
        (107, 'business', 'map and review sites', 'Address, hours and pictures right; reviews answered'),
        (108, 'business', 'advertising', 'Promises what is kept, and says what to do next'),
        (109, 'business', 'social media', 'Kept up, and questions there get answers'),
        (110, 'business', 'price list', 'Easy to find and to understand, without surprises later'),
        (111, 'business', 'letters and cards', 'Offers, invoices, cards and e-mails look like one house'),
        (201, 'product', 'range', 'What customers come for is there, and a choice of it'),
        (202, 'product', 'availability', 'In stock, or with a date that holds'),
        (203, 'product', 'display', 'Shown so that one wants to touch it; found without asking'),
        (204, 'product', 'description', 'Says what it is, what for, and what not for'),
        (205, 'product', 'sample or trial', 'Can be tried before it is bought'),
        (206, 'product', 'packaging', 'Protects, opens without tools, little waste'),
        (207, 'product', 'first use', 'Works at once, with instructions that help'),
        (208, 'product', 'quality in use', 'Does what was promised, every time'),
        (209, 'product', 'worth the price', 'Felt to be worth it after a month'),
        (210, 'product', 'warranty', 'Clear, and honoured without a fight'),
        (301, 'service', 'first call', 'Picked up soon, by somebody who can help'),
        (302, 'service', 'reply to a message', 'The same day, to the question that was asked'),
        (303, 'service', 'waiting', 'Short, or with a word on how long and why'),
        (304, 'service', 'advice', 'Questions before answers; what fits, not what is dear'),
        (305, 'service', 'ordering', 'Few steps, no detail asked twice, confirmed at once'),
        (306, 'service', 'payment', 'In the way the customer likes, with a receipt'),
        (307, 'service', 'delivery', 'When it was promised, whole, with a word on the way'),
        (308, 'service', 'after the purchase', 'Somebody asks whether all is well'),
        (309, 'service', 'complaint handling', 'Heard out, an apology, a remedy, and quickly'),
        (310, 'service', 'returns', 'As easy as the purchase, money back without asking'),
        (311, 'service', 'thanks and farewell', 'Thanked, and given a reason to come back'),
        (401, 'employee', 'appearance', 'Neat, and easy to tell from customers'),
        (402, 'employee', 'greeting', 'Noticed and greeted at once, by name where known'),
        (403, 'employee', 'attention', 'Listens, with time for this customer alone'),
        (404, 'employee', 'competence', 'Knows the range, and whom to ask where not'),
        (405, 'employee', 'plain words', 'Explains so that one understands, without jargon'),
        (406, 'employee', 'tone on the telephone', 'Friendly, unhurried, says who is speaking'),
        (407, 'employee', 'initiative', 'Offers what goes with it, tells of the loyalty programme'),
        (408, 'employee', 'memory', 'Knows regular customers and what they like'),
        (409, 'employee', 'keeping promises', 'Calls back, and does what was said'),
        (410, 'employee', 'calm under pressure', 'Stays polite when it is full or goes wrong')
$$;
COMMENT ON FUNCTION workspace_default_touchpoints() IS
'Internal to attach_orders(): The touchpoints that a workspace begins with.';

CREATE FUNCTION workspace_create_touchpoint_views(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_touchpoint_scorecard(workspace);
    PERFORM @extschema@.workspace_create_touchpoint_groups(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_touchpoint_views(name) IS
'Internal to attach_orders(): Makes the views touchpoint_scorecard and touchpoint_groups of a workspace.';

CREATE FUNCTION workspace_create_touchpoint_scorecard(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- A rater's last rating of a period is the greatest number of its day and its level: there is one a day.
    PERFORM @extschema@.workspace_create_view(workspace, 'touchpoint_scorecard', format($view$
        WITH audit AS (
            SELECT r.touchpoint, r.period_start, count(*) AS ratings, count(*) FILTER (WHERE r.last_one %% 4 = 1) AS awful,
                count(*) FILTER (WHERE r.last_one %% 4 = 2) AS ok, count(*) FILTER (WHERE r.last_one %% 4 = 3) AS wow,
                date '0001-01-01' + max(r.last_one) / 4 AS last_rated,
                row_number() OVER (PARTITION BY r.touchpoint ORDER BY r.period_start DESC) AS age
            FROM (
                SELECT t.touchpoint, %2$s.period_start(t.day, s.period) AS period_start,
                    max(4 * (t.day - date '0001-01-01') + CASE t.level WHEN 'awful' THEN 1 WHEN 'ok' THEN 2 ELSE 3 END) AS last_one
                FROM %1$I.touchpoint_ratings t
                CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
                WHERE t.day < (SELECT d.as_of FROM %1$I.reporting_date d)
                GROUP BY t.touchpoint, t.rater, %2$s.period_start(t.day, s.period)) r
            GROUP BY r.touchpoint, r.period_start
        )
        SELECT c.touchpoint_group, c."position", c.touchpoint, c.description, n.period_start,
            coalesce(n.ratings, 0) AS ratings, coalesce(n.awful, 0) AS awful, coalesce(n.ok, 0) AS ok, coalesce(n.wow, 0) AS wow,
            i.estimate AS score, i.lower, i.upper, coalesce(n.ratings, 0) >= s.enough AS enough, n.last_rated,
            p.period_start AS previous_period, coalesce(p.ratings, 0) AS previous_ratings,
            %2$s.nps_score(%2$s.nps(p.wow, p.ok, p.awful)) AS previous_score,
            h.difference AS score_change, h.verdict, coalesce(l.ratings, 0) AS later_ratings
        FROM %1$I.touchpoint_catalogue c
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN audit n ON n.touchpoint = c.touchpoint AND n.age = 1
        LEFT JOIN audit p ON p.touchpoint = c.touchpoint AND p.age = 2
        LEFT JOIN (
            SELECT r.touchpoint, count(*) AS ratings
            FROM %1$I.touchpoint_ratings r
            WHERE r.day >= (SELECT d.as_of FROM %1$I.reporting_date d)
            GROUP BY r.touchpoint) l ON l.touchpoint = c.touchpoint
        CROSS JOIN LATERAL %2$s.nps_interval(%2$s.nps(n.wow, n.ok, n.awful)) i
        CROSS JOIN LATERAL %2$s.nps_change(%2$s.nps(n.wow, n.ok, n.awful), %2$s.nps(p.wow, p.ok, p.awful)) h
        $view$, workspace, '@extschema@'),
        'Every touchpoint of the catalogue with its last ratings, those never rated too: of each rater the last rating in the last period that has any',
        @extschema@.workspace_scorecard_comments() || ARRAY[
              ['position', 'Order in which to show it, from the catalogue'],
              ['touchpoint', 'The point where customers meet the business'],
              ['description', 'What to look at'],
              ['period_start', 'First day of the last period with ratings before the reporting date; empty where never rated'],
              ['last_rated', 'Day of the last rating'],
              ['previous_period', 'First day of the period with ratings before that one'],
              ['previous_ratings', 'Number of ratings then'],
              ['previous_score', 'The score then'],
              ['score_change', 'How much higher the score is than then, in points'],
              ['verdict', 'up or down where that is more than chance and at least 2 points, else flat; empty where there is no score to compare with'],
              ['later_ratings', 'Number of ratings of the reporting date and later, which do not count yet']]);
END
$$;
COMMENT ON FUNCTION workspace_create_touchpoint_scorecard(name) IS
'Internal to attach_orders(): Makes the view touchpoint_scorecard of a workspace.';

CREATE FUNCTION workspace_scorecard_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['touchpoint_group', 'business, product, service or employee'],
        ['ratings', 'Number of ratings, one of each rater'],
        ['awful', 'Number of those that say awful'],
        ['ok', 'Number of those that say ok'],
        ['wow', 'Number of those that say wow'],
        ['score', 'Per cent that say wow less per cent that say awful, -100 to 100'],
        ['lower', 'Lower bound of its 95 % interval'],
        ['upper', 'Upper bound'],
        ['enough', 'Whether there are enough ratings to go by']]
$$;
COMMENT ON FUNCTION workspace_scorecard_comments() IS
'Internal to attach_orders(): The comments on the columns that touchpoint_scorecard and touchpoint_groups share.';

CREATE FUNCTION workspace_create_touchpoint_groups(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'touchpoint_groups', format($view$
        SELECT g."position", g.touchpoint_group, coalesce(t.touchpoints, 0) AS touchpoints, coalesce(t.rated, 0) AS rated,
            coalesce(t.touchpoints - t.rated, 0) AS never_rated, coalesce(t.ratings, 0) AS ratings,
            coalesce(t.awful, 0) AS awful, coalesce(t.ok, 0) AS ok, coalesce(t.wow, 0) AS wow,
            i.estimate AS score, i.lower, i.upper, coalesce(t.ratings, 0) >= s.enough AS enough,
            t.worst_touchpoint, t.best_touchpoint
        FROM (VALUES (1, 'business'), (2, 'product'), (3, 'service'), (4, 'employee')) g("position", touchpoint_group)
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN (
            SELECT c.touchpoint_group, count(*) AS touchpoints, count(c.score) AS rated, sum(c.ratings)::bigint AS ratings,
                sum(c.awful)::bigint AS awful, sum(c.ok)::bigint AS ok, sum(c.wow)::bigint AS wow,
                (array_agg(c.touchpoint ORDER BY c.score, c."position", c.touchpoint) FILTER (WHERE c.ratings > 0))[1] AS worst_touchpoint,
                (array_agg(c.touchpoint ORDER BY c.score DESC, c."position", c.touchpoint) FILTER (WHERE c.ratings > 0))[1] AS best_touchpoint
            FROM %1$I.touchpoint_scorecard c
            GROUP BY c.touchpoint_group) t ON t.touchpoint_group = g.touchpoint_group
        CROSS JOIN LATERAL %2$s.nps_interval(%2$s.nps(t.wow, t.ok, t.awful)) i
        ORDER BY g."position"
        $view$, workspace, '@extschema@'),
        'The four groups of touchpoints, always four rows: the sums of touchpoint_scorecard, and where each is worst and best',
        @extschema@.workspace_scorecard_comments() || ARRAY[
              ['position', 'Order in which to show the rows'],
              ['touchpoints', 'Number of touchpoints of the catalogue'],
              ['rated', 'Number of those that were rated'],
              ['never_rated', 'Number of those that never were'],
              ['worst_touchpoint', 'The touchpoint with the lowest score'],
              ['best_touchpoint', 'The touchpoint with the highest score']]);
END
$$;
COMMENT ON FUNCTION workspace_create_touchpoint_groups(name) IS
'Internal to attach_orders(): Makes the view touchpoint_groups of a workspace.';
