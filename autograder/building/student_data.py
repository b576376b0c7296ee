"""What travels to the student besides the notebook: public checks, hints, and fingerprints of wrong answers.

Hidden checks, references and the wrong answers themselves stay here; `helpers` gets how many points they are worth.
"""

import json

from autograder.source.standalone import standalone
from helpers.running import FAILED, run_check


def student_data(lesson):
    """Return the JSON text that `helpers.Grader` reads for this lesson."""
    data = {
        "generated_from": f"autograder/lessons/{lesson.name}",
        "lesson": lesson.name,
        "title": lesson.title,
        "exercises": [_exercise(section) for section in lesson.sections if section.exercise],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _exercise(section):
    exercise = section.exercise
    public = [check for check in exercise.checks if not check.hidden]
    return {
        "name": exercise.name,
        "title": exercise.title,
        "answers": [answer.name for answer in exercise.answers],
        "hints": list(exercise.hints),
        "hidden_points": sum(check.points for check in exercise.checks if check.hidden),
        "kernel": exercise.kernels[0].__name__ if exercise.kernels else None,
        "checks": [
            {"name": one.name, "sentence": one.sentence, "points": one.points, "source": standalone(section, [one])}
            for one in public
        ],
        "wrong_answers": [
            {"feedback": wrong.feedback, "fingerprints": fingerprints}
            for wrong in exercise.wrong_answers.values()
            if (fingerprints := _fingerprints(exercise, wrong, public))
        ],
    }


def _fingerprints(exercise, wrong, public):
    results = [run_check(check, exercise.names_with(wrong)) for check in public]
    return {one.name: list(one.fingerprint) for one in results if one.outcome == FAILED}
