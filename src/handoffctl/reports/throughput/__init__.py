"""The throughput report: how many deals pass each stage, and how fast."""
