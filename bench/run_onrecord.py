"""Our own figures: `python -m bench.run_onrecord [--meta]` runs every `onrecord evaluate` on `../shared`.

Writes `results/{claims,attribution,figures,dates,crosscheck}.json`; with --meta the scores also go into
`extract/model/meta.json`, which describes what ships. About five minutes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from bench.results_file import Row, write
from db.crosscheck import evaluate as crosscheck
from extract import load
from extract.encoder import MODEL
from extract.evaluate import attribution, dates, figures

SHARED = Path(__file__).parents[2] / "shared"
OURS = "On Record"
Scores = dict[str, float]


def run() -> dict[str, list[Row]]:
    nlp = load()
    data = SHARED / "data"
    jobs: list[tuple[str, str, Path, str, Any]] = [
        ("attribution", "PolNeAR dev", data / "attribution/polnear_dev.jsonl.gz", "attribution", attribution_scores),
        ("claims", "three real articles", SHARED / "articles", "attribution", claim_scores),
        ("claims", "cross-check corpus", data / "crosscheck", "attribution", claim_scores),
        ("figures", "NewsQuant dev", data / "quantities/newsquant_dev.json", "figures", figure_scores),
        ("figures", "three real articles", SHARED / "articles/gold.jsonl", "figures", figure_scores),
        ("figures", "cross-check corpus", data / "crosscheck", "figures", figure_scores),
        ("dates", "AQUAINT", data / "dates/aquaint.jsonl.gz", "dates", date_scores),
        ("dates", "WikiWars", data / "dates/wikiwars.jsonl.gz", "dates", date_scores),
        ("dates", "three real articles", SHARED / "articles/gold.jsonl", "dates", date_scores),
    ]
    judges = {"attribution": attribution, "figures": figures, "dates": dates}
    rows: dict[str, list[Row]] = {}
    for task, corpus, path, kind, pick in jobs:
        result = judges[kind].evaluate(nlp, path)
        shown = f"onrecord evaluate {kind} ../{path.relative_to(SHARED.parent)}"
        rows.setdefault(task, []).append(Row(OURS, corpus, pick(result), shown))
        print(f"$ {shown}\n{judges[kind].table(result)}\n", flush=True)
    result = crosscheck.evaluate(None, data / "crosscheck")
    shown = "onrecord evaluate crosscheck ../shared/data/crosscheck"
    print(f"$ {shown}\n{crosscheck.table(result)}\n", flush=True)
    rows["crosscheck"] = [
        Row(label, "cross-check corpus, gold claims and figures", scores, shown)
        for label, scores in crosscheck_scores(result)
    ]
    return rows


def attribution_scores(result: dict[str, Any]) -> Scores:
    """Column order of the README: contents first."""
    return {
        "content": result["content"]["exact"]["f"],
        "content, words": result["content"]["words"]["f"],
        "source": result["source"]["exact"]["f"],
        "cue": result["cue"]["exact"]["f"],
        "linked": result["linked"]["f"],
        "indirect, recall": result["kinds"]["indirect"]["exact"]["r"],
    }


def claim_scores(result: dict[str, Any]) -> Scores:
    """F of claims, then of those found the part with the right names, class and so on, where the gold says."""
    scores = {"claims": result["claims"]["f"], "claim and speaker": result["claims_and_names"]["f"]}
    for field in ("names", "role", "class", "modality", "negated", "nested", "said_on"):
        if result[field]["of"]:
            scores[field.replace("_", " ")] = result[field]["right"]
    return scores | {"calibration error": result["calibration"]["error"]}


def figure_scores(result: dict[str, Any]) -> Scores:
    return {"value": result["value"]["f"], "value and unit": result["value_unit"]["f"]}


def date_scores(result: dict[str, Any]) -> Scores:
    names = {"strict": "strict", "relaxed": "relaxed", "value": "value", "strict and value": "strict and value"}
    return {name: result[key]["f1"] for key, name in names.items()}


def crosscheck_scores(result: dict[str, Any]) -> list[tuple[str, Scores]]:
    return [(label, {k: s[k] for k in ("precision", "recall", "f1")}) for label, s in result["labels"].items()]


def describe_model(rows: dict[str, list[Row]]) -> None:
    """The shipped model's scores, beside what it was made from."""
    path = MODEL / "meta.json"
    meta = json.loads(path.read_text(encoding="utf8"))
    meta["scores"] = {
        f"{task}, {row.corpus}": row.scores
        for task in ("attribution", "claims", "figures", "dates")
        for row in rows[task]
    }
    path.write_text(json.dumps(meta, indent=1) + "\n", encoding="utf8")


def main() -> None:
    rows = run()
    for task, some in rows.items():
        write(task, some)
    if "--meta" in sys.argv[1:]:
        describe_model(rows)


if __name__ == "__main__":
    main()
