"""What the daemon takes otherwise than it is meant, without a word.

It says ``ok`` and goes on with what it made of the body. A line is named here only where RFC 8866, or the sender's
evident intention, differs from what the daemon does. What the daemon merely does not support, such as candidates
over TCP, is no misreading.
"""

import re
from collections.abc import Iterator

from ..keys import SETUPS
from ..values import DIRECTIONS
from .numbers import number_at, signed, small, unsigned, words_in, wrapped
from .reading import DaemonAttribute, DaemonReading, DaemonSection, DaemonSession, LineFault, Scope
from .refusing import is_replaced

__all__: list[str] = []

_PLAIN = re.compile(r"[0-9]{1,10}", re.ASCII)
_OPAQUE = frozenset({"ice-ufrag", "ice-pwd", "mid", "tls-id"})
_PER_PAYLOAD = frozenset({"rtpmap", "fmtp", "rtcp-fb"})
_OF_SECTIONS = frozenset(
    {*_PER_PAYLOAD, "mid", "rtcp", "rtcp-mux", "candidate", "crypto", "ptime", "ice-options", "ice-lite"}
)
_BANDWIDTHS = frozenset({"AS", "RR", "RS", "TIAS", "CT"})


def misreadings_of(reading: DaemonReading) -> Iterator[LineFault]:
    """Yield the lines that the daemon takes otherwise than they are meant."""
    for number, session in enumerate(reading.sessions):
        if number:
            yield LineFault(
                line=session.line,
                reason="a second description begins, whose sections it adds to those of the first",
                cure="give each description by itself",
            )
        yield from _of_session(session, reading)
        for section in session.sections:
            yield from _of_section(section, session, reading)
    yield from _of_the_rest(reading)


def _of_the_rest(reading: DaemonReading) -> Iterator[LineFault]:
    if not reading.lines:
        return
    rest, last = reading.text[reading.rest :], reading.lines[-1]
    section = reading.sections[-1] if reading.sections else None
    name = section.name if section is not None else "session"
    if not rest and reading.grammar.patches and section is not None:
        ends = section.attributes[-1] if last.kind == "a" and section.attributes else None
        if ends is None or not is_replaced(ends, section, reading):
            reason = "it has no line end, so what the daemon adds goes into the same line"
            yield LineFault(line=last, reason=reason, cure="end the last line with CR LF", section=name)
    elif rest.strip():
        reason = "an empty line follows, and what stands behind it is not read"
        yield LineFault(line=last, reason=reason, cure="take the empty line out", section=name)


def _of_session(session: DaemonSession, reading: DaemonReading) -> Iterator[LineFault]:
    origin = session.first("o")
    if origin is None and session.sections and reading.grammar.needs_an_origin:
        reason = "no o= line: it writes one without an address, or the address before all other lines"
        yield LineFault(line=session.line, reason=reason, cure="write one, such as o=- 1 1 IN IP4 192.0.2.1")
    elif origin is not None:
        words = words_in(origin.value, 6)
        if len(words) > 6 and words[6].strip():
            reason = f"more than six words: it takes the third one, {words[2][:32]!r}, for the version"
            yield LineFault(line=origin, reason=reason, cure="take the blanks out of the user name")
        elif not reading.grammar.patches and len(words) > 2 and not _is_plain_version(words[2]):
            made = unsigned(number_at(words[2]) or 0)
            yield LineFault(line=origin, reason=f"its version is {made} to the daemon", cure="write a number")
    yield from _of_attributes(session, "session", reading)
    for attribute in session.attributes:
        name = attribute.name
        is_read = reading.grammar.knows(name) and name in _OF_SECTIONS
        if is_read and name not in reading.grammar.above_too and _is_missed(name, session):
            reason = f"it looks for a={name} in the sections only"
            yield LineFault(line=attribute.line, reason=reason, cure="write it into each section")
    yield from _of_bandwidths(session, "session", reading)


def _is_missed(name: str, session: DaemonSession) -> bool:
    if name in ("ice-options", "ice-lite"):
        # RFC 8839 allows them here; nothing is lost where no section speaks ICE, or each one says it too.
        return any(name not in section.by_name for section in session.sections)
    return True


