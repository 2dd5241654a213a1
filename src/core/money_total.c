/*
 * Totals of money as numeric and as text.
 */
#include "postgres.h"

#include <ctype.h>

#include "utils/builtins.h"

#include "core/compat.h"
#include "core/money.h"

#define TOTAL_DECIMALS 2 /* at least */

static Numeric
numeric_from_text(const char *decimal)
{
	return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(decimal),
											   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

/* Writes the digits from the last to the first, ending before end; gives the first's place. */
static char *
digits_before(char *end, uint128 number, int at_least)
{
	for (int written = 0; number > 0 || written < at_least; written++)
	{
		*--end = '0' + (int) (number % 10);
		number /= 10;
	}
	return end;
}

static int
decimal_text(int128 total, size_t decimals, size_t least_decimals, char *text)
{
	char digits[MONEY_TEXT_SIZE];
	char *end = digits + sizeof(digits);
	char *out = text;
	uint128 units = total < 0 ? -(uint128) total : (uint128) total;
	char *first = digits_before(end, units, (int) decimals + 1);
	size_t whole = end - first - decimals;

	if (total < 0)
		*out++ = '-';
	memcpy(out, first, whole);
	out += whole;
	while (decimals > least_decimals && first[whole + decimals - 1] == '0')
		decimals--;
	if (decimals > 0)
	{
		*out++ = '.';
		memcpy(out, first + whole, decimals);
		out += decimals;
	}
	*out = '\0';
	return out - text;
}

int
units_to_text(int128 units, int decimals, char *text)
{
	return decimal_text(units, decimals, 0, text);
}

int
money_to_text(int128 total, char *text)
{
	return units_to_text(total, MONEY_DECIMALS, text);
}

Numeric
units_number(int128 units, int decimals)
{
	char text[MONEY_TEXT_SIZE];

	units_to_text(units, decimals, text);
	return numeric_from_text(text);
}

Numeric
money_number(int128 total)
{
	return units_number(total, MONEY_DECIMALS);
}

Numeric
money_total(int128 total)
{
	char text[MONEY_TEXT_SIZE];

	if (total < PG_INT64_MIN || total > PG_INT64_MAX)
	{
		decimal_text(total, MONEY_DECIMALS, TOTAL_DECIMALS, text);
		return numeric_from_text(text);
	}
	if (total % 100 == 0)
		return int64_div_fast_to_numeric((int64) total / 100, TOTAL_DECIMALS);
	if (total % 10 == 0)
		return int64_div_fast_to_numeric((int64) total / 10, 3);
	return int64_div_fast_to_numeric((int64) total, MONEY_DECIMALS);
}

/* Appends one decimal digit to *units; false past the limit. */
static bool
append_digit(int128 *units, int digit, int128 limit)
{
	if (*units > (limit - digit) / 10)
		return false;
	*units = *units * 10 + digit;
	return true;
}

bool
units_from_text(const char **text, int most_decimals, int128 limit, int128 *units_read)
{
	const char *in = *text;
	bool negative = *in == '-';
	int128 units = 0;
	int decimals = 0;

	if (negative)
		in++;
	if (!isdigit((unsigned char) *in))
		return false;
	for (; isdigit((unsigned char) *in); in++)
	{
		if (!append_digit(&units, *in - '0', limit))
			return false;
	}
	if (*in == '.')
	{
		for (in++; isdigit((unsigned char) *in) && decimals < most_decimals; in++, decimals++)
		{
			if (!append_digit(&units, *in - '0', limit))
				return false;
		}
		if (decimals == 0)
			return false;
	}
	for (; decimals < most_decimals; decimals++)
	{
		if (!append_digit(&units, 0, limit))
			return false;
	}
	*units_read = negative ? -units : units;
	*text = in;
	return true;
}

bool
money_from_text(const char **text, int128 limit, int128 *total)
{
	return units_from_text(text, MONEY_DECIMALS, limit, total);
}
