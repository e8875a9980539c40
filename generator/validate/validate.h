/*
 * validate: model -> findings. A table of small checks, each of which reads the model and changes
 * nothing but the mark of an asset that is used: what is marked nowhere is told when all items are
 * done.
 *
 * Structure: what must be stated, summaries' length, references both ways (case <-> project <->
 * actor <-> source), language pairs, links, anchors, pictures and their text alternatives, heading
 * order, ids (well-formed, reserved, unique by case and normalisation), dates in order, every
 * figure with date and source, reviews. The principles' rules are checks of the same kind.
 */
#ifndef KYODO_VALIDATE_H
#define KYODO_VALIDATE_H

#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Run all checks. Findings go to `diag`. Thread-safe inside: items are checked in parallel. */
void validate_site(const struct site *site, struct pool *pool, struct diag *diag);
/** The checks of one item alone, for a preview that has read it again. */
void validate_item(const struct site *site, const struct item *item, struct diag *diag);

/** Why an item can't have this id: ill-formed or reserved (ruling 10); CODE_COUNT when it can. */
enum code item_id_fault(const struct site *site, enum item_kind kind, struct slice id);

#ifdef __cplusplus
}
#endif
#endif
