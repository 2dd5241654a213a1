/*
 * Records of customers in temporary files, parted so that one customer's are all in one of them.
 */
#ifndef CLIENTELE_CUSTOMER_FILES_H
#define CLIENTELE_CUSTOMER_FILES_H

#include "lib/stringinfo.h"

#include "retention/customer_record.h"

#define FILES 32

typedef struct CustomerFiles CustomerFiles;

/* They end with the context. */
extern CustomerFiles *open_customer_files(MemoryContext context, bool by_bytes);

extern void write_customer_file(CustomerFiles *files, int file, const CustomerRecord *record);

/* From its first record on; more can be written when all are read. */
extern void rewind_customer_file(CustomerFiles *files, int file);

/* False after the last; bytes holds those of the customer until the next. */
extern bool read_customer_file(CustomerFiles *files, int file, CustomerRecord *record,
							   StringInfo bytes);

#endif
