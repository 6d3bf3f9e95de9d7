"""The demo: last year's national edition, this year's provinces at their stages, and the nation that they feed."""

from datetime import datetime

from competition.services.telling import tell_anchors
from config.rehearsal.demo import editions, newcomer
from config.rehearsal.demo.cast import evidence, gather
from config.rehearsal.demo.drawing import beside
from config.rehearsal.demo.moments import DAY, day_of
from config.rehearsal.demo.nation import nation
from jobs.services import run_queued
from ledger.services import seal


def build(*, at: datetime, say=print) -> None:
    """Everything, through the services; nothing is written past them."""
    with beside() as drawing:
        today = day_of(at)
        cast = gather(at=today - 800 * DAY)
        pdf = evidence()
        say("people and clusters")
        last_year = editions.last_years_nation(cast, today, pdf)
        drawing.go_on()
        say("last year's national edition, awarded")
        zhejiang = editions.zhejiang(cast, today, pdf)
        drawing.go_on()
        say("Zhejiang's edition, released")
        editions.pilot(cast, today, pdf)
        drawing.go_on()
        say("Jiangsu's pilot, which waits for its second signature")
        guangdong = editions.guangdong(cast, today, pdf)
        drawing.go_on()
        say("Guangdong's edition, one sheet short")
        jiangsu = editions.jiangsu(cast, today, pdf)
        newcomer.register(cast, editions.JIANGSU, at=today)
        say("Jiangsu's call, which takes applications; a registration that waits for its recommender")
        nation(cast, today, pdf, last_year=last_year, zhejiang=zhejiang, feeders=[zhejiang, guangdong, jiangsu])
        say("this year's national edition, to which Zhejiang nominates")
        drawing.finish()
        say("the documents, drawn")
    seal(at=at)
    tell_anchors(at=at)
    run_queued()
