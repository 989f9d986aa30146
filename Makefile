# `make` alone lists the targets. OFFLINE=1 does not look for the real model.

SHELL := /bin/sh
LINTED := Package.swift Sources Tests
LOOKAHEAD := .build/release/lookahead

PROMPT := Write a Python function that returns the sum of the squares of a list of numbers, and explain it line by line.

.PHONY: help setup model build run test lint clean

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

lint: ## check the formatting of all Swift sources
	swift format lint --strict --recursive $(LINTED)

clean: ## remove what was built
	swift package clean
