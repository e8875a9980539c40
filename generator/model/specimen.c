#include "specimen.h"

/* A file as it is written, field by field. */
struct writing {
    const struct specimen *specimen;
    const struct site *site;
    enum interface_language comments;
    bool is_original;
    struct arena *arena;
    struct buffer *out;
};

/* Where the fields of a group stand. */
struct level {
    int indent;
    bool explains;     /* comments go with its fields: not in the second entry of a list */
    bool begins_entry; /* the next line of a field begins an entry of a list */
};

static struct slice in_words(const struct writing *writing, const char *ja, const char *en)
{
    return slice_of(writing->comments == INTERFACE_JAPANESE ? ja : en);
}

/* ---- What this site can hold ---- */

static const struct codelist *codes_of(const struct writing *writing, enum field_id field)
{
    const struct codelist *list = site_codelist(writing->site, slice_of(field_info(field)->target));
    return list != NULL && list->count > 0 ? list : NULL;
}

/* The register that a reference leads to, if it has a row. */
static const struct table *rows_of(const struct writing *writing, enum field_id field)
{
    struct slice target = slice_of(field_info(field)->target);
    const struct table *table =
        slice_starts_with(target, SLICE("register:"))
            ? site_table(writing->site, slice_from(target, SLICE("register:").length))
            : NULL;
    return table != NULL && table->key_column >= 0 && table->row_count > 0 ? table : NULL;
}

static bool can_hold(const struct writing *writing, enum field_id field, const struct node *value);

static bool can_refer(const struct writing *writing, enum field_id field)
{
    struct slice target = slice_of(field_info(field)->target);
    if (slice_starts_with(target, SLICE("."))) { /* to an entry of another list of the record */
        enum shape_id root = item_kind_shape(writing->specimen->kind);
        enum field_id list = shape_field_by_key(root, slice_from(target, 1));
        const struct node *entries =
            node_get_slice(writing->specimen->facts, slice_from(target, 1));
        return list != FIELD_COUNT && can_hold(writing, list, entries);
    }
    return slice_equal(target, SLICE("field")) || rows_of(writing, field) != NULL;
}

/* An entry of a list, or a group by itself: what it must state can be stated. */
static bool can_hold_group(const struct writing *writing, enum shape_id shape,
                           const struct node *entry)
{
    int first;
    int end;
    bool can = true;
    shape_fields(shape, &first, &end);
    for (int i = first; i < end && can; i++) {
        enum field_id field = (enum field_id)i;
        const struct field_info *info = field_info(field);
        const struct node *value = node_get_slice(entry, info->key);
        if ((info->flags & FIELD_KEY) != 0 && info->type == FIELD_TYPE_CODE) {
            const struct codelist *list = codes_of(writing, field);
            can = list != NULL && codelist_find(list, value->text) != NULL;
        } else if ((info->flags & FIELD_REQUIRED) != 0) {
            can = (info->flags & FIELD_WORD) != 0 || can_hold(writing, field, value);
        }
    }
    return can;
}

static bool can_hold(const struct writing *writing, enum field_id field, const struct node *value)
{
    const struct field_info *info = field_info(field);
    if (value == NULL) {
        return false;
    }
    switch (info->type) {
    case FIELD_TYPE_CODE:
        return codes_of(writing, field) != NULL;
    case FIELD_TYPE_REFERENCE:
        return can_refer(writing, field);
    case FIELD_TYPE_GROUP:
        if ((info->flags & FIELD_MANY) != 0) {
            const struct node *entry = value->first;
            while (entry != NULL && !can_hold_group(writing, field_group_shape(field), entry)) {
                entry = entry->next;
            }
            return entry != NULL;
        }
        return can_hold_group(writing, field_group_shape(field), value);
    case FIELD_TYPE_TEXT:
    case FIELD_TYPE_DATE:
    case FIELD_TYPE_INTEGER:
    case FIELD_TYPE_NUMBER:
    case FIELD_TYPE_BOOLEAN:
    case FIELD_TYPE_URL:
    case FIELD_TYPE_HASHES:
        break;
    }
    return true;
}

