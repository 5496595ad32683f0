"""Which daemon a person's command talks to: the one at a URL, a private one, or one to be installed first."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import TransportError, UsageError
from ..testing import Rtpengine

__all__ = ["at_hand", "install"]

_APT = ("apt-get", "-o", "DPkg::Lock::Timeout=300")
_INSTALL = "apt-get install --no-install-recommends rtpengine-daemon"


@contextmanager
def at_hand(url: str | None, *, say: Callable[[str], object], may_install: bool) -> Iterator[str]:
    """Yield the URL of a daemon: `url` where it is given, else that of a private one, which ends with the block.

    Where none is installed and `may_install`, Debian's package is installed if this machine allows it. `say`
    is given one line on what was found or done. Raises `UsageError` that says how to get a daemon.
    """
    if url is not None:
        say(f"the daemon at {url}")
        yield url
        return
    if Rtpengine.find() is None:
        if not may_install or not _can_install():
            raise UsageError(
                f"no rtpengine daemon is installed. On Debian or Ubuntu, as root: {_INSTALL}. "
                "Or name one that runs: rtpe-ng demo udp://HOST:2223"
            )
        install(say)
    with Rtpengine() as daemon:
        say(f"a real daemon, rtpengine {daemon.version()}, private, at {daemon.url}")
        yield daemon.url


def install(say: Callable[[str], object]) -> None:
    """Install Debian's package of the daemon. Raises `TransportError` with apt's last words where that fails."""
    say(f"no rtpengine daemon is installed; running: {_INSTALL}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "rtpengine-daemon"]):
        done = subprocess.run(
            [*_APT, *step], env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            last = " / ".join((done.stderr or done.stdout).strip().splitlines()[-2:])
            raise TransportError(f"apt-get {step[0]} failed with status {done.returncode}: {last}")


def _can_install() -> bool:
    return os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None
