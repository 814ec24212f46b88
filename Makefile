# The verbs of the project. `make demo` and `make test` do it all: each sets up and builds what it needs.
SHELL := /bin/bash
SWIFT ?= swift
BUILD := .build/release
DEMO := out/demo
SOURCES := Sources Plugins Tests

.PHONY: setup build test demo check bench format record conformance install consumers faults models docs clean help

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## install the Debian packages that are missing
	@Scripts/setup.sh

build: setup ## build the command and its plugins, release
	$(SWIFT) build -c release

test: setup ## run all tests
	$(SWIFT) test --parallel
	@Scripts/test-sdk.sh

demo: build ## generate the demo shop into out/demo
	@Scripts/demo-data.sh $(BUILD) out/shop manifests/models
	@mkdir -p $(DEMO)
	$(BUILD)/bespoke generate manifests/demo.yaml --output $(DEMO)
	@Scripts/demo-summary.sh $(DEMO)

check: setup ## format, file length, allowed imports, warnings as errors
	@Scripts/check.sh

format: ## format all Swift files in place
	$(SWIFT) format format --in-place --parallel --recursive $(SOURCES)

record: setup ## write the golden files anew
	RECORD=1 $(SWIFT) test --filter 'Golden|GuideTests'

conformance: setup ## run a suite: make conformance SUITE=liquid|ngram|decoder DIR=path
	@$(SWIFT) run --quiet -c release conformance $(SUITE) $(DIR)

bench: build ## run the benchmarks, ours beside their peers, with ratios
	@Scripts/bench.sh

consumers: demo ## put the demo's output before real consumers
	@Scripts/consumers.sh

faults: build ## kill runs at random moments and compare what is left; fuzz what reads texts of others, FUZZ_SECONDS each
	@Scripts/faults.sh
	@Scripts/fuzz.sh

install: build ## put command, plugins and SDK below PREFIX
	@Scripts/install.sh "$(or $(PREFIX),/usr/local)"

models: ## download the open models into the folder BESPOKE_MODELS
	@Scripts/models.sh

docs: setup ## write the command's manual pages into out/docs
	@mkdir -p out/docs
	$(SWIFT) package --allow-writing-to-package-directory generate-manual --multi-page --output-directory out/docs
	@echo "manual pages are in out/docs: man out/docs/bespoke.1"

clean: ## remove everything that was built or generated
	rm -rf .build out
