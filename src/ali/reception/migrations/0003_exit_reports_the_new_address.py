from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reception", "0002_arrival_is_a_record")]

    operations = [
        migrations.AddField(
            model_name="exit",
            name="residence_declared_on",
            field=models.DateField(blank=True, null=True, verbose_name="residenza dichiarata il"),
        ),
        migrations.AddField(
            model_name="exit",
            name="questura_told_on",
            field=models.DateField(blank=True, null=True, verbose_name="Questura avvisata il"),
        ),
    ]
