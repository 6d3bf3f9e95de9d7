from django.db import models
from django.db.models import Q

from competition.domain.votes import ANSWERS


class Ballot(models.Model):
    """One jury member's answer on one entry, on a sheet without a rubric; without an answer yet there is no row. The ground is the
    sheet's comment."""

    sheet = models.OneToOneField("evaluations.Sheet", on_delete=models.CASCADE, related_name="ballot")
    answer = models.CharField(max_length=8)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(answer__in=ANSWERS), name="ballot_answer_known")]
