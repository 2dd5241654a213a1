/*
 * The aggregate repeat_survival(history, as_of, purchases): how long customers wait for the next
 * purchase after their first, their second and so on, a survival for each.
 *
 * The state is an array of survivals with room to grow. A history's waits come in the order of the
 * survivals, each of which is counted in place; where one has grown, all are put into a new array.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "history/history_window.h"
#include "survival/survival.h"

#define MOST_PURCHASES 1000

typedef struct SurvivalList
{
	ArrayType *array; /* where they lie, unless one is new or has grown */
	Datum *values;	  /* with room for the most there may be */
	int count;
	bool is_changed; /* some are not in the array */
} SurvivalList;

/* What users call takes arrays of theirs too. */
_Noreturn static void
bad_survivals(const char *what)
{
	bad_parameter("survivals", what, "Give arrays such as repeat_survival() makes.");
}

static int
count_values(ArrayType *array)
{
	if (ARR_NDIM(array) == 0)
		return 0;
	if (ARR_NDIM(array) > 1 || ARR_LBOUND(array)[0] != 1)
		bad_survivals("an array of several dimensions, or that does not begin with 1");
	if (array_contains_nulls(array))
		bad_survivals("NULL");
	if (ARR_DIMS(array)[0] > MOST_PURCHASES)
		bad_survivals(psprintf("an array of %d", ARR_DIMS(array)[0]));
	return ARR_DIMS(array)[0];
}

static Survival *
survival_of(const SurvivalList *list, int place)
{
	return (Survival *) DatumGetPointer(list->values[place]);
}

/* With room for so many. */
static SurvivalList
list_survivals(ArrayType *array, int room)
{
	SurvivalList list = {.array = array, .count = count_values(array)};
	char *next = ARR_DATA_PTR(array);

	list.values = palloc(Max(Max(room, list.count), 1) * sizeof(Datum));
	for (int i = 0; i < list.count; i++)
	{
		list.values[i] = PointerGetDatum(next);
		check_survival_version(survival_of(&list, i));
		next += DOUBLEALIGN(VARSIZE(next));
	}
	return list;
}

/* The state so far, or an empty one. */
static SurvivalList
state_list(FunctionCallInfo fcinfo, int room)
{
	if (PG_ARGISNULL(0))
		return list_survivals(
			construct_empty_array(get_element_type(get_func_rettype(fcinfo->flinfo->fn_oid))),
			room);
	return list_survivals(PG_GETARG_ARRAYTYPE_P(0), room);
}

/* Of a place that is in the list, or the next one. */
static Survival *
survival_at_place(SurvivalList *list, int place)
{
	if (place == list->count)
	{
		list->values[list->count++] = PointerGetDatum(survival_new_state());
		list->is_changed = true;
	}
	return survival_of(list, place);
}

static void
put_survival(SurvivalList *list, int place, Survival *survival)
{
	list->is_changed |= survival != survival_of(list, place);
	list->values[place] = PointerGetDatum(survival);
}

static Datum
list_result(const SurvivalList *list)
{
	int64 size = ARR_OVERHEAD_NONULLS(1);

	if (!list->is_changed)
		PG_RETURN_ARRAYTYPE_P(list->array);
	for (int i = 0; i < list->count; i++)
		size += DOUBLEALIGN(VARSIZE(survival_of(list, i)));
	if (size > (int64) MaxAllocSize)
		ereport(ERROR, err_survival_too_large());
	PG_RETURN_ARRAYTYPE_P(construct_array(list->values, list->count, ARR_ELEMTYPE(list->array), -1,
										  false, TYPALIGN_DOUBLE));
}

static void
count_wait(SurvivalList *list, int place, int32 days, bool ended)
{
	SurvivalEntry entry = {.ended = ended, .censored = !ended, .duration = days};

	put_survival(list, place, survival_count(survival_at_place(list, place), &entry));
}

/* Nobody knows yet whether the next purchase is on as_of itself. */
static void
count_waits(SurvivalList *list, HistoryWindow window, int purchases)
{
	HistoryDay purchase;
	HistoryDay next;
	int place = 0;

	if (!history_window_read_purchase(&window, &purchase))
		return;
	while (history_window_read_purchase(&window, &next))
	{
		count_wait(list, place, next.day - purchase.day, true);
		if (++place == purchases)
			return;
		purchase = next;
	}
	count_wait(list, place, window.as_of - 1 - purchase.day, false);
}

static int32
last_purchase_argument(int32 purchases)
{
	if (purchases < 1 || purchases > MOST_PURCHASES)
		bad_parameter("purchases", psprintf("%d", purchases),
					  psprintf("Give a number of purchases from 1 to %d.", MOST_PURCHASES));
	return purchases;
}

/* (state, history, as_of, purchases) */
PG_FUNCTION_INFO_V1(repeat_survival_accum);
Datum
repeat_survival_accum(PG_FUNCTION_ARGS)
{
	DateADT as_of;
	int32 purchases;
	SurvivalList list;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(2) || PG_ARGISNULL(3))
		bad_parameter(PG_ARGISNULL(2) ? "as_of" : "purchases", "NULL",
					  "Give the day to count up to, and a number of purchases.");
	as_of = finite_date(PG_GETARG_DATEADT(2));
	purchases = last_purchase_argument(PG_GETARG_INT32(3));
	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	list = state_list(fcinfo, purchases);
	count_waits(&list, history_window(history_argument(fcinfo, 1), DATEVAL_NOBEGIN, as_of),
				purchases);
	return list_result(&list);
}

PG_FUNCTION_INFO_V1(repeat_survival_combine);
Datum
repeat_survival_combine(PG_FUNCTION_ARGS)
{
	SurvivalList list;
	SurvivalList other;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	other = list_survivals(PG_GETARG_ARRAYTYPE_P(1), 0);
	list = state_list(fcinfo, other.count);
	for (int i = 0; i < other.count; i++)
		put_survival(&list, i,
					 survival_count_all(survival_at_place(&list, i), survival_of(&other, i)));
	return list_result(&list);
}

/* Leaves the state as it is: under OVER () more rows follow. */
PG_FUNCTION_INFO_V1(repeat_survival_final);
Datum
repeat_survival_final(PG_FUNCTION_ARGS)
{
	SurvivalList list;

	check_aggregate(fcinfo);
	list = state_list(fcinfo, 0);
	for (int i = 0; i < list.count; i++)
	{
		Survival *sorted = survival_copy(survival_of(&list, i));

		survival_sort(sorted);
		put_survival(&list, i, survival_copy(sorted));
	}
	return list_result(&list);
}
