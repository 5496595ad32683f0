"""What a browser holds a description against: the offer that an answer answers, and what was agreed before.

An answer has the sections of the offer, as many, in the same order, of the same types and with the same mids (RFC
3264, section 6). Its BUNDLE groups are parts of the groups of the offer. A re-offer keeps the sections that there
were (RFC 3264, section 8); only the place of a rejected one may be used again (RFC 8829, section 5.2.2). The number
of a header extension keeps its meaning, and the DTLS role, once agreed upon, stays (RFC 8842, section 5).
"""

from collections.abc import Collection, Iterator
from typing import TypeAlias

from ..values import ANSWERS
from .reading import WebDescription
from .rules import WebFault, bundle_heads

__all__: list[str] = []

_Before: TypeAlias = tuple[WebDescription, list[str]]
"""A description, and the mids of its sections."""
_Said: TypeAlias = tuple[WebDescription, list[str], dict[str, str]]
"""A description, the mids of its sections, and for those that shared a transport the mid of its owner."""


def faults_of_answer(
    found: WebDescription,
    mids: list[str],
    offer: WebDescription,
    offered_mids: list[str],
    shared: dict[str, str],
) -> Iterator[WebFault]:
    """Yield what keeps an answer from answering this offer."""
    if len(found.sections) != len(offer.sections):
        yield WebFault(
            reason=f"{len(found.sections)} sections answer an offer of {len(offer.sections)}",
            rule="RFC 3264, section 6",
            cure="the mend 'sections' of a profile adds rejected ones",
        )
        return
    for section, mid, asked, wanted in zip(found.sections, mids, offer.sections, offered_mids, strict=True):
        if section.kind != asked.kind:
            yield WebFault(
                reason=f"it answers a section of {asked.type}",
                section=section,
                rule="RFC 3264, section 6",
                cure="the sections in the order of the offer; the mend 'sections' of a profile",
            )
        if asked.is_rejected and asked.kind and not section.is_rejected and shared.get(mid, mid) == mid:
            yield WebFault(
                reason="it was rejected in the offer, and is accepted in the answer",
                section=section,
                rule="RFC 3264, section 6",
                cure="port 0 belongs there",
                helper="sdp.reject_media(body, media=...)",
            )
        if mid != wanted:
            yield WebFault(
                reason=f"its mid is {mid[:16]!r}, and the offer's is {wanted[:16]!r}",
                section=section,
                line=section.lines.get("mid"),
                rule="RFC 9143, section 7.3",
                cure=f"a=mid:{wanted}",
            )
    yield from _of_answered_bundle(found, offer)


def _of_answered_bundle(found: WebDescription, offer: WebDescription) -> Iterator[WebFault]:
    groups = [mids for mids, _ in offer.bundles]
    of_mid = {mid: index for index, mids in enumerate(groups) for mid in mids}
    taken: set[int] = set()
    for group, line in found.bundles:
        if not group:
            continue
        asked = of_mid.get(group[0])
        if asked is None or asked in taken or any(of_mid.get(mid) != asked for mid in group):
            yield WebFault(
                reason="a BUNDLE group that is no part of one of the offer",
                line=line,
                rule="RFC 9143, section 7.3",
                helper="sdp.set_bundle(body)",
            )
            return
        taken.add(asked)


def faults_of_setup(found: WebDescription, mids: list[str]) -> Iterator[WebFault]:
    """Yield DTLS roles that do not belong in an answer (RFC 5763, section 5)."""
    heads = bundle_heads(found)
    for section, mid in zip(found.sections, mids, strict=True):
        if section.is_rejected or heads.get(mid, mid) != mid:
            continue
        if section.transport.setup in ("actpass", "holdconn"):
            yield WebFault(
                reason=f"a=setup:{section.transport.setup} in an answer, where active or passive belongs",
                section=section,
                line=section.lines.get("setup"),
                rule="RFC 5763, section 5",
                cure="a=setup:active",
                helper="sdp.set_setup(body, 'active')",
            )
        if section.transport.fingerprint and not section.transport.is_whole:
            yield WebFault(
                reason="a fingerprint of another length than its hash function gives",
                section=section,
                line=section.lines.get("fingerprint"),
                rule="RFC 8122, section 5",
                helper="sdp.set_fingerprint(body, ...)",
            )


