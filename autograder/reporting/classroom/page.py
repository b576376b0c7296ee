"""The report as one self-contained page: charts inline, tables that sort, all text escaped, nothing fetched."""

import base64
import hashlib

from jinja2 import Environment, PackageLoader

from autograder.reporting.classroom.alike import by_source
from autograder.reporting.classroom.charts import distribution, shares

MOST_MISTAKES, MOST_ALIKE = 12, 20
# A heading becomes a button; a second press turns the order around.
SORT = """
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") !== "descending";
      heads.forEach(one => one.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const text = row => row.cells[column].textContent.trim();
      const value = row => parseFloat(text(row));
      const order = (a, b) => head.classList.contains("number")
        ? (isNaN(value(a)) ? -2 : value(a)) - (isNaN(value(b)) ? -2 : value(b))
        : text(b).localeCompare(text(a));
      const rows = [...body.rows].sort(order);
      body.append(...(down ? rows.reverse() : rows));
    });
  });
}
"""


def report_page(lessons, others, behind, not_graded, since=""):
    """Return the HTML of a report: `LessonReport`s, {lesson: rows left out}, who fell behind, files not graded.

    `since` is when the last report was made, "" where there was none.
    """
    environment = Environment(
        loader=PackageLoader("autograder.reporting.classroom"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("report.html").render(
        lessons=lessons,
        others=others,
        behind=behind,
        not_graded=not_graded,
        since=since,
        graded=sum(len(one.totals) for one in lessons),
        charts={one.name: (distribution(one.totals, one.most), shares(one.exercises)) for one in lessons},
        published={one.name: by_source(one.published) for one in lessons},
        most_mistakes=MOST_MISTAKES,
        most_alike=MOST_ALIKE,
        script=SORT,
        script_hash=base64.b64encode(hashlib.sha256(SORT.encode()).digest()).decode(),
    )
