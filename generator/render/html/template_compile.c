/* Checks a template against the vocabulary and makes the text that ctemplate gets. */
#include "template_compile.h"

#include "theme.h"

#include "template.h"
#include "template_scan.h"

#define SECTIONS_MOST 32
#define PARTS_MOST 12
#define SEPARATOR "_separator"

/* What is open at a place of a template. */
struct open_section {
    struct slice name;
    struct slice place; /* as written for ctemplate */
    struct span span;
    bool has_dictionary;
};

struct compiler {
    const struct site *site;
    int language;
    struct arena arena;
    struct buffer *out;
    struct diag *diag;
    enum dictionary_id dictionaries[TEMPLATE_DEPTH_MOST]; /* the nearest is the last */
    int depth;
    struct open_section sections[SECTIONS_MOST];
    int section_count;
    const struct theme_template
        *parts[PARTS_MOST]; /* being put in, for parts that put in themselves */
    int part_count;
    bool good;
};

static void compile_file(struct compiler *compiler, const struct theme_template *file);

static bool reports(struct compiler *compiler)
{
    compiler->good = false;
    return compiler->language == 0;
}

const struct theme_template *template_of_theme(const struct site *site, struct slice name)
{
    for (ptrdiff_t i = 0; i < site->theme.template_count; i++) {
        struct slice other = site->theme.templates[i].name;
        if (slice_ends_with(other, SLICE(".tpl"))) {
            other = slice_sub(other, 0, other.length - 4);
        }
        if (slice_equal(other, name)) {
            return &site->theme.templates[i];
        }
    }
    return NULL;
}

