-- workspace: which columns of an orders table are meant

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
'Internal to attach_orders(): A column of an orders table: its name, its type without domains, and how it was found';

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

CREATE FUNCTION workspace_column_roles() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '{customer,ordered_at,amount,order_id,source,category,profit}'::text[];
COMMENT ON FUNCTION workspace_column_roles() IS
'Internal to attach_orders(): What a column of orders can be, the three that are needed first.';

CREATE FUNCTION workspace_column_names(role text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE role
    WHEN 'customer' THEN '{customer,customerid,customerno,customernumber,custid,cust,client,clientid,buyer,buyerid,userid,accountid,memberid,contactid,contractorid,partnerid,idcustomer}'::text[]
    WHEN 'ordered_at' THEN '{orderedat,orderdate,ordertime,ordertimestamp,orderdatetime,ordercreatedat,createdat,createdon,created,creationdate,dateorder,dateadd,placedat,purchasedat,purchasedate,invoicedate,invoicedat,transactiondate,saledate,soldat,date}'::text[]
    WHEN 'amount' THEN '{amount,total,totalamount,totalprice,ordertotal,orderamount,grandtotal,amounttotal,subtotal,sum,revenue,sales,totalpaid,saleamount,invoicetotal,price,value}'::text[]
    WHEN 'order_id' THEN '{orderid,orderno,ordernumber,invoiceno,invoiceid,invoicenumber,invoice,receiptno,receiptid,receiptnumber,transactionid,id}'::text[]
    WHEN 'source' THEN '{source,ordersource,channel,saleschannel,utmsource,trafficsource,leadsource,referrer}'::text[]
    WHEN 'category' THEN '{category,categoryname,productcategory,productgroup,department}'::text[]
    WHEN 'profit' THEN '{profit,grossprofit,netprofit,orderprofit}'::text[]
    WHEN 'customer_key' THEN '{id,customer,customerid,customerno,customernumber,custid,clientid,userid,accountid,memberid,contactid,partnerid,idcustomer}'::text[]
    WHEN 'dimension' THEN '{region,country,state,city,agegroup,gender,sex,language,source,channel,type,category,group,customergroup,customertype,segment,plan,tier,industry}'::text[]
END;
COMMENT ON FUNCTION workspace_column_names(text) IS
'Internal to attach_orders(): The usual names of a column of orders, in lower case and without underscores, spaces and hyphens.
Arguments: role: one of workspace_column_roles(), ''customer_key'' or ''dimension''.
Result: names, those to prefer first, NULL for another role.';

CREATE FUNCTION workspace_column_types(role text) RETURNS regtype[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE role
    WHEN 'customer' THEN '{smallint,integer,bigint,numeric,uuid,text,varchar,char,name}'::regtype[]
    WHEN 'ordered_at' THEN '{date,timestamp,timestamptz}'::regtype[]
    WHEN 'amount' THEN '{smallint,integer,bigint,real,double precision,numeric}'::regtype[]
    WHEN 'order_id' THEN '{smallint,integer,bigint,numeric,uuid,text,varchar,char,name}'::regtype[]
    WHEN 'source' THEN '{smallint,integer,bigint,text,varchar,char,name}'::regtype[]
    WHEN 'category' THEN '{smallint,integer,bigint,text,varchar,char,name}'::regtype[]
    WHEN 'profit' THEN '{smallint,integer,bigint,real,double precision,numeric}'::regtype[]
    WHEN 'customer_key' THEN '{smallint,integer,bigint,numeric,uuid,text,varchar,char,name}'::regtype[]
    WHEN 'dimension' THEN '{boolean,smallint,integer,bigint,text,varchar,char,name}'::regtype[]
END;
COMMENT ON FUNCTION workspace_column_types(text) IS
'Internal to attach_orders(): The types that a column of orders may have.
Arguments: role: one of workspace_column_roles(), ''customer_key'' or ''dimension''.
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
            OR role IN ('customer', 'source', 'category', 'customer_key', 'dimension') AND (t.typtype = 'e' OR t.typname = 'citext')
    FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.type
    WHERE t.typtype <> 'd'
    ORDER BY b.attnum
$$;
COMMENT ON FUNCTION workspace_columns(regclass, text) IS
'Internal to attach_orders(): The columns of a table, seen as candidates for a role.
Arguments: orders: table or view; role: one of workspace_column_roles().
Result: rows of name, type (that under a domain), usual (whether the name is a common one for the role), usable (whether the type fits).';

CREATE FUNCTION workspace_column_hint(orders regclass, role text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(
            'It has the name but not a type for it: ' || string_agg(format('%I (%s)', c.name, c.type), ', ') FILTER (WHERE c.usual)
                || format('; it takes %s. ', array_to_string(@extschema@.workspace_column_types(role), ', ')), '')
        || format('Name it with %s => ''...''', role)
        || coalesce('; these have a type that would do: ' || string_agg(quote_ident(c.name), ', ') FILTER (WHERE c.usable AND NOT c.taken), '')
        || '. What takes an expression, such as order lines or a cast, goes into a view first: attach the view.'
    FROM (
        SELECT own.*, EXISTS (
            SELECT FROM unnest(ARRAY['customer', 'ordered_at', 'amount']) other, @extschema@.workspace_columns(orders, other) o
            WHERE other <> role AND o.name = own.name AND o.usual AND o.usable) AS taken
        FROM @extschema@.workspace_columns(orders, role) own
    ) c
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
        RAISE EXCEPTION 'no column of % looks like the % of an order', orders, role
            USING ERRCODE = 'undefined_column', HINT = @extschema@.workspace_column_hint(orders, role);
    ELSIF cardinality(candidates) > 1 THEN
        RAISE EXCEPTION 'several columns of % look like the % of an order: %',
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
Arguments: orders: table or view; role: one of workspace_column_roles().
Result: order_column.
Errors: 42703 without such a column, 42702 with several, listing them.';

CREATE FUNCTION workspace_given_column(orders regclass, role text, given text) RETURNS order_column
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
                HINT = (SELECT format('It has: %s. Give the name as it is stored, without quotes.', string_agg(c.name, ', '))
                        FROM @extschema@.workspace_columns(orders, role) c);
    ELSIF NOT candidate.usable THEN
        RAISE EXCEPTION 'column "%" of % cannot be the % of an order: its type is %', given, orders, role, candidate.type
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
COMMENT ON FUNCTION workspace_given_column(regclass, text, text) IS
'Internal to attach_orders(): A named column of a table, checked for a role.
Arguments: orders: table or view; role: one of workspace_column_roles(); given: the column''s name as stored, without quotes.
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

CREATE FUNCTION workspace_column(orders regclass, role text, given text) RETURNS order_column
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN role = ANY ((@extschema@.workspace_column_roles())[4:]) AND given = '' THEN NULL
        WHEN given IS NOT NULL THEN @extschema@.workspace_given_column(orders, role, given)
        WHEN role = ANY ((@extschema@.workspace_column_roles())[4:]) THEN @extschema@.workspace_optional_column(orders, role)
        ELSE @extschema@.workspace_find_column(orders, role) END
$$;
COMMENT ON FUNCTION workspace_column(regclass, text, text) IS
'Internal to attach_orders(): The column for a role: the named one, or the one with a usual name where given is NULL; for an optional role none where it is empty.';

CREATE FUNCTION workspace_order_columns(orders regclass, given jsonb) RETURNS order_columns
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ROW(
        @extschema@.workspace_column(orders, 'customer', given->>'customer'),
        @extschema@.workspace_column(orders, 'ordered_at', given->>'ordered_at'),
        @extschema@.workspace_column(orders, 'amount', given->>'amount'),
        @extschema@.workspace_column(orders, 'order_id', given->>'order_id'),
        @extschema@.workspace_column(orders, 'source', given->>'source'),
        @extschema@.workspace_column(orders, 'category', given->>'category'),
        @extschema@.workspace_column(orders, 'profit', given->>'profit'))::@extschema@.order_columns
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
