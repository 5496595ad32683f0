"""The command ``rtpe-ng``, which is also ``python -m rtpe_ng``.

Each subcommand is one function that takes the parsed arguments. `main` is the only place that turns the library's
errors into exit statuses: a `UsageError` is the user's mistake, every other `RtpeError` is the daemon's or the
network's.
"""

import argparse
import io
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, get_args

import anyio

from ..client import Client
from ..errors import RtpeError, UsageError, printable
from ..flags import DialectName
from ..messages import QueryReply
from ..versions import MEASURED
from .demo import demo
from .explain import explained
from .find_engine import find_engine
from .lint import READERS, lint
from .prompt import prompt

_EMBEDDED = "no daemon, but the embedded engine, which forwards no media; it behaves as VERSION, such as 12.5"
_LINT = "say what is wrong with a session description, on which line, and what cures it"
_EXPLAIN = "say what a proxy's flag string or another client's dictionary means, and what is the same in Python"
_FLAGS = '"trust-address ICE=force" as in a script; {"ICE": "force"} in JSON; a file with either, or - for stdin'


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, by default those of the process, and return its exit status.

    The status is 0 for success, 1 for an error of the daemon or the network or a problem that ``lint`` found, 2 for
    a mistake in the arguments.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        # A letter that the terminal's encoding lacks is shown as an escape, and is no error.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    # Without a subcommand, run the prompt.
    if not given or "://" in given[0] or given[0].startswith("--embedded"):
        given.insert(0, "console")
    try:
        options = _parser().parse_args(given)
        status: int | None = options.run(options)
    except RtpeError as error:
        print(f"rtpe-ng: {error}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The program that reads our output has ended, as in: rtpe-ng demo | head.
        sys.stderr.close()
        return 0
    return status or 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rtpe-ng", description="Steer RTPEngine over its ng control protocol.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[argparse.Namespace], object], text: str, *, optional: bool = False) -> Any:
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument(
            "url", metavar="URL", nargs="?" if optional else None, help="such as udp://127.0.0.1:2223"
        )
        command.set_defaults(run=run)
        return command

    for name, run, text in (
        ("demo", _demo, "take one call in each direction, and show the flags and the SDP"),
        ("console", _console, "a Python prompt with await and a client (the default)"),
    ):
        add(name, run, text, optional=True).add_argument(
            "--embedded", metavar="VERSION", nargs="?", const="", help=_EMBEDDED
        )
    add("ping", _ping, "ask whether the daemon is alive")
    listing = add("list", _list, "list the calls that run, a Call-ID a line")
    listing.add_argument("--limit", type=int, default=None, help="how many at most (32)")
    explain = commands.add_parser("explain", help=_EXPLAIN, description=_EXPLAIN)
    explain.add_argument("flags", metavar="FLAGS", help=_FLAGS)
    explain.add_argument("--dialect", choices=get_args(DialectName), default="kamailio", help="whose string it is")
    explain.add_argument("--command", default=None, help="offer (the default), answer, ...")
    explain.add_argument("--engine", metavar="VERSION", default=None, help="the daemon's version, such as 10.5")
    explain.set_defaults(run=_explain)
    _add_lint(commands)
    query = add("query", _query, "show what the daemon knows of a call")
    query.add_argument("call_id", metavar="CALL-ID")
    return parser


def _add_lint(commands: Any) -> None:
    command = commands.add_parser("lint", help=_LINT, description=_LINT)
    command.add_argument("files", metavar="FILE", nargs="+", help="a session description; - is the standard input")
    command.add_argument(
        "--for", dest="readers", action="append", choices=READERS, default=[], help="for whom; may be repeated"
    )
    command.add_argument("--role", choices=("offer", "answer"), help="what it is, for a browser")
    command.add_argument("--answering", metavar="FILE", help="the offer that it answers")
    command.add_argument("--after", metavar="FILE", help="the body before, in a re-offer")
    command.add_argument(
        "--engine", dest="engines", action="append", default=[], metavar="VERSION", help=f"of {', '.join(MEASURED)}"
    )
    command.add_argument("--json", dest="as_json", action="store_true", help="for programs")
    command.set_defaults(run=_lint)


def _lint(options: argparse.Namespace) -> int:
    names = ("readers", "role", "answering", "after", "engines", "as_json")
    text, status = lint(options.files, **{name: getattr(options, name) for name in names})
    print(text)
    return status


def _demo(options: argparse.Namespace) -> None:
    with find_engine(options.url, embedded=options.embedded) as engine:
        print(f"rtpe-ng: {engine.what}")
        anyio.run(demo, engine.url, print)


def _console(options: argparse.Namespace) -> None:
    with find_engine(options.url, embedded=options.embedded) as engine:
        prompt(engine.url, engine.what)


def _ping(options: argparse.Namespace) -> None:
    async def ask(client: Client) -> None:
        pong = await client.ping()
        print(f"{client.url} is alive: {pong.seconds * 1000:.1f} ms")

    _with_client(options.url, ask)


def _list(options: argparse.Namespace) -> None:
    async def ask(client: Client) -> None:
        for call_id in (await client.list(limit=options.limit)).calls:
            print(printable(call_id))

    _with_client(options.url, ask)


def _explain(options: argparse.Namespace) -> None:
    said = explained(options.flags, dialect=options.dialect, command=options.command, engine=options.engine)
    print(_printable_lines(said))


def _query(options: argparse.Namespace) -> None:
    async def ask(client: Client) -> None:
        for line in _described(await client.query(call_id=options.call_id)):
            print(printable(line))

    _with_client(options.url, ask)


def _described(reply: QueryReply) -> list[str]:
    lines = []
    for tag in reply.tags.values():
        lines.append(f"{tag.tag}" + (f" (branch {tag.via_branch})" if tag.via_branch else ""))
        for media in tag.medias:
            lines.append(f"  {media.type} {media.protocol}: {', '.join(media.flags)}")
            lines += [
                f"    port {stream.local_port} <- {stream.endpoint}: {stream.stats.packets} packets, "
                f"{stream.stats.bytes} bytes, {stream.stats.errors} errors ({', '.join(stream.flags)})"
                for stream in media.streams
            ]
    rtp, rtcp = reply.totals.rtp, reply.totals.rtcp
    return [*lines, f"in all: RTP {rtp.packets} packets, {rtp.bytes} bytes; RTCP {rtcp.packets} packets"]


def _with_client(url: str, ask: Callable[[Client], Awaitable[None]]) -> None:
    async def run() -> None:
        async with Client(url) as client:
            await ask(client)

    anyio.run(run)


def _printable_lines(text: str) -> str:
    return "\n".join(map(printable, text.splitlines()))
