#include "reading.h"

/* For so many more values a record gets room at once. */
#define ROOM_STEP 8

void reading_words(const struct reading *reading, struct value *value)
{
    if (value->words == NULL) {
        value->word_count = (uint8_t)reading->site->language_count;
        value->words = ARENA_ARRAY(reading->arena, struct word, value->word_count);
    }
}

/* ---- Names that come near ---- */

struct slice nearest_name(struct slice name, const struct slice *names, ptrdiff_t count)
{
    struct slice best = {0};
    int best_distance = 3;
    for (ptrdiff_t i = 0; i < count; i++) {
        int distance = slice_distance(name, names[i], 2);
        /* Two letters of four make another word, not a slip. */
        if (distance < best_distance && (ptrdiff_t)distance * 2 < utf8_count(names[i])) {
            best = names[i];
            best_distance = distance;
        }
    }
    return best;
}

/* Names in a row, as many as somebody will read. */
static struct slice list_names(struct arena *arena, const struct slice *names, ptrdiff_t count)
{
    enum { MOST = 20 };
    struct buffer list;
    buffer_init(&list);
    for (ptrdiff_t i = 0; i < count && i < MOST; i++) {
        buffer_append(&list, i > 0 ? SLICE(", ") : SLICE(""));
        buffer_append(&list, names[i]);
    }
    if (count > MOST) {
        buffer_append_literal(&list, " …");
    }
    struct slice text = arena_copy(arena, buffer_slice(&list));
    buffer_release(&list);
    return text;
}

struct slice reading_nearest_keys(struct arena *arena, enum shape_id shape, struct slice key)
{
    int first;
    int end;
    shape_fields(shape, &first, &end);
    struct slice *names = ARENA_ARRAY(arena, struct slice, end - first);
    for (int i = first; i < end; i++) {
        names[i - first] = field_info((enum field_id)i)->key;
    }
    struct slice nearest = nearest_name(key, names, end - first);
    if (nearest.data != NULL) {
        return nearest;
    }
    return list_names(arena, names, end - first);
}

static struct slice nearest_codes(const struct reading *reading, const struct codelist *list,
                                  struct slice code)
{
    struct arena *arena = reading->arena;
    struct slice *names = ARENA_ARRAY(arena, struct slice, list->count);
    for (ptrdiff_t i = 0; i < list->count; i++) {
        names[i] = list->codes[i].code;
    }
    struct slice nearest =
        nearest_name(utf8_nfkc_casefold(reading->arena, code), names, list->count);
    if (nearest.data != NULL) {
        return nearest;
    }
    /* A label written in place of its code. */
    for (ptrdiff_t i = 0; i < list->count; i++) {
        for (int language = 0; language < reading->site->language_count; language++) {
            if (slice_equal(list->codes[i].labels[language], code)) {
                return list->codes[i].code;
            }
        }
    }
    return list_names(arena, names, list->count);
}

/* ---- Single values ---- */

static bool expect_scalar(const struct reading *reading, const struct field_info *info,
                          const struct node *node, enum code code)
{
    if (node->kind == NODE_SCALAR && !(node->scalar == SCALAR_NULL && node->is_plain)) {
        return true;
    }
    DIAG(reading->diag, code, node->span, info->key, SLICE(""));
    return false;
}

static void keep_original(const struct reading *reading, const struct node *node,
                          struct value *value)
{
    struct slice *original = ARENA_NEW(reading->arena, struct slice);
    *original = arena_copy(reading->arena, node->text);
    value->original = original;
}

static bool read_date(const struct reading *reading, const struct field_info *info,
                      const struct node *node, struct value *value)
{
    switch (date_parse(node->text, &value->as.date)) {
    case DATE_OK:
        break;
    case DATE_OUTSIDE_ERA:
        DIAG(reading->diag, CODE_record_date_outside_era, node->span, info->key, node->text);
        break;
    case DATE_WRONG_WEEKDAY:
        DIAG(reading->diag, CODE_record_date_weekday, node->span, info->key, node->text);
        break;
    case DATE_IMPOSSIBLE:
        DIAG(reading->diag, CODE_record_date_impossible, node->span, info->key, node->text);
        return false;
    case DATE_UNREADABLE:
        DIAG(reading->diag, CODE_record_date_unreadable, node->span, info->key, node->text);
        return false;
    }
    return true;
}

