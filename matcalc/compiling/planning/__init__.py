"""From expressions to a plan: instructions in static single assignment, everything computed once, in the cheapest order found."""
