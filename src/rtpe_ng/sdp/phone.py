"""`phone_problems`: what a phone without ICE and DTLS cannot use of a description."""

from collections.abc import Iterator

from .codec import NOT_ALONE
from .lines import content
from .media import Media
from .problem import Effect, SdpProblem
from .questions import in_use
from .session import Session, as_session

__all__ = ["phone_problems"]

_PLAIN = "transport_protocol='RTP/AVP' in the flags of the offer to it"
_NO_ICE = "ice='remove' in the flags of the offer to it"


def phone_problems(body: str | bytes | Session) -> tuple[SdpProblem, ...]:
    """Return why a phone that knows neither ICE nor DTLS would refuse a description, or send its media nowhere.

    Such a phone takes ``RTP/AVP``, and ``RTP/SAVP`` with a key (RFC 4568); it sends to the address and the port of
    each section, and RTCP to the port above. It needs a codec besides DTMF and comfort noise. Lines that it does
    not know are no problem, because it ignores them (RFC 8866, section 5.13), and rejected sections are none
    either. What a phone with ICE or DTLS can do is not asked here. Raises `SdpError` if the text is no SDP.
    """
    session = as_session(body)
    sections = [(name, section) for name, section in in_use(session) if section.is_rtp]
    if not sections:
        return (SdpProblem(reason="no RTP section is in use", rule="RFC 3264, section 6"),)
    starts = {}
    number = len(session.lines) + 1
    for index, section in enumerate(session.media):
        starts[f"{section.type} {index}"] = number
        number += len(section.lines)
    found: list[SdpProblem] = []
    owners: dict[int, str] = {}
    for name, section in sections:
        for effect, line, reason, rule, cure, helper in _of(section, owners.get(section.port, "")):
            found.append(
                SdpProblem(
                    reason=reason,
                    section=name,
                    line=starts[name] + line,
                    text=content(section.lines[line]),
                    effect=effect,
                    rule=rule,
                    cure=cure,
                    helper=helper,
                )
            )
        owners.setdefault(section.port, name)
    return tuple(found)


def _of(section: Media, neighbour: str) -> Iterator[tuple[Effect, int, str, str, str, str]]:
    """Yield effect, line, reason, rule, cure and helper of each problem of a section."""
    protocol = section.protocol.upper()
    if "TLS" in protocol:
        yield "refused", 0, f"{protocol} has its keys from DTLS", "RFC 5764, section 8", _PLAIN, ""
    elif "SAVP" in protocol and not section.cryptos:
        yield "refused", 0, f"{protocol} without a=crypto has no key", "RFC 4568, section 5.1", _PLAIN, ""
    elif protocol.endswith("F"):
        helper = f"sdp.set_profile(body, '{protocol[:-1]}')"
        yield "refused", 0, f"{protocol} is for feedback", "RFC 4585, section 4.1", _PLAIN, helper
    if not any(codec.name.lower() not in NOT_ALONE for codec in section.codecs):
        yield "refused", 0, "no codec that carries media by itself", "RFC 3264, section 6.1", "offer one", ""
    if section.has("bundle-only"):
        cure = "bundle=['strip'] in the flags of the offer to it, since 11.0"
        yield "misread", 0, "port 0 rejects it; bundle-only is not known", "RFC 3264, section 6", cure, ""
    elif neighbour:
        helper = "sdp.set_port(body, ..., media=...)"
        yield "misread", 0, f"it has the port of {neighbour}", "RFC 8866, section 5.14", "", helper
    connection = section.connection
    if connection is None:
        yield (
            "refused",
            0,
            "no c= line says its address",
            "RFC 8866, section 5.7",
            "",
            "sdp.set_connection(body, ...)",
        )
    elif connection.is_unspecified and section.port == 9:
        yield "misread", 0, "its address comes by ICE, later", "RFC 8840, section 4.1.1", _NO_ICE, ""
    if section.has("rtcp-mux-only"):
        at = next(index for index, line in enumerate(section.lines) if line.startswith("a=rtcp-mux-only"))
        cure, helper = "rtcp_mux=['demux'] in the flags of the offer to it", "sdp.set_rtcp_mux(body, 'demux')"
        yield "misread", at, "its RTCP would go to the port above", "RFC 8858, section 3", cure, helper
