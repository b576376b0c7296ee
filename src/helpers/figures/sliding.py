"""The sliding window: what a convolution reads, answers and sends back, pixel by pixel.

The numbers come from `sliding_numbers`, which works with the student's own functions; this file draws and describes.
"""

import numpy as np

from helpers.figures.controls import Menu, Slider
from helpers.figures.guarded import Unusable, draw_panel, write_sentence
from helpers.figures.interactive import show
from helpers.figures.number_grid import box, grid, write_note
from helpers.figures.sliding_numbers import ADDED, TURNED, counts, memo_counts, reads, setting_of, slide, true_counts
from helpers.figures.style import BLUE, GRAY, GREEN, ORANGE, new_figure, signed


def _int(description, value, low, high):
    return Slider(description=description, value=value, low=low, high=high, step=1, form="d")


CONTROLS = {
    "window": _int("window", 2, 1, 64),
    "height": _int("height", 6, 2, 8),
    "width": _int("width", 7, 2, 8),
    "kh": _int("kernel height", 3, 1, 4),
    "kw": _int("kernel width", 3, 1, 4),
    "stride": _int("stride", 2, 1, 3),
    "padding": _int("padding", 0, 0, 2),
    "dilation": _int("dilation", 1, 1, 3),
    "rule": Menu(description="rule", value="correlation", options=(("correlation", "correlation"), (TURNED, TURNED))),
    "taps": Menu(description="kernel", value="edge", options=(("edge", "edge"), ("symmetric", "symmetric"))),
    "returned": Menu(description="on the way back", value=ADDED, options=((ADDED, ADDED), ("assign", "assign"))),
}


def sliding_window(im2col, col2im):
    """Show a window that slides over an image, with controls in a live notebook.

    im2col: function of (x, kh, kw, s, p) that returns the windows as rows. col2im: its adjoint, a function of
    (col, shape, kh, kw, s, p).

    Above: the padded image with the window, the output, the im2col matrix. Below: how often each pixel is read, by the
    given col2im and by a widespread faulty one, and the kernel as it lies on the window.
    """

    def draw(**values):
        """Draw the figure for these settings of the controls."""
        fig = new_figure(4.15)  # with six rows of controls below it fits the screen of a laptop
        try:
            setting_of(values)
        except Unusable as error:
            write_sentence(fig.add_axes((0, 0, 1, 1)), str(error), width=90)
            return fig
        above, below = ([fig.add_axes((x, y, 0.28, 0.34)) for x in (0.03, 0.365, 0.70)] for y in (0.585, 0.075))
        _draw_slide([*above, below[2]], im2col, values)
        draw_panel(below[0], _returned, col2im, values)
        _memo(below[1], values)
        return fig

    def alt(**values):
        """Say in words what the figure shows at these settings."""
        try:
            return _describe(slide(im2col, values), counts(col2im, values), values)
        except Unusable as error:
            return str(error)

    show(draw, CONTROLS, alt=alt)


def _draw_slide(panels, im2col, values):
    try:
        now = slide(im2col, values)
    except Unusable as error:
        for ax in panels:
            ax.set_axis_off()
        return write_sentence(panels[1], str(error))
    for ax, draw in zip(panels, (_image, _output, _matrix, _kernel), strict=True):
        draw(ax, now)
    return None


def _image(ax, now):
    setting, (p, q) = now.setting, now.setting.padding
    (high, wide), (h, w), (y, x) = setting.padded, setting.span, now.corner
    missed = np.argwhere(~reads(setting))
    note = f"{len(missed)} never read, crossed out" if len(missed) else "every pixel is read"
    title = f"Image, {_times(setting.size)}" + f", padding {p}" * bool(p)
    grid(ax, np.pad(now.image, ((p, p), (q, q))), BLUE, title, note)
    sides = (0, 0, wide, p), (0, high - p, wide, p), (0, p, q, high - 2 * p), (wide - q, p, q, high - 2 * p)
    for side in sides if p else ():
        box(ax, *side, fill=True, facecolor="white", edgecolor=GRAY, linewidth=0, hatch="////", alpha=0.45)
    ax.plot(missed[:, 1] + 0.5, missed[:, 0] + 0.5, "x", color=GRAY, markersize=12, alpha=0.8, zorder=4)
    box(ax, x, y, w, h, zorder=5)
    if max(setting.dilation) > 1:
        taps = np.argwhere(np.ones(setting.kernel)) * setting.dilation + (y + 0.5, x + 0.5)
        ax.plot(
            taps[:, 1],
            taps[:, 0],
            "o",
            color=ORANGE,
            markersize=min(15, 110 / max(high, wide)),
            fillstyle="none",
            zorder=5,
        )


