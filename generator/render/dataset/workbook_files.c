/*
 * Where libxlsxwriter keeps what it has not packed yet. Its own function opens files in TMPDIR and
 * its writer does not notice when the disk is full, which would publish a broken workbook; this one
 * takes its place and gives it files in memory. Apart from form_xlsx.c, and without the library's
 * header, because that declares the function in one way up to 1.1.5 and in another after it.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>

#include "bug.h"

FILE *lxw_tmpfile(const char *directory);

FILE *lxw_tmpfile(const char *directory)
{
    (void)directory;
    int descriptor = memfd_create("xlsx", MFD_CLOEXEC);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w+b");
    if (file == NULL) {
        memory_exhausted(0);
    }
    return file;
}
