# Every target makes .venv first; Python 3.11+ and a shell are enough.
python = .venv/bin/python

# Compiled modules make each process start in half the time, whatever the shell says of them.
export PYTHONDONTWRITEBYTECODE =

# For tools that read the settings and never reach a service.
dummy = only-for-tools-that-reach-no-service
secret = only-for-tools-that-read-the-settings
without_services = env ENV_FILE= SECRET_KEY=$(secret) JWT_SIGNING_KEY=$(secret) \
	DATABASE_URL=postgres:///none REDIS_URL=redis:// KAFKA_BOOTSTRAP=127.0.0.1:9 EMAIL_URL=smtp://

.PHONY: help run stop status logs demo bench test lint test-fresh lock clean distclean environment

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: environment ## the whole product with demo data, until Ctrl-C; DETACH=1 returns once it is ready
	@exec $(python) -m todo_project.dev.run $${DETACH:+--detach}

stop: environment ## end it, and whatever is left of it
	@exec $(python) -m todo_project.dev.stop

status: environment ## is every part well?
	@exec $(python) manage.py status

logs: ## follow every process's log
	@ls var/log/*.log >/dev/null 2>&1 || { echo "There are no logs yet: make run first."; exit 1; }
	@exec tail -n 5 -F var/log/*.log

demo: environment ## a task's whole way through the running product; ICS=file imports that calendar
	@exec $(python) -m todo_project.dev.demo $${ICS:+"$$ICS"}

bench: environment ## measure, NAME=commit_to_consumer for one
	@exec $(python) -m bench $(NAME)

test: environment ## the test suite on real services
	@exec $(python) -m pytest -n 2 --cov $(ARGS)

lint: environment ## format, style, types, arrows, migrations
	@$(python) -m ruff check
	@$(python) -m ruff format --check
	@$(without_services) $(python) -m mypy .
	@.venv/bin/lint-imports
	@$(without_services) $(python) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

test-fresh: ## a fresh clone in a folder with a space: run, demo, stop, nothing left
	@exec sh todo_project/dev/test_fresh.sh

lock: ## pin requirements*.txt anew
	@exec sh todo_project/dev/bootstrap lock

clean: ## stop, and remove the data of every run (var/)
	@if [ -x $(python) ] && [ -d var ]; then sh todo_project/dev/bootstrap && $(python) -m todo_project.dev.stop; fi
	@rm -rf var

distclean: clean ## the environment too
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .coverage*

environment:
	@sh todo_project/dev/bootstrap
