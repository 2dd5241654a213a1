-- The variable old_strings: off for standard_conforming_strings, or on where there is no old rule for strings any more
SELECT CASE WHEN current_setting('server_version_num')::integer < 190000 THEN 'off' ELSE 'on' END AS old_strings \gset
