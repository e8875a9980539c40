/* Bytes -> UTF-8 text. Private to load. */
#ifndef KYODO_LOAD_DECODE_H
#define KYODO_LOAD_DECODE_H

#include "survey.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What became of a file's bytes. */
struct decoded {
    char *text; /* malloc'ed */
    ptrdiff_t length;
    struct decoding decoding;
    struct survey survey; /* of the text */
};
/** decode_text for malloc'ed bytes, which become the text where nothing has to change, or are
 *  freed. `pool` and `diag` may be NULL. */
bool decode_owned(struct slice bytes, struct slice path, bool allow_legacy, struct pool *pool,
                  struct decoded *out, struct diag *diag);

/** Text whose UTF-8 bytes were once read as another encoding and saved: `蜊泌ロ` or `å\u008Dâ€�`
 * for 協働. */
struct twice {
    ptrdiff_t start, end; /* the first such place in the text */
    char original[64];    /* what it was, as far as it can be told; UTF-8 */
    ptrdiff_t original_length;
};
/** Looks at the first TWICE_LIMIT bytes. */
bool twice_decoded(struct slice text, struct twice *found);
#define TWICE_LIMIT ((ptrdiff_t)4 << 20)

/** True for the Chinese characters of JIS X 0208 at CP932 E380–E3BF, E480–E4BF … E980–E9BF: what
 *  the first two bytes of a Japanese character's UTF-8 look like in CP932. Rare in real text. */
bool twice_is_lead(int32_t code_point);

#ifdef __cplusplus
}
#endif
#endif
