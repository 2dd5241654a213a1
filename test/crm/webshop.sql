-- Tables of a plain web shop. Made up by hand: see from_crm.t.
CREATE SCHEMA webshop;

CREATE TABLE webshop.customers (id integer PRIMARY KEY, email text, country text);
INSERT INTO webshop.customers VALUES (1, 'ann@example.com', 'USA'), (2, 'bob@example.com', 'Canada');

CREATE TABLE webshop.orders (
    id integer PRIMARY KEY, customer_id integer, email text, status text, currency text, exchange_rate numeric, total numeric,
    utm_source text, is_test boolean, created_at timestamptz);
INSERT INTO webshop.orders VALUES
    (1, 1, 'ann.old@example.com', 'paid', 'USD', 1, 50, 'search', false, '2025-01-05 15:00+00'),
    (2, NULL, ' Ann@Example.com', 'shipped', 'USD', 1, 30, NULL, false, '2025-03-01 03:00+00'),
    (3, 2, 'bob@example.com', 'paid', 'EUR', 1.10, 100, 'newsletter', false, '2025-02-10 15:00+00'),
    (4, 2, 'bob@example.com', 'cancelled', 'USD', 1, 70, NULL, false, '2025-02-11 15:00+00'),
    (5, 2, 'bob@example.com', 'pending', 'USD', 1, 20, NULL, false, '2025-02-12 15:00+00'),
    (6, NULL, 'qa@example.com', 'paid', 'USD', 1, 999, NULL, true, '2025-02-13 15:00+00'),
    (7, NULL, '', 'paid', 'USD', 1, 12, NULL, false, '2025-02-14 15:00+00'),
    (8, 1, 'ann@example.com', 'refunded', 'USD', 1, 40, NULL, false, '2025-02-15 15:00+00');

CREATE TABLE webshop.order_items (order_id integer, product text, category text, quantity integer, price numeric, unit_cost numeric);
INSERT INTO webshop.order_items VALUES
    (1, 'atlas', 'books', 1, 20, 10), (1, 'blocks', 'toys', 3, 10, 4), (2, 'atlas', 'books', 1, 30, 15), (3, 'train', 'toys', 2, 50, 30),
    (4, 'train', 'toys', 1, 70, 30), (5, 'atlas', 'books', 1, 20, 10), (6, 'train', 'toys', 9, 111, 30), (7, 'pen', 'books', 4, 3, 1.5),
    (8, 'blocks', 'toys', 4, 10, 2.5);

CREATE TABLE webshop.refunds (id integer PRIMARY KEY, order_id integer, amount numeric, created_at timestamptz);
INSERT INTO webshop.refunds VALUES
    (1, 3, 20, '2025-03-02 15:00+00'), (2, 4, 70, '2025-02-12 15:00+00'), (3, 6, 999, '2025-02-13 16:00+00'), (4, 8, 40, '2025-02-20 15:00+00');
