/*
 * Lists of shares: of groups that customers are divided into.
 */
#include "postgres.h"

#include <math.h>

#include "utils/array.h"
#include "utils/fmgroids.h"

#include "core/argument.h"
#include "experiment/experiment.h"

_Noreturn static void
bad_shares(ArrayType *shares)
{
	bad_parameter("shares", OidOutputFunctionCall(F_ARRAY_OUT, PointerGetDatum(shares)),
				  "Give the share of each group, zero or more, such as {0.5,0.5}.");
}

const double *
share_list(ArrayType *shares, int *count)
{
	const double *list = (const double *) ARR_DATA_PTR(shares);

	if (ARR_NDIM(shares) != 1 || array_contains_nulls(shares))
		bad_shares(shares);
	*count = ARR_DIMS(shares)[0];
	for (int i = 0; i < *count; i++)
	{
		if (!(list[i] >= 0.0) || isinf(list[i]))
			bad_shares(shares);
	}
	return list;
}
