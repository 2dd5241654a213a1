/*
 * Checks of parameters, with one wording for all capabilities.
 */
#ifndef CLIENTELE_ARGUMENT_H
#define CLIENTELE_ARGUMENT_H

#include "utils/date.h"

/* Raises 22023: invalid value for parameter "name": value. */
_Noreturn extern void bad_parameter(const char *name, const char *value, const char *hint);

/* The index of value in choices, which NULL ends; else 22023, listing them. */
extern int choice_argument(const char *name, const text *value, const char *const *choices);

/* A confidence level: above 0, below 1. */
extern double level_argument(double level);

/* A number from lowest to highest, both inclusive. */
extern double range_argument(const char *name, double value, double lowest, double highest);

/* Raise 22008 for an infinite time, which has no day. */
extern DateADT finite_date(DateADT date);
extern Timestamp finite_timestamp(Timestamp at);

/* 22008: the first date that PostgreSQL knows is later. */
_Noreturn extern void before_first_date(const char *what);

/* 22023: the caller gave a time zone to a type without one, or none to timestamptz. */
_Noreturn extern void refuse_time_zone(void);
_Noreturn extern void require_time_zone(void);

#endif
