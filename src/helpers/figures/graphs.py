"""A computation graph as a picture: a box for each operation, an arrow for each value that travels on.

The places of the nodes are the author's; this file only draws.
"""

from helpers.figures.interactive import show_figure
from helpers.figures.style import BLUE, GRAY, INK, new_figure


def computation_graph(nodes, edges, *, alt, height=2.4):
    """Draw a graph once, from left to right.

    nodes: dict of name to (x, y, text), both places between 0 and 1.
    edges: list of pairs of names, from and to.
    alt: the graph in words.

    >>> computation_graph({"x": (0.1, 0.5, "x"), "s": (0.9, 0.5, "sin x")}, [("x", "s")], alt="x goes to sin x.")
    """
    fig = new_figure(height)
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.set_axis_off()
    box = {"boxstyle": "round,pad=0.45", "facecolor": "white", "edgecolor": BLUE, "linewidth": 1.4}
    look = {"ha": "center", "va": "center", "fontsize": 11, "color": INK, "bbox": box, "zorder": 3}
    texts = {name: ax.text(x, y, text, **look) for name, (x, y, text) in nodes.items()}
    fig.draw_without_rendering()  # only now do the boxes know where they end, and with them the arrows
    for start, end in edges:
        arrow = {"arrowstyle": "-|>", "color": GRAY, "linewidth": 1.3, "shrinkA": 3, "shrinkB": 3}
        arrow |= {"patchA": texts[start].get_bbox_patch(), "patchB": texts[end].get_bbox_patch()}
        ax.annotate("", nodes[end][:2], nodes[start][:2], arrowprops=arrow, zorder=1)
    show_figure(fig, alt=alt)