static bool is_city(const struct codelist *areas, const struct code_entry *area)
{
    int kind = table_column_by_name(areas->table, SLICE("kind"));
    struct slice text = kind >= 0 ? table_cell(areas->table, area->row, kind) : SLICE("");
    return slice_equal(text, SLICE("city")) || slice_equal(text, SLICE("special_ward"));
}

/* Whose site this is: the city of its newest case, else the one that was added last to the list of
 * areas, for `kyodo init --area` puts a city's own row behind those that come along. NULL when no
 * row is a city's. */
static const struct code_entry *own_city(const struct writing *writing,
                                         const struct codelist *areas)
{
    const struct site *site = writing->site;
    const struct code_entry *city = NULL;
    if (site->item_counts[ITEM_CASE] > 0) {
        city = record_code(site->items[ITEM_CASE][0].record, FIELD_case_city);
    }
    for (ptrdiff_t i = areas->count - 1; i >= 0 && city == NULL; i--) {
        city = is_city(areas, &areas->codes[i]) ? &areas->codes[i] : NULL;
    }
    return city;
}

/* The example's city stands for the city whose site this is; any other area stays another one. */
static struct slice held_area(const struct writing *writing, const struct codelist *areas,
                              struct slice text)
{
    const struct node *examples_city = node_get(writing->specimen->facts, "city");
    const struct code_entry *own = own_city(writing, areas);
    if (own != NULL && examples_city != NULL && slice_equal(text, examples_city->text)) {
        return own->code;
    }
    const struct code_entry *area = codelist_find(areas, text);
    for (ptrdiff_t i = 0; i < areas->count && (area == NULL || area == own); i++) {
        area = is_city(areas, &areas->codes[i]) ? &areas->codes[i] : NULL;
    }
    return area != NULL && area != own ? area->code : areas->codes[0].code;
}

/* The example's code or id where the site has it, else one that it has. */
static struct slice held(const struct writing *writing, enum field_id field, struct slice text)
{
    const struct field_info *info = field_info(field);
    const struct codelist *list = info->type == FIELD_TYPE_CODE ? codes_of(writing, field) : NULL;
    const struct table *table = info->type == FIELD_TYPE_REFERENCE ? rows_of(writing, field) : NULL;
    if (list != NULL && slice_equal(list->name, SLICE("areas"))) {
        return held_area(writing, list, text);
    }
    if (list != NULL && codelist_find(list, text) == NULL) {
        return list->codes[0].code;
    }
    if (table != NULL && table_row_by_key(table, text) < 0) {
        return table_cell(table, 0, table->key_column);
    }
    return text;
}

/* ---- Comments ---- */

static void append_choices(const struct writing *writing, enum field_id field)
{
    enum { SHOWN_MOST = 8 };
    struct buffer *out = writing->out;
    const struct codelist *list = codes_of(writing, field);
    if (list == NULL) {
        return;
    }
    buffer_append(out, in_words(writing, "コード: ", " Codes: "));
    if (list->count > SHOWN_MOST) {
        buffer_append(out, list->table->path);
    }
    for (ptrdiff_t i = 0; i < list->count && list->count <= SHOWN_MOST; i++) {
        buffer_append(out, i > 0 ? in_words(writing, "、", ", ") : SLICE(""));
        buffer_append(out, list->codes[i].code);
        buffer_append_byte(out, ' ');
        buffer_append(out, code_label(&list->codes[i], writing->specimen->language));
    }
    buffer_append(out, in_words(writing, "。", "."));
}

static void append_target(const struct writing *writing, enum field_id field)
{
    struct slice target = slice_of(field_info(field)->target);
    struct slice name = slice_from(target, slice_starts_with(target, SLICE(".")) ? 1 : 9);
    struct buffer *out = writing->out;
    if (slice_starts_with(target, SLICE("register:"))) {
        const struct table *table = site_table(writing->site, name);
        buffer_append(out, in_words(writing, "", " An id of "));
        buffer_append(out, table != NULL ? table->path : name);
        buffer_append(out, in_words(writing, " の id。", "."));
    } else if (slice_starts_with(target, SLICE("."))) {
        buffer_append(out, in_words(writing, "", " An id of "));
        buffer_append(out, name);
        buffer_append(out, in_words(writing, " の id。", "."));
    }
}