def faults_of_reoffer(
    found: WebDescription, mids: list[str], before: WebDescription, kept: list[str]
) -> Iterator[WebFault]:
    """Yield what keeps an offer from following the description `before`, whose mids are `kept`."""
    if len(found.sections) < len(before.sections):
        yield WebFault(
            reason=f"{len(found.sections)} sections where there were {len(before.sections)}",
            rule="RFC 3264, section 8",
            cure="keep them, rejected ones too",
        )
    for section, mid, old, wanted in zip(found.sections, mids, before.sections, kept, strict=False):
        if not section.is_rejected and old.is_rejected:
            continue
        if section.kind != old.kind or mid != wanted:
            what = f"{old.type}, mid {wanted[:16]!r}"
            yield WebFault(
                reason=f"it takes the place of another section: {what}",
                section=section,
                line=section.lines.get("mid"),
                rule="RFC 8829, section 5.2.2",
                cure="keep the order of the sections and their mids",
            )
    yield from _of_changed_groups(found, groups_in_use(before, kept))


def _of_changed_groups(found: WebDescription, groups: list[list[str]]) -> Iterator[WebFault]:
    was = {mid: index for index, mids in enumerate(groups) for mid in mids}
    is_now: dict[int, int] = {}
    for index, (group, line) in enumerate(found.bundles):
        olds = {was[mid] for mid in group if mid in was}
        if len(olds) > 1 or any(is_now.setdefault(old, index) != index for old in olds):
            yield WebFault(
                reason="a section has changed its BUNDLE group",
                line=line,
                rule="RFC 9143, section 7.5",
                cure="keep the groups",
            )


_Numbers: TypeAlias = dict[tuple[str, str, int], tuple[str, bool]]


def faults_of_numbers(
    found: WebDescription,
    mids: list[str],
    said: list[_Said],
    before: _Before | None,
    shared: dict[str, str],
    sends: Collection[int],
) -> Iterator[WebFault]:
    """Yield header extensions whose number means another one in what was `said` before (RFC 8285, section 6).

    A number keeps its meaning while its section keeps its transport. Each of `said` has the transports that its
    sections had at that time.
    """
    known: _Numbers = {}
    for other, other_mids, places in said:
        for section, mid in zip(other.sections, other_mids, strict=True):
            if not section.is_rejected:
                for identity, uri, encrypted, _ in section.extensions:
                    known[mid, places.get(mid, mid), identity] = (uri, encrypted)
    had = dict(zip(before[1], before[0].sections, strict=True)) if before else {}
    for index, (section, mid) in enumerate(zip(found.sections, mids, strict=True)):
        if section.is_rejected:
            continue
        old = had.get(mid)
        old_numbers = {uri: it for it, uri, _, _ in old.extensions} if old and not old.is_rejected else {}
        for identity, uri, encrypted, line in section.extensions:
            if known.get((mid, shared.get(mid, mid), identity), (uri, encrypted)) != (uri, encrypted):
                yield WebFault(
                    reason=f"the number {identity} stood for another header extension before",
                    section=section,
                    line=line,
                    rule="RFC 8285, section 6",
                    cure="leave the line out",
                )
            elif (
                index in sends
                and section.kind == "audio"
                and uri in _SENT
                and old_numbers.get(uri, identity) != identity
            ):
                yield WebFault(
                    reason=f"a header extension that had the number {old_numbers[uri]} before",
                    section=section,
                    line=line,
                    rule="RFC 8285, section 6",
                    cure=f"give it the number {old_numbers[uri]}",
                )


_SENT = frozenset(("urn:ietf:params:rtp-hdrext:ssrc-audio-level", "urn:ietf:params:rtp-hdrext:sdes:mid"))
"""The header extensions to which a sender of audio cannot give another number. Chromium's page ends if it must."""


def sending(role: str, offer: WebDescription | None, before: _Before | None) -> frozenset[int]:
    """Return the indices of the sections in which the browser sends audio, as far as these descriptions tell.

    Its own offer says so, and so does an answer that it has got. An offer that it has got does not.
    """
    own = role == "answer"
    told = offer if own else before[0] if before else None
    if told is None:
        return frozenset()
    directions = ("sendrecv", "sendonly") if own else ("sendrecv", "recvonly")
    return frozenset(
        index
        for index, section in enumerate(told.sections)
        if section.kind == "audio"
        and section.direction in directions
        and (own or section.transport.setup in ("active", "passive"))
    )


def faults_of_shared_sources(found: WebDescription, mids: list[str], shared: dict[str, str]) -> Iterator[WebFault]:
    """Yield the sources that two sections on one transport have: nobody could tell their packets apart."""
    seen: dict[tuple[str, int], str] = {}
    for section, mid in zip(found.sections, mids, strict=True):
        if section.is_rejected or section.kind not in ("audio", "video"):
            continue
        for ssrc in section.ssrcs:
            if seen.setdefault((shared.get(mid, mid), ssrc), mid) != mid:
                yield WebFault(
                    reason=f"the source {ssrc} in two sections of one BUNDLE group",
                    section=section,
                    line=section.lines.get("ssrc"),
                    rule="RFC 9143, section 9.2",
                    cure="leave its lines out of one section",
                )


