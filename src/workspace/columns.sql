-- workspace: which columns of a table are meant

CREATE TYPE attach_finding AS (
    topic text,
    finding text,
    advice text
);
COMMENT ON TYPE attach_finding IS
'What attach_orders() found or chose, and what to do about it where something should be done';

CREATE TYPE order_column AS (
    name name,
    type regtype,
    found text
);
COMMENT ON TYPE order_column IS
'Internal to attach_orders(): A column of an attached table: its name, its type without domains, and how it was found';

CREATE TYPE order_columns AS (
    customer order_column,
    ordered_at order_column,
    amount order_column,
    order_id order_column,
    source order_column,
    category order_column,
    profit order_column
);
COMMENT ON TYPE order_columns IS
'Internal to attach_orders(): The columns of an orders table by role; the last four are optional';

CREATE TYPE order_rules AS (
    time_zone text,
    counts_zero text
);
COMMENT ON TYPE order_rules IS
'Internal to attach_orders(): SQL expressions of what the settings say of rows of orders: their time zone, and whether an amount of 0 is an order';

CREATE TYPE attached_relation AS (
    relation regclass,
    key text,
    columns jsonb
);
COMMENT ON TYPE attached_relation IS
'Internal to attach_orders(): A relation attached to a workspace, the SQL expression of the customer of its row o as one of the orders'', and its columns by role';

CREATE FUNCTION workspace_attached_roles() RETURNS TABLE (relation_role text, role text, needed boolean)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT r.relation_role, c.role, c."position" <= r.needed
    FROM (VALUES
        ('orders', 3, '{customer,ordered_at,amount,order_id,source,category,profit}'::text[]),
        ('answers', 3, '{customer,answered_at,score,touchpoint,channel,employee,comment,kind,wish,owner,replied_at,resolved_at}'),
        ('touchpoints', 3, '{customer,happened_at,touchpoint,source,reason}'),
        ('costs', 3, '{spent_on,source,cost}'),
        ('survey', 3, '{respondent,question,answer,answered_at}')) r(relation_role, needed, roles)
    CROSS JOIN LATERAL unnest(r.roles) WITH ORDINALITY c(role, "position")
$$;
COMMENT ON FUNCTION workspace_attached_roles() IS
'Internal to attach_orders(): What the columns of each kind of attached relation can be, and which of them are needed.';

