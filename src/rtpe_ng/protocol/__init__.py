"""The ng protocol without I/O: bytes and the time go in; bytes, outcomes and the next time come out."""

from .dtls import Roles, kept
from .exchange import Exchange, Result
from .exchanges import Exchanges, Limits, Strays
from .memory import Memory
from .negotiation import Negotiation
from .outcome import Ignored, ignored
from .schedule import Schedule

__all__ = [
    "Exchange",
    "Exchanges",
    "Ignored",
    "Limits",
    "Memory",
    "Negotiation",
    "Result",
    "Roles",
    "Schedule",
    "Strays",
    "ignored",
    "kept",
]
