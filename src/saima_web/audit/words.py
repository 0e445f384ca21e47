"""What the ledger's events are called: `figure.endorsed` is 数据 审核通过, or figure endorsed."""

from __future__ import annotations

NOUNS = {
    "administrator": "管理员", "administrators": "三员", "log-in": "登录", "log-in-notice": "登录告知", "second-factor": "双因素", "appeal": "申诉", "backup": "备份", "board": "大屏", "bulletin": "通报",
    "campaign": "行动", "card": "黄红牌", "card-rules": "黄红牌规则", "chain": "账本", "check-rule": "校验规则", "countermeasure": "对策",
    "day": "工作日", "definition": "口径", "deputy": "代理", "event": "加扣分事项", "evidence": "佐证",
    "figure": "数据", "goal": "文字目标", "history": "历史数据", "indicator": "指标",
    "instruction": "批示", "key-date": "重要时间", "lead": "线索", "limit": "默认时限", "library": "指标库", "member": "参加单位",
    "outer-rank": "上级排名", "password": "密码", "plans": "项目计划", "post": "角色",
    "public": "公示", "round": "填报轮次", "rulebook": "考核办法", "run": "排名",
    "session": "登录", "sessions": "登录", "sheet": "成绩单", "stamp": "盖章表",
    "table": "数据表", "task": "任务", "task-force": "专班", "targets": "目标", "track": "赛道", "unit": "单位", "user": "用户",
    "inspection": "督查", "inspection-plan": "督查计划", "finding": "督查发现", "problem": "难题",
    "dispatch": "运行调度", "rhythm": "周期设置", "message": "消息", "channel": "消息通道",
    "delivery": "外发消息", "preference": "提醒设置",
    "commitment": "承诺", "commitments": "承诺公示", "pledge": "表态", "plan": "作战方案",
    "institution": "制度文件", "duty": "值守", "domain": "红线领域", "veto": "许可的否决",
    "incident": "红线事件", "risk": "底线风险", "honour": "奖惩", "honour-caps": "奖惩上限",
    "accountability": "责任追究", "contribution": "实绩记录", "contributions": "实绩记录",
    "hook": "事件推送", "token": "接口令牌", "personal": "个人内容", "project": "项目", "projects": "项目工作簿", "gate": "关口",
}  # fmt: skip
"""The thing -> its word."""

VERBS = {
    "succeeded": "成功", "failed": "失败", "separated": "实行分立", "codes-renewed": "换备用码",
    "history": "补录月份",
    "assessment-method": "设置考核满分",
    "assessment-issued": "印发项目考核",
    "milestone": "登记节点",
    "milestones": "换计划",
    "paper": "登记材料",
    "paper-let-go": "登记材料不用续办",
    "risk": "登记风险",
    "site-inspected": "登记现场检查",
    "site-answered": "答复现场检查",
    "contingency": "写预案",
    "photo": "上传照片",
    "photos": "设置照片",
    "file-removed": "删除文件",
    "estimated": "估计工期",
    "gate": "登记关口",
    "included": "登记入库纳统",
    "linkage": "声明指标口径",
    "plans-taken": "按计划填目标",
    "linked": "对上统一身份",
    "replanned": "调整计划",
    "finished": "登记竣工",
    "accepted": "签收", "added": "新增", "all": "全部揭晓", "anchored": "留下锚点",
    "answered": "回复", "approved": "批准", "assigned": "分配", "attached": "上传",
    "back": "退回一名", "bound": "设上下限", "changed": "修改", "checked": "核对",
    "cleared": "清空", "cloned": "沿用上年", "closed": "关闭", "confirmed": "核定",
    "created": "新建", "decided": "答复", "disabled": "停用", "discarded": "废弃",
    "drafted": "起草", "dropped": "作废", "enabled": "启用", "ended": "结束",
    "endorsed": "审核通过", "entered": "加入", "extended": "延期", "flagged": "标记待跟进",
    "freeze": "封榜", "given": "授予", "handed-over": "移交", "headline": "定总目标",
    "imported": "导入", "issued": "印发", "left": "退出", "locked": "锁定", "made": "建立",
    "merged": "合并", "moved": "变动", "named": "委托", "next": "揭晓一名", "next-put": "起草下年",
    "next-year": "转入下年", "note-withdrawn": "撤销备注", "noted": "备注", "opened": "开启",
    "provided": "统一提供", "published": "发布", "put": "编制", "raised": "提出",
    "recorded": "登记", "refused": "退回", "released": "对外公示", "remarked": "说明",
    "removed": "删除", "reopened": "重新开启", "reported": "填报", "reset": "重置",
    "restored": "恢复", "retired": "停用", "returned": "退回", "saved": "保存", "sent": "送核对",
    "set": "设定", "split": "拆分", "state": "改变状态", "stepped": "推进", "submitted": "提交",
    "superseded": "被更正", "taken-back": "收回", "transfer": "调剂", "unflagged": "取消待跟进",
    "unlocked": "解锁", "unreleased": "撤下公示", "withdrawn": "撤回", "written": "写下",
    "held": "暂缓", "waived": "容错免牌", "lifted": "摘牌", "escalated": "约谈", "replaced": "换牌", "lowered": "降级", "lapsed": "不再发出", "advised": "提出建议", "proposed": "提出", "begun": "起草", "switched-on": "启用",
    "initiated": "立项", "disputed": "提出异议", "started": "承办", "told": "报进展", "reviewed": "审核", "completed": "办结", "closed-out": "销号", "evaluated": "评价", "archived": "归档", "stopped": "中止", "reminded": "催办", "extension-asked": "申请延期", "extension-approved": "同意延期", "extension-refused": "不同意延期", "change-asked": "申请变更", "change-approved": "同意变更", "change-refused": "不同意变更",
    "planned": "安排", "concluded": "送达结论", "objected": "提出异议", "upheld": "维持结论",
    "revised": "修改结论", "settled": "销号", "tasked": "立项", "scored": "计分",
    "given-to-team": "交专班协调", "put-to-meeting": "列入会商", "put-to-leaders": "上报领导",
    "declined": "不予受理", "ruled": "议定", "postponed": "改期", "agenda": "生成议程",
    "minuted": "记纪要", "line-removed": "删去一条", "settings": "统一设置", "tried": "试发",
    "retried": "重发", "posted": "发送",
    "claimed": "申请认定", "fulfilled": "认定兑现", "unfulfilled": "认定未兑现", "measure-added": "列入措施",
    "measure-removed": "删去措施", "measure-done": "完成措施", "article-added": "列入条文", "allowed": "列入许可",
    "dismissed": "不予采取", "appealed": "申诉", "retracted": "撤回申诉", "expired": "到期",
    "plan-written": "写预案", "switched": "开启或关闭", "corrected": "更正", "asked": "提出要求",
    "exported": "导出", "erased": "删除", "revoked": "撤销", "used": "使用",
}  # fmt: skip
"""What was done -> its word."""


def said(event: str, language: str) -> str:
    """An event in words; a part that has none stands as it is."""
    noun, _, verb = event.partition(".")
    if language == "en":
        return f"{noun} {verb}".replace("-", " ").strip()
    return f"{NOUNS.get(noun, noun)}　{VERBS.get(verb, verb)}".strip()
