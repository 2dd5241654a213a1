-- Customers are kept as text, as experiment_position() reads them: so they stay who they are when the orders' column gets another
-- type, and when the orders are attached again. The text of a key is its cast: customer::text.
CREATE TABLE workspace.campaign_members (
    campaign text REFERENCES workspace.campaigns ON UPDATE CASCADE ON DELETE CASCADE,
    customer text NOT NULL,
    grp text NOT NULL,
    stratum text NOT NULL,
    CONSTRAINT "a customer is in one group of a campaign" PRIMARY KEY (campaign, customer)
);
COMMENT ON TABLE workspace.campaign_members IS 'Who is in which group of a campaign, frozen when it started: whom to give it to';
COMMENT ON COLUMN workspace.campaign_members.customer IS 'The customer, as text: customer::text of the other views';
COMMENT ON COLUMN workspace.campaign_members.stratum IS 'What the customer was at the start, by which the groups were drawn';
