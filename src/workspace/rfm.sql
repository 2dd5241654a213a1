-- workspace: RFM scores, and the segments they make

CREATE TYPE segment_finding AS (
    recency_score integer,
    frequency_score integer,
    monetary_score integer,
    matches bigint,
    segments text,
    advice text
);
COMMENT ON TYPE segment_finding IS
'A cell of RFM scores that matches none or several rows of the table segments';

CREATE FUNCTION workspace_create_segments(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.segments', workspace)) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %I.segments (
                "position" integer PRIMARY KEY,
                segment text NOT NULL
                    CONSTRAINT "other is who matches no segment" CHECK (segment NOT IN ('', 'other')),
                recency_from integer NOT NULL DEFAULT 1,
                recency_to integer NOT NULL,
                frequency_from integer NOT NULL DEFAULT 1,
                frequency_to integer NOT NULL,
                monetary_from integer NOT NULL DEFAULT 1,
                monetary_to integer NOT NULL,
                advice text,
                CONSTRAINT "scores run from 1, and from is not above to" CHECK (
                    1 <= recency_from AND recency_from <= recency_to AND 1 <= frequency_from AND frequency_from <= frequency_to
                    AND 1 <= monetary_from AND monetary_from <= monetary_to)
            )$ddl$, workspace);
    END IF;
    PERFORM @extschema@.workspace_describe_relation(workspace, 'segments', 'Segments by RFM scores, the first that matches holds: yours to edit; check_segments() lists what matches none or several',
        ARRAY[['position', 'The order in which rows are tried'],
              ['segment', 'Name of the segment'],
              ['recency_from', 'Lowest score for recency: a high one bought lately'],
              ['recency_to', 'Highest score for recency'],
              ['frequency_from', 'Lowest score for the number of purchases'],
              ['frequency_to', 'Highest score for the number of purchases'],
              ['monetary_from', 'Lowest score for revenue'],
              ['monetary_to', 'Highest score for revenue'],
              ['advice', 'What to do with them']]);
END
$$;
COMMENT ON FUNCTION workspace_create_segments(name) IS
'Internal to attach_orders(): Makes the table segments of a workspace, or keeps the one that is there.';

