/*
 * The type survival: making, ordering and growing a value.
 *
 * The executor owns the state of an aggregate: to grow it, a larger one is built in the context of
 * the row and returned. Sizes are powers of two, which is what the server's allocator hands out.
 */
#include "postgres.h"

#include "common/int.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/aggregate.h"
#include "survival/survival.h"

#define FIRST_SIZE 256 /* of a state, nine entries */

_Noreturn void
too_many_durations(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE), errmsg("too many durations in one value"),
			 errdetail("Together they are more than " INT64_FORMAT ".", PG_INT64_MAX),
			 errhint("Keep the parts in values of their own.")));
	pg_unreachable();
}

int
err_survival_too_large(void)
{
	errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED);
	errmsg("survival value too large");
	errhint("Measure durations in whole days: a value holds up to 22 million different ones.");
	return 0;
}

static Survival *
new_survival(Size size)
{
	Survival *survival = palloc0(size);

	SET_VARSIZE(survival, size);
	survival->version = SURVIVAL_VERSION;
	return survival;
}

Survival *
make_survival(int64 capacity)
{
	if (capacity > SURVIVAL_ENTRIES)
		ereport(ERROR, err_survival_too_large());
	return new_survival(offsetof(Survival, entries) + capacity * sizeof(SurvivalEntry));
}

static int64
room(const Survival *survival)
{
	return (VARSIZE(survival) - offsetof(Survival, entries)) / sizeof(SurvivalEntry);
}

#ifdef USE_ASSERT_CHECKING
static bool
is_valid_entry(const SurvivalEntry *entry)
{
	return entry->duration >= 0 && entry->ended >= 0 && entry->censored >= 0 &&
		   (entry->ended > 0 || entry->censored > 0) && entry->unused == 0;
}

static void
AssertSurvival(const Survival *survival)
{
	int64 total = 0;

	Assert(survival->count >= 0 && survival->count <= room(survival));
	Assert(survival->sorted >= 0 && survival->sorted <= survival->count);
	for (int i = 0; i < survival->count; i++)
	{
		const SurvivalEntry *entry = &survival->entries[i];

		Assert(is_valid_entry(entry));
		Assert(i == 0 || i >= survival->sorted || entry[-1].duration < entry->duration);
		total += entry->ended + entry->censored;
	}
	Assert(total == survival->total);
}
#else
#define AssertSurvival(survival) ((void) true)
#endif

void
check_survival_version(const Survival *survival)
{
	if (unlikely(survival->version != SURVIVAL_VERSION))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("survival value of unknown version %d", survival->version),
				 errhint("It was written by another version of the extension: install that one.")));
}

Survival *
survival_copy(const Survival *survival)
{
	Survival *copy = make_survival(survival->count);

	memcpy(copy->entries, survival->entries, survival->count * sizeof(SurvivalEntry));
	copy->count = survival->count;
	copy->sorted = survival->sorted;
	copy->total = survival->total;
	return copy;
}

const Survival *
survival_arg(FunctionCallInfo fcinfo, int n)
{
	Survival *survival = (Survival *) PG_DETOAST_DATUM(PG_GETARG_DATUM(n));
	Survival *sorted;

	check_survival_version(survival);
	AssertSurvival(survival); /* not of a state in each row, which would take quadratic time */
	if (survival->sorted == survival->count)
		return survival;
	sorted = survival_copy(survival);
	PG_FREE_IF_COPY(survival, n);
	survival_sort(sorted);
	return sorted;
}

#define ST_SORT			 sort_entries
#define ST_ELEMENT_TYPE	 SurvivalEntry
#define ST_COMPARE(a, b) (((a)->duration > (b)->duration) - ((a)->duration < (b)->duration))
#define ST_SCOPE		 static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* Nothing overflows: the total fits, so all parts do. */
static void
add_counts(SurvivalEntry *sum, const SurvivalEntry *entry)
{
	sum->ended += entry->ended;
	sum->censored += entry->censored;
}

void
survival_sort(Survival *survival)
{
	SurvivalEntry *last = survival->entries;

	if (survival->sorted == survival->count)
		return;
	sort_entries(survival->entries, survival->count);
	for (int i = 1; i < survival->count; i++)
	{
		const SurvivalEntry *entry = &survival->entries[i];

		if (entry->duration == last->duration)
			add_counts(last, entry);
		else
			*++last = *entry;
	}
	survival->count = last - survival->entries + 1;
	survival->sorted = survival->count;
}

static bool
add_to_total(Survival *survival, const SurvivalEntry *entry)
{
	return !pg_add_s64_overflow(survival->total, entry->ended, &survival->total) &&
		   !pg_add_s64_overflow(survival->total, entry->censored, &survival->total);
}

/* What comes in order stays in order. */
static void
put_behind(Survival *survival, const SurvivalEntry *entry)
{
	int32 last = survival->count;

	Assert(last < room(survival));
	if (survival->sorted == last &&
		(last == 0 || survival->entries[last - 1].duration < entry->duration))
		survival->sorted++;
	survival->entries[last] = *entry;
	survival->count++;
}

bool
survival_append(Survival *survival, const SurvivalEntry *entry)
{
	if (!add_to_total(survival, entry))
		return false;
	put_behind(survival, entry);
	return true;
}

/* The entry of a duration among the sorted ones, or NULL. */
static SurvivalEntry *
find_duration(Survival *survival, int32 duration)
{
	int32 low = 0;
	int32 high = survival->sorted;

	while (low < high)
	{
		int32 middle = low + (high - low) / 2;

		if (survival->entries[middle].duration < duration)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < survival->sorted && survival->entries[low].duration == duration)
		return &survival->entries[low];
	return NULL;
}

Survival *
survival_new_state(void)
{
	return new_survival(FIRST_SIZE);
}

Survival *
survival_state(FunctionCallInfo fcinfo)
{
	Survival *state;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(0))
		return survival_new_state();
	state = (Survival *) bytea_state(fcinfo);
	check_survival_version(state);
	return state;
}

static Survival *
larger_state(const Survival *state)
{
	Size size = FIRST_SIZE;
	Survival *larger;

	while (size < 2 * (Size) VARSIZE(state))
		size *= 2;
	if (size > MaxAllocSize)
		ereport(ERROR, err_survival_too_large());
	larger = new_survival(size);
	memcpy((char *) larger + VARHDRSZ, (const char *) state + VARHDRSZ,
		   offsetof(Survival, entries) + state->count * sizeof(SurvivalEntry) - VARHDRSZ);
	return larger;
}

/*
 * Ordering a full state may free room; a larger one is built where that frees no more than half,
 * also of the room for nothing that an initial value of somebody's own aggregate may have.
 */
static Survival *
make_room(Survival *state)
{
	survival_sort(state);
	return 2 * (int64) state->count >= room(state) ? larger_state(state) : state;
}

Survival *
survival_count(Survival *state, const SurvivalEntry *entry)
{
	SurvivalEntry *known = find_duration(state, entry->duration);

	if (!add_to_total(state, entry))
		too_many_durations();
	if (likely(known != NULL))
	{
		add_counts(known, entry);
		return state;
	}
	if (state->count == room(state))
		state = make_room(state);
	put_behind(state, entry);
	return state;
}

Survival *
survival_count_all(Survival *state, const Survival *other)
{
	for (int i = 0; i < other->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		state = survival_count(state, &other->entries[i]);
	}
	return state;
}
