"""`Dialogue`: two parties and the engine between them, and bodies of a phone and of a browser, line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rtpe_ng import sdp
from rtpe_ng.embedded.request import Context
from rtpe_ng.embedded.resources import Resources
from rtpe_ng.embedded.sdp.party import EngineParty
from rtpe_ng.embedded.sdp.rewrite import answer, offer
from rtpe_ng.embedded.versions import behaviour_of

VERSIONS = ("10.5", "12.5", "26.0")
ADDRESS = "203.0.113.1"
FINGERPRINT = ":".join(["AB"] * 32)
PHONE = (
    *("v=0", "o=phone 7 1 IN IP4 198.51.100.7", "s=call", "c=IN IP4 198.51.100.7", "t=0 0"),
    *("m=audio 4000 RTP/AVP 0 101", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=ptime:20"),
)
WEB = (
    *("v=0", "o=- 9 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE one"),
    *("m=audio 4100 UDP/TLS/RTP/SAVPF 0", "c=IN IP4 198.51.100.8", "a=mid:one", "a=sendrecv", "a=rtcp-mux"),
    *("a=ice-ufrag:abcd", "a=ice-pwd:notAnybodysPasswordReally", "a=ice-options:trickle", "a=x-unknown:kept"),
    *(f"a=fingerprint:sha-256 {FINGERPRINT}", "a=setup:actpass"),
    "a=candidate:1 1 udp 2130706431 198.51.100.8 4100 typ host",
)
KEY = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + "A" * 40
SAVP = (*(line.replace("RTP/AVP", "RTP/SAVP") for line in PHONE), KEY)
TO_WEB: dict[str, Any] = {
    "transport-protocol": "UDP/TLS/RTP/SAVPF",
    "ICE": "force",
    "SDES": ["off"],
    "rtcp-mux": ["offer"],
}
TO_SIP: dict[str, Any] = {"transport-protocol": "RTP/AVP", "ICE": "remove", "rtcp-mux": ["demux"]}


def body(*lines: str) -> str:
    """Return the lines as a body."""
    return "".join(f"{line}\r\n" for line in lines)


class Dialogue:
    """Two parties and the engine between them."""

    def __init__(self, version: str, *, interfaces: Mapping[str, str | Sequence[str]] | None = None) -> None:
        self.behaviour = behaviour_of(version)
        self.resources = Resources(interfaces=interfaces or {"default": ADDRESS})
        self.parties = {"a": EngineParty(tag="a"), "b": EngineParty(tag="b")}

    def offer(self, *lines: str, by: str = "a", **flags: Any) -> list[str]:
        """Return the lines that the other party is offered."""
        sender, receiver = self._from(by)
        context = Context.of(keys(flags), self.resources, self.behaviour)
        return offer(body(*lines), context, offerer=sender, answerer=receiver).splitlines()

    def answer(self, *lines: str, by: str = "b", **flags: Any) -> list[str]:
        """Return the lines that the offerer is answered."""
        sender, receiver = self._from(by)
        context = Context.of(keys(flags), self.resources, self.behaviour)
        return answer(body(*lines), context, answerer=sender, offerer=receiver).splitlines()

    def _from(self, by: str) -> tuple[EngineParty, EngineParty]:
        return self.parties[by], self.parties["b" if by == "a" else "a"]


def keys(flags: dict[str, Any]) -> dict[str, Any]:
    """Return flags as they stand in a document."""
    return {name.replace("_", "-"): value for name, value in flags.items()}


def values(lines: list[str], name: str) -> list[str]:
    """Return the values of attributes of this name."""
    return [line.partition(":")[2] for line in lines if line.partition(":")[0] == f"a={name}"]


def medias(lines: list[str]) -> list[sdp.Media]:
    return list(sdp.parse(body(*lines)).media)
