-- belongs to: touchpoints
CREATE TABLE workspace.funnel_stages (
    funnel_name text NOT NULL,
    step_number integer NOT NULL
        CONSTRAINT "step_number is 1 to 1000" CHECK (step_number >= 1 AND step_number <= 1000),
    touchpoint text NOT NULL,
    PRIMARY KEY (funnel_name, step_number, touchpoint)
);
CREATE TRIGGER stages_changed AFTER INSERT OR UPDATE OR DELETE ON workspace.funnel_stages
    EXECUTE FUNCTION _clientele.workspace_stages_changed();
COMMENT ON TABLE workspace.funnel_stages IS 'The steps of your funnels: yours to fill';
COMMENT ON COLUMN workspace.funnel_stages.funnel_name IS 'Name of the funnel';
COMMENT ON COLUMN workspace.funnel_stages.step_number IS '1 is the first step; numbers may have gaps';
COMMENT ON COLUMN workspace.funnel_stages.touchpoint IS 'The touchpoint that makes the step, PURCHASE for an order; with several rows any of them does';
