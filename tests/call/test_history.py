"""`call.history`: what a call was told, what it sent, and what became of it."""

from __future__ import annotations

import logging
import pickle
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import attrs
import pytest

from rtpe_ng import (
    Call,
    Client,
    Direction,
    EngineError,
    Flags,
    FlagsIgnored,
    Glare,
    Leg,
    RequestTimeout,
    UsageError,
)
from rtpe_ng.testing import EmbeddedEngine, bodies
from tests.support.engines import AnyEngine
from tests.support.peers import Peer, silent

pytestmark = pytest.mark.anyio

WEB, PHONE = bodies.offer(Leg.WEB), bodies.offer(Leg.SIP)
ANSWER = bodies.answer(Leg.SIP, PHONE)
NO_CODEC = Flags(codec={"transcode": ["no-such-codec"]})


def call_of(client: Client, call_id: str, *, strict: bool = False) -> Call:
    return client.call(call_id, from_tag="alice", direction=Direction.WEB_TO_SIP, strict=strict)


async def test_a_call_tells_what_it_sent(any_engine: AnyEngine) -> None:
    begun = datetime.now(UTC)
    async with Client(any_engine.url) as client:
        async with call_of(client, "told") as call:
            assert repr(call.history) == "<History: nothing yet>"
            offered = await call.offer(WEB)
            answered = await call.answer(ANSWER, by="bob", provisional=True)
            with pytest.raises(Glare):
                await call.offer(PHONE, by="bob")
            await call.answer(ANSWER)
            await call.query()
            call.transfer("bob", to="carol")
            await call.offer(PHONE, by="carol", flags=NO_CODEC)
            call.rollback()
        history = call.history
        assert [(item.message, item.by) for item in history] == [
            *[("offer", "alice"), ("answer", "bob"), ("offer", "bob"), ("answer", "bob"), ("query", None)],
            *[("transfer", "bob"), ("offer", "carol"), ("rollback", "carol"), ("delete", None)],
        ]
        assert [item.outcome == "ok" for item in history].index(False) == 2
        assert [item.request is None for item in history] == [
            item.message in ("transfer", "rollback") or "glare" in item.outcome for item in history
        ]
        assert history[0].request == offered.request
        assert history[1].request == answered.request
        assert history[1].said == ("provisional",)
        assert history[5].said == ("to='carol'",)
        (ignored,) = history[6].said
        assert ignored.startswith("audio 0: the daemon ignored codec=")
        assert all(begun <= item.when <= begun + timedelta(seconds=60) for item in history)
        assert all(item.when.tzinfo is UTC and 0 <= item.seconds < 10 for item in history)


async def test_it_reads_well() -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client:
        call = call_of(client, "read")
        await call.offer(WEB, flags=NO_CODEC)
        with pytest.raises(Glare):
            await call.offer(PHONE, by="bob")
        await call.delete(delay=0)
    first, second, last = call.history
    flags = call.profile.offer_flags(Direction.WEB_TO_SIP) | NO_CODEC
    stamp = f"{first.when:%F %T}.{first.when.microsecond // 1000:03}Z"
    begin = (
        f"{stamp} offer by 'alice': ok ({first.seconds * 1000:.1f} ms); from-tag='alice' {flags!r}; audio 0: the"
    )
    assert str(first).startswith(begin)
    assert repr(first) == f"<HistoryItem {first}>"
    assert " offer by 'bob': 'bob' offers while " in str(second)
    assert str(last).endswith("ms); delete-delay=0")
    table = repr(call.history).splitlines()
    assert table[0].split() == ["time", "(UTC)", "by", "message", "outcome", "ms", "sent"]
    assert [line.split()[1:4] for line in table[1:] if not line.startswith(" ")] == [
        ["alice", "offer", "ok"],
        ["bob", "offer", "failed"],
        ["delete", "ok", f"{last.seconds * 1000:.1f}"],
    ]
    assert [line.strip()[:24] for line in table if line.startswith(" ")] == [
        "audio 0: the daemon igno",
        "'bob' offers while the o",
    ]


async def test_errors_are_in_it_with_what_was_sent() -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client:
        call = call_of(client, "failed", strict=True)
        with pytest.raises(FlagsIgnored) as ignored:
            await call.offer(WEB, flags=NO_CODEC)
        with pytest.raises(EngineError) as refused:
            await call.offer("no sdp\r\n")
        assert [item.outcome for item in call.history] == [str(ignored.value), str(refused.value)]
        assert [item.request for item in call.history] == [ignored.value.request, refused.value.request]
        assert call.history[0].request is not None
        assert call.history[0].request.flags == call.profile.offer_flags(Direction.WEB_TO_SIP) | NO_CODEC
        await call.delete()


async def test_what_is_under_way_or_was_cancelled_is_in_it() -> None:
    with Peer(silent) as peer:
        async with Client(peer.url, timeout=0.3) as client:
            call = call_of(client, "silent")
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(call.offer, WEB)
                while not peer.received:
                    await anyio.sleep(0.001)
                assert [item.outcome for item in call.history] == ["under way"]
                assert "under way" in repr(call.history)
                tasks.cancel_scope.cancel()
            assert [item.outcome for item in call.history] == ["cancelled"]
            with pytest.raises(RequestTimeout) as silence:
                await call.offer(WEB)
            assert call.history[1].outcome == str(silence.value)
            assert call.history[1].request == silence.value.request
            assert call.history[1].seconds >= 0.3
            call.detach()


