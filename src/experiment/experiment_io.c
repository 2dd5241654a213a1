/*
 * The type experiment: its text, binary and jsonb forms.
 *
 * Text: {"control":(6;55,54;1133,865,752),"treated":(...)}, for each group the number of customers;
 * the sums of after and before; those of after * after, before * after and before * before. With a
 * denominator its sum follows, and its products with after, before and itself.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/json_writer.h"
#include "core/text_form.h"
#include "experiment/experiment.h"

/* The largest number of 127 bits */
#define SUM_LIMIT ((int128) (~(uint128) 0 >> 1))

/* --- text --- */

static void
append_name(StringInfo out, const char *name)
{
	appendStringInfoChar(out, '"');
	for (; *name != '\0'; name++)
	{
		if (*name == '"' || *name == '\\')
			appendStringInfoChar(out, '\\');
		appendStringInfoChar(out, *name);
	}
	appendStringInfoChar(out, '"');
}

static void
append_sums(StringInfo out, const int128 *sums, int count, int decimals)
{
	char text[MONEY_TEXT_SIZE];

	for (int i = 0; i < count; i++)
	{
		units_to_text(sums[i], decimals, text);
		appendStringInfo(out, "%c%s", i == 0 ? ';' : ',', text);
	}
}

PG_FUNCTION_INFO_V1(experiment_out);
Datum
experiment_out(PG_FUNCTION_ARGS)
{
	const Experiment *experiment = experiment_arg(fcinfo, 0);
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	for (int i = 0; i < experiment->count; i++)
	{
		const ExperimentGroup *group = &experiment->groups[i];

		if (i > 0)
			appendStringInfoChar(&out, ',');
		append_name(&out, group->name);
		appendStringInfo(&out, ":(" INT64_FORMAT, group->customers);
		append_sums(&out, group->sums, experiment->figures, SUM_DECIMALS);
		append_sums(&out, group->products, product_count(experiment->figures), PRODUCT_DECIMALS);
		appendStringInfoChar(&out, ')');
	}
	appendStringInfoChar(&out, '}');
	PG_RETURN_CSTRING(out.data);
}

static bool
read_name(const char **in, char *name)
{
	size_t length = 0;

	memset(name, 0, GROUP_NAME_SIZE);
	if (!read_word(in, "\""))
		return false;
	for (; **in != '"'; (*in)++)
	{
		if (**in == '\\')
			(*in)++;
		if (**in == '\0' || length == GROUP_NAME_SIZE - 1)
			return false;
		name[length++] = **in;
	}
	(*in)++;
	return true;
}

/* So many numbers, each behind a mark; false where there are fewer. */
static bool
read_sums(const char **in, int128 *sums, int count, int decimals)
{
	for (int i = 0; i < count; i++)
	{
		if (!read_word(in, i == 0 ? ";" : ",") ||
			!units_from_text(in, decimals, SUM_LIMIT, &sums[i]))
			return false;
	}
	return true;
}

/* "name":(customers;sums;products); the number of sums is that of the figures. */
static bool
read_group(const char **in, ExperimentGroup *group, int *figures)
{
	memset(group, 0, sizeof(*group));
	if (!read_name(in, group->name) || !read_word(in, ":(") || !read_count(in, &group->customers) ||
		!read_sums(in, group->sums, PLAIN_FIGURES, SUM_DECIMALS))
		return false;
	*figures = PLAIN_FIGURES;
	if (read_word(in, ","))
	{
		*figures = MOST_FIGURES;
		if (!units_from_text(in, SUM_DECIMALS, SUM_LIMIT, &group->sums[DENOMINATOR]))
			return false;
	}
	return read_sums(in, group->products, product_count(*figures), PRODUCT_DECIMALS) &&
		   read_word(in, ")") && is_group(group, *figures);
}

/* Groups come in any order, and each once. NULL for anything else. */
static Experiment *
parse_experiment(const char *in)
{
	Experiment *experiment = make_experiment(0, PLAIN_FIGURES);

	in = skip_space(in);
	if (!read_word(&in, "{"))
		return NULL;
	in = skip_space(in);
	while (!read_word(&in, "}"))
	{
		ExperimentGroup group;
		int figures;
		int place;

		CHECK_FOR_INTERRUPTS();
		if (experiment->count > 0 && !read_word(&in, ","))
			return NULL;
		in = skip_space(in);
		if (experiment->count == EXPERIMENT_GROUPS || !read_group(&in, &group, &figures) ||
			(experiment->count > 0 && experiment->figures != figures) ||
			find_group(experiment, group.name) >= 0)
			return NULL;
		experiment->figures = figures;
		experiment = with_group(experiment, group.name, &place);
		experiment->groups[place] = group;
		in = skip_space(in);
	}
	return *skip_space(in) == '\0' ? experiment : NULL;
}

PG_FUNCTION_INFO_V1(experiment_in);
Datum
experiment_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);
	Experiment *experiment = parse_experiment(text);

	if (experiment == NULL)
		ereturn(
			fcinfo->context, (Datum) 0,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type experiment: \"%.*s\"", shown_length(text), text),
			 errhint("Write for each of up to %d groups its name, the number of customers, the "
					 "sums of their figures and those of the products, such as "
					 "{\"control\":(2;30,20;500,350,250)}: sums that customers can have.",
					 EXPERIMENT_GROUPS)));
	PG_RETURN_POINTER(experiment);
}

