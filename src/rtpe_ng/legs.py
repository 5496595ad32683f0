"""The two kinds of legs and the four directions of a call."""

from __future__ import annotations

import enum

__all__ = ["Direction", "Leg"]


class Leg(enum.Enum):
    """What stands at one end of a call: a browser (or another WebRTC endpoint), or a SIP phone or trunk."""

    WEB = "web"
    """ICE, DTLS-SRTP and rtcp-mux are mandatory (RFC 8834, RFC 8827)."""
    SIP = "sip"
    """Plain RTP/AVP as a rule, SDES-SRTP at times; ICE and rtcp-mux seldom."""

    def __repr__(self) -> str:
        return f"Leg.{self.name}"

    def __str__(self) -> str:
        return self.value


class Direction(enum.Enum):
    """From which kind of leg to which: the caller's leg, then the callee's.

    `caller` and `callee` are the two legs; `reversed` is the direction that a message of the callee takes.
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
        """The leg that the call comes from."""
        return self.value[0]

    @property
    def callee(self) -> Leg:
        """The leg that the call goes to."""
        return self.value[1]

    @property
    def reversed(self) -> Direction:
        """The same two legs the other way round: what an offer by the callee takes."""
        return Direction((self.callee, self.caller))

    def __repr__(self) -> str:
        return f"Direction.{self.name}"

    def __str__(self) -> str:
        return f"{self.caller}→{self.callee}"
