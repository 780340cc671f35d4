"""The word lists of `extract/patterns/`: data that the rules read, so that languages differ in data and not in code."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where PyYAML has it: ten times as fast


@cache
def lexicon(name: str) -> dict[str, Any]:
    """The mapping in `extract/patterns/{name}.yml`; read once, to be treated as constant."""
    source = files("extract").joinpath("patterns", f"{name}.yml").read_text(encoding="utf-8")
    return dict(yaml.load(source, Loader=LOADER))


@cache
def words(name: str, key: str) -> frozenset[str]:
    """One list of a lexicon as a set of lower-case words or phrases."""
    return frozenset(str(word).casefold() for word in lexicon(name)[key])
