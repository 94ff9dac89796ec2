using System.Text.RegularExpressions;

namespace LlmKit.Text.Injection;

/// <summary>The families in other languages than English: German, French, Spanish, Italian, Portuguese, Russian, Croatian and Serbian, Arabic, Chinese, Japanese, Korean.</summary>
internal static partial class ForeignPhrases
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    /// <summary>The families, each with the words with which its phrases begin.</summary>
    public static IReadOnlyList<PhraseFamily> All { get; } =
    [
        new("injection-override-foreign", 3, Override(), "vergiss", "vergessen sie", "ignor", "missachte", "überschreibe", "lass", "abweichend", "oublie",
            "olvid", "omite", "no sigas", "dimentica", "esque", "забудь", "игнорируй", "zaboravi", "zanemari", "تجاهل", "انس", "تجاوز", "忽", "忘", "无视", "绕过",
            "以前", "これまで", "上記", "前の", "すべて", "ルール", "指示", "이전", "위의", "모든", "앞의"),
        new("injection-foreign", 3, Other(), "du bist", "tu es", "eres", "você", "ora sei", "sei ora", "ты", "现在是", "あなたは今", "너는 이제", "schalte", "deaktiviere",
            "umgehe", "désactive", "contourne", "comme si", "desactiva", "elimina", "desative", "remova", "disattiva", "modo ", "modalità", "mode développeur",
            "entwicklermodus", "gib", "zeig", "nenne", "verrat", "montre", "affiche", "révèle", "donne", "muestra", "muéstrame", "revel", "mostr", "отключи", "сними",
            "обойди", "начальные", "системные", "исходные", "покажи", "выведи", "显示", "告诉我", "输出", "打印", "フィルター", "システム", "시스템"),
    ];

    [GeneratedRegex(
        @"\G(\b(vergiss|vergessen sie|ignoriere?n?( sie)?|missachte|überschreibe|lass(en sie)?)\b[^.!?\n]{0,40}\b(vorherige[nrs]?|bisherige[nrs]?|obige[nrs]?|alles|davor|zuvor|anweisung(en)?|anleitungen|aufgaben|befehle|systemnachricht|systemprompt)\b" +
        @"|\babweichend (zu|von)\b[^.!?\n]{0,20}\b(instruktionen|anweisungen)\b" +
        @"|\b(oublie[zr]?|ignore[zr]?)\b[^.!?\n]{0,40}\b(tes|vos|les|toutes|ces|tout)\b[^.!?\n]{0,20}\b(instructions?|consignes?|précédente?s?|avant|ce que|règles)\b" +
        @"|\b(olvid[ae]r?|ignor[ae]r?|omite|no sigas)\b[^.!?\n]{0,40}\b(instrucciones|anteriores|antes|todo|reglas|órdenes|programación)\b" +
        @"|\b(dimentica(re)?|ignora(re)?)\b[^.!?\n]{0,40}\b(istruzioni|precedenti|tutto|regole)\b" +
        @"|\b(esque[çc]a|ignore)\b[^.!?\n]{0,40}\b(instruções|anteriores|tudo|regras)\b" +
        @"|(забудь(те)?|игнорируй(те)?)[^.!?\n]{0,40}(инструкци|предыдущ|все|указани|правил)" +
        @"|\b(zaboravi(te)?|ignori[rš]\w{0,6}|zanemari(te)?)\b[^.!?\n]{0,40}\b(prethodn\w{1,4}|uputstv\w{1,3}|uput\w{1,4}|instrukcij\w{1,3}|sve|pravil\w{1,3})\b" +
        @"|(تجاهل|انسى|انس|تجاوز)[^.!?\n]{0,25}(تعليمات|التعليمات|قواعد|السابقة|قيود|الأوامر)" +
        @"|(忽略|忘记|忘掉|无视|忽視|绕过)[^。！？\n]{0,20}(指令|指示|说明|提示|规则|内容|以上|之前|上面|所有|限制)" +
        @"|(以前|これまで|上記|前の|すべて|ルール|指示)[^。！？\n]{0,15}(無視|忘れ)" +
        @"|(이전|위의|모든|앞의)[^.!?\n]{0,15}(지시|명령|규칙|지침)[^.!?\n]{0,10}(무시|잊))", Options)]
    private static partial Regex Override();

    [GeneratedRegex(
        @"\G(\b(du bist( jetzt)?|tu es( maintenant)?|eres|você( agora)? é|ora sei|sei ora|ты( теперь)?) DAN\b|(现在是|너는 이제)\s?DAN|あなたは今\s?DAN" +
        @"|\b(schalte|deaktiviere|umgehe)\b[^.!?\n]{0,30}\b(filter|sicherheits\w{1,16}|einschränkungen|beschränkungen)\b|\b(désactive|contourne)[^.!?\n]{0,30}\b(filtres?|restrictions|sécurité)\b|\bcomme si tu n'avais (pas|aucune)\b[^.!?\n]{0,20}\b(restrictions?|limites?|règles?)\b" +
        @"|\b(desactiva|elimina|desative|remova|disattiva)\b[^.!?\n]{0,30}\b(filtros?|filtri|restricciones|restrições|restrizioni|seguridad|segurança)\b|\bmodo (sin filtros|sem filtros|desarrollador|desenvolvedor)\b|\bmodalità sviluppatore\b|\bmode développeur\b|\bentwicklermodus\b" +
        @"|\b(gib|zeige?|nenne|verrate?)\b[^.!?\n]{0,30}\b(systemprompt|systemnachricht|prompttexte?|promptanweisungen|anfangsanweisungen)\b|\b(montre|affiche|révèle|donne)\b[^.!?\n]{0,20}\b(prompt système|instructions (initiales|système))\b" +
        @"|\b(muestra|muéstrame|revela|mostre|revele|mostra(mi)?)\b[^.!?\n]{0,25}\b(prompt (del?|do) sistema|prompt di sistema|instrucciones (iniciales|del sistema)|instruções (iniciais|do sistema))\b" +
        @"|(отключи|сними|обойди)[^.!?\n]{0,25}(ограничени|фильтр)|(начальные|системные|исходные) (инструкци|подсказк)|(покажи|выведи)[^.!?\n]{0,20}(системн|промпт)" +
        @"|(显示|告诉我|输出|打印)[^。！？\n]{0,10}(系统提示|提示词|初始指令)|フィルター[^。！？\n]{0,8}(オフ|無効|解除)|システムプロンプト[^。！？\n]{0,8}(表示|教え|見せ)|시스템 ?프롬프트[^.!?\n]{0,10}(보여|출력|알려))", Options)]
    private static partial Regex Other();
}
