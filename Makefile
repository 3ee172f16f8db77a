# Two commands matter: `make briefing` and `make test`. Each sets itself up. Without make: see README.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CHROMIUM ?= chromium
READY := $(VENV)/.ready
SITE := $(VENV)/.site
BROWSER := $(VENV)/.browser

# What Python compiles and pytest rewrites is kept for the next run, whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE
# Another environment may be active: this one is used, and IPython would warn of the other.
unexport VIRTUAL_ENV

.PHONY: briefing test test-fast test-long test-more test-browser check lab explorer lock docs pages schema setup clean help
.DEFAULT_GOAL := help

help:  ## say what each command does
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say make PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@

setup: $(READY)  ## install everything into .venv

briefing: $(READY)  ## run the notebooks on the real evidence and write the briefing into build/
	$(BIN)/sapa briefing

test: $(READY)  ## run the tests, but for the long ones
	$(BIN)/python -m pytest

test-fast: $(READY)  ## the tests that need neither notebooks nor the project's own series, on few examples
	$(BIN)/python -m pytest -m "not slow and not long" --hypothesis-profile=quick

test-long: $(READY)  ## the tests of whole papers, commands and processes, which `make test` leaves out
	$(BIN)/python -m pytest -m long

test-more: $(READY)  ## all tests, those marked more too, on many examples that differ each time (an hour)
	$(BIN)/python -m pytest --hypothesis-profile=more

test-browser: $(BROWSER)  ## what people do in a browser; needs Chromium (Debian: apt-get install chromium)
	@command -v $(CHROMIUM) > /dev/null || { echo "$(CHROMIUM) is not installed: apt-get install chromium, or make test-browser CHROMIUM=path"; exit 1; }
	CHROMIUM=$(CHROMIUM) $(BIN)/python -m pytest tests/browser --numprocesses=0

check: $(READY)  ## data, style, types, layers, dependencies, stripped notebooks
	$(BIN)/sapa check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry sapa_analysis
	$(BIN)/nbstripout --verify notebooks/*.ipynb

lab: $(READY)  ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab notebooks

# Without make: voila notebooks/06_explorer.ipynb --Voila.config_file_paths=notebooks/explorer
explorer: $(READY)  ## turn the conditions by hand in a browser: notebook 06 on 127.0.0.1
	$(BIN)/voila notebooks/06_explorer.ipynb --Voila.config_file_paths=notebooks/explorer

docs: $(SITE)  ## build the site, build/docs/index.html; without make: python docs/site
	$(BIN)/python docs/site

pages: $(READY)  ## write docs/architecture.md, docs/results.md and CITATION.bib anew
	$(BIN)/sapa docs

$(SITE) $(BROWSER): $(VENV)/.%: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[$*]"
	touch $@

schema: $(READY)  ## write data/datapackage.json and params/schema.json anew
	$(BIN)/sapa schema

lock:  ## renew constraints.txt with today's versions
	rm -rf build/lock
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check -e ".[dev,site,browser]"
	{ sed -n '/^#/p' constraints.txt; build/lock/bin/python -m pip freeze --exclude-editable; } > build/constraints.txt
	mv build/constraints.txt constraints.txt
	rm -rf build/lock

clean:  ## delete what was produced; .venv stays
	find build -mindepth 1 ! -name .gitkeep -delete
