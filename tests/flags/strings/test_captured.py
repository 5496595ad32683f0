"""What the real modules of Kamailio and OpenSIPS put on the wire, line by line: tests/data/flag-strings.jsonl."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rtpe_ng import Flags, UsageError

LINES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data/flag-strings.jsonl").read_text(encoding="utf-8").splitlines()
]
DIALECTS: dict[str, Any] = {
    "kamailio-5.6.3": "kamailio-5.6",
    "kamailio-6.2.0-dev1": "kamailio",
    "opensips-4.1.0-dev": "opensips",
}
MESSAGE_KEYS = {
    "sdp", "call-id", "from-tag", "to-tag", "command",
    "received-from", "supports", "sip-message-type", "via-branch",
}  # fmt: skip
# Not the string was refused, but the SIP message or the script.
MESSAGE_IS_TO_BLAME = ("does not apply to this message", "extract body", "No to-tag", "is not a string")


def command_of(line: dict[str, Any]) -> str:
    """Return the command of the function that ran; what manage became is in the dictionary."""
    op: str = line["op"].removesuffix("-noarg").removesuffix("-nullvar")
    return line["dict"]["command"] if op == "manage" and line["dict"] else op


def expected(line: dict[str, Any]) -> dict[str, Any]:
    wire = {key: value for key, value in line["dict"].items() if key not in MESSAGE_KEYS}
    if (line["op"], line["msg"]) == ("offer", "INFO"):
        # From the type of the body, a trickle fragment.
        wire["flags"] = [word for word in wire["flags"] if word != "fragment"]
    if line["note"].startswith("OpenSIPS: rtpengine_play_dtmf") and "code=" not in line["flags"]:
        # From the function's first parameter.
        del wire["code"]
    return {key: value for key, value in wire.items() if value != []}


PARSED = [line for line in LINES if "-v-" not in line["op"]]
ACCEPTED = [line for line in PARSED if line["ok"]]
REJECTED = [line for line in PARSED if not line["ok"]]
UNPARSED = [line for line in LINES if "-v-" in line["op"] and line["ok"]]


def name_of(line: dict[str, Any]) -> str:
    return f"{line['peer']}-{line['case']}-{line['op']}"


@pytest.mark.parametrize("line", ACCEPTED, ids=name_of)
def test_what_the_module_sent_is_what_we_say_it_sends(line: dict[str, Any]) -> None:
    dialect, command = DIALECTS[line["peer"]], command_of(line)
    lax = Flags.parse(line["flags"], dialect=dialect, command=command, strict=False)
    assert lax.to_ng(dialect=dialect) == expected(line)
    if "dup_keys" not in line:
        order = [key for key in line["wire_keys"] if key in expected(line)]
        assert list(lax.to_ng(dialect=dialect)) == order
    try:
        strict = Flags.parse(line["flags"], dialect=dialect, command=command)
    except UsageError:
        return
    assert strict == lax
    assert strict.to_ng(dialect=dialect) == expected(line)


@pytest.mark.parametrize("line", REJECTED, ids=name_of)
def test_what_the_module_rejects_we_reject(line: dict[str, Any]) -> None:
    options: dict[str, Any] = {"dialect": DIALECTS[line["peer"]], "command": command_of(line)}
    if any(words in line["note"] for words in MESSAGE_IS_TO_BLAME):
        Flags.parse(line["flags"], **options, strict=False)
    else:
        for strict in (True, False):
            with pytest.raises(UsageError):
                Flags.parse(line["flags"], **options, strict=strict)


@pytest.mark.parametrize("line", ACCEPTED, ids=name_of)
def test_the_routing_is_what_the_module_did_to_the_message(line: dict[str, Any]) -> None:
    case, wire, reply = line["case"], line["dict"], line["msg"].startswith(("183", "200", "486"))
    flags = Flags.parse(line["flags"], dialect=DIALECTS[line["peer"]], command=command_of(line), strict=False)
    said = flags.routing
    assert wire["call-id"] == (said.call_id or f"call-{case:04d}@flags.test")
    # Overridden first and swapped then, where the answer is in a request; and there are commands that send none.
    ours = "ftag-A" if said.from_tag is None else said.from_tag
    theirs = said.to_tag if isinstance(said.to_tag, str) else "ttag-B"
    assert (wire.get("from-tag"), wire.get("to-tag")) in {
        *((ours, theirs), (theirs, ours), (None, theirs), (None, None)),
        *([] if said.to_tag else [(ours, None)]),
        *([(ours, None)] if wire["command"] not in ("offer", "answer", "delete") else []),
    }
    assert not said.force_answer or wire["command"] == "answer"
    assert said.received_from is None or wire["received-from"] == [
        "IP6" if ":" in said.received_from else "IP4",
        said.received_from,
    ]
    assert said.received_from is not None or wire.get("received-from", ["IP4", "127.0.0.1"]) == ["IP4", "127.0.0.1"]
    if said.via_branch is None:
        assert wire.get("via-branch") == said.via_branch_param
    elif "volatile" not in line:
        assert wire["via-branch"] == branch_of(said.via_branch, case, reply=reply)


def branch_of(name: str, case: int, *, reply: bool) -> str:
    """Return the branch in the messages that were sent: the second Via is the client's in replies, not requests."""
    number = {"auto": "2", "auto-next": "1", "auto-extra": "1"}.get(name, name) if reply else name
    if number in ("extra", "auto-extra"):
        return "EXTRA-42"
    first = number in ("1", "auto", "auto-next")
    where = ("proxy" if first else "client") if reply else ("client" if first else "upstream")
    return f"z9hG4bK-{where}{case:04d}"


@pytest.mark.parametrize("line", UNPARSED, ids=name_of)
def test_what_kamailio_passes_on_unread_is_a_key(line: dict[str, Any]) -> None:
    wire = {key: value for key, value in line["dict"].items() if key not in MESSAGE_KEYS}
    assert Flags(extra={"rtpp-flags": line["flags"]}).to_ng() == wire


def test_the_data_are_all_there() -> None:
    assert len(LINES) == 1245
    assert len(ACCEPTED) == 1159
