from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_edited_rows_have_a_version")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="arrived_on",
            field=models.DateField(blank=True, null=True, verbose_name="arrivo in Italia"),
        ),
    ]
