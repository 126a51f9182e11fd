"""E-mails that are written: rendered from templates, made into files for a mail program. Only here is jinja2."""
