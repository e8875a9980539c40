#include "reading.h"

#include <string.h>

#include "rules.h"

/* Links written in Markdown (ruling 8): relative paths between content folders, fragments, absolute
 * URLs; pictures beside the text. */

static bool has_scheme(struct slice destination)
{
    ptrdiff_t colon = slice_find_byte(destination, ':', 0);
    ptrdiff_t slash = slice_find_byte(destination, '/', 0);
    return colon > 0 && (slash < 0 || colon < slash);
}

/* Joins `relative` to the folder `base` ("content/cases/x/"), taking `.` and `..` out; {NULL, 0}
 * when it climbs above the top. */
static struct slice join_path(struct slice base, struct slice relative, struct arena *arena)
{
    ptrdiff_t starts[64]; /* of each part in `path`, with the slash before it */
    int count = 0;
    struct slice joined = ARENA_JOIN(arena, base, relative);
    struct slice rest = joined;
    bool ends_as_folder = slice_ends_with(joined, SLICE("/")) ||
                          slice_ends_with(joined, SLICE("/.")) ||
                          slice_ends_with(joined, SLICE("/.."));
    char *path = ARENA_ARRAY(arena, char, joined.length + 1);
    ptrdiff_t length = 0;
    while (rest.data != NULL) {
        struct slice part = slice_cut(&rest, '/');
        if (part.length == 0 || slice_equal(part, SLICE("."))) {
            continue;
        }
        if (slice_equal(part, SLICE(".."))) {
            if (count == 0) {
                return (struct slice){0};
            }
            length = starts[--count];
            continue;
        }
        if (count == (int)(sizeof(starts) / sizeof(starts[0]))) {
            return (struct slice){0};
        }
        starts[count++] = length;
        if (length > 0) {
            path[length++] = '/';
        }
        memcpy(path + length, part.data, (size_t)part.length);
        length += part.length;
    }
    if (ends_as_folder && count > 0) {
        path[length++] = '/';
    }
    return slice_make(path, length);
}

