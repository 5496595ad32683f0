"""The last changes to a body: ``sdp-attr``, and the mark of ``loop-protect``."""

from collections.abc import Iterator, Mapping

from ..request import SESSION, AttributeChanges, Context
from ..resources import Resources

__all__ = ["is_marked", "marked", "with_attribute_changes"]


def is_marked(body: str, resources: Resources) -> bool:
    """Tell whether a body has passed through this engine before."""
    return _mark(resources) in body.splitlines()


def marked(body: str, context: Context) -> str:
    """Return a body with the mark of this engine, above its first media section or above all attributes."""
    above, media, below = body.partition("\r\nm=")
    if context.behaviour.makes_bodies:
        above, attribute, others = above.partition("\r\na=")
        media = f"{attribute}{others}{media}"
    return f"{above}\r\n{_mark(context.resources)}{media}{below}"


def _mark(resources: Resources) -> str:
    # The fingerprint of its certificate tells this engine from all others.
    return f"a=rtpengine:{resources.fingerprint('sha-256')[1].replace(':', '').lower()[:12]}"


def with_attribute_changes(body: str, changes: Mapping[str, AttributeChanges]) -> str:
    """Return the body after these changes, which are given by the type of section."""
    if not changes:
        return body
    sections: list[list[str]] = [[]]
    for line in body.removesuffix("\r\n").split("\r\n"):
        if line.startswith("m="):
            sections.append([])
        sections[-1].append(line)
    kinds = [SESSION, *(section[0][2:].split(" ")[0].lower() for section in sections[1:])]
    lines: list[str] = []
    for kind, section in zip(kinds, sections, strict=True):
        lines += _changed(section, changes[kind]) if kind in changes else section
    return "".join(f"{line}\r\n" for line in lines)


def _changed(lines: list[str], changes: AttributeChanges) -> Iterator[str]:
    """Yield the lines of a section after its changes."""
    for line in lines:
        names = _names(line)
        if any(name in changes.removed for name in names):
            continue
        substitute = next((changes.substituted[name] for name in names if name in changes.substituted), None)
        yield line if substitute is None else f"a={substitute}"
    yield from (f"a={text}" for text in changes.added)


def _names(line: str) -> tuple[str, ...]:
    """Return how changes can name an attribute line: by its name, its name and number, or in full."""
    if not line.startswith("a="):
        return ()
    whole = line[2:].lower()
    return whole.partition(":")[0], whole.partition(" ")[0], whole
