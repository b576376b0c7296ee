"""The checks of a multiple choice, as source text: it is one of the letters (public), and the right one (hidden).

They are written out as text so that they travel the same roads as any other check. What a chooser hears of a wrong
option is a secret until grading, as the right letter is.
"""

from helpers.checking import WrongAnswer

TEMPLATE = '''
from helpers.checking import as_letter, check, expect


@check(points=0)
def {name}_is_one_of_the_letters({name}):
    """The answer is one of the letters {listing}."""
    expect(
        as_letter({name}) in {letters!r},
        "The answer is not one of the letters.",
        "{listing}, as a string.",
        "Write {name} = {first!r}, for example, if you think so.",
        summary="The answer is not one of the letters {listing}.",
    )


@check(points={points}, hidden=True)
def {name}_is_the_right_option({name}):
    """It is the right option."""
    told = {told!r}
    chosen = as_letter({name})
    expect(chosen == {right!r}, told.get(chosen, "This is not one of the letters."), summary=told.get(chosen, ""))
'''


def choice_source(name, choice):
    """Return the source of the two checks of the multiple-choice answer `name`."""
    letters = tuple(choice.by_letter)
    return TEMPLATE.format(
        name=name,
        letters=letters,
        listing=", ".join(letters[:-1]) + f" or {letters[-1]}",
        first=letters[0],
        points=choice.points,
        right=choice.letter,
        told={letter: one.feedback for letter, one in choice.by_letter.items()},
    )


def choice_wrong_answers(name, choice, checks):
    """Return every wrong option as a wrong answer, and one that is no letter at all."""
    is_letter, is_right = (check for check in checks if check.name.startswith(f"{name}_is_"))
    wrong = {
        f"option_{letter}": WrongAnswer(letter, one.feedback, (is_right,), instead_of=choice)
        for letter, one in choice.by_letter.items()
        if not one.right
    }
    return {
        **wrong,
        "no_letter": WrongAnswer("?", "Answer with one letter, as a string.", (is_letter, is_right), instead_of=choice),
    }
