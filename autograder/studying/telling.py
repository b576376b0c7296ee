"""What a self-learner reads in the terminal of notebooks of their own: for them, hidden checks are no secret."""

from rich.console import Console
from rich.text import Text

from autograder.reporting.terminal import symbol
from helpers.report import points
from helpers.running import COULD_NOT_BE_CHECKED, FAILED, NOT_ATTEMPTED, PASSED, TO_BE_MARKED


def print_verdict(data, *, named=False):
    """Print everything about one record, `named` by its file."""
    console = Console()
    if named:
        console.print(Text(f"\n{data['file']}", style="bold"))
    print_head(console, data)
    for exercise in data["exercises"]:
        print_exercise(console, exercise)
    console.print(Text(total(data), style="bold"))


def print_head(console, data):
    """What concerns the notebook as a whole."""
    if list(data["isolation"]) == ["none"]:
        console.print(Text("This grade was made without isolation."))
    for problem in data["problems"]:
        console.print(Text(problem), soft_wrap=True)


def print_exercise(console, exercise):
    """An exercise: outcome and points, who gives them, diagnosis, the checks where not all passed, the next step."""
    head = f"{exercise['name']}: {exercise['outcome']}, {exercise['points']:g} of {exercise['max_points']:g}"
    console.print(Text(f"{head}{_by_whom(exercise)}", style="bold"), soft_wrap=True)
    if exercise["diagnosis"]:
        console.print(Text(f"  Diagnosis: {exercise['diagnosis']}"), soft_wrap=True)
    if exercise["outcome"] in (FAILED, COULD_NOT_BE_CHECKED):
        for check in exercise["checks"]:
            _print_check(console, check)
    if exercise["outcome"] in NEXT:
        console.print(Text(f"  {NEXT[exercise['outcome']].format(name=exercise['name'])}"), soft_wrap=True)


NEXT = {
    FAILED: 'In the notebook: grader.hint("{name}"), then grader.solution("{name}").',
    TO_BE_MARKED: 'A person marks it. In the notebook, what earns its points: grader.solution("{name}").',
}


def _by_whom(exercise):
    """How the points divide between public and hidden checks."""
    if exercise["outcome"] in (NOT_ATTEMPTED, TO_BE_MARKED) or not exercise["checks"]:
        return ""
    parts = []
    for word, hidden in (("public", False), ("hidden", True)):
        checks = [one for one in exercise["checks"] if one["hidden"] == hidden]
        if worth := sum(one["max_points"] for one in checks):
            parts.append(f"{sum(one['points'] for one in checks):g} of {worth:g} from {word} checks")
    return f" ({', '.join(parts)})" if parts else ""


def _print_check(console, check):
    hidden = " (hidden check)" * check["hidden"]
    told = f"  {symbol(check['outcome'])} {check['outcome']}: {check['sentence']}{hidden}"
    console.print(Text(told), soft_wrap=True)
    if check["details"] and check["outcome"] != PASSED:
        console.print(Text(f"      {check['details']}"), soft_wrap=True)


def total(data):
    """The last line: points, and what a person has still to mark."""
    waiting = sum(one["max_points"] for one in data["exercises"] if one["outcome"] == TO_BE_MARKED)
    marked = f", and {points(waiting)} to be marked" if waiting else ""
    return f"{data['points']:g} of {data['max_points']:g} points{marked}"
