"""Legs and directions."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Direction, Leg, UsageError


@pytest.mark.parametrize("direction", Direction)
def test_a_direction_is_its_two_legs(direction: Direction) -> None:
    assert Direction.of(direction.caller, direction.callee) is direction
    assert direction.reversed.reversed is direction
    assert (direction.reversed.caller, direction.reversed.callee) == (direction.callee, direction.caller)
    assert repr(direction) == f"Direction.{direction.caller.name}_TO_{direction.callee.name}"


def test_there_are_four() -> None:
    assert [str(direction) for direction in Direction] == ["web→web", "web→sip", "sip→web", "sip→sip"]
    assert repr(Leg.WEB) == "Leg.WEB"


@pytest.mark.parametrize(
    ("via", "leg"),
    [
        ("SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks", Leg.WEB),
        ("SIP/2.0/ws x.invalid;branch=z9hG4bK1", Leg.WEB),
        ("SIP/2.0/UDP 198.51.100.7:5060;rport", Leg.SIP),
        ("SIP / 2.0 / TLS first.example.com: 4000;ttl=16", Leg.SIP),
        ("Via: SIP/2.0/TCP 192.0.2.1", Leg.SIP),
        ("v: SIP/2.0/WS x.invalid", Leg.WEB),
        ("SIP/2.0/UDP proxy.example.com, SIP/2.0/WSS x.invalid", Leg.SIP),
    ],
)
def test_the_topmost_via_tells_which_leg(via: str, leg: Leg) -> None:
    assert Leg.of_via(via) is leg


@pytest.mark.parametrize(
    ("transport", "leg"), [("wss", Leg.WEB), ("WS", Leg.WEB), ("udp", Leg.SIP), (" TLS ", Leg.SIP)]
)
def test_the_transport_tells_which_leg(transport: str, leg: Leg) -> None:
    assert Leg.of_transport(transport) is leg


@pytest.mark.parametrize("wrong", ["", "http", "wsss", None])
def test_what_is_no_transport(wrong: str) -> None:
    with pytest.raises(UsageError, match="no transport of SIP"):
        Leg.of_transport(wrong)


@pytest.mark.parametrize("wrong", ["", "INVITE sip:a@b SIP/2.0", "SIP/2.0/UDP", "SIP/3.0/UDP x", None])
def test_what_is_no_via(wrong: str) -> None:
    with pytest.raises(UsageError, match="no Via"):
        Leg.of_via(wrong)


@given(st.text())
def test_any_text_gives_a_leg_or_our_error(text: str) -> None:
    for ask in (Leg.of_via, Leg.of_transport):
        with contextlib.suppress(UsageError):
            assert ask(text) in Leg
