/*
 * The type survival: its operators and hash.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "core/comparison.h"
#include "survival/survival.h"

static void
append_all(Survival *sum, const Survival *survival)
{
	for (int i = 0; i < survival->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!survival_append(sum, &survival->entries[i]))
			too_many_durations();
	}
}

PG_FUNCTION_INFO_V1(survival_add);
Datum
survival_add(PG_FUNCTION_ARGS)
{
	const Survival *a = survival_arg(fcinfo, 0);
	const Survival *b = survival_arg(fcinfo, 1);
	Survival *sum = make_survival((int64) a->count + b->count);

	append_all(sum, a);
	append_all(sum, b);
	survival_sort(sum);
	PG_RETURN_POINTER(survival_copy(sum));
}

static int
compare_int64(int64 a, int64 b)
{
	return (a > b) - (a < b);
}

static int
compare_entries(const SurvivalEntry *a, const SurvivalEntry *b)
{
	if (a->duration != b->duration)
		return a->duration < b->duration ? -1 : 1;
	if (a->ended != b->ended)
		return compare_int64(a->ended, b->ended);
	return compare_int64(a->censored, b->censored);
}

/* The first entry that differs decides: an order that groups, and means nothing else. */
static int
compare_survivals(const Survival *a, const Survival *b)
{
	for (int i = 0; i < Min(a->count, b->count); i++)
	{
		int order = compare_entries(&a->entries[i], &b->entries[i]);

		if (order != 0)
			return order;
	}
	return compare_int64(a->count, b->count);
}

COMPARISON_FUNCTIONS(survival, survival_arg, compare_survivals)

/* What makes a value. */
static const SurvivalEntry *
hashed_part(const Survival *survival, int *length)
{
	*length = survival->count * (int) sizeof(SurvivalEntry);
	return survival->entries;
}

HASH_FUNCTIONS(survival, survival_arg, hashed_part)
