"""The command as a person runs it, in a process of its own."""

from __future__ import annotations

import os
import re
import selectors
import signal
import subprocess
import sys
from pathlib import Path

import anyio
import pytest

from rtpe_ng import Client
from rtpe_ng.console.cli import main
from rtpe_ng.console.demo import flags_line
from rtpe_ng.flags import Flags
from rtpe_ng.legs import Leg
from rtpe_ng.testing import Rtpengine, bodies


def run(
    *arguments: str, stdin: str = "", status: int = 0, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-m", "rtpe_ng", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | (environment or {}),
        check=False,
    )
    # In development mode asyncio tells of a step that took long, for which a busy machine is enough.
    done.stderr = re.sub(r"^Executing <.*> took [\d.]+ seconds\n", "", done.stderr, flags=re.MULTILINE)
    assert done.returncode == status, done.stdout + done.stderr
    return done


@pytest.fixture
def no_path() -> dict[str, str]:
    """Return an environment in which no daemon is found."""
    if Rtpengine.find() in ("/usr/sbin/rtpengine", "/usr/local/bin/rtpengine", "/usr/local/sbin/rtpengine"):
        pytest.skip("the daemon of this machine is found without PATH")
    return {"PATH": "/nowhere"}


def test_the_demo_shows_four_directions_of_the_daemon_at_a_url(daemon: Rtpengine) -> None:
    done = run("demo", daemon.url)
    assert done.stderr == ""
    assert f"the daemon at {daemon.url}" in done.stdout
    calls = done.stdout.split("\n\n")[1:5]
    assert [call.partition(":")[0] for call in calls] == ["web→web", "web→sip", "sip→web", "sip→sip"]
    for call in calls:
        steps = re.findall(r"^  (\S+)", call, re.MULTILINE)
        assert steps == ["offer", "answer", "re-offer", "re-answer", "delete"]
    to_phone = calls[1].partition("  answer")[0]
    assert "ICE=remove DTLS=off SDES=[off] rtcp-mux=[demux] replace=[origin] strip-extmap" in to_phone
    said = " ".join(to_phone.split())
    assert (
        "audio: UDP/TLS/RTP/SAVPF -> RTP/AVP, ICE removed, rtcp-mux removed, 2 candidates gone, DTLS removed"
        in said
    )
    assert re.search(r"connection 127\.0\.1\.1 port 50004 -> 127\.0\.0\.1 port \d+", said)
    assert "The engine counts 8 offers, 8 answers, 4 deletes." in done.stdout


def test_the_demo_starts_a_private_daemon_and_ends_it(daemon: Rtpengine) -> None:
    done = run("demo")
    found = re.search(r"a real daemon, rtpengine \S+, private, at (udp://\S+)", done.stdout)
    assert found
    assert "8 offers" in done.stdout
    assert "Connection refused" in run("ping", found[1], status=1).stderr


EMBEDDED = r"the embedded engine, 26\.0\.1\.26, at (udp://127\.0\.0\.1:\d+); it forwards no media"


def test_without_a_daemon_the_demo_uses_the_embedded_engine_and_says_so(no_path: dict[str, str]) -> None:
    done = run("demo", environment=no_path)
    first, *_ = done.stdout.splitlines()
    found = re.fullmatch(f"rtpe-ng: no rtpengine daemon is installed: {EMBEDDED}", first)
    assert found
    assert "The engine counts 8 offers, 8 answers, 4 deletes." in done.stdout
    # Nothing that the flags asked for was ignored.
    assert done.stderr == ""
    assert "Connection refused" in run("ping", found[1], status=1).stderr


def test_the_embedded_engine_can_be_chosen_with_a_version(no_path: dict[str, str]) -> None:
    assert re.match(f"rtpe-ng: {EMBEDDED}\n", run("demo", "--embedded").stdout)
    assert "rtpe-ng: the embedded engine, 12.5.1.31, at udp://" in run("demo", "--embedded", "12.5").stdout
    assert "'11.5'" in run("demo", "--embedded", "11.5", status=2).stderr
    assert "not both" in run("demo", "udp://127.0.0.1:9", "--embedded", status=2).stderr
    for arguments, environment in (["--embedded"], {}), (["console", "--embedded"], {}), ([], no_path):
        done = run(*arguments, stdin="(await client.ping()).raw", environment=environment)
        assert done.stdout.replace(">>> ", "") == "{'result': 'pong'}\n"
        assert re.search(EMBEDDED, done.stderr)


