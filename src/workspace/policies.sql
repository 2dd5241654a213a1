-- workspace: what to do with whom, in tables that come filled in and belong to their owner

CREATE FUNCTION workspace_create_policies(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.policies', workspace)) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %I.policies (
                cell text PRIMARY KEY
                    CONSTRAINT "cell is one of AX to CZ" CHECK (cell ~ '^[ABC][XYZ]$'),
                action text NOT NULL,
                service_rules text NOT NULL,
                price_terms text NOT NULL,
                valid_from date NOT NULL,
                review_by date,
                CONSTRAINT "review_by is not before valid_from" CHECK (review_by >= valid_from)
            )$ddl$, workspace);
        EXECUTE format('INSERT INTO %I.policies SELECT p.*, current_date, (current_date + interval ''1 year'')::date FROM %s.workspace_default_policies() p',
            workspace, '@extschema@');
    END IF;
    PERFORM @extschema@.workspace_describe_relation(workspace, 'policies', 'What to do with the customers of each cell of the matrix: yours to edit',
        ARRAY[['cell', 'ABC class and XYZ class: AX to CZ'],
              ['action', 'What to do'],
              ['service_rules', 'How to serve them'],
              ['price_terms', 'Which prices and terms they get'],
              ['valid_from', 'Since when the policy holds'],
              ['review_by', 'When to look at it again']]);
END
$$;
COMMENT ON FUNCTION workspace_create_policies(name) IS
'Internal to attach_orders(): Makes the table policies of a workspace and fills it in, or keeps the one that is there.';

CREATE FUNCTION workspace_default_policies() RETURNS TABLE (cell text, action text, service_rules text, price_terms text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
        ('AX', 'Keep and care: these carry the business', 'A person of their own, served first, problems solved the same day', 'Best terms, agreed for the year; no haggling over single orders'),
        ('AY', 'Keep, and make the rhythm steady', 'Served first; a call when an order is due', 'Best terms for a standing order or a subscription'),
        ('AZ', 'Keep close: large but rare, find out why', 'Every order by hand; a visit or call after each', 'Terms by order; a bonus on the next one within the quarter'),
        ('BX', 'Grow into A: regular, so offer more of the range', 'Standard service with personal advice', 'Volume discount from the next step up'),
        ('BY', 'Grow into A: remind, and sell what goes with it', 'Standard service; reminders at their usual gap', 'Bundle offers, free delivery from a higher amount'),
        ('BZ', 'Win a second occasion: ask what brings them', 'Standard service; a question after each order', 'A time-limited offer after every order'),
        ('CX', 'Serve cheaply: raise the basket', 'Self-service; answers within two days', 'List prices; minimum order, or delivery at cost'),
        ('CY', 'Serve cheaply: automatic offers only', 'Self-service', 'List prices; offers that pay for themselves'),
        ('CZ', 'Serve cheaply: spend nothing on them', 'Self-service', 'List prices, prepaid')
$$;
COMMENT ON FUNCTION workspace_default_policies() IS
'Internal to attach_orders(): The policies that a workspace begins with.';

CREATE FUNCTION workspace_create_approaches(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.approaches', workspace)) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %1$I.approaches (
                customers text PRIMARY KEY
                    CONSTRAINT "customers is a stage, at_risk or second_order_due"
                    CHECK (customers IN ('new', 'occasional', 'regular', 'lost', 'at_risk', 'second_order_due')),
                approach text NOT NULL
            );
            INSERT INTO %1$I.approaches VALUES
                ('new', 'Bring them back for a second order: welcome them, and give a reason to return'),
                ('occasional', 'Make them come more often: remind them at their usual gap, show what goes with what they bought'),
                ('regular', 'Do not forget them: thank them, ask their opinion, keep the best terms for them'),
                ('lost', 'Win them back: ask why they stay away, make one good offer, the most valuable first'),
                ('at_risk', 'Get in touch before they are lost: a personal word, and a look at their last order'),
                ('second_order_due', 'Remind them now: the usual time between orders has passed')
            $ddl$, workspace);
    END IF;
    PERFORM @extschema@.workspace_describe_relation(workspace, 'approaches', 'How to approach the customers of each stage and each list: yours to edit',
        ARRAY[['customers', 'A stage (new, occasional, regular, lost) or a list (at_risk, second_order_due)'],
              ['approach', 'What to do']]);
END
$$;
COMMENT ON FUNCTION workspace_create_approaches(name) IS
'Internal to attach_orders(): Makes the table approaches of a workspace and fills it in, or keeps the one that is there.';

CREATE FUNCTION workspace_create_benchmarks(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.benchmarks', workspace)) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %1$I.benchmarks (
                measure text NOT NULL,
                source text NOT NULL,
                low numeric NOT NULL,
                high numeric NOT NULL,
                advice text,
                PRIMARY KEY (measure, source),
                CONSTRAINT "low is not above high" CHECK (low <= high)
            );
            INSERT INTO %1$I.benchmarks VALUES
                ('nps', 'strong', 50, 100, 'Service builds loyalty: keep it, and ask for referrals'),
                ('nps', 'average', 30, 50, 'Something to improve: ask detractors what'),
                ('nps', 'Apple', 73, 73, 'Among the best known scores'),
                ('nps', 'USAA', 87, 87, 'Among the best known scores'),
                ('one_time_share', 'express test', 0, 0.03, 'Up to this share of one-time customers nothing is wrong'),
                ('pct_of_customers_bringing_80', 'Pareto', 20, 20, 'The classic rule: a fifth of the customers bring four fifths'),
                ('repeat_rate_new', 'sales experience', 0.05, 0.20, 'Probability of selling to a new customer'),
                ('repeat_rate_loyal', 'sales experience', 0.60, 0.70, 'Probability of selling to a loyal customer')
            $ddl$, workspace);
    END IF;
    PERFORM @extschema@.workspace_describe_relation(workspace, 'benchmarks', 'What is usual elsewhere, for the views to show beside: yours to edit',
        ARRAY[['measure', 'What is compared'],
              ['source', 'Whose figure it is'],
              ['low', 'From, in the unit of the measure'],
              ['high', 'To'],
              ['advice', 'What to make of it']]);
END
$$;
COMMENT ON FUNCTION workspace_create_benchmarks(name) IS
'Internal to attach_orders(): Makes the table benchmarks of a workspace and fills it in, or keeps the one that is there.';
