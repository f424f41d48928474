from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backend_team.hosted.limits import FORGET_ABOVE, Limits


def test_a_minute_holds_what_the_plan_allows_and_refills_evenly() -> None:
    limits = Limits()
    verdicts = [limits.take("a", 60, 0.0) for _ in range(61)]
    assert [verdict.allowed for verdict in verdicts] == [True] * 60 + [False]
    assert verdicts[0].headers == {"RateLimit-Policy": '"requests";q=60;w=60', "RateLimit": '"requests";r=59;t=1'}
    assert verdicts[-1].headers["Retry-After"] == "1"
    assert limits.take("b", 60, 0.0).allowed  # another account
    assert limits.take("a", 60, 1.0).allowed
    assert not limits.take("a", 60, 1.0).allowed
    assert sum(limits.take("a", 60, 1_000.0).allowed for _ in range(100)) == 60


@given(st.lists(st.floats(0, 5), max_size=300), st.integers(1, 100))
def test_no_window_of_a_minute_holds_more_than_twice_the_quota(pauses: list[float], quota: int) -> None:
    limits, now, allowed = Limits(), 0.0, []
    for pause in pauses:
        now += pause
        if limits.take("a", quota, now).allowed:
            allowed.append(now)
    for moment in allowed:
        assert sum(moment <= other < moment + 60 for other in allowed) <= 2 * quota


def test_accounts_that_ask_nothing_are_forgotten() -> None:
    limits = Limits()
    for number in range(FORGET_ABOVE + 1):
        limits.take(str(number), 5, 0.0 if number < FORGET_ABOVE else 100.0)
    assert not limits.take(str(FORGET_ABOVE), 1, 100.0).remaining
