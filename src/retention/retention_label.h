/*
 * Names of calendar periods.
 */
#ifndef CLIENTELE_RETENTION_LABEL_H
#define CLIENTELE_RETENTION_LABEL_H

#include "core/period.h"

/* 2025-03-05, 2025-W07, 2025-03, 2025-Q1 or 2025 */
extern text *period_label(Period period, DateADT first_day);

#endif
