"""The picture of a run: for each workload, the CPU time that each subject's client takes for a request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.parts import Subject
from benchmarks.plan import OURS
from benchmarks.rounds import Figures, Results
from tools.pictures import GREY, INK, LINE, WEB, WEB_TINT, box, picture, text

PANELS = (
    ("A ping", ("ping",)),
    ("A call between phones: offer, answer, delete", ("sip", "sip-call")),
    ("A call from Chrome to a phone", ("chrome", "chrome-call")),
    ("A query, every field read", ("query", "query-json")),
    ("Query, statistics and delete, not read", ("unread",)),
)
WAYS = {"sip-call": "Call", "chrome-call": "Call", "query-json": "JSON"}
"""What is added to the title of a subject that has two bars in a panel."""
WIDTH, LEFT, BAR, ROW = 900, 232, 470, 24


def draw(results: Results, subjects: Sequence[Subject]) -> str:
    """Return the picture, as SVG."""
    parts = [
        text(WIDTH / 2, 40, "CPU time of the client for a request", size=20, bold=True),
        text(WIDTH / 2, 62, "in microseconds, user and system; shorter is better; 16 in flight", colour=GREY),
    ]
    y = 80.0
    for title, workloads in PANELS:
        bars = list(_bars(results, subjects, workloads))
        if bars:
            height = 50 + ROW * len(bars)
            parts += [f'<g transform="translate(0,{y:g})">', *_panel(title, bars, height), "</g>"]
            y += height + 14
    foot = f"RTPEngine {results.daemon}; {results.way}; Perl's client has one request in flight"
    parts.append(text(WIDTH / 2, y + 10, foot, size=12, colour=GREY))
    return picture(
        WIDTH, round(y + 28), "CPU time of the client for a request, by workload and client", iter(parts)
    )


def _bars(
    results: Results, subjects: Sequence[Subject], workloads: Sequence[str]
) -> Iterator[tuple[str, Figures, bool]]:
    """Yield the name of each bar, its figures, and whether it is one of ours."""
    for subject in subjects:
        for workload in workloads:
            if figures := results.figures.get((workload, subject.name)):
                way = f", {WAYS[workload]}" if workload in WAYS else ""
                yield f"{subject.title}{way}", figures, subject.name in OURS


def _panel(title: str, bars: Sequence[tuple[str, Figures, bool]], height: float) -> Iterator[str]:
    yield box(20, 0, WIDTH - 40, height, fill="#fbfcfd", stroke="#d5dbe1")
    yield text(40, 26, title, size=14.5, bold=True, anchor="start")
    most = max(figures.cpu for _, figures, _ in bars)
    for row, (name, figures, is_ours) in enumerate(bars):
        y = 40 + ROW * row
        yield text(LEFT - 10, y + 14, name, size=12.5, colour=WEB if is_ours else INK, anchor="end", bold=is_ours)
        fill, stroke = (WEB_TINT, WEB) if is_ours else ("#e4e8ec", LINE)
        width = max(2.0, figures.cpu / most * BAR)
        yield box(LEFT, y + 2, round(width, 1), ROW - 7, fill=fill, stroke=stroke, radius=3)
        shown = f"{figures.cpu:.1f}"
        yield text(round(LEFT + width + 8, 1), y + 14, shown, size=12.5, anchor="start", bold=True)
        rate = f"{figures.rate / 1000:.1f}k requests/s"
        yield text(
            round(LEFT + width + 16 + 8 * len(shown), 1), y + 14, rate, size=11.5, colour=GREY, anchor="start"
        )
