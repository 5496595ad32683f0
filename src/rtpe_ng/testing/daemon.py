"""`Rtpengine`: a private real daemon on loopback, which lives as long as a ``with`` block.

The daemon runs without the machine's configuration and without its kernel module, and needs no privileges. Its ng
port is a free one; its media ports are a random range, because several private daemons may run at once. The daemon
must never outlive its user: leaving the block stops it, and the system stops it if this process is killed.
"""

import functools
import os
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

from ..errors import TransportError, UsageError

START_WITHIN = 10.0
"""How long the daemon may take to start, in seconds."""
STOP_WITHIN = 5.0
"""How long the daemon may take to stop, in seconds, before it is killed."""

_NAMES = ("rtpengine", "/usr/sbin/rtpengine", "/usr/local/bin/rtpengine", "/usr/local/sbin/rtpengine")


class Rtpengine:
    """A private daemon, without the machine's configuration and without its kernel module.

    `command` is the command to run instead of ``rtpengine``, such as ``["chroot", root, "rtpengine"]``.
    `interfaces` maps names of logical interfaces to a loopback address, or to several. `options` are more options
    for its command line. `ports` is the number of UDP ports that it may use for media. Within the ``with`` block it
    answers at `url`. Raises `UsageError` if no daemon is installed, `TransportError` if it does not start.
    """

    def __init__(
        self,
        *,
        command: Sequence[str] | None = None,
        interfaces: Mapping[str, str | Sequence[str]] | None = None,
        options: Sequence[str] = (),
        ports: int = 2000,
    ) -> None:
        self._command = command
        self._interfaces = interfaces or {"default": "127.0.0.1"}
        self._options = list(options)
        self._ports = ports
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._port = 0
        self._lowest = 0

    @staticmethod
    def find() -> str | None:
        """Return the path of the installed daemon, or None."""
        return next((path for name in _NAMES if (path := shutil.which(name))), None)

    @property
    def url(self) -> str:
        """The URL of its ng port, over UDP."""
        return f"udp://127.0.0.1:{self._port}"

    @property
    def log(self) -> str:
        """Its log so far, the only place where a daemon mentions a flag that it does not know."""
        if self._folder is None:
            return ""
        return Path(self._folder.name, "log").read_text(encoding="utf-8", errors="surrogateescape")

    @functools.cached_property
    def version(self) -> str:
        """The version of the daemon, such as ``10.5.3.5``, as its program reports it."""
        shown = subprocess.run([*self._program(), "--version"], capture_output=True, text=True, check=True)
        return (shown.stdout + shown.stderr).split()[-1].partition("-")[0].partition("+")[0]

    def __enter__(self) -> Self:
        self._port = _free_port()
        # Below the ports that the system hands out by itself. The range is random, so that the ranges of several
        # daemons seldom overlap; where they do, a daemon skips a port that is in use.
        self._lowest = random.randrange(10_000, 32_000 - self._ports, 2)  # noqa: S311
        self._folder = tempfile.TemporaryDirectory(prefix="rtpe-ng-")
        try:
            self.start()
        except BaseException:
            # `with` calls __exit__ only after __enter__ has returned.
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def kill(self) -> None:
        """Kill it, as a crash would; `start` starts it again."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def start(self) -> None:
        """Start it again after `kill`, with the same ng port and the same range of media ports.

        It is another process, which knows no call of the one before and has another DTLS certificate. Within the
        ``with`` block only, where it is started for the first time by itself; if it runs, nothing happens. Raises
        `TransportError` if it does not start.
        """
        if self._folder is None:
            raise UsageError("start() belongs in the block: with Rtpengine() as daemon")
        if self._process is not None and self._process.poll() is None:
            return
        arguments = [
            "--config-file=none",
            "--table=-1",
            *(
                f"--interface={name}/{address}"
                for name, given in self._interfaces.items()
                for address in ([given] if isinstance(given, str) else given)
            ),
            f"--listen-ng=127.0.0.1:{self._port}",
            f"--port-min={self._lowest}",
            f"--port-max={self._lowest + self._ports - 1}",
            "--log-stderr",
            "--log-level=6",
            "--foreground",
            *self._options,
        ]
        with Path(self._folder.name, "log").open("ab") as log:
            self._process = (
                _launcher(os.getpid())
                .submit(
                    subprocess.Popen,
                    [*_ended_with_us(), *self._program(), *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    # The files that a crash leaves behind are deleted with the folder.
                    cwd=self._folder.name,
                    # In a process group of its own, because Ctrl-C at a prompt must not stop it.
                    process_group=0,
                )
                .result()
            )
        self._wait_until_it_answers()

    def _program(self) -> list[str]:
        if self._command is not None:
            return list(self._command)
        if path := self.find():
            return [path]
        raise UsageError(
            "no rtpengine daemon is installed; on Debian: apt-get install --no-install-recommends rtpengine-daemon"
        )

    def _wait_until_it_answers(self) -> None:
        process = self._process
        assert process is not None  # noqa: S101
        # The daemon says nothing when it is ready, so it is asked until it answers.
        deadline = time.monotonic() + START_WITHIN
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise TransportError(
                    f"rtpengine ended at once with status {process.returncode}: {self._end_of_log()}"
                )
            if _answers(self._port):
                return
            time.sleep(0.02)
        raise TransportError(f"rtpengine did not answer within {START_WITHIN:g} s: {self._end_of_log()}")

    def _end_of_log(self) -> str:
        return " / ".join(self.log.strip().splitlines()[-3:]) or "it logged nothing"

    def __repr__(self) -> str:
        state = "stopped" if self._process is None else self.url
        return f"<Rtpengine {' '.join(self._command or ['rtpengine'])} {state}>"


@functools.cache
def _launcher(_process: int) -> ThreadPoolExecutor:
    """Return the thread that starts the daemons of a process; a fork has none of its parent's threads.

    The system ends a daemon with the thread that has started it, and that may be a worker thread, which ends long
    before the process.
    """
    return ThreadPoolExecutor(1, thread_name_prefix="rtpengine launcher")


def _ended_with_us() -> list[str]:
    """Return a prefix for a command that ends the command when this process is killed."""
    path = shutil.which("setpriv")
    return [path, "--pdeathsig", "TERM", "--"] if path else []


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        # Another program may take the port before the daemon does. That is seldom, and the daemon then ends.
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(0.5)
        try:
            probe.connect(("127.0.0.1", port))
            probe.send(b"start%d d7:command4:pinge" % time.monotonic_ns())
            return b"pong" in probe.recv(256)
        except OSError:
            return False
