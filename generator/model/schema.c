#include "schema.h"
#include "reading.h"

/* Each field refers to small definitions of what a scalar may be, which say what reading.c accepts;
 * groups and code lists are definitions too, so that each stands in the schema once. */

struct schema {
    const struct site *site;
    enum schema_part part;
    enum interface_language language; /* of titles that are ours */
    int site_language;                /* of labels of codes */
    bool shapes[SHAPE_COUNT];         /* groups that occur */
    bool *codelists;                  /* code lists that occur, by their place in the site's */
    struct json_writer *json;
};

static struct slice in_words(const struct schema *schema, const char *ja, const char *en)
{
    return slice_of(schema->language == INTERFACE_JAPANESE ? ja : en);
}

/* ---- What a scalar may be ---- */

/* date_parse's grammar as a regular expression: years, fiscal years, months and days, by the
 * Western calendar or an era, digits and stops of either width, a weekday behind them. */
#define BLANK "[ \\u3000\\u00a0]*"
#define STOP BLANK "[-./－．／]" BLANK
#define WESTERN "(?:[（(][0-9０-９]{4}年?[）)]年?)?" BLANK
#define ERA "(?:明治|大正|昭和|平成|令和|[㍾㍽㍼㍻㋿MTSHR])"
#define YEAR "(?:" ERA BLANK "(?:[0-9０-９]{1,3}|元(?=年))|[1-9１-９][0-9０-９]{3})" BLANK WESTERN
#define DAY_29 "(?:[0０]?[1-9１-９]|[12１２][0-9０-９])"
#define DAY_30 "(?:" DAY_29 "|[3３][0０])"
#define DAY_31 "(?:" DAY_30 "|[3３][1１])"
#define MONTH_31 "(?:[0０]?[13578１３５７８]|[1１][02０２])"
#define MONTH_30 "(?:[0０]?[469４６９]|[1１][1１])"
#define MONTH_29 "[0０]?[2２]"
#define OF_MONTH BLANK "[-./－．／月]" BLANK
#define MONTH "(?:" MONTH_31 "|" MONTH_30 "|" MONTH_29 ")" BLANK "月?"
#define MONTH_DAY                                                                            \
    "(?:" MONTH_31 OF_MONTH DAY_31 "|" MONTH_30 OF_MONTH DAY_30 "|" MONTH_29 OF_MONTH DAY_29 \
    ")" BLANK "日?"
#define WEEKDAY "(?:[（(][日月火水木金土](?:曜日?)?[）)])?"

static const char date_pattern[] =
    "^" BLANK "(?:FY" BLANK "[1-9１-９][0-9０-９]{3}|" YEAR "(?:年度|年?" BLANK WESTERN
    "|(?:年" BLANK WESTERN "|" STOP ")(?:" MONTH "|" MONTH_DAY "))" BLANK WEEKDAY ")" BLANK "$";

static void string_with(struct json_writer *json, const char *pattern)
{
    json_object_begin(json);
    json_member(json, "type", SLICE("string"));
    if (pattern != NULL) {
        json_member(json, "pattern", slice_of(pattern));
    }
    json_object_end(json);
}

static void only_type(struct json_writer *json, const char *type)
{
    json_object_begin(json);
    json_member(json, "type", slice_of(type));
    json_object_end(json);
}

/* A bare not_stated is no text: it is a state, which the field may have beside it or not at all. */
static void text_choices(struct json_writer *json, int most)
{
    json_object_begin(json);
    json_member(json, "type", SLICE("string"));
    if (most > 0) {
        json_member_integer(json, "maxLength", most);
    }
    json_key(json, SLICE("not"));
    json_object_begin(json);
    json_key(json, SLICE("enum"));
    json_array_begin(json);
    json_string(json, SLICE("not_stated"));
    json_string(json, SLICE("not_applicable"));
    json_array_end(json);
    json_object_end(json);
    json_object_end(json);
    only_type(json, "number"); /* without quotes: an issue number, a heading that is a year */
    only_type(json, "boolean");
}

