/*
 * The state of tier_tally() and tier_migration(), and the rows of that.
 */
#include "postgres.h"

#include "common/int.h"
#include "funcapi.h"
#include "utils/tuplestore.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "core/money.h"
#include "programme/tier_tally.h"

static Size
tally_size(int ends, int places)
{
	return offsetof(TierTally, cells) + (Size) ends * places * places * sizeof(TallyCell);
}

/* Bytes may come from anywhere: what is read through them stays within bounds. */
static TierTally *
checked(struct varlena *value)
{
	TierTally *tally = (TierTally *) value;

	if (VARSIZE(tally) < offsetof(TierTally, cells) || tally->form != TIER_TALLY_FORM ||
		tally->ends < 1 || tally->ends > TALLY_ENDS_LIMIT || tally->places < 1 ||
		tally->places > place_of(TIERS_LIMIT) ||
		VARSIZE(tally) != tally_size(tally->ends, tally->places))
		bad_state();
	return tally;
}

TierTally *
tally_state(FunctionCallInfo fcinfo, int ends, const Tiers *tiers)
{
	int places = place_of(tiers->levels.count);
	TierTally *tally;

	if (!PG_ARGISNULL(0))
	{
		tally = checked(bytea_state(fcinfo));
		if (tally->ends != ends || tally->places != places)
			bad_parameter("rules", "not the same in all rows", "Give the same rules for all rows.");
		return tally;
	}
	tally = palloc0(tally_size(ends, places));
	SET_VARSIZE(tally, tally_size(ends, places));
	tally->form = TIER_TALLY_FORM;
	tally->ends = ends;
	tally->places = places;
	return tally;
}

static bool
counts_overflow(TallyCell *cell, const TallyCell *more)
{
	return pg_add_s64_overflow(cell->customers, more->customers, &cell->customers) ||
		   pg_add_s64_overflow(cell->held, more->held, &cell->held) ||
		   pg_add_s64_overflow(cell->orders, more->orders, &cell->orders);
}

void
add_to_cell(TallyCell *cell, const TallyCell *more)
{
	if (counts_overflow(cell, more) ||
		__builtin_add_overflow(cell->window_revenue, more->window_revenue, &cell->window_revenue) ||
		__builtin_add_overflow(cell->revenue, more->revenue, &cell->revenue) ||
		__builtin_add_overflow(cell->profit, more->profit, &cell->profit))
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("more customers or revenue than can be counted"),
						errhint("Count fewer customers at a time.")));
}

PG_FUNCTION_INFO_V1(tier_tally_combine);
Datum
tier_tally_combine(PG_FUNCTION_ARGS)
{
	TierTally *tally;
	TierTally *more;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	more = checked((struct varlena *) PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(1)));
	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(more);
	tally = checked(bytea_state(fcinfo));
	if (tally->ends != more->ends || tally->places != more->places)
		bad_state();
	for (int i = 0; i < tally->ends * tally->places * tally->places; i++)
		add_to_cell(&tally->cells[i], &more->cells[i]);
	PG_RETURN_POINTER(tally);
}

#define TALLY_COLUMNS 9

/* Columns end_number, from_place, to_place, customers, held, orders, window_revenue, revenue,
 * profit */
static void
put_cell(const ReturnSetInfo *result, TierTally *tally, int end, int from, int to)
{
	const TallyCell *cell = tally_cell(tally, end, from, to);
	Datum values[TALLY_COLUMNS] = {Int32GetDatum(end + 1),
								   Int32GetDatum(from - place_of(NO_TIER)),
								   Int32GetDatum(to - place_of(NO_TIER)),
								   Int64GetDatum(cell->customers),
								   Int64GetDatum(cell->held),
								   Int64GetDatum(cell->orders),
								   NumericGetDatum(money_total(cell->window_revenue)),
								   NumericGetDatum(money_total(cell->revenue)),
								   NumericGetDatum(money_total(cell->profit))};
	bool nulls[TALLY_COLUMNS] = {[1] = from == PLACE_NONE};

	if (cell->customers != 0 || cell->orders != 0)
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(tier_tally_rows);
Datum
tier_tally_rows(PG_FUNCTION_ARGS)
{
	TierTally *tally = checked((struct varlena *) PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0)));

	InitMaterializedSRF(fcinfo, 0);
	for (int end = 0; end < tally->ends; end++)
	{
		for (int from = 0; from < tally->places; from++)
		{
			for (int to = 1; to < tally->places; to++)
				put_cell((ReturnSetInfo *) fcinfo->resultinfo, tally, end, from, to);
		}
	}
	return (Datum) 0;
}
