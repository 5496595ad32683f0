"""What holds of every command: its document, its keys, its version, and what it refuses to say."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Mapping
from typing import Any, get_args, get_type_hints

import attrs
import pytest

from rtpe_ng import EngineError, Flags, Participant, UnknownCall, UsageError, messages
from rtpe_ng.controller import Controller, Subscription
from rtpe_ng.messages import (
    COMMANDS,
    COUNTERS,
    NO_FLAGS,
    Capabilities,
    Command,
    Connect,
    CreateMedia,
    Mesh,
    Paired,
    Payload,
    PlayDtmf,
    PlayMedia,
    Publish,
    StartForwarding,
    StopMedia,
    SubscribeRequest,
    Transform,
    TransformMedia,
    is_older,
    keys_of,
    version_of,
)
from rtpe_ng.wire import decode_document
from tests.support.exercise import BEGIN, NOT_SENT, PAYLOADS, SENDS, STEPS, VERSIONS, fitting, sound
from tools import commands as made

A = Participant.tag("a")
UNTYPED: Any = messages
"""The same, for what a type checker would refuse before the library can."""
ALL_STEPS = [*BEGIN, *STEPS]


class Recorder(Controller):
    """It takes down what it is to send, and every daemon's answer is the same."""

    def __init__(self) -> None:
        self.sent: list[Command[Any]] = []

    async def exchange(self, command: Command[Any]) -> tuple[Mapping[str, Any], float]:
        self.sent.append(command)
        made_up = {"sdp": "v=0", "call-id": "made-up", "from-tag": "made-up", "to-tag": "made-up"}
        return {"result": "ok", **made_up}, 0.1


def arguments_of(command: Command[Any]) -> dict[str, Any]:
    return {field.name: getattr(command, field.name) for field in attrs.fields(type(command)) if field.init}


def test_each_has_a_counter_of_its_own() -> None:
    assert len(set(COUNTERS.values())) == len(COMMANDS) >= 33
    assert COUNTERS.keys() == COMMANDS.keys()
    assert all(kind.command == name for name, kind in COMMANDS.items())


@pytest.mark.anyio
@pytest.mark.parametrize("command", [step.command for step in ALL_STEPS], ids=lambda command: command.command)
async def test_each_is_a_method_that_sends_it_with_every_parameter(command: Command[Any]) -> None:
    client = Recorder()
    method = getattr(client, command.command.replace(" ", "_").casefold())
    assert list(inspect.signature(method).parameters) == list(arguments_of(command))
    reply = await method(**arguments_of(command))
    assert client.sent == [command]
    assert type(reply) is get_type_hints(command.read)["return"]
    assert inspect.signature(method).return_annotation == type(reply).__name__


PAIRED = [step.command for step in ALL_STEPS if isinstance(step.command, Paired)]


def test_a_command_that_ends_another_belongs_to_one_pair_and_each_pair_is_tried() -> None:
    pairs = [kind for kind in COMMANDS.values() if issubclass(kind, Paired)]
    assert len({kind.block for kind in pairs}) == len(pairs) >= 9
    assert {type(command) for command in PAIRED} == set(pairs)
    ends = [end for kind in pairs for end in ended_by(kind)]
    # A delete ends more than what it is paired with.
    named = [kind for name, kind in COMMANDS.items() if name.startswith(("stop", "un", "inject stop"))]
    assert Counter(ends) == Counter([*named, messages.Delete])


def ended_by(kind: type[Paired[Any]]) -> set[type]:
    """Return the command that ends this one, as the signature says."""
    hint = get_type_hints(kind.end)["return"]
    return set(get_args(hint) or (hint,)) - {type(None)}


@pytest.mark.anyio
@pytest.mark.parametrize("command", PAIRED, ids=lambda command: command.command)
async def test_each_pair_has_every_parameter_of_its_command_and_ends_what_it_began(command: Paired[Any]) -> None:
    client = Recorder()
    method = getattr(client, command.block)
    assert list(inspect.signature(method).parameters) == list(arguments_of(command))
    async with method(**arguments_of(command)) as held:
        assert client.sent == [command]
    (_, end) = client.sent
    reply = held.reply if isinstance(held, Subscription) else held
    assert end == command.end(reply)
    assert end.call_id == (command.call_id or "made-up")
    assert end.command.startswith(("stop", "un", "delete", "inject stop"))
    # What both know, the end says in the same way: it ends this, and nothing else.
    for name, value in arguments_of(end).items():
        if name in {"participant", "toward", "flows", "to_tag", "source_tag", "source_call_id"}:
            assert value in (getattr(command, name, None), "made-up")


