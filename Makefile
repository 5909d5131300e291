# make run    environment, pool and dashboard; prints the address (PORT=8600 chooses another port)
# make test   every test;  make bench  the measurements;  make lint  style and types
# make lock   locks from the requirements (UPGRADE=--upgrade takes newer versions)
# make geometry, make countries, make names   files made from published packages, written anew;  make schema  the form of source.toml, for editors

PORT ?= 8501
ARGS ?=
UPGRADE ?=
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv/bin
COMPILE := $(VENV)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links $(UPGRADE)

.DEFAULT_GOAL := run
.PHONY: run test bench lint format lock geometry countries names schema environment environment-dev clean

run: environment
	@$(VENV)/python -m postflow build
	@$(VENV)/python -m postflow exercise --if-missing
	@$(VENV)/python -m postflow serve --port $(PORT)

test: environment-dev
	@$(VENV)/python -m pytest -n auto $(ARGS)

bench: environment-dev
	@$(VENV)/python -m bench $(ARGS)

lint: environment-dev
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .
	@$(VENV)/ty check

format: environment-dev
	@$(VENV)/ruff check --fix .
	@$(VENV)/ruff format .

lock: environment-dev
	@$(COMPILE) requirements.txt -o requirements.lock
	@$(COMPILE) requirements-dev.txt -c requirements.lock -o requirements-dev.lock

geometry: environment
	@$(VENV)/python scripts/make_geometry.py

countries: environment-dev
	@$(VENV)/python scripts/make_countries.py

names: environment-dev
	@$(VENV)/python scripts/make_names.py

schema: environment
	@$(VENV)/python scripts/make_schema.py

environment environment-dev: python
	@$(PYTHON) scripts/environment.py $(if $(filter %-dev,$@),requirements-dev.lock,requirements.lock)

.PHONY: python
python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found; name it: make PYTHON=/path/to/python3" >&2; exit 1; }

clean:
	@rm -rf .venv .pytest_cache .ruff_cache .hypothesis bench/out
