# kyodo: `make site` builds the demonstration site, `make test` proves it. `make help` lists the
# rest.
#
# Variables: BUILD (folder for everything built), SAN (address,undefined or thread), DEV (1: warnings
# stop the build, 0: they do not), PREFIX and DESTDIR (install), CASES, ROWS, SIZES and OUT (bench).

ifeq ($(origin BUILD),undefined)
# A variant has a folder of its own: build/address-undefined, build/thread.
comma := ,
BUILD := build$(if $(SAN),/$(subst $(comma),-,$(SAN)))
endif
ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin CXX),default)
CXX := g++
endif
AR ?= ar
PKG_CONFIG ?= pkg-config
PYTHON ?= python3
SAN ?=
# Warnings stop the build with the compiler that this is developed with, Debian 12's: what another one
# warns of, often wrongly, is for us to see to, and nobody's site waits for it.
ifeq ($(origin DEV),undefined)
DEV := $(if $(filter 12,$(shell $(CC) -dumpversion 2>/dev/null)),1,0)
endif
PREFIX ?= /usr/local
DESTDIR ?=

# ---- Packages, by Debian's names
# ------------------------------------------------------------------
BUILD_PACKAGES := gcc g++ make pkg-config libcmark-dev libyaml-dev libcsv-dev libctemplate-dev \
    zlib1g-dev libzip-dev libjansson-dev libutf8proc-dev libssl-dev libxxhash-dev libpcre2-dev \
    libxlsxwriter-dev libsqlite3-dev libmicrohttpd-dev
LINT_PACKAGES := git python3 clang-format clang-tidy cppcheck
TEST_PACKAGES := git python3 nginx-light faketime zsh libcmocka-dev nodejs npm chromium fonts-noto-cjk \
    default-jre-headless python3-openpyxl python3-icalendar raptor2-utils gnumeric sqlite3
BENCH_PACKAGES := python3 hugo sqlite3
INSTALL_PACKAGES := .ci/install-packages

# ---- How it is compiled
# ---------------------------------------------------------------------------
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Wwrite-strings -Wformat=2 \
    -Wimplicit-fallthrough
WARNINGS_C := -Wstrict-prototypes -Wmissing-prototypes
ifeq ($(DEV),1)
WARNINGS += -Werror
endif
OPTIMISE ?= $(if $(SAN),-O2,-O3) -g
SANITIZE := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all)
LIBRARIES := libcmark yaml-0.1 jansson zlib libzip libutf8proc libcrypto libxxhash libpcre2-8 \
    xlsxwriter sqlite3 libmicrohttpd
LIBRARY_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(LIBRARIES) 2>/dev/null)
# Every command waits until the names of its shared libraries are bound, the thousands of C++ above all:
# those are archives in the program where the system has such. What is in C stays shared, to be renewed
# without us. Sanitizers want to come between.
archive = $(or $(filter /%,$(shell $(CXX) -print-file-name=lib$(1).a)),-l$(1))
LIBRARY_LIBS := $(if $(SAN),-lctemplate -lstdc++,$(call archive,ctemplate) $(call archive,stdc++) \
    -static-libgcc) $(shell $(PKG_CONFIG) --libs $(LIBRARIES) 2>/dev/null) -lcsv -lpthread -lm
FLAGS_C := -std=gnu17 $(OPTIMISE) $(WARNINGS) $(WARNINGS_C) $(SANITIZE) $(CFLAGS) -MMD -MP
# In C++ -Wshadow counts a function with the name of a struct, which is how C names its life cycles.
WARNINGS_CXX := $(filter-out -Wshadow,$(WARNINGS))
FLAGS_CXX := -std=gnu++17 $(OPTIMISE) $(WARNINGS_CXX) $(SANITIZE) $(CXXFLAGS) -MMD -MP

