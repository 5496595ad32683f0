"""How the methods of `Controller` are declared: each in one line, by the class of its command.

``offer: Final = command(Offer)`` is a method that takes what `Offer` takes, sends it and returns its reply;
``playing: Final = during(PlayMedia)`` is a context manager that sends `PlayMedia`, and when the block is left, the
command that ends it. So a parameter of a command stands in one place, its class. Type checkers and editors bind the
parameters through a `ParamSpec`; for `help` and `inspect` each method gets its signature from the class, and its
text from the string below its declaration, which Python itself drops.

The end of a block is shielded from cancellation and bounded in time; what fails in it is logged, not raised. A
command that was refused needs no end. One whose outcome is unknown, as after a timeout or a cancellation, gets one.
"""

import ast
import contextlib
import inspect
import itertools
import logging
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any, Concatenate, ParamSpec, TypeVar, overload

import anyio

from ..errors import EngineError, RtpeError, UnknownCall
from ..messages import Command, Paired, Reply
from ..sender import Sender

_P = ParamSpec("_P")
_R = TypeVar("_R", bound=Reply)
_C = TypeVar("_C", bound=Paired[Any])
_Held = TypeVar("_Held")
_Class = TypeVar("_Class", bound=type)
_log = logging.getLogger("rtpe_ng")

END_WITHIN = 5.0
"""For how long leaving a block may take at most, in seconds, however dead the engine is."""
_ALREADY_ENDED = {"Not currently playing media", "To-tag not found"}
"""Refusals of an end that say that there is nothing to end any more."""


def command(kind: Callable[_P, Command[_R]]) -> Callable[Concatenate[Sender, _P], Coroutine[Any, Any, _R]]:
    """Declare the method that sends a command of this class."""

    async def method(self: Sender, /, *args: _P.args, **options: _P.kwargs) -> _R:
        return await self.send(kind(*args, **options))

    _describe(method, kind, "command", _reply_of(kind))
    return method


@overload
def during(
    kind: Callable[_P, Paired[_R]],
) -> Callable[Concatenate[Sender, _P], AbstractAsyncContextManager[_R]]: ...


@overload
def during(
    kind: Callable[_P, _C], held: Callable[[Sender, _C, Any], _Held]
) -> Callable[Concatenate[Sender, _P], AbstractAsyncContextManager[_Held]]: ...


def during(
    kind: Callable[_P, Paired[Any]], held: Callable[[Sender, Any, Any], Any] | None = None
) -> Callable[Concatenate[Sender, _P], AbstractAsyncContextManager[Any]]:
    """Declare the method that holds a command of this class, and its effect, for the length of a block.

    The block gets the reply, or what `held` makes of the sender, the command and the reply.
    """

    def method(self: Sender, /, *args: _P.args, **options: _P.kwargs) -> AbstractAsyncContextManager[Any]:
        return _block(self, kind(*args, **options), held)

    result = held.__name__ if isinstance(held, type) else _reply_of(kind)
    _describe(method, kind, "block", f"AbstractAsyncContextManager[{result}]")
    return method


@contextlib.asynccontextmanager
async def _block(
    sender: Sender, begin: Paired[Any], held: Callable[[Sender, Any, Any], Any] | None
) -> AsyncIterator[Any]:
    try:
        reply = await sender.send(begin)
    except EngineError:
        raise
    except BaseException:
        # It timed out or was cancelled: the daemon may have done it all the same.
        await _end(sender, begin.end())
        raise
    try:
        yield reply if held is None else held(sender, begin, reply)
    finally:
        await _end(sender, begin.end(reply))


async def _end(sender: Sender, end: Command[Reply] | None) -> None:
    if end is None:
        return
    with anyio.move_on_after(END_WITHIN, shield=True) as scope:
        try:
            await sender.send(end)
        except UnknownCall:
            _log.debug("%r: call %r is over already", end.name, end.call_id)
        except RtpeError as failure:
            if not isinstance(failure, EngineError) or failure.reason not in _ALREADY_ENDED:
                _log.warning("%r of call %r failed: %s", end.name, end.call_id, failure)
    if scope.cancelled_caught:
        _log.warning("%r of call %r was not done within %g s", end.name, end.call_id, END_WITHIN)


# What `help` and `inspect` show.

_SELF = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)


def _reply_of(kind: Any) -> str:
    # As it stands after the arrow: a string where the module imports annotations from the future, else the class.
    reply = inspect.signature(kind.read).return_annotation
    return reply if isinstance(reply, str) else str(reply.__name__)


def _describe(method: Any, kind: Any, named_by: str, result: str) -> None:
    """Give a method the name that its class has for it, and the parameters of the class."""
    method.__name__ = getattr(kind, named_by).replace(" ", "_").casefold()
    method.__qualname__ = f"Controller.{method.__name__}"
    signature = inspect.signature(kind)
    parameters = [_SELF, *signature.parameters.values()]
    method.__signature__ = signature.replace(parameters=parameters, return_annotation=result)


def with_texts(cls: _Class) -> _Class:
    """Give each method of a class, as its docstring, the string that stands below its declaration.

    Without the source, as in a program that was shipped without it, the methods have none.
    """
    try:
        tree = ast.parse(inspect.getsource(sys.modules[cls.__module__]))
    except (OSError, TypeError):
        return cls
    (body,) = (node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == cls.__name__)
    for method, text in itertools.pairwise(body):
        if (
            isinstance(method, ast.AnnAssign)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
        ):
            getattr(cls, ast.unparse(method.target)).__doc__ = inspect.cleandoc(str(text.value.value))
    return cls