def test_what_made_a_name_up_has_no_end_before_its_reply() -> None:
    assert Publish(sdp=SENDS).end() is None
    assert SubscribeRequest(call_id="c", participant=A).end() is None
    assert messages.BlockDtmf(call_id="c", delay_buffer=200).end().delay_buffer == 0


def test_a_subscription_answers_with_every_parameter_of_the_command() -> None:
    parameters = set(inspect.signature(Subscription.answer).parameters) - {"self"}
    command = set(inspect.signature(messages.SubscribeAnswer).parameters)
    assert parameters == command - {"call_id", "to_tag"}


def test_help_shows_every_parameter_with_its_unit() -> None:
    for name, kind in COMMANDS.items():
        text = inspect.getdoc(getattr(Controller, name.replace(" ", "_").casefold())) or ""
        for argument in inspect.signature(kind).parameters:
            assert f"- `{argument}`: " in text
        units = {key.unit for _, key in keys_of(kind) if key.unit}
        assert all(unit in text for unit in units), name
    assert "in milliseconds" in (inspect.getdoc(messages.PlayMediaReply) or "")


@pytest.mark.parametrize("flags", [{"ICE": "force"}, "ICE=force", True])
def test_flags_that_are_none_are_the_same_error_everywhere(flags: Any) -> None:
    for command in (step.command for step in ALL_STEPS):
        if "flags" in arguments_of(command):
            with pytest.raises(UsageError, match=r"^flags: Flags\(\.\.\.\) expected, not "):
                type(command)(**(arguments_of(command) | {"flags": flags}))
            again: Any = type(command)(**(arguments_of(command) | {"flags": None}))
            assert again.flags is NO_FLAGS


def test_a_missing_or_misspelt_parameter_is_told_with_the_cure() -> None:
    kind: Any
    for kind in COMMANDS.values():
        required = [name for name, each in inspect.signature(kind).parameters.items() if each.default is each.empty]
        if required:
            with pytest.raises(UsageError, match=f"^{kind.__name__}: {required[0]}=.* must be given$"):
                kind()
        with pytest.raises(UsageError, match=f"^{kind.__name__}: 'call_if' is no option; "):
            kind(call_if="c")


def test_the_methods_and_their_reference_are_those_of_the_commands() -> None:
    for path, content in made.pages():
        assert path.read_text(encoding="utf-8") == content, "python -m tools.generate"


def test_each_says_since_when_and_where_it_is_described() -> None:
    for kind in COMMANDS.values():
        assert version_of(kind.since)
        text = inspect.getdoc(kind) or ""
        assert f"`{kind.command}`" in text.replace("``", "`"), kind
        assert "ng document" in text
        newest = [key.since for _, key in keys_of(kind) if key.since]
        assert all(not is_older(since, "3.3") for since in newest)


@pytest.mark.parametrize("step", ALL_STEPS, ids=lambda step: step.command.command)
def test_what_is_sent_is_what_is_shown(step: Any) -> None:
    command = step.command
    document = command.to_ng()
    sent = decode_document(command.encode())
    assert sent.keys() == document.keys()
    assert {key: value for key, value in sent.items() if key != "blob"} == {
        key: value for key, value in document.items() if key != "blob"
    }
    assert document["command"] == command.command
    assert "\n" not in repr(command)
    known = {key.key for _, key in keys_of(type(command))}
    words = set(document.get("flags", ()))
    assert document.keys() - known <= {"command", "flags", "supports", *command_flags(command)}
    assert words - known <= {"directional", "inject-DTMF"}
    for version in VERSIONS:
        assert type(fitting(command, version)) is type(command)


def command_flags(command: Command[Any]) -> set[str]:
    flags: Flags | None = getattr(command, "flags", None)
    return set(flags.to_ng()) if flags else set()


