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
from collections import Counter
from collections.abc import Iterator, Sequence

import attrs

from .. import sdp
from ..messages import Repair
from ..sdp.codec import RATES
from ..sdp.composing import rejection
from ..sdp.lines import content, line_end
from ..sdp.values import ip_address
from ..sdp.web.lines import OPTIONAL, is_sound_origin, unreadable
from .body import Codecs
from .sections import OfferedSection, OfferedSections

_SOUND = re.compile(
    r"v=0\r?\no=(?:[^ \r\n]+ ){3}IN IP[46] [^ \r\n]+\r?\ns=[^\r\n]+\r?\n"
    r"(?:i=.*\r?\n)?(?:u=.*\r?\n)?(?:e=.*\r?\n)*(?:p=.*\r?\n)*(?:c=.*\r?\n)?(?:b=.*\r?\n)*"
    r"t=[^\r\n]+\r?\n(?:(?:[tr]=[^\r\n]+|[zka]=.*)\r?\n)*m="
)
"""A head to which nothing has to be done; most bodies have it, so they are not read any further."""
_EMPTY = re.compile(r"\n[ \t\r\0]*\n")
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
    text = body.lstrip("\ufeff")
    if len(text) < len(body):
        found.append(("the byte order mark left out", "a description begins with v=0"))
    glued = _GLUED.match(text)
    if glued:
        body = text = text[glued.end() :]
        found.append(("what stood before v=0 left out", "12.5 puts an address there if the body had no o="))
    told = found[:] if glued else []
    lines = text.split("\n")
    # Text of C ends with a NUL, which is no part of it.
    tail = lines[-1].rstrip("\0")
    if tail.strip(" \t\r") != lines[-1].strip(" \t\r") or (lines[-1] and not tail.strip(" \t\r")):
        found.append(("what stands behind the last line left out", "each line is type=value"))
        lines[-1] = tail
    kept = [line.rstrip("\r") for line in lines if line.strip(" \t\r\0")]
    start = next((index for index, line in enumerate(kept) if line.startswith("m=")), None)
    is_second = any(line.rstrip(" \t") == "v=0" for line in kept[1 if start is None else start :])
    if start is None or is_second or not all(map(_LINE.match, kept)):
        # No description, or two of them: nobody can tell which is meant.
        return body, tuple(_repairs("head", whose, told))
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
    known = len(found)
    origin = _origin(of.pop("o", []), lines, found)
    name = _name(of.pop("s", []), found)
    times = [line for line in head if line[0] in "tr" and line[2:].strip()]
    if not any(line[0] == "t" for line in times):
        found.append(("t=0 0 written", "t= must not be empty or missing"))
        times = ["t=0 0"]
    elif times[0][0] != "t":
        times.sort(key=lambda line: line[0] != "t")
    whole = ["v=0", origin, name]
    for letter in "iuepcb":
        # Repeated e= and p= lines are lawful; of the others, all but the first contradict it.
        whole += of.get(letter, [])[: None if letter in "epb" else 1]
    whole += times
    whole += [line for letter in "zka" for line in of.get(letter, [])]
    found += _left_out([line for line in head if line != "s="], whole)
    if (len(found) == known and whole != head) or _order(head, whole) != _order(whole, head):
        found.append(("the lines of the session put in order", "v=, o=, s=, c=, b=, t=, a="))
    return whole


def _name(names: list[str], found: list[tuple[str, str]]) -> str:
    name = next((it for it in names if it[2:].strip()), next((it for it in names if it[2:]), "s=-"))
    if name not in names:
        found.append(("s=- written", "s= must not be empty or missing"))
    elif not names[0][2:]:
        found.append(("an empty s= line left out", "s= must not be empty or missing"))
    return name


