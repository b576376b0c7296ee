"""An event loop for cells with `await`, where no socket may be made: a pipe wakes it up."""

import asyncio
import os


class Loop(asyncio.SelectorEventLoop):
    """asyncio's own loop, but for the way in which threads wake it up."""

    def _make_self_pipe(self):
        read, write = os.pipe()
        self._ssock, self._csock = _End(read), _End(write)
        self._internal_fds += 1
        self._add_reader(read, self._read_from_self)


class _End:
    """One end of a pipe, in the words of a socket."""

    def __init__(self, descriptor):
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor

    def fileno(self):
        return self._descriptor

    def recv(self, size):
        return os.read(self._descriptor, size)

    def send(self, data):
        return os.write(self._descriptor, data)

    def close(self):
        os.close(self._descriptor)
