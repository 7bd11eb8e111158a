"""The daily mail: what it says, how it looks, who has had it, and how it is sent."""