def _output(ax, now):
    y, x = now.place
    note = f"window {now.number + 1} of {len(now.columns)} answers {signed(now.output[y, x], 'g')}"
    grid(ax, now.output, GREEN, f"Output, {_times(now.setting.count)}", note)
    box(ax, x, y, 1, 1, zorder=5)


def _matrix(ax, now):
    rows, columns = now.columns.shape
    row = " ".join(signed(value, "g") for value in now.columns[now.number])
    grid(ax, now.columns, BLUE, f"im2col, {rows} × {columns}", f"row {now.number + 1}: {row}", labels=False)
    ax.set_aspect("auto")
    box(ax, 0, now.number, columns, 1, zorder=5)


def _kernel(ax, now):
    total = np.sum(now.kernel.ravel() * now.columns[now.number])
    grid(ax, now.kernel, ORANGE, "Kernel, as it lies there", f"products add up to {signed(total, 'g')}")


def _returned(ax, col2im, values):
    numbers = counts(col2im, values)
    right = np.array_equal(numbers, true_counts({**values, "returned": ADDED}))
    if values["returned"] == ADDED:
        note = "how many windows read each pixel" if right else "not the number of windows: see the check"
    else:
        note = "assigned: the counts" + (" are right here, too" if right else " are lost")
    grid(ax, numbers, GREEN, "Sent back: col2im of ones", note)


def memo_verdict(values):
    """Return the memo's counts and what is to be said of them; None and the error where it raises."""
    try:
        numbers = memo_counts(values)
    except ValueError as error:
        return None, f"The memo's version raises ValueError: {str(error).strip()}."
    if np.array_equal(numbers, true_counts(values)):
        return numbers, "right here"
    return numbers, "wrong, and no error"


def _memo(ax, values):
    numbers, verdict = memo_verdict(values)
    if numbers is None:
        write_sentence(ax, verdict, width=27)
        box(ax, 0.01, 0.01, 0.98, 0.98, transform=ax.transAxes)
        return
    wrong = np.argwhere(numbers != true_counts(values))
    grid(ax, numbers, ORANGE if len(wrong) else GREEN, "The same by the memo's code", "")
    for y, x in wrong:
        box(ax, x + 0.06, y + 0.06, 0.88, 0.88, zorder=4)
    write_note(ax, verdict, ORANGE if len(wrong) else GRAY)


def _times(pair):
    return " × ".join(map(str, pair))


def _describe(now, numbers, values):
    setting, answer = now.setting, signed(now.output[now.place], "g")
    missed = int((true_counts(values) == 0).sum())
    never = f"{missed or 'No'} pixel{'s are' if missed != 1 else ' is'} never read"
    rows = "; ".join(" ".join(f"{v:g}" for v in row) for row in numbers)
    _, verdict = memo_verdict(values)
    verdict = verdict if verdict.startswith("The memo") else f"The memo's version is {verdict}."
    return (
        f"A window of {_times(setting.span)} pixels on an image of {_times(setting.size)} with stride "
        f"{values['stride']}, padding {values['padding']}, dilation {values['dilation']}. {never}. The output is "
        f"{_times(setting.count)}, the im2col matrix {_times(now.columns.shape)}. Window {now.number + 1} answers "
        f"{answer} ({values['rule']}). Sent back ({values['returned']}): {rows}. {verdict}"
    )
