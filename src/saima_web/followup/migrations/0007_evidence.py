"""A file that shows what a line of progress says."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0006_views_of_projects"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="file",
            field=models.FileField(blank=True, upload_to="tasks/%Y/%m", verbose_name="佐证材料"),
        ),
        migrations.AddField(
            model_name="report",
            name="file_name",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
    ]