CREATE FUNCTION workspace_role_position(relation_role text, role text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT r."position" FROM @extschema@.workspace_attached_roles() WITH ORDINALITY r(relation_role, role, needed, "position")
    WHERE r.relation_role = $1 AND r.role = $2
$$;
COMMENT ON FUNCTION workspace_role_position(text, text) IS
'Internal to attach_orders(): The place of a role among those of its kind of relation.';

CREATE FUNCTION workspace_column_names(role text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE role
    WHEN 'customer' THEN '{customer,customerid,customerno,customernumber,custid,cust,client,clientid,buyer,buyerid,userid,accountid,memberid,contactid,contractorid,partnerid,idcustomer}'::text[]
    WHEN 'ordered_at' THEN '{orderedat,orderdate,ordertime,ordertimestamp,orderdatetime,ordercreatedat,createdat,createdon,created,creationdate,dateorder,dateadd,placedat,purchasedat,purchasedate,invoicedate,invoicedat,transactiondate,saledate,soldat,date}'::text[]
    WHEN 'amount' THEN '{amount,total,totalamount,totalprice,ordertotal,orderamount,grandtotal,amounttotal,subtotal,sum,revenue,sales,totalpaid,saleamount,invoicetotal,price,value}'::text[]
    WHEN 'order_id' THEN '{orderid,orderno,ordernumber,invoiceno,invoiceid,invoicenumber,invoice,receiptno,receiptid,receiptnumber,transactionid,id}'::text[]
    WHEN 'source' THEN '{source,ordersource,channel,saleschannel,utmsource,trafficsource,leadsource}'::text[]
    WHEN 'category' THEN '{category,categoryname,productcategory,productgroup,department}'::text[]
    WHEN 'profit' THEN '{profit,grossprofit,netprofit,orderprofit}'::text[]
    WHEN 'referrer' THEN '{referrer,referrerid,referredby,referredbyid,invitedby,recommendedby}'::text[]
    WHEN 'customer_key' THEN '{id,customer,customerid,customerno,customernumber,custid,clientid,userid,accountid,memberid,contactid,partnerid,idcustomer}'::text[]
    WHEN 'dimension' THEN '{region,country,state,city,agegroup,gender,sex,language,source,channel,type,category,group,customergroup,customertype,segment,plan,tier,industry}'::text[]
    WHEN 'answered_at' THEN '{answeredat,answeredon,answerdate,respondedat,respondedon,responsedate,submittedat,surveydate,createdat,createdon,created,date}'::text[]
    WHEN 'score' THEN '{score,nps,npsscore,rating,recommend,likelihood,grade}'::text[]
    WHEN 'touchpoint' THEN '{touchpoint,touchpointname,contactpoint,step,stage,event,eventname,eventtype,page}'::text[]
    WHEN 'channel' THEN '{channel,medium,device}'::text[]
    WHEN 'employee' THEN '{employee,employeeid,agent,manager,seller,salesperson,staff}'::text[]
    WHEN 'comment' THEN '{comment,comments,feedback,message,verbatim,remark,text}'::text[]
    WHEN 'kind' THEN '{kind,commentkind,feedbacktype,sentiment,commenttype}'::text[]
    WHEN 'wish' THEN '{wish,improvement,suggestion,whatwouldmakeita10,whatwouldmakeitaten,howtoimprove}'::text[]
    WHEN 'owner' THEN '{owner,assignee,assignedto,responsible}'::text[]
    WHEN 'replied_at' THEN '{repliedat,repliedon,answeredbyusat,firstreplyat,firstresponseat}'::text[]
    WHEN 'resolved_at' THEN '{resolvedat,resolvedon,closedat,closedon,solvedat}'::text[]
    WHEN 'happened_at' THEN '{happenedat,occurredat,eventtime,eventat,eventdate,timestamp,time,at,createdat,createdon,created,date}'::text[]
    WHEN 'reason' THEN '{reason,lossreason,lostreason,reasonlost,reasonofloss}'::text[]
    WHEN 'spent_on' THEN '{spenton,spentat,day,date,month,period,costdate}'::text[]
    WHEN 'cost' THEN '{cost,costs,spend,spent,amount,budget,adspend}'::text[]
    WHEN 'respondent' THEN '{respondent,respondentid,customer,customerid,clientid,userid,employeeid,responseid}'::text[]
    WHEN 'question' THEN '{question,questionid,questioncode,item}'::text[]
    WHEN 'answer' THEN '{answer,response,value,choice,option}'::text[]
END;
COMMENT ON FUNCTION workspace_column_names(text) IS
'Internal to attach_orders(): The usual names of a column, in lower case and without underscores, spaces and hyphens.
Arguments: role: one of workspace_attached_roles(), ''customer_key'' or ''dimension''.
Result: names, those to prefer first, NULL for another role.';

CREATE FUNCTION workspace_column_types(role text) RETURNS regtype[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
    WHEN role IN ('customer', 'order_id', 'customer_key', 'referrer', 'respondent')
        THEN '{smallint,integer,bigint,numeric,uuid,text,varchar,char,name}'::regtype[]
    WHEN role IN ('ordered_at', 'answered_at', 'replied_at', 'resolved_at', 'happened_at', 'spent_on')
        THEN '{date,timestamp,timestamptz}'::regtype[]
    WHEN role IN ('amount', 'profit', 'score', 'cost') THEN '{smallint,integer,bigint,real,double precision,numeric}'::regtype[]
    WHEN role IN ('source', 'category', 'touchpoint', 'channel', 'employee', 'kind', 'owner', 'reason', 'question')
        THEN '{smallint,integer,bigint,text,varchar,char,name}'::regtype[]
    WHEN role = 'dimension' THEN '{boolean,smallint,integer,bigint,text,varchar,char,name}'::regtype[]
    WHEN role IN ('comment', 'wish') THEN '{text,varchar,char}'::regtype[]
    WHEN role = 'answer' THEN '{boolean,smallint,integer,bigint,numeric,text,varchar,char,name}'::regtype[]
END;
COMMENT ON FUNCTION workspace_column_types(text) IS
'Internal to attach_orders(): The types that a column may have.
Arguments: role: one of workspace_attached_roles(), ''customer_key'' or ''dimension''.
Result: types, NULL for another role.';

CREATE FUNCTION workspace_columns(orders regclass, role text)
RETURNS TABLE (name name, type regtype, usual boolean, usable boolean)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    WITH RECURSIVE base AS (
        SELECT a.attname, a.attnum, a.atttypid AS type
        FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = orders AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT b.attname, b.attnum, t.typbasetype
        FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.type
        WHERE t.typtype = 'd'
    )
    SELECT b.attname, b.type::regtype,
        translate(lower(b.attname), '_ -', '') = ANY (@extschema@.workspace_column_names(role)),
        b.type = ANY (@extschema@.workspace_column_types(role))
            OR role IN ('customer', 'source', 'category', 'customer_key', 'dimension', 'referrer', 'respondent', 'touchpoint', 'channel', 'employee',
                'kind', 'owner', 'reason', 'question', 'answer', 'comment', 'wish') AND (t.typtype = 'e' OR t.typname = 'citext' AND t.typtype = 'b')
    FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.type
    WHERE t.typtype <> 'd'
    ORDER BY b.attnum
$$;
COMMENT ON FUNCTION workspace_columns(regclass, text) IS
'Internal to attach_orders(): The columns of a table, seen as candidates for a role.
Arguments: orders: table or view; role: one of workspace_attached_roles().
Result: rows of name, type (that under a domain), usual (whether the name is a common one for the role), usable (whether the type fits).';

CREATE FUNCTION workspace_column_hint(orders regclass, role text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    -- What has a usual name here has no type for the role, so to name it would not help.
    SELECT coalesce(
            'It has the name but not a type for it: ' || u.unfit
                || format('; it takes %s. Attach a view that casts it', array_to_string(@extschema@.workspace_column_types(role), ', '))
                || coalesce(format(', or name another with %s => ''...''; these have a type that would do: ', role) || u.fit, ''),
            format('Name it with %s => ''...''', role) || coalesce('; these have a type that would do: ' || u.fit, '')
                || '. What takes an expression, such as order lines or a cast, goes into a view first: attach the view')
        || '.'
    FROM (
        SELECT string_agg(format('%I (%s)', c.name, c.type), ', ') FILTER (WHERE c.usual) AS unfit,
            string_agg(quote_ident(c.name), ', ') FILTER (WHERE c.usable AND NOT c.taken) AS fit
        FROM (
            SELECT own.*, EXISTS (
                SELECT FROM unnest(ARRAY['customer', 'ordered_at', 'amount']) other, @extschema@.workspace_columns(orders, other) o
                WHERE other <> role AND o.name = own.name AND o.usual AND o.usable) AS taken
            FROM @extschema@.workspace_columns(orders, role) own) c) u
$$;
COMMENT ON FUNCTION workspace_column_hint(regclass, text) IS
'Internal to attach_orders(): What to do where no column was found for a role.';

CREATE FUNCTION workspace_find_column(orders regclass, role text) RETURNS order_column
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    candidates text[];
    result @extschema@.order_column;
BEGIN
    SELECT array_agg(c.name) INTO candidates
    FROM @extschema@.workspace_columns(orders, role) c WHERE c.usual AND c.usable;

    IF candidates IS NULL THEN
        RAISE EXCEPTION 'no column of % looks like the %', orders, role
            USING ERRCODE = 'undefined_column', HINT = @extschema@.workspace_column_hint(orders, role);
    ELSIF cardinality(candidates) > 1 THEN
        RAISE EXCEPTION 'several columns of % look like the %: %',
                orders, role, array_to_string(candidates, ', ')
            USING ERRCODE = 'ambiguous_column', HINT = format('Name one with %s => ''...''.', role);
    END IF;

    SELECT c.name, c.type, 'found by its name' INTO result
    FROM @extschema@.workspace_columns(orders, role) c WHERE c.name = candidates[1];
    RETURN result;
END
$$;
COMMENT ON FUNCTION workspace_find_column(regclass, text) IS
'Internal to attach_orders(): The one column of a table that has a usual name and a fitting type for a role.
Arguments: orders: table or view; role: one of workspace_attached_roles().
Result: order_column.
Errors: 42703 without such a column, 42702 with several, listing them.';

CREATE FUNCTION workspace_given_column(orders regclass, role text, given text, needed boolean DEFAULT true) RETURNS order_column
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    candidate record;
    result @extschema@.order_column;
BEGIN
    SELECT c.* INTO candidate FROM @extschema@.workspace_columns(orders, role) c WHERE c.name = given;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'column "%" of % does not exist', given, orders
            USING ERRCODE = 'undefined_column',
                HINT = (SELECT format('It has: %s. Give the name as it is stored, without quotes%s.', string_agg(c.name, ', '),
                            CASE WHEN NOT needed THEN format(', or none: %s => ''''', role) END)
                        FROM @extschema@.workspace_columns(orders, role) c);
    ELSIF NOT candidate.usable THEN
        RAISE EXCEPTION 'column "%" of % cannot be the %: its type is %', given, orders, role, candidate.type
            USING ERRCODE = 'datatype_mismatch',
                HINT = CASE WHEN candidate.type = 'money'::regtype
                    THEN format('Attach a view with %I::numeric.', given)
                    ELSE format('It has to be one of %s: attach a view that casts it.',
                        array_to_string(@extschema@.workspace_column_types(role), ', ')) END;
    END IF;
    SELECT candidate.name, candidate.type, 'as given' INTO result;
    RETURN result;
END
$$;
COMMENT ON FUNCTION workspace_given_column(regclass, text, text, boolean) IS
'Internal to attach_orders(): A named column of a table, checked for a role.
Arguments: orders: table or view; role: one of workspace_attached_roles(); given: the column''s name as stored, without quotes; needed: whether there has to be one.
Result: order_column.
Errors: 42703 if there is none, 42804 if its type does not fit.';

CREATE FUNCTION workspace_optional_column(orders regclass, role text) RETURNS order_column
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT c.name, c.type, 'found by its name'
    FROM @extschema@.workspace_columns(orders, role) c
    WHERE c.usual AND c.usable AND has_column_privilege(orders, c.name, 'SELECT')
    ORDER BY array_position(@extschema@.workspace_column_names(role), translate(lower(c.name), '_ -', '')), c.name
    LIMIT 1
$$;
COMMENT ON FUNCTION workspace_optional_column(regclass, text) IS
'Internal to attach_orders(): The readable column with the most usual name and a fitting type for an optional role, or NULL.';

CREATE FUNCTION workspace_column(orders regclass, role text, given text, needed boolean) RETURNS order_column
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN NOT needed AND given = '' THEN NULL
        WHEN given IS NOT NULL THEN @extschema@.workspace_given_column(orders, role, given, needed)
        WHEN NOT needed THEN @extschema@.workspace_optional_column(orders, role)
        ELSE @extschema@.workspace_find_column(orders, role) END
$$;
COMMENT ON FUNCTION workspace_column(regclass, text, text, boolean) IS
'Internal to attach_orders(): The column for a role: the named one, or the one with a usual name where given is NULL; for a role that is not needed none where it is empty.';

CREATE FUNCTION workspace_order_columns(orders regclass, given jsonb) RETURNS order_columns
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ROW(
        @extschema@.workspace_column(orders, 'customer', given->>'customer', true),
        @extschema@.workspace_column(orders, 'ordered_at', given->>'ordered_at', true),
        @extschema@.workspace_column(orders, 'amount', given->>'amount', true),
        @extschema@.workspace_column(orders, 'order_id', given->>'order_id', false),
        @extschema@.workspace_column(orders, 'source', given->>'source', false),
        @extschema@.workspace_column(orders, 'category', given->>'category', false),
        @extschema@.workspace_column(orders, 'profit', given->>'profit', false))::@extschema@.order_columns
$$;
COMMENT ON FUNCTION workspace_order_columns(regclass, jsonb) IS
'Internal to attach_orders(): The columns for all roles; given: names by role, NULL for those to be found.';

CREATE FUNCTION workspace_column_list(columns order_columns) RETURNS TABLE (role text, col order_column)
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT v.role, v.col FROM (VALUES
        ('customer', (columns).customer), ('ordered_at', (columns).ordered_at), ('amount', (columns).amount),
        ('order_id', (columns).order_id), ('source', (columns).source), ('category', (columns).category),
        ('profit', (columns).profit)) v(role, col)
    WHERE (v.col).name IS NOT NULL
$$;
COMMENT ON FUNCTION workspace_column_list(order_columns) IS
'Internal to attach_orders(): The columns that there are, as rows of role and column.';