static bool read_code(const struct reading *reading, const struct field_info *info,
                      const struct node *node, struct value *value)
{
    const struct codelist *list = site_codelist(reading->site, slice_of(info->target));
    if (list == NULL) {
        if (!reading->site->package_is_broken) {
            DIAG(reading->diag, CODE_record_no_codelist, node->span, info->key,
                 slice_of(info->target));
        }
        return false;
    }
    value->as.code = codelist_find(list, node->text);
    if (value->as.code == NULL && table_may_hold(list->table, node->text)) {
        return false;
    }
    if (value->as.code == NULL) {
        DIAG(reading->diag, CODE_record_unknown_code, node->span, info->key, node->text,
             slice_of(info->target), nearest_codes(reading, list, node->text));
        return false;
    }
    return true;
}

static bool is_url(struct slice text)
{
    struct slice rest = {0};
    if (slice_starts_with(text, SLICE("https://"))) {
        rest = slice_from(text, 8);
    } else if (slice_starts_with(text, SLICE("http://"))) {
        rest = slice_from(text, 7);
    }
    if (rest.length == 0 || rest.data[0] == '/' || rest.data[0] == ':') {
        return false;
    }
    for (ptrdiff_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c <= ' ' || c == 0x7F || c == '<' || c == '>' || c == '"') {
            return false;
        }
    }
    return true;
}

static bool is_id(struct slice text)
{
    if (text.length < 1 || text.length > 64) {
        return false;
    }
    for (ptrdiff_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!alphanumeric && (i == 0 || (c != '-' && c != '.' && c != '_'))) {
            return false;
        }
    }
    return true;
}

static bool read_boolean(const struct reading *reading, const struct field_info *info,
                         const struct node *node, struct value *value)
{
    if (node->scalar != SCALAR_BOOLEAN) {
        DIAG(reading->diag, CODE_record_expected_boolean, node->span, info->key, node->text);
        return false;
    }
    value->as.boolean = node->text.length > 0 && (node->text.data[0] | 0x20) == 't';
    return true;
}

static bool read_word(const struct reading *reading, const struct field_info *info,
                      const struct node *node, struct value *value)
{
    if (!expect_scalar(reading, info, node, CODE_record_expected_text)) {
        return false;
    }
    reading_words(reading, value);
    struct word *word = &value->words[reading->language];
    word->text = arena_copy(reading->arena, slice_trim(node->text));
    word->span = node->span;
    return true;
}

/* In files that are not per language: `{ja: …, en: …}`. */
static bool read_word_map(const struct reading *reading, const struct field_info *info,
                          const struct node *node, struct value *value)
{
    const struct site *site = reading->site;
    if (node->kind != NODE_MAPPING) {
        DIAG(reading->diag, CODE_record_languages_expected, node->span, info->key,
             site->languages[0].tag);
        return false;
    }
    bool any = false;
    struct reading in_language = *reading;
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        int language = 0;
        while (language < site->language_count &&
               !slice_equal(site->languages[language].tag, child->key)) {
            language++;
        }
        if (language == site->language_count) {
            DIAG(reading->diag, CODE_record_unknown_language, child->key_span, info->key,
                 child->key);
            continue;
        }
        in_language.language = language;
        any = read_word(&in_language, info, child, value) || any;
    }
    return any;
}

