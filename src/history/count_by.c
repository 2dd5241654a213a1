/*
 * What counts as a purchase.
 */
#include "postgres.h"

#include "core/argument.h"
#include "history/count_by.h"

CountBy
count_by_argument(const text *name)
{
	static const char *const choices[] = {"days", "orders", NULL};

	return (CountBy) choice_argument("count_by", name, choices);
}
