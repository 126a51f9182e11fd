"""Views across slices: show, log, undo, init, doctor, demo."""
