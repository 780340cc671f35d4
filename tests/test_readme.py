"""The README's tables are those that the commands and the measurements give, and its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.tables import commands, filled
from onrecord import main

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
PAGES = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "extract/training/README.md"]


def test_tables_are_current() -> None:
    text = README.read_text(encoding="utf8")
    assert filled(text) == text, "run python -m bench.tables"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_to_files(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_commands_that_the_pages_show_exist(page: Path) -> None:
    known = {name for name, _ in commands(main, "")} | {name.split()[0] for name, _ in commands(main, "")}
    for shown in re.findall(r"\bonrecord ((?:sources )?[a-z]+)\b(?=[^\n]*(?:`|$))", page.read_text(encoding="utf8")):
        if shown not in {"onrecord", "sources"}:
            assert shown in known or shown.split()[0] in known, f"{page.name}: onrecord {shown}"
