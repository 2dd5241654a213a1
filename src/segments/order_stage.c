/*
 * order_stage(day, new_within, lost_after, regular_within, regular_purchases, count_by) OVER
 * (PARTITION BY customer): the stage at the start of the day of an order.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/argument.h"
#include "segments/partition_values.h"
#include "segments/stage.h"

#define RULE_ARGUMENTS 5

/* The days of a customer's purchases, in order: of each order, or one by one. */
typedef struct OrderStages
{
	StageCalendar *calendar; /* NULL until the partition has been read */
	StageRules rules;
	int64 count;
	DateADT days[FLEXIBLE_ARRAY_MEMBER];
} OrderStages;

static StageRules
window_rules(WindowObject window)
{
	static const char *const names[RULE_ARGUMENTS] = {"new_within", "lost_after", "regular_within",
													  "regular_purchases", "count_by"};
	NullableDatum arguments[RULE_ARGUMENTS];

	for (int n = 0; n < RULE_ARGUMENTS; n++)
	{
		arguments[n].value = WinGetFuncArgCurrent(window, n + 1, &arguments[n].isnull);
		if (arguments[n].isnull)
			bad_parameter(names[n], "NULL", "Give a value, or leave the default.");
	}
	return stage_rules(arguments);
}

#define ST_SORT			 sort_days
#define ST_ELEMENT_TYPE	 DateADT
#define ST_COMPARE(a, b) (((*a) > (*b)) - ((*a) < (*b)))
#define ST_SCOPE		 static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

static int64
drop_repeated(DateADT *days, int64 count)
{
	int64 kept = 0;

	for (int64 i = 0; i < count; i++)
	{
		if (kept == 0 || days[i] != days[kept - 1])
			days[kept++] = days[i];
	}
	return kept;
}

/* Whatever the window is ordered by: in some zones the clock has gone back to the day before. */
static void
read_days(WindowObject window, OrderStages *stages)
{
	int64 rows = WinGetPartitionRowCount(window);

	for (int64 row = 0; row < rows; row++)
	{
		bool is_null;
		bool is_out;
		Datum day =
			WinGetFuncArgInPartition(window, 0, row, WINDOW_SEEK_HEAD, false, &is_null, &is_out);

		CHECK_FOR_INTERRUPTS();
		if (!is_null)
			stages->days[stages->count++] = finite_date(DatumGetDateADT(day));
	}
	WinSetMarkPosition(window, rows - 1);
	sort_days(stages->days, stages->count);
	if (stages->rules.count_by == COUNT_DAYS)
		stages->count = drop_repeated(stages->days, stages->count);
}

/* How many purchases there were before a day. */
static int64
count_before(const OrderStages *stages, DateADT day)
{
	int64 low = 0;
	int64 high = stages->count;

	while (low < high)
	{
		int64 middle = (low + high) / 2;

		if (stages->days[middle] < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

PG_FUNCTION_INFO_V1(order_stage);
Datum
order_stage(PG_FUNCTION_ARGS)
{
	WindowObject window = window_object(fcinfo);
	OrderStages *stages = partition_memory(window, offsetof(OrderStages, days), sizeof(DateADT));
	const StageLimits *limits;
	Purchases purchases;
	bool is_null;
	DateADT day;
	int64 before;

	if (stages->calendar == NULL)
	{
		stages->rules = window_rules(window);
		read_days(window, stages);
		stages->calendar = stage_calendar(fcinfo->flinfo, &stages->rules);
	}
	day = DatumGetDateADT(WinGetFuncArgCurrent(window, 0, &is_null));
	before = is_null ? 0 : count_before(stages, day);
	if (before == 0)
		PG_RETURN_NULL();
	limits = calendar_limits(stages->calendar, day);
	purchases = (Purchases){.first = stages->days[0],
							.last = stages->days[before - 1],
							.recent = before - count_before(stages, limits->regular_from)};
	PG_RETURN_TEXT_P(cstring_to_text(
		stage_names[stage_of(&purchases, limits, stages->rules.regular_purchases)]));
}
