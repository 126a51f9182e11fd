"""What is kept: tables, the database file, transactions and writes. The only room that imports sqlmodel."""
