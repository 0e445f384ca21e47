"""The panels of a project's page about its site, with their forms."""

from __future__ import annotations

from typing import Any

from saima_web.people.models import User
from saima_web.projects.followed import followed_of
from saima_web.projects.models import Project, ProjectRisk
from saima_web.projects.site import forms as site_forms
from saima_web.projects.site.queries import site_of


def site_panels(by: User, project: Project) -> dict[str, Any]:
    """Risks, inspections, plans, photographs, what is followed; the forms' ids do not meet."""
    return {
        "site": site_of(by, project),
        "followed": followed_of(by, project),
        "risk_states": ProjectRisk.State.choices,
        "risk_levels": ProjectRisk.Level.choices,
        "risk_form": site_forms.RiskForm(auto_id="risk-%s"),
        "inspection_form": site_forms.InspectionForm(auto_id="inspection-%s"),
        "contingency_form": site_forms.ContingencyForm(
            auto_id="contingency-%s", initial={"text": project.contingency}
        ),
        "photo_form": site_forms.PhotoForm(auto_id="photo-%s"),
    }
