from django.db import models
from django.db.models import F, Q

from competition.domain.groups import Grouping, parse_grouping
from competition.domain.publication import Publication, parse_publication
from competition.domain.states import COMPETITION, ROUND
from competition.models.names import Named


class Competition(Named, models.Model):
    """One edition of a race. Its rules are frozen in a RulesEdition when the call is published."""

    LEVELS = ("nation", "province")
    PUBLIC_ORDERS = ("region", "rank")

    code = models.SlugField(max_length=60, unique=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    year = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=12)
    region = models.ForeignKey("competition.Region", null=True, blank=True, on_delete=models.PROTECT, related_name="competitions")
    organiser_zh = models.CharField(max_length=120, blank=True)
    organiser_en = models.CharField(max_length=160, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    summary_zh = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    state = models.CharField(max_length=12, default=COMPETITION.initial)
    publicity_days = models.PositiveSmallIntegerField(default=5)
    publicity_unit = models.CharField(max_length=10, default="working")
    public_order = models.CharField(max_length=10, default="region")
    public_ranks = models.BooleanField(default=False)
    public_not_chosen = models.BooleanField(default=False)
    valid_years = models.PositiveSmallIntegerField(default=3)
    recommendation = models.BooleanField(default=False, help_text="accepting needs the recommendation of the lead region")
    recommendation_closes = models.DateTimeField(null=True, blank=True)
    joint_entries = models.BooleanField(default=False, db_default=False, help_text="an application may name partner organisations")
    demo = models.BooleanField(default=False)
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies")
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    edit_version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-year", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=COMPETITION.states), name="competition_state_known"),
            models.CheckConstraint(condition=Q(level__in=["nation", "province"]), name="competition_level_known"),
            models.CheckConstraint(condition=Q(publicity_unit__in=["working", "calendar"]), name="competition_publicity_unit_known"),
            models.CheckConstraint(condition=Q(public_order__in=["region", "rank"]), name="competition_public_order_known"),
        ]

    @property
    def publishes(self) -> Publication:
        """Of every round that has no setting of its own."""
        return Publication("all" if self.public_not_chosen else "chosen", self.public_order, self.public_ranks)


class Track(Named, models.Model):
    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="tracks")
    code = models.SlugField(max_length=30)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["competition", "code"], name="track_code_once")]


class Round(Named, models.Model):
    """``intake`` says how an advanced application enters: with the revision it has (carry) or a fresh submission. In a formal check
    (``kind``) nobody marks: the organiser passes each entry or does not."""

    INTAKES = ("fresh", "carry")
    KINDS = ("review", "formal_check")

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="rounds")
    order = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=30)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    state = models.CharField(max_length=12, default=ROUND.initial)
    kind = models.CharField(max_length=14, default="review", db_default="review")
    intake = models.CharField(max_length=8, default="fresh")
    intake_opens = models.DateTimeField(null=True, blank=True)
    intake_closes = models.DateTimeField(null=True, blank=True)
    judging_opens = models.DateTimeField(null=True, blank=True)
    judging_closes = models.DateTimeField(null=True, blank=True)
    seats = models.PositiveSmallIntegerField(default=5)
    blind = models.BooleanField(default=False, db_default=False, help_text="evaluators see a code, not who applies")
    groups = models.JSONField(null=True, blank=True, help_text="how each track is divided into groups; null: it is not")
    seed = models.CharField(max_length=64, blank=True)
    publication = models.JSONField(null=True, blank=True, help_text="what is published of it; null: as the competition says")
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "order"], name="round_order_once"),
            models.UniqueConstraint(fields=["competition", "code"], name="round_code_once"),
            models.CheckConstraint(condition=Q(state__in=ROUND.states), name="round_state_known"),
            models.CheckConstraint(condition=Q(intake__in=["fresh", "carry"]), name="round_intake_known"),
            models.CheckConstraint(condition=Q(kind__in=["review", "formal_check"]), name="round_kind_known"),
            models.CheckConstraint(
                condition=Q(intake_opens__isnull=True) | Q(intake_closes__isnull=True) | Q(intake_closes__gt=F("intake_opens")),
                name="round_intake_window",
            ),
            models.CheckConstraint(
                condition=Q(judging_opens__isnull=True) | Q(judging_closes__isnull=True) | Q(judging_closes__gt=F("judging_opens")),
                name="round_judging_window",
            ),
        ]

    @property
    def checks_only(self) -> bool:
        """Whether nobody marks in it."""
        return self.kind == "formal_check"

    @property
    def grouping(self) -> Grouping | None:
        return None if self.groups is None else parse_grouping(self.groups)

    @property
    def publishes(self) -> Publication:
        """What the public sees of it once it is released: its own setting, else the competition's."""
        if self.publication is not None:
            return parse_publication(self.publication)
        return self.competition.publishes