/* A number that YAML reads from `2024` or `2024.04`. */
static void year_as_number(struct json_writer *json)
{
    json_object_begin(json);
    json_member(json, "type", SLICE("number"));
    json_key(json, SLICE("minimum"));
    json_integer(json, 1000);
    json_key(json, SLICE("exclusiveMaximum"));
    json_integer(json, 10000);
    json_object_end(json);
}

enum scalar {
    SCALAR_OF_TEXT,
    SCALAR_OF_SUMMARY,
    SCALAR_OF_ID,
    SCALAR_OF_DATE,
    SCALAR_OF_INTEGER,
    SCALAR_OF_NUMBER,
    SCALAR_OF_BOOLEAN,
    SCALAR_OF_URL,
    SCALARS
};

static const char *const scalar_names[SCALARS] = {"text",    "summary", "id",      "date",
                                                  "integer", "number",  "boolean", "url"};

static void scalar_choices(struct json_writer *json, enum scalar scalar)
{
    switch (scalar) {
    case SCALAR_OF_TEXT:
        text_choices(json, 0);
        break;
    case SCALAR_OF_SUMMARY:
        text_choices(json, SUMMARY_CHARACTERS_MOST);
        break;
    case SCALAR_OF_ID:
        string_with(json, "^(?!not_(?:stated|applicable)$)[a-z0-9][a-z0-9._-]{0,63}$");
        json_object_begin(json);
        json_member(json, "type", SLICE("number"));
        json_member_integer(json, "minimum", 0);
        json_object_end(json);
        only_type(json, "boolean");
        break;
    case SCALAR_OF_DATE:
        string_with(json, date_pattern);
        year_as_number(json);
        break;
    case SCALAR_OF_INTEGER:
        only_type(json, "integer");
        string_with(json, "^[-+]?[0-9]+$");
        break;
    case SCALAR_OF_NUMBER:
        only_type(json, "number");
        string_with(json, "^-?[0-9]+(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$");
        break;
    case SCALAR_OF_BOOLEAN:
        only_type(json, "boolean");
        break;
    case SCALAR_OF_URL:
        string_with(json, "^\\s*https?://[^/:\\s<>\"\\u007f][^\\s<>\"\\u007f]*\\s*$");
        break;
    case SCALARS:
        BUG("a scalar of no kind");
    }
}

static void write_scalars(const struct schema *schema)
{
    struct json_writer *json = schema->json;
    for (int i = 0; i < SCALARS; i++) {
        json_key(json, slice_of(scalar_names[i]));
        json_object_begin(json);
        json_key(json, SLICE("anyOf"));
        json_array_begin(json);
        scalar_choices(json, (enum scalar)i);
        json_array_end(json);
        json_object_end(json);
    }
}

/* ---- What can be said instead of a value ---- */

static void write_states(const struct schema *schema)
{
    struct json_writer *json = schema->json;
    json_key(json, SLICE("not_stated"));
    json_object_begin(json);
    json_member(json, "const", SLICE("not_stated"));
    json_member(json, "title", in_words(schema, "記載なし", "Not stated"));
    json_member(json, "description",
                in_words(schema, "資料に書かれていません。", "The sources are silent on it."));
    json_object_end(json);
    json_key(json, SLICE("not_applicable"));
    json_object_begin(json);
    json_member(json, "title", in_words(schema, "当てはまらない", "Not applicable"));
    json_member(json, "description",
                in_words(schema, "この記録には当てはまりません。理由を書きます。",
                         "It does not apply to this record; say why."));
    json_member(json, "type", SLICE("object"));
    json_key(json, SLICE("properties"));
    json_object_begin(json);
    json_key(json, SLICE("not_applicable"));
    json_object_begin(json);
    json_member(json, "title", in_words(schema, "理由", "Reason"));
    json_member(json, "$ref", SLICE("#/$defs/text"));
    json_object_end(json);
    json_object_end(json);
    json_key(json, SLICE("required"));
    json_array_begin(json);
    json_string(json, SLICE("not_applicable"));
    json_array_end(json);
    json_key(json, SLICE("additionalProperties"));
    json_boolean(json, false);
    json_object_end(json);
}

