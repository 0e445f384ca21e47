"""Key projects: money by month, what should have begun, the assessment of units by quarter."""
