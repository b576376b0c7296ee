"""Find the known mistake behind a failed exercise.

An answer behaves like a known wrong answer when, on every check that it fails, it did what that wrong answer does on
the same inputs. A wrong answer whose behavior agrees on one check and differs on another names the wrong mistake.
"""

from helpers.running import FAILED
from helpers.tracing import matches

IS_PURE = "is_pure"


def diagnose(results, known):
    """Return the sentence of the wrong answer that explains all failures, or "".

    `results` are an exercise's `CheckResult`s; `known` is an iterable of pairs of a sentence and a mapping from check
    names to fingerprints.
    """
    failures = {result.name: result.fingerprint for result in results if result.outcome == FAILED}
    if len(failures) > 1:
        failures.pop(IS_PURE, None)  # it tells nothing where another check fails: it counts together with one only
    if not failures:
        return ""
    for sentence, fingerprints in known:
        if all(name in fingerprints and matches(seen, fingerprints[name]) for name, seen in failures.items()):
            return sentence
    return ""