bool reading_single(const struct reading *reading, const struct field_info *info,
                    enum field_id field, const struct node *node, struct value *value)
{
    value->field = field;
    value->span = node->span;
    if (info->type == FIELD_TYPE_GROUP) {
        if (node->kind != NODE_MAPPING) {
            DIAG(reading->diag, CODE_record_expected_group, node->span, info->key,
                 reading_nearest_keys(reading->arena, field_group_shape(field), (struct slice){0}));
            return false;
        }
        value->as.group = reading_record(reading, field_group_shape(field), node);
        return true;
    }
    if ((info->flags & FIELD_WORD) != 0) {
        return reading->words_are_maps ? read_word_map(reading, info, node, value)
                                       : read_word(reading, info, node, value);
    }
    if (info->type == FIELD_TYPE_HASHES) {
        /* A translation whose original went away keeps its own. */
        if (reading->language == 0) {
            DIAG(reading->diag, CODE_record_hashes_in_original, node->span, info->key);
        }
        return false;
    }
    if (!expect_scalar(reading, info, node, CODE_record_expected_text)) {
        return false;
    }
    switch (info->type) {
    case FIELD_TYPE_TEXT:
        value->as.text = arena_copy(reading->arena, slice_trim(node->text));
        if ((info->flags & FIELD_KEY) != 0 && info->shape != SHAPE_language &&
            !is_id(value->as.text)) {
            DIAG(reading->diag, CODE_record_key_invalid, node->span, node->text);
            return false;
        }
        return true;
    case FIELD_TYPE_URL:
        value->as.text = arena_copy(reading->arena, slice_trim(node->text));
        if (!is_url(value->as.text)) {
            DIAG(reading->diag, CODE_record_url, node->span, info->key, node->text);
            return false;
        }
        return true;
    case FIELD_TYPE_CODE:
        return read_code(reading, info, node, value);
    case FIELD_TYPE_DATE:
        keep_original(reading, node, value);
        return read_date(reading, info, node, value);
    case FIELD_TYPE_INTEGER:
        if (!slice_to_integer(node->text, &value->as.integer)) {
            DIAG(reading->diag, CODE_record_expected_integer, node->span, info->key, node->text);
            return false;
        }
        return true;
    case FIELD_TYPE_NUMBER:
        keep_original(reading, node, value);
        if (!slice_to_number(node->text, &value->as.number)) {
            DIAG(reading->diag, CODE_record_expected_number, node->span, info->key, node->text);
            return false;
        }
        return true;
    case FIELD_TYPE_BOOLEAN:
        return read_boolean(reading, info, node, value);
    case FIELD_TYPE_REFERENCE:
        value_refer(reading->arena, value, arena_copy(reading->arena, slice_trim(node->text)));
        return true;
    case FIELD_TYPE_GROUP:
    case FIELD_TYPE_HASHES:
        break;
    }
    BUG("a field type of no kind");
}

/* ---- States and lists ---- */

/* `not_stated` or `{not_applicable: reason}`; true when the node is one of them. */
static bool read_state(const struct reading *reading, const struct field_info *info,
                       const struct node *node, struct value *value)
{
    const struct node *reason = NULL;
    if (node->kind == NODE_SCALAR && node->is_plain &&
        slice_equal(node->text, SLICE("not_stated"))) {
        value->state = VALUE_NOT_STATED;
    } else if (node->kind == NODE_SCALAR && node->is_plain &&
               slice_equal(node->text, SLICE("not_applicable"))) {
        value->state = VALUE_NOT_APPLICABLE;
        DIAG(reading->diag, CODE_record_reason_missing, node->span, info->key);
    } else if (node->kind == NODE_MAPPING && node->count == 1 &&
               slice_equal(node->first->key, SLICE("not_applicable"))) {
        value->state = VALUE_NOT_APPLICABLE;
        reason = node->first;
    } else {
        return false;
    }
    if ((info->flags & FIELD_STATES) == 0) {
        DIAG(reading->diag, CODE_record_state_not_allowed, node->span, info->key);
    }
    if (reason != NULL) {
        if (reading->words_are_maps) {
            read_word_map(reading, info, reason, value);
        } else {
            read_word(reading, info, reason, value);
        }
    }
    return true;
}

/* How people write a state instead of its word. */
static struct slice meant_state(struct slice text)
{
    static const char *const not_stated[] = {"not stated", "not-stated", "notstated",
                                             "not_state",  "NOT_STATED", "Not stated",
                                             "記載なし",   "記載無し",   "未記載"};
    static const char *const not_applicable[] = {
        "not applicable", "not-applicable", "n/a", "N/A", "Not applicable", "該当なし", "該当無し"};
    for (size_t i = 0; i < sizeof(not_stated) / sizeof(not_stated[0]); i++) {
        if (slice_equal(text, slice_of(not_stated[i]))) {
            return SLICE("not_stated");
        }
    }
    for (size_t i = 0; i < sizeof(not_applicable) / sizeof(not_applicable[0]); i++) {
        if (slice_equal(text, slice_of(not_applicable[i]))) {
            return SLICE("not_applicable");
        }
    }
    return (struct slice){0};
}

