# Every target sets up what it needs: the virtual environment, the locked libraries, Kouling.
PYTHON ?= python3
BIN    := .venv/bin
DATA   ?= ../shared/data
# One process of tests more than there are cores: while one waits, another works.
TESTERS ?= $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)
# The locked set comes from the registry the machine is set to; local wheel folders stay out.
CLEAN  := env -u PIP_FIND_LINKS -u PIP_CONSTRAINT -u PIP_NO_INDEX -u UV_FIND_LINKS
INPUTS := pyproject.toml requirements.lock
LOCK   := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
          --no-annotate --no-emit-index-url --no-emit-find-links -q pyproject.toml --group dev

.PHONY: demo serve test check bench lock

demo: .venv/ready
	$(BIN)/kouling demo

serve: .venv/ready
	$(BIN)/kouling serve

test: .venv/ready
	$(BIN)/pytest -n $(TESTERS) --dist loadfile --no-loadscope-reorder

check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	! grep -nE '(https?|file)://|/opt/|--(extra-)?index-url|--find-links' requirements*.lock

bench: .venv/ready
	$(BIN)/python -m benchmarks all --data $(DATA)

lock:
	$(LOCK) --all-extras --group rivals -o requirements-extras.lock
	$(LOCK) --extra pictures --extra tables -c requirements-extras.lock -o requirements.lock

.venv/ready: $(INPUTS)
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	if command -v uv >/dev/null; then \
	  $(CLEAN) uv pip sync -q --python $(BIN)/python --require-hashes requirements.lock && \
	  $(CLEAN) uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
	  $(CLEAN) $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock && \
	  $(CLEAN) $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
	touch $@
