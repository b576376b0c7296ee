"""How the end of a process is told: what lasted too long, and during what it was stopped or ended by itself."""

from helpers.language import said

STOPPED, ENDED = said("Stopped: {told}."), said("Python itself ended {told} (as os._exit or a crash do).")
USED_UP = said("the time for the whole submission is used up")
STARTING = said("the process was not ready in time"), said("before the first cell")
RUNNING = said("the cell did not finish within {number} s"), said("while running the cell")
LOOKING = said("'{name}' could not be read within {number} s"), said("while reading '{name}'")
CALLING = said("a call of {name} did not return within {number} s"), said("during a call of {name}")
PROBING = said("{name} did not return within {number} s"), said("during calls of {name}")


def worded(words, seconds, name=""):
    """A pair of these (what is said where it lasts too long, what was going on) with the limit and the name."""
    return tuple(one.format(name=name, number=f"{seconds:g}") for one in words)
