"""`unusable`: why the body that a daemon made would end the call, or leave it without media.

A daemon says ``ok`` to what it could carry out, and its body may still be one that nobody can use: without a codec,
with fewer sections than the offer, with a key missing, or with a line that no browser reads. Such a body is held
against three things: the body that was sent, the offer that an answer answers, and what its receiver insists on.

A check must never find fault with a body that works. So each one asks for no more than what the sender had: a
section that was rejected may stay rejected, a codec that was not there need not come back, and what the flags of
the message ask for is no fault.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

import attrs

from .. import sdp
from ..errors import SdpError, UsageError
from ..flags import Flags
from ..legs import Leg
from ..sdp.codec import NOT_ALONE
from ..sdp.web.lines import head_problems
from .mends import article
from .sections import OfferedSection, OfferedSections

Role: TypeAlias = Literal["offer", "answer"]
"""What a body is."""


@attrs.frozen(kw_only=True)
class Unusable:
    """Why a body cannot be used. `str` returns that as a sentence, with the cure."""

    section: str
    """``session`` for the whole body, or the media section, such as ``audio 0``."""
    reason: str
    """What is wrong with it."""
    cure: str
    """What to do."""

    def __str__(self) -> str:
        return f"{self.section}: {self.reason}; {self.cure}"


class _Complaint(NamedTuple):
    section: str
    reason: str
    cure: str = "its log says why; end the call, or take the offer back (488 and rollback())"


@attrs.frozen(kw_only=True)
class Known:
    """What is known when a reply is looked at."""

    sent: sdp.Session | None = None
    """The body that the daemon has made the reply from; None if it was no SDP."""
    offer: sdp.Session | None = attrs.field(default=None, repr=False)
    """For an answer: the offer, as its sender wrote it; None if it is not known."""
    sections: OfferedSections | None = None
    """For an answer: the sections of the offer, as its sender wrote them. For a re-offer: those that the receiver
    has had so far. None if they are not known."""
    flags: Flags = Flags()
    """The flags that were sent with it."""
    offer_flags: Flags | None = None
    """For an answer: the flags of the offer; None if they are not known."""
    is_first: bool = False
    """Whether nothing was agreed upon before."""
    explained: frozenset[str] = frozenset()
    """The sections in which the daemon ignored flags, which explains what a browser misses there."""


def unusable(body: str | sdp.Session, *, role: Role, leg: Leg, known: Known) -> tuple[Unusable, ...]:
    """Return why `body`, an offer or an answer for this `leg`, cannot be used; empty if no reason is found.

    Checked are: that it can be read; its sections against those of the offer (RFC 3264, sections 6 and 8); that a
    section which was accepted has a port, an address, a codec, the keys that its protocol wants (RFC 4568, RFC
    5763) and the direction that its author gave it; and for a browser all that `sdp.web_problems` knows. Raises
    `UsageError` for another `role`.
    """
    if role not in ("offer", "answer"):
        raise UsageError(f"role={role!r}: 'offer' or 'answer' expected")
    try:
        session = sdp.parse(body) if isinstance(body, str) else body
    except SdpError as error:
        cure = "the daemon's log may say why; the body must not be sent on"
        # The text of the line stays out of it: redaction may miss the key of a malformed one.
        where = f"line {error.line}: " if error.line else ""
        return (Unusable(section="session", reason=f"no SDP: {where}{error.reason}", cure=cure),)
    faults = [*_of_places(session, role, leg, known)]
    # What a browser refuses is said by `web_problems`, in its own words.
    faults += _of_web(session, role, known) if leg is Leg.WEB else _of_session(session, known)
    # Without the same sections on both sides, nobody can tell which belongs to which.
    sent = known.sent if _same_sections(session, known.sent) else None
    offer = known.offer if role == "answer" and _same_sections(session, known.offer) else None
    for index, media in enumerate(session.media):
        name = f"{media.type} {index}"
        before = sent.media[index] if sent else None
        asked = offer.media[index] if offer else None
        if media.is_rejected:
            accepted = before is not None and not before.is_rejected and not (asked and asked.is_rejected)
            if accepted and not known.flags.allow_no_codec_media:
                faults.append(_Complaint(name, "rejected, though its author accepts it"))
            continue
        faults += (_Complaint(name, *why) for why in _of_section(media, before, known))
        faults += (_Complaint(name, *why) for why in _of_keys(media, role, leg))
        if before is not None and media.is_rtp and before.is_rtp and not before.is_rejected:
            faults += (_Complaint(name, *why) for why in _of_codecs(media, before, asked, role, known))
            if role == "offer":
                faults += (_Complaint(name, *why) for why in _of_protocol(media, before, known))
        if asked is not None:
            faults += (_Complaint(name, *why) for why in _of_answer(media, asked, before, known))
    faults += _of_osrtp(session, known)
    return tuple(Unusable(section=it.section, reason=it.reason, cure=it.cure) for it in dict.fromkeys(faults))


def _same_sections(session: sdp.Session, other: sdp.Session | None) -> bool:
    return other is not None and [it.type for it in session.media] == [it.type for it in other.media]


def _of_session(session: sdp.Session, known: Known) -> Iterator[_Complaint]:
    had = set(head_problems(known.sent)) if known.sent is not None else set()
    for lack in head_problems(session):
        if lack not in had:
            yield _Complaint("session", lack, "the mend 'head' of the profile repairs it")
    mids = Counter(media.mid for media in session.media if media.mid)
    for mid in session.bundle:
        if mid not in mids:
            reason = f"a=group:BUNDLE names {mid!r}, and no section has this mid (RFC 9143, section 7.2)"
            yield _Complaint("session", reason, "sdp.set_bundle writes another one")
    for mid, count in mids.items():
        if count > 1:
            reason = f"{count} sections have the mid {mid!r} (RFC 5888, section 4)"
            yield _Complaint("session", reason, "each needs its own")
    if found := sdp.problems(session):
        # What the sender wrote is passed on; it is for the receiver to skip it.
        written = {problem.text for problem in sdp.problems(known.sent)} if known.sent is not None else set()
        for problem in found:
            if problem.text not in written:
                # No more of its text: it may be a malformed key.
                reason = (
                    f"line {problem.line}, {article(problem.text[:1])} {problem.text[:1]}= line, cannot be read"
                )
                yield _Complaint("session", reason, "the reply was damaged, or the daemon wrote it so")


def _of_places(session: sdp.Session, role: Role, leg: Leg, known: Known) -> Iterator[_Complaint]:
    """Yield what is wrong with the number, the types and the order of the sections."""
    there = known.sections.sections if known.sections is not None else None
    if role == "answer" and there is not None:
        yield from _of_answered_places(session, there)
        return
    if known.sent is not None and not known.flags.osrtp and not known.flags.t38:
        if len(session.media) < len(known.sent.media):
            yield _Complaint("session", f"{len(session.media)} sections came back of {len(known.sent.media)}")
        for index, (media, before) in enumerate(zip(session.media, known.sent.media, strict=False)):
            if media.type != before.type:
                yield _Complaint(f"{media.type} {index}", f"its author has {before.type} there")
        # 26.0 adds the sections that a re-offer leaves out.
        most = max(len(known.sent.media), len(there or ()))
        if len(session.media) > most and (there is not None or known.is_first):
            yield _Complaint("session", f"{len(session.media)} sections came back of {most}")
    if role == "offer" and leg is Leg.WEB and there is not None:
        yield from _of_kept_places(session, there)


def _of_answered_places(session: sdp.Session, offer: Sequence[OfferedSection]) -> Iterator[_Complaint]:
    if len(session.media) != len(offer):
        reason = f"{len(session.media)} sections answer an offer of {len(offer)} (RFC 3264, section 6)"
        cure = "the mend 'sections' of the profile adds rejected ones; or answer the INVITE with 488"
        yield _Complaint("session", reason, cure)
        return
    for index, (media, offered) in enumerate(zip(session.media, offer, strict=True)):
        section, name = OfferedSection.of(media), f"{media.type} {index}"
        if section.type != offered.type:
            reason = f"it answers a section of {offered.type or 'another type'} (RFC 3264, section 6)"
            yield _Complaint(name, reason, "the sections are in another order than the offer's")
        elif section.mid and offered.mid and section.mid != offered.mid:
            reason = f"its mid is {section.mid!r}, and the offer's is {offered.mid!r} (RFC 9143, section 7.3)"
            yield _Complaint(name, reason, "the sections are in another order than the offer's")


def _of_kept_places(session: sdp.Session, there: Sequence[OfferedSection]) -> Iterator[_Complaint]:
    cure = "answer the re-INVITE with 488 and call rollback(): the call goes on as it was"
    if len(session.media) < len(there):
        reason = (
            f"the re-offer has {len(session.media)} sections where there were {len(there)} (RFC 3264, section 8)"
        )
        yield _Complaint("session", reason, cure)
    for index, (media, kept) in enumerate(zip(session.media, there, strict=False)):
        # A browser may use the place of a rejected section again (RFC 8829, section 5.2.2).
        if OfferedSection.of(media).type != kept.type and not kept.is_rejected:
            reason = f"{media.type} takes the place of {kept.type or 'another type'}, which a browser refuses"
            yield _Complaint(f"{media.type} {index}", f"{reason} (RFC 8829, section 5.2.2)", cure)


_Reason: TypeAlias = tuple[str, str]


def _of_section(media: sdp.Media, before: sdp.Media | None, known: Known) -> Iterator[_Reason]:
    connection = media.connection
    if connection is None:
        yield "no address: there is no c= line for it", "the daemon did not write one; its log says why"
    elif connection.ip is not None and f"IP{connection.ip.version}" != connection.address_type:
        yield (
            f"its address is no {connection.address_type} address",
            "the daemon's interfaces may be set up wrongly",
        )
    elif connection.is_unspecified and before and before.connection and not before.connection.is_unspecified:
        yield "its address is 0.0.0.0, to which nothing is sent", "the daemon's interfaces may be set up wrongly"
    if before is None or before.is_rejected:
        return
    if media.is_rtp != before.is_rtp:
        yield f"its protocol is {media.protocol or 'missing'}, and {before.protocol} was sent", _NO_PROTOCOL
    # The address 0.0.0.0 is hold for a daemon (RFC 2543), whatever the direction says.
    is_held = before.connection is not None and before.connection.is_unspecified
    if media.direction != before.direction and not is_held and not known.flags.extra:
        yield f"it says {media.direction}, and its author said {before.direction}", "media would not flow as meant"


_NO_PROTOCOL = "the flags or the daemon's configuration ask for another one"


def _of_keys(media: sdp.Media, role: Role, leg: Leg) -> Iterator[_Reason]:
    if leg is Leg.SIP and not media.is_rtp:
        # The daemon passes a data channel on as it came, and a phone rejects it.
        return
    protocol = media.protocol.upper()
    by_dtls = "TLS" in protocol
    if not media.fingerprints and (by_dtls or ("SAVP" in protocol and media.setup is not None)):
        if leg is Leg.SIP:
            yield "no DTLS fingerprint (RFC 5763, section 5)", _DTLS
    elif media.fingerprints and media.setup is None:
        yield "no a=setup, so nobody knows who begins the handshake (RFC 5763, section 5)", "its log says why"
    elif leg is Leg.SIP and media.fingerprints and role == "answer" and media.setup not in ("active", "passive"):
        yield f"a=setup:{media.setup} answers (RFC 5763, section 5)", "active or passive belongs there"
    elif "SAVP" in protocol and not by_dtls and not media.cryptos and not media.fingerprints:
        yield f"{media.protocol} without a key: no a=crypto (RFC 4568)", _SDES


_SDES = "sdes=['off'] in the flags takes the keys out; without SRTP, say transport_protocol='RTP/AVP'"


def _of_protocol(media: sdp.Media, before: sdp.Media, known: Known) -> Iterator[_Reason]:
    """Yield what is wrong with the protocol of an offer where no flag asks for another one."""
    flags = known.flags
    if flags.transport_protocol is None and not flags.osrtp and not flags.extra:
        if media.protocol.upper() != before.protocol.upper():
            yield f"its protocol is {media.protocol}, and {before.protocol} was sent", _NO_PROTOCOL
        elif before.cryptos and not media.cryptos and not flags.sdes:
            yield "its keys (a=crypto) got lost", _SDES


_DTLS = "transport_protocol='UDP/TLS/RTP/SAVPF' in the flags of the offer"


def _of_codecs(
    media: sdp.Media, before: sdp.Media, asked: sdp.Media | None, role: Role, known: Known
) -> Iterator[_Reason]:
    names, had = _Names(media), _Names(before)
    nameless = [codec.payload_type for codec in media.codecs if not codec.name]
    if nameless and all(codec.name for codec in before.codecs):
        yield f"payload type {nameless[0]} has no a=rtpmap line", "nobody knows what it means"
    forgetful = (
        "10.5 and 12.5 forget the codecs that an earlier answer did not take: send the offer again before this "
        "answer, which the mend 'codecs' of the profile does"
    )
    cure = forgetful if role == "answer" else "codec= in the flags must leave one that both sides have"
    if had.real and not names.real:
        left = ", ".join(dict.fromkeys(codec.name for codec in media.codecs)) or "nothing"
        yield f"no codec is left, only {left}", cure
    elif not _changes_codecs(known.flags) and (
        role == "offer" or (asked and not _changes_codecs(known.offer_flags))
    ):
        # An answer takes from what was offered, under the same numbers. What else it says is not for the offerer.
        wanted = had.known if asked is None else had.known & _Names(asked).known
        if lost := sorted({key[1:] for key in wanted} - {key[1:] for key in names.known}):
            yield f"{', '.join(f'{name}/{rate}' for name, rate in lost)} got lost", cure


class _Names:
    """The codecs of a section: names and clock rates of those that carry media; with payload types, also DTMF."""

    def __init__(self, media: sdp.Media) -> None:
        codecs = [(codec.payload_type, codec.name.lower(), codec.clock_rate) for codec in media.codecs]
        self.real = {key[1:] for key in codecs if key[1] not in NOT_ALONE}
        self.known = {
            (payload, name, rate)
            for payload, name, rate in codecs
            if rate is not None and (name not in NOT_ALONE or name == "telephone-event")
        }


def _of_answer(media: sdp.Media, asked: sdp.Media, before: sdp.Media | None, known: Known) -> Iterator[_Reason]:
    """Yield what is wrong with a section of an answer, held against the section that it answers."""
    protocol, offered = media.protocol.upper(), asked.protocol.upper()
    if asked.is_rejected:
        yield (
            "it was rejected in the offer, and is accepted in the answer (RFC 3264, section 6)",
            "port 0 belongs there",
        )
        return
    wanted = known.flags.transport_protocol
    # A browser takes RTP/SAVPF for UDP/TLS/RTP/SAVPF, and flags may ask for that.
    is_as_wanted = wanted in (media.protocol, "accept") and ("SAVP" in protocol) == ("SAVP" in offered)
    if protocol != offered and not is_as_wanted:
        yield f"{media.protocol} answers {asked.protocol} (RFC 3264, section 6)", _NO_PROTOCOL
    if media.is_rtp and asked.is_rtp:
        yield from _of_answered_codecs(media, asked, before, known)
        if media.cryptos and asked.cryptos:
            suites = {(crypto.tag, crypto.suite) for crypto in asked.cryptos}
            if not any((crypto.tag, crypto.suite) in suites for crypto in media.cryptos):
                yield (
                    "its a=crypto takes none of those that were offered (RFC 4568, section 5.1.3)",
                    "its log says why",
                )


def _of_answered_codecs(
    media: sdp.Media, asked: sdp.Media, before: sdp.Media | None, known: Known
) -> Iterator[_Reason]:
    """Yield whether an answer takes no codec of its offer: neither what came back nor what its author wrote."""
    mine, theirs = _Names(media), _Names(asked)
    if mine.real and theirs.real and not mine.real & theirs.real:
        yield "none of its codecs was offered (RFC 3264, section 6)", "codec= in the flags must leave one"
        return
    if media.direction == "inactive" or not theirs.real:
        return
    cure = "its author has no codec of the offer: end the call, or offer more codecs (codec= with transcode)"
    if not mine.real and not _is_any_nameless(media):
        # If its author had one, it was the daemon that lost it, which is said already.
        if before is None or not _Names(before).real:
            left = ", ".join(dict.fromkeys(codec.name for codec in media.codecs)) or "nothing"
            yield f"no codec of the offer was taken, only {left}", cure
        return
    # Where the daemon transcodes, the answer is to another offer than that of the offerer.
    transcodes = _changes_codecs(known.flags) or _changes_codecs(known.offer_flags)
    if before is None or not before.is_rtp or before.is_rejected or transcodes or _is_any_nameless(before):
        return
    if not {name for name, _ in _Names(before).real} & {name for name, _ in theirs.real}:
        yield "its author took no codec that was offered (RFC 3264, section 6)", cure


def _is_any_nameless(media: sdp.Media) -> bool:
    return any(not codec.name for codec in media.codecs)


def _changes_codecs(flags: Flags | None) -> bool:
    """Return whether flags may change the codecs of a section."""
    return flags is None or bool(
        flags.codec or flags.extra or flags.single_codec or flags.reuse_codecs or flags.static_codecs or flags.t38
    )


def _of_osrtp(session: sdp.Session, known: Known) -> Iterator[_Complaint]:
    """Yield the sections that are one and the same stream, offered with SRTP and without on one port."""
    if known.sent is None:
        return
    media = known.sent.media
    first: dict[tuple[str, int], tuple[int, bool]] = {}
    twice: set[int] = set()
    for index, section in enumerate(media):
        is_srtp = "SAVP" in section.protocol
        place, was_srtp = first.setdefault((section.type, section.port), (index, is_srtp))
        if section.port and is_srtp != was_srtp:
            twice.add(place)
    index = min(twice, default=len(session.media))
    if index < len(session.media) and len(session.media) >= len(media) and not session.media[index].is_rejected:
        asked = any(word.startswith("accept") for word in known.flags.osrtp)
        cure = "say osrtp=['accept-legacy'] in the flags of the offer (since 11.3; 10.5 ignores it)"
        if asked:
            cure = "daemons before 11.3 ignore osrtp: take one of the two out of the offer"
        reason = "two sections stand for one stream, with SRTP and without, and both came back"
        yield _Complaint(f"{media[index].type} {index}", reason, cure)


def _of_web(session: sdp.Session, role: Role, known: Known) -> Iterator[_Complaint]:
    asked = known.offer if role == "answer" and _same_sections(session, known.offer) else None
    for found in sdp.web_problems(session, role=role, answering=asked):
        if found.section not in known.explained:
            rule = "" if found.rule == "Chromium" else f" ({found.rule})"
            cure = "; ".join(filter(None, (found.cure, found.helper)))
            yield _Complaint(
                found.section,
                f"a browser refuses it: {found.reason}{rule}",
                cure or "the mends of profiles.MODERN repair most",
            )
    for name, media in sdp.questions.in_use(session):
        if media.type != media.type.lower() and media.type.lower() in ("audio", "video", "application"):
            reason = f"a browser knows no such type, and rejects it: {media.type.lower()} is meant"
            yield _Complaint(name, reason, "the daemon passed on what its author wrote")
    # The daemon has no further candidates to send later, whatever it says of trickling.
    for problem in sdp.candidate_problems(session):
        section, _, reason = problem.partition(": ")
        if reason.startswith("no candidate"):
            yield _Complaint(section, f"{reason} (RFC 8839, section 5.1)", "ice='force' in the flags of the offer")
