/*
 * smtp: a message handed to a mail server (smtp://, smtps://).
 *
 * TLS, by `tls`:
 *   none           never asked for on smtp://
 *   opportunistic  used when the server offers it.  As in RFC 7435 the
 *                  certificate is not checked, with or without a ca_file: to
 *                  refuse one would only make us send in the clear or not at
 *                  all, and who could forge it could as well hide the offer.
 *                  If the handshake fails or takes half of the time there is,
 *                  the message goes without.
 *   required       STARTTLS or nothing, and the certificate is checked
 *                  against ca_file, or the system's certificates, and the
 *                  host's name.
 * smtps:// is TLS from the first byte, always checked.
 *
 * A password is not sent in the clear, nor to whoever it may be, because
 * somebody hid an offer: with a username, `opportunistic` means `required`,
 * unless the server is on this host (localhost, 127.*, [::1]).  Who wants that
 * says `tls = none`.
 *
 * Proxies of the environment are not used for mail.  A name for EHLO other
 * than this host's can be given as the URL's path (smtp://HOST/NAME).
 */
#ifndef RUNNER_NOTIFY_SMTP_H
#define RUNNER_NOTIFY_SMTP_H

#include <stdint.h>

#include "base/text.h"
#include "input.h"
#include "job.h"

/*
 * Hands `body` (lines ended by CRLF) to the server `url` for every recipient
 * of the job.  A line is said for each recipient that is not accepted:
 * "refused RCPT: WORDS" or "deferred RCPT: WORDS".  Once the message is taken,
 * the answer is said and noted here, since the goodbye that follows may
 * never be answered.
 * Returns an exit status of runner_notify.h; the server's words are in
 * `words`, which is empty after EX_OK.
 */
int smtp_deliver(const char *url, const struct job *job,
    const struct body *body, int64_t limit_ms, struct text *words);

#endif
