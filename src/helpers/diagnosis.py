"""Say what is wrong in one true sentence: a known mistake, else a relation of numbers, else where it fails; or nothing.

An answer behaves like a known wrong answer when it fails the same checks and passes the same, and did on every one
that it fails what that wrong answer does on the same inputs. Where two wrong answers with different sentences fit,
neither is named.
"""

import re
from itertools import combinations

from helpers.cases import FLOATING_POINT, RAISED
from helpers.language import said
from helpers.purity import COUNTS_BESIDE
from helpers.relations import explains, relation, tells_enough, tendency
from helpers.running import FAILED, PASSED
from helpers.tracing import matches
from helpers.where_it_fails import where_it_fails

IS_PURE = "is_pure"


def diagnose(results, known, parameters=()):
    """Return a sentence that is true of the answer in hand, or ""; see `diagnosed`."""
    return diagnosed(results, known, parameters)[0]


def diagnosed(results, known, parameters=(), other_arguments=()):
    """Return (a sentence that is true of the answer in hand, or "", whether it names a known mistake).

    `results` are an exercise's `CheckResult`s; `known` is an iterable of pairs of a wrong answer's sentence and a
    function that gives its fingerprint on a check, by name, or None where it passes that check. `parameters` are the
    names of the answer's arguments, where it has one function. `other_arguments` are pairs of a sentence and a function
    that gives the cases of a check, by name, () where it passes: what the reference gives for other arguments. They
    claim the same numbers only, so the first that fits is said.
    """
    failed = [result for result in results if result.outcome == FAILED]
    if len(failed) > 1:
        # It tells nothing where another check fails: it counts together with one that passes.
        failed = [result for result in failed if result.name != IS_PURE]
    if not failed:
        return "", False
    passed = [result.name for result in results if result.outcome == PASSED and result.name != IS_PURE]
    cases = [case for result in results for case in result.cases]
    if told := known_mistake(failed, passed, list(known)):
        return told, True
    described = (
        _impure(results)
        or _named(relation(cases), parameters)
        or _for_other_arguments(failed, passed, other_arguments)
        or _named(where_it_fails(cases), parameters)
        or _named(tendency(cases), parameters)
        or _by_exceptions(failed)
    )
    return described, False


def _named(sentence, parameters):
    """The sentence with an argument's name in place of its number."""

    def name(found):
        """The argument at the place that was found; what was found itself, where there is none."""
        place = int(found[1]) - 1
        return parameters[place] if place < len(parameters) else found[0]

    return re.sub(r"argument (\d+)", name, sentence)


def _for_other_arguments(failed, passed, other_arguments):
    if not tells_enough(failed):
        return ""
    fitting = (
        sentence
        for sentence, cases_on in other_arguments
        if all(explains(cases_on(one.name), one.cases) for one in failed) and not any(map(cases_on, passed))
    )
    return next(fitting, "")


def _impure(results):
    """What the probes of purity saw, where they saw something."""
    seen = [result.summary for result in results if result.name == IS_PURE and result.outcome == FAILED]
    return next((summary for summary in seen if summary != COUNTS_BESIDE), "")


def _by_exceptions(failed):
    ends = {id(result.cases[-1].observed) if result.cases else 0 for result in failed}
    if ends == {id(FLOATING_POINT)}:
        return said("Every check that fails ends in a floating-point warning of your code, none in a wrong value.")
    if ends <= {id(FLOATING_POINT), id(RAISED)}:
        return said("Every check that fails ends in an exception in your code, none in a wrong value.")
    return ""


def known_mistake(failed, passed, known):
    """The sentence of the one wrong answer that explains everything, else of the one pair that does together."""
    partly = {}
    for sentence, fingerprint_on in known:
        seen = {result.name: fingerprint_on(result.name) for result in failed}
        explained = {
            result.name for result in failed if seen[result.name] and matches(result.fingerprint, seen[result.name])
        }
        differs = any(seen.values()) and explained != {name for name, one in seen.items() if one}
        if explained and not differs and not any(fingerprint_on(name) for name in passed):
            partly.setdefault(frozenset(explained), set()).add(sentence)
    everything = frozenset(result.name for result in failed)
    if everything in partly:
        return next(iter(partly[everything])) if len(partly[everything]) == 1 else ""
    pairs = [
        (one, other)
        for one, other in combinations(partly, 2)
        if one | other == everything and len(partly[one]) == len(partly[other]) == 1
    ]
    if len(pairs) != 1:
        return ""
    (first,), (second,) = (partly[one] for one in pairs[0])
    return said("Two things. {first} And: {second}").format(first=first, second=second)
