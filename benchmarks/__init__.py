"""Programs that measure; each prints ratios between things measured in the same run."""
