-- The tour: what an owner would want to know. Each stop is a comment with the question and the query that answers it,
-- and ends with an empty line; run.sh prints question, query and answer. Stops that read shop.… are left out when
-- the orders are somebody's own file. Run.sh puts in :customer (the best one), :some_months_ago and :half_way.

-- The ten best customers.
SELECT customer, orders, revenue, round(average_order, 2) AS average_order, last_order, days_since_last
FROM loyalty.customers ORDER BY revenue DESC LIMIT 10;

-- The best customer's last ten days with an order or a return, from the one value that holds all of the purchases.
SELECT d.* FROM loyalty.customer_history h, loyalty.reporting_date r, history_days(as_of(h.history, r.as_of)) d
WHERE h.customer = :customer ORDER BY d.day DESC LIMIT 10;

-- The revenue of all known customers, month by month: their histories rolled up into one.
SELECT p.* FROM (SELECT rollup(history) AS everyone FROM loyalty.customer_history) h, loyalty.reporting_date r,
    period_values(h.everyone, 'month', :some_months_ago, r.as_of) p;

-- How many came once, twice or more often, and what they bring.
SELECT CASE WHEN purchase_days < 3 THEN purchase_days::text ELSE '3+' END AS purchase_days, count(*) AS customers,
    round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS pct_of_customers, sum(revenue) AS revenue,
    round(100.0 * sum(revenue) / nullif(sum(sum(revenue)) OVER (), 0), 1) AS pct_of_revenue
FROM loyalty.customers GROUP BY 1 ORDER BY 1;

-- Who brings four fifths of the revenue: the customers by ABC class.
SELECT abc, count(*) AS customers, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS pct_of_customers,
    sum(revenue) AS revenue, round(100.0 * sum(revenue) / nullif(sum(sum(revenue)) OVER (), 0), 1) AS pct_of_revenue
FROM (SELECT revenue, abc_class(revenue) OVER () AS abc FROM loyalty.customers) c GROUP BY abc ORDER BY abc;

-- Where the customers stand: by stage of the lifecycle, and how many of each are silent for longer than they use to be.
SELECT lifecycle_stage(h.history, r.as_of) AS stage, count(*) AS customers, sum(revenue(h.history, r.as_of)) AS revenue,
    count(*) FILTER (WHERE at_risk(h.history, r.as_of)) AS at_risk
FROM loyalty.customer_history h, loyalty.reporting_date r
WHERE first_order(h.history, r.as_of) IS NOT NULL GROUP BY 1 ORDER BY customers DESC;

-- Good customers who fall asleep: silent for more than twice their own usual gap, but for less than half a year.
SELECT customer, purchase_days, revenue, last_order, gap_days, days_since_last
FROM loyalty.customers WHERE purchase_days > 3 AND days_since_last > 2 * gap_days AND days_since_last < 183
ORDER BY revenue DESC LIMIT 10;

-- Where good customers come from: the views join with any other table of the shop.
SELECT s.source, count(*) AS customers, round(avg(c.purchase_days), 1) AS purchase_days,
    round(avg(c.revenue), 2) AS revenue
FROM loyalty.customers c JOIN shop.customers s ON s.id = c.customer GROUP BY s.source ORDER BY revenue DESC;

-- The same shop as it stood on an earlier day: every view follows the settings.
UPDATE loyalty.settings SET as_of = :half_way;
SELECT count(*) AS customers, sum(orders) AS orders, sum(revenue) AS revenue, max(last_order) AS last_order
FROM loyalty.customers;

-- And back to now.
UPDATE loyalty.settings SET as_of = 'auto';
SELECT count(*) AS customers, sum(orders) AS orders, sum(revenue) AS revenue, max(last_order) AS last_order
FROM loyalty.customers;

-- What became of the rows of orders: which are counted, and why others are not.
SELECT reason, order_rows, pct_of_rows::numeric(6,3), revenue FROM loyalty.data_quality ORDER BY position;

-- Would they recommend us? The Net Promoter Score, how certain it is, and what to make of it.
SELECT nps_responses(n) AS responses, nps_score(n)::numeric(4,1) AS nps, lower::numeric(4,1), upper::numeric(4,1),
    nps_band(n) AS band
