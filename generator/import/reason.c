#include "import.h"

struct slice import_reason_words(enum import_reason reason, enum interface_language language)
{
    static const char *const words[IMPORT_REASONS][INTERFACE_LANGUAGES] = {
#define IMPORT_REASON(identifier, ja, en) [REASON_##identifier] = {(ja), (en)},
#include "reasons.def"
#undef IMPORT_REASON
    };
    return slice_of(words[reason][language]);
}
