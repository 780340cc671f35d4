"""The pictures in docs/screens, of every kind of page, taken of the demonstration newsroom: `make run` serves it, and

`.venv/bin/python -m bench.screenshots demo.db` takes them meanwhile.

Each page once as on a desk (1280 wide, light) and once as on a telephone (390 wide, dark), cut below the first screens.
"""

from __future__ import annotations

import io
import tempfile
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import click
from PIL import Image
from selenium import webdriver

from bench.browser import chromium, resize
from db import open_db

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "screens"
COLOURS = 128  # of the palette, so that no picture is above 300 kB
VIEWS = {"": (1280, "light", 1150), "-390": (390, "dark", 1500)}  # ending of the name: width, scheme, height at most
IDS = {  # name in an address below: the query for it
    "article": "SELECT public_id FROM article WHERE url LIKE '%northmark-asks-one-billion%'",
    "corrected": "SELECT a.public_id FROM article a JOIN article_version v ON v.article_id = a.id WHERE v.number = 2",
    "speaker": """SELECT s.public_id FROM speaker s JOIN claim_speaker cs ON cs.speaker_id = s.id
                  WHERE s.class = 'person' GROUP BY s.id ORDER BY count(*) DESC, s.name LIMIT 1""",
    "conflict": "SELECT link_id FROM links WHERE label = 'conflicting_figure' AND a_text LIKE '62,%'",
    "rounding": "SELECT link_id FROM links WHERE label = 'same_figure' AND a_text LIKE '%588%' AND a_text <> b_text",
    "quote": "SELECT link_id FROM links WHERE label = 'same_quote' ORDER BY score LIMIT 1",
    "offices": "SELECT link_id FROM links WHERE label = 'role_conflict' LIMIT 1",
    "derived": "SELECT link_id FROM links WHERE label = 'derived' AND a_text LIKE '%56%' LIMIT 1",
}
PAGES = {
    "home": "/",
    "search": "/-/search?q=asylum+seekers+last+year&since=2025-02-01",
    "article": "/-/article/{article}",
    "changes": "/-/changes/{corrected}",
    "speaker": "/-/speaker/{speaker}",
    "compare-figures": "/-/link/{conflict}",
    "compare-rounding": "/-/link/{rounding}",
    "compare-words": "/-/link/{quote}",
    "compare-offices": "/-/link/{offices}",
    "compare-derived": "/-/link/{derived}",
    "measure": "/-/measure/asylum_claims",
    "outlet": "/-/outlet?name=Northmark+Courier",
    "method": "/-/method",
    "downloads": "/-/downloads",
    "tables": "/{db}",
    "facts": "/{db}/facts",
    "query": "/{db}/speaker_claims?speaker=vasseur",
}


@click.command()
@click.argument("database", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--address", default="http://127.0.0.1:8001", show_default=True, help="Where DATABASE is served.")
@click.option("--only", multiple=True, type=click.Choice(list(PAGES)), help="These pages; all by default.")
def main(database: Path, address: str, only: tuple[str, ...]) -> None:
    """Take the pictures in docs/screens again, of DATABASE, which `onrecord run --demo` has made."""
    ids = {"db": quote(database.stem), **_ids(database)}
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as profile, chromium(Path(profile)) as browser:
        for name in only or PAGES:
            for ending, (width, scheme, most) in VIEWS.items():
                resize(browser, width, scheme)
                browser.get(address + PAGES[name].format(**ids))
                take(browser, FOLDER / f"{name}{ending}.png", width, scheme, most)


def take(browser: webdriver.Chrome, path: Path, width: int, scheme: str, most: int) -> None:
    """The page from its beginning, `most` CSS pixels of it, as PNG with a palette."""
    height = browser.execute_script("return document.documentElement.scrollHeight")
    resize(browser, width, scheme, min(height, most))
    picture = Image.open(io.BytesIO(browser.get_screenshot_as_png())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    click.echo(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB", err=True)


def _ids(database: Path) -> dict[str, str]:
    """The public ids that the addresses need. Fails with the name of what the database has none of."""
    with closing(open_db(database).conn) as connection:
        found = {name: connection.execute(sql).fetchone() for name, sql in IDS.items()}
    missing = [name for name, row in found.items() if row is None]
    if missing:
        raise click.ClickException(f"{database} has none of: {', '.join(missing)}. Make it with onrecord run --demo.")
    return {name: row[0] for name, row in found.items()}


if __name__ == "__main__":
    main()
