"""What a module can do with a token that it knows: the tables of the dialects are made of these.

A handler takes the module's output so far and one token. Those below with parameters return a handler. Where a
value is missing or has no use, the handler notes the trap or refuses the string, as the module does.
"""

import re
from ipaddress import ip_address

from ...errors import UsageError
from .dialect import Handler, ModuleOutput, Path, generic
from .tokens import Token

_BRANCHES = {
    "auto": "auto", "extra": "extra", "next": "next",
    "auto-next": "auto-next", "next-auto": "auto-next", "auto-extra": "auto-extra", "extra-auto": "auto-extra",
}  # fmt: skip
# A number with more digits is beyond a C long in any case.
_NUMBER = re.compile(r"[\t-\r]*([+-]?)0*([0-9]{0,30})")


def alone(handler: Handler) -> Handler:
    """Apply `handler` only to a word without a value; with one, it is a key like any other."""
    return lambda output, token: generic(output, token) if token.value is not None else handler(output, token)


def bits(*, put: int = 0, drop: int = 0) -> Handler:
    """Change the bits that stand for the transport protocol."""

    def handle(output: ModuleOutput, token: Token) -> None:
        ignore_value(output, token)
        output.transport = ((output.transport or 0) | put) & ~drop

    return handle


def append(path: Path, word: str | None = None) -> Handler:
    """Add `word`, or the token itself, to a list."""

    def handle(output: ModuleOutput, token: Token) -> None:
        ignore_value(output, token)
        output.add(path, word or token.key)

    return handle


def append_value(path: Path) -> Handler:
    """Add the value to a list."""

    def handle(output: ModuleOutput, token: Token) -> None:
        output.add(path, value_of(output, token))

    return handle


def crash_if_bare(handler: Handler) -> Handler:
    """Raise `UsageError` for a token without a value, which ends the proxy's process; else apply `handler`."""

    def handle(output: ModuleOutput, token: Token) -> None:
        if token.value is None:
            raise UsageError(
                f"{token.key!r}: the process of {output.dialect.name} ends (an assertion) "
                f"where this word has no value; write {token.key}=..."
            )
        handler(output, token)

    return handle


def number(*keys: str) -> Handler:
    """Write the value as an integer under the first of `keys`, and as text under the others."""

    def handle(output: ModuleOutput, token: Token) -> None:
        value = token.value or ""
        if not re.fullmatch(r"[0-9]{1,9}|-[0-9]{1,8}", value):
            output.trap(token, f"reads a number as C does and sends {_c_integer(value)}; write digits only")
        output.put(keys[0], _c_integer(value))
        for key in keys[1:]:
            output.put(key, value)

    return handle


def repacketize(output: ModuleOutput, token: Token) -> None:
    """Write the number at the beginning of the value, which must be above 0."""
    digits = re.match(r"[0-9]*", token.value or "")
    milliseconds = _wrapped(int(digits.group()[:20])) if digits and digits.group() else 0
    if milliseconds <= 0:
        output.refuse(token, "a number of milliseconds above 0 expected, as in repacketize=20")
    if str(milliseconds) != token.value:
        output.trap(token, f"sends {milliseconds}; write digits only")
    output.put(token.key, milliseconds)


def override(name: str, *, empty_is_none: bool = False) -> Handler:
    """Put the value into the field `name` of `Routing`: it replaces what the SIP message has."""

    def handle(output: ModuleOutput, token: Token) -> None:
        value = value_of(output, token)
        if not value:
            output.trap(token, "has no use for an empty value; leave it out")
        output.routing[name] = None if empty_is_none and not value else value

    return handle


def to_tag(output: ModuleOutput, token: Token) -> None:
    """Send the tag of To, or the value instead of it."""
    if token.value == "":
        output.trap(token, "has no use for an empty value; write to-tag")
    output.routing["to_tag"] = token.value or True


def direct(*, listed: bool) -> Handler:
    """Make the command directional; where `listed`, send the word too."""

    def handle(output: ModuleOutput, token: Token) -> None:
        ignore_value(output, token)
        output.routing["directional"] = True
        if listed:
            generic(output, token)

    return handle


def force_answer(output: ModuleOutput, token: Token) -> None:
    """Send an offer as an answer."""
    ignore_value(output, token)
    if output.command not in ("offer", "manage", "info"):
        output.refuse(token, "only an offer can be made an answer, and once; leave it out")
    output.command = "answer"
    output.routing["force_answer"] = True


def via_branch(*, known: tuple[str, ...]) -> Handler:
    """Send the branch that the value names, which must be one of `known`."""

    def handle(output: ModuleOutput, token: Token) -> None:
        value = token.value or ""
        branch = value[:1] if value[:1] in ("1", "2") else _BRANCHES.get(value)
        if branch is None or branch not in known:
            output.refuse(token, f"known are {', '.join(f'via-branch={name}' for name in known)}")
        if len(branch) == 1 != len(value):
            output.trap(token, f"looks at the first character only; write via-branch={branch}")
        output.routing |= {"via_branch": branch, "via_branch_param": None}

    return handle


def address_of(text: str) -> str | None:
    """Return `text` if it is an IPv4 or IPv6 address, or None."""
    try:
        ip_address(text)
    except ValueError:
        return None
    # An interface after a "%" is Python's, not the modules'.
    return None if "%" in text else text


def value_of(output: ModuleOutput, token: Token, *, example: str = "...") -> str:
    """Return the value of `token`; refuse the string where it has none, with a value such as it may have."""
    if token.value is None:
        output.refuse(token, f"a value expected, as in {token.key}={example}")
    return token.value


def valued(handler: Handler, *, example: str) -> Handler:
    """Refuse the string where the token has no value, with an `example` of one; else apply `handler`."""

    def handle(output: ModuleOutput, token: Token) -> None:
        value_of(output, token, example=example)
        handler(output, token)

    return handle


def ignore_value(output: ModuleOutput, token: Token) -> None:
    """Note that the module does not look at the value, if the token has one."""
    if token.value is not None:
        output.trap(token, f"ignores this value; write {token.key}")


def _c_integer(text: str) -> int:
    """Return what C's ``atoi`` makes of `text`, where a long has 64 bits and an int 32."""
    found = _NUMBER.match(text)
    value = int(found.group(2) or "0") if found else 0
    if found and found.group(1) == "-":
        value = -value
    return _wrapped(max(-(2**63), min(value, 2**63 - 1)))


def _wrapped(value: int) -> int:
    return (value + 2**31) % 2**32 - 2**31
