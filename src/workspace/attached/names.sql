-- workspace: by which names columns of orders are known that say what a row means, in small letters and without what stands between words,
-- and which values of them say that a row is no order; and how outcomes of offers are written. A database that lacks the letters of a language knows those of the others.

CREATE FUNCTION _clientele.workspace_plain_name(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN translate(lower(name), '_ -', '');

CREATE FUNCTION _clientele.workspace_meant_names() RETURNS TABLE (meaning text, names text[])
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY VALUES
        ('status', '{status,stage,state,type,ordertype,salestype,doctype,documenttype,deal,dealstage,orderstate,fulfillment}'::text[]),
        ('is no order', '{test,istest,testmode,testorder,draft,isdraft,quote,isquote,isquotation,cart,iscart,deleted,isdeleted,deletionmark,deletedmark,markedfordeletion,removed,archived,isarchived,cancelled,canceled,iscancelled,iscanceled,void,voided,isvoid,isvoided,refunded,isrefunded,storno,storniert,entwurf,geloescht,angebot}'),
        ('is an order', '{livemode,live,posted,isposted,active,isactive,confirmed,isconfirmed,captured,iscaptured,paid,ispaid,approved,isapproved,completed,iscompleted,bezahlt,gebucht}'),
        ('gone at', '{archivedat,removedat,deletedat,cancelledat,canceledat,voidedat,refundedat,datecancelled,datecanceled,datedeleted,stornodatum}'),
        ('time', '{createdat,created,createdon,datecreated,creationdate,orderedat,orderdate,dateorder,placedat,purchasedat,invoicedate,submittedat,confirmedat,approvedat,paidat,datepaid,paymentdate,capturedat,processedat,completedat,datecompleted,closedat,postedat,bestelldatum,rechnungsdatum,zahlungsdatum}'),
        ('currency', '{currency,currencycode,currencyid,currencyiso,isocurrency,ordercurrency,totalcurrency,curr,valuta,waehrung,devise,moneda,waluta}'),
        ('price', '{price,unitprice,itemprice,pieceprice,priceperunit,pricepereach,preis,einzelpreis,stueckpreis,prix,prixunitaire,precio,preciounitario,cena}'),
        ('quantity', '{quantity,qty,quantityordered,qtyordered,units,pieces,anzahl,menge,quantite,cantidad,ilosc}');
    BEGIN
        RETURN QUERY VALUES ('is no order', '{gelöscht}'::text[]), ('currency', '{währung}'::text[]), ('price', '{stückpreis}'::text[]), ('quantity', '{quantité,stück}'::text[]);
    EXCEPTION WHEN untranslatable_character THEN NULL;
    END;
    BEGIN
        RETURN QUERY VALUES
            ('status', '{статус,статусзаказа,Статус,СтатусЗаказа,стадия,стадиясделки,Стадия,состояние,Состояние,состояниезаказа,тип,типзаказа,видоперации,ВидОперации}'::text[]),
            ('is no order', '{пометкаудаления,ПометкаУдаления,удален,удалён,отменен,отменён,черновик,тест,тестовый,возврат,сторно,Сторно}'::text[]),
            ('is an order', '{проведен,проведён,Проведен,Проведён,оплачен,оплачено,Оплачен,Оплачено,подтвержден,подтверждён}'::text[]),
            ('time', '{датасоздания,датазаказа,датаоплаты,датапродажи,датазавершения,ДатаСоздания,ДатаЗаказа,ДатаОплаты}'::text[]),
            ('currency', '{валюта,валютадокумента,валютазаказа,Валюта,ВалютаДокумента}'::text[]),
            ('price', '{цена,ценазаединицу,ценазашт,Цена}'::text[]),
            ('quantity', '{количество,колво,Количество,штук}'::text[]);
    EXCEPTION WHEN untranslatable_character THEN NULL;
    END;
END
$$;

CREATE FUNCTION _clientele.workspace_is_meant(col name, meaning text) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM _clientele.workspace_meant_names() m
        WHERE m.meaning = $2 AND (_clientele.workspace_plain_name(col) = ANY (m.names) OR translate(col, '_ -', '') = ANY (m.names)))
$$;