/* `label（必ず）＊。about。コード: …` on the line that is being written. */
static void append_explanation(const struct writing *writing, enum field_id field)
{
    const struct field_info *info = field_info(field);
    struct buffer *out = writing->out;
    struct slice about = info->about[writing->comments];
    buffer_append(out, info->label[writing->comments]);
    if ((info->flags & FIELD_REQUIRED) != 0) {
        buffer_append(out, in_words(writing, "（必ず）", " (required)"));
    }
    if ((info->flags & FIELD_STATES) != 0 && writing->is_original) {
        buffer_append(out, in_words(writing, "＊", " *"));
    }
    buffer_append(out, in_words(writing, "。", "."));
    if (about.length > 0) {
        buffer_append(out, in_words(writing, "", " "));
        buffer_append(out, about);
        buffer_append(out, in_words(writing, "。", "."));
    }
    if ((info->flags & FIELD_PROSE) != 0 && slice_find(about, SLICE("{#"), 0) < 0) {
        buffer_append(out, in_words(writing, "本文の {#", " Or the body section {#"));
        buffer_append(out, info->key);
        buffer_append(out, in_words(writing, "} の節でもよい。", "}."));
    }
    if (writing->is_original && info->type == FIELD_TYPE_CODE) {
        append_choices(writing, field);
    } else if (writing->is_original && info->type == FIELD_TYPE_REFERENCE) {
        append_target(writing, field);
    }
}

static void begin_comment(const struct writing *writing, const struct level *level)
{
    buffer_append_repeated(writing->out, ' ', level->indent);
    buffer_append_literal(writing->out, "# ");
}

/* ---- Values ---- */

static void append_quoted(struct buffer *out, struct slice text)
{
    struct json_writer json;
    json_begin(&json, out, false);
    json_string(&json, text);
}

/* As the example has it; `in_flow`, where more means something, with quotation marks. */
static void append_scalar(const struct writing *writing, enum field_id field,
                          const struct node *value, bool in_flow)
{
    struct slice text = held(writing, field, value->text);
    bool is_plain = value->is_plain && slice_equal(text, value->text);
    for (ptrdiff_t i = 0; i < text.length && in_flow && is_plain; i++) {
        is_plain = slice_find_byte(SLICE(",[]{}"), text.data[i], 0) < 0;
    }
    if (is_plain) {
        buffer_append(writing->out, text);
    } else {
        append_quoted(writing->out, text);
    }
}

static bool stood_before(const struct writing *writing, enum field_id field,
                         const struct node *list, const struct node *value)
{
    struct slice text = held(writing, field, value->text);
    for (const struct node *other = list->first; other != value; other = other->next) {
        if (slice_equal(held(writing, field, other->text), text)) {
            return true;
        }
    }
    return false;
}

static void append_list(const struct writing *writing, enum field_id field, const struct node *list)
{
    const char *before = "[";
    for (const struct node *value = list->first; value != NULL; value = value->next) {
        if (!stood_before(writing, field, list, value)) {
            buffer_append(writing->out, slice_of(before));
            append_scalar(writing, field, value, true);
            before = ", ";
        }
    }
    buffer_append_literal(writing->out, "]");
}

static void write_group(const struct writing *writing, enum shape_id shape,
                        const struct node *facts, const struct node *words, struct level *level);

/* The words of an entry are found by its key. */
static const struct node *entry_words(enum shape_id shape, const struct node *entry,
                                      const struct node *words)
{
    int first;
    int end;
    shape_fields(shape, &first, &end);
    const struct node *key = node_get_slice(entry, field_info((enum field_id)first)->key);
    const struct node *other = words != NULL ? words->first : NULL;
    while (other != NULL) {
        const struct node *own = node_get_slice(other, field_info((enum field_id)first)->key);
        if (key != NULL && own != NULL && slice_equal(own->text, key->text)) {
            return other;
        }
        other = other->next;
    }
    return NULL;
}

