-- retention: the triangle of cohorts by period number

CREATE TYPE retention;

CREATE FUNCTION _clientele.retention_in(cstring) RETURNS retention
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_out(retention) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_recv(internal) RETURNS retention
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_send(retention) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE retention (
    INPUT = _clientele.retention_in,
    OUTPUT = _clientele.retention_out,
    RECEIVE = _clientele.retention_recv,
    SEND = _clientele.retention_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double,
    STORAGE = extended
);
COMMENT ON TYPE retention IS
'How many customers of each cohort (calendar period of the first purchase) came back in which complete period, as of a date. Text form: [month 2025-01-01 2025-03-15 +2]{10/6,4/4;7/7}, the period, the first day of the first cohort, the as-of date, the customers whose first period is not complete, and for each cohort and each of its periods how many bought in it and for how many of them it was the last. Made by retention_curve().
Errors: 22P02 for another text, 22P03 for another binary form.';

CREATE FUNCTION _clientele.retention_to_jsonb(retention) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.retention_to_jsonb(retention) IS
'The cast to jsonb: an object of period, as_of, young (customers whose first period is not complete) and cohorts, each with cohort_start, returned and last by period number.
Errors: 54000 past 4 million names and values, those of 1997 cohorts.';
CREATE CAST (retention AS jsonb) WITH FUNCTION _clientele.retention_to_jsonb(retention);

-- sums; equality, order and hash are made from core/type_operators.sql.in

CREATE FUNCTION _clientele.retention_add(retention, retention) RETURNS retention
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.retention_add(retention, retention) IS
'The operator +: the customers of both, who must be different ones.
Errors: 22023 where periods or as-of dates differ, 22003 past 2^63 customers, 54000 past 5000 cohorts.';
CREATE OPERATOR + (
    LEFTARG = retention, RIGHTARG = retention, FUNCTION = _clientele.retention_add, COMMUTATOR = +
);

-- aggregates

CREATE FUNCTION _clientele.retention_combine(retention, retention) RETURNS retention
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.retention_final(retention) RETURNS retention
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE AGGREGATE rollup(retention) (
    SFUNC = _clientele.retention_combine, STYPE = retention, FINALFUNC = _clientele.retention_final,
    COMBINEFUNC = _clientele.retention_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(retention) IS
'The sum of retentions of different customers: a shop''s from those of its segments.
Result: retention; NULLs are skipped, NULL without any.
Errors: 22023 where periods or as-of dates differ, 22003 past 2^63 customers, 54000 past 5000 cohorts.';

CREATE FUNCTION _clientele.retention_curve_transition(retention, purchase_history, text, date) RETURNS retention
AS 'MODULE_PATHNAME', 'retention_curve_history' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE retention_curve(history purchase_history, period text, as_of date) (
    SFUNC = _clientele.retention_curve_transition, STYPE = retention, SSPACE = 16384,
    FINALFUNC = _clientele.retention_final, COMBINEFUNC = _clientele.retention_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE retention_curve(purchase_history, text, date) IS
'How many customers came back in which period after their first purchase, from one history per customer. Returns of goods are no purchases.
Arguments: period: ''day'', ''week'' (ISO), ''month'', ''quarter'' or ''year'', the same in all rows; as_of: purchases on it or later do not exist yet, the same in all rows.
Result: retention; NULL histories and those without a purchase are skipped; NULL without rows.
Errors: 22023 for another period, NULL parameters or ones that differ between rows; 22008 for an as_of that is infinite or in a period that began before all dates; 54000 past 5000 cohorts.';

-- accessors

CREATE TYPE retention_point AS (
    period_number integer,
    eligible bigint,
    retained bigint,
    rate double precision,
    lower double precision,
    upper double precision,
    retained_on_or_after bigint,
    rate_on_or_after double precision,
    lower_on_or_after double precision,
    upper_on_or_after double precision,
    follow_up double precision
);
COMMENT ON TYPE retention_point IS
'Retention at one period number: eligible are the customers for whom that period is complete; retained, those who bought in it; on or after, those who bought in it or a later complete one, with the mean number of complete periods they had for that, as follow_up';

CREATE FUNCTION retention_points(retention retention, level double precision DEFAULT 0.95) RETURNS SETOF retention_point
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 24;
COMMENT ON FUNCTION retention_points(retention, double precision) IS
'The retention curve of all cohorts together. Each period number counts only customers for whom that period is complete, so that young cohorts neither dilute nor inflate it.
Arguments: level: of the confidence intervals, between 0 and 1.
Result: rows of period_number (0 is the period of the first purchase), eligible, retained, rate (0..1) with its Wilson interval, the same for on or after, and follow_up. On or after grows with the follow-up: compare only what had as much of it.
Errors: 22023 for another level.
Source: Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).';

CREATE TYPE retention_cohort_point AS (
    cohort_start date,
    cohort_label text,
    customers bigint,
    period_number integer,
    period_start date,
    complete boolean,
    eligible bigint,
    retained bigint,
    rate double precision,
    lower double precision,
    upper double precision,
    retained_on_or_after bigint,
    rate_on_or_after double precision,
    lower_on_or_after double precision,
    upper_on_or_after double precision
);
COMMENT ON TYPE retention_cohort_point IS
'Retention of one cohort at one period number; the period under way is not complete, and nothing is known of it yet';

CREATE FUNCTION retention_cohorts(retention retention, level double precision DEFAULT 0.95) RETURNS SETOF retention_cohort_point
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 300;
COMMENT ON FUNCTION retention_cohorts(retention, double precision) IS
'The triangle in long form: a row for each cohort and each of its periods, the one under way included as not complete.
Arguments: level: of the confidence intervals, between 0 and 1.
Result: rows of cohort_start, cohort_label (2025-03, 2025-W07, 2025-Q1), customers, period_number, period_start, complete, eligible, retained, rate (0..1) with its Wilson interval, and the same for on or after; rates are NULL for cohorts without customers and where the period is not complete.
Errors: 22023 for another level.';

CREATE FUNCTION retention_rate(retention retention, period_number integer) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_rate(retention, integer) IS
'The share of eligible customers who bought in a period after their first one.
Arguments: period_number: 0 is the period of the first purchase.
Result: 0..1, NULL where nobody had that period yet.
Errors: 22023 for a negative number.';

CREATE FUNCTION retention_rates(retention retention) RETURNS double precision[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_rates(retention) IS
'The rates of all period numbers, from 0 on: the curve as an array.';

CREATE FUNCTION retention_heatmap(retention retention) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_heatmap(retention) IS
'The triangle as text, to look at in psql: a line per cohort with its customers, and for each complete period the rate in per cent with a shade for each fifth.
Result: text of several lines; letters stand for the shades where the database is not in UTF-8.';

CREATE FUNCTION sparkline(heights double precision[]) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION sparkline(double precision[]) IS
'A curve in one line of text: eight heights from the lowest value to the highest.
Arguments: heights: such as retention_rates() gives; NULL is a gap.
Result: one character per value; letters stand for the heights where the database is not in UTF-8.
Errors: 22003 for NaN and infinite values.';
