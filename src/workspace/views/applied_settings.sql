-- stored by: one_row
-- internal
CREATE VIEW workspace.applied_settings AS
SELECT s.* FROM workspace.settings s;
COMMENT ON VIEW workspace.applied_settings IS 'The settings that the views go by: those of the table, with stored figures as they stood at the last refresh';
COMMENT ON COLUMN workspace.applied_settings.as_of IS 'The day the views speak of, on which and after which rows do not exist yet: ''auto'' is the earlier of today and the day after the last row, ''today'' follows the clock, a date such as ''2025-01-31'' shows everything as it stood then';
COMMENT ON COLUMN workspace.applied_settings.enough IS 'A figure with fewer behind it is marked as not enough to go by';
COMMENT ON COLUMN workspace.applied_settings.language IS 'The language of advice, policies and all other texts that views show, en or ru: those that you edited stay as they are';
