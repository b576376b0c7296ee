"""Answers of strangers, written from the notebooks alone: right ones earn everything, wrong ones lose points.

`OUTSIDE` are wrong answers that differ only on inputs which the statements have excluded since. What keeps full points
and is not among them is a fault of ours.
"""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from autograder.source.lesson import load_lesson
from autograder.source.notebook_cells import lesson_cells
from autograder.source.other_arguments import diagnosis_of
from helpers.running import FAILED

HERE = Path(__file__).parent / "strangers"
OUTSIDE = {
    ("cross_entropy_from_logits", "1e15"),  # logits up to 1e13
    ("softmax", "9e18"),  # integers up to 2^53
    ("ridge", "pinv of A'A"),  # inputs that differ by a ten-thousandth
    ("linear_autoencoder", "eigenvectors of C^T C"),  # singular values that differ by a thousandth
    ("gumbel_softmax", "ties by rounding"),  # no two sums within 1e-12
    ("iwae_bias", "40000 less 40000"),  # right to six digits where weights differ by a hundredth
    ("moment_match", "one-pass"),  # points not much farther from 0 than from one another
    ("attention", "1e308"),  # scores up to 1e300
    ("col2im", "in the type of col"),  # 64 bits, unless the statement speaks of bytes
    ("conv1d", "in the type of the arguments"),
    ("clip_by_global_norm", "in the type of the array"),
    ("fan_out_gradient", "integers beyond 3e9"),  # integers up to 1000
    ("adaptive_step", "squares integer gradients"),
    ("contractive_penalty", "squared as integers"),
    ("contractive_penalty", "with large weights"),  # weights up to 1000
    ("rnn_forward", "e^a / (1 + e^a)"),  # pre-activations within 600
    ("bptt", "exp(a)/(1+exp(a))"),
    ("softmax_vjp", "K x K"),  # right numbers: seen at grading, where memory is bounded
}
SEED = 11


def answers(kind):
    """{(lesson, exercise): [answer, ...]} of one file."""
    found = defaultdict(list)
    for one in json.loads((HERE / f"{kind}.json").read_text(encoding="utf-8")):
        found[one["lesson"], one["exercise"]].append(one)
    return found


RIGHT, WRONG = answers("right"), answers("wrong")


def results(lesson_name, exercise_name, source):
    """The results of an answer that has what its notebook's first cells bring, all other answers being right."""
    lesson, names = load_lesson(lesson_name), {}
    exercise = lesson.exercises[exercise_name]
    for cell in lesson_cells(lesson):
        if cell.role in ("setup", "given"):
            exec(cell.starter, names)
    exec(source, names)
    return exercise, exercise.run({**exercise.reference, exercise_name: names[exercise_name]}, SEED)


@pytest.mark.slow
@pytest.mark.parametrize(("lesson", "exercise"), sorted(RIGHT))
def test_right_answers_of_strangers_earn_everything(lesson, exercise):
    for one in RIGHT[lesson, exercise]:
        lost = [r.text for r in results(lesson, exercise, one["source"])[1] if r.earned < r.points]
        assert not lost, (one["comment"], lost)


def is_outside(answer):
    return any(name == answer["exercise"] and words in answer["comment"] for name, words in OUTSIDE)


@pytest.mark.slow
@pytest.mark.parametrize(("lesson", "exercise"), sorted(WRONG))
def test_wrong_answers_of_strangers_lose_points(lesson, exercise):
    told = 0
    for one in WRONG[lesson, exercise]:
        known, found = results(lesson, exercise, one["source"])
        assert is_outside(one) != any(result.outcome == FAILED for result in found), one["comment"]
        told += bool(diagnosis_of(known, found, SEED)[0])
    assert told >= len(WRONG[lesson, exercise]) / 3, f"{told} hear a sentence"
