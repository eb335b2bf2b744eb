"""What the small site must look up before it may send."""

from django.db import models


class Shop(models.Model):
    public_id = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Preference(models.Model):
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="preferences")
    type = models.CharField(max_length=40)
    email = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "type"], name="preference_once")]

    def __str__(self) -> str:
        return self.type


class Destination(models.Model):
    preference = models.ForeignKey(Preference, on_delete=models.CASCADE, related_name="destinations")
    address = models.EmailField()

    def __str__(self) -> str:
        return self.address
