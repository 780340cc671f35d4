"""An invented article that tries everything a page can be attacked with, and what a program would find in it."""

from __future__ import annotations

from extract.findings import Claim, Cue, DateMention, Figure, Findings, Span, Speaker

SCRIPT = "<script>document.title='owned'</script>"
LONG_WORD = "w" * 10_000
BACKWARDS = "\u202eesrever\u2066"  # an override of the direction of writing and an isolate, both left open
FORMULA = '=HYPERLINK("javascript:alert(1)","x")'
HOSTILE_OUTLET = "<b>Evil & Sons</b>"
HOSTILE_PLACE = '" onfocus="alert(1)'
HOSTILE_SPEAKERS = ("Rob \"';-- Tables", f"=cmd|' /C x'!A0 {BACKWARDS} <img src=x onerror=alert(1)>")
MEASURE = 'a/b"><script>.._'
HOSTILE = (
    f"{SCRIPT} “It cost $5 & <b onmouseover=alert(1)>more</b>,” said Rob \"';-- Tables.\n\n"
    f"The sign, it said, read {BACKWARDS} in 2030: {LONG_WORD} {FORMULA} <img src=x onerror=alert(1)>\n\n"
    "<a href=javascript:alert(1)>-30 per cent of the cost</a> said +1 +2 @SUM(A1)"
)
HOSTILE_LATER = HOSTILE.replace("$5 &", "$6 &")


def hostile_findings(text: str) -> Findings:
    """Findings of `HOSTILE` or `HOSTILE_LATER`: claims that hold markup, the long word, the formula."""
    rob, other = HOSTILE_SPEAKERS
    price = "$6" if "$6" in text else "$5"
    cost = f"It cost {price} & <b onmouseover=alert(1)>more</b>"
    sign = text[text.index(BACKWARDS) : text.index("\n\n<a href")]
    place = HOSTILE_PLACE
    return Findings(
        (
            _claim(text, "c1", cost, Speaker(_span(text, rob), (rob,), "person", SCRIPT, "named"), "direct"),
            _claim(text, "c2", sign, Speaker(None, (other,), "person", f"{BACKWARDS} =1+1", "continued"), "indirect"),
            _claim(text, "c3", "+1 +2 @SUM(A1)", Speaker(None, HOSTILE_SPEAKERS, "group", None, "named"), "mixed"),
        ),
        (
            _figure(text, "f1", price, 5, "CAD", counted="<i>cost</i>", place=place, claim="c1", measure=MEASURE),
            _figure(text, "f2", "-30 per cent", -30, "percent", counted=FORMULA, of=BACKWARDS, measure=MEASURE),
        ),
        (DateMention(*_place(text, "in 2030"), "in 2030", "DATE", "2030"),),
    )


def _claim(text: str, id: str, words: str, speaker: Speaker, kind: str) -> Claim:
    content, cue = _span(text, words), _span(text, "said")
    reported = Cue(cue.start, cue.end, cue.text, lemma="say")
    parts = ((content.start, content.end),)
    return Claim(id, kind, content, parts, (), reported, speaker, None, False, "asserted", None, 0.9)  # type: ignore[arg-type]


def _figure(text: str, id: str, words: str, value: float, unit: str, **more: object) -> Figure:
    return Figure(*_place(text, words), words, id=id, value=value, unit=unit, **more)  # type: ignore[arg-type]


def _span(text: str, words: str) -> Span:
    return Span(*_place(text, words), words)


def _place(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)
