"""One submission's cells on their way through the zygote's processes: what ran, what died, and what it left behind."""

import re
import time
from dataclasses import dataclass, field

from autograder.problems import CourseError
from autograder.remote.remote_errors import builtin_type
from autograder.remote.zygote import Limits, Zygote
from helpers.running import Unreachable


@dataclass(frozen=True)
class Fault:
    """What went wrong in a cell: `public` holds no text that the submission's process made up, `full` may."""

    public: str
    full: str


@dataclass
class Run:
    """One submission on its way through the zygote's processes."""

    zygote: Zygote
    limits: Limits
    closed: tuple = ()
    process: object = None
    ran: list = field(default_factory=list)
    faults: dict = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)

    def close(self):
        if self.process:
            self.process.close()

    def out_of_time(self):
        return time.monotonic() - self.started > self.limits.submission

    def alive(self):
        """Return a process in the state of the cells so far; the cells that killed one are left out for good.

        When the submission's time is used up, the process that is returned may be a dead one.
        """
        while self.process is None or (self.process.death and not self.out_of_time()):
            self._start()
            for step in list(self.ran):
                try:
                    self.process.run(step.text, step.cell, self.limits.cell)
                except Unreachable as error:
                    self.ran.remove(step)
                    self.faults[step.cell] = Fault(str(error), str(error))
                    break
        return self.process

    def _start(self):
        self.process = self.zygote.fork()
        self.process.end = self.started + self.limits.submission
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
            self.faults[step.cell] = Fault(str(death), str(death))
            return
        self.ran.append(step)
        if error:
            self.faults[step.cell] = _raised(error)


def _raised(error):
    kind = builtin_type(error["types"], BaseException, Exception).__name__
    details = ". ".join(text for text in (error["message"], error["note"]) if text)
    return Fault(f"It raised {kind}.", f"It raised {error['types'][0]}: {details}.")


def remark(cell, fault, text):
    """A failing cell, by its first line; what it would have brought to the cells below is missing there."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    first = f" that begins with `{lines[0][:60]}`" if lines else ""
    said = f"The cell {cell}{first} stopped: {fault.public[:1].lower()}{fault.public[1:]}"
    if len(lines) > 1 and re.search(r"^\s*(import|from) ", text, re.M):
        return f"{said} What stood below that point in it did not run, so names that it imports may be missing later."
    return said


class RemoteNames(dict):
    """The names of a submission, looked up when a check needs them."""

    def __init__(self, process, seconds):
        super().__init__()
        self._process, self._seconds = process, seconds

    def get(self, name, default=...):
        if name not in self:
            self[name] = self._process.look(name, self._seconds)
        return self[name]
