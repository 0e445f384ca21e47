"""What is refused about risks, inspections, files and estimates, and how to mend it."""

from __future__ import annotations

from saima.problems import declare

PHOTOS_OFF = declare(
    "project-photos-off",
    "本行动没有开放上传现场照片。",
    "不需要照片；确有必要的，请项目管理办在“关口设置”页开放。",
    "this campaign takes no photographs of sites.",
    "None are needed; the project office can allow them on the page of gates.",
)
NO_PICTURE = declare(
    "project-photo-kind",
    "“{name}”不是照片。",
    "请上传 jpg、png 或 webp 格式的图片。",
    "“{name}” is no photograph.",
    "Bring a jpg, png or webp picture.",
)
NOTHING_REQUIRED = declare(
    "site-inspection-nothing-required",
    "{day}的现场检查没有提出整改要求，不需要答复。",
    "如有情况要说明，请写在当月填报里。",
    "nothing was required by the inspection of {day}; it needs no answer.",
    "Write what there is to say in the month's report.",
)
EMPTY_ANSWER = declare(
    "site-inspection-answer-empty",
    "整改情况没有写。",
    "请写明做了什么、做到哪一步。",
    "the answer is empty.",
    "Say what was done and how far it is.",
)
BAD_ESTIMATES = declare(
    "project-estimates",
    "“{name}”的三点估计不对：乐观{low}天，最可能{likely}天，悲观{high}天。",
    "三个都填，且乐观不大于最可能、最可能不大于悲观；不估计就都不填。",
    "The estimates of “{name}” are not right: {low}, {likely}, {high} days.",
    "Fill in all three in rising order, or none.",
)
NOT_OPEN = declare(
    "project-estimates-open",
    "“{name}”{why}，不用估计工期。",
    "只估计还没有完成的活动。",
    "“{name}” takes no estimates: {why}.",
    "Estimate activities that are not finished.",
)
