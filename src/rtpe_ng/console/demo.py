"""``rtpe-ng demo``: one call in each direction, with the flags that were sent and the changes in the SDP."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator

from .. import sdp
from ..call import Call
from ..client import Client
from ..flags import Flags
from ..legs import Direction, Leg
from ..testing import bodies

__all__ = ["changes", "demo", "flags_line"]

_ENDPOINTS = {Leg.WEB: "a browser", Leg.SIP: "a phone"}
_Say = Callable[[str], object]


async def demo(url: str, say: _Say) -> None:
    """Run a call in each of the four directions: offer, answer, re-offer by the callee, delete.

    `url` is that of an engine; `say` is called with each line of output. Raises what `Client` raises.
    """
    async with Client(url) as client:
        before = (await client.statistics()).commands
        for direction in Direction:
            say("")
            say(f"{direction}: {_ENDPOINTS[direction.caller]} calls {_ENDPOINTS[direction.callee]}")
            name = f"demo-{direction.name.lower()}@rtpe-ng"
            async with client.call(name, from_tag="caller", direction=direction, delete_delay=0) as call:
                await _run(call, say)
        after = (await client.statistics()).commands
        counts = ", ".join(f"{after[name] - before[name]} {name}s" for name in ("offer", "answer", "delete"))
        say("")
        say(f"The engine counts {counts}.")


async def _run(call: Call, say: _Say) -> None:
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


def flags_line(flags: Flags) -> str:
    """Return the flags in one line, such as ``ICE=remove rtcp-mux=[demux] strip-extmap``; ``-`` for no flags."""
    words = []
    for key, value in flags.to_ng().items():
        if key == "flags":
            words += value
        elif isinstance(value, dict):
            words += [f"{key}-{operation}=[{','.join(names)}]" for operation, names in value.items()]
        else:
            words.append(f"{key}=[{','.join(value)}]" if isinstance(value, list) else f"{key}={value}")
    return " ".join(words) or "-"


def changes(before: str, after: str) -> Iterator[str]:
    """Yield the differences between two bodies, section by section, in lines of at most 96 characters."""
    for section in str(sdp.diff(before, after)).splitlines():
        yield from textwrap.wrap(
            section, width=96, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
        )