static const struct asset *find_asset(const struct site *site, struct slice path)
{
    ptrdiff_t low = 0;
    ptrdiff_t high = site->asset_count;
    while (low < high) {
        ptrdiff_t middle = (low + high) / 2;
        int order = slice_compare(site->assets[middle].path, path);
        if (order == 0) {
            return &site->assets[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

/* What may have been meant by the id of an item that does not exist. */
static struct slice nearest_item(const struct site *site, enum item_kind kind, struct slice id,
                                 struct arena *arena)
{
    struct slice *names = ARENA_ARRAY(arena, struct slice, site->item_counts[kind]);
    for (ptrdiff_t i = 0; i < site->item_counts[kind]; i++) {
        names[i] = site->items[kind][i].id;
    }
    return nearest_name(id, names, site->item_counts[kind]);
}

/* What may have been meant by the first part of a path: a kind of item, a register. */
static struct slice nearest_start(const struct site *site, struct slice start, struct arena *arena)
{
    struct slice *names = ARENA_ARRAY(arena, struct slice, ITEM_KINDS + 2 + site->table_count);
    ptrdiff_t count = 0;
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        names[count++] = item_kind_folder((enum item_kind)kind);
    }
    names[count++] = SLICE("data");
    names[count++] = SLICE("principles");
    for (ptrdiff_t i = 0; i < site->table_count; i++) {
        if (!site->tables[i].is_codelist) {
            names[count++] = site->tables[i].name;
        }
    }
    return nearest_name(start, names, count);
}

static bool is_among(struct slice name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_equal(name, slice_of(names[i]))) {
            return true;
        }
    }
    return false;
}

static struct link page_at(const struct site *site, int language, struct slice folder,
                           struct slice name, struct arena *arena)
{
    struct slice rest = ARENA_JOIN(arena, folder, name, name.length > 0 ? SLICE("/") : name);
    return (struct link){.kind = LINK_PAGE,
                         .address = address_in_language(site, language, rest, arena)};
}

/* Whether the site has rules, be they readable or not: a link to what comes of them is no mistake
 * where the rules are. */
static bool has_rules(const struct site *site)
{
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(site->tree, SLICE("data/principles/rules"), &first, &end);
    return site->rules != NULL || first < end;
}

/* The catalogue, the page of a register, and those of what no register holds. */
static struct link resolve_data(const struct site *site, int language, struct slice name,
                                struct arena *arena)
{
    static const char *const derived[] = {"evidence", "principles", "crosswalk", "rules"};
    const struct table *table = site_table(site, name);
    if (table != NULL) {
        return (struct link){.kind = LINK_PAGE,
                             .address = address_dataset(site, table, language, arena)};
    }
    bool is_made = slice_equal(name, SLICE("cases")) ||
                   (slice_equal(name, SLICE("translations")) && site->language_count > 1) ||
                   (has_rules(site) && is_among(name, derived, 4));
    return name.length == 0 || is_made ? page_at(site, language, SLICE("data/"), name, arena)
                                       : (struct link){.kind = LINK_BROKEN};
}

/* A framework, one of its items, the cases by it; the pages about all of them. */
static struct link resolve_principles(const struct site *site, int language, struct slice rest,
                                      struct arena *arena)
{
    static const char *const pages[] = {"checks", "overview", "completeness"};
    struct slice first = slice_cut(&rest, '/');
    struct slice second = rest.data != NULL ? slice_cut(&rest, '/') : (struct slice){0};
    const struct framework *framework = site_framework(site, first);
    struct link link = {.kind = LINK_BROKEN};
    if (rest.length > 0) {
        return link;
    }
    link.unknown = framework == NULL ? first : second;
    link.may_be_framework = framework == NULL;
    if (framework == NULL) {
        bool exists =
            first.length == 0 ||
            (has_rules(site) && (is_among(first, pages, 3) ||
                                 (slice_equal(first, SLICE("crosswalk")) &&
                                  (site->rules == NULL || site->rules->crosswalk != NULL))));
        return exists && second.length == 0
                   ? page_at(site, language, SLICE("principles/"), first, arena)
                   : link;
    }
    struct slice own = address_framework(site, framework, language, arena);
    const struct framework *owner = NULL;
    const struct record *item =
        second.length > 0 ? site_framework_item(site, second, &owner) : NULL;
    bool is_matrix = slice_equal(second, SLICE("cases")) && has_rules(site);
    if (second.length == 0 || is_matrix) {
        link.unknown = (struct slice){0};
        link.kind = LINK_PAGE;
        link.address = is_matrix ? ARENA_JOIN(arena, own, SLICE("cases/")) : own;
    } else if (item != NULL && owner == framework) {
        link.unknown = (struct slice){0};
        link.kind = LINK_PAGE;
        link.address = address_framework_item(site, framework, item, language, arena);
    }
    return link;
}

/* `cases/x/` below content/: an item, the list of a kind, a register or one of its rows, a dataset.
 */
static struct link resolve_content(const struct site *site, int language, struct slice rest,
                                   struct arena *arena)
{
    struct link link = {.kind = LINK_BROKEN};
    struct slice tail = rest;
    struct slice first = slice_cut(&tail, '/');
    if (slice_equal(first, SLICE("principles"))) {
        return resolve_principles(site, language, tail, arena);
    }
    struct slice second = tail.data != NULL ? slice_cut(&tail, '/') : (struct slice){0};
    if (tail.length > 0) {
        return link;
    }
    if (slice_equal(first, SLICE("data"))) {
        return resolve_data(site, language, second, arena);
    }
    bool is_report = (slice_equal(first, SLICE("translations")) && site->language_count > 1) ||
                     slice_equal(first, SLICE("accessibility-test"));
    if (is_report && second.length == 0) {
        return page_at(site, language, SLICE(""), first, arena);
    }
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        if (!slice_equal(first, item_kind_folder((enum item_kind)kind))) {
            continue;
        }
        if (second.length == 0 && kind != ITEM_PAGE) {
            link.kind = LINK_PAGE;
            link.address = address_kind(site, (enum item_kind)kind, language, arena);
            return link;
        }
        link.item = site_item(site, (enum item_kind)kind, second);
        if (link.item != NULL) {
            link.kind = LINK_PAGE;
            link.address = address_item(site, link.item, language, arena);
        } else {
            link.unknown = second;
            link.may_be_item = true;
            link.item_kind = (enum item_kind)kind;
            link.nearest = nearest_item(site, (enum item_kind)kind, second, arena);
        }
        return link;
    }
    const struct table *table = site_table(site, first);
    if (table != NULL && !table->is_codelist) {
        ptrdiff_t row = second.length > 0 ? table_row_by_key(table, second) : -1;
        if (second.length == 0 || (row >= 0 && table->has_pages)) {
            link.kind = LINK_PAGE;
            link.address = row >= 0 ? address_row(site, table, row, language, arena)
                                    : address_table(site, table, language, arena);
        } else {
            link.table = table;
            link.unknown = second;
        }
        return link;
    }
    link.unknown = first;
    link.may_be_register = true;
    link.nearest = nearest_start(site, first, arena);
    return link;
}

