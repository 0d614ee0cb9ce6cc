/*
 * value_checks: what can be wrong with one string of a configuration.
 *
 * Each returns NULL when the value is right, else what is wrong with it, to be
 * said after the value itself: "is not ...".
 */
#ifndef RUNNER_VALUE_CHECKS_H
#define RUNNER_VALUE_CHECKS_H

const char *fault_of_text(const char *value);      /* any, without control */
const char *fault_of_nonempty(const char *value);  /* not empty either */
const char *fault_of_recipient(const char *value); /* a mail address */
const char *fault_of_sender(const char *value);    /* one with a domain */
const char *fault_of_mail_url(const char *value);
const char *fault_of_http_url(const char *value);
const char *fault_of_helo(const char *value);     /* a host, or [ADDRESS] */
const char *fault_of_reason(const char *value);   /* a word of enum reason */
const char *fault_of_ping_url(const char *value); /* with %{FIELD}s */
const char *fault_of_header(const char *value);   /* NAME: VALUE */
const char *fault_of_variable(const char *value); /* NAME=VALUE */
const char *fault_of_pattern_name(const char *value); /* NAME or PREFIX* */
const char *fault_of_user(const char *value);         /* looks it up */
const char *fault_of_group(const char *value);

#endif
