-- How many cases did what, and which routines never gave a result: for those the pools have no fitting value.
SELECT format('%s: %s cases, %s accepted', kind, count(*), count(*) FILTER (WHERE state = '00000')) FROM fuzz.outcome GROUP BY kind ORDER BY kind;
SELECT 'never accepted: ' || routine FROM fuzz.routine r
WHERE r.sort = 'plain' AND obj_description(r.routine, 'pg_proc') NOT LIKE 'Always an error%'
    AND NOT EXISTS (SELECT FROM fuzz.outcome o WHERE o.subject = r.routine::text AND o.state = '00000')
ORDER BY 1;
