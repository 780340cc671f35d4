"""Our database as Datasette serves it, its schema remembered: a table's page asks two dozen questions about it, each
in a thread of its own, which was a quarter of the page's time."""

from __future__ import annotations

import copy
import time
from typing import Any

from datasette.database import Database

KEPT = 60.0  # seconds: a server that runs through a migration finds out


class RememberedSchema(Database):  # type: ignore[misc]
    """A Database of Datasette that reads a table's columns, keys and definition once a minute."""

    memory: dict[tuple[str, ...], tuple[float, Any]]

    @classmethod
    def of(cls, database: Database) -> RememberedSchema:
        """The same file in the same mode, to stand in its place."""
        ours = cls(database.ds, path=database.path, is_mutable=database.is_mutable)
        ours.name, ours.route = database.name, database.route
        ours.memory = {}
        return ours

    async def table_exists(self, table: str) -> Any:
        return await self._remembered("table_exists", table)

    async def table_columns(self, table: str) -> Any:
        return await self._remembered("table_columns", table)

    async def table_column_details(self, table: str) -> Any:
        return await self._remembered("table_column_details", table)

    async def primary_keys(self, table: str) -> Any:
        return await self._remembered("primary_keys", table)

    async def fts_table(self, table: str) -> Any:
        return await self._remembered("fts_table", table)

    async def foreign_keys_for_table(self, table: str) -> Any:
        return await self._remembered("foreign_keys_for_table", table)

    async def get_table_definition(self, table: str, type_: str = "table") -> Any:
        return await self._remembered("get_table_definition", table, type_)

    async def _remembered(self, question: str, *about: str) -> Any:
        memory = self.memory
        until, answer = memory.get((question, *about), (0.0, None))
        if time.monotonic() >= until:
            if len(memory) > 1000:
                memory.clear()  # readers may ask for tables that are not there, under any name
            answer = await getattr(super(), question)(*about)
            memory[(question, *about)] = time.monotonic() + KEPT, answer
        return copy.copy(answer)  # callers sort and extend the lists
