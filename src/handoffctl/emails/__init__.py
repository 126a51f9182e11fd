"""E-mails: templates, variables, rendering, .eml files. Only here is jinja2."""
