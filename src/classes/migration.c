/*
 * stage_migration(history, rules) and cell_migration(history, profit, rules): customers counted by
 * where they went, and the rows of that. Each history is read once, whatever the number of ends.
 */
#include "postgres.h"

#include "common/int.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "classes/migration.h"
#include "core/aggregate.h"
#include "core/argument.h"
#include "core/money.h"

static const char *const cell_names[CELLS] = {NULL, NULL, "AX", "AY", "AZ", "BX",
											  "BY", "BZ", "CX", "CY", "CZ"};

static Size
migration_size(int count, int states)
{
	return offsetof(Migration, ends) + count * sizeof(MigrationEnd) +
		   (Size) count * states * states * sizeof(Flow);
}

/* Bytes may come from anywhere: what is read through them stays within bounds. */
static Migration *
checked(struct varlena *value)
{
	Migration *migration = (Migration *) value;

	if (VARSIZE(migration) < offsetof(Migration, ends) || migration->form != MIGRATION_FORM ||
		migration->count < 1 || migration->count > CLASS_ENDS_LIMIT ||
		(migration->states != STAGES && migration->states != CELLS) ||
		VARSIZE(migration) != migration_size(migration->count, migration->states))
		bad_state();
	return migration;
}

static Migration *
new_migration(const ClassRules *rules, int states)
{
	Size size = migration_size(rules->count, states);
	Migration *migration = palloc0(size);

	SET_VARSIZE(migration, size);
	migration->form = MIGRATION_FORM;
	migration->count = rules->count;
	migration->states = states;
	for (int i = 0; i < rules->count; i++)
		migration->ends[i] = (MigrationEnd){.period_start = rules->ends[i].period_start,
											.as_of = rules->ends[i].as_of};
	return migration;
}

static Migration *
state_for(FunctionCallInfo fcinfo, const ClassRules *rules, int states)
{
	Migration *migration;

	if (PG_ARGISNULL(0))
		return new_migration(rules, states);
	migration = checked(bytea_state(fcinfo));
	if (migration->count != rules->count || migration->states != states)
		bad_parameter("rules", "not the same in all rows", "Give the same rules for all rows.");
	return migration;
}

static void
add_flow(Flow *flow, int64 customers, int128 revenue)
{
	if (pg_add_s64_overflow(flow->customers, customers, &flow->customers) ||
		__builtin_add_overflow(flow->revenue, revenue, &flow->revenue))
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("more customers or revenue than can be counted"),
						errhint("Count fewer customers at a time.")));
}

static int
cell_of(const Standing *standing, const ClassEnd *end)
{
	char abc = abc_of(standing, end);

	if (standing->stage == STAGE_NONE)
		return 0;
	if (abc == 0 || standing->xyz == 0)
		return CELL_NONE;
	return CELL_NONE + 1 + (abc - 'A') * 3 + (standing->xyz - 'X');
}

static void
count_customer(Migration *migration, const ClassRules *rules, const Standing *standings)
{
	int from = 0;

	for (int i = 0; i < rules->count; i++)
	{
		int to = migration->states == STAGES ? (int) standings[i].stage
											 : cell_of(&standings[i], &rules->ends[i]);

		if (to != 0)
			add_flow(flow_of(migration, i, from, to), 1, standings[i].period_revenue);
		from = to;
	}
}

PG_FUNCTION_INFO_V1(stage_migration_transition);
Datum
stage_migration_transition(PG_FUNCTION_ARGS)
{
	const ClassRules *rules;
	Migration *migration;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return unchanged_state(fcinfo);
	rules = rules_argument(fcinfo, 2);
	migration = state_for(fcinfo, rules, STAGES);
	count_customer(migration, rules, standings_of(history_argument(fcinfo, 1), NULL, rules));
	PG_RETURN_POINTER(migration);
}

PG_FUNCTION_INFO_V1(cell_migration_transition);
Datum
cell_migration_transition(PG_FUNCTION_ARGS)
{
	const ClassRules *rules;
	Migration *migration;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(3))
		return unchanged_state(fcinfo);
	rules = limits_argument(fcinfo, 3);
	migration = state_for(fcinfo, rules, CELLS);
	count_customer(migration, rules,
				   standings_of(history_argument(fcinfo, 1),
								PG_ARGISNULL(2) ? NULL : history_argument(fcinfo, 2), rules));
	PG_RETURN_POINTER(migration);
}

PG_FUNCTION_INFO_V1(migration_combine);
Datum
migration_combine(PG_FUNCTION_ARGS)
{
	Migration *migration;
	Migration *more;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	more = checked((struct varlena *) PG_DETOAST_DATUM(PG_GETARG_DATUM(1)));
	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(1)));
	migration = checked(bytea_state(fcinfo));
	if (memcmp(migration, more, offsetof(Migration, ends)) != 0)
		bad_state();
	for (int i = 0; i < migration->count * migration->states * migration->states; i++)
		add_flow(&flows_of(migration)[i], flows_of(more)[i].customers, flows_of(more)[i].revenue);
	PG_RETURN_POINTER(migration);
}

#define FLOW_COLUMNS 7

/* Columns period_start, as_of, known_before, from_state, to_state, customers, revenue */
static void
put_flow(const ReturnSetInfo *result, Migration *migration, int end, int from, int to)
{
	const char *const *names = migration->states == STAGES ? stage_names : cell_names;
	const Flow *flow = flow_of(migration, end, from, to);
	Datum values[FLOW_COLUMNS] = {DateADTGetDatum(migration->ends[end].period_start),
								  DateADTGetDatum(migration->ends[end].as_of),
								  BoolGetDatum(from != 0),
								  names[from] == NULL ? (Datum) 0
													  : CStringGetTextDatum(names[from]),
								  names[to] == NULL ? (Datum) 0 : CStringGetTextDatum(names[to]),
								  Int64GetDatum(flow->customers),
								  NumericGetDatum(money_total(flow->revenue))};
	bool nulls[FLOW_COLUMNS] = {[2] = end == 0, [3] = names[from] == NULL, [4] = names[to] == NULL};

	if (flow->customers != 0)
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(migration_flows);
Datum
migration_flows(PG_FUNCTION_ARGS)
{
	Migration *migration = checked((struct varlena *) PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0)));

	InitMaterializedSRF(fcinfo, 0);
	for (int end = 0; end < migration->count; end++)
	{
		for (int from = 0; from < migration->states; from++)
		{
			for (int to = 1; to < migration->states; to++)
				put_flow((ReturnSetInfo *) fcinfo->resultinfo, migration, end, from, to);
		}
	}
	return (Datum) 0;
}
