/*
 * A few thousand triples of RDF, and how they are written. They are written in the order in which
 * they were added; what has the same subject is added together. No blank nodes, so that Turtle and
 * JSON-LD of a graph are the same triples by sight.
 */
#ifndef KYODO_RENDER_TRIPLES_H
#define KYODO_RENDER_TRIPLES_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum triple_kind { TRIPLE_IRI, TRIPLE_TEXT, TRIPLE_TYPED };

struct triple {
    struct slice subject;   /* an IRI */
    struct slice predicate; /* with one of the prefixes: "dct:title"; "a" for the class */
    enum triple_kind kind;
    struct slice object;    /* an IRI, "prefix:name" for a class, or the text */
    struct slice qualifier; /* of a text its language, of a typed one "xsd:date" */
};

struct triples {
    struct arena *arena;
    VECTOR(struct triple) list;
};

void triples_add_class(struct triples *triples, struct slice subject, const char *name);
void triples_add_iri(struct triples *triples, struct slice subject, const char *predicate,
                     struct slice iri);
/** Nothing when the text is empty; a language may be empty. */
void triples_add_text(struct triples *triples, struct slice subject, const char *predicate,
                      struct slice text, struct slice language);
void triples_add_typed(struct triples *triples, struct slice subject, const char *predicate,
                       struct slice value, const char *type);
/** An address as an IRI: what may not stand in one becomes %XX. */
struct slice triples_iri(struct slice address, struct arena *arena);

void triples_write_turtle(const struct triples *triples, struct buffer *out);
void triples_write_jsonld(const struct triples *triples, struct buffer *out);

#ifdef __cplusplus
}
#endif
#endif
