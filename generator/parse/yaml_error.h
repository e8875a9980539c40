/* libyaml's complaints in words that a person can act on. Private to parse. */
#ifndef KYODO_PARSE_YAML_ERROR_H
#define KYODO_PARSE_YAML_ERROR_H

#include "parse.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What libyaml said, with its marks as byte offsets in the source's text. */
struct yaml_failure {
    const char *context; /* "while scanning a simple key", or NULL */
    const char *problem;
    ptrdiff_t context_at; /* -1 when there is no context */
    ptrdiff_t problem_at;
    ptrdiff_t start, end; /* the range that was parsed */
};

void yaml_report(struct source *source, const struct yaml_failure *failure, struct diag *diag);

#ifdef __cplusplus
}
#endif
#endif
