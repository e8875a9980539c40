#include "dataset_citation.h"

#include "structured.h"

static struct slice name_of(const struct dataset *dataset, int language)
{
    struct slice label = dataset->labels[language];
    return label.length > 0 ? label : dataset->name;
}

/* ---- The sentence ---- */

static void put_citation(const struct page *reader, const struct dataset *dataset,
                         struct slice address)
{
    const struct site *site = reader->site;
    const struct record *publisher = record_group(site->config, FIELD_site_publisher);
    const struct record *licence = record_group(site->config, FIELD_site_licence);
    int language = reader->text;
    struct slice version = {0};
    if (dataset->updated.precision != DATE_NONE) {
        version = html_pattern(reader, STRING_cite_version, html_date(reader, dataset->updated),
                               (struct slice){0});
    }
    const struct slice parts[PATTERN_ARGUMENTS] = {
        html_text(reader, name_of(dataset, language)),
        html_text(reader, record_word(publisher, FIELD_publisher_name, language, NULL)),
        html_text(reader, address),
        html_text(reader, record_word(licence, FIELD_licence_name, language, NULL)),
        html_text(reader, record_text(licence, FIELD_licence_url)),
        version,
    };
    put_pattern_of(reader, STRING_cite_as, parts);
}

/* ---- BibTeX ---- */

/* Characters that mean something to TeX are escaped; in `url` they stand as they are. */
static void append_tex(struct buffer *out, struct slice text)
{
    for (ptrdiff_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        switch (byte) {
        case '&':
        case '%':
        case '$':
        case '#':
        case '_':
        case '{':
        case '}':
            buffer_append_byte(out, '\\');
            buffer_append_byte(out, byte);
            break;
        case '\\':
            buffer_append_literal(out, "\\textbackslash{}");
            break;
        case '~':
            buffer_append_literal(out, "\\textasciitilde{}");
            break;
        case '^':
            buffer_append_literal(out, "\\textasciicircum{}");
            break;
        default:
            buffer_append_byte(out, byte);
        }
    }
}

static void append_tex_field(struct buffer *out, const char *name, struct slice value)
{
    if (value.length > 0) {
        buffer_append_literal(out, "  ");
        buffer_append(out, slice_of(name));
        buffer_append_literal(out, " = {{");
        append_tex(out, value);
        buffer_append_literal(out, "}},\n");
    }
}

static struct slice bibtex(const struct page *page, const struct dataset *dataset,
                           struct slice address)
{
    const struct record *publisher = record_group(page->site->config, FIELD_site_publisher);
    const struct record *licence = record_group(page->site->config, FIELD_site_licence);
    struct buffer *out = page->buffer;
    struct date updated = dataset->updated;
    ptrdiff_t start = markup_begin(page);
    buffer_append_literal(out, "@misc{");
    buffer_append(out, dataset->name);
    if (updated.precision != DATE_NONE) {
        buffer_append_byte(out, '-');
        buffer_append_integer(out, updated.year);
    }
    buffer_append_literal(out, ",\n");
    append_tex_field(out, "title", name_of(dataset, page->text));
    append_tex_field(out, "author", record_word(publisher, FIELD_publisher_name, page->text, NULL));
    if (updated.precision != DATE_NONE) {
        append_tex_field(out, "year", text_digits(page, updated.year));
        append_tex_field(out, "version", date_iso(page->arena, updated));
    }
    append_tex_field(out, "note", record_word(licence, FIELD_licence_name, page->text, NULL));
    buffer_append_literal(out, "  url = {");
    buffer_append(out, address);
    buffer_append_literal(out, "}\n}\n");
    return markup_end(page, start);
}

