"""Whatever the parties do, in whatever order: a reply, or an error that says what is wrong; and nothing is left."""

from __future__ import annotations

import contextlib
import itertools

import anyio
from hypothesis import example, given
from hypothesis import strategies as st

from rtpe_ng import Call, Client, Direction, Leg, UsageError
from rtpe_ng.testing import bodies
from tests.support.engines import AnyEngine
from tests.support.examples import examples

NUMBERS = itertools.count()
TAGS = st.sampled_from(["alice", "bob", "carol", None])
EVENTS = st.one_of(
    st.tuples(st.just("offer"), TAGS),
    st.tuples(st.just("answer"), TAGS, st.booleans()),
    st.tuples(st.just("rollback")),
    st.tuples(st.just("transfer"), TAGS, TAGS, st.sampled_from([None, *Leg])),
    st.tuples(st.just("restore")),
)


async def happens(
    client: Client, call: Call, event: tuple[object, ...], body: dict[str, str], version: int
) -> Call:
    """Let one thing happen; `body` keeps the last offer that was passed on."""
    kind, *values = event
    match kind, values:
        case "offer", [str() | None as by]:
            leg = call.direction.caller if by in (None, call.from_tag) else call.direction.callee
            body["offer"] = (await call.offer(bodies.offer(leg, version=version), by=by)).sdp
        case "answer", [str() | None as by, bool() as provisional]:
            leg = call.direction.callee if call.offerer == call.from_tag else call.direction.caller
            answer = bodies.answer(leg, body.get("offer", bodies.offer(Leg.SIP)), version=version)
            await call.answer(answer, by=by, provisional=provisional)
        case "transfer", [str() | None as replaced, str() | None as to, leg]:
            assert leg is None or isinstance(leg, Leg)
            call.transfer(replaced, to=to, leg=leg)
        case "rollback", []:
            call.rollback()
        case _:
            return client.restore_call(call.state, delete_delay=0)
    return call


@examples(60)
@given(st.sampled_from(Direction), st.lists(EVENTS, max_size=12))
@example(Direction.WEB_TO_SIP, [("offer", None), ("answer", "bob", False), ("transfer", "bob", None, None)])
def test_whatever_happens_a_call_ends(
    any_engine: AnyEngine, direction: Direction, events: list[tuple[object, ...]]
) -> None:
    async def run() -> None:
        async with Client(any_engine.url) as client:
            name = f"laws-{next(NUMBERS)}"
            call = client.call(name, from_tag="alice", direction=direction, delete_delay=0)
            body: dict[str, str] = {}
            for version, event in enumerate(events, 1):
                # Nothing but what is out of order is refused, least of all by the engine.
                with contextlib.suppress(UsageError):
                    call = await happens(client, call, event, body, version)
            await call.delete()
            assert name not in (await client.list(limit=500)).calls

    anyio.run(run)
