from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0002_role_position_choices"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisationrole",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
    ]
