-- Classes are those at the start, as customers knows them at the reporting date: what a campaign changed later divides nobody.
CREATE FUNCTION workspace.campaign_draw(campaign text, audience text[], shares double precision[], groups text[], strata text, started date)
RETURNS TABLE (customer text, grp text, stratum text, left_out text)
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH histories AS MATERIALIZED (
        SELECT h.customer, h.history, h.profit_history FROM workspace.customer_history h
    ), asked AS MATERIALIZED (
        SELECT DISTINCT a.customer FROM unnest(campaign_draw.audience) a(customer) WHERE a.customer IS NOT NULL
    ), busy AS MATERIALIZED (
        SELECT DISTINCT ON (m.customer) m.customer, CASE WHEN c.standing THEN 'in the standing control group ' ELSE 'in campaign ' END || c.campaign AS reason
        FROM workspace.campaign_members m
        JOIN workspace.campaigns c ON c.campaign = m.campaign
        WHERE coalesce(c.ended_on, 'infinity'::date) > campaign_draw.started AND (NOT c.standing OR m.grp = c.control)
        ORDER BY m.customer, c.standing DESC, c.campaign
    ), limits AS MATERIALIZED (
        SELECT _clientele.class_limits(x.history, x.profit_history, r.rules) AS rules
        FROM (
            SELECT _clientele.class_rules(ARRAY[campaign_draw.started], s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b, s.xyz_by, s.frequency_within,
                s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by,
                s.rfm_bins, s.risk_gaps) AS rules
            FROM workspace.applied_settings s
            LIMIT 1) r
        CROSS JOIN histories x
    ), known AS MATERIALIZED (
        SELECT a.customer, _clientele.figure_abc(f.figures) AS abc, _clientele.figure_xyz(f.figures) AS xyz, _clientele.figure_stage(f.figures) AS stage,
            _clientele.figure_recency_score(f.figures) AS recency_score, _clientele.figure_frequency_score(f.figures) AS frequency_score,
            _clientele.figure_monetary_score(f.figures) AS monetary_score
        FROM limits l
        CROSS JOIN histories h
        JOIN asked a ON a.customer = _clientele.customer_text(h.customer)
        CROSS JOIN LATERAL (SELECT _clientele.customer_figures(h.history, h.profit_history, l.rules) AS figures OFFSET 0) f
        WHERE f.figures IS NOT NULL
    ), candidate AS MATERIALIZED (
        SELECT a.customer, CASE WHEN k.customer IS NULL THEN 'unknown' ELSE b.reason END AS reason,
            coalesce(CASE campaign_draw.strata WHEN 'cell' THEN k.abc || k.xyz WHEN 'stage' THEN k.stage WHEN 'abc' THEN k.abc
                WHEN 'segment' THEN coalesce(g.segment, 'other') ELSE 'all' END, 'none') AS stratum
        FROM asked a
        LEFT JOIN known k ON k.customer = a.customer
        LEFT JOIN busy b ON b.customer = a.customer
        LEFT JOIN workspace.rfm_cells g ON g.recency_score = k.recency_score AND g.frequency_score = k.frequency_score AND g.monetary_score = k.monetary_score
    ), placed AS (
        SELECT c.customer, c.stratum, row_number() OVER (
            PARTITION BY c.stratum ORDER BY clientele.experiment_position(c.customer, campaign_draw.campaign), c.customer COLLATE "C") AS place
        FROM candidate c
        WHERE c.reason IS NULL
    ), sizes AS MATERIALIZED (
        SELECT c.stratum, _clientele.group_ends(count(*), campaign_draw.shares) AS ends
        FROM candidate c
        WHERE c.reason IS NULL
        GROUP BY c.stratum
    )
    SELECT p.customer, n.grp, p.stratum, CASE WHEN n.grp IS NULL THEN 'not drawn' END AS left_out
    FROM placed p
    JOIN sizes s ON s.stratum = p.stratum
    CROSS JOIN LATERAL (SELECT campaign_draw.groups[width_bucket(p.place - 1, s.ends) + 1] AS grp) n
    UNION ALL
    SELECT c.customer, NULL::text AS grp, NULL::text AS stratum, c.reason AS left_out FROM candidate c WHERE c.reason IS NOT NULL;
END;
COMMENT ON FUNCTION workspace.campaign_draw(text, text[], double precision[], text[], text, date) IS
'How start_campaign() deals customers out to groups: within each stratum in the order of experiment_position(customer, campaign), sizes by largest remainders.
Arguments: campaign: its name; audience: customers as text; shares, groups: share and name of each group; strata: cell, stage, segment, abc or none; started: the day, at whose beginning customers are what divides them.
Result: rows of customer, grp, stratum, and left_out with the reason for who is in no group: unknown (no order before that day), in a campaign, or not drawn where shares are below 1 together.';
