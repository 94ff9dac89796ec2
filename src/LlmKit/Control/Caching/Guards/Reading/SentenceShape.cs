namespace LlmKit.Control.Caching;

/// <summary>Tells what is true of a sentence as a whole.</summary>
internal static class SentenceShape
{
    private const int Reach = 3;

    public static TextShape Of(List<TextToken> tokens, bool isNegated)
    {
        var shape = isNegated ? TextShape.Negated : TextShape.None;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (i > 0 && tokens[i].StartsSentence)
                shape |= TextShape.Several;
            if (tokens[i].Lower is "between" or "vs" or "versus" or "or" or "compare" or "difference" or "differences" or "compared")
                shape |= TextShape.Symmetric;
            if (tokens[i].Lower == "by" && i > 0 && IsParticiple(tokens[i - 1].Lower) && HasBe(tokens, i))
                shape |= TextShape.Passive;
        }

        return shape;
    }

    private static bool IsParticiple(string word) => word.EndsWith("ed", StringComparison.Ordinal) || word is
        "written" or "made" or "built" or "given" or "taken" or "won" or "beaten" or "eaten" or "seen" or "known" or "held" or "led" or "paid" or "sold"
        or "bought" or "sent" or "told" or "taught" or "caught" or "found" or "lost" or "met" or "drawn" or "driven" or "chosen" or "sung" or "brought" or "hit";

    private static bool HasBe(List<TextToken> tokens, int by)
    {
        for (var i = by - 2; i >= 0 && i >= by - 2 - Reach; i--)
        {
            if (tokens[i].Lower is "is" or "are" or "was" or "were" or "be" or "been" or "being" or "get" or "gets" or "got")
                return true;
        }

        return false;
    }
}
