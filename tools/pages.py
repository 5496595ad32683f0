"""The pages of the documentation that are made from the code.

Whole pages of the reference, and the tables of docs/explanation/call-states.md between their two comments.
"""

from __future__ import annotations

import inspect
import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs

from rtpe_ng import Codec, sdp
from rtpe_ng.call.negotiation import MOVES, REFUSALS
from rtpe_ng.flags import Attributes, Extmap, Moh, SdpAttr
from rtpe_ng.flags.fields import Fields
from rtpe_ng.keys import field_texts

DOCS = Path(__file__).parents[1] / "docs"


_AGE = re.compile(r" Since\s[\d.]+\.$")


def option_rows(cls: type[Any]) -> Iterator[str]:
    """Yield a row of the table of options for each field of a class."""
    texts = field_texts(cls)
    for field in attrs.fields(cls):
        if option := field.metadata.get("key"):
            wire = f"`{option.key}` in `flags`" if option.listed else f"`{option.key}`"
            wire = wire if option.sent else "never sent"
            since = f"before {option.until}" if option.until else option.since
            text = _AGE.sub("", texts[field.name]).replace("``", "`")
            yield f"| `{field.name}` | {wire} | {since} | {text} |"


def reference() -> str:
    """Return the page docs/reference/flags.md, made from the fields of `Flags` and the strings below them."""
    lines = [
        "# Every option of `Flags`",
        "",
        "Look here for the name of an option, its spelling on the wire, and the first version that knows it.",
        "",
        "*Since* is the first version of the daemon that knows the option; 10.5 means 10.5 or an older version.",
        "The tests ask three real daemons about each option. If you give an option a word that it does not take,",
        "the error names the nearest one that it does, or lists all. `flags.explain()` says what a set of options",
        "does, and `flags.problems(command)` says which of them a command ignores.",
        "",
        "This page is made from the code: `python -m tools.generate` writes it, and a test compares it.",
    ]
    for group in reversed(Fields.__bases__):
        title = (group.__doc__ or "").removeprefix("Options of ").partition(".")[0].removeprefix("the ")
        lines += ["", f"## {title[:1].upper()}{title[1:]}", ""]
        lines += ["| Option | On the wire | Since | What it does |", "|---|---|---|---|"]
        lines += option_rows(group)
    extra = 'Keys that this version of the library does not know; `{"flags": [...]}` adds words to that list.'
    lines += [
        "",
        "## What this library does not know",
        "",
        "| Option | On the wire | Since | What it does |",
        "|---|---|---|---|",
    ]
    lines += [f"| `extra` | as given | | {extra} |"]
    beside = field_texts(Fields)
    lines += ["", "## What `Flags.parse` leaves", "", "| Field | On the wire | What it holds |", "|---|---|---|"]
    lines += [f"| `unchecked` | as given | {beside['unchecked'].replace('``', '`')} |"]
    lines += [f"| `routing` | never sent | {beside['routing'].replace('``', '`')} |"]
    for cls in (Codec, SdpAttr, Attributes, Extmap, Moh):
        lines += ["", f"## `{cls.__name__}`", "", first_sentence(cls.__doc__), ""]
        lines += ["| Key | On the wire | Since | What it does |", "|---|---|---|---|"]
        lines += option_rows(cls)
    return "\n".join([*lines, ""])


SDP_GROUPS = {
    "Read": "parse problems Session Media Section",
    "Questions": "leg LegFound is_webrtc is_on_hold private_addresses needs_media_proxy has_usable_candidates "
    "candidate_problems size_on_wire fits_datagram "
    "web_problems phone_problems",
    "Write one": "offer answer",
    "ICE": "remove_ice set_ice_credentials set_candidates drop_candidates set_ice_lite set_trickle "
    "set_end_of_candidates",
    "rtcp-mux and profile": "set_rtcp_mux set_profile",
    "DTLS and SDES": "set_fingerprint set_setup set_tls_id remove_dtls set_crypto remove_sdes",
    "BUNDLE and mids": "set_mids set_bundle remove_bundle",
    "Direction, addresses, version": "set_direction hold resume set_connection set_port reject_media "
    "set_session_version",
    "Codecs": "keep_codecs drop_codecs order_codecs",
    "What belongs on a leg": "clean_for_sip clean_for_web",
    "Trickle ICE": "parse_fragment apply_fragment fragment_of Fragment",
    "What changed": "diff Diff Change",
    "Values": "Origin Connection Timing Bandwidth Group RtpCodec ExtMap Candidate Rtcp Fingerprint Crypto "
    "IceCredentials Msid Ssrc SsrcGroup Track SdpProblem",
}
"""The names of `rtpe_ng.sdp`, in the order in which the reference has them."""
SDP_CONSTANTS = {
    "STATIC_PAYLOAD_TYPES": "The codecs of the static payload types, by their numbers (RFC 3551, section 6)",
}


