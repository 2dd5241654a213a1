/*
 * basket_pairs() and basket_counts(): what there is to say of baskets, as rows.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include <math.h>

#include "basket/basket_pairs.h"
#include "core/argument.h"
#include "core/row.h"
#include "core/share.h"

#define PAIR_COLUMNS 16
#define MOST_ITEMS	 65535

static int32
whole_argument(FunctionCallInfo fcinfo, int n, const char *name, int32 lowest, int32 highest)
{
	return (int32) range_argument(name, PG_GETARG_INT32(n), lowest, highest);
}

PG_FUNCTION_INFO_V1(basket_counts);
Datum
basket_counts(PG_FUNCTION_ARGS)
{
	int32 max_items = whole_argument(fcinfo, 1, "max_items", 1, MOST_ITEMS);
	PairCounts counts = count_baskets(baskets_argument(fcinfo, 0), max_items);
	Datum values[] = {Int64GetDatum(counts.baskets), Int64GetDatum(counts.lines),
					  Int64GetDatum(counts.count), Int64GetDatum(counts.left_out)};
	bool nulls[] = {false, false, false, false};

	return row_result(fcinfo, values, nulls);
}

/* What the rows of all pairs need. */
typedef struct PairRows
{
	PairCounts counts;
	Datum *names; /* of the products, as text */
	double z;
	ReturnSetInfo *result;
} PairRows;

/* The logarithm's standard error by the delta method; bounds are NULL where no basket has both. */
static void
put_lift(const PairRows *rows, Datum *values, double with, double other, double both)
{
	double all = rows->counts.baskets;
	double lift = all * both / (with * other);
	double variance = (all / both - all / with - all / other + 2 * lift - 1) / all;
	double margin = rows->z * sqrt(Max(variance, 0));

	values[0] = Float8GetDatum(lift);
	values[1] = Float8GetDatum(lift * exp(-margin));
	values[2] = Float8GetDatum(lift * exp(margin));
}

static void
put_confidence(const PairRows *rows, Datum *values, double with, double both)
{
	double lower;
	double upper;

	wilson_bounds(both, with, rows->z, &lower, &upper);
	values[0] = Float8GetDatum(both / with);
	values[1] = Float8GetDatum(lower);
	values[2] = Float8GetDatum(upper);
}

/* A pair as its first product sees it; sized[] are the ratios to what sizes of baskets explain. */
static void
put_pair(const PairRows *rows, uint32 product, uint32 other, uint32 both, const double *sized)
{
	const PairCounts *counts = &rows->counts;
	double with = counts->baskets_with[product];
	double with_other = counts->baskets_with[other];
	double all = counts->baskets;
	Datum values[PAIR_COLUMNS] = {
		rows->names[product],		rows->names[other],	 Int64GetDatum(with),
		Int64GetDatum(with_other),	Int64GetDatum(both), Int64GetDatum(counts->baskets),
		Float8GetDatum(both / all),
	};
	bool nulls[PAIR_COLUMNS] = {false};

	put_confidence(rows, values + 7, with, both);
	put_lift(rows, values + 10, with, with_other, both);
	values[13] = Float8GetDatum(sized[0]);
	values[14] = Float8GetDatum(sized[1]);
	nulls[15] = both == with;
	if (!nulls[15])
		values[15] = Float8GetDatum((1 - with_other / all) / (1 - both / with));
	tuplestore_putvalues(rows->result->setResult, rows->result->setDesc, values, nulls);
}

static void
put_partners(PairRows *rows, uint32 product, uint32 min_count)
{
	PairCounts *counts = &rows->counts;

	count_partners(counts, product);
	for (uint32 n = 0; n < counts->partner_count; n++)
	{
		uint32 other = counts->partners[n];
		uint32 both = counts->baskets_with_both[other];
		double sized[2];

		CHECK_FOR_INTERRUPTS();
		if (both < min_count)
			continue;
		sized[0] = both / expected_with(counts, product, other);
		sized[1] = both / expected_with(counts, other, product);
		put_pair(rows, product, other, both, sized);
		put_pair(rows, other, product, both, (double[]){sized[1], sized[0]});
	}
	forget_partners(counts);
}

static Datum *
product_names(const PairCounts *counts)
{
	Datum *names =
		MemoryContextAllocHuge(CurrentMemoryContext, Max(counts->count, 1) * sizeof(Datum));

	for (uint32 n = 0; n < counts->count; n++)
		names[n] = PointerGetDatum(
			cstring_to_text_with_len(counts->products[n].bytes, counts->products[n].length));
	return names;
}

/* basket_pairs(baskets, min_count, max_items, level) */
PG_FUNCTION_INFO_V1(basket_pairs);
Datum
basket_pairs(PG_FUNCTION_ARGS)
{
	int32 min_count = whole_argument(fcinfo, 1, "min_count", 1, PG_INT32_MAX);
	int32 max_items = whole_argument(fcinfo, 2, "max_items", 1, MOST_ITEMS);
	PairRows rows = {.z = normal_z(level_argument(PG_GETARG_FLOAT8(3)))};

	InitMaterializedSRF(fcinfo, 0);
	rows.result = (ReturnSetInfo *) fcinfo->resultinfo;
	rows.counts = count_baskets(baskets_argument(fcinfo, 0), max_items);
	rows.names = product_names(&rows.counts);
	index_baskets(&rows.counts, min_count, max_items);
	for (uint32 product = 0; product < rows.counts.count; product++)
		put_partners(&rows, product, (uint32) min_count);
	return (Datum) 0;
}
