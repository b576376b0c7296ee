"""What travels to the student besides the notebook: public checks, hints, and fingerprints of wrong answers.

Hidden checks, references and the wrong answers themselves stay here; `helpers` gets how many points they are worth.
"""

import json

from autograder.source.notebook_cells import places
from autograder.source.purity import purity_of
from autograder.source.standalone import standalone
from helpers.checking import is_pure
from helpers.running import FAILED, run_check


def student_data(lesson):
    """Return the JSON text that `helpers.Grader` reads for this lesson."""
    data = {
        "generated_from": f"autograder/lessons/{lesson.name}",
        "lesson": lesson.name,
        "title": lesson.title,
        "exercises": [_exercise(section, lesson.closed_modules) for section in lesson.sections if section.exercise],
        "questions": [_question(place) for place in places(lesson).values()],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _question(place):
    """Where a question's answer stands; what earns its points stays here."""
    return {key: getattr(place, key) for key in ("name", "title", "points", "cell", "next")}


def _exercise(section, closed):
    exercise = section.exercise
    sources = public_checks(section)
    public = [check for check, _ in sources]
    return {
        "name": exercise.name,
        "title": exercise.title,
        "answers": [answer.name for answer in exercise.answers],
        "hints": list(exercise.hints),
        "parameters": list(exercise.parameters),
        "hidden_points": sum(check.points for check in exercise.checks if check.hidden),
        "kernel": exercise.kernels[0].__name__ if exercise.kernels else None,
        "closed": list(closed),
        "checks": [
            {"name": one.name, "sentence": one.sentence, "points": one.points, "source": source}
            for one, source in sources
        ],
        "wrong_answers": [
            {"feedback": wrong.feedback, "fingerprints": fingerprints}
            for wrong in exercise.wrong_answers.values()
            if (fingerprints := _fingerprints(exercise, wrong, public))
        ],
    }


def public_checks(section):
    """The checks that travel to the student, each with its source; that of purity, with the public ones beside it."""
    public = [check for check in section.exercise.checks if not check.hidden]
    sources = [(check, standalone(section, [check])) for check in public]
    if any(check.name == is_pure.name for check in section.exercise.checks):
        source = purity_of(section, public, points=0, hidden=False)
        text = standalone(section, public) + source
        namespace = {}
        exec(text, namespace)
        sources.append((namespace[is_pure.name], text))
    return sources


def _fingerprints(exercise, wrong, public):
    results = [run_check(check, exercise.names_with(wrong)) for check in public]
    return {one.name: list(one.fingerprint) for one in results if one.outcome == FAILED}
