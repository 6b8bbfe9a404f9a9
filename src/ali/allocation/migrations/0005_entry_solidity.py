from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("allocation", "0004_criteria_begin_as_drafts")]

    operations = [
        migrations.AddField(
            model_name="roundentry",
            name="solidity",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="solidità"),
        ),
        migrations.AddConstraint(
            model_name="roundentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("solidity__isnull", True), ("solidity__lte", 100), _connector="OR"),
                name="solidity_is_a_percentage",
            ),
        ),
    ]
