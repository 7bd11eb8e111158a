"""What the operator is told, and when."""
