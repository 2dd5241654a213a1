/*
 * Records of customers in temporary files, parted so that one customer's are all in one of them.
 */
#ifndef CLIENTELE_CUSTOMER_FILES_H
#define CLIENTELE_CUSTOMER_FILES_H

#include "lib/stringinfo.h"

#include "retention_pass/customer_record.h"

#define FILES 32

typedef struct CustomerFiles CustomerFiles;

extern CustomerFiles *open_customer_files(MemoryContext context, bool by_bytes);

/* Not after an error: the end of the transaction, or of a part of it, has closed them. */
extern void close_customer_files(CustomerFiles *files);

extern void write_customer_file(CustomerFiles *files, int file, const CustomerRecord *record);

/* From its first record on; more can be written when all are read. */
extern void rewind_customer_file(CustomerFiles *files, int file);

/* False after the last; bytes holds those of the customer until the next. */
extern bool read_customer_file(CustomerFiles *files, int file, CustomerRecord *record,
							   StringInfo bytes);

#endif
