from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0002_stage_rows_with_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="stagedrow",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
    ]
