# Motherlode: `make run` shows a pool mining, `make test` runs every test. Both do all set-up first.

SHELL := /bin/bash
SOURCES := Sources Tests Benchmarks Package.swift
RELEASE := .build/release

# What Debian provides beside the Swift toolchain; Package.swift names the same.
PACKAGES := libcurl4-openssl-dev libjansson-dev libmicrohttpd-dev libpq-dev libsqlite3-dev libssl-dev libzmq3-dev libzstd-dev pkg-config

.PHONY: help setup run build test bench bench-check bench-weights format lint docs package rules fuzz fuzz-build fuzz-seeds chaos test-sanitize

help:
	@echo "make run      build a pool and watch it mine on a chain of its own (ARGS=\"--blocks 5\" passes flags to poold dev)"
	@echo "make test     run every test"
	@echo "make build    build poold, poolctl and poolbench for release, in $(RELEASE)"
	@echo "make bench    measure hashing, judging and the Stratum server"
	@echo "make package  build the Debian package, in .build/package"
	@echo "make rules    check the alert rules with Prometheus' own tool"
	@echo "make bench-check  compare the share path's instructions and allocations with Benchmarks/path-weights.json"
	@echo "make test-sanitize  run the tests under the address sanitizer, and those where threads meet under the thread sanitizer"
	@echo "make fuzz     fuzz whatever reads bytes from outside (FUZZ_SECONDS=1800 each, FUZZ_TARGETS=\"lines proxy\", FUZZ_JOBS=2 side by side)"
	@echo "make chaos    an hour in which everything goes wrong, then checks (CHAOS_SECONDS=120 for two minutes)"
	@echo "make setup    install the Debian packages that the build needs"
	@echo "make format   format the sources"
	@echo "make lint     check the format"
	@echo "make docs     write docs/configure.md from the key table"

setup:
	@command -v swift > /dev/null || { echo "The Swift toolchain, 6.2 or later, is missing: see https://www.swift.org/install/linux"; exit 1; }
	@command -v dpkg-query > /dev/null || { echo "This is no Debian: see to the headers of libcurl, libmicrohttpd, libpq, SQLite, OpenSSL, ZeroMQ and zstd yourself."; exit 0; }; \
	missing=$$(for package in $(PACKAGES); do \
		dpkg-query -W -f '$${Status}' $$package 2> /dev/null | grep -q 'ok installed' || echo $$package; \
	done | xargs); \
	[ -n "$$missing" ] || exit 0; \
	install="apt-get install -y --no-install-recommends $$missing"; \
	if [ "$$(id -u)" = 0 ]; then elevate=env; \
	elif sudo -n true 2> /dev/null; then elevate="sudo env"; \
	else \
		echo "Debian packages are missing. Run this, then make again:"; \
		echo "  sudo sh -c 'apt-get update; $$install'"; \
		exit 1; \
	fi; \
	echo "Installing $$missing"; \
	$$elevate apt-get -q update || echo "The package lists could not be renewed; trying with those at hand."; \
	$$elevate DEBIAN_FRONTEND=noninteractive $$install < /dev/null

run: setup
	swift build -c release --product poold
	swift build -c release --product poolctl
	@$(RELEASE)/poold dev $(ARGS)

build: setup
	swift build -c release

test: setup
	swift build --build-tests
# One after the other: on two busy cores hundreds of tests at once starve those that wait for an answer over a socket.
	swift test --skip-build --no-parallel

bench: setup
	swift build -c release --product poolbench
	swift build -c release --product poold
	$(RELEASE)/poolbench hash
	$(RELEASE)/poolbench judge
	$(RELEASE)/poolbench path
	$(RELEASE)/poolbench stratum
	$(RELEASE)/poolbench stratum --connections 1000 --in-flight 1
	$(RELEASE)/poolbench solve
	$(RELEASE)/poolbench attack
	$(RELEASE)/poolbench notify
	$(RELEASE)/poolbench memory
	$(RELEASE)/poolbench ledger
	$(RELEASE)/poolbench floor

# Counts, not times: the same on a busy machine. Without valgrind it counts allocations and references, and says so.
bench-check: setup
	swift build -c release --product poolbench
	$(RELEASE)/poolbench path --check Benchmarks/path-weights.json

# After a change that makes the path heavier for a good reason, or lighter.
bench-weights: setup
	swift build -c release --product poolbench
	$(RELEASE)/poolbench path --write Benchmarks/path-weights.json

# Everything goes wrong at random, for an hour; CHAOS_SECONDS=120 for a first impression. CHAOS_SEED repeats what was printed.
CHAOS_SECONDS ?= 3600

chaos: setup
	swift build -c release --product poold
	swift build -c release --product poolctl
	swift build -c release --product poolbench
	swift build -c release --product chaosshim
	$(RELEASE)/poolbench chaos --seconds $(CHAOS_SECONDS) $(if $(CHAOS_SEED),--seed $(CHAOS_SEED))

format:
	swift format format -i -p -r $(SOURCES)

lint:
	swift format lint --strict -p -r $(SOURCES)

docs: setup
	swift build --product poold
	.build/debug/poold config --guide > docs/configure.md

# The Swift libraries are linked into the programs, so that a server needs no toolchain.
package: setup
	swift build -c release --static-swift-stdlib --scratch-path .build/static --product poold
	swift build -c release --static-swift-stdlib --scratch-path .build/static --product poolctl
	deploy/package.sh .build/static/release .build/package

rules:
	@command -v promtool > /dev/null || { echo "promtool is missing (Debian: apt-get install prometheus)"; exit 1; }
	promtool check rules deploy/prometheus/motherlode.rules.yml
	promtool test rules deploy/prometheus/motherlode.tests.yml

# Two builds of their own; some twenty minutes on two cores that have nothing else to do.
test-sanitize: setup
	Tests/Sanitizers/sanitize.sh address
	Tests/Sanitizers/sanitize.sh thread

FUZZ_SECONDS ?= 1800
FUZZ_TARGETS ?=
FUZZ_JOBS ?= 2

# In a folder of its own, so that the ordinary build stays as it is.
fuzz-build: setup
	FUZZ=1 swift build -c release --scratch-path .build/fuzz --product motherlode-fuzz

fuzz: fuzz-build
	FUZZ_JOBS=$(FUZZ_JOBS) Tests/Fuzz/fuzz.sh $(FUZZ_SECONDS) $(FUZZ_TARGETS)

# After a change of what seeds are made from.
fuzz-seeds: fuzz-build
	ASAN_OPTIONS=detect_leaks=0 .build/fuzz/release/motherlode-fuzz --seeds Tests/Fuzz/seeds
