namespace LlmKit.Text.Injection.Phrases;

/// <summary>
/// The families in German, French, Spanish, Italian, Portuguese, Dutch, Polish, Croatian and Serbian, Russian, Turkish, Arabic, Hindi,
/// Chinese, Japanese and Korean. Accents may be left out.
/// </summary>
internal static class ForeignPhrases
{
    public const string Table = """
        [injection-override-foreign 3] nicht keine nie n ne pas jamais no nunca non mai não nunca nie не никогда
        # German
        @vergiss vergiss vergessen vergesse ignorier* missachte* uberschreib* verwirf umgehe umgeh
        @bisher vorherig* bisherig* obig* vorig* fruher* davor zuvor vorangegangen* vorhergehend* ursprunglich* deine* deinen deiner ihre* alle alles
        @befehle anweisung* anleitung* instruktion* aufgaben auftrag* auftraege befehl* befehle regeln vorgaben systemnachricht* systemprompt* richtlinien prompt prompts programmierung eingabe* einschrankungen
        {vergiss} ~3 {bisher} ~3 {befehle}
        {vergiss} ~2 alles ~3 davor|zuvor|vorher|bisher|gesagte|bisherige|vorherige|obige|was
        {vergiss}|lass|lassen ~3 alles|anweisungen ~4 davor|zuvor|vorher|obigen
        {bisher} ~2 {befehle} ~3 ignorieren|vergessen|missachten|uberschreiben|umgehen
        {vergiss} ~1 die|das ~1 {befehle}
        {vergiss} ~1 deine|die ~1 systemnachricht|systemprompt|regeln|anweisungen|einschrankungen
        abweichend zu|von ~4 {befehle}
        hore|horen|achte|beachte nicht auf ~4 zuvor|vorher|gesagte|anweisungen|davor
        # French
        @oublie oublie oubliez oublier ignore ignorez ignorer neglige negligez annule annulez fais faites
        @consignes instruction instructions consigne consignes regle regles directives ordres commandes contraintes restrictions prompt
        {oublie} ~2 tes|vos|les|toutes|tous|ces|toute|ton|votre ~3 {consignes}
        {oublie} ~1 tout ~6 precede|avant|precedent|precedemment|dessus|dit
        {oublie} ~1 ce ~5 avant|precede|dessus|precedemment
        ne|n ~2 suis|suivez|tiens|tenez ~2 pas|plus|compte ~4 {consignes}
        # Spanish
        @olvida olvida olvide olvidar olvidad olvidate ignora ignore ignorar ignorad omite omita descarta desobedece anula
        @reglas instruccion instrucciones regla reglas orden ordenes directrices indicaciones programacion restricciones prompt mensajes
        {olvida} ~2 todo|todas|todos|tus|sus|las|los|cualquier ~3 {reglas}
        {olvida} ~1 todo ~4 anterior|antes|arriba|previo|dicho
        {olvida} ~2 lo anterior
        {olvida} ~3 {reglas} ~2 anteriores|previas|originales
        no sigas|siga|obedezcas|cumplas|hagas ~3 {reglas}|caso
        # Italian
        @dimentica dimentica dimenticate dimenticare ignora ignorate ignorare scorda tralascia trascura
        @regole istruzione istruzioni regola regole ordini direttive indicazioni comandi prompt restrizioni
        {dimentica} ~3 tutte|tutti|le|tue|precedenti|ogni|qualsiasi|gli ~3 {regole}
        {dimentica} ~2 tutto ~5 precedente|precedentemente|prima|sopra|detto|cio
        non seguire|rispettare ~3 {regole}
        # Portuguese
        @esqueca esqueca esquece esquecer ignore ignora ignorar desconsidere desconsidera descarte
        @regras instrucao instrucoes regra regras ordens diretrizes comandos restricoes prompt orientacoes programacao
        {esqueca} ~3 todas|todos|suas|as|os|tuas|quaisquer ~3 {regras}
        {esqueca} ~2 tudo ~5 antes|anterior|anteriormente|acima|disse|foi
        nao siga|sigas|obedeca ~3 {regras}
        # Dutch
        @vergeet vergeet negeer negeren vergeten overschrijf
        @opdrachten instructie instructies opdracht opdrachten regels aanwijzingen richtlijnen prompt systeemprompt beperkingen
        {vergeet} ~2 alle|alles|je|jouw|de|eerdere|vorige|voorgaande|bovenstaande ~3 {opdrachten}|hierboven|hiervoor|ervoor
        # Polish
        @zignoruj zignoruj ignoruj zapomnij zapomnijcie pomin porzuc
        @instrukcje instrukcje instrukcji polecenia polecen zasady zasad wytyczne wytycznych prompt reguly ograniczenia wskazowki
        {zignoruj} ~1 o ~3 wszystkich|wszystkie|poprzednich|poprzednie|swoich|swoje|wszystkim ~3 {instrukcje}
        {zignoruj} ~3 {instrukcje}
        zapomnij ~1 wszystko|wszystkim ~5 powyzej|wczesniej
        # Croatian and Serbian
        @zaboravi zaboravi zaboravite ignorisi ignorisite ignoriraj ignorirajte zanemari zanemarite zaobidi zaobide preskoci
        @upute uputstva uputstvo upute uputa instrukcije instrukcija pravila naredbe naredaba ogranicenja smjernice smernice prompt
        {zaboravi} ~3 prethodn*|ranij*|sva|sve|svoja|svoje|gornj*|dosadasnj* ~2 {upute}
        {zaboravi} ~1 sve ~3 ranije|prije|pre|gore|dosad|rekao|prethodno
        {zaboravi} ~2 {upute}
        @zabor заборави заборавите игнориши игноришите занемари занемарите
        {zabor} ~3 претходн*|ранија|сва|све|своја ~2 упутства|инструкције|правила|наредбе|ограничења
        {zabor} ~1 све
        # Russian and Ukrainian
        @забудь забудь забудьте игнорируй игнорируйте проигнорируй проигнорируйте отбрось отмени нарушь пропусти ігноруй забудь
        @правила инструкци* указани* правил* команд* предписани* установк* промпт* ограничени* запрос* інструкці* вказівк*
        {забудь} ~3 {правила}
        {забудь} ~2 все|всё|всем|обо ~4 предыдущ*|выше|раньше|ранее|сказан*|говорил*|что
        не следуй|соблюдай|выполняй|подчиняйся ~3 {правила}
        # Turkish
        @talimat talimatlari talimatlar talimatlarini kurallari kurallarini kurallar komutlari yonergeleri yonergelerini istemi talimati
        onceki|yukaridaki|tum|butun|sistem ~3 {talimat} ~3 unut|unutun|yoksay|yoksayin|gormezden|dikkate|goz|gozardi|atla
        {talimat} ~2 unut|yoksay|gormezden
        # Vietnamese
        bo qua ~3 huong dan|lenh|chi ~2 truoc|dan|thi
        # Arabic
        @تجاهل تجاهل تجاهلي تجاهلوا انس انسي انسى تجاوز تخط اهمل
        @تعليمات تعليمات تعليماتك التعليمات قواعد قواعدك القواعد الاوامر اوامر قيود قيودك القيود توجيهات التوجيهات
        {تجاهل} ~3 {تعليمات}
        {تجاهل} ~2 كل ~3 سبق|السابق|السابقة|قلته
        # Hindi
        पिछले|पहले|उपरोक्त|सभी|अपने ~3 निर्देश|निर्देशों|नियम|नियमों|आदेश|आदेशों ~4 अनदेखा|भूल|नज़रअंदाज|नजरअंदाज|उपेक्षा|अनदेखी
        # Chinese
        @忽略 忽略 忘记 忘掉 忘記 无视 無視 忽视 忽視 绕过 繞過 抛开 不要遵守 不要遵循 不再遵守 别管 不用管 覆盖 违反
        @指令 指令 指示 说明 說明 提示 规则 規則 命令 限制 要求 约束 设定 設定 内容 对话
        {忽略} ~12 {指令}
        {忽略} ~4 以上|之前|上面|前面|先前|上述|上文
        # Japanese
        @無視 無視 忘れ 破棄 従わな 取り消
        以前|これまで|上記|前の|すべて|全て|ルール|指示|命令|規則|プロンプト|制約|先ほど ~14 {無視}
        # Korean
        이전*|위의*|모든*|앞의*|지금까지*|기존* ~4 지시*|명령*|규칙*|지침*|프롬프트*|대화*|설정* ~3 무시*|잊어*|잊고*|따르지*
        지시*|명령*|규칙*|지침* ~1 무시*|잊어*

        [injection-foreign 3]
        du bist|bist ~2 dan
        tu es ~2 dan
        ahora|ora|agora ~2 eres|sei|e|es ~1 dan
        eres|voce|sei|ты|теперь|te ~2 dan
        schalt*|deaktivier*|umgeh*|entferne|abschalten ~4 filter|sicherheits*|einschrankungen|beschrankungen|schutz*|zensur
        filter|einschrankungen|beschrankungen|sicherheitsfilter ~2 aus|ausschalten|deaktivieren|abschalten|umgehen
        desactive*|contourne*|supprime*|enleve* ~4 filtre|filtres|restrictions|securite|censure|limites
        sans ~1 aucune|restriction|restrictions|limite|limites|filtre ~1 restriction|limite|morale|ethique|filtre|ethiques|morales
        comme si tu navais|avais ~2 restrictions|limites|regles|restriction|limite|regle
        comme si tu n avais ~2 restrictions|limites|regles|restriction
        desactiv*|desativ*|elimina|remova|disattiva*|rimuovi|quita|contorne|evita|elude ~4 filtro|filtros|filtri|restricciones|restricoes|restrizioni|seguridad|seguranca|sicurezza|limitaciones|censura
        modo ~1 sin|sem filtros|restricciones|restricoes
        sin|sem|senza|ohne ~1 ningun*|nenhuma|alcuna|jegliche|moralische|ethische|filtros|restricciones ~2 restriccion|restricao|restrizione|einschrankung*|eticas|morales|limite|filtro|regeln|grenzen
        entra|activa|ative|attiva|entre|active|aktiviere|wechsle|passe|habilita|abilita|accedi|zet|wlacz ~3 modo|modalita|mode|entwicklermodus|modus|tryb ~1 desarrollador|desenvolvedor|sviluppatore|developpeur|dan|dios|debug|programador|ontwikkelaar|programisty|deweloperski
        entwicklermodus
        gib|gebe|zeig|zeige|nenne|verrat|verrate|drucke|drucken|wiederhole|schreibe|sag ~5 systemprompt|systemnachricht|prompttext*|promptanweisung*|anfangsanweisung*|systemanweisung*|eingabeaufforderung|prompt|prompts|anweisungen
        zeig*|gib|nenne|wiederhole ~3 obig*|vorherig*|gesamt*|ursprunglich* ~2 text*|prompt*|anweisung*|worte
        montre|affiche|revele|donne|repete|dis|montrez|affichez|revelez|donnez|quelles|quel ~5 prompt|instructions ~1 systeme|initiales|initial|initiale|cachees
        muestra|muestrame|revela|mostre|revele|mostra|mostrami|dime|ensename|diga|dimmi|imprime|repite|mostra|exiba|rivela|stampa ~5 prompt|instrucciones|instrucoes|istruzioni ~2 sistema|iniciales|iniciais|iniziali|originales|del|ocultas
        toon|laat|geef ~4 systeemprompt|systeeminstructies|instructies
        pokaz|wyswietl|ujawnij|podaj ~4 prompt|instrukcje|polecenie ~1 systemow*|poczatkow*
        pokazi|prikazi|otkrij|ispisi|ponovi ~4 sistemsk*|sustavn*|pocetn* ~2 prompt|upute|uputstva|instrukcije|poruku
        iskljuci|ukloni|onemoguci|zaobidi ~4 filter|filtere|ogranicenja|sigurnos*|zastitu
        отключи*|сними*|обойди*|убери*|выключи* ~4 ограничени*|фильтр*|цензур*|безопасност*
        начальн*|системн*|исходн*|первоначальн* ~1 инструкци*|подсказк*|промпт*
        покажи*|выведи*|раскрой*|повтори*|напиши* ~4 системн*|промпт*|инструкци*
        без ~2 ограничени*|цензуры|фильтров|моральных
        sistem|gizli|baslangic ~1 istemi|istemini|komutunu|talimatlarini|promptunu ~3 goster|yaz|soyle|acikla|yazdir
        filtreleri|kisitlamalari|guvenlik ~4 kapat|kaldir|devre|atla
        اعرض|اظهر|اكشف|اطبع|كرر ~4 تعليمات|تعليماتك|موجه|رسالة|برومبت ~2 النظام|الاصلية|السرية|الاولية
        عطل|الغ|ازل ~3 الفلاتر|القيود|المرشحات|فلاتر|مرشحات
        सिस्टम ~1 प्रॉम्प्ट|निर्देश ~4 दिखाओ|दिखाएं|बताओ|बताएं|दिखाइए
        现在是|现在你是|你现在是|你是 ~3 dan
        显示|告诉我|告诉|输出|打印|重复|泄露|透露|给我看 ~8 系统提示|提示词|初始指令|系统指令|系统消息|初始提示|隐藏指令
        没有 ~2 任何 ~2 限制|约束|道德|过滤
        关闭|禁用|解除|取消|绕过 ~6 过滤|安全限制|限制|审查|安全
        启用|进入|开启 ~3 开发者模式|超级用户模式|上帝模式|越狱模式|开发者
        システムプロンプト|初期指示|隠された指示|システム指示|プロンプト ~6 表示|教え|見せ|出力|開示
        フィルター|制限|安全 ~6 オフ|無効|解除|外し
        あなたは今|あなたは|今から ~3 dan
        시스템* ~1 프롬프트*|지침*|지시* ~3 보여*|출력*|알려*|공개*
        시스템프롬프트* ~3 보여*|출력*|알려*
        너는*|당신은* ~2 dan
        필터*|제한*|안전* ~3 해제*|끄고*|비활성*|무시*

        [injection-foreign-weak 1]
        du bist jetzt|nun
        jetzt bist du
        ab jetzt|sofort
        tu ~1 es maintenant
        a partir de ahora|agora
        ahora eres
        ora sei
        теперь ты
        ты теперь
        fungier*|auftreten ~0 fungier*|auftreten
        mochte dass|das ~1 sie|du ~1 als
        neue* aufgabe*
        konzentrier* ~4 neue* ~1 aufgabe*
        """;
}
