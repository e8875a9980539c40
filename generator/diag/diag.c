#include "diag.h"

#include <pthread.h>
#include <stdlib.h>

#include "place.h"

#define DEFAULT_LIMIT 100000
/* Findings are told apart from repetitions by a hash of all they say, for at most this many. */
#define MOST_SEEN ((ptrdiff_t)1 << 22)
#define TEXT_LIMIT ((ptrdiff_t)4 << 30)
#define ARGUMENT_MOST ((ptrdiff_t)4096) /* bytes of an argument in a text */

struct diag {
    pthread_mutex_t lock; /* over everything here but the counts */
    ptrdiff_t limit;
    struct arena texts; /* of the findings kept; made anew when findings are let go */
    struct finding *findings;
    ptrdiff_t length;
    ptrdiff_t capacity;
    bool is_sorted;
    bool is_full; /* findings were let go; nothing that sorts behind `last` can come in any more */
    struct finding last;
    struct arena names;
    struct map files;      /* path -> errors */
    struct map hidden;     /* paths of files whose lines are not shown */
    struct hash_128 *seen; /* open addressing; {0, 0} = free */
    ptrdiff_t seen_count;
    ptrdiff_t seen_capacity; /* a power of two */
    _Atomic int64_t counts[SEVERITY_ERROR + 1];
};

struct diag *diag_new(ptrdiff_t limit)
{
    struct diag *diag = calloc(1, sizeof(*diag));
    if (diag == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*diag));
    }
    pthread_mutex_init(&diag->lock, NULL);
    diag->limit = limit > 0 ? limit : DEFAULT_LIMIT;
    arena_init(&diag->texts, TEXT_LIMIT);
    arena_init(&diag->names, TEXT_LIMIT);
    return diag;
}

void diag_free(struct diag *diag)
{
    if (diag == NULL) {
        return;
    }
    pthread_mutex_destroy(&diag->lock);
    arena_release(&diag->texts);
    arena_release(&diag->names);
    free(diag->findings);
    free(diag->seen);
    free(diag);
}

/* ---- The order of findings ---- */

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_positions(struct position a, struct position b)
{
    int order = compare_numbers(a.line, b.line);
    return order != 0 ? order : compare_numbers(a.column, b.column);
}

static int compare_texts(const struct slice *a, const struct slice *b)
{
    int order = slice_compare(a[INTERFACE_ENGLISH], b[INTERFACE_ENGLISH]);
    return order != 0 ? order : slice_compare(a[INTERFACE_JAPANESE], b[INTERFACE_JAPANESE]);
}

static int compare_notes(const struct finding_note *a, const struct finding_note *b)
{
    int order = slice_compare(a->path, b->path);
    order = order != 0 ? order : compare_positions(a->position, b->position);
    order = order != 0 ? order : compare_numbers(a->code, b->code);
    return order != 0 ? order : compare_texts(a->message, b->message);
}

/* What sets findings apart that agree in place, code and message. */
static int compare_rest(const struct finding *a, const struct finding *b)
{
    int order = compare_positions(a->end, b->end);
    order = order != 0 ? order : compare_numbers(a->severity, b->severity);
    order = order != 0 ? order : slice_compare(a->rule, b->rule);
    order = order != 0 ? order : slice_compare(a->type, b->type);
    order = order != 0 ? order : slice_compare(a->resource, b->resource);
    order = order != 0 ? order : compare_numbers(a->row_number, b->row_number);
    order = order != 0 ? order : compare_numbers(a->field_number, b->field_number);
    order = order != 0 ? order : compare_texts(a->help, b->help);
    order = order != 0 ? order : compare_numbers(a->note_count, b->note_count);
    for (int i = 0; order == 0 && i < a->note_count; i++) {
        order = compare_notes(&a->notes[i], &b->notes[i]);
    }
    return order;
}

