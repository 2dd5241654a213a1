# make                    build
# make install            install into the PostgreSQL of PG_CONFIG
# make uninstall          remove what that installed
# make installcheck       regression tests against a running server (PGHOST, PGPORT …)
# make dist               pack the last commit as clientele-VERSION.zip
# bash test/run.sh        all tests, on a server of their own
#
# Builds in another directory, with -f /path/to/Makefile VPATH=/path/to, leave the source tree as it is.

SOURCE := $(if $(VPATH),$(VPATH)/)
sources = $(patsubst $(SOURCE)%,%,$(sort $(wildcard $(addprefix $(SOURCE),$(1)))))

EXTENSION = clientele
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" $(SOURCE)$(EXTENSION).control)

MODULE_big = $(EXTENSION)
OBJS := $(patsubst %.c,%.o,$(call sources,src/*/*.c src/*/*/*.c))

# The install script, in the order in which one room needs another; behind the SQL of a type its operators, from one template.
# The types of workspaces come before what takes them.
SQL_ROOMS = core basket nps history preferences activity segments classes retention retention_pass survival programme funnel journey experiment
WORKSPACE = $(SOURCE)src/workspace
SQL_PARTS = $(foreach room,$(SQL_ROOMS),$(sort $(wildcard $(SOURCE)src/$(room)/*.sql))) \
	$(WORKSPACE)/types.sql $(sort $(wildcard $(WORKSPACE)/words/*.sql)) workspace_files.sql \
	$(sort $(filter-out %/types.sql,$(wildcard $(WORKSPACE)/*.sql))) $(sort $(wildcard $(addprefix $(WORKSPACE)/,attached/*.sql storage/*.sql report/*.sql)))
WORKSPACE_FILES = $(sort $(wildcard $(addprefix $(WORKSPACE)/,tables/*.sql functions/*.sql views/*.sql findings/*.sql report/sections/*.sql report/topics/*.sql)))
TYPE_OPERATORS = $(SOURCE)src/core/type_operators.sql.in
DATA_built = $(EXTENSION)--$(EXTVERSION).sql
# The scripts of released versions, and those that upgrade them.
DATA = $(filter-out release/$(DATA_built),$(call sources,release/$(EXTENSION)--*.sql))

REGRESS = $(patsubst sql/%.sql,%,$(call sources,sql/*.sql))
REGRESS_OPTS = --load-extension=$(EXTENSION)

# The server's headers are the system's: our warnings are about our own code.
PG_CPPFLAGS = -I$(srcdir)/src -isystem $(shell $(PG_CONFIG) --includedir-server) -std=gnu11
EXTRA_CLEAN = $(DATA_built) workspace_files.sql $(EXTENSION)-*.zip results regression.diffs regression.out $(OBJS:.o=.bc)

PG_CONFIG ?= pg_config
PG_VERSION := $(shell $(PG_CONFIG) --version)
PG_MAJOR := $(shell echo '$(PG_VERSION)' | sed 's/[^0-9]*\([0-9]*\).*/\1/')
ifeq ($(PG_MAJOR),)
$(error cannot run "$(PG_CONFIG)": install the server headers, or name yours with PG_CONFIG=/path/to/pg_config)
endif
ifeq ($(shell test $(PG_MAJOR) -ge 15 || echo old),old)
$(error Clientele needs PostgreSQL 15 or later, and "$(PG_CONFIG)" belongs to $(PG_VERSION): name another with PG_CONFIG=/path/to/pg_config)
endif

PGXS := $(shell $(PG_CONFIG) --pgxs)
ifeq ($(wildcard $(PGXS)),)
$(error the server headers of $(PG_VERSION) are missing: on Debian and Ubuntu, apt-get install postgresql-server-dev-$(PG_MAJOR))
endif
include $(PGXS)

# The server's own flags are gcc's; clang warns about those it does not know.
ifneq ($(findstring clang,$(CC)),)
override CFLAGS := $(filter-out -fexcess-precision=standard -Wno-format-truncation -Wno-stringop-truncation -Wimplicit-fallthrough=3,$(CFLAGS))
endif

ifdef VPATH
$(shell mkdir -p $(dir $(OBJS)))
endif

# The types that a part of the script makes: each is a name alone at first.
types_of = sed -n 's/^CREATE TYPE \([a-z_]*\);$$/\1/p'

$(DATA_built): $(SQL_PARTS) $(TYPE_OPERATORS) $(WORKSPACE)/ascii.awk $(EXTENSION).control Makefile
	{ printf '%s\n' '\echo Use "CREATE EXTENSION $(EXTENSION)" to load this file. \quit'; \
	  for part in $(SQL_PARTS); do \
	    LC_ALL=C awk -f $(WORKSPACE)/ascii.awk $$part; \
	    for type in `$(types_of) $$part`; do sed "s/@type@/$$type/g" $(TYPE_OPERATORS); done; \
	  done; } > $@

workspace_files.sql: $(WORKSPACE)/pack.awk $(WORKSPACE_FILES)
	awk -f $(WORKSPACE)/pack.awk $(WORKSPACE_FILES) > $@

# Headers are few and shared: any change to one rebuilds all.
$(OBJS) $(OBJS:.o=.bc): $(call sources,src/*/*.h src/*/*/*.h)

.PHONY: dist
dist:
	@git diff --quiet HEAD || { echo 'commit first: only what is committed goes into the zip' >&2; exit 1; }
	git archive --format=zip --prefix=$(EXTENSION)-$(EXTVERSION)/ -o $(EXTENSION)-$(EXTVERSION).zip HEAD
