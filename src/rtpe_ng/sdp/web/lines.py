"""Lines that a browser cannot read, as the mends of a call see them; and what every description has at its head."""

import re
from collections.abc import Iterator

from ..lines import Section, content, line_end
from ..media import Media
from ..session import Session
from .grammar import OF_SESSION, bandwidth_fault, codec_fault, grammar_of
from .text import name_of

__all__: list[str] = []

_HEAD = re.compile(r"vosi?u?e*p*c?b*(?:tr*)+z?k?a*")
"""The types of the session's lines, in the order of RFC 8866, section 5. Chromium insists on it."""
OPTIONAL = frozenset(
    (
        *("b", "", "mid", "msid", "rtpmap", "fmtp", "rtcp-fb", "extmap", "ssrc", "ssrc-group", "simulcast"),
        *("candidate", "ptime", "maxptime", "ice-options", "packetization", "msid-semantic", "x-google-flag"),
    )
)
"""Of the lines that `unreadable` finds, those that may be left out: a peer that cannot read one must ignore it (RFC
8866, section 5.13). ``b`` is the type of a line, the others are names of attributes."""


def _is_blank(letter: str, text: str, *, is_media: bool) -> bool:
    """Return whether a line is empty or has a space behind the ``=``, which only ``s=`` may have.

    What others report is left to them: ``s=``, ``o=`` and ``t=``, and the ``b=`` and ``a=`` lines of sections.
    """
    if text.startswith(" "):
        return letter in "iueprzkac" or (letter == "b" and not is_media) or (letter == "t" and bool(text.strip()))
    return not text and (letter in "iueprzk" or (letter == "b" and not is_media))


_PORTS = re.compile(r"[^ ]+ +\d+/", re.ASCII)


def unreadable(section: Section) -> Iterator[tuple[int, str]]:
    """Yield the index and the kind of each line of a section, or of the session, that a browser cannot read.

    The kind is ``b``, ``m``, or the name of the attribute; or a letter with ``=`` for a line that is empty or has a
    space behind the ``=``. The order of lines is no matter here.
    """
    is_media = isinstance(section, Media)
    grammar = grammar_of(section.type, section.protocol) if isinstance(section, Media) else OF_SESSION
    for index, line in enumerate(section.lines):
        text = content(line)[2:]
        if line[0] == "m" and _PORTS.match(text):
            yield index, "m"
        elif _is_blank(line[0], text, is_media=is_media):
            yield index, f"{line[0]}="
        elif line[0] == "a":
            name = name_of(text)
            fault = grammar.get(name)
            if not text or (fault is not None and (fault(text) or _is_no_codec(name, text, section))):
                yield index, name
        elif line[0] == "b" and is_media and bandwidth_fault(text):
            yield index, "b"


def _is_no_codec(name: str, text: str, section: Section) -> bool:
    """Return whether an rtpmap line names no codec for a payload type that the section has."""
    if name != "rtpmap" or not isinstance(section, Media):
        return False
    payload, _, codec = text.partition(":")[2].partition(" ")
    return payload in section.formats and bool(codec_fault(codec.split(" ")[0], is_audio=section.type == "audio"))


def is_sound_origin(value: str) -> bool:
    """Return whether an ``o=`` line has its fields in their places: name, id, version, network, type, address."""
    words = value.split(" ")
    if len(words) != 6 or "" in words:
        return False
    if words[3].upper() == "IN" and words[4].upper() in ("IP4", "IP6"):
        return True
    # Other networks than the Internet have types of their own.
    numbers = all(word.isascii() and word.isdecimal() for word in words[1:3])
    return numbers and not any(word.upper() in ("IN", "IP4", "IP6") for word in words[3:])


def head_problems(session: Session) -> Iterator[str]:
    """Yield what is wrong with the lines above the first ``m=``, and with the end: what every description needs."""
    origin, name = "".join(session.values("o")[:1]), "".join(session.values("s")[:1])
    types = "".join(line[0] for line in session.lines)
    lacks = [f"{letter}=" for letter in "ost" if letter not in types]
    if lacks:
        yield f"no {' and no '.join(lacks)}"
    elif not _HEAD.fullmatch(types):
        yield "its lines are not in the order v=, o=, s=, c=, b=, t=, a="
    if "o" in types and not is_sound_origin(origin):
        six = len(origin.split(" ")) == 6 and "" not in origin.split(" ")
        yield "o= has its words in no sound order" if six else "o= has not its six words"
    if "s" in types and not name:
        yield "s= is empty: s=- is the least"
    if "t" in types and not all(value.strip() for value in session.values("t")):
        yield "t= is empty"
    if session.trailer:
        yield "an empty line: what follows it is not read"
    last = (session.media[-1] if session.media else session).lines[-1:]
    if any(not line_end(line) for line in last):
        yield "the last line has no end: it may have been cut"
