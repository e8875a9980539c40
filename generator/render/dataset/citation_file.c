/* CITATION.cff of an archive (Citation File Format 1.2.0). */
#include "forms.h"

/* Text as a double-quoted scalar of YAML, which JSON's strings are. */
static void put_member(struct buffer *out, const char *name, struct slice value)
{
    if (value.length == 0) {
        return;
    }
    struct json_writer json;
    buffer_append(out, slice_of(name));
    buffer_append_literal(out, ": ");
    json_begin(&json, out, false);
    json_string(&json, value);
    buffer_append_byte(out, '\n');
}

/* The format takes SPDX's names only, and PDL1.0 is none of them. */
static bool is_spdx(struct slice licence)
{
    static const char *const starts[] = {"CC-BY-", "CC-BY", "CC0-", "ODbL-", "ODC-", "PDDL-"};
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        if (slice_starts_with(licence, slice_of(starts[i]))) {
            return true;
        }
    }
    return false;
}

void citation_write(const struct dataset *dataset, struct arena *scratch, struct buffer *out)
{
    const struct site *site = dataset->site;
    const struct record *publisher = record_group(site->config, FIELD_site_publisher);
    const struct record *licence = record_group(site->config, FIELD_site_licence);
    const struct node *version = node_get(site->package, "version");
    struct slice label = dataset->labels[0].length > 0 ? dataset->labels[0] : dataset->name;
    buffer_append_literal(out, "cff-version: 1.2.0\ntype: dataset\n");
    put_member(out, "message",
               SLICE("このデータを使うときは、次のように引用してください。/ "
                     "If you use this data, please cite it as below."));
    put_member(out, "title", label);
    put_member(out, "abstract", dataset->descriptions[0]);
    buffer_append_literal(out, "authors:\n");
    put_member(out, "  - name", record_word(publisher, FIELD_publisher_name, 0, NULL));
    if (dataset->updated.precision == DATE_DAY) {
        put_member(out, "date-released", date_iso(scratch, dataset->updated));
    }
    if (version != NULL) {
        put_member(out, "version", version->text);
    }
    put_member(out, "url",
               ARENA_JOIN(scratch, site->base_url, site->languages[0].tag, SLICE("/data/"),
                          dataset->name, SLICE("/")));
    struct slice id = record_text(licence, FIELD_licence_id);
    if (is_spdx(id)) {
        put_member(out, "license", id);
    } else {
        put_member(out, "license-url", record_text(licence, FIELD_licence_url));
    }
}
