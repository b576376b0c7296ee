"""Who is let in: whoever has the token that the terminal shows. This file knows tokens and headers, nothing of marks.

The address carries the token once; the browser keeps a cookie for it that no script reads and no other site sends.
What would write needs a second token, which stands in the page, so that no other page can have a mark written; and a
request must name this machine as its host, so that no name that somebody points here is taken for it.
"""

import hmac
import secrets

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
LOOPBACK = "127.0.0.1"


class Refused(Exception):
    """A request that is not answered: its status and a sentence."""

    def __init__(self, status, sentence):
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


class Guard:
    """The tokens of one run of the server, each of them new."""

    def __init__(self, port):
        self.hosts = {f"{name}:{port}" for name in (LOOPBACK, "localhost")}
        self.token, self.csrf, self._session = (secrets.token_urlsafe(32) for _ in range(3))
        self.once = secrets.token_urlsafe(32)  # opens the page one time: `ps` shows with what a browser was started
        self._port, self._cookie = port, f"mark-{port}"  # cookies do not know ports

    def address(self, token):
        """The address that lets a browser in."""
        return f"http://{LOOPBACK}:{self._port}/?token={token}"

    def check_host(self, headers):
        """Refuse a request that does not name this machine."""
        named = headers.get_all("Host") or [""]
        if len(named) != 1 or named[0].lower() not in self.hosts:
            raise Refused(421, "This page is reached by the address that the terminal shows, and by no other name.")

    def cookie_for(self, token):
        """What to set for a right token, None for a wrong one."""
        is_once = bool(self.once) and _same(token, self.once)
        if not is_once and not _same(token, self.token):
            return None
        self.once = "" if is_once else self.once
        return f"{self._cookie}={self._session}; HttpOnly; SameSite=Strict; Path=/"

    def check_cookie(self, headers):
        """Refuse a browser that was not let in."""
        given = [part.strip() for line in headers.get_all("Cookie") or () for part in line.split(";")]
        if not any(_same(part, f"{self._cookie}={self._session}") for part in given):
            raise Refused(403, "Open the address that the terminal shows: this browser has not been let in.")

    def check_write(self, headers, csrf):
        """Refuse what would write and does not come from a page of this run."""
        origin, site = headers.get("Origin"), headers.get("Sec-Fetch-Site", "same-origin")
        is_ours = origin is None or origin in {f"http://{host}" for host in self.hosts}
        if not is_ours or site != "same-origin" or not _same(csrf, self.csrf):
            raise Refused(403, "This does not come from a page of this run of `course mark`. Reload the page.")


def _same(given, wanted):
    return isinstance(given, str) and hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
