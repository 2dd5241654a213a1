-- A batch of cases; it depends on its arguments alone.
CREATE FUNCTION fuzz.batch(seed integer, number integer, cases integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    kind float8;
BEGIN
    PERFORM setseed((hashint8extended(number, seed) % 1000003) / 1000003.0), set_config('fuzz.batch', number::text, true);
    UPDATE fuzz.pool p SET expressions = i.expressions FROM fuzz.initial_pool i WHERE i.type = p.type AND i.hostile = p.hostile
        AND cardinality(i.expressions) <> cardinality(p.expressions);
    PERFORM fuzz.add_mutants(t) FROM (SELECT * FROM fuzz.type ORDER BY n) AS t;
    FOR i IN 1..cases LOOP
        kind := random();
        CASE
            WHEN kind < 0.2 THEN PERFORM fuzz.text_case();
            WHEN kind < 0.3 THEN PERFORM fuzz.binary_case();
            WHEN kind < 0.4 THEN PERFORM fuzz.state_case();
            ELSE PERFORM fuzz.call_case();
        END CASE;
    END LOOP;
END
$$;

-- What there is to know in the end, failures of one kind once with the shortest statement that shows them.
CREATE VIEW fuzz.findings AS
SELECT count(*) AS times, min(batch) AS first_batch, subject, kind, (array_agg(problem ORDER BY length(statement), statement))[1] AS problem,
    (array_agg(statement ORDER BY length(statement), statement))[1] AS statement
FROM (SELECT *, regexp_replace(left(problem, 60), '[0-9.]{2,}', 'N', 'g') AS kind FROM fuzz.failure) AS f
GROUP BY subject, kind;
