"""The flag sets with which bodies are sent to engines, by name: those of the goldens, the profiles', and others."""

from __future__ import annotations

from typing import Any, Literal

import attrs

from rtpe_ng import Direction, Leg, Profile, profiles

Flags = dict[str, Any]
_BASE: Flags = {"flags": ["trust-address"], "replace": ["origin", "session-connection"]}
_PLAIN = _BASE | {"rtcp-mux": ["demux"], "ICE": "remove", "transport protocol": "RTP/AVP"}
_WEB = _BASE | {"SDES": ["off"], "ICE": "force"}
_TO_WEB = _WEB | {"rtcp-mux": ["offer"], "codec": {"transcode": ["PCMU", "G722"]}}


@attrs.frozen
class FlagSet:
    """What an offer and its answer are sent with, and what kind of callee answers."""

    offer: Flags
    answer: Flags
    callee: Literal["web", "phone", "echo"]


GOLDEN = {
    "web-web": FlagSet(_WEB, _WEB, "web"),
    "web-SIP": FlagSet(
        _PLAIN,
        _BASE | {"rtcp-mux": ["require"], "ICE": "force", "transport protocol": "RTP/SAVPF"},
        "phone",
    ),
    "SIP-web": FlagSet(_TO_WEB | {"transport protocol": "UDP/TLS/RTP/SAVP"}, _PLAIN, "web"),
    "SIP-web-F": FlagSet(_TO_WEB | {"transport protocol": "UDP/TLS/RTP/SAVPF"}, _PLAIN, "web"),
    "SIP-SIP": FlagSet(_PLAIN, _PLAIN, "phone"),
}
"""The five of the goldens."""


def of_profile(profile: Profile) -> dict[str, FlagSet]:
    """Return the sets of a profile: one for each of the four directions."""
    return {
        f"{profile.name} {direction.caller.name}-{direction.callee.name}": FlagSet(
            profile.offer_flags(direction).to_ng(),
            profile.answer_flags(direction).to_ng(),
            "web" if direction.callee is Leg.WEB else "phone",
        )
        for direction in Direction
    }


def _codec(callee: Literal["web", "phone", "echo"] = "echo", /, **codec: list[str]) -> FlagSet:
    return FlagSet({"codec": codec, "ICE": "remove"}, {}, callee)


CODECS = {
    "nothing": FlagSet({}, {}, "echo"),
    "transcode one": _codec(transcode=["PCMA"]),
    "transcode and phone": _codec("phone", transcode=["opus", "PCMA"]),
    "transcode many": _codec(transcode=["opus", "PCMU", "G722", "G729", "AMR-WB", "speex/16000"]),
    "transcode events": _codec(transcode=["PCMU", "telephone-event"]),
    "transcode with parameters": _codec(transcode=["opus/48000/2//maxplaybackrate=16000", "iLBC/8000/1//mode=30"]),
    "strip": _codec(strip=["PCMU", "opus"]),
    "strip all but": _codec(strip=["all"], offer=["PCMA", "PCMU", "telephone-event"]),
    "strip all except": FlagSet({"codec": {"strip": ["all"], "except": ["PCMA", "G722"]}}, {}, "echo"),
    "mask": _codec(mask=["PCMU", "opus"], transcode=["G722"]),
    "mask all": _codec(mask=["all"], transcode=["PCMU", "opus"]),
    "mask full": _codec(mask=["full"], transcode=["PCMU", "telephone-event"]),
    "consume": _codec(consume=["PCMU"], transcode=["PCMA"]),
    "consume all": _codec(consume=["all"], transcode=["PCMA"]),
    "accept": _codec(accept=["opus", "PCMU"], strip=["opus"]),
    "offer first": _codec(offer=["PCMA", "PCMU"]),
    "set": _codec(set=["opus/48000/2/16000"], transcode=["opus"]),
    "ignore": _codec(ignore=["PCMU"], transcode=["PCMU"]),
    "no events": _codec(strip=["telephone-event"]),
    "always": FlagSet({"flags": ["always transcode"], "codec": {"transcode": ["PCMU"]}}, {}, "phone"),
    "single": FlagSet({}, {"flags": ["single codec"]}, "echo"),
    "symmetric": FlagSet({}, {"flags": ["symmetric codecs"]}, "phone"),
    "words": FlagSet({"flags": ["codec-strip-PCMU", "codec-transcode-G722", "codec-offer-PCMA"]}, {}, "echo"),
}
"""What the option ``codec`` can say."""

TABLES = {
    "golden": GOLDEN,
    "MODERN": of_profile(profiles.MODERN),
    "ARTICLE": of_profile(profiles.ARTICLE),
    "codecs": CODECS,
}
