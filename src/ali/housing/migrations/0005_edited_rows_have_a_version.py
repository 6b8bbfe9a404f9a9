from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("housing", "0004_occupancy_communicated_on"),
    ]

    operations = [
        migrations.AddField(
            model_name="bed",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
    ]
