# Two commands: `make run` and `make test`. Each does its own set-up in .venv and works alone on a fresh machine.
PYTHON ?= python3
PORT ?= 8001
DB ?= demo.db
BIN := .venv/bin

.PHONY: run test check train clean

run: .venv/.run  ## scrape the demonstration newsroom, then serve it with Datasette
	$(BIN)/onrecord run --demo --db $(DB)
	$(BIN)/onrecord serve --db $(DB) --port $(PORT)

test: .venv/.test  ## lint, types and every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

check: test

SEED ?= 1
START ?=  # extract/model to go on from what ships, empty to begin with MiniLM
train: .venv-train/.done  ## train the pipeline from ../shared/data and export it into extract/model (about an hour)
	.venv-train/bin/python -m extract.training.train --out work/run --seed $(SEED) $(if $(START),--start $(START))
	.venv-train/bin/python -m extract.training.export work/run extract/model --version $(VERSION)

.venv/.run: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "On Record needs Python 3.11 or newer: make run PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -qq --upgrade pip
	$(BIN)/python -m pip install -qq --editable .
	touch $@

.venv/.test: .venv/.run
	$(BIN)/python -m pip install -qq --editable '.[test]'
	touch $@

.venv-train/.done: pyproject.toml
	$(PYTHON) -m venv .venv-train
	.venv-train/bin/python -m pip install -qq --upgrade pip
	.venv-train/bin/python -m pip install -qq --editable '.[train]'
	touch $@

clean:  ## what can be made again
	rm -rf .venv .venv-train build dist work *.egg-info .pytest_cache .mypy_cache .ruff_cache
