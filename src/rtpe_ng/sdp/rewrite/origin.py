"""The version of a description, by which a party tells that it changed (RFC 3264, section 8)."""

from __future__ import annotations

import attrs

from ...errors import UsageError
from ..session import Session
from .editing import Body, replace, rewrite

__all__ = ["set_session_version"]


def set_session_version(body: Body, version: int) -> Body:
    """Set the version in the ``o=`` line (RFC 8866, section 5.2), 0 to 2**63 - 1.

    Whoever writes a re-offer or another answer of its own raises it by one against what it sent before, as long
    as anything else changed (RFC 3264, section 8): ``int(session.origin.session_version) + 1``. Raises `UsageError`
    where it is no such number or the body has no ``o=`` line that can be read, `SdpError` where text is no SDP.
    """
    if not isinstance(version, int) or not 0 <= version < 2**63:
        raise UsageError(f"no version: {version!r}; 0 to 2**63 - 1 are")

    def change(session: Session) -> Session:
        if session.origin is None:
            raise UsageError("the body has no o= line that can be read, and so no version")
        index = next(index for index, line in enumerate(session.lines) if line.startswith("o="))
        return replace(session, index, f"o={attrs.evolve(session.origin, session_version=str(version))}")

    return rewrite(body, change)
