#include "snippets.h"

/* Groups in groups go no deeper than this in one snippet; fields.def needs two. */
enum { NESTING_MOST = 3 };

struct snippets {
    const struct site *site;
    enum interface_language language;
    int site_language; /* of labels of codes */
    struct json_writer *json;
    bool shapes[SHAPE_COUNT]; /* groups that occur in this kind of item */
    struct slice include;     /* glob of the files of this kind */
};

/* The text of one snippet, whose lines become strings of its body. */
struct body {
    const struct snippets *snippets;
    struct buffer text;
    int stops; /* places that Tab goes to */
};

static struct slice in_words(const struct snippets *snippets, const char *ja, const char *en)
{
    return slice_of(snippets->language == INTERFACE_JAPANESE ? ja : en);
}

/* ---- Choices ---- */

/* A choice ends at a comma or a bar, and a snippet's own signs are `$`, `}` and `\`. */
static void append_choice_text(struct buffer *out, struct slice text)
{
    for (ptrdiff_t i = 0; i < text.length; i++) {
        if (slice_find_byte(SLICE(",|\\$}"), text.data[i], 0) >= 0) {
            buffer_append_byte(out, '\\');
        }
        buffer_append_byte(out, text.data[i]);
    }
}

/* Without quotation marks YAML would read a number or a truth. */
static bool needs_quotes(struct slice code)
{
    static const struct slice words[] = {{"true", 4}, {"false", 5}, {"yes", 3}, {"no", 2},
                                         {"on", 2},   {"off", 3},   {"null", 4}};
    bool needs = code.length == 0 || !(code.data[0] >= 'a' && code.data[0] <= 'z');
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        needs = needs || slice_equal(code, words[i]);
    }
    return needs;
}

/* `code # label`: the label is a comment for whoever reads the file later. */
static void append_choice(struct body *body, bool is_first, struct slice code, struct slice label)
{
    struct buffer *out = &body->text;
    buffer_append(out, is_first ? SLICE("") : SLICE(","));
    buffer_append(out, needs_quotes(code) ? SLICE("\"") : SLICE(""));
    append_choice_text(out, code);
    buffer_append(out, needs_quotes(code) ? SLICE("\"") : SLICE(""));
    buffer_append_literal(out, " # ");
    append_choice_text(out, label);
}

static void append_codes(struct body *body, const struct codelist *list)
{
    for (ptrdiff_t i = 0; i < list->count; i++) {
        append_choice(body, i == 0, list->codes[i].code,
                      code_label(&list->codes[i], body->snippets->site_language));
    }
}

static void append_frameworks(struct body *body)
{
    const struct site *site = body->snippets->site;
    for (ptrdiff_t i = 0; i < site->framework_count; i++) {
        const struct framework *framework = &site->frameworks[i];
        append_choice(body, i == 0, framework->id,
                      record_word(framework->record, FIELD_framework_title,
                                  body->snippets->site_language, NULL));
    }
}

static void append_field_names(struct body *body, enum shape_id shape)
{
    int first;
    int end;
    shape_fields(shape, &first, &end);
    for (int i = first; i < end; i++) {
        const struct field_info *info = field_info((enum field_id)i);
        if (info->type != FIELD_TYPE_HASHES) {
            append_choice(body, i == first, info->key, info->label[body->snippets->language]);
        }
    }
}

/* ---- Values ---- */

/* Something to choose from stands behind the field. */
static bool has_choices(const struct body *body, enum field_id field)
{
    const struct field_info *info = field_info(field);
    const struct site *site = body->snippets->site;
    struct slice target = slice_of(info->target);
    const struct codelist *list =
        info->type == FIELD_TYPE_CODE ? site_codelist(site, target) : NULL;
    return info->type == FIELD_TYPE_BOOLEAN || (list != NULL && list->count > 0) ||
           (info->type == FIELD_TYPE_REFERENCE &&
            (slice_equal(target, SLICE("field")) ||
             (slice_equal(target, SLICE("framework")) && site->framework_count > 0)));
}

static void append_choices(struct body *body, enum field_id field)
{
    const struct field_info *info = field_info(field);
    struct slice target = slice_of(info->target);
    if (info->type == FIELD_TYPE_BOOLEAN) {
        buffer_append_literal(&body->text, "true,false");
    } else if (info->type == FIELD_TYPE_CODE) {
        append_codes(body, site_codelist(body->snippets->site, target));
    } else if (slice_equal(target, SLICE("framework"))) {
        append_frameworks(body);
    } else {
        append_field_names(body, info->shape);
    }
}

/* `is_asked`: somebody typed its key, or it must be stated. Otherwise the first choice is a blank
 * and no date stands there, lest Tab leave behind what nobody said. */
