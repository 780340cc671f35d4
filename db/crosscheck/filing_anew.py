"""Filing everything at once. It stands aside, in temporary tables, until all has been compared: what is written to the
database of a long transaction makes every later reading of it slower."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
from sqlite_utils import Database

from .filing import note_roles
from .meetings import Meetings
from .places import Filed, Place
from .series import ROW, Entries, Rows, Series

ASIDE = (
    # hides the stored table of this name
    "CREATE TEMP TABLE crosscheck_version (version_id INTEGER PRIMARY KEY, text_keys INTEGER, entries BLOB)",
    "CREATE TEMP TABLE series (entries BLOB)",  # parts of all series, as bytes of `ROW`
)


class FilingAnew:
    """Files the items of all versions, whatever was filed before. `roles`: the series of offices, with their places."""

    def __init__(self, db: Database, meetings: Meetings) -> None:
        self._db, self._meetings = db, meetings
        self.roles: dict[int, set[Place]] = defaultdict(set)
        for table in ("part", "plan"):
            db.execute(f"DELETE FROM crosscheck_{table}")
        for table in ASIDE:
            db.execute(table)
        self._entries = Entries(db)

    def file(self, versions: dict[int, list[Filed]]) -> None:
        """File versions. Nobody meets anybody before `finish`."""
        some = [one for filed in versions.values() for one in filed]
        self._entries.add(some)
        note_roles(self.roles, some)
        self._meetings.remember(versions)

    def finish(self) -> None:
        """Make the series of what was filed, to be looked up in memory until `keep`."""
        self._meetings.hold(Series(self._aside(self._entries.take())))

    def keep(self) -> None:
        """Put what stands aside in the place of what is stored."""
        self._meetings.let_go()
        self._db.execute("DELETE FROM crosscheck_meeting")
        for (entries,) in self._db.execute("SELECT entries FROM temp.series ORDER BY rowid"):
            rows = np.frombuffer(entries, ROW).tolist()
            self._db.conn.executemany("INSERT INTO crosscheck_meeting VALUES (?, ?, ?)", rows)
        self._db.execute("DROP TABLE temp.series")
        self._db.execute("DELETE FROM main.crosscheck_version")
        self._db.execute("INSERT INTO main.crosscheck_version SELECT * FROM temp.crosscheck_version ORDER BY 1")
        self._db.execute("DROP TABLE temp.crosscheck_version")

    def _aside(self, parts: Iterable[Rows]) -> Iterator[Rows]:
        for rows in parts:
            self._db.execute("INSERT INTO temp.series VALUES (?)", [rows.tobytes()])
            yield rows
