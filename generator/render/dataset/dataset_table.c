/* A register or code list as a dataset: its public columns, and the source's own text where it
 * differs (ruling 5). */
#include "dataset.h"

static bool has_originals(const struct table *table, int column)
{
    for (ptrdiff_t i = 0; i < table->original_count; i++) {
        if (table->originals[i].column == column) {
            return true;
        }
    }
    return false;
}

/* The text that was written in the source where it is another than the value; else none. */
static struct slice original_of(const struct table *table, ptrdiff_t row, int column)
{
    ptrdiff_t low = 0;
    ptrdiff_t high = table->original_count;
    while (low < high) {
        ptrdiff_t middle = low + (high - low) / 2;
        const struct original_cell *cell = &table->originals[middle];
        if (cell->row == row && cell->column == column) {
            return cell->text;
        }
        if (cell->row < row || (cell->row == row && cell->column < column)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return (struct slice){0};
}

static void read_row(const struct dataset *dataset, ptrdiff_t row, struct arena *scratch,
                     struct slice *cells)
{
    (void)scratch;
    const struct table *table = dataset->table;
    CHECK(row >= 0 && row < table->row_count);
    for (int i = 0; i < dataset->column_count; i++) {
        const struct dataset_column *column = &dataset->columns[i];
        const struct slice *of_column = table->columns[column->index].cells;
        if (column->is_original) {
            cells[i] = original_of(table, row, column->index);
        } else {
            cells[i] = of_column != NULL ? of_column[row] : (struct slice){0};
        }
    }
}

static void add_original(struct dataset *dataset, const struct site *site,
                         const struct dataset_column *of, struct arena *arena)
{
    struct dataset_column *column = &dataset->columns[dataset->column_count++];
    *column = (struct dataset_column){.name = ARENA_JOIN(arena, of->name, SLICE("_original")),
                                      .type = COLUMN_STRING,
                                      .is_original = true,
                                      .of = of->of,
                                      .index = of->index,
                                      .language = of->language};
    column->json_key = json_key_text(column->name, arena);
    for (int i = 0; i < site->language_count; i++) {
        bool is_japanese = site_interface_language(site, i) == INTERFACE_JAPANESE;
        column->labels[i] = ARENA_JOIN(
            arena, of->labels[i], is_japanese ? SLICE("（元の書き方）") : SLICE(" (as written)"));
        column->descriptions[i] =
            is_japanese
                ? ARENA_JOIN(arena, SLICE("列「"), of->name,
                             SLICE("」の、もとの資料での書き方です。値と同じときは空です。"))
                : ARENA_JOIN(arena, SLICE("The text of the source for the column "), of->name,
                             SLICE("."));
    }
}

static void add_column(struct dataset *dataset, const struct site *site, const struct table *table,
                       int index, struct arena *arena)
{
    const struct column *of = &table->columns[index];
    struct dataset_column *column = &dataset->columns[dataset->column_count++];
    *column = (struct dataset_column){.name = of->name,
                                      .json_key = json_key_text(of->name, arena),
                                      .type = of->type,
                                      .codelist = of->codelist,
                                      .delimiter = of->delimiter,
                                      .is_required = of->is_required,
                                      .of = of,
                                      .index = index,
                                      .language = of->language};
    for (int i = 0; i < site->language_count; i++) {
        column->labels[i] = of->labels[i];
        column->descriptions[i] = of->descriptions[i];
        column->unit[i] = of->unit[i];
    }
    if (has_originals(table, index)) {
        add_original(dataset, site, column, arena);
    }
}

struct dataset *dataset_of_table(const struct site *site, const struct table *table,
                                 struct arena *arena)
{
    struct dataset *dataset = ARENA_NEW(arena, struct dataset);
    *dataset = (struct dataset){.name = table->name,
                                .site = site,
                                .table = table,
                                .updated = table->updated,
                                .row_count = table->row_count,
                                .row = read_row};
    for (int i = 0; i < site->language_count; i++) {
        dataset->labels[i] = table->labels[i];
        dataset->descriptions[i] = table->descriptions[i];
    }
    dataset->columns = ARENA_ARRAY(arena, struct dataset_column, table->column_count * 2 + 1);
    for (int i = 0; i < table->column_count; i++) {
        if (!table->columns[i].is_private) {
            add_column(dataset, site, table, i, arena);
        }
    }
    return dataset;
}