# Which stages a stage may include: base <- diag <- load, parse <- model <- validate, import, render
# <- publish.
STAGES := base diag load parse model validate import render publish cli
USES_base := base
USES_diag := base diag
USES_load := base diag load
USES_parse := base diag load parse
USES_model := base diag load parse model
USES_validate := base diag load parse model validate
USES_import := base diag load parse model import
USES_render := base diag load parse model render
USES_publish := base diag load parse model render publish
USES_cli := $(STAGES)
USES_main.c := $(STAGES)

SOURCES_C := $(sort $(wildcard generator/*.c generator/*/*.c generator/*/*/*.c))
SOURCES_CXX := $(sort $(wildcard generator/*/*.cc generator/*/*/*.cc))
HEADERS := $(sort $(wildcard generator/*/*.h generator/*/*/*.h))
OBJECTS := $(SOURCES_C:%.c=$(BUILD)/%.o) $(SOURCES_CXX:%.cc=$(BUILD)/%.o)
LIBRARY := $(BUILD)/libkyodo.a

UNIT_SOURCES := $(sort $(wildcard tests/unit/*/test_*.c))
UNIT_TESTS := $(UNIT_SOURCES:%.c=$(BUILD)/%)
SPEC_SOURCES := $(wildcard tests/spec/markdown_main.c)
SPEC_PROGRAMS := $(SPEC_SOURCES:%.c=$(BUILD)/%)

# generator/<stage>/… and tests/unit/<stage>/… are compiled with the stages that <stage> may use,
# and with the folders inside <stage> itself, whose headers are private to it.
path_word = $(word $(1),$(subst /, ,$(2)))
stage_of = $(if $(filter tests/unit/%,$(1)),$(call path_word,3,$(1)),$(call path_word,2,$(1)))
inside = $(sort $(patsubst %/,%,$(dir $(wildcard generator/$(1)/*/*.h))))
includes_of = $(foreach stage,$(USES_$(call stage_of,$(1))),-Igenerator/$(stage)) \
    $(addprefix -I,$(call inside,$(call stage_of,$(1))))
INCLUDES_ALL := $(STAGES:%=-Igenerator/%)

# `make V=1` shows the commands, `make -s` nothing.
V ?= 0
ifneq ($(findstring s,$(firstword -$(MAKEFLAGS))),)
say = @
else ifeq ($(V),0)
say = @echo "$(1) $(2)";
else
say =
endif

all: $(BUILD)/kyodo ## the program (default)

# Rewritten only when the compiler or its flags change, and everything depends on it.
FLAGS_NOW := $(CC) $(FLAGS_C) | $(CXX) $(FLAGS_CXX) | $(LIBRARY_CFLAGS) | $(LIBRARY_LIBS)
$(BUILD)/flags: force
	@mkdir -p $(@D)
	@printf '%s\n' '$(FLAGS_NOW)' | cmp -s - $@ || printf '%s\n' '$(FLAGS_NOW)' >$@

MAIN := $(filter %/main.o,$(OBJECTS))
$(BUILD)/kyodo: $(MAIN) $(LIBRARY) $(BUILD)/flags
	$(call say,link   ,$@)$(CXX) $(SANITIZE) $(LDFLAGS) -o $@ $(MAIN) $(LIBRARY) $(LIBRARY_LIBS)

# The list of members is part of what makes the archive: a file that goes away leaves it. Named
# without $(BUILD), so that who spells that in another way makes nothing anew.
MEMBERS := $(OBJECTS:$(BUILD)/%=%)
$(BUILD)/members: force
	@mkdir -p $(@D)
	@printf '%s\n' '$(MEMBERS)' | cmp -s - $@ || printf '%s\n' '$(MEMBERS)' >$@

$(LIBRARY): $(filter-out $(MAIN),$(OBJECTS)) $(BUILD)/members
	@rm -f $@
	$(call say,archive,$@)$(AR) rcs $@ $(filter %.o,$^)

$(BUILD)/generator/%.o: generator/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,compile,$<)$(CC) $(FLAGS_C) $(call includes_of,$<) $(LIBRARY_CFLAGS) -c -o $@ $<

