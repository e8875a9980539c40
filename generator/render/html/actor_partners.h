/* A block of the page of an actor: with whom it has worked. */
#ifndef KYODO_ACTOR_PARTNERS_H
#define KYODO_ACTOR_PARTNERS_H

#include "page.h"

#ifdef __cplusplus
extern "C" {
#endif

/** `table` is the register of actors. Nothing is added when nobody is named beside the actor. The
 * work is that of reading the records that name it. */
void add_actor_partners(const struct page *page, const struct table *table, ptrdiff_t row);

#ifdef __cplusplus
}
#endif
#endif
