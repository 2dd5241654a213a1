/*
 * Student's t and chi-square, from the incomplete beta and gamma functions.
 *
 * Both functions are summed where their series is short, and are a continued fraction elsewhere,
 * by Lentz's method (Press et al., Numerical Recipes, chapter 6).
 */
#include "postgres.h"

#include <math.h>

#include "core/distribution.h"
#include "core/share.h"

#define MOST_TERMS 100000
#define TINY	   1e-300
#define NEGLIGIBLE 1e-15

/* From so many degrees on t is transformed to a normal deviate, exact to the last digits. */
#define MANY_DEGREES 10000.0

static double
not_zero(double number)
{
	return fabs(number) < TINY ? TINY : number;
}

/* One step of Lentz's method: the fraction so far, and what the next term changes. */
typedef struct Fraction
{
	double value;
	double c;
	double d;
	bool settled;
} Fraction;

static void
add_term(Fraction *fraction, double numerator, double denominator)
{
	double change;

	fraction->d = 1.0 / not_zero(denominator + numerator * fraction->d);
	fraction->c = not_zero(denominator + numerator / fraction->c);
	change = fraction->c * fraction->d;
	fraction->value *= change;
	fraction->settled = fabs(change - 1.0) < NEGLIGIBLE;
}

/* The continued fraction of the incomplete beta function. */
static double
beta_fraction(double a, double b, double x)
{
	Fraction fraction = {.value = 1.0, .c = 1.0 / TINY, .d = 1.0};

	for (int m = 1; m < MOST_TERMS && !fraction.settled; m++)
	{
		double odd = -(a + m - 1) * (a + b + m - 1) / ((a + 2 * m - 2) * (a + 2 * m - 1));

		add_term(&fraction, odd * x, 1.0);
		add_term(&fraction, m * (b - m) / ((a + 2 * m - 1) * (a + 2 * m)) * x, 1.0);
	}
	return fraction.value;
}

/*
 * The regularized incomplete beta function at x, for a and b = 1/2 or the other way round; rest is
 * 1 - x, which t gives without rounding.
 */
static double
incomplete_beta(double a, double b, double x, double rest)
{
	double front;

	if (x <= 0.0)
		return 0.0;
	if (rest <= 0.0)
		return 1.0;
	front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(rest));
	if (x < (a + 1.0) / (a + b + 2.0))
		return front * beta_fraction(a, b, x) / a;
	return 1.0 - front * beta_fraction(b, a, rest) / b;
}

/* Hill 1970, Algorithm 395. */
static double
normal_deviate(double t, double degrees)
{
	double scale = degrees - 0.5;
	double u = sqrt(scale * log1p(t * t / degrees));
	double square = u * u;
	double b = 48.0 * scale * scale;
	double second = ((4.0 * square + 33.0) * square + 240.0) * square + 855.0;

	return u + u * ((square + 3.0) / b - second / (10.0 * b * (b + 0.8 * square * square + 100.0)));
}

double
student_two_sided_p(double t, double degrees)
{
	double square = t * t;

	if (isinf(square))
		return 0.0;
	if (degrees > MANY_DEGREES)
		return two_sided_p(normal_deviate(t, degrees));
	return incomplete_beta(degrees / 2.0, 0.5, degrees / (degrees + square),
						   square / (degrees + square));
}

static double
student_density(double t, double degrees)
{
	double middle = degrees > MANY_DEGREES ? log(degrees / 2.0) / 2.0
										   : lgamma((degrees + 1.0) / 2.0) - lgamma(degrees / 2.0);

	return exp(middle - (degrees + 1.0) / 2.0 * log1p(t * t / degrees)) / sqrt(degrees * M_PI);
}

/* Newton's method as in normal_z(), from there on: the tails of t are heavier, and convex too. */
double
student_t(double level, double degrees)
{
	double tail = 1.0 - level;
	double t = normal_z(level);

	for (int i = 0; i < 200; i++)
	{
		double step =
			(student_two_sided_p(t, degrees) - tail) / (2.0 * student_density(t, degrees));

		t += step;
		if (fabs(step) <= t * 1e-15)
			break;
	}
	return t;
}

/* What lies below x, by the series; both come without their common factor. */
static double
gamma_series(double a, double x)
{
	double term = 1.0 / a;
	double sum = term;

	for (int n = 1; n < MOST_TERMS && term > sum * NEGLIGIBLE; n++)
	{
		term *= x / (a + n);
		sum += term;
	}
	return sum;
}

/* What lies above x, by the continued fraction. */
static double
gamma_fraction(double a, double x)
{
	double first = 1.0 / not_zero(x + 1.0 - a);
	Fraction fraction = {.value = first, .c = 1.0 / TINY, .d = first};

	for (int n = 1; n < MOST_TERMS && !fraction.settled; n++)
		add_term(&fraction, -n * (n - a), x + 1.0 - a + 2.0 * n);
	return fraction.value;
}

double
chi_square_p(double chi_square, double degrees)
{
	double a = degrees / 2.0;
	double x = chi_square / 2.0;
	double front;

	if (x <= 0.0)
		return 1.0;
	if (isinf(x))
		return 0.0;
	front = exp(a * log(x) - x - lgamma(a));
	return x < a + 1.0 ? 1.0 - front * gamma_series(a, x) : front * gamma_fraction(a, x);
}
