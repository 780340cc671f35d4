"""The word lists of `extract/patterns/`: data that the rules read, so that languages differ in data and not in code."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def lexicon(name: str) -> dict[str, Any]:
    """The mapping in `extract/patterns/{name}.yml`; read once, to be treated as constant."""
    source = files("extract").joinpath("patterns", f"{name}.yml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(source, Loader=loader))


@cache
def words(name: str, key: str) -> frozenset[str]:
    """One list of a lexicon as a set of lower-case words or phrases."""
    return frozenset(str(word).casefold() for word in lexicon(name)[key])
