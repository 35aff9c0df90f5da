"""The weekly review: one mail a week, to those who chose it, of what a look at the log shows."""
