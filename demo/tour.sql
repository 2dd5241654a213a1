-- The tour: what an owner would want to know. Each stop is a comment with the question and the query that answers it,
-- and ends with an empty line; run.sh --tour prints question, query and answer. Stops that read shop.… are left out when
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

-- Do customers come back? The express test of loyalty, over the last half year.
SELECT light, certain, advice FROM loyalty.express_test;

-- What it stands on: the shares of customers, with their intervals. Young ones had no time to come back, so they are in
-- no share.
SELECT customers, round(one_time_share::numeric, 3) AS one_time_share, round(one_time_share_lower::numeric, 3) AS lower,
    round(one_time_share_upper::numeric, 3) AS upper, round(regular_share::numeric, 3) AS regular_share, round(regular_share_lower::numeric, 3) AS lower,
    round(regular_share_upper::numeric, 3) AS upper, round(difference::numeric, 1) AS difference_points, young_customers
FROM loyalty.express_test;

-- The same by sales, and what was sold to nobody known.
SELECT sales, one_time_sales, round(one_time_sales_share::numeric, 3) AS share, regular_sales,
    round(regular_sales_share::numeric, 3) AS share, round(sales_difference::numeric, 1) AS difference_points, unassigned_sales,
    round(unassigned_share::numeric, 3) AS unassigned_share
FROM loyalty.express_test;

-- Who brings four fifths of the revenue of the last twelve months: the customers by ABC class. None did not buy in them.
SELECT abc, customers, round(pct_of_customers::numeric, 1) AS pct_of_customers, window_revenue, round(pct_of_window_revenue::numeric, 1) AS pct_of_revenue, lowest_value,
    round(pct_of_customers_bringing_80::numeric, 1) AS bring_80, classic_pct_of_customers AS classic, round(gini::numeric, 2) AS gini
FROM loyalty.abc_summary;

-- The matrix: how much they bring, and how regularly they come. Each cell has its policy, in a table to edit.
SELECT cell, customers, round(pct_of_customers::numeric, 1) AS pct_of_customers, window_revenue, round(pct_of_window_revenue::numeric, 1) AS pct_of_revenue, window_returns, action
FROM loyalty.abc_xyz_matrix;

-- How the best are served, and at what terms.
SELECT cell, service_rules, price_terms FROM loyalty.abc_xyz_matrix WHERE abc = 'A';

-- Where the customers stand: by stage of the lifecycle, and how to approach them.
SELECT stage, customers, round(pct_of_customers::numeric, 1) AS pct_of_customers, revenue, round(pct_of_revenue::numeric, 1) AS pct_of_revenue, at_risk, approach
FROM loyalty.lifecycle_summary;

-- One-time, occasional and regular customers side by side.
SELECT segment, customers, round(average_order::numeric, 2) AS average_order, round(average_purchases::numeric, 1) AS purchases, gap_days,
    round(pct_returns::numeric, 1) AS pct_returns, round(categories_per_customer::numeric, 1) AS categories, top_category, top_source
FROM loyalty.segment_profile;

-- Segments by recency, frequency and money.
SELECT segment, customers, revenue, round(average_revenue::numeric, 2) AS average_revenue, round(average_days_since_last::numeric, 1) AS days_since_last, advice
FROM loyalty.rfm_segments;

-- Who comes back: a line per quarter of the first purchase, a column per quarter since. Only complete quarters count.
SELECT retention_heatmap(retention_curve(h.history, 'quarter', r.as_of)) FROM loyalty.customer_history h, loyalty.reporting_date r;

-- The same by month, all cohorts together, with its interval, as the views have it.
SELECT period_number, eligible, retained, round(rate::numeric, 3) AS rate, round(lower::numeric, 3) AS lower, round(upper::numeric, 3) AS upper, round(rate_on_or_after::numeric, 3) AS rate_on_or_after
FROM loyalty.retention_by_period WHERE period_number BETWEEN 1 AND 6 ORDER BY period_number;

-- How likely the next purchase is after the first, the second and so on, and how long it takes; beside what is usual.
SELECT purchase_number, customers, repeated, round(rate::numeric, 3) AS rate, round(rate_kaplan_meier::numeric, 3) AS kaplan_meier, median_days,
    benchmark_low AS usual_from, benchmark_high AS usual_to
FROM loyalty.repeat_purchase WHERE purchase_number <= 6;

-- What five points more of retention would be worth over a year.
SELECT periods_ahead, extra_revenue, cumulative_extra_revenue, assumption FROM loyalty.retention_value WHERE periods_ahead IN (1, 12);

