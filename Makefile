# One word each. Only Python 3.11 or newer and make are needed; `make demo PYTHON=python3.12` names another one.
PYTHON ?= python3
RUN = .venv/bin/python

.PHONY: help demo demo-reset test test-one test-cluster quick lint messages bench

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: .venv/installed ## the whole site on this machine
	@exec $(RUN) -m devtools.scripts.demo

demo-reset: .venv/installed ## forget the data of the demo
	@$(RUN) -m devtools.scripts.demo --reset

test: .venv/installed ## every check and test, as CI runs it
	@$(RUN) -m devtools.scripts.test

test-one: .venv/installed ## one test or folder: make test-one T=tests/notifications/recipients/test_routing.py
	@test -n "$(T)" || { echo "Name a test: make test-one T=tests/…"; exit 1; }
	@$(RUN) -m devtools.scripts.translations compile
	@VAR_DIR="$${VAR_DIR:-var/test}" $(RUN) -m pytest -p no:randomly $(T)

test-cluster: .venv/installed ## delivery and drills on PostgreSQL 15, Redis and RabbitMQ
	@$(RUN) -m devtools.scripts.cluster

quick: .venv/installed ## checks and tests without drills and browser
	@$(RUN) -m devtools.scripts.test --quick

lint: .venv/installed ## checks alone: style, types, imports, words, translations
	@$(RUN) -m devtools.scripts.test --lint

messages: .venv/installed ## collect texts into locale/ja
	@$(RUN) -m devtools.scripts.translations update

bench: .venv/installed ## measure speed beside public peers
	@$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@$(RUN) -m devtools.benchmarks

.venv/installed: requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("SellerHub needs Python 3.11 or newer: make PYTHON=python3.12")'
	@test -x $(RUN) || $(PYTHON) -m venv .venv
	@echo "Installing the requirements into .venv …"
	@$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
