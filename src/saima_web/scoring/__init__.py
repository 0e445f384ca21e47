"""Score runs, their results and explanations, checking by units, publication, appeals."""
