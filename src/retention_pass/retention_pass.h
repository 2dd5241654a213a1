/*
 * The state of retention_curve(customer, ...), which takes purchases in any order.
 */
#ifndef CLIENTELE_RETENTION_PASS_H
#define CLIENTELE_RETENTION_PASS_H

#include "core/period.h"
#include "retention/retention.h"
#include "retention_pass/customer_set.h"

/* What an internal state begins with: aggregates that others make may hand us any. */
#define RETENTION_PASS		0x50617373
#define RETENTION_PASS_PART 0x50617274

typedef struct RetentionPass
{
	int32 kind; /* RETENTION_PASS */
	DateADT as_of;
	Period period;
	int32 under_way;	   /* the number of the period that holds as_of */
	int32 oldest;		   /* how many periods before it the earliest purchase is */
	const int16 *calendar; /* of the period */
	CustomerSet customers;
	uint8 name_length; /* of the period's name as the last row spelled it; 0 without one */
	char name[sizeof("quarter")];
} RetentionPass;

extern RetentionPass *new_retention_pass(FunctionCallInfo fcinfo, Period period, DateADT as_of,
										 bool by_bytes);

/* 22023 where they are others. */
extern void check_pass_parameters(const RetentionPass *pass, Period period, DateADT as_of);

/* Has a purchase so many periods before the one under way; 54000 past the limit of a retention. */
extern void note_oldest(RetentionPass *pass, int32 distance);

#endif
