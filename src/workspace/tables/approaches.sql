CREATE TABLE workspace.approaches (
    customers text PRIMARY KEY
        CONSTRAINT "customers is a stage, at_risk or second_order_due"
        CHECK (customers IN ('new', 'occasional', 'regular', 'lost', 'at_risk', 'second_order_due')),
    approach text NOT NULL
);
INSERT INTO workspace.approaches VALUES
    ('new', 'Bring them back for a second order: welcome them, and give a reason to return'),
    ('occasional', 'Make them come more often: remind them at their usual gap, show what goes with what they bought'),
    ('regular', 'Do not forget them: thank them, ask their opinion, keep the best terms for them'),
    ('lost', 'Win them back: ask why they stay away, make one good offer, the most valuable first'),
    ('at_risk', 'Get in touch before they are lost: a personal word, and a look at their last order'),
    ('second_order_due', 'Remind them now: the usual time between orders has passed');
COMMENT ON TABLE workspace.approaches IS 'How to approach the customers of each stage and each list: yours to edit';
COMMENT ON COLUMN workspace.approaches.customers IS 'A stage (new, occasional, regular, lost) or a list (at_risk, second_order_due)';
COMMENT ON COLUMN workspace.approaches.approach IS 'What to do';
