-- Segments are laid out in thirds of the scores: 1 low, 2 middle, 3 high. Every combination is in exactly one row. Two scores have
-- no middle third. Emptied, the table is filled again, for as many scores as there are then.
CREATE TABLE workspace.segments (
    "position" integer PRIMARY KEY,
    segment text NOT NULL
        CONSTRAINT "other is who matches no segment" CHECK (segment NOT IN ('', 'other')),
    recency_from integer NOT NULL DEFAULT 1,
    recency_to integer NOT NULL,
    frequency_from integer NOT NULL DEFAULT 1,
    frequency_to integer NOT NULL,
    monetary_from integer NOT NULL DEFAULT 1,
    monetary_to integer NOT NULL,
    advice text,
    CONSTRAINT "scores run from 1, and from is not above to" CHECK (
        1 <= recency_from AND recency_from <= recency_to AND 1 <= frequency_from AND frequency_from <= frequency_to
        AND 1 <= monetary_from AND monetary_from <= monetary_to)
);
INSERT INTO workspace.segments ("position", segment, recency_from, recency_to, frequency_from, frequency_to, monetary_from, monetary_to, advice)
SELECT r.*, w.words->>('segment.' || r.segment || '.advice')
FROM workspace.settings s
CROSS JOIN (SELECT _clientele.workspace_words(x.language) AS words FROM workspace.settings x LIMIT 1) w
CROSS JOIN (
    VALUES
        (1, 'champions', '[3,3]'::int4range, '[3,3]'::int4range, '[3,3]'::int4range),
        (2, 'loyal', '[3,3]', '[3,3]', '[1,2]'),
        (3, 'potential loyalists', '[3,3]', '[2,2]', '[1,3]'),
        (4, 'promising', '[3,3]', '[1,1]', '[3,3]'),
        (5, 'new customers', '[3,3]', '[1,1]', '[1,2]'),
        (6, 'need attention', '[2,2]', '[2,3]', '[2,3]'),
        (7, 'small baskets', '[2,2]', '[2,3]', '[1,1]'),
        (8, 'about to sleep', '[2,2]', '[1,1]', '[1,3]'),
        (9, 'cannot lose', '[1,1]', '[3,3]', '[2,3]'),
        (10, 'at risk', '[1,1]', '[2,2]', '[2,3]'),
        (11, 'hibernating', '[1,1]', '[2,3]', '[1,1]'),
        (12, 'lost', '[1,1]', '[1,1]', '[1,3]')
) d("position", segment, recency, frequency, monetary)
CROSS JOIN LATERAL (
    SELECT d."position", d.segment,
        _clientele.workspace_third_start(lower(d.recency), s.rfm_bins) AS recency_from,
        _clientele.workspace_third_start(upper(d.recency), s.rfm_bins) - 1 AS recency_to,
        _clientele.workspace_third_start(lower(d.frequency), s.rfm_bins) AS frequency_from,
        _clientele.workspace_third_start(upper(d.frequency), s.rfm_bins) - 1 AS frequency_to,
        _clientele.workspace_third_start(lower(d.monetary), s.rfm_bins) AS monetary_from,
        _clientele.workspace_third_start(upper(d.monetary), s.rfm_bins) - 1 AS monetary_to
) r
WHERE r.recency_from <= r.recency_to AND r.frequency_from <= r.frequency_to AND r.monetary_from <= r.monetary_to
    AND NOT EXISTS (SELECT FROM workspace.segments);
UPDATE workspace.segments g SET advice = t.words
FROM workspace.settings s CROSS JOIN LATERAL _clientele.workspace_translations(s.language) t
WHERE t.key = 'segment.' || g.segment || '.advice' AND t.said = g.advice AND t.words <> g.advice;
COMMENT ON TABLE workspace.segments IS 'Segments by RFM scores, the first that matches holds: yours to edit; check_segments() lists what matches none or several';
COMMENT ON COLUMN workspace.segments."position" IS 'The order in which rows are tried';
COMMENT ON COLUMN workspace.segments.recency_from IS 'Lowest score for recency: a high one bought lately';
COMMENT ON COLUMN workspace.segments.recency_to IS 'Highest score for recency';
COMMENT ON COLUMN workspace.segments.frequency_from IS 'Lowest score for the number of purchases';
COMMENT ON COLUMN workspace.segments.frequency_to IS 'Highest score for the number of purchases';
COMMENT ON COLUMN workspace.segments.monetary_from IS 'Lowest score for revenue';
COMMENT ON COLUMN workspace.segments.monetary_to IS 'Highest score for revenue';
COMMENT ON COLUMN workspace.segments.advice IS 'What to do with them';
