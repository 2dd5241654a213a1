-- One figure of each member; the control group is number 0, the others follow in their order.
CREATE FUNCTION workspace.campaign_randomisation(campaign text, measure text DEFAULT 'revenue', salts integer DEFAULT 9999)
RETURNS TABLE (grp text, customers bigint, difference double precision, p_value double precision)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
    #variable_conflict use_column
    DECLARE
        chosen record;
        named text[];
    BEGIN
        SELECT c.* INTO chosen FROM workspace.campaigns c WHERE c.campaign = campaign_randomisation.campaign;
        IF chosen.campaign IS NULL THEN
            RAISE EXCEPTION 'there is no campaign "%"', campaign_randomisation.campaign
                USING ERRCODE = 'undefined_object', HINT = 'The table campaigns lists those there are.';
        ELSIF campaign_randomisation.measure IS NULL OR campaign_randomisation.measure <> ALL ('{ordered,orders,revenue,revenue_capped,gross_profit}'::text[]) THEN
            RAISE EXCEPTION 'invalid value for parameter "measure": "%"', campaign_randomisation.measure
                USING ERRCODE = 'invalid_parameter_value', HINT = 'Use ordered, orders, revenue, revenue_capped or gross_profit.';
        END IF;
        named := ARRAY(SELECT g.grp FROM workspace.campaign_groups g WHERE g.campaign = chosen.campaign ORDER BY g.grp <> chosen.control, g."position", g.grp);
        RETURN QUERY
        WITH figure AS (
            SELECT m.stratum, m.customer, array_position(named, m.grp) - 1 AS number,
                CASE campaign_randomisation.measure WHEN 'ordered' THEN least(clientele.order_count(h.history, chosen.started_on, d.until), 1)::double precision
                    WHEN 'orders' THEN clientele.order_count(h.history, chosen.started_on, d.until)::double precision
                    WHEN 'gross_profit' THEN clientele.revenue(h.profit_history, chosen.started_on, d.until)::double precision
                    WHEN 'revenue' THEN clientele.revenue(h.history, chosen.started_on, d.until)::double precision
                    ELSE least(clientele.revenue(h.history, chosen.started_on, d.until), chosen.highest_revenue)::double precision END AS after,
                CASE campaign_randomisation.measure WHEN 'ordered' THEN 0::double precision
                    WHEN 'orders' THEN clientele.order_count(h.history, chosen.started_on - chosen.days_before, chosen.started_on)::double precision
                    WHEN 'gross_profit' THEN clientele.revenue(h.profit_history, chosen.started_on - chosen.days_before, chosen.started_on)::double precision
                    WHEN 'revenue' THEN clientele.revenue(h.history, chosen.started_on - chosen.days_before, chosen.started_on)::double precision
                    ELSE least(clientele.revenue(h.history, chosen.started_on - chosen.days_before, chosen.started_on), chosen.highest_revenue)::double precision END AS before
            FROM (SELECT least(coalesce(chosen.ended_on, r.as_of), r.as_of) AS until FROM workspace.reporting_date r) d
            CROSS JOIN workspace.campaign_members m
            LEFT JOIN workspace.customer_history h ON _clientele.customer_text(h.customer) = m.customer
            WHERE m.campaign = chosen.campaign AND m.grp = ANY (named)
        ), listed AS (
            SELECT f.number, coalesce(f.after, 0) AS after, coalesce(f.before, 0) AS before, dense_rank() OVER (ORDER BY f.stratum COLLATE "C")::integer AS stratum,
                clientele.experiment_position(f.customer, chosen.campaign) AS place, f.customer
            FROM figure f
        ), together AS (
            SELECT array_agg(l.after ORDER BY l.stratum, l.place, l.customer COLLATE "C") AS after, array_agg(l.before ORDER BY l.stratum, l.place, l.customer COLLATE "C") AS before,
                array_agg(l.number ORDER BY l.stratum, l.place, l.customer COLLATE "C") AS numbers, array_agg(l.stratum ORDER BY l.stratum, l.place, l.customer COLLATE "C") AS strata
            FROM listed l
        )
        SELECT named[r.grp + 1], r.customers, r.difference, r.p_value
        FROM together t
        CROSS JOIN LATERAL _clientele.randomisation(t.after, t.before, t.numbers, t.strata, chosen.campaign::text, campaign_randomisation.salts) r
        ORDER BY r.grp;
    END
$$;
COMMENT ON FUNCTION workspace.campaign_randomisation(text, text, integer) IS
'How likely chance alone makes an effect as large, by dealing the same customers out again and again, within the same strata, to groups of the same sizes: exact however skewed figures are and however small a group is, where campaign_effect says that there is not enough.
Arguments: campaign: its name; measure: ordered, orders, revenue, revenue_capped or gross_profit; salts: number of other divisions.
Result: one row for each group but the control group: grp, customers, difference (adjusted as in campaign_effect, but not weighted by strata), p_value: the share of divisions whose difference is as large, either way, the one that was drawn among them. It is the same each time.
Errors: 42704 without such a campaign, 22023 for another measure or number.';
