/*
 * Tallies: counts of answers, none negative, that fit 64 bits together.
 */
#include "postgres.h"

#include "common/int.h"
#include "libpq/pqformat.h"

#include "core/argument.h"
#include "core/compat.h"
#include "core/text_form.h"
#include "nps/tally.h"

_Noreturn static void
too_many_answers(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE), errmsg("too many answers in one value"),
			 errdetail("Together they are more than " INT64_FORMAT ".", PG_INT64_MAX),
			 errhint("Keep the parts in values of their own.")));
	pg_unreachable();
}

bool
tally_is_valid(const int64 *counts, int levels)
{
	int64 total = 0;

	for (int i = 0; i < levels; i++)
	{
		if (counts[i] < 0 || pg_add_s64_overflow(total, counts[i], &total))
			return false;
	}
	return true;
}

void
tally_add(int64 *counts, const int64 *more, int levels)
{
	int64 total;

	if (pg_add_s64_overflow(tally_total(counts, levels), tally_total(more, levels), &total))
		too_many_answers();
	for (int i = 0; i < levels; i++)
		counts[i] += more[i];
}

void
tally_subtract(int64 *counts, const int64 *less, int levels)
{
	for (int i = 0; i < levels; i++)
	{
		if (less[i] > counts[i])
		{
			StringInfoData present;
			StringInfoData taken;

			initStringInfo(&present);
			initStringInfo(&taken);
			tally_to_text(&present, counts, levels);
			tally_to_text(&taken, less, levels);
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("cannot take away answers that are not there"),
					 errdetail("%s less %s would be a negative count.", present.data, taken.data),
					 errhint("Subtract a part from the whole that contains it.")));
		}
	}
	for (int i = 0; i < levels; i++)
		counts[i] -= less[i];
}

int
tally_compare(const int64 *a, const int64 *b, int levels)
{
	for (int i = 0; i < levels; i++)
	{
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	}
	return 0;
}

int64
count_argument(const char *name, int64 count)
{
	if (count < 0)
		bad_parameter(name, psprintf(INT64_FORMAT, count), "Give a count of zero or more.");
	return count;
}

_Noreturn void
refuse_answers(int64 answers)
{
	count_argument("answers", answers);
	too_many_answers();
}

/* Any aggregate may take out what it never counted: its maker names the functions. */
void
tally_uncount(int64 *counts, int levels, int level, int64 answers)
{
	int64 *less;

	if (likely(count_argument("answers", answers) <= counts[level]))
	{
		counts[level] -= answers;
		return;
	}
	less = palloc0(levels * sizeof(int64));
	less[level] = answers;
	tally_subtract(counts, less, levels); /* raises */
}

void
tally_check_total(const int64 *counts, int levels)
{
	if (!tally_is_valid(counts, levels))
		too_many_answers();
}

void
tally_to_text(StringInfo text, const int64 *counts, int levels)
{
	for (int i = 0; i < levels; i++)
		appendStringInfo(text, "%c" INT64_FORMAT, i == 0 ? '(' : ',', counts[i]);
	appendStringInfoChar(text, ')');
}

bool
tally_from_text(const char **text, int64 *counts, int levels)
{
	const char *in = *text;

	for (int i = 0; i < levels; i++)
	{
		if (!read_word(&in, i == 0 ? "(" : ",") || !read_count(&in, &counts[i]))
			return false;
	}
	if (!read_word(&in, ")"))
		return false;
	*text = in;
	return tally_is_valid(counts, levels);
}

void
tally_send(StringInfo buf, const int64 *counts, int levels)
{
	for (int i = 0; i < levels; i++)
		pq_sendint64(buf, counts[i]);
}

void
tally_recv(StringInfo buf, int64 *counts, int levels)
{
	for (int i = 0; i < levels; i++)
		counts[i] = pq_getmsgint64(buf);
}