def _left_out(head: list[str], whole: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what is said of the lines that are not in the `whole` head."""
    kept = Counter(line[0] for line in whole)
    for letter, number in Counter(line[0] for line in head).items():
        if letter != "v" and number > kept[letter]:
            why = "there may be one only" if letter in _TYPES else "it is no line of SDP"
            if letter in "tr":
                why = "it is empty, or has no t= line"
            yield f"{article(letter)} {letter}= line left out", why


_TYPES = "vosiuepcbtrzka"


def article(letter: str) -> str:
    """Return the article before the name of a letter."""
    return "an" if letter in "aefhilmnorsx" else "a"


def _order(lines: list[str], others: list[str]) -> list[str]:
    return list(dict.fromkeys(line for line in lines if line in others))


def _origin(origins: list[str], lines: list[str], found: list[tuple[str, str]]) -> str:
    """Return a sound ``o=`` line: network type and address are found first, the rest is what stands before them."""
    if origins and is_sound_origin(origins[0][2:]):
        return origins[0]
    found.append(("o= written", "it must have its six words"))
    words = origins[0][2:].split() if origins else []
    # Two bodies that differ must differ in their versions too, or the receiver takes the second for the first.
    version = str(zlib.crc32("\n".join(lines).encode("utf-8", "surrogatepass")))
    start = next((index for index in range(len(words)) if _is_anchor(words, index)), None)
    if start is None:
        is_host = len(words) > 3 and re.search(r"[.:]", words[-1])
        start = len(words) - 1 if is_host else len(words)
    before, after = words[:start], [word for word in words[start:] if word.upper() not in _NETWORK]
    for line in lines:
        if not after and line.startswith("c="):
            after = [word.partition("/")[0] for word in line[2:].split() if word.upper() not in _NETWORK]
    address = next((word for word in after if ip_address(word)), *after[:1] or ["0.0.0.0"])  # noqa: S104
    family = "IP6" if ":" in address else "IP4"
    numbers: list[str] = []
    while before and len(numbers) < 2 and _DIGITS.fullmatch(before[-1]):
        numbers.insert(0, before.pop())
    if len(numbers) == 1 and not before and start == 1:
        before, numbers = numbers, []
    user = "_".join(before) or "-"
    return f"o={' '.join([user, *numbers, *['1', version][len(numbers) :]])} IN {family} {address}"


_NETWORK = ("IN", "IP4", "IP6")
_DIGITS = re.compile(r"\d+", re.ASCII)


def _is_anchor(words: list[str], index: int) -> bool:
    """Return whether the network and the address of an ``o=`` line begin with this word."""
    word, after = words[index].upper(), "".join(words[index + 1 : index + 2]).upper()
    if word == "IN":
        return after in ("IP4", "IP6") or index > 0
    return word in ("IP4", "IP6") or (ip_address(words[index]) is not None)


def _rate_of(name: str, payload: int) -> str | None:
    """Return the clock rate that an encoding always has, as an rtpmap line writes it; None if there are several."""
    static = sdp.STATIC_PAYLOAD_TYPES.get(payload)
    if static is None:
        return RATES.get(name.lower())
    if static.name.lower() != name.lower():
        return None
    return f"{static.clock_rate}" + (f"/{static.channels}" if static.channels != 1 else "")


_RTPMAP = re.compile(
    r"a=rtpmap:[ \t]*(\d{1,3})[ \t]+([^ \t/]+)[ \t]*"
    r"(?:/[ \t]*([^ \t/]*)[ \t]*(?:/[ \t]*([^ \t/]*)[ \t]*)?)?",
    re.ASCII,
)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_CHANNELS = {"": "", "mono": "", "stereo": "2"}
_BANDWIDTH = re.compile(r"\s*(AS|TIAS)\s*:\s*(\d{1,9})\s*", re.ASCII)


def mended_lines(session: sdp.Session, *, whose: str) -> tuple[sdp.Session, tuple[Repair, ...]]:
    """Return the session without the lines that a browser cannot read, and the repairs.

    Lines whose meaning is known are completed; others are left out if a receiver would have to ignore them. What
    the section needs stays, and `sdp.web_problems` reports it. Raises nothing.
    """
    repairs: list[Repair] = []
    above = list(session.lines)
    for line, kind in reversed(list(unreadable(session))):
        if kind.endswith("=") and kind[0] in _NEEDLESS:
            del above[line]
            what = f"{_named(kind)} left out of {whose}"
            repairs.append(Repair(mend="lines", where="session", what=what, why=_REFUSED))
    media = []
    for index, section in enumerate(session.media):
        lines = list(section.lines)
        # Backwards, so that the lines before one that is left out keep their numbers.
        for line, kind in reversed(list(unreadable(section))):
            text = content(section.lines[line])
            better = _completed_line(text, kind)
            if better is not None:
                lines[line] = better + line_end(section.lines[line])
                what = f"{better if kind in ('b', 'm', 'rtpmap') else kind} written in {whose}"
            elif _is_needless(kind, text, section):
                del lines[line]
                what = f"{_named(kind)} left out of {whose}"
            else:
                continue
            repairs.append(Repair(mend="lines", where=f"{section.type} {index}", what=what, why=_REFUSED))
        is_same = tuple(lines) == section.lines
        media.append(section if is_same else attrs.evolve(section, lines=tuple(lines)))
    if not repairs:
        return session, ()
    return attrs.evolve(session, lines=tuple(above), media=tuple(media)), tuple(repairs)


_NEEDLESS = "iuepbrzk"
"""The lines that a browser does without: what they say is for people, or for systems that it is none of."""
_REFUSED = "a browser refuses the line as it was"


def _completed_line(text: str, kind: str) -> str | None:
    if kind == "b":
        bandwidth = _BANDWIDTH.fullmatch(text, 2)
        return f"b={bandwidth[1]}:{bandwidth[2]}" if bandwidth else None
    if kind == "a=":
        return f"a={text[2:].strip(' ')}" if text[2:].strip(" ") else None
    if kind == "m":
        return re.sub(r"(m=[^ ]+ +\d+)/\d*", r"\1", text, count=1, flags=re.ASCII)
    if kind == "rtpmap" and (match := _RTPMAP.fullmatch(text)):
        payload, name, rate, channels = match.groups()
        usual, _, most = (_rate_of(name, int(payload)) or "").partition("/")
        if channels and channels.lower() not in _CHANNELS and not _NUMBER.fullmatch(channels):
            return None
        if not (rate and _NUMBER.fullmatch(rate)):
            # What stands there may be no rate, so nothing is made of its digits.
            rate, channels = usual, channels or most
        elif channels == "":
            channels = most
        number = _CHANNELS.get((channels or "").lower(), channels)
        return f"a=rtpmap:{payload} {name}/{rate}" + (f"/{number}" if number else "") if rate else None
    return None


def _named(kind: str) -> str:
    if kind == "b" or kind.endswith("="):
        return f"{article(kind[0])} {kind[0]}= line"
    return f"a={kind}"


def _is_needless(kind: str, text: str, section: sdp.Media) -> bool:
    """Return whether the section does without this line. An rtpmap must name none of its dynamic payload types."""
    if kind != "rtpmap":
        return kind in OPTIONAL or (kind.endswith("=") and kind[0] in _NEEDLESS)
    payload = "".join(text.partition(":")[2].split()[:1])
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
    kind, _, written = section.line.partition(" ")
    kind, protocol = section.type or kind or "audio", section.protocol or written
    formats = [section.format] if section.format else []
    lines = rejection(kind, protocol, formats, mid=section.mid if names_mid else "")
    if session.connection is None:
        # Daemons refuse a body in which a section has no address at all.
        lines.insert(1, "c=IN IP4 0.0.0.0")
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


OFFERED_AGAIN = Repair(
    mend="codecs",
    where="session",
    what="the offer sent again before the answer",
    why="the answer has codecs that an earlier answer to it lacked, and 10.5 and 12.5 have forgotten them",
)
"""What is said when an answer has other codecs than an earlier one to the same offer."""


def has_others(codecs: Codecs | None, accepted: Codecs | None) -> bool:
    """Return whether an answer has codecs that the one before it did not accept, as far as that is known."""
    return codecs is not None and (accepted is None or not codecs <= accepted)
