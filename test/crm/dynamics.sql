-- Tables of Microsoft Dynamics 365 Sales as an export of Dataverse leaves them. Made up by hand: see from_crm.t.
CREATE SCHEMA dynamics;

CREATE TABLE dynamics.account (accountid uuid PRIMARY KEY, name text, address1_country text, merged boolean, masterid uuid);
INSERT INTO dynamics.account VALUES
    ('a0000000-0000-0000-0000-000000000001', 'Contoso', 'Germany', false, NULL),
    ('a0000000-0000-0000-0000-000000000002', 'Contoso GmbH', 'Germany', true, 'a0000000-0000-0000-0000-000000000001'),
    ('a0000000-0000-0000-0000-000000000003', 'Fabrikam', 'Austria', false, NULL);

CREATE TABLE dynamics.contact (
    contactid uuid PRIMARY KEY, fullname text, address1_country text, merged boolean, masterid uuid,
    parentcustomerid uuid, parentcustomeridtype text);
INSERT INTO dynamics.contact VALUES
    ('c0000000-0000-0000-0000-000000000001', 'Eva of Contoso', 'Germany', false, NULL, 'a0000000-0000-0000-0000-000000000002', 'account'),
    ('c0000000-0000-0000-0000-000000000002', 'Paul', 'Austria', false, NULL, NULL, NULL),
    ('c0000000-0000-0000-0000-000000000003', 'Paul (twice)', 'Austria', true, 'c0000000-0000-0000-0000-000000000002', NULL, NULL);

CREATE TABLE dynamics.campaign (campaignid uuid PRIMARY KEY, name text);
INSERT INTO dynamics.campaign VALUES ('f0000000-0000-0000-0000-000000000001', 'spring mailing');
CREATE TABLE dynamics.lead (leadid uuid PRIMARY KEY, leadsourcecode integer);
INSERT INTO dynamics.lead VALUES ('e0000000-0000-0000-0000-000000000001', 8), ('e0000000-0000-0000-0000-000000000002', 3);
CREATE TABLE dynamics.opportunity (opportunityid uuid PRIMARY KEY, campaignid uuid, originatingleadid uuid);
INSERT INTO dynamics.opportunity VALUES
    ('b0000000-0000-0000-0000-000000000001', NULL, 'e0000000-0000-0000-0000-000000000001'),
    ('b0000000-0000-0000-0000-000000000002', 'f0000000-0000-0000-0000-000000000001', 'e0000000-0000-0000-0000-000000000002');

CREATE TABLE dynamics.salesorder (
    salesorderid uuid PRIMARY KEY, ordernumber text, customerid uuid, customeridtype text, statecode integer,
    totalamount numeric, totalamount_base numeric, createdon timestamptz, submitdate timestamptz, opportunityid uuid, campaignid uuid);
INSERT INTO dynamics.salesorder VALUES
    ('d0000000-0000-0000-0000-000000000001', 'ORD-1', 'a0000000-0000-0000-0000-000000000001', 'account', 4,
     100, 100, '2025-01-10 09:00+00', NULL, 'b0000000-0000-0000-0000-000000000001', NULL),
    ('d0000000-0000-0000-0000-000000000002', 'ORD-2', 'c0000000-0000-0000-0000-000000000001', 'contact', 3,
     50, 50, '2025-02-28 23:30+00', NULL, NULL, NULL),
    ('d0000000-0000-0000-0000-000000000003', 'ORD-3', 'a0000000-0000-0000-0000-000000000002', 'account', 1,
     25, 25, '2025-03-10 09:00+00', NULL, NULL, NULL),
    ('d0000000-0000-0000-0000-000000000004', 'ORD-4', 'c0000000-0000-0000-0000-000000000002', 'contact', 3,
     120, 110.40, '2025-03-30 09:00+00', '2025-03-31 22:00+00', 'b0000000-0000-0000-0000-000000000002', NULL),
    ('d0000000-0000-0000-0000-000000000005', 'ORD-5', 'a0000000-0000-0000-0000-000000000003', 'account', 2,
     500, 500, '2025-04-01 09:00+00', NULL, NULL, NULL),
    ('d0000000-0000-0000-0000-000000000006', 'ORD-6', 'a0000000-0000-0000-0000-000000000003', 'account', 0,
     600, 600, '2025-04-02 09:00+00', NULL, NULL, NULL),
    ('d0000000-0000-0000-0000-000000000007', 'ORD-7', 'c0000000-0000-0000-0000-000000000003', 'contact', 4,
     -40, -40, '2025-04-20 09:00+00', NULL, NULL, NULL),
    ('d0000000-0000-0000-0000-000000000008', 'ORD-8', NULL, NULL, 3,
     15, 15, '2025-04-04 09:00+00', NULL, NULL, NULL),
    ('d0000000-0000-0000-0000-000000000009', 'ORD-9', 'a0000000-0000-0000-0000-000000000003', 'account', 4,
     60, 60, '2025-04-05 09:00+00', NULL, 'b0000000-0000-0000-0000-000000000001', 'f0000000-0000-0000-0000-000000000001');
