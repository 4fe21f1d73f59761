"""Starting what is due, and looking after what does not end."""
