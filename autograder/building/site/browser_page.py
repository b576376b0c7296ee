"""The page on working in a browser, and the links to it: there only where the site holds JupyterLite.

What was tested is said as it is; the page is for readers, who shall not find out by themselves.
"""

ADDRESS = "lite/lab/index.html?path={name}.ipynb"
IN_THE_BROWSER = 'Without installing anything: <a href="{up}{address}">open it in your browser</a>.'
OWN = "It comes with this site: nothing is asked of any other."
FROM_THE_NETWORK = (
    "It comes from the site of Pyodide, with NumPy and Matplotlib: tens of megabytes, which your browser keeps."
)
PAGE = """\
# In your browser

Every lesson opens here as a notebook that can be worked: nothing is installed, and nothing that you write leaves your
machine. Python itself runs in the browser.

{lessons}

The first cell that you run takes a while, a minute on a slow machine: Python is started. {source}

## What stays, and where

Your notebooks are kept in this browser, on this machine: save (Ctrl+S or ⌘S), close, come back. Another browser,
another machine, a private window and "clear site data" know nothing of them, so download what you want to keep. *File
→ Revert Notebook to Checkpoint* goes back to what you saved last.

## To hand in

1. Save the notebook.
2. Run `grader.export()` in a new cell: it says what is missing.
3. Choose *File → Download* and hand in the notebook that you downloaded. The copy that `export` wrote stands in the
   list of files on the left and can be downloaded by its menu; `course grade` reads it, Jupyter itself does not.

## What is not there

`grader.check`, `hint`, `progress` and `export` work here. `grader.verdict` and `grader.solution` need the course on a
machine of your own, and so do `course check`, `watch` and `next`: {lab}. The solved lessons are on this site, to
read.

## What was tested

In headless Chromium, with a Pyodide of what the package registries hold: JupyterLite opens, the kernel starts,
`helpers` is installed from this site, an answer is checked, a known mistake is named, a hint comes, the answer is
still there after the page was loaded again, and what is downloaded can be graded. NumPy for Pyodide is in none of these
registries, so an exercise was checked there that is about numbers, with a stand-in for arrays, which says word for
word what NumPy does. The same runs on NumPy itself where a whole Pyodide is at hand (`PYODIDE_DIST`); on the machine
that this site was developed on there was none. Not tested: figures and sliders, Firefox, Safari, phones.
"""
OPEN_FROM_DISK = """\

:::{note}
JupyterLite needs a server, if only one on your own machine: `python3 -m http.server --directory site`, then open the
address that it prints. Pages to read open without.
:::
"""


def address_of(lesson, up=""):
    """Where a lesson opens, from a page that lies so far below the top."""
    return up + ADDRESS.format(name=lesson)


def to_open(lesson):
    """The sentence at the top of a lesson's page that leads to its notebook in the browser."""
    return IN_THE_BROWSER.format(up="../", address=ADDRESS.format(name=lesson))


def browser_page(titles, *, is_whole):
    """Return the page's text from {lesson: title}; `is_whole` says whether Python lies in the site itself."""
    rows = [f'- <a href="{address_of(name)}">{name[:2]} {title}</a>' for name, title in titles.items()]
    source = OWN if is_whole else FROM_THE_NETWORK
    text = PAGE.format(lessons="\n".join(rows), source=source, lab="[how that goes](students.md)")
    return text + OPEN_FROM_DISK
