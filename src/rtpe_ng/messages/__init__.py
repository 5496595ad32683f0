"""Commands and replies as frozen values, and how each becomes plain values and back.

Every public name of the modules below is a name of this package: their lists `__all__` are the only ones.
"""

import attrs

from .. import versions
from ..keys import Key
from ..versions import *
from . import capabilities, sent
from .capabilities import *
from .commands import COMMANDS, admin, call, connection, creation, media, player, recording, subscription
from .commands.admin import *
from .commands.base import Command, Paired, keys_of
from .commands.call import *
from .commands.connection import *
from .commands.creation import *
from .commands.fields import NO_FLAGS
from .commands.media import *
from .commands.participant import Participant
from .commands.player import *
from .commands.recording import *
from .commands.subscription import *
from .describe import show_fields
from .replies import base as _base
from .replies import bodies, quality, query, statistics, traffic
from .replies import call as _call
from .replies.base import *
from .replies.bodies import *
from .replies.call import *
from .replies.quality import *
from .replies.query import *
from .replies.statistics import *
from .replies.traffic import *
from .requests import command_of
from .sent import *

__all__ = ["COMMANDS", "NO_FLAGS", "Command", "Key", "Paired", "Participant", "command_of", "keys_of"]
__all__ += versions.__all__
__all__ += capabilities.__all__
__all__ += sent.__all__
__all__ += admin.__all__
__all__ += call.__all__
__all__ += recording.__all__
__all__ += media.__all__
__all__ += player.__all__
__all__ += subscription.__all__
__all__ += connection.__all__
__all__ += creation.__all__
__all__ += _base.__all__
__all__ += bodies.__all__
__all__ += _call.__all__
__all__ += quality.__all__
__all__ += query.__all__
__all__ += statistics.__all__
__all__ += traffic.__all__

for _value in [globals()[name] for name in __all__]:
    if isinstance(_value, type) and attrs.has(_value):
        show_fields(_value)
