"""A folder as a website on this machine, for tests in a browser."""

import functools
import http.server
import threading
from contextlib import contextmanager


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *said):
        pass


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *said):
        """A browser that is closed in the middle of an answer is no fault."""


@contextmanager
def served(folder):
    """Yield the address of a server of a folder, which says nothing."""
    with _Server(("127.0.0.1", 0), functools.partial(_Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
