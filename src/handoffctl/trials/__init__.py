"""Leaving something out of a playbook on trial: probations and randomized trials."""
