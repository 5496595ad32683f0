"""`neutral`: an SDP body without what an engine invents, to compare two engines line by line."""

from __future__ import annotations

import re

_MEDIA = re.compile(r"^m=\S+ (\d+)")
_INVENTED = (
    (re.compile(r"^(a=(?:ice-ufrag|ice-pwd|tls-id):).*"), r"\1SECRET"),
    (re.compile(r"^(a=fingerprint:\S+ ).*"), r"\1FINGERPRINT"),
    (re.compile(r"^(a=crypto:\d+ \S+ inline:)[^|;\s]+"), r"\1KEY"),
    (re.compile(r"^(a=candidate:)\S+"), r"\1FOUNDATION"),
)
_OWN_SESSION = re.compile(r"^(o=- )\d+(?= )", re.MULTILINE)
_PORT = re.compile(r"^(m=\S+ |a=rtcp:|a=candidate:\S+ \d+ \S+ \d+ \S+ )(\d+)")


def neutral(body: str, *, given: str = "", address: str = "") -> str:
    """Return `body` with the ports, names, keys and fingerprints that an engine gave replaced by words.

    All else stays line by line in its order. Lines that stand in `given`, the body that the engine was given, are
    no invention of its own and stay too; where it has no ``o=`` line, the number of the session is an invention. A
    port is told from that of its m= line: ``a=rtcp:PORT+1``. The engine's own `address`, where it is given, becomes
    a word.
    """
    known = {line for line in given.splitlines() if not line.startswith(("m=", "a=rtcp:"))}
    lines = []
    port = 0
    for line in body.replace("\r\n", "\n").split("\n"):
        if found := _MEDIA.match(line):
            port = int(found[1])
        lines.append(line if line in known else _without_inventions(line, port))
    text = "\n".join(lines)
    if given and "\no=" not in given:
        text = _OWN_SESSION.sub(r"\1SESSION", text)
    return re.sub(rf"(?<![\d.]){re.escape(address)}(?![\d.])", "ADDRESS", text) if address else text


def _without_inventions(line: str, port: int) -> str:
    # 0 rejects, and 9 is what trickle ICE says: no engine invents them.
    names = {} if port in (0, 9) else {port: "PORT", port + 1: "PORT+1"}
    line = _PORT.sub(lambda found: found[1] + names.get(int(found[2]), found[2]), line)
    for pattern, word in _INVENTED:
        line = pattern.sub(word, line)
    return line
