"""The verdict of a daemon: problems made of what it refuses and misreads, and the line that its error is about."""

from ..problem import Effect, SdpProblem
from .grammar import GRAMMARS, Grammar, grammar_of
from .misreading import misreadings_of
from .reading import LineFault, read_as_daemon
from .refusing import REFUSALS, refusal_of

__all__: list[str] = []


def daemon_problems(text: str, engine: str) -> tuple[SdpProblem, ...]:
    """Return what a daemon of a version refuses, in its order, and then what it misreads, line by line.

    Raises `SdpError` for a body that is too long or has no wire form, `UsageError` for what is no version.
    """
    grammar = grammar_of(engine)
    reading = read_as_daemon(text, grammar)
    refusal = refusal_of(reading)
    problems = [_problem(fault, grammar, "refused") for fault in (refusal.faults if refusal else ())]
    # A line of the session is named once, however many sections it is about.
    once = {(fault.line.number, fault.reason): fault for fault in misreadings_of(reading)}
    misread = sorted(once.values(), key=lambda fault: fault.line.number)
    return (*problems, *(_problem(fault, grammar, "misread") for fault in misread))


def refused_line(text: str, words: str, engine: str | None = None) -> SdpProblem | None:
    """Return the first problem for which a daemon refuses a body with these words of its own; None without one.

    Without its version, the newest one counts that refuses the body with the same words. Raises as
    `daemon_problems` does.
    """
    if words not in REFUSALS:
        return None
    for grammar in reversed(GRAMMARS) if engine is None else (grammar_of(engine),):
        refusal = refusal_of(read_as_daemon(text, grammar))
        if refusal is not None and refusal.words == words:
            return _problem(refusal.faults[0], grammar, "refused")
    return None


def _problem(fault: LineFault, grammar: Grammar, effect: Effect) -> SdpProblem:
    return SdpProblem(
        reason=fault.reason,
        section=fault.section,
        line=fault.line.number,
        text=fault.line.text,
        effect=effect,
        rule=f"RTPEngine {grammar.version}",
        cure=fault.cure,
        helper=fault.helper,
    )