/* --- binary --- */

static void
send_sums(StringInfo out, const int128 *sums, int count)
{
	for (int i = 0; i < count; i++)
	{
		pq_sendint64(out, (int64) (sums[i] >> 64));
		pq_sendint64(out, (int64) sums[i]);
	}
}

PG_FUNCTION_INFO_V1(experiment_send);
Datum
experiment_send(PG_FUNCTION_ARGS)
{
	const Experiment *experiment = experiment_arg(fcinfo, 0);
	StringInfoData out;

	pq_begintypsend(&out);
	pq_sendbyte(&out, EXPERIMENT_VERSION);
	pq_sendbyte(&out, experiment->figures);
	for (int i = 0; i < experiment->count; i++)
	{
		const ExperimentGroup *group = &experiment->groups[i];

		pq_sendstring(&out, group->name);
		pq_sendint64(&out, group->customers);
		send_sums(&out, group->sums, experiment->figures);
		send_sums(&out, group->products, product_count(experiment->figures));
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

static bool
receive_sums(StringInfo in, int128 *sums, int count)
{
	for (int i = 0; i < count; i++)
	{
		int128 high = pq_getmsgint64(in);

		sums[i] = (int128) (((uint128) high << 64) | (uint64) pq_getmsgint64(in));
		if (sums[i] < -SUM_LIMIT)
			return false;
	}
	return true;
}

/* Bytes of a group behind its name. */
static int
sent_size(int figures)
{
	return (int) sizeof(int64) + (figures + product_count(figures)) * (int) sizeof(int128);
}

static bool
receive_group(StringInfo in, ExperimentGroup *group, int figures)
{
	const char *name;

	memset(group, 0, sizeof(*group));
	if (memchr(in->data + in->cursor, '\0', in->len - in->cursor) == NULL)
		return false;
	name = pq_getmsgstring(in);
	if (!group_name(name, strlen(name), group->name) || in->len - in->cursor < sent_size(figures))
		return false;
	group->customers = pq_getmsgint64(in);
	return receive_sums(in, group->sums, figures) &&
		   receive_sums(in, group->products, product_count(figures)) && is_group(group, figures);
}

/* NULL where the message is none of ours. */
static Experiment *
experiment_from_message(StringInfo in)
{
	Experiment *experiment;
	int figures;

	if (in->len - in->cursor < 2 || pq_getmsgbyte(in) != EXPERIMENT_VERSION)
		return NULL;
	figures = pq_getmsgbyte(in);
	if (figures != PLAIN_FIGURES && (figures != MOST_FIGURES || in->cursor == in->len))
		return NULL;
	experiment = make_experiment(0, figures);
	while (in->cursor < in->len)
	{
		ExperimentGroup group;
		int place;

		CHECK_FOR_INTERRUPTS();
		if (experiment->count == EXPERIMENT_GROUPS || !receive_group(in, &group, figures) ||
			find_group(experiment, group.name) >= 0)
			return NULL;
		experiment = with_group(experiment, group.name, &place);
		if (place != experiment->count - 1)
			return NULL; /* or equal ones were other bytes */
		experiment->groups[place] = group;
	}
	return experiment;
}

PG_FUNCTION_INFO_V1(experiment_recv);
Datum
experiment_recv(PG_FUNCTION_ARGS)
{
	StringInfo in = (StringInfo) PG_GETARG_POINTER(0);
	int length = in->len - in->cursor;
	Experiment *experiment = experiment_from_message(in);

	if (experiment == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary form of type experiment, of %d bytes", length),
				 errhint("Send a byte of value %d, one with the number of figures, and for each "
						 "group its name with a zero behind it, its customers as a 64-bit integer, "
						 "its sums in 10^-4 and those of products in 10^-8 as 128-bit integers.",
						 EXPERIMENT_VERSION)));
	PG_RETURN_POINTER(experiment);
}

/* --- jsonb --- */

static const char *const sum_names[] = {"after", "before", "denominator"};
static const char *const product_names[] = {"after_after",		  "before_after",
											"before_before",	  "denominator_after",
											"denominator_before", "denominator_denominator"};

static void
write_sums(JsonWriter *json, const char *const *names, const int128 *sums, int count, int decimals)
{
	for (int i = 0; i < count; i++)
	{
		json_name(json, names[i]);
		json_number(json, units_number(sums[i], decimals));
	}
}

PG_FUNCTION_INFO_V1(experiment_to_jsonb);
Datum
experiment_to_jsonb(PG_FUNCTION_ARGS)
{
	const Experiment *experiment = experiment_arg(fcinfo, 0);
	JsonWriter json = json_writer("experiment");

	json_bracket(&json, WJB_BEGIN_OBJECT);
	for (int i = 0; i < experiment->count; i++)
	{
		const ExperimentGroup *group = &experiment->groups[i];

		json_name(&json, group->name);
		json_bracket(&json, WJB_BEGIN_OBJECT);
		json_name(&json, "customers");
		json_integer(&json, group->customers);
		write_sums(&json, sum_names, group->sums, experiment->figures, SUM_DECIMALS);
		write_sums(&json, product_names, group->products, product_count(experiment->figures),
				   PRODUCT_DECIMALS);
		json_bracket(&json, WJB_END_OBJECT);
	}
	json_bracket(&json, WJB_END_OBJECT);
	return json_finish(&json);
}
