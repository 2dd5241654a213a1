-- basket: what is bought together

-- The type

CREATE TYPE baskets;

CREATE FUNCTION _clientele.baskets_in(cstring) RETURNS baskets
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.baskets_out(baskets) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.baskets_recv(internal) RETURNS baskets
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.baskets_send(baskets) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE baskets (
    INPUT = _clientele.baskets_in,
    OUTPUT = _clientele.baskets_out,
    RECEIVE = _clientele.baskets_recv,
    SEND = _clientele.baskets_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = extended
);
COMMENT ON TYPE baskets IS
'Which products each order has, each product once: what pairs of products are counted from, made by basket_agg.
Text form: a JSON object with a list of products for each order, such as {"1001": ["beer", "bread"], "1002": ["bread"]}.
Errors: 22P02 for another text, 22P03 for another binary form, 54000 past 1 GB.';

-- Sums; equality, order and hash are made from core/type_operators.sql.in

CREATE FUNCTION _clientele.baskets_add(baskets, baskets) RETURNS baskets
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.baskets_add(baskets, baskets) IS
'The operator +: the baskets of both; an order that is in both has the products of both.
Errors: 54000 past 1 GB.';

CREATE OPERATOR + (
    LEFTARG = baskets, RIGHTARG = baskets,
    FUNCTION = _clientele.baskets_add, COMMUTATOR = +
);

CREATE FUNCTION _clientele.baskets_to_jsonb(baskets) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.baskets_to_jsonb(baskets) IS
'The cast to jsonb: the products of each order, such as {"1001": ["beer", "bread"]}.
Errors: 54000 for more than four million orders and lines.';

CREATE CAST (baskets AS jsonb)
WITH FUNCTION _clientele.baskets_to_jsonb(baskets);

-- Putting lines together

CREATE FUNCTION _clientele.basket_agg_transition(baskets, bigint, bigint) RETURNS baskets
AS 'MODULE_PATHNAME', 'basket_agg_int8_int8' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION _clientele.basket_agg_transition(baskets, bigint, text) RETURNS baskets
AS 'MODULE_PATHNAME', 'basket_agg_int8_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION _clientele.basket_agg_transition(baskets, text, bigint) RETURNS baskets
AS 'MODULE_PATHNAME', 'basket_agg_text_int8' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION _clientele.basket_agg_transition(baskets, text, text) RETURNS baskets
AS 'MODULE_PATHNAME', 'basket_agg_text_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION _clientele.baskets_combine(baskets, baskets) RETURNS baskets
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION _clientele.baskets_final(baskets) RETURNS baskets
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE basket_agg(order_id bigint, product bigint) (
    STYPE = baskets, SFUNC = _clientele.basket_agg_transition, COMBINEFUNC = _clientele.baskets_combine,
    FINALFUNC = _clientele.baskets_final, SSPACE = 1024, PARALLEL = SAFE
);
COMMENT ON AGGREGATE basket_agg(bigint, bigint) IS
'Puts the lines of orders together as baskets.
Arguments: order_id: which order a line is of; product: what it sells. Both are kept as text; lines without either are skipped, and however often and of whatever quantity a product is in an order, it is there once.
Result: baskets, without any where there are no lines.
Memory: about ten bytes an order and three a line where those of an order come one after the other, twenty-five a line where they never do.
Errors: 54000 past 1 GB.';

CREATE AGGREGATE basket_agg(order_id bigint, product text) (
    STYPE = baskets, SFUNC = _clientele.basket_agg_transition, COMBINEFUNC = _clientele.baskets_combine,
    FINALFUNC = _clientele.baskets_final, SSPACE = 1024, PARALLEL = SAFE
);
COMMENT ON AGGREGATE basket_agg(bigint, text) IS
'Puts the lines of orders together as baskets: see basket_agg(bigint, bigint).
Arguments: order_id: which order a line is of; product: what it sells.
Result: baskets, without any where there are no lines.
Errors: 54000 past 1 GB.';

