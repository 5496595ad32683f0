"""What a reply, a trace and an error tell of the request: all but bodies, keys and passwords."""

from __future__ import annotations

import copy
import logging
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import (
    Client,
    Direction,
    EngineError,
    Flags,
    FlagsIgnored,
    Leg,
    RequestTimeout,
    RtpeError,
    Trace,
    UsageError,
)
from rtpe_ng.flags.fields import VOCABULARY
from rtpe_ng.messages import Command, List, Offer, Ping, PlayMedia, Pong, Raw, Reply, Request, SdpReply
from rtpe_ng.messages.commands.participant import Participant
from rtpe_ng.testing import bodies
from tests.support.engines import AnyEngine
from tests.support.examples import examples
from tests.support.exercise import BEGIN, STEPS
from tests.support.peers import Peer, silent

SECRET = "c2VjcmV0c2VjcmV0c2VjcmV0"
COMMANDS: list[Command[Any]] = [step.command for step in (*BEGIN, *STEPS)]
WEB = bodies.offer(Leg.WEB)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_request_says_all_but_the_body(command: Command[Any]) -> None:
    whole = command.to_ng()
    whole.pop("sdp", None)
    for audio in ("blob", "blob64"):
        if audio in whole:
            whole[audio] = f"<{len(whole[audio])} bytes>"
    sent = command.sent()
    assert sent.document == whole
    assert (sent.command, sent.call_id) == (command.name, command.call_id)
    assert sent.flags is getattr(command, "flags", None)
    assert repr(command.name) in repr(sent)


def test_it_shows_the_flags() -> None:
    flags = Flags(ice="remove", codec={"transcode": ["PCMU"]}, routing=Flags.parse("to-tag").routing)
    sent = Offer(sdp=WEB, call_id="c", from_tag="a", via_branch="z9", flags=flags).sent()
    assert sent.flags is flags
    assert repr(sent) == f"<Request 'offer' of 'c' from-tag='a' via-branch='z9' {flags!r}>"
    assert repr(Ping().sent()) == "<Request 'ping'>"
    assert repr(Request()) == "<Request of nothing that was sent>"
    assert (Request().command, Request().call_id, Request().flags, Request().document) == ("", None, None, {})


def test_the_dictionary_is_the_callers_own() -> None:
    sent = Offer(sdp=WEB, call_id="c", from_tag="a", flags=Flags(replace=["origin"])).sent()
    sent.document["replace"].append("username")
    assert sent.document["replace"] == ["origin"]
    mine: dict[str, Any] = {"command": "ping", "x": ["y"]}
    raw = Raw(document=mine).sent()
    mine["x"].append("z")
    assert raw.document == {"command": "ping", "x": ["y"]}


def test_requests_that_say_the_same_are_equal() -> None:
    typed, raw = List(limit=3).sent(), Raw(document={"command": "list", "limit": 3}).sent()
    assert typed == raw
    assert hash(typed) == hash(raw)
    assert typed != List(limit=4).sent()
    assert typed != {"command": "list", "limit": 3}


# Each form in which a secret may stand in a request.
HIDDEN: list[Any] = [
    f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{SECRET}",
    f"crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{SECRET}|2^20".encode(),
    f"ice-pwd:{SECRET}",
    f"http://user:{SECRET}@example.org/",
    f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns={SECRET}\r\n",
    f"v=0\no=- 1 1 IN IP4 127.0.0.1\ns={SECRET}\n".encode(),
    *({name: SECRET} for name in ("sdp", "SDP", "crypto", "key", "master key", "ice_pwd", "ICE-pwd", "Password")),
    *({name: SECRET} for name in ("accessToken", "access_token", "apikey", "apiKey", "APIKey", "masterkey")),
    *({name: SECRET} for name in ("passphrase", "userPassword", "dbpass", "clientsecret", "key2", "Authorization")),
    f"Authorization: Bearer {SECRET}",
    f"x\r\nProxy-Authorization: Digest username=a, response={SECRET}",
    f"bearer {SECRET}",
    f"user:joe|password:{SECRET}",
    f'{{"apiKey": "{SECRET}", "n": 1}}',
    f"access_token={SECRET}&n=1",
    {b"sdp": SECRET.encode()},
    {"crypto": [{"suite": "AES_CM_128_HMAC_SHA1_80", "key": {"material": [SECRET.encode()]}}]},
    {f"a=ice-pwd:{SECRET}": 1},
]
NESTED = st.recursive(
    st.sampled_from(HIDDEN) | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["x", "codec", "flags"]), NESTED))
