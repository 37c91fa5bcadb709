# The Adam notebooks. `make` alone lists what there is.
#
#   PYTHON=python3.12    interpreter the virtual environment is made from (default: the first that fits)
#   VENV=.venv           where the virtual environment lives
#   LAB_ARGS=…           passed on to JupyterLab, for example LAB_ARGS="--no-browser --port 9999"

PYTHON ?=
VENV   ?= .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PY     := $(BIN)/python
PYTEST := $(PY) -m pytest
SYSTEM := $(or $(PYTHON),$(firstword $(foreach name,python3 python python3.13 python3.12 python3.11,$(shell command -v $(name)))),python3)

# Two test processes share two cores: threads inside them would only get in each other's way.
TEST_ENV := OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 MPLBACKEND=agg

.DEFAULT_GOAL := help
.PHONY: help install tested lab test unit full lowest mutations nbval worlds browser notebooks site slides cheatsheet bench check clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install:  ## make the virtual environment (.venv) with what the notebooks need
	@$(SYSTEM) tools/environment.py --folder "$(VENV)" --python "$(PYTHON)"

tested:
	@$(SYSTEM) tools/environment.py --folder "$(VENV)" --python "$(PYTHON)" --extras test,site

lab: install  ## open the notebooks (COPY=1: your own copies, in work/; OUTPUTS=1: with the stored answers)
	@$(PY) tools/lab.py $(if $(COPY),--copy) $(if $(OUTPUTS),--outputs) $(LAB_ARGS)

test: tested  ## every test: package, notebooks, browser (fast ones first)
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory nbval
	@$(MAKE) --no-print-directory browser

unit: tested  ## the package's own tests
	$(TEST_ENV) $(PYTEST) -n 2 --dist worksteal -q tests/unit tests/notebooks

full: tested  ## the package's own tests with all of every large matrix (a quarter of an hour or more)
	$(TEST_ENV) ADAMKIT_FULL=1 $(PYTEST) -n 2 --dist worksteal -q tests/unit tests/notebooks

lowest: tested  ## the package's tests with the oldest versions that pyproject.toml admits (build/lowest)
	@$(PY) tools/lowest.py

mutations: tested  ## alter every exercise's solution in every way: no altered one may pass (minutes)
	$(TEST_ENV) ADAMKIT_FULL=1 $(PYTEST) -q -s tests/unit/test_mutations.py

nbval: tested  ## run every notebook and compare what is marked (ONLY=04 for one; WORLD=baseline-1 for other kernels)
	@$(PY) tools/run_notebooks.py $(if $(WORLD),--world $(WORLD)) $(ONLY)

worlds: tested  ## every claim on other kernels, threads and roundings: how near it is to failing (ONLY=04 for one)
	@$(PY) tools/worlds.py $(if $(WORLDS),--worlds $(WORLDS)) $(ONLY)

browser: tested  ## the pictures and controls, in JupyterLab in a real browser
	$(TEST_ENV) $(PYTEST) -n 2 --dist loadscope -q tests/browser

notebooks: tested  ## build notebooks/*.ipynb from notebooks/src (ONLY=04 for one)
	@$(PY) tools/build_notebooks.py $(ONLY)

site: tested  ## the notebooks as pages that move without Python, in build/site (ONLY=04 for one)
	@$(PY) tools/make_site.py $(ONLY)

slides: tested  ## the notebooks as slides with speaker's notes, in build/slides (ONLY=04 for one)
	@$(PY) tools/make_slides.py $(ONLY)

cheatsheet: tested  ## the question bank on a few pages to print, in build/cheatsheet
	@$(PY) tools/cheat_sheet.py

bench: tested  ## how fast the numerics and the pictures are
	@$(PY) tests/benchmarks/bench_numerics.py
	@$(if $(wildcard tests/benchmarks/bench_live.py),$(PY) tests/benchmarks/bench_live.py)
	@$(if $(wildcard build/site/index.html),$(PY) tests/benchmarks/bench_site.py)
	@$(PY) tests/benchmarks/bench_monitor.py

check:  ## lint, types, structure: seconds
	@$(SYSTEM) tools/environment.py --folder "$(VENV)" --python "$(PYTHON)" --extras dev,site,test
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PYTEST) -q tests/unit/test_structure.py tests/unit/test_environment.py

clean:  ## remove what tools leave behind (never work/, never .venv)
	rm -rf build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis .benchmarks
