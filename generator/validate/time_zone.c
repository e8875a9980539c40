/* The time zone that site.yaml names: calendars need to know what it means. */
#include "checks.h"

#include "events.h"

void check_time_zone(const struct checking *checking)
{
    const struct site *site = checking->site;
    const struct value *value = record_get(site->config, FIELD_site_time_zone);
    if (value_is_stated(value) && site_time_zone(site) == NULL) {
        DIAG(checking->diag, CODE_site_time_zone, value->span, value->as.text,
             time_zones_known(checking->scratch));
    }
}
