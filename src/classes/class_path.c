/*
 * class_path(history, profit, rules): a customer's classes at all ends in one value, and what they
 * were on a day. Joined with orders it is one row per customer, instead of one for each end.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "classes/standing.h"
#include "core/argument.h"

#define PATH_FORM 0x50617468

typedef struct PathStep
{
	DateADT as_of;
	char abc; /* 0 without a class */
	char xyz;
	int16 unused;
} PathStep;

/* As a bytea: the ends before which there was an order, ascending. */
typedef struct ClassPath
{
	int32 vl_len_; /* the server's header: never touch it directly */
	int32 form;	   /* PATH_FORM */
	PathStep steps[FLEXIBLE_ARRAY_MEMBER];
} ClassPath;

PG_FUNCTION_INFO_V1(class_path);
Datum
class_path(PG_FUNCTION_ARGS)
{
	const ClassRules *rules;
	const Standing *standings;
	ClassPath *path;
	int count = 0;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	rules = limits_argument(fcinfo, 2);
	standings = standings_of(history_argument(fcinfo, 0),
							 PG_ARGISNULL(1) ? NULL : history_argument(fcinfo, 1), rules);
	path = palloc(offsetof(ClassPath, steps) + rules->count * sizeof(PathStep));
	path->form = PATH_FORM;
	for (int i = 0; i < rules->count; i++)
	{
		if (standings[i].stage != STAGE_NONE)
			path->steps[count++] = (PathStep){.as_of = rules->ends[i].as_of,
											  .abc = abc_of(&standings[i], &rules->ends[i]),
											  .xyz = standings[i].xyz};
	}
	SET_VARSIZE(path, offsetof(ClassPath, steps) + count * sizeof(PathStep));
	PG_RETURN_POINTER(path);
}

static const ClassPath *
path_argument(FunctionCallInfo fcinfo)
{
	const ClassPath *path = (const ClassPath *) PG_GETARG_BYTEA_P(0);

	if (unlikely(VARSIZE(path) < offsetof(ClassPath, steps) || path->form != PATH_FORM))
		bad_parameter("path", "not made by class_path()", "Give what class_path() returns.");
	return path;
}

/* The last step that is not after a day; NULL before the first. */
static const PathStep *
step_on(const ClassPath *path, DateADT day)
{
	const PathStep *step = NULL;
	int count = (int) ((VARSIZE(path) - offsetof(ClassPath, steps)) / sizeof(PathStep));

	for (int i = 0; i < count && path->steps[i].as_of <= day; i++)
		step = &path->steps[i];
	return step;
}

/* Letters from one to another of the two; NULL where one of them is missing. */
static Datum
letters_on(FunctionCallInfo fcinfo, int first, int count)
{
	const PathStep *step = step_on(path_argument(fcinfo), PG_GETARG_DATEADT(1));
	char letters[2];

	if (step == NULL)
		PG_RETURN_NULL();
	letters[0] = step->abc;
	letters[1] = step->xyz;
	for (int i = first; i < first + count; i++)
	{
		if (letters[i] == 0)
			PG_RETURN_NULL();
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(letters + first, count));
}

PG_FUNCTION_INFO_V1(path_abc);
Datum
path_abc(PG_FUNCTION_ARGS)
{
	return letters_on(fcinfo, 0, 1);
}

PG_FUNCTION_INFO_V1(path_xyz);
Datum
path_xyz(PG_FUNCTION_ARGS)
{
	return letters_on(fcinfo, 1, 1);
}

PG_FUNCTION_INFO_V1(path_cell);
Datum
path_cell(PG_FUNCTION_ARGS)
{
	return letters_on(fcinfo, 0, 2);
}
