"""`offer` and `answer`: descriptions of your own, for a listener, an announcement, a test call or a rejection.

A lawful answer follows from its offer: the same sections in the same order, codecs with the offer's numbers, a
direction and a DTLS role that fit, keys of a kind that was offered. `answer` derives all of this, and takes from
you only what no offer can tell: your address, your ports, your keys. It writes no line that it does not understand,
so header extensions, simulcast, rid and other groups than BUNDLE are left out, which refuses them. Nothing here
makes a secret: `Crypto.generate`, `IceCredentials.generate` and `Fingerprint.of` do, when you call them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import attrs

from ..errors import UsageError
from .answering import Answerer
from .candidate import Candidate
from .codec import RtpCodec
from .composing import (
    codec_lines,
    connection_of,
    destination,
    head,
    ice_lines,
    milliseconds,
    numbered,
    port_number,
    session_of,
    version_of,
    word,
)
from .keys import Crypto, Fingerprint, IceCredentials
from .lines import Section
from .media import RTP_PROTOCOLS
from .rewrite.address import set_session_version
from .rewrite.editing import Body, check_one_of, rewrite, several
from .session import Session, as_session
from .values import DIRECTIONS, Connection

__all__ = ["answer", "offer"]

_AUDIO = ("PCMU", "PCMA", "telephone-event")


def offer(
    *,
    address: str | None = None,
    port: int | None = None,
    type: str = "audio",
    codecs: Iterable[str | RtpCodec] | str | RtpCodec | None = None,
    direction: str = "sendrecv",
    protocol: str | None = None,
    ptime: float | None = None,
    mid: str | None = None,
    rtcp_mux: bool | None = None,
    ice: IceCredentials | None = None,
    candidates: Iterable[Candidate | str] | Candidate | str = (),
    fingerprint: Fingerprint | str | None = None,
    setup: str = "actpass",
    crypto: Iterable[Crypto | str] | Crypto | str = (),
    added_to: str | bytes | Session | None = None,
    previous: str | bytes | Session | None = None,
) -> str:
    """Return an offer of one section, or the body `added_to` with one more (RFC 3264, sections 5 and 8.1).

    `address` is your IP address and `port` your RTP port, 1 to 65535; with `ice` they may be missing: they are then
    those of the first UDP candidate, or not known yet. `type` is ``audio``, ``video`` or another type. `codecs` are
    yours, in order of preference: names such as ``opus``, names with a clock rate in Hz and channels such as
    ``L16/44100/2``, or `RtpCodec` values, whose payload types and parameters are kept; for audio by default PCMU,
    PCMA and telephone-event. ``telephone-event`` without a rate has those of the other codecs (RFC 4733).
    `direction` is ``sendrecv``, ``sendonly`` (an announcement), ``recvonly`` (a listener) or ``inactive``. `ptime`
    is in milliseconds. `mid` names the section, and is a free number for a browser (RFC 8829, section 5.2.1).

    `protocol` follows from the keys: ``UDP/TLS/RTP/SAVPF`` with a `fingerprint` (DTLS, whose role is `setup`),
    ``RTP/SAVP`` with `crypto` (SDES), else ``RTP/AVP``. `rtcp_mux` is on with a `fingerprint` and off without. A
    browser needs `ice`, `fingerprint` and rtcp-mux (RFC 8827). `ice` is for an ICE agent that answers checks with
    these credentials; without `candidates` they trickle (RFC 8840).

    The same arguments give the same text, with version 1 in ``o=``. For a re-offer, `previous` is the body that you
    sent before in this dialogue: its ``o=`` line goes on, with the version raised by one if anything differs (RFC
    3264, section 8). With `added_to` the version is always raised. Raises `UsageError` if an address, a port, a
    codec or a key is missing or malformed, or `previous` has more sections; `SdpError` if a candidate, a
    fingerprint or a key cannot be read, or `added_to` or `previous` is no SDP.
    """
    before = None if added_to is None else as_session(added_to)
    old = None if previous is None else as_session(previous)
    if old is not None and (before is not None or len(old.media) > 1):
        raise UsageError("previous= is for an offer of one section; change others, or say added_to=")
    there = [str(Candidate.parse(it) if isinstance(it, str) else it) for it in several(candidates)]
    keys = [str(Crypto.parse(it) if isinstance(it, str) else it) for it in several(crypto)]
    own = None if fingerprint is None else _fingerprint(fingerprint)
    protocol = protocol or ("UDP/TLS/RTP/SAVPF" if own else "RTP/SAVP" if keys else "RTP/AVP")
    check_one_of(protocol, RTP_PROTOCOLS, "RTP protocol")
    check_one_of(direction, DIRECTIONS, "direction")
    check_one_of(setup, ("actpass", "active", "passive"), "DTLS role of an offer")
    if "TLS" in protocol and not own:
        raise UsageError(f"{protocol} has its keys from DTLS: say fingerprint=, of your certificate")
    if protocol.startswith("RTP/SAVP") and not own and not keys:
        raise UsageError(f"{protocol} needs a key: say crypto=sdp.Crypto.generate(), or fingerprint=")
    if codecs is None and type != "audio":
        raise UsageError(f"say which codecs= of type {type!r} you have")
    if before is not None and address is None and before.connection is not None and not ice:
        address = before.connection.address
    address, port = destination(address, port, ice, there)
    taken = {codec.payload_type for media in (before.media if before else ()) for codec in media.codecs}
    if mid is None and own and ice:
        mids = {media.mid for media in (before.media if before else ())}
        mid = next(name for name in map(str, itertools.count()) if name not in mids)
    chosen = numbered(_AUDIO if codecs is None else several(codecs), taken)
    formats = " ".join(str(codec.payload_type) for codec in chosen)
    lines = [
        f"m={word(type, 'type')} {port_number(port)} {protocol} {formats}",
        *([f"c={connection_of(address)}"] if before is not None else []),
        *codec_lines(chosen, feedback=False),
        *([f"a=ptime:{milliseconds(ptime)}"] if ptime is not None else []),
        *([f"a=mid:{word(mid, 'mid')}"] if mid is not None else []),
        f"a={direction}",
        *(["a=rtcp-mux"] if (own is not None if rtcp_mux is None else rtcp_mux) else []),
        *([f"a=fingerprint:{own}", f"a=setup:{setup}"] if own else []),
        *(f"a=crypto:{key}" for key in keys),
        *(ice_lines(ice, there) if ice else []),
    ]
    if before is None:
        return str(session_of(head(lines, address, times=["0 0"], previous=old) + lines))
    # With the same address as the session's, the section needs no c= line of its own.
    if before.connection is not None and before.connection == Connection.parse(connection_of(address)):
        del lines[1]
    section = attrs.evolve(session_of(["v=0", *lines]).media[0], above=Section(lines=before.lines))
    longer = attrs.evolve(before, media=(*before.media, section), trailer="")
    return str(set_session_version(longer, version_of(before, "added_to") + 1))


def answer(
    offer: Body,
    *,
    address: str | None = None,
    port: int | Sequence[int] | None = None,
    codecs: Iterable[str] | str | None = None,
    direction: str | None = None,
    reject: bool | Iterable[str | int] | str | int = (),
    ptime: float | None = None,
    feedback: bool = False,
    rtcp_mux: bool = True,
    bundle: bool = True,
    ice: IceCredentials | None = None,
    candidates: Iterable[Candidate | str] | Candidate | str = (),
    fingerprint: Fingerprint | str | None = None,
    setup: str | None = None,
    crypto: Iterable[Crypto | str] | Crypto | str = (),
    sctp_port: int | None = None,
    previous: str | bytes | Session | None = None,
) -> Body:
    """Return a lawful answer to `offer`, as text, bytes or `Session` as the offer is (RFC 3264, RFC 8829).

    Give all that you have; the answer takes what the offer has a use for. A listener says ``address=`` and
    ``port=``; an announcement says ``direction="sendonly", codecs=["PCMU"]`` besides.

    `address`
        Your IP address, for all sections. With `ice` it may be missing, and the port too: they are then those of
        the first UDP candidate, or not known yet.
    `port`
        Your RTP port, 1 to 65535; or one for each section of the offer, with 0 for a section to reject. Sections of
        a BUNDLE group have one port. RTCP uses the port above, unless rtcp-mux was offered.
    `codecs`
        What you take, in your order of preference, as `keep_codecs` has it; by default all that is offered. They
        keep the payload types and parameters of the offer. ``telephone-event`` without a rate is taken where it has
        that of another codec (RFC 4733).
    `direction`
        Yours, if it fits the offer's; by default the widest that does: ``recvonly`` answers ``sendonly``.
    `reject`
        True rejects the whole offer (in SIP, 488 does that better); types such as ``"video"`` and indices from 0
        reject these sections. Sections without a common codec, T.38 and other protocols than RTP are rejected in
        any case, and data channels unless you say `sctp_port`.
    `ptime`, `feedback`
        The length of media in a packet that you would like, in milliseconds. Whether to take over ``a=rtcp-fb`` and
        ``a=rtcp-rsize`` (RFC 4585, RFC 5506).
    `rtcp_mux`, `bundle`
        Whether to take rtcp-mux (RFC 5761) and BUNDLE (RFC 9143) where they are offered.
    `ice`, `candidates`
        The credentials of your ICE agent, and its candidates, which are taken if ICE is offered (RFC 8839); without
        candidates they trickle. Without `ice` the answer has no ICE, which a browser refuses.
    `fingerprint`, `setup`
        Those of your certificate, for an offer with DTLS, and your role, ``active`` (the default) or ``passive`` as
        the offer allows (RFC 5763, section 5).
    `crypto`
        Your SDES keys, for an offer with ``a=crypto``: one for each section. The first offered line whose suite and
        session parameters a key has is taken, with its tag (RFC 4568, section 5.1.2).
    `sctp_port`
        Your SCTP port, to accept data channels (RFC 8841).
    `previous`
        The body that you sent before in this dialogue. Its ``o=`` line goes on, with the version raised by one if
        anything differs (RFC 3264, section 8), and its DTLS roles stay (RFC 5763, section 6.6).

    The same arguments give the same answer. Raises `UsageError`, which names the cure, if something is missing or
    does not fit the offer, or no section could be accepted; `SdpError` if the offer or `previous` is no SDP, or a
    candidate, a fingerprint or a key cannot be read.
    """
    keys = [Crypto.parse(it) if isinstance(it, str) else it for it in several(crypto)]
    party = Answerer(
        address=address,
        ports=port if port is None or isinstance(port, int) else tuple(port),
        codecs=None if codecs is None else tuple(several(codecs)),
        direction=direction,
        rejects=reject if isinstance(reject, bool) else tuple(several(reject)),
        ptime=ptime,
        feedback=feedback,
        rtcp_mux=rtcp_mux,
        bundle=bundle,
        ice=ice,
        candidates=tuple(str(Candidate.parse(it) if isinstance(it, str) else it) for it in several(candidates)),
        fingerprint=None if fingerprint is None else _fingerprint(fingerprint),
        setup=setup,
        keys=tuple(keys),
        sctp_port=sctp_port,
        previous=None if previous is None else as_session(previous),
    )
    if direction is not None:
        check_one_of(direction, DIRECTIONS, "direction")
    if setup is not None:
        check_one_of(setup, ("active", "passive"), "DTLS role of an answer")
    return rewrite(offer, party.answer)


def _fingerprint(fingerprint: Fingerprint | str) -> str:
    return str(Fingerprint.parse(fingerprint) if isinstance(fingerprint, str) else fingerprint)
