#include "chart_svg.h"

int chart_text_width(struct slice text)
{
    /* Bold digits are wider than half the size of the face, most other half-width letters are not.
     */
    return (int)(utf8_slice_width(text) * CHART_TEXT * 12 / 20);
}

static void put_attribute(struct buffer *out, const char *name, int value)
{
    buffer_append_byte(out, ' ');
    buffer_append(out, slice_of(name));
    buffer_append_literal(out, "=\"");
    buffer_append_integer(out, value);
    buffer_append_byte(out, '"');
}

void svg_open(const struct chart_data *chart, int height, struct buffer *out)
{
    buffer_append_literal(out, "<svg role=\"img\" viewBox=\"0 0 ");
    buffer_append_integer(out, CHART_WIDTH);
    buffer_append_byte(out, ' ');
    buffer_append_integer(out, height);
    buffer_append_byte(out, '"');
    put_attribute(out, "width", CHART_WIDTH);
    put_attribute(out, "height", height);
    buffer_append_literal(out, " aria-labelledby=\"");
    escape_html_attribute(out, chart->id);
    buffer_append_literal(out, "-title ");
    escape_html_attribute(out, chart->id);
    buffer_append_literal(out, "-desc\">\n<title id=\"");
    escape_html_attribute(out, chart->id);
    buffer_append_literal(out, "-title\">");
    escape_html_text(out, chart->title);
    buffer_append_literal(out, "</title>\n<desc id=\"");
    escape_html_attribute(out, chart->id);
    buffer_append_literal(out, "-desc\">");
    escape_html_text(out, chart->description);
    buffer_append_literal(out, "</desc>\n");
}

void svg_close(struct buffer *out)
{
    buffer_append_literal(out, "</svg>\n");
}

void svg_shape(struct buffer *out, const char *name, const char *shape_class,
               const struct svg_number *numbers)
{
    buffer_append_byte(out, '<');
    buffer_append(out, slice_of(name));
    buffer_append_literal(out, " class=\"");
    buffer_append(out, slice_of(shape_class));
    buffer_append_byte(out, '"');
    for (; numbers->name != NULL; numbers++) {
        put_attribute(out, numbers->name, numbers->value);
    }
    buffer_append_literal(out, "/>\n");
}

void svg_text(struct buffer *out, const char *text_class, int x, int y, const char *anchor,
              struct slice html)
{
    buffer_append_literal(out, "<text class=\"");
    buffer_append(out, slice_of(text_class));
    buffer_append_byte(out, '"');
    put_attribute(out, "x", x);
    put_attribute(out, "y", y);
    buffer_append_literal(out, " text-anchor=\"");
    buffer_append(out, slice_of(anchor));
    buffer_append_literal(out, "\">");
    buffer_append(out, html);
    buffer_append_literal(out, "</text>\n");
}
