"""How every figure looks: colors that color-blind readers can tell apart, sizes for a page 900 pixels wide.

Color never carries a meaning alone: figures add markers, hatches, line styles and labels at the lines.
"""

WIDTH_INCHES = 9.0
PIXELS_PER_INCH = 100  # as shown on the page
DPI = 150  # as drawn, so that it stays sharp on dense screens

# Okabe and Ito, Color Universal Design (2008).
BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#AA4499"
INK, GRAY, LIGHT = "#222222", "#6b6b6b", "#d9d9d9"

RC = {
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "mathtext.fontset": "dejavusans",
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.titley": 1.02,  # a fixed place: nothing jumps while a slider moves
    "axes.labelsize": 9.5,
    "axes.edgecolor": GRAY,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.facecolor": "white",
    "axes.unicode_minus": True,
    "figure.facecolor": "white",
    "text.color": INK,
    "xtick.color": GRAY,
    "ytick.color": GRAY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.minor.visible": False,
    "hatch.linewidth": 1.2,
    "text.usetex": False,
    "savefig.bbox": None,
}


def powers_of_ten(axis, low, high, every=2):
    """Put ticks at the powers of ten from 10^low to 10^high whose exponent is a multiple of `every`, and no others.

    Plain characters instead of formulas: they are drawn many times faster, and a slider asks for that.
    """
    superscripts = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    exponents = [n for n in range(low, high + 1) if n % every == 0]
    axis.set_ticks([10.0**n for n in exponents], [f"10{str(n).translate(superscripts)}" for n in exponents])
    axis.set_ticks([], minor=True)


def signed(value, form=".2f"):
    """Write a number with a real minus sign."""
    return f"{value:{form}}".replace("-", "−")


def power(value, digits):
    """Write a positive number as 3.2e−6, with as many decimals as `digits`."""
    mantissa, exponent = f"{value:.{digits}e}".split("e")
    return f"{mantissa}e{signed(int(exponent), 'd')}"


def apart(positions, gap):
    """Move two label positions, from 0 to 1, so that `gap` lies between them and both stay inside, in their order."""
    first, second = positions
    half = max(abs(first - second), gap) / 2
    middle = min(max((first + second) / 2, half), 0.93 - half)  # a label of two lines would reach the title
    return (middle + half, middle - half) if first >= second else (middle - half, middle + half)


def new_figure(height):
    """Return an empty Matplotlib figure of the common width and the given height, both in inches.

    It knows nothing of pyplot, so that it is shown once, where it is asked for, and leaves no state behind.
    """
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH_INCHES, height))
