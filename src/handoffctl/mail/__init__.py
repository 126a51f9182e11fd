"""E-mails from templates. The only room that imports jinja2."""
