"""Which pictures readers are tuned on, and which their figures come from."""

development_seed = 1
"""What readers may be tuned on."""

reported_seed = 2018
"""What is shown to anybody was measured on this: nobody tunes on it."""
