/* Where a quotation mark that was never closed stands, when libyaml got stuck only lines later.
 * Private to parse. */
#ifndef KYODO_PARSE_YAML_QUOTE_H
#define KYODO_PARSE_YAML_QUOTE_H

#include "parse.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The opening mark of the quoted value that closes at `close` (the closing mark), or, with `close`
 * at a place in it, holds that place; -1 when there is none. `start` is where the YAML begins. */
ptrdiff_t yaml_quote_opening(struct slice text, ptrdiff_t start, ptrdiff_t close);
/** Whether a quoted value [open, close] has swallowed a line that is a `key: value` itself, so that
 * its end was forgotten. */
bool yaml_quote_swallows(struct slice text, ptrdiff_t open, ptrdiff_t close);

#ifdef __cplusplus
}
#endif
#endif
