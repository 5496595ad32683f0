"""Why the daemon refuses a body, in the steps in which it does: reading it, sorting it out, writing the reply.

A later step is only reached without a fault in the earlier ones. The last step refuses what its way of writing
cannot cope with. 10.5 and 12.5 copy the body from top to bottom and put their own values into it in an order of
their own: ``o=``, the ``c=`` line, then the attributes that they replace. Where a line stands above another one
that comes first in this order, they give up.
"""

from collections.abc import Iterator

import attrs

from .grammar import DIRECTIONS, ICE, Grammar
from .reading import DaemonAttribute, DaemonLine, DaemonReading, DaemonSection, DaemonSession, LineFault

__all__: list[str] = []

UNREADABLE = "Failed to parse SDP"
INCOMPLETE = "Incomplete SDP specification"
NO_PORTS = "Ran out of ports"
NOT_REWRITTEN = "Error rewriting SDP"
REFUSALS = frozenset({UNREADABLE, INCOMPLETE, NO_PORTS, NOT_REWRITTEN})
"""The daemon's words for a body that it refuses; some have other causes too."""
MOST_PORTS_IN_A_ROW = 8
"""For how many ports in a row the daemon finds room, although it reads larger numbers."""

_ABOVE = ICE | DIRECTIONS | {"fingerprint", "setup", "tls-id"}
"""What is taken out above the sections, beside the BUNDLE group."""
_IN_A_SECTION = ICE | DIRECTIONS | {"mid", "end-of-candidates"}
"""What is taken out of every section."""
_OF_A_TRANSPORT = frozenset({"rtcp", "rtcp-mux", "crypto", "fingerprint", "setup", "tls-id"})
_OF_CODECS = frozenset({"rtpmap", "fmtp", "rtcp-fb"})


@attrs.frozen(kw_only=True)
class Refusal:
    """Why a daemon refuses a body."""

    words: str
    """The daemon's own words; empty if it says ``ok`` and sends no body back."""
    faults: tuple[LineFault, ...]
    """What is wrong: at least one."""


def refusal_of(reading: DaemonReading) -> Refusal | None:
    """Return why the daemon refuses a body; None if it takes it."""
    if reading.faults:
        return Refusal(words=UNREADABLE, faults=reading.faults)
    if not reading.lines:
        line = DaemonLine(number=1, text="", start=0)
        reason = "an empty line stands first, at which the daemon ends" if reading.text else "the body is empty"
        words = "" if reading.grammar.keeps_nothing else NOT_REWRITTEN
        return Refusal(words=words, faults=(LineFault(line=line, reason=reason, cure="begin with v=0"),))
    for words, check in (
        (INCOMPLETE, _incomplete),
        (NO_PORTS, _too_many_ports),
        (NOT_REWRITTEN, _not_written if reading.grammar.patches else _nothing_usable),
    ):
        if faults := tuple(check(reading)):
            return Refusal(words=words, faults=faults)
    return None


def _incomplete(reading: DaemonReading) -> Iterator[LineFault]:
    for session in reading.sessions:
        above = session.first("c")
        for section in session.sections:
            if above is None and section.first("c") is None:
                yield LineFault(
                    line=section.line,
                    reason="no address: neither the section nor the session has a c= line",
                    cure="add c=IN IP4 and the address, also to a rejected section",
                    helper="sdp.set_connection(body, address)",
                    section=section.name,
                )
            if section.is_rtp and (section.port or reading.grammar.reads_rejected):
                bad = [
                    word
                    for word, number in zip(section.words, section.formats, strict=True)
                    if number is None or number > 127
                ]
                if bad:
                    reason = (
                        f"a payload type of 0 to 127 expected, not {bad[0][:32]!r}"
                        if bad[0]
                        else "a blank too many behind the payload types"
                    )
                    yield LineFault(
                        line=section.line,
                        reason=reason,
                        cure="take it out; a rejected section may list any payload type, such as 0",
                        section=section.name,
                    )


def _too_many_ports(reading: DaemonReading) -> Iterator[LineFault]:
    for section in reading.sections:
        if section.port and section.ports > MOST_PORTS_IN_A_ROW:
            reason = f"it finds no {section.ports} ports in a row, and {MOST_PORTS_IN_A_ROW} at most"
            yield LineFault(line=section.line, reason=reason, cure="leave out the '/'", section=section.name)


