# lunami: `make demo` sets up and runs the main job, `make test` sets up and runs every test.
include runtime/sources.mk

CC ?= cc
CLANG ?= clang
B := build
LUA_PKG ?= lua5.4
# The loader looks for each of the libraries' symbols in this order: most are the C library's, then OpenSSL's.
PKGS := openssl sqlite3 libxml-2.0 libmicrohttpd libcurl jansson libedit
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wformat=2 -Wvla -Wimplicit-fallthrough -Wcast-qual -Wundef -Werror
INC = $(eval INC := -Iruntime $(shell pkg-config --cflags $(PKGS) $(LUA_PKG)))$(INC)
BASEFLAGS := -std=c11 -D_GNU_SOURCE -g $(WARN) -ffile-prefix-map=$(CURDIR)=.
HARDEN := -O2 -fPIE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection \
	-fcf-protection=full -fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing
LDHARDEN := -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,-z,separate-code -Wl,--as-needed
SAN := -O1 -DLNM_CHECK_LEAKS -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LIBS = -lc $(shell pkg-config --libs $(PKGS) $(LUA_PKG)) -lpthread -lm
LUA_FILES := $(sort $(shell cd lua && find lunami -name '*.lua'))
UNIT := $(patsubst tests/unit/test_%.c,%,$(sort $(wildcard tests/unit/test_*.c)))
HOST_ONLY_C := $(CLOUD_C) $(HOST_C)
LIB_C := $(BASE_C) $(AWS_C) $(NET_C) $(CLIENT_C)

.PHONY: all demo test deps check unit asan modules rock reference bench lint format clean help install
.DEFAULT_GOAL := all
# A line for each step; V=1 shows the commands.
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $@)

all: $(B)/lunami ## build the host

demo: ## set up, build and encrypt an image on the local cloud
	@tools/deps.sh run
	@$(MAKE) --no-print-directory -j2 $(B)/lunami
	$(B)/lunami run --local scripts/3-encrypt.lua

test: deps ## set up, build and run every test
	@tests/run.sh

deps:
	@tools/deps.sh

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  \1\t/p' Makefile

# --- the host ------------------------------------------------------------------------------------
$(B)/host/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(BASEFLAGS) $(HARDEN) $(INC) -MMD -MP -c $< -o $@

$(B)/embed: tools/embed.c
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) -std=c11 -O1 $(INC) $< -o $@ $(shell pkg-config --libs $(LUA_PKG))

$(B)/gen/embedded_lua.c: $(B)/embed $(addprefix lua/,$(LUA_FILES))
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)$(B)/embed lua $(LUA_FILES) > $@.new && mv $@.new $@

$(B)/gen/embedded_lua.o: $(B)/gen/embedded_lua.c
	$(call say,CC)
	$(Q)$(CC) -std=c11 -O1 -fPIE -fcf-protection=full -Iruntime -c $< -o $@

$(B)/schema: tools/schema.c runtime/cloud/schema.c runtime/base/err.c
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -O1 $(INC) $^ -o $@ $(shell pkg-config --libs sqlite3)

$(B)/gen/schema_whole.c: $(B)/schema
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)$(B)/schema > $@.new && mv $@.new $@

$(B)/gen/schema_whole.o: $(B)/gen/schema_whole.c
	$(call say,CC)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -O1 -fPIE -fcf-protection=full $(INC) -c $< -o $@

HOST_O := $(patsubst %.c,$(B)/host/%.o,$(CORE_C) $(HOST_ONLY_C)) $(B)/gen/embedded_lua.o $(B)/gen/schema_whole.o
$(B)/lunami: $(HOST_O)
	$(call say,LINK)
	$(Q)$(CC) $(LDHARDEN) $^ -o $@ $(LIBS)

# --- the host under the sanitizers --------------------------------------------------------------------
# Bound at its start like the release: a symbol that is bound late leaves the registers, and the secrets in them, on the stack.
SAN_O := $(patsubst %.c,$(B)/san/%.o,$(CORE_C) $(HOST_ONLY_C)) $(B)/gen/embedded_lua.o $(B)/gen/schema_whole.o
$(B)/san/lunami: $(SAN_O)
	$(call say,LINK)
	$(Q)$(CLANG) $(SAN) -Wl,-z,now $^ -o $@ $(LIBS)

# --- unit tests: plain, and under clang's sanitizers ------------------------------------------------
$(B)/san/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CLANG) $(BASEFLAGS) $(SAN) $(INC) -MMD -MP -c $< -o $@

TESTED_C := $(LIB_C) $(BIND_C) $(CLOUD_C) runtime/host/keys.c
# Tests that refuse memory see every allocation of ours.
$(foreach t,alloc bind,$(B)/unit/$(t) $(B)/unit-san/$(t)): WRAP := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
# The recorded chains: where the client would go is compared before it goes to loopback; precedence: how long it would wait.
$(foreach t,chain precedence,$(B)/unit/$(t) $(B)/unit-san/$(t)): WRAP := -Wl,--wrap=lnm_http_start
# The disk that a test holds up, or lets fail.
$(B)/unit/durable $(B)/unit-san/durable: WRAP := -Wl,--wrap=fdatasync
$(B)/host/libtested.a: $(patsubst %.c,$(B)/host/%.o,$(TESTED_C)) $(B)/gen/schema_whole.o
	@rm -f $@; ar rcs $@ $^
$(B)/san/libtested.a: $(patsubst %.c,$(B)/san/%.o,$(TESTED_C)) $(B)/gen/schema_whole.o
	@rm -f $@; ar rcs $@ $^

