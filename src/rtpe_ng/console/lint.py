"""``rtpe-ng lint``: what is wrong with a session description, for whom, on which line, and what cures it.

A description is right or wrong for a reader: a browser refuses what a phone takes, and each version of the daemon
reads in its own way. So the readers are chosen first, by the options or by what the body looks like, and the
library gives the verdict of each. Problems that several readers have with one line become one finding, with the
readers beside it. Here they are put in order and shown, as text or JSON; nothing is judged here.
"""

import functools
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs

from .. import sdp
from ..errors import SdpError, UsageError, printable
from ..legs import Leg
from ..sdp import SdpProblem
from ..versions import MEASURED

READERS = ("browser", "phone", "daemon")
"""For whom a description may be looked at."""
_QUOTED = re.compile(r"'([^']+)'")
_VALUE = re.compile(r"a=[^:]*:?|[a-z]=")


@attrs.frozen(kw_only=True)
class Finding:
    """A problem, and who has it."""

    problem: SdpProblem
    """What is wrong."""
    readers: tuple[str, ...]
    """For whom: ``SDP`` (every reader that keeps to the RFCs), ``browser``, ``phone``, ``RTPEngine 26.0``."""


@attrs.frozen(kw_only=True)
class Report:
    """What was found in one file."""

    file: str
    """Its name as it was given; ``-`` is the standard input."""
    readers: tuple[str, ...]
    """Those that were asked, in their order."""
    why: str
    """Why these were asked."""
    sections: tuple[str, ...]
    """A line on each media section."""
    findings: tuple[Finding, ...]
    """The problems, in the order of their lines."""


def lint(
    files: Sequence[str],
    *,
    readers: Sequence[str] = (),
    role: str | None = None,
    answering: str | None = None,
    after: str | None = None,
    engines: Sequence[str] = (),
    as_json: bool = False,
) -> tuple[str, int]:
    """Return the text to print about these files, and the exit status: 0 without a problem, else 1.

    `readers` are some of `READERS`; without any, the daemon and the browser or the phone, as the body is from one
    of them. `answering` and `after` name the files of the offer that is answered and of the body before. Raises
    `UsageError` for a file that cannot be read, for one of these two that is no SDP, or for options that do not
    fit.
    """
    if [*files, answering, after].count("-") > 1:
        raise UsageError("the standard input can be read once only")
    others = {"answering": _read_sound(answering), "after": _read_sound(after)}
    if answering is not None and role == "offer":
        raise UsageError("--answering is for an answer, and --role is offer")
    role = role or ("answer" if answering is not None else None)
    options: dict[str, Any] = {"role": role, **{name: text for name, text in others.items() if text is not None}}
    reports = [_report(file, readers, engines, options) for file in files]
    status = 1 if any(report.findings for report in reports) else 0
    if as_json:
        return json.dumps({"files": list(map(_as_json, reports))}, indent=2), status
    return "\n\n".join("\n".join(_as_text(report)) for report in reports), status


def _read(file: str | None) -> bytes | None:
    if file is None:
        return None
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: {getattr(error, 'strerror', None) or error}") from None


def _read_sound(file: str | None) -> bytes | None:
    """Return the content of a file that is only compared with: one that is no SDP is a mistake in the arguments."""
    body = _read(file)
    try:
        if body is not None:
            sdp.parse(body)
    except SdpError as error:
        raise UsageError(f"{file}:{error.line}: {_unreadable(error).reason}") from None
    return body


