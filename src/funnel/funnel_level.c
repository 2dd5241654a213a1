/*
 * The aggregates funnel_level() and funnel_times() over one customer's events.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/datetime.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "core/compat.h"
#include "funnel/funnel.h"
#include "funnel/funnel_events.h"

/* The choice made by argument n, 0 where the form called has no such argument. */
static int
rule_argument(FunctionCallInfo fcinfo, int n, const char *name, const char *const *choices)
{
	if (n >= PG_NARGS())
		return 0;
	if (PG_ARGISNULL(n))
		bad_parameter(name, "NULL", psprintf("Use '%s' or '%s'.", choices[0], choices[1]));
	return choice_argument(name, PG_GETARG_TEXT_PP(n), choices);
}

/* Arguments: state, at, step, within, and from rest on ties and entry. */
static FunnelRules
rules_arguments(FunctionCallInfo fcinfo, int rest)
{
	static const char *const ties[] = {"advance", "strict", NULL};
	static const char *const entries[] = {"best", "first", NULL};
	FunnelRules rules = {.zone = "", .zone_length = 0};

	if (PG_ARGISNULL(3))
		bad_parameter("within", "NULL", "Give an interval such as '30 days' or '1 month'.");
	rules.within = *PG_GETARG_INTERVAL_P(3);
	rules.ties = (FunnelTies) rule_argument(fcinfo, rest, "ties", ties);
	rules.entry = (FunnelEntry) rule_argument(fcinfo, rest + 1, "entry", entries);
	return rules;
}

static FunnelRules
rules_with_zone(FunctionCallInfo fcinfo)
{
	FunnelRules rules = rules_arguments(fcinfo, 5);
	const text *zone;

	if (PG_ARGISNULL(4))
		bad_parameter("time_zone", "NULL", "Give a full IANA name such as 'Europe/Berlin'.");
	zone = PG_GETARG_TEXT_PP(4);
	day_zone(zone);
	rules.zone = VARDATA_ANY(zone);
	rules.zone_length = VARSIZE_ANY_EXHDR(zone);
	return rules;
}

static int32
step_argument(int32 step)
{
	if (step < 1 || step > FUNNEL_STEPS)
		bad_parameter("step", psprintf("%d", step),
					  psprintf("Number the steps from 1 to at most %d.", FUNNEL_STEPS));
	return step;
}

/* Argument 1: a day is its midnight. */
static Timestamp
at_arg_date(FunctionCallInfo fcinfo)
{
	DateADT day = finite_date(PG_GETARG_DATEADT(1));

	if (day >= TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE)
		ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
						errmsg("date out of range for timestamp"),
						errhint("Leave out dates after the year 294276.")));
	return day * USECS_PER_DAY;
}

static Timestamp
at_arg_timestamp(FunctionCallInfo fcinfo)
{
	return finite_timestamp(PG_GETARG_TIMESTAMP(1));
}

/* The state of a first row, or the one so far, whose rules are the same. */
static FunnelEvents *
state_for(FunctionCallInfo fcinfo, const FunnelRules *rules)
{
	FunnelEvents *state;

	if (PG_ARGISNULL(0))
		return funnel_new_events(rules);
	state = funnel_events_state(fcinfo);
	funnel_check_rules(state, rules);
	return state;
}

static Datum
append_event(FunctionCallInfo fcinfo, FunnelRules rules, Timestamp (*at_arg)(FunctionCallInfo))
{
	FunnelEvents *state;
	FunnelEvent event;

	check_aggregate(fcinfo);
	state = state_for(fcinfo, &rules);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_POINTER(state);
	event.at = at_arg(fcinfo);
	event.step = step_argument(PG_GETARG_INT32(2));
	PG_RETURN_POINTER(funnel_append(state, &event));
}

PG_FUNCTION_INFO_V1(funnel_events_date);
Datum
funnel_events_date(PG_FUNCTION_ARGS)
{
	return append_event(fcinfo, rules_arguments(fcinfo, 4), at_arg_date);
}

PG_FUNCTION_INFO_V1(funnel_events_timestamp);
Datum
funnel_events_timestamp(PG_FUNCTION_ARGS)
{
	return append_event(fcinfo, rules_arguments(fcinfo, 4), at_arg_timestamp);
}

PG_FUNCTION_INFO_V1(funnel_events_timestamptz);
Datum
funnel_events_timestamptz(PG_FUNCTION_ARGS)
{
	return append_event(fcinfo, rules_with_zone(fcinfo), at_arg_timestamp);
}

PG_FUNCTION_INFO_V1(funnel_events_combine);
Datum
funnel_events_combine(PG_FUNCTION_ARGS)
{
	const FunnelEvents *other;
	FunnelRules rules;
	FunnelEvents *state;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	other = funnel_events_argument(fcinfo, 1);
	rules = funnel_rules(other);
	state = state_for(fcinfo, &rules);
	PG_RETURN_POINTER(funnel_append_all(state, other));
}

/* The final functions leave the state as it is: under OVER () more rows follow. */
PG_FUNCTION_INFO_V1(funnel_level_final);
Datum
funnel_level_final(PG_FUNCTION_ARGS)
{
	FunnelChain chain;

	check_aggregate(fcinfo);
	chain = funnel_chain(funnel_events_argument(fcinfo, 0));
	pfree(chain.events);
	PG_RETURN_INT32(chain.level);
}

static Datum
times_result(FunctionCallInfo fcinfo, Oid type)
{
	const FunnelEvents *state;
	FunnelChain chain;
	Timestamp *times;
	Datum *values;

	check_aggregate(fcinfo);
	state = funnel_events_argument(fcinfo, 0);
	chain = funnel_chain(state);
	times = palloc(Max(chain.level, 1) * sizeof(Timestamp));
	values = palloc(Max(chain.level, 1) * sizeof(Datum));
	funnel_chain_times(state, &chain, times);
	pfree(chain.events);
	for (int32 i = 0; i < chain.level; i++)
		values[i] = TimestampGetDatum(times[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(values, chain.level, type, sizeof(Timestamp),
										  FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

PG_FUNCTION_INFO_V1(funnel_times_timestamp_final);
Datum
funnel_times_timestamp_final(PG_FUNCTION_ARGS)
{
	return times_result(fcinfo, TIMESTAMPOID);
}

PG_FUNCTION_INFO_V1(funnel_times_timestamptz_final);
Datum
funnel_times_timestamptz_final(PG_FUNCTION_ARGS)
{
	return times_result(fcinfo, TIMESTAMPTZOID);
}