$(B)/unit/%: tests/unit/test_%.c $(B)/host/libtested.a
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(BASEFLAGS) -O1 $(INC) -Itests/unit $< -o $@ $(B)/host/libtested.a $(LIBS) -lcmocka $(WRAP)
$(B)/unit-san/%: tests/unit/test_%.c $(B)/san/libtested.a
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CLANG) $(BASEFLAGS) $(SAN) $(INC) -Itests/unit $< -o $@ $(B)/san/libtested.a $(LIBS) -lcmocka $(WRAP)

unit: $(addprefix $(B)/unit/,$(UNIT)) ## build the unit tests
asan: $(addprefix $(B)/unit-san/,$(UNIT)) ## build them with the sanitizers

# --- the module, for every Lua --------------------------------------------------------------------
# What does not see lua.h is compiled once for all of them.
MODULE_LUAS := 5.1 5.2 5.3 5.4
MODULE_PKGS := libcurl libxml-2.0 openssl jansson
MODULE_INC = $(eval MODULE_INC := $(shell pkg-config --cflags $(MODULE_PKGS)))$(MODULE_INC)
MODULE_CC = $(CC) -std=c11 -D_GNU_SOURCE -O2 -fPIC -Iruntime -MMD -MP -c
$(B)/module/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(MODULE_CC) $(MODULE_INC) $< -o $@
define module_rules
$(B)/module$(1)/%.o: %.c
	@mkdir -p $$(@D)
	$$(call say,CC)
	$$(Q)$$(MODULE_CC) $$(MODULE_INC) $$(shell pkg-config --cflags lua$(1)) $$< -o $$@
$(B)/lua$(1)/lunami/core.so: $(patsubst %.c,$(B)/module/%.o,$(LIB_C)) $(patsubst %.c,$(B)/module$(1)/%.o,$(BIND_C))
	@mkdir -p $$(@D)
	$$(call say,LINK)
	$$(Q)$$(CC) -shared $$^ -o $$@ -Wl,--as-needed $$(shell pkg-config --libs $$(MODULE_PKGS)) -lpthread -lm
endef
$(foreach v,$(MODULE_LUAS),$(eval $(call module_rules,$(v))))
modules: $(foreach v,$(MODULE_LUAS),$(B)/lua$(v)/lunami/core.so) ## the core as a Lua module

rock: ## install the rock into build/rock for Lua $(LUA)
	luarocks --lua-version $(or $(LUA),5.4) --tree $(B)/rock/$(or $(LUA),5.4) make rockspec/lunami-scm-1.rockspec

# --- fuzz targets ----------------------------------------------------------------------------------
FUZZ := $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
$(B)/fuzz-obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CLANG) $(BASEFLAGS) -O1 -fsanitize=fuzzer-no-link,address,undefined $(INC) -MMD -MP -c $< -o $@
# What is fuzzed besides the layers base and aws.
FUZZED_C := runtime/cloud/fault_plan.c runtime/cloud/gcm.c runtime/cloud/jwt.c runtime/cloud/policy.c runtime/cloud/policy_conditions.c \
	runtime/cloud/ssh_key.c runtime/cloud/thread.c runtime/host/keys.c
$(B)/fuzz/%: tests/fuzz/fuzz_%.c $(patsubst %.c,$(B)/fuzz-obj/%.o,$(BASE_C) $(AWS_C) $(FUZZED_C))
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CLANG) $(BASEFLAGS) -Wno-missing-prototypes -O1 -fsanitize=fuzzer,address,undefined $(INC) $^ -o $@ $(LIBS)
fuzz: $(addprefix $(B)/fuzz/,$(FUZZ)) ## build the fuzz targets

lint: ## rules that a program can check
	@tests/lint/all.sh

format: ## clang-format everything
	clang-format -i runtime/*/*.[ch] tools/*.c $(wildcard tests/*/*.[ch])

$(B)/bench/%: tests/bench/%.c $(B)/host/libtested.a
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(BASEFLAGS) -O2 $(INC) $< -o $@ $(B)/host/libtested.a -Wl,--as-needed $(LIBS) -lcmocka

reference: modules ## write docs/reference.md and docs/luals from the rows
	@tools/reference.sh docs

bench: all ## measure against the contenders
	@tests/bench/run.sh
	@tests/bench/cloud.sh
	@tests/bench/copy.sh
	@tests/bench/transfer.sh
	@$(MAKE) -s $(B)/bench/waits $(B)/bench/load && /usr/bin/python3 tests/bench/waits.py

# What lunami writes of itself: its manual page and the shells' completions.
PREFIX ?= /usr/local
SHARE = $(DESTDIR)$(PREFIX)/share
install: all ## into $(DESTDIR)$(PREFIX)
	install -D $(B)/lunami $(DESTDIR)$(PREFIX)/bin/lunami
	$(B)/lunami manual >$(B)/lunami.1
	for shell in bash zsh fish; do $(B)/lunami completion $$shell >$(B)/completion.$$shell || exit 1; done
	install -D -m 644 $(B)/lunami.1 $(SHARE)/man/man1/lunami.1
	install -D -m 644 $(B)/completion.bash $(SHARE)/bash-completion/completions/lunami
	install -D -m 644 $(B)/completion.zsh $(SHARE)/zsh/site-functions/_lunami
	install -D -m 644 $(B)/completion.fish $(SHARE)/fish/vendor_completions.d/lunami.fish

clean:
	rm -rf $(B)

-include $(shell find $(B) -name '*.d' 2>/dev/null)

.SECONDARY:
