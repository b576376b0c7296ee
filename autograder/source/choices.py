"""The checks of a multiple choice, as source text: it is one of the letters (public), and the right one (hidden).

They are written out as text so that they travel the same roads as any other check. What a chooser hears of a wrong
option is a secret until grading, as the right letter is.
"""

from helpers.checking import WrongAnswer
from helpers.language import said

NO_LETTER = said("Answer with one letter, as a string.")
ONE_OF = said("The answer is one of the letters {list}.")
TEMPLATE = '''
from helpers.checking import as_letter, check, expect


@check(points=0)
def {name}_is_one_of_the_letters({name}):
    """{sentence}"""
    expect(
        as_letter({name}) in {letters!r},
        "{observed}",
        "{expected}",
        "{next_step}",
        summary="{summary}",
    )


@check(points={points}, hidden=True)
def {name}_is_the_right_option({name}):
    """{right_sentence}"""
    told = {told!r}
    chosen = as_letter({name})
    expect(chosen == {right!r}, told.get(chosen, "{no_letter}"), summary=told.get(chosen, ""))
'''


def choice_source(name, choice):
    """Return the source of the two checks of the multiple-choice answer `name`."""
    letters = tuple(choice.by_letter)
    listing = ", ".join(letters[:-1]) + f" or {letters[-1]}"
    return TEMPLATE.format(
        name=name,
        letters=letters,
        sentence=ONE_OF.format(list=listing),
        observed=said("The answer is not one of the letters."),
        expected=said("{list}, as a string.").format(list=listing),
        next_step=said("Write {code}, for example, if you think so.").format(code=f"{name} = {letters[0]!r}"),
        summary=said("The answer is not one of the letters {list}.").format(list=listing),
        right_sentence=said("It is the right option."),
        no_letter=said("This is not one of the letters."),
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
        "no_letter": WrongAnswer("?", NO_LETTER, (is_letter, is_right), instead_of=choice),
    }
