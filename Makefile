# kyodo: `make site` builds the demonstration site, `make test` proves it. See README.md.

BUILD ?= build
CC ?= gcc
CXX ?= g++
PKG_CONFIG ?= pkg-config
SAN ?=
DEV ?= 1

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Wwrite-strings -Wformat=2 -Wimplicit-fallthrough
WARNINGS_C := $(WARNINGS) -Wstrict-prototypes -Wmissing-prototypes
ifeq ($(DEV),1)
WARNINGS += -Werror
endif
OPTIMISE ?= -O2 -g
SANITIZE := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all)
LIBRARIES := libcmark yaml-0.1 jansson zlib libzip libutf8proc libcrypto libxxhash
LIBRARY_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(LIBRARIES) 2>/dev/null)
LIBRARY_LIBS := $(shell $(PKG_CONFIG) --libs $(LIBRARIES) 2>/dev/null) -lcsv -lctemplate -lstdc++ -lpthread -lm

# Which stages a stage may include: base <- diag <- load, parse <- model <- validate, render <- publish.
STAGES := base diag load parse model validate render publish cli
USES_base := base
USES_diag := base diag
USES_load := base diag load
USES_parse := base diag load parse
USES_model := base diag load parse model
USES_validate := base diag load parse model validate
USES_render := base diag load parse model render
USES_publish := base diag load parse model render publish
USES_cli := $(STAGES)

SOURCES := $(wildcard generator/*.c generator/*/*.c generator/*/*/*.c)
SOURCES_CXX := $(wildcard generator/*/*.cc generator/*/*/*.cc)
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(SOURCES_CXX:%.cc=$(BUILD)/%.o)

stage_of = $(word 2,$(subst /, ,$(1)))
includes_of = $(foreach s,$(USES_$(call stage_of,$(1))),-Igenerator/$(s))

all: $(BUILD)/kyodo

$(BUILD)/kyodo: $(OBJECTS)
	$(CXX) $(SANITIZE) -o $@ $^ $(LIBRARY_LIBS)

$(BUILD)/generator/main.o: generator/main.c
	@mkdir -p $(@D)
	$(CC) -std=gnu17 $(OPTIMISE) $(WARNINGS_C) $(SANITIZE) -MMD -MP $(foreach s,$(STAGES),-Igenerator/$(s)) $(LIBRARY_CFLAGS) -c -o $@ $<

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) -std=gnu17 $(OPTIMISE) $(WARNINGS_C) $(SANITIZE) -MMD -MP $(call includes_of,$<) $(LIBRARY_CFLAGS) -c -o $@ $<

$(BUILD)/%.o: %.cc
	@mkdir -p $(@D)
	$(CXX) -std=gnu++17 $(OPTIMISE) $(WARNINGS) $(SANITIZE) -MMD -MP $(call includes_of,$<) $(LIBRARY_CFLAGS) -c -o $@ $<

clean:
	rm -rf $(BUILD)

-include $(OBJECTS:.o=.d)
.PHONY: all clean
