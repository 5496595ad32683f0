"""`problems`: the malformed lines of a description that can be read nevertheless."""

from collections.abc import Callable, Mapping

from ..errors import SdpError
from .candidate import Candidate
from .codec import RtpMap
from .keys import SETUPS, Crypto, Fingerprint
from .lines import attribute_of, content
from .session import Session, as_session
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


_LINES: Mapping[str, Callable[[str], object]] = {
    "o": Origin.parse,
    "c": Connection.parse,
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


def problems(body: str | bytes | Session) -> tuple[SdpError, ...]:
    """Return an error, with line number and text, for each malformed line of a description.

    Views leave such lines out; rendering and rewriting keep them. Checked are ``o=``, ``c=``, ``t=``, ``b=``, the
    attributes of which `Media` and `Session` have a view, and spaces beside an attribute's name. Views ignore these
    spaces, but RTPEngine does not: for it, ``a=sendonly`` followed by a space is another attribute and puts nobody
    on hold. Raises `SdpError` only if the text is no SDP at all.
    """
    session = as_session(body)
    errors = []
    lines = [*session.lines, *(line for media in session.media for line in media.lines)]
    for number, line in enumerate(lines, start=1):
        name, value = attribute_of(line)
        read = _ATTRIBUTES.get(name) if name else _LINES.get(line[:1])
        if name and (whole := content(line)[2:].partition(":")[0]) != name:
            # The value is not shown, because it may be a key.
            reason = f"a space beside the name: RTPEngine knows no attribute {whole[:32]!r}"
            errors.append(SdpError(reason, line=number, text=f"a={whole}"))
        elif read is not None:
            try:
                read(value if name else content(line)[2:])
            except SdpError as error:
                # Redaction may miss the key of a malformed line, so none of it is shown.
                text = "a=crypto:..." if name == "crypto" else content(line)
                errors.append(SdpError(str(error), line=number, text=text))
    return tuple(errors)
