/*
 * What a PostgreSQL server needs beside the sanitizers' own libraries; LD_PRELOAD brings it in.
 */
char *swift_demangle(const char *name, unsigned long length, char *buffer,
					 unsigned long *buffer_size, unsigned int flags);
const char *__ubsan_default_options(void);

/*
 * AddressSanitizer looks for this function as it starts, and where there is none the failure is
 * put into words by gettext. In a PostgreSQL server it may start inside of gettext, when a library
 * binds its text domain before main(): then the two wait for each other for ever.
 */
char *
swift_demangle(const char *name, unsigned long length, char *buffer, unsigned long *buffer_size,
			   unsigned int flags)
{
	(void) name, (void) length, (void) buffer, (void) buffer_size, (void) flags;
	return 0;
}

/*
 * UndefinedBehaviorSanitizer reads the environment at its first report, when the server has long
 * written the process title over it.
 */
const char *
__ubsan_default_options(void)
{
	return "abort_on_error=1:print_stacktrace=1";
}
