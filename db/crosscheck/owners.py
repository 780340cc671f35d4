"""Which article each item stands in, in memory: whose a pair is when all articles are compared with each other."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from .places import Filed, Pairs


class Owners:
    """The articles of all items, as their ranks in the order of the articles' public ids; four bytes an item."""

    def __init__(self, db: Database) -> None:
        ranks = {id_: rank for rank, (id_,) in enumerate(db.execute("SELECT id FROM article ORDER BY public_id"))}
        versions = db.execute("SELECT id, article_id FROM article_version ORDER BY id").fetchall()
        of_version = {version: ranks[article] for version, article in versions}
        self._ranks = {"article": _by_id(of_version.items())}
        for table in ("claim", "figure"):
            rows = db.execute(f"SELECT id, version_id FROM {table} ORDER BY id")
            self._ranks[table] = _by_id((id_, of_version[version]) for id_, version in rows)

    def mine(self, items: Sequence[Filed], pairs: Pairs) -> Pairs:
        """Of pairs of items of one kind and others, those in which the other stands behind: so each pair is compared
        once."""
        ranks, ids = self._ranks[items[0].kind], np.array([item.item for item in items])[pairs.one]
        own, others = ranks[ids], ranks[pairs.other]
        return pairs.where((others > own) | ((others == own) & (pairs.other > ids)))


def _by_id(pairs: Iterable[tuple[int, int]]) -> NDArray[np.int32]:
    ranks = array("i")
    for id_, rank in pairs:
        ranks.extend([-1] * (id_ - len(ranks)))
        ranks.append(rank)
    return np.array(ranks, np.int32)
