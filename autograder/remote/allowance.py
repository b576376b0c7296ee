"""How much one cell or one check may make the grader keep, whatever a submission's process sends."""

# In bytes: more than twice what any reference needs. A check may keep every value, and fingerprints are made: an
# element counts 8 bytes at least, for it becomes a float; an item of a list 1024, for the time that it takes; a byte of
# JSON 4, for so wide can its letters be; a message 512.
MOST = 16 << 20
MESSAGE, ITEM, ELEMENT, LETTER = 512, 1024, 8, 4


class Excess(Exception):
    """The process did more of something than is allowed; the message is half a sentence."""


class Allowance:
    """Counts what has come in since the cell or the check began."""

    def __init__(self):
        self._used = 0

    def renew(self):
        """Begin a cell or a check: what came before is not kept any more."""
        self._used = 0

    def message(self, body):
        """Count a message, whose body is a part of its frame."""
        self._use(MESSAGE + len(body) + LETTER * (len(body.obj) - len(body)))

    def decoded(self, decoder, node):
        """The value of a node; `Excess` where the grader cannot afford to keep it."""
        items, elements = decoder.items, decoder.elements
        value = decoder.decode(node)
        self._use(ITEM * (decoder.items - items) + ELEMENT * (decoder.elements - elements))
        return value

    def _use(self, size):
        self._used += size
        if self._used > MOST:
            raise Excess(f"more than {MOST >> 20} MB came back in one cell or one check")
