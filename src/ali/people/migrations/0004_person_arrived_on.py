from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_person_reserved_index")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="arrived_on",
            field=models.DateField(blank=True, null=True, verbose_name="arrivo in Italia"),
        ),
    ]
