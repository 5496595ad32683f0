"""A call and its parties have the commands about them: the parameters are the command's, the names the daemon's."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, get_type_hints

import attrs
import pytest

from rtpe_ng import Call, Client, Direction, Flags, Leg, Participant, UsageError
from rtpe_ng.call import Party, Subscription
from rtpe_ng.call.handle import CallNames, Handle
from rtpe_ng.controller import Controller
from rtpe_ng.messages import (
    COMMANDS,
    Command,
    Paired,
    Query,
    QueryReply,
    SubscribeAnswer,
    Unsubscribe,
    keys_of,
)
from rtpe_ng.messages.replies.query import names_of
from rtpe_ng.testing import EmbeddedEngine, bodies
from tests.support.exercise import BEGIN, STEPS
from tools import handles
from tools.naming import method_of

pytestmark = pytest.mark.anyio

OF_PARTY, OF_CALL = handles.of_party(), handles.of_call()
NAMES = CallNames(call_id="c;pass=2", tags={"alice": "ng-a", "bob": "ng-b"})
"""The names of a call that the daemon knows by others."""


class Recorder(Controller):
    """It takes down what it is to send, and every daemon's answer is the same."""

    def __init__(self) -> None:
        self.sent: list[Command[Any]] = []

    async def exchange(self, command: Command[Any]) -> tuple[Mapping[str, Any], float]:
        self.sent.append(command)
        section = {"index": 1, "type": "audio", "label": "0", "mode": "sendrecv"}
        return {
            "result": "ok",
            "sdp": "v=0",
            "to-tag": "made-up",
            "from-tags": ["ng-b"],
            "tag-medias": [{"tag": "ng-b", "medias": [section]}],
            "tags": {"ng-a": {"tag": "ng-a"}, "ng-b": {"tag": "ng-b"}, "srs": {"tag": "srs"}},
        }, 0.1


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def bob(recorder: Recorder) -> Party:
    return Party(recorder, "bob", lambda: NAMES, lambda _: None)


