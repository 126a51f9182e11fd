"""One module per report: asks for the rows, lets the figures be computed, gives plain values. None knows another."""
