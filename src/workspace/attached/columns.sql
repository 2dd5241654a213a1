-- workspace: which columns of a relation are meant

-- What an attached relation may have, the first ones of each it has to have.
CREATE FUNCTION _clientele.workspace_attached_roles() RETURNS TABLE (relation_role text, role text, needed boolean, "position" bigint)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT r.relation_role, c.role, c."position" <= r.needed, c."position"
    FROM (VALUES
        ('orders', 3, '{customer,ordered_at,amount,order_id,source,category,profit,refunded}'::text[]),
        ('answers', 3, '{customer,answered_at,score,touchpoint,channel,employee,comment,kind,wish,owner,replied_at,resolved_at}'),
        ('touchpoints', 3, '{customer,happened_at,touchpoint,source,reason}'),
        ('costs', 3, '{spent_on,source,cost}'),
        ('survey', 3, '{respondent,question,answer,answered_at}'),
        ('lines', 2, '{of_order_id,product,category,quantity,of_amount,employee}'),
        ('offers', 3, '{customer,offered_at,offer,outcome,reason,of_order_id,employee}'),
        ('points', 3, '{customer,happened_at,change,of_order_id,expires_on}')) r(relation_role, needed, roles)
    CROSS JOIN LATERAL unnest(r.roles) WITH ORDINALITY c(role, "position")
$$;

