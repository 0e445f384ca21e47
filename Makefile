# Everything that is done with the project from a shell. `make` alone lists it.

.DEFAULT_GOAL := help
.PHONY: audit-deps bundle messages pictures vendor help setup system demo test proof bench docs lock clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup:  ## make .venv exactly what requirements.lock says, with saima in it
	@.ci/setup

system:  ## apt-get install what drawing pages needs (browser, LibreOffice, fonts), if missing
	@.ci/system

demo: setup  ## score the sample campaign and write its documents; ONCE=1 stops there
	@.venv/bin/saima demo $(if $(ONCE),--once)

test: setup  ## formatting, lint, types, import walls and all tests
	@.ci/checks

audit-deps: setup  ## hold every pinned dependency against known vulnerabilities; needs a connection
	@.ci/audit-deps

proof: setup  ## the long proofs, for hours; kept in benchmarks/results/proof.txt
	@.ci/proof

bench: setup  ## the benchmarks; kept in benchmarks/results/
	@.venv/bin/python -m benchmarks.run

bundle: setup  ## one archive that installs without a network, for x86-64 and aarch64
	@.venv/bin/python .ci/bundle

docs: setup  ## write docs/generated and the schemas in docs/reference again
	@.venv/bin/python -m saima.reference

messages: setup  ## bring every slice's English (django.po) up to its source strings
	@.venv/bin/python .ci/messages

pictures: setup system  ## take the pictures of README and the guide from a demonstration
	@.venv/bin/python .ci/pictures

vendor:  ## fetch the browser libraries again, as VENDOR.json pins them
	@.ci/vendor

lock: setup  ## pin the newest allowed versions in requirements.lock
	@.venv/bin/uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header --quiet --all-extras --group dev pyproject.toml -o requirements.lock

clean:  ## remove caches and what was built or written out; .venv stays
	@rm -rf build dist out .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
