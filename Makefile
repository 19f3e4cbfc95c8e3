# Everything a developer or an operator of a clone needs; `make` alone lists it.
# The environment is made in .venv with the pinned packages of constraints.txt; a changed pin makes it anew.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PINS := pyproject.toml constraints.txt
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
PORT ?= 8460
# What only reads the settings needs some home, and no database.
ASIDE := TELLONCE_HOME=$(CURDIR)/tmp/home TELLONCE_SECRET_KEY=checks-only-not-a-secret-of-any-installation

# Whatever says how it is run answers a question; the other files there are what those share.
BENCHMARKS = $(patsubst benchmarks/%.py,%,$(shell grep -l "^.*Run: python -m benchmarks" benchmarks/*.py))

.DEFAULT_GOAL := help
.PHONY: help demo serve test test-fast compiled check style fences migrations format types addresses messages messages-check bench clean

help:  ## Lists the tasks
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: $(RUNTIME)  ## Starts a made-up provider with two years of history; prints its address
	$(BIN)/tellonce demo --port $(PORT)

serve: $(RUNTIME)  ## Starts Tellonce over your own data
	$(BIN)/tellonce serve --port $(PORT)

test: compiled  ## Runs all tests
	$(BIN)/python -m pytest -q -n 2 $(MORE)

test-fast: compiled  ## Runs the tests that need no browser and kill no processes
	$(BIN)/python -m pytest -q -n 2 -m "not browser and not faults"

# Both processes of the tests would otherwise compile the same kernels at the same time.
compiled: $(DEVELOPMENT)
	$(BIN)/python -c "from tellonce.config import compiling; compiling.compile_here()"

# The slowest first: with `make -j 2 check` the others run beside it.
check: types style fences migrations  ## Runs exactly what the checks of CI run: format, lint, types, fences, migrations

style: $(DEVELOPMENT)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

fences: $(DEVELOPMENT)
	$(BIN)/lint-imports

migrations: $(DEVELOPMENT)
	$(ASIDE) DATABASE_URL=postgresql://none@127.0.0.1:1/none DJANGO_SETTINGS_MODULE=tellonce.config.settings \
		$(BIN)/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run

types: $(DEVELOPMENT)  ## Checks the types alone
	$(ASIDE) $(BIN)/mypy

addresses: $(DEVELOPMENT)  ## Writes docs/guide/addresses.md anew from the code
	$(ASIDE) DATABASE_URL=postgresql://none@127.0.0.1:1/none $(BIN)/python -m tests.architecture.addresses

messages: $(DEVELOPMENT)  ## Collects the texts for translation and compiles the Spanish ones (needs GNU gettext)
	cd src/tellonce && $(abspath $(BIN))/django-admin makemessages -l es --no-location --no-wrap --no-obsolete
	cd src/tellonce && $(abspath $(BIN))/django-admin compilemessages

messages-check: $(DEVELOPMENT)  ## Refuses a text without its Spanish, or a catalogue that was not compiled
	$(BIN)/python -m pytest -q tests/architecture/test_translations.py

format: $(DEVELOPMENT)  ## Formats the code and repairs what ruff can repair
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEVELOPMENT)  ## Runs every benchmark, one JSON line per figure (takes long)
	@for name in $(BENCHMARKS); do $(BIN)/python -m benchmarks.$$name --json || exit 1; done

clean:  ## Removes the environment and everything that was made here
	rm -rf $(VENV) tmp build dist src/*.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Tellonce needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Say which with: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }

$(RUNTIME): $(PINS) | $(VENV)/bin/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(DEVELOPMENT): $(PINS) | $(VENV)/bin/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@ $(RUNTIME)
