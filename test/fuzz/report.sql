-- What was found.
SELECT format(E'%s times, first in batch %s: %s\n    %s\n    %s', times, first_batch, subject, problem, statement) FROM fuzz.findings ORDER BY subject, kind;
