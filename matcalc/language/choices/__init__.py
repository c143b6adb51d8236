"""What was chosen where a text has several readings: when to ask, and what a reader is told."""
