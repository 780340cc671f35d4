"""One format for every measurement: `results/TASK.json` holds rows, a row being one system on one corpus."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Row:
    """`scores` are fractions (F1 unless the name says otherwise) or, for speed, ratios to ours in the same run."""

    system: str
    corpus: str
    scores: dict[str, float]
    command: str
    note: str = ""


def write(task: str, rows: list[Row]) -> Path:
    """Replace the rows of the same system and corpus, keep the others."""
    path = RESULTS / f"{task}.json"
    new = {(r.system, r.corpus) for r in rows}
    kept = [r for r in read(task) if (r.system, r.corpus) not in new] if path.is_file() else []
    path.parent.mkdir(exist_ok=True)
    text = json.dumps([asdict(r) for r in [*kept, *rows]], indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf8")
    return path


def read(task: str) -> list[Row]:
    return [Row(**row) for row in json.loads((RESULTS / f"{task}.json").read_text(encoding="utf8"))]
