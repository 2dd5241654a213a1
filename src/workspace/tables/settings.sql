-- Each rule is the name of its constraint, which is the message that a wrong value gets. Of spans no part may be negative, or one
-- could end before it begins: compared as a whole, a month is 30 days. NOT VALID, as which they hold for what is written, a dump
-- has them after the row: it may name a time zone, or a text search configuration, that is no more.
CREATE TABLE workspace.settings (
    one_row boolean PRIMARY KEY DEFAULT true
        CONSTRAINT "settings has one row" CHECK (one_row),
    as_of text NOT NULL DEFAULT 'auto'
        CONSTRAINT "as_of is auto, today or a date such as 2025-01-31" CHECK (
            CASE WHEN as_of ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN as_of::date IS NOT NULL
                ELSE as_of IN ('auto', 'today') END),
    time_zone text NOT NULL,
    workspace_version text NOT NULL,
    period text NOT NULL DEFAULT 'month',
    class_window interval DEFAULT '12 months',
    abc_by text NOT NULL DEFAULT 'revenue',
    abc_a numeric NOT NULL DEFAULT 0.80,
    abc_b numeric NOT NULL DEFAULT 0.95,
    xyz_by text NOT NULL DEFAULT 'frequency',
    frequency_within interval NOT NULL DEFAULT '6 months',
    x_purchases integer NOT NULL DEFAULT 3,
    y_purchases integer NOT NULL DEFAULT 2,
    xyz_x numeric NOT NULL DEFAULT 0.10,
    xyz_y numeric NOT NULL DEFAULT 0.25,
    count_by text NOT NULL DEFAULT 'days',
    new_within interval NOT NULL DEFAULT '3 months',
    regular_within interval NOT NULL DEFAULT '6 months',
    regular_purchases integer NOT NULL DEFAULT 3,
    lost_after interval NOT NULL DEFAULT '6 months',
    risk_gaps double precision NOT NULL DEFAULT 2,
    rfm_bins integer NOT NULL DEFAULT 5,
    one_time_limit numeric NOT NULL DEFAULT 0.03,
    light_by text NOT NULL DEFAULT 'customers',
    retention_step numeric NOT NULL DEFAULT 5,
    zero_amounts text NOT NULL DEFAULT 'orders',
    refunded_orders text NOT NULL DEFAULT 'orders',
    nps_window interval DEFAULT '12 months',
    nps_answers text NOT NULL DEFAULT 'latest',
    enough integer NOT NULL DEFAULT 30,
    text_search text NOT NULL DEFAULT 'simple',
    journey_repeats text NOT NULL DEFAULT 'collapsed',
    funnel_within interval NOT NULL DEFAULT '90 days',
    has_profit boolean NOT NULL DEFAULT false,
    storage text NOT NULL DEFAULT 'view',
    fold_after integer DEFAULT 10000,
    language text NOT NULL DEFAULT 'en',
    tier_within interval NOT NULL DEFAULT '12 months',
    tier_hold interval NOT NULL DEFAULT '0 days',
    tier_count_by text NOT NULL DEFAULT 'spend',
    tier_calendar boolean NOT NULL DEFAULT false,
    points_valid interval,
    point_cost numeric
);
ALTER TABLE workspace.settings ADD CONSTRAINT "time_zone is a full IANA name or UTC" CHECK (clientele.period_start(timestamptz '2000-01-01 00:00:00+00', 'day'::text, time_zone) IS NOT NULL) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "period is day, week, month, quarter or year" CHECK (period IN ('day', 'week', 'month', 'quarter', 'year')) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "class_window is a span of at least a day, or empty" CHECK (class_window IS NULL OR _clientele.is_span(class_window)) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "abc_by is revenue, or profit if a profit column is attached" CHECK (abc_by = 'revenue' OR abc_by = 'profit' AND has_profit) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "abc_a and abc_b are shares, 0 < abc_a <= abc_b <= 1" CHECK (0 < abc_a AND abc_a <= abc_b AND abc_b <= 1) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "xyz_by is frequency or variation" CHECK (xyz_by IN ('frequency', 'variation')) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "frequency_within is a span of at least a day" CHECK (_clientele.is_span(frequency_within)) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "purchases of X and Y: 1 <= y_purchases <= x_purchases" CHECK (1 <= y_purchases AND y_purchases <= x_purchases) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "coefficients of variation: 0 <= xyz_x <= xyz_y <= 1000" CHECK (0 <= xyz_x AND xyz_x <= xyz_y AND xyz_y <= 1000) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "count_by is days or orders" CHECK (count_by IN ('days', 'orders')) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "new_within is a span of at least a day" CHECK (_clientele.is_span(new_within)) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "regular_within is a span of at least a day" CHECK (_clientele.is_span(regular_within)) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "regular_purchases is at least 2" CHECK (regular_purchases >= 2) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "lost_after is a span of at least a day" CHECK (_clientele.is_span(lost_after)) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "risk_gaps is a number from 0 to 1000" CHECK (risk_gaps >= 0 AND risk_gaps <= 1000) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "rfm_bins is 2 to 10" CHECK (rfm_bins BETWEEN 2 AND 10) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "one_time_limit is a share, 0 to 1" CHECK (0 <= one_time_limit AND one_time_limit <= 1 AND scale(one_time_limit) <= 20) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "light_by is customers or sales" CHECK (light_by IN ('customers', 'sales')) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "nps_window is a span of at least a day, or empty" CHECK (nps_window IS NULL OR _clientele.is_span(nps_window)) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "nps_answers is latest or all" CHECK (nps_answers IN ('latest', 'all')) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "retention_step is above 0, up to 100 points" CHECK (0 < retention_step AND retention_step <= 100) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "zero_amounts is orders or skipped" CHECK (zero_amounts IN ('orders', 'skipped')) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "refunded_orders is orders or skipped" CHECK (refunded_orders IN ('orders', 'skipped')) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "enough is a number of at least 0" CHECK (enough >= 0) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "text_search is a text search configuration of the server" CHECK (_clientele.workspace_text_search(text_search) IS NOT NULL) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "journey_repeats is collapsed or kept" CHECK (journey_repeats IN ('collapsed', 'kept')) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "funnel_within is a span of at least a day" CHECK (_clientele.is_span(funnel_within)) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "storage is view, materialized, distributed or incremental" CHECK (storage IN ('view', 'materialized', 'distributed', 'incremental')) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "fold_after is at least 100, or empty" CHECK (fold_after >= 100) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "language is one that there are words in, such as en or ru" CHECK (language = ANY (_clientele.workspace_languages())) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "tier_within is a span of at least a day" CHECK (_clientele.is_span(tier_within)) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "tier_hold is a span, or 0 days" CHECK (_clientele.is_span(tier_hold + interval '1 day') AND extract(day FROM tier_hold) >= 0) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "tier_count_by is spend, days or orders" CHECK (tier_count_by IN ('spend', 'days', 'orders')) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "by tier_calendar tier_within is 1, 2, 3, 4, 6 or 12 months" CHECK (NOT tier_calendar OR date_trunc('month'::text, tier_within) = tier_within
    AND tier_within IN (interval '1 month', interval '2 months', interval '3 months', interval '4 months', interval '6 months', interval '12 months')) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "points_valid is a span of at least a day, or empty" CHECK (points_valid IS NULL OR _clientele.is_span(points_valid)) NOT VALID;