CREATE FUNCTION workspace_default_segments() RETURNS TABLE (
    "position" integer, segment text, recency int4range, frequency int4range, monetary int4range, advice text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- In thirds of the scores: 1 low, 2 middle, 3 high. Every combination is in exactly one row.
    VALUES
        (1, 'champions', '[3,3]'::int4range, '[3,3]'::int4range, '[3,3]'::int4range, 'Reward them, let them try what is new first, ask for referrals'),
        (2, 'loyal', '[3,3]', '[3,3]', '[1,2]', 'Raise the basket: sell what goes with it, ask for a review'),
        (3, 'potential loyalists', '[3,3]', '[2,2]', '[1,3]', 'Offer membership or a subscription'),
        (4, 'promising', '[3,3]', '[1,1]', '[3,3]', 'A large first purchase: a personal welcome, and service that is noticed'),
        (5, 'new customers', '[3,3]', '[1,1]', '[1,2]', 'Help them start well, give a reason for the second order'),
        (6, 'need attention', '[2,2]', '[2,3]', '[2,3]', 'Good customers who come less: an offer of what they bought, with a date'),
        (7, 'small baskets', '[2,2]', '[2,3]', '[1,1]', 'Cheap to serve: automatic offers, a minimum order'),
        (8, 'about to sleep', '[2,2]', '[1,1]', '[1,3]', 'Remind them before they forget'),
        (9, 'cannot lose', '[1,1]', '[3,3]', '[2,3]', 'Used to come often and spend much: call them, and ask what went wrong'),
        (10, 'at risk', '[1,1]', '[2,2]', '[2,3]', 'Write to them personally, renew the offer'),
        (11, 'hibernating', '[1,1]', '[2,3]', '[1,1]', 'One automatic offer; no more'),
        (12, 'lost', '[1,1]', '[1,1]', '[1,3]', 'Spend nothing, unless a campaign reaches them for free')
$$;
COMMENT ON FUNCTION workspace_default_segments() IS
'Internal to attach_orders(): The segments that a workspace begins with, in thirds of the scores.';

CREATE FUNCTION workspace_third_start(third integer, bins integer) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE third WHEN 1 THEN 1 WHEN 2 THEN (bins + 1) / 3 + 1 WHEN 3 THEN bins - (bins + 1) / 3 + 1 ELSE bins + 1 END
$$;
COMMENT ON FUNCTION workspace_third_start(integer, integer) IS
'Internal to attach_orders(): The lowest score of a third: those of five are 1 and 2, 3, 4 and 5.';

CREATE FUNCTION workspace_fill_segments(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Two scores have no middle third.
    EXECUTE format($dml$
        INSERT INTO %1$I.segments
        SELECT r.*
        FROM %1$I.settings s
        CROSS JOIN %2$s.workspace_default_segments() d
        CROSS JOIN LATERAL (SELECT d."position", d.segment,
            %2$s.workspace_third_start(lower(d.recency), s.rfm_bins) AS recency_from,
            %2$s.workspace_third_start(upper(d.recency), s.rfm_bins) - 1 AS recency_to,
            %2$s.workspace_third_start(lower(d.frequency), s.rfm_bins) AS frequency_from,
            %2$s.workspace_third_start(upper(d.frequency), s.rfm_bins) - 1 AS frequency_to,
            %2$s.workspace_third_start(lower(d.monetary), s.rfm_bins) AS monetary_from,
            %2$s.workspace_third_start(upper(d.monetary), s.rfm_bins) - 1 AS monetary_to,
            d.advice) r
        WHERE NOT EXISTS (SELECT FROM %1$I.segments)
            AND r.recency_from <= r.recency_to AND r.frequency_from <= r.frequency_to AND r.monetary_from <= r.monetary_to
        $dml$, workspace, '@extschema@');
END
$$;
COMMENT ON FUNCTION workspace_fill_segments(name) IS
'Internal to attach_orders(): Fills the table segments for the number of RFM scores in the settings, if it is empty.';

CREATE FUNCTION workspace_create_rfm_cells(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'rfm_cells', format($view$
        SELECT r.score AS recency_score, f.score AS frequency_score, m.score AS monetary_score,
            (array_agg(g.segment ORDER BY g."position"))[1] AS segment,
            count(g."position") AS matches,
            string_agg(g.segment, ', ' ORDER BY g."position") AS segments
        FROM (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN generate_series(1, 10) r(score)
        CROSS JOIN generate_series(1, 10) f(score)
        CROSS JOIN generate_series(1, 10) m(score)
        LEFT JOIN %1$I.segments g ON r.score >= g.recency_from AND r.score <= g.recency_to
            AND f.score >= g.frequency_from AND f.score <= g.frequency_to
            AND m.score >= g.monetary_from AND m.score <= g.monetary_to
        WHERE greatest(r.score, f.score, m.score) <= s.rfm_bins
        GROUP BY r.score, f.score, m.score
        $view$, workspace),
        'Every combination of RFM scores with the segment it falls in',
        ARRAY[['recency_score', 'Score for recency, 1 upwards'],
              ['frequency_score', 'Score for the number of purchases'],
              ['monetary_score', 'Score for revenue'],
              ['segment', 'The first segment that matches; empty where none does'],
              ['matches', 'Number of rows of segments that match'],
              ['segments', 'All of them, the first one first']]);
    EXECUTE format($ddl$
        CREATE OR REPLACE FUNCTION %1$I.check_segments() RETURNS SETOF %2$s.segment_finding
        LANGUAGE sql STABLE
        BEGIN ATOMIC
            SELECT c.recency_score, c.frequency_score, c.monetary_score, c.matches, c.segments,
                CASE c.matches WHEN 0 THEN 'Its customers are in other: widen a row of segments'
                    ELSE 'The first row holds: narrow the others' END
            FROM %1$I.rfm_cells c
            WHERE c.matches <> 1
            ORDER BY 1, 2, 3;
        END
        $ddl$, workspace, '@extschema@');
    EXECUTE format('COMMENT ON FUNCTION %I.check_segments() IS %L', workspace,
        'Combinations of RFM scores that match none or several rows of the table segments: no rows if each matches one.');
END
$$;
COMMENT ON FUNCTION workspace_create_rfm_cells(name) IS
'Internal to attach_orders(): Makes the view rfm_cells and the function check_segments() of a workspace.';
