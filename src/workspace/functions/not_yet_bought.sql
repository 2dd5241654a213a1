-- belongs to: lines
CREATE FUNCTION workspace.not_yet_bought(bought text, not_yet text)
RETURNS TABLE (customer text, bought_on date, orders bigint, customer_name text, contact text)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT b.customer::text, b.bought_on, b.orders, d.customer_name, d.contact
    FROM (
        SELECT l.customer, max(l.day) FILTER (WHERE not_yet_bought.bought IN (l.product, l.category)) AS bought_on,
            count(DISTINCT l.order_id) FILTER (WHERE not_yet_bought.bought IN (l.product, l.category)) AS orders
        FROM workspace.order_lines l
        WHERE l.customer IS NOT NULL AND (not_yet_bought.bought IN (l.product, l.category) OR not_yet_bought.not_yet IN (l.product, l.category))
        GROUP BY l.customer
        HAVING count(*) FILTER (WHERE not_yet_bought.bought IN (l.product, l.category)) > 0
            AND count(*) FILTER (WHERE not_yet_bought.not_yet IN (l.product, l.category)) = 0) b
    LEFT JOIN workspace.customer_details d ON d.customer = b.customer
    ORDER BY b.bought_on DESC, b.orders DESC, b.customer;
END;
COMMENT ON FUNCTION workspace.not_yet_bought(text, text) IS
'Who bought one product, or of one category, and never another one: whom to offer it.
Arguments: bought, not_yet: products or categories, as in order_lines.
Result: rows of customer (as text), bought_on (the last time), orders (in how many), customer_name and contact, the latest first.';
