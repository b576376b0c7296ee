"""The course as pages to read: a static site from the solved notebooks and the documents, which asks nobody else.

sources      what pages there are, as {path: text}        sphinx_run   pages from them, with Sphinx and myst-nb
browser_page how the lessons are worked in JupyterLite, where the site has it
home         the first page, and the parts of the README  mathml       formulas without a script, and their font
lesson_page  a solved notebook, its answers folded        placing      the finished site in the place of an older one
"""
