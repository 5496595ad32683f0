"""Compose a new body from what the engine remembers, as the daemon does since 13.

Nothing of the body that came is copied unless the daemon knows that it passes it on: the session's ``s=``, ``i=``,
``u=``, ``e=``, ``p=`` and ``b=`` lines, the ``i=`` and ``b=`` lines of a section, and attributes that it does not
know. All other lines are written in a fixed order. A section that the engine does not handle, or that media may
bypass it in, is the exception: its attributes are passed on word for word (`_verbatim`).

Older versions compose bodies too, for publishers and for subscribers to several parties. They write fewer lines;
``makes_bodies`` of the version tells the two apart.
"""

import re
from collections.abc import Iterator

from ..versions import Behaviour
from .attributes import attribute_of, content, is_known, is_readable
from .lines import SectionWriter, legacy_offer, with_rejected_twin
from .party import NOWHERE
from .plan import BodyPlan, SectionPlan

__all__ = ["compose"]

_BANDWIDTHS = ("AS", "RR", "RS", "CT", "TIAS")


def compose(plan: BodyPlan) -> str:
    """Return the body for the receiver."""
    lines = ["v=0", plan.origin, *_session(plan)]
    for section in plan.sections:
        twin = legacy_offer(plan, section)
        if twin is not None:
            lines += _section(plan, twin, is_twin=True)
        lines += with_rejected_twin(section, _formats(plan, section), _section(plan, section))
    return "".join(f"{line}\r\n" for line in lines)


def _session(plan: BodyPlan) -> Iterator[str]:
    sent = plan.session
    yield f"s={plan.name}"
    for kind in "iuep":
        yield from (f"{kind}={value}" for value in sent.values(kind)[-1:] if value)
    yield from _bandwidths(sent.values("b"), plan.behaviour)
    yield f"t={''.join(sent.values('t')[-1:]) or '0 0'}"
    if plan.first.ice and plan.first.ice_lite:
        yield "a=ice-lite"
    yield from (f"a=group:{value}" for value in plan.bundles)
    # Among the lines of the session, a=bundle-only is an attribute like any other.
    yield from _passed(sent.lines, plan, unknown="bundle-only")


def _bandwidths(values: tuple[str, ...], behaviour: Behaviour) -> Iterator[str]:
    bandwidths = {name: number for name, _, number in (value.partition(":") for value in values)}
    names = _BANDWIDTHS if behaviour.makes_bodies else _BANDWIDTHS[:3]
    yield from (f"b={name}:{_leading(bandwidths[name])}" for name in names if name in bandwidths)


def _leading(text: str) -> int:
    digits = re.match(r"\s*(\d+)", text, re.ASCII)
    return int(digits[1]) if digits else 0


def _passed(lines: tuple[str, ...], plan: BodyPlan, *, unknown: str = "") -> Iterator[str]:
    """Yield the attributes that the version does not know, and the one that it does not know here."""
    makes = plan.behaviour.makes_bodies
    for line in lines:
        name, _ = attribute_of(line)
        if name == "extmap" and not makes:
            stays = "strip-extmap" not in plan.options.words
        else:
            stays = (
                line.startswith("a=")
                and (name == unknown or not is_known(name, plan.behaviour))
                and (makes or name != "label")
            )
        if stays:
            yield content(line)


def _original_direction(plan: BodyPlan, section: SectionPlan) -> Iterator[str]:
    """Yield the directions that the sender gave in this section or above all, if they are passed on."""
    if "original-sendrecv" in plan.options.words:
        for name in ("sendrecv", "sendonly", "recvonly", "inactive"):
            if section.sent.has(name) or plan.session.has(name):
                yield f"a={name}"


def _formats(plan: BodyPlan, section: SectionPlan) -> list[str]:
    rtp = section.transport.is_rtp
    formats = [str(codec.payload_type) for codec in section.codecs] if rtp else []
    if plan.behaviour.makes_bodies or not rtp:
        formats = formats or list(section.formats)
        formats = ["0"] if rtp and not any(formats) else formats
    return formats


def _section(plan: BodyPlan, section: SectionPlan, *, is_twin: bool = False) -> Iterator[str]:
    """Yield the lines of a section; `is_twin` says that it is the plain one before one with keys."""
    writer = SectionWriter.of(plan, section)
    makes, rtp, sent = plan.behaviour.makes_bodies, section.transport.is_rtp, section.sent
    family, address, port = section.stated
    is_bundled = plan.is_offer and section.shares_port
    told_port = 0 if is_bundled and not is_twin and "strict" in plan.options.bundle else port
    yield f"m={section.type} {told_port} {section.transport} {' '.join(_formats(plan, section))}"
    if makes:
        yield from (f"i={value}" for value in sent.values("i")[-1:] if value)
    is_refused = not port and not plan.options.media_address
    if is_refused or (section.is_zero and not section.ice):
        address = NOWHERE[section.address[0]]
    yield f"c=IN {family} {address}"
    yield from _bandwidths(sent.values("b"), plan.behaviour)
    if section.is_verbatim:
        yield from _verbatim(writer)
        return
    yield from ([f"a=mid:{section.mid}"] if section.mid is not None else [])
    if section.label and makes:
        yield f"a=label:{section.label}"
    if is_bundled:
        yield "a=bundle-only"
    if not section.has_own_lines:
        return
    if rtp:
        yield from writer.codecs()
    if section.extensions and makes:
        yield from ["a=extmap-allow-mixed"] if section.allows_mixed else []
        yield from (f"a=extmap:{extension}" for extension in section.extensions)
    if rtp and makes:
        # Feedback for all payload types stands apart from the codecs.
        yield from (f"a=rtcp-fb:{value}" for value in sent.attributes("rtcp-fb") if value.startswith("*"))
    yield from _passed(sent.lines, plan)
    yield from _original_direction(plan, section)
    yield from writer.direction()
    yield from writer.rtcp()
    yield from writer.keys()
    yield from writer.times()
    if rtp and section.maxptime and makes:
        yield f"a=maxptime:{section.maxptime}"
    yield from writer.ice()
    if section.trickle and section.ufrag:
        yield "a=end-of-candidates"


def _verbatim(writer: SectionWriter) -> Iterator[str]:
    """Yield a section's attributes as they came, and the engine's candidates beside those of others."""
    section = writer.section
    for line in section.sent.lines:
        name, value = attribute_of(line)
        if line.startswith("a=") and name != "end-of-candidates" and is_readable(name, value, writer.behaviour):
            yield content(line)
    if section.sender_has_ice and section.port:
        yield from writer.candidates(for_rtcp=bool(section.rtcp_port), beside=section.sent)
    if section.sender_has_ice and section.sender_ends_candidates:
        yield "a=end-of-candidates"
