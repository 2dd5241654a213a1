/*
 * offer_rules as text: its bytes behind the header in hexadecimal digits, as it goes from one node
 * of a distributed engine to another. What is read in is put together anew, as its aggregate would.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "basket/offer_rules.h"

/* Whether numbers begin at 0, never fall, and end with the last. */
static bool
rises_to(const uint32 *numbers, uint32 count, Size last)
{
	for (uint32 n = 0; n < count; n++)
	{
		if (numbers[n] > numbers[n + 1])
			return false;
	}
	return numbers[0] == 0 && numbers[count] == last;
}

static bool
are_products(const OfferRules *rules)
{
	for (uint32 n = 0; n < rules->products; n++)
	{
		bool has_rules = rules_first(rules)[n] < rules_first(rules)[n + 1];
		uint32 baskets = rules_baskets(rules)[n];
		Label label = rules_label(rules, n);

		if (baskets > PG_INT32_MAX || (has_rules && baskets == 0) ||
			!pg_verify_mbstr(GetDatabaseEncoding(), label.bytes, label.length, true))
			return false;
	}
	return true;
}

static bool
are_pairs(const OfferRules *rules)
{
	for (uint32 n = 0; n < rules->rules; n++)
	{
		const uint32 *pair = rules_pairs(rules) + 2 * (Size) n;

		if (pair[0] >= rules->products || pair[1] == 0 || pair[1] > PG_INT32_MAX)
			return false;
	}
	return true;
}

static bool
are_rules(const OfferRules *rules, Size size)
{
	Size before_labels = offsetof(OfferRules, numbers);

	if (size < before_labels)
		return false;
	before_labels += (3 * (Size) rules->products + 2 + 2 * (Size) rules->rules) * sizeof(uint32);
	return size >= before_labels && rises_to(rules_first(rules), rules->products, rules->rules) &&
		   rises_to(rules_labels(rules), rules->products, size - before_labels) &&
		   are_products(rules) && are_pairs(rules);
}

_Noreturn static void
no_rules(void)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("invalid input for type %s", "offer_rules"),
					errhint("It is made from product_pairs, where it is used.")));
	pg_unreachable();
}

PG_FUNCTION_INFO_V1(offer_rules_in);
Datum
offer_rules_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);
	Size digits = strlen(text);
	OfferRules *rules = palloc0(VARHDRSZ + digits / 2 + 1);
	Size size;

	if (digits % 2 != 0 || strspn(text, "0123456789abcdefABCDEF") != digits)
		no_rules();
	size = VARHDRSZ + hex_decode(text, digits, VARDATA(rules));
	SET_VARSIZE(rules, size);
	if (!are_rules(rules, size))
		no_rules();
	PG_RETURN_POINTER(rebuilt_rules(rules));
}

PG_FUNCTION_INFO_V1(offer_rules_out);
Datum
offer_rules_out(PG_FUNCTION_ARGS)
{
	struct varlena *rules = PG_GETARG_VARLENA_P(0);
	Size size = VARSIZE(rules) - VARHDRSZ;
	char *text = palloc(2 * size + 1);

	text[hex_encode(VARDATA(rules), size, text)] = '\0';
	PG_RETURN_CSTRING(text);
}