static int compare_findings(const void *left, const void *right)
{
    const struct finding *a = left;
    const struct finding *b = right;
    int order = slice_compare(a->path, b->path);
    order = order != 0 ? order : compare_positions(a->position, b->position);
    if (order == 0 && a->code != b->code) {
        order =
            slice_compare(slice_of(code_info(a->code)->name), slice_of(code_info(b->code)->name));
    }
    order = order != 0 ? order : compare_texts(a->message, b->message);
    return order != 0 ? order : compare_rest(a, b);
}

/* ---- Repetitions ---- */

static void digest_text(struct buffer *out, struct slice s)
{
    buffer_append_integer(out, s.length);
    buffer_append_byte(out, ' ');
    buffer_append(out, s);
}

static void digest_position(struct buffer *out, struct position position)
{
    buffer_append_integer(out, position.line);
    buffer_append_byte(out, ':');
    buffer_append_integer(out, position.column);
    buffer_append_byte(out, ' ');
}

/* A hash of all that a finding says; never {0, 0}. */
static struct hash_128 digest(const struct finding *finding)
{
    struct buffer all = {0};
    buffer_append_format(&all, "%d %d %lld %lld %d ", finding->code, finding->severity,
                         (long long)finding->row_number, (long long)finding->field_number,
                         finding->note_count);
    digest_text(&all, finding->path);
    digest_position(&all, finding->position);
    digest_position(&all, finding->end);
    for (int i = 0; i < INTERFACE_LANGUAGES; i++) {
        digest_text(&all, finding->message[i]);
        digest_text(&all, finding->help[i]);
    }
    digest_text(&all, finding->rule);
    digest_text(&all, finding->type);
    digest_text(&all, finding->resource);
    for (int i = 0; i < finding->note_count; i++) {
        const struct finding_note *note = &finding->notes[i];
        buffer_append_integer(&all, note->code);
        digest_text(&all, note->path);
        digest_position(&all, note->position);
        digest_text(&all, note->message[INTERFACE_JAPANESE]);
        digest_text(&all, note->message[INTERFACE_ENGLISH]);
    }
    struct hash_128 hash = hash_128(buffer_slice(&all));
    buffer_release(&all);
    hash.low |= (uint64_t)(hash.low == 0);
    return hash;
}

/* Slot of `hash`: where it is, or the free one where it belongs. */
static struct hash_128 *find_seen(struct hash_128 *seen, ptrdiff_t capacity, struct hash_128 hash)
{
    uint64_t mask = (uint64_t)capacity - 1;
    uint64_t slot = hash.high & mask;
    while (seen[slot].low != 0 && (seen[slot].low != hash.low || seen[slot].high != hash.high)) {
        slot = (slot + 1) & mask;
    }
    return &seen[slot];
}

static void grow_seen(struct diag *diag)
{
    ptrdiff_t capacity = diag->seen_capacity == 0 ? 256 : diag->seen_capacity * 2;
    struct hash_128 *seen = calloc((size_t)capacity, sizeof(*seen));
    if (seen == NULL) {
        memory_exhausted(capacity * (ptrdiff_t)sizeof(*seen));
    }
    for (ptrdiff_t i = 0; i < diag->seen_capacity; i++) {
        if (diag->seen[i].low != 0) {
            *find_seen(seen, capacity, diag->seen[i]) = diag->seen[i];
        }
    }
    free(diag->seen);
    diag->seen = seen;
    diag->seen_capacity = capacity;
}

/* Whether the same was said before; remembers it. */
static bool is_repetition(struct diag *diag, struct hash_128 hash)
{
    if (diag->seen_count * 2 >= diag->seen_capacity && diag->seen_capacity < 2 * MOST_SEEN) {
        grow_seen(diag);
    }
    struct hash_128 *slot = find_seen(diag->seen, diag->seen_capacity, hash);
    if (slot->low != 0) {
        return true;
    }
    if (diag->seen_count < MOST_SEEN) {
        *slot = hash;
        diag->seen_count++;
    }
    return false;
}

/* ---- Keeping findings ---- */

/* A text in the arena; one that is the table's own stays where it is. */
static struct slice keep(struct arena *arena, struct slice text, const char *own)
{
    return text.data == own ? text : arena_copy(arena, text);
}

