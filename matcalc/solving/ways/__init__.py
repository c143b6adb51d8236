"""One equation and one unknown: a module for each way to bring the unknown to one side; `roots` tries them in turn."""
