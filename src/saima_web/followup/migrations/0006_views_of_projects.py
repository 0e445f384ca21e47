"""Saved views of the project list and the project wall."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0005_project_and_file"),
    ]

    operations = [
        migrations.AlterField(
            model_name="savedview",
            name="view",
            field=models.CharField(
                choices=[
                    ("list", "列表"),
                    ("board", "看板"),
                    ("calendar", "日历"),
                    ("timeline", "时间轴"),
                    ("projects", "项目列表"),
                    ("wall", "项目墙"),
                ],
                max_length=10,
            ),
        ),
    ]