-- The last periods at a glance, beside the one before and a year before.
SELECT period_start, complete, revenue, round(pct_revenue_change::numeric, 1) AS pct_change, round(pct_revenue_year_change::numeric, 1) AS pct_year,
    active_customers AS active, new_customers AS new, returned_customers AS returned, lapsed_customers AS lapsed,
    regular_customers AS regulars, round(repeat_share::numeric, 3) AS repeat_share, round(average_order::numeric, 2) AS average_order
FROM (SELECT * FROM loyalty.overview ORDER BY period_start DESC LIMIT 6) o ORDER BY period_start;

-- Which customers come back: by the columns of the shop's table of customers, and by the first order.
SELECT topic, finding FROM attach_customers('shop.customers', dimensions => '{region,age_group}');
SELECT dimension, value, eligible, repeated, round(rate::numeric, 3) AS rate, round(lower::numeric, 3) AS lower, round(upper::numeric, 3) AS upper, round(average_revenue::numeric, 2) AS average_revenue
FROM loyalty.first_purchase WHERE enough AND dimension <> 'first_category' ORDER BY dimension, lower DESC;

-- How the stages moved in the last complete period: who came, came back, and went; and the best of those who were lost.
SELECT flow, sum(customers) AS customers, sum(revenue) AS revenue_in_period FROM loyalty.lifecycle_migration
WHERE as_of = (SELECT max(as_of) FROM loyalty.lifecycle_migration) GROUP BY flow ORDER BY customers DESC;
-- ... and who they are: the best of those lost in it.
SELECT c.customer, c.changed_from, c.changed_to, f.revenue, f.last_order
FROM loyalty.customer_changes c JOIN loyalty.customer_figures f ON f.customer = c.customer
WHERE c.as_of = (SELECT max(as_of) FROM loyalty.lifecycle_migration) AND c.changed_to = 'lost' ORDER BY f.revenue DESC, c.customer LIMIT 5;

-- And who left the best cell of the matrix, over all periods, and for where.
SELECT from_cell, to_cell, sum(customers) AS customers FROM loyalty.cell_migration
WHERE from_cell = 'AX' AND to_cell <> 'AX' GROUP BY from_cell, to_cell ORDER BY customers DESC LIMIT 5;

-- Good customers who fall asleep: silent for more than twice their own usual gap, but not lost yet.
SELECT position, customer, cell, purchases, last_order, usual_gap, days_since_last, last_year_revenue, policy
FROM loyalty.at_risk ORDER BY position LIMIT 10;

-- Whom to win back first: what their last year was worth, times the share of customers who came back after as long a
-- silence.
SELECT position, customer, days_since_last, last_year_revenue, came_back, equal_silences, round(return_share::numeric, 3) AS return_share,
    round(return_share_lower::numeric, 3) AS lower, round(return_share_upper::numeric, 3) AS upper, expected_value
FROM loyalty.win_back ORDER BY position LIMIT 10;

-- And whose second order is due.
SELECT position, customer, last_order, days_since_last, usual_gap, last_year_revenue, approach
FROM loyalty.second_order_due ORDER BY position LIMIT 5;

-- The best customer's last orders, and what the customer was before each of them.
SELECT order_id, day, amount, order_number, days_since_previous, stage, cell, category FROM loyalty.orders_enriched
WHERE customer = :customer ORDER BY order_number DESC LIMIT 5;

-- Where good customers come from: the views join with any other table of the shop.
SELECT s.source, count(*) AS customers, round(avg(c.purchase_days), 1) AS purchase_days,
    round(avg(c.revenue), 2) AS revenue
FROM loyalty.customers c JOIN shop.customers s ON s.id = c.customer GROUP BY s.source ORDER BY revenue DESC;

-- The same shop as it stood on an earlier day: every view follows the settings.
UPDATE loyalty.settings SET as_of = :half_way;
SELECT abc, count(*) AS customers, sum(revenue) AS revenue, max(last_order) AS last_order,
    count(*) FILTER (WHERE stage = 'regular') AS regulars, count(*) FILTER (WHERE stage = 'lost') AS lost
FROM loyalty.customers GROUP BY abc ORDER BY abc;

-- And back to now.
UPDATE loyalty.settings SET as_of = 'auto';
SELECT abc, count(*) AS customers, sum(revenue) AS revenue, max(last_order) AS last_order,
    count(*) FILTER (WHERE stage = 'regular') AS regulars, count(*) FILTER (WHERE stage = 'lost') AS lost
