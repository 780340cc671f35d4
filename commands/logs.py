"""Log lines as JSON, one object a line, for whatever collects them."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

FIELDS = ("url", "source", "outcome", "status", "reason", "run", "counts")
"""What a record may carry besides its message, as `extra`."""


class JsonLines(logging.Formatter):
    """`{"ts": …, "level": …, "logger": …, "event": …}` with the fields that the record carries, and its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
