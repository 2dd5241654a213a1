-- belongs to: customers
SELECT v.topic, v.finding, v.advice
FROM (
    SELECT 1 AS "position", '' AS name, 'customers' AS topic,
        'customers of the orders that are found there: ' || _clientele.workspace_row_share(count(k.customer), nullif(count(*), 0)) AS finding,
        CASE WHEN count(k.customer) * 2 < count(*) THEN 'Is it the column that the orders'' customer is? Name it with customer => ''...''' END AS advice
    FROM workspace.customer_history h
    LEFT JOIN (SELECT DISTINCT c.customer FROM workspace.customer_rows c) k ON k.customer = h.customer
    UNION ALL
    SELECT 2, d.dimension, 'many values', format('%s has %s values', d.dimension, count(DISTINCT d.value)),
        'Each of them is a line in the views by dimension: leave it out with dimensions => ''{...}'', or attach a view that groups them'
    FROM workspace.customer_dimensions d
    WHERE d.dimension NOT IN ('first_source', 'first_category')
    GROUP BY d.dimension
    HAVING count(DISTINCT d.value) > 50) v
WHERE v.finding IS NOT NULL
ORDER BY v."position", v.name
