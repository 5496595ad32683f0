"""``rtpe-ng lint``: what it prints of a body, for whom, and with which exit status."""

from __future__ import annotations

import io
import itertools
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from rtpe_ng import Leg, sdp
from rtpe_ng.console.cli import main
from rtpe_ng.console.lint import READERS, lint
from rtpe_ng.errors import UsageError
from rtpe_ng.testing import bodies
from tests.support.descriptions import damaged
from tests.support.examples import examples

GOOD = sdp.offer(address="192.0.2.1", port=4000)
BAD = GOOD.replace("a=rtpmap:0 PCMU/8000", "a=rtpmap:0 PCMU").replace("a=sendrecv", "a=sendonly ")


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write(body: str | bytes, name: str = "body.sdp") -> str:
        path = tmp_path / name
        path.write_bytes(body if isinstance(body, bytes) else body.encode("utf-8", "surrogateescape"))
        return str(path)

    return write


def test_a_clean_body(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(GOOD)
    assert main(["lint", file, "--for", "phone"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{file}: for SDP, phone (as --for says)"
    sections = "  audio: RTP/AVP, to 192.0.2.1 port 4000, sendrecv, PCMU/8000 PCMA/8000 telephone-event/8000, "
    assert lines[1] == f"{sections}RTCP to the port above"
    assert lines[-1] == f"{file}: no problems"


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_each_problem_has_its_line_and_a_caret_below_what_is_wrong(write: Any, end: str) -> None:
    file = write(BAD.replace("\r\n", end))
    text, status = lint([file], readers=["phone"])
    assert status == 1
    assert f"{file}:7: " in text
    assert "    a=rtpmap:0 PCMU\n             ^~~~~~\n" in text
    # The blank that a person cannot see is marked.
    assert "    a=sendonly \n      ^~~~~~~~~\n" in text
    assert text.endswith(f"{file}: 2 problems")


def test_it_chooses_the_reader_by_the_body_and_says_so(write: Any) -> None:
    web, phone = write(bodies.offer(Leg.WEB), "web"), write(bodies.offer(Leg.SIP), "phone")
    text, status = lint([web, phone])
    assert status == 0
    heads = [line for line in text.splitlines() if ": for " in line]
    assert "for SDP, browser" in heads[0]
    assert "audio 0 is UDP/TLS/RTP/SAVPF with ICE and a DTLS fingerprint" in heads[0]
    assert "for SDP, phone" in heads[1]
    assert "phone" not in heads[0]


def test_a_phones_body_is_nothing_for_a_browser_and_the_other_way_round(write: Any) -> None:
    for leg, reader in ((Leg.SIP, "browser"), (Leg.WEB, "phone")):
        text, status = lint([write(bodies.offer(leg))], readers=[reader])
        assert status == 1
        assert "RTP/AVP" in text


def test_json_has_the_same_problems(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(BAD)
    assert main(["lint", file, "--for", "phone", "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)["files"]
    assert found["file"] == file
    assert found["readers"] == ["SDP", "phone"]
    first = found["problems"][0]
    assert first.keys() == {*("reason", "section", "line", "text", "effect", "rule", "cure", "helper", "readers")}
    assert (first["line"], first["text"], first["readers"]) == (7, "a=rtpmap:0 PCMU", ["SDP"])


def test_the_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD.encode())))
    assert main(["lint", "-"]) == 0
    assert capsys.readouterr().out.startswith("-: for SDP")


def test_what_is_no_sdp_is_a_problem_with_its_line(write: Any) -> None:
    text, status = lint([write("v=0\r\nhe\x1bllo\r\n")])
    assert status == 1
    assert ":2: session: a type letter, an equals sign and a value expected" in text
    assert "    he\\x1bllo\n    ^~~~~~~~~" in text
    assert lint([write("")])[1] == 1


def test_mistakes_have_their_status(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ["lint", "/nowhere.sdp"],
        ["lint", "-", "-"],
        ["lint", write(GOOD), "--role", "offer", "--answering", write(GOOD)],
        ["lint", "/"],
    ):
        assert main(arguments) == 2
        assert capsys.readouterr().err.startswith("rtpe-ng: ")


SECRETS = (
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRETSECRETSECRETSECRETSECRETSECRETSECR",
    "a=crypto:1 SECRETSECRET",
    "a=ice-pwd:SECRETSECRETSECRETSECRET ",
    "a=ice-pwd :SECRETSECRETSECRETSECRET",
    "k=clear:SECRETSECRET",
    "a=key-mgmt:mikey SECRETSECRET",
    "q=crypto:1 AES SECRETSECRET",
    "crypto SECRETSECRET",
)


@pytest.mark.parametrize("line", SECRETS)
@pytest.mark.parametrize("leg", Leg)
@pytest.mark.parametrize("as_json", [True, False])
def test_no_secret_is_shown(write: Any, line: str, leg: Leg, as_json: bool) -> None:
    text, _ = lint([write(f"{bodies.offer(leg)}{line}\r\n")], readers=READERS, as_json=as_json)
    assert "SECRET" not in text


@examples(60)
@given(text=damaged())
def test_nothing_but_text_reaches_the_terminal(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.sdp"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    shown, status = lint([str(path)])
    assert all(line.isprintable() for line in shown.split("\n"))
    assert status in (0, 1)
    assert json.loads(lint([str(path)], as_json=True)[0])["files"][0]["file"] == str(path)
    # Every line of marks stands below a line of the body, and not beyond it.
    lines = shown.split("\n")
    for above, marks in itertools.pairwise(lines):
        if marks.strip("~ ") == "^" and marks.startswith("    "):
            assert len(marks) <= max(len(above), 5)


def test_a_body_to_compare_with_that_is_no_sdp_is_a_mistake_in_the_arguments(write: Any) -> None:
    with pytest.raises(UsageError, match=r":1: a type letter"):
        lint([write(bodies.offer(Leg.WEB))], answering=write("nothing", "other.sdp"))


def test_a_terminal_that_lacks_a_letter_gets_an_escape(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(shown, encoding="ascii"))
    assert main(["lint", "--for", "phone", write(BAD.replace("PCMU", "caf\xe9"))]) == 1
    sys.stdout.flush()
    assert rb"caf\xe9" in shown.getvalue()
