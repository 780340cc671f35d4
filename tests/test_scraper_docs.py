"""The examples in the scraper's docstrings run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import scraper

MODULES = [module.name for module in pkgutil.iter_modules(scraper.__path__, "scraper.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0
