/*
 * Another clock than the machine's for what this is preloaded into: CLOCK_SHIFT seconds ahead, or
 * behind where negative. The monotonic clock, by which waits are timed, is left alone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

typedef int (*clock_reader)(clockid_t, struct timespec *);

static time_t shift;
static clock_reader machine_clock;

/* At once: a server writes the title of its process over the environment. */
__attribute__((constructor)) static void
read_environment(void)
{
	const char *seconds = getenv("CLOCK_SHIFT");

	shift = seconds ? atoll(seconds) : 0;
	machine_clock = (clock_reader) dlsym(RTLD_NEXT, "clock_gettime");
}

int
clock_gettime(clockid_t clock, struct timespec *at)
{
	int result;

	if (!machine_clock)
		read_environment();
	result = machine_clock(clock, at);
	if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
		at->tv_sec += shift;
	return result;
}

int
gettimeofday(struct timeval *restrict at, void *restrict zone)
{
	struct timespec now;
	int result = clock_gettime(CLOCK_REALTIME, &now);

	(void) zone;
	at->tv_sec = now.tv_sec;
	at->tv_usec = now.tv_nsec / 1000;
	return result;
}

time_t
time(time_t *at)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (at)
		*at = now.tv_sec;
	return now.tv_sec;
}
