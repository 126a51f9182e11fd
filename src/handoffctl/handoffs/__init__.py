"""Handoffs: the gate, handoff attempts, accept and return, closing, touches, triggers and drills."""