/* Keys of a list of groups must be there and differ. */
static void check_keys(const struct reading *reading, const struct field_info *info,
                       enum field_id field, struct value_list *list)
{
    enum field_id key = shape_field_by_key(field_group_shape(field), SLICE("id"));
    if (key == FIELD_COUNT || (field_info(key)->flags & FIELD_KEY) == 0) {
        return;
    }
    bool is_code = field_info(key)->type == FIELD_TYPE_CODE;
    struct arena *arena = reading->scratch != NULL ? reading->scratch : reading->arena;
    struct map seen = {0};
    for (ptrdiff_t i = 0; i < list->count; i++) {
        struct record *group = list->items[i].as.group;
        const struct value *value = record_get(group, key);
        struct slice id = {0};
        if (value != NULL) {
            id = is_code ? value->as.code->code : value->as.text;
        }
        if (value == NULL) {
            list->is_partial = true;
            if (!record_is_broken(group, key)) {
                DIAG(reading->diag, CODE_record_key_missing, list->items[i].span, info->key,
                     SLICE("id"));
                record_break(reading->arena, group, key);
            }
            continue;
        }
        bool is_new;
        struct map_entry *entry = map_insert(&seen, arena, id, &is_new);
        if (is_new) {
            entry->value.constant = value;
            continue;
        }
        list->is_partial = true;
        const struct value *first = entry->value.constant;
        diag_add(reading->diag,
                 &(struct report){
                     .code = CODE_record_key_duplicate,
                     .span = value->span,
                     .arguments = {info->key, id},
                     .note_count = 1,
                     .notes = {{.code = CODE_see_first, .span = first->span, .arguments = {id}}}});
    }
}

static bool read_list(const struct reading *reading, const struct field_info *info,
                      enum field_id field, const struct node *node, struct value *value)
{
    if (node->kind != NODE_SEQUENCE) {
        DIAG(reading->diag, CODE_record_expected_list, node->span, info->key);
        return false;
    }
    value->is_list = true;
    value->as.list.items = ARENA_ARRAY(reading->arena, struct value, node->count);
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        struct value *item = &value->as.list.items[value->as.list.count];
        if (reading_single(reading, info, field, child, item)) {
            value->as.list.count++;
        } else {
            *item = (struct value){0};
            value->as.list.is_partial = true;
        }
    }
    if (info->type == FIELD_TYPE_GROUP) {
        check_keys(reading, info, field, &value->as.list);
    }
    return true;
}

/* A list of words: one text a language, its parts apart by newlines. */
static bool read_word_list(const struct reading *reading, const struct field_info *info,
                           const struct node *node, struct value *value)
{
    if (node->kind != NODE_SEQUENCE) {
        DIAG(reading->diag, CODE_record_expected_list, node->span, info->key);
        return false;
    }
    struct buffer joined;
    buffer_init(&joined);
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        if (expect_scalar(reading, info, child, CODE_record_expected_text)) {
            if (joined.length > 0) {
                buffer_append_byte(&joined, '\n');
            }
            buffer_append(&joined, slice_trim(child->text));
        }
    }
    reading_words(reading, value);
    value->words[reading->language].text = arena_copy(reading->arena, buffer_slice(&joined));
    value->words[reading->language].span = node->span;
    buffer_release(&joined);
    return true;
}

static bool read_value(const struct reading *reading, enum field_id field, const struct node *node,
                       struct value *value)
{
    const struct field_info *info = field_info(field);
    value->field = field;
    value->span = node->span;
    if (read_state(reading, info, node, value)) {
        /* Where a state is not allowed it is no value: an entry's id would be none. */
        return (info->flags & FIELD_STATES) != 0;
    }
    if ((info->flags & FIELD_STATES) != 0 && node->kind == NODE_SCALAR && node->is_plain) {
        struct slice meant = meant_state(node->text);
        if (meant.data != NULL) {
            DIAG(reading->diag, CODE_record_state_misspelt, node->span, info->key, node->text,
                 meant);
            return false;
        }
    }
    if ((info->flags & FIELD_MANY) == 0) {
        return reading_single(reading, info, field, node, value);
    }
    return (info->flags & FIELD_WORD) != 0 ? read_word_list(reading, info, node, value)
                                           : read_list(reading, info, field, node, value);
}

