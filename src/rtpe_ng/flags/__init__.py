"""Flags tell the daemon what to do to an SDP body; profiles are sets of them for the four directions."""

from . import profiles
from .conflicts import Problem
from .dictionary import as_read
from .explain import Explanation
from .flags import Flags
from .nested import Attributes, Codec, Extmap, Moh, SdpAttr
from .profile import Profile
from .routing import DialectName, FlagString, Routing
from .spellings import Spellings, spellings_of

__all__ = [
    "Attributes",
    "Codec",
    "DialectName",
    "Explanation",
    "Extmap",
    "FlagString",
    "Flags",
    "Moh",
    "Problem",
    "Profile",
    "Routing",
    "SdpAttr",
    "Spellings",
    "as_read",
    "profiles",
    "spellings_of",
]
