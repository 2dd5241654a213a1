# shellcheck shell=bash
# Another clock than the machine's, to source:
#
#   set_clock TIME DIRECTORY   what is started from here on, servers above all, finds it to be TIME, which goes on from there;
#                              TIME is in the words of date, such as "2044-02-29 23:45 UTC"; what it takes is put into the directory

# From the machine's clock, whatever another call has set.
set_clock() {
  unset LD_PRELOAD
  gcc -shared -fPIC -O2 -o "$2/clock.so" "$(dirname "${BASH_SOURCE[0]}")/clock.c" || return
  CLOCK_SHIFT=$(($(date -d "$1" +%s) - $(date +%s)))
  export CLOCK_SHIFT LD_PRELOAD=$2/clock.so
}
