"""An answer that is a function, as a check meets it: it is called over there, and feels as if it were here."""


class RemoteFunction:
    """An answer that lives in a submission's process."""

    def __init__(self, process, name, seconds):
        self._process, self.__name__, self._seconds = process, name, seconds

    def __call__(self, *args, **kwargs):
        return self._process.call(self.__name__, self._seconds, args, kwargs)
