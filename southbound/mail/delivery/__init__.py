"""How a mail reaches each recipient, once."""
