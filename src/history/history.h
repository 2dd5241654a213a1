/*
 * purchase_history: one customer's orders, folded into days.
 *
 * A stored value is a form byte and then one entry per day, in order of the days:
 *
 *   head      varint   zigzag of the days since the previous entry (the first: since 2000-01-01),
 *                      times two, plus one where the two counts follow
 *   orders    varint   only where the counts are not (1, 0)
 *   returns   varint   likewise
 *   amount    varint   zigzag of hundredths, times two; or of ten-thousandths, times two plus one,
 *                      where hundredths do not do
 *
 * A varint is seven bits a byte, lowest first, as short as possible: equal histories are equal
 * bytes. An order a week at 12.34 takes four bytes.
 *
 * While an aggregate runs, its state is a log: the same entries in the order of arrival, with room
 * for more. A log is a valid value of the type too, since parallel workers and other nodes hand
 * theirs on, but no function returns one as a result.
 */
#ifndef CLIENTELE_HISTORY_H
#define CLIENTELE_HISTORY_H

#include "fmgr.h"
#include "utils/date.h"
#include "utils/memutils.h"

#include "core/compat.h"

#define HISTORY_FORM	 1 /* version 1 of the layout above */
#define HISTORY_LOG_FORM 2 /* the same entries as a log */

/* What one day may hold in 1/10000, so that no sum over all days passes 128 bits. */
#define HISTORY_DAY_LIMIT (((int128) 1) << 100)

/* No entry takes more bytes. */
#define HISTORY_ENTRY_SIZE 48

/* What fits a value of a gigabyte, whatever the entries */
#define HISTORY_DAYS ((int64) ((MaxAllocSize - offsetof(History, entries)) / HISTORY_ENTRY_SIZE))

typedef struct HistoryDay
{
	DateADT day;
	int64 orders;  /* rows with an amount of zero or more */
	int64 returns; /* rows with a negative amount */
	int128 amount; /* in 1/10000, returns taken off */
} HistoryDay;

typedef struct HistoryDays
{
	HistoryDay *days;
	int64 count;
} HistoryDays;

typedef struct History
{
	int32 vl_len_;
	uint8 form; /* HISTORY_FORM */
	uint8 entries[FLEXIBLE_ARRAY_MEMBER];
} History;

typedef struct HistoryLog
{
	int32 vl_len_;	  /* the whole chunk, room to grow included */
	uint8 form;		  /* HISTORY_LOG_FORM */
	bool sorted;	  /* each day is later than the one before: the entries are a History's */
	uint16 unused;	  /* zero */
	int32 used;		  /* bytes of entries */
	DateADT last_day; /* of the last entry; 0 before the first */
	uint8 entries[FLEXIBLE_ARRAY_MEMBER];
} HistoryLog;

typedef struct HistoryReader
{
	const uint8 *next;
	const uint8 *end;
	int64 day;
	int error_code; /* raised where the bytes make no sense */
} HistoryReader;

/* history_entries.c: single entries */
extern HistoryReader history_reader(const struct varlena *history);
extern bool history_read(HistoryReader *reader, HistoryDay *day);
extern int history_write(uint8 *out, const HistoryDay *day, int64 previous_day);

/* history.c: all days of a value */
extern const char *history_day_error(const HistoryDay *day);
extern HistoryDays history_unpack(const struct varlena *history);
extern History *history_pack(HistoryDays days);
extern int err_history_too_large(void);
extern bool history_normalize(HistoryDays *days);
extern HistoryDays history_sorted_days(const struct varlena *history);
_Noreturn extern void history_overflow(void);

/* Adds a count to that of other days; 22003 past bigint. */
extern void history_add_count(int64 *sum, int64 count);

/* history_log.c: the state of an aggregate */
extern HistoryLog *history_new_log(void);
extern HistoryLog *history_append(HistoryLog *log, const HistoryDay *day);
extern HistoryLog *history_append_all(HistoryLog *log, const struct varlena *history);
extern History *history_from_log(const struct varlena *log);

/* A function's argument as a value that is no log, its header short or long. */
extern const struct varlena *history_argument(FunctionCallInfo fcinfo, int n);

static inline bool
is_history_log(const struct varlena *history)
{
	return *(const uint8 *) VARDATA_ANY(history) == HISTORY_LOG_FORM;
}

#endif
