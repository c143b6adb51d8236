"""From the surface tree to expression nodes: names resolved, kinds and sizes inferred, and nodes built."""
