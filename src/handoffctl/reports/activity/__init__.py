"""The activity report: what each owner did, and who does not come to meetings."""
