"""What a reader can move in a figure: sliders, menus and switches, as plain data, and the widgets they become.

ipywidgets is imported only when a widget is made. Every control has a description, and a readout where it has a number.
"""

from dataclasses import dataclass

DESCRIPTION_WIDTH = "120px"


@dataclass(frozen=True, kw_only=True)
class Slider:
    """A number between `low` and `high` in steps of `step`; with `log`, low, high and step are powers of ten."""

    description: str
    value: float
    low: float
    high: float
    step: float
    log: bool = False
    form: str = ".2f"

    def widget(self):
        """The ipywidgets control, with its description and readout."""
        import ipywidgets

        limits = {"min": self.low, "max": self.high, "step": self.step, "readout": True, "readout_format": self.form}
        kind = ipywidgets.FloatSlider
        if self.log:
            kind = ipywidgets.FloatLogSlider
        elif isinstance(self.value, int) and isinstance(self.step, int):
            kind = ipywidgets.IntSlider
        return kind(value=self.value, **limits, **_look(self.description))


@dataclass(frozen=True, kw_only=True)
class Menu:
    """One of a few options, in a menu; `options` are pairs of label and value."""

    description: str
    value: object
    options: tuple

    def widget(self):
        """The ipywidgets control, with its description and readout."""
        import ipywidgets

        return ipywidgets.Dropdown(options=self.options, value=self.value, **_look(self.description))


@dataclass(frozen=True, kw_only=True)
class Switch:
    """On or off."""

    description: str
    value: bool

    def widget(self):
        """The ipywidgets control, with its description and readout."""
        import ipywidgets

        return ipywidgets.Checkbox(value=self.value, **_look(self.description))


def _look(description):
    return {
        "description": description,
        "style": {"description_width": DESCRIPTION_WIDTH},
        "layout": {"width": "auto"},
    }


def panel(widgets):
    """Return widgets laid out in two columns, in one where the page is narrow."""
    import ipywidgets

    columns = "repeat(auto-fit, minmax(340px, 1fr))"
    return ipywidgets.GridBox(list(widgets), layout={"grid_template_columns": columns, "max_width": "900px"})
