"""One module per thing a seller does: fetch, decide, write. Takes and returns plain values; never prints or asks."""
