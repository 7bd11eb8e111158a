"""Who may see the dashboard, and from where."""
