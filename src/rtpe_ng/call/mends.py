"""Mends: what a call repairs in a body, because it is lawful and would end the call otherwise.

Phones send bodies that other phones take and browsers do not, and daemons of different versions pass different ones
of these faults on. A mend adds what the grammar demands, leaves out a line that its receiver must ignore anyway, or
rejects a section that the answerer left out; it never invents an address, a key or a codec. Each one is a `Repair`,
which says what was done and why. `Profile.mends` says which are on.

``head``
    The lines that every description has (RFC 8866, section 5): ``v=``, ``o=``, ``s=`` and ``t=`` are completed and
    put in order; empty lines are left out; the last line gets its end. This is done to the body that is sent and
    to the one that comes back.
``lines``
    Lines that a browser cannot read, in a body for a browser: completed where the meaning is known, left out where
    the receiver would have to ignore them.
``sections``
    An answer, or a re-offer, with fewer sections than there are, or in another order: the missing ones are added as
    rejected ones (RFC 3264, sections 6 and 8), and they go again from the answer to such a re-offer.
``codecs``
    An answer with codecs that an earlier answer to the same offer lacked, in this branch or another one: the offer
    is sent again before it, because 10.5 and 12.5 have forgotten the codecs that the earlier answer did not take.
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import attrs

from .. import sdp
from ..errors import SdpError
from ..messages import Repair
from ..sdp.lines import content
from ..sdp.rewrite.editing import replace
from ..sdp.web import OPTIONAL, unreadable
from .sections import OfferedSection, OfferedSections

_SOUND = re.compile(
    r"v=0\r?\no=(?:[^ \r\n]+ ){5}[^ \r\n]+\r?\ns=[^\r\n]+\r?\n(?:[iuep]=.*\r?\n)*(?:c=.*\r?\n)?(?:b=.*\r?\n)*"
    r"t=[^\r\n]+\r?\n(?:[trzka]=.*\r?\n)*m="
)
"""A head to which nothing has to be done; most bodies have it, so they are not read any further."""
_EMPTY = re.compile(r"\n[ \t]*\r?\n")
_GLUED = re.compile(r"[^\r\n=]{1,80}(?=v=0\r?\n)")
"""What 12.5 writes before the first line, without a line break: the end of an ``o=`` line that the body lacked."""
_LINE = re.compile(r"[a-z]=")
_RFC = "RFC 8866, section 5"


def mended_head(body: str, *, whose: str) -> tuple[str, tuple[Repair, ...]]:
    """Return `body` with a complete head and end, and the repairs. `whose` body it is stands in their texts.

    A body without an ``m=`` line, or with a line that is not ``type=value``, stays as it is. Raises nothing.
    """
    if _SOUND.match(body) and body.endswith("\n") and not _EMPTY.search(body):
        return body, ()
    found: list[tuple[str, str]] = []
    glued = _GLUED.match(body)
    if glued:
        body = body[glued.end() :]
        found.append(("what stood before v=0 left out", "12.5 puts an address there if the body had no o="))
    lines = body.lstrip("\ufeff").split("\n")
    kept = [line.rstrip("\r") for line in lines if line.strip(" \t\r\0")]
    start = next((index for index, line in enumerate(kept) if line.startswith("m=")), None)
    is_second = any(line.rstrip(" \t") == "v=0" for line in kept[1 if start is None else start :])
    if start is None or is_second or not all(map(_LINE.match, kept)):
        # No description, or two of them: nobody can tell which is meant.
        return body, tuple(_repairs("head", whose, found))
    end = "\r\n" if "\r\n" in body else "\n"
    if len(kept) < len(lines) - 1 or (lines[-1].strip(" \t\r\0") and len(kept) < len(lines)):
        found.append(("empty lines left out", "a description ends at the first one"))
    if lines[-1].strip(" \t\r\0"):
        found.append(("the end of the last line written", "each line has one"))
    head = _completed(kept[:start], kept, found)
    mended = "".join(f"{line}{end}" for line in [*head, *kept[start:]])
    return (mended, tuple(_repairs("head", whose, found))) if found else (body, ())


def _repairs(mend: str, whose: str, found: Sequence[tuple[str, str]]) -> Iterator[Repair]:
    for what, why in found:
        yield Repair(mend=mend, where="session", what=f"{what} in {whose}", why=f"{why} ({_RFC})")


def _completed(head: list[str], lines: list[str], found: list[tuple[str, str]]) -> list[str]:
    """Return the lines of the session, complete and in their order; what was done is added to `found`."""
    of: dict[str, list[str]] = {}
    for line in head:
        of.setdefault(line[0], []).append(line)
    versions = of.pop("v", [])
    if [line.rstrip(" \t") for line in versions] == ["v=0"]:
        if versions != ["v=0"]:
            found.append(("the spaces behind v=0 left out", "the version is 0"))
    elif not versions or all(line.rstrip(" \t") == "v=0" for line in versions):
        found.append(("one v=0 written", "a description begins with one"))
    else:
        return head
    origin = _origin(of.pop("o", []), lines, found)
    names = of.pop("s", [])
    if not names or not names[0][2:]:
        found.append(("s=- written", "s= must not be empty or missing"))
        names = ["s=-"]
    times = [line for line in head if line[0] in "tr"]
    if "t" not in of or not all(line[2:].strip() for line in of["t"]):
        found.append(("t=0 0 written", "t= must not be empty or missing"))
        times = ["t=0 0"]
    elif times[0][0] != "t":
        times = [*of["t"], *of.get("r", [])]
    whole = ["v=0", origin, names[0]]
    for letter in "iuepcb":
        # Repeated e= and p= lines are lawful; of the others, all but the first contradict it.
        whole += of.get(letter, [])[: None if letter in "epb" else 1]
    whole += times
    whole += [line for letter in "zka" for line in of.get(letter, [])]
    if not found and whole != head:
        found.append(("the lines of the session put in order", "v=, o=, s=, c=, b=, t=, a="))
    return whole


def _origin(origins: list[str], lines: list[str], found: list[tuple[str, str]]) -> str:
    words = origins[0][2:].split(" ") if origins else []
    if len(words) == 6 and all(words):
        return origins[0]
    empty_user = len(words) == 6 and not words[0]
    named = [word for word in words if word]
    # Two bodies that differ must differ in their versions too, or the receiver takes the second for the first.
    version = str(zlib.crc32("\n".join(lines).encode("utf-8", "surrogateescape")))
    address = next((line[2:] for line in lines if line.startswith("c=")), "IN IP4 0.0.0.0").split("/")[0].rstrip()
    if len(named) > 6:
        # A name with spaces in it; the last five words are the others.
        named = ["_".join(named[:-5]), *named[-5:]]
    elif empty_user or (len(named) in (2, 5) and named[0].isdecimal()):
        named = ["-", *named]
    if len(named) < 3:
        named = [*named, *["-", "1", version][len(named) :]]
    if len(named) < 6:
        named = [*named[:3], *address.split(" ")]
    line = f"o={' '.join(named)}"
    found.append(("o= written", "it must have its six words"))
    return line


_RATES = {
    **{codec.name.lower(): f"{codec.clock_rate}" for codec in sdp.STATIC_PAYLOAD_TYPES.values()},
    **dict.fromkeys(
        ("telephone-event", "cn", "ilbc", "speex", "amr", "gsm-efr", "pcmu", "pcma", "g722", "g726-32")
    ),
    **dict.fromkeys(("vp8", "vp9", "h264", "h265", "av1", "rtx", "ulpfec"), "90000"),
    "opus": "48000/2",
    "amr-wb": "16000",
}


def _rate_of(name: str, payload: int) -> str | None:
    """Return the clock rate that an encoding always has, as an rtpmap line writes it; None if there are several."""
    static = sdp.STATIC_PAYLOAD_TYPES.get(payload)
    if static is not None:
        return str(static.clock_rate) if static.name.lower() == name.lower() else None
    return _RATES[name.lower()] or "8000" if name.lower() in _RATES else None


_RTPMAP = re.compile(r"(\d{1,3}) +([^ /]+)(?:/(\d{1,9}))?", re.ASCII)
_BANDWIDTH = re.compile(r"\s*(AS|TIAS)\s*:\s*(\d{1,9})\s*", re.ASCII)


def mended_lines(session: sdp.Session, *, whose: str) -> tuple[sdp.Session, tuple[Repair, ...]]:
    """Return the session without the lines that a browser cannot read, and the repairs.

    Lines whose meaning is known are completed; others are left out if a receiver would have to ignore them. What
    the section needs stays, and `sdp.web_problems` reports it. Raises nothing.
    """
    repairs: list[Repair] = []
    media = list(session.media)
    for index in range(len(media)):
        # Backwards, so that the lines before one that is left out keep their numbers.
        for line, kind in reversed(list(unreadable(media[index]))):
            section = media[index]
            text = content(section.lines[line])
            where = f"{section.type} {index}"
            better = _completed_line(text, kind)
            if better is not None:
                media[index] = replace(section, line, better)
                what = f"{better if kind in ('b', 'rtpmap') else kind} written in {whose}"
            elif kind in OPTIONAL and (kind != "rtpmap" or _is_needless(text, section)):
                media[index] = attrs.evolve(section, lines=(*section.lines[:line], *section.lines[line + 1 :]))
                what = f"an {kind}= line left out of {whose}" if kind == "b" else f"a={kind} left out of {whose}"
            else:
                continue
            repairs.append(Repair(mend="lines", where=where, what=what, why="a browser refuses the line as it was"))
    return (attrs.evolve(session, media=tuple(media)) if repairs else session), tuple(repairs)


def _completed_line(text: str, kind: str) -> str | None:
    if kind == "b":
        bandwidth = _BANDWIDTH.fullmatch(text, 2)
        return f"b={bandwidth[1]}:{bandwidth[2]}" if bandwidth else None
    if kind == "rtpmap":
        match = _RTPMAP.match(text, len("a=rtpmap:"))
        if match:
            rate = match[3] or _rate_of(match[2], int(match[1]))
            return f"a=rtpmap:{match[1]} {match[2]}/{rate}" if rate else None
    return None


def _is_needless(text: str, section: sdp.Media) -> bool:
    """Return whether the section does without this rtpmap line: it names none of its dynamic payload types."""
    payload = text.partition(":")[2].strip().partition(" ")[0]
    is_static = payload.isdecimal() and int(payload) in sdp.STATIC_PAYLOAD_TYPES
    return is_static or payload not in section.formats


def mended_sections(
    session: sdp.Session, there: OfferedSections, *, is_answer: bool
) -> tuple[sdp.Session, tuple[Repair, ...]]:
    """Return the session with a section for each of those that are `there`, and the repairs.

    In an answer, `there` are the sections of the offer; in a re-offer, those of the session so far. What has no
    place among them stays as it is. Raises nothing.
    """
    media = [OfferedSection.of(section) for section in session.media]
    places = there.places(media)
    if not media or places is None or (len(media) == len(there.sections) and list(places) == sorted(places)):
        return session, ()
    if not is_answer and list(places) != sorted(places):
        return session, ()
    by_place = {place: session.media[index] for index, place in enumerate(places)}
    repairs: list[Repair] = []
    names_mids = any(section.mid for section in media)
    whole = []
    for place, section in enumerate(there.sections):
        if place in by_place:
            whole.append(by_place[place])
            continue
        own = next((media.protocol for media in session.media if media.is_rtp), "")
        protocol = own if own and not is_answer and "RTP/" in section.protocol else section.protocol
        whole.append(_rejection(attrs.evolve(section, protocol=protocol), session, names_mid=names_mids))
        rule = "an answer has the sections of its offer (RFC 3264, section 6)"
        if not is_answer:
            rule = "a re-offer keeps the sections that there were (RFC 3264, section 8)"
        what = f"a rejected section added to the {'answer' if is_answer else 're-offer'}"
        repairs.append(Repair(mend="sections", where=f"{section.type or 'section'} {place}", what=what, why=rule))
    if list(places) != sorted(places):
        why = "an answer has the sections in the order of its offer (RFC 3264, section 6)"
        repairs.append(Repair(mend="sections", where="session", what="the sections put in order", why=why))
    return attrs.evolve(session, media=_with_ends(whole)), tuple(repairs)


def _with_ends(sections: list[sdp.Media]) -> tuple[sdp.Media, ...]:
    """Return the sections with a line end at every line: the last one of the body may have had none."""
    end = "\r\n"
    return tuple(
        section
        if section.lines[-1].endswith("\n")
        else attrs.evolve(section, lines=(*section.lines[:-1], section.lines[-1] + end))
        for section in sections
    )


def _rejection(section: OfferedSection, session: sdp.Session, *, names_mid: bool) -> sdp.Media:
    protocol = section.protocol or "RTP/AVP"
    is_rtp = "RTP/" in protocol
    kind = section.type or "audio"
    lines = [f"m={kind} 0 {protocol} {section.format or ('0' if is_rtp else 't38')}"]
    if session.connection is None:
        # Daemons refuse a body in which a section has no address at all.
        lines.append("c=IN IP4 0.0.0.0")
    if section.mid and names_mid:
        lines.append(f"a=mid:{section.mid}")
    return sdp.Media(lines=tuple(f"{line}\r\n" for line in lines))


def without_sections(session: sdp.Session, places: Sequence[int]) -> tuple[sdp.Session, tuple[Repair, ...]]:
    """Return an answer without the rejected sections at these places, which the call had added to the offer."""
    gone = {place for place in places if place < len(session.media) and session.media[place].is_rejected}
    if not gone:
        return session, ()
    media = tuple(section for place, section in enumerate(session.media) if place not in gone)
    why = "the offer did not have it; the call had added it"
    repairs = tuple(
        Repair(
            mend="sections", where=f"{session.media[place].type} {place}", what="left out of the answer", why=why
        )
        for place in sorted(gone)
    )
    return attrs.evolve(session, media=media), repairs


Codecs: TypeAlias = frozenset[tuple[int, str, int | None]]
"""Codecs: the index of the section, the name and the clock rate of each."""

OFFERED_AGAIN = Repair(
    mend="codecs",
    where="session",
    what="the offer sent again before the answer",
    why="the answer has codecs that an earlier answer to it lacked, and 10.5 and 12.5 have forgotten them",
)
"""What is said when an answer has other codecs than an earlier one to the same offer."""


def accepted_codecs(answer: sdp.Session | None) -> Codecs | None:
    """Return the codecs that an answer accepts; None if it is no SDP."""
    if answer is None:
        return None
    return frozenset(
        (index, codec.name.lower(), codec.clock_rate)
        for index, section in enumerate(answer.media)
        if not section.is_rejected
        for codec in section.codecs
    )


def has_others(answer: sdp.Session | None, accepted: Codecs | None) -> bool:
    """Return whether an answer has codecs that the one before it did not accept, as far as that is known."""
    codecs = accepted_codecs(answer)
    return codecs is not None and (accepted is None or not codecs <= accepted)


def readable(body: str) -> sdp.Session | None:
    """Return the body, read; None if it is no SDP."""
    try:
        return sdp.parse(body)
    except SdpError:
        return None