def test_no_secret_shows_wherever_it_stands(keys: dict[str, Any]) -> None:
    sent = Raw(document={"command": "offer", "call-id": "c", **keys}).sent()
    assert SECRET not in f"{sent!r} {sent.document} {pickle.dumps(sent)!r}"
    assert pickle.loads(pickle.dumps(sent)) == copy.deepcopy(sent) == sent


@examples(60)
@given(st.sampled_from(HIDDEN) | NESTED)
def test_no_secret_of_the_flags_shows(value: Any) -> None:
    for flags in (Flags(extra={"new": value}), Flags(unchecked={"flags": value})):
        sent = Offer(sdp=WEB, call_id="c", from_tag="a", flags=flags).sent()
        assert SECRET not in f"{sent!r} {sent.document} {sent.flags} {pickle.dumps(sent)!r}"


def test_a_key_in_an_option_is_masked_and_the_rest_stays() -> None:
    key = f"crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{SECRET}"
    flags = Flags(ice="remove", sdp_attr={"audio": {"add": [key, "x:1"]}})
    sent = Offer(sdp=WEB, call_id="c", from_tag="a", flags=flags).sent()
    masked = key.replace(SECRET, "*" * len(SECRET))
    assert sent.flags == flags.evolve(sdp_attr={"audio": {"add": [masked, "x:1"]}})
    assert sent.document["sdp-attr"] == {"audio": {"add": [masked, "x:1"]}}
    script = Flags.parse(f"trust-address trust-address xmlrpc-callback=http://u:{SECRET}@h/", strict=False)
    assert script.source is not None
    assert SECRET not in repr(Offer(sdp=WEB, call_id="c", from_tag="a", flags=script).sent())


def test_no_key_of_the_daemon_is_taken_for_a_secret() -> None:
    names = {*VOCABULARY.keys, *(key for command in COMMANDS for key in command.to_ng())} - {
        "sdp",
        "blob",
        "blob64",
    }
    sent = Raw(document=dict.fromkeys(names, "value")).sent()
    assert sent.document == dict.fromkeys(names, "value")
    plain = Flags(metadata="user:joe|passthrough=on", extra={"x": ["token", "pass the salt", "basic audio"]})
    assert Offer(sdp=WEB, call_id="c", from_tag="a", flags=plain).sent().flags is plain


def test_a_password_in_the_metadata_is_masked() -> None:
    flags = Flags(metadata=f"user:joe|password:{SECRET}|n:1")
    sent = Offer(sdp=WEB, call_id="c", from_tag="a", flags=flags).sent()
    assert sent.flags == Flags(metadata=f"user:joe|password:{'*' * len(SECRET)}|n:1")


def test_audio_is_given_by_its_size() -> None:
    play = PlayMedia(call_id="c", participant=Participant.ALL, blob=b"\xff" * 500)
    assert play.sent().document["blob"] == "<500 bytes>"
    assert len(repr(play.sent())) < 100


def test_a_request_as_deep_as_one_likes_can_be_shown() -> None:
    deep: Any = SECRET
    for _ in range(5000):
        deep = [deep]
    assert "..." in repr(Raw(document={"command": "x", "key": deep, "y": deep}).sent())


