"""The examples in the site's docstrings run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import db.site

MODULES = [module.name for module in pkgutil.iter_modules(db.site.__path__, "db.site.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
