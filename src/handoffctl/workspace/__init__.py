"""The home folder: configuration, own files, the clock of this run."""
