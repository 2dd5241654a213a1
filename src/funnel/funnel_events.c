/*
 * The state of funnel_level() and funnel_times(): one customer's events, and the rules.
 *
 * The executor owns the state: to grow it, a larger one is built in the context of the row and
 * returned, and the executor copies that and frees the old one. Sizes are powers of two, which is
 * what its allocator hands out.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "core/compat.h"
#include "funnel/funnel.h"
#include "funnel/funnel_events.h"

#define FUNNEL_EVENTS_VERSION 1

/* Eight events or so: most customers have fewer. */
#define FIRST_SIZE 128

#define EVENT_SIZE (sizeof(Timestamp) + sizeof(uint16))

static char *
event_bytes(const FunnelEvents *state, int64 index)
{
	return (char *) state->data + state->zone_length + index * EVENT_SIZE;
}

static Size
size_for(int zone_length, int64 events)
{
	return offsetof(FunnelEvents, data) + zone_length + events * EVENT_SIZE;
}

static bool
has_room(const FunnelEvents *state, int64 events)
{
	return size_for(state->zone_length, events) <= VARSIZE(state);
}

FunnelEvents *
funnel_new_events(const FunnelRules *rules)
{
	Size size = FIRST_SIZE;
	FunnelEvents *state;

	span_argument("within", &rules->within);
	while (size < size_for(rules->zone_length, 1))
		size *= 2;
	state = palloc0(size);
	SET_VARSIZE(state, size);
	state->version = FUNNEL_EVENTS_VERSION;
	state->ties = rules->ties;
	state->entry = rules->entry;
	state->zone_length = rules->zone_length;
	memcpy(state->within, &rules->within, sizeof(Interval));
	memcpy(state->data, rules->zone, rules->zone_length);
	return state;
}

FunnelRules
funnel_rules(const FunnelEvents *state)
{
	FunnelRules rules = {.ties = (FunnelTies) state->ties,
						 .entry = (FunnelEntry) state->entry,
						 .zone = state->data,
						 .zone_length = state->zone_length};

	memcpy(&rules.within, state->within, sizeof(Interval));
	return rules;
}

_Noreturn static void
different_rules(const char *name)
{
	bad_parameter(name, "not the same in all rows", "Give the same one for all rows of a group.");
}

void
funnel_check_rules(const FunnelEvents *state, const FunnelRules *rules)
{
	if (memcmp(state->within, &rules->within, sizeof(Interval)) != 0)
		different_rules("within");
	if (state->ties != (uint8) rules->ties)
		different_rules("ties");
	if (state->entry != (uint8) rules->entry)
		different_rules("entry");
	if (state->zone_length != rules->zone_length ||
		memcmp(state->data, rules->zone, rules->zone_length) != 0)
		different_rules("time_zone");
}

/* A copy with room for so many events. */
static FunnelEvents *
enlarge(const FunnelEvents *state, int64 events)
{
	Size used = size_for(state->zone_length, state->count);
	Size needed = size_for(state->zone_length, events);
	Size size = VARSIZE(state);
	FunnelEvents *larger;

	while (size < needed && size <= MaxAllocSize / 2)
		size *= 2;
	if (size < needed)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("too many events of one customer"),
				 errhint("Up to 53 million fit: group the rows by customer.")));
	larger = palloc(size);
	memcpy(larger, state, used);
	memset((char *) larger + used, 0, size - used);
	SET_VARSIZE(larger, size);
	return larger;
}

FunnelEvents *
funnel_append(FunnelEvents *state, const FunnelEvent *event)
{
	uint16 step = (uint16) event->step;
	char *bytes;

	if (unlikely(!has_room(state, (int64) state->count + 1)))
		state = enlarge(state, (int64) state->count + 1);
	bytes = event_bytes(state, state->count++);
	memcpy(bytes, &event->at, sizeof(Timestamp));
	memcpy(bytes + sizeof(Timestamp), &step, sizeof(step));
	return state;
}

FunnelEvents *
funnel_append_all(FunnelEvents *state, const FunnelEvents *more)
{
	int64 count = (int64) state->count + more->count;

	if (!has_room(state, count))
		state = enlarge(state, count);
	memcpy(event_bytes(state, state->count), event_bytes(more, 0), more->count * EVENT_SIZE);
	state->count = (int32) count;
	return state;
}

static FunnelEvent
read_event(const char *bytes)
{
	FunnelEvent event;
	uint16 step;

	memcpy(&event.at, bytes, sizeof(Timestamp));
	memcpy(&step, bytes + sizeof(Timestamp), sizeof(step));
	event.step = step;
	if (!IS_VALID_TIMESTAMP(event.at) || step < 1 || step > FUNNEL_STEPS)
		bad_state();
	return event;
}

FunnelEvent *
funnel_unpack(const FunnelEvents *state)
{
	FunnelEvent *events =
		palloc_extended(Max(state->count, 1) * sizeof(FunnelEvent), MCXT_ALLOC_HUGE);

	for (int32 i = 0; i < state->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		events[i] = read_event(event_bytes(state, i));
	}
	return events;
}

/* What has to hold before anything is read or appended. */
static FunnelEvents *
check_head(struct varlena *bytes)
{
	FunnelEvents *state = (FunnelEvents *) bytes;

	if (VARSIZE(state) < offsetof(FunnelEvents, data) || state->version != FUNNEL_EVENTS_VERSION ||
		state->count < 0 || !has_room(state, state->count))
		bad_state();
	return state;
}

FunnelEvents *
funnel_events_state(FunctionCallInfo fcinfo)
{
	return check_head(bytea_state(fcinfo));
}

/* Whether bytes can be a name of a zone: they are told in an error where they are none. */
static bool
is_plain_text(const char *bytes, int length)
{
	for (int i = 0; i < length; i++)
	{
		if (bytes[i] < ' ' || bytes[i] > '~')
			return false;
	}
	return true;
}

const FunnelEvents *
funnel_events_argument(FunctionCallInfo fcinfo, int n)
{
	const FunnelEvents *state = check_head(PG_DETOAST_DATUM(PG_GETARG_DATUM(n)));
	FunnelRules rules = funnel_rules(state);

	if (!span_is_forward(&rules.within) || state->ties > TIES_STRICT ||
		state->entry > ENTRY_FIRST || !is_plain_text(state->data, state->zone_length))
		bad_state();
	return state;
}
