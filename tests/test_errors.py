"""The tree of errors, their fields, and that none of them shows a secret."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rtpe_ng import (
    EngineError,
    LoadLimit,
    RequestTimeout,
    RtpeError,
    SdpError,
    TransportError,
    UnknownCall,
    UntrustedState,
    UsageError,
    WireError,
    errors,
)
from rtpe_ng.errors import redact

EVERY = [
    UsageError("say ice='force'"),
    UntrustedState("not ours"),
    SdpError("m= expected", line=3, text="m=audio"),
    WireError("not canonical", offset=3, data=b"d1:ai01ee"),
    TransportError("refused", address="127.0.0.1:9"),
    RequestTimeout("no reply", command="ping", attempts=3, seconds=1.5),
    EngineError("Error rewriting SDP", command="offer", call_id="x", hint="look at its log"),
    LoadLimit("full", command="offer", call_id="x", hint="another"),
    UnknownCall("Unknown call-id", command="query", call_id="x"),
]


@pytest.mark.parametrize(
    ("kind", "base"),
    [
        (UsageError, ValueError),
        (UntrustedState, UsageError),
        (SdpError, ValueError),
        (TransportError, OSError),
        (RequestTimeout, TimeoutError),
        (LoadLimit, EngineError),
        (UnknownCall, EngineError),
        *[(type(error), RtpeError) for error in EVERY],
    ],
)
def test_the_tree(kind: type, base: type) -> None:
    assert issubclass(kind, base)


@pytest.mark.parametrize("error", EVERY, ids=lambda error: type(error).__name__)
def test_an_error_can_be_sent_to_another_process(error: RtpeError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.__dict__) == (type(error), str(error), error.__dict__)


@pytest.mark.parametrize(
    ("error", "fields"),
    [
        (SdpError("odd", line=3, text="m=audio"), {"line": 3, "text": "m=audio"}),
        (SdpError("odd"), {"line": 0, "text": ""}),
        (WireError("odd", offset=3, data=b"d1:ai01ee"), {"offset": 3, "data": b"d1:ai01ee"}),
        (WireError("odd"), {"offset": None, "data": b""}),
        (TransportError("refused", address="127.0.0.1:9"), {"address": "127.0.0.1:9"}),
        (TransportError("refused"), {"address": ""}),
        (
            RequestTimeout("no reply", command="ping", attempts=3, seconds=1.5),
            {"command": "ping", "attempts": 3, "seconds": 1.5},
        ),
        (RequestTimeout("no reply"), {"command": "", "attempts": 0, "seconds": 0.0}),
        (
            LoadLimit("full", command="offer", call_id="x", hint="another"),
            {"reason": "full", "command": "offer", "call_id": "x", "hint": "another"},
        ),
        (EngineError("why"), {"reason": "why", "command": "", "call_id": None, "hint": ""}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_has_its_fields(error: RtpeError, fields: dict[str, object]) -> None:
    assert {name: getattr(error, name) for name in fields} == fields


def test_the_page_of_errors_has_each_error_with_its_sip_status() -> None:
    text = Path(__file__).parents[1].joinpath("docs/howto/errors.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \|[^|]*\| ([^|]+) \|", text, re.MULTILINE))
    kinds = {name: getattr(errors, name) for name in errors.__all__ if name != "redact"}
    del kinds["RtpeError"]
    assert rows == {
        name: "488 or 500" if kind is EngineError else str(kind.sip_status) for name, kind in kinds.items()
    }


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("Failed to parse SDP", 488),
        ("Error rewriting SDP", 488),
        ("Incomplete SDP specification", 488),
        ("Unrecognized command", 500),
        ("Ran out of ports", 500),
    ],
)
def test_what_the_engine_refuses_decides_the_sip_status(reason: str, status: int) -> None:
    assert EngineError(reason, command="offer", call_id="x").sip_status == status


def test_no_sip_status_ends_a_dialogue_that_goes_on() -> None:
    """RFC 5057, section 5.1: these destroy the dialogue, or its INVITE usage."""
    ending = {404, 405, 408, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 502, 604}
    assert {error.sip_status for error in EVERY}.isdisjoint(ending)


def test_an_error_says_where() -> None:
    assert str(SdpError("no address", line=3, text="c=IN IP4")) == "line 3: no address: 'c=IN IP4'"
    assert str(SdpError("an empty body")) == "an empty body"
    assert len(str(SdpError("odd", line=3, text="x" * 1000))) < 120
    assert str(WireError("no dictionary", offset=0, data=b"x")) == "no dictionary at byte 0: b'x'"
    assert str(WireError("the reply carries no 'sdp'")) == "the reply carries no 'sdp'"


@given(st.binary(max_size=300), st.integers(0, 400))
def test_a_clip_is_what_stands_around_the_offset(data: bytes, offset: int) -> None:
    clip = WireError("bad", offset=offset, data=data.replace(b":", b"_").replace(b"=", b"_")).data
    begin = max(0, min(offset, len(data)) - 24)
    assert clip == data.replace(b":", b"_").replace(b"=", b"_")[begin : begin + 48]


def test_an_engine_error_says_what_of_which_and_the_cure() -> None:
    text = str(next(it for it in EVERY if type(it) is EngineError))
    assert text == "the engine refused 'offer' of call 'x': Error rewriting SDP (look at its log)"
    assert str(EngineError("why")) == "why"
    assert str(EngineError("why", command="ping")) == "the engine refused 'ping': why"
    assert repr(EngineError("a=ice-pwd:verysecret")) == "EngineError('a=ice-pwd:**********')"


# Characters that end a key where it stands do not belong to it.
KEYS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=", min_size=8, max_size=60)
PLACES = [
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{}|2^20|1:4",
    "v=0\r\na=crypto:2 F8 INLINE:{}\r\n",
    "a=ice-ufrag:abcd\r\na=ice-pwd:{}\r\na=setup:active",
    "a=key-mgmt:mikey {}",
    "v=0\nk=base64:{}\n",
    'json "a=ice-pwd:{}\\r\\n"',
    'json "v=0\\r\\nk=base64:{}\\r\\n"',
    "udp://me:{}@host:1",
]


@given(st.sampled_from(PLACES), KEYS, st.text(max_size=10), st.text(max_size=10))
def test_no_secret_survives_and_no_offset_moves(place: str, key: str, before: str, after: str) -> None:
    assume(key not in before + after + place)
    if place.startswith("udp:"):
        key = key.replace("/", "%2F")  # a password in a URL has none (RFC 3986, section 3.2.1)
    text = f"{before}\n{place.format(key)}\n{after}"
    masked = redact(text)
    assert key not in masked
    assert "*" * len(key.split("=", maxsplit=1)[0]) in masked
    assert len(masked) == len(text)
    assert redact(masked) == masked


@given(st.text(max_size=200))
def test_masking_touches_nothing_but_secrets(text: str) -> None:
    masked = redact(text)
    assert all(was == now or now == "*" for was, now in zip(text, masked, strict=True))
    if not any(word in text.lower() for word in ("inline:", "ice-pwd", "key-mgmt:", "k=", "://")):
        assert masked == text


@given(KEYS, st.integers(0, 200), st.sampled_from(PLACES))
def test_a_clip_never_shows_a_secret_wherever_it_begins(key: str, offset: int, place: str) -> None:
    if place.startswith("udp:"):
        key = key.replace("/", "%2F")
    data = b"x" * 30 + place.format(key).encode() + b"y" * 30
    error = WireError("bad", offset=offset, data=data)
    assert len(error.data) <= 48
    shown = str(error) + repr(error)
    assert not [key[at : at + 8] for at in range(len(key) - 7) if key[at : at + 8] in shown]


def test_sdp_errors_show_no_secret() -> None:
    error = SdpError("odd", line=1, text="a=ice-pwd:verysecretindeed")
    assert "verysecret" not in str(error) + repr(error) + error.text


@pytest.mark.parametrize(
    "text",
    [
        # JSON may write "/" and "+" with an escape.
        "a=crypto:1 F8 inline:sec\\/ret\\u002Bsecret|1:4",
        "a=ice-pwd:secret,secret;secret|secret",
        "k=clear:secret;secret",
        # What stands as Latin-1 may look like a space.
        "a=ice-pwd:sec\xa0ret\x85secret",
        "udp://me:sec,ret|sec@ret@host",
        f"udp://me:{'secret' * 99}@host",
    ],
)
def test_a_secret_is_masked_to_its_end(text: str) -> None:
    masked = redact(text)
    assert "sec" not in masked
    assert "ret" not in masked
    assert len(masked) == len(text)


def test_what_stands_beside_a_secret_stays() -> None:
    text = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AbC/+=|2^20|1:4;inline:dEf|2^20|2:4 UNENCRYPTED_SRTP"
    assert redact(text) == text.replace("AbC/+=", "******").replace("dEf", "***")
    assert redact("udp://me:pass@host:2223: refused") == "udp://me:****@host:2223: refused"
    assert redact("udp://host:2223 and me@example.org") == "udp://host:2223 and me@example.org"


@pytest.mark.parametrize("place", ["a=key-mgmt:mikey {}", "v=0\r\nk=base64:{}", "a=crypto:1 F8 inline:{}"])
@given(repeats=st.integers(1, 3000), offset=st.integers(0, 9000))
def test_a_clip_shows_no_secret_however_long(place: str, repeats: int, offset: int) -> None:
    error = WireError("bad", offset=offset, data=place.format("QUJD" * repeats).encode())
    assert "QUJ" not in str(error)
    assert b"UJD" not in error.data


def test_a_secret_that_stands_in_the_message_is_masked_too() -> None:
    error = WireError("the key 'a=ice-pwd:verysecretindeed' stands twice", offset=3)
    assert "verysecret" not in str(error) + repr(error)
    assert "stands twice at byte 3" in str(error)


@given(st.text(), st.text())
def test_no_error_writes_to_a_terminal_or_forges_a_line(reason: str, command: str) -> None:
    for error in (
        EngineError(reason, command=command, call_id=reason),
        LoadLimit(reason),
        WireError(reason),
        UsageError(reason),
        SdpError(reason, line=1, text=command),
    ):
        assert str(error).isprintable()
    if reason.isprintable():
        assert str(UsageError(reason)) == reason
