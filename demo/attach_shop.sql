-- The rest of what the made-up shop has: its customers, what orders are made of, their answers, its costs, the touchpoints and a funnel, a survey, and offers.
SELECT attach_customers('shop.customers', dimensions => '{region,age_group}', name => '{name}', contact => '{email}'), attach_answers('shop.answers'), attach_costs('shop.costs'),
    attach_touchpoints('shop.contacts'), attach_survey('shop.survey_answers'), attach_lines('shop.order_lines'), attach_offers('shop.offers') \g /dev/null
INSERT INTO loyalty.funnel_stages VALUES ('online', 1, 'website'), ('online', 2, 'product page'), ('online', 3, 'basket'), ('online', 4, 'PURCHASE')
ON CONFLICT DO NOTHING;