/* Move every text of a finding into `arena`. Paths are in `names` already. */
static void keep_texts(struct finding *finding, struct arena *arena)
{
    const struct code_info *info = code_info(finding->code);
    for (int i = 0; i < INTERFACE_LANGUAGES; i++) {
        finding->message[i] = keep(arena, finding->message[i], info->message[i]);
        finding->help[i] = keep(arena, finding->help[i], info->help[i]);
    }
    if (finding->excerpt.data != NULL) {
        finding->excerpt = arena_copy(arena, finding->excerpt);
    }
    finding->rule = keep(arena, finding->rule, info->rule);
    finding->type = keep(arena, finding->type, info->type);
    finding->resource = keep(arena, finding->resource, NULL);
    for (int i = 0; i < finding->note_count; i++) {
        struct finding_note *note = &finding->notes[i];
        const struct code_info *note_info = code_info(note->code);
        for (int j = 0; j < INTERFACE_LANGUAGES; j++) {
            note->message[j] = keep(arena, note->message[j], note_info->message[j]);
        }
    }
}

/* The path's entry in the table of files, whose key lives as long as `diag`. */
static struct map_entry *file_entry(struct diag *diag, struct slice path)
{
    struct map_entry *entry = map_find(&diag->files, path);
    if (entry == NULL) {
        entry = map_insert(&diag->files, &diag->names, arena_copy(&diag->names, path), NULL);
    }
    return entry;
}

static void sort_findings(struct diag *diag)
{
    if (!diag->is_sorted && diag->length > 1) {
        qsort(diag->findings, (size_t)diag->length, sizeof(*diag->findings), compare_findings);
    }
    diag->is_sorted = true;
}

/* Let go of what sorts behind the first `limit` findings, and of their texts. */
static void prune(struct diag *diag)
{
    sort_findings(diag);
    if (diag->length <= diag->limit) {
        return;
    }
    diag->length = diag->limit;
    struct arena texts;
    arena_init(&texts, TEXT_LIMIT);
    for (ptrdiff_t i = 0; i < diag->length; i++) {
        keep_texts(&diag->findings[i], &texts);
    }
    arena_release(&diag->texts);
    diag->texts = texts;
    diag->last = diag->findings[diag->length - 1];
    diag->is_full = true;
}

static void append_finding(struct diag *diag, const struct finding *finding)
{
    if (diag->length == diag->capacity) {
        ptrdiff_t capacity = diag->capacity == 0 ? 64 : diag->capacity * 2;
        struct finding *findings = realloc(diag->findings, (size_t)capacity * sizeof(*findings));
        if (findings == NULL) {
            memory_exhausted(capacity * (ptrdiff_t)sizeof(*findings));
        }
        diag->findings = findings;
        diag->capacity = capacity;
    }
    struct finding *kept = &diag->findings[diag->length++];
    *kept = *finding;
    keep_texts(kept, &diag->texts);
    diag->is_sorted = false;
    if (diag->length >= diag->limit + diag->limit / 2 + 64) {
        prune(diag);
    }
}

static void add_finding(struct diag *diag, struct finding *finding)
{
    struct hash_128 hash = digest(finding);
    pthread_mutex_lock(&diag->lock);
    if (!is_repetition(diag, hash)) {
        diag->counts[finding->severity]++;
        struct map_entry *file = file_entry(diag, finding->path);
        file->value.integer += finding->severity == SEVERITY_ERROR ? 1 : 0;
        finding->path = file->key;
        for (int i = 0; i < finding->note_count; i++) {
            finding->notes[i].path = file_entry(diag, finding->notes[i].path)->key;
        }
        if (!diag->is_full || compare_findings(finding, &diag->last) < 0) {
            append_finding(diag, finding);
        }
    }
    pthread_mutex_unlock(&diag->lock);
}

void diag_add_finding(struct diag *diag, const struct finding *finding)
{
    struct finding own = *finding;
    add_finding(diag, &own);
}

/* ---- From a report to a finding ---- */