def test_ping_list_and_query(daemon: Rtpengine) -> None:
    async def begin() -> None:
        async with Client(daemon.url) as client:
            sent = await client.offer(sdp=bodies.offer(Leg.SIP), call_id="cli \x1b[31m\n", from_tag="a")
            await client.answer(
                sdp=bodies.answer(Leg.SIP, sent.sdp), call_id="cli \x1b[31m\n", from_tag="a", to_tag="b"
            )

    async def end() -> None:
        async with Client(daemon.url) as client:
            await client.delete(call_id="cli \x1b[31m\n", from_tag="a", delete_delay=0)

    assert re.fullmatch(rf"{daemon.url} is alive: \d+\.\d ms\n", run("ping", daemon.url).stdout)
    anyio.run(begin)
    # What a caller made up does not reach the terminal as it is.
    assert "cli \\x1b[31m\\n" in run("list", daemon.url, "--limit", "1000").stdout.splitlines()
    shown = run("query", daemon.url, "cli \x1b[31m\n").stdout
    assert re.search(r"^a\n  audio RTP/AVP: .*\n    port \d+ <- 127\.0\.2\.1:40000: 0 packets", shown, re.MULTILINE)
    assert "in all: RTP 0 packets, 0 bytes; RTCP 0 packets" in shown
    anyio.run(end)
    assert "Unknown call-id" in run("query", daemon.url, "cli", status=1).stderr


def test_mistakes_are_told_and_have_their_status() -> None:
    assert "udp://127.0.0.1:2223" in run("ping", "nonsense", status=2).stderr
    assert "usage" in run("frobnicate", status=2).stderr
    assert "an integer of 1 or more" in run("list", "udp://127.0.0.1:9", "--limit", "0", status=2).stderr
    assert "127.0.0.1:9: Connection refused" in run("ping", "udp://127.0.0.1:9", status=1).stderr


PROMPT = """\
await client.ping()
call = client.call("prompt", from_tag="a", direction=Direction.SIP_TO_SIP, delete_delay=0)
from rtpe_ng.testing import bodies
sent = await call.offer(bodies.offer(Leg.SIP))
sent
call
await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="b")
call
for n in range(2):
    print((await client.ping()).raw)

Flags(ice="focre")
1 / 0
await call.delete()
profiles.MODERN.offer_flags(Direction.SIP_TO_SIP)
"""


@pytest.mark.parametrize("with_url", [True, False])
def test_the_prompt_awaits_each_line_in_a_task_of_its_own(daemon: Rtpengine, with_url: bool) -> None:
    done = run(*([daemon.url] if with_url else []), stdin=PROMPT)
    shown = done.stdout.replace(">>> ", "").replace("... ", "").splitlines()
    assert shown[0].startswith("Pong(seconds=0.")
    assert shown[1].startswith("SdpReply(sdp=<")
    assert shown[2] == "<Call 'prompt' sip→sip offered>"
    assert shown[3].startswith("SdpReply(sdp=<")
    assert shown[4] == "<Call 'prompt' sip→sip answered>"
    assert shown[5:7] == ["{'result': 'pong'}"] * 2
    assert shown[7].startswith("DeleteReply(tags=['a', 'b'], packets=0")
    assert shown[8] == "Flags(ice='remove', replace=['origin'])"
    # Our own errors are one line, Python's are whole.
    assert "UsageError: ice='focre': unknown; did you mean 'force'?\n" in done.stderr
    assert "ZeroDivisionError: division by zero" in done.stderr
    assert "rtpe_ng/" not in done.stderr
    assert (f"<Client {daemon.url} not open yet>" in done.stderr) == with_url


def interrupt(prompt: subprocess.Popen[str]) -> None:
    """Press Ctrl-C until the prompt says so: a loop that is just about to wait hears of it when it wakes."""
    assert prompt.stdout
    with selectors.DefaultSelector() as selector:
        selector.register(prompt.stdout, selectors.EVENT_READ)
        shown = ""
        while "KeyboardInterrupt" not in shown:
            # As a terminal does it: to all that are in its foreground.
            os.killpg(prompt.pid, signal.SIGINT)
            if selector.select(0.5):
                shown = prompt.stdout.readline()


