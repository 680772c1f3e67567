# make serve: build the graph of seeds/ and serve it; make test: install what tests need, run all.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
PIP := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check

.PHONY: help serve test lint bench docs lock vendor browser

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

serve: $(VENV)/.runtime ## build the graph of seeds/ and serve it at http://localhost:8000/
	@exec $(VENV)/bin/kg serve

test: $(VENV)/.test browser build/node/.installed ## run all tests, the browser's too
	$(VENV)/bin/python -m pytest --numprocesses 2 --dist loadfile --cov --cov-report= $(ARGS)
	$(VENV)/bin/coverage report --skip-covered --fail-under=90

lint: $(VENV)/.test ## formatting, lint, types
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy

bench: $(VENV)/.test ## measure against peers; writes benchmarks/RESULTS.md
	$(VENV)/bin/python -m benchmarks $(ARGS)

docs: $(VENV)/.test ## write the references that come from the code (docs/cli.md, docs/settings.md)
	$(VENV)/bin/kg build
	$(VENV)/bin/python -m docs.generate

lock: ## pin what pyproject.toml asks for
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	  --python-version 3.11 -o requirements/runtime.txt pyproject.toml
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	  --python-version 3.11 --extra test --extra lint -c requirements/runtime.txt \
	  -o requirements/test.txt pyproject.toml

vendor: $(VENV)/.runtime ## fetch the front-end files of web/static/vendor anew and check their sums
	$(VENV)/bin/python -m web.vendor

$(VENV)/bin/python:
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Chancery needs …"
	@$(PIP) --require-hashes --requirement requirements/runtime.txt
	@$(PIP) --no-deps --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.runtime
	@echo "Installing what the tests need …"
	@$(PIP) --require-hashes --requirement requirements/test.txt
	@touch $@

build/node/.installed: tests/node/package.json
	@echo "Installing the JavaScript that the tests use …"
	@mkdir -p build/node && cp tests/node/package.json build/node/
	@cd build/node && npm install --silent --no-package-lock --no-audit --no-fund
	@touch $@

browser:
	@command -v chromium >/dev/null || { \
	  echo "Installing Chromium …"; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null || { \
	    echo "The browser's tests need Chromium: install it with your package manager."; exit 1; }; }