-- Whether a column says of a row that it is none, or that it is one, or neither: then its values may.
CREATE FUNCTION _clientele.workspace_says_no(col name, value text) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN _clientele.workspace_is_meant(col, 'is no order') THEN lower(value) IN ('true', 't', '1', 'yes', 'y', 'x', 'ja', 'filled')
        WHEN _clientele.workspace_is_meant(col, 'is an order') THEN lower(value) IN ('false', 'f', '0', 'no', 'n', 'nein', 'empty')
        WHEN _clientele.workspace_is_meant(col, 'gone at') THEN value = 'filled'
        ELSE lower(value) ~ '(cancel|void|draft|(^|[^a-z])cart|basket|checkout|(^|[^a-z])test|sandbox|fail|declin|reject|refus|refund|return|charge.?back|quot|abandon|trash|delet|archiv|unpaid|pending|await|on.?hold|(^|[^a-z])open|expired|storn|entwurf|offen|angebot|retour|annul|anul)'
            OR EXISTS (SELECT FROM _clientele.workspace_no_words() w WHERE lower(value) ~ w) END
$$;

CREATE FUNCTION _clientele.workspace_no_words() RETURNS SETOF text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN NEXT '([Оо]тмен|[Чч]ернов|[Тт]ест|[Уу]дал|[Вв]озврат|[Кк]орзин|[Оо]тказ|[Пп]ровал|[Нн]е ?оплач|[Нн]еоплач|[Оо]жида|[Сс]торно|[Аа]рхив)';
EXCEPTION WHEN untranslatable_character THEN
    NULL;
END
$$;

-- The pattern of keys, in small letters and without blanks around, that stand for nobody known.
CREATE FUNCTION _clientele.workspace_nobody_pattern() RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    latin CONSTANT text := '0+|-1|[-?*#]+|n ?/?[.]?a[.]?|none|null|nil|nobody|unknown|undefined|guests?|guest[ _](user|customer|checkout|buyer)|anonymous|anonym|anon|walk-? ?in( customer)?|cash([ _](sale|customer))?|counter sale|retail[ _](buyer|customer)|gast|unbekannt|laufkundschaft|laufkunde|barverkauf|invitado|inconnu|desconocido|00000000-0000-0000-0000-000000000000';
BEGIN
    RETURN '^(' || latin || '|([Рр]озничн(ый|ая)? ?)?([Пп]окупатель|[Кк]лиент)|[Чч]астное лицо|[Фф]изическое лицо|[Фф]из[.]? ?лицо|[Гг]ость|[Нн]еизвест.*|[Аа]ноним|[Нн]ет)$';
EXCEPTION WHEN untranslatable_character THEN
    RETURN '^(' || latin || ')$';
END
$$;

-- The pattern of products, in small letters, that are none: what an order costs besides.
CREATE FUNCTION _clientele.workspace_no_product_pattern() RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    latin CONSTANT text := '(^|[^a-z])(shipping|postage|delivery|freight|carriage|packing|handling|discount|coupon|voucher|gift ?-?(card|certificate|voucher)|tip|gratuity|deposit|rounding|surcharge|bank charges|(service|payment|amazon) ?fee|versand(kosten)?|porto|rabatt|gutschein|pfand|trinkgeld|envio|descuento|propina|livraison|remise|pourboire|dostawa|rabat|wysylka)([^a-z]|$)|^(post|dot|manual)$';
BEGIN
    RETURN latin || '|[Дд]оставк|[Сс]кидк|[Пп]одарочн.* (карт|сертификат)|[Чч]аевы|[Оо]кругл';
EXCEPTION WHEN untranslatable_character THEN
    RETURN latin;
END
$$;

