"""A cache that does not grow."""

from __future__ import annotations

import random
from copy import deepcopy

from db.crosscheck.recent import Recent


def test_what_is_asked_for_again_stays() -> None:
    made: list[int] = []

    def make(key: int) -> int:
        made.append(key)
        return key * key

    kept: Recent[int, int] = Recent(10)
    for key in range(200):
        assert kept.made(7, lambda: make(7)) == 49
        assert kept.made(key, lambda key=key: make(key)) == key * key  # type: ignore[misc]
    assert made.count(7) == 1
    assert len(made) == 200
    assert 11 <= len(kept.known(range(200))) <= 20


def test_nothing_is_a_value_too() -> None:
    kept: Recent[str, None] = Recent(2)
    asked = []
    for _ in range(3):
        assert kept.made("none", lambda: asked.append(1)) is None
    assert asked == [1]
    assert kept.known(["none", "other"]) == {"none": None}


def test_the_last_used_are_kept_and_never_too_many() -> None:
    chance = random.Random(5)
    kept: Recent[int, str] = Recent(8)
    used: list[int] = []
    for _ in range(3000):
        key = chance.randrange(40)
        if chance.random() < 0.5:
            kept.keep(key, str(key))
        else:
            assert kept.made(key, lambda key=key: str(key)) == str(key)  # type: ignore[misc]
        used = [*(k for k in used if k != key), key]
        for one in used[-8:]:
            assert kept.made(one, lambda one=one: f"{one} again") == str(one)  # type: ignore[misc]
        assert len(deepcopy(kept).known(range(40))) <= 16
