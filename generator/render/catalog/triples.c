#include "triples.h"

static const struct {
    const char *name;
    const char *iri;
} prefixes[] = {
    {"dcat", "http://www.w3.org/ns/dcat#"},        {"dct", "http://purl.org/dc/terms/"},
    {"foaf", "http://xmlns.com/foaf/0.1/"},        {"spdx", "http://spdx.org/rdf/terms#"},
    {"vcard", "http://www.w3.org/2006/vcard/ns#"}, {"xsd", "http://www.w3.org/2001/XMLSchema#"},
};
enum { PREFIXES = sizeof(prefixes) / sizeof(prefixes[0]) };

/* ---- Adding ---- */

static void add(struct triples *triples, const struct triple *triple)
{
    *VECTOR_PUSH(triples->arena, &triples->list) = *triple;
}

void triples_add_class(struct triples *triples, struct slice subject, const char *name)
{
    add(triples, &(struct triple){.subject = subject,
                                  .predicate = SLICE("a"),
                                  .kind = TRIPLE_IRI,
                                  .object = slice_of(name)});
}

void triples_add_iri(struct triples *triples, struct slice subject, const char *predicate,
                     struct slice iri)
{
    add(triples, &(struct triple){.subject = subject,
                                  .predicate = slice_of(predicate),
                                  .kind = TRIPLE_IRI,
                                  .object = iri});
}

void triples_add_text(struct triples *triples, struct slice subject, const char *predicate,
                      struct slice text, struct slice language)
{
    if (text.length > 0) {
        add(triples, &(struct triple){.subject = subject,
                                      .predicate = slice_of(predicate),
                                      .kind = TRIPLE_TEXT,
                                      .object = text,
                                      .qualifier = language});
    }
}

void triples_add_typed(struct triples *triples, struct slice subject, const char *predicate,
                       struct slice value, const char *type)
{
    add(triples, &(struct triple){.subject = subject,
                                  .predicate = slice_of(predicate),
                                  .kind = TRIPLE_TYPED,
                                  .object = value,
                                  .qualifier = slice_of(type)});
}

struct slice triples_iri(struct slice address, struct arena *arena)
{
    static const char digits[] = "0123456789ABCDEF";
    struct buffer iri;
    buffer_init(&iri);
    for (ptrdiff_t i = 0; i < address.length; i++) {
        unsigned char byte = (unsigned char)address.data[i];
        if (byte <= 0x20 || slice_find_byte(SLICE("<>\"{}|^`\\"), (char)byte, 0) >= 0) {
            const char escape[3] = {'%', digits[byte >> 4], digits[byte & 15]};
            buffer_append(&iri, slice_make(escape, 3));
        } else {
            buffer_append_byte(&iri, (char)byte);
        }
    }
    struct slice copy = arena_copy(arena, buffer_slice(&iri));
    buffer_release(&iri);
    return copy;
}

static bool is_class(const struct triple *triple)
{
    return slice_equal(triple->predicate, SLICE("a"));
}

/* ---- Turtle ---- */

static void turtle_text(struct buffer *out, struct slice text)
{
    buffer_append_byte(out, '"');
    for (ptrdiff_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == '"' || c == '\\') {
            buffer_append_byte(out, '\\');
            buffer_append_byte(out, c);
        } else if ((unsigned char)c < 0x20) {
            buffer_append_format(out, "\\u%04X", (unsigned)c);
        } else {
            buffer_append_byte(out, c);
        }
    }
    buffer_append_byte(out, '"');
}

static void turtle_object(struct buffer *out, const struct triple *triple)
{
    if (is_class(triple)) {
        buffer_append(out, triple->object);
    } else if (triple->kind == TRIPLE_IRI) {
        buffer_append_byte(out, '<');
        buffer_append(out, triple->object);
        buffer_append_byte(out, '>');
    } else {
        turtle_text(out, triple->object);
        if (triple->qualifier.length > 0) {
            buffer_append(out, triple->kind == TRIPLE_TYPED ? SLICE("^^") : SLICE("@"));
            buffer_append(out, triple->qualifier);
        }
    }
}

void triples_write_turtle(const struct triples *triples, struct buffer *out)
{
    for (int i = 0; i < PREFIXES; i++) {
        buffer_append_format(out, "@prefix %s: <%s> .\n", prefixes[i].name, prefixes[i].iri);
    }
    struct slice subject = {0};
    struct slice predicate = {0};
    for (ptrdiff_t i = 0; i < triples->list.length; i++) {
        const struct triple *triple = &triples->list.data[i];
        if (!slice_equal(triple->subject, subject)) {
            buffer_append(out, i > 0 ? SLICE(" .\n\n<") : SLICE("\n<"));
            buffer_append(out, triple->subject);
            buffer_append_literal(out, ">\n    ");
            buffer_append(out, triple->predicate);
            buffer_append_byte(out, ' ');
        } else if (!slice_equal(triple->predicate, predicate)) {
            buffer_append_literal(out, " ;\n    ");
            buffer_append(out, triple->predicate);
            buffer_append_byte(out, ' ');
        } else {
            buffer_append_literal(out, ",\n        ");
        }
        turtle_object(out, triple);
        subject = triple->subject;
        predicate = triple->predicate;
    }
    buffer_append_literal(out, " .\n");
}

/* ---- JSON-LD ---- */

static void jsonld_object(struct json_writer *json, const struct triple *triple)
{
    if (is_class(triple)) {
        json_string(json, triple->object);
        return;
    }
    json_object_begin(json);
    if (triple->kind == TRIPLE_IRI) {
        json_member(json, "@id", triple->object);
    } else {
        json_member(json, "@value", triple->object);
    }
    if (triple->kind != TRIPLE_IRI && triple->qualifier.length > 0) {
        json_member(json, triple->kind == TRIPLE_TYPED ? "@type" : "@language", triple->qualifier);
    }
    json_object_end(json);
}

/* The triples of a subject from `first` on; returns the first one of the next. */
static ptrdiff_t jsonld_node(struct json_writer *json, const struct triples *triples,
                             ptrdiff_t first)
{
    const struct triple *list = triples->list.data;
    ptrdiff_t at = first;
    json_object_begin(json);
    json_member(json, "@id", list[first].subject);
    while (at < triples->list.length && slice_equal(list[at].subject, list[first].subject)) {
        struct slice predicate = list[at].predicate;
        json_key(json, is_class(&list[at]) ? SLICE("@type") : predicate);
        json_array_begin(json);
        do {
            jsonld_object(json, &list[at]);
            at++;
        } while (at < triples->list.length && slice_equal(list[at].subject, list[first].subject) &&
                 slice_equal(list[at].predicate, predicate));
        json_array_end(json);
    }
    json_object_end(json);
    return at;
}

void triples_write_jsonld(const struct triples *triples, struct buffer *out)
{
    struct json_writer json;
    json_begin(&json, out, true);
    json_object_begin(&json);
    json_key(&json, SLICE("@context"));
    json_object_begin(&json);
    for (int i = 0; i < PREFIXES; i++) {
        json_member(&json, prefixes[i].name, slice_of(prefixes[i].iri));
    }
    json_object_end(&json);
    json_key(&json, SLICE("@graph"));
    json_array_begin(&json);
    for (ptrdiff_t at = 0; at < triples->list.length;) {
        at = jsonld_node(&json, triples, at);
    }
    json_array_end(&json);
    json_object_end(&json);
    buffer_append_byte(out, '\n');
}
