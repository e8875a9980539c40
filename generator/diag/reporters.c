#include "reporters.h"

struct slice severity_keyword(enum severity severity)
{
    static const char *const words[] = {
        [SEVERITY_NOTE] = "note", [SEVERITY_WARNING] = "warning", [SEVERITY_ERROR] = "error"};
    return slice_of(words[severity]);
}

struct slice severity_word(enum severity severity, enum interface_language language)
{
    static const char *const words[] = {
        [SEVERITY_NOTE] = "注意", [SEVERITY_WARNING] = "警告", [SEVERITY_ERROR] = "エラー"};
    return language == INTERFACE_JAPANESE ? slice_of(words[severity]) : severity_keyword(severity);
}

reporter reporter_by_name(struct slice name)
{
#define REPORTER(name_, function)          \
    if (slice_equal(name, SLICE(name_))) { \
        return function;                   \
    }
#include "reporters.def"
#undef REPORTER
    return NULL;
}
