-- Experiments: giving something to some customers and not to others, and what came of it.

-- Who gets it: the same groups anywhere, and others for another experiment
SELECT customer, round(experiment_position(customer, 'spring')::numeric, 6) AS spring, round(experiment_position(customer, 'autumn')::numeric, 6) AS autumn,
    experiment_group(customer, 'spring', '{0.5,0.5}') AS halves, experiment_group(customer, 'spring', '{0.1,0.1}') AS tenths
FROM unnest('{1,2,42}'::integer[]) customer;
SELECT experiment_group('42'::text, 'spring', '{0.5,0.5}') AS text, experiment_group(42.0, 'spring', '{0.5,0.5}') AS number;
SELECT experiment_group(1, 'spring', '{0.5,0.6}');

-- How many customers it takes
SELECT experiment_size(0.05, 0.06), experiment_mean_size(3.5, 0.10), experiment_mean_size(3.5, 0.10, level => 0.9, power => 0.9);

-- What they did, and whether groups came out as planned
CREATE TABLE trial (grp text, after numeric, before numeric, orders integer);
INSERT INTO trial SELECT 'control', * FROM unnest('{0,12,5,30,0,8}'::numeric[], '{3,10,6,25,1,9}'::numeric[], '{0,1,1,3,0,1}'::integer[]);
INSERT INTO trial SELECT 'treated', * FROM unnest('{4,15,0,41,6,12}'::numeric[], '{2,11,4,28,5,8}'::numeric[], '{1,1,0,3,1,2}'::integer[]);
SELECT experiment_agg(grp, after, before) FROM trial;
SELECT experiment_agg(grp, after, before, orders) FROM trial;
SELECT grp, customers, round(mean::numeric, 3) AS mean, round(std_dev::numeric, 3) AS std_dev, round(correlation::numeric, 3) AS correlation
FROM (SELECT experiment_agg(grp, after, before) AS e FROM trial) t, experiment_means(e);
SELECT round(chi_square::numeric, 3) AS chi_square, degrees, round(p_value::numeric, 8) AS p_value FROM experiment_srm('{821588,815482}', '{0.5,0.5}');

-- The effect: without and with what was to be seen before, and for who looks every day
CREATE FUNCTION shown(d experiment_difference) RETURNS text LANGUAGE sql AS $$
    SELECT format('%s: %s [%s, %s] p %s, relative %s [%s, %s], saved %s', d.grp, round(d.difference::numeric, 4), round(d.lower::numeric, 4), round(d.upper::numeric, 4), round(d.p_value::numeric, 5),
        round(d.relative::numeric, 4), round(d.relative_lower::numeric, 4), round(d.relative_upper::numeric, 4), round(d.variance_saved::numeric, 4))
$$;
SELECT shown(d) FROM (SELECT experiment_agg(grp, after, before) AS e FROM trial) t, experiment_effect(e, 'control', adjusted => false) d;
SELECT shown(d) FROM (SELECT experiment_agg(grp, after, before) AS e FROM trial) t, experiment_effect(e, 'control') d;
SELECT shown(d) FROM (SELECT experiment_agg(grp, after, before) AS e FROM trial) t, experiment_effect(e, 'control', method => 'always_valid', decide_at => 12) d;
-- Revenue per order
SELECT shown(d) FROM (SELECT experiment_agg(grp, after, before, orders) AS e FROM trial) t, experiment_effect(e, 'control') d;
-- Within strata, and all parts together
SELECT shown(d) FROM (SELECT array_agg(e) AS strata FROM (SELECT experiment_agg(grp, after, before) AS e FROM trial GROUP BY before > 8) s) t, experiment_effect(strata, 'control') d;
SELECT shown(d) FROM (SELECT rollup(e) AS e FROM (SELECT experiment_agg(grp, after, before) AS e FROM trial GROUP BY before > 8) s) t, experiment_effect(e, 'control') d;

-- What 1000 customers in each group will show
SELECT adjusted, round(std_dev::numeric, 3) AS std_dev, round(difference::numeric, 3) AS difference, round(relative::numeric, 3) AS relative
FROM (SELECT experiment_agg('all', after, before) AS e FROM trial) t, unnest('{f,t}'::boolean[]) adjusted, experiment_detectable(e, 1000, 1000, adjusted);

-- What is wrong is said
SELECT * FROM experiment_effect('{"control":(2;30,20;500,350,250)}'::experiment, 'Control');
SELECT * FROM experiment_effect('{"control":(2;30,20;500,350,250)}'::experiment, 'control', method => 'randomisation');
SELECT '{"control":(2;30,20;100,350,250)}'::experiment;

DROP FUNCTION shown(experiment_difference);
DROP TABLE trial;
