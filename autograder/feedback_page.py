"""The page that a student reads: one self-contained HTML file, without hidden inputs or values, all text escaped."""

import hashlib
import unicodedata

from jinja2 import Environment

from helpers.report import SYMBOLS

PAGE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ record.lesson }}: {{ record.student }}</title>
<style>
:root { color-scheme: light dark; --line: #8c959f55; --soft: #8c959f22; --good: #1a7f37; --bad: #b35900; --told: #0969da; }
@media (prefers-color-scheme: dark) { :root { --good: #3fb950; --bad: #f0883e; --told: #58a6ff; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0; }
h2 { font-size: 1.1rem; margin: 0; }
section { border: 1px solid var(--line); border-radius: 6px; padding: .8rem 1rem; margin: 1rem 0; }
header { display: flex; justify-content: space-between; gap: 1rem; }
ul { list-style: none; padding: 0; margin: .5rem 0 0; }
li { margin: .4rem 0; padding-left: 1.6rem; text-indent: -1.6rem; }
li > * { text-indent: 0; }
.mark { display: inline-block; width: 1.6rem; text-indent: 0; }
.passed .mark { color: var(--good); }
.failed .mark { color: var(--bad); }
.told { border-left: 3px solid var(--told); padding: .2rem .8rem; margin: .6rem 0 0; }
.why { display: block; background: var(--soft); border-radius: 4px; padding: .2rem .6rem; margin-top: .2rem; overflow-wrap: anywhere; }
.small { opacity: .75; font-size: .9rem; }
</style>
</head>
<body>
<h1>{{ title }}</h1>
<p>{{ record.student }}: <strong>{{ "%g"|format(record.points) }} of {{ "%g"|format(record.max_points) }} points</strong></p>
{% if causes %}
<section>
<h2>While your notebook ran</h2>
<ul>{% for cause in causes %}<li>{{ cause }}</li>{% endfor %}</ul>
</section>
{% endif %}
{% for exercise in record.exercises %}
<section>
<header><h2>{{ titles[exercise.name] }}</h2>
<span>{{ exercise.outcome }}, {{ "%g"|format(exercise.points) }} of {{ "%g"|format(exercise.max_points) }}</span></header>
<p class="small"><code>{{ exercise.name }}</code></p>
{% if exercise.diagnosis %}<p class="told"><strong>Likely cause.</strong> {{ exercise.diagnosis }}</p>{% endif %}
<ul>
{% for check in exercise.checks %}
<li class="{{ check.outcome.replace(' ', '-') }}"><span class="mark" aria-hidden="true">{{ symbols[check.outcome] }}</span>
{{- check.outcome }}{{ " (hidden check)" if check.hidden }}: {{ check.sentence }}
<span class="small">{{ "%g"|format(check.points) }} of {{ "%g"|format(check.max_points) }}</span>
{% if check.feedback %}<span class="why">{{ check.feedback }}</span>{% endif %}</li>
{% endfor %}
</ul>
</section>
{% endfor %}
<p class="small">Hidden checks are listed by what they ask for; their inputs are drawn anew for each student.
{% if record.isolation == ["none"] %}This grade was made without isolation.{% endif %}</p>
</body>
</html>
""")


def feedback_page(record, lesson, causes=()):
    """Return the HTML of a record's page; `causes` are sentences on the notebook as a whole."""
    titles = {name: exercise.title for name, exercise in lesson.exercises.items()}
    return PAGE.render(record=record, title=lesson.title, titles=titles, symbols=SYMBOLS, causes=causes)


def page_name(student):
    """A file name for a student's page: readable, safe on every system, and different for different students."""
    name = unicodedata.normalize("NFC", student)
    kept = "".join(c if c.isalnum() or c in " -_.@" else "_" for c in name).strip(" .")[:80]
    changed = kept != student
    return f"{kept or 'student'}{'-' + hashlib.sha256(student.encode('utf-8', 'replace')).hexdigest()[:8] if changed else ''}.html"
