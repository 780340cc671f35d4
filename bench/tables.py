"""Fill the README's tables: `python -m bench.tables` (writes), `python -m bench.tables --check` (exit 1 when stale).

A table stands between `<!-- table NAME -->` and `<!-- end -->`; NAME is a task of `results/`, or `commands`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from bench.results_file import read

README = Path(__file__).parents[1] / "README.md"
SECONDS = ", s"  # ends the name of a time, which says nothing on another machine and stays out of the README
TABLE = re.compile(r"(<!-- table (?P<name>[\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def score_table(task: str) -> str:
    """A row a system and corpus, ours first, a column a score; a dash where a system has no such output."""
    rows = sorted(read(task), key=lambda row: not row.system.startswith("On Record"))
    names = list(dict.fromkeys(name for row in rows for name in row.scores if not name.endswith(SECONDS)))
    lines = [["system", "corpus", *names], ["---", "---", *["--:"] * len(names)]]
    for row in rows:
        ours = row.system.startswith("On Record")
        cells = [_cell(row.scores.get(name)) for name in names]
        system = f"**{row.system}**" if ours else row.system
        lines.append([system + (f" ({row.note})" if row.note else ""), row.corpus, *cells])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _cell(score: float | None) -> str:
    """Three decimals; a count is a whole number, in the results too."""
    return "–" if score is None else str(score) if isinstance(score, int) else f"{score:.3f}"


def command_table() -> str:
    """Every command with the first line of its help."""
    import onrecord

    lines = ["| command | does |", "| --- | --- |"]
    lines += [f"| `onrecord {name}` | {text} |" for name, text in commands(onrecord.main, "")]
    return "\n".join(lines) + "\n"


def commands(group: click.Group, prefix: str) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            out += commands(command, f"{prefix}{name} ")
        else:
            out.append((prefix + name, command.get_short_help_str(limit=200)))
    return out


def filled(text: str) -> str:
    def table(match: re.Match[str]) -> str:
        name = match["name"]
        return match[1] + (command_table() if name == "commands" else score_table(name)) + match[3]

    return TABLE.sub(table, text)


def main() -> int:
    text = README.read_text(encoding="utf8")
    new = filled(text)
    if "--check" in sys.argv[1:]:
        if new != text:
            print("README.md: tables are stale; run python -m bench.tables", file=sys.stderr)
        return int(new != text)
    README.write_text(new, encoding="utf8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
