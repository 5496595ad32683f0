"""The words that the options of `Flags` take.

The words that a choice allows are read from its `Literal` type, so that the type checker and the run-time check
cannot disagree. All names of this module are for the others: a list of them would be the module once more.
"""

from typing import Literal, TypeAlias

ICE: TypeAlias = Literal["remove", "force", "default", "force-relay", "optional"]
ICEWord: TypeAlias = Literal[
    "remove", "force", "default", "force-relay", "optional",
    "trickle", "ice2", "lite-forward", "lite-backward", "lite-both", "lite-off",
]  # fmt: skip
ICELite: TypeAlias = Literal["forward", "backward", "both", "off"]
DTLS: TypeAlias = Literal["off", "no", "disable", "passive", "active"]
DTLSReverse: TypeAlias = Literal["passive", "active"]
FingerprintHash: TypeAlias = Literal["SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"]
TransportProtocol: TypeAlias = Literal[
    "RTP/AVP", "RTP/AVPF", "RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF", "accept"
]
RtcpMux: TypeAlias = Literal["offer", "require", "demux", "accept", "reject"]
Bundle: TypeAlias = Literal["accept", "offer", "require", "strict", "reject"]
Replace: TypeAlias = Literal[
    "origin", "session-connection", "session-name", "SDP-version", "username", "zero-address",
    "origin-full", "force-increment-sdp-ver",
]  # fmt: skip
OSRTP: TypeAlias = Literal["offer", "offer-RFC", "offer-legacy", "accept", "accept-RFC", "accept-legacy"]
T38: TypeAlias = Literal[
    "decode", "force", "stop", "no-ECM", "no-V.17", "no-V.27ter", "no-V.29", "no-V.34", "no-IAF", "FEC"
]
AddressFamily: TypeAlias = Literal["IP4", "IP6"]
AliasKey: TypeAlias = Literal["off", "SDP", "address", "endpoint"]
AudioPlayer: TypeAlias = Literal["default", "on", "transcoding", "off", "always"]
DtmfSecurity: TypeAlias = Literal["off", "drop", "silence", "tone", "random", "zero", "DTMF"]
EndpointLearning: TypeAlias = Literal["off", "immediate", "delayed", "heuristic"]
MediaEcho: TypeAlias = Literal["blackhole", "sinkhole", "forward", "backwards", "both"]
MediaType: TypeAlias = Literal["audio", "video", "text", "application", "message", "image", "other"]
SipMessage: TypeAlias = Literal["sip-request", "sip-reply"]
StartStop: TypeAlias = Literal["start", "stop"]
YesNo: TypeAlias = Literal["yes", "no", "on", "off"]
OnOff: TypeAlias = Literal["on", "off"]

SDES_WORDS = (
    "off", "no", "disable", "nonew", "pad", "lifetime", "static", "prefer",
    "unencrypted_srtp", "unencrypted_srtcp", "unauthenticated_srtp",
    "encrypted_srtp", "encrypted_srtcp", "authenticated_srtp",
)  # fmt: skip
SDES_SUITES = (
    "AEAD_AES_256_GCM", "AEAD_AES_128_GCM",
    "AES_256_CM_HMAC_SHA1_80", "AES_256_CM_HMAC_SHA1_32",
    "AES_192_CM_HMAC_SHA1_80", "AES_192_CM_HMAC_SHA1_32",
    "AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32",
    "F8_128_HMAC_SHA1_80", "F8_128_HMAC_SHA1_32",
    "NULL_HMAC_SHA1_80", "NULL_HMAC_SHA1_32",
)  # fmt: skip
SDES_PREFIXES = ("order:", "offerer_pref:")
SDES_KNOWN = (*SDES_WORDS, *(f"{act}-{suite}" for act in ("no", "only") for suite in SDES_SUITES))
