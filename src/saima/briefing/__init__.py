"""What a bulletin says: sections, sentences, tables and charts as plain data."""
