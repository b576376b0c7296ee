"""The generated check of every exercise with a function, as source text: it is pure, worth a quarter of the exercise.

It is written out as text so that it travels the same roads as any other check.
"""

from helpers.language import said

NAME = "is_pure"
OFF, EVERYTHING = "NOT_PROBED", "everything"  # the line with which a section switches probes, or inputs, off
SENTENCE = said(
    "Arguments stay as they were, the same call gives the same again, and how an array lies in memory is no matter."
)
TEMPLATE = '''
from helpers.checking import check, expect_pure


@check(points={points:g}{hidden})
def {name}({parameters}, rng):
    """{sentence}"""
    expect_pure({{{answers}}}, [{checks}], rng{off}{inputs})
'''


def purity_source(answers, checks, *, points, hidden, off=()):
    """Return the source of the check for answers of these names, beside these checks.

    `off` holds names of probes, and checks whose calls are no inputs for them, because one takes milliseconds.
    """
    probes = tuple(one for one in off if isinstance(one, str))
    inputs = [check.name for check in checks if check not in off]
    return TEMPLATE.format(
        name=NAME,
        sentence=SENTENCE,
        points=points,
        hidden=", hidden=True" * hidden,
        parameters=", ".join(answers),
        answers=", ".join(f'"{name}": {name}' for name in answers),
        checks=", ".join(check.name for check in checks),
        off=f", off={probes!r}" if probes else "",
        inputs=f", inputs=[{', '.join(inputs)}]" if len(inputs) < len(checks) else "",
    )


def is_probed(section):
    """Whether the section's exercise has a function, and leaves some probe switched on."""
    functions = any(callable(answer.value) for answer in section.exercise.answers)
    return functions and EVERYTHING not in getattr(section.module, OFF, ())


def purity_of(section, checks, *, points, hidden):
    """The source of the check for a section's exercise, beside these of its checks."""
    names = [answer.name for answer in section.exercise.answers]
    return purity_source(names, checks, points=points, hidden=hidden, off=getattr(section.module, OFF, ()))


def purity_points(checks):
    """A quarter of the points of an exercise, to the nearest half of one: a third of what its own checks give."""
    return max(0.5, round(2 * sum(check.points for check in checks) / 3) / 2)
