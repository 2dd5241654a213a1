-- The demo's shop: a coffee roaster with an online shop and a cash desk, in its years 2023 to 2025.
-- Variables: customers (how many), seed. The same two make the same shop, on every day and every machine:
-- chance is a hash of what is decided, whom it is decided for, and the seed.

BEGIN;
CREATE SCHEMA shop;
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'Europe/Berlin';
SET LOCAL max_parallel_workers_per_gather = 0;

CREATE TABLE shop.customers (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    region text NOT NULL,
    age_group text,
    source text NOT NULL,
    joined_at timestamptz NOT NULL,
    referred_by bigint REFERENCES shop.customers
);
CREATE TABLE shop.orders (
    id bigint PRIMARY KEY,
    customer_id bigint REFERENCES shop.customers,
    created_at timestamptz NOT NULL,
    total numeric(12,2) NOT NULL,
    status text NOT NULL,
    source text NOT NULL,
    category text NOT NULL
);
CREATE TABLE shop.order_lines (
    order_id bigint NOT NULL REFERENCES shop.orders,
    product text NOT NULL,
    category text NOT NULL,
    quantity integer NOT NULL,
    amount numeric(12,2) NOT NULL,
    employee text,
    PRIMARY KEY (order_id, product)
);
CREATE TABLE shop.answers (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES shop.customers,
    answered_at timestamptz NOT NULL,
    score integer NOT NULL CHECK (score BETWEEN 0 AND 10),
    touchpoint text NOT NULL,
    comment text,
    kind text,
    wish text,
    owner text,
    replied_at timestamptz,
    resolved_at timestamptz
);
CREATE TABLE shop.touchpoint_ratings (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES shop.customers,
    rated_at timestamptz NOT NULL,
    touchpoint text NOT NULL,
    rating integer NOT NULL CHECK (rating BETWEEN 1 AND 5)
);
CREATE TABLE shop.survey_answers (
    respondent bigint NOT NULL REFERENCES shop.customers,
    question text NOT NULL,
    answer text,
    answered_at timestamptz NOT NULL
);
COMMENT ON COLUMN shop.survey_answers.answer IS 'NULL where the question was skipped; several rows where several answers were ticked';
CREATE TABLE shop.contacts (
    customer_id bigint NOT NULL REFERENCES shop.customers,
    happened_at timestamptz NOT NULL,
    touchpoint text NOT NULL,
    source text NOT NULL,
    reason text
);
CREATE TABLE shop.offers (
    customer_id bigint NOT NULL REFERENCES shop.customers,
    offered_at timestamptz NOT NULL,
    offer text NOT NULL,
    outcome text CHECK (outcome IN ('accepted', 'refused')),
    reason text,
    order_id bigint REFERENCES shop.orders,
    employee text
);
CREATE TABLE shop.points (
    customer_id bigint NOT NULL REFERENCES shop.customers,
    happened_at timestamptz NOT NULL,
    points integer NOT NULL,
    order_id bigint REFERENCES shop.orders
);
CREATE TABLE shop.costs (
    month date NOT NULL,
    source text NOT NULL,
    cost numeric(12,2) NOT NULL,
    PRIMARY KEY (month, source)
);
COMMENT ON COLUMN shop.contacts.reason IS 'Why a basket was left';
COMMENT ON COLUMN shop.offers.outcome IS 'NULL where nobody answered';
COMMENT ON COLUMN shop.offers.order_id IS 'What was bought with it';
COMMENT ON COLUMN shop.offers.employee IS 'NULL for what the online shop offers';
COMMENT ON COLUMN shop.points.points IS 'Below zero where they were redeemed, or taken back as the order was';
COMMENT ON COLUMN shop.orders.customer_id IS 'NULL for sales at the cash desk';
COMMENT ON COLUMN shop.orders.total IS 'Euro; negative for a refund';
COMMENT ON COLUMN shop.order_lines.amount IS 'Of the whole line';
COMMENT ON COLUMN shop.order_lines.employee IS 'Who sold it in the store; NULL in the online shop';
COMMENT ON COLUMN shop.answers.score IS 'How likely are you to recommend us? 0 to 10';
COMMENT ON COLUMN shop.answers.wish IS 'What would make it a 10?';
COMMENT ON COLUMN shop.touchpoint_ratings.rating IS 'How satisfied were you? 1 to 5';

-- Chance. The name of a decision keeps it apart from all others.

