/* What a file is that is no text, or none in an encoding that is read. Private to load. */
#ifndef KYODO_LOAD_FOREIGN_H
#define KYODO_LOAD_FOREIGN_H

#include "diag.h"

#ifdef __cplusplus
extern "C" {
#endif

struct foreign {
    enum code code;    /* of the finding; CODE_COUNT: nothing is known against its being a text */
    struct slice name; /* of the format; static */
};
struct foreign foreign_of(struct slice bytes);

/** Whether a text turns to Japanese as ISO-2022-JP (JIS) does. */
bool is_iso_2022_jp(struct slice bytes);
/** True when the bytes beyond ASCII come in pairs as EUC-JP has them. Half-width kana of CP932
 * could be either. */
bool looks_like_euc(struct slice bytes);

#ifdef __cplusplus
}
#endif
#endif
