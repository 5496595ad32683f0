"""Addresses and ports: which ones the daemon takes, gives, and learns."""

from collections.abc import Sequence

import attrs

from ... import keys as k
from .. import vocabulary as v

_ONE_LEG = ("publish", "subscribe request", "create")


@attrs.frozen(kw_only=True, slots=False)
class NetworkOptions:
    """Options of interfaces, addresses and ports."""

    direction: Sequence[str] | None = k.pair("direction", toward="both")
    """The logical interfaces of the daemon: the sender's side, then the receiver's. The first offer settles
    them."""
    from_interface: str | None = k.text("from-interface", since="12.5", toward="sender")
    """The logical interface of the sender's side, alone. Since 12.5."""
    to_interface: str | None = k.text("to-interface", since="12.5")
    """The logical interface of the receiver's side, alone. Since 12.5."""
    interface: str | None = k.text("interface", commands=_ONE_LEG)
    """The logical interface where a command has only one side, such as ``publish``."""
    inbound_peer: str | None = k.address("inbound-peer", since="14.1", toward="sender")
    """The address that media comes from: the machine's routes tell the sender's interface. Since 14.1."""
    outbound_peer: str | None = k.address("outbound-peer", since="14.1")
    """The address that media goes to: the machine's routes tell the receiver's interface. Since 14.1."""
    peer: str | None = k.address("peer", since="14.1", commands=_ONE_LEG)
    """The address of the peer where a command has only one side, such as ``publish``. Since 14.1."""
    address_family: v.AddressFamily | None = k.choice("address-family", v.AddressFamily)
    """The address family of the SDP that goes out."""
    media_address: str | None = k.address("media-address", toward="sender")
    """An address to take instead of the one in the SDP."""
    tos: int | None = k.integer("TOS", -1, 256, toward="call", commands=("offer",))
    """The IP TOS byte of RTP packets; negative leaves it, 256 reverts it."""
    endpoint_learning: v.EndpointLearning | None = k.choice(
        # Before 11.2 daemons read it in a list only, and all others do too.
        "endpoint-learning",
        v.EndpointLearning,
        toward="both",
        write=lambda word: [word],
        read=lambda words: words[-1],
    )
    """How the daemon learns where packets really come from: ``off``, ``immediate``, ``delayed`` (after three
    seconds), ``heuristic``."""

    trust_address: bool = k.flag("trust-address", toward="sender", obsolete="it is the default")
    """Believe the addresses in the SDP; the default of every daemon of today."""
    sip_source_address: bool = k.flag("SIP-source-address", toward="sender")
    """Believe `received_from` instead of the addresses in the SDP."""
    symmetric: bool = k.flag("symmetric", sent=False, obsolete="it is the default")
    """The receiver sends from where it receives: the default, which no daemon has a word for, so that this is never
    sent."""
    asymmetric: bool = k.flag("asymmetric")
    """The receiver sends from another address than it receives at: do not learn it."""
    unidirectional: bool = k.flag("unidirectional", toward="call")
    """Allow kernel forwarding of media that flows one way only."""
    strict_source: bool = k.flag("strict-source", toward="both")
    """Drop packets from another address than the learnt one."""
    media_handover: bool = k.flag("media-handover", toward="both")
    """Follow a changing source address; streams can be hijacked that way."""
    reset: bool = k.flag("reset", toward="both", commands=("offer",))
    """Forget what was learnt of the endpoints, such as ICE and SRTP support; for offers only."""
    port_latching: bool = k.flag("port-latching", toward="both")
    """Keep local ports when the remote port changes."""
    no_port_latching: bool = k.flag("no-port-latching", toward="both")
    """Change local ports when the remote port changes, with ICE too."""
    pierce_nat: bool = k.flag("pierce-NAT")
    """Send empty packets to open a NAT binding."""
    nat_wait: bool = k.flag("NAT-wait")
    """Send nothing to an endpoint before something came from it."""
    block_short: bool = k.flag(
        "block-short", since="11.5", spellings=("block-shorts", "block-short-packets"), toward="sender"
    )
    """Drop RTP packets that are shorter than their codec's packets are. Since 11.5."""
