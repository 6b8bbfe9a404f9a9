from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0003_membership_housing_roles"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisationrole",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
    ]
