-- What figures are compared by is frozen before the start: with what is known only afterwards groups would choose it.
CREATE TABLE workspace.campaigns (
    campaign text PRIMARY KEY
        CONSTRAINT "campaign has a name" CHECK (btrim(campaign) <> ''),
    started_on date NOT NULL
        CONSTRAINT "started_on is within the years 1 to 9999" CHECK (started_on >= date '0001-01-01' AND started_on < date '10000-01-01'),
    ended_on date
        CONSTRAINT "ended_on is within the years 1 to 9999" CHECK (ended_on >= date '0001-01-01' AND ended_on < date '10000-01-01'),
    days_before integer NOT NULL
        CONSTRAINT "days_before is 1 to 3660" CHECK (days_before >= 1 AND days_before <= 3660),
    control text NOT NULL,
    strata text NOT NULL
        CONSTRAINT "strata is cell, stage, segment, abc or none" CHECK (strata IN ('cell', 'stage', 'segment', 'abc', 'none')),
    standing boolean NOT NULL DEFAULT false,
    discount numeric
        CONSTRAINT "discount is a share, 0 to 1" CHECK (discount >= 0 AND discount <= 1 AND scale(discount) <= 20),
    cap_quantile double precision NOT NULL
        CONSTRAINT "cap_quantile is above 0, below 1" CHECK (cap_quantile > 0 AND cap_quantile < 1),
    highest_revenue numeric
        CONSTRAINT "highest_revenue is an amount above 0" CHECK (highest_revenue > 0 AND highest_revenue <= 900000000000 AND scale(highest_revenue) <= 20),
    skewness_orders double precision,
    skewness_revenue double precision,
    skewness_capped double precision,
    decide_at bigint NOT NULL
        CONSTRAINT "decide_at is at least 1" CHECK (decide_at >= 1),
    audience text,
    note text,
    CONSTRAINT "ended_on is not before started_on" CHECK (ended_on >= started_on)
);
COMMENT ON TABLE workspace.campaigns IS 'What is, or was, tried on some customers: start_campaign() and end_campaign() write here';
COMMENT ON COLUMN workspace.campaigns.ended_on IS 'The day it ended, from which on orders do not count; empty while it runs';
COMMENT ON COLUMN workspace.campaigns.control IS 'Name of the group that got nothing';
COMMENT ON COLUMN workspace.campaigns.discount IS 'What the others got as a discount, 0 to 1';
COMMENT ON COLUMN workspace.campaigns.note IS 'What was tried, and what came of it: yours to fill';
