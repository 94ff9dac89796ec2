using System.Collections.Frozen;

namespace LlmKit.Control.Caching;

/// <summary>The small words that languages in Latin letters are known by, and those that they deny with.</summary>
internal static class LanguageWords
{
    private static readonly (TextLanguage Language, string Small, string Negators)[] s_languages =
    [
        (TextLanguage.English, "the is are was were do does did how what which who when where why can could should would will my your his their our in on of for with from and to a an it this that there have has i you we not", ""),
        (TextLanguage.German, "der die das den dem des ein eine einen einem einer ist sind war waren wie wer wann wo warum welche welcher welches kann könnte soll sollte mein meine meinen dein ihr ich du wir und oder für mit von zu zum zur im auf nicht kein es gibt bei man", "nicht kein keine keinen keinem keiner nie niemals nichts ohne niemand"),
        (TextLanguage.French, "le la les un une des du de est sont était comment qui quand où pourquoi quel quelle quels quelles peut peux puis mon ma mes ton votre notre je tu nous vous il elle et ou pour avec dans sur ce cette que ne pas au aux", "pas jamais rien aucun aucune sans personne"),
        (TextLanguage.Spanish, "el la los las un una unos de del es son era cómo como qué quién cuándo dónde cuál puedo puede mi mis tu su yo y o para por con en se que no hay está al lo", "no nunca jamás nada sin ningún ninguna nadie"),
        (TextLanguage.Italian, "il lo la gli le un una di del della dei è sono era come che chi quando dove perché quale quali posso può mio mia tuo suo io e o per con in si non su al nel ho", "non mai niente nulla senza nessun nessuno nessuna"),
        (TextLanguage.Portuguese, "o a os as um uma de do da dos das é são era como que quem quando onde qual quais posso pode meu minha seu sua eu e ou para por com em no na se não há ao", "não nunca jamais nada sem nenhum nenhuma ninguém"),
        (TextLanguage.Dutch, "de het een is zijn was hoe wat wie wanneer waar waarom welke kan kunnen moet mijn jouw uw ik je jij wij we en of voor met van naar op niet geen er dit dat aan", "niet geen nooit niets niemand zonder"),
        (TextLanguage.Swedish, "en ett den det är var hur vad vem när varför vilken vilka kan ska måste min mitt mina din jag du vi ni och eller för med av till på inte som att om från", "inte aldrig ingen inget inga utan"),
        (TextLanguage.Polish, "jest są był była jak co kto kiedy gdzie dlaczego który która które czy mogę może mój moja moje ja ty my i lub dla z ze w we na do od nie się to że", "nie nigdy nic bez nikt żaden żadna"),
    ];

    private static readonly FrozenDictionary<string, int> s_spoken = s_languages
        .SelectMany(entry => WordLists.Of(entry.Small).Select(word => (word, Bit: 1 << (int)entry.Language)))
        .GroupBy(pair => pair.word, pair => pair.Bit, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.Aggregate((a, b) => a | b), StringComparer.Ordinal);

    private static readonly FrozenDictionary<TextLanguage, FrozenSet<string>> s_negators =
        s_languages.ToFrozenDictionary(entry => entry.Language, entry => WordLists.SetOf(entry.Negators));

    /// <summary>Gives the languages that have a small word, a bit for each.</summary>
    public static int SpokenIn(string word) => s_spoken.GetValueOrDefault(word);

    /// <summary>Whether a word denies in a language other than English.</summary>
    public static bool IsNegator(string word, TextLanguage language) => s_negators.TryGetValue(language, out var negators) && negators.Contains(word);
}
