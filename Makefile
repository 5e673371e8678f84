# Every target makes .venv first if it is missing or the locked dependencies changed.
# The system's own Python where it will do: distributions optimise theirs by profile, as version managers do not by
# default, and extraction with such a one takes a sixth less time.
PYTHON ?= $(shell /usr/bin/python3 -c 'import ensurepip, sys; print(sys.executable if sys.version_info >= (3, 11) else "python3")' 2>/dev/null || echo python3)
RAW ?= data/raw
CORPUS ?= data/raw
OUT ?= data/out
GOLD ?= tests/gold/articles.jsonl
BIN := .venv/bin
LOCK := pip compile --quiet --upgrade --generate-hashes --strip-extras --no-emit-index-url --no-header --no-annotate --python-version 3.11
SOURCES := pipeline tests benchmarks notebooks rules/gazetteer

.PHONY: extract report test score bench lint lock clean
.DELETE_ON_ERROR:

extract: .venv/base
	$(BIN)/python -m pipeline extract $(RAW) --out $(OUT)
	@$(BIN)/python -m pipeline report $(OUT)

report: .venv/base
	$(BIN)/python -m pipeline report $(OUT)

score: .venv/base
	$(BIN)/python -m pipeline score $(GOLD) $(OUT)

test: .venv/dev
	$(BIN)/python -m pytest tests -n auto --dist worksteal

# CORPUS: files and folders to measure on; FLAT: numbers of articles at which to measure too (2000 150000).
bench: .venv/dev
	$(BIN)/python -m benchmarks.run $(CORPUS) $(if $(FLAT),--flat $(FLAT))

lint: .venv/dev
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/base: requirements.lock | .venv/bin/python
	@echo "Setting up .venv with the locked dependencies (once; about a minute)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/dev: requirements-dev.lock | .venv/bin/python
	@echo "Setting up .venv with the locked development dependencies (once; a few minutes)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch .venv/base $@

# Locks hold names, versions and hashes, never where they came from.
lock: .venv/dev
	$(BIN)/uv $(LOCK) --output-file requirements.lock pyproject.toml
	$(BIN)/uv $(LOCK) --extra dev --extra ray --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

clean:
	rm -rf .venv data/out/*
