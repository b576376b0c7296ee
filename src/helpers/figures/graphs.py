"""A computation graph as a picture: a box for each operation, an arrow for each value that travels on.

The places of the nodes are the author's; this file only draws.
"""

from helpers.figures.interactive import show_figure
from helpers.figures.style import BLUE, DPI, GRAY, INK, ORANGE, new_figure


def computation_graph(nodes, edges, *, alt, height=2.4, marked=()):
    """Draw a graph once, from left to right.

    nodes: dict of name to (x, y, text), both places between 0 and 1.
    edges: list of (from, to), names, or (from, to, what happens on the way).
    alt: the graph in words. marked: names of nodes with a border of dashes.
    """
    fig = new_figure(height)
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.set_axis_off()
    box = {"boxstyle": "round,pad=0.45", "facecolor": "white", "edgecolor": BLUE, "linewidth": 1.4}
    look = {"ha": "center", "va": "center", "fontsize": 11, "color": INK, "bbox": box, "zorder": 3}
    texts = {name: ax.text(x, y, text, **look) for name, (x, y, text) in nodes.items()}
    for name in marked:
        texts[name].get_bbox_patch().set(edgecolor=ORANGE, linestyle="--", linewidth=2)
    fig.set_dpi(DPI)  # as it will be saved: the boxes know where they end in the pixels of the last drawing
    fig.draw_without_rendering()
    for start, end, *label in edges:
        arrow = {"arrowstyle": "-|>", "color": GRAY, "linewidth": 1.3, "shrinkA": 3, "shrinkB": 3}
        arrow |= {"patchA": texts[start].get_bbox_patch(), "patchB": texts[end].get_bbox_patch()}
        ax.annotate("", nodes[end][:2], nodes[start][:2], arrowprops=arrow, zorder=1)
        if label:
            middle = [(a + b) / 2 for a, b in zip(nodes[start][:2], nodes[end][:2], strict=True)]
            ground = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}
            ax.text(*middle, *label, ha="center", va="center", fontsize=10, color=BLUE, bbox=ground, zorder=2)
    show_figure(fig, alt=alt)
