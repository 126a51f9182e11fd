"""Reads the mail that people sent: boxes of it, what its headers say, and what its writer wrote. Changes none of it."""