async def test_messages_at_once_do_not_mix() -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client:
        calls = [call_of(client, f"at-once-{number}") for number in range(6)]

        async def offer(number: int) -> None:
            await calls[number].offer(WEB, flags=NO_CODEC if number % 2 else None)

        async with anyio.create_task_group() as tasks:
            for number in range(len(calls)):
                tasks.start_soon(offer, number)
        assert [len(call.history[0].said) for call in calls] == [0, 1] * 3
        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(calls[0].query)
        assert [item.message for item in calls[0].history] == ["offer", "query", "query", "query"]
        assert {item.outcome for item in calls[0].history} == {"ok"}
        for call in calls:
            await call.delete(delay=0)


async def test_branches_are_in_the_history_of_their_call_too() -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client, call_of(client, "forked") as call:
        first, second = (call.fork(via_branch=f"z9hG4bK-{number}") for number in (1, 2))
        await first.offer(WEB)
        await second.offer(WEB)
        assert [(item.message, item.branch) for item in call.history] == [
            *[("fork", "z9hG4bK-1"), ("fork", "z9hG4bK-2"), ("offer", "z9hG4bK-1"), ("offer", "z9hG4bK-2")],
        ]
        assert list(second.history) == [call.history[3]]
        assert "in branch 'z9hG4bK-2'" in str(second.history[0])
        assert "alice in z9hG4bK-2" in repr(second.history)


async def test_all_else_that_a_call_sends_is_in_it() -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client, call_of(client, "else") as call:
        await call.offer(WEB)
        await call.answer(ANSWER, by="bob")
        bob = call.party("bob")
        await bob.block_dtmf()
        async with call.recording(), bob.silenced():
            pass
        with pytest.raises(EngineError) as refused:
            await bob.stop_media()
        assert [(item.message, item.by) for item in call.history][2:] == [
            *[("block DTMF", "bob"), ("start recording", None), ("silence media", "bob")],
            *[("unsilence media", "bob"), ("stop recording", None), ("stop media", "bob")],
        ]
        assert [item.outcome for item in call.history][2:] == ["ok"] * 5 + [str(refused.value)]
        assert all(item.request is not None and item.request.command == item.message for item in call.history)


async def test_what_is_sent_ahead_of_a_message_belongs_to_it() -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client, call_of(client, "ahead") as call:
        await call.offer(WEB)
        await call.answer(ANSWER, by="bob")
        # Candidates that tell of a restart: the daemon is sent a fragment before the offer.
        again = await call.offer(re.sub(r"(a=candidate:.* typ host).*", r"\1 generation 1", WEB))
        sent = call.history[-1]
        assert sent.request == again.request
        (ahead,) = sent.said
        assert ahead.startswith("also sent: <Request 'offer' of 'ahead' ")
        assert "fragment" in ahead
        assert len(call.history) == 3


async def test_only_the_last_ones_are_kept() -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client, call_of(client, "long") as call:
        await call.offer(PHONE)
        for _ in range(60):
            await call.query()
        assert len(call.history) == 50
        assert {item.message for item in call.history} == {"query"}
        assert len(call.history[-3:]) == 3


async def test_it_holds_no_sdp_and_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="rtpe_ng")
    key = "c2VjcmV0c2VjcmV0c2VjcmV0"
    line = f"crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{key}"
    async with EmbeddedEngine() as engine, Client(engine.url) as client, call_of(client, "secret") as call:
        await call.offer(WEB, flags=Flags(sdp_attr={"audio": {"add": [line]}}, metadata=f"http://u:{key}@h/"))
        await call.answer(ANSWER, by="bob", flags=Flags(extra={"crypto": [{"key": key}]}))
        with pytest.raises(EngineError):
            await call.offer(f"a={line}\r\n")
    password = WEB.partition("a=ice-pwd:")[2].split()[0]
    fields = [attrs.asdict(item, recurse=False) for item in call.history]
    for text in (repr(call.history), " ".join(map(str, call.history)), repr(pickle.dumps(fields)), caplog.text):
        assert key not in text
        assert password not in text
        assert "m=audio" not in text


async def test_the_log_still_names_the_line_that_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client, call_of(client, "lines") as call:
        await call.offer(WEB, flags=NO_CODEC)
    (warning,) = (record for record in caplog.records if "ignored" in record.getMessage())
    assert (warning.name, warning.levelname, warning.filename) == ("rtpe_ng", "WARNING", "review.py")


@pytest.mark.parametrize("by", [3, b"bob", ["bob"], object()])
async def test_a_refused_message_is_shown_whatever_its_tag_was(by: Any) -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client:
        call = call_of(client, "odd")
        for method in (call.offer, call.answer):
            with pytest.raises(UsageError):
                await method(PHONE, by=by)
        with pytest.raises(UsageError):
            call.transfer(by)
        with pytest.raises(UsageError):
            call.transfer("alice", to=by)
        with pytest.raises(UsageError):
            call.fork(via_branch=7)  # type: ignore[arg-type]
    for item in call.history:
        assert isinstance(item.by, str | None)
        assert isinstance(item.branch, str | None)
        assert str(item) in repr(item)
    assert repr(call.history).count("failed") == 5
