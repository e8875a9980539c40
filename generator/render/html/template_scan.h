/*
 * The markers of a template, with their places: what ctemplate does not tell. `{{NAME}}`,
 * `{{NAME:none}}`, `{{#NAME}}`,
 * `{{/NAME}}`, `{{>PART}}`, `{{! comment }}`, `{{%AUTOESCAPE context="HTML"}}`.
 */
#ifndef KYODO_TEMPLATE_SCAN_H
#define KYODO_TEMPLATE_SCAN_H

#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

enum mark_kind {
    MARK_TEXT, /* what stands between markers */
    MARK_VALUE,
    MARK_OPEN,
    MARK_CLOSE,
    MARK_PART,
    MARK_COMMENT,
    MARK_AUTOESCAPE
};

struct mark {
    enum mark_kind kind;
    ptrdiff_t start, end;  /* bytes in the template's text */
    struct slice name;     /* of VALUE, OPEN, CLOSE, PART */
    struct slice modifier; /* of VALUE: what stands behind the colon */
    bool is_alone; /* nothing else but white space stands on its line, which then leaves no trace */
};

struct marks {
    struct mark *data;
    ptrdiff_t length;
    ptrdiff_t capacity;
    bool is_cut; /* a marker is never closed: what follows could not be read */
};

/** Cut a template into marks, which point into its text. False with findings when a marker can't be
 * read; it stands among the marks as a comment. */
bool template_scan(struct source *source, struct marks *marks, struct arena *arena,
                   struct diag *diag);

#ifdef __cplusplus
}
#endif
#endif
