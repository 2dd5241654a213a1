/*
 * Records of customers in temporary files, parted so that one customer's are all in one of them.
 */
#include "postgres.h"

#include "storage/buffile.h"
#include "utils/memutils.h"

#include "core/compat.h"
#include "retention_pass/customer_files.h"

struct CustomerFiles
{
	bool by_bytes;
	BufFile *files[FILES];
};

void
close_customer_files(CustomerFiles *files)
{
	for (int i = 0; i < FILES; i++)
		BufFileClose(files->files[i]);
	pfree(files);
}

CustomerFiles *
open_customer_files(MemoryContext context, bool by_bytes)
{
	MemoryContext caller = MemoryContextSwitchTo(context);
	CustomerFiles *files = palloc0(sizeof(CustomerFiles));

	files->by_bytes = by_bytes;
	for (int i = 0; i < FILES; i++)
		files->files[i] = BufFileCreateTemp(false);
	MemoryContextSwitchTo(caller);
	return files;
}

void
write_customer_file(CustomerFiles *files, int file, const CustomerRecord *record)
{
	char head[LONG_HEAD];

	write_record_head(head, record);
	BufFileWrite(files->files[file], head, record_head(files->by_bytes));
	if (record->key.length > 0)
		BufFileWrite(files->files[file], unconstify(char *, record->key.bytes), record->key.length);
}

void
rewind_customer_file(CustomerFiles *files, int file)
{
	if (BufFileSeek(files->files[file], 0, 0, SEEK_SET) != 0)
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not rewind a temporary file")));
}

static void
read_all(BufFile *file, void *to, Size size)
{
	if (BufFileRead(file, to, size) != size)
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not read from a temporary file")));
}

bool
read_customer_file(CustomerFiles *files, int file, CustomerRecord *record, StringInfo bytes)
{
	char head[LONG_HEAD];
	Size size = record_head(files->by_bytes);
	Size got = BufFileRead(files->files[file], head, size);

	if (got == 0)
		return false;
	if (got < size)
		read_all(files->files[file], head + got, size - got);
	*record = read_record_head(head, files->by_bytes);
	if (files->by_bytes)
	{
		resetStringInfo(bytes);
		enlargeStringInfo(bytes, record->key.length);
		if (record->key.length > 0)
			read_all(files->files[file], bytes->data, record->key.length);
		record->key.bytes = bytes->data;
	}
	return true;
}
