/*
 * bare_csv FILE: what libcsv alone needs to read a file: read it and hand every byte to csv_parse,
 * with callbacks that only count. The measure of the bench's register.
 */
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>

struct counts {
    long fields, rows;
};

static void on_field(void *value, size_t length, void *context)
{
    (void)value;
    (void)length;
    ((struct counts *)context)->fields++;
}

static void on_row(int end, void *context)
{
    (void)end;
    ((struct counts *)context)->rows++;
}

int main(int argc, char **argv)
{
    static char block[1 << 16];
    struct csv_parser parser;
    struct counts counts = {0, 0};
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (file == NULL || csv_init(&parser, CSV_STRICT) != 0) {
        fprintf(stderr, "usage: bare_csv FILE\n");
        return 3;
    }
    size_t length;
    while ((length = fread(block, 1, sizeof(block), file)) > 0) {
        if (csv_parse(&parser, block, length, on_field, on_row, &counts) != length) {
            return 2;
        }
    }
    csv_fini(&parser, on_field, on_row, &counts);
    csv_free(&parser);
    fclose(file);
    printf("%ld rows, %ld fields\n", counts.rows, counts.fields);
    return 0;
}
