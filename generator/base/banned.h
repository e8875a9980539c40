/* Functions that have no place here do not compile. What to use instead stands behind each. */
#ifndef KYODO_BANNED_H
#define KYODO_BANNED_H

#define KYODO_BANNED(function) sorry_##function##_is_banned

#ifndef __cplusplus
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#undef strcpy
#define strcpy(...) KYODO_BANNED(strcpy) /* arena_copy, buffer_append */
#undef strcat
#define strcat(...) KYODO_BANNED(strcat) /* buffer_append */
#undef strncpy
#define strncpy(...) KYODO_BANNED(strncpy)
#undef strncat
#define strncat(...) KYODO_BANNED(strncat)
#undef sprintf
#define sprintf(...) KYODO_BANNED(sprintf) /* buffer_append_format, arena_format */
#undef vsprintf
#define vsprintf(...) KYODO_BANNED(vsprintf)
#undef gets
#define gets(...) KYODO_BANNED(gets)
#undef strtok
#define strtok(...) KYODO_BANNED(strtok) /* slice_cut */
#undef atoi
#define atoi(...) KYODO_BANNED(atoi) /* slice_to_integer */
#undef atof
#define atof(...) KYODO_BANNED(atof) /* slice_to_number */
#undef gmtime
#define gmtime(...) KYODO_BANNED(gmtime) /* the model's own calendar */
#undef localtime
#define localtime(...) KYODO_BANNED(localtime)
#undef ctime
#define ctime(...) KYODO_BANNED(ctime)
#undef asctime
#define asctime(...) KYODO_BANNED(asctime)
#undef system
#define system(...) KYODO_BANNED(system) /* no shell, ever */
#undef popen
#define popen(...) KYODO_BANNED(popen)
#undef alloca
#define alloca(...) KYODO_BANNED(alloca)
#endif

#endif
