"""What the figures mean: pure, with numpy and pandas alone."""
