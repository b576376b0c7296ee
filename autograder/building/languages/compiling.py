"""Catalogs with a head that is always the same, and their compiled form, as `gettext` reads it.

Bytes follow from the entries alone: no date, no version.
"""

import io


def blank(language, comment=""):
    """A catalog without entries in a language; `comment` is what its file begins with."""
    from babel.messages import Catalog

    class Plain(Catalog):
        mime_headers = property(_head, lambda self, headers: None)

    return Plain(locale=language, header_comment=comment, fuzzy=False)


def _head(catalog):
    return [
        ("Language", catalog.locale_identifier),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
        ("Plural-Forms", catalog.plural_forms),
    ]


def compiled(language, translations):
    """The bytes of the .mo file of {msgid, or (singular, plural): its translation}."""
    from babel.messages.mofile import write_mo

    catalog, out = blank(language), io.BytesIO()
    for message, translation in translations.items():
        catalog.add(message, translation)
    write_mo(out, catalog)
    return out.getvalue()
