#include "table_looks.h"

/* ---- What one cell looks like ---- */

enum look {
    LOOKS_EMPTY,    /* anywhere */
    LOOKS_LEFT_OUT, /* empty, and so are all before it: as when cells were merged */
    LOOKS_NUMBER,
    LOOKS_SHORT,      /* a number that lacks a digit of what its column holds */
    LOOKS_SERIAL,     /* a number that may be a spreadsheet's count of days */
    LOOKS_EXPONENT,   /* 1.41305E+12: a long number as spreadsheets show it */
    LOOKS_DRESSED,    /* a number with its unit, in full-width digits, with commas */
    LOOKS_MARK,       /* a sign that stands for a value: - … X */
    LOOKS_ISO,        /* 2026-11-28 */
    LOOKS_WESTERN,    /* any other date in Western years */
    LOOKS_ERA,        /* a date in Japanese eras */
    LOOKS_OTHER,      /* その他 */
    LOOKS_OTHER_TEXT, /* その他（…） */
    LOOKS_TEXT,
    LOOKS
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_one_of(struct slice s, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_equal(s, slice_of(words[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_other(struct slice s)
{
    static const char *const starts[] = {"その他（", "その他(", "その他：", "その他:"};
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        if (slice_starts_with(s, slice_of(starts[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_mark(struct slice s)
{
    static const char *const marks[] = {
        "-",    "－",     "―",  "—",   "–",   "ー",   "…",    "‥",      "*",       "＊",   "X",
        "Ｘ",   "x",      "ｘ", "***", "N/A", "NA",   "？",   "?",      "--",      "不明", "なし",
        "未定", "非公表", "／", "/",   "秘",  "秘匿", "不詳", "調査中", "該当なし"};
    return is_one_of(s, marks, sizeof(marks) / sizeof(marks[0]));
}

/* Digits with commas between them and a fraction, from `at`; behind them, or -1. */
static ptrdiff_t behind_digits(struct slice s, ptrdiff_t at)
{
    if (at >= s.length || !is_digit(s.data[at])) {
        return -1;
    }
    while (at < s.length && (is_digit(s.data[at]) || s.data[at] == ',')) {
        at++;
    }
    if (at + 1 < s.length && s.data[at] == '.' && is_digit(s.data[at + 1])) {
        at++;
        while (at < s.length && is_digit(s.data[at])) {
            at++;
        }
    }
    return at;
}

static bool is_number(struct slice s)
{
    ptrdiff_t at = s.length > 0 && s.data[0] == '-' ? 1 : 0;
    return behind_digits(s, at) == s.length && slice_find_byte(s, ',', 0) < 0;
}

/* `folded`: without full-width digits. Before the digits a sign, behind them a unit. */
static bool is_dressed_number(struct slice folded)
{
    static const char *const signs[] = {"△", "▲", "¥", "\\", "約", "-", "+", "▼"};
    static const char *const units[] = {
        "",     "円", "千円", "百万円", "万円", "億円", "千",   "万",   "億",   "人", "名", "世帯",
        "件",   "戸", "台",   "%",      "‰",    "m",    "m2",   "㎡",   "ha",   "km", "t",  "トン",
        "kg",   "個", "回",   "校",     "館",   "棟",   "室",   "団体", "冊",   "本", "点", "枚",
        "時間", "歳", "床",   "席",     "所",   "か所", "箇所", "カ所", "ヶ所", "社", "分", "km2"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (slice_starts_with(folded, slice_of(signs[i]))) {
            folded = slice_trim_wide(slice_from(folded, slice_of(signs[i]).length));
            break;
        }
    }
    ptrdiff_t end = behind_digits(folded, 0);
    return end >= 0 && is_one_of(slice_trim_wide(slice_from(folded, end)), units,
                                 sizeof(units) / sizeof(units[0]));
}

/* Digits of what stands in a column of this label without a zero in front; 0 when none may. */
static ptrdiff_t digits_without_zero(struct slice label)
{
    static const struct {
        const char *label;
        ptrdiff_t digits;
    } known[] = {{"電話番号", 9}, {"FAX番号", 9}, {"郵便番号", 6}};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (slice_equal(slice_trim_wide(label), slice_of(known[i].label))) {
            return known[i].digits;
        }
    }
    return 0;
}

/* Days since 1899-12-30, from 1927 to 2064. */
static bool is_serial(struct slice s)
{
    return s.length == 5 && s.data[0] >= '1' && s.data[0] <= '5';
}

static bool is_exponent(struct slice s)
{
    ptrdiff_t sign = slice_find(s, SLICE("E+"), 0);
    int64_t power;
    return sign > 0 && is_number(slice_sub(s, 0, sign)) &&
           slice_to_integer(slice_from(s, sign + 2), &power) && power >= 10;
}

static bool is_iso(struct slice s)
{
    return s.length == 10 && s.data[4] == '-' && s.data[7] == '-';
}

/* `*problem`: DATE_OK unless it is a date with something wrong. */
static enum look look_of(struct slice s, struct arena *arena, enum date_problem *problem)
{
    enum { READ_MOST = 40 }; /* longer texts are words */
    *problem = DATE_OK;
    if (is_number(s)) {
        return is_serial(s) ? LOOKS_SERIAL : LOOKS_NUMBER;
    }
    if (is_exponent(s)) {
        return LOOKS_EXPONENT;
    }
    if (is_mark(s)) {
        return LOOKS_MARK;
    }
    if (slice_starts_with(s, SLICE("その他"))) {
        return slice_equal(s, SLICE("その他")) ? LOOKS_OTHER
               : is_other(s)                   ? LOOKS_OTHER_TEXT
                                               : LOOKS_TEXT;
    }
    if (s.length > READ_MOST) {
        return LOOKS_TEXT;
    }
    struct slice folded = fold_wide(s, arena);
    if (is_dressed_number(folded)) {
        return LOOKS_DRESSED;
    }
    struct date date;
    *problem = date_parse(s, &date);
    if (*problem == DATE_UNREADABLE) {
        *problem = DATE_OK;
        return LOOKS_TEXT;
    }
    return is_iso(s) ? LOOKS_ISO : is_digit(folded.data[0]) ? LOOKS_WESTERN : LOOKS_ERA;
}

/* ---- Rows that are no records ---- */

static bool is_blank(struct slice s)
{
    return slice_trim_wide(s).length == 0;
}

static void report_row(const struct row_reader *row, enum code code, struct slice text)
{
    row_report(row, code, -1, cell_shown(NULL, text, row->arena), wording_of(SLICE("")));
}

/* Files that were joined keep their marks. */
static struct slice without_mark(struct slice s)
{
    struct slice mark = SLICE("\xEF\xBB\xBF");
    return slice_starts_with(s, mark) ? slice_from(s, mark.length) : s;
}

/* The header once more, or that of another table, which shares a label with it. */
static bool is_header(const struct table_reader *reader, const struct csv_row *record,
                      bool follows_blank)
{
    ptrdiff_t same = 0;
    ptrdiff_t others = 0;
    for (ptrdiff_t i = 0; i < record->field_count && i < reader->table->column_count; i++) {
        struct slice text = slice_trim_wide(without_mark(record->fields[i]));
        bool is_same = slice_equal(text, slice_trim_wide(reader->table->columns[i].name));
        same += text.length > 0 && is_same ? 1 : 0;
        others += text.length > 0 && !is_same ? 1 : 0;
    }
    return follows_blank ? same > 0 : same > 1 && others == 0;
}

/* True when the row is none of the table's, which is its finding. */
static bool report_foreign_row(const struct row_reader *row, const struct csv_row *record,
                               bool follows_blank)
{
    ptrdiff_t first = -1;
    ptrdiff_t filled = 0;
    for (ptrdiff_t i = 0; i < record->field_count; i++) {
        if (!is_blank(record->fields[i])) {
            first = first < 0 ? i : first;
            filled++;
        }
    }
    if (first < 0) {
        return false;
    }
    struct slice text = slice_trim_wide(record->fields[first]);
    if (is_header(row->table, record, follows_blank)) {
        report_row(row, CODE_csv_header_again, text);
    } else if (filled == 1 && record->field_count > 1 && row->table->field_count > 2 &&
               (first > 0 || text_begins_note(text))) {
        report_row(row, text_names_looks(text) ? CODE_csv_looks : CODE_csv_note_row, text);
    } else if (first < 2 && filled > 1 && text_means_total(text, row->arena)) {
        report_row(row, CODE_csv_total_row, text);
    } else {
        return false;
    }
    return true;
}

/* ---- Counting ---- */

struct sighting {
    int64_t count;
    struct record_place place; /* of the first */
    struct slice text;
};

struct table_looks {
    struct arena *arena;
    ptrdiff_t column_count;
    struct sighting (*seen)[LOOKS]; /* one a column */
    ptrdiff_t *short_digits;        /* likewise: as many betray a lost zero; 0: none do */
};

struct table_looks *looks_new(const struct table_reader *reader, struct arena *arena)
{
    struct table_looks *looks = ARENA_NEW(arena, struct table_looks);
    looks->arena = arena;
    looks->column_count = reader->table->column_count;
    looks->seen = arena_allocate(arena, (ptrdiff_t)sizeof(*looks->seen), _Alignof(struct sighting),
                                 looks->column_count);
    looks->short_digits = ARENA_ARRAY(arena, ptrdiff_t, looks->column_count);
    for (ptrdiff_t i = 0; i < looks->column_count; i++) {
        looks->short_digits[i] = digits_without_zero(reader->table->columns[i].name);
    }
    return looks;
}

static void count(struct table_looks *looks, ptrdiff_t column, enum look look,
                  const struct record_place *place, struct slice text)
{
    struct sighting *sighting = &looks->seen[column][look];
    if (sighting->count++ == 0 || place->row_number < sighting->place.row_number) {
        sighting->place = *place;
        sighting->text = look > LOOKS_NUMBER ? arena_copy(looks->arena, text) : SLICE("");
    }
}

static void report_date(const struct row_reader *row, ptrdiff_t field, struct slice text,
                        enum date_problem problem)
{
    static const enum code codes[] = {[DATE_IMPOSSIBLE] = CODE_csv_impossible_date,
                                      [DATE_OUTSIDE_ERA] = CODE_csv_outside_era,
                                      [DATE_WRONG_WEEKDAY] = CODE_csv_wrong_weekday};
    struct date date = {0};
    (void)date_parse(text, &date);
    struct wording era = era_words(text, row->arena);
    cell_report(row->table->diag,
                &(struct cell_report){.code = codes[problem],
                                      .place = row->place,
                                      .field = field,
                                      .arguments = {wording_of(text), wording_of(SLICE("")),
                                                    wording_of(date_iso(row->arena, date)), era}});
}

void looks_at(struct table_looks *looks, const struct row_reader *row, const struct csv_row *record,
              bool follows_blank)
{
    if (report_foreign_row(row, record, follows_blank)) {
        return;
    }
    bool is_leading = true;
    for (ptrdiff_t i = 0; i < record->field_count && i < looks->column_count; i++) {
        struct slice text = slice_trim_wide(record->fields[i]);
        if (text.length == 0) {
            count(looks, i, is_leading ? LOOKS_LEFT_OUT : LOOKS_EMPTY, &row->place, text);
            continue;
        }
        is_leading = false;
        enum date_problem problem;
        enum look look = look_of(text, row->arena, &problem);
        bool is_digits = look == LOOKS_NUMBER || look == LOOKS_SERIAL;
        if (is_digits && text.length == looks->short_digits[i]) {
            look = LOOKS_SHORT;
        }
        count(looks, i, look, &row->place, text);
        if (problem != DATE_OK) {
            report_date(row, i, text, problem);
        }
    }
}

/* ---- Columns ---- */

static void join(struct sighting *sum, const struct sighting *part)
{
    bool is_first =
        part->count > 0 && (sum->count == 0 || part->place.row_number < sum->place.row_number);
    if (is_first) {
        sum->place = part->place;
        sum->text = part->text;
    }
    sum->count += part->count;
}

static void report_column(const struct table_reader *reader, enum code code, ptrdiff_t column,
                          const struct sighting *sighting)
{
    cell_report(
        reader->diag,
        &(struct cell_report){.code = code,
                              .place = sighting->place,
                              .field = column,
                              .arguments = {cell_shown(NULL, sighting->text, reader->arena),
                                            wording_of(reader->table->columns[column].name),
                                            wording_of(arena_format(reader->arena, "%lld",
                                                                    (long long)sighting->count))}});
}

static bool label_means_date(struct slice label)
{
    static const char *const ends[] = {"日", "日付", "日時", "date", "Date"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (slice_ends_with(label, slice_of(ends[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_most(int64_t part, int64_t all)
{
    return part > 1 && part * 5 >= all * 4;
}

static void judge_column(const struct table_reader *reader, ptrdiff_t column,
                         const struct sighting *seen)
{
    int64_t numbers = seen[LOOKS_NUMBER].count + seen[LOOKS_SHORT].count +
                      seen[LOOKS_SERIAL].count + seen[LOOKS_EXPONENT].count +
                      seen[LOOKS_DRESSED].count;
    int64_t western = seen[LOOKS_ISO].count + seen[LOOKS_WESTERN].count;
    int64_t dates = western + seen[LOOKS_ERA].count;
    int64_t others = seen[LOOKS_OTHER].count + seen[LOOKS_OTHER_TEXT].count;
    int64_t values = numbers + dates + others + seen[LOOKS_TEXT].count;
    /* In a column of choices; elsewhere it is a text like others. */
    if (seen[LOOKS_OTHER].count > 0 && seen[LOOKS_OTHER_TEXT].count > 0) {
        report_column(reader, CODE_csv_other_text, column, &seen[LOOKS_OTHER_TEXT]);
    }
    if (seen[LOOKS_SHORT].count > 0) {
        report_column(reader, CODE_csv_lost_zero, column, &seen[LOOKS_SHORT]);
    }
    if (seen[LOOKS_EXPONENT].count > 0) {
        report_column(reader, CODE_csv_exponent, column, &seen[LOOKS_EXPONENT]);
    }
    if (is_most(seen[LOOKS_SERIAL].count, values) &&
        label_means_date(reader->table->columns[column].name)) {
        report_column(reader, CODE_csv_serial_date, column, &seen[LOOKS_SERIAL]);
    }
    bool is_numbers = is_most(numbers, values);
    if (is_numbers && seen[LOOKS_DRESSED].count > 0) {
        report_column(reader, CODE_csv_dressed_number, column, &seen[LOOKS_DRESSED]);
    }
    if (is_numbers && seen[LOOKS_MARK].count > 0) {
        report_column(reader, CODE_csv_mark, column, &seen[LOOKS_MARK]);
    }
    if (!is_most(dates, values)) {
        return;
    }
    if (western == 0) {
        report_column(reader, CODE_csv_era_alone, column, &seen[LOOKS_ERA]);
    } else if (seen[LOOKS_ERA].count > 0) {
        report_column(reader, CODE_csv_mixed_dates, column, &seen[LOOKS_ERA]);
    } else if (seen[LOOKS_ISO].count > 0 && seen[LOOKS_WESTERN].count > 0) {
        report_column(reader, CODE_csv_mixed_dates, column, &seen[LOOKS_WESTERN]);
    }
}

void looks_report(const struct table_reader *reader, struct table_looks *const *all, int count)
{
    bool is_leading = true;
    for (ptrdiff_t column = 0; column < reader->table->column_count; column++) {
        struct sighting seen[LOOKS] = {{0}};
        int64_t filled = 0;
        for (int look = 0; look < LOOKS; look++) {
            for (int i = 0; i < count; i++) {
                join(&seen[look], &all[i]->seen[column][look]);
            }
            filled += look > LOOKS_LEFT_OUT ? seen[look].count : 0;
        }
        is_leading = is_leading && seen[LOOKS_LEFT_OUT].count > 0 && filled > 0;
        if (is_leading) {
            report_column(reader, CODE_csv_left_out, column, &seen[LOOKS_LEFT_OUT]);
        }
        judge_column(reader, column, seen);
    }
}

/* ---- Labels ---- */

/* 会 議 名: white space between characters that stand alone; or a line end. */
static bool is_spread(struct slice label)
{
    ptrdiff_t alone = 0;
    ptrdiff_t run = 0;
    if (slice_find_byte(label, '\n', 0) >= 0 || slice_find_byte(label, '\r', 0) >= 0) {
        return true;
    }
    for (ptrdiff_t at = 0; at < label.length;) {
        int32_t c = utf8_next(label, &at);
        bool is_space = utf8_is_white_space(c);
        if (!is_space && (!utf8_is_wide_without_space(c) || run > 0)) {
            return false;
        }
        alone += is_space ? 0 : 1;
        run = is_space ? 0 : 1;
    }
    return alone > 1;
}

static bool is_time(struct slice label)
{
    struct date date;
    return date_parse(label, &date) == DATE_OK;
}

void looks_at_labels(const struct table_reader *reader, const struct csv_row *row)
{
    ptrdiff_t times = 0;
    ptrdiff_t first_time = -1;
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        struct slice label = slice_trim_wide(row->fields[i]);
        struct cell_report cell = {.code = CODE_csv_label_space,
                                   .place = reader->place,
                                   .field = i,
                                   .arguments = {cell_shown(NULL, label, reader->arena)}};
        if (is_spread(label)) {
            cell_report(reader->diag, &cell);
        }
        if (is_time(label)) {
            first_time = first_time < 0 ? i : first_time;
            times++;
        }
    }
    if (times >= 3) {
        cell_report(
            reader->diag,
            &(struct cell_report){
                .code = CODE_csv_wide_form,
                .place = reader->place,
                .field = first_time,
                .arguments = {wording_of(row->fields[first_time]),
                              wording_of(arena_format(reader->arena, "%lld", (long long)times))}});
    }
}
