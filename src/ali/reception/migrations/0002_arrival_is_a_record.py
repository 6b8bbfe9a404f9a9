import django.db.models.deletion
import uuid6
from django.db import migrations, models


class Migration(migrations.Migration):
    """Before the first release: announced arrivals get a public id and a version. Nothing is kept of the former table."""

    dependencies = [("reception", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="AnnouncedArrival"),
        migrations.CreateModel(
            name="AnnouncedArrival",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid6.uuid7, editable=False, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("expected_on", models.DateField(verbose_name="attesi il")),
                ("persons", models.PositiveIntegerField(verbose_name="persone")),
                ("arrived_at", models.DateTimeField(blank=True, null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="announced_arrivals",
                        to="reception.centre",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
    ]
