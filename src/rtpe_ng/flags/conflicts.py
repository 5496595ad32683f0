"""Which options do not go together, and which ones a command ignores.

The daemon answers ``ok`` to flags that contradict each other, and to flags that it ignores. So the library has
rules of three severities. An *error* is wrong in every command, and `Flags` refuses it. A *warning* is something
without effect, or with one that is seldom meant; it depends on the command, so it is only reported. What is
*obsolete* does no harm. Each rule is a function that yields the fields that it is about, and the reason with the
cure; the rules that compare two words of one list, or two fields, are tables.
"""

from collections.abc import Iterator
from typing import Literal, TypeAlias

import attrs

from ..errors import UsageError
from ..keys import Key
from ..versions import is_older, version_of
from .fields import Fields
from .nested import Codec, Part, is_given, on_wire

Severity: TypeAlias = Literal["error", "warning", "obsolete"]


@attrs.frozen(kw_only=True)
class Problem:
    """What is wrong with a set of flags. `str` says it, with the reason."""

    severity: Severity
    """``error``: it is wrong in every command, and `Flags` refuses it. ``warning``: it has no effect, or one that
    is seldom meant. ``obsolete``: it is no longer needed."""
    options: tuple[str, ...]
    """The fields of `Flags` that the problem is about."""
    why: str
    """The reason, and the cure."""
    engines: tuple[str, ...] = ()
    """The versions of the daemon that have the problem; empty where it is none of a version's own."""

    def __str__(self) -> str:
        return f"{' and '.join(self.options)}: {self.why}" if self.options else self.why


_Found: TypeAlias = Iterator[tuple[tuple[str, ...], str]]


def refuse(flags: Fields) -> None:
    """Raise `UsageError` for options that contradict each other in every command."""
    for options, why in _errors(flags):
        raise UsageError(f"{' and '.join(options)}: {why}")


def problems(flags: Fields, command: str = "offer", engine: str | None = None) -> tuple[Problem, ...]:
    """Return what is wrong with these flags in this command: errors first, then warnings, then what is obsolete.

    With the version of an `engine`, what a daemon of that version does not know is among the warnings.
    """
    found = [Problem(severity="error", options=options, why=why) for options, why in _errors(flags)]
    for options, why in (*_warnings(flags), *_ignored(flags, command)):
        found.append(Problem(severity="warning", options=options, why=why))
    if engine is not None:
        for options, why in _unknown(flags, engine):
            found.append(Problem(severity="warning", options=options, why=why, engines=(engine,)))
    for options, why in _needless(flags):
        found.append(Problem(severity="obsolete", options=options, why=why))
    return tuple(found)


# Pairs of flags that are opposites.
_OPPOSITES = (
    ("trust_address", "sip_source_address", "the address in the SDP is believed, or that of the SIP message"),
    ("port_latching", "no_port_latching", "local ports are kept, or changed"),
    ("symmetric", "asymmetric", "the receiver sends from where it receives, or from elsewhere"),
    ("no_rtcp_attribute", "full_rtcp_attribute", "there is no a=rtcp line, or a full one"),
)
# Pairs of options that say the same thing in two ways.
_TWICE = (
    ("direction", "from_interface"),
    ("direction", "to_interface"),
    ("from_interface", "inbound_peer"),
    ("to_interface", "outbound_peer"),
    ("interface", "peer"),
    ("direction", "inbound_peer"),
    ("direction", "outbound_peer"),
    ("frequency", "frequencies"),
)
# Pairs of words of rtcp-mux: first those that are opposites, then those of which the daemon makes something odd.
_MUX_OPPOSITES = (
    ("demux", "offer", "demux offers the receiver no rtcp-mux, offer offers it (the daemon follows offer)"),
    (
        "demux",
        "require",
        "demux offers the receiver no rtcp-mux, require insists on it (the daemon follows require)",
    ),
)
_MUX_MIXED = (
    ("demux", "accept", "'accept' has no effect beside 'demux', which accepts rtcp-mux without passing it on"),
    ("demux", "reject", "'reject' refuses the sender what 'demux' would grant: neither leg has rtcp-mux then"),
    ("accept", "reject", "where the receiver is offered rtcp-mux too, 'accept' wins and 'reject' has no effect"),
    ("reject", "offer", "'reject' acts toward the sender and 'offer' toward the receiver: the reverse of 'demux'"),
    (
        "reject",
        "require",
        "'reject' acts toward the sender and 'require' toward the receiver: the reverse of 'demux'",
    ),
)
_OFF = frozenset({"off", "no", "disable"})


