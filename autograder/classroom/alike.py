"""Answers that look alike: the same form of code under other names, in few hands; and those that equal published code.

It shows where to look and nothing more: two short answers may be the same by chance, and a person decides.
"""

from collections import Counter, defaultdict
from itertools import combinations

SHARE, MOST = 0.1, 8  # what a tenth of the class wrote, or more than eight did, there is only one way to write
LEAST = 2  # exercises that two students must share


def shared_answers(rows):
    """[(students, {exercise: how many of them share a form})], for groups in which each shares `LEAST` with another."""
    hands, bound = _hands(rows), max(2, min(MOST, int(SHARE * len(rows))))
    pairs = defaultdict(set)
    for (exercise, _), students in hands.items():
        if 2 <= len(students) <= bound:
            for pair in combinations(sorted(students), 2):
                pairs[pair].add(exercise)
    close = {pair: exercises for pair, exercises in pairs.items() if len(exercises) >= LEAST}
    return [(group, _counted(group, close)) for group in _connected(close)]


def _hands(rows):
    found = defaultdict(set)
    for row in rows:
        for exercise, forms in zip(row.exercises, row.forms, strict=True):
            for form, equals in forms:
                if form and not equals:
                    found[exercise, form].add(row.student)
    return found


def _connected(pairs):
    """The groups into which pairs fall that have a student in common."""
    group_of = {}
    for one, other in pairs:
        merged = group_of.get(one, {one}) | group_of.get(other, {other})
        group_of.update(dict.fromkeys(merged, merged))
    unique = {id(group): group for group in group_of.values()}.values()
    return sorted((tuple(sorted(group)) for group in unique), key=lambda group: (-len(group), group))


def _counted(group, pairs):
    within = [exercises for pair, exercises in pairs.items() if pair[0] in group]
    return dict(sorted(Counter(name for exercises in within for name in exercises).items()))


def published_answers(rows):
    """[(student, [(exercise, whose code it equals)])] of everybody who handed in two or more such answers."""
    found = defaultdict(list)
    for row in rows:
        for exercise, forms in zip(row.exercises, row.forms, strict=True):
            found[row.student] += [(exercise, equals) for _, equals in forms if equals]
    return sorted((student, pairs) for student, pairs in found.items() if len(pairs) >= LEAST)
