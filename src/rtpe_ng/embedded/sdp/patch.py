"""Patch the body that came, as the daemon does until 12.

The daemon copies the body line by line. It replaces the lines that concern the engine where they stand, removes
the attributes that it writes itself, and adds its own lines at the end of each section. Its copy goes forward only:
it first looks for the ``o=`` line, then for the ``s=`` and ``c=`` lines, and last for attributes. So a body whose
lines stand in another order cannot be patched, and is refused (`_check_order`).

What stays where it is depends on whether the version knows an attribute. 10.5 leaves unknown attributes in place;
12.5 moves them behind the codecs (`_passed`). A line that the daemon cannot read stays too, since it never became
one of its own.
"""

from collections.abc import Iterable, Iterator

import attrs

from ...sdp import Media, Section
from ..errors import Refused
from ..request import Options
from .attributes import DIRECTIONS, ICE, KEYS, attribute_of, content, is_known, is_readable
from .lines import SectionWriter, legacy_offer, with_rejected_twin
from .party import NOWHERE
from .plan import BodyPlan, SectionPlan

__all__ = ["patch_opening", "patch_section", "patch_session"]

_STEPS = ("origin", "name", "connection", "attributes")
"""The order in which lines are replaced and attributes are removed."""
_REMOVED_ABOVE = frozenset({"fingerprint", "setup", "tls-id"})
_LEFT_IF_UNREADABLE = frozenset({"rtpmap", "fmtp", "rtcp-fb", "fingerprint", "rtcp", "candidate"})


def patch_session(plan: BodyPlan) -> str:
    """Return the lines above all sections. Raises `Refused` if they are in the wrong order."""
    return _text(_session(plan, plan.session.lines))


def patch_opening(plan: BodyPlan, lines: tuple[str, ...], origin: str) -> str:
    """Return the lines above the sections of a session that is glued behind another one, with this ``o=`` line."""
    own = next(iter(Section(lines=lines).values("s")), "")
    name = plan.name if "name" in plan.options.replace else own
    return _text(_session(attrs.evolve(plan, origin=origin, name=name), lines))


def patch_section(plan: BodyPlan, section: SectionPlan, sent: Media) -> str:
    """Return the lines of a section, of which `sent` stands at its place in the body that came.

    Raises `Refused` if the receiver has no such section, or if the lines are in the wrong order.
    """
    if not section.type:
        raise Refused("Error rewriting SDP")
    twin = legacy_offer(plan, section)
    before = "" if twin is None else _text(_section(plan, twin, sent))
    return before + _text(with_rejected_twin(section, section.formats, _section(plan, section, sent)))


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\r\n" for line in lines)


def _session(plan: BodyPlan, lines: tuple[str, ...]) -> Iterator[str]:
    first, sent, options, behaviour = plan.first, plan.session, plan.options, plan.behaviour
    sections_without = any(not media.values("c") for media in sent.media)
    replaces = not options.relays and (
        not behaviour.keeps_unused_connection or "connection" in options.replace or sections_without
    )
    # A body without an o= line has no place for its address: 12.5 puts it before everything else.
    misplaces = behaviour.misplaces_address and bool(options.replace & {"origin", "all"})
    steps = []
    for number, line in enumerate(map(content, lines)):
        name, value = attribute_of(line)
        if line.startswith("v="):
            is_first = misplaces and not _has_origin(lines[number + 1 :])
            yield " ".join(first.address) + line if is_first else line
        elif line.startswith("o="):
            steps.append("origin")
            yield plan.origin
        elif line.startswith("s="):
            steps += ["name"] if "name" in options.replace else []
            yield f"s={plan.name}"
        elif line.startswith("c=") and replaces:
            steps.append("connection")
            yield _connection(line, plan, first)
        elif not name or first.passthrough or not _is_removed_above(plan, name, value):
            yield line
        else:
            steps.append("attributes")
    _check_order(steps)
    if first.ice and first.ice_lite:
        yield "a=ice-lite"


def _has_origin(lines: tuple[str, ...]) -> bool:
    """Tell whether there is an ``o=`` line among these, up to where another description begins."""
    return next((line.startswith("o=") for line in lines if line.startswith(("o=", "v="))), False)


def _check_order(steps: list[str]) -> None:
    """Refuse a body in which a line comes too late: the daemon goes through the lines once, step by step."""
    if steps != sorted(steps, key=_STEPS.index):
        raise Refused("Error rewriting SDP")