FROM loyalty.customers GROUP BY abc ORDER BY abc;

-- What became of the rows of orders: which are counted, and why others are not.
SELECT reason, order_rows, round(pct_of_rows::numeric, 3) AS pct_of_rows, revenue FROM loyalty.data_quality ORDER BY position;

-- Would they recommend us? The Net Promoter Score, how certain it is, and what to make of it.
SELECT nps_responses(n) AS responses, round(nps_score(n)::numeric, 1) AS nps, round(lower::numeric, 1) AS lower, round(upper::numeric, 1) AS upper,
    nps_band(n) AS band
FROM (SELECT nps_agg(score) AS n FROM shop.answers) a, nps_interval(n);

-- Where it is won and lost: the score by touchpoint, with the answers behind it.
SELECT touchpoint, nps_promoters(n) AS promoters, nps_passives(n) AS passives, nps_detractors(n) AS detractors,
    round(nps_score(n)::numeric, 1) AS nps, round(lower::numeric, 1) AS lower, round(upper::numeric, 1) AS upper, nps_band(n) AS band
FROM (SELECT touchpoint, nps_agg(score) AS n FROM shop.answers GROUP BY touchpoint) a, nps_interval(n)
ORDER BY nps;

-- The score by quarter.
SELECT quarter, nps_promoters(n) AS promoters, nps_passives(n) AS passives, nps_detractors(n) AS detractors,
    round(nps_score(n)::numeric, 1) AS nps, round(lower::numeric, 1) AS lower, round(upper::numeric, 1) AS upper
FROM (SELECT period_start(answered_at, 'quarter', 'Europe/Berlin') AS quarter, nps_agg(score) AS n
      FROM shop.answers GROUP BY 1) a, nps_interval(n)
ORDER BY quarter;

-- Has 2025 changed it against 2024, and through whom?
SELECT round(difference::numeric, 1) AS difference, round(promoters::numeric, 1) AS promoters, round(detractors::numeric, 1) AS detractors, round(lower::numeric, 1) AS lower,
    round(upper::numeric, 1) AS upper, verdict
FROM (SELECT nps_agg(score) FILTER (WHERE answered_at >= '2025-01-01 00:00 Europe/Berlin') AS y2025,
          nps_agg(score) FILTER (WHERE answered_at >= '2024-01-01 00:00 Europe/Berlin'
              AND answered_at < '2025-01-01 00:00 Europe/Berlin') AS y2024
      FROM shop.answers) a, nps_change(y2025, y2024);

-- Did support get better when it got help in 2025? The same, for one touchpoint.
SELECT round(difference::numeric, 1) AS difference, round(promoters::numeric, 1) AS promoters, round(detractors::numeric, 1) AS detractors, round(lower::numeric, 1) AS lower,
    round(upper::numeric, 1) AS upper, verdict
FROM (SELECT nps_agg(score) FILTER (WHERE answered_at >= '2025-01-01 00:00 Europe/Berlin') AS since,
          nps_agg(score) FILTER (WHERE answered_at < '2025-01-01 00:00 Europe/Berlin') AS before
      FROM shop.answers WHERE touchpoint = 'support') a, nps_change(since, before);

-- Do those who come often think better of us? The score by number of orders.
SELECT CASE WHEN orders < 3 THEN '0' || orders WHEN orders < 10 THEN '03 to 09' ELSE '10+' END AS orders,
    nps_responses(nps_agg(score)) AS responses, round(nps_score(nps_agg(score))::numeric, 1) AS nps
FROM shop.answers a JOIN loyalty.customers c ON c.customer = a.customer_id GROUP BY 1 ORDER BY 1;

-- And do those who would not recommend us leave? Everybody's last answer, and who has been silent for half a year.
SELECT nps_group(score) AS answered_as, count(*) AS customers,
    round(100.0 * count(*) FILTER (WHERE days_since_last > 183) / count(*), 1) AS pct_silent
FROM (SELECT DISTINCT ON (customer_id) * FROM shop.answers ORDER BY customer_id, answered_at DESC) a
    JOIN loyalty.customers c ON c.customer = a.customer_id
GROUP BY 1 ORDER BY min(score) DESC;

