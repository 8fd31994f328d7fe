"""What the documents quote, rerunnable: `python -m benchmarks` measures everything side by side on this machine."""
