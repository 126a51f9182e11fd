"""Takes in an export: lays its rows down beside the database, compares them with the records, and writes what is new.

All of it is SQL over whole tables, on a plain connection: a million rows pass here, and neither may they all stand in
memory nor pass through Python one by one. `laying` opens and lays down, `stays`, `accounts`, `deals` and `touches`
compare, `writing` writes. Until then nothing but the temporary file has been written to.
"""