static void write_entries(const struct writing *writing, enum field_id field,
                          const struct node *facts, const struct node *words,
                          const struct level *outside)
{
    enum shape_id shape = field_group_shape(field);
    bool explains = outside->explains;
    for (const struct node *entry = facts->first; entry != NULL; entry = entry->next) {
        const struct node *own = entry_words(shape, entry, words);
        if (can_hold_group(writing, shape, entry) && (writing->is_original || own != NULL)) {
            struct level level = {
                .indent = outside->indent + 2, .explains = explains, .begins_entry = true};
            write_group(writing, shape, entry, own, &level);
            explains = false;
        }
    }
}

/* What stands behind `key:`. */
static void write_value(const struct writing *writing, enum field_id field,
                        const struct node *facts, const struct node *words,
                        const struct level *outside)
{
    const struct field_info *info = field_info(field);
    struct buffer *out = writing->out;
    if (info->type == FIELD_TYPE_GROUP) {
        struct level level = {.indent = outside->indent + 2, .explains = outside->explains};
        buffer_append_byte(out, '\n');
        if ((info->flags & FIELD_MANY) != 0) {
            write_entries(writing, field, facts, words, outside);
        } else {
            write_group(writing, field_group_shape(field), facts, words, &level);
        }
        return;
    }
    buffer_append_byte(out, ' ');
    if ((info->flags & FIELD_MANY) != 0) {
        append_list(writing, field, facts);
    } else {
        append_scalar(writing, field, facts, false);
    }
    buffer_append_byte(out, '\n');
}

/* ---- Fields ---- */

/* What the site says, and not the example. */
static bool own_value(const struct writing *writing, enum field_id field, struct buffer *text)
{
    switch (field) {
    case FIELD_case_draft:
    case FIELD_page_draft:
    case FIELD_news_draft:
    case FIELD_meeting_draft:
        buffer_append_literal(text, "true");
        return true;
    case FIELD_case_updated:
    case FIELD_page_updated:
    case FIELD_news_updated:
    case FIELD_meeting_updated:
        buffer_append(text, date_iso(writing->arena, writing->site->reference_date));
        return true;
    case FIELD_case_frameworks: {
        struct value_list list = record_list(writing->site->config, FIELD_site_frameworks);
        for (ptrdiff_t i = 0; i < list.count; i++) {
            buffer_append(text, i > 0 ? SLICE(", ") : SLICE("["));
            buffer_append(text, value_reference(&list.items[i])->id);
        }
        buffer_append(text, list.count > 0 ? SLICE("]") : SLICE(""));
        return true;
    }
    case FIELD_case_published: /* when it is */
        return true;
    default:
        return false;
    }
}

static void begin_line(const struct writing *writing, enum field_id field, struct level *level)
{
    buffer_append_repeated(writing->out, ' ', level->indent);
    if (level->begins_entry) {
        buffer_append_literal(writing->out, "- ");
        level->indent += 2;
        level->begins_entry = false;
    }
    buffer_append(writing->out, field_info(field)->key);
    buffer_append_byte(writing->out, ':');
}

/* `# key:  # …`: without the first `# ` it is the field. */
static void write_absent(const struct writing *writing, enum field_id field,
                         const struct level *level)
{
    if (level->explains) {
        begin_comment(writing, level);
        buffer_append(writing->out, field_info(field)->key);
        buffer_append_literal(writing->out, ":  # ");
        append_explanation(writing, field);
        buffer_append_byte(writing->out, '\n');
    }
}

