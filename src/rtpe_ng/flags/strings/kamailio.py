"""Kamailio's rtpengine module: 6.x, and 5.6 where it differs.

The module reads a flag string token by token: some words set bits that are put together to a transport protocol at
the end, some begin with the name of a list, and all else is passed on as it is. The tables have what it does with
each token; `_check` and what follows it, what it does when it has read them all.
"""

from typing import get_args

import attrs

from ..routing import ViaBranch
from . import handlers as h
from .commands import NARROW
from .dialect import Dialect, Handler, ModuleOutput, Path, generic, take_unknown
from .tokens import Token

# 5 is a hole in the module's array, and 7 lies behind it.
_TRANSPORTS = ("RTP/AVP", "RTP/SAVP", "RTP/AVPF", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", None, "UDP/TLS/RTP/SAVPF", None)
_LISTS = ("direction", "replace", "codec", "transport-protocol", "rtcp-mux", "SDES", "T.38")
_MOST_IOVECS = 1024
"""Pieces that one message may have: Linux's IOV_MAX."""


def _codec(*operations: str) -> dict[str, Path]:
    return {f"codec-{name}": ("codec", name) for name in operations}


_PREFIXES: dict[str, Path] = {
    "replace": ("replace",),
    "rtcp-mux": ("rtcp-mux",),
    "SDES": ("SDES",),
    "T38": ("T.38",),
    "T.38": ("T.38",),
    "transcode": ("codec", "transcode"),
    **_codec("transcode", "strip", "offer", "mask", "set", "except"),
}


def _number_if_given(*keys: str) -> Handler:
    return lambda output, token: generic(output, token) if token.value is None else h.number(*keys)(output, token)


def _received_from(output: ModuleOutput, token: Token) -> None:
    """Take an address as Kamailio 6 does: ``received-from=IP`` or ``received-from-IP``."""
    text = token.value or token.key.removeprefix("received-from-")
    address = h.address_of(text)
    if address is None:
        output.trap(token, "ignores what is no IPv4 or IPv6 address; write received-from=192.0.2.1")
    else:
        output.routing["received_from"] = address


def _received_from_5_6(output: ModuleOutput, token: Token) -> None:
    if token.value is not None:
        output.trap(token, "sends this beside the message's own source address, which wins; leave it out")
        output.put(token.key, token.value)
    else:
        generic(output, token)


def _unknown(output: ModuleOutput, token: Token) -> None:
    """Take a token that has no handler."""
    if token.key.startswith("received-from-") and len(token.key) > 14:
        _received_from(output, token)
    else:
        take_unknown(output, token)


def _from_tags(output: ModuleOutput, token: Token) -> None:
    tag = h.value_of(output, token)
    output.routing["from_tags"] = (*output.routing.get("from_tags", ()), tag)
    if output.command == "subscribe request":
        output.add(("from-tags",), tag)
    else:
        output.trap(token, "uses this in a subscribe request only; leave it out")


def _check(output: ModuleOutput) -> None:
    """Note bits that stand for no transport protocol, and refuse a string that is too long to be sent."""
    if output.transport is not None and output.dialect.transport(output.transport) is None:
        what = "find nothing" if output.transport < 7 else "read past the end of an array"
        output.traps.append(
            f"transport protocol: these words let {output.dialect.name} {what}, and no protocol is sent; "
            "write it in one word, as in UDP/TLS/RTP/SAVPF"
        )
    # 45 come from the message, if From and To have tags.
    pieces = 45 + sum(2 + _pieces(value) for _, value in output.wire())
    if pieces > _MOST_IOVECS:
        output.refuse(
            f"{pieces // 2} words and values", "more than about 500 cannot be sent, and the node is disabled"
        )


def _pieces(value: object) -> int:
    if isinstance(value, dict):
        return 2 + sum(2 + _pieces(item) for item in value.values())
    if isinstance(value, list):
        return 2 + sum(map(_pieces, value))
    return 1 if isinstance(value, int) else 2


def _check_6(output: ModuleOutput) -> None:
    directional = output.routing.get("directional") or output.routing.get("from_tag") is not None
    if directional and output.command in NARROW:
        output.add(("flags",), "directional")
    _fragment(output)


def _fragment(output: ModuleOutput) -> None:
    if output.command == "info":
        output.add(("flags",), "fragment")
    _check(output)


_WORDS: dict[str, Handler] = {
    "RTP": h.alone(h.bits(drop=1)),
    "AVP": h.alone(h.bits(drop=2)),
    "SRTP": h.alone(h.bits(put=1)),
    "AVPF": h.alone(h.bits(put=2)),
    "DTLS": h.alone(h.bits(put=4)),
    **{name: h.alone(h.bits(put=number, drop=7 & ~number)) for number, name in enumerate(_TRANSPORTS) if name},
    "TOS": _number_if_given("TOS"),
    "delete-delay": _number_if_given("delete delay", "delete-delay"),
    "repacketize": h.repacketize,
    "direction": h.crash_if_bare(h.append_value(("direction",))),
    "internal": h.append(("direction",)),
    "external": h.append(("direction",)),
    "call-id": h.override("call_id"),
    "from-tag": h.override("from_tag"),
    "to-tag": h.to_tag,
    "directional": h.direct(listed=False),
    "force-answer": h.force_answer,
    "via-branch": h.via_branch(known=get_args(ViaBranch)),
    "received-from": _received_from_5_6,
}

KAMAILIO_5_6 = Dialect(
    name="kamailio-5.6",
    words=_WORDS,
    prefixes=_PREFIXES,
    transports=_TRANSPORTS,
    order=("direction", "flags", *_LISTS[1:]),
    with_sdp=frozenset({"direction", "replace", "codec", "rtcp-mux", "SDES", "T.38"}),
    finish=_fragment,
)
KAMAILIO = attrs.evolve(
    KAMAILIO_5_6,
    name="kamailio",
    words={
        **_WORDS,
        "received-from": lambda output, token: (
            _received_from(output, token) if token.value else generic(output, token)
        ),
        "from-tags": _from_tags,
    },
    prefixes={**_PREFIXES, **_codec("accept", "consume")},
    order=("from-tags", *_LISTS, "flags"),
    finish=_check_6,
    unknown=_unknown,
)
