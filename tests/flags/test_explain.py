"""Flags in a person's words."""

from __future__ import annotations

import attrs
import pytest

from rtpe_ng import Codec, Flags
from rtpe_ng.flags import explain as module
from rtpe_ng.flags.glossary import MEANINGS
from tests.support.samples import CHOICES, LISTS, OPTIONS, everything


@pytest.mark.parametrize("flags", list(everything()), ids=repr)
def test_each_option_is_explained(flags: Flags) -> None:
    ((name, option, _),) = flags.given()
    explanation = flags.explain()
    (line,) = explanation.options
    text = str(explanation)
    assert line.option == name
    assert option.key in text
    assert line.text.endswith(".")
    assert line.toward
    assert (line.since is None) is (not option.sent)
    assert repr(flags).removeprefix("Flags(").removesuffix(")") in text


def test_the_whole_text() -> None:
    flags = Flags(
        ice="force", trust_address=True, replace=["session-connection"], sdes=["prefer"], extra={"flags": ["foo"]}
    )
    explanation = flags.explain()
    assert (
        repr(explanation)
        == str(explanation)
        == """\
ICE=force  (toward the leg that the message goes to; since 10.5 or before)
    What happens to ICE (RFC 8839). force: the daemon's own candidates in the place of all
    others, also where there were none.

SDES=[prefer]  (toward the leg that the message goes to; since 12.1)
    SDES key exchange (RFC 4568). prefer: take SDES where DTLS was offered as well.

replace=[session-connection]  (toward the leg that the message goes to; since 10.5 or before)
    Which other lines the daemon rewrites. session-connection: the session's c= line, which
    newer daemons always rewrite.

trust-address  (toward the leg that the message comes from; since 10.5 or before)
    Believe the addresses in the SDP; the default of every daemon of today.

foo  (for this message)
    No option that this library knows: the daemon gets it as it is, and may ignore it.

obsolete: replace: 'session-connection' has no effect since 12.5, and is unknown since 26.1
obsolete: trust_address: nobody needs it: it is the default

In Python:
    Flags(
        ice='force',
        sdes=['prefer'],
        replace=['session-connection'],
        trust_address=True,
        extra={'flags': ['foo']},
    )"""
    )


def test_what_conflicts_is_in_the_text() -> None:
    text = str(Flags(codec=Codec(transcode=["PCMU"]), extra={"symmetric": "1"}).explain("answer"))
    assert "warning: codec: an answer ignores 'transcode'" in text
    assert "symmetric=1" in text


def test_no_flags_are_explained_too() -> None:
    assert "No option is given" in str(Flags().explain())
    assert str(Flags().explain()).endswith("Flags()")


def test_without_the_source_it_still_says_something(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "field_texts", lambda _: {})
    assert "The option ICE of the ng protocol." in str(Flags(label="x", debug=True).explain()).replace(
        "debug", "ICE"
    )


def test_the_words_that_have_a_meaning_are_words() -> None:
    known = {OPTIONS[name].key: set(LISTS.get(name, ())) for name in (*CHOICES, *LISTS)}
    known["codec"] = {field.metadata["key"].key for field in attrs.fields(Codec)}
    for key, meanings in MEANINGS.items():
        assert key in known
        if known[key]:
            assert set(meanings) <= known[key]
