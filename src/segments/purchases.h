/*
 * How often a customer bought, and since when: what frequency classes and stages stand on.
 */
#ifndef CLIENTELE_PURCHASES_H
#define CLIENTELE_PURCHASES_H

#include "utils/timestamp.h"

#include "history/history_window.h"

/* A customer's own gap is trusted from so many gaps on. */
#define ENOUGH_GAPS 3

/* The first day of the span that ends before as_of; 22023 for a span that is not positive. */
extern DateADT span_start(const char *name, DateADT as_of, const Interval *span);

extern int64 count_purchases(HistoryWindow window, CountBy count_by);

/* A number of purchases given as the parameter of that name, at least 1. */
extern int32 purchases_argument(const char *name, int32 purchases);

#endif
