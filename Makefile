# Needs make, a POSIX shell and Python 3.11 or newer. Everything else goes into $(VENV), from the hashed locks in requirements/.

VENV ?= .venv
# Deferred on purpose: looked for only when the virtual environment has to be made.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then command -v $$p; break; fi; done)
# Tests run in this many processes; 0 runs them in one, which is what a debugger needs.
JOBS ?= 0
# More arguments for pytest, a benchmark or the demo: make test ARGS='-k clixml -x'
ARGS ?=
# How long each fuzz target runs.
SECONDS ?= 600

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
CODE := $(wildcard src tests bench fuzz tools)
# How to install a Debian package from here: empty where that is not possible.
APT = $(shell command -v apt-get >/dev/null 2>&1 && { \
	if [ "$$(id -u)" = 0 ]; then echo "env DEBIAN_FRONTEND=noninteractive apt-get -qq"; \
	elif sudo -n true >/dev/null 2>&1; then echo "sudo -n env DEBIAN_FRONTEND=noninteractive apt-get -qq"; fi; })
# $(call apt_install,PACKAGES): what dpkg has to say is shown only when it fails.
apt_install = echo "Installing $(1)"; log=$$(mktemp); \
	{ $(APT) update && $(APT) install --yes --no-install-recommends $(1); } >"$$log" 2>&1 || { cat "$$log" >&2; rm -f "$$log"; exit 1; }; \
	rm -f "$$log"

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check format bench docs picture fuzz lock clean chromium

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / { sub(/%/, "NAME", $$1); printf "  %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.runtime ## judge a made-up cluster: a summary here, the whole report in report.html
	@$(BIN)/hypervigil demo $(ARGS)

test: $(VENV)/.dev chromium ## run the tests (JOBS=2 for two processes, ARGS for pytest)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup $(ARGS)

check: $(VENV)/.dev ## formatting, lint, types and the layers of the architecture
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports

format: $(VENV)/.dev ## format, and mend what lint can mend by itself
	$(BIN)/ruff check --fix-only --quiet $(CODE)
	$(BIN)/ruff format $(CODE)

bench: $(patsubst bench/%.py,bench-%,$(filter-out bench/_%,$(wildcard bench/*.py))) ## run every benchmark
	@test -n "$^" || echo "There is no benchmark yet: bench/ holds no NAME.py."

bench-%: $(VENV)/.dev ## run bench/NAME.py
	@test -f bench/$*.py || { echo "There is no benchmark '$*'. There are: $(patsubst bench/%.py,%,$(wildcard bench/*.py))" >&2; exit 2; }
	$(BIN)/python bench/$*.py $(ARGS)

docs: $(VENV)/.dev ## make the generated pages under docs/ again
	$(BIN)/python tools/make_docs.py

picture: $(VENV)/.dev chromium ## make docs/report.png again, the picture in the README
	$(BIN)/python tools/make_picture.py

fuzz: $(VENV)/.dev ## run every fuzz/fuzz_*.py for SECONDS each; findings and corpus stay in .fuzz/
	@failed=; for target in fuzz/fuzz_*.py; do \
		test -f "$$target" || { echo "There is no fuzz target yet: fuzz/ holds no fuzz_*.py."; break; }; \
		name=$$(basename "$$target" .py); mkdir -p ".fuzz/$$name"; \
		echo "== $$name, $(SECONDS) s"; \
		$(BIN)/python "$$target" -max_total_time=$(SECONDS) -artifact_prefix=".fuzz/$$name-" ".fuzz/$$name" || failed="$$failed $$name"; \
	done; \
	test -z "$$failed" || { echo "Fuzzing found something in:$$failed" >&2; exit 1; }

# A release has to be public for a week before it gets into a lock: most malicious ones are found sooner.
UV_COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-config --python-version 3.11 --exclude-newer '7 days' --custom-compile-command 'make lock' $(LOCK_ARGS)
LOCK_ARGS ?= --upgrade

lock: $(VENV)/.dev ## make requirements/*.lock again, with releases at least seven days old
	$(UV_COMPILE) pyproject.toml --extra all --output-file requirements/runtime.lock
	$(UV_COMPILE) pyproject.toml --extra all --group dev --constraint requirements/runtime.lock --output-file requirements/dev.lock
	$(UV_COMPILE) --group build --constraint requirements/dev.lock --output-file requirements/build.lock

clean: ## remove what the other targets made
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .fuzz build dist report.html
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: a step runs again only when what it was made from has changed.

$(VENV)/.created:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer was found. Install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@if ! $(PYTHON) -c 'import ensurepip, venv' >/dev/null 2>&1; then \
		package=$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
		if [ -z "$(APT)" ]; then \
			echo "$(PYTHON) cannot make virtual environments. Install its venv module (on Debian: apt-get install $$package)." >&2; exit 1; \
		fi; \
		$(call apt_install,$$package); \
	fi
	@echo "Making $(VENV) with $(PYTHON)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.created requirements/build.lock requirements/runtime.lock pyproject.toml
	@echo "Installing what hypervigil needs, from requirements/runtime.lock"
	@$(PIP) install --require-hashes --requirement requirements/build.lock --requirement requirements/runtime.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.lock
	@echo "Installing what its developers need, from requirements/dev.lock"
	@$(PIP) install --no-compile --require-hashes --requirement requirements/dev.lock
	@touch $@

# The tests of the report drive a real browser. Without one they are skipped by hand and fail in CI (CI=true).
chromium:
	@if command -v chromium >/dev/null 2>&1 && command -v chromedriver >/dev/null 2>&1; then exit 0; fi; \
	if [ -n "$(APT)" ] && ($(call apt_install,chromium chromium-driver)); then exit 0; fi; \
	echo "chromium and chromedriver are missing and could not be installed here (Debian's packages chromium and chromium-driver)." >&2; \
	if [ "$$CI" = true ]; then exit 1; fi; \
	echo "The browser tests will be skipped." >&2