@pytest.mark.anyio
async def test_replies_tell_what_was_sent_for_them(any_engine: AnyEngine) -> None:
    async with Client(any_engine.url) as client:
        async with client.call("told", from_tag="a", direction=Direction.WEB_TO_SIP) as call:
            offered = await call.offer(WEB, flags=Flags(record_call="no"))
            answered = await call.answer(bodies.answer(Leg.SIP, offered.sdp), by="b")
            queried = await call.query()
        flags = call.profile.offer_flags(Direction.WEB_TO_SIP) | Flags(record_call="no")
        assert offered.request.flags == flags
        assert offered.request.document == flags.to_ng() | {
            "command": "offer",
            "call-id": "told",
            "from-tag": "a",
            "supports": ["load limit"],
        }
        assert (answered.request.command, answered.request.document["to-tag"]) == ("answer", "b")
        assert answered.request.flags == call.profile.answer_flags(Direction.WEB_TO_SIP)
        assert queried.request.document == {"command": "query", "call-id": "told"}
        replies: list[Reply] = [offered, answered, queried, await client.ping(), await client.statistics()]
        for reply in replies:
            for again in (copy.copy(reply), copy.deepcopy(reply), pickle.loads(pickle.dumps(reply))):
                assert again == reply
                assert again.request == reply.request
                assert repr(again) == repr(reply)
        # What was sent again with the body is the same offer.
        raw = await client.request({**offered.request.document, "sdp": WEB})
        assert raw["result"] == "ok"
        await client.delete(call_id="told", from_tag="a", delete_delay=0)


def test_replies_are_equal_whatever_was_sent_for_them() -> None:
    reply = SdpReply(seconds=0.1, sdp="v=0\r\n", request=List().sent())
    assert reply == SdpReply(seconds=0.1, sdp="v=0\r\n")
    assert hash(reply) == hash(SdpReply(seconds=0.1, sdp="v=0\r\n"))
    assert Pong(seconds=0.1).request == Request()


@pytest.mark.anyio
async def test_errors_tell_what_was_sent(any_engine: AnyEngine) -> None:
    flags = Flags(ice="remove")
    async with Client(any_engine.url) as client:
        with pytest.raises(EngineError) as refused:
            await client.answer(sdp=WEB, call_id="nobody", from_tag="a", to_tag="b", flags=flags)
        assert refused.value.request.flags == flags
        again = pickle.loads(pickle.dumps(refused.value))
        assert again.request == refused.value.request
        call = client.call("strict", from_tag="a", direction=Direction.SIP_TO_SIP, strict=True)
        with pytest.raises(FlagsIgnored) as ignored:
            await call.offer(bodies.offer(Leg.SIP), flags=Flags(codec={"transcode": ["no-such-codec"]}))
        assert ignored.value.request.flags.codec.transcode == ("no-such-codec",)
        await call.delete()
    with pytest.raises(UsageError) as mine:
        await client.offer(sdp=WEB, call_id="c", from_tag="a")
    assert mine.value.request is None
    assert RtpeError("x").request is None


@pytest.mark.anyio
async def test_silence_tells_what_was_sent() -> None:
    traces: list[Trace] = []
    with Peer(silent) as peer:
        async with Client(peer.url, timeout=0.05, trace=traces.append) as client:
            with pytest.raises(RequestTimeout) as silence:
                await client.offer(sdp=WEB, call_id="c", from_tag="a", flags=Flags(ice="force"))
    assert silence.value.request == traces[0].request
    assert traces[0].request.flags == Flags(ice="force")


@pytest.mark.anyio
async def test_the_log_shows_the_flags_of_each_message_and_no_key(
    any_engine: AnyEngine, caplog: pytest.LogCaptureFixture
) -> None:
    traces: list[Trace] = []
    password = (
        bodies.sdp_password(WEB) if hasattr(bodies, "sdp_password") else WEB.partition("a=ice-pwd:")[2].split()[0]
    )
    async with Client(any_engine.url, trace=traces.append) as client:
        for level in (logging.INFO, logging.DEBUG):
            caplog.set_level(level, logger="rtpe_ng")
            await client.offer(sdp=WEB, call_id="logged", from_tag="a", flags=Flags(ice="remove"))
        await client.request({"command": "offer", "call-id": "logged", "from-tag": "a", "sdp": WEB, "ICE": "force"})
        await client.delete(call_id="logged", from_tag="a", delete_delay=0)
    lines = [record.getMessage() for record in caplog.records if record.levelno == logging.DEBUG]
    assert len(lines) == 3
    assert "Flags(ice='remove')" in lines[0]
    assert "ICE='force'" in lines[1]
    assert [trace.request.document.get("ICE") for trace in traces] == ["remove", "remove", "force", None]
    assert "sdp" not in traces[2].request.document
    for text in (caplog.text, repr(traces), repr(pickle.dumps(traces))):
        assert password not in text
        assert "a=candidate" not in text
