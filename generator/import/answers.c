#include "import.h"

/* What a person has decided: options of the command line, then the rows of a file of answers, which
 * import writes as a template: kind, subject, detail, answer, and a hint that nobody reads back. */

struct slice answer_kind_name(enum answer_kind kind)
{
    static const char *const names[ANSWER_KINDS] = {"column", "constant", "fill",
                                                    "row",    "key",      "value"};
    return slice_of(names[kind]);
}

static void add(struct import *import, const struct answer *answer)
{
    struct answers *answers = &import->answers;
    vector_grow(import->arena, (void **)&answers->list, answers->count, &answers->capacity,
                (ptrdiff_t)sizeof(*answers->list), answers->count + 1);
    answers->list[answers->count++] = *answer;
}

struct answer_columns {
    struct import *import;
    struct source *source;
    struct csv_dialect dialect;
    ptrdiff_t kind, subject, detail, answer; /* fields; -1: not there */
    bool has_header;
};

static struct slice field_of(const struct csv_row *row, ptrdiff_t field)
{
    return field >= 0 && field < row->field_count ? row->fields[field] : SLICE("");
}

static bool read_header(struct answer_columns *columns, const struct csv_row *row)
{
    static const char *const names[] = {"kind", "subject", "detail", "answer"};
    ptrdiff_t *const places[] = {&columns->kind, &columns->subject, &columns->detail,
                                 &columns->answer};
    for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
        *places[n] = -1;
        for (ptrdiff_t i = 0; i < row->field_count; i++) {
            *places[n] =
                slice_equal(slice_trim(row->fields[i]), slice_of(names[n])) ? i : *places[n];
        }
    }
    columns->has_header = true;
    if (columns->kind < 0 || columns->subject < 0 || columns->answer < 0) {
        DIAG(columns->import->diag, CODE_import_answers_header,
             span_make(columns->source, row->start, row->end), SLICE(""));
        return false;
    }
    return true;
}

static bool read_answer(void *context, const struct csv_row *row)
{
    struct answer_columns *columns = context;
    struct import *import = columns->import;
    if (row->is_blank) {
        return true;
    }
    if (!columns->has_header) {
        return read_header(columns, row);
    }
    struct slice name = slice_trim(field_of(row, columns->kind));
    struct slice text = slice_trim_wide(field_of(row, columns->answer));
    if (name.length == 0 || text.length == 0) {
        return true; /* not answered yet */
    }
    struct span span =
        csv_field_span(columns->source, &columns->dialect, row->start, row->end, columns->answer);
    for (int kind = 0; kind < ANSWER_KINDS; kind++) {
        if (slice_equal(answer_kind_name((enum answer_kind)kind), name)) {
            add(import, &(struct answer){
                            .kind = (enum answer_kind)kind,
                            .subject = arena_copy(import->arena,
                                                  slice_trim_wide(field_of(row, columns->subject))),
                            .detail = arena_copy(import->arena, field_of(row, columns->detail)),
                            .text = arena_copy(import->arena, text),
                            .span = span});
            return true;
        }
    }
    DIAG(import->diag, CODE_import_answer_kind,
         csv_field_span(columns->source, &columns->dialect, row->start, row->end, columns->kind),
         arena_copy(import->arena, name));
    return true;
}

void answers_read(struct import *import)
{
    const struct import_options *options = import->options;
    for (ptrdiff_t i = 0; i < options->spoken_count; i++) {
        add(import, &options->spoken[i]);
    }
    if (options->answers.length == 0) {
        return;
    }
    struct answer_columns columns = {.import = import};
    struct decoding decoding;
    columns.source =
        tree_read_table(&import->tree, options->answers, NULL, &decoding, import->diag);
    import->answers.source = columns.source;
    if (columns.source == NULL) {
        return;
    }
    report_uncertain(import->diag, columns.source, &decoding);
    csv_dialect_default(&columns.dialect);
    (void)csv_read(columns.source, &columns.dialect, read_answer, &columns, import->diag);
}

const struct answer *answers_find(struct import *import, enum answer_kind kind,
                                  struct slice subject, struct slice detail)
{
    for (ptrdiff_t i = 0; i < import->answers.count; i++) {
        struct answer *answer = &import->answers.list[i];
        if (answer->kind == kind && slice_equal(answer->subject, subject) &&
            (kind != ANSWER_VALUE || slice_equal(answer->detail, detail))) {
            answer->is_used = true;
            return answer;
        }
    }
    return NULL;
}

void answers_ask(struct import *import, enum answer_kind kind, struct slice subject,
                 struct slice detail, struct slice hint)
{
    *VECTOR_PUSH(import->arena, &import->questions) =
        (struct question){.kind = kind, .subject = subject, .detail = detail, .hint = hint};
}

void answers_check_used(const struct import *import, bool is_whole)
{
    for (ptrdiff_t i = 0; i < import->answers.count; i++) {
        const struct answer *answer = &import->answers.list[i];
        bool is_about_columns = answer->kind == ANSWER_COLUMN || answer->kind == ANSWER_CONSTANT ||
                                answer->kind == ANSWER_FILL;
        if (!answer->is_used && (is_whole || is_about_columns)) {
            DIAG(import->diag, CODE_import_answer_unused, answer->span,
                 answer_kind_name(answer->kind), answer->subject, import->options->file);
        }
    }
}
