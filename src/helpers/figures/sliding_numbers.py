"""What a sliding window reads, answers and sends back: the numbers behind `sliding`.

The matrix comes from the student's `im2col`, the counts from their `col2im`. A dilated window is a larger one of which
only every d-th tap counts, so that both serve there as well. No drawing here.
"""

from dataclasses import dataclass

import numpy as np

from helpers.figures.guarded import Unusable, numbers_from

KERNELS = {"edge": lambda i, j: 1 + i - 2 * j, "symmetric": lambda i, j: 1.0 + 0 * i * j}
TURNED = "convolution"
ADDED = "add"


@dataclass(frozen=True)
class Setting:
    """A layer on one image: every field is a pair (along the rows, along the columns)."""

    size: tuple
    kernel: tuple
    stride: tuple
    padding: tuple
    dilation: tuple

    @property
    def span(self):
        """How many pixels the window spans."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation, strict=True))

    @property
    def padded(self):
        """The size of the padded image."""
        return tuple(n + 2 * p for n, p in zip(self.size, self.padding, strict=True))

    @property
    def count(self):
        """The size of the output."""
        axes = zip(self.padded, self.span, self.stride, strict=True)
        return tuple((n - span) // s + 1 for n, span, s in axes)


@dataclass(frozen=True)
class Slide:
    """One position of the window: arrays of the image, the kernel as it lies on it, the output and the columns."""

    setting: Setting
    image: np.ndarray
    kernel: np.ndarray
    columns: np.ndarray
    number: int

    @property
    def output(self):
        """All answers, (oh, ow)."""
        return (self.columns @ self.kernel.ravel()).reshape(self.setting.count)

    @property
    def place(self):
        """Row and column of the current answer in the output."""
        return divmod(self.number, self.setting.count[1])

    @property
    def corner(self):
        """The window's first pixel in the padded image."""
        return tuple(i * s for i, s in zip(self.place, self.setting.stride, strict=True))


def setting_of(values):
    """Return the `Setting` that the controls stand for; `Unusable` says where the window does not fit."""
    axes = {name: (values[name], values[name]) for name in ("stride", "padding", "dilation")}
    setting = Setting((values["height"], values["width"]), (values["kh"], values["kw"]), **axes)
    if any(span > n for span, n in zip(setting.span, setting.padded, strict=True)):
        window, room = (" × ".join(map(str, pair)) for pair in (setting.span, setting.padded))
        raise Unusable(
            f"A window of {window} pixels does not fit into {room}: conv_output_size raises ValueError here."
        )
    return setting


def picture(size):
    """A fixed image of whole numbers from 0 to 9; a larger one holds the smaller ones."""
    rows, columns = np.indices(size)
    return (rows * rows + 3 * columns * columns + 2 * rows * columns + 5 * rows) % 10.0


def slide(im2col, values):
    """Return the `Slide` at these settings, with columns from the given im2col."""
    setting = setting_of(values)
    (kh, kw), (h, w), d = setting.kernel, setting.span, values["dilation"]
    image, windows = picture(setting.size), setting.count[0] * setting.count[1]
    arguments = image[None, None], h, w, values["stride"], values["padding"]
    whole = numbers_from("Your im2col", im2col, *arguments, shape=(windows, h * w))
    columns = whole.reshape(windows, h, w)[:, ::d, ::d].reshape(windows, kh * kw)
    kernel = np.fromfunction(KERNELS[values["taps"]], (kh, kw))
    kernel = kernel[::-1, ::-1] if values["rule"] == TURNED else kernel
    return Slide(setting, image, kernel, columns, (values["window"] - 1) % windows)


def counts(col2im, values):
    """Return how often each pixel is read, (H, W), as the given col2im adds up ones; or 1 where ones are assigned."""
    setting = setting_of(values)
    (h, w), d = setting.span, values["dilation"]
    ones = np.zeros((setting.count[0] * setting.count[1], h, w))
    ones[:, ::d, ::d] = 1
    arguments = ones.reshape(-1, h * w), (1, 1, *setting.size), h, w, values["stride"], values["padding"]
    added = numbers_from("Your col2im", col2im, *arguments, shape=(1, 1, *setting.size))[0, 0]
    return added if values["returned"] == ADDED else np.minimum(added, 1)


def reads(setting):
    """Return which pixels of the padded image some window reads, of bool."""
    return np.outer(*_reads_along_axes(setting)) > 0


def true_counts(values):
    """Return what `counts` should be: the product of how often each row and each column is read."""
    setting, p = setting_of(values), values["padding"]
    added = np.outer(*_reads_along_axes(setting))[p : p + setting.size[0], p : p + setting.size[1]]
    return added if values["returned"] == ADDED else np.minimum(added, 1)


def _reads_along_axes(setting):
    axes = [np.zeros(n) for n in setting.padded]
    for axis, times in enumerate(axes):
        for start in range(setting.count[axis]):
            first = start * setting.stride[axis]
            times[first : first + setting.span[axis] : setting.dilation[axis]] += 1
    return axes


def memo_counts(values):
    """Return the same by the memo's code, which ends the rows with the output's width; ValueError where it raises."""
    setting, s, d, p = setting_of(values), values["stride"], values["dilation"], values["padding"]
    oh, ow = setting.count
    image = np.zeros([n + s - 1 for n in setting.padded])
    for i in range(setting.kernel[0]):
        for j in range(setting.kernel[1]):
            seen = slice(i * d, i * d + s * ow, s), slice(j * d, j * d + s * ow, s)
            kept = image[seen] if values["returned"] == ADDED else 0
            image[seen] = kept + np.ones((oh, ow))
    return image[p : p + setting.size[0], p : p + setting.size[1]]
