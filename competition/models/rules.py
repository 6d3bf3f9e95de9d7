from django.db import models


class Form(models.Model):
    """The application form of one round; a change makes the next version until publishing freezes it."""

    round = models.ForeignKey("competition.Round", on_delete=models.CASCADE, related_name="forms")
    version = models.PositiveIntegerField()
    definition = models.JSONField()
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["round", "version"], name="form_version_once")]


class AdvancementRule(models.Model):
    """``rule`` is the JSON of scoring.md's section on advancement."""

    round = models.ForeignKey("competition.Round", on_delete=models.CASCADE, related_name="advancement_rules")
    version = models.PositiveIntegerField()
    rule = models.JSONField()
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["round", "version"], name="advancement_rule_version_once")]


class RulesEdition(models.Model):
    """Everything a competition judges by, whole, as published: forms, rubrics, schemes, advancement, publicity."""

    competition = models.ForeignKey("competition.Competition", on_delete=models.CASCADE, related_name="rules_editions")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["competition", "version"], name="rules_edition_version_once")]


class WorkdayException(models.Model):
    """The organiser's own table of days off and make-up workdays, for years the library does not know.

    A year counts as known once ``year_complete`` stands on any of its rows.
    """

    date = models.DateField(unique=True)
    is_workday = models.BooleanField()
    name = models.CharField(max_length=60, blank=True)
    year_complete = models.BooleanField(default=False)

    class Meta:
        ordering = ["date"]
