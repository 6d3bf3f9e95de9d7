# make demo: a race to walk through. make test: every test. Both set up what they need.
.PHONY: help setup setup-dev demo test lint messages pictures components

help:
	@echo "make demo   a race to walk through, on http://localhost:8000 (PORT=, HOST=)"
	@echo "make test   every test"

setup:
	@sh scripts/setup

setup-dev:
	@sh scripts/setup dev

demo: setup
	@.venv/bin/python scripts/demo.py

test: setup-dev
	@.venv/bin/python scripts/test.py

lint: setup-dev
	@.venv/bin/python scripts/test.py lint

messages: setup-dev
	@.venv/bin/python manage.py makemessages -l zh_Hans --no-location --no-obsolete -i .venv -i var -i node_modules
	@sh scripts/setup dev

pictures: setup-dev
	@.venv/bin/python scripts/pictures.py

components: setup-dev
	@.venv/bin/python scripts/components.py
