-- internal
CREATE VIEW workspace.customer_referrers AS
SELECT DISTINCT ON (c.customer) c.customer, c.referrer
FROM workspace.customer_rows c
WHERE c.customer IS NOT NULL AND c.referrer IS NOT NULL AND c.customer <> c.referrer
ORDER BY c.customer, c.referrer;
COMMENT ON VIEW workspace.customer_referrers IS 'Who brought each customer, where attach_customers() was told of a column with the referrer';
COMMENT ON COLUMN workspace.customer_referrers.referrer IS 'Who brought the customer; the lesser one where there are two';
