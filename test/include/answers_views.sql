-- Makes open_questions where comments are attached as answers.
DO $$
BEGIN
    IF to_regprocedure('workspace_create_answers_views(name,order_column)') IS NULL THEN
        CREATE FUNCTION workspace_create_answers_views(workspace name, orders_customer order_column) RETURNS void LANGUAGE sql AS
            'SELECT public.workspace_create_open_questions(workspace, orders_customer)';
    END IF;
END
$$;
