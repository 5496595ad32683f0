"""What it costs a call to mend bodies and to look whether replies can be used, beside the same call without it.

    .venv/bin/python benchmarks/verify.py

The replies are those that an engine gave, recorded and played back by a sender without a network, so what is
measured is the library alone: an offer and its answer, CPU time of this process, the best of several rounds. The
first row sends the same flags without a `Call`, the second does what a `Call` does; the others are parts of that.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

from rtpe_ng import Call, Client, Direction, Leg, profiles, sdp
from rtpe_ng.call import CallSettings
from rtpe_ng.call.review import Way, incoming, outgoing
from rtpe_ng.embedded import EmbeddedEngine
from rtpe_ng.messages import Answer, Command, Offer, Reply
from rtpe_ng.sender import Sender
from rtpe_ng.testing import bodies
from rtpe_ng.wire import Value, decode_document, encode_document

ROUNDS, CALLS = 7, 200
MODERN = profiles.MODERN


class Recorded(Sender):
    """Plays back one reply for each command; requests are encoded and replies decoded, as for a real one."""

    def __init__(self, replies: Mapping[str, bytes]) -> None:
        self._replies = replies

    async def exchange(self, command: Command[Reply]) -> tuple[Mapping[str, Value], float]:
        command.encode()
        return decode_document(self._replies[command.command]), 0.0


async def record(direction: Direction) -> tuple[str, str, dict[str, bytes]]:
    """Return an offer, its answer, and what the embedded engine replies to them."""
    async with EmbeddedEngine(version="12.5") as engine, Client(engine.url) as client:
        offer = bodies.offer(direction.caller)
        flags = MODERN.offer_flags(direction)
        to_callee = await client.offer(sdp=offer, call_id="c", from_tag="a", flags=flags)
        answer = bodies.answer(direction.callee, to_callee.sdp)
        flags = MODERN.answer_flags(direction)
        to_caller = await client.answer(sdp=answer, call_id="c", from_tag="a", to_tag="b", flags=flags)
    return (
        offer,
        answer,
        {
            "offer": encode_document(dict(to_callee.raw)),
            "answer": encode_document(dict(to_caller.raw)),
            "delete": b"d6:result2:oke",
        },
    )


async def best(run: Callable[[], Awaitable[None]]) -> float:
    """Return the microseconds of CPU time that one run takes."""
    found = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time()
        for _ in range(CALLS):
            await run()
        found = min(found, time.process_time() - begun)
    return found / CALLS * 1e6


async def measure(direction: Direction) -> None:
    offer, answer, replies = await record(direction)
    sender = Recorded(replies)
    settings = CallSettings(
        call_id="c", from_tag="a", direction=direction, profile=MODERN, interfaces={}, delete_delay=0
    )

    async def alone() -> None:
        flags, answers = MODERN.offer_flags(direction), MODERN.answer_flags(direction)
        await sender.send(Offer(sdp=offer, call_id="c", from_tag="a", flags=flags))
        await sender.send(Answer(sdp=answer, call_id="c", from_tag="a", to_tag="b", flags=answers))

    async def as_a_call() -> None:
        call = Call(sender, settings)
        await call.offer(offer)
        await call.answer(answer, by="b")
        await call.delete()

    async def review() -> None:
        legs = (direction.caller, direction.callee)
        sent = outgoing(offer, profile=MODERN, role="offer", to=direction.callee, whose="caller", there=None)
        way = Way.of(MODERN, role="offer", legs=legs, flags=MODERN.offer_flags(direction), is_first=True)
        incoming(str(decode_document(replies["offer"])["sdp"]), way=way, sent=sent.body)
        sent = outgoing(answer, profile=MODERN, role="answer", to=direction.caller, whose="callee", there=None)
        way = Way.of(MODERN, role="answer", legs=legs[::-1], flags=MODERN.answer_flags(direction))
        incoming(str(decode_document(replies["answer"])["sdp"]), way=way, sent=sent.body)

    async def parse() -> None:
        for body in (offer, answer, *(str(decode_document(replies[name])["sdp"]) for name in ("offer", "answer"))):
            sdp.parse(body)

    rows = {
        "commands alone": alone,
        "as a call": as_a_call,
        "of it: mending and judging": review,
        "of that: reading the bodies": parse,
    }
    print(f"{direction}: an offer and its answer")
    times = {name: await best(run) for name, run in rows.items()}
    for name, taken in times.items():
        print(f"  {name:<30} {taken:8.1f} us  {taken / times['commands alone']:6.2f} x")
    without = times["as a call"] - times["of it: mending and judging"]
    print(f"  {'the call beside itself without':<30} {times['as a call'] / without:17.2f} x")


async def main() -> None:
    for direction in (Direction.WEB_TO_SIP, Direction.SIP_TO_WEB, Direction.of(Leg.SIP, Leg.SIP)):
        await measure(direction)


if __name__ == "__main__":
    asyncio.run(main())
