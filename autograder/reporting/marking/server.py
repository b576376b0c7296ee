"""The server of the page: on this machine only, for whoever has the token, with no more than two kinds of requests.

The standard library's server: one process, five addresses and no dependency, where Starlette and uvicorn would be seven
packages for the same checks of ours. It closes each connection after its answer, so that none keeps it from ending.
"""

import contextlib
import json
import sys
import traceback
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from autograder.reporting.marking.guard import HEADERS, LOOPBACK, Guard, Refused
from autograder.source.problems import CourseError

MOST_BYTES = 65_536  # of what a page may send
HTML, PLAIN, JSON = "text/html; charset=utf-8", "text/plain; charset=utf-8", "application/json"


@dataclass(frozen=True)
class Reply:
    """What is sent back."""

    body: str = ""
    kind: str = HTML
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class MarkingServer(ThreadingHTTPServer):
    """Answers requests with `desk`, which has `page(path)` and `write(data)`; `port` 0 takes a free one."""

    daemon_threads = True

    def __init__(self, desk_of, port=0):
        try:
            super().__init__((LOOPBACK, port), Handler)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or "it is no port"
            mend = "Leave --port away to have a free one."
            raise CourseError(f"The page cannot be served at port {port} ({reason}). {mend}") from None
        self.guard = Guard(self.server_port)
        self.desk = desk_of(self.guard.csrf)

    def handle_error(self, request, client_address):
        """Say nothing of browsers that went away while they were answered."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server_version, sys_version, timeout = "course", "", 30

    def do_GET(self):
        """Send a page."""
        self._answer(self._get)

    def do_POST(self):
        """Take a mark."""
        self._answer(self._post)

    def _answer(self, make):
        try:
            self.server.guard.check_host(self.headers)
            reply = make()
        except Refused as refusal:
            reply = Reply(refusal.sentence, PLAIN, refusal.status)
        except CourseError as error:
            reply = Reply(str(error), PLAIN, 500)
        except (ConnectionError, TimeoutError):
            raise  # the browser went away
        except OSError as error:
            said = f"{error.filename or 'The folder'} cannot be read or written ({error.strerror}). Nothing was saved."
            reply = Reply(said, PLAIN, 500)
        except Exception:
            traceback.print_exc()
            reply = Reply("A fault of ours; the terminal shows it.", PLAIN, 500)
        self._send(reply)

    def _get(self):
        address = urlsplit(self.path)
        token = parse_qs(address.query).get("token", [None])[0]
        if address.path == "/" and token is not None:
            cookie = self.server.guard.cookie_for(token)
            if cookie:
                return Reply(status=303, headers={"Location": "/", "Set-Cookie": cookie})
        self.server.guard.check_cookie(self.headers)
        return self.server.desk.page(address.path)

    def _post(self):
        guard = self.server.guard
        guard.check_cookie(self.headers)
        data = self._data()
        guard.check_write(self.headers, data.get("csrf"))
        if urlsplit(self.path).path != "/mark":
            raise Refused(404, "There is nothing here.")
        return self.server.desk.write(data)

    def _data(self):
        """The object that the body holds."""
        length = self.headers.get("Content-Length", "")
        if self.headers.get_content_type() != JSON or not length.isdecimal():
            raise Refused(415, "A mark is sent as JSON, with its length.")
        if int(length) > MOST_BYTES:
            raise Refused(413, "That is too long.")
        with contextlib.suppress(ValueError, RecursionError):
            data = json.loads(self.rfile.read(int(length)))
            if isinstance(data, dict):
                return data
        raise Refused(400, "That is no mark.")

    def _send(self, reply):
        body = reply.body.encode("utf-8", "replace")
        self.send_response(reply.status, HTTPStatus(reply.status).phrase)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self):
        """Send what every answer says, errors of the protocol too."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_):
        """Say nothing: an address may hold the token."""
