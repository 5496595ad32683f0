"""Compare the embedded engine's rewriting with records of what real daemons did.

    python -m tools.goldens [VERSION...] [-v] [--records FOLDER] [--prefix WORD] [--only WORD]

prints for each version how many of the records came out the same, after `neutral`, and with -v what differs in the
others. The records are read from ``golden`` in the folder that RTPE_NG_CORPUS names, or from the folder given.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs

from rtpe_ng.embedded.errors import Refused
from rtpe_ng.embedded.request import Context
from rtpe_ng.embedded.resources import Resources
from rtpe_ng.embedded.sdp import rewrite
from rtpe_ng.embedded.sdp.party import EngineParty
from rtpe_ng.embedded.versions import Behaviour, behaviour_of
from tests.support.neutral import neutral

VERSIONS = ("10.5.3.5", "12.5.1.31", "26.0.1.26")
ADDRESS = "203.0.113.1"
Record = dict[str, Any]


@attrs.frozen
class Outcome:
    """What a record says, and what came out."""

    record: Record
    expected: str
    found: str

    @property
    def same(self) -> bool:
        return self.expected == self.found

    @property
    def name(self) -> str:
        return " ".join(self.record[key] for key in ("engine", "sdp_name", "direction", "op"))

    def __str__(self) -> str:
        lines = difflib.unified_diff(
            self.expected.split("\n"), self.found.split("\n"), "the daemon", self.name, lineterm="", n=2
        )
        return "\n".join(lines)


def folder() -> Path | None:
    """Return where the goldens are, or None where they are not."""
    corpus = os.environ.get("RTPE_NG_CORPUS")
    return Path(corpus, "golden") if corpus else None


def read(path: Path) -> list[Record]:
    """Return the records of a file."""
    with path.open(encoding="ascii") as file:
        return [json.loads(line) for line in file]


def outcomes(records: Iterable[Record], version: str) -> Iterator[Outcome]:
    """Yield what comes out for each record; an answer follows its offer, made again for it."""
    behaviour = behaviour_of(version)
    offers: dict[tuple[str, str], Record] = {}
    for record in records:
        call = (record["sdp_name"], record["direction"])
        if record["op"] == "offer":
            offers[call] = record
        yield Outcome(
            record,
            _shown(record["output"], record["error"], record["input"]),
            _shown(*_rewritten(record, offers[call], behaviour), record["input"]),
        )


def _rewritten(record: Record, offer: Record, behaviour: Behaviour) -> tuple[str | None, str | None]:
    offerer, answerer = EngineParty(tag="a"), EngineParty(tag="b")
    resources = Resources(interfaces={"default": ADDRESS})
    try:
        made = rewrite.offer(
            offer["input"],
            Context.of(offer["flags"], resources, behaviour),
            offerer=offerer,
            answerer=answerer,
        )
        if record["op"] == "answer":
            made = rewrite.answer(
                record["input"],
                Context.of(record["flags"], resources, behaviour),
                answerer=answerer,
                offerer=offerer,
            )
    except Refused as refused:
        return None, str(refused)
    return made, None


def _shown(body: str | None, error: str | None, given: str) -> str:
    return f"error: {error}" if error else neutral(body or "", given=given)


def percentage(results: list[Outcome]) -> float:
    """Return how many of the results are the same, in percent."""
    return 100 * sum(it.same for it in results) / len(results)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("versions", nargs="*", default=VERSIONS, metavar="VERSION")
    parser.add_argument("-v", action="store_true", help="show what differs")
    parser.add_argument("--records", type=Path, default=folder(), help="the folder of VERSION.jsonl")
    parser.add_argument("--prefix", default="", help="what stands before VERSION.jsonl")
    parser.add_argument("--only", default="", help="only records with this in the name, direction or op")
    arguments = parser.parse_args()
    if arguments.records is None:
        parser.error("give --records, or name the corpus in RTPE_NG_CORPUS")
    for version in arguments.versions:
        full = behaviour_of(version).version
        found = outcomes(read(arguments.records / f"{arguments.prefix}{full}.jsonl"), full)
        results = [it for it in found if arguments.only in it.name]
        if arguments.v:
            for result in results:
                if not result.same:
                    print(result)
        print(f"{full}: {percentage(results):.2f}% of {len(results)} records")


if __name__ == "__main__":
    main()
