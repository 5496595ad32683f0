"""The pictures of the documentation, drawn from the code."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from rtpe_ng import Direction, Leg, profiles
from rtpe_ng.call.negotiation import MOVES, Event, Phase
from rtpe_ng.console.demo import flags_line

FOLDER = Path(__file__).parents[1] / "docs/pictures"

INK, GREY, LINE = "#1f2933", "#5b6773", "#8a96a3"
WEB, WEB_TINT = "#1d5fa8", "#e6f0fb"
SIP, SIP_TINT = "#a8570c", "#fdf0e1"
DAEMON_TINT = "#eef1f4"
COLOURS = {Leg.WEB: (WEB, WEB_TINT), Leg.SIP: (SIP, SIP_TINT)}
SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def text(
    x: float,
    y: float,
    what: str,
    *,
    size: float = 13,
    colour: str = INK,
    anchor: str = "middle",
    bold: bool = False,
    mono: bool = False,
) -> str:
    weight = ' font-weight="600"' if bold else ""
    family = f' font-family="{escape(MONO, {chr(34): ""})}"' if mono else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}" text-anchor="{anchor}"{weight}{family}>'
        f"{escape(what)}</text>"
    )


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str,
    stroke: str = "none",
    radius: float = 10,
    dashed: bool = False,
) -> str:
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}" fill="{fill}" '
        f'stroke="{stroke}" stroke-width="1.5"{dash}/>'
    )


def arrow(path: str, *, colour: str = INK, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="6 4"' if dashed else ""
    head = f"head{colour.removeprefix('#')}"
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.7"{dash} marker-end="url(#{head})"/>'


def picture(width: int, height: int, title: str, parts: Iterator[str]) -> str:
    """Return a whole SVG document, on white, so that it can be read on a dark page too."""
    heads = "".join(
        f'<marker id="head{colour.removeprefix("#")}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7.5" '
        f'markerHeight="7.5" orient="auto-start-reverse"><path d="M0,0.8 L10,5 L0,9.2 z" fill="{colour}"/></marker>'
        for colour in (INK, GREY, WEB, SIP)
    )
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{SANS}">',
        f"<title>{escape(title)}</title>",
        f"<defs>{heads}</defs>",
        box(0, 0, width, height, fill="#ffffff", radius=14),
        *parts,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


class Edge(NamedTuple):
    """How one move is drawn: its line, and where its words stand."""

    path: str
    x: float
    y: float
    anchor: str
    width: int
    """In characters."""


NODES = {
    Phase.NEW: (130, 255),
    Phase.OFFERED: (560, 185),
    Phase.EARLY: (560, 375),
    Phase.ANSWERED: (1010, 255),
}
NODE = (136, 50)
EDGES = {
    (Phase.NEW, Event.OFFER): Edge("M198,240 C270,210 390,190 490,186", 280, 135, "middle", 26),
    (Phase.OFFERED, Event.OFFER): Edge("M530,160 C512,95 592,95 574,158", 512, 112, "end", 18),
    (Phase.OFFERED, Event.PROVISIONAL_ANSWER): Edge("M586,210 L586,348", 600, 262, "start", 21),
    (Phase.OFFERED, Event.ANSWER): Edge("M628,196 C730,212 830,238 940,248", 858, 182, "middle", 24),
    (Phase.EARLY, Event.OFFER): Edge("M534,350 L534,212", 520, 262, "end", 18),
    (Phase.EARLY, Event.PROVISIONAL_ANSWER): Edge("M540,400 C520,458 600,458 580,402", 600, 432, "start", 20),
    (Phase.EARLY, Event.ANSWER): Edge("M628,371 C760,362 880,320 954,282", 840, 366, "middle", 14),
    (Phase.ANSWERED, Event.OFFER): Edge("M1000,230 C960,70 760,60 622,158", 900, 78, "start", 40),
    (Phase.ANSWERED, Event.PROVISIONAL_ANSWER): Edge("", 1068, 326, "middle", 34),
    (Phase.ANSWERED, Event.ANSWER): Edge("M1050,280 C1080,330 1150,270 1080,258", 1068, 368, "middle", 34),
}
BACK = {
    Phase.NEW: Edge("M385,335 C310,335 200,325 150,283", 270, 356, "middle", 24),
    Phase.ANSWERED: Edge("M760,455 C870,455 945,390 966,283", 900, 458, "start", 32),
}
"""The way of a rollback, to the phase before the offer."""


def states() -> str:
    """Return the picture of the phases of a call, and of the moves between them."""

    def parts() -> Iterator[str]:
        yield box(22, 22, 1156, 484, fill="#fbfcfd", stroke=LINE)
        yield box(385, 62, 375, 418, fill=WEB_TINT, stroke=WEB, dashed=True)
        yield text(399, 84, "an offer waits", size=12.5, colour=WEB, anchor="start")
        yield '<circle cx="40" cy="255" r="6" fill="#1f2933"/>'
        yield arrow("M46,255 L60,255")
        waiting = [phase for (phase, _), move in MOVES.items() if move.to is None]
        assert waiting == [Phase.OFFERED, Phase.EARLY]
        for (phase, event), move in MOVES.items():
            if move.to is not None:
                yield from _edge(EDGES[phase, event], event.value, move.sip)
        rejected = {move.sip for move in MOVES.values() if move.to is None}
        yield from _edge(BACK[Phase.NEW], "rollback", "of the first offer", dashed=True)
        yield from _edge(
            BACK[Phase.ANSWERED], "rollback", "of a later offer: " + max(rejected, key=len), dashed=True
        )
        for phase, (x, y) in NODES.items():
            yield from _node(x, y, phase.value)
        yield arrow("M560,506 L560,548", colour=GREY)
        yield text(574, 532, "delete", bold=True, anchor="start")
        yield text(
            624, 532, "from every phase: BYE, CANCEL, failure of the first INVITE", colour=GREY, anchor="start"
        )
        yield from _node(560, 576, "deleted", dead=True)

    assert {move for move, it in MOVES.items() if it.to is not None} == EDGES.keys()
    return picture(1200, 622, "The phases of a call and the moves between them", parts())


def _node(x: float, y: float, name: str, *, dead: bool = False) -> Iterator[str]:
    width, height = NODE
    yield box(
        x - width / 2,
        y - height / 2,
        width,
        height,
        fill=DAEMON_TINT if dead else "#ffffff",
        stroke=GREY if dead else INK,
        radius=25,
    )
    yield text(x, y + 5.5, name, size=17, bold=True, colour=GREY if dead else INK)


def _edge(edge: Edge, name: str, sip: str, *, dashed: bool = False) -> Iterator[str]:
    if edge.path:
        yield arrow(edge.path, colour=GREY if dashed else INK, dashed=dashed)
    yield text(edge.x, edge.y, name, bold=True, anchor=edge.anchor)
    for row, line in enumerate(textwrap.wrap(sip, edge.width), 1):
        yield text(edge.x, edge.y + 16 * row, line, size=12.5, colour=GREY, anchor=edge.anchor)


WHO = {Leg.WEB: "browser", Leg.SIP: "phone"}
CALLER, DAEMON, CALLEE = 90, 450, 810


def directions() -> str:
    """Return the picture of the four directions: each message, and the flags that it takes."""
    panels = [_panel(path) for path in Direction]
    parts = [
        text(450, 40, "Flags go toward a leg: the profile MODERN", size=20, bold=True),
        box(258, 58, 14, 14, fill=WEB_TINT, stroke=WEB, radius=4),
        text(280, 70, "goes to a browser", anchor="start"),
        box(438, 58, 14, 14, fill=SIP_TINT, stroke=SIP, radius=4),
        text(460, 70, "goes to a phone or a trunk", anchor="start"),
    ]
    y = 92
    for height, panel in panels:
        parts += [f'<g transform="translate(0,{y})">', *panel, "</g>"]
        y += height + 14
    return picture(900, y + 6, "The four directions of a call, and the flags of each message", iter(parts))


def _panel(path: Direction) -> tuple[int, list[str]]:
    """Return the height of the picture of one direction, and what it is made of."""
    back = path.reversed
    profile = profiles.MODERN
    rows = (
        ("offer", "INVITE", path, flags_line(profile.offer_flags(path)), False),
        ("answer", "200", back, flags_line(profile.answer_flags(path)), True),
        ("re-offer by the callee", "re-INVITE", back, flags_line(profile.offer_flags(back)), True),
        ("its answer", "200", path, flags_line(profile.answer_flags(back)), False),
    )
    y = 86
    drawn: list[str] = []
    for name, sip, way, flags, is_leftward in rows:
        lines = textwrap.wrap(flags, 84, break_long_words=False, break_on_hyphens=False)
        drawn += _row(y, name, sip, way, lines, is_leftward=is_leftward)
        y += 62 + 17 * len(lines)
    height = y - 20
    parts = [box(20, 0, 860, height, fill="#fbfcfd", stroke="#d5dbe1")]
    parts += [
        f'<path d="M{x},54 V{height - 10}" stroke="{LINE}" stroke-width="1.3"/>' for x in (CALLER, DAEMON, CALLEE)
    ]
    for x, role, leg in ((CALLER, "caller", path.caller), (CALLEE, "callee", path.callee)):
        colour, tint = COLOURS[leg]
        parts.append(box(x - 52, 14, 104, 40, fill=tint, stroke=colour))
        parts.append(text(x, 31, WHO[leg], bold=True, colour=colour))
        parts.append(text(x, 46, role, size=11.5, colour=GREY))
    parts.append(box(DAEMON - 80, 14, 160, 40, fill=DAEMON_TINT, stroke=GREY))
    parts.append(text(DAEMON, 31, "daemon", bold=True))
    parts.append(text(DAEMON, 46, f"Direction.{path.name}", size=11.5, colour=GREY))
    return height, parts + drawn


def _row(y: float, name: str, sip: str, way: Direction, lines: list[str], *, is_leftward: bool) -> Iterator[str]:
    colour, tint = COLOURS[way.callee]
    source, target = (CALLEE, CALLER) if is_leftward else (CALLER, CALLEE)
    step = -1 if is_leftward else 1
    yield arrow(f"M{source},{y:g} H{DAEMON - step * 3}", colour=INK)
    yield arrow(f"M{DAEMON},{y:g} H{target - step * 3}", colour=colour)
    middle = (source + DAEMON) / 2
    yield (
        f'<text x="{middle:g}" y="{y - 8:g}" font-size="13" fill="{INK}" text-anchor="middle">'
        f'<tspan font-weight="600">{escape(name)}</tspan>'
        f'<tspan dx="6" fill="{GREY}">{escape(sip)}</tspan></text>'
    )
    yield text((target + DAEMON) / 2, y - 8, str(way), colour=colour)
    width = max(7.3 * max(map(len, lines)) + 26, 150)
    yield box(DAEMON - width / 2, y + 10, width, 12 + 17 * len(lines), fill=tint, stroke=colour, radius=8)
    for row, line in enumerate(lines):
        yield text(DAEMON, y + 28 + 17 * row, line, size=12, mono=True)


PICTURES = {"states.svg": states, "directions.svg": directions}