def _errors(flags: Fields) -> _Found:
    for one, other, why in _OPPOSITES:
        if getattr(flags, one) and getattr(flags, other):
            yield (one, other), f"they contradict each other: {why}"
    for one, other in _TWICE:
        if _has(flags, one) and _has(flags, other):
            yield (one, other), "they say the same twice; give one of them"
    for word, other, why in _MUX_OPPOSITES:
        if word in flags.rtcp_mux and other in flags.rtcp_mux:
            yield ("rtcp_mux",), f"{word!r} and {other!r} contradict each other: {why}"
    bundle = set(flags.bundle)
    if "reject" in bundle and len(bundle) > 1:
        yield ("bundle",), "'reject' breaks up what was bundled, the other words bundle"
    yield from _keyless(flags)


def _keyless(flags: Fields) -> _Found:
    protocol = flags.transport_protocol or ""
    if flags.dtls in _OFF and protocol.startswith("UDP/TLS/"):
        yield ("transport_protocol", "dtls"), f"{protocol} gets its keys by DTLS, which dtls={flags.dtls!r} forbids"
    elif "/SAVP" in protocol and flags.dtls in _OFF and not _OFF.isdisjoint(flags.sdes):
        yield ("transport_protocol", "dtls", "sdes"), f"{protocol} needs keys, and both ways to get them are off"


def _warnings(flags: Fields) -> _Found:
    for rule in (_mux, _ice, _sdes, _codecs, _recording, _dtmf, _media):
        yield from rule(flags)


def _mux(flags: Fields) -> _Found:
    for word, other, why in _MUX_MIXED:
        if word in flags.rtcp_mux and other in flags.rtcp_mux:
            yield ("rtcp_mux",), why


def _ice(flags: Fields) -> _Found:
    if flags.ice == "remove":
        for name in ("trickle_ice", "ice_lite"):
            if _has(flags, name):
                yield ("ice", name), f"without ICE, {name} has nothing to act on"
    if flags.transport_protocol == "RTP/AVP" and flags.dtls in ("active", "passive"):
        yield ("transport_protocol", "dtls"), "RTP/AVP has no DTLS whose role could be chosen"


def _sdes(flags: Fields) -> _Found:
    others = [word for word in flags.sdes if word not in _OFF]
    if len(others) < len(flags.sdes) and others:
        yield ("sdes",), f"SDES is off, so that {', '.join(others)} has nothing to act on"
    exact = [word for word in flags.sdes if word.startswith(("no-", "only-"))]
    if "nonew" in flags.sdes and exact:
        yield ("sdes",), f"'nonew' wins over {', '.join(exact)}"
    elif len({word.partition("-")[0] for word in exact}) > 1:
        yield ("sdes",), "where 'only-...' is given, the daemon does not look at 'no-...'"


def _codecs(flags: Fields) -> _Found:
    codec = flags.codec
    if not isinstance(codec, Codec):
        return
    added = (*codec.transcode, *codec.offer, *codec.except_)
    if not {"all", "full"}.isdisjoint((*codec.strip, *codec.mask)) and not added:
        yield ("codec",), "no codec is left to be offered: the daemon then restores all; name some in 'transcode'"
    if codec.mask and not (codec.transcode or codec.consume or flags.always_transcode):
        yield ("codec",), "'mask' acts only where something is transcoded: add 'transcode', or say 'consume'"
    if flags.static_codecs and added:
        yield ("static_codecs", "codec"), "the codecs toward the receiver stay as they were"


_RECORDING = ("output_destination", "recording_path", "recording_pattern")
_ANNOUNCEMENT = ("file", "blob", "blob64", "db_id")


def _recording(flags: Fields) -> _Found:
    if flags.record_call in ("no", "off"):
        for name in (*_RECORDING, "recording_announcement", "exclude_recording"):
            if _has(flags, name):
                yield ("record_call", name), "nothing is recorded"
    if flags.output_destination:
        for name in ("recording_path", "recording_pattern"):
            if _has(flags, name):
                yield ("output_destination", name), "the first names the whole path, and wins"
    sources = [name for name in _ANNOUNCEMENT if _has(flags, name)]
    if flags.recording_announcement and not sources:
        yield ("recording_announcement",), "there is nothing to play: give file=..., blob=... or db_id=..."
    codes = [name for name, _, _ in flags.given() if name.startswith("vsc_")]
    if codes and not flags.recording_vsc:
        yield (*codes, "recording_vsc"), "the digits are looked for with recording_vsc=True only"


