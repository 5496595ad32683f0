"""Flag strings of the SIP proxies: what their modules make of them, read and written."""

from .compose import compose, says
from .interpret import Interpretation, read

__all__ = ["Interpretation", "compose", "read", "says"]
