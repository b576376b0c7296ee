"""The allow-list of system calls: the README shows it, each has a reason, and what cannot be added is a refusal."""

from pathlib import Path

import pytest

import autograder
from autograder.jail import calls, confine
from autograder.jail.calls import ANSWERS, GROUPS, ZYGOTE, table


def test_the_readme_shows_the_table():
    assert table() in (Path(autograder.__file__).parent / "README.md").read_text(encoding="utf-8")


def test_no_call_is_named_twice_and_every_group_has_a_reason():
    names = [name for one in GROUPS for name in one.calls]
    assert len(names) == len(set(names))
    assert all(len(one.reason) > 20 for one in (*GROUPS, ZYGOTE))
    assert all(set(one.when) <= set(one.calls) for one in (*GROUPS, ZYGOTE))
    assert not {name for answer in ANSWERS.values() for name in answer.split()} & set(names)


@pytest.mark.parametrize("call", ["fcntl", "ioctl", "prctl", "clone", "mmap", "mprotect", "madvise", "open", "sendto"])
def test_a_call_that_does_many_things_is_allowed_by_its_arguments(call):
    assert [one.when[call] for one in GROUPS if call in one.when]


UNHEARD = calls.group("tomorrow", "a call that this library has never heard of", "tomorrows_call")


def test_a_rule_that_cannot_be_added_ends_the_confinement(monkeypatch, tmp_path):
    """It raises before anything is in force, and a zygote that raises is a refusal (see test_isolation)."""
    loaded = []
    monkeypatch.setattr(confine, "restrict_files", lambda scratch: None)
    monkeypatch.setattr(confine.SyscallFilter, "load", lambda self: loaded.append(1))
    confine.confine_zygote(str(tmp_path))
    assert loaded == [1]
    monkeypatch.setattr(confine, "GROUPS", (*GROUPS, UNHEARD))
    with pytest.raises(ValueError, match="knows no system call tomorrows_call"):
        confine.confine_zygote(str(tmp_path))
    assert loaded == [1]


def test_a_rule_that_the_library_refuses_is_an_error():
    with pytest.raises(OSError, match=r"denied|permitted"):
        confine._add(confine._layer(confine.ALLOW), confine.ALLOW, "read")  # the filter's own action is no rule
