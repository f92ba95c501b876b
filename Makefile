# Each target does all its own set-up: the first one makes .venv and installs, the next ones find it done.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
DEVELOPING := $(VENV)/installed-dev

.PHONY: run test test-slow check bench bench-quick clean

run: $(INSTALLED)
	$(BIN)/python app.py

test: $(DEVELOPING)
	$(BIN)/python -m pytest

test-slow: $(DEVELOPING)
	$(BIN)/python -m pytest -m slow

check: $(DEVELOPING)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

clean:
	rm -rf $(VENV) build dist *.egg-info

$(VENV)/made:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	touch $@

$(INSTALLED): $(VENV)/made pyproject.toml requirements.lock
	$(BIN)/python -m pip install --quiet --constraint requirements.lock --editable .
	touch $@

$(DEVELOPING): $(INSTALLED)
	$(BIN)/python -m pip install --quiet --constraint requirements.lock --editable '.[dev]'
	touch $@
