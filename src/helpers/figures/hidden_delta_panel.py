"""The lower panel of the gradient microscope: which index of the output weights does a hidden unit's delta sum over?

Two outputs and three hidden units, so that the wrong sum does not even fit; a square matrix would hide that.
"""

from helpers.figures.style import BLUE, GRAY, INK, LIGHT, ORANGE

FIRST, SECOND = "kj", "jk"
OUTPUTS, HIDDEN, CHOSEN = 2, 3, 2  # CHOSEN: the hidden unit j whose delta is worked out
HIDDEN_X, OUTPUT_X, RADIUS = 1.05, 2.75, 0.23
MATRIX_X, MATRIX_Y, CELL, TEXT_X = 4.0, 1.52, 0.5, 5.85
SUBSCRIPTS = "₀₁₂₃"
RIGHT_VERDICT = """\
Each output sends its delta back along the
weight that it was reached by: column j of V,
one weight for each of the 2 deltas."""
WRONG_VERDICT = """\
Row j of V: 3 weights for 2 deltas, and only
one of them leads to unit j. A square V hides
the mistake, because its shapes fit."""


def draw_hidden_delta(ax, sum_over):
    """Draw the network, the matrix V with the summed entries marked, and the formula with what is to be said of it."""
    ax.set(xlim=(0, 9), ylim=(0.06, 2.202), aspect="equal")
    ax.set_axis_off()
    right = sum_over == FIRST
    color = BLUE if right else ORANGE
    ax.text(0.585, 2.11, "Which index is summed? q = V h, V of shape (K, J) = (2, 3)", fontsize=10.5, va="center")
    _draw_network(ax, right, color)
    _draw_matrix(ax, right, color)
    index = "kj" if right else "jk"
    formula = rf"$\delta_j = f\,'(p_j)\,\sum_k\, v_{{{index}}}\,\delta_k$"
    ax.text(TEXT_X, 1.5, formula + ("" if right else "   (wrong)"), fontsize=13, color=color, va="center")
    ax.text(TEXT_X, 0.68, RIGHT_VERDICT if right else WRONG_VERDICT, fontsize=9, va="center", linespacing=1.4)


def _is_summed(right, k, j):
    return j == CHOSEN - 1 if right else k == CHOSEN - 1


def _height(index, count):
    return 1.02 + (count - 1) * 0.335 - index * 0.67


def _draw_network(ax, right, color):
    for j in range(HIDDEN):
        for k in range(OUTPUTS):
            ends = ((HIDDEN_X + RADIUS, _height(j, HIDDEN)), (OUTPUT_X - RADIUS, _height(k, OUTPUTS)))
            if _is_summed(right, k, j):
                arrow = {"arrowstyle": "-|>", "color": color, "linewidth": 2.0, "shrinkA": 0, "shrinkB": 0}
                arrow["linestyle"] = "-" if right else (0, (4, 2))
                ax.annotate("", xy=ends[0], xytext=ends[1], arrowprops=arrow)
            else:
                ax.plot(*zip(*ends, strict=True), color=LIGHT, linewidth=1.2, zorder=0)
    for j in range(HIDDEN):
        chosen = j == CHOSEN - 1
        _draw_unit(ax, HIDDEN_X, _height(j, HIDDEN), f"h{SUBSCRIPTS[j + 1]}", color if chosen else GRAY)
    for k in range(OUTPUTS):
        _draw_unit(ax, OUTPUT_X, _height(k, OUTPUTS), f"q{SUBSCRIPTS[k + 1]}", INK)
        ax.text(OUTPUT_X + 0.34, _height(k, OUTPUTS), f"δ{SUBSCRIPTS[k + 1]}", va="center", fontsize=11)
    ax.text(HIDDEN_X - 0.34, _height(CHOSEN - 1, HIDDEN), f"j = {CHOSEN}", ha="right", va="center", color=color)


def _draw_unit(ax, x, y, label, color):
    from matplotlib.patches import Circle

    ax.add_patch(Circle((x, y), RADIUS, facecolor="white", edgecolor=color, linewidth=1.8, zorder=3))
    ax.text(x, y, label, ha="center", va="center", fontsize=10.5, zorder=4)


def _draw_matrix(ax, right, color):
    from matplotlib.patches import Rectangle

    for k in range(OUTPUTS):
        for j in range(HIDDEN):
            summed = _is_summed(right, k, j)
            x, y = MATRIX_X + j * CELL, MATRIX_Y - (k + 1) * CELL
            ax.add_patch(Rectangle((x, y), CELL, CELL, facecolor=color if summed else "white", edgecolor=GRAY))
            label, ink = f"v{SUBSCRIPTS[k + 1]}{SUBSCRIPTS[j + 1]}", "white" if summed else INK
            ax.text(x + CELL / 2, y + CELL / 2, label, ha="center", va="center", color=ink, fontsize=11)
    ax.text(MATRIX_X + 1.5 * CELL, MATRIX_Y + 0.12, "V", ha="center", fontsize=11)
    sentence = f"column {CHOSEN} is summed" if right else f"row {CHOSEN} is summed"
    ax.text(MATRIX_X + 1.5 * CELL, 0.36, sentence, ha="center", va="top", color=color)
