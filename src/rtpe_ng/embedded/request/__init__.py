"""A request, read as the daemon reads it: this package alone knows the keys and words of requests.

`names` gives every key and word its name from the library's key table. `subject` then reads what a request is
about: a call, parties, and what else a command needs. `options` reads what it says about the SDP.
"""

from .names import text_in
from .options import SESSION, AttributeChanges, CodecOptions, Context, Options
from .subject import EngineRequest, PartyNames

__all__ = [
    "SESSION",
    "AttributeChanges",
    "CodecOptions",
    "Context",
    "EngineRequest",
    "Options",
    "PartyNames",
    "text_in",
]
