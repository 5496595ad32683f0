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
_PORT = re.compile(r"(^m=\S+ |^a=rtcp:|^a=candidate:\S+ \d+ \S+ \d+ \S+ | rport )(\d+)")


def neutral(body: str, *, given: str = "", address: str = "") -> str:
    """Return `body` with the ports, names, keys and fingerprints that an engine gave replaced by words.

    All else stays line by line in its order. Lines that stand in `given`, the body that the engine was given, are
    no invention of its own and stay too; where it has no ``o=`` line, the number of the session is an invention. A
    port is told from that of its m= line: ``a=rtcp:PORT+1``; where that is not the engine's, from the first of its
    own: ``OWN``. The engine's own `address`, where it is given, becomes a word.
    """
    known = {line for line in given.splitlines() if not line.startswith(("m=", "a=rtcp:"))}
    sections: list[list[str]] = [[]]
    for line in body.replace("\r\n", "\n").split("\n"):
        if _MEDIA.match(line):
            sections.append([])
        sections[-1].append(line)
    text = "\n".join(line for section in sections for line in _without_inventions(section, known))
    if given and "\no=" not in given:
        text = _OWN_SESSION.sub(r"\1SESSION", text)
    return re.sub(rf"(?<![\d.]){re.escape(address)}(?![\d.])", "ADDRESS", text) if address else text


def _without_inventions(section: list[str], known: set[str]) -> list[str]:
    found = _MEDIA.match(section[0]) if section else None
    port = int(found[1]) if found else 0
    # 0 rejects, and 9 is what trickle ICE says: no engine invents them.
    names = {} if port in (0, 9) else {port: "PORT", port + 1: "PORT+1"}
    lines = []
    for line in section:
        if line in known:
            lines.append(line)
            continue
        for it in _PORT.finditer(line):
            other = int(it[2])
            if other not in (0, 9) and other not in names and "OWN" not in names.values():
                names |= {other - 1: "OWN-1", other: "OWN", other + 1: "OWN+1"}
        lines.append(_renamed(line, names))
    return lines


def _renamed(line: str, names: dict[int, str]) -> str:
    line = _PORT.sub(lambda it: it[1] + names.get(int(it[2]), it[2]), line)
    for pattern, word in _INVENTED:
        line = pattern.sub(word, line)
    return line
