"""The exchange's and the regulator's own statistics: bytes or text in, a table or an error out."""
