"""Addresses of this slice."""

from __future__ import annotations

from django.urls import URLPattern, path

from saima_web.pledges import duty_views, institution_views, plan_views, pledge_views, views

app_name = "pledges"
HERE = "c/<slug:campaign>/commitments/"
PLEDGES = "c/<slug:campaign>/pledges/"
PLANS = "c/<slug:campaign>/plans/"
INSTITUTIONS = "c/<slug:campaign>/institutions/"
DUTY = "c/<slug:campaign>/duty/"
urlpatterns: list[URLPattern] = [
    path(HERE, views.commitments, name="list"),
    path(HERE + "new/", views.new, name="new"),
    path(HERE + "settings/", views.settings, name="settings"),
    path(HERE + "<int:pk>/", views.one, name="one"),
    path(HERE + "<int:pk>/edit/", views.edit, name="edit"),
    path(HERE + "<int:pk>/step/", views.step, name="step"),
    path(HERE + "<int:pk>/move/", views.move, name="move"),
    path("public/<slug:campaign>/commitments/", views.public_page, name="public"),
    path(PLEDGES, pledge_views.pledges, name="pledges"),
    path(PLEDGES + "new/", pledge_views.new, name="pledge-new"),
    path(PLEDGES + "<int:pk>/", pledge_views.pledge, name="pledge"),
    path(PLEDGES + "<int:pk>/withdraw/", pledge_views.withdraw, name="pledge-withdraw"),
    path(PLANS, plan_views.plans, name="plans"),
    path(PLANS + "new/", plan_views.new, name="plan-new"),
    path(PLANS + "<int:pk>/", plan_views.plan, name="plan"),
    path(PLANS + "<int:pk>/edit/", plan_views.edit, name="plan-edit"),
    path(PLANS + "<int:pk>/move/", plan_views.move, name="plan-move"),
    path(PLANS + "<int:pk>/file/", plan_views.file, name="plan-file"),
    path(PLANS + "<int:pk>/measures/", plan_views.measure_new, name="measure-new"),
    path(PLANS + "measures/<int:pk>/", plan_views.measure, name="measure"),
    path(INSTITUTIONS, institution_views.institutions, name="institutions"),
    path(INSTITUTIONS + "new/", institution_views.new, name="institution-new"),
    path(INSTITUTIONS + "<int:pk>/", institution_views.institution, name="institution"),
    path(INSTITUTIONS + "<int:pk>/file/", institution_views.file, name="institution-file"),
    path(INSTITUTIONS + "articles/<int:pk>/", institution_views.article, name="article"),
    path(INSTITUTIONS + "articles/<int:pk>/report/", institution_views.report, name="report"),
    path(INSTITUTIONS + "articles/<int:pk>/check/", institution_views.check, name="check"),
    path(INSTITUTIONS + "articles/<int:pk>/proof/", institution_views.proof, name="proof"),
    path(DUTY, duty_views.windows, name="duty"),
    path(DUTY + "<int:pk>/clear/", duty_views.clear, name="duty-clear"),
    path(DUTY + "<int:pk>/<str:unit>/", duty_views.duty, name="duty-unit"),
    path(DUTY + "<int:pk>/<str:unit>/fill/", duty_views.fill, name="duty-fill"),
    path(DUTY + "<int:pk>/<str:unit>/confirm/", duty_views.confirm, name="duty-confirm"),
]
