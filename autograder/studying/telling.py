"""What a self-learner reads in the terminal of notebooks of their own: for them, hidden checks are no secret."""

from rich.console import Console
from rich.text import Text

from autograder.reporting.terminal import symbol
from helpers.language import in_language, of_lesson, said
from helpers.report import HIDDEN, points
from helpers.running import COULD_NOT_BE_CHECKED, FAILED, NOT_ATTEMPTED, PASSED, TO_BE_MARKED


def print_verdict(data, *, named=False):
    """Print everything about one record, `named` by its file."""
    console = Console()
    if named:
        console.print(Text(f"\n{data['file']}", style="bold"))
    print_head(console, data)
    for exercise in data["exercises"]:
        print_exercise(console, exercise, data["lesson"])
    console.print(Text(in_language(total(data)), style="bold"))


def print_head(console, data):
    """What concerns the notebook as a whole."""
    if list(data["isolation"]) == ["none"]:
        console.print(Text(in_language(said("This grade was made without isolation."))))
    for problem in data["problems"]:
        console.print(Text(in_language(problem)), soft_wrap=True)


def print_exercise(console, exercise, lesson=""):
    """An exercise: outcome and points, who gives them, diagnosis, the checks where not all passed, the next step."""
    told = {"name": exercise["name"], "outcome": exercise["outcome"]}
    told |= {"earned": f"{exercise['points']:g}", "most": f"{exercise['max_points']:g}"}
    head = in_language(said("{name}: {outcome}, {earned} of {most}").format(**told))
    console.print(Text(f"{head}{_by_whom(exercise)}", style="bold"), soft_wrap=True)
    if exercise["diagnosis"]:
        diagnosis = said("Diagnosis: {told}").format(told=exercise["diagnosis"])
        console.print(Text(f"  {in_language(diagnosis, lesson=lesson)}"), soft_wrap=True)
    if exercise["outcome"] in (FAILED, COULD_NOT_BE_CHECKED):
        for check in exercise["checks"]:
            _print_check(console, check, lesson)
    for sentence, verbs in NEXT.get(exercise["outcome"], ()):
        calls = {key: f'grader.{verb}("{exercise["name"]}")' for key, verb in verbs.items()}
        console.print(Text(f"  {in_language(sentence.format(**calls))}"), soft_wrap=True)


NEXT = {
    FAILED: [(said("In the notebook: {code}, then {call}."), {"code": "hint", "call": "solution"})],
    TO_BE_MARKED: [
        (said("A person marks it. In the notebook, what earns its points: {code}."), {"code": "solution"}),
    ],
}
BY_WHOM = {
    False: said("{earned} of {most} from public checks"),
    True: said("{earned} of {most} from hidden checks"),
}


def _by_whom(exercise):
    """How the points divide between public and hidden checks."""
    if exercise["outcome"] in (NOT_ATTEMPTED, TO_BE_MARKED) or not exercise["checks"]:
        return ""
    parts = []
    for hidden, sentence in BY_WHOM.items():
        checks = [one for one in exercise["checks"] if one["hidden"] == hidden]
        if worth := sum(one["max_points"] for one in checks):
            earned = sum(one["points"] for one in checks)
            parts.append(in_language(sentence.format(earned=f"{earned:g}", most=f"{worth:g}")))
    return f" ({', '.join(parts)})" if parts else ""


def _print_check(console, check, lesson):
    hidden = f" {in_language(HIDDEN)}" * check["hidden"]
    sentence = of_lesson(lesson, check["sentence"])
    told = f"  {symbol(check['outcome'])} {in_language(check['outcome'])}: {sentence}{hidden}"
    console.print(Text(told), soft_wrap=True)
    if check["details"] and check["outcome"] != PASSED:
        console.print(Text(f"      {in_language(check['details'], lesson=lesson)}"), soft_wrap=True)


def total(data):
    """The last line, in English: points, and what a person has still to mark."""
    waiting = sum(one["max_points"] for one in data["exercises"] if one["outcome"] == TO_BE_MARKED)
    told = {"earned": f"{data['points']:g}", "most": f"{data['max_points']:g}"}
    if waiting:
        return said("{earned} of {most} points, and {points} to be marked").format(**told, points=points(waiting))
    return said("{earned} of {most} points").format(**told)
