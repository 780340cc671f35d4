"""What a person decides about links, speakers and measures."""

from __future__ import annotations

import click

from commands.common import db_option, example, say

because_option = click.option("--because", metavar="TEXT", help="Why, for whoever asks later.")


@click.group()
def links() -> None:
    """Links between sources that a person has judged."""


@example('onrecord links reject 0f71426c --because "other programme"')
@links.command("reject")
@click.argument("link", metavar="ID")
@because_option
@db_option
def links_reject(link: str, because: str | None, db_path: str) -> None:
    """Take a link out for good; ID is in the address of its page, its beginning is enough. Counts follow at the next
    cross-check."""
    import jobs
    from db.decisions import reject_link

    with jobs.writing(db_path, must_exist=True) as db:
        decision = reject_link(db, link, because)
    say(f"rejected {decision.key}, {decision.value}")


@example("onrecord links restore 0f71426c && onrecord crosscheck")
@links.command("restore")
@click.argument("link", metavar="ID")
@db_option
def links_restore(link: str, db_path: str) -> None:
    """Take a rejection back; the next cross-check finds the link again."""
    import jobs
    from db.decisions import restore_link

    with jobs.writing(db_path, must_exist=True) as db:
        restore_link(db, link)


@example("onrecord links list")
@links.command("list")
@db_option
def links_list(db_path: str) -> None:
    """The links that were rejected, with the reasons."""
    from db.decisions import REJECTED

    _list_decisions(db_path, REJECTED)


@click.group()
def speakers() -> None:
    """Speakers that a person has told apart or put together."""


@example('onrecord speakers merge "M. Quill" "Mara Quill-Oake" --into "Mara Quill"')
@speakers.command("merge")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--into", required=True, metavar="NAME", help="The name that they all have from now on.")
@because_option
@db_option
def speakers_merge(names: tuple[str, ...], into: str, because: str | None, db_path: str) -> None:
    """Make several names one person, in what is stored and in whatever is extracted later."""
    import jobs
    from db.decisions import merge_speakers

    with jobs.writing(db_path, must_exist=True) as db:
        changed = merge_speakers(db, names, into, because)
    say(f"{changed} claims and figures are {into}'s now; run `onrecord crosscheck`")


@example('onrecord speakers split "Ned Oake" --as "Ned Oake (mayor)" --article b71f3f88ce38c168')
@speakers.command("split")
@click.argument("name")
@click.option("--as", "new", required=True, metavar="NAME", help="The other person's name.")
@click.option("--article", "articles", multiple=True, required=True, metavar="ID",
              help="Article in which it is the other person, as in the address of its page; repeatable.")  # fmt: skip
@because_option
@db_option
def speakers_split(name: str, new: str, articles: tuple[str, ...], because: str | None, db_path: str) -> None:
    """Tell two people of one name apart, by the articles in which it is the other one."""
    import jobs
    from db.decisions import split_speaker

    with jobs.writing(db_path, must_exist=True) as db:
        changed = split_speaker(db, name, new, articles, because)
    say(f"{changed} claims and figures are {new}'s now; run `onrecord crosscheck`")


@example("onrecord speakers list")
@speakers.command("list")
@db_option
def speakers_list(db_path: str) -> None:
    """The names that were merged and split, with the reasons."""
    from db.decisions import MERGED, SPLIT

    _list_decisions(db_path, MERGED, SPLIT)


@click.group()
def measures() -> None:
    """What measures are, where a person knows better."""


@example('onrecord measures correct asylum_claims --official-url https://stats.example/asylum --because "their table"')
@measures.command("correct")
@click.argument("key")
@click.option("--label", metavar="TEXT", help="Its name on the site.")
@click.option("--definition", metavar="TEXT", help="What is counted, in a sentence.")
@click.option("--unit", metavar="UNIT", help="What it is counted in: person, claim, percent, CAD, …")
@click.option("--official-url", metavar="URL", help="Where its official numbers are published.")
@because_option
@db_option
def measures_correct(key: str, because: str | None, db_path: str, **columns: str | None) -> None:
    """Say what a measure is, for the site, the tables and every later run; KEY is in the address of its page."""
    import jobs
    from db.decisions import correct_measure

    given = {column: value for column, value in columns.items() if value is not None}
    if not given:
        raise click.UsageError("Say what to correct: --label, --definition, --unit or --official-url.")
    with jobs.writing(db_path, must_exist=True) as db:
        correct_measure(db, key, given, because)
    say(f"corrected {key}: {', '.join(given)}; run `onrecord crosscheck`")


@example("onrecord measures reset asylum_claims")
@measures.command("reset")
@click.argument("key")
@db_option
def measures_reset(key: str, db_path: str) -> None:
    """Take all corrections of a measure back."""
    import jobs
    from db.decisions import reset_measure
    from db.rows import save_measures

    with jobs.writing(db_path, must_exist=True) as db:
        reset_measure(db, key)
        save_measures(db, [key], jobs.measures())
        db.conn.commit()


@example("onrecord measures list")
@measures.command("list")
@db_option
def measures_list(db_path: str) -> None:
    """What was corrected of measures, with the reasons."""
    from db.decisions import CORRECTED

    _list_decisions(db_path, CORRECTED)


def _list_decisions(db_path: str, *kinds: str) -> None:
    from db import open_db
    from db.decisions import decisions

    db = open_db(db_path, must_exist=True)
    for decision in (one for kind in kinds for one in decisions(db, kind)):
        key = decision.key.replace("\t", ", " if decision.kind == "measure_corrected" else " in article ")
        why = f" ({decision.because})" if decision.because else ""
        click.echo(f"{decision.at} {decision.kind.replace('_', ' ')}: {key} → {decision.value}{why}")
