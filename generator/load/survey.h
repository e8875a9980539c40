/* What bytes a text holds, seen in one pass over it. Private to load. */
#ifndef KYODO_LOAD_SURVEY_H
#define KYODO_LOAD_SURVEY_H

#include "load.h"

#ifdef __cplusplus
extern "C" {
#endif

struct survey {
    bool is_utf8; /* strictly */
    bool has_nul;
    bool has_unwanted; /* perhaps: controls, or the first bytes of what nobody sees or can read */
    bool has_angle;    /* `<`, with which the marks of an unsettled merge begin */
    bool has_return;   /* CR */
};
/** Large texts are looked at by all threads of `pool`, which may be NULL. */
struct survey survey_text(struct slice text, struct pool *pool);

#ifdef __cplusplus
}
#endif
#endif
