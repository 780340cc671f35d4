"""The word lists of the figures component, read once from `extract/patterns/`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from extract.lexicon import LOADER

PATTERNS = Path(__file__).parent.parent / "patterns"


class Phrases(dict[tuple[str, ...], str]):
    """Phrase, as its words in lower case → name. Knows the words that phrases begin and end with, and the longest."""

    def __init__(self, phrases: dict[tuple[str, ...], str]) -> None:
        super().__init__(phrases)
        self.firsts = frozenset(key[0] for key in phrases)
        self.lasts = frozenset(key[-1] for key in phrases)
        self.longest = max(map(len, phrases), default=0)


@dataclass(frozen=True)
class Lexicon:
    """Word lists, ready to look up. Phrases are keyed by their words in lower case."""

    numbers: dict[str, Any]
    number_words: frozenset[str]
    hedges: Phrases
    hedges_after: Phrases
    fillers: Phrases
    up_words: dict[str, frozenset[str]]
    down_words: dict[str, frozenset[str]]
    off: frozenset[str]
    phrasal_verbs: frozenset[str]
    transitive_verbs: frozenset[str]
    negatives: dict[str, Any]
    units: Phrases
    unit_kinds: dict[str, str]
    cased_units: dict[str, str]
    currency_prefixes: dict[str, str]
    home_currency: dict[str, str]
    person: frozenset[str]
    places: dict[str, Any]
    measures: tuple[dict[str, Any], ...]
    measure_suffixes: dict[str, str]
    context: dict[str, Any]
    money_nouns: dict[str, str]
    phrase_ends: frozenset[str]

    @classmethod
    def load(cls, folder: Path = PATTERNS) -> Lexicon:
        """Read figures.yml, figures_context.yml, units.yml, places.yml and measures.yml of `folder`."""
        figures, context, units, places, measures = (
            _read(folder / f"{name}.yml") for name in ("figures", "figures_context", "units", "places", "measures")
        )
        names, kinds = _units(units)
        change = figures["change"]
        hedges = figures["hedges"]
        return cls(
            numbers=figures["numbers"],
            number_words=_number_words(figures["numbers"]),
            hedges=_phrases(hedges["before"]),
            hedges_after=_phrases(hedges["after"]),
            fillers=Phrases({_key(phrase): "" for phrase in hedges["fillers"]}),
            up_words={k: frozenset(v) for k, v in change["increase"].items()},
            down_words={k: frozenset(v) for k, v in change["decrease"].items()},
            off=frozenset(change["off"]),
            phrasal_verbs=frozenset(change["phrasal"]),
            transitive_verbs=frozenset(change["transitive"]),
            negatives={k: _table(v) for k, v in figures["negatives"].items()},
            units=names,
            unit_kinds=kinds,
            cased_units={
                form: unit for unit, forms in units["physical"].items() for form in forms if form != form.lower()
            },
            currency_prefixes=units["currencies"]["prefix"],
            home_currency=units["currencies"]["home"],
            person=frozenset(units["person"]),
            places=places,
            measures=tuple(measures["measures"]),
            measure_suffixes=measures["suffixes"],
            context=context,
            money_nouns={form: noun for noun, forms in context["money_nouns"].items() for form in forms},
            phrase_ends=frozenset(context["small_words"]) | frozenset(context["phrase_ends"]),
        )


def _read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    return data


def _number_words(numbers: dict[str, Any]) -> frozenset[str]:
    """The words that a number can begin with."""
    tables = ("units", "tens", "vague", "multiples", "halving")
    return frozenset({"a", "an", "half", "quarter", "several", "few"}.union(*(numbers[table] for table in tables)))


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(phrase.replace("-", " - ").replace("/", " / ").replace("°", "° ").lower().split())


def _phrases(groups: dict[str, list[str]]) -> Phrases:
    return Phrases({_key(phrase): name for name, phrases in groups.items() for phrase in phrases})


def _table(words: Any) -> Any:
    plain = isinstance(words, list) and all(isinstance(word, str) for word in words)
    return frozenset(words) if plain else words


def _units(units: dict[str, Any]) -> tuple[Phrases, dict[str, str]]:
    """Phrase → unit key, and unit key → its kind (percent, point, money, times, duration, physical)."""
    names: dict[tuple[str, ...], str] = {}
    kinds: dict[str, str] = {}

    def add(unit: str, forms: list[str], kind: str) -> None:
        kinds[unit] = kind
        names.update({_key(form): unit for form in forms if len(form) > 1 or form == form.lower()})

    for unit, forms in units["physical"].items():
        add(unit, forms, "physical")
    for unit, forms in units["duration"].items():
        add(unit, forms, "duration")
    for unit, forms in units["currencies"]["words"].items():
        add(unit, forms, "money")
    for form, unit in units["currencies"]["bare"].items():
        add(unit, [form], "money")
    kinds.update(dict.fromkeys(units["currencies"]["prefix"].values(), "money"))
    for unit, kind in (
        ("percent", "percent"),
        ("percentage_point", "point"),
        ("basis_point", "point"),
        ("times", "times"),
    ):
        add(unit, units[unit], kind)
    return Phrases(names), kinds
