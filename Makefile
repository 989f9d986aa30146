# `make` alone lists the targets. OFFLINE=1 does not look for the real model.

SHELL := /bin/sh
LINTED := Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/KernelBenchmarks \
  Fuzzing/Package.swift Fuzzing/Targets
LOOKAHEAD := .build/release/lookahead

PROMPT := Write a Python function that returns the sum of the squares of a list of numbers, and explain it line by line.

# How long `make fuzz` attacks each reader, and which; all, if none is named.
SECONDS := 60
READERS :=

# Handed on to the kernel benchmarks and to Benchmarks/peers/compare_peers.py.
KERNEL_OPTIONS :=
PEER_OPTIONS :=

.PHONY: help setup model build run test test-examples test-long test-sanitizers fuzz bench-kernels bench-peers lint clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## /  make \1\t/p' Makefile | expand -t 16

setup: ## install OpenBLAS where it is missing
	@scripts/setup.sh

model: ## fetch the real model into the user's cache folder
ifeq ($(OFFLINE),1)
	@echo "make: OFFLINE=1, so no model is fetched; without one the fixture model serves." >&2
else
	@scripts/fetch-model.sh >/dev/null || echo "make: The fixture model serves instead." >&2
endif

build: setup ## build the command line, optimised
	swift build -c release --product lookahead

run: build model ## answer a prompt, and compare with plain decoding
	$(LOOKAHEAD) generate --compare --prompt "$(PROMPT)"

test: setup model ## run all tests
	swift test

test-examples: build model ## test the worked examples, in Python (examples)
	@OFFLINE=$(OFFLINE) scripts/test-examples.sh

test-long: build model ## run all tests, with those that take minutes
	LOOKAHEAD_LONG=1 swift test
	@OFFLINE=$(OFFLINE) scripts/python-environment.sh peers Benchmarks/peers/requirements.txt || \
	  echo "make: Without it the worked example of llama.cpp is not tested." >&2
	$(MAKE) test-examples
	$(MAKE) test-sanitizers
	$(MAKE) fuzz

# A program that ends by exit() has not given back what its callers still hold: no leak.
test-sanitizers: setup ## run the tests under the address and thread sanitizers
	ASAN_OPTIONS=detect_leaks=0 swift test --sanitize=address --scratch-path .build-address
	TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/thread-sanitizer.supp \
	  swift test --sanitize=thread --scratch-path .build-thread

fuzz: setup ## attack every reader of files (Fuzzing/README.md); SECONDS=60 each, READERS="gguf json"
	SECONDS_EACH=$(SECONDS) Fuzzing/run.sh $(READERS)

bench-kernels: setup ## time the kernels one by one (Benchmarks/README.md)
	swift package --package-path Benchmarks benchmark --grouping metric --no-progress $(KERNEL_OPTIONS)

bench-peers: build model ## time llama.cpp and transformers beside ours (Benchmarks/README.md)
	python=$$(scripts/python-environment.sh peers Benchmarks/peers/requirements.txt) && \
	  "$$python" Benchmarks/peers/compare_peers.py $(PEER_OPTIONS)

lint: ## check the formatting of all Swift sources
	swift format lint --strict --recursive $(LINTED)

clean: ## remove what was built
	swift package clean
