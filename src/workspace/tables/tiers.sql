-- Which discounts there are is the owner's decision: it comes empty. Finer than 1/10000 two thresholds would be one.
CREATE TABLE workspace.tiers (
    policy text NOT NULL DEFAULT 'current',
    tier text NOT NULL
        CONSTRAINT "base is who is in no tier" CHECK (tier NOT IN ('', 'base')),
    threshold numeric NOT NULL
        CONSTRAINT "threshold is 0 or more, with up to four decimals" CHECK (threshold >= 0 AND threshold <= 1000000000000 AND scale(threshold) <= 4),
    discount numeric NOT NULL DEFAULT 0
        CONSTRAINT "discount is a share, 0 to 1" CHECK (discount >= 0 AND discount <= 1 AND scale(discount) <= 10),
    benefits text,
    valid_from date NOT NULL DEFAULT current_date,
    review_by date,
    campaign text,
    PRIMARY KEY (policy, tier),
    CONSTRAINT "a policy has one tier for a threshold" UNIQUE (policy, threshold),
    CONSTRAINT "review_by is not before valid_from" CHECK (review_by >= valid_from)
);
COMMENT ON TABLE workspace.tiers IS 'The tiers of the programme, policy current, and those of others to try with tier_what_if(): yours to fill in';
COMMENT ON COLUMN workspace.tiers.policy IS 'current is what holds; any other name is a plan';
COMMENT ON COLUMN workspace.tiers.tier IS 'Name of the tier';
COMMENT ON COLUMN workspace.tiers.threshold IS 'From how much on: revenue, days with orders or orders, as tier_count_by in the settings says, within tier_within';
COMMENT ON COLUMN workspace.tiers.discount IS 'Share that is taken off each order, 0 to 1';
COMMENT ON COLUMN workspace.tiers.campaign IS 'The campaign that proved it; empty where none did';