def _is_plain_version(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) <= 19


def _of_section(section: DaemonSection, session: DaemonSession, reading: DaemonReading) -> Iterator[LineFault]:
    yield from _of_media_line(section)
    yield from _of_attributes(section, section.name, reading)
    yield from _of_bandwidths(section, section.name, reading)
    yield from _of_direction(section, session)
    yield from _of_twice(section)
    if reading.grammar.patches:
        for attribute in section.by_name.get("group", ()):
            reason = "it leaves the group, which it takes out above the sections only"
            yield LineFault(line=attribute.line, reason=reason, cure="move it there", section=section.name)
    for attribute in section.by_name.get("rtcp", ())[:1]:
        port = small((attribute.value or "").split(" ", 1)[0])
        if port == section.port != 9 and section.ports == 1 and "rtcp-mux" not in section.by_name:
            yield LineFault(
                line=attribute.line,
                reason="the same port as in the m= line, which it takes for a=rtcp-mux",
                cure="write the port of RTCP, or a=rtcp-mux",
                section=section.name,
            )


def _of_media_line(section: DaemonSection) -> Iterator[LineFault]:
    line, words = section.line, words_in(section.line.value, 3)

    def fault(reason: str, cure: str) -> LineFault:
        return LineFault(line=line, reason=reason, cure=cure, section=section.name)

    if "" in words[:3]:
        read = f"type {words[0]!r}, port {section.port}, protocol {words[2]!r}"
        yield fault(f"a blank too many: it reads {read[:96]}", "write one blank between two words")
        return
    if not _PLAIN.fullmatch(words[1].partition("/")[0]):
        yield fault(f"it reads the port {words[1][:32]!r} as {section.port}", "write the number alone")
    if not section.is_known and any("RTP/" in word.upper() for word in (section.protocol, *section.words)):
        yield fault(
            f"it knows no protocol {section.protocol[:32]!r}, and takes the section for no RTP",
            "write one of RTP over UDP, such as RTP/AVP",
        )
    if section.is_rtp and section.port:
        if not section.words:
            yield fault("no payload type: it offers no codec, or PCMU instead", "list the payload types")
        elif len(set(section.formats)) < len(section.words):
            yield fault("a payload type is listed twice, and its lines are doubled", "list each one once")
        pairs = zip(section.words, section.formats, strict=True)
        odd = next(((word, it) for word, it in pairs if not _PLAIN.fullmatch(word) or len(word) > 3), None)
        if odd is not None:
            shown = f"{odd[0][:32]!r}" if odd[0] else "a blank too many"
            yield fault(f"it reads {shown} as payload type {odd[1]}", "write the payload type alone, once")


def _of_attributes(scope: Scope, section: str, reading: DaemonReading) -> Iterator[LineFault]:
    known = {name.lower(): name for name in reading.grammar.attributes}
    for attribute in scope.attributes:
        name = attribute.name
        if not reading.grammar.knows(name):
            if (meant := known.get(name.strip(" \t").lower())) is not None:
                reason = f"a space beside the name: {name[:32]!r} is no attribute to it"
                if name.strip(" \t") == name:
                    reason = f"{name[:32]!r} is no attribute to it: upper and lower case count"
                yield _attribute_fault(attribute, section, reason, f"write a={meant}")
        elif attribute.made.reason:
            reason = f"it does without this line: {attribute.made.reason}"
            yield _attribute_fault(attribute, section, reason, "mend the line, or leave it out")
        elif attribute.is_read:
            for reason, cure in _of_value(attribute, reading):
                yield _attribute_fault(attribute, section, reason, cure)


def _attribute_fault(attribute: DaemonAttribute, section: str, reason: str, cure: str) -> LineFault:
    return LineFault(line=attribute.line, reason=reason, cure=cure, section=section)


