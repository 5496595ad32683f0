"""The state of a call as a signed parameter, which may be in other hands for a while.

A parameter of a Record-Route comes back with each later request of the dialogue. A caller that could change it
could make a browser's leg a phone's, or end another caller's call. So it carries a message authentication code (RFC
2104).
"""

import hashlib
import hmac

from ..errors import UntrustedState, UsageError

_LENGTH = 32
"""How many hexadecimal digits of the code a parameter has: 128 bits, as RFC 2104, section 5, allows at least."""
_SHORTEST = 16
"""How many bytes a secret has at least."""


def seal(state: str, *, secret: bytes) -> str:
    """Return the `state` of a call with its signature, separated by ``_``, for a parameter of a SIP URI.

    `secret` is at least 16 bytes, the same in all your processes. Nothing is hidden: tags and Call-ID can be read,
    as in any SIP message. Raises `UsageError` for a secret that is no bytes or too short.
    """
    return f"{state}_{_code(state, secret)}"


def unseal(parameter: str, *, secret: bytes) -> str:
    """Return the state in a parameter that `seal` made with the same secret.

    Raises `UntrustedState` for any other text, and `UsageError` as `seal`. That the state is well signed does not
    make it this call's: compare its Call-ID with the message's, as `Router` does.
    """
    # No state has a "_" of its own.
    state, _, code = parameter.rpartition("_")
    expected = _code(state, secret)
    if not hmac.compare_digest(expected.encode(), code.encode("utf-8", "surrogateescape")):
        raise UntrustedState("the route parameter is not ours")
    return state


def check_secret(secret: object) -> None:
    """Raise `UsageError` unless this can be the secret of a signature."""
    if not isinstance(secret, bytes) or len(secret) < _SHORTEST:
        raise UsageError(f"secret=...: at least {_SHORTEST} bytes expected, the same in all processes")


def _code(state: str, secret: bytes) -> str:
    check_secret(secret)
    return hmac.new(secret, state.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()[:_LENGTH]
