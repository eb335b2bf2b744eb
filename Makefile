# One word each. Only Python 3.11 or newer and make are needed; `make demo PYTHON=python3.12` names another one.
PYTHON ?= python3
RUN = .venv/bin/python

.PHONY: demo demo-reset test test-cluster quick lint messages bench

demo: .venv/installed
	@exec $(RUN) -m devtools.scripts.demo

demo-reset: .venv/installed
	@$(RUN) -m devtools.scripts.demo --reset

test: .venv/installed
	@$(RUN) -m devtools.scripts.test

test-cluster: .venv/installed
	@$(RUN) -m devtools.scripts.cluster

quick: .venv/installed
	@$(RUN) -m devtools.scripts.test --quick

lint: .venv/installed
	@$(RUN) -m devtools.scripts.test --lint

messages: .venv/installed
	@$(RUN) -m devtools.scripts.translations update

bench: .venv/installed
	@$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@$(RUN) -m devtools.benchmarks

.venv/installed: requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("SellerHub needs Python 3.11 or newer: make PYTHON=python3.12")'
	@test -x $(RUN) || $(PYTHON) -m venv .venv
	@echo "Installing the requirements into .venv …"
	@$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