def test_every_key_is_sent_by_some_step() -> None:
    sent: dict[str, set[str]] = {}
    for step in ALL_STEPS:
        document = step.command.to_ng()
        sent.setdefault(step.command.command, set()).update(document, document.get("flags", ()))
    for name, kind in COMMANDS.items():
        keys = {key.key for _, key in keys_of(kind)}
        assert keys - sent[name] == {key for command, key in NOT_SENT if command == name}, name


@pytest.mark.parametrize(
    ("party", "document"),
    [
        (None, {}),
        (A, {"from-tag": "a", "flags": ["directional"]}),
        (Participant.label("x"), {"label": "x"}),
        (Participant.address("2001:db8::1"), {"address": "2001:db8::1"}),
        (Participant.ALL, {"flags": ["all"]}),
    ],
)
def test_who_is_meant(party: Participant | None, document: dict[str, Any]) -> None:
    command = StartForwarding(call_id="c", participant=party)
    assert command.to_ng() == {"command": "start forwarding", "call-id": "c"} | document


def test_who_is_meant_elsewhere() -> None:
    played = PlayMedia(call_id="c", participant=A, file="x.wav")
    assert played.to_ng() == {"command": "play media", "call-id": "c", "from-tag": "a", "file": "x.wav"}
    request = SubscribeRequest(call_id="c", participant=Participant.tags("a", "b"))
    assert request.to_ng() == {"command": "subscribe request", "call-id": "c", "from-tags": ["a", "b"]}
    blocked = messages.BlockMedia(call_id="c", participant=A, toward=Participant.label("x"))
    assert blocked.to_ng()["to-label"] == "x"
    blocked = messages.BlockMedia(call_id="c", participant=A, flows="except-offer-answer")
    assert blocked.to_ng()["all"] == "except-offer-answer"
    assert repr(Participant.tags("a", "b")) == "Participant.tags('a', 'b')"
    assert repr(Participant.ALL) == "Participant.ALL"