static void write_field(const struct writing *writing, enum field_id field,
                        const struct node *facts, const struct node *words, struct level *level)
{
    const struct field_info *info = field_info(field);
    struct buffer own = {0};
    bool is_word = (info->flags & FIELD_WORD) != 0;
    const struct node *value = node_get_slice(is_word ? words : facts, info->key);
    bool is_own = own_value(writing, field, &own);
    if (is_own ? own.length == 0 : !can_hold(writing, field, value)) {
        write_absent(writing, field, level);
    } else {
        if (level->indent == 0 && info->type == FIELD_TYPE_GROUP) {
            buffer_append_byte(writing->out, '\n'); /* air before what takes many lines */
        }
        if (level->explains) {
            begin_comment(writing, level);
            append_explanation(writing, field);
            buffer_append_byte(writing->out, '\n');
        }
        begin_line(writing, field, level);
        if (is_own) {
            buffer_append_format(writing->out, " %.*s\n", SLICE_ARGUMENTS(buffer_slice(&own)));
        } else {
            write_value(writing, field, value, node_get_slice(words, info->key), level);
        }
    }
    buffer_release(&own);
}

static void write_group(const struct writing *writing, enum shape_id shape,
                        const struct node *facts, const struct node *words, struct level *level)
{
    int first;
    int end;
    shape_fields(shape, &first, &end);
    for (int i = first; i < end; i++) {
        enum field_id field = (enum field_id)i;
        bool is_group = field_info(field)->type == FIELD_TYPE_GROUP;
        bool is_said = writing->is_original ||
                       (field_has_words(field) &&
                        (!is_group || node_get_slice(words, field_info(field)->key) != NULL));
        if (is_said && field_info(field)->type != FIELD_TYPE_HASHES) { /* for a command to write */
            write_field(writing, field, facts, words, level);
        }
    }
}

/* ---- The file ---- */

static const char *const head_of_original[INTERFACE_LANGUAGES] = {
    "# 架空の例です。値を書き直し、要らない項目の行は消します。# で始まる行は説明で、"
    "公開されません。\n"
    "# 公開するときは、draft の行を消します（fictional の行があれば、それも）。\n"
    "# （必ず）は必ず書く項目。＊は、分からなければ not_stated、当てはまらなければ "
    "{not_applicable: 理由} と書ける項目。\n"
    "# 説明に ACT-01 のような番号があれば、kyodo explain ACT-01 で、何が求められるかが"
    "分かります。\n",
    "# A fictional example. Write your own values over it and delete what is not needed; what\n"
    "# stands behind a # is an explanation and is not published.\n"
    "# To publish it, delete the line of draft (and that of fictional, where there is one).\n"
    "# Where a field has a *, write not_stated when nobody knows, and {not_applicable: reason}\n"
    "# when it does not apply.\n"
    "# Where an explanation names something like ACT-01, kyodo explain ACT-01 tells what is\n"
    "# looked for.\n",
};

static void write_head(const struct writing *writing)
{
    struct buffer *out = writing->out;
    struct slice original = writing->site->languages[0].tag;
    if (!writing->is_original) {
        buffer_append(out, in_words(writing,
                                    "# 翻訳です。言葉だけを書きます。日付・コード・数字は index.",
                                    "# A translation: words only. Dates, codes and figures are "
                                    "those of index."));
        buffer_append(out, original);
        buffer_append(out, in_words(writing, ".md から引き継がれます。id は原文と同じにします。\n",
                                    ".md; ids are the same as there.\n"));
        return;
    }
    buffer_append(out, slice_of(head_of_original[writing->comments]));
}

void specimen_write(const struct specimen *specimen, struct arena *arena, struct buffer *out)
{
    struct writing writing = {
        .specimen = specimen,
        .site = specimen->site,
        .comments = site_interface_language(specimen->site, specimen->language),
        .is_original = specimen->language == 0,
        .arena = arena,
        .out = out,
    };
    struct level level = {.explains = true};
    buffer_append_literal(out, "---\n");
    write_head(&writing);
    write_group(&writing, item_kind_shape(specimen->kind), specimen->facts, specimen->words,
                &level);
    buffer_append_literal(out, "---\n");
    buffer_append(out, specimen->body);
}
