-- The text and binary forms of the types: whatever is accepted comes back as it went out, in both forms.

CREATE FUNCTION fuzz.some_type() RETURNS fuzz.type LANGUAGE plpgsql AS $$
DECLARE
    chosen fuzz.type;
    place integer := 1 + fuzz.below((SELECT count(*)::integer FROM fuzz.type));
BEGIN
    SELECT * INTO chosen FROM fuzz.type t WHERE t.n = place;
    RETURN chosen;
END
$$;

-- A value of a type in text form, of the pools or a mutant; the empty text where the pool's is NULL.
CREATE FUNCTION fuzz.some_text(t fuzz.type, hostility float8) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    form text;
BEGIN
    EXECUTE format('SELECT (%s)::text', fuzz.expression(t.type, hostility)) INTO form;
    RETURN coalesce(form, '');
END
$$;

-- The text form of a value, or what is wrong with it.
DO $$
DECLARE
    t fuzz.type;
BEGIN
    FOR t IN SELECT * FROM fuzz.type LOOP
        EXECUTE pg_catalog.format($sql$CREATE FUNCTION fuzz.round_trip(value %3$s) RETURNS text LANGUAGE plpgsql AS $body$
            DECLARE
                form text := value::text;
                again %3$s := form::%3$s;
            BEGIN
                RETURN CASE
                    WHEN again <> value OR NOT again = value THEN 'wrong: not equal to itself from text'
                    WHEN again::text <> form THEN 'wrong: another text at the second time: ' || again::text
                    WHEN %1$s(again) <> %1$s(value) THEN 'wrong: another binary form from text'
                    WHEN %2$s(again) <> %2$s(value) THEN 'wrong: another hash from text'
                    WHEN again < value OR again > value THEN 'wrong: not in the same place'
                    WHEN value::jsonb IS NULL THEN 'wrong: no jsonb' ELSE form END;
            END $body$ $sql$, t.send, t.hash, t.type);
    END LOOP;
END
$$;

CREATE FUNCTION fuzz.round_trip_sql(t fuzz.type, form text) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT fuzz.round_trip(%L::%s)', form, t.type)
$$;

CREATE FUNCTION fuzz.text_case() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    t fuzz.type := fuzz.some_type();
    form text := fuzz.mutated(fuzz.some_text(t, 0.3));
    kept text := fuzz.try('text', t.type::text, fuzz.round_trip_sql(t, form), t.states);
BEGIN
    PERFORM fuzz.soft_case(t, form, kept IS NOT NULL);
    IF kept IS NOT NULL AND random() < 0.3 THEN
        PERFORM fuzz.try('binary', t.type::text, fuzz.receive_sql(t, fuzz.sent(t, kept)), '{}');
    END IF;
END
$$;

-- From PostgreSQL 16 on a text can be asked about without an error.
CREATE FUNCTION fuzz.soft_case(t fuzz.type, form text, accepted boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('server_version_num')::integer >= 160000 THEN
        PERFORM fuzz.try('soft', t.type::text, format('SELECT CASE WHEN pg_input_is_valid(%L, %L) <> %L THEN ''wrong: soft and hard errors differ'' END',
            form, t.type, accepted), '{}');
    END IF;
END
$$;

CREATE FUNCTION fuzz.sent(t fuzz.type, form text) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    bytes bytea;
BEGIN
    EXECUTE format('SELECT %s(%L::%s)', t.send, form, t.type) INTO bytes;
    RETURN bytes;
END
$$;

-- COPY is the way from SQL to a type's receive: the binary file of a bytea is that of a value with these bytes. A trigger keeps what
-- came, and no row of it.
CREATE FUNCTION fuzz.keep_received() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bytes bytea;
    form text := NEW.value::text;
BEGIN
    EXECUTE format('SELECT %s($1)', TG_ARGV[0]) INTO bytes USING NEW.value;
    PERFORM set_config('fuzz.received', bytes::text, true), set_config('fuzz.received_text', form, true);
    RETURN NULL;
END
$$;
DO $$
DECLARE
    t fuzz.type;
BEGIN
    FOR t IN SELECT * FROM fuzz.type LOOP
        EXECUTE pg_catalog.format('CREATE TABLE fuzz.received_%s (value %s)', t.n, t.type);
        EXECUTE pg_catalog.format('CREATE TRIGGER keep BEFORE INSERT ON fuzz.received_%s FOR EACH ROW EXECUTE FUNCTION fuzz.keep_received(%L)', t.n, t.send);
    END LOOP;
END
$$;

-- Reads bytes as a driver would send them; gives the text form of the value, or what is wrong with it.
CREATE FUNCTION fuzz.receive(type regtype, bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    file text := format('%s/fuzz_%s', current_setting('data_directory'), pg_backend_pid());
    t fuzz.type;
BEGIN
    SELECT * INTO t FROM fuzz.type f WHERE f.type = receive.type;
    EXECUTE format('COPY (SELECT %L::bytea) TO %L (FORMAT binary)', bytes, file);
    EXECUTE format('COPY fuzz.received_%s FROM %L (FORMAT binary)', t.n, file);
    IF current_setting('fuzz.received')::bytea <> bytes THEN
        RETURN 'wrong: other bytes for ' || current_setting('fuzz.received_text');
    END IF;
    RETURN current_setting('fuzz.received_text');
END
$$;

CREATE FUNCTION fuzz.receive_sql(t fuzz.type, bytes bytea) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT fuzz.receive(%L, %L)', t.type, bytes)
$$;

-- Bytes that are accepted are a valid value, with a text form that is accepted and means the same.
CREATE FUNCTION fuzz.binary_case() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    t fuzz.type := fuzz.some_type();
    form text := nullif(fuzz.some_text(t, 0.3), '');
    bytes bytea := fuzz.mutated(coalesce(fuzz.sent(t, form), ''));
    kept text := fuzz.try('binary', t.type::text, fuzz.receive_sql(t, bytes), array_replace(t.states, '22P02', '22P03'));
BEGIN
    IF kept IS NULL OR kept LIKE 'wrong: %' THEN
        RETURN;
    END IF;
    kept := fuzz.try('text', t.type::text, fuzz.round_trip_sql(t, kept), '{}');
    IF kept NOT LIKE 'wrong: %' AND fuzz.sent(t, kept) <> bytes THEN
        INSERT INTO fuzz.failure VALUES (current_setting('fuzz.batch')::integer, t.type, 'text and bytes are two values', fuzz.receive_sql(t, bytes));
    END IF;
END
$$;

-- Mutants that are accepted join the pools of a batch.
CREATE FUNCTION fuzz.add_mutants(t fuzz.type) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    form text;
    mutants text[] := '{}';
BEGIN
    FOR i IN 1..60 LOOP
        form := fuzz.mutated(fuzz.some_text(t, 0.2));
        IF (fuzz.run(format('SELECT %L::%s', form, t.type), false)).state = '00000' THEN
            mutants := mutants || format('%L::%s', form, t.type);
        END IF;
    END LOOP;
    UPDATE fuzz.pool p SET expressions = p.expressions || mutants WHERE p.type = t.type AND p.hostile;
END
$$;
