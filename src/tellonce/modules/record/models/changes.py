"""What imports changed: kept for a while, so that undoing an import gives it back."""

from django.db import models


class ImportChange(models.Model):
    """One field of one thing that an import changed, before and after; without a field, the thing that it added."""

    id = models.BigAutoField(primary_key=True)
    import_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    about = models.CharField(max_length=20)
    about_id = models.BigIntegerField()
    field = models.CharField(max_length=40, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = (
            models.Index(name="import_change_of", fields=("import_id", "customer_id")),
            models.Index(name="import_change_customer", fields=("customer_id",)),
            models.Index(name="import_change_about", fields=("about", "about_id")),
        )

    def __str__(self) -> str:
        return f"{self.import_id} {self.about} {self.about_id} {self.field}"
