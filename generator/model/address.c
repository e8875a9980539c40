#include "model.h"

/* Addresses of the output (design, Outputs). */

struct slice address_in_language(const struct site *site, int language, struct slice rest,
                                 struct arena *arena)
{
    return ARENA_JOIN(arena, site->languages[language].tag, SLICE("/"), rest);
}

struct slice address_home(const struct site *site, int language, struct arena *arena)
{
    return address_in_language(site, language, SLICE(""), arena);
}

struct slice address_kind(const struct site *site, enum item_kind kind, int language,
                          struct arena *arena)
{
    struct slice folder = kind == ITEM_PAGE ? SLICE("") : item_kind_folder(kind);
    return ARENA_JOIN(arena, site->languages[language].tag, SLICE("/"), folder,
                      kind == ITEM_PAGE ? SLICE("") : SLICE("/"));
}

struct slice address_item(const struct site *site, const struct item *item, int language,
                          struct arena *arena)
{
    struct slice folder = item->kind == ITEM_PAGE ? SLICE("") : item_kind_folder(item->kind);
    return ARENA_JOIN(arena, site->languages[language].tag, SLICE("/"), folder,
                      item->kind == ITEM_PAGE ? SLICE("") : SLICE("/"), item->id, SLICE("/"));
}

struct slice address_facet(const struct site *site, enum facet_id facet,
                           const struct facet_entry *entry, int language, struct arena *arena)
{
    return ARENA_JOIN(arena, site->languages[language].tag, SLICE("/cases/by/"), facet_name(facet),
                      SLICE("/"), entry->code, SLICE("/"));
}

struct slice address_table(const struct site *site, const struct table *table, int language,
                           struct arena *arena)
{
    return ARENA_JOIN(arena, site->languages[language].tag, SLICE("/"), table->name, SLICE("/"));
}

struct slice address_row(const struct site *site, const struct table *table, ptrdiff_t row,
                         int language, struct arena *arena)
{
    return ARENA_JOIN(arena, address_table(site, table, language, arena),
                      table_cell(table, row, table->key_column), SLICE("/"));
}

struct slice address_dataset(const struct site *site, const struct table *table, int language,
                             struct arena *arena)
{
    return ARENA_JOIN(arena, site->languages[language].tag, SLICE("/data/"), table->name,
                      SLICE("/"));
}

struct slice address_framework(const struct site *site, const struct framework *framework,
                               int language, struct arena *arena)
{
    return ARENA_JOIN(arena, site->languages[language].tag, SLICE("/principles/"), framework->id,
                      SLICE("/"));
}

/* Folders of a framework that are no items. */
static bool is_item_folder(struct slice id)
{
    if (id.length == 0 || id.length > 64 || id.data[0] == '.' || slice_equal(id, SLICE("cases"))) {
        return false;
    }
    for (ptrdiff_t i = 0; i < id.length; i++) {
        char c = id.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '.' || c == '-' || c == '_')) {
            return false;
        }
    }
    return true;
}

struct slice address_framework_item(const struct site *site, const struct framework *framework,
                                    const struct record *item, int language, struct arena *arena)
{
    struct slice base = address_framework(site, framework, language, arena);
    struct slice id = record_text(item, FIELD_framework_item_id);
    return is_item_folder(id) ? ARENA_JOIN(arena, base, id, SLICE("/")) : base;
}

struct slice address_relative(struct slice from, struct slice to, struct arena *arena)
{
    /* What both share up to the last slash needs no climbing. */
    ptrdiff_t common = 0;
    for (ptrdiff_t i = 0; i < from.length && i < to.length && from.data[i] == to.data[i]; i++) {
        if (from.data[i] == '/') {
            common = i + 1;
        }
    }
    ptrdiff_t climbs = 0;
    for (ptrdiff_t i = common; i < from.length; i++) {
        climbs += from.data[i] == '/' ? 1 : 0;
    }
    struct slice rest = slice_from(to, common);
    if (climbs == 0 && rest.length == 0) {
        return SLICE("./");
    }
    if (climbs == 0) {
        return rest;
    }
    char *text = arena_allocate(arena, 1, 1, climbs * 3 + rest.length);
    for (ptrdiff_t i = 0; i < climbs; i++) {
        memcpy(text + i * 3, "../", 3);
    }
    if (rest.length > 0) {
        memcpy(text + climbs * 3, rest.data, (size_t)rest.length);
    }
    return slice_make(text, climbs * 3 + rest.length);
}
