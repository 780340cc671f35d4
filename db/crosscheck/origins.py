"""Independence: how many origins stand behind a figure, however many pages print it.

Printings have one origin when they stand in one article (any version), in copies of one text, under the credit of one
agency, or in one quoted document. Groups are connected: a copy of a copy is the same origin.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence

from sqlite_utils import Database

from .copies import agency
from .names import surnames
from .records import Figure, Records
from .store import Link

Standing = tuple[int, int, int]


class Groups:
    """Union-find over anything hashable."""

    def __init__(self) -> None:
        self._parent: dict[Hashable, Hashable] = {}

    def root(self, item: Hashable) -> Hashable:
        parent = self._parent.setdefault(item, item)
        while parent != self._parent[parent]:
            parent = self._parent[parent]
        self._parent[item] = parent
        return parent

    def join(self, a: Hashable, b: Hashable) -> None:
        self._parent[self.root(a)] = self.root(b)


def copy_groups(links: Iterable[Link]) -> Groups:
    """Articles connected by `wire_copy`."""
    groups = Groups()
    for link in links:
        if link.label == "wire_copy":
            groups.join(link.a.article, link.b.article)  # type: ignore[union-attr]
    return groups


def count_origins(figures: Sequence[Figure], records: Records, copies: Groups) -> int:
    """The number of independent origins among the articles that print these figures."""
    groups = Groups()
    for figure in figures:
        for reason in _reasons(figure, records, copies):
            groups.join(("figure", figure.id), reason)
    return len({groups.root(("figure", f.id)) for f in figures})


def standings(records: Records, links: Sequence[Link]) -> dict[int, Standing]:
    """figure id → (origins that print it, its own included; other origins that agree; other origins that do not).

    Old versions do not count: an outlet that corrected itself no longer disagrees. A figure of an old version is set
    against the present ones.
    """
    copies = copy_groups(links)
    agree: dict[int, dict[int, Figure]] = defaultdict(dict)
    differ: dict[int, dict[int, Figure]] = defaultdict(dict)
    for link in links:
        table = {"same_figure": agree, "conflicting_figure": differ}.get(link.label)
        if table is not None and isinstance(link.a, Figure) and isinstance(link.b, Figure):
            for one, other in ((link.a, link.b), (link.b, link.a)):
                if other.version.current and other.version.article != one.version.article:
                    table[one.id][other.id] = other
    out = {}
    for figure in records.figures:
        origins = count_origins([figure, *agree[figure.id].values()], records, copies)
        conflicts = count_origins(list(differ[figure.id].values()), records, copies)
        out[figure.id] = (origins, origins - 1, conflicts)
    return out


def write_standings(db: Database, found: dict[int, Standing]) -> None:
    """Make the table `figure_standing` hold exactly these rows, touching only those that changed."""
    have = {
        r["figure_id"]: (r["origins"], r["agrees"], r["conflicts"]) for r in db.query("SELECT * FROM figure_standing")
    }
    db.conn.executemany("DELETE FROM figure_standing WHERE figure_id = ?", [(i,) for i in have.keys() - found.keys()])
    changed = [(i, *row) for i, row in found.items() if have.get(i) != row]
    db.conn.executemany("INSERT OR REPLACE INTO figure_standing VALUES (?, ?, ?, ?)", changed)


def _reasons(figure: Figure, records: Records, copies: Groups) -> Iterable[Hashable]:
    """What ties a printing to its origin; two printings that share one of these have one origin."""
    yield "copies", copies.root(figure.version.article)
    if figure.version.origin:
        yield "agency", agency(figure.version.origin)
    claim = records.claim_by_id.get(figure.claim or 0)
    if claim and claim.names and "document" in (claim.speaker_class, claim.basis):
        yield "document", surnames(claim.names)
