"""All links, made in three passes over the rows: each article by itself, texts and claims article by article, figures
measure by measure. Those that are compared are then read soon after one another, however large the database is; the
outcome is that of comparing each article with all others (`comparison`)."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from sqlite_utils import Database

from . import peers
from .comparison import CANDIDATES, Comparison
from .meetings import Meetings
from .owners import Owners
from .places import Filed
from .quotes import same_quotes
from .store import Writer

FIGURES = "SELECT id FROM figure ORDER BY measure_id, place, period_from, id"


class Everything(Comparison):
    """The comparison of all articles with each other."""

    def __init__(self, db: Database, meetings: Meetings, writer: Writer) -> None:
        super().__init__(db, meetings, writer, frozenset())
        self._owners = Owners(db)

    def within(self, articles: Iterable[list[int]]) -> None:
        """Write the links of articles, given their versions, by themselves: while their rows are at hand."""
        for versions in articles:
            self._writer.write(self._within([*self.records.versions(versions).values()]), {})

    def texts_and_claims(self, articles: Iterable[list[int]]) -> None:
        """Write the links of the texts and the claims of articles, given their versions, with those behind them."""
        histories = [[*history.values()] for history in map(self.records.versions, articles)]
        self._filed = {v.id: self._meetings.filed(v.id, ("article", "claim")) for some in histories for v in some}
        for kind, read in (("article", self.records.versions), ("claim", self.records.claims)):
            some = [one for filed in self._filed.values() for one in filed if one.kind == kind]
            self._met[kind] = self._compared_with(some)
            read(i for item, others in self._met[kind].items() if others for i in (item, *others))
        for history in histories:
            filed = [one for version in history for one in self._filed[version.id]]
            copied = self._copies(history, filed, lambda _: True)
            self._writer.write([*copied, *same_quotes(self._quotes(filed, lambda _: True))], {})

    def figures(self) -> array[int]:
        """The ids of all figures, those of one measure and place one after the other."""
        return array("q", (i for (i,) in self._db.execute(FIGURES)))

    def compare_figures(self, ids: Iterable[int]) -> None:
        """Write the links of figures with those behind them."""
        figures = self.records.figures(ids)
        met = self._compared_with([peers.filed(figure) for figure in figures.values()])
        others = self.records.figures({other for found in met.values() for other in found})
        pairs = ((figures[item], others[other]) for item, found in met.items() for other in found)
        self._writer.write(self._compared(pairs), {})

    def _compared_with(self, items: list[Filed]) -> dict[int, list[int]]:
        if not items:
            return {}
        pairs = CANDIDATES[items[0].kind](items, self._meetings)
        return self._owners.mine(items, pairs).by_item(items)
