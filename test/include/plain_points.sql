-- Points played through day by day: of the rows in plain_counted, what is left of each lot, and how long points lasted.
CREATE TABLE plain_counted (id bigint, customer integer, day date, points numeric, counted numeric, order_id text, expires_on date);
CREATE TABLE plain_lots (id bigint, customer integer, day date, expires_on date, left_over numeric, expired numeric DEFAULT 0);
CREATE INDEX ON plain_counted (customer, order_id);
CREATE INDEX ON plain_lots (customer);
CREATE TABLE plain_debts (customer integer, debt numeric);
CREATE TABLE plain_events (duration integer, points numeric, is_redeemed boolean);
CREATE FUNCTION pg_temp.play_expiry(who integer, until date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO plain_events SELECT l.expires_on - l.day - 1, l.left_over, false FROM plain_lots l WHERE l.customer = who AND l.expires_on <= until AND l.left_over > 0 AND l.expires_on > l.day;
    UPDATE plain_lots l SET expired = l.left_over, left_over = 0 WHERE l.customer = who AND l.expires_on <= until AND l.left_over > 0;
END
$$;
CREATE FUNCTION pg_temp.play(as_of date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    today record;
    lot record;
    owed numeric;
    was_customer integer;
    taken numeric;
BEGIN
    DELETE FROM plain_lots;
    DELETE FROM plain_debts;
    DELETE FROM plain_events;
    FOR today IN SELECT n.customer, n.day, coalesce(-sum(n.counted) FILTER (WHERE n.counted < 0), 0) AS redeemed FROM plain_counted n WHERE n.day < as_of GROUP BY 1, 2 ORDER BY 1, 2 LOOP
        IF was_customer IS DISTINCT FROM today.customer THEN
            owed := 0;
            was_customer := today.customer;
        END IF;
        PERFORM pg_temp.play_expiry(today.customer, today.day);
        INSERT INTO plain_lots SELECT n.id, n.customer, n.day, n.expires_on, n.counted FROM plain_counted n WHERE n.customer = today.customer AND n.day = today.day AND n.counted > 0;
        PERFORM pg_temp.play_expiry(today.customer, today.day);
        owed := owed + today.redeemed;
        FOR lot IN SELECT l.* FROM plain_lots l WHERE l.customer = today.customer AND l.left_over > 0 AND owed > 0 ORDER BY l.expires_on NULLS LAST, l.day, l.id LOOP
            taken := least(owed, lot.left_over);
            CONTINUE WHEN taken = 0;
            owed := owed - taken;
            UPDATE plain_lots l SET left_over = l.left_over - taken WHERE l.id = lot.id;
            INSERT INTO plain_events VALUES (today.day - lot.day, taken, true);
        END LOOP;
        DELETE FROM plain_debts d WHERE d.customer = today.customer;
        INSERT INTO plain_debts VALUES (today.customer, owed);
    END LOOP;
    PERFORM pg_temp.play_expiry(c.customer, as_of) FROM (SELECT DISTINCT l.customer FROM plain_lots l) c;
    INSERT INTO plain_events SELECT as_of - 1 - l.day, l.left_over, false FROM plain_lots l WHERE l.left_over > 0;
    PERFORM pg_temp.draw_curve();
END
$$;
-- Kaplan and Meier: the share that lasts longer.
CREATE TABLE plain_curve (duration integer, lasting float8);
CREATE FUNCTION pg_temp.draw_curve() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    share float8 := 1;
    step record;
BEGIN
    DELETE FROM plain_curve;
    FOR step IN
        SELECT e.duration, sum(e.points) FILTER (WHERE e.is_redeemed) AS redeemed, (SELECT sum(x.points) FROM plain_events x WHERE x.duration >= e.duration) AS at_risk
        FROM plain_events e GROUP BY 1 ORDER BY 1
    LOOP
        share := share * (1 - coalesce(step.redeemed, 0) / step.at_risk);
        INSERT INTO plain_curve VALUES (step.duration, share);
    END LOOP;
END
$$;
CREATE FUNCTION pg_temp.lasting(days integer) RETURNS float8 LANGUAGE sql AS $$
    SELECT coalesce((SELECT c.lasting FROM plain_curve c WHERE c.duration <= days ORDER BY c.duration DESC LIMIT 1), 1)
$$;
