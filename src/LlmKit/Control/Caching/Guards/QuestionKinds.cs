namespace LlmKit.Control.Caching;

/// <summary>Tells what a question asks for, from its first question word.</summary>
internal static class QuestionKinds
{
    public static QuestionKind Of(List<TextToken> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            var kind = Of(tokens[i].Lower, i + 1 < tokens.Count ? tokens[i + 1].Lower : "");
            if (kind != QuestionKind.Other)
                return kind;
        }

        return tokens.Count > 0 && IsAuxiliary(tokens[0].Lower) && !tokens.Exists(token => token.Lower is "what" or "which") ? QuestionKind.YesNo : QuestionKind.Other;
    }

    private static QuestionKind Of(string word, string next) => word switch
    {
        "who" or "whom" or "whose" => QuestionKind.Who,
        "when" => QuestionKind.When,
        "where" => QuestionKind.Where,
        "why" => QuestionKind.Why,
        "how" => next switch { "many" => QuestionKind.HowMany, "much" => QuestionKind.HowMuch, "come" => QuestionKind.Why, _ => QuestionKind.How },
        _ => QuestionKind.Other,
    };

    private static bool IsAuxiliary(string word) =>
        word is "is" or "are" or "was" or "were" or "do" or "does" or "did" or "has" or "have" or "had" or "will" or "would" or "should";
}