def test_interrupting_a_line_leaves_the_prompt_its_client_and_its_daemon(daemon: Rtpengine) -> None:
    with subprocess.Popen(
        # Where the tests run in the background of a shell, Ctrl-C is ignored by all that they start.
        ["env", "--default-signal=INT", sys.executable, "-u", "-m", "rtpe_ng"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as prompt:
        assert prompt.stdin
        assert prompt.stdout
        prompt.stdin.write("import asyncio\nprint('asleep'); await asyncio.sleep(60)\n")
        prompt.stdin.flush()
        while "asleep" not in prompt.stdout.readline():
            pass
        interrupt(prompt)
        shown, _ = prompt.communicate("await client.ping()\n", timeout=30)
    assert "Pong(seconds=" in shown
    assert prompt.returncode == 0


def test_flags_are_shown_in_one_line() -> None:
    flags = Flags(ice="remove", rtcp_mux=["demux"], codec={"transcode": ["PCMU", "G722"]}, strip_extmap=True)
    assert flags_line(flags) == "ICE=remove rtcp-mux=[demux] codec-transcode=[PCMU,G722] strip-extmap"
    assert flags_line(Flags()) == "-"


def test_explain_carries_a_line_of_a_script_over() -> None:
    done = run(
        "explain", "trust-address replace-session-connection ICE=force transcode-PCMU", "--command", "answer"
    )
    assert done.stderr == ""
    for line in (
        "ICE=force  (toward the leg that the message goes to; since 10.5 or before)",
        "codec-transcode=[PCMU]  (toward both legs; since 10.5 or before)",
        "warning: codec: an answer ignores 'transcode'; it belongs into the offer",
        "obsolete: replace: 'session-connection' has no effect since 12.5, and is unknown since 26.1",
        "        trust_address=True,",
    ):
        assert line in done.stdout.splitlines()


def test_explain_says_what_the_proxy_and_the_daemon_would_ignore() -> None:
    done = run("explain", "--dialect", "opensips", "ICE=focre SDES=off plugh via-branch=1")
    text = f"\n{done.stdout}"
    assert "\nICE=focre  (for this message)\n" in text
    assert "\nSDES=off  (for this message)\n" in text
    assert "\nplugh  (for this message)\n" in text
    assert "Routing(via_branch='1')" in text
    assert "\nThe string itself: " in text
    assert "--command: " not in run("explain", "x", "--command", "answr", status=2).stdout


def test_explain_takes_the_dictionary_of_another_client(tmp_path: Path) -> None:
    text = '{"command": "offer", "SDES": "off", "transport protocol": "RTP/AVP", "flags": ["rtcp-mux-offer"]}'
    done = run("explain", text)
    assert done.stderr == ""
    assert "10.5 ignores 'SDES': 'off'" in done.stdout
    assert "10.5 ignores 'rtcp-mux-offer'" in done.stdout
    assert "Flags(transport_protocol='RTP/AVP', sdes=['off'], rtcp_mux=['offer'])" in done.stdout
    assert "ignores" not in run("explain", text, "--engine", "26.0").stdout
    file = tmp_path / "old.json"
    file.write_text(f"\n{text}", encoding="utf-8")
    assert run("explain", str(file)).stdout == run("explain", "-", stdin=text).stdout == done.stdout
    assert "10.5 ignores" in run("explain", "trust-address static-codecs", "--engine", "10.5").stdout


def test_explain_shows_no_secret_of_a_request_and_of_what_is_no_json() -> None:
    secret = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"
    request = '{"sdp": "v=0\\r\\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%s", "password": "%s", "ICE": "force"}'
    shown = run("explain", "-", stdin=request % (secret, secret))
    assert "ICE=force" in shown.stdout
    for spoilt in (request[:-1], request.replace('"ICE"', "ICE"), "{" * 100_000, "{'sdp': '%s%s'}"):
        done = run("explain", "-", stdin=spoilt.replace("%s", secret), status=2)
        assert re.search(r"^rtpe-ng: no (JSON: line 1, column \d+|dictionary)", done.stderr)
        assert done.stdout == ""
        assert secret not in done.stderr
    assert secret not in shown.stdout
    assert "a list of words expected" in run("explain", '{"flags": 5}', status=2).stderr
    assert "numbers with dots" in run("explain", "{}", "--engine", "x", status=2).stderr


def test_explain_mentions_a_shorthand_and_what_it_stands_for() -> None:
    text = run("explain", "WebRTC").stdout
    assert text.startswith("WebRTC  (toward the leg that the message goes to)")
    assert "transport-protocol=UDP/TLS/RTP/SAVPF" in text


def test_explain_reads_a_file_that_begins_with_a_byte_order_mark(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(tmp_path, "options").write_bytes(b'\xef\xbb\xbf{"ICE": "force"}')
    assert main(["explain", str(tmp_path / "options")]) == 0
    assert "Flags(ice='force')" in capsys.readouterr().out


def test_explain_refuses_a_number_that_python_does_not_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", f'{{"TOS": {"9" * 5000}}}']) == 2
    assert "too many digits" in capsys.readouterr().err
