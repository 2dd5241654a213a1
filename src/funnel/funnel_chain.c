/*
 * The deepest chain of steps in one customer's events.
 *
 * The events are gone through in order of time. Of all chains that have reached a step so far, only
 * the one whose window ends last is kept: whatever continues another one continues this one too. A
 * longer chain begins with a shorter one, so no step's window ends before that of a deeper step,
 * and what continues a chain can take over its window as it is.
 *
 * It is the end of the window that decides, not the start: a later start can have an earlier end.
 * 31 January 6:00 and a month is 28 February 6:00, before the end of what began on 30 January
 * 18:00; and where clocks are set back, an instant can have an earlier local time than the one
 * before it.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "funnel/funnel.h"
#include "funnel/funnel_events.h"

typedef struct ChainWindow
{
	Timestamp end; /* the last time that still counts */
	Timestamp start;
} ChainWindow;

/* Events of one time: ascending steps may follow each other; descending ones cannot. */
static inline int
compare_events(const FunnelEvent *a, const FunnelEvent *b, const FunnelTies *ties)
{
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return *ties == TIES_ADVANCE ? a->step - b->step : b->step - a->step;
}

#define ST_SORT				   sort_events
#define ST_ELEMENT_TYPE		   FunnelEvent
#define ST_COMPARE_ARG_TYPE	   const FunnelTies
#define ST_COMPARE(a, b, ties) compare_events(a, b, ties)
#define ST_SCOPE			   static
#define ST_DEFINE
#define ST_CHECK_FOR_INTERRUPTS
#include "lib/sort_template.h"

static const DayZone *
zone_of(const FunnelEvents *state)
{
	if (state->zone_length == 0)
		return NULL;
	return day_zone(cstring_to_text_with_len(state->data, state->zone_length));
}

/* The later end, and of two starts with the same end the later one. */
static void
enter(ChainWindow *window, Timestamp at, Timestamp end)
{
	if (window->end <= end)
		*window = (ChainWindow){.end = end, .start = at};
}

FunnelChain
funnel_chain(const FunnelEvents *state)
{
	FunnelChain chain = {.level = 0, .events = funnel_unpack(state)};
	FunnelRules rules = funnel_rules(state);
	ChainWindow windows[FUNNEL_STEPS + 1]; /* by step, of the steps reached so far */
	const DayZone *zone = zone_of(state);

	sort_events(chain.events, state->count, &rules.ties);
	windows[1].end = DT_NOBEGIN;
	for (int32 i = 0; i < state->count; i++)
	{
		FunnelEvent event = chain.events[i];

		CHECK_FOR_INTERRUPTS();
		if (event.step > chain.level + 1 ||
			(event.step > 1 && event.at > windows[event.step - 1].end))
			continue;
		if (event.step > 1)
			windows[event.step] = windows[event.step - 1];
		else if (chain.level == 0 || rules.entry == ENTRY_BEST)
			enter(&windows[1], event.at, span_end(event.at, &rules.within, zone));
		if (event.step > chain.level)
		{
			chain.level = event.step;
			chain.start = windows[event.step].start;
		}
	}
	return chain;
}

/* Each step as early as possible after the one before: the events are in the order that allows. */
void
funnel_chain_times(const FunnelEvents *state, const FunnelChain *chain, Timestamp *times)
{
	int32 level = 0;

	for (int32 i = 0; i < state->count && level < chain->level; i++)
	{
		const FunnelEvent *event = &chain->events[i];

		CHECK_FOR_INTERRUPTS();
		if (event->at >= chain->start && event->step == level + 1)
			times[level++] = event->at;
	}
	Assert(level == chain->level);
}
