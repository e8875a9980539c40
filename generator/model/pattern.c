#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "registers.h"

/*
 * Patterns of a schema: regular expressions of XML Schema, which match the whole value. PCRE2 reads
 * them in its UTF mode; what XML Schema has beyond it (\i, \c, subtraction of classes) is rare and
 * becomes a finding where PCRE2 refuses it. A limit on steps keeps a pattern that backtracks
 * without end from holding up the run.
 */

#define STEPS_MOST 200000

struct pattern {
    pcre2_code *code;
    pcre2_match_context *context;
};

struct pattern *pattern_compile(struct slice text, struct arena *arena, struct slice *problem)
{
    int error;
    PCRE2_SIZE offset;
    struct pattern pattern = {0};
    pattern.code =
        pcre2_compile((PCRE2_SPTR)(text.length > 0 ? text.data : ""), (size_t)text.length,
                      PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_UTF | PCRE2_UCP |
                          PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C,
                      &error, &offset, NULL);
    if (pattern.code == NULL) {
        char message[128];
        pcre2_get_error_message(error, (PCRE2_UCHAR *)message, sizeof(message));
        *problem = arena_copy(arena, slice_of(message));
        return NULL;
    }
    (void)pcre2_jit_compile(pattern.code, PCRE2_JIT_COMPLETE); /* without it, it is only slower */
    pattern.context = pcre2_match_context_create(NULL);
    if (pattern.context == NULL) {
        memory_exhausted(1024);
    }
    pcre2_set_match_limit(pattern.context, STEPS_MOST);
    struct pattern *kept = ARENA_NEW(arena, struct pattern);
    *kept = pattern;
    return kept;
}

bool pattern_matches(const struct pattern *pattern, struct slice value)
{
    const char *data = value.length > 0 ? value.data : "";
    /* Several threads may ask at the same time. */
    pcre2_match_data *found = pcre2_match_data_create(1, NULL);
    if (found == NULL) {
        memory_exhausted(1024);
    }
    int result = pcre2_match(pattern->code, (PCRE2_SPTR)data, (size_t)value.length, 0,
                             PCRE2_NO_UTF_CHECK, found, pattern->context);
    pcre2_match_data_free(found);
    return result >= 0;
}

void pattern_free(struct pattern *pattern)
{
    if (pattern != NULL) {
        pcre2_match_context_free(pattern->context);
        pcre2_code_free(pattern->code);
    }
}
