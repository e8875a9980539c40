/* The Atom feed of a language: the newest cases and news that really are in it. */
#include "feed.h"

struct entry {
    const struct item *item;
    int32_t day; /* of publication, else of the last change */
};

/* ---- Which entries ---- */

/* When the item came out; precision NONE when its sources do not say. */
static struct date published_on(const struct item *item)
{
    return record_date(item->record,
                       item->kind == ITEM_CASE ? FIELD_case_published : FIELD_news_date);
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *left = a;
    const struct entry *right = b;
    if (left->day != right->day) {
        return left->day > right->day ? -1 : 1;
    }
    if (left->item->kind != right->item->kind) {
        return left->item->kind < right->item->kind ? -1 : 1;
    }
    return slice_compare(left->item->id, right->item->id);
}

static struct entry *newest(const struct site *site, int language, struct arena *arena,
                            ptrdiff_t *count)
{
    static const enum item_kind kinds[] = {ITEM_CASE, ITEM_NEWS};
    ptrdiff_t room = site->item_counts[ITEM_CASE] + site->item_counts[ITEM_NEWS];
    struct entry *entries = ARENA_ARRAY(arena, struct entry, room + 1);
    *count = 0;
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        for (ptrdiff_t i = 0; i < site->item_counts[kinds[k]]; i++) {
            site_pass(site, i);
            const struct item *item = &site->items[kinds[k]][i];
            struct date date = published_on(item);
            if (date.precision == DATE_NONE) {
                date = item->updated;
            }
            if (item->versions[language].exists && date.precision != DATE_NONE) {
                entries[(*count)++] = (struct entry){item, date_first_day(date)};
            }
        }
    }
    if (*count > 1) {
        qsort(entries, (size_t)*count, sizeof(*entries), compare_entries);
    }
    if (*count > FEED_ENTRIES) {
        *count = FEED_ENTRIES;
    }
    return entries;
}

/* ---- Elements ---- */

struct atom {
    const struct site *site;
    struct render_worker *worker;
    struct buffer *out;
    int language;
};

static void put_text(struct atom *atom, const char *element, struct slice text)
{
    if (text.length > 0) {
        buffer_append_format(atom->out, "<%s>", element);
        escape_xml(atom->out, text);
        buffer_append_format(atom->out, "</%s>\n", element);
    }
}

static void put_url(struct atom *atom, const char *element, struct slice address)
{
    buffer_append_format(atom->out, "<%s>", element);
    feed_url(atom->site, address, &atom->worker->buffer, atom->out);
    buffer_append_format(atom->out, "</%s>\n", element);
}

static void put_link(struct atom *atom, const char *relation, const char *type,
                     struct slice address)
{
    buffer_append_format(atom->out, "<link rel=\"%s\" type=\"%s\" hreflang=\"", relation, type);
    escape_xml(atom->out, atom->site->languages[atom->language].tag);
    buffer_append_literal(atom->out, "\" href=\"");
    feed_url(atom->site, address, &atom->worker->buffer, atom->out);
    buffer_append_literal(atom->out, "\"/>\n");
}

/* Our dates have no time of day; midnight UTC is the same calendar day from Greenwich to Japan and
 * beyond. */
static void put_time(struct atom *atom, const char *element, struct date date)
{
    buffer_append_format(atom->out, "<%s>", element);
    feed_date(date, &atom->worker->scratch, atom->out);
    buffer_append_format(atom->out, "T00:00:00Z</%s>\n", element);
}

static void put_categories(struct atom *atom, const struct item *item)
{
    if (item->kind != ITEM_CASE) {
        return;
    }
    struct value_list fields = record_list(item->record, FIELD_case_fields);
    for (ptrdiff_t i = 0; i < fields.count; i++) {
        const struct code_entry *code = fields.items[i].as.code;
        if (fields.items[i].state == VALUE_STATED && code != NULL) {
            buffer_append_literal(atom->out, "<category term=\"");
            escape_xml(atom->out, code->code);
            buffer_append_literal(atom->out, "\" label=\"");
            escape_xml(atom->out, code_label(code, atom->language));
            buffer_append_literal(atom->out, "\"/>\n");
        }
    }
}

