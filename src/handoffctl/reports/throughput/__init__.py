"""Report throughput: how many deals pass each stage, and how fast."""
