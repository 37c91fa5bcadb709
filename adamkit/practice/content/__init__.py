"""Exercises, predictions, interview boxes and quizzes: one module for each notebook (see `catalogue`)."""
