"""How large the output of a convolution or pooling layer is, and how much of the image one of its pixels sees.

Along one axis, a kernel of k taps with dilation d spans d (k - 1) + 1 pixels. It starts p pixels before the image and
moves by s. Everything here is integer arithmetic on that one sentence, axis by axis.
"""

import operator

import numpy as np


def conv_output_size(size, kernel, stride=1, padding=0, dilation=1):
    """Return the height and width of a convolution's output.

    o = floor((n + 2p - d (k - 1) - 1) / s) + 1, for each axis

    size, kernel, stride, padding, dilation: an int, or a pair of ints (rows, columns).
    returns: (oh, ow), ints.
    raises: `ValueError` if the dilated kernel does not fit into the padded input, or an argument is out of range.
    source: Dumoulin, Visin, A guide to convolution arithmetic for deep learning (2016).

    >>> conv_output_size((32, 32), (3, 4), stride=2)
    (15, 15)
    """
    names = ("size", "kernel", "stride", "padding", "dilation")
    least = (0, 1, 1, 0, 1)
    axes = zip(*map(pair, (size, kernel, stride, padding, dilation), names, least), strict=True)
    return tuple(_along_one_axis(*axis) for axis in axes)


def _along_one_axis(n, k, s, p, d):
    room = n + 2 * p - (d * (k - 1) + 1)
    if room < 0:
        raise ValueError(f"a kernel of {k} with dilation {d} does not fit into {n} pixels with padding {p}")
    return room // s + 1


def pair(value, name, least):
    """Return `value`, an int or a pair of ints, as a pair; every entry must be at least `least`."""
    try:
        entries = tuple(value) if hasattr(value, "__len__") else (value, value)
        rows, columns = map(operator.index, entries)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be an int or a pair of ints, not {value!r}") from None
    if min(rows, columns) < least:
        raise ValueError(f"{name} must be at least {least}, not {value!r}")
    return rows, columns


def same_padding(n, k, s):
    """Return the padding before and after an axis for which the output has ceil(n / s) pixels.

    total = max((ceil(n / s) - 1) s + k - n, 0); the odd pixel goes after

    n, k, s: ints, the size, the kernel and the stride.
    returns: (before, after), ints.
    raises: `ValueError` if an argument is below 1.
    source: the rule of TensorFlow's padding "SAME".

    >>> same_padding(8, 3, 2)
    (0, 1)
    """
    if min(n, k, s) < 1:
        raise ValueError(f"n, k and s must be at least 1, not {n}, {k} and {s}")
    total = max((-(-n // s) - 1) * s + k - n, 0)
    return total // 2, total - total // 2


def receptive_field(layers):
    """Return how many input pixels one output pixel of a stack sees, and by how many its neighbor is shifted.

    r <- r + d (k - 1) j,   then   j <- j s,   starting from r = j = 1

    layers: list of (kernel, stride, dilation), ints, the first layer first.
    returns: (receptive field, jump), ints, in input pixels along one axis.
    raises: `ValueError` if an entry is below 1, or a layer is not three numbers.
    source: Araujo, Norris, Sim, Computing receptive fields of convolutional neural networks, Distill (2019).

    >>> receptive_field([(3, 1, 1), (3, 1, 1)])
    (5, 1)
    """
    field = jump = 1
    for layer in layers:
        if np.shape(layer) != (3,):
            raise ValueError(f"a layer is three numbers, (kernel, stride, dilation), and not {layer}")
        kernel, stride, dilation = layer
        if min(layer) < 1:
            raise ValueError(
                f"a layer's kernel, stride and dilation must be at least 1, not {kernel, stride, dilation}"
            )
        field += dilation * (kernel - 1) * jump
        jump *= stride
    return field, jump
