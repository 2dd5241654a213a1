-- core: periods, money, shares with intervals

-- What users do not call. Nobody but the extension makes anything here, so that no call in it can be another function's.
CREATE SCHEMA _clientele;
GRANT USAGE ON SCHEMA _clientele TO PUBLIC;
COMMENT ON SCHEMA _clientele IS 'What Clientele needs within: nothing here is to be called, and anything may change';

CREATE TYPE confidence_interval AS (
    estimate double precision,
    lower double precision,
    upper double precision
);
COMMENT ON TYPE confidence_interval IS
'An estimate with the bounds of its confidence interval, in the unit of the function that returns it';

CREATE FUNCTION wilson_interval(successes bigint, trials bigint, level double precision DEFAULT 0.95)
RETURNS confidence_interval
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION wilson_interval(bigint, bigint, double precision) IS
'A share with its Wilson score interval.
Arguments: successes, trials: counts, 0 <= successes <= trials; level: confidence level between 0 and 1.
Result: estimate, lower, upper as shares 0..1; all NULL without trials.
Errors: 22023 for counts that do not fit each other or a level outside 0..1.
Source: Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).';

CREATE TYPE share_test_result AS (
    difference double precision,
    lower double precision,
    upper double precision,
    z double precision,
    p_value double precision
);
COMMENT ON TYPE share_test_result IS 'The difference of two shares with its test: the result of share_test';
COMMENT ON COLUMN share_test_result.difference IS 'The first share less the second, -1..1';
COMMENT ON COLUMN share_test_result.lower IS 'Lower bound of the difference';
COMMENT ON COLUMN share_test_result.upper IS 'Upper bound of the difference';
COMMENT ON COLUMN share_test_result.z IS 'The difference in standard errors, as if there were none';
COMMENT ON COLUMN share_test_result.p_value IS
'The probability of a difference at least as large, in either direction, if there were none';

CREATE FUNCTION share_test(
    a_successes bigint, a_trials bigint, b_successes bigint, b_trials bigint, level double precision DEFAULT 0.95)
RETURNS share_test_result
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION share_test(bigint, bigint, bigint, bigint, double precision) IS
'Whether two independent shares differ.
Arguments: a_successes, a_trials, b_successes, b_trials: counts, 0 <= successes <= trials on either side; level: confidence level between 0 and 1.
Result: difference (a less b, -1..1), lower, upper (from the Wilson intervals of both), z and p_value (two-sided, with the pooled share; NULL where all trials agree). All NULL where either side has no trials.
Errors: 22023 for counts that do not fit each other or a level outside 0..1.
Source: Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17 (1998), method 10.';

CREATE FUNCTION period_start(at date, period text)
RETURNS date
AS 'MODULE_PATHNAME', 'period_start_date' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION period_start(date, text) IS
'The first day of the calendar period that holds a day.
Arguments: at; period: ''day'', ''week'' (ISO, from Monday), ''month'', ''quarter'' or ''year''.
Result: a date.
Errors: 22023 for another period, 22008 for an infinite date.';

CREATE FUNCTION period_start(at timestamp, period text)
RETURNS date
AS 'MODULE_PATHNAME', 'period_start_timestamp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION period_start(timestamp, text) IS
'The first day of the calendar period that holds a local timestamp.
Arguments: at; period: ''day'', ''week'' (ISO, from Monday), ''month'', ''quarter'' or ''year''.
Result: a date.
Errors: 22023 for another period, 22008 for an infinite timestamp.';

CREATE FUNCTION period_start(at timestamptz, period text, time_zone text)
RETURNS date
AS 'MODULE_PATHNAME', 'period_start_timestamptz' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION period_start(timestamptz, text, text) IS
'The first day of the calendar period that holds an instant, by the calendar of a time zone: the date of date_trunc(period, at, time_zone) there.
Arguments: at; period: ''day'', ''week'' (ISO, from Monday), ''month'', ''quarter'' or ''year''; time_zone: full IANA name or UTC.
Result: a date in that zone.
Errors: 22023 for another period or time zone, 22008 for an infinite instant.';

CREATE FUNCTION _clientele.local_day(at timestamptz, time_zone text) RETURNS date
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.local_day(timestamptz, text) IS
'Internal to views: the day of an instant in a time zone, as (at AT TIME ZONE time_zone)::date gives it, many times faster.
Errors: 22023 for another time zone than a full IANA name or UTC, 22008 for an infinite instant.';

CREATE FUNCTION period_start(at timestamptz, period text)
RETURNS date
AS 'MODULE_PATHNAME', 'time_zone_required' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION period_start(timestamptz, text) IS
'Always an error (22023): timestamptz needs a time zone as third argument.';