-- What the argument of attach_...() for it is called: what is no order has a number of its own beside that of the order.
CREATE FUNCTION _clientele.workspace_argument(role text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN regexp_replace(role, '^of_', '');

-- By which names a column is found, the likeliest first, in small letters and without what stands between words, and what it may be:
-- one of these types, or where labels do an enum or citext.
CREATE FUNCTION _clientele.workspace_column_role(role text) RETURNS TABLE (names text[], types regtype[], takes_labels boolean)
LANGUAGE plpgsql STABLE STRICT ROWS 1
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY SELECT r.names::text[] || ARRAY(SELECT x.name FROM _clientele.workspace_column_names() n CROSS JOIN unnest(n.names) x(name) WHERE n.role = $1), k.types::regtype[], k.takes_labels
    FROM (VALUES
        ('customer', 'key', '{customer,customerid,customerno,customernumber,custid,cust,client,clientid,buyer,buyerid,userid,accountid,memberid,contactid,contractorid,partnerid,idcustomer}'),
        ('ordered_at', 'time', '{orderedat,orderdate,ordertime,ordertimestamp,orderdatetime,ordercreatedat,createdat,createdon,created,creationdate,dateorder,dateadd,placedat,purchasedat,purchasedate,invoicedate,invoicedat,transactiondate,saledate,soldat,date}'),
        ('amount', 'quantity', '{amount,total,totalamount,totalprice,ordertotal,orderamount,grandtotal,amounttotal,subtotal,sum,revenue,sales,totalpaid,saleamount,invoicetotal,price,value}'),
        ('order_id', 'number', '{orderid,orderno,ordernumber,invoiceno,invoiceid,invoicenumber,invoice,receiptno,receiptid,receiptnumber,transactionid,id}'),
        ('of_order_id', 'number', '{orderid,orderno,ordernumber,order,purchaseid,saleid,invoiceno,invoiceid,invoicenumber,invoice,receiptno,receiptid,receiptnumber,receipt,transactionid,transactionno}'),
        ('product', 'label', '{product,productid,productname,productcode,productsku,sku,item,itemid,itemname,itemcode,article,articleid,stockcode,trackid}'),
        ('quantity', 'quantity', '{quantity,qty,quantityordered,qtyordered,units,pieces}'),
        ('of_amount', 'quantity', '{amount,lineamount,linetotal,linesum,total,totalamount,totalprice,extendedprice,subtotal,sum,revenue,sales,netamount}'),
        ('source', 'label', '{source,ordersource,channel,saleschannel,utmsource,trafficsource,leadsource}'),
        ('category', 'label', '{category,categoryname,productcategory,productgroup,department}'),
        ('profit', 'quantity', '{profit,grossprofit,netprofit,orderprofit}'),
        ('refunded', 'quantity', '{refundedamount,amountrefunded,totalrefunded,refundamount,refundtotal,refunded,refunds,returnedamount}'),
        ('referrer', 'key', '{referrer,referrerid,referredby,referredbyid,invitedby,recommendedby}'),
        ('customer_key', 'key', '{id,customer,customerid,customerno,customernumber,custid,clientid,userid,accountid,memberid,contactid,partnerid,idcustomer}'),
        ('dimension', 'dimension', '{region,country,state,city,agegroup,gender,sex,language,source,channel,type,category,group,customergroup,customertype,segment,plan,tier,industry}'),
        ('answered_at', 'time', '{answeredat,answeredon,answerdate,respondedat,respondedon,responsedate,submittedat,surveydate,createdat,createdon,created,date}'),
        ('score', 'quantity', '{score,nps,npsscore,rating,recommend,likelihood,grade}'),
        ('touchpoint', 'label', '{touchpoint,touchpointname,contactpoint,step,stage,event,eventname,eventtype,page}'),
        ('channel', 'label', '{channel,medium,device}'),
        ('employee', 'label', '{employee,employeeid,agent,manager,seller,salesperson,staff}'),
        ('comment', 'text', '{comment,comments,feedback,message,verbatim,remark,text}'),
        ('kind', 'label', '{kind,commentkind,feedbacktype,sentiment,commenttype}'),
        ('wish', 'text', '{wish,improvement,suggestion,whatwouldmakeita10,whatwouldmakeitaten,howtoimprove}'),
        ('owner', 'label', '{owner,assignee,assignedto,responsible}'),
        ('replied_at', 'time', '{repliedat,repliedon,answeredbyusat,firstreplyat,firstresponseat}'),
        ('resolved_at', 'time', '{resolvedat,resolvedon,closedat,closedon,solvedat}'),
        ('happened_at', 'time', '{happenedat,occurredat,eventtime,eventat,eventdate,bookedat,bookedon,transactiondate,timestamp,time,at,createdat,createdon,created,date}'),
        ('reason', 'label', '{reason,lossreason,lostreason,reasonlost,reasonofloss,refusalreason,reasonofrefusal,declinereason,rejectionreason}'),
        ('spent_on', 'time', '{spenton,spentat,day,date,month,period,costdate}'),
        ('cost', 'quantity', '{cost,costs,spend,spent,amount,budget,adspend}'),
        ('respondent', 'key', '{respondent,respondentid,customer,customerid,clientid,userid,employeeid,responseid}'),
        ('question', 'label', '{question,questionid,questioncode,item}'),
        ('answer', 'answer', '{answer,response,value,choice,option}'),
        ('offered_at', 'time', '{offeredat,offeredon,offerdate,offertime,madeat,madeon,sentat,senton,sentdate,proposedat,proposedon,calledat,happenedat,timestamp,createdat,createdon,created,date}'),
        ('offer', 'label', '{offer,offername,offercode,offertype,offered,proposal,promotion,promo,campaign,campaignname,upsell,product,productname,service}'),
        ('outcome', 'dimension', '{outcome,offeroutcome,result,offerresult,response,answer,decision,reaction,accepted,isaccepted,won,iswon,converted,offerstatus,status}'),
        ('change', 'quantity', '{points,pts,pointsamount,pointamount,loyaltypoints,bonuspoints,bonuses,bonus,pointschange,pointsdelta,delta,change,amount,quantity,value}'),
        ('expires_on', 'time', '{expireson,expiresat,expirydate,expirationdate,expiry,expires,expireat,expiredate,validuntil,validto,validtill}')) r(role, kind, names)
    JOIN (VALUES
        ('key', true, '{smallint,integer,bigint,numeric,uuid,text,varchar,char,name}'),
        ('number', false, '{smallint,integer,bigint,numeric,uuid,text,varchar,char,name}'),
        ('time', false, '{date,timestamp,timestamptz}'),
        ('quantity', false, '{smallint,integer,bigint,real,double precision,numeric}'),
        ('label', true, '{smallint,integer,bigint,text,varchar,char,name}'),
        ('dimension', true, '{boolean,smallint,integer,bigint,text,varchar,char,name}'),
        ('answer', true, '{boolean,smallint,integer,bigint,numeric,text,varchar,char,name,text[],varchar[],smallint[],integer[],bigint[],numeric[]}'),
        ('text', true, '{text,varchar,char}')) k(kind, takes_labels, types) ON k.kind = r.kind
    WHERE r.role = $1;
END
$$;

-- Types are looked up one by one: there are thousands, as every view has two. It is asked some fifty times while attaching, so its plan is kept.
CREATE FUNCTION _clientele.workspace_candidates(orders regclass, role text)
RETURNS TABLE (name name, type regtype, usual boolean, usable boolean, place integer)
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY WITH RECURSIVE base AS (
        SELECT a.attname, a.attnum, a.atttypid AS type
        FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = orders AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT b.attname, b.attnum, t.typbasetype
        FROM base b CROSS JOIN LATERAL (SELECT x.typtype, x.typbasetype FROM pg_catalog.pg_type x WHERE x.oid = b.type OFFSET 0) t
        WHERE t.typtype = 'd'
    )
    SELECT b.attname, b.type::regtype, u.place IS NOT NULL,
        b.type = ANY (r.types) OR r.takes_labels AND (t.typtype = 'e' OR t.typname = 'citext' AND t.typtype = 'b'), u.place
    FROM base b
    CROSS JOIN LATERAL (SELECT x.typtype, x.typname FROM pg_catalog.pg_type x WHERE x.oid = b.type OFFSET 0) t
    CROSS JOIN _clientele.workspace_column_role($2) r
    CROSS JOIN LATERAL (SELECT array_position(r.names, translate(lower(b.attname), '_ -', ''))) u(place)
    WHERE t.typtype <> 'd'
    ORDER BY b.attnum;
END
$$;

-- Whether a number only tells rows apart, or is counted, and is no money.
CREATE FUNCTION _clientele.workspace_is_key(orders regclass, col name) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT col ~* '(^|_| )(id|no|nr|num|number|code|key|phone|zip|year|month|via|qty|quantity|count|status|state|type)$' OR col ~ '[a-z](ID|Id|No|Nr|Code|Key|Via)$'
        OR col ~* '^id_|(order|customer|client|employee|user|product|item|store|shop|invoice|account|contact|partner|buyer|member|status|payment|seller|manager)id$'
        OR EXISTS (
            SELECT FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
            WHERE c.conrelid = orders AND c.contype IN ('p', 'u', 'f') AND a.attname = col)
$$;

CREATE FUNCTION _clientele.workspace_column_hint(orders regclass, role text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    -- What has a usual name here has no type for the role, so to name it would not help.
    SELECT coalesce(
            'It has the name but not a type for it: ' || u.unfit
                || format('; it takes %s. Attach a view that casts it', (SELECT array_to_string(r.types, ', ') FROM _clientele.workspace_column_role(role) r))
                || coalesce(format(', or name another with %s => ''...''; these have a type that would do: ', _clientele.workspace_argument(role)) || u.fit, ''),
            format('Name it with %s => ''...''', _clientele.workspace_argument(role)) || coalesce('; these have a type that would do: ' || u.fit, '')
                || '. What takes an expression, such as order lines or a cast, goes into a view first: attach the view')
        || '.'
    FROM (
        SELECT string_agg(format('%I (%s)', c.name, c.type), ', ') FILTER (WHERE c.usual) AS unfit,
            string_agg(quote_ident(c.name), ', ') FILTER (WHERE c.usable AND NOT c.taken AND NOT (role = 'amount' AND _clientele.workspace_is_key(orders, c.name))) AS fit
        FROM (
            SELECT own.*, EXISTS (
                SELECT FROM unnest(ARRAY['customer', 'ordered_at', 'amount']) other, _clientele.workspace_candidates(orders, other) o
                WHERE other <> role AND o.name = own.name AND o.usual AND o.usable) AS taken
            FROM _clientele.workspace_candidates(orders, role) own) c) u
$$;

-- The view that multiplies, and how to insist.
CREATE FUNCTION _clientele.workspace_product_hint(orders regclass, unit_price name) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('Attach a view that multiplies: CREATE VIEW %1$s AS SELECT *, %2$I * %3$I AS amount FROM %4$s; SELECT attach_orders(%1$L); or, if it is of the whole row, say amount => %2$L.',
        _clientele.workspace_free_name(orders, 'amounts', false), unit_price, _clientele.workspace_quantity(orders), orders)
$$;

-- By its usual names. Where none is needed, the best of those that may be read, if there is one.
CREATE FUNCTION _clientele.workspace_find_column(orders regclass, role text, needed boolean) RETURNS _clientele.attached_column
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    candidates text[];
    best _clientele.attached_column;
    unit_price CONSTANT name := CASE WHEN role = 'amount' AND _clientele.workspace_quantity(orders) IS NOT NULL THEN (SELECT p.name FROM _clientele.workspace_unit_price(orders) p) END;
BEGIN
    SELECT array_agg(c.name) INTO candidates
    FROM _clientele.workspace_candidates(orders, role) c
    WHERE c.usual AND c.usable AND NOT (unit_price IS NOT NULL AND _clientele.workspace_is_meant(c.name, 'price'));

    IF candidates IS NULL AND unit_price IS NOT NULL THEN
        RAISE EXCEPTION 'no column of % looks like the amount: "%" is of one piece, as there is "%"', orders, unit_price, _clientele.workspace_quantity(orders)
            USING ERRCODE = 'undefined_column', HINT = _clientele.workspace_product_hint(orders, unit_price);
    END IF;

    IF needed AND candidates IS NULL THEN
        RAISE EXCEPTION 'no column of % looks like the %', orders, _clientele.workspace_argument(role)
            USING ERRCODE = 'undefined_column', HINT = _clientele.workspace_column_hint(orders, role);
    ELSIF needed AND cardinality(candidates) > 1 THEN
        RAISE EXCEPTION 'several columns of % look like the %: %',
                orders, _clientele.workspace_argument(role), array_to_string(candidates, ', ')
            USING ERRCODE = 'ambiguous_column', HINT = format('Name one with %s => ''...''.', _clientele.workspace_argument(role));
    END IF;

    SELECT c.name, c.type, 'found by its name' INTO best
    FROM _clientele.workspace_candidates(orders, role) c
    WHERE c.name = ANY (candidates) AND (needed OR has_column_privilege(orders, c.name, 'SELECT'))
    ORDER BY c.place, c.name
    LIMIT 1;
    RETURN best;
END
$$;

CREATE FUNCTION _clientele.workspace_given_column(orders regclass, role text, given text, needed boolean DEFAULT true) RETURNS _clientele.attached_column
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    candidate record;
    result _clientele.attached_column;
BEGIN
    SELECT c.* INTO candidate FROM _clientele.workspace_candidates(orders, role) c WHERE c.name = given;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'column "%" of % does not exist', given, orders
            USING ERRCODE = 'undefined_column',
                HINT = (SELECT format('It has: %s. Give the name as it is stored, without quotes%s.', string_agg(c.name, ', '),
                            CASE WHEN NOT needed THEN format(', or none: %s => ''''', _clientele.workspace_argument(role)) END)
                        FROM _clientele.workspace_candidates(orders, role) c);
    ELSIF NOT candidate.usable THEN
        RAISE EXCEPTION 'column "%" of % cannot be the %: its type is %', given, orders, _clientele.workspace_argument(role), candidate.type
            USING ERRCODE = 'datatype_mismatch',
                HINT = CASE WHEN candidate.type = 'money'::regtype
                    THEN format('Attach a view with %I::numeric.', given)
                    ELSE format('It has to be one of %s: attach a view that casts it.',
                        (SELECT array_to_string(r.types, ', ') FROM _clientele.workspace_column_role(role) r)) END;
    END IF;
    SELECT candidate.name, candidate.type, 'as given' INTO result;
    RETURN result;
END
$$;

CREATE FUNCTION _clientele.workspace_column(orders regclass, role text, given text, needed boolean) RETURNS _clientele.attached_column
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN NOT needed AND given = '' THEN NULL
        WHEN given IS NOT NULL THEN _clientele.workspace_given_column(orders, role, given, needed)
        WHEN role = 'refunded' THEN NULL -- told as a finding: to take it changes what orders brought
        ELSE _clientele.workspace_find_column(orders, role, needed) END
$$;

-- A clock without a time zone may be any: where the zone of its days is asked for, whose clock it is has to be said. That of UTC shows
-- the days of UTC.
CREATE FUNCTION _clientele.workspace_check_clock(clock _clientele.attached_column, given text, stored_in text, time_zone text) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    what_to_do text;
BEGIN
    IF given <> '' AND clock.type <> 'timestamp'::regtype THEN
        RAISE EXCEPTION 'stored_in says whose clock a timestamp without time zone shows, and column "%" has the type %', clock.name, clock.type
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Leave out stored_in.';
    ELSIF NOT _clientele.workspace_is_utc(time_zone) AND clock.type = 'timestamp'::regtype AND coalesce(stored_in, '') = '' THEN
        RAISE EXCEPTION 'column "%" has a clock without a time zone', clock.name
            USING ERRCODE = 'invalid_parameter_value',
                HINT = format('Say whose clock it is: stored_in => ''UTC'', as most servers keep time, or stored_in => %L, if it shows the time there; or leave out time_zone, and its days count as they are.', time_zone);
    END IF;
    PERFORM @extschema@.period_start(timestamptz '2000-01-01 00:00:00+00', 'day'::text, nullif(given, ''));
EXCEPTION WHEN invalid_parameter_value THEN
    GET STACKED DIAGNOSTICS what_to_do = PG_EXCEPTION_HINT;
    RAISE EXCEPTION '%', replace(SQLERRM, '"time_zone"', '"stored_in"') USING ERRCODE = 'invalid_parameter_value', HINT = what_to_do;
END
$$;
