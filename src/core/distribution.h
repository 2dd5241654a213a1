/*
 * Student's t and chi-square: the distributions that a test is read from. The normal one is in
 * share.h.
 */
#ifndef CLIENTELE_DISTRIBUTION_H
#define CLIENTELE_DISTRIBUTION_H

/* The probability of a t at least as far from 0, on either side; degrees from 1 on. */
extern double student_two_sided_p(double t, double degrees);

/* The t with level of the distribution within +-t. */
extern double student_t(double level, double degrees);

/* The probability of a chi-square at least as large; degrees from 1 on. */
extern double chi_square_p(double chi_square, double degrees);

#endif
