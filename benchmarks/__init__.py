"""Programs that measure speed. Each prints ratios between things that it measured in the same run."""