def _dtmf(flags: Fields) -> _Found:
    security = flags.dtmf_security
    if flags.digit is not None and security not in (None, "DTMF"):
        yield ("digit", "dtmf_security"), "the digit is played by dtmf_security='DTMF' only"
    if flags.frequencies and security not in (None, "tone"):
        yield ("frequencies", "dtmf_security"), "the tones are played by dtmf_security='tone' only"
    if not flags.trigger:
        for name in ("trigger_end", "trigger_end_time", "trigger_end_digits"):
            if _has(flags, name):
                yield (name, "trigger"), "what no trigger began cannot end"


def _media(flags: Fields) -> _Found:
    if flags.early_media and flags.audio_player == "off":
        yield ("early_media", "audio_player"), "an audio player that is off cannot start early"
    if "force" in flags.t38 and "decode" in flags.t38:
        yield ("t38",), "'force' turns audio into fax and 'decode' fax into audio: what arrives decides"
    if "FEC" in flags.t38 and "force" not in flags.t38:
        yield ("t38",), "'FEC' is offered beside 'force' only"


_TOO_LATE = "an answer comes too late for the role: calls die on 10.5; say dtls_reverse={!r} in the offer"


def _ignored(flags: Fields, command: str) -> _Found:
    """Yield the options that this command ignores."""
    for name, option, _ in flags.given():
        if option.commands and command not in option.commands:
            yield (name,), f"{_article(command)} ignores it; it acts in {_join(option.commands)} only"
    if isinstance(flags.codec, Codec):
        for name, key, _ in flags.codec.given():
            if key.commands and command not in key.commands:
                yield ("codec",), f"{_article(command)} ignores {name!r}; it belongs into the offer"
    if command == "offer":
        yield from _not_in_offers(flags)
    if command == "answer":
        yield from _not_in_answers(flags)


def _not_in_offers(flags: Fields) -> _Found:
    if flags.transport_protocol == "accept":
        yield ("transport_protocol",), "'accept' is for answers; an offer names a protocol"
    if "static" in flags.sdes:
        yield ("sdes",), "an offer ignores 'static'; it acts in answers"


def _not_in_answers(flags: Fields) -> _Found:
    for name in ("dtls", "dtls_reverse"):
        if (role := getattr(flags, name)) in ("active", "passive"):
            yield (name,), _TOO_LATE.format(role)
    if late := [word for word in flags.osrtp if word.startswith("offer")]:
        yield ("osrtp",), f"an answer ignores {', '.join(late)}; it belongs into the offer"
    if flags.direction:
        yield ("direction",), "an answer ignores it; the first offer settled the interfaces"


def _unknown(flags: Fields, engine: str) -> _Found:
    """Yield the options that a daemon of this version does not know, or does not know with their words."""
    for name, key, value in flags.given():
        if key.sent and is_older(engine, since := since_of(key, value)):
            yield (name,), f"{engine} ignores {_shown(key, value)}, which is known since {since}"
        for word, until in key.ended.items():
            if isinstance(value, tuple) and word in value and not is_older(engine, until):
                yield (name,), f"{engine} ignores {word!r}, which is unknown since {until}"


def _shown(key: Key, value: object) -> str:
    if key.listed:
        return repr(key.key)
    return f"{key.key!r}: {on_wire(value)!r}"


def since_of(option: Key, value: object) -> str:
    """Return the first version of the daemon that knows the option with this value."""
    ages = [option.since]
    if isinstance(value, Part):
        ages += [since_of(key, inner) for _, key, inner in value.given()]
    else:
        many = value if isinstance(value, tuple) else (value,)
        if isinstance(value, tuple) and option.key == "ICE":
            ages.append("26.2")
        for word, age in option.words.items():
            prefix = word.endswith(("-", ":"))
            if any(it == word or (prefix and str(it).startswith(word)) for it in many):
                ages.append(age)
    return max(ages, key=version_of)


def _needless(flags: Fields) -> _Found:
    for name, option, value in flags.given():
        if option.obsolete:
            yield (name,), f"nobody needs it: {option.obsolete}"
        for word, version in option.ended.items():
            if isinstance(value, tuple) and word in value:
                yield (name,), f"{word!r} has no effect since 12.5, and is unknown since {version}"


def _has(flags: Fields, name: str) -> bool:
    return is_given(getattr(flags, name))


def _article(command: str) -> str:
    return f"an {command}" if command[:1] in "aeiou" else f"a {command}"


def _join(commands: tuple[str, ...]) -> str:
    *first, last = (f"{_article(command)}" for command in commands)
    return f"{', '.join(first)} or {last}" if first else last
