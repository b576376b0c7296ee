"""Our grader, otter and nbgrader give the same points, check by check, on every kind of honest answer."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.release import release
from autograder.source.lesson import lesson_names, load_lesson
from releases.conftest import batches, differences, nbgrader_scores, otter_results, our_scores

# Every fourth lesson, and of its notebooks with wrong answers every fourth, or as the environment says: with 1 all of
# them, which takes half an hour.
EVERY = int(os.environ.get("COURSE_AGREEMENT_EVERY", "4"))


@pytest.mark.slow
@pytest.mark.parametrize("name", lesson_names()[::EVERY])
def test_three_graders_agree(name, tmp_path):
    lesson = load_lesson(name)
    everything = batches(lesson)
    batch = [*everything[:2], *everything[2::EVERY]]
    for_otter, for_nbgrader = release(lesson, "otter", tmp_path), release(lesson, "nbgrader", tmp_path)
    # nbgrader keeps one core busy, so that it runs beside otter.
    with ThreadPoolExecutor(2) as pool:
        otter = pool.submit(otter_results, lesson, for_otter, batch)
        nbgrader = pool.submit(nbgrader_scores, lesson, for_nbgrader, batch)
    theirs = [{check: points for check, (points, _) in one.items()} for one in otter.result()]
    ours = [our_scores(lesson, answers) for answers in batch]
    assert differences(batch, ours, theirs) == []
    assert differences(batch, ours, nbgrader.result()) == []


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * bool(i % 4)) for i, name in enumerate(lesson_names())]
)
def test_every_wrong_answer_is_in_a_batch(name):
    lesson = load_lesson(name)
    batch = batches(lesson)
    for exercise in lesson.exercises.values():
        assert set(exercise.wrong_answers) <= {answers[exercise.name] for answers in batch}
    assert sum(our_scores(lesson, batch[0]).values()) == lesson.max_points
    assert sum(our_scores(lesson, batch[1]).values()) == 0
