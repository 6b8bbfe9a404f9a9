from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_person_reserved_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="identifier",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="personname",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="residence",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="spokenlanguage",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
    ]