CREATE FUNCTION period_start(at date, period text, time_zone text)
RETURNS date
AS 'MODULE_PATHNAME', 'time_zone_refused' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION period_start(date, text, text) IS
'Always an error (22023): a date has no time zone.';

CREATE FUNCTION period_start(at timestamp, period text, time_zone text)
RETURNS date
AS 'MODULE_PATHNAME', 'time_zone_refused' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION period_start(timestamp, text, text) IS
'Always an error (22023): a timestamp without time zone has none to convert from.';

CREATE FUNCTION valid_amount(amount bigint)
RETURNS boolean
AS 'MODULE_PATHNAME', 'valid_amount_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION valid_amount(bigint) IS
'Whether an amount can be kept: within +-922337203685477.';

CREATE FUNCTION valid_amount(amount real)
RETURNS boolean
AS 'MODULE_PATHNAME', 'valid_amount_float4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION valid_amount(real) IS
'Whether an amount can be kept: finite and within +-922337203685477.5807.';

CREATE FUNCTION valid_amount(amount double precision)
RETURNS boolean
AS 'MODULE_PATHNAME', 'valid_amount_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION valid_amount(double precision) IS
'Whether an amount can be kept: finite and within +-922337203685477.5807.';

CREATE FUNCTION valid_amount(amount numeric)
RETURNS boolean
AS 'MODULE_PATHNAME', 'valid_amount_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION valid_amount(numeric) IS
'Whether an amount can be kept: finite and within +-922337203685477.5807, to which it rounds at four decimals.';

CREATE FUNCTION kept_amount(amount bigint)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kept_amount_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kept_amount(bigint) IS
'An amount as purchase histories keep it: at four decimals, more are rounded half away from zero, floating point by its shortest decimal.
Result: numeric, shown with two decimals or as many as it needs.
Errors: 22003 for NaN, infinite and too large amounts (past 922 trillion), which valid_amount() tells.';

CREATE FUNCTION kept_amount(amount real)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kept_amount_float4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kept_amount(real) IS
'An amount as purchase histories keep it: at four decimals, more are rounded half away from zero, floating point by its shortest decimal.
Result: numeric, shown with two decimals or as many as it needs.
Errors: 22003 for NaN, infinite and too large amounts (past 922 trillion), which valid_amount() tells.';

CREATE FUNCTION kept_amount(amount double precision)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kept_amount_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kept_amount(double precision) IS
'An amount as purchase histories keep it: at four decimals, more are rounded half away from zero, floating point by its shortest decimal.
Result: numeric, shown with two decimals or as many as it needs.
Errors: 22003 for NaN, infinite and too large amounts (past 922 trillion), which valid_amount() tells.';

CREATE FUNCTION kept_amount(amount numeric)
RETURNS numeric
AS 'MODULE_PATHNAME', 'kept_amount_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kept_amount(numeric) IS
'An amount as purchase histories keep it: at four decimals, more are rounded half away from zero, floating point by its shortest decimal.
Result: numeric, shown with two decimals or as many as it needs.
Errors: 22003 for NaN, infinite and too large amounts (past 922 trillion), which valid_amount() tells.';

CREATE FUNCTION _clientele.row_digests_transition(bytea, bigint) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION _clientele.row_digests_combine(bytea, bytea) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE AGGREGATE _clientele.row_digests(row_digest bigint) (
    SFUNC = _clientele.row_digests_transition, STYPE = bytea, SSPACE = 524296,
    COMBINEFUNC = _clientele.row_digests_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE _clientele.row_digests(bigint) IS
'By what rows are known again, in whatever order they come: 65536 sums of 64 bits, each over the hashes of the rows of some keys.
Arguments: row_digest: the row_digest() of a row.
Result: bytea, for changed_buckets(), to be compared on machines of one kind alone; NULL without rows.
Memory: 512 kB.
Errors: XX001 where other bytes are handed on.';

CREATE FUNCTION _clientele.row_digest(row_values record) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.row_digest(record) IS
'A hash of a row, for row_digests().
Arguments: row_values: columns that are always the same ones, of the same types, the first a key of a type with a hash function.
Result: bigint: the lowest 16 bits are the digest_bucket() of the row.
Errors: 22023 for a key of another type.';

CREATE FUNCTION _clientele.digest_bucket(row_values record) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.digest_bucket(record) IS
'To which of the sums of row_digests() a row belongs, by its first column.
Errors: 22023 for a key of a type without a hash function.';

CREATE FUNCTION _clientele.changed_buckets(before bytea, after bytea) RETURNS integer[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.changed_buckets(bytea, bytea) IS
'Which sums of row_digests() differ, by digest_bucket().
Errors: 22023 for other bytes.';
