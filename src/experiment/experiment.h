/*
 * The type experiment: for each group of customers how many they are, and the sums from which
 * means, variances and covariances of what they did are read.
 *
 * Figures count in 1/10000, as amounts do everywhere, so that all sums are whole numbers: exact,
 * and the same in any order of rows.
 */
#ifndef CLIENTELE_EXPERIMENT_H
#define CLIENTELE_EXPERIMENT_H

#include "fmgr.h"
#include "utils/array.h"

#include "core/compat.h"
#include "core/money.h"

#define EXPERIMENT_VERSION 1

/* Past this the groups are customers, most likely. */
#define EXPERIMENT_GROUPS 1000

/* Bytes of a name with its end, as the server's identifiers have. */
#define GROUP_NAME_SIZE 64

/* What is known of each customer; the last only of experiments about a ratio. */
typedef enum Figure
{
	AFTER,
	BEFORE,
	DENOMINATOR,
} Figure;

#define MOST_FIGURES	 3
#define PLAIN_FIGURES	 2
#define MOST_PRODUCTS	 6
#define SUM_DECIMALS	 MONEY_DECIMALS
#define PRODUCT_DECIMALS (2 * MONEY_DECIMALS)

/* Where the sum of the products of two figures is, the first one not before the second. */
#define PRODUCT(a, b) ((a) * ((a) + 1) / 2 + (b))

typedef struct ExperimentGroup
{
	char name[GROUP_NAME_SIZE];		/* zeros behind it */
	int64 customers;				/* 1 or more */
	int128 sums[MOST_FIGURES];		/* in 10^-4; 0 for figures that are not there */
	int128 products[MOST_PRODUCTS]; /* in 10^-8, by PRODUCT() */
} ExperimentGroup;

/* As stored: variable length, 8-byte aligned. */
typedef struct Experiment
{
	int32 vl_len_; /* the server's header: never touch it directly */
	int32 version; /* EXPERIMENT_VERSION */
	int32 figures; /* MOST_FIGURES with a denominator, else PLAIN_FIGURES, and so without groups */
	int32 count;   /* of groups */
	ExperimentGroup groups[FLEXIBLE_ARRAY_MEMBER]; /* in the order of the bytes of their names */
} Experiment;

static inline int
product_count(int figures)
{
	return figures * (figures + 1) / 2;
}

/* experiment.c: values and their sums */

/* A new value with so many groups, all zero. */
extern Experiment *make_experiment(int count, int figures);

/* XX001 for a value of another version, or of no possible size. */
extern void check_experiment_version(const Experiment *experiment);

/* Argument n of a function. A state that an aggregate keeps comes as it is, to be changed. */
extern Experiment *experiment_arg(FunctionCallInfo fcinfo, int n);

/* Whether there can be customers of which this is true. */
extern bool is_group(const ExperimentGroup *group, int figures);

/* Where a group is, or -1; name has GROUP_NAME_SIZE bytes. */
extern int find_group(const Experiment *experiment, const char *name);

/* The name of a group as it is kept; false for a longer one. */
extern bool group_name(const char *bytes, size_t length, char *name);

/* The same value with one more, empty group: a copy; 54000 past EXPERIMENT_GROUPS. */
extern Experiment *with_group(const Experiment *experiment, const char *name, int *place);

/* One customer more; 22003 where sums pass 128 bits. */
extern void add_customer(ExperimentGroup *group, const Money *figures, int count);

/* Adds all groups of another value, in place or to a copy; 22003, and 22023 where only one of them
 * is about a ratio. */
extern Experiment *add_experiment(Experiment *experiment, const Experiment *other);

/* Raises that. */
extern void check_same_figures(const Experiment *experiment, int figures);

/* All customers as one group without a name; 22003. */
extern ExperimentGroup all_groups(const Experiment *experiment);

/* Below, at or above 0: an order that groups, and means nothing else. */
extern int compare_experiments(const Experiment *a, const Experiment *b);

/* experiment_assignment.c: the first eight bytes of sha256('experiment:customer') */
extern uint64 position_hash(const char *experiment, const char *customer);

/* covariance.c: what is read from the sums */

extern double group_mean(const ExperimentGroup *group, Figure figure);

/* Of the sample; from two customers on. The cancelling part is exact. */
extern double group_covariance(const ExperimentGroup *group, Figure a, Figure b);

/* Nothing where only rounding is left of a difference of terms as large as that, or less. */
extern double beyond_rounding(double difference, double terms);

/* outcome.c: what a group did, before it is adjusted */

typedef struct Outcome
{
	bool known; /* else there is no mean: a ratio to nothing */
	double customers;
	double mean; /* after the start; of a ratio, that of the sums */
	double
		variance;  /* of one customer, 0 where there is one alone; of a ratio by the delta method */
	double before; /* the mean before the start */
	double before_variance;
	double covariance; /* of both */
} Outcome;

extern Outcome outcome_of(const ExperimentGroup *group, int figures);

/* The variance of one customer without what the figure before explains. */
extern double adjusted_variance(const Outcome *outcome, double slope);

/* How much more comes after for one more before, by all customers of each stratum. */
extern double common_slope(Experiment *const *strata, int count);

/* shares.c */

/* Checks shares, none negative: 22023; gives the first. */
extern const double *share_list(ArrayType *shares, int *count);

/* strata.c: one comparison of two groups over all strata */

typedef struct Mean
{
	double mean;
	double variance; /* of the mean */
	double customers;
	bool alone; /* one customer, whose variance nobody knows */
} Mean;

typedef struct Comparison
{
	bool known;	 /* both groups have a mean */
	bool spread; /* and a standard error above 0 */
	Mean control;
	Mean other;
	double degrees; /* Welch and Satterthwaite's */
} Comparison;

extern Comparison compare_groups(Experiment *const *strata, int count, const char *control,
								 const char *other, double slope);

#endif
