-- CDNOW: purchases of an online music shop, dates, one file row per purchase
CREATE TABLE cdnow (cust integer, date date, cds integer, sales numeric);
\set copy_cdnow 'gzip -dc ' :data '/cdnow/cdnow_master_transactions.csv.gz'
COPY cdnow FROM PROGRAM :'copy_cdnow' (FORMAT csv, HEADER);
-- Online Retail: invoice lines with cancellations, a quarter without customer; invoices by a view
CREATE TABLE online_retail (invoice_no text, stock_code text, description text, quantity integer, invoice_date timestamp,
    unit_price numeric, customer_id integer, country text);
\set copy_retail 'gzip -dc ' :data '/online_retail/online_retail.csv.gz'
COPY online_retail FROM PROGRAM :'copy_retail' (FORMAT csv, HEADER);
CREATE VIEW retail_invoices AS
SELECT invoice_no, customer_id, min(invoice_date) AS invoice_date, sum(quantity * unit_price) AS total
FROM online_retail GROUP BY invoice_no, customer_id;
