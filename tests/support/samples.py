"""A value for each field of `Flags` that is no boolean: every word of the vocabulary stands in one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import attrs

from rtpe_ng import Codec, Flags
from rtpe_ng.flags import Attributes, SdpAttr
from rtpe_ng.flags import vocabulary as v
from rtpe_ng.keys import Key

OPTIONS: dict[str, Key] = {
    field.name: field.metadata["key"] for field in attrs.fields(Flags) if "key" in field.metadata
}

CHOICES: dict[str, Any] = {
    "transport_protocol": v.TransportProtocol,
    "ice": v.ICE,
    "ice_lite": v.ICELite,
    "dtls": v.DTLS,
    "dtls_reverse": v.DTLSReverse,
    "dtls_fingerprint": v.FingerprintHash,
    "address_family": v.AddressFamily,
    "endpoint_learning": v.EndpointLearning,
    "media_echo": v.MediaEcho,
    "drop_traffic": v.StartStop,
    "passthrough": v.OnOff,
    "audio_player": v.AudioPlayer,
    "generate_rtcp": v.OnOff,
    "record_call": v.YesNo,
    "dtmf_security": v.DtmfSecurity,
    "dtmf_security_trigger": v.DtmfSecurity,
    "dtmf_security_trigger_end": v.DtmfSecurity,
    "alias_key": v.AliasKey,
    "sip_message_type": v.SipMessage,
}
"""The fields that take one word, with its type."""

LISTS: dict[str, tuple[str, ...]] = {
    "sdes": v.SDES_KNOWN,
    "osrtp": get_args(v.OSRTP),
    "rtcp_mux": get_args(v.RtcpMux),
    "bundle": get_args(v.Bundle),
    "replace": get_args(v.Replace),
    "t38": get_args(v.T38),
    "sdp_media_remove": get_args(v.MediaType),
}
"""The fields that take a list of words, with all of them."""

SAMPLES: dict[str, Any] = {
    **{name: get_args(allowed)[0] for name, allowed in CHOICES.items()},
    **{name: [words[0]] for name, words in LISTS.items()},
    "codec": {"transcode": ["PCMU"]},
    "sdp_attr": {"audio": {"add": ["x:1"]}},
    "extmap": {"strip": ["all"]},
    "moh": {"file": "/x.wav"},
    "ptime": 20,
    "ptime_reverse": 20,
    "t38_version": 0,
    "direction": ["pub", "priv"],
    "from_interface": "pub",
    "to_interface": "priv",
    "interface": "pub",
    "inbound_peer": "127.0.0.1",
    "outbound_peer": "127.0.0.1",
    "peer": "127.0.0.1",
    "media_address": "127.0.0.1",
    "tos": 184,
    "delay_buffer": 0,
    "metadata": "x",
    "output_destination": "/tmp/x",
    "recording_path": "/tmp",
    "recording_pattern": "%c",
    "recording_media_slot_offer": 1,
    "recording_media_slot_answer": 2,
    "recording_media_slots": 2,
    "vsc_start_rec": "*1",
    "vsc_stop_rec": "*2",
    "vsc_pause_rec": "*3",
    "vsc_start_stop_rec": "*4",
    "vsc_pause_resume_rec": "*5",
    "vsc_start_pause_resume_rec": "*6",
    "file": "/x.wav",
    "blob": "x",
    "blob64": "eA==",
    "db_id": 1,
    "repeat_times": 1,
    "repeat_duration": 1000,
    "start_pos": 0,
    "dtmf_delay": 0,
    "dtmf_log_dest": "127.0.0.1:9",
    "digit": "5",
    "frequency": 400,
    "frequencies": [400, 500],
    "volume": 10,
    "trigger": "1#",
    "trigger_end": "2#",
    "trigger_end_time": 1000,
    "trigger_end_digits": 4,
    "label": "x",
    "xmlrpc_callback": "127.0.0.1",
    "template": "x",
    "sip_code": 200,
}


def one(name: str, value: Any) -> Flags:
    """Return flags with this one option."""
    options: dict[str, Any] = {name: value}
    return Flags(**options)


def words_of_lists() -> Iterator[tuple[str, str]]:
    """Yield each word of each list, with one for each of the words that go on."""
    for name, words in LISTS.items():
        yield from ((name, word) for word in words)
    yield "sdes", "order:AES_CM_128_HMAC_SHA1_80;"
    yield "sdes", "offerer_pref:AES_CM_128_HMAC_SHA1_80;"


def everything() -> Iterator[Flags]:
    """Yield flags with one option each: every option, every word that one takes, every key of a dictionary."""
    for name in OPTIONS:
        if name in CHOICES:
            yield from (one(name, word) for word in get_args(CHOICES[name]))
        elif name not in LISTS and name not in ("codec", "webrtc"):
            yield one(name, SAMPLES.get(name, True))
    for name, word in words_of_lists():
        yield one(name, [word])
    for word in get_args(v.ICEWord)[5:]:
        yield Flags(ice=["force", word])
    for operation in attrs.fields(Codec):
        yield Flags(codec=Codec(**{operation.name: ["PCMU"]}))
    for section in attrs.fields(SdpAttr):
        yield Flags(sdp_attr=SdpAttr(**{section.name: Attributes(remove=["x"])}))
    yield Flags(sdp_attr=SdpAttr(audio=Attributes(add=["x:1"], substitute=[["x:1", "x:2"]])))
    yield Flags(extmap={"mask": ["all"]})
    yield Flags(moh={"mode": "reflect"})
    yield Flags(moh={"db-id": 1, "mode": "sendrecv", "connection": "zero"})
    yield Flags(moh={"blob": "x", "mode": "sendonly"})
