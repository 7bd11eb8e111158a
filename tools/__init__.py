"""What looks after the product: benchmarks, soak, pictures, pins."""
