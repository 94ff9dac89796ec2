using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>The text of an answer over all its contents.</summary>
internal static class AnswerText
{
    public static string Of(IEnumerable<AIContent> contents) => string.Concat(contents.OfType<TextContent>().Select(text => text.Text));

    /// <summary>Puts another text in the place of all texts: it stands where the first stood.</summary>
    /// <param name="contents">The contents.</param>
    /// <param name="text">The text; <see langword="null"/> once it was put.</param>
    public static List<AIContent> Put(IList<AIContent> contents, ref string? text)
    {
        var output = new List<AIContent>(contents.Count);
        foreach (var content in contents)
        {
            if (content is not TextContent before)
                output.Add(content);
            else if (text is { Length: > 0 })
                output.Add(ContentText.With(before, text));
            if (content is TextContent)
                text = null;
        }

        return output;
    }
}
