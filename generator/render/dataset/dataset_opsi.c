#include "opsi.h"

#define PARTS_MOST 3

struct opsi_column {
    const char *parts; /* names apart by a space */
    struct made_column made;
};

static const struct opsi_column columns[] = {
#define OPSI_COLUMN(name, type, words, parts, ja, en, about_ja, about_en) \
    {parts, {#name, COLUMN_##type, words, "", {ja, en}, {about_ja, about_en}}},
#include "opsi.def"
#undef OPSI_COLUMN
};
enum { OPSI_COLUMNS = sizeof(columns) / sizeof(columns[0]) };

struct opsi {
    struct dataset dataset;
    const struct dataset *cases;
    int (*parts)[PARTS_MOST]; /* per column: columns of the cases, -1 = none */
};

static struct slice joined(struct slice text, struct slice part, struct arena *arena)
{
    return text.length == 0   ? part
           : part.length == 0 ? text
                              : ARENA_JOIN(arena, text, SLICE("\n\n"), part);
}

static void read_row(const struct dataset *dataset, ptrdiff_t row, struct arena *scratch,
                     struct slice *cells)
{
    const struct opsi *opsi = (const struct opsi *)(const void *)dataset;
    struct slice *whole = ARENA_ARRAY(scratch, struct slice, opsi->cases->column_count);
    opsi->cases->row(opsi->cases, row, scratch, whole);
    for (int i = 0; i < dataset->column_count; i++) {
        cells[i] = (struct slice){0};
        for (int part = 0; part < PARTS_MOST && opsi->parts[i][part] >= 0; part++) {
            cells[i] = joined(cells[i], whole[opsi->parts[i][part]], scratch);
        }
    }
}

static struct slice name_in(const struct site *site, struct slice name, int language,
                            struct arena *arena)
{
    return language <= 0 ? name
                         : ARENA_JOIN(arena, name, SLICE("_"), site->languages[language].tag);
}

static void find_parts(struct opsi *opsi, int column, const char *names, int language,
                       struct arena *arena)
{
    struct slice rest = slice_of(names);
    for (int part = 0; part < PARTS_MOST; part++) {
        opsi->parts[column][part] = -1;
        if (rest.data != NULL) {
            struct slice name = name_in(opsi->dataset.site, slice_cut(&rest, ' '), language, arena);
            opsi->parts[column][part] = dataset_column_by_name(opsi->cases, name);
            CHECK(opsi->parts[column][part] >= 0);
        }
    }
}

struct dataset *dataset_of_opsi(const struct dataset *cases, struct arena *arena)
{
    static const char *const labels[INTERFACE_LANGUAGES] = {"事例（OPSIの項目）",
                                                            "Cases by the fields of OPSI"};
    static const char *const about[INTERFACE_LANGUAGES] = {
        "事例を、OECDの公共部門イノベーション観測所（OPSI）の項目に並べ替えたものです。",
        "The cases by the fields of the OECD's Observatory of Public Sector Innovation (OPSI)."};
    struct opsi *opsi = ARENA_NEW(arena, struct opsi);
    ptrdiff_t most = (ptrdiff_t)OPSI_COLUMNS * cases->site->language_count;
    opsi->cases = cases;
    opsi->dataset = *cases;
    opsi->dataset.row = read_row;
    opsi->dataset.column_count = 0;
    opsi->dataset.columns = ARENA_ARRAY(arena, struct dataset_column, most);
    opsi->parts = arena_allocate(arena, sizeof(*opsi->parts), _Alignof(int), most);
    dataset_set_words(&opsi->dataset, labels, about);
    for (int i = 0; i < OPSI_COLUMNS; i++) {
        int first = opsi->dataset.column_count;
        dataset_add_column(&opsi->dataset, &columns[i].made, i, arena);
        for (int k = first; k < opsi->dataset.column_count; k++) {
            find_parts(opsi, k, columns[i].parts, opsi->dataset.columns[k].language, arena);
        }
    }
    return &opsi->dataset;
}