def _report(file: str, readers: Sequence[str], engines: Sequence[str], options: dict[str, Any]) -> Report:
    body = _read(file) or b""
    try:
        session = sdp.parse(body)
    except SdpError as error:
        finding = Finding(problem=_unreadable(error), readers=("SDP",))
        return Report(file=file, readers=("SDP",), why="it is no SDP", sections=(), findings=(finding,))
    leg = sdp.leg(session)
    own = "browser" if leg.leg is Leg.WEB else "phone"
    chosen = [it for it in READERS if it in (readers or (own, "daemon"))]
    asks: dict[str, Callable[[], Sequence[SdpProblem]]] = {"SDP": lambda: sdp.problems(session)}
    if "browser" in chosen:
        asks["browser"] = lambda: sdp.web_problems(session, **options)
    if "phone" in chosen:
        asks["phone"] = lambda: sdp.phone_problems(session)
    if "daemon" in chosen:
        for engine in engines or MEASURED:
            asks[f"RTPEngine {engine}"] = functools.partial(sdp.problems, session, engine=engine)
    found: dict[tuple[int, str, str], tuple[SdpProblem, list[str]]] = {}
    for reader, ask in asks.items():
        for problem in ask():
            _, whose = found.setdefault((problem.line, problem.section, problem.reason), (problem, []))
            whose.append(reader)
    findings = [Finding(problem=problem, readers=tuple(dict.fromkeys(whose))) for problem, whose in found.values()]
    return Report(
        file=file,
        readers=tuple(asks),
        why="as --for says" if readers else f"{leg.reason}",
        sections=tuple(map(_described, session.media)),
        findings=tuple(sorted(findings, key=lambda it: it.problem.line)),
    )


def _unreadable(error: SdpError) -> SdpProblem:
    """Return the problem that an error tells of."""
    return SdpProblem(reason=error.reason, line=error.line, text=error.text, rule="RFC 8866, section 5")


def _described(media: sdp.Media) -> str:
    if media.is_rejected:
        return f"{media.type}: rejected"
    address = media.connection.address if media.connection else "no address"
    parts = [media.protocol, f"to {address} port {media.port}", media.direction]
    if media.is_rtp:
        parts.append(" ".join(dict.fromkeys(map(str, media.codecs))) or "no codec")
        rtcp = str(media.rtcp.port) if media.rtcp is not None else "the port above"
        parts.append(f"RTCP to {'the same port' if media.rtcp_mux else rtcp}")
    if media.ice_ufrag is not None:
        parts.append(f"ICE with {len(media.candidates)} candidates")
    return f"{media.type}: {', '.join(parts)}"


def _as_json(report: Report) -> dict[str, Any]:
    problems = [{**attrs.asdict(it.problem), "readers": list(it.readers)} for it in report.findings]
    return {"file": report.file, "readers": list(report.readers), "why": report.why, "problems": problems}


def _as_text(report: Report) -> Iterator[str]:
    yield printable(f"{report.file}: for {_listed(report.readers)} ({report.why})")
    for section in report.sections:
        yield printable(f"  {section}")
    for finding in report.findings:
        problem = finding.problem
        place = f"{report.file}:{problem.line}" if problem.line else report.file
        yield ""
        yield printable(
            f"{place}: {problem.section}: {problem.reason} ({problem.effect}: {_listed(finding.readers)})"
        )
        if problem.text:
            yield from (f"    {line}" for line in _underlined(problem.text, problem.reason))
        for name, text in (("rule", problem.rule), ("cure", problem.cure), ("helper", problem.helper)):
            # Where a version of the daemon has a rule of its own, its readers are named already.
            if text and text not in finding.readers:
                yield printable(f"  {name}: {text}")
    count = len(report.findings)
    yield ""
    yield printable(f"{report.file}: {count or 'no'} problem{'' if count == 1 else 's'}")


def _listed(readers: Sequence[str]) -> str:
    """Return readers as people read them: the versions of the daemon behind its name once."""
    engines = [it.removeprefix("RTPEngine ") for it in readers if it.startswith("RTPEngine ")]
    others = [it for it in readers if not it.startswith("RTPEngine ")]
    return ", ".join([*others, *([f"RTPEngine {'/'.join(engines)}"] if engines else [])])


def _underlined(text: str, reason: str) -> Iterator[str]:
    """Yield a line and the marks below it: below the part that the reason quotes, else below the value."""
    quoted = next((word for word in _QUOTED.findall(reason) if word in text), None)
    begin = _VALUE.match(text)
    start = text.index(quoted) if quoted else begin.end() if begin else 0
    end = start + len(quoted) if quoted else len(text)
    if start >= end:
        start, end = 0, max(len(text), 1)
    # What cannot be printed is written with more than one character, so the marks are counted in what is shown.
    yield printable(text)
    before, below = len(printable(text[:start])), len(printable(text[start:end]))
    yield " " * before + "^" + "~" * (below - 1)