static void append_value(struct body *body, enum field_id field, bool is_asked)
{
    int stop = ++body->stops;
    if (has_choices(body, field)) {
        buffer_append_format(&body->text, "${%d|", stop);
        buffer_append(&body->text, is_asked ? SLICE("") : SLICE(" ,"));
        append_choices(body, field);
        buffer_append_literal(&body->text, "|}");
    } else if (is_asked && field_info(field)->type == FIELD_TYPE_DATE) {
        buffer_append_format(&body->text, "${%d:$CURRENT_YEAR-$CURRENT_MONTH-$CURRENT_DATE}", stop);
    } else {
        buffer_append_format(&body->text, "$%d", stop);
    }
}

static bool is_needed(enum field_id field)
{
    return (field_info(field)->flags & (FIELD_KEY | FIELD_REQUIRED)) != 0;
}

static void append_field(struct body *body, enum field_id field, int indent, int depth);

/* What an entry must state, and of what it may the first few that are no groups. Behind `- ` when
 * `is_entry`. */
static void append_group(struct body *body, enum shape_id shape, bool is_entry, int indent,
                         int depth)
{
    enum { LINES_LEAST = 4 };
    int first;
    int end;
    int others = LINES_LEAST;
    const char *dash = is_entry ? "- " : "";
    shape_fields(shape, &first, &end);
    for (int i = first; i < end; i++) {
        others -= is_needed((enum field_id)i) ? 1 : 0;
    }
    for (int i = first; i < end; i++) {
        enum field_id field = (enum field_id)i;
        bool is_group = field_info(field)->type == FIELD_TYPE_GROUP;
        if (is_needed(field) ? is_group && depth == NESTING_MOST : is_group || others-- <= 0) {
            continue;
        }
        buffer_append(&body->text, body->text.length > 0 ? SLICE("\n") : SLICE(""));
        buffer_append_repeated(&body->text, ' ', indent);
        buffer_append(&body->text, slice_of(dash));
        append_field(body, field, is_entry ? indent + 2 : indent, depth);
        dash = is_entry ? "  " : "";
    }
}

/* `key: value` and what belongs to it on the next lines; the caller has indented the first. */
static void append_field(struct body *body, enum field_id field, int indent, int depth)
{
    const struct field_info *info = field_info(field);
    bool is_many = (info->flags & FIELD_MANY) != 0;
    buffer_append(&body->text, info->key);
    buffer_append_byte(&body->text, ':');
    if (info->type == FIELD_TYPE_GROUP) {
        append_group(body, field_group_shape(field), is_many, indent + 2, depth + 1);
        return;
    }
    bool is_asked = depth == 0 || is_needed(field);
    if (is_many && !is_asked) {
        buffer_append_format(&body->text, " [$%d]", ++body->stops);
        return;
    }
    if (is_many) { /* an entry a line, for the comment behind a code */
        buffer_append_byte(&body->text, '\n');
        buffer_append_repeated(&body->text, ' ', indent + 2);
        buffer_append_byte(&body->text, '-');
    }
    buffer_append_byte(&body->text, ' ');
    append_value(body, field, is_asked);
}

/* ---- Snippets ---- */

static void write_body(struct json_writer *json, struct slice text)
{
    json_key(json, SLICE("body"));
    json_array_begin(json);
    while (text.length > 0) {
        json_write_string(json, slice_cut(&text, '\n'));
    }
    json_array_end(json);
}

/* `name` is what VS Code calls it, `prefix` what one types. */
static void write_snippet(const struct snippets *snippets, struct slice name, struct slice prefix,
                          struct slice text, struct slice description)
{
    struct json_writer *json = snippets->json;
    json_key(json, name);
    json_object_begin(json);
    json_member(json, "scope", SLICE("yaml"));
    json_key(json, SLICE("include"));
    json_array_begin(json);
    json_write_string(json, snippets->include);
    json_array_end(json);
    json_member(json, "prefix", prefix);
    write_body(json, text);
    json_member(json, "description", description);
    json_object_end(json);
}

/* `主体・役割（必ず）。about` / `Actor: Role (required). about` */
static void append_description(const struct snippets *snippets, enum field_id field,
                               struct buffer *out)
{
    const struct field_info *info = field_info(field);
    struct slice about = info->about[snippets->language];
    buffer_append(out, shape_label(info->shape, snippets->language));
    buffer_append(out, in_words(snippets, "・", ": "));
    buffer_append(out, info->label[snippets->language]);
    if ((info->flags & FIELD_REQUIRED) != 0) {
        buffer_append(out, in_words(snippets, "（必ず）", " (required)"));
    }
    if (about.length > 0) {
        buffer_append(out, in_words(snippets, "。", ". "));
        buffer_append(out, about);
    }
}

