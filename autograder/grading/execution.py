"""One submission's cells on their way through the zygote's processes: what ran, what died, and what it left behind."""

import re
import time
from dataclasses import dataclass, field

from autograder.remote.remote_errors import builtin_type
from autograder.remote.zygote import Limits, Zygote
from autograder.source.problems import CourseError
from helpers.at_grading import MAY_BE_USED
from helpers.language import said
from helpers.running import Unreachable

OWN_HELPERS = said(
    "If that is a helpers.py of your own: when a notebook is graded, helpers is the course's package. "
    "Put your functions into a cell."
)
STOPPED = said("The cell {cell} stopped: {told}")
STOPPED_THAT = said("The cell {cell} that begins with {code} stopped: {told}")
BELOW = said("What stood below that point in it did not run, so names that it imports may be missing later.")
IT_RAISED = said("it raised {name}.")

NOT_PYTHON = tuple(f"It raised {one}." for one in ("SyntaxError", "IndentationError", "TabError"))


@dataclass(frozen=True)
class Fault:
    """What went wrong in a cell: `public` holds no text that the submission's process made up, `full` may."""

    public: str
    full: str


@dataclass
class Execution:
    """One submission on its way through the zygote's processes."""

    zygote: Zygote
    limits: Limits
    closed: tuple = ()
    process: object = None
    ran: list = field(default_factory=list)
    faults: dict = field(default_factory=dict)
    asked_hidden: bool = False  # since when what the submission does may tell of hidden inputs
    early: set = field(default_factory=set)  # the cells whose faults came before, which the student may read of
    started: float = field(default_factory=time.monotonic)

    def close(self):
        if self.process:
            self.process.close()

    @property
    def end(self):
        """When the time is used up; what a process waited for a processor has put it off."""
        return self.process.end if self.process else self.started + self.limits.submission

    def out_of_time(self):
        return time.monotonic() > self.end

    def alive(self):
        """Return a process in the state of the cells so far; the cells that killed one are left out for good.

        When the submission's time is used up, the process that is returned may be a dead one.
        """
        while self.process is None or (self.process.death and not self.out_of_time()):
            self._start()
            for place, step in enumerate(self.ran):
                try:
                    self.process.run(step.text, step.cell, self.limits.cell)
                except Unreachable as error:
                    del self.ran[place]
                    self.faults[step.cell] = Fault(str(error), str(error))
                    break
        return self.process

    def _start(self):
        end, self.process = self.end, self.zygote.fork()
        self.process.end, self.process.latest = end, self.started + 2 * self.limits.submission
        try:
            self.process.close_modules(self.closed)
        except Unreachable:
            if not self.out_of_time():
                raise CourseError("A process for a submission could not be started.") from None

    def cell(self, step):
        """Run a cell and note what it raised or how it ended the process."""
        try:
            error = self.alive().run(step.text, step.cell, self.limits.cell)
        except Unreachable as death:
            self._note(step, Fault(str(death), str(death)))
            return
        self.ran.append(step)
        if error:
            self._note(step, _raised(error))

    def _note(self, step, fault):
        self.faults[step.cell] = fault
        if not self.asked_hidden:
            self.early.add(step.cell)


def _raised(error):
    kind = builtin_type(error["types"], BaseException, Exception).__name__
    details = ". ".join(text.removesuffix(".") for text in (error["message"], error["note"]) if text)
    more = ""
    if kind in ("ImportError", "ModuleNotFoundError", "PermissionError"):
        more = " " + (OWN_HELPERS if "'helpers" in error["message"] else MAY_BE_USED)
    return Fault(f"It raised {kind}.{more}", f"It raised {error['types'][0]}: {details}.{more}")


def remark(cell, fault, text):
    """A failing cell, by its first line; what it would have brought to the cells below is missing there."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    why = f"{fault.public[:1].lower()}{fault.public[1:]}"
    told = STOPPED_THAT.format(cell=cell, code=f"`{lines[0][:60]}`", told=why) if lines else ""
    told = told or STOPPED.format(cell=cell, told=why)
    return f"{told} {BELOW}" if len(lines) > 1 and re.search(r"^\s*(import|from) ", text, re.M) else told


def older(answer_cells, passed, faults):
    """Sentences on exercises that earned points though their newest cell is not Python: an older one was graded."""
    for name in passed:
        for cell in answer_cells[name] or ():
            if cell in faults and faults[cell].public.startswith(NOT_PYTHON):
                yield f"{name}: its newest cell, {cell}, is not Python, so what an older one defines was graded."
