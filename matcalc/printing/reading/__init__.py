"""How an expression is read: from nodes to the layout tree, before it is known in which notation it is written."""