$(BUILD)/generator/%.o: generator/%.cc $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,compile,$<)$(CXX) $(FLAGS_CXX) $(call includes_of,$<) $(LIBRARY_CFLAGS) -c -o $@ $<

program: ## install what building needs, then build the program
	@$(INSTALL_PACKAGES) $(BUILD_PACKAGES)
	@$(MAKE) --no-print-directory $(BUILD)/kyodo

# ---- The demonstration site
# -----------------------------------------------------------------------
site: ## install what is missing, then build the demonstration site into public/
	@$(INSTALL_PACKAGES) $(BUILD_PACKAGES)
	@$(MAKE) --no-print-directory $(BUILD)/kyodo
	$(BUILD)/kyodo build --site . --out public

check: $(BUILD)/kyodo ## check the demonstration site and write nothing
	$(BUILD)/kyodo check --strict .

# ---- Tests
# ----------------------------------------------------------------------------------------
test: ## install what is missing, then prove everything; ends with "N passed, N failed"
	@$(INSTALL_PACKAGES) $(sort $(BUILD_PACKAGES) $(TEST_PACKAGES))
	@$(MAKE) --no-print-directory node-modules
	@$(MAKE) --no-print-directory all test-programs
	@$(PYTHON) tests/run --build $(BUILD)

soak: ## the long proof: every page in the browser, more threads, bigger corpora
	@$(INSTALL_PACKAGES) $(sort $(BUILD_PACKAGES) $(TEST_PACKAGES))
	@$(MAKE) --no-print-directory node-modules
	@$(MAKE) --no-print-directory all test-programs
	@$(PYTHON) tests/run --build $(BUILD) --soak

# A fuzz target is one function: linked with libFuzzer by `make fuzz`, with replay.c for the tests.
FUZZ_TARGETS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_REPLAYS := $(FUZZ_TARGETS:%=$(BUILD)/tests/fuzz/replay_%)
FUZZ_SECONDS ?= 60
FUZZ_PACKAGES := clang
$(BUILD)/tests/fuzz/replay_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(LIBRARY) $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,compile,$<)$(CC) $(FLAGS_C) $(INCLUDES_ALL) $(LIBRARY_CFLAGS) -MF $@.d -o $@ $< \
	    tests/fuzz/replay.c $(LIBRARY) $(LIBRARY_LIBS)

fuzz: ## each fuzz target for FUZZ_SECONDS with libFuzzer, ASan and UBSan; what it finds goes to build/fuzz
	@$(INSTALL_PACKAGES) $(sort $(BUILD_PACKAGES) $(FUZZ_PACKAGES))
	@$(MAKE) --no-print-directory BUILD=build/fuzz CC=clang CXX=clang++ DEV=0 \
	    SAN=fuzzer-no-link,address,undefined build/fuzz/libkyodo.a
	@for target in $(FUZZ_TARGETS); do \
	    mkdir -p build/fuzz/corpus/$$target && \
	    clang -std=gnu17 -g -O1 -fsanitize=fuzzer,address,undefined $(INCLUDES_ALL) $(LIBRARY_CFLAGS) \
	        -o build/fuzz/fuzz_$$target tests/fuzz/fuzz_$$target.c build/fuzz/libkyodo.a \
	        $(LIBRARY_LIBS) && \
	    build/fuzz/fuzz_$$target -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=4096 \
	        -artifact_prefix=build/fuzz/ build/fuzz/corpus/$$target tests/fuzz/seeds/$$target || exit 1; \
	done

test-programs: $(UNIT_TESTS) $(SPEC_PROGRAMS) $(FUZZ_REPLAYS)

$(BUILD)/tests/unit/%: tests/unit/%.c $(LIBRARY) $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,compile,$<)$(CC) $(FLAGS_C) $(call includes_of,$<) $(LIBRARY_CFLAGS) -MF $@.d -o $@ $< $(LIBRARY) \
	    -lcmocka $(LIBRARY_LIBS)

