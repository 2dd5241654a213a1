-- Where the rows of two queries differ, joined by the column key, numbers to nine decimals; '' where they do not.
CREATE FUNCTION pg_temp.differences(ours text, plain text, key text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    EXECUTE format($query$
        WITH a AS (SELECT to_jsonb(x) AS values, to_jsonb(x)->>%3$L AS key FROM (%1$s) x),
            b AS (SELECT to_jsonb(x) AS values, to_jsonb(x)->>%3$L AS key FROM (%2$s) x),
            difference AS (
                SELECT key, k.name, a.values->k.name AS ours, b.values->k.name AS plain
                FROM a FULL JOIN b USING (key) CROSS JOIN LATERAL jsonb_object_keys(coalesce(a.values, b.values)) k(name)
                WHERE CASE WHEN jsonb_typeof(a.values->k.name) = 'number' AND jsonb_typeof(b.values->k.name) = 'number'
                    THEN abs((a.values->>k.name)::numeric - (b.values->>k.name)::numeric) > 1e-9
                    ELSE a.values->k.name IS DISTINCT FROM b.values->k.name END)
        SELECT concat_ws(E'\n',
            (SELECT format('%%s rows, not %%s', count(*), (SELECT count(*) FROM b)) FROM a HAVING count(*) <> (SELECT count(*) FROM b)),
            (SELECT string_agg(format('%%s: %%s is %%s, not %%s', d.key, d.name, d.ours, d.plain), E'\n')
             FROM (SELECT * FROM difference ORDER BY name, key LIMIT 20) d))
        $query$, ours, plain, key) INTO found;
    RETURN found;
END
$$;
