"""Answers that look alike: the same form of code under other names, in few hands; and those that equal published code.

It shows where to look and nothing more: two short answers may be the same by chance, and a person decides.
"""

from collections import defaultdict
from itertools import combinations

SHARE, MOST = 0.1, 8  # what a tenth of the class wrote, or more than eight did, there is only one way to write
LEAST = 2  # exercises that two students must share


def shared_answers(rows):
    """[(students, exercises)] of groups in which each shares the code of `LEAST` exercises with another."""
    hands, bound = _hands(rows), max(2, min(MOST, int(SHARE * len(rows))))
    pairs = defaultdict(set)
    for (exercise, _), students in hands.items():
        if 2 <= len(students) <= bound:
            for pair in combinations(sorted(students), 2):
                pairs[pair].add(exercise)
    close = {pair: exercises for pair, exercises in pairs.items() if len(exercises) >= LEAST}
    return _groups(close)


def _hands(rows):
    found = defaultdict(set)
    for row in rows:
        for exercise, forms in zip(row.exercises, row.forms, strict=True):
            for form, equals in forms:
                if form and not equals:
                    found[exercise, form].add(row.student)
    return found


def _groups(pairs):
    """The groups of pairs that have a student in common, the largest first, with the exercises shared in them."""
    group_of = {}
    for pair, exercises in pairs.items():
        joined = {id(group): group for group in (group_of[one] for one in pair if one in group_of)}.values()
        students = set(pair).union(*(group[0] for group in joined))
        group = students, exercises.union(*(group[1] for group in joined))
        group_of.update(dict.fromkeys(students, group))
    unique = {id(group): group for group in group_of.values()}.values()
    found = [(tuple(sorted(students)), tuple(sorted(exercises))) for students, exercises in unique]
    return sorted(found, key=lambda group: (-len(group[0]), group))


def published_answers(rows):
    """[(student, [(exercise, whose code it equals)])] of everybody who handed in two or more such answers."""
    found = defaultdict(list)
    for row in rows:
        for exercise, forms in zip(row.exercises, row.forms, strict=True):
            found[row.student] += [(exercise, equals) for _, equals in forms if equals]
    return sorted((student, pairs) for student, pairs in found.items() if len(pairs) >= LEAST)


def by_source(published):
    """[(whose code, [(student, the exercises)])] of published answers, solutions and kernels apart; the most first."""
    found = defaultdict(lambda: defaultdict(list))
    for student, pairs in published:
        for exercise, whose in pairs:
            is_kernel = whose.startswith("the kernel ")
            source = "a kernel of helpers" if is_kernel else whose
            found[source][student].append(
                f"{exercise} ({whose.removeprefix('the kernel ')})" if is_kernel else exercise
            )
    return [(source, sorted(found[source].items(), key=lambda one: (-len(one[1]), one[0]))) for source in sorted(found)]