CREATE FUNCTION pg_temp.uniform(decision text, key bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN (hashint8extended(key, hashtextextended(decision, :seed)) >> 12) / 4503599627370496::float8 + 0.5;

CREATE FUNCTION pg_temp.exponential(decision text, key bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN -ln(1 - pg_temp.uniform(decision, key));

CREATE FUNCTION pg_temp.normal(decision text, key bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN sqrt(2 * pg_temp.exponential(decision, key)) * cos(2 * pi() * pg_temp.uniform(decision || ' angle', key));

CREATE FUNCTION pg_temp.choice(decision text, key bigint, options text[]) RETURNS text LANGUAGE sql IMMUTABLE
RETURN options[1 + floor(pg_temp.uniform(decision, key) * cardinality(options))::integer];

-- The calendar. Customers live in the shop's own time, which runs fast on busy days and slowly on quiet ones:
-- what is steady there gets a season and a weekly rhythm here. business_day() is the way back.

CREATE TEMP TABLE calendar ON COMMIT DROP AS
SELECT d.day,
    (ARRAY[0.85, 0.85, 0.95, 1, 0.95, 0.9, 0.8, 0.85, 1, 1.05, 1.4, 1.9])[extract(month FROM d.day)::integer]
        * (ARRAY[1, 0.95, 0.95, 1, 1.2, 1.3, 0.6])[extract(isodow FROM d.day)::integer]
        * CASE WHEN to_char(d.day, 'MMDD') BETWEEN '1225' AND '1231' THEN 0.4 ELSE 1 END AS pace
FROM (SELECT date '2023-01-01' + n AS day FROM generate_series(0, 1095) n) d;

CREATE TEMP TABLE shop_time ON COMMIT DROP AS
SELECT array_agg(s.elapsed ORDER BY s.day) AS elapsed, 1096::float8 AS total
FROM (
    SELECT c.day, (1096 * (sum(c.pace) OVER (ORDER BY c.day) - c.pace) / sum(c.pace) OVER ())::float8 AS elapsed
    FROM calendar c
) s;

CREATE FUNCTION pg_temp.business_day(elapsed float8, days float8[]) RETURNS date LANGUAGE sql IMMUTABLE
RETURN date '2022-12-31' + width_bucket(elapsed, days);

CREATE FUNCTION pg_temp.local_time(day date, hours float8) RETURNS timestamptz LANGUAGE sql IMMUTABLE
RETURN (day + interval '1 second' * floor(hours * 3600)) AT TIME ZONE 'Europe/Berlin';

-- What drives each customer. Content customers stay longer, recommend us, and come more often by recommendation.

CREATE TEMP TABLE traits ON COMMIT DROP AS
WITH base AS (
    SELECT n AS id,
        1096 * ((n - pg_temp.uniform('joined', n)) / :customers) ^ 0.85 AS joined,
        CASE WHEN u < 0.30 THEN 'ads' WHEN u < 0.55 THEN 'search' WHEN u < 0.72 THEN 'walk-in'
            WHEN u < 0.88 THEN 'referral' ELSE 'marketplace' END AS source
    FROM generate_series(1, :customers::bigint) n, LATERAL (SELECT pg_temp.uniform('source', n)) s(u)
), content AS (
    SELECT b.*, pg_temp.normal('content', b.id)
        + CASE b.source WHEN 'referral' THEN 0.4 WHEN 'walk-in' THEN 0.2 WHEN 'ads' THEN -0.2
            WHEN 'marketplace' THEN -0.4 ELSE 0 END AS content
    FROM base b
), kind AS (
    SELECT c.*,
        CASE WHEN pg_temp.uniform('never', c.id) < 0.03 THEN 'never'
            WHEN pg_temp.uniform('kind', c.id) < 1 / (1 + exp(0.7 + 0.8 * c.content)) THEN 'once'
            WHEN pg_temp.uniform('loyal', c.id) < 0.12 + 0.05 * c.content THEN 'loyal'
            ELSE 'occasional' END AS kind
    FROM content c
)
SELECT k.id, k.joined, k.source, k.content, k.kind,
    CASE k.kind WHEN 'loyal' THEN 24 * exp(0.4 * pg_temp.normal('gap', k.id))
        ELSE 70 * exp(0.7 * pg_temp.normal('gap', k.id)) END AS gap,
    CASE k.kind WHEN 'loyal' THEN 0.6 ELSE 2.2 END AS unsteadiness,
    CASE k.kind WHEN 'never' THEN -1 WHEN 'once' THEN 0
        WHEN 'loyal' THEN 900 * exp(0.5 * k.content) * pg_temp.exponential('life', k.id)
        ELSE 260 * exp(0.7 * k.content) * pg_temp.exponential('life', k.id) END AS life,
    exp(0.45 * pg_temp.normal('purse', k.id)) AS purse,
    pg_temp.choice('favourite', k.id, '{coffee,coffee,coffee,tea,kitchen,gifts}') AS favourite
FROM kind k;

INSERT INTO shop.customers
SELECT t.id, n.first || ' ' || n.last, lower(n.first || '.' || n.last COLLATE "C") || t.id || '@example.com',
    pg_temp.choice('region', t.id, '{north,south,south,east,west,west,west,abroad}'),
    CASE WHEN pg_temp.uniform('age known', t.id) < 0.8
        THEN pg_temp.choice('age', t.id, '{18-29,30-44,30-44,45-59,45-59,60+}') END,
    t.source,
    pg_temp.local_time(pg_temp.business_day(t.joined, s.elapsed), 7 * pg_temp.uniform('joined at', t.id)),
    CASE WHEN t.source = 'referral' AND t.id > 1 THEN 1 + floor((t.id - 1) * pg_temp.uniform('referrer', t.id) ^ 2)::bigint END
FROM traits t CROSS JOIN shop_time s
CROSS JOIN LATERAL (
    SELECT pg_temp.choice('first name', t.id, '{Ada,Ben,Clara,David,Emma,Felix,Greta,Hugo,Ida,Jonas,Klara,Leon,Mia,Noah,
            Olga,Paul,Rosa,Samir,Tilda,Yusuf}'),
        pg_temp.choice('last name', t.id, '{Albers,Bauer,Costa,Demir,Eriksen,Fischer,Garcia,Hansen,Ivanov,Jansen,Keller,
            Lorenz,Meyer,Novak,Okafor,Peters,Rossi,Schmidt,Tanaka,Weber}')
) n(first, last);

-- Visits, each with one order. In a visit's key the customer comes first, then its number.

CREATE TEMP TABLE visits ON COMMIT DROP AS
WITH times AS (
    SELECT t.*, t.id * 1000 + v AS key, v AS visit,
        t.joined + t.gap * CASE WHEN v = 0 THEN 0
            ELSE greatest(0, v + t.unsteadiness * (pg_temp.uniform('visit', t.id * 1000 + v) - 0.5)) END AS elapsed
    FROM traits t, generate_series(0, least(999, floor(least(t.life, 1096 - t.joined) / t.gap))::bigint) v
), dated AS (
    SELECT t.*, pg_temp.business_day(t.elapsed, s.elapsed) AS day
    FROM times t CROSS JOIN shop_time s
    WHERE t.elapsed < s.total
), chosen AS (
    SELECT d.*,
        CASE WHEN d.visit = 0 OR pg_temp.uniform('same way', d.key) < CASE d.source WHEN 'walk-in' THEN 0.8 ELSE 0.3 END
            THEN d.source
            ELSE pg_temp.choice('way', d.key, '{direct,direct,direct,newsletter,newsletter,search}') END AS way,
        CASE WHEN pg_temp.uniform('machine', d.key) < 0.02 THEN 'machines'
            WHEN extract(month FROM d.day) = 12 AND pg_temp.uniform('present', d.key) < 0.3 THEN 'gifts'
            WHEN pg_temp.uniform('as usual', d.key) < 0.65 THEN d.favourite
            ELSE pg_temp.choice('category', d.key, '{coffee,coffee,tea,kitchen,gifts}') END AS category
    FROM dated d
)
SELECT c.key, c.id AS customer_id, c.content, c.way AS source, c.category,
    pg_temp.local_time(c.day, CASE c.way
        WHEN 'walk-in' THEN 9.5 + 8.5 * pg_temp.uniform('hour', c.key)
        ELSE 7 + 7.9 * (pg_temp.uniform('hour', c.key) + pg_temp.uniform('hour too', c.key)) END) AS created_at,
    CASE WHEN pg_temp.uniform('voucher', c.key) < 0.004 THEN 0
        ELSE round((c.purse * exp(0.55 * pg_temp.normal('basket', c.key))
            * CASE c.category WHEN 'coffee' THEN 32 WHEN 'tea' THEN 24 WHEN 'kitchen' THEN 58 WHEN 'gifts' THEN 40
                ELSE 390 END
            * CASE WHEN extract(month FROM c.day) = 12 THEN 1.2 ELSE 1 END)::numeric, 2) END AS total
FROM chosen c;

-- Receipts: the visits, second receipts of the same day, refunds, the cash desk, and what goes wrong in any shop.

CREATE TEMP TABLE receipts ON COMMIT DROP AS
SELECT v.customer_id, v.created_at, v.total, 'completed' AS status, v.source, v.category, v.key
FROM visits v
UNION ALL
SELECT v.customer_id, v.created_at + interval '1 minute' * ceil(40 * pg_temp.uniform('forgotten', v.key)),
    round((20 * exp(0.5 * pg_temp.normal('second basket', v.key)))::numeric, 2), 'completed', v.source, v.category,
    v.key
FROM visits v
WHERE pg_temp.uniform('split', v.key) < 0.04
UNION ALL
SELECT v.customer_id, v.created_at + interval '1 day' * (3 + floor(20 * pg_temp.uniform('sent back', v.key))),
    -round(v.total * (CASE WHEN pg_temp.uniform('all back', v.key) < 0.6 THEN 1
        ELSE 0.2 + 0.5 * pg_temp.uniform('part back', v.key) END)::numeric, 2), 'refunded', v.source, v.category, v.key
FROM visits v
WHERE v.total > 1 AND pg_temp.uniform('return', v.key) <
    CASE v.category WHEN 'machines' THEN 0.12 WHEN 'kitchen' THEN 0.09 WHEN 'gifts' THEN 0.06 ELSE 0.015 END
UNION ALL
SELECT NULL, pg_temp.local_time(pg_temp.business_day(1096 * pg_temp.uniform('desk day', n), s.elapsed),
        9.5 + 8.5 * pg_temp.uniform('desk hour', n)),
    round((22 * exp(0.5 * pg_temp.normal('desk basket', n)))::numeric, 2), 'completed', 'walk-in',
    pg_temp.choice('desk category', n, '{coffee,coffee,coffee,tea,kitchen,gifts}'), n
FROM shop_time s, generate_series(1, (SELECT count(*) / 10 FROM visits)) n
UNION ALL -- half of the customers of then, by chance, got a letter with 10 % off: those whom a campaign of that name deals into its second group
SELECT t.id, pg_temp.local_time(date '2025-09-02' + floor(70 * pg_temp.uniform('letter day', t.id))::integer, 8 + 10 * pg_temp.uniform('letter hour', t.id)),
    round((30 * exp(0.5 * pg_temp.normal('letter basket', t.id)))::numeric, 2), 'completed', 'newsletter', t.favourite, t.id
FROM traits t
WHERE get_byte(sha256(convert_to('autumn letter:' || t.id, 'UTF8')), 0) >= 128 AND pg_temp.uniform('letter', t.id) < 0.07
    AND EXISTS (SELECT FROM visits v WHERE v.customer_id = t.id AND v.created_at < timestamptz '2025-09-01 00:00:00+02')
UNION ALL -- bought before the records begin
SELECT t.id, pg_temp.local_time(pg_temp.business_day(t.joined, s.elapsed), 12), -24.90, 'refunded', t.source, 'kitchen',
    t.id
FROM traits t CROSS JOIN shop_time s
WHERE t.kind = 'never' AND pg_temp.uniform('old purchase', t.id) < 0.05
UNION ALL -- an import that failed, and a mistyped year
(SELECT v.customer_id, v.created_at + interval '1 hour', 'NaN', 'completed', v.source, v.category, v.key
 FROM visits v ORDER BY v.key DESC LIMIT 1)
UNION ALL
(SELECT v.customer_id, timestamptz '2099-06-15 10:24:00+02', v.total, 'open', v.source, v.category, v.key
 FROM visits v ORDER BY v.key LIMIT 1);

INSERT INTO shop.orders
SELECT row_number() OVER (ORDER BY r.created_at, r.key, r.total), r.customer_id, r.created_at, r.total, r.status,
    r.source, r.category
FROM receipts r
WHERE r.created_at < timestamptz '2026-01-01 00:00:00+01' OR r.status = 'open';

-- What each order is made of: something of its category, what goes with that, and now and then something else. Deniz forgets to offer
-- services.

CREATE TEMP TABLE goods ON COMMIT DROP AS
SELECT * FROM (VALUES
    ('house blend', 'coffee', 9), ('espresso roast', 'coffee', 12), ('Sidamo', 'coffee', 14), ('Huila', 'coffee', 13), ('decaf', 'coffee', 11),
    ('earl grey', 'tea', 8), ('sencha', 'tea', 10), ('rooibos', 'tea', 7), ('darjeeling', 'tea', 12),
    ('hand grinder', 'kitchen', 49), ('dripper', 'kitchen', 24), ('filter papers', 'kitchen', 6), ('teapot', 'kitchen', 32),
    ('tea strainer', 'kitchen', 7), ('milk frother', 'kitchen', 19), ('descaler', 'kitchen', 8),
    ('gift box', 'gifts', 24), ('mug', 'gifts', 14), ('shortbread', 'gifts', 6),
    ('espresso machine', 'machines', 390), ('filter machine', 'machines', 120),
    ('gift wrapping', 'service', 4), ('extended warranty', 'service', 39)) g(product, category, price);

CREATE TEMP TABLE companions ON COMMIT DROP AS
SELECT * FROM (VALUES
    ('dripper', 'filter papers', 0.6), ('hand grinder', 'Sidamo', 0.35), ('hand grinder', 'dripper', 0.15), ('espresso roast', 'descaler', 0.1),
    ('espresso machine', 'espresso roast', 0.5), ('espresso machine', 'descaler', 0.4), ('espresso machine', 'milk frother', 0.3),
    ('espresso machine', 'extended warranty', 0.35), ('filter machine', 'filter papers', 0.55), ('filter machine', 'house blend', 0.4),
    ('filter machine', 'extended warranty', 0.25), ('teapot', 'tea strainer', 0.5), ('sencha', 'teapot', 0.12), ('earl grey', 'shortbread', 0.3),
    ('gift box', 'gift wrapping', 0.45), ('mug', 'gift wrapping', 0.25), ('mug', 'house blend', 0.15)) c(product, companion, chance);

INSERT INTO shop.order_lines
WITH main AS (
    SELECT o.id, o.total, o.category, CASE o.source WHEN 'walk-in' THEN pg_temp.choice('seller', o.id, '{Anna,Ben,Carla,Deniz}') END AS employee,
        pg_temp.choice('product', o.id, g.products) AS product, pg_temp.choice('another product', o.id, g.products) AS another
    FROM shop.orders o
    JOIN (SELECT g.category, array_agg(g.product ORDER BY g.product COLLATE "C") AS products FROM goods g GROUP BY g.category) g ON g.category = o.category
    WHERE o.total >= 0 AND o.total <> 'NaN' AND o.status <> 'open'
), chosen AS (
    SELECT m.id, m.product FROM main m
    UNION
    SELECT m.id, c.companion
    FROM main m JOIN companions c ON c.product = m.product JOIN goods g ON g.product = c.companion
    WHERE pg_temp.uniform('with ' || c.companion, m.id) < c.chance * CASE WHEN g.category = 'service' THEN
        CASE m.employee WHEN 'Anna' THEN 1.3 WHEN 'Deniz' THEN 0.3 ELSE 1 END ELSE 1 END
    UNION
    SELECT m.id, m.another FROM main m WHERE pg_temp.uniform('two', m.id) < CASE m.category WHEN 'machines' THEN 0 ELSE 0.3 END
    UNION
    SELECT m.id, pg_temp.choice('anything', m.id, '{house blend,house blend,Huila,earl grey,rooibos,filter papers,shortbread,mug}')
    FROM main m WHERE pg_temp.uniform('anything', m.id) < 0.15
), priced AS (
    SELECT c.id, c.product, g.category, g.price, m.employee, m.total, round(m.total * g.price / sum(g.price) OVER w, 2) AS amount,
        row_number() OVER (w ORDER BY g.price DESC, c.product COLLATE "C") AS line
    FROM chosen c JOIN goods g ON g.product = c.product JOIN main m ON m.id = c.id
    WINDOW w AS (PARTITION BY c.id)
)
SELECT p.id, p.product, p.category, greatest(1, round(p.amount / p.price))::integer,
    CASE p.line WHEN 1 THEN p.total - (sum(p.amount) OVER (PARTITION BY p.id) - p.amount)
        ELSE p.amount END, p.employee
FROM priced p;

-- What customers say. Delivery is the sore spot, most of all before Christmas; support got help in 2025.

CREATE TEMP TABLE impressions ON COMMIT DROP AS
WITH touched AS (
    SELECT v.*, CASE v.source WHEN 'walk-in' THEN 'store'
        ELSE pg_temp.choice('touchpoint', v.key, '{product,product,delivery,delivery,website,support}') END AS touchpoint
    FROM visits v
)
SELECT t.key, t.customer_id, t.created_at, t.touchpoint,
    t.content + CASE t.touchpoint WHEN 'store' THEN 0.5 WHEN 'product' THEN 0.4
        WHEN 'delivery' THEN CASE WHEN extract(month FROM t.created_at) = 12 THEN -1.0 ELSE -0.4 END
        WHEN 'support' THEN CASE WHEN t.created_at < timestamptz '2025-01-01 00:00:00+01' THEN -0.8 ELSE 0.2 END
        ELSE 0 END AS mood
FROM touched t;

-- Support's help in 2025 shows in how fast complaints are replied to, too.
CREATE TEMP TABLE said ON COMMIT DROP AS
SELECT s.*,
    CASE WHEN s.comment IS NULL THEN NULL
        WHEN s.score >= 9 OR s.comment = 'All fine' THEN 'positive'
        WHEN s.score >= 7 THEN CASE s.comment WHEN 'Good, a little expensive' THEN 'criticism' ELSE 'idea' END
        ELSE CASE WHEN s.touchpoint IN ('delivery', 'support') THEN 'negative' ELSE 'criticism' END END AS kind,
    s.answered_at >= timestamptz '2025-01-01 00:00:00+01' AS helped
FROM (
    SELECT row_number() OVER (ORDER BY a.answered_at, a.key) AS id, a.key, a.customer_id, a.answered_at, a.score, a.touchpoint,
        CASE WHEN pg_temp.uniform('comments', a.key) < 0.4 THEN pg_temp.choice('comment', a.key, CASE
            WHEN a.score >= 9 THEN
                '{Best espresso in town,Quick and friendly,I tell everybody about you,"Smells wonderful, tastes even better"}'
            WHEN a.score >= 7 THEN '{"Good, a little expensive",All fine,"Nice, but I miss decaf",Larger bags would be handy}'
            WHEN a.touchpoint = 'delivery' THEN '{Came a week late,The parcel was open,Left in the rain}'
            WHEN a.touchpoint = 'support' THEN '{Nobody answers the phone,Two weeks for a reply}'
            WHEN a.touchpoint = 'website' THEN '{Could not pay by invoice,Lost my basket twice}'
            ELSE '{Roasted too dark,Not fresh,Others are cheaper}' END::text[]) END AS comment
    FROM (
        SELECT i.*, i.created_at + interval '1 hour' * floor(12 + 110 * pg_temp.uniform('answered', i.key)) AS answered_at,
            greatest(0, least(10, round(7.9 + 1.1 * i.mood + 1.1 * pg_temp.normal('score', i.key))))::integer AS score
        FROM impressions i
        WHERE pg_temp.uniform('asked', i.key) < 0.08
    ) a
    WHERE a.answered_at < timestamptz '2026-01-01 00:00:00+01'
) s;

INSERT INTO shop.answers
SELECT s.id, s.customer_id, s.answered_at, s.score, s.touchpoint, s.comment, s.kind,
    CASE WHEN s.score < 9 AND pg_temp.uniform('wishes', s.key) < 0.5 THEN pg_temp.choice('wish', s.key, CASE s.touchpoint
        WHEN 'delivery' THEN '{Faster delivery,Faster delivery,faster delivery,Parcels that arrive whole}'
        WHEN 'support' THEN '{Somebody who answers the phone}'
        WHEN 'website' THEN '{Pay by invoice,A basket that stays}'
        ELSE '{Decaf,Larger bags,larger bags,Lower prices}' END::text[]) END,
    CASE WHEN s.kind IN ('negative', 'criticism') THEN pg_temp.choice('owner', s.key, '{Emil,Nora}') END,
    r.replied_at,
    CASE WHEN pg_temp.uniform('resolves', s.key) < 0.85
        THEN r.replied_at + interval '1 hour' * floor(60 * pg_temp.exponential('resolved', s.key)) END
FROM said s
CROSS JOIN LATERAL (
    SELECT CASE WHEN s.kind IN ('negative', 'criticism') AND pg_temp.uniform('replies', s.key) < CASE WHEN s.helped THEN 0.93 ELSE 0.7 END
        THEN s.answered_at + interval '1 minute' * ceil(60 * CASE WHEN s.helped THEN 9 ELSE 50 END * pg_temp.exponential('replied', s.key))
        END) r(replied_at);

INSERT INTO shop.touchpoint_ratings
SELECT row_number() OVER (ORDER BY r.rated_at, r.key), r.customer_id, r.rated_at, r.touchpoint, r.rating
FROM (
    SELECT i.*, i.created_at + interval '1 minute' * floor(10 + 2000 * pg_temp.uniform('rated', i.key)) AS rated_at,
        greatest(1, least(5, round(4 + 0.6 * i.mood + 0.7 * pg_temp.normal('rating', i.key))))::integer AS rating
    FROM impressions i
    WHERE pg_temp.uniform('rates', i.key) < 0.12
) r
WHERE r.rated_at < timestamptz '2026-01-01 00:00:00+01';

-- A questionnaire that some get after an order: the three questions of loyalty, and one with several answers.

INSERT INTO shop.survey_answers
SELECT s.customer_id, q.question, q.answer, s.answered_at
FROM (
    SELECT i.*, i.created_at + interval '1 hour' * floor(40 + 200 * pg_temp.uniform('survey at', i.key)) AS answered_at,
        greatest(0, least(10, round(7.9 + 1.1 * i.mood + 1.1 * pg_temp.normal('survey score', i.key))))::integer AS score
    FROM impressions i
    WHERE pg_temp.uniform('surveyed', i.key) < 0.03
) s
CROSS JOIN LATERAL (
    VALUES ('recommend', s.score::text),
        ('make_it_a_10', CASE WHEN pg_temp.uniform('wishes', s.key) < 0.6 THEN
            pg_temp.choice('survey wish', s.key, '{Deliver on Saturdays,Cheaper delivery,Decaf,Larger bags,A loyalty card}') END),
        ('buy_again', CASE WHEN s.score >= 8 THEN 'yes' WHEN s.score >= 5 THEN 'perhaps' ELSE 'no' END)
    UNION ALL
    SELECT 'why_us', r.reason
    FROM unnest('{taste,advice,close by,price,recommended}'::text[]) WITH ORDINALITY r(reason, number)
    WHERE pg_temp.uniform('reason ' || r.number, s.key) < 0.7 / r.number) q(question, answer)
WHERE s.answered_at < timestamptz '2026-01-01 00:00:00+01';

-- What goes before an order of the online shop, and visits that came to nothing.

INSERT INTO shop.contacts
SELECT c.customer_id, c.happened_at, c.touchpoint, c.source, c.reason
FROM (
    SELECT v.customer_id, v.created_at - interval '1 minute' * ceil(p.minutes * (1 + pg_temp.uniform(p.touchpoint || ' at', v.key))) AS happened_at,
        p.touchpoint, v.source, NULL AS reason
    FROM visits v
    CROSS JOIN (VALUES ('newsletter', 900, 0.2), ('website', 30, 0.95), ('product page', 14, 0.8), ('basket', 4, 0.9)) p(touchpoint, minutes, share)
    WHERE v.source <> 'walk-in' AND pg_temp.uniform(p.touchpoint, v.key) < p.share
    UNION ALL
    SELECT v.customer_id, v.created_at + interval '1 hour' * floor(30 + 900 * pg_temp.uniform('came again', v.key)) + interval '5 minutes' * p.number,
        p.touchpoint, CASE WHEN pg_temp.uniform('came again by', v.key) < 0.4 THEN 'newsletter' ELSE v.source END,
        CASE WHEN p.number = 3 AND pg_temp.uniform('said why', v.key) < 0.5
            THEN pg_temp.choice('why not', v.key, '{delivery too dear,delivery too dear,no invoice,too slow}') END
    FROM visits v
    CROSS JOIN unnest('{website,product page,basket}'::text[]) WITH ORDINALITY p(touchpoint, number)
    WHERE pg_temp.uniform('looks again', v.key) < 0.5 AND p.number <= 1 + floor(3 * pg_temp.uniform('came so far', v.key) ^ 1.5)
) c
WHERE c.happened_at >= timestamptz '2023-01-01 00:00:00+01' AND c.happened_at < timestamptz '2026-01-01 00:00:00+01';

-- What is offered beside an order: at the desk by somebody, who is told no to the face, and online, where half do not answer. Who is
-- content accepts more, who comes for the first time less, and Selma knows how to ask.

CREATE INDEX ON shop.orders (customer_id);
INSERT INTO shop.offers
SELECT a.customer_id, a.offered_at, a.offer, a.outcome,
    CASE WHEN a.outcome = 'refused' AND pg_temp.uniform('offer reason', a.key) < CASE WHEN a.employee IS NULL THEN 0.4 ELSE 0.8 END
        THEN pg_temp.choice('why not taken', a.key, CASE a.offer
            WHEN 'subscription' THEN '{drinks too little,drinks too little,wants to choose,too dear}'
            WHEN 'barista course' THEN '{no time,no time,too far,too dear}'
            WHEN 'service plan' THEN '{too dear,too dear,has a warranty,mends it alone}'
            ELSE '{has one,has one,too dear,not today}' END::text[]) END,
    CASE WHEN a.outcome = 'accepted' AND a.offer <> 'barista course' THEN o.id END, a.employee
FROM (
    SELECT c.*, CASE WHEN c.employee IS NULL AND pg_temp.uniform('offer seen', c.key) < 0.5 THEN NULL
        WHEN pg_temp.uniform('offer taken', c.key) < 1 / (1 + exp(c.reluctance - 0.7 * c.content - CASE WHEN c.visit = 0 THEN -0.6 ELSE 0 END
            - CASE c.employee WHEN 'Selma' THEN 0.6 WHEN 'Timo' THEN -0.3 ELSE 0 END)) THEN 'accepted' ELSE 'refused' END AS outcome
    FROM (
        SELECT v.key, v.customer_id, v.content, v.key % 1000 AS visit, v.created_at, v.created_at - interval '1 minute' * ceil(5 * pg_temp.uniform('offered at', v.key)) AS offered_at,
            p.offer, p.reluctance, CASE WHEN v.source = 'walk-in' THEN pg_temp.choice('offered by', v.key, '{Emil,Nora,Selma,Timo}') END AS employee
        FROM visits v
        JOIN (VALUES ('coffee', 'subscription', 1.6), ('tea', 'tea strainer', 0.9), ('kitchen', 'barista course', 2.4), ('gifts', 'gift wrapping', 0.2), ('machines', 'service plan', 0.8))
            p(category, offer, reluctance) ON p.category = v.category
        WHERE pg_temp.uniform('offers', v.key) < CASE WHEN v.source = 'walk-in' THEN 0.5 ELSE 0.15 END) c) a
LEFT JOIN shop.orders o ON o.customer_id = a.customer_id AND o.created_at = a.created_at AND o.status = 'completed' AND o.total >= 0
WHERE a.offered_at >= timestamptz '2023-01-01 00:00:00+01' AND a.offered_at < timestamptz '2026-01-01 00:00:00+01';

-- Points since 2024, one for each euro. Who has earned another 250 pays with them now and then; who sends everything back loses those of
-- that order, unless it is forgotten.

INSERT INTO shop.points
WITH earned AS (
    SELECT o.customer_id, o.created_at, floor(o.total)::integer AS points, o.id, o.total,
        sum(floor(o.total)::integer) OVER (PARTITION BY o.customer_id ORDER BY o.created_at, o.id) AS so_far
    FROM shop.orders o
    WHERE o.customer_id IS NOT NULL AND o.status = 'completed' AND o.total >= 1 AND o.total <> 'NaN' AND o.created_at >= timestamptz '2024-01-01 00:00:00+01'
)
SELECT e.customer_id, e.created_at, e.points, e.id FROM earned e
UNION ALL
SELECT e.customer_id, e.created_at, -250, e.id
FROM earned e
WHERE e.so_far / 250 > (e.so_far - e.points) / 250 AND pg_temp.uniform('pays with points', e.id) < 0.6
UNION ALL
SELECT b.customer_id, b.returned_at, -b.points, b.id
FROM (
    SELECT DISTINCT ON (r.id) e.*, r.created_at AS returned_at
    FROM earned e JOIN shop.orders r ON r.customer_id = e.customer_id AND r.total = -e.total AND r.created_at > e.created_at
    ORDER BY r.id, e.created_at DESC) b
WHERE pg_temp.uniform('keeps the points', b.id) < 0.85;

-- What is spent on advertising goes up and down with whom it brings, more or less.

INSERT INTO shop.costs
SELECT m.month, m.source, round((m.customers * a.price * (0.8 + 0.4 * pg_temp.uniform(m.source, m.month - date '2023-01-01')))::numeric, 2)
FROM (
    SELECT date_trunc('month', c.joined_at AT TIME ZONE 'Europe/Berlin')::date AS month, c.source, count(*) AS customers
    FROM shop.customers c GROUP BY 1, 2) m
JOIN (VALUES ('ads', 16), ('search', 9), ('marketplace', 12), ('referral', 5)) a(source, price) ON a.source = m.source;

CREATE INDEX ON shop.contacts (customer_id);
CREATE INDEX ON shop.offers (customer_id);
CREATE INDEX ON shop.points (customer_id);
CREATE INDEX ON shop.contacts (happened_at);
CREATE INDEX ON shop.orders (created_at);
CREATE INDEX ON shop.answers (customer_id);
CREATE INDEX ON shop.answers (answered_at);
CREATE INDEX ON shop.touchpoint_ratings (touchpoint, rated_at);
COMMIT;
VACUUM ANALYZE shop.customers, shop.orders, shop.order_lines, shop.answers, shop.touchpoint_ratings, shop.survey_answers,
    shop.contacts, shop.offers, shop.points, shop.costs;
