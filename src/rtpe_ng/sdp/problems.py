"""`problems`: the lines of a description that are malformed, by the RFCs or for a version of the daemon.

`parse` takes nearly any body, because a body that nobody understands can still be passed on. Here every line is
read with the parser of its value, which is strict, and what that refuses is a problem; so what the library could
not read itself, it names. The verdict of a version of the daemon is another matter, and stands in `sdp.daemon`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ..errors import SdpError
from .candidate import Candidate
from .codec import RtpMap, payload_number
from .daemon.verdict import daemon_problems
from .keys import SETUPS, Crypto, Fingerprint
from .lines import attribute_of, content
from .media import Media
from .problem import SdpProblem
from .session import Session, apart, as_session, raw_text
from .tracks import Msid, Ssrc, SsrcGroup
from .values import Bandwidth, Connection, ExtMap, Group, Origin, Rtcp, Timing

__all__ = ["problems"]


def _setup(value: str) -> object:
    if value not in SETUPS:
        raise SdpError(f"a DTLS role ({', '.join(SETUPS)}) expected, not {value[:32]!r}")
    return value


def _rtpmap(value: str) -> object:
    rtpmap = RtpMap.parse(value)
    if rtpmap.clock_rate is None:
        raise SdpError("a clock rate in Hz expected")
    return rtpmap


def _origin(value: str) -> object:
    if len(value.split()) > 6:
        raise SdpError("more than six words: the user name must have no blanks")
    return Origin.parse(value)


def _connection(value: str) -> object:
    connection = Connection.parse(value)
    words = value.split()
    if len(words) > 3:
        raise SdpError("more than three words")
    family = f"IP{connection.ip.version}" if connection.ip else None
    if connection.network_type.upper() != "IN" or connection.address_type not in ("IP4", "IP6"):
        raise SdpError("IN, then IP4 or IP6, then the address expected")
    if family not in (None, connection.address_type) or connection.address in ("IP4", "IP6"):
        raise SdpError(f"an {connection.address_type} address expected, not {connection.address[:64]!r}")
    return connection


_ABOVE_ONLY = frozenset("osuepztr")
"""The types of lines that only the session has (RFC 8866, section 5)."""
_LINES: Mapping[str, Callable[[str], object]] = {
    "o": _origin,
    "c": _connection,
    "t": Timing.parse,
    "b": Bandwidth.parse,
}
_ATTRIBUTES: Mapping[str, Callable[[str], object]] = {
    "candidate": Candidate.parse,
    "crypto": Crypto.parse,
    "extmap": ExtMap.parse,
    "fingerprint": Fingerprint.parse,
    "group": Group.parse,
    "msid": Msid.parse,
    "rtcp": Rtcp.parse,
    "rtpmap": _rtpmap,
    "setup": _setup,
    "ssrc": Ssrc.parse,
    "ssrc-group": SsrcGroup.parse,
}


def problems(body: str | bytes | Session, *, engine: str | None = None) -> tuple[SdpProblem, ...]:
    """Return a problem, with line number and text, for each line of a description that is malformed.

    Without `engine`, malformed is what RFC 8866 and the RFCs of the attributes do not allow: views leave such lines
    out, and rendering and rewriting keep them. Checked are ``o=``, ``c=``, ``t=`` and ``b=`` lines, payload types,
    the attributes of which `Media` and `Session` have a view, spaces beside an attribute's name, lines of the
    session in a section, and a second description behind the first. Raises `SdpError` if the text is no SDP at all.

    With `engine`, the version of a daemon such as ``26.0`` or ``12.5.1.31``, the verdict is that daemon's on a
    plain offer: first what it refuses (`SdpProblem.effect` is ``refused``), in its order, and then what it takes
    otherwise than it is meant, without a word (``misread``). 10.5.3.5, 12.5.1.31 and 26.0.1.26 were measured;
    another version is taken for the newest of these that is not newer. Raises `SdpError` only for a body that is
    too long or has no wire form, and `UsageError` for what is no version.
    """
    if engine is not None:
        return daemon_problems(raw_text(body), engine)
    session = as_session(body)
    return tuple(_of_lines(session))


class _Why(NamedTuple):
    reason: str
    cure: str
    rule: str = "RFC 8866, section 5"
    shows_value: bool = True
    """Whether the value of the line may be shown; behind a misspelt name it may be a key."""


def _of_lines(session: Session) -> Iterator[SdpProblem]:
    number = index = 0
    for part in apart(session):
        for section in (part, *part.media):
            name = "session"
            if isinstance(section, Media):
                name, index = f"{section.type} {index}", index + 1
            has_connection = False
            for line in section.lines:
                number += 1
                kind, text = line[:1], content(line)
                if kind == "a":
                    why = _of_attribute(line)
                elif kind == "m" and isinstance(section, Media):
                    why = _of_media(section)
                elif kind == "v" and number > 1:
                    why = _Why("a second description begins here", "give each description by itself")
                elif kind in _ABOVE_ONLY and isinstance(section, Media):
                    why = _Why(f"a line of type {kind}= belongs above the first m= line", "move it there")
                elif kind == "c" and has_connection and section is part:
                    why = _Why("a c= line stands above it already", "leave one of them")
                else:
                    why = _unreadable(_LINES.get(kind), content(line)[2:], "RFC 8866, section 5")
                has_connection |= kind == "c"
                if why is not None:
                    yield SdpProblem(
                        reason=why.reason,
                        section=name,
                        line=number,
                        text=text if why.shows_value else text.partition(":")[0],
                        effect="misread",
                        rule=why.rule,
                        cure=why.cure,
                    )


def _of_attribute(line: str) -> _Why | None:
    name, value = attribute_of(line)
    whole = content(line)[2:].partition(":")[0]
    if whole != name:
        reason = f"a space beside the name: RTPEngine knows no attribute {whole[:32]!r}"
        return _Why(reason, "take the space out", "RFC 8866, section 9", shows_value=False)
    return _unreadable(_ATTRIBUTES.get(name), value, "")


def _of_media(section: Media) -> _Why | None:
    numbers = map(payload_number, section.formats)
    if section.is_rtp and any(number is None or number > 127 for number in numbers):
        return _Why("a payload type of RTP is a number of 0 to 127", "leave others out", "RFC 3551, section 6")
    if not section.values("c") and not section.above.values("c"):
        cure = "add one to the session or to the section"
        return _Why("neither it nor the session has a c= line", cure, "RFC 8866, section 5.7")
    return None


def _unreadable(read: Callable[[str], object] | None, value: str, rule: str) -> _Why | None:
    if read is not None:
        try:
            read(value)
        except SdpError as error:
            return _Why(str(error), "mend the line, or take it out", rule)
    return None
