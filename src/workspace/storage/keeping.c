/*
 * What the triggers that keep histories ask at each statement, so that it costs no query: whether
 * the rows are those of the orders, whether they can be read as they were when the orders were
 * attached, and whether it is this statement's turn to fold.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "access/xact.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "common/hashfn.h"
#include "common/pg_prng.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "core/compat.h"

PG_FUNCTION_INFO_V1(workspace_is_part);
Datum
workspace_is_part(PG_FUNCTION_ARGS)
{
	Oid relation = PG_GETARG_OID(0);
	Oid root = PG_GETARG_OID(1);
	Oid relation_type = get_rel_type_id(relation);
	Oid root_type = get_rel_type_id(root);

	if (relation == root)
		PG_RETURN_BOOL(true);
	if (!OidIsValid(relation_type) || !OidIsValid(root_type))
		PG_RETURN_BOOL(false);
	PG_RETURN_BOOL(typeInheritsFrom(relation_type, root_type));
}

/*
 * Types of the server by their name; others by what they are, since whoever owns them may change
 * what their name, casts and operators mean: all enums are read alike, and so are base types of one
 * name, which superusers make.
 */
static char *
type_kind(Oid type)
{
	Oid base =
		SearchSysCacheExists1(TYPEOID, ObjectIdGetDatum(type)) ? getBaseType(type) : InvalidOid;
	HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(base));
	Form_pg_type form;
	char *kind;

	if (!HeapTupleIsValid(tuple))
		return pstrdup("none");
	form = (Form_pg_type) GETSTRUCT(tuple);
	if (form->typnamespace == PG_CATALOG_NAMESPACE)
		kind = format_type_be(base);
	else if (form->typtype == TYPTYPE_ENUM)
		kind = pstrdup("enum");
	else
		kind = psprintf("%s %s", form->typtype == TYPTYPE_BASE ? "type" : "own type",
						NameStr(form->typname));
	ReleaseSysCache(tuple);
	return kind;
}

PG_FUNCTION_INFO_V1(workspace_type_kind);
Datum
workspace_type_kind(PG_FUNCTION_ARGS)
{
	Oid type = PG_GETARG_OID(0);

	if (!SearchSysCacheExists1(TYPEOID, ObjectIdGetDatum(type)))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("type with OID %u does not exist", type),
				 errhint("Give the type of a column.")));
	PG_RETURN_TEXT_P(cstring_to_text(type_kind(type)));
}

/* What is wrong with a column, with the error's code; NULL if a trigger can read it as it was. */
static const char *
column_trouble(Oid relation, const char *name, const char *kind, int *code)
{
	AttrNumber number = get_attnum(relation, name);
	char *kind_now;

	*code = ERRCODE_UNDEFINED_COLUMN;
	if (number == InvalidAttrNumber)
		return psprintf("column \"%s\" is not there any more", name);
	*code = ERRCODE_DATATYPE_MISMATCH;
	kind_now = type_kind(get_atttype(relation, number));
	if (strcmp(kind_now, kind) != 0)
		return psprintf("column \"%s\" is of type %s now, and was %s", name, kind_now, kind);
	*code = ERRCODE_WRONG_OBJECT_TYPE;
	if (get_attgenerated(relation, number) == 'v')
		return psprintf("column \"%s\" is generated when it is read, which triggers do not see",
						name);
	return NULL;
}

/*
 * What is wrong with a trigger: a function called from another schema would find the tables of
 * that other one, and without transition tables it would take whatever has their names.
 */
static const char *
trigger_trouble(Relation relation, const char *name, const char *workspace, int *code)
{
	TriggerDesc *triggers = relation->trigdesc;

	*code = ERRCODE_WRONG_OBJECT_TYPE;
	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		Trigger *trigger = &triggers->triggers[i];
		char *home;

		if (strcmp(trigger->tgname, name) != 0)
			continue;
		home = get_namespace_name(get_func_namespace(trigger->tgfoid));
		if (home == NULL || strcmp(home, workspace) != 0)
		{
			*code = ERRCODE_INVALID_SCHEMA_NAME;
			return psprintf("its schema is called \"%s\" now", home == NULL ? "" : home);
		}
		if (TRIGGER_FOR_ROW(trigger->tgtype) ||
			((TRIGGER_FOR_INSERT(trigger->tgtype) || TRIGGER_FOR_UPDATE(trigger->tgtype)) &&
			 (trigger->tgnewtable == NULL || strcmp(trigger->tgnewtable, "new_orders") != 0)) ||
			((TRIGGER_FOR_DELETE(trigger->tgtype) || TRIGGER_FOR_UPDATE(trigger->tgtype)) &&
			 (trigger->tgoldtable == NULL || strcmp(trigger->tgoldtable, "old_orders") != 0)))
			return psprintf("trigger \"%s\" is not as attach_orders() makes it", name);
		return NULL;
	}
	return psprintf("there is no trigger \"%s\"", name);
}

static const char *
columns_trouble(Oid relation, ArrayType *names, ArrayType *kinds, int *code)
{
	Datum *name;
	Datum *kind;
	int count;
	int kind_count;
	const char *trouble = NULL;

	deconstruct_array(names, TEXTOID, -1, false, TYPALIGN_INT, &name, NULL, &count);
	deconstruct_array(kinds, TEXTOID, -1, false, TYPALIGN_INT, &kind, NULL, &kind_count);
	for (int i = 0; trouble == NULL && i < Min(count, kind_count); i++)
		trouble = column_trouble(relation, TextDatumGetCString(name[i]),
								 TextDatumGetCString(kind[i]), code);
	return trouble;
}

