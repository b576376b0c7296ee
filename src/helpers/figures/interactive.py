"""One way to show every figure: a picture with alt text, and controls that redraw it where a live notebook listens.

An exported page and GitHub keep the picture. Under grading nothing is drawn, and neither pyplot nor ipywidgets is
imported. This file knows no mathematics.
"""

import base64
import contextlib
import functools
import gc
import html
import io
import os
import sys
from dataclasses import dataclass

from helpers.checkout import GRADING
from helpers.figures.controls import panel
from helpers.figures.guarded import error_in_words, silence, write_sentence
from helpers.figures.style import DPI, PIXELS_PER_INCH, RC, new_figure

WELL, QUICKLY = 6, 1  # how hard zlib works: a picture is kept in a notebook, but while a slider moves it is awaited


@dataclass(frozen=True)
class Picture:
    """A drawn figure: PNG bytes, alt text, and its width and height on the page, in pixels."""

    png: bytes
    alt: str
    width: int
    height: int

    def __repr__(self):
        return self.alt

    def _repr_mimebundle_(self, include=None, exclude=None):
        encoded = base64.b64encode(self.png).decode("ascii")
        size = f'width="{self.width}" height="{self.height}" style="max-width: 100%; height: auto"'
        image = f'<img src="data:image/png;base64,{encoded}" alt="{html.escape(self.alt)}" {size}>'
        data = {"text/html": image, "image/png": encoded, "text/plain": self.alt}
        return data, {"image/png": {"width": self.width, "height": self.height}}


def is_grading():
    """Whether this process grades, so that a figure would be drawn for nobody."""
    return bool(os.environ.get(GRADING))


def is_live():
    """Whether somebody sits in front of a notebook, as far as a kernel can know.

    nbclient and nbconvert execute without an input channel, which a person's front end always offers; a terminal has no
    kernel. In JupyterLite the kernel is another one, and there is no batch execution.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if is_grading() or shell is None:
        return False
    if sys.platform == "emscripten":
        return True
    return bool(getattr(getattr(shell, "kernel", None), "_allow_stdin", False))


def show_figure(fig, *, alt):
    """Show a Matplotlib figure once, with alt text, as a notebook, an exported page and GitHub can keep it.

    fig: a figure of pyplot or of `style.new_figure`; pyplot will not show it a second time.
    alt: what the figure shows, in a sentence or two with its numbers, for those who do not see it.
    """
    pyplot = sys.modules.get("matplotlib.pyplot")
    if not is_grading():
        with silence():
            picture = picture_of(fig, alt)
        _display(picture)
    if pyplot:
        pyplot.close(fig)


def show(draw, controls, *, alt):
    """Show a figure that its reader can move.

    draw: function of the controls' values, by name, that returns a Matplotlib figure made by `style.new_figure`.
    controls: dict of name to `Slider`, `Menu` or `Switch`; their values are those of the static picture.
    alt: function of the same values that returns the alt text.

    The static picture comes first. A live notebook also gets the controls, which redraw that same picture, so that the
    saved notebook keeps the last one. A function that fails leaves a sentence in the picture, never a traceback.
    """
    if is_grading():
        return
    render = functools.partial(rendered, draw, alt)
    handle = _display(render({name: control.value for name, control in controls.items()}))
    if handle is not None and is_live():
        _add_controls(handle, controls, functools.partial(render, packed=QUICKLY))


def rendered(draw, alt, values, packed=WELL):
    """Return the `Picture` of `draw(**values)`; what fails becomes a picture of one sentence."""
    from matplotlib import rc_context

    with rc_context(RC), silence(), garbage_waits():
        try:
            return picture_of(draw(**values), alt(**values), packed)
        except Exception as error:
            sentence = f"This figure could not be drawn: {error_in_words(error)}."
            fig = new_figure(2.0)
            write_sentence(fig.add_axes((0, 0, 1, 1)), sentence, width=90)
            return picture_of(fig, sentence)


@contextlib.contextmanager
def garbage_waits():
    """Collect no garbage within this: of the thousands of objects of a drawing none can be freed yet."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def picture_of(fig, alt, packed=WELL):
    """Return a figure as it stands, as a `Picture`."""
    file = io.BytesIO()
    fig.savefig(file, format="png", dpi=DPI, pil_kwargs={"compress_level": packed})
    width, height = (round(inches * PIXELS_PER_INCH) for inches in fig.get_size_inches())
    return Picture(file.getvalue(), alt, width, height)


def _display(picture):
    """Show a picture and return the handle that can replace it, or print its text where there is no IPython."""
    try:
        from IPython.display import display
    except ImportError:
        return print(picture)
    return display(picture, display_id=True)


def _add_controls(handle, controls, render):
    try:
        widgets = {name: control.widget() for name, control in controls.items()}
    except ImportError:
        return

    def redraw(change):
        """Draw anew after a control has moved."""
        handle.update(render({name: widget.value for name, widget in widgets.items()}))

    for widget in widgets.values():
        widget.observe(redraw, names="value")
    from IPython.display import display

    display(panel(widgets.values()))