$(BUILD)/tests/spec/%: tests/spec/%.c $(LIBRARY) $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,compile,$<)$(CC) $(FLAGS_C) $(INCLUDES_ALL) $(LIBRARY_CFLAGS) -MF $@.d -o $@ $< $(LIBRARY) $(LIBRARY_LIBS)

# npm runs only when the lock file is another than the one that was installed from.
NPM_STAMP := tests/node_modules/.installed-from
node-modules:
	@cmp -s tests/package-lock.json $(NPM_STAMP) || { \
	    npm ci --prefix tests --ignore-scripts --no-audit --no-fund --loglevel=error && \
	    cp tests/package-lock.json $(NPM_STAMP); }

# ---- Speed
# ----------------------------------------------------------------------------------------
CASES ?= 5000
ROWS ?= 1000000
SIZES ?= 1000 5000 20000
OUT ?= /dev/shm

BENCH_PROGRAMS := $(addprefix $(BUILD)/tests/bench/,bare bare_csv deflate floors forms measure rules)
bench: ## measure against Hugo and a bare program (CASES=5000 ROWS=1000000 SIZES="1000 5000 20000" OUT=/dev/shm)
	@$(INSTALL_PACKAGES) $(sort $(BUILD_PACKAGES) $(BENCH_PACKAGES))
	@$(MAKE) --no-print-directory $(BUILD)/kyodo $(BENCH_PROGRAMS)
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tests/bench/run --kyodo $(BUILD)/kyodo \
	    --bare $(BUILD)/tests/bench/bare --deflate $(BUILD)/tests/bench/deflate \
	    --measure $(BUILD)/tests/bench/measure --rules $(BUILD)/tests/bench/rules \
	    --bare-csv $(BUILD)/tests/bench/bare_csv --forms $(BUILD)/tests/bench/forms \
	    --floors $(BUILD)/tests/bench/floors \
	    --cases $(CASES) --rows $(ROWS) --sizes $(SIZES) --out $(OUT) --json build/bench.json

# Floors, forms and rules are made of the program's own code.
$(addprefix $(BUILD)/tests/bench/,floors forms rules): $(BUILD)/tests/bench/%: tests/bench/%.c $(LIBRARY) \
    $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,compile,$<)$(CC) $(FLAGS_C) $(INCLUDES_ALL) $(addprefix -I,$(call inside,render)) $(LIBRARY_CFLAGS) -MF $@.d -o $@ $< $(LIBRARY) $(LIBRARY_LIBS)

$(BUILD)/tests/bench/%: tests/bench/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,compile,$<)$(CC) $(FLAGS_C) $(LIBRARY_CFLAGS) -MF $@.d -o $@ $< $(LIBRARY_LIBS)

# ---- Lint
# -----------------------------------------------------------------------------------------
lint: ## formatting, house rules, headers alone, clang-tidy, cppcheck
	@$(INSTALL_PACKAGES) $(sort $(BUILD_PACKAGES) $(LINT_PACKAGES) libcmocka-dev)
	@$(MAKE) --no-print-directory --keep-going lint-rules lint-format lint-headers lint-cppcheck lint-tidy

