"""Messages out: the inbox, e-mail, HTTP channels, group robots, text to copy."""
