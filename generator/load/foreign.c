/*
 * Files that are no text at all, whatever their names say: cities publish workbooks, PDF and saved
 * web pages as .csv. Their first bytes tell, and of packed ones the names of what is in them.
 */
#include "foreign.h"

static bool holds(struct slice bytes, struct slice text)
{
    return slice_find(bytes, text, 0) >= 0;
}

static bool begins_in_any_case(struct slice text, struct slice with)
{
    return text.length >= with.length &&
           slice_equal_ignoring_ascii_case(slice_sub(text, 0, with.length), with);
}

static struct foreign zip_of(struct slice bytes)
{
    if (holds(bytes, SLICE("xl/workbook"))) {
        return (struct foreign){CODE_file_spreadsheet, SLICE("Excel, XLSX")};
    }
    if (holds(bytes, SLICE("application/vnd.oasis.opendocument.spreadsheet"))) {
        return (struct foreign){CODE_file_spreadsheet, SLICE("ODS")};
    }
    if (holds(bytes, SLICE("word/document"))) {
        return (struct foreign){CODE_file_document, SLICE("Word")};
    }
    return (struct foreign){CODE_file_packed, SLICE("ZIP")};
}

/* Office before 2007: names of its parts are UTF-16. */
static struct foreign compound_of(struct slice bytes)
{
    if (holds(bytes, SLICE("W\0o\0r\0d\0D\0o\0c\0"))) {
        return (struct foreign){CODE_file_document, SLICE("Word")};
    }
    return (struct foreign){CODE_file_spreadsheet, SLICE("Excel, XLS")};
}

static bool is_page(struct slice bytes)
{
    struct slice text =
        slice_starts_with(bytes, SLICE("\xEF\xBB\xBF")) ? slice_from(bytes, 3) : bytes;
    text = slice_trim(slice_sub(text, 0, text.length < 1024 ? text.length : 1024));
    return begins_in_any_case(text, SLICE("<!doctype html")) ||
           begins_in_any_case(text, SLICE("<html")) || begins_in_any_case(text, SLICE("<table")) ||
           begins_in_any_case(text, SLICE("<head")) ||
           (begins_in_any_case(text, SLICE("<?xml")) && holds(text, SLICE("<html")));
}

struct foreign foreign_of(struct slice bytes)
{
    static const struct {
        struct slice start;
        struct foreign kind;
    } kinds[] = {
        {{"%PDF-", 5}, {CODE_file_document, {"PDF", 3}}},
        {{"\x1F\x8B\x08", 3}, {CODE_file_packed, {"gzip", 4}}},
        {{"7z\xBC\xAF\x27\x1C", 6}, {CODE_file_packed, {"7z", 2}}},
        {{"\x89PNG\r\n", 6}, {CODE_file_document, {"PNG", 3}}},
        {{"\xFF\xD8\xFF", 3}, {CODE_file_document, {"JPEG", 4}}},
        {{"{\\rtf", 5}, {CODE_file_document, {"RTF", 3}}},
        {{"<?xml", 5}, {CODE_file_document, {"XML", 3}}},
        {{"[{\"", 3}, {CODE_file_document, {"JSON", 4}}},
        {{"{\"", 2}, {CODE_file_document, {"JSON", 4}}},
    };
    if (slice_starts_with(bytes, SLICE("PK\x03\x04"))) {
        return zip_of(bytes);
    }
    if (slice_starts_with(bytes, SLICE("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"))) {
        return compound_of(bytes);
    }
    if (is_page(bytes)) {
        return (struct foreign){CODE_file_page, SLICE("HTML")};
    }
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (slice_starts_with(bytes, kinds[i].start)) {
            return kinds[i].kind;
        }
    }
    return (struct foreign){.code = CODE_COUNT};
}

bool is_iso_2022_jp(struct slice bytes)
{
    return holds(bytes, SLICE("\x1B$B")) || holds(bytes, SLICE("\x1B$@"));
}

bool looks_like_euc(struct slice bytes)
{
    for (ptrdiff_t at = 0; at < bytes.length; at++) {
        unsigned char byte = (unsigned char)bytes.data[at];
        if (byte < 0x80) {
            continue;
        }
        unsigned char next = at + 1 < bytes.length ? (unsigned char)bytes.data[at + 1] : 0;
        if ((byte != 0x8E && byte < 0xA1) || byte == 0xFF || next < 0xA1 || next == 0xFF) {
            return false;
        }
        at++;
    }
    return true;
}