static void put_entry(struct atom *atom, const struct item *item)
{
    bool is_case = item->kind == ITEM_CASE;
    struct slice address = address_item(atom->site, item, atom->language, &atom->worker->scratch);
    struct date published = published_on(item);
    struct date updated = item->updated;
    buffer_append_literal(atom->out, "<entry>\n");
    put_text(atom, "title",
             record_word(item->record, is_case ? FIELD_case_title : FIELD_news_title,
                         atom->language, NULL));
    put_link(atom, "alternate", "text/html", address);
    put_url(atom, "id", address);
    if (published.precision != DATE_NONE) {
        put_time(atom, "published", published);
    }
    put_time(atom, "updated", updated.precision != DATE_NONE ? updated : published);
    put_categories(atom, item);
    put_text(atom, "summary",
             record_word(item->record, is_case ? FIELD_case_summary : FIELD_news_summary,
                         atom->language, NULL));
    buffer_append_literal(atom->out, "</entry>\n");
}

/* When anything in the feed changed last; the site's own date when there is nothing in it. */
static struct date last_update(const struct site *site, const struct entry *entries,
                               ptrdiff_t count)
{
    struct date last = {0};
    for (ptrdiff_t i = 0; i < count; i++) {
        struct date updated = entries[i].item->updated;
        if (updated.precision == DATE_NONE) {
            updated = published_on(entries[i].item);
        }
        if (last.precision == DATE_NONE || date_first_day(updated) > date_first_day(last)) {
            last = updated;
        }
    }
    return last.precision != DATE_NONE ? last : site->reference_date;
}

static void put_head(struct atom *atom, const struct render *render, struct slice own,
                     struct date updated)
{
    const struct record *config = atom->site->config;
    int language = atom->language;
    put_text(atom, "title", record_word(config, FIELD_site_title, language, NULL));
    put_text(atom, "subtitle", record_word(config, FIELD_site_tagline, language, NULL));
    put_link(atom, "self", "application/atom+xml", own);
    put_link(atom, "alternate", "text/html",
             address_home(atom->site, language, &atom->worker->scratch));
    put_url(atom, "id", own);
    put_time(atom, "updated", updated);
    buffer_append_literal(atom->out, "<author>\n");
    const struct record *publisher = record_group(config, FIELD_site_publisher);
    put_text(atom, "name", record_word(publisher, FIELD_publisher_name, language, NULL));
    put_text(atom, "uri", record_text(publisher, FIELD_publisher_url));
    buffer_append_literal(atom->out, "</author>\n");
    const struct record *licence = record_group(config, FIELD_site_licence);
    put_text(atom, "rights", record_word(licence, FIELD_licence_name, language, NULL));
    buffer_append_literal(atom->out, "<generator version=\"");
    escape_xml(atom->out, render->options.version);
    buffer_append_literal(atom->out, "\">kyodo</generator>\n");
}

bool make_atom(const struct render *render, const struct artefact *artefact,
               struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct atom atom = {
        .site = render->site, .worker = worker, .out = out, .language = artefact->language};
    ptrdiff_t count;
    const struct entry *entries = newest(atom.site, atom.language, &worker->scratch, &count);
    buffer_append_literal(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                               "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"");
    escape_xml(out, atom.site->languages[atom.language].tag);
    buffer_append_literal(out, "\">\n");
    put_head(&atom, render, artefact->address, last_update(atom.site, entries, count));
    for (ptrdiff_t i = 0; i < count; i++) {
        put_entry(&atom, entries[i].item);
    }
    buffer_append_literal(out, "</feed>\n");
    return true;
}
