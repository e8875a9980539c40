/* Private to chart: pieces of SVG. */
#ifndef KYODO_RENDER_CHART_SVG_H
#define KYODO_RENDER_CHART_SVG_H

#include "chart.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Units of the view box: a phone of 340 pixels shows text of 13 at its own size. */
#define CHART_WIDTH 340
#define CHART_TEXT 13
/** Width in units that a text takes at most, from its width on a terminal (half-width cells). */
int chart_text_width(struct slice text);

void svg_open(const struct chart_data *chart, int height, struct buffer *out);
void svg_close(struct buffer *out);
struct svg_number {
    const char *name;
    int value;
};
/** `<name class="…" a="1" …/>`; `numbers` ends with an entry without a name. */
void svg_shape(struct buffer *out, const char *name, const char *shape_class,
               const struct svg_number *numbers);
/** A text at (x, y); `anchor` is start, middle or end. `html` holds no elements. */
void svg_text(struct buffer *out, const char *text_class, int x, int y, const char *anchor,
              struct slice html);

#ifdef __cplusplus
}
#endif
#endif
