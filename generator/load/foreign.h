/* What a file is that is no text. Private to load. */
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

#ifdef __cplusplus
}
#endif
#endif
