"""Accounts, contacts, deals, field values, steps, touches and stays; lookup, merge, delete."""
