"""What follows from looking: instructions (批示), and tasks (督办事项) led round their loop."""
