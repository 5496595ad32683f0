"""How the methods are named that are made from the commands, and what they return."""

from __future__ import annotations

import inspect
from typing import Any, get_args, get_type_hints

from rtpe_ng.call import Subscription
from rtpe_ng.messages import Command, SubscribeRequest

HELD: dict[type, type] = {SubscribeRequest: Subscription}
"""What the block of a pair gets, where that is more than the reply."""


def method_of(kind: type[Command[Any]]) -> str:
    """Return the name of the method of a command."""
    return kind.command.replace(" ", "_").casefold()


def result_of(function: object) -> type:
    """Return the class that a function says it returns, where it does not return None."""
    hint = get_type_hints(function)["return"]
    kind: type = next((each for each in get_args(hint) if each is not type(None)), hint)
    return kind


def shown(name: str, parameters: list[inspect.Parameter]) -> str:
    """Return a method and the names of its parameters; those that may be left out with their default."""
    given = [each.name if each.default is each.empty else f"{each.name}={each.default!r}" for each in parameters]
    return f"{name}({', '.join(given)})"