def first_sentence(text: str | None) -> str:
    paragraph = " ".join((text or "").partition("\n\n")[0].split()).replace("``", "`")
    return re.split(r"(?<=\.) (?=[A-Z`])", paragraph)[0]


def signature_of(function: Callable[..., object]) -> str:
    signature = inspect.signature(function)
    parameters = [
        each.replace(annotation=each.empty) for name, each in signature.parameters.items() if name != "self"
    ]
    return f"{function.__name__}{signature.replace(parameters=parameters, return_annotation=signature.empty)}"


def members_of(cls: type[Any]) -> Iterator[tuple[str, str]]:
    """Yield the public fields, properties and methods of a class, inherited ones too, with what is said of them."""
    classes = [each for each in cls.__mro__ if each.__module__.startswith("rtpe_ng")]
    texts = field_texts(cls)
    fields = [field.name for field in attrs.fields(cls)] if attrs.has(cls) else cls._fields
    for name in fields:
        yield name, texts.get(name, "")
    for name, member in itertools.chain.from_iterable(vars(each).items() for each in classes):
        if name.startswith("_") or name in fields:
            continue
        if isinstance(member, property):
            yield name, member.__doc__ or ""
        elif isinstance(member, classmethod) or inspect.isfunction(member):
            yield signature_of(getattr(cls, name)), member.__doc__ or ""


def sdp_reference() -> str:
    """Return the page docs/reference/sdp.md, made from the docstrings of `rtpe_ng.sdp`."""
    lines = [
        "# Session descriptions: `rtpe_ng.sdp`",
        "",
        "Look here for the name of a helper, a question or a view of a session description.",
        "",
        "`body` is text, bytes or a `Session`, and a helper returns what it was given. `media` is the index of one",
        "section; without it, a helper works on all sections. This page has the first sentence of each docstring.",
        "At a prompt, `help(sdp.remove_ice)` shows the rest: what it writes, removes and raises.",
        "",
        "This page is made from the code: `python -m tools.generate` writes it, and a test compares it.",
    ]
    for title, names in SDP_GROUPS.items():
        things = [getattr(sdp, name) for name in names.split()]
        functions = [thing for thing in things if not isinstance(thing, type)]
        lines += ["", f"## {title}"]
        if functions:
            lines += ["", "| Function | What it does |", "|---|---|"]
            lines += [f"| `{signature_of(each)}` | {first_sentence(each.__doc__)} |" for each in functions]
        for cls in things:
            if isinstance(cls, type):
                lines += ["", f"### `{cls.__name__}`", "", first_sentence(cls.__doc__), ""]
                lines += ["| Member | What it is |", "|---|---|"]
                lines += [f"| `{name}` | {first_sentence(text)} |" for name, text in members_of(cls)]
    lines += ["", "## Constants", "", "| Name | What it is |", "|---|---|"]
    lines += [f"| `{name}` | {text} |" for name, text in SDP_CONSTANTS.items()]
    return "\n".join([*lines, ""])


def moves() -> str:
    """Return the table of the moves of a call."""
    lines = ["| Phase | Event | Next phase | SIP messages |", "|---|---|---|---|"]
    for (phase, event), move in MOVES.items():
        to = "the one before the offer" if move.to is None else f"`{move.to.value}`"
        lines.append(f"| `{phase.value}` | {event.value} | {to} | {move.sip} |")
    return "\n".join(lines)


def refusals() -> str:
    """Return the table of what is out of order, each text with the tags of an example."""
    phases: dict[tuple[str, str], list[str]] = {}
    for (phase, event), why in REFUSALS.items():
        said = why.format(by="bob", offerer="alice", caller="alice")
        phases.setdefault((event.value, said), []).append(f"`{phase.value}`")
    lines = ["| Event | Phase | What `UsageError` says |", "|---|---|---|"]
    lines += [f"| {event} | {', '.join(them)} | {said} |" for (event, said), them in phases.items()]
    return "\n".join(lines)


TABLES = {"moves": moves, "refusals": refusals}
"""What stands in a page between ``<!-- made from the code: NAME -->`` and ``<!-- end -->``."""


def with_tables(page: str) -> str:
    """Return a page with its tables as the code gives them. Raises KeyError for one that nobody makes."""
    return re.sub(
        r"(<!-- made from the code: (\w+) -->\n).*?(<!-- end -->)",
        lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n\n{found[3]}",
        page,
        flags=re.DOTALL,
    )


def pages() -> Iterator[tuple[Path, str]]:
    """Yield each page that is made from the code, whole or in part, and what is to be in it."""
    yield DOCS / "reference/flags.md", reference()
    yield DOCS / "reference/sdp.md", sdp_reference()
    states = DOCS / "explanation/call-states.md"
    yield states, with_tables(states.read_text(encoding="utf-8"))
