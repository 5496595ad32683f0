"""The ng protocol without I/O: bytes and the time go in; bytes, outcomes and the next time come out."""

from .exchange import Exchange, Result
from .exchanges import Exchanges, Limits, Strays
from .negotiation import Negotiation
from .schedule import Schedule

__all__ = ["Exchange", "Exchanges", "Limits", "Negotiation", "Result", "Schedule", "Strays"]
