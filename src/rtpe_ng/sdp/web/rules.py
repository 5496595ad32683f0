"""What a browser must have to use a description that it could read.

Each section that is not rejected has ICE credentials and a DTLS fingerprint, its own or the session's, unless it is
bundled behind another one, whose transport it then shares (RFC 9143, section 7). Mids are there for all sections or
are made for those that lack them, and made ones may clash. A BUNDLE group names sections that there are, each once,
and its members must agree about the numbers of header extensions. The media engine looks last: at video codecs and
what repeats them, and at the sources of a track.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

import attrs

from .grammar import simulcast_names
from .reading import WebDescription, WebSection, tracks_of
from .text import number

__all__: list[str] = []


@attrs.frozen(kw_only=True)
class WebFault:
    """A problem before it is one: the index of its line is not a number for people yet."""

    reason: str
    section: WebSection | None = None
    line: int | None = None
    rule: str = "Chromium"
    cure: str = ""
    helper: str = ""


_DTLS = "transport_protocol='UDP/TLS/RTP/SAVPF'"
_ICE = "ice='force'"
_MUX = "rtcp_mux=['offer', 'require']"


def mids_of(sections: Sequence[WebSection], known: Sequence[str], used: set[str]) -> list[str]:
    """Return the mid of each section; those that have none get that of the place, of `known`, or a made one."""
    # Numbers that were used before are not made again.
    found, made, used = [], 0, set(used)
    for index, section in enumerate(sections):
        if section.mid:
            found.append(section.mid)
        elif index < len(known):
            found.append(known[index])
        else:
            while str(made) in used:
                made += 1
            found.append(str(made))
            used.add(str(made))
    return found


def bundle_heads(found: WebDescription) -> dict[str, str]:
    """Return for each mid in a BUNDLE group the first mid of that group."""
    return {mid: mids[0] for mids, _ in found.bundles for mid in mids}


def faults_of_mids(found: WebDescription, mids: list[str]) -> Iterator[WebFault]:
    """Yield what is wrong with the mids."""
    seen: dict[str, int] = {}
    for index, (section, mid) in enumerate(zip(found.sections, mids, strict=True)):
        if len(mid.encode("utf-8", "replace")) > 16:
            yield WebFault(
                reason="a mid of more than 16 bytes",
                section=section,
                line=section.lines.get("mid"),
                cure="a shorter one",
            )
        if mid in seen:
            other = found.sections[seen[mid]]
            if section.mid and other.mid:
                yield WebFault(
                    reason="a mid that another section has too: each needs its own",
                    section=section,
                    line=section.lines.get("mid"),
                    rule="RFC 8829, section 5.2.1",
                    cure="another mid",
                )
            else:
                lacks = other if section.mid else section
                yield WebFault(
                    reason="no mid, but others have",
                    section=lacks,
                    rule="RFC 8829, section 5.2.1",
                    cure="generate_mid=True",
                    helper="sdp.set_mids(body)",
                )
        seen.setdefault(mid, index)


def faults_of_transport(found: WebDescription, mids: list[str], shared: dict[str, str]) -> Iterator[WebFault]:
    """Yield what is missing for ICE, DTLS and rtcp-mux, and what no transport can use.

    `shared` has the mids of sections that use the transport of another one from the start, with the mid of that.
    """
    heads = bundle_heads(found)
    for section, mid in zip(found.sections, mids, strict=True):
        if section.is_rejected:
            continue
        transport = section.transport
        is_behind = heads.get(mid, mid) != mid
        if not is_behind:
            if not transport.fingerprint:
                yield WebFault(
                    reason=f"no DTLS fingerprint, and the protocol is {section.protocol}",
                    section=section,
                    rule="RFC 8827, section 6.5",
                    cure=_DTLS if section.kind != "application" else "",
                    helper="sdp.set_fingerprint(body, ...)",
                )
            if not transport.ufrag or not transport.pwd:
                yield WebFault(
                    reason="no ICE credentials",
                    section=section,
                    rule="RFC 8829, section 5.2.1",
                    cure=_ICE,
                    helper="sdp.set_ice_credentials(body, ...)",
                )
        is_told = is_behind and (transport.ufrag or transport.pwd)
        if shared.get(mid, mid) == mid and (is_told or (transport.ufrag and transport.pwd)):
            yield from _of_credentials(section)
        if not (section.is_sctp or section.rtcp_mux or section.is_bundle_only):
            yield WebFault(
                reason="no rtcp-mux",
                section=section,
                rule="RFC 8834, section 4.5",
                cure=_MUX,
                helper="sdp.set_rtcp_mux(body, 'require')",
            )


_ICE_CHARS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-=#_")


def _of_credentials(section: WebSection) -> Iterator[WebFault]:
    transport = section.transport
    for name, value, least in (("ice-ufrag", transport.ufrag, 4), ("ice-pwd", transport.pwd, 22)):
        if not least <= len(value.encode("utf-8", "replace")) <= 256:
            reason = f"a=ice-{name[4:]} must have {least} to 256 characters"
        elif not _ICE_CHARS.issuperset(value):
            reason = f"a={name} with a character that is none of ICE"
        else:
            continue
        yield WebFault(
            reason=reason,
            section=section,
            line=section.lines.get(name),
            rule="RFC 8839, section 5.4",
            cure=_ICE,
            helper="sdp.set_ice_credentials(body, ...)",
        )


def faults_of_bundle(found: WebDescription, mids: list[str]) -> Iterator[WebFault]:
    """Yield what is wrong with the BUNDLE groups (RFC 9143, section 7.2)."""
    by_mid = dict(zip(mids, found.sections, strict=True))
    seen: dict[str, int] = {}
    for index, (group, line) in enumerate(found.bundles):
        for mid in group:
            if mid not in by_mid:
                yield WebFault(
                    reason=f"a=group:BUNDLE names {mid[:16]!r}, and no section has this mid",
                    line=line,
                    rule="RFC 9143, section 7.2",
                    helper="sdp.set_bundle(body)",
                )
            elif seen.setdefault(mid, index) != index:
                yield WebFault(
                    reason=f"the mid {mid[:16]!r} stands in two BUNDLE groups",
                    line=line,
                    rule="RFC 9143, section 7.2",
                    helper="sdp.set_bundle(body)",
                )
        members = [by_mid[mid] for mid in group if mid in by_mid]
        used = [section for section in members if section.codecs and not section.is_rejected]
        yield from _of_numbers(used, "RFC 9143, section 10")


def faults_of_heads(found: WebDescription, mids: list[str], shared: dict[str, str]) -> Iterator[WebFault]:
    """Yield the sections that use the transport of a rejected one (RFC 9143, section 7.3)."""
    by_mid = dict(zip(mids, found.sections, strict=True))
    for section, mid in zip(found.sections, mids, strict=True):
        head = by_mid.get(shared.get(mid, mid), section)
        if head.is_rejected and not section.is_rejected:
            yield WebFault(
                reason="bundled behind a section that is rejected",
                section=section,
                rule="RFC 9143, section 7.3",
                cure="name a section in use first in a=group:BUNDLE",
                helper="sdp.set_bundle(body)",
            )


def _of_numbers(sections: Iterable[WebSection], rule: str) -> Iterator[WebFault]:
    known: dict[int, tuple[str, bool]] = {}
    for section in sections:
        for identity, uri, encrypted, line in section.extensions:
            if known.setdefault(identity, (uri, encrypted)) != (uri, encrypted):
                yield WebFault(
                    reason=f"the number {identity} stands for two header extensions",
                    section=section,
                    line=line,
                    rule=rule,
                    cure="leave the line out",
                )


def faults_of_section(section: WebSection, received: Collection[int]) -> Iterator[WebFault]:
    """Yield what the media engine cannot use. `received` are the sources that the section had before."""
    yield from _of_ssrc_groups(section)
    if section.is_rejected:
        return
    if section.kind in ("audio", "video"):
        if section.rtcp_mux:
            for payload, codec in section.codecs.items():
                if 64 <= payload <= 95:
                    yield WebFault(
                        reason=f"payload type {payload} beside rtcp-mux, which reads 64 to 95 as RTCP",
                        section=section,
                        line=codec.line,
                        rule="RFC 5761, section 4",
                        cure="another payload type",
                    )
        if len(tracks_of(section)) > 1:
            yield WebFault(
                reason="more than one track in a section",
                section=section,
                line=section.lines.get("ssrc"),
                rule="RFC 8829, section 5.2.1",
                cure="a section for each track",
            )
        yield from _of_extensions(section)
        if next(iter(section.ssrcs), None) not in received:
            yield from _of_sources(section)
    if section.kind == "video":
        yield from _of_video(section)


def _of_extensions(section: WebSection) -> Iterator[WebFault]:
    yield from _of_numbers([section], "RFC 8285, section 5")
    has_simulcast = section.simulcast and simulcast_names(section.simulcast, section.rids)
    if has_simulcast and all(
        uri != "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id" for _, uri, _, _ in section.extensions
    ):
        yield WebFault(
            reason="simulcast without the header extension of RTP stream ids",
            section=section,
            line=section.lines.get("simulcast"),
            rule="RFC 8853, section 5.5",
            cure="leave a=simulcast out",
        )


_PAIRS = ("FID", "FEC-FR")


def _of_ssrc_groups(section: WebSection) -> Iterator[WebFault]:
    if section.is_sctp:
        return
    for semantics, ssrcs, line in section.groups:
        if ssrcs[0] not in section.ssrcs:
            continue
        if (semantics in _PAIRS and len(ssrcs) != 2) or (semantics == "SIM" and len(ssrcs) > 3):
            yield WebFault(
                reason=f"a group {semantics} of {len(ssrcs)} sources",
                section=section,
                line=line,
                rule="RFC 5576, section 4.2",
                cure="leave the line out",
            )


def _of_sources(section: WebSection) -> Iterator[WebFault]:
    """Yield what keeps the engine from receiving the sources of the track."""
    if section.kind == "audio":
        if len(section.ssrcs) > 1:
            yield WebFault(
                reason="two sources for one audio track",
                section=section,
                line=section.lines.get("ssrc"),
                cure="leave the lines of one out",
            )
        return
    if not section.ssrcs:
        return
    groups = [group for group in section.groups if group[1][0] in section.ssrcs]
    seen = set()
    for semantics, ssrcs, line in groups:
        reason = ""
        if (ssrcs[0], semantics) in seen:
            reason = f"the source {ssrcs[0]} has two groups {semantics}"
        elif semantics in (*_PAIRS, "SIM") and not section.ssrcs.keys() >= set(ssrcs):
            reason = f"a group {semantics} with a source that has no a=ssrc line"
        seen.add((ssrcs[0], semantics))
        if reason:
            yield WebFault(
                reason=reason, section=section, line=line, rule="RFC 5576, section 4.2", cure="leave the line out"
            )
    simulcast = next((ssrcs for semantics, ssrcs, _ in groups if semantics == "SIM"), None)
    primary = simulcast or [next(iter(section.ssrcs))]
    for semantics in _PAIRS:
        pairs = {ssrcs[0] for kind, ssrcs, _ in groups if kind == semantics and len(ssrcs) > 1}
        covered = [ssrc for ssrc in primary if ssrc in pairs]
        if covered and len(covered) != len(primary):
            yield WebFault(
                reason=f"a group {semantics} for some sources, and none for others",
                section=section,
                line=section.lines.get("ssrc-group"),
                rule="RFC 5576, section 4.2",
                cure="leave the line out",
            )


_RESILIENCE = frozenset({"red", "ulpfec", "flexfec-03", "rtx"})


def _of_video(section: WebSection) -> Iterator[WebFault]:
    names = {payload: codec.name.lower() for payload, codec in section.codecs.items()}
    if all(not name or name in _RESILIENCE or name == "cn" for name in names.values()):
        yield WebFault(
            reason="no video codec",
            section=section,
            rule="RFC 8866, section 6.6",
            cure="a=rtpmap:96 VP8/90000, or reject the section",
        )
    for payload, codec in section.codecs.items():
        if names[payload] == "rtx":
            apt = number(codec.apt or "")
            if apt is None or names.get(apt) is None or names[apt] in _RESILIENCE - {"red"}:
                yield WebFault(
                    reason=f"payload type {payload} repeats no other: its fmtp needs apt= and a payload type",
                    section=section,
                    line=codec.line,
                    rule="RFC 4588, section 8.1",
                    helper="sdp.drop_codecs(body, 'rtx')",
                )
        elif names[payload] not in _RESILIENCE:
            least, most = (number(codec.bitrates.get(f"x-google-{it}-bitrate", "")) for it in ("min", "max"))
            if least is not None and most is not None and most < least:
                yield WebFault(
                    reason="x-google-max-bitrate below x-google-min-bitrate", section=section, line=codec.line
                )
