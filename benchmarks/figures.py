"""What a reader waits for when a slider moves: every opening figure drawn anew and saved, as the notebook does it.

    course bench figures

Every control is set to its ends and its middle, every other option of a menu or a switch, the rest left as it stands.
The peer is Matplotlib alone: an empty figure of the same size with two axes, drawn and saved in the same run.
"""

import contextlib
import io
import statistics
import time
from unittest import mock

import numpy as np
from matplotlib import rc_context

from autograder.source.lesson import lesson_names, load_lesson
from helpers import Grader
from helpers.figures import interactive
from helpers.figures.controls import Menu, Slider
from helpers.figures.style import DPI, RC, WIDTH_INCHES, new_figure

ROUNDS, TARGET = 3, 150


def live_figures(lesson):
    """Run a lesson's introduction as a live notebook would; return (controls, render) of each figure in it."""
    found = []
    introduction = next(iter(lesson.sections))
    names = {"np": np, "grader": Grader(lesson.name, names={})}
    stands_in = {
        "_display": lambda picture: picture,
        "is_live": lambda: True,
        "_add_controls": lambda handle, controls, render: found.append((controls, render)),
    }
    with mock.patch.multiple(interactive, **stands_in), contextlib.redirect_stdout(io.StringIO()):
        for cell in introduction.cells:
            if cell.kind == "experiment":
                exec(cell.text, names)
    return found


def moves(controls):
    """The values of all controls, one of them moved."""
    still = {name: control.value for name, control in controls.items()}
    for name, control in controls.items():
        for value in _others(control):
            yield {**still, name: value}


def _others(control):
    if isinstance(control, Slider):
        ends = control.low, (control.low + control.high) / 2, control.high
        kind = type(control.value)
        return [kind(10**end if control.log else end) for end in ends]
    if isinstance(control, Menu):
        return [value for _, value in control.options if value is not control.value]
    return [not control.value]


def milliseconds(work):
    """The least of a few rounds."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - started))
    return min(times)


def empty_figure(width, height):
    """Matplotlib alone: two empty axes of the same size, saved."""
    with rc_context(RC):
        figure = new_figure(WIDTH_INCHES * height / width)
        figure.subplots(1, 2)
        figure.savefig(io.BytesIO(), format="png", dpi=DPI)


def main():
    """Print the table."""
    print(f"{'lesson':36} moves  median ms  slowest ms  empty figure ms  median / empty")
    for name in lesson_names():
        for controls, render in live_figures(load_lesson(name)):
            picture = render({name: control.value for name, control in controls.items()})
            times = [milliseconds(lambda values=values: render(values)) for values in moves(controls)]
            empty = milliseconds(lambda: empty_figure(picture.width, picture.height))
            middle = statistics.median(times)
            told = f"{len(times):5}  {middle:9.0f}  {max(times):10.0f}  {empty:15.0f}  {middle / empty:14.1f}"
            print(f"{name:36} {told}{'' if max(times) < TARGET else '  above 150 ms'}", flush=True)


if __name__ == "__main__":
    main()
