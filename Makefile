# The README's commands. Needs Python 3.11 or newer and make; everything else is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.PHONY: demo test lint bench clean

demo: $(VENV)/.run ## grade a small class and show what came of it
	$(BIN)/grade demo

test: $(VENV)/.test ## all tests; those of the interactive page need Chromium
	@{ command -v chromium && command -v chromedriver; } >/dev/null || echo "Chromium is missing, so the tests of the page will fail: apt-get install chromium chromium-driver"
	$(BIN)/python -m pytest

lint: $(VENV)/.test ## style, types, and whether generated files match their sources
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/grade release --check

bench: $(VENV)/.test ## what the figures of docs/scaling.md are made by (10,000 submissions: growth.py --full): a quarter of an hour on an idle machine
	for name in throughput split growth trouble regrade nbgrader; do $(BIN)/python benchmarks/$$name.py || exit 1; done

clean:
	rm -rf $(VENV) demo-class dist build

$(VENV)/.run: pyproject.toml constraints.txt Makefile
	$(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	touch $@

$(VENV)/.test: pyproject.toml constraints.txt Makefile $(VENV)/.run
	$(PIP) --editable '.[cluster,nbgrader,test,lint]'
	touch $@
