"""Flag strings of the SIP proxies: what their modules make of them, read and written."""

from .routing import Routing, ViaBranch
from .spoken import DialectName, Spoken

__all__ = ["DialectName", "Routing", "Spoken", "ViaBranch"]