def _of_value(attribute: DaemonAttribute, reading: DaemonReading) -> Iterator[tuple[str, str]]:
    """Yield what is odd about the value of an attribute that is read, and the cure."""
    name, value = attribute.name, attribute.value or ""
    if name == "setup" and value not in SETUPS:
        yield "no DTLS role to it", f"write {', '.join(SETUPS[:-1])} or {SETUPS[-1]}, and nothing behind it"
    elif name == "group" and reading.grammar.patches:
        # It takes a BUNDLE group out, because it gives each section a port of its own.
        if value.strip().upper().startswith("BUNDLE") and not value.startswith("BUNDLE"):
            yield "not taken for a BUNDLE group, and left in the body", "write a=group:BUNDLE"
    elif name in _OPAQUE and value != value.strip(" \t"):
        yield "the blank beside the value belongs to it", "take the blank out"
    elif name == "ptime" or (name == "maxptime" and not reading.grammar.patches):
        yield from _of_milliseconds(value, reading)
    elif name in _PER_PAYLOAD:
        word = value.split(" ", 1)[0]
        number = number_at(value)
        if not _PLAIN.fullmatch(word) and number is not None:
            yield f"it reads the payload type {word[:32]!r} as {wrapped(number)}", "write the number alone"
        if name == "rtpmap":
            yield from _of_encoding(value)
    elif name == "rtcp" and not _PLAIN.fullmatch(value.split(" ", 1)[0]):
        yield f"it reads the port as {small(value)}", "write the number alone"


def _of_milliseconds(value: str, reading: DaemonReading) -> Iterator[tuple[str, str]]:
    number = small(value, bare=reading.grammar.wants_bare_numbers)
    if number is None or number <= 0:
        yield "no number of milliseconds to it", "write a whole number alone"
    elif not _PLAIN.fullmatch(value):
        yield f"it reads {number} milliseconds", "write a whole number alone"


def _of_encoding(value: str) -> Iterator[tuple[str, str]]:
    _, rate, *channels = words_in(value, 2)[1].split("/", 2)
    number = unsigned(number_at(rate) or 0) % 2**32
    if not _PLAIN.fullmatch(rate) or int(rate) != number or not number:
        yield f"it reads the clock rate {rate[:32]!r} as {number}", "write the rate in Hz"
    if channels and channels[0] and not _PLAIN.fullmatch(channels[0]):
        yield "it reads one channel", "write the number of channels"


def _of_bandwidths(scope: Scope, section: str, reading: DaemonReading) -> Iterator[LineFault]:
    if not reading.grammar.composes_bandwidths:
        return
    for line in scope.lines:
        kind, _, number = line.value.partition(":") if line.kind == "b" else ("", "", "")
        if kind in _BANDWIDTHS and len(line.value) >= 4 and not _PLAIN.fullmatch(number):
            read = signed(number_at(number) or 0)
            reason = f"it reads {read}" if read >= 0 else "it does without a negative bandwidth"
            yield LineFault(line=line, reason=reason, cure="write a whole number alone", section=section)


def _of_direction(section: DaemonSection, session: DaemonSession) -> Iterator[LineFault]:
    found = {
        name: (section.by_name.get(name) or session.by_name.get(name) or [])[:1]
        for name in ("recvonly", "sendonly", "inactive")
    }
    taken = next((name for name, attributes in found.items() if attributes), "sendrecv")
    own = [name for name in DIRECTIONS if name in section.by_name]
    meant = own or [name for name in DIRECTIONS if name in session.by_name] or ["sendrecv"]
    if meant[0] != taken:
        line = found[taken][0].line
        reason = f"it takes the direction {taken}, and the section says {meant[0]}"
        yield LineFault(line=line, reason=reason, cure="leave one direction", section=section.name)


def _of_twice(section: DaemonSection) -> Iterator[LineFault]:
    """Yield the lines about a payload type that another one of the same name overrules."""
    for name in ("rtpmap", "fmtp"):
        seen: dict[int, DaemonAttribute] = {}
        for attribute in section.by_name.get(name, ()):
            payload = wrapped(number_at(attribute.value or "") or 0)
            before = seen.get(payload)
            if before is not None and before.value != attribute.value:
                yield LineFault(
                    line=before.line,
                    reason=f"a={name} is said twice for payload type {payload}: it takes the last one",
                    cure="leave one of them",
                    section=section.name,
                )
            seen[payload] = attribute