ALTER TABLE workspace.settings ADD CONSTRAINT "point_cost is a sum of 0 to 1000000 per point, or empty" CHECK (0 <= point_cost AND point_cost <= 1000000 AND scale(point_cost) <= 20) NOT VALID;
CREATE TRIGGER keep_settings BEFORE DELETE OR TRUNCATE ON workspace.settings
    EXECUTE FUNCTION _clientele.workspace_keep_settings();
CREATE TRIGGER settings_changed AFTER UPDATE ON workspace.settings
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION _clientele.workspace_settings_changed();
CREATE TRIGGER language_changed AFTER UPDATE ON workspace.settings
    FOR EACH ROW WHEN (OLD.language <> NEW.language) EXECUTE FUNCTION _clientele.workspace_language_changed();
COMMENT ON TABLE workspace.settings IS 'How the views of this workspace count: one row, change it with UPDATE';
COMMENT ON COLUMN workspace.settings.as_of IS 'The day the views speak of, on which and after which rows do not exist yet: ''auto'' is the earlier of today and the day after the last row, ''today'' follows the clock, a date such as ''2025-01-31'' shows everything as it stood then';
COMMENT ON COLUMN workspace.settings.enough IS 'A figure with fewer behind it is marked as not enough to go by';
COMMENT ON COLUMN workspace.settings.language IS 'The language of advice, policies and all other texts that views show, en or ru: those that you edited stay as they are';
