#include "registers.h"

/* Findings about descriptors and cells. Their words differ by language (整数 is a whole number), so
 * the texts of the table of findings are filled in here, language by language. */

struct wording wording_of(struct slice s)
{
    return (struct wording){{s, s}};
}

static void fill_texts(struct report *report, const struct wording *arguments, struct arena *arena)
{
    const struct code_info *info = code_info(report->code);
    for (int i = 0; i < INTERFACE_LANGUAGES; i++) {
        struct slice words[REPORT_ARGUMENTS];
        for (int k = 0; k < REPORT_ARGUMENTS; k++) {
            words[k] = arguments[k].in[i];
        }
        report->message[i] = finding_text(arena, info->message[i], words);
        report->help[i] = finding_text(arena, info->help[i], words);
    }
}

void descriptor_report(struct diag *diag, enum code code, struct span span,
                       const struct wording *arguments, int count)
{
    struct wording all[REPORT_ARGUMENTS] = {0};
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (int i = 0; i < count; i++) {
        all[i] = arguments[i];
    }
    struct report report = {.code = code, .span = span};
    fill_texts(&report, all, &arena);
    diag_add(diag, &report);
    arena_release(&arena);
}

void cell_report(struct diag *diag, const struct cell_report *cell)
{
    const struct table *table = cell->place.table;
    struct arena arena;
    arena_init(&arena, 64 << 20);
    struct report report = {.code = cell->code,
                            .resource = table->name,
                            .row_number = cell->place.row_number,
                            .field_number = cell->field + 1,
                            .note_count = cell->note_count};
    report.span = cell->field >= 0 ? csv_field_span(table->source, &table->dialect,
                                                    cell->place.start, cell->place.end, cell->field)
                                   : span_make(table->source, cell->place.start, cell->place.end);
    for (int i = 0; i < cell->note_count; i++) {
        report.notes[i] = cell->notes[i];
    }
    fill_texts(&report, cell->arguments, &arena);
    diag_add(diag, &report);
    arena_release(&arena);
}

enum { SHOWN_MOST = 60 };

struct wording cell_shown(const struct column *column, struct slice value, struct arena *arena)
{
    if (column != NULL && column->is_private) {
        return (struct wording){{SLICE("（非公開の値）"), SLICE("(a private value)")}};
    }
    if (utf8_count(value) <= SHOWN_MOST) {
        return wording_of(value);
    }
    struct slice start = slice_sub(value, 0, utf8_offset(value, SHOWN_MOST));
    return wording_of(ARENA_JOIN(arena, start, SLICE("…")));
}

struct wording era_words(struct slice text, struct arena *arena)
{
    struct date date = {0};
    (void)date_parse(text, &date);
    struct slice right = date_in_era(arena, date);
    if (right.length == 0) {
        return wording_of(SLICE(""));
    }
    return (struct wording){{ARENA_JOIN(arena, SLICE("正しい元号では「"), right, SLICE("」です。")),
                             ARENA_JOIN(arena, SLICE(", or "), right, SLICE(" by the right era"))}};
}
