from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from okr_workbook.errors import OkrError
from okr_workbook.mail.delivery import PAUSES, Postman
from okr_workbook.mail.ledger import Ledger
from okr_workbook.mail.transport import Delivery, Outbox, Transport
from tests.mail.builders import BOB, ENTRY, ZOE, Clock, a_message


class Scripted(Transport):
    """Gives each address its outcomes in turn, the last one for ever."""

    name = "scripted"

    def __init__(self, **answers):
        self.answers, self.sent_to = answers, []

    def send(self, message, recipients, leaving):
        self.sent_to.append([address.partition("@")[0] for address in recipients])
        leaving(recipients)
        return [Delivery(address, self._next(address.partition("@")[0])) for address in recipients]

    def _next(self, name):
        answers = self.answers.get(name, ["sent"])
        return answers.pop(0) if len(answers) > 1 else answers[0]


@pytest.fixture
def ledger(tmp_path):
    with Ledger(tmp_path / "x.sqlite") as ledger:
        yield ledger


def deliver(ledger, transport, message=None, clock=None):
    clock = clock or Clock()
    Postman(ledger, transport, clock=clock, wait=clock.wait).deliver(ENTRY, message or a_message())
    return {address.partition("@")[0]: state for address, (state, _) in ledger.states(ENTRY).items()}


@pytest.mark.parametrize(
    ("answers", "state", "attempts"),
    [
        (["sent"], "sent", 1),
        (["deferred", "sent"], "sent", 2),
        (["deferred", "deferred", "sent"], "sent", 3),
        (["deferred"], "deferred", 3),
        (["refused"], "refused", 1),
        (["unknown"], "unknown", 1),
        (["deferred", "unknown", "sent"], "unknown", 2),
        (["draft"], "draft", 1),
    ],
)
def test_only_what_was_deferred_is_tried_again(ledger, answers, state, attempts):
    transport = Scripted(ann=answers)
    assert deliver(ledger, transport) == {"ann": state}
    assert len(transport.sent_to) == attempts


def test_it_waits_longer_each_time(ledger):
    clock = Clock()
    deliver(ledger, Scripted(ann=["deferred"]), clock=clock)
    assert clock.waited == list(PAUSES)


def test_a_second_attempt_goes_only_to_those_who_were_deferred(ledger):
    transport = Scripted(ann=["sent"], bob=["deferred", "sent"], zoe=["refused"])
    assert deliver(ledger, transport, a_message(cc=(BOB, ZOE))) == {"ann": "sent", "bob": "sent", "zoe": "refused"}
    assert transport.sent_to == [["ann", "bob", "zoe"], ["bob"]]


@pytest.mark.parametrize("outcome", ["sent", "refused", "unknown"])
def test_the_same_message_in_a_later_run_goes_to_nobody_again(ledger, outcome):
    deliver(ledger, Outbox({"ann@okr.test": outcome}))
    later = Outbox()
    assert deliver(ledger, later) == {"ann": outcome}
    assert later.messages == []


@pytest.mark.parametrize("outcome", ["deferred", "draft"])
def test_what_has_not_left_is_sent_in_a_later_run(ledger, outcome):
    deliver(ledger, Outbox({"ann@okr.test": outcome}))
    assert deliver(ledger, Outbox()) == {"ann": "sent"}


def test_somebody_added_later_is_the_only_one_to_get_it(ledger):
    deliver(ledger, Outbox())
    later = Outbox()
    deliver(ledger, later, a_message(cc=(BOB,)))
    assert [to for _, to in later.messages] == [("bob@okr.test",)]


def test_where_nothing_can_be_sent_at_all_the_message_stays_prepared(ledger):
    class Closed(Transport):
        name = "closed"

        def send(self, message, recipients, leaving):
            leaving(recipients)
            raise OkrError("smtp_no_connection", host="h", port="1", reason="down")

    with pytest.raises(OkrError, match="smtp_no_connection"):
        deliver(ledger, Closed())
    assert deliver(ledger, Outbox()) == {"ann": "sent"}


OUTCOMES = st.sampled_from(["sent", "draft", "deferred", "refused", "unknown"])


@effort(max_examples=15)
@given(st.lists(st.tuples(OUTCOMES, OUTCOMES, OUTCOMES), min_size=1, max_size=6))
def test_whatever_becomes_of_it_run_after_run_nobody_gets_it_twice(runs):
    """Each run draws one outcome an address. Once an address is sent to, refused or unknown, it is left alone."""
    attempts = {"ann": [], "bob": [], "zoe": []}

    class Noting(Scripted):
        def _next(self, name):
            attempts[name].append(super()._next(name))
            return attempts[name][-1]

    with TemporaryDirectory() as folder, Ledger(Path(folder) / "x.sqlite") as ledger:
        for ann, bob, zoe in runs:
            states = deliver(ledger, Noting(ann=[ann], bob=[bob], zoe=[zoe]), a_message(cc=(BOB, ZOE)))
    for name, outcomes in attempts.items():
        assert states[name] == outcomes[-1]
        assert not set(outcomes[:-1]) & {"sent", "refused", "unknown"}
