-- internal
CREATE VIEW workspace.customer_history AS
SELECT h.customer, h.history, h.profit_history FROM workspace.order_history h WHERE h.customer IS NOT NULL;
COMMENT ON VIEW workspace.customer_history IS 'One row per customer with all purchases as one value, which the functions of Clientele read: for SQL, not for BI. Holds rows of every date, whatever the settings say: pass as_of of reporting_date to the functions';
