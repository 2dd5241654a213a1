CREATE TABLE workspace.policies (
    cell text PRIMARY KEY
        CONSTRAINT "cell is one of AX to CZ" CHECK (cell ~ '^[ABC][XYZ]$'),
    action text NOT NULL,
    service_rules text NOT NULL,
    price_terms text NOT NULL,
    valid_from date NOT NULL,
    review_by date,
    CONSTRAINT "review_by is not before valid_from" CHECK (review_by >= valid_from)
);
INSERT INTO workspace.policies
SELECT p.cell, p.action, p.service_rules, p.price_terms, current_date, (current_date + interval '1 year')::date
FROM (
    VALUES
        ('AX', 'Keep and care: these carry the business', 'A person of their own, served first, problems solved the same day', 'Best terms, agreed for the year; no haggling over single orders'),
        ('AY', 'Keep, and make the rhythm steady', 'Served first; a call when an order is due', 'Best terms for a standing order or a subscription'),
        ('AZ', 'Keep close: large but rare, find out why', 'Every order by hand; a visit or call after each', 'Terms by order; a bonus on the next one within the quarter'),
        ('BX', 'Grow into A: regular, so offer more of the range', 'Standard service with personal advice', 'Volume discount from the next step up'),
        ('BY', 'Grow into A: remind, and sell what goes with it', 'Standard service; reminders at their usual gap', 'Bundle offers, free delivery from a higher amount'),
        ('BZ', 'Win a second occasion: ask what brings them', 'Standard service; a question after each order', 'A time-limited offer after every order'),
        ('CX', 'Serve cheaply: raise the basket', 'Self-service; answers within two days', 'List prices; minimum order, or delivery at cost'),
        ('CY', 'Serve cheaply: automatic offers only', 'Self-service', 'List prices; offers that pay for themselves'),
        ('CZ', 'Serve cheaply: spend nothing on them', 'Self-service', 'List prices, prepaid')
) p(cell, action, service_rules, price_terms);
COMMENT ON TABLE workspace.policies IS 'What to do with the customers of each cell of the matrix: yours to edit';
COMMENT ON COLUMN workspace.policies.cell IS 'ABC class and XYZ class: AX to CZ';
COMMENT ON COLUMN workspace.policies.action IS 'What to do';