@pytest.fixture
def call(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.setattr(Call, "_names", lambda self: NAMES)
    return recorder.call("c", from_tag="alice", direction=Direction.SIP_TO_SIP)


def expected(command: Command[Any], participant: Participant | None) -> Command[Any]:
    """Return the command as a handle sends it: for this participant of the call, named as the daemon does."""
    changes: dict[str, Any] = {"call_id": NAMES.call_id}
    if "participant" in attrs.fields_dict(type(command)):
        changes["participant"] = participant
    return attrs.evolve(command, **changes)


def steps_of(kinds: list[type[Command[Any]]]) -> list[Command[Any]]:
    return [step.command for step in (*BEGIN, *STEPS) if type(step.command) in kinds]


def given_to(method: Any, command: Command[Any]) -> dict[str, Any]:
    return {name: getattr(command, name) for name in inspect.signature(method).parameters if name != "self"}


async def test_a_party_has_each_command_with_every_parameter(recorder: Recorder, bob: Party) -> None:
    for command in steps_of(OF_PARTY):
        method = getattr(bob, method_of(type(command)))
        await method(**given_to(method, command))
        assert recorder.sent.pop() == expected(command, Participant.tag("ng-b"))


async def test_a_call_has_each_command_that_needs_no_party(recorder: Recorder, call: Call) -> None:
    for command in steps_of(OF_CALL):
        names = handles.OF_FLOWS & attrs.fields_dict(type(command)).keys()
        whole = attrs.evolve(command, **dict.fromkeys(names))
        method = getattr(call, method_of(type(command)))
        await method(**given_to(method, whole))
        whom = Participant.ALL if type(command) in handles.TO_ALL else None
        assert recorder.sent.pop() == expected(whole, whom)


async def test_each_pair_ends_what_it_began(recorder: Recorder, bob: Party) -> None:
    for command in steps_of(OF_PARTY):
        if not isinstance(command, Paired):
            continue
        method = getattr(bob, command.block)
        block = method(**given_to(method, command))
        assert isinstance(block, AbstractAsyncContextManager)
        assert recorder.sent == []
        begun: Any = expected(command, Participant.tag("ng-b"))
        async with block as held:
            assert recorder.sent == [begun]
        reply = held.reply if isinstance(held, Subscription) else held
        assert recorder.sent == [begun, begun.end(reply)]
        recorder.sent.clear()


def test_the_methods_are_all_that_there_are() -> None:
    """A command that gets a participant gets its methods too: none is copied by hand, and none forgotten."""
    for owner, kinds, more in ((Party, OF_PARTY, {"query", "tag"}), (Call, OF_CALL, set())):
        named = {method_of(kind) for kind in kinds}
        named |= {kind.block for kind in kinds if issubclass(kind, Paired)}
        (methods,) = [base for base in owner.__mro__ if Handle in base.__bases__]
        assert {name for name in vars(methods) if not name.startswith("_")} == named
        assert named | more <= set(dir(owner))
    assert {kind for kind in COMMANDS.values() if "participant" in inspect.signature(kind).parameters} == set(
        OF_PARTY
    )
    recording = {kind for name, kind in COMMANDS.items() if name.endswith(" recording")}
    assert set(OF_CALL) - set(OF_PARTY) == recording | {SubscribeAnswer, Unsubscribe}


@pytest.mark.parametrize(
    ("owner", "kinds", "known"),
    [(Party, OF_PARTY, handles.KNOWN), (Call, OF_CALL, handles.KNOWN | handles.OF_FLOWS)],
)
def test_each_parameter_is_that_of_the_command_with_its_type_and_text(owner: type, kinds: Any, known: Any) -> None:
    for kind in kinds:
        signature = inspect.signature(kind)
        wanted = {name: each for name, each in signature.parameters.items() if name not in known}
        names = [method_of(kind), *([kind.block] if issubclass(kind, Paired) else [])]
        for name in names:
            method = getattr(owner, name)
            found = inspect.signature(method).parameters
            assert [it for it in found if it != "self"] == list(wanted)
            for each in wanted.values():
                mine = found[each.name]
                assert mine.kind is each.KEYWORD_ONLY
                assert mine.default == (None if each.name == "flags" else each.default)
            hints, fields = get_type_hints(method), get_type_hints(kind)
            # What a command converts, it takes in more forms than it keeps.
            fields |= {"flags": Flags | None, "sdp": str | bytes}
            assert all(hints[it] == fields[it] for it in wanted)
        text = inspect.getdoc(getattr(owner, names[0])) or ""
        assert all(f"- `{name}`: " in text for name in wanted)
        assert not any(f"- `{name}`: " in text for name in known)
        units = {key.unit for name, key in keys_of(kind) if key.unit and name in wanted}
        assert all(unit in text for unit in units), names


def test_the_methods_are_those_that_the_commands_give() -> None:
    for path, content in handles.pages():
        assert path.read_text(encoding="utf-8") == content, "python -m tools.generate"
        ast.parse(content)


async def test_another_party_is_named_by_its_sip_tag_too(recorder: Recorder, bob: Party) -> None:
    await bob.block_media(toward=Participant.tag("alice"))
    await bob.block_media(toward=Participant.label("alice"))
    await bob.connect(to_tag="alice")
    await bob.connect(to_tag="alice", to_call_id="other")
    await bob.connect(to_tag="stage")
    towards = [command.to_ng().get("to-tag", command.to_ng().get("to-label")) for command in recorder.sent]
    assert towards == ["ng-a", "alice", "ng-a", "alice", "stage"]


async def test_replies_have_sip_tags(recorder: Recorder, bob: Party, call: Call) -> None:
    reply = await bob.query()
    assert recorder.sent == [Query(call_id="c;pass=2", from_tag="ng-b")]
    assert list(reply.parties) == ["alice", "bob", "srs"]
    assert reply.parties["bob"].tag == "bob"
    assert list(reply.tags) == ["ng-a", "ng-b", "srs"]
    assert list((await call.query()).parties) == ["alice", "bob", "srs"]
    plain = await recorder.query(call_id="c")
    assert isinstance(plain, QueryReply)
    assert list(plain.parties) == ["ng-a", "ng-b", "srs"]
    request = await call.subscribe_request(siprec=True)
    assert (request.from_tags, list(request.tag_medias)) == (("bob",), ["bob"])
    assert request.labels["0"].tag == "bob"
    async with bob.subscription(siprec=True) as subscription:
        assert subscription.reply.labels["0"].tag == "bob"
        assert subscription.call_id == "c;pass=2"


async def test_a_party_that_came_back_is_not_taken_for_the_one_that_left() -> None:
    async with (
        EmbeddedEngine() as engine,
        Client(engine.url) as client,
        client.call("back", from_tag="alice", direction=Direction.SIP_TO_SIP) as call,
    ):
        offer = bodies.offer(Leg.SIP)
        await call.offer(offer)
        await call.answer(bodies.answer(Leg.SIP, offer), by="bob")
        call.transfer("bob")
        await call.offer(offer)
        await call.answer(bodies.answer(Leg.SIP, offer), by="bob")
        reply = await call.query()
        assert set(reply.tags) == {"alice", "bob", "bob+1"}
        assert set(reply.parties) == {"alice", "bob (left)", "bob"}
        assert all(party.tag == name for name, party in reply.parties.items())
        heard = await call.subscribe_request(siprec=True)
        assert len(set(heard.tag_medias)) == len(heard.tag_medias)


@pytest.mark.parametrize("tags", [("bob", "bob+1", "bob (left)"), ("bob (left)", "bob+1", "bob")])
def test_each_of_the_daemons_tags_has_a_name_of_its_own(tags: tuple[str, ...]) -> None:
    names = names_of(tags, {"bob+1": "bob"})
    assert names["bob+1"] == "bob"
    assert len(set(names.values())) == 3


@pytest.mark.parametrize("tag", ["carol", "", "ng-b", None])
def test_an_unknown_tag_is_refused_with_the_known_ones(recorder: Recorder, tag: Any) -> None:
    with pytest.raises(UsageError, match=f"^{tag!r} is no party of the call; it knows 'alice' and 'bob'"):
        Party(recorder, tag, lambda: NAMES, lambda _: None)


async def test_a_party_that_left_is_refused_before_anything_is_sent(recorder: Recorder) -> None:
    names = [NAMES]
    bob = Party(recorder, "bob", lambda: names[-1], lambda _: None)
    names.append(attrs.evolve(NAMES, tags={"alice": "ng-a", "carol": "ng-b"}))
    with pytest.raises(UsageError, match="'bob' is no party"):
        await bob.stop_media()
    with pytest.raises(UsageError, match="'bob' is no party"):
        bob.blocked()
    assert recorder.sent == []


async def test_a_deleted_call_sends_nothing_more_but_a_query() -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client:
        call = client.call("over", from_tag="alice", direction=Direction.SIP_TO_SIP)
        offer = bodies.offer(Leg.SIP)
        await call.offer(offer)
        await call.answer(bodies.answer(Leg.SIP, offer), by="bob")
        async with call.blocked():
            await call.delete(delay=30)
        with pytest.raises(UsageError, match="block media on call 'over', which was deleted"):
            await call.block_media()
        with pytest.raises(UsageError, match="which was deleted"):
            call.blocked()
        with pytest.raises(UsageError, match="which was deleted"):
            call.subscription()
        assert set((await call.query()).parties) == {"alice", "bob"}


async def test_a_party_of_a_deleted_call_sends_nothing_more(recorder: Recorder, call: Call) -> None:
    await call.offer(bodies.offer(Leg.SIP))
    bob = Party(recorder, "bob", lambda: NAMES, call._before)
    await call.delete()
    recorder.sent.clear()
    with pytest.raises(UsageError, match="stop media on call 'c', which was deleted"):
        await bob.stop_media()
    with pytest.raises(UsageError, match="which was deleted"):
        bob.blocked()
    assert recorder.sent == []


async def test_a_misspelt_or_missing_parameter_is_told_with_the_cure(recorder: Recorder, bob: Party) -> None:
    anything: Any = bob
    with pytest.raises(UsageError, match=r"^play_media: 'fil' is no parameter; did you mean 'file'"):
        await anything.play_media(fil="x")
    with pytest.raises(UsageError, match=r"^playing: 'participant' is no parameter"):
        anything.playing(participant=Participant.tag("bob"), file="x")
    with pytest.raises(UsageError, match=r"^play_dtmf: code=\.\.\. must be given$"):
        await anything.play_dtmf()
    with pytest.raises(UsageError, match=r"^play_dtmf: it takes its parameters by name: play_dtmf\(code=\.\.\., "):
        await anything.play_dtmf("5")
    with pytest.raises(UsageError, match=r"^code='55'"):
        await bob.play_dtmf(code="55")
    with pytest.raises(UsageError, match=r"^flags: Flags\(\.\.\.\) expected"):
        await anything.stop_media(flags={"debug": True})
    assert recorder.sent == []


async def test_in_a_call() -> None:
    with EmbeddedEngine(version="10.5") as engine:
        async with (
            Client(engine.url) as client,
            client.call("c", from_tag="alice", direction=Direction.SIP_TO_SIP) as call,
        ):
            with pytest.raises(UsageError, match="'bob' is no party of the call; it knows 'alice', by their SIP"):
                call.party("bob")
            sent = await call.offer(bodies.offer(Leg.SIP))
            await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="bob")
            bob = call.party("bob")
            assert (bob.tag, repr(bob)) == ("bob", "<Party 'bob' of call 'c'>")
            async with bob.blocked(), call.recording():
                found = (await call.query()).parties["bob"]
            # Each command is in the history once, with the party that it is about.
            assert [(item.message, item.by, item.outcome) for item in call.history][2:] == [
                *[("block media", "bob", "ok"), ("start recording", None, "ok"), ("query", None, "ok")],
                *[("stop recording", None, "ok"), ("unblock media", "bob", "ok")],
            ]
            assert all(item.request is not None for item in call.history)
            # What this version does not tell is not 0.
            assert (found.received.packets, found.sent.packets) == (0, None)
            assert repr(found) == "<PartyTraffic 'bob': 0 packets received>"
            assert repr(found.medias) == "(<MediaTraffic 1 audio: 0 packets received>,)"
        commands = [request.name for request in engine.received]
        assert commands[2:-1] == ["block media", "start recording", "query", "stop recording", "unblock media"]
