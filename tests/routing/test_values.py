"""What a router reads of a message, the signed parameter, and the stores of states."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Client, UntrustedState, UsageError, routing
from rtpe_ng.routing import SipMessage, StateStore, branch_of, seal, unseal
from rtpe_ng.routing.memory import REMEMBERED, REPEATED, RouterMemory
from rtpe_ng.routing.store import store_of
from tests.support.examples import examples
from tests.support.stack import router_of

MESSAGE: dict[str, Any] = {"method": "INVITE", "call_id": "x", "from_tag": "a"}


@pytest.mark.parametrize(
    ("via", "branch"),
    [
        ("SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks", "z9hG4bK56sdasks"),
        ("Via: SIP/2.0/UDP 203.0.113.20:5060 ; rport ; BRANCH = z9hG4bK7 ;received=198.51.100.1", "z9hG4bK7"),
        ("SIP/2.0/UDP a;branch=z9-1, SIP/2.0/UDP b;branch=z9-2", "z9-1"),
        ("SIP/2.0/UDP a,SIP/2.0/UDP b;branch=z9-2", ""),
        ('SIP/2.0/UDP a;x=";branch=no, ";branch=z9-1', "z9-1"),
        ("SIP/2.0/UDP a", ""),
        ("", ""),
    ],
)
def test_the_branch_of_a_via(via: str, branch: str) -> None:
    assert branch_of(via) == branch


@given(st.text())
@examples(50)
def test_any_text_may_be_asked_for_a_branch(via: str) -> None:
    assert re.search(r"[\s;,\"]", branch_of(via), re.ASCII) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"method": ""},
        {"call_id": ""},
        {"from_tag": None},
        {"to_tag": 7},
        {"status": 99},
        {"status": 700},
        {"status": True},
        {"status": "200"},
        {"body": 7},
        {"branch": b"z9"},
    ],
    ids=str,
)
def test_a_message_that_is_none(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=next(iter(wrong))):
        SipMessage(**MESSAGE | wrong)


def test_what_a_stack_says_with_none_is_empty() -> None:
    given: dict[str, Any] = dict.fromkeys(["to_tag", "branch", "source", "body", "route", "status", "reliable"])
    assert SipMessage(**MESSAGE | given) == SipMessage(**MESSAGE)


def test_a_message_shows_no_key() -> None:
    assert "inline" not in repr(SipMessage(**MESSAGE, body="a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x"))


@given(st.text(), st.binary(min_size=16, max_size=20), st.binary(min_size=16, max_size=20))
@examples(50)
def test_only_the_same_secret_opens_what_it_sealed(state: str, secret: bytes, other: bytes) -> None:
    sealed = seal(state, secret=secret)
    assert unseal(sealed, secret=secret) == state
    for changed in (f"x{sealed}", sealed[:-1], sealed.upper() + "_", state, f"{state}_", "", "_", "é_é"):
        with pytest.raises(UntrustedState):
            unseal(changed, secret=secret)
    if secret != other:
        with pytest.raises(UntrustedState):
            unseal(sealed, secret=other)


@pytest.mark.parametrize("secret", [b"", b"too short", "text of 16 or more", None])
def test_a_secret_that_is_none(secret: Any) -> None:
    with pytest.raises(UsageError, match="secret="):
        seal("state", secret=secret)
    if secret is not None:
        with pytest.raises(UsageError, match="secret="):
            router_of(Client("udp://127.0.0.1:9"), secret=secret)


def test_a_store_is_a_mapping_or_has_three_coroutines() -> None:
    states: dict[str, str] = {}
    assert isinstance(store_of(states), StateStore)
    store = store_of(states)
    assert store_of(store) is store
    with pytest.raises(UsageError, match="states="):
        router_of(Client("udp://127.0.0.1:9"), states=[])


def test_memory_is_bounded_by_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    memory = RouterMemory()
    message = SipMessage(**MESSAGE, branch="z9", body="v=0")
    for number in range(3):
        now += 1
        memory.of(f"call-{number}", f"call-{number}", branch="z9")
        memory.of(f"call-{number};pass=2", f"call-{number}")
    memory.keep_result(message, message, "that")
    assert memory.result(message, message) == "that"
    assert memory.passes("call-1") == ["call-1", "call-1;pass=2"]
    # Without a branch, nothing tells a message that is resent from another one.
    plain = SipMessage(**MESSAGE, body="v=0")
    memory.keep_result(plain, plain, "that")
    assert memory.result(plain, plain) is None
    now += REPEATED + 1
    assert memory.result(message, message) is None
    now += REMEMBERED
    memory.of("another", "another")
    assert (len(memory), memory.passes("call-1"), memory.get("call-1")) == (1, [], None)


def test_the_reference_has_each_name_argument_and_field() -> None:
    text = (Path(__file__).parents[2] / "docs/reference/routing.md").read_text(encoding="utf-8")
    assert all(re.search(rf"^\| .*`{name}[`(]", text, re.MULTILINE) for name in routing.__all__)
    assert all(f"`{field.name}`" in text for field in attrs.fields(SipMessage))
    for name, argument in inspect.signature(routing.Router).parameters.items():
        value = getattr(argument.default, "name", argument.default)
        default = "" if argument.default is inspect.Parameter.empty else f"={value}"
        assert f"| `{name}{default}` |" in text
    methods = {name: it for name, it in vars(routing.Router).items() if callable(it) and not name.startswith("_")}
    for name, method in methods.items():
        parameters = list(inspect.signature(method).parameters.values())[1:]
        given = [it.name + ("" if it.default is it.empty else f"={it.default}") for it in parameters]
        assert f"| `{name}({', '.join(given)})` |" in text
