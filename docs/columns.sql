-- The table of docs/attaching.md that says which columns are found by which English names: bash test/reference.t --write puts it there
\pset format unaligned
\pset tuples_only on
WITH roles AS (
    SELECT a.relation_role, a.role AS argument, a.role, a.needed, a."position" FROM _clientele.workspace_attached_roles() a
    UNION ALL
    VALUES ('customers', 'customer', 'customer_key', true, 1), ('customers', 'dimensions', 'dimension', false, 2), ('customers', 'referrer', 'referrer', false, 3)
)
SELECT format('| `attach_%s` | %s | %s | %s |', r.relation_role, format(CASE WHEN r.needed THEN '**`%s`**' ELSE '`%s`' END, r.argument),
    array_to_string(ARRAY(SELECT n.name FROM unnest(c.names) n(name)
        WHERE n.name <> ALL (ARRAY(SELECT unnest(x.names) FROM _clientele.workspace_column_names() x WHERE x.role = s.named_as))), ', '), k.kinds)
FROM roles r
CROSS JOIN LATERAL _clientele.workspace_named_as(r.relation_role, r.role) s(named_as)
CROSS JOIN LATERAL _clientele.workspace_column_role(s.named_as) c
-- Of integers, texts and floating point numbers all are taken, or none.
CROSS JOIN LATERAL (
    SELECT string_agg(DISTINCT CASE
        WHEN t.type IN ('smallint', 'integer', 'bigint') THEN 'integer'
        WHEN t.type IN ('real', 'double precision') THEN 'floating point'
        WHEN t.type IN ('text', 'varchar', 'char', 'name') THEN 'text'
        ELSE replace(t.type::text, ' without time zone', '') END, ', ') AS kinds
    FROM unnest(c.types) t(type)) k
ORDER BY array_position(_clientele.workspace_roles(), r.relation_role), r."position";