CREATE AGGREGATE basket_agg(order_id text, product bigint) (
    STYPE = baskets, SFUNC = _clientele.basket_agg_transition, COMBINEFUNC = _clientele.baskets_combine,
    FINALFUNC = _clientele.baskets_final, SSPACE = 1024, PARALLEL = SAFE
);
COMMENT ON AGGREGATE basket_agg(text, bigint) IS
'Puts the lines of orders together as baskets: see basket_agg(bigint, bigint).
Arguments: order_id: which order a line is of; product: what it sells.
Result: baskets, without any where there are no lines.
Errors: 54000 past 1 GB.';

CREATE AGGREGATE basket_agg(order_id text, product text) (
    STYPE = baskets, SFUNC = _clientele.basket_agg_transition, COMBINEFUNC = _clientele.baskets_combine,
    FINALFUNC = _clientele.baskets_final, SSPACE = 1024, PARALLEL = SAFE
);
COMMENT ON AGGREGATE basket_agg(text, text) IS
'Puts the lines of orders together as baskets: see basket_agg(bigint, bigint).
Arguments: order_id: which order a line is of; product: what it sells.
Result: baskets, without any where there are no lines.
Errors: 54000 past 1 GB.';

CREATE AGGREGATE rollup(baskets) (
    STYPE = baskets, SFUNC = _clientele.baskets_combine, COMBINEFUNC = _clientele.baskets_combine,
    FINALFUNC = _clientele.baskets_final, SSPACE = 1024, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(baskets) IS
'The baskets of many parts together; an order that is in several has the products of all.
Arguments: baskets; NULLs are skipped.
Result: baskets, without any where there are no parts.
Errors: 54000 past 1 GB.';

-- Reading a value

CREATE TYPE basket_count AS (
    baskets bigint,
    lines bigint,
    products bigint,
    left_out bigint
);
COMMENT ON TYPE basket_count IS 'How much there is in baskets: the result of basket_counts';
COMMENT ON COLUMN basket_count.baskets IS 'Number of baskets up to the size';
COMMENT ON COLUMN basket_count.lines IS 'Number of products in them, counted for each basket';
COMMENT ON COLUMN basket_count.products IS 'Number of different products, those of larger baskets too';
COMMENT ON COLUMN basket_count.left_out IS 'Number of larger baskets';

CREATE FUNCTION basket_counts(baskets baskets, max_items integer DEFAULT 100) RETURNS basket_count
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION basket_counts(baskets, integer) IS
'How many baskets, lines and products there are, and how many baskets are too large to tell of tastes.
Arguments: baskets; max_items: larger baskets are left out, 1 to 65535 products.
Result: baskets, lines, products, left_out.
Errors: 22023 for another size.';

CREATE TYPE basket_pair AS (
    product text,
    with_product text,
    baskets bigint,
    baskets_with bigint,
    baskets_with_both bigint,
    all_baskets bigint,
    support double precision,
    confidence double precision,
    confidence_lower double precision,
    confidence_upper double precision,
    lift double precision,
    lift_lower double precision,
    lift_upper double precision,
    size_adjusted double precision,
    size_adjusted_back double precision,
    conviction double precision
);
COMMENT ON TYPE basket_pair IS 'Two products that are bought together, as the first one sees it: a row of basket_pairs';
COMMENT ON COLUMN basket_pair.product IS 'Who buys this';
COMMENT ON COLUMN basket_pair.with_product IS 'How often who buys that buys this too';
COMMENT ON COLUMN basket_pair.baskets IS 'Number of baskets with the product';
COMMENT ON COLUMN basket_pair.baskets_with IS 'Number of baskets with the other one';
COMMENT ON COLUMN basket_pair.baskets_with_both IS 'Number of baskets with both';
COMMENT ON COLUMN basket_pair.all_baskets IS 'Number of all baskets up to the size';
COMMENT ON COLUMN basket_pair.support IS 'Share of all baskets that have both, 0..1';
COMMENT ON COLUMN basket_pair.confidence IS 'Share of the baskets with the product that have the other one too, 0..1';
COMMENT ON COLUMN basket_pair.confidence_lower IS 'Lower bound of its Wilson interval';
COMMENT ON COLUMN basket_pair.confidence_upper IS 'Upper bound';
COMMENT ON COLUMN basket_pair.lift IS 'How many times as often both are together as if they had nothing to do with each other';
COMMENT ON COLUMN basket_pair.lift_lower IS 'Lower bound of its interval';
COMMENT ON COLUMN basket_pair.lift_upper IS 'Upper bound';
COMMENT ON COLUMN basket_pair.size_adjusted IS 'How many times as often the other one is in baskets with the product as their sizes alone explain';
COMMENT ON COLUMN basket_pair.size_adjusted_back IS 'The same the other way: a pair is one where both exceed 1';
COMMENT ON COLUMN basket_pair.conviction IS 'How many times as often the product would come without the other one by chance; empty where it never does';

CREATE FUNCTION basket_pairs(baskets baskets, min_count integer DEFAULT 5, max_items integer DEFAULT 100, level double precision DEFAULT 0.95)
RETURNS SETOF basket_pair
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000 ROWS 10000;
COMMENT ON FUNCTION basket_pairs(baskets, integer, integer, double precision) IS
'Every pair of products that are bought together, counted exactly.
Arguments: baskets; min_count: in how many baskets both have to be, 1 or more; max_items: baskets with more products are left out, 1 to 65535, as they tell little and take most of the time; level: confidence level between 0 and 1.
Result: two rows for each pair, one as each of its products sees it, in no order.
Memory: four bytes a line, the value, and thirty a product.
Errors: 22023 for a parameter out of its range.
Source: Agrawal, Imielinski and Swami, Mining association rules between sets of items in large databases, SIGMOD 1993; Brin et al., Dynamic itemset counting and implication rules for market basket data, SIGMOD 1997 (lift, conviction); Smith and Linden, Two decades of recommender systems at Amazon.com, IEEE Internet Computing 21 (2017), for what sizes of baskets explain.';

-- What views make offers from

CREATE TYPE _clientele.offer_rules;

CREATE FUNCTION _clientele.offer_rules_in(cstring) RETURNS _clientele.offer_rules
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.offer_rules_out(_clientele.offer_rules) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE _clientele.offer_rules (
    INPUT = _clientele.offer_rules_in,
    OUTPUT = _clientele.offer_rules_out,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = extended
);

CREATE FUNCTION _clientele.offer_rules_transition(internal, text, text, bigint, bigint) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION _clientele.offer_rules_final(internal) RETURNS _clientele.offer_rules
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION _clientele.offer_rules_combine(internal, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION _clientele.offer_rules_serialize(internal) RETURNS bytea
AS 'MODULE_PATHNAME', 'offer_rules_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.offer_rules_deserialize(bytea, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE AGGREGATE _clientele.offer_rules(product text, with_product text, baskets bigint, baskets_with_both bigint) (
    STYPE = internal, SFUNC = _clientele.offer_rules_transition, FINALFUNC = _clientele.offer_rules_final, SSPACE = 1048576,
    COMBINEFUNC = _clientele.offer_rules_combine, SERIALFUNC = _clientele.offer_rules_serialize,
    DESERIALFUNC = _clientele.offer_rules_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE _clientele.offer_rules(text, text, bigint, bigint) IS
'Pairs of products as offers() looks them up.
Arguments: product, with_product, baskets, baskets_with_both: as in basket_pairs; rows that lack any of them are skipped.
Result: the rules, to be made where they are used.
Errors: 22023 for counts below 1 or above 2147483647, 54000 past 1 GB.';

CREATE TYPE _clientele.offer AS (
    "position" integer,
    product text,
    because_of text,
    bound double precision,
    baskets_with_both bigint
);

CREATE FUNCTION _clientele.offers(owned text[], rules _clientele.offer_rules, most integer) RETURNS SETOF _clientele.offer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 10;
COMMENT ON FUNCTION _clientele.offers(text[], _clientele.offer_rules, integer) IS
'The products that come most surely with what is owned, and are not owned themselves.
Arguments: owned: products; rules: pairs of products; most: how many at most, 1 to 1000.
Result: position from 1, product, because_of (the owned one that it comes with), bound (the lower bound of the 95 % Wilson interval of the share of baskets with that one that have it too) and baskets_with_both.
Errors: 22023 for another number.';
