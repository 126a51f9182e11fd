"""Report activity: what each owner did."""
