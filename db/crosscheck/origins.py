"""Independence: how many origins stand behind a figure, however many pages print it.

Printings have one origin when they stand in one article (any version), in copies of one text, under the credit of one
agency, or in one quoted document. Groups are connected: a copy of a copy is the same origin. The site counts by `ties`
as well, so that a page says what the tables say.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

from sqlite_utils import Database

from db.groups import connected

from .copies import agency
from .linked import AllLinked, Linked, linked_to
from .names import surnames
from .recent import Recent

AT_ONCE = 2000  # figures
KEPT = 40_000  # figures
Standing = tuple[int, int, int]
Reasons = frozenset[Hashable]
LISTED = "(SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Printing:
    """Where a figure stands, and what ties it to its origin: printings that share a reason have one origin."""

    article: int
    current: bool
    reasons: Reasons


def write_standings(db: Database, *, of_all: bool = False) -> None:
    """Count anew, for the figures noted in `crosscheck_standing` and for those whose printings have other copies than
    before: the origins that print a figure (its own included), others that agree, and others that do not.

    Old versions do not count: an outlet that corrected itself no longer disagrees. A figure of an old version is set
    against the present ones. `of_all`: all are noted, and what they are linked to is read at once.
    """
    copies = Copies(db)
    if not of_all:
        _note_copied(db, copies)
    linked = AllLinked(db).of if of_all else partial(linked_to, db)
    printings = AllPrintings(db, copies) if of_all else Printings(db, copies)
    waiting = (i for (i,) in db.execute("SELECT figure_id FROM crosscheck_standing ORDER BY 1").fetchall())
    while some := list(islice(waiting, AT_ONCE)):
        found = _standings(some, linked(some), printings)
        query = f"SELECT * FROM figure_standing WHERE figure_id IN {LISTED}"
        have = {figure: tuple(row) for figure, *row in db.execute(query, [json.dumps(some)])}
        changed = [(figure, *row) for figure, row in found.items() if have.get(figure) != row]
        db.conn.executemany("INSERT OR REPLACE INTO figure_standing VALUES (?, ?, ?, ?)", changed)
    for table in ("standing", "copied"):
        if db.execute(f"SELECT 1 FROM crosscheck_{table} LIMIT 1").fetchone():
            db.execute(f"DELETE FROM crosscheck_{table}")


def note_standings(db: Database, versions: Iterable[int]) -> None:
    """Note that the standings of the figures of versions, and of those that are linked to them, have to be counted."""
    query = f"SELECT id FROM figure WHERE version_id IN {LISTED}"
    ids = json.dumps([i for (i,) in db.execute(query, [json.dumps(list(versions))])])
    db.execute("INSERT OR IGNORE INTO crosscheck_standing SELECT value FROM json_each(?)", [ids])
    for near, far in (("a", "b"), ("b", "a")):
        db.execute(  # the join and the sign keep SQLite from reading all links that end at figures
            f"""INSERT OR IGNORE INTO crosscheck_standing SELECT {far}_id FROM json_each(?) AS listed
                CROSS JOIN link ON {near}_kind = 'figure' AND {near}_id = listed.value AND +{far}_kind = 'figure'""",
            [ids],
        )


class Copies:
    """Articles (row ids) connected by `wire_copy`, each group found when one of its articles is asked for."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._root: dict[int, int] = {}

    def root(self, article: int) -> int:
        if article not in self._root:
            self._root |= dict.fromkeys(self.group(article), article)
        return self._root[article]

    def group(self, article: int) -> set[int]:
        found, waiting = {article}, [article]
        while waiting:
            new = set(self._beside(waiting.pop())) - found
            found |= new
            waiting += new
        return found

    def _beside(self, article: int) -> Iterator[int]:
        for near, far in (("a", "b"), ("b", "a")):
            query = f"""SELECT other.article_id FROM article_version v
                JOIN link l ON l.{near}_kind = 'article' AND l.{near}_id = v.id AND l.label = 'wire_copy'
                JOIN article_version other ON other.id = l.{far}_id WHERE v.article_id = ?"""
            yield from (i for (i,) in self._db.execute(query, [article]))


