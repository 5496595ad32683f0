"""An ICE restart by a browser, told to the daemon so that the browser can follow its answer.

A restarting browser opens new ports and, before anyone has answered, checks the path from them to the address of
the daemon that it knows (RFC 8445, section 9). The daemon accepts these checks, because it looks at its own half of
the user name only, so the media moves to the new port at once. Then the offer arrives, the daemon chooses new
credentials as it must (RFC 8839, section 4.4), and keeps its port. Chromium does not take the new credentials for
the pair that it uses by then: the address is the same, and the pair works. It goes on checking with the old ones,
the daemon answers 401, and after some 6 seconds without consent (RFC 7675) the browser stops sending.

The daemon restarts its half because the offer has another user name than the daemon remembers. A trickle fragment
(RFC 8840) changes what it remembers and restarts nothing. So the fragment goes first: the offer then contains
nothing new, the daemon's credentials stay valid, and the pair that the browser uses keeps its consent. An answer
with the credentials of before is not what RFC 8839 says about a restart; Chromium does not ask for more.
docs/explanation/ice-restart.md says what was measured.
"""

import re

from .. import sdp
from ..errors import SdpError
from ..sdp.candidate import Candidate

__all__ = ["restart_fragment"]

_RESTARTED = re.compile(r"\sgeneration\s+0*[1-9]")


def restart_fragment(body: str) -> str | None:
    """Return a trickle fragment with the ICE credentials and candidates of `body`, if a browser has restarted ICE.

    What is built on libwebrtc counts its restarts in each candidate, as ``generation``. None where no candidate has
    one above 0: the body restarts nothing, comes from another stack, or has no candidates; in the last case no
    browser has checked a path yet. None, too, where the daemon could not tell which section is meant (no mid).
    Raises nothing.
    """
    # A restart is written as a number other than 0 behind this word, so most bodies need not be read.
    if _RESTARTED.search(body) is None:
        return None
    try:
        sections = [media for media in sdp.parse(body).media if media.ice_ufrag and not media.is_rejected]
    except SdpError:
        return None
    candidates = [candidate for media in sections for candidate in media.candidates]
    if not any(_generation(candidate) for candidate in candidates) or not all(media.mid for media in sections):
        return None
    # The daemon loses the first line of a fragment, whatever it is.
    lines = ["a=ice-options:trickle"]
    for media in sections:
        lines += [f"m={media.type} 9 RTP/AVP 0", f"a=mid:{media.mid}"]
        lines += [f"a=ice-ufrag:{media.ice_ufrag}", f"a=ice-pwd:{media.ice_pwd}"]
        lines += [f"a=candidate:{value}" for value in media.attributes("candidate")]
    return "".join(f"{line}\r\n" for line in lines)


def _generation(candidate: Candidate) -> int:
    """Return how many restarts came before this candidate, 0 where it does not say."""
    value = dict(candidate.extensions).get("generation", "0")
    return int(value) if value.isascii() and value.isdigit() else 0
