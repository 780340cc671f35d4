"""A cache that does not grow: what is asked for again stays, what is not goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Values by key, of which at least the `most` last used are kept, and at most twice as many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._new: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def made(self, key: K, make: Callable[[], V]) -> V:
        """The value of a key; `make` gives the one that is not kept."""
        if key in self._new:
            return self._new[key]
        value = self._old[key] if key in self._old else make()
        self.keep(key, value)
        return value

    def known(self, keys: Iterable[K]) -> dict[K, V]:
        """Those of the keys that are kept, with their values."""
        found = {}
        for key in keys:
            if key in self._new:
                found[key] = self._new[key]
            elif key in self._old:
                found[key] = self._old[key]
                self.keep(key, found[key])
        return found

    def keep(self, key: K, value: V) -> None:
        if len(self._new) >= self._most:
            self._old, self._new = self._new, {}
        self._new[key] = value
