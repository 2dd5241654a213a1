-- workspace: on which scale answers are. The Net Promoter Score is defined for answers from 0 to 10 alone: five stars would be five
-- detractors. Ratings on another scale are counted in rating_summary instead.

-- The ends of a scale such as 1-5; of none those of the question.
CREATE FUNCTION _clientele.workspace_scale(scale text) RETURNS integer[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN string_to_array(coalesce(nullif(scale, ''), '0-10'), '-')::integer[];

CREATE FUNCTION _clientele.workspace_is_scale(scale text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN scale ~ '^[0-9]{1,3}-[0-9]{1,3}$' THEN e.ends[1] < e.ends[2] AND e.ends[2] <= 100 ELSE false END
    FROM (SELECT _clientele.workspace_scale(substring(scale FROM '^[0-9]{1,3}-[0-9]{1,3}$')) AS ends) e
$$;

CREATE FUNCTION _clientele.workspace_check_scale(scale text) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF scale <> '' AND NOT _clientele.workspace_is_scale(scale) THEN
        RAISE EXCEPTION 'invalid value for parameter "scale": "%"', scale
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the lowest and the highest score there can be, such as ''1-5'' or ''0-10'', from 0 to 100.';
    END IF;
END
$$;

-- What the scores of a table are like.
CREATE FUNCTION _clientele.workspace_score_range(relation regclass, score name, OUT given bigint, OUT on_scale bigint, OUT high bigint, OUT lowest numeric, OUT highest numeric)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format($query$
        SELECT count(*), count(*) FILTER (WHERE o.%1$I <= 10), count(*) FILTER (WHERE o.%1$I > 7 AND o.%1$I <= 10), min(o.%1$I)::numeric, max(o.%1$I)::numeric
        FROM %2$s o WHERE o.%1$I >= 0 AND o.%1$I <= 1000
        $query$, score, relation) INTO given, on_scale, high, lowest, highest;
END
$$;

-- The usual scale that has room for some ratings.
CREATE FUNCTION _clientele.workspace_likely_scale(lowest numeric, highest numeric) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN highest <= 1 THEN '0-1' ELSE
        CASE WHEN lowest < 1 AND highest <= 7 OR highest > 10 THEN '0-' ELSE '1-' END || CASE WHEN highest <= 5 THEN 5 WHEN highest <= 7 THEN 7 WHEN highest <= 10 THEN 10 ELSE 100 END END
$$;

-- Scores that do not look like answers from 0 to 10 are not taken for such without a word: where the column is called as ratings are,
-- where none is above 7, or most are above 10. A table without scores may be filled with any.
CREATE FUNCTION _clientele.workspace_check_scores(answers _clientele.attached_relation) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    score CONSTANT name := (answers).columns->>'score';
    found record;
    reason text;
BEGIN
    PERFORM _clientele.workspace_check_scale((answers).columns->>'scale');
    IF (answers).columns->>'scale' <> '' THEN
        RETURN;
    END IF;
    found := _clientele.workspace_score_range((answers).relation, score);
    reason := CASE
        WHEN found.given = 0 THEN NULL
        WHEN found.on_scale * 2 < found.given THEN 'most of them are above 10'
        WHEN found.high = 0 THEN 'none of them is above 7'
        WHEN translate(lower(score), '_ -', '') ~ '^(rating|rate|grade|mark|star|starrating|csat|ces|satisfaction)s?$' THEN 'its name speaks of ratings' END;
    IF reason IS NOT NULL THEN
        RAISE EXCEPTION 'scores in column "%" of %, from % to %, do not look like answers from 0 to 10: %', score, (answers).relation,
                trim_scale(round(found.lowest, 4)), trim_scale(round(found.highest, 4)), reason
            USING ERRCODE = 'invalid_parameter_value',
                HINT = format('If they are ratings: attach_answers(..., scale => %L), which fills rating_summary and leaves the Net Promoter Score empty. If they do answer whether customers would recommend you: scale => ''0-10''.',
                    _clientele.workspace_likely_scale(found.lowest, found.highest));
    END IF;
END
$$;
