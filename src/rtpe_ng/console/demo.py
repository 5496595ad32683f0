"""``rtpe-ng demo``: one call in each direction, with the flags that were sent and the changes in the SDP."""

import textwrap
from collections.abc import Awaitable, Callable, Iterator

from .. import sdp
from ..call import Call
from ..client import Client
from ..flags import Flags
from ..legs import Direction, Leg
from ..messages import SdpReply
from ..testing import bodies

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
    async def step(what: str, path: Direction, flags: Flags, body: str, reply: Awaitable[SdpReply]) -> str:
        after = (await reply).sdp
        say(f"  {what:<9} {path}  {flags_line(flags)}")
        for line in changes(body, after):
            say(f"            {line}")
        return after

    there, back, profile = call.direction, call.direction.reversed, call.profile
    invite = bodies.offer(there.caller)
    to_callee = await step("offer", there, profile.offer_flags(there), invite, call.offer(invite))
    ok = bodies.answer(there.callee, to_callee)
    await step("answer", back, profile.answer_flags(there), ok, call.answer(ok, by="callee"))
    reinvite = bodies.offer(there.callee, version=2)
    to_caller = await step("re-offer", back, profile.offer_flags(back), reinvite, call.offer(reinvite, by="callee"))
    reok = bodies.answer(there.caller, to_caller, version=2, setup="passive")
    await step("re-answer", there, profile.answer_flags(back), reok, call.answer(reok))
    await call.delete()
    say("  delete")


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
