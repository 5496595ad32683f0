"""``rtpe-ng demo``: one call in each direction, with the flags sent and what the engine made of the SDP."""

from __future__ import annotations

from collections.abc import Callable

from ..call import Call
from ..client import Client
from ..legs import Direction, Leg
from ..testing import bodies
from .report import changes, flags_line

__all__ = ["demo"]

_WHO = {Leg.WEB: "a browser", Leg.SIP: "a phone"}
_Say = Callable[[str], object]


async def demo(url: str, say: _Say) -> None:
    """Take a call in each of the four directions through offer, answer, re-offer by the callee and delete.

    `url` is that of an engine; each line to show is given to `say`. Raises what `Client` raises.
    """
    async with Client(url) as client:
        before = (await client.statistics()).commands
        for direction in Direction:
            say("")
            say(f"{direction}: {_WHO[direction.caller]} calls {_WHO[direction.callee]}")
            name = f"demo-{direction.name.lower()}@rtpe-ng"
            async with client.call(name, from_tag="caller", direction=direction, delete_delay=0) as call:
                await _take(call, say)
        after = (await client.statistics()).commands
        done = ", ".join(f"{after[name] - before[name]} {name}s" for name in ("offer", "answer", "delete"))
        say("")
        say(f"The engine counts {done}.")


async def _take(call: Call, say: _Say) -> None:
    caller, callee = call.direction.caller, call.direction.callee
    invite = bodies.offer(caller)
    to_callee = await call.offer(invite)
    _show(say, "offer", call.direction, flags_line(call.profile.offer_flags(call.direction)), invite, to_callee.sdp)

    ok = bodies.answer(callee, to_callee.sdp)
    to_caller = await call.answer(ok, by="callee")
    back = call.direction.reversed
    _show(say, "answer", back, flags_line(call.profile.answer_flags(call.direction)), ok, to_caller.sdp)

    reinvite = bodies.offer(callee, version=2)
    to_caller = await call.offer(reinvite, by="callee")
    _show(say, "re-offer", back, flags_line(call.profile.offer_flags(back)), reinvite, to_caller.sdp)

    reok = bodies.answer(caller, to_caller.sdp, version=2, setup="passive")
    to_callee = await call.answer(reok)
    _show(say, "re-answer", call.direction, flags_line(call.profile.answer_flags(back)), reok, to_callee.sdp)

    await call.delete()
    say("  delete")


def _show(say: _Say, what: str, path: Direction, flags: str, before: str, after: str) -> None:
    say(f"  {what:<9} {path}  {flags}")
    for line in changes(before, after):
        say(f"            {line}")