/*
 * What the owner of the workspace may not do that reading rows takes: the functions of the
 * extension that the trigger calls, which are all of these names, as an error there would be the
 * writer's.
 */
static const char *
call_trouble(Oid extension, int *code)
{
	static const char *const called[] = {"history_agg", "kept_amount", "valid_amount"};

	*code = ERRCODE_INSUFFICIENT_PRIVILEGE;
	if (!OidIsValid(extension) ||
		object_aclcheck(NamespaceRelationId, extension, GetUserId(), ACL_USAGE) != ACLCHECK_OK)
		return psprintf("its owner, %s, may not use the schema of the extension",
						GetUserNameFromId(GetUserId(), false));
	for (size_t i = 0; i < lengthof(called); i++)
	{
		CatCList *list = SearchSysCacheList1(PROCNAMEARGSNSP, CStringGetDatum(called[i]));
		bool may_call = true;

		for (int member = 0; may_call && member < list->n_members; member++)
		{
			Form_pg_proc function = (Form_pg_proc) GETSTRUCT(&list->members[member]->tuple);

			may_call = function->pronamespace != extension ||
					   object_aclcheck(ProcedureRelationId, function->oid, GetUserId(),
									   ACL_EXECUTE) == ACLCHECK_OK;
		}
		ReleaseSysCacheList(list);
		if (!may_call)
			return psprintf("its owner, %s, may not call functions of the extension",
							GetUserNameFromId(GetUserId(), false));
	}
	return NULL;
}

PG_FUNCTION_INFO_V1(workspace_can_keep);
Datum
workspace_can_keep(PG_FUNCTION_ARGS)
{
	char *workspace = text_to_cstring(PG_GETARG_TEXT_PP(0));
	Relation relation = try_relation_open(PG_GETARG_OID(2), AccessShareLock);
	const char *trouble;
	int code;

	if (relation == NULL)
		PG_RETURN_BOOL(false);
	trouble = call_trouble(PG_GETARG_OID(1), &code);
	if (trouble == NULL)
		trouble = trigger_trouble(relation, NameStr(*PG_GETARG_NAME(3)), workspace, &code);
	if (trouble == NULL)
		trouble = columns_trouble(RelationGetRelid(relation), PG_GETARG_ARRAYTYPE_P(4),
								  PG_GETARG_ARRAYTYPE_P(5), &code);
	if (trouble != NULL)
		ereport(WARNING,
				(errcode(code),
				 errmsg("workspace \"%s\" misses this change of %s: %s", workspace,
						RelationGetRelationName(relation), trouble),
				 errhint("Attach the orders again as they are now, best in the transaction that "
						 "alters them: until then figures lack what changes.")));
	relation_close(relation, AccessShareLock);
	PG_RETURN_BOOL(trouble == NULL);
}

PG_FUNCTION_INFO_V1(workspace_is_own);
Datum
workspace_is_own(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(TransactionIdIsCurrentTransactionId((TransactionId) PG_GETARG_INT64(0)));
}

/*
 * A fold is a subtransaction, as its failure must not be the writer's; of these a transaction must
 * not have many, or every reader of the server looks them up one by one. So statements take turns:
 * one change in FIRST_STEP, in a long transaction one in up to LAST_STEP.
 */
#define FIRST_STEP	   8
#define LAST_STEP	   512
#define TURNS_PER_STEP 8

PG_FUNCTION_INFO_V1(workspace_fold_turn);
Datum
workspace_fold_turn(PG_FUNCTION_ARGS)
{
	static TransactionId transaction = InvalidTransactionId;
	static int turns = 0;
	int64 wrote = Min(Max(PG_GETARG_INT64(0), 0), PG_INT32_MAX);
	TransactionId now = GetTopTransactionIdIfAny();
	int64 step;

	if (now != transaction)
		turns = 0;
	transaction = now;
	step = Min(FIRST_STEP << Min(turns / TURNS_PER_STEP, 16), LAST_STEP);
	if (wrote < step && pg_prng_double(&pg_global_prng_state) * step >= wrote)
		PG_RETURN_INT64(0);
	turns++;
	PG_RETURN_INT64(2 * Min(Max(wrote, step), PG_INT64_MAX / 2));
}

/* Four groups of the sixteen that the upper bits tell, by the transaction. */
PG_FUNCTION_INFO_V1(workspace_random_slot);
Datum
workspace_random_slot(PG_FUNCTION_ARGS pg_attribute_unused())
{
	uint32 first = murmurhash32(GetTopTransactionIdIfAny());
	uint32 bits = pg_prng_uint32(&pg_global_prng_state);

	PG_RETURN_INT32((int32) ((((first + (bits >> 30)) & 15) << 27) | (bits & 0x07ffffff)));
}

/* Not a condition of the trigger, which the server reads and compiles anew for each statement. */
PG_FUNCTION_INFO_V1(workspace_skip_row);
Datum
workspace_skip_row(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const char *keeping = GetConfigOption("clientele.keeping", true, false);

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("workspace_skip_row() is a trigger function for rows to insert"),
						errhint("attach_orders() makes the triggers that call it.")));
	/* This trigger is one itself. */
	if (DatumGetInt32(DirectFunctionCall1(pg_trigger_depth, (Datum) 0)) <= 1 &&
		(keeping == NULL || strcmp(keeping, "on") != 0))
		PG_RETURN_POINTER(NULL);
	PG_RETURN_POINTER(trigger->tg_trigtuple);
}
