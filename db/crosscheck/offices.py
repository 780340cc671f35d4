"""The links between offices, series by series: a mention that comes or goes changes what those beside it are set
against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .meetings import Meetings
from .places import NEAREST, Filed, Place
from .records import Records
from .roles import Mention, mention_in, mentions, role_conflicts
from .roles import filed as filed_mention
from .store import Link, Stored, Writer

AT_ONCE = 1000  # mentions


def filed(records: Records, versions: Iterable[int]) -> Iterator[tuple[int, Filed]]:
    """The mentions of offices in an article, given all its versions, each with the version that it is filed with."""
    claims = [c for v in records.versions(versions).values() for c in records.claims_of(v)]
    for mention in mentions(claims):
        yield mention.claim.version.id, filed_mention(mention)


class Offices:
    """Writes the links of all mentions that have a changed place of their series within reach."""

    def __init__(self, meetings: Meetings, records: Records, writer: Writer) -> None:
        self._meetings, self._records, self._writer = meetings, records, writer

    def compare(self, changed: dict[int, set[Place]]) -> None:
        """`changed`: places that were taken or left, by series."""
        touched = {item for places in changed.values() for _, item in places}
        gone: set[int] = set()
        kept: set[str] = set()
        for key, places in sorted(changed.items()):
            reach, first, last = NEAREST["role"], min(places)[0], max(places)[0]
            series = self._meetings.around(key, first, last, 3 * reach)
            gone |= {item for _, item in places - set(series)}
            start = sum(at < first for at, _ in series[: 3 * reach])
            stop = len(series) - sum(at > last for at, _ in series[-3 * reach :])
            for link in self._write(series, range(max(0, start - reach), min(len(series), stop + reach))):
                kept |= {link.public_id} if {link.a.id, link.b.id} & touched else set()
        have = self._stored(gone).items()  # what was one person's may be another's now, in a series of its own
        self._writer.write([], {key: row for key, row in have if key not in kept})

    def _write(self, series: list[Place], places: range) -> Iterator[Link]:
        """The links of the mentions at these places of a series, a part after the other."""
        reach = NEAREST["role"]
        for at in range(places.start, places.stop, AT_ONCE):
            part = range(at, min(at + AT_ONCE, places.stop))
            beside = max(0, at - 2 * reach)
            read = self._read(series[beside : part.stop + 2 * reach])
            links = [*role_conflicts(read, range(part.start - beside, part.stop - beside))]
            self._writer.write(links, self._stored(series[i][1] for i in part))
            yield from links

    def _stored(self, claims: Iterable[int]) -> dict[str, Stored]:
        stored = self._writer.stored("claim", claims)
        return {key: row for key, row in stored.items() if row.label == "role_conflict"}

    def _read(self, series: list[Place]) -> list[Mention]:
        claims = self._records.claims(item for _, item in series)
        found = [mention_in(claims[item]) for _, item in series]
        return [mention for mention in found if mention is not None]
