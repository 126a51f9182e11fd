"""What is typed: one module per command. Options, call, print, exit."""
