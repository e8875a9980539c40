/* Private to diag: the reporters, one a row of reporters.def, and the words that they share. */
#ifndef KYODO_REPORTERS_H
#define KYODO_REPORTERS_H

#include "diag.h"

#define REPORTER(name, function) \
    void function(struct diag *diag, const struct report_options *options, struct sink *out);
#include "reporters.def"
#undef REPORTER

/** error, warning, note: as the formats for machines have it. */
struct slice severity_keyword(enum severity severity);
/** The same for people: エラー, 警告, 注意. */
struct slice severity_word(enum severity severity, enum interface_language language);

#endif
