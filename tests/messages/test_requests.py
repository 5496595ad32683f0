"""Reading requests: each command comes back from its document, and every document gives a command."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rtpe_ng import Flags, Participant, UsageError
from rtpe_ng.messages import (
    COMMANDS,
    BlockMedia,
    Command,
    Offer,
    Payload,
    PlayMedia,
    Raw,
    StartForwarding,
    TransformMedia,
    command_of,
    keys_of,
)
from rtpe_ng.wire import decode_document, encode_document
from tests.support.exercise import BEGIN, PAYLOADS, PHONE, STEPS
from tests.support.samples import everything

EVERY = [step.command for step in (*BEGIN, *STEPS)]
SENT = [flags for flags in everything() if flags.to_ng()]
MORE = Flags(extra={"flags": ["new-word", "Trust_Address"], "new-key": [{"a": 1}]})


def names(value: Command[Any] | Flags) -> set[str]:
    """Return the keys of a document, and the words of its list ``flags``."""
    document = value.to_ng()
    return {*document, *document.get("flags", ())} - {"flags"}


@st.composite
def flag_sets(draw: st.DrawFn) -> Flags:
    try:
        return reduce(or_, draw(st.lists(st.sampled_from([*SENT, MORE]), max_size=4)), Flags())
    except UsageError:
        # They contradict each other.
        assume(False)
        raise


@st.composite
def commands(draw: st.DrawFn) -> Command[Any]:
    """Draw any command, without some of its optional fields, and with flags."""
    command = draw(st.sampled_from(EVERY))
    kind = type(command)
    optional = [field for field in attrs.fields(kind) if field.init and field.default is not attrs.NOTHING]
    left_out = draw(st.lists(st.sampled_from(optional), max_size=3)) if optional else []
    changes = {field.name: field.default for field in left_out}
    if "flags" in attrs.fields_dict(kind):
        # What a field of the command stands for too is that field's.
        own = {key.key for _, key in keys_of(kind)} | names(command)
        changes["flags"] = draw(flag_sets().filter(lambda it: own.isdisjoint(names(it))))
    try:
        return attrs.evolve(command, **changes)
    except UsageError:
        # One field needs another, or one of the flags is a key of the command itself.
        assume(False)
        raise


@given(commands())
def test_each_command_comes_back_from_its_document(command: Command[Any]) -> None:
    assert command_of(command.to_ng()) == command
    assert command_of(decode_document(command.encode())) == command


@pytest.mark.parametrize("command", EVERY, ids=lambda command: command.command)
def test_the_commands_sent_to_daemons_are_read(command: Command[Any]) -> None:
    read = command_of(decode_document(command.encode()))
    assert read == command
    assert type(read) is COMMANDS[command.command]


@pytest.mark.parametrize("flags", SENT, ids=str)
def test_each_option_is_read(flags: Flags) -> None:
    assert Flags.from_ng(flags.to_ng()) == flags
    assert not flags.unchecked


def test_flags_that_no_option_says_are_kept() -> None:
    document = {"ICE": "focre", "ICE-lite": "both", "new": 1, "flags": ["debug", "Debug", "WebRTC"]}
    flags = Flags.from_ng(document)
    assert (flags.ice, flags.ice_lite, flags.debug) == (None, "both", True)
    assert (flags.extra, flags.unchecked) == ({"new": 1, "flags": ["Debug", "WebRTC"]}, {"ICE": "focre"})
    assert flags.to_ng() == document
    # An engine must be able to show what contradicts itself.
    assert Flags.from_ng({"rtcp-mux": ["demux", "offer"]}).rtcp_mux == ("demux", "offer")
    for refused in ({"flags": {"debug": 1}}, {"flags": [1]}, {"call-id": "c"}, {"call ID": "c"}):
        with pytest.raises(UsageError):
            Flags.from_ng(refused)


def test_whose_it_is() -> None:
    ask = {"command": "play media", "call-id": "c", "file": "x.wav"}
    tagged = command_of(ask | {"from-tag": "a", "label": "x"})
    assert tagged == PlayMedia(call_id="c", participant=Participant.tag("a"), file="x.wav", flags=Flags(label="x"))
    assert command_of(ask | {"flags": ["all"]}) == PlayMedia(call_id="c", participant=Participant.ALL, file="x.wav")
    assert command_of(ask) == Raw(document=ask)
    blocked = {"command": "block media", "call-id": "c", "label": "x", "to-label": "y"}
    assert command_of(blocked) == BlockMedia(
        call_id="c", participant=Participant.label("x"), toward=Participant.label("y")
    )


def test_a_tag_that_is_a_mere_hint_is_not_taken_for_a_choice() -> None:
    hint = {"command": "start forwarding", "call-id": "c", "from-tag": "a"}
    assert command_of(hint) == Raw(document=hint)
    chosen = StartForwarding(call_id="c", participant=Participant.tag("a"))
    assert command_of(hint | {"flags": ["directional"]}) == chosen


@pytest.mark.parametrize(
    "document",
    [
        {"command": "frobnicate", "call-id": "c"},
        {"command": "ping", "new": 1},
        {"command": "offer", "sdp": "v=0", "call-id": "c"},
        {"command": "offer", "sdp": "v=0", "call-id": "c", "from-tag": 5},
        {"command": "offer", "sdp": "v=0", "call-id": "c", "from-tag": "a", "flags": "debug"},
        {"command": "offer", "sdp": "v=0", "call-id": "c", "from-tag": "a", "received-from": ["IP4", "x", "y"]},
        {"command": "list", "limit": "32"},
        {"command": "transform", "media": [{"destination": 5}]},
        {"command": "mesh", "calls": ["c"], "tags": ["a"]},
        {"command": "create", "medias": 5},
    ],
)
def test_what_no_command_says_is_raw_and_whole(document: dict[str, Any]) -> None:
    command = command_of(document)
    assert command == Raw(document=document)
    assert command.name == document["command"]
    assert command.to_ng() == document


@pytest.mark.parametrize("document", [{}, {"comand": "ping"}, {"command": ["ping"]}])
def test_a_request_without_a_command_is_one_too(document: dict[str, Any]) -> None:
    command = command_of(document)
    assert (command.name, command.call_id, command.to_ng()) == ("", None, document)
    assert "''" in repr(command)


def test_an_offer_of_another_client_is_typed_too() -> None:
    document = Offer(sdp=PHONE, call_id="c", from_tag="a", flags=Flags(ice="force", debug=True)).to_ng()
    del document["supports"]
    command = command_of(document)
    assert isinstance(command, Offer)
    assert command.flags == Flags(ice="force", debug=True)


def test_a_stream_to_be_transcoded_is_read() -> None:
    media = TransformMedia(address="2001:db8::1", port=4444, codecs=[PAYLOADS])
    assert TransformMedia.from_ng(media.to_ng()) == media
    with pytest.raises(UsageError):
        Payload.from_ng({"payload type": 0})


KEYS = sorted(
    {key.key for kind in COMMANDS.values() for _, key in keys_of(kind)} | {"flags", "ICE", "SDES", "codec"}
)
ANY: st.SearchStrategy[Any] = st.recursive(
    st.integers(-1, 5) | st.sampled_from(["", "a", "all", "directional", "v=0", "PCMU", "127.0.0.1", "\udcff"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(COMMANDS)), st.dictionaries(st.sampled_from(KEYS), ANY, max_size=6))
def test_whatever_is_asked_for_is_a_command_that_says_the_same(name: str, document: dict[str, Any]) -> None:
    request = {"command": name} | document
    command = command_of(request)
    assert command.name == name
    mine, theirs = (decode_document(encode_document(it)) for it in (command.to_ng(), request))
    if isinstance(command, Raw):
        assert mine == theirs
    else:
        words: Any = mine.pop("flags", [])
        asked: Any = theirs.pop("flags", [])
        assert set(words) == set(asked)
        assert mine | {"supports": 0} == theirs | {"supports": 0}


def test_another_spelling_is_kept_as_it_came() -> None:
    odd = {"transport protocol": "RTP/AVP", "SDES": "off", "ICE": "force", "flags": ["debug", "trust address"]}
    command = command_of({"command": "offer", "sdp": "v=0", "call-id": "c", "from-tag": "a", **odd})
    assert isinstance(command, Offer)
    assert command.flags is not None
    assert command.flags.to_ng() == odd
    assert (command.flags.ice, command.flags.debug) == ("force", True)
    assert Flags.from_ng(command.flags.to_ng()).sdes == ("off",)