class Printings:
    """Where figures stand, by row id. Those that were read lately are kept: what agrees was mostly printed in the
    same days."""

    def __init__(self, db: Database, copies: Copies) -> None:
        self._db, self._copies = db, copies
        self._kept: Recent[int, Printing] = Recent(KEPT)

    def of(self, figures: set[int]) -> dict[int, Printing]:
        """Figures that are no longer there are left out."""
        found = self._kept.known(figures)
        for id_, printing in self._read(sorted(figures - found.keys())):
            found[id_] = printing
            self._kept.keep(id_, printing)
        return found

    def _read(self, figures: list[int]) -> Iterator[tuple[int, Printing]]:
        query = f"""SELECT f.id, v.article_id, a.current_version IS v.id, v.origin, c.names, c.speaker_class, c.basis
            FROM figure f JOIN article_version v ON v.id = f.version_id JOIN article a ON a.id = v.article_id
            LEFT JOIN claim c ON c.id = f.claim_id WHERE f.id IN {LISTED}"""
        for id_, article, current, *about in self._db.execute(query, [json.dumps(figures)]).fetchall():
            yield id_, Printing(article, bool(current), ties(self._copies.root(article), *about))


class AllPrintings:
    """Where all figures stand, in memory: those of a version that quote no document are one object."""

    def __init__(self, db: Database, copies: Copies) -> None:
        query = """SELECT v.id, v.article_id, a.current_version IS v.id, v.origin
            FROM article_version v JOIN article a ON a.id = v.article_id"""
        versions = {version: about for version, *about in db.execute(query)}
        alike: dict[tuple[int, str | None], Printing] = {}
        self._by_id: list[Printing | None] = []
        query = """SELECT f.id, f.version_id, c.names, c.speaker_class, c.basis
            FROM figure f LEFT JOIN claim c ON c.id = f.claim_id ORDER BY f.id"""
        for figure, version, *said in db.execute(query):
            key = version, said[0] if quotes_a_document(*said) else None
            if key not in alike:
                article, current, origin = versions[version]
                alike[key] = Printing(article, bool(current), ties(copies.root(article), origin, *said))
            self._by_id += [None] * (figure - len(self._by_id))
            self._by_id.append(alike[key])

    def of(self, figures: set[int]) -> dict[int, Printing]:
        """Figures that are no longer there are left out."""
        there = (figure for figure in figures if figure < len(self._by_id))
        return {figure: printing for figure in there if (printing := self._by_id[figure])}


def ties(copies: int, origin: str | None, names: str | None, class_: str | None, basis: str | None) -> Reasons:
    """What ties a printing to its origin. `copies` is one number for all articles that are copies of one text; `names`
    (JSON), class and basis are those of the speaker who gives the figure, or says what is quoted."""
    reasons: set[Hashable] = {("copies", copies)}
    if origin:
        reasons.add(("agency", agency(origin)))
    if quotes_a_document(names, class_, basis):
        reasons.add(("document", surnames(json.loads(names or "[]"))))
    return frozenset(reasons)


def quotes_a_document(names: str | None, class_: str | None, basis: str | None) -> bool:
    """Whether the words are those of a document whose authors (JSON) are known."""
    return "document" in (class_, basis) and bool(json.loads(names or "[]"))


def count_origins(printings: Iterable[Reasons]) -> int:
    """The number of groups that are left when printings that share a reason are one."""
    different = {*printings}
    if all(len(reasons) == 1 for reasons in different):
        return len(different)
    return len(set(connected([*different])))


def _note_copied(db: Database, copies: Copies) -> None:
    """Wherever copies came or went, everybody who is connected now may have had, or may have got, another origin."""
    query = (
        "SELECT DISTINCT article_id FROM crosscheck_copied c JOIN article_version v ON v.id = c.version_id ORDER BY 1"
    )
    ends = {i for (i,) in db.execute(query)}
    affected: set[int] = set()
    for article in sorted(ends):
        affected |= set() if article in affected else copies.group(article)
    if affected:
        listed = json.dumps(sorted(affected))
        query = f"SELECT id FROM article_version WHERE article_id IN {LISTED}"
        note_standings(db, [i for (i,) in db.execute(query, [listed])])


def _standings(figures: list[int], linked: Iterable[Linked], read: Printings | AllPrintings) -> dict[int, Standing]:
    beside: dict[bool, dict[int, set[int]]] = {True: defaultdict(set), False: defaultdict(set)}
    for agrees, figure, other in linked:
        beside[agrees][figure].add(other)
    there = {*figures, *(i for of in beside.values() for others in of.values() for i in others)}
    printings = read.of(there)
    out = {}
    for figure in (i for i in figures if i in printings):
        own = printings[figure]
        agree, differ = (
            [
                p.reasons
                for p in (printings[i] for i in beside[agrees][figure])
                if p.current and p.article != own.article
            ]
            for agrees in (True, False)
        )
        origins = count_origins([own.reasons, *agree])
        out[figure] = (origins, origins - 1, count_origins(differ))
    return out
