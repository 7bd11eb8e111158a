"""The same answers for assistants: tools of a Model Context Protocol server."""
