"""This host gets another address, as from DHCP: the socket is bound to the one that is gone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tests.support.engines import missing

# Within a network of its own, the way to 10.9.0.1 begins at an address that is then taken away.
SCRIPT = """
import subprocess
import sys
import anyio
from rtpe_ng import Client
from tests.support.peers import Peer, pong

def ip(words):
    subprocess.run(["ip", *words.split()], check=True)

def come_from(address):
    ip(f"addr add {address}/32 dev lo")
    ip(f"route replace local 10.9.0.1 dev lo table local src {address}")

async def main():
    with Peer(pong, host="10.9.0.1") as peer:
        async with Client(peer.url, timeout=5) as client:
            await client.ping()
            come_from("10.8.0.2")
            ip("addr del 10.8.0.1/32 dev lo")
            await client.ping()

ip("link set lo up")
ip("addr add 10.9.0.1/32 dev lo")
come_from("10.8.0.1")
anyio.run(main, backend=sys.argv[1])
"""


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_the_next_request_comes_from_the_new_address(backend: str) -> None:
    if os.geteuid() != 0 or shutil.which("unshare") is None or shutil.which("ip") is None:
        missing("a network of its own", "run the tests as root, with util-linux and iproute2")
    ended = subprocess.run(
        ["unshare", "--net", sys.executable, "-c", SCRIPT, backend],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
