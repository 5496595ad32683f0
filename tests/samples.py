"""A value for each field of `Flags` that is no boolean: every word of the vocabulary stands in one of them."""

from __future__ import annotations

from typing import Any, get_args

import attrs

from rtpe_ng import Codec
from rtpe_ng.flags import vocabulary as v

SAMPLES: dict[str, Any] = {
    "transport_protocol": "RTP/AVP",
    "ice": "remove",
    "ice_lite": "off",
    "dtls": "off",
    "dtls_reverse": "passive",
    "dtls_fingerprint": "SHA-256",
    "sdes": [*v.SDES_WORDS, "no-AES_CM_128_HMAC_SHA1_32", "only-AES_CM_128_HMAC_SHA1_80"],
    "osrtp": get_args(v.OSRTP),
    "rtcp_mux": get_args(v.RtcpMux),
    "codec": {operation.name: ["PCMU"] for operation in attrs.fields(Codec)},
    "replace": get_args(v.Replace),
    "direction": ["pub", "priv"],
    "address_family": "IP4",
    "media_address": "127.0.0.1",
    "ptime": 20,
    "ptime_reverse": 20,
    "tos": 184,
    "record_call": "no",
    "metadata": "x",
    "label": "x",
    "generate_rtcp": "off",
    "xmlrpc_callback": "127.0.0.1",
}
