-- workspace: what columns of orders, of offers and of points are called in other languages, in small letters and without what stands between words, the likeliest
-- first. Letters that are not ASCII are only made small where a database says how, so names of them stand here in capitals as well.
-- A database that lacks the letters of a language knows those of the others.

CREATE FUNCTION _clientele.workspace_column_names() RETURNS TABLE (role text, names text[])
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY VALUES
        ('customer', '{kunde,kundennr,kundennummer,kundenid,besteller,debitor,auftraggeber,cliente,idcliente,codigocliente,codigodecliente,comprador,idclient,codeclient,acheteur,numeroclient,klient,klientid,idklienta,nrklienta,numerklienta,kontrahent,nabywca}'::text[]),
        ('ordered_at', '{datum,bestelldatum,bestelltam,auftragsdatum,kaufdatum,rechnungsdatum,belegdatum,verkaufsdatum,erstelltam,fecha,fechapedido,fechadepedido,fechadecompra,fechafactura,fechaventa,datecommande,datedecommande,datefacture,datevente,dateachat,data,datazakupu,datazamowienia,datasprzedazy,datafaktury,datawystawienia,datautworzenia}'::text[]),
        ('amount', '{betrag,gesamtbetrag,rechnungsbetrag,bestellsumme,bestellwert,gesamtsumme,summe,umsatz,gesamt,montant,montanttotal,montantttc,totalttc,somme,chiffredaffaires,importe,importetotal,monto,montototal,suma,totalpedido,kwota,kwotabrutto,wartosc,wartoscbrutto,razem,wartosczamowienia,preis,prix,precio,cena}'::text[]),
        ('order_id', '{bestellnummer,bestellnr,bestellid,auftragsnummer,auftragsnr,rechnungsnummer,rechnungsnr,belegnummer,commande,numerocommande,numerodecommande,idcommande,facture,numerofacture,pedido,numeropedido,numerodepedido,idpedido,factura,numerofactura,numerodefactura,numerzamowienia,nrzamowienia,idzamowienia,numerfaktury,nrfaktury}'::text[]),
        ('source', '{quelle,herkunft,kanal,verkaufskanal,canal,canaldevente,origen,fuente,canaldeventa,zrodlo,kanalsprzedazy}'::text[]),
        ('category', '{kategorie,warengruppe,produktkategorie,categorie,famille,categoria,familia,kategoria,grupatowarowa}'::text[]),
        ('profit', '{gewinn,rohertrag,deckungsbeitrag,benefice,margebrute,beneficio,ganancia,zysk}'::text[]),
        ('offered_at', '{datum,angebotsdatum,angebotenam,fecha,fechaoferta,fechadeoferta,dateoffre,datedeloffre,data,dataoferty}'::text[]),
        ('offer', '{angebot,aktion,offre,oferta,propuesta,propozycja}'::text[]),
        ('outcome', '{ergebnis,antwort,entscheidung,angenommen,resultat,reponse,resultado,respuesta,aceptada,aceptado,wynik,odpowiedz}'::text[]),
        ('reason', '{grund,ablehnungsgrund,absagegrund,motif,raison,motifderefus,motivo,motivoderechazo,powod,powododmowy}'::text[]),
        ('product', '{artikel,artikelnummer,artikelnr,artikelname,artikelbezeichnung,produkt,produktname,produit,nomproduit,producto,nombreproducto,articulo,towar,nazwatowaru,nazwaproduktu}'::text[]),
        ('quantity', '{anzahl,menge,quantite,cantidad,ilosc}'::text[]),
        ('of_amount', '{betrag,gesamtbetrag,gesamtpreis,positionssumme,summe,umsatz,montant,montanttotal,somme,importe,monto,suma,kwota,wartosc}'::text[]),
        ('of_order_id', '{bestellnummer,bestellnr,bestellid,auftragsnummer,auftragsnr,commande,numerocommande,idcommande,pedido,numeropedido,idpedido,numerzamowienia,nrzamowienia,idzamowienia}'::text[]),
        ('happened_at', '{datum,buchungsdatum,gebuchtam,fecha,fechamovimiento,dateoperation,datemouvement,data,dataoperacji}'::text[]),
        ('change', '{punkte,treuepunkte,bonuspunkte,punkteanzahl,pointsfidelite,nombredepoints,puntos,puntosfidelidad,punkty,liczbapunktow,punktylojalnosciowe}'::text[]),
        ('expires_on', '{verfallsdatum,verfalltam,ablaufdatum,gueltigbis,dateexpiration,datedexpiration,valablejusquau,fechavencimiento,fechadevencimiento,fechacaducidad,validohasta,datawaznosci,waznedo}'::text[]),
        ('employee', '{mitarbeiter,verkaeufer,berater,vendeur,vendeuse,employe,vendedor,vendedora,empleado,empleada,pracownik,sprzedawca}'::text[]);
    BEGIN
        RETURN QUERY VALUES
            ('customer', '{käufer,códigocliente,códigodecliente,numéroclient}'::text[]),
            ('ordered_at', '{crééle}'::text[]),
            ('order_id', '{numérocommande,numérodecommande,númeropedido,númerodepedido,numérofacture,númerofactura}'::text[]),
            ('category', '{catégorie,categoría}'::text[]),
            ('profit', '{bénéfice}'::text[]),
            ('outcome', '{résultat,réponse}'::text[]),
            ('of_order_id', '{numérocommande,númeropedido}'::text[]),
            ('change', '{pointsfidélité}'::text[]),
            ('expires_on', '{gültigbis,valablejusquà,válidohasta}'::text[]),
            ('employee', '{verkäufer,verkäuferin,employé,employée}'::text[]);
    EXCEPTION WHEN untranslatable_character THEN NULL;
    END;
    BEGIN
        RETURN QUERY VALUES
            ('customer', '{kupujący,zamawiający}'::text[]),
            ('ordered_at', '{datazamówienia,datasprzedaży}'::text[]),
            ('amount', '{wartość,wartośćbrutto,wartośćzamówienia}'::text[]),
            ('order_id', '{numerzamówienia,nrzamówienia,idzamówienia}'::text[]),
            ('source', '{źródło,kanałsprzedaży}'::text[]),
            ('outcome', '{odpowiedź}'::text[]),
            ('reason', '{powód,powódodmowy}'::text[]),
            ('of_order_id', '{numerzamówienia,nrzamówienia,idzamówienia}'::text[]),
            ('change', '{liczbapunktów,punktylojalnościowe}'::text[]),
            ('expires_on', '{dataważności,ważnedo}'::text[]);
    EXCEPTION WHEN untranslatable_character THEN NULL;
    END;
    BEGIN
        RETURN QUERY VALUES
            ('customer', '{клиент,Клиент,кодклиента,Кодклиента,КодКлиента,контрагент,Контрагент,кодконтрагента,Кодконтрагента,КодКонтрагента,покупатель,Покупатель,заказчик,Заказчик,партнер,Партнер,партнёр,Партнёр}'::text[]),
            ('ordered_at', '{дата,Дата,датазаказа,Датазаказа,ДатаЗаказа,датапокупки,Датапокупки,ДатаПокупки,датапродажи,Датапродажи,ДатаПродажи,датадокумента,Датадокумента,ДатаДокумента,датасделки,Датасделки,ДатаСделки,датасоздания,Датасоздания,ДатаСоздания,датаивремя,Датаивремя,ДатаИВремя,времязаказа,Времязаказа,ВремяЗаказа}'::text[]),
            ('amount', '{сумма,Сумма,суммазаказа,Суммазаказа,СуммаЗаказа,суммадокумента,Суммадокумента,СуммаДокумента,суммачека,Суммачека,СуммаЧека,суммасделки,Суммасделки,СуммаСделки,суммапокупки,Суммапокупки,СуммаПокупки,итого,Итого,всего,Всего,стоимость,Стоимость,выручка,Выручка,бюджет,Бюджет,цена,Цена}'::text[]),
            ('order_id', '{номер,Номер,номерзаказа,Номерзаказа,НомерЗаказа,заказ,Заказ,номердокумента,Номердокумента,НомерДокумента,номерчека,Номерчека,НомерЧека,чек,Чек,номерсделки,Номерсделки,НомерСделки,идзаказа,Идзаказа,ИдЗаказа,ид,Ид}'::text[]),
            ('source', '{источник,Источник,источникзаказа,Источникзаказа,ИсточникЗаказа,канал,Канал,каналпродаж,Каналпродаж,КаналПродаж}'::text[]),
            ('category', '{категория,Категория,категориятовара,Категориятовара,КатегорияТовара,группатоваров,Группатоваров,ГруппаТоваров,товарнаягруппа,Товарнаягруппа,ТоварнаяГруппа,видноменклатуры,Видноменклатуры,ВидНоменклатуры}'::text[]),
            ('profit', '{прибыль,Прибыль,валоваяприбыль,Валоваяприбыль,ВаловаяПрибыль,маржа,Маржа}'::text[]),
            ('offered_at', '{дата,Дата,датапредложения,Датапредложения,ДатаПредложения,датазвонка,Датазвонка,ДатаЗвонка,датасоздания,Датасоздания,ДатаСоздания}'::text[]),
            ('offer', '{предложение,Предложение,акция,Акция,оффер,Оффер}'::text[]),
            ('outcome', '{результат,Результат,ответ,Ответ,решение,Решение,исход,Исход,статус,Статус}'::text[]),
            ('reason', '{причина,Причина,причинаотказа,Причинаотказа,ПричинаОтказа}'::text[]),
            ('product', '{товар,Товар,наименованиетовара,НаименованиеТовара,номенклатура,Номенклатура,артикул,Артикул,продукт,Продукт}'::text[]),
            ('quantity', '{количество,Количество,колво,Колво}'::text[]),
            ('of_amount', '{сумма,Сумма,суммастроки,СуммаСтроки,стоимость,Стоимость}'::text[]),
            ('of_order_id', '{номерзаказа,Номерзаказа,НомерЗаказа,заказ,Заказ,идзаказа,Идзаказа,ИдЗаказа,номерчека,Номерчека,НомерЧека,номерсделки,Номерсделки,НомерСделки}'::text[]),
            ('happened_at', '{дата,Дата,датаначисления,Датаначисления,ДатаНачисления,датаоперации,Датаоперации,ДатаОперации,датасоздания,Датасоздания,ДатаСоздания}'::text[]),
            ('change', '{баллы,Баллы,количествобаллов,Количествобаллов,КоличествоБаллов,бонусы,Бонусы,бонус,Бонус}'::text[]),
            ('expires_on', '{датасгорания,Датасгорания,ДатаСгорания,действуетдо,Действуетдо,ДействуетДо,действительнодо,Действительнодо,ДействительноДо,срокдействия,Срокдействия,СрокДействия}'::text[]),
            ('employee', '{сотрудник,Сотрудник,менеджер,Менеджер,продавец,Продавец}'::text[]);
    EXCEPTION WHEN untranslatable_character THEN NULL;
    END;
END
$$;
