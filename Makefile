# A bare `make` lists what there is; every line calls the one way in, course.py.
VERBS = demo lab build test mutants site format

help:
	@python3 course.py
	@echo "make $(VERBS) check grade bench"

$(VERBS):
	python3 course.py $@

check:
	python3 course.py build --check

grade:
	@echo "python3 course.py grade SUBMISSIONS --out graded/NAME"

bench:
	python3 course.py bench grading

.PHONY: help check grade bench $(VERBS)
