"""All links of one article, and of pairs of others that another item came between, each made from the rows and the
series as they are now. What is found replaces what is stored, so that it does not matter which run came before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from sqlite_utils import Database

from . import candidates, copies, peers
from .derived import derived
from .figures import VERBS, FigureLinks
from .filing import Moved
from .meetings import Meetings
from .places import Filed, Pairs
from .quotes import same_quotes
from .recent import Recent
from .records import Claim, Figure, Records, Version
from .revisions import revisions
from .store import Link, Stored, Writer

KEPT = 5_000  # claims
CANDIDATES: dict[str, Callable[[Sequence[Filed], Meetings], Pairs]] = {
    "article": copies.candidates, "claim": candidates.candidates, "figure": peers.candidates
}  # fmt: skip
Mine = Callable[[str], bool]  # whether a link to the article of this public id is to be found


class Comparison:
    """`due`: public ids of the articles whose links are all made anew; a link of two of them is made once, with the one
    of the smaller id."""

    def __init__(self, db: Database, meetings: Meetings, writer: Writer, due: frozenset[str]) -> None:
        self._db, self._meetings, self._writer, self._due = db, meetings, writer, due
        # What was looked up ahead: items by version, and by kind whom they are compared with.
        self._filed: dict[int, list[Filed]] = {}
        self._met: dict[str, dict[int, list[int]]] = {kind: {} for kind in CANDIDATES}
        self.records = Records(db)
        self._own = copies.OwnWords(self.records)
        self._figures = FigureLinks(db, self.records)
        self._profiles: Recent[int, candidates.Profile] = Recent(KEPT)

    def filed(self, version: Version) -> list[Filed]:
        """What the items of a version are to be filed under, offices aside."""
        claims = (candidates.filed(self._profile(c)) for c in self.records.claims_of(version))
        figures = (peers.filed(f) for f in self.records.figures_of(version))
        return [copies.filed(version, self._own), *claims, *figures]

    def look_ahead(self, articles: Iterable[list[int]]) -> None:
        """Read what some articles, given their versions, are compared with in few queries."""
        versions = [version for some in articles for version in some]
        self.records.read_ahead(versions)
        self._filed = {version: self._meetings.filed(version) for version in versions}
        filed = [one for some in self._filed.values() for one in some]
        for kind, read in (
            ("article", self.records.versions), ("claim", self.records.claims), ("figure", self.records.figures)
        ):  # fmt: skip
            self._met[kind] = self._compared_with([one for one in filed if one.kind == kind])
            read(sorted({other for others in self._met[kind].values() for other in others}))

    def article(self, versions: Iterable[int]) -> None:
        """Write all links of an article, given its versions, but those between offices."""
        history = [*self.records.versions(versions).values()]
        article = history[0].article

        def mine(other: str) -> bool:
            return other not in self._due or other >= article

        filed = [one for v in history for one in self._filed.get(v.id) or self._meetings.filed(v.id)]
        items = {kind: [one.item for one in filed if one.kind == kind] for kind in ("claim", "figure")}
        have: dict[str, Stored] = {}
        for kind, ids in {"article": [v.id for v in history], **items}.items():
            stored = self._writer.stored(kind, ids).items()
            have |= {key: row for key, row in stored if row.label != "role_conflict" and mine(row.article)}
        links = [*self._within(history), *self._copies(history, filed, mine), *same_quotes(self._quotes(filed, mine))]
        self._writer.write(links + self._compared(self._pairs(filed, mine)), have)

    def moved(self, moves: Iterable[Moved]) -> None:
        """Write the links of items, neither of a due article, that meet otherwise than they did."""
        for kind, some in groupby(sorted(set(moves), key=lambda m: (m.kind, m.a, m.b)), key=lambda m: m.kind):
            again = {"claim": self._claims_again, "figure": self._figures_again, "article": self._texts_again}[kind]
            again([(m.a, m.b) for m in some])

    def met_by(self, figure: int) -> Iterator[Moved]:
        """All that a figure meets, to be compared again."""
        one = self._filed_figure(figure)
        for other in peers.candidates([one], self._meetings).other.tolist() if one else ():
            yield Moved("figure", min(figure, other), max(figure, other), apart=False)

    def _within(self, history: list[Version]) -> Iterator[Link]:
        """The links of an article by itself."""
        yield from revisions(history, self.records)
        for version in history:
            yield from derived(self.records.figures_of(version))

    def _copies(self, history: list[Version], filed: Iterable[Filed], mine: Mine) -> Iterator[Link]:
        met = self._beside("article", filed)
        others = self.records.versions(i for found in met.values() for i in found)
        wanted = {i for i, v in others.items() if v.article != history[0].article and mine(v.article)}
        pairs = ((v, others[i]) for v in history for i in met[v.id] if i in wanted)
        return copies.wire_copies(pairs, self._own)

    def _quotes(self, filed: list[Filed], mine: Mine) -> Iterator[tuple[candidates.Profile, candidates.Profile]]:
        met = self._beside("claim", filed)
        claims = self.records.claims(i for item, found in met.items() if found for i in (item, *found))
        for item, found in met.items():
            for own, other in ((claims[item], claims[i]) for i in found):
                if other.version.article != own.version.article and mine(other.version.article):
                    yield self._profile(own), self._profile(other)

    def _pairs(self, filed: list[Filed], mine: Mine) -> Iterator[tuple[Figure, Figure]]:
        met = self._beside("figure", filed)
        figures = self.records.figures([*met, *(i for found in met.values() for i in found)])
        for item, found in met.items():
            for other in found:
                once = other not in met or item < other
                if once and mine(figures[other].version.article):
                    yield figures[item], figures[other]

    def _beside(self, kind: str, filed: Iterable[Filed]) -> dict[int, list[int]]:
        """Whom the items of a kind among these are compared with."""
        some = [one for one in filed if one.kind == kind]
        known = self._met[kind]
        unknown = [one for one in some if one.item not in known]
        found = self._compared_with(unknown)
        return {one.item: known[one.item] if one.item in known else found[one.item] for one in some}

    def _compared_with(self, items: list[Filed]) -> dict[int, list[int]]:
        return CANDIDATES[items[0].kind](items, self._meetings).by_item(items) if items else {}

    def _compared(self, pairs: Iterable[tuple[Figure, Figure]]) -> list[Link]:
        return [link for a, b in pairs if (link := self._figures.between(a, b))]

    def _claims_again(self, pairs: list[tuple[int, int]]) -> None:
        """Of any two versions all claims at once, as other wordings compete with each other."""
        claims = self.records.claims(i for pair in pairs for i in pair)
        beside: dict[int, set[int]] = defaultdict(set)
        for a, b in ((claims[a].version, claims[b].version) for a, b in pairs if a in claims and b in claims):
            if a.article != b.article and not {a.article, b.article} & self._due:
                beside[min(a.id, b.id)].add(max(a.id, b.id))
        for version, others in beside.items():
            filed = self._meetings.filed(version, ("claim",))
            stored = self._writer.stored("claim", [one.item for one in filed])
            have = {key: row for key, row in stored.items() if row.label == "same_quote" and row.version in others}
            met = ((p, q) for p, q in self._quotes(filed, lambda _: True) if q.claim.version.id in others)
            self._writer.write(same_quotes(met), have)

    def _figures_again(self, pairs: list[tuple[int, int]]) -> None:
        for a, some in groupby(pairs, key=lambda pair: pair[0]):
            found = self.records.figures([a, *(others := [b for _, b in some])])
            one = self._filed_figure(a) if a in found else None
            rivals = [found[b] for b in others if one and b in found and self._are_rivals(found[a], found[b])]
            if one and rivals:
                ends = {frozenset((a, b.id)) for b in rivals}
                stored = self._writer.stored("figure", [a])
                have = {key: row for key, row in stored.items() if row.label in VERBS and row.ends in ends}
                met = {*peers.candidates([one], self._meetings).other.tolist()}
                self._writer.write(self._compared((found[a], b) for b in rivals if b.id in met), have)

    def _are_rivals(self, a: Figure, b: Figure) -> bool:
        """Of articles that are not due. Two versions of one article are compared by `revisions`."""
        due = {a.version.article, b.version.article} & self._due
        return not due and (a.version.id == b.version.id or a.version.article != b.version.article)

    def _texts_again(self, pairs: list[tuple[int, int]]) -> None:
        query = """SELECT id FROM article_version WHERE article_id = (
                       SELECT article_id FROM article_version WHERE id = ?) ORDER BY id"""
        histories = {tuple(i for (i,) in self._db.execute(query, [a])) for a, _ in pairs}
        for versions in sorted(histories):
            history = [*self.records.versions(versions).values()]
            if history and history[0].article not in self._due:
                stored = self._writer.stored("article", versions)
                have = {
                    k: row for k, row in stored.items() if row.label == "wire_copy" and row.article not in self._due
                }
                filed = [one for version in versions for one in self._meetings.filed(version, ("article",))]
                self._writer.write(self._copies(history, filed, lambda other: other not in self._due), have)

    def _filed_figure(self, figure: int) -> Filed | None:
        for one in self.records.figures([figure]).values():
            return next((f for f in self._meetings.filed(one.version.id, ("figure",)) if f.item == figure), None)
        return None

    def _profile(self, claim: Claim) -> candidates.Profile:
        return self._profiles.made(claim.id, lambda: candidates.profile(claim))
