/* The table of findings, from findings/<area>.def. */
#include "diag.h"

static const struct code_info codes[CODE_COUNT] = {
#define FINDING(identifier, name_, severity_, type_, rule_, message_ja, message_en, help_ja,  \
                help_en, reason_ja, reason_en)                                                \
    [CODE_##identifier] = {                                                                   \
        .name = (name_),                                                                      \
        .severity = SEVERITY_##severity_,                                                     \
        .type = (type_),                                                                      \
        .rule = (rule_),                                                                      \
        .message = {[INTERFACE_JAPANESE] = (message_ja), [INTERFACE_ENGLISH] = (message_en)}, \
        .help = {[INTERFACE_JAPANESE] = (help_ja), [INTERFACE_ENGLISH] = (help_en)},          \
        .reason = {[INTERFACE_JAPANESE] = (reason_ja), [INTERFACE_ENGLISH] = (reason_en)},    \
    },
#include "findings.def"
#undef FINDING
};

const struct code_info *code_info(enum code code)
{
    CHECK((unsigned)code < CODE_COUNT);
    return &codes[code];
}

enum code code_by_name(struct slice name)
{
    for (int i = 0; i < CODE_COUNT; i++) {
        if (slice_equal(name, slice_of(codes[i].name))) {
            return (enum code)i;
        }
    }
    return CODE_COUNT;
}
