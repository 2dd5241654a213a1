/*
 * class_points(history, profit, rules): a customer's classes and stages, a row for each end at
 * which there was an order before; class_changes() has those alone where the cell is another.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "classes/standing.h"
#include "core/money.h"

#define POINT_COLUMNS 8

static Datum
letter(char class)
{
	return PointerGetDatum(cstring_to_text_with_len(&class, 1));
}

/* Columns period_start, as_of, abc, xyz, cell, stage, window_revenue, period_revenue */
static void
put_point(const ReturnSetInfo *result, const ClassEnd *end, const Standing *standing)
{
	char cell[] = {abc_of(standing, end), standing->xyz};
	Datum values[POINT_COLUMNS] = {DateADTGetDatum(end->period_start),
								   DateADTGetDatum(end->as_of),
								   cell[0] != 0 ? letter(cell[0]) : (Datum) 0,
								   cell[1] != 0 ? letter(cell[1]) : (Datum) 0,
								   PointerGetDatum(cstring_to_text_with_len(cell, 2)),
								   CStringGetTextDatum(stage_names[standing->stage]),
								   NumericGetDatum(money_total(standing->window_revenue)),
								   NumericGetDatum(money_total(standing->period_revenue))};
	bool nulls[POINT_COLUMNS] = {
		[2] = cell[0] == 0, [3] = cell[1] == 0, [4] = cell[0] == 0 || cell[1] == 0};

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(class_points);
Datum
class_points(PG_FUNCTION_ARGS)
{
	const ClassRules *rules;
	const Standing *standings;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		return (Datum) 0;
	rules = limits_argument(fcinfo, 2);
	standings = standings_of(history_argument(fcinfo, 0),
							 PG_ARGISNULL(1) ? NULL : history_argument(fcinfo, 1), rules);
	for (int i = 0; i < rules->count; i++)
	{
		if (standings[i].stage != STAGE_NONE)
			put_point((ReturnSetInfo *) fcinfo->resultinfo, &rules->ends[i], &standings[i]);
	}
	return (Datum) 0;
}

/* Columns as_of, changed_to, changed_from */
static void
put_change(const ReturnSetInfo *result, const ClassEnd *end, const char *to, const char *from)
{
	Datum values[] = {DateADTGetDatum(end->as_of), CStringGetTextDatum(to),
					  CStringGetTextDatum(from)};
	bool nulls[] = {false, false, false};

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* The cell, or none where one of the classes is missing. */
static void
name_cell(char *cell, const ClassEnd *end, const Standing *standing)
{
	char abc = abc_of(standing, end);

	if (abc == 0 || standing->xyz == 0)
		strcpy(cell, "none");
	else
		sprintf(cell, "%c%c", abc, standing->xyz);
}

PG_FUNCTION_INFO_V1(class_changes);
Datum
class_changes(PG_FUNCTION_ARGS)
{
	const ClassRules *rules;
	const Standing *standings;
	char cell[sizeof("none")];
	char before[sizeof("none")] = "";

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		return (Datum) 0;
	rules = limits_argument(fcinfo, 2);
	standings = standings_of(history_argument(fcinfo, 0),
							 PG_ARGISNULL(1) ? NULL : history_argument(fcinfo, 1), rules);
	for (int i = 0; i < rules->count; i++)
	{
		if (standings[i].stage == STAGE_NONE)
			continue;
		name_cell(cell, &rules->ends[i], &standings[i]);
		if (before[0] != '\0' && strcmp(cell, before) != 0)
			put_change((ReturnSetInfo *) fcinfo->resultinfo, &rules->ends[i], cell, before);
		strcpy(before, cell);
	}
	return (Datum) 0;
}
