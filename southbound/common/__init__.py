"""What everything else may use: errors, text from outside, retry policies, threads, logging."""