def _is_removed_above(plan: BodyPlan, name: str, value: str) -> bool:
    """Tell whether an attribute of the session is left out."""
    options = plan.options
    if name in ICE:
        return _is_ice_removed(options, name, value)
    if name in DIRECTIONS:
        return "original-sendrecv" not in options.words
    if name == "group":
        return value.startswith("BUNDLE")
    if name == "extmap":
        return "strip-extmap" in options.words and plan.behaviour.strips_extmaps_above
    return name in _REMOVED_ABOVE and is_known(name, plan.behaviour)


def _is_ice_removed(options: Options, name: str, value: str) -> bool:
    """Tell whether an attribute of ICE is left out, provided that media cannot bypass the engine."""
    if options.relays:
        return _is_relay(name, value)
    return options.ice in ("remove", "force", "default")


def _is_relay(name: str, value: str) -> bool:
    return name == "candidate" and value.split(" ")[7:8] == ["relay"]


def _connection(line: str, plan: BodyPlan, section: SectionPlan) -> str:
    """Return a ``c=`` line with the engine's address."""
    family, address = section.address
    if section.is_zero and not plan.first.ice and not plan.options.media_address:
        address = NOWHERE[family]
    words = line.split(" ")
    return " ".join((words[0], family, address, *words[3:]))


def _section(plan: BodyPlan, section: SectionPlan, sent: Media) -> Iterator[str]:
    writer = SectionWriter.of(plan, section)
    relays = plan.options.relays
    yield content(sent.lines[0]) if relays else _media_line(section, sent)
    steps = []
    for line in map(content, sent.lines[1:]):
        name, value = attribute_of(line)
        if line.startswith("c=") and not relays:
            steps.append("connection")
            yield _connection(line, plan, section)
        elif (
            not line.startswith("a=") or _is_unread(plan, name, line) or not _is_removed(plan, section, name, value)
        ):
            yield line
        else:
            steps.append("attributes")
    _check_order(steps)
    yield from ([f"a=mid:{section.mid}"] if section.mid is not None else [])
    if section.has_own_lines:
        if section.transport.is_rtp:
            yield from writer.codecs()
        yield from _passed(plan, section)
        yield from writer.direction()
        yield from writer.rtcp()
        yield from writer.keys()
        yield from writer.times()
        yield from writer.ice(beside=sent)
    if (section.trickle and section.ufrag) or sent.has("end-of-candidates"):
        yield "a=end-of-candidates"


def _media_line(section: SectionPlan, sent: Media) -> str:
    count = f"/{sent.port_count}" if sent.port_count > 1 else ""
    # The list of codecs takes the place of the formats; where there were none, nothing stands between.
    formats = "".join(f" {rest}" for rest in content(sent.lines[0]).split(" ", 3)[3:])
    if section.transport.is_rtp:
        formats = formats[:1] + " ".join(str(codec.payload_type) for codec in section.codecs)
    return f"m={section.type} {section.port}{count} {section.transport}{formats}"


def _passed(plan: BodyPlan, section: SectionPlan) -> Iterator[str]:
    """Yield the sender's attributes that stand behind the codecs although the engine does not know them."""
    if plan.behaviour.passes_in_place:
        return
    for line in map(content, section.sent.lines):
        name, _ = attribute_of(line)
        if name == "extmap" and "strip-extmap" in plan.options.words and not section.passthrough:
            continue
        if line.startswith("a=") and (name == "extmap" or not is_known(name, plan.behaviour)):
            yield line


def _is_unread(plan: BodyPlan, name: str, line: str) -> bool:
    """Tell whether a line stays where it is because the daemon cannot read it."""
    return name in _LEFT_IF_UNREADABLE and not is_readable(name, line.partition(":")[2], plan.behaviour)


def _is_removed(plan: BodyPlan, section: SectionPlan, name: str, value: str) -> bool:
    """Tell whether an attribute does not stay where it is."""
    options, behaviour = plan.options, plan.behaviour
    if name in ICE:
        stays = section.passthrough and not (options.relays and _is_relay(name, value))
        return not stays and _is_ice_removed(options, name, value)
    if name in DIRECTIONS:
        return "original-sendrecv" not in options.words
    if name in ("mid", "end-of-candidates"):
        return True
    if name == "extmap":
        return not behaviour.passes_in_place or (not section.passthrough and "strip-extmap" in options.words)
    if not is_known(name, behaviour):
        return not behaviour.passes_in_place
    if behaviour.passes_foreign_protocols and not section.transport.is_known:
        return name == "crypto" and not is_readable(name, value, behaviour)
    if name in ("rtcp", "rtcp-mux"):
        return not options.relays
    if name in ("rtpmap", "fmtp"):
        return bool(section.codecs)
    if name == "rtcp-fb":
        return bool(section.codecs) and not value.startswith("*")
    if name == "ptime":
        return bool(section.ptime)
    return name in KEYS and not section.passthrough
