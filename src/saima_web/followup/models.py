"""A leader's instruction to a unit, and tasks: who does what by when, and what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.projects.models import Project

USER = settings.AUTH_USER_MODEL


class Instruction(models.Model):
    """An instruction (批示): written by a leader, taken on by the unit, answered in words."""

    class State(models.TextChoices):
        SENT = "sent", _("待签收")
        ACCEPTED = "accepted", _("已签收")
        ANSWERED = "answered", _("已回复")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="instructions")
    unit = models.ForeignKey(
        Unit, verbose_name=_("交办单位"), on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(_("批示内容"))
    due_on = models.DateField(_("期限"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT)
    written_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    accepted_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    answer = models.TextField(_("回复"), blank=True)
    answered_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-written_at", "-pk")


class TaskForce(models.Model):
    """A team (专班) that is put together across units for a matter."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="task_forces")
    name = models.CharField(_("专班名称"), max_length=80)
    chief = models.CharField(_("召集人"), max_length=60, blank=True)
    units = models.ManyToManyField(Unit, verbose_name=_("组成单位"), blank=True, related_name="+")
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=("campaign", "name"), name="task_force_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    """A task (督办事项). `deadline` is the day that counts; an extension agreed too late only
    sets `promised_on`. The last line of progress stands here, all of them in Report.

    `supporting_project` is the name of what supports it, also where that is `project`, one of the
    campaign's key projects. `file` is its contingency plan, as it was brought."""

    class Source(models.TextChoices):
        PLAN = "plan", _("年度计划")
        MEETING = "meeting", _("会议议定")
        INSTRUCTION = "instruction", _("领导批示")
        COMMITMENT = "commitment", _("公开承诺")
        CARD = "card", _("黄红牌")
        INSPECTION = "inspection", _("督查发现")
        PUBLIC = "public", _("群众反映")

    class DeadlineKind(models.TextChoices):
        DAY = "day", _("按日")
        WEEK = "week", _("按周")
        MONTH = "month", _("按月")

    class Every(models.TextChoices):
        NONE = "none", _("不要求")
        WEEK = "week", _("每周")
        MONTH = "month", _("每月")

    class Grade(models.TextChoices):
        EXCELLENT = "excellent", _("优秀")
        GOOD = "good", _("良好")
        FAIR = "fair", _("一般")
        POOR = "poor", _("较差")

    class State(models.TextChoices):
        """The states of the library's loop (`saima.workflows.task.TASK`)."""

        INITIATED = "initiated", _("已立项")
        ASSIGNED = "assigned", _("待签收")
        DISPUTED = "disputed", _("有异议")
        ACCEPTED = "accepted", _("已签收")
        IN_HAND = "in_hand", _("承办中")
        REPORTED = "reported", _("待审核")
        REVIEWED = "reviewed", _("已审核")
        RETURNED = "returned", _("退回重办")
        COMPLETED = "completed", _("已办结")
        CLOSED_OUT = "closed_out", _("已销号")
        EVALUATED = "evaluated", _("已评价")
        ARCHIVED = "archived", _("已归档")
        STOPPED = "stopped", _("已中止")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="tasks")
    number = models.PositiveIntegerField(_("编号"))
    parent = models.ForeignKey(
        "self", verbose_name=_("上级任务"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="children",
    )  # fmt: skip
    merged_into = models.ForeignKey(
        "self", verbose_name=_("并入"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="merged",
    )  # fmt: skip
    state = models.CharField(
        _("状态"), max_length=12, choices=State.choices, default=State.INITIATED
    )

    title = models.CharField(_("工作任务"), max_length=200)
    goal = models.TextField(_("量化目标"), blank=True)
    project = models.ForeignKey(
        Project, verbose_name=_("支撑项目（清单内）"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="tasks",
    )  # fmt: skip
    supporting_project = models.CharField(_("支撑项目"), max_length=200, blank=True)
    landmark_result = models.CharField(_("标志性成果"), max_length=200, blank=True)
    front = models.CharField(_("战线"), max_length=60, blank=True)
    indicators = models.ManyToManyField(
        Indicator, verbose_name=_("相关指标"), blank=True, related_name="tasks"
    )
    contingency_plan = models.TextField(_("预案"), blank=True)
    file = models.FileField(_("预案文件"), upload_to="tasks/%Y/%m", blank=True)
    file_name = models.CharField(max_length=200, blank=True)

    source = models.CharField(_("来源"), max_length=12, choices=Source.choices)
    source_note = models.CharField(_("立项依据"), max_length=300, blank=True)
    source_object = models.PositiveBigIntegerField(null=True, blank=True)
    """The inspection, meeting, card or commitment that it came from: `links.source_link`."""
    limit = models.CharField(_("时限类别"), max_length=40, blank=True)
    instruction = models.OneToOneField(
        Instruction, verbose_name=_("批示"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="task",
    )  # fmt: skip

    lead_leader = models.CharField(_("牵头领导"), max_length=60, blank=True)
    first_responsible = models.CharField(_("第一责任人"), max_length=60, blank=True)
    person = models.CharField(_("责任人"), max_length=60, blank=True)
    responsible_unit = models.ForeignKey(
        Unit, verbose_name=_("责任单位"), on_delete=models.PROTECT, related_name="tasks"
    )
    supporting_units = models.ManyToManyField(
        Unit, verbose_name=_("配合单位"), blank=True, related_name="supported_tasks"
    )
    assigning_unit = models.ForeignKey(
        Unit, verbose_name=_("交办单位"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    task_force = models.ForeignKey(
        TaskForce, verbose_name=_("专班"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="tasks",
    )  # fmt: skip

    deadline = models.DateField(_("完成时限"))
    deadline_kind = models.CharField(
        _("时限按"), max_length=6, choices=DeadlineKind.choices, default=DeadlineKind.DAY
    )
    first_deadline = models.DateField(_("最初时限"))
    promised_on = models.DateField(_("约定日期"), null=True, blank=True)
    every = models.CharField(_("报进展"), max_length=6, choices=Every.choices, default=Every.MONTH)

    progress = models.CharField(_("进展情况"), max_length=300, blank=True)
    trouble = models.CharField(_("存在问题"), max_length=300, blank=True)
    next_step = models.CharField(_("下步措施"), max_length=300, blank=True)
    told_on = models.DateField(_("最近报进展"), null=True)
    reported_on = models.DateField(_("报告办结"), null=True)
    returns = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    grade = models.CharField(_("评价"), max_length=10, choices=Grade.choices, blank=True)

    initiated_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    initiated_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("deadline", "number")
        constraints = [
            models.UniqueConstraint(fields=("campaign", "number"), name="task_number_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Step(models.Model):
    """One step of a task's loop: what was done, by whom, when, in what words."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="steps")
    event = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=Task.State.choices)
    note = models.TextField(blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")


class Report(models.Model):
    """A line of progress, or the last one, that says the task is done."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="reports")
    text = models.CharField(_("进展情况"), max_length=300)
    trouble = models.CharField(_("存在问题"), max_length=300, blank=True)
    next_step = models.CharField(_("下步措施"), max_length=300, blank=True)
    final = models.BooleanField(_("报告办结"), default=False)
    file = models.FileField(_("佐证材料"), upload_to="tasks/%Y/%m", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")


class TaskRequest(models.Model):
    """A unit asks for a later date or another goal; the old one counts until it is approved."""

    class Kind(models.TextChoices):
        EXTENSION = "extension", _("延期")
        CHANGE = "change", _("变更")

    class State(models.TextChoices):
        OPEN = "open", _("待批")
        APPROVED = "approved", _("同意")
        REFUSED = "refused", _("不同意")

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="requests")
    kind = models.CharField(_("申请"), max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    reason = models.TextField(_("理由"))
    until = models.DateField(_("申请延至"), null=True, blank=True)
    goal = models.TextField(_("申请改为"), blank=True)
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(_("批复意见"), max_length=300, blank=True)
    counts = models.BooleanField(_("按新时限考核"), default=False)

    class Meta:
        ordering = ("-asked_at", "-pk")


class Reminder(models.Model):
    """A reminder (催办) that was given, in the words that were copied or sent."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="reminders")
    text = models.TextField(_("催办内容"))
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")


class OwnLimit(models.Model):
    """A default time limit that a campaign set itself, in place of the published one."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="own_limits")
    kind = models.CharField(max_length=40)
    days = models.PositiveSmallIntegerField(_("天数"))
    count = models.CharField(
        _("按"), max_length=8, choices=(("calendar", _("自然日")), ("working", _("工作日")))
    )
    source = models.CharField(_("依据"), max_length=200)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("campaign", "kind"), name="own_limit_once"),
        ]


class SavedView(models.Model):
    """What a person wants to see of tasks or projects, under a name: filters of an address, kept.

    `query` holds the address' own parameters in a fixed order. A shared one opens for everybody
    in the campaign, and shows each only what they may see.
    """

    class View(models.TextChoices):
        LIST = "list", _("列表")
        BOARD = "board", _("看板")
        CALENDAR = "calendar", _("日历")
        TIMELINE = "timeline", _("时间轴")
        PROJECTS = "projects", _("项目列表")
        WALL = "wall", _("项目墙")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="saved_views")
    owner = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("视图名称"), max_length=40)
    view = models.CharField(max_length=10, choices=View.choices)
    query = models.CharField(max_length=1000, blank=True)
    shared = models.BooleanField(_("全行动共享"), default=False)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("-shared", "name", "pk")
        constraints = [
            models.UniqueConstraint(fields=("campaign", "owner", "name"), name="saved_view_once"),
        ]

    def __str__(self) -> str:
        return self.name
