"""Legs and directions."""

from __future__ import annotations

import pytest

from rtpe_ng import Direction, Leg


@pytest.mark.parametrize("direction", Direction)
def test_a_direction_is_its_two_legs(direction: Direction) -> None:
    assert Direction.of(direction.caller, direction.callee) is direction
    assert direction.reversed.reversed is direction
    assert (direction.reversed.caller, direction.reversed.callee) == (direction.callee, direction.caller)
    assert repr(direction) == f"Direction.{direction.caller.name}_TO_{direction.callee.name}"


def test_there_are_four() -> None:
    assert [str(direction) for direction in Direction] == ["web→web", "web→sip", "sip→web", "sip→sip"]
    assert repr(Leg.WEB) == "Leg.WEB"
