-- What is bought together, as a reader of the documentation would try it.

CREATE TABLE line (order_id integer, product text);
INSERT INTO line VALUES (1, 'tea'), (1, 'pot'), (1, 'tea'), (2, 'tea'), (2, 'pot'), (2, 'cup'), (3, 'tea'), (4, 'cup'), (4, 'pot'), (NULL, 'tea'), (5, NULL);

-- Each product once for each order; lines without either are skipped.
SELECT basket_agg(order_id, product) FROM line;
SELECT basket_agg(order_id, product)::jsonb FROM line;
SELECT basket_agg(order_id, product) FROM line WHERE false;
SELECT (basket_counts(basket_agg(order_id, product))).* FROM line;
SELECT (basket_counts(basket_agg(order_id, product), max_items => 2)).* FROM line;

-- Orders and products are numbers or texts.
SELECT basket_agg(o, p), basket_agg(o::text, p) = basket_agg(o, p::text) AS same FROM (VALUES (10, 7), (9, 7), (9, 8)) AS v (o, p);

-- Pairs, both ways
SELECT product, with_product, baskets, baskets_with, baskets_with_both, all_baskets, support, round(confidence::numeric, 4) AS confidence,
       round(confidence_lower::numeric, 4) AS lower, round(confidence_upper::numeric, 4) AS upper
FROM (SELECT basket_agg(order_id, product) AS b FROM line) AS s, basket_pairs(b, min_count => 1) ORDER BY product, with_product;
SELECT product, with_product, round(lift::numeric, 4) AS lift, round(lift_lower::numeric, 4) AS lower, round(lift_upper::numeric, 4) AS upper,
       round(size_adjusted::numeric, 4) AS size_adjusted, round(size_adjusted_back::numeric, 4) AS back, round(conviction::numeric, 4) AS conviction
FROM (SELECT basket_agg(order_id, product) AS b FROM line) AS s, basket_pairs(b, min_count => 1) ORDER BY product, with_product;
SELECT product, with_product, baskets_with_both FROM (SELECT basket_agg(order_id, product) AS b FROM line) AS s, basket_pairs(b, 2, max_items => 2);
SELECT count(*) FROM (SELECT basket_agg(order_id, product) AS b FROM line) AS s, basket_pairs(b);

-- Parts add up, and an order may be in several.
SELECT '{"1": ["tea"], "2": ["cup"]}'::baskets + '{"1": ["pot"]}' AS sum;
SELECT rollup(b) FROM (SELECT product, basket_agg(order_id, product) AS b FROM line GROUP BY product) AS p;
SELECT product, basket_agg(order_id, product) FROM line GROUP BY ROLLUP (product) ORDER BY product;
SELECT order_id, basket_agg(order_id, product) OVER (ORDER BY order_id) FROM line WHERE order_id < 3 ORDER BY order_id, product;
SELECT '{"2": ["b", "a"], "1": ["c"]}'::baskets, '{"2": ["b", "a"]}'::baskets = '{"2": ["a", "b", "b"]}' AS same;

-- What is refused, and what to do about it.
SELECT '{"1": "tea"}'::baskets;
SELECT '{"1": []}'::baskets;
SELECT basket_pairs('{}', 0);
SELECT basket_pairs('{}', 1, 70000);
SELECT basket_pairs('{}', level => 95);
SELECT basket_counts('{}', 0);
