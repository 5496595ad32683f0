"""Why a browser refuses a description: `web_problems`, which gives Chromium's own verdict.

A browser takes a description whole or not at all. It does so in two steps, and this package has a module for each
part of them:

- `text` takes lines, fields and numbers apart, as a browser does; `grammar` has the attributes that it reads.
- `reading` goes through the lines in their order, and gives what a browser knows then: sections, codecs, tracks.
- `rules` are for what was read: transports, mids, BUNDLE, header extensions, codecs.
- `negotiation` holds it against the offer that it answers, and against what was agreed upon before.
- `lines` tells which lines may be mended, for the mends of a call.

The rules are facts about Chromium, measured with it; ``python -m tools.verdicts chromium`` measures again.
"""

from typing import Literal, TypeAlias

from ...errors import UsageError
from ..problem import SdpProblem
from ..session import Session, raw_text
from .negotiation import (
    faults_of_answer,
    faults_of_direction,
    faults_of_kept_transport,
    faults_of_left_groups,
    faults_of_numbers,
    faults_of_reoffer,
    faults_of_setup,
    faults_of_shared_sources,
    groups_in_use,
    owners,
    sending,
    settled_groups,
)
from .reading import read
from .rules import (
    WebFault,
    faults_of_bundle,
    faults_of_heads,
    faults_of_mids,
    faults_of_section,
    faults_of_transport,
    mids_of,
)
from .text import raw_lines

__all__ = ["web_problems"]

Role: TypeAlias = Literal["offer", "answer"]
"""What a description is."""


def web_problems(
    body: str | bytes | Session,
    *,
    role: Role | None = None,
    answering: str | bytes | Session | None = None,
    after: str | bytes | Session | None = None,
) -> tuple[SdpProblem, ...]:
    """Return why Chromium would refuse a description, and nothing else; empty where it takes it.

    Chromium refuses what it cannot read: one line is enough. Besides, every section that is not rejected needs a
    DTLS fingerprint and ICE credentials (RFC 8827, section 6.5), RTP needs rtcp-mux (RFC 8834, section 4.5), and
    mids and BUNDLE must fit (RFC 9143, section 7.2). Each `SdpProblem` names the line, the rule and the cure: a
    flag of RTPEngine, or a change of the text; and the helper of `rtpe_ng.sdp` that makes the change, if any does.

    `role` says what the description is. Without it, only what is refused in an ``offer`` and in an ``answer`` is
    reported. `answering` is the offer that an answer answers, as the browser wrote it: the sections must be the
    same, in the same order. `after` is the last description of the same party that the browser took: a re-offer and
    a later answer must keep sections, groups, DTLS roles and the numbers of header extensions (RFC 8829, section
    5.2.2). Leave it out for the first description. Text is judged as a browser reads it, so a body that `parse`
    refuses raises nothing. Raises `SdpError` for a body that is too long; `UsageError` for another `role`, and if
    `after` is given without one.
    """
    if role not in (None, "offer", "answer"):
        raise UsageError(f"role={role!r}: 'offer' or 'answer' expected")
    if role is None and answering is not None:
        role = "answer"
    if role is None and after is not None:
        raise UsageError("after= needs role='offer' or role='answer'")
    text = raw_text(body)
    found = read(text)
    problems = list(found.problems)
    offer = read(raw_text(answering)) if answering is not None else None
    before = read(raw_text(after)) if after is not None else None
    before_mids = mids_of(before.sections, (), set()) if before else []
    offer_mids = mids_of(offer.sections, before_mids, set(before_mids)) if offer else []
    known = offer_mids if role == "answer" and offer else before_mids
    mids = mids_of(found.sections, known, set(before_mids))
    established = groups_in_use(before, before_mids) if before else []
    groups = settled_groups(found, role, established)
    shared = owners(groups)
    received = (
        {mid: section.ssrcs for section, mid in zip(before.sections, before_mids, strict=True)} if before else {}
    )
    faults = [
        *faults_of_mids(found, mids),
        *faults_of_transport(found, mids, shared),
        *faults_of_bundle(found, mids),
    ]
    for section, mid in zip(found.sections, mids, strict=True):
        faults += faults_of_section(section, received.get(mid, ()))
    if role is not None:
        faults += faults_of_heads(found, mids, shared)
        faults += faults_of_shared_sources(found, mids, shared)
        said = [(before, before_mids, owners(established))] if before else []
        if role == "answer" and offer is not None:
            # What the browser has offered holds on the transports that there were.
            established = settled_groups(offer, "offer", established)
            said.append((offer, offer_mids, owners(established)))
        was = (before, before_mids) if before else None
        faults += faults_of_numbers(found, mids, said, was, shared, sending(role, offer, was))
        if was is not None:
            faults += faults_of_kept_transport(found, mids, was, role)
    if role == "answer":
        faults += faults_of_setup(found, mids)
        faults += faults_of_left_groups(found, mids, established)
        if offer is not None:
            faults += faults_of_answer(found, mids, offer, offer_mids, shared)
            faults += faults_of_direction(found, offer)
    elif role == "offer" and before is not None:
        faults += faults_of_reoffer(found, mids, before, before_mids)
    lines = [line for line, _ in raw_lines(text)]
    problems += (_problem(fault, lines) for fault in faults)
    return tuple(dict.fromkeys(problems))


def _problem(fault: WebFault, lines: list[str]) -> SdpProblem:
    at = fault.line if fault.line is not None else fault.section.line if fault.section else -1
    return SdpProblem(
        reason=fault.reason,
        section=fault.section.place if fault.section else "session",
        line=at + 1,
        text=lines[at] if at >= 0 else "",
        rule=fault.rule,
        cure=fault.cure,
        helper=fault.helper,
    )
