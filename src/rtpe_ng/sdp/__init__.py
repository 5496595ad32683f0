"""Session descriptions (RFC 8866): read, question and rewrite them without losing a byte.

`parse` reads a body into a `Session`, which keeps its lines and nothing else: ``str(parse(text)) == text``. Values
are read from the lines when you ask for them: ``session.media[0].codecs``. Helpers such as `remove_ice` take text,
bytes or a `Session`, return the same type, and change their own lines only::

    sdp.parse(text).pipe(sdp.remove_ice).pipe(sdp.set_rtcp_mux, "demux").pipe(sdp.set_profile, "RTP/AVP")

Every name in the lists `__all__` of the modules below is a name of this package; their other names are internal.
"""

from . import (
    builders,
    candidate,
    codec,
    fragment,
    keys,
    lines,
    media,
    phone,
    problem,
    questions,
    session,
    tracks,
    values,
    web,
)
from . import diff as _diff
from . import problems as _problems
from .builders import *
from .candidate import *
from .codec import *
from .diff import *
from .fragment import *
from .keys import *
from .lines import *
from .media import *
from .phone import *
from .problem import *
from .problems import *
from .questions import *
from .rewrite import address, bundle, clean, codecs, direction, ice, mux, profile, security
from .rewrite.address import *
from .rewrite.bundle import *
from .rewrite.clean import *
from .rewrite.codecs import *
from .rewrite.direction import *
from .rewrite.ice import *
from .rewrite.mux import *
from .rewrite.profile import *
from .rewrite.security import *
from .session import *
from .tracks import *
from .values import *
from .web import *

__all__: list[str] = []
__all__ += builders.__all__
__all__ += candidate.__all__
__all__ += codec.__all__
__all__ += _diff.__all__
__all__ += fragment.__all__
__all__ += keys.__all__
__all__ += lines.__all__
__all__ += media.__all__
__all__ += phone.__all__
__all__ += problem.__all__
__all__ += _problems.__all__
__all__ += questions.__all__
__all__ += address.__all__
__all__ += bundle.__all__
__all__ += clean.__all__
__all__ += codecs.__all__
__all__ += direction.__all__
__all__ += ice.__all__
__all__ += mux.__all__
__all__ += profile.__all__
__all__ += security.__all__
__all__ += session.__all__
__all__ += tracks.__all__
__all__ += values.__all__
__all__ += web.__all__

# Their place is `sdp.rewrite`; as names of `sdp` they would only fill its completion.
del address, bundle, clean, codecs, direction, ice, mux, profile, security
