/* What stands beside the table in an archive: a readme in each language, and the licence. */
#include "about.h"
#include "forms.h"

enum text {
    TEXT_ABOUT,
    TEXT_FILES,
    TEXT_FILE_CSV,
    TEXT_FILE_PACKAGE,
    TEXT_FILE_LICENCE,
    TEXT_FILE_CITATION,
    TEXT_FILE_QUALITY,
    TEXT_FILE_SUMS,
    TEXT_COLUMNS,
    TEXT_COLUMN_NAME,
    TEXT_COLUMN_LABEL,
    TEXT_COLUMN_TYPE,
    TEXT_COLUMN_UNIT,
    TEXT_COLUMN_CODES,
    TEXT_COLUMN_MEANING,
    TEXT_EMPTY,
    TEXT_LIST,
    TEXTS
};

static const char *const texts[TEXTS][INTERFACE_LANGUAGES] = {
    [TEXT_ABOUT] = {"このデータについて", "About this data"},
    [TEXT_FILES] = {"ファイル", "Files"},
    [TEXT_FILE_CSV] =
        {"データ本体。文字コードは UTF-8（BOM なし）、改行は CRLF、区切りはカンマ",
         "the data: UTF-8 without a byte order mark, lines ended by CRLF, separated by commas"},
    [TEXT_FILE_PACKAGE] = {"列の型と意味の記述（Data Package 2.0）",
                           "types and meaning of the columns (Data Package 2.0)"},
    [TEXT_FILE_LICENCE] = {"利用条件", "the licence"},
    [TEXT_FILE_CITATION] = {"引用の書き方（Citation File Format）",
                            "how to cite (Citation File Format)"},
    [TEXT_FILE_QUALITY] = {"点検の結果", "what checking found"},
    [TEXT_FILE_SUMS] = {"各ファイルの SHA-256", "SHA-256 of each file"},
    [TEXT_COLUMNS] = {"列", "Columns"},
    [TEXT_COLUMN_NAME] = {"列名", "Name"},
    [TEXT_COLUMN_LABEL] = {"項目", "Label"},
    [TEXT_COLUMN_TYPE] = {"型", "Type"},
    [TEXT_COLUMN_UNIT] = {"単位", "Unit"},
    [TEXT_COLUMN_CODES] = {"コード一覧", "Code list"},
    [TEXT_COLUMN_MEANING] = {"説明", "Meaning"},
    [TEXT_EMPTY] =
        {"空のセルは、値がないか、資料に記載がないことを示します。日付は ISO 8601（FY2015 は2015年度）です。",
         "An empty cell has no value, or the sources do not state it. Dates are ISO 8601; "
         "FY2015 is the fiscal year from April 2015."},
    [TEXT_LIST] = {"型が list の列は、セルの中に「;」で区切った複数の値を持ちます。",
                   "A column of type list holds several values in a cell, separated by \";\"."},
};

struct readme {
    const struct site *site;
    const struct dataset *dataset;
    int language;
    enum interface_language interface;
    struct buffer *out;
};

static void put(const struct readme *readme, enum text text)
{
    buffer_append(readme->out, slice_of(texts[text][readme->interface]));
}

/* A cell of a Markdown table: on one line, with its bars escaped. */
static void put_cell(const struct readme *readme, struct slice text)
{
    buffer_append_literal(readme->out, "| ");
    for (ptrdiff_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == '|' || c == '\\') {
            buffer_append_byte(readme->out, '\\');
        }
        buffer_append_byte(readme->out, c == '\n' || c == '\r' ? ' ' : c);
    }
    buffer_append_byte(readme->out, ' ');
}

static void put_line(const struct readme *readme, struct slice label, struct slice value)
{
    if (value.length == 0) {
        return;
    }
    buffer_append_literal(readme->out, "- ");
    buffer_append(readme->out, label);
    buffer_append_literal(readme->out, ": ");
    buffer_append(readme->out, value);
    buffer_append_byte(readme->out, '\n');
}

static void put_file(const struct readme *readme, struct slice name, enum text about)
{
    buffer_append_literal(readme->out, "- `");
    buffer_append(readme->out, name);
    buffer_append_literal(readme->out, "`: ");
    put(readme, about);
    buffer_append_byte(readme->out, '\n');
}

static void put_heading(const struct readme *readme, enum text text)
{
    buffer_append_literal(readme->out, "\n## ");
    put(readme, text);
    buffer_append_literal(readme->out, "\n\n");
}

