CREATE TABLE workspace.touchpoint_catalogue (
    touchpoint text PRIMARY KEY
        CONSTRAINT "touchpoint has a name" CHECK (btrim(touchpoint) <> ''),
    touchpoint_group text NOT NULL
        CONSTRAINT "touchpoint_group is business, product, service or employee"
        CHECK (touchpoint_group IN ('business', 'product', 'service', 'employee')),
    description text,
    "position" integer NOT NULL DEFAULT 1000
);
INSERT INTO workspace.touchpoint_catalogue ("position", touchpoint_group, touchpoint, description)
VALUES
    (101, 'business', 'shop sign', 'Seen and read from the street, lit in the evening, hours as they are'),
    (102, 'business', 'parking', 'A place to stop, close by, and clear whose it is'),
    (103, 'business', 'entrance', 'Easy to find and open, clean, with a pram or a wheelchair too'),
    (104, 'business', 'rooms', 'Clean, light, warm, with a place to sit and a sense of order'),
    (105, 'business', 'opening hours', 'Fit the customers'' day, and kept to the minute'),
    (106, 'business', 'website', 'Loads at once, answers the first question, works on a phone'),
    (107, 'business', 'map and review sites', 'Address, hours and pictures right; reviews answered'),
    (108, 'business', 'advertising', 'Promises what is kept, and says what to do next'),
    (109, 'business', 'social media', 'Kept up, and questions there get answers'),
    (110, 'business', 'price list', 'Easy to find and to understand, without surprises later'),
    (111, 'business', 'letters and cards', 'Offers, invoices, cards and e-mails look like one house'),
    (201, 'product', 'range', 'What customers come for is there, and a choice of it'),
    (202, 'product', 'availability', 'In stock, or with a date that holds'),
    (203, 'product', 'display', 'Shown so that one wants to touch it; found without asking'),
    (204, 'product', 'description', 'Says what it is, what for, and what not for'),
    (205, 'product', 'sample or trial', 'Can be tried before it is bought'),
    (206, 'product', 'packaging', 'Protects, opens without tools, little waste'),
    (207, 'product', 'first use', 'Works at once, with instructions that help'),
    (208, 'product', 'quality in use', 'Does what was promised, every time'),
    (209, 'product', 'worth the price', 'Felt to be worth it after a month'),
    (210, 'product', 'warranty', 'Clear, and honoured without a fight'),
    (301, 'service', 'first call', 'Picked up soon, by somebody who can help'),
    (302, 'service', 'reply to a message', 'The same day, to the question that was asked'),
    (303, 'service', 'waiting', 'Short, or with a word on how long and why'),
    (304, 'service', 'advice', 'Questions before answers; what fits, not what is dear'),
    (305, 'service', 'ordering', 'Few steps, no detail asked twice, confirmed at once'),
    (306, 'service', 'payment', 'In the way the customer likes, with a receipt'),
    (307, 'service', 'delivery', 'When it was promised, whole, with a word on the way'),
    (308, 'service', 'after the purchase', 'Somebody asks whether all is well'),
    (309, 'service', 'complaint handling', 'Heard out, an apology, a remedy, and quickly'),
    (310, 'service', 'returns', 'As easy as the purchase, money back without asking'),
    (311, 'service', 'thanks and farewell', 'Thanked, and given a reason to come back'),
    (401, 'employee', 'appearance', 'Neat, and easy to tell from customers'),
    (402, 'employee', 'greeting', 'Noticed and greeted at once, by name where known'),
    (403, 'employee', 'attention', 'Listens, with time for this customer alone'),
    (404, 'employee', 'competence', 'Knows the range, and whom to ask where not'),
    (405, 'employee', 'plain words', 'Explains so that one understands, without jargon'),
    (406, 'employee', 'tone on the telephone', 'Friendly, unhurried, says who is speaking'),
    (407, 'employee', 'initiative', 'Offers what goes with it, tells of the loyalty programme'),
    (408, 'employee', 'memory', 'Knows regular customers and what they like'),
    (409, 'employee', 'keeping promises', 'Calls back, and does what was said'),
    (410, 'employee', 'calm under pressure', 'Stays polite when it is full or goes wrong');
COMMENT ON TABLE workspace.touchpoint_catalogue IS 'Where customers meet the business: a list to rate in touchpoint_ratings, yours to edit';
COMMENT ON COLUMN workspace.touchpoint_catalogue.touchpoint IS 'The point where they meet it';
COMMENT ON COLUMN workspace.touchpoint_catalogue.description IS 'What to look at';
COMMENT ON COLUMN workspace.touchpoint_catalogue."position" IS 'Order in which to show it';
