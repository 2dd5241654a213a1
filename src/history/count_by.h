/*
 * What counts as a purchase: a day with orders, or each order.
 */
#ifndef CLIENTELE_COUNT_BY_H
#define CLIENTELE_COUNT_BY_H

#include "history/history.h"

typedef enum CountBy
{
	COUNT_DAYS,
	COUNT_ORDERS
} CountBy;

/* 'days' or 'orders', else 22023. */
extern CountBy count_by_argument(const text *name);

/* Of a day with orders. */
static inline int64
purchases_of_day(const HistoryDay *day, CountBy count_by)
{
	return count_by == COUNT_DAYS ? 1 : day->orders;
}

#endif
