/*
 * The express test of loyalty: what its aggregate adds up, and the estimates made of it.
 */
#ifndef CLIENTELE_EXPRESS_TEST_H
#define CLIENTELE_EXPRESS_TEST_H

#include "segments/purchases.h"
#include "segments/square_sum.h"

/* What decides the light: how many customers, or how much they bring. */
typedef enum LightBy
{
	LIGHT_BY_CUSTOMERS,
	LIGHT_BY_SALES
} LightBy;

/* Where a customer with a purchase in the window belongs. The settled ones are the test's base. */
typedef enum ExpressGroup
{
	EXPRESS_ONE_TIME,
	EXPRESS_REGULAR,
	EXPRESS_OCCASIONAL,
	EXPRESS_SETTLED,				 /* number of settled groups */
	EXPRESS_YOUNG = EXPRESS_SETTLED, /* one purchase, too young for a second one */
	EXPRESS_GROUPS
} ExpressGroup;

/* The one-time limit is kept at so many decimals: enough for the quotients of numerics. */
#define LIMIT_SCALE 20
#define LIMIT_WHOLE ((int128) INT64CONST(10000000000) * INT64CONST(10000000000))

/* As given, in all rows the same; compared as bytes, so without holes. */
typedef struct ExpressParameters
{
	DateADT as_of;
	int32 regular_purchases;
	int32 count_by; /* a CountBy */
	int32 light_by; /* a LightBy */
	Interval within;
	Interval settle;
	float8 level;
	int128 one_time_limit;	 /* 0 to LIMIT_WHOLE */
	int128 unassigned_sales; /* in 1/10000; 0 where unknown */
	int64 unassigned_known;	 /* 0 or 1 */
} ExpressParameters;

typedef struct ExpressTotals
{
	int64 customers;
	int128 sales;	   /* in 1/10000 */
	SquareSum squares; /* of each customer's sales */
} ExpressTotals;

/* The state, a bytea so that other nodes can hand it on. */
typedef struct ExpressState
{
	int32 vl_len_;
	int32 version; /* EXPRESS_STATE_VERSION */
	ExpressParameters parameters;
	DateADT from_date;	 /* where the window begins */
	DateADT settle_from; /* since when first purchases are young */
	ExpressTotals groups[EXPRESS_GROUPS];
} ExpressState;

#define EXPRESS_STATE_VERSION 1

/* A figure with its interval, where there are any. */
typedef struct Estimate
{
	bool known;
	bool bounded;
	double value;
	double lower;
	double upper;
} Estimate;

/* Shares 0..1 of the settled, and regulars less one-timers in points -100..100 */
typedef struct ExpressEstimates
{
	Estimate one_time;
	Estimate regular;
	Estimate difference;
} ExpressEstimates;

/* express_test_parameters.c */
extern ExpressParameters express_parameters(FunctionCallInfo fcinfo);
extern ExpressState *new_express_state(const ExpressParameters *parameters);
extern void check_same_parameters(const ExpressParameters *a, const ExpressParameters *b);

/* express_test_agg.c */
extern ExpressState *check_express_state(struct varlena *bytes);

/* express_test_estimates.c */
extern ExpressEstimates estimates_by_customers(const ExpressState *state);
extern ExpressEstimates estimates_by_sales(const ExpressState *state);

/* What the base brings together: customers, and sales in 1/10000. */
extern int64 settled_customers(const ExpressState *state);
extern int128 settled_sales(const ExpressState *state);

#endif
