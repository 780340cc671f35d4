"""Benchmarks: each `run_NAME.py` measures systems on one task and writes `results/NAME.json`; `tables.py` makes the
README's tables of them. Corpora are read from `../shared/data`; the extra `bench` installs the peers."""