static void put_columns(const struct readme *readme)
{
    static const enum text heads[] = {TEXT_COLUMN_NAME, TEXT_COLUMN_LABEL, TEXT_COLUMN_TYPE,
                                      TEXT_COLUMN_UNIT, TEXT_COLUMN_CODES, TEXT_COLUMN_MEANING};
    enum { HEADS = sizeof(heads) / sizeof(heads[0]) };
    put_heading(readme, TEXT_COLUMNS);
    for (int i = 0; i < HEADS; i++) {
        put_cell(readme, slice_of(texts[heads[i]][readme->interface]));
    }
    buffer_append_literal(readme->out, "|\n");
    for (int i = 0; i < HEADS; i++) {
        buffer_append_literal(readme->out, "| --- ");
    }
    buffer_append_literal(readme->out, "|\n");
    for (int i = 0; i < readme->dataset->column_count; i++) {
        const struct dataset_column *column = &readme->dataset->columns[i];
        put_cell(readme, column->name);
        put_cell(readme, column->labels[readme->language]);
        put_cell(readme, dataset_type_name(column->type));
        put_cell(readme, column->unit[readme->language]);
        put_cell(readme, column->codelist != NULL ? column->codelist->name : SLICE(""));
        put_cell(readme, column->descriptions[readme->language]);
        buffer_append_literal(readme->out, "|\n");
    }
    buffer_append_byte(readme->out, '\n');
    put(readme, TEXT_EMPTY);
    buffer_append_byte(readme->out, '\n');
    put(readme, TEXT_LIST);
    buffer_append_byte(readme->out, '\n');
}

void readme_write(const struct render *render, const struct dataset *dataset, int language,
                  struct buffer *out)
{
    const struct site *site = render->site;
    struct readme readme = {.site = site,
                            .dataset = dataset,
                            .language = language,
                            .interface = site_interface_language(site, language),
                            .out = out};
    struct arena scratch;
    arena_init(&scratch, 1 << 20);
    buffer_append_literal(out, "# ");
    buffer_append(out, dataset->labels[language]);
    buffer_append_literal(out, "\n\n");
    if (dataset->descriptions[language].length > 0) {
        buffer_append(out, dataset->descriptions[language]);
        buffer_append_byte(out, '\n');
    }
    put_heading(&readme, TEXT_ABOUT);
    ptrdiff_t count;
    const struct about_line *lines = about_lines(dataset, &count, &scratch);
    for (ptrdiff_t i = 0; i < count; i++) {
        if (slice_equal(lines[i].item, SLICE("title")) ||
            slice_equal(lines[i].item, SLICE("description"))) {
            continue; /* they stand above */
        }
        put_line(&readme, lines[i].label[readme.interface], lines[i].value[language]);
    }
    put_heading(&readme, TEXT_FILES);
    put_file(&readme, ARENA_JOIN(&scratch, dataset->name, SLICE(".csv")), TEXT_FILE_CSV);
    put_file(&readme, SLICE("datapackage.json"), TEXT_FILE_PACKAGE);
    put_file(&readme, SLICE("LICENSE"), TEXT_FILE_LICENCE);
    put_file(&readme, SLICE("CITATION.cff"), TEXT_FILE_CITATION);
    put_file(&readme, SLICE("quality.json"), TEXT_FILE_QUALITY);
    put_file(&readme, SLICE("SHA256SUMS"), TEXT_FILE_SUMS);
    put_columns(&readme);
    arena_release(&scratch);
}

void licence_write(const struct site *site, struct buffer *out)
{
    const struct record *licence = record_group(site->config, FIELD_site_licence);
    buffer_append(out, record_text(licence, FIELD_licence_id));
    buffer_append_byte(out, '\n');
    buffer_append(out, record_text(licence, FIELD_licence_url));
    buffer_append_byte(out, '\n');
    for (int i = 0; i < site->language_count; i++) {
        buffer_append_byte(out, '\n');
        buffer_append(out, record_word(licence, FIELD_licence_name, i, NULL));
        buffer_append_byte(out, '\n');
        struct slice attribution = record_word(licence, FIELD_licence_attribution, i, NULL);
        if (attribution.length > 0) {
            buffer_append(out, attribution);
            buffer_append_byte(out, '\n');
        }
    }
}
