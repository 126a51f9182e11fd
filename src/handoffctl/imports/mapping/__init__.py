"""Maps the columns of export files to fields. `presets/` holds the maps of known programs."""
