-- workspace: what a BI tool says beside a view: where to begin, and what is easily got wrong.

CREATE FUNCTION _clientele.workspace_advice() RETURNS TABLE (relation name, property text, advice text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
        (NULL::name, 'points_of_interest', 'Begin with Overview, then Revenue By Period, At Risk and Win Back. Data Quality tells whether the figures can be trusted.'),
        ('abc_summary', 'points_of_interest', 'Who brings how much: a pie of window_revenue by abc, without the class none.'),
        ('abc_summary', 'caveats', 'All sums are of the window of the classes, twelve months unless the settings say otherwise. pct_of_customers_bringing_80, gini and abc_by are the same in every row.'),
        ('abc_xyz_matrix', 'points_of_interest', 'What to do with whom: a pivot table of abc by xyz. Colour it by thresholds of window_revenue.'),
        ('abc_xyz_matrix', 'caveats', 'Customers who are in no cell are missing: the sums are those of ABC Summary without them.'),
        ('at_risk', 'points_of_interest', 'Whom to call now: a table sorted by position, with contact and policy.'),
        ('at_risk', 'caveats', 'revenue is of the whole life; what is lost with the customer is last_year_revenue. approach is the same in every row.'),
        ('cell_migration', 'caveats', 'Filter one period: who stays is in a row of each.'),
        ('cohorts_by_dimension', 'caveats', 'Filter one dimension: a customer is in several. Never average a rate: divide the sum of retained by that of eligible. Filter complete and enough.'),
        ('customers', 'points_of_interest', 'Everything about each customer in one row: lists and segments of your own begin here.'),
        ('customers', 'caveats', 'revenue, orders, returns and profit are of the whole life; window_revenue is of the window of the classes.'),
        ('data_quality', 'points_of_interest', 'Can these figures be trusted? Put it on every dashboard, with order_rows above 0; refreshed_at says of when they are.'),
        ('data_quality', 'caveats', 'Not all revenue here counts: only that of the rows used is in other views.'),
        ('express_test', 'caveats', 'It has one row, whose shares are estimates: show the bounds beside them.'),
        ('first_purchase', 'caveats', 'Filter one dimension. Never average a rate: divide the sum of repeated by that of eligible. revenue is of the whole life.'),
        ('funnel_steps', 'caveats', 'Never average a rate: divide the sums of reached. Filter one funnel, and complete.'),
        ('funnel_summary', 'points_of_interest', 'Where customers are lost: a funnel of reached by step_number and touchpoint, filtered by one funnel.'),
        ('lifecycle_migration', 'caveats', 'Filter one period: who stays is in a row of each.'),
        ('lifecycle_summary', 'points_of_interest', 'How customers stand: a bar of customers by stage, sorted by position.'),
        ('lifecycle_summary', 'caveats', 'revenue is of the whole life; window_revenue is of the window of the classes.'),
        ('nps_by_period', 'caveats', 'Never average a score: it is 100 times promoters less detractors, by responses. Filter complete.'),
        ('nps_by_segment', 'caveats', 'Filter one dimension: the rows of each add up to all answers.'),
        ('nps_by_touchpoint', 'caveats', 'Never average a score: it is 100 times promoters less detractors, by responses. Filter enough.'),
        ('nps_summary', 'points_of_interest', 'Would they recommend us? One row, with what to do about it.'),
        ('overview', 'points_of_interest', 'Begin here: the shop at a glance, period by period, beside the period before and a year before.'),
        ('overview', 'caveats', 'Filter complete: the last period is under way. Numbers of customers do not add up over periods.'),
        ('repeat_purchase', 'caveats', 'rate is too low as long as some had no time to buy again: show rate_kaplan_meier beside it.'),
        ('response_times', 'caveats', 'Filter one dimension: an answer is in a row of each. Never average a share: divide the sum of replied by that of answers.'),
        ('retention_by_dimension', 'caveats', 'Filter one dimension: a customer is in several. Never average a rate: divide the sum of retained by that of eligible. Filter enough.'),
        ('retention_by_period', 'points_of_interest', 'Who comes back: a line of rate by period_number above 0, with lower and upper.'),
        ('retention_by_period', 'caveats', 'Filter enough: late periods have few customers behind them.'),
        ('retention_cohorts', 'points_of_interest', 'Do newer customers come back more? A pivot table of rate, cohort_label by period_number, coloured by thresholds.'),
        ('retention_cohorts', 'caveats', 'Never average a rate: divide the sum of retained by that of eligible. Filter complete and enough.'),
        ('revenue_by_period', 'points_of_interest', 'Growth, and by whom: a stacked bar of new, retained, returned and inactive revenue, which add up to revenue.'),
        ('revenue_by_period', 'caveats', 'Filter complete: the last period is under way. Numbers of customers do not add up over periods.'),
        ('second_order_due', 'points_of_interest', 'Whom to remind of a second order: a table sorted by position, with contact.'),
        ('sources', 'caveats', 'revenue and profit are of the whole life of those who came first by the source. Figures by cost are of the time for which costs are known.'),
        ('survey_by_dimension', 'caveats', 'Filter one question and one dimension. Shares of questions with several answers add up to more than 100.'),
        ('survey_tallies', 'caveats', 'Filter one question. Shares of questions with several answers add up to more than 100.'),
        ('win_back', 'points_of_interest', 'Whom to win back first: a table sorted by position, which goes by expected_value. Filter enough.'),
        ('win_back', 'caveats', 'expected_value is a mean over many customers, and no promise of one. revenue is of the whole life. approach is the same in every row.')
$$;
