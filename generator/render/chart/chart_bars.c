#include "chart_svg.h"

#include <math.h>

#define LINE 17 /* height of a line of a label */
#define BAR_HEIGHT 12
#define ROW_GAP 14
#define TEXT_GAP 6

static int widest_text(const struct chart_data *chart)
{
    int widest = 0;
    for (ptrdiff_t i = 0; i < chart->count; i++) {
        int width = chart_text_width(chart->points[i].text);
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* Bytes of a text that fit into the width; less `room` units. */
static ptrdiff_t fitting(struct slice text, int room)
{
    ptrdiff_t at = 0;
    for (ptrdiff_t next = 0; next < text.length;) {
        utf8_next(text, &next);
        if (chart_text_width(slice_sub(text, 0, next)) > CHART_WIDTH - room) {
            break;
        }
        at = next;
    }
    return at;
}

/* Where the first line of a label ends: behind the last space that fits, if there is one in the
 * second half; Japanese has none and breaks anywhere. */
static ptrdiff_t first_line(struct slice label)
{
    ptrdiff_t end = fitting(label, 0);
    if (end == label.length) {
        return end;
    }
    ptrdiff_t space = slice_find_last_byte(slice_sub(label, 0, end), ' ');
    return space > end / 2 ? space + 1 : end;
}

static void put_line(struct buffer *out, struct slice line, bool is_cut, int y)
{
    struct buffer html;
    buffer_init(&html);
    escape_html_text(&html, slice_trim(line));
    if (is_cut) {
        buffer_append_literal(&html, "…");
    }
    svg_text(out, "name", 0, y, "start", buffer_slice(&html));
    buffer_release(&html);
}

/* A label in one line or two; what does not fit into two is cut. The height that it takes. */
static int put_label(struct buffer *out, struct slice label, int top)
{
    ptrdiff_t first = first_line(label);
    put_line(out, slice_sub(label, 0, first), false, top + LINE - 2);
    if (first == label.length) {
        return LINE;
    }
    struct slice rest = slice_from(label, first);
    bool is_cut = fitting(rest, 0) < rest.length;
    put_line(out, is_cut ? slice_sub(rest, 0, fitting(rest, LINE)) : rest, is_cut,
             top + 2 * LINE - 2);
    return 2 * LINE;
}

static int height_of(struct slice label)
{
    return (first_line(label) == label.length ? LINE : 2 * LINE) + BAR_HEIGHT + ROW_GAP;
}

void chart_bars(const struct chart_data *chart, struct buffer *out)
{
    double least = 0;
    double most = 0;
    for (ptrdiff_t i = 0; i < chart->count; i++) {
        least = fmin(least, chart->points[i].value);
        most = fmax(most, chart->points[i].value);
    }
    double room = CHART_WIDTH - widest_text(chart) - TEXT_GAP;
    double scale = most > least ? (room > 40 ? room : 40) / (most - least) : 0;
    int zero = (int)lround(-least * scale);
    int height = 0;
    for (ptrdiff_t i = 0; i < chart->count; i++) {
        height += height_of(chart->points[i].label);
    }
    svg_open(chart, height, out);
    int top = 0;
    for (ptrdiff_t i = 0; i < chart->count; i++) {
        const struct chart_point *point = &chart->points[i];
        int length = (int)lround(fabs(point->value) * scale);
        int left = point->value < 0 ? zero - length : zero;
        int bar = top + put_label(out, point->label, top) + 3;
        svg_shape(out, "rect", point->is_target ? "bar target" : "bar",
                  (const struct svg_number[]){{"x", left},
                                              {"y", bar},
                                              {"width", length > 1 ? length : 1},
                                              {"height", BAR_HEIGHT},
                                              {0}});
        svg_text(out, "value", (point->value < 0 ? zero : left + length) + TEXT_GAP,
                 bar + BAR_HEIGHT - 1, "start", point->text);
        top += height_of(point->label);
    }
    svg_close(out);
}
