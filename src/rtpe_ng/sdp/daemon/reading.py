"""`DaemonReading`: the sessions, sections and attributes that the daemon sees in a body, and the lines it refuses.

The daemon reads line by line up to the first empty one. Each ``v=`` line begins a session, each ``m=`` line a
section of it. It is told here what every single line means to the daemon; `refusing` looks at them together.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

import attrs

from ..lines import must_have_a_wire_form, text_of
from ..media import RTP_PROTOCOLS
from .attributes import Value, unusable_address, value_read
from .grammar import Grammar
from .numbers import end_of_number, number_at, signed, small, starts_of, words_in, wrapped

__all__: list[str] = []

PROTOCOLS = frozenset(("UDPTL", "RTP/SAVP OSRTP", "RTP/SAVPF OSRTP", *RTP_PROTOCOLS))
"""The transport protocols that the daemon knows, in upper case."""
_TYPES = frozenset("vosiuepcbtrzkam")
MOST_PORTS = 10
"""How many ports an ``m=`` line may ask for, or else it is malformed."""


@attrs.frozen(kw_only=True)
class DaemonLine:
    """A line of a body."""

    number: int
    """Its place, counted from 1."""
    text: str
    """The line without its end."""
    start: int
    """Where it begins in the body, in characters."""

    @property
    def kind(self) -> str:
        """Its type, one letter."""
        return self.text[:1]

    @property
    def value(self) -> str:
        """What follows the equals sign."""
        return self.text[2:]


@attrs.frozen(kw_only=True)
class DaemonAttribute:
    """An ``a=`` line."""

    line: DaemonLine
    name: str
    """What stands before the colon, blanks included."""
    value: str | None
    """What stands behind it; None without a colon."""
    made: Value
    """What the daemon made of it."""

    @property
    def is_read(self) -> bool:
        """Whether the daemon acts on it."""
        return self.made.fate == "read"


@attrs.frozen(kw_only=True)
class Scope:
    """The lines above the first ``m=``, or those of a section."""

    line: DaemonLine
    """The first one: ``v=`` or ``m=``."""
    lines: tuple[DaemonLine, ...]
    attributes: tuple[DaemonAttribute, ...]
    """Those whose names the daemon knows and those that it does not, in their order."""

    def first(self, kind: str) -> DaemonLine | None:
        """Return its first line of a type."""
        return next((line for line in self.lines if line.kind == kind), None)

    @functools.cached_property
    def by_name(self) -> dict[str, list[DaemonAttribute]]:
        """The attributes that are read, by their names."""
        groups: dict[str, list[DaemonAttribute]] = {}
        for attribute in self.attributes:
            if attribute.is_read:
                groups.setdefault(attribute.name, []).append(attribute)
        return groups


@attrs.frozen(kw_only=True)
class DaemonSection(Scope):
    """A media section."""

    name: str
    """Its type and its place among the sections of the body, such as ``audio 0``."""
    type: str
    port: int
    ports: int
    """How many it asks for."""
    protocol: str
    formats: tuple[int | None, ...]
    """The number that each word behind the protocol is for the daemon; None for none."""
    words: tuple[str, ...]
    """Those words."""

    @property
    def ptime(self) -> int:
        """The packet time that it asks for, in milliseconds; 0 for none."""
        first = next(iter(self.by_name.get("ptime", ())), None)
        return max(small(first.value or "") or 0, 0) if first else 0

    @property
    def is_rtp(self) -> bool:
        """Whether the daemon takes it for RTP."""
        return self.protocol.upper() in PROTOCOLS - {"UDPTL"}

    @property
    def is_known(self) -> bool:
        """Whether the daemon knows its protocol."""
        return self.protocol.upper() in PROTOCOLS


@attrs.frozen(kw_only=True)
class DaemonSession(Scope):
    """A session: the lines from a ``v=`` line on."""

    sections: tuple[DaemonSection, ...]


@attrs.frozen(kw_only=True)
class LineFault:
    """Why the daemon refuses a line or the whole body."""

    line: DaemonLine
    reason: str
    cure: str = ""
    helper: str = ""
    section: str = "session"


@attrs.frozen(kw_only=True)
class DaemonReading:
    """What a daemon sees in a body."""

    text: str
    grammar: Grammar
    lines: tuple[DaemonLine, ...]
    """The lines up to the first empty one."""
    rest: int
    """Where the text begins that is not read."""
    sessions: tuple[DaemonSession, ...]
    faults: tuple[LineFault, ...]
    """The lines that cannot be read, for each of which the whole body is refused."""

    @property
    def sections(self) -> list[DaemonSection]:
        """The sections of all sessions."""
        return [section for session in self.sessions for section in session.sections]


def read_as_daemon(text: str, grammar: Grammar) -> DaemonReading:
    """Return what a daemon sees in a body. Raises `SdpError` if it is too long, or no bytes stand for it."""
    text = text_of(text)
    if not text.isascii():
        must_have_a_wire_form(text.split("\n"))
    return _LineReader(text, grammar).read()


class _LineReader:
    def __init__(self, text: str, grammar: Grammar) -> None:
        self._text, self._grammar = text, grammar
        self._faults: list[LineFault] = []
        self._section = "session"
        self._sections = 0

    def read(self) -> DaemonReading:
        lines = self._lines()
        rest = lines[-1].start + len(lines[-1].text) if lines else 0
        good: list[DaemonLine] = []
        for line in lines:
            if line.text[1:2] != "=":
                self._refuse(line, "a type letter and an equals sign expected", "take the line out")
            elif line.kind not in _TYPES:
                known = f"; {line.kind.lower()}= in lower case is one" if line.kind.lower() in _TYPES else ""
                self._refuse(line, f"{line.kind[:1]!r} is no type of line of SDP{known}", "take the line out")
            else:
                good.append(line)
        if lines and lines[0].kind != "v":
            cure = "give the SDP alone, which begins with v=0: of a multipart body the part of type application/sdp"
            self._faults.clear()
            self._refuse(lines[0], "a description begins with v=0", cure)
        if not good or good[0].kind != "v":
            good = []
        sessions = tuple(self._session(group) for group in _groups(good, "v"))
        ordered = sorted(self._faults, key=lambda fault: fault.line.number)
        return DaemonReading(
            text=self._text,
            grammar=self._grammar,
            lines=tuple(lines),
            rest=rest,
            sessions=sessions,
            faults=tuple(ordered),
        )

    def _lines(self) -> list[DaemonLine]:
        lines = []
        start = 0
        for number, line in enumerate(self._text.split("\n"), start=1):
            whole = start + len(line) < len(self._text)
            is_one_byte = len(line) == 1 and not whole and ("\udc80" <= line <= "\udcff" or line.isascii())
            if not line or line[0] == "\r" or is_one_byte:
                break
            ended = whole or not self._grammar.patches
            lines.append(DaemonLine(number=number, text=line.removesuffix("\r") if ended else line, start=start))
            start += len(line) + 1
        return lines

    def _refuse(self, line: DaemonLine, reason: str, cure: str = "", helper: str = "") -> None:
        self._faults.append(LineFault(line=line, reason=reason, cure=cure, helper=helper, section=self._section))

    def _session(self, lines: Sequence[DaemonLine]) -> DaemonSession:
        above, *groups = _groups(lines, "m", always=True)
        self._section = "session"
        if above[0].value != "0":
            self._refuse(above[0], "v=0 expected, and nothing behind it", "write v=0")
        self._scope(above)
        for line in [line for line in above if line.kind == "o"]:
            if len(words_in(line.value, 6)) < 6:
                reason = "user name, session id, version, network type, address type and address expected"
                self._refuse(line, reason, "write a word for each, such as o=- 1 1 IN IP4 192.0.2.1")
        self._once(above, "o", "an o= line stands above it already")
        sections = tuple(filter(None, map(self._media, groups)))
        return DaemonSession(
            line=above[0], lines=tuple(above), attributes=self._attributes(above), sections=sections
        )

    def _scope(self, lines: Sequence[DaemonLine]) -> None:
        for line in lines:
            if line.kind == "c":
                words = words_in(line.value, 3)
                why = "network type, address type and address expected"
                if len(words) >= 3:
                    why = unusable_address(words, self._grammar)
                    why = "it says c= twice" if why and "=" in line.value else why
                if why:
                    self._refuse(line, why, "write c=IN IP4 and the address", "sdp.set_connection(body, address)")
        self._once(lines, "c", "a c= line stands above it already")

    def _once(self, lines: Sequence[DaemonLine], kind: str, reason: str) -> None:
        for line in [line for line in lines if line.kind == kind][1:]:
            self._refuse(line, reason, "leave one of them")

    def _media(self, lines: Sequence[DaemonLine]) -> DaemonSection | None:
        line, *others = lines
        words = words_in(line.value, 3)
        index, self._sections = self._sections, self._sections + 1
        self._section = f"{words[0] if words else 'media'} {index}"
        self._scope(others)
        for other in others:
            if other.kind in self._grammar.above_only:
                article = "an" if other.kind in "ose" else "a"
                reason = f"{article} {other.kind}= line belongs above the first m= line"
                self._refuse(other, reason, "move it there, or give each description by itself")
        if len(words) < 3:
            self._refuse(line, "type, port, protocol and formats expected", "write a word for each")
            return None
        port, ports = self._port(line, words)
        if port is None:
            return None
        start = line.start + 2 + sum(len(word) + 1 for word in words[:3])
        formats = words[3] if len(words) > 3 else ""
        listed = words_in(formats, len(formats) + 1)
        return DaemonSection(
            line=line,
            lines=tuple(lines),
            attributes=self._attributes(lines),
            name=self._section,
            type=words[0],
            port=port,
            ports=ports,
            protocol=words[2],
            formats=tuple(_numbers(listed, self._text, start + len(formats))),
            words=tuple(listed),
        )

    def _port(self, line: DaemonLine, words: list[str]) -> tuple[int | None, int]:
        start = line.start + 2 + starts_of(words)[1]
        number = number_at(self._text, start)
        if number is None or not 0 <= signed(number) <= 65535:
            self._refuse(line, "a port of 0 to 65535 expected as the second word", "write the port")
            return None, 1
        behind = end_of_number(self._text, start)
        if self._text[behind : behind + 1] != "/":
            return number, 1
        count = number_at(self._text, behind + 1)
        ports = signed(count) % 2**32 if count is not None else 0
        if not 0 < ports <= MOST_PORTS:
            self._refuse(line, f"1 to {MOST_PORTS} expected as the number of ports", "leave out the '/'")
            return None, 1
        return number, ports

    def _attributes(self, lines: Iterable[DaemonLine]) -> tuple[DaemonAttribute, ...]:
        found = []
        for line in lines:
            if line.kind == "a":
                name, colon, rest = line.value.partition(":")
                value = rest if colon else None
                known = self._grammar.knows(name)
                made = value_read(name, value, self._grammar) if known else Value("read")
                found.append(DaemonAttribute(line=line, name=name, value=value, made=made))
        return tuple(found)


def _groups(lines: Sequence[DaemonLine], kind: str, *, always: bool = False) -> list[list[DaemonLine]]:
    """Return the lines in groups, each of which begins with a line of this type; `always` the lines above too."""
    groups: list[list[DaemonLine]] = [[]] if always else []
    for line in lines:
        if line.kind == kind:
            groups.append([])
        groups[-1].append(line)
    return groups


def _numbers(words: Sequence[str], text: str, end: int) -> list[int | None]:
    """Return the number that each word is for the daemon; an empty word is the number of the next one."""
    following = number_at(text, end)
    numbers: list[int | None] = []
    for word in reversed(words):
        if word.strip(" \t\v\f\r"):
            following = number_at(word)
        numbers.append(None if following is None else wrapped(following))
    return numbers[::-1]