def test_flags_and_words_of_the_command_share_one_list() -> None:
    command = StartForwarding(call_id="c", participant=A, flags=Flags(debug=True, extra={"flags": ["new"]}))
    assert command.to_ng()["flags"] == ["directional", "debug", "new"]
    assert decode_document(command.encode()) == command.to_ng()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: Participant.tag(""), "not empty"),
        (Participant.tags, "at least one"),
        (lambda: Participant.address("phone.example"), "IPv4 or IPv6"),
        (lambda: UNTYPED.StopMedia(call_id="c", participant="a"), r"Participant.tag\(...\) or"),
        (lambda: StopMedia(call_id="c", participant=Participant.tags("a", "b")), "Participant.ALL"),
        (lambda: StopMedia(call_id="c", participant=Participant.label("x"), flags=Flags(label="y")), "'label'"),
        (lambda: messages.BlockMedia(call_id="c", toward=A), "participant="),
        (lambda: messages.BlockMedia(call_id="c", participant=Participant.ALL, flows="flows"), "participant="),
        (lambda: messages.BlockMedia(call_id="c", participant=A, toward=A, flows="flows"), "not both"),
        (
            lambda: UNTYPED.BlockMedia(call_id="c", participant=A, flows="all"),
            "known are except-offer-answer, flows, offer-answer",
        ),
        (lambda: messages.BlockMedia(call_id="c", participant=A, toward=Participant.ALL), "toward"),
        (
            lambda: UNTYPED.BlockDtmf(call_id="c", dtmf_security="beep"),
            "known are DTMF, drop, off, random, silence, ",
        ),
        (lambda: messages.BlockDtmf(call_id="c", frequencies=[0]), "from 1 to 8000 Hz"),
        (lambda: UNTYPED.BlockDtmf(call_id="c", frequencies="400"), "an integer"),
        (lambda: messages.BlockDtmf(call_id="c", volume=99), "dB"),
        (lambda: PlayMedia(call_id="c", participant=A, db_id=0), "from 1 to"),
        (lambda: PlayMedia(call_id="c", participant=A), "none"),
        (lambda: PlayMedia(call_id="c", participant=A, file="x", blob=b"y"), "file and blob"),
        (lambda: UNTYPED.PlayMedia(call_id="c", participant=A, blob="y"), "bytes"),
        (lambda: PlayMedia(call_id="c", participant=A, file="x", repeat_times=0), "from 1 to"),
        (lambda: PlayDtmf(call_id="c", participant=A, code="55"), r"0 1 2 3"),
        (lambda: PlayDtmf(call_id="c", participant=A, code=""), "from 0 to 15"),
        (lambda: PlayDtmf(call_id="c", participant=A, code=True), "from 0 to 15"),
        (lambda: PlayDtmf(call_id="c", participant=A, code="1", duration=10), "from 100 to 5000 ms"),
        (lambda: Publish(sdp=""), "empty body"),
        (lambda: UNTYPED.Publish(sdp=SENDS, bidirectional=1), "True or False"),
        (lambda: Connect(call_id="c", participant=Participant.ALL, to_tag="b"), "directional=True"),
        (lambda: Connect(call_id="c", participant=A, to_tag="b", bidirectional=True), "directional=True"),
        (lambda: Mesh(calls=[]), "at least one"),
        (lambda: Mesh(calls="c"), "list of strings"),
        (lambda: Mesh(calls=["c"], tags={"a": [""]}), "who sends to whom"),
        (lambda: UNTYPED.Mesh(calls=["c"], tags=5), "who sends to whom"),
        (lambda: UNTYPED.Create(medias=["audio"]), "CreateMedia"),
        (lambda: Transform(media=[]), "at least one"),
        (lambda: TransformMedia(address="x", port=1, codecs=[PAYLOADS]), "IPv4"),
        (lambda: UNTYPED.TransformMedia(address="::1", port=1, codecs=[PAYLOADS[0]]), "pairs"),
        (lambda: TransformMedia(address="::1", port=0, codecs=[PAYLOADS]), "from 1 to 65535"),
        (lambda: Payload(codec="PCMU", payload_type=200, clock_rate=8000), "from 0 to 127"),
        (lambda: CreateMedia(type="audio", codecs="PCMU"), "list of strings"),
        (lambda: version_of("latest"), "26.0"),
    ],
)
def test_what_makes_no_sense_is_refused_and_the_cure_named(make: Any, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        make()


def test_a_blob_is_not_shown() -> None:
    assert "RIFF" not in repr(PlayMedia(call_id="c", participant=A, blob=sound()))


def test_a_mesh_as_the_ng_document_has_it() -> None:
    command = Mesh(calls=["c", "d"], tags={"a": ["b", "c"], "b": "a"}, unsubscribe=True)
    assert command.to_ng() == {
        "command": "mesh",
        "calls": ["c", "d"],
        "tags": [{"from": "a", "to": ["b", "c"]}, {"from": "b", "to": ["a"]}],
        "flags": ["unsubscribe"],
    }
    assert repr(command.read({"result": "ok"}, 0.1)) == "Done(seconds=0.1000)"


@pytest.mark.parametrize(
    "reason", ["Unknown call-id", "Unknown call-ID", "Unknown call-ID(s)", "unknown call-ID", "Unknown call ID(s)"]
)
def test_every_spelling_of_an_unknown_call_is_one(reason: str) -> None:
    with pytest.raises(UnknownCall, match="begin with an offer"):
        Mesh(calls=["c"]).check({"result": "error", "error-reason": reason})


def test_what_a_daemon_lacks_is_told_with_its_version() -> None:
    with pytest.raises(EngineError) as refused:
        Mesh(calls=["c"]).check({"result": "error", "error-reason": "Unrecognized command"})
    assert refused.value.hint == "known since 26.1"


def test_what_a_daemon_can_do() -> None:
    of_14 = Capabilities.of_version("mr14.0.1.2-1~bpo")
    assert "connect" in of_14
    assert "create" not in of_14
    assert (of_14.at_least, of_14.older_than) == ("13.3", "26.0")
    assert Capabilities.of_version("99.0").older_than is None
    assert Capabilities.of_commands(["ping"]).at_least == "3.3"
    assert repr(Capabilities.of_version("10.5")) == "<Capabilities 24 commands: at least 10.0, older than 11.3>"
    assert Capabilities.of_version("10.5") == Capabilities.of_version("11.2")
