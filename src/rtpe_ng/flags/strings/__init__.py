"""Flag strings of the SIP proxies: reading them as the proxies' modules do, and writing them."""

from .compose import compose, says
from .interpret import Interpretation, read

__all__ = ["Interpretation", "compose", "read", "says"]
