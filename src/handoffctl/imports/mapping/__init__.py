"""Which column of which file is what; presets/ holds the maps of known programs."""
