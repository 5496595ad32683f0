"""The pytest plugin with a real daemon: what a project tests on the embedded engine, it tests on this one too."""

from __future__ import annotations

import pytest

from rtpe_ng.testing import Rtpengine

pytest_plugins = ("pytester",)

TESTS = """
import functools

import anyio
import pytest

from rtpe_ng import Client, Direction, Flags, Leg, LoadLimit
from rtpe_ng.testing import EmbeddedEngine, bodies

@pytest.mark.anyio
async def test_a_call(rtpengine, rtpengine_client):
    assert not isinstance(rtpengine, EmbeddedEngine)
    async with rtpengine_client.call("c", from_tag="a", direction=Direction.WEB_TO_SIP) as call:
        to_phone = await call.offer(bodies.offer(Leg.WEB))
        assert " RTP/AVP " in to_phone.sdp
        await call.answer(bodies.answer(Leg.SIP, to_phone.sdp), by="b")

def test_a_fault(rtpengine):
    rtpengine.faults

@pytest.mark.rtpengine(interfaces={"pub": "127.0.0.1", "priv": "127.0.0.2"})
def test_the_interfaces(rtpengine_client):
    async def offer():
        return await rtpengine_client.offer(
            sdp=bodies.offer(Leg.SIP), call_id="i", from_tag="a", flags=Flags(direction=["pub", "priv"])
        )

    assert "c=IN IP4 127.0.0.2" in anyio.run(offer).sdp

@pytest.mark.rtpengine(max_sessions=1, delete_delay=0)
def test_the_limit(rtpengine_client):
    async def offer(call_id):
        return await rtpengine_client.offer(sdp=bodies.offer(Leg.SIP), call_id=call_id, from_tag="a")

    anyio.run(offer, "1")
    with pytest.raises(LoadLimit):
        anyio.run(offer, "2")
    anyio.run(functools.partial(rtpengine_client.delete, call_id="1"))
    anyio.run(offer, "2")

@pytest.mark.rtpengine(version="0.1")
def test_of_another_version(rtpengine):
    raise AssertionError
"""
OPTIONS = ("-p", "no:asyncio", "-p", "no:cacheprovider", "-rs")


def test_the_embedded_engine_of_the_same_version(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TESTS.replace("assert not isinstance", "assert isinstance").replace('"0.1"', '"10.5"'))
    pytester.runpytest_inprocess(*OPTIONS).assert_outcomes(passed=5, failed=1)


def test_a_private_daemon(pytester: pytest.Pytester, daemon: Rtpengine) -> None:
    pytester.makepyfile(TESTS)
    result = pytester.runpytest_inprocess("--rtpengine=real", *OPTIONS)
    result.assert_outcomes(passed=4, skipped=2)
    version = daemon.version
    result.stdout.fnmatch_lines(
        [
            "*only the embedded engine has 'faults': run this test with --rtpengine=embedded",
            f"*this test is for rtpengine 0.1, and the daemon is {version}",
        ]
    )
    result = pytester.runpytest_inprocess("--rtpengine=real", "--rtpengine-version=0.1", *OPTIONS)
    result.assert_outcomes(errors=6)
    result.stdout.fnmatch_lines([f"*UsageError: rtpengine 0.1 is configured and {version} is installed*"])


def test_a_daemon_that_runs(pytester: pytest.Pytester, any_daemon: Rtpengine) -> None:
    pytester.makepyfile(TESTS)
    result = pytester.runpytest_inprocess(
        f"--rtpengine={any_daemon.url}", f"--rtpengine-version={any_daemon.version}", *OPTIONS
    )
    # What a running daemon listens on is not for a test to say.
    result.assert_outcomes(passed=2, skipped=4)
