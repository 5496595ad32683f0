"""How the methods of `Controller` are declared: each in one line, by the class of its command.

``offer: Final = command(Offer)`` is a method that takes what `Offer` takes, sends it and returns its reply;
``playing: Final = during(PlayMedia)`` is a context manager that sends `PlayMedia`, and when the block is left, the
command that ends it. So a parameter of a command stands in one place, its class. Type checkers and editors bind the
parameters through a `ParamSpec`; for `help` and `inspect` each method gets its signature from the class, and its
text from the string below its declaration, which Python itself drops.
"""

import ast
import inspect
import itertools
import sys
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any, Concatenate, ParamSpec, TypeVar, overload

from ..messages import Command, Paired, Reply
from ..sender import Sender, holding

_P = ParamSpec("_P")
_R = TypeVar("_R", bound=Reply)
_C = TypeVar("_C", bound=Paired[Any])
_Held = TypeVar("_Held")
_Class = TypeVar("_Class", bound=type)


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
        return holding(self, kind(*args, **options), held)

    result = held.__name__ if isinstance(held, type) else _reply_of(kind)
    _describe(method, kind, "block", f"AbstractAsyncContextManager[{result}]")
    return method


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
