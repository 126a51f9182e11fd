"""E-mails: templates, variables, rendering, .eml files, the ledger of summaries. Jinja is imported only here."""
