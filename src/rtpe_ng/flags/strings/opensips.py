"""OpenSIPS' rtpengine module: 4.1, and 3.5 and 3.6, which have no bracket lists."""

from ipaddress import IPv6Address

from ...errors import UsageError
from . import handlers as h
from .brackets import write
from .dialect import Dialect, Handler, ModuleOutput, generic
from .tokens import Token

_TRANSPORTS = ("RTP/AVP", "RTP/SAVP", "RTP/AVPF", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF")
_REPLACE = ("origin", "session-connection", "username")
# These three have spaces on the wire.
_REPLACE_SPACED = ("zero-address", "session-name", "SDP-version")
_OPERATIONS = ("transcode", "strip", "offer", "mask", "set", "except", "accept", "consume")
_READ_AS_LISTS = frozenset({"replace", "rtcp-mux", "SDES", "T38", "T.38"})
"""The keys of lists that are keys to the daemon too; ``transcode`` and ``codec-strip`` are none."""
_RTCP_MUX = ("demux", "offer", "accept", "reject", "require")


def _interface(side: int) -> Handler:
    """Take the value as the name of the interface of one side."""

    def handle(output: ModuleOutput, token: Token) -> None:
        if not token.value:
            output.trap(token, f"has no use for this without a value; write {token.key}=...")
        output.interfaces[side] = token.value or ""

    return handle


def _named_interface(output: ModuleOutput, token: Token) -> None:
    """Take the word itself as the name of the first interface that has none."""
    h.ignore_value(output, token)
    output.interfaces[1 if output.interfaces[0] else 0] = token.key


def _direction(output: ModuleOutput, token: Token) -> None:
    if token.value is not None and not token.value.startswith("["):
        output.trap(token, "sends a string here, which the daemon ignores; write in-iface=... out-iface=...")
    generic(output, token)


def _list(output: ModuleOutput, token: Token) -> None:
    """Take the key of a list, of which daemons before 11.2 do not read a string."""
    if token.value and not token.value.startswith("["):
        cure = f"{token.key}-{token.value}"
        who = "daemons before 11.2 ignore" if token.key in _READ_AS_LISTS else "no daemon knows"
        output.trap(token, f"sends a string here, which {who}; write {cure}")
    generic(output, token)


def _address_family(output: ModuleOutput, token: Token) -> None:
    if token.value not in ("IP4", "IP6"):
        output.refuse(token, "address-family=IP4 or address-family=IP6 expected")
    output.put("address family", token.value)


def _received_from(output: ModuleOutput, token: Token) -> None:
    if not token.value:
        output.trap(token, "has no use for this without a value; write received-from=192.0.2.1")
    output.routing["received_from"] = token.value or None


def _via_branch_param(output: ModuleOutput, token: Token) -> None:
    if not token.value:
        output.refuse(token, "a value expected, as in via-branch-param=z9hG4bK-1")
    output.routing |= {"via_branch": None, "via_branch_param": token.value}


def _unknown(output: ModuleOutput, token: Token) -> None:
    """Take a token that has no handler; a word of a list is lost where it has a value."""
    list_, _, word = token.key.removeprefix("codec-").partition("-")
    if token.value is not None and word and (token.key.startswith("codec-") or list_ in ("transcode", "SDES")):
        item = write(f"{word}={token.value}")
        cure = f"SDES=[{item}]" if list_ == "SDES" else f"codec=[{list_}=[{item}]]"
        output.trap(token, f"cuts it at the first '=' and takes it for a key and a value; write {cure}")
    generic(output, token)


def _check(output: ModuleOutput) -> None:
    """Do what the module does at the end: refuse what does not go together, and write the interfaces."""
    ours, theirs = output.interfaces
    if bool(ours) != bool(theirs):
        output.refuse(ours or theirs, "one interface alone; write in-iface=... out-iface=...")
    if ours:
        output.lists["direction",] = [ours, theirs]
    if output.routing.get("via_branch") == "auto":
        output.refuse("via-branch=auto", "it never finds that branch; write via-branch=1 or via-branch=2")
    if (address := output.routing.get("received_from")) is not None:
        if h.address_of(address) is None:
            output.refuse(f"received-from={address}", "an IPv4 or IPv6 address expected")
        if ":" in address:
            groups = IPv6Address(address).exploded.split(":")
            output.routing["received_from"] = ":".join(f"{int(group, 16):X}" for group in groups)
    if output.transport is not None and output.transport > len(_TRANSPORTS):
        raise UsageError(
            "transport protocol: these words let opensips read past the end of an array, and what it sends then "
            "is not known; write it in one word, as in UDP/TLS/RTP/SAVPF"
        )
    if output.transport == len(_TRANSPORTS):
        output.traps.append(
            "transport protocol: these words let opensips read past the end of an array and send 'inactive'; "
            "write it in one word, as in UDP/TLS/RTP/SAVPF"
        )
    if output.command == "query" and (output.pairs or output.lists or output.routing):
        output.refuse("a string", "its query takes none; leave it out")


OPENSIPS = Dialect(
    name="opensips",
    words={
        "RTP": h.bits(drop=1),
        "AVP": h.bits(drop=2),
        "SRTP": h.bits(put=1),
        "AVPF": h.bits(put=2),
        **{name: h.bits(put=number, drop=7 & ~number) for number, name in enumerate(_TRANSPORTS)},
        **{f"replace-{word}": h.append(("replace",), word) for word in _REPLACE},
        **{f"replace-{word}": h.append(("replace",), word.replace("-", " ")) for word in _REPLACE_SPACED},
        **{f"rtcp-mux-{word}": h.append(("rtcp-mux",), word) for word in _RTCP_MUX},
        **dict.fromkeys(("replace", "rtcp-mux", "SDES", "T38", "T.38", "transcode"), _list),
        **{f"codec-{operation}": _list for operation in _OPERATIONS},
        "address-family": _address_family,
        "media-address": h.valued(generic, example="192.0.2.1"),
        "direction": _direction,
        "in-iface": _interface(0),
        "out-iface": _interface(1),
        "internal": _named_interface,
        "external": _named_interface,
        "delete-delay": h.valued(h.number("delete-delay"), example="30"),
        "repacketize": h.repacketize,
        "call-id": h.override("call_id", empty_is_none=True),
        "callid": h.override("call_id", empty_is_none=True),
        "from-tag": h.override("from_tag", empty_is_none=True),
        "to-tag": h.to_tag,
        "directional": h.direct(listed=True),
        "force-answer": h.force_answer,
        "via-branch": h.via_branch(known=("1", "2", "auto", "extra")),
        "via-branch-param": h.crash_if_bare(_via_branch_param),
        "received-from": _received_from,
    },
    # 6 is the word behind the module's array.
    transports=(*_TRANSPORTS, "inactive"),
    order=("direction", "flags", "replace", "transport-protocol", "rtcp-mux"),
    with_sdp=frozenset({"direction", "replace", "rtcp-mux"}),
    bracketed=True,
    unknown=_unknown,
    finish=_check,
)
