"""A question that a person marks: where it may stand in a section. What it holds is `helpers.questions`' business."""

from autograder.source.problems import AuthorError


def question_of(section, questions):
    """The one `Question` among those of a section, in its one cell `# %% why`; None where there is neither."""
    asking = [cell for cell in section.cells if cell.kind == "why"]
    answers = [cell for cell in section.cells if cell.kind == "answer"]
    if not questions and not asking:
        return None
    if (len(questions), len(asking)) != (1, 1) or answers:
        line = asking[0].line if asking else 0
        fault = "a question to be marked is a section of its own, with one cell '# %% why' and one question in it"
        raise AuthorError(section.path, line, fault, "Write QUESTION = question(rubric=[...], answer=...) in that cell")
    return questions[0]
