"""What the daemon is to do to an SDP body: flags, their vocabulary, and profiles of them."""

from . import profiles
from .codec import Codec
from .flags import Flags
from .profiles import Profile

__all__ = ["Codec", "Flags", "Profile", "profiles"]
