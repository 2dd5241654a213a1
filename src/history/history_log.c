/*
 * The growing state of an aggregate of purchase histories.
 *
 * The executor owns the state: to grow it, a larger one is built in the context of the row and
 * returned, and the executor copies that and frees the old one. Sizes are powers of two, which is
 * what its allocator hands out, so that no copy leaves slack behind.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "history/history.h"

/* Eight orders or so: most customers have fewer. */
#define FIRST_SIZE 64

/* From here on a full log is first condensed: it may hold many entries of few days. */
#define CONDENSE_SIZE 512

static HistoryLog *
new_log(Size size)
{
	HistoryLog *log = palloc0(size);

	SET_VARSIZE(log, size);
	log->form = HISTORY_LOG_FORM;
	log->sorted = true;
	return log;
}

HistoryLog *
history_new_log(void)
{
	return new_log(FIRST_SIZE);
}

static void
append_bytes(HistoryLog *log, const HistoryDay *day, const uint8 *entry, int length)
{
	if (day->day <= log->last_day && log->used > 0)
		log->sorted = false;
	memcpy(log->entries + log->used, entry, length);
	log->used += length;
	log->last_day = day->day;
}

static Size
room(const HistoryLog *log)
{
	return VARSIZE(log) - offsetof(HistoryLog, entries) - log->used;
}

static HistoryLog *
double_log(const HistoryLog *log)
{
	Size size = VARSIZE(log);
	HistoryLog *larger;

	if (size > MaxAllocSize / 2)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("purchase_history too large"),
				 errhint("Group the rows by customer, and roll up the histories.")));
	larger = new_log(size * 2);
	memcpy((char *) larger + VARHDRSZ, (const char *) log + VARHDRSZ,
		   offsetof(HistoryLog, entries) + log->used - VARHDRSZ);
	return larger;
}

/* Merges entries of the same day, in place; true where that leaves half of the room free. */
static bool
condense(HistoryLog *log)
{
	HistoryDays list = history_sorted_days((struct varlena *) log);
	History *history = history_pack(list);
	Size used = VARSIZE(history) - offsetof(History, entries);
	bool half_free = used <= (room(log) + log->used) / 2;

	if (half_free)
	{
		memcpy(log->entries, history->entries, used);
		log->used = used;
		log->sorted = true;
		log->last_day = list.days[list.count - 1].day;
	}
	pfree(history);
	pfree(list.days);
	return half_free;
}

/* Room for at least one more entry of the given length. */
static HistoryLog *
make_room(HistoryLog *log, Size length)
{
	if (VARSIZE(log) >= CONDENSE_SIZE && !log->sorted && condense(log))
		return log;
	while (room(log) < length)
		log = double_log(log);
	return log;
}

/* Appends one entry; the result is the log itself or a larger copy in the current context. */
HistoryLog *
history_append(HistoryLog *log, const HistoryDay *day)
{
	uint8 entry[HISTORY_ENTRY_SIZE];
	int length = history_write(entry, day, log->last_day);

	if (unlikely(room(log) < (Size) length))
	{
		log = make_room(log, length);
		length = history_write(entry, day, log->last_day);
	}
	append_bytes(log, day, entry, length);
	return log;
}

HistoryLog *
history_append_all(HistoryLog *log, const struct varlena *history)
{
	HistoryReader reader = history_reader(history);
	HistoryDay day;

	while (history_read(&reader, &day))
	{
		CHECK_FOR_INTERRUPTS();
		log = history_append(log, &day);
	}
	return log;
}

/* The log's value, in the current context. */
History *
history_from_log(const struct varlena *log)
{
	HistoryReader reader = history_reader(log);
	bool sorted = VARDATA_ANY(log)[offsetof(HistoryLog, sorted) - VARHDRSZ];
	HistoryDays list;
	History *history;

	if (sorted)
	{
		Size used = reader.end - reader.next;

		history = palloc(offsetof(History, entries) + used);
		SET_VARSIZE(history, offsetof(History, entries) + used);
		history->form = HISTORY_FORM;
		memcpy(history->entries, reader.next, used);
		return history;
	}
	list = history_sorted_days(log);
	history = history_pack(list);
	pfree(list.days);
	return history;
}

const struct varlena *
history_argument(FunctionCallInfo fcinfo, int n)
{
	struct varlena *history = PG_GETARG_VARLENA_PP(n);
	History *packed;

	if (VARSIZE_ANY_EXHDR(history) == 0 || !is_history_log(history))
		return history;
	packed = history_from_log(history);
	PG_FREE_IF_COPY(history, n);
	return (struct varlena *) packed;
}