-- How the outcome of an offer is written, in small letters, with blanks for what stands between words. Letters that are not ASCII are only
-- made small where a database says how, so words of them stand here in capitals as well. A database that lacks the letters of a language
-- knows the words of the others.
CREATE FUNCTION _clientele.workspace_outcome_words() RETURNS TABLE (outcome text, words text[])
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY VALUES
        ('accepted', '{accepted,accept,accepts,accepted offer,offer accepted,yes,y,true,t,1,won,win,closed won,bought,buy,purchased,sold,ordered,converted,success,successful,agreed,approved,confirmed,signed,taken,took,redeemed}'::text[]),
        ('accepted', '{ja,j,angenommen,akzeptiert,gekauft,verkauft,bestellt,gewonnen,zugesagt,zusage,beauftragt,erfolgreich,oui,accepte,acceptee,gagne,gagnee,achete,vendu,si,s,aceptado,aceptada,ganado,ganada,comprado,vendido,tak,zaakceptowano,zaakceptowana,przyjeto,przyjeta,wygrano,wygrana,kupiono,sprzedano}'::text[]),
        ('refused', '{refused,refuse,refuses,refusal,declined,decline,declines,no,n,false,f,0,lost,loss,closed lost,rejected,reject,rejects,rejection,denied,turned down,not accepted,not bought,not interested,no interest,uninterested,no thanks,unsuccessful,not converted}'::text[]),
        ('refused', '{nein,abgelehnt,ablehnung,abgesagt,absage,verloren,nicht gekauft,nicht angenommen,kein interesse,nicht interessiert,non,refus,refusee,perdu,perdue,pas interesse,rechazado,rechazada,perdido,perdida,no interesado,no interesada,nie,odrzucono,odrzucona,odmowa,przegrano,przegrana,niezainteresowany,niezainteresowana}'::text[]),
        ('unanswered', '{unanswered,open,pending,none,"null",n/a,na,unknown,?,no answer,no reply,no response,not answered,not reached,waiting,awaiting,awaiting reply,undecided,thinking,new,made,offered,sent,opened,read,in progress,expired,ignored}'::text[]),
        ('unanswered', '{offen,ausstehend,wartet,unbeantwortet,keine antwort,unbekannt,gesendet,versendet,abgelaufen,nicht erreicht,en attente,sans reponse,ouvert,envoye,envoyee,pendiente,sin respuesta,abierto,abierta,enviado,enviada,oczekuje,otwarta,brak odpowiedzi,wyslano,wyslana}');
    BEGIN
        RETURN QUERY VALUES
            ('accepted', '{accepté,acceptée,gagné,gagnée,acheté,sí}'::text[]),
            ('refused', '{zurückgewiesen,refusé,refusée,pas intéressé,pas intéressée}'::text[]),
            ('unanswered', '{sans réponse,envoyé,envoyée}'::text[]);
    EXCEPTION WHEN untranslatable_character THEN NULL;
    END;
    BEGIN
        RETURN QUERY VALUES ('accepted', '{przyjęto,przyjęta}'::text[]), ('unanswered', '{wysłano,wysłana}'::text[]);
    EXCEPTION WHEN untranslatable_character THEN NULL;
    END;
    BEGIN
        RETURN QUERY SELECT w.outcome, ARRAY(
                SELECT f.form FROM unnest(w.words) u(word)
                CROSS JOIN LATERAL (SELECT translate(u.word, 'абвгдеёжзийклмнопрстуфхцчшщъыьэюя', 'АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ') AS capitals) c
                CROSS JOIN LATERAL unnest(ARRAY[u.word, left(c.capitals, 1) || substr(u.word, 2), c.capitals]) f(form))
            FROM (VALUES
                ('accepted', '{принято,принята,принят,принял,приняла,да,куплено,купил,купила,продано,согласен,согласна,согласие,согласился,согласилась,успешно,успех,выиграно,выигран,выиграна,заказал,заказала,подтверждено}'::text[]),
                ('refused', '{отказ,отказался,отказалась,отказано,отклонено,отклонен,отклонён,отклонил,отклонила,нет,проиграно,проигран,проиграна,не интересно,неинтересно,не заинтересован,не заинтересована,не нужно,не надо,не купил,не купила,не принято,не принял,не приняла}'::text[]),
                ('unanswered', '{без ответа,нет ответа,не ответил,не ответила,ожидание,ожидает,в ожидании,думает,подумает,отправлено,открыто,в работе,новый,новая,недозвон,не дозвонились,неизвестно}'::text[])) w(outcome, words);
    EXCEPTION WHEN untranslatable_character THEN NULL;
    END;
END
$$;
