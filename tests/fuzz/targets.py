"""What the fuzzer feeds: functions of bytes that raise only where the library has a defect.

Each target reads its bytes as what a peer, a proxy, a store or a user could give. An error of ours is a right
answer to nonsense; any other exception, a broken law and a hang are defects. `python -m tools.fuzz` looks for bytes
that show one. The tests replay the corpus, a folder of files for each target, without the fuzzer.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Literal, get_args

import pytest

from rtpe_ng import Client, Flags, RtpeError, SdpError, UsageError, WireError, sdp
from rtpe_ng.call.state import CallState
from rtpe_ng.flags import DialectName
from rtpe_ng.protocol import Exchange, Exchanges, Result
from rtpe_ng.transports import Url
from rtpe_ng.wire import decode_document, decode_reply, encode_document, split_message
from tests.support.sdp_helpers import HELPERS

Target = Callable[[bytes], None]

TARGETS: dict[str, Target] = {}
"""The targets by their names, which are also those of their folders in the corpus."""


def target(function: Target) -> Target:
    """Enter a function in `TARGETS`."""
    TARGETS[function.__name__] = function
    return function


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _chosen(data: bytes, number: int) -> tuple[int, bytes]:
    """Return a number below `number`, which the first byte chooses, and the other bytes."""
    return (data[0] % number if data else 0), data[1:]


@target
def document(data: bytes) -> None:
    """A document from the wire is decoded to what encodes and decodes again, or is a `WireError`."""
    try:
        decoded = decode_document(data)
    except WireError:
        return
    assert decode_document(encode_document(decoded)) == decoded


@target
def lazy_document(data: bytes) -> None:
    """A reply that is decoded only when it is read says the same as one that is decoded at once."""
    try:
        reply = decode_reply(data, "delete")
        known = {key: reply.get(key) for key in ("result", "warning", "error-reason")}
        decoded = dict(reply)
    except WireError:
        with pytest.raises(WireError):
            decode_document(data)
        return
    assert decoded == decode_document(data)
    # In JSON a hostile daemon may write the key with escapes, and in a text it may write what looks like a result.
    if data[:1] == b"d":
        assert known["warning"] == decoded.get("warning")


@target
def exchanges(data: bytes) -> None:
    """Whatever arrives, each request ends once, and nothing is left.

    Lines are datagrams. One that begins with a digit has the cookie of that request before it.
    """
    core = Exchanges(peer="engine")
    requests = [
        core.submit(command, b"d7:command4:pinge", now=0.0, timeout=1.0 + number)
        for number, command in enumerate(("ping", "offer", "delete", "query"))
    ]
    ended: list[Exchange] = []
    now = 0.0
    for datagram in data.split(b"\n"):
        list(core.messages_to_send(now))
        first, message = datagram[:1], datagram
        if first.isdigit():
            message = requests[int(first) % len(requests)].cookie.encode() + b" " + datagram[1:]
        with contextlib.suppress(WireError):
            split_message(message)
        core.receive(message, now)
        ended += core.finished()
        now += 0.01
    while (timer := core.next_timer()) is not None:
        core.handle_timer(max(now, timer))
        list(core.messages_to_send(max(now, timer)))
        ended += core.finished()
    assert sorted(map(id, ended)) == sorted(map(id, requests))
    assert all((it.result is Result.REPLY) == (it.reply is not None) != (it.error is not None) for it in requests)
    assert core.in_flight == core.queued == 0


@target
def flag_string(data: bytes) -> None:
    """A flag string of a proxy makes flags that are written as a string of the same flags."""
    dialects: tuple[DialectName, ...] = get_args(DialectName)
    choice, data = _chosen(data, len(dialects) * 4)
    dialect, is_strict = dialects[choice % len(dialects)], bool(choice // len(dialects) % 2)
    command = ("offer", "answer")[choice // len(dialects) // 2]
    try:
        flags = Flags.parse(_text(data), dialect=dialect, command=command, strict=is_strict)
    except UsageError:
        return
    _is_sound(flags, command)
    with contextlib.suppress(UsageError):
        said = flags.format(dialect=dialect, command=command)
        assert Flags.parse(said, dialect=dialect, command=command, strict=False) == flags
    for other in dialects:
        with contextlib.suppress(UsageError):
            sent = flags.to_ng(dialect=other, command=command)
            said = flags.format(dialect=other, command=command)
            assert Flags.parse(said, dialect=other, command=command).to_ng(dialect=other, command=command) == sent


@target
def flags_document(data: bytes) -> None:
    """The dictionary of another client makes flags that go onto the wire, and come back the same."""
    try:
        document = decode_document(data)
        flags = Flags.from_ng(document)
    except (WireError, UsageError):
        return
    _is_sound(flags, "offer")
    Flags.explain_ng(document)


def _is_sound(flags: Flags, command: str) -> None:
    try:
        sent = flags.to_ng()
    except UsageError:
        return
    with contextlib.suppress(UsageError):
        # Read once, an option is in its own spelling, and stays as it is.
        read = Flags.from_ng(decode_document(encode_document(sent))).to_ng()
        assert Flags.from_ng(read).to_ng() == read
    flags.problems(command)
    str(flags.explain(command))
    hash(flags)
    repr(flags)


@target
def description(data: bytes) -> None:
    """A body is kept byte for byte, and each of its views can be read."""
    try:
        session = sdp.parse(data)
    except SdpError:
        return
    assert bytes(session) == data
    assert sdp.parse(str(session)) == session
    for view in (session, *session.media):
        for name in _VIEWS[type(view)]:
            with contextlib.suppress(RtpeError):
                getattr(view, name)
    sdp.has_usable_candidates(session)
    sdp.is_webrtc(session)
    repr(session)


_VIEWS: dict[type, list[str]] = {
    kind: [name for name in dir(kind) if isinstance(getattr(kind, name), property)]
    for kind in (sdp.Session, sdp.Media)
}


@target
def rewriting(data: bytes) -> None:
    """A helper changes a body into one that parses and that it would leave as it is."""
    choice, data = _chosen(data, len(HELPERS))
    try:
        session = sdp.parse(data)
        changed = HELPERS[choice].call(session)
    except (SdpError, UsageError):
        return
    assert sdp.parse(str(changed)) == changed
    assert str(HELPERS[choice].call(changed)) == str(changed)
    assert str(HELPERS[choice].call(str(session))) == str(changed)
    str(sdp.diff(session, changed))


@target
def fragment(data: bytes) -> None:
    """A fragment of trickle ICE is read, or applied to a body, or refused."""
    body, _, rest = data.partition(b"\n\n")
    for read in (sdp.parse_fragment, sdp.fragment_of, lambda it: sdp.apply_fragment(it, rest)):
        with contextlib.suppress(SdpError, UsageError):
            read(body)


@target
def problems(data: bytes) -> None:
    """What is wrong with a body is said, whatever it is; the verdicts of each reader can be printed."""
    text = _text(data)
    for body in (data, text):
        for found in _verdicts(body):
            str(found)


def _verdicts(body: str | bytes) -> Iterator[object]:
    for engine in (None, "10.5", "12.5", "26.0"):
        with contextlib.suppress(SdpError):
            yield from sdp.problems(body, engine=engine)
    roles: tuple[Literal["offer", "answer"] | None, ...] = (None, "offer", "answer")
    for role in roles:
        yield from sdp.web_problems(body, role=role)
    with contextlib.suppress(SdpError):
        yield from sdp.candidate_problems(body)


@target
def negotiation(data: bytes) -> None:
    """Two bodies, with an empty line between them, are judged as an offer and its answer, and compared."""
    first, _, second = data.partition(b"\n\n")
    for found in (
        *sdp.web_problems(second, role="answer", answering=first),
        *sdp.web_problems(second, role="offer", after=first),
    ):
        str(found)
    with contextlib.suppress(SdpError):
        str(sdp.diff(first, second))


@target
def candidate(data: bytes) -> None:
    """A candidate is read strictly to what is written and read the same, and leniently to what can be asked."""
    text = _text(data)
    with contextlib.suppress(SdpError, UsageError):
        parsed = sdp.Candidate.parse(text)
        assert sdp.Candidate.parse(str(parsed)) == parsed
    with contextlib.suppress(SdpError, UsageError):
        read = sdp.Candidate.read(text)
        _ = read.ip, read.ufrag, read.is_mdns


@target
def call_state(data: bytes) -> None:
    """A state that came back from the network is that of a call, written in the only way, or is refused."""
    text = _text(data)
    try:
        parsed = CallState.parse(text)
    except UsageError:
        return
    assert str(parsed) == text
    with contextlib.suppress(UsageError):
        call = Client("udp://127.0.0.1:2223").restore_call(text)
        assert call.state == text
        repr(call)


@target
def url(data: bytes) -> None:
    """A URL is read to what is written and read the same, or is refused in words that can be printed."""
    try:
        parsed = Url.parse(_text(data))
    except UsageError as refusal:
        shown = str(refusal)
    else:
        shown = str(parsed)
        assert Url.parse(shown) == parsed
    assert shown.isprintable()
