-- The rest of what the made-up shop has: its customers, what orders are made of, their answers, its costs, the touchpoints and a funnel, a survey, offers, and points.
SELECT attach_customers('shop.customers', dimensions => '{region,age_group}', name => '{name}', contact => '{email}'), attach_answers('shop.answers'), attach_costs('shop.costs'),
    attach_touchpoints('shop.contacts'), attach_survey('shop.survey_answers'), attach_lines('shop.order_lines'), attach_offers('shop.offers'),
    attach_points('shop.points') \g /dev/null
UPDATE loyalty.settings SET points_valid = '12 months', point_cost = 0.01;
INSERT INTO loyalty.funnel_stages VALUES ('online', 1, 'website'), ('online', 2, 'product page'), ('online', 3, 'basket'), ('online', 4, 'PURCHASE')
ON CONFLICT DO NOTHING;
