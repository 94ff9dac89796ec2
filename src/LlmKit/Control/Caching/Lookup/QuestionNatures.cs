using System.Collections.Frozen;

namespace LlmKit.Control.Caching;

/// <summary>Reads from its words whether a question is volatile or personal. It errs on the side of asking a model.</summary>
/// <remarks>
/// Words of English, German, French, Spanish, Italian, Portuguese and Dutch. "How do I change my password" is about everybody's password:
/// an English question for the way to do something is not personal.
/// </remarks>
internal static class QuestionNatures
{
    private const string VolatileWords = """
        today tonight tomorrow yesterday now currently latest newest upcoming weather forecast outage
        heute jetzt gestern aktuell aktuelle aktuellen aktueller neueste neuesten derzeit wetter
        aujourd'hui maintenant demain actuellement météo hoy ahora mañana ayer actualmente clima oggi adesso domani ieri attualmente meteo
        hoje agora amanhã ontem atualmente vandaag nu gisteren momenteel
        """;

    // Not "me": "tell me" is how anybody asks for anything.
    private const string PersonalWords = """
        my our mine ours myself i'm i've
        mein meine meinen meinem meiner meines unser unsere unseren unserem unserer
        mon ma mes notre mi mis mío mía nuestro nuestra nuestros nuestras mio mia miei mie nostro nostra nostri nostre
        meu minha meus minhas nosso nossa nossos nossas mijn onze
        """;

    private static readonly FrozenSet<string> s_volatile = Words(VolatileWords);
    private static readonly FrozenSet<string> s_personal = Words(PersonalWords);
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_isVolatile = s_volatile.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_isPersonal = s_personal.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly string[] s_volatilePhrases = ["what time is it", "what day is it", "right now", "at the moment", "this week", "this morning", "this evening", "so far"];
    private static readonly string[] s_ways = ["how do i ", "how can i ", "how do we ", "how can we ", "how to ", "how should i "];

    public static QuestionNature Of(string text)
    {
        var found = QuestionNature.Plain;
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && (char.IsLetter(text[i]) || (start >= 0 && text[i] is '\'' or '’')))
            {
                start = start < 0 ? i : start;
                continue;
            }

            if (start >= 0)
                found |= OfWord(text.AsSpan(start, i - start));
            start = -1;
        }

        if (HasAny(text, s_volatilePhrases))
            found |= QuestionNature.Volatile;
        return HasAny(text, s_ways) ? found & ~QuestionNature.Personal : found;
    }

    private static QuestionNature OfWord(ReadOnlySpan<char> word)
    {
        const int longest = 24;
        if (word.Length > longest)
            return QuestionNature.Plain;
        Span<char> lower = stackalloc char[longest];
        var length = word.ToLowerInvariant(lower);
        lower[..length].Replace('’', '\'');
        var read = (ReadOnlySpan<char>)lower[..length];
        return (s_isVolatile.Contains(read) ? QuestionNature.Volatile : 0) | (s_isPersonal.Contains(read) ? QuestionNature.Personal : 0);
    }

    private static bool HasAny(string text, string[] phrases)
    {
        foreach (var phrase in phrases)
        {
            if (text.Contains(phrase, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static FrozenSet<string> Words(string text) =>
        text.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
