-- The rest of what the made-up shop has: its customers, what orders are made of, their answers, its costs, the touchpoints and a funnel, a survey, offers, and a
-- campaign.
SELECT attach_customers('shop.customers', dimensions => '{region,age_group}', name => '{name}', contact => '{email}'), attach_answers('shop.answers'), attach_costs('shop.costs'),
    attach_touchpoints('shop.contacts'), attach_survey('shop.survey_answers'), attach_lines('shop.order_lines'), attach_offers('shop.offers') \g /dev/null
INSERT INTO loyalty.funnel_stages VALUES ('online', 1, 'website'), ('online', 2, 'product page'), ('online', 3, 'basket'), ('online', 4, 'PURCHASE')
ON CONFLICT DO NOTHING;
SELECT start_campaign('autumn letter', 'SELECT customer FROM loyalty.customers', groups => '{control,letter}', strata => 'none', discount => 0.1, started => '2025-09-01', note => 'A letter with 10 % off')
WHERE NOT EXISTS (SELECT FROM loyalty.campaigns c WHERE c.campaign = 'autumn letter') \g /dev/null
SELECT end_campaign('autumn letter', ended => '2025-12-01')
WHERE EXISTS (SELECT FROM loyalty.campaigns c WHERE c.campaign = 'autumn letter' AND c.ended_on IS NULL) \g /dev/null
