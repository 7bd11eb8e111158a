# Two commands for a newcomer: `make run` and `make test`. Both set up what they need first.

export PYTHON ?= python3
# Each of the hundreds of processes that the tests start would compile all our modules anew.
unexport PYTHONDONTWRITEBYTECODE
VENV := .venv
BIN := $(VENV)/bin
# The tests of what is pure, and of the walls that keep it so.
PURE := tests/market tests/presentation tests/hkexnews/test_page_parser.py tests/project/test_purity.py tests/project/test_rooms.py
READY := $(VENV)/.ready
# A script of ours, also from a checkout whose lines end in CRLF.
script = sh -c "$$(tr -d '\r' <tools/scripts/$(1).sh)" $(1)

.PHONY: run demo check test lint types types-everywhere unit bench bench-smoke soak setup screenshots audit messages pins wheels \
	image image-test clean

run: setup
	@$(BIN)/python -m southbound run

demo: setup
	@$(BIN)/python -m demo

test: setup lint types unit bench-smoke

# What to run while writing, in half a minute on two cores: no server, no browser, no second system, few examples.
check: setup lint
	$(BIN)/mypy
	$(BIN)/pytest -q -n 2 --hypothesis-profile=quick $(PURE)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# The product runs on Windows, too; the tests do not. Both at the same time, each on a core.
types: setup
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 *.py southbound replay demo & windows=$$!; \
	$(BIN)/mypy; here=$$?; wait $$windows && exit $$here

# Types for each system and each Python.
types-everywhere: setup
	for platform in linux darwin win32; do for version in 3.11 3.12 3.13 3.14; do \
		$(BIN)/mypy --platform $$platform --python-version $$version --cache-dir .mypy_cache/$$platform || exit 1; \
	done; done

# Most tests wait for something: a process, a browser, a lease. A file's tests stay in one process; the files
# come as tests/conftest.py has them.
unit: setup
	@$(call script,system-packages) tests
	$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder

# Every figure beside a floor measured in the same run; the second only proves that it works.
bench: setup
	$(BIN)/python -m tools.benchmarks --json build/benchmarks.json

bench-smoke: setup
	$(BIN)/python -m tools.benchmarks --smoke

# Everything under faults at random, and at the end the invariants. ARGS="--minutes 3 --seed 7"
soak: setup
	$(BIN)/python -m tools.soak $(ARGS)

# The pictures in docs/, taken of the real pages on the recorded days.
screenshots: setup
	$(BIN)/python -m tools.screenshots

setup: $(READY)
	@$(call script,system-packages) check

$(READY): requirements.txt requirements-dev.txt pyproject.toml tools/scripts/system-packages.sh
	@$(call script,system-packages) install
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "want Python 3.11 or newer: make PYTHON=...")'
	$(PYTHON) -m venv $(VENV) || { $(call script,system-packages) check; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Whether a pinned package has a known hole. Needs the network, and says so.
audit: setup
	@$(call script,audit) $(BIN)/python

# Brings the catalogues of the other languages up to what the product says; new sentences wait there.
messages: setup
	$(BIN)/python -m tools.messages

# Resolves the ranges of pyproject.toml and writes the pins, with hashes. ARGS="--upgrade": the newest of each.
pins: setup
	@$(call script,pins) $(BIN)/python $(ARGS)

# Whether every pin has a wheel for each system and Python. Needs the network, and says so.
wheels: setup
	@$(call script,wheels) $(BIN)/python

# One image with the three commands, by docker, podman or buildah. BASE=... begins with another one than Debian's.
image:
	@$(call script,image)

# The image on the replay site, where there is no daemon: by debootstrap and buildah. As root, with the network.
image-test: setup
	@$(call script,image-test) $(BIN)/python

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info
