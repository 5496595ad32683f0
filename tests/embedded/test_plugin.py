"""The pytest plugin, as a project that uses it finds it: in a folder of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rtpe_ng.testing import EmbeddedEngine, Rtpengine

pytest_plugins = ("pytester",)

GATEWAY = """
import anyio
import pytest

from rtpe_ng import Client, Direction, EngineError, Leg
from rtpe_ng.messages import Raw
from rtpe_ng.testing import bodies


async def ring(client, call_id):
    call = client.call(call_id, from_tag="alice", direction=Direction.WEB_TO_SIP)
    return (await call.offer(bodies.offer(Leg.WEB))).sdp
"""
BODY = """
    assert " RTP/AVP " in await ring(rtpengine_client, "c")
    assert list((await rtpengine_client.list()).calls) == ["c"]
    with pytest.raises(EngineError, match="Unrecognized command"):
        await rtpengine_client.send(Raw(document={"command": "frobnicate"}))
"""
ANYIO = f"""
@pytest.mark.anyio
async def test_a_call(rtpengine_client):{BODY}
"""
ASYNCIO = f"""
@pytest.mark.asyncio
async def test_a_call(rtpengine_client):{BODY}
"""
SYNC = """
def test_a_call_of_its_own(rtpengine):
    async def main():
        async with Client(rtpengine.url) as client:
            return await ring(client, "c")

    assert " RTP/AVP " in anyio.run(main)

def test_one_client_in_several_loops(rtpengine_client):
    for name in ("asyncio", "trio", "asyncio"):
        assert anyio.run(ring, rtpengine_client, name, backend=name)
    assert anyio.run(rtpengine_client.list).calls == ("asyncio", "trio")
"""
FAULTY = """
def test_what_only_the_embedded_engine_has(rtpengine, rtpengine_client):
    rtpengine.{name}
    assert rtpengine.url
"""


def run(pytester: pytest.Pytester, *arguments: str, **outcomes: int) -> pytest.RunResult:
    """Run the tests in the folder, and check how many came out how."""
    # Warnings are errors: nothing of ours is left open.
    strict = ["-W", "error", "--strict-markers", "--strict-config", "-p", "no:cacheprovider", "-rs"]
    if not any("asyncio_" in argument for argument in arguments):
        strict += ["-p", "no:asyncio"]
    result = pytester.runpytest_inprocess(*strict, *arguments)
    result.assert_outcomes(**outcomes)
    return result


@pytest.mark.parametrize(("tests", "count"), [(ANYIO, 2), (SYNC, 2)], ids=["anyio", "sync"])
def test_each_kind_of_test_gets_an_engine_and_a_client(pytester: pytest.Pytester, tests: str, count: int) -> None:
    pytester.makepyfile(GATEWAY + tests)
    run(pytester, passed=count)


@pytest.mark.parametrize("mode", ["auto", "strict"])
def test_a_client_suits_the_loops_of_pytest_asyncio(pytester: pytest.Pytester, mode: str) -> None:
    others = (
        ASYNCIO.replace("a_call", f"a_loop_of_a_{scope}").replace("asyncio", f"asyncio(loop_scope='{scope}')", 1)
        for scope in ("module", "session")
    )
    pytester.makepyfile(GATEWAY + ASYNCIO + "".join(others) + SYNC)
    run(pytester, "-o", f"asyncio_mode={mode}", "-o", "asyncio_default_fixture_loop_scope=function", passed=5)


def test_each_test_has_an_engine_of_its_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(GATEWAY + "\n".join(ANYIO.replace("a_call", name) for name in ("one", "two", "three")))
    run(pytester, passed=6)


VERSIONS = """
import pytest

@pytest.mark.rtpengine(version="12.5")
def test_by_the_marker(rtpengine):
    assert rtpengine.version == "12.5.1.31"

@pytest.mark.parametrize("rtpengine", ["10.5", "26.0"], indirect=True)
def test_by_the_parameter(rtpengine, request):
    assert rtpengine.version.startswith(request.node.callspec.params["rtpengine"])

def test_by_the_configuration(rtpengine):
    assert rtpengine.version == "{version}"
"""


def test_the_version_is_said_in_four_ways(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(VERSIONS.format(version=EmbeddedEngine().version))
    run(pytester, passed=4)
    pytester.makepyfile(VERSIONS.format(version="10.5.3.5"))
    run(pytester, "--rtpengine-version=10.5", passed=4)
    pytester.makeini("[pytest]\nrtpengine_version = 10.5.3.5")
    run(pytester, passed=4)


def test_what_cannot_be_is_told_with_the_cure(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(GATEWAY + SYNC)
    result = pytester.runpytest_inprocess("--rtpengine=reel", "-p", "no:asyncio")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["*--rtpengine=reel: embedded, real, or a URL such as udp://127.0.0.1:2223 expected"]
    )
    run(pytester, "--rtpengine-version=11.5", errors=2).stdout.fnmatch_lines(["*UsageError: *'11.5'*26.0*"])


def test_a_real_daemon_that_is_not_there(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rtpengine, "find", staticmethod(lambda: None))
    pytester.makepyfile(GATEWAY + SYNC)
    result = run(pytester, "--rtpengine=real", errors=2)
    result.stdout.fnmatch_lines(["*UsageError: no rtpengine daemon is installed; on Debian: apt-get install *"])


def test_the_options_and_the_marker_are_explained(pytester: pytest.Pytester) -> None:
    for option, lines in (
        ("--help", ["rtpengine:", "*--rtpengine=embedded|real|URL"]),
        ("--markers", ["@pytest.mark.rtpengine(version=...*"]),
        ("--fixtures", ["rtpengine -- *", "rtpengine_client -- *"]),
    ):
        pytester.runpytest_inprocess(option, "-p", "no:asyncio").stdout.fnmatch_lines(lines)


def test_a_test_on_a_running_daemon_skips_what_only_the_embedded_engine_has(pytester: pytest.Pytester) -> None:
    """The embedded engine stands in for a daemon that somebody else runs."""
    asks = [FAULTY.format(name=name).replace("what", name) for name in ("faults", "received", "calls", "nonsense")]
    limited = "\n@pytest.mark.rtpengine(load_limit=True)\ndef test_a_limit(rtpengine):\n    raise AssertionError\n"
    # It knows the calls of the tests before.
    shared = SYNC.replace('"asyncio", "trio")', '"c", "asyncio", "trio")')
    pytester.makepyfile(GATEWAY + "".join([shared, *asks, limited]))
    with EmbeddedEngine() as engine:
        result = run(pytester, f"--rtpengine={engine.url}", passed=2, skipped=4, failed=1)
    result.stdout.fnmatch_lines_random(
        [
            f"rtpengine: {engine.url}",
            "*only the embedded engine has 'faults': run this test with --rtpengine=embedded",
            "*only the embedded engine takes load_limit=True: run this test with --rtpengine=embedded",
            "*AttributeError: neither a real daemon nor the embedded engine has 'nonsense'",
        ]
    )


def test_who_does_not_use_it_pays_nothing(tmp_path: Path) -> None:
    """Neither time nor coverage: the plugin loads nothing of the library before a test asks for a fixture."""
    (tmp_path / "test_other.py").write_text(
        "import sys\n\ndef test_other(pytestconfig):\n"
        "    assert pytestconfig.pluginmanager.has_plugin('rtpe_ng')\n"
        "    assert not [name for name in sys.modules if name.partition('.')[0] == 'rtpe_ng']\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