-- What they say, attached like the orders: the score of the last twelve months and what to do, by what customers were when
-- they answered, what would make it a 10, and what waits for a reply, the most valuable customer first.
SELECT topic, finding FROM attach_answers('shop.answers');
SELECT round(score::numeric, 1) AS score, round(score_lower::numeric, 1) AS lower, round(score_upper::numeric, 1) AS upper, band, advice, round(response_rate::numeric, 3) AS response_rate,
    round(period_score::numeric, 1) AS period_score, round(change::numeric, 1) AS change, verdict FROM loyalty.nps_summary;
SELECT value AS stage, responses, round(score::numeric, 1) AS score, round(response_rate::numeric, 3) AS response_rate, value_at_risk, enough FROM loyalty.nps_by_segment
WHERE dimension = 'stage';
SELECT wish, asked, round(share::numeric, 3) AS share, passives, detractors, last_year_revenue FROM loyalty.improvements WHERE position <= 5 ORDER BY position;
SELECT position, customer, day, kind, score, comment, owner, replied, last_year_revenue, stage FROM loyalty.feedback_inbox WHERE position <= 5 ORDER BY position;
SELECT value AS kind, answers, replied, unanswered, round(median_reply_hours::numeric, 1) AS median_reply_hours, round(p90_reply_hours::numeric, 1) AS p90_reply_hours FROM loyalty.response_times
WHERE dimension = 'kind' ORDER BY kind;

-- How many answers it takes to know the score to five points up or down, and how many the last quarter had.
SELECT nps_sample_size(nps_agg(score), 5) AS answers_needed,
    count(*) FILTER (WHERE answered_at >= '2025-10-01 00:00 Europe/Berlin') AS last_quarter
FROM shop.answers;

-- How satisfied customers are with each touchpoint: the ratings from 1 to 5, and the share of 4 and 5.
SELECT touchpoint, ratings, round(csat_top_box(ratings)::numeric, 3) AS satisfied, round(lower::numeric, 3) AS lower, round(upper::numeric, 3) AS upper
FROM (SELECT touchpoint, rating_agg(rating, 1, 5) AS ratings FROM shop.touchpoint_ratings GROUP BY touchpoint) r,
    csat_top_box_interval(ratings)
ORDER BY satisfied;

-- An audit: each touchpoint rated awful, ok or wow, the worst first. Others of the classic list wait for their first rating.
INSERT INTO loyalty.touchpoint_ratings (rater, day, touchpoint, level)
SELECT customer_id, (rated_at AT TIME ZONE 'Europe/Berlin')::date,
    CASE touchpoint WHEN 'store' THEN 'rooms' WHEN 'product' THEN 'quality in use'
        WHEN 'support' THEN 'first call' ELSE touchpoint END,
    CASE WHEN rating <= 2 THEN 'awful' WHEN rating = 5 THEN 'wow' ELSE 'ok' END
FROM shop.touchpoint_ratings ON CONFLICT DO NOTHING;
SELECT touchpoint_group, touchpoint, ratings, awful, ok, wow, round(score::numeric, 1) AS score, round(lower::numeric, 1) AS lower, round(upper::numeric, 1) AS upper, enough,
    round(score_change::numeric, 1) AS change, verdict
FROM loyalty.touchpoint_scorecard WHERE ratings > 0 ORDER BY score;

-- What brings customers, what they cost and what comes back: the sources whose customers stay first. What prompts later
-- orders is apart from what acquired the customer.
SELECT topic, finding FROM attach_costs('shop.costs') WHERE topic NOT IN ('spent_on', 'source', 'cost');
SELECT position, source, customers, referred_customers AS referred, round(kept_share::numeric, 3) AS kept, round(kept_share_lower::numeric, 3) AS lower,
    round(repeat_share::numeric, 3) AS repeat, round(value_per_customer::numeric, 2) AS value, later_orders, cost, round(cost_per_customer::numeric, 2) AS per_customer,
    round(return_on_cost::numeric, 1) AS return_on_cost
FROM loyalty.sources ORDER BY position;

-- Who brings others: customers worth more than they buy.
SELECT position, customer, referred_customers, referred_revenue, revenue, first_referred, last_referred FROM loyalty.referrals ORDER BY position LIMIT 5;

-- How customers move from one touchpoint to the next; how likely an order is from each of them on, whatever comes in
-- between, and what would be missing without it; the funnel, where it loses customers, and how many visits a hundred
-- orders take.
SELECT topic, finding FROM attach_touchpoints('shop.contacts') WHERE topic = 'touchpoints';
SELECT from_touchpoint, to_touchpoint, transitions, customers, round(share::numeric, 3) AS share, round(median_hours::numeric, 1) AS median_hours
FROM loyalty.journey WHERE share > 0.05 ORDER BY from_touchpoint, transitions DESC;
SELECT touchpoint, transitions, round(purchase_probability::numeric, 3) AS probability, round(lower::numeric, 3) AS lower, round(upper::numeric, 3) AS upper, round(expected_steps::numeric, 1) AS expected_steps,
    round(removal_effect::numeric, 3) AS removal_effect, round(attribution_share::numeric, 3) AS attribution_share, round(attributed_purchases::numeric, 1) AS attributed_purchases
