"""The terminal: output, tables, prompts, progress, clipboard, editor. Only here and in commands/ are typer and rich."""
