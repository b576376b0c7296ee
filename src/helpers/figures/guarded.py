"""Calling a student's function for a figure: whatever it does, the figure gets numbers or a sentence that says why not.

A figure is no place for a traceback: that belongs to the check cell of the exercise.
"""

import contextlib
import io
import textwrap
import warnings

import numpy as np

LONGEST = 240


class Unusable(Exception):
    """A function gave a figure nothing to draw; the message is the sentence that the reader sees."""


@contextlib.contextmanager
def silence():
    """Keep what student code prints and warns about out of a figure's cell: it is called hundreds of times."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def numbers_from(name, function, *arguments, shape=None, part=None):
    """Call `function` with copies of its arguments and return what it gives, as a finite float64 array.

    part: index of the returned value to use, where there are several. shape: what that value must have.
    raises: `Unusable` if it raises, or returns something else.
    """
    copies = [np.copy(value) if isinstance(value, np.ndarray) else value for value in arguments]
    try:
        value = function(*copies)
        value = value if part is None else value[part]
        array = np.asarray(value, dtype=np.float64)
    except Exception as error:
        raise Unusable(f"{name} could not be drawn: {error_in_words(error)}.") from None
    if value is None:
        raise Unusable(f"{name} returned None: is there a return statement?")
    if shape is not None and array.shape != shape:
        raise Unusable(f"{name} returned an array of shape {array.shape}, where {shape} belongs.")
    if not np.isfinite(array).all():
        raise Unusable(f"{name} returned {array[~np.isfinite(array)].flat[0]} here.")
    return array


def error_in_words(error):
    """Return an error as part of a sentence: its type, and its message if that is short enough to read."""
    message = " ".join(str(error).split())
    return f"{type(error).__name__}: {message[:LONGEST].rstrip('.')}" if message else type(error).__name__


def draw_panel(ax, draw, *arguments):
    """Draw into one set of axes; if a student's function is unusable, write the sentence in its place.

    Returns the sentence, or None where all went well.
    """
    try:
        draw(ax, *arguments)
    except Unusable as error:
        write_sentence(ax, str(error))
        return str(error)
    return None


def write_sentence(ax, sentence, width=42):
    """Write a sentence in the middle of otherwise empty axes."""
    ax.clear()
    ax.set_axis_off()
    text = textwrap.fill(sentence, width)
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", fontsize=11, parse_math=False)
