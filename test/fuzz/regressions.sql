-- What the fuzzer once found: each is told with the SQLSTATEs it may fail with, and takes less than a second.
SELECT set_config('fuzz.batch', '0', false);
SELECT fuzz.try('regression', statement, statement, states) FROM (VALUES
    -- periods without purchases were gone through one by one, up to two billion of them, and part of that could not be cancelled
    ($$ SELECT xyz_class('{2023-05-05:1/3/1,2024-12-31:0}'::purchase_history, 'day', '2000-01-01', '5874897-12-31', 1.5, 10) $$, '{}'::text[]),
    ($$ SELECT variation('{4714-11-24 BC:5,5874897-12-31:5}'::purchase_history, 'week', '2025-07-01', '5874897-12-31') $$, '{}'),
    ($$ SELECT demand_interval('{2024-01-01:10,2024-02-01:10}'::purchase_history, 'day', '2023-02-28', '294277-01-01') $$, '{}'),
    -- names of periods past the last timestamp
    ($$ SELECT retention_heatmap('[year 5874894-01-01 5874897-12-31 +0]{1/0,0/0,1/1;0/0,0/0;0/0}') $$, '{}'),
    ($$ SELECT count(c::text) FROM retention_cohorts('[year 5874894-01-01 5874897-12-31 +0]{1/0,0/0,1/1;0/0,0/0;0/0}') AS c $$, '{}'),
    -- states whose scale passed an integer when it was doubled or subtracted
    ($$ SELECT _clientele.gini_final('\x0100000000000080000000000000000000000000') $$, '{XX001}'),
    ($$ SELECT _clientele.variation_final(overlay('\x01000000'::bytea || decode(repeat('00', 88), 'hex') PLACING '\x00000080' FROM 5)) $$, '{XX001}'),
    -- an error that was not documented
    ($$ SELECT grant_workspace('year', NULL::regrole) $$, '{22004}')
) AS r(statement, states);
