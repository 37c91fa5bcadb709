"""The 21-day plan as a notebook shows it: the tasks by day, with boxes to tick and a date for each."""

from datetime import date

from adamkit.practice import plan
from adamkit.practice.present import Shown, box, escape, markdown, plain
from adamkit.practice.store import StoreError


class StudyPlan(Shown):
    """The tasks of `plan.TASKS`. Live: a button to begin, a box for each task. Static: a table."""

    def html(self):
        standing = plan.standing()
        rows = "\n".join(
            f"| {_sign(t, standing)} | {day_name(t.day, standing)} | **{t.title}.** {t.how} "
            f"| {t.minutes} | {t.notebook} |"
            for t in plan.TASKS
        )
        table = markdown(f"| | when | what | minutes | notebook |\n|:--|:--|:--|--:|:--|\n{rows}")
        whole_words = f'<div style="overflow-wrap: break-word">{table}</div>'  # "anywhere" would cut the headings
        return box("ask", "Twenty-one days", f"<p>{escape(self.summary(standing))}</p>{whole_words}")

    def text(self):
        standing = plan.standing()
        lines = [
            plain(f"{_sign(t, standing)} {day_name(t.day, standing)}: {t.title} ({t.minutes} min)", "  ")
            for t in plan.TASKS
        ]
        return "\n".join(["Twenty-one days", plain(self.summary(standing), "  "), *lines])

    def summary(self, standing=None, *, today=None):
        """A sentence or two on where the reader is."""
        standing = standing or plan.standing()
        if standing.notice and not standing.start:
            return standing.notice
        if standing.start is None:
            return "Not begun. The gaps grow, because recalling just before you forget is what keeps it."
        today = today or date.today()
        if today < standing.start:
            return f"It begins on {standing.start.isoformat()}. {standing.notice}".strip()
        due, coming = standing.due(today=today), standing.coming(today=today)
        now = f"Due now: {', '.join(task.title for task in due)}." if due else "Nothing is due today."
        later = f" Next: {coming.isoformat()}." if coming else ""
        if len(standing.done) >= len(plan.TASKS) and not due:
            now, later = "All done. The cards go on.", ""
        return f"{now}{later} {standing.notice}".strip()

    def begin(self):
        """Begin the plan today. Returns a sentence; never raises."""
        try:
            plan.start()
        except StoreError as reason:
            return f"Not begun. {reason}"
        return self.summary()

    def tick(self, task, done):
        """Mark a task. Returns (kept, sentence); never raises."""
        try:
            plan.mark(task.key, done)
        except StoreError as reason:
            return False, f"Not kept. {reason}"
        return True, self.summary()

    def widget(self):
        """The live plan."""
        from adamkit.practice import widgets

        return widgets.PlanBox(self).view


def day_name(day, standing):
    """ "day 3", with its date once the plan has begun."""
    when = standing.date_of(day)
    return f"day {day}, {when.isoformat()}" if when else f"day {day}"


def _sign(task, standing):
    return "✓" if standing.is_done(task) else "○"
