-- experiment: what campaigns of a workspace are counted by

CREATE FUNCTION _clientele.campaign_agg_transition(experiment, purchase_history, purchase_history, text, date, date, date, numeric, boolean) RETURNS experiment
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE _clientele.campaign_agg(history purchase_history, profit_history purchase_history, grp text, before_from date, from_date date, as_of date, highest numeric, has_profit boolean) (
    STYPE = experiment, SFUNC = _clientele.campaign_agg_transition, COMBINEFUNC = _clientele.experiment_combine,
    SSPACE = 2700, PARALLEL = SAFE
);
COMMENT ON AGGREGATE _clientele.campaign_agg(purchase_history, purchase_history, text, date, date, date, numeric, boolean) IS
'What the members of a campaign did, in all measures, from one reading of each history.
Arguments: history, profit_history: NULL for who did nothing; grp: name of the group, of up to 62 bytes; before_from, from_date, as_of: from_date to the day before as_of is after the start, before_from to the day before from_date is before it; highest: revenue of a customer counts up to it as revenue_capped, which there is none of where it is NULL; has_profit: whether profit counts. A customer''s figures count up to 100 billion.
Result: experiment, in which the name of a group follows the digit of its measure, for campaign_part(); NULL without members.
Errors: 22023 for a longer name, 22003 for a highest revenue out of range, 54000 for more than 1000 groups and measures.';

CREATE FUNCTION _clientele.campaign_part(e experiment, measure integer) RETURNS experiment
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.campaign_part(experiment, integer) IS
'One measure of campaign_agg(): 0 whether ordered, 1 orders, 2 revenue, 3 revenue capped, 4 profit, 5 returns by orders.
Result: experiment with the names of the groups, without any where that was not counted.';

CREATE TYPE _clientele.randomisation_result AS (
    grp integer,
    customers bigint,
    difference double precision,
    p_value double precision
);

CREATE FUNCTION _clientele.randomisation(after double precision[], before double precision[], grp integer[], stratum integer[], campaign text, salts integer)
RETURNS SETOF _clientele.randomisation_result
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000000 ROWS 1;
COMMENT ON FUNCTION _clientele.randomisation(double precision[], double precision[], integer[], integer[], text, integer) IS
'The share of divisions of the same customers among groups of the same sizes, by chance, whose difference is as large.
Arguments: after, before, grp, stratum: one of each for every customer, in the order of strata; 0 is the control group; salts: number of other divisions, each of a seed of its own: the first eight bytes of sha256 of ''campaign:salt 1'' and so on.
Result: one row per other group: grp, customers, difference (adjusted by what was before, with one slope for all strata), p_value with the division there is among those counted.
Errors: 22023 for arrays that do not fit each other, 22003 for figures out of range.';

-- Sizes of groups by largest remainders: of n customers in order, the numbers up to which each group goes.

CREATE FUNCTION _clientele.group_ends(customers bigint, shares double precision[]) RETURNS bigint[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    WITH quota AS (
        SELECT s.n, floor(customers * s.share + 1e-9)::bigint AS whole, customers * s.share - floor(customers * s.share + 1e-9) AS remainder,
            floor(customers * sum(s.share) OVER () + 0.5 - 1e-9)::bigint AS drawn
        FROM unnest(shares) WITH ORDINALITY s(share, n)
    ), sized AS (
        SELECT q.n, q.whole + CASE WHEN row_number() OVER (ORDER BY q.remainder > 1e-9 DESC, floor(1e9::double precision * q.remainder + 0.5) DESC, q.n) <= q.drawn - sum(q.whole) OVER () THEN 1 ELSE 0 END AS size
        FROM quota q
    )
    SELECT array_agg(e.last ORDER BY e.n) FROM (SELECT s.n, (sum(s.size) OVER (ORDER BY s.n))::bigint AS last FROM sized s) e
$$;
COMMENT ON FUNCTION _clientele.group_ends(bigint, double precision[]) IS
'The last place of each group of so many customers by their shares, sizes by largest remainders.
Errors: 22003 for shares that are no numbers, or sizes out of range.';

-- A customer as experiment_position() reads it: campaigns hold customers so, whatever type their key has or gets.

CREATE FUNCTION _clientele.customer_text(customer integer) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN customer::text;
CREATE FUNCTION _clientele.customer_text(customer bigint) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN customer::text;
CREATE FUNCTION _clientele.customer_text(customer smallint) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN customer::text;
CREATE FUNCTION _clientele.customer_text(customer numeric) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN trim_scale(customer)::text;
CREATE FUNCTION _clientele.customer_text(customer uuid) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN customer::text;
CREATE FUNCTION _clientele.customer_text(customer text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN customer;
