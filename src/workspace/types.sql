-- workspace: the types of what its functions take and give

CREATE TYPE attach_finding AS (
    topic text,
    finding text,
    advice text
);
COMMENT ON TYPE attach_finding IS
'What attach_orders() found or chose, and what to do about it where something should be done';

CREATE TYPE segment_finding AS (
    recency_score integer,
    frequency_score integer,
    monetary_score integer,
    matches bigint,
    segments text,
    advice text
);
COMMENT ON TYPE segment_finding IS
'A cell of RFM scores that matches none or several rows of the table segments';

CREATE TYPE found_answer AS (
    id integer,
    question text,
    answer text,
    rank double precision,
    all_words boolean
);
COMMENT ON TYPE found_answer IS
'An entry of a knowledge base that was found: the result of the function find_answers() of a workspace';
COMMENT ON COLUMN found_answer.id IS 'Number of the entry';
COMMENT ON COLUMN found_answer.question IS 'The question it answers';
COMMENT ON COLUMN found_answer.answer IS 'The answer';
COMMENT ON COLUMN found_answer.rank IS 'How well it fits, above 0: to compare the entries found by one query';
COMMENT ON COLUMN found_answer.all_words IS 'Whether it has all that was looked for, and not some of the words alone';

CREATE TYPE history_difference AS (
    customer text,
    what text,
    stored text,
    actual text
);
COMMENT ON TYPE history_difference IS
'Where what triggers keep differs from the orders: the customer (empty for orders without one, and for the shop), which view and column, what is stored there with pending changes, and what the orders say';

-- A column of an attached relation, with its type under domains, and how it was found.
CREATE TYPE _clientele.attached_column AS (
    name name,
    type regtype,
    found text
);

-- A relation that is attached in a role, and its columns by what they are.
CREATE TYPE _clientele.attached_relation AS (
    role text,
    relation regclass,
    columns jsonb
);

-- A view that is stored: the columns that tell its rows apart, the statement that makes it, and what its figures come from.
CREATE TYPE _clientele.stored_view AS (
    place integer,
    relation name,
    belongs_to text,
    keys name[],
    source text,
    reads name[]
);

-- An error that a function raised, and where.
CREATE TYPE _clientele.refusal AS (
    state text,
    message text,
    hint text,
    raised_by text
);

-- SQL expressions of what the settings say of rows of orders: their time zone, and whether an amount of 0 is an order, and one that was
-- given back as a whole.
CREATE TYPE _clientele.order_rules AS (
    time_zone text,
    counts_zero text,
    counts_refunded text
);

-- SQL expressions of a time, and of an amount, of a row o. A time is shown as it is, or as the instant that a clock means; it is empty
-- where it is what systems write instead of none.
CREATE TYPE _clientele.clock_sql AS (
    shown text,
    type regtype
);
CREATE TYPE _clientele.time_sql AS (
    usable text,
    day text,
    instant text,
    shown text,
    is_empty text
);
CREATE TYPE _clientele.amount_sql AS (
    usable text,
    kept text,
    is_order text,
    is_not_zero text
);

-- SQL expressions of a row o of orders: its time and amount as they count, with their types, and whether an amount of 0 is an order.
CREATE TYPE _clientele.order_parts AS (
    ordered_at text,
    time_type regtype,
    at _clientele.time_sql,
    amount text,
    amount_type regtype,
    money _clientele.amount_sql,
    counts_zero text
);

-- A column that says something of the orders: what, and the SQL expressions, of a row o, of its value and of what is summed up of it.
CREATE TYPE _clientele.tallied_column AS (
    n integer,
    meaning text,
    col name,
    value text,
    measure text
);

-- What of the orders that count has one value there: rows, what they bring, and what was summed up.
CREATE TYPE _clientele.order_tally AS (
    meaning text,
    col name,
    value text,
    rows bigint,
    amount numeric,
    measure numeric
);