FORMATTED := $(SOURCES_C) $(SOURCES_CXX) $(HEADERS) $(sort $(wildcard tests/unit/*/*.[ch] tests/spec/*.c \
    tests/bench/*.c tests/fuzz/*.[ch]))
lint-rules:
	@$(PYTHON) tests/lint/house_rules.py

lint-format:
	clang-format --dry-run -Werror $(FORMATTED)

format: ## lay out all C and C++ as .clang-format says
	clang-format -i $(FORMATTED)

# Every header compiles alone, as C and as C++.
HEADER_STAMPS := $(HEADERS:%=$(BUILD)/lint/%.alone)
lint-headers: $(HEADER_STAMPS)
$(BUILD)/lint/%.alone: % $(HEADERS) $(BUILD)/flags
	@mkdir -p $(@D)
	@printf '#include "%s"\n' $(notdir $<) >$@.c
	@$(CC) -std=gnu17 $(WARNINGS) $(WARNINGS_C) $(call includes_of,$<) -I$(dir $<) $(LIBRARY_CFLAGS) \
	    -fsyntax-only $@.c
	@$(CXX) -x c++ -std=gnu++17 $(WARNINGS_CXX) $(call includes_of,$<) -I$(dir $<) $(LIBRARY_CFLAGS) \
	    -fsyntax-only $@.c
	@rm -f $@.c
	@touch $@

lint-cppcheck:
	cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 --language=c -j2 \
	    --enable=warning,performance,portability --library=tests/lint/cppcheck.cfg \
	    $(INCLUDES_ALL) $(SOURCES_C)

# A file is looked at again when its object would be built again. The analyzer stops after
# TIDY_NODES states of one function; its own limit, 225000, takes five times as long and is for
# `make lint TIDY_NODES=225000`.
TIDY_NODES ?= 40000
TIDY_STAMPS := $(SOURCES_C:%.c=$(BUILD)/lint/%.tidy)
lint-tidy: $(TIDY_STAMPS)
$(BUILD)/lint/%.tidy: %.c $(BUILD)/%.o .clang-tidy
	@mkdir -p $(@D)
	@echo clang-tidy $<
	@clang-tidy --quiet --warnings-as-errors='*' --extra-arg=-Xclang --extra-arg=-analyzer-config \
	    --extra-arg=-Xclang --extra-arg=max-nodes=$(TIDY_NODES) $< -- -std=gnu17 \
	    $(call includes_of,$<) $(LIBRARY_CFLAGS) 2>$@.log || { cat $@.log; exit 1; }
	@touch $@

# ---- Installing
# -----------------------------------------------------------------------------------
SHARE := $(DESTDIR)$(PREFIX)/share

install: $(BUILD)/kyodo ## program, themes, what `kyodo init` starts from, manual page and completion under DESTDIR and PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/kyodo $(SHARE)/man/man1
	install -m 755 $(BUILD)/kyodo $(DESTDIR)$(PREFIX)/bin/kyodo
	for file in $$(find themes starter data/README.md data/datapackage.json data/codelists data/principles -type f | LC_ALL=C sort); do \
	    target=$(SHARE)/kyodo/$$file && \
	    install -d "$${target%/*}" && install -m 644 "$$file" "$$target" || exit 1; \
	done
	install -d $(SHARE)/kyodo/nginx
	install -m 644 generator/publish/nginx/kyodo.conf $(SHARE)/kyodo/nginx/kyodo.conf
	install -d $(SHARE)/kyodo/workflows
	install -m 644 generator/publish/workflows/*.yml $(SHARE)/kyodo/workflows/
	$(BUILD)/kyodo manual --lang en >$(BUILD)/kyodo.1
	install -m 644 $(BUILD)/kyodo.1 $(SHARE)/man/man1/kyodo.1
	install -d $(SHARE)/bash-completion/completions $(SHARE)/zsh/site-functions
	$(BUILD)/kyodo completion bash >$(SHARE)/bash-completion/completions/kyodo
	$(BUILD)/kyodo completion zsh --lang en >$(SHARE)/zsh/site-functions/_kyodo

deps: ## install everything that building, testing, lint and bench need
	@$(INSTALL_PACKAGES) $(sort $(BUILD_PACKAGES) $(TEST_PACKAGES) $(LINT_PACKAGES) $(BENCH_PACKAGES))
	@$(MAKE) --no-print-directory node-modules

clean: ## remove what was built (public/ stays)
	rm -rf $(BUILD)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1	\2/p' Makefile | while IFS='	' read -r name text; do \
	    printf '    make %-8s %s\n' "$$name" "$$text"; done

force:
.PHONY: all program site check test soak test-programs node-modules bench lint lint-rules lint-format format \
    lint-headers lint-cppcheck lint-tidy install deps clean help force
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules

-include $(OBJECTS:.o=.d) $(UNIT_TESTS:%=%.d) $(SPEC_PROGRAMS:%=%.d)
