"""What the daemon is to do to an SDP body: flags, their vocabulary, and profiles of them."""

from . import profiles
from .codec import Codec
from .explain import Explanation
from .flags import Flags
from .parts import Attributes, Extmap, Moh, SdpAttr
from .profiles import Profile
from .rules import Problem
from .strings import Routing

__all__ = [
    "Attributes",
    "Codec",
    "Explanation",
    "Extmap",
    "Flags",
    "Moh",
    "Problem",
    "Profile",
    "Routing",
    "SdpAttr",
    "profiles",
]