static struct slice lower_case(struct arena *arena, struct slice s)
{
    char *copy = arena_allocate(arena, 1, 1, s.length + 1);
    for (ptrdiff_t i = 0; i < s.length; i++) {
        char c = s.data[i];
        copy[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    return slice_make(copy, s.length);
}

/* ---- Names ---- */

static enum name_id find_name(const struct compiler *compiler, struct slice name, int *depth)
{
    for (int i = compiler->depth - 1; i >= 0; i--) {
        enum name_id found = vocabulary_find(compiler->dictionaries[i], name);
        if (found != NAME_COUNT) {
            *depth = compiler->depth - 1 - i;
            return found;
        }
    }
    return NAME_COUNT;
}

/* The name that comes nearest, or the empty slice. */
static struct slice nearest_name(const struct compiler *compiler, struct slice name)
{
    struct slice best = {0};
    int best_distance = 3;
    for (int i = compiler->depth - 1; i >= 0; i--) {
        enum dictionary_id id = compiler->dictionaries[i];
        for (int slot = 0; slot < vocabulary_count(id); slot++) {
            struct slice other =
                vocabulary_name_of(vocabulary_first(id) + (enum name_id)slot)->name;
            int distance = slice_distance(name, other, best_distance);
            if (distance < best_distance) {
                best_distance = distance;
                best = other;
            }
        }
    }
    return best;
}

static void report_unknown(struct compiler *compiler, struct span span, struct slice name)
{
    if (!reports(compiler)) {
        return;
    }
    enum dictionary_id nearest = compiler->dictionaries[compiler->depth - 1];
    struct slice other = nearest_name(compiler, name);
    struct report report = {
        .code = CODE_template_unknown_name,
        .span = span,
        .arguments = {name, vocabulary_dictionary_name(nearest)},
    };
    if (!slice_is_empty(other)) {
        report.help[INTERFACE_JAPANESE] = ARENA_JOIN(&compiler->arena, SLICE("「"), other,
                                                     SLICE("」の書き間違いではありませんか。"));
        report.help[INTERFACE_ENGLISH] =
            ARENA_JOIN(&compiler->arena, SLICE("did you mean "), other, SLICE("?"));
    }
    diag_add(compiler->diag, &report);
}

static void report(struct compiler *compiler, enum code code, struct span span,
                   struct slice argument)
{
    if (reports(compiler)) {
        DIAG(compiler->diag, code, span, argument);
    }
}

/* ---- Pieces ---- */

struct slice theme_string(const struct site *site, int language, struct slice key,
                          struct span place, struct diag *diag)
{
    const struct node *node = map_get(&site->theme.strings_by_key[language], key);
    if (node && node->kind == NODE_SCALAR && node->text.length > 0) {
        return node->text;
    }
    struct source *source = site->theme.string_sources[language];
    const struct node *meant = node == NULL ? theme_words_meant(site, language, key) : NULL;
    struct span span = meant != NULL  ? meant->key_span
                       : node != NULL ? node->key_span
                       : source       ? span_of_file(source)
                                      : place;
    struct report report = {
        .code = node == NULL ? CODE_string_missing : CODE_string_empty,
        .span = span,
        .arguments = {key, site->languages[language].tag,
                      meant != NULL ? meant->key : (struct slice){0}},
    };
    diag_add(diag, &report);
    return (struct slice){0};
}

/* Text of a language, safe in text and in attributes, and without anything that ctemplate could
 * take for a marker. */
static void put_string(struct compiler *compiler, struct slice name, struct span span)
{
    struct slice key = lower_case(&compiler->arena, slice_from(name, 2));
    struct slice text = theme_string(compiler->site, compiler->language, key, span, compiler->diag);
    if (slice_is_empty(text)) {
        compiler->good = false;
        return;
    }
    struct buffer escaped;
    buffer_init(&escaped);
    escape_html_attribute(&escaped, slice_trim(text));
    for (ptrdiff_t i = 0; i < escaped.length; i++) {
        if (escaped.data[i] == '{') {
            buffer_append_literal(compiler->out, "&#123;");
        } else {
            buffer_append_byte(compiler->out, escaped.data[i]);
        }
    }
    buffer_release(&escaped);
}

static void put_value(struct compiler *compiler, const struct mark *mark, struct span span)
{
    if (slice_starts_with(mark->name, SLICE("T_"))) {
        if (!slice_is_empty(mark->modifier)) {
            report(compiler, CODE_template_modifier_extra, span, mark->name);
        }
        put_string(compiler, mark->name, span);
        return;
    }
    int depth = 0;
    enum name_id id = find_name(compiler, mark->name, &depth);
    if (id == NAME_COUNT) {
        report_unknown(compiler, span, mark->name);
        return;
    }
    const struct vocabulary_name *name = vocabulary_name_of(id);
    if (name->kind != NAME_VALUE) {
        report(compiler, CODE_template_not_a_value, span, mark->name);
        return;
    }
    bool is_html = name->type == VALUE_HTML;
    if (is_html && !slice_equal(mark->modifier, SLICE("none"))) {
        report(compiler, CODE_template_modifier_missing, span, mark->name);
    }
    if (!is_html && !slice_is_empty(mark->modifier)) {
        report(compiler, CODE_template_modifier_extra, span, mark->name);
    }
    buffer_append_literal(compiler->out, "{{");
    template_place(compiler->out, depth, (int)id - (int)vocabulary_first(name->dictionary),
                   ASK_EACH);
    buffer_append(compiler->out, is_html ? SLICE(":none}}") : SLICE("}}"));
}

/* A section's name, which may have ANY_ or NO_ before it. */
static enum name_id find_section(const struct compiler *compiler, struct slice name, int *depth,
                                 enum template_question *question)
{
    *question = ASK_EACH;
    enum name_id id = find_name(compiler, name, depth);
    if (id == NAME_COUNT && slice_starts_with(name, SLICE("ANY_"))) {
        *question = ASK_ANY;
        id = find_name(compiler, slice_from(name, 4), depth);
    } else if (id == NAME_COUNT && slice_starts_with(name, SLICE("NO_"))) {
        *question = ASK_NONE;
        id = find_name(compiler, slice_from(name, 3), depth);
    }
    return id;
}

/* The place of a section's name, and whether its entries have dictionaries. False: unknown, or too
 * deep. */
static bool place_section(struct compiler *compiler, struct slice name, struct span span,
                          struct buffer *place, bool *has_dictionary)
{
    int depth = 0;
    enum template_question question;
    enum name_id id = find_section(compiler, name, &depth, &question);
    if (id == NAME_COUNT) {
        report_unknown(compiler, span, name);
        return false;
    }
    const struct vocabulary_name *entry = vocabulary_name_of(id);
    template_place(place, depth, (int)id - (int)vocabulary_first(entry->dictionary), question);
    *has_dictionary = entry->kind == NAME_SECTION && question == ASK_EACH;
    if (*has_dictionary && compiler->depth == TEMPLATE_DEPTH_MOST) {
        report(compiler, CODE_template_nesting, span, name);
        return false;
    }
    if (*has_dictionary) {
        compiler->dictionaries[compiler->depth++] = entry->child;
    }
    return true;
}

static bool resolve_section(struct compiler *compiler, struct slice name, struct span span,
                            struct open_section *section)
{
    struct buffer place;
    buffer_init(&place);
    int count = compiler->section_count;
    struct open_section *outer = count > 0 ? &compiler->sections[count - 1] : NULL;
    section->name = name;
    section->span = span;
    bool found = true;
    if (outer && slice_ends_with(name, SLICE(SEPARATOR)) &&
        slice_equal(slice_sub(name, 0, name.length - (ptrdiff_t)sizeof(SEPARATOR) + 1),
                    outer->name)) {
        buffer_append(&place, outer->place);
        buffer_append_literal(&place, SEPARATOR);
    } else {
        found = place_section(compiler, name, span, &place, &section->has_dictionary);
    }
    section->place = arena_copy(&compiler->arena, buffer_slice(&place));
    buffer_release(&place);
    return found;
}

/* False: what follows would only give findings that follow from this one. */
static bool open_section(struct compiler *compiler, const struct mark *mark, struct span span)
{
    if (compiler->section_count == SECTIONS_MOST) {
        report(compiler, CODE_template_nesting, span, mark->name);
        return false;
    }
    struct open_section section = {0};
    if (!resolve_section(compiler, mark->name, span, &section)) {
        return false;
    }
    compiler->sections[compiler->section_count++] = section;
    buffer_append_literal(compiler->out, "{{#");
    buffer_append(compiler->out, section.place);
    buffer_append_literal(compiler->out, "}}");
    return true;
}

static bool close_section(struct compiler *compiler, const struct mark *mark, struct span span,
                          int sections_before)
{
    if (compiler->section_count == sections_before) {
        report(compiler, CODE_template_not_open, span, mark->name);
        return false;
    }
    struct open_section *section = &compiler->sections[compiler->section_count - 1];
    if (!slice_equal(section->name, mark->name)) {
        if (reports(compiler)) {
            diag_add(compiler->diag, &(struct report){
                                         .code = CODE_template_unbalanced,
                                         .span = span,
                                         .arguments = {mark->name, section->name},
                                         .note_count = 1,
                                         .notes = {{.code = CODE_see_template_opened,
                                                    .span = section->span,
                                                    .arguments = {section->name}}},
                                     });
        }
        return false;
    }
    compiler->section_count--;
    if (section->has_dictionary) {
        compiler->depth--;
    }
    buffer_append_literal(compiler->out, "{{/");
    buffer_append(compiler->out, section->place);
    buffer_append_literal(compiler->out, "}}");
    return true;
}

/* A slip in the name stands where the part is put in; a file that is gone, where it should be, with
 * the first place that wants it. */
static void report_missing_part(struct compiler *compiler, struct slice name, struct span span)
{
    const struct theme *theme = &compiler->site->theme;
    compiler->good = false;
    for (ptrdiff_t i = 0; i < theme->template_count; i++) {
        int distance = slice_distance(name, theme->templates[i].name, 2);
        if (distance <= 2 && (ptrdiff_t)distance * 2 < name.length) {
            report(compiler, CODE_template_part_missing, span, name);
            return;
        }
    }
    struct slice path = ARENA_JOIN(&compiler->arena, SLICE("themes/"), theme->name,
                                   SLICE("/templates/"), name, SLICE(".tpl"));
    if (!reports(compiler) || diag_errors_of_file(compiler->diag, path) > 0) {
        return; /* refused, or reported */
    }
    struct source *source = source_new(path, SLICE(""), NULL, NULL);
    diag_add(compiler->diag,
             &(struct report){.code = CODE_template_part_missing,
                              .span = span_of_file(source),
                              .arguments = {name},
                              .note_count = 1,
                              .notes = {{.code = CODE_see_part_used, .span = span}}});
    source_free(source);
}

static void put_part(struct compiler *compiler, const struct mark *mark, struct span span)
{
    const struct theme_template *part =
        template_of_theme(compiler->site, lower_case(&compiler->arena, mark->name));
    if (!part) {
        struct slice name = lower_case(&compiler->arena, mark->name);
        report_missing_part(compiler, name, span);
        return;
    }
    for (int i = 0; i < compiler->part_count; i++) {
        if (compiler->parts[i] == part) {
            report(compiler, CODE_template_nesting, span, mark->name);
            return;
        }
    }
    if (compiler->part_count == PARTS_MOST) {
        report(compiler, CODE_template_nesting, span, mark->name);
        return;
    }
    compile_file(compiler, part);
}

/* Text without the indentation of its lines; a line that was empty or held one marker leaves
 * nothing. */
static void put_text(struct buffer *out, struct slice text, bool at_line_start, bool drop_line_end)
{
    bool starts_line = at_line_start;
    for (ptrdiff_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (drop_line_end && (c == ' ' || c == '\t' || c == '\r' || c == '\n')) {
            drop_line_end = c != '\n';
            starts_line = true;
        } else if (starts_line && (c == ' ' || c == '\t' || c == '\r' || c == '\n')) {
            continue;
        } else {
            drop_line_end = false;
            starts_line = c == '\n';
            buffer_append_byte(out, c);
        }
    }
}

/* ---- Files ---- */

static bool put_mark(struct compiler *compiler, struct source *source, const struct mark *mark,
                     int sections_before)
{
    struct span span = span_make(source, mark->start, mark->end);
    switch (mark->kind) {
    case MARK_VALUE:
        put_value(compiler, mark, span);
        return true;
    case MARK_OPEN:
        return open_section(compiler, mark, span);
    case MARK_CLOSE:
        return close_section(compiler, mark, span, sections_before);
    case MARK_PART:
        put_part(compiler, mark, span);
        return true;
    case MARK_TEXT:
    case MARK_COMMENT:
    case MARK_AUTOESCAPE:
        break;
    }
    return true;
}

static void compile_marks(struct compiler *compiler, struct source *source,
                          const struct marks *marks)
{
    int sections_before = compiler->section_count;
    int depth_before = compiler->depth;
    bool going = true;
    bool after_lone_marker = false;
    bool at_line_start = true;
    for (ptrdiff_t i = 0; going && i < marks->length; i++) {
        const struct mark *mark = &marks->data[i];
        if (mark->kind == MARK_TEXT) {
            struct slice text = slice_sub(source_text(source), mark->start, mark->end);
            put_text(compiler->out, text, at_line_start, after_lone_marker);
            after_lone_marker = false;
            at_line_start = false;
        } else {
            going = put_mark(compiler, source, mark, sections_before);
            after_lone_marker = mark->is_alone;
            at_line_start = mark->is_alone;
        }
    }
    if (going && compiler->section_count > sections_before) {
        struct open_section *section = &compiler->sections[compiler->section_count - 1];
        report(compiler, CODE_template_never_closed, section->span, section->name);
    }
    compiler->section_count = sections_before;
    compiler->depth = depth_before;
}

static void compile_file(struct compiler *compiler, const struct theme_template *file)
{
    struct marks marks = {0};
    struct diag *scan_diag = compiler->language == 0 ? compiler->diag : NULL;
    struct diag *silent = scan_diag ? NULL : diag_new(0);
    bool scanned =
        template_scan(file->source, &marks, &compiler->arena, scan_diag ? scan_diag : silent);
    diag_free(silent);
    compiler->good = compiler->good && scanned;
    if (marks.is_cut) {
        return;
    }
    if (marks.length == 0 || marks.data[0].kind != MARK_AUTOESCAPE) {
        report(compiler, CODE_template_no_autoescape, span_of_file(file->source), file->name);
    }
    compiler->parts[compiler->part_count++] = file;
    compile_marks(compiler, file->source, &marks);
    compiler->part_count--;
}

bool template_compile(const struct site *site, struct slice name, int language,
                      enum dictionary_id around, enum dictionary_id id, struct buffer *out,
                      struct diag *diag)
{
    struct compiler compiler = {
        .site = site, .language = language, .out = out, .diag = diag, .good = true};
    arena_init(&compiler.arena, ARENA_DEFAULT_LIMIT);
    if (around != DICTIONARY_COUNT) {
        compiler.dictionaries[compiler.depth++] = around;
    }
    compiler.dictionaries[compiler.depth++] = id;
    const struct theme_template *file = template_of_theme(site, name);
    if (file) {
        buffer_append_literal(out, "{{%AUTOESCAPE context=\"HTML\"}}");
        compile_file(&compiler, file);
    } else if (reports(&compiler) && site->theme.template_count == 0) {
        struct slice folder =
            ARENA_JOIN(&compiler.arena, SLICE("themes/"), site->theme.name, SLICE("/templates"));
        DIAG_MISSING(diag, CODE_template_none, folder, site->theme.name);
    } else if (reports(&compiler)) {
        struct slice path = ARENA_JOIN(&compiler.arena, SLICE("themes/"), site->theme.name,
                                       SLICE("/templates/"), name, SLICE(".tpl"));
        if (diag_errors_of_file(diag, path) == 0) {
            DIAG_MISSING(diag, CODE_template_missing, path, name, site->theme.name);
        }
    }
    arena_release(&compiler.arena);
    return compiler.good;
}
