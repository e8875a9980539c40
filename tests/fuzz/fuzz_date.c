/* Dates: a day that is read is a day of the calendar, and its ISO form is read as the same. */
#include "fuzz.h"

#include "model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct date date;
    enum date_problem problem = date_parse(slice_make((const char *)data, (ptrdiff_t)size), &date);
    if (problem == DATE_UNREADABLE || problem == DATE_IMPOSSIBLE) {
        return 0;
    }
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct date again;
    CHECK(date_parse(date_iso(&arena, date), &again) == DATE_OK);
    CHECK(again.year == date.year && again.month == date.month && again.day == date.day &&
          again.precision == date.precision);
    CHECK(date_first_day(date) <= date_last_day(date));
    struct date first = date_from_days(date_first_day(date));
    CHECK(first.year == date.year);
    arena_release(&arena);
    return 0;
}
