# `make run` and `make test` bring whatever they need; `make check` is what every commit keeps green.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := bare better_auth django

OFFICIAL := .venv-official

.PHONY: run test check format bench bench-growth bench-memory bench-clients peers official pin clean

run: $(VENV)/.run
	@exec $(BIN)/aerocode serve --sandbox

test: $(VENV)/.dev .oracle/.installed
	$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -q tests/house/test_rooms.py

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev $(if $(findstring --peers,$(ARGS)),peers,.peers/bare/.installed)
	$(BIN)/python -m benchmarks $(ARGS)

# Ten million finished verifications unless ARGS="--rows N" says otherwise: half a gigabyte of disk for each million.
bench-growth: $(VENV)/.dev
	$(BIN)/python -m benchmarks.growth $(ARGS)

bench-memory: $(VENV)/.dev
	$(BIN)/python -m benchmarks.memory $(ARGS)

bench-clients: $(VENV)/.dev $(OFFICIAL)/sync/.done $(OFFICIAL)/async/.done
	$(BIN)/python -m benchmarks.clients $(ARGS)

# What every peer of `make bench ARGS="--peers all"` runs on.
peers: $(PEERS:%=.peers/%/.installed)

.peers/better_auth/.installed: benchmarks/peers/better_auth/package-lock.json
.peers/%/.installed: benchmarks/peers/%/requirements.txt benchmarks/peers/install.sh
	@sh benchmarks/peers/install.sh $(PYTHON) .peers/$* $*
	@touch $@

# Logto's own connectors, which ours are held against.
.oracle/.installed: tests/logto/oracle/package-lock.json tests/logto/oracle/install.sh
	@sh tests/logto/oracle/install.sh $(VENV) .oracle
	@touch $@

$(VENV)/.run: requirements/run.txt requirements/build.txt pyproject.toml
	@sh requirements/venv.sh $(PYTHON) $(VENV) run
	@touch $@

$(VENV)/.dev: requirements/run.txt requirements/dev.txt requirements/build.txt pyproject.toml
	@sh requirements/venv.sh $(PYTHON) $(VENV) dev
	@touch $@ $(VENV)/.run

# SMS Aero's own clients, which tests and benchmarks hold ours against; each in a folder of its own.
official: $(OFFICIAL)/sync/.done $(OFFICIAL)/async/.done $(OFFICIAL)/node/.done

$(OFFICIAL)/node/.done: requirements/official/package-lock.json requirements/official/nodejs.txt
$(OFFICIAL)/%/.done: requirements/official/%.txt
$(OFFICIAL)/%/.done: requirements/official/install.sh
	@sh requirements/official/install.sh $(BIN)/python $(@D) $*
	@touch $@

# Newer releases: resolved for every platform, pinned with hashes, no address of any index.
PIN = $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
	--no-emit-find-links --upgrade -q

pin: $(VENV)/.dev
	UV_CUSTOM_COMPILE_COMMAND="make pin" $(PIN) pyproject.toml -o requirements/run.txt
	UV_CUSTOM_COMPILE_COMMAND="make pin" $(PIN) requirements/build.in -o requirements/build.txt
	UV_CUSTOM_COMPILE_COMMAND="make pin" $(PIN) --extra postgres pyproject.toml requirements/dev.in \
		-c requirements/run.txt -o requirements/dev.txt
	for peer in $(PEERS); do UV_CUSTOM_COMPILE_COMMAND="make pin" $(PIN) -c requirements/run.txt \
		benchmarks/peers/$$peer/requirements.in -o benchmarks/peers/$$peer/requirements.txt || exit; done
	$(MAKE) .peers/better_auth/.installed
	sh benchmarks/peers/better_auth/pin.sh .peers/better_auth
	for part in sync async nodejs; do UV_CUSTOM_COMPILE_COMMAND="make pin" $(PIN) requirements/official/$$part.in \
		-o requirements/official/$$part.txt || exit; done
	cd requirements/official && rm -f package-lock.json && npm install --silent --package-lock-only \
		--omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund
	$(BIN)/python requirements/official/bare_lock.py requirements/official/package-lock.json
	sh tests/logto/oracle/pin.sh $(VENV)

clean:
	rm -rf $(VENV) $(OFFICIAL) .peers .oracle build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
