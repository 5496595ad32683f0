"""The two kinds of legs and the four directions of a call."""

from __future__ import annotations

import enum
import re

from .errors import UsageError

__all__ = ["Direction", "Leg"]


_VIA = re.compile(r"\s*(?:(?:via|v)\s*:)?\s*SIP\s*/\s*2\.0\s*/\s*([\w-]+)\s", re.ASCII | re.IGNORECASE)


class Leg(enum.Enum):
    """What is at one end of a call: a browser (or another WebRTC endpoint), or a SIP phone or trunk."""

    WEB = "web"
    """ICE, DTLS-SRTP and rtcp-mux are mandatory (RFC 8834, RFC 8827)."""
    SIP = "sip"
    """Usually plain RTP/AVP, sometimes SDES-SRTP; seldom ICE or rtcp-mux."""

    @classmethod
    def of_transport(cls, transport: str) -> Leg:
        """Return the kind of leg that uses this SIP transport, such as ``wss`` or ``UDP``.

        Browsers use WebSockets, ``ws`` and ``wss`` (RFC 7118); phones and trunks use ``udp``, ``tcp``, ``tls``,
        ``sctp`` and ``tls-sctp`` (RFC 3261, section 20.42). If your WebRTC endpoints speak SIP over TLS, use
        `rtpe_ng.sdp.leg` instead. Raises `UsageError` for any other word.
        """
        word = transport.strip().lower() if isinstance(transport, str) else ""
        if word in ("ws", "wss"):
            return cls.WEB
        if word in ("udp", "tcp", "tls", "sctp", "tls-sctp"):
            return cls.SIP
        raise UsageError(f"no transport of SIP: {transport!r}; ws and wss are of the web, udp, tcp and tls of SIP")

    @classmethod
    def of_via(cls, via: str) -> Leg:
        """Return the kind of leg that a request came from, by its topmost Via (RFC 3261, section 20.42).

        `via` is the value of the header, such as ``SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks``. The
        header's name may precede it; of several values, the first counts. Raises `UsageError` if it is no Via.
        """
        match = _VIA.match(via) if isinstance(via, str) else None
        if match is None:
            raise UsageError(f"no Via: {str(via)[:80]!r}; one such as 'SIP/2.0/WSS host;branch=...' expected")
        return cls.of_transport(match[1])

    def __repr__(self) -> str:
        return f"Leg.{self.name}"

    def __str__(self) -> str:
        return self.value


class Direction(enum.Enum):
    """The caller's leg and the callee's leg.

    `caller` and `callee` are the two legs; `reversed` is the direction of a message from the callee.
    """

    WEB_TO_WEB = (Leg.WEB, Leg.WEB)
    WEB_TO_SIP = (Leg.WEB, Leg.SIP)
    SIP_TO_WEB = (Leg.SIP, Leg.WEB)
    SIP_TO_SIP = (Leg.SIP, Leg.SIP)

    @classmethod
    def of(cls, caller: Leg, callee: Leg) -> Direction:
        """Return the direction of a call from a `caller` leg to a `callee` leg."""
        return cls((caller, callee))

    @property
    def caller(self) -> Leg:
        """The leg of the party that calls."""
        return self._value_[0]

    @property
    def callee(self) -> Leg:
        """The leg of the party that is called."""
        return self._value_[1]

    @property
    def reversed(self) -> Direction:
        """The same two legs the other way round: the direction of an offer by the callee."""
        return Direction((self.callee, self.caller))

    def __repr__(self) -> str:
        return f"Direction.{self.name}"

    def __str__(self) -> str:
        return f"{self.caller}→{self.callee}"
