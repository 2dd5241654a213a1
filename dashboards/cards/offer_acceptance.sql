-- title: Which offers are accepted
-- note: Of all that were made, unanswered ones too, with its interval
-- chart: table
-- columns: Position number, Offer text, Made number, Accepted percent, Lower percent, Upper percent, Refused number
-- belongs to: offers
SELECT o.position AS "Position", o.value AS "Offer", o.made AS "Made", o.share AS "Accepted", o.lower AS "Lower", o.upper AS "Upper", o.refused AS "Refused"
FROM workspace.offer_acceptance o
WHERE o.dimension = 'offer'
ORDER BY o.position
