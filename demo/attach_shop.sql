-- The rest of what the made-up shop has: its customers, what orders are made of, their answers, its costs, the touchpoints and a funnel, a survey, offers, points, tiers,
-- and a campaign.
SELECT attach_customers('shop.customers', dimensions => '{region,age_group}', name => '{name}', contact => '{email}'), attach_answers('shop.answers'), attach_costs('shop.costs'),
    attach_touchpoints('shop.contacts'), attach_survey('shop.survey_answers'), attach_lines('shop.order_lines'), attach_offers('shop.offers'),
    attach_points('shop.points') \g /dev/null
UPDATE loyalty.settings SET points_valid = '12 months', point_cost = 0.01;
INSERT INTO loyalty.funnel_stages VALUES ('online', 1, 'website'), ('online', 2, 'product page'), ('online', 3, 'basket'), ('online', 4, 'PURCHASE')
ON CONFLICT DO NOTHING;
-- A programme of three tiers, and another policy to try.
INSERT INTO loyalty.tiers (policy, tier, threshold, discount, benefits) VALUES
    ('current', 'silver', 200, 0.03, 'free delivery'), ('current', 'gold', 500, 0.05, 'free delivery, a present on the birthday'), ('current', 'platinum', 1000, 0.10, 'a person of their own'),
    ('generous', 'silver', 150, 0.05, 'free delivery'), ('generous', 'gold', 400, 0.08, 'free delivery, a present on the birthday'), ('generous', 'platinum', 1000, 0.15, 'a person of their own')
ON CONFLICT DO NOTHING;
UPDATE loyalty.settings SET tier_hold = '3 months';
SELECT start_campaign('autumn letter', 'SELECT customer FROM loyalty.customers', groups => '{control,letter}', strata => 'none', discount => 0.1, started => '2025-09-01', note => 'A letter with 10 % off')
WHERE NOT EXISTS (SELECT FROM loyalty.campaigns c WHERE c.campaign = 'autumn letter') \g /dev/null
SELECT end_campaign('autumn letter', ended => '2025-12-01')
WHERE EXISTS (SELECT FROM loyalty.campaigns c WHERE c.campaign = 'autumn letter' AND c.ended_on IS NULL) \g /dev/null