FROM (SELECT nps_agg(score) AS n FROM shop.answers) a, nps_interval(n);

-- Where it is won and lost: the score by touchpoint, with the answers behind it.
SELECT touchpoint, nps_promoters(n) AS promoters, nps_passives(n) AS passives, nps_detractors(n) AS detractors,
    nps_score(n)::numeric(4,1) AS nps, lower::numeric(4,1), upper::numeric(4,1), nps_band(n) AS band
FROM (SELECT touchpoint, nps_agg(score) AS n FROM shop.answers GROUP BY touchpoint) a, nps_interval(n)
ORDER BY nps;

-- The score by quarter.
SELECT quarter, nps_promoters(n) AS promoters, nps_passives(n) AS passives, nps_detractors(n) AS detractors,
    nps_score(n)::numeric(4,1) AS nps, lower::numeric(4,1), upper::numeric(4,1)
FROM (SELECT period_start(answered_at, 'quarter', 'Europe/Berlin') AS quarter, nps_agg(score) AS n
      FROM shop.answers GROUP BY 1) a, nps_interval(n)
ORDER BY quarter;

-- Has 2025 changed it against 2024, and through whom?
SELECT difference::numeric(4,1), promoters::numeric(4,1), detractors::numeric(4,1), lower::numeric(4,1),
    upper::numeric(4,1), verdict
FROM (SELECT nps_agg(score) FILTER (WHERE answered_at >= '2025-01-01') AS y2025,
          nps_agg(score) FILTER (WHERE answered_at >= '2024-01-01' AND answered_at < '2025-01-01') AS y2024
      FROM shop.answers) a, nps_change(y2025, y2024);

-- Did support get better when it got help in 2025? The same, for one touchpoint.
SELECT difference::numeric(4,1), promoters::numeric(4,1), detractors::numeric(4,1), lower::numeric(4,1),
    upper::numeric(4,1), verdict
FROM (SELECT nps_agg(score) FILTER (WHERE answered_at >= '2025-01-01') AS since,
          nps_agg(score) FILTER (WHERE answered_at < '2025-01-01') AS before
      FROM shop.answers WHERE touchpoint = 'support') a, nps_change(since, before);

-- Do those who come often think better of us? The score by number of orders.
SELECT CASE WHEN orders < 3 THEN orders::text WHEN orders < 10 THEN '3 to 9' ELSE '10+' END AS orders,
    nps_responses(nps_agg(score)) AS responses, nps_score(nps_agg(score))::numeric(4,1) AS nps
FROM shop.answers a JOIN loyalty.customers c ON c.customer = a.customer_id GROUP BY 1 ORDER BY min(c.orders);

-- And do those who would not recommend us leave? Everybody's last answer, and who has been silent for half a year.
SELECT nps_group(score) AS answered_as, count(*) AS customers,
    round(100.0 * count(*) FILTER (WHERE days_since_last > 183) / count(*), 1) AS pct_silent
FROM (SELECT DISTINCT ON (customer_id) * FROM shop.answers ORDER BY customer_id, answered_at DESC) a
    JOIN loyalty.customers c ON c.customer = a.customer_id
GROUP BY 1 ORDER BY min(score) DESC;

-- How many answers it takes to know the score to five points up or down, and how many the last quarter had.
SELECT nps_sample_size(nps_agg(score), 5) AS answers_needed,
    count(*) FILTER (WHERE answered_at >= '2025-10-01') AS last_quarter
FROM shop.answers;

-- How satisfied customers are with each touchpoint: the ratings from 1 to 5, and the share of 4 and 5.
SELECT touchpoint, ratings, csat_top_box(ratings)::numeric(4,3) AS satisfied, lower::numeric(4,3), upper::numeric(4,3)
FROM (SELECT touchpoint, rating_agg(rating, 1, 5) AS ratings FROM shop.touchpoint_ratings GROUP BY touchpoint) r,
    csat_top_box_interval(ratings)
ORDER BY satisfied;
