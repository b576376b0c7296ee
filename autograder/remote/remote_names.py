"""The names of a submission as checks see them: looked up when needed; functions that feel local."""


class RemoteFunction:
    """An answer that lives in a submission's process."""

    def __init__(self, process, name, seconds):
        self._process, self.__name__, self._seconds = process, name, seconds

    def __call__(self, *args, **kwargs):
        return self._process.call(self.__name__, self._seconds, args, kwargs)

    def observe(self, calls):
        """Make these calls over there, and return what `helpers.probing.observe` sees."""
        return self._process.observe(self.__name__, self._seconds, calls)


class RemoteNames(dict):
    """The names of a submission, looked up when a check needs them."""

    def __init__(self, process, seconds):
        super().__init__()
        self._process, self._seconds = process, seconds

    def get(self, name, default=...):
        if name not in self:
            self[name] = self._process.look(name, self._seconds)
        return self[name]
