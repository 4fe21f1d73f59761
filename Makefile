# Storekeeper. Every target does its own set-up. See `make help`.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test bench lint reset lock set-up
PYTHON := .venv/bin/python
UV := .venv/bin/uv
# Python that may write no bytecode starts Airflow in twice the time.
unexport PYTHONDONTWRITEBYTECODE

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 8
	@echo
	@echo "Variables: AIRFLOW_PORT (8080), SANDBOX_PORT (8081), LISTENER_PORT (8090), STOREKEEPER_HOME (.storekeeper), STOREKEEPER_OUTPUTS (outputs)"

run: set-up ## start everything on this machine, fill it with the demo chain on the first start; Ctrl-C stops it (ARGS=--no-demo: stay empty)
	@exec $(PYTHON) -m stack.run --end-with-parent $(ARGS)

test: set-up ## the whole test suite (ARGS: for pytest)
	@exec $(PYTHON) -m pytest --numprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

bench: set-up ## the benchmarks, each beside a floor measured in the same run
	@exec $(PYTHON) -m benchmarks $(ARGS)

lint: set-up ## ruff and mypy
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy .

reset: set-up ## delete the local state (databases, logs, secrets, the stand-ins' memory)
	@exec $(PYTHON) -m stack.reset

lock: set-up ## compile requirements*.in to requirements*.txt again, with the newest versions allowed
	@$(UV) pip compile -q --upgrade --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links requirements.in -o requirements.txt
	@$(UV) pip compile -q --upgrade --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links listener/requirements.in -c requirements.txt -o listener/requirements.txt
	@$(UV) pip compile -q --upgrade --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links requirements-dev.in -c requirements.txt -c listener/requirements.txt -o requirements-dev.txt

set-up:
	@sh stack/set-up.sh
