"""E-mails: written from templates, received in files. What strangers wrote is worked on within limits."""
