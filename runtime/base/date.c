/* date.c - instants and their spellings; proleptic Gregorian, UTC, no leap seconds. */
#include "base/date.h"

struct parts {
    int64_t year;
    int month, day, hour, minute, second;
    int micro;
};

static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
}

/* Days since 1970-01-01 of a civil date, counted in 400-year eras that start in March. */
static int64_t days_of(int64_t y, int m, int d) {
    y -= m <= 2 ? 1 : 0;
    int64_t era = floor_div(y, 400);
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void civil_of(struct parts *p, int64_t day) {
    int64_t z = day + 719468;
    int64_t era = floor_div(z, 146097);
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    p->day = (int)(doy - (153 * mp + 2) / 5 + 1);
    p->month = (int)(mp < 10 ? mp + 3 : mp - 9);
    p->year = yoe + era * 400 + (p->month <= 2 ? 1 : 0);
}

static void split(struct parts *p, int64_t us) {
    int64_t seconds = floor_div(us, LNM_SECOND_US);
    int64_t day = floor_div(seconds, 86400);
    int64_t rest = seconds - day * 86400;
    civil_of(p, day);
    p->micro = (int)(us - seconds * LNM_SECOND_US);
    p->hour = (int)(rest / 3600);
    p->minute = (int)(rest / 60 % 60);
    p->second = (int)(rest % 60);
}

static int join(int64_t *out, const struct parts *p) {
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = p->year % 4 == 0 && (p->year % 100 != 0 || p->year % 400 == 0);
    if (p->month < 1 || p->month > 12 || p->day < 1 ||
        p->day > length[p->month - 1] + (leap && p->month == 2 ? 1 : 0) || p->hour > 23 ||
        p->minute > 59 || p->second > 60 || p->year < 1 || p->year > 9999) {
        return LNM_EPARSE;
    }
    int64_t s =
        days_of(p->year, p->month, p->day) * 86400 + p->hour * 3600 + p->minute * 60 + p->second;
    *out = s * LNM_SECOND_US + p->micro;
    return 0;
}

/* Exactly n digits at *at, which moves on; -1 when they are not there. */
static int digits(struct lnm_str s, size_t *at, int n) {
    int v = 0;
    for (int i = 0; i < n; i++, ++*at) {
        if (*at >= s.len || s.ptr[*at] < '0' || s.ptr[*at] > '9') {
            return -1;
        }
        v = v * 10 + (s.ptr[*at] - '0');
    }
    return v;
}

static bool one_of(struct lnm_str s, size_t *at, const char *set) {
    if (*at < s.len && s.ptr[*at] != '\0' && strchr(set, s.ptr[*at]) != NULL) {
        ++*at;
        return true;
    }
    return false;
}

/* ".123456789": microseconds, further digits cut; *at moves past all of them. */
static int fraction(struct lnm_str s, size_t *at) {
    int v = 0, n = 0;
    while (*at < s.len && s.ptr[*at] >= '0' && s.ptr[*at] <= '9') {
        if (n++ < 6) {
            v = v * 10 + (s.ptr[*at] - '0');
        }
        ++*at;
    }
    for (int k = n; k < 6 && n > 0; k++) {
        v *= 10;
    }
    return n > 0 ? v : -1;
}

/* "Z" or "+hh:mm" up to the end; seconds east of UTC in *out. */
static int offset(int *out, struct lnm_str s, size_t at) {
    if (at + 1 == s.len && (s.ptr[at] == 'Z' || s.ptr[at] == 'z')) {
        *out = 0;
        return 0;
    }
    int sign = at < s.len && s.ptr[at] == '-' ? -1 : 1;
    if (!one_of(s, &at, "+-")) {
        return LNM_EPARSE;
    }
    int hours = digits(s, &at, 2);
    (void)one_of(s, &at, ":");
    int minutes = digits(s, &at, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || at != s.len) {
        return LNM_EPARSE;
    }
    *out = sign * (hours * 3600 + minutes * 60);
    return 0;
}

static int parse_iso(int64_t *out, struct lnm_str s) {
    size_t at = 0;
    struct parts p = {0};
    int east = 0;
    bool ok = (p.year = digits(s, &at, 4)) >= 0 && one_of(s, &at, "-") &&
              (p.month = digits(s, &at, 2)) >= 0 && one_of(s, &at, "-") &&
              (p.day = digits(s, &at, 2)) >= 0 && one_of(s, &at, "Tt ") &&
              (p.hour = digits(s, &at, 2)) >= 0 && one_of(s, &at, ":") &&
              (p.minute = digits(s, &at, 2)) >= 0 && one_of(s, &at, ":") &&
              (p.second = digits(s, &at, 2)) >= 0;
    if (ok && one_of(s, &at, ".")) {
        p.micro = fraction(s, &at);
        ok = p.micro >= 0;
    }
    if (!ok || offset(&east, s, at) < 0 || join(out, &p) < 0) {
        return LNM_EPARSE;
    }
    *out -= east * LNM_SECOND_US;
    return 0;
}

static int parse_month(struct lnm_str s, size_t *at) {
    for (int m = 0; m < 12; m++) {
        if (*at + 3 <= s.len && memcmp(s.ptr + *at, months[m], 3) == 0) {
            *at += 3;
            return m + 1;
        }
    }
    return -1;
}

/* "Tue, 29 Apr 2014 18:30:38.5 GMT" */
static int parse_http(int64_t *out, struct lnm_str s) {
    size_t at = 5;
    struct parts p = {0};
    bool ok = s.len > 5 && s.ptr[3] == ',' && s.ptr[4] == ' ' && (p.day = digits(s, &at, 2)) >= 0 &&
              one_of(s, &at, " ") && (p.month = parse_month(s, &at)) >= 0 && one_of(s, &at, " ") &&
              (p.year = digits(s, &at, 4)) >= 0 && one_of(s, &at, " ") &&
              (p.hour = digits(s, &at, 2)) >= 0 && one_of(s, &at, ":") &&
              (p.minute = digits(s, &at, 2)) >= 0 && one_of(s, &at, ":") &&
              (p.second = digits(s, &at, 2)) >= 0;
    if (ok && one_of(s, &at, ".")) {
        p.micro = fraction(s, &at);
        ok = p.micro >= 0;
    }
    ok = ok && lnm_str_is((struct lnm_str){s.ptr + at, s.len - at}, " GMT");
    return ok ? join(out, &p) : LNM_EPARSE;
}

/* Greatest epoch second read: the end of year 9999. */
#define EPOCH_MAX INT64_C(253402300799)

static int parse_epoch(int64_t *out, struct lnm_str s) {
    struct lnm_str whole;
    struct lnm_str rest = lnm_str_cut(s, '.', &whole);
    bool negative = whole.len > 0 && whole.ptr[0] == '-';
    int64_t seconds;
    size_t at = 0;
    int micro = 0;
    if (lnm_str_int64(&seconds, whole) < 0 || seconds > EPOCH_MAX || seconds < -EPOCH_MAX) {
        return LNM_EPARSE;
    }
    if (whole.len < s.len) {
        micro = fraction(rest, &at);
        if (micro < 0 || at != rest.len) {
            return LNM_EPARSE;
        }
    }
    *out = seconds * LNM_SECOND_US + (negative ? -micro : micro);
    return 0;
}

int lnm_date_parse(int64_t *out_us, struct lnm_str s) {
    int64_t us;
    bool weekday = s.len > 3 && s.ptr[3] == ',';
    bool iso = s.len > 10 && s.ptr[4] == '-';
    int error = weekday ? parse_http(&us, s) : iso ? parse_iso(&us, s) : parse_epoch(&us, s);
    if (error == 0) {
        *out_us = us;
    }
    return error;
}

int lnm_date_parse_amz(int64_t *out_us, struct lnm_str s) {
    size_t at = 0;
    struct parts p = {0};
    bool ok = (p.year = digits(s, &at, 4)) >= 0 && (p.month = digits(s, &at, 2)) >= 0 &&
              (p.day = digits(s, &at, 2)) >= 0 && one_of(s, &at, "T") &&
              (p.hour = digits(s, &at, 2)) >= 0 && (p.minute = digits(s, &at, 2)) >= 0 &&
              (p.second = digits(s, &at, 2)) >= 0 && one_of(s, &at, "Z") && at == s.len;
    return ok ? join(out_us, &p) : LNM_EPARSE;
}

/* ---- spelling: dates are in every item of an answer, so no printf
 * --------------------------------
 */

static char *put_two(char *at, int value, char after) {
    at[0] = (char)('0' + value / 10);
    at[1] = (char)('0' + value % 10);
    at[2] = after;
    return at + (after != '\0' ? 3 : 2);
}

/* Year, month and day with `between` after each but the last. */
static char *put_date(char *at, const struct parts *p, char between) {
    at = lnm_str_decimal(at, p->year, 4);
    if (between != '\0') {
        *at++ = between;
    }
    return put_two(put_two(at, p->month, between), p->day, '\0');
}

static char *put_time(char *at, const struct parts *p, char between) {
    return put_two(put_two(put_two(at, p->hour, between), p->minute, between), p->second, '\0');
}

static void put(char *at, const char *text) {
    memcpy(at, text, strlen(text) + 1);
}

void lnm_date_iso(char out[LNM_DATE_MAX], int64_t us) {
    struct parts p;
    split(&p, us);
    char *at = put_date(out, &p, '-');
    *at++ = 'T';
    at = put_time(at, &p, ':');
    *at++ = '.';
    put(lnm_str_decimal(at, p.micro / 1000, 3), "Z");
}

void lnm_date_iso_s(char out[LNM_DATE_MAX], int64_t us) {
    struct parts p;
    split(&p, us);
    char *at = put_date(out, &p, '-');
    *at++ = 'T';
    put(put_time(at, &p, ':'), "Z");
}

void lnm_date_http(char out[LNM_DATE_MAX], int64_t us) {
    struct parts p;
    split(&p, us);
    int64_t day = floor_div(us, 86400 * LNM_SECOND_US);
    int64_t weekday = (day + 4) - floor_div(day + 4, 7) * 7; /* 1970-01-01 was a Thursday */
    memcpy(out, days[weekday], 3);
    memcpy(out + 3, ", ", 2);
    char *at = put_two(out + 5, p.day, ' ');
    memcpy(at, months[p.month - 1], 3);
    at[3] = ' ';
    at = lnm_str_decimal(at + 4, p.year, 4);
    *at++ = ' ';
    put(put_time(at, &p, ':'), " GMT");
}

void lnm_date_amz(char out[LNM_DATE_MAX], int64_t us) {
    struct parts p;
    split(&p, us);
    char *at = put_date(out, &p, '\0');
    *at++ = 'T';
    put(put_time(at, &p, '\0'), "Z");
}
