# make run               the product in VS Code, on the sample workspace
# make run HEADLESS=1    the same without a screen: plays the film and prints what it saw
# make test              sets up and runs every test, the film included
# make check             what CI runs besides: format, lint, types, imports, generated files, our own rules
# make pages             writes the page of every rule anew, and their index
# make bench             measures and prints the figures of README.md
# make ecosystem         fixes other people's packages and repeats their own tests
# make outside           scores the rules on the test suites of pyupgrade, refurb and flake8-simplify
# make vsix              builds the extension alone
# make lock              brings the locked dependencies up to date
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup run test check format pages bench vsix lock ecosystem outside clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

setup: .venv/.ready node_modules/.ready

.venv/.ready: server/requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "The venv module is missing: on Debian and Ubuntu, apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing the locked Python packages into .venv"
	@$(BIN)/python -m pip install --quiet --no-compile -r server/requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

node_modules/.ready: package.json package-lock.json client-vscode/package.json
	@node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' || { echo "Node 20 or newer is needed on PATH" >&2; exit 1; }
	@echo "Installing the locked npm packages"
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

vsix: setup
	@node client-vscode/scripts/package.mjs

run: setup
	@node tests/editor/run.mjs $(if $(filter-out 0,$(HEADLESS)),--headless)

test: setup
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

check: setup
	@$(BIN)/ruff format --check --quiet server tests || { echo "make format mends this" >&2; exit 1; }
	@$(BIN)/ruff check --quiet server tests
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m backend_team.lsp.protocol_typescript --check
	@$(BIN)/python -m backend_team.lsp.protocol_document --check
	@npm run --silent --workspace client-vscode check
	@$(BIN)/backend-team rules test
	@$(BIN)/python -m backend_team.rules.pages --check
	@$(BIN)/backend-team check server
	@$(BIN)/python -m tests.house
	@echo "All checks passed."

format: setup
	@$(BIN)/ruff format server tests
	@$(BIN)/ruff check --fix --quiet server tests

pages: setup
	@$(BIN)/python -m backend_team.rules.pages

bench: setup
	@$(BIN)/python -m tests.benchmarks
	@node tests/benchmarks/vscode_start.mjs

outside: setup
	@$(BIN)/python -m tests.outside

ecosystem: setup
	@$(BIN)/python -m tests.ecosystem.run

lock: .venv/.ready
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-emit-index-url --no-annotate \
	    --extra lsp --extra ai --extra api --group dev --custom-compile-command "make lock" \
	    pyproject.toml --output-file server/requirements.lock
	@npm update --package-lock-only --no-audit --no-fund

clean:
	rm -rf .venv .tools build dist node_modules client-vscode/node_modules client-vscode/out client-vscode/bundled
