"""What was raised in a submission's process, as the grader rebuilds it: a built-in type, a bounded text."""

import builtins

MOST_TYPES, MOST_TEXT = 20, 1000


def checked_error(error):
    """Return a description from the wire with every part of the agreed kind and length; None stays None."""
    if error is None:
        return None
    return {
        "types": [whole(name) for name in list(error["types"])[:MOST_TYPES]],
        "message": whole(error["message"]),
        "note": whole(error["note"]),
    }


def whole(text):
    """A text of bounded length, without halves of characters, which cannot be hashed, printed or kept."""
    return str(text)[:MOST_TEXT].encode("utf-8", "replace").decode()


def rebuilt(described):
    """Rebuild an exception as its nearest built-in type, with the student's line as a note."""
    kind = builtin_type(described["types"], (Exception, SystemExit), RuntimeError)
    if issubclass(kind, (StopIteration, StopAsyncIteration)):
        kind = RuntimeError  # it would end a loop of the check
    try:
        error = kind(described["message"])
    except Exception:
        error = RuntimeError(f"{described['types'][:1]}: {described['message']}")
    error.add_note(described["note"])
    return error


def builtin_type(names, bases, default):
    """The first of these type names that is built in and a subclass of `bases`."""
    for name in names:
        kind = getattr(builtins, name, None)
        if isinstance(kind, type) and issubclass(kind, bases):
            return kind
    return default
