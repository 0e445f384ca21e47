"""Key projects: gates, money by month, milestones, schedules."""