/* ---- Records ---- */

struct value *record_insert(struct arena *arena, struct record *record, enum field_id field)
{
    if (record->count == record->room) {
        struct value *values = ARENA_ARRAY(arena, struct value, record->count + ROOM_STEP);
        for (int i = 0; i < record->count; i++) {
            values[i] = record->values[i];
        }
        record->values = values;
        record->room = record->count + ROOM_STEP;
    }
    int at = record->count;
    for (; at > 0 && record->values[at - 1].field > field; at--) {
        record->values[at] = record->values[at - 1];
        record_set_place(arena, record, record->values[at].field, at);
    }
    CHECK(at == 0 || record->values[at - 1].field != field);
    record->values[at] = (struct value){.field = field};
    record->count++;
    record_set_place(arena, record, field, at);
    return &record->values[at];
}

void record_break(struct arena *arena, struct record *record, enum field_id field)
{
    enum field_id *broken = ARENA_ARRAY(arena, enum field_id, record->broken_count + 1);
    for (int i = 0; i < record->broken_count; i++) {
        broken[i] = record->broken[i];
    }
    broken[record->broken_count++] = field;
    record->broken = broken;
}

static void unknown_key(const struct reading *reading, struct record *record,
                        const struct node *child)
{
    enum shape_id shape = record->shape;
    /* A key that belongs one level deeper: `text:` beside `purpose:`, most often from lost
     * indentation. */
    int first;
    int end;
    shape_fields(shape, &first, &end);
    struct slice nearest = reading_nearest_keys(reading->arena, shape, child->key);
    for (int i = first; i < end; i++) {
        const struct field_info *info = field_info((enum field_id)i);
        if (info->type == FIELD_TYPE_GROUP &&
            shape_field_by_key(field_group_shape((enum field_id)i), child->key) != FIELD_COUNT &&
            slice_find(nearest, SLICE(", "), 0) >= 0) {
            DIAG(reading->diag, CODE_record_wrong_level, child->key_span, child->key, info->key);
            return;
        }
    }
    DIAG(reading->diag, CODE_record_unknown_key, child->key_span, child->key, nearest);
    enum field_id meant = shape_field_by_key(shape, nearest);
    if (meant != FIELD_COUNT) {
        record_break(reading->arena, record, meant);
    }
}

/* Values that a case may get from the sections of its text. */
static int sections_room(const struct reading *reading, enum shape_id shape)
{
    const struct document *document =
        reading->version != NULL && shape == SHAPE_case ? reading->version->document : NULL;
    return document != NULL && document->heading_count < ROOM_STEP ? (int)document->heading_count
           : document != NULL                                      ? ROOM_STEP
                                                                   : 0;
}

struct record *reading_record(const struct reading *reading, enum shape_id shape,
                              const struct node *node)
{
    struct record *record = ARENA_NEW(reading->arena, struct record);
    record->shape = shape;
    record->span = node->span;
    record->room = (int)node->count + sections_room(reading, shape);
    record->values = ARENA_ARRAY(reading->arena, struct value, record->room);
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        enum field_id field = shape_field_by_key(shape, child->key);
        if (field == FIELD_COUNT) {
            unknown_key(reading, record, child);
            continue;
        }
        if (child->kind == NODE_SCALAR && child->scalar == SCALAR_NULL && child->is_plain) {
            if ((field_info(field)->flags & FIELD_REQUIRED) != 0) {
                DIAG(reading->diag, CODE_record_empty, child->key_span, child->key);
                record_break(reading->arena, record, field);
            }
            continue; /* `subtitle:` with nothing behind it says nothing */
        }
        struct value value = {0};
        bool is_read = read_value(reading, field, child, &value);
        if (!is_read || (value.is_list && value.as.list.is_partial)) {
            record_break(reading->arena, record, field);
        }
        if (!is_read) {
            continue;
        }
        *record_insert(reading->arena, record, field) = value;
    }
    return record;
}