/* A pattern without its part {3?…?}, or without the marks of that part when the argument says
 * something. One such part a pattern is enough. */
static struct slice choose_part(struct arena *arena, struct slice pattern,
                                const struct slice arguments[REPORT_ARGUMENTS])
{
    ptrdiff_t end = slice_find(pattern, SLICE("?}"), 0);
    if (end < 0) {
        return pattern;
    }
    ptrdiff_t start = 0;
    while (pattern.data[start] != '{' || pattern.data[start + 2] != '?') {
        start++;
        CHECK(start + 2 < end);
    }
    bool is_wanted = arguments[pattern.data[start + 1] - '0'].length > 0;
    return ARENA_JOIN(arena, slice_sub(pattern, 0, start),
                      is_wanted ? slice_sub(pattern, start + 3, end) : SLICE(""),
                      slice_from(pattern, end + 2));
}

/* Where an argument is cut: a value may be a whole file, and a sentence must stay one. */
static ptrdiff_t argument_end(struct slice argument)
{
    if (argument.length <= ARGUMENT_MOST) {
        return argument.length;
    }
    ptrdiff_t end = ARGUMENT_MOST;
    while (end > 0 && ((unsigned char)argument.data[end] & 0xC0) == 0x80) {
        end--;
    }
    return end;
}

struct slice finding_text(struct arena *arena, const char *pattern,
                          const struct slice arguments[REPORT_ARGUMENTS])
{
    struct slice rest = choose_part(arena, slice_of(pattern), arguments);
    VECTOR(struct slice) parts = {0};
    for (;;) {
        ptrdiff_t at = slice_find_byte(rest, '{', 0);
        while (at >= 0 &&
               !(at + 2 < rest.length && rest.data[at + 1] >= '0' &&
                 rest.data[at + 1] < '0' + REPORT_ARGUMENTS && rest.data[at + 2] == '}')) {
            at = slice_find_byte(rest, '{', at + 1);
        }
        if (at < 0) {
            break;
        }
        *VECTOR_PUSH(arena, &parts) = slice_sub(rest, 0, at);
        struct slice argument = arguments[rest.data[at + 1] - '0'];
        ptrdiff_t shown = argument_end(argument);
        *VECTOR_PUSH(arena, &parts) = slice_sub(argument, 0, shown);
        if (shown < argument.length) {
            *VECTOR_PUSH(arena, &parts) = SLICE("…");
        }
        rest = slice_from(rest, at + 3);
    }
    if (parts.length == 0) {
        return rest;
    }
    *VECTOR_PUSH(arena, &parts) = rest;
    return arena_join(arena, parts.data, parts.length);
}

/* An override of a text, in the other language when this one has none; else the table's. */
static struct slice choose_text(struct arena *arena,
                                const struct slice override[INTERFACE_LANGUAGES],
                                enum interface_language language, const char *pattern,
                                const struct slice arguments[REPORT_ARGUMENTS])
{
    if (override[language].length > 0) {
        return override[language];
    }
    enum interface_language other =
        language == INTERFACE_JAPANESE ? INTERFACE_ENGLISH : INTERFACE_JAPANESE;
    if (override[other].length > 0) {
        return override[other];
    }
    return finding_text(arena, pattern, arguments);
}

static struct slice or_else(struct slice s, const char *otherwise)
{
    return s.length > 0 ? s : slice_of(otherwise);
}

static void fill_note(struct finding_note *note, const struct report_note *report,
                      struct arena *arena)
{
    const struct code_info *info = code_info(report->code);
    *note = (struct finding_note){.code = report->code};
    if (report->span.source != NULL) {
        bool is_verbatim;
        struct span written = span_origin(report->span, &is_verbatim);
        note->path = source_path(written.source);
        note->position = source_position(written.source, written.start);
    }
    for (int i = 0; i < INTERFACE_LANGUAGES; i++) {
        note->message[i] = finding_text(arena, info->message[i], report->arguments);
    }
}

