"""The wire's core without I/O: bytes and the time go in; bytes, outcomes and the next time come out.

Internal: import its names from `rtpe_ng`.
"""

from .exchanges import Exchange, Exchanges, Limits, Result, Strays
from .schedule import Schedule

__all__ = ["Exchange", "Exchanges", "Limits", "Result", "Schedule", "Strays"]
