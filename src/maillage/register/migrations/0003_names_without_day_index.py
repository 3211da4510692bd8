from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("register", "0002_import_runs")]

    operations = [migrations.RemoveIndex(model_name="name", name="register_name_possible")]