/* Whether the line that is shown of a place goes through a mask. */
static bool is_masked(struct span span)
{
    bool is_verbatim;
    struct span written = span_origin(span, &is_verbatim);
    return source_is_masked(is_verbatim ? span.source : written.source);
}

void diag_add(struct diag *diag, const struct report *report)
{
    const struct code_info *info = code_info(report->code);
    CHECK(report->note_count >= 0 && report->note_count <= REPORT_NOTES);
    struct arena arena;
    arena_init(&arena, TEXT_LIMIT);
    arena.chunk_size = 4096; /* gone again at the end */
    struct finding finding = {
        .code = report->code,
        .severity = report->has_severity ? report->severity : info->severity,
        .rule = or_else(report->rule, info->rule),
        .type = or_else(report->type, info->type),
        .resource = report->resource,
        .row_number = report->row_number,
        .field_number = report->field_number,
        .note_count = report->note_count,
    };
    place_finding(&finding, report->span, &arena);
    if (!is_masked(report->span) && diag_hides(diag, finding.path)) {
        finding.excerpt = (struct slice){NULL, 0};
    }
    for (int i = 0; i < INTERFACE_LANGUAGES; i++) {
        enum interface_language language = (enum interface_language)i;
        finding.message[i] =
            choose_text(&arena, report->message, language, info->message[i], report->arguments);
        finding.help[i] =
            choose_text(&arena, report->help, language, info->help[i], report->arguments);
    }
    for (int i = 0; i < report->note_count; i++) {
        fill_note(&finding.notes[i], &report->notes[i], &arena);
    }
    add_finding(diag, &finding);
    arena_release(&arena);
}

void diag_add_again(struct diag *diag, enum code code, struct span span, struct slice name,
                    struct span first)
{
    diag_add(diag, &(struct report){
                       .code = code,
                       .span = span,
                       .arguments = {name},
                       .note_count = 1,
                       .notes = {{.code = CODE_see_first, .span = first, .arguments = {name}}}});
}

/* ---- Reading back ---- */

struct diag_counts diag_counts(const struct diag *diag)
{
    return (struct diag_counts){.errors = diag->counts[SEVERITY_ERROR],
                                .warnings = diag->counts[SEVERITY_WARNING],
                                .notes = diag->counts[SEVERITY_NOTE]};
}

int64_t diag_errors(const struct diag *diag)
{
    return diag->counts[SEVERITY_ERROR];
}

int64_t diag_errors_of_file(const struct diag *diag, struct slice path)
{
    pthread_mutex_t *lock = &((struct diag *)diag)->lock; /* locking changes nothing that is seen */
    pthread_mutex_lock(lock);
    const struct map_entry *entry = map_find(&diag->files, path);
    int64_t errors = entry == NULL ? 0 : entry->value.integer;
    pthread_mutex_unlock(lock);
    return errors;
}

void diag_hide(struct diag *diag, struct slice path)
{
    pthread_mutex_lock(&diag->lock);
    if (map_find(&diag->hidden, path) == NULL) {
        map_insert(&diag->hidden, &diag->names, arena_copy(&diag->names, path), NULL);
    }
    pthread_mutex_unlock(&diag->lock);
}

bool diag_hides(const struct diag *diag, struct slice path)
{
    pthread_mutex_t *lock = &((struct diag *)diag)->lock;
    pthread_mutex_lock(lock);
    bool is_hidden = map_find(&diag->hidden, path) != NULL;
    pthread_mutex_unlock(lock);
    return is_hidden;
}

bool diag_mentions(const struct diag *diag, struct slice path)
{
    pthread_mutex_t *lock = &((struct diag *)diag)->lock;
    pthread_mutex_lock(lock);
    bool is_mentioned = map_find(&diag->files, path) != NULL;
    pthread_mutex_unlock(lock);
    return is_mentioned;
}

const struct finding *diag_sorted(struct diag *diag, ptrdiff_t *count)
{
    pthread_mutex_lock(&diag->lock);
    prune(diag);
    *count = diag->length;
    const struct finding *findings = diag->findings;
    pthread_mutex_unlock(&diag->lock);
    return findings;
}
