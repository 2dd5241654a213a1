/*
 * How long points last until they are redeemed, each weighed as one, by Kaplan and Meier; and how
 * many of those that are left are to be expected to be.
 *
 * A point is followed from the day it is earned. Its expiry, and today, end that without telling
 * whether it would have been redeemed.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/tuplestore.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "core/money.h"
#include "programme/points_queue.h"
#include "survival/survival_curve.h"

/* What was gone on the day it was earned could never be redeemed. */
static void
follow(void *watcher, const PointsLot *lot, int64 points, DateADT redeemed_on)
{
	Survival **state = watcher;
	bool is_redeemed = redeemed_on != NOT_REDEEMED;
	SurvivalEntry entry = {.ended = is_redeemed ? points : 0, .censored = is_redeemed ? 0 : points};

	entry.duration = is_redeemed ? redeemed_on - lot->day : lot->expires_on - lot->day - 1;
	if (entry.duration >= 0 && points > 0)
		*state = survival_count(*state, &entry);
}

/* points_redemption(state, account, as_of); what is left was last seen on the day before */
PG_FUNCTION_INFO_V1(points_redemption_accum);
Datum
points_redemption_accum(PG_FUNCTION_ARGS)
{
	Survival *state;
	PointsQueue queue = {.leave = follow, .watcher = &state};
	DateADT as_of;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return unchanged_state(fcinfo);
	as_of = finite_date(PG_GETARG_DATEADT(2));
	state = survival_state(fcinfo);
	points_queue_run(&queue, points_arg(fcinfo, 1), as_of);
	for (int i = 0; i < queue.count; i++)
	{
		PointsLot seen = queue.lots[i];

		seen.expires_on = as_of;
		follow(&state, &seen, seen.left, NOT_REDEEMED);
	}
	points_queue_free(&queue);
	PG_RETURN_POINTER(state);
}

/* The share that lasts longer than each duration at which points left. */
static double *
read_curve(const Survival *redemption)
{
	SurvivalCurve curve = survival_curve(redemption);
	double *lasting = palloc_extended(redemption->count * sizeof(double), MCXT_ALLOC_HUGE);

	for (int i = 0; survival_curve_read(&curve); i++)
		lasting[i] = curve.last.survival;
	return lasting;
}

/* The share that lasts longer than so many days; behind the last duration as there. */
static double
lasting_longer(const Survival *redemption, const double *lasting, int64 days)
{
	int low = 0;
	int high = redemption->count;

	while (low < high)
	{
		int middle = low + (high - low) / 2;

		if (redemption->entries[middle].duration <= days)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? 1.0 : lasting[low - 1];
}

/* Of a lot, which lasts since it was earned, the share that is redeemed before it expires. */
static double
redeemed_share(const Survival *redemption, const double *lasting, const PointsEntry *lot,
			   DateADT as_of)
{
	int64 days = DATE_IS_NOEND(lot->expires_on) ? PG_INT64_MAX : (int64) lot->expires_on - lot->day;
	double now = lasting_longer(redemption, lasting, (int64) as_of - lot->day - 1);

	return now > 0 ? 1.0 - Min(lasting_longer(redemption, lasting, days - 1), now) / now : 0.0;
}

static void
put_lot(ReturnSetInfo *result, const PointsEntry *lot, double share, bool is_known)
{
	Datum values[] = {DateADTGetDatum(lot->day), DateADTGetDatum(lot->expires_on),
					  NumericGetDatum(money_number(lot->earned)), Float8GetDatum(share)};
	bool nulls[] = {false, DATE_IS_NOEND(lot->expires_on), false, !is_known};

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* points_expected(left, redemption, as_of): where nothing was seen nothing is known */
PG_FUNCTION_INFO_V1(points_expected);
Datum
points_expected(PG_FUNCTION_ARGS)
{
	const PointsAccount *left = points_arg(fcinfo, 0);
	const Survival *redemption = survival_arg(fcinfo, 1);
	DateADT as_of = finite_date(PG_GETARG_DATEADT(2));
	double *lasting = read_curve(redemption);

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < left->count; i++)
	{
		const PointsEntry *lot = &left->entries[i];

		CHECK_FOR_INTERRUPTS();
		if (lot->earned > 0)
			put_lot((ReturnSetInfo *) fcinfo->resultinfo, lot,
					redeemed_share(redemption, lasting, lot, as_of), redemption->count > 0);
	}
	pfree(lasting);
	return (Datum) 0;
}