FROM loyalty.journey_absorption ORDER BY purchase_probability DESC;
INSERT INTO loyalty.funnel_stages VALUES ('online', 1, 'website'), ('online', 2, 'product page'), ('online', 3, 'basket'), ('online', 4, 'PURCHASE')
ON CONFLICT DO NOTHING;
SELECT step_number, touchpoint, reached, round(pct_of_first::numeric, 1) AS of_first, round(pct_of_previous::numeric, 1) AS of_previous, round(pct_of_previous_lower::numeric, 1) AS lower,
    round(pct_of_previous_upper::numeric, 1) AS upper, round(median_hours::numeric, 1) AS median_hours, lost, still_open, skipped, top_reason
FROM loyalty.funnel_summary ORDER BY step_number;
SELECT p.* FROM funnel_plan((SELECT funnel(VARIADIC array_agg(reached ORDER BY step_number)) FROM loyalty.funnel_summary), 100) p;

-- What is bought together, more often than chance and large orders explain; what to offer the best customer next, and whether such
-- offers would have met what customers bought in the last half year; which services are forgotten, and by whom.
SELECT topic, finding FROM attach_lines('shop.order_lines') WHERE topic IN ('lines', 'no lines');
SELECT product, with_product, baskets_with_both AS together, round(confidence::numeric, 3) AS confidence, round(confidence_lower::numeric, 3) AS lower, round(confidence_upper::numeric, 3) AS upper,
    round(lift::numeric, 1) AS lift
FROM loyalty.strongest_pairs ORDER BY position LIMIT 8;
SELECT position, product, because_of, round(bound::numeric, 3) AS at_least FROM loyalty.next_offers WHERE customer = :customer ORDER BY position LIMIT 5;
SELECT method, customers, hits, round(hit_rate::numeric, 3) AS hit_rate, round(hit_rate_lower::numeric, 3) AS lower, round(hit_rate_upper::numeric, 3) AS upper FROM loyalty.offer_holdout('2025-07-01', 3);
SELECT value AS employee, category, orders, orders_with, round(rate::numeric, 3) AS rate, round(median_rate::numeric, 3) AS median, revenue_gap
FROM loyalty.attach_rates WHERE dimension = 'employee' AND with_category = 'service' AND enough ORDER BY revenue_gap DESC LIMIT 5;

-- What is offered, who accepts it, and why others refuse.
SELECT topic, finding FROM attach_offers('shop.offers') WHERE topic IN ('offers', 'outcomes');
SELECT value AS offer, made, accepted, refused, unanswered, round(share::numeric, 3) AS share, round(lower::numeric, 3) AS lower, round(upper::numeric, 3) AS upper, round(p_value::numeric, 3) AS p_value
FROM loyalty.offer_acceptance WHERE dimension = 'offer' ORDER BY share DESC;
SELECT offer, reason, refusals, round(share::numeric, 3) AS share FROM loyalty.refusal_reasons WHERE enough ORDER BY position LIMIT 6;

-- What the points are going to cost that customers still have, by their age, who has most of them, and whether those of orders that came back
-- were taken back.
SELECT topic, finding FROM attach_points('shop.points') WHERE topic IN ('points', 'taken back', 'kept', 'overdrawn');
SELECT customers, earned, redeemed, expired, open_points, expiring, round(breakage::numeric, 3) AS breakage, expected_redeemed, points_value, liability FROM loyalty.points_liability;
SELECT age_months, open_points, expiring, round(redeemed_share::numeric, 3) AS redeemed_share, expected_redeemed, liability FROM loyalty.points_by_age ORDER BY age_months;
SELECT customer, earned, redeemed, expired, balance, expiring, points_value FROM loyalty.points_balances ORDER BY balance DESC, customer LIMIT 5;

-- Who complained in shop.answers and was offered something within a month, and who was not: how many ordered again in the half year after. It is no effect.
SELECT stage, offered_customers AS offered, offered_buyers AS came, round(offered_share::numeric, 3) AS share, other_customers AS others, other_buyers AS came, round(other_share::numeric, 3) AS share,
    round(difference::numeric, 3) AS difference, round(difference_lower::numeric, 3) AS lower, round(difference_upper::numeric, 3) AS upper, enough
