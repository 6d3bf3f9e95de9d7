from django.utils.translation import gettext_lazy as _

from ledger.reasons import register

register(
    {
        "accounts.login_needed": _("Please sign in. What you entered stays on this page."),
        "accounts.second_factor_needed": _("You need a second factor here. Set it up first, under “My account”."),
        "accounts.page_stale": _("This page was open too long, or cookies are switched off. Load it again, then send what you entered."),
        "accounts.not_organiser": _("Only an organiser of this place can do this."),
        "accounts.not_organiser_everywhere": _("Only an organiser of the whole installation can do this."),
        "accounts.not_operator": _("Only an operator of the installation can do this."),
        "accounts.token_unknown": _("This key is not valid: it is unknown, ended or over its time."),
        "accounts.https_only": _("Ask by https: nothing is answered in the clear."),
        "accounts.token_exposed": _(
            "This key was sent in the clear, where others can read it, and is ended. Make a new one and ask by https."
        ),
        "accounts.token_without_role": _("You hold no role, so a key could do nothing."),
        "accounts.token_scope_missing": _("Choose at least one thing that the key may do."),
        "accounts.token_scope_needed": _("This key may not do that: it lacks “%(scope)s”."),
        "accounts.act_key_used": _("This Idempotency-Key was sent with something else before. Take a new one for each act."),
        "accounts.token_days": _("A key holds for 1 to %(most)s days."),
        "accounts.tokens_too_many": _("You have %(most)s live keys already. End one first."),
        "accounts.not_found": _("There is nothing here, or nothing that you may see."),
        "accounts.body_wrong": _("This could not be read: %(fault)s"),
        "accounts.address_wrong": _("The address holds a character that no text has."),
        "accounts.method_wrong": _("This address does not take the method %(method)s."),
        "accounts.too_many_requests": _("Too many requests. Try again in %(seconds)s seconds."),
        "accounts.if_match_missing": _("Say with If-Match which version your change is based on: the ETag of the last answer."),
        "accounts.second_factor_unreadable": _(
            "This installation can no longer read your second factor: its key has changed. "
            "Ask its operator to reset it, then set up a new one."
        ),
        "accounts.mail_code_wrong": _("This is not the code. Take it from the latest letter: earlier ones no longer hold."),
        "accounts.mail_code_over": _(
            "This code no longer holds: it was used, ten minutes have passed, or it was tried too often. Send another letter."
        ),
        "accounts.second_factor_none": _("This account has no second factor."),
        "accounts.role_unknown": _("There is no role “%(role)s”."),
        "accounts.role_self": _("Nobody gives a role to themselves; ask another organiser."),
        "accounts.role_held": _("%(name)s already holds this role here."),
        "accounts.scope_unknown": _("“%(scope)s” does not exist, so no role can be given there."),
        "accounts.side_taken_applicant": _(
            "%(name)s is already an applicant in this competition. Applicant, evaluator, decider and supervisor exclude one another: "
            "end that role first, or choose another person."
        ),
        "accounts.side_taken_evaluator": _(
            "%(name)s is already an evaluator in this competition. Applicant, evaluator, decider and supervisor exclude one another: "
            "end that role first, or choose another person."
        ),
        "accounts.side_taken_decider": _(
            "%(name)s is already a decider in this competition. Applicant, evaluator, decider and supervisor exclude one another: "
            "end that role first, or choose another person."
        ),
        "accounts.side_taken_supervisor": _(
            "%(name)s is already a supervisor in this competition. Applicant, evaluator, decider and supervisor exclude one another: "
            "end that role first, or choose another person."
        ),
        "accounts.membership_ended": _("This role has already ended."),
        "accounts.last_organiser": _("This is the last organiser of the installation. Give the role to somebody else first."),
        "accounts.invitation_void": _("This link is no longer valid. Ask the organiser who invited you for a new one."),
        "accounts.invitation_used": _("This invitation has already been accepted. Sign in with your e-mail address."),
        "accounts.invitation_late": _("This invitation ran out on %(until)s. Ask the organiser who invited you for a new link."),
        "accounts.invitation_open": _("%(email)s already has an open invitation for this role here. Make a new link for it instead."),
        "accounts.invitation_other_person": _("This invitation is for another e-mail address than the one you are signed in with."),
        "accounts.invitation_sign_in": _("You have an account already: sign in first, then accept."),
        "accounts.sign_up_void": _("This link is no longer valid: it was used, is too old or not complete. Ask for a new one."),
        "accounts.line_unreadable": _("“%(text)s” cannot be read: write e-mail, name[, name in English]."),
        "accounts.line_email_wrong": _("“%(email)s” is not an e-mail address. Check it character by character."),
        "accounts.line_twice": _("%(email)s also stands in line %(first)s. Remove one of them."),
        "accounts.list_empty": _("The list is empty. Put one person on each line: e-mail, name[, name in English]."),
        "accounts.list_long": _("The list has %(count)s lines; at most %(most)s go at once. Divide it."),
        "accounts.database_away": _("Saima cannot reach its data at the moment. What was saved is safe; try again in a minute."),
        "accounts.disk_full": _("The server has no room left to store anything. What was saved is safe; the operator has to make room."),
        "accounts.organiser_there": _("There is an organiser already, who invites others in the browser. Use --again for a new link."),
    }
)
