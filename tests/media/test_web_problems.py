"""`sdp.web_problems` says of a body what Chromium says."""

from __future__ import annotations

import pytest

from tests.media.rig.browser import Chromium
from tests.support.web_rules import RULES
from tools.mutants import Mutant, mutants
from tools.verdicts.chromium import compared, verdicts

pytestmark = pytest.mark.anyio


async def test_chromium_refuses_what_a_rule_forbids_and_takes_the_body_without_it(chromium: Chromium) -> None:
    sound = {rule.sound: Mutant(base=rule.sound, how="", body=rule.sound.body) for rule in RULES}
    broken = [Mutant(base=rule.sound, how=rule.reason, body=rule.body) for rule in RULES]
    found = await verdicts(chromium, [*sound.values(), *broken])
    assert [(mutant.base.name, told) for mutant, told in found if not mutant.how and told is not None] == []
    assert [mutant.how for mutant, told in found if mutant.how and told is None] == []


async def test_the_verdicts_agree_on_mutants(chromium: Chromium) -> None:
    comparison = await compared(chromium, mutants(20261, 600, only=lambda base: base.before is not None))
    assert sum(it.theirs is not None for it in comparison.judged) > 200
    assert comparison.agreement >= 0.995, comparison.report("chromium", 20261)
    assert comparison.false_alarms == []
