from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("housing", "0007_sheets_and_certificates"),
        ("scouting", "0002_owners_from_names"),
    ]

    operations = [
        migrations.RemoveField(model_name="building", name="owner_name"),
    ]
