"""What comes back from a submission's process, read and checked: results of calls, and observations of them."""

import numpy as np

from autograder.jail.frames import WireError
from autograder.jail.wire import Decoder, follow_generator
from autograder.remote.remote_errors import builtin_type, checked_error, rebuilt, whole
from helpers.layouts import WAYS

MOST_WARNINGS = 20


def unpacked(message, body, encoder, changed, allowance):
    """Read a reply: write changed arguments back, and return the result, the exception and the warnings.

    `changed` is told what the arguments were; without it nothing is written back. `allowance` counts what is decoded.
    """
    decoder = Decoder(body)
    for index, node in message.get("after", ()):
        target, now = encoder.arrays[index], allowance.decoded(decoder, node)
        if type(now) is not np.ndarray or (now.shape, now.dtype) != (target.shape, target.dtype):
            raise WireError("an argument came back as something else")
        if changed is not None:
            changed.append((target, target.copy()))
            np.copyto(target, now)
    for generator, state in zip(encoder.generators, message.get("generators", ()), strict=False):
        follow_generator(generator, state)
    told = list(message.get("warnings", ()))[:MOST_WARNINGS]
    caught = [(builtin_type([str(kind)], Warning, UserWarning), whole(text)) for kind, text in told]
    described = checked_error(message.get("error"))
    if described is None:
        return allowance.decoded(decoder, message["result"]), None, caught
    return None, rebuilt(described), caught


def checked_observations(seen, calls):
    """Observations of these calls from the other side, of the form that they must have, with no word of its own."""
    if type(seen) is not list or len(seen) != len(calls):
        raise WireError("not as many observations as calls")
    for one, call in zip(seen, calls, strict=True):
        outcomes = [one.get("first"), one.get("again"), *(one[way] for way in WAYS if way in one)]
        fine = all(type(each) is tuple and len(each) == 2 and type(each[0]) is str for each in outcomes)
        ours = {*range(len(call.args)), *call.kwargs}
        named = type(one.get("changed")) is list and all(type(name) in (int, str) for name in one["changed"])
        if not fine or not named or type(one.get("stayed")) is not bool:
            raise WireError("an observation is not of the agreed form")
        one["changed"] = [name for name in one["changed"] if name in ours]
    return seen