FROM loyalty.after_compensation WHERE offered_customers > 0 ORDER BY position;

-- A programme of silver, gold and platinum: who is in which tier, what its discounts take off, who moved in the last period, and whom one
-- purchase separates from the next tier, or a month from losing theirs. A more generous policy: who would move, and what it would have cost.
INSERT INTO loyalty.tiers (policy, tier, threshold, discount, benefits) VALUES
    ('current', 'silver', 200, 0.03, 'free delivery'), ('current', 'gold', 500, 0.05, 'free delivery, a present on the birthday'), ('current', 'platinum', 1000, 0.10, 'a person of their own'),
    ('generous', 'silver', 150, 0.05, 'free delivery'), ('generous', 'gold', 400, 0.08, 'free delivery, a present on the birthday'), ('generous', 'platinum', 1000, 0.15, 'a person of their own')
ON CONFLICT DO NOTHING;
UPDATE loyalty.settings SET tier_hold = '3 months';
SELECT tier, customers, round(pct_of_customers::numeric, 1) AS pct_of_customers, held_customers AS held, window_revenue, round(pct_of_window_revenue::numeric, 1) AS pct_of_revenue, discount, discount_cost
FROM loyalty.tier_summary ORDER BY position;
SELECT flow, sum(customers) AS customers, sum(revenue) AS revenue_in_period FROM loyalty.tier_migration
WHERE as_of = (SELECT max(as_of) FROM loyalty.tier_migration) GROUP BY flow ORDER BY customers DESC;
SELECT position, customer, tier, near_next, missing, missing_until, falls_soon, kept_until, round(average_order, 2) AS average_order FROM loyalty.near_tier ORDER BY position LIMIT 8;
SELECT from_tier, to_tier, customers, revenue, cost, policy_cost, cost_change FROM loyalty.tier_what_if('generous');

-- A letter that half of the customers got: did it bring anything? Then what another one would be able to show, before it starts.
SELECT grp, measure, customers, round(mean::numeric, 2) AS mean, round(control_mean::numeric, 2) AS control, round(difference::numeric, 3) AS difference, round(difference_lower::numeric, 3) AS lower,
    round(difference_upper::numeric, 3) AS upper, round(p_value::numeric, 4) AS p_value, round(incremental::numeric) AS incremental, round(less_discount::numeric) AS less_discount, verdict, enough
FROM loyalty.campaign_effect ORDER BY position;
SELECT topic, finding, advice FROM start_campaign('spring', 'SELECT customer FROM loyalty.customers', started => (SELECT as_of FROM loyalty.reporting_date), plan => true);

-- Everything that is known of the best customer, the latest first.
SELECT day, kind, title, detail, amount FROM loyalty.customer_timeline WHERE customer = :customer ORDER BY happened_at DESC, kind LIMIT 15;

-- What a survey said: shares of those who answered, and how many skipped the question; and who would buy again.
SELECT topic, finding FROM attach_survey('shop.survey_answers') WHERE topic IN ('used', 'questions');
SELECT question, kind, answer, respondents, base_respondents AS base, round(pct_of_respondents::numeric, 1) AS pct, round(pct_lower::numeric, 1) AS lower,
    round(pct_upper::numeric, 1) AS upper, round(pct_of_answers::numeric, 1) AS pct_of_answers, skipped
FROM loyalty.survey_tallies WHERE question <> 'recommend' ORDER BY questionnaire, question_position, answer_position;
SELECT value AS stage, answer, respondents, base_respondents AS base, round(pct_of_respondents::numeric, 1) AS pct, round(pct_lower::numeric, 1) AS lower,
    round(pct_upper::numeric, 1) AS upper
FROM loyalty.survey_by_dimension WHERE dimension = 'stage' AND question = 'buy_again' AND enough ORDER BY stage, answer_position;

-- What to answer when somebody asks: the knowledge base, searched like the web.
INSERT INTO loyalty.knowledge_base (question, answer, keywords, language) VALUES
    ('How do I return a parcel?', 'Put the label from the box on it; the money is back within a week.', 'refund, send back', 'english'),
    ('When do you deliver?', 'Within two working days, on Saturdays too.', 'shipping, delivery', 'english');
SELECT question, answer, all_words FROM loyalty.find_answers('refund for a returned parcel');
