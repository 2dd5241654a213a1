CREATE TABLE workspace.campaign_groups (
    campaign text REFERENCES workspace.campaigns ON UPDATE CASCADE ON DELETE CASCADE,
    grp text
        CONSTRAINT "grp has a name of up to 62 bytes" CHECK (btrim(grp) <> '' AND octet_length(grp) <= 62),
    "position" integer NOT NULL,
    share double precision NOT NULL
        CONSTRAINT "share is 0 to 1" CHECK (share >= 0 AND share <= 1),
    PRIMARY KEY (campaign, grp)
);
COMMENT ON TABLE workspace.campaign_groups IS 'The groups of each campaign, the control group among them';
COMMENT ON COLUMN workspace.campaign_groups."position" IS 'Order in which customers were dealt out to them';
COMMENT ON COLUMN workspace.campaign_groups.share IS 'Share of the customers that it was to get, 0 to 1';
