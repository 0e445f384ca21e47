"""What is measured, against what a user would pick instead, and how to run it (`make bench`)."""
