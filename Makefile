# Everything works on a fresh Debian machine with the .NET 10 SDK and Node 20.
SHELL := /bin/bash
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

SERVER := src/Gateway/bin/Release/net10.0/aihigress.dll

.PHONY: help run demo build test nightly soak lint bench migrations openapi

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

run: ## Start the server on http://127.0.0.1:8000 with SQLite in ./data
	@eng/build.sh src/Gateway
	@LOG_FORMAT=$${LOG_FORMAT:-text} exec dotnet $(SERVER) $(ARGS)

demo: ## The same beside a mock provider, with a key and sample traffic: nothing to set up
	@eng/demo.sh

build: ## Build everything (Release), warnings as errors
	@eng/build.sh AIHigress.slnx

test: ## Run every suite; installs what the tests need
	@eng/test.sh

nightly: ## Fuzz every reader of the wire formats with a million cases (FUZZ_CASES=n for another number)
	@eng/nightly.sh

soak: ## Long fault runs over two replicas: kills, outages, an hour of mixed load (SOAK_SECONDS=n for another length)
	@eng/soak.sh

lint: ## Formatting, analyzers, shell scripts, compose files
	@eng/lint.sh

bench: ## Measure beside YARP and nginx; writes bench/Load/results
	@eng/bench.sh

migrations: ## Add a migration to both databases: make migrations NAME=AddThing
	@eng/migrations.sh add $(NAME)
