#include "chart_svg.h"

#include <math.h>
#include <stdlib.h>

#define HEIGHT 220
#define TOP 30
#define BOTTOM 188 /* the line of the lowest value */
#define RIGHT (CHART_WIDTH - 14)
#define VALUES_MOST 8 /* points with their value written beside them */
#define RADIUS 4

struct scale {
    double first, last; /* days */
    double least, most; /* values at BOTTOM and TOP */
    int left;
};

static int x_of(const struct scale *scale, double time)
{
    double span = scale->last - scale->first;
    double share = span > 0 ? (time - scale->first) / span : 0.5;
    return (int)lround(scale->left + share * (RIGHT - scale->left));
}

static int y_of(const struct scale *scale, double value)
{
    return (int)lround(BOTTOM -
                       (value - scale->least) / (scale->most - scale->least) * (BOTTOM - TOP));
}

static int compare_times(const void *a, const void *b)
{
    const struct chart_point *left = a;
    const struct chart_point *right = b;
    return left->time < right->time   ? -1
           : left->time > right->time ? 1
                                      : left->is_target - right->is_target;
}

/* The least of 1, 2, 5 times a power of ten that is not below the value. */
static double round_up(double value)
{
    double power = pow(10, floor(log10(value)));
    static const double steps[] = {1, 2, 5, 10};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        if (steps[i] * power >= value) {
            return steps[i] * power;
        }
    }
    return 10 * power;
}

static struct scale make_scale(const struct chart_data *chart)
{
    struct scale scale = {.first = chart->points[0].time,
                          .last = chart->points[chart->count - 1].time};
    for (ptrdiff_t i = 0; i < chart->count; i++) {
        scale.least = fmin(scale.least, chart->points[i].value);
        scale.most = fmax(scale.most, chart->points[i].value);
    }
    scale.most = scale.most > 0 ? scale.most : scale.least < 0 ? 0 : 1;
    scale.left = 14;
    return scale;
}

/* Lines at zero and at round values, for the eye; the numbers stand at the points. */
static void put_grid(const struct scale *scale, struct buffer *out)
{
    double step = round_up((scale->most - scale->least) / 3);
    int first = (int)ceil(scale->least / step);
    int last = (int)floor(scale->most / step + 0.001);
    for (int at = first; at <= last; at++) {
        int y = y_of(scale, at * step);
        svg_shape(
            out, "line", at == 0 ? "axis" : "grid",
            (const struct svg_number[]){{"x1", 0}, {"y1", y}, {"x2", CHART_WIDTH}, {"y2", y}, {0}});
    }
}

static void put_line(const struct scale *scale, const struct chart_point *from,
                     const struct chart_point *to, struct buffer *out)
{
    svg_shape(out, "line", to->is_target ? "way target" : "way",
              (const struct svg_number[]){{"x1", x_of(scale, from->time)},
                                          {"y1", y_of(scale, from->value)},
                                          {"x2", x_of(scale, to->time)},
                                          {"y2", y_of(scale, to->value)},
                                          {0}});
}

/* A text near x that stays inside the picture. */
static void put_near(struct buffer *out, const char *text_class, int x, int y, struct slice html)
{
    int half = chart_text_width(html) / 2;
    if (x - half < 0) {
        svg_text(out, text_class, 0, y, "start", html);
    } else if (x + half > CHART_WIDTH) {
        svg_text(out, text_class, CHART_WIDTH, y, "end", html);
    } else {
        svg_text(out, text_class, x, y, "middle", html);
    }
}

/* The dates below the axis: the last one always, the others from the left where there is room. */
static void put_dates(const struct scale *scale, const struct chart_data *chart, struct buffer *out)
{
    const struct chart_point *last = &chart->points[chart->count - 1];
    int end = CHART_WIDTH - chart_text_width(last->when);
    int free_from = 0;
    for (ptrdiff_t i = 0; i < chart->count; i++) {
        const struct chart_point *point = &chart->points[i];
        int width = chart_text_width(point->when);
        int x = x_of(scale, point->time);
        int left = x - width / 2 > 0 ? x - width / 2 : 0;
        bool is_last = i == chart->count - 1;
        svg_shape(out, "line", "axis",
                  (const struct svg_number[]){
                      {"x1", x}, {"y1", BOTTOM}, {"x2", x}, {"y2", BOTTOM + 5}, {0}});
        if (is_last || (left >= free_from && left + width + 8 <= end)) {
            put_near(out, "when", x, BOTTOM + 22, point->when);
            free_from = left + width + 8;
        }
    }
}

static bool shows_value(const struct chart_data *chart, ptrdiff_t index)
{
    return chart->count <= VALUES_MOST || index == 0 || index == chart->count - 1 ||
           chart->points[index].is_target;
}

/* Whether the lines at a point all go up from it, so that there is room below. */
static bool is_valley(const struct chart_data *chart, ptrdiff_t index)
{
    const struct chart_point *points = chart->points;
    bool falls = index > 0 && points[index - 1].value <= points[index].value;
    bool rises = index + 1 < chart->count && points[index + 1].value <= points[index].value;
    return !falls && !rises && chart->count > 1;
}

static void put_points(const struct scale *scale, const struct chart_data *chart,
                       struct buffer *out)
{
    int last_x = -CHART_WIDTH;
    int last_y = 0;
    for (ptrdiff_t i = 0; i < chart->count; i++) {
        const struct chart_point *point = &chart->points[i];
        int x = x_of(scale, point->time);
        int y = y_of(scale, point->value);
        svg_shape(out, "circle", point->is_target ? "point target" : "point",
                  (const struct svg_number[]){{"cx", x}, {"cy", y}, {"r", RADIUS}, {0}});
        if (!shows_value(chart, i)) {
            continue;
        }
        int above = y - RADIUS - 6;
        int below = y + RADIUS + CHART_TEXT + 3;
        bool is_crowded =
            x - last_x < chart_text_width(point->text) + 4 && abs(above - last_y) < CHART_TEXT + 2;
        int text_y = (is_crowded || is_valley(chart, i)) && below < BOTTOM - 2 ? below : above;
        put_near(out, "value", x, text_y, point->text);
        last_x = x;
        last_y = text_y;
    }
}

void chart_time(const struct chart_data *chart, struct buffer *out)
{
    if (chart->count == 0) {
        return;
    }
    qsort(chart->points, (size_t)chart->count, sizeof(*chart->points), compare_times);
    struct scale scale = make_scale(chart);
    svg_open(chart, HEIGHT, out);
    put_grid(&scale, out);
    const struct chart_point *before = NULL;
    for (ptrdiff_t i = 0; i < chart->count; i++) {
        const struct chart_point *point = &chart->points[i];
        if (before != NULL) {
            put_line(&scale, before, point, out);
        }
        /* What comes after an aim goes on from the facts. */
        before = point->is_target ? before : point;
    }
    put_points(&scale, chart, out);
    put_dates(&scale, chart, out);
    svg_close(out);
}
