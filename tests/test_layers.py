"""Imports go one way, as the design says; spaCy stays out of the database and out of the command line's start."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = {"scraper", "extract", "db", "demo", "onrecord", "jobs", "commands"}


def modules(package: str) -> list[Path]:
    return [p for p in sorted((ROOT / package).rglob("*.py")) if p.is_file()]


def imported(path: Path, top_level_only: bool = False) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf8"))
    for node in tree.body if top_level_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def names_of(path: Path, package: str) -> set[str]:
    return {name.split(".")[0] for name in imported(path)} & (PACKAGES - {package})


@pytest.mark.parametrize("package", ["scraper", "extract"])
def test_scraper_and_extract_know_nobody(package: str) -> None:
    assert modules(package)
    for path in modules(package):
        assert not names_of(path, package), path


def test_only_save_knows_the_types_of_the_others() -> None:
    allowed = {"scraper.article", "extract.findings", "scraper.page"}
    for path in modules("db"):
        foreign = {m for m in imported(path) if m.split(".")[0] in PACKAGES - {"db"}}
        if path in (ROOT / "db" / "save.py", ROOT / "db" / "reading.py", ROOT / "db" / "decisions.py"):
            assert foreign <= allowed, path
        else:
            assert not foreign, path


def test_spacy_never_reaches_the_database() -> None:
    for path in [*modules("db"), *modules("scraper")]:
        assert not any(m.split(".")[0] in {"spacy", "onnxruntime", "torch"} for m in imported(path)), path


def test_torch_is_for_training_only() -> None:
    for path in modules("extract"):
        if "training" not in path.parts:
            assert not any(m.split(".")[0] in {"torch", "transformers"} for m in imported(path)), path


def test_the_command_line_starts_without_spacy() -> None:
    heavy = {"spacy", "onnxruntime", "extract", "trafilatura"}
    for path in [ROOT / "onrecord.py", *modules("commands"), *modules("jobs")]:
        top = {m.split(".")[0] for m in imported(path, top_level_only=True)}
        assert not top & heavy, path