static void refer(const struct schema *schema, const char *group, struct slice name)
{
    struct buffer pointer;
    buffer_init(&pointer);
    buffer_append_literal(&pointer, "#/$defs/");
    buffer_append(&pointer, slice_of(group));
    buffer_append(&pointer, name);
    json_object_begin(schema->json);
    json_member(schema->json, "$ref", buffer_slice(&pointer));
    json_object_end(schema->json);
    buffer_release(&pointer);
}

/* ---- Code lists, frameworks, names of fields ---- */

static bool is_number_to_yaml(struct slice code, int64_t *out)
{
    return slice_to_integer(code, out) && code.data[0] != '+';
}

static void write_codelist(const struct schema *schema, const struct codelist *list)
{
    struct json_writer *json = schema->json;
    bool numbers = false;
    int64_t number;
    json_key(json, SLICE("oneOf"));
    json_array_begin(json);
    for (ptrdiff_t i = 0; i < list->count; i++) {
        const struct code_entry *code = &list->codes[i];
        json_object_begin(json);
        json_member(json, "const", code->code);
        json_member(json, "title", code_label(code, schema->site_language));
        if (code->descriptions[schema->site_language].length > 0) {
            json_member(json, "description", code->descriptions[schema->site_language]);
        }
        json_object_end(json);
        numbers = numbers || is_number_to_yaml(code->code, &number);
    }
    if (numbers) { /* 131121 for "131121" */
        json_object_begin(json);
        json_key(json, SLICE("enum"));
        json_array_begin(json);
        for (ptrdiff_t i = 0; i < list->count; i++) {
            if (is_number_to_yaml(list->codes[i].code, &number)) {
                json_integer(json, number);
            }
        }
        json_array_end(json);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_codelists(const struct schema *schema)
{
    for (ptrdiff_t i = 0; i < schema->site->codelist_count; i++) {
        const struct codelist *list = &schema->site->codelists[i];
        if (schema->codelists[i]) {
            struct buffer name;
            buffer_init(&name);
            buffer_append_literal(&name, "code.");
            buffer_append(&name, list->name);
            json_key(schema->json, buffer_slice(&name));
            buffer_release(&name);
            json_object_begin(schema->json);
            write_codelist(schema, list);
            json_object_end(schema->json);
        }
    }
}

static void write_frameworks(const struct schema *schema)
{
    struct json_writer *json = schema->json;
    json_object_begin(json);
    json_key(json, SLICE("oneOf"));
    json_array_begin(json);
    for (ptrdiff_t i = 0; i < schema->site->framework_count; i++) {
        const struct framework *framework = &schema->site->frameworks[i];
        json_object_begin(json);
        json_member(json, "const", framework->id);
        json_member(
            json, "title",
            record_word(framework->record, FIELD_framework_title, schema->site_language, NULL));
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

static void write_field_names(const struct schema *schema, enum shape_id shape)
{
    struct json_writer *json = schema->json;
    int first;
    int end;
    shape_fields(shape, &first, &end);
    json_object_begin(json);
    json_key(json, SLICE("oneOf"));
    json_array_begin(json);
    for (int i = first; i < end; i++) {
        const struct field_info *info = field_info((enum field_id)i);
        if (info->type == FIELD_TYPE_HASHES) {
            continue;
        }
        json_object_begin(json);
        json_member(json, "const", info->key);
        json_member(json, "title", info->label[schema->language]);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

/* ---- Fields ---- */

static bool is_summary(enum field_id field)
{
    return field == FIELD_case_summary || field == FIELD_page_summary ||
           field == FIELD_news_summary || field == FIELD_meeting_summary;
}

static enum scalar scalar_of(enum field_id field)
{
    const struct field_info *info = field_info(field);
    switch (info->type) {
    case FIELD_TYPE_TEXT:
        if ((info->flags & FIELD_KEY) != 0) {
            return SCALAR_OF_ID;
        }
        return is_summary(field) ? SCALAR_OF_SUMMARY : SCALAR_OF_TEXT;
    case FIELD_TYPE_DATE:
        return SCALAR_OF_DATE;
    case FIELD_TYPE_INTEGER:
        return SCALAR_OF_INTEGER;
    case FIELD_TYPE_NUMBER:
        return SCALAR_OF_NUMBER;
    case FIELD_TYPE_BOOLEAN:
        return SCALAR_OF_BOOLEAN;
    case FIELD_TYPE_URL:
        return SCALAR_OF_URL;
    case FIELD_TYPE_CODE:
    case FIELD_TYPE_REFERENCE:
    case FIELD_TYPE_GROUP:
    case FIELD_TYPE_HASHES:
        break;
    }
    return SCALAR_OF_TEXT; /* a reference, which only the whole site can judge; a code of a list
                              that could not be read */
}

static void write_hashes(struct json_writer *json)
{
    json_object_begin(json);
    json_member(json, "type", SLICE("object"));
    json_key(json, SLICE("additionalProperties"));
    string_with(json, "^[0-9a-f]{16}$");
    json_object_end(json);
}

/* One value, which is no list. */
static void write_single(struct schema *schema, enum field_id field)
{
    const struct field_info *info = field_info(field);
    struct slice target = slice_of(info->target);
    if (info->type == FIELD_TYPE_HASHES) {
        write_hashes(schema->json);
        return;
    }
    if (info->type == FIELD_TYPE_GROUP) {
        schema->shapes[field_group_shape(field)] = true;
        refer(schema, "group.", target);
        return;
    }
    const struct codelist *list =
        info->type == FIELD_TYPE_CODE ? site_codelist(schema->site, target) : NULL;
    if (list != NULL && list->count > 0) {
        schema->codelists[list - schema->site->codelists] = true;
        refer(schema, "code.", target);
    } else if (info->type == FIELD_TYPE_REFERENCE && slice_equal(target, SLICE("framework")) &&
               schema->site->framework_count > 0) {
        write_frameworks(schema);
    } else if (info->type == FIELD_TYPE_REFERENCE && slice_equal(target, SLICE("field"))) {
        write_field_names(schema, info->shape);
    } else {
        refer(schema, "", slice_of(scalar_names[scalar_of(field)]));
    }
}

static bool is_in_part(const struct schema *schema, enum field_id field)
{
    if (field_info(field)->type == FIELD_TYPE_HASHES) {
        return schema->part == SCHEMA_TRANSLATION;
    }
    return schema->part == SCHEMA_ORIGINAL || field_has_words(field) ||
           (field_info(field)->flags & FIELD_STATES) != 0;
}

static bool is_required(const struct schema *schema, enum field_id field)
{
    int flags = field_info(field)->flags;
    return schema->part == SCHEMA_ORIGINAL ? (flags & FIELD_REQUIRED) != 0
                                           : (flags & FIELD_KEY) != 0;
}

static void write_description(const struct schema *schema, enum field_id field)
{
    const struct field_info *info = field_info(field);
    struct slice about = info->about[schema->language];
    struct buffer text;
    buffer_init(&text);
    buffer_append(&text, about);
    if ((info->flags & FIELD_PROSE) != 0 && slice_find(about, SLICE("{#"), 0) < 0) {
        buffer_append(&text, about.length > 0 ? in_words(schema, "。", ". ") : (struct slice){0});
        buffer_append(&text, in_words(schema, "本文の {#", "Or the body section {#"));
        buffer_append(&text, info->key);
        buffer_append(&text, in_words(schema, "} の節でもよい", "}"));
    }
    if (text.length > 0) {
        json_member(schema->json, "description", buffer_slice(&text));
    }
    buffer_release(&text);
}

static void write_field(struct schema *schema, enum field_id field)
{
    const struct field_info *info = field_info(field);
    struct json_writer *json = schema->json;
    json_key(json, info->key);
    json_object_begin(json);
    json_member(json, "title", info->label[schema->language]);
    write_description(schema, field);
    json_key(json, SLICE("anyOf"));
    json_array_begin(json);
    bool is_fact = schema->part == SCHEMA_TRANSLATION && !field_has_words(field);
    if (!is_fact && (info->flags & FIELD_MANY) != 0) {
        json_object_begin(json);
        json_member(json, "type", SLICE("array"));
        json_key(json, SLICE("items"));
        write_single(schema, field);
        json_object_end(json);
    } else if (!is_fact) {
        write_single(schema, field);
    }
    if ((info->flags & FIELD_STATES) != 0) {
        if (schema->part == SCHEMA_ORIGINAL) {
            refer(schema, "", SLICE("not_stated"));
        }
        refer(schema, "", SLICE("not_applicable"));
    }
    if (!is_required(schema, field)) {
        only_type(json, "null"); /* `subtitle:` with nothing behind it says nothing */
    }
    json_array_end(json);
    json_object_end(json);
}

/* ---- Groups and the whole ---- */

/* `then` these fields are required, where the other is absent. */
static void write_required_without(const struct schema *schema, enum field_id other,
                                   const enum field_id *fields, int count)
{
    struct json_writer *json = schema->json;
    json_key(json, SLICE("if"));
    json_object_begin(json);
    json_key(json, SLICE("properties"));
    json_object_begin(json);
    json_key(json, field_info(other)->key);
    only_type(json, "null");
    json_object_end(json);
    json_object_end(json);
    json_key(json, SLICE("then"));
    json_object_begin(json);
    json_key(json, SLICE("properties"));
    json_object_begin(json);
    for (int i = 0; i < count; i++) {
        json_key(json, field_info(fields[i])->key);
        json_object_begin(json);
        json_key(json, SLICE("not"));
        only_type(json, "null");
        json_object_end(json);
    }
    json_object_end(json);
    json_key(json, SLICE("required"));
    json_array_begin(json);
    for (int i = 0; i < count; i++) {
        json_string(json, field_info(fields[i])->key);
    }
    json_array_end(json);
    json_object_end(json);
}

/* What another file states does not stand in the record: an actor's name and type where it is in
 * the register of actors, and what a case shares with its project. */
static bool is_left_to_project(const struct schema *schema, enum field_id field)
{
    const struct table *projects = site_table(schema->site, SLICE("projects"));
    int columns[FIELD_COUNT];
    if (projects == NULL || field_info(field)->shape != SHAPE_case) {
        return false;
    }
    projects_shared_columns(projects, columns);
    return columns[field] >= 0;
}

static void write_required(const struct schema *schema, enum shape_id shape)
{
    static const enum field_id of_actor[] = {FIELD_actor_name, FIELD_actor_type};
    enum field_id shared[FIELD_COUNT];
    int shared_count = 0;
    int first;
    int end;
    shape_fields(shape, &first, &end);
    json_key(schema->json, SLICE("required"));
    json_array_begin(schema->json);
    for (int i = first; i < end; i++) {
        enum field_id field = (enum field_id)i;
        if (!is_required(schema, field)) {
            continue;
        }
        if (is_left_to_project(schema, field)) {
            shared[shared_count++] = field;
        } else {
            json_string(schema->json, field_info(field)->key);
        }
    }
    json_array_end(schema->json);
    if (shared_count > 0) {
        write_required_without(schema, FIELD_case_project, shared, shared_count);
    } else if (shape == SHAPE_actor && schema->part == SCHEMA_ORIGINAL) {
        write_required_without(schema, FIELD_actor_actor, of_actor, 2);
    }
}

static void write_shape(struct schema *schema, enum shape_id shape)
{
    struct json_writer *json = schema->json;
    int first;
    int end;
    shape_fields(shape, &first, &end);
    json_member(json, "type", SLICE("object"));
    json_key(json, SLICE("properties"));
    json_object_begin(json);
    for (int i = first; i < end; i++) {
        if (is_in_part(schema, (enum field_id)i)) {
            write_field(schema, (enum field_id)i);
        }
    }
    json_object_end(json);
    write_required(schema, shape);
    json_key(json, SLICE("additionalProperties"));
    json_boolean(json, false);
}

/* A group may name one that stood before it in the table: as long as new ones come. */
static void write_groups(struct schema *schema)
{
    bool written[SHAPE_COUNT] = {false};
    for (bool again = true; again;) {
        again = false;
        for (int i = 0; i < SHAPE_COUNT; i++) {
            if (schema->shapes[i] && !written[i]) {
                struct buffer name;
                buffer_init(&name);
                buffer_append_literal(&name, "group.");
                buffer_append(&name, shape_name((enum shape_id)i));
                json_key(schema->json, buffer_slice(&name));
                buffer_release(&name);
                json_object_begin(schema->json);
                json_member(schema->json, "title", shape_label((enum shape_id)i, schema->language));
                write_shape(schema, (enum shape_id)i);
                json_object_end(schema->json);
                written[i] = true;
                again = true;
            }
        }
    }
}

static void write_head(const struct schema *schema, enum shape_id shape, bool names_dialect)
{
    struct json_writer *json = schema->json;
    struct buffer title;
    buffer_init(&title);
    buffer_append(&title, shape_label(shape, schema->language));
    bool is_original = schema->part == SCHEMA_ORIGINAL;
    buffer_append(&title,
                  is_original
                      ? in_words(schema, "（原文の項目欄）", " (front matter of the original)")
                      : in_words(schema, "（翻訳の項目欄）", " (front matter of a translation)"));
    if (names_dialect) {
        json_member(json, "$schema", SLICE("https://json-schema.org/draft/2020-12/schema"));
    }
    json_member(json, "title", buffer_slice(&title));
    json_member(
        json, "description",
        is_original
            ? in_words(schema, "参照先・ID の重なり・日付の前後・本文は kyodo check が調べます。",
                       "References, ids used twice, the order of dates and the body "
                       "are for kyodo check.")
            : in_words(
                  schema,
                  "翻訳には言葉だけを、原文と同じ id で書きます。事実は原文から引き継がれます。",
                  "A translation holds words only, by the ids of the original; "
                  "facts are inherited."));
    buffer_release(&title);
}

void schema_write(const struct site *site, enum item_kind kind, enum schema_part part,
                  enum interface_language language, bool names_dialect, struct buffer *out)
{
    enum shape_id shape = item_kind_shape(kind);
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    struct json_writer json;
    json_begin(&json, out, true);
    struct schema schema = {.site = site,
                            .part = part,
                            .language = language,
                            .codelists = ARENA_ARRAY(&arena, bool, site->codelist_count),
                            .json = &json};
    for (int i = site->language_count - 1; i >= 0; i--) {
        if (site_interface_language(site, i) == language) {
            schema.site_language = i;
        }
    }
    json_object_begin(&json);
    write_head(&schema, shape, names_dialect);
    write_shape(&schema, shape);
    json_key(&json, SLICE("$defs"));
    json_object_begin(&json);
    write_groups(&schema);
    write_codelists(&schema);
    write_scalars(&schema);
    write_states(&schema);
    json_object_end(&json);
    json_object_end(&json);
    buffer_append_byte(out, '\n');
    arena_release(&arena);
}
