"""Callees: what a browser, a phone or an echo answers to the offer of an engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from rtpe_ng import sdp
from rtpe_ng.sdp import Media, RtpCodec

Lines = list[str]

_FINGERPRINT = "07:42:7D:B8:F3:2E:69:A4:DF:1A:55:90:CB:06:41:7C:" * 2
_KEY = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"
_REVERSED = {"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}
_WEB_AUDIO = ("opus", "PCMU", "PCMA", "G722")
_PHONE_AUDIO = ("PCMU", "PCMA", "G722", "G729", "GSM", "AMR", "AMR-WB", "EVS")
_WEB_VIDEO = ("VP8", "H264")
_PHONE_VIDEO = ("H264", "VP8", "H263")


def answer(offer: str, kind: Literal["web", "phone", "echo"]) -> str:
    """Return an answer of such a callee: ``web``, ``phone``, or ``echo``, which takes all that is offered."""
    return {"web": _web, "phone": _phone, "echo": _echo}[kind](offer)


def _named(codecs: Iterable[RtpCodec], names: Sequence[str]) -> list[RtpCodec]:
    wanted = {name.lower() for name in names}
    return [codec for codec in codecs if codec.name.lower() in wanted]


def _rtpmap(codecs: Iterable[RtpCodec]) -> Lines:
    lines = []
    for codec in codecs:
        lines.append(f"a=rtpmap:{codec.payload_type} {codec}")
        lines += [f"a=fmtp:{codec.payload_type} {codec.parameters}"] if codec.parameters else []
    return lines


def _body(session: Lines, offer: str, section: Callable[[int, Media], Lines]) -> str:
    lines = list(session)
    number = 0
    for media in sdp.parse(offer).media:
        made = section(number, media)
        number += made[0].split(" ")[1] != "0"
        lines += made
    return "".join(f"{line}\r\n" for line in lines)


def _formats(codecs: Iterable[RtpCodec]) -> str:
    return " ".join(str(codec.payload_type) for codec in codecs)


def _keys(media: Media, setup: str) -> Lines:
    if media.fingerprints:
        return [f"a=fingerprint:sha-256 {_FINGERPRINT[:-1]}", f"a=setup:{setup}"]
    return [f"a=crypto:{it.tag} {it.suite} inline:{_KEY}" for it in media.cryptos[:1]]


def _web(offer: str) -> str:
    def section(number: int, media: Media) -> Lines:
        mid = [f"a=mid:{media.mid}"] if media.mid is not None else []
        codecs = _named(media.codecs, _WEB_VIDEO if media.type == "video" else _WEB_AUDIO)[:2]
        if not media.port or not codecs or media.type not in ("audio", "video"):
            rejected = f"m={media.type} 0 {media.protocol} {' '.join(media.formats)}"
            return [rejected, "c=IN IP4 0.0.0.0", *mid, "a=inactive"]
        codecs += _named(media.codecs, ["telephone-event"])[:1]
        port = 51000 + 2 * number
        host = f"1 udp 2122260223 192.168.7.7 {port} typ host generation 0 network-id 1"
        reflexive = f"1 udp 1686052607 198.51.100.88 {port} typ srflx raddr 192.168.7.7 rport {port}"
        return [
            f"m={media.type} {port} {media.protocol} {_formats(codecs)}",
            "c=IN IP4 198.51.100.88",
            "a=rtcp:9 IN IP4 0.0.0.0",
            f"a=candidate:3289912957 {host}",
            f"a=candidate:842163049 {reflexive} generation 0 network-id 1",
            "a=ice-ufrag:xY4z",
            "a=ice-pwd:kL0pQ8sTzU2vWx4yA6bC8dE0",
            "a=ice-options:trickle",
            *_keys(media, "active"),
            *mid,
            f"a={_REVERSED[media.direction]}",
            *(["a=rtcp-mux"] if media.rtcp_mux else []),
            *_rtpmap(codecs),
            f"a=ssrc:{1000 + 111 * number} cname:AnswererCname",
            f"a=ssrc:{1000 + 111 * number} msid:ansStream ansTrack{number}",
        ]

    session = [
        "v=0",
        "o=- 8830000000000000001 2 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=msid-semantic: WMS ansStream",
    ]
    return _body(session, offer, section)


def _phone(offer: str) -> str:
    def section(number: int, media: Media) -> Lines:
        codecs = _named(media.codecs, _PHONE_VIDEO if media.type == "video" else _PHONE_AUDIO)[:1]
        if not media.port or not codecs or media.type not in ("audio", "video"):
            return [f"m={media.type} 0 {media.protocol} {' '.join(media.formats)}"]
        events = [codec for codec in _named(media.codecs, ["telephone-event"]) if codec.clock_rate == 8000][:1]
        return [
            f"m={media.type} {12000 + 2 * number} {media.protocol} {_formats([*codecs, *events])}",
            *(f"a=rtpmap:{codec.payload_type} {codec}" for codec in [*codecs, *events]),
            *(f"a=fmtp:{codec.payload_type} 0-15" for codec in events),
            *_keys(media, "passive"),
            f"a={_REVERSED[media.direction]}",
            *(["a=ptime:20"] if media.type == "audio" else []),
        ]

    session = [
        "v=0",
        "o=phone 20051 20051 IN IP4 192.168.55.66",
        "s=SDP data",
        "c=IN IP4 198.51.100.66",
        "t=0 0",
    ]
    return _body(session, offer, section)


def _echo(offer: str) -> str:
    def section(number: int, media: Media) -> Lines:
        port = 14000 + 2 * number if media.port else 0
        return [
            f"m={media.type} {port} {media.protocol} {' '.join(media.formats)}",
            *([f"a=mid:{media.mid}"] if media.mid is not None else []),
            *_rtpmap(media.codecs),
            *_keys(media, "active"),
            f"a={_REVERSED[media.direction]}",
            *(["a=rtcp-mux"] if media.rtcp_mux else []),
            *([f"a=ptime:{media.ptime:g}"] if media.ptime else []),
        ]

    session = ["v=0", "o=echo 1 1 IN IP4 198.51.100.77", "s=-", "c=IN IP4 198.51.100.77", "t=0 0"]
    return _body(session, offer, section)
