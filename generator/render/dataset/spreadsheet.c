#include "spreadsheet.h"

#define EPOCH_DAYS 25569   /* from 1899-12-30 to 1970-01-01 */
#define FIRST_DAY (-25508) /* 1900-03-01, in days since 1970-01-01 */
#define LAST_DAY 2932896   /* 9999-12-31 */
#define DIGITS_MOST 15
#define DATE_LENGTH ((ptrdiff_t)sizeof("2024-04-01") - 1)
#define TIME_LENGTH ((ptrdiff_t)sizeof("09:30:00") - 1)

/* ---- Numbers and times ---- */

static int count_digits(struct slice number)
{
    int digits = 0;
    for (ptrdiff_t i = 0; i < number.length; i++) {
        char c = number.data[i];
        if (c == 'e' || c == 'E') {
            break;
        }
        if (c >= '0' && c <= '9' && (digits > 0 || c != '0')) {
            digits++;
        }
    }
    return digits;
}

static bool two_digits(struct slice s, ptrdiff_t at, int below, int *out)
{
    if (at + 2 > s.length || s.data[at] < '0' || s.data[at] > '9' || s.data[at + 1] < '0' ||
        s.data[at + 1] > '9') {
        return false;
    }
    *out = (s.data[at] - '0') * 10 + (s.data[at + 1] - '0');
    return *out < below;
}

/* "09:30:00" and nothing else; the part of a day. */
static bool read_time(struct slice text, double *out)
{
    int hour;
    int minute;
    int second;
    if (text.length != TIME_LENGTH || text.data[2] != ':' || text.data[5] != ':' ||
        !two_digits(text, 0, 24, &hour) || !two_digits(text, 3, 60, &minute) ||
        !two_digits(text, 6, 60, &second)) {
        return false;
    }
    *out = (hour * 3600 + minute * 60 + second) / 86400.0;
    return true;
}

static bool read_day(struct slice text, int32_t *out)
{
    struct date date;
    if (date_parse(text, &date) != DATE_OK || date.precision != DATE_DAY) {
        return false;
    }
    *out = date_first_day(date);
    return true;
}

/* ---- Cells ---- */

static struct spreadsheet_cell text_cell(struct slice text)
{
    struct spreadsheet_cell cell = {.kind = SPREADSHEET_TEXT_CELL, .text = text};
    if (text.length <= SPREADSHEET_TEXT) {
        return cell;
    }
    ptrdiff_t units = 0;
    for (ptrdiff_t at = 0; at < text.length;) {
        ptrdiff_t start = at;
        units += utf8_next(text, &at) > 0xFFFF ? 2 : 1;
        if (units > SPREADSHEET_TEXT) {
            cell.text = slice_sub(text, 0, start);
            cell.is_cut = true;
            break;
        }
    }
    return cell;
}

static struct spreadsheet_cell number_cell(struct slice text)
{
    double number;
    struct spreadsheet_cell cell = text_cell(text);
    if (slice_to_number(text, &number) && number - number == 0) {
        cell.is_long_number = count_digits(text) > DIGITS_MOST;
        cell.kind = cell.is_long_number ? SPREADSHEET_TEXT_CELL : SPREADSHEET_NUMBER;
        cell.number = number;
    }
    return cell;
}

static struct spreadsheet_cell date_cell(struct slice text)
{
    int32_t day;
    struct spreadsheet_cell cell = text_cell(text);
    if (read_day(text, &day) && day <= LAST_DAY) {
        cell.is_early_date = day < FIRST_DAY;
        cell.kind = cell.is_early_date ? SPREADSHEET_TEXT_CELL : SPREADSHEET_DATE;
        cell.number = day + EPOCH_DAYS;
    }
    return cell;
}

/* One with a fraction of a second or a zone stays text: a spreadsheet has neither. */
static struct spreadsheet_cell datetime_cell(struct slice text)
{
    int32_t day;
    double time;
    struct spreadsheet_cell cell = text_cell(text);
    if (text.length == DATE_LENGTH + 1 + TIME_LENGTH &&
        read_day(slice_sub(text, 0, DATE_LENGTH), &day) &&
        read_time(slice_from(text, DATE_LENGTH + 1), &time) && day <= LAST_DAY) {
        cell.is_early_date = day < FIRST_DAY;
        cell.kind = cell.is_early_date ? SPREADSHEET_TEXT_CELL : SPREADSHEET_DATETIME;
        cell.number = day + EPOCH_DAYS + time;
    }
    return cell;
}

static struct spreadsheet_cell time_cell(struct slice text)
{
    struct spreadsheet_cell cell = text_cell(text);
    if (read_time(text, &cell.number)) {
        cell.kind = SPREADSHEET_TIME;
    }
    return cell;
}

struct spreadsheet_cell spreadsheet_cell(const struct dataset_column *column, struct slice cell)
{
    if (cell.length == 0) {
        return (struct spreadsheet_cell){.kind = SPREADSHEET_EMPTY};
    }
    switch (column->type) {
    case COLUMN_INTEGER:
    case COLUMN_NUMBER:
    case COLUMN_YEAR:
        return number_cell(cell);
    case COLUMN_BOOLEAN:
        return (struct spreadsheet_cell){.kind = SPREADSHEET_BOOLEAN,
                                         .number = slice_equal(cell, SLICE("true")) ? 1 : 0};
    case COLUMN_DATE:
        return date_cell(cell);
    case COLUMN_DATETIME:
        return datetime_cell(cell);
    case COLUMN_TIME:
        return time_cell(cell);
    default:
        return text_cell(cell);
    }
}

/* ---- Formulas ---- */

static bool is_text(enum column_type type)
{
    return type != COLUMN_INTEGER && type != COLUMN_NUMBER && type != COLUMN_YEAR &&
           type != COLUMN_BOOLEAN && type != COLUMN_DATE && type != COLUMN_TIME;
}

/* Whether it begins with one of = + - @, tab and carriage return, or the first four in full width.
 */
static bool begins_like_formula(struct slice cell)
{
    switch (cell.length > 0 ? (unsigned char)cell.data[0] : '\0') {
    case '=':
    case '+':
    case '-':
    case '@':
    case '\t':
    case '\r':
        return true;
    case 0xEF:
        return slice_starts_with(cell, SLICE("＝")) || slice_starts_with(cell, SLICE("＋")) ||
               slice_starts_with(cell, SLICE("－")) || slice_starts_with(cell, SLICE("＠"));
    default:
        return false;
    }
}

bool spreadsheet_is_formula(const struct dataset_column *column, struct slice cell)
{
    double number;
    return begins_like_formula(cell) && is_text(column->type) && !slice_to_number(cell, &number);
}
