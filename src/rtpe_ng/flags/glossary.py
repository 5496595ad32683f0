"""What single words of the vocabulary do, each in a few words."""

_OFF = "it is neither offered nor accepted"

MEANINGS: dict[str, dict[str, str]] = {
    "transport-protocol": {
        "RTP/AVP": "plain RTP",
        "RTP/AVPF": "plain RTP with feedback",
        "RTP/SAVP": "SRTP, its keys in the SDP (SDES)",
        "RTP/SAVPF": "SRTP with feedback, its keys in the SDP (SDES)",
        "UDP/TLS/RTP/SAVP": "SRTP, its keys by DTLS",
        "UDP/TLS/RTP/SAVPF": "SRTP with feedback, its keys by DTLS: what browsers speak",
        "accept": "go along with the answerer, who changed the protocol",
    },
    "ICE": {
        "remove": "no ICE in what goes out",
        "force": "the daemon's own candidates in the place of all others, also where there were none",
        "default": "as force where there was ICE, none where there was none; the default",
        "force-relay": "leave the candidates but the relays, and add the daemon as a relay",
        "optional": "leave the candidates, and add the daemon as the last one",
        "trickle": "offer trickle ICE",
        "ice2": "announce ICE2 (RFC 8445)",
        "lite-forward": "ICE-lite toward the receiver",
        "lite-backward": "ICE-lite toward the sender",
        "lite-both": "ICE-lite toward both",
        "lite-off": "full ICE toward both",
    },
    "DTLS": {
        **dict.fromkeys(("off", "no", "disable"), _OFF),
        "passive": "the daemon waits for the handshake",
        "active": "the daemon begins the handshake",
    },
    "SDES": {
        **dict.fromkeys(("off", "no", "disable"), "none is offered"),
        "nonew": "offer only the suites that came in",
        "pad": "keep the = at the end of the keys",
        "lifetime": "give each key a lifetime of 2^31",
        "static": "keep the suite of before in a re-answer",
        "prefer": "take SDES where DTLS was offered as well",
        "unencrypted_srtp": "RTP without encryption",
        "unencrypted_srtcp": "RTCP without encryption",
        "unauthenticated_srtp": "RTP without authentication",
        "encrypted_srtp": "not without encryption of RTP",
        "encrypted_srtcp": "not without encryption of RTCP",
        "authenticated_srtp": "not without authentication of RTP",
    },
    "OSRTP": {
        "offer": "offer SRTP beside plain RTP as the RFC has it",
        "offer-RFC": "offer SRTP beside plain RTP as the RFC has it",
        "offer-legacy": "offer each section twice, plain and as SRTP",
        "accept": "accept both kinds of offers",
        "accept-RFC": "accept an offer as the RFC has it",
        "accept-legacy": "accept an offer of each section twice",
    },
    "rtcp-mux": {
        "offer": "offer it to the receiver, whether or not the sender did",
        "require": "as offer, and advertise no port for RTCP: browsers want that",
        "demux": "accept it from the sender, do not offer it to the receiver",
        "accept": "accept it from the sender, and offer it on",
        "reject": "refuse it to the sender",
    },
    "bundle": {
        "accept": "take a bundled offer as one",
        "offer": "bundle the offer",
        "require": "bundle the offer, with bundle-only sections",
        "strict": "as require, with port 0 in all but the first section",
        "reject": "break up what was bundled",
    },
    "codec": {
        "strip": "leave these codecs out of what goes out",
        "offer": "keep these, in this order",
        "mask": "keep these from the receiver, though the sender may use them",
        "transcode": "add these for the receiver",
        "set": "how these are encoded",
        "accept": "let the sender use these whatever the receiver says",
        "consume": "as mask, with transcoding in any case",
        "except": "keep these",
        "ignore": "as if the sender had not listed these",
    },
    "replace": {
        "origin": "the address in the o= line",
        "origin-full": "the whole o= line, which then stays the same toward a leg",
        "session-connection": "the session's c= line, which newer daemons always rewrite",
        "session-name": "the s= line, which then stays the same",
        "SDP-version": "the version in the o= line, which then goes up with each change",
        "force-increment-sdp-ver": "the version in the o= line, which goes up each time",
        "username": "the user in the o= line, which then stays the same",
        "zero-address": "the address 0.0.0.0 of an old hold",
    },
    "T.38": {
        "decode": "fax to audio",
        "force": "audio to fax",
        "stop": "end the gateway",
        "FEC": "repair by FEC, not by repetition",
    },
}
MEANINGS["DTLS-reverse"] = MEANINGS["DTLS"]

_LEGACY = "Obsolete: the daemon takes it and does nothing"
OBSOLETE = {
    "symmetric-codecs": _LEGACY,
    "asymmetric-codecs": f"{_LEGACY}; allow_asymmetric_codecs is another thing",
    "reorder-codecs": _LEGACY,
}
"""Words of the list ``flags`` that the daemon still takes, though they do nothing."""
