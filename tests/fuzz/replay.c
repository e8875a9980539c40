/* Runs a fuzz target over files: replay FILE... */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        if (file == NULL) {
            perror(argv[i]);
            return 1;
        }
        size_t size = 0;
        size_t capacity = 1 << 16;
        /* Exactly as large as its content, so that reading beyond it is seen. */
        uint8_t *data = malloc(capacity);
        size_t got;
        while (data != NULL && (got = fread(data + size, 1, capacity - size, file)) > 0) {
            size += got;
            if (size == capacity) {
                capacity *= 2;
                data = realloc(data, capacity);
            }
        }
        fclose(file);
        data = data != NULL && size > 0 ? realloc(data, size) : data;
        if (data == NULL) {
            return 1;
        }
        (void)LLVMFuzzerTestOneInput(data, size);
        free(data);
    }
    return 0;
}
