-- Who has written and waits for a word, the most valuable first.
-- belongs to: answers
SELECT _clientele.report_part($1, 'inbox', _clientele.report_card('feedback_inbox', _clientele.report_say($1, 'report.inbox.title'), _clientele.report_say($1, 'report.inbox.note', _clientele.report_count($1, max(f.waiting), 'answers')),
    _clientele.report_wide_table($1, 'list', 'inbox.title', '{customer,said,score,day,last_year}',
        array_agg(format('<tr><th scope="row">%s</th><td class="said">%s</td><td>%s</td><td>%s</td><td>%s</td></tr>', _clientele.report_customer($1, f.customer::text, f.customer_name, f.contact),
            _clientele.report_name(f.comment, 300), _clientele.report_number($1, f.score::numeric), _clientele.report_day($1, f.day), _clientele.report_money($1, f.last_year_revenue)) ORDER BY f."position")), 'full'))
FROM (SELECT x.*, count(*) OVER () AS waiting FROM workspace.feedback_inbox x ORDER BY x."position" LIMIT 10) f
HAVING count(*) > 0