/* A path as names are written: editors put %20 for a space, browsers %E8%AA%B2 for 課, and a Mac
 * parts voiced kana. */
static struct slice plain_path(struct slice path, struct arena *arena)
{
    struct slice plain = unescape_url_path(arena, path);
    return utf8_is_nfc(plain) ? plain : utf8_nfc(arena, plain);
}

struct link link_resolve(const struct site *site, const struct item *item, int language,
                         struct slice destination, struct arena *arena)
{
    struct link link = {.kind = LINK_BROKEN};
    if (has_scheme(destination) || slice_starts_with(destination, SLICE("//"))) {
        link.kind = LINK_EXTERNAL;
        link.address = destination;
        return link;
    }
    ptrdiff_t hash = slice_find_byte(destination, '#', 0);
    struct slice path =
        plain_path(slice_sub(destination, 0, hash >= 0 ? hash : destination.length), arena);
    struct slice fragment =
        hash >= 0 ? plain_path(slice_from(destination, hash + 1), arena) : (struct slice){0};
    if (path.length == 0) {
        link.kind = fragment.length > 0 ? LINK_FRAGMENT : LINK_BROKEN;
        link.fragment = fragment;
        link.item = item;
        return link;
    }
    if (path.data[0] == '/') {
        link.fault = LINK_IS_ABSOLUTE;
        return link;
    }
    struct slice joined = join_path(item->folder, path, arena);
    if (joined.data == NULL) {
        link.fault = LINK_LEADS_OUT;
        return link;
    }
    struct slice place =
        slice_sub(joined, 0, joined.length - (slice_ends_with(joined, SLICE("/")) ? 1 : 0));
    link.place = place;
    link.asset = find_asset(site, joined);
    if (link.asset != NULL) {
        link.kind = LINK_ASSET;
        return link;
    }
    struct slice content = SLICE("content/");
    if (slice_starts_with(joined, content)) {
        link = resolve_content(site, language, slice_from(joined, content.length), arena);
        link.fragment = fragment;
        link.place = place;
    } else {
        link.fault = LINK_LEADS_OUT;
    }
    return link;
}

/* Words that say nothing of where a link leads. */
static bool is_vague(struct slice text)
{
    static const struct slice words[] = {
        SLICE_CONSTANT(""),         SLICE_CONSTANT("ここ"),      SLICE_CONSTANT("こちら"),
        SLICE_CONSTANT("こちらへ"), SLICE_CONSTANT("詳細"),      SLICE_CONSTANT("詳しく"),
        SLICE_CONSTANT("here"),     SLICE_CONSTANT("Here"),      SLICE_CONSTANT("more"),
        SLICE_CONSTANT("More"),     SLICE_CONSTANT("read more"), SLICE_CONSTANT("link")};
    struct slice own = slice_trim_wide(text);
    bool is_vague = false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        is_vague = is_vague || slice_equal(own, words[i]);
    }
    return is_vague;
}

int link_count_vague(const struct document *document)
{
    int found = 0;
    for (ptrdiff_t i = 0; i < document->reference_count; i++) {
        const struct reference *reference = &document->references[i];
        found += reference->kind == REFERENCE_LINK && is_vague(reference->text) ? 1 : 0;
    }
    return found;
}
