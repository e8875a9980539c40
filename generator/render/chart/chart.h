/*
 * A chart as inline SVG: bars, or values over time with an aim. Made at build, so nothing is run or
 * fetched; shapes are told apart by form as well as by colour, colours come from the page
 * (currentColor and the theme's classes), and all lengths are numbers of a view box that is as wide
 * as a phone, so the text can be read there.
 *
 * Accessible name and description: <title> and <desc>, by aria-labelledby (WAI-ARIA 1.2, role img;
 * SVG-AAM 1.0). What is drawn must stand beside it as a table as well; that is the page's affair.
 *
 * The output depends on nothing but the data: coordinates are rounded to whole units.
 */
#ifndef KYODO_RENDER_CHART_H
#define KYODO_RENDER_CHART_H

#include "render_internal.h"

#ifdef __cplusplus
extern "C" {
#endif

struct chart_point {
    struct slice label; /* plain text: what the bar counts */
    struct slice text;  /* HTML without elements: the value as the reader's language writes it */
    struct slice when;  /* likewise: the point in time */
    double value;
    double time;    /* days since 1970, of the middle of `when` */
    bool is_target; /* an aim: drawn hollow, and the line to it is dashed */
};

struct chart_data {
    struct slice id;          /* for id= of title and description; unique in the page */
    struct slice title;       /* plain text */
    struct slice description; /* plain text: what the shape shows, in a sentence or two */
    struct chart_point *points;
    ptrdiff_t count;
};

/** A bar a point, one below the other, in the order given; from the line of zero, so lengths may be
 * compared. Labels take up to two lines and are cut with … behind them (the table has them whole).
 */
void chart_bars(const struct chart_data *chart, struct buffer *out);
/** Points along a line of time (sorted by `time`; the order given does not matter), from zero up
 * where no value is below it. */
void chart_time(const struct chart_data *chart, struct buffer *out);

#ifdef __cplusplus
}
#endif
#endif
