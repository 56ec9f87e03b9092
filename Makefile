# Everything a newcomer needs. Wants make, Python 3.11 or newer, and a network the first time.

PYTHON ?= python3
ARGS ?=
PYTEST_ARGS ?=
TEST_PROCESSES ?= 3
# Databases of tests lie in memory where there is room: a sync to a disk is what they wait for most.
TEMPORARY ?= $(shell [ "$$(df -k --output=avail /dev/shm 2>/dev/null | tail -1)" -gt 4000000 ] 2>/dev/null && echo /dev/shm || echo /tmp)

VENV := .venv
VENV_PYTHON := $(VENV)/bin/python
BABEL := $(VENV_PYTHON) -m babel.messages.frontend -q
ROOMS := domain handlers data broadcasts bot console public api simulator
UV := uv==0.13.9

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export DEBIAN_FRONTEND := noninteractive

# $(call debian,how to see that it is there,package,what it is for): install a Debian package where it is missing.
define debian
@if ! { $(1); } >/dev/null 2>&1; then \
  if [ "$$(id -u)" = 0 ]; then root=""; \
  elif sudo -n true >/dev/null 2>&1; then root="sudo -n"; \
  else root="nobody"; fi; \
  if [ "$$root" = nobody ] || ! command -v apt-get >/dev/null; then \
    echo "$(2) is missing ($(3)). Please install it and try again; on Debian or Ubuntu:" >&2; \
    echo "  sudo apt-get install $(2)" >&2; \
    exit 1; \
  fi; \
  echo "Installing Debian's $(2): $(3)."; \
  get() { $$root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends "$$@" </dev/null >/dev/null; }; \
  get install $(2) 2>/dev/null || { get update && get install $(2); }; \
fi
endef

# $(call packages,lock file): bring the private environment to a lock; nothing happens when it is there already.
define packages
@key="$$(cat $(1) <($(VENV_PYTHON) --version) | sha256sum)"; \
if [ "$$(cat $(VENV)/$(1:.txt=.installed) 2>/dev/null)" != "$$key" ]; then \
  echo "Installing the packages of $(1) into $(VENV) (hashes checked)."; \
  $(VENV_PYTHON) -m pip install -q --require-hashes -r $(1) </dev/null; \
  echo "$$key" >$(VENV)/$(1:.txt=.installed); \
fi
endef

.PHONY: help
help:  ## This list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

.PHONY: install
install: venv  ## The packages the program needs, in .venv
	$(call packages,requirements.txt)

.PHONY: run
run: install  ## The demo on this machine: bot, console, make-believe Zalo (make run ARGS="--port 9000")
	@$(VENV_PYTHON) -m bot demo $(ARGS)

.PHONY: test
test: dev machine lint  ## Format, lint, types, import directions, then all tests on SQLite and PostgreSQL
	@folder="$$(mktemp -d "$(TEMPORARY)/caunoi-tests.XXXXXX")"; \
	$(VENV_PYTHON) -m pytest -n $(TEST_PROCESSES) --dist worksteal --basetemp="$$folder/of" $(PYTEST_ARGS) </dev/null \
	  || { echo "What the tests that failed had in hand is in $$folder." >&2; exit 1; }; \
	rm -rf "$$folder"

.PHONY: lint
lint: dev  ## What is checked without running: format, lint, types, import directions
	@$(VENV_PYTHON) -m ruff format --check .
	@$(VENV_PYTHON) -m ruff check .
	@$(VENV_PYTHON) -m mypy $(ROOMS) tests bench wsgi.py
	@$(VENV_PYTHON) $(VENV)/bin/lint-imports

.PHONY: bench
bench: dev  ## Benchmarks: ratios against a baseline in the same run
	$(call debian,command -v wrk,wrk,asks the web server as fast as it can)
	@$(VENV_PYTHON) -m bench </dev/null

.PHONY: translations
translations: dev  ## Sentences of the console that are new, into console/translations/en; compiles those that are translated
	@$(BABEL) extract -F console/translations/babel.cfg -k said -k lazy_pgettext:1c,2 --add-location=file --no-wrap -o var/console.pot .
	@$(BABEL) update --no-fuzzy-matching --ignore-obsolete --no-wrap -D console -l en -i var/console.pot -d console/translations
	@$(BABEL) compile -D console -d console/translations
	@rm var/console.pot

.PHONY: screenshots
screenshots: dev  ## Every page of the console as every role sees it, into var/screenshots (ARGS=--docs: those of docs/roles only)
	$(call debian,command -v chromium || command -v chromium-browser || command -v google-chrome,chromium,takes the pictures)
	@$(VENV_PYTHON) -m bench.screenshots $(ARGS) </dev/null

.PHONY: train
train: dev  ## Learn the matcher's weights anew from data/content/questions and words (a minute or two)
	@$(VENV_PYTHON) -m bench.train

.PHONY: lock
lock: venv  ## After a change of requirements*.in: pin everything anew (UPGRADE=--upgrade for newest versions)
	@test -x $(VENV)/tools/bin/uv || { echo "Installing $(UV) into $(VENV)/tools."; \
	  $(PYTHON) -m venv $(VENV)/tools; $(VENV)/tools/bin/python -m pip install -q $(UV) </dev/null; }
	@for name in requirements requirements-dev; do \
	  echo "Pinning $$name.in → $$name.txt"; \
	  $(VENV)/tools/bin/uv pip compile --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	    $(UPGRADE) -q $$name.in -o $$name.txt; \
	done

# ---- steps of the above --------------------------------------------------------------------------------------

.PHONY: venv
venv: python
	@if ! want="$$($(PYTHON) --version)" || [ "$$($(VENV_PYTHON) --version 2>/dev/null)" != "$$want" ]; then \
	  echo "Making a private environment in $(VENV) with $$want."; \
	  $(PYTHON) -m venv --clear $(VENV); \
	fi

.PHONY: python
python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or say where it is: make … PYTHON=/path/to/python3" >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is $$($(PYTHON) --version); Python 3.11 or newer is needed: make … PYTHON=python3.12, say." >&2; \
	  exit 1; }
	$(call debian,$(PYTHON) -c "import ensurepip",python$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)-venv,makes the private environment)

.PHONY: dev
dev: venv
	$(call packages,requirements-dev.txt)

.PHONY: machine
machine:
	$(call debian,command -v chromium || command -v chromium-browser || command -v google-chrome,chromium,the tests of pages drive it)
	$(call debian,[ -n "$${TEST_DATABASE_URL:-}" ] || command -v initdb || ls /usr/lib/postgresql/*/bin/initdb,postgresql,the tests start a private one)
