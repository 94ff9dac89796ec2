namespace LlmKit.Control.Caching;

/// <summary>Tells what a text asks for, from the words that its clauses begin with.</summary>
internal static class QuestionReader
{
    private const int MostDefined = 2;

    public static QuestionKinds Of(List<TextToken> tokens)
    {
        var start = 0;
        while (start < tokens.Count && IsOpening(tokens[start].Lower))
            start++;
        if (start == tokens.Count)
            return QuestionKinds.None;

        // "Can you tell me when": what is asked stands behind the courtesy.
        var asks = IsAuxiliary(tokens[start].Lower) ? QuestionKinds.Whether : QuestionKinds.None;
        for (var i = start; i < tokens.Count && i <= start + 6; i++)
        {
            if (i > start && !IsLead(tokens[i - 1].Lower))
                continue;
            if (tokens[i].Lower is "what" or "which" or "what's")
                return IsDefinition(tokens, i) ? QuestionKinds.Definition : QuestionKinds.None;
            if (At(tokens, i) is var kind && kind != QuestionKinds.None)
                return kind | Joined(tokens, i);
            if (IsManner(tokens, i))
                return QuestionKinds.None;
        }

        return asks;
    }

    /// <summary>"Where and how", "why or when": what is asked beside the first.</summary>
    private static QuestionKinds Joined(List<TextToken> tokens, int first)
    {
        var kinds = QuestionKinds.None;
        for (var i = first + 2; i < tokens.Count; i++)
        {
            if (tokens[i - 1].Lower is "and" or "or" || tokens[i].StartsSentence)
                kinds |= At(tokens, i);
        }

        return kinds;
    }

    private static QuestionKinds At(List<TextToken> tokens, int i)
    {
        var next = i + 1 < tokens.Count ? tokens[i + 1].Lower : "";
        return tokens[i].Lower switch
        {
            "who" or "whom" or "whose" or "who's" => QuestionKinds.Who,
            "when" => QuestionKinds.When,
            "where" => QuestionKinds.Where,
            "why" => QuestionKinds.Why,
            "how" => next switch
            {
                "many" => QuestionKinds.HowMany,
                "much" => QuestionKinds.HowMuch,
                "come" => QuestionKinds.Why,
                "to" or "do" or "can" or "should" or "could" or "must" => QuestionKinds.HowTo,
                "did" => QuestionKinds.HowDone,
                _ => QuestionKinds.None,
            },
            _ => QuestionKinds.None,
        };
    }

    /// <summary>"What is a mutex?": two words of meaning at most, and none of them such as way or best, behind which everything may be asked.</summary>
    private static bool IsDefinition(List<TextToken> tokens, int what)
    {
        if (tokens[what].Lower == "what" && (what + 1 == tokens.Count || tokens[what + 1].Lower is not ("is" or "are" or "was" or "were")))
            return false;
        var words = 0;
        for (var i = what + 1; i < tokens.Count; i++)
        {
            if (tokens[i].StartsSentence)
                break;
            if (GuardLexicon.IsStop(tokens[i].Lower) && tokens[i].Lower is not ("your" or "my" or "it" or "you" or "i" or "to"))
                continue;
            if (++words > MostDefined || GuardLexicon.IsStop(tokens[i].Lower) || KindredWords.IsGeneral(WordStem.Of(tokens[i].Lower)))
                return false;
        }

        return words > 0;
    }

    /// <summary>"How does it sound", "how safe is it": nothing that another word could not ask for as well.</summary>
    private static bool IsManner(List<TextToken> tokens, int i) => tokens[i].Lower == "how";

    private static bool IsOpening(string word) => word is "so" or "and" or "but" or "hi" or "hello" or "hey" or "please" or "well" or "ok" or "okay" or "also";

    private static bool IsLead(string word) =>
        word is "know" or "tell" or "me" or "us" or "explain" or "describe" or "say" or "wonder" or "wondering" or "ask" or "learn" or "understand" or "find" or "out" or "exactly";

    private static bool IsAuxiliary(string word) =>
        word is "is" or "are" or "was" or "were" or "do" or "does" or "did" or "has" or "have" or "had" or "will" or "would" or "should" or "isn't" or "aren't" or "doesn't" or "don't";
}