def _nothing_usable(reading: DaemonReading) -> Iterator[LineFault]:
    sections = reading.sections
    if not any(section.port for section in sections):
        yield _no_section(reading, sections[0] if sections else None, reading.lines[-1])


def _no_section(reading: DaemonReading, rejected: DaemonSection | None, end: DaemonLine) -> LineFault:
    if rejected is not None:
        return LineFault(
            line=rejected.line,
            reason="every section is rejected: port 0",
            cure="reject the INVITE instead; in an answer, the daemon needs one section that is accepted",
            section=rejected.name,
        )
    if reading.rest < len(reading.text.rstrip()):
        reason = "no section above the empty line behind it, at which the daemon ends"
        return LineFault(line=end, reason=reason, cure="take the empty line out")
    return LineFault(line=end, reason="no section: an m= line expected", cure="add one")


def _not_written(reading: DaemonReading) -> Iterator[LineFault]:
    sections = reading.sections
    needs_port = reading.grammar.needs_a_usable_section
    last = max((place for place, it in enumerate(sections) if it.port or not needs_port), default=-1)
    place = 0
    for session in reading.sessions:
        # Each session takes the address above its sections from the first usable section that is left.
        if last < place:
            if session is not reading.sessions[0] and not session.sections:
                reason = "a second description begins here, and no section follows"
                yield LineFault(line=session.line, reason=reason, cure="give each description by itself")
            else:
                left = sections[place] if place < len(sections) else None
                yield _no_section(reading, left, session.lines[-1])
        yield from _out_of_order_above(session, reading)
        for section in session.sections:
            yield from _out_of_order(section, reading)
        place += len(session.sections)


def _out_of_order_above(session: DaemonSession, reading: DaemonReading) -> Iterator[LineFault]:
    origin, connection = session.first("o"), session.first("c")
    if not reading.grammar.patches_every_connection and all(it.first("c") for it in session.sections):
        connection = None
    replaced = [it.line for it in session.attributes if _is_replaced_above(it, reading.grammar)]
    if origin and connection and connection.number < origin.number:
        yield LineFault(line=connection, reason="a c= line above the o= line", cure="move it below o= and s=")
    last = max((line.number for line in (origin, connection) if line), default=0)
    for line in replaced:
        if line.number < last:
            below = "o=" if origin and line.number < origin.number else "c="
            reason = f"an attribute above the {below} line, which it must rewrite first"
            yield LineFault(line=line, reason=reason, cure="move it below the t= line")


def _is_replaced_above(attribute: DaemonAttribute, grammar: Grammar) -> bool:
    if attribute.made.fate == "ignored":
        return True
    if attribute.name == "group":
        return (attribute.value or "").startswith("BUNDLE ")
    return attribute.is_read and attribute.name in _ABOVE and grammar.knows(attribute.name)


def _out_of_order(section: DaemonSection, reading: DaemonReading) -> Iterator[LineFault]:
    connection = section.first("c")
    if connection is None or section.type == "message":
        return
    above = [it for it in section.attributes if it.line.number < connection.number]
    found = next((it for it in above if is_replaced(it, section, reading)), None)
    if found is not None:
        reason = f"the c= line stands below a={found.name[:32]}, which it must rewrite afterwards"
        yield LineFault(
            line=connection, reason=reason, cure="move it up, right below the m= line", section=section.name
        )


def is_replaced(attribute: DaemonAttribute, section: DaemonSection, reading: DaemonReading) -> bool:
    """Return whether the daemon takes an attribute out of a section and writes its own, or none."""
    grammar, name = reading.grammar, attribute.name
    if attribute.made.fate != "read":
        return attribute.made.fate == "ignored"
    if not grammar.knows(name) or (name == "extmap" and not grammar.passes_unknown):
        return not grammar.passes_unknown
    if name in _IN_A_SECTION:
        return True
    if grammar.passes_foreign and not section.is_known:
        return False
    if name == "rtcp-fb" and (attribute.value or "").split(" ", 1)[0] == "*":
        return False
    if name in _OF_CODECS:
        return section.is_rtp and bool(section.formats)
    return name in _OF_A_TRANSPORT or (name == "ptime" and section.ptime > 0)
