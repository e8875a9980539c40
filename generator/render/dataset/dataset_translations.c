/* How far translations are, section by section (model/upkeep.h), as a dataset. */
#include "dataset.h"

enum translation_column {
#define DATASET(...)
#define COLUMN(name, ...) COLUMN_##name,
#include "translations.def"
#undef DATASET
#undef COLUMN
    TRANSLATION_COLUMNS
};

static struct slice join(struct arena *arena, struct slice list, struct slice part)
{
    return part.length == 0 ? list : ARENA_JOIN(arena, list, SLICE("/"), part);
}

static struct slice url_of(const struct site *site, const struct upkeep_row *row,
                           struct arena *arena)
{
    bool is_there = row->state != SECTION_MISSING && row->state != SECTION_UNTRANSLATED;
    const struct heading *heading = is_there ? row->translation : row->original;
    return ARENA_JOIN(
        arena, site->base_url, address_item(site, row->item, is_there ? row->language : 0, arena),
        heading != NULL ? SLICE("#") : SLICE(""), heading != NULL ? heading->id : SLICE(""));
}

static struct slice cell_of(const struct site *site, const struct upkeep_row *row,
                            enum translation_column column, struct arena *arena)
{
    struct slice kind = item_kind_folder(row->item->kind);
    struct slice tag = site->languages[row->language].tag;
    const struct heading *heading = row->original != NULL ? row->original : row->translation;
    switch (column) {
    case COLUMN_id:
        return join(arena, join(arena, join(arena, kind, row->item->id), tag), row->section);
    case COLUMN_kind:
        return kind;
    case COLUMN_item:
        return row->item->id;
    case COLUMN_language:
        return tag;
    case COLUMN_section:
        return row->section;
    case COLUMN_heading:
        return heading != NULL ? heading->text : (struct slice){0};
    case COLUMN_state:
        return section_state_word(row->state);
    case COLUMN_since:
        return row->state == SECTION_OUTDATED ? date_iso(arena, row->item->updated)
                                              : (struct slice){0};
    case COLUMN_url:
        return url_of(site, row, arena);
    case TRANSLATION_COLUMNS:
        break;
    }
    BUG("no such column");
}

static void read_row(const struct dataset *dataset, ptrdiff_t row, struct arena *scratch,
                     struct slice *cells)
{
    const struct upkeep *upkeep = dataset->detail;
    for (int i = 0; i < dataset->column_count; i++) {
        cells[i] = cell_of(dataset->site, &upkeep->rows[row], (enum translation_column)i, scratch);
        if (cells[i].length == 0) {
            cells[i] = (struct slice){0};
        }
    }
}

/* Of all texts, also of those that are translated and right: they have no row. */
static struct date texts_updated(const struct site *site)
{
    struct date latest = {0};
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        for (ptrdiff_t i = 0; i < site->item_counts[kind]; i++) {
            struct date date = site->items[kind][i].updated;
            latest = date.precision == DATE_DAY ? dataset_later(latest, date) : latest;
        }
    }
    return latest;
}

struct dataset *dataset_of_translations(const struct site *site, const struct upkeep *upkeep,
                                        struct arena *arena)
{
    static const struct made_column infos[TRANSLATION_COLUMNS] = {
#define DATASET(...)
#define COLUMN(name, type, ja, en, about_ja, about_en) \
    [COLUMN_##name] = {#name, COLUMN_##type, false, "", {ja, en}, {about_ja, about_en}},
#include "translations.def"
#undef DATASET
#undef COLUMN
    };
    static const char *const head[2][INTERFACE_LANGUAGES] = {
#define DATASET(ja, en, about_ja, about_en) {ja, en}, {about_ja, about_en},
#define COLUMN(...)
#include "translations.def"
#undef DATASET
#undef COLUMN
    };
    struct dataset *dataset = ARENA_NEW(arena, struct dataset);
    *dataset = (struct dataset){.name = SLICE("translations"),
                                .site = site,
                                .detail = upkeep,
                                .updated = texts_updated(site),
                                .row_count = upkeep->count,
                                .row = read_row};
    dataset->columns = ARENA_ARRAY(arena, struct dataset_column, TRANSLATION_COLUMNS);
    dataset_set_words(dataset, head[0], head[1]);
    for (int i = 0; i < TRANSLATION_COLUMNS; i++) {
        dataset_add_column(dataset, &infos[i], i, arena);
    }
    return dataset;
}
