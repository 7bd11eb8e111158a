"""What is reported to the operator, and when."""