/* The schema's name of a field, `kind/group.key`, is the snippet's too. */
static struct slice snippet_name(enum shape_id kind, enum shape_id shape, struct slice key,
                                 struct arena *arena)
{
    return kind == shape ? ARENA_JOIN(arena, shape_name(kind), SLICE("/"), key)
                         : ARENA_JOIN(arena, shape_name(kind), SLICE("/"), shape_name(shape),
                                      SLICE("."), key);
}

static void write_field(struct snippets *snippets, enum shape_id kind, enum field_id field,
                        struct arena *arena)
{
    const struct field_info *info = field_info(field);
    struct body body = {.snippets = snippets};
    struct buffer description = {0};
    append_field(&body, field, 0, 0);
    append_description(snippets, field, &description);
    write_snippet(snippets, snippet_name(kind, info->shape, info->key, arena), info->key,
                  buffer_slice(&body.text), buffer_slice(&description));
    if (info->type == FIELD_TYPE_GROUP) {
        snippets->shapes[field_group_shape(field)] = true;
    }
    buffer_release(&description);
    buffer_release(&body.text);
}

/* The next entry of a list of groups. */
static void write_entry(const struct snippets *snippets, enum shape_id kind, enum shape_id shape,
                        struct arena *arena)
{
    struct body body = {.snippets = snippets};
    append_group(&body, shape, true, 0, 1);
    struct slice label = shape_label(shape, snippets->language);
    write_snippet(snippets, ARENA_JOIN(arena, shape_name(kind), SLICE("/- "), shape_name(shape)),
                  shape_name(shape), buffer_slice(&body.text),
                  ARENA_JOIN(arena, label, in_words(snippets, "（一件）", " (one entry)")));
    buffer_release(&body.text);
}

/* Fields of a group, but the keys and what must be stated: those come with the group itself. */
static void write_group(struct snippets *snippets, enum shape_id kind, enum shape_id shape,
                        struct arena *arena)
{
    int first;
    int end;
    shape_fields(shape, &first, &end);
    write_entry(snippets, kind, shape, arena);
    for (int i = first; i < end; i++) {
        if (!is_needed((enum field_id)i) ||
            field_info((enum field_id)i)->type == FIELD_TYPE_GROUP) {
            write_field(snippets, kind, (enum field_id)i, arena);
        }
    }
}

/* A group may name one that stood before it in the table: as long as new ones come. */
static void write_groups(struct snippets *snippets, enum shape_id kind, struct arena *arena)
{
    bool written[SHAPE_COUNT] = {false};
    for (bool again = true; again;) {
        again = false;
        for (int i = 0; i < SHAPE_COUNT; i++) {
            if (snippets->shapes[i] && !written[i]) {
                written[i] = true;
                write_group(snippets, kind, (enum shape_id)i, arena);
                again = true;
            }
        }
    }
}

static void write_kind(struct snippets *snippets, enum item_kind kind, struct arena *arena)
{
    enum shape_id shape = item_kind_shape(kind);
    int first;
    int end;
    memset(snippets->shapes, 0, sizeof(snippets->shapes));
    snippets->include =
        ARENA_JOIN(arena, SLICE("**/content/"), item_kind_folder(kind), SLICE("/*/index.*.md"));
    shape_fields(shape, &first, &end);
    for (int i = first; i < end; i++) {
        if (field_info((enum field_id)i)->type != FIELD_TYPE_HASHES) {
            write_field(snippets, shape, (enum field_id)i, arena);
        }
    }
    write_groups(snippets, shape, arena);
}

/* What may stand instead of a value. */
static void write_states(struct snippets *snippets)
{
    snippets->include = SLICE("**/content/*/*/index.*.md");
    write_snippet(snippets, SLICE("not_stated"), SLICE("not_stated"), SLICE("not_stated"),
                  in_words(snippets, "記載なし。資料に書かれていません",
                           "Not stated: the sources are silent on it"));
    write_snippet(snippets, SLICE("not_applicable"), SLICE("not_applicable"),
                  SLICE("{not_applicable: \"$1\"}"),
                  in_words(snippets, "当てはまらない。理由を書きます",
                           "Not applicable to this record; say why"));
}

void snippets_write(const struct site *site, enum interface_language language, struct buffer *out)
{
    struct arena arena;
    struct json_writer json;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    json_begin(&json, out, true);
    struct snippets snippets = {.site = site, .language = language, .json = &json};
    for (int i = site->language_count - 1; i >= 0; i--) {
        if (site_interface_language(site, i) == language) {
            snippets.site_language = i;
        }
    }
    json_object_begin(&json);
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        write_kind(&snippets, (enum item_kind)kind, &arena);
    }
    write_states(&snippets);
    json_object_end(&json);
    buffer_append_byte(out, '\n');
    arena_release(&arena);
}
