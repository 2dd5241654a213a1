-- Orders of a tenth as many customers, over three years, in no order of customer or time; and survey scores
SELECT setseed(0.5);

CREATE TABLE orders AS
SELECT (random() * (:orders / 10 - 1))::integer + 1 AS customer,
    date '2022-01-01' + (random() * 1095)::integer AS ordered_on,
    round(exp(3 + random() * 2)::numeric, 2)::numeric(12, 2) AS amount
FROM generate_series(1, :orders);

CREATE TABLE first_orders AS
SELECT n AS customer, date '2022-01-01' + (n % 1095)::integer AS ordered_on, 9.99::numeric(12, 2) AS amount
FROM generate_series(1, :orders / 10) n;

CREATE TABLE first_amounts AS
SELECT round(exp(random() * 5)::numeric, 2)::numeric(12, 2) AS amount, exp(random() * 5) AS float_amount
FROM generate_series(1, :orders / 10);

CREATE TABLE scores AS
SELECT (random() * 10)::smallint AS score, n AS customer FROM generate_series(1, :orders) n;

-- What customers did: mostly first steps; the index is for those who write it by hand
CREATE TABLE events AS
SELECT customer, ordered_on + random() * interval '1 day' AS at, 1 + floor(4 * random() ^ 2)::integer AS step FROM orders;
CREATE INDEX ON events (customer, step, at);

VACUUM ANALYZE events, orders, first_orders, first_amounts, scores;

CREATE TABLE histories AS SELECT customer, history_agg(ordered_on, amount) AS history FROM orders GROUP BY customer;
VACUUM ANALYZE histories;
