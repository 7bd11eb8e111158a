"""What is said without knowing who reads it."""

import json
import pickle

import pytest

from southbound.common.errors import BadHoldings
from southbound.common.language import Language, speaking
from southbound.common.remark import Remark, read_remark, remark, remark_of
from southbound.presentation.messages import translated

SAID = remark("{rows} rows, want at least {least}", rows=12, least=300)


def test_it_is_an_english_sentence_and_others_read_it_in_their_language() -> None:
    assert SAID == "12 rows, want at least 300"
    with speaking(Language.TRADITIONAL):
        assert translated(SAID) == "只有12行，最少須有300行"


def test_it_is_whole_after_the_store_and_another_process() -> None:
    for copy in (read_remark(SAID.as_json(), ""), pickle.loads(pickle.dumps(SAID))):
        assert isinstance(copy, Remark)
        assert (copy, copy.pattern, copy.values) == (SAID, SAID.pattern, SAID.values)


def test_what_is_told_within_it_is_told_in_the_same_language() -> None:
    told = remark("in quarantine: {noted}", noted=BadHoldings(SAID))
    assert told == "in quarantine: 12 rows, want at least 300"
    for copy in (read_remark(told.as_json(), ""), pickle.loads(pickle.dumps(told))):
        with speaking(Language.TRADITIONAL):
            assert translated(copy) == "隔離中：只有12行，最少須有300行"


def test_an_exception_keeps_it() -> None:
    assert remark_of(BadHoldings(SAID)) is SAID
    assert remark_of(BadHoldings("12 rows")) == "12 rows"
    assert remark_of(BadHoldings()) == ""


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "12 rows, want at least 300",
        "null",
        "[]",
        "[1, 2]",
        '["", {}]',
        '["{a}", null]',
        '["{a}", {}]',
        '["{", {}]',
        '["{}", {"x": "x"}]',
        json.dumps(["{a:>1000000000}", {"a": "x"}]),
        json.dumps(["{a.__class__}", {"a": "x"}]),
        json.dumps(["{a!r}", {"a": "x"}]),
        json.dumps(["{a}{a}", {"a": "x"}]),
        json.dumps(["{a}", {"a": ["{", {}]}]),
        '["{a}", {"a": ' * 11 + '["x", {}]' + "}]" * 11,
        "[" * 100_000,
    ],
)
def test_what_is_no_remark_leaves_the_sentence_beside_it(stored: str) -> None:
    read = read_remark(stored, "the sentence")
    assert read == "the sentence"
    assert not isinstance(read, Remark)


def test_what_was_stored_by_another_makes_no_lines_of_its_own_and_is_not_long() -> None:
    read = read_remark(json.dumps(["{a}", {"a": "x\r\nBcc: b" + "y" * 10**6}]), "")
    assert "\n" not in read
    assert len(read) < 1_000