def faults_of_direction(found: WebDescription, offer: WebDescription) -> Iterator[WebFault]:
    """Yield sections of an answer that send what the offer does not receive, or the other way round."""
    for section, asked in zip(found.sections, offer.sections, strict=False):
        if section.is_rejected or section.kind not in ("audio", "video"):
            continue
        if section.direction not in ANSWERS[asked.direction]:
            at = section.lines.get(section.direction)
            yield WebFault(
                reason=f"a={section.direction} answers a={asked.direction}",
                section=section,
                line=at,
                rule="RFC 3264, section 6.1",
                cure="its contrary, or a=inactive",
                helper="sdp.set_direction(body, ...)",
            )


def faults_of_kept_transport(
    found: WebDescription, mids: list[str], before: _Before, role: str
) -> Iterator[WebFault]:
    """Yield what cannot change once a transport is there: the DTLS role in an answer, the port of SCTP."""
    had = dict(zip(before[1], before[0].sections, strict=True))
    heads = bundle_heads(found)
    for section, mid in zip(found.sections, mids, strict=True):
        old = had.get(mid)
        if old is None or section.is_rejected or old.is_rejected or section.kind != old.kind:
            continue
        if section.kind == "application" and section.sctp_port != old.sctp_port:
            yield WebFault(
                reason=f"the SCTP port was {old.sctp_port} before",
                section=section,
                line=section.lines.get("sctp-port"),
                rule="RFC 8841, section 9",
                cure=f"a=sctp-port:{old.sctp_port}",
            )
        setup = section.transport.setup or "active"
        if (
            role == "answer"
            and heads.get(mid, mid) == mid
            and old.transport.setup
            and setup in ("active", "passive")
        ):
            was = "active" if old.transport.setup == "active" else "passive"
            if setup != was:
                yield WebFault(
                    reason=f"its DTLS role was {was} before",
                    section=section,
                    line=section.lines.get("setup"),
                    rule="RFC 8842, section 5.5",
                    cure=f"a=setup:{was}",
                    helper=f"sdp.set_setup(body, '{was}')",
                )


def groups_in_use(before: WebDescription, mids: list[str]) -> list[list[str]]:
    """Return the BUNDLE groups that a negotiated description has left, without its rejected sections."""
    used = {mid for section, mid in zip(before.sections, mids, strict=True) if not section.is_rejected}
    groups = [[mid for mid in group if mid in used] for group, _ in before.bundles]
    return [group for group in groups if group]


def settled_groups(found: WebDescription, role: str | None, established: list[list[str]]) -> list[list[str]]:
    """Return the groups whose sections share a transport while this description is negotiated.

    An answer settles the groups. An offer may only add sections to a group that there is; those of a first offer
    may have to do without BUNDLE, so that each needs a transport of its own.
    """
    groups = [group for group, _ in found.bundles if group]
    if role != "offer":
        return groups
    was = {mid: index for index, group in enumerate(established) for mid in group}
    settled = list(established)
    for group in groups:
        index = next((was[mid] for mid in group if mid in was), None)
        if index is not None:
            settled[index] = group
    return settled


def owners(groups: list[list[str]]) -> dict[str, str]:
    """Return for each mid of these groups the mid of the section whose transport it uses."""
    return {mid: group[0] for group in groups for mid in group}


def faults_of_left_groups(
    found: WebDescription, mids: list[str], established: list[list[str]]
) -> Iterator[WebFault]:
    """Yield the sections of an answer that leave a BUNDLE group which was there before (RFC 9143, section 7.3)."""
    named = {mid for group, _ in found.bundles for mid in group}
    was = owners(established)
    for group, line in found.bundles:
        if group and was.get(group[0], group[0]) != group[0]:
            yield WebFault(
                reason=f"the BUNDLE group began with {was[group[0]][:16]!r} before",
                line=line,
                rule="RFC 9143, section 7.3",
                cure=f"keep {was[group[0]]} first",
                helper="sdp.set_bundle(body)",
            )
    by_mid = dict(zip(mids, found.sections, strict=True))
    for mid in (mid for group in established for mid in group if mid not in named):
        section = by_mid.get(mid)
        if section is None or not section.is_rejected:
            yield WebFault(
                reason=f"the section with the mid {mid[:16]!r} was bundled before, and is no longer",
                section=section,
                rule="RFC 9143, section 7.3",
                helper="sdp.set_bundle(body)",
            )
