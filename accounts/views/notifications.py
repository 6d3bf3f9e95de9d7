from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts import notifications
from accounts.selectors import own_notifications, unread
from accounts.services.notifications import mark_read

PAGE = 50


@never_cache
@require_GET
def notification_list(request):
    page = Paginator(own_notifications(request.user), PAGE).get_page(request.GET.get("page"))
    told = notifications.tell(page.object_list)
    rows = [{"row": row, "title": told[row.pk][0], "told": told[row.pk][1]} for row in page.object_list if row.pk in told]
    return render(request, "accounts/notification_list.html", {"page": page, "rows": rows, "unread": unread(request.user).count()})


@require_POST
def notifications_read(request):
    mark_read(unread(request.user), at=timezone.now())
    messages.success(request, _("All are marked as read."))
    return redirect("notification_list")


@never_cache
@require_GET
def notification_open(request, notification_pk):
    """Leads to what it is about; the own one counts as read then."""
    row = get_object_or_404(own_notifications(request.user), pk=notification_pk)
    mark_read(own_notifications(request.user).filter(pk=row.pk), at=timezone.now())
    told = notifications.tell([row])
    return redirect(told[row.pk][1].path if told else "notification_list")
