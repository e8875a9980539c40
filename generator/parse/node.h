/* What the makers of a node tree share. Private to parse. */
#ifndef KYODO_PARSE_NODE_H
#define KYODO_PARSE_NODE_H

#include "parse.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Append `child` to a sequence or mapping whose last child is `*last`. */
void node_append(struct node *parent, struct node **last, struct node *child);

/** The keys of one mapping while it is being read. Zero-initialise. */
struct key_set {
    struct map map; /* used from KEY_SET_LINEAR keys on */
    const struct node *members[16];
    ptrdiff_t count;
};
#define KEY_SET_LINEAR 16
/** The member that has this key already, or NULL; `member`'s key is remembered then. */
const struct node *key_set_add(struct key_set *keys, struct arena *arena,
                               const struct node *member);

/** As much of a text as a message quotes. */
struct slice quotable(struct slice text);

/** A character that looks like ASCII punctuation but is its full-width twin or a typographic
 *  quote: the ASCII character, or 0. An editor's conversion leaves them where syntax needs the
 *  plain ones. */
char wide_twin(int32_t code_point);

#ifdef __cplusplus
}
#endif
#endif
