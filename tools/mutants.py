"""Mutants: descriptions of real endpoints with one or two faults, the same ones for the same seed.

A verdict of ours is right if it is that of the real reader. What readers see outside of tests are bodies that are
almost sound, so mutants are made from `bases`: offers and answers of Chromium, of endpoints like Firefox, Safari,
an SFU, a PBX and phones, and what the daemons make of them. `mutants` changes one thing or two: a line, a word, a
number, the place of a line, the end of a line. Some changes leave the body sound, and that has to be found as well.

    for mutant in mutants(seed=7, count=1000): mutant.body, mutant.role, mutant.how
"""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, TypeAlias

import attrs

from rtpe_ng import Leg
from rtpe_ng.testing import bodies

from .changes import CHANGES, with_other_ends

DATA = Path(__file__).parents[1] / "tests/data"

Role: TypeAlias = Literal["offer", "answer"]
Step: TypeAlias = tuple[Literal["offers", "answers", "takes offer", "takes answer"], str]
"""What a browser does before the mutant comes: it makes an offer by a recipe, makes an answer, or takes a body."""


@attrs.frozen(kw_only=True)
class Base:
    """A description of a real endpoint, and what came before it."""

    name: str
    role: Role
    body: str
    answering: str | None = None
    """For an answer: the offer."""
    after: str | None = None
    """The description that the same endpoint sent before, if it is not its first."""
    before: tuple[Step, ...] | None = ()
    """What a browser does until this body comes; None if no browser can be brought there."""


@attrs.frozen(kw_only=True)
class Mutant:
    """A description with a fault, or with a change that is none."""

    base: Base
    how: str
    """What was done to the body of `base`, for people."""
    body: str

    @property
    def role(self) -> Role:
        return self.base.role


@functools.cache
def bases() -> tuple[Base, ...]:
    """Return all descriptions that mutants are made from."""
    scenes = [json.loads(line) for line in DATA.joinpath("scenes.jsonl").read_text("utf-8").splitlines()]
    found = [base for scene in scenes for base in _of_scene(scene)]
    first = {scene["name"]: scene["rounds"][0] for scene in scenes}
    for path in sorted(DATA.glob("endpoints/*.sdp")):
        name, _, answered = path.stem.partition("-answer-to-")
        body = path.read_bytes().decode()
        if answered:
            asked = first[answered]
            before: tuple[Step, ...] = (("offers", asked["asks"]),)
            found.append(Base(name=name, role="answer", body=body, answering=asked["offer"], before=before))
        else:
            found.append(Base(name=name, role="offer", body=body))
    found += [
        Base(name=path.stem, role="offer", body=path.read_bytes().decode())
        for path in sorted(DATA.glob("sdp/*.sdp"))
    ]
    asked = first["audio"]
    to_browser = bodies.answer(Leg.WEB, asked["offer"])
    before = (("offers", str(asked["asks"])),)
    found.append(Base(name="web", role="offer", body=bodies.offer(Leg.WEB)))
    found.append(Base(name="web", role="answer", body=to_browser, answering=asked["offer"], before=before))
    for protocol in ("RTP/AVP", "RTP/SAVP"):
        offer = bodies.offer(Leg.SIP, protocol=protocol)
        answer = bodies.answer(Leg.SIP, offer)
        found.append(Base(name=f"sip-{protocol}", role="offer", body=offer))
        found.append(Base(name=f"sip-{protocol}", role="answer", body=answer, answering=offer, before=None))
    return tuple(found)


def _of_scene(scene: dict[str, object]) -> Iterator[Base]:
    """Yield the bodies of a scene, each with what its reader did before."""
    name, rounds = scene["name"], scene["rounds"]
    assert isinstance(rounds, list)
    steps: dict[str, list[Step]] = {"first": [], "second": []}
    last: dict[str, str] = {}
    for number, it in enumerate(rounds):
        asker, other = (it["by"], "second" if it["by"] == "first" else "first")
        label = f"{name}-{number}"
        yield Base(name=label, role="offer", body=it["offer"], after=last.get(asker), before=tuple(steps[other]))
        steps[asker].append(("offers", str(it["asks"])))
        yield Base(
            name=label,
            role="answer",
            body=it["answer"],
            answering=it.get("answering", it["offer"]),
            after=last.get(other),
            before=tuple(steps[asker]),
        )
        steps[asker].append(("takes answer", it["answer"]))
        steps[other].append(("takes offer", str(it["offer"])))
        steps[other].append(("answers", str(it["answers"])))
        last |= {asker: it["offer"], other: it["answer"]}


def mutants(seed: int, count: int, *, only: Callable[[Base], bool] = lambda _: True) -> Iterator[Mutant]:
    """Yield `count` mutants of the bases that `only` lets through; all for a seed are the same each time."""
    chance = random.Random(seed)
    choice = [base for base in bases() if only(base)]
    for _ in range(count):
        base = chance.choice(choice)
        body, how = mutated(base, chance)
        yield Mutant(base=base, how=how, body=body)


def mutated(base: Base, chance: random.Random) -> tuple[str, str]:
    """Return the body of a base after one to three changes, and what they were."""
    lines = base.body.removesuffix("\r\n").split("\r\n")
    done = []
    for _ in range(chance.choices((1, 2, 3), (70, 25, 5))[0]):
        change = chance.choices(list(CHANGES), list(CHANGES.values()))[0]
        told = change(lines, chance)
        if told:
            done.append(f"{change.__name__.strip('_').replace('_', ' ')}: {told}")
    body = "".join(f"{line}\r\n" for line in lines)
    if chance.random() < 0.04:
        others = [body, base.body, *filter(None, [base.after, base.answering])]
        body, told = with_other_ends(body, others, chance)
        done.append(told)
    return body, "; ".join(done) or "nothing"
