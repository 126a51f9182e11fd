"""Stages the rows of an export in a temporary database, compares them with the records, and writes what is new.

All of it is SQL over whole tables on a plain connection, because a million rows must neither fit into memory nor pass
through Python one by one. `database` opens the staging tables and fills them; `stages`, `stays`, `accounts`, `deals`,
`contacts` and `touches` compare; `write` writes. Until then only the temporary file has been written to.
"""
