# make serve: build the graph of seeds/ and serve it; make test: install what tests need, run all.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check
# No later upload can change or break what is installed: pip resolves nothing (--no-deps), takes only files
# whose hashes the lock has, and runs no build backend but the locked one (--only-binary and
# --no-build-isolation); `pip check` says whether the lock has all that is required. Lines keep their
# extras, without which pip 23 looks for coverage[toml] beyond the lock.
INSTALL := $(PIP) install --quiet --no-deps --require-hashes --only-binary :all: --requirement
EDITABLE := $(PIP) install --quiet --no-deps --no-build-isolation --editable .
LOCK := uv pip compile --quiet --universal --generate-hashes --no-strip-extras --no-build --no-header \
  --no-annotate --python-version 3.11 $(ARGS)

.PHONY: help serve test coverage lint bench docs docs-site wheel lock sbom torture long vendor browser strace nginx

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

serve: $(VENV)/.runtime ## build the graph of seeds/ and serve it at http://localhost:8000/
	@exec $(VENV)/bin/kg serve

test: $(VENV)/.test browser strace nginx build/node/.installed ## run all tests, the browser's too
	$(VENV)/bin/python -m pytest --numprocesses 2 --dist loadfile $(ARGS)

coverage: ## run all tests and see which lines they reach, in twice the time
	$(MAKE) test ARGS="--cov --cov-report="
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

docs-site: $(VENV)/.test ## build the documentation into build/docs; open build/docs/index.html
	$(VENV)/bin/properdocs build

wheel: $(VENV)/.runtime ## build dist/chancery_kg-VERSION-py3-none-any.whl
	@rm -f dist/*.whl
	@$(PIP) wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

lock: ## pin what pyproject.toml asks for; uv's --upgrade takes newer releases: make lock ARGS=--upgrade
	$(LOCK) --group build -o requirements/runtime.txt pyproject.toml
	$(LOCK) --group build --extra test --extra lint -c requirements/runtime.txt \
	  -o requirements/test.txt pyproject.toml
	cd tests/node && npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

sbom: $(VENV)/.runtime ## write build/sbom.cdx.json: what is installed and shipped (CycloneDX)
	@test -x build/sbom/bin/cyclonedx-py || { $(PYTHON) -m venv build/sbom && \
	  build/sbom/bin/python -m pip install --quiet cyclonedx-bom==7.5.0; }
	@build/sbom/bin/cyclonedx-py requirements requirements/runtime.txt --pyproject pyproject.toml \
	  --output-reproducible --output-file build/sbom/python.json
	$(VENV)/bin/python -m web.vendor build/sbom/python.json > build/sbom.cdx.json

torture: $(VENV)/.test strace ## fail 500 system calls of builds and kill 200; takes an hour
	nice $(VENV)/bin/python -m tests.torture 500 200 1648

long: $(VENV)/.test ## attack a live server for half an hour, and print what good clients see
	nice $(VENV)/bin/python -m tests.serving.long $(ARGS)

vendor: $(VENV)/.runtime ## fetch the front-end files of web/static/vendor anew and check their sums
	$(VENV)/bin/python -m web.vendor

$(VENV)/bin/python:
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Chancery needs …"
	@$(INSTALL) requirements/runtime.txt
	@$(EDITABLE)
	@$(PIP) check
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.runtime
	@echo "Installing what the tests need …"
	@$(INSTALL) requirements/test.txt
	@$(PIP) check
	@touch $@

build/node/.installed: tests/node/package-lock.json
	@echo "Installing the JavaScript that the tests use …"
	@mkdir -p build/node && cp tests/node/package*.json build/node/
	@cd build/node && npm ci --silent --no-audit --no-fund
	@touch $@

browser:
	@command -v chromium >/dev/null || { \
	  echo "Installing Chromium …"; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null || { \
	    echo "The browser's tests need Chromium: install it with your package manager."; exit 1; }; }

strace:
	@command -v strace >/dev/null || { \
	  echo "Installing strace …"; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends strace >/dev/null || { \
	    echo "The tests of failing builds need strace: install it with your package manager."; \
	    exit 1; }; }

nginx:
	@(PATH=$$PATH:/usr/sbin; command -v nginx && command -v curl && command -v openssl) >/dev/null || { \
	  echo "Installing nginx …"; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx curl openssl >/dev/null || { \
	    echo "The tests behind a proxy need nginx, curl and openssl: install them with your package manager."; \
	    exit 1; }; }