void add_citations(const struct page *page, const struct dataset *dataset, struct slice address)
{
    const struct site *site = page->site;
    for (int language = 0; language < site->language_count; language++) {
        struct page reader = *page;
        reader.text = language;
        struct dictionary *fact = dictionary_add(page->content, NAME_dataset_CITATION);
        dictionary_set(fact, NAME_fact_LABEL,
                       html_in_language(page, site->languages[language].name, language));
        ptrdiff_t start = markup_begin(page);
        if (language != page->text) {
            PUT(page, "<span lang=\"");
            escape_html_attribute(page->buffer, site->languages[language].tag);
            PUT(page, "\">");
        }
        put_citation(&reader, dataset, address);
        if (language != page->text) {
            PUT(page, "</span>");
        }
        dictionary_set(fact, NAME_fact_VALUE, markup_end(page, start));
    }
    dictionary_set(page->content, NAME_dataset_BIBTEX,
                   html_text(page, bibtex(page, dataset, address)));
}

/* ---- schema.org ---- */

static void write_downloads(struct json_writer *json, const struct page *page,
                            const struct dataset *dataset)
{
    json_key(json, SLICE("distribution"));
    json_array_begin(json);
    for (int form = 0; form < DATASET_FORMS; form++) {
        const struct dataset_form *info = dataset_form((enum dataset_form_id)form);
        struct slice file = dataset_address(dataset->name, (enum dataset_form_id)form, page->arena);
        const struct artefact_result *result = render_result(page->render, file);
        if (result == NULL) {
            continue;
        }
        json_object_begin(json);
        json_member(json, "@type", SLICE("DataDownload"));
        json_member(json, "name", info->label[page->labels]);
        json_member(json, "contentUrl", ARENA_JOIN(page->arena, page->site->base_url, file));
        json_member(json, "encodingFormat", info->media_type);
        json_member(json, "contentSize",
                    arena_format(page->arena, "%lld B", (long long)result->size));
        json_member(json, "sha256", sha256_hex(page->arena, &result->digest));
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_columns(struct json_writer *json, const struct page *page,
                          const struct dataset *dataset)
{
    json_key(json, SLICE("variableMeasured"));
    json_array_begin(json);
    for (int c = 0; c < dataset->column_count; c++) {
        const struct dataset_column *column = &dataset->columns[c];
        json_object_begin(json);
        json_member(json, "@type", SLICE("PropertyValue"));
        json_member(json, "name", column->name);
        if (column->labels[page->text].length > 0) {
            json_member(json, "alternateName", column->labels[page->text]);
        }
        if (column->unit[page->text].length > 0) {
            json_member(json, "unitText", column->unit[page->text]);
        }
        json_object_end(json);
    }
    json_array_end(json);
}

void add_dataset_description(struct page *page, const struct dataset *dataset, struct slice address)
{
    const struct site *site = page->site;
    const struct record *licence = record_group(site->config, FIELD_site_licence);
    struct slice about = dataset->descriptions[page->text];
    struct json_writer json;
    ptrdiff_t start = markup_begin(page);
    json_begin(&json, page->buffer, false);
    json_object_begin(&json);
    json_member(&json, "@type", SLICE("Dataset"));
    json_member(&json, "@id", address);
    json_member(&json, "url", address);
    json_member(&json, "identifier", dataset->name);
    json_member(&json, "name", name_of(dataset, page->text));
    /* Search engines ask for a description of 50 characters and more; the name must do where the
     * register says nothing. */
    json_member(&json, "description", about.length > 0 ? about : name_of(dataset, page->text));
    json_member(&json, "inLanguage", site->languages[page->text].tag);
    json_key(&json, SLICE("isAccessibleForFree"));
    json_write_boolean(&json, true);
    json_member(&json, "license", record_text(licence, FIELD_licence_url));
    describe_publisher(page, &json, "creator");
    if (dataset->updated.precision != DATE_NONE) {
        json_member(&json, "dateModified", date_iso(page->arena, dataset->updated));
    }
    json_key(&json, SLICE("includedInDataCatalog"));
    json_object_begin(&json);
    json_member(&json, "@type", SLICE("DataCatalog"));
    json_member(&json, "name", record_word(site->config, FIELD_site_title, page->text, NULL));
    json_member(&json, "url",
                ARENA_JOIN(page->arena, site->base_url,
                           address_in_language(site, page->language, SLICE("data/"), page->arena)));
    json_object_end(&json);
    write_downloads(&json, page, dataset);
    write_columns(&json, page, dataset);
    json_object_end(&json);
    describe(page, markup_end(page, start));
}
