/* Blocks of the page of an actor: what a city has agreed, and with whom an actor has worked. */
#ifndef KYODO_ACTOR_BLOCKS_H
#define KYODO_ACTOR_BLOCKS_H

#include "page.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Of a city: the agreements that its register says it has made. They name the other side alone, so
 * they do not refer to the city as a row; their local government code does. */
void add_actor_agreements(const struct page *page, const struct table *table, ptrdiff_t row);

/** `table` is the register of actors. Nothing is added when nobody is named beside the actor. The
 * work is that of reading the records that name it. */
void add_actor_partners(const struct page *page, const struct table *table, ptrdiff_t row);

#ifdef __cplusplus
}
#endif
#endif
