# The project's tasks; `make help` lists them. Needs python3 (3.11 or newer) with venv.
#
# Two tiers, each locked with hashes: `make run` installs what the service needs,
# `make lint test bench` add the development tools. Both live in .venv, and are installed
# anew only when a lock file or pyproject.toml changes. Node comes as one of them, so none
# is needed on the machine; it builds the console where its sources changed.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory --no-builtin-rules
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq --no-input
ARGS ?=

# npm, and the scripts that it runs, find this Node before any other.
export PATH := $(CURDIR)/$(BIN):$(PATH)
WEB := $(BIN)/npm --prefix web --silent run

LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header --no-annotate $(UPGRADE)

# A certified OpenID provider, the far end of the tests of single sign-on.
OIDC_PROVIDER := tests/oidc_provider

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-8s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: .venv/server.stamp console ## Start the service on 127.0.0.1:8080 (DEMO=1 loads 90 days of activity)
	@exec $(BIN)/trailkeeper serve $(if $(filter-out 0,$(DEMO)),--demo) $(ARGS)

.PHONY: demo
demo: ## The same as make run DEMO=1
	@$(MAKE) run DEMO=1

.PHONY: console
console: .venv/server.stamp ## Build the console, where its sources changed
	@$(BIN)/python tools/build_console.py

.PHONY: web-packages
web-packages: .venv/dev.stamp
	@$(BIN)/python tools/build_console.py --packages

.PHONY: types
types: web-packages ## Write the OpenAPI document and the console's types of it
	@$(BIN)/python tools/console_types.py

.PHONY: test
test: .venv/dev.stamp console $(OIDC_PROVIDER)/node_modules/stamp ## Run all tests (ARGS="-k name" picks some)
	@bash tools/ensure_postgresql.sh
	@bash tools/ensure_chromium.sh
	@$(WEB) test
	@$(BIN)/python -m pytest $(ARGS)

.PHONY: lint
lint: .venv/dev.stamp web-packages ## Check style, types and the project's own rules
	@failed=0; \
	$(BIN)/ruff check --quiet || failed=1; \
	$(BIN)/ruff format --check --quiet || failed=1; \
	$(BIN)/mypy --no-error-summary || failed=1; \
	for rule in tools/lint_*.py; do $(BIN)/python $$rule || failed=1; done; \
	$(WEB) lint || failed=1; \
	$(WEB) check || failed=1; \
	exit $$failed

.PHONY: format
format: .venv/dev.stamp ## Format the code and fix what can be fixed
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format --quiet

.PHONY: bench
bench: .venv/dev.stamp ## Measure against the peer and write bench/RESULTS.md
	@bash tools/ensure_postgresql.sh
	@bash tools/ensure_chromium.sh
	@$(BIN)/python -m bench $(ARGS)

.PHONY: lock
lock: .venv/dev.stamp ## Renew both lock files (UPGRADE=--upgrade takes newer versions)
	@$(LOCK) --extra server --group build --group dev --group bench -o requirements.lock
	@$(LOCK) --extra server --group build -c requirements.lock -o requirements-server.lock

.PHONY: clean
clean: ## Remove .venv and caches; ./data stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist $(OIDC_PROVIDER)/node_modules
	@rm -rf web/node_modules web/dist src/trailkeeper/console/dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "make: $(PYTHON) must be Python 3.11 or newer; name another: make PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "make: $(PYTHON) has no venv module; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/server.stamp: requirements-server.lock pyproject.toml | .venv/pyvenv.cfg
	@echo "Installing what the service needs into .venv (once)…"
	@$(PIP) install --require-hashes -r requirements-server.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements.lock pyproject.toml | .venv/pyvenv.cfg
	@echo "Installing the service and the development tools into .venv (once)…"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch .venv/server.stamp $@

$(OIDC_PROVIDER)/node_modules/stamp: $(OIDC_PROVIDER)/package-lock.json $(OIDC_PROVIDER)/package.json \
		| .venv/dev.stamp
	@echo "Installing the OpenID provider of the tests (once)…"
	@cd $(OIDC_PROVIDER) && npm ci --ignore-scripts --silent --no-audit --no-fund
	@touch $@
