-- workspace: what attaching refuses, as it is told

CREATE FUNCTION _clientele.workspace_refuse(state text, message text, detail text, hint text, rule text) RETURNS void
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;
